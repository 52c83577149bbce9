//! Rankings by any measure: bodies or links by a figure, bodies chosen together, or groups that hold
//! together.
//!
//! Which measures there are, and how each is taken, stands in [`super::measure`]; hubs, which rank by
//! three of them in words, in [`super::hubs()`]. Every figure opens into the parts of its contacts, or
//! into who is how far, wherever the measure has such parts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{
    Direction, Interrupted, Run, Weighting, biconnected_components, cuts, fragmentation,
};
use weft_graph::{Certainty, NodeIdx, Snapshot, TieIdx, UNREACHED, View, ViewSpec, distances};

use crate::ecosystem::Error;
use crate::ecosystem::evidence::{
    LinkEvidence, NodeName, TieEvidence, link_evidence, strength, tie_evidence,
};

use crate::ecosystem::hubs::nth;
use crate::ecosystem::measure::{
    Choose, Figures, How, MeasureOptions, Opens, RankMeasure, Sight, TakeLinks,
};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::set_trial::{ChosenAgain, OtherSet, SetTrial, set_verdict};
use crate::ecosystem::trust::{
    Chance, DRAWS, HARDLY_SWAPPED, Place, RESTS_ON_ONE, Ranked, Stability, chance, level, losses,
    rewired, stability,
};

/// What is said of a link that has more than the one of its rank in rewired networks, less, or neither.
const BY_LINKS: [&str; 3] = [
    "more than the link of that rank has in rewired networks",
    "less than the link of that rank has in rewired networks",
    "what the link of that rank has in rewired networks too",
];

/// What the user asks of a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct RankOptions {
    /// What the measure is told.
    pub measure: MeasureOptions,
    /// How many rows are opened and tried; all are ranked. So many are chosen by measures that choose.
    pub n_rows: usize,
    /// Only these bodies, whatever their rank; all if empty.
    pub only: Vec<NodeIdx>,
    /// Whether to see what becomes of the ranks when links are lost or doubted.
    pub stability: bool,
    /// Whether to hold the figures against rewired networks.
    pub chance: bool,
}

/// The answer to `rank`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Ranking {
    /// What it rests on.
    pub basis: Basis,
    /// The measure.
    pub measure: &'static str,
    /// Which ties of a body count: `either`, `out` or `in`.
    pub direction: &'static str,
    /// How ties became the weight of their link.
    pub weight: &'static str,
    /// Whether the lowest figure comes first.
    pub lowest_first: bool,
    /// Figures of the network as a whole.
    pub whole: BTreeMap<&'static str, f64>,
    /// The bodies, by figure.
    pub rows: Vec<RankRow>,
    /// The groups, the largest first, where the measure tells groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<RankGroup>,
    /// The links, by figure, where the measure tells of links.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<RankLink>,
    /// Bodies of which the measure says nothing.
    pub n_without: usize,
    /// Whom the same choice takes on other ties, where bodies are chosen together; empty unless stability
    /// was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_sets: Vec<OtherSet>,
    /// Which of the places tried are safe, in words; empty unless stability was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdict: Vec<String>,
    /// What must be known beside the figures.
    pub notes: Vec<String>,
}

/// One body of a ranking.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RankRow {
    /// 1 for the first; equal figures share a rank. Of bodies chosen together: the order of choice.
    /// None where the figure is too unreliable to be ranked: those rows are the last.
    pub rank: Option<usize>,
    /// The body.
    pub node: NodeName,
    /// The figure. Of bodies chosen together: what those chosen so far are worth.
    pub value: f64,
    /// Further figures that the measure has of it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub beside: BTreeMap<&'static str, Option<f64>>,
    /// Distinct contacts along the ties that count.
    pub n_contacts: usize,
    /// What becomes of its rank when ties are doubted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<RankTrust>,
    /// What becomes of its rank when links are lost at random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<Stability>,
    /// Of bodies chosen together: whether it is chosen again when ties are lost or doubted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen_again: Option<ChosenAgain>,
    /// Whether the figure differs from chance. Of bodies chosen together: whether what those chosen so
    /// far are worth differs from what as many are worth that were chosen the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
    /// What would reproduce the figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<RankWhy>,
}

/// What becomes of a rank when ties are doubted; none where the measure says nothing of it there.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RankTrust {
    /// On `stated` ties alone.
    pub rank_on_stated: Option<usize>,
    /// With `inferred` ties added.
    pub rank_with_inferred: Option<usize>,
    /// Its weakest tie: the least certain, then the oldest source.
    pub weakest_tie: Option<TieEvidence>,
    /// Without that tie.
    pub rank_without_weakest: Option<usize>,
    /// Whether more than half of the figure goes with that tie; never where the lowest comes first.
    pub rests_on_one_tie: bool,
    /// In words.
    pub sentence: String,
}

/// What a figure opens into.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RankWhy {
    /// What it has without any contact; the figure is this and the parts.
    pub own: f64,
    /// Its contacts, those with the greatest part first.
    pub contacts: Vec<RankContact>,
    /// Who is how far; empty where distances play no part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub distances: Vec<RankRing>,
}

/// A contact and its part in a figure.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RankContact {
    /// The contact.
    pub node: NodeName,
    /// Its own figure.
    pub value: Option<f64>,
    /// Its part; none where the measure does not fall into parts of contacts.
    pub part: Option<f64>,
    /// The ties.
    pub link: LinkEvidence,
}

/// Those at one distance.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RankRing {
    /// Links.
    pub distance: u32,
    /// How many.
    pub n_nodes: usize,
    /// What they add together; none where the measure is no sum over bodies.
    pub part: Option<f64>,
    /// Who.
    pub nodes: Vec<NodeName>,
}

/// A group of a ranking.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RankGroup {
    /// 1 for the largest; equal sizes share a rank.
    pub rank: usize,
    /// How many bodies.
    pub n_members: usize,
    /// The bodies, by id.
    pub members: Vec<NodeName>,
    /// Those of them that are in other groups as well: they alone join this one to the rest.
    pub joined_by: Vec<NodeName>,
    /// The links inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<LinkEvidence>>,
}

/// A link of a ranking.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct RankLink {
    /// 1 for the first; equal figures share a rank.
    pub rank: usize,
    /// One end: where ties have a direction, the one from which the link leads.
    pub from: NodeName,
    /// The other.
    pub to: NodeName,
    /// The figure.
    pub value: f64,
    /// The figure by the number of pairs of bodies.
    pub share: Option<f64>,
    /// Whether without it no way at all is left between its ends.
    pub is_bridge: bool,
    /// The ties in it.
    pub n_ties: usize,
    /// What becomes of its rank when ties are doubted; left out is the weakest of the other ties at its
    /// ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<RankTrust>,
    /// What becomes of its rank in the draws that lose others and leave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stability: Option<Stability>,
    /// Whether the figure differs from that of the link of the same rank in rewired networks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
    /// In words.
    pub sentence: String,
    /// The ties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<LinkEvidence>,
}

impl Default for RankOptions {
    fn default() -> Self {
        Self {
            measure: MeasureOptions::default(),
            n_rows: 10,
            only: Vec::new(),
            stability: false,
            chance: false,
        }
    }
}

/// Ranks the bodies of the conduit view by a measure, or the groups that it tells.
///
/// Costs what the measure costs; 1,000 times more for stability, and 999 times for chance.
///
/// # Errors
/// [`Error::NotInView`] if a body that is asked for is not in the view, [`Error::Unmeasured`] if the
/// measure has no figures there; [`Error::Interrupted`].
pub fn rank(
    snapshot: &Snapshot,
    question: &Question,
    measure: &RankMeasure,
    options: &RankOptions,
    run: &mut Run<'_>,
) -> Result<Ranking, Error> {
    let mut ground = Ground::conduit(snapshot, question);
    if measure.is_directed(&options.measure) {
        let spec = ViewSpec { directed: true, ..ground.view.spec().clone() };
        ground.view = View::new(snapshot, spec);
    }
    let only = options.only.iter().map(|&it| ground.must_get_index(it));
    let only = only.collect::<Result<BTreeSet<u32>, Error>>()?;
    let mut res = Ranking {
        basis: ground.basis(),
        measure: measure.name,
        direction: match measure.direction_of(&options.measure) {
            Direction::Outgoing => "out",
            Direction::Incoming => "in",
            Direction::Either => "either",
        },
        weight: options.measure.weighting.name(),
        lowest_first: measure.lowest_first,
        whole: BTreeMap::new(),
        rows: Vec::new(),
        groups: Vec::new(),
        links: Vec::new(),
        n_without: 0,
        other_sets: Vec::new(),
        verdict: Vec::new(),
        notes: Vec::new(),
    };
    let desk = Desk { ground: &ground, measure, options };
    match measure.how {
        How::Figures(_) => desk.bodies(&only, &mut res, run)?,
        How::Chosen(choose) => desk.chosen(choose, &mut res, run)?,
        How::Blocks => desk.blocks(&only, &mut res),
        How::Links(take) => desk.links(take, &only, &mut res, run)?,
    }
    if options.measure.weighting == Weighting::Amount {
        res.notes.push("ties without an amount add nothing; amounts are heavy-tailed".to_owned());
    }
    Ok(res)
}

