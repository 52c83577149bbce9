//! Reach in steps: whom a node gets to in one, two, three steps, and how much of it is new.

use weft_graph::View;

use crate::contacts::Contacts;
use crate::direction::{Direction, Rows};
use crate::distance_profile::Search;

/// What a node reaches within two steps, and for how many contacts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoStepReach {
    /// Other nodes within two steps.
    pub n_reached: usize,
    /// The share of the others that they are, 0 to 1; `NaN` in a view of one node.
    pub share: f64,
    /// What it reaches by what it could reach if no two of its contacts had a contact in common:
    /// `n_reached` by the sum of the degrees of its contacts. 1: none of its contacts is redundant.
    /// `NaN` without contacts.
    pub efficiency: f64,
}

/// Returns how many others each node reaches within 1, 2, ... up to `k` steps.
///
/// - Direction: as asked. Weights: none. Disconnected: what no path reaches does not count.
///   [`reach`](crate::reach) gives one column of this. Source: as of that.
/// - Cost: O(n + m) a node at worst, less where `k` is small; O(n k) memory.
///
/// ```
/// use weft_analytics::{Direction, reach_by_step};
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(reach_by_step(&view, Direction::Either, 2)[0], [1, 2]);
/// assert_eq!(reach_by_step(&view, Direction::Either, 2)[3], [0, 0]);
/// ```
pub fn reach_by_step(view: &View, direction: Direction, k: usize) -> Vec<Vec<usize>> {
    let rows = Rows::new(view, direction);
    let mut search = Search::new(view.n());
    let of = |source: u32| {
        search.run(&rows, &[source], k.try_into().unwrap_or(u32::MAX));
        let mut n_reached = vec![0; k];
        for &node in &search.order[1..] {
            n_reached[search.distance[node as usize] as usize - 1] += 1;
        }
        for step in 1..k {
            n_reached[step] += n_reached[step - 1];
        }
        n_reached
    };
    (0..view.n() as u32).map(of).collect()
}

/// Returns what each node reaches within two steps and how efficiently.
///
/// - Direction: ignored, as in UCINET's default ego networks. Weights: none. Isolated: reaches 0,
///   efficiency `NaN`.
/// - Source: UCINET, *Network > Ego networks > Basic measures* (2StepReach and ReachEffic, which it
///   prints in per cent; where all contacts of a node have no other contact it prints nothing, and
///   this gives 1, which its formula gives); Hanneman and Riddle, *Introduction to Social Network
///   Methods* (2005), chapter 9.
/// - Cost: O(sum of squared degrees) time, O(n) memory, O(n + m) in a directed view.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; b -supports-> d; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let of_a = weft_analytics::two_step_reach(&view)[0];
/// assert_eq!((of_a.n_reached, of_a.share, of_a.efficiency), (3, 1.0, 0.75));
/// ```
pub fn two_step_reach(view: &View) -> Vec<TwoStepReach> {
    let contacts = Contacts::new(view);
    let rows = Rows::Either(Contacts::new(view));
    let mut search = Search::new(view.n());
    let n_others = view.n().saturating_sub(1) as f64;
    let of = |node: u32| {
        let n_reached = search.run(&rows, &[node], 2);
        let most: usize = contacts.of(node).iter().map(|&it| contacts.of(it).len()).sum();
        TwoStepReach {
            n_reached,
            share: n_reached as f64 / n_others,
            efficiency: n_reached as f64 / most as f64,
        }
    };
    (0..view.n() as u32).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, efficiency: &[f64]) {
        let found: Vec<f64> =
            two_step_reach(&view_of(graph)).iter().map(|it| it.efficiency).collect();
        assert_close(&found, efficiency);
    }

    #[test]
    fn redundant_contacts_lower_efficiency() {
        check("a -supports-> b; b -supports-> c", &[1.0, 1.0, 1.0]);
        check("a -supports-> b; b -supports-> c; c -supports-> a", &[0.5; 3]);
        check("a", &[f64::NAN]);
    }

    #[test]
    fn reach_counts_the_nodes_within_each_distance() {
        for_all_graphs(|view| {
            for (direction, matrix) in [
                (Direction::Outgoing, Matrix::of(view)),
                (Direction::Either, Matrix::undirected(view)),
            ] {
                let distance = matrix.distances();
                for (node, reached) in reach_by_step(view, direction, 3).iter().enumerate() {
                    let within = |k: usize| {
                        let at = |it: &&Option<usize>| it.is_some_and(|it| it > 0 && it <= k);
                        distance[node].iter().filter(at).count()
                    };
                    assert_eq!(*reached, [within(1), within(2), within(3)]);
                }
            }
            // UCINET's own sum: the contacts, and the contacts of each that are not the node itself.
            let matrix = Matrix::undirected(view).0;
            let n = view.n();
            for (node, found) in two_step_reach(view).iter().enumerate() {
                let contacts: Vec<usize> = (0..n).filter(|&b| matrix[node][b]).collect();
                let beyond: usize = contacts
                    .iter()
                    .map(|&b| (0..n).filter(|&c| c != node && matrix[b][c]).count())
                    .sum();
                let expected = found.n_reached as f64 / (contacts.len() + beyond) as f64;
                assert_close(&[found.efficiency], &[expected]);
                assert_close(&[found.share], &[found.n_reached as f64 / (n as f64 - 1.0)]);
            }
        });
    }
}
