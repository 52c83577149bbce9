//! Introductions: whom a start-up should meet, who can introduce them, and what it would change.
//!
//! The gain of meeting *p* is exact and needs no search of its own: d' = min(d, 1 + d from *p*).
//! Two lists, never one blended: *ready now* (a shared contact can introduce) and *most useful*.
//! Each is chosen one at a time, the next one by what it adds to those above it.

use std::cell::OnceCell;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{PageRankOptions, page_rank};
use weft_graph::{Certainty, NodeIdx, NodeRef, Snapshot, TieIdx, UNREACHED, distances};
use weft_value::PartialDate;

use crate::ecosystem::Error;
use crate::ecosystem::access::{
    Need, NeedDistance, Searches, access_of, need_distance, quarters, reached,
};
use crate::ecosystem::evidence::{
    NodeName, PathEvidence, TieEvidence, path_evidence, strength, tie_evidence,
};
use crate::ecosystem::ledger::Standing;
use crate::ecosystem::prospects::{Prospects, Seeker, Wanted, Worth, asks_not_to_be_introduced};
use crate::ecosystem::question::{
    Basis, Ground, Question, is_company_without_stage, is_start_up, newer,
};
use crate::ecosystem::words;

/// The kind of a network or partnership.
const NETWORK: &str = "partnership";

/// What the user asks of the lists.
#[derive(Clone, Debug, PartialEq)]
pub struct IntroduceOptions {
    /// How many cards a list has at most.
    pub n_cards: usize,
    /// Whom not to introduce, beside those whose property `introduce` is `no`.
    pub not: Vec<NodeIdx>,
}

/// The answer to `introduce X`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Introductions {
    /// What it rests on.
    pub basis: Basis,
    /// Who is to be introduced.
    pub node: NodeName,
    /// ACCESS today.
    pub access: Option<f64>,
    /// Its needs and how far they are.
    pub needs: Vec<NeedDistance>,
    /// How many bodies would raise its ACCESS.
    pub n_candidates: usize,
    /// Those with a shared contact, by gain.
    pub ready_now: Vec<Card>,
    /// All, by gain.
    pub most_useful: Vec<Card>,
    /// For each need at three steps or more, the nearest provider.
    pub nearest_providers: Vec<NearestProvider>,
    /// Needs that nobody in the view meets: gaps of the ecosystem.
    pub needs_without_provider: Vec<NodeName>,
    /// Needs at three steps or more of whose providers nobody may be introduced, or not again.
    pub needs_without_introduction: Vec<NodeName>,
    /// Whom it is to meet already: proposed or accepted, and not proposed again.
    pub in_hand: Vec<NodeName>,
    /// Whom it shall not meet: one side declined.
    pub declined: Vec<NodeName>,
    /// What a reader must know first: that it is no start-up, or that its stage is not known.
    pub note: Option<String>,
    /// The lists in a sentence.
    pub sentence: String,
}

/// One introduction.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Card {
    /// Whom to meet.
    pub to: NodeName,
    /// "Ask H to introduce S to P, who meets funding".
    pub sentence: String,
    /// The needs that come nearer, those that `to` meets itself first.
    pub for_needs: Vec<NodeName>,
    /// Every need that counts, before and after.
    pub needs: Vec<NeedChange>,
    /// Links between the two today; none without a path.
    pub distance: Option<u32>,
    /// Today's path, each tie with its source and date.
    pub path: Option<PathEvidence>,
    /// Who can introduce, in the order of the path; none where nobody in the data can.
    pub brokers: Vec<Broker>,
    /// Without a path, the network or partnership nearest to `to`.
    pub ask_network: Option<NodeName>,
    /// ACCESS before.
    pub access_before: f64,
    /// ACCESS after this introduction alone.
    pub access_after: f64,
    /// After minus before.
    pub gain: f64,
    /// What it adds to the cards above it.
    pub adds: f64,
    /// 1 with a shared contact, 1/2 at three links, 1/4 farther or without a path.
    pub route: f64,
    /// Gain times route.
    pub score: f64,
    /// The load: distinct neighbours that `to` has already.
    pub n_links: usize,
    /// Evidence of fit, never part of the score.
    pub fit: Fit,
    /// What the advice rests on.
    pub confidence: Confidence,
    /// What would change it.
    pub would_change: Vec<String>,
}

/// One need before and after an introduction.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeedChange {
    /// The need.
    pub need: NodeName,
    /// Its weight.
    pub weight: u8,
    /// d before; none if there is no path.
    pub before: Option<u32>,
    /// d after.
    pub after: Option<u32>,
    /// The provider that is nearer, where it changes.
    pub provider: Option<NodeName>,
    /// The way from the one introduced to that provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathEvidence>,
    /// The ties by which it meets the need.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub met_by: Vec<TieEvidence>,
}

/// Somebody who can introduce.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Broker {
    /// Who.
    pub node: NodeName,
    /// The load: distinct neighbours.
    pub n_links: usize,
}

/// How well two bodies fit by the company they keep.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Fit {
    /// The shared contacts.
    pub shared_contacts: Vec<NodeName>,
    /// Sum over them of 1 / degree.
    pub resource_allocation: f64,
    /// Sum over them of 1 / ln degree.
    pub adamic_adar: f64,
    /// How often a walk that keeps starting again from the one passes the other.
    pub personalised_page_rank: f64,
}

