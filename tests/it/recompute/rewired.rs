//! Networks with the same ties rewired, made anew with other dice: what chance is held to.
//!
//! Chance differs, so figures are held to what 200 networks of our own give, give or take four and a
//! half standard errors.

use std::collections::{BTreeMap, BTreeSet};

use weft_graph::{Ends, KindId, RelationId, Schema};

use super::Ctx;
use super::audit::At;
use super::stability::{Dice, figures};

/// How many networks the command makes.
pub(super) const SAMPLES: usize = 999;
/// How many are made here.
const OWN_SAMPLES: usize = 200;
/// Swaps a link that make a sample, and tries a link that end it.
const SWAPS: usize = 10;
const TRIES: usize = 100;
/// By so many standard errors a figure may differ.
const ERRORS: f64 = 4.5;

/// What a swap must keep.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// The kinds at both ends.
    KeepKinds,
    /// What the schema allows.
    AsSchemaAllows,
}

/// All ties between two bodies: they move together, in exchange for ties of the same relations.
#[derive(Clone)]
struct Wire {
    source: usize,
    target: usize,
    /// Each relation, with whether it leads from the source; one that reads either way round does.
    relations: Vec<(RelationId, bool)>,
}

/// The ends of all links in each network.
pub(super) struct Rewired(pub(super) Vec<Vec<(usize, usize)>>);

impl Rewired {
    pub(super) fn of(ctx: &Ctx<'_>, rule: Rule) -> Self {
        let network = &ctx.conduit;
        let schema = &ctx.listed.schema;
        let mut of_pair: BTreeMap<(usize, usize), Vec<(RelationId, bool)>> = BTreeMap::new();
        for it in network.ties() {
            let relation = schema.relation_id(it.relation).unwrap();
            let (source, target) = (network.at(it.source), network.at(it.target));
            let is_forth = schema.relation(relation).symmetric || source < target;
            let pair = (source.min(target), source.max(target));
            of_pair.entry(pair).or_default().push((relation, is_forth));
        }
        let wire = |((source, target), mut relations): (_, Vec<_>)| {
            relations.sort_unstable();
            let wire = Wire { source, target, relations };
            let turned = wire.turned(schema);
            if wire.relations < turned.relations { turned } else { wire }
        };
        let wires: Vec<Wire> = of_pair.into_iter().map(wire).collect();
        let mut dice = Dice(31);
        Self((0..OWN_SAMPLES).map(|_| sample(ctx, &wires, rule, &mut dice)).collect())
    }

    /// Holds that a mean over the command's networks and a share of them are those of ours.
    pub(super) fn hold(&self, expected: &At<'_>, shares: &[(At<'_>, f64)], own: &[f64]) {
        let n = own.len() as f64;
        let mean = own.iter().sum::<f64>() / n;
        let variance = own.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let spread = (1.0 / n + 1.0 / SAMPLES as f64).sqrt();
        expected.is_near(mean, ERRORS * variance.sqrt() * spread + 1e-9);
        for (at, share) in shares {
            let share = (1.0 + share * SAMPLES as f64) / (1.0 + SAMPLES as f64);
            // Where none of ours is as extreme, a few of theirs may be.
            let error = (share.max(0.02) * (1.0 - share).max(0.02)).sqrt() * spread;
            at.is_near(share, ERRORS * error);
        }
    }
}

impl Wire {
    fn turned(&self, schema: &Schema) -> Self {
        let turned = |&(relation, is_forth): &(RelationId, bool)| {
            (relation, schema.relation(relation).symmetric || !is_forth)
        };
        let mut relations: Vec<_> = self.relations.iter().map(turned).collect();
        relations.sort_unstable();
        Self { source: self.target, target: self.source, relations }
    }
}

