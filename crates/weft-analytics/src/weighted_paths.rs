//! Weighted paths: the cheapest way by a named cost of the links.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::OnceLock;

use weft_graph::View;

use crate::bucket_queue::BucketQueue;
use crate::radix_queue::RadixQueue;
use crate::weights::LinkWeights;

const NOWHERE: u32 = u32::MAX;

/// What each link of a view costs to pass, and by what rule.
///
/// A weight (see [`link_weights`](crate::link_weights)) says how strong a link is and a cost how far; one
/// becomes the other only by a rule that has a name, which stands beside every result. Sums of money are
/// heavy-tailed: as weights for costs prefer their logarithms.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkCost {
    name: String,
    costs: Vec<f64>,
    by_row: OnceLock<CostsByRow>,
}

/// The costs of the links of each node, one node after the other, once a search has asked: read so they
/// come faster than by link.
#[derive(Clone, Debug, PartialEq)]
struct CostsByRow {
    costs: Vec<f64>,
    /// The cheapest and the dearest link; those that are barred do not count.
    cheapest: f64,
    dearest: f64,
}

impl LinkCost {
    /// A rule of the caller's, by link; None if a cost is negative or not a number. An infinite cost
    /// bars a link. O(m).
    pub fn new(name: &str, view: &View, rule: impl FnMut(u32) -> f64) -> Option<Self> {
        let costs: Vec<f64> = (0..view.m() as u32).map(rule).collect();
        costs.iter().all(|&it| it >= 0.0).then(|| Self::of_links(name.to_owned(), costs))
    }

    /// Every link costs 1: `one a link`.
    pub fn one(view: &View) -> Self {
        Self::of_links("one a link".into(), vec![1.0; view.m()])
    }

    /// A link costs one by its weight, so that strong links are short: `one by ties`. A link that weighs
    /// nothing is barred. Newman, *Scientific collaboration networks II* (2001).
    pub fn inverse(weights: &LinkWeights) -> Self {
        let costs = weights.of.iter().map(|it| 1.0 / it).collect();
        Self::of_links(format!("one by {}", weights.weighting.name()), costs)
    }

    fn of_links(name: String, costs: Vec<f64>) -> Self {
        Self { name, costs, by_row: OnceLock::new() }
    }

    /// The name of the rule.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a link costs.
    pub fn of(&self, link: u32) -> f64 {
        self.costs[link as usize]
    }

    fn by_row(&self, view: &View) -> &CostsByRow {
        self.by_row.get_or_init(|| {
            let links = (0..view.n() as u32).flat_map(|it| view.links(it));
            let costs: Vec<f64> = links.map(|&it| self.of(it)).collect();
            let finite = || costs.iter().copied().filter(|it| it.is_finite());
            let (cheapest, dearest) =
                (finite().fold(f64::INFINITY, f64::min), finite().fold(0.0, f64::max));
            CostsByRow { costs, cheapest, dearest }
        })
    }
}

/// Returns the cost of the cheapest way from a node to each; infinite where there is none.
///
/// - Direction: along the view's arcs. Weights: `cost`, which must be of this view. Disconnected: infinite.
/// - Source: Dijkstra, *A note on two problems in connexion with graphs* (1959), with the buckets of Denardo
///   and Fox, *Shortest-route methods: 1. Reaching, pruning, and buckets* (1979), where the dearest link
///   costs at most 4,096 times the cheapest; else with the queue of Ahuja, Mehlhorn, Orlin and Tarjan,
///   *Faster algorithms for the shortest path problem* (1990).
/// - Cost: O(m + 128 n) time at worst, O(n + m) memory, mostly O(n).
///
/// ```
/// use weft_analytics::{LinkCost, Weighting, link_weights};
/// let snapshot = weft_graph::fixture("a -supports-> b; a -funds-> b; b -supports-> c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let cost = LinkCost::inverse(&link_weights(&snapshot, &view, Weighting::Ties, "GBP"));
/// let costs = weft_analytics::weighted_distances(&view, 0, &cost);
/// assert_eq!(costs, [0.0, 0.5, 1.5, f64::INFINITY]);
/// ```
pub fn weighted_distances(view: &View, source: u32, cost: &LinkCost) -> Vec<f64> {
    let mut costs = vec![f64::INFINITY; view.n()];
    costs[source as usize] = 0.0;
    let by_row = cost.by_row(view);
    if let Some(mut queue) = BucketQueue::new(by_row.cheapest, by_row.dearest) {
        queue.push(0.0, source);
        while let Some(node) = queue.pop(|node| costs[node as usize]) {
            relax(view, by_row, node, &mut costs, |cost, next| queue.push(cost, next));
        }
    } else {
        let mut queue = RadixQueue::default();
        queue.push(0.0_f64.to_bits(), source);
        while let Some(node) = queue.pop(|bits, node| costs[node as usize].to_bits() == bits) {
            relax(view, by_row, node, &mut costs, |cost, next| queue.push(cost.to_bits(), next));
        }
    }
    costs
}

