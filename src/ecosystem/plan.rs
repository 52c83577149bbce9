//! A plan of introductions for all start-ups together, in which no body is asked too often.
//!
//! Chosen one at a time, each next one by what it adds to the plan: gain times route, as on a card, less
//! what introductions of the same start-up bring already. Greedy, so it may fall short of the best plan;
//! how far at most is computed and said.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use serde::Serialize;
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::access::{Searches, quarters};
use crate::ecosystem::bridges::StartUps;
use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::introduce::{Candidate, Card, Desk, IntroduceOptions};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// Through more than this many others nobody is introduced, so none of them is asked.
const CHAIN_MAX: usize = 2;
/// A whole score in units of its start-up: quarters of nearness times quarters of route.
const WHOLE: u64 = 16;

/// What the user asks of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOptions {
    /// How many introductions a start-up gets at most.
    pub n_each: usize,
    /// In how many introductions a body is met at most, and in how many it introduces.
    pub cap: usize,
    /// Whom not to introduce.
    pub not: Vec<NodeIdx>,
    /// Only these start-ups; all without a list.
    pub only: Option<BTreeSet<NodeIdx>>,
}

/// The answer to `introduce --all`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Plan {
    /// What it rests on.
    pub basis: Basis,
    /// Start-ups of the view with an ACCESS.
    pub n_start_ups: usize,
    /// How many introductions a start-up gets at most.
    pub n_each: usize,
    /// In how many a body is met at most, and in how many it introduces.
    pub cap: usize,
    /// The introductions, in the order in which they were chosen.
    pub rows: Vec<Planned>,
    /// The sum of what they add.
    pub value: f64,
    /// No plan under the same limits has a greater sum.
    pub bound: f64,
    /// Who is asked, most often first.
    pub load: Vec<Load>,
    /// Start-ups that get none: nobody adds anything, or all who could are asked often enough.
    pub without: Vec<NodeName>,
    /// In words.
    pub sentence: String,
}

/// One introduction of the plan.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Planned {
    /// Its place in the order in which they were chosen.
    pub rank: usize,
    /// Who is introduced.
    pub start_up: NodeName,
    /// What it adds to the plan: gain times route, less what those above bring this start-up already.
    pub adds_to_plan: f64,
    /// To whom, by whom, for what.
    pub card: Card,
}

/// How often a body is asked.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Load {
    /// The body.
    pub node: NodeName,
    /// In how many introductions start-ups meet it.
    pub n_met: usize,
    /// In how many it introduces; ways over more than two bodies ask none of them.
    pub n_introduces: usize,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self { n_each: 3, cap: 3, not: Vec::new(), only: None }
    }
}

/// Returns a plan for all start-ups of the conduit view.
///
/// One search a start-up and one a need; then the candidates of all start-ups, each looked at again when
/// it comes to the top. Memory: a distance for each start-up and body.
pub fn plan(snapshot: &Snapshot, question: &Question, options: &PlanOptions) -> Plan {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    let mut start_ups = StartUps::of(&ground, &searches);
    if let Some(only) = &options.only {
        start_ups.rows.retain(|it| only.contains(&ground.view.node(it.index)));
    }
    let table = Table::new(&ground, &searches, &start_ups, options);
    let chosen = table.choose(options);
    let bound = table.bound(&chosen, options);
    let share = |units: u64| units as f64 / (WHOLE * start_ups.unit) as f64;
    let rows = table.rows(&chosen, share);
    let load = load(&ground, &chosen, &table);
    let without = start_ups.rows.iter().enumerate();
    let without = without.filter(|(at, _)| chosen.iter().all(|it| it.seat.start_up != *at));
    let without: Vec<NodeName> = without.map(|(_, it)| ground.name(it.index)).collect();
    let (value, bound) = (share(chosen.iter().map(|it| it.adds).sum()), share(bound));
    Plan {
        basis: ground.basis(),
        n_start_ups: start_ups.rows.len(),
        n_each: options.n_each,
        cap: options.cap,
        sentence: sentence(rows.len(), start_ups.rows.len(), without.len(), (value, bound)),
        rows,
        value,
        bound,
        load,
        without,
    }
}

