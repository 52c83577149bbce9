//! Core and periphery: whether a network is one dense middle with bodies that hang on it.

use std::cmp::Reverse;

use weft_graph::View;

use crate::contacts::Contacts;

/// Up to so many nodes all splits are tried.
const N_TRIED_ALL: usize = 16;
/// Beyond, so many cores are mended for each order of the nodes,
const N_BEGINNINGS_MAX: usize = 64;
/// and of a large network as many as have so many nodes together, at least one.
const N_NODES_MENDED: usize = 100_000;

/// What the ideal of a core with its periphery is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CorePattern {
    /// All pairs with at least one end in the core are linked, no others: a star, with more than one
    /// middle. Borgatti and Everett's formula 2.
    #[default]
    EitherEnd,
    /// All pairs with both ends in the core are linked, no others: formula 3.
    BothEnds,
    /// All pairs within the core are linked, none within the periphery; what lies between the two is
    /// not looked at: UCINET's, with that density left out.
    Blocks,
}

/// A split into core and periphery.
#[derive(Clone, Debug, PartialEq)]
pub struct CorePeriphery {
    /// Whether each node is in the core.
    pub is_core: Vec<bool>,
    /// The number of nodes of the core.
    pub n_core: usize,
    /// The correlation of the links with the ideal, -1 to 1. Above 0.5 or so a core is worth
    /// speaking of; a random network of the same density has something like 0.2 to 0.4.
    pub fit: f64,
}

/// Finds a split that fits the ideal best. Up to 16 nodes all splits are tried. Beyond, no fast way to
/// the best is known: the nodes are taken by degree, by depth (core number) and by the degrees of
/// their contacts, the best 64 cores (fewer above 1,500 nodes) that the first of them make are mended, by moving one node or
/// swapping two until neither helps, and the best of all is given; another may fit better still.
///
/// - Direction: in a directed view an arc each way counts by itself; the ideal has both. Weights:
///   none. Disconnected: nothing special; isolated nodes are in the periphery. None if no split has
///   a correlation: without links, with all links, and below three nodes.
/// - Source: Borgatti and Everett, *Models of core/periphery structures* (2000), discrete model.
///   UCINET searches by a genetic algorithm, so its core may differ where several fit equally.
/// - Cost: O(n + m) a move, from each of 192 beginnings; O(n + m) memory. Equal splits: the smaller
///   core, then the first found; the same view gives the same split.
///
/// ```
/// let graph = "a -supports-> b; a -supports-> c; b -supports-> d; a -supports-> e; b -supports-> f";
/// let snapshot = weft_graph::fixture(graph);
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = weft_analytics::core_periphery(&view, Default::default()).expect("it has a core");
/// assert_eq!((found.is_core[..2].to_vec(), found.n_core), (vec![true, true], 2));
/// ```
pub fn core_periphery(view: &View, pattern: CorePattern) -> Option<CorePeriphery> {
    let n = view.n();
    let contacts = Contacts::new(view);
    let best = if n <= N_TRIED_ALL {
        try_all(&contacts, pattern)
    } else {
        search(view, &contacts, pattern)
    };
    let fit = best.fit();
    fit.is_finite().then_some(CorePeriphery { n_core: best.n_core, fit, is_core: best.is_core })
}

/// Returns the correlation of the links with the ideal of a given split; `NaN` where one of the two
/// does not vary.
///
/// - Direction, weights, disconnected parts and source as in [`core_periphery`]. Cost: O(n + m).
///
/// ```
/// use weft_analytics::core_periphery_fit;
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let fit = core_periphery_fit(&view, Default::default(), &[true, false, false]);
/// assert!((fit - 1.0).abs() < 1e-12);
/// ```
pub fn core_periphery_fit(view: &View, pattern: CorePattern, is_core: &[bool]) -> f64 {
    let contacts = Contacts::new(view);
    let mut split = Split::empty(&contacts, pattern);
    for node in (0..view.n() as u32).filter(|&it| is_core[it as usize]) {
        split.turn(node);
    }
    split.fit()
}

/// Tries every split, each one node away from the last (Gray's code).
fn try_all<'a>(contacts: &'a Contacts<'a>, pattern: CorePattern) -> Split<'a> {
    let mut split = Split::empty(contacts, pattern);
    let mut best = split.clone();
    for at in 1..1_u32 << contacts.n() {
        split.turn(at.trailing_zeros());
        if split.is_better_than(best.fit(), best.n_core) {
            best = split.clone();
        }
    }
    best
}

