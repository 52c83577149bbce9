//! Degree and strength: with how many a node is linked, by which relation, which way, how strongly.

use std::collections::BTreeMap;

use weft_graph::{RelationId, Snapshot, View};

use crate::direction::{Direction, Rows};

/// The contacts of a node by one relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelationDegree {
    /// The relation.
    pub relation: RelationId,
    /// Distinct nodes that this one has such a tie to.
    pub n_out: usize,
    /// Distinct nodes that have such a tie to this one.
    pub n_in: usize,
    /// Distinct nodes with such a tie, whichever way it runs.
    pub n_either: usize,
    /// Ties of the relation at the node.
    pub n_ties: usize,
}

/// Returns the number of contacts of each node in one direction.
///
/// - Direction: as asked; links both ways to one contact are one contact either way. Weights: none.
///   Loops are not links, parallel ties are one. Isolated nodes: 0.
/// - Source: Freeman, *Centrality in social networks* (1978). Cost: O(n), O(n + m) for either
///   direction of a directed view.
///
/// ```
/// use weft_analytics::{Direction, degrees};
/// let snapshot = weft_graph::fixture("a -supports-> b; c -supports-> b; b -supports-> a");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// assert_eq!(degrees(&view, Direction::Outgoing), [1, 1, 1]);
/// assert_eq!(degrees(&view, Direction::Incoming), [1, 2, 0]);
/// assert_eq!(degrees(&view, Direction::Either), [1, 2, 1]);
/// ```
pub fn degrees(view: &View, direction: Direction) -> Vec<usize> {
    let rows = Rows::new(view, direction);
    (0..view.n() as u32).map(|it| rows.of(it).len()).collect()
}

/// Returns the sum of the weights of the links at each node; `weights` has one for each link.
///
/// - Direction: as asked; either way is the sum of both, so links both ways to one contact count
///   with both weights. Weights: as given, see [`link_weights`](crate::link_weights). Isolated: 0.
/// - Source: Barrat et al., *The architecture of complex weighted networks* (2004). Cost: O(n + m).
///
/// # Panics
/// If `weights` has fewer entries than the view has links.
///
/// ```
/// use weft_analytics::{Direction, Weighting, link_weights, strengths};
/// let snapshot = weft_graph::fixture("a -funds[500]-> b; b -funds[20]-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let weights = link_weights(&snapshot, &view, Weighting::Amount, "GBP");
/// assert_eq!(strengths(&view, Direction::Either, &weights.of), [500.0, 520.0, 20.0]);
/// ```
pub fn strengths(view: &View, direction: Direction, weights: &[f64]) -> Vec<f64> {
    let sum = |links: &[u32]| links.iter().fold(0.0, |sum, &it| sum + weights[it as usize]);
    let of = |node: u32| match direction {
        Direction::Outgoing => sum(view.links(node)),
        Direction::Incoming => sum(view.in_links(node)),
        Direction::Either if view.spec().directed => {
            sum(view.links(node)) + sum(view.in_links(node))
        }
        Direction::Either => sum(view.links(node)),
    };
    (0..view.n() as u32).map(of).collect()
}

