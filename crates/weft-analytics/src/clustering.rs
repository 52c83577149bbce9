//! Triangles and clustering: whether the contacts of a node know each other.

use weft_graph::View;

use crate::contacts::{Contacts, Higher};

/// Returns the number of triangles at each node.
///
/// - Direction: ignored. Weights: none. Disconnected: nothing special.
/// - Source: Latapy, *Main-memory triangle computations* (2008): each link is looked at from its end
///   of lower degree. Cost: O(m √m) time, O(n + m) memory.
///
/// ```
/// let snapshot =
///     weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::triangles(&view), [1, 1, 1, 0]);
/// ```
pub fn triangles(view: &View) -> Vec<u64> {
    triangles_of(&Contacts::new(view))
}

/// Returns the local clustering of each node: the share of pairs of its contacts that are linked.
///
/// - Direction: ignored. Weights: none. Disconnected: nothing special. Fewer than two contacts: 0.
/// - Source: Watts and Strogatz (1998). Cost as for [`triangles`].
///
/// ```
/// let snapshot =
///     weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::local_clustering(&view), [1.0, 1.0, 1.0 / 3.0, 0.0]);
/// ```
pub fn local_clustering(view: &View) -> Vec<f64> {
    let contacts = Contacts::new(view);
    let share = |(node, n_triangles): (u32, u64)| match n_pairs(&contacts, node) {
        0 => 0.0,
        n_pairs => n_triangles as f64 / n_pairs as f64,
    };
    (0..).zip(triangles_of(&contacts)).map(share).collect()
}

/// Returns the global clustering (transitivity): the share of all pairs of links at one node whose
/// other ends are linked.
///
/// - Direction: ignored. Weights: none. Disconnected: nothing special. 0 if no node has two contacts.
/// - Source: Newman, Watts and Strogatz (2002). Cost as for [`triangles`].
///
/// ```
/// let snapshot =
///     weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::global_clustering(&view), 0.6);
/// ```
pub fn global_clustering(view: &View) -> f64 {
    let contacts = Contacts::new(view);
    let n_closed: u64 = triangles_of(&contacts).iter().sum();
    match (0..view.n() as u32).map(|it| n_pairs(&contacts, it)).sum::<u64>() {
        0 => 0.0,
        n_pairs => n_closed as f64 / n_pairs as f64,
    }
}

fn triangles_of(contacts: &Contacts) -> Vec<u64> {
    let n = contacts.n();
    let higher = Higher::new(contacts);
    let mut n_triangles = vec![0; n];
    // Marks are added rather than asked after, as they cannot be foreseen.
    let mut is_marked = vec![0_u8; n];
    let mut memory = vec![0; n + 1];
    for low in 0..n as u32 {
        let above = higher.of(low);
        let middles = higher.middles(low, &mut memory);
        if middles.is_empty() {
            continue;
        }
        above.iter().for_each(|&it| is_marked[it as usize] = 1);
        let mut n_low = 0;
        for middle in middles.iter().map(|&it| higher.at(it)) {
            let mut n_middle = 0;
            for &high in higher.of(middle) {
                let is_closed = u64::from(is_marked[high as usize]);
                n_middle += is_closed;
                n_triangles[high as usize] += is_closed;
            }
            n_triangles[middle as usize] += n_middle;
            n_low += n_middle;
        }
        n_triangles[low as usize] += n_low;
        above.iter().for_each(|&it| is_marked[it as usize] = 0);
    }
    n_triangles
}

fn n_pairs(contacts: &Contacts, node: u32) -> u64 {
    let degree = contacts.of(node).len() as u64;
    degree * degree.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_small_graphs, random_view, view_of};

    #[track_caller]
    fn check(graph: &str, global: f64) {
        assert_close(&[global_clustering(&view_of(graph))], &[global]);
    }

    #[test]
    fn a_star_has_no_clustering_and_a_clique_all_of_it() {
        check("a -supports-> b; a -supports-> c; a -supports-> d", 0.0);
        check("a -supports-> b; b -supports-> c; c -supports-> a", 1.0);
        check("a", 0.0);
    }

    #[test]
    fn clustering_looks_at_all_pairs_of_contacts() {
        for_all_small_graphs(|view| {
            let matrix = Matrix::undirected(view).0;
            let n = view.n();
            let local = local_clustering(view);
            let triangles = triangles(view);
            let (mut n_all, mut n_all_closed) = (0, 0);
            for v in 0..n {
                let (mut n_pairs, mut n_closed) = (0, 0);
                for a in 0..n {
                    for b in 0..a {
                        let is_pair = matrix[v][a] && matrix[v][b];
                        n_pairs += u32::from(is_pair);
                        n_closed += u32::from(is_pair && matrix[a][b]);
                    }
                }
                assert_eq!(triangles[v], u64::from(n_closed));
                assert_close(&[local[v]], &[f64::from(n_closed) / f64::from(n_pairs.max(1))]);
                n_all += n_pairs;
                n_all_closed += n_closed;
            }
            let global = f64::from(n_all_closed) / f64::from(n_all.max(1));
            assert_close(&[global_clustering(view)], &[global]);
        });
    }

    #[test]
    fn lists_that_look_alike_are_read_and_those_that_do_not_need_not_be() {
        // Few contacts each, as in most networks; then so many that all signatures look alike.
        for (n_ties, at_least) in [(600, 1), (9000, 10_000)] {
            let view = random_view(200, n_ties, 8);
            let matrix = Matrix::undirected(&view).0;
            let closed = |v: usize| {
                let pairs = (0..200).flat_map(|a| (0..a).map(move |b| (a, b)));
                pairs.filter(|&(a, b)| matrix[v][a] && matrix[v][b] && matrix[a][b]).count() as u64
            };
            let expected: Vec<u64> = (0..200).map(closed).collect();
            assert!(expected.iter().sum::<u64>() >= at_least);
            assert_eq!(triangles(&view), expected);
        }
    }
}
