//! ACCESS, version `access-1`: how near a start-up is to somebody who meets each of its needs.
//!
//! For a start-up *s* and the needs *t* of the schema that somebody in the view meets, with *d* the
//! fewest links from *s* to a provider and a(0) = a(1) = 1, a(2) = 1/2, a(3) = 1/4, else 0:
//! ACCESS = sum w a(d) / sum w. The weight *w* is 2 if *s* `needs` *t*, else the schema's for its
//! stage, else 1. One breadth-first search a need, from all its providers at once, serves every
//! start-up together: O(needs × (n + m)). Makes no introductions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use weft_analytics::{Components, Interrupted, Run, components};
use weft_graph::{NodeIdx, Snapshot, TieIdx, TieRef, UNREACHED, View, distances};
use weft_value::PartialDate;

use crate::ecosystem::communities::circles;
use crate::ecosystem::evidence::{
    NodeName, PathEvidence, TieEvidence, path_evidence, tie_evidence,
};
use crate::ecosystem::ledger::INTRODUCTION;
use crate::ecosystem::question::{
    Basis, Ground, Question, is_company_without_stage, is_start_up, newer,
};
use crate::ecosystem::source_order::in_source_order;
use crate::ecosystem::what_if::SUPPOSED;
use crate::ecosystem::words;

/// The version of the definition.
pub(crate) const VERSION: &str = "access-1";
/// The relation from a body to a need that it answers.
pub(crate) const MEETS_NEED: &str = "meets_need";
/// The relation from a start-up to a need that it has said to have.
const NEEDS: &str = "needs";
/// The weight of a need that a start-up says it has.
const CRITICAL: u8 = 2;
/// From this share of its near needs on, a start-up depends on one neighbour.
const DEPENDS_ON_ONE: f64 = 0.8;
/// With at most one link, this many sources must name a start-up for it to have a status.
const SOURCES_ENOUGH: usize = 2;
/// With at most one link, the newest source may be this many years older than D.
const YEARS_FRESH: i32 = 2;

/// The answer to `access`: every start-up, and the companies whose stage no source tells.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Access {
    /// What it rests on.
    pub basis: Basis,
    /// The version of the definition.
    pub version: &'static str,
    /// The highest ACCESS of any actor of the view, all weights 1: what the data allow.
    pub ceiling: Option<f64>,
    /// The first actor by id that has it.
    pub ceiling_at: Option<NodeName>,
    /// That actor's needs, with their distances, to recompute the ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling_why: Option<Vec<NeedDistance>>,
    /// Needs that nobody in the view meets: gaps of the ecosystem, not of a start-up.
    pub needs_without_provider: Vec<NodeName>,
    /// Start-ups, those that need attention first.
    pub start_ups: Vec<AccessRow>,
    /// Companies whose stage no source tells: the same figures and no status.
    pub companies_without_stage: Vec<AccessRow>,
}

/// The figures of one start-up.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct AccessRow {
    /// The start-up.
    pub node: NodeName,
    /// Its stage, if a source tells.
    pub stage: Option<String>,
    /// What the figures come to; none for a company without a stage.
    pub status: Option<Status>,
    /// ACCESS, 0 to 1; none if no need is left.
    pub access: Option<f64>,
    /// The ceiling of the view, 0 to 1.
    pub ceiling: Option<f64>,
    /// The largest share of its near needs that is lost with one neighbour; none if none is near.
    pub fragility: Option<f64>,
    /// Distinct sources with a claim on it or on a tie at it: EVIDENCE.
    pub n_sources: usize,
    /// The date of the newest of them.
    pub newest_source: Option<PartialDate>,
    /// Distinct neighbours in the view.
    pub n_links: usize,
    /// All reasons that hold.
    pub reasons: Vec<Reason>,
    /// Every need that somebody meets and that counts for it, in the order of the schema's needs.
    pub needs: Vec<NeedDistance>,
    /// The figures as a sentence.
    pub sentence: String,
    /// What would reproduce FRAGILITY and EVIDENCE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<AccessWhy>,
}

/// One need of one start-up.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeedDistance {
    /// The need.
    pub need: NodeName,
    /// w: 1 useful, 2 critical.
    pub weight: u8,
    /// d: the fewest links to a provider; none if there is no path.
    pub distance: Option<u32>,
    /// a(d): 1, 1/2, 1/4 or 0.
    pub nearness: f64,
    /// The nearest provider, at the end of the path that takes the smallest id at each step.
    pub nearest_provider: Option<NodeName>,
    /// That path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathEvidence>,
    /// The ties by which that provider meets the need.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub met_by: Vec<TieEvidence>,
}

/// What would reproduce FRAGILITY and EVIDENCE.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct AccessWhy {
    /// N: needs at distance 1 or 2.
    pub near_needs: Vec<NodeName>,
    /// L: for each neighbour without which one of them is farther than 2, which those are.
    pub lost_without: Vec<LostWithout>,
    /// The sources that name it.
    pub sources: Vec<String>,
}

/// The needs that are no longer near once a neighbour is removed.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct LostWithout {
    /// The neighbour.
    pub neighbour: NodeName,
    /// The needs.
    pub needs: Vec<NodeName>,
}

/// What the figures of a start-up come to: the first that holds.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// ACCESS is far below what the view allows, or a critical need is three steps away or more.
    UnderConnected,
    /// ACCESS is null; or at most one link, and few or old sources.
    NotEnoughData,
    /// Most of its near needs are near through one neighbour only.
    DependsOnOne,
    /// None of these.
    Connected,
}

impl Status {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::UnderConnected => "under-connected",
            Self::NotEnoughData => "not enough data",
            Self::DependsOnOne => "depends on one",
            Self::Connected => "connected",
        }
    }
}

