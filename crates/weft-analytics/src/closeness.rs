//! Closeness: how short the way from a node to all others is.

use std::ops::Range;

use weft_graph::View;

use crate::components::components;
use crate::many_searches::{BitCounts, Bits, ManySearches, n_at_once, n_bits};
use crate::run::{Interrupted, Run, pieces_of};

/// The parts into which 1 is cut to add up the inverses of distances as whole numbers: the sum of a
/// node does not depend on the order, and is within n parts of the true one.
const N_PARTS: u128 = 1 << 64;

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
/// - Cost: O(n (n + m)) time at worst, mostly a small part of it, as 256 searches run at once, one bit
///   each (Then and others, 2014); O(n) memory a thread. Sums are within n / 2^64 of the true ones.
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
    closeness_in(view, &mut Run::default()).expect("nobody interrupts it")
}

/// Returns [`closeness`] as a run that can be watched and stopped.
///
/// # Errors
/// If it was interrupted.
pub fn closeness_in(view: &View, run: &mut Run) -> Result<Vec<Closeness>, Interrupted> {
    // The searches go against the arcs, so that what reaches a node are the nodes that it reaches.
    let (onward, back) = (|it| view.in_neighbours(it), |it| view.neighbours(it));
    let sums = distance_sums(view.n(), u32::MAX, onward, back, run)?;
    Ok(sums.iter().map(|it| it.closeness(view.n())).collect())
}

/// Returns the closeness of some nodes, in their order.
///
/// - As [`closeness`], for a part of its cost: a search for each of them, 256 at once.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let closeness = weft_analytics::closeness_of(&view, &[2, 1], &mut Default::default())?;
/// assert_eq!((closeness[0].harmonic_sum, closeness[1].harmonic_sum), (1.5, 2.0));
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn closeness_of(
    view: &View,
    nodes: &[u32],
    run: &mut Run,
) -> Result<Vec<Closeness>, Interrupted> {
    let sums = sums_of(view, nodes, u32::MAX, run)?;
    Ok(sums.iter().map(|it| it.closeness(view.n())).collect())
}

/// Returns how many others each node reaches within `k` links.
///
/// - Direction: along the view's arcs. Weights: none. Disconnected: what no path reaches does not count.
/// - Source: Borgatti, Everett and Johnson, *Analyzing Social Networks* (2013).
/// - Cost: as [`closeness`] at worst, less where `k` is small; O(n) memory a thread.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::reach(&view, 1), [1, 2, 1, 0]);
/// assert_eq!(weft_analytics::reach(&view, 2), [2, 2, 2, 0]);
/// ```
pub fn reach(view: &View, k: u32) -> Vec<usize> {
    let (onward, back) = (|it| view.in_neighbours(it), |it| view.neighbours(it));
    let sums = distance_sums(view.n(), k, onward, back, &mut Run::default());
    sums.expect("nobody interrupts it").iter().map(|it| it.n_reached as usize).collect()
}

/// Returns how many others some nodes reach within `k` links, in their order.
///
/// - As [`reach`], for a part of its cost: a search for each of them while they reach little, then 256
///   at once. Without a limit on `k` an undirected view is not searched: its components tell.
///
/// # Errors
/// If it was interrupted.
pub fn reach_of(
    view: &View,
    nodes: &[u32],
    k: u32,
    run: &mut Run,
) -> Result<Vec<usize>, Interrupted> {
    if !view.spec().directed && k as usize >= view.n() {
        let components = components(view);
        let size = |&it: &u32| components.sizes[components.of[it as usize] as usize] - 1;
        return Ok(nodes.iter().map(size).collect());
    }
    let n_arcs_at_most = N_SINGLE * (view.n() + view.n_arcs());
    run.sweep(
        &pieces_of(nodes.iter().map(|_| 1), n_at_once(N_WORDS)),
        Vec::with_capacity(nodes.len()),
        || (vec![false; view.n()], Vec::new(), Vec::new(), None),
        |(is_reached, queue, found, searches), piece| {
            let mut nodes = &nodes[piece];
            let mut n_arcs_left = n_arcs_at_most;
            while let Some((&node, rest)) = nodes.split_first()
                && n_arcs_left > 0
            {
                found.push(n_near(view, node, k, is_reached, queue, &mut n_arcs_left));
                nodes = rest;
            }
            if !nodes.is_empty() {
                let searches = searches.get_or_insert_with(|| ManySearches::new(view.n()));
                let sums = sums_at_once(view, nodes, k, searches);
                found.extend(sums.iter().map(|it| it.n_reached as usize));
            }
        },
        |(_, _, found, _), total| total.append(found),
    )
}

