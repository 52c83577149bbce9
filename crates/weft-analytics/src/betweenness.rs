//! Betweenness: how many of the shortest ways between others pass a node or a link.

use std::cmp::Ordering;

use weft_graph::{UNREACHED, View};

use crate::blocks::{Block, Blocks};
use crate::dependencies::Dependencies;
use crate::path_counts::PathCounts;
use crate::random::Random;
use crate::run::{Interrupted, Run, pieces_of};

/// A piece of a sweep is at least so many searches of the whole view, so that adding its sums up
/// costs little beside them,
const SEARCHES_A_PIECE: usize = 16;
/// and costs at least so many steps, so that small views are not parted.
const COST_OF_PIECE: usize = 1 << 20;

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
///   faster algorithm for betweenness centrality* (2001); Sariyüce and others, *Shattering and
///   compressing networks for betweenness centrality* (2013).
/// - Cost: O(n (n + m)) time, n and m being those of the largest part without a cut node (of all in
///   a directed view); O(n + m) memory a thread, O(n) without the links ([`node_betweenness`]).
/// - Sums are rounded in the order of the pieces of work, which depends on the view alone.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let betweenness = weft_analytics::betweenness(&view);
/// assert_eq!(betweenness.nodes, [0.0, 1.0, 0.0]);
/// assert_eq!(betweenness.links, [2.0, 2.0]);
/// ```
pub fn betweenness(view: &View) -> Betweenness {
    betweenness_in(view, &mut Run::default()).expect("nobody interrupts it")
}

/// Returns [`betweenness`] as a run that can be watched and stopped.
///
/// # Errors
/// If it was interrupted.
pub fn betweenness_in(view: &View, run: &mut Run) -> Result<Betweenness, Interrupted> {
    let blocks = Blocks::new(view, &|_| 1.0);
    let mut found = sums(view, &blocks, true, run)?;
    halve(view, found.nodes.iter_mut().chain(&mut found.links));
    Ok(found)
}

/// Returns the betweenness of every node as [`betweenness`] does, without that of the links, which
/// takes about two thirds of its time.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let betweenness = weft_analytics::node_betweenness(&view, &mut Default::default())?;
/// assert_eq!(betweenness, [0.0, 1.0, 0.0]);
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn node_betweenness(view: &View, run: &mut Run) -> Result<Vec<f64>, Interrupted> {
    let mut nodes = sums(view, &Blocks::new(view, &|_| 1.0), false, run)?.nodes;
    halve(view, nodes.iter_mut());
    Ok(nodes)
}

/// Returns for each node the share of the shortest paths from some nodes to all others that pass it:
/// its part of the betweenness that is due to these sources. From all nodes it is the betweenness in
/// a directed view, twice that in an undirected one.
///
/// - Direction, weights and disconnected parts as in [`betweenness`].
/// - Source: Brandes and Pich, *Centrality estimation in large networks* (2007).
/// - Cost: O(n + m) a source, O(n + m) memory.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let from_a = weft_analytics::betweenness_from(&view, &[0], &mut Default::default())?;
/// assert_eq!(from_a, [0.0, 1.0, 0.0]);
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn betweenness_from(
    view: &View,
    sources: &[u32],
    run: &mut Run,
) -> Result<Vec<f64>, Interrupted> {
    let mut n_sources = vec![0.0; view.n()];
    sources.iter().for_each(|&it| n_sources[it as usize] = 1.0);
    let blocks = Blocks::new(view, &|it| n_sources[it as usize]);
    Ok(sums(view, &blocks, false, run)?.nodes)
}

/// How betweenness is estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleOptions {
    /// Searches in each part without a cut node that has more nodes than that; smaller ones are exact.
    pub n_searches: usize,
    /// Where the random numbers begin.
    pub seed: u64,
}

/// An estimate of betweenness.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledBetweenness {
    /// Of each node, as in [`Betweenness::nodes`].
    pub nodes: Vec<f64>,
    /// How far each is from the true one at most; all of them hold together in 95 draws of 100, at
    /// least. All 0 if every part was small enough to be exact.
    pub errors: Vec<f64>,
}

