//! Hubs in three meanings, never blended: who works with most, who connects groups, and who has the
//! shortest way to all.
//!
//! Each row says what its figure rests on and how far it can be trusted: its rank on `stated` ties
//! alone and with `inferred` added, and what becomes of it without its weakest tie; if asked, what
//! becomes of it when links are lost at random, and whether it differs from chance. Constraint is
//! shown from three contacts on only; closeness is harmonic, as networks come in parts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{
    Cuts, Interrupted, Run, StructuralHoles, WaysThrough, closeness, closeness_of,
    constraint_parts, cuts, dependency_pairs, normalised_betweenness, structural_holes_in,
};
use weft_graph::{Certainty, NodeIdx, Snapshot, TieIdx, UNREACHED, View, ViewSpec, distances};

use crate::ecosystem::between::{
    between as exact_or_estimated, between_without, estimate_note, likely_highest, ways_between,
};
use crate::ecosystem::counted::Counted;
use crate::ecosystem::critical::cut_off_nodes;
use crate::ecosystem::evidence::{
    LinkEvidence, NodeName, TieEvidence, link_evidence, strength, tie_evidence,
};
use crate::ecosystem::measure::KEEPS_TIES;
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::trust::{
    Chance, Measure, Place, RESTS_ON_ONE, Ranked, Stability, chance, ranks_of, stability,
};
pub(crate) use crate::ecosystem::trust::{level, rank_of};
use crate::ecosystem::words;

/// Below this number of contacts constraint says nothing.
const CONSTRAINT_FROM: usize = 3;
/// What is said with closeness of a network in parts.
pub(crate) const HARMONIC: &str = "closeness is harmonic, those out of reach add nothing";
/// What stands below figures of brokers.
pub(crate) const BELOW_THREE: &str =
    "constraint and effective size say nothing below three partners and are left out there";
/// The most nodes times links of a view of which 1,000 draws are a matter of seconds.
const QUICK_MAX: usize = 1_000_000;
/// What is said where they are not.
const NOT_TRIED: &str = "which places are safe when links are lost was not tried: on a network of this \
                         size it takes long; `weft hubs --stability` tries it";
/// How many of the pairs that depend on a node are named.
const PAIRS_NAMED: usize = 10;
/// Without each of so many ties betweenness is counted in one sweep; that bounds its memory.
const TIES_AT_ONCE: usize = 128;
/// Of how many more bodies than are shown it is guessed beforehand that they may be, so that one sweep
/// is enough.
const GUESSED_OF_ONE: usize = 2;

/// What the user asks of the rankings.
#[derive(Clone, Debug, PartialEq)]
pub struct HubsOptions {
    /// How many rows each ranking shows at most.
    pub n_rows: usize,
    /// Whether to see what becomes of the ranks when links are lost at random: 1,000 draws.
    pub stability: bool,
    /// Whether to leave that out, and say so, where it would take longer than some seconds.
    pub only_if_quick: bool,
    /// Whether to hold the figures against chance: 999 rewired networks.
    pub chance: bool,
    /// Only these bodies, whatever their rank; all if empty.
    pub only: Vec<NodeIdx>,
}

/// The answer to `hubs`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Hubs {
    /// What it rests on.
    pub basis: Basis,
    /// By distinct neighbours.
    pub works_with_most: Vec<Hub<Contacts>>,
    /// By betweenness.
    pub connects_groups: Vec<Hub<Bridging>>,
    /// By harmonic closeness.
    pub shortest_way: Vec<Hub<Nearness>>,
    /// Which places of the rankings are safe; empty unless stability was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// What the figures cannot tell in this view.
    pub notes: Vec<String>,
}

/// One row of a ranking, with the figures of its meaning.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Hub<F> {
    /// 1 for the highest figure; equal figures share a rank.
    pub rank: usize,
    /// The body.
    pub node: NodeName,
    /// The figures of this meaning of hub.
    #[serde(flatten)]
    pub figures: F,
    /// How far the rank can be trusted.
    pub trust: Trust,
    /// What becomes of the rank when links are lost at random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<Stability>,
    /// Whether the figure differs from chance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
    /// Who would be cut off from the rest without it.
    pub cut_off: Vec<NodeName>,
    /// For a reader who knows no graph theory.
    pub sentence: String,
}

/// How many a hub works with.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Contacts {
    /// Distinct neighbours.
    pub n_contacts: usize,
    /// Ties to them.
    pub n_ties: usize,
    /// Distinct neighbours by relation and direction; one met in two relations counts in both.
    pub by_relation: Vec<RelationCount>,
    /// Distinct neighbours by kind.
    pub by_kind: Vec<KindCount>,
    /// The neighbours that have no other link.
    pub only_link_of: Vec<NodeName>,
    /// The links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<LinkEvidence>>,
}

/// Neighbours in one relation.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RelationCount {
    /// The relation.
    pub relation: String,
    /// Its verb as read from the node: "hosts" or "is hosted by".
    pub verb: String,
    /// Distinct neighbours.
    pub n_contacts: usize,
}

/// Neighbours of one kind.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct KindCount {
    /// The kind.
    pub kind: String,
    /// Its label, in the number that fits.
    pub label: String,
    /// Distinct neighbours.
    pub n_contacts: usize,
}

/// How a hub connects groups.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Bridging {
    /// Pairs of others whose shortest ways lead through it, each by its share of them.
    pub betweenness: f64,
    /// The same as a share of all pairs of others, 0 to 1.
    pub betweenness_share: f64,
    /// Distinct neighbours.
    pub n_contacts: usize,
    /// Burt's constraint: low where its contacts do not know each other. None below three contacts.
    pub constraint: Option<f64>,
    /// Contacts less what is redundant among them. None below three contacts.
    pub effective_size: Option<f64>,
    /// What would reproduce these figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<BridgingWhy>,
}

/// What would reproduce betweenness and constraint.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct BridgingWhy {
    /// Its links by their share of the betweenness; a way through it uses two, so they sum to 2.
    pub links: Vec<LinkShare>,
    /// The pairs that depend on it most.
    pub pairs: Vec<DependentPair>,
    /// For each body, the sum of its pairs' shares; half of the sum of these is the betweenness. Empty
    /// if that was estimated.
    pub dependencies: Vec<Dependency>,
    /// The part of each contact in constraint and effective size.
    pub contacts: Vec<ContactPart>,
}

/// One link with its share.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct LinkShare {
    /// The share, 0 to 1.
    pub share: f64,
    /// The link.
    pub link: LinkEvidence,
}

