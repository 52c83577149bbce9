//! The k-core: how deep in the dense middle of a network a node lies.

use weft_graph::View;

/// Returns the core number of each node: the greatest k for which it is in a part where everyone has
/// at least k links to others of that part.
///
/// - Direction: in a directed view links in and out are counted together. Weights: none. Isolated
///   nodes: 0.
/// - Source: Seidman (1983); peeled round by round as by Dasari, Desh and Zubair, *ParK: an efficient
///   algorithm for k-core decomposition on multicore processors* (2014). Cost: O(n + m) time, as a node
///   is looked at in no more rounds than its core number; O(n) memory.
///
/// ```
/// let snapshot =
///     weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::core_numbers(&view), [2, 2, 2, 1]);
/// ```
pub fn core_numbers(view: &View) -> Vec<u32> {
    let n = view.n();
    let is_directed = view.spec().directed;
    let incoming = |node: u32| if is_directed { view.in_neighbours(node) } else { &[] };
    // The number of links left to each node; in the end its core number.
    let mut left: Vec<u32> =
        (0..n as u32).map(|it| (view.neighbours(it).len() + incoming(it).len()) as u32).collect();
    let mut rest: Vec<u32> = (0..n as u32).collect();
    // Who is peeled off, in this order; one place more, as a node is written before it is known to count.
    let mut peeled = vec![0; n + 1];
    let (mut n_done, mut n_peeled) = (0, 0);
    let mut core = 0;
    while n_done < n {
        // Whoever is peeled off in this round has `core` links left, and no more are taken from it.
        // Counters instead of branches, here and below: half the time, as neither way is the likely one.
        let mut n_rest = 0;
        for at in 0..rest.len() {
            let node = rest[at];
            let left = left[node as usize];
            peeled[n_peeled] = node;
            n_peeled += usize::from(left == core);
            rest[n_rest] = node;
            n_rest += usize::from(left > core);
        }
        rest.truncate(n_rest);
        while n_done < n_peeled {
            let node = peeled[n_done];
            n_done += 1;
            for row in [view.neighbours(node), incoming(node)] {
                for &neighbour in row {
                    let left = &mut left[neighbour as usize];
                    let goes = *left > core;
                    *left -= u32::from(goes);
                    peeled[n_peeled] = neighbour;
                    n_peeled += usize::from(goes & (*left == core));
                }
            }
        }
        core += 1;
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, expected: &[u32]) {
        assert_eq!(core_numbers(&view_of(graph)), expected);
    }

    #[test]
    fn leaves_of_a_chain_and_its_middle_are_in_the_first_core() {
        check("a -supports-> b; b -supports-> c; d", &[1, 1, 1, 0]);
    }

    #[test]
    fn a_core_is_what_peeling_leaves() {
        for_all_small_graphs(|view| {
            let matrix = Matrix::of(view).0;
            let n = view.n();
            let n_links = |a: usize, b: usize| match view.spec().directed {
                true => u32::from(matrix[a][b]) + u32::from(matrix[b][a]),
                false => u32::from(matrix[a][b]),
            };
            let mut expected = vec![0; n];
            for k in 1..=2 * n as u32 {
                let mut is_in = vec![true; n];
                while let Some(out) = (0..n).find(|&a| {
                    let inside = (0..n).filter(|&b| is_in[b]);
                    is_in[a] && inside.map(|b| n_links(a, b)).sum::<u32>() < k
                }) {
                    is_in[out] = false;
                }
                for v in (0..n).filter(|&v| is_in[v]) {
                    expected[v] = k;
                }
            }
            assert_eq!(core_numbers(view), expected);
        });
    }
}
