//! `project KIND`: who takes part in the same programmes, events or other bodies of one kind.

use crate::ecosystem::{Question, project};
use crate::present::{Answer, Section, Table, decimal};
use crate::session::context::{Context, view_note};
use crate::session::request::Project;
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Pairs shown.
const ROWS: usize = 20;
/// What stands below every answer: a projection is never taken for a network of ties.
const NO_TIES: &str = "these are no ties: two who share one with many members may never have met; one \
                       of k members counts 1 / (k - 1) for a pair (Newman's weights)";

pub(super) fn run(ctx: &mut Context<'_>, options: &Project) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let of_kinds = ctx.kinds_named(std::slice::from_ref(&options.kind))?;
    let mut question: Question = ctx.question()?;
    question.why = ctx.settings.why;
    let mut found = project(&snapshot, &question, &of_kinds);
    if let Some(located) = ctx.located(&snapshot)? {
        let is_there = |id: &str| snapshot.find_node(id).is_some_and(|it| located.contains(&it));
        found.rows.retain(|it| is_there(&it.a.id) && is_there(&it.b.id));
        if found.rows.is_empty() {
            return Ok(super::nobody_there(ctx, view_note(&found.basis)));
        }
    }
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.param("of", options.kind.clone());
    answer.param("n_shared", found.n_shared);
    answer.param("n_members", found.n_members);
    let too_large: Vec<&str> = found.too_large.iter().map(|it| it.id.as_str()).collect();
    answer.param("too_large", too_large);
    if !found.rows.is_empty() {
        answer.warnings.push(NO_TIES.to_owned());
    }
    found.rows.iter().take(ctx.kept(found.rows.len())).for_each(|it| answer.push_row(it));
    let (limit, rest) = ctx.shown(found.rows.len(), ROWS);
    let mut table = Table::new(&["one", "other", "#weight", "share", "tied themselves"]);
    for it in &found.rows[..limit] {
        let shared: Vec<&str> = it.shared.iter().map(|it| it.name.as_str()).collect();
        let is_linked = if it.is_linked { "yes" } else { "no" };
        table.push([
            it.a.name.clone(),
            it.b.name.clone(),
            decimal(it.weight),
            shared.join("; "),
            is_linked.to_owned(),
        ]);
    }
    let mut section = Section::table("Who takes part in the same", table);
    section.text.push(format!("{}.", super::capital(&found.sentence)));
    if found.rows.is_empty() {
        section.table = None;
    }
    section.notes.extend(rest);
    if !found.too_large.is_empty() {
        let names: Vec<&str> = found.too_large.iter().map(|it| it.name.as_str()).collect();
        section.notes.push(format!("too large to tell anything of a pair: {}", names.join("; ")));
    }
    answer.push_section(section);
    let mut evidence = Evidence::new("pair");
    for it in &found.rows[..limit] {
        let pair = format!("{} and {}", it.a.name, it.b.name);
        it.why.iter().flatten().for_each(|tie| evidence.tie(&pair, tie));
    }
    evidence.push(ctx, &mut answer, "What they share: what it rests on");
    Ok(answer.into())
}
