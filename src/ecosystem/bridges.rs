//! Missing bridges: the ties between two bodies that would bring start-ups nearest to what they need.
//!
//! Exact, and without a search for each pair. A new tie u-v helps a start-up *s* with a need *t* along
//! one of its two directions only: were both shorter than d_t(s), then d(s,u) + d_t(u) and
//! d(s,v) + d_t(v), which are ways that exist, would sum to less than 2 d_t(s). So the value of a pair is
//! a sum of two parts, each of which depends on the start-ups around the one end and on how far the
//! other end is from each need. The best pairs are found with upper bounds on these parts, and how many
//! pairs had to be computed is said.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_graph::{UNREACHED, distances};

use crate::ecosystem::access::{Searches, access_of, quarters, reached};
use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::question::{Ground, is_start_up};
use crate::ecosystem::words;

/// Shares of ACCESS are whole numbers of this unit at most, so that sums compare exactly.
const UNIT_MAX: u64 = 1 << 32;

/// The ties that would help start-ups most, the best first.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct MissingBridges {
    /// Start-ups of the view with an ACCESS: values are means over them.
    pub n_start_ups: usize,
    /// Pairs of bodies that could be tied: no start-up, and not linked.
    pub n_pairs: u64,
    /// How many of them had to be computed; no other can be better than those listed.
    pub n_computed: u64,
    /// The best, by value, then by their ids.
    pub rows: Vec<MissingBridge>,
}

/// One tie that is not there.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct MissingBridge {
    /// One end.
    pub a: NodeName,
    /// The other.
    pub b: NodeName,
    /// Links between them today; none without a path.
    pub distance: Option<u32>,
    /// The mean over all start-ups of ACCESS after minus before.
    pub value: f64,
    /// That mean before.
    pub mean_access_before: f64,
    /// That mean after.
    pub mean_access_after: f64,
    /// The needs that come nearer to a start-up.
    pub needs: Vec<NodeName>,
    /// The start-ups that gain, most first.
    pub start_ups: Vec<BridgeGain>,
    /// In words.
    pub sentence: String,
}

/// What one start-up would gain by a tie of two others.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct BridgeGain {
    /// The start-up.
    pub node: NodeName,
    /// ACCESS before.
    pub access_before: f64,
    /// ACCESS after.
    pub access_after: f64,
    /// The needs that come nearer.
    pub needs: Vec<NeedStep>,
}

/// One need before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeedStep {
    /// The need.
    pub need: NodeName,
    /// w: 1 useful, 2 critical.
    pub weight: u8,
    /// d before; none without a path.
    pub before: Option<u32>,
    /// d after.
    pub after: Option<u32>,
}

/// Returns the best `n_rows` ties that are not there.
///
/// O(needs × (n + m)) for the searches, the second neighbours of each start-up, and the pairs that the
/// bounds leave.
pub(crate) fn missing_bridges(
    ground: &Ground<'_>,
    searches: &Searches,
    n_rows: usize,
) -> MissingBridges {
    let start_ups = StartUps::of(ground, searches);
    let (pairs, n_computed) = best_bridges(ground, searches, &start_ups, n_rows);
    let view = &ground.view;
    let ends: Vec<u32> = ground.indices().filter(|&it| !is_start_up(ground.node(it))).collect();
    let n_linked = ends.iter().flat_map(|&it| view.neighbours(it).iter().map(move |&to| (it, to)));
    let n_linked =
        n_linked.filter(|&(from, to)| from < to && !is_start_up(ground.node(to))).count() as u64;
    let n_ends = ends.len() as u64;
    MissingBridges {
        n_start_ups: start_ups.rows.len(),
        n_pairs: n_ends * n_ends.saturating_sub(1) / 2 - n_linked,
        n_computed,
        rows: pairs
            .into_iter()
            .map(|(a, b, value)| bridge(ground, searches, &start_ups, (a, b), value))
            .collect(),
    }
}