struct Desk<'a> {
    ground: &'a Ground<'a>,
    measure: &'a RankMeasure,
    options: &'a RankOptions,
}

impl Desk<'_> {
    fn sight(&self, view: &View) -> Sight<'_> {
        Sight::new(self.ground.snapshot, view, self.measure, &self.options.measure)
    }

    fn figures(&self, sight: &Sight<'_>) -> Result<Figures, String> {
        match self.measure.how {
            How::Figures(take) => take(sight),
            How::Chosen(_) | How::Blocks | How::Links(_) => Ok(Figures::default()),
        }
    }

    /// The figures of a view so that the greatest is the first; bodies without one that could be ranked
    /// are last.
    fn keys(&self, found: &Figures) -> Vec<f64> {
        let per_body = if found.are_shares { found.values.len() as f64 } else { 1.0 };
        let sign = if self.measure.lowest_first { -per_body } else { per_body };
        let key = |(at, &it): (usize, &f64)| match it.is_nan() || found.is_unreliable_at(at) {
            true => f64::NEG_INFINITY,
            false => sign * it,
        };
        found.values.iter().enumerate().map(key).collect()
    }

    fn keys_on(&self, view: &View) -> Vec<f64> {
        match self.figures(&self.sight(view)) {
            Ok(found) => self.keys(&found),
            // Of a network that has no figures nobody comes first.
            Err(_) => vec![f64::NEG_INFINITY; view.n()],
        }
    }

    fn bodies(
        &self,
        only: &BTreeSet<u32>,
        res: &mut Ranking,
        run: &mut Run<'_>,
    ) -> Result<(), Error> {
        let (ground, options) = (self.ground, self.options);
        let sight = self.sight(&ground.view);
        if let Some(sweep) = self.measure.sweep {
            sweep(&sight, run)?;
        }
        let found = self
            .figures(&sight)
            .map_err(|why| Error::Unmeasured { measure: self.measure.name, why })?;
        let keys = self.keys(&found);
        let ranks = ranks(&keys);
        let is_in = |it: &u32| only.is_empty() || only.contains(it);
        let has_figure = |it: &u32| found.values[*it as usize].is_finite();
        let mut order: Vec<u32> = ground.indices().filter(is_in).filter(has_figure).collect();
        order.sort_by(|&a, &b| {
            ranks[a as usize].cmp(&ranks[b as usize]).then_with(|| ground.by_id(a, b))
        });
        res.n_without = ground.indices().filter(is_in).count() - order.len();
        let is_ranked = |it: u32| !found.is_unreliable_at(it as usize);
        let shown = &order[..options.n_rows.min(order.len())];
        let tried = &shown[..shown.partition_point(|&it| is_ranked(it))];
        let measure = |view: &View| self.keys_on(view);
        let seed = ground.question.seed;
        // Who has nothing of what is counted has no place to keep.
        let is_count = !self.measure.lowest_first && !found.values.iter().any(|&it| it < 0.0);
        let has_place = |it: u32| is_ranked(it) && !(is_count && found.values[it as usize] == 0.0);
        let n_placed = order.partition_point(|&it| has_place(it));
        let placed = &order[..n_placed.min(shown.len())];
        let of_order: Vec<usize> = order[..n_placed].iter().map(|&it| ranks[it as usize]).collect();
        let place = Place::of(&of_order, placed.len(), !only.is_empty());
        let mut stabilities = match options.stability {
            true => {
                let placed: Vec<(u32, usize)> =
                    placed.iter().copied().zip(of_order.iter().copied()).collect();
                stability(&ground.view, measure, &placed, place, seed, run)?
            }
            false => Vec::new(),
        }
        .into_iter();
        let mut chances = match options.chance {
            true => self.chances(tried, run)?,
            false => Vec::new(),
        }
        .into_iter();
        let doubts = options.stability.then(|| self.doubts());
        for (at, &index) in order.iter().enumerate() {
            let rank = is_ranked(index).then_some(ranks[index as usize]);
            let beside = found.beside.iter().map(|(name, values)| {
                let value = values[index as usize];
                (*name, value.is_finite().then_some(value))
            });
            res.rows.push(RankRow {
                rank,
                node: ground.name(index),
                value: found.values[index as usize],
                beside: beside.collect(),
                n_contacts: sight.view.degree(index),
                trust: doubts
                    .as_ref()
                    .filter(|_| at < placed.len())
                    .and_then(|it| Some(self.trust(it, index, rank?, keys[index as usize]))),
                stability: stabilities.next(),
                chosen_again: None,
                chance: chances.next(),
                why: (ground.question.why && at < shown.len())
                    .then(|| self.why(&sight, &found, index)),
            });
        }
        if options.stability {
            res.verdict = match (placed.is_empty(), tried.is_empty()) {
                (false, _) => {
                    let rows: Vec<Tried<'_>> =
                        res.rows[..placed.len()].iter().filter_map(Tried::of_body).collect();
                    verdict(&rows, place, Ranked::Bodies)
                }
                (_, true) => {
                    vec!["no figure here can be ranked, so there is no place to keep".into()]
                }
                (_, false) => {
                    vec!["no figure here is above 0, so there is no place to keep".into()]
                }
            };
        }
        res.whole = found.whole.into_iter().collect();
        res.notes = found.notes;
        Ok(())
    }

    fn chances(&self, nodes: &[u32], run: &mut Run<'_>) -> Result<Vec<Chance>, Interrupted> {
        let ground = self.ground;
        if let Some(words) = (self.measure.kept_by_rewiring)(&self.options.measure) {
            return Ok(vec![Chance::not_applicable(words); nodes.len()]);
        }
        // What nothing is said of counts as nothing.
        let measure = |view: &View| -> Vec<f64> {
            let found = self.figures(&self.sight(view)).map(|it| it.values);
            let values = found.unwrap_or_else(|_| vec![0.0; view.n()]);
            values.into_iter().map(|it| if it.is_nan() { 0.0 } else { it }).collect()
        };
        chance(ground.snapshot, &ground.view, measure, nodes, ground.question.seed, run)
    }

    /// The views at both ends of certainty, with the keys of all bodies there.
    fn doubts(&self) -> [(View, Vec<f64>); 2] {
        [Certainty::Stated, Certainty::Inferred].map(|floor| {
            let spec = ViewSpec { floor, ..self.ground.view.spec().clone() };
            let view = View::new(self.ground.snapshot, spec);
            let keys = self.keys_on(&view);
            (view, keys)
        })
    }

    fn trust(
        &self,
        doubts: &[(View, Vec<f64>); 2],
        index: u32,
        rank: usize,
        key: f64,
    ) -> RankTrust {
        let snapshot = self.ground.snapshot;
        let idx = self.ground.view.node(index);
        let rank_in = |(view, keys): &(View, Vec<f64>)| rank_of(keys, view.index_of(idx)?);
        let [on_stated, with_inferred] = doubts.each_ref().map(rank_in);
        let weakest = self.weakest_tie(index);
        let (without, key_without) = match weakest {
            None => (Some(rank), key),
            Some(tie) => {
                let mut spec = self.ground.view.spec().clone();
                spec.without_ties.push(tie);
                let view = View::new(snapshot, spec);
                let keys = self.keys_on(&view);
                let index = view.index_of(idx);
                let key = index.map_or(f64::NEG_INFINITY, |it| keys[it as usize]);
                (index.and_then(|it| rank_of(&keys, it)), key)
            }
        };
        let rests = !self.measure.lowest_first && key > 0.0 && key_without < key * RESTS_ON_ONE;
        RankTrust::new(
            [on_stated, with_inferred, without],
            weakest.map(|it| tie_evidence(snapshot, it)),
            rests,
            "its weakest tie",
        )
    }

    fn weakest_tie(&self, index: u32) -> Option<TieIdx> {
        let view = &self.ground.view;
        let links = view.links(index).iter().chain(view.in_links(index));
        let ties = links.flat_map(|&it| view.ties(it)).copied();
        ties.max_by_key(|&it| strength(self.ground.snapshot, it))
    }

    fn why(&self, sight: &Sight<'_>, found: &Figures, index: u32) -> RankWhy {
        let (ground, view) = (self.ground, &sight.view);
        let parts = match self.measure.opens {
            Opens::Parts(parts) => parts(sight, found, index),
            Opens::Distances(_) | Opens::Ties => None,
        };
        let (own, by_contact) = parts.unwrap_or((0.0, BTreeMap::new()));
        let finite = |it: f64| it.is_finite().then_some(it);
        let mut contacts: Vec<u32> =
            view.neighbours(index).iter().chain(view.in_neighbours(index)).copied().collect();
        contacts.sort_unstable();
        contacts.dedup();
        // Of a directed measure those count to which its ties lead.
        contacts.retain(|it| {
            by_contact.is_empty()
                || by_contact.contains_key(it)
                || view.link_between(index, *it).is_some()
        });
        let contact = |contact: u32| {
            let is_there = view.link_between(index, contact).is_some();
            let (from, to) = if is_there { (index, contact) } else { (contact, index) };
            RankContact {
                node: ground.name(contact),
                value: finite(found.values[contact as usize]),
                part: by_contact.get(&contact).copied(),
                link: link_evidence(ground.snapshot, view, from, to),
            }
        };
        let mut contacts: Vec<RankContact> = contacts.into_iter().map(contact).collect();
        contacts.sort_by(|a, b| {
            let key = |it: &RankContact| std::cmp::Reverse(level(it.part.unwrap_or(0.0)));
            key(a).cmp(&key(b)).then_with(|| a.node.cmp(&b.node))
        });
        RankWhy { own, contacts, distances: self.rings(sight, index) }
    }

    fn rings(&self, sight: &Sight<'_>, index: u32) -> Vec<RankRing> {
        let Opens::Distances(part) = self.measure.opens else { return Vec::new() };
        let mut rings: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (node, &distance) in (0..).zip(&distances(&sight.view, &[index], u32::MAX)) {
            if distance != 0 && distance != UNREACHED {
                rings.entry(distance).or_default().push(node);
            }
        }
        let ring = |(distance, nodes): (u32, Vec<u32>)| RankRing {
            distance,
            n_nodes: nodes.len(),
            part: part(sight, distance).map(|it| it * nodes.len() as f64),
            nodes: self.ground.names(&nodes),
        };
        rings.into_iter().map(ring).collect()
    }

    fn links_inside(&self, view: &View, nodes: &[u32]) -> Vec<LinkEvidence> {
        let is_in: BTreeSet<u32> = nodes.iter().copied().collect();
        let pairs = nodes.iter().flat_map(|&a| view.neighbours(a).iter().map(move |&b| (a, b)));
        let inside = pairs.filter(|(a, b)| is_in.contains(b) && (view.spec().directed || a < b));
        inside.map(|(a, b)| link_evidence(self.ground.snapshot, view, a, b)).collect()
    }

    fn chosen(
        &self,
        choose: Choose,
        res: &mut Ranking,
        run: &mut Run<'_>,
    ) -> Result<(), Interrupted> {
        let ground = self.ground;
        let sight = self.sight(&ground.view);
        let found = choose(&sight, self.options.n_rows);
        let before = match self.measure.name {
            "key_fragmenters" => fragmentation(&ground.view, &[]),
            _ => 0.0,
        };
        let values = std::iter::once(before).chain(found.values.iter().copied());
        for ((at, &index), (value, last)) in
            found.nodes.iter().enumerate().zip(found.values.iter().zip(values))
        {
            let links = sight.view.neighbours(index).iter().map(|&contact| RankContact {
                node: ground.name(contact),
                value: None,
                part: None,
                link: link_evidence(ground.snapshot, &sight.view, index, contact),
            });
            res.rows.push(RankRow {
                rank: Some(at + 1),
                node: ground.name(index),
                value: *value,
                beside: [("added", Some(value - last))].into(),
                n_contacts: sight.view.degree(index),
                trust: None,
                stability: None,
                chosen_again: None,
                chance: None,
                why: ground.question.why.then(|| RankWhy {
                    own: last,
                    contacts: links.collect(),
                    distances: Vec::new(),
                }),
            });
        }
        res.whole = [("bound", found.bound), ("without_any", before)].into();
        res.notes.push(
            "chosen one at a time, each the best beside those before; no set of as many is worth more \
             than the bound"
                .to_owned(),
        );
        let tried =
            SetTrial { ground, choose: &|view| choose(&self.sight(view), found.nodes.len()) };
        if self.options.stability {
            let (again, other_sets) = tried.stability(&found, run)?;
            for (row, again) in res.rows.iter_mut().zip(again) {
                row.chosen_again = Some(again);
            }
            res.verdict = set_verdict(&res.rows, &other_sets);
            res.other_sets = other_sets;
        }
        if self.options.chance {
            for (row, chance) in res.rows.iter_mut().zip(tried.chances(&found, run)?) {
                row.chance = Some(chance);
            }
        }
        Ok(())
    }

    fn blocks(&self, only: &BTreeSet<u32>, res: &mut Ranking) {
        let (ground, view) = (self.ground, &self.ground.view);
        let mut found = biconnected_components(view);
        for nodes in &mut found {
            nodes.sort_by(|&a, &b| ground.by_id(a, b));
        }
        let mut n_of = vec![0_usize; view.n()];
        found.iter().flatten().for_each(|&it| n_of[it as usize] += 1);
        let is_asked = |it: &Vec<u32>| only.is_empty() || it.iter().any(|it| only.contains(it));
        let sizes: Vec<f64> = found.iter().map(|it| it.len() as f64).collect();
        for (nodes, rank) in found.into_iter().zip(ranks(&sizes)).filter(|it| is_asked(&it.0)) {
            let joins: Vec<u32> =
                nodes.iter().copied().filter(|&it| n_of[it as usize] > 1).collect();
            res.groups.push(RankGroup {
                rank,
                n_members: nodes.len(),
                members: ground.names(&nodes),
                joined_by: ground.names(&joins),
                why: ground.question.why.then(|| self.links_inside(view, &nodes)),
            });
        }
        let n_cut = n_of.iter().filter(|&&it| it > 1).count();
        let n_alone = n_of.iter().filter(|&&it| it == 0).count();
        res.whole = [
            ("n_blocks", sizes.len() as f64),
            ("n_rings", sizes.iter().filter(|&&it| it > 2.0).count() as f64),
            ("n_cut_nodes", n_cut as f64),
        ]
        .into();
        res.n_without = n_alone;
    }

    /// The links, the highest figure first, then by the ids of their ends.
    fn links(
        &self,
        take: TakeLinks,
        only: &BTreeSet<u32>,
        res: &mut Ranking,
        run: &mut Run<'_>,
    ) -> Result<(), Error> {
        let ground = self.ground;
        let sight = self.sight(&ground.view);
        let view = &sight.view;
        let unmeasured = |why| Error::Unmeasured { measure: self.measure.name, why };
        let found = take(&sight, run)?.map_err(unmeasured)?;
        let ranks = ranks(&found);
        let cuts = cuts(view);
        let n = view.n() as f64;
        let n_pairs = n * (n - 1.0) / if view.spec().directed { 1.0 } else { 2.0 };
        let ends = |link: u32| {
            let (a, b) = view.link_ends(link);
            // Where no end comes first, that with the smaller id does.
            match !view.spec().directed && ground.by_id(a, b).is_gt() {
                true => (b, a),
                false => (a, b),
            }
        };
        let is_asked = |link: &u32| {
            let (a, b) = view.link_ends(*link);
            only.is_empty() || only.contains(&a) || only.contains(&b)
        };
        let mut order: Vec<u32> = (0..view.m() as u32).filter(is_asked).collect();
        order.sort_by(|&a, &b| {
            let by_rank = ranks[a as usize].cmp(&ranks[b as usize]);
            let ((a, to_a), (b, to_b)) = (ends(a), ends(b));
            by_rank.then_with(|| ground.by_id(a, b)).then_with(|| ground.by_id(to_a, to_b))
        });
        for (at, &link) in order.iter().enumerate() {
            let (from, to) = ends(link);
            let value = found[link as usize];
            let is_bridge = cuts.bridges().binary_search(&(from.min(to), from.max(to))).is_ok();
            let share = (n_pairs > 0.0).then(|| value / n_pairs);
            let is_opened = ground.question.why && at < self.options.n_rows;
            res.links.push(RankLink {
                rank: ranks[link as usize],
                from: ground.name(from),
                to: ground.name(to),
                value,
                share,
                is_bridge,
                n_ties: view.ties(link).len(),
                trust: None,
                stability: None,
                chance: None,
                sentence: link_sentence(share.unwrap_or(0.0), is_bridge),
                why: is_opened.then(|| link_evidence(ground.snapshot, view, from, to)),
            });
        }
        let n_bridges = cuts.bridges().len();
        res.whole = [("n_bridges", n_bridges as f64), ("n_links", view.m() as f64)].into();
        let n_tried = self.options.n_rows.min(order.len());
        if self.options.stability {
            let ranks: Vec<usize> = order.iter().map(|&it| ranks[it as usize]).collect();
            let place = Place::of(&ranks, n_tried, !only.is_empty());
            let tried: Vec<(u32, u32)> = order[..n_tried].iter().map(|&it| ends(it)).collect();
            self.try_links(take, &tried, place, &mut res.links[..n_tried], run)?;
            let rows = res.links[..n_tried].iter().map(Tried::of_link).collect::<Vec<_>>();
            res.verdict = match n_tried {
                0 => vec!["there is no link, so there is no place to keep".into()],
                _ => verdict(&rows, place, Ranked::Links),
            };
        }
        if self.options.chance {
            self.hold_links(take, &mut res.links[..n_tried], run)?;
        }
        Ok(())
    }

    /// The figure and the rank of links, given by their ends in the view asked about, in another view; none
    /// where it is not there.
    fn links_in(
        &self,
        take: TakeLinks,
        view: &View,
        links: &[(u32, u32)],
    ) -> Vec<Option<(f64, usize)>> {
        let sight = self.sight(view);
        let found = take(&sight, &mut Run::default()).expect("nobody interrupts it");
        let Ok(values) = found else { return vec![None; links.len()] };
        let ranks = ranks(&values);
        let index = |it: u32| sight.view.index_of(self.ground.view.node(it));
        let of = |&(a, b): &(u32, u32)| {
            let link = sight.view.link_between(index(a)?, index(b)?)? as usize;
            Some((values[link], ranks[link]))
        };
        links.iter().map(of).collect()
    }

    /// What becomes of the first links when others are lost, or ties doubted.
    fn try_links(
        &self,
        take: TakeLinks,
        ends: &[(u32, u32)],
        place: Place,
        rows: &mut [RankLink],
        run: &mut Run<'_>,
    ) -> Result<(), Interrupted> {
        let ground = self.ground;
        let (snapshot, seed) = (ground.snapshot, ground.question.seed);
        let drawn =
            losses(&ground.view, DRAWS, seed, run, |view| self.links_in(take, &view, ends))?;
        let [on_stated, with_inferred] = [Certainty::Stated, Certainty::Inferred].map(|floor| {
            let spec = ViewSpec { floor, ..ground.view.spec().clone() };
            self.links_in(take, &View::new(snapshot, spec), ends)
        });
        for (at, row) in rows.iter_mut().enumerate() {
            let own = Some((row.value, row.rank));
            let weakest = self.weakest_beside(ends[at]);
            let without = match weakest {
                None => own,
                Some(tie) => {
                    let mut spec = ground.view.spec().clone();
                    spec.without_ties.push(tie);
                    self.links_in(take, &View::new(snapshot, spec), &ends[at..=at])[0]
                }
            };
            let rests = without.is_some_and(|it| it.0 < row.value * RESTS_ON_ONE);
            let rank = |it: Option<(f64, usize)>| it.map(|it| it.1);
            row.trust = Some(RankTrust::new(
                [rank(on_stated[at]), rank(with_inferred[at]), rank(without)],
                weakest.map(|it| tie_evidence(snapshot, it)),
                rests,
                "the weakest of the other ties at its ends",
            ));
            let ranks: Vec<Option<usize>> =
                drawn.draws.iter().map(|it| rank(it[at])).filter(Option::is_some).collect();
            // A network of one link loses it in every draw.
            row.stability = (!ranks.is_empty())
                .then(|| drawn.stability(ranks, row.rank, place, "draws that leave it"));
        }
        Ok(())
    }

    /// The weakest of the ties at the ends of a link that are not in it.
    fn weakest_beside(&self, (a, b): (u32, u32)) -> Option<TieIdx> {
        let view = &self.ground.view;
        let is_own = |link: u32| {
            let ends = view.link_ends(link);
            ends == (a, b) || ends == (b, a)
        };
        let links =
            [a, b].into_iter().flat_map(|it| view.links(it).iter().chain(view.in_links(it)));
        let others = links.copied().filter(|&it| !is_own(it)).flat_map(|it| view.ties(it)).copied();
        others.max_by_key(|&it| strength(self.ground.snapshot, it))
    }

    /// Holds each link against that of the same rank in rewired networks, which keep no link as it is.
    fn hold_links(
        &self,
        take: TakeLinks,
        rows: &mut [RankLink],
        run: &mut Run<'_>,
    ) -> Result<(), Interrupted> {
        let ground = self.ground;
        let n_ranks = rows.iter().map(|it| it.rank).max().unwrap_or(0);
        let highest = |view: &View| -> Vec<f64> {
            let found = take(&self.sight(view), &mut Run::default()).expect("nobody interrupts it");
            let mut values = found.unwrap_or_default();
            values.sort_by(|a, b| b.total_cmp(a));
            values.resize(n_ranks, 0.0);
            values
        };
        let seed = ground.question.seed;
        let samples = rewired(ground.snapshot, &ground.view, seed, run, highest)?;
        for row in rows {
            row.chance = Some(match &samples {
                None => Chance::not_applicable(HARDLY_SWAPPED),
                Some(samples) => {
                    let of_rank = samples.iter().map(|it| it[row.rank - 1]);
                    Chance::of(row.value, of_rank, BY_LINKS)
                }
            });
        }
        Ok(())
    }
}

