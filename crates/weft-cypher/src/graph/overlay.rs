//! What a transaction has written: states of nodes and relationships that hide the snapshot's, and
//! how to take back the last of them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use weft_graph::{NodeIdx, TieIdx};

use super::Graph;
use super::words::Words;
use crate::val::n_bytes;
use crate::{Entries, Val};

type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::FixedState>;
type HashSet<K> = std::collections::HashSet<K, foldhash::fast::FixedState>;

/// Nodes by the value of a property.
type ByValue = HashMap<Val, Vec<u32>>;

/// What a transaction has written.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlay {
    /// Nodes of the snapshot that were changed.
    changed_nodes: HashMap<u32, NodeState>,
    new_nodes: Vec<NodeState>,
    /// The number of each new node, ascending.
    node_numbers: Vec<u32>,
    /// Entries of relationships of the snapshot that were changed.
    changed_ties: HashMap<u32, Entries>,
    new_ties: Vec<TieState>,
    /// The number of each new relationship, ascending.
    tie_numbers: Vec<u32>,
    deleted_nodes: HashSet<u32>,
    deleted_ties: HashSet<u32>,
    /// New relationships at each node.
    out: HashMap<u32, Vec<TieIdx>>,
    incoming: HashMap<u32, Vec<TieIdx>>,
    /// New and changed nodes by label.
    labels: HashMap<Arc<str>, BTreeSet<u32>>,
    /// New and changed nodes by the value of a property, for each property that was asked for. A
    /// node may stand where it was before it changed: whoever asks compares.
    values: RefCell<HashMap<Arc<str>, ByValue>>,
    /// Where the new positions begin.
    first_new: Option<(u32, u32)>,
    undo: Vec<Undo>,
    /// What all this takes, by estimate.
    n_bytes: Cell<usize>,
}

/// What is written takes so many bytes beside its properties, by estimate: a node, each label of it, a
/// relationship, a property beside its value, a value that nodes are looked up by, and any other write.
const NODE_BYTES: usize = 200;
const LABEL_BYTES: usize = 32;
const TIE_BYTES: usize = 300;
const PROPERTY_BYTES: usize = 40;
const VALUE_BYTES: usize = 100;
const WRITE_BYTES: usize = 100;

/// A new or changed node.
#[derive(Clone, Debug, Default)]
pub(super) struct NodeState {
    pub(super) labels: Vec<Arc<str>>,
    pub(super) properties: Entries,
}

/// A new relationship.
#[derive(Clone, Debug)]
pub(super) struct TieState {
    pub(super) relation_type: Arc<str>,
    pub(super) start: NodeIdx,
    pub(super) end: NodeIdx,
    pub(super) properties: Entries,
}

/// A point to which a graph can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    n_undo: usize,
    n_bytes: usize,
}

/// How to take back one write.
#[derive(Clone, Debug)]
enum Undo {
    NewNode,
    NewTie,
    ChangedNode(NodeIdx),
    ChangedTie(TieIdx),
    Bore { node: NodeIdx, label: Arc<str>, at: usize },
    BoreNot { node: NodeIdx, label: Arc<str> },
    NodeProperty { node: NodeIdx, key: Arc<str>, old: Option<Val> },
    TieProperty { tie: TieIdx, key: Arc<str>, old: Option<Val> },
    DeletedNode(NodeIdx),
    DeletedTie(TieIdx),
}

impl Overlay {
    pub(super) fn is_empty(&self) -> bool {
        self.undo.is_empty()
    }

    pub(super) fn n_nodes_more(&self) -> usize {
        self.new_nodes.len()
    }

    pub(super) fn n_ties_more(&self) -> usize {
        self.new_ties.len()
    }

    /// The number of a new node, by its place among them.
    pub(super) fn node_number(&self, n_new: usize) -> u32 {
        self.node_numbers[n_new]
    }

    /// The number of a new relationship, by its place among them.
    pub(super) fn tie_number(&self, n_new: usize) -> u32 {
        self.tie_numbers[n_new]
    }

    /// The place of the new node of that number.
    pub(super) fn find_node_number(&self, number: u32) -> Option<usize> {
        self.node_numbers.binary_search(&number).ok()
    }