/// A start-up and one of its candidates, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seat {
    start_up: usize,
    candidate: usize,
}

/// One introduction with who makes it.
struct Chosen {
    seat: Seat,
    way: Vec<u32>,
    adds: u64,
}

/// A seat on the heap with what it added when it was last looked at.
#[derive(PartialEq, Eq)]
struct Waiting {
    adds: u64,
    route: u32,
    /// Higher resource allocation first; as bits, which order like the positive numbers they are.
    resource_allocation: u64,
    degree: Reverse<usize>,
    by_id: Reverse<(u32, u32)>,
    seat: Seat,
}

/// All start-ups with all their candidates.
struct Table<'a> {
    ground: &'a Ground<'a>,
    searches: &'a Searches,
    start_ups: &'a StartUps,
    desks: Vec<Desk<'a>>,
    candidates: Vec<Vec<Candidate>>,
    /// The place of each body in the order of ids.
    by_id: Vec<u32>,
}

/// What each start-up has so far, by need, in units.
type Brought = Vec<Vec<u64>>;

impl<'a> Table<'a> {
    fn new(
        ground: &'a Ground<'a>,
        searches: &'a Searches,
        start_ups: &'a StartUps,
        options: &PlanOptions,
    ) -> Self {
        let options = IntroduceOptions { n_cards: options.n_each, not: options.not.clone() };
        let desk = |index| Desk::new(ground, searches, index, &options);
        let desks: Vec<Desk<'a>> = start_ups.rows.iter().map(|it| desk(it.index)).collect();
        let candidates = desks.iter().map(Desk::candidates).collect();
        let mut order: Vec<u32> = ground.indices().collect();
        order.sort_by(|&a, &b| ground.by_id(a, b));
        let mut by_id = vec![0; order.len()];
        (0..).zip(order).for_each(|(place, node)| by_id[node as usize] = place);
        Self { ground, searches, start_ups, desks, candidates, by_id }
    }

    fn seats(&self) -> impl Iterator<Item = Seat> {
        let rows = self.candidates.iter().enumerate();
        rows.flat_map(|(start_up, it)| {
            (0..it.len()).map(move |candidate| Seat { start_up, candidate })
        })
    }

    fn candidate(&self, seat: Seat) -> &Candidate {
        &self.candidates[seat.start_up][seat.candidate]
    }

    /// What meeting a candidate brings, by need: route times the rise of nearness times the weight.
    fn brings(&self, seat: Seat) -> impl Iterator<Item = u64> {
        let row = &self.start_ups.rows[seat.start_up];
        let candidate = self.candidate(seat);
        let unit = self.start_ups.unit / row.total * u64::from(candidate.route_quarters());
        self.searches.needs.iter().zip(&row.weights).map(move |(need, &weight)| {
            let now = quarters(need.distance[row.index as usize]);
            let then = quarters(need.distance[candidate.index as usize].saturating_add(1));
            u64::from(then.saturating_sub(now)) * u64::from(weight) * unit
        })
    }

    /// What it adds to what the start-up has. Never more than it added to less: the sum over needs of
    /// the most that any one brings is submodular.
    fn adds(&self, seat: Seat, brought: &Brought) -> u64 {
        let has = &brought[seat.start_up];
        self.brings(seat).zip(has).map(|(brings, has)| brings.saturating_sub(*has)).sum()
    }

    fn waiting(&self, seat: Seat, adds: u64) -> Waiting {
        let candidate = self.candidate(seat);
        let start = self.start_ups.rows[seat.start_up].index;
        let place = |it: u32| self.by_id[it as usize];
        Waiting {
            adds,
            route: candidate.route_quarters(),
            resource_allocation: candidate.resource_allocation.to_bits(),
            degree: Reverse(self.ground.view.degree(candidate.index)),
            by_id: Reverse((place(start), place(candidate.index))),
            seat,
        }
    }