/// What an advice rests on.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Confidence {
    /// The weakest certainty among the strongest tie of each step, to the one introduced and on to
    /// the providers that come nearer, and the ties by which these meet the needs.
    pub weakest: Certainty,
    /// The tie that has it.
    pub weakest_tie: Option<TieEvidence>,
    /// Distinct sources of those ties.
    pub n_sources: usize,
    /// The date of the oldest of them.
    pub oldest_source: Option<PartialDate>,
    /// The date of the newest.
    pub newest_source: Option<PartialDate>,
    /// In words.
    pub sentence: String,
}

/// Where to go for a need that is far or out of reach.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NearestProvider {
    /// The need.
    pub need: NodeName,
    /// The nearest who meets it and may be introduced; ties: lower degree, id.
    pub provider: NodeName,
    /// Links to it; none without a path.
    pub distance: Option<u32>,
    /// The path.
    pub path: Option<PathEvidence>,
    /// Without a path, the network or partnership nearest to the provider.
    pub ask_network: Option<NodeName>,
}

impl Default for IntroduceOptions {
    fn default() -> Self {
        Self { n_cards: 3, not: Vec::new() }
    }
}

/// Returns both lists of introductions for one node of the conduit view.
///
/// One search from it, and one a need: O(needs × (n + m)); then what is around it, and O(needs) a card.
///
/// # Errors
/// [`Error::NotInView`] if the node is not in the conduit view.
pub fn introduce(
    snapshot: &Snapshot,
    question: &Question,
    node: NodeIdx,
    options: &IntroduceOptions,
) -> Result<Introductions, Error> {
    let mut found = introduce_each(snapshot, question, &[node], options)?;
    Ok(found.remove(0))
}

/// As [`introduce`], for several nodes with the searches that they share.
///
/// # Errors
/// [`Error::NotInView`] if one of the nodes is not in the conduit view.
pub fn introduce_each(
    snapshot: &Snapshot,
    question: &Question,
    nodes: &[NodeIdx],
    options: &IntroduceOptions,
) -> Result<Vec<Introductions>, Error> {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    let refused = options.not.iter().filter_map(|&it| ground.view.index_of(it)).collect();
    let standing = Standing::of(&ground);
    let mut prospects = Prospects::new(&ground, &searches, &refused);
    let lists = nodes.iter().map(|&node| {
        let start = ground.must_get_index(node)?;
        let desk = Desk::new(&ground, &searches, start, &refused, &standing);
        Ok(desk.lists(&mut prospects, options.n_cards))
    });
    lists.collect()
}

/// Why the lists may not be meant for a node.
fn note(node: NodeRef<'_>) -> Option<String> {
    let name = node.name();
    match () {
        () if is_start_up(node) => None,
        () if is_company_without_stage(node) => {
            Some(format!("no source tells whether {name} is a start-up"))
        }
        () => Some(format!(
            "{name} is no start-up in the data; its needs are counted as if it were one"
        )),
    }
}

/// Everything that stays the same while the lists of one start-up are made.
pub(crate) struct Desk<'a> {
    ground: &'a Ground<'a>,
    searches: &'a Searches,
    start: u32,
    weights: Vec<u8>,
    total_weight: u32,
    before: Vec<u32>,
    /// The bodies at two links, by index.
    seconds: OnceCell<Vec<u32>>,
    /// From the start to everybody; only what is farther than three links asks for it.
    distance: OnceCell<Vec<u32>>,
    refused: &'a BTreeSet<u32>,
    standing: &'a Standing,
    closed: BTreeSet<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) index: u32,
    pub(crate) distance: u32,
    /// The gain in quarters of weight: gain = quarters / (4 × total weight).
    quarters: u32,
}

impl Candidate {
    /// Four times the route.
    fn route_quarters(&self) -> u32 {
        match self.distance {
            2 => 4,
            3 => 2,
            _ => 1,
        }
    }
}

impl<'a> Desk<'a> {
    pub(crate) fn new(
        ground: &'a Ground<'a>,
        searches: &'a Searches,
        start: u32,
        refused: &'a BTreeSet<u32>,
        standing: &'a Standing,
    ) -> Self {
        let weights = searches.weights(ground, start);
        Self {
            ground,
            searches,
            start,
            total_weight: weights.iter().map(|&it| u32::from(it)).sum(),
            weights,
            before: searches.distances_from(start),
            seconds: OnceCell::new(),
            distance: OnceCell::new(),
            refused,
            standing,
            closed: standing.closed(start),
        }
    }

    /// Whom it is not to be introduced to again.
    pub(crate) fn closed(&self) -> &BTreeSet<u32> {
        &self.closed
    }

    /// Bodies that the ledger names for it.
    fn named(&self, by_start_up: &BTreeMap<u32, BTreeSet<u32>>) -> Vec<NodeName> {
        by_start_up.get(&self.start).into_iter().flatten().map(|&it| self.ground.name(it)).collect()
    }

