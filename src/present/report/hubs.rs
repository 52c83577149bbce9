//! The section on hubs: three meanings, three tables, each with how far its ranks can be trusted.

use super::Report;
use super::content::{Block, Part, Prose, Sheet};
use super::evidence::{in_source, links_table, ties_table};
use crate::ecosystem::{
    BELOW_THREE, Bridging, Chance, Contacts, HARMONIC, Hub, LinkShare, Nearness, Trust,
};
use crate::present::{count, decimal, percent, plural};

/// How many relations a row names.
const RELATIONS_NAMED: usize = 4;
/// How many names a list in running text shows.
const NAMES_SHOWN: usize = 4;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("hubs", "Who co-ordinates: hubs in three meanings");
    part.say(
        "A body can be central in three ways that are easily mistaken for one another, so they are \
         kept apart: it may work with most others, it may be the one through which others reach each \
         other, or it may be the one with the shortest way to everybody. No blended score is made \
         of them.",
    );
    works_with_most(&mut part, &report.hubs.works_with_most);
    safe_places(&mut part, report, "works_with_most", &report.hubs.works_with_most);
    connects_groups(&mut part, &report.hubs.connects_groups);
    safe_places(&mut part, report, "connects_groups", &report.hubs.connects_groups);
    against_chance(&mut part, "connects-groups", &report.hubs.connects_groups);
    shortest_way(&mut part, &report.hubs.shortest_way);
    safe_places(&mut part, report, "shortest_way", &report.hubs.shortest_way);
    against_chance(&mut part, "shortest-way", &report.hubs.shortest_way);
    // What constraint and closeness say stands with their tables.
    let is_told = |it: &&String| *it == BELOW_THREE || it.contains(HARMONIC);
    for note in report.hubs.notes.iter().filter(|it| !is_told(it)) {
        part.note(sentence(note));
    }
    part.command("weft hubs --stability --chance --why --format json");
    part
}

fn works_with_most(part: &mut Part, rows: &[Hub<Contacts>]) {
    part.heading("Works with most");
    part.say(
        "The number of different partners in the data. It grows with the attention that the sources \
         give to a body, so it is best read together with the rank on stated ties alone.",
    );
    let mut sheet = Sheet::new(
        "Bodies with the most partners",
        &["Body", "#Rank", "#Partners", "#Ties", "How", "How far to trust the rank"],
    );
    for row in rows {
        let verbs = row.figures.by_relation.iter().take(RELATIONS_NAMED);
        let mut verbs: Vec<String> =
            verbs.map(|it| format!("{} {}", it.verb, count(it.n_contacts))).collect();
        let n_more = row.figures.by_relation.len().saturating_sub(RELATIONS_NAMED);
        verbs.extend(
            (n_more > 0).then(|| format!("and in {}", plural(n_more, "other way", "other ways"))),
        );
        sheet.push([
            Prose::from(&row.node),
            count(row.rank).into(),
            count(row.figures.n_contacts).into(),
            count(row.figures.n_ties).into(),
            verbs.join(", ").into(),
            sentence(&row.trust.sentence).into(),
        ]);
    }
    part.table(sheet, "No body in the data has a partner.");
    for (at, row) in rows.iter().enumerate() {
        let mut blocks = vec![Block::Paragraph(sentence(&row.sentence).into())];
        if let Some(links) = &row.figures.why {
            blocks.push(links_table("Every tie that was counted", links));
        }
        let ways = plural(row.figures.n_contacts, "partner", "partners");
        let summary = Prose::from(&row.node).say(format!(": the ties behind its {ways}"));
        blocks.extend(weakest(&row.trust));
        part.push(Block::Details(format!("works-with-most-{}", at + 1), summary, blocks));
    }
}

fn connects_groups(part: &mut Part, rows: &[Hub<Bridging>]) {
    part.heading_at("connects-groups", "Connects groups");
    part.say(
        "How much of the traffic between others would pass through a body if everybody took the \
         shortest way. Such bodies are the natural introducers, and the places where a delay is felt \
         most. “Partners bound” is a check on it: near 0 the partners of a body do not know each \
         other, near 1 they do, and it adds little for them (Burt’s constraint, which says nothing \
         below three partners).",
    );
    let mut sheet = Sheet::new(
        "Bodies through which others reach each other",
        &[
            "Body",
            "#Rank",
            "#Share of all shortest ways",
            "#Partners bound (constraint)",
            "#Partners that are not redundant",
            "#Cut off without it",
            "How far to trust the rank",
        ],
    );
    for row in rows {
        let figures = &row.figures;
        let or_dash = |it: Option<f64>| it.map_or("too few partners".to_owned(), decimal);
        sheet.push([
            Prose::from(&row.node),
            count(row.rank).into(),
            percent_fine(figures.betweenness_share).into(),
            or_dash(figures.constraint).into(),
            or_dash(figures.effective_size).into(),
            count(row.cut_off.len()).into(),
            sentence(&row.trust.sentence).into(),
        ]);
    }
    part.table(sheet, "No body in the data stands between two others.");
    for (at, row) in rows.iter().enumerate() {
        let mut blocks = vec![Block::Paragraph(sentence(&row.sentence).into())];
        if let Some(why) = &row.figures.why {
            blocks.push(pairs_table(row));
            blocks.push(shares_table(&why.links));
        }
        if !row.cut_off.is_empty() {
            let text = Prose::from("Cut off from the rest without it: ");
            blocks.push(Block::Paragraph(text.names(&row.cut_off, usize::MAX).say(".")));
        }
        blocks.extend(weakest(&row.trust));
        let summary = Prose::from(&row.node).say(": who depends on it, and by which ties");
        part.push(Block::Details(format!("connects-groups-{}", at + 1), summary, blocks));
    }
}

