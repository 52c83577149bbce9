//! Reciprocity: how often what one does for another is returned.

use weft_graph::View;

use crate::contacts::Contacts;

/// The pairs of nodes of a view, by how they are linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DyadCensus {
    /// Linked both ways; every link of an undirected view.
    pub n_mutual: u64,
    /// Linked one way.
    pub n_asymmetric: u64,
    /// Not linked.
    pub n_null: u64,
}

/// Counts the pairs.
///
/// - Direction: along the view's arcs; an undirected view has no asymmetric pair, and its
///   reciprocity says nothing. Weights: none. Parallel ties are one link, loops none; a tie of a
///   symmetric relation runs both ways. Disconnected: nothing special.
/// - Source: Holland and Leinhardt, *A method for detecting structure* (1970). Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> a; b -supports-> c");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let census = weft_analytics::dyad_census(&weft_graph::View::new(&snapshot, spec));
/// assert_eq!((census.n_mutual, census.n_asymmetric, census.n_null), (1, 1, 1));
/// assert_eq!(census.reciprocity(), Some(2.0 / 3.0));
/// ```
pub fn dyad_census(view: &View) -> DyadCensus {
    let contacts = Contacts::new(view);
    let n = view.n() as u64;
    let n_linked = (0..n as u32).map(|it| contacts.of(it).len() as u64).sum::<u64>() / 2;
    let n_arcs = view.m() as u64 * if view.spec().directed { 1 } else { 2 };
    DyadCensus {
        n_mutual: n_arcs - n_linked,
        n_asymmetric: 2 * n_linked - n_arcs,
        n_null: n * n.saturating_sub(1) / 2 - n_linked,
    }
}

impl DyadCensus {
    /// The share of arcs that are returned: what networkx and igraph call reciprocity, and sna
    /// `edgewise`. None without links.
    pub fn reciprocity(&self) -> Option<f64> {
        let n_returned = 2 * self.n_mutual;
        let n_arcs = n_returned + self.n_asymmetric;
        (n_arcs > 0).then(|| n_returned as f64 / n_arcs as f64)
    }

    /// The share of linked pairs that are linked both ways: UCINET's dyad method, igraph's `ratio`.
    /// None without links.
    pub fn dyad_reciprocity(&self) -> Option<f64> {
        let n_linked = self.n_mutual + self.n_asymmetric;
        (n_linked > 0).then(|| self.n_mutual as f64 / n_linked as f64)
    }

    /// The share of all pairs that are linked both ways or not at all: sna's `dyadic`. None below
    /// two nodes.
    pub fn symmetry(&self) -> Option<f64> {
        let n_alike = self.n_mutual + self.n_null;
        let n_pairs = n_alike + self.n_asymmetric;
        (n_pairs > 0).then(|| n_alike as f64 / n_pairs as f64)
    }
}

/// Returns the share of the arcs of each node, out and in, that are returned; `NaN` without any.
///
/// - Direction, weights, loops, disconnected parts and source as in [`dyad_census`]; networkx has the
///   same. Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> a; b -supports-> c");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// assert_eq!(weft_analytics::node_reciprocity(&view), [1.0, 2.0 / 3.0, 0.0]);
/// ```
pub fn node_reciprocity(view: &View) -> Vec<f64> {
    let contacts = Contacts::new(view);
    let of = |node: u32| {
        let n_arcs = (view.neighbours(node).len() + view.in_neighbours(node).len()) as f64;
        let n_returned = 2.0 * (n_arcs - contacts.of(node).len() as f64);
        n_returned / n_arcs
    };
    (0..view.n() as u32).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        Matrix, assert_close, directed_view_of, for_all_graphs, ordered_pairs, view_of,
    };

    #[track_caller]
    fn check(view: &View, reciprocity: Option<f64>, dyads: Option<f64>, symmetry: Option<f64>) {
        let census = dyad_census(view);
        let found = (census.reciprocity(), census.dyad_reciprocity(), census.symmetry());
        assert_eq!(found, (reciprocity, dyads, symmetry));
    }

    #[test]
    fn three_ways_to_say_it() {
        let graph = "a -supports-> b; b -supports-> a; b -supports-> c; d";
        check(&directed_view_of(graph), Some(2.0 / 3.0), Some(0.5), Some(5.0 / 6.0));
        check(&directed_view_of("a -partners_with-> b"), Some(1.0), Some(1.0), Some(1.0));
        check(&view_of("a -supports-> b"), Some(1.0), Some(1.0), Some(1.0));
        check(&view_of("a"), None, None, None);
        check(&view_of(""), None, None, None);
    }

    #[test]
    fn pairs_are_counted_one_by_one() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view).0;
            let mut expected = DyadCensus::default();
            for (a, b) in ordered_pairs(view.n()).filter(|(a, b)| a < b) {
                match u8::from(matrix[a][b]) + u8::from(matrix[b][a]) {
                    2 => expected.n_mutual += 1,
                    1 => expected.n_asymmetric += 1,
                    _ => expected.n_null += 1,
                }
            }
            assert_eq!(dyad_census(view), expected);
            let share = |v: usize| {
                let arcs = || ordered_pairs(view.n()).filter(|&(a, b)| matrix[a][b]);
                let own = || arcs().filter(|&(a, b)| a == v || b == v);
                own().filter(|&(a, b)| matrix[b][a]).count() as f64 / own().count() as f64
            };
            let shares: Vec<f64> = (0..view.n()).map(share).collect();
            assert_close(&node_reciprocity(view), &shares);
        });
    }
}