impl RankTrust {
    /// `ranks` are those on stated ties alone, with inferred ties added, and without `weakest`, which
    /// `is_called` so.
    fn new(
        ranks: [Option<usize>; 3],
        weakest: Option<TieEvidence>,
        rests_on_one_tie: bool,
        is_called: &str,
    ) -> Self {
        let said = |rank: Option<usize>| rank.map_or("no rank".to_owned(), nth);
        let on_one = match rests_on_one_tie {
            true => ", with which more than half of its figure goes",
            false => "",
        };
        let [stated, inferred, without] = ranks.map(said);
        Self {
            rank_on_stated: ranks[0],
            rank_with_inferred: ranks[1],
            weakest_tie: weakest,
            rank_without_weakest: ranks[2],
            rests_on_one_tie,
            sentence: format!(
                "{stated} on stated ties alone, {inferred} with inferred ties added, {without} without \
                 {is_called}{on_one}"
            ),
        }
    }
}

/// What of a row its verdict speaks of.
struct Tried<'a> {
    name: String,
    rank: usize,
    trust: &'a RankTrust,
    stability: Option<&'a Stability>,
}

impl<'a> Tried<'a> {
    fn of_body(row: &'a RankRow) -> Option<Self> {
        let name = row.node.name.clone();
        Some(Self {
            name,
            rank: row.rank?,
            trust: row.trust.as_ref()?,
            stability: row.stability.as_ref(),
        })
    }

