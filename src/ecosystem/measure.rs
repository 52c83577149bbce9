//! The measures by which bodies can be ranked: what each takes, its figures, and what they open into.
//!
//! One row of [`MEASURES`] a measure. The definitions are those of weft-analytics; what a measure tells
//! is in the session's explanations, under `explained_by`. Knows no ranking.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use weft_analytics::{
    BrokerageChance, Closeness, ConstraintPart, CorePattern, Direction, EigenvectorOptions,
    Interrupted, KatzOptions, KeyPlayers, PageRankOptions, ReachedBy, RoleChance, Run,
    SampleOptions, SampledBetweenness, StructuralHoles, Weighting, betweenness_in,
    brokerage_chance, centralisation_by_betweenness, centralisation_by_degree,
    centralisation_by_eigenvector, centralisation_by_hits, centralisation_by_page_rank,
    centralisation_of_closeness, centralisation_of_harmonic, classic_closeness, components,
    constraint_parts, core_numbers, core_periphery, cuts, degrees, distance_profile, ego_density,
    ei_of_nodes, eigenvector, fit, fit_candidates, hits, katz, key_fragmenters, key_reachers,
    link_weights, local_clustering, n_contacts, node_reciprocity, normalised_betweenness,
    page_rank, reach, sampled_betweenness, strengths, structural_holes, triangles, two_step_reach,
    ways_through, weighted_page_rank, weighted_structural_holes,
};
use weft_graph::{NodeIdx, Snapshot, View};

use crate::ecosystem::counted::Counted;
use crate::ecosystem::structure::BODIES_MAX;

/// Below this number of contacts Burt's measures are not to be relied on.
const HOLES_FROM: usize = 3;
/// What Katz's attenuation is where the usual one is too great: this share of the greatest that can be.
const SHARE_OF_GREATEST: f64 = 0.9;

/// What is said of a number of ties or contacts that is to be held against chance.
pub(crate) const KEEPS_TIES: &str =
    "not applicable: rewiring keeps the number of ties of each body";

/// Gould and Fernandez's roles, in the order of [`roles_of`].
const COORDINATOR: usize = 0;
const ITINERANT: usize = 1;
const REPRESENTATIVE: usize = 2;
const GATEKEEPER: usize = 3;
const LIAISON: usize = 4;
const TOTAL: usize = 5;

/// What a measure is told beside the view.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureOptions {
    /// Which ties of a body count; none: as the measure has it, mostly all of them.
    pub direction: Option<Direction>,
    /// How ties become the weight of their link.
    pub weighting: Weighting,
    /// The currency of amounts that weigh.
    pub currency: String,
    /// Within how many steps others are reached.
    pub n_steps: u32,
    /// From how many bodies betweenness is estimated; exact without.
    pub n_searches: Option<usize>,
    /// Katz's attenuation; without one 0.1, or less where that is too great.
    pub attenuation: Option<f64>,
    /// Where PageRank's walker starts again; anywhere without any. Of fit, the body to which others are
    /// to fit.
    pub starts: Vec<NodeIdx>,
    /// The seed of estimates.
    pub seed: u64,
}

/// A measure by which bodies can be ranked.
#[derive(Clone, Copy)]
pub struct RankMeasure {
    /// Its name.
    pub name: &'static str,
    /// The explanation that tells what it means.
    pub explained_by: &'static str,
    /// What it makes of the direction of ties.
    pub direction: Directions,
    /// Whether links can weigh.
    pub takes_weights: bool,
    /// Whether the lowest figure comes first.
    pub lowest_first: bool,
    /// Why rewiring cannot move it as it is told; none if it can.
    pub(crate) kept_by_rewiring: fn(&MeasureOptions) -> Option<&'static str>,
    /// What of it takes long, done beforehand as a run that can be watched and stopped.
    pub(crate) sweep: Option<Sweep>,
    pub(crate) how: How,
    pub(crate) opens: Opens,
}

/// What a measure makes of the direction of ties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directions {
    /// It looks at links whichever way they run.
    Ignored,
    /// As [`Directions::Ignored`], unless a direction is asked for.
    IfAsked,
    /// It is about ties that lead out, unless others are asked for.
    Outgoing,
    /// It looks at both directions and tells them apart; there is nothing to choose.
    Both,
}

/// Counts what a measure then finds counted.
pub(crate) type Sweep = fn(&Sight<'_>, &mut Run<'_>) -> Result<(), Interrupted>;