/// Returns with how many contacts a node has ties of each relation, in the order of the schema.
///
/// The sum over relations is more than the degree where two work together in two ways.
///
/// - Direction: that of the ties as they are stored, in an undirected view too; a tie of a symmetric
///   relation counts both ways. Weights: none. Isolated: empty.
/// - Source: Wasserman and Faust, *Social Network Analysis* (1994), for several relations.
/// - Cost: O(ties at the node, times the logarithm of the number of relations).
///
/// ```
/// let snapshot = weft_graph::fixture("a -funds-> b; a -funds[#two]-> b; c -funds-> a; a -hosts-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = weft_analytics::degrees_by_relation(&snapshot, &view, 0);
/// let name = |at: usize| snapshot.schema().relation(found[at].relation).id.as_str();
/// let funds = found.iter().position(|it| it.n_ties == 3).expect("it funds");
/// assert_eq!((name(funds), name(1 - funds)), ("funds", "hosts"));
/// assert_eq!((found[funds].n_out, found[funds].n_in, found[funds].n_either), (1, 1, 2));
/// ```
pub fn degrees_by_relation(snapshot: &Snapshot, view: &View, node: u32) -> Vec<RelationDegree> {
    let rows = Rows::new(view, Direction::Either);
    let mut found: BTreeMap<RelationId, RelationDegree> = BTreeMap::new();
    for &contact in rows.of(node) {
        let there = view.link_between(node, contact);
        let back = view.link_between(contact, node).filter(|_| view.spec().directed);
        // Of each relation: whether it runs there, whether it runs back, and the number of its ties.
        let mut between: BTreeMap<RelationId, (bool, bool, usize)> = BTreeMap::new();
        for (link, is_back) in
            there.map(|it| (it, false)).into_iter().chain(back.map(|it| (it, true)))
        {
            for &tie in view.ties(link) {
                let tie = snapshot.tie(tie);
                let is_symmetric = tie.relation().symmetric;
                let is_out = tie.source() == view.node(node);
                let seen = between.entry(tie.relation_id()).or_default();
                seen.0 |= is_out || is_symmetric;
                seen.1 |= !is_out || is_symmetric;
                // A directed view has a symmetric tie in the links both ways.
                seen.2 += usize::from(!(is_back && is_symmetric));
            }
        }
        for (relation, (is_out, is_in, n_ties)) in between {
            let degree = found.entry(relation).or_insert(RelationDegree {
                relation,
                n_out: 0,
                n_in: 0,
                n_either: 0,
                n_ties: 0,
            });
            degree.n_out += usize::from(is_out);
            degree.n_in += usize::from(is_in);
            degree.n_either += 1;
            degree.n_ties += n_ties;
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_graphs};
    use weft_graph::{ViewSpec, fixture};

    #[track_caller]
    fn check(graph: &str, directed: bool, expected: &[(&str, [usize; 4])]) {
        let snapshot = fixture(graph);
        let view = View::new(&snapshot, ViewSpec { directed, ..ViewSpec::all(&snapshot) });
        let mut found: Vec<_> = degrees_by_relation(&snapshot, &view, 0)
            .into_iter()
            .map(|it| {
                let name = snapshot.schema().relation(it.relation).id.as_str();
                (name, [it.n_out, it.n_in, it.n_either, it.n_ties])
            })
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn relations_are_told_apart_and_their_direction_is_kept() {
        let graph = "a -funds-> b; a -funds[#second]-> b; c -funds-> a; a -partners_with-> c";
        let expected = [("funds", [1, 1, 2, 3]), ("partners_with", [1, 1, 1, 1])];
        check(graph, false, &expected);
        check(graph, true, &expected);
        check("a; b -funds-> c", false, &[]);
    }

    #[test]
    fn degrees_are_rows_and_columns_of_the_table() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view).0;
            let n = view.n();
            for (a, row) in matrix.iter().enumerate() {
                let count = |is_in: &dyn Fn(usize) -> bool| (0..n).filter(|&b| is_in(b)).count();
                let out = count(&|b| row[b]);
                let incoming = count(&|b| matrix[b][a]);
                assert_eq!(degrees(view, Direction::Outgoing)[a], out);
                assert_eq!(degrees(view, Direction::Incoming)[a], incoming);
                let either = count(&|b| row[b] || matrix[b][a]);
                assert_eq!(degrees(view, Direction::Either)[a], either);
                let ones = vec![1.0; view.m()];
                let both = if view.spec().directed { out + incoming } else { out };
                assert_close(&[strengths(view, Direction::Outgoing, &ones)[a]], &[out as f64]);
                assert_close(&[strengths(view, Direction::Either, &ones)[a]], &[both as f64]);
            }
        });
    }
}