/// How likely some error is greater than said.
const DOUBT: f64 = 0.05;

impl Default for SampleOptions {
    fn default() -> Self {
        Self { n_searches: 1024, seed: 0 }
    }
}

/// Estimates the betweenness of every node from searches that begin at random nodes.
///
/// What cut nodes join is counted exactly, whatever the sample, so only what is left within the large
/// parts has an error.
///
/// - Direction, weights and disconnected parts as in [`betweenness`].
/// - Source: Brandes and Pich, *Centrality estimation in large networks* (2007). The error is the
///   smaller of Hoeffding's (1963) and the empirical Bernstein bound of Maurer and Pontil (2009), each
///   for all nodes together; it shrinks with the square root of the number of searches.
/// - Cost: O(k (n + m)) time for k searches, O(n + m) memory, O(n) a thread.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let options = weft_analytics::SampleOptions::default();
/// let found = weft_analytics::sampled_betweenness(&view, &options, &mut Default::default())?;
/// assert_eq!((found.nodes[1], found.errors[1]), (1.0, 0.0));
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn sampled_betweenness(
    view: &View,
    options: &SampleOptions,
    run: &mut Run,
) -> Result<SampledBetweenness, Interrupted> {
    let blocks = Blocks::new(view, &|_| 1.0);
    let is_large = |it: &Block| it.nodes.len() > options.n_searches;
    let numbered = || (0..).zip(&blocks.blocks);
    let exact = from_all(numbered().filter(|it| !is_large(it.1)));
    let mut nodes = searched(view, &blocks, &exact, 0, 0, run)?.nodes;
    for (node, n_joined) in nodes.iter_mut().zip(&blocks.n_joined) {
        *node += n_joined;
    }
    let mut errors = vec![0.0; view.n()];
    let n_large: usize = numbered().filter(|it| is_large(it.1)).map(|it| it.1.nodes.len()).sum();
    let mut random = Random::new(options.seed);
    for (at, block) in numbered().filter(|it| is_large(it.1)) {
        let searches = draw(at, block, options.n_searches, &mut random);
        let sums = searched(view, &blocks, &searches, 0, view.n(), run)?;
        // Each draw stands for this many sources, and gives a node no more than this many targets.
        let (n_sources, n_targets): (f64, f64) =
            (block.n_sources.iter().sum(), block.n_targets.iter().sum());
        let n_draws = options.n_searches as f64;
        // Two bounds for each node of all large blocks.
        let doubt = DOUBT / 2.0 / n_large as f64;
        let hoeffding = ((2.0 / doubt).ln() / (2.0 * n_draws)).sqrt();
        let surprise = (3.0 / doubt).ln() / n_draws;
        for &node in &block.nodes {
            let node = node as usize;
            let mean = sums.nodes[node] / n_draws / n_targets;
            let square = sums.squares[node] / n_draws / n_targets / n_targets;
            let variance = (square - mean * mean).max(0.0);
            let bernstein = (2.0 * variance * surprise).sqrt() + 3.0 * surprise;
            nodes[node] += mean * n_targets * n_sources;
            errors[node] += hoeffding.min(bernstein) * n_targets * n_sources;
        }
    }
    halve(view, nodes.iter_mut().chain(&mut errors));
    Ok(SampledBetweenness { nodes, errors })
}

/// Draws nodes of a block by how many sources they stand for, each as often as it comes.
fn draw(at: u32, block: &Block, n_draws: usize, random: &mut Random) -> Vec<Search> {
    let mut before: Vec<f64> = Vec::with_capacity(block.nodes.len());
    let mut total = 0.0;
    for n_sources in &block.n_sources {
        total += n_sources;
        before.push(total);
    }
    let mut n_times = vec![0.0; block.nodes.len()];
    for _ in 0..n_draws {
        let drawn = random.unit() * total;
        n_times[before.partition_point(|&it| it <= drawn).min(before.len() - 1)] += 1.0;
    }
    let drawn = (0..).zip(n_times).filter(|it| it.1 > 0.0);
    drawn.map(|(source, weight)| Search { block: at, source, weight }).collect()
}

