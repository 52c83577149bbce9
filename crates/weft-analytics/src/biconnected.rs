//! Biconnected components: the parts that no single node holds together.

use weft_graph::View;

use crate::cuts::cuts;

/// Returns the biconnected components (blocks) of a view: the nodes of each in ascending order, the
/// largest first, then by their nodes.
///
/// Within a block of three or more there are two ways between any two that share no node. A cut node
/// is in several blocks, a bridge is a block of two, an isolated node is in none.
///
/// - Direction: ignored; links both ways between two nodes are one. Weights: none. Disconnected: each
///   component by itself. networkx and igraph have the same; sna leaves out blocks of two.
/// - Source: Hopcroft and Tarjan, *Efficient algorithms for graph manipulation* (1973).
/// - Cost: O(n + m) time and memory, one pass without recursion.
///
/// ```
/// let graph = "a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d; e";
/// let snapshot = weft_graph::fixture(graph);
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::biconnected_components(&view), [vec![0, 1, 2], vec![2, 3]]);
/// ```
pub fn biconnected_components(view: &View) -> Vec<Vec<u32>> {
    let cuts = cuts(view);
    let (parts, _) = cuts.biconnected_parts();
    let nodes = |part: Vec<u32>| {
        let mut nodes: Vec<u32> = part.into_iter().map(|at| cuts.order()[at as usize]).collect();
        nodes.sort_unstable();
        nodes
    };
    let mut blocks: Vec<Vec<u32>> = parts.into_iter().map(nodes).collect();
    blocks.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cuts::cuts;
    use crate::testing::{Matrix, for_all_graphs, ordered_pairs, view_of};

    #[track_caller]
    fn check(graph: &str, expected: &[&[u32]]) {
        assert_eq!(biconnected_components(&view_of(graph)), expected);
    }

    #[test]
    fn a_chain_is_made_of_bridges() {
        check("a -supports-> b; b -supports-> c; d", &[&[0, 1], &[1, 2]]);
        check("a", &[]);
        check("", &[]);
    }

    #[test]
    fn two_linked_nodes_share_the_block_of_all_that_they_share_a_ring_with() {
        for_all_graphs(|view| {
            let blocks = biconnected_components(view);
            let matrix = Matrix::undirected(view);
            for (a, b) in ordered_pairs(view.n()).filter(|(a, b)| a < b) {
                let shared: Vec<&Vec<u32>> = blocks
                    .iter()
                    .filter(|it| it.contains(&(a as u32)) && it.contains(&(b as u32)))
                    .collect();
                assert!(shared.len() <= 1, "two blocks share one node at most");
                // Together: linked, or with no single other node that parts them.
                let together = |m: &Matrix| m.distances()[a][b].is_some();
                let others =
                    (0..view.n() as u32).filter(|&it| it as usize != a && it as usize != b);
                let is_held = others.into_iter().all(|it| together(&matrix.without(it)));
                let expected = together(&matrix) && (matrix.0[a][b] || is_held);
                assert_eq!(!shared.is_empty(), expected);
            }
            let cuts = cuts(view);
            for node in 0..view.n() as u32 {
                let n_blocks = blocks.iter().filter(|it| it.contains(&node)).count();
                assert_eq!(n_blocks > 1, cuts.is_cut(node));
            }
        });
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let chain: Vec<String> =
            (0..5000).map(|it| format!("n{it} -supports-> n{}", it + 1)).collect();
        assert_eq!(biconnected_components(&view_of(&chain.join(";"))).len(), 5000);
    }
}
