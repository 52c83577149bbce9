//! Cut nodes and bridges: what holds a network together, and who is cut off without it.
//!
//! Knows no start-ups and no ids; who asks what is cut off says which nodes to favour.

use std::cmp::Reverse;
use std::iter::once;
use std::ops::Range;

use weft_graph::View;

use crate::contacts::Contacts;

const UNSEEN: u32 = u32::MAX;
/// What is in no biconnected part with one above it.
pub(crate) const NO_PART: u32 = u32::MAX;

/// The cut nodes and bridges of a view, and what falls apart without each cut node.
///
/// It keeps the depth-first forest by position: a subtree is a range of positions, so the parts into
/// which a component falls are a handful of ranges.
#[derive(Clone, Debug)]
pub struct Cuts {
    /// The node at each position of the depth-first order.
    order: Vec<u32>,
    /// The position of each node.
    position: Vec<u32>,
    /// The first position after the subtree that begins at a position.
    end: Vec<u32>,
    /// The smallest position that this subtree touches by one link.
    low: Vec<u32>,
    /// The position of the root of its tree.
    root: Vec<u32>,
    nodes: Vec<u32>,
    bridges: Vec<(u32, u32)>,
}

/// A part of a component: its ranges of positions.
type Part = Vec<Range<u32>>;

/// Finds the articulation points and the bridges.
///
/// A cut node is one without which its component falls apart; a bridge is a pair of nodes whose
/// link is the only one between two parts of a component.
///
/// - Direction: ignored; links both ways between two nodes are one. Weights: none. Disconnected:
///   each component by itself.
/// - Source: Hopcroft and Tarjan, *Efficient algorithms for graph manipulation* (1973).
/// - Cost: O(n + m) time, O(n) memory, one pass without recursion.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let cuts = weft_analytics::cuts(&view);
/// assert_eq!(cuts.nodes(), [1]);
/// assert_eq!(cuts.bridges(), [(0, 1), (1, 2)]);
/// assert_eq!(cuts.parts(1), [[0], [2]]);
/// ```
pub fn cuts(view: &View) -> Cuts {
    let contacts = Contacts::new(view);
    let n = contacts.n();
    let mut cuts = Cuts {
        order: Vec::with_capacity(n),
        position: vec![UNSEEN; n],
        end: vec![0; n],
        low: vec![0; n],
        root: vec![0; n],
        nodes: Vec::new(),
        bridges: Vec::new(),
    };
    for start in 0..n as u32 {
        if cuts.position[start as usize] == UNSEEN {
            cuts.search(&contacts, start);
        }
    }
    cuts.nodes.sort_unstable();
    cuts.bridges.sort_unstable();
    cuts
}

impl Cuts {
    /// The cut nodes, in ascending order.
    pub fn nodes(&self) -> &[u32] {
        &self.nodes
    }

    /// The bridges, smaller index first, in ascending order.
    pub fn bridges(&self) -> &[(u32, u32)] {
        &self.bridges
    }

    /// Whether a node is a cut node. O(log of their number).
    pub fn is_cut(&self, node: u32) -> bool {
        self.nodes.binary_search(&node).is_ok()
    }

    /// The parts into which the component of a node falls without it: largest first, then by their
    /// smallest node; nodes in ascending order. One part if it is no cut node, none if it is
    /// isolated. O(size of the component).
    pub fn parts(&self, node: u32) -> Vec<Vec<u32>> {
        let mut parts: Vec<Vec<u32>> =
            self.parts_of(node).iter().map(|it| self.list([it])).collect();
        parts.sort_by_key(|it| (Reverse(it.len()), it[0]));
        parts
    }

    /// How many nodes are cut off from the largest part without a node. O(its degree).
    pub fn n_cut_off(&self, node: u32) -> usize {
        let sizes: Vec<usize> = self.parts_of(node).iter().map(size).collect();
        sizes.iter().sum::<usize>() - sizes.iter().max().copied().unwrap_or(0)
    }

    /// The nodes of the component that, without a node, are outside its largest part, in ascending
    /// order.
    ///
    /// Of largest parts of equal size, that with fewer favoured nodes (start-ups) counts as cut off,
    /// then that whose smallest id is the greater. O(size of what is listed, and of the parts that
    /// are equally large).
    ///
    /// ```
    /// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
    /// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
    /// let cuts = weft_analytics::cuts(&view);
    /// let id = |node| snapshot.node(view.node(node)).id();
    /// assert_eq!(cuts.cut_off(1, |_| false, id), [2]);
    /// assert_eq!(cuts.cut_off(1, |node| node == 2, id), [0]);
    /// ```
    pub fn cut_off<Id: Ord>(
        &self,
        node: u32,
        is_favoured: impl Fn(u32) -> bool,
        id_of: impl Fn(u32) -> Id,
    ) -> Vec<u32> {
        let mut parts = self.parts_of(node);
        let Some(largest) = parts.iter().map(size).max() else { return Vec::new() };
        let rivals: Vec<usize> =
            (0..parts.len()).filter(|&it| size(&parts[it]) == largest).collect();
        let kept = match rivals[..] {
            [only] => only,
            _ => rivals
                .into_iter()
                .max_by_key(|&it| {
                    let nodes = self.list([&parts[it]]);
                    let n_favoured = nodes.iter().filter(|&&it| is_favoured(it)).count();
                    (n_favoured, Reverse(nodes.into_iter().map(&id_of).min()))
                })
                .expect("the largest part is one of them"),
        };
        parts.swap_remove(kept);
        self.list(&parts)
    }

