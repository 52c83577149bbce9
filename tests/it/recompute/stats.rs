//! The counts of the network and its shape.

use std::collections::{BTreeMap, BTreeSet};

use super::Ctx;
use super::audit::At;
use super::network::{Network, betweenness, degrees, harmonic};

pub(super) fn check(ctx: &Ctx<'_>, facts: &At<'_>) {
    let (stats, listed, network) = (&ctx.stats, ctx.listed, &ctx.conduit);
    tally(&stats.get("nodes_by_kind"), listed.nodes.values().map(|it| it.kind));
    tally(&stats.get("ties_by_relation"), listed.ties.values().map(|it| it.relation));
    tally(&stats.get("ties_by_certainty"), listed.ties.values().map(|it| it.certainty));
    let start_ups = network.nodes().filter(|it| listed.is_start_up(it.id));
    tally(&stats.get("start_ups_by_stage"), start_ups.filter_map(|it| it.stage));
    stats.get("n_sources").is(ctx.sources.items().len());
    stats.get("n_facts").is(facts.get("rows").items().len());
    let is_met = |by: &&BTreeSet<(&str, &str)>| by.iter().any(|it| network.find(it.0).is_some());
    stats.get("n_needs").is(listed.met_by.len());
    stats.get("n_needs_met").is(listed.met_by.values().filter(is_met).count());
    shape(ctx);
    structure(ctx);
    lists(ctx);
}

/// Every word that occurs is there once, with how often it occurs.
fn tally<'a>(counts: &At<'a>, words: impl Iterator<Item = &'a str>) {
    let mut n_by_word: BTreeMap<&str, usize> = BTreeMap::new();
    words.for_each(|it| *n_by_word.entry(it).or_default() += 1);
    assert_eq!(counts.items().len(), n_by_word.len());
    for count in counts.items() {
        count.get("n").is(n_by_word[count.id()]);
    }
}

fn shape(ctx: &Ctx<'_>) {
    let (shape, network) = (ctx.stats.get("shape"), &ctx.conduit);
    let (n, m) = (network.n() as f64, network.links.len() as f64);
    shape.get("density").measures(m / (n * (n - 1.0) / 2.0));
    shape.get("mean_degree").measures(2.0 * m / n);
    let components = network.components();
    let largest = &components[0];
    shape.get("n_components").is(components.len());
    shape.get("n_in_largest").is(largest.len());
    shape.get("n_isolated").is((0..network.n()).filter(|&it| network.degree(it) == 0).count());
    let pairs = || network.pairs().filter(|(a, b)| largest.contains(a) && largest.contains(b));
    let distances: Vec<usize> = pairs().filter_map(|(a, b)| network.distance[a][b]).collect();
    assert_eq!(distances.len(), pairs().count());
    shape.get("diameter").is(distances.iter().copied().max().unwrap());
    let farthest = |a: &usize| largest.iter().filter_map(|&b| network.distance[*a][b]).max();
    shape.get("radius").is(largest.iter().filter_map(farthest).min().unwrap());
    let sum: usize = distances.iter().sum();
    shape.get("mean_distance").measures(sum as f64 / distances.len() as f64);
    let (mut n_triples, mut n_closed) = (0, 0);
    for contacts in &network.neighbours {
        for (a, b) in network.pairs().filter(|(a, b)| contacts.contains(a) && contacts.contains(b))
        {
            n_triples += 1;
            n_closed += usize::from(network.neighbours[a].contains(&b));
        }
    }
    shape.get("clustering").measures(n_closed as f64 / n_triples as f64);
}

