//! Gaps: needs that nobody or one body meets, needs that start-ups do not reach, ties that are missing,
//! single points of failure, and data that are thin.
//!
//! Each item carries its evidence. Suspected duplicates are an argument: which names are alike is not
//! known here. Holes between groups are a finding of their own, [`holes`](crate::ecosystem::holes).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_graph::{ClaimRef, Family, NodeIdx, Snapshot};

use crate::ecosystem::access::{Need, Searches, reached};
use crate::ecosystem::bridges::{MissingBridges, missing_bridges};
use crate::ecosystem::critical::{CutOff, critical};
use crate::ecosystem::evidence::{
    NodeEvidence, NodeName, TieEvidence, node_evidence, tie_evidence,
};
use crate::ecosystem::question::{Basis, Ground, Question, is_start_up};
use crate::ecosystem::words;

/// A need that at most this many bodies meet is a gap.
const FEW_PROVIDERS: usize = 1;
/// From this many links on a need is out of a start-up's reach.
const UNREACHED_FROM: u32 = 3;
/// The relation from a node to its place.
const LOCATED_IN: &str = "located_in";
/// The relation from a place to a larger one.
const PART_OF: &str = "part_of";
/// How many ties that are missing are listed.
const BRIDGES: usize = 10;
/// The most records that a list of thin data names; all are counted.
const THIN_NAMED: usize = 1_000;

/// Two nodes that may be one.
#[derive(Clone, Debug, PartialEq)]
pub struct SuspectedDuplicate {
    /// One.
    pub a: NodeIdx,
    /// The other.
    pub b: NodeIdx,
    /// Why they are suspected.
    pub reason: String,
}

/// The answer to `gaps`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Gaps {
    /// What it rests on.
    pub basis: Basis,
    /// How many needs the data name.
    pub n_needs: usize,
    /// How many bodies of the view are known to be start-ups.
    pub n_start_ups: usize,
    /// Needs that nobody or one body meets, in the order of the needs.
    pub missing_provider: Vec<MissingProvider>,
    /// Needs at three steps or more, by all start-ups, place and sector; the largest shares first.
    pub unreached_need: Vec<UnreachedNeed>,
    /// The ties between two others that would help start-ups most.
    pub missing_bridge: MissingBridges,
    /// Bodies without which others are cut off, most of them first.
    pub single_point_of_failure: Vec<CutOff>,
    /// What rests on little.
    pub thin_data: ThinData,
}

impl Gaps {
    /// What it means if no need is missing a provider.
    pub fn none_missing(&self) -> &'static str {
        match self.n_needs {
            0 => NO_NEEDS,
            _ => "every need is met by two bodies or more",
        }
    }

    /// What it means if no need is out of reach.
    pub fn none_unreached(&self) -> &'static str {
        nothing_known(self.n_needs, self.n_met(), self.n_start_ups).unwrap_or(
            "every start-up is within two links of a body that meets it, for each need that is met",
        )
    }

    /// How many needs somebody meets.
    fn n_met(&self) -> usize {
        self.n_needs - self.missing_provider.iter().filter(|it| it.n_providers == 0).count()
    }

    /// What it means if there is no missing bridge.
    pub fn no_bridge(&self) -> &'static str {
        nothing_known(self.n_needs, self.n_met(), self.n_start_ups)
            .unwrap_or("no tie between two others would bring a start-up nearer to a need")
    }
}

const NO_NEEDS: &str = "the data name no need, so it cannot be told who lacks what";
const NO_PROVIDERS: &str =
    "nobody in the data meets any need, so it cannot be told who is nearer to one";
const NO_START_UPS: &str =
    "nobody is known to be a start-up, so it cannot be told what start-ups lack";

/// Why nothing can be said of start-ups and their needs, if there are none of either in the data, or
/// nobody who meets a need.
pub(crate) fn nothing_known(
    n_needs: usize,
    n_met: usize,
    n_start_ups: usize,
) -> Option<&'static str> {
    match (n_needs, n_met, n_start_ups) {
        (0, ..) => Some(NO_NEEDS),
        (_, 0, _) => Some(NO_PROVIDERS),
        (.., 0) => Some(NO_START_UPS),
        _ => None,
    }
}

/// A need that nobody or one body meets.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct MissingProvider {
    /// The need.
    pub need: NodeName,
    /// How many bodies of the view meet it: 0 or 1.
    pub n_providers: usize,
    /// Who.
    pub providers: Vec<NodeName>,
    /// Others that the data name as an answer and that do not act: products, collectives, places.
    pub other_answers: Vec<NodeName>,
    /// In words.
    pub sentence: String,
    /// The ties that say so.
    pub ties: Vec<TieEvidence>,
}

