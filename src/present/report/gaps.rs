//! The sections on what is missing, and on what would break if one body left.

use super::Report;
use super::content::{Block, Part, Prose, Rest, Sheet};
use super::evidence::{links_table, ties_table};
use super::hubs::sentence;
use crate::ecosystem::{
    CommunityPair, CutOff, Gaps, HoleGroup, HolePair, Holes, NodeName, UnreachedNeed,
};
use crate::present::{count, decimal, percent, plural};

/// How many bodies the table of single points of failure shows; the others follow in a closed list.
const POINTS_SHOWN: usize = 12;
/// How many circles that have something for another are shown; the others follow in a closed list.
const CIRCLES_SHOWN: usize = 15;
/// How many of those cut off a cell names.
const NAMES_SHOWN: usize = 5;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("gaps", "What is missing");
    let gaps = &report.gaps;
    part.heading("Needs that nobody, or only one body, meets");
    if gaps.missing_provider.is_empty() {
        part.say(sentence(gaps.none_missing()));
    }
    for (at, it) in gaps.missing_provider.iter().enumerate() {
        let label = if it.n_providers == 0 { "nobody" } else { "one body only" };
        let mut blocks = vec![Block::Paragraph(sentence(&it.sentence).into())];
        if !it.ties.is_empty() {
            let table = ties_table("Who is named as meeting it", &it.ties);
            let id = format!("missing-provider-{}", at + 1);
            blocks.push(Block::Details(id, "What the sources say".into(), vec![table]));
        }
        part.push(Block::Card(Prose::from(&it.need), Some(label.to_owned()), blocks));
    }
    part.heading("Needs that start-ups do not reach");
    part.say(
        "A need counts as out of reach of a start-up if the nearest body that meets it is three steps \
         away or more, so that no single introduction leads there.",
    );
    let (all, groups): (Vec<_>, Vec<_>) =
        gaps.unreached_need.iter().partition(|it| it.group_by == "all");
    part.table(
        unreached("Needs out of reach, over all start-ups", &all, "Need"),
        &sentence(gaps.none_unreached()),
    );
    for (at, it) in all.iter().enumerate() {
        part.push(Block::Details(format!("unreached-{}", at + 1), opened(it), vec![distances(it)]));
    }
    if !groups.is_empty() {
        part.push(Block::Details(
            "unreached-groups".to_owned(),
            "The same by place and sector".into(),
            vec![Block::Table(grouped(&groups))],
        ));
    }
    holes(&mut part, &report.holes);
    circles(&mut part, &report.holes);
    bridges(&mut part, gaps);
    part.command("weft gaps --why --format json");
    part
}

/// Kinds, sectors and places with fewer links between them than chance gives, and what was tested.
fn holes(part: &mut Part, found: &Holes) {
    part.heading_at("holes", "Groups that work with each other less than chance would have it");
    part.say(
        "Kinds of bodies, sectors and places, two at a time: the links between them beside those of \
         networks in which every body keeps its number of ties of each sort, and only with whom is left \
         to chance.",
    );
    let all: Vec<&HolePair> = found.pairs.iter().collect();
    let told = found.told();
    let holes: Vec<&HolePair> = told.iter().map(|it| it.0).collect();
    let n_holes = all.iter().filter(|it| it.is_hole).count();
    let none = match (found.n_samples, found.n_pairs_tested) {
        (0, _) => "They could not be held against chance.",
        (_, 0) => "No two of them are large enough to be told from chance.",
        _ => "No two of them have fewer links than chance gives.",
    };
    part.table(tested("Fewer links than chance gives", &holes), none);
    if found.n_samples > 0 && found.n_pairs_tested > 0 {
        part.note(format!(
            "{} tested against {} rewired networks, corrected for the number of pairs (Benjamini and \
             Hochberg): {}. {} with fewer than three links expected cannot be told from chance.",
            capital(&plural(found.n_pairs_tested, "pair was", "pairs were")),
            count(found.n_samples),
            plural(n_holes, "has fewer links than chance gives", "have fewer links than chance gives"),
            plural(found.n_pairs_too_small, "pair", "pairs"),
        ));
    }
    for note in told.iter().filter_map(|(it, repeats)| it.repeats_sentence(repeats)) {
        part.note(sentence(&note));
    }
    for note in &found.notes {
        part.note(sentence(note));
    }
    if !all.is_empty() {
        part.push(Block::Details(
            "pairs-tested".to_owned(),
            "Every pair that was tested".into(),
            vec![Block::Table(tested("Pairs that were tested, the least likely first", &all))],
        ));
    }
    for (at, it) in holes.iter().enumerate() {
        let links = it.why.as_deref().unwrap_or_default();
        let mut blocks = vec![Block::Paragraph(sentence(&it.sentence).into())];
        if !links.is_empty() {
            blocks.push(links_table("The links that there are", links));
        }
        let summary = format!("{} and {}: the links there are", it.a.name, it.b.name);
        part.push(Block::Details(format!("hole-{}", at + 1), summary.into(), blocks));
    }
}

