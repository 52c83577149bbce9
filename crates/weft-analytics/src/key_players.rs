//! Key players: the few nodes without which a network falls apart, or from which it is reached.

use std::collections::BinaryHeap;

use weft_graph::View;

use crate::closeness::{closeness, reach};
use crate::contacts::Contacts;
use crate::direction::{Direction, Rows};
use crate::distance_profile::Search;

const UNSEEN: u32 = u32::MAX;
/// Gains closer than this are equal: sums in another order differ by less.
const SAME_GAIN: f64 = 1e-9;

/// A set of nodes, chosen one at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyPlayers {
    /// The nodes in the order in which they were chosen; fewer than asked for if the view has fewer.
    pub nodes: Vec<u32>,
    /// What the first one, the first two ... are worth: as the function says.
    pub values: Vec<f64>,
    /// Whether, as each was chosen, another would have been as good: then its position decided.
    pub has_equal: Vec<bool>,
    /// No set of as many nodes is worth more than this. What the set is worth by this bound is how
    /// much of the best it is sure to have.
    pub bound: f64,
}

/// What "reached" means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReachedBy {
    /// Within so many links of a chosen node.
    Steps(u32),
    /// Each node by 1 / (fewest links from a chosen node): a contact counts 1, the contact of a
    /// contact 1/2.
    Distance,
}

/// Chooses `k` nodes without which a network falls apart most (Borgatti's KPP-Neg).
///
/// Their worth is the fragmentation of what is left: the share of the pairs of remaining nodes that no
/// path joins, 0 (all together) to 1 (all alone; also where one node or none is left).
///
/// - Chosen greedily: at each step the node whose removal leaves the fewest joined pairs; of equals
///   the one with more links left, then the first. For one node that is the best; for more a set may
///   be better, as this is no submodular worth.
/// - Bound: whoever goes, at least the links less the `k` largest degrees stay, and each joins a pair.
/// - Direction: ignored. Weights: none. Disconnected: pairs of different components are not joined to
///   begin with; see [`fragmentation`].
/// - Source: Borgatti, *Identifying sets of key players in a social network* (2006), formula 4, over
///   the nodes that are left. Cost: O(k (n + m)) time, O(n) memory.
///
/// ```
/// let graph = "a -supports-> m; b -supports-> m; m -supports-> c; c -supports-> d";
/// let snapshot = weft_graph::fixture(graph);
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = weft_analytics::key_fragmenters(&view, 2);
/// assert_eq!((found.nodes, found.values), (vec![1, 3], vec![5.0 / 6.0, 1.0]));
/// ```
pub fn key_fragmenters(view: &View, k: usize) -> KeyPlayers {
    let contacts = Contacts::new(view);
    let n = view.n();
    let mut is_out = vec![false; n];
    let mut found = KeyPlayers::none(1.0);
    for _ in 0..k.min(n) {
        let n_joined = joined_without_each(&contacts, &is_out);
        let n_links =
            |node: u32| contacts.of(node).iter().filter(|&&it| !is_out[it as usize]).count();
        let worth = |&it: &u32| (n_joined[it as usize], std::cmp::Reverse(n_links(it)));
        let left = || (0..n as u32).filter(|&it| !is_out[it as usize]);
        let Some(best) = left().min_by_key(|it| (worth(it), *it)) else { break };
        let has_equal = left().any(|it| it != best && worth(&it) == worth(&best));
        found.has_equal.push(has_equal);
        is_out[best as usize] = true;
        found.nodes.push(best);
        let n_left = n - found.nodes.len();
        found.values.push(apart(n_joined[best as usize], n_left));
    }
    let mut degrees: Vec<u64> = (0..n as u32).map(|it| contacts.of(it).len() as u64).collect();
    degrees.sort_unstable_by_key(|&it| std::cmp::Reverse(it));
    let n_links = degrees.iter().sum::<u64>() / 2;
    let n_lost: u64 = degrees.iter().take(found.nodes.len()).sum();
    found.bound = apart(n_links.saturating_sub(n_lost), n - found.nodes.len());
    // The best single node is found by trying all.
    if let [only] = found.values[..] {
        found.bound = only;
    }
    found
}

