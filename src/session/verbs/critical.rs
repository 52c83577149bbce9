//! `critical`: what breaks if one body leaves.

use weft_graph::NodeIdx;

use crate::ecosystem::{CutOff, critical, critical_chance, cut_off_without};
use crate::present::{Answer, Section, Table};
use crate::session::context::{Context, view_note};
use crate::session::request::Judged;
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
    let mut chances = Vec::new();
    if options.chance {
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
    let names = found.rows[..limit].iter().map(|it| it.node.name.as_str());
    super::push_chance(&mut answer, names.zip(chances.iter().map(Some)));
    evidence(ctx, &mut answer, &found.rows[..limit]);
    Ok(answer.into())
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
        let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
        table.push([
            row.node.name.clone(),
            row.n_cut_off.to_string(),
            row.n_start_ups_cut_off.to_string(),
            format!("{}{more}", names.join("; ")),
        ]);
    }
    table
}
