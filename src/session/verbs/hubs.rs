//! `hubs`: who holds the network together, in three meanings that are never blended into one score.

use serde::Serialize;

use crate::ecosystem::{Bridging, Hub, Hubs, HubsOptions, hubs};
use crate::present::{Answer, Section, Table, decimal, percent};
use crate::session::context::{Context, view_note};
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// Bodies shown of each meaning.
const ROWS: usize = 10;
/// Names shown of those at one distance.
const NAMES: usize = 15;

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let (snapshot, question) = ctx.sweep()?;
    let n_rows = if ctx.settings.all { usize::MAX } else { ctx.settings.limit.unwrap_or(ROWS) };
    let found = hubs(&snapshot, &question, &HubsOptions { n_rows });
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    let mut most = Table::new(&["#", "name", "#partners", "in words", "how safe"]);
    for hub in &found.works_with_most {
        push(&mut answer, "works_with_most", hub);
        most.push([
            hub.rank.to_string(),
            hub.node.name.clone(),
            hub.figures.n_contacts.to_string(),
            hub.sentence.clone(),
            hub.trust.sentence.clone(),
        ]);
    }
    let mut groups =
        Table::new(&["#", "name", "#of shortest ways", "#constraint", "in words", "how safe"]);
    for hub in &found.connects_groups {
        push(&mut answer, "connects_groups", hub);
        groups.push([
            hub.rank.to_string(),
            hub.node.name.clone(),
            percent(hub.figures.betweenness_share),
            hub.figures.constraint.map_or("–".to_owned(), decimal),
            hub.sentence.clone(),
            hub.trust.sentence.clone(),
        ]);
    }
    let mut way = Table::new(&["#", "name", "#nearness", "#within two", "in words", "how safe"]);
    for hub in &found.shortest_way {
        push(&mut answer, "shortest_way_to_all", hub);
        way.push([
            hub.rank.to_string(),
            hub.node.name.clone(),
            decimal(hub.figures.harmonic),
            hub.figures.n_within_two.to_string(),
            hub.sentence.clone(),
            hub.trust.sentence.clone(),
        ]);
    }
    answer.push_section(Section::table("Works with most", most));
    why_most(ctx, &mut answer, &found);
    answer.push_section(Section::table("Connects groups", groups));
    found.connects_groups.iter().for_each(|it| why_groups(ctx, &mut answer, it));
    let mut last = Section::table("Shortest way to all", way);
    last.notes.clone_from(&found.notes);
    answer.push_section(last);
    why_way(ctx, &mut answer, &found);
    Ok(answer.into())
}

/// The ties to its partners, for each body; none without `--why`.
fn why_most(ctx: &Context<'_>, answer: &mut Answer, found: &Hubs) {
    for hub in &found.works_with_most {
        let Some(links) = &hub.figures.why else { continue };
        let mut evidence = Evidence::new("partner");
        for link in links {
            link.ties.iter().for_each(|it| evidence.tie(&link.to.name, it));
        }
        evidence.push(ctx, answer, &format!("{}: what its partners rest on", hub.node.name));
    }
}

/// Its links by their share, the pairs that depend on it most, the part of each contact.
pub(super) fn why_groups(ctx: &Context<'_>, answer: &mut Answer, hub: &Hub<Bridging>) {
    let Some(why) = &hub.figures.why else { return };
    let name = &hub.node.name;
    let mut evidence = Evidence::new("#share");
    for it in &why.links {
        evidence.links(&percent(it.share), std::slice::from_ref(&it.link));
    }
    evidence.push(ctx, answer, &format!("{name}: the ways through it, by link"));
    let mut pairs = Table::new(&["from", "to", "#links", "#ways through it"]);
    for it in &why.pairs {
        let (from, to) = (it.from.name.clone(), it.to.name.clone());
        pairs.push([from, to, it.distance.to_string(), percent(it.share)]);
    }
    push_table(ctx, answer, &format!("{name}: the pairs that depend on it most"), pairs);
    if hub.figures.constraint.is_none() {
        return;
    }
    let mut parts = Table::new(&["contact", "#direct", "#through others", "#part of constraint"]);
    for it in &why.contacts {
        let cells = [it.direct, it.indirect, it.part].map(decimal);
        let [direct, indirect, part] = cells;
        parts.push([it.node.name.clone(), direct, indirect, part]);
    }
    push_table(ctx, answer, &format!("{name}: the part of each contact in its constraint"), parts);
}

/// Who is at which distance.
fn why_way(ctx: &Context<'_>, answer: &mut Answer, found: &Hubs) {
    for hub in &found.shortest_way {
        let mut table = Table::new(&["#links", "#bodies", "who"]);
        for ring in hub.figures.why.iter().flatten() {
            let (shown, _) = ctx.shown(ring.nodes.len(), NAMES);
            let mut names: Vec<&str> = ring.nodes.iter().map(|it| it.name.as_str()).collect();
            names.truncate(shown);
            let n_more = ring.nodes.len() - shown;
            let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
            table.push([
                ring.distance.to_string(),
                ring.n_nodes.to_string(),
                format!("{}{more}", names.join("; ")),
            ]);
        }
        push_table(ctx, answer, &format!("{}: who is how far", hub.node.name), table);
    }
}

fn push<F: Serialize>(answer: &mut Answer, meaning: &str, hub: &Hub<F>) {
    let mut row = serde_json::to_value(hub).unwrap_or_default();
    if let Some(fields) = row.as_object_mut() {
        fields.insert("meaning".to_owned(), meaning.into());
    }
    answer.rows.push(row);
}
