//! Gaps: needs with few providers or out of reach, single points of failure, thin data.

use std::collections::{BTreeMap, BTreeSet};

use weft_graph::Family;

use super::Ctx;
use super::access::{NeedOf, nearness, needs_of};
use super::audit::At;
use super::network::ListedTie;

pub(super) fn check(gaps: &At<'_>, ctx: &Ctx<'_>) {
    gaps.get("n_needs").is(ctx.listed.met_by.len());
    gaps.get("n_start_ups")
        .is((0..ctx.conduit.n()).filter(|&it| ctx.conduit.is_start_up(it)).count());
    missing_providers(&gaps.get("missing_provider"), ctx);
    unreached_needs(&gaps.get("unreached_need"), ctx);
    missing_bridges(&gaps.get("missing_bridge"), ctx);
    single_points(&gaps.get("single_point_of_failure"), ctx);
    thin_data(&gaps.get("thin_data"), ctx);
}

fn missing_providers(rows: &At<'_>, ctx: &Ctx<'_>) {
    let mut few = BTreeMap::new();
    for (&need, by) in &ctx.listed.met_by {
        let (inside, outside): (BTreeSet<&str>, BTreeSet<&str>) =
            by.iter().map(|it| it.0).partition(|it| ctx.conduit.find(it).is_some());
        if inside.len() <= 1 {
            let ties: BTreeSet<&str> = by.iter().map(|it| it.1).collect();
            few.insert(need, (inside, outside, ties));
        }
    }
    assert_eq!(rows.items().len(), few.len());
    for row in rows.items() {
        let set = |name: &str| row.get(name).ids().into_iter().collect::<BTreeSet<_>>();
        let (inside, outside, ties) = &few[row.get("need").id()];
        assert_eq!(
            (&set("providers"), &set("other_answers"), &set("ties")),
            (inside, outside, ties)
        );
        row.get("n_providers").is(inside.len());
    }
}

/// Every group of start-ups with every need that is three steps or more from one of them.
fn unreached_needs(rows: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    type Members<'a> = BTreeMap<&'a str, Option<usize>>;
    let mut groups: BTreeMap<(&str, Option<&str>, &str), Members<'_>> = BTreeMap::new();
    for node in (0..network.n()).filter(|&it| network.is_start_up(it)) {
        let id = network.ids[node];
        let places = places_of(id, ctx).into_iter().map(|it| ("place", Some(it)));
        let sectors = ctx.raw.node(id).sectors().into_iter().map(|it| ("sector", Some(it)));
        for (by, group) in places.chain(sectors).chain([("all", None)]) {
            for need in needs_of(ctx, node) {
                groups.entry((by, group, need.id)).or_default().insert(id, need.distance);
            }
        }
    }
    let is_far = |it: &Option<usize>| it.is_none_or(|it| it >= 3);
    groups.retain(|_, members| members.values().any(is_far));
    assert_eq!(rows.items().len(), groups.len());
    for row in rows.items() {
        let group =
            (row.get("group_by").text(), row.get("group").optional_text(), row.get("need").id());
        let members = &groups[&group];
        let start_ups = row.get("start_ups").items();
        for it in &start_ups {
            it.get("distance").is_or_none(members[it.get("node").id()]);
        }
        let n_unreached = members.values().filter(|it| is_far(it)).count();
        assert_eq!(start_ups.len(), members.len());
        row.get("n_start_ups").is(members.len());
        row.get("n_unreached").is(n_unreached);
        row.get("share").measures(n_unreached as f64 / members.len() as f64);
    }
}