/// Why a start-up stands where it stands.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Reason {
    /// Which reason.
    pub code: ReasonCode,
    /// The need or the neighbour that it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeName>,
    /// In words.
    pub sentence: String,
}

/// The reasons, in the order in which they are given.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// No link.
    Isolated,
    /// Linked, not to the largest component.
    Apart,
    /// One link.
    FewTies,
    /// Two or more links, and under-connected.
    WrongTies,
    /// A need at three steps.
    Far,
    /// A need at more than three steps, or without a path.
    Missing,
    /// FRAGILITY of 0.8 or more; the neighbour that gives it.
    OneBroker,
    /// Two or more links, all to one community.
    SameCircle,
}

/// Returns ACCESS, FRAGILITY, EVIDENCE, status and reasons of every start-up of the conduit view.
///
/// O(needs × (n + m)), for each start-up the ties of its neighbours, and the search for circles.
///
/// # Errors
/// If it was interrupted.
pub fn access(
    snapshot: &Snapshot,
    question: &Question,
    run: &mut Run<'_>,
) -> Result<Access, Interrupted> {
    access_counting(snapshot, question, &BTreeSet::new(), run)
}

/// The same, with needs that count even if nobody in the view meets them, by id: what a comparison
/// needs where somebody meets them on its other side.
pub(crate) fn access_counting(
    snapshot: &Snapshot,
    question: &Question,
    also: &BTreeSet<String>,
    run: &mut Run<'_>,
) -> Result<Access, Interrupted> {
    let ground = Ground::conduit(snapshot, question);
    let mut searches = Searches::new(&ground);
    for need in &mut searches.needs {
        need.counts |= also.contains(snapshot.node(need.idx).id());
    }
    let context = Context::new(&ground, &searches, run)?;
    let rows_of = |takes: &dyn Fn(u32) -> bool| {
        let mut rows: Vec<AccessRow> =
            ground.indices().filter(|&it| takes(it)).map(|it| context.row(it)).collect();
        rows.sort_by(|a, b| {
            let by_access = a.access.unwrap_or(0.0).total_cmp(&b.access.unwrap_or(0.0));
            a.status.cmp(&b.status).then(by_access).then_with(|| a.node.id.cmp(&b.node.id))
        });
        rows
    };
    let start_ups = rows_of(&|it| is_start_up(ground.node(it)));
    let companies_without_stage = rows_of(&|it| is_company_without_stage(ground.node(it)));
    let ceiling_why = context.ceiling.filter(|_| question.why).map(|(_, at)| {
        let ones = vec![1; searches.needs.len()];
        context.needs_of(at, &ones)
    });
    Ok(Access {
        basis: ground.basis(),
        version: VERSION,
        ceiling: context.ceiling.map(|(value, _)| value),
        ceiling_at: context.ceiling.map(|(_, at)| ground.name(at)),
        ceiling_why,
        needs_without_provider: searches.without_provider(&ground),
        start_ups,
        companies_without_stage,
    })
}

/// The needs with their providers, and how far everybody is from them.
pub(crate) struct Searches {
    pub(crate) needs: Vec<Need>,
}

/// One need with one search from all its providers.
pub(crate) struct Need {
    pub(crate) idx: NodeIdx,
    /// P: the nodes of the view that meet it, ascending.
    pub(crate) providers: Vec<u32>,
    /// Who else is named as an answer and is not in the view: a product, a collective.
    pub(crate) other_answers: Vec<NodeIdx>,
    /// The ties that say so.
    pub(crate) ties: Vec<TieIdx>,
    /// d: from each node of the view.
    pub(crate) distance: Vec<u32>,
    /// Whether it is in the sums: somebody in the view meets it, or on the other side of a comparison.
    pub(crate) counts: bool,
}

impl Searches {
    pub(crate) fn new(ground: &Ground<'_>) -> Self {
        let needs = ground.needs().into_iter().map(|it| Need::new(ground, it)).collect();
        Self { needs }
    }

    /// The weight of each need for a node; 0 where it does not count, or where nobody meets it.
    pub(crate) fn weights(&self, ground: &Ground<'_>, index: u32) -> Vec<u8> {
        let weights = self.weights_of_all(ground, index).into_iter().zip(&self.needs);
        weights.map(|(weight, need)| if need.counts { weight } else { 0 }).collect()
    }

    /// What each need weighs for a body, whether anybody meets it or not.
    pub(crate) fn weights_of_all(&self, ground: &Ground<'_>, index: u32) -> Vec<u8> {
        let snapshot = ground.snapshot;
        let said: BTreeSet<NodeIdx> = said_needs(ground, index).map(|it| it.target()).collect();
        let stage = ground.node(index).stage_id();
        let weight = |need: &Need| match said.contains(&need.idx) {
            true => CRITICAL,
            false => snapshot.schema().need_weight(stage, snapshot.node(need.idx).id()),
        };
        self.needs.iter().map(weight).collect()
    }

    /// The positions of the needs in the order in which their source lists them: that of the journey.
    pub(crate) fn in_order_of_journey(&self, snapshot: &Snapshot) -> Vec<usize> {
        let order = in_source_order(snapshot, self.needs.iter().map(|it| it.idx).collect());
        let at = |idx: NodeIdx| self.needs.iter().position(|it| it.idx == idx);
        order.into_iter().filter_map(at).collect()
    }

    /// The distance of each need from a node.
    pub(crate) fn distances_from(&self, index: u32) -> Vec<u32> {
        self.needs.iter().map(|it| it.distance[index as usize]).collect()
    }

    /// The needs that nobody in the view meets.
    pub(crate) fn without_provider(&self, ground: &Ground<'_>) -> Vec<NodeName> {
        let bare = self.needs.iter().filter(|it| it.providers.is_empty());
        bare.map(|it| it.name(ground)).collect()
    }
}