/// The share of start-ups of a group for whom a need is three steps away or more.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct UnreachedNeed {
    /// The need.
    pub need: NodeName,
    /// `all`, `place` or `sector`.
    pub group_by: &'static str,
    /// The place by id, or the sector.
    pub group: Option<String>,
    /// The name that people read.
    pub group_name: Option<String>,
    /// Start-ups of the group for which the need counts.
    pub n_start_ups: usize,
    /// Those of them at three steps or more, or without a path.
    pub n_unreached: usize,
    /// The one by the other.
    pub share: f64,
    /// Each of the group with its distance.
    pub start_ups: Vec<StartUpDistance>,
    /// In words.
    pub sentence: String,
}

/// How far a start-up is from a need.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct StartUpDistance {
    /// The start-up.
    pub node: NodeName,
    /// Links to the nearest provider; none without a path.
    pub distance: Option<u32>,
}

/// What rests on little.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ThinData {
    /// Nodes of the view that rest on one statement: one place in one source.
    pub nodes_with_one_claim: Thin<NodeEvidence>,
    /// Ties of the view that rest on one statement.
    pub ties_with_one_claim: Thin<TieEvidence>,
    /// Nodes without a date.
    pub undated_nodes: Thin<NodeName>,
    /// Ties without a date.
    pub undated_ties: Thin<TieEvidence>,
    /// Pairs of nodes that may be one.
    pub suspected_duplicates: Vec<Duplicate>,
}

/// Records of one sort, all counted and the first of them named.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Thin<T> {
    /// How many.
    pub n: usize,
    /// Of how many.
    pub n_of: usize,
    /// Which, at most 1,000.
    pub records: Vec<T>,
}

/// Two nodes that may be one.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// One.
    pub a: NodeName,
    /// The other.
    pub b: NodeName,
    /// Why they are suspected.
    pub reason: String,
}

/// Returns five of the six lists of gaps of the conduit view; the sixth is
/// [`holes`](crate::ecosystem::holes).
///
/// O(needs × (n + m)), the second neighbours of each start-up, and the lists.
pub fn gaps(snapshot: &Snapshot, question: &Question, suspected: &[SuspectedDuplicate]) -> Gaps {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    Gaps {
        basis: ground.basis(),
        n_needs: searches.needs.len(),
        n_start_ups: ground.indices().filter(|&it| is_start_up(ground.node(it))).count(),
        missing_provider: missing_providers(&ground, &searches),
        unreached_need: unreached_needs(&ground, &searches),
        missing_bridge: missing_bridges(&ground, &searches, BRIDGES),
        single_point_of_failure: critical(snapshot, question).rows,
        thin_data: thin_data(&ground, suspected),
    }
}

fn missing_providers(ground: &Ground<'_>, searches: &Searches) -> Vec<MissingProvider> {
    let few = searches.needs.iter().filter(|it| it.providers.len() <= FEW_PROVIDERS);
    few.map(|it| missing_provider(ground, it)).collect()
}

fn missing_provider(ground: &Ground<'_>, need: &Need) -> MissingProvider {
    let snapshot = ground.snapshot;
    let providers = ground.names(&need.providers);
    let others: Vec<NodeName> =
        need.other_answers.iter().map(|&it| NodeName::of(snapshot.node(it))).collect();
    let name = snapshot.node(need.idx).name();
    let mut sentence = match providers.first() {
        None => format!("nobody in the data meets the need for {name}"),
        Some(only) => format!("only {} is named as meeting the need for {name}", only.name),
    };
    if !others.is_empty() {
        let names = words::list(others.iter().map(|it| it.name.as_str()));
        sentence.push_str(&format!("; also named, but not as somebody to meet: {names}"));
    }
    MissingProvider {
        need: need.name(ground),
        n_providers: providers.len(),
        providers,
        other_answers: others,
        sentence,
        ties: need.ties.iter().map(|&it| tie_evidence(snapshot, it)).collect(),
    }
}

/// A group of start-ups: all, those in a place, those of a sector.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    All,
    Place(NodeIdx),
    Sector(String),
}

