//! Distances: how far everybody is from everybody, and how far each node is from its farthest.

use weft_graph::{UNREACHED, View};

use crate::direction::{Direction, Rows};

/// How far the nodes of a view are from each other.
#[derive(Clone, Debug, PartialEq)]
pub struct DistanceProfile {
    /// The greatest distance from each node to any that it reaches; None if it reaches nobody.
    pub eccentricity: Vec<Option<u32>>,
    /// Ordered pairs of different nodes at each distance: the first entry is distance 1.
    pub n_pairs: Vec<u64>,
    /// Ordered pairs without a path.
    pub n_pairs_apart: u64,
}

/// Measures all distances.
///
/// - Direction: as asked; pairs are ordered, so an undirected view has each pair twice. Weights:
///   none. Disconnected: pairs without a path are counted apart and take part in nothing else. For
///   the largest component alone see [`extent`](crate::extent).
/// - Source: Harary, *Graph Theory* (1969).
/// - Cost: O(n (n + m)) time, O(n) memory (O(n + m) for either direction of a directed view).
///
/// ```
/// use weft_analytics::{Direction, distance_profile};
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let profile = distance_profile(&view, Direction::Either);
/// assert_eq!(profile.eccentricity, [Some(2), Some(1), Some(2), None]);
/// assert_eq!((profile.n_pairs.clone(), profile.n_pairs_apart), (vec![4, 2], 6));
/// assert_eq!(profile.mean_distance(), Some(8.0 / 6.0));
/// ```
pub fn distance_profile(view: &View, direction: Direction) -> DistanceProfile {
    let rows = Rows::new(view, direction);
    let n = view.n();
    let mut profile = DistanceProfile {
        eccentricity: Vec::with_capacity(n),
        n_pairs: Vec::new(),
        n_pairs_apart: 0,
    };
    let mut search = Search::new(n);
    for source in 0..n as u32 {
        let n_reached = search.run(&rows, &[source], u32::MAX);
        profile.n_pairs_apart += (n - 1 - n_reached) as u64;
        let farthest = search.order.last().map_or(0, |&it| search.distance[it as usize]);
        profile.eccentricity.push((n_reached > 0).then_some(farthest));
        if profile.n_pairs.len() < farthest as usize {
            profile.n_pairs.resize(farthest as usize, 0);
        }
        for &node in &search.order[1..] {
            profile.n_pairs[search.distance[node as usize] as usize - 1] += 1;
        }
    }
    profile
}

impl DistanceProfile {
    /// The greatest distance between two nodes that a path joins; None if there is no link.
    pub fn diameter(&self) -> Option<u32> {
        self.eccentricity.iter().flatten().max().copied()
    }

    /// The mean distance over the pairs that a path joins; None if there is none.
    pub fn mean_distance(&self) -> Option<f64> {
        let n_joined: u64 = self.n_pairs.iter().sum();
        let total: u64 = (1..).zip(&self.n_pairs).map(|(distance, n)| distance * n).sum();
        (n_joined > 0).then(|| total as f64 / n_joined as f64)
    }

    /// The mean of 1/d over all ordered pairs, 0 for those without a path: the global efficiency, or
    /// compactness. 1 if all are linked to all; None below two nodes.
    ///
    /// Source: Latora and Marchiori, *Efficient behavior of small-world networks* (2001).
    pub fn compactness(&self) -> Option<f64> {
        let n_all = self.n_pairs.iter().sum::<u64>() + self.n_pairs_apart;
        let near = (1..).zip(&self.n_pairs).map(|(d, &n)| n as f64 / f64::from(d));
        let near = near.fold(0.0, |sum, it: f64| sum + it);
        (n_all > 0).then(|| near / n_all as f64)
    }
}

/// A breadth-first search that keeps its memory for the next one.
pub(crate) struct Search {
    pub(crate) distance: Vec<u32>,
    /// The nodes reached, nearest first, the sources included.
    pub(crate) order: Vec<u32>,
}

impl Search {
    pub(crate) fn new(n: usize) -> Self {
        Self { distance: vec![UNREACHED; n], order: Vec::new() }
    }

    /// Searches from sources, each of them once, as far as `depth_max`; gives the number of others reached.
    pub(crate) fn run(&mut self, rows: &Rows, sources: &[u32], depth_max: u32) -> usize {
        for node in self.order.drain(..) {
            self.distance[node as usize] = UNREACHED;
        }
        for &source in sources {
            self.distance[source as usize] = 0;
            self.order.push(source);
        }
        let mut at = 0;
        while let Some(&node) = self.order.get(at)
            && self.distance[node as usize] < depth_max
        {
            at += 1;
            for &neighbour in rows.of(node) {
                if self.distance[neighbour as usize] == UNREACHED {
                    self.distance[neighbour as usize] = self.distance[node as usize] + 1;
                    self.order.push(neighbour);
                }
            }
        }
        self.order.len() - sources.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        Matrix, assert_close, directed_view_of, for_all_graphs, ordered_pairs, view_of,
    };

    #[track_caller]
    fn check(view: &View, direction: Direction, eccentricity: &[Option<u32>]) {
        assert_eq!(distance_profile(view, direction).eccentricity, eccentricity);
    }

    #[test]
    fn eccentricity_follows_the_direction() {
        let view = directed_view_of("a -supports-> b; b -supports-> c");
        check(&view, Direction::Outgoing, &[Some(2), Some(1), None]);
        check(&view, Direction::Incoming, &[None, Some(1), Some(2)]);
        check(&view, Direction::Either, &[Some(2), Some(1), Some(2)]);
        check(&view_of("a"), Direction::Either, &[None]);
    }

    #[test]
    fn the_profile_counts_every_pair() {
        for_all_graphs(|view| {
            for (direction, matrix) in [
                (Direction::Outgoing, Matrix::of(view)),
                (Direction::Either, Matrix::undirected(view)),
            ] {
                let profile = distance_profile(view, direction);
                let distance = matrix.distances();
                let pairs = || ordered_pairs(view.n());
                let n_at =
                    |d: Option<usize>| pairs().filter(|&(a, b)| distance[a][b] == d).count() as u64;
                for (at, &n_pairs) in profile.n_pairs.iter().enumerate() {
                    assert_eq!(n_pairs, n_at(Some(at + 1)));
                }
                assert_eq!(profile.n_pairs_apart, n_at(None));
                let joined: Vec<f64> =
                    pairs().filter_map(|(a, b)| distance[a][b]).map(|it| it as f64).collect();
                let farthest = joined.iter().copied().fold(0.0, f64::max);
                assert_eq!(profile.diameter().unwrap_or(0), farthest as u32);
                let mean = joined.iter().sum::<f64>() / joined.len() as f64;
                assert_close(&[profile.mean_distance().unwrap_or(f64::NAN)], &[mean]);
                let near = joined.iter().map(|it| 1.0 / it).sum::<f64>() / pairs().count() as f64;
                assert_close(&[profile.compactness().unwrap_or(f64::NAN)], &[near]);
            }
        });
    }
}