impl Need {
    fn new(ground: &Ground<'_>, idx: NodeIdx) -> Self {
        let snapshot = ground.snapshot;
        let (mut providers, mut other_answers, mut ties) = (Vec::new(), Vec::new(), Vec::new());
        for tie_idx in snapshot.in_ties(idx) {
            let tie = snapshot.tie(tie_idx);
            if tie.relation().id != MEETS_NEED || !ground.counts_tie(tie) {
                continue;
            }
            match ground.view.index_of(tie.source()) {
                Some(provider) => providers.push(provider),
                None if ground.counts_node(tie.source()) => other_answers.push(tie.source()),
                None => continue,
            }
            ties.push(tie_idx);
        }
        providers.sort_unstable();
        providers.dedup();
        other_answers.sort_unstable();
        other_answers.dedup();
        let distance = distances(&ground.view, &providers, u32::MAX);
        let counts = !providers.is_empty();
        Self { idx, providers, other_answers, ties, distance, counts }
    }

    pub(crate) fn is_provider(&self, index: u32) -> bool {
        self.providers.binary_search(&index).is_ok()
    }

    pub(crate) fn name(&self, ground: &Ground<'_>) -> NodeName {
        NodeName::of(ground.snapshot.node(self.idx))
    }

    /// The ties by which a node meets the need.
    pub(crate) fn met_by(&self, ground: &Ground<'_>, provider: u32) -> Vec<TieIdx> {
        let idx = ground.view.node(provider);
        let snapshot = ground.snapshot;
        self.ties.iter().copied().filter(|&it| snapshot.tie(it).source() == idx).collect()
    }

    /// A shortest path from a node to a provider: the one that takes the smallest id at each step.
    pub(crate) fn path_from(&self, ground: &Ground<'_>, index: u32) -> Option<Vec<u32>> {
        way_down(ground, &self.distance, index)
    }
}

/// A shortest path from a node to where distances are 0: the one that takes the smallest id at each step.
pub(crate) fn way_down(ground: &Ground<'_>, distance: &[u32], index: u32) -> Option<Vec<u32>> {
    let mut left = distance[index as usize];
    if left == UNREACHED {
        return None;
    }
    let mut path = vec![index];
    let mut at = index;
    while left > 0 {
        left -= 1;
        let neighbours = ground.view.neighbours(at).iter().copied();
        let nearer = neighbours.filter(|&it| distance[it as usize] == left);
        at = nearer.min_by(|&a, &b| ground.by_id(a, b)).expect("a nearer neighbour exists");
        path.push(at);
    }
    Some(path)
}

/// Four times a(d): whole numbers, so that gains compare exactly.
pub(crate) fn quarters(distance: u32) -> u32 {
    match distance {
        0 | 1 => 4,
        2 => 2,
        3 => 1,
        _ => 0,
    }
}

/// ACCESS from distances and weights; none if nothing counts.
pub(crate) fn access_of(distances: &[u32], weights: &[u8]) -> Option<f64> {
    let total: u32 = weights.iter().map(|&it| u32::from(it)).sum();
    let pairs = distances.iter().zip(weights);
    let reached: u32 = pairs.map(|(&distance, &it)| u32::from(it) * quarters(distance)).sum();
    (total > 0).then(|| f64::from(reached) / f64::from(4 * total))
}

/// A distance as results write it.
pub(crate) fn reached(distance: u32) -> Option<u32> {
    (distance != UNREACHED).then_some(distance)
}

/// What all rows share.
struct Context<'a> {
    ground: &'a Ground<'a>,
    searches: &'a Searches,
    ceiling: Option<(f64, u32)>,
    components: Components,
    communities: Vec<u32>,
    /// The needs in the order of the journey, by position.
    order: Vec<usize>,
}

/// The needs lost without each neighbour, by position among the needs.
struct Fragility {
    near: Vec<usize>,
    lost_without: BTreeMap<u32, Vec<usize>>,
    worst: Option<u32>,
    value: Option<f64>,
}

impl<'a> Context<'a> {
    fn new(
        ground: &'a Ground<'a>,
        searches: &'a Searches,
        run: &mut Run<'_>,
    ) -> Result<Self, Interrupted> {
        Ok(Self {
            ground,
            searches,
            ceiling: ceiling(ground, searches),
            components: components(&ground.view),
            communities: circles(ground, run)?,
            order: searches.in_order_of_journey(ground.snapshot),
        })
    }

    fn row(&self, index: u32) -> AccessRow {
        let (ground, searches) = (self.ground, self.searches);
        let node = ground.node(index);
        let weights = searches.weights(ground, index);
        let distances = searches.distances_from(index);
        let access = access_of(&distances, &weights);
        let fragility = fragility(ground, searches, &weights, index);
        let evidence = Evidence::of(ground, index);
        let n_links = ground.view.degree(index);
        let figures = StatusFigures {
            access,
            fragility: fragility.value,
            n_links,
            has_critical_far: has_critical_far(&distances, &weights),
            lacks_evidence: evidence.is_lacking(ground.day_key()),
        };
        let status = figures.status(self.ceiling.map(|(value, _)| value));
        let status = (!is_company_without_stage(node)).then_some(status);
        let needs = self.needs_of(index, &weights);
        AccessRow {
            node: ground.name(index),
            stage: node.stage_id().map(|it| ground.snapshot.schema().stage(it).id.clone()),
            status,
            access,
            ceiling: self.ceiling.map(|(value, _)| value),
            fragility: fragility.value,
            n_sources: evidence.sources.len(),
            newest_source: evidence.newest,
            n_links,
            reasons: self.reasons(index, status, &needs, &fragility),
            sentence: sentence(node.name(), &needs),
            needs,
            why: ground.question.why.then(|| self.why(&fragility, evidence)),
        }
    }

