//! The section on start-ups: how near each is to what it needs, and whom it should meet.

use std::collections::BTreeSet;

use super::content::{Block, Part, Prose, Rest, Sheet};
use super::evidence::{date_words, path_table, ties_table};
use super::hubs::sentence;
use super::{Report, pictures::Pictures};
use crate::ecosystem::{
    AccessRow, Card, Introduction, Introductions, NearestProvider, NeedDistance, NodeName, Plan,
    Reason, ReasonCode, Status, TieEvidence,
};
use crate::present::{count, decimal, plural};

/// So many rows of a table, and so many start-ups one by one, stand open.
const ROWS_SHOWN: usize = 25;
/// Through more than this many others nobody is introduced.
const CHAIN_MAX: usize = 2;
/// So many needs stand in a sentence or a cell before the rest is counted.
const NEEDS_SHOWN: usize = 3;

pub(super) fn part(report: &Report, pictures: &Pictures) -> Part {
    let mut part = Part::new("start-ups", "Start-ups, and whom they should meet");
    let access = &report.access;
    part.say(
        "Access says how near a start-up is to somebody who answers each of the support needs. A need \
         counts in full if the start-up works with a provider or is one; half if one introduction \
         away; a quarter if two; beyond that not at all. The figure is the average over the needs, \
         between 0 and 1, and can be compared only within this page.",
    );
    let mut weights = access.start_ups.iter().flat_map(|it| &it.needs).map(|it| it.weight);
    let mut n_needs = access.start_ups.iter().map(|it| it.needs.len());
    let first = n_needs.next();
    if weights.any(|it| it != 1) || n_needs.any(|it| Some(it) != first) {
        part.say(
            "Needs do not all weigh the same here: one that is critical to a start-up, or at its stage, \
             counts twice, and one that does not count at its stage yet is left out.",
        );
    }
    if let (Some(ceiling), Some(at)) = (access.ceiling, &access.ceiling_at) {
        part.say(
            Prose::from(format!("The highest access that anybody has in these data is {} (", decimal(ceiling)))
                .name(at)
                .say("). It shows how much the data allow: below half of it, a start-up is called \
                      under-connected, which is a word about the data’s ties and not about the company."),
        );
    }
    if !access.needs_without_provider.is_empty() {
        part.note(
            Prose::from("Nobody in the data meets: ")
                .names(&access.needs_without_provider, usize::MAX)
                .say(". These are gaps of the ecosystem and are left out of every start-up’s figure."),
        );
    }
    if access.start_ups.is_empty() {
        part.say("The data name no start-up.");
    }
    let rest = Rest {
        id: "start-ups-rest",
        caption: "The other start-ups, those to look at first on top",
        words: ("more start-up", "more start-ups"),
        command: "weft access --all",
    };
    let all = overview("Start-ups, those to look at first on top", &access.start_ups);
    part.long_table(all, ROWS_SHOWN, &rest);
    written_down(&mut part, &report.ledger);
    cohort(&mut part, report.plan.as_ref());
    if !report.introductions.is_empty() {
        part.heading("One by one");
        part.note(
            "On the cards below, “ready now” means that somebody whom both know can introduce them, and \
             “most useful” that the meeting would change most, however long the way there. The \
             advice rests on the data alone: whoever knows the people knows better.",
        );
    }
    let mut closed = Vec::new();
    for (at, row) in access.start_ups.iter().enumerate() {
        if at >= ROWS_SHOWN && !report.introductions.iter().any(|it| it.node.id == row.node.id) {
            closed.push(closed_start_up(report, row, at + 1));
            continue;
        }
        start_up(&mut part, report, row, at + 1);
        let path = pictures.path.as_ref().filter(|(id, _)| *id == row.node.id);
        part.blocks.extend(path.map(|(_, figure)| Block::Picture(figure.clone())));
    }
    if report.n_without_cards > 0 {
        let more = plural(report.n_without_cards, "further start-up has", "further start-ups have");
        part.note(
            Prose::from(format!("{more} no cards here: "))
                .code("weft introduce NAME")
                .say(" makes them."),
        );
    }
    if !closed.is_empty() {
        let summary = plural(closed.len(), "more start-up", "more start-ups") + ", one by one";
        part.push(Block::Details("start-ups-closed".to_owned(), summary.into(), closed));
    }
    without_stage(&mut part, &access.companies_without_stage);
    part.command("weft access --why --format json");
    part.command("weft introduce NAME --why --format json");
    part
}

