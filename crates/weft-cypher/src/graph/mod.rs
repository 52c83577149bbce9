//! The graph of a transaction: a snapshot, and over it what the transaction has written so far.
//!
//! Positions below the snapshot's `n_node_positions()` and `n_tie_positions()` are the snapshot's;
//! those above are new ones. Knows no query and no commit: it reads, writes and takes back.

mod keys;
mod lookup;
mod overlay;
mod steps;
mod stored;
mod words;

use std::sync::Arc;

pub use keys::Keys;
pub(crate) use lookup::Found;
pub use overlay::Mark;
pub(crate) use steps::Types;
pub use stored::Stored;

use overlay::Overlay;
use weft_graph::{NodeId, NodeIdx, NodeRef, Snapshot, TieId, TieIdx, TieRef};
use words::Words;

use crate::ast::Direction;
use crate::{Detail, Entries, Error, ErrorKind, Val};

/// The graph of a transaction.
#[derive(Clone, Debug)]
pub struct Graph {
    snapshot: Snapshot,
    words: Arc<Words>,
    overlay: Overlay,
    keys: Arc<Keys>,
    n_node_positions: u32,
    n_tie_positions: u32,
}

impl Graph {
    /// A snapshot to which nothing has been written.
    pub fn new(snapshot: Snapshot) -> Self {
        let keys = Arc::new(Keys::after(&snapshot));
        Self::with_keys(snapshot, keys)
    }

    /// A snapshot to which nothing has been written, one of several that are written to at once.
    pub fn with_keys(snapshot: Snapshot, keys: Arc<Keys>) -> Self {
        keys.raise(&snapshot);
        let words = Arc::new(Words::of(snapshot.schema()));
        let n_node_positions = snapshot.n_node_positions() as u32;
        let n_tie_positions = snapshot.n_tie_positions() as u32;
        let overlay = Overlay::default();
        Self { snapshot, words, overlay, keys, n_node_positions, n_tie_positions }
    }

    /// The snapshot below.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Whether nothing has been written, so that the snapshot alone says all.
    pub fn is_unchanged(&self) -> bool {
        self.overlay.is_empty()
    }

    /// How many nodes there are.
    pub fn n_nodes(&self) -> usize {
        self.snapshot.n_nodes() + self.overlay.n_nodes_more() - self.overlay.n_deleted_nodes()
    }

    /// How many relationships there are.
    pub fn n_ties(&self) -> usize {
        self.snapshot.n_ties() + self.overlay.n_ties_more() - self.overlay.n_deleted_ties()
    }

    /// One more than the largest position of a node.
    pub(crate) fn n_positions(&self) -> usize {
        self.n_node_positions as usize + self.overlay.n_nodes_more()
    }