    fn needs_of(&self, index: u32, weights: &[u8]) -> Vec<NeedDistance> {
        let ground = self.ground;
        let all = self.order.iter().map(|&at| (&self.searches.needs[at], weights[at]));
        let counted = all.filter(|(need, weight)| *weight > 0 && need.counts);
        counted.map(|(need, weight)| need_distance(ground, need, weight, index)).collect()
    }

    fn reasons(
        &self,
        index: u32,
        status: Option<Status>,
        needs: &[NeedDistance],
        fragility: &Fragility,
    ) -> Vec<Reason> {
        use ReasonCode::{
            Apart, Far, FewTies, Isolated, Missing, OneBroker, SameCircle, WrongTies,
        };
        let (ground, view) = (self.ground, &self.ground.view);
        let neighbours = view.neighbours(index);
        let mut res = Vec::new();
        let mut add = |code, node: Option<NodeName>, sentence: String| {
            res.push(Reason { code, node, sentence });
        };
        match neighbours {
            [] => add(Isolated, None, without_ties(ground, index).into()),
            [one] => {
                let only = ground.node(*one).name();
                add(FewTies, None, format!("its only link is to {only}"));
            }
            _ => {}
        }
        let size_of = |component: u32| self.components.sizes[component as usize];
        let size = size_of(self.components.of[index as usize]);
        // Components are numbered from the largest on; of equal ones none is apart.
        if !neighbours.is_empty() && size < size_of(0) {
            let group = words::count(size, "body", "bodies");
            add(Apart, None, format!("in a group of {group} apart from the largest"));
        }
        if neighbours.len() > 1 && status == Some(Status::UnderConnected) {
            let links = words::count(neighbours.len(), "link", "links");
            add(WrongTies, None, format!("its {links} lead to few who meet its needs"));
        }
        for need in needs {
            let name = &need.need.name;
            match need.distance {
                Some(0..=2) => {}
                Some(3) => {
                    add(Far, Some(need.need.clone()), format!("{name}: three steps away"));
                }
                Some(steps) => {
                    let sentence = format!("{name}: {steps} steps away");
                    add(Missing, Some(need.need.clone()), sentence);
                }
                None => {
                    add(Missing, Some(need.need.clone()), format!("{name}: no path"));
                }
            }
        }
        if fragility.value.is_some_and(|it| it >= DEPENDS_ON_ONE)
            && let Some(broker) = fragility.worst
        {
            let n_lost = fragility.lost_without[&broker].len();
            let lost = match fragility.near.len() {
                1 => "its one near need".to_owned(),
                2 if n_lost == 2 => "both its near needs".to_owned(),
                n if n == n_lost => format!("all its {n} near needs"),
                n => format!("{n_lost} of its {n} near needs"),
            };
            let name = ground.node(broker).name();
            let sentence = format!("without {name} {lost} would be farther than two steps");
            add(OneBroker, Some(ground.name(broker)), sentence);
        }
        let circle = |it: &u32| self.communities[*it as usize];
        if let [first, rest @ ..] = neighbours
            && !rest.is_empty()
            && rest.iter().all(|it| circle(it) == circle(first))
        {
            let sentence = match neighbours.len() {
                2 => "both its partners are in one circle".to_owned(),
                n => format!("all its {} partners are in one circle", words::digits(n)),
            };
            add(SameCircle, None, sentence);
        }
        res.sort_by_key(|it| it.code);
        res
    }

    fn why(&self, fragility: &Fragility, evidence: Evidence) -> AccessWhy {
        let ground = self.ground;
        let names = |needs: &[usize]| {
            needs.iter().map(|&it| self.searches.needs[it].name(ground)).collect::<Vec<_>>()
        };
        let lost = fragility.lost_without.iter();
        AccessWhy {
            near_needs: names(&fragility.near),
            lost_without: lost
                .map(|(&it, needs)| LostWithout { neighbour: ground.name(it), needs: names(needs) })
                .collect(),
            sources: evidence.sources.into_iter().collect(),
        }
    }
}

/// What the status of a start-up follows from.
struct StatusFigures {
    access: Option<f64>,
    fragility: Option<f64>,
    n_links: usize,
    /// Whether a critical need is three steps away or more.
    has_critical_far: bool,
    /// Whether few sources name it, or old ones.
    lacks_evidence: bool,
}

impl StatusFigures {
    fn status(&self, ceiling: Option<f64>) -> Status {
        let is_low = match (self.access, ceiling) {
            (Some(access), Some(ceiling)) => access < ceiling / 2.0,
            _ => false,
        };
        let lacks_data = self.access.is_none() || (self.n_links <= 1 && self.lacks_evidence);
        match () {
            () if lacks_data => Status::NotEnoughData,
            () if is_low || self.has_critical_far => Status::UnderConnected,
            () if self.fragility.is_some_and(|it| it >= DEPENDS_ON_ONE) => Status::DependsOnOne,
            () => Status::Connected,
        }
    }
}

fn has_critical_far(distances: &[u32], weights: &[u8]) -> bool {
    distances.iter().zip(weights).any(|(&it, &weight)| weight == CRITICAL && it >= 3)
}

/// The status of a start-up, from what is known of it already.
pub(crate) fn status_of(
    ground: &Ground<'_>,
    searches: &Searches,
    ceiling: Option<f64>,
    index: u32,
    weights: &[u8],
    lacks_evidence: bool,
) -> Status {
    let distances = searches.distances_from(index);
    let figures = StatusFigures {
        access: access_of(&distances, weights),
        fragility: fragility_of(ground, searches, weights, index),
        n_links: ground.view.degree(index),
        has_critical_far: has_critical_far(&distances, weights),
        lacks_evidence,
    };
    figures.status(ceiling)
}