fn tested(caption: &'static str, rows: &[&HolePair]) -> Sheet {
    let columns =
        &["Between", "And", "#Links", "#By chance", "#As few by chance (p)", "#p, corrected"];
    let mut sheet = Sheet::new(caption, columns);
    for it in rows {
        sheet.push([
            it.a.name.clone().into(),
            it.b.name.clone().into(),
            count(it.n_links).into(),
            format!("{:.1}", it.expected).into(),
            format!("{:.3}", it.p).into(),
            format!("{:.3}", it.q).into(),
        ]);
    }
    sheet
}

/// Circles joined by no link or by one, of which one has what the other lacks.
fn circles(part: &mut Part, found: &Holes) {
    part.heading_at("circles-apart", "Circles that hardly touch");
    part.say(
        "Circles are groups of bodies that work more with each other than with the rest. Listed are two \
         that are joined by no link, or by one alone, where one holds what start-ups of the other do not \
         reach: a first meeting between them would open most. No test is made of them, as circles are \
         chosen for having few links between them.",
    );
    let columns =
        &["Circle", "#Bodies", "Has", "Which is out of reach in", "#Bodies there", "#Links"];
    let mut sheet = Sheet::new("Circles with something for each other", columns);
    let holds_any = |it: &&CommunityPair| !(it.a_holds.is_empty() && it.b_holds.is_empty());
    let useful: Vec<&CommunityPair> = found.communities.iter().filter(holds_any).collect();
    for it in &useful {
        let mut push = |has: &HoleGroup, lacks: &HoleGroup, needs: &[NodeName]| {
            if !needs.is_empty() {
                sheet.push([
                    has.name.clone().into(),
                    count(has.n_nodes).into(),
                    Prose::new().names(needs, usize::MAX),
                    lacks.name.clone().into(),
                    count(lacks.n_nodes).into(),
                    count(it.n_links).into(),
                ]);
            }
        };
        push(&it.a, &it.b, &it.a_holds);
        push(&it.b, &it.a, &it.b_holds);
    }
    if sheet.rows.is_empty() {
        part.say("No circle has what start-ups of another that it hardly touches do not reach.");
    }
    let rest = Rest {
        id: "circles-apart-rest",
        caption: "Other circles with something for each other",
        words: ("more circle and what it has", "more circles and what they have"),
        command: "weft gaps --all",
    };
    part.long_table(sheet, CIRCLES_SHOWN, &rest);
    part.note(sentence(&found.circles_sentence()));
}

/// Begins with a capital and has no full stop: for what is no sentence.
pub(super) fn capital(text: &str) -> String {
    sentence(text).trim_end_matches('.').to_owned()
}

/// The ties between two others that would help start-ups most.
fn bridges(part: &mut Part, gaps: &Gaps) {
    let found = &gaps.missing_bridge;
    part.heading("Ties that would help start-ups most");
    part.say(
        "Two bodies that have no tie in the data, and whose tie would bring start-ups nearest to what \
         they need. Each is looked at as if it were made alone. A tie that no source mentions may well \
         exist: ask before introducing.",
    );
    let mut sheet = Sheet::new(
        "Missing bridges",
        &["Between", "And", "#Start-ups nearer", "#Mean access before", "#After", "Nearer to"],
    );
    for it in &found.rows {
        sheet.push([
            Prose::from(&it.a),
            Prose::from(&it.b),
            count(it.start_ups.len()).into(),
            decimal(it.mean_access_before).into(),
            decimal(it.mean_access_after).into(),
            Prose::new().names(&it.needs, NAMES_SHOWN),
        ]);
    }
    part.table(sheet, &sentence(gaps.no_bridge()));
    for (at, it) in found.rows.iter().enumerate() {
        let mut sheet =
            Sheet::new("Who comes nearer to what", &["Start-up", "Need", "#Steps now", "#With it"]);
        let steps = |it: Option<u32>| it.map_or("no way".to_owned(), |it| it.to_string());
        for start_up in &it.start_ups {
            for need in &start_up.needs {
                sheet.push([
                    Prose::from(&start_up.node),
                    Prose::from(&need.need),
                    steps(need.before).into(),
                    steps(need.after).into(),
                ]);
            }
        }
        let blocks = vec![Block::Paragraph(sentence(&it.sentence).into()), Block::Table(sheet)];
        let summary = Prose::from(&it.a).say(" and ").names([&it.b], 1).say(": who comes nearer");
        part.push(Block::Details(format!("missing-bridge-{}", at + 1), summary, blocks));
    }
}