/// An undirected view counts each pair once.
fn halve<'a>(view: &View, numbers: impl Iterator<Item = &'a mut f64>) {
    if !view.spec().directed {
        numbers.for_each(|it| *it /= 2.0);
    }
}

/// One search: in which block, from which of its nodes, and by what it counts.
struct Search {
    block: u32,
    source: u32,
    weight: f64,
}

/// A search from each source of these blocks, for as many as it stands for.
fn from_all<'a>(blocks: impl Iterator<Item = (u32, &'a Block)>) -> Vec<Search> {
    let from = |(block, it): (u32, &'a Block)| {
        let weights = (0..).zip(&it.n_sources).filter(|it| *it.1 > 0.0);
        weights.map(move |(source, &weight)| Search { block, source, weight })
    };
    blocks.flat_map(from).collect()
}

/// The sums over ordered pairs of a source and a target, by blocks.
fn sums(
    view: &View,
    blocks: &Blocks,
    with_links: bool,
    run: &mut Run,
) -> Result<Betweenness, Interrupted> {
    let searches = from_all((0..).zip(&blocks.blocks));
    let n_links = if with_links { view.m() } else { 0 };
    let mut found = searched(view, blocks, &searches, n_links, 0, run)?;
    for (node, n_joined) in found.nodes.iter_mut().zip(&blocks.n_joined) {
        *node += n_joined;
    }
    if with_links {
        for bridge in &blocks.bridges {
            found.links[bridge.link as usize] = bridge.n_pairs;
        }
    }
    Ok(Betweenness { nodes: found.nodes, links: found.links })
}

/// What searches add up to, by node and, as far as they are wanted, by link; and the squares of what
/// single searches give.
#[derive(Clone)]
struct Sums {
    nodes: Vec<f64>,
    links: Vec<f64>,
    squares: Vec<f64>,
}

fn searched(
    view: &View,
    blocks: &Blocks,
    searches: &[Search],
    n_links: usize,
    n_squares: usize,
    run: &mut Run,
) -> Result<Sums, Interrupted> {
    let cost = |it: &Search| blocks.blocks[it.block as usize].cost();
    let n_largest = blocks.blocks.iter().map(|it| it.nodes.len()).max().unwrap_or(0);
    let cost_of_all = view.n() + n_links + 2 * view.m();
    let nought = || Sums {
        nodes: vec![0.0; view.n()],
        links: vec![0.0; n_links],
        squares: vec![0.0; n_squares],
    };
    run.sweep(
        &pieces_of(searches.iter().map(cost), COST_OF_PIECE.max(cost_of_all * SEARCHES_A_PIECE)),
        nought(),
        || (Dependencies::new(n_largest), nought()),
        |(dependencies, sums), piece| {
            for &Search { block, source, weight } in &searches[piece] {
                let block = &blocks.blocks[block as usize];
                let Sums { nodes, links, squares } = sums;
                let on_node = |node: u32, share: f64| {
                    let node = block.nodes[node as usize] as usize;
                    nodes[node] += weight * share;
                    if n_squares > 0 {
                        squares[node] += weight * share * share;
                    }
                };
                let mut on_arc = |link: u32, share: f64| links[link as usize] += weight * share;
                let on_arc: Option<&mut dyn FnMut(u32, f64)> =
                    if n_links > 0 { Some(&mut on_arc) } else { None };
                dependencies.search(block, source, on_node, on_arc);
            }
        },
        |(_, sums), total| {
            add(&mut total.nodes, &mut sums.nodes);
            add(&mut total.links, &mut sums.links);
            add(&mut total.squares, &mut sums.squares);
        },
    )
}

