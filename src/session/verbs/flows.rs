//! `flows`: who funds what, with totals that count nothing twice.

use serde_json::json;

use crate::ecosystem::{FlowGroup, FlowRow, FlowTotals, Money, MoneyItem, flow_totals, flows};
use crate::present::{Answer, Section, Table, count, money, plural};
use crate::session::context::{Context, view_note};
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Rows shown of each list.
const ROWS: usize = 15;

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let question = ctx.question()?;
    let found = flows(&snapshot, &question);
    let totals = flow_totals(&snapshot, &question, &found);
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.rows.push(json!({ "list": "totals", "totals": found.totals }));
    for (list, rows) in [("by_funder", &found.by_funder), ("by_recipient", &found.by_recipient)] {
        for row in rows.iter().take(ctx.kept(rows.len())) {
            answer.rows.push(with_list(list, row));
        }
    }
    for (list, groups) in lists(&totals) {
        for group in groups.iter().take(ctx.kept(groups.len())) {
            answer.rows.push(with_list(list, group));
        }
    }
    answer.rows.extend(totals.concentration.iter().map(|it| with_list("concentration", it)));
    for (list, items) in [("counted", &found.counted), ("left_out", &found.left_out)] {
        for item in items.iter().take(ctx.kept(items.len())) {
            answer.rows.push(json!({ "list": list, "item": item }));
        }
    }
    let n_without = found.without_amount.len();
    for tie in found.without_amount.iter().take(ctx.kept(n_without)) {
        answer.rows.push(json!({ "list": "without_amount", "tie": tie }));
    }
    let mut text = match (found.totals.is_empty(), n_without) {
        (true, 0) => "No tie of this view funds or invests.".to_owned(),
        (true, _) => "Nothing is counted.".to_owned(),
        (false, _) => format!("Counted once each: {}.", totals_words(&found.totals)),
    };
    if n_without > 0 {
        text.push_str(&format!(
            " {} no amount, which is not nought.",
            plural(n_without, "tie that funds or invests has", "ties that fund or invest have")
        ));
    }
    text.extend(found.passed_on_sentence().map(|it| format!(" {it}")));
    let passed_on: Vec<&str> = found.passed_on.iter().map(|it| it.id.as_str()).collect();
    answer.param("passed_on", passed_on);
    answer.push_section(Section { text: vec![text], ..Section::default() });
    if ctx.settings.why {
        why_items(ctx, &mut answer, "Counted: what it rests on", found.counted.iter().map(of_both));
    }
    for (heading, rows) in [("By funder", &found.by_funder), ("By recipient", &found.by_recipient)]
    {
        let (limit, rest) = ctx.shown(rows.len(), ROWS);
        let mut section = Section::table(heading, table(&rows[..limit]));
        section.notes.extend(rest);
        section.notes.extend(found.order_of_currencies().filter(|_| rows.len() > 1));
        answer.push_section(section);
        let of_row = |row: &FlowRow| {
            let items = row.why.clone().unwrap_or_default();
            items.into_iter().map(|it| (row.node.name.clone(), it)).collect::<Vec<_>>()
        };
        let items: Vec<_> = rows[..limit].iter().flat_map(of_row).collect();
        let items = items.iter().map(|(subject, it)| (subject.clone(), it));
        why_items(ctx, &mut answer, &format!("{heading}: what it rests on"), items);
    }
    more_totals(ctx, &mut answer, &totals, found.order_of_currencies());
    if !found.left_out.is_empty() {
        let mut table = Table::new(&["from", "to", "amount", "not counted, because"]);
        let (limit, rest) = ctx.shown(found.left_out.len(), usize::MAX);
        for it in &found.left_out[..limit] {
            table.push(left_out(it));
        }
        let mut section = Section::table("Left out of the totals", table);
        section.notes.extend(rest);
        answer.push_section(section);
    }
    if ctx.settings.why {
        let left_out = found.left_out.iter().map(of_both);
        why_items(ctx, &mut answer, "Left out: what it rests on", left_out);
        let mut evidence = Evidence::new("amount");
        found.without_amount.iter().for_each(|it| evidence.tie("not stated", it));
        evidence.push(ctx, &mut answer, "Ties without an amount");
    }
    Ok(answer.into())
}