/// The introductions that were written down, and what they led to; nothing where there are none.
fn written_down(part: &mut Part, rows: &[Introduction]) {
    if rows.is_empty() {
        return;
    }
    part.heading_at("ledger", "What became of introductions");
    let columns = &["Start-up", "Meets", "Introduced by", "In", "How far", "Since", "Led to"];
    let mut sheet = Sheet::new("Introductions written down, the newest first", columns);
    for it in rows {
        let since = it.days.get(it.status.as_str()).copied().map_or(String::new(), date_words);
        sheet.push([
            Prose::from(&it.start_up),
            Prose::from(&it.to),
            Prose::new().names(&it.by, usize::MAX),
            it.programme.as_ref().map_or(Prose::new(), Prose::from),
            it.status.as_str().into(),
            since.into(),
            it.outcome.clone().unwrap_or_default().into(),
        ]);
    }
    part.push(Block::Table(sheet));
    part.command("weft introduce list");
}

/// The introductions to make for all start-ups together, who is asked how often, and who is left.
fn cohort(part: &mut Part, plan: Option<&Plan>) {
    let Some(plan) = plan.filter(|it| it.n_start_ups > 0) else { return };
    part.heading_at("plan", "A plan for all of them together");
    part.say(format!(
        "Which introductions to make if all start-ups are to be helped and nobody is to be asked too \
         often: at most {} for each start-up, nobody met by more than {}, and nobody introducing more than \
         {}. Chosen one at a time, the one that adds most to the plan.",
        plural(plan.n_each, "introduction", "introductions"),
        plural(plan.cap, "of them", "of them"),
        plural(plan.cap, "time", "times"),
    ));
    let columns = &["Start-up", "Meets", "#Order", "Introduced by", "For", "#Adds"];
    let mut sheet = Sheet::new("The plan, in the order in which it was made", columns);
    for it in &plan.rows {
        let by = match it.card.brokers.len() {
            0 => ask_instead("nobody in the data", &it.card.to, it.card.ask_network.as_ref()),
            n if n > CHAIN_MAX => Prose::from(format!("nobody: the way leads over {n} bodies")),
            _ => {
                let mut by = Prose::new();
                for (at, broker) in it.card.brokers.iter().enumerate() {
                    by = by.say(if at > 0 { ", then " } else { "" }).name(&broker.node);
                }
                by
            }
        };
        sheet.push([
            Prose::from(&it.start_up),
            Prose::from(&it.card.to),
            count(it.rank).into(),
            by,
            Prose::new().names(&it.card.for_needs, NEEDS_SHOWN),
            decimal(it.adds_to_plan).into(),
        ]);
    }
    if sheet.rows.is_empty() {
        part.say(sentence(&plan.sentence));
    } else {
        let rest = Rest {
            id: "plan-rest",
            caption: "The rest of the plan, in the order in which it was made",
            words: ("more introduction", "more introductions"),
            command: "weft introduce --all --format json",
        };
        part.long_table(sheet, ROWS_SHOWN, &rest);
        part.note(sentence(&plan.sentence));
    }
    if let Some(standing) = plan.standing() {
        part.note(sentence(&standing));
    }
    if !plan.without.is_empty() {
        part.note(
            Prose::from("No introduction for: ").names(&plan.without, usize::MAX).say(
                ". Nobody would bring a need nearer, or all who could are asked often enough.",
            ),
        );
    }
    if !plan.load.is_empty() {
        let mut sheet =
            Sheet::new("Meetings of each body in the plan", &["Body", "#Is met", "#Introduces"]);
        for it in &plan.load {
            let (met, introduces) = (count(it.n_met), count(it.n_introduces));
            sheet.push([Prose::from(&it.node), met.into(), introduces.into()]);
        }
        let summary = "Who is asked how often".into();
        part.push(Block::Details("plan-load".to_owned(), summary, vec![Block::Table(sheet)]));
    }
    part.command("weft introduce --all --cap 3 --why --format json");
}

fn overview(caption: &'static str, rows: &[AccessRow]) -> Sheet {
    let mut sheet = Sheet::new(
        caption,
        &[
            "Start-up",
            "What the data show",
            "#Access",
            "#Partners",
            "#Rests on one partner",
            "#Sources",
            "Newest source",
        ],
    );
    for row in rows {
        let newest = row.newest_source.map_or("none dated".to_owned(), date_words);
        sheet.push([
            Prose::from(&row.node),
            row.status.map_or("no status: stage not known", status_words).into(),
            row.access.map_or("–".to_owned(), decimal).into(),
            count(row.n_links).into(),
            row.fragility.map_or("–".to_owned(), |it| format!("{:.0} %", it * 100.0)).into(),
            count(row.n_sources).into(),
            newest.into(),
        ]);
    }
    sheet
}

