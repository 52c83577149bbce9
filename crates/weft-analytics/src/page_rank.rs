//! PageRank, plain and personalised: where a walker along the links is found.

use weft_graph::View;

/// How many rounds are made at most, whatever the tolerance.
const N_ROUNDS_MAX: usize = 1000;

/// How PageRank is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRankOptions {
    /// How likely the walker goes on along a link, and does not start again.
    pub damping: f64,
    /// The sum of changes in a round below which the ranks stand.
    pub tolerance: f64,
    /// Just so many rounds, each of which reads the ranks that the one before it left, as benchmarks
    /// define them (LDBC Graphalytics); none: until the tolerance is reached, by the shorter way.
    pub n_rounds: Option<usize>,
}

impl Default for PageRankOptions {
    fn default() -> Self {
        Self { damping: 0.85, tolerance: 1e-10, n_rounds: None }
    }
}

/// Returns the PageRank of each node for a walker that starts, and starts again, at one of `starts`;
/// without any, at every node alike (the plain PageRank). The ranks sum to 1.
///
/// - Direction: along the view's arcs. Weights: none. A walker at a node that leads nowhere starts
///   again. Disconnected: parts without a start get 0.
/// - Source: Page, Brin, Motwani and Winograd (1999); Haveliwala (2002) for the personalised one.
/// - Cost: O(n + m) a round; at most ln(tolerance) / ln(damping) rounds or so, mostly half of them, and
///   never more than 1,000. The ranks are then within tolerance x damping / (1 - damping) of the true ones.
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
    // What a node gives to each of those that it leads to: as it is now, not as it was a round ago
    // (Gauss and Seidel), which halves the rounds.
    let parts: Vec<f64> = (0..n as u32).map(|it| 1.0 / view.degree(it).max(1) as f64).collect();
    let mut given: Vec<f64> = rank.iter().zip(&parts).map(|(rank, part)| rank * part).collect();
    let stranded: Vec<u32> = (0..n as u32).filter(|&it| view.degree(it) == 0).collect();
    if let Some(n_rounds) = options.n_rounds {
        for _ in 0..n_rounds {
            let n_stranded: f64 = stranded.iter().map(|&it| rank[it as usize]).sum();
            let again = 1.0 - options.damping + options.damping * n_stranded;
            given
                .iter_mut()
                .zip(&rank)
                .zip(&parts)
                .for_each(|((it, rank), part)| *it = rank * part);
            for node in 0..n {
                let incoming = view.in_neighbours(node as u32);
                let received = incoming.iter().map(|&it| given[it as usize]).sum::<f64>() + 0.0;
                rank[node] = again * start[node] + options.damping * received;
            }
        }
        return rank;
    }
    for _ in 0..N_ROUNDS_MAX {
        let n_stranded: f64 = stranded.iter().map(|&it| rank[it as usize]).sum();
        let again = 1.0 - options.damping + options.damping * n_stranded;
        let mut change = 0.0;
        for node in 0..n {
            let incoming = view.in_neighbours(node as u32);
            let received = incoming.iter().map(|&it| given[it as usize]).sum::<f64>() + 0.0;
            let next = again * start[node] + options.damping * received;
            change += (next - rank[node]).abs();
            rank[node] = next;
            given[node] = next * parts[node];
        }
        if change < options.tolerance {
            break;
        }
    }
    // Between rounds the ranks do not quite sum to 1.
    let total: f64 = rank.iter().sum();
    rank.iter_mut().for_each(|it| *it /= total);
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
