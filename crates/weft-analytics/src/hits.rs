//! HITS: who points to those worth pointing to, and who is pointed to by them.

use weft_graph::View;

use crate::direction::Direction;
use crate::spectrum::{Table, principal_of_symmetric};

/// The two scores of each node.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// How far it points to good authorities; the greatest is 1.
    pub hubs: Vec<f64>,
    /// How far good hubs point to it; the greatest is 1.
    pub authorities: Vec<f64>,
    /// Whether the scores are the only ones: not where two parts weigh the same.
    pub is_unique: bool,
}

/// Returns Kleinberg's hubs and authorities.
///
/// A funder that funds what other funders fund is a hub; what they fund is an authority. Like
/// eigenvector centrality it looks at the densest part alone: elsewhere both are 0.
///
/// - Direction: along the view's arcs; in an undirected view both are eigenvector centrality.
///   Weights: as given, one a link; none: each is 1. Where parts weigh the same each has its share
///   of a vector of ones. None without links, and if it was not found.
/// - Source: Kleinberg, *Authoritative sources in a hyperlinked environment* (1999). networkx scales
///   each to the sum 1, igraph to the maximum 1.
/// - Cost: as [`eigenvector`](crate::eigenvector) on a view of 2n nodes.
///
/// ```
/// let snapshot = weft_graph::fixture("a -funds-> c; b -funds-> c; b -funds-> d");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let hits = weft_analytics::hits(&weft_graph::View::new(&snapshot, spec), None).expect("links");
/// assert!(hits.hubs[2] == 1.0 && hits.authorities[1] == 1.0 && hits.authorities[0] == 0.0);
/// ```
pub fn hits(view: &View, weights: Option<&[f64]>) -> Option<Hits> {
    let table = Table::new(view, Direction::Outgoing, weights);
    if !view.spec().directed {
        let found = principal_of_symmetric(&table)?;
        let (hubs, is_unique) = (found.vector, found.is_unique);
        return Some(Hits { authorities: hubs.clone(), hubs, is_unique });
    }
    let n = view.n();
    let found = principal_of_symmetric(&table.doubled())?;
    let scaled = |part: &[f64]| {
        let greatest = part.iter().copied().fold(0.0, f64::max);
        part.iter().map(|it| it / greatest).collect()
    };
    Some(Hits {
        hubs: scaled(&found.vector[..n]),
        authorities: scaled(&found.vector[n..]),
        is_unique: found.is_unique,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, directed_view_of, for_all_graphs, view_of};

    #[track_caller]
    fn check(view: &View, hubs: &[f64], authorities: &[f64]) {
        let found = hits(view, None).unwrap();
        assert_close(&found.hubs, hubs);
        assert_close(&found.authorities, authorities);
    }

    #[test]
    fn a_star_has_one_hub_and_its_leaves_are_authorities() {
        let star = directed_view_of("a -funds-> b; a -funds-> c; d -funds-> e");
        check(&star, &[1.0, 0.0, 0.0, 0.0, 0.0], &[0.0, 1.0, 1.0, 0.0, 0.0]);
        check(&view_of("a -funds-> b"), &[1.0, 1.0], &[1.0, 1.0]);
        assert_eq!(hits(&view_of("a; b"), None), None);
    }

    #[test]
    fn each_score_is_made_of_the_other() {
        for_all_graphs(|view| {
            let Some(found) = hits(view, None) else {
                assert_eq!(view.m(), 0);
                return;
            };
            let matrix = Matrix::of(view).0;
            let n = view.n();
            let sum = |of: &[f64], is_in: &dyn Fn(usize) -> bool| {
                (0..n).filter(|&b| is_in(b)).map(|b| of[b]).sum::<f64>()
            };
            let hubs: Vec<f64> =
                (0..n).map(|a| sum(&found.authorities, &|b| matrix[a][b])).collect();
            let authorities: Vec<f64> =
                (0..n).map(|a| sum(&found.hubs, &|b| matrix[b][a])).collect();
            for (made, scores) in [(hubs, &found.hubs), (authorities, &found.authorities)] {
                let greatest = made.iter().copied().fold(0.0, f64::max);
                let made: Vec<f64> = made.iter().map(|it| it / greatest).collect();
                assert_close(&made, scores);
            }
        });
    }
}
