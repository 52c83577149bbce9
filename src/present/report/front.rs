//! The first screen: the answer in a paragraph, and the findings to take away, each with its section.

use super::Report;
use super::content::Prose;
use super::evidence::date_words;
use super::hubs::{leader, leaders, sentence};
use super::start_ups::status_words;
use crate::ecosystem::{Card, Introductions, NodeName, Status, all_names};
use crate::present::{Envelope, count, plural};

/// How many start-ups the summary for the terminal names with their introduction.
const SUMMARISED: usize = 5;
/// How many names a headline lists.
const NAMES_SHOWN: usize = 3;

/// What a reader sees first.
pub(super) struct Front {
    pub(super) kicker: String,
    pub(super) title: String,
    pub(super) dateline: Prose,
    pub(super) answer: Prose,
    pub(super) headlines: Vec<Headline>,
    pub(super) footer: Prose,
}

/// One finding to take away.
pub(super) struct Headline {
    pub(super) label: &'static str,
    pub(super) text: Prose,
    pub(super) target: &'static str,
}

impl Headline {
    fn new(label: &'static str, text: Prose, target: &'static str) -> Self {
        Self { label, text, target }
    }

    /// As running text, with its link.
    pub(super) fn prose(&self) -> Prose {
        Prose::new()
            .strong(self.label)
            .say(": ")
            .and(self.text.clone())
            .say(" ")
            .link("More", self.target)
    }
}

impl Front {
    pub(super) fn new(report: &Report, envelope: &Envelope) -> Self {
        let title = match envelope.dataset.trim() {
            "" => "An innovation ecosystem".to_owned(),
            title => title.to_owned(),
        };
        Self {
            kicker: "Who connects to whom, what is missing, who should meet".to_owned(),
            title,
            dateline: dateline(report),
            answer: answer(report),
            headlines: headlines(report),
            footer: Prose::from(format!(
                "Made by weft {} from “{}”, revision {}. The page holds everything it shows and calls \
                 no other host.",
                envelope.weft, envelope.dataset, envelope.revision
            )),
        }
    }
}

fn dateline(report: &Report) -> Prose {
    let as_of = report
        .basis
        .as_of
        .map_or("Whatever the date".to_owned(), |it| format!("As of {}", date_words(it)));
    let prose = Prose::from(format!("{as_of}. "));
    let prose = match report.sources.as_slice() {
        [] => prose.say("Source: none named"),
        [one] => {
            let date = one.date.map(|it| format!(", {}", date_words(it))).unwrap_or_default();
            let title = if one.title.is_empty() { &one.id } else { &one.title };
            prose.say("Source: “").link(title.clone(), "#data").say(format!("”{date}"))
        }
        several => prose.say("From ").link(plural(several.len(), "source", "sources"), "#data"),
    };
    prose.say(".")
}

fn answer(report: &Report) -> Prose {
    let basis = &report.basis;
    let mut prose = Prose::from(format!(
        "The sources name {} and {} between them. ",
        plural(
            basis.n_nodes,
            "body, programme, funder or company",
            "bodies, programmes, funders and companies"
        ),
        plural(basis.n_links, "working link", "working links")
    ));
    prose = prose.and(start_ups(report));
    if let Some((start_up, card)) = first_card(report) {
        prose = prose.say(" The introduction to begin with: ").and(advice(start_up, card));
        let row = report.access.start_ups.iter().find(|it| it.node.id == start_up.id);
        if row.is_some_and(|it| it.status == Some(Status::NotEnoughData)) {
            prose = prose.say(" Check first: little is known of ").name(start_up).say(".");
        }
    }
    prose
}

/// Needs that nobody or one body meets, in a sentence.
fn missing(report: &Report) -> Prose {
    let gaps = &report.gaps.missing_provider;
    let with = |n| gaps.iter().filter(move |it| it.n_providers == n);
    let names = |n| with(n).map(|it| &it.need);
    let mut prose = Prose::new();
    if with(0).count() > 0 {
        prose = prose
            .say("Nobody in the data meets the need for ")
            .names(names(0), NAMES_SHOWN)
            .say(".");
    }
    match with(1).collect::<Vec<_>>().as_slice() {
        [] => {}
        [one] => {
            prose = prose.space().say("Only ");
            prose = prose.names(&one.providers, 1).say(" is named as meeting the need for ");
            prose = prose.name(&one.need).say(".");
        }
        _ => {
            prose = prose.space();
            prose = prose.say("Only one body each meets ").names(names(1), NAMES_SHOWN).say(".");
        }
    }
    match prose.0.is_empty() {
        true => sentence(report.gaps.none_missing()).into(),
        false => prose,
    }
}

