//! Betweenness: how many of the shortest ways between others pass a node or a link.

use weft_graph::View;

use crate::blocks::{Block, Blocks};
use crate::dependencies::Dependencies;
use crate::detours::{Arc, Detours};
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

/// Returns the betweenness of every node, and what it is of each without each of some links by itself.
///
/// A body whose figure falls without one weak tie is there by that tie.
///
/// - Direction, weights, disconnected parts and source as in [`betweenness`]. In a directed view a link
///   is one arc.
/// - Cost: as [`node_betweenness`], and of each link mostly a small part of that: a search is corrected
///   where shortest paths use the link, rather than done again; O(n) memory a thread and link.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let graph = "a -supports-> b; b -supports-> c; c -supports-> d; d -supports-> a";
/// let snapshot = weft_graph::fixture(graph);
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let link = view.link_between(0, 1).expect("a supports b");
/// let (nodes, without) =
///     weft_analytics::betweenness_without(&view, &[link], &mut Default::default())?;
/// assert_eq!(nodes, [0.5, 0.5, 0.5, 0.5]);
/// assert_eq!(without, [[0.0, 0.0, 2.0, 2.0]]);
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn betweenness_without(
    view: &View,
    links: &[u32],
    run: &mut Run,
) -> Result<(Vec<f64>, Vec<Vec<f64>>), Interrupted> {
    let every = SampleOptions { n_searches: view.n(), seed: 0 };
    let (found, without) = sampled_betweenness_without(view, &every, links, run)?;
    Ok((found.nodes, without))
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

impl SampleOptions {
    /// Whether only some of the nodes of a block are searched from.
    pub(crate) fn is_drawn(&self, block: &Block) -> bool {
        block.nodes.len() > self.n_searches
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
    Ok(sampled_betweenness_without(view, options, &[], run)?.0)
}

/// Returns [`sampled_betweenness`], and what it is of each node without each of some links by itself.
///
/// - What links change is counted in the same searches, so that the difference is owed to the link alone.
/// - Cost: as [`sampled_betweenness`], and of each link mostly a small part of that; O(n) memory a
///   thread and link.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let (options, mut run) = (Default::default(), Default::default());
/// let (_, without) =
///     weft_analytics::sampled_betweenness_without(&view, &options, &[0], &mut run)?;
/// assert_eq!(without, [[0.0, 0.0, 0.0]]);
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn sampled_betweenness_without(
    view: &View,
    options: &SampleOptions,
    links: &[u32],
    run: &mut Run,
) -> Result<(SampledBetweenness, Vec<Vec<f64>>), Interrupted> {
    let blocks = Blocks::new(view, &|_| 1.0);
    let missing = Missing::new(view, &blocks, links);
    let is_large = |it: &Block| options.is_drawn(it);
    let numbered = || (0..).zip(&blocks.blocks);
    let exact = from_all(numbered().filter(|it| !is_large(it.1)));
    let found = searched(view, &blocks, &exact, Counted::missing(&missing), run)?;
    let (mut nodes, mut losses) = (found.nodes, found.losses);
    for (node, n_joined) in nodes.iter_mut().zip(&blocks.n_joined) {
        *node += n_joined;
    }
    missing.lose_bridges(view, &mut losses);
    let mut errors = vec![0.0; view.n()];
    let n_large: usize = numbered().filter(|it| is_large(it.1)).map(|it| it.1.nodes.len()).sum();
    let mut random = Random::new(options.seed);
    for (at, block) in numbered().filter(|it| is_large(it.1)) {
        let searches = draw(at, block, options.n_searches, &mut random);
        let counted = Counted { squares: true, ..Counted::missing(&missing) };
        let sums = searched(view, &blocks, &searches, counted, run)?;
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
            for (loss, sum) in losses.iter_mut().zip(&sums.losses) {
                loss[node] += sum[node] / n_draws * n_sources;
            }
        }
    }
    halve(view, nodes.iter_mut().chain(&mut errors).chain(losses.iter_mut().flatten()));
    let without = losses.into_iter().map(|it| less(&nodes, it)).collect();
    Ok((SampledBetweenness { nodes, errors }, without))
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
pub(crate) struct Search {
    pub(crate) block: u32,
    pub(crate) source: u32,
    pub(crate) weight: f64,
}

/// A search from each source of these blocks, for as many as it stands for.
fn from_all<'a>(blocks: impl Iterator<Item = (u32, &'a Block)>) -> Vec<Search> {
    let from = |(block, it): (u32, &'a Block)| {
        let weights = (0..).zip(&it.n_sources).filter(|it| *it.1 > 0.0);
        weights.map(move |(source, &weight)| Search { block, source, weight })
    };
    blocks.flat_map(from).collect()
}