    /// Chooses one at a time the one that adds most, as long as all it asks may be asked.
    fn choose(&self, options: &PlanOptions) -> Vec<Chosen> {
        let mut brought = self.nothing_brought();
        let mut heap: BinaryHeap<Waiting> =
            self.seats().map(|it| self.waiting(it, self.adds(it, &brought))).collect();
        let (mut n_met, mut n_introduces) = (BTreeMap::new(), BTreeMap::new());
        let mut n_of = vec![0; self.desks.len()];
        let mut chosen: Vec<Chosen> = Vec::new();
        while let Some(top) = heap.pop() {
            let seat = top.seat;
            let adds = self.adds(seat, &brought);
            if adds == 0 || n_of[seat.start_up] == options.n_each {
                continue;
            }
            if adds < top.adds {
                heap.push(self.waiting(seat, adds));
                continue;
            }
            let to = self.candidate(seat).index;
            let is_free = |counts: &BTreeMap<u32, usize>, it: u32| {
                counts.get(&it).copied().unwrap_or(0) < options.cap
            };
            if !is_free(&n_met, to) {
                continue;
            }
            let may = |it: &u32| is_free(&n_introduces, *it);
            let mut ways = self.desks[seat.start_up].ways(to).into_iter();
            let Some(way) = ways.find(|way| asked(way).iter().all(may)) else { continue };
            *n_met.entry(to).or_insert(0) += 1;
            asked(&way).iter().for_each(|&it| *n_introduces.entry(it).or_insert(0) += 1);
            n_of[seat.start_up] += 1;
            let brings: Vec<u64> = self.brings(seat).collect();
            let has = brought[seat.start_up].iter_mut();
            has.zip(brings).for_each(|(has, brings)| *has = (*has).max(brings));
            chosen.push(Chosen { seat, way, adds });
        }
        chosen
    }

    fn nothing_brought(&self) -> Brought {
        vec![vec![0; self.searches.needs.len()]; self.desks.len()]
    }

    /// A sum that no plan under the same limits exceeds: what is brought, and the most that could still be
    /// added if each introduction added as if it were the next. Limits of the start-ups and of those they
    /// meet are kept, each by itself; those of who introduces are not. Starting from nothing and from the
    /// plan gives two such sums, of which the lesser is taken.
    fn bound(&self, chosen: &[Chosen], options: &PlanOptions) -> u64 {
        let nothing = self.nothing_brought();
        let mut brought = self.nothing_brought();
        for it in chosen {
            let has = brought[it.seat.start_up].iter_mut();
            has.zip(self.brings(it.seat)).for_each(|(has, brings)| *has = (*has).max(brings));
        }
        let value: u64 = brought.iter().flatten().sum();
        let from_nothing = self.most_added(&nothing, options);
        from_nothing.min(value + self.most_added(&brought, options)).max(value)
    }

    fn most_added(&self, brought: &Brought, options: &PlanOptions) -> u64 {
        let mut of_start_ups: Vec<Vec<u64>> = vec![Vec::new(); self.desks.len()];
        let mut of_met: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        let mut most_by_need = brought.clone();
        for seat in self.seats() {
            let adds = self.adds(seat, brought);
            of_start_ups[seat.start_up].push(adds);
            of_met.entry(self.candidate(seat).index).or_default().push(adds);
            let most = most_by_need[seat.start_up].iter_mut();
            most.zip(self.brings(seat)).for_each(|(most, brings)| *most = (*most).max(brings));
        }
        let top = |mut adds: Vec<u64>, n: usize| -> u64 {
            adds.sort_unstable_by(|a, b| b.cmp(a));
            adds.iter().take(n).sum()
        };
        let by_start_up = of_start_ups.into_iter().enumerate().map(|(at, adds)| {
            let has: u64 = brought[at].iter().sum();
            let all: u64 = most_by_need[at].iter().sum();
            top(adds, options.n_each).min(all - has)
        });
        let by_start_up: u64 = by_start_up.sum();
        by_start_up.min(of_met.into_values().map(|it| top(it, options.cap)).sum())
    }

