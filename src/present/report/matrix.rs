//! The section on groups: who answers each need where, and which kinds of bodies meet.

use super::Report;
use super::content::{Block, Part, Prose, Rest, Sheet};
use super::evidence::{first_links, first_ties};
use super::gaps::capital;
use super::hubs::sentence;
use crate::ecosystem::{
    GroupPair, GroupProvision, Matrix, NeedProvision, Provision, near_in_words, providers_in_words,
};
use crate::present::count;

/// How many groups of a need a cell names.
const GROUPS_SHOWN: usize = 4;
/// How many pairs of kinds each table shows; the others follow in a closed list.
const PAIRS_SHOWN: usize = 8;
/// How many names a cell that was opened lists.
const NAMES_SHOWN: usize = 60;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("matrix", "Where needs are answered, and which kinds meet");
    needs(&mut part, &report.matrix_needs);
    kinds(&mut part, &report.matrix_kind);
    part
}

/// Who meets each need, by place and sector.
fn needs(part: &mut Part, found: &Provision) {
    part.heading("Who answers each need, and where");
    if found.needs.is_empty() {
        part.say("No support need is in the data.");
        part.command("weft matrix needs --why --format json");
        return;
    }
    part.say(
        "Each support need with those who meet it, by place and by sector. A larger place counts what is in \
         its parts, so that one body can stand in two. Last come the places that have start-ups for which the \
         need counts, with their number, but nobody in the data who meets it; and sectors likewise, where \
         the sector of anybody who meets it is on record.",
    );
    let columns =
        &["Need", "#Met by", "Where", "In which sector", "Start-ups, but nobody who meets it, in"];
    let mut sheet = Sheet::new("Who meets what, where", columns);
    for it in &found.needs {
        sheet.push([
            Prose::from(&it.need),
            count(it.providers.len()).into(),
            or_nobody(providers_in_words(&it.by_place, GROUPS_SHOWN)),
            or_nobody(providers_in_words(&it.by_sector, GROUPS_SHOWN)),
            bare(it),
        ]);
    }
    part.push(Block::Table(sheet));
    let mut sheet = Sheet::new(
        "Start-ups near somebody who meets it, of those for which it counts",
        &["Need", "By place"],
    );
    for it in &found.needs {
        let near = near_in_words(&it.by_place);
        if !near.is_empty() {
            sheet.push([Prose::from(&it.need), near.into()]);
        }
    }
    if !sheet.rows.is_empty() {
        let near = "Near is within two links, so met or one introduction away.";
        let blocks = vec![Block::Table(sheet), Block::Note(near.into())];
        let summary = "How near the start-ups of each place are";
        part.push(Block::Details("needs-near".to_owned(), summary.into(), blocks));
    }
    for (at, it) in found.needs.iter().enumerate() {
        part.push(need(it, at + 1));
    }
    part.command("weft matrix needs --why --format json");
}

fn or_nobody(text: String) -> Prose {
    if text.is_empty() { "nobody".into() } else { text.into() }
}

/// The places with start-ups and without a provider, each with how many start-ups it has; sectors too where
/// the sector of a provider is on record.
fn bare(need: &NeedProvision) -> Prose {
    let has_sectors =
        need.by_sector.iter().any(|it| it.group.is_some() && !it.providers.is_empty());
    let sectors = need.by_sector.iter().filter(|_| has_sectors);
    let groups = need.by_place.iter().chain(sectors).filter(|it| it.is_bare());
    let words = |it: &GroupProvision| format!("{} ({})", it.label, it.start_ups.len());
    let mut res: Vec<String> = groups.map(words).collect();
    let n_more = res.len().saturating_sub(GROUPS_SHOWN);
    res.truncate(GROUPS_SHOWN);
    res.extend((n_more > 0).then(|| format!("{} more", count(n_more))));
    if res.is_empty() { "–".into() } else { res.join("; ").into() }
}

/// Who meets a need in each place, and who says so.
fn need(it: &NeedProvision, number: usize) -> Block {
    let mut blocks = vec![Block::Paragraph(sentence(&it.sentence).into())];
    let columns = &["Where, or in which sector", "Who meets it", "Start-ups"];
    let mut sheet = Sheet::new("Who is where", columns);
    for group in it.by_place.iter().chain(&it.by_sector) {
        sheet.push([
            group.label.clone().into(),
            Prose::new().names(&group.providers, NAMES_SHOWN),
            Prose::new().names(&group.start_ups, NAMES_SHOWN),
        ]);
    }
    if !sheet.rows.is_empty() {
        blocks.push(Block::Table(sheet));
    }
    if let Some(ties) = it.why.as_ref().filter(|it| !it.is_empty()) {
        blocks.extend(first_ties("Who says so", ties, "weft matrix needs --why"));
    }
    let summary = Prose::from(&it.need).say(": who, and where");
    Block::Details(format!("need-where-{number}"), summary, blocks)
}

/// Which kinds have more and fewer links with each other than chance would leave.
fn kinds(part: &mut Part, found: &Matrix) {
    part.heading("Which kinds of bodies work with each other");
    part.say(sentence(&found.sentence));
    if found.pairs.is_empty() {
        part.command("weft matrix kind --why --format json");
        return;
    }
    part.note(
        Prose::from(
            "By chance means here that every body keeps its number of links, and with whom they are is \
             left to luck. How far a pair is from that is no test; one is made under ",
        )
        .link("groups that work with each other less", "#holes")
        .say("."),
    );
    let more = "Kinds with more links than by chance, the largest difference first";
    let fewer = "Kinds with fewer links than by chance, the largest difference first";
    for (word, ties, caption, pairs, rest) in [
        ("more", "kinds-more-ties", more, found.above_chance(), "kinds-more-rest"),
        ("fewer", "kinds-fewer-ties", fewer, found.below_chance(), "kinds-fewer-rest"),
    ] {
        if pairs.is_empty() {
            part.say(format!("No two kinds have {word} links than by chance."));
        }
        let rest = Rest {
            id: rest,
            caption: "The other pairs, the largest difference first",
            words: ("more pair of kinds", "more pairs of kinds"),
            command: "weft matrix kind --all",
        };
        part.long_table(table(caption, &pairs), PAIRS_SHOWN, &rest);
        let blocks: Vec<Block> = pairs.iter().take(PAIRS_SHOWN).flat_map(|it| links(it)).collect();
        if !blocks.is_empty() {
            let summary = format!("{} links than by chance: the ties behind them", capital(word));
            part.push(Block::Details(ties.to_owned(), summary.into(), blocks));
        }
    }
    part.command("weft matrix kind --why --format json");
}

fn table(caption: &'static str, rows: &[&GroupPair]) -> Sheet {
    let mut sheet = Sheet::new(caption, &["Between", "And", "#Links", "#By chance"]);
    for it in rows {
        sheet.push([
            it.one_label.clone().into(),
            it.other_in_words().into(),
            count(it.n_links).into(),
            format!("{:.1}", it.expected).into(),
        ]);
    }
    sheet
}

/// The links of a pair; nothing where there are none.
fn links(it: &GroupPair) -> Vec<Block> {
    let links = it.why.as_deref().unwrap_or_default();
    if links.is_empty() {
        return Vec::new();
    }
    let caption = format!("{} and {}", it.one_label, it.other_in_words());
    first_links(sentence(&caption).trim_end_matches('.'), links, "weft matrix kind --why")
}