/// Whether so few or so old sources name a start-up that with one link at most nothing can be said of it.
pub(crate) fn lacks_evidence(ground: &Ground<'_>, index: u32) -> bool {
    Evidence::of(ground, index).is_lacking(ground.day_key())
}

/// The ties by which a start-up says what it needs.
pub(crate) fn said_needs<'a>(
    ground: &'a Ground<'_>,
    index: u32,
) -> impl Iterator<Item = TieRef<'a>> {
    let snapshot = ground.snapshot;
    let ties = snapshot.out_ties(ground.view.node(index)).map(|it| snapshot.tie(it));
    ties.filter(move |it| it.relation().id == NEEDS && ground.counts_tie(*it))
}

/// The distance of one need from a node, with the way there.
pub(crate) fn need_distance(
    ground: &Ground<'_>,
    need: &Need,
    weight: u8,
    index: u32,
) -> NeedDistance {
    let (snapshot, why) = (ground.snapshot, ground.question.why);
    let distance = need.distance[index as usize];
    let path = need.path_from(ground, index);
    let provider = path.as_ref().and_then(|it| it.last().copied());
    let ties = provider.filter(|_| why).map(|it| need.met_by(ground, it)).unwrap_or_default();
    NeedDistance {
        need: need.name(ground),
        weight,
        distance: reached(distance),
        nearness: f64::from(quarters(distance)) / 4.0,
        nearest_provider: provider.map(|it| ground.name(it)),
        path: path.filter(|_| why).map(|it| path_evidence(snapshot, &ground.view, &it)),
        met_by: ties.into_iter().map(|it| tie_evidence(snapshot, it)).collect(),
    }
}

/// The highest ACCESS of any node of the view with all weights 1, and the first by id to have it.
pub(crate) fn ceiling(ground: &Ground<'_>, searches: &Searches) -> Option<(f64, u32)> {
    let met: Vec<&Need> = searches.needs.iter().filter(|it| it.counts).collect();
    if met.is_empty() {
        return None;
    }
    let sum =
        |index: u32| -> u32 { met.iter().map(|it| quarters(it.distance[index as usize])).sum() };
    let mut best: Option<(u32, u32)> = None;
    for index in ground.indices() {
        let sum = sum(index);
        let is_better = best.is_none_or(|(other, at)| {
            sum > other || (sum == other && ground.by_id(index, at).is_lt())
        });
        if is_better {
            best = Some((sum, index));
        }
    }
    best.map(|(sum, at)| (f64::from(sum) / (4.0 * met.len() as f64), at))
}

/// FRAGILITY, exactly: a need is lost without *b* if every way of at most two links leads through *b*.
fn fragility(ground: &Ground<'_>, searches: &Searches, weights: &[u8], index: u32) -> Fragility {
    let mut near = Vec::new();
    let mut lost_without: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, need) in near_needs(searches, weights, index) {
        near.push(at);
        for broker in on_every_way(&ground.view, need, index).into_iter().flatten() {
            lost_without.entry(broker).or_default().push(at);
        }
    }
    let worst = lost_without.iter().max_by(|(a, lost_a), (b, lost_b)| {
        lost_a.len().cmp(&lost_b.len()).then_with(|| ground.by_id(**b, **a))
    });
    let n_lost = worst.map_or(0, |(_, lost)| lost.len());
    Fragility {
        value: (!near.is_empty()).then(|| n_lost as f64 / near.len() as f64),
        worst: worst.map(|(&it, _)| it),
        near,
        lost_without,
    }
}

/// The figure alone.
pub(crate) fn fragility_of(
    ground: &Ground<'_>,
    searches: &Searches,
    weights: &[u8],
    index: u32,
) -> Option<f64> {
    let mut n_near = 0;
    let mut n_lost: Vec<(u32, u32)> = Vec::new();
    for (_, need) in near_needs(searches, weights, index) {
        n_near += 1;
        for broker in on_every_way(&ground.view, need, index).into_iter().flatten() {
            match n_lost.iter_mut().find(|it| it.0 == broker) {
                Some((_, n)) => *n += 1,
                None => n_lost.push((broker, 1)),
            }
        }
    }
    let most = n_lost.into_iter().map(|it| it.1).max().unwrap_or(0);
    (n_near > 0).then(|| f64::from(most) / f64::from(n_near))
}

/// The needs that count and are at one link or two, by position.
fn near_needs<'a>(
    searches: &'a Searches,
    weights: &'a [u8],
    index: u32,
) -> impl Iterator<Item = (usize, &'a Need)> {
    let counted = searches.needs.iter().zip(weights).enumerate();
    let is_near = move |need: &Need| matches!(need.distance[index as usize], 1 | 2);
    counted
        .filter(move |(_, (need, weight))| **weight > 0 && is_near(need))
        .map(|it| (it.0, it.1.0))
}

/// The neighbours of a node that stand on every way of at most two links to a provider.
///
/// A way is a neighbour that meets the need, or a neighbour and one of its own that does, so no more than
/// two stand on all of them. It is enough to keep those on every way seen so far.
fn on_every_way(view: &View, need: &Need, index: u32) -> [Option<u32>; 2] {
    let neighbours = view.neighbours(index);
    let mut kept: Option<[Option<u32>; 2]> = None;
    for &contact in neighbours {
        let way = match need.distance[contact as usize] {
            0 => [Some(contact), None],
            1 => {
                let meets = |it: &u32| need.distance[*it as usize] == 0;
                let mut providers = view.neighbours(contact).iter().copied().filter(meets);
                // Of two ways behind one contact only that contact is on both.
                match (providers.next(), providers.next()) {
                    (provider, None) => [Some(contact), provider],
                    _ => [Some(contact), None],
                }
            }
            _ => continue,
        };
        let left = match kept {
            None => way,
            Some(kept) => kept.map(|it| it.filter(|it| way.contains(&Some(*it)))),
        };
        kept = Some(left);
        if left == [None; 2] {
            break;
        }
    }
    // The one who meets the need may stand behind them.
    let is_neighbour = |it: &u32| neighbours.binary_search(it).is_ok();
    kept.unwrap_or_default().map(|it| it.filter(is_neighbour))
}