    /// The place of the new relationship of that number.
    pub(super) fn find_tie_number(&self, number: u32) -> Option<usize> {
        self.tie_numbers.binary_search(&number).ok()
    }

    pub(super) fn n_deleted_nodes(&self) -> usize {
        self.deleted_nodes.len()
    }

    pub(super) fn n_deleted_ties(&self) -> usize {
        self.deleted_ties.len()
    }

    pub(super) fn is_deleted_node(&self, node: NodeIdx) -> bool {
        !self.deleted_nodes.is_empty() && self.deleted_nodes.contains(&node.0)
    }

    pub(super) fn is_deleted_tie(&self, tie: TieIdx) -> bool {
        !self.deleted_ties.is_empty() && self.deleted_ties.contains(&tie.0)
    }

    pub(super) fn has_node_state(&self, node: NodeIdx) -> bool {
        self.node_state(node).is_some()
    }

    /// The state of a node that is new or changed.
    pub(super) fn node_state(&self, node: NodeIdx) -> Option<&NodeState> {
        let (first_node, _) = self.first_new?;
        match node.0.checked_sub(first_node) {
            Some(n_new) => self.new_nodes.get(n_new as usize),
            None => self.changed_nodes.get(&node.0),
        }
    }

    pub(super) fn new_tie(&self, tie: TieIdx) -> Option<&TieState> {
        let (_, first_tie) = self.first_new?;
        self.new_ties.get(tie.0.checked_sub(first_tie)? as usize)
    }

    /// The properties of a relationship that is new or changed.
    pub(super) fn tie_properties(&self, tie: TieIdx) -> Option<&Entries> {
        let (_, first_tie) = self.first_new?;
        match tie.0.checked_sub(first_tie) {
            Some(n_new) => self.new_ties.get(n_new as usize).map(|it| &it.properties),
            None => self.changed_ties.get(&tie.0),
        }
    }

