//! `status`: what this store is, how fresh, and whether it is whole.

use serde_json::json;
use weft_value::PartialDate;

use crate::ecosystem::newest_source_date;
use crate::present::{Answer, Section, plural};
use crate::session::context::Context;
use crate::session::{Error, Output};

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let status = ctx.database.status()?;
    let snapshot = ctx.recorded()?;
    let newest = newest_source_date(&snapshot);
    let place = match ctx.database.path() {
        Some(path) => path.display().to_string(),
        None => "comes with weft, in memory".to_owned(),
    };
    let whole = match &status.mismatch {
        None if status.is_thorough => "yes: the records match the newest revision".to_owned(),
        None => "the counts match the newest revision (`weft check --deep` reads all)".to_owned(),
        Some(mismatch) => format!("no: {mismatch}"),
    };
    let mut answer = Answer::default();
    answer.rows.push(json!({
        "title": status.title, "place": place, "revision": status.revision, "when": status.when,
        "n_nodes": status.n_nodes, "n_ties": status.n_ties, "n_facts": status.n_facts,
        "n_sources": status.n_sources, "newest_source": newest,
        "is_whole": status.mismatch.is_none(), "is_free": ctx.schema().is_open(),
        "mismatch": status.mismatch.as_ref().map(ToString::to_string),
    }));
    let number =
        |n: u64, one: &str, many: &str| plural(usize::try_from(n).unwrap_or(usize::MAX), one, many);
    let mut text = vec![
        format!("Store: {place}"),
        format!(
            "Holds: {}, {}, {}, {}",
            number(status.n_nodes, "node", "nodes"),
            number(status.n_ties, "tie", "ties"),
            number(status.n_facts, "fact", "facts"),
            number(status.n_sources, "source", "sources")
        ),
        format!("Revision: {}{}", status.revision, when(&status.when)),
        format!("Whole: {whole}"),
    ];
    if ctx.schema().is_open() {
        text.push("Schema: none; any label, type and property".to_owned());
    }
    if let Some(newest) = newest {
        text.push(format!("Newest source: {newest}{}", age(newest, ctx.settings.today)));
    }
    answer.push_section(Section::text(&status.title, text));
    if let Some(mismatch) = status.mismatch {
        answer.warnings.push(format!("the file no longer matches its history: {mismatch}"));
    }
    Ok(answer.into())
}

fn when(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" of {text}") }
}

fn age(date: PartialDate, today: Option<PartialDate>) -> String {
    match today.map(|it| date.months_until(it)) {
        Some(months) if months >= 24 => format!(" ({} years old today)", months / 12),
        Some(months) if months > 1 => format!(" ({months} months old today)"),
        _ => String::new(),
    }
}
