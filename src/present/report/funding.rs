//! The section on who funds what, in which nothing is counted twice.

use super::Report;
use super::content::{Block, Part, Prose, Sheet};
use super::evidence::{in_source, ties_table};
use super::hubs::sentence;
use crate::ecosystem::{FlowGroup, FlowRow, Money, MoneyItem, all_names};
use crate::present::{count, money, plural};

/// How many rows a table of funders or recipients shows; the others are counted.
const ROWS_SHOWN: usize = 12;
/// How many of the others are named.
const NAMES_SHOWN: usize = 12;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("funding", "Who funds what");
    let flows = &report.flows;
    let n_ties = flows.without_amount.len();
    if flows.by_funder.is_empty() && flows.by_recipient.is_empty() {
        part.say("The data name no funding.");
        part.command("weft flows --why --format json");
        return part;
    }
    let mut text = match flows.totals.as_slice() {
        [] => Prose::from("No source states an amount that could be counted."),
        totals => Prose::from(
            "The ties of funding and investment whose amount a source states come to ",
        )
        .strong(totals_words(totals))
        .say(match flows.passed_on_sentence() {
            None => ". Nothing is counted twice: a total that several bodies share stands once, \
                     on the award."
                .to_owned(),
            Some(it) => {
                format!(". A total that several bodies share stands once, on the award. {it}")
            }
        }),
    };
    if n_ties > 0 {
        text = text.say(format!(
            " {} of funding or investment {} no amount; unknown is not nought.",
            plural(n_ties, "tie", "ties"),
            if n_ties == 1 { "has" } else { "have" }
        ));
    }
    part.say(text);
    if let Some(order) = flows.order_of_currencies() {
        part.say(format!("In the tables, {order}."));
    }
    rows(&mut part, "Who gives", "funder", &flows.by_funder);
    rows(&mut part, "Who receives", "recipient", &flows.by_recipient);
    totals(&mut part, report);
    part.heading("What makes the total, and what was left out");
    part.closed(
        "money-counted",
        "Amounts in the total",
        items("Amounts in the total", &flows.counted),
    );
    let summary = "Amounts left out, with the reason";
    part.closed("money-left-out", summary, left_out(&flows.left_out));
    if n_ties > 0 {
        let table = ties_table("Ties without an amount", &flows.without_amount);
        let summary = "Ties of funding or investment without an amount";
        part.push(Block::Details("money-without".to_owned(), summary.into(), vec![table]));
    }
    part.command("weft flows --why --format json");
    part
}

/// The same money by programme, place and year, and how concentrated it is.
fn totals(part: &mut Part, report: &Report) {
    let found = &report.flow_totals;
    if report.flows.counted.is_empty() {
        return;
    }
    part.heading("By programme, place and year");
    for (caption, column, list) in [
        (
            "By the programme that it goes to, comes from or is part of",
            "Programme",
            &found.by_programme,
        ),
        ("By the place of who gets it; a larger place counts its parts", "Place", &found.by_place),
        ("By the year in which it begins, whole sums as they are stated", "Year", &found.by_year),
    ] {
        groups(part, caption, column, list);
    }
    part.heading("How concentrated it is");
    for it in &found.concentration {
        part.say(sentence(&it.sentence));
    }
    part.note(
        "Gini is 0 where all have the same and near 1 where one has nearly all; HHI (Herfindahl and \
         Hirschman), the sum of the squared shares, is 1 where one has all.",
    );
}

fn groups(part: &mut Part, caption: &'static str, column: &'static str, groups: &[FlowGroup]) {
    let mut sheet = Sheet::new(caption, &[column, "#Amounts stated", "#Amounts"]);
    let (shown, rest) = groups.split_at(groups.len().min(ROWS_SHOWN));
    for it in shown {
        let n: usize = it.totals.iter().map(|it| it.n_amounts).sum();
        sheet.push([it.label.clone().into(), totals_words(&it.totals).into(), count(n).into()]);
    }
    part.table(sheet, "No amount is counted.");
    if !rest.is_empty() {
        let names = all_names(rest.iter().take(NAMES_SHOWN).map(|it| it.label.as_str()));
        part.note(format!("{} more, beginning with {names}.", count(rest.len())));
    }
}