fn structure(ctx: &Ctx<'_>) {
    let (structure, network) = (ctx.stats.get("structure"), &ctx.conduit);
    let n = network.n() as f64;
    let spread = |scores: &[f64]| {
        let most = scores.iter().copied().fold(0.0, f64::max);
        scores.iter().map(|it| most - it).sum::<f64>()
    };
    let degrees = degrees(network);
    let star = (n - 1.0) * (n - 2.0);
    structure.get("degree_centralisation").measures(spread(&degrees) / star);
    let by_betweenness = spread(&betweenness(network)) / (star * (n - 1.0) / 2.0);
    structure.get("betweenness_centralisation").measures(by_betweenness);
    let by_closeness = spread(&harmonic(network)) / ((n - 2.0) / 2.0);
    structure.get("harmonic_centralisation").measures(by_closeness);
    // The middle of a network in parts means nothing by classic closeness.
    assert!(network.components().len() > 1);
    structure.get("closeness_centralisation").is_or_none(None);
    structure.get("eigenvector_centralisation").measures(spread(&eigenvector(network)) / (n - 2.0));
    let both_ways = || network.links.keys().flat_map(|&(a, b)| [(a, b), (b, a)]);
    let ends: Vec<_> = both_ways().map(|(a, b)| (degrees[a], degrees[b])).collect();
    structure.get("degree_assortativity").measures(correlation(&ends));
    let local = |contacts: &BTreeSet<usize>| {
        let pairs = contacts.iter().flat_map(|&a| contacts.iter().map(move |&b| (a, b)));
        let pairs: Vec<_> = pairs.filter(|(a, b)| a < b).collect();
        let n_linked = pairs.iter().filter(|(a, b)| network.neighbours[*a].contains(b)).count();
        if pairs.is_empty() { 0.0 } else { n_linked as f64 / pairs.len() as f64 }
    };
    let mean = network.neighbours.iter().map(local).sum::<f64>() / n;
    structure.get("mean_clustering").measures(mean);
    let mut arcs = BTreeSet::new();
    for tie in network.ties() {
        let (source, target) = (network.at(tie.source), network.at(tie.target));
        arcs.insert((source, target));
        if ctx.listed.is_symmetric(tie.relation) {
            arcs.insert((target, source));
        }
    }
    let n_returned = arcs.iter().filter(|(a, b)| arcs.contains(&(*b, *a))).count();
    structure.get("reciprocity").measures(n_returned as f64 / arcs.len() as f64);
    let strong = strong_parts(network.n(), &arcs);
    structure.get("n_strong_components").is(strong.len());
    structure.get("n_in_largest_strong").is(strong.iter().map(BTreeSet::len).max().unwrap());
    let is_core: Vec<bool> = network.nodes().map(|it| it.at.get("is_core").flag()).collect();
    structure.get("n_core").is(is_core.iter().filter(|it| **it).count());
    let one = |it: bool| f64::from(u8::from(it));
    let every = || (0..network.n()).flat_map(|a| (0..network.n()).map(move |b| (a, b)));
    let pairs = every()
        .filter(|(a, b)| a != b)
        .map(|(a, b)| (one(network.neighbours[a].contains(&b)), one(is_core[a] || is_core[b])));
    structure.get("core_fit").measures(correlation(&pairs.collect::<Vec<_>>()));
    let kinds: Vec<&str> = network.nodes().map(|it| it.kind).collect();
    let index = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
        let (mut n_between, mut n_within) = (0.0, 0.0);
        for (a, b) in pairs {
            *(if kinds[a] == kinds[b] { &mut n_within } else { &mut n_between }) += 1.0;
        }
        (n_between - n_within) / (n_between + n_within)
    };
    structure.get("ei_by_kind").measures(index(&mut network.links.keys().copied()));
    structure.get("ei_by_kind_expected").measures(index(&mut every().filter(|(a, b)| a < b)));
    let n_ends = 2.0 * network.links.len() as f64;
    let mut ends_of: BTreeMap<&str, f64> = BTreeMap::new();
    (0..network.n()).for_each(|it| *ends_of.entry(kinds[it]).or_default() += degrees[it]);
    let by_degree: f64 = ends_of.values().map(|it| (it / n_ends).powi(2)).sum();
    let n_within = both_ways().filter(|(a, b)| kinds[*a] == kinds[*b]).count() as f64;
    let by_kind = (n_within / n_ends - by_degree) / (1.0 - by_degree);
    structure.get("kind_assortativity").measures(by_kind);
}