/// The totals by programme, place and year.
fn lists(totals: &FlowTotals) -> [(&'static str, &[FlowGroup]); 3] {
    [
        ("by_programme", &totals.by_programme),
        ("by_place", &totals.by_place),
        ("by_year", &totals.by_year),
    ]
}

/// A row that says to which list it belongs.
fn with_list(list: &str, row: &impl serde::Serialize) -> serde_json::Value {
    let mut row = serde_json::to_value(row).unwrap_or_default();
    if let Some(fields) = row.as_object_mut() {
        fields.insert("list".to_owned(), list.into());
    }
    row
}

/// Totals of what is counted, and how concentrated it is.
fn more_totals(ctx: &Context<'_>, answer: &mut Answer, totals: &FlowTotals, order: Option<String>) {
    let headings = [
        ("By programme", "programme", ""),
        ("By place of who gets it", "place", "a larger place counts its parts"),
        ("By year", "year", "the year in which it begins, whole sums as they are stated"),
    ];
    for ((_, groups), (heading, column, note)) in lists(totals).into_iter().zip(headings) {
        if groups.is_empty() {
            continue;
        }
        let (limit, rest) = ctx.shown(groups.len(), ROWS);
        let mut table = Table::new(&[column, "total", "#amounts"]);
        for it in &groups[..limit] {
            let n: usize = it.totals.iter().map(|it| it.n_amounts).sum();
            table.push([it.label.clone(), totals_words(&it.totals), count(n)]);
        }
        let mut section = Section::table(heading, table);
        section.notes.extend(rest);
        section.notes.extend((!note.is_empty()).then(|| note.to_owned()));
        // Years stand in their own order.
        section.notes.extend(order.clone().filter(|_| column != "year" && groups.len() > 1));
        answer.push_section(section);
        let items = groups[..limit]
            .iter()
            .flat_map(|group| group.why.iter().flatten().map(|it| (group.label.clone(), it)));
        why_items(ctx, answer, &format!("{heading}: what it rests on"), items);
    }
    if !totals.concentration.is_empty() {
        let said = totals.concentration.iter().map(|it| format!("{}.", it.sentence)).collect();
        answer.push_section(Section::text("How concentrated it is", said));
    }
}

fn of_both(item: &MoneyItem) -> (String, &MoneyItem) {
    (money(&item.amount), item)
}

/// The ties and awards on which amounts stand.
fn why_items<'a>(
    ctx: &Context<'_>,
    answer: &mut Answer,
    heading: &str,
    items: impl Iterator<Item = (String, &'a MoneyItem)>,
) {
    let mut evidence = Evidence::new("for");
    for (subject, it) in items {
        it.tie.iter().for_each(|it| evidence.tie(&subject, it));
        it.award.iter().for_each(|it| evidence.node(&subject, it));
    }
    evidence.push(ctx, answer, heading);
}

/// The totals by currency, with a word where sources disagree.
fn totals_words(totals: &[Money]) -> String {
    let words = totals.iter().map(|it| match it.rests_on_conflict {
        true => format!("{} (sources disagree)", it.text),
        false => it.text.clone(),
    });
    words.collect::<Vec<_>>().join("; ")
}

fn table(rows: &[FlowRow]) -> Table {
    let mut table = Table::new(&["name", "total", "#others", "#without amount", "in words"]);
    for row in rows {
        table.push([
            row.node.name.clone(),
            totals_words(&row.totals),
            count(row.n_others),
            count(row.n_without_amount),
            row.sentence.clone(),
        ]);
    }
    table
}

fn left_out(item: &MoneyItem) -> [String; 4] {
    [
        item.from.as_ref().map_or(String::new(), |it| it.name.clone()),
        item.to.name.clone(),
        money(&item.amount),
        item.left_out_because.clone().unwrap_or_default(),
    ]
}
