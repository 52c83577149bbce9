//! Findings line by line: what each says of whom, so that any of them can stand before and after.
//!
//! A line is one figure, sum or list of names about one body, group or the whole. Two states are set
//! beside each other line by line, and what is the same is left out. Computes nothing by itself: the
//! findings do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{Interrupted, Run, structural_holes_in};
use weft_graph::Snapshot;

use crate::ecosystem::bridges::MissingBridge;
use crate::ecosystem::canvas::canvas;
use crate::ecosystem::communities::{CommunitiesOptions, Partition, communities};
use crate::ecosystem::compare::{Finding, Side, ranking};
use crate::ecosystem::counted::Counted;
use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::facts::{FactRow, FactsOptions, facts};
use crate::ecosystem::flow_totals::flow_totals;
use crate::ecosystem::flows::{Money, flows};
use crate::ecosystem::gaps::gaps;
use crate::ecosystem::holes::holes;
use crate::ecosystem::hubs::{Meaning, level};
use crate::ecosystem::introduce::{Card, IntroduceOptions, introduce_each};
use crate::ecosystem::matrix::{Grouping, matrix};
use crate::ecosystem::question::{Ground, Question, is_start_up};
use crate::ecosystem::words;

/// Below so many contacts constraint and effective size say nothing.
const CONTACTS_ENOUGH: usize = 3;
/// Names that words hold; the rest is counted.
const NAMES_TOLD: usize = 4;
/// What is said of two kinds.
const LINKS: &str = "links";
/// What is said of the whole.
const WHOLE: &str = "all together";

/// A line of a finding that differs between two states.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct LineChange {
    /// The body that it speaks of; none where it is a group, or all.
    pub node: Option<NodeName>,
    /// Its name, or that of the group.
    pub subject: String,
    /// What is said of it: `rank`, `circle`, `gives` ...
    pub what: String,
    /// Before; none where nothing was.
    pub before: Option<Shown>,
    /// After.
    pub after: Option<Shown>,
}

/// What a line says.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
pub enum Shown {
    /// A figure.
    Number(f64),
    /// Words.
    Text(String),
    /// Bodies.
    Names(Vec<NodeName>),
    /// Sums, by currency.
    Money(Vec<Money>),
}

impl Shown {
    /// As a cell shows it.
    pub fn words(&self) -> String {
        match self {
            Self::Number(value) => words::number((value * 1000.0).round() / 1000.0),
            Self::Text(text) => text.clone(),
            Self::Names(nodes) if nodes.is_empty() => "nobody".to_owned(),
            Self::Names(nodes) => {
                let told = nodes.iter().take(NAMES_TOLD).map(|it| it.name.as_str());
                let told = told.collect::<Vec<_>>().join("; ");
                match nodes.len().saturating_sub(NAMES_TOLD) {
                    0 => told,
                    n => format!("{told} and {n} more"),
                }
            }
            Self::Money(sums) => {
                sums.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("; ")
            }
        }
    }
}

struct Line {
    node: Option<NodeName>,
    subject: String,
    what: String,
    shown: Shown,
}

impl Line {
    fn of(node: &NodeName, what: &str, shown: Shown) -> Self {
        let (node, subject) = (Some(node.clone()), node.name.clone());
        Self { node, subject, what: what.to_owned(), shown }
    }

    fn of_group(subject: &str, what: &str, shown: Shown) -> Self {
        Self { node: None, subject: subject.to_owned(), what: what.to_owned(), shown }
    }

    fn key(&self) -> (Option<&str>, &str, &str) {
        (self.node.as_ref().map(|it| it.id.as_str()), &self.subject, &self.what)
    }
}

impl LineChange {
    /// Whether it speaks of all together.
    pub fn is_of_all(&self) -> bool {
        self.node.is_none() && self.subject == WHOLE
    }
}

