//! ACCESS, CEILING, FRAGILITY and EVIDENCE, status and reasons, from needs and who meets them.

use std::collections::BTreeSet;

use super::Ctx;
use super::audit::At;

/// D less this is old, for a start-up with at most one link.
const MONTHS_FRESH: i32 = 24;

/// What a need comes to for one body.
pub(super) struct NeedOf<'a> {
    pub(super) id: &'a str,
    pub(super) weight: usize,
    pub(super) distance: Option<usize>,
    /// Links from every node to the nearest provider.
    pub(super) distances: Vec<Option<usize>>,
    pub(super) providers: Vec<usize>,
}

pub(super) fn check(access: &At<'_>, ctx: &Ctx<'_>) {
    let (network, listed) = (&ctx.conduit, ctx.listed);
    access.get("version").says("access-1");
    let (ceiling, at) = ceiling(ctx);
    access.get("ceiling").measures_or_none(ceiling);
    access.get("ceiling_at/id").says(network.ids[at]);
    let mut unweighted = needs_of(ctx, at);
    unweighted.iter_mut().for_each(|it| it.weight = 1);
    needs(&access.get("ceiling_why"), &unweighted, ctx);
    let is_unmet = |by: &BTreeSet<(&str, &str)>| by.iter().all(|it| network.find(it.0).is_none());
    let unmet = listed.met_by.iter().filter(|(_, by)| is_unmet(by)).map(|it| *it.0);
    assert_eq!(access.get("needs_without_provider").ids(), unmet.collect::<Vec<_>>());
    for (name, takes) in [
        ("start_ups", &(|id: &str| listed.is_start_up(id)) as &dyn Fn(&str) -> bool),
        ("companies_without_stage", &|id: &str| listed.is_company_without_stage(id)),
    ] {
        let rows = access.get(name).items();
        let ids: BTreeSet<&str> = rows.iter().map(|it| it.get("node").id()).collect();
        assert_eq!(ids, network.ids.iter().copied().filter(|it| takes(it)).collect());
        assert_eq!(ids.len(), rows.len());
        for it in &rows {
            row(it, ceiling, ctx);
        }
    }
}

/// a(d).
pub(super) fn nearness(distance: Option<usize>) -> f64 {
    match distance {
        Some(0 | 1) => 1.0,
        Some(2) => 0.5,
        Some(3) => 0.25,
        _ => 0.0,
    }
}

/// The needs that somebody meets and that count for a body, by id.
pub(super) fn needs_of<'a>(ctx: &Ctx<'a>, node: usize) -> Vec<NeedOf<'a>> {
    let (network, listed) = (&ctx.conduit, ctx.listed);
    let body = network.ids[node];
    let stage = listed.nodes[body].stage.and_then(|it| listed.schema.stage_id(it));
    let said: BTreeSet<&str> = listed
        .ties
        .values()
        .filter(|it| it.relation == "needs" && it.source == body)
        .map(|it| it.target)
        .collect();
    let need = |(&id, by): (&&'a str, &BTreeSet<(&'a str, &'a str)>)| {
        let providers: BTreeSet<usize> = by.iter().filter_map(|it| network.find(it.0)).collect();
        let providers: Vec<usize> = providers.into_iter().collect();
        let weight =
            if said.contains(id) { 2 } else { listed.schema.need_weight(stage, id).into() };
        let distances = network.distances_to(&providers, None);
        NeedOf { id, weight, distance: distances[node], distances, providers }
    };
    let needs = listed.met_by.iter().map(need);
    needs.filter(|it| it.weight > 0 && !it.providers.is_empty()).collect()
}