/// Two bodies and the share of the shortest ways between them that lead through a third.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct DependentPair {
    /// One.
    pub from: NodeName,
    /// The other.
    pub to: NodeName,
    /// Links between them.
    pub distance: u32,
    /// The share, above 0 and at most 1.
    pub share: f64,
}

/// How far one body's ways to all others lead through a third.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Dependency {
    /// The body.
    pub node: NodeName,
    /// The sum of the shares of its pairs.
    pub sum: f64,
}

/// What one contact adds to constraint, and takes from effective size.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ContactPart {
    /// The contact.
    pub node: NodeName,
    /// The share of the links that goes to it.
    pub direct: f64,
    /// What leads to it through other contacts.
    pub indirect: f64,
    /// The square of their sum.
    pub part: f64,
    /// The share of the contacts to which this one leads too. Effective size is the sum over contacts
    /// of 1 less this.
    pub redundancy: f64,
}

/// How near a hub is to all.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Nearness {
    /// The mean of 1/d over all others, those out of reach adding 0; 0 to 1.
    pub harmonic: f64,
    /// Others within two links.
    pub n_within_two: usize,
    /// Others that it reaches at all.
    pub n_reached: usize,
    /// Who is at each distance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<Ring>>,
}

/// Those at one distance.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Ring {
    /// Links.
    pub distance: u32,
    /// How many.
    pub n_nodes: usize,
    /// Who.
    pub nodes: Vec<NodeName>,
}

/// How far a rank can be trusted.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Trust {
    /// The figure on `stated` ties alone; none if the body itself is not stated.
    pub figure_on_stated: Option<f64>,
    /// Its rank there.
    pub rank_on_stated: Option<usize>,
    /// The figure with `inferred` ties added.
    pub figure_with_inferred: Option<f64>,
    /// Its rank there.
    pub rank_with_inferred: Option<usize>,
    /// Its weakest tie: the least certain, then the oldest source.
    pub weakest_tie: Option<TieEvidence>,
    /// The figure without that tie.
    pub figure_without_weakest: f64,
    /// Its rank without that tie.
    pub rank_without_weakest: usize,
    /// Whether more than half of the figure goes with that tie.
    pub rests_on_one_tie: bool,
    /// In words.
    pub sentence: String,
}

/// Which places of one ranking are safe, and which are owed to one tie or to the silence of the source.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Verdict {
    /// `works_with_most`, `connects_groups` or `shortest_way`.
    pub meaning: &'static str,
    /// What it is to keep a place: `among_rows` to stay among the rows shown, or, where all bodies are
    /// shown and where some were asked for, `own_rank` to keep the rank or have a better one.
    pub place: &'static str,
    /// Those that keep their place whatever was tried, by rank.
    pub safe: Vec<NodeName>,
    /// Those of them that keep their rank in nine of ten draws.
    pub keep_their_rank: Vec<NodeName>,
    /// Those that are there by their weakest tie: without it they lose their place, or half of their
    /// figure.
    pub by_one_tie: Vec<NodeName>,
    /// Those that lose their place on stated ties alone, or with inferred ties added: what the source
    /// left unsaid decides.
    pub by_the_unsaid: Vec<NodeName>,
    /// Those that lose their place in more than 5 of 100 draws.
    pub by_luck: Vec<NodeName>,
    /// Those whose figure is that of others that are not shown: the order of ids decides.
    pub by_order: Vec<NodeName>,
    /// In words.
    pub sentences: Vec<String>,
}

impl Default for HubsOptions {
    fn default() -> Self {
        Self { n_rows: 10, stability: false, only_if_quick: false, chance: false, only: Vec::new() }
    }
}

/// Returns the three rankings of the conduit view.
///
/// O(n (n + m)) for betweenness and closeness, once for the ranking and once for each other floor that
/// lets other ties in; without the weakest ties only what they change is counted again. 1,000 times
/// more for stability, and 999 times for chance.
///
/// # Errors
/// If it was interrupted.
pub fn hubs(
    snapshot: &Snapshot,
    question: &Question,
    options: &HubsOptions,
    run: &mut Run<'_>,
) -> Result<Hubs, Interrupted> {
    hubs_counted(snapshot, question, options, &mut Counted::default(), run)
}

/// The same, as far as others have not counted it.
///
/// # Errors
/// If it was interrupted.
pub fn hubs_counted(
    snapshot: &Snapshot,
    question: &Question,
    options: &HubsOptions,
    counted: &mut Counted,
    run: &mut Run<'_>,
) -> Result<Hubs, Interrupted> {
    let asked = options;
    let ground = Ground::conduit(snapshot, question);
    let only = asked.only.iter().filter_map(|&it| ground.view.index_of(it)).collect();
    let desk = Desk::new(ground, only);
    let view = &desk.ground.view;
    let is_quick = view.n().saturating_mul(view.m()) <= QUICK_MAX;
    let is_tried = asked.stability || asked.chance;
    let is_left_out = is_tried && asked.only_if_quick && !is_quick;
    let options = &HubsOptions {
        stability: asked.stability && !is_left_out,
        chance: asked.chance && !is_left_out,
        ..asked.clone()
    };
    let works_with_most = desk.rank(options, Meaning::Contacts, counted, run, |order, _, _| {
        Ok(order.iter().map(|&it| desk.contacts(it)).collect())
    })?;
    let connects_groups = desk.connects_groups(options, counted, run)?;
    let shortest_way =
        desk.rank(options, Meaning::Nearness, counted, run, |order, values, _| {
            Ok(order.iter().map(|&it| desk.nearness(it, values[it as usize])).collect())
        })?;
    let mut verdicts = Vec::new();
    if options.stability {
        verdicts.push(verdict("works_with_most", &works_with_most));
        verdicts.push(verdict("connects_groups", &connects_groups));
        verdicts.push(verdict("shortest_way", &shortest_way));
    }
    let mut notes = desk.notes();
    notes.extend(connects_groups.note);
    if is_left_out {
        notes.push(NOT_TRIED.to_owned());
    }
    Ok(Hubs {
        basis: desk.ground.basis(),
        works_with_most: works_with_most.rows,
        connects_groups: connects_groups.rows,
        shortest_way: shortest_way.rows,
        verdicts,
        notes,
    })
}