    pub(super) fn nodes_with_label(&self, label: &str) -> impl Iterator<Item = NodeIdx> + '_ {
        self.labels.get(label).into_iter().flatten().map(|&it| NodeIdx(it))
    }

    /// Whether a new or changed node or relationship has a property of that key.
    pub(super) fn has_property(&self, key: &str) -> bool {
        let nodes = self.new_nodes.iter().chain(self.changed_nodes.values());
        let new_ties = self.new_ties.iter().map(|it| &it.properties);
        let mut all =
            nodes.map(|it| &it.properties).chain(new_ties).chain(self.changed_ties.values());
        all.any(|it| it.contains_key(key))
    }

    /// Whether a new relationship is of that type.
    pub(super) fn has_type(&self, relation_type: &str) -> bool {
        self.new_ties.iter().any(|it| &*it.relation_type == relation_type)
    }

    /// The new relationships that start at a node (`out`) or end at it.
    pub(super) fn ties_at(&self, node: NodeIdx, out: bool) -> impl Iterator<Item = TieIdx> + '_ {
        let ties = if out { &self.out } else { &self.incoming };
        ties.get(&node.0).into_iter().flatten().copied()
    }

    pub(super) fn n_with_label(&self, label: &str) -> usize {
        self.labels.get(label).map_or(0, BTreeSet::len)
    }

    /// Adds the new and changed nodes that may have a value of a property.
    pub(super) fn nodes_where_equal(&self, key: &Arc<str>, value: &Val, found: &mut Vec<NodeIdx>) {
        let Some((first_node, _)) = self.first_new else { return };
        let mut values = self.values.borrow_mut();
        let by_value = values.entry(key.clone()).or_insert_with(|| {
            let mut by_value = ByValue::default();
            let new = self.new_nodes.iter().enumerate();
            let new = new.map(|(at, state)| (first_node + at as u32, state));
            let changed = self.changed_nodes.iter().map(|(at, state)| (*at, state));
            for (at, state) in changed.chain(new) {
                if let Some(value) = state.properties.get(key) {
                    self.hold(VALUE_BYTES);
                    by_value.entry(value.clone()).or_default().push(at);
                }
            }
            by_value
        });
        let mut nodes: Vec<NodeIdx> =
            by_value.get(value).into_iter().flatten().map(|&it| NodeIdx(it)).collect();
        nodes.sort_unstable();
        nodes.dedup();
        found.extend(nodes.into_iter().filter(|&it| self.has_node_state(it)));
    }

    /// A property of a new or changed node has got a value.
    fn index(&mut self, node: NodeIdx, key: &Arc<str>, value: &Val) {
        if let Some(by_value) = self.values.get_mut().get_mut(key) {
            self.n_bytes.set(self.n_bytes.get() + VALUE_BYTES);
            by_value.entry(value.clone()).or_default().push(node.0);
        }
    }

    fn index_all(&mut self, node: NodeIdx, properties: &Entries) {
        if !self.values.get_mut().is_empty() {
            properties.iter().for_each(|(key, value)| self.index(node, key, value));
        }
    }

    fn node_state_mut(&mut self, node: NodeIdx) -> &mut NodeState {
        let first_node = self.first_new.map_or(u32::MAX, |it| it.0);
        match node.0.checked_sub(first_node) {
            Some(n_new) => &mut self.new_nodes[n_new as usize],
            None => self.changed_nodes.entry(node.0).or_default(),
        }
    }

    fn tie_properties_mut(&mut self, tie: TieIdx) -> &mut Entries {
        let first_tie = self.first_new.map_or(u32::MAX, |it| it.1);
        match tie.0.checked_sub(first_tie) {
            Some(n_new) => &mut self.new_ties[n_new as usize].properties,
            None => self.changed_ties.entry(tie.0).or_default(),
        }
    }

    fn bear(&mut self, node: NodeIdx, label: &Arc<str>) {
        match self.labels.get_mut(label) {
            Some(nodes) => _ = nodes.insert(node.0),
            None => _ = self.labels.insert(label.clone(), BTreeSet::from([node.0])),
        }
    }

    fn shed(&mut self, node: NodeIdx, label: &str) {
        if let Some(nodes) = self.labels.get_mut(label) {
            nodes.remove(&node.0);
        }
    }

    /// Counts bytes that are held from now on.
    fn hold(&self, n_bytes: usize) {
        self.n_bytes.set(self.n_bytes.get() + n_bytes);
    }

    /// Keeps how to take back a write that takes so many bytes.
    fn wrote(&mut self, undo: Undo, n_bytes: usize) {
        self.undo.push(undo);
        self.hold(n_bytes);
    }

    /// Gives back the room of what was taken back.
    fn shrink(&mut self) {
        self.undo.shrink_to_fit();
        self.new_nodes.shrink_to_fit();
        self.node_numbers.shrink_to_fit();
        self.new_ties.shrink_to_fit();
        self.tie_numbers.shrink_to_fit();
        self.changed_nodes.shrink_to_fit();
        self.changed_ties.shrink_to_fit();
    }

    fn take_back(&mut self, undo: Undo) {
        match undo {
            Undo::NewNode => {
                let (first, _) = self.first_new.expect("a new node has a first position");
                let state = self.new_nodes.pop().expect("each is taken back once");
                self.node_numbers.pop();
                let node = NodeIdx(first + self.new_nodes.len() as u32);
                for label in &state.labels {
                    self.shed(node, label);
                }
            }
            Undo::NewTie => {
                let state = self.new_ties.pop().expect("each is taken back once");
                self.tie_numbers.pop();
                for (at, node) in [(&mut self.out, state.start), (&mut self.incoming, state.end)] {
                    at.get_mut(&node.0).and_then(Vec::pop);
                }
            }
            Undo::ChangedNode(node) => {
                let state = self.changed_nodes.remove(&node.0).unwrap_or_default();
                for label in &state.labels {
                    self.shed(node, label);
                }
            }
            Undo::ChangedTie(tie) => {
                self.changed_ties.remove(&tie.0);
            }
            Undo::Bore { node, label, at } => {
                self.bear(node, &label);
                self.node_state_mut(node).labels.insert(at, label);
            }
            Undo::BoreNot { node, label } => {
                self.shed(node, &label);
                self.node_state_mut(node).labels.retain(|it| *it != label);
            }
            Undo::NodeProperty { node, key, old } => {
                if let Some(old) = &old {
                    self.index(node, &key, old);
                }
                put(&mut self.node_state_mut(node).properties, &key, old);
            }
            Undo::TieProperty { tie, key, old } => put(self.tie_properties_mut(tie), &key, old),
            Undo::DeletedNode(node) => {
                self.deleted_nodes.remove(&node.0);
            }
            Undo::DeletedTie(tie) => {
                self.deleted_ties.remove(&tie.0);
            }
        }
    }
}

