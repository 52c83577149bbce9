//! Strong components: which nodes reach each other both ways along the arcs.

use petgraph::algo::kosaraju_scc;
use weft_graph::View;

use crate::components::{Components, number_by_size};

/// Returns the strong components: nodes that reach each other along the arcs, both ways.
///
/// - Direction: along the view's arcs; in an undirected view they are the weak ones. Weights: none.
///   A node that no cycle passes is a component of its own.
/// - Source: Kosaraju (1978), Sharir (1981), as petgraph has it, without recursion. Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> a; b -supports-> c");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// let components = weft_analytics::strong_components(&view);
/// assert_eq!((components.sizes, components.of), (vec![2, 1], vec![0, 0, 1]));
/// ```
pub fn strong_components(view: &View) -> Components {
    let mut labels = vec![0; view.n()];
    for (label, nodes) in (0..).zip(kosaraju_scc(view)) {
        for node in nodes {
            labels[node as usize] = label;
        }
    }
    number_by_size(&labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, directed_view_of, for_all_graphs, ordered_pairs};

    #[track_caller]
    fn check(graph: &str, sizes: &[usize]) {
        assert_eq!(strong_components(&directed_view_of(graph)).sizes, sizes);
    }

    #[test]
    fn a_chain_has_as_many_strong_components_as_nodes() {
        check("a -supports-> b; b -supports-> c", &[1, 1, 1]);
        check("a -supports-> b; b -supports-> c; c -supports-> a; d", &[3, 1]);
        check("", &[]);
    }

    #[test]
    fn two_nodes_share_one_if_and_only_if_paths_run_both_ways() {
        for_all_graphs(|view| {
            let components = strong_components(view);
            let distance = Matrix::of(view).distances();
            for (a, b) in ordered_pairs(view.n()) {
                let both = distance[a][b].is_some() && distance[b][a].is_some();
                assert_eq!(components.of[a] == components.of[b], both);
            }
            assert!(components.sizes.is_sorted_by(|a, b| a >= b));
        });
    }
}
