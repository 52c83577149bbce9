//! Closeness: how short the way from a node to all others is.

use weft_graph::{UNREACHED, View};

use crate::path_counts::PathCounts;

/// How near a node is to the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    /// The sum of 1/d over the others; those out of reach add 0.
    pub harmonic_sum: f64,
    /// That sum divided by n - 1: 1 if linked to all, 0 if alone.
    pub harmonic: f64,
    /// The number reached divided by the sum of their distances: the classic closeness within what
    /// it reaches. `NaN` if it reaches nobody. Compare only within one component.
    pub classic: f64,
    /// The number of others that it reaches at all.
    pub n_reached: usize,
}

/// Returns harmonic and classic closeness of each node.
///
/// Harmonic closeness is right for a network in several parts; the classic one is not, as a body in a
/// small part far from everyone looks central there.
///
/// - Direction: along the view's arcs. Weights: none. Disconnected: as said at the fields.
/// - Source: Marchiori and Latora, *Harmony in the small-world* (2000); Bavelas (1950), Freeman,
///   *Centrality in social networks* (1978).
/// - Cost: O(n (n + m)) time, O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let closeness = weft_analytics::closeness(&view);
/// assert_eq!((closeness[0].harmonic_sum, closeness[0].harmonic), (1.5, 0.5));
/// assert_eq!(closeness[0].classic, 2.0 / 3.0);
/// assert!(closeness[3].classic.is_nan());
/// ```
pub fn closeness(view: &View) -> Vec<Closeness> {
    let mut search = PathCounts::new(view.n());
    let of = |source| {
        search.search(source, |it| view.neighbours(it));
        let distances =
            || search.order[1..].iter().map(|&it| f64::from(search.distance[it as usize]));
        let n_reached = search.order.len() - 1;
        let harmonic_sum: f64 = distances().map(|it| 1.0 / it).sum::<f64>() + 0.0;
        Closeness {
            harmonic_sum,
            harmonic: if view.n() < 2 { 0.0 } else { harmonic_sum / (view.n() - 1) as f64 },
            classic: if n_reached == 0 {
                f64::NAN
            } else {
                n_reached as f64 / distances().sum::<f64>()
            },
            n_reached,
        }
    };
    (0..view.n() as u32).map(of).collect()
}

/// Returns how many others each node reaches within `k` links.
///
/// - Direction: along the view's arcs. Weights: none.
/// - Cost: O(n + m) per node at worst, less where `k` is small; O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::reach(&view, 1), [1, 2, 1, 0]);
/// assert_eq!(weft_analytics::reach(&view, 2), [2, 2, 2, 0]);
/// ```
pub fn reach(view: &View, k: u32) -> Vec<usize> {
    let mut distance = vec![UNREACHED; view.n()];
    let mut queue: Vec<u32> = Vec::new();
    let of = |source: u32| {
        for node in queue.drain(..) {
            distance[node as usize] = UNREACHED;
        }
        distance[source as usize] = 0;
        queue.push(source);
        let mut at = 0;
        while let Some(&node) = queue.get(at)
            && distance[node as usize] < k
        {
            at += 1;
            for &neighbour in view.neighbours(node) {
                if distance[neighbour as usize] == UNREACHED {
                    distance[neighbour as usize] = distance[node as usize] + 1;
                    queue.push(neighbour);
                }
            }
        }
        queue.len() - 1
    };
    (0..view.n() as u32).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, harmonic: &[f64]) {
        let found: Vec<f64> = closeness(&view_of(graph)).iter().map(|it| it.harmonic).collect();
        assert_close(&found, harmonic);
    }

    #[test]
    fn a_body_linked_to_all_has_one_and_a_body_alone_has_nought() {
        check("a -supports-> b; a -supports-> c", &[1.0, 0.75, 0.75]);
        check("a", &[0.0]);
    }

    #[test]
    fn closeness_and_reach_are_sums_over_the_distances() {
        for_all_small_graphs(|view| {
            let distance = Matrix::of(view).distances();
            let found = closeness(view);
            let within: Vec<Vec<usize>> = (0..4).map(|k| reach(view, k)).collect();
            for node in 0..view.n() {
                let others = || distance[node].iter().flatten().copied().filter(|&it| it > 0);
                let sum: f64 = others().map(|it| 1.0 / it as f64).sum();
                let total: usize = others().sum();
                let classic = others().count() as f64 / total as f64;
                let it = found[node];
                assert_close(&[it.harmonic_sum, it.classic], &[sum, classic]);
                assert_eq!(it.n_reached, others().count());
                for (k, reach) in within.iter().enumerate() {
                    assert_eq!(reach[node], others().filter(|&it| it <= k).count());
                }
            }
        });
    }
}
