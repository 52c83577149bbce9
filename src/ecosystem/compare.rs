//! Before and after: the findings of two states of an ecosystem side by side, on the same definitions.
//!
//! The states may be two days of one graph, or a graph and the same with something supposed. ACCESS is
//! summed on both sides over the needs that have a provider on either. Lists what came, what went and
//! what moved; what is the same on both sides is left out. Does not know why the two differ.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{Interrupted, Run};
use weft_graph::Snapshot;

use crate::ecosystem::access::{
    Access, AccessRow, Need, NeedDistance, Searches, Status, access_counting, reached,
};
use crate::ecosystem::counted::Counted;
use crate::ecosystem::critical::{CutOff, critical};
use crate::ecosystem::evidence::{LinkEvidence, NodeName, PathEvidence, TieEvidence, tie_evidence};
use crate::ecosystem::hubs::{Meaning, level};
use crate::ecosystem::lines::{LineChange, lines_changed};
use crate::ecosystem::moved::{Moved, RestsOn};
use crate::ecosystem::question::{Basis, Ground, Question, is_start_up};
use crate::ecosystem::stats::stats_counted;
use crate::ecosystem::words;

/// The relations from what there was to what it became.
const BECAME: [&str; 2] = ["succeeded_by", "merged_into"];
/// So many successions are told in a sentence.
const SUCCESSIONS_TOLD: usize = 3;
/// From so many links on a need is out of reach.
const OUT_OF_REACH: u32 = 3;

/// A finding that can be compared.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The network in figures.
    Stats,
    /// Hubs in three meanings.
    Hubs,
    /// Single points of failure.
    Critical,
    /// How near start-ups are to what they need.
    Access,
    /// Needs that nobody or one body meets, or that start-ups do not reach.
    Gaps,
    /// Through whom others reach each other.
    Brokers,
    /// Which bodies work more with each other than with the rest.
    Communities,
    /// Links within and between kinds.
    Matrix,
    /// Whom each start-up should meet.
    Introduce,
    /// Who meets the needs of each start-up, and how near they are.
    Journey,
    /// Who and what stands for each component of the canvas.
    Canvas,
    /// Who funds what.
    Flows,
    /// The figures that sources print.
    Facts,
    /// Of the gaps: groups that hardly touch.
    Holes,
    /// Of the gaps: the ties that would help start-ups most.
    Bridges,
    /// Of the gaps: what rests on little.
    Thin,
}

/// One state: a graph and what is asked of it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The graph.
    pub snapshot: &'a Snapshot,
    /// The day, the floor, the relations and kinds.
    pub question: &'a Question,
}

/// Two states side by side.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What the conduit view was.
    pub before: Basis,
    /// What it is.
    pub after: Basis,
    /// Nodes of all kinds that are in only after, by id.
    pub nodes_came: Vec<NodeName>,
    /// Nodes of all kinds that are in only before.
    pub nodes_went: Vec<NodeName>,
    /// Who goes on as whom, of those that came or went: ties by which a source says so.
    pub successions: Vec<TieEvidence>,
    /// Ties of all relations that are in only after, by id.
    pub ties_came: Vec<TieEvidence>,
    /// Ties of all relations that are in only before.
    pub ties_went: Vec<TieEvidence>,
    /// Figures of the network that differ; none if not asked for.
    pub stats: Option<Vec<FigureChange>>,
    /// Bodies whose place or figure in a ranking differs.
    pub hubs: Option<Vec<HubChange>>,
    /// Bodies without which others are cut off on one side only, or others than on the other side.
    pub critical: Option<Vec<CriticalChange>>,
    /// Start-ups whose access differs.
    pub access: Option<AccessChange>,
    /// Needs that others meet, or that other start-ups reach.
    pub gaps: Option<Vec<NeedChangeOfGap>>,
    /// Line by line what differs in each other finding that was asked for.
    pub lines: Vec<FindingChange>,
    /// What came to the conduit view and went from it, where a figure that differs rests on all of it.
    pub network: Option<Moved>,
    /// What it comes to, a sentence a finding.
    pub sentences: Vec<String>,
}

/// What differs in a finding.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FindingChange {
    /// Which one.
    pub finding: Finding,
    /// Line by line; nothing where it is the same.
    pub changes: Vec<LineChange>,
}

/// A figure of the network, before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FigureChange {
    /// Its name in data.
    pub figure: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// Before; none where it is not defined.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
    /// What moved it, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Moved>,
}

/// The place of a body in one ranking, before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct HubChange {
    /// `works_with_most`, `connects_groups` or `shortest_way_to_all`.
    pub meaning: &'static str,
    /// The body.
    pub node: NodeName,
    /// Its rank before; none if it was not in.
    pub rank_before: Option<usize>,
    /// Its rank after.
    pub rank_after: Option<usize>,
    /// Its partners, betweenness or harmonic closeness before.
    pub figure_before: Option<f64>,
    /// The same after.
    pub figure_after: Option<f64>,
    /// What moved it, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Moved>,
}

/// Who is cut off without a body, before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CriticalChange {
    /// The body.
    pub node: NodeName,
    /// Who was cut off without it; nobody if it was not in.
    pub cut_off_before: Vec<NodeName>,
    /// Who is.
    pub cut_off_after: Vec<NodeName>,
    /// What moved it, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Moved>,
}

/// Access, before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct AccessChange {
    /// The needs that count on both sides: those that somebody meets on either.
    pub needs: Vec<String>,
    /// CEILING before.
    pub ceiling_before: Option<f64>,
    /// CEILING after.
    pub ceiling_after: Option<f64>,
    /// The mean over the start-ups that are in on both sides.
    pub mean_before: Option<f64>,
    /// The same after.
    pub mean_after: Option<f64>,
    /// Start-ups that are in on both sides.
    pub n_start_ups: usize,
    /// Those that differ.
    pub start_ups: Vec<StartUpChange>,
}

/// The access of one start-up, before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct StartUpChange {
    /// The start-up.
    pub node: NodeName,
    /// ACCESS before; none if it was not in, or no need is left.
    pub access_before: Option<f64>,
    /// ACCESS after.
    pub access_after: Option<f64>,
    /// Its status before.
    pub status_before: Option<Status>,
    /// Its status after.
    pub status_after: Option<Status>,
    /// Needs whose distance differs.
    pub needs: Vec<NeedMove>,
    /// What else makes the difference, in a sentence, where no need has moved and that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_by: Option<String>,
}

