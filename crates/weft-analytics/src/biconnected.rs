//! Biconnected components: the parts that no single node holds together.

use weft_graph::View;

use crate::contacts::Contacts;

const UNSEEN: u32 = u32::MAX;

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
    let contacts = Contacts::new(view);
    let n = contacts.n();
    let mut position = vec![UNSEEN; n];
    let mut low = vec![0; n];
    let mut n_seen = 0;
    let mut blocks: Vec<Vec<u32>> = Vec::new();
    // The nodes that are not yet in all their blocks, and the way to the node at hand with how many
    // contacts of each have been looked at.
    let mut open: Vec<u32> = Vec::new();
    let mut way: Vec<(u32, usize)> = Vec::new();
    for start in 0..n as u32 {
        if position[start as usize] != UNSEEN {
            continue;
        }
        way.push((start, 0));
        while let Some((node, n_looked)) = way.last_mut() {
            let node = *node;
            if *n_looked == 0 && position[node as usize] == UNSEEN {
                position[node as usize] = n_seen;
                low[node as usize] = n_seen;
                n_seen += 1;
                open.push(node);
            }
            if let Some(&contact) = contacts.of(node).get(*n_looked) {
                *n_looked += 1;
                if position[contact as usize] == UNSEEN {
                    way.push((contact, 0));
                } else {
                    low[node as usize] = low[node as usize].min(position[contact as usize]);
                }
                continue;
            }
            way.pop();
            let Some(&(parent, _)) = way.last() else {
                open.clear();
                break;
            };
            low[parent as usize] = low[parent as usize].min(low[node as usize]);
            if low[node as usize] >= position[parent as usize] {
                let begin = open.iter().rposition(|&it| it == node).unwrap_or(0);
                let mut block = open.split_off(begin);
                block.push(parent);
                block.sort_unstable();
                blocks.push(block);
            }
        }
    }
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
