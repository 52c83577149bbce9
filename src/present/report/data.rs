//! The section on the data: who says so, how surely, and what rests on little.

use super::Report;
use super::content::{Block, Part, Prose, Sheet};
use super::evidence::{certainty_meaning, date_words};
use crate::present::{count, percent, plural};
use weft_graph::Certainty;

/// How many records of one sort a closed list shows.
const RECORDS_SHOWN: usize = 40;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("data", "How good the data are");
    let thin = &report.gaps.thin_data;
    sources(&mut part, report);
    part.heading("How surely the ties are known");
    let n_ties: usize = report.stats.ties_by_certainty.iter().map(|it| it.n).sum();
    let mut sheet =
        Sheet::new("All ties that count, by certainty", &["Certainty", "#Ties", "#Share"]);
    for it in &report.stats.ties_by_certainty {
        let words = it
            .id
            .parse::<Certainty>()
            .map_or(it.label.clone(), |it| format!("{}: {}", it.as_str(), certainty_meaning(it)));
        sheet.push([
            words.into(),
            count(it.n).into(),
            percent(it.n as f64 / n_ties.max(1) as f64).into(),
        ]);
    }
    part.table(sheet, "No tie counts.");
    let floor = report.basis.floor.as_str();
    part.note(
        Prose::from(format!("The findings let in everything down to “{floor}”; "))
            .code("--certainty")
            .say(" moves that floor. The tables of hubs say how each rank changes on stated ties alone \
                  and with inferred ones added."),
    );
    part.heading("What rests on little");
    part.say(
        "None of this is an error. It says where a second source, or a question to somebody who knows, \
         would make the findings firmer.",
    );
    let mut sheet = Sheet::new("Thin data", &["What", "#How many", "#Of"]);
    for (what, n, of) in [
        (
            "Actors that rest on one statement only",
            thin.nodes_with_one_claim.n,
            thin.nodes_with_one_claim.n_of,
        ),
        (
            "Ties that rest on one statement only",
            thin.ties_with_one_claim.n,
            thin.ties_with_one_claim.n_of,
        ),
        ("Actors without a date", thin.undated_nodes.n, thin.undated_nodes.n_of),
        ("Ties without a date", thin.undated_ties.n, thin.undated_ties.n_of),
    ] {
        sheet.push([what.into(), count(n).into(), count(of).into()]);
    }
    part.table(sheet, "");
    let weaker =
        thin.ties_with_one_claim.records.iter().filter(|it| it.certainty > Certainty::Stated);
    let weaker: Vec<_> = weaker.collect();
    if !weaker.is_empty() {
        let table = super::evidence::ties_table(
            "Ties that rest on one statement which is not plain",
            weaker.iter().take(RECORDS_SHOWN).copied(),
        );
        let summary = format!(
            "{} not stated in words by the one statement they rest on",
            plural(weaker.len(), "tie is", "ties are")
        );
        let mut blocks = vec![table];
        if weaker.len() > RECORDS_SHOWN {
            let rest = Prose::from(format!("{} more; ", count(weaker.len() - RECORDS_SHOWN)));
            blocks.push(Block::Note(rest.code("weft gaps --why").say(" lists them.")));
        }
        part.push(Block::Details("thin-ties".to_owned(), summary.into(), blocks));
    }
    if !thin.suspected_duplicates.is_empty() {
        let mut sheet = Sheet::new("Pairs that may be one body", &["One", "The other", "Why"]);
        for it in &thin.suspected_duplicates {
            sheet.push([Prose::from(&it.a), Prose::from(&it.b), it.reason.clone().into()]);
        }
        part.table(sheet, "");
    }
    part.command("weft check");
    part.command("weft sources");
    part
}

fn sources(part: &mut Part, report: &Report) {
    part.heading("Sources");
    let columns = &["Source", "Id", "Publisher", "Date", "Licence"];
    let mut sheet = Sheet::new("Where the data come from", columns);
    for it in &report.sources {
        let title = if it.title.is_empty() { &it.id } else { &it.title };
        let named = match &it.address {
            Some(address) => Prose::new().link(title.clone(), address.clone()),
            None => Prose::from(title.clone()),
        };
        let or = |it: &Option<String>, none: &str| it.clone().unwrap_or_else(|| none.to_owned());
        sheet.push([
            named,
            Prose::new().code(it.id.clone()),
            or(&it.publisher, "not printed").into(),
            it.date.map_or("undated".to_owned(), date_words).into(),
            or(&it.licence, "not stated").into(),
        ]);
    }
    part.table(sheet, "The data name no source.");
    if report.sources.len() == 1 {
        part.note(
            "Everything rests on one source: where it is silent or mistaken, so is this page, and no \
             statement is confirmed by a second one.",
        );
    }
}