/// Mends many beginnings and gives the best.
fn search<'a>(view: &View, contacts: &'a Contacts<'a>, pattern: CorePattern) -> Split<'a> {
    let n_contacts = |it: u32| contacts.of(it).len();
    let cores = crate::core_numbers(view);
    let beyond = |it: u32| contacts.of(it).iter().map(|&it| n_contacts(it)).sum::<usize>();
    let keys: [&dyn Fn(u32) -> (usize, usize); 3] = [
        &|it| (n_contacts(it), beyond(it)),
        &|it| (cores[it as usize] as usize, n_contacts(it)),
        &|it| (beyond(it), n_contacts(it)),
    ];
    let n_beginnings = (N_NODES_MENDED / view.n().max(1)).clamp(1, N_BEGINNINGS_MAX);
    let mut best = Split::empty(contacts, pattern);
    for key in keys {
        let mut order: Vec<u32> = (0..view.n() as u32).collect();
        order.sort_by_cached_key(|&it| (Reverse(key(it)), it));
        let mut split = Split::empty(contacts, pattern);
        let mut sizes: Vec<(f64, usize)> = Vec::new();
        for (n_core, &node) in (1..).zip(&order) {
            split.turn(node);
            sizes.push((split.fit(), n_core));
        }
        sizes.retain(|it| it.0.is_finite());
        sizes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for &(_, n_core) in sizes.iter().take(n_beginnings) {
            let mut split = Split::empty(contacts, pattern);
            order[..n_core].iter().for_each(|&it| split.turn(it));
            split.mend();
            if split.is_better_than(best.fit(), best.n_core) {
                best = split;
            }
        }
    }
    best
}

/// A split that knows how many links lie within its two parts, and how many each node has there.
#[derive(Clone)]
struct Split<'a> {
    contacts: &'a Contacts<'a>,
    pattern: CorePattern,
    is_core: Vec<bool>,
    n_core: usize,
    /// The links of each node to the core, links both ways counting 2 (1 each way).
    to_core: Vec<f64>,
    /// The links of each node.
    links: Vec<f64>,
    /// Arcs in all, within the core, and within the periphery.
    n_arcs: f64,
    within_core: f64,
    within_periphery: f64,
}

impl<'a> Split<'a> {
    /// Everybody is in the periphery.
    fn empty(contacts: &'a Contacts<'a>, pattern: CorePattern) -> Self {
        let n = contacts.n();
        let strength = |it: u32| contacts.with_strength(it).map(|it| it.1).sum::<f64>();
        let links: Vec<f64> = (0..n as u32).map(strength).collect();
        let n_arcs: f64 = links.iter().sum::<f64>() * contacts.arcs_a_strength();
        Self {
            contacts,
            pattern,
            is_core: vec![false; n],
            n_core: 0,
            to_core: vec![0.0; n],
            links,
            n_arcs,
            within_core: 0.0,
            within_periphery: n_arcs,
        }
    }

    /// What one strength is in arcs of the table, both of its halves together.
    fn arcs(&self, strength: f64) -> f64 {
        2.0 * self.contacts.arcs_a_strength() * strength
    }

    /// Moves a node to the other part. O(its contacts).
    fn turn(&mut self, node: u32) {
        let at = node as usize;
        let (to_core, to_periphery) = (self.to_core[at], self.links[at] - self.to_core[at]);
        let sign = if self.is_core[at] { -1.0 } else { 1.0 };
        self.within_core += sign * self.arcs(to_core);
        self.within_periphery -= sign * self.arcs(to_periphery);
        self.is_core[at] = !self.is_core[at];
        self.n_core = if sign > 0.0 { self.n_core + 1 } else { self.n_core - 1 };
        for (contact, strength) in self.contacts.with_strength(node) {
            self.to_core[contact as usize] += sign * strength;
        }
    }

    fn fit(&self) -> f64 {
        self.fit_of(self.n_core, self.within_core, self.within_periphery)
    }

