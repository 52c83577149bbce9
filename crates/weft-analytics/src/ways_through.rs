//! What a betweenness is made of: the pairs, the bodies and the links whose shortest ways pass a node.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use weft_graph::{UNREACHED, View};

use crate::betweenness::{SampleOptions, Search, searches_of};
use crate::blocks::{Block, Blocks};
use crate::dependencies::Dependencies;
use crate::path_counts::PathCounts;
use crate::run::{Interrupted, Run, pieces_of};

/// A piece of a sweep costs at least so many steps, so that small views are not parted.
const COST_OF_PIECE: usize = 1 << 20;
/// A link that is in no block of three and more nodes.
const NO_BLOCK: u32 = u32::MAX;

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

/// What passes a node.
#[derive(Clone, Debug, PartialEq)]
pub struct WaysThrough {
    /// The links at the node with their share of its betweenness, largest first, then by link. Every
    /// path through the node uses two of its links, so the shares sum to 2; empty if its betweenness
    /// is 0.
    pub links: Vec<(u32, f64)>,
    /// For each node of the view, the sum of the shares of the paths from it to all others that pass;
    /// none if only some of them were drawn.
    pub from: Option<Vec<f64>>,
}

/// Returns what the betweenness of some nodes is made of, by link and by where the paths begin, for
/// all of them in one sweep.
///
/// - Direction, weights and disconnected parts as in [`crate::betweenness()`]. Estimated from the same
///   searches as [`crate::sampled_betweenness`], if parts without a cut node have more nodes than the
///   options say. Source: as of those.
/// - Cost: O(n (n + m)) time for all of them together, O(n) memory each.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; b -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let options = weft_analytics::SampleOptions::default();
/// let through = weft_analytics::ways_through(&view, &[1], &options, &mut Default::default())?;
/// assert!(through[0].links.iter().all(|(_, share)| (share - 2.0 / 3.0).abs() < 1e-12));
/// assert_eq!(through[0].from, Some(vec![2.0, 0.0, 2.0, 2.0]));
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn ways_through(
    view: &View,
    nodes: &[u32],
    options: &SampleOptions,
    run: &mut Run,
) -> Result<Vec<WaysThrough>, Interrupted> {
    let blocks = Blocks::new(view, &|_| 1.0);
    let places = Places::new(view, &blocks, nodes);
    let is_drawn = |which: usize| {
        let blocks = blocks.blocks.iter().zip(&places.by_block);
        blocks.filter(|it| it.1.iter().any(|it| it.which == which)).any(|it| options.is_drawn(it.0))
    };
    let mut searches = searches_of(&blocks, options);
    searches.retain(|it| !places.of(it.block).is_empty());
    let flows = searched(&blocks, &places, &searches, nodes.len(), run)?;
    let of = |(which, flow): (usize, &Flow)| {
        let found = flow.spread(view, &blocks, &places, (which, nodes[which]));
        WaysThrough { from: found.from.filter(|_| !is_drawn(which)), ..found }
    };
    Ok(flows.iter().enumerate().map(of).collect())
}

/// Where the nodes that are asked for lie, and in which block each link.
struct Places {
    by_block: Vec<Vec<Place>>,
    block_of_link: Vec<u32>,
}

/// A node that is asked for, in one of its blocks.
struct Place {
    /// Which of those that are asked for.
    which: usize,
    /// Its number in the block.
    number: u32,
    /// Where its links of this block begin among all its links in blocks.
    out: usize,
    incoming: usize,
}

impl Places {
    fn new(view: &View, blocks: &Blocks, nodes: &[u32]) -> Self {
        let mut asked: Vec<Vec<usize>> = vec![Vec::new(); view.n()];
        for (which, &node) in nodes.iter().enumerate() {
            asked[node as usize].push(which);
        }
        let mut ends = vec![(0, 0); nodes.len()];
        let mut res = Self { by_block: Vec::new(), block_of_link: vec![NO_BLOCK; view.m()] };
        for (at, block) in (0..).zip(&blocks.blocks) {
            let mut here = Vec::new();
            for (number, &node) in (0..).zip(&block.nodes) {
                for &which in &asked[node as usize] {
                    let (out, incoming) = ends[which];
                    here.push(Place { which, number, out, incoming });
                    let n_incoming = block.back().of(number).len();
                    ends[which] = (out + block.out.of(number).len(), incoming + n_incoming);
                }
                for &link in block.out.links(number) {
                    res.block_of_link[link as usize] = at;
                }
            }
            res.by_block.push(here);
        }
        res
    }