/// How a measure is taken.
#[derive(Clone, Copy)]
pub(crate) enum How {
    /// A figure for each body.
    Figures(fn(&Sight<'_>) -> Found),
    /// A few bodies chosen together, one after the other.
    Chosen(Choose),
    /// Groups that hold together in two ways.
    Blocks,
    /// A figure for each link.
    Links(TakeLinks),
}

/// Chooses so many bodies.
pub(crate) type Choose = fn(&Sight<'_>, usize) -> KeyPlayers;

/// Figures of the links, or why there are none.
pub(crate) type TakeLinks =
    fn(&Sight<'_>, &mut Run<'_>) -> Result<Result<Vec<f64>, String>, Interrupted>;

/// The part of each contact in a figure, and what the body has without any.
pub(crate) type Parts = (f64, BTreeMap<u32, f64>);

/// What a figure opens into.
#[derive(Clone, Copy)]
pub(crate) enum Opens {
    /// The parts of its contacts, which sum to it; none where weights leave no such parts.
    Parts(fn(&Sight<'_>, &Figures, u32) -> Option<Parts>),
    /// Who is at which distance, with what each at that distance adds, if they sum to it.
    Distances(fn(&Sight<'_>, u32) -> Option<f64>),
    /// Its ties; how they make the figure cannot be shared out among contacts.
    Ties,
}

/// What a measure looks at: a view whose arcs lead from a body along the ties that count for it.
pub(crate) struct Sight<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) view: View,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) options: &'a MeasureOptions,
    /// What was counted on this view.
    counted: RefCell<Counted>,
}

/// The figures of a measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    /// By body; `NaN` where the measure says nothing of it.
    pub(crate) values: Vec<f64>,
    /// By body, whether its figure is too unreliable to be ranked; empty where all can be relied on.
    pub(crate) is_unreliable: Vec<bool>,
    /// Further figures of each body.
    pub(crate) beside: Vec<(&'static str, Vec<f64>)>,
    /// Figures of the network as a whole.
    pub(crate) whole: Vec<(&'static str, f64)>,
    /// Whether they are the shares of all bodies in one whole, and so the smaller the more there are.
    pub(crate) are_shares: bool,
    /// What must be known beside them.
    pub(crate) notes: Vec<String>,
}

/// Figures, or why there are none.
pub(crate) type Found = Result<Figures, String>;

/// All measures, in the order in which they are listed.
pub const MEASURES: &[RankMeasure] = &[
    RankMeasure {
        direction: Directions::IfAsked,
        kept_by_rewiring: |_| Some(KEEPS_TIES),
        opens: Opens::Parts(|sight, _, node| Some((0.0, sight.contacts(node, |_, _| 1.0)))),
        ..of("degree", "degree", |sight| {
            let values = numbers(degrees(&sight.view, Direction::Outgoing));
            let direction = match sight.view.spec().directed {
                true => Direction::Outgoing,
                false => Direction::Either,
            };
            let whole = centralisation_by_degree(&sight.view, direction).share();
            Ok(Figures::of(values).whole("centralisation", whole))
        })
    },
    RankMeasure {
        direction: Directions::IfAsked,
        takes_weights: true,
        kept_by_rewiring: |it| {
            // Amounts move with their ties to other bodies; numbers of ties do not.
            matches!(it.weighting, Weighting::One | Weighting::Ties).then_some(KEEPS_TIES)
        },
        opens: Opens::Parts(|sight, _, node| {
            Some((0.0, sight.contacts(node, |link, _| sight.weight(link))))
        }),
        ..of("strength", "strength", |sight| {
            let weights: Vec<f64> = (0..sight.view.m() as u32).map(|it| sight.weight(it)).collect();
            Ok(Figures::of(strengths(&sight.view, Direction::Outgoing, &weights)))
        })
    },
    RankMeasure {
        direction: Directions::IfAsked,
        sweep: Some(|sight, run| match sight.options.n_searches {
            None => sight.betweenness(run).map(|_| ()),
            Some(_) => Ok(()),
        }),
        opens: Opens::Parts(betweenness_by_contact),
        ..of("betweenness", "betweenness", betweenness)
    },
    RankMeasure {
        direction: Directions::IfAsked,
        opens: Opens::Distances(|sight, distance| {
            Some(1.0 / f64::from(distance) / (sight.view.n() as f64 - 1.0))
        }),
        sweep: Some(|sight, run| sight.closeness(run).map(|_| ())),
        ..of("harmonic", "harmonic", |sight| {
            let found = sight.closeness(&mut Run::default()).expect("nobody interrupts it");
            let values: Vec<f64> = found.iter().map(|it| it.harmonic).collect();
            let reached = found.iter().map(|it| it.n_reached as f64).collect();
            let whole = centralisation_of_harmonic(&sight.view, &values).share();
            Ok(Figures::of(values).beside("n_reached", reached).whole("centralisation", whole))
        })
    },
    RankMeasure {
        direction: Directions::IfAsked,
        opens: Opens::Distances(|_, _| None),
        ..of("classic_closeness", "classic_closeness", |sight| {
            let found = classic_closeness(&sight.view, Direction::Outgoing);
            let values = found.iter().map(|it| it.wasserman_faust).collect();
            let whole = centralisation_of_closeness(&sight.view, &found).and_then(|it| it.share());
            Ok(Figures::of(values)
                .beside("within", found.iter().map(|it| it.within).collect())
                .beside("freeman", found.iter().map(|it| it.freeman).collect())
                .whole("centralisation", whole))
        })
    },
    RankMeasure {
        direction: Directions::IfAsked,
        kept_by_rewiring: |it| (it.n_steps == 1).then_some(KEEPS_TIES),
        opens: Opens::Distances(|sight, distance| {
            Some(if distance <= sight.options.n_steps { 1.0 } else { 0.0 })
        }),
        ..of("reach", "reach", |sight| {
            let n_steps = sight.options.n_steps;
            let found = Figures::of(numbers(reach(&sight.view, n_steps)));
            Ok(found.whole("n_steps", Some(f64::from(n_steps))))
        })
    },
    RankMeasure {
        opens: Opens::Distances(|_, _| None),
        ..of("reach_efficiency", "reach_efficiency", |sight| {
            let found = two_step_reach(&sight.view);
            let reached = found.iter().map(|it| it.n_reached as f64).collect();
            let values = found.iter().map(|it| it.efficiency).collect();
            Ok(Figures::of(values).beside("n_within_two", reached))
        })
    },
    RankMeasure {
        direction: Directions::IfAsked,
        lowest_first: true,
        opens: Opens::Distances(|_, _| None),
        ..of("eccentricity", "eccentricity", |sight| {
            let found = distance_profile(&sight.view, Direction::Outgoing).eccentricity;
            let values = found.iter().map(|it| it.map_or(f64::NAN, f64::from)).collect();
            let found = Figures::of(values);
            Ok(match components(&sight.view).sizes.len() > 1 {
                true => found.noting("bodies of a small part are near to all that they reach"),
                false => found,
            })
        })
    },
    RankMeasure {
        direction: Directions::IfAsked,
        takes_weights: true,
        opens: Opens::Parts(|sight, found, node| {
            let eigenvalue = found.whole_figure("eigenvalue");
            let part =
                |link, contact| sight.weight(link) * found.values[contact as usize] / eigenvalue;
            Some((0.0, sight.contacts(node, part)))
        }),
        ..of("eigenvector", "eigenvector", by_eigenvector)
    },
    RankMeasure {
        direction: Directions::IfAsked,
        takes_weights: true,
        opens: Opens::Parts(|sight, found, node| {
            let attenuation = found.whole_figure("attenuation");
            let part =
                |link, contact| attenuation * sight.weight(link) * found.values[contact as usize];
            Some((1.0, sight.contacts(node, part)))
        }),
        ..of("katz", "katz", by_katz)
    },
    RankMeasure {
        direction: Directions::IfAsked,
        takes_weights: true,
        opens: Opens::Parts(page_rank_by_contact),
        ..of("page_rank", "page_rank", by_page_rank)
    },
    RankMeasure {
        direction: Directions::Outgoing,
        takes_weights: true,
        opens: Opens::Parts(|sight, found, node| {
            let other = &found.beside[0].1;
            let given = |link, contact: u32| sight.weight(link) * other[contact as usize];
            let mut parts = sight.contacts(node, given);
            let total: f64 = parts.values().sum();
            let scale = found.values[node as usize] / total;
            parts.values_mut().for_each(|it| *it = if total > 0.0 { *it * scale } else { 0.0 });
            Some((0.0, parts))
        }),
        ..of("hits", "hits", |sight| {
            let found = hits(&sight.view, sight.weights.as_deref())
                .ok_or("nobody in this view points to anybody")?;
            let whole = centralisation_by_hits(&sight.view, &found.hubs).share();
            let mut figures = Figures::of(found.hubs)
                .beside("of_its_contacts", found.authorities)
                .whole("centralisation", whole);
            figures.notes.extend((!found.is_unique).then(not_unique));
            Ok(figures)
        })
    },
    RankMeasure {
        takes_weights: true,
        lowest_first: true,
        opens: Opens::Parts(|sight, _, node| Some((0.0, holes_by_contact(sight, node)?))),
        ..of("constraint", "constraint", |sight| holes(sight, |it| it.constraint))
    },
    RankMeasure {
        takes_weights: true,
        opens: Opens::Parts(|sight, _, node| {
            let mut parts = redundancy_by_contact(sight, node)?;
            parts.values_mut().for_each(|it| *it = 1.0 - *it);
            Some((0.0, parts))
        }),
        ..of("effective_size", "effective_size", |sight| holes(sight, |it| it.effective_size))
    },
    RankMeasure {
        takes_weights: true,
        opens: Opens::Parts(|sight, _, node| {
            let mut parts = redundancy_by_contact(sight, node)?;
            let n = parts.len() as f64;
            parts.values_mut().for_each(|it| *it = (1.0 - *it) / n);
            Some((0.0, parts))
        }),
        ..of("efficiency", "effective_size", |sight| holes(sight, |it| it.efficiency))
    },
    RankMeasure {
        takes_weights: true,
        ..of("hierarchy", "hierarchy", |sight| holes(sight, |it| it.hierarchy))
    },
    role::<TOTAL>("brokerage"),
    role::<COORDINATOR>("coordinator"),
    role::<ITINERANT>("itinerant"),
    role::<REPRESENTATIVE>("representative"),
    role::<GATEKEEPER>("gatekeeper"),
    role::<LIAISON>("liaison"),
    of("cut_off", "critical", |sight| {
        let cuts = cuts(&sight.view);
        let n_cut_off = (0..sight.view.n() as u32).map(|it| cuts.n_cut_off(it));
        Ok(Figures::of(numbers(n_cut_off.collect())))
    }),
    of("core_number", "core_number", |sight| {
        let values: Vec<f64> = core_numbers(&sight.view).into_iter().map(f64::from).collect();
        let deepest = values.iter().copied().fold(0.0, f64::max);
        Ok(Figures::of(values).whole("deepest", Some(deepest)))
    }),
    of("core_periphery", "core_periphery", by_core),
    RankMeasure {
        opens: Opens::Parts(|sight, _, node| {
            let mut parts = closed_by_contact(sight, node);
            let n_pairs = (parts.len() * parts.len().saturating_sub(1)).max(1) as f64;
            parts.values_mut().for_each(|it| *it /= n_pairs);
            Some((0.0, parts))
        }),
        ..of("clustering", "clustering", |sight| {
            let whole = weft_analytics::global_clustering(&sight.view);
            let found = Figures::of(local_clustering(&sight.view));
            Ok(found.whole("global_clustering", Some(whole)))
        })
    },
    RankMeasure {
        opens: Opens::Parts(|sight, _, node| {
            let mut parts = closed_by_contact(sight, node);
            parts.values_mut().for_each(|it| *it /= 2.0);
            Some((0.0, parts))
        }),
        ..of("triangles", "clustering", |sight| {
            let found = triangles(&sight.view);
            Ok(Figures::of(found.into_iter().map(|it| it as f64).collect()))
        })
    },
    RankMeasure {
        direction: Directions::Both,
        ..of("ego_density", "ego_density", |sight| Ok(Figures::of(ego_density(&sight.view))))
    },
    RankMeasure {
        opens: Opens::Parts(|sight, _, node| {
            let kind = |it| sight.snapshot.node(sight.view.node(it)).kind_id();
            let n = sight.view.degree(node) as f64;
            let of = |_, it| if kind(it) == kind(node) { -1.0 / n } else { 1.0 / n };
            Some((0.0, sight.contacts(node, of)))
        }),
        ..of("ei_index", "ei_index", |sight| {
            Ok(Figures::of(ei_of_nodes(&sight.view, &sight.kinds()))
                .noting("partners of other kinds less those of its own, by all"))
        })
    },
    RankMeasure {
        direction: Directions::Both,
        ..of("reciprocity", "reciprocity", |sight| Ok(Figures::of(node_reciprocity(&sight.view))))
    },
    RankMeasure {
        opens: Opens::Parts(|sight, _, node| {
            let from = sight.must_start_at_one().ok()?;
            let shared = fit(&sight.view, from, node).common;
            let part = |it: &u32| (*it, 1.0 / sight.view.degree(*it) as f64);
            Some((0.0, shared.iter().map(part).collect()))
        }),
        ..of("fit", "fit", by_fit)
    },
    RankMeasure {
        how: How::Chosen(|sight, n| key_fragmenters(&sight.view, n)),
        ..of("key_fragmenters", "key_player", |_| Ok(Figures::default()))
    },
    RankMeasure {
        direction: Directions::IfAsked,
        how: How::Chosen(|sight, n| {
            key_reachers(&sight.view, n, ReachedBy::Steps(sight.options.n_steps))
        }),
        ..of("key_reachers", "key_player", |_| Ok(Figures::default()))
    },
    RankMeasure {
        direction: Directions::IfAsked,
        how: How::Chosen(|sight, n| key_reachers(&sight.view, n, ReachedBy::Distance)),
        ..of("key_reachers_by_distance", "key_player", |_| Ok(Figures::default()))
    },
    RankMeasure { how: How::Blocks, ..of("blocks", "block", |_| Ok(Figures::default())) },
    RankMeasure {
        direction: Directions::IfAsked,
        how: How::Links(by_tie_betweenness),
        ..of("tie_betweenness", "tie_betweenness", |_| Ok(Figures::default()))
    },
];

/// A measure of links whichever way they run, the highest figure first.
const fn of(
    name: &'static str,
    explained_by: &'static str,
    figures: fn(&Sight<'_>) -> Found,
) -> RankMeasure {
    RankMeasure {
        name,
        explained_by,
        direction: Directions::Ignored,
        takes_weights: false,
        lowest_first: false,
        kept_by_rewiring: |_| None,
        sweep: None,
        how: How::Figures(figures),
        opens: Opens::Ties,
    }
}

/// A role of Gould and Fernandez, kinds being the groups.
const fn role<const ROLE: usize>(name: &'static str) -> RankMeasure {
    RankMeasure {
        direction: Directions::IfAsked,
        opens: Opens::Parts(role_by_contact::<ROLE>),
        ..of(name, "brokerage_chance", by_role::<ROLE>)
    }
}

fn betweenness(sight: &Sight<'_>) -> Found {
    let view = &sight.view;
    let found = match sight.options.n_searches {
        None => sight.betweenness(&mut Run::default()).map(|it| (*it).clone()),
        Some(n_searches) => {
            let options = SampleOptions { n_searches, seed: sight.options.seed };
            sampled_betweenness(view, &options, &mut Run::default())
        }
    }
    .expect("nobody interrupts it");
    let is_estimated = found.errors.iter().any(|&it| it > 0.0);
    let whole = centralisation_by_betweenness(view, &found.nodes).share();
    let shares = normalised_betweenness(view, &found.nodes);
    let figures = Figures::of(found.nodes).beside("share", shares).whole("centralisation", whole);
    Ok(match is_estimated {
        false => figures,
        true => figures.beside("error", found.errors).noting(
            "estimated: no figure is further from the true one than its error, in 95 draws of 100",
        ),
    })
}

/// A way through a body uses two of its links, so that each contact has half of their shares.
fn betweenness_by_contact(sight: &Sight<'_>, found: &Figures, node: u32) -> Option<Parts> {
    let mut parts = sight.contacts(node, |_, _| 0.0);
    let every = SampleOptions { n_searches: usize::MAX, ..SampleOptions::default() };
    let ways = ways_through(&sight.view, &[node], &every, &mut Run::default());
    let links = ways.expect("nobody interrupts it").remove(0).links;
    for (link, share) in links {
        let (source, target) = sight.view.link_ends(link);
        let contact = if source == node { target } else { source };
        *parts.entry(contact).or_default() += share * found.values[node as usize] / 2.0;
    }
    Some((0.0, parts))
}

fn by_tie_betweenness(
    sight: &Sight<'_>,
    run: &mut Run<'_>,
) -> Result<Result<Vec<f64>, String>, Interrupted> {
    if sight.view.n() > BODIES_MAX {
        return Ok(Err(format!("it is not counted above {BODIES_MAX} bodies")));
    }
    Ok(Ok(betweenness_in(&sight.view, run)?.links))
}

fn not_unique() -> String {
    "two parts of the network weigh the same: bodies of different parts cannot be compared"
        .to_owned()
}

fn by_eigenvector(sight: &Sight<'_>) -> Found {
    let options =
        EigenvectorOptions { direction: Direction::Outgoing, weights: sight.weights.as_deref() };
    let found = eigenvector(&sight.view, &options)
        .ok_or("there is no ring of ties, along which standing could be handed on")?;
    let whole = centralisation_by_eigenvector(&sight.view, &found).share();
    let mut figures = Figures::of(found.nodes)
        .whole("eigenvalue", Some(found.eigenvalue))
        .whole("centralisation", whole);
    figures.notes.extend((!found.is_unique).then(not_unique));
    Ok(figures)
}

fn by_katz(sight: &Sight<'_>) -> Found {
    let weights = sight.weights.as_deref();
    let options = |attenuation| KatzOptions {
        attenuation,
        direction: Direction::Outgoing,
        weights,
        ..KatzOptions::default()
    };
    let greatest = || {
        let options = EigenvectorOptions { direction: Direction::Outgoing, weights };
        eigenvector(&sight.view, &options).map(|it| 1.0 / it.eigenvalue)
    };
    let usual = KatzOptions::default().attenuation;
    let attenuation = sight.options.attenuation.unwrap_or(usual);
    let figures = |values, attenuation| Figures::of(values).whole("attenuation", Some(attenuation));
    if let Some(values) = katz(&sight.view, &options(attenuation)) {
        return Ok(figures(values, attenuation));
    }
    let too_great = |greatest: Option<f64>| {
        let below = greatest.map_or(String::new(), |it| format!(": it must be below {it:.4}"));
        format!("with an attenuation of {attenuation} the ways have no end{below}")
    };
    let greatest = greatest();
    if sight.options.attenuation.is_some() {
        return Err(too_great(greatest));
    }
    let attenuation = greatest.map_or(0.0, |it| it * SHARE_OF_GREATEST);
    let values = katz(&sight.view, &options(attenuation)).ok_or_else(|| too_great(greatest))?;
    Ok(figures(values, attenuation).noting(&format!(
        "an attenuation of {usual} is too great for this network: nine tenths of the greatest that can \
         be are taken"
    )))
}

fn by_page_rank(sight: &Sight<'_>) -> Found {
    // The walker comes along the ties that count: in the sight's view they lead to where it comes from.
    let view = reversed(&sight.view);
    let index =
        |it: &NodeIdx| view.index_of(*it).ok_or("where the walker starts is not in the view");
    let starts = sight.options.starts.iter().map(index).collect::<Result<Vec<u32>, &str>>()?;
    let options = PageRankOptions::default();
    let values = match &sight.weights {
        None => page_rank(&view, &starts, &options),
        Some(_) if !starts.is_empty() => {
            return Err("a walker that starts at a body knows no weights".to_owned());
        }
        Some(_) => {
            let weights = link_weights(
                sight.snapshot,
                &view,
                sight.options.weighting,
                &sight.options.currency,
            );
            weighted_page_rank(&view, &weights.of, &options)
        }
    };
    // A walker who starts at some bodies is nearer to them of necessity.
    let whole = match starts.is_empty() {
        true => centralisation_by_page_rank(&view, &values, options.damping).share(),
        false => None,
    };
    let figures = Figures::of(values).whole("damping", Some(options.damping));
    Ok(Figures { are_shares: true, ..figures.whole("centralisation", whole) })
}

fn page_rank_by_contact(sight: &Sight<'_>, found: &Figures, node: u32) -> Option<Parts> {
    let damping = found.whole_figure("damping");
    // What each body hands on is shared among those to which its own ties lead.
    let mut totals = vec![0.0; sight.view.n()];
    for link in 0..sight.view.m() as u32 {
        let (to, from) = sight.view.link_ends(link);
        totals[from as usize] += sight.weight(link);
        if !sight.view.spec().directed {
            totals[to as usize] += sight.weight(link);
        }
    }
    let part = |link, contact: u32| {
        let (rank, total) = (found.values[contact as usize], totals[contact as usize]);
        if total > 0.0 { damping * rank * sight.weight(link) / total } else { 0.0 }
    };
    let parts = sight.contacts(node, part);
    let stranded = totals.iter().zip(&found.values).filter(|it| *it.0 <= 0.0).map(|it| it.1);
    let again = 1.0 - damping + damping * stranded.sum::<f64>();
    let starts = &sight.options.starts;
    let own = match starts.len() {
        0 => 1.0 / sight.view.n() as f64,
        n => {
            let here = sight.view.node(node);
            starts.iter().filter(|&&it| it == here).count() as f64 / n as f64
        }
    };
    Some((again * own, parts))
}

/// How well others fit to one body with which they share contacts and have no link.
fn by_fit(sight: &Sight<'_>) -> Found {
    let from = sight.must_start_at_one()?;
    let mut columns = [(); 5].map(|_| vec![f64::NAN; sight.view.n()]);
    let [values, n_common, jaccard, adamic_adar, preferential] = &mut columns;
    for it in fit_candidates(&sight.view, from) {
        let at = it.node as usize;
        values[at] = it.resource_allocation;
        n_common[at] = f64::from(it.n_common);
        jaccard[at] = it.jaccard;
        adamic_adar[at] = it.adamic_adar;
        preferential[at] = it.preferential_attachment;
    }
    let [values, n_common, jaccard, adamic_adar, preferential] = columns;
    Ok(Figures::of(values)
        .beside("n_common", n_common)
        .beside("jaccard", jaccard)
        .beside("adamic_adar", adamic_adar)
        .beside("preferential_attachment", preferential)
        .beside("page_rank", page_rank(&sight.view, &[from], &PageRankOptions::default()))
        .noting("by resource allocation; who shares no partner with it, or has a link to it, is left out"))
}

/// One of Burt's measures, of bodies with three contacts or more.
fn holes(sight: &Sight<'_>, pick: fn(StructuralHoles) -> Vec<f64>) -> Found {
    let values = pick(match &sight.weights {
        None => structural_holes(&sight.view),
        Some(weights) => weighted_structural_holes(&sight.view, weights),
    });
    let is_unreliable = n_contacts(&sight.view).into_iter().map(|it| it < HOLES_FROM).collect();
    let note = "unreliable below three partners: those bodies have no rank, and come last";
    Ok(Figures { is_unreliable, ..Figures::of(values) }.noting(note))
}

/// The part of each contact in the constraint; with weights they are not known one by one.
fn holes_by_contact(sight: &Sight<'_>, node: u32) -> Option<BTreeMap<u32, f64>> {
    let part = |it: &ConstraintPart| (it.contact, it.part);
    sight.weights.is_none().then(|| constraint_parts(&sight.view, node).iter().map(part).collect())
}

/// To which share of the other contacts each contact leads too.
fn redundancy_by_contact(sight: &Sight<'_>, node: u32) -> Option<BTreeMap<u32, f64>> {
    let mut parts = closed_by_contact(sight, node);
    let n = parts.len() as f64;
    parts.values_mut().for_each(|it| *it /= n);
    sight.weights.is_none().then_some(parts)
}

/// With how many of the other contacts each contact has a link.
fn closed_by_contact(sight: &Sight<'_>, node: u32) -> BTreeMap<u32, f64> {
    let contacts = sight.view.neighbours(node);
    sight.contacts(node, |_, contact| {
        let linked = |it: &&u32| sight.view.link_between(contact, **it).is_some();
        contacts.iter().filter(linked).count() as f64
    })
}

fn roles_of(chance: &BrokerageChance) -> [RoleChance; 6] {
    let it = chance;
    [it.coordinator, it.itinerant, it.representative, it.gatekeeper, it.liaison, it.total]
}

fn by_role<const ROLE: usize>(sight: &Sight<'_>) -> Found {
    let found = brokerage_chance(&sight.view, &sight.kinds());
    let of = |pick: fn(&RoleChance) -> f64| -> Vec<f64> {
        found.iter().map(|it| pick(&roles_of(it)[ROLE])).collect()
    };
    Ok(Figures::of(of(|it| it.count))
        .beside("expected", of(|it| it.expected))
        .beside("deviation", of(|it| it.deviation))
        .beside("z", of(|it| it.z().unwrap_or(f64::NAN)))
        .noting("z knows no degrees: a body with many partners is above chance in every role"))
}

/// Half of the pairs that a contact is in, as each pair has two ends.
fn role_by_contact<const ROLE: usize>(sight: &Sight<'_>, _: &Figures, node: u32) -> Option<Parts> {
    let view = &sight.view;
    let kind = |it: u32| sight.snapshot.node(view.node(it)).kind_id();
    let own = kind(node);
    let mut parts = BTreeMap::new();
    for &from in view.in_neighbours(node) {
        for &to in view.neighbours(node) {
            if from == to || view.link_between(from, to).is_some() {
                continue;
            }
            let role = match (kind(from) == own, kind(to) == own) {
                (true, true) => COORDINATOR,
                (true, false) => REPRESENTATIVE,
                (false, true) => GATEKEEPER,
                (false, false) if kind(from) == kind(to) => ITINERANT,
                (false, false) => LIAISON,
            };
            if ROLE == TOTAL || ROLE == role {
                *parts.entry(from).or_default() += 0.5;
                *parts.entry(to).or_default() += 0.5;
            }
        }
    }
    Some((0.0, parts))
}

fn by_core(sight: &Sight<'_>) -> Found {
    if sight.view.n() > BODIES_MAX {
        return Err(format!("it is not looked for above {BODIES_MAX} bodies"));
    }
    let found = core_periphery(&sight.view, CorePattern::default())
        .ok_or("no split into core and periphery fits")?;
    let values = found.is_core.iter().map(|&it| f64::from(u8::from(it))).collect();
    Ok(Figures::of(values)
        .whole("fit", Some(found.fit))
        .whole("n_core", Some(found.n_core as f64))
        .noting(
            "1: of the core, 0: of the periphery; below a fit of 0.5 or so there is hardly a core",
        ))
}

fn numbers(counts: Vec<usize>) -> Vec<f64> {
    counts.into_iter().map(|it| it as f64).collect()
}

/// The same view with its arcs turned round.
pub(crate) fn reversed(view: &View) -> View {
    if !view.spec().directed {
        return view.clone();
    }
    let arcs = (0..view.m() as u32).flat_map(|link| {
        let (source, target) = view.link_ends(link);
        view.ties(link).iter().map(move |&tie| (target, source, tie))
    });
    view.relinked(arcs)
}

impl Default for MeasureOptions {
    fn default() -> Self {
        Self {
            direction: None,
            weighting: Weighting::One,
            currency: "GBP".to_owned(),
            n_steps: 2,
            n_searches: None,
            attenuation: None,
            starts: Vec::new(),
            seed: 42,
        }
    }
}

impl RankMeasure {
    /// Whether it tells of links, rather than of bodies.
    pub fn tells_links(&self) -> bool {
        matches!(self.how, How::Links(_))
    }

    /// Whether it tells groups of bodies, rather than a figure for each.
    pub fn tells_groups(&self) -> bool {
        matches!(self.how, How::Blocks)
    }

    /// Whether it chooses bodies together.
    pub fn chooses(&self) -> bool {
        matches!(self.how, How::Chosen(_))
    }

    /// Whether it chooses bodies together, or tells of groups or links, and so has no figure of each
    /// body.
    pub fn is_of_sets(&self) -> bool {
        !matches!(self.how, How::Figures(_))
    }

    /// Which ties of a body count.
    pub fn direction_of(&self, options: &MeasureOptions) -> Direction {
        match self.direction {
            Directions::Ignored | Directions::Both => Direction::Either,
            Directions::IfAsked => options.direction.unwrap_or(Direction::Either),
            Directions::Outgoing => options.direction.unwrap_or(Direction::Outgoing),
        }
    }

    /// Whether it needs a view whose ties keep their direction.
    pub(crate) fn is_directed(&self, options: &MeasureOptions) -> bool {
        self.direction == Directions::Both || self.direction_of(options) != Direction::Either
    }
}

impl<'a> Sight<'a> {
    /// Turns a view so that its arcs lead along the ties that count. O(n + ties).
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        view: &View,
        measure: &RankMeasure,
        options: &'a MeasureOptions,
    ) -> Self {
        let view = match measure.direction_of(options) {
            Direction::Incoming => reversed(view),
            Direction::Outgoing | Direction::Either => view.clone(),
        };
        let weights = (options.weighting != Weighting::One)
            .then(|| link_weights(snapshot, &view, options.weighting, &options.currency).of);
        Self { snapshot, view, weights, options, counted: RefCell::default() }
    }

    fn betweenness(&self, run: &mut Run<'_>) -> Result<Arc<SampledBetweenness>, Interrupted> {
        self.counted.borrow_mut().betweenness(&self.view, run)
    }

    fn closeness(&self, run: &mut Run<'_>) -> Result<Arc<[Closeness]>, Interrupted> {
        self.counted.borrow_mut().closeness(&self.view, run)
    }

    /// What a link weighs.
    pub(crate) fn weight(&self, link: u32) -> f64 {
        self.weights.as_ref().map_or(1.0, |it| it[link as usize])
    }

    /// What a rule makes of each link of a body, by contact.
    fn contacts(&self, node: u32, rule: impl Fn(u32, u32) -> f64) -> BTreeMap<u32, f64> {
        let links = self.view.links(node).iter().zip(self.view.neighbours(node));
        links.map(|(&link, &contact)| (contact, rule(link, contact))).collect()
    }

    /// The one body from which it is asked.
    fn must_start_at_one(&self) -> Result<u32, String> {
        match self.options.starts.as_slice() {
            [from] => self.view.index_of(*from).ok_or("that body is not in the view".to_owned()),
            _ => {
                Err("it is of one body: say which (`--from NAME`, in queries `starts`)".to_owned())
            }
        }
    }

    fn kinds(&self) -> Vec<u32> {
        let kind = |&it: &NodeIdx| u32::from(self.snapshot.node(it).kind_id().0);
        self.view.nodes().iter().map(kind).collect()
    }
}

impl Figures {
    fn of(values: Vec<f64>) -> Self {
        Self { values, ..Self::default() }
    }

    fn beside(mut self, name: &'static str, values: Vec<f64>) -> Self {
        self.beside.push((name, values));
        self
    }

    fn whole(mut self, name: &'static str, value: Option<f64>) -> Self {
        self.whole.extend(value.map(|it| (name, it)));
        self
    }

    fn noting(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }

    /// Whether the figure of a body is too unreliable to be ranked.
    pub(crate) fn is_unreliable_at(&self, index: usize) -> bool {
        self.is_unreliable.get(index).copied().unwrap_or(false)
    }

    fn whole_figure(&self, name: &str) -> f64 {
        self.whole.iter().find(|it| it.0 == name).map_or(f64::NAN, |it| it.1)
    }
}
