//! The snapshot: a graph frozen for reading, shared by all who read it.
//!
//! An immutable base of columns (compressed sparse rows in both directions) plus layers of later
//! changes, all behind `Arc`: a reader never blocks a writer, and the next snapshot after a change
//! takes time in proportion to the change. Knows nothing of dates or floors: that is the view's.

mod adjacency;
mod builder;
mod full_text;
mod index;
mod layer;
mod lookup;
mod petgraph_traits;
mod property;
mod segment;
mod text;

use std::sync::{Arc, OnceLock};

pub use adjacency::OtherEnds;
pub use builder::{PlainClaim, PlainNode, PlainTie, SnapshotBuilder};
pub use index::Statistics;
pub use property::{NAME, NODE_COLUMNS, Property, TIE_COLUMNS};
pub use segment::{ClaimRef, NodeRef, TieRef};

use crate::{Certainty, Fact, NodeId, NodeIdx, Schema, Source, TieId, TieIdx};
use adjacency::{Adjacency, Steps};
use layer::Layer;
use segment::Segment;

/// A graph frozen for reading.
///
/// Cloning it costs a few reference counts.
#[derive(Clone, Debug)]
pub struct Snapshot {
    schema: Arc<Schema>,
    base: Arc<Base>,
    /// Oldest first; each is at least twice as large as the next.
    layers: Vec<Arc<Layer>>,
    /// The weakest claims that fields and denials were weighed by.
    floor: Certainty,
    sources: Arc<Vec<Option<Source>>>,
    facts: Arc<Vec<Fact>>,
    n_node_positions: u32,
    n_tie_positions: u32,
    n_nodes: u32,
    n_ties: u32,
    next_node_key: u32,
    next_tie_key: u32,
    /// Counted when first asked for.
    statistics: Arc<OnceLock<Statistics>>,
}

/// The columns of the base with its adjacency, and what queries need beside it, once they ask.
#[derive(Debug, Default)]
struct Base {
    rows: Segment,
    out: Adjacency,
    incoming: Adjacency,
    out_steps: OnceLock<Steps>,
    in_steps: OnceLock<Steps>,
    /// By relation: of the ties that leave a node, and of those that arrive.
    ends: OnceLock<Vec<[OnceLock<OtherEnds>; 2]>>,
    counts: OnceLock<Statistics>,
}

impl Snapshot {
    /// The words that records use.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// How many nodes there are.
    pub fn n_nodes(&self) -> usize {
        self.n_nodes as usize
    }

    /// How many ties there are.
    pub fn n_ties(&self) -> usize {
        self.n_ties as usize
    }

    /// One more than the largest position of a node; positions of deleted nodes stay empty.
    pub fn n_node_positions(&self) -> usize {
        self.n_node_positions as usize
    }

    /// One more than the largest position of a tie.
    pub fn n_tie_positions(&self) -> usize {
        self.n_tie_positions as usize
    }

