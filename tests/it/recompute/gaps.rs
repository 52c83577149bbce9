//! Gaps: needs with few providers or out of reach, single points of failure, thin data.

use std::collections::{BTreeMap, BTreeSet};

use weft_graph::Family;

use super::Ctx;
use super::access::needs_of;
use super::audit::At;
use super::evidence::n_claims;

pub(super) fn check(gaps: &At<'_>, ctx: &Ctx<'_>) {
    missing_providers(&gaps.get("missing_provider"), ctx);
    unreached_needs(&gaps.get("unreached_need"), ctx);
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
        assert_eq!(listed.len(), parts.len());
        assert!(parts.iter().all(|it| listed.contains(&set(network.named(it.iter().copied())))));
        let links = row.get("why/links").items();
        let others: BTreeSet<&str> = links.iter().map(|it| it.get("to").id()).collect();
        let neighbours = network.neighbours[node].iter().copied();
        assert_eq!(others, network.named(neighbours).into_iter().collect());
    }
}

fn thin_data(thin: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let (n, n_ties) = (network.n(), network.n_ties());
    // The numbers of claims are held against what was imported where they are listed.
    let is_single = |at: &At<'_>| at.get("n_claims").number() == Some(1.0);
    let single_nodes = network.nodes().filter(|it| is_single(&it.at)).map(|it| it.id).collect();
    let single_ties = network.ties().filter(|it| is_single(&it.at)).map(|it| it.id).collect();
    let undated_nodes = network.nodes().filter(|it| it.is_undated).map(|it| it.id).collect();
    let undated_ties = network.ties().filter(|it| it.is_undated).map(|it| it.id).collect();
    records(&thin.get("nodes_with_one_claim"), single_nodes, n, |it| it.get("node").id());
    records(&thin.get("ties_with_one_claim"), single_ties, n_ties, At::id);
    records(&thin.get("undated_nodes"), undated_nodes, n, At::id);
    records(&thin.get("undated_ties"), undated_ties, n_ties, At::id);
    for name in ["nodes_with_one_claim", "ties_with_one_claim"] {
        assert!(thin.get(name).get("records").items().iter().all(|it| n_claims(it) == 1));
    }
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