/// Takes the links from a node where they make others cheaper to reach, and tells which those are.
#[inline]
fn relax(
    view: &View,
    by_row: &CostsByRow,
    node: u32,
    costs: &mut [f64],
    mut found: impl FnMut(f64, u32),
) {
    let begin = costs[node as usize];
    for (&next, &cost) in view.neighbours(node).iter().zip(&by_row.costs[view.row(node)]) {
        let reached = begin + cost;
        if reached < costs[next as usize] {
            costs[next as usize] = reached;
            found(reached, next);
        }
    }
}

/// A path and what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedPath {
    /// The sum of the costs of its links.
    pub cost: f64,
    /// Its nodes, both ends included.
    pub nodes: Vec<u32>,
}

/// Returns a cheapest path between two nodes; None if there is none. Of equally cheap ones that with
/// the fewest links, and then the one that is reached from the nodes of smaller index, from its end.
///
/// - Direction: along the view's arcs. Weights: `cost`, which must be of this view. `avoid`: nodes
///   that the path may not pass.
/// - Source: as of [`weighted_distances`]. Cost: O((n + m) log n).
///
/// ```
/// use weft_analytics::{LinkCost, Weighting, link_weights};
/// let snapshot = weft_graph::fixture(
///     "a -supports-> c; a -supports-> b; a -funds-> b; a -hosts-> b; b -supports-> c; b -funds-> c",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let cost = LinkCost::inverse(&link_weights(&snapshot, &view, Weighting::Ties, "GBP"));
/// let path = weft_analytics::cheapest_path(&view, 0, 1, &cost, &[]);
/// assert_eq!(path.map(|it| it.nodes), Some(vec![0, 2, 1]));
/// ```
pub fn cheapest_path(
    view: &View,
    source: u32,
    target: u32,
    cost: &LinkCost,
    avoid: &[u32],
) -> Option<WeightedPath> {
    branch(view, source, target, cost, avoid, &[])
}

/// Returns the `k` cheapest paths between two nodes that pass no node twice, the cheapest first; of
/// equally cheap ones those with fewer links first, then by their nodes. Fewer if there are no more.
///
/// - Direction, weights, disconnected parts and `avoid`: as of [`cheapest_path`].
/// - Source: Yen, *Finding the k shortest loopless paths in a network* (1971).
/// - Cost: at most `k` times the nodes of a path searches of O((n + m) log n).
///
/// ```
/// use weft_analytics::LinkCost;
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; a -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = weft_analytics::k_cheapest_paths(&view, 0, 2, 5, &LinkCost::one(&view), &[]);
/// let costs: Vec<f64> = found.iter().map(|it| it.cost).collect();
/// assert_eq!(costs, [1.0, 2.0]);
/// ```
pub fn k_cheapest_paths(
    view: &View,
    source: u32,
    target: u32,
    k: usize,
    cost: &LinkCost,
    avoid: &[u32],
) -> Vec<WeightedPath> {
    // Costs are at least 0, so their bits are in their order.
    let mut candidates: BTreeSet<(u64, usize, Vec<u32>)> = BTreeSet::new();
    let candidate = |it: WeightedPath| (it.cost.to_bits(), it.nodes.len(), it.nodes);
    let mut found: Vec<WeightedPath> = Vec::new();
    candidates.extend(branch(view, source, target, cost, avoid, &[]).map(candidate));
    while found.len() < k
        && let Some((bits, _, nodes)) = candidates.pop_first()
    {
        for n_kept in 1..nodes.len() {
            let kept = &nodes[..n_kept];
            let siblings = found.iter().filter(|it| it.nodes.starts_with(kept));
            let taken = siblings.map(|it| it.nodes[n_kept]).chain([nodes[n_kept]]);
            let taken: Vec<u32> = taken.collect();
            let mut passed = avoid.to_vec();
            passed.extend(&kept[..n_kept - 1]);
            let Some(rest) = branch(view, kept[n_kept - 1], target, cost, &passed, &taken) else {
                continue;
            };
            let nodes = [&kept[..n_kept - 1], &rest.nodes].concat();
            // Summed from the beginning, so that one path has one cost.
            let link = |it: &[u32]| view.link_between(it[0], it[1]).expect("a path follows links");
            let cost = nodes.windows(2).fold(0.0, |sum, it| sum + cost.of(link(it)));
            candidates.insert(candidate(WeightedPath { cost, nodes }));
        }
        found.push(WeightedPath { cost: f64::from_bits(bits), nodes });
    }
    found
}

/// A cheapest path that leaves its first node for none of `taken`.
fn branch(
    view: &View,
    source: u32,
    target: u32,
    cost: &LinkCost,
    avoid: &[u32],
    taken: &[u32],
) -> Option<WeightedPath> {
    if avoid.contains(&source) || avoid.contains(&target) {
        return None;
    }
    let (costs, previous) = search(view, source, target, cost, avoid, taken);
    let cost = costs[target as usize];
    if cost.is_infinite() {
        return None;
    }
    let mut nodes = vec![target];
    let mut node = target;
    while node != source {
        node = previous[node as usize];
        nodes.push(node);
    }
    nodes.reverse();
    Some(WeightedPath { cost, nodes })
}