/// Returns the fragmentation of a view without some nodes: the share of the pairs of the others that
/// no path joins. 1 where fewer than two are left.
///
/// - Direction, weights and source as in [`key_fragmenters`]. Disconnected: pairs in different
///   components are pairs that no path joins. Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::fragmentation(&view, &[]), 0.5);
/// assert_eq!(weft_analytics::fragmentation(&view, &[1]), 1.0);
/// ```
pub fn fragmentation(view: &View, without: &[u32]) -> f64 {
    distances_left(view, without, |_| 1.0)
}

/// Returns the distance-weighted fragmentation of a view without some nodes: 1 less the mean of
/// 1/distance over the pairs of the others. It tells apart networks that hold together well and
/// barely, which [`fragmentation`] does not.
///
/// - Direction: ignored. Weights: none. 1 where fewer than two are left.
/// - Source: Borgatti (2006), formula 9. Cost: O(n (n + m)).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = weft_analytics::distance_fragmentation(&view, &[]);
/// assert!((found - (1.0 - 2.5 / 3.0)).abs() < 1e-12);
/// ```
pub fn distance_fragmentation(view: &View, without: &[u32]) -> f64 {
    distances_left(view, without, |distance| 1.0 / f64::from(distance))
}

/// Chooses `k` nodes from which the most is reached (Borgatti's KPP-Pos).
///
/// Their worth is the share of all nodes that they reach, they themselves counting 1: by
/// [`ReachedBy::Steps`] the number within so many links, by [`ReachedBy::Distance`] the sum of
/// 1/distance, both divided by n; 1 if everybody is reached (at once).
///
/// - Chosen greedily: at each step the node that adds most; of equals the first. As what a node adds
///   only falls while others are chosen, the set is worth at least 1 - 1/e (63 %) of the best.
/// - Bound: at each step, what is reached and the most that as many nodes could each add; mostly far
///   nearer than 63 %.
/// - Direction: along the view's arcs. Weights: none. Disconnected: what is out of reach adds nothing.
/// - Source: Borgatti (2006), formula 14; Nemhauser, Wolsey and Fisher (1978) for the guarantee;
///   Minoux (1978), Leskovec et al. (2007) for the bound and for not trying all at each step.
/// - Cost: O(n (n + m)) for the first node, mostly far less for each further one; O(n) memory.
///
/// ```
/// use weft_analytics::{ReachedBy, key_reachers};
/// let graph = "a -supports-> b; a -supports-> c; d -supports-> e; f";
/// let snapshot = weft_graph::fixture(graph);
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = key_reachers(&view, 2, ReachedBy::Steps(1));
/// assert_eq!((found.nodes, found.values, found.bound), (vec![0, 3], vec![0.5, 5.0 / 6.0], 5.0 / 6.0));
/// ```
pub fn key_reachers(view: &View, k: usize, by: ReachedBy) -> KeyPlayers {
    let n = view.n();
    let rows = Rows::new(view, Direction::Outgoing);
    let mut search = Search::new(n);
    // What each node is reached by so far, 0 to 1.
    let mut reached = vec![0.0; n];
    let mut gain = |node: u32, reached: &[f64]| -> f64 {
        search.run(&rows, &[node], by.depth_max());
        let more =
            |&it: &u32| (by.worth(search.distance[it as usize]) - reached[it as usize]).max(0.0);
        search.order.iter().map(more).sum()
    };
    let mut found = KeyPlayers::none(0.0);
    // Gains as they were when they were last looked at: they can only have fallen since.
    let mut queue: BinaryHeap<Candidate> = (0..)
        .zip(by.worth_of_each(view))
        .map(|(node, gain)| Candidate { gain, node, n_chosen: 0 })
        .collect();
    let n_wanted = k.min(n);
    let mut total = 0.0;
    let mut bound = f64::INFINITY;
    while found.nodes.len() < n_wanted {
        let n_chosen = found.nodes.len();
        let Some(mut best) = queue.pop() else { break };
        if best.n_chosen < n_chosen {
            best = Candidate { gain: gain(best.node, &reached), n_chosen, ..best };
            queue.push(best);
            continue;
        }
        let most: f64 = best.gain + most_of(&queue, n_wanted - 1);
        bound = f64::min(bound, total + most);
        let node = best.node;
        found.has_equal.push(false);
        while let Some(&other) = queue.peek().filter(|it| it.gain > best.gain - SAME_GAIN) {
            if other.n_chosen == n_chosen {
                found.has_equal[n_chosen] = true;
                break;
            }
            queue.pop();
            queue.push(Candidate { gain: gain(other.node, &reached), n_chosen, ..other });
        }
        let mut of_node = Search::new(n);
        of_node.run(&rows, &[node], by.depth_max());
        for &it in &of_node.order {
            let worth = by.worth(of_node.distance[it as usize]);
            reached[it as usize] = f64::max(reached[it as usize], worth);
        }
        total += best.gain;
        found.nodes.push(node);
        found.values.push(reached.iter().sum::<f64>() / n as f64);
    }
    let last = found.values.last().copied().unwrap_or(0.0);
    // All that there is cannot be exceeded, and rounding must not put the bound below the set.
    found.bound = (bound / n as f64).min(1.0).max(last);
    if n == 0 {
        found.bound = 0.0;
    }
    found
}