fn start_ups(report: &Report) -> Prose {
    let rows = &report.access.start_ups;
    if rows.is_empty() {
        return "The data name no start-up.".into();
    }
    let n = |status| rows.iter().filter(|it| it.status == Some(status)).count();
    let parts = [
        (n(Status::UnderConnected), "under-connected"),
        (n(Status::DependsOnOne), "near to what they need through one partner only"),
        (n(Status::Connected), "connected"),
        (n(Status::NotEnoughData), "not known well enough to say"),
    ];
    let parts: Vec<(usize, &str)> = parts.into_iter().filter(|it| it.0 > 0).collect();
    let known = plural(rows.len(), "start-up is", "start-ups are");
    let mut text = match parts.as_slice() {
        [(1, words)] => format!("{known} known as such: {words}."),
        [(_, words)] => format!("{known} known as such: all {words}."),
        several => {
            let several: Vec<String> =
                several.iter().map(|(n, words)| format!("{} {words}", count(*n))).collect();
            let start_ups = plural(rows.len(), "start-up that is", "start-ups that are");
            format!("Of the {start_ups} known as such: {}.", several.join(", "))
        }
    };
    let n_others = report.access.companies_without_stage.len();
    if n_others > 0 {
        text.push_str(&format!(
            " For {} no source tells the stage.",
            plural(n_others, "further company", "further companies")
        ));
    }
    text.into()
}

/// The introduction with the highest score (gain by route), of the first start-up that has it.
pub(super) fn first_card(report: &Report) -> Option<(&NodeName, &Card)> {
    let mut best: Option<(&NodeName, &Card)> = None;
    for found in &report.introductions {
        if let Some(card) = best_card(found)
            && best.is_none_or(|(_, it)| card.score > it.score)
        {
            best = Some((&found.node, card));
        }
    }
    best
}

/// The card with the highest score; a longer way counts for less.
fn best_card(found: &Introductions) -> Option<&Card> {
    let mut best: Option<&Card> = None;
    for card in found.ready_now.iter().chain(&found.most_useful) {
        if best.is_none_or(|it| card.score > it.score) {
            best = Some(card);
        }
    }
    best
}

/// "Acme to Nexus, through Propel, for lab space and workspace."
fn advice(start_up: &NodeName, card: &Card) -> Prose {
    let prose = Prose::new().name(start_up).say(" to ").name(&card.to);
    let prose = match card.brokers.as_slice() {
        [] => prose.say(" (nobody in the data knows both)"),
        [one] => prose.say(", through ").name(&one.node),
        [first, second] => {
            prose.say(", through ").name(&first.node).say(" and ").name(&second.node)
        }
        [first, ..] => prose
            .say(format!(", by a chain of {} others that begins with ", card.brokers.len()))
            .name(&first.node),
    };
    prose.say(", for ").names(&card.for_needs, NAMES_SHOWN).say(".")
}

fn headlines(report: &Report) -> Vec<Headline> {
    let mut res = Vec::new();
    if let Some(first) = report.hubs.works_with_most.first() {
        // Several may be first together.
        let (top, rest): (Vec<_>, Vec<_>) =
            report.hubs.works_with_most.iter().partition(|it| it.rank == first.rank);
        let works = if top.len() == 1 { "works" } else { "work" };
        let each = if top.len() == 1 { "" } else { " each" };
        let others = plural(first.figures.n_contacts, "other", "others");
        let mut text = Prose::new()
            .names(top.iter().map(|it| &it.node), NAMES_SHOWN)
            .say(format!(" {works} with {others}{each}, more than anybody else"));
        if !rest.is_empty() && top.len() == 1 {
            let comes = if rest.len() == 1 { "comes" } else { "come" };
            text = text.say(format!("; next {comes} "));
            text = text.names(rest.iter().take(2).map(|it| &it.node), NAMES_SHOWN);
        }
        let text = text.say(".");
        res.push(Headline::new("Who co-ordinates", text, "#hubs"));
    }
    if let Some((first, share)) = leader(&report.hubs.connects_groups) {
        let text =
            Prose::from(format!("{share} of the shortest ways between two others lead through "))
                .name(&first.node)
                .say(".");
        res.push(Headline::new("Who connects groups", text, "#connects-groups"));
    }
    if let Some(first) = report.gaps.single_point_of_failure.first() {
        let n = report.gaps.single_point_of_failure.len();
        let text = Prose::from(format!(
            "{} for some others the only way to the rest of the network. Without ",
            plural(n, "body is", "bodies are")
        ))
        .name(&first.node)
        .say(format!(", {} cut off.", plural(first.n_cut_off, "would be", "would be")));
        res.push(Headline::new("Single points of failure", text, "#single-points"));
    }
    res.push(Headline::new("What is missing", missing_headline(report), "#gaps"));
    res.push(Headline::new("Start-ups", start_ups_named(report), "#start-ups"));
    res.push(Headline::new("Money", funding(report), "#funding"));
    res
}