/// EVIDENCE: the sources with a claim on a node or on any tie at it, whatever the floor; that somebody
/// means to introduce it to another says nothing of it.
struct Evidence {
    sources: BTreeSet<String>,
    newest: Option<PartialDate>,
}

impl Evidence {
    fn of(ground: &Ground<'_>, index: u32) -> Self {
        let (snapshot, idx) = (ground.snapshot, ground.view.node(index));
        let ties = snapshot.ties_of(idx).map(|it| snapshot.tie(it));
        let ties = ties.filter(|it| it.relation().id != INTRODUCTION).flat_map(|it| it.claims());
        let mut res = Self { sources: BTreeSet::new(), newest: None };
        let said = snapshot.node(idx).claims().chain(ties);
        // What is only supposed is no evidence.
        for claim in said.filter(|it| it.source().id != SUPPOSED) {
            res.sources.insert(claim.source().id.clone());
            res.newest = newer(res.newest, claim.source().date);
        }
        res
    }

    fn is_lacking(&self, day_key: Option<i32>) -> bool {
        self.sources.len() < SOURCES_ENOUGH || self.is_old(day_key)
    }

    /// Whether the newest source is more than 24 months before D; not if no date is known.
    fn is_old(&self, day_key: Option<i32>) -> bool {
        // Keys carry the year above nine bits, and a date stands for its last day: the end of any
        // February for the end of any other.
        let two_years = YEARS_FRESH << 9;
        self.newest.zip(day_key).is_some_and(|(it, day)| it.last_key() + two_years < day)
    }
}

fn sentence(name: &str, needs: &[NeedDistance]) -> String {
    if needs.is_empty() {
        return format!("{name} has no need in the data that anybody meets");
    }
    let n_at =
        |takes: &dyn Fn(Option<u32>) -> bool| needs.iter().filter(|it| takes(it.distance)).count();
    let n_met = n_at(&|it| matches!(it, Some(0 | 1)));
    let n_one_step = n_at(&|it| it == Some(2));
    let n_beyond = needs.len() - n_met - n_one_step;
    let met = match n_met {
        0 if n_one_step == 0 => return nobody_near(name, needs.len()),
        0 => match needs.len() {
            1 => format!("{name} works with nobody who meets its one need"),
            n => format!("{name} works with nobody who meets one of its {n} needs"),
        },
        all if all == needs.len() => format!("{name} works with a provider of every need"),
        some => {
            let needs = words::count(needs.len(), "need", "needs");
            format!("{name} works with a provider of {some} of {needs}")
        }
    };
    let mut parts = vec![met];
    if n_one_step > 0 {
        let are = if n_one_step == 1 { "is" } else { "are" };
        parts.push(format!("{n_one_step} {are} one introduction away"));
    }
    if n_beyond > 0 {
        let are = if n_beyond == 1 { "is" } else { "are" };
        parts.push(format!("{n_beyond} {are} farther or out of reach"));
    }
    parts.join("; ")
}

/// What is said where no need is met or one introduction away.
fn nobody_near(name: &str, n_needs: usize) -> String {
    let needs = match n_needs {
        1 => "its one need".to_owned(),
        n => format!("any of its {n} needs"),
    };
    format!(
        "{name} works with nobody who meets {needs}, and nobody who does is one introduction away"
    )
}

impl Status {
    /// The words that people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::UnderConnected => "under-connected",
            Self::NotEnoughData => "not enough data: check first",
            Self::DependsOnOne => "depends on one",
            Self::Connected => "connected",
        }
    }
}

/// What is said of a body without a link: that the data hold none, or that none of theirs counts.
fn without_ties(ground: &Ground<'_>, index: u32) -> &'static str {
    let snapshot = ground.snapshot;
    let node = ground.view.node(index);
    let leads_to_others = |it: &TieIdx| {
        let tie = snapshot.tie(*it);
        let other = tie.other(node);
        tie.relation().conduit && other != node && snapshot.node(other).kind().actor
    };
    match snapshot.ties_of(node).any(|it| leads_to_others(&it)) {
        true => {
            "none of its ties in the data counts here: they are of another day, less sure, or of another kind than asked for"
        }
        false => "no tie to anybody is in the data",
    }
}

impl ReasonCode {
    /// The word that results use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Isolated => "isolated",
            Self::Apart => "apart",
            Self::FewTies => "few_ties",
            Self::WrongTies => "wrong_ties",
            Self::Far => "far",
            Self::Missing => "missing",
            Self::OneBroker => "one_broker",
            Self::SameCircle => "same_circle",
        }
    }
}

impl fmt::Display for Reason {
    /// `few_ties`, `far:funding`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        self.node.iter().try_for_each(|it| write!(f, ":{}", it.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, Naive, random_graph, sparse_graph};
    use weft_graph::fixture;

    const WORKED: &str = "s:company{start_up,@report,@book} -partners_with-> h; \
        h -partners_with-> p; h -partners_with-> q; q -partners_with-> r; r -partners_with-> x; \
        p -meets_need-> t1:need; q -meets_need-> t2:need; r -meets_need-> t3:need; \
        x -meets_need-> t4:need";