fn unreached_needs(ground: &Ground<'_>, searches: &Searches) -> Vec<UnreachedNeed> {
    let start_ups: Vec<u32> = ground.indices().filter(|&it| is_start_up(ground.node(it))).collect();
    let mut groups: BTreeMap<Group, Vec<(u32, Vec<u8>)>> = BTreeMap::new();
    for &index in &start_ups {
        let weights = searches.weights(ground, index);
        let sectors = ground.node(index).sectors().iter().cloned().map(Group::Sector);
        let places = places_of(ground, ground.view.node(index)).into_iter().map(Group::Place);
        for group in std::iter::once(Group::All).chain(places).chain(sectors) {
            groups.entry(group).or_default().push((index, weights.clone()));
        }
    }
    let mut res = Vec::new();
    for (group, members) in &groups {
        for (at, need) in searches.needs.iter().enumerate() {
            let counted = members.iter().filter(|(_, weights)| weights[at] > 0);
            let indices: Vec<u32> = counted.map(|&(index, _)| index).collect();
            res.extend(unreached_need(ground, need, group, &indices));
        }
    }
    // Stable: within one share the order of the groups and of the needs stays.
    res.sort_by(|a, b| {
        let rank = |it: &UnreachedNeed| it.group_by != "all";
        rank(a).cmp(&rank(b)).then(b.share.total_cmp(&a.share))
    });
    res
}

fn unreached_need(
    ground: &Ground<'_>,
    need: &Need,
    group: &Group,
    start_ups: &[u32],
) -> Option<UnreachedNeed> {
    let distance = |index: u32| need.distance[index as usize];
    let n_unreached = start_ups.iter().filter(|&&it| distance(it) >= UNREACHED_FROM).count();
    if n_unreached == 0 {
        return None;
    }
    let (group_by, group, group_name) = match group {
        Group::All => ("all", None, None),
        Group::Place(place) => {
            let place = ground.snapshot.node(*place);
            ("place", Some(place.id().to_owned()), Some(place.name().to_owned()))
        }
        Group::Sector(sector) => ("sector", Some(sector.clone()), Some(sector.clone())),
    };
    let place = group_name.as_ref().map(|it| format!(" in {it}")).unwrap_or_default();
    let name = ground.snapshot.node(need.idx).name();
    let (of, are) = match (n_unreached, start_ups.len()) {
        (1, 1) => ("the only start-up".to_owned(), "is"),
        (2, 2) => ("both start-ups".to_owned(), "are"),
        (n, all) if n == all => (format!("all {} start-ups", words::digits(all)), "are"),
        (1, all) => (format!("1 of {} start-ups", words::digits(all)), "is"),
        (n, all) => (format!("{} of {} start-ups", words::digits(n), words::digits(all)), "are"),
    };
    Some(UnreachedNeed {
        need: need.name(ground),
        group_by,
        group,
        group_name,
        n_start_ups: start_ups.len(),
        n_unreached,
        share: n_unreached as f64 / start_ups.len() as f64,
        sentence: format!("{of}{place} {are} three steps or more from anybody who meets {name}"),
        start_ups: start_ups
            .iter()
            .map(|&it| StartUpDistance { node: ground.name(it), distance: reached(distance(it)) })
            .collect(),
    })
}

/// The places of a node, and the larger ones that they are part of.
pub(crate) fn places_of(ground: &Ground<'_>, idx: NodeIdx) -> Vec<NodeIdx> {
    let snapshot = ground.snapshot;
    let steps = |from: NodeIdx, relation: &'static str| {
        let ties = snapshot.out_ties(from).map(|it| snapshot.tie(it));
        ties.filter(move |it| it.relation().id == relation && ground.counts_tie(*it))
            .map(|it| it.target())
            .filter(|&it| {
                snapshot.node(it).kind().family == Family::Place && ground.counts_node(it)
            })
    };
    let mut res: Vec<NodeIdx> = Vec::new();
    let mut waiting: Vec<NodeIdx> = steps(idx, LOCATED_IN).collect();
    while let Some(place) = waiting.pop() {
        if !res.contains(&place) {
            res.push(place);
            waiting.extend(steps(place, PART_OF).chain(steps(place, LOCATED_IN)));
        }
    }
    res.sort_unstable();
    res
}