/// Puts a label where it stands once it is committed.
fn put_label(labels: &mut Vec<Arc<str>>, label: &Arc<str>, words: &Words) {
    let at = labels.iter().position(|it| words.order(it, label).is_gt());
    labels.insert(at.unwrap_or(labels.len()), label.clone());
}

fn n_bytes_of(properties: &Entries) -> usize {
    properties.values().map(|it| PROPERTY_BYTES + n_bytes(it)).sum()
}

fn put(properties: &mut Entries, key: &Arc<str>, value: Option<Val>) {
    match value {
        Some(value) => properties.insert(key.clone(), value),
        None => properties.remove(key),
    };
}

/// Writing.
impl Graph {
    /// Where the graph stands now.
    pub fn mark(&self) -> Mark {
        Mark { n_undo: self.overlay.undo.len(), n_bytes: self.overlay.n_bytes.get() }
    }

    /// Takes back all that was written since.
    pub fn take_back_to(&mut self, mark: Mark) {
        while self.overlay.undo.len() > mark.n_undo {
            let undo = self.overlay.undo.pop().expect("there are more than the mark's");
            self.overlay.take_back(undo);
        }
        self.overlay.n_bytes.set(mark.n_bytes);
        match mark.n_undo {
            // Nothing is left of it, nor the room that it had.
            0 => self.overlay = Overlay::default(),
            _ => self.overlay.shrink(),
        }
    }

    /// What all that was written takes in memory, by estimate.
    pub(crate) fn n_bytes_written(&self) -> usize {
        self.overlay.n_bytes.get()
    }

    /// Makes a node.
    pub fn create_node(&mut self, labels: &[Arc<str>], properties: Entries) -> NodeIdx {
        let (first, _) =
            *self.overlay.first_new.get_or_insert((self.n_node_positions, self.n_tie_positions));
        let node = NodeIdx(first + self.overlay.new_nodes.len() as u32);
        self.overlay.index_all(node, &properties);
        let n_bytes = NODE_BYTES + labels.len() * LABEL_BYTES + n_bytes_of(&properties);
        let mut state = NodeState { labels: Vec::with_capacity(labels.len()), properties };
        for label in labels {
            if !state.labels.contains(label) {
                put_label(&mut state.labels, label, &self.words);
                self.overlay.bear(node, label);
            }
        }
        self.overlay.new_nodes.push(state);
        self.overlay.node_numbers.push(self.keys.next_node());
        self.overlay.wrote(Undo::NewNode, n_bytes);
        node
    }

    /// Makes a relationship.
    pub fn create_tie(
        &mut self,
        relation_type: &Arc<str>,
        start: NodeIdx,
        end: NodeIdx,
        properties: Entries,
    ) -> TieIdx {
        let (_, first) =
            *self.overlay.first_new.get_or_insert((self.n_node_positions, self.n_tie_positions));
        let tie = TieIdx(first + self.overlay.new_ties.len() as u32);
        let relation_type = relation_type.clone();
        let n_bytes = TIE_BYTES + n_bytes_of(&properties);
        self.overlay.tie_numbers.push(self.keys.next_tie());
        self.overlay.new_ties.push(TieState { relation_type, start, end, properties });
        self.overlay.out.entry(start.0).or_default().push(tie);
        self.overlay.incoming.entry(end.0).or_default().push(tie);
        self.overlay.wrote(Undo::NewTie, n_bytes);
        tie
    }

    /// Gives a node a label. Whether it was without.
    pub fn add_label(&mut self, node: NodeIdx, label: &Arc<str>) -> bool {
        if self.has_label(node, label) {
            return false;
        }
        self.touch_node(node);
        put_label(&mut self.overlay.node_state_mut(node).labels, label, &self.words);
        self.overlay.bear(node, label);
        let undo = Undo::BoreNot { node, label: label.clone() };
        self.overlay.wrote(undo, WRITE_BYTES + LABEL_BYTES);
        true
    }