fn sample(ctx: &Ctx<'_>, wires: &[Wire], rule: Rule, dice: &mut Dice) -> Vec<(usize, usize)> {
    let schema = &ctx.listed.schema;
    let kinds: Vec<KindId> =
        ctx.conduit.nodes().map(|it| schema.kind_id(it.kind).unwrap()).collect();
    let pair = |a: usize, b: usize| (a.min(b), a.max(b));
    let mut wires = wires.to_vec();
    let mut linked: BTreeSet<_> = wires.iter().map(|it| pair(it.source, it.target)).collect();
    let mut left = SWAPS * wires.len() + dice.roll(2);
    for _ in 0..TRIES * wires.len() {
        if left == 0 {
            break;
        }
        let (first, second) = (dice.roll(wires.len()), dice.roll(wires.len()));
        if first == second || wires[second].relations != wires[first].relations {
            continue;
        }
        let mut either = |it: &Wire| {
            let turned = it.turned(schema);
            if turned.relations == it.relations && dice.roll(2) == 1 { turned } else { it.clone() }
        };
        let (one, other) = (either(&wires[first]), either(&wires[second]));
        let is_admitted = match rule {
            Rule::KeepKinds => {
                kinds[one.target] == kinds[other.target] || kinds[one.source] == kinds[other.source]
            }
            Rule::AsSchemaAllows => {
                let allows = |source: usize, target: usize| {
                    one.relations.iter().all(|&(relation, is_forth)| {
                        let (from, to) = if is_forth { (source, target) } else { (target, source) };
                        schema.allows(relation, Ends::Source, kinds[from])
                            && schema.allows(relation, Ends::Target, kinds[to])
                    })
                };
                allows(one.source, other.target) && allows(other.source, one.target)
            }
        };
        let new = [pair(one.source, other.target), pair(other.source, one.target)];
        let is_free = |it: &(usize, usize)| it.0 != it.1 && !linked.contains(it);
        if !is_admitted || !new.iter().all(is_free) {
            continue;
        }
        for old in [pair(one.source, one.target), pair(other.source, other.target)] {
            linked.remove(&old);
        }
        linked.extend(new);
        wires[first] = Wire { target: other.target, ..one };
        wires[second] = Wire { target: one.target, ..other };
        left -= 1;
    }
    wires.iter().map(|it| (it.source, it.target)).collect()
}

/// The links that ties make: each pair once.
pub(super) fn links(ties: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let pairs: BTreeSet<_> = ties.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
    pairs.into_iter().collect()
}

/// Betweenness and harmonic closeness of every node in each rewired network.
pub(super) struct Chances {
    networks: Rewired,
    figures: Vec<[Vec<f64>; 3]>,
}

impl Chances {
    pub(super) fn of(ctx: &Ctx<'_>) -> Self {
        let networks = Rewired::of(ctx, Rule::KeepKinds);
        let of = |ties: &Vec<(usize, usize)>| figures(ctx.conduit.n(), &links(ties));
        Self { figures: networks.0.iter().map(of).collect(), networks }
    }

    /// Holds the chance of a row, by which of the three figures it is ranked; degrees are kept by every
    /// rewiring, so nothing is said of them.
    pub(super) fn check(&self, row: &At<'_>, which: usize, value: f64, ctx: &Ctx<'_>) {
        let found = row.get("chance");
        let figures = ["expected", "times_expected", "p_higher", "p_lower"];
        if which == 0 {
            found.get("n_samples").is(0);
            figures.iter().for_each(|it| found.get(it).measures_or_none(None));
            return;
        }
        found.get("n_samples").is(SAMPLES);
        let node = ctx.conduit.at(row.get("node").id());
        let own: Vec<f64> = self.figures.iter().map(|it| it[which][node]).collect();
        let share = |takes: &dyn Fn(f64) -> bool| {
            own.iter().filter(|it| takes(**it)).count() as f64 / own.len() as f64
        };
        let slack = 1e-9 * value.max(1.0);
        let shares = [
            (found.get("p_higher"), share(&|it| it >= value - slack)),
            (found.get("p_lower"), share(&|it| it <= value + slack)),
        ];
        self.networks.hold(&found.get("expected"), &shares, &own);
        let expected = found.get("expected").number().unwrap();
        found.get("times_expected").measures(value / expected);
        let p = |name: &str| found.get(name).number().unwrap();
        let words = match () {
            () if p("p_higher") <= 0.025 => "more than its number of ties explains",
            () if p("p_lower") <= 0.025 => "less than its number of ties would give",
            () => "what its number of ties alone would give",
        };
        assert_eq!(found.get("sentence").text(), words);
    }
}