    fn of(&self, block: u32) -> &[Place] {
        &self.by_block[block as usize]
    }
}

/// What passes one node: by the links that lead from it and to it, in the order of its places, and by
/// the nodes of its blocks, at which begins what begins behind them.
#[derive(Clone, Default)]
struct Flow {
    out: Vec<f64>,
    incoming: Vec<f64>,
    from: Vec<(u32, f64)>,
}

fn searched(
    blocks: &Blocks,
    places: &Places,
    searches: &[Search],
    n_nodes: usize,
    run: &mut Run,
) -> Result<Vec<Flow>, Interrupted> {
    let cost = |it: &Search| blocks.blocks[it.block as usize].cost();
    let n_largest = blocks.blocks.iter().map(|it| it.nodes.len()).max().unwrap_or(0);
    run.sweep(
        &pieces_of(searches.iter().map(cost), COST_OF_PIECE),
        vec![Flow::default(); n_nodes],
        || {
            let (search, distance) = (Dependencies::new(n_largest), vec![UNREACHED; n_largest]);
            (search, distance, vec![Flow::default(); n_nodes])
        },
        |(dependencies, distance, flows), piece| {
            for search in &searches[piece] {
                let block = &blocks.blocks[search.block as usize];
                dependencies.search(block, search.source, |_, _| {}, None);
                for (at, level) in (0..).zip(dependencies.levels()) {
                    level.iter().for_each(|&it| distance[it as usize] = at);
                }
                for place in places.of(search.block) {
                    flows[place.which].add(place, block, dependencies, distance, search);
                }
                dependencies.levels().flatten().for_each(|&it| distance[it as usize] = UNREACHED);
                dependencies.forget();
            }
        },
        |(_, _, flows), total| {
            for (total, flow) in total.iter_mut().zip(flows) {
                add_to(&mut total.out, 0, &flow.out);
                add_to(&mut total.incoming, 0, &flow.incoming);
                total.from.append(&mut flow.from);
                flow.out.fill(0.0);
                flow.incoming.fill(0.0);
            }
        },
    )
}

/// Adds numbers to totals from a position on.
fn add_to(totals: &mut Vec<f64>, begin: usize, numbers: &[f64]) {
    if totals.len() < begin + numbers.len() {
        totals.resize(begin + numbers.len(), 0.0);
    }
    totals[begin..].iter_mut().zip(numbers).for_each(|(total, number)| *total += number);
}

impl Flow {
    /// Adds what one search of a block gives to a node of it.
    fn add(
        &mut self,
        place: &Place,
        block: &Block,
        search: &Dependencies,
        distance: &[u32],
        &Search { source, weight, .. }: &Search,
    ) {
        let number = place.number;
        let own = distance[number as usize];
        if own == UNREACHED {
            return;
        }
        let (n_paths, dependency) = search.get(number);
        // From the node itself only what begins behind it passes it.
        let n_sources = block.n_sources[number as usize];
        let starting = if source == number { (n_sources - 1.0) / n_sources } else { 1.0 };
        let onward = |&child: &u32| match distance[child as usize] == own + 1 {
            true => {
                let (n_paths_on, beyond) = search.get(child);
                let n_ending = block.n_targets[child as usize] + beyond;
                weight * starting * n_paths * n_ending / n_paths_on
            }
            false => 0.0,
        };
        let out: Vec<f64> = block.out.of(number).iter().map(onward).collect();
        add_to(&mut self.out, place.out, &out);
        if source == number {
            return;
        }
        // What ends behind the node passes it too.
        let through = dependency + block.n_targets[number as usize] - 1.0;
        self.from.push((block.nodes[source as usize], through));
        let from = |&parent: &u32| match distance[parent as usize].wrapping_add(1) == own {
            true => weight * through * search.n_paths(parent) / n_paths,
            false => 0.0,
        };
        let incoming: Vec<f64> = block.back().of(number).iter().map(from).collect();
        add_to(&mut self.incoming, place.incoming, &incoming);
    }