/// How far a need is, before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeedMove {
    /// The need.
    pub need: NodeName,
    /// Links to the nearest who meets it before; none without a path.
    pub before: Option<u32>,
    /// The same after.
    pub after: Option<u32>,
    /// The way there before, and the ties by which it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_before: Option<NeedWay>,
    /// The same after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_after: Option<NeedWay>,
}

/// What the distance of a need rests on.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeedWay {
    /// The nearest who meets it.
    pub provider: NodeName,
    /// The way there; of no links where the start-up meets it itself.
    pub path: Option<PathEvidence>,
    /// The ties by which the need is met.
    pub met_by: Vec<TieEvidence>,
}

/// Who meets a need and how many start-ups it is out of reach for, before and after.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeedChangeOfGap {
    /// The need.
    pub need: NodeName,
    /// Who met it.
    pub providers_before: Vec<NodeName>,
    /// Who meets it.
    pub providers_after: Vec<NodeName>,
    /// Start-ups at three links or more before.
    pub n_unreached_before: usize,
    /// The same after.
    pub n_unreached_after: usize,
    /// Of so many start-ups before: those for which it counts at their stage.
    pub n_start_ups_before: usize,
    /// The same after.
    pub n_start_ups_after: usize,
    /// What moved it, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Moved>,
}

impl Finding {
    /// All that can be compared, in the order in which they are shown.
    pub const ALL: [Self; 16] = [
        Self::Stats,
        Self::Hubs,
        Self::Critical,
        Self::Access,
        Self::Gaps,
        Self::Brokers,
        Self::Communities,
        Self::Matrix,
        Self::Introduce,
        Self::Journey,
        Self::Canvas,
        Self::Flows,
        Self::Facts,
        Self::Holes,
        Self::Bridges,
        Self::Thin,
    ];

    /// Those that are compared where none is named.
    pub const USUAL: [Self; 5] =
        [Self::Stats, Self::Hubs, Self::Critical, Self::Access, Self::Gaps];

    /// Its name: that of the verb that makes it, or of the list of `gaps`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stats => "stats",
            Self::Hubs => "hubs",
            Self::Critical => "critical",
            Self::Access => "access",
            Self::Gaps => "gaps",
            Self::Brokers => "brokers",
            Self::Communities => "communities",
            Self::Matrix => "matrix",
            Self::Introduce => "introduce",
            Self::Journey => "journey",
            Self::Canvas => "canvas",
            Self::Flows => "flows",
            Self::Facts => "facts",
            Self::Holes => "holes",
            Self::Bridges => "bridges",
            Self::Thin => "thin",
        }
    }
}

/// Returns what differs between two states, in the findings asked for.
///
/// The cost of the findings, twice: O(n (n + m)) with hubs or stats, else O(needs times (n + m)).
///
/// # Errors
/// If it was interrupted.
pub fn compare(
    before: Side<'_>,
    after: Side<'_>,
    findings: &[Finding],
    run: &mut Run<'_>,
) -> Result<Comparison, Interrupted> {
    let wants = |it| findings.contains(&it);
    let (nodes_came, nodes_went, ties_came, ties_went) = records(before, after);
    let grounds = [before, after].map(|it| Ground::conduit(it.snapshot, it.question));
    let [first, second] = &grounds;
    let mut counted = [Counted::default(), Counted::default()];
    let mut res = Comparison {
        before: first.basis(),
        after: second.basis(),
        successions: successions(after, &nodes_came, &nodes_went),
        nodes_came,
        nodes_went,
        ties_came,
        ties_went,
        stats: wants(Finding::Stats)
            .then(|| figures([before, after], &grounds, &mut counted, run))
            .transpose()?,
        hubs: wants(Finding::Hubs)
            .then(|| hubs_moved(first, second, &mut counted, run))
            .transpose()?,
        critical: wants(Finding::Critical).then(|| critical_changed(before, after)),
        access: wants(Finding::Access)
            .then(|| access_changed(before, after, &grounds, run))
            .transpose()?,
        gaps: wants(Finding::Gaps).then(|| gaps_changed(&grounds)),
        lines: Vec::new(),
        network: None,
        sentences: Vec::new(),
    };
    let others = Finding::ALL.into_iter().filter(|it| wants(*it) && !Finding::USUAL.contains(it));
    for finding in others {
        let changes = lines_changed(finding, before, after, &mut counted, run)?;
        res.lines.push(FindingChange { finding, changes });
    }
    let rests_on_network = res.moved().any(|it| it.rests_on_network);
    res.network = rests_on_network.then(|| Moved::network(&grounds));
    res.sentences = sentences(&res);
    Ok(res)
}

impl Comparison {
    /// What moved each of the figures and lists.
    fn moved(&self) -> impl Iterator<Item = &Moved> {
        let stats = self.stats.iter().flatten().filter_map(|it| it.why.as_ref());
        let hubs = self.hubs.iter().flatten().filter_map(|it| it.why.as_ref());
        let critical = self.critical.iter().flatten().filter_map(|it| it.why.as_ref());
        let gaps = self.gaps.iter().flatten().filter_map(|it| it.why.as_ref());
        let lines = self.lines.iter().flat_map(|it| &it.changes);
        stats.chain(hubs).chain(critical).chain(gaps).chain(lines.filter_map(|it| it.why.as_ref()))
    }
}

type Records = (Vec<NodeName>, Vec<NodeName>, Vec<TieEvidence>, Vec<TieEvidence>);

/// Nodes and ties of all kinds and relations that are in on one side only.
fn records(before: Side<'_>, after: Side<'_>) -> Records {
    let names = |it: Side<'_>| {
        let view = it.question.everything(it.snapshot);
        let name = |&idx| NodeName::of(it.snapshot.node(idx));
        let nodes: BTreeMap<String, NodeName> =
            view.nodes().iter().map(name).map(|it| (it.id.clone(), it)).collect();
        let links = (0..view.m() as u32).flat_map(|link| view.ties(link).to_vec());
        let ties: BTreeMap<String, _> = links.map(|tie| (it.snapshot.tie(tie).id(), tie)).collect();
        (nodes, ties)
    };
    let ((nodes, ties), (other_nodes, other_ties)) = (names(before), names(after));
    let only = |a: &BTreeMap<String, NodeName>, b: &BTreeMap<String, NodeName>| {
        a.iter().filter(|it| !b.contains_key(it.0)).map(|it| it.1.clone()).collect()
    };
    let came = other_ties.iter().filter(|it| !ties.contains_key(it.0));
    let went = ties.iter().filter(|it| !other_ties.contains_key(it.0));
    (
        only(&other_nodes, &nodes),
        only(&nodes, &other_nodes),
        came.map(|it| tie_evidence(after.snapshot, *it.1)).collect(),
        went.map(|it| tie_evidence(before.snapshot, *it.1)).collect(),
    )
}