    #[track_caller]
    fn check(graph: &str, status: Status, reasons: &[&str]) {
        let found = access(&fixture(graph), &Question::default(), &mut Run::default()).unwrap();
        let row = found.start_ups.iter().find(|it| it.node.id == "s").unwrap();
        let shown: Vec<String> = row.reasons.iter().map(Reason::to_string).collect();
        assert_eq!(
            (row.status, shown),
            (Some(status), reasons.iter().map(|&it| it.into()).collect())
        );
    }

    #[test]
    fn the_worked_case_of_the_definition_holds() {
        let question = Question { why: true, ..Question::default() };
        let found = access(&fixture(WORKED), &question, &mut Run::default()).unwrap();
        let row = &found.start_ups[0];
        let distances: Vec<_> = row.needs.iter().map(|it| it.distance).collect();
        assert_eq!(distances, [Some(2), Some(2), Some(3), Some(4)]);
        assert_eq!(row.access, Some(0.3125));
        assert_eq!(found.ceiling, Some(0.8125));
        assert_eq!(found.ceiling_at.as_ref().unwrap().id, "r");
        assert_eq!(row.fragility, Some(1.0));
        assert_eq!(row.why.as_ref().unwrap().near_needs.len(), 2);
        assert_eq!(row.why.as_ref().unwrap().lost_without[0].neighbour.id, "h");
        let reasons = ["few_ties", "far:t3", "missing:t4", "one_broker:h"];
        check(WORKED, Status::UnderConnected, &reasons);
        check(&WORKED.replace(",@book", ""), Status::NotEnoughData, &reasons);
    }

    #[test]
    fn old_sources_are_not_enough_for_one_link() {
        let graph = "s:company{start_up,@2020,@2021-06} -partners_with[@2020]-> p{@2020}; \
                     p -meets_need[@2023-06]-> t:need{@2020}";
        check(graph, Status::DependsOnOne, &["few_ties", "one_broker:p"]);
        check(
            &graph.replace("2023-06", "2023-07"),
            Status::NotEnoughData,
            &["few_ties", "one_broker:p"],
        );
    }

    #[test]
    fn the_end_of_february_is_24_months_after_the_end_of_february() {
        let graph = "s:company{start_up,@2020,@2022-02} -partners_with[@2020]-> p{@2020}; \
                     p -meets_need[@2024-02]-> t:need{@2020}";
        check(graph, Status::DependsOnOne, &["few_ties", "one_broker:p"]);
        let later = graph.replace("2024-02", "2024-03");
        check(&later, Status::NotEnoughData, &["few_ties", "one_broker:p"]);
    }

    #[test]
    fn evidence_counts_every_source_whatever_the_floor() {
        let graph = "s:company{start_up,@a} -partners_with-> p; s -supports[inferred,@b]-> p; \
                     p -meets_need-> t:need";
        let found = access(&fixture(graph), &Question::default(), &mut Run::default()).unwrap();
        assert_eq!(found.start_ups[0].n_sources, 3);
    }