/// Every pair of bodies without a tie, its value by the formula alone; the best are those listed.
fn missing_bridges(found: &At<'_>, ctx: &Ctx<'_>) {
    const N_ROWS: usize = 10;
    let network = &ctx.conduit;
    let start_ups: Vec<(usize, Vec<NeedOf<'_>>)> = (0..network.n())
        .filter(|&it| network.is_start_up(it))
        .map(|it| (it, needs_of(ctx, it)))
        .filter(|(_, needs)| !needs.is_empty())
        .collect();
    let n_start_ups = start_ups.len() as f64;
    found.get("n_start_ups").is(start_ups.len());
    let over = |a: Option<usize>, b: Option<usize>| Some(a? + 1 + b?);
    let after = |s: usize, need: &NeedOf<'_>, (a, b): (usize, usize)| {
        let d = &network.distance[s];
        let ways = [over(d[a], need.distances[b]), over(d[b], need.distances[a])];
        ways.into_iter().chain([need.distance]).flatten().min()
    };
    let access = |needs: &[NeedOf<'_>], distance: &dyn Fn(&NeedOf<'_>) -> Option<usize>| {
        let weight = |it: &NeedOf<'_>| it.weight as f64;
        let sum: f64 = needs.iter().map(|it| weight(it) * nearness(distance(it))).sum();
        sum / needs.iter().map(weight).sum::<f64>()
    };
    let mean = |bridge: Option<(usize, usize)>| {
        let of = |(s, needs): &(usize, Vec<NeedOf<'_>>)| {
            access(needs, &|it| bridge.map_or(it.distance, |bridge| after(*s, it, bridge)))
        };
        start_ups.iter().map(of).sum::<f64>() / n_start_ups
    };
    let before = mean(None);
    let is_open = |(a, b): &(usize, usize)| {
        !network.is_start_up(*a) && !network.is_start_up(*b) && !network.neighbours[*a].contains(b)
    };
    let n = network.n();
    let pairs = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
    let pairs: Vec<(usize, usize)> = pairs.filter(is_open).collect();
    found.get("n_pairs").is(pairs.len());
    // How many had to be computed is no finding, but it cannot be more than both ways of each pair.
    let n_computed = found.get("n_computed").number().unwrap();
    assert!(n_computed <= 2.0 * pairs.len() as f64);
    found.get("n_computed").is(n_computed as usize);
    let mut values: Vec<f64> = pairs.into_iter().map(|it| mean(Some(it)) - before).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    let rows = found.get("rows").items();
    assert_eq!(rows.len(), values.iter().filter(|it| **it > 1e-9).count().min(N_ROWS));
    for (row, best) in rows.iter().zip(values) {
        let bridge = (network.at(row.get("a").id()), network.at(row.get("b").id()));
        assert!(is_open(&bridge));
        let now = mean(Some(bridge));
        row.get("value").measures(now - before);
        assert!((now - before - best).abs() < 1e-9);
        row.get("mean_access_before").measures(before);
        row.get("mean_access_after").measures(now);
        row.get("distance").is_or_none(network.distance[bridge.0][bridge.1]);
        let mut n_gaining = 0;
        let mut nearer: BTreeSet<&str> = BTreeSet::new();
        for (s, needs) in &start_ups {
            let rises = |it: &&NeedOf<'_>| nearness(after(*s, it, bridge)) > nearness(it.distance);
            let rising: Vec<&NeedOf<'_>> = needs.iter().filter(rises).collect();
            let listed = row.get("start_ups").items();
            let own = listed.iter().find(|it| it.get("node").id() == network.ids[*s]);
            assert_eq!(own.is_some(), !rising.is_empty());
            let Some(own) = own else { continue };
            n_gaining += 1;
            own.get("access_before").measures(access(needs, &|it| it.distance));
            own.get("access_after").measures(access(needs, &|it| after(*s, it, bridge)));
            let steps = own.get("needs").items();
            assert_eq!(steps.len(), rising.len());
            for step in steps {
                let need = rising.iter().find(|it| it.id == step.get("need").id()).unwrap();
                nearer.insert(need.id);
                step.get("weight").is(need.weight);
                step.get("before").is_or_none(need.distance);
                step.get("after").is_or_none(after(*s, need, bridge));
            }
        }
        assert_eq!(row.get("start_ups").items().len(), n_gaining);
        assert_eq!(row.get("needs").ids().into_iter().collect::<BTreeSet<_>>(), nearer);
    }
}

/// The places that a node is in, and those that they are part of.
fn places_of<'a>(id: &'a str, ctx: &Ctx<'a>) -> BTreeSet<&'a str> {
    let mut res = BTreeSet::new();
    let mut waiting = vec![id];
    while let Some(from) = waiting.pop() {
        for tie in ctx.listed.ties.values().filter(|it| it.source == from) {
            let leads_on =
                tie.relation == "located_in" || (tie.relation == "part_of" && from != id);
            if leads_on && ctx.listed.is_of(tie.target, Family::Place) && res.insert(tie.target) {
                waiting.push(tie.target);
            }
        }
    }
    res
}

