//! PageRank, plain and personalised: where a walker along the links is found.

use weft_graph::View;

/// How many rounds are made at most, whatever the tolerance, unless the options say so.
const N_ROUNDS_MAX: usize = 1000;

/// How PageRank is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRankOptions {
    /// How likely the walker goes on along a link, and does not start again.
    pub damping: f64,
    /// The sum of changes in a round below which the ranks stand.
    pub tolerance: f64,
    /// How many rounds are made at most; with a tolerance of 0 just so many.
    pub n_rounds: usize,
}

impl Default for PageRankOptions {
    fn default() -> Self {
        Self { damping: 0.85, tolerance: 1e-10, n_rounds: N_ROUNDS_MAX }
    }
}

/// Returns the PageRank of each node for a walker that starts, and starts again, at one of `starts`;
/// without any, at every node alike (the plain PageRank). The ranks sum to 1.
///
/// - Direction: along the view's arcs. Weights: none. A walker at a node that leads nowhere starts
///   again. Disconnected: parts without a start get 0.
/// - Source: Page, Brin, Motwani and Winograd (1999); Haveliwala (2002) for the personalised one.
/// - Cost: O(n + m) a round; ln(tolerance) / ln(damping) rounds, 142 by default, at most
///   `n_rounds`.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let rank = weft_analytics::page_rank(&view, &[0], &Default::default());
/// assert!(rank[0] > rank[1] && rank[1] > 0.0 && rank[2] == 0.0);
/// ```
pub fn page_rank(view: &View, starts: &[u32], options: &PageRankOptions) -> Vec<f64> {
    let n = view.n();
    let mut start = vec![0.0; n];
    if starts.is_empty() {
        start.fill(1.0 / n as f64);
    }
    for &node in starts {
        start[node as usize] += 1.0 / starts.len() as f64;
    }
    let mut rank = start.clone();
    // What a node gives to each of those that it leads to.
    let mut given = vec![0.0; n];
    for _ in 0..options.n_rounds {
        let mut stranded = 0.0;
        for node in 0..n as u32 {
            match view.degree(node) {
                0 => stranded += rank[node as usize],
                degree => given[node as usize] = rank[node as usize] / degree as f64,
            }
        }
        let again = 1.0 - options.damping + options.damping * stranded;
        let mut change = 0.0;
        for node in 0..n as u32 {
            let received: f64 = view.in_neighbours(node).iter().map(|&it| given[it as usize]).sum();
            let next = again * start[node as usize] + options.damping * received.max(0.0);
            change += (next - rank[node as usize]).abs();
            rank[node as usize] = next;
        }
        if change < options.tolerance {
            break;
        }
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(view: &View, starts: &[u32]) {
        let rank = page_rank(view, starts, &PageRankOptions::default());
        let matrix = Matrix::of(view);
        let n = view.n();
        let starts: Vec<u32> =
            if starts.is_empty() { (0..n as u32).collect() } else { starts.to_vec() };
        let start = |v: usize| {
            starts.iter().filter(|&&it| it as usize == v).count() as f64 / starts.len() as f64
        };
        let degree = |v: usize| matrix.0[v].iter().filter(|&&it| it).count() as f64;
        for v in 0..n {
            let mut expected = 0.15 * start(v);
            for (u, rank) in rank.iter().enumerate() {
                let step = if degree(u) == 0.0 {
                    start(v)
                } else {
                    f64::from(u8::from(matrix.0[u][v])) / degree(u)
                };
                expected += 0.85 * rank * step;
            }
            assert!((rank[v] - expected).abs() < 1e-9, "{} is not {expected}", rank[v]);
        }
        assert!(n == 0 || (rank.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn ranks_are_what_a_further_step_leaves_as_it_is() {
        for_all_small_graphs(|view| {
            check(view, &[]);
            if view.n() > 2 {
                check(view, &[1]);
                check(view, &[0, 2]);
            }
        });
    }

    #[test]
    fn a_body_alone_has_all_of_its_own_rank() {
        check(&view_of("a; b"), &[1]);
    }
}