/// Returns the second ranking alone; of these bodies alone, whatever their figure, if any are given.
pub(crate) fn connecting(
    ground: Ground<'_>,
    options: &HubsOptions,
    only: Vec<u32>,
    run: &mut Run<'_>,
) -> Result<Ranking<Bridging>, Interrupted> {
    Desk::new(ground, only).connects_groups(options, &mut Counted::default(), run)
}

/// The rows of a ranking, and what is to be said of all of them.
pub(crate) struct Ranking<F> {
    pub(crate) rows: Vec<Hub<F>>,
    pub(crate) note: Option<String>,
    /// What it is for one of the rows to keep its place.
    place: Place,
}

/// The three meanings of hub.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Contacts,
    Bridging,
    Nearness,
}

impl Meaning {
    fn measure(self) -> Measure {
        match self {
            Self::Contacts => degrees,
            Self::Bridging => between,
            Self::Nearness => harmonic,
        }
    }

    pub(crate) fn figures(
        self,
        view: &View,
        counted: &mut Counted,
        run: &mut Run<'_>,
    ) -> Result<Vec<f64>, Interrupted> {
        match self {
            Self::Contacts => Ok(degrees(view)),
            Self::Bridging => Ok(counted.betweenness(view, run)?.nodes.clone()),
            Self::Nearness => {
                Ok(counted.closeness(view, run)?.iter().map(|it| it.harmonic).collect())
            }
        }
    }
}

fn degrees(view: &View) -> Vec<f64> {
    (0..view.n() as u32).map(|it| view.degree(it) as f64).collect()
}

fn between(view: &View) -> Vec<f64> {
    exact_or_estimated(view, &mut Run::default()).expect("nobody interrupts it").nodes
}

fn harmonic(view: &View) -> Vec<f64> {
    closeness(view).into_iter().map(|it| it.harmonic).collect()
}

struct Desk<'a> {
    ground: Ground<'a>,
    /// The bodies that are ranked; all whose figure is above 0 if empty.
    only: Vec<u32>,
    cuts: Cuts,
    stated: View,
    with_inferred: View,
}

/// The figure of a body without its weakest tie, and its rank then, by the body.
type Without = BTreeMap<u32, (f64, usize)>;

impl<'a> Desk<'a> {
    fn new(ground: Ground<'a>, only: Vec<u32>) -> Self {
        let view_at = |floor| {
            let spec = ViewSpec { floor, ..ground.view.spec().clone() };
            View::new(ground.snapshot, spec)
        };
        Self {
            cuts: cuts(&ground.view),
            stated: view_at(Certainty::Stated),
            with_inferred: view_at(Certainty::Inferred),
            ground,
            only,
        }
    }