/// Returns what differs in a finding between two states; nothing for one that is compared in its own way.
///
/// The cost of the finding, twice.
///
/// # Errors
/// If it was interrupted.
pub(crate) fn lines_changed(
    finding: Finding,
    before: Side<'_>,
    after: Side<'_>,
    counted: &mut [Counted; 2],
    run: &mut Run<'_>,
) -> Result<Vec<LineChange>, Interrupted> {
    if finding == Finding::Communities {
        return circles(before, after, run);
    }
    let [one, other] = counted;
    let mut of = |side: Side<'_>, counted: &mut Counted| {
        // What each number rests on is asked of the finding itself.
        let question = Question { why: false, ..side.question.clone() };
        Ok(match finding {
            Finding::Brokers => broker_lines(side.snapshot, &question, counted, run)?,
            Finding::Matrix => matrix_lines(side.snapshot, &question),
            Finding::Introduce => introduction_lines(side.snapshot, &question),
            Finding::Canvas => canvas_lines(side.snapshot, &question),
            Finding::Flows => flow_lines(side.snapshot, &question),
            Finding::Facts => fact_lines(side.snapshot, &question),
            Finding::Holes => hole_lines(side.snapshot, &question, run)?,
            Finding::Bridges => bridge_lines(side.snapshot, &question),
            Finding::Thin => thin_lines(side.snapshot, &question),
            _ => Vec::new(),
        })
    };
    let mut changes = differing(of(before, one)?, of(after, other)?);
    if finding == Finding::Matrix {
        // Kinds without a link between them have none, which is a number.
        for it in changes.iter_mut().filter(|it| it.what == LINKS) {
            let none = || Some(Shown::Number(0.0));
            (it.before, it.after) = (it.before.take().or_else(none), it.after.take().or_else(none));
        }
    }
    Ok(changes)
}

/// What is said on one side only, or otherwise, in the order of the lines before.
fn differing(before: Vec<Line>, after: Vec<Line>) -> Vec<LineChange> {
    let other: BTreeMap<_, &Shown> = after.iter().map(|it| (it.key(), &it.shown)).collect();
    let known: BTreeSet<_> = before.iter().map(Line::key).collect();
    let went = before.iter().map(|it| (it, Some(&it.shown), other.get(&it.key()).copied()));
    let came = after.iter().filter(|it| !known.contains(&it.key()));
    let came = came.map(|it| (it, None, Some(&it.shown)));
    let differs = |it: &(&Line, Option<&Shown>, Option<&Shown>)| match (it.1, it.2) {
        (Some(Shown::Number(a)), Some(Shown::Number(b))) => level(*a) != level(*b),
        (a, b) => a != b,
    };
    let change = |(line, before, after): (&Line, Option<&Shown>, Option<&Shown>)| LineChange {
        node: line.node.clone(),
        subject: line.subject.clone(),
        what: line.what.clone(),
        before: before.cloned(),
        after: after.cloned(),
    };
    went.chain(came).filter(differs).map(change).collect()
}

/// Rank, share of the shortest ways, constraint and effective size of all who stand on a way.
fn broker_lines(
    snapshot: &Snapshot,
    question: &Question,
    counted: &mut Counted,
    run: &mut Run<'_>,
) -> Result<Vec<Line>, Interrupted> {
    let ground = Ground::conduit(snapshot, question);
    let view = &ground.view;
    let values = Meaning::Bridging.figures(view, counted, run)?;
    let holes = structural_holes_in(view, run)?;
    let pairs = (view.n().saturating_sub(1) * view.n().saturating_sub(2)) as f64 / 2.0;
    let mut ranked: Vec<_> = ranking(&ground, &values).into_values().collect();
    ranked.retain(|it| it.1 > 0.0);
    ranked.sort_by(|a, b| (a.2, &a.0.id).cmp(&(b.2, &b.0.id)));
    let mut res = Vec::new();
    for (name, value, rank) in ranked {
        let mut say = |what: &str, value: f64| {
            res.push(Line::of(&name, what, Shown::Number(value)));
        };
        say("rank", rank as f64);
        say("of shortest ways", value / pairs);
        let index = snapshot.find_node(&name.id).and_then(|it| view.index_of(it));
        let index = index.filter(|&it| view.degree(it) >= CONTACTS_ENOUGH);
        if let Some(index) = index {
            say("constraint", holes.constraint[index as usize]);
            say("effective size", holes.effective_size[index as usize]);
        }
    }
    Ok(res)
}

