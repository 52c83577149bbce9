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
    let mut core = 0;
    let mut rest: Vec<u32> = (0..n as u32).collect();
    let mut peeled: Vec<u32> = Vec::new();
    while !rest.is_empty() {
        // Whoever is peeled off in this round has `core` links left, and no more are taken from it.
        rest.retain(|&node| {
            let stays = left[node as usize] > core;
            if !stays && left[node as usize] == core {
                peeled.push(node);
            }
            stays
        });
        while let Some(node) = peeled.pop() {
            for &neighbour in view.neighbours(node).iter().chain(incoming(node)) {
                let left = &mut left[neighbour as usize];
                if *left > core {
                    *left -= 1;
                    if *left == core {
                        peeled.push(neighbour);
                    }
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
