//! `critical`: what breaks if one body leaves.

use serde_json::json;
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::{
    CutOff, Question, Ranking, critical, critical_chance, critical_trust, cut_off_without,
};
use crate::present::{Answer, Section, Table, count};
use crate::session::context::{Context, view_note};
use crate::session::request::Judged;
use crate::session::verbs::rank::tried as push_tried;
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Bodies shown.
const ROWS: usize = 20;
/// Names shown of those cut off.
const NAMES: usize = 6;

pub(super) fn run(ctx: &mut Context<'_>, options: &Judged) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let question = ctx.question()?;
    let mut found = critical(&snapshot, &question);
    if !options.names.is_empty() {
        found.rows.clear();
        for name in &options.names {
            let idx = ctx.must_find(&snapshot, name)?;
            found.rows.push(cut_off_without(&snapshot, &question, idx)?);
        }
    }
    if let Some(located) = ctx.located(&snapshot)? {
        let is_there = |id: &str| snapshot.find_node(id).is_some_and(|it| located.contains(&it));
        found.rows.retain(|it| is_there(&it.node.id));
    }
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    for row in found.rows.iter().take(ctx.kept(found.rows.len())) {
        answer.push_row(row);
    }
    let (limit, rest) = ctx.shown(found.rows.len(), ROWS);
    let mut tried = None;
    if options.trusted.stability && limit > 0 {
        let is_asked = !options.names.is_empty() || ctx.settings.place.is_some();
        let rows = &found.rows[..limit];
        tried = Some(safe(ctx, &snapshot, &question, rows, is_asked, &mut answer)?);
    }
    let mut chances = Vec::new();
    if options.trusted.chance {
        answer.param("chance", true);
        answer.seed = Some(question.seed);
        let bodies: Vec<NodeIdx> =
            found.rows[..limit].iter().filter_map(|it| snapshot.find_node(&it.node.id)).collect();
        chances = ctx.watched("networks rewired", |run| {
            critical_chance(&snapshot, &question, &bodies, run)
        })?;
        super::add_chances(&mut answer, &chances);
    }
    let mut section = Section::table("Single points of failure", table(&found.rows[..limit]));
    if found.rows.is_empty() {
        section.text.push("No body is the only link of another in this view.".to_owned());
        section.table = None;
    }
    section.notes.extend(rest);
    answer.push_section(section);
    tried.iter().for_each(|it| push_tried(&mut answer, it, false, limit.min(it.rows.len())));
    let names = found.rows[..limit].iter().map(|it| it.node.name.as_str());
    super::push_chance(&mut answer, "", names.zip(chances.iter().map(Some)));
    evidence(ctx, &mut answer, &found.rows[..limit]);
    Ok(answer.into())
}

/// Which of the first places are safe, by the ranking of the same figure; each row says so of itself.
fn safe(
    ctx: &mut Context<'_>,
    snapshot: &Snapshot,
    question: &Question,
    rows: &[CutOff],
    are_asked_for: bool,
    answer: &mut Answer,
) -> Result<Ranking, Error> {
    let only = match are_asked_for {
        true => rows.iter().filter_map(|it| snapshot.find_node(&it.node.id)).collect(),
        false => Vec::new(),
    };
    answer.param("stability", true);
    answer.seed = Some(question.seed);
    let found = ctx.watched("networks drawn", |run| {
        critical_trust(snapshot, question, rows.len(), only, run)
    })?;
    let of = |it: &CutOff| {
        let row = found.rows.iter().find(|row| row.node.id == it.node.id);
        row.map_or(json!({}), |row| match (&row.trust, &row.stability) {
            (Some(trust), Some(stability)) => json!({ "trust": trust, "stability": stability }),
            _ => json!({}),
        })
    };
    super::add_fields(answer, rows.iter().map(of));
    answer.param("verdict", found.verdict.clone());
    Ok(found)
}

/// The links that each of them holds together; none without `--why`.
pub(super) fn evidence(ctx: &Context<'_>, answer: &mut Answer, rows: &[CutOff]) {
    let mut evidence = Evidence::new("without");
    for row in rows {
        let links = row.why.as_ref().map(|it| it.links.as_slice()).unwrap_or_default();
        evidence.links(&row.node.name, links);
    }
    evidence.push(ctx, answer, "Single points of failure: what they rest on");
}

/// Who cuts off whom.
pub(super) fn table(rows: &[CutOff]) -> Table {
    let mut table =
        Table::new(&["without", "#cut off", "#start-ups", "who is cut off from the rest"]);
    for row in rows {
        let mut names: Vec<&str> = row.cut_off.iter().map(|it| it.name.as_str()).collect();
        let n_more = names.len().saturating_sub(NAMES);
        names.truncate(NAMES);
        let more = if n_more > 0 { format!(" and {} more", count(n_more)) } else { String::new() };
        table.push([
            row.node.name.clone(),
            count(row.n_cut_off),
            count(row.n_start_ups_cut_off),
            format!("{}{more}", names.join("; ")),
        ]);
    }
    table
}