    /// The nodes in depth-first order: what positions are of.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// The position of each node.
    pub(crate) fn positions(&self) -> &[u32] {
        &self.position
    }

    /// The first position after the subtree of each.
    pub(crate) fn ends(&self) -> &[u32] {
        &self.end
    }

    /// The position of the root of each one's tree.
    pub(crate) fn roots(&self) -> &[u32] {
        &self.root
    }

    /// The children of a position in its tree.
    pub(crate) fn children(&self, at: u32) -> impl Iterator<Item = u32> {
        let end = self.end[at as usize];
        let first = (at + 1 < end).then_some(at + 1);
        std::iter::successors(first, move |&it| Some(self.end[it as usize]).filter(|&it| it < end))
    }

    /// The biconnected parts: of each its positions, the one nearest to the root first; and for each
    /// position the part that it is in with the one above it, [`NO_PART`] for a root. O(n).
    pub(crate) fn biconnected_parts(&self) -> (Vec<Vec<u32>>, Vec<u32>) {
        let mut parts: Vec<Vec<u32>> = Vec::new();
        let mut part_of = vec![NO_PART; self.order.len()];
        for at in 0..self.order.len() as u32 {
            for child in self.children(at) {
                // Positions above come before those below, so the part of `at` is known.
                part_of[child as usize] = part_of[at as usize];
                if self.low[child as usize] >= at {
                    part_of[child as usize] = parts.len() as u32;
                    parts.push(vec![at]);
                }
            }
        }
        for (at, &part) in (0..).zip(&part_of).filter(|it| *it.1 != NO_PART) {
            parts[part as usize].push(at);
        }
        (parts, part_of)
    }

    /// Walks the tree of a component and notes its positions, cut nodes and bridges.
    fn search(&mut self, contacts: &Contacts, start: u32) {
        let root = self.order.len() as u32;
        // Where a position was left for one of its children: it, how many contacts of its node have
        // been looked at, and whether it is known to be a cut node.
        let mut stack: Vec<(u32, u32, bool)> = Vec::new();
        self.enter(start, root);
        let (mut at, mut n_seen, mut is_cut) = (root, 0, false);
        let (mut parent, mut low, mut n_children) = (UNSEEN, root, 0);
        'node: loop {
            let row = contacts.of(self.order[at as usize]);
            while let Some(&contact) = row.get(n_seen as usize) {
                n_seen += 1;
                let found = self.position[contact as usize];
                if found == UNSEEN {
                    self.low[at as usize] = low;
                    stack.push((at, n_seen, is_cut));
                    parent = at;
                    at = self.order.len() as u32;
                    self.enter(contact, root);
                    (n_seen, is_cut, low) = (0, false, at);
                    continue 'node;
                }
                if found < low && found != parent {
                    low = found;
                }
            }
            self.low[at as usize] = low;
            self.end[at as usize] = self.order.len() as u32;
            if is_cut {
                self.nodes.push(self.order[at as usize]);
            }
            let Some((above, n_seen_above, is_above_cut)) = stack.pop() else { break };
            n_children += u32::from(above == root);
            if low == at {
                let (a, b) = (self.order[above as usize], self.order[at as usize]);
                self.bridges.push((a.min(b), a.max(b)));
            }
            is_cut = is_above_cut || low >= above && (above != root || n_children > 1);
            (at, n_seen) = (above, n_seen_above);
            parent = stack.last().map_or(UNSEEN, |it| it.0);
            low = self.low[at as usize].min(low);
        }
    }

    fn enter(&mut self, node: u32, root: u32) {
        let at = self.order.len();
        self.position[node as usize] = at as u32;
        self.low[at] = at as u32;
        self.root[at] = root;
        self.order.push(node);
    }

    /// The subtrees that only this node holds, and last what is left of the component.
    fn parts_of(&self, node: u32) -> Vec<Part> {
        let at = self.position[node as usize];
        let root = self.root[at as usize];
        let mut parts = Vec::new();
        let mut rest: Part = once(root..at).collect();
        let mut child = at + 1;
        while child < self.end[at as usize] {
            let end = self.end[child as usize];
            if self.low[child as usize] >= at {
                parts.push(once(child..end).collect());
            } else {
                rest.push(child..end);
            }
            child = end;
        }
        rest.push(child..self.end[root as usize]);
        rest.retain(|it| !it.is_empty());
        if !rest.is_empty() {
            parts.push(rest);
        }
        parts
    }

    fn list<'a>(&self, parts: impl IntoIterator<Item = &'a Part>) -> Vec<u32> {
        let positions = parts.into_iter().flatten().cloned().flatten();
        let mut nodes: Vec<u32> = positions.map(|it| self.order[it as usize]).collect();
        nodes.sort_unstable();
        nodes
    }
}

