//! The links of an undirected view in the order of how many a node has; knows nothing of what is
//! computed on them.

use weft_graph::View;

/// The rows of an undirected view, the longest first, with nodes numbered in that order.
///
/// Sums over rows as long as the one before are made without a wrong guess of where they end, and what is
/// asked for most lies together: twice as fast as in the order of the view where there are many rounds.
pub(crate) struct RowsByLength {
    /// The node of the view that each row is of.
    pub(crate) order: Vec<u32>,
    offsets: Vec<u32>,
    neighbours: Vec<u32>,
}

impl RowsByLength {
    /// O(n + m) time and memory.
    pub(crate) fn new(view: &View) -> Self {
        let order = longest_first(view.degrees().map(|it| it as usize));
        let mut position = vec![0; view.n()];
        for (at, &node) in (0..).zip(&order) {
            position[node as usize] = at;
        }
        let mut neighbours = Vec::with_capacity(view.n_arcs());
        let mut offsets = Vec::with_capacity(view.n() + 1);
        offsets.push(0);
        for &node in &order {
            neighbours.extend(view.neighbours(node).iter().map(|&it| position[it as usize]));
            offsets.push(neighbours.len() as u32);
        }
        Self { order, offsets, neighbours }
    }

    /// The positions of the neighbours of the node at a position.
    pub(crate) fn row(&self, at: usize) -> &[u32] {
        &self.neighbours[self.offsets[at] as usize..self.offsets[at + 1] as usize]
    }
}

/// All nodes by the length of their rows, those of the same length by index.
pub(crate) fn longest_first(lengths: impl Iterator<Item = usize> + Clone) -> Vec<u32> {
    let longest = lengths.clone().max().unwrap_or(0);
    let mut ends = vec![0; longest + 2];
    lengths.clone().for_each(|it| ends[longest - it + 1] += 1);
    for at in 0..=longest {
        ends[at + 1] += ends[at];
    }
    let mut order = vec![0; ends[longest + 1]];
    for (node, length) in (0..).zip(lengths) {
        let end = &mut ends[longest - length];
        order[*end] = node;
        *end += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;
    use crate::testing::for_all_small_graphs;

    #[test]
    fn the_longest_come_first_and_equals_by_index() {
        assert_eq!(longest_first([1, 2, 2, 1, 2, 0].into_iter()), [1, 2, 4, 0, 3, 5]);
        assert_eq!(longest_first([].into_iter()), []);
    }

    #[test]
    fn rows_are_those_of_the_view_the_longest_first() {
        for_all_small_graphs(|view| {
            let rows = RowsByLength::new(view);
            let mut expected: Vec<u32> = (0..view.n() as u32).collect();
            expected.sort_by_key(|&it| Reverse(view.degree(it)));
            assert_eq!(rows.order, expected);
            for (at, &node) in rows.order.iter().enumerate() {
                let mut row: Vec<u32> =
                    rows.row(at).iter().map(|&it| rows.order[it as usize]).collect();
                row.sort_unstable();
                assert_eq!(row, view.neighbours(node));
            }
        });
    }
}