/// So many times as much as all arcs may be passed by one search after the other before the rest of a
/// piece is searched at once, which costs about as much.
const N_SINGLE: usize = 4;

/// Counts the others within `k` links by one search; leaves its memory as it was, and counts down how
/// many arcs it passed.
fn n_near(
    view: &View,
    source: u32,
    k: u32,
    is_reached: &mut [bool],
    queue: &mut Vec<u32>,
    n_arcs_left: &mut usize,
) -> usize {
    queue.push(source);
    is_reached[source as usize] = true;
    let mut level = 0;
    for _ in 0..k {
        let end = queue.len();
        for at in level..end {
            let row = view.neighbours(queue[at]);
            *n_arcs_left = n_arcs_left.saturating_sub(row.len());
            for &neighbour in row {
                if !std::mem::replace(&mut is_reached[neighbour as usize], true) {
                    queue.push(neighbour);
                }
            }
        }
        if queue.len() == end {
            break;
        }
        level = end;
    }
    let n_others = queue.len() - 1;
    queue.drain(..).for_each(|it| is_reached[it as usize] = false);
    n_others
}

/// The words of bits of searches that run at once.
const N_WORDS: usize = 4;
/// The same where the bits of all nodes stay in the processor's cache, and up to how many nodes they do.
const N_WORDS_OF_FEW: usize = 8;
const N_FEW: usize = 20_000;

/// What the distances between a node and the others add up to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DistanceSums {
    n_reached: u64,
    pub(crate) total: u64,
    /// In parts of 1.
    inverse: u128,
    pub(crate) farthest: u32,
}

/// A distance, and one by it in parts of 1, which is divided out once for all who are at it.
struct Level {
    depth: u32,
    inverse: u128,
}

impl Level {
    const NONE: Self = Self { depth: 0, inverse: 0 };

    /// Makes this the level at a depth.
    fn at(&mut self, depth: u32) -> &Self {
        if self.depth != depth {
            *self = Self { depth, inverse: N_PARTS / u128::from(depth) };
        }
        self
    }
}

impl DistanceSums {
    fn add(&mut self, level: &Level, n: u32) {
        self.n_reached += u64::from(n);
        self.total += u64::from(n) * u64::from(level.depth);
        self.inverse += u128::from(n) * level.inverse;
        self.farthest = self.farthest.max(level.depth);
    }

    fn join(&mut self, other: Self) {
        self.n_reached += other.n_reached;
        self.total += other.total;
        self.inverse += other.inverse;
        self.farthest = self.farthest.max(other.farthest);
    }

    fn closeness(&self, n: usize) -> Closeness {
        let harmonic_sum = self.inverse as f64 / N_PARTS as f64;
        Closeness {
            harmonic_sum,
            harmonic: if n < 2 { 0.0 } else { harmonic_sum / (n - 1) as f64 },
            classic: self.n_reached as f64 / self.total as f64,
            n_reached: self.n_reached as usize,
        }
    }
}

/// The sums of each node over all others from which it is reached along `onward`, of which `back` is
/// the reverse, within so many links. O(n (n + m) / 256) steps over 256 bits, O(n) memory a thread.
pub(crate) fn distance_sums<'a>(
    n: usize,
    depth_max: u32,
    onward: impl Fn(u32) -> &'a [u32] + Sync,
    back: impl Fn(u32) -> &'a [u32] + Sync,
    run: &mut Run,
) -> Result<Vec<DistanceSums>, Interrupted> {
    if n <= N_FEW {
        all_sums::<N_WORDS_OF_FEW>(n, depth_max, onward, back, run)
    } else {
        all_sums::<N_WORDS>(n, depth_max, onward, back, run)
    }
}

