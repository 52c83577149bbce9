//! Burt's structural holes: how far a node's contacts are bound to each other.

use weft_graph::View;

use crate::contacts::{Contacts, Higher};
use crate::run::{Interrupted, Run, pieces_of};

/// A piece of the work finds so many triangles at most, or those of one node.
const COST_OF_PIECE: usize = 1 << 16;

/// Burt's measures of each node, by dense index.
#[derive(Clone, Debug, PartialEq)]
pub struct StructuralHoles {
    /// The sum of [`ConstraintPart::part`] over the contacts. Low: a broker, whose partners do not
    /// know each other. High: it hears the same news from everyone.
    pub constraint: Vec<f64>,
    /// The number of contacts less what is redundant among them.
    pub effective_size: Vec<f64>,
    /// Effective size by number of contacts: 1 if no contact is redundant.
    pub efficiency: Vec<f64>,
    /// How far the constraint comes from few of the contacts: 0 if each has an equal part, 1 if one
    /// has all of it.
    pub hierarchy: Vec<f64>,
}

/// What one contact adds to the constraint of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConstraintPart {
    /// The contact.
    pub contact: u32,
    /// The share `p_ij` of the node's links that go to it.
    pub direct: f64,
    /// The sum of `p_iq p_qj` over the other contacts q of the node.
    pub indirect: f64,
    /// The square of their sum.
    pub part: f64,
}

/// Returns constraint, effective size, efficiency and hierarchy of each node.
///
/// Constraint says little below three contacts: one contact always gives 1.
///
/// - Direction: a contact counts `a_ij + a_ji` in a directed view, 1 in an undirected one. Weights:
///   none. Only contacts of the node stand as go-betweens. Isolated nodes: `NaN` in all four.
/// - Definition: Burt, *Structural Holes* (1992), chapter 2. Effective size is the sum over contacts
///   j of `1 - sum over q of p_iq m_jq`, `m_jq` being the strength from j to q by j's greatest.
///   Hierarchy is the Coleman-Theil disorder index, 1 for a single contact.
/// - Cost: O(m √m) time, mostly little more than O(m), as every triangle is found once, from its end of
///   lowest degree (Latapy, *Main-memory triangle computations*, 2008): what it adds to `p_iq p_qj` is the
///   same for i and j but for their own totals. O(n + m) memory, and O(n) a thread.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let holes = weft_analytics::structural_holes(&view);
/// assert_eq!(holes.constraint, [0.5, 1.0, 1.0]);
/// assert_eq!(holes.effective_size, [2.0, 1.0, 1.0]);
/// ```
pub fn structural_holes(view: &View) -> StructuralHoles {
    structural_holes_in(view, &mut Run::default()).expect("nobody interrupts it")
}

/// Returns [`structural_holes`] as a run that can be watched and stopped.
///
/// # Errors
/// If it was interrupted.
pub fn structural_holes_in(view: &View, run: &mut Run) -> Result<StructuralHoles, Interrupted> {
    let contacts = Contacts::new(view);
    let higher = Higher::new(&contacts);
    let n_triangles_max = |it| higher.range(it).len().pow(2) / 2;
    let between = run.sweep(
        &pieces_of((0..view.n() as u32).map(|it| 1 + n_triangles_max(it)), COST_OF_PIECE),
        Between::new(&contacts, &higher),
        || (Corners::new(&higher, view.n()), Vec::new()),
        |(corners, found), piece| piece.for_each(|it| corners.find(it as u32, found)),
        |(_, found), between| found.drain(..).for_each(|it| between.add(it)),
    )?;
    Ok(between.holes())
}

/// Returns the part of each contact in the constraint of a node, largest first, then by index.
///
/// - Definition and direction as in [`structural_holes`]. Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let parts = weft_analytics::constraint_parts(&view, 0);
/// assert_eq!((parts[0].direct, parts[0].indirect, parts[0].part), (0.5, 0.25, 0.5625));
/// ```
pub fn constraint_parts(view: &View, node: u32) -> Vec<ConstraintPart> {
    let contacts = Contacts::new(view);
    let mut strength_to = vec![0.0; view.n()];
    for (contact, strength) in contacts.with_strength(node) {
        strength_to[contact as usize] = strength;
    }
    let total = contacts.total(node);
    let part = |(contact, strength): (u32, f64)| {
        let direct = strength / total;
        let by = |(via, to_it): (u32, f64)| strength_to[via as usize] * to_it / contacts.total(via);
        let indirect = contacts.with_strength(contact).map(by).sum::<f64>() / total;
        ConstraintPart { contact, direct, indirect, part: (direct + indirect).powi(2) }
    };
    let mut parts: Vec<_> = contacts.with_strength(node).map(part).collect();
    parts.sort_by(|a, b| b.part.total_cmp(&a.part).then(a.contact.cmp(&b.contact)));
    parts
}

