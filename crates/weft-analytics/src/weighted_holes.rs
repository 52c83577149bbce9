//! Burt's structural holes by the strength of links: a contact that has most of a node's funding
//! binds it more than one of many.

use weft_graph::View;

use crate::contacts::Contacts;
use crate::structural_holes::{ConstraintPart, StructuralHoles, hierarchy};

/// Returns constraint, effective size, efficiency and hierarchy with links as strong as `weights`
/// says, one for each link of the view (see [`link_weights`](crate::link_weights)).
///
/// - Direction: a contact counts with the weights of both ways together. Links whose weight is not
///   above 0 are no links. Isolated nodes: `NaN` in all four. With all weights equal it is
///   [`structural_holes`](crate::structural_holes).
/// - Definition: Burt, *Structural Holes* (1992), chapter 2; as networkx and igraph have it with
///   weights. Cost: O(sum of squared degrees) time, O(n + m) memory.
///
/// # Panics
/// If `weights` has fewer entries than the view has links.
///
/// ```
/// use weft_analytics::{Weighting, link_weights, weighted_structural_holes};
/// let snapshot = weft_graph::fixture("a -funds[300]-> b; a -funds[100]-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let weights = link_weights(&snapshot, &view, Weighting::Amount, "GBP");
/// let holes = weighted_structural_holes(&view, &weights.of);
/// assert_eq!(holes.constraint[0], 0.75 * 0.75 + 0.25 * 0.25);
/// ```
pub fn weighted_structural_holes(view: &View, weights: &[f64]) -> StructuralHoles {
    let rows = strengths(view, weights);
    let total = |node: u32| rows[node as usize].iter().map(|it| it.1).sum::<f64>();
    let greatest = |node: u32| rows[node as usize].iter().map(|it| it.1).fold(0.0, f64::max);
    let totals: Vec<f64> = (0..view.n() as u32).map(total).collect();
    let greatest: Vec<f64> = (0..view.n() as u32).map(greatest).collect();
    let mut is_contact = vec![false; view.n()];
    let mut indirect = vec![0.0; view.n()];
    let mut holes = StructuralHoles {
        constraint: Vec::with_capacity(view.n()),
        effective_size: Vec::with_capacity(view.n()),
        efficiency: Vec::with_capacity(view.n()),
        hierarchy: Vec::with_capacity(view.n()),
    };
    for node in 0..view.n() {
        let row = &rows[node];
        row.iter().for_each(|it| is_contact[it.0 as usize] = true);
        let mut redundancy = 0.0;
        for &(via, strength) in row {
            let share = strength / totals[node];
            for &(contact, strength) in &rows[via as usize] {
                if is_contact[contact as usize] {
                    indirect[contact as usize] += share * strength / totals[via as usize];
                    redundancy += share * strength / greatest[contact as usize];
                }
            }
        }
        let parts: Vec<ConstraintPart> = row
            .iter()
            .map(|&(contact, strength)| {
                is_contact[contact as usize] = false;
                let indirect = std::mem::take(&mut indirect[contact as usize]);
                let direct = strength / totals[node];
                ConstraintPart { contact, direct, indirect, part: (direct + indirect).powi(2) }
            })
            .collect();
        let n_contacts = parts.len() as f64;
        let constraint: f64 = parts.iter().map(|it| it.part).sum();
        let size = n_contacts - redundancy;
        holes.constraint.push(if parts.is_empty() { f64::NAN } else { constraint });
        holes.effective_size.push(if parts.is_empty() { f64::NAN } else { size });
        holes.efficiency.push(size / n_contacts);
        holes.hierarchy.push(hierarchy(parts.iter().map(|it| it.part)));
    }
    holes
}

/// The contacts of each node with the weights of both ways together, those above 0.
fn strengths(view: &View, weights: &[f64]) -> Vec<Vec<(u32, f64)>> {
    let contacts = Contacts::new(view);
    let weight = |link: Option<u32>| link.map_or(0.0, |it| weights[it as usize].max(0.0));
    let between = |node: u32, contact: u32| {
        let there = weight(view.link_between(node, contact));
        let back =
            if view.spec().directed { weight(view.link_between(contact, node)) } else { 0.0 };
        (contact, there + back)
    };
    (0..view.n() as u32)
        .map(|node| {
            let row = contacts.of(node).iter().map(|&it| between(node, it));
            row.filter(|it| it.1 > 0.0).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structural_holes::structural_holes;
    use crate::testing::{assert_close, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, weights: &[f64], constraint: &[f64]) {
        assert_close(&weighted_structural_holes(&view_of(graph), weights).constraint, constraint);
    }

    #[test]
    fn a_link_without_weight_is_no_link() {
        let graph = "a -supports-> b; a -supports-> c";
        check(graph, &[1.0, 0.0], &[1.0, 1.0, f64::NAN]);
        check(graph, &[3.0, 1.0], &[0.625, 1.0, 1.0]);
    }

    #[test]
    fn with_equal_weights_it_is_the_plain_measure() {
        for_all_graphs(|view| {
            let plain = structural_holes(view);
            for weight in [1.0, 4.0] {
                let found = weighted_structural_holes(view, &vec![weight; view.m()]);
                assert_close(&found.constraint, &plain.constraint);
                assert_close(&found.effective_size, &plain.effective_size);
                assert_close(&found.efficiency, &plain.efficiency);
                assert_close(&found.hierarchy, &plain.hierarchy);
            }
        });
    }
}
