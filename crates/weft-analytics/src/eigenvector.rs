//! Eigenvector centrality: who is linked to those who are well linked.

use weft_graph::View;

use crate::direction::Direction;
use crate::spectrum::{Principal, Table, principal_of_directed, principal_of_symmetric};

/// What eigenvector centrality rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EigenvectorOptions<'a> {
    /// From whom a node has its centrality: `Incoming`, the default, from those who point to it (as
    /// networkx and igraph have it), `Outgoing` from those it points to (sna), `Either` from both,
    /// twice where links run both ways. In an undirected view all three are the same.
    pub direction: Direction,
    /// The weight of each link; none: each is 1. Links whose weight is not above 0 are left out.
    pub weights: Option<&'a [f64]>,
}

impl Default for EigenvectorOptions<'_> {
    fn default() -> Self {
        Self { direction: Direction::Incoming, weights: None }
    }
}

/// The eigenvector centrality of the nodes of a view.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigenvector {
    /// Of each node; the greatest is 1.
    pub nodes: Vec<f64>,
    /// The greatest eigenvalue: how much all grow when everybody gives to all contacts.
    pub eigenvalue: f64,
    /// Whether the vector is the only one. It is not where two components of an undirected view have
    /// the same eigenvalue (each then has its share of a vector of ones), nor where two strong
    /// components of a directed view have; nodes of different ones cannot be compared then.
    pub is_unique: bool,
}

/// Returns the eigenvector centrality of each node: each has as much as its contacts have together,
/// by the eigenvalue.
///
/// It looks at one component only: in all but that with the greatest eigenvalue (mostly the one with
/// the densest part) everybody has 0, however large it is. Isolated nodes: 0.
///
/// - Direction and weights: as the options say. None without links, in a directed view without a
///   cycle (there is no such vector), and if it was not found.
/// - Source: Bonacich, *Power and centrality* (1987); Lanczos (1950), with restarts, for undirected
///   views and `Either`, else repeated multiplication until the residual is below 1e-12.
/// - Cost: O(32 (n + m)) a start, few starts where one part is densest, many in long chains; O(32 n)
///   memory. Directed: O(n + m) a round.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; a -supports-> d; e");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = weft_analytics::eigenvector(&view, &Default::default()).expect("there are links");
/// assert!((found.nodes[1] - 1.0 / 3_f64.sqrt()).abs() < 1e-9);
/// assert_eq!((found.nodes[0], found.nodes[4]), (1.0, 0.0));
/// ```
pub fn eigenvector(view: &View, options: &EigenvectorOptions<'_>) -> Option<Eigenvector> {
    let table = Table::new(view, options.direction, options.weights);
    let is_symmetric = !view.spec().directed || options.direction == Direction::Either;
    let Principal { value, vector, is_unique } =
        if is_symmetric { principal_of_symmetric(&table)? } else { principal_of_directed(&table)? };
    Some(Eigenvector { nodes: vector, eigenvalue: value, is_unique })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strong_components::strong_components;
    use crate::testing::{Matrix, assert_close, directed_view_of, for_all_graphs, view_of};

    #[track_caller]
    fn check(view: &View, expected: Option<&[f64]>) {
        match (eigenvector(view, &EigenvectorOptions::default()), expected) {
            (Some(found), Some(expected)) => assert_close(&found.nodes, expected),
            (found, expected) => assert!(found.is_none() && expected.is_none(), "{found:?}"),
        }
    }

    #[test]
    fn only_the_densest_part_has_any() {
        let graph = "a -supports-> b; b -supports-> c; c -supports-> a; d -supports-> e; f";
        check(&view_of(graph), Some(&[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]));
        check(&view_of("a -supports-> b; c -supports-> d; e"), Some(&[1.0, 1.0, 1.0, 1.0, 0.0]));
    }

    #[test]
    fn a_view_without_links_or_without_a_cycle_has_none() {
        check(&view_of(""), None);
        check(&view_of("a; b"), None);
        check(&directed_view_of("a -supports-> b; b -supports-> c"), None);
        check(
            &directed_view_of("a -supports-> b; b -supports-> a; b -supports-> c"),
            Some(&[1.0; 3]),
        );
    }

    #[test]
    fn a_further_step_only_multiplies_it() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view).0;
            let n = view.n();
            // The greatest eigenvalue by the growth of the number of walks, roughly.
            let mut walks = vec![1.0; n];
            let mut growth = 0.0;
            for _ in 0..60 {
                let before: f64 = walks.iter().sum();
                let step = |v: usize| {
                    walks[v] + (0..n).filter(|&u| matrix[u][v]).map(|u| walks[u]).sum::<f64>()
                };
                walks = (0..n).map(step).collect();
                growth = walks.iter().sum::<f64>() / before - 1.0;
                let total: f64 = walks.iter().sum();
                walks.iter_mut().for_each(|it| *it /= total);
            }
            let Some(found) = eigenvector(view, &EigenvectorOptions::default()) else {
                let sizes = strong_components(view).sizes;
                assert!(sizes.iter().all(|&it| it == 1), "a cycle has a vector");
                return;
            };
            assert!((growth - found.eigenvalue).abs() < 0.1, "{growth} {}", found.eigenvalue);
            assert_eq!(found.nodes.iter().copied().fold(0.0, f64::max), 1.0);
            assert!(found.nodes.iter().all(|&it| it >= 0.0));
            let received = |v: usize| {
                (0..n).filter(|&u| matrix[u][v]).map(|u| found.nodes[u]).sum::<f64>()
                    / found.eigenvalue
            };
            let next: Vec<f64> = (0..n).map(received).collect();
            assert_close(&found.nodes, &next);
        });
    }
}