    fn rows(&self, chosen: &[Chosen], share: impl Fn(u64) -> f64) -> Vec<Planned> {
        let mut now: Vec<Vec<u32>> =
            self.start_ups.rows.iter().map(|it| self.searches.distances_from(it.index)).collect();
        let mut rows = Vec::new();
        for it in chosen {
            let (desk, candidate) = (&self.desks[it.seat.start_up], self.candidate(it.seat));
            let now = &mut now[it.seat.start_up];
            let adds = desk.gain_quarters(candidate.index, now);
            *now = desk.after(candidate.index, now);
            let path = desk.path_along(&it.way, candidate.index);
            rows.push(Planned {
                rank: rows.len() + 1,
                start_up: self.ground.name(self.start_ups.rows[it.seat.start_up].index),
                adds_to_plan: share(it.adds),
                card: desk.card(candidate, path, adds, None),
            });
        }
        rows
    }
}

/// Who of a way is asked to introduce.
fn asked(way: &[u32]) -> &[u32] {
    if way.len() <= CHAIN_MAX { way } else { &[] }
}

fn load(ground: &Ground<'_>, chosen: &[Chosen], table: &Table<'_>) -> Vec<Load> {
    let mut counts: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for it in chosen {
        counts.entry(table.candidate(it.seat).index).or_default().0 += 1;
        asked(&it.way).iter().for_each(|&broker| counts.entry(broker).or_default().1 += 1);
    }
    let mut res: Vec<Load> = counts
        .into_iter()
        .map(|(node, (n_met, n_introduces))| Load { node: ground.name(node), n_met, n_introduces })
        .collect();
    let n_asked = |it: &Load| it.n_met + it.n_introduces;
    res.sort_by(|a, b| n_asked(b).cmp(&n_asked(a)).then_with(|| a.node.id.cmp(&b.node.id)));
    res
}