    /// The correlation over ordered pairs, from counts: those looked at, those that the ideal links,
    /// those that are linked, and those that are both.
    fn fit_of(&self, n_core: usize, within_core: f64, within_periphery: f64) -> f64 {
        let pairs = |n: usize| n as f64 * (n as f64 - 1.0);
        let (n, n_periphery) = (self.is_core.len(), self.is_core.len() - n_core);
        let (all, ideal, linked, both) = match self.pattern {
            CorePattern::EitherEnd => (
                pairs(n),
                pairs(n) - pairs(n_periphery),
                self.n_arcs,
                self.n_arcs - within_periphery,
            ),
            CorePattern::BothEnds => (pairs(n), pairs(n_core), self.n_arcs, within_core),
            CorePattern::Blocks => (
                pairs(n_core) + pairs(n_periphery),
                pairs(n_core),
                within_core + within_periphery,
                within_core,
            ),
        };
        let variance = ideal * (all - ideal) * linked * (all - linked);
        if variance <= 0.0 { f64::NAN } else { (all * both - ideal * linked) / variance.sqrt() }
    }

    /// Whether it fits better than another, or as well with a smaller core.
    fn is_better_than(&self, fit: f64, n_core: usize) -> bool {
        better(self.fit(), self.n_core, fit, n_core)
    }

    /// Moves and swaps until neither helps.
    fn mend(&mut self) {
        loop {
            let n_core = self.n_core;
            if let Some(node) = self.best_move(n_core) {
                self.turn(node);
            } else if let Some((out, into)) = self.best_swap() {
                self.turn(out);
                self.turn(into);
            } else {
                return;
            }
        }
    }

    /// The node whose move helps most.
    fn best_move(&self, n_core: usize) -> Option<u32> {
        let (mut best_fit, mut best_n, mut best) = (self.fit(), n_core, None);
        for node in 0..self.is_core.len() as u32 {
            let at = node as usize;
            let (to_core, to_periphery) = (self.to_core[at], self.links[at] - self.to_core[at]);
            let (n_core, sign) =
                if self.is_core[at] { (n_core - 1, -1.0) } else { (n_core + 1, 1.0) };
            let fit = self.fit_of(
                n_core,
                self.within_core + sign * self.arcs(to_core),
                self.within_periphery - sign * self.arcs(to_periphery),
            );
            if better(fit, n_core, best_fit, best_n) {
                (best_fit, best_n, best) = (fit, n_core, Some(node));
            }
        }
        best
    }

    /// The node of the core and that of the periphery whose swap helps most. As the size of the core
    /// stays, only the links within the parts change: by those of the two, less the link between
    /// them, so it is one of the best two for themselves, or a linked pair.
    fn best_swap(&self) -> Option<(u32, u32)> {
        let nodes = |is_core: bool| {
            (0..self.is_core.len() as u32).filter(move |&it| self.is_core[it as usize] == is_core)
        };
        let to_core = |it: u32| self.to_core[it as usize];
        let to_periphery = |it: u32| self.links[it as usize] - self.to_core[it as usize];
        let of_all = |it: u32| match self.pattern {
            CorePattern::EitherEnd => to_periphery(it),
            CorePattern::BothEnds => to_core(it),
            CorePattern::Blocks => self.links[it as usize],
        };
        let out = nodes(true).min_by(|&a, &b| of_all(a).total_cmp(&of_all(b)))?;
        let into = nodes(false).max_by(|&a, &b| of_all(a).total_cmp(&of_all(b)))?;
        let linked = nodes(true).flat_map(|out| {
            let contacts = self.contacts.of(out).iter().copied();
            contacts.filter(|&it| !self.is_core[it as usize]).map(move |into| (out, into))
        });
        let (mut best_fit, mut best) = (self.fit(), None);
        for (out, into) in std::iter::once((out, into)).chain(linked) {
            let between = self.contacts.strength_between(out, into);
            let fit = self.fit_of(
                self.n_core,
                self.within_core + self.arcs(to_core(into) - between - to_core(out)),
                self.within_periphery + self.arcs(to_periphery(out) - between - to_periphery(into)),
            );
            if better(fit, 0, best_fit, 0) {
                (best_fit, best) = (fit, Some((out, into)));
            }
        }
        best
    }
}

