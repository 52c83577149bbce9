//! Groups against each other: links beside chance, who meets which need where, and the canvas.

use std::collections::{BTreeMap, BTreeSet};

use super::Ctx;
use super::access::needs_of;
use super::audit::At;
use super::circles::Circles;
use super::holes::{Groups, places, sectors};

/// Near is within so many links.
const NEAR: usize = 2;
/// A pair of groups without a link is listed from so many by chance.
const EXPECTED_FROM: f64 = 1.0;

/// Links between kinds.
pub(super) fn kinds(found: &At<'_>, ctx: &Ctx<'_>) {
    let of: Vec<Option<&str>> = ctx.conduit.nodes().map(|it| Some(it.kind)).collect();
    let groups = found.get("groups").items();
    let ids: Vec<Option<&str>> = groups.iter().map(|it| it.get("id").optional_text()).collect();
    matrix(found, ctx, &of, &ids);
}

/// Links between circles, which are told by their names.
pub(super) fn circles(found: &At<'_>, ctx: &Ctx<'_>, (of, names): &(Circles, Vec<String>)) {
    let of: Vec<Option<&str>> = of.iter().map(|it| it.map(|it| names[it].as_str())).collect();
    let groups = found.get("groups").items();
    let label = |it: &At<'_>| names.iter().find(|name| *name == it.get("label").text());
    let ids: Vec<Option<&str>> = groups.iter().map(|it| label(it).map(String::as_str)).collect();
    assert_eq!(ids.iter().flatten().count(), names.len());
    matrix(found, ctx, &of, &ids);
}

/// Every two groups by trying every link, and chance by every two bodies.
fn matrix(found: &At<'_>, ctx: &Ctx<'_>, of: &[Option<&str>], ids: &[Option<&str>]) {
    let network = &ctx.conduit;
    let m = network.links.len() as f64;
    let members = |group: usize| (0..of.len()).filter(move |&it| of[it] == ids[group]);
    let ends = |group: usize| members(group).map(|it| network.degree(it)).sum::<usize>();
    for (at, group) in found.get("groups").items().iter().enumerate() {
        group.get("n_nodes").is(members(at).count());
        group.get("n_link_ends").is(ends(at));
    }
    let n_links = |one: usize, other: usize| {
        let joins = |a: usize, b: usize| of[a] == ids[one] && of[b] == ids[other];
        network.links.keys().filter(|&&(a, b)| joins(a, b) || joins(b, a)).count()
    };
    let expected = |one: usize, other: usize| {
        let both = (ends(one) * ends(other)) as f64 / (2.0 * m);
        if one == other { both / 2.0 } else { both }
    };
    let pairs = found.get("pairs").items();
    let mut listed = BTreeSet::new();
    let mut n_inside = 0;
    for pair in &pairs {
        let [one, other] = ["one", "other"].map(|it| pair.get(it).number().unwrap() as usize);
        pair.get("one").is(one);
        pair.get("other").is(other);
        assert!(one <= other && listed.insert((one, other)));
        let (n, by_chance) = (n_links(one, other), expected(one, other));
        pair.get("n_links").is(n);
        assert_eq!(pair.get("why").items().len(), n);
        pair.get("expected").measures(by_chance);
        pair.get("ratio").measures_or_none((by_chance > 0.0).then(|| n as f64 / by_chance));
        n_inside += if one == other { n } else { 0 };
    }
    for one in 0..ids.len() {
        for other in one..ids.len() {
            let is_told = n_links(one, other) > 0 || expected(one, other) >= EXPECTED_FROM + 1e-9;
            assert!(!is_told || listed.contains(&(one, other)));
        }
    }
    let share = n_inside as f64 / m;
    found.get("share_inside").measures(share);
    let chance = (0..ids.len()).map(|it| expected(it, it) / m).sum();
    found.get("share_by_chance").measures(chance);
    found.get("e_i_index").measures(1.0 - 2.0 * share);
}

