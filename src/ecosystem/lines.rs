//! Findings line by line: what each says of whom, so that any of them can stand before and after.
//!
//! A line is one figure, sum or list of names about one body, group or the whole. Two states are set
//! beside each other line by line, and what is the same is left out. Computes nothing by itself: the
//! findings do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{Interrupted, Run, structural_holes_in};
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::access::Searches;
use crate::ecosystem::bridges::MissingBridge;
use crate::ecosystem::canvas::canvas;
use crate::ecosystem::communities::{CommunitiesOptions, Partition, communities};
use crate::ecosystem::compare::{Finding, Side, ranking};
use crate::ecosystem::counted::Counted;
use crate::ecosystem::evidence::{LinkEvidence, NodeEvidence, NodeName, node_evidence};
use crate::ecosystem::facts::{FactRow, FactsOptions, facts};
use crate::ecosystem::flow_totals::flow_totals;
use crate::ecosystem::flows::{FlowRow, Money, MoneyItem, flows};
use crate::ecosystem::gaps::gaps;
use crate::ecosystem::holes::holes;
use crate::ecosystem::hubs::{Meaning, level};
use crate::ecosystem::introduce::{Card, IntroduceOptions, introduce_each};
use crate::ecosystem::journey::{JourneyStep, Provider, journey_of_each};
use crate::ecosystem::matrix::{Grouping, matrix};
use crate::ecosystem::moved::{Moved, RestsOn};
use crate::ecosystem::question::{Ground, Question, is_start_up};
use crate::ecosystem::words;

/// Below so many contacts constraint and effective size say nothing.
const CONTACTS_ENOUGH: usize = 3;
/// Names that words hold; the rest is counted.
const NAMES_TOLD: usize = 4;
/// Decimals that words give a figure, where fewer would not do.
const DECIMALS: usize = 3;
/// More decimals than it takes to tell two figures apart that differ.
const DETAIL: usize = 12;
/// What is said of two kinds.
const LINKS: &str = "links";
/// What is said of a broker by its links and those of its contacts.
const CONSTRAINT: &str = "constraint";
const EFFECTIVE_SIZE: &str = "effective size";
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
    /// What moved it, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Moved>,
}

/// What a line says.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
pub enum Shown {
    /// A whole number: a rank, a count.
    Count(usize),
    /// A figure.
    Number(f64),
    /// Words.
    Text(String),
    /// Bodies.
    Names(Vec<NodeName>),
    /// Sums, by currency.
    Money(Vec<Money>),
    /// Who meets a need and how near they are, the nearest first.
    Providers(Vec<Provider>),
}

impl Shown {
    /// As a cell shows it, with so much more than usual: of decimals, of names, and of what sums hold.
    fn words(&self, more: usize) -> String {
        match self {
            Self::Count(n) => words::grouped(&n.to_string()),
            Self::Number(value) => words::rounded(*value, DECIMALS + more),
            Self::Text(text) => text.clone(),
            Self::Names(nodes) => names(nodes, more),
            Self::Money(sums) => {
                let sums = sums.iter().map(|it| it.words(more > 0));
                sums.collect::<Vec<_>>().join("; ")
            }
            Self::Providers(providers) => {
                let provider = |it: &Provider| {
                    let links = it.distance.map_or("no path".to_owned(), |it| it.to_string());
                    format!("{} ({links})", it.node.name)
                };
                some(providers.iter().map(provider).collect(), more)
            }
        }
    }

    /// How much more it may take to tell it from another.
    fn detail(&self) -> usize {
        match self {
            Self::Names(nodes) => nodes.len() + 1,
            Self::Providers(providers) => providers.len(),
            Self::Count(_) | Self::Number(_) | Self::Text(_) | Self::Money(_) => DETAIL,
        }
    }
}

