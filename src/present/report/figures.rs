//! The section on the figures that the sources print, and on those that do not add up.

use super::Report;
use super::content::{Block, Part, Prose, Sheet};
use super::evidence::{date_words, in_source};
use super::hubs::sentence;
use crate::ecosystem::{FactRow, Verdict};
use crate::present::{count, decimal, plural};
use weft_graph::Certainty;
use weft_value::Period;

/// How many sums of money are shown.
const SUMS_SHOWN: usize = 15;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("figures", "The figures that the sources print");
    let facts = &report.facts;
    if facts.rows.is_empty() {
        part.say("The data hold no figure that a source prints.");
        part.command("weft facts --format json");
        return part;
    }
    let n_lost = facts.rows.iter().filter(|it| it.value.is_none()).count();
    part.say(format!(
        "The data hold {} with their periods and places in the sources. {} of them {} from others (a \
         total, a share, a mean) and {} computed again from their parts: {} {} not what the parts \
         give.{}",
        plural(facts.rows.len(), "figure", "figures"),
        count(facts.n_recomputed),
        if facts.n_recomputed == 1 { "follows" } else { "follow" },
        if facts.n_recomputed == 1 { "was" } else { "were" },
        count(facts.n_differ),
        if facts.n_differ == 1 { "is" } else { "are" },
        match n_lost {
            0 => String::new(),
            n => format!(" {} lost in the source and left empty.", plural(n, "is", "are")),
        }
    ));
    part.heading("Figures that do not add up");
    let verdict =
        |it: &&FactRow| it.recomputed.as_ref().is_some_and(|it| it.verdict == Verdict::Differs);
    let differ: Vec<&FactRow> = facts.rows.iter().filter(verdict).collect();
    part.table(differing(&differ), "Every printed total and share agrees with its parts.");
    for (at, row) in differ.iter().enumerate() {
        part.push(parts(row, at + 1));
    }
    let doubtful: Vec<&FactRow> = facts
        .rows
        .iter()
        .filter(|it| it.certainty >= Certainty::Ambiguous && it.note.is_some())
        .collect();
    if !doubtful.is_empty() {
        part.heading("Figures that can be read in more than one way");
        part.table(cautions(&doubtful), "");
    }
    let mut sums: Vec<&FactRow> =
        facts.rows.iter().filter(|it| is_money(it) && it.value.is_some()).collect();
    sums.sort_by(|a, b| {
        b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)).then_with(|| a.id.cmp(&b.id))
    });
    if !sums.is_empty() {
        part.heading("The largest sums of money named");
        part.note(
            "A sum named of a group or a programme stands once. These are figures as printed, of \
             different bodies, periods and meanings: they must not be added up.",
        );
        sums.truncate(SUMS_SHOWN);
        part.table(
            figures("Sums of money as the sources print them, the largest first", &sums),
            "",
        );
    }
    part.command("weft facts --format json");
    part
}

fn is_money(row: &FactRow) -> bool {
    row.unit.len() == 3 && row.unit.bytes().all(|it| it.is_ascii_uppercase())
}

fn differing(rows: &[&FactRow]) -> Sheet {
    let mut sheet = Sheet::new(
        "Printed figures that are not what their parts give",
        &["Figure", "#Printed", "#From its parts", "Source, and where in it"],
    );
    for row in rows {
        // Rounded as in the words beside it.
        let computed = row.recomputed.as_ref().and_then(|it| it.value);
        let computed = computed.map(|it| (it * 100.0).round() / 100.0);
        sheet.push([
            what(row),
            value(row).into(),
            computed.map_or("–".to_owned(), |it| with_unit(it, &row.unit)).into(),
            place(row),
        ]);
    }
    sheet
}

