//! PageRank for a walker who prefers strong links.

use weft_graph::View;

use crate::page_rank::PageRankOptions;

/// How many rounds are made at most, whatever the tolerance.
const N_ROUNDS_MAX: usize = 1000;

/// Returns the PageRank of each node for a walker who takes each link as often as its weight says,
/// one for each link of the view (see [`link_weights`](crate::link_weights)). The ranks sum to 1.
///
/// - Direction: along the view's arcs. Links whose weight is not above 0 are not taken; a walker at a
///   node without others starts again anywhere. Disconnected: as [`page_rank`](crate::page_rank)
///   without starts, which this is when all weights are equal.
/// - Source: Page, Brin, Motwani and Winograd (1999). Cost: O(n + m) a round, as there.
///
/// # Panics
/// If `weights` has fewer entries than the view has links.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let rank = weft_analytics::weighted_page_rank(&view, &[3.0, 1.0], &Default::default());
/// assert!(rank[0] > rank[1] && rank[1] > rank[2]);
/// ```
pub fn weighted_page_rank(view: &View, weights: &[f64], options: &PageRankOptions) -> Vec<f64> {
    let n = view.n();
    let weight = |link: u32| weights[link as usize].max(0.0);
    let total = |node: u32| view.links(node).iter().map(|&it| weight(it)).sum::<f64>();
    let totals: Vec<f64> = (0..n as u32).map(total).collect();
    let start = 1.0 / n as f64;
    let mut rank = vec![start; n];
    let mut next = vec![0.0; n];
    for _ in 0..N_ROUNDS_MAX {
        let stranded: f64 =
            rank.iter().zip(&totals).filter(|it| *it.1 == 0.0).map(|it| *it.0).sum();
        let again = (1.0 - options.damping + options.damping * stranded) * start;
        for (node, next) in (0..).zip(&mut next) {
            let received = view.in_neighbours(node).iter().zip(view.in_links(node));
            let received = received.fold(0.0, |sum, (&from, &link)| match totals[from as usize] {
                0.0 => sum,
                total => sum + rank[from as usize] * weight(link) / total,
            });
            *next = again + options.damping * received;
        }
        let change: f64 = rank.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        std::mem::swap(&mut rank, &mut next);
        if change < options.tolerance {
            break;
        }
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_rank::page_rank;
    use crate::testing::{for_all_small_graphs, view_of};

    #[track_caller]
    fn check(view: &View, weights: &[f64], expected: &[f64]) {
        let found = weighted_page_rank(view, weights, &PageRankOptions::default());
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
        }
    }

    #[test]
    fn with_equal_weights_it_is_the_plain_rank() {
        for_all_small_graphs(|view| {
            let plain = page_rank(view, &[], &PageRankOptions::default());
            check(view, &vec![2.5; view.m()], &plain);
        });
    }

    #[test]
    fn a_link_without_weight_is_not_taken() {
        check(&view_of("a -supports-> b"), &[0.0], &[0.5, 0.5]);
        // a starts again at once: x = 0.05 + 0.85 x / 3, and the pair shares the rest.
        let alone = 0.05 / (1.0 - 0.85 / 3.0);
        let pair = (1.0 - alone) / 2.0;
        check(&view_of("a; b -supports-> c"), &[1.0], &[alone, pair, pair]);
        let chain = view_of("a -supports-> b; b -supports-> c");
        check(&chain, &[0.0, 1.0], &[alone, pair, pair]);
    }
}
