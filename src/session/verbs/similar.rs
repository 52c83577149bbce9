//! `similar X`: who is in the same position, and what they share.

use crate::ecosystem::similar;
use crate::present::{Answer, Section, Table};
use crate::session::context::{Context, view_note};
use crate::session::request::Similar;
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Bodies shown.
const ROWS: usize = 10;

pub(super) fn run(ctx: &mut Context<'_>, options: &Similar) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let node = ctx.must_find(&snapshot, &options.name)?;
    let mut found = similar(&snapshot, &ctx.question()?, node)?;
    if let Some(located) = ctx.located(&snapshot)? {
        let is_there = |id: &str| snapshot.find_node(id).is_some_and(|it| located.contains(&it));
        found.rows.retain(|it| is_there(&it.node.id));
        if found.rows.is_empty() {
            return Ok(super::nobody_there(ctx, view_note(&found.basis)));
        }
    }
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.param("of", found.node.id.clone());
    answer.param("n_roles", found.n_roles);
    if found.rows.is_empty() {
        // A pipe would else get no word at all.
        answer.warnings.push(found.sentence.clone());
    }
    for row in found.rows.iter().take(ctx.kept(found.rows.len())) {
        answer.push_row(row);
    }
    let (limit, rest) = ctx.shown(found.rows.len(), ROWS);
    let mut table = Table::new(&["who", "kind", "#same partners", "#same kinds", "in common"]);
    for row in &found.rows[..limit] {
        table.push([
            row.node.name.clone(),
            super::kind_label(&snapshot, &row.node),
            format!("{:.2}", row.same_contacts),
            format!("{:.2}", row.same_kinds),
            row.sentence.clone(),
        ]);
    }
    let mut section = Section::table(&format!("In a position like {}", found.node.name), table);
    section.text.push(format!("{}.", found.sentence));
    if found.rows.is_empty() {
        section.table = None;
    }
    section.notes.extend(rest);
    answer.push_section(section);
    let mut evidence = Evidence::new("like");
    for row in &found.rows[..limit] {
        let ties = row.why.iter().flatten();
        ties.for_each(|it| evidence.tie(&row.node.name, it));
    }
    evidence.push(ctx, &mut answer, "What they share: what it rests on");
    Ok(answer.into())
}