fn size(part: &Part) -> usize {
    part.iter().map(ExactSizeIterator::len).sum()
}

#[cfg(test)]
mod tests {
    use petgraph::graph::UnGraph;
    use petgraph::visit::EdgeRef;

    use super::*;
    use crate::testing::{Matrix, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, nodes: &[u32], bridges: &[(u32, u32)]) {
        let cuts = cuts(&view_of(graph));
        assert_eq!((cuts.nodes(), cuts.bridges()), (nodes, bridges));
    }

    #[test]
    fn the_middle_of_a_chain_is_a_cut_node_and_each_of_its_links_a_bridge() {
        check("a -supports-> b; b -supports-> c", &[1], &[(0, 1), (1, 2)]);
    }

    #[test]
    fn a_ring_has_neither() {
        check("a -supports-> b; b -supports-> c; c -supports-> a", &[], &[]);
    }

    #[test]
    fn two_ties_between_two_nodes_are_one_bridge() {
        check("a -supports-> b; b -funds-> a", &[], &[(0, 1)]);
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let chain: Vec<String> =
            (0..5000).map(|it| format!("n{it} -supports-> n{}", it + 1)).collect();
        assert_eq!(cuts(&view_of(&chain.join(";"))).bridges().len(), 5000);
    }

    #[test]
    fn of_equal_parts_the_one_with_more_favoured_nodes_stays() {
        let cuts = cuts(&view_of("b -supports-> m; m -supports-> a"));
        let id = |node| ["b", "m", "a"][node as usize];
        assert_eq!(cuts.cut_off(1, |_| false, id), [0]);
        assert_eq!(cuts.cut_off(1, |it| it == 0, id), [2]);
    }

    #[test]
    fn cut_nodes_and_their_parts_are_what_removal_leaves() {
        for_all_small_graphs(|view| {
            let cuts = cuts(view);
            let matrix = Matrix::undirected(view);
            let before = matrix.components();
            for node in 0..view.n() as u32 {
                let mut parts: Vec<Vec<u32>> = matrix.without(node).components();
                let whole = before.iter().find(|it| it.contains(&node)).unwrap();
                parts.retain(|it| *it != [node] && it.iter().all(|it| whole.contains(it)));
                parts.sort_by_key(|it| (Reverse(it.len()), it[0]));
                assert_eq!(cuts.parts(node), parts);
                assert_eq!(cuts.is_cut(node), parts.len() > 1);
                let mut rest: Vec<u32> = parts.iter().skip(1).flatten().copied().collect();
                rest.sort_unstable();
                assert_eq!(cuts.cut_off(node, |_| false, |it| it), rest);
                assert_eq!(cuts.n_cut_off(node), rest.len());
                let favoured = |it: u32| it.is_multiple_of(3);
                parts.sort_by_key(|it| {
                    (it.len(), it.iter().filter(|&&it| favoured(it)).count(), Reverse(it[0]))
                });
                parts.pop();
                let mut rest = parts.concat();
                rest.sort_unstable();
                assert_eq!(cuts.cut_off(node, favoured, |it| it), rest);
            }
        });
    }

    #[test]
    fn petgraph_finds_the_same() {
        for_all_small_graphs(|view| {
            let links = (0..view.m() as u32).map(|it| view.link_ends(it));
            let mut pairs: Vec<(u32, u32)> = links.map(|(a, b)| (a.min(b), a.max(b))).collect();
            pairs.sort_unstable();
            pairs.dedup();
            let mut graph = UnGraph::<(), ()>::new_undirected();
            for _ in 0..view.n() {
                graph.add_node(());
            }
            graph.extend_with_edges(pairs);
            let theirs = petgraph::algo::articulation_points::articulation_points(&graph);
            let mut theirs: Vec<u32> = theirs.into_iter().map(|it| it.index() as u32).collect();
            theirs.sort_unstable();
            let cuts = cuts(view);
            assert_eq!(cuts.nodes(), theirs);
            let theirs = petgraph::algo::bridges::bridges(&graph);
            let mut theirs: Vec<(u32, u32)> = theirs
                .map(|it| (it.source().index() as u32, it.target().index() as u32))
                .map(|(a, b)| (a.min(b), a.max(b)))
                .collect();
            theirs.sort_unstable();
            assert_eq!(cuts.bridges(), theirs);
        });
    }
}