fn opened(it: &UnreachedNeed) -> Prose {
    Prose::from(&it.need).say(": how far each start-up is")
}

fn unreached(caption: &'static str, rows: &[&UnreachedNeed], first: &'static str) -> Sheet {
    let mut sheet =
        Sheet::new(caption, &[first, "#Start-ups out of reach", "#Start-ups in all", "#Share"]);
    for it in rows {
        sheet.push([
            Prose::from(&it.need),
            count(it.n_unreached).into(),
            count(it.n_start_ups).into(),
            percent(it.share).into(),
        ]);
    }
    sheet
}

fn grouped(rows: &[&UnreachedNeed]) -> Sheet {
    let mut sheet = Sheet::new(
        "Needs out of reach, by place and sector",
        &["Place or sector", "Need", "#Start-ups out of reach", "#Start-ups there"],
    );
    for it in rows {
        sheet.push([
            it.group_name.clone().unwrap_or_default().into(),
            Prose::from(&it.need),
            count(it.n_unreached).into(),
            count(it.n_start_ups).into(),
        ]);
    }
    sheet
}

fn distances(it: &UnreachedNeed) -> Block {
    let mut sheet = Sheet::new("Steps to the nearest body that meets it", &["Start-up", "#Steps"]);
    for start_up in &it.start_ups {
        let steps = start_up.distance.map_or("no way".to_owned(), |it| it.to_string());
        sheet.push([Prose::from(&start_up.node), steps.into()]);
    }
    Block::Table(sheet)
}

pub(super) fn single_points(report: &Report) -> Part {
    let mut part = Part::new("single-points", "Single points of failure");
    let rows = &report.gaps.single_point_of_failure;
    part.say(
        "Without these bodies others would have no way left, in the data, to the rest of the network. \
         That is a reason to make a second tie for those who hang on them, and no fault of theirs. A \
         tie that no source mentions may well exist.",
    );
    let (shown, rest) = rows.split_at(rows.len().min(POINTS_SHOWN));
    part.table(table("Who would be cut off", shown), "No body is the only way for others.");
    for (at, it) in shown.iter().enumerate() {
        part.push(point(it, at + 1));
    }
    if !rest.is_empty() {
        let more = plural(rest.len(), "more body", "more bodies");
        let note = Prose::from(format!("{more}, without which fewer are cut off: "));
        part.note(note.code("weft critical").say(" lists all."));
        let summary = capital(&more);
        let blocks = vec![Block::Table(table("Bodies without which fewer are cut off", rest))];
        part.push(Block::Details("single-points-rest".to_owned(), summary.into(), blocks));
    }
    part.command("weft critical --why --format json");
    part
}

fn table(caption: &'static str, rows: &[CutOff]) -> Sheet {
    let mut sheet = Sheet::new(caption, &["Without", "#Cut off", "#Start-ups among them", "Who"]);
    for it in rows {
        sheet.push([
            Prose::from(&it.node),
            count(it.n_cut_off).into(),
            count(it.n_start_ups_cut_off).into(),
            Prose::new().names(&it.cut_off, NAMES_SHOWN),
        ]);
    }
    sheet
}

fn point(it: &CutOff, number: usize) -> Block {
    let cut_off = Prose::from("Cut off: ").names(&it.cut_off, usize::MAX).say(".");
    let mut blocks = vec![Block::Paragraph(cut_off)];
    if let Some(why) = &it.why {
        let ends: Vec<&str> = it.cut_off.iter().map(|it| it.id.as_str()).collect();
        let holds = |id: &str| ends.contains(&id);
        let links: Vec<_> =
            why.links.iter().filter(|it| holds(&it.from.id) || holds(&it.to.id)).cloned().collect();
        blocks.push(links_table("The ties on which they hang", &links));
    }
    let summary = Prose::from(&it.node).say(": who, and by which ties");
    Block::Details(format!("single-point-{number}"), summary, blocks)
}
