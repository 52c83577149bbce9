//! Opens a number: the ties behind it, each with its source, place in it, date and certainty.

use weft_graph::Certainty;
use weft_value::PartialDate;

use super::content::{Block, Prose, Sheet};
use crate::ecosystem::{ClaimEvidence, LinkEvidence, PathEvidence, TieEvidence};
use crate::present::plural;

/// How many ties of a long list are shown.
const TIES_SHOWN: usize = 40;

/// The ties of links, as a table.
pub(super) fn links_table(caption: impl Into<Prose>, links: &[LinkEvidence]) -> Block {
    ties_table(caption, links.iter().flat_map(|it| &it.ties))
}

/// The ties of a path, as a table.
pub(super) fn path_table(caption: impl Into<Prose>, path: &PathEvidence) -> Block {
    links_table(caption, &path.links)
}

/// Ties, as a table.
pub(super) fn ties_table<'a>(
    caption: impl Into<Prose>,
    ties: impl IntoIterator<Item = &'a TieEvidence>,
) -> Block {
    let mut sheet = Sheet::new(caption, &["Tie", "Source, and where in it", "Date", "Certainty"]);
    for tie in ties {
        sheet.push([
            tie.sentence.clone().into(),
            sources(&tie.claims),
            dates(&tie.claims),
            tie.certainty.as_str().into(),
        ]);
    }
    Block::Table(sheet)
}

/// The first of many ties as a table, and a note that says how many more there are and what lists them.
pub(super) fn first_ties<'a>(
    caption: impl Into<Prose>,
    ties: impl IntoIterator<Item = &'a TieEvidence>,
    command: &str,
) -> Vec<Block> {
    let ties: Vec<&TieEvidence> = ties.into_iter().collect();
    let mut res = vec![ties_table(caption, ties.iter().take(TIES_SHOWN).copied())];
    if ties.len() > TIES_SHOWN {
        let more = plural(ties.len() - TIES_SHOWN, "more tie", "more ties");
        let note = Prose::from(format!("{more}: ")).code(command).say(" lists all.");
        res.push(Block::Note(note));
    }
    res
}

/// The same of links.
pub(super) fn first_links(
    caption: impl Into<Prose>,
    links: &[LinkEvidence],
    command: &str,
) -> Vec<Block> {
    first_ties(caption, links.iter().flat_map(|it| &it.ties), command)
}

/// "leeds-2024, section 3.4", or the source alone where nothing says where in it.
pub(super) fn in_source(source: &str, locator: &str) -> Prose {
    let prose = Prose::new().link(source, "#data");
    if locator.is_empty() { prose } else { prose.say(format!(", {locator}")) }
}

/// "leeds-2024, section 3.4; and a note", one after the other.
fn sources(claims: &[ClaimEvidence]) -> Prose {
    let mut prose = Prose::new();
    for (at, claim) in claims.iter().enumerate() {
        if at > 0 {
            prose = prose.say("; ");
        }
        prose = prose.and(in_source(&claim.source, &claim.locator));
        if let Some(field) = &claim.field {
            let value = claim.value.as_deref().unwrap_or_default();
            prose = prose.say(format!(" (on its {field}: {value})"));
        }
        if claim.denial.is_some() {
            prose = prose.say(" (says that it is not, or no longer, so)");
        }
        if let Some(note) = &claim.note {
            prose = prose.say(format!(". Note: {note}"));
        }
    }
    prose
}

fn dates(claims: &[ClaimEvidence]) -> Prose {
    let mut dates: Vec<String> = claims.iter().filter_map(|it| it.date).map(date_words).collect();
    dates.dedup();
    // A date that breaks across two lines makes every row of a table twice as high.
    let text = if dates.is_empty() { "undated".to_owned() } else { dates.join("; ") };
    Prose::from(text.replace(' ', "\u{a0}"))
}

/// What a certainty means, in a few words.
pub(super) fn certainty_meaning(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Stated => "said in words",
        Certainty::Collective => "said of a list together, the pairs not told apart",
        Certainty::Implied => "only a name or an “of” says it",
        Certainty::Ambiguous => "the wording allows a second reading",
        Certainty::Inferred => "from knowledge outside the source",
    }
}

/// "March 2024", "3 March 2024", "2024".
pub(super) fn date_words(date: PartialDate) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = date.month().and_then(|it| MONTHS.get(usize::from(it) - 1));
    match (month, date.day()) {
        (Some(month), Some(day)) => format!("{day} {month} {}", date.year()),
        (Some(month), None) => format!("{month} {}", date.year()),
        _ => date.year().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(date: &str, expected: &str) {
        assert_eq!(date_words(date.parse().unwrap()), expected);
    }

    #[test]
    fn dates_read_as_people_write_them() {
        check("2024", "2024");
        check("2024-03", "March 2024");
        check("2024-12-31", "31 December 2024");
    }
}