    fn lists(&self, prospects: &mut Prospects<'_>, n_cards: usize) -> Introductions {
        let (ground, searches) = (self.ground, self.searches);
        let seeker = Seeker::new(searches, self.start, self.weights.clone());
        let is_candidate = |&&it: &&u32| {
            prospects.may_be_met(it)
                && !self.is_linked(it)
                && it != self.start
                && self.gain_quarters(it, &self.before) > 0
        };
        let n_closed = self.closed.iter().filter(is_candidate).count();
        let n_candidates = prospects.n_raising(&seeker) - n_closed;
        let walks = match n_candidates {
            0 => Vec::new(),
            _ => page_rank(&ground.view, &[self.start], &PageRankOptions::default()),
        };
        let mut list =
            |only_ready| self.choose(prospects, seeker.clone(), only_ready, n_cards, &walks);
        let (ready_now, most_useful) = (list(true), list(false));
        let counted = searches.needs.iter().zip(&self.weights).filter(|(_, weight)| **weight > 0);
        Introductions {
            basis: ground.basis(),
            node: ground.name(self.start),
            access: access_of(&self.before, &self.weights),
            needs: counted.map(|(need, &it)| need_distance(ground, need, it, self.start)).collect(),
            n_candidates,
            nearest_providers: self.nearest_providers(),
            needs_without_provider: searches.without_provider(ground),
            needs_without_introduction: self.needs_without_introduction(),
            in_hand: self.named(&self.standing.in_hand),
            declined: self.named(&self.standing.declined),
            note: note(ground.node(self.start)),
            sentence: self.sentence(n_candidates, &ready_now, &most_useful),
            ready_now,
            most_useful,
        }
    }

    /// The fewest links from the start to a body.
    fn steps(&self, index: u32) -> u32 {
        let view = &self.ground.view;
        if index == self.start {
            return 0;
        }
        if self.is_linked(index) {
            return 1;
        }
        if view.neighbours(index).iter().any(|&it| self.is_linked(it)) {
            return 2;
        }
        if view.neighbours(index).iter().any(|&it| self.is_second(it)) {
            return 3;
        }
        let search = || distances(view, &[self.start], u32::MAX);
        self.distance.get_or_init(search)[index as usize]
    }

    fn is_linked(&self, index: u32) -> bool {
        self.ground.view.neighbours(self.start).binary_search(&index).is_ok()
    }

    fn is_second(&self, index: u32) -> bool {
        let seconds = || {
            let view = &self.ground.view;
            let contacts = view.neighbours(self.start).iter();
            let mut res: Vec<u32> = contacts.flat_map(|&it| view.neighbours(it)).copied().collect();
            res.sort_unstable();
            res.dedup();
            res.retain(|&it| it != self.start && !self.is_linked(it));
            res
        };
        self.seconds.get_or_init(seconds).binary_search(&index).is_ok()
    }

    /// A body as the cards need it.
    pub(crate) fn candidate(&self, index: u32) -> Candidate {
        let quarters = self.gain_quarters(index, &self.before);
        Candidate { index, distance: self.steps(index), quarters }
    }

    fn may_be_introduced(&self, index: u32) -> bool {
        !asks_not_to_be_introduced(self.ground, index)
            && !self.refused.contains(&index)
            && !self.closed.contains(&index)
    }

    /// What meeting `index` adds to the distances given, in quarters of weight.
    pub(crate) fn gain_quarters(&self, index: u32, now: &[u32]) -> u32 {
        let needs = self.searches.needs.iter().zip(now).zip(&self.weights);
        needs
            .map(|((need, &now), &weight)| {
                let after = now.min(need.distance[index as usize].saturating_add(1));
                u32::from(weight) * (quarters(after) - quarters(now))
            })
            .sum()
    }

    pub(crate) fn after(&self, index: u32, now: &[u32]) -> Vec<u32> {
        let needs = self.searches.needs.iter().zip(now);
        needs.map(|(need, &now)| now.min(need.distance[index as usize].saturating_add(1))).collect()
    }

    fn share(&self, quarters: u32) -> f64 {
        f64::from(quarters) / f64::from(4 * self.total_weight)
    }

    /// Chooses cards one at a time, each by what it adds to those above it.
    fn choose(
        &self,
        prospects: &mut Prospects<'_>,
        mut seeker: Seeker,
        only_ready: bool,
        n_cards: usize,
        walks: &[f64],
    ) -> Vec<Card> {
        let mut taken = self.closed.clone();
        let mut cards = Vec::new();
        while cards.len() < n_cards {
            let wanted = Wanted { n: 2, worth: Worth::Gain, adds_min: 0, only_ready };
            let found = prospects.best(&seeker, wanted, |it| !taken.contains(&it));
            let Some(best) = found.first() else { break };
            let next_best = found.get(1).map(|it| it.index);
            seeker.take(&prospects.brings(&seeker, best.index, best.route, Worth::Gain));
            taken.insert(best.index);
            let candidate = self.candidate(best.index);
            let path = self.path_to(best.index);
            let walk = walks[best.index as usize];
            cards.push(self.card(&candidate, path, best.adds, next_best, walk));
        }
        cards
    }