    fn rank<F>(
        &self,
        options: &HubsOptions,
        meaning: Meaning,
        counted: &mut Counted,
        run: &mut Run<'_>,
        figures: impl FnOnce(&[u32], &[f64], &mut Run<'_>) -> Result<Vec<(F, String)>, Interrupted>,
    ) -> Result<Ranking<F>, Interrupted> {
        let ground = &self.ground;
        let mut without = Without::new();
        let (values, note) = match meaning {
            Meaning::Bridging => self.between(options, &mut without, counted, run)?,
            _ => (meaning.figures(&ground.view, counted, run)?, None),
        };
        let mut order: Vec<u32> = match self.only.as_slice() {
            [] => ground.indices().filter(|&it| values[it as usize] > 0.0).collect(),
            only => only.to_vec(),
        };
        order.sort_by(|&a, &b| {
            let level = |it: u32| level(values[it as usize]);
            level(b).cmp(&level(a)).then_with(|| ground.by_id(a, b))
        });
        let ranks = ranks_of(&values, &order);
        order.truncate(options.n_rows);
        let place = Place::of(&ranks, order.len(), !self.only.is_empty());
        self.leave_weakest_out(meaning, &values, &order, &mut without, run)?;
        let mut elsewhere = |view| self.elsewhere(view, meaning, &values, counted, run);
        let (stated, with_inferred) = (elsewhere(&self.stated)?, elsewhere(&self.with_inferred)?);
        let seed = ground.question.seed;
        let mut stabilities = match options.stability {
            true => {
                let ranked: Vec<(u32, usize)> =
                    order.iter().copied().zip(ranks.iter().copied()).collect();
                stability(&ground.view, meaning.measure(), &ranked, place, seed, run)?
            }
            false => Vec::new(),
        }
        .into_iter();
        let mut chances = match options.chance {
            true => self.chances(meaning, &order, run)?,
            false => Vec::new(),
        }
        .into_iter();
        let figures = figures(&order, &values, run)?;
        let row = |((&index, &rank), (figures, mut sentence)): ((&u32, &usize), (F, String))| {
            let value = values[index as usize];
            let elsewhere = [(&self.stated, &stated), (&self.with_inferred, &with_inferred)];
            let without = without.get(&index).copied();
            let trust = self.trust(index, (value, rank), elsewhere, without);
            let cut_off = cut_off_nodes(ground, &self.cuts, index);
            if let Some(loss) = loss(ground, index, cut_off.len()) {
                sentence.push_str(&format!("; without it {loss}"));
            }
            let node = ground.name(index);
            Hub {
                rank,
                node,
                figures,
                trust,
                stability: stabilities.next(),
                chance: chances.next(),
                cut_off: ground.names(&cut_off),
                sentence,
            }
        };
        let rows = order.iter().zip(&ranks).zip(figures).map(row).collect();
        Ok(Ranking { rows, note, place })
    }

    /// The figures of a view with another floor; the same ones where it lets in the same ties.
    fn elsewhere(
        &self,
        other: &View,
        meaning: Meaning,
        values: &[f64],
        counted: &mut Counted,
        run: &mut Run<'_>,
    ) -> Result<Vec<f64>, Interrupted> {
        let view = &self.ground.view;
        // Of two floors one lets in all that the other does.
        match (other.n(), other.n_ties()) == (view.n(), view.n_ties()) {
            true => Ok(values.to_vec()),
            false => meaning.figures(other, counted, run),
        }
    }

    /// Betweenness, in one sweep with what it is without the weakest ties of those who will be shown,
    /// as far as that can be guessed.
    fn between(
        &self,
        options: &HubsOptions,
        without: &mut Without,
        counted: &mut Counted,
        run: &mut Run<'_>,
    ) -> Result<(Vec<f64>, Option<String>), Interrupted> {
        let view = &self.ground.view;
        let n_guessed = options.n_rows.saturating_mul(GUESSED_OF_ONE).min(TIES_AT_ONCE);
        let likely = match self.only.as_slice() {
            [] => likely_highest(view, n_guessed, run)?,
            only => only[..only.len().min(TIES_AT_ONCE)].to_vec(),
        };
        let mut links = Vec::new();
        let mut nodes = Vec::new();
        for node in likely {
            if let Some(Weakest { link, is_whole_link: true, .. }) = weakest_tie(&self.ground, node)
            {
                links.push(link);
                nodes.push(node);
            }
        }
        let (found, rest) = counted.betweenness_without(view, &links, run)?;
        let figures = nodes.iter().zip(&rest).map(|(&it, values)| (it, figure_in(values, it)));
        without.extend(figures);
        let note = estimate_note(view, &found);
        Ok((found.nodes.clone(), note))
    }

    /// Adds what is not yet known of the figures without the weakest ties; bodies that keep a link
    /// without that tie keep their figures.
    fn leave_weakest_out(
        &self,
        meaning: Meaning,
        values: &[f64],
        order: &[u32],
        without: &mut Without,
        run: &mut Run<'_>,
    ) -> Result<(), Interrupted> {
        let view = &self.ground.view;
        let unknown: Vec<(u32, Weakest)> = order
            .iter()
            .filter(|it| !without.contains_key(it))
            .filter_map(|&it| Some((it, weakest_tie(&self.ground, it)?)))
            .filter(|it| it.1.is_whole_link)
            .collect();
        match meaning {
            Meaning::Contacts => {
                for (node, Weakest { link, .. }) in unknown {
                    let (a, b) = view.link_ends(link);
                    let lost = |it: u32| f64::from(u8::from(it == a || it == b));
                    let own = values[node as usize] - 1.0;
                    let n_higher =
                        (0..).zip(values).filter(|(it, value)| **value - lost(*it) > own);
                    without.insert(node, (own, 1 + n_higher.count()));
                }
            }
            Meaning::Bridging => {
                for some in unknown.chunks(TIES_AT_ONCE) {
                    let links: Vec<u32> = some.iter().map(|it| it.1.link).collect();
                    let (_, rest) = between_without(view, &links, run)?;
                    for (&(node, _), values) in some.iter().zip(&rest) {
                        without.insert(node, figure_in(values, node));
                    }
                }
            }
            Meaning::Nearness => {
                for (node, Weakest { tie, .. }) in unknown {
                    without.insert(node, self.nearness_without(values, node, tie, run)?);
                }
            }
        }
        Ok(())
    }

    /// A way that is lost brings nobody nearer, so only those above it before can be above it then.
    fn nearness_without(
        &self,
        values: &[f64],
        node: u32,
        tie: TieIdx,
        run: &mut Run<'_>,
    ) -> Result<(f64, usize), Interrupted> {
        let mut spec = self.ground.view.spec().clone();
        spec.without_ties.push(tie);
        let rest = View::new(self.ground.snapshot, spec);
        let own = closeness_of(&rest, &[node], run)?[0].harmonic;
        let is_above = |it: f64| level(it) > level(own);
        let above: Vec<u32> =
            self.ground.indices().filter(|&it| is_above(values[it as usize])).collect();
        let above = closeness_of(&rest, &above, run)?;
        Ok((own, 1 + above.iter().filter(|it| is_above(it.harmonic)).count()))
    }

    fn chances(
        &self,
        meaning: Meaning,
        nodes: &[u32],
        run: &mut Run<'_>,
    ) -> Result<Vec<Chance>, Interrupted> {
        let ground = &self.ground;
        if meaning == Meaning::Contacts {
            return Ok(vec![Chance::not_applicable(KEEPS_TIES); nodes.len()]);
        }
        let seed = ground.question.seed;
        chance(ground.snapshot, &ground.view, meaning.measure(), nodes, seed, run)
    }

    fn trust(
        &self,
        index: u32,
        (value, rank): (f64, usize),
        [stated, with_inferred]: [(&View, &Vec<f64>); 2],
        without: Option<(f64, usize)>,
    ) -> Trust {
        let (snapshot, view) = (self.ground.snapshot, &self.ground.view);
        let idx = view.node(index);
        let figure =
            |(view, values): (&View, &Vec<f64>)| Some(figure_in(values, view.index_of(idx)?));
        let (stated, with_inferred) = (figure(stated), figure(with_inferred));
        let weakest = weakest_tie(&self.ground, index);
        let (without, rank_without) = without.unwrap_or((value, rank));
        let mut parts = vec![match stated {
            Some((_, other)) if other == rank => format!("{} on stated ties alone too", nth(rank)),
            Some((_, other)) => format!("{} on stated ties alone", nth(other)),
            None => "not stated itself".to_owned(),
        }];
        if let Some((_, other)) = with_inferred.filter(|(_, other)| *other != rank) {
            parts.push(format!("{} with inferred ties added", nth(other)));
        }
        parts.push(match weakest {
            None => "without a tie".to_owned(),
            Some(_) if without < value * RESTS_ON_ONE => {
                match rank_without == rank {
                    // Behind the last of a short ranking nobody comes.
                    true => "rests on one tie, without which less than half of it is left".into(),
                    false => {
                        format!("rests on one tie and falls to {} without it", nth(rank_without))
                    }
                }
            }
            Some(_) if rank_without == rank => "the same rank without its weakest tie".to_owned(),
            Some(_) => format!("{} without its weakest tie", nth(rank_without)),
        });
        Trust {
            figure_on_stated: stated.map(|it| it.0),
            rank_on_stated: stated.map(|it| it.1),
            figure_with_inferred: with_inferred.map(|it| it.0),
            rank_with_inferred: with_inferred.map(|it| it.1),
            weakest_tie: weakest.map(|it| tie_evidence(snapshot, it.tie)),
            figure_without_weakest: without,
            rank_without_weakest: rank_without,
            rests_on_one_tie: without < value * RESTS_ON_ONE,
            sentence: parts.join("; "),
        }
    }

    fn contacts(&self, index: u32) -> (Contacts, String) {
        let (ground, view) = (&self.ground, &self.ground.view);
        let (snapshot, schema) = (ground.snapshot, ground.snapshot.schema());
        let neighbours = view.neighbours(index);
        let mut by_relation: BTreeMap<(u16, bool), BTreeSet<u32>> = BTreeMap::new();
        let mut n_ties = 0;
        for (&neighbour, &link) in neighbours.iter().zip(view.links(index)) {
            for &tie in view.ties(link) {
                let tie = snapshot.tie(tie);
                let backward = !tie.relation().symmetric && tie.target() == view.node(index);
                let key = (tie.relation_id().0, backward);
                by_relation.entry(key).or_default().insert(neighbour);
                n_ties += 1;
            }
        }
        let mut by_relation: Vec<RelationCount> = by_relation
            .into_iter()
            .map(|((relation, backward), contacts)| {
                let relation = schema.relation(weft_graph::RelationId(relation));
                RelationCount {
                    relation: relation.id.clone(),
                    verb: words::relation_verb(relation, !backward),
                    n_contacts: contacts.len(),
                }
            })
            .collect();
        by_relation.sort_by_key(|it| std::cmp::Reverse(it.n_contacts));
        let by_kind = kinds_of(ground, neighbours);
        let only: Vec<u32> =
            neighbours.iter().copied().filter(|&it| view.degree(it) == 1).collect();
        let mut sentence = words::count(neighbours.len(), "partner", "partners");
        match by_kind.first() {
            Some(kind) if kind.n_contacts == neighbours.len() && kind.n_contacts > 1 => {
                sentence.push_str(&format!(", all of them {}", kind.label));
            }
            Some(kind) if kind.n_contacts == 1 && neighbours.len() > 1 => {
                sentence.push_str(", each of a different kind");
            }
            Some(kind) if neighbours.len() > 1 => {
                let n = words::digits(kind.n_contacts);
                sentence.push_str(&format!(", {n} of them {}", kind.label));
            }
            _ => {}
        }
        let links =
            || neighbours.iter().map(|&it| link_evidence(snapshot, view, index, it)).collect();
        let contacts = Contacts {
            n_contacts: neighbours.len(),
            n_ties,
            by_relation,
            by_kind,
            only_link_of: ground.names(&only),
            why: ground.question.why.then(links),
        };
        (contacts, sentence)
    }

    fn connects_groups(
        &self,
        options: &HubsOptions,
        counted: &mut Counted,
        run: &mut Run<'_>,
    ) -> Result<Ranking<Bridging>, Interrupted> {
        let holes = structural_holes_in(&self.ground.view, run)?;
        let ranking =
            self.rank(options, Meaning::Bridging, counted, run, |order, values, run| {
                let ways = match self.ground.question.why {
                    true => ways_between(&self.ground.view, order, run)?,
                    false => Vec::new(),
                };
                let mut ways = ways.into_iter();
                let row = |&index: &u32| {
                    let why = ways.next().map(|it| self.bridging_why(index, it));
                    self.bridging(index, values[index as usize], &holes, why)
                };
                Ok(order.iter().map(row).collect())
            })?;
        Ok(ranking)
    }

    fn bridging(
        &self,
        index: u32,
        value: f64,
        holes: &StructuralHoles,
        why: Option<BridgingWhy>,
    ) -> (Bridging, String) {
        let view = &self.ground.view;
        let n_contacts = view.degree(index);
        let from_three = |values: &[f64]| {
            let value = values[index as usize];
            (n_contacts >= CONSTRAINT_FROM && value.is_finite()).then_some(value)
        };
        let share = normalised_betweenness(view, &[value])[0];
        let constraint = from_three(&holes.constraint);
        let effective_size = from_three(&holes.effective_size);
        let mut sentence = match (share * 100.0).round() {
            _ if value <= 0.0 => "no shortest way between two others leads through it".to_owned(),
            0.0 => "fewer than 1 in 100 of the shortest ways between two others lead through it"
                .to_owned(),
            n => format!("{n} in 100 of the shortest ways between two others lead through it"),
        };
        if let Some(size) = effective_size {
            // Not quite all of them, if any two know each other.
            let almost = if size < size.round() { "almost " } else { "" };
            sentence.push_str(&format!(
                "; its {} partners open {almost}as many doors as {} who do not know each other",
                words::digits(n_contacts),
                words::number(size.round())
            ));
        }
        let figures = Bridging {
            betweenness: value,
            betweenness_share: share,
            n_contacts,
            constraint,
            effective_size,
            why,
        };
        (figures, sentence)
    }

    fn bridging_why(&self, index: u32, ways: WaysThrough) -> BridgingWhy {
        let (ground, view) = (&self.ground, &self.ground.view);
        let other_end = |link| {
            let (a, b) = view.link_ends(link);
            if a == index { b } else { a }
        };
        let sums = (0..).zip(ways.from.into_iter().flatten()).filter(|it| it.1 > 0.0);
        let mut dependencies: Vec<Dependency> =
            sums.map(|(it, sum)| Dependency { node: ground.name(it), sum }).collect();
        dependencies.sort_by(|a, b| b.sum.total_cmp(&a.sum).then_with(|| a.node.cmp(&b.node)));
        BridgingWhy {
            links: ways
                .links
                .into_iter()
                .map(|(link, share)| {
                    let link = link_evidence(ground.snapshot, view, index, other_end(link));
                    LinkShare { share, link }
                })
                .collect(),
            pairs: dependency_pairs(view, index, PAIRS_NAMED)
                .into_iter()
                .map(|it| DependentPair {
                    from: ground.name(it.source),
                    to: ground.name(it.target),
                    distance: it.distance,
                    share: it.share,
                })
                .collect(),
            dependencies,
            contacts: constraint_parts(view, index)
                .into_iter()
                .map(|it| ContactPart {
                    node: ground.name(it.contact),
                    direct: it.direct,
                    indirect: it.indirect,
                    part: it.part,
                    redundancy: redundancy(view, index, it.contact),
                })
                .collect(),
        }
    }

    fn nearness(&self, index: u32, value: f64) -> (Nearness, String) {
        let (ground, view) = (&self.ground, &self.ground.view);
        let mut rings: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (node, &distance) in (0..).zip(&distances(view, &[index], u32::MAX)) {
            if distance != 0 && distance != UNREACHED {
                rings.entry(distance).or_default().push(node);
            }
        }
        let n_within_two = rings.range(..=2).map(|(_, it)| it.len()).sum();
        let n_reached = rings.values().map(Vec::len).sum();
        let others = words::count(view.n().saturating_sub(1), "other body", "other bodies");
        let sentence =
            format!("reaches {} of the {others} within two steps", words::digits(n_within_two));
        let ring = |(distance, nodes): (u32, Vec<u32>)| Ring {
            distance,
            n_nodes: nodes.len(),
            nodes: ground.names(&nodes),
        };
        let why = ground.question.why.then(|| rings.into_iter().map(ring).collect());
        (Nearness { harmonic: value, n_within_two, n_reached, why }, sentence)
    }

    fn notes(&self) -> Vec<String> {
        let n_parts = weft_analytics::components(&self.ground.view).sizes.len();
        let mut res = vec![BELOW_THREE.to_owned()];
        if n_parts > 1 {
            res.push(format!("the view is in {} parts: {HARMONIC}", words::digits(n_parts)));
        }
        res
    }
}

#[derive(Clone, Copy)]
struct Weakest {
    tie: TieIdx,
    link: u32,
    /// Whether the link goes with the tie.
    is_whole_link: bool,
}

fn weakest_tie(ground: &Ground<'_>, index: u32) -> Option<Weakest> {
    let view = &ground.view;
    let ties = view.links(index).iter().flat_map(|&link| {
        let ties = view.ties(link);
        ties.iter().map(move |&tie| Weakest { tie, link, is_whole_link: ties.len() == 1 })
    });
    ties.max_by_key(|it| strength(ground.snapshot, it.tie))
}

fn figure_in(values: &[f64], index: u32) -> (f64, usize) {
    (values[index as usize], rank_of(values, index))
}

/// The share of a node's contacts that one of them leads to as well.
fn redundancy(view: &View, index: u32, contact: u32) -> f64 {
    let contacts = view.neighbours(index);
    let shared = contacts.iter().filter(|&&it| view.link_between(contact, it).is_some());
    shared.count() as f64 / contacts.len() as f64
}

/// "rank 1,204".
pub(crate) fn nth(rank: usize) -> String {
    format!("rank {}", words::digits(rank))
}

/// What others lose without a node: "9 bodies are cut off from the rest, 4 of them without any link".
fn loss(ground: &Ground<'_>, index: u32, n_cut_off: usize) -> Option<String> {
    let view = &ground.view;
    let only = view.neighbours(index).iter().filter(|&&it| view.degree(it) == 1).count();
    // Who loses its only link is cut off too, except one where nothing larger is left.
    if only >= n_cut_off {
        return match only {
            0 => None,
            1 => Some("1 body loses its only link".to_owned()),
            n => Some(format!("{} bodies lose their only link", words::digits(n))),
        };
    }
    let is_or_are = if n_cut_off == 1 { "is" } else { "are" };
    let cut_off =
        format!("{} {is_or_are} cut off from the rest", words::count(n_cut_off, "body", "bodies"));
    Some(match only {
        0 => cut_off,
        n => format!("{cut_off}, {} of them without any link", words::digits(n)),
    })
}

/// The kinds of nodes, the most frequent first, then in the order of the schema.
pub(crate) fn kinds_of(ground: &Ground<'_>, nodes: &[u32]) -> Vec<KindCount> {
    let schema = ground.snapshot.schema();
    let mut n_by_kind: BTreeMap<u16, usize> = BTreeMap::new();
    for &node in nodes {
        *n_by_kind.entry(ground.node(node).kind_id().0).or_default() += 1;
    }
    let mut res: Vec<KindCount> = n_by_kind
        .into_iter()
        .map(|(kind, n)| {
            let kind = schema.kind(weft_graph::KindId(kind));
            let label = if n == 1 { kind.label.clone() } else { kind.plural.clone() };
            KindCount { kind: kind.id.clone(), label: words::with_article(n, label), n_contacts: n }
        })
        .collect();
    res.sort_by_key(|it| std::cmp::Reverse(it.n_contacts));
    res
}

/// Sorts the rows of a ranking by what their places rest on.
pub(crate) fn verdict<F>(meaning: &'static str, ranking: &Ranking<F>) -> Verdict {
    let (rows, place) = (&ranking.rows, ranking.place);
    let is_out =
        |row: &Hub<F>, rank: Option<usize>| rank.is_none_or(|it| it > place.last_rank(row.rank));
    let by_one_tie =
        |it: &&Hub<F>| is_out(it, Some(it.trust.rank_without_weakest)) || it.trust.rests_on_one_tie;
    let by_the_unsaid = |it: &&Hub<F>| {
        is_out(it, it.trust.rank_on_stated) || is_out(it, it.trust.rank_with_inferred)
    };
    let by_order = |it: &&Hub<F>| place.shared(it.rank, Ranked::Bodies).is_some();
    let stays = |it: &&Hub<F>| it.stability.as_ref().is_none_or(Stability::is_safe);
    let keeps = |it: &&Hub<F>| it.stability.as_ref().is_some_and(Stability::keeps_its_rank);
    let names = |takes: &dyn Fn(&&Hub<F>) -> bool| -> Vec<NodeName> {
        rows.iter().filter(takes).map(|it| it.node.clone()).collect()
    };
    let is_safe =
        |it: &&Hub<F>| stays(it) && !by_one_tie(it) && !by_the_unsaid(it) && !by_order(it);
    let safe = names(&is_safe);
    let keep_their_rank = names(&|it| is_safe(it) && keeps(it));
    let mut sentences = Vec::new();
    if !rows.is_empty() {
        let safe: Vec<&str> = safe.iter().map(|it| it.name.as_str()).collect();
        sentences.extend(place.verdict(&safe, rows.len(), Ranked::Bodies));
    }
    if !keep_their_rank.is_empty() && place != Place::OwnRank {
        let keeps = if keep_their_rank.len() == 1 { "keeps its rank" } else { "keep their ranks" };
        let names = words::all_names(keep_their_rank.iter().map(|it| it.name.as_str()));
        sentences
            .push(format!("{names} even {keeps} in nine of ten draws that lose one link in ten"));
    }
    for row in rows.iter().filter(|it| !is_safe(it)) {
        let reasons = [
            by_one_tie(&row).then(|| one_tie(&row.trust)),
            by_the_unsaid(&row).then(|| unsaid(&row.trust, place.last_rank(row.rank))),
            place.shared(row.rank, Ranked::Bodies),
            row.stability.as_ref().filter(|it| !it.is_safe()).map(|it| it.sentence.clone()),
        ];
        let reasons: Vec<String> = reasons.into_iter().flatten().collect();
        let fails = place.fails();
        sentences.push(format!("{} {fails}: {}", row.node.name, reasons.join("; ")));
    }
    Verdict {
        meaning,
        place: match place {
            Place::AmongRows { .. } => "among_rows",
            Place::OwnRank => "own_rank",
        },
        safe,
        keep_their_rank,
        by_one_tie: names(&by_one_tie),
        by_the_unsaid: names(&by_the_unsaid),
        by_luck: names(&|it| !stays(it)),
        by_order: names(&by_order),
        sentences,
    }
}

/// Why a place rests on one tie, which is named.
fn one_tie(trust: &Trust) -> String {
    let tie = trust.weakest_tie.as_ref().map_or(String::new(), |it| {
        format!(" (\u{201c}{}\u{201d}, {})", it.sentence, it.certainty.as_str())
    });
    match trust.rests_on_one_tie {
        true => format!("more than half of its figure rests on one tie{tie}"),
        false => format!("without one tie{tie} it is {}", nth(trust.rank_without_weakest)),
    }
}

fn unsaid(trust: &Trust, last_rank: usize) -> String {
    match (trust.rank_on_stated, trust.rank_with_inferred) {
        (None, _) => "no source states in so many words that it is there".to_owned(),
        (Some(rank), _) if rank > last_rank => {
            format!("by what the sources state in so many words it is {}", nth(rank))
        }
        (_, rank) => {
            let rank = rank.map_or("out".to_owned(), nth);
            format!("the sources are silent on others: {rank} once inferred ties are added")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    const GRAPH: &str = "h:council -hosts-> a:nhs_body; h -hosts-> b:nhs_body; \
        h -supports-> a; c:funder -funds-> h; c -partners_with[implied]-> d:company; \
        e -partners_with-> f";

    fn all(graph: &str) -> Hubs {
        let question = Question { why: true, ..Question::default() };
        hubs(&fixture(graph), &question, &HubsOptions::default(), &mut Run::default()).unwrap()
    }

    #[track_caller]
    fn check(graph: &str, sentences: [&str; 3]) {
        let found = all(graph);
        let found = [
            found.works_with_most[0].sentence.as_str(),
            found.connects_groups[0].sentence.as_str(),
            found.shortest_way[0].sentence.as_str(),
        ];
        assert_eq!(found, sentences);
    }

    /// Who connects groups most, and what is said of the loss; nothing where nobody does.
    #[track_caller]
    fn check_loss(graph: &str, expected: &str) {
        let found = all(graph);
        let said = found.connects_groups.first().map_or(String::new(), |it| {
            let loss = it.sentence.split_once("without it ").map_or("", |it| it.1);
            format!("{}: {loss}", it.node.name)
        });
        assert_eq!(said, expected);
    }

    #[test]
    fn each_meaning_has_its_sentence() {
        check(
            GRAPH,
            [
                "3 partners, 2 of them NHS bodies; without it 2 bodies lose their only link",
                "33 in 100 of the shortest ways between two others lead through it; its 3 partners \
             open as many doors as 3 who do not know each other; without it 2 bodies lose their \
             only link",
                "reaches 4 of the 6 other bodies within two steps; without it 2 bodies lose their only \
             link",
            ],
        );
    }

    #[test]
    fn partners_of_as_many_kinds_are_not_counted_by_kind() {
        let hub = all("h:council -hosts-> a:charity; h -hosts-> b:company; a -supports-> b");
        let sentences: Vec<_> = hub.works_with_most.iter().map(|it| it.sentence.as_str()).collect();
        assert_eq!(sentences, ["2 partners, each of a different kind"; 3]);
    }

    #[test]
    fn contacts_are_counted_once_and_by_relation_both_ways() {
        let hub = all(GRAPH).works_with_most.remove(0);
        assert_eq!((hub.rank, hub.figures.n_contacts, hub.figures.n_ties), (1, 3, 4));
        let verbs: Vec<_> =
            hub.figures.by_relation.iter().map(|it| (it.verb.as_str(), it.n_contacts)).collect();
        assert_eq!(verbs, [("hosts", 2), ("is funded by", 1), ("supports", 1)]);
        assert_eq!(hub.figures.why.unwrap().iter().map(|it| it.ties.len()).sum::<usize>(), 4);
    }

    #[test]
    fn every_figure_follows_from_its_why() {
        let found = all(&format!("{GRAPH}; a -partners_with-> b; d -supports-> f; b -funds-> f"));
        for hub in &found.connects_groups {
            let why = hub.figures.why.as_ref().unwrap();
            let sum: f64 = why.dependencies.iter().map(|it| it.sum).sum();
            assert!((sum / 2.0 - hub.figures.betweenness).abs() < 1e-9);
            let shares: f64 = why.links.iter().map(|it| it.share).sum();
            assert!((shares - 2.0).abs() < 1e-9);
            let parts: f64 = why.contacts.iter().map(|it| it.part).sum();
            assert!(hub.figures.constraint.is_none_or(|it| (it - parts).abs() < 1e-9));
            let size: f64 = why.contacts.iter().map(|it| 1.0 - it.redundancy).sum();
            assert!(hub.figures.effective_size.is_none_or(|it| (it - size).abs() < 1e-9));
            assert_eq!(hub.figures.constraint.is_some(), hub.figures.n_contacts >= 3);
        }
        let n_others = found.basis.n_nodes as f64 - 1.0;
        for hub in &found.shortest_way {
            let rings = hub.figures.why.as_ref().unwrap();
            let sum: f64 = rings.iter().map(|it| it.n_nodes as f64 / f64::from(it.distance)).sum();
            assert!((sum / n_others - hub.figures.harmonic).abs() < 1e-9);
        }
    }

    #[test]
    fn a_rank_says_how_far_it_can_be_trusted() {
        let found = all(GRAPH);
        let c = found.works_with_most.iter().find(|it| it.node.id == "c").unwrap();
        assert_eq!((c.rank, c.trust.rank_on_stated), (2, Some(2)));
        assert_eq!(c.trust.figure_on_stated, Some(1.0));
        assert_eq!(c.trust.weakest_tie.as_ref().unwrap().certainty, Certainty::Implied);
        assert_eq!((c.trust.figure_without_weakest, c.trust.rank_without_weakest), (1.0, 2));
        let c = found.connects_groups.iter().find(|it| it.node.id == "c").unwrap();
        assert_eq!((c.trust.figure_on_stated, c.trust.figure_without_weakest), (Some(0.0), 0.0));
        assert!(c.trust.sentence.contains("rests on one tie"), "{}", c.trust.sentence);
    }

    #[test]
    fn what_others_lose_is_told_once() {
        check_loss(
            "h:council -supports-> a; h -supports-> b; h -supports-> c; b -supports-> d",
            "h: 2 bodies lose their only link",
        );
        // One of the two counts as the largest part that is left.
        check_loss("a:council -supports-> b; b -supports-> c", "b: 2 bodies lose their only link");
        check_loss(
            "h:council -supports-> a; a -supports-> b; h -supports-> c; c -supports-> d; d -supports-> e; \
             h -supports-> f",
            "h: 3 bodies are cut off from the rest, 1 of them without any link",
        );
        check_loss("a:council -supports-> b", "");
    }

    #[test]
    fn a_rank_without_its_tie_never_falls_to_where_it_was() {
        let found = all("a:council -supports-> b; b -supports-> c");
        for hub in &found.connects_groups {
            let said = &hub.trust.sentence;
            assert_eq!(hub.trust.rank_without_weakest, hub.rank);
            assert!(
                said.ends_with("rests on one tie, without which less than half of it is left"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_verdict_names_what_is_safe_and_what_rests_on_one_tie_or_on_the_unsaid() {
        let mut graph = "h:council".to_owned();
        for at in 0..9 {
            graph.push_str(&format!("; h -supports-> n{at}"));
        }
        graph.push_str("; n0 -supports[ambiguous]-> i; i -supports-> j");
        let options =
            HubsOptions { n_rows: 3, stability: true, chance: true, ..Default::default() };
        let found =
            hubs(&fixture(&graph), &Question::default(), &options, &mut Run::default()).unwrap();
        let verdict = &found.verdicts[1];
        let ids = |it: &[NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        assert_eq!(
            (verdict.meaning, ids(&verdict.safe)),
            ("connects_groups", vec!["h".to_owned()])
        );
        assert_eq!(ids(&verdict.by_one_tie), ["n0", "i"]);
        assert_eq!(ids(&verdict.by_the_unsaid), Vec::<String>::new());
        assert_eq!(verdict.place, "own_rank", "nobody else stands between two others");
        assert_eq!(
            verdict.sentences[0],
            "h keeps its rank, or has a better one, whatever was tried"
        );
        let one_tie = "n0 may not keep its rank: more than half of its figure rests on one tie \
                       (\u{201c}n0 supports i\u{201d}, ambiguous); ";
        assert!(verdict.sentences[1].starts_with(one_tie), "{:?}", verdict.sentences);
        let degree = found.works_with_most[0].chance.as_ref().unwrap();
        assert_eq!((degree.n_samples, degree.p_higher), (0, None));
        assert_eq!(found.connects_groups[0].chance.as_ref().unwrap().n_samples, 999);
    }

    #[test]
    fn a_place_that_is_shared_with_bodies_not_shown_is_not_safe() {
        let mut graph = "h:council".to_owned();
        for at in 0..12 {
            graph.push_str(&format!("; h -supports-> n{at:02}"));
        }
        let options = HubsOptions { n_rows: 4, stability: true, ..Default::default() };
        let found =
            hubs(&fixture(&graph), &Question::default(), &options, &mut Run::default()).unwrap();
        let verdict = &found.verdicts[0];
        let ids = |it: &[NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        assert_eq!((verdict.place, ids(&verdict.safe)), ("among_rows", vec!["h".to_owned()]));
        assert_eq!(ids(&verdict.by_order), ["n00", "n01", "n02"]);
        let said = "its figure is that of 9 bodies that are not shown";
        assert!(verdict.sentences[2].contains(said), "{:?}", verdict.sentences);
        // Of the ways between others one body alone has any: it is told whether it keeps its rank.
        let groups = &found.verdicts[1];
        assert_eq!(groups.sentences, ["h keeps its rank, or has a better one, whatever was tried"]);
    }

    #[test]
    fn of_bodies_that_are_asked_for_it_is_said_whether_they_keep_their_rank() {
        let mut graph = "h:council".to_owned();
        for at in 0..12 {
            graph.push_str(&format!("; h -supports-> n{at:02}"));
        }
        graph.push_str("; n05 -supports[inferred]-> n06; n05 -supports[inferred]-> n07");
        let snapshot = fixture(&graph);
        let only = ["n05", "n06"].map(|it| snapshot.find_node(it).unwrap()).to_vec();
        let options = HubsOptions { only, stability: true, ..Default::default() };
        let found = hubs(&snapshot, &Question::default(), &options, &mut Run::default()).unwrap();
        let verdict = &found.verdicts[0];
        assert_eq!(verdict.place, "own_rank");
        assert_eq!(
            verdict.sentences[0],
            "none of the 2 bodies keeps its rank in all that was tried"
        );
        let n05 = &found.works_with_most[0];
        assert_eq!((n05.rank, n05.stability.as_ref().unwrap().n_rows), (2, 2));
    }

    #[test]
    fn what_is_not_stated_in_words_is_said_to_be_unsaid() {
        let graph = "h -supports[implied]-> a; h -supports[implied]-> b; h -supports[implied]-> c; \
                     x -supports-> y; y -supports-> z";
        let options = HubsOptions { n_rows: 1, stability: true, ..Default::default() };
        let found =
            hubs(&fixture(graph), &Question::default(), &options, &mut Run::default()).unwrap();
        assert_eq!(found.verdicts[0].by_the_unsaid[0].id, "h");
        let words = "by what the sources state in so many words it is rank 4";
        assert!(found.verdicts[0].sentences.iter().any(|it| it.contains(words)));
    }

    #[test]
    fn a_second_tie_of_a_link_keeps_the_rank_when_the_weakest_is_dropped() {
        let found = all("a -hosts-> b; a -funds[implied]-> b; b -hosts-> c");
        let a = found.works_with_most.iter().find(|it| it.node.id == "a").unwrap();
        assert_eq!((a.trust.figure_without_weakest, a.trust.rank_without_weakest), (1.0, 2));
    }

    #[test]
    fn stability_that_would_take_long_is_left_out_where_that_is_wished_and_said() {
        let ties: Vec<String> = (0..1_001).map(|it| format!("hub -supports-> n{it}")).collect();
        let snapshot = fixture(&ties.join("; "));
        let options =
            HubsOptions { n_rows: 1, stability: true, only_if_quick: true, ..Default::default() };
        let found = hubs(&snapshot, &Question::default(), &options, &mut Run::default()).unwrap();
        assert!(found.verdicts.is_empty() && found.works_with_most[0].stability.is_none());
        assert!(found.notes.iter().any(|it| it == NOT_TRIED), "{:?}", found.notes);
        let small = fixture("hub -supports-> a; hub -supports-> b");
        let found = hubs(&small, &Question::default(), &options, &mut Run::default()).unwrap();
        assert!(!found.verdicts.is_empty() && !found.notes.iter().any(|it| it == NOT_TRIED));
    }
}