    /// Tells by link and by node of the view what passes `node`, what its bridges carry included.
    fn spread(
        &self,
        view: &View,
        blocks: &Blocks,
        places: &Places,
        (which, node): (usize, u32),
    ) -> WaysThrough {
        let mut by_link: BTreeMap<u32, f64> = BTreeMap::new();
        for (at, block) in (0..).zip(&blocks.blocks) {
            for place in places.of(at).iter().filter(|it| it.which == which) {
                let out = (&block.out, &self.out[place.out..]);
                let incoming = (block.back(), &self.incoming[place.incoming..]);
                for (rows, numbers) in [out, incoming] {
                    for (&link, number) in rows.links(place.number).iter().zip(numbers) {
                        *by_link.entry(link).or_default() += number;
                    }
                }
            }
        }
        let blocked = |nodes: &[u32]| {
            let mut is_reached = vec![false; view.n()];
            nodes.iter().for_each(|&it| is_reached[it as usize] = true);
            is_reached
        };
        let mut from = vec![0.0; view.n()];
        if view.spec().directed {
            self.from.iter().for_each(|&(start, through)| from[start as usize] = through);
        } else {
            // What begins behind a node of a block begins there.
            let starts: Vec<u32> = self.from.iter().map(|it| it.0).chain([node]).collect();
            let mut is_reached = blocked(&starts);
            for &(start, through) in &self.from {
                for it in flood(view, start, &mut is_reached) {
                    from[it as usize] = through;
                }
            }
            let n_others = flood(view, node, &mut blocked(&[])).len() - 1;
            let links = view.links(node).iter().zip(view.neighbours(node));
            let bridges = links.filter(|it| places.block_of_link[*it.0 as usize] == NO_BLOCK);
            let mut is_reached = blocked(&[node]);
            for (&link, &end) in bridges {
                let beyond = flood(view, end, &mut is_reached);
                let passing = (n_others - beyond.len()) as f64;
                by_link.insert(link, 2.0 * passing * beyond.len() as f64);
                beyond.into_iter().for_each(|it| from[it as usize] = passing);
            }
        }
        let total: f64 = by_link.values().sum::<f64>() / 2.0;
        let shares = by_link.into_iter().filter(|it| it.1 > 0.0);
        let mut links: Vec<(u32, f64)> = shares.map(|(it, flow)| (it, flow / total)).collect();
        links.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        WaysThrough { links, from: Some(from) }
    }
}

/// The nodes reached from one, itself included, other than by those that have been reached before.
fn flood(view: &View, start: u32, is_reached: &mut [bool]) -> Vec<u32> {
    is_reached[start as usize] = true;
    let mut nodes = vec![start];
    let mut at = 0;
    while let Some(&it) = nodes.get(at) {
        at += 1;
        let neighbours = view.neighbours(it).iter();
        nodes.extend(
            neighbours.filter(|&&it| !std::mem::replace(&mut is_reached[it as usize], true)),
        );
    }
    nodes
}