    pub(crate) fn card(
        &self,
        candidate: &Candidate,
        path: Option<Vec<u32>>,
        adds: u32,
        next_best: Option<u32>,
        personalised_page_rank: f64,
    ) -> Card {
        let ground = self.ground;
        let index = candidate.index;
        let before = access_of(&self.before, &self.weights).unwrap_or(0.0);
        let after = access_of(&self.after(index, &self.before), &self.weights).unwrap_or(0.0);
        let brokers: Vec<u32> = path.as_deref().map(inner).unwrap_or_default().to_vec();
        let ask_network = match path {
            Some(_) => None,
            None => self.nearest_network(index),
        };
        let needs = self.need_changes(index);
        let (rests_on, mut for_needs) = self.needs_nearer(index);
        for_needs.sort_by_key(|it| Reverse(it.is_provider(index)));
        let for_needs: Vec<NodeName> = for_needs.into_iter().map(|it| it.name(ground)).collect();
        let confidence = self.confidence(path.as_deref(), rests_on);
        let gain = self.share(candidate.quarters);
        let route = f64::from(candidate.route_quarters()) / 4.0;
        let would_change =
            self.would_change(index, &brokers, next_best, confidence.weakest_tie.as_ref());
        Card {
            to: ground.name(index),
            sentence: self.card_sentence(index, &brokers, ask_network, &for_needs),
            for_needs,
            needs,
            distance: reached(candidate.distance),
            path: path.map(|it| path_evidence(ground.snapshot, &ground.view, &it)),
            brokers: brokers.iter().map(|&it| self.broker(it)).collect(),
            ask_network: ask_network.map(|it| ground.name(it)),
            access_before: before,
            access_after: after,
            gain,
            adds: self.share(adds),
            route,
            score: gain * route,
            n_links: ground.view.degree(index),
            fit: Fit {
                shared_contacts: ground.names(&self.shared(index)),
                resource_allocation: self.shared_by(index, inverse),
                adamic_adar: self.shared_by(index, |degree| 1.0 / degree.ln()),
                personalised_page_rank,
            },
            confidence,
            would_change,
        }
    }

    fn broker(&self, index: u32) -> Broker {
        Broker { node: self.ground.name(index), n_links: self.ground.view.degree(index) }
    }

    fn need_changes(&self, index: u32) -> Vec<NeedChange> {
        let (ground, snapshot) = (self.ground, self.ground.snapshot);
        let why = ground.question.why;
        let mut res = Vec::new();
        for ((need, &before), &weight) in
            self.searches.needs.iter().zip(&self.before).zip(&self.weights)
        {
            if weight == 0 {
                continue;
            }
            let after = before.min(need.distance[index as usize].saturating_add(1));
            let path = if after < before { need.path_from(ground, index) } else { None };
            let provider = path.as_ref().and_then(|it| it.last().copied());
            let ties = provider.filter(|_| why).map(|it| need.met_by(ground, it));
            res.push(NeedChange {
                need: need.name(ground),
                weight,
                before: reached(before),
                after: reached(after),
                provider: provider.map(|it| ground.name(it)),
                path: path.filter(|_| why).map(|it| path_evidence(snapshot, &ground.view, &it)),
                met_by: ties
                    .unwrap_or_default()
                    .iter()
                    .map(|&it| tie_evidence(snapshot, it))
                    .collect(),
            });
        }
        res
    }

    /// The needs whose a(d) rises, with the ties on the way to the nearer provider and those by which it
    /// meets them.
    fn needs_nearer(&self, index: u32) -> (Vec<TieIdx>, Vec<&'a Need>) {
        let (mut ties, mut needs) = (Vec::new(), Vec::new());
        for ((need, &before), &weight) in
            self.searches.needs.iter().zip(&self.before).zip(&self.weights)
        {
            let after = before.min(need.distance[index as usize].saturating_add(1));
            if weight == 0 || quarters(after) == quarters(before) {
                continue;
            }
            needs.push(need);
            let path = need.path_from(self.ground, index).unwrap_or_default();
            ties.extend(self.strongest_on(&path));
            if let Some(&provider) = path.last() {
                ties.extend(need.met_by(self.ground, provider));
            }
        }
        (ties, needs)
    }

    /// Every way by which somebody could be introduced, the best first: through each shared contact, or
    /// each chain of two; farther away and without a path one way, on which nobody is asked.
    pub(crate) fn ways(&self, index: u32) -> Vec<Vec<u32>> {
        let ranked = |mut ways: Vec<Vec<u32>>| {
            ways.sort_by(|a, b| self.rank_ways(a, b, index));
            ways
        };
        let shared = self.shared(index);
        if !shared.is_empty() {
            return ranked(shared.into_iter().map(|it| vec![it]).collect());
        }
        let seconds = self.ground.view.neighbours(index).iter().filter(|&&it| self.is_second(it));
        let chains = seconds.flat_map(|&second| {
            self.shared(second).into_iter().map(move |first| vec![first, second])
        });
        let chains: Vec<Vec<u32>> = chains.collect();
        if chains.is_empty() { vec![Vec::new()] } else { ranked(chains) }
    }

    /// The path that a way makes; where nobody is on it today's, if there is one.
    pub(crate) fn path_along(&self, way: &[u32], index: u32) -> Option<Vec<u32>> {
        match way {
            [] => self.path_to(index),
            way => Some([&[self.start], way, &[index]].concat()),
        }
    }

    /// Today's path: through the broker, or the chain of two, of lowest degree; farther away the one
    /// that takes the smallest id at each step.
    fn path_to(&self, index: u32) -> Option<Vec<u32>> {
        let view = &self.ground.view;
        match self.steps(index) {
            UNREACHED => None,
            2 => {
                let brokers = self.shared(index).into_iter();
                let broker = brokers.min_by(|&a, &b| self.rank_ways(&[a], &[b], index))?;
                Some(vec![self.start, broker, index])
            }
            3 => {
                let nearest = |it: &&u32| self.is_second(**it);
                let mut best: Option<[u32; 2]> = None;
                for &second in view.neighbours(index).iter().filter(nearest) {
                    for first in self.shared(second) {
                        let way = [first, second];
                        if best.is_none_or(|it| self.rank_ways(&way, &it, index).is_lt()) {
                            best = Some(way);
                        }
                    }
                }
                best.map(|[first, second]| vec![self.start, first, second, index])
            }
            _ => {
                let mut path = vec![index];
                let mut at = index;
                while at != self.start {
                    let left = self.steps(at) - 1;
                    let neighbours = view.neighbours(at).iter().copied();
                    let nearer = neighbours.filter(|&it| self.steps(it) == left);
                    at = nearer.min_by(|&a, &b| self.ground.by_id(a, b))?;
                    path.push(at);
                }
                path.reverse();
                Some(path)
            }
        }
    }