    fn of_link(link: &'a RankLink) -> Self {
        Self {
            name: format!("{} \u{2013} {}", link.from.name, link.to.name),
            rank: link.rank,
            trust: link.trust.as_ref().expect("it was tried"),
            stability: link.stability.as_ref(),
        }
    }
}

/// "12 in 100 of the shortest ways between two bodies lead over it, and there is no other way round".
fn link_sentence(share: f64, is_bridge: bool) -> String {
    let share = match (share * 100.0).round() {
        0.0 => {
            "fewer than 1 in 100 of the shortest ways between two bodies lead over it".to_owned()
        }
        n => format!("{n} in 100 of the shortest ways between two bodies lead over it"),
    };
    match is_bridge {
        true => format!("{share}; without it no way is left between its ends"),
        false => share,
    }
}

/// The rank of each by its key: one more than the number of greater ones.
fn ranks(keys: &[f64]) -> Vec<usize> {
    let mut levels: Vec<i128> = keys.iter().map(|&it| level(it)).collect();
    levels.sort_unstable();
    let rank = |&it: &f64| 1 + levels.len() - levels.partition_point(|&other| other <= level(it));
    keys.iter().map(rank).collect()
}

/// The rank of one; none if nothing is said of it.
fn rank_of(keys: &[f64], index: u32) -> Option<usize> {
    let own = keys[index as usize];
    let rank = 1 + keys.iter().filter(|&&it| level(it) > level(own)).count();
    own.is_finite().then_some(rank)
}