fn start_up(part: &mut Part, report: &Report, row: &AccessRow, number: usize) {
    let status = row.status.map_or("", status_words);
    part.heading(Prose::from(&row.node).say(format!(": {status}")));
    part.say(sentence(&row.sentence));
    if row.status == Some(Status::NotEnoughData) {
        part.note(
            "Check first: the data say too little about it to call it well or badly connected. Ask it \
             before acting on the advice below.",
        );
    }
    let reasons = reasons(row);
    if !reasons.is_empty() {
        part.push(Block::List(reasons));
    }
    let found = report.introductions.iter().find(|it| it.node.id == row.node.id);
    part.push(needs(row, found.map_or(&[], |it| &it.nearest_providers), number));
    let Some(found) = found else { return };
    for (words, nodes) in [
        ("In hand already: ", &found.in_hand),
        ("Declined, and not proposed again: ", &found.declined),
    ] {
        if !nodes.is_empty() {
            part.say(Prose::from(words).names(nodes, usize::MAX).say("."));
        }
    }
    for (label, card) in cards(found) {
        part.push(introduction(label, card));
    }
    if cards(found).is_empty() {
        let is_first = found.in_hand.is_empty() && found.declined.is_empty();
        let nobody = if is_first { "Nobody" } else { "Nobody else" };
        part.say(format!("{nobody} in the data would bring it nearer to a need."));
    }
}

/// The same of one that comes after many others, closed until it is opened.
fn closed_start_up(report: &Report, row: &AccessRow, number: usize) -> Block {
    let mut part = Part::new("", "");
    start_up(&mut part, report, row, number);
    // What is opened says its name already.
    part.blocks.retain(|it| !matches!(it, Block::Heading(..)));
    let status = row.status.map_or("", status_words);
    let summary = Prose::from(&row.node).say(format!(": {status}"));
    Block::Details(format!("start-up-{number}"), summary, part.blocks)
}

/// Why it stands where it stands; the needs that are far in one line each for how far.
fn reasons(row: &AccessRow) -> Vec<Prose> {
    let of_needs = [
        (ReasonCode::Far, "Three steps away: "),
        (ReasonCode::Missing, "More than three steps away, or out of reach: "),
    ];
    let is_of_need = |it: &&Reason| of_needs.iter().any(|(code, _)| *code == it.code);
    let others = row.reasons.iter().filter(|it| !is_of_need(it));
    let mut res: Vec<Prose> = others.map(|it| sentence(&it.sentence).into()).collect();
    for (code, words) in of_needs {
        let needs: Vec<&NodeName> = row
            .reasons
            .iter()
            .filter(|it| it.code == code)
            .filter_map(|it| it.node.as_ref())
            .collect();
        if !needs.is_empty() {
            res.push(Prose::from(words).names(needs, usize::MAX).say("."));
        }
    }
    res
}

/// Every need with its distance and the way, and the ties of those ways; `beyond` knows whom to
/// ask where no way leads.
fn needs(row: &AccessRow, beyond: &[NearestProvider], number: usize) -> Block {
    let mut sheet = Sheet::new("Its needs", &["Need", "#Steps", "Nearest provider", "Today’s way"]);
    for need in &row.needs {
        let unreached = || beyond.iter().find(|it| it.need.id == need.need.id);
        let provider = match (&need.nearest_provider, unreached()) {
            (Some(it), _) => Prose::from(it),
            (None, Some(it)) => Prose::from(&it.provider),
            (None, None) => Prose::from("nobody in reach"),
        };
        let way = match (&need.path, need.distance, unreached()) {
            (Some(path), ..) => Prose::from(path.sentence.clone()),
            (None, Some(0), _) => Prose::from("meets it itself"),
            (None, None, Some(it)) => {
                let nobody = "nobody in the data can introduce";
                ask_instead(nobody, &it.provider, it.ask_network.as_ref())
            }
            _ => Prose::new(),
        };
        let critical = if need.weight > 1 { " (critical)" } else { "" };
        sheet.push([
            Prose::from(&need.need).say(critical),
            need.distance.map_or("no way".to_owned(), |it| it.to_string()).into(),
            provider,
            way,
        ]);
    }
    let mut blocks = vec![Block::Table(sheet)];
    let ties = ties_of(&row.needs);
    if !ties.is_empty() {
        blocks.push(ties_table("The ties on those ways, and those by which the need is met", ties));
    }
    let near = row.needs.iter().filter(|it| it.distance.is_some_and(|d| d <= 1)).count();
    let n = row.needs.len();
    let summary = format!(
        "Its needs: {near} of {n} met by itself or by a partner; all of them with the ways"
    );
    Block::Details(format!("needs-{number}"), summary.into(), blocks)
}

fn ties_of(needs: &[NeedDistance]) -> Vec<&TieEvidence> {
    let mut seen = BTreeSet::new();
    let on_paths = needs.iter().filter_map(|it| it.path.as_ref()).flat_map(|it| &it.links);
    let met_by = needs.iter().flat_map(|it| &it.met_by);
    let ties = on_paths.flat_map(|it| &it.ties).chain(met_by);
    ties.filter(|it| seen.insert(it.id.as_str())).collect()
}

