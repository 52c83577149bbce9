//! Mean clustering, and clustering that keeps direction: the other conventions beside the global one.

use weft_graph::View;

use crate::clustering::local_clustering;
use crate::contacts::Contacts;

/// The mean of the local clustering, by two conventions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanClustering {
    /// Over all nodes, those with fewer than two contacts counting 0 (networkx); `NaN` without nodes.
    pub of_all: f64,
    /// Over the nodes with at least two contacts (igraph's default, Watts and Strogatz); `NaN` if
    /// there is none.
    pub of_pairs: f64,
    /// How many these are.
    pub n_with_pairs: usize,
}

/// Returns the mean local clustering.
///
/// It weighs every node alike; [`global_clustering`](crate::global_clustering) weighs every pair of
/// contacts alike, so hubs weigh more there.
///
/// - Direction: ignored. Weights: none. Disconnected: nothing special.
/// - Source: Watts and Strogatz, *Collective dynamics of 'small-world' networks* (1998). Cost: as
///   [`triangles`](crate::triangles).
///
/// ```
/// let snapshot =
///     weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let found = weft_analytics::mean_clustering(&view);
/// assert!((found.of_all - 7.0 / 12.0).abs() < 1e-12 && (found.of_pairs - 7.0 / 9.0).abs() < 1e-12);
/// ```
pub fn mean_clustering(view: &View) -> MeanClustering {
    let contacts = Contacts::new(view);
    let local = local_clustering(view);
    let total = local.iter().fold(0.0, |sum, it| sum + it);
    let n_with_pairs = (0..view.n() as u32).filter(|&it| contacts.of(it).len() > 1).count();
    MeanClustering {
        of_all: total / view.n() as f64,
        of_pairs: total / n_with_pairs as f64,
        n_with_pairs,
    }
}

/// Returns the transitivity: of all ways a to b to c between different nodes, the share with a link
/// from a to c. None without such ways.
///
/// - Direction: along the view's arcs (sna's `weak` census of ordered triples); in an undirected view
///   it is the global clustering. Weights: none. Disconnected: nothing special.
/// - Source: Holland and Leinhardt (1971); Wasserman and Faust, *Social Network Analysis* (1994).
/// - Cost: O(sum over arcs of the degrees of their ends), O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; a -supports-> c; c -supports-> d");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// assert_eq!(weft_analytics::transitivity(&view), Some(1.0 / 3.0));
/// ```
pub fn transitivity(view: &View) -> Option<f64> {
    let mut is_after = vec![false; view.n()];
    let (mut n_ways, mut n_closed) = (0_u64, 0_u64);
    for a in 0..view.n() as u32 {
        view.neighbours(a).iter().for_each(|&it| is_after[it as usize] = true);
        for &b in view.neighbours(a) {
            for &c in view.neighbours(b).iter().filter(|&&it| it != a) {
                n_ways += 1;
                n_closed += u64::from(is_after[c as usize]);
            }
        }
        view.neighbours(a).iter().for_each(|&it| is_after[it as usize] = false);
    }
    (n_ways > 0).then(|| n_closed as f64 / n_ways as f64)
}

/// Returns the directed clustering of each node: the directed triangles through it, of all eight
/// kinds, by those that its arcs would allow.
///
/// - Direction: along the view's arcs; an undirected view gives the local clustering. Weights: none.
///   Disconnected: nothing special. 0 where no triangle could be (networkx has the same).
/// - Source: Fagiolo, *Clustering in complex directed networks* (2007). Cost: O(sum over links of the
///   smaller degree, times its logarithm), O(n + m) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; a -supports-> c");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// assert_eq!(weft_analytics::directed_clustering(&view), [0.5, 0.5, 0.5]);
/// ```
pub fn directed_clustering(view: &View) -> Vec<f64> {
    let contacts = Contacts::new(view);
    // Of each node of a pair of contacts the strength is the number of arcs between: 1, or 2.
    let of = |node: u32| {
        let (mut n_arcs, mut n_returned) = (0.0, 0.0);
        let mut closed = 0.0;
        let own: Vec<(u32, f64)> = contacts.with_strength(node).collect();
        for &(contact, strength) in &own {
            n_arcs += strength;
            n_returned += strength - 1.0;
            let pairs = own.iter().filter(|it| it.0 > contact);
            for &(other, other_strength) in pairs {
                closed += strength * other_strength * contacts.strength_between(contact, other);
            }
        }
        // An undirected link is an arc each way.
        let (n_arcs, n_returned, closed) = if view.spec().directed {
            (n_arcs, n_returned, closed)
        } else {
            (2.0 * n_arcs, n_arcs, 8.0 * closed)
        };
        let most = n_arcs * (n_arcs - 1.0) - 2.0 * n_returned;
        if most > 0.0 { closed / most } else { 0.0 }
    };
    (0..view.n() as u32).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clustering::global_clustering;
    use crate::testing::{Matrix, assert_close, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, of_all: f64, of_pairs: f64) {
        let found = mean_clustering(&view_of(graph));
        assert_close(&[found.of_all, found.of_pairs], &[of_all, of_pairs]);
    }

    #[test]
    fn bodies_with_one_contact_count_by_one_convention_only() {
        check("a -supports-> b; b -supports-> c; c -supports-> a; d", 0.75, 1.0);
        check("a -supports-> b", 0.0, f64::NAN);
        check("", f64::NAN, f64::NAN);
    }

    #[test]
    fn triples_are_counted_one_by_one() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view).0;
            let n = view.n();
            let one = |a: usize, b: usize| f64::from(u8::from(matrix[a][b]));
            let (mut n_ways, mut n_closed) = (0.0, 0.0);
            let mut local = vec![0.0; n];
            for (a, local) in local.iter_mut().enumerate() {
                let (mut triangles, mut arcs, mut returned) = (0.0, 0.0, 0.0);
                for b in (0..n).filter(|&b| b != a) {
                    arcs += one(a, b) + one(b, a);
                    returned += one(a, b) * one(b, a);
                    for c in (0..n).filter(|&c| c != a && c != b) {
                        n_ways += one(a, b) * one(b, c);
                        n_closed += one(a, b) * one(b, c) * one(a, c);
                        let both = |x: usize, y: usize| one(x, y) + one(y, x);
                        triangles += both(a, b) * both(b, c) * both(c, a) / 2.0;
                    }
                }
                let most = arcs * (arcs - 1.0) - 2.0 * returned;
                *local = if most > 0.0 { triangles / most } else { 0.0 };
            }
            let expected = if n_ways == 0.0 { f64::NAN } else { n_closed / n_ways };
            let found = transitivity(view);
            assert_close(&[found.unwrap_or(f64::NAN)], &[expected]);
            assert_close(&directed_clustering(view), &local);
            if !view.spec().directed {
                assert_close(&[found.unwrap_or(0.0)], &[global_clustering(view)]);
                assert_close(&directed_clustering(view), &local_clustering(view));
            }
        });
    }
}