    #[test]
    fn who_has_no_link_is_told_whether_the_data_hold_ties() {
        let graph = "s:company{start_up} -supports[inferred]-> p; p -meets_need-> t:need; \
                     r:company{start_up} -supports[..2019]-> p; o:company{start_up} -needs-> t; \
                     d:council{@2024}";
        let found = access(&fixture(graph), &Question::default(), &mut Run::default()).unwrap();
        let said: BTreeMap<&str, &str> = found
            .start_ups
            .iter()
            .map(|it| (it.node.id.as_str(), it.reasons[0].sentence.as_str()))
            .collect();
        let held = "none of its ties in the data counts here: they are of another day, less sure, or of another kind than asked for";
        let expected = [("o", "no tie to anybody is in the data"), ("r", held), ("s", held)];
        assert_eq!(said.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_met_and_what_is_not_is_told_in_a_sentence() {
        let says = |graph: &str, expected: &str| {
            let found = access(&fixture(graph), &Question::default(), &mut Run::default()).unwrap();
            assert_eq!(found.start_ups[0].sentence, expected);
        };
        let alone = "s:company{start_up}; p:council -meets_need-> t:need";
        says(
            alone,
            "s works with nobody who meets its one need, and nobody who does is one introduction away",
        );
        let two = format!("{alone}; p -meets_need-> u:need");
        says(
            &two,
            "s works with nobody who meets any of its 2 needs, and nobody who does is one introduction away",
        );
        let near = format!("{two}; s -partners_with-> b; b -partners_with-> p");
        says(
            &near,
            "s works with nobody who meets one of its 2 needs; 2 are one introduction away",
        );
        let met = format!("{two}; s -partners_with-> q; q:council -meets_need-> t");
        says(&met, "s works with a provider of 1 of 2 needs; 1 is farther or out of reach");
    }

    #[test]
    fn a_critical_need_out_of_reach_is_under_connected_whatever_the_rest() {
        let graph = "s:company{start_up,@a,@b} -partners_with-> p; s -partners_with-> q; \
                     p -meets_need-> t:need; q -meets_need-> t; q -meets_need-> u:need; \
                     p -meets_need-> u; r:council -meets_need-> v:need";
        let far = ["wrong_ties", "missing:v", "same_circle"];
        check(graph, Status::Connected, &far[1..]);
        check(&format!("{graph}; s -needs-> v"), Status::UnderConnected, &far);
    }

    #[test]
    fn needs_that_nobody_meets_are_gaps_of_the_ecosystem() {
        let found = access(
            &fixture("s:company{start_up}; t:need"),
            &Question::default(),
            &mut Run::default(),
        )
        .unwrap();
        assert_eq!(found.needs_without_provider[0].id, "t");
        assert_eq!((found.ceiling, found.start_ups[0].access), (None, None));
        assert_eq!(found.start_ups[0].status, Some(Status::NotEnoughData));
    }

    #[test]
    fn companies_without_a_stage_have_figures_and_no_status() {
        let found = access(
            &fixture(
                "s:company -partners_with-> p; p -meets_need-> t:need; e:company{established}",
            ),
            &Question::default(),
            &mut Run::default(),
        )
        .unwrap();
        assert!(found.start_ups.is_empty());
        let row = &found.companies_without_stage[0];
        assert_eq!((row.access, row.fragility, row.status), (Some(1.0), Some(1.0), None));
        assert_eq!(found.basis.n_companies_without_stage, 1);
    }

    #[test]
    fn figures_and_status_are_those_of_the_definitions_written_naively() {
        let mut dice = Dice(7);
        let (mut n_rows, mut n_fragile, mut seen) = (0, 0, BTreeSet::new());
        let mut codes = BTreeSet::new();
        for round in 0..10_000 {
            let snapshot = match round % 4 {
                0 => sparse_graph(&mut dice),
                _ => random_graph(&mut dice),
            };
            let found = access(&snapshot, &Question::default(), &mut Run::default()).unwrap();
            let day = found.basis.as_of.unwrap().last_key();
            let naive = Naive::new(&snapshot, day);
            assert_eq!(found.ceiling, naive.ceiling());
            let circles = Circles::of(&snapshot, &naive);
            for row in found.start_ups.iter().chain(&found.companies_without_stage) {
                n_rows += 1;
                let s = naive.position(&row.node.id);
                assert_eq!(row.access, naive.access(s));
                let fragility = naive.fragility(s);
                assert_eq!(row.fragility, fragility, "{}", row.node.id);
                n_fragile += usize::from(fragility.is_some_and(|it| it > 0.0 && it < 1.0));
                let (n_sources, newest) = naive.evidence(s);
                assert_eq!((row.n_sources, row.newest_source), (n_sources, newest));
                let reasons: Vec<String> = row.reasons.iter().map(Reason::to_string).collect();
                let expected = naive_reasons(&naive, &circles, s, row.status, fragility);
                assert_eq!(reasons.iter().collect::<BTreeSet<_>>(), expected.iter().collect());
                assert_eq!(reasons.len(), expected.len(), "no reason stands twice");
                codes.extend(row.reasons.iter().map(|it| it.code));
                let Some(status) = row.status else { continue };
                let expected = naive.status(s);
                assert_eq!(status, expected, "{}", row.node.id);
                seen.insert(status);
            }
        }
        assert!(n_rows > 3_000 && n_fragile > 150, "{n_rows} rows, {n_fragile} partly fragile");
        assert_eq!(seen.len(), 4, "{seen:?}");
        assert_eq!(codes.len(), 8, "{codes:?}");
    }

    /// The community of each node (chance with a seed finds it, so it is taken from the same search), and
    /// the size of its component.
    struct Circles(Vec<u32>, Vec<usize>);

    impl Circles {
        fn of(snapshot: &Snapshot, naive: &Naive<'_>) -> Self {
            let ground = Ground::conduit(snapshot, &Question::default());
            let of = circles(&ground, &mut Run::default()).unwrap();
            let at = |idx: &NodeIdx| of[ground.view.index_of(*idx).unwrap() as usize];
            let size = |it: usize| naive.distances(it, None).iter().flatten().count();
            let sizes = (0..naive.nodes.len()).map(size).collect();
            Self(naive.nodes.iter().map(at).collect(), sizes)
        }
    }

    /// All reasons that hold for a node, by their definitions.
    fn naive_reasons(
        naive: &Naive<'_>,
        circles: &Circles,
        s: usize,
        status: Option<Status>,
        fragility: Option<f64>,
    ) -> Vec<String> {
        let n = naive.nodes.len();
        let neighbours: Vec<usize> = (0..n).filter(|&it| naive.linked[s][it]).collect();
        let mut res: Vec<String> = Vec::new();
        let is_apart = circles.1[s] < *circles.1.iter().max().unwrap();
        let is_under = status == Some(Status::UnderConnected);
        let is_one_circle = neighbours.iter().all(|it| circles.0[*it] == circles.0[neighbours[0]]);
        for (holds, word) in [
            (neighbours.is_empty(), "isolated"),
            (!neighbours.is_empty() && is_apart, "apart"),
            (neighbours.len() == 1, "few_ties"),
            (neighbours.len() > 1 && is_under, "wrong_ties"),
            (neighbours.len() > 1 && is_one_circle, "same_circle"),
        ] {
            res.extend(holds.then(|| word.to_owned()));
        }
        let met = naive.providers.iter().filter(|(_, it)| it.contains(&true));
        let needs = naive.needs_from(s, None);
        for ((need, _), distance) in met.zip(&needs) {
            let id = naive.snapshot.node(*need).id();
            match distance {
                Some(0..=2) => {}
                Some(3) => res.push(format!("far:{id}")),
                _ => res.push(format!("missing:{id}")),
            }
        }
        let lost = |b: &usize| {
            let without = naive.needs_from(s, Some(*b));
            let near = needs.iter().zip(&without).filter(|it| matches!(it.0, Some(1 | 2)));
            near.filter(|it| it.1.is_none_or(|d| d > 2)).count()
        };
        if fragility.is_some_and(|it| it >= 0.8) {
            let id = |it: &usize| naive.snapshot.node(naive.nodes[*it]).id();
            let most = neighbours.iter().map(lost).max().unwrap();
            let worst = neighbours.iter().filter(|it| lost(it) == most).map(id).min().unwrap();
            res.push(format!("one_broker:{worst}"));
        }
        res
    }
}
