//! Betweenness: how many of the shortest ways between others pass a node or a link.

use std::cmp::Ordering;

use weft_graph::{UNREACHED, View};

use crate::path_counts::PathCounts;

/// The betweenness of the nodes and links of a view.
#[derive(Clone, Debug, PartialEq)]
pub struct Betweenness {
    /// Of each node: the pairs of others whose shortest paths pass it, each pair by its share of
    /// them.
    pub nodes: Vec<f64>,
    /// Of each link: the same with the pairs that end at it.
    pub links: Vec<f64>,
}

/// A pair of nodes and the share of its shortest paths that pass a third.
#[derive(Clone, Debug, PartialEq)]
pub struct PairDependency {
    /// Where the paths start; in an undirected view the smaller index.
    pub source: u32,
    /// Where they end.
    pub target: u32,
    /// The number of links between them.
    pub distance: u32,
    /// The share that passes, above 0 and at most 1.
    pub share: f64,
}

/// Returns the exact betweenness of every node and link, not normalised.
///
/// A body on many shortest ways connects groups. Beware of one that is there by a single weak tie.
///
/// - Direction: along the view's arcs. An undirected view counts each pair once, a directed one each
///   ordered pair. The ends of a path do not count for nodes. Weights: none. Disconnected: pairs
///   without a path add nothing. An isolated node has 0.
/// - Source: Freeman, *A set of measures of centrality based on betweenness* (1977); Brandes, *A
///   faster algorithm for betweenness centrality* (2001).
/// - Cost: O(n (n + m)) time, O(n + m) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let betweenness = weft_analytics::betweenness(&view);
/// assert_eq!(betweenness.nodes, [0.0, 1.0, 0.0]);
/// assert_eq!(betweenness.links, [2.0, 2.0]);
/// ```
pub fn betweenness(view: &View) -> Betweenness {
    let n = view.n();
    let mut found = Betweenness { nodes: vec![0.0; n], links: vec![0.0; view.m()] };
    let mut dependency = vec![0.0; n];
    let mut search = PathCounts::new(n);
    for source in 0..n as u32 {
        search.search(source, |it| view.neighbours(it));
        search.accumulate(view, &mut dependency, |node, at, share| {
            found.links[view.links(node)[at] as usize] += share;
        });
        for &node in &search.order[1..] {
            found.nodes[node as usize] += dependency[node as usize];
        }
    }
    if !view.spec().directed {
        found.nodes.iter_mut().chain(&mut found.links).for_each(|it| *it /= 2.0);
    }
    found
}

/// Returns the betweenness divided by the most that a node can have: `(n-1)(n-2)/2` pairs, or
/// `(n-1)(n-2)` in a directed view; 0 below three nodes.
pub fn normalised_betweenness(view: &View, nodes: &[f64]) -> Vec<f64> {
    let n = view.n() as f64;
    let n_pairs = (n - 1.0) * (n - 2.0) / if view.spec().directed { 1.0 } else { 2.0 };
    nodes.iter().map(|it| if view.n() < 3 { 0.0 } else { it / n_pairs }).collect()
}

/// Returns the `k` pairs that depend most on a node: by share, then the nearer pair, then by index.
///
/// - Direction, weights and disconnected parts as in [`betweenness`]; the shares of all pairs sum to
///   the betweenness of the node.
/// - Cost: O(n (n + m)) time, O(n + k) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let pairs = weft_analytics::dependency_pairs(&view, 1, 10);
/// assert_eq!((pairs[0].source, pairs[0].target, pairs[0].share), (0, 2, 1.0));
/// ```
pub fn dependency_pairs(view: &View, node: u32, k: usize) -> Vec<PairDependency> {
    let n = view.n();
    let (mut onward, mut before) = (PathCounts::new(n), PathCounts::new(n));
    onward.search(node, |it| view.neighbours(it));
    before.search(node, |it| view.in_neighbours(it));
    let mut search = PathCounts::new(n);
    let mut pairs: Vec<PairDependency> = Vec::new();
    let mut sources = before.order[1..].to_vec();
    sources.sort_unstable();
    for source in sources {
        search.search(source, |it| view.neighbours(it));
        for &target in &onward.order[1..] {
            let distance = search.distance[target as usize];
            let via = before.distance[source as usize] + onward.distance[target as usize];
            if source == target || distance != via || (!view.spec().directed && target < source) {
                continue;
            }
            let n_via = before.n_paths[source as usize] * onward.n_paths[target as usize];
            let share = n_via / search.n_paths[target as usize];
            pairs.push(PairDependency { source, target, distance, share });
        }
        // Twice as many as asked for are kept before the rest goes, so that sorting stays cheap.
        if pairs.len() > 2 * k.max(n) {
            keep_best(&mut pairs, k);
        }
    }
    keep_best(&mut pairs, k);
    pairs
}

