//! Components: which nodes can reach each other at all.

use petgraph::unionfind::UnionFind;
use weft_graph::View;

/// The weak components of a view, largest first; of equal ones that with the smallest index first.
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    /// The component of each node.
    pub of: Vec<u32>,
    /// The number of nodes of each component.
    pub sizes: Vec<usize>,
}

/// Returns the weak components: nodes joined by links, whichever way these run.
///
/// - Direction: ignored. Weights: none. An isolated node is a component of its own.
/// - Source: Tarjan, *Efficiency of a good but not linear set union algorithm* (1975).
/// - Cost: O((n + m) α(n)) time, O(n) memory, and O(c log c) for c components.
///
/// ```
/// let snapshot = weft_graph::fixture("a; b:council -hosts-> c:facility");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let components = weft_analytics::components(&view);
/// assert_eq!(components.sizes, [2, 1]);
/// assert_eq!(components.of, [1, 0, 0]);
/// ```
pub fn components(view: &View) -> Components {
    let mut sets = UnionFind::<u32>::new(view.n());
    for link in 0..view.m() as u32 {
        let (source, target) = view.link_ends(link);
        sets.union(source, target);
    }
    number_by_size(&sets.into_labeling())
}

impl Components {
    /// The nodes of a component, in ascending order. O(n).
    pub fn nodes(&self, component: u32) -> Vec<u32> {
        (0..self.of.len() as u32).filter(|&it| self.of[it as usize] == component).collect()
    }
}

/// Renumbers the groups of nodes: larger ones first, then the one with the smaller first node.
pub(crate) fn number_by_size(labels: &[u32]) -> Components {
    const UNSEEN: u32 = u32::MAX;
    let n_labels = labels.iter().max().map_or(0, |&it| it as usize + 1);
    let mut first_seen = vec![UNSEEN; n_labels];
    let mut sizes: Vec<usize> = Vec::new();
    for &label in labels {
        let group = &mut first_seen[label as usize];
        if *group == UNSEEN {
            *group = sizes.len() as u32;
            sizes.push(0);
        }
        sizes[*group as usize] += 1;
    }
    let mut by_size: Vec<u32> = (0..sizes.len() as u32).collect();
    by_size.sort_by_key(|&it| std::cmp::Reverse(sizes[it as usize]));
    let mut rank = vec![0; sizes.len()];
    for (at, &group) in (0..).zip(&by_size) {
        rank[group as usize] = at;
    }
    Components {
        of: labels.iter().map(|&it| rank[first_seen[it as usize] as usize]).collect(),
        sizes: by_size.iter().map(|&it| sizes[it as usize]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, of: &[u32], sizes: &[usize]) {
        let components = components(&view_of(graph));
        assert_eq!((&components.of[..], &components.sizes[..]), (of, sizes));
    }

    #[test]
    fn larger_components_come_first() {
        check(
            "a; b -supports-> c; d -supports-> e; d -supports-> f",
            &[2, 1, 1, 0, 0, 0],
            &[3, 2, 1],
        );
    }

    #[test]
    fn a_graph_without_nodes_has_no_component() {
        check("", &[], &[]);
    }

    #[test]
    fn two_nodes_share_a_component_if_and_only_if_a_path_joins_them() {
        for_all_small_graphs(|view| {
            let components = components(view);
            let distance = Matrix::undirected(view).distances();
            for (a, row) in distance.iter().enumerate() {
                for (b, distance) in row.iter().enumerate() {
                    assert_eq!(components.of[a] == components.of[b], distance.is_some());
                }
                let size = row.iter().flatten().count();
                assert_eq!(components.sizes[components.of[a] as usize], size);
            }
        });
    }
}