/// A place in the queue of a search: costs are at least 0, so their bits are in their order.
type Waiting = Reverse<(u64, u32, u32)>;

/// The cost of each node, and the one before it on its cheapest path, up to the target. Nodes to
/// avoid are not passed, and those taken are not gone to from the source.
fn search(
    view: &View,
    source: u32,
    target: u32,
    cost: &LinkCost,
    avoid: &[u32],
    taken: &[u32],
) -> (Vec<f64>, Vec<u32>) {
    let mut best = vec![(f64::INFINITY, u32::MAX); view.n()];
    let mut previous = vec![NOWHERE; view.n()];
    let mut is_done = vec![false; view.n()];
    avoid.iter().for_each(|&it| is_done[it as usize] = true);
    let mut heap: BinaryHeap<Waiting> = BinaryHeap::new();
    best[source as usize] = (0.0, 0);
    heap.push(Reverse((0.0_f64.to_bits(), 0, source)));
    while let Some(Reverse((bits, n_links, node))) = heap.pop() {
        if std::mem::replace(&mut is_done[node as usize], true) {
            continue;
        }
        if node == target {
            break;
        }
        for (&next, &link) in view.neighbours(node).iter().zip(view.links(node)) {
            if node == source && taken.contains(&next) {
                continue;
            }
            let reached = (f64::from_bits(bits) + cost.of(link), n_links + 1);
            let known = best[next as usize];
            let is_better = reached < known
                || reached == known && reached.0.is_finite() && node < previous[next as usize];
            if !is_done[next as usize] && is_better && reached.0.is_finite() {
                best[next as usize] = reached;
                previous[next as usize] = node;
                if reached != known {
                    heap.push(Reverse((reached.0.to_bits(), reached.1, next)));
                }
            }
        }
    }
    (best.into_iter().map(|it| it.0).collect(), previous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Weighting;
    use crate::testing::{Matrix, for_all_graphs, view_of};

    #[track_caller]
    fn check(view: &View, cost: &LinkCost) {
        let matrix = Matrix::of(view);
        let sum = |path: &[u32]| -> f64 {
            let links = path.windows(2).map(|it| view.link_between(it[0], it[1]).unwrap());
            links.map(|it| cost.of(it)).sum()
        };
        for source in 0..view.n() as u32 {
            let costs = weighted_distances(view, source, cost);
            for target in 0..view.n() as u32 {
                let all = matrix.simple_paths(source, target);
                let best = all.iter().map(|it| (sum(it), it.len()));
                let best = best.min_by(|a, b| a.partial_cmp(b).unwrap());
                let best = best.filter(|it| it.0.is_finite());
                assert_eq!(costs[target as usize], best.map_or(f64::INFINITY, |it| it.0));
                let path = cheapest_path(view, source, target, cost, &[]);
                assert_eq!(path.as_ref().map(|it| (it.cost, it.nodes.len())), best);
                assert!(path.is_none_or(|it| sum(&it.nodes) == it.cost && all.contains(&it.nodes)));
                let around = all.iter().filter(|it| !it.contains(&0)).map(|it| sum(it));
                let around = around.filter(|it| it.is_finite()).min_by(f64::total_cmp);
                let path = cheapest_path(view, source, target, cost, &[0]);
                assert_eq!(path.map(|it| it.cost), around);
                let mut costs: Vec<f64> = all.iter().map(|it| sum(it)).collect();
                costs.retain(|it| it.is_finite());
                costs.sort_by(f64::total_cmp);
                let found = k_cheapest_paths(view, source, target, costs.len() + 1, cost, &[]);
                assert_eq!(found.iter().map(|it| it.cost).collect::<Vec<_>>(), costs);
                assert!(found.iter().all(|it| all.contains(&it.nodes)));
            }
        }
    }

    #[test]
    fn the_cheapest_path_is_the_cheapest_of_all() {
        for_all_graphs(|view| {
            check(view, &LinkCost::one(view));
            // Halves and quarters, so that sums are exact; some are free and some are barred.
            let rule = |link: u32| [0.25, 2.0, 0.0, 0.5, f64::INFINITY][link as usize * 7 % 5];
            check(view, &LinkCost::new("test", view, rule).unwrap());
        });
    }

    #[test]
    fn a_cost_is_at_least_nothing_and_has_a_name() {
        let view = view_of("a -supports-> b");
        assert_eq!(LinkCost::new("debt", &view, |_| -1.0), None);
        assert_eq!(LinkCost::new("nothing", &view, |_| f64::NAN), None);
        let weights =
            LinkWeights { weighting: Weighting::Ties, of: vec![4.0, 0.0], n_ties_without: 0 };
        let cost = LinkCost::inverse(&weights);
        assert_eq!((cost.name(), cost.of(0), cost.of(1)), ("one by ties", 0.25, f64::INFINITY));
    }
}
