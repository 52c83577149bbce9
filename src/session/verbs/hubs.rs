//! `hubs`: who holds the network together, in three meanings that are never blended into one score.

use serde::Serialize;

use crate::ecosystem::{Hub, HubsOptions, hubs};
use crate::present::{Answer, Section, Table, decimal, percent};
use crate::session::context::{Context, view_note};
use crate::session::{Error, Output};

/// Bodies shown of each meaning.
const ROWS: usize = 10;

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let n_rows = if ctx.settings.all { usize::MAX } else { ctx.settings.limit.unwrap_or(ROWS) };
    let found = hubs(&snapshot, &ctx.question()?, &HubsOptions { n_rows });
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
    answer.push_section(Section::table("Connects groups", groups));
    let mut last = Section::table("Shortest way to all", way);
    last.notes.clone_from(&found.notes);
    answer.push_section(last);
    Ok(answer.into())
}

fn push<F: Serialize>(answer: &mut Answer, meaning: &str, hub: &Hub<F>) {
    let mut row = serde_json::to_value(hub).unwrap_or_default();
    if let Some(fields) = row.as_object_mut() {
        fields.insert("meaning".to_owned(), meaning.into());
    }
    answer.rows.push(row);
}
