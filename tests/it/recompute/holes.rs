//! Holes: kinds, sectors and places against chance, and circles that hardly touch.

use std::collections::{BTreeMap, BTreeSet};

use weft_graph::Family;

use super::Ctx;
use super::access::needs_of;
use super::audit::At;
use super::rewired::{Rewired, Rule, SAMPLES, links};

/// A group of fewer bodies is not compared, and so many of each sort are at most.
const GROUP_FROM: usize = 3;
const GROUPS_MAX: usize = 50;
/// With fewer links expected a pair is not tested; within this of it, chance decides.
const EXPECTED_FROM: f64 = 3.0;
const SLACK: f64 = 0.8;

/// Bodies by group.
pub(super) type Groups<'a> = BTreeMap<&'a str, BTreeSet<usize>>;

pub(super) fn check(holes: &At<'_>, ctx: &Ctx<'_>) {
    holes.get("n_samples").is(SAMPLES);
    let sortings = [("kind", kinds(ctx)), ("sector", sectors(ctx)), ("place", places(ctx))];
    let sortings = sortings.map(|(name, mut groups)| {
        groups.retain(|_, it| it.len() >= GROUP_FROM);
        assert!(groups.len() <= GROUPS_MAX);
        (name, groups)
    });
    let networks = Rewired::of(ctx, Rule::AsSchemaAllows);
    let samples: Vec<Vec<(usize, usize)>> = networks.0.iter().map(|it| links(it)).collect();
    let own: Vec<(usize, usize)> = ctx.conduit.links.keys().copied().collect();
    let rows = holes.get("pairs").items();
    let mut n_pairs = 0;
    for (group_by, groups) in &sortings {
        let all: Vec<_> = groups.iter().collect();
        for (at, (a, of_a)) in all.iter().enumerate() {
            for (b, of_b) in &all[at + 1..] {
                // Those with a body in common touch already.
                if !of_a.is_disjoint(of_b) {
                    continue;
                }
                n_pairs += 1;
                let n_between = |links: &[(usize, usize)]| {
                    let joins = |x: &usize, y: &usize| of_a.contains(x) && of_b.contains(y);
                    links.iter().filter(|(x, y)| joins(x, y) || joins(y, x)).count()
                };
                let counts: Vec<f64> = samples.iter().map(|it| n_between(it) as f64).collect();
                let expected = counts.iter().sum::<f64>() / counts.len() as f64;
                let row = rows.iter().find(|it| {
                    let ids = [it.get("a").id(), it.get("b").id()];
                    it.get("group_by").text() == *group_by && ids == [**a, **b]
                });
                let Some(row) = row else {
                    assert!(expected < EXPECTED_FROM + SLACK, "{a} and {b}: {expected}");
                    continue;
                };
                assert!(expected > EXPECTED_FROM - SLACK, "{a} and {b}: {expected}");
                row.get("a/n_nodes").is(of_a.len());
                row.get("b/n_nodes").is(of_b.len());
                let n_links = n_between(&own);
                row.get("n_links").is(n_links);
                let why = row.get("why").items();
                let ends = |it: &At<'_>, end: &str| ctx.conduit.at(it.get(end).id());
                let listed: Vec<_> =
                    why.iter().map(|it| (ends(it, "from"), ends(it, "to"))).collect();
                assert_eq!((n_between(&listed), listed.len()), (n_links, n_links));
                let n_as_few = counts.iter().filter(|it| **it <= n_links as f64).count();
                let share = n_as_few as f64 / counts.len() as f64;
                networks.hold(&row.get("expected"), &[(row.get("p"), share)], &counts);
            }
        }
    }
    holes.get("n_pairs_tested").is(rows.len());
    holes.get("n_pairs_too_small").is(n_pairs - rows.len());
    corrected(&rows);
    circles(holes, ctx);
}

/// Benjamini and Hochberg: the least of p n / rank of this and all after it.
fn corrected(rows: &[At<'_>]) {
    let p: Vec<f64> = rows.iter().map(|it| it.get("p").number().unwrap()).collect();
    assert!(p.is_sorted());
    for (at, row) in rows.iter().enumerate() {
        let n = p.len() as f64;
        let q = (at..p.len()).map(|it| p[it] * n / (it + 1) as f64).fold(1.0, f64::min);
        row.get("q").measures(q);
        assert_eq!(row.get("is_hole").flag(), q <= 0.05);
    }
}

fn kinds<'a>(ctx: &Ctx<'a>) -> Groups<'a> {
    let mut res = Groups::new();
    for (at, node) in ctx.conduit.nodes().enumerate() {
        res.entry(node.kind).or_default().insert(at);
    }
    res
}

