//! The shape of a whole network: density, extent, centralisation, and whether like meets like.

use weft_graph::View;

use crate::closeness::distance_sums;
use crate::components::components;
use crate::contacts::Contacts;
use crate::run::{Interrupted, Run};

/// Returns the share of possible links that are there; `NaN` below two nodes.
///
/// - Direction: an undirected view has `n(n-1)/2` possible links, a directed one `n(n-1)`. Weights: none.
///   Disconnected: nothing special. Source: Wasserman and Faust, *Social Network Analysis* (1994). Cost: O(1).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::density(&view), 2.0 / 3.0);
/// ```
pub fn density(view: &View) -> f64 {
    let n = view.n() as f64;
    let n_arcs = view.m() as f64 * if view.spec().directed { 1.0 } else { 2.0 };
    if view.n() < 2 { f64::NAN } else { n_arcs / (n * (n - 1.0)) }
}

/// Returns the number of contacts of each node, whichever way the links run.
///
/// - Direction: ignored; links both ways to one contact are one. Weights: none. Isolated: 0. Cost: O(n), O(n + m)
///   in a directed view. The degrees along the arcs are [`View::degree`] and the length of
///   [`View::in_neighbours`].
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -funds-> a; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::n_contacts(&view), [1, 2, 1]);
/// ```
pub fn n_contacts(view: &View) -> Vec<usize> {
    let contacts = Contacts::new(view);
    (0..view.n() as u32).map(|it| contacts.of(it).len()).collect()
}

/// How far apart the nodes of the largest component are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The number of its nodes.
    pub n: usize,
    /// The greatest distance between two of them, in links.
    pub diameter: u32,
    /// The least distance within which some node has all others.
    pub radius: u32,
    /// The mean distance over all pairs; `NaN` for a single node.
    pub mean_distance: f64,
}

/// Measures the largest component (of equal ones that with the smallest index); None without nodes.
///
/// - Direction: ignored. Weights: none. Other components do not count.
/// - Source: Harary, *Graph Theory* (1969), for diameter and radius.
/// - Cost: as [`crate::closeness`].
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let extent = weft_analytics::extent(&view).expect("it has nodes");
/// assert_eq!((extent.n, extent.diameter, extent.radius), (3, 2, 1));
/// ```
pub fn extent(view: &View) -> Option<Extent> {
    extent_in(view, &mut Run::default()).expect("nobody interrupts it")
}

/// Returns [`extent`] as a run that can be watched and stopped.
///
/// # Errors
/// If it was interrupted.
pub fn extent_in(view: &View, run: &mut Run) -> Result<Option<Extent>, Interrupted> {
    let components = components(view);
    let Some(&n) = components.sizes.first() else { return Ok(None) };
    let contacts = Contacts::new(view);
    let of = |it| contacts.of(it);
    let sums = distance_sums(view.n(), u32::MAX, of, of, run)?;
    let largest = || components.nodes(0).into_iter().map(|it| sums[it as usize]);
    let diameter = largest().map(|it| it.farthest).max().unwrap_or(0);
    let radius = largest().map(|it| it.farthest).min().unwrap_or(0);
    let total: u64 = largest().map(|it| it.total).sum();
    let n_pairs = n as f64 * (n as f64 - 1.0);
    Ok(Some(Extent { n, diameter, radius, mean_distance: total as f64 / n_pairs }))
}

/// Returns Freeman's centralisation by number of contacts: 1 for a star, 0 if all have equally many.
///
/// - Direction: ignored. Weights: none. Disconnected: nothing special. `NaN` below three nodes. Cost:
///   O(n), O(n + m) in a directed view.
/// - Source: Freeman, *Centrality in social networks* (1978).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; a -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::degree_centralisation(&view), 1.0);
/// ```
pub fn degree_centralisation(view: &View) -> f64 {
    let n_contacts = n_contacts(view);
    let most = n_contacts.iter().max().copied().unwrap_or(0);
    let missing: usize = n_contacts.iter().map(|it| most - it).sum();
    let n = view.n() as f64;
    if view.n() < 3 { f64::NAN } else { missing as f64 / ((n - 1.0) * (n - 2.0)) }
}