/// Links within and between kinds.
fn matrix_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = matrix(snapshot, question, Grouping::Kind);
    let whole = [("within one kind", found.share_inside), ("E-I index", found.e_i_index)];
    let whole = whole.into_iter().filter_map(|(what, value)| Some((what, value?)));
    let mut res: Vec<Line> =
        whole.map(|(what, value)| Line::of_group(WHOLE, what, Shown::Number(value))).collect();
    for it in found.pairs.iter().filter(|it| it.n_links > 0) {
        let mut labels = [it.one_label.as_str(), it.other_label.as_str()];
        labels.sort_unstable();
        let subject = match it.one == it.other {
            true => format!("{} among itself", it.one_label),
            false => labels.join(" and "),
        };
        res.push(Line::of_group(&subject, LINKS, Shown::Number(it.n_links as f64)));
    }
    res
}

/// Whom each start-up should meet.
fn introduction_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let ground = Ground::conduit(snapshot, question);
    let start_ups = ground.indices().filter(|&it| is_start_up(ground.node(it)));
    let start_ups: Vec<_> = start_ups.map(|it| ground.view.node(it)).collect();
    let options = IntroduceOptions::default();
    let found = introduce_each(snapshot, question, &start_ups, &options);
    let names = |cards: &[Card]| Shown::Names(cards.iter().map(|it| it.to.clone()).collect());
    let lines = found.into_iter().flatten().flat_map(|it| {
        [("ready now", &it.ready_now), ("most useful", &it.most_useful)]
            .map(|(what, cards)| Line::of(&it.node, what, names(cards)))
    });
    lines.collect()
}

/// Who and what stands for each component, and what is thin.
fn canvas_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = canvas(snapshot, question).components.into_iter();
    let lines = found.flat_map(|it| {
        let of = |what: &str, shown: Shown| Line::of(&it.node, what, shown);
        [
            of("named", Shown::Names(it.named.clone())),
            of("of its kinds", Shown::Number(it.by_kind.len() as f64)),
            of("ties", Shown::Number(it.n_ties as f64)),
            of("what is thin", Shown::Text(it.thin.join("; "))),
        ]
    });
    lines.collect()
}

/// What is counted, who gives, who gets, and how concentrated it is.
fn flow_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = flows(snapshot, question);
    let mut res = Vec::new();
    if !found.totals.is_empty() {
        res.push(Line::of_group(WHOLE, "counted once each", Shown::Money(found.totals.clone())));
    }
    for it in flow_totals(snapshot, question, &found).concentration {
        let what = format!("HHI of {} in {}", it.of, it.currency);
        res.push(Line::of_group(WHOLE, &what, Shown::Number(it.hhi)));
    }
    for (what, rows) in [("gives", &found.by_funder), ("gets", &found.by_recipient)] {
        let known = rows.iter().filter(|it| !it.totals.is_empty());
        res.extend(known.map(|it| Line::of(&it.node, what, Shown::Money(it.totals.clone()))));
    }
    res
}

/// The figures that sources print.
fn fact_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = facts(snapshot, question, &FactsOptions::default());
    let what = |it: &FactRow| {
        let parts = [Some(&it.measure), it.category.as_ref(), it.period.as_ref()];
        parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    };
    let mut n_of: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for it in &found.rows {
        *n_of.entry((&it.subject.id, what(it))).or_default() += 1;
    }
    let line = |it: &FactRow| {
        let mut what = what(it);
        // Two sources may print one figure.
        if n_of[&(it.subject.id.as_str(), what.clone())] > 1 {
            what.push_str(&format!(" ({})", it.id));
        }
        let value = it.value.map_or("not known".to_owned(), words::number);
        Line::of(&it.subject, &what, Shown::Text(format!("{value} {}", it.unit)))
    };
    found.rows.iter().map(line).collect()
}

