//! `sources`: who says so, and how much rests on each.

use std::collections::BTreeMap;

use serde_json::json;

use crate::present::{Answer, Section, Table, count};
use crate::session::context::{Context, more_note};
use crate::session::{Error, Output};

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let snapshot = ctx.recorded()?;
    let mut used: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for idx in snapshot.nodes() {
        let mut ids: Vec<&str> =
            snapshot.node(idx).claims().map(|it| it.source().id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            used.entry(id).or_default()[0] += 1;
        }
    }
    for idx in snapshot.ties() {
        let mut ids: Vec<&str> =
            snapshot.tie(idx).claims().map(|it| it.source().id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            used.entry(id).or_default()[1] += 1;
        }
    }
    for fact in snapshot.facts() {
        used.entry(&fact.source).or_default()[2] += 1;
    }
    let mut answer = Answer::default();
    let mut table =
        Table::new(&["id", "title", "publisher", "date", "licence", "#nodes", "#ties", "#facts"]);
    for source in snapshot.sources() {
        let [n_nodes, n_ties, n_facts] = used.get(source.id.as_str()).copied().unwrap_or_default();
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        table.push([
            source.id.clone(),
            source.title.clone(),
            text(&source.publisher),
            source.date.map_or(String::new(), |it| it.to_string()),
            text(&source.licence),
            count(n_nodes),
            count(n_ties),
            count(n_facts),
        ]);
        answer.rows.push(json!({
            "id": source.id, "title": source.title, "publisher": source.publisher,
            "date": source.date, "retrieved": source.retrieved, "licence": source.licence,
            "address": source.address, "note": source.note,
            "n_nodes": n_nodes, "n_ties": n_ties, "n_facts": n_facts,
        }));
    }
    let n_shown = ctx.kept(answer.rows.len());
    answer.rows.truncate(n_shown);
    let n_more = table.rows.len() - n_shown;
    table.rows.truncate(n_shown);
    let mut section = Section::bare(table);
    if n_more > 0 {
        section.notes.push(more_note(n_more));
    }
    answer.push_section(section);
    Ok(answer.into())
}
