//! Freeman's centralisation: how far a network turns about one node, by any centrality.

use weft_graph::View;

use crate::classic_closeness::{ClassicCloseness, classic_closeness};
use crate::closeness::closeness;
use crate::components::components;
use crate::degree::degrees;
use crate::direction::Direction;
use crate::eigenvector::Eigenvector;

/// How far the most central node stands out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centralisation {
    /// The sum, over all nodes, of what each has less than the most central one.
    pub sum: f64,
    /// The greatest that this sum can be in a network of as many nodes.
    pub maximum: f64,
}

impl Centralisation {
    /// The sum by its maximum: 0 if all are equally central, 1 if one is as much more central than
    /// the others as can be. None where the maximum is 0: too few nodes.
    pub fn share(&self) -> Option<f64> {
        (self.maximum > 0.0).then(|| self.sum / self.maximum)
    }
}

/// Returns the centralisation of any scores, given the greatest sum that they can have.
///
/// - Direction and weights: those of the scores. Disconnected: as the scores have it.
/// - Source: Freeman, *Centrality in social networks* (1978). Cost: O(n).
///
/// ```
/// let found = weft_analytics::centralisation(&[3.0, 1.0, 1.0, 1.0], 6.0);
/// assert_eq!((found.sum, found.share()), (6.0, Some(1.0)));
/// ```
pub fn centralisation(scores: &[f64], maximum: f64) -> Centralisation {
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Centralisation { sum: scores.iter().map(|it| greatest - it).fold(0.0, |a, b| a + b), maximum }
}

/// By degree. The maximum is that of a star: `(n-1)(n-2)` with contacts either way, `(n-1)^2` with
/// what a node points to, or what points to it, in a directed view (igraph, without loops).
///
/// - Weights: none. Disconnected: nothing special. Source: as of [`centralisation()`]. Cost: O(n), O(n + m)
///   for either direction of a directed view.
///
/// ```
/// use weft_analytics::{Direction, centralisation_by_degree};
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; a -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(centralisation_by_degree(&view, Direction::Either).share(), Some(1.0));
/// ```
pub fn centralisation_by_degree(view: &View, direction: Direction) -> Centralisation {
    let scores: Vec<f64> = degrees(view, direction).into_iter().map(|it| it as f64).collect();
    let others = (view.n() as f64 - 1.0).max(0.0);
    let is_one_way = view.spec().directed && direction != Direction::Either;
    centralisation(&scores, if is_one_way { others * others } else { others * (others - 1.0) })
}

/// By betweenness, given that of each node (not normalised). The maximum is that of a star:
/// `(n-1)^2 (n-2) / 2`, twice that in a directed view (igraph, sna).
///
/// - Weights: none. Disconnected: nothing special. Source: as of [`centralisation()`]. Cost: O(n).
///
/// ```
/// use weft_analytics::{betweenness, centralisation_by_betweenness};
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = centralisation_by_betweenness(&view, &betweenness(&view).nodes);
/// assert_eq!((found.sum, found.share()), (2.0, Some(1.0)));
/// ```
pub fn centralisation_by_betweenness(view: &View, betweenness: &[f64]) -> Centralisation {
    let n = view.n() as f64;
    let most = (n - 1.0).powi(2) * (n - 2.0) / if view.spec().directed { 1.0 } else { 2.0 };
    centralisation(betweenness, most.max(0.0))
}

/// By classic closeness, whichever way links run. The maximum is that of a star:
/// `(n-1)(n-2) / (2n-3)` (Freeman, igraph, sna). None unless all are in one component: elsewhere
/// classic closeness compares nothing, and [`centralisation_by_harmonic`] is the one to use.
///
/// - Weights: none. Source: as of [`centralisation()`]. Cost: O(n (n + m)).
///
/// ```
/// use weft_analytics::centralisation_by_closeness;
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; a -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = centralisation_by_closeness(&view).expect("it is connected");
/// assert!((found.sum - found.maximum).abs() < 1e-12);
/// ```
pub fn centralisation_by_closeness(view: &View) -> Option<Centralisation> {
    let is_whole = components(view).sizes.len() == 1 && view.n() > 1;
    is_whole.then(|| of_closeness(&classic_closeness(view, Direction::Either)))
}

