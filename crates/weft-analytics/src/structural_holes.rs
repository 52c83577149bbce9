//! Burt's structural holes: how far a node's contacts are bound to each other.

use weft_graph::View;

use crate::contacts::Contacts;

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
/// - Cost: O(sum of squared degrees) time, O(n) memory, O(n + m) in a directed view.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let holes = weft_analytics::structural_holes(&view);
/// assert_eq!(holes.constraint, [0.5, 1.0, 1.0]);
/// assert_eq!(holes.effective_size, [2.0, 1.0, 1.0]);
/// ```
pub fn structural_holes(view: &View) -> StructuralHoles {
    let n = view.n();
    let mut ego = Ego::new(view);
    let mut holes = StructuralHoles {
        constraint: Vec::with_capacity(n),
        effective_size: Vec::with_capacity(n),
        efficiency: Vec::with_capacity(n),
        hierarchy: Vec::with_capacity(n),
    };
    for node in 0..n as u32 {
        let (parts, redundancy) = ego.look(node);
        let n_contacts = parts.len() as f64;
        let isolated = parts.is_empty();
        let constraint: f64 = parts.iter().map(|it| it.part).sum();
        let size = n_contacts - redundancy;
        holes.constraint.push(if isolated { f64::NAN } else { constraint });
        holes.effective_size.push(if isolated { f64::NAN } else { size });
        holes.efficiency.push(size / n_contacts);
        holes.hierarchy.push(hierarchy(&parts, constraint));
    }
    holes
}

/// Returns the part of each contact in the constraint of a node, largest first, then by index.
///
/// - Definition and direction as in [`structural_holes`]. Cost: the sum of the degrees of the
///   contacts, and O(n) memory (O(n + m) for both in a directed view).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let parts = weft_analytics::constraint_parts(&view, 0);
/// assert_eq!((parts[0].direct, parts[0].indirect, parts[0].part), (0.5, 0.25, 0.5625));
/// ```
pub fn constraint_parts(view: &View, node: u32) -> Vec<ConstraintPart> {
    let (mut parts, _) = Ego::new(view).look(node);
    parts.sort_by(|a, b| b.part.total_cmp(&a.part).then(a.contact.cmp(&b.contact)));
    parts
}

/// How far the constraint comes from few of the contacts.
pub(crate) fn hierarchy(parts: &[ConstraintPart], constraint: f64) -> f64 {
    let n_contacts = parts.len() as f64;
    match parts.len() {
        0 => f64::NAN,
        1 => 1.0,
        _ => {
            let mean = constraint / n_contacts;
            let disorder: f64 =
                parts.iter().map(|it| (it.part / mean) * (it.part / mean).ln()).sum();
            // Equal parts may come out a rounding error below 0.
            (disorder / (n_contacts * n_contacts.ln())).max(0.0)
        }
    }
}

/// Looks at one node after the other; keeps the totals of all and the memory for one.
struct Ego<'a> {
    contacts: Contacts<'a>,
    total: Vec<f64>,
    greatest: Vec<f64>,
    is_contact: Vec<bool>,
    indirect: Vec<f64>,
}

impl<'a> Ego<'a> {
    fn new(view: &'a View) -> Self {
        let contacts = Contacts::new(view);
        let strengths = |node| contacts.with_strength(node).map(|(_, strength)| strength);
        let nodes = || 0..view.n() as u32;
        Self {
            total: nodes().map(|it| strengths(it).sum()).collect(),
            greatest: nodes().map(|it| strengths(it).fold(0.0, f64::max)).collect(),
            is_contact: vec![false; view.n()],
            indirect: vec![0.0; view.n()],
            contacts,
        }
    }

    /// The part of each contact, by index, and the redundancy of them all.
    fn look(&mut self, node: u32) -> (Vec<ConstraintPart>, f64) {
        for &contact in self.contacts.of(node) {
            self.is_contact[contact as usize] = true;
        }
        let total = self.total[node as usize];
        let mut redundancy = 0.0;
        for (via, strength) in self.contacts.with_strength(node) {
            let share = strength / total;
            for (contact, strength) in self.contacts.with_strength(via) {
                if self.is_contact[contact as usize] {
                    self.indirect[contact as usize] += share * strength / self.total[via as usize];
                    redundancy += share * strength / self.greatest[contact as usize];
                }
            }
        }
        let parts = self.contacts.with_strength(node).map(|(contact, strength)| {
            self.is_contact[contact as usize] = false;
            let indirect = std::mem::take(&mut self.indirect[contact as usize]);
            let direct = strength / total;
            ConstraintPart { contact, direct, indirect, part: (direct + indirect).powi(2) }
        });
        (parts.collect(), redundancy)
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
