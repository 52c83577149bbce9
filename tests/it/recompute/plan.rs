//! The plan for all start-ups: each introduction the best that the limits leave, the load, the bound.

use std::collections::BTreeMap;

use super::Ctx;
use super::access::nearness;
use super::audit::At;
use super::introductions::{Candidate, Desk};

/// At most so many introductions a start-up, and so often a body is met, or introduces.
const N_EACH: usize = 3;
const CAP: usize = 3;
/// Ways over more bodies ask none of them.
const CHAIN_MAX: usize = 2;
/// Sums may differ by so much.
const SLACK: f64 = 1e-9;

/// What each start-up has so far, by need.
type Brought = Vec<Vec<f64>>;

struct Table<'a, 'c> {
    desks: Vec<Desk<'a, 'c>>,
    candidates: Vec<Vec<Candidate>>,
}

pub(super) fn check(plan: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let start_ups = (0..network.n()).filter(|&it| network.is_start_up(it));
    let desks: Vec<Desk<'_, '_>> =
        start_ups.map(|it| Desk::new(ctx, it)).filter(|it| !it.needs.is_empty()).collect();
    let table = Table { candidates: desks.iter().map(Desk::candidates).collect(), desks };
    plan.get("n_start_ups").is(table.desks.len());
    plan.get("n_each").is(N_EACH);
    // Nothing is written down in the bundled data.
    plan.get("n_in_hand").is(0);
    plan.get("n_declined").is(0);
    plan.get("cap").is(CAP);
    let mut brought = table.nothing();
    let (mut n_of, mut n_met, mut n_introduces) =
        (vec![0; table.desks.len()], BTreeMap::new(), BTreeMap::new());
    let mut met: Vec<Vec<usize>> = vec![Vec::new(); table.desks.len()];
    let n_times =
        |counts: &BTreeMap<usize, usize>, it: usize| counts.get(&it).copied().unwrap_or(0);
    let mut last = f64::INFINITY;
    for (at, row) in plan.get("rows").items().iter().enumerate() {
        row.get("rank").is(at + 1);
        let start = network.at(row.get("start_up").id());
        let which = table.desks.iter().position(|it| it.start == start).unwrap();
        let desk = &table.desks[which];
        let card = row.get("card");
        let node = network.at(card.get("to").id());
        let to = *table.candidates[which].iter().find(|it| it.node == node).unwrap();
        let adds = table.adds(which, &to, &brought);
        row.get("adds_to_plan").measures(adds);
        // Nobody who could still be met adds more, whoever would introduce.
        let best = table.seats().filter(|(which, to)| {
            let is_free = |it: usize| n_times(&n_introduces, it) < CAP;
            n_of[*which] < N_EACH
                && n_times(&n_met, to.node) < CAP
                && table.desks[*which].may_be_introduced(to.node, is_free)
        });
        let best = best.map(|(which, to)| table.adds(which, to, &brought)).fold(0.0, f64::max);
        assert!((adds - best).abs() < SLACK && adds > 0.0 && adds <= last + SLACK);
        last = adds;
        card.get("adds").measures(
            desk.access_with(&[met[which].as_slice(), &[node]].concat())
                - desk.access_with(&met[which]),
        );
        let asked = card.get("brokers").items();
        let asked: Vec<usize> = asked.iter().map(|it| network.at(it.get("node").id())).collect();
        let asked = if asked.len() <= CHAIN_MAX { asked } else { Vec::new() };
        assert!(asked.iter().all(|it| n_times(&n_introduces, *it) < CAP));
        assert!(n_of[which] < N_EACH && n_times(&n_met, node) < CAP);
        desk.card(&card, to, false);
        let brings = table.brings(which, &to);
        brought[which].iter_mut().zip(brings).for_each(|(has, it)| *has = has.max(it));
        met[which].push(node);
        n_of[which] += 1;
        *n_met.entry(node).or_default() += 1;
        asked.iter().for_each(|&it| *n_introduces.entry(it).or_default() += 1);
    }
    let value: f64 = brought.iter().flatten().sum();
    plan.get("value").measures(value);
    let by_both = table.most_added(&table.nothing()).min(value + table.most_added(&brought));
    plan.get("bound").is_near(by_both.max(value), SLACK);
    let load = plan.get("load").items();
    assert_eq!(
        load.len(),
        n_met.keys().chain(n_introduces.keys()).collect::<std::collections::BTreeSet<_>>().len()
    );
    for row in load {
        let node = network.at(row.get("node").id());
        row.get("n_met").is(n_times(&n_met, node));
        row.get("n_introduces").is(n_times(&n_introduces, node));
    }
    let without = table.desks.iter().zip(&n_of).filter(|it| *it.1 == 0).map(|it| it.0.start);
    assert_eq!(plan.get("without").ids(), network.named(without));
}

impl Table<'_, '_> {
    fn nothing(&self) -> Brought {
        self.desks.iter().map(|it| vec![0.0; it.needs.len()]).collect()
    }

    fn seats(&self) -> impl Iterator<Item = (usize, &Candidate)> {
        self.candidates.iter().enumerate().flat_map(|(at, it)| it.iter().map(move |to| (at, to)))
    }

    /// What meeting somebody brings, by need: route times the rise of nearness times the weight.
    fn brings(&self, which: usize, to: &Candidate) -> Vec<f64> {
        let desk = &self.desks[which];
        let total: usize = desk.needs.iter().map(|it| it.weight).sum();
        let of = |need: &super::access::NeedOf<'_>| {
            let rise = nearness(desk.after(need, &[to.node])) - nearness(need.distance);
            to.route * rise * need.weight as f64 / total as f64
        };
        desk.needs.iter().map(of).collect()
    }

    fn adds(&self, which: usize, to: &Candidate, brought: &Brought) -> f64 {
        let more = |(brings, has): (f64, &f64)| (brings - has).max(0.0);
        self.brings(which, to).into_iter().zip(&brought[which]).map(more).sum()
    }

    /// The most that could be added if each introduction added as if it were the next: by start-up, each
    /// with so many, and by who is met, each so often.
    fn most_added(&self, brought: &Brought) -> f64 {
        let mut by_start_up: Vec<Vec<f64>> = vec![Vec::new(); self.desks.len()];
        let mut by_met: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        let mut most = brought.clone();
        for (which, to) in self.seats() {
            let adds = self.adds(which, to, brought);
            by_start_up[which].push(adds);
            by_met.entry(to.node).or_default().push(adds);
            let brings = self.brings(which, to);
            most[which].iter_mut().zip(brings).for_each(|(most, it)| *most = most.max(it));
        }
        let top = |mut adds: Vec<f64>, n: usize| -> f64 {
            adds.sort_by(|a, b| b.total_cmp(a));
            adds.iter().take(n).sum()
        };
        let of_start_ups = by_start_up.into_iter().enumerate().map(|(at, adds)| {
            let room = most[at].iter().sum::<f64>() - brought[at].iter().sum::<f64>();
            top(adds, N_EACH).min(room)
        });
        let of_start_ups: f64 = of_start_ups.sum();
        of_start_ups.min(by_met.into_values().map(|it| top(it, CAP)).sum())
    }
}