fn thin_data(ground: &Ground<'_>, suspected: &[SuspectedDuplicate]) -> ThinData {
    let (snapshot, view) = (ground.snapshot, &ground.view);
    let ties = || (0..view.m() as u32).flat_map(|it| view.ties(it)).copied();
    let nodes = || ground.indices().map(|it| ground.node(it));
    let name = |idx| NodeName::of(snapshot.node(idx));
    ThinData {
        nodes_with_one_claim: Thin::of(
            nodes().filter(|it| n_statements(it.claims()) == 1),
            view.n(),
            node_evidence,
        ),
        ties_with_one_claim: Thin::of(
            ties().filter(|&it| n_statements(snapshot.tie(it).claims()) == 1),
            view.n_ties(),
            |it| tie_evidence(snapshot, it),
        ),
        undated_nodes: Thin::of(
            nodes().filter(|it| it.valid_from().is_none() && it.valid_to().is_none()),
            view.n(),
            NodeName::of,
        ),
        undated_ties: Thin::of(
            ties().filter(|&it| {
                let tie = snapshot.tie(it);
                tie.valid_from().is_none() && tie.valid_to().is_none()
            }),
            view.n_ties(),
            |it| tie_evidence(snapshot, it),
        ),
        suspected_duplicates: suspected
            .iter()
            .map(|it| Duplicate { a: name(it.a), b: name(it.b), reason: it.reason.clone() })
            .collect(),
    }
}

/// How many places in sources support a record: two claims of one sentence are one statement.
fn n_statements<'a>(claims: impl Iterator<Item = ClaimRef<'a>>) -> usize {
    let support = claims.filter(|it| it.denial().is_none());
    support
        .map(|it| (it.source().id.clone(), it.locator().to_owned()))
        .collect::<BTreeSet<_>>()
        .len()
}

impl<T> Thin<T> {
    fn of<R>(records: impl Iterator<Item = R>, n_of: usize, open: impl Fn(R) -> T) -> Self {
        let mut res = Self { n: 0, n_of, records: Vec::new() };
        for record in records {
            res.n += 1;
            if res.records.len() < THIN_NAMED {
                res.records.push(open(record));
            }
        }
        res
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, Naive, placed, random_graph, sparse_graph};
    use weft_graph::fixture;

    #[test]
    fn providers_and_reach_are_those_of_the_definitions_written_naively() {
        let mut dice = Dice(17);
        let (mut n_missing, mut n_unreached, mut n_in_groups) = (0, 0, 0);
        for round in 0..10_000 {
            let graph =
                if round % 2 == 0 { random_graph(&mut dice) } else { sparse_graph(&mut dice) };
            let snapshot = placed(&mut dice, &graph);
            let day = "2024".parse().ok();
            let question = Question { as_of: day, ..Question::default() };
            let naive = Naive::new(&snapshot, day.unwrap().last_key());
            let ground = Ground::conduit(&snapshot, &question);
            let searches = Searches::new(&ground);
            let missing = missing_providers(&ground, &searches);
            let unreached = unreached_needs(&ground, &searches);
            let mut groups: BTreeMap<(&str, Option<&str>), Vec<usize>> = BTreeMap::new();
            for s in 0..naive.nodes.len() {
                let node = snapshot.node(naive.nodes[s]);
                if !is_start_up(node) {
                    continue;
                }
                groups.entry(("all", None)).or_default().push(s);
                for place in naive.places(s) {
                    groups.entry(("place", Some(place))).or_default().push(s);
                }
                for sector in node.sectors() {
                    groups.entry(("sector", Some(sector.as_str()))).or_default().push(s);
                }
            }
            let mut n_expected = 0;
            let distances: Vec<_> =
                (0..naive.nodes.len()).map(|it| naive.distances(it, None)).collect();
            for (need, meets) in &naive.providers {
                let id = snapshot.node(*need).id();
                let who = (0..meets.len()).filter(|&it| meets[it]).map(|it| naive.nodes[it]);
                let who: BTreeSet<&str> = who.map(|it| snapshot.node(it).id()).collect();
                let row = missing.iter().find(|it| it.need.id == id);
                assert_eq!(row.is_some(), who.len() < 2);
                if let Some(row) = row {
                    n_missing += 1;
                    let listed = row.providers.iter().map(|it| it.id.as_str());
                    assert_eq!(
                        (listed.collect::<BTreeSet<_>>(), row.n_providers),
                        (who.clone(), who.len())
                    );
                }
                if who.is_empty() {
                    assert!(unreached.iter().all(|it| it.need.id != id), "a gap of the ecosystem");
                    continue;
                }
                for ((by, group), members) in &groups {
                    let nearest = |&s: &usize| {
                        let ways = (0..meets.len()).filter(|&it| meets[it]);
                        ways.filter_map(|it| distances[s][it]).min()
                    };
                    let far =
                        members.iter().filter(|it| nearest(it).is_none_or(|it| it > 2)).count();
                    let row = unreached.iter().find(|it| {
                        (it.need.id.as_str(), it.group_by, it.group.as_deref()) == (id, by, *group)
                    });
                    assert_eq!(row.map_or(0, |it| it.n_unreached), far);
                    if let Some(row) = row {
                        n_expected += 1;
                        n_in_groups += usize::from(row.group.is_some());
                        assert_eq!(row.n_start_ups, members.len());
                        assert_eq!(row.share, far as f64 / members.len() as f64);
                        let listed = row.start_ups.iter().map(|it| it.distance);
                        assert!(listed.eq(members.iter().map(nearest)));
                    }
                }
            }
            assert_eq!(unreached.len(), n_expected);
            n_unreached += n_expected;
        }
        assert!(n_missing > 5_000 && n_unreached > 5_000 && n_in_groups > 2_000);
    }

