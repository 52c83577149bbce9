//! A plan of introductions for all start-ups together, in which no body is asked too often.
//!
//! Chosen one at a time, each next one by what it adds to the plan: gain times route, as on a card, less
//! what introductions of the same start-up bring already. Greedy, so it may fall short of the best plan;
//! how far at most is computed and said.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use serde::Serialize;
use weft_analytics::{Interrupted, PageRankOptions, Run, restarted_walks};
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::access::Searches;
use crate::ecosystem::bridges::{StartUp, StartUps};

use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::gaps::nothing_known;
use crate::ecosystem::introduce::{Card, Desk};
use crate::ecosystem::ledger::Standing;
use crate::ecosystem::prospects::{Prospect, Prospects, Seeker, Wanted, Worth};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// A whole score in units of its start-up: quarters of nearness times quarters of route.
const WHOLE: u64 = 16;
/// The most start-ups times bodies of which each pair is looked at for the bound.
const PAIRS_MAX: usize = 1_000_000;
/// What is asked for whenever a start-up is to meet somebody more.
const NEXT: Wanted = Wanted { n: 1, worth: Worth::GainTimesRoute, adds_min: 1, only_ready: false };

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
    /// Introductions written down that are proposed or accepted: they count against the limits.
    pub n_in_hand: usize,
    /// Introductions that one side declined: they are not proposed again.
    pub n_declined: usize,
    /// Who is asked, by the plan and by what is in hand, most often first.
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

impl Plan {
    /// "2 introductions in hand count against these limits; 1 that was declined is not proposed again".
    pub fn standing(&self) -> Option<String> {
        let in_hand = (self.n_in_hand > 0).then(|| {
            let counts = if self.n_in_hand == 1 { "counts" } else { "count" };
            let introductions = words::count(self.n_in_hand, "introduction", "introductions");
            format!("{introductions} in hand {counts} against these limits")
        });
        let declined = (self.n_declined > 0).then(|| match self.n_declined {
            1 => "1 that was declined is not proposed again".to_owned(),
            n => format!("{} that were declined are not proposed again", words::digits(n)),
        });
        let parts: Vec<String> = in_hand.into_iter().chain(declined).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self { n_each: 3, cap: 3, not: Vec::new(), only: None }
    }
}

/// Returns a plan for all start-ups of the conduit view.
///
/// One search a need; then for each start-up what is around it, whenever whom it should meet next is
/// asked for. The cards cost a walk over the whole network for each start-up that has one.
///
/// # Errors
/// If it was interrupted.
pub fn plan(
    snapshot: &Snapshot,
    question: &Question,
    options: &PlanOptions,
    run: &mut Run<'_>,
) -> Result<Plan, Interrupted> {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    let mut start_ups = StartUps::of(&ground, &searches);
    if let Some(only) = &options.only {
        start_ups.rows.retain(|it| only.contains(&ground.view.node(it.index)));
    }
    let refused = options.not.iter().filter_map(|&it| ground.view.index_of(it)).collect();
    let standing = Standing::of(&ground);
    let mut table = Table::new(&ground, &searches, &start_ups, &refused, &standing);
    let chosen = table.choose(options, run)?;
    let bound = table.bound(&chosen, options, run)?;
    let share = |units: u64| units as f64 / (WHOLE * start_ups.unit) as f64;
    let rows = table.rows(&chosen, share, run)?;
    let load = load(&ground, &chosen, &standing);
    let n_met = searches.needs.iter().filter(|it| !it.providers.is_empty()).count();
    let n_of = |it: &BTreeMap<u32, BTreeSet<u32>>| it.values().map(BTreeSet::len).sum::<usize>();
    let has_one: BTreeSet<usize> = chosen.iter().map(|it| it.start_up).collect();
    let without = start_ups.rows.iter().enumerate().filter(|(at, _)| !has_one.contains(at));
    let without: Vec<NodeName> = without.map(|(_, it)| ground.name(it.index)).collect();
    let (value, bound) = (share(chosen.iter().map(|it| it.adds).sum()), share(bound));
    Ok(Plan {
        basis: ground.basis(),
        n_start_ups: start_ups.rows.len(),
        n_each: options.n_each,
        cap: options.cap,
        sentence: nothing_known(searches.needs.len(), n_met, start_ups.rows.len()).map_or_else(
            || sentence(rows.len(), start_ups.rows.len(), without.len(), (value, bound)),
            str::to_owned,
        ),
        n_in_hand: n_of(&standing.in_hand),
        n_declined: n_of(&standing.declined),
        rows,
        value,
        bound,
        load,
        without,
    })
}