impl LineChange {
    /// What it says before and after, as cells show it; nothing is a dash.
    pub fn told(&self) -> [String; 2] {
        let sides = [&self.before, &self.after];
        let detail = sides.into_iter().flatten().map(Shown::detail).max().unwrap_or(0);
        words::told_apart(detail, |more| {
            sides.map(|it| it.as_ref().map_or("–".to_owned(), |it| it.words(more)))
        })
    }
}

/// The bodies of two states, as cells show them: so many names as it takes to tell them apart.
pub fn names_apart(before: &[NodeName], after: &[NodeName]) -> [String; 2] {
    let detail = before.len().max(after.len()) + 1;
    words::told_apart(detail, |more| [names(before, more), names(after, more)])
}

/// "Nexus; Propel@YH and 3 more", or nobody; more than all names are told with their ids.
fn names(nodes: &[NodeName], more: usize) -> String {
    let has_ids = more > 0 && NAMES_TOLD + more > nodes.len();
    let name = |it: &NodeName| match has_ids {
        true => format!("{} ({})", it.name, it.id),
        false => it.name.clone(),
    };
    some(nodes.iter().map(name).collect(), more)
}

/// The first of them, and how many more there are.
fn some(texts: Vec<String>, more: usize) -> String {
    let (told, rest) = texts.split_at(texts.len().min(NAMES_TOLD + more));
    match (told.is_empty(), rest.len()) {
        (true, _) => "nobody".to_owned(),
        (false, 0) => told.join("; "),
        (false, n) => format!("{} and {} more", told.join("; "), words::digits(n)),
    }
}

struct Line {
    node: Option<NodeName>,
    subject: String,
    what: String,
    shown: Shown,
    /// What it rests on; none where that is the whole network, or was not asked for.
    rests_on: Option<RestsOn>,
}

impl Line {
    fn of(node: &NodeName, what: &str, shown: Shown) -> Self {
        let (node, subject) = (Some(node.clone()), node.name.clone());
        Self { node, subject, what: what.to_owned(), shown, rests_on: None }
    }

    fn of_group(subject: &str, what: &str, shown: Shown) -> Self {
        let (subject, what) = (subject.to_owned(), what.to_owned());
        Self { node: None, subject, what, shown, rests_on: None }
    }

    fn resting_on(self, rests_on: Option<RestsOn>) -> Self {
        Self { rests_on, ..self }
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
    let mut of = |Side { snapshot, question }: Side<'_>, counted: &mut Counted| {
        Ok(match finding {
            Finding::Journey => journey_lines(snapshot, question),
            Finding::Brokers => broker_lines(snapshot, question, counted, run)?,
            Finding::Matrix => matrix_lines(snapshot, question, run)?,
            Finding::Introduce => introduction_lines(snapshot, question),
            Finding::Canvas => canvas_lines(snapshot, question),
            Finding::Flows => flow_lines(snapshot, question),
            Finding::Facts => fact_lines(snapshot, question),
            Finding::Holes => hole_lines(snapshot, question, run)?,
            Finding::Bridges => bridge_lines(snapshot, question),
            Finding::Thin => thin_lines(snapshot, question),
            _ => Vec::new(),
        })
    };
    let is_opened = before.question.why && after.question.why;
    let mut changes = differing(of(before, one)?, of(after, other)?, is_opened);
    if finding == Finding::Brokers && is_opened {
        open_brokers(&mut changes, before, after);
    }
    if finding == Finding::Matrix {
        // Kinds without a link between them have none, which is a number.
        for it in changes.iter_mut().filter(|it| it.what == LINKS) {
            let none = || Some(Shown::Count(0));
            (it.before, it.after) = (it.before.take().or_else(none), it.after.take().or_else(none));
        }
    }
    Ok(changes)
}

