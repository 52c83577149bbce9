//! `hubs`: who holds the network together, in three meanings that are never blended into one score.

use serde::Serialize;

use crate::ecosystem::{Bridging, Hub, Hubs, HubsOptions, RankingVerdict, Stability, hubs};
use crate::present::{Answer, Section, Table, count, decimal, percent};
use crate::session::context::{Context, view_note};
use crate::session::request::Trusted;
use crate::session::verbs::push_chance;
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// Bodies shown of each meaning.
const ROWS: usize = 10;
/// Names shown of those at one distance.
const NAMES: usize = 15;

pub(super) fn run(ctx: &mut Context<'_>, options: &Trusted) -> Result<Output, Error> {
    let (snapshot, question) = ctx.sweep()?;
    let n_rows = if ctx.settings.all { usize::MAX } else { ctx.settings.limit.unwrap_or(ROWS) };
    let Trusted { stability, chance } = *options;
    let mut only = Vec::new();
    if let Some(located) = ctx.located(&snapshot)? {
        let view = question.conduit(&snapshot);
        only = located.into_iter().filter(|&it| view.index_of(it).is_some()).collect();
        if only.is_empty() {
            let basis = question.basis(&snapshot, &view, "conduit");
            return Ok(super::nobody_there(ctx, view_note(&basis)));
        }
    }
    let asked = HubsOptions { n_rows, stability, chance, only, ..HubsOptions::default() };
    let found = ctx.watched("ways counted", |run| hubs(&snapshot, &question, &asked, run))?;
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    if stability || chance {
        answer.seed = Some(question.seed);
    }
    for (name, asked) in [("stability", stability), ("chance", chance)] {
        if asked {
            answer.param(name, true);
        }
    }
    if !found.verdicts.is_empty() {
        answer.param("verdicts", serde_json::to_value(&found.verdicts).unwrap_or_default());
    }
    super::push_notes(&mut answer, &found.notes);
    // Who has no partner connects nobody and is near nobody.
    if found.basis.n_links == 0 {
        let text = "No body has a link to another in this view, so there is no hub.".to_owned();
        answer.push_section(Section { text: vec![text], ..Section::default() });
        return Ok(answer.into());
    }
    let mut most = Table::new(&["#", "name", "#partners", "in words", "how safe"]);
    for hub in &found.works_with_most {
        push(&mut answer, "works_with_most", hub);
        most.push([
            count(hub.rank),
            hub.node.name.clone(),
            count(hub.figures.n_contacts),
            hub.sentence.clone(),
            hub.trust.sentence.clone(),
        ]);
    }
    let mut groups =
        Table::new(&["#", "name", "#of shortest ways", "#constraint", "in words", "how safe"]);
    for hub in &found.connects_groups {
        push(&mut answer, "connects_groups", hub);
        groups.push([
            count(hub.rank),
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
            count(hub.rank),
            hub.node.name.clone(),
            decimal(hub.figures.harmonic),
            count(hub.figures.n_within_two),
            hub.sentence.clone(),
            hub.trust.sentence.clone(),
        ]);
    }
    answer.push_section(Section::table("Works with most", most));
    let verdict = |meaning: &str| found.verdicts.iter().find(|it| it.meaning == meaning);
    trusted(&mut answer, verdict("works_with_most"), &refs(&found.works_with_most));
    why_most(ctx, &mut answer, &found);
    answer.push_section(Section::table("Connects groups", groups));
    trusted(&mut answer, verdict("connects_groups"), &refs(&found.connects_groups));
    found.connects_groups.iter().for_each(|it| why_groups(ctx, &mut answer, it));
    let mut last = Section::table("Shortest way to all", way);
    last.notes.clone_from(&found.notes);
    answer.push_section(last);
    trusted(&mut answer, verdict("shortest_way"), &refs(&found.shortest_way));
    why_way(ctx, &mut answer, &found);
    Ok(answer.into())
}

/// In how many of a hundred draws a row stays among those shown.
pub(super) fn stays_in_100(it: &Stability) -> String {
    decimal(it.n_stayed as f64 * 100.0 / it.n_draws as f64)
}

/// Which places are safe, in words and by row, and which figures differ from chance.
pub(super) fn trusted<F>(answer: &mut Answer, verdict: Option<&RankingVerdict>, rows: &[&Hub<F>]) {
    if let Some(verdict) = verdict.filter(|_| !rows.is_empty()) {
        let mut table = Table::new(&["name", "#rank", "#stays in 100", "#usual ranks"]);
        for row in rows {
            let Some(it) = &row.stability else { continue };
            let (name, rank) = (row.node.name.clone(), count(row.rank));
            table.push([name, rank, stays_in_100(it), it.usual_ranks()]);
        }
        let mut section = Section::table("How safe these places are", table);
        section.text = verdict.sentences.iter().map(|it| sentence(it)).collect();
        if let Some(it) = rows.iter().find_map(|it| it.stability.as_ref()) {
            let stays = match verdict.place {
                "among_rows" => format!("if it is still among the {}", count(it.n_rows)),
                _ => "with its rank or a better one".to_owned(),
            };
            section.notes.push(format!(
                "{} draws, each without {} of the links; a body stays {stays}; usual ranks are those of \
                 nine draws in ten",
                count(it.n_draws),
                count(it.n_links_dropped)
            ));
        }
        answer.push_section(section);
    }
    let chances = rows.iter().map(|it| (it.node.name.as_str(), it.chance.as_ref()));
    push_chance(answer, "", chances);
}

fn refs<T>(rows: &[T]) -> Vec<&T> {
    rows.iter().collect()
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
    let mut parts = Table::new(&["partner", "#direct", "#through others", "#part of constraint"]);
    for it in &why.contacts {
        let cells = [it.direct, it.indirect, it.part].map(decimal);
        let [direct, indirect, part] = cells;
        parts.push([it.node.name.clone(), direct, indirect, part]);
    }
    push_table(ctx, answer, &format!("{name}: the part of each partner in its constraint"), parts);
}

/// Begins with a capital and ends with a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
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
            let more =
                if n_more > 0 { format!(" and {} more", count(n_more)) } else { String::new() };
            table.push([
                ring.distance.to_string(),
                count(ring.n_nodes),
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