/// Returns the degree assortativity: the correlation of the numbers of contacts at the two ends of a
/// link. Below 0, hubs are linked to bodies with few contacts.
///
/// - Direction: ignored. Weights: none. Disconnected: nothing special. `NaN` without links, or where all
///   ends have equally many.
/// - Source: Newman, *Assortative mixing in networks* (2002). Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; a -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::degree_assortativity(&view), -1.0);
/// ```
pub fn degree_assortativity(view: &View) -> f64 {
    let contacts = Contacts::new(view);
    let degree = |node: u32| contacts.of(node).len() as u128;
    // Whole numbers keep equal degrees from looking like a tiny variance.
    let (mut n_ends, mut sum, mut squares, mut products) = (0_u128, 0_u128, 0_u128, 0_u128);
    for node in 0..view.n() as u32 {
        for &contact in contacts.of(node) {
            n_ends += 1;
            sum += degree(node);
            squares += degree(node) * degree(node);
            products += degree(node) * degree(contact);
        }
    }
    let variance = n_ends * squares - sum * sum;
    let covariance = (n_ends * products) as i128 - (sum * sum) as i128;
    if variance == 0 { f64::NAN } else { covariance as f64 / variance as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, density: f64, centralisation: f64, assortativity: f64) {
        let view = view_of(graph);
        let found =
            [super::density(&view), degree_centralisation(&view), degree_assortativity(&view)];
        assert_close(&found, &[density, centralisation, assortativity]);
    }

    #[test]
    fn measures_that_mean_nothing_are_not_a_number() {
        check("", f64::NAN, f64::NAN, f64::NAN);
        check("a", f64::NAN, f64::NAN, f64::NAN);
        check("a -supports-> b; b -supports-> c; c -supports-> a", 1.0, 0.0, f64::NAN);
        assert_eq!(extent(&view_of("")), None);
        assert!(
            extent(&view_of("a")).is_some_and(|it| it.radius == 0 && it.mean_distance.is_nan())
        );
    }

    #[test]
    fn the_shape_follows_from_all_pairs() {
        for_all_small_graphs(|view| {
            let matrix = Matrix::undirected(view);
            let n = view.n();
            let degrees: Vec<f64> =
                matrix.0.iter().map(|it| it.iter().filter(|&&it| it).count() as f64).collect();
            let mut ends: Vec<(f64, f64)> = Vec::new();
            for a in 0..n {
                for b in (0..n).filter(|&b| matrix.0[a][b]) {
                    ends.push((degrees[a], degrees[b]));
                }
            }
            let mean = ends.iter().map(|it| it.0).sum::<f64>() / ends.len() as f64;
            let covariance: f64 = ends.iter().map(|it| (it.0 - mean) * (it.1 - mean)).sum();
            let variance: f64 = ends.iter().map(|it| (it.0 - mean).powi(2)).sum();
            let expected = if variance < 1e-9 { f64::NAN } else { covariance / variance };
            assert_close(&[degree_assortativity(view)], &[expected]);
            let components = matrix.components();
            let largest = components.iter().max_by_key(|it| (it.len(), std::cmp::Reverse(it[0])));
            let Some(largest) = largest else { return };
            let distance = matrix.distances();
            let row = |&a: &u32| largest.iter().map(move |&b| (a, b));
            let of = |(a, b): (u32, u32)| distance[a as usize][b as usize].unwrap();
            let farthest = |a: &u32| row(a).map(of).max().unwrap() as u32;
            let extent = extent(view).unwrap();
            assert_eq!(extent.n, largest.len());
            assert_eq!(Some(extent.diameter), largest.iter().map(farthest).max());
            assert_eq!(Some(extent.radius), largest.iter().map(farthest).min());
            let total: usize = largest.iter().flat_map(row).map(of).sum();
            let n_pairs = largest.len() * (largest.len() - 1);
            assert_close(&[extent.mean_distance], &[total as f64 / n_pairs as f64]);
        });
    }
}
