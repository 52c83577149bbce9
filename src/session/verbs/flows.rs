//! `flows`: who funds what, with totals that count nothing twice.

use serde_json::json;

use crate::ecosystem::{FlowRow, Money, MoneyItem, flows};
use crate::present::{Answer, Section, Table};
use crate::session::context::{Context, view_note};
use crate::session::{Error, Output};

/// Rows shown of each list.
const ROWS: usize = 15;

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let found = flows(&snapshot, &ctx.question()?);
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.rows.push(json!({ "list": "totals", "totals": found.totals }));
    for (list, rows) in [("by_funder", &found.by_funder), ("by_recipient", &found.by_recipient)] {
        for row in rows {
            let mut row = serde_json::to_value(row).unwrap_or_default();
            if let Some(fields) = row.as_object_mut() {
                fields.insert("list".to_owned(), list.into());
            }
            answer.rows.push(row);
        }
    }
    for (list, items) in [("counted", &found.counted), ("left_out", &found.left_out)] {
        for item in items {
            answer.rows.push(json!({ "list": list, "item": item }));
        }
    }
    let totals: Vec<&str> = found.totals.iter().map(|it| it.text.as_str()).collect();
    let text = format!(
        "Counted once each: {}. {} ties that fund or invest have no amount, which is not nought.",
        totals.join("; "),
        found.without_amount.len()
    );
    answer.push_section(Section { text: vec![text], ..Section::default() });
    for (heading, rows) in [("By funder", &found.by_funder), ("By recipient", &found.by_recipient)]
    {
        let (limit, rest) = ctx.shown(rows.len(), ROWS);
        let mut section = Section::table(heading, table(&rows[..limit]));
        section.notes.extend(rest);
        answer.push_section(section);
    }
    if !found.left_out.is_empty() {
        let mut table = Table::new(&["from", "to", "amount", "not counted, because"]);
        for it in &found.left_out {
            table.push(left_out(it));
        }
        answer.push_section(Section::table("Left out of the totals", table));
    }
    Ok(answer.into())
}

fn table(rows: &[FlowRow]) -> Table {
    let mut table = Table::new(&["name", "total", "#others", "#without amount", "in words"]);
    for row in rows {
        table.push([
            row.node.name.clone(),
            row.totals.iter().map(|it: &Money| it.text.clone()).collect::<Vec<_>>().join("; "),
            row.n_others.to_string(),
            row.n_without_amount.to_string(),
            row.sentence.clone(),
        ]);
    }
    table
}

fn left_out(item: &MoneyItem) -> [String; 4] {
    [
        item.from.as_ref().map_or(String::new(), |it| it.name.clone()),
        item.to.name.clone(),
        crate::present::money(&item.amount),
        item.left_out_because.clone().unwrap_or_default(),
    ]
}