/// Ties that say who became whom, where one of the two came and the other went, or is still in.
///
/// Such a tie is seldom in on either day: a body ends where the other begins.
fn successions(side: Side<'_>, came: &[NodeName], went: &[NodeName]) -> Vec<TieEvidence> {
    let snapshot = side.snapshot;
    let moved = |it| {
        let node = snapshot.node(it).id();
        came.iter().chain(went).any(|it| it.id == node)
    };
    let ties = snapshot.ties().filter(|&it| {
        let tie = snapshot.tie(it);
        BECAME.contains(&tie.relation().id.as_str())
            && tie.certainty() <= side.question.floor
            && (moved(tie.source()) || moved(tie.target()))
    });
    let mut res: Vec<TieEvidence> = ties.map(|it| tie_evidence(snapshot, it)).collect();
    res.sort_by(|a, b| a.id.cmp(&b.id));
    res
}

fn figures(
    [before, after]: [Side<'_>; 2],
    grounds: &[Ground<'_>; 2],
    [counted, counted_after]: &mut [Counted; 2],
    run: &mut Run<'_>,
) -> Result<Vec<FigureChange>, Interrupted> {
    let mut of = |it: Side<'_>, counted: &mut Counted| {
        let question = Question { why: false, ..it.question.clone() };
        let found = stats_counted(it.snapshot, &question, counted, run)?;
        let (all, conduit, shape) = (&found.everything, &found.conduit, &found.shape);
        let count = |it: usize| Some(it as f64);
        Ok([
            ("nodes", "nodes of all kinds", count(all.n_nodes)),
            ("ties", "ties of all relations", count(all.n_ties)),
            ("actors", "bodies that act", count(conduit.n_nodes)),
            ("links", "links among them", count(conduit.n_links)),
            ("density", "density", shape.density),
            ("mean_degree", "mean number of partners", shape.mean_degree),
            ("components", "connected parts", count(shape.n_components)),
            ("in_largest", "bodies in the largest part", count(shape.n_in_largest)),
            ("isolated", "bodies without any link", count(shape.n_isolated)),
            (
                "diameter",
                "longest shortest way in the largest part (diameter)",
                shape.diameter.map(f64::from),
            ),
            ("mean_distance", "mean shortest way in the largest part", shape.mean_distance),
            ("clustering", "clustering", shape.clustering),
            ("needs_met", "support needs that somebody meets", count(found.n_needs_met)),
        ])
    };
    let pairs = of(before, counted)?.into_iter().zip(of(after, counted_after)?);
    let changes = pairs
        .map(|((figure, label, before), (_, _, after))| FigureChange {
            figure,
            label,
            before,
            after,
            why: None,
        })
        .filter(|it| it.before != it.after);
    let mut changes: Vec<FigureChange> = changes.collect();
    if before.question.why && after.question.why {
        let sides = [before, after].map(|it| Ground::everything(it.snapshot, it.question));
        let all = Moved::network(&sides);
        for it in &mut changes {
            it.why = Some(moved_figure(it.figure, &all, grounds));
        }
    }
    Ok(changes)
}

/// What moved a figure: `all` is what came and went of all kinds and relations.
fn moved_figure(figure: &str, all: &Moved, grounds: &[Ground<'_>; 2]) -> Moved {
    match figure {
        "nodes" => Moved::between(&all.before.nodes_alone(), &all.after.nodes_alone()),
        "ties" => Moved::between(&RestsOn::ties(&all.before.ties), &RestsOn::ties(&all.after.ties)),
        "needs_met" => {
            let [one, other] = [&grounds[0], &grounds[1]].map(|ground| {
                let needs = Searches::new(ground).needs;
                needs
                    .iter()
                    .map(|it| RestsOn::met_by(ground, it))
                    .fold(RestsOn::default(), RestsOn::and)
            });
            Moved::between(&one, &other)
        }
        _ => Moved::with_network(),
    }
}

/// The links of a body; none if it is not in.
fn links_of(ground: &Ground<'_>, node: &NodeName) -> RestsOn {
    let index = ground.snapshot.find_node(&node.id).and_then(|it| ground.view.index_of(it));
    index.map(|it| RestsOn::links_of(ground, it)).unwrap_or_default()
}

/// Figure and rank of each body, by id.
pub(crate) fn ranking(
    ground: &Ground<'_>,
    values: &[f64],
) -> BTreeMap<String, (NodeName, f64, usize)> {
    let mut order: Vec<u32> = ground.indices().collect();
    order.sort_by_key(|&it| std::cmp::Reverse(level(values[it as usize])));
    let mut res = BTreeMap::new();
    let (mut rank, mut last) = (0, None);
    for (at, &index) in order.iter().enumerate() {
        let value = values[index as usize];
        if last != Some(level(value)) {
            (rank, last) = (at + 1, Some(level(value)));
        }
        let name = ground.name(index);
        res.insert(name.id.clone(), (name, value, rank));
    }
    res
}

fn hubs_moved(
    before: &Ground<'_>,
    after: &Ground<'_>,
    [counted, counted_after]: &mut [Counted; 2],
    run: &mut Run<'_>,
) -> Result<Vec<HubChange>, Interrupted> {
    let meanings = [
        ("works_with_most", Meaning::Contacts),
        ("connects_groups", Meaning::Bridging),
        ("shortest_way_to_all", Meaning::Nearness),
    ];
    let mut res = Vec::new();
    for (name, meaning) in meanings {
        let first = ranking(before, &meaning.figures(&before.view, counted, run)?);
        let second = ranking(after, &meaning.figures(&after.view, counted_after, run)?);
        let ids: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
        let change = |id: &String| {
            let (one, other) = (first.get(id), second.get(id));
            let named = one.or(other).expect("the id is of one of the two");
            HubChange {
                meaning: name,
                node: named.0.clone(),
                rank_before: one.map(|it| it.2),
                rank_after: other.map(|it| it.2),
                figure_before: one.map(|it| it.1),
                figure_after: other.map(|it| it.1),
                why: None,
            }
        };
        let mut rows: Vec<HubChange> =
            ids.into_iter().map(change).filter(HubChange::is_told).collect();
        if before.question.why && after.question.why {
            for it in &mut rows {
                it.why = Some(match meaning {
                    Meaning::Contacts => {
                        Moved::between(&links_of(before, &it.node), &links_of(after, &it.node))
                    }
                    _ => Moved::with_network(),
                });
            }
        }
        rows.sort_by_key(|it| (it.best_rank(), it.rank_before, it.rank_after));
        res.extend(rows);
    }
    Ok(res)
}

impl HubChange {
    /// Whether it stands in a ranking on either side, and not at the same place with the same figure.
    fn is_told(&self) -> bool {
        let is_above = |it: Option<f64>| it.is_some_and(|it| it > 0.0);
        let is_same = self.rank_before == self.rank_after
            && self.figure_before.map(level) == self.figure_after.map(level);
        !is_same && (is_above(self.figure_before) || is_above(self.figure_after))
    }

    /// The better of its two ranks.
    pub fn best_rank(&self) -> usize {
        self.rank_before.into_iter().chain(self.rank_after).min().unwrap_or(usize::MAX)
    }
}

fn critical_changed(before: Side<'_>, after: Side<'_>) -> Vec<CriticalChange> {
    let of = |it: Side<'_>| {
        let rows = critical(it.snapshot, it.question).rows.into_iter();
        rows.map(|it| (it.node.id.clone(), it)).collect::<BTreeMap<String, CutOff>>()
    };
    let (first, second) = (of(before), of(after));
    let ids: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let cut_off = |it: Option<&CutOff>| it.map(|it| it.cut_off.clone()).unwrap_or_default();
    let rests_on = |it: Option<&CutOff>| {
        let links: Vec<&LinkEvidence> = it
            .and_then(|it| it.why.as_ref())
            .map(|it| it.links.iter().collect())
            .unwrap_or_default();
        RestsOn::links(links)
    };
    let is_opened = before.question.why && after.question.why;
    let change = |id: &String| {
        let (one, other) = (first.get(id), second.get(id));
        let node = one.or(other).expect("the id is of one of the two").node.clone();
        CriticalChange {
            node,
            cut_off_before: cut_off(one),
            cut_off_after: cut_off(other),
            why: is_opened.then(|| Moved::between(&rests_on(one), &rests_on(other))),
        }
    };
    let mut res: Vec<CriticalChange> =
        ids.into_iter().map(change).filter(|it| it.cut_off_before != it.cut_off_after).collect();
    res.sort_by_key(|it| {
        std::cmp::Reverse(it.cut_off_before.len().abs_diff(it.cut_off_after.len()))
    });
    res
}

fn access_changed(
    before: Side<'_>,
    after: Side<'_>,
    grounds: &[Ground<'_>; 2],
    run: &mut Run<'_>,
) -> Result<AccessChange, Interrupted> {
    let met = |ground: &Ground<'_>| {
        let needs = Searches::new(ground).needs.into_iter().filter(|it| !it.providers.is_empty());
        needs.map(|it| it.name(ground).id).collect::<Vec<_>>()
    };
    let needs: BTreeSet<String> = grounds.iter().flat_map(met).collect();
    let mut of = |it: Side<'_>| access_counting(it.snapshot, it.question, &needs, run);
    let (first, second) = (of(before)?, of(after)?);
    let rows = |it: &Access| {
        let rows = it.start_ups.iter().map(|it| (it.node.id.clone(), it.clone()));
        rows.collect::<BTreeMap<String, AccessRow>>()
    };
    let (one, other) = (rows(&first), rows(&second));
    let both: Vec<(&AccessRow, &AccessRow)> =
        one.iter().filter_map(|(id, row)| Some((row, other.get(id)?))).collect();
    let mean = |of: &dyn Fn(&(&AccessRow, &AccessRow)) -> Option<f64>| {
        let values: Vec<f64> = both.iter().filter_map(of).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let ids: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let changes = ids.into_iter().map(|id| start_up_change(one.get(id), other.get(id)));
    let mut start_ups: Vec<StartUpChange> = changes.filter(StartUpChange::is_told).collect();
    if before.question.why && after.question.why {
        for it in start_ups.iter_mut().filter(|it| it.needs.is_empty()) {
            it.moved_by = Some(it.moved_by(grounds, [first.ceiling, second.ceiling]));
        }
    }
    start_ups.sort_by(|a, b| a.gain().total_cmp(&b.gain()).then_with(|| a.node.id.cmp(&b.node.id)));
    Ok(AccessChange {
        needs: needs.into_iter().collect(),
        ceiling_before: first.ceiling,
        ceiling_after: second.ceiling,
        mean_before: mean(&|it| it.0.access),
        mean_after: mean(&|it| it.1.access),
        n_start_ups: both.len(),
        start_ups,
    })
}

fn start_up_change(before: Option<&AccessRow>, after: Option<&AccessRow>) -> StartUpChange {
    let node = before.or(after).expect("the start-up is on one of the two sides").node.clone();
    let distances = |it: Option<&AccessRow>| {
        let needs = it.map(|it| it.needs.as_slice()).unwrap_or_default().iter();
        needs.map(|it| (it.need.clone(), it.clone())).collect::<BTreeMap<NodeName, NeedDistance>>()
    };
    let (one, other) = (distances(before), distances(after));
    let needs = match (before, after) {
        (Some(before), Some(after)) => in_order_of_both(&before.needs, &after.needs),
        _ => Vec::new(),
    };
    let at = |of: &BTreeMap<NodeName, NeedDistance>, need| of.get(need)?.distance;
    let way = |of: &BTreeMap<NodeName, NeedDistance>, need| {
        let it = of.get(need)?;
        // Without reasons asked for, nothing says by which ties the need is met.
        let is_opened = it.path.is_some() || !it.met_by.is_empty();
        is_opened.then_some(NeedWay {
            provider: it.nearest_provider.clone()?,
            path: it.path.clone(),
            met_by: it.met_by.clone(),
        })
    };
    let moves = needs.into_iter().map(|need| NeedMove {
        need: need.clone(),
        before: at(&one, need),
        after: at(&other, need),
        why_before: way(&one, need),
        why_after: way(&other, need),
    });
    StartUpChange {
        node,
        access_before: before.and_then(|it| it.access),
        access_after: after.and_then(|it| it.access),
        status_before: before.and_then(|it| it.status),
        status_after: after.and_then(|it| it.status),
        needs: moves.filter(|it| it.before != it.after).collect(),
        moved_by: None,
    }
}

/// The needs of either side, in the order of the journey, as both have them: one that is gone stands
/// before the first that followed it.
fn in_order_of_both<'a>(
    before: &'a [NeedDistance],
    after: &'a [NeedDistance],
) -> Vec<&'a NodeName> {
    let mut res: Vec<&NodeName> = after.iter().map(|it| &it.need).collect();
    let mut at = res.len();
    for it in before.iter().rev() {
        match res.iter().position(|found| *found == &it.need) {
            Some(found) => at = found,
            None => res.insert(at, &it.need),
        }
    }
    res
}

