//! Burt's structural holes: how far a node's contacts are bound to each other.

use weft_graph::View;

use crate::contacts::{Contacts, Higher};
use crate::run::{Interrupted, Run, pieces_of};

/// A piece of the work is about so many contacts.
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
/// - Cost: O(m √m) time, mostly little more than O(m), as two linked contacts are found from the one of
///   lower degree; O(n + m) memory, and O(n) a thread.
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
    let n = view.n();
    let ties = Strengths::new(view);
    let row = || Vec::with_capacity(n);
    run.sweep(
        &pieces_of((0..n as u32).map(|it| 1 + ties.contacts.of(it).len()), COST_OF_PIECE),
        StructuralHoles {
            constraint: row(),
            effective_size: row(),
            efficiency: row(),
            hierarchy: row(),
        },
        || (Ego::new(&ties), Vec::new()),
        |(ego, found), piece| found.extend(piece.map(|it| ego.measure(it as u32))),
        |(_, found), total| {
            for [constraint, size, efficiency, hierarchy] in found.drain(..) {
                total.constraint.push(constraint);
                total.effective_size.push(size);
                total.efficiency.push(efficiency);
                total.hierarchy.push(hierarchy);
            }
        },
    )
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
    let ties = Strengths::new(view);
    let mut ego = Ego::new(&ties);
    ego.look(node);
    let mut parts = ego.parts;
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

/// The links with what all nodes need to know of each.
struct Strengths<'a> {
    contacts: Contacts<'a>,
    higher: Higher,
    total: Vec<f64>,
    greatest: Vec<f64>,
}

impl<'a> Strengths<'a> {
    fn new(view: &'a View) -> Self {
        let contacts = Contacts::new(view);
        let strengths = |node| contacts.with_strength(node).map(|(_, strength)| strength);
        let nodes = || 0..view.n() as u32;
        Self {
            higher: Higher::new(&contacts),
            total: nodes().map(|it| strengths(it).sum()).collect(),
            greatest: nodes().map(|it| strengths(it).fold(0.0, f64::max)).collect(),
            contacts,
        }
    }
}

/// Looks at one node after the other; keeps the memory for one.
struct Ego<'a> {
    ties: &'a Strengths<'a>,
    /// The share of the node's links that goes to each contact; 0 for all others.
    share: Vec<f64>,
    indirect: Vec<f64>,
    parts: Vec<ConstraintPart>,
}

impl<'a> Ego<'a> {
    fn new(ties: &'a Strengths) -> Self {
        let nought = || vec![0.0; ties.total.len()];
        Self { ties, share: nought(), indirect: nought(), parts: Vec::new() }
    }

    /// Constraint, effective size, efficiency and hierarchy of a node.
    fn measure(&mut self, node: u32) -> [f64; 4] {
        let redundancy = self.look(node);
        if self.parts.is_empty() {
            return [f64::NAN; 4];
        }
        let constraint: f64 = self.parts.iter().map(|it| it.part).sum();
        let n_contacts = self.parts.len() as f64;
        let size = n_contacts - redundancy;
        [constraint, size, size / n_contacts, hierarchy(&self.parts, constraint)]
    }

    /// Finds the part of each contact, by index, and returns the redundancy of them all.
    ///
    /// Two contacts that are linked are found once, at the one of lower degree, so that the many
    /// contacts of a hub are never looked through.
    fn look(&mut self, node: u32) -> f64 {
        let Strengths { contacts, higher, total, greatest } = self.ties;
        let own_total = total[node as usize];
        for (contact, strength) in contacts.with_strength(node) {
            self.share[contact as usize] = strength / own_total;
        }
        let mut redundancy = 0.0;
        for &low in contacts.of(node) {
            let share = self.share[low as usize];
            let mut to_low = 0.0;
            for (high, strength) in higher.with_strength(low) {
                let share_of_high = self.share[high as usize];
                if share_of_high > 0.0 {
                    to_low += share_of_high * strength / total[high as usize];
                    self.indirect[high as usize] += share * strength / total[low as usize];
                    redundancy += share * strength / greatest[high as usize]
                        + share_of_high * strength / greatest[low as usize];
                }
            }
            self.indirect[low as usize] += to_low;
        }
        self.parts.clear();
        for &contact in contacts.of(node) {
            let direct = std::mem::take(&mut self.share[contact as usize]);
            let indirect = std::mem::take(&mut self.indirect[contact as usize]);
            let part = (direct + indirect).powi(2);
            self.parts.push(ConstraintPart { contact, direct, indirect, part });
        }
        redundancy
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