/// The searches of [`sampled_betweenness`], each by as many sources as it stands for in the end.
pub(crate) fn searches_of(blocks: &Blocks, options: &SampleOptions) -> Vec<Search> {
    let numbered = || (0..).zip(&blocks.blocks);
    let mut res = from_all(numbered().filter(|it| !options.is_drawn(it.1)));
    let mut random = Random::new(options.seed);
    for (at, block) in numbered().filter(|it| options.is_drawn(it.1)) {
        let a_draw = block.n_sources.iter().sum::<f64>() / options.n_searches as f64;
        let drawn = draw(at, block, options.n_searches, &mut random);
        res.extend(drawn.into_iter().map(|it| Search { weight: it.weight * a_draw, ..it }));
    }
    res
}

/// The sums over ordered pairs of a source and a target, by blocks.
fn sums(
    view: &View,
    blocks: &Blocks,
    with_links: bool,
    run: &mut Run,
) -> Result<Betweenness, Interrupted> {
    let searches = from_all((0..).zip(&blocks.blocks));
    let counted = Counted { links: with_links, ..Counted::default() };
    let mut found = searched(view, blocks, &searches, counted, run)?;
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

/// What is counted beside nodes.
#[derive(Clone, Copy, Default)]
struct Counted<'a> {
    links: bool,
    /// The squares of what single searches give.
    squares: bool,
    missing: Option<&'a Missing>,
}

impl<'a> Counted<'a> {
    fn missing(missing: &'a Missing) -> Self {
        Self { missing: Some(missing), ..Self::default() }
    }
}

/// What searches add up to, by node and, as far as they are wanted, by link; and what nodes lose
/// without each link that may be missing.
#[derive(Clone)]
struct Sums {
    nodes: Vec<f64>,
    links: Vec<f64>,
    squares: Vec<f64>,
    losses: Vec<Vec<f64>>,
}

/// Links that may be missing.
#[derive(Default)]
struct Missing {
    links: Vec<u32>,
    /// Those that are in a block, by block: which of the links, and its arcs.
    by_block: Vec<Vec<(usize, Arc)>>,
    /// The others: without one its component falls in two.
    bridges: Vec<usize>,
}

impl Missing {
    fn new(view: &View, blocks: &Blocks, links: &[u32]) -> Self {
        let mut res = Self { links: links.to_vec(), ..Self::default() };
        let mut is_placed = vec![false; links.len()];
        let mut at_of: Vec<Vec<usize>> =
            vec![Vec::new(); if links.is_empty() { 0 } else { view.m() }];
        for (at, &link) in links.iter().enumerate() {
            at_of[link as usize].push(at);
        }
        for block in blocks.blocks.iter().filter(|_| !links.is_empty()) {
            let mut arcs = Vec::new();
            for from in 0..block.nodes.len() as u32 {
                for (&to, &link) in block.out.of(from).iter().zip(block.out.links(from)) {
                    for &at in &at_of[link as usize] {
                        arcs.push((at, Arc { from, to }));
                        is_placed[at] = true;
                    }
                }
            }
            res.by_block.push(arcs);
        }
        res.bridges = (0..links.len()).filter(|&it| !is_placed[it]).collect();
        res
    }

    fn of(&self, block: u32) -> &[(usize, Arc)] {
        self.by_block.get(block as usize).map_or(&[], Vec::as_slice)
    }

    /// Without a bridge, what one side has to do with the other is lost, and nothing else changes.
    fn lose_bridges(&self, view: &View, losses: &mut [Vec<f64>]) {
        let n = view.n();
        let mut searches = [PathCounts::new(n), PathCounts::new(n)];
        let mut dependency = vec![0.0; n];
        for &at in &self.bridges {
            let (a, b) = view.link_ends(self.links[at]);
            for (search, end) in searches.iter_mut().zip([a, b]) {
                search.search(end, |it| view.neighbours(it));
            }
            let is_near = |side: usize, node: u32| {
                let [near, far] = [side, 1 - side].map(|it| searches[it].distance[node as usize]);
                near < far
            };
            for (side, end) in [a, b].into_iter().enumerate() {
                searches[side].accumulate(view, &mut dependency, |_, _, _| {});
                let own = || searches[side].order.iter().filter(|&&it| is_near(side, it));
                let n_own = own().count() as f64;
                let n_beyond = searches[side].order.len() as f64 - n_own;
                for &node in own() {
                    let passing = if node == end { n_own - 1.0 } else { dependency[node as usize] };
                    losses[at][node as usize] += 2.0 * n_beyond * passing;
                }
            }
        }
    }
}

/// What is left of numbers; never below nought, where rounding would have it so.
fn less(numbers: &[f64], losses: Vec<f64>) -> Vec<f64> {
    numbers.iter().zip(losses).map(|(number, loss)| (number - loss).max(0.0)).collect()
}