/// Differences of fit that may be rounding do not count.
fn better(fit: f64, n_core: usize, than: f64, than_n_core: usize) -> bool {
    const ROUNDING: f64 = 1e-12;
    match (fit.is_nan(), than.is_nan()) {
        (true, _) => false,
        (false, true) => true,
        _ => fit > than + ROUNDING || (fit > than - ROUNDING && n_core < than_n_core),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_graphs, ordered_pairs, view_of};

    const PATTERNS: [CorePattern; 3] =
        [CorePattern::EitherEnd, CorePattern::BothEnds, CorePattern::Blocks];

    #[track_caller]
    fn check(graph: &str, pattern: CorePattern, core: &[u32], fit: f64) {
        let found = core_periphery(&view_of(graph), pattern).unwrap();
        let nodes = (0..).zip(&found.is_core).filter(|it| *it.1).map(|it| it.0);
        assert_eq!(nodes.collect::<Vec<u32>>(), core);
        assert_close(&[found.fit], &[fit]);
    }

    /// Pearson's correlation, word by word.
    fn correlation(matrix: &[Vec<bool>], pattern: CorePattern, is_core: &[bool]) -> f64 {
        let ideal = |(a, b): (usize, usize)| match pattern {
            CorePattern::EitherEnd => Some(is_core[a] || is_core[b]),
            CorePattern::BothEnds => Some(is_core[a] && is_core[b]),
            CorePattern::Blocks => (is_core[a] == is_core[b]).then_some(is_core[a]),
        };
        let pairs: Vec<(f64, f64)> = ordered_pairs(matrix.len())
            .filter_map(|it| Some((it, ideal(it)?)))
            .map(|((a, b), ideal)| (f64::from(u8::from(matrix[a][b])), f64::from(u8::from(ideal))))
            .collect();
        let n = pairs.len() as f64;
        let mean = pairs.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0 / n, sum.1 + it.1 / n));
        let (mut covariance, mut squares) = (0.0, (0.0, 0.0));
        for (x, y) in pairs {
            covariance += (x - mean.0) * (y - mean.1);
            squares.0 += (x - mean.0).powi(2);
            squares.1 += (y - mean.1).powi(2);
        }
        let variance: f64 = squares.0 * squares.1;
        if variance < 1e-12 { f64::NAN } else { covariance / variance.sqrt() }
    }

    #[test]
    fn a_star_fits_perfectly_and_a_ring_badly() {
        let star = "a -supports-> b; a -supports-> c; a -supports-> d";
        check(star, CorePattern::EitherEnd, &[0], 1.0);
        let clique = "a -supports-> b; b -supports-> c; c -supports-> a; d; e";
        check(clique, CorePattern::BothEnds, &[0, 1, 2], 1.0);
        check(clique, CorePattern::Blocks, &[0, 1], 1.0);
        for pattern in PATTERNS {
            assert_eq!(core_periphery(&view_of("a; b; c"), pattern), None);
            assert_eq!(core_periphery(&view_of(""), pattern), None);
        }
    }

    #[test]
    fn no_other_split_of_a_small_network_fits_better() {
        let (n_searched, n_missed) = (Cell::new(0), Cell::new(0));
        for_all_graphs(|view| {
            let matrix = Matrix::of(view).0;
            let n = view.n();
            for pattern in PATTERNS {
                let mut best = f64::NAN;
                for bits in 0..1_u32 << n.min(6) {
                    let is_core: Vec<bool> = (0..n).map(|it| bits >> it & 1 == 1).collect();
                    best = best.max(correlation(&matrix, pattern, &is_core));
                }
                let found = core_periphery(view, pattern);
                if let Some(found) = &found {
                    let fit = correlation(&matrix, pattern, &found.is_core);
                    assert_close(&[found.fit], &[fit]);
                    assert_close(&[core_periphery_fit(view, pattern, &found.is_core)], &[fit]);
                    assert_eq!(found.n_core, found.is_core.iter().filter(|it| **it).count());
                }
                if n <= 6 {
                    let contacts = Contacts::new(view);
                    let searched = search(view, &contacts, pattern).fit();
                    assert!(searched.is_nan() || searched <= best + 1e-9);
                    n_searched.set(n_searched.get() + 1);
                    let is_missed = best.is_nan() != searched.is_nan() || searched < best - 1e-9;
                    n_missed.set(n_missed.get() + u32::from(is_missed));
                    assert_close(&[found.map_or(f64::NAN, |it| it.fit)], &[best]);
                }
            }
        });
        // The search for larger networks misses the best of few small ones.
        assert!(n_missed.get() * 100 < n_searched.get(), "{n_missed:?} of {n_searched:?}");
    }
}