/// Which of the rows keep their places: those that do whatever was tried.
fn verdict(rows: &[Tried<'_>], place: Place, ranked: Ranked) -> Vec<String> {
    let doubts = |row: &Tried<'_>| -> Vec<String> {
        let (trust, rank) = (row.trust, row.rank);
        let is_out = |it: Option<usize>| it.is_none_or(|it| it > place.last_rank(rank));
        let said = |rank: Option<usize>, when: &str| match rank {
            Some(rank) => format!("{when} it is {}", nth(rank)),
            None => format!("{when} it has no rank"),
        };
        let tie = trust.weakest_tie.as_ref().map_or(String::new(), in_brackets);
        let by_one_tie = match trust.rests_on_one_tie {
            true => Some(format!("more than half of its figure rests on one tie{tie}")),
            false => is_out(trust.rank_without_weakest)
                .then(|| said(trust.rank_without_weakest, &format!("without one tie{tie}"))),
        };
        let by_stated = match trust.rank_on_stated {
            None => Some(ranked.not_stated().to_owned()),
            it => is_out(it).then(|| said(it, "by what the sources state in so many words")),
        };
        let by_luck = match row.stability {
            None => Some("no draw leaves it".to_owned()),
            Some(it) => (!it.is_safe()).then(|| it.sentence.clone()),
        };
        let reasons = [
            by_one_tie,
            by_stated,
            is_out(trust.rank_with_inferred)
                .then(|| said(trust.rank_with_inferred, "once inferred ties are added")),
            place.shared(rank, ranked),
            by_luck,
        ];
        reasons.into_iter().flatten().collect()
    };
    let tried: Vec<(&Tried<'_>, Vec<String>)> = rows.iter().map(|it| (it, doubts(it))).collect();
    let safe: Vec<&str> =
        tried.iter().filter(|it| it.1.is_empty()).map(|it| it.0.name.as_str()).collect();
    let mut res: Vec<String> = place.verdict(&safe, tried.len(), ranked).into_iter().collect();
    for (row, doubts) in tried.iter().filter(|it| !it.1.is_empty()) {
        res.push(format!("{} {}: {}", row.name, place.fails(), doubts.join("; ")));
    }
    res
}

/// " (“A hosts B”, stated)".
pub(crate) fn in_brackets(tie: &TieEvidence) -> String {
    format!(" (\u{201c}{}\u{201d}, {})", tie.sentence, tie.certainty.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::measure::{Directions, MEASURES};
    use crate::ecosystem::naive::{Dice, random_graph};
    use weft_graph::fixture;

    fn measure(name: &str) -> &'static RankMeasure {
        MEASURES.iter().find(|it| it.name == name).unwrap()
    }

    #[track_caller]
    fn check(graph: &str, name: &str, options: &RankOptions, expected: &[(&str, usize, f64)]) {
        let found = rank(
            &fixture(graph),
            &Question::default(),
            measure(name),
            options,
            &mut Run::default(),
        )
        .unwrap();
        assert_eq!(found.rows.len(), expected.len(), "{:?}", found.rows);
        for (row, &(id, rank, value)) in found.rows.iter().zip(expected) {
            assert_eq!((row.node.id.as_str(), row.rank), (id, Some(rank)));
            assert!((row.value - value).abs() < 1e-9, "{id}: {}", row.value);
        }
    }

    const STAR: &str = "h:council -funds[30]-> a:company; h -funds[10]-> b:company; c:funder -funds-> h; \
        a -partners_with-> b; z:council";

    #[test]
    fn bodies_come_by_figure_and_equal_ones_share_a_rank() {
        let options = RankOptions::default();
        let all = [("h", 1, 3.0), ("a", 2, 2.0), ("b", 2, 2.0), ("c", 4, 1.0), ("z", 5, 0.0)];
        check(STAR, "degree", &options, &all);
        let only = vec![fixture(STAR).find_node("c").unwrap()];
        check(STAR, "degree", &RankOptions { only, ..options }, &[("c", 4, 1.0)]);
    }

    #[test]
    fn unreliable_figures_are_given_without_a_rank_and_last() {
        let options = RankOptions { stability: true, ..RankOptions::default() };
        let found = rank(
            &fixture(STAR),
            &Question::default(),
            measure("constraint"),
            &options,
            &mut Run::default(),
        )
        .unwrap();
        let rows: Vec<(&str, Option<usize>, String, bool)> = found
            .rows
            .iter()
            .map(|it| {
                let is_tried = it.stability.is_some() && it.trust.is_some();
                (it.node.id.as_str(), it.rank, format!("{:.6}", it.value), is_tried)
            })
            .collect();
        let expected = [
            ("h", Some(1), "0.611111", true),
            ("a", None, "1.006944", false),
            ("b", None, "1.006944", false),
            ("c", None, "1.000000", false),
        ];
        assert_eq!(
            rows,
            expected.map(|(id, rank, value, tried)| (id, rank, value.to_owned(), tried))
        );
        assert_eq!(found.n_without, 1);
    }

    #[test]
    fn a_direction_and_a_weight_are_looked_along_and_counted_as_asked() {
        let told = |direction, weighting| RankOptions {
            measure: MeasureOptions { direction, weighting, ..MeasureOptions::default() },
            ..RankOptions::default()
        };
        let out = told(Some(Direction::Outgoing), Weighting::One);
        let rows = [("h", 1, 2.0), ("a", 2, 1.0), ("b", 2, 1.0), ("c", 2, 1.0), ("z", 5, 0.0)];
        check(STAR, "degree", &out, &rows);
        let into = told(Some(Direction::Incoming), Weighting::One);
        let rows = [("a", 1, 2.0), ("b", 1, 2.0), ("h", 3, 1.0), ("c", 4, 0.0), ("z", 4, 0.0)];
        check(STAR, "degree", &into, &rows);
        let amount = told(None, Weighting::Amount);
        let rows = [("h", 1, 40.0), ("a", 2, 30.0), ("b", 3, 10.0), ("c", 4, 0.0), ("z", 4, 0.0)];
        check(STAR, "strength", &amount, &rows);
        // A walker that follows the ties ends where they lead.
        let found = rank(
            &fixture(STAR),
            &Question::default(),
            measure("page_rank"),
            &into,
            &mut Run::default(),
        )
        .unwrap();
        assert_eq!((found.rows[0].node.id.as_str(), found.direction), ("a", "in"));
        let into_h = found.rows.iter().find(|it| it.node.id == "h").unwrap();
        let from_c = found.rows.iter().find(|it| it.node.id == "c").unwrap();
        assert!(into_h.value > from_c.value);
    }

    #[test]
    fn every_figure_is_the_sum_of_the_parts_that_it_opens_into() {
        let mut dice = Dice(11);
        let mut opened = BTreeSet::new();
        for _ in 0..150 {
            let snapshot = random_graph(&mut dice);
            let question =
                Question { as_of: "2024".parse().ok(), why: true, ..Question::default() };
            for it in MEASURES.iter().filter(|it| !it.is_of_sets()) {
                for (direction, weighting) in told(it) {
                    let told = MeasureOptions { direction, weighting, ..MeasureOptions::default() };
                    let options = RankOptions { measure: told, ..RankOptions::default() };
                    let Ok(found) = rank(&snapshot, &question, it, &options, &mut Run::default())
                    else {
                        continue;
                    };
                    for row in &found.rows {
                        let why = row.why.as_ref().unwrap();
                        let parts: Vec<Option<f64>> = match why.distances.as_slice() {
                            [] => why.contacts.iter().map(|it| it.part).collect(),
                            rings => rings.iter().map(|it| it.part).collect(),
                        };
                        if parts.is_empty() || parts.contains(&None) {
                            continue;
                        }
                        let sum = why.own + parts.iter().flatten().sum::<f64>();
                        let close = (sum - row.value).abs() < 1e-6 * row.value.abs().max(1.0);
                        assert!(close, "{} {direction:?} {weighting:?}: {sum} {row:?}", it.name);
                        opened.insert(it.name);
                    }
                }
            }
        }
        // Those that are no sum over contacts or distances, and fit, which nobody was asked for.
        let whole = [
            "classic_closeness",
            "core_number",
            "core_periphery",
            "cut_off",
            "eccentricity",
            "ego_density",
            "fit",
            "hierarchy",
            "reach_efficiency",
            "reciprocity",
        ];
        let all = MEASURES.iter().filter(|it| !it.is_of_sets()).map(|it| it.name);
        let mut closed: Vec<&str> = all.filter(|it| !opened.contains(it)).collect();
        closed.sort_unstable();
        assert_eq!(closed, whole);
    }

    /// Everything that a measure can be told.
    fn told(it: &RankMeasure) -> Vec<(Option<Direction>, Weighting)> {
        let directions = match it.direction {
            Directions::Ignored | Directions::Both => vec![None],
            Directions::IfAsked | Directions::Outgoing => {
                vec![None, Some(Direction::Outgoing), Some(Direction::Incoming)]
            }
        };
        let weightings = match it.takes_weights {
            true => vec![Weighting::One, Weighting::Ties],
            false => vec![Weighting::One],
        };
        let pairs = |it: &Option<Direction>| weightings.iter().map(move |&w| (*it, w)).collect();
        directions.iter().flat_map(|it| -> Vec<_> { pairs(it) }).collect()
    }

    #[test]
    fn a_rank_by_one_weak_tie_is_not_safe_and_says_why() {
        let graph = "h:council -funds-> a:company; h -funds-> b:company; h -funds-> c:company; \
            h -funds-> d:company; x:council -funds-> a; x -funds[implied]-> b";
        let options = RankOptions { n_rows: 2, stability: true, ..RankOptions::default() };
        let snapshot = fixture(graph);
        let found =
            rank(&snapshot, &Question::default(), measure("katz"), &options, &mut Run::default())
                .unwrap();
        let x = found.rows.iter().find(|it| it.node.id == "x").unwrap();
        assert_eq!(x.rank, Some(4));
        assert!(x.trust.is_none(), "only the rows shown are tried");
        let a = &found.rows[1];
        assert_eq!((a.node.id.as_str(), a.trust.as_ref().unwrap().rank_on_stated), ("a", Some(2)));
        assert!(found.verdict[0].starts_with("safe among the 2 places"), "{:?}", found.verdict);
        assert!(found.verdict[1].starts_with("b is not safe") || found.verdict.len() == 2);
        let chance = RankOptions { chance: true, ..RankOptions::default() };
        let of_degree =
            rank(&snapshot, &Question::default(), measure("degree"), &chance, &mut Run::default())
                .unwrap();
        let said = &of_degree.rows[0].chance.as_ref().unwrap().sentence;
        assert!(said.starts_with("not applicable"));
    }

    #[test]
    fn bodies_chosen_together_come_in_the_order_of_choice_with_what_each_adds() {
        let graph = "h:council -funds-> a:company; h -funds-> b:company; x:council -funds-> c:company; \
            x -funds-> d:company; h -partners_with-> x";
        let options = RankOptions { n_rows: 2, ..RankOptions::default() };
        let check = |name: &str, ids: [&str; 2], values: [f64; 2]| {
            let found = rank(
                &fixture(graph),
                &Question::default(),
                measure(name),
                &options,
                &mut Run::default(),
            )
            .unwrap();
            let rows: Vec<_> = found.rows.iter().map(|it| (it.node.id.as_str(), it.rank)).collect();
            assert_eq!(rows, [(ids[0], Some(1)), (ids[1], Some(2))]);
            assert!((found.rows[1].value - values[1]).abs() < 1e-9);
            let added = found.rows.iter().map(|it| it.beside["added"].unwrap()).sum::<f64>();
            assert!((found.whole["without_any"] + added - values[1]).abs() < 1e-9);
            assert!(found.whole["bound"] >= values[1]);
        };
        check("key_fragmenters", ["h", "x"], [0.7, 1.0]);
        check("key_reachers", ["h", "a"], [1.0, 1.0]);
        check("key_reachers_by_distance", ["h", "x"], [5.0 / 6.0, 1.0]);
    }

    #[test]
    fn blocks_name_who_joins_them_to_the_rest() {
        let graph = "a:council -funds-> b:company; b -partners_with-> c:company; c -partners_with-> a; \
            c -partners_with-> d:company; z:council";
        let question = Question { why: true, ..Question::default() };
        let options = RankOptions::default();
        let found =
            rank(&fixture(graph), &question, measure("blocks"), &options, &mut Run::default())
                .unwrap();
        let ids = |nodes: &[NodeName]| nodes.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        let [ring, bridge] = found.groups.as_slice() else { panic!("{:?}", found.groups) };
        assert_eq!(
            (ids(&ring.members), ids(&ring.joined_by)),
            (["a", "b", "c"].map(str::to_owned).to_vec(), vec!["c".to_owned()])
        );
        assert_eq!((ring.rank, ring.why.as_ref().unwrap().len()), (1, 3));
        assert_eq!((bridge.rank, bridge.n_members, found.n_without), (2, 2, 1));
    }

    #[test]
    fn who_has_nothing_of_it_has_no_place_to_keep() {
        let ask = |graph: &str, name: &str, n_rows| {
            let options = RankOptions { stability: true, n_rows, ..RankOptions::default() };
            rank(
                &fixture(graph),
                &Question::default(),
                measure(name),
                &options,
                &mut Run::default(),
            )
            .unwrap()
        };
        let path = "a:council -funds-> b:company; b -partners_with-> c:company; d:council";
        let found = ask(path, "betweenness", 10);
        let tried: Vec<bool> = found.rows.iter().map(|it| it.stability.is_some()).collect();
        assert_eq!(tried, [true, false, false, false]);
        assert!(
            found.verdict.len() == 1 && found.verdict[0].starts_with("b may not keep its rank")
        );
        assert!(found.rows[0].trust.as_ref().unwrap().rests_on_one_tie);
        let pair = "a:council -funds-> b:company";
        let none = ["no figure here is above 0, so there is no place to keep"];
        assert_eq!(ask(pair, "betweenness", 10).verdict, none);
        let unreliable = ["no figure here can be ranked, so there is no place to keep"];
        assert_eq!(ask(pair, "constraint", 10).verdict, unreliable);
    }

    #[test]
    fn who_fits_comes_by_the_contacts_that_are_shared_with_the_body_asked_for() {
        let graph = "a:council -funds-> h:company; h -partners_with-> b:company; a -funds-> i:company; \
            i -partners_with-> b; i -partners_with-> c:company; c -partners_with-> d:company; z:council";
        let snapshot = fixture(graph);
        let question = Question { why: true, ..Question::default() };
        let ask = |starts: Vec<NodeIdx>| {
            let told = MeasureOptions { starts, ..MeasureOptions::default() };
            let options = RankOptions { measure: told, ..RankOptions::default() };
            rank(&snapshot, &question, measure("fit"), &options, &mut Run::default())
        };
        let a = snapshot.find_node("a").unwrap();
        let found = ask(vec![a]).unwrap();
        let rows: Vec<_> = found.rows.iter().map(|it| (it.node.id.as_str(), it.value)).collect();
        assert_eq!(rows, [("b", 1.0 / 2.0 + 1.0 / 3.0), ("c", 1.0 / 3.0)]);
        let b = &found.rows[0];
        let beside = |name: &str| b.beside[name].unwrap();
        assert_eq!((beside("n_common"), beside("jaccard")), (2.0, 1.0));
        assert_eq!(beside("preferential_attachment"), 4.0);
        let adamic_adar = 1.0 / 2.0_f64.ln() + 1.0 / 3.0_f64.ln();
        assert!((beside("adamic_adar") - adamic_adar).abs() < 1e-12 && beside("page_rank") > 0.0);
        let parts: Vec<_> = b.why.as_ref().unwrap().contacts.iter().map(|it| it.part).collect();
        assert_eq!(parts, [Some(1.0 / 2.0), Some(1.0 / 3.0)]);
        assert_eq!(found.n_without, 5);
        for starts in [Vec::new(), vec![a, a]] {
            let words = ask(starts).unwrap_err().to_string();
            assert!(words.contains("it is of one body: say which (`--from NAME`"), "{words}");
        }
    }

    #[test]
    fn links_come_by_the_ways_that_lead_over_them_and_bridges_are_told() {
        let graph = "a:council -funds-> b:company; b -partners_with-> c:company; c -partners_with-> a; \
            d:company -partners_with-> c; d -funds-> c";
        let question = Question { why: true, ..Question::default() };
        let told = RankOptions { n_rows: 1, ..RankOptions::default() };
        let check = |direction, expected: &[(&str, &str, usize, f64, bool)]| {
            let options = RankOptions {
                measure: MeasureOptions { direction, ..MeasureOptions::default() },
                ..told.clone()
            };
            let measure = measure("tie_betweenness");
            let found =
                rank(&fixture(graph), &question, measure, &options, &mut Run::default()).unwrap();
            let rows: Vec<_> = found
                .links
                .iter()
                .map(|it| (it.from.id.as_str(), it.to.id.as_str(), it.rank, it.value, it.is_bridge))
                .collect();
            assert_eq!(rows, expected);
            found
        };
        let found = check(
            None,
            &[
                ("c", "d", 1, 3.0, true),
                ("a", "c", 2, 2.0, false),
                ("b", "c", 2, 2.0, false),
                ("a", "b", 4, 1.0, false),
            ],
        );
        assert_eq!((found.links[0].share, found.links[0].n_ties), (Some(0.5), 2));
        assert_eq!(found.links[0].why.as_ref().unwrap().ties.len(), 2);
        assert!(found.links[1].why.is_none() && found.rows.is_empty());
        assert_eq!(
            found.links[0].sentence,
            "50 in 100 of the shortest ways between two bodies lead over it; without it no way is left \
             between its ends"
        );
        let found = check(
            Some(Direction::Outgoing),
            &[
                ("b", "c", 1, 3.0, false),
                ("c", "a", 1, 3.0, false),
                ("c", "d", 1, 3.0, true),
                ("d", "c", 1, 3.0, true),
                ("a", "c", 5, 2.0, false),
                ("c", "b", 5, 2.0, false),
                ("a", "b", 7, 1.0, false),
            ],
        );
        assert_eq!(found.links[0].share, Some(0.25));
    }

    /// The figure of each link: for each pair of bodies the share of its shortest ways over the link, found by
    /// walking them all.
    fn naive_tie_betweenness(view: &View) -> BTreeMap<(u32, u32), f64> {
        let mut res = BTreeMap::new();
        for link in 0..view.m() as u32 {
            let (a, b) = view.link_ends(link);
            res.insert((a.min(b), a.max(b)), 0.0);
        }
        let n = view.n() as u32;
        for (from, to) in (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))) {
            let steps = distances(view, &[to], u32::MAX);
            if steps[from as usize] == UNREACHED {
                continue;
            }
            let mut ways = vec![vec![from]];
            for left in (0..steps[from as usize]).rev() {
                let go_on = |way: &Vec<u32>| -> Vec<Vec<u32>> {
                    let next = view.neighbours(way[way.len() - 1]).iter();
                    let nearer = next.filter(|it| steps[**it as usize] == left);
                    nearer.map(|&it| [&way[..], &[it]].concat()).collect()
                };
                ways = ways.iter().flat_map(go_on).collect();
            }
            for pair in ways.iter().flat_map(|it| it.windows(2)) {
                let key = (pair[0].min(pair[1]), pair[0].max(pair[1]));
                *res.get_mut(&key).unwrap() += 1.0 / ways.len() as f64;
            }
        }
        res
    }

    #[test]
    fn draws_count_for_a_link_that_leave_it_and_give_what_walking_all_ways_gives() {
        let graph = "a:council -funds-> b:company; b -partners_with-> c:company; c -partners_with-> a; \
            c -partners_with-> d:company; d -partners_with-> e:company; e -funds[implied]-> f:company; \
            g:council -funds-> d; g -funds-> e; h:council -funds-> f; h -partners_with[inferred]-> a";
        let snapshot = fixture(graph);
        let options =
            RankOptions { n_rows: 4, stability: true, chance: true, ..Default::default() };
        let question = Question::default();
        let found =
            rank(&snapshot, &question, measure("tie_betweenness"), &options, &mut Run::default())
                .unwrap();
        let view = question.conduit(&snapshot);
        let drawn = weft_analytics::draws(1_000, question.seed, &mut Run::default(), |seed| {
            naive_tie_betweenness(&weft_analytics::without_links(&view, 1, seed))
        });
        let drawn = drawn.unwrap();
        let rank_in = |figures: &BTreeMap<(u32, u32), f64>, key: &(u32, u32)| {
            let own = *figures.get(key)?;
            Some(1 + figures.values().filter(|it| **it > own + 1e-9).count())
        };
        for link in &found.links[..4] {
            let at = |it: &NodeName| view.index_of(snapshot.find_node(&it.id).unwrap()).unwrap();
            let (a, b) = (at(&link.from), at(&link.to));
            let key = (a.min(b), a.max(b));
            assert_eq!(rank_in(&naive_tie_betweenness(&view), &key), Some(link.rank));
            let ranks: Vec<usize> = drawn.iter().filter_map(|it| rank_in(it, &key)).collect();
            let stability = link.stability.as_ref().unwrap();
            assert_eq!(stability.n_draws, ranks.len());
            assert!(ranks.len() < 950 && ranks.len() > 850);
            assert_eq!(stability.n_stayed, ranks.iter().filter(|it| **it <= 4).count());
            let trust = link.trust.as_ref().unwrap();
            for (floor, said) in [
                (Certainty::Stated, trust.rank_on_stated),
                (Certainty::Inferred, trust.rank_with_inferred),
            ] {
                let view = Question { floor, ..question.clone() }.conduit(&snapshot);
                assert_eq!(rank_in(&naive_tie_betweenness(&view), &key), said);
            }
            let weakest = trust.weakest_tie.as_ref().unwrap();
            let is_at = |it: &NodeName| it.id == weakest.source.id || it.id == weakest.target.id;
            assert!(is_at(&link.from) != is_at(&link.to), "one end alone: {}", weakest.sentence);
            let mut spec = view.spec().clone();
            spec.without_ties.push(snapshot.find_tie(&weakest.id).unwrap());
            let without = naive_tie_betweenness(&View::new(&snapshot, spec));
            assert_eq!(rank_in(&without, &key), trust.rank_without_weakest);
        }
        assert!(found.links[4].stability.is_none() && found.links[0].chance.is_some());
        assert!(found.verdict.iter().any(|it| it.contains("draws that leave it")));
        let e_f =
            found.links.iter().find(|it| (it.from.id.as_str(), it.to.id.as_str()) == ("e", "f"));
        assert_eq!(e_f.unwrap().trust.as_ref().unwrap().rank_on_stated, None);
        let said = "e \u{2013} f is not safe: ";
        let said = found.verdict.iter().find(|it| it.starts_with(said)).unwrap();
        assert!(said.contains("no source states it in so many words"), "{said}");
        let one = fixture("a:council -funds-> b:company");
        let found =
            rank(&one, &question, measure("tie_betweenness"), &options, &mut Run::default())
                .unwrap();
        assert!(found.links[0].stability.is_none() && found.links[0].trust.is_some());
    }

    #[test]
    fn a_link_is_held_against_that_of_its_rank_in_rewired_networks() {
        let mut graph = "h:council".to_owned();
        for (side, n) in [("a", 6), ("b", 6)] {
            for i in 0..n {
                for j in 0..i {
                    graph.push_str(&format!(
                        "; {side}{i}:council -partners_with-> {side}{j}:council"
                    ));
                }
            }
        }
        graph.push_str("; a0 -partners_with-> b0");
        let snapshot = fixture(&graph);
        let options = RankOptions { n_rows: 1, chance: true, ..Default::default() };
        let question = Question::default();
        let found =
            rank(&snapshot, &question, measure("tie_betweenness"), &options, &mut Run::default());
        let found = found.unwrap();
        let chance = found.links[0].chance.as_ref().unwrap();
        assert_eq!((chance.n_samples, found.links[0].value), (999, 36.0));
        let view = question.conduit(&snapshot);
        let rewiring =
            weft_analytics::Rewiring::new(&snapshot, &view, weft_analytics::SwapRule::KeepKinds);
        let highest = |seed| {
            let figures = naive_tie_betweenness(&rewiring.sample(seed).unwrap());
            figures.values().copied().fold(0.0, f64::max)
        };
        let highest =
            weft_analytics::draws(999, question.seed, &mut Run::default(), highest).unwrap();
        let mean = highest.iter().sum::<f64>() / 999.0;
        assert!((chance.expected.unwrap() - mean).abs() < 1e-9);
        let n_above = highest.iter().filter(|it| **it >= 36.0 - 1e-9).count();
        assert_eq!(chance.p_higher, Some((1 + n_above) as f64 / 1_000.0));
        assert!(chance.sentence.starts_with("more than the link of that rank"));
    }

    #[test]
    fn what_rewiring_keeps_is_not_held_against_chance() {
        let graph = "a:council -funds[10]-> b:company; c:council -funds[20]-> d:company; \
            e:council -funds[30]-> f:company; e -funds[40]-> b; c -funds[50]-> f; a -funds[5]-> d";
        let told = |name: &str, weighting, n_steps| {
            let told = MeasureOptions { weighting, n_steps, ..MeasureOptions::default() };
            let options = RankOptions { measure: told, chance: true, ..RankOptions::default() };
            let snapshot = fixture(graph);
            let question = Question::default();
            let found =
                rank(&snapshot, &question, measure(name), &options, &mut Run::default()).unwrap();
            found.rows[0].chance.as_ref().unwrap().n_samples
        };
        assert_eq!(told("degree", Weighting::One, 2), 0);
        assert_eq!(told("strength", Weighting::One, 2), 0);
        assert_eq!(told("strength", Weighting::Ties, 2), 0);
        assert_eq!(told("strength", Weighting::Amount, 2), 999);
        assert_eq!(told("reach", Weighting::One, 1), 0);
        assert_eq!(told("reach", Weighting::One, 2), 999);
    }

    #[test]
    fn reach_that_rewiring_keeps_says_that_chance_cannot_tell() {
        let snapshot = fixture(
            "h:council -funds-> a:company; h -funds-> b:company; h -funds-> c:company; \
             x:council -funds-> d:company; x -funds-> e:company; y:council -funds-> f:company; \
             y -funds-> g:company; f -partners_with-> c",
        );
        let told = |n_steps| {
            let measured = MeasureOptions { n_steps, ..MeasureOptions::default() };
            let options = RankOptions {
                measure: measured,
                n_rows: 1,
                chance: true,
                ..RankOptions::default()
            };
            let found = rank(
                &snapshot,
                &Question::default(),
                measure("key_reachers"),
                &options,
                &mut Run::default(),
            );
            found.unwrap().rows[0].chance.clone().unwrap()
        };
        let one = told(1);
        assert_eq!((one.p_higher, one.p_lower), (Some(1.0), Some(1.0)));
        assert!(one.sentence.starts_with("chance cannot tell"), "{}", one.sentence);
        assert!(!told(2).sentence.starts_with("chance cannot tell"));
    }

    #[test]
    fn bodies_chosen_together_are_tried_by_choosing_again() {
        let graph = "h:council -funds-> a:company; h -funds-> b:company; h -funds-> c:company; \
            h -funds-> d:company; h -funds-> e:company; x:council -funds-> f:company; \
            x -funds-> g:company; x -funds[implied]-> i:company; y:council -funds[inferred]-> j:company; \
            y -funds[inferred]-> k:company; y -funds[inferred]-> l:company; \
            y -funds[inferred]-> m:company; h -partners_with-> x";
        let snapshot = fixture(graph);
        let question = Question::default();
        for name in ["key_fragmenters", "key_reachers", "key_reachers_by_distance"] {
            let told = |n_steps| MeasureOptions { n_steps, ..MeasureOptions::default() };
            let options = RankOptions {
                measure: told(1),
                n_rows: 2,
                stability: true,
                ..RankOptions::default()
            };
            let found =
                rank(&snapshot, &question, measure(name), &options, &mut Run::default()).unwrap();
            let view = question.conduit(&snapshot);
            let choose = |view: &View| match name {
                "key_fragmenters" => weft_analytics::key_fragmenters(view, 2).nodes,
                "key_reachers" => {
                    weft_analytics::key_reachers(view, 2, weft_analytics::ReachedBy::Steps(1)).nodes
                }
                _ => {
                    weft_analytics::key_reachers(view, 2, weft_analytics::ReachedBy::Distance).nodes
                }
            };
            let drawn = weft_analytics::draws(1_000, question.seed, &mut Run::default(), |seed| {
                choose(&weft_analytics::without_links(&view, 1, seed))
            });
            let drawn = drawn.unwrap();
            let index = |id: &str| view.index_of(snapshot.find_node(id).unwrap()).unwrap();
            for row in &found.rows {
                let again = row.chosen_again.as_ref().unwrap();
                let at = index(&row.node.id);
                let n_chosen = drawn.iter().filter(|it| it.contains(&at)).count();
                assert_eq!((again.n_draws, again.n_chosen), (1_000, n_chosen), "{name}");
            }
            let [stated, inferred] = found.other_sets.as_slice() else { panic!() };
            let ids = |nodes: &[NodeName]| nodes.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
            for set in [stated, inferred] {
                let view = Question { floor: set.floor, ..question.clone() }.conduit(&snapshot);
                let chosen = choose(&view).into_iter();
                let chosen = chosen.map(|it| snapshot.node(view.node(it)).id().to_owned());
                assert_eq!(ids(&set.members), chosen.collect::<Vec<_>>(), "{name}");
            }
            assert_eq!(ids(&inferred.come), ["y"], "{name}");
            let said = format!(
                "with inferred ties added y would be chosen in place of {}",
                inferred.leave[0].name
            );
            assert!(found.verdict.contains(&said), "{name}: {:?}", found.verdict);
        }
    }

    #[test]
    fn a_set_is_held_against_sets_chosen_the_same_way() {
        let mut graph = String::new();
        for hub in ["h", "x"] {
            for at in 0..6 {
                graph.push_str(&format!("{hub}:council -supports-> {hub}{at}:company; "));
            }
        }
        graph.push_str("h -supports-> z:company; x -supports-> z; h0 -partners_with-> x0");
        let snapshot = fixture(&graph);
        let question = Question::default();
        let options = RankOptions { n_rows: 2, chance: true, ..Default::default() };
        let found =
            rank(&snapshot, &question, measure("key_reachers"), &options, &mut Run::default())
                .unwrap();
        let view = question.conduit(&snapshot);
        let rewiring =
            weft_analytics::Rewiring::new(&snapshot, &view, weft_analytics::SwapRule::KeepKinds);
        let values = weft_analytics::draws(999, question.seed, &mut Run::default(), |seed| {
            let by = weft_analytics::ReachedBy::Steps(2);
            weft_analytics::key_reachers(&rewiring.sample(seed).unwrap(), 2, by).values
        });
        let values = values.unwrap();
        for (at, row) in found.rows.iter().enumerate() {
            let chance = row.chance.as_ref().unwrap();
            let n_lower = values.iter().filter(|it| it[at] <= row.value + 1e-9).count();
            assert_eq!(chance.p_lower, Some((1 + n_lower) as f64 / 1_000.0));
            assert!(chance.sentence.ends_with("sets chosen the same way in rewired networks"));
        }
    }

    #[test]
    fn shares_of_many_bodies_are_as_different_as_those_of_few() {
        let mut values = vec![1.0e-6; 100_000];
        values[1] = 1.0001e-6;
        let snapshot = fixture("a:council; b:council");
        let ground = Ground::conduit(&snapshot, &Question::default());
        let options = RankOptions::default();
        let desk = Desk { ground: &ground, measure: measure("page_rank"), options: &options };
        let keys = desk.keys(&Figures { values, are_shares: true, ..Figures::default() });
        assert_eq!(ranks(&keys)[..2], [2, 1]);
    }

    #[test]
    fn a_measure_without_figures_says_why() {
        let snapshot = fixture("a:council; b:council");
        let ask = |name: &str, attenuation| {
            let told = MeasureOptions { attenuation, ..MeasureOptions::default() };
            let options = RankOptions { measure: told, ..RankOptions::default() };
            rank(&snapshot, &Question::default(), measure(name), &options, &mut Run::default())
        };
        let words = ask("eigenvector", None).unwrap_err().to_string();
        assert!(
            words.starts_with("`eigenvector` has no figures here: there is no ring"),
            "{words}"
        );
        let snapshot = fixture(STAR);
        let told = MeasureOptions { attenuation: Some(1.0), ..MeasureOptions::default() };
        let options = RankOptions { measure: told, ..RankOptions::default() };
        let words =
            rank(&snapshot, &Question::default(), measure("katz"), &options, &mut Run::default())
                .unwrap_err();
        assert!(words.to_string().contains("it must be below 0.46"), "{words}");
        assert!(ask("katz", None).is_ok());
    }
}