fn rows(part: &mut Part, heading: &'static str, word: &'static str, rows: &[FlowRow]) {
    part.heading(heading);
    let others = if word == "funder" { "#Recipients" } else { "#Funders" };
    let caption = format!("Each {word} by the amounts that sources state, the largest first");
    let mut columns = vec!["Body", "#Amounts stated", others, "#Ties without an amount"];
    let (shown, rest) = rows.split_at(rows.len().min(ROWS_SHOWN));
    let has_shares = shown.iter().any(|it| !it.shares_in.is_empty());
    if has_shares {
        columns.push("Has a share in");
    }
    let mut sheet = Sheet::new(caption, &columns);
    for row in shown {
        let mut cells = vec![
            Prose::from(&row.node),
            own_sum(row).into(),
            count(row.n_others).into(),
            count(row.n_without_amount).into(),
        ];
        if has_shares {
            cells.push(Prose::new().names(&row.shares_in, usize::MAX));
        }
        sheet.rows.push(cells);
    }
    part.table(sheet, "The data name no funding.");
    if !rest.is_empty() {
        let text = Prose::from(format!("{} more: ", count(rest.len())));
        part.note(text.names(rest.iter().map(|it| &it.node), NAMES_SHOWN).say("."));
    }
    for (at, row) in shown.iter().enumerate() {
        let Some(why) = row.why.as_ref().filter(|it| !it.is_empty()) else { continue };
        let blocks = vec![
            Block::Paragraph(sentence(&row.sentence).into()),
            Block::Table(items("Amounts in its total", why)),
        ];
        let summary = Prose::from(&row.node).say(": the amounts behind it");
        part.push(Block::Details(format!("{word}-{}", at + 1), summary, blocks));
    }
}

/// What a body gives or gets; a sum in which it only took part is stated, and not its own.
fn own_sum(row: &FlowRow) -> String {
    match row.totals.is_empty() && row.n_without_amount == 0 {
        true => "no sum of its own".to_owned(),
        false => totals_words(&row.totals),
    }
}

fn totals_words(totals: &[Money]) -> String {
    if totals.is_empty() {
        return "none stated".to_owned();
    }
    let words = totals.iter().map(|it| match it.rests_on_conflict {
        true => format!("{} (sources disagree)", it.text),
        false => it.text.clone(),
    });
    let words: Vec<String> = words.collect();
    all_names(words.iter().map(String::as_str))
}

fn items(caption: &'static str, rows: &[MoneyItem]) -> Sheet {
    let columns = &["To", "From", "#Amount", "Source, and where in it", "Certainty"];
    let mut sheet = Sheet::new(caption, columns);
    for it in rows {
        let (place, certainty) = place(it);
        sheet.push([
            Prose::from(&it.to),
            from(it),
            money(&it.amount).into(),
            place,
            certainty.into(),
        ]);
    }
    sheet
}

fn left_out(rows: &[MoneyItem]) -> Sheet {
    let columns = &["To", "From", "#Amount", "Left out because", "Source, and where in it"];
    let mut sheet = Sheet::new("Amounts left out of the total", columns);
    for it in rows {
        sheet.push([
            Prose::from(&it.to),
            from(it),
            money(&it.amount).into(),
            it.left_out_because.clone().unwrap_or_default().into(),
            place(it).0,
        ]);
    }
    sheet
}

fn from(it: &MoneyItem) -> Prose {
    it.from.as_ref().map_or_else(|| "several, or none named".into(), Prose::from)
}

fn place(it: &MoneyItem) -> (Prose, &'static str) {
    let (claims, certainty) = match (&it.tie, &it.award) {
        (Some(tie), _) => (tie.claims.first(), tie.certainty.as_str()),
        (None, Some(award)) => (award.claims.first(), award.certainty.as_str()),
        (None, None) => (None, ""),
    };
    let place = claims.map(|it| in_source(&it.source, &it.locator));
    (place.unwrap_or_default(), certainty)
}