/// Adds numbers to totals and leaves nought.
fn add(totals: &mut [f64], numbers: &mut [f64]) {
    for (total, number) in totals.iter_mut().zip(numbers) {
        *total += std::mem::take(number);
    }
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
    use crate::testing::{
        Matrix, assert_close, directed_view_of, for_all_small_graphs, random_view, view_of,
    };

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
            assert_eq!(node_betweenness(view, &mut Run::default()).unwrap(), found.nodes);
        });
    }

    #[test]
    fn betweenness_from_some_counts_the_paths_that_begin_there() {
        for_all_small_graphs(|view| {
            let sources: Vec<u32> = (0..view.n() as u32).filter(|it| it % 3 != 1).collect();
            let mut expected = vec![0.0; view.n()];
            for paths in shortest_paths(view) {
                for path in &paths {
                    let ends = [path[0], path[path.len() - 1]];
                    let n_ends = if view.spec().directed { 1 } else { 2 };
                    let n_starts = ends[..n_ends].iter().filter(|it| sources.contains(it)).count();
                    for &inner in &path[1..path.len() - 1] {
                        expected[inner as usize] += n_starts as f64 / paths.len() as f64;
                    }
                }
            }
            let found = betweenness_from(view, &sources, &mut Run::default()).unwrap();
            assert_close(&found, &expected);
        });
    }

    /// What [`betweenness`] was before it cut views into blocks and levels.
    fn plain(view: &View) -> Betweenness {
        let n = view.n();
        let mut found = Betweenness { nodes: vec![0.0; n], links: vec![0.0; view.m()] };
        let mut dependency = vec![0.0; n];
        let mut search = PathCounts::new(n);
        for source in 0..n as u32 {
            search.search(source, |it| view.neighbours(it));
            search.accumulate(view, &mut dependency, |node, at, share| {
                found.links[view.links(node)[at] as usize] += share / 2.0;
            });
            for &node in &search.order[1..] {
                found.nodes[node as usize] += dependency[node as usize] / 2.0;
            }
        }
        found
    }

    #[test]
    fn larger_views_cut_into_blocks_and_threads_have_the_betweenness_of_one_search_a_node() {
        for (n, n_ties, seed) in [(300, 250, 1), (300, 320, 2), (600, 900, 3), (200, 2000, 4)] {
            let view = random_view(n, n_ties, seed);
            let (found, expected) = (betweenness(&view), plain(&view));
            assert_close(&found.nodes, &expected.nodes);
            assert_close(&found.links, &expected.links);
        }
        let view = random_view(1500, 3000, 5);
        let on = |n_threads| {
            let found = betweenness_in(&view, &mut Run::default().on_threads(n_threads)).unwrap();
            found.nodes.into_iter().chain(found.links).map(f64::to_bits).collect::<Vec<_>>()
        };
        assert!(on(1) == on(2) && on(1) == on(5));
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

    #[test]
    fn an_estimate_is_as_near_as_it_says_and_exact_where_parts_are_small() {
        for (n, n_ties, seed) in [(400, 900, 1), (400, 500, 2), (400, 3000, 3)] {
            let view = random_view(n, n_ties, seed);
            let exact = betweenness(&view).nodes;
            let on = |n_searches, n_threads| {
                let options = SampleOptions { n_searches, seed };
                let mut run = Run::default().on_threads(n_threads);
                sampled_betweenness(&view, &options, &mut run).unwrap()
            };
            let found = on(100, 1);
            assert_eq!(found, on(100, 3));
            assert!(found.errors.iter().any(|&it| it > 0.0));
            for (node, exact) in exact.iter().enumerate() {
                assert!((found.nodes[node] - exact).abs() <= found.errors[node]);
            }
            // What is estimated is close on the whole, not only within a wide bound.
            let apart: f64 = found.nodes.iter().zip(&exact).map(|(a, b)| (a - b).abs()).sum();
            assert!(apart < 0.3 * exact.iter().sum::<f64>());
            let all = on(400, 2);
            assert_close(&all.nodes, &exact);
            assert!(all.errors.iter().all(|&it| it == 0.0));
        }
    }
}