fn missing_headline(report: &Report) -> Prose {
    let all = report.gaps.unreached_need.iter().find(|it| it.group_by == "all");
    let text = missing(report);
    match all {
        Some(it) => text.say(" ").say(sentence(&it.sentence)),
        None => text,
    }
}

/// Which start-ups to look at first, by name.
fn start_ups_named(report: &Report) -> Prose {
    let rows = &report.access.start_ups;
    let with = |status| rows.iter().filter(move |it| it.status == Some(status)).map(|it| &it.node);
    let mut prose = Prose::new();
    for (status, one, many) in [
        (Status::UnderConnected, " is under-connected", " are under-connected"),
        (Status::DependsOnOne, " depends on one partner", " depend on one partner each"),
        (
            Status::NotEnoughData,
            " is not known well enough: check first",
            " are not known well enough: check first",
        ),
    ] {
        let n = with(status).count();
        if n > 0 {
            prose = prose.space().names(with(status), NAMES_SHOWN);
            prose = prose.say(if n == 1 { one } else { many }).say(".");
        }
    }
    match prose.0.is_empty() {
        true => start_ups(report),
        false => prose.say(" Each has its introductions on a card."),
    }
}

fn funding(report: &Report) -> Prose {
    let totals = all_names(report.flows.totals.iter().map(|it| it.text.as_str()));
    let n_without = report.flows.without_amount.len();
    let ties = plural(n_without, "tie", "ties");
    let mut prose = Prose::from(match (totals.is_empty(), n_without) {
        (true, 0) => "The data name no funding.".to_owned(),
        (true, _) => format!("The data hold {ties} of funding, and no amount."),
        (false, 0) => format!("The sources state {} of funding.", totals),
        (false, n) => format!(
            "The sources state {} of funding; {ties} of funding {} no amount.",
            totals,
            if n == 1 { "states" } else { "state" }
        ),
    });
    if report.facts.n_differ > 0 {
        prose = prose
            .say(" ")
            .link(plural(report.facts.n_differ, "printed figure", "printed figures"), "#figures")
            .say(if report.facts.n_differ == 1 {
                " in the sources does not agree with its parts."
            } else {
                " in the sources do not agree with their parts."
            });
    }
    prose
}

pub(super) fn summary(report: &Report) -> Vec<String> {
    let mut lines = vec![format!(
        "{} and {} between them{}.",
        plural(report.basis.n_nodes, "actor", "actors"),
        plural(report.basis.n_links, "link", "links"),
        report.basis.as_of.map(|it| format!(", as of {}", date_words(it))).unwrap_or_default()
    )];
    if !report.hubs.works_with_most.is_empty() {
        let names = leaders(&report.hubs.works_with_most).plain();
        lines.push(format!("Who co-ordinates: {names} work with most."));
    }
    if let Some((first, share)) = leader(&report.hubs.connects_groups) {
        lines.push(format!(
            "{} connects groups: {share} of the shortest ways between others.",
            first.node.name
        ));
    }
    if let Some(first) = report.gaps.single_point_of_failure.first() {
        let bodies = plural(first.n_cut_off, "other is", "others are");
        lines.push(format!("Without {}, {bodies} cut off from the rest.", first.node.name));
    }
    lines.push(format!("What is missing: {}", missing(report).plain()));
    lines.push(format!("Start-ups: {}", start_ups(report).plain()));
    for found in report.introductions.iter().take(SUMMARISED) {
        let row = report.access.start_ups.iter().find(|it| it.node.id == found.node.id);
        let status = row.and_then(|it| it.status).map_or("", status_words);
        let card = best_card(found);
        lines.push(match card {
            Some(card) => format!(
                "{} ({status}): introduce {}",
                found.node.name,
                advice(&found.node, card).plain()
            ),
            None => format!(
                "{} ({status}): nobody in the data would bring it nearer to a need.",
                found.node.name
            ),
        });
    }
    let n_more = report.introductions.len().saturating_sub(SUMMARISED) + report.n_without_cards;
    if n_more > 0 {
        let more = plural(n_more, "more start-up", "more start-ups");
        lines.push(format!("{more}: `weft access` lists them all."));
    }
    lines
}
