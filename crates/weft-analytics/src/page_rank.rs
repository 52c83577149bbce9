//! PageRank, plain and personalised: where a walker along the links is found.

use std::mem;

use weft_graph::View;

use crate::rows_by_length::RowsByLength;

/// How many rounds are made at most, whatever the tolerance.
const N_ROUNDS_MAX: usize = 1000;

/// How PageRank is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRankOptions {
    /// How likely the walker goes on along a link, and does not start again.
    pub damping: f64,
    /// The sum of changes that a round makes or would make below which the ranks stand.
    pub tolerance: f64,
    /// Just so many rounds, each of which reads the ranks that the one before it left, as benchmarks
    /// define them (LDBC Graphalytics); none: until the tolerance is reached, by a shorter way.
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
/// - Source: Page, Brin, Motwani and Winograd (1999); Haveliwala (2002) for the personalised one;
///   Hestenes and Stiefel, *Methods of conjugate gradients for solving linear systems* (1952), by which
///   an undirected view is solved.
/// - Cost: O(n + m) a round; 20 rounds or so in an undirected view, ln(tolerance) / ln(damping) at most
///   in a directed one and mostly half of them, never more than 1,000. The sum of the errors is then
///   within tolerance x damping / (1 - damping), in an undirected view 2 x tolerance / (1 - damping).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let rank = weft_analytics::page_rank(&view, &[0], &Default::default());
/// assert!(rank[0] > rank[1] && rank[1] > 0.0 && rank[2] == 0.0);
/// ```
pub fn page_rank(view: &View, starts: &[u32], options: &PageRankOptions) -> Vec<f64> {
    Ranks::new(view, options).from(starts)
}

/// What PageRanks of one view from different starts share.
pub(crate) struct Ranks<'a> {
    view: &'a View,
    options: &'a PageRankOptions,
    /// Where the equations are solved at once.
    rows: Option<RowsByLength>,
}

impl<'a> Ranks<'a> {
    /// O(n + m) time and memory.
    pub(crate) fn new(view: &'a View, options: &'a PageRankOptions) -> Self {
        // Where nobody starts again the equations have many solutions.
        let is_by_rounds =
            options.n_rounds.is_some() || view.spec().directed || options.damping >= 1.0;
        Self { view, options, rows: (!is_by_rounds).then(|| RowsByLength::new(view)) }
    }

    /// What [`page_rank`] returns.
    pub(crate) fn from(&self, starts: &[u32]) -> Vec<f64> {
        let Self { view, options, .. } = self;
        let n = view.n();
        let mut start = vec![0.0; n];
        if starts.is_empty() {
            start.fill(1.0 / n as f64);
        }
        for &node in starts {
            start[node as usize] += 1.0 / starts.len() as f64;
        }
        let mut rank = match (options.n_rounds, &self.rows) {
            (Some(n_rounds), _) => return by_rounds(view, &start, options.damping, n_rounds),
            (None, None) => by_relaxation(view, &start, options),
            (None, Some(rows)) => by_conjugate_gradients(rows, &start, options),
        };
        let total: f64 = rank.iter().sum();
        rank.iter_mut().for_each(|it| *it /= total);
        rank
    }
}

/// Makes so many rounds, each on the ranks that the one before it left.
fn by_rounds(view: &View, start: &[f64], damping: f64, n_rounds: usize) -> Vec<f64> {
    let mut rank = start.to_vec();
    let parts = parts(view);
    let mut given = vec![0.0; rank.len()];
    let stranded = stranded(view);
    for _ in 0..n_rounds {
        let n_stranded: f64 = stranded.iter().map(|&it| rank[it as usize]).sum();
        let again = 1.0 - damping + damping * n_stranded;
        for ((given, rank), part) in given.iter_mut().zip(&rank).zip(&parts) {
            *given = rank * part;
        }
        for (node, rank) in rank.iter_mut().enumerate() {
            *rank = again * start[node] + damping * sum(&given, view.in_neighbours(node as u32));
        }
    }
    rank
}

/// Makes rounds in which each node reads the ranks as they are now, not as they were a round ago
/// (Gauss and Seidel), which halves their number. Between rounds the ranks do not quite sum to 1.
fn by_relaxation(view: &View, start: &[f64], options: &PageRankOptions) -> Vec<f64> {
    let damping = options.damping;
    let mut rank = start.to_vec();
    let parts = parts(view);
    let mut given: Vec<f64> = rank.iter().zip(&parts).map(|(rank, part)| rank * part).collect();
    let stranded = stranded(view);
    for _ in 0..N_ROUNDS_MAX {
        let n_stranded: f64 = stranded.iter().map(|&it| rank[it as usize]).sum();
        let again = 1.0 - damping + damping * n_stranded;
        let mut change = 0.0;
        for node in 0..rank.len() {
            let received = sum(&given, view.in_neighbours(node as u32));
            let next = again * start[node] + damping * received;
            change += (next - rank[node]).abs();
            rank[node] = next;
            given[node] = next * parts[node];
        }
        if change < options.tolerance {
            break;
        }
    }
    rank
}