fn sentence(
    n_rows: usize,
    n_start_ups: usize,
    n_without: usize,
    (value, bound): (f64, f64),
) -> String {
    if n_rows == 0 {
        return "no introduction would bring a start-up nearer to a need".to_owned();
    }
    let introductions = words::count(n_rows, "introduction", "introductions");
    let start_ups = words::count(n_start_ups - n_without, "start-up", "start-ups");
    let best = match value >= bound {
        true => "no plan under the same limits is better".to_owned(),
        // Rounded down: it is a promise.
        false => {
            let share = (value / bound * 100.0).floor();
            format!(
                "at least {share} in 100 of what the best plan under the same limits could bring"
            )
        }
    };
    format!("{introductions} for {start_ups}; {best}")
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.adds, it.route, it.resource_allocation, it.degree, it.by_id);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, random_graph, sparse_graph};
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, cap: usize, n_each: usize, expected: &[(&str, &str, &[&str])]) {
        let options = PlanOptions { n_each, cap, ..PlanOptions::default() };
        let found = plan(&fixture(graph), &Question::default(), &options);
        let rows: Vec<(&str, &str, Vec<&str>)> = found
            .rows
            .iter()
            .map(|it| {
                let brokers = it.card.brokers.iter().map(|it| it.node.id.as_str());
                (it.start_up.id.as_str(), it.card.to.id.as_str(), brokers.collect())
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|&(a, b, it)| (a, b, it.to_vec())).collect();
        assert_eq!(rows, expected);
    }

    const COHORT: &str = "s1:company{start_up} -partners_with-> h; s2:company{start_up} -partners_with-> h; \
        s3:company{start_up} -partners_with-> h; s3 -partners_with-> i; h -partners_with-> p; \
        i -partners_with-> p; p -meets_need-> t:need; h -partners_with-> q; q -meets_need-> t";

    #[test]
    fn nobody_is_asked_more_often_than_the_cap() {
        check(COHORT, 3, 1, &[("s3", "p", &["i"]), ("s1", "q", &["h"]), ("s2", "q", &["h"])]);
        // h may introduce once; s3 has another who knows p.
        check(COHORT, 1, 1, &[("s3", "p", &["i"]), ("s1", "q", &["h"])]);
        check(COHORT, 0, 1, &[]);
    }

    #[test]
    fn who_gets_none_and_who_is_asked_is_said() {
        let options = PlanOptions { n_each: 1, cap: 1, ..PlanOptions::default() };
        let found = plan(&fixture(COHORT), &Question::default(), &options);
        assert_eq!(found.without.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["s2"]);
        let load: Vec<_> =
            found.load.iter().map(|it| (it.node.id.as_str(), it.n_met, it.n_introduces)).collect();
        assert_eq!(load, [("h", 0, 1), ("i", 0, 1), ("p", 1, 0), ("q", 1, 0)]);
        assert_eq!((found.value, found.bound), (1.0, 1.0));
        assert!(found.sentence.ends_with("no plan under the same limits is better"));
    }

    /// The best sum over all plans, by trying every one.
    fn best(table: &Table<'_>, options: &PlanOptions) -> Option<u64> {
        type Element = (Seat, Vec<u32>);
        let elements: Vec<Element> = table
            .seats()
            .flat_map(|seat| {
                let to = table.candidate(seat).index;
                table.desks[seat.start_up].ways(to).into_iter().map(move |way| (seat, way))
            })
            .collect();
        if elements.len() > 16 {
            return None;
        }
        let value = |taken: &[&Element]| -> Option<u64> {
            let mut brought = table.nothing_brought();
            let (mut met, mut asked) = (BTreeMap::new(), BTreeMap::new());
            let mut of = vec![0; table.desks.len()];
            for (at, (seat, way)) in taken.iter().enumerate() {
                if taken[..at].iter().any(|it| it.0 == *seat) {
                    return None;
                }
                *met.entry(table.candidate(*seat).index).or_insert(0) += 1;
                super::asked(way).iter().for_each(|&it| *asked.entry(it).or_insert(0) += 1);
                of[seat.start_up] += 1;
                let has = brought[seat.start_up].iter_mut();
                has.zip(table.brings(*seat)).for_each(|(has, it)| *has = (*has).max(it));
            }
            let is_kept = met.values().chain(asked.values()).all(|it| *it <= options.cap)
                && of.iter().all(|it| *it <= options.n_each);
            is_kept.then(|| brought.iter().flatten().sum())
        };
        let plans = (0..1_u32 << elements.len()).filter_map(|bits| {
            let taken: Vec<&Element> = elements
                .iter()
                .enumerate()
                .filter(|it| bits >> it.0 & 1 == 1)
                .map(|it| it.1)
                .collect();
            value(&taken)
        });
        plans.max()
    }

    #[test]
    fn no_plan_is_above_the_bound_and_the_greedy_one_is_near_the_best() {
        let mut dice = Dice(31);
        let (mut n_plans, mut n_best, mut n_proven) = (0, 0, 0);
        for round in 0..700 {
            let snapshot =
                if round % 2 == 0 { random_graph(&mut dice) } else { sparse_graph(&mut dice) };
            let question = Question::default();
            let ground = Ground::conduit(&snapshot, &question);
            let searches = Searches::new(&ground);
            let start_ups = StartUps::of(&ground, &searches);
            let options =
                PlanOptions { n_each: 1 + round % 2, cap: 1 + round % 3 / 2, ..Default::default() };
            let table = Table::new(&ground, &searches, &start_ups, &options);
            let chosen = table.choose(&options);
            let value: u64 = chosen.iter().map(|it| it.adds).sum();
            let bound = table.bound(&chosen, &options);
            let Some(best) = best(&table, &options).filter(|it| *it > 0) else { continue };
            assert!(value <= best && best <= bound, "{value}, {best}, {bound}");
            assert!(2 * value >= best, "{value} of {best}");
            n_plans += 1;
            n_best += usize::from(value == best);
            n_proven += usize::from(value == bound);
        }
        assert!(n_plans > 50 && n_best * 10 > n_plans * 9, "{n_best} best of {n_plans}");
        assert!(n_proven * 2 > n_plans, "{n_proven} proven of {n_plans}");
    }
}
