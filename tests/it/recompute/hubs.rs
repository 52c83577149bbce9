//! Hubs in three meanings: who is in each ranking, every figure, and how far it can be trusted.

use std::collections::{BTreeMap, BTreeSet};

use super::Ctx;
use super::audit::{At, is_close};
use super::evidence::certainty_rank;
use super::network::{Measure, Network, betweenness, degrees, harmonic, rank};
use super::rewired::Chances;
use super::stability::Draws;

/// How many rows a ranking of the report has.
const N_ROWS: usize = 10;
/// How many of the pairs that depend on a hub are named.
const N_PAIRS: usize = 10;

pub(super) fn check(hubs: &At<'_>, ctx: &Ctx<'_>) {
    ranking(&hubs.get("works_with_most"), ctx, degrees, &|at, _| contacts(at, ctx));
    ranking(&hubs.get("connects_groups"), ctx, betweenness, &|at, value| bridging(at, value, ctx));
    ranking(&hubs.get("shortest_way"), ctx, harmonic, &|at, value| nearness(at, value, ctx));
    let draws = Draws::of(&ctx.conduit);
    let chances = Chances::of(ctx);
    let values = [degrees, betweenness, harmonic].map(|it| it(&ctx.conduit));
    let names = ["works_with_most", "connects_groups", "shortest_way"];
    for (which, name) in names.into_iter().enumerate() {
        let rows = hubs.get(name).items();
        rows.iter().for_each(|it| draws.check(it, which, rows.len(), ctx));
        for row in &rows {
            let value = values[which][ctx.conduit.at(row.get("node").id())];
            chances.check(row, which, value, ctx);
        }
        let verdicts = hubs.get("verdicts").items();
        let verdict = verdicts.iter().find(|it| it.get("meaning").text() == name).unwrap();
        verdict_follows(verdict, &rows);
    }
}

/// Who is safe, and why not, follows from the figures of each row.
fn verdict_follows(verdict: &At<'_>, rows: &[At<'_>]) {
    let n_rows = rows.len() as f64;
    let number = |row: &At<'_>, name: &str| row.get(name).number();
    let is_out = |row: &At<'_>, name: &str| number(row, name).is_none_or(|it| it > n_rows);
    // A row of `connects_groups` counts its partners too.
    let figure = |row: &At<'_>| {
        ["betweenness", "harmonic", "n_contacts"].into_iter().find_map(|it| number(row, it))
    };
    let by_one_tie = |row: &At<'_>| {
        let without = number(row, "trust/figure_without_weakest").unwrap();
        let half = figure(row).unwrap() / 2.0;
        assert_eq!(row.get("trust/rests_on_one_tie").flag(), without < half);
        without < half || is_out(row, "trust/rank_without_weakest")
    };
    let by_the_unsaid = |row: &At<'_>| {
        is_out(row, "trust/rank_on_stated") || is_out(row, "trust/rank_with_inferred")
    };
    let by_luck = |row: &At<'_>| number(row, "stability/n_stayed").unwrap() < 950.0;
    let ids = |takes: &dyn Fn(&At<'_>) -> bool| -> Vec<&str> {
        rows.iter().filter(|it| takes(it)).map(|it| it.get("node").id()).collect()
    };
    assert_eq!(verdict.get("by_one_tie").ids(), ids(&by_one_tie));
    assert_eq!(verdict.get("by_the_unsaid").ids(), ids(&by_the_unsaid));
    assert_eq!(verdict.get("by_luck").ids(), ids(&by_luck));
    let is_safe = |it: &At<'_>| !by_one_tie(it) && !by_the_unsaid(it) && !by_luck(it);
    assert_eq!(verdict.get("safe").ids(), ids(&is_safe));
}