impl KeyPlayers {
    fn none(bound: f64) -> Self {
        Self { nodes: Vec::new(), values: Vec::new(), has_equal: Vec::new(), bound }
    }
}

impl ReachedBy {
    fn depth_max(self) -> u32 {
        match self {
            Self::Steps(steps) => steps,
            Self::Distance => u32::MAX,
        }
    }

    /// What each node is worth by itself, from many searches at once.
    fn worth_of_each(self, view: &View) -> Vec<f64> {
        match self {
            Self::Steps(steps) => {
                reach(view, steps).into_iter().map(|it| it as f64 + 1.0).collect()
            }
            Self::Distance => closeness(view).into_iter().map(|it| it.harmonic_sum + 1.0).collect(),
        }
    }

    fn worth(self, distance: u32) -> f64 {
        match self {
            Self::Steps(_) => 1.0,
            Self::Distance => 1.0 / f64::from(distance.max(1)),
        }
    }
}

/// A node with what it added when it was last looked at.
#[derive(Clone, Copy)]
struct Candidate {
    gain: f64,
    node: u32,
    n_chosen: usize,
}

impl Ord for Candidate {
    /// The greatest gain first, then the first node.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.gain.total_cmp(&other.gain).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

/// The sum of the `k` greatest gains that a queue holds.
fn most_of(queue: &BinaryHeap<Candidate>, k: usize) -> f64 {
    let mut gains: Vec<f64> = queue.iter().map(|it| it.gain).collect();
    if k < gains.len() {
        gains.select_nth_unstable_by(k, |a, b| b.total_cmp(a));
        gains.truncate(k);
    }
    gains.iter().sum()
}

/// The share of pairs of `n` nodes that are not joined.
fn apart(n_joined: u64, n: usize) -> f64 {
    let n_pairs = n as f64 * (n as f64 - 1.0) / 2.0;
    if n < 2 { 1.0 } else { 1.0 - n_joined as f64 / n_pairs }
}

/// 1 less the mean, over pairs of the nodes that are left, of what their distance counts.
fn distances_left(view: &View, without: &[u32], worth: impl Fn(u32) -> f64) -> f64 {
    let contacts = Contacts::new(view);
    let n = view.n();
    let mut is_out = vec![false; n];
    without.iter().for_each(|&it| is_out[it as usize] = true);
    let n_left = is_out.iter().filter(|it| !**it).count();
    let mut distance = vec![UNSEEN; n];
    let mut queue: Vec<u32> = Vec::new();
    let mut total = 0.0;
    for source in (0..n as u32).filter(|&it| !is_out[it as usize]) {
        for node in queue.drain(..) {
            distance[node as usize] = UNSEEN;
        }
        distance[source as usize] = 0;
        queue.push(source);
        let mut at = 0;
        while let Some(&node) = queue.get(at) {
            at += 1;
            for &contact in contacts.of(node) {
                if distance[contact as usize] == UNSEEN && !is_out[contact as usize] {
                    distance[contact as usize] = distance[node as usize] + 1;
                    queue.push(contact);
                }
            }
        }
        total += queue[1..].iter().map(|&it| worth(distance[it as usize])).sum::<f64>();
    }
    let n_pairs = n_left as f64 * (n_left as f64 - 1.0);
    if n_left < 2 { 1.0 } else { 1.0 - total / n_pairs }
}

/// For each node that is not out, how many pairs of the others a path would join without it; one
/// depth-first pass.
fn joined_without_each(contacts: &Contacts, is_out: &[bool]) -> Vec<u64> {
    let n = contacts.n();
    let pairs = |size: u64| size * size.saturating_sub(1) / 2;
    let mut position = vec![UNSEEN; n];
    let mut low = vec![0; n];
    // The size of the tree below each node; the nodes, and the pairs, in trees that it alone holds.
    let mut size = vec![1_u64; n];
    let (mut n_held, mut pairs_held) = (vec![0_u64; n], vec![0_u64; n]);
    let mut root = vec![UNSEEN; n];
    let mut order: Vec<u32> = Vec::with_capacity(n);
    let mut way: Vec<(u32, usize)> = Vec::new();
    for start in (0..n as u32).filter(|&it| !is_out[it as usize]) {
        if position[start as usize] != UNSEEN {
            continue;
        }
        let mut enter =
            |node: u32, way: &mut Vec<(u32, usize)>, position: &mut [u32], low: &mut [u32]| {
                position[node as usize] = order.len() as u32;
                low[node as usize] = order.len() as u32;
                root[node as usize] = start;
                order.push(node);
                way.push((node, 0));
            };
        enter(start, &mut way, &mut position, &mut low);
        while let Some((node, n_looked)) = way.last_mut() {
            let node = *node;
            if let Some(&contact) = contacts.of(node).get(*n_looked) {
                *n_looked += 1;
                if is_out[contact as usize] {
                    continue;
                }
                if position[contact as usize] == UNSEEN {
                    enter(contact, &mut way, &mut position, &mut low);
                } else {
                    low[node as usize] = low[node as usize].min(position[contact as usize]);
                }
                continue;
            }
            way.pop();
            let Some(&(parent, _)) = way.last() else { break };
            let (at, above) = (node as usize, parent as usize);
            low[above] = low[above].min(low[at]);
            size[above] += size[at];
            if low[at] >= position[above] {
                n_held[above] += size[at];
                pairs_held[above] += pairs(size[at]);
            }
        }
    }
    let n_all: u64 = order
        .iter()
        .filter(|&&it| root[it as usize] == it)
        .map(|&it| pairs(size[it as usize]))
        .sum();
    let mut n_joined = vec![0; n];
    for &node in &order {
        let at = node as usize;
        let whole = size[root[at] as usize];
        let rest = whole - 1 - n_held[at];
        n_joined[at] = n_all - pairs(whole) + pairs_held[at] + pairs(rest);
    }
    n_joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_graphs, random_view, view_of};