fn all_sums<'a, const N_WORDS: usize>(
    n: usize,
    depth_max: u32,
    onward: impl Fn(u32) -> &'a [u32] + Sync,
    back: impl Fn(u32) -> &'a [u32] + Sync,
    run: &mut Run,
) -> Result<Vec<DistanceSums>, Interrupted> {
    let none = || vec![DistanceSums::default(); n];
    let order = near_together(n, &onward);
    run.sweep(
        &pieces_of((0..n).map(|_| 1), n_at_once(N_WORDS)),
        none(),
        || (ManySearches::<N_WORDS>::new(n), none()),
        |(searches, sums), piece| {
            let mut level = Level::NONE;
            searches.search(&order[piece], depth_max, &onward, &back, |depth, node, bits| {
                sums[node as usize].add(level.at(depth), n_bits(bits));
            });
        },
        |(_, sums), total| {
            for (total, sums) in total.iter_mut().zip(sums) {
                total.join(std::mem::take(sums));
            }
        },
    )
}

/// All nodes, in the order in which one search after the other reaches them. Searches that start near
/// each other reach the same nodes at about the same time, so that fewer steps serve all of them.
fn near_together<'a>(n: usize, onward: impl Fn(u32) -> &'a [u32]) -> Vec<u32> {
    let mut is_listed = vec![false; n];
    let mut order = Vec::with_capacity(n);
    let mut at = 0;
    for start in 0..n as u32 {
        if std::mem::replace(&mut is_listed[start as usize], true) {
            continue;
        }
        order.push(start);
        while let Some(&node) = order.get(at) {
            at += 1;
            for &next in onward(node) {
                if !std::mem::replace(&mut is_listed[next as usize], true) {
                    order.push(next);
                }
            }
        }
    }
    order
}

/// The sums of some nodes over what they reach.
fn sums_of(
    view: &View,
    nodes: &[u32],
    depth_max: u32,
    run: &mut Run,
) -> Result<Vec<DistanceSums>, Interrupted> {
    run.sweep(
        &pieces_of(nodes.iter().map(|_| 1), n_at_once(N_WORDS)),
        Vec::with_capacity(nodes.len()),
        || (ManySearches::new(view.n()), Vec::new()),
        |(searches, found), piece: Range<usize>| {
            *found = sums_at_once(view, &nodes[piece], depth_max, searches);
        },
        |(_, found), total| total.append(found),
    )
}

/// The sums of no more nodes than are searched from at once.
fn sums_at_once(
    view: &View,
    nodes: &[u32],
    depth_max: u32,
    searches: &mut ManySearches<N_WORDS>,
) -> Vec<DistanceSums> {
    let mut sums = vec![DistanceSums::default(); nodes.len()];
    let mut counts = BitCounts::new();
    let mut level = Level::NONE;
    let mut close = |depth: u32, counts: &mut BitCounts<N_WORDS>| {
        for (sums, n) in sums.iter_mut().zip(counts.take()) {
            if n > 0 {
                sums.add(level.at(depth), n);
            }
        }
    };
    let mut depth_of_counts = 0;
    let on_reached = |depth: u32, _, bits: &Bits<N_WORDS>| {
        if depth > depth_of_counts {
            close(depth_of_counts, &mut counts);
            depth_of_counts = depth;
        }
        counts.add(bits);
    };
    let (onward, back) = (|it| view.neighbours(it), |it| view.in_neighbours(it));
    searches.search(nodes, depth_max, onward, back, on_reached);
    close(depth_of_counts, &mut counts);
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_small_graphs, random_view, view_of};

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
                let alone = closeness_of(view, &[node as u32], &mut Run::default()).unwrap();
                assert_eq!(format!("{:?}", alone[0]), format!("{it:?}"));
                for (k, reach) in within.iter().enumerate() {
                    assert_eq!(reach[node], others().filter(|&it| it <= k).count());
                }
            }
        });
    }

    #[test]
    fn threads_do_not_change_the_answer_and_bodies_may_be_asked_one_by_one() {
        let view = random_view(700, 1500, 5);
        let on = |n_threads: usize| {
            let mut run = Run::default().on_threads(n_threads);
            let nodes: Vec<u32> = (0..700).rev().collect();
            let mut some = closeness_of(&view, &nodes, &mut run).unwrap();
            some.reverse();
            let all = closeness_in(&view, &mut run).unwrap();
            assert_eq!(format!("{some:?}"), format!("{all:?}"));
            for k in [0, 2, 3, 9, u32::MAX] {
                let mut near = reach_of(&view, &nodes, k, &mut run).unwrap();
                near.reverse();
                assert_eq!(near, reach(&view, k));
            }
            format!("{all:?}")
        };
        assert_eq!(on(1), on(2));
        assert_eq!(on(1), on(7));
    }
}