/// How far what each contact constrains comes from few of them; numbers in proportion to their parts do.
pub(crate) fn hierarchy(parts: impl Iterator<Item = f64>) -> f64 {
    let mut sums = Sums::default();
    parts.for_each(|it| sums.add(it));
    sums.hierarchy()
}

/// What is added up of the parts of a node's contacts, or of numbers in proportion to them.
#[derive(Clone, Copy, Default)]
struct Sums {
    n: usize,
    parts: f64,
    /// Each part times its logarithm.
    logarithms: f64,
}

impl Sums {
    /// Of so many parts of 1.
    fn of_ones(n: usize) -> Self {
        Self { n, parts: n as f64, logarithms: 0.0 }
    }

    fn add(&mut self, part: f64) {
        self.n += 1;
        self.parts += part;
        self.logarithms += times_logarithm(part);
    }

    /// Puts a part in the place of one that is 1.
    fn put_for_one(&mut self, part: f64) {
        self.parts += part - 1.0;
        self.logarithms += times_logarithm(part);
    }

    /// The disorder of Coleman and Theil: the sum over the parts, each by their mean, of it times its
    /// logarithm, by what that is if one contact has all.
    fn hierarchy(&self) -> f64 {
        let n = self.n as f64;
        match self.n {
            0 => f64::NAN,
            1 => 1.0,
            // Equal parts may come out a rounding error below 0.
            _ => ((self.logarithms / self.parts + (n / self.parts).ln()) / n.ln()).max(0.0),
        }
    }
}

fn times_logarithm(part: f64) -> f64 {
    if part > 0.0 { part * part.ln() } else { 0.0 }
}

/// Three nodes linked to each other, the lowest by degree, and where its links to the other two stand among
/// those to higher nodes, and the link from the middle one to the highest.
#[derive(Clone, Copy)]
struct Triangle {
    low: u32,
    to_middle: u32,
    to_high: u32,
    across: u32,
}

/// Finds triangles, each at its lowest node; keeps the memory for one node.
struct Corners<'a> {
    higher: &'a Higher,
    /// One place after where the link to each node stands, for those higher than the present one; else 0.
    place_of: Vec<u32>,
    memory: Vec<u32>,
}

impl<'a> Corners<'a> {
    fn new(higher: &'a Higher, n: usize) -> Self {
        Self { higher, place_of: vec![0; n], memory: vec![0; n + 1] }
    }

    fn find(&mut self, low: u32, found: &mut Vec<Triangle>) {
        let Self { higher, place_of, memory } = self;
        let middles = higher.middles(low, memory);
        if middles.is_empty() {
            return;
        }
        for (place, &node) in (1..).zip(higher.of(low)) {
            place_of[node as usize] = place;
        }
        let begin = higher.range(low).start as u32;
        for &to_middle in middles {
            for across in higher.range(higher.at(to_middle)) {
                let across = across as u32;
                let place = place_of[higher.at(across) as usize];
                if place > 0 {
                    found.push(Triangle { low, to_middle, to_high: begin + place - 1, across });
                }
            }
        }
        higher.of(low).iter().for_each(|&it| place_of[it as usize] = 0);
    }
}

/// What the triangles at links and nodes add up to. Strengths are s, their sum at a node is S, and their
/// greatest is G.
struct Between<'a> {
    contacts: &'a Contacts<'a>,
    higher: &'a Higher,
    /// For each link of i and j, where it stands among those to higher nodes, the sum of `s_iq s_qj / S_q`
    /// over the nodes q between them.
    indirect: Vec<f64>,
    /// For each node i the sum of `s_iq s_jq / G_j` over the contacts j and q that are linked.
    redundancy: Vec<f64>,
}

impl<'a> Between<'a> {
    fn new(contacts: &'a Contacts, higher: &'a Higher) -> Self {
        let n = contacts.n();
        let n_links = n.checked_sub(1).map_or(0, |last| higher.range(last as u32).end);
        Self { contacts, higher, indirect: vec![0.0; n_links], redundancy: vec![0.0; n] }
    }

    fn add(&mut self, Triangle { low, to_middle, to_high, across }: Triangle) {
        let nodes = [low, self.higher.at(to_middle), self.higher.at(to_high)];
        // Each beside the node that it is across from.
        let links = [across, to_high, to_middle];
        let strengths = links.map(|it| self.higher.strength(it));
        for x in 0..3 {
            let [y, z] = [(x + 1) % 3, (x + 2) % 3];
            let (total, greatest) =
                (self.contacts.total(nodes[x]), self.contacts.greatest(nodes[x]));
            self.indirect[links[x] as usize] += strengths[y] * strengths[z] / total;
            self.redundancy[nodes[y] as usize] += strengths[x] * strengths[y] / greatest;
            self.redundancy[nodes[z] as usize] += strengths[x] * strengths[z] / greatest;
        }
    }