fn pairs_table(row: &Hub<Bridging>) -> Block {
    let mut sheet = Sheet::new(
        "The pairs that depend on it most",
        &["One", "The other", "#Steps between them", "#Share of their shortest ways through it"],
    );
    for pair in row.figures.why.iter().flat_map(|it| &it.pairs) {
        sheet.push([
            Prose::from(&pair.from),
            Prose::from(&pair.to),
            pair.distance.to_string().into(),
            percent(pair.share).into(),
        ]);
    }
    Block::Table(sheet)
}

fn shares_table(links: &[LinkShare]) -> Block {
    let mut sheet =
        Sheet::new("Its links by how much passes over them", &["Link", "#Share", "Ties"]);
    for it in links {
        let ties = it.link.ties.iter().map(|tie| {
            let place = tie.claims.first().map(|it| in_source(&it.source, &it.locator));
            let place = place.unwrap_or_default().plain();
            format!("{} ({place}; {})", tie.sentence, tie.certainty.as_str())
        });
        sheet.push([
            Prose::from(&it.link.to),
            percent_fine(it.share).into(),
            ties.collect::<Vec<_>>().join("; ").into(),
        ]);
    }
    Block::Table(sheet)
}

fn shortest_way(part: &mut Part, rows: &[Hub<Nearness>]) {
    part.heading("Shortest way to all");
    part.say(
        "How near a body is to all others together: 1 would mean a tie with everybody, and those out \
         of reach add nothing (harmonic closeness, which holds although the network comes in parts). \
         Such bodies hear of things early and are good places to announce something.",
    );
    let mut sheet = Sheet::new(
        "Bodies nearest to all others",
        &[
            "Body",
            "#Rank",
            "#Nearness, 0 to 1",
            "#Others within two steps",
            "#Others reached at all",
            "How far to trust the rank",
        ],
    );
    for row in rows {
        sheet.push([
            Prose::from(&row.node),
            count(row.rank).into(),
            decimal(row.figures.harmonic).into(),
            count(row.figures.n_within_two).into(),
            count(row.figures.n_reached).into(),
            sentence(&row.trust.sentence).into(),
        ]);
    }
    part.table(sheet, "No body in the data has a tie.");
    for (at, row) in rows.iter().enumerate() {
        let Some(rings) = &row.figures.why else { continue };
        let mut sheet = Sheet::new("Who is how many steps away", &["#Steps", "#Bodies", "Who"]);
        for ring in rings {
            sheet.push([
                ring.distance.to_string().into(),
                count(ring.n_nodes).into(),
                Prose::new().names(&ring.nodes, usize::MAX),
            ]);
        }
        let mut blocks = vec![Block::Table(sheet)];
        blocks.extend(weakest(&row.trust));
        let summary = Prose::from(&row.node).say(": who is how near");
        part.push(Block::Details(format!("shortest-way-{}", at + 1), summary, blocks));
    }
}

/// Which places of a ranking hold when links are lost or doubted, and why the others do not.
fn safe_places<F>(part: &mut Part, report: &Report, meaning: &str, rows: &[Hub<F>]) {
    let Some(verdict) = report.hubs.verdicts.iter().find(|it| it.meaning == meaning) else {
        return;
    };
    let Some((first, rest)) = verdict.sentences.split_first() else { return };
    part.note(sentence(first));
    let mut blocks: Vec<Block> =
        rest.iter().map(|it| Block::Paragraph(sentence(it).into())).collect();
    let mut sheet = Sheet::new(
        "Places when one link in ten is lost",
        &["Body", "#Rank", "#Draws in which it stays", "#Of", "#Usual ranks"],
    );
    for row in rows {
        let Some(it) = &row.stability else { continue };
        sheet.push([
            Prose::from(&row.node),
            count(row.rank).into(),
            count(it.n_stayed).into(),
            count(it.n_draws).into(),
            it.usual_ranks().into(),
        ]);
    }
    blocks.push(Block::Table(sheet));
    let id = format!("safe-{}", meaning.replace('_', "-"));
    let why = match verdict.safe.is_empty() {
        true => "Why no place is safe",
        false => "What holds a place, and why the others are not safe",
    };
    part.push(Block::Details(id, why.into(), blocks));
}

