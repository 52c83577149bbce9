//! Classic closeness, for comparison with other programs; harmonic closeness is what weft ranks by.

use weft_graph::View;

use crate::direction::{Direction, Rows};
use crate::distance_profile::Search;

/// The classic closeness of a node, as the literature has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassicCloseness {
    /// The number reached by the sum of their distances: 1 if linked to all that it reaches. `NaN`
    /// if it reaches nobody. Compare only within one component (igraph, normalised).
    pub within: f64,
    /// Wasserman and Faust's: `within` times the share of the others that it reaches, so that a body
    /// in a small part is not central. 0 if it reaches nobody (networkx; there with what reaches it).
    pub wasserman_faust: f64,
    /// n - 1 by the sum of the distances to all others: Freeman's, and sna's. 0 unless it reaches
    /// all, as the sum is infinite then; `NaN` in a view of one node.
    pub freeman: f64,
}

/// Returns the classic closeness of each node.
///
/// - Direction: as asked. networkx counts the ways in, igraph and sna the ways out. Weights: none.
///   Disconnected: as said at the fields; better use harmonic [`closeness`](crate::closeness).
/// - Source: Sabidussi (1966); Freeman, *Centrality in social networks* (1978); Wasserman and Faust,
///   *Social Network Analysis* (1994), formula 5.22.
/// - Cost: O(n (n + m)) time, O(n) memory (O(n + m) for either direction of a directed view).
///
/// ```
/// use weft_analytics::{Direction, classic_closeness};
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let of_a = classic_closeness(&view, Direction::Either)[0];
/// assert_eq!((of_a.within, of_a.wasserman_faust, of_a.freeman), (2.0 / 3.0, 4.0 / 9.0, 0.0));
/// ```
pub fn classic_closeness(view: &View, direction: Direction) -> Vec<ClassicCloseness> {
    let rows = Rows::new(view, direction);
    let mut search = Search::new(view.n());
    let n_others = view.n().saturating_sub(1) as f64;
    let of = |node: u32| {
        let n_reached = search.run(&rows, &[node], u32::MAX) as f64;
        let total: u64 =
            search.order.iter().map(|&it| u64::from(search.distance[it as usize])).sum();
        let within = n_reached / total as f64;
        let has_none = n_reached == 0.0;
        ClassicCloseness {
            within,
            wasserman_faust: if has_none { 0.0 } else { within * n_reached / n_others },
            freeman: if n_reached == n_others { within } else { 0.0 },
        }
    };
    (0..view.n() as u32).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, directed_view_of, for_all_graphs};

    #[track_caller]
    fn check(graph: &str, direction: Direction, wasserman_faust: &[f64]) {
        let found = classic_closeness(&directed_view_of(graph), direction);
        let found: Vec<f64> = found.iter().map(|it| it.wasserman_faust).collect();
        assert_close(&found, wasserman_faust);
    }

    #[test]
    fn closeness_follows_the_direction() {
        let chain = "a -supports-> b; b -supports-> c";
        check(chain, Direction::Outgoing, &[2.0 / 3.0, 0.5, 0.0]);
        check(chain, Direction::Incoming, &[0.0, 0.5, 2.0 / 3.0]);
        check(chain, Direction::Either, &[2.0 / 3.0, 1.0, 2.0 / 3.0]);
    }

    #[test]
    fn closeness_is_made_of_the_distances() {
        for_all_graphs(|view| {
            let distance = Matrix::of(view).distances();
            let n_others = view.n() as f64 - 1.0;
            for (node, found) in classic_closeness(view, Direction::Outgoing).iter().enumerate() {
                let reached: Vec<usize> =
                    distance[node].iter().flatten().copied().filter(|&it| it > 0).collect();
                let (n, total) = (reached.len() as f64, reached.iter().sum::<usize>() as f64);
                let whole = if n == 0.0 { 0.0 } else { n / total * n / n_others };
                let freeman = if n == n_others { n / total } else { 0.0 };
                assert_close(
                    &[found.within, found.wasserman_faust, found.freeman],
                    &[n / total, whole, freeman],
                );
            }
        });
    }

    #[test]
    fn an_isolate_lowers_what_is_measured_against_all() {
        let chain = classic_closeness(&directed_view_of("a -supports-> b"), Direction::Either);
        let more = classic_closeness(&directed_view_of("a -supports-> b; c"), Direction::Either);
        assert_eq!((chain[0].within, more[0].within), (1.0, 1.0));
        assert_eq!((chain[0].wasserman_faust, more[0].wasserman_faust), (1.0, 0.5));
    }
}