/// The sum of w a(d) by the sum of w, for distances of one's own.
pub(super) fn access_of<'a>(
    needs: &[NeedOf<'a>],
    distance: impl Fn(&NeedOf<'a>) -> Option<usize>,
) -> Option<f64> {
    let total: usize = needs.iter().map(|it| it.weight).sum();
    let near: f64 = needs.iter().map(|it| it.weight as f64 * nearness(distance(it))).sum();
    (total > 0).then(|| near / total as f64)
}

/// The highest ACCESS with all weights 1, and the first by id to have it.
fn ceiling(ctx: &Ctx<'_>) -> (Option<f64>, usize) {
    let mut needs = needs_of(ctx, 0);
    needs.iter_mut().for_each(|it| it.weight = 1);
    let of = |node: usize| access_of(&needs, |it| it.distances[node]);
    let mut best = (of(0), 0);
    for node in 0..ctx.conduit.n() {
        if of(node) > best.0 {
            best = (of(node), node);
        }
    }
    best
}

/// Checks a list of needs with their distances, providers and paths.
pub(super) fn needs(rows: &At<'_>, expected: &[NeedOf<'_>], ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    assert_eq!(rows.items().len(), expected.len());
    for row in rows.items() {
        let need = expected.iter().find(|it| it.id == row.get("need").id()).unwrap();
        row.get("weight").is(need.weight);
        row.get("distance").is_or_none(need.distance);
        row.get("nearness").measures(nearness(need.distance));
        let provider = row.get("nearest_provider");
        assert_eq!(provider.is_null(), need.distance.is_none());
        let path = row.get("path");
        assert_eq!(path.is_null(), need.distance.is_none());
        if let Some(distance) = need.distance {
            assert!(need.providers.contains(&network.at(provider.id())));
            path.get("n_links").is(distance);
            assert_eq!(path.get("nodes").ids().last(), Some(&provider.id()));
            met_by(&row.get("met_by"), provider.id(), need.id, ctx);
        }
    }
}

/// The ties are all those by which a provider meets a need.
pub(super) fn met_by(ties: &At<'_>, provider: &str, need: &str, ctx: &Ctx<'_>) {
    let expected = ctx.listed.met_by[need].iter().filter(|it| it.0 == provider).map(|it| it.1);
    let found: BTreeSet<&str> = ties.ids().into_iter().collect();
    assert_eq!(found, expected.collect());
    assert!(!found.is_empty());
}

fn row(row: &At<'_>, ceiling: Option<f64>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let id = row.get("node").id();
    let node = network.at(id);
    let expected = needs_of(ctx, node);
    needs(&row.get("needs"), &expected, ctx);
    let paths = row.get("needs").items().into_iter().map(|it| it.get("path/nodes").items());
    assert!(paths.filter_map(|it| it.first().map(At::id)).all(|it| it == id));
    let access = access_of(&expected, |it| it.distance);
    row.get("access").measures_or_none(access);
    row.get("ceiling").measures_or_none(ceiling);
    row.get("n_links").is(network.degree(node));
    let (fragility, broker) = fragility(row, &expected, node, ctx);
    row.get("fragility").measures_or_none(fragility);

    let sources = row.get("why/sources").items();
    let distinct: BTreeSet<&str> = sources.iter().map(At::text).collect();
    assert_eq!(distinct, sources_of(id, ctx));
    row.get("n_sources").is(distinct.len());
    let dates = ctx.sources.items().into_iter().filter(|it| distinct.contains(it.id()));
    let newest = dates.filter_map(|it| it.get("date").optional_text()).max();
    row.get("newest_source").says(newest);

    let n_links = network.degree(node);
    let is_old = newest.is_some_and(|it| months_between(it, day(ctx)) > MONTHS_FRESH);
    let has_critical_far =
        expected.iter().any(|it| it.weight == 2 && it.distance.is_none_or(|it| it >= 3));
    let status = match () {
        () if ctx.listed.is_company_without_stage(id) => None,
        () if access.is_none() || (n_links <= 1 && (distinct.len() < 2 || is_old)) => {
            Some("not_enough_data")
        }
        () if has_critical_far || access < ceiling.map(|it| it / 2.0) => Some("under_connected"),
        () if fragility >= Some(0.8) => Some("depends_on_one"),
        () => Some("connected"),
    };
    assert_eq!(row.get("status").optional_text(), status, "{id}");
    reasons(row, status, &expected, (fragility, broker), ctx);
}