/// What is said on one side only, or otherwise, in the order of the lines before.
fn differing(before: Vec<Line>, after: Vec<Line>, is_opened: bool) -> Vec<LineChange> {
    let other: BTreeMap<_, &Line> = after.iter().map(|it| (it.key(), it)).collect();
    let known: BTreeSet<_> = before.iter().map(Line::key).collect();
    let went = before.iter().map(|it| (it, Some(it), other.get(&it.key()).copied()));
    let came = after.iter().filter(|it| !known.contains(&it.key()));
    let came = came.map(|it| (it, None, Some(it)));
    let shown = |it: Option<&Line>| it.map(|it| it.shown.clone());
    let differs = |it: &(&Line, Option<&Line>, Option<&Line>)| match (shown(it.1), shown(it.2)) {
        (Some(Shown::Number(a)), Some(Shown::Number(b))) => level(a) != level(b),
        (a, b) => a != b,
    };
    let change = |(line, before, after): (&Line, Option<&Line>, Option<&Line>)| LineChange {
        node: line.node.clone(),
        subject: line.subject.clone(),
        what: line.what.clone(),
        before: shown(before),
        after: shown(after),
        why: is_opened.then(|| moved(before, after)),
    };
    went.chain(came).filter(differs).map(change).collect()
}

/// What moved a line; one that is only on one side rests on nothing on the other.
fn moved(before: Option<&Line>, after: Option<&Line>) -> Moved {
    let own = |it: Option<&Line>| it.and_then(|it| it.rests_on.clone());
    match (own(before), own(after)) {
        (None, None) => Moved::with_network(),
        (one, other) => Moved::between(&one.unwrap_or_default(), &other.unwrap_or_default()),
    }
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
        res.push(Line::of(&name, "rank", Shown::Count(rank)));
        let mut say = |what: &str, value: f64| {
            res.push(Line::of(&name, what, Shown::Number(value)));
        };
        say("of shortest ways", value / pairs);
        let index = snapshot.find_node(&name.id).and_then(|it| view.index_of(it));
        let index = index.filter(|&it| view.degree(it) >= CONTACTS_ENOUGH);
        if let Some(index) = index {
            say(CONSTRAINT, holes.constraint[index as usize]);
            say(EFFECTIVE_SIZE, holes.effective_size[index as usize]);
        }
    }
    Ok(res)
}

/// Opens constraint and effective size, which rest on the links of a body and of its contacts.
fn open_brokers(changes: &mut [LineChange], before: Side<'_>, after: Side<'_>) {
    let grounds = [before, after].map(|it| Ground::conduit(it.snapshot, it.question));
    let around = |ground: &Ground<'_>, id: &str| {
        let index = ground.snapshot.find_node(id).and_then(|it| ground.view.index_of(it));
        let mut res = RestsOn::default();
        if let Some(index) = index {
            let contacts = ground.view.neighbours(index).iter().copied();
            let all = std::iter::once(index).chain(contacts);
            all.for_each(|it| res.add(RestsOn::links_of(ground, it)));
        }
        res
    };
    for it in changes.iter_mut().filter(|it| it.what == CONSTRAINT || it.what == EFFECTIVE_SIZE) {
        let Some(node) = &it.node else { continue };
        let [one, other] = [&grounds[0], &grounds[1]].map(|ground| around(ground, &node.id));
        it.why = Some(Moved::between(&one, &other));
    }
}

/// Who meets each need of each start-up, and how near they are.
fn journey_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = journey_of_each(snapshot, question, &start_ups(snapshot, question));
    let ground = Ground::conduit(snapshot, question);
    let searches = question.why.then(|| Searches::new(&ground));
    let needs = searches.iter().flat_map(|it| &it.needs);
    let met_by: BTreeMap<NodeName, RestsOn> =
        needs.map(|it| (it.name(&ground), RestsOn::met_by(&ground, it))).collect();
    let line = |node: &NodeName, it: &JourneyStep| {
        let rests_on = met_by.get(&it.need.need).map(|met_by| {
            let mut res = met_by.clone();
            it.need.path.iter().for_each(|it| res.add(RestsOn::links(&it.links)));
            res
        });
        let shown = Shown::Providers(it.providers.clone());
        Line::of(node, &it.need.need.name, shown).resting_on(rests_on)
    };
    let found = found.into_iter().flatten();
    found
        .flat_map(|it| it.steps.iter().map(|step| line(&it.node, step)).collect::<Vec<_>>())
        .collect()
}