/// The best pairs with their values, and how many pairs had to be computed.
pub(crate) fn best_bridges(
    ground: &Ground<'_>,
    searches: &Searches,
    start_ups: &StartUps,
    n_rows: usize,
) -> (Vec<(u32, u32, f64)>, u64) {
    let (pairs, n_computed) = Board::new(ground, searches, start_ups).best(n_rows);
    let pairs = pairs.into_iter().map(|(units, a, b)| (a, b, start_ups.mean(units)));
    (pairs.collect(), n_computed)
}

/// The start-ups that have an ACCESS, with their needs.
pub(crate) struct StartUps {
    pub(crate) rows: Vec<StartUp>,
    /// What one quarter of the whole ACCESS of a start-up is divided into.
    pub(crate) unit: u64,
}

pub(crate) struct StartUp {
    pub(crate) index: u32,
    pub(crate) weights: Vec<u8>,
    pub(crate) total: u64,
}

impl StartUps {
    pub(crate) fn of(ground: &Ground<'_>, searches: &Searches) -> Self {
        let start_ups = ground.indices().filter(|&it| is_start_up(ground.node(it)));
        let rows: Vec<StartUp> = start_ups
            .map(|index| {
                let weights = searches.weights(ground, index);
                let total = weights.iter().map(|&it| u64::from(it)).sum();
                StartUp { index, weights, total }
            })
            .filter(|it| it.total > 0)
            .collect();
        let unit = rows.iter().try_fold(1, |unit, it| {
            let next = unit / greatest_common_divisor(unit, it.total) * it.total;
            (next <= UNIT_MAX).then_some(next)
        });
        Self { rows, unit: unit.unwrap_or(UNIT_MAX) }
    }

    /// Units, which are quarters, as a mean of ACCESS.
    fn mean(&self, units: u64) -> f64 {
        units as f64 / (4 * self.unit) as f64 / self.rows.len() as f64
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// What a tie from each body onward would bring to the start-ups around it.
struct Board<'a> {
    ground: &'a Ground<'a>,
    n_needs: usize,
    /// For each body: by need what a provider at the other end of a tie would bring, then by need what
    /// a partner of a provider would.
    gains: Vec<Option<Box<[u64]>>>,
    /// No tie from the body brings more than this.
    most: Vec<u64>,
    /// For each body the class of its distances to the needs.
    class_of: Vec<u32>,
    classes: Vec<Class>,
    /// The place of each body in the order of ids.
    by_id: Vec<u32>,
}

/// Bodies that are equally far from every need, as far as it matters: 0, 1, or 2 and more.
struct Class {
    steps: Vec<u8>,
    /// By what a tie from them brings at most, then by id.
    members: Vec<u32>,
}

impl<'a> Board<'a> {
    fn new(ground: &'a Ground<'a>, searches: &Searches, start_ups: &StartUps) -> Self {
        let (view, n_needs) = (&ground.view, searches.needs.len());
        let is_end: Vec<bool> = ground.indices().map(|it| !is_start_up(ground.node(it))).collect();
        let mut gains: Vec<Option<Box<[u64]>>> = vec![None; view.n()];
        let mut seen = vec![u32::MAX; view.n()];
        for row in &start_ups.rows {
            let (s, share) = (row.index, start_ups.unit / row.total);
            // By need what two steps would bring, and three.
            let mut brings: Vec<(usize, u64, u64)> = Vec::new();
            for (at, (need, &weight)) in searches.needs.iter().zip(&row.weights).enumerate() {
                let now = quarters(need.distance[s as usize]);
                let gain = |steps: u32| {
                    u64::from(quarters(steps).saturating_sub(now)) * u64::from(weight) * share
                };
                if gain(2) > 0 {
                    brings.push((at, gain(2), gain(3)));
                }
            }
            if brings.is_empty() {
                continue;
            }
            seen[s as usize] = s;
            for &u in view.neighbours(s) {
                seen[u as usize] = s;
                if is_end[u as usize] {
                    let row = gains[u as usize].get_or_insert_with(|| vec![0; 2 * n_needs].into());
                    for &(at, two, three) in &brings {
                        row[at] += two;
                        row[n_needs + at] += three;
                    }
                }
            }
            if brings.iter().all(|it| it.2 == 0) {
                continue;
            }
            for &contact in view.neighbours(s) {
                for &u in view.neighbours(contact) {
                    if seen[u as usize] == s {
                        continue;
                    }
                    seen[u as usize] = s;
                    if is_end[u as usize] {
                        let row =
                            gains[u as usize].get_or_insert_with(|| vec![0; 2 * n_needs].into());
                        brings.iter().for_each(|&(at, _, three)| row[at] += three);
                    }
                }
            }
        }
        let most = gains.iter().map(|it| it.as_ref().map_or(0, |it| it[..n_needs].iter().sum()));
        let mut order: Vec<u32> = ground.indices().collect();
        order.sort_by(|&a, &b| ground.by_id(a, b));
        let mut by_id = vec![0; view.n()];
        (0..).zip(order).for_each(|(place, node)| by_id[node as usize] = place);
        let mut board = Self {
            ground,
            n_needs,
            most: most.collect(),
            gains,
            class_of: vec![u32::MAX; view.n()],
            classes: Vec::new(),
            by_id,
        };
        board.sort_into_classes(searches, &is_end);
        board
    }

