//! The k-core: how deep in the dense middle of a network a node lies.

use weft_graph::View;

/// Returns the core number of each node: the greatest k for which it is in a part where everyone has
/// at least k links to others of that part.
///
/// - Direction: in a directed view links in and out are counted together. Weights: none. Isolated
///   nodes: 0.
/// - Source: Seidman (1983); Batagelj and Zaveršnik, *An O(m) algorithm for cores decomposition*
///   (2003). Cost: O(n + m) time, O(n) memory.
///
/// ```
/// let snapshot =
///     weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::core_numbers(&view), [2, 2, 2, 1]);
/// ```
pub fn core_numbers(view: &View) -> Vec<u32> {
    let n = view.n();
    let both_ways = |node: u32| {
        let incoming = if view.spec().directed { view.in_neighbours(node) } else { &[] };
        view.neighbours(node).iter().chain(incoming)
    };
    let mut core: Vec<u32> = (0..n as u32).map(|it| both_ways(it).count() as u32).collect();
    // Nodes by their number of links left, with where each number begins.
    let mut order: Vec<u32> = (0..n as u32).collect();
    order.sort_by_key(|&it| core[it as usize]);
    let mut position = vec![0; n];
    for (at, &node) in order.iter().enumerate() {
        position[node as usize] = at;
    }
    let degree_max = core.iter().max().copied().unwrap_or(0);
    let mut begin: Vec<usize> = (0..=degree_max + 1)
        .map(|degree| order.partition_point(|&it| core[it as usize] < degree))
        .collect();
    for at in 0..n {
        let node = order[at];
        for &neighbour in both_ways(node) {
            let left = core[neighbour as usize];
            if left > core[node as usize] {
                // It changes places with the first of its number, and that number begins after it.
                let first = begin[left as usize];
                let other = order[first];
                order.swap(first, position[neighbour as usize]);
                position.swap(other as usize, neighbour as usize);
                begin[left as usize] = first + 1;
                core[neighbour as usize] = left - 1;
            }
        }
    }
    core
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