/// Solves the equations of an undirected view at once, of which the table is symmetric once each
/// unknown is the rank by the degree, what a node gives to each contact: a third of the rounds.
///
/// What is left of an equation is what a round would change, so its sum is what the tolerance is held
/// against. Who has no contacts only starts again, where all others start: that changes the sum of
/// the ranks, not their shares.
fn by_conjugate_gradients(
    rows: &RowsByLength,
    start: &[f64],
    options: &PageRankOptions,
) -> Vec<f64> {
    let (n, damping) = (start.len(), options.damping);
    // All by position among the rows.
    let start: Vec<f64> = rows.order.iter().map(|&it| start[it as usize]).collect();
    let degrees: Vec<f64> = (0..n).map(|it| rows.row(it).len() as f64).collect();
    let parts: Vec<f64> = degrees.iter().map(|it| 1.0 / it.max(1.0)).collect();
    let n_linked = degrees.partition_point(|&it| it > 0.0);
    // What the ranks will sum to.
    let total = start[n_linked..].iter().fold(1.0, |sum, start| sum - damping * start);
    let mut given: Vec<f64> = start.iter().zip(&parts).map(|(start, part)| start * part).collect();
    // What is left of each equation, the direction of the next step, and the table times it.
    let mut left = vec![0.0; n];
    for at in 0..n_linked {
        let received = sum(&given, rows.row(at));
        left[at] = (1.0 - damping) * start[at] + damping * received - degrees[at] * given[at];
    }
    let mut direction: Vec<f64> = left.iter().zip(&parts).map(|(left, part)| left * part).collect();
    let mut image = vec![0.0; n];
    let mut size: f64 = left.iter().zip(&direction).map(|(left, direction)| left * direction).sum();
    let mut change: f64 = left.iter().map(|it| it.abs()).sum();
    // Less than the precision of a number is noise.
    let tolerance = options.tolerance.max(f64::EPSILON) * total;
    for _ in 0..N_ROUNDS_MAX {
        if change < tolerance {
            break;
        }
        let mut bend = 0.0;
        for at in 0..n_linked {
            let received = sum(&direction, rows.row(at));
            image[at] = degrees[at] * direction[at] - damping * received;
            bend += image[at] * direction[at];
        }
        if bend <= 0.0 {
            break;
        }
        let length = size / bend;
        let size_before = mem::take(&mut size);
        change = 0.0;
        for at in 0..n_linked {
            given[at] += length * direction[at];
            left[at] -= length * image[at];
            size += left[at] * left[at] * parts[at];
            change += left[at].abs();
        }
        let kept = size / size_before;
        for at in 0..n_linked {
            direction[at] = left[at] * parts[at] + kept * direction[at];
        }
    }
    let mut rank = vec![0.0; n];
    for (at, &node) in rows.order.iter().enumerate() {
        // Nobody has less than nothing, and who is alone has what it starts with.
        rank[node as usize] = match degrees[at] {
            0.0 => (1.0 - damping) * start[at],
            degree => (given[at] * degree).max(0.0),
        };
    }
    rank
}

/// What a node gives to each of those that it leads to, by its rank.
fn parts(view: &View) -> Vec<f64> {
    view.degrees().map(|it| 1.0 / f64::from(it.max(1))).collect()
}

/// Those that lead nowhere.
fn stranded(view: &View) -> Vec<u32> {
    (0..view.n() as u32).filter(|&it| view.degree(it) == 0).collect()
}

/// The sum of the numbers of some nodes, as four sums, so that no addition waits for the one before.
fn sum(of: &[f64], nodes: &[u32]) -> f64 {
    let mut sums = [0.0; 4];
    let mut fours = nodes.chunks_exact(sums.len());
    for four in &mut fours {
        for (sum, &node) in sums.iter_mut().zip(four) {
            *sum += of[node as usize];
        }
    }
    let rest = fours.remainder().iter().fold(0.0, |sum, &it| sum + of[it as usize]);
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_small_graphs, random_view, view_of};

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
    fn the_shorter_way_ends_where_many_rounds_end() {
        let view = random_view(400, 500, 9);
        for starts in [&[][..], &[3], &[7, 7, 50]] {
            let by_rounds = PageRankOptions { n_rounds: Some(300), ..Default::default() };
            let expected = page_rank(&view, starts, &by_rounds);
            for tolerance in [1e-6, 1e-10, 1e-14, 0.0] {
                let options = PageRankOptions { tolerance, ..Default::default() };
                let found = page_rank(&view, starts, &options);
                let error: f64 = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).sum();
                assert!(error <= 2.0 * tolerance / 0.15 + 1e-14, "{error} at {tolerance}");
                assert!(found.iter().all(|&it| it >= 0.0));
            }
        }
    }

    #[test]
    fn who_never_starts_again_is_found_by_degree() {
        let options = PageRankOptions { damping: 1.0, ..Default::default() };
        let view = view_of("a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d");
        let rank = page_rank(&view, &[], &options);
        for (rank, degree) in rank.iter().zip(view.degrees()) {
            assert!((rank - f64::from(degree) / 8.0).abs() < 1e-8);
        }
    }

    #[test]
    fn a_body_alone_has_all_of_its_own_rank() {
        check(&view_of("a; b"), &[1]);
    }
}