fn cautions(rows: &[&FactRow]) -> Sheet {
    let columns = &["Figure", "#As taken", "Source, and where in it", "What is in doubt"];
    let mut sheet =
        Sheet::new("Figures whose wording leaves a doubt, with the reading taken", columns);
    for row in rows {
        let note = sentence(row.note.as_deref().unwrap_or_default());
        sheet.push([what(row), value(row).into(), place(row), note.into()]);
    }
    sheet
}

fn parts(row: &FactRow, number: usize) -> Block {
    let mut blocks = Vec::new();
    if let Some(it) = &row.recomputed {
        blocks.push(Block::Paragraph(sentence(&it.sentence).into()));
        let mut sheet = Sheet::new("Its parts", &["Part", "#Value"]);
        for part in &it.parts {
            let name = part.measure.clone().unwrap_or_else(|| "no such figure".to_owned());
            let value = part.value.map_or("lost".to_owned(), |it| with_unit(it, ""));
            sheet.push([Prose::from(name).say(" ").code(part.id.clone()), value.into()]);
        }
        blocks.push(Block::Table(sheet));
    }
    if let Some(note) = &row.note {
        blocks.push(Block::Note(sentence(note).into()));
    }
    Block::Details(format!("figure-{number}"), what(row).say(": the parts"), blocks)
}

fn figures(caption: &'static str, rows: &[&FactRow]) -> Sheet {
    let columns = &["Figure", "#Amount", "Period", "Source, and where in it", "Certainty"];
    let mut sheet = Sheet::new(caption, columns);
    for row in rows {
        sheet.push([
            what(row),
            value(row).into(),
            row.period.as_deref().map_or("not said".to_owned(), period_words).into(),
            place(row),
            row.certainty.as_str().into(),
        ]);
    }
    sheet
}

/// Writes a period as people do: "2018 to 2022", "since 2018", "2021/22".
pub fn period_words(text: &str) -> String {
    let Ok(period) = text.parse::<Period>() else { return text.to_owned() };
    match (period.from(), period.to()) {
        (Some(from), Some(to)) if from == to => date_words(from),
        // A year that straddles two stays as people write it.
        (Some(from), Some(to)) if text.contains(&to.to_string()) => {
            format!("{} to {}", date_words(from), date_words(to))
        }
        (Some(from), None) => format!("since {}", date_words(from)),
        (None, Some(to)) => format!("until {}", date_words(to)),
        _ => text.to_owned(),
    }
}

fn what(row: &FactRow) -> Prose {
    let category = row.category.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
    let measure = sentence(&row.measure);
    Prose::from(measure.trim_end_matches('.').to_owned())
        .say(format!("{category}: "))
        .name(&row.subject)
}

fn place(row: &FactRow) -> Prose {
    in_source(&row.source, &row.locator)
}

fn value(row: &FactRow) -> String {
    let number = row.value.map_or("lost".to_owned(), |it| with_unit(it, &row.unit));
    format!("{}{number}", row.qualifier.prefix())
}

fn with_unit(value: f64, unit: &str) -> String {
    match unit {
        "" | "count" => decimal(value),
        "percent" => format!("{} %", decimal(value)),
        "GBP" => format!("£{}", money_short(value)),
        "EUR" => format!("€{}", money_short(value)),
        "USD" => format!("${}", money_short(value)),
        "rank" => format!("rank {}", decimal(value)),
        other => format!("{} {}", decimal(value), other.replace('_', " ")),
    }
}

/// Millions and billions where three decimals tell the whole sum.
fn money_short(value: f64) -> String {
    for (unit, word) in [(1e9, "bn"), (1e6, "m")] {
        let part = value / unit;
        if part.abs() >= 1.0 && (part * 1e3).fract() == 0.0 {
            return format!("{}{word}", decimal(part));
        }
    }
    decimal(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(period_words(text), expected);
    }

    #[test]
    fn periods_read_as_people_write_them() {
        check("2022", "2022");
        check("2018/2022", "2018 to 2022");
        check("2018/", "since 2018");
        check("/2022-06", "until June 2022");
        check("2021/22", "2021/22");
    }
}
