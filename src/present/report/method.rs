//! The section on method: every word with its definition, where it is from, and how to get it again.

use super::Report;
use super::content::{Block, Part, Prose, Sheet};
use super::evidence::{certainty_meaning, date_words};
use crate::present::{count, decimal};

/// Word, definition, reference, command.
const DEFINITIONS: [[&str; 4]; 18] = [
    [
        "Actor",
        "A node whose kind acts: every kind but places, needs, documents, products, people and \
         groups without names.",
        "the schema of the store",
        "weft schema",
    ],
    [
        "Link, partner",
        "Two actors with at least one tie between them along which an introduction can travel, \
         whichever way it points. Several ties between the same two are one link.",
        "the schema of the store",
        "weft who NAME",
    ],
    [
        "Works with most",
        "The number of distinct partners.",
        "degree; Freeman, Social Networks 1 (1979)",
        "weft hubs --why",
    ],
    [
        "Connects groups",
        "Of all pairs of others, the share of their shortest ways that leads through it.",
        "betweenness; Freeman, Sociometry 40 (1977); Brandes, J. Math. Sociol. 25 (2001)",
        "weft hubs --why",
    ],
    [
        "Partners bound",
        "How far a body’s partners are bound to one another. Shown from three partners on.",
        "constraint, effective size; Burt, Structural Holes (1992), chapter 2",
        "weft hubs --why",
    ],
    [
        "Shortest way to all",
        "The mean of one divided by the number of steps to each other actor; out of reach adds 0.",
        "harmonic closeness; Marchiori and Latora, Physica A 285 (2000)",
        "weft hubs --why",
    ],
    [
        "Single point of failure",
        "An actor without which others are outside the largest remaining part of their network.",
        "cut node; Hopcroft and Tarjan, Comm. ACM 16 (1973)",
        "weft critical",
    ],
    [
        "Access (access-1)",
        "The average over the needs that somebody meets, by weight, of 1 if the start-up meets it or \
         is one step from who does, 1/2 at two steps, 1/4 at three, else 0. A need that it says it has \
         weighs 2, others what the schema says for its stage.",
        "defined by weft",
        "weft access --why",
    ],
    [
        "Rests on one partner",
        "Of the needs one or two steps away, the largest share that is farther once one partner is \
         taken out (fragility).",
        "defined by weft",
        "weft access --why",
    ],
    [
        "Under-connected",
        "Access below half of the highest in these data, or a critical need three steps away or more. \
         First comes “not enough data”: at most one link, and fewer than two sources or none of the \
         last two years.",
        "defined by weft",
        "weft access",
    ],
    [
        "Introduction",
        "Gain is access after the meeting less access today. Ready now: a shared partner can \
         introduce. Most useful: all, by gain. Each next card is chosen by what it adds to those above.",
        "defined by weft",
        "weft introduce NAME --why",
    ],
    [
        "Plan",
        "Introductions chosen one at a time, the one that adds most to the plan: gain, halved or quartered \
         by how far the way is, less what the start-up has by those before. Nobody is met, or introduces, \
         more often than said.",
        "greedy; Nemhauser, Wolsey and Fisher, Math. Programming 14 (1978)",
        "weft introduce --all",
    ],
    [
        "By chance",
        "The mean over 999 networks in which every body keeps its ties of each relation, but not with \
         whom. p is the share of them at least as extreme.",
        "Maslov and Sneppen, Science 296 (2002)",
        "weft explain chance",
    ],
    [
        "Circle",
        "A group whose links stay inside it more than degrees alone would give.",
        "Leiden on modularity; Traag, Waltman and van Eck, Sci. Reports 9 (2019)",
        "weft communities",
    ],
    [
        "Modularity, agreement",
        "The share of links inside circles less the share that degrees alone would give. Agreement is that \
         of searches with other random numbers, two at a time: normalised mutual information, and the \
         adjusted Rand index.",
        "Newman and Girvan, Phys. Rev. E 69 (2004); Hubert and Arabie, J. Classif. 2 (1985)",
        "weft communities",
    ],
    [
        "By chance, between kinds",
        "The links that two kinds would have if each body kept its number of links and these fell by that \
         number alone. It is no test.",
        "Newman, Phys. Rev. E 67 (2003)",
        "weft matrix kind --why",
    ],
    [
        "Component of the canvas",
        "Named: those of whom a source says that they stand for it. Of its kinds: the kinds and relations \
         as which the schema reads its name.",
        "the schema of the store",
        "weft canvas --why",
    ],
    [
        "Certainty",
        "Stated, of a list together, implied by a name, ambiguous, inferred. A record has that of its \
         strongest statement.",
        "defined by weft",
        "weft explain certainty",
    ],
];

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("method", "How this was made, and how to check it");
    let basis = &report.basis;
    part.say(
        "Every number is computed from the ties and facts in the data by the definitions below; what \
         is held against chance is drawn with the seed below, and no person or model has scored anybody. \
         What a number rests on can be opened \
         where it stands.",
    );
    let as_of = basis.as_of.map_or("no date: everything counts".to_owned(), |it| {
        format!("{} (a date stands for its last day)", date_words(it))
    });
    let none_or =
        |it: &[String]| if it.is_empty() { "all of the view".to_owned() } else { it.join(", ") };
    let mut sheet = Sheet::new("What the findings rest on", &["Setting", "Value"]);
    for (setting, value) in [
        (
            "View",
            format!("{} (actors, and ties along which an introduction can travel)", basis.view),
        ),
        ("As of", as_of),
        (
            "Weakest certainty let in",
            format!("{} ({})", basis.floor.as_str(), certainty_meaning(basis.floor)),
        ),
        ("Relations", none_or(&basis.relations)),
        ("Kinds", none_or(&basis.kinds)),
        ("Actors, links, ties", [basis.n_nodes, basis.n_links, basis.n_ties].map(count).join("; ")),
        ("Definition of access", report.access.version.to_owned()),
        ("Highest access", report.access.ceiling.map_or("none".to_owned(), decimal)),
        (
            "Seed",
            format!(
                "{} (decides the draws of chance and of lost links, the circles, and where marks stand)",
                report.seed
            ),
        ),
    ] {
        sheet.push([setting.into(), value.into()]);
    }
    part.table(sheet, "");
    let columns = &["Word", "Meaning here", "From", "Command"];
    let mut sheet = Sheet::new("What the words mean", columns);
    for [word, meaning, reference, command] in DEFINITIONS {
        sheet.push([word.into(), meaning.into(), reference.into(), Prose::new().code(command)]);
    }
    part.table(sheet, "");
    part.push(Block::Paragraph(
        Prose::from("The whole page as data, each number with what reproduces it: ")
            .code(reproduce(report))
            .say(". One measure in words: ")
            .code("weft explain access")
            .say("."),
    ));
    part
}

/// The command that gives everything again.
fn reproduce(report: &Report) -> String {
    let as_of = report.basis.as_of.map(|it| format!(" --as-of {it}")).unwrap_or_default();
    let floor = report.basis.floor.as_str();
    format!("weft report --why --format json{as_of} --certainty {floor} --seed {}", report.seed)
}