fn single_points(rows: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let cuts = (0..network.n()).filter(|&it| network.parts_without(it).len() > 1);
    let mut expected: Vec<(usize, Vec<usize>)> =
        cuts.map(|it| (it, network.cut_off_without(it))).collect();
    expected.sort_by_key(|(node, cut_off)| (std::cmp::Reverse(cut_off.len()), *node));
    assert_eq!(rows.items().len(), expected.len());
    for (row, (node, cut_off)) in rows.items().iter().zip(expected) {
        assert_eq!(row.get("node").id(), network.ids[node]);
        assert_eq!(row.get("cut_off").ids(), network.named(cut_off.iter().copied()));
        row.get("n_cut_off").is(cut_off.len());
        let n_start_ups = cut_off.iter().filter(|&&it| network.is_start_up(it)).count();
        row.get("n_start_ups_cut_off").is(n_start_ups);
        let parts = network.parts_without(node);
        let set = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        let listed: Vec<_> = row.get("why/parts").items().iter().map(|it| set(it.ids())).collect();
        let is_cut_off = |it: &&Vec<usize>| it.first().is_some_and(|it| cut_off.contains(it));
        let lost = || parts.iter().filter(is_cut_off);
        assert_eq!(listed.len(), lost().count());
        assert!(lost().all(|it| listed.contains(&set(network.named(it.iter().copied())))));
        let n_left = parts.iter().filter(|it| !is_cut_off(it)).map(|it| it.len()).sum::<usize>();
        row.get("why/n_left").is(n_left);
        let links = row.get("why/links").items();
        let others: BTreeSet<&str> = links.iter().map(|it| it.get("to").id()).collect();
        let neighbours = network.neighbours[node].iter().copied();
        assert_eq!(others, network.named(neighbours).into_iter().collect());
    }
}

fn thin_data(thin: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let (n, n_ties) = (network.n(), network.n_ties());
    let single_nodes = network.nodes().map(|it| it.id);
    let single_nodes = single_nodes.filter(|it| ctx.raw.node(it).n_statements() == 1).collect();
    // Of several ties of one relation between the same two, which is which does not matter here.
    let is_single = |it: &&ListedTie<'_>| {
        let raw = ctx.raw.ties(it.source, it.relation, it.target);
        raw.iter().all(|it| it.n_statements() == 1)
    };
    let single_ties = network.ties().filter(is_single).map(|it| it.id).collect();
    let undated_nodes = network.nodes().filter(|it| it.is_undated).map(|it| it.id).collect();
    let undated_ties = network.ties().filter(|it| it.is_undated).map(|it| it.id).collect();
    records(&thin.get("nodes_with_one_claim"), single_nodes, n, |it| it.get("node").id());
    records(&thin.get("ties_with_one_claim"), single_ties, n_ties, At::id);
    records(&thin.get("undated_nodes"), undated_nodes, n, At::id);
    records(&thin.get("undated_ties"), undated_ties, n_ties, At::id);
    for name in ["nodes_with_one_claim", "ties_with_one_claim"] {
        assert!(thin.get(name).get("records").items().iter().all(|it| n_statements(it) == 1));
    }
}

/// Places in sources that speak for a listed record, each once.
fn n_statements(at: &At<'_>) -> usize {
    let claims = at.get("claims").items();
    let support = claims.iter().filter(|it| it.get("denial").is_null());
    let place =
        |it: &At<'_>| (it.get("source").text().to_owned(), it.get("locator").text().to_owned());
    support.map(place).collect::<BTreeSet<_>>().len()
}

fn records<'a>(
    thin: &At<'a>,
    expected: BTreeSet<&'a str>,
    n_of: usize,
    id: impl Fn(&At<'a>) -> &'a str,
) {
    let found: BTreeSet<&str> = thin.get("records").items().iter().map(id).collect();
    assert_eq!(found, expected);
    thin.get("n").is(expected.len());
    thin.get("n_of").is(n_of);
}