/// Both lists; one who is in both gets one card.
fn cards(found: &Introductions) -> Vec<(&'static str, &Card)> {
    let is_in = |cards: &[Card], card: &Card| cards.iter().any(|it| it.to.id == card.to.id);
    let ready = found.ready_now.iter().map(|it| match is_in(&found.most_useful, it) {
        true => ("Ready now, and most useful", it),
        false => ("Ready now", it),
    });
    let later = found.most_useful.iter().filter(|it| !is_in(&found.ready_now, it));
    ready.chain(later.map(|it| ("Most useful", it))).collect()
}

/// Whom to ask where nobody can introduce: a network near the body, or the body itself if it is one.
fn ask_instead(nobody: &str, to: &NodeName, network: Option<&NodeName>) -> Prose {
    let prose = Prose::from(nobody.to_owned());
    match network {
        None => prose,
        Some(network) if network.id == to.id => {
            prose.say("; it is a network itself, so write to it")
        }
        Some(network) => prose.say("; the nearest network to ask is ").name(network),
    }
}

fn introduction(label: &str, card: &Card) -> Block {
    let mut blocks = vec![Block::Paragraph(sentence(&card.sentence).into())];
    let mut lines = Vec::new();
    // The sentence names the first of them, and all if they are few.
    if card.for_needs.len() > NEEDS_SHOWN {
        lines.push(Prose::new().strong("For: ").names(&card.for_needs, usize::MAX));
    }
    if card.brokers.is_empty() {
        let line = Prose::new().strong("Who can introduce: ");
        let nobody = ask_instead("nobody in the data", &card.to, card.ask_network.as_ref());
        lines.push(line.and(nobody));
    } else {
        let label = match card.brokers.len() {
            0..=CHAIN_MAX => "Who can introduce: ",
            _ => "The way, too long for one introduction: ",
        };
        let mut line = Prose::new().strong(label);
        for (at, it) in card.brokers.iter().enumerate() {
            let load = plural(it.n_links, "partner", "partners");
            line = line
                .say(if at > 0 { ", then " } else { "" })
                .name(&it.node)
                .say(format!(" ({load})"));
        }
        lines.push(line);
    }
    let beside = beside_those_above(card).map(|it| format!("; {it}")).unwrap_or_default();
    lines.push(Prose::new().strong("Before and after: ").say(format!(
        "access {} today, {} afterwards{beside}",
        decimal(card.access_before),
        decimal(card.access_after)
    )));
    let load = match card.n_links {
        0 => " has no partner in the data".to_owned(),
        n => format!(" has {} already", plural(n, "partner", "partners")),
    };
    lines.push(Prose::new().strong("Load: ").name(&card.to).say(load));
    lines.push(Prose::new().strong("How sure: ").say(card.confidence.sentence.clone()));
    if !card.would_change.is_empty() {
        let changes = card.would_change.join("; ");
        lines.push(Prose::new().strong("Would change this: ").say(changes));
    }
    blocks.push(Block::List(lines));
    if let Some(path) = &card.path {
        let table = path_table(sentence(&path.sentence), path);
        let id = format!("path-{}-{}", card.to.id, path.nodes.first().map_or("", |it| &it.id));
        blocks.push(Block::Details(id, "Today’s way, with its sources".into(), vec![table]));
    }
    Block::Card(Prose::from("Meet ").name(&card.to), Some(label.to_owned()), blocks)
}

/// Writes what a card adds to those above it, where it brings some of the same.
pub fn beside_those_above(card: &Card) -> Option<String> {
    match card.adds {
        0.0 => Some("beside those above it adds nothing".to_owned()),
        adds if adds < card.gain => Some(format!("beside those above it adds {}", decimal(adds))),
        _ => None,
    }
}

fn without_stage(part: &mut Part, rows: &[AccessRow]) {
    if rows.is_empty() {
        return;
    }
    part.heading("Companies whose stage no source tells");
    let told = match rows {
        [only] => Prose::from("").name(&only.node).say(
            " may or may not be a start-up. It is in no finding about start-ups; saying its stage would \
             put it there. The same figures are counted for it: ",
        ),
        _ => Prose::from(format!(
            "{} companies in the data may or may not be start-ups. They are in no finding about \
             start-ups; saying their stage would put them there. The same figures are counted for them: ",
            rows.len()
        )),
    };
    part.say(told.code("weft access").say("."));
    part.push(Block::Details(
        "companies-without-stage".to_owned(),
        "Their figures".into(),
        vec![Block::Table(overview("Companies without a stage", rows))],
    ));
}

/// The status as people read it.
pub(super) fn status_words(status: Status) -> &'static str {
    match status {
        Status::UnderConnected => "under-connected",
        Status::NotEnoughData => "not enough data, check first",
        Status::DependsOnOne => "depends on one partner",
        Status::Connected => "connected",
    }
}