    /// All nodes, in the order of their positions.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIdx> + '_ {
        (0..self.n_node_positions).map(NodeIdx).filter(|&it| self.has_node(it))
    }

    /// All ties, in the order of their positions.
    pub fn ties(&self) -> impl Iterator<Item = TieIdx> + '_ {
        (0..self.n_tie_positions).map(TieIdx).filter(|&it| self.has_tie(it))
    }

    /// Whether a node stands at that position.
    pub fn has_node(&self, idx: NodeIdx) -> bool {
        idx.0 < self.n_node_positions
            && self.layers.iter().all(|it| !it.removed_nodes.contains(&idx.0))
    }

    /// Whether a tie stands at that position.
    pub fn has_tie(&self, idx: TieIdx) -> bool {
        idx.0 < self.n_tie_positions
            && self.layers.iter().all(|it| !it.removed_ties.contains(&idx.0))
    }

    /// The node at a position.
    ///
    /// # Panics
    /// If the position is not one of this snapshot.
    pub fn node(&self, idx: NodeIdx) -> NodeRef<'_> {
        let (segment, row) = self.node_row(idx);
        NodeRef::new(self, segment, row, idx)
    }

    /// The tie at a position.
    ///
    /// # Panics
    /// If the position is not one of this snapshot.
    pub fn tie(&self, idx: TieIdx) -> TieRef<'_> {
        let (segment, row) = self.tie_row(idx);
        TieRef::new(self, segment, row, idx)
    }

    /// The node of that id. O(1) on average.
    pub fn find_node(&self, id: &str) -> Option<NodeIdx> {
        for layer in self.layers.iter().rev() {
            if let Some(&idx) = layer.node_of.get(id)
                && self.has_node(NodeIdx(idx))
            {
                return Some(NodeIdx(idx));
            }
        }
        let idx = NodeIdx(self.base.rows.find_node(id)?);
        self.has_node(idx).then_some(idx)
    }

    /// The tie of that id: by its key or the ties of its source, where the id says which that is,
    /// else among those that were given one.
    pub fn find_tie(&self, id: &str) -> Option<TieIdx> {
        if self.schema.is_open() {
            let of_key = TieId::of_open_id(id).and_then(|it| self.tie_of_key(it));
            if let Some(idx) = of_key.filter(|&it| self.tie(it).id() == id) {
                return Some(idx);
            }
        } else if let Some((source, _)) = id.split_once("--")
            && let Some(source) = self.find_node(source)
        {
            let found = self.out_ties(source).find(|&it| self.tie(it).id() == id);
            if found.is_some() {
                return found;
            }
        }
        let later = self.layers.iter().rev().filter_map(|layer| {
            let row = layer.rows.find_given_tie(id)?;
            Some(layer.tie_positions[row as usize])
        });
        let mut found = later.chain(self.base.rows.find_given_tie(id)).map(TieIdx);
        found.find(|&it| self.has_tie(it))
    }

    /// The node of that key.
    pub fn node_of_key(&self, key: NodeId) -> Option<NodeIdx> {
        let later = self.layers.iter().rev().filter_map(|layer| {
            let at = layer.nodes_by_key.binary_search_by_key(&key.0, |it| it.0).ok()?;
            Some(layer.nodes_by_key[at].1)
        });
        let mut found = later.chain(self.base.rows.node_row_of_key(key)).map(NodeIdx);
        found.find(|&it| self.has_node(it))
    }

    /// The tie of that key.
    pub fn tie_of_key(&self, key: TieId) -> Option<TieIdx> {
        let later = self.layers.iter().rev().filter_map(|layer| {
            let at = layer.ties_by_key.binary_search_by_key(&key.0, |it| it.0).ok()?;
            Some(layer.ties_by_key[at].1)
        });
        let mut found = later.chain(self.base.rows.tie_row_of_key(key)).map(TieIdx);
        found.find(|&it| self.has_tie(it))
    }

    /// The ties that start at a node, in the order of their positions.
    pub fn out_ties(&self, idx: NodeIdx) -> impl Iterator<Item = TieIdx> + '_ {
        self.ties_at(idx, &self.base.out, |layer| &layer.out)
    }

    /// The ties that end at a node, in the order of their positions.
    pub fn in_ties(&self, idx: NodeIdx) -> impl Iterator<Item = TieIdx> + '_ {
        self.ties_at(idx, &self.base.incoming, |layer| &layer.incoming)
    }

    /// The ties at a node, whichever way they point; a loop once.
    pub fn ties_of(&self, idx: NodeIdx) -> impl Iterator<Item = TieIdx> + '_ {
        let incoming = self.in_ties(idx).filter(move |&it| self.tie(it).source() != idx);
        self.out_ties(idx).chain(incoming)
    }

    /// All sources, in the order in which they came.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().flatten()
    }

    /// The source of that id.
    pub fn find_source(&self, id: &str) -> Option<&Source> {
        self.sources().find(|it| it.id == id)
    }

    /// All facts, by id.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The fact of that id.
    pub fn find_fact(&self, id: &str) -> Option<&Fact> {
        let at = self.facts.binary_search_by(|it| it.id.as_str().cmp(id)).ok()?;
        Some(&self.facts[at])
    }

    /// The largest key of a node, which no later node will have again.
    pub fn last_node_key(&self) -> NodeId {
        NodeId(self.next_node_key - 1)
    }

    /// The largest key of a tie.
    pub fn last_tie_key(&self) -> TieId {
        TieId(self.next_tie_key - 1)
    }

    /// Bytes of the base's columns: for ties, for nodes, and for texts.
    ///
    /// Measured on the capacity of the columns, so that a benchmark can hold the promise of less
    /// than 100 bytes a tie and 200 a node beside the bytes of the texts. What queries have asked to
    /// be sorted counts with the ties; tables of values do not count.
    pub fn bytes(&self) -> (usize, usize, usize) {
        let (ties, nodes, texts) = self.base.rows.bytes();
        let (out_ties, out_offsets) = self.base.out.bytes();
        let (in_ties, in_offsets) = self.base.incoming.bytes();
        let sorted =
            [&self.base.out_steps, &self.base.in_steps].into_iter().filter_map(OnceLock::get);
        let steps: usize = sorted.map(Steps::bytes).sum();
        let ends = self.base.ends.get().into_iter().flatten().flatten().filter_map(OnceLock::get);
        let steps = steps + ends.map(OtherEnds::n_bytes).sum::<usize>();
        (ties + out_ties + in_ties + steps, nodes + out_offsets + in_offsets, texts)
    }

    fn source_at(&self, position: u32) -> &Source {
        self.sources[position as usize].as_ref().expect("a source in use is never removed")
    }

    fn node_row(&self, idx: NodeIdx) -> (&Segment, usize) {
        for layer in self.layers.iter().rev() {
            if let Some(&row) = layer.node_rows.get(&idx.0) {
                return (&layer.rows, row as usize);
            }
        }
        (&self.base.rows, idx.index())
    }

    fn tie_row(&self, idx: TieIdx) -> (&Segment, usize) {
        for layer in self.layers.iter().rev() {
            if let Some(&row) = layer.tie_rows.get(&idx.0) {
                return (&layer.rows, row as usize);
            }
        }
        (&self.base.rows, idx.index())
    }

    fn ties_at<'a>(
        &'a self,
        idx: NodeIdx,
        base: &'a Adjacency,
        of_layer: impl Fn(&'a Layer) -> &'a std::collections::HashMap<u32, Vec<u32>> + 'a,
    ) -> impl Iterator<Item = TieIdx> + 'a {
        let later = self.layers.iter().filter_map(move |it| of_layer(it).get(&idx.0)).flatten();
        let all = base.at(idx.0).iter().chain(later).map(|&it| TieIdx(it));
        all.filter(|&it| self.has_tie(it))
    }
}

#[cfg(test)]
mod tests;