/// Why a body is no start-up of a side; none if it is one.
fn absence(ground: &Ground<'_>, id: &str) -> Option<&'static str> {
    let Some(idx) = ground.snapshot.find_node(id) else { return Some("it is not in the data") };
    match ground.view.index_of(idx) {
        Some(index) if is_start_up(ground.node(index)) => None,
        Some(_) => Some("it is in, but not as a start-up, by its kind or its stage"),
        None if !ground.counts_node(idx) => {
            Some("it is left out, by its dates or because its record is not sure enough")
        }
        None => Some("its kind is left out"),
    }
}

impl StartUpChange {
    fn is_told(&self) -> bool {
        self.access_before != self.access_after
            || self.status_before != self.status_after
            || !self.needs.is_empty()
    }

    /// ACCESS after less before; nothing counts as 0.
    pub fn gain(&self) -> f64 {
        self.access_after.unwrap_or(0.0) - self.access_before.unwrap_or(0.0)
    }

    /// Whether its ACCESS is the same and only the ceiling, by which it is judged, moved.
    pub fn is_moved_by_ceiling(&self) -> bool {
        let statuses = [self.status_before, self.status_after];
        self.access_before == self.access_after
            && self.status_before != self.status_after
            && statuses.contains(&Some(Status::UnderConnected))
            && !statuses.contains(&Some(Status::NotEnoughData))
    }

    /// What makes the difference where no need has moved.
    fn moved_by(&self, grounds: &[Ground<'_>; 2], ceilings: [Option<f64>; 2]) -> String {
        let [before, after] = grounds.each_ref().map(|it| absence(it, &self.node.id));
        if let Some(before) = before {
            return format!("it is a start-up of the later side only: before, {before}");
        }
        if let Some(after) = after {
            return format!("it is a start-up of the earlier side only: after, {after}");
        }
        if self.access_before != self.access_after {
            return "the ways to its needs are the same; what its needs weigh, or which of them count, is not"
                .to_owned();
        }
        if let [Some(was), Some(is)] = ceilings
            && was != is
            && self.is_moved_by_ceiling()
        {
            let write = |it, more| words::rounded(it, 2 + more);
            let [was_line, is_line] =
                words::numbers_apart([Some(was / 2.0), Some(is / 2.0)], write);
            return format!(
                "its ACCESS and the ways to its needs are the same; the line below which a start-up is \
                 under-connected (half of the ceiling) went from {was_line} to {is_line}"
            );
        }
        "its ACCESS and the ways to its needs are the same; the sources that name it, its links, or the \
         partners on whom these ways rest are not"
            .to_owned()
    }
}

fn gaps_changed(grounds: &[Ground<'_>; 2]) -> Vec<NeedChangeOfGap> {
    struct State {
        providers: Vec<NodeName>,
        n_unreached: usize,
        n_start_ups: usize,
        met_by: Option<RestsOn>,
    }
    let is_opened = grounds.iter().all(|it| it.question.why);
    let of = |ground: &Ground<'_>| {
        let searches = Searches::new(ground);
        let start_ups = ground.indices().filter(|&it| is_start_up(ground.node(it)));
        let weighed: Vec<(u32, Vec<u8>)> =
            start_ups.map(|it| (it, searches.weights_of_all(ground, it))).collect();
        let state = |(at, need): (usize, &Need)| {
            let mut providers = ground.names(&need.providers);
            providers.sort();
            // As in `gaps`: those for which it does not count at their stage do not miss it.
            let counted = weighed.iter().filter(|(_, weights)| weights[at] > 0);
            let far = counted.clone().filter(|it| {
                reached(need.distance[it.0 as usize]).is_none_or(|it| it >= OUT_OF_REACH)
            });
            let (n_unreached, n_start_ups) = (far.count(), counted.count());
            let met_by = is_opened.then(|| RestsOn::met_by(ground, need));
            (need.name(ground), State { providers, n_unreached, n_start_ups, met_by })
        };
        searches.needs.iter().enumerate().map(state).collect::<BTreeMap<NodeName, State>>()
    };
    let [first, second] = [&grounds[0], &grounds[1]].map(of);
    let needs: BTreeSet<&NodeName> = first.keys().chain(second.keys()).collect();
    let change = |need: &NodeName| {
        let (one, other) = (first.get(need), second.get(need));
        let met_by = |it: Option<&State>| it.and_then(|it| it.met_by.clone()).unwrap_or_default();
        NeedChangeOfGap {
            need: need.clone(),
            providers_before: one.map(|it| it.providers.clone()).unwrap_or_default(),
            providers_after: other.map(|it| it.providers.clone()).unwrap_or_default(),
            n_unreached_before: one.map_or(0, |it| it.n_unreached),
            n_unreached_after: other.map_or(0, |it| it.n_unreached),
            n_start_ups_before: one.map_or(0, |it| it.n_start_ups),
            n_start_ups_after: other.map_or(0, |it| it.n_start_ups),
            why: is_opened.then(|| Moved::between(&met_by(one), &met_by(other))),
        }
    };
    let is_told = |it: &NeedChangeOfGap| {
        it.providers_before != it.providers_after
            || it.n_unreached_before != it.n_unreached_after
            || it.n_start_ups_before != it.n_start_ups_after
    };
    needs.into_iter().map(change).filter(is_told).collect()
}

/// What it comes to, a sentence for each finding that was asked for.
fn sentences(found: &Comparison) -> Vec<String> {
    let mut res = vec![records_sentence(found)];
    res.extend(successions_sentence(&found.successions));
    let (before, after) = (&found.before, &found.after);
    if let Some(figures) = &found.stats {
        let mut parts = Vec::new();
        for (figure, what) in
            [("in_largest", "in the largest connected part"), ("isolated", "without any link")]
        {
            if let Some(it) = figures.iter().find(|it| it.figure == figure)
                && let (Some(was), Some(is)) = (it.before, it.after)
            {
                let bodies = if was == 1.0 { "body" } else { "bodies" };
                let [was, is] = [was, is].map(words::number);
                parts.push(format!("{is} instead of {was} {bodies} {what}"));
            }
        }
        let size = match (after.n_nodes == before.n_nodes, after.n_links == before.n_links) {
            (true, true) => "as many bodies and links as before".to_owned(),
            _ => format!(
                "{} and {} instead of {} and {}",
                words::count(after.n_nodes, "body", "bodies"),
                words::count(after.n_links, "link", "links"),
                words::digits(before.n_nodes),
                words::digits(before.n_links)
            ),
        };
        parts.insert(0, size);
        res.push(parts.join("; "));
    }
    if let Some(changes) = &found.critical {
        // A body that came or went is told of above.
        let stays = |it: &CriticalChange| {
            !found.nodes_came.contains(&it.node) && !found.nodes_went.contains(&it.node)
        };
        let is_new = |it: &&CriticalChange| it.cut_off_before.is_empty() && stays(it);
        let is_over = |it: &&CriticalChange| it.cut_off_after.is_empty() && stays(it);
        let names =
            |it: Vec<&CriticalChange>| words::list(it.iter().map(|it| it.node.name.as_str()));
        let (new, over): (Vec<_>, Vec<_>) =
            (changes.iter().filter(is_new).collect(), changes.iter().filter(is_over).collect());
        let mut parts = Vec::new();
        if !new.is_empty() {
            parts.push(format!("new single points of failure: {}", names(new)));
        }
        let came = |it: &&CriticalChange| {
            it.cut_off_before.is_empty() && found.nodes_came.contains(&it.node)
        };
        let came: Vec<_> = changes.iter().filter(came).collect();
        if !came.is_empty() {
            parts.push(format!("single points of failure among what came: {}", names(came)));
        }
        if !over.is_empty() {
            parts.push(format!("no longer a single point of failure: {}", names(over)));
        }
        if parts.is_empty() {
            let same = match (changes.is_empty(), changes.iter().all(stays)) {
                (true, _) => "the same bodies are single points of failure",
                (_, true) => {
                    "the same bodies are single points of failure, but not all for the same others"
                }
                _ => "of the bodies that stay, the same are single points of failure",
            };
            parts.push(same.to_owned());
        }
        res.push(parts.join("; "));
    }
    res.extend(found.access.as_ref().map(access_sentence));
    if let Some(needs) = &found.gaps {
        let lost = needs.iter().filter(|it| it.providers_after.is_empty());
        let lost: Vec<&str> = lost
            .filter(|it| !it.providers_before.is_empty())
            .map(|it| it.need.name.as_str())
            .collect();
        let won = needs.iter().filter(|it| it.providers_before.is_empty());
        let won: Vec<&str> = won
            .filter(|it| !it.providers_after.is_empty())
            .map(|it| it.need.name.as_str())
            .collect();
        if !lost.is_empty() {
            res.push(format!("nobody is left who meets: {}", words::list(lost)));
        }
        if !won.is_empty() {
            res.push(format!("met, where nobody met it: {}", words::list(won)));
        }
    }
    res.extend(found.lines.iter().map(lines_sentence));
    res
}

/// "DONG Energy was succeeded by Ørsted (since 2017-11); and 2 more went on as others".
fn successions_sentence(ties: &[TieEvidence]) -> Option<String> {
    let told: Vec<&str> =
        ties.iter().take(SUCCESSIONS_TOLD).map(|it| it.sentence.as_str()).collect();
    let more = match ties.len() - told.len() {
        0 => None,
        n => Some(format!("{} more became others", words::digits(n))),
    };
    let told: Vec<String> = told.into_iter().map(str::to_owned).chain(more).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// "communities: 7 instead of 6; 4 bodies differ".
fn lines_sentence(found: &FindingChange) -> String {
    let name = found.finding.name();
    if found.changes.is_empty() {
        return format!("{name}: the same on both sides");
    }
    let (whole, others): (Vec<_>, Vec<_>) = found.changes.iter().partition(|it| it.is_of_all());
    let mut parts: Vec<String> = whole
        .iter()
        .filter_map(|it| {
            // Sums of several currencies read as a list.
            let told = it.told();
            let [was, is] = told.each_ref().map(|it| words::all_names(it.split("; ")));
            (it.before.is_some() && it.after.is_some())
                .then(|| format!("{} {is} instead of {was}", it.what))
        })
        .collect();
    let subjects: BTreeSet<_> =
        others.iter().map(|it| (it.node.as_ref().map(|it| &it.id), &it.subject)).collect();
    if !subjects.is_empty() {
        let n = subjects.len();
        parts.push(match found.finding {
            Finding::Introduce => {
                let start_ups = words::count(n, "start-up has", "start-ups have");
                format!("{start_ups} others to meet")
            }
            Finding::Communities => {
                format!("{} in another circle", words::count(n, "body is", "bodies are"))
            }
            Finding::Matrix => {
                let pairs = words::count(n, "pair", "pairs");
                format!("the links of {pairs} of kinds differ")
            }
            Finding::Journey => {
                let start_ups = words::count(n, "start-up has", "start-ups have");
                format!("{start_ups} others to meet a need, or nearer or farther ones")
            }
            Finding::Canvas => words::count(n, "component differs", "components differ"),
            Finding::Holes => words::count(n, "pair of groups differs", "pairs of groups differ"),
            Finding::Bridges => words::count(n, "tie differs", "ties differ"),
            _ => words::count(n, "body differs", "bodies differ"),
        });
    }
    match parts.is_empty() {
        true => format!("{name}: what is said of the whole differs"),
        false => format!("{name}: {}", parts.join("; ")),
    }
}

fn records_sentence(found: &Comparison) -> String {
    let counts = [
        (found.nodes_came.len(), "node", "nodes", "came"),
        (found.nodes_went.len(), "node", "nodes", "went"),
        (found.ties_came.len(), "tie", "ties", "came"),
        (found.ties_went.len(), "tie", "ties", "went"),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|it| it.0 > 0)
        .map(|(n, one, many, verb)| format!("{} {verb}", words::count(n, one, many)))
        .collect();
    match parts.is_empty() {
        true => "nothing came and nothing went".to_owned(),
        false => parts.join(", "),
    }
}

fn access_sentence(found: &AccessChange) -> String {
    let both =
        found.start_ups.iter().filter(|it| it.access_before.is_some() && it.access_after.is_some());
    let fallen = both.clone().filter(|it| it.gain() < 0.0).count();
    let risen = both.filter(|it| it.gain() > 0.0).count();
    let of = words::count(found.n_start_ups, "start-up", "start-ups");
    let mean = match (found.mean_before, found.mean_after) {
        (Some(was), Some(is)) if was != is => {
            let [was, is] = words::numbers_apart([Some(was), Some(is)], |it, more| {
                format!("{it:.0$}", 2 + more)
            });
            format!(" (on average from {was} to {is})")
        }
        _ => String::new(),
    };
    let are = |n: usize| if n == 1 { "is" } else { "are" };
    let they = |n: usize| if n == 1 { "it needs" } else { "they need" };
    match (fallen, risen) {
        _ if found.n_start_ups == 0 => "no start-up is there on both sides".to_owned(),
        (0, 0) if found.n_start_ups == 1 => {
            "the access of the one start-up stays as it is".to_owned()
        }
        (0, 0) => format!("the access of all {of} stays as it is"),
        (n, 0) => {
            let less = words::digits(n);
            format!("{less} of {of} {} farther from what {}{mean}", are(n), they(n))
        }
        (0, n) => {
            let more = words::digits(n);
            format!("{more} of {of} {} nearer to what {}{mean}", are(n), they(n))
        }
        (less, more) => {
            format!(
                "of {of}, {} {} farther from what {} and {} nearer{mean}",
                words::digits(less),
                are(less),
                they(less),
                words::digits(more)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{self, Dice, Naive, random_graph};
    use crate::ecosystem::what_if::{Supposition, suppose};
    use weft_graph::fixture;

    const BEFORE: &str = "s:company{idea} -partners_with-> h:council; h -partners_with-> p:facility; \
        p -meets_need-> t:need; q:facility -meets_need-> u:need; q -partners_with-> h; \
        r:company{start_up} -partners_with-> p";
    const AFTER: &str = "s:company{idea}; h:council -partners_with-> p:facility; \
        p -meets_need-> t:need; u:need; r:company{start_up} -partners_with-> p; \
        s -partners_with-> p; q:facility -partners_with-> h";

    fn found(before: &str, after: &str) -> Comparison {
        let question = Question::default();
        let (before, after) = (fixture(before), fixture(after));
        compare(
            Side { snapshot: &before, question: &question },
            Side { snapshot: &after, question: &question },
            &Finding::USUAL,
            &mut Run::default(),
        )
        .unwrap()
    }

    #[test]
    fn every_start_up_that_differs_says_why_by_its_ways_or_in_a_sentence() {
        let mut dice = Dice(74);
        let mut n_gone = 0;
        let question = Question { why: true, ..Question::default() };
        for _ in 0..400 {
            let snapshot = random_graph(&mut dice);
            let nodes: Vec<_> = snapshot.nodes().collect();
            let leaves = nodes[dice.roll(nodes.len())];
            let gone = snapshot.node(leaves).id().to_owned();
            let other = suppose(&snapshot, &[Supposition::Without(leaves)]).unwrap();
            let [before, after] =
                [&snapshot, &other].map(|snapshot| Side { snapshot, question: &question });
            let found = compare(before, after, &[Finding::Access], &mut Run::default()).unwrap();
            let access = found.access.unwrap();
            for it in &access.start_ups {
                assert_eq!(it.moved_by.is_some(), it.needs.is_empty(), "{it:?}");
                let Some(moved_by) = &it.moved_by else { continue };
                let is_gone = moved_by.contains("after, it is not in the data");
                assert_eq!(is_gone, it.node.id == gone, "{it:?}");
                n_gone += usize::from(is_gone);
            }
        }
        assert!(n_gone > 10, "{n_gone} left");
    }

    #[test]
    fn needs_that_moved_stand_in_the_order_of_the_journey() {
        let need = |id: &str| NeedDistance {
            need: NodeName { id: id.to_owned(), name: id.to_owned(), kind: "need".to_owned() },
            weight: 1,
            distance: Some(1),
            nearness: 1.0,
            nearest_provider: None,
            path: None,
            met_by: Vec::new(),
        };
        let check = |before: &str, after: &str, expected: &str| {
            let of = |ids: &str| ids.split_whitespace().map(need).collect::<Vec<_>>();
            let (before, after) = (of(before), of(after));
            let found = in_order_of_both(&before, &after);
            let found: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
            assert_eq!(found.join(" "), expected);
        };
        check("z m a", "z m a", "z m a");
        check("z m b a", "z m a", "z m b a");
        check("z m", "m z2 a", "z m z2 a");
        check("y z", "", "y z");
        check("", "y b", "y b");
        check("m z", "a m", "a m z");
    }

    #[test]
    fn a_start_up_that_only_the_ceiling_moved_says_where_the_line_went() {
        let snapshot = fixture(
            "t:need; u:need; s:company{start_up,@report,@book} -partners_with-> m:council; \
             m -partners_with-> o:facility; o -meets_need-> t; c:council -partners_with-> p:facility; \
             p -meets_need-> t; c -partners_with-> q:facility; q -meets_need-> u",
        );
        let leaves = snapshot.find_node("c").unwrap();
        let other = suppose(&snapshot, &[Supposition::Without(leaves)]).unwrap();
        let question = Question { why: true, ..Question::default() };
        let [before, after] =
            [&snapshot, &other].map(|snapshot| Side { snapshot, question: &question });
        let found = compare(before, after, &[Finding::Access], &mut Run::default()).unwrap();
        let start_up = &found.access.unwrap().start_ups[0];
        let statuses = [start_up.status_before, start_up.status_after];
        assert_eq!(statuses, [Some(Status::UnderConnected), Some(Status::DependsOnOne)]);
        assert_eq!(
            start_up.moved_by.as_deref(),
            Some(
                "its ACCESS and the ways to its needs are the same; the line below which a start-up \
                 is under-connected (half of the ceiling) went from 0.5 to 0.25"
            )
        );
    }

    #[track_caller]
    fn check(before: &str, after: &str, sentences: &[&str]) {
        assert_eq!(found(before, after).sentences, sentences);
    }

    #[test]
    fn what_came_went_and_moved_is_told_in_words() {
        check(
            BEFORE,
            AFTER,
            &[
                "1 tie came, 2 ties went",
                "as many bodies and links as before",
                "the same bodies are single points of failure, but not all for the same others",
                "1 of 2 start-ups is farther from what it needs (on average from 0.56 to 0.50)",
                "nobody is left who meets: u",
            ],
        );
        let same = [
            "nothing came and nothing went",
            "as many bodies and links as before",
            "the same bodies are single points of failure",
            "the access of all 2 start-ups stays as it is",
        ];
        check(BEFORE, BEFORE, &same);
    }

    #[test]
    fn a_single_point_of_failure_that_came_is_told_apart_from_one_that_became_so() {
        let triangle = "a -partners_with-> b; b -partners_with-> c; a -partners_with-> c";
        let tail = format!("{triangle}; c -partners_with-> d; d -partners_with-> e");
        let told = &found(triangle, &tail).sentences[2];
        let expected =
            "new single points of failure: c; single points of failure among what came: d";
        assert_eq!(told, expected);
        let told = &found(&tail, triangle).sentences[2];
        assert_eq!(told, "no longer a single point of failure: c");
    }

    #[test]
    fn who_became_whom_is_told_though_the_tie_is_in_on_neither_day() {
        let snapshot = fixture(
            "dong:company{..2017} -succeeded_by[2017-11..]-> orsted:company{2017-11..}; \
             dong -partners_with[..2017]-> a:council; orsted -partners_with[2018..]-> a; \
             old:company{..2015} -merged_into[2016..]-> a; x:company -succeeded_by[inferred]-> a",
        );
        let at = |day: &str| Question { as_of: day.parse().ok(), ..Question::default() };
        let days = [at("2016"), at("2018")];
        let side = |at: usize| Side { snapshot: &snapshot, question: &days[at] };
        let run = &mut Run::default();
        let told = |one, other, run: &mut Run<'_>| {
            compare(side(one), side(other), &[], run).unwrap().sentences
        };
        let became = "dong was succeeded by orsted (since 2017-11)";
        assert_eq!(told(0, 1, run)[1..], [became]);
        assert_eq!(told(1, 0, run)[1..], [became]);
        assert_eq!(told(0, 0, run).len(), 1);
    }

    #[test]
    fn a_need_that_does_not_count_yet_is_out_of_reach_for_nobody() {
        let question = Question::default();
        let [before, after] = [BEFORE, AFTER].map(|it| naive::not_yet_for_ideas(it, "u"));
        let sides = [&before, &after].map(|snapshot| Side { snapshot, question: &question });
        let [before, after] = sides;
        let found = compare(before, after, &[Finding::Gaps], &mut Run::default()).unwrap();
        let gaps = found.gaps.unwrap();
        let [row] = gaps.as_slice() else { panic!("{gaps:?}") };
        assert_eq!(
            (row.need.id.as_str(), row.n_unreached_before, row.n_start_ups_before),
            ("u", 1, 1)
        );
        assert_eq!((row.n_unreached_after, row.n_start_ups_after), (1, 1));
    }

    #[test]
    fn a_need_that_somebody_meets_on_either_side_counts_on_both() {
        let found = found(BEFORE, AFTER).access.unwrap();
        assert_eq!(found.needs, ["t", "u"]);
        let row = |id: &str| found.start_ups.iter().find(|it| it.node.id == id).unwrap();
        assert_eq!((row("s").access_before, row("s").access_after), (Some(0.5), Some(0.5)));
        let moves: Vec<_> = row("s").needs.iter().map(|it| (it.before, it.after)).collect();
        assert_eq!(moves, [(Some(2), Some(1)), (Some(2), None)]);
        assert_eq!((row("r").access_before, row("r").access_after), (Some(0.625), Some(0.5)));
    }

    #[test]
    fn each_distance_opens_into_its_way_before_and_after() {
        let question = Question { why: true, ..Question::default() };
        let (before, after) = (fixture(BEFORE), fixture(AFTER));
        let sides = [&before, &after].map(|snapshot| Side { snapshot, question: &question });
        let found = compare(sides[0], sides[1], &Finding::USUAL, &mut Run::default()).unwrap();
        let found = found.access.unwrap();
        let s = found.start_ups.iter().find(|it| it.node.id == "s").unwrap();
        let t = s.needs.iter().find(|it| it.need.id == "t").unwrap();
        let (was, is) = (t.why_before.as_ref().unwrap(), t.why_after.as_ref().unwrap());
        let steps = |it: &NeedWay| it.path.as_ref().map(|it| it.n_links as u32);
        assert_eq!((steps(was), steps(is)), (t.before, t.after));
        assert_eq!(was.met_by[0].id, "p--meets_need--t");
        let u = s.needs.iter().find(|it| it.need.id == "u").unwrap();
        assert!(u.why_before.is_some() && u.why_after.is_none(), "nobody is left who meets it");
        let bare = self::found(BEFORE, AFTER).access.unwrap();
        assert!(bare.start_ups.iter().flat_map(|it| &it.needs).all(|it| it.why_before.is_none()));
    }

    #[test]
    fn every_figure_of_either_side_is_what_the_definition_gives() {
        let mut dice = Dice(41);
        let days: Vec<weft_value::PartialDate> =
            ["2018", "2022", "2024"].iter().filter_map(|it| it.parse().ok()).collect();
        for _ in 0..300 {
            let snapshots = [random_graph(&mut dice), random_graph(&mut dice)];
            let questions = [0, 1].map(|_| Question {
                as_of: Some(days[dice.roll(days.len())]),
                ..Question::default()
            });
            let side = |at: usize| Side { snapshot: &snapshots[at], question: &questions[at] };
            let run = &mut Run::default();
            let found = compare(side(0), side(1), &Finding::USUAL, run).unwrap();
            let naive = [0, 1]
                .map(|at| Naive::new(&snapshots[at], questions[at].as_of.unwrap().last_key()));
            let is_met = |at: usize, need: &str| {
                let providers = naive[at].providers.iter();
                let of = |it: &weft_graph::NodeIdx| snapshots[at].node(*it).id() == need;
                providers.filter(|it| of(&it.0)).any(|it| it.1.contains(&true))
            };
            let access = found.access.unwrap();
            let needs: Vec<&str> = ["t0", "t1", "t2"]
                .into_iter()
                .filter(|it| is_met(0, it) || is_met(1, it))
                .collect();
            assert_eq!(access.needs, needs);
            for row in &access.start_ups {
                for (at, value) in [(0, row.access_before), (1, row.access_after)] {
                    let Some(s) = naive[at].find(&row.node.id) else {
                        assert_eq!(value, None);
                        continue;
                    };
                    if !is_start_up(snapshots[at].node(naive[at].nodes[s])) {
                        assert_eq!(value, None);
                        continue;
                    }
                    let (distances, weights) = naive[at].needs_counting(s, &needs);
                    assert_eq!(value, naive::access(&distances, &weights));
                }
            }
            for row in found.hubs.unwrap().iter().filter(|it| it.meaning == "works_with_most") {
                for (at, rank, figure) in
                    [(0, row.rank_before, row.figure_before), (1, row.rank_after, row.figure_after)]
                {
                    let degree = naive[at].find(&row.node.id).map(|it| naive[at].degree(it));
                    assert_eq!(figure, degree.map(|it| it as f64));
                    let above = |own: usize| {
                        (0..naive[at].nodes.len()).filter(|&it| naive[at].degree(it) > own).count()
                    };
                    assert_eq!(rank, degree.map(|it| 1 + above(it)));
                }
            }
        }
    }
}