    #[track_caller]
    fn check(graph: &str, k: usize, fragmenters: &[u32], reachers: &[u32]) {
        let view = view_of(graph);
        assert_eq!(key_fragmenters(&view, k).nodes, fragmenters);
        assert_eq!(key_reachers(&view, k, ReachedBy::Distance).nodes, reachers);
    }

    /// All sets of `k` of `n` nodes.
    fn sets(n: usize, k: usize) -> impl Iterator<Item = Vec<u32>> {
        (0..1_u32 << n)
            .filter(move |it| it.count_ones() as usize == k)
            .map(move |bits| (0..n as u32).filter(|it| bits >> it & 1 == 1).collect())
    }

    fn reached(distance: &[Vec<Option<usize>>], set: &[u32], by: ReachedBy) -> f64 {
        let n = distance.len();
        let of = |node: usize| {
            let nearest = set.iter().filter_map(|&it| distance[it as usize][node]).min();
            match (nearest, by) {
                (None, _) => 0.0,
                (Some(it), ReachedBy::Steps(steps)) => f64::from(u8::from(it <= steps as usize)),
                (Some(it), ReachedBy::Distance) => 1.0 / it.max(1) as f64,
            }
        };
        (0..n).map(of).sum::<f64>() / n as f64
    }

    #[test]
    fn the_middle_of_a_star_is_key_to_both() {
        check("a -supports-> b; a -supports-> c; a -supports-> d", 1, &[0], &[0]);
        check("", 3, &[], &[]);
        check("a", 3, &[0], &[0]);
    }