/// One introduction with who makes it.
struct Chosen {
    /// The place of the start-up among all.
    start_up: usize,
    prospect: Prospect,
    way: Vec<u32>,
    adds: u64,
}

/// The best that a start-up can have next.
struct Waiting {
    adds: u64,
    start_up: usize,
    /// The place of the start-up in the order of ids.
    place: u32,
    prospect: Prospect,
}

/// All start-ups with whom they could meet.
struct Table<'a> {
    ground: &'a Ground<'a>,
    searches: &'a Searches,
    start_ups: &'a StartUps,
    desks: Vec<Desk<'a>>,
    seekers: Vec<Seeker>,
    prospects: Prospects<'a>,
    standing: &'a Standing,
    is_small: bool,
}

impl<'a> Table<'a> {
    fn new(
        ground: &'a Ground<'a>,
        searches: &'a Searches,
        start_ups: &'a StartUps,
        refused: &'a BTreeSet<u32>,
        standing: &'a Standing,
    ) -> Self {
        let rows = &start_ups.rows;
        let seeker = |it: &StartUp| Seeker::new(searches, it.index, it.weights.clone());
        let desk = |it: &StartUp| Desk::new(ground, searches, it.index, refused, standing);
        Self {
            ground,
            searches,
            start_ups,
            desks: rows.iter().map(desk).collect(),
            seekers: rows.iter().map(seeker).collect(),
            prospects: Prospects::new(ground, searches, refused),
            standing,
            is_small: rows.len().saturating_mul(ground.view.n()) <= PAIRS_MAX,
        }
    }

    /// What a sixteenth of the weight of a start-up is in units.
    fn unit(&self, start_up: usize) -> u64 {
        self.start_ups.unit / self.start_ups.rows[start_up].total
    }