    /// Takes a label from a node. Whether it bore it.
    pub fn remove_label(&mut self, node: NodeIdx, label: &Arc<str>) -> bool {
        if !self.has_label(node, label) {
            return false;
        }
        self.touch_node(node);
        let labels = &mut self.overlay.node_state_mut(node).labels;
        let at = labels.iter().position(|it| it == label).expect("the node bears the label");
        labels.remove(at);
        self.overlay.shed(node, label);
        self.overlay.wrote(Undo::Bore { node, label: label.clone(), at }, WRITE_BYTES);
        true
    }

    /// Sets a property of a node; null removes it.
    pub fn set_node_property(&mut self, node: NodeIdx, key: &Arc<str>, value: Val) {
        self.touch_node(node);
        self.overlay.index(node, key, &value);
        let n_bytes = WRITE_BYTES + PROPERTY_BYTES + n_bytes(&value);
        let properties = &mut self.overlay.node_state_mut(node).properties;
        let old = properties.get(key).cloned();
        put(properties, key, (!matches!(value, Val::Null)).then_some(value));
        self.overlay.wrote(Undo::NodeProperty { node, key: key.clone(), old }, n_bytes);
    }

    /// Sets a property of a relationship; null removes it.
    pub fn set_tie_property(&mut self, tie: TieIdx, key: &Arc<str>, value: Val) {
        self.touch_tie(tie);
        let n_bytes = WRITE_BYTES + PROPERTY_BYTES + n_bytes(&value);
        let properties = self.overlay.tie_properties_mut(tie);
        let old = properties.get(key).cloned();
        put(properties, key, (!matches!(value, Val::Null)).then_some(value));
        self.overlay.wrote(Undo::TieProperty { tie, key: key.clone(), old }, n_bytes);
    }

    /// Deletes a node; whether relationships still rest on it is asked apart. Whether it was there.
    pub fn delete_node(&mut self, node: NodeIdx) -> bool {
        let was_there = self.overlay.deleted_nodes.insert(node.0);
        if was_there {
            self.overlay.wrote(Undo::DeletedNode(node), WRITE_BYTES);
        }
        was_there
    }

    /// Deletes a relationship. Whether it was there.
    pub fn delete_tie(&mut self, tie: TieIdx) -> bool {
        let was_there = self.overlay.deleted_ties.insert(tie.0);
        if was_there {
            self.overlay.wrote(Undo::DeletedTie(tie), WRITE_BYTES);
        }
        was_there
    }