fn searched(
    view: &View,
    blocks: &Blocks,
    searches: &[Search],
    counted: Counted,
    run: &mut Run,
) -> Result<Sums, Interrupted> {
    let cost = |it: &Search| blocks.blocks[it.block as usize].cost();
    let n_largest = blocks.blocks.iter().map(|it| it.nodes.len()).max().unwrap_or(0);
    let n_links = if counted.links { view.m() } else { 0 };
    let n_missing = counted.missing.map_or(0, |it| it.links.len());
    let cost_of_all = view.n() * (1 + n_missing) + n_links + 2 * view.m();
    let nought = || Sums {
        nodes: vec![0.0; view.n()],
        links: vec![0.0; n_links],
        squares: vec![0.0; if counted.squares { view.n() } else { 0 }],
        losses: vec![vec![0.0; view.n()]; n_missing],
    };
    let memory = || {
        let detours = Detours::new(if n_missing > 0 { n_largest } else { 0 });
        (Dependencies::new(n_largest), detours, nought())
    };
    run.sweep(
        &pieces_of(searches.iter().map(cost), COST_OF_PIECE.max(cost_of_all * SEARCHES_A_PIECE)),
        nought(),
        memory,
        |(dependencies, detours, sums), piece| {
            for &Search { block: at, source, weight } in &searches[piece] {
                let block = &blocks.blocks[at as usize];
                let Sums { nodes, links, squares, losses } = sums;
                let on_node = |node: u32, share: f64| {
                    let node = block.nodes[node as usize] as usize;
                    nodes[node] += weight * share;
                    if counted.squares {
                        squares[node] += weight * share * share;
                    }
                };
                let mut on_arc = |link: u32, share: f64| links[link as usize] += weight * share;
                let on_arc: Option<&mut dyn FnMut(u32, f64)> =
                    if counted.links { Some(&mut on_arc) } else { None };
                dependencies.search(block, source, on_node, on_arc);
                let arcs = counted.missing.map_or(&[][..], |it| it.of(at));
                if !arcs.is_empty() {
                    detours.enter(dependencies);
                    for &(which, arc) in arcs {
                        let loss = &mut losses[which];
                        detours.without(block, dependencies, arc, |node, share| {
                            loss[block.nodes[node as usize] as usize] += weight * share;
                        });
                    }
                    detours.leave(dependencies);
                }
                dependencies.forget();
            }
        },
        |(_, _, sums), total| {
            add(&mut total.nodes, &mut sums.nodes);
            add(&mut total.links, &mut sums.links);
            add(&mut total.squares, &mut sums.squares);
            for (total, loss) in total.losses.iter_mut().zip(&mut sums.losses) {
                add(total, loss);
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        assert_close, directed_view_of, for_all_small_graphs, random_view, shortest_paths, view_of,
    };

    #[track_caller]
    fn check(graph: &str, expected: &[f64]) {
        assert_close(&betweenness(&view_of(graph)).nodes, expected);
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

    fn without_link(view: &View, link: u32) -> View {
        let rest = (0..view.m() as u32).filter(|&it| it != link);
        view.relinked(rest.flat_map(|it| {
            let (a, b) = view.link_ends(it);
            view.ties(it).iter().map(move |&tie| (a, b, tie))
        }))
    }

    #[track_caller]
    fn check_without(view: &View) {
        let links: Vec<u32> = (0..view.m() as u32).collect();
        let (nodes, without) = betweenness_without(view, &links, &mut Run::default()).unwrap();
        assert_close(&nodes, &betweenness(view).nodes);
        for (&link, found) in links.iter().zip(&without) {
            assert_close(found, &betweenness(&without_link(view, link)).nodes);
        }
    }

    #[test]
    fn betweenness_without_a_link_is_that_of_the_view_without_it() {
        for_all_small_graphs(check_without);
        for (n, n_ties, seed) in [(60, 60, 1), (60, 70, 2), (80, 120, 3), (50, 300, 4)] {
            check_without(&random_view(n, n_ties, seed));
        }
    }

    #[test]
    fn betweenness_without_links_does_not_depend_on_threads_or_on_what_else_is_asked() {
        let view = random_view(400, 900, 5);
        let on = |n_threads, links: &[u32]| {
            let mut run = Run::default().on_threads(n_threads);
            betweenness_without(&view, links, &mut run).unwrap()
        };
        assert_eq!(on(1, &[3, 500]), on(3, &[3, 500]));
        assert_close(&on(1, &[3, 500]).1[1], &on(1, &[500]).1[0]);
        let options = SampleOptions { n_searches: 100, seed: 1 };
        let estimate =
            sampled_betweenness_without(&view, &options, &[3], &mut Run::default()).unwrap();
        assert_eq!(estimate.0, sampled_betweenness(&view, &options, &mut Run::default()).unwrap());
        let exact = betweenness(&without_link(&view, 3)).nodes;
        for (node, exact) in exact.iter().enumerate() {
            assert!((estimate.1[0][node] - exact).abs() <= estimate.0.errors[node]);
        }
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