pub(super) fn sectors<'a>(ctx: &Ctx<'a>) -> Groups<'a> {
    let mut res = Groups::new();
    for (at, &id) in ctx.conduit.ids.iter().enumerate() {
        for sector in ctx.raw.node(id).sectors() {
            res.entry(sector).or_default().insert(at);
        }
    }
    res
}

/// Each body is in its places, and in the larger ones of which they are part or in which they lie.
pub(super) fn places<'a>(ctx: &Ctx<'a>) -> Groups<'a> {
    let is_place = |id: &str| ctx.listed.is_of(id, Family::Place);
    let from = |id: &str, relations: &[&str]| -> Vec<&'a str> {
        let ties = ctx.listed.ties.values();
        let own = ties.filter(|it| it.source == id && relations.contains(&it.relation));
        own.map(|it| it.target).filter(|it| is_place(it)).collect()
    };
    let mut res = Groups::new();
    for (at, &id) in ctx.conduit.ids.iter().enumerate() {
        let mut waiting = from(id, &["located_in"]);
        while let Some(place) = waiting.pop() {
            if res.entry(place).or_default().insert(at) {
                waiting.extend(from(place, &["part_of", "located_in"]));
            }
        }
    }
    res
}

/// Every two circles of three bodies or more that no link or one joins, with what each has that
/// start-ups of the other do not reach.
fn circles(holes: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let rows = holes.get("communities").items();
    let mut circles: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for group in rows.iter().flat_map(|it| [it.get("a"), it.get("b")]) {
        let members: BTreeSet<usize> =
            group.get("members").ids().into_iter().map(|it| network.at(it)).collect();
        group.get("n_nodes").is(members.len());
        assert!(members.len() >= GROUP_FROM);
        let number = group.id().parse().unwrap();
        assert!(circles.insert(number, members.clone()).is_none_or(|it| it == members));
    }
    let all: Vec<usize> = circles.values().flatten().copied().collect();
    assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len(), "nobody is in two circles");
    // Those of fewer bodies hold everybody else: a circle that touches all others twice is not listed.
    let n_small = holes.get("n_small_communities").number().unwrap() as usize;
    let n_elsewhere = network.n() - all.len();
    assert!((1..=n_elsewhere).contains(&n_small) && n_small >= n_alone(ctx));
    holes.get("n_small_communities").is(n_small);
    let between = |a: &BTreeSet<usize>, b: &BTreeSet<usize>| -> Vec<(usize, usize)> {
        let joins = |x: &usize, y: &usize| a.contains(x) && b.contains(y);
        let links = network.links.keys().copied();
        links.filter(|(x, y)| joins(x, y) || joins(y, x)).collect()
    };
    let mut n_listed = 0;
    for (a, of_a) in &circles {
        for of_b in circles.range(a + 1..).map(|it| it.1) {
            n_listed += usize::from(between(of_a, of_b).len() <= 1);
        }
    }
    assert_eq!(rows.len(), n_listed);
    for row in &rows {
        let of = |end: &str| &circles[&row.get(end).id().parse::<usize>().unwrap()];
        let (of_a, of_b) = (of("a"), of("b"));
        let joined = between(of_a, of_b);
        row.get("n_links").is(joined.len());
        assert_eq!(row.get("link").is_null(), joined.is_empty());
        for (name, has, lacks) in [("a_holds", of_a, of_b), ("b_holds", of_b, of_a)] {
            let start_ups = lacks.iter().filter(|it| network.is_start_up(**it));
            let needs = start_ups.flat_map(|&it| needs_of(ctx, it));
            let far = needs.filter(|it| it.distance.is_none_or(|it| it >= 3));
            let held = far.filter(|it| it.providers.iter().any(|it| has.contains(it)));
            let held: BTreeSet<&str> = held.map(|it| it.id).collect();
            assert_eq!(row.get(name).ids().into_iter().collect::<BTreeSet<_>>(), held);
        }
    }
}

fn n_alone(ctx: &Ctx<'_>) -> usize {
    (0..ctx.conduit.n()).filter(|&it| ctx.conduit.degree(it) == 0).count()
}