fn start_ups(snapshot: &Snapshot, question: &Question) -> Vec<NodeIdx> {
    let ground = Ground::conduit(snapshot, question);
    let start_ups = ground.indices().filter(|&it| is_start_up(ground.node(it)));
    start_ups.map(|it| ground.view.node(it)).collect()
}

/// Links within and between kinds.
fn matrix_lines(
    snapshot: &Snapshot,
    question: &Question,
    run: &mut Run<'_>,
) -> Result<Vec<Line>, Interrupted> {
    let found = matrix(snapshot, question, Grouping::Kind, run)?;
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
        let links = Shown::Count(it.n_links);
        let rests_on = it.why.as_ref().map(RestsOn::links);
        res.push(Line::of_group(&subject, LINKS, links).resting_on(rests_on));
    }
    Ok(res)
}

/// Whom each start-up should meet: by its own links, the ways there and what is met there.
fn introduction_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let ground = Ground::conduit(snapshot, question);
    let options = IntroduceOptions::default();
    let found = introduce_each(snapshot, question, &start_ups(snapshot, question), &options);
    let names = |cards: &[Card]| Shown::Names(cards.iter().map(|it| it.to.clone()).collect());
    let rests_on = |node: &NodeName, cards: &[Card]| {
        let index = snapshot.find_node(&node.id).and_then(|it| ground.view.index_of(it));
        let mut res = index.map(|it| RestsOn::links_of(&ground, it)).unwrap_or_default();
        for card in cards {
            let needs = card.needs.iter();
            needs.clone().for_each(|it| res.add(RestsOn::ties(&it.met_by)));
            let paths = card.path.iter().chain(needs.filter_map(|it| it.path.as_ref()));
            paths.for_each(|it| res.add(RestsOn::links(&it.links)));
        }
        res
    };
    let lines = found.into_iter().flatten().flat_map(|it| {
        [("ready now", &it.ready_now), ("most useful", &it.most_useful)].map(|(what, cards)| {
            let rests_on = question.why.then(|| rests_on(&it.node, cards));
            Line::of(&it.node, what, names(cards)).resting_on(rests_on)
        })
    });
    lines.collect()
}

/// Who and what stands for each component, and what is thin.
fn canvas_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = canvas(snapshot, question).components.into_iter();
    let lines = found.flat_map(|it| {
        let [named, nodes, ties] = it.why.as_ref().map_or([const { None }; 3], |it| {
            let nodes = RestsOn { nodes: it.nodes.clone(), ..RestsOn::default() };
            [RestsOn::ties(&it.named), nodes, RestsOn::ties(&it.ties)].map(Some)
        });
        let all = [&named, &nodes, &ties].into_iter().flatten().cloned().reduce(RestsOn::and);
        let of = |what: &str, shown: Shown, rests_on: Option<RestsOn>| {
            Line::of(&it.node, what, shown).resting_on(rests_on)
        };
        [
            of("named", Shown::Names(it.named.clone()), named),
            of("of its kinds", Shown::Count(it.by_kind.len()), nodes),
            of("ties", Shown::Count(it.n_ties), ties),
            of("what is thin", Shown::Text(it.thin.join("; ")), all),
        ]
    });
    lines.collect()
}

