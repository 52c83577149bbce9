//! Weighted paths: the cheapest way by a named cost of the links.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use weft_graph::View;

const NOWHERE: u32 = u32::MAX;

/// What each link of a view costs to pass, and by what rule.
///
/// A weight says how strong a link is and a cost how far; one becomes the other only by a rule that
/// has a name, which stands beside every result. Sums of money are heavy-tailed and are no distances:
/// no rule here takes them as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkCost {
    name: String,
    costs: Vec<f64>,
}

impl LinkCost {
    /// A rule of the caller's, by link; None if a cost is negative or not a number. An infinite cost
    /// bars a link. O(m).
    pub fn new(name: &str, view: &View, rule: impl FnMut(u32) -> f64) -> Option<Self> {
        let costs: Vec<f64> = (0..view.m() as u32).map(rule).collect();
        costs.iter().all(|&it| it >= 0.0).then(|| Self { name: name.to_owned(), costs })
    }

    /// Every link costs 1: `one a link`.
    pub fn one(view: &View) -> Self {
        Self { name: "one a link".into(), costs: vec![1.0; view.m()] }
    }

    /// A link of k ties costs 1 / k: `one by the number of ties`. Bodies with many ties on record
    /// are near; Newman, *Scientific collaboration networks II* (2001).
    pub fn inverse_ties(view: &View) -> Self {
        let costs = (0..view.m() as u32).map(|it| 1.0 / view.ties(it).len() as f64).collect();
        Self { name: "one by the number of ties".into(), costs }
    }

    /// The name of the rule.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a link costs.
    pub fn of(&self, link: u32) -> f64 {
        self.costs[link as usize]
    }
}

/// Returns the cost of the cheapest way from a node to each; infinite where there is none.
///
/// - Direction: along the view's arcs. Weights: `cost`, which must be of this view.
/// - Source: Dijkstra, *A note on two problems in connexion with graphs* (1959).
/// - Cost: O((n + m) log n).
///
/// ```
/// use weft_analytics::LinkCost;
/// let snapshot = weft_graph::fixture("a -supports-> b; a -funds-> b; b -supports-> c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let costs = weft_analytics::weighted_distances(&view, 0, &LinkCost::inverse_ties(&view));
/// assert_eq!(costs, [0.0, 0.5, 1.5, f64::INFINITY]);
/// ```
pub fn weighted_distances(view: &View, source: u32, cost: &LinkCost) -> Vec<f64> {
    search(view, source, None, cost, &[]).0
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
/// - Source and cost: as of [`weighted_distances`].
///
/// ```
/// use weft_analytics::LinkCost;
/// let snapshot = weft_graph::fixture(
///     "a -supports-> c; a -supports-> b; a -funds-> b; a -hosts-> b; b -supports-> c; b -funds-> c",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let path = weft_analytics::cheapest_path(&view, 0, 1, &LinkCost::inverse_ties(&view), &[]);
/// assert_eq!(path.map(|it| it.nodes), Some(vec![0, 2, 1]));
/// ```
pub fn cheapest_path(
    view: &View,
    source: u32,
    target: u32,
    cost: &LinkCost,
    avoid: &[u32],
) -> Option<WeightedPath> {
    if avoid.contains(&source) || avoid.contains(&target) {
        return None;
    }
    let (costs, previous) = search(view, source, Some(target), cost, avoid);
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

/// The cost of each node, and the one before it on its cheapest path; up to the target, if one is
/// given.
fn search(
    view: &View,
    source: u32,
    target: Option<u32>,
    cost: &LinkCost,
    avoid: &[u32],
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
        if Some(node) == target {
            break;
        }
        for (&next, &link) in view.neighbours(node).iter().zip(view.links(node)) {
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
        assert_eq!(LinkCost::inverse_ties(&view).name(), "one by the number of ties");
    }
}