/// Returns [`centralisation_by_closeness`] of an undirected view from scores that are known already, as
/// [`classic_closeness`] gives them; None in a directed one, where no maximum is agreed on.
///
/// - Cost: O(n + m).
pub fn centralisation_of_closeness(
    view: &View,
    scores: &[ClassicCloseness],
) -> Option<Centralisation> {
    let is_whole = components(view).sizes.len() == 1 && view.n() > 1;
    (is_whole && !view.spec().directed).then(|| of_closeness(scores))
}

fn of_closeness(scores: &[ClassicCloseness]) -> Centralisation {
    let n = scores.len() as f64;
    let scores: Vec<f64> = scores.iter().map(|it| it.within).collect();
    centralisation(&scores, (n - 1.0) * (n - 2.0) / (2.0 * n - 3.0))
}

/// By harmonic closeness along the view's arcs, of networks in parts too. The maximum is `(n-2) / 2`,
/// that of a star, in an undirected view, and `n-1` in a directed one, that of a star whose arcs all
/// start at its middle.
///
/// - Weights: none. Source: the formula of [`centralisation()`]. Cost: O(n (n + m)).
///
/// ```
/// use weft_analytics::centralisation_by_harmonic;
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; a -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = centralisation_by_harmonic(&view);
/// assert!((found.sum - found.maximum).abs() < 1e-12);
/// ```
pub fn centralisation_by_harmonic(view: &View) -> Centralisation {
    let scores: Vec<f64> = closeness(view).into_iter().map(|it| it.harmonic).collect();
    centralisation_of_harmonic(view, &scores)
}

/// Returns [`centralisation_by_harmonic`] from scores that are known already, as [`closeness`] gives them.
///
/// - Cost: O(n).
pub fn centralisation_of_harmonic(view: &View, scores: &[f64]) -> Centralisation {
    let n = view.n() as f64;
    let most = if view.spec().directed { n - 1.0 } else { (n - 2.0) / 2.0 };
    centralisation(scores, most.max(0.0))
}

/// By eigenvector centrality, greatest 1. The maximum is that of one link among isolated nodes:
/// `n-2`, and `n-1` in a directed view (igraph); of connected networks a star has the most,
/// `n-1-√(n-1)`.
///
/// - Weights: those of the scores. Disconnected: nothing special. Source: the formula of
///   [`centralisation()`]. Cost: O(n).
///
/// ```
/// use weft_analytics::{centralisation_by_eigenvector, eigenvector};
/// let snapshot = weft_graph::fixture("a -supports-> b; c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let vector = eigenvector(&view, &Default::default()).expect("there is a link");
/// assert_eq!(centralisation_by_eigenvector(&view, &vector).share(), Some(1.0));
/// ```
pub fn centralisation_by_eigenvector(view: &View, eigenvector: &Eigenvector) -> Centralisation {
    let n = view.n() as f64;
    let most = if view.spec().directed { n - 1.0 } else { n - 2.0 };
    centralisation(&eigenvector.nodes, most.max(0.0))
}

/// By the hub scores of HITS, greatest 1, or by the authority scores. The maximum is that of one link
/// among isolated nodes: `n-1` in a directed view, `n-2` in an undirected one, where both are eigenvector
/// centrality.
///
/// - Weights: those of the scores. Disconnected: nothing special. Source: the formula of
///   [`centralisation()`]. Cost: O(n).
///
/// ```
/// use weft_analytics::{centralisation_by_hits, hits};
/// let snapshot = weft_graph::fixture("a -funds-> b; a -funds-> c; d");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// let found = hits(&view, None).expect("there are links");
/// assert_eq!(centralisation_by_hits(&view, &found.hubs).share(), Some(1.0));
/// ```
pub fn centralisation_by_hits(view: &View, scores: &[f64]) -> Centralisation {
    let n = view.n() as f64;
    let most = if view.spec().directed { n - 1.0 } else { n - 2.0 };
    centralisation(scores, most.max(0.0))
}