/// Returns the `k` pairs that depend most on a node: by share, then the nearer pair, then by index.
///
/// - Direction, weights and disconnected parts as in [`crate::betweenness`]; the shares of all pairs sum to
///   the betweenness of the node.
/// - Cost: O(n (n + m)) time, O(n + k) memory; much less if so many pairs of its contacts have no other
///   way of two links, as then no pair can depend on it more.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let pairs = weft_analytics::dependency_pairs(&view, 1, 10);
/// assert_eq!((pairs[0].source, pairs[0].target, pairs[0].share), (0, 2, 1.0));
/// ```
pub fn dependency_pairs(view: &View, node: u32, k: usize) -> Vec<PairDependency> {
    let nearest = pairs_joined(view, node, k);
    if nearest.len() >= k {
        return nearest;
    }
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

/// The pairs of contacts of a node that nothing else joins by one or two links, in the order of
/// [`dependency_pairs`]; at least `k` of them if there are so many.
fn pairs_joined(view: &View, node: u32, k: usize) -> Vec<PairDependency> {
    let mut pairs = Vec::new();
    let mut n_ways = vec![0_u32; view.n()];
    for &source in view.in_neighbours(node) {
        if pairs.len() >= k {
            break;
        }
        let near = || view.neighbours(source).iter();
        let ways = || near().flat_map(|&it| view.neighbours(it)).chain(near());
        ways().for_each(|&it| n_ways[it as usize] += 1);
        // A contact of the source itself counts twice at least: by the node, and by its own link.
        let targets = view.neighbours(node).iter().filter(|&&it| {
            n_ways[it as usize] == 1 && it != source && (view.spec().directed || source < it)
        });
        pairs.extend(targets.map(|&target| PairDependency {
            source,
            target,
            distance: 2,
            share: 1.0,
        }));
        ways().for_each(|&it| n_ways[it as usize] = 0);
    }
    pairs.truncate(k);
    pairs
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
    use crate::betweenness::{betweenness, sampled_betweenness};
    use crate::testing::{assert_close, for_all_small_graphs, random_view, shortest_paths};

    const EVERY: SampleOptions = SampleOptions { n_searches: usize::MAX, seed: 0 };

    #[test]
    fn what_explains_a_betweenness_adds_up_to_it() {
        for_all_small_graphs(|view| {
            let found = betweenness(view);
            let all = shortest_paths(view);
            let nodes: Vec<u32> = (0..view.n() as u32).collect();
            let through = ways_through(view, &nodes, &EVERY, &mut Run::default()).unwrap();
            for node in 0..view.n() as u32 {
                let total = found.nodes[node as usize];
                let pairs = dependency_pairs(view, node, usize::MAX / 4);
                assert_close(&[pairs.iter().map(|it| it.share).sum()], &[total]);
                for k in 0..4 {
                    let best: Vec<_> = pairs.iter().take(k).cloned().collect();
                    assert_eq!(dependency_pairs(view, node, k), best);
                }
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
                for &(link, share) in &through[node as usize].links {
                    shares[link as usize] = share;
                }
                assert_close(&shares, &links);
                let mut from = vec![0.0; view.n()];
                for pair in &pairs {
                    from[pair.source as usize] += pair.share;
                    if !view.spec().directed {
                        from[pair.target as usize] += pair.share;
                    }
                }
                assert_close(through[node as usize].from.as_ref().unwrap(), &from);
            }
        });
    }

    #[test]
    fn larger_views_are_what_their_pairs_add_up_to_on_any_number_of_threads() {
        for (n, n_ties, seed) in [(150, 170, 1), (150, 300, 2), (1200, 2500, 3)] {
            let view = random_view(n, n_ties, seed);
            let nodes = [5, 17, 80];
            let on = |n_threads: usize| {
                ways_through(&view, &nodes, &EVERY, &mut Run::default().on_threads(n_threads))
            };
            let found = on(1).unwrap();
            assert_eq!(found, on(3).unwrap());
            let total = betweenness(&view).nodes;
            for (&node, found) in nodes.iter().zip(&found) {
                let sum: f64 = found.from.as_ref().unwrap().iter().sum();
                assert!((sum / 2.0 - total[node as usize]).abs() < 1e-6);
                let sum: f64 = found.links.iter().map(|it| it.1).sum();
                assert!((sum - 2.0).abs() < 1e-9 || found.links.is_empty());
            }
        }
    }

    #[test]
    fn an_estimate_rests_on_the_searches_of_the_estimated_betweenness() {
        let view = random_view(400, 900, 1);
        let options = SampleOptions { n_searches: 100, seed: 3 };
        let blocks = Blocks::new(&view, &|_| 1.0);
        let n_sources: f64 = searches_of(&blocks, &options).iter().map(|it| it.weight).sum();
        let n_sources_of_all: f64 = searches_of(&blocks, &EVERY).iter().map(|it| it.weight).sum();
        assert!((n_sources / n_sources_of_all - 1.0).abs() < 1e-9);
        let estimate = sampled_betweenness(&view, &options, &mut Run::default()).unwrap();
        let node =
            (0..400).max_by(|&a, &b| estimate.nodes[a].total_cmp(&estimate.nodes[b])).unwrap();
        let on = |options: &SampleOptions| {
            ways_through(&view, &[node as u32], options, &mut Run::default()).unwrap().remove(0)
        };
        let (found, exact) = (on(&options), on(&EVERY));
        assert!(found.from.is_none() && exact.from.is_some());
        let sum: f64 = found.links.iter().map(|it| it.1).sum();
        assert!((sum - 2.0).abs() < 1e-9);
        let mut means: BTreeMap<u32, f64> = BTreeMap::new();
        for seed in 0..100 {
            for (link, share) in on(&SampleOptions { seed, ..options }).links {
                *means.entry(link).or_default() += share / 100.0;
            }
        }
        assert!(exact.links.iter().all(|(link, share)| (means[link] - share).abs() < 0.05));
    }
}