    /// Chooses one at a time the one that adds most, as long as all it asks may be asked.
    ///
    /// What a start-up could have next changes by its own introductions alone, so the best of all is among
    /// the best of each.
    fn choose(&self, options: &PlanOptions, run: &mut Run<'_>) -> Result<Vec<Chosen>, Interrupted> {
        let n = self.seekers.len();
        let mut prospects = self.prospects.clone();
        let mut seekers = self.seekers.clone();
        // Whom a start-up could meet, were it not in hand or declined, or all who know both asked often enough.
        let mut closed: Vec<BTreeSet<u32>> =
            self.desks.iter().map(|it| it.closed().clone()).collect();
        type Counts = BTreeMap<u32, usize>;
        let (mut n_met, mut n_introduces) =
            (self.standing.n_met.clone(), self.standing.n_introduces.clone());
        for (&to, _) in n_met.iter().filter(|it| *it.1 >= options.cap) {
            prospects.leave_out(to);
        }
        let mut n_of: Vec<usize> = (0..n).map(|it| self.n_in_hand(it)).collect();
        let mut chosen: Vec<Chosen> = Vec::new();
        let next = |start_up: usize,
                    prospects: &mut Prospects<'_>,
                    seekers: &[Seeker],
                    closed: &[BTreeSet<u32>]| {
            let (seeker, closed) = (&seekers[start_up], &closed[start_up]);
            let best = prospects.best(seeker, NEXT, |it| !closed.contains(&it));
            let prospect = *best.first()?;
            let adds = u64::from(prospect.adds) * self.unit(start_up);
            let place = prospects.place(seeker.start);
            Some(Waiting { adds, start_up, place, prospect })
        };
        let mut heap = BinaryHeap::new();
        if options.n_each == 0 || options.cap == 0 {
            return Ok(chosen);
        }
        for (start_up, &n_of) in n_of.iter().enumerate() {
            run.hear(start_up, n)?;
            if n_of < options.n_each {
                heap.extend(next(start_up, &mut prospects, &seekers, &closed));
            }
        }
        while let Some(Waiting { adds, start_up, prospect, .. }) = heap.pop() {
            run.hear(chosen.len().min(n), n)?;
            let to = prospect.index;
            let is_free =
                |counts: &Counts, it: u32| counts.get(&it).copied().unwrap_or(0) < options.cap;
            if is_free(&n_met, to) {
                let may = |it: &u32| is_free(&n_introduces, *it);
                let mut ways = self.desks[start_up].ways(to).into_iter();
                if let Some(way) = ways.find(|way| way.iter().all(may)) {
                    seekers[start_up].take(&self.brings(&self.seekers[start_up], &prospect));
                    way.iter().for_each(|&it| *n_introduces.entry(it).or_insert(0) += 1);
                    let n_met = n_met.entry(to).or_insert(0);
                    *n_met += 1;
                    if *n_met == options.cap {
                        prospects.leave_out(to);
                    }
                    n_of[start_up] += 1;
                    chosen.push(Chosen { start_up, prospect, way, adds });
                }
                // Whether it meets it now or never will.
                closed[start_up].insert(to);
            }
            if n_of[start_up] < options.n_each {
                heap.extend(next(start_up, &mut prospects, &seekers, &closed));
            }
        }
        Ok(chosen)
    }

    /// How many introductions a start-up has already, of those that it gets at most.
    fn n_in_hand(&self, start_up: usize) -> usize {
        self.standing.in_hand.get(&self.seekers[start_up].start).map_or(0, BTreeSet::len)
    }

    fn brings(&self, seeker: &Seeker, prospect: &Prospect) -> Vec<u32> {
        self.prospects.brings(seeker, prospect.index, prospect.route, Worth::GainTimesRoute)
    }

    /// A sum that no plan under the same limits exceeds: what is brought, and the most that could still be
    /// added if each introduction added as if it were the next. Limits of the start-ups are kept, and on
    /// small networks by itself those of whom they meet; those of who introduces are not. Starting from
    /// nothing and from the plan gives two such sums, of which the lesser is taken.
    fn bound(
        &mut self,
        chosen: &[Chosen],
        options: &PlanOptions,
        run: &mut Run<'_>,
    ) -> Result<u64, Interrupted> {
        let nothing = self.seekers.clone();
        let mut seekers = self.seekers.clone();
        for it in chosen {
            let seeker = &mut seekers[it.start_up];
            seeker.take(&self.brings(seeker, &it.prospect));
        }
        let has = |(at, it): (usize, &Seeker)| {
            self.unit(at) * it.has.iter().map(|&it| u64::from(it)).sum::<u64>()
        };
        let value: u64 = seekers.iter().enumerate().map(has).sum();
        let from_nothing = self.most_added(&nothing, options, run)?;
        let from_there = self.most_added(&seekers, options, run)?;
        Ok(from_nothing.min(value + from_there).max(value))
    }