/// Who meets each need in each place and sector, and how near its start-ups are.
pub(super) fn provision(found: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let rows = found.get("needs").items();
    let needs: BTreeSet<&str> = rows.iter().map(|it| it.get("need").id()).collect();
    assert_eq!(needs, ctx.listed.met_by.keys().copied().collect());
    let (places, sectors) = (places(ctx), sectors(ctx));
    for row in &rows {
        let need = row.get("need").id();
        let meeting = ctx.listed.met_by[need].iter().filter_map(|it| network.find(it.0));
        let meeting: BTreeSet<usize> = meeting.collect();
        let ids = |of: &BTreeSet<usize>| network.named(of.iter().copied());
        assert_eq!(row.get("providers").ids(), ids(&meeting));
        let start_ups = (0..network.n()).filter(|&it| network.is_start_up(it));
        let distance = |it: usize| {
            let needs = needs_of(ctx, it);
            needs.iter().find(|it| it.id == need).map(|it| it.distance)
        };
        let distances: BTreeMap<usize, Option<usize>> =
            start_ups.filter_map(|it| Some((it, distance(it)?))).collect();
        let counted: BTreeSet<usize> = distances.keys().chain(&meeting).copied().collect();
        for (name, groups) in [("by_place", &places), ("by_sector", &sectors)] {
            let mut expected: BTreeMap<Option<&str>, BTreeSet<usize>> = BTreeMap::new();
            for (&group, members) in groups {
                let members: BTreeSet<usize> = members.intersection(&counted).copied().collect();
                let is_larger =
                    name == "by_place" && says_no_more(ctx, groups, group, &members, &counted);
                if !members.is_empty() && !is_larger {
                    expected.insert(Some(group), members);
                }
            }
            let all: BTreeSet<usize> = expected.values().flatten().copied().collect();
            let none: BTreeSet<usize> = counted.difference(&all).copied().collect();
            if !none.is_empty() {
                expected.insert(None, none);
            }
            let found: BTreeMap<Option<&str>, At<'_>> = row
                .get(name)
                .items()
                .into_iter()
                .map(|it| (it.get("group").optional_text(), it))
                .collect();
            assert_eq!(row.get(name).items().len(), found.len());
            assert!(found.keys().eq(expected.keys()), "{need}, {name}");
            for (group, members) in expected {
                let group = &found[&group];
                assert_eq!(group.get("providers").ids(), ids(&(&members & &meeting)));
                let start_ups = members.iter().filter(|it| distances.contains_key(it));
                let start_ups: BTreeSet<usize> = start_ups.copied().collect();
                assert_eq!(group.get("start_ups").ids(), ids(&start_ups));
                let is_near = |it: &&usize| distances[it].is_some_and(|it| it <= NEAR);
                group.get("n_start_ups_near").is(start_ups.iter().filter(is_near).count());
            }
        }
    }
}

/// Whether a place holds no more of those counted than one that is part of it.
fn says_no_more(
    ctx: &Ctx<'_>,
    places: &Groups<'_>,
    place: &str,
    members: &BTreeSet<usize>,
    counted: &BTreeSet<usize>,
) -> bool {
    let is_part = |id: &str| {
        let mut waiting = vec![id];
        let mut seen = BTreeSet::new();
        while let Some(at) = waiting.pop() {
            let ties =
                ctx.listed.ties.values().filter(|it| {
                    it.source == at && ["part_of", "located_in"].contains(&it.relation)
                });
            waiting.extend(ties.map(|it| it.target).filter(|it| seen.insert(*it)));
        }
        seen.contains(place)
    };
    let mut others = places.iter().filter(|it| *it.0 != place && is_part(it.0));
    others.any(|it| !members.is_empty() && it.1 & counted == *members)
}

/// Who and what stands for each component: by the schema's reading, and by the ties that name.
pub(super) fn canvas(found: &At<'_>, ctx: &Ctx<'_>) {
    let listed = ctx.listed;
    let rows = found.get("components").items();
    let of_kinds = |kinds: &[String]| -> BTreeSet<&str> {
        let nodes = listed.nodes.values();
        nodes.filter(|it| kinds.iter().any(|kind| kind == it.kind)).map(|it| it.id).collect()
    };
    let components = of_kinds(&["component".to_owned()]);
    assert_eq!(rows.iter().map(|it| it.get("node").id()).collect::<BTreeSet<_>>(), components);
    for row in &rows {
        let id = row.get("node").id();
        let text = format!("{id} {}", row.get("node/name").text()).to_lowercase();
        let reading = listed.schema.components().iter().find(|it| text.contains(&it.word));
        let reading = reading.expect("each component of these data is read");
        assert_eq!(row.get("by_kind").ids(), Vec::from_iter(of_kinds(&reading.kinds)));
        let ties = listed.ties.values();
        let ties = ties.filter(|it| reading.relations.iter().any(|own| own == it.relation));
        let ties: BTreeSet<&str> = ties.map(|it| it.id).collect();
        row.get("n_ties").is(ties.len());
        assert_eq!(row.get("why/ties").ids().into_iter().collect::<BTreeSet<_>>(), ties);
        let naming = listed.ties.values();
        let naming = naming.filter(|it| it.relation == "exemplifies" && it.target == id);
        let naming: BTreeSet<&str> = naming.map(|it| it.source).collect();
        assert_eq!(row.get("named").ids(), Vec::from_iter(naming));
        let evidence = ["named", "nodes", "ties"].map(|it| row.get("why").get(it).items());
        let claims = evidence.iter().flatten().flat_map(|it| it.get("claims").items());
        let sources: BTreeSet<&str> = claims.map(|it| it.get("source").text()).collect();
        row.get("n_sources").is(sources.len());
    }
}