    fn sort_into_classes(&mut self, searches: &Searches, is_end: &[bool]) {
        let mut known: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for node in self.ground.indices().filter(|&it| is_end[it as usize]) {
            let steps = |distance: &[u32]| distance[node as usize].min(2) as u8;
            let steps: Vec<u8> = searches.needs.iter().map(|it| steps(&it.distance)).collect();
            let n_classes = self.classes.len() as u32;
            let class = *known.entry(steps).or_insert_with_key(|steps| {
                self.classes.push(Class { steps: steps.clone(), members: Vec::new() });
                n_classes
            });
            self.class_of[node as usize] = class;
            self.classes[class as usize].members.push(node);
        }
        let (most, by_id) = (&self.most, &self.by_id);
        for class in &mut self.classes {
            class.members.sort_by_key(|&it| (Reverse(most[it as usize]), by_id[it as usize]));
        }
    }

    /// What a tie from a body to one of a class brings to the start-ups on the side of the first.
    fn along(&self, node: u32, class: &Class) -> u64 {
        let Some(gains) = &self.gains[node as usize] else { return 0 };
        let (near, step) = gains.split_at(self.n_needs);
        let parts = class.steps.iter().zip(near).zip(step);
        parts
            .map(|((steps, near), step)| match steps {
                0 => *near,
                1 => *step,
                _ => 0,
            })
            .sum()
    }