/// FRAGILITY by taking each neighbour away in turn, with the first by id that gives it.
fn fragility<'a>(
    row: &At<'_>,
    needs: &[NeedOf<'a>],
    node: usize,
    ctx: &Ctx<'a>,
) -> (Option<f64>, Option<&'a str>) {
    let network = &ctx.conduit;
    let near: Vec<_> = needs.iter().filter(|it| matches!(it.distance, Some(1 | 2))).collect();
    let ids = |needs: &[&NeedOf<'a>]| needs.iter().map(|it| it.id).collect::<BTreeSet<_>>();
    let why = row.get("why");
    assert_eq!(why.get("near_needs").ids().into_iter().collect::<BTreeSet<_>>(), ids(&near));
    let mut worst: (usize, Option<&str>) = (0, None);
    let mut n_breaking = 0;
    for &neighbour in &network.neighbours[node] {
        let is_lost = |need: &&&NeedOf<'_>| {
            let distances = network.distances_to(&need.providers, Some(neighbour));
            distances[node].is_none_or(|it| it > 2)
        };
        let lost: Vec<&NeedOf<'_>> = near.iter().filter(is_lost).copied().collect();
        let listed = why.get("lost_without").items();
        let listed = listed.iter().find(|it| it.get("neighbour").id() == network.ids[neighbour]);
        let listed = listed.map(|it| it.get("needs").ids().into_iter().collect::<BTreeSet<_>>());
        assert_eq!(listed.unwrap_or_default(), ids(&lost));
        n_breaking += usize::from(!lost.is_empty());
        if lost.len() > worst.0 {
            worst = (lost.len(), Some(network.ids[neighbour]));
        }
    }
    assert_eq!(why.get("lost_without").items().len(), n_breaking);
    ((!near.is_empty()).then(|| worst.0 as f64 / near.len() as f64), worst.1)
}

/// The sources with a claim, at or above the floor, on a body or on a tie at it.
fn sources_of<'a>(id: &str, ctx: &Ctx<'a>) -> BTreeSet<&'a str> {
    ctx.raw.claims_around(id).filter(|it| it.1 != "inferred").map(|it| it.0).collect()
}

/// D.
fn day<'a>(ctx: &Ctx<'a>) -> &'a str {
    ctx.stats.get("conduit/as_of").text()
}

/// Whole months from the end of one date to the end of another, both `YYYY` or `YYYY-MM` or a day.
fn months_between(from: &str, to: &str) -> i32 {
    let month = |date: &str| {
        let mut parts = date.split('-').map(|it| it.parse::<i32>().unwrap());
        parts.next().unwrap() * 12 + parts.next().unwrap_or(12)
    };
    month(to) - month(from)
}

/// Every reason but `same_circle`, whose communities no document lists, follows from the figures.
fn reasons(
    row: &At<'_>,
    status: Option<&str>,
    needs: &[NeedOf<'_>],
    (fragility, broker): (Option<f64>, Option<&str>),
    ctx: &Ctx<'_>,
) {
    let network = &ctx.conduit;
    let node = network.at(row.get("node").id());
    let n_links = network.degree(node);
    let part = |of: usize| network.distance[of].iter().flatten().count();
    let largest = (0..network.n()).map(part).max().unwrap();
    let mut expected: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
    let mut add = |holds: bool, code, of| {
        if holds {
            expected.insert((code, of));
        }
    };
    add(n_links == 0, "isolated", None);
    add(n_links > 0 && part(node) < largest, "apart", None);
    add(n_links == 1, "few_ties", None);
    add(n_links > 1 && status == Some("under_connected"), "wrong_ties", None);
    for need in needs {
        add(need.distance == Some(3), "far", Some(need.id));
        add(need.distance.is_none_or(|it| it > 3), "missing", Some(need.id));
    }
    add(fragility >= Some(0.8), "one_broker", broker);
    let mut found: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
    for reason in row.get("reasons").items() {
        let of = reason.get("node/id").optional_text();
        assert!(found.insert((reason.get("code").text(), of)), "a reason is given once");
    }
    assert!(!found.remove(&("same_circle", None)) || n_links > 1);
    assert_eq!(found, expected);
}