    #[test]
    fn greedy_sets_are_worth_what_they_say_and_no_set_beats_the_bound() {
        for_all_graphs(|view| {
            let distance = Matrix::of(view).distances();
            let undirected = Matrix::undirected(view);
            let n = view.n();
            let apart = |set: &[u32]| {
                let left = set.iter().fold(undirected.clone(), |it, &node| it.without(node));
                let sizes = left.components().into_iter().map(|it| it.len() as f64);
                let joined: f64 = sizes.map(|it| it * (it - 1.0)).sum();
                let n_left = (n - set.len()) as f64;
                if n_left < 2.0 { 1.0 } else { 1.0 - joined / (n_left * (n_left - 1.0)) }
            };
            for k in 1..=2.min(n) {
                let found = key_fragmenters(view, k);
                assert_close(&[found.values[k - 1]], &[apart(&found.nodes)]);
                assert_close(&[fragmentation(view, &found.nodes)], &[found.values[k - 1]]);
                let best = sets(n, k).map(|it| apart(&it)).fold(0.0, f64::max);
                assert!(best <= found.bound + 1e-9, "{best} {}", found.bound);
                assert!(k > 1 || (best - found.values[0]).abs() < 1e-9);
                let (last, before) = found.nodes.split_last().unwrap();
                let n_left = |it: u32| {
                    let neighbours =
                        (0..n as u32).filter(|&to| undirected.0[it as usize][to as usize]);
                    neighbours.filter(|it| !before.contains(it)).count()
                };
                let is_as_good = |it: &u32| {
                    let value = apart(&[before, &[*it]].concat());
                    (value - found.values[k - 1]).abs() < 1e-9 && n_left(*it) == n_left(*last)
                };
                let others = || (0..n as u32).filter(|it| !found.nodes.contains(it));
                assert_eq!(found.has_equal[k - 1], others().any(|it| is_as_good(&it)));
                if n > 6 {
                    continue;
                }
                for by in [ReachedBy::Steps(1), ReachedBy::Steps(2), ReachedBy::Distance] {
                    let found = key_reachers(view, k, by);
                    let value = found.values[k - 1];
                    assert_close(&[value], &[reached(&distance, &found.nodes, by)]);
                    let best = sets(n, k).map(|it| reached(&distance, &it, by)).fold(0.0, f64::max);
                    assert!(best <= found.bound + 1e-9 && value <= best + 1e-9);
                    assert!(value >= best * (1.0 - 1.0 / std::f64::consts::E) - 1e-9);
                    assert!(k > 1 || (best - value).abs() < 1e-9);
                    let before = &found.nodes[..k - 1];
                    let is_as_good = |it: u32| {
                        let set = [before, &[it]].concat();
                        (reached(&distance, &set, by) - value).abs() < 1e-9
                    };
                    let mut others = (0..n as u32).filter(|it| !found.nodes.contains(it));
                    assert_eq!(found.has_equal[k - 1], others.any(is_as_good));
                }
            }
        });
    }

    #[test]
    fn distances_count_in_the_weighted_fragmentation() {
        for_all_graphs(|view| {
            let left = Matrix::undirected(view);
            let n = view.n();
            let distance = left.distances();
            let near =
                |it: &Option<usize>| it.filter(|&it| it > 0).map_or(0.0, |it| 1.0 / it as f64);
            let total: f64 = distance.iter().flatten().map(near).sum();
            let n_pairs = n as f64 * (n as f64 - 1.0);
            let expected = if n < 2 { 1.0 } else { 1.0 - total / n_pairs };
            assert_close(&[distance_fragmentation(view, &[])], &[expected]);
        });
    }

    #[test]
    fn not_trying_all_at_each_step_chooses_the_same() {
        for seed in 0..5 {
            let view = random_view(40, 70, seed);
            let distance = Matrix::of(&view).distances();
            let mut set = Vec::new();
            for &node in &key_reachers(&view, 4, ReachedBy::Distance).nodes {
                let with =
                    |it: u32| reached(&distance, &[&set[..], &[it]].concat(), ReachedBy::Distance);
                let best = (0..40).map(with).fold(0.0, f64::max);
                assert_close(&[with(node)], &[best]);
                set.push(node);
            }
        }
    }
}
