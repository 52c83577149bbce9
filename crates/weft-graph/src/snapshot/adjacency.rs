//! Ties at nodes: as compressed sparse rows in the order of ties, and sorted for typed steps.

use std::ops::Range;

use crate::NodeIdx;

/// For each node the ties at it, as compressed sparse rows.
#[derive(Debug, Default)]
pub(super) struct Adjacency {
    offsets: Vec<u32>,
    ties: Vec<u32>,
}

/// The same with the ties of each node sorted by relation, then by the node at the other end, which
/// stand beside them: a step along one relation touches its own ties alone, and a tie between two
/// nodes is found by bisection. Shares the offsets of the [`Adjacency`] that it is made of.
#[derive(Debug, Default)]
pub(super) struct Steps {
    ties: Vec<u32>,
    others: Vec<u32>,
    relations: Vec<u16>,
}

/// For each node the nodes at the other ends of some of its ties, and nothing else: what counting along
/// all ties of a sort reads one after the other.
#[derive(Clone, Debug, Default)]
pub struct OtherEnds {
    offsets: Vec<u32>,
    ends: Vec<u32>,
    loops: Vec<u32>,
    repeats: bool,
}

/// Of so few ties all are looked at: that is quicker than halving.
const FEW_TIES: usize = 64;

/// How many lists are asked for at a time.
const N_FETCHED: usize = 32;

impl Adjacency {
    /// Builds the rows of `n_nodes` nodes from the end of each tie, in the order of the ties.
    pub(super) fn new(n_nodes: usize, ends: &[u32]) -> Self {
        let mut offsets = vec![0; n_nodes + 1];
        for &end in ends {
            offsets[end as usize + 1] += 1;
        }
        for node in 0..n_nodes {
            offsets[node + 1] += offsets[node];
        }
        let mut ties = vec![0; ends.len()];
        for (tie, &end) in ends.iter().enumerate() {
            // The slots fill from the front; the offsets move along and are put back below.
            ties[offsets[end as usize] as usize] = tie as u32;
            offsets[end as usize] += 1;
        }
        offsets.rotate_right(1);
        if let Some(first) = offsets.first_mut() {
            *first = 0;
        }
        Self { offsets, ties }
    }

    /// The ties at a node, in their order.
    pub(super) fn at(&self, node: u32) -> &[u32] {
        &self.ties[self.range(node)]
    }

    /// Where the ties at a node stand.
    pub(super) fn range(&self, node: u32) -> Range<usize> {
        match self.offsets.get(node as usize..node as usize + 2) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    pub(super) fn bytes(&self) -> (usize, usize) {
        let word = size_of::<u32>();
        (self.ties.capacity() * word, self.offsets.capacity() * word)
    }
}

impl Steps {
    /// Sorts an adjacency, given the relation and the other end of each tie.
    pub(super) fn new(adjacency: &Adjacency, relations: &[u16], others: &[u32]) -> Self {
        let n_ties = adjacency.ties.len();
        let mut steps = Self {
            ties: Vec::with_capacity(n_ties),
            others: Vec::with_capacity(n_ties),
            relations: Vec::with_capacity(n_ties),
        };
        let mut row: Vec<(u16, u32, u32)> = Vec::new();
        let n_nodes = adjacency.offsets.len().saturating_sub(1);
        for node in 0..n_nodes as u32 {
            let ties = adjacency.at(node).iter();
            row.extend(ties.map(|&it| (relations[it as usize], others[it as usize], it)));
            row.sort_unstable();
            for (relation, other, tie) in row.drain(..) {
                steps.relations.push(relation);
                steps.others.push(other);
                steps.ties.push(tie);
            }
        }
        steps
    }

    /// The part of a node's range that holds a relation.
    pub(super) fn of_relation(&self, range: Range<usize>, relation: u16) -> Range<usize> {
        let relations = &self.relations[range.clone()];
        if relations.len() <= FEW_TIES {
            let start = relations.iter().filter(|it| **it < relation).count();
            let n = relations.iter().filter(|it| **it == relation).count();
            return range.start + start..range.start + start + n;
        }
        let start = relations.partition_point(|&it| it < relation);
        let n = relations[start..].partition_point(|&it| it == relation);
        range.start + start..range.start + start + n
    }