/// The highest figures of all nodes, each row with its own and its trust.
fn ranking(rows: &At<'_>, ctx: &Ctx<'_>, measure: Measure, figures: &dyn Fn(&At<'_>, f64)) {
    let network = &ctx.conduit;
    let values = measure(network);
    let elsewhere = [("stated", &ctx.stated), ("with_inferred", &ctx.with_inferred)]
        .map(|(name, network)| (name, network, measure(network)));
    let mut order: Vec<usize> = (0..network.n()).filter(|&it| values[it] > 0.0).collect();
    order.sort_by(|&a, &b| {
        let by_figure = values[b].total_cmp(&values[a]);
        if is_close(values[a], values[b]) { a.cmp(&b) } else { by_figure }
    });
    order.truncate(N_ROWS);
    let nodes: Vec<&str> = rows.items().iter().map(|it| it.get("node").id()).collect();
    assert_eq!(nodes, network.named(order.iter().copied()));
    for (row, node) in rows.items().iter().zip(order) {
        row.get("rank").is(rank(&values, node));
        assert_eq!(row.get("cut_off").ids(), network.named(network.cut_off_without(node)));
        figures(row, values[node]);
        for (name, network, values) in &elsewhere {
            let at = network.find(row.get("node").id());
            row.get(&format!("trust/figure_on_{name}").replace("on_with", "with"))
                .measures_or_none(at.map(|it| values[it]));
            row.get(&format!("trust/rank_on_{name}").replace("on_with", "with"))
                .is_or_none(at.map(|it| rank(values, it)));
        }
        without_weakest(row, network, measure, node);
    }
}

/// The weakest tie is one of the least certain; without it the figure is what the network gives.
fn without_weakest(row: &At<'_>, network: &Network<'_>, measure: Measure, node: usize) {
    let weakest = row.get("trust/weakest_tie");
    let links = network.neighbours[node].iter().map(|&it| (node.min(it), node.max(it)));
    let own: Vec<_> = links.flat_map(|it| &network.links[&it]).collect();
    let tie = own.iter().find(|it| it.id == weakest.id()).unwrap();
    let least = own.iter().map(|it| certainty_rank(it.certainty)).max();
    assert_eq!(Some(certainty_rank(tie.certainty)), least, "{}", tie.id);
    let values = measure(&network.without_tie(tie.id));
    row.get("trust/figure_without_weakest").measures(values[node]);
    row.get("trust/rank_without_weakest").is(rank(&values, node));
}

fn contacts(row: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let (id, links) = (row.get("node").id(), row.get("why").items());
    let node = network.at(id);
    let contacts: BTreeSet<&str> = links.iter().map(|it| it.get("to").id()).collect();
    let expected = network.named(network.neighbours[node].iter().copied());
    assert_eq!(contacts, expected.into_iter().collect());
    row.get("n_contacts").is(contacts.len());
    row.get("n_ties").is(links.iter().map(|it| it.get("ties").items().len()).sum());
    let mut by_relation: BTreeMap<(&str, bool), BTreeSet<&str>> = BTreeMap::new();
    let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    for link in &links {
        let contact = link.get("to");
        *by_kind.entry(contact.get("kind").text()).or_default() += 1;
        let ties = link.get("ties").items();
        assert_eq!(
            ties.iter().map(At::id).collect::<BTreeSet<_>>(),
            network.ties_between(node, network.at(contact.id()))
        );
        for tie in ties {
            let relation = tie.get("relation").text();
            let forward = ctx.listed.is_symmetric(relation) || tie.get("source").id() == id;
            by_relation.entry((relation, forward)).or_default().insert(contact.id());
        }
    }
    assert_eq!(row.get("by_relation").items().len(), by_relation.len());
    for count in row.get("by_relation").items() {
        let relation = count.get("relation").text();
        let forward = ctx.listed.schema.relation_id(relation).unwrap();
        let forward = count.get("verb").text() == ctx.listed.schema.relation(forward).forward;
        count.get("n_contacts").is(by_relation[&(relation, forward)].len());
    }
    assert_eq!(row.get("by_kind").items().len(), by_kind.len());
    for count in row.get("by_kind").items() {
        count.get("n_contacts").is(by_kind[count.get("kind").text()]);
    }
    let only = network.neighbours[node].iter().copied().filter(|&it| network.degree(it) == 1);
    assert_eq!(
        row.get("only_link_of").ids().into_iter().collect::<BTreeSet<_>>(),
        network.named(only).into_iter().collect()
    );
}

fn bridging(row: &At<'_>, value: f64, ctx: &Ctx<'_>) {
    let (network, why) = (&ctx.conduit, row.get("why"));
    let node = network.at(row.get("node").id());
    let (n, n_contacts) = (network.n() as f64, network.degree(node));
    row.get("betweenness").measures(value);
    row.get("betweenness_share").measures(value / ((n - 1.0) * (n - 2.0) / 2.0));
    row.get("n_contacts").is(n_contacts);
    pairs(&why, network, node);
    dependencies(row, network, node);

    let mut sum = 0.0;
    for link in why.get("links").items() {
        let contact = network.at(link.get("link/to").id());
        let share = |(a, b)| {
            network.share_along(node, contact, a, b) + network.share_along(contact, node, a, b)
        };
        let others = |(a, b): &(usize, usize)| *a != node && *b != node;
        let through: f64 = network.pairs().filter(others).map(share).sum();
        link.get("share").measures(through / value);
        sum += through / value;
    }
    assert!(is_close(sum, 2.0), "a way through a node takes two of its links");

    let (mut constraint, mut effective_size) = (0.0, 0.0);
    let parts = why.get("contacts").items();
    assert_eq!(parts.len(), n_contacts);
    for part in &parts {
        let contact = network.at(part.get("node").id());
        let shared: Vec<usize> =
            network.neighbours[node].intersection(&network.neighbours[contact]).copied().collect();
        let to_each = 1.0 / n_contacts as f64;
        let indirect: f64 = shared.iter().map(|&it| to_each / network.degree(it) as f64).sum();
        part.get("direct").measures(to_each);
        part.get("indirect").measures(indirect);
        part.get("part").measures((to_each + indirect).powi(2));
        part.get("redundancy").measures(to_each * shared.len() as f64);
        constraint += part.get("part").number().unwrap();
        effective_size += 1.0 - part.get("redundancy").number().unwrap();
    }
    // Below three contacts they say nothing.
    row.get("constraint").measures_or_none((n_contacts >= 3).then_some(constraint));
    row.get("effective_size").measures_or_none((n_contacts >= 3).then_some(effective_size));
}

/// The pairs named are those with the highest shares.
fn pairs(why: &At<'_>, network: &Network<'_>, node: usize) {
    let mut shares: Vec<f64> =
        network.pairs().map(|(a, b)| network.share_through(node, a, b)).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    let pairs = why.get("pairs").items();
    assert_eq!(pairs.len(), shares.iter().filter(|it| **it > 0.0).count().min(N_PAIRS));
    for (pair, highest) in pairs.iter().zip(shares) {
        let (a, b) = (network.at(pair.get("from").id()), network.at(pair.get("to").id()));
        pair.get("distance").is_or_none(network.distance[a][b]);
        pair.get("share").measures(network.share_through(node, a, b));
        assert!(is_close(pair.get("share").number().unwrap(), highest));
    }
}

/// For each body the sum over its pairs; half of all sums is the betweenness.
fn dependencies(row: &At<'_>, network: &Network<'_>, node: usize) {
    let listed = row.get("why/dependencies").items();
    let mut sum = 0.0;
    for it in &listed {
        let body = network.at(it.get("node").id());
        let shares = (0..network.n()).map(|other| network.share_through(node, body, other));
        it.get("sum").measures(shares.filter(|it| it.is_finite()).sum());
        sum += it.get("sum").number().unwrap();
    }
    row.get("betweenness").measures(sum / 2.0);
}

fn nearness(row: &At<'_>, value: f64, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let node = network.at(row.get("node").id());
    let mut rings: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (other, distance) in network.distance[node].iter().enumerate() {
        if let Some(distance) = distance.filter(|&it| it > 0) {
            rings.entry(distance).or_default().push(other);
        }
    }
    let listed = row.get("why").items();
    assert_eq!(listed.len(), rings.len());
    let (mut sum, mut n_within_two, mut n_reached) = (0.0, 0, 0);
    for (ring, (&distance, nodes)) in listed.iter().zip(&rings) {
        ring.get("distance").is(distance);
        let ids: BTreeSet<&str> = ring.get("nodes").ids().into_iter().collect();
        assert_eq!(ids, network.named(nodes.iter().copied()).into_iter().collect());
        ring.get("n_nodes").is(ids.len());
        sum += ids.len() as f64 / distance as f64;
        n_within_two += if distance <= 2 { ids.len() } else { 0 };
        n_reached += ids.len();
    }
    row.get("harmonic").measures(sum / (network.n() as f64 - 1.0));
    row.get("harmonic").measures(value);
    row.get("n_within_two").is(n_within_two);
    row.get("n_reached").is(n_reached);
}