/// Groups that touch less than chance would have it, and circles that hardly do.
fn hole_lines(
    snapshot: &Snapshot,
    question: &Question,
    run: &mut Run<'_>,
) -> Result<Vec<Line>, Interrupted> {
    let found = holes(snapshot, question, false, run)?;
    let n_circles = Shown::Number(found.communities.len() as f64);
    let mut res =
        vec![Line::of_group(WHOLE, "pairs of circles joined by one link or none", n_circles)];
    for it in found.pairs.iter().filter(|it| it.is_hole) {
        let subject = format!("{} and {}", it.a.name, it.b.name);
        let links = Shown::Number(it.n_links as f64);
        res.push(Line::of_group(
            &subject,
            &format!("links across a hole by {}", it.group_by),
            links,
        ));
    }
    Ok(res)
}

/// What each of the best ties that are not there would add to mean access.
fn bridge_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = gaps(snapshot, question, &[]).missing_bridge;
    let line = |it: &MissingBridge| {
        let subject = format!("{} and {}", it.a.name, it.b.name);
        Line::of_group(&subject, "would add to mean access", Shown::Number(it.value))
    };
    found.rows.iter().map(line).collect()
}

/// How much rests on one statement, and how much has no date.
fn thin_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let thin = gaps(snapshot, question, &[]).thin_data;
    let counts = [
        ("bodies resting on one statement", thin.nodes_with_one_claim.n),
        ("ties resting on one statement", thin.ties_with_one_claim.n),
        ("bodies without a date", thin.undated_nodes.n),
        ("ties without a date", thin.undated_ties.n),
    ];
    counts.map(|(what, n)| Line::of_group(WHOLE, what, Shown::Number(n as f64))).into()
}

/// Communities of two states: how many, how good, and who is in another one than before.
///
/// A community goes on as the one with which it shares most, each as one only; so a name that changes
/// because a member left moves nobody.
fn circles(
    before: Side<'_>,
    after: Side<'_>,
    run: &mut Run<'_>,
) -> Result<Vec<LineChange>, Interrupted> {
    let options = CommunitiesOptions { n_runs: 0, ..CommunitiesOptions::default() };
    let mut of = |side: Side<'_>| {
        let question = Question { why: false, ..side.question.clone() };
        communities(side.snapshot, &question, &options, run)
    };
    let (one, other) = (of(before)?, of(after)?);
    let figures = |it: &Partition| {
        let n = Some(it.communities.len() as f64);
        let figures = [("communities", n), ("modularity", it.modularity)];
        let known = figures.into_iter().filter_map(|(what, value)| Some((what, value?)));
        let line = |(what, value)| Line::of_group(WHOLE, what, Shown::Number(value));
        known.map(line).collect::<Vec<_>>()
    };
    let mut res = differing(figures(&one), figures(&other));
    let place = |it: &Partition| {
        let of_group = it.communities.iter().enumerate().flat_map(|(at, group)| {
            group.members.iter().map(move |it| (it.node.clone(), Some(at)))
        });
        let apart = it.alone.iter().chain(&it.by_themselves).map(|it| (it.clone(), None));
        of_group.chain(apart).collect::<BTreeMap<NodeName, Option<usize>>>()
    };
    let (was, is) = (place(&one), place(&other));
    let goes_on = goes_on(&was, &is);
    let name = |of: &Partition, at: Option<usize>| {
        Shown::Text(at.map_or("no circle", |it| &of.communities[it].name).to_owned())
    };
    for (node, &at) in was.iter() {
        let Some(&now) = is.get(node) else { continue };
        if at.and_then(|it| goes_on.get(&it).copied()) != now || at.is_none() != now.is_none() {
            res.push(LineChange {
                node: Some(node.clone()),
                subject: node.name.clone(),
                what: "circle".to_owned(),
                before: Some(name(&one, at)),
                after: Some(name(&other, now)),
            });
        }
    }
    Ok(res)
}