    /// The part of a range of one relation that leads to a node.
    pub(super) fn to_node(&self, range: Range<usize>, node: u32) -> Range<usize> {
        let others = &self.others[range.clone()];
        let start = others.partition_point(|&it| it < node);
        let n = others[start..].partition_point(|&it| it == node);
        range.start + start..range.start + start + n
    }

    pub(super) fn ties(&self, range: Range<usize>) -> &[u32] {
        &self.ties[range]
    }

    pub(super) fn others(&self, range: Range<usize>) -> &[u32] {
        &self.others[range]
    }

    pub(super) fn bytes(&self) -> usize {
        let (words, halves) =
            (self.ties.capacity() + self.others.capacity(), self.relations.capacity());
        words * size_of::<u32>() + halves * size_of::<u16>()
    }
}

impl OtherEnds {
    /// Gathers the ends of the ties at each node; `add` adds those of one node, in any order.
    ///
    /// # Errors
    /// What `add` says.
    pub fn new<E>(
        n_nodes: usize,
        mut add: impl FnMut(NodeIdx, &mut Vec<u32>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let offsets = Vec::with_capacity(n_nodes + 1);
        let mut res = Self { offsets, ..Self::default() };
        res.offsets.push(0);
        let mut row = Vec::new();
        for node in 0..n_nodes as u32 {
            row.clear();
            add(NodeIdx(node), &mut row)?;
            if !row.is_sorted() {
                row.sort_unstable();
            }
            if row.binary_search(&node).is_ok() {
                res.loops.push(node);
                row.retain(|it| *it != node);
            }
            res.repeats |= row.windows(2).any(|it| it[0] == it[1]);
            res.ends.extend_from_slice(&row);
            res.offsets.push(res.ends.len() as u32);
        }
        res.ends.shrink_to_fit();
        Ok(res)
    }

    /// The nodes at the other ends of the ties at a node, sorted, one for each tie; loops are left out.
    #[inline]
    pub fn at(&self, node: NodeIdx) -> &[u32] {
        match self.offsets.get(node.index()..node.index() + 2) {
            Some(&[start, end]) => &self.ends[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The same of nodes that follow each other, one list after the other.
    pub fn of_all(&self, nodes: Range<usize>) -> &[u32] {
        match (self.offsets.get(nodes.start), self.offsets.get(nodes.end)) {
            (Some(&start), Some(&end)) => &self.ends[start as usize..end as usize],
            _ => &[],
        }
    }

    /// Looks at the lists of some nodes, so that whoever reads them next finds them near: memory is asked
    /// for many of them at a time, where reading them in turn would wait for each.
    pub fn fetch(&self, nodes: &[u32]) {
        let mut sum = 0;
        for nodes in nodes.chunks(N_FETCHED) {
            let mut starts = [0; N_FETCHED];
            for (start, node) in starts.iter_mut().zip(nodes) {
                *start = self.offsets[*node as usize] as usize;
            }
            let firsts = starts.iter().map(|it| self.ends.get(*it).copied().unwrap_or_default());
            sum = firsts.fold(sum, u32::wrapping_add);
        }
        std::hint::black_box(sum);
    }

    /// Whether one of the ties at a node is a loop.
    #[inline]
    pub fn has_loop(&self, node: NodeIdx) -> bool {
        self.has_loops() && self.loops.binary_search(&node.0).is_ok()
    }

    /// Whether some node has a loop.
    pub fn has_loops(&self) -> bool {
        !self.loops.is_empty()
    }

    /// Whether at some node two ties end at the same other one.
    pub fn has_repeats(&self) -> bool {
        self.repeats
    }

    /// How many bytes it takes.
    pub fn n_bytes(&self) -> usize {
        let n_words = self.offsets.capacity() + self.ends.capacity() + self.loops.capacity();
        n_words * size_of::<u32>()
    }
}