    /// The best pairs with their values, and how many were computed.
    ///
    /// A pair is looked at from the end whose part is the greater, so its value is at most that part
    /// and the lesser of that part again and the most that the other end can bring.
    fn best(&self, n_rows: usize) -> (Vec<(u64, u32, u32)>, u64) {
        type Key = (Reverse<u64>, u32, u32);
        let mut best: BTreeSet<(Key, u32, u32)> = BTreeSet::new();
        let mut n_computed = 0;
        if n_rows == 0 {
            return (Vec::new(), 0);
        }
        let mut froms: Vec<u32> =
            self.ground.indices().filter(|&it| self.most[it as usize] > 0).collect();
        froms.sort_by_key(|&it| (Reverse(self.most[it as usize]), self.by_id[it as usize]));
        // No pair below it can be among the best; 1, as a pair that brings nothing is no bridge.
        let mut least = 1;
        for from in froms {
            if 2 * self.most[from as usize] < least {
                break;
            }
            let back_to = &self.classes[self.class_of[from as usize] as usize];
            for class in &self.classes {
                let forth = self.along(from, class);
                for &to in &class.members {
                    if forth == 0 || forth + forth.min(self.most[to as usize]) < least {
                        break;
                    }
                    if from == to || self.ground.view.link_between(from, to).is_some() {
                        continue;
                    }
                    n_computed += 1;
                    let back = self.along(to, back_to);
                    if back > forth || forth + back < least {
                        continue;
                    }
                    let (a, b) = match self.by_id[from as usize] < self.by_id[to as usize] {
                        true => (from, to),
                        false => (to, from),
                    };
                    let places = (self.by_id[a as usize], self.by_id[b as usize]);
                    best.insert(((Reverse(forth + back), places.0, places.1), a, b));
                    if best.len() > n_rows {
                        best.pop_last();
                    }
                    if best.len() == n_rows {
                        least = best.last().map_or(least, |it| it.0.0.0);
                    }
                }
            }
        }
        (best.into_iter().map(|((Reverse(value), ..), a, b)| (value, a, b)).collect(), n_computed)
    }
}

/// Opens one pair: who gains, and what.
fn bridge(
    ground: &Ground<'_>,
    searches: &Searches,
    start_ups: &StartUps,
    (a, b): (u32, u32),
    value: f64,
) -> MissingBridge {
    let [from_a, from_b] = [a, b].map(|it| distances(&ground.view, &[it], u32::MAX));
    let mut rows = Vec::new();
    let mut sum_before = 0.0;
    let mut needs_nearer: BTreeSet<usize> = BTreeSet::new();
    for row in &start_ups.rows {
        let s = row.index as usize;
        let before = searches.distances_from(row.index);
        let over = |near: u32, far: u32| match near == UNREACHED || far == UNREACHED {
            true => UNREACHED,
            false => near + 1 + far,
        };
        let mut after = before.clone();
        for (need, after) in searches.needs.iter().zip(&mut after) {
            let onward = |end: u32| need.distance[end as usize];
            *after = (*after).min(over(from_a[s], onward(b))).min(over(from_b[s], onward(a)));
        }
        let access = |it: &[u32]| access_of(it, &row.weights).unwrap_or(0.0);
        let (access_before, access_after) = (access(&before), access(&after));
        sum_before += access_before;
        let steps = before.iter().zip(&after).zip(&row.weights).enumerate();
        let steps = steps.filter(|(_, ((before, after), weight))| {
            **weight > 0 && quarters(**after) > quarters(**before)
        });
        let needs: Vec<NeedStep> = steps
            .map(|(at, ((&before, &after), &weight))| {
                needs_nearer.insert(at);
                let need = searches.needs[at].name(ground);
                NeedStep { need, weight, before: reached(before), after: reached(after) }
            })
            .collect();
        if !needs.is_empty() {
            rows.push(BridgeGain {
                node: ground.name(row.index),
                access_before,
                access_after,
                needs,
            });
        }
    }
    let gain = |it: &BridgeGain| it.access_after - it.access_before;
    rows.sort_by(|x, y| gain(y).total_cmp(&gain(x)).then_with(|| x.node.id.cmp(&y.node.id)));
    let mean_access_before = sum_before / start_ups.rows.len() as f64;
    let names: Vec<NodeName> =
        needs_nearer.iter().map(|&it| searches.needs[it].name(ground)).collect();
    let sentence = format!(
        "a tie between {} and {} would bring {} nearer to {}",
        ground.node(a).name(),
        ground.node(b).name(),
        words::count(rows.len(), "start-up", "start-ups"),
        words::list(names.iter().map(|it| it.name.as_str())),
    );
    MissingBridge {
        a: ground.name(a),
        b: ground.name(b),
        distance: reached(from_a[b as usize]),
        value,
        mean_access_before,
        mean_access_after: mean_access_before + value,
        needs: names,
        start_ups: rows,
        sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{self, Dice, Naive, random_graph, sparse_graph};
    use crate::ecosystem::question::Question;
    use weft_graph::{NodeRef, Snapshot, fixture};

    fn found(snapshot: &Snapshot, n_rows: usize) -> MissingBridges {
        let ground = Ground::conduit(snapshot, &Question::default());
        missing_bridges(&ground, &Searches::new(&ground), n_rows)
    }

    #[test]
    fn a_tie_between_two_others_brings_needs_nearer() {
        let snapshot = fixture(
            "s:company{start_up} -partners_with-> h; z:company{idea} -partners_with-> h; \
             x:council -partners_with-> p; p -meets_need-> t:need; x -meets_need-> u:need",
        );
        let found = found(&snapshot, 10);
        let best = &found.rows[0];
        assert_eq!((best.a.id.as_str(), best.b.id.as_str()), ("h", "p"));
        // Of both needs one comes to two steps and one to three: 1/2 (1/2 + 1/4).
        assert_eq!((best.value, best.mean_access_before, best.distance), (0.375, 0.0, None));
        assert_eq!(best.start_ups.len(), 2);
        assert_eq!(
            best.sentence,
            "a tie between h and p would bring 2 start-ups nearer to t and u"
        );
        // h, p and x could be tied; p and x are.
        assert_eq!((found.n_pairs, found.n_start_ups, found.rows.len()), (2, 2, 2));
    }

    #[test]
    fn without_start_ups_or_needs_there_is_no_bridge() {
        assert!(found(&fixture("a -supports-> b; c:council"), 10).rows.is_empty());
        assert!(found(&fixture("s:company{idea}; a -supports-> b; t:need"), 10).rows.is_empty());
    }

    /// Every admissible pair with its value, by trying it out.
    fn naive_bridges(naive: &mut Naive<'_>) -> Vec<(String, String, f64)> {
        let n = naive.nodes.len();
        fn node<'a>(naive: &Naive<'a>, it: usize) -> NodeRef<'a> {
            naive.snapshot.node(naive.nodes[it])
        }
        let start_ups = (0..n).filter(|&it| is_start_up(node(naive, it)));
        let start_ups: Vec<_> = start_ups.map(|it| (it, naive.weights(it))).collect();
        let accesses = |naive: &Naive<'_>| -> Vec<f64> {
            let access = |(s, weights): &(usize, Vec<f64>)| {
                naive::access(&naive.needs_from(*s, None), weights)
            };
            start_ups.iter().filter_map(access).collect()
        };
        if start_ups.is_empty() {
            return Vec::new();
        }
        let before = accesses(naive);
        let mut rows = Vec::new();
        for (a, b) in (0..n * n).map(|it| (it / n, it % n)) {
            let [x, y] = [a, b].map(|it| node(naive, it));
            if x.id() >= y.id() || is_start_up(x) || is_start_up(y) || naive.linked[a][b] {
                continue;
            }
            let ids = (x.id().to_owned(), y.id().to_owned());
            naive.linked[a][b] = true;
            naive.linked[b][a] = true;
            let after = accesses(naive);
            naive.linked[a][b] = false;
            naive.linked[b][a] = false;
            let gain: f64 = after.iter().zip(&before).map(|(after, before)| after - before).sum();
            if gain > 1e-9 {
                rows.push((ids.0, ids.1, gain / before.len() as f64));
            }
        }
        let places = |it: f64| (it * 1e9).round() as i64;
        rows.sort_by(|x, y| {
            places(y.2).cmp(&places(x.2)).then_with(|| (&x.0, &x.1).cmp(&(&y.0, &y.1)))
        });
        rows
    }

    #[test]
    fn bridges_are_those_found_by_trying_every_pair() {
        let mut dice = Dice(23);
        let mut n_bridges = 0;
        for round in 0..3_000 {
            let snapshot = match round % 4 {
                0 => random_graph(&mut dice),
                _ => sparse_graph(&mut dice),
            };
            let day = Question::default().day(&snapshot).unwrap().last_key();
            let mut naive = Naive::new(&snapshot, day);
            let expected = naive_bridges(&mut naive);
            let n_rows = [1, 3, 100][round % 3];
            let found = found(&snapshot, n_rows);
            let rows: Vec<_> =
                found.rows.iter().map(|it| (it.a.id.clone(), it.b.id.clone())).collect();
            let best: Vec<_> =
                expected.iter().take(n_rows).map(|it| (it.0.clone(), it.1.clone())).collect();
            assert_eq!(rows, best);
            for (row, (.., value)) in found.rows.iter().zip(&expected) {
                assert!((row.value - value).abs() < 1e-12, "{} is not {value}", row.value);
                let gains = row.start_ups.iter().map(|it| it.access_after - it.access_before);
                let mean = gains.sum::<f64>() / found.n_start_ups as f64;
                assert!((mean - value).abs() < 1e-12);
                n_bridges += 1;
            }
        }
        assert!(n_bridges > 200, "{n_bridges} bridges");
    }
}
