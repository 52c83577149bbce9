//! `facts`: the figures that the sources print, recomputed where they can be.

use std::collections::BTreeSet;

use weft_graph::Snapshot;

use crate::ecosystem::{FactRow, FactsOptions, Verdict, facts, located_in, places_within};
use crate::present::report::period_words;
use crate::present::{Answer, Section, Table, decimal, plural};
use crate::session::context::Context;
use crate::session::request::Facts;
use crate::session::verbs::why::{Evidence, in_source, push_table};
use crate::session::{Error, Output};

/// Figures shown.
const ROWS: usize = 60;

pub(super) fn run(ctx: &mut Context<'_>, options: &Facts) -> Result<Output, Error> {
    if !ctx.settings.relations.is_empty() {
        return Err(Error::usage("figures are no ties, so `--relation` chooses none of them")
            .with_hint("`--kind`, `--place` and words choose figures by what they are about"));
    }
    let snapshot = ctx.snapshot()?;
    let question = ctx.question()?;
    let mut found = facts(&snapshot, &question, &FactsOptions::default());
    if !question.kinds.is_empty() {
        let is_asked = |id: &str| {
            let node = snapshot.find_node(id).map(|it| snapshot.node(it).kind_id());
            node.is_some_and(|it| question.kinds.contains(&it))
        };
        found.rows.retain(|it| is_asked(&it.subject.id));
    }
    if let Some(place) = ctx.place(&snapshot)? {
        let mut meant = located_in(&snapshot, &question, place);
        meant.extend(places_within(&snapshot, &question, place));
        let is_meant = |id: &str| snapshot.find_node(id).is_some_and(|it| meant.contains(&it));
        found.rows.retain(|it| is_meant(&it.subject.id));
        if found.rows.is_empty() {
            let name = snapshot.node(place).name();
            let message = format!("no source of the data prints a figure about `{name}`");
            return Err(Error::usage(message).with_hint("`weft facts` lists all figures"));
        }
    }
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
    if found.rows.is_empty() && !words.is_empty() && !snapshot.facts().is_empty() {
        return Err(unknown(&snapshot, &options.words));
    }
    let mut answer = Answer::default();
    answer.param("words", options.words.clone());
    answer.param("derived", options.derived);
    if ctx.settings.as_of.is_some() {
        let warning = "figures are shown whatever the day: their period stands beside each";
        answer.warnings.push(warning.to_owned());
    }
    let differs =
        |it: &&FactRow| it.recomputed.as_ref().is_some_and(|it| it.verdict == Verdict::Differs);
    let n_differ = found.rows.iter().filter(differs).count();
    if n_differ > 0 {
        answer.warnings.push(format!(
            "{} not follow from the parts that the source prints: see the last column",
            plural(n_differ, "figure does", "figures do")
        ));
    }
    for row in found.rows.iter().take(ctx.kept(found.rows.len())) {
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
            row.period.as_deref().map_or(String::new(), period_words),
            format!("{}{value}", row.qualifier.prefix()),
            row.unit.clone(),
            in_source(&row.source, &row.locator),
            row.recomputed.as_ref().map_or(String::new(), |it| it.sentence.clone()),
        ]);
    }
    let mut section = Section::bare(table);
    if found.rows.is_empty() {
        let none = match snapshot.facts().is_empty() {
            true => "No figure is in the data; `facts.csv` holds them (`weft init --template`).",
            false if options.derived => "No figure of these is derived from others.",
            false => "No source of the data prints a figure about these.",
        };
        section = Section { text: vec![none.to_owned()], ..Section::default() };
    }
    section.notes.extend(rest);
    answer.push_section(section);
    if ctx.settings.why {
        why_sections(ctx, &mut answer, &found.rows[..limit]);
    }
    Ok(answer.into())
}

/// A figure as a row of evidence: what it is, its value, and who prints it.
pub(super) fn figure_cells(row: &FactRow) -> [String; 6] {
    let category = row.category.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
    let period = row.period.as_ref().map(|it| format!(" ({})", period_words(it)));
    let period = period.unwrap_or_default();
    let value = row.value.map_or("lost in the source".to_owned(), decimal);
    [
        format!("{}{category}{period}", row.measure),
        format!("{}: {}{value} {}", row.subject.name, row.qualifier.prefix(), row.unit),
        row.source.clone(),
        row.locator.clone(),
        row.date.map_or(String::new(), |it| it.to_string()),
        row.certainty.as_str().to_owned(),
    ]
}

/// Who prints each figure, and the parts from which it was computed again.
fn why_sections(ctx: &Context<'_>, answer: &mut Answer, rows: &[FactRow]) {
    let mut evidence = Evidence::new("figure");
    let mut parts = Table::new(&["figure", "part", "#value"]);
    for row in rows {
        evidence.row(figure_cells(row));
        for part in row.recomputed.iter().flat_map(|it| &it.parts) {
            let value = part.value.map_or("missing".to_owned(), decimal);
            let prefix = part.qualifier.map_or("", |it| it.prefix());
            parts.push([row.id.clone(), part.id.clone(), format!("{prefix}{value}")]);
        }
    }
    evidence.push(ctx, answer, "What the figures rest on");
    push_table(ctx, answer, "The parts of the figures that were computed again", parts);
}

/// No figure has these words; one of its own words may be near.
fn unknown(snapshot: &Snapshot, words: &[String]) -> Error {
    let texts = snapshot.facts().iter().flat_map(|it| {
        let name = snapshot.find_node(&it.subject).map(|it| snapshot.node(it).name());
        [Some(it.measure.as_str()), it.category.as_deref(), name].into_iter().flatten()
    });
    let known: BTreeSet<String> =
        texts.flat_map(str::split_whitespace).map(str::to_lowercase).collect();
    let is_unknown = |it: &&String| {
        let word = it.to_lowercase();
        !known.iter().any(|known| known.contains(&word))
    };
    let all = "`weft facts` lists all figures";
    let hint = match words.iter().find(is_unknown) {
        Some(word) => weft_formats::did_you_mean(word, known.iter().map(String::as_str), all),
        None => all.to_owned(),
    };
    Error::unknown(format!("no figure speaks of `{}`", words.join(" "))).with_hint(hint)
}