    fn most_added(
        &mut self,
        seekers: &[Seeker],
        options: &PlanOptions,
        run: &mut Run<'_>,
    ) -> Result<u64, Interrupted> {
        let mut by_start_up = 0;
        let mut of_met: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        for (at, seeker) in seekers.iter().enumerate() {
            run.hear(at, seekers.len())?;
            let n = if self.is_small { usize::MAX } else { options.n_each };
            let closed = self.desks[at].closed();
            let best =
                self.prospects.best(seeker, Wanted { n, ..NEXT }, |it| !closed.contains(&it));
            let n_each = options.n_each.saturating_sub(self.n_in_hand(at));
            let most = self.prospects.most_brought(seeker, self.searches);
            let still = most.iter().zip(&seeker.has).map(|(most, has)| most.saturating_sub(*has));
            let top: u32 = best.iter().take(n_each).map(|it| it.adds).sum();
            by_start_up += u64::from(top.min(still.sum())) * self.unit(at);
            if self.is_small {
                for it in &best {
                    of_met.entry(it.index).or_default().push(u64::from(it.adds) * self.unit(at));
                }
            }
        }
        if !self.is_small {
            return Ok(by_start_up);
        }
        let top = |(to, mut adds): (u32, Vec<u64>)| -> u64 {
            adds.sort_unstable_by(|a, b| b.cmp(a));
            let n_met = self.standing.n_met.get(&to).copied().unwrap_or(0);
            adds.iter().take(options.cap.saturating_sub(n_met)).sum()
        };
        Ok(by_start_up.min(of_met.into_iter().map(top).sum()))
    }

    fn rows(
        &self,
        chosen: &[Chosen],
        share: impl Fn(u64) -> f64,
        run: &mut Run<'_>,
    ) -> Result<Vec<Planned>, Interrupted> {
        let mut met: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for it in chosen {
            met.entry(it.start_up).or_default().push(it.prospect.index);
        }
        let start = |it: &usize| self.start_ups.rows[*it].index;
        let asked: Vec<(u32, Vec<u32>)> =
            met.iter().map(|(at, it)| (start(at), it.clone())).collect();
        let walks = restarted_walks(&self.ground.view, &asked, &PageRankOptions::default(), run)?;
        // Those met by one start-up come up in the order in which they were asked about.
        let mut walks: BTreeMap<usize, _> =
            met.into_keys().zip(walks.into_iter().map(Vec::into_iter)).collect();
        let mut now: Vec<Vec<u32>> =
            self.start_ups.rows.iter().map(|it| self.searches.distances_from(it.index)).collect();
        let mut rows = Vec::new();
        for it in chosen {
            run.hear(rows.len(), chosen.len())?;
            let desk = &self.desks[it.start_up];
            let (to, now) = (it.prospect.index, &mut now[it.start_up]);
            let candidate = desk.candidate(to);
            let adds = desk.gain_quarters(to, now);
            *now = desk.after(to, now);
            let path = desk.path_along(&it.way, to);
            let walk = walks.get_mut(&it.start_up).and_then(Iterator::next).unwrap_or(0.0);
            rows.push(Planned {
                rank: rows.len() + 1,
                start_up: self.ground.name(start(&it.start_up)),
                adds_to_plan: share(it.adds),
                card: desk.card(&candidate, path, adds, None, walk),
            });
        }
        Ok(rows)
    }
}