/// Which figures are more, or less, than the number of ties of a body would give by itself.
fn against_chance<F>(part: &mut Part, anchor: &str, rows: &[Hub<F>]) {
    let tried: Vec<(&Hub<F>, &Chance)> =
        rows.iter().filter_map(|it| Some((it, it.chance.as_ref()?))).collect();
    let Some((_, first)) = tried.first() else { return };
    if first.n_samples == 0 {
        part.note(sentence(&format!("Held against chance: {}", first.sentence)));
        return;
    }
    let mut sheet = Sheet::new(
        "Against networks with the same ties rewired",
        &["Body", "#By chance", "#Times chance", "#p of as much", "#p of as little", "In words"],
    );
    let mut sentences: Vec<&str> = Vec::new();
    for (row, it) in &tried {
        let or_dash = |it: Option<f64>| it.map_or("–".to_owned(), decimal);
        let p = |it: Option<f64>| it.map_or("–".to_owned(), |it| format!("{it:.3}"));
        sheet.push([
            Prose::from(&row.node),
            or_dash(it.expected).into(),
            or_dash(it.times_expected).into(),
            p(it.p_higher).into(),
            p(it.p_lower).into(),
            sentence(&it.sentence).into(),
        ]);
        if !sentences.contains(&it.sentence.as_str()) {
            sentences.push(&it.sentence);
        }
    }
    let mut words = Prose::from("Held against chance. ");
    for (at, said) in sentences.iter().enumerate() {
        let of: Vec<_> =
            tried.iter().filter(|it| it.1.sentence == *said).map(|it| &it.0.node).collect();
        let said = sentence(said).trim_end_matches('.').to_owned();
        words = words
            .say(if at > 0 { " " } else { "" })
            .say(if of.len() > 1 { said.replace(" its ", " their ") } else { said })
            .say(": ")
            .names(of, usize::MAX)
            .say(".");
    }
    part.note(words);
    let text = format!(
        "{} networks in which every body keeps its ties of each relation, but to others of the same kind. \
         p is the share of them with a figure at least as high, or at most as high.",
        count(first.n_samples)
    );
    let blocks = vec![Block::Paragraph(text.into()), Block::Table(sheet)];
    let summary = "The figures that chance would give".into();
    part.push(Block::Details(format!("chance-{anchor}"), summary, blocks));
}

/// The tie on which a rank rests least surely, and what becomes of the rank without it.
fn weakest(trust: &Trust) -> Vec<Block> {
    let Some(tie) = &trust.weakest_tie else { return Vec::new() };
    let figure = |it: Option<f64>| it.map_or("not there".to_owned(), decimal);
    let text = format!(
        "Its least certain tie is below; without it the figure is {} (rank {}). On stated ties alone \
         the figure is {}; with inferred ones added, {}.",
        decimal(trust.figure_without_weakest),
        count(trust.rank_without_weakest),
        figure(trust.figure_on_stated),
        figure(trust.figure_with_inferred)
    );
    vec![Block::Paragraph(text.into()), ties_table("Its least certain tie", [tie])]
}

/// One body and its share of all shortest ways, for a headline.
pub(super) fn leader(rows: &[Hub<Bridging>]) -> Option<(&Hub<Bridging>, String)> {
    rows.first().map(|it| (it, percent_fine(it.figures.betweenness_share)))
}

/// The first few names of a ranking.
pub(super) fn leaders<F>(rows: &[Hub<F>]) -> Prose {
    Prose::new().names(rows.iter().take(NAMES_SHOWN - 1).map(|it| &it.node), NAMES_SHOWN)
}

/// A part of one in per cent, with a decimal where it is small.
fn percent_fine(part: f64) -> String {
    if part < 0.1 { format!("{:.1} %", part * 100.0) } else { percent(part) }
}

/// Begins with a capital and ends with a full stop; a name such as "ideaSpace" stays as it is.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_name = word.chars().skip(1).any(char::is_uppercase);
    let first =
        chars.next().map(|it| if is_name { it.to_string() } else { it.to_uppercase().to_string() });
    let first = first.unwrap_or_default();
    let rest = chars.as_str();
    let stop = if text.ends_with(['.', '!', '?']) || text.is_empty() { "" } else { "." };
    format!("{first}{rest}{stop}")
}