    /// Who can introduce: lowest degree (a small body that knows both comes before a giant; of a
    /// chain the sum), then the newer source on the way, then ids.
    fn rank_ways(&self, a: &[u32], b: &[u32], index: u32) -> Ordering {
        let view = &self.ground.view;
        let degree = |way: &[u32]| way.iter().map(|&it| view.degree(it)).sum::<usize>();
        let ids = |way: &[u32]| way.iter().map(|&it| self.ground.id(it)).collect::<Vec<_>>();
        degree(a)
            .cmp(&degree(b))
            .then_with(|| self.newest_on(b, index).cmp(&self.newest_on(a, index)))
            .then_with(|| ids(a).cmp(&ids(b)))
    }

    fn newest_on(&self, way: &[u32], index: u32) -> Option<i32> {
        let (snapshot, view) = (self.ground.snapshot, &self.ground.view);
        let stops: Vec<u32> = [&[self.start], way, &[index]].concat();
        let links = stops.iter().zip(stops.iter().skip(1));
        let ties =
            links.filter_map(|(&a, &b)| view.link_between(a, b)).flat_map(|it| view.ties(it));
        let claims = ties.flat_map(|&it| snapshot.tie(it).claims());
        claims.filter_map(|it| it.source().date).map(PartialDate::last_key).max()
    }

    fn shared(&self, index: u32) -> Vec<u32> {
        let neighbours = self.ground.view.neighbours(index).iter().copied();
        neighbours.filter(|&it| self.is_linked(it)).collect()
    }

    /// A sum over the shared contacts; added in the order of their degrees, so that the same
    /// contacts' degrees give the same bits.
    fn shared_by(&self, index: u32, part: impl Fn(f64) -> f64) -> f64 {
        let mut degrees: Vec<usize> =
            self.shared(index).into_iter().map(|it| self.ground.view.degree(it)).collect();
        degrees.sort_unstable();
        // An empty sum of floats is -0.
        degrees.into_iter().map(|it| part(it as f64)).fold(0.0, |sum, it| sum + it)
    }

    /// The network or partnership nearest to a node, itself included; ties: id.
    fn nearest_network(&self, index: u32) -> Option<u32> {
        let ground = self.ground;
        let from = distances(&ground.view, &[index], u32::MAX);
        let networks = ground
            .indices()
            .filter(|&it| from[it as usize] != UNREACHED && ground.node(it).kind().id == NETWORK);
        networks.min_by(|&a, &b| {
            from[a as usize].cmp(&from[b as usize]).then_with(|| ground.by_id(a, b))
        })
    }

