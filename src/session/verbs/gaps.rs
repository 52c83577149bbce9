//! `gaps`: what is missing, each list with its evidence.

use serde::Serialize;

use crate::ecosystem::{Gaps, ThinData, gaps};
use crate::present::{Answer, Section, Table, percent};
use crate::session::context::{Context, view_note};
use crate::session::verbs::critical;
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// Rows shown of each list.
const ROWS: usize = 15;

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let suspected = super::suspected_duplicates(&snapshot);
    let found = gaps(&snapshot, &ctx.question()?, &suspected);
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    push_all(ctx, &mut answer, "missing_provider", &found.missing_provider);
    push_all(ctx, &mut answer, "unreached_need", &found.unreached_need);
    push_all(ctx, &mut answer, "single_point_of_failure", &found.single_point_of_failure);
    push_all(ctx, &mut answer, "thin_data", std::slice::from_ref(&found.thin_data));
    sections(ctx, &mut answer, &found);
    Ok(answer.into())
}

fn push_all<T: Serialize>(ctx: &Context<'_>, answer: &mut Answer, gap: &str, items: &[T]) {
    for item in items.iter().take(ctx.kept(items.len())) {
        let mut row = serde_json::to_value(item).unwrap_or_default();
        if let Some(fields) = row.as_object_mut() {
            fields.insert("gap".to_owned(), gap.into());
        }
        answer.rows.push(row);
    }
}

fn sections(ctx: &Context<'_>, answer: &mut Answer, found: &Gaps) {
    let mut table = Table::new(&["need", "#providers", "who", "in words"]);
    for it in &found.missing_provider {
        let names: Vec<&str> = it.providers.iter().map(|it| it.name.as_str()).collect();
        table.push([
            it.need.name.clone(),
            it.n_providers.to_string(),
            names.join("; "),
            it.sentence.clone(),
        ]);
    }
    section(
        ctx,
        answer,
        "Needs that nobody or one body meets",
        table,
        "Every need is met by two bodies or more.",
    );
    if ctx.settings.why {
        let mut evidence = Evidence::new("need");
        for it in &found.missing_provider {
            it.ties.iter().for_each(|tie| evidence.tie(&it.need.name, tie));
        }
        evidence.push(ctx, answer, "Needs that nobody or one body meets: what they rest on");
    }
    let mut table = Table::new(&["need", "among", "#start-ups", "#out of reach", "#share"]);
    for it in &found.unreached_need {
        let group = match &it.group_name {
            Some(name) => format!("{}: {name}", it.group_by),
            None => it.group.clone().unwrap_or_else(|| it.group_by.to_owned()),
        };
        table.push([
            it.need.name.clone(),
            group,
            it.n_start_ups.to_string(),
            it.n_unreached.to_string(),
            percent(it.share),
        ]);
    }
    section(
        ctx,
        answer,
        "Needs that start-ups do not reach (three links or more)",
        table,
        "Every start-up is within two links of a provider of every need that is met.",
    );
    if ctx.settings.why {
        let mut table = Table::new(&["need", "start-up", "#links"]);
        for it in found.unreached_need.iter().filter(|it| it.group.is_none()) {
            for start_up in &it.start_ups {
                let links = start_up.distance.map_or("no path".to_owned(), |it| it.to_string());
                table.push([it.need.name.clone(), start_up.node.name.clone(), links]);
            }
        }
        push_table(ctx, answer, "Needs that start-ups do not reach: how far each is", table);
    }
    let table = critical::table(&found.single_point_of_failure);
    section(ctx, answer, "Single points of failure", table, "No body is the only link of another.");
    critical::evidence(ctx, answer, &found.single_point_of_failure);
    let thin = &found.thin_data;
    let mut table = Table::new(&["thin data", "#records", "#of"]);
    for (name, n, of) in [
        ("nodes with one claim only", thin.nodes_with_one_claim.n, thin.nodes_with_one_claim.n_of),
        ("ties with one claim only", thin.ties_with_one_claim.n, thin.ties_with_one_claim.n_of),
        ("nodes without a date", thin.undated_nodes.n, thin.undated_nodes.n_of),
        ("ties without a date", thin.undated_ties.n, thin.undated_ties.n_of),
        ("pairs that may be one body", thin.suspected_duplicates.len(), 0),
    ] {
        let of = if of > 0 { of.to_string() } else { String::new() };
        table.push([name.to_owned(), n.to_string(), of]);
    }
    section(ctx, answer, "Thin data", table, "");
    if ctx.settings.why {
        why_thin(ctx, answer, thin);
    }
}

fn why_thin(ctx: &Context<'_>, answer: &mut Answer, thin: &ThinData) {
    let mut evidence = Evidence::new("kind");
    thin.nodes_with_one_claim.records.iter().for_each(|it| evidence.node(&it.node.kind, it));
    evidence.push(ctx, answer, "Nodes with one claim only");
    for (heading, ties) in [
        ("Ties with one claim only", &thin.ties_with_one_claim),
        ("Ties without a date", &thin.undated_ties),
    ] {
        let mut evidence = Evidence::new("relation");
        ties.records.iter().for_each(|it| evidence.tie(&it.relation, it));
        evidence.push(ctx, answer, heading);
    }
    let mut table = Table::new(&["name", "kind", "id"]);
    for it in &thin.undated_nodes.records {
        table.push([it.name.clone(), it.kind.clone(), it.id.clone()]);
    }
    push_table(ctx, answer, "Nodes without a date", table);
    let mut table = Table::new(&["one", "the other", "why"]);
    for it in &thin.suspected_duplicates {
        let names = [&it.a, &it.b].map(|it| format!("{} [{}]", it.name, it.id));
        let [a, b] = names;
        table.push([a, b, it.reason.clone()]);
    }
    push_table(ctx, answer, "Pairs that may be one body", table);
}

fn section(ctx: &Context<'_>, answer: &mut Answer, heading: &str, mut table: Table, none: &str) {
    if table.rows.is_empty() {
        answer.push_section(Section::text(heading, vec![none.to_owned()]));
        return;
    }
    let (limit, rest) = ctx.shown(table.rows.len(), ROWS);
    table.rows.truncate(limit);
    let mut section = Section::table(heading, table);
    section.notes.extend(rest);
    answer.push_section(section);
}
