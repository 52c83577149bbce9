//! The section on circles: who works more with each other than with the rest, and how sure that is.

use std::collections::BTreeSet;

use super::Report;
use super::content::{Block, Part, Prose, Rest, Sheet};
use super::evidence::first_ties;
use super::gaps::capital;
use super::hubs::sentence;
use crate::ecosystem::{Community, GroupPair, Matrix, Partition};
use crate::present::{count, percent, plural};

/// How many circles the table shows; the others follow in a closed list.
const CIRCLES_SHOWN: usize = 10;
/// How many circles can be opened.
const CIRCLES_OPENED: usize = 30;
/// How many pairs of circles are shown; the others follow in a closed list.
const PAIRS_SHOWN: usize = 8;
/// How many members of a circle are shown when it is opened.
const MEMBERS_SHOWN: usize = 200;
/// How many of those at the edge of a circle a cell names.
const EDGE_SHOWN: usize = 3;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("communities", "Circles: who works together");
    let found = &report.communities;
    part.say(
        "A circle (community) is a group of bodies that work more with each other than with the rest. \
         Circles are found from the ties alone: nobody founded them, and they are no judgement. Each is \
         named after the two bodies with most links inside it, which hold it together in the data.",
    );
    let said: Vec<String> = found.sentences.iter().map(|it| sentence(it)).collect();
    part.say(said.join(" "));
    if found.communities.is_empty() {
        part.command("weft communities --why --format json");
        return part;
    }
    if let Some(words) = how_sure(found) {
        part.note(words);
    }
    let rest = Rest {
        id: "circles-rest",
        caption: "Smaller circles",
        words: ("smaller circle", "smaller circles"),
        command: "weft communities --all",
    };
    part.long_table(table("Circles, the largest first", &found.communities), CIRCLES_SHOWN, &rest);
    part.blocks.extend(found.communities.iter().take(CIRCLES_OPENED).map(circle));
    if found.communities.len() > CIRCLES_OPENED {
        let more = plural(found.communities.len() - CIRCLES_OPENED, "more circle", "more circles");
        let note = Prose::from(format!("The members of {more}: "));
        part.note(note.code("weft communities --all --why").say(" lists them."));
    }
    without_links(&mut part, found);
    between(&mut part, &report.matrix_community);
    part.command("weft communities --why --format json");
    part.command("weft matrix community --why --format json");
    part
}

/// What the figures in the sentences above mean.
fn how_sure(found: &Partition) -> Option<String> {
    found.modularity?;
    let mut res =
        "Modularity is the share of links inside circles less what chance would leave there: 0 \
                   is no more than chance, and it stays below 1."
            .to_owned();
    if found.agreement.is_some() {
        res.push_str(&format!(
            " How sure the division is shows in {} searches begun from other random numbers: at 1 they \
             agree on everybody. The adjusted Rand index says the same more strictly, with 0 for what \
             chance would give. A body stands at the edge of its circle if it is with fewer than half of \
             the others in those searches.",
            count(found.n_runs)
        ));
    }
    Some(res)
}

fn table(caption: &'static str, circles: &[Community]) -> Sheet {
    let columns = &["Circle", "#Bodies", "#Links inside", "#Links to other circles", "At its edge"];
    let mut sheet = Sheet::new(caption, columns);
    for it in circles {
        let edge = it.on_the_edge();
        let edge = match edge.is_empty() {
            true => Prose::from("nobody"),
            false => Prose::new().names(edge.iter().map(|it| &it.node), EDGE_SHOWN),
        };
        sheet.push([
            named(it),
            count(it.n_members).into(),
            count(it.n_links_inside).into(),
            count(it.n_links_outside).into(),
            edge,
        ]);
    }
    sheet
}

/// "3. A and B".
fn named(it: &Community) -> Prose {
    // Called after its members, it is a sentence of names rather than one.
    format!("{}. {}", it.number, it.name).into()
}

/// The members of a circle, and its ties to others.
fn circle(it: &Community) -> Block {
    let mut blocks = vec![Block::Paragraph(sentence(&it.sentence).into())];
    let columns =
        &["Body", "#Links inside", "#Of all its links", "#With the others in the searches"];
    let mut sheet = Sheet::new("Members, those with most links inside first", columns);
    for member in it.members.iter().take(MEMBERS_SHOWN) {
        sheet.push([
            Prose::from(&member.node),
            count(member.n_links_inside).into(),
            count(member.n_links).into(),
            member.together.map_or("–".to_owned(), percent).into(),
        ]);
    }
    blocks.push(Block::Table(sheet));
    if it.members.len() > MEMBERS_SHOWN {
        let more = plural(it.members.len() - MEMBERS_SHOWN, "more member", "more members");
        let note = Prose::from(format!("{more}: "));
        blocks.push(Block::Note(note.code("weft communities --why").say(" lists all.")));
    }
    let members: BTreeSet<&str> = it.members.iter().map(|it| it.node.id.as_str()).collect();
    let links = it.why.iter().flatten().filter(|it| !members.contains(it.to.id.as_str()));
    let outside: Vec<_> = links.flat_map(|it| it.ties.clone()).collect();
    if !outside.is_empty() {
        blocks.extend(first_ties("Ties to other circles", &outside, "weft communities --why"));
    }
    Block::Details(format!("circle-{}", it.number), named(it), blocks)
}

/// Bodies that are in no circle, by name.
fn without_links(part: &mut Part, found: &Partition) {
    let sorts = [
        ("circles-alone", &found.alone, "body without a link", "bodies without a link"),
        (
            "circles-none",
            &found.by_themselves,
            "body with links and no circle",
            "bodies with links and no circle",
        ),
    ];
    for (id, bodies, one, many) in sorts {
        if !bodies.is_empty() {
            let text = Prose::new().names(bodies, MEMBERS_SHOWN).say(".");
            let summary = capital(&plural(bodies.len(), one, many));
            part.push(Block::Details(id.to_owned(), summary.into(), vec![Block::Paragraph(text)]));
        }
    }
}

fn between(part: &mut Part, matrix: &Matrix) {
    part.heading("Ties between circles");
    let joined = matrix.joined();
    let n_circles = matrix.groups.iter().filter(|it| it.id.is_some()).count();
    let n_pairs = n_circles * n_circles.saturating_sub(1) / 2;
    match (n_pairs, joined.len()) {
        (0, _) => part.say("There is no second circle to have ties with."),
        (_, 0) => part.say("No link joins two circles."),
        (_, n) => part.say(
            Prose::from(format!(
                "Of {} {} joined by at least one link. Which of the others would gain most from a first \
                 one stands under ",
                plural(n_pairs, "pair of circles", "pairs of circles"),
                if n == 1 { "1 is".to_owned() } else { format!("{} are", count(n)) },
            ))
            .link("circles that hardly touch", "#circles-apart")
            .say("."),
        ),
    }
    let rest = Rest {
        id: "circles-joined-rest",
        caption: "Circles with fewer links between them",
        words: ("more pair of circles", "more pairs of circles"),
        command: "weft matrix community --all",
    };
    part.long_table(pairs("Circles with most links between them", &joined), PAIRS_SHOWN, &rest);
}

fn pairs(caption: &'static str, rows: &[&GroupPair]) -> Sheet {
    let mut sheet = Sheet::new(caption, &["Circle", "And", "#Links"]);
    for it in rows {
        sheet.push([
            it.one_label.clone().into(),
            it.other_label.clone().into(),
            count(it.n_links).into(),
        ]);
    }
    sheet
}