/// What is counted, who gives, who gets, and how concentrated it is.
fn flow_lines(snapshot: &Snapshot, question: &Question) -> Vec<Line> {
    let found = flows(snapshot, question);
    let mut res = Vec::new();
    let counted = || found.counted.iter();
    if !found.totals.is_empty() {
        let line = Line::of_group(WHOLE, "counted once each", Shown::Money(found.totals.clone()));
        res.push(line.resting_on(question.why.then(|| RestsOn::items(counted()))));
    }
    for it in flow_totals(snapshot, question, &found).concentration {
        let what = format!("HHI of {} in {}", it.of, it.currency);
        let line = Line::of_group(WHOLE, &what, Shown::Number(it.hhi));
        let is_in = |item: &&MoneyItem| {
            // Money of which no one funder is known is in no funder's share.
            item.amount.currency == it.currency && (it.of != "funders" || item.from.is_some())
        };
        let rests_on = question.why.then(|| RestsOn::items(counted().filter(is_in)));
        res.push(line.resting_on(rests_on));
    }
    for (what, rows) in [("gives", &found.by_funder), ("gets", &found.by_recipient)] {
        let line = |it: &FlowRow| {
            let rests_on = it.why.as_ref().map(RestsOn::items);
            Line::of(&it.node, what, Shown::Money(it.totals.clone())).resting_on(rests_on)
        };
        res.extend(rows.iter().filter(|it| !it.totals.is_empty()).map(line));
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
        let figures = || RestsOn { figures: vec![it.clone()], ..RestsOn::default() };
        Line::of(&it.subject, &what, Shown::Text(format!("{value} {}", it.unit)))
            .resting_on(question.why.then(figures))
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
    let n_circles = Shown::Count(found.communities.len());
    let mut res =
        vec![Line::of_group(WHOLE, "pairs of circles joined by one link or none", n_circles)];
    for it in found.pairs.iter().filter(|it| it.is_hole) {
        let subject = format!("{} and {}", it.a.name, it.b.name);
        let links = Shown::Count(it.n_links);
        let what = format!("links across a hole by {}", it.group_by);
        let rests_on = it.why.as_ref().map(RestsOn::links);
        res.push(Line::of_group(&subject, &what, links).resting_on(rests_on));
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
    let line = |what: &str, n: usize, rests_on: RestsOn| {
        let n_listed = rests_on.n_records();
        let line = Line::of_group(WHOLE, what, Shown::Count(n));
        // Of a list that is cut nobody could say what is on one side only.
        line.resting_on((question.why && n_listed == n).then_some(rests_on))
    };
    let nodes = |nodes: Vec<NodeEvidence>| RestsOn { nodes, ..RestsOn::default() };
    let undated = thin.undated_nodes.records.iter().filter_map(|it| snapshot.find_node(&it.id));
    let undated = undated.map(|it| node_evidence(snapshot.node(it)));
    let one = thin.nodes_with_one_claim;
    vec![
        line("bodies resting on one statement", one.n, nodes(one.records)),
        line(
            "ties resting on one statement",
            thin.ties_with_one_claim.n,
            RestsOn::ties(&thin.ties_with_one_claim.records),
        ),
        line("bodies without a date", thin.undated_nodes.n, nodes(undated.collect())),
        line("ties without a date", thin.undated_ties.n, RestsOn::ties(&thin.undated_ties.records)),
    ]
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
    let mut of = |side: Side<'_>| communities(side.snapshot, side.question, &options, run);
    let (one, other) = (of(before)?, of(after)?);
    let figures = |it: &Partition| {
        let n = Shown::Count(it.communities.len());
        let figures = [("communities", Some(n)), ("modularity", it.modularity.map(Shown::Number))];
        let line = |(what, shown): (&str, Option<Shown>)| Some(Line::of_group(WHOLE, what, shown?));
        figures.into_iter().filter_map(line).collect::<Vec<_>>()
    };
    let is_opened = before.question.why && after.question.why;
    let mut res = differing(figures(&one), figures(&other), is_opened);
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
                why: is_opened.then(|| {
                    Moved::between(&links_within(&one, at, node), &links_within(&other, now, node))
                }),
            });
        }
    }
    Ok(res)
}