/// Returns the links at a node with their share of its betweenness, largest first, then by link.
///
/// Every path through the node uses two of its links, so the shares sum to 2; empty if the
/// betweenness of the node is 0.
///
/// - Direction, weights and disconnected parts as in [`betweenness`].
/// - Cost: O(n (n + m)) time, O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; b -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let shares = weft_analytics::link_shares(&view, 1);
/// assert!(shares.iter().all(|(_, share)| (share - 2.0 / 3.0).abs() < 1e-12));
/// ```
pub fn link_shares(view: &View, node: u32) -> Vec<(u32, f64)> {
    let n = view.n();
    let mut by_link = vec![0.0; view.m()];
    let mut dependency = vec![0.0; n];
    let mut total = 0.0;
    let mut search = PathCounts::new(n);
    for source in (0..n as u32).filter(|&it| it != node) {
        search.search(source, |it| view.neighbours(it));
        if search.distance[node as usize] == UNREACHED {
            continue;
        }
        search.accumulate(view, &mut dependency, |from, at, share| {
            if from == node {
                by_link[view.links(node)[at] as usize] += share;
            }
        });
        let through = dependency[node as usize];
        total += through;
        for (at, &previous) in view.in_neighbours(node).iter().enumerate() {
            let distance = search.distance[previous as usize];
            if distance != UNREACHED && distance + 1 == search.distance[node as usize] {
                let share = search.n_paths[previous as usize] / search.n_paths[node as usize];
                by_link[view.in_links(node)[at] as usize] += share * through;
            }
        }
    }
    let mut shares: Vec<(u32, f64)> = (0..)
        .zip(by_link)
        .filter(|(_, it)| *it > 0.0)
        .map(|(link, it)| (link, it / total))
        .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    shares
}

fn keep_best(pairs: &mut Vec<PairDependency>, k: usize) {
    pairs.sort_by(better_first);
    pairs.truncate(k);
}

fn better_first(a: &PairDependency, b: &PairDependency) -> Ordering {
    let key = |it: &PairDependency| (it.distance, it.source, it.target);
    b.share.total_cmp(&a.share).then_with(|| key(a).cmp(&key(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, directed_view_of, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, expected: &[f64]) {
        assert_close(&betweenness(&view_of(graph)).nodes, expected);
    }

    /// All pairs with their shortest paths.
    fn shortest_paths(view: &View) -> Vec<Vec<Vec<u32>>> {
        let matrix = Matrix::of(view);
        let n = view.n() as u32;
        let mut all = Vec::new();
        for source in 0..n {
            for target in (0..n).filter(|&it| it != source) {
                if !view.spec().directed && target < source {
                    continue;
                }
                let mut paths = matrix.simple_paths(source, target);
                let shortest = paths.first().map_or(0, Vec::len);
                paths.retain(|it| it.len() == shortest);
                all.push(paths);
            }
        }
        all
    }

    #[test]
    fn a_pair_with_two_shortest_ways_counts_half_for_each() {
        let ring = "a -supports-> b; b -supports-> c; c -supports-> d; d -supports-> a";
        check(ring, &[0.5, 0.5, 0.5, 0.5]);
    }

    #[test]
    fn a_directed_view_counts_ways_along_the_arcs() {
        let view = directed_view_of("a -supports-> b; b -supports-> c; c -supports-> a");
        assert_close(&betweenness(&view).nodes, &[1.0, 1.0, 1.0]);
    }

    #[test]
    fn betweenness_counts_the_shortest_paths_one_by_one() {
        for_all_small_graphs(|view| {
            let (mut nodes, mut links) = (vec![0.0; view.n()], vec![0.0; view.m()]);
            for paths in shortest_paths(view) {
                for path in &paths {
                    let share = 1.0 / paths.len() as f64;
                    for &inner in &path[1..path.len() - 1] {
                        nodes[inner as usize] += share;
                    }
                    for step in path.windows(2) {
                        links[view.link_between(step[0], step[1]).unwrap() as usize] += share;
                    }
                }
            }
            let found = betweenness(view);
            assert_close(&found.nodes, &nodes);
            assert_close(&found.links, &links);
        });
    }

    #[test]
    fn what_explains_a_betweenness_adds_up_to_it() {
        for_all_small_graphs(|view| {
            let found = betweenness(view);
            let all = shortest_paths(view);
            for node in 0..view.n() as u32 {
                let total = found.nodes[node as usize];
                let pairs = dependency_pairs(view, node, usize::MAX / 4);
                assert_close(&[pairs.iter().map(|it| it.share).sum()], &[total]);
                let best: Vec<_> = pairs.iter().take(2).cloned().collect();
                assert_eq!(dependency_pairs(view, node, 2), best);
                let mut links = vec![0.0; view.m()];
                for paths in &all {
                    for path in paths {
                        let share = 1.0 / paths.len() as f64 / total;
                        for steps in path.windows(3).filter(|it| it[1] == node) {
                            for step in steps.windows(2) {
                                let link = view.link_between(step[0], step[1]).unwrap();
                                links[link as usize] += share;
                            }
                        }
                    }
                }
                let mut shares = vec![0.0; view.m()];
                for (link, share) in link_shares(view, node) {
                    shares[link as usize] = share;
                }
                assert_close(&shares, &links);
            }
        });
    }
}