    /// The needs that count and are at three steps or more.
    fn far_needs(&self) -> impl Iterator<Item = &'a Need> {
        let needs = self.searches.needs.iter().zip(&self.before).zip(&self.weights);
        needs
            .filter(|((_, before), weight)| **weight > 0 && **before >= 3)
            .map(|((need, _), _)| need)
    }

    fn needs_without_introduction(&self) -> Vec<NodeName> {
        let far = self.far_needs();
        let closed = far.filter(|it| !it.providers.iter().any(|&it| self.may_be_introduced(it)));
        closed.map(|it| it.name(self.ground)).collect()
    }

    fn nearest_providers(&self) -> Vec<NearestProvider> {
        let ground = self.ground;
        let mut res = Vec::new();
        for need in self.far_needs() {
            let open = need.providers.iter().copied().filter(|&it| self.may_be_introduced(it));
            let nearest = open.min_by(|&a, &b| {
                let rank = |it: u32| (self.steps(it), ground.view.degree(it));
                rank(a).cmp(&rank(b)).then_with(|| ground.by_id(a, b))
            });
            let Some(provider) = nearest else { continue };
            let path = self.path_to(provider);
            let ask_network = if path.is_none() { self.nearest_network(provider) } else { None };
            res.push(NearestProvider {
                need: need.name(ground),
                provider: ground.name(provider),
                distance: reached(self.steps(provider)),
                path: path.map(|it| path_evidence(ground.snapshot, &ground.view, &it)),
                ask_network: ask_network.map(|it| ground.name(it)),
            });
        }
        res
    }

    /// The strongest tie of each step of a path.
    fn strongest_on(&self, path: &[u32]) -> Vec<TieIdx> {
        let (snapshot, view) = (self.ground.snapshot, &self.ground.view);
        let steps = path.iter().zip(path.iter().skip(1));
        let links = steps.filter_map(|(&from, &to)| view.link_between(from, to));
        links
            .filter_map(|it| view.ties(it).iter().copied().min_by_key(|&it| strength(snapshot, it)))
            .collect()
    }

    fn confidence(&self, path: Option<&[u32]>, mut ties: Vec<TieIdx>) -> Confidence {
        let snapshot = self.ground.snapshot;
        ties.extend(self.strongest_on(path.unwrap_or_default()));
        let weakest = ties.iter().copied().max_by_key(|&it| strength(snapshot, it));
        let certainty = weakest.map_or(Certainty::Stated, |it| snapshot.tie(it).certainty());
        let (mut sources, mut oldest, mut newest) = (BTreeSet::new(), None, None);
        for claim in ties.iter().flat_map(|&it| snapshot.tie(it).claims()) {
            let source = claim.source();
            sources.insert(&source.id);
            newest = newer(newest, source.date);
            oldest = match (oldest, source.date) {
                (Some(a), Some(b)) if newer(Some(a), Some(b)) == Some(a) => Some(b),
                (None, date) => date,
                (oldest, _) => oldest,
            };
        }
        let n_sources = words::count(sources.len(), "source", "sources");
        let of = if sources.len() == 1 { "of" } else { "the newest of" };
        let date = newest.map(|it| format!(", {of} {it}")).unwrap_or_default();
        let weakness = match certainty {
            Certainty::Stated => "every tie that it rests on is stated".to_owned(),
            weaker => format!("the weakest tie that it rests on is {}", weaker.as_str()),
        };
        Confidence {
            weakest: certainty,
            weakest_tie: weakest.map(|it| tie_evidence(snapshot, it)),
            n_sources: sources.len(),
            oldest_source: oldest,
            newest_source: newest,
            sentence: format!("{weakness}; {n_sources}{date}"),
        }
    }

    fn would_change(
        &self,
        index: u32,
        brokers: &[u32],
        next_best: Option<u32>,
        weakest_tie: Option<&TieEvidence>,
    ) -> Vec<String> {
        let ground = self.ground;
        let name = |it: u32| ground.node(it).name();
        let (start, to) = (name(self.start), name(index));
        let mut res = vec![format!("a tie between {start} and {to} that the data lack")];
        if let [broker] = brokers {
            let mut others = self.shared(index);
            others.retain(|it| it != broker);
            others.sort_by(|&a, &b| self.rank_ways(&[a], &[b], index));
            res.push(match others.as_slice() {
                [] => format!("a no of {}: no other shared partner is in the data", name(*broker)),
                others => {
                    let names = words::list(others.iter().map(|&it| name(it)));
                    format!("a no of {}: then ask {names}", name(*broker))
                }
            });
        }
        if let Some(tie) = weakest_tie.filter(|it| it.certainty != Certainty::Stated) {
            let certainty = tie.certainty.as_str();
            res.push(format!(
                "\u{201c}{}\u{201d} ({certainty}) turning out not to hold",
                tie.sentence
            ));
        }
        if let Some(next) = next_best {
            res.push(format!("a no of {to}: then {}", name(next)));
        }
        res
    }

    fn card_sentence(
        &self,
        index: u32,
        brokers: &[u32],
        ask_network: Option<u32>,
        for_needs: &[NodeName],
    ) -> String {
        let name = |it: u32| self.ground.node(it).name();
        let (start, to) = (name(self.start), name(index));
        let needs = words::list(for_needs.iter().map(|it| it.name.as_str()));
        let mut res = match (brokers, ask_network) {
            ([broker], _) => format!("{} can introduce {start} to {to}", name(*broker)),
            ([first, second], _) => {
                format!("{} and then {} can introduce {start} to {to}", name(*first), name(*second))
            }
            ([first, rest @ ..], _) => {
                let more = words::count(rest.len(), "more body", "more bodies");
                format!("the way from {start} to {to} leads over {} and {more}", name(*first))
            }
            ([], Some(network)) if network == index => {
                format!(
                    "nobody in the data can introduce {start} to {to}: it is a network itself, so write to it"
                )
            }
            ([], Some(network)) => {
                let network = name(network);
                format!(
                    "nobody in the data can introduce {start} to {to}: ask {network}, the nearest network"
                )
            }
            ([], None) => {
                format!("nobody in the data can introduce {start} to {to}, and no network knows it")
            }
        };
        res.push_str(&format!(" (for {needs})"));
        res
    }

    fn sentence(&self, n_candidates: usize, ready: &[Card], useful: &[Card]) -> String {
        let name = self.ground.node(self.start).name();
        if self.total_weight == 0 {
            return format!("{name} has no need in the data that anybody meets");
        }
        let Some(best) = useful.first() else {
            return format!("nobody whom {name} does not know yet would bring a need nearer");
        };
        let would = words::count(n_candidates, "body would bring", "bodies would bring");
        let first = match ready.first() {
            Some(card) if card.to == best.to => {
                format!("{} is the most useful and ready now", best.to.name)
            }
            Some(card) => {
                format!("{} is ready now, {} the most useful", card.to.name, best.to.name)
            }
            None => format!("{} is the most useful; none has a shared partner", best.to.name),
        };
        format!("{would} needs of {name} nearer; {first}")
    }
}

fn inverse(degree: f64) -> f64 {
    1.0 / degree
}

