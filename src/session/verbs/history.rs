//! `history`: the revisions of the store, or what one of them changed.

use serde_json::json;
use weft_store::{ChangedRecord, Record};

use crate::present::{Answer, Section, Table, count};
use crate::session::context::Context;
use crate::session::request::History;
use crate::session::{Error, Output};

/// Revisions shown.
const REVISIONS: usize = 20;
/// Changes of one revision shown.
const CHANGES: usize = 100;

pub(super) fn run(ctx: &mut Context<'_>, options: &History) -> Result<Output, Error> {
    match options.revision {
        Some(revision) => changes(ctx, revision),
        None => revisions(ctx),
    }
}

fn revisions(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let limit = if ctx.settings.all { usize::MAX } else { ctx.settings.limit.unwrap_or(REVISIONS) };
    let mut answer = Answer::default();
    let mut table =
        Table::new(&["#revision", "when", "who", "what", "#added", "#changed", "#removed"]);
    for it in ctx.database.history(limit.min(i64::MAX as usize))? {
        table.push([
            it.revision.to_string(),
            it.when.clone(),
            it.who.clone(),
            it.what.clone(),
            count(it.n_added as usize),
            count(it.n_changed as usize),
            count(it.n_removed as usize),
        ]);
        answer.rows.push(json!({
            "revision": it.revision, "when": it.when, "who": it.who, "what": it.what,
            "dataset": it.dataset, "n_added": it.n_added, "n_changed": it.n_changed,
            "n_removed": it.n_removed, "n_nodes": it.n_nodes, "n_ties": it.n_ties,
            "n_facts": it.n_facts, "n_sources": it.n_sources,
            "checksum": format!("{:016x}", it.checksum),
        }));
    }
    answer.push_section(Section::bare(table));
    Ok(answer.into())
}

fn changes(ctx: &mut Context<'_>, revision: u64) -> Result<Output, Error> {
    if revision == 0 {
        return Err(weft_store::Error::NoSuchRevision {
            asked: 0,
            newest: ctx.database.revision()?,
        }
        .into());
    }
    let limit = if ctx.settings.all { usize::MAX } else { ctx.settings.limit.unwrap_or(CHANGES) };
    let changes = ctx.database.changes_of(revision, limit.min(i64::MAX as usize))?;
    let mut answer = Answer::default();
    let mut table = Table::new(&["change", "what", "id"]);
    for it in &changes {
        let change = match (&it.before, &it.after) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        table.push([change.to_owned(), it.what.as_str().to_owned(), it.id.clone()]);
        answer.rows.push(row(change, it)?);
    }
    let mut section = Section::table(&format!("Revision {revision}"), table);
    if changes.len() == limit {
        section.notes.push("there may be more: use `--all` or `--limit N`".to_owned());
    }
    answer.push_section(section);
    Ok(answer.into())
}

fn row(change: &str, it: &ChangedRecord) -> Result<serde_json::Value, Error> {
    let record = |record: &Option<Record>| {
        let value = match record {
            None => Ok(serde_json::Value::Null),
            Some(Record::Source(it)) => serde_json::to_value(it),
            Some(Record::Node(it)) => serde_json::to_value(it),
            Some(Record::Tie(it)) => serde_json::to_value(it),
            Some(Record::Fact(it)) => serde_json::to_value(it),
        };
        value.map_err(|err| Error::failed(format!("the record cannot be written: {err}")))
    };
    Ok(json!({
        "change": change, "what": it.what.as_str(), "id": it.id,
        "before": record(&it.before)?, "after": record(&it.after)?,
    }))
}
