//! Katz centrality: how many ways lead to a node, long ones counting less.

use weft_graph::View;

use crate::direction::Direction;
use crate::spectrum::Table;

/// How many rounds are made at most; beyond, the sum is taken not to settle.
const N_ROUNDS_MAX: usize = 100_000;
/// The change of the largest sum in a round, by that sum, below which it stands.
const TOLERANCE: f64 = 1e-14;

/// How ways are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KatzOptions<'a> {
    /// What each further link of a way multiplies it by. Must be below 1 by the greatest eigenvalue
    /// (see [`eigenvector`](crate::eigenvector)); else the sum is infinite.
    pub attenuation: f64,
    /// What each node has of itself.
    pub own: f64,
    /// Which ways count: `Incoming`, the default, those that lead to a node (networkx), `Outgoing`
    /// those that start at it, `Either` all, links both ways twice.
    pub direction: Direction,
    /// The weight of each link, by which a way over it is multiplied; none: each is 1.
    pub weights: Option<&'a [f64]>,
}

impl Default for KatzOptions<'_> {
    fn default() -> Self {
        Self { attenuation: 0.1, own: 1.0, direction: Direction::Incoming, weights: None }
    }
}

/// Returns the Katz centrality of each node: x = own + attenuation times the sum of x over those
/// from whom it receives. With `own` 1 it is the number of ways that end at the node, itself
/// included, each multiplied by the attenuation once a link.
///
/// - Direction and weights: as the options say. Disconnected: each part by itself. Isolated: `own`.
///   Not scaled (networkx divides by the length of the vector). None if the sum does not settle:
///   the attenuation is too great for this view.
/// - Source: Katz, *A new status index derived from sociometric analysis* (1953); Bonacich's
///   alpha-centrality (2001).
/// - Cost: O(n + m) a round; about 32 / ln(1 / (attenuation × eigenvalue)) rounds.
///
/// ```
/// use weft_analytics::{KatzOptions, katz};
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// let options = KatzOptions { attenuation: 0.5, ..KatzOptions::default() };
/// assert_eq!(katz(&view, &options), Some(vec![1.0, 1.5, 1.75]));
/// ```
pub fn katz(view: &View, options: &KatzOptions<'_>) -> Option<Vec<f64>> {
    let table = Table::new(view, options.direction, options.weights);
    let mut sums = vec![options.own; view.n()];
    // What the ways of the last length add.
    let mut added = sums.clone();
    let mut next = vec![0.0; view.n()];
    for _ in 0..N_ROUNDS_MAX {
        let mut greatest_added = 0.0_f64;
        for (node, next) in (0..).zip(&mut next) {
            *next = options.attenuation * table.received(node, &added);
            greatest_added = greatest_added.max(next.abs());
        }
        std::mem::swap(&mut added, &mut next);
        let mut greatest = 0.0_f64;
        for (sum, added) in sums.iter_mut().zip(&added) {
            *sum += added;
            greatest = greatest.max(sum.abs());
        }
        if !greatest.is_finite() {
            return None;
        }
        if greatest_added <= TOLERANCE * greatest {
            return Some(sums);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eigenvector::{EigenvectorOptions, eigenvector};
    use crate::testing::{Matrix, assert_close, directed_view_of, for_all_graphs, view_of};

    #[track_caller]
    fn check(view: &View, attenuation: f64, expected: Option<&[f64]>) {
        let options = KatzOptions { attenuation, ..KatzOptions::default() };
        let found = katz(view, &options);
        assert_eq!(found.is_some(), expected.is_some());
        assert_close(&found.unwrap_or_default(), expected.unwrap_or_default());
    }

    #[test]
    fn the_sum_must_settle() {
        let pair = "a -supports-> b; c";
        check(&view_of(pair), 0.5, Some(&[2.0, 2.0, 1.0]));
        check(&view_of(pair), 1.0, None);
        check(&view_of(pair), 1.5, None);
        check(&directed_view_of(pair), 1.5, Some(&[1.0, 2.5, 1.0]));
        check(&view_of(""), 0.1, Some(&[]));
    }

    #[test]
    fn each_node_has_its_own_and_a_part_of_what_it_receives() {
        for_all_graphs(|view| {
            let eigenvalue =
                eigenvector(view, &EigenvectorOptions::default()).map_or(1.0, |it| it.eigenvalue);
            let attenuation = 0.8 / eigenvalue;
            let options = KatzOptions { attenuation, ..KatzOptions::default() };
            let found = katz(view, &options).unwrap();
            let matrix = Matrix::of(view).0;
            let n = view.n();
            let expected = |v: usize| {
                let received: f64 = (0..n).filter(|&u| matrix[u][v]).map(|u| found[u]).sum();
                1.0 + attenuation * received
            };
            assert_close(&found, &(0..n).map(expected).collect::<Vec<f64>>());
        });
    }
}