/// The stops of a path between its ends.
fn inner(path: &[u32]) -> &[u32] {
    path.get(1..path.len().saturating_sub(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{self, Dice, Naive, random_graph, sparse_graph};
    use weft_graph::fixture;

    const WORKED: &str = "s:company{start_up,@report,@book} -partners_with-> h; \
        h -partners_with-> p; h -partners_with-> q; q -partners_with-> r; r -partners_with-> x; \
        p -meets_need-> t1:need; q -meets_need-> t2:need; r -meets_need-> t3:need; \
        x -meets_need-> t4:need";

    fn lists(snapshot: &Snapshot, id: &str, not: &[&str], n_cards: usize) -> Introductions {
        let node = |id: &str| snapshot.find_node(id).unwrap();
        let options = IntroduceOptions { n_cards, not: not.iter().map(|it| node(it)).collect() };
        let question = Question { why: true, ..Question::default() };
        introduce(snapshot, &question, node(id), &options).unwrap()
    }

    #[track_caller]
    fn check(graph: &str, not: &[&str], ready: &[&str], useful: &[&str]) {
        let found = lists(&fixture(graph), "s", not, 4);
        let ids = |cards: &[Card]| cards.iter().map(|it| it.to.id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&found.ready_now), ids(&found.most_useful)), {
            let own = |ids: &[&str]| ids.iter().map(|&it| it.to_owned()).collect();
            (own(ready), own(useful))
        });
    }

    #[test]
    fn the_worked_case_of_the_definition_holds() {
        let found = lists(&fixture(WORKED), "s", &[], 3);
        let ids: Vec<&str> = found.ready_now.iter().map(|it| it.to.id.as_str()).collect();
        assert_eq!(ids, ["q", "p"]);
        let ids: Vec<&str> = found.most_useful.iter().map(|it| it.to.id.as_str()).collect();
        assert_eq!(ids, ["r", "p", "q"]);
        let all = lists(&fixture(WORKED), "s", &[], 9).most_useful;
        let figures = |id: &str| {
            let card = all.iter().find(|it| it.to.id == id).unwrap();
            (card.gain, card.score)
        };
        assert_eq!(figures("p"), (0.125, 0.125));
        assert_eq!(figures("q"), (0.25, 0.25));
        assert_eq!(figures("r"), (0.3125, 0.15625));
        assert_eq!(figures("x"), (0.3125, 0.078125));
    }

    #[test]
    fn who_asked_not_to_be_introduced_is_not() {
        check(WORKED, &["q"], &["p"], &["r", "p", "x"]);
        let known = "s:company{start_up} -partners_with-> h; h -partners_with-> c:company; \
                     h -partners_with-> d:company{start_up}; d -meets_need-> t:need";
        check(known, &[], &[], &[]);
        check(&format!("{known}; c -meets_need-> t; s -needs-> t"), &[], &["c"], &["c"]);
    }

    #[test]
    fn the_small_body_that_knows_both_is_asked_before_the_giant() {
        let graph = "s:company{start_up} -partners_with-> giant; giant -partners_with-> p; \
                     giant -hosts-> a:facility; s -partners_with-> small; small -partners_with-> p; \
                     p -meets_need-> t:need";
        let card = &lists(&fixture(graph), "s", &[], 1).ready_now[0];
        assert_eq!((card.brokers[0].node.id.as_str(), card.brokers[0].n_links), ("small", 2));
        assert_eq!(card.sentence, "small can introduce s to p (for t)");
        assert!(card.would_change.contains(&"a no of small: then ask giant".to_owned()));
    }

    #[test]
    fn without_a_path_the_nearest_network_is_named() {
        let graph = "s:company{start_up}; n:partnership -supports-> m:council; \
                     m -funds-> p:facility; p -meets_need-> t:need";
        let found = lists(&fixture(graph), "s", &[], 3);
        let card = found.most_useful.iter().find(|it| it.to.id == "p").unwrap();
        assert_eq!((card.path.is_none(), card.route, card.gain), (true, 0.25, 1.0));
        assert_eq!(card.ask_network.as_ref().unwrap().id, "n");
        assert_eq!(
            card.sentence,
            "nobody in the data can introduce s to p: ask n, the nearest network (for t)"
        );
        assert_eq!(found.nearest_providers[0].provider.id, "p");
    }

    #[test]
    fn without_a_shared_contact_the_fit_is_nothing_and_not_less() {
        let card = lists(&fixture(WORKED), "s", &[], 1).most_useful.remove(0);
        assert_eq!((card.to.id.as_str(), card.distance), ("r", Some(3)));
        let sums = [card.fit.resource_allocation, card.fit.adamic_adar];
        assert!(sums.iter().all(|it| *it == 0.0 && it.is_sign_positive()), "{sums:?}");
    }

    #[test]
    fn a_card_says_on_what_it_rests() {
        let graph = "s:company{start_up} -partners_with[@2019]-> h; \
                     h -partners_with[implied]-> p; p -meets_need-> t:need";
        let card = &lists(&fixture(graph), "s", &[], 1).ready_now[0];
        assert_eq!(card.confidence.weakest, Certainty::Implied);
        assert_eq!(
            card.confidence.sentence,
            "the weakest tie that it rests on is implied; 2 sources, the newest of 2024-03"
        );
        assert_eq!(card.confidence.oldest_source.unwrap().to_string(), "2019");
        assert_eq!(card.path.as_ref().unwrap().sentence, "s partners with h; h partners with p");
        let onward = "s:company{start_up} -partners_with-> h; h -partners_with-> p; \
                      p -partners_with[ambiguous]-> q; q -meets_need-> t:need";
        let card = &lists(&fixture(onward), "s", &[], 1).ready_now[0];
        assert_eq!((card.to.id.as_str(), card.confidence.weakest), ("p", Certainty::Ambiguous));
    }

    #[test]
    fn what_nobody_meets_and_whom_nobody_may_introduce_is_named() {
        let graph = "s:company{start_up} -partners_with-> h; h -partners_with-> i; \
                     i -partners_with-> p; p -meets_need-> t:need; u:need";
        let found = lists(&fixture(graph), "s", &["p"], 1);
        let ids = |it: &[NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&found.needs_without_provider), ["u"]);
        assert_eq!(ids(&found.needs_without_introduction), ["t"]);
        assert_eq!((found.nearest_providers.len(), found.note), (0, None));
        let found = lists(&fixture(graph), "h", &[], 1);
        assert!(found.needs_without_introduction.is_empty());
        assert!(found.note.unwrap().contains("no start-up"));
    }

    #[test]
    fn who_is_not_in_the_view_is_an_error() {
        let snapshot = fixture("t:need; s:company{start_up}");
        let need = snapshot.find_node("t").unwrap();
        let options = IntroduceOptions::default();
        let found = introduce(&snapshot, &Question::default(), need, &options);
        assert!(found.unwrap_err().to_string().starts_with("`t` is not in this view"));
    }

    /// Gain, route, degree, shared contacts' allocation: all from the naive matrix.
    fn naive_lists(naive: &Naive<'_>, s: usize, now: &[Option<u32>]) -> Vec<(String, f64, f64)> {
        let (snapshot, weights) = (naive.snapshot, naive.weights(s));
        let d = naive.distances(s, None);
        let mut rows: Vec<(f64, f64, f64, usize, String)> = Vec::new();
        let start = naive.needs_from(s, None);
        for p in 0..naive.nodes.len() {
            let node = snapshot.node(naive.nodes[p]);
            let meets = naive.providers.iter().any(|(_, it)| it[p]);
            let is_company = node.kind().id == "company";
            if p == s || naive.linked[s][p] || (is_company && (node.is_start_up() || !meets)) {
                continue;
            }
            let met = |now: &[Option<u32>]| -> Vec<Option<u32>> {
                let from_p = naive.needs_from(p, None);
                let pairs = from_p.iter().zip(now);
                pairs.map(|(&a, &b)| a.map(|it| it + 1).into_iter().chain(b).min()).collect()
            };
            let gain = |now: &[Option<u32>]| {
                naive::access(&met(now), &weights).unwrap_or(0.0)
                    - naive::access(now, &weights).unwrap_or(0.0)
            };
            if gain(&start) < 1e-9 {
                continue;
            }
            let route = match d[p] {
                Some(2) => 1.0,
                Some(3) => 0.5,
                _ => 0.25,
            };
            let shared =
                (0..naive.nodes.len()).filter(|&z| naive.linked[s][z] && naive.linked[z][p]);
            let allocation: f64 = shared.map(|z| 1.0 / naive.degree(z) as f64).sum();
            rows.push((gain(now), route, allocation, naive.degree(p), node.id().to_owned()));
        }
        rows.sort_by(|a, b| {
            let near = |x: f64, y: f64| {
                if (x - y).abs() < 1e-9 { Ordering::Equal } else { y.total_cmp(&x) }
            };
            near(a.0, b.0)
                .then(near(a.1, b.1))
                .then(near(a.2, b.2))
                .then(a.3.cmp(&b.3))
                .then_with(|| a.4.cmp(&b.4))
        });
        rows.into_iter().map(|(gain, route, _, _, id)| (id, gain, route)).collect()
    }

    #[test]
    fn lists_are_those_of_the_definitions_written_naively() {
        let mut dice = Dice(11);
        let mut n_cards = 0;
        for round in 0..3_000 {
            let snapshot = match round % 4 {
                0 => sparse_graph(&mut dice),
                _ => random_graph(&mut dice),
            };
            let question = Question::default();
            let day = question.day(&snapshot).unwrap().last_key();
            let naive = Naive::new(&snapshot, day);
            for s in 0..naive.nodes.len() {
                if !is_start_up(snapshot.node(naive.nodes[s])) {
                    continue;
                }
                let options = IntroduceOptions { n_cards: 4, not: Vec::new() };
                let found = introduce(&snapshot, &question, naive.nodes[s], &options).unwrap();
                let start = naive.needs_from(s, None);
                assert_eq!(found.n_candidates, naive_lists(&naive, s, &start).len());
                for (cards, is_ready) in [(&found.most_useful, false), (&found.ready_now, true)] {
                    let mut now = start.clone();
                    let mut chosen: Vec<String> = Vec::new();
                    for card in cards {
                        let mut rows = naive_lists(&naive, s, &now);
                        rows.retain(|it| !chosen.contains(&it.0) && (!is_ready || it.2 == 1.0));
                        let (id, adds, route) = rows[0].clone();
                        assert_eq!((&card.to.id, card.route), (&id, route));
                        assert!((card.adds - adds).abs() < 1e-9 && card.gain > 0.0);
                        assert!((card.access_after - card.access_before - card.gain).abs() < 1e-9);
                        let from_p = naive.needs_from(naive.position(&id), None);
                        let pairs = from_p.iter().zip(&now);
                        now = pairs
                            .map(|(a, &b)| a.map(|it| it + 1).into_iter().chain(b).min())
                            .collect();
                        chosen.push(id);
                        n_cards += 1;
                    }
                    let mut left = naive_lists(&naive, s, &start);
                    left.retain(|it| !is_ready || it.2 == 1.0);
                    assert_eq!(cards.len(), left.len().min(4));
                }
            }
        }
        assert!(n_cards > 1_500, "{n_cards} cards");
    }
}