/// The links of a body to others of its community.
fn links_within(of: &Partition, at: Option<usize>, node: &NodeName) -> RestsOn {
    let Some(circle) = at.map(|it| &of.communities[it]) else { return RestsOn::default() };
    let members: BTreeSet<&NodeName> = circle.members.iter().map(|it| &it.node).collect();
    let is_own = |it: &&LinkEvidence| {
        (it.from == *node && members.contains(&it.to))
            || (it.to == *node && members.contains(&it.from))
    };
    RestsOn::links(circle.why.iter().flatten().filter(is_own))
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
    use crate::ecosystem::compare::FindingChange;
    use crate::ecosystem::evidence::TieEvidence;
    use crate::ecosystem::naive::{Dice, random_graph};
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
        let line = |it: &LineChange| {
            let [was, is] = it.told();
            format!("{}, {}: {was} to {is}", it.subject, it.what)
        };
        assert_eq!(changes.iter().map(line).collect::<Vec<_>>(), expected);
        assert_eq!(found.sentences.last().unwrap(), sentence);
        // Beside itself nothing differs.
        let same = compare(before, before, &Finding::ALL, run).unwrap();
        assert!(same.lines.iter().all(|it| it.changes.is_empty()), "{same:?}");
    }

    #[test]
    fn start_ups_have_a_line_a_need_with_who_meets_it_and_how_near() {
        let graph = "s:company{idea} -partners_with-> h:council; h -partners_with-> p:facility; \
            h -partners_with-> q:facility; p -meets_need-> t:need; q -meets_need-> t; \
            q -meets_need-> u:need; r:company{start_up} -partners_with-> q";
        check(
            graph,
            "q",
            Finding::Journey,
            "journey: 2 start-ups have others to meet a need, or nearer or farther ones",
            &[
                "s, t: p (2); q (2) to p (2)",
                "s, u: q (2) to nobody",
                "r, t: q (1); p (3) to p (no path)",
                "r, u: q (1) to nobody",
            ],
        );
    }

    #[test]
    fn what_differs_looks_different() {
        let name =
            |id: &str| NodeName { id: id.into(), name: "same".into(), kind: "council".into() };
        let named = |id: &str| NodeName { name: id.into(), ..name(id) };
        let many = |last: &str| ["a", "b", "c", "d", "e", last].map(named).to_vec();
        assert_eq!(names_apart(&many("f"), &many("g")), ["a; b; c; d; e; f", "a; b; c; d; e; g"]);
        assert_eq!(names_apart(&many("f"), &many("f"))[0], "a; b; c; d and 2 more");
        assert_eq!(names_apart(&[name("x")], &[name("y")]), ["same (x)", "same (y)"]);
        let line = |before, after| LineChange {
            node: None,
            subject: String::new(),
            what: String::new(),
            before: Some(before),
            after: Some(after),
            why: None,
        };
        let numbers = line(Shown::Number(0.66661), Shown::Number(0.66662));
        assert_eq!(numbers.told(), ["0.66661", "0.66662"]);
        let rank = line(Shown::Count(4), Shown::Count(1_006));
        assert_eq!(rank.told(), ["4", "1,006"]);
        let json = serde_json::to_string(&rank.before).unwrap();
        assert_eq!(json, "4", "a rank is a whole number");
        let sum = |n_amounts| {
            let found = flows(&fixture("f:funder -funds[300]-> a:company"), &Question::default());
            Shown::Money(vec![Money { n_amounts, ..found.totals[0].clone() }])
        };
        assert_eq!(line(sum(1), sum(2)).told(), ["£300 (1 amount)", "£300 (2 amounts)"]);
    }

    /// Every line of these findings that differs when a body leaves.
    fn opened(snapshot: &Snapshot, leaves: NodeIdx, findings: &[Finding]) -> Vec<FindingChange> {
        let other = suppose(snapshot, &[Supposition::Without(leaves)]).unwrap();
        let as_of = "2024-03".parse().ok();
        let question = Question { as_of, why: true, ..Question::default() };
        let [before, after] =
            [snapshot, &other].map(|snapshot| Side { snapshot, question: &question });
        compare(before, after, findings, &mut Run::default()).unwrap().lines
    }

    #[test]
    fn every_line_opens_into_what_is_on_one_side_only() {
        let mut dice = Dice(70);
        let mut n_own = 0;
        for _ in 0..40 {
            let snapshot = random_graph(&mut dice);
            let nodes: Vec<NodeIdx> = snapshot.nodes().collect();
            let leaves = nodes[dice.roll(nodes.len())];
            let gone = snapshot.node(leaves).id().to_owned();
            for it in opened(&snapshot, leaves, &Finding::ALL) {
                for change in it.changes {
                    let why = change.why.clone().expect("it was asked for");
                    let n = why.before.n_records() + why.after.n_records();
                    assert_eq!(why.rests_on_network, n == 0, "{change:?}");
                    n_own += n;
                    let is_of_gone = |it: &NodeName| it.id == gone;
                    let of_gone =
                        |it: &&TieEvidence| is_of_gone(&it.source) || is_of_gone(&it.target);
                    assert_eq!(why.after.ties.iter().find(of_gone), None, "{change:?}");
                }
            }
        }
        assert!(n_own > 100, "{n_own}");
    }

    #[test]
    fn what_moved_a_sum_or_a_count_accounts_for_the_difference() {
        let mut dice = Dice(71);
        let mut n_checked = 0;
        for _ in 0..150 {
            let mut graph = String::from("f0:funder; capital:component; ");
            for at in 0..2 + dice.roll(6) {
                let (funder, to, value) = (dice.roll(3), dice.roll(4), 1 + dice.roll(90));
                let year = ["", ",2019..", ",2021.."][dice.roll(3)];
                graph.push_str(&format!(
                    "f{funder}:funder -funds[{value}{year},#{at}]-> c{to}:company; "
                ));
            }
            let snapshot = fixture(&graph);
            let nodes: Vec<NodeIdx> = snapshot.nodes().collect();
            let leaves = nodes[dice.roll(nodes.len())];
            let findings = [Finding::Flows, Finding::Canvas, Finding::Thin, Finding::Matrix];
            for change in opened(&snapshot, leaves, &findings).into_iter().flat_map(|it| it.changes)
            {
                let why = change.why.expect("it was asked for");
                let moved: Option<fn(&RestsOn) -> f64> = match change.what.as_str() {
                    "gives" | "gets" | "counted once each" => Some(|it| {
                        let amounts = it.ties.iter().filter_map(|it| it.amount.as_ref());
                        amounts.map(|it| it.value).sum()
                    }),
                    "links" => Some(|it| {
                        let ends = it.ties.iter().map(|it| (&it.source, &it.target));
                        ends.collect::<BTreeSet<_>>().len() as f64
                    }),
                    "ties" | "of its kinds" => Some(|it| it.n_records() as f64),
                    what if what.contains("one statement") || what.contains("without a date") => {
                        Some(|it| it.n_records() as f64)
                    }
                    _ => None,
                };
                let Some(moved) = moved else { continue };
                let value = |it: &Option<Shown>| match it {
                    Some(Shown::Number(it)) => *it,
                    Some(Shown::Count(it)) => *it as f64,
                    Some(Shown::Money(it)) => it.iter().map(|it| it.value).sum(),
                    _ => 0.0,
                };
                let (was, is) = (value(&change.before), value(&change.after));
                let what = &change.what;
                assert_eq!(was - moved(&why.before) + moved(&why.after), is, "{what}: {graph}");
                n_checked += 1;
            }
        }
        assert!(n_checked > 200, "{n_checked}");
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
                "f, gives: £300 to –",
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
                "h, rank: 1 to –",
                "h, of shortest ways: 1 to –",
                "h, constraint: 0.333 to –",
                "h, effective size: 3 to –",
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
            &["a and p, would add to mean access: – to 0.25"],
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