fn load(ground: &Ground<'_>, chosen: &[Chosen], standing: &Standing) -> Vec<Load> {
    let mut counts: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    standing.n_met.iter().for_each(|(&it, &n)| counts.entry(it).or_default().0 = n);
    standing.n_introduces.iter().for_each(|(&it, &n)| counts.entry(it).or_default().1 = n);
    for it in chosen {
        counts.entry(it.prospect.index).or_default().0 += 1;
        it.way.iter().for_each(|&broker| counts.entry(broker).or_default().1 += 1);
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

impl Eq for Waiting {}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, others) = (&self.prospect, &other.prospect);
        let rest = |it: &Self| (it.prospect.degree, it.place, it.prospect.place);
        // The greatest comes first from the heap.
        (self.adds, own.route)
            .cmp(&(other.adds, others.route))
            .then(own.resource_allocation.total_cmp(&others.resource_allocation))
            .then(rest(other).cmp(&rest(self)))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
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
    use crate::ecosystem::gaps::gaps;
    use crate::ecosystem::naive::{Dice, random_graph, sparse_graph};
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, cap: usize, n_each: usize, expected: &[(&str, &str, &[&str])]) {
        let options = PlanOptions { n_each, cap, ..PlanOptions::default() };
        let found =
            plan(&fixture(graph), &Question::default(), &options, &mut Run::default()).unwrap();
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
        let found =
            plan(&fixture(COHORT), &Question::default(), &options, &mut Run::default()).unwrap();
        assert_eq!(found.without.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["s2"]);
        let load: Vec<_> =
            found.load.iter().map(|it| (it.node.id.as_str(), it.n_met, it.n_introduces)).collect();
        assert_eq!(load, [("h", 0, 1), ("i", 0, 1), ("p", 1, 0), ("q", 1, 0)]);
        assert_eq!((found.value, found.bound), (1.0, 1.0));
        assert!(found.sentence.ends_with("no plan under the same limits is better"));
    }

    #[test]
    fn where_nobody_meets_a_need_the_plan_and_the_gaps_say_so() {
        let snapshot = fixture("s:company{start_up} -partners_with-> h; t:need");
        let (question, options) = (Question::default(), PlanOptions::default());
        let found = plan(&snapshot, &question, &options, &mut Run::default()).unwrap();
        let said = "nobody in the data meets any need, so it cannot be told who is nearer to one";
        let gaps = gaps(&snapshot, &question, &[]);
        assert_eq!([&found.sentence, gaps.none_unreached(), gaps.no_bridge()], [said; 3]);
    }

    /// The best sum over all plans, by trying every one.
    fn best(table: &mut Table<'_>, options: &PlanOptions) -> Option<u64> {
        type Element = ((usize, u32), Prospect, Vec<u32>);
        let mut elements: Vec<Element> = Vec::new();
        for (start_up, seeker) in table.seekers.iter().enumerate() {
            let all = Wanted { n: usize::MAX, ..NEXT };
            for it in table.prospects.best(seeker, all, |_| true) {
                let ways = table.desks[start_up].ways(it.index).into_iter();
                elements.extend(ways.map(|way| ((start_up, it.index), it, way)));
            }
        }
        if elements.len() > 16 {
            return None;
        }
        let value = |taken: &[&Element]| -> Option<u64> {
            let mut seekers = table.seekers.clone();
            let (mut met, mut asked) = (BTreeMap::new(), BTreeMap::new());
            let mut of = vec![0; table.desks.len()];
            for (at, (seat, prospect, way)) in taken.iter().enumerate() {
                if taken[..at].iter().any(|it| it.0 == *seat) {
                    return None;
                }
                *met.entry(seat.1).or_insert(0) += 1;
                way.iter().for_each(|&it| *asked.entry(it).or_insert(0) += 1);
                of[seat.0] += 1;
                seekers[seat.0].take(&table.brings(&table.seekers[seat.0], prospect));
            }
            let is_kept = met.values().chain(asked.values()).all(|it| *it <= options.cap)
                && of.iter().all(|it| *it <= options.n_each);
            let units = |(at, it): (usize, &Seeker)| {
                table.unit(at) * it.has.iter().map(|&it| u64::from(it)).sum::<u64>()
            };
            is_kept.then(|| seekers.iter().enumerate().map(units).sum())
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
            let nobody = BTreeSet::new();
            let nothing = Standing::default();
            let mut table = Table::new(&ground, &searches, &start_ups, &nobody, &nothing);
            // Both bounds hold.
            table.is_small = round % 4 < 2;
            let run = &mut Run::default();
            let chosen = table.choose(&options, run).unwrap();
            let value: u64 = chosen.iter().map(|it| it.adds).sum();
            let bound = table.bound(&chosen, &options, run).unwrap();
            let Some(best) = best(&mut table, &options).filter(|it| *it > 0) else { continue };
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