    /// The constraint of node i is the sum of `((s_ij + indirect) / S_i)²` over its contacts j.
    fn holes(self) -> StructuralHoles {
        let n = self.contacts.n();
        let n_contacts = |node: u32| self.contacts.of(node).len();
        let mut sums: Vec<Sums> = (0..n as u32).map(|it| Sums::of_ones(n_contacts(it))).collect();
        for node in 0..n as u32 {
            for place in self.higher.range(node) {
                let both = self.higher.strength(place as u32) + self.indirect[place];
                // Mostly it is 1, and has been counted so.
                if both != 1.0 {
                    sums[node as usize].put_for_one(both * both);
                    sums[self.higher.at(place as u32) as usize].put_for_one(both * both);
                }
            }
        }
        let of_all = |of: &dyn Fn(usize) -> f64| -> Vec<f64> {
            let of = |node: usize| if sums[node].n == 0 { f64::NAN } else { of(node) };
            (0..n).map(of).collect()
        };
        let total = |node: usize| self.contacts.total(node as u32);
        let size = |node: usize| sums[node].n as f64 - self.redundancy[node] / total(node);
        StructuralHoles {
            constraint: of_all(&|it| sums[it].parts / total(it).powi(2)),
            effective_size: of_all(&size),
            efficiency: of_all(&|it| size(it) / sums[it].n as f64),
            hierarchy: of_all(&|it| sums[it].hierarchy()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, constraint: &[f64], hierarchy: &[f64]) {
        let holes = structural_holes(&view_of(graph));
        assert_close(&holes.constraint, constraint);
        assert_close(&holes.hierarchy, hierarchy);
    }

    #[test]
    fn isolated_node_has_no_constraint() {
        check("a", &[f64::NAN], &[f64::NAN]);
    }

    #[test]
    fn contacts_that_know_each_other_constrain() {
        let triangle = "a -supports-> b; b -supports-> c; c -supports-> a";
        check(triangle, &[1.125; 3], &[0.0; 3]);
    }

    #[test]
    fn the_measures_follow_their_definitions_word_by_word() {
        for_all_small_graphs(|view| {
            let matrix = Matrix::of(view);
            let n = view.n();
            let directed = view.spec().directed;
            let strength = |i: usize, j: usize| {
                let (there, back) = (u8::from(matrix.0[i][j]), u8::from(matrix.0[j][i]));
                f64::from(if directed { there + back } else { there })
            };
            let p =
                |i: usize, j: usize| strength(i, j) / (0..n).map(|k| strength(i, k)).sum::<f64>();
            let m = |j: usize, q: usize| {
                strength(j, q) / (0..n).map(|k| strength(j, k)).fold(0.0, f64::max)
            };
            let holes = structural_holes(view);
            for i in 0..n {
                let contacts: Vec<usize> = (0..n).filter(|&j| strength(i, j) > 0.0).collect();
                let others = |j: usize| contacts.iter().copied().filter(move |&q| q != j);
                let part = |&j: &usize| {
                    let indirect: f64 = others(j).map(|q| p(i, q) * p(q, j)).sum();
                    (p(i, j) + indirect).powi(2)
                };
                let size: f64 = contacts
                    .iter()
                    .map(|&j| 1.0 - others(j).map(|q| p(i, q) * m(j, q)).sum::<f64>())
                    .sum();
                let constraint: f64 = contacts.iter().map(part).sum();
                if contacts.is_empty() {
                    assert!(holes.constraint[i].is_nan() && holes.effective_size[i].is_nan());
                    assert!(holes.efficiency[i].is_nan() && holes.hierarchy[i].is_nan());
                    continue;
                }
                assert_close(&[holes.constraint[i], holes.effective_size[i]], &[constraint, size]);
                assert_close(&[holes.efficiency[i]], &[size / contacts.len() as f64]);
                assert!((0.0..=1.0 + 1e-12).contains(&holes.hierarchy[i]));
                let mut parts = constraint_parts(view, i as u32);
                assert!(parts.is_sorted_by(|a, b| a.part >= b.part));
                parts.sort_by_key(|it| it.contact);
                let parts: Vec<f64> = parts.iter().map(|it| it.part).collect();
                let expected: Vec<f64> = contacts.iter().map(part).collect();
                assert_close(&parts, &expected);
            }
        });
    }
}