    const GRAPH: &str = "s:company{idea} -partners_with-> h; h -partners_with-> i; \
        i -partners_with-> p; p -meets_need-> t:need; p -meets_need-> v:need; h -meets_need-> v; \
        u:need; d:product -meets_need-> u; leeds:place -part_of-> wy:place; \
        s -located_in-> leeds; r:company{scale_up} -located_in-> wy; r -funds[2020..]-> p";

    #[track_caller]
    fn check(graph: &str, sentences: &[&str]) {
        let found = gaps(&fixture(graph), &Question::default(), &[]);
        let missing = found.missing_provider.iter().map(|it| it.sentence.as_str());
        let unreached = found.unreached_need.iter().map(|it| it.sentence.as_str());
        assert_eq!(missing.chain(unreached).collect::<Vec<_>>(), sentences);
    }

    #[test]
    fn needs_with_one_provider_or_none_and_needs_out_of_reach_are_gaps() {
        check(
            GRAPH,
            &[
                "only p is named as meeting the need for t",
                "nobody in the data meets the need for u; also named, but not as somebody to meet: d",
                "1 of 2 start-ups is three steps or more from anybody who meets t",
                "the only start-up in leeds is three steps or more from anybody who meets t",
                "1 of 2 start-ups in wy is three steps or more from anybody who meets t",
            ],
        );
    }

    #[test]
    fn a_share_follows_from_the_distances_listed() {
        let found = gaps(&fixture(GRAPH), &Question::default(), &[]);
        for row in &found.unreached_need {
            let far =
                row.start_ups.iter().filter(|it| it.distance.is_none_or(|it| it >= 3)).count();
            assert_eq!((far, row.start_ups.len()), (row.n_unreached, row.n_start_ups));
            assert_eq!(row.share, far as f64 / row.start_ups.len() as f64);
        }
    }

    #[test]
    fn two_claims_of_one_sentence_are_one_statement() {
        let snapshot = fixture("a:council{@x,@x} -hosts[@x,@y]-> b:facility{@x,@y}");
        let thin = gaps(&snapshot, &Question::default(), &[]).thin_data;
        assert_eq!((thin.nodes_with_one_claim.n, thin.ties_with_one_claim.n), (1, 0));
    }

    #[test]
    fn thin_data_are_counted_and_named() {
        let snapshot = fixture("a:council{@x,@y,2019..} -hosts[@x,@y]-> b:facility; a -funds-> b");
        let node = |id: &str| snapshot.find_node(id).unwrap();
        let reason = "alike".to_owned();
        let pair = SuspectedDuplicate { a: node("a"), b: node("b"), reason };
        let thin = gaps(&snapshot, &Question::default(), &[pair]).thin_data;
        assert_eq!((thin.nodes_with_one_claim.n, thin.nodes_with_one_claim.n_of), (1, 2));
        assert_eq!(thin.ties_with_one_claim.records[0].id, "a--funds--b");
        assert_eq!((thin.undated_nodes.n, thin.undated_ties.n), (1, 2));
        assert_eq!(thin.suspected_duplicates[0].b.id, "b");
    }

    #[test]
    fn nothing_is_said_to_be_met_where_nothing_is_known() {
        let said = |graph: &str| {
            let found = gaps(&fixture(graph), &Question::default(), &[]);
            [found.none_missing(), found.none_unreached(), found.no_bridge()]
        };
        assert_eq!(said("a -partners_with-> b"), [NO_NEEDS; 3]);
        let met = "p -meets_need-> n:need; q -meets_need-> n; p -partners_with-> q";
        let expected = ["every need is met by two bodies or more", NO_START_UPS, NO_START_UPS];
        assert_eq!(said(met), expected);
    }
}
