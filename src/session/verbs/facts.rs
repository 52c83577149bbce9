//! `facts`: the figures that the sources print, recomputed where they can be.

use crate::ecosystem::{FactRow, FactsOptions, Verdict, facts};
use crate::present::{Answer, Section, Table, decimal, plural};
use crate::session::context::Context;
use crate::session::request::Facts;
use crate::session::{Error, Output};

/// Figures shown.
const ROWS: usize = 60;

pub(super) fn run(ctx: &mut Context<'_>, options: &Facts) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let mut found = facts(&snapshot, &ctx.question()?, &FactsOptions::default());
    let words: Vec<String> = options.words.iter().map(|it| it.to_lowercase()).collect();
    found.rows.retain(|it| {
        let text = format!(
            "{} {} {} {} {}",
            it.id,
            it.measure,
            it.subject.name,
            it.category.as_deref().unwrap_or_default(),
            it.locator
        )
        .to_lowercase();
        words.iter().all(|word| text.contains(word))
            && (!options.derived || it.recomputed.is_some())
    });
    if found.rows.is_empty() {
        return Err(Error::not_found(&options.words.join(" "), Vec::new())
            .with_hint("`weft facts` lists all figures"));
    }
    let mut answer = Answer::default();
    answer.param("words", options.words.clone());
    answer.param("derived", options.derived);
    let differs =
        |it: &&FactRow| it.recomputed.as_ref().is_some_and(|it| it.verdict == Verdict::Differs);
    let n_differ = found.rows.iter().filter(differs).count();
    if n_differ > 0 {
        answer.warnings.push(format!(
            "{} not follow from the parts that the source prints: see the last column",
            plural(n_differ, "figure does", "figures do")
        ));
    }
    for row in &found.rows {
        answer.push_row(row);
    }
    let (limit, rest) = ctx.shown(found.rows.len(), ROWS);
    let mut table =
        Table::new(&["figure", "of", "period", "#value", "unit", "where", "recomputed"]);
    for row in found.rows.iter().take(limit) {
        let category = row.category.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        let value = row.value.map_or("lost in the source".to_owned(), decimal);
        table.push([
            format!("{}{category}", row.measure),
            row.subject.name.clone(),
            row.period.clone().unwrap_or_default(),
            format!("{}{value}", row.qualifier.prefix()),
            row.unit.clone(),
            format!("{}: {}", row.source, row.locator),
            row.recomputed.as_ref().map_or(String::new(), |it| it.sentence.clone()),
        ]);
    }
    let mut section = Section::bare(table);
    section.notes.extend(rest);
    answer.push_section(section);
    Ok(answer.into())
}