/// By PageRank, where the walker may start again anywhere. The maximum is that of a star: its middle
/// has all that the others hand on. In a directed view the arcs all lead to the middle, which hands on
/// to everybody, itself included.
///
/// - Weights: those of the scores. Disconnected: nothing special. Source: the formula of
///   [`centralisation()`]. Cost: O(n).
///
/// ```
/// use weft_analytics::{PageRankOptions, centralisation_by_page_rank, page_rank};
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; a -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let options = PageRankOptions::default();
/// let found = centralisation_by_page_rank(&view, &page_rank(&view, &[], &options), options.damping);
/// assert!((found.sum - found.maximum).abs() < 1e-9);
/// ```
pub fn centralisation_by_page_rank(view: &View, scores: &[f64], damping: f64) -> Centralisation {
    let n = view.n() as f64;
    // What a middle receives: its share of every new start, all of the others, of its own what is
    // handed on to everybody.
    let own = if view.spec().directed { damping / n } else { 0.0 };
    let middle = ((1.0 - damping) / n + damping) / (1.0 + damping - own);
    // All scores are 1 together.
    centralisation(scores, (n * middle - 1.0).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::betweenness::betweenness;
    use crate::eigenvector::{EigenvectorOptions, eigenvector};
    use crate::hits::hits;
    use crate::page_rank::{PageRankOptions, page_rank};
    use crate::shape::degree_centralisation;
    use crate::testing::{assert_close, directed_view_of, for_all_graphs, view_of};

    #[track_caller]
    fn check(found: Centralisation, share: Option<f64>) {
        assert_close(&[found.share().unwrap_or(f64::NAN)], &[share.unwrap_or(f64::NAN)]);
    }

    /// The share of each measure, in order: degree, betweenness, harmonic, PageRank, closeness,
    /// eigenvector, HITS.
    fn shares(view: &View) -> Vec<Centralisation> {
        let walk = PageRankOptions::default();
        let mut all = vec![
            centralisation_by_degree(view, Direction::Outgoing),
            centralisation_by_betweenness(view, &betweenness(view).nodes),
            centralisation_by_harmonic(view),
            centralisation_by_page_rank(view, &page_rank(view, &[], &walk), walk.damping),
        ];
        all.extend(centralisation_by_closeness(view));
        let vector = eigenvector(view, &EigenvectorOptions::default());
        all.extend(vector.map(|it| centralisation_by_eigenvector(view, &it)));
        all.extend(hits(view, None).map(|it| centralisation_by_hits(view, &it.authorities)));
        all
    }

    #[test]
    fn a_star_turns_about_one_and_a_ring_about_nobody() {
        let star = view_of("a -supports-> b; a -supports-> c; a -supports-> d; a -supports-> e");
        for found in &shares(&star)[..5] {
            check(*found, Some(1.0));
        }
        let ring = view_of("a -supports-> b; b -supports-> c; c -supports-> d; d -supports-> a");
        for found in shares(&ring) {
            check(found, Some(0.0));
        }
        let star = directed_view_of("a -supports-> b; a -supports-> c");
        check(centralisation_by_degree(&star, Direction::Outgoing), Some(1.0));
        check(centralisation_by_harmonic(&star), Some(1.0));
        let into = directed_view_of("b -supports-> a; c -supports-> a; d -supports-> a");
        check(shares(&into)[3], Some(1.0));
        check(centralisation_by_hits(&into, &hits(&into, None).unwrap().authorities), Some(1.0));
        check(centralisation_by_degree(&view_of("a -supports-> b"), Direction::Either), None);
        assert_eq!(centralisation_by_closeness(&view_of("a -supports-> b; c")), None);
        let scores = classic_closeness(&star, Direction::Outgoing);
        assert_eq!(centralisation_of_closeness(&star, &scores), None);
    }

    #[test]
    fn no_network_goes_beyond_the_maximum() {
        for_all_graphs(|view| {
            for found in shares(view) {
                assert!(found.sum <= found.maximum + 1e-9, "{found:?}");
                assert!(found.sum >= 0.0);
            }
            let found = centralisation_by_degree(view, Direction::Either);
            check(found, Some(degree_centralisation(view)));
        });
    }
}