/// Eigenvector centrality, greatest 1: what stays of a vector that is multiplied again and again.
fn eigenvector(network: &Network<'_>) -> Vec<f64> {
    let mut values = vec![1.0; network.n()];
    for _ in 0..3_000 {
        let sum = |(own, contacts): (&f64, &BTreeSet<usize>)| {
            own + contacts.iter().map(|&it| values[it]).sum::<f64>()
        };
        let next: Vec<f64> = values.iter().zip(&network.neighbours).map(sum).collect();
        let most = next.iter().copied().fold(0.0, f64::max);
        values = next.into_iter().map(|it| it / most).collect();
    }
    values
}

/// The largest sets in which everybody is reached from everybody.
fn strong_parts(n: usize, arcs: &BTreeSet<(usize, usize)>) -> BTreeSet<BTreeSet<usize>> {
    let reached = |from: usize| {
        let (mut reached, mut rest) = (BTreeSet::from([from]), vec![from]);
        while let Some(node) = rest.pop() {
            let next = arcs.range((node, 0)..(node + 1, 0)).map(|it| it.1);
            rest.extend(next.filter(|it| reached.insert(*it)));
        }
        reached
    };
    let all: Vec<BTreeSet<usize>> = (0..n).map(reached).collect();
    (0..n).map(|a| all[a].iter().copied().filter(|&b| all[b].contains(&a)).collect()).collect()
}

/// Pearson's.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0 / n, sum.1 + it.1 / n));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|it| of(it.0 - x, it.1 - y)).sum();
    let (both, of_x, of_y): (f64, f64, f64) =
        (sum(&|a, b| a * b), sum(&|a, _| a * a), sum(&|_, b| b * b));
    both / (of_x * of_y).sqrt()
}

/// What is listed is what was imported, and says where it is.
fn lists(ctx: &Ctx<'_>) {
    let (listed, network) = (ctx.listed, &ctx.conduit);
    let components = network.components();
    let mut numbers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for node in listed.nodes.values() {
        let imported = ctx.raw.node(node.id);
        node.at.get("n_claims").is(imported.n_claims());
        for field in ["kind", "stage", "valid_from", "valid_to"] {
            assert_eq!(node.at.get(field).value(), imported.get(field), "{}", node.id);
        }
        let component = node.at.get("component");
        match network.find(node.id) {
            None => component.is_or_none(None),
            Some(index) => {
                // Parts of one size may be numbered in any order: the same number for the same part.
                let number = component.number().unwrap() as usize;
                let part = components.iter().position(|it| it.contains(&index)).unwrap();
                assert_eq!(components[number].len(), components[part].len(), "{}", node.id);
                numbers.entry(number).or_default().insert(part);
                component.is(number);
            }
        }
    }
    assert_eq!(numbers.len(), components.len());
    assert!(numbers.values().all(|it| it.len() == 1));
    for tie in listed.ties.values() {
        assert_eq!(tie.at.get("is_conduit").flag(), listed.is_conduit(tie), "{}", tie.id);
        let n_claims: Vec<usize> = ctx
            .raw
            .ties(tie.source, tie.relation, tie.target)
            .iter()
            .filter(|it| {
                let dates = ["valid_from", "valid_to"];
                dates.iter().all(|&field| it.get(field) == tie.at.get(field).value())
            })
            .map(|it| it.n_claims())
            .collect();
        let found = tie.at.get("n_claims");
        let is_there = n_claims.iter().find(|&&it| found.number() == Some(it as f64));
        found.is(*is_there.or(n_claims.first()).unwrap());
    }
}