/// As which community each goes on: those that share most are joined first, each once.
fn goes_on(
    was: &BTreeMap<NodeName, Option<usize>>,
    is: &BTreeMap<NodeName, Option<usize>>,
) -> BTreeMap<usize, usize> {
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (node, at) in was {
        if let (Some(at), Some(Some(now))) = (at, is.get(node)) {
            *shared.entry((*at, *now)).or_default() += 1;
        }
    }
    let mut pairs: Vec<_> = shared.into_iter().collect();
    pairs.sort_by_key(|&(pair, n)| (std::cmp::Reverse(n), pair));
    let mut res = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for ((at, now), _) in pairs {
        if !res.contains_key(&at) && taken.insert(now) {
            res.insert(at, now);
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::compare;
    use crate::ecosystem::what_if::{Supposition, suppose};
    use weft_graph::fixture;

    /// What a finding says otherwise when a body leaves, as `of, what: before to after`.
    #[track_caller]
    fn check(graph: &str, leaves: &str, finding: Finding, sentence: &str, expected: &[&str]) {
        let snapshot = fixture(graph);
        let leaves = Supposition::Without(snapshot.find_node(leaves).unwrap());
        let other = suppose(&snapshot, &[leaves]).unwrap();
        let question = Question { as_of: "2024-03".parse().ok(), ..Question::default() };
        let [before, after] =
            [&snapshot, &other].map(|snapshot| Side { snapshot, question: &question });
        let run = &mut Run::default();
        let found = compare(before, after, &[finding], run).unwrap();
        let changes = &found.lines[0].changes;
        let words = |it: &Option<Shown>| it.as_ref().map_or("-".to_owned(), Shown::words);
        let line = |it: &LineChange| {
            let (was, is) = (words(&it.before), words(&it.after));
            format!("{}, {}: {was} to {is}", it.subject, it.what)
        };
        assert_eq!(changes.iter().map(line).collect::<Vec<_>>(), expected);
        assert_eq!(found.sentences.last().unwrap(), sentence);
        // Beside itself nothing differs.
        let same = compare(before, before, &Finding::ALL, run).unwrap();
        assert!(same.lines.iter().all(|it| it.changes.is_empty()), "{same:?}");
    }

    const MONEY: &str = "f:funder -funds[300]-> a:company; g:funder -funds[100]-> a; \
        g -funds[50]-> b:company; f -partners_with-> g";

    #[test]
    fn who_gives_and_who_gets_is_told_with_the_whole() {
        check(
            MONEY,
            "f",
            Finding::Flows,
            "flows: counted once each £150 instead of £450; HHI of funders in GBP 1 instead of 0.556; \
             HHI of recipients in GBP 0.556 instead of 0.802; 2 bodies differ",
            &[
                "all together, counted once each: £450 to £150",
                "all together, HHI of funders in GBP: 0.556 to 1",
                "all together, HHI of recipients in GBP: 0.802 to 0.556",
                "f, gives: £300 to -",
                "a, gets: £400 to £100",
            ],
        );
    }

    #[test]
    fn links_between_kinds_that_end_are_none() {
        check(
            MONEY,
            "g",
            Finding::Matrix,
            "matrix: within one kind 0 instead of 0.25; E-I index 1 instead of 0.5; the links of 2 pairs \
             of kinds differ",
            &[
                "all together, within one kind: 0.25 to 0",
                "all together, E-I index: 0.5 to 1",
                "funder among itself, links: 1 to 0",
                "company and funder, links: 3 to 1",
            ],
        );
    }

    #[test]
    fn a_star_that_loses_its_middle_has_no_broker() {
        check(
            "h:council -hosts-> a:company; h -hosts-> b:company; h -hosts-> c:company",
            "h",
            Finding::Brokers,
            "brokers: 1 body differs",
            &[
                "h, rank: 1 to -",
                "h, of shortest ways: 1 to -",
                "h, constraint: 0.333 to -",
                "h, effective size: 3 to -",
            ],
        );
    }

    #[test]
    fn a_circle_that_only_changes_its_name_moves_nobody() {
        let circles = "a:council -hosts-> b:company; b -partners_with-> c:company; c -partners_with-> a; \
             d:council -hosts-> e:company; e -partners_with-> f:company; f -partners_with-> d; \
             c -partners_with-> d; a -hosts-> x:company; b -partners_with-> x; c -partners_with-> x";
        let graph = format!("{circles}; y:company -partners_with-> e");
        check(
            &graph,
            "e",
            Finding::Communities,
            "communities: modularity 0.18 instead of 0.393; 1 body is in another circle",
            &["all together, modularity: 0.393 to 0.18", "y, circle: e and d to no circle"],
        );
    }

    #[test]
    fn what_a_leaver_changes_in_the_lists_of_gaps_is_told() {
        let graph = "s:company{idea} -partners_with-> a:council; a -hosts-> b:facility; \
            b -hosts-> p:facility; p -meets_need-> t:need; q:facility -meets_need-> t; a -funds[2020..]-> q";
        check(
            graph,
            "q",
            Finding::Bridges,
            "bridges: 1 tie differs",
            &["a and p, would add to mean access: - to 0.25"],
        );
        check(
            graph,
            "q",
            Finding::Thin,
            "thin: bodies resting on one statement 4 instead of 5; ties resting on one statement 3 instead \
             of 4; bodies without a date 4 instead of 5",
            &[
                "all together, bodies resting on one statement: 5 to 4",
                "all together, ties resting on one statement: 4 to 3",
                "all together, bodies without a date: 5 to 4",
            ],
        );
    }

    #[test]
    fn a_hole_between_groups_that_widens_is_told_with_its_links() {
        let bodies =
            |kind: &str| (0..6).map(move |it| format!("{kind}{it}:{kind}")).collect::<Vec<_>>();
        let within = |kind: &str| {
            let all = bodies(kind);
            let pairs = (0..6).flat_map(|a| (0..a).map(move |b| (a, b)));
            pairs
                .map(|(a, b)| format!("{} -partners_with-> {}", all[a], all[b]))
                .collect::<Vec<_>>()
        };
        let mut ties = [within("council"), within("charity")].concat();
        ties.extend((0..6).map(|it| format!("x:council -partners_with-> charity{it}")));
        ties.push("x -partners_with-> council0".to_owned());
        check(
            &ties.join("; "),
            "x",
            Finding::Holes,
            "holes: 1 pair of groups differs",
            &["charities and councils, links across a hole by kind: 6 to 0"],
        );
    }

    #[test]
    fn whom_to_meet_and_who_stands_for_a_component_are_names() {
        let graph = "s:company{idea} -partners_with-> h:council; h -partners_with-> p:facility; \
            h -partners_with-> q:facility; p -meets_need-> t:need; q -meets_need-> t; \
            p -exemplifies-> capital:component";
        check(
            graph,
            "p",
            Finding::Introduce,
            "introduce: 1 start-up has others to meet",
            &["s, ready now: p; q to q", "s, most useful: p; q to q"],
        );
        check(
            graph,
            "p",
            Finding::Canvas,
            "canvas: 1 component differs",
            &[
                "capital, named: p to nobody",
                "capital, what is thin: one body alone is named; nothing of its kinds is in the data; no \
                 tie of its relations is in the data to no source names who stands for it; nothing of its \
                 kinds is in the data; no tie of its relations is in the data",
            ],
        );
    }
}