    /// All nodes, in the order of their positions.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIdx> + '_ {
        let new = self.n_node_positions..self.n_node_positions + self.overlay.n_nodes_more() as u32;
        let all = self.snapshot.nodes().chain(new.map(NodeIdx));
        all.filter(|&it| !self.is_deleted_node(it))
    }

    /// All relationships, in the order of their positions.
    pub fn ties(&self) -> impl Iterator<Item = TieIdx> + '_ {
        let new = self.n_tie_positions..self.n_tie_positions + self.overlay.n_ties_more() as u32;
        let all = self.snapshot.ties().chain(new.map(TieIdx));
        all.filter(|&it| !self.is_deleted_tie(it))
    }

    /// The nodes that bear a label.
    pub fn nodes_with_label<'a>(&'a self, label: &'a str) -> impl Iterator<Item = NodeIdx> + 'a {
        let label_id = self.snapshot.schema().label_id(label);
        let below = label_id.map(|it| self.snapshot.nodes_with_label(it)).into_iter().flatten();
        let below = below.filter(move |&it| !self.overlay.has_node_state(it));
        let all = below.chain(self.overlay.nodes_with_label(label));
        all.filter(|&it| !self.is_deleted_node(it))
    }

    /// The labels of a node.
    pub fn labels(&self, node: NodeIdx) -> Vec<Arc<str>> {
        match self.overlay.node_state(node) {
            Some(state) => state.labels.clone(),
            None if self.is_of_snapshot(node) => self.words.labels(self.kind(node)).to_vec(),
            None => Vec::new(),
        }
    }

    /// Whether a node bears a label.
    pub fn has_label(&self, node: NodeIdx, label: &str) -> bool {
        match self.overlay.node_state(node) {
            Some(state) => state.labels.iter().any(|it| &**it == label),
            None => self.is_of_snapshot(node) && self.words.kind_has(self.kind(node), label),
        }
    }

    /// The type of a relationship.
    pub fn relation_type(&self, tie: TieIdx) -> Arc<str> {
        self.relation_type_ref(tie).clone()
    }

    /// The type of a relationship, borrowed.
    pub fn relation_type_ref(&self, tie: TieIdx) -> &Arc<str> {
        match self.overlay.new_tie(tie) {
            Some(state) => &state.relation_type,
            None => self.words.relation_type(self.snapshot.tie(tie).relation_id()),
        }
    }

    /// Whether a relationship's type is symmetric, so that its direction says nothing.
    pub fn is_symmetric(&self, tie: TieIdx) -> bool {
        match self.overlay.new_tie(tie) {
            Some(state) => self.words.is_symmetric(&state.relation_type),
            None => self.snapshot.tie(tie).relation().symmetric,
        }
    }

    /// The node that a relationship starts from.
    pub fn start(&self, tie: TieIdx) -> NodeIdx {
        match self.overlay.new_tie(tie) {
            Some(state) => state.start,
            None => self.snapshot.tie(tie).source(),
        }
    }

    /// The node that a relationship goes to.
    pub fn end(&self, tie: TieIdx) -> NodeIdx {
        match self.overlay.new_tie(tie) {
            Some(state) => state.end,
            None => self.snapshot.tie(tie).target(),
        }
    }

    /// The relationships at a node that point that way, each with the node at its other end; a loop
    /// comes once.
    pub fn ties_at(
        &self,
        node: NodeIdx,
        direction: Direction,
    ) -> impl Iterator<Item = (TieIdx, NodeIdx)> + '_ {
        let out = (direction != Direction::Left).then(|| self.out_ties(node)).into_iter().flatten();
        let incoming =
            (direction != Direction::Right).then(|| self.in_ties(node)).into_iter().flatten();
        let incoming = incoming.map(|it| (it, self.start(it)));
        let incoming = incoming.filter(move |it| direction == Direction::Left || it.1 != node);
        out.map(|it| (it, self.end(it))).chain(incoming)
    }

    /// The relationships that start at a node.
    pub fn out_ties(&self, node: NodeIdx) -> impl Iterator<Item = TieIdx> + '_ {
        let below = self.is_of_snapshot(node).then(|| self.snapshot.out_ties(node));
        let all = below.into_iter().flatten().chain(self.overlay.ties_at(node, true));
        all.filter(|&it| !self.is_deleted_tie(it))
    }

    /// The relationships that end at a node.
    pub fn in_ties(&self, node: NodeIdx) -> impl Iterator<Item = TieIdx> + '_ {
        let below = self.is_of_snapshot(node).then(|| self.snapshot.in_ties(node));
        let all = below.into_iter().flatten().chain(self.overlay.ties_at(node, false));
        all.filter(|&it| !self.is_deleted_tie(it))
    }

    /// How many relationships at a node point that way; a loop counts once.
    pub fn degree(&self, node: NodeIdx, direction: Direction) -> usize {
        self.ties_at(node, direction).count()
    }

    /// A property of a node, as it is stored.
    ///
    /// # Errors
    /// If the node is deleted.
    pub fn stored_node_property(&self, node: NodeIdx, key: &str) -> Result<Stored<'_>, Error> {
        self.must_be_there(node)?;
        Ok(match self.overlay.node_state(node) {
            Some(state) => state.properties.get(key).map_or(Stored::Nothing, Stored::Val),
            None => stored::node_property(self.snapshot.node(node), key),
        })
    }

    /// A property of a relationship, as it is stored.
    ///
    /// # Errors
    /// If the relationship is deleted.
    pub fn stored_tie_property(&self, tie: TieIdx, key: &str) -> Result<Stored<'_>, Error> {
        self.must_be_there_tie(tie)?;
        Ok(match self.overlay.tie_properties(tie) {
            Some(properties) => properties.get(key).map_or(Stored::Nothing, Stored::Val),
            None => stored::tie_property(self.snapshot.tie(tie), key),
        })
    }

    /// A property of a node; null if it has none of that key.
    ///
    /// # Errors
    /// If the node is deleted.
    pub fn node_property(&self, node: NodeIdx, key: &str) -> Result<Val, Error> {
        self.stored_node_property(node, key).map(Stored::to_val)
    }

    /// A property of a relationship; null if it has none of that key.
    ///
    /// # Errors
    /// If the relationship is deleted.
    pub fn tie_property(&self, tie: TieIdx, key: &str) -> Result<Val, Error> {
        self.stored_tie_property(tie, key).map(Stored::to_val)
    }

    /// All properties of a node.
    ///
    /// # Errors
    /// If the node is deleted.
    pub fn node_properties(&self, node: NodeIdx) -> Result<Entries, Error> {
        self.must_be_there(node)?;
        Ok(match self.overlay.node_state(node) {
            Some(state) => state.properties.clone(),
            None => stored::node_properties(self.snapshot.node(node)),
        })
    }

    /// A node as it lies in the snapshot; None where the transaction changed or removed it, or made it.
    pub(crate) fn stored_node(&self, node: NodeIdx) -> Option<NodeRef<'_>> {
        let is_stored = !self.is_deleted_node(node) && self.overlay.node_state(node).is_none();
        is_stored.then(|| self.snapshot.node(node))
    }

    /// A relationship as it lies in the snapshot; None as of [`Graph::stored_node`].
    pub(crate) fn stored_tie(&self, tie: TieIdx) -> Option<TieRef<'_>> {
        let is_stored = !self.is_deleted_tie(tie) && self.overlay.tie_properties(tie).is_none();
        is_stored.then(|| self.snapshot.tie(tie))
    }

    /// All properties of a relationship.
    ///
    /// # Errors
    /// If the relationship is deleted.
    pub fn tie_properties(&self, tie: TieIdx) -> Result<Entries, Error> {
        self.must_be_there_tie(tie)?;
        Ok(match self.overlay.tie_properties(tie) {
            Some(properties) => properties.clone(),
            None => stored::tie_properties(self.snapshot.tie(tie)),
        })
    }

    /// Whether a node has a property of that key.
    pub(crate) fn has_node_property(&self, node: NodeIdx, key: &str) -> bool {
        !matches!(self.stored_node_property(node, key), Ok(Stored::Nothing) | Err(_))
    }

    /// Whether a relationship has a property of that key.
    pub(crate) fn has_tie_property(&self, tie: TieIdx, key: &str) -> bool {
        !matches!(self.stored_tie_property(tie, key), Ok(Stored::Nothing) | Err(_))
    }

    /// Whether a node or a relationship may have a property of that key.
    pub(crate) fn knows_property(&self, key: &str) -> bool {
        self.snapshot.knows_property(key) || self.overlay.has_property(key)
    }

    /// Whether a node may bear that label.
    pub(crate) fn knows_label(&self, label: &str) -> bool {
        self.snapshot.schema().label_id(label).is_some() || self.overlay.n_with_label(label) > 0
    }

    /// Whether a relationship may be of that type.
    pub(crate) fn knows_type(&self, relation_type: &str) -> bool {
        !self.snapshot.schema().relations_named(relation_type).is_empty()
            || self.overlay.has_type(relation_type)
    }

    /// The number of a node: what `id()` gives.
    pub fn node_key(&self, node: NodeIdx) -> i64 {
        if self.is_of_snapshot(node) {
            return i64::from(self.snapshot.node(node).key().0);
        }
        i64::from(self.overlay.node_number((node.0 - self.n_node_positions) as usize))
    }

    /// The number of a relationship.
    pub fn tie_key(&self, tie: TieIdx) -> i64 {
        if tie.0 < self.n_tie_positions {
            return i64::from(self.snapshot.tie(tie).key().0);
        }
        i64::from(self.overlay.tie_number((tie.0 - self.n_tie_positions) as usize))
    }

    /// The text that a node is known by outside: its id in the store, or one made of its number.
    pub fn node_element_id(&self, node: NodeIdx) -> String {
        if self.is_of_snapshot(node) {
            return self.snapshot.node(node).id().to_owned();
        }
        format!("n{}", self.node_key(node))
    }

    /// The text that a relationship is known by outside.
    pub fn tie_element_id(&self, tie: TieIdx) -> String {
        if tie.0 < self.n_tie_positions {
            return self.snapshot.tie(tie).id();
        }
        format!("r{}", self.tie_key(tie))
    }

    /// The node of that number.
    pub fn find_node_key(&self, key: i64) -> Option<NodeIdx> {
        let key = u32::try_from(key).ok()?;
        let found = match self.overlay.find_node_number(key) {
            Some(n_new) => NodeIdx(self.n_node_positions + n_new as u32),
            None => self.snapshot.node_of_key(NodeId(key))?,
        };
        (!self.is_deleted_node(found)).then_some(found)
    }

    /// The relationship of that number.
    pub fn find_tie_key(&self, key: i64) -> Option<TieIdx> {
        let key = u32::try_from(key).ok()?;
        let found = match self.overlay.find_tie_number(key) {
            Some(n_new) => TieIdx(self.n_tie_positions + n_new as u32),
            None => self.snapshot.tie_of_key(TieId(key))?,
        };
        (!self.is_deleted_tie(found)).then_some(found)
    }

    /// Whether a node was deleted.
    pub fn is_deleted_node(&self, node: NodeIdx) -> bool {
        self.overlay.is_deleted_node(node)
    }

    /// Whether a relationship was deleted.
    pub fn is_deleted_tie(&self, tie: TieIdx) -> bool {
        self.overlay.is_deleted_tie(tie)
    }

    fn is_of_snapshot(&self, node: NodeIdx) -> bool {
        node.0 < self.n_node_positions
    }

    fn kind(&self, node: NodeIdx) -> weft_graph::KindId {
        self.snapshot.node(node).kind_id()
    }

    pub(crate) fn must_be_there(&self, node: NodeIdx) -> Result<(), Error> {
        if self.is_deleted_node(node) { Err(deleted("node")) } else { Ok(()) }
    }

    fn must_be_there_tie(&self, tie: TieIdx) -> Result<(), Error> {
        if self.is_deleted_tie(tie) { Err(deleted("relationship")) } else { Ok(()) }
    }
}

fn deleted(what: &str) -> Error {
    let message =
        format!("the {what} was deleted by this transaction, so nothing of it can be read");
    Error::runtime(ErrorKind::EntityNotFound, Detail::DeletedEntityAccess, message)
        .with_hint("take what is needed of it by `WITH` before it is deleted")
}