    /// The nodes that were made and not deleted.
    pub fn created_nodes(&self) -> impl Iterator<Item = NodeIdx> + '_ {
        let new = 0..self.overlay.new_nodes.len() as u32;
        let all = new.map(|it| NodeIdx(self.n_node_positions + it));
        all.filter(|&it| !self.is_deleted_node(it))
    }

    /// The relationships that were made and not deleted.
    pub fn created_ties(&self) -> impl Iterator<Item = TieIdx> + '_ {
        let new = 0..self.overlay.new_ties.len() as u32;
        let all = new.map(|it| TieIdx(self.n_tie_positions + it));
        all.filter(|&it| !self.is_deleted_tie(it))
    }

    /// The nodes of the snapshot that were changed and not deleted, in order.
    pub fn changed_nodes(&self) -> Vec<NodeIdx> {
        let mut res: Vec<_> = self.overlay.changed_nodes.keys().map(|&it| NodeIdx(it)).collect();
        res.retain(|&it| !self.is_deleted_node(it));
        res.sort_unstable();
        res
    }

    /// The relationships of the snapshot that were changed and not deleted, in order.
    pub fn changed_ties(&self) -> Vec<TieIdx> {
        let mut res: Vec<_> = self.overlay.changed_ties.keys().map(|&it| TieIdx(it)).collect();
        res.retain(|&it| !self.is_deleted_tie(it));
        res.sort_unstable();
        res
    }

    /// The nodes of the snapshot that were deleted, in order.
    pub fn deleted_nodes(&self) -> Vec<NodeIdx> {
        let all = self.overlay.deleted_nodes.iter().map(|&it| NodeIdx(it));
        let mut res: Vec<_> = all.filter(|it| it.0 < self.n_node_positions).collect();
        res.sort_unstable();
        res
    }

    /// The relationships of the snapshot that were deleted, in order.
    pub fn deleted_ties(&self) -> Vec<TieIdx> {
        let all = self.overlay.deleted_ties.iter().map(|&it| TieIdx(it));
        let mut res: Vec<_> = all.filter(|it| it.0 < self.n_tie_positions).collect();
        res.sort_unstable();
        res
    }

    /// Makes a state of a node of the snapshot, so that it can be changed.
    fn touch_node(&mut self, node: NodeIdx) {
        if self.overlay.has_node_state(node) {
            return;
        }
        let labels = self.labels(node);
        let properties = super::stored::node_properties(self.snapshot.node(node));
        self.overlay.first_new.get_or_insert((self.n_node_positions, self.n_tie_positions));
        for label in &labels {
            self.overlay.bear(node, label);
        }
        self.overlay.index_all(node, &properties);
        let n_bytes = NODE_BYTES + labels.len() * LABEL_BYTES + n_bytes_of(&properties);
        self.overlay.changed_nodes.insert(node.0, NodeState { labels, properties });
        self.overlay.wrote(Undo::ChangedNode(node), n_bytes);
    }

    fn touch_tie(&mut self, tie: TieIdx) {
        if self.overlay.tie_properties(tie).is_some() {
            return;
        }
        let properties = super::stored::tie_properties(self.snapshot.tie(tie));
        self.overlay.first_new.get_or_insert((self.n_node_positions, self.n_tie_positions));
        let n_bytes = TIE_BYTES + n_bytes_of(&properties);
        self.overlay.changed_ties.insert(tie.0, properties);
        self.overlay.wrote(Undo::ChangedTie(tie), n_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    /// All that can be read of a graph, as text.
    fn seen(graph: &Graph) -> String {
        let nodes = graph.nodes().map(|it| {
            let labels = graph.labels(it).join(":");
            format!("{it:?} {labels} {:?}", graph.node_properties(it).unwrap())
        });
        let ties = graph.ties().map(|it| {
            let (start, end) = (graph.start(it), graph.end(it));
            let properties = graph.tie_properties(it).unwrap();
            format!("{start:?} {it:?} {} {end:?} {properties:?}", graph.relation_type(it))
        });
        nodes.chain(ties).collect::<Vec<_>>().join("\n")
    }

    fn key(text: &str) -> Arc<str> {
        text.into()
    }

    #[test]
    fn what_was_written_is_read_and_can_be_taken_back_step_by_step() {
        let mut graph =
            Graph::new(fixture("a:university -hosts-> b:facility; b -funds-> c:company"));
        let (a, b) = (NodeIdx(0), NodeIdx(1));
        let mut states = vec![(graph.mark(), seen(&graph))];
        type Write = fn(&mut Graph, NodeIdx, NodeIdx);
        let writes: [Write; 8] = [
            |graph, a, _| graph.set_node_property(a, &key("colour"), Val::Integer(1)),
            |graph, a, _| assert!(graph.add_label(a, &key("New"))),
            |graph, a, _| assert!(graph.remove_label(a, &key("University"))),
            |graph, a, _| {
                let new = graph.create_node(&[key("New")], Entries::default());
                graph.create_tie(&key("KNOWS"), new, a, Entries::default());
            },
            |graph, _, _| graph.set_tie_property(TieIdx(0), &key("role"), Val::Integer(2)),
            |graph, _, _| graph.set_tie_property(TieIdx(2), &key("role"), Val::Integer(3)),
            |graph, _, _| assert!(graph.delete_tie(TieIdx(1))),
            |graph, _, b| assert!(graph.delete_node(b)),
        ];
        for write in writes {
            write(&mut graph, a, b);
            states.push((graph.mark(), seen(&graph)));
        }
        assert_eq!(graph.nodes_with_label("New").collect::<Vec<_>>(), [a, NodeIdx(3)]);
        assert_eq!(graph.nodes_with_label("University").count(), 0);
        assert_eq!((graph.n_nodes(), graph.n_ties()), (3, 2));
        assert!(graph.node_property(b, "name").is_err());
        for (mark, state) in states.into_iter().rev() {
            graph.take_back_to(mark);
            assert_eq!(seen(&graph), state);
        }
        assert!(graph.is_unchanged());
    }
}
