//! The model: a petgraph of nodes and typed ties, and the one meaning of a change.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use petgraph::Direction;
use petgraph::stable_graph::{EdgeIndex, NodeIndex, StableDiGraph};

use crate::{
    Change, ChangeError, ChangeSet, Claim, Fact, NodeId, NodeRecord, Schema, Snapshot, Source,
    TieId, TieRecord,
};

/// A node of the graph: a record and its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The key, never used again.
    pub key: NodeId,
    /// What is known.
    pub record: NodeRecord,
}

/// An edge of the graph: a record and its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Tie {
    /// The key, never used again.
    pub key: TieId,
    /// What is known.
    pub record: TieRecord,
}

/// An ecosystem as a petgraph: organisations, programmes, funders and companies are its nodes, typed
/// ties its edges.
///
/// Made for what is small or must be changed step by step: fixtures, the bundled graph, what-if. It
/// is frozen into a [`crate::Snapshot`] before anything sweeps over it.
#[derive(Clone, Debug)]
pub struct Model {
    schema: Arc<Schema>,
    graph: StableDiGraph<Node, Tie>,
    node_of: HashMap<String, NodeIndex>,
    tie_of: HashMap<String, EdgeIndex>,
    sources: BTreeMap<String, Source>,
    facts: BTreeMap<String, Fact>,
    next_node_key: u32,
    next_tie_key: u32,
}

impl Model {
    /// Makes an empty model.
    pub fn new(schema: Schema) -> Self {
        Self {
            schema: Arc::new(schema),
            graph: StableDiGraph::new(),
            node_of: HashMap::new(),
            tie_of: HashMap::new(),
            sources: BTreeMap::new(),
            facts: BTreeMap::new(),
            next_node_key: 1,
            next_tie_key: 1,
        }
    }

    /// Makes the model of a snapshot, with the same keys: for petgraph's algorithms, what-if and DOT.
    pub fn from_snapshot(snapshot: &Snapshot) -> Self {
        let mut model = Self::new(Schema::clone(snapshot.schema()));
        model.sources = snapshot.sources().map(|it| (it.id.clone(), it.clone())).collect();
        for idx in snapshot.nodes() {
            let node = snapshot.node(idx);
            let (key, record) = (node.key(), node.written());
            let at = model.graph.add_node(Node { key, record });
            model.node_of.insert(node.id().to_owned(), at);
        }
        for idx in snapshot.ties() {
            let tie = snapshot.tie(idx);
            let record = tie.written();
            let end = |id: &String| model.node_of[id];
            let (source, target) = (end(&record.source), end(&record.target));
            let id = record.id();
            let edge = model.graph.add_edge(source, target, Tie { key: tie.key(), record });
            model.tie_of.insert(id, edge);
        }
        model.facts = snapshot.facts().iter().map(|it| (it.id.clone(), it.clone())).collect();
        model.next_node_key = snapshot.last_node_key().0 + 1;
        model.next_tie_key = snapshot.last_tie_key().0 + 1;
        model
    }

    /// The words that records use.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The graph itself, for petgraph's algorithms.
    pub fn graph(&self) -> &StableDiGraph<Node, Tie> {
        &self.graph
    }

    /// The node of that id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.node_of.get(id).map(|&it| &self.graph[it])
    }

    /// The tie of that id.
    pub fn tie(&self, id: &str) -> Option<&Tie> {
        self.tie_of.get(id).map(|&it| &self.graph[it])
    }

    /// All sources, by id.
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.sources
    }

    /// All facts, by id.
    pub fn facts(&self) -> &BTreeMap<String, Fact> {
        &self.facts
    }

    /// All nodes, in the order of their keys.
    pub fn nodes(&self) -> Vec<&Node> {
        let mut res: Vec<&Node> = self.graph.node_weights().collect();
        res.sort_unstable_by_key(|it| it.key);
        res
    }

    /// All ties, in the order of their keys.
    pub fn ties(&self) -> Vec<&Tie> {
        let mut res: Vec<&Tie> = self.graph.edge_weights().collect();
        res.sort_unstable_by_key(|it| it.key);
        res
    }

    /// Applies all changes, or none.
    ///
    /// # Errors
    /// [`ChangeError`] of the first change that cannot be applied; the model is then as it was.
    pub fn apply(&mut self, change_set: &ChangeSet) -> Result<(), ChangeError> {
        let mut next = self.clone();
        for change in &change_set.changes {
            next.apply_one(change)?;
        }
        *self = next;
        Ok(())
    }

    fn apply_one(&mut self, change: &Change) -> Result<(), ChangeError> {
        match change {
            Change::PutSource(source) => {
                self.sources.insert(source.id.clone(), source.clone());
                Ok(())
            }
            Change::PutNode(node) => self.put_node(node),
            Change::PutTie(tie) => self.put_tie(tie),
            Change::PutFact(fact) => self.put_fact(fact),
            Change::RemoveFact(id) => {
                self.facts.remove(id).map(|_| ()).ok_or_else(|| ChangeError::nothing("fact", id))
            }
            Change::RemoveTie(id) => {
                let edge = self.tie_of.remove(id).ok_or_else(|| ChangeError::nothing("tie", id))?;
                self.graph.remove_edge(edge);
                Ok(())
            }
            Change::RemoveNode(id) => self.remove_node(id),
            Change::RemoveSource(id) => self.remove_source(id),
        }
    }

    fn put_node(&mut self, record: &NodeRecord) -> Result<(), ChangeError> {
        ChangeError::check_words(&self.schema, record)?;
        Schema::kind_or_new(&mut self.schema, &record.kind)?;
        self.must_have_sources(&format!("node `{}`", record.id), &record.claims)?;
        if let Some(&idx) = self.node_of.get(&record.id) {
            self.graph[idx].record = record.clone();
            return Ok(());
        }
        let named = self.schema.is_open().then(|| NodeId::of_open_id(&record.id)).flatten();
        let named = named.map(|it| it.0);
        let key = NodeId(ChangeError::next_key(&mut self.next_node_key, named, "nodes")?);
        let idx = self.graph.add_node(Node { key, record: record.clone() });
        self.node_of.insert(record.id.clone(), idx);
        Ok(())
    }

    fn put_tie(&mut self, record: &TieRecord) -> Result<(), ChangeError> {
        let mut record = record.clone();
        record.normalise(&self.schema);
        let id = record.id();
        if Schema::relation_or_new(&mut self.schema, &record.relation)?.is_none() {
            let word = record.relation;
            return Err(ChangeError::UnknownWord { what: "tie", id, word_kind: "relation", word });
        }
        let what = || format!("tie `{id}`");
        self.must_have_sources(&what(), &record.claims)?;
        let end = |node: &String| {
            let missing = || ChangeError::NoSuchNode { what: what(), node: node.clone() };
            self.node_of.get(node).copied().ok_or_else(missing)
        };
        let (source, target) = (end(&record.source)?, end(&record.target)?);
        let key = match self.tie_of.get(&id) {
            Some(&edge) if self.graph.edge_endpoints(edge) == Some((source, target)) => {
                self.graph[edge].record = record;
                return Ok(());
            }
            // An id that the file gave may come back between other ends: the same tie, moved.
            Some(&edge) => self.graph.remove_edge(edge).map(|it| it.key),
            None => None,
        };
        let key = match key {
            Some(key) => key,
            None => {
                let named = self.schema.is_open().then(|| TieId::of_open_id(&id)).flatten();
                let named = named.map(|it| it.0);
                TieId(ChangeError::next_key(&mut self.next_tie_key, named, "ties")?)
            }
        };
        let edge = self.graph.add_edge(source, target, Tie { key, record });
        self.tie_of.insert(id, edge);
        Ok(())
    }

    fn put_fact(&mut self, fact: &Fact) -> Result<(), ChangeError> {
        let what = || format!("fact `{}`", fact.id);
        if !self.node_of.contains_key(&fact.subject) {
            let node = fact.subject.clone();
            return Err(ChangeError::NoSuchNode { what: what(), node });
        }
        if !self.sources.contains_key(&fact.source) {
            let source_id = fact.source.clone();
            return Err(ChangeError::NoSuchSource { what: what(), source_id });
        }
        self.facts.insert(fact.id.clone(), fact.clone());
        Ok(())
    }

    fn remove_node(&mut self, id: &str) -> Result<(), ChangeError> {
        let idx = self.node_of.get(id).copied().ok_or_else(|| ChangeError::nothing("node", id))?;
        let mut users: Vec<String> = [Direction::Outgoing, Direction::Incoming]
            .into_iter()
            .flat_map(|it| self.graph.edges_directed(idx, it))
            .map(|it| it.weight().record.id())
            .collect();
        users.extend(self.facts.values().filter(|it| it.subject == id).map(|it| it.id.clone()));
        ChangeError::check_unused("node", id, users)?;
        self.graph.remove_node(idx);
        self.node_of.remove(id);
        Ok(())
    }

    fn remove_source(&mut self, id: &str) -> Result<(), ChangeError> {
        if !self.sources.contains_key(id) {
            return Err(ChangeError::nothing("source", id));
        }
        let uses = |claims: &[Claim]| claims.iter().any(|it| it.source == id);
        let nodes = self.graph.node_weights().filter(|it| uses(&it.record.claims));
        let mut users: Vec<String> = nodes.map(|it| it.record.id.clone()).collect();
        let ties = self.graph.edge_weights().filter(|it| uses(&it.record.claims));
        users.extend(ties.map(|it| it.record.id()));
        users.extend(self.facts.values().filter(|it| it.source == id).map(|it| it.id.clone()));
        ChangeError::check_unused("source", id, users)?;
        self.sources.remove(id);
        Ok(())
    }

    fn must_have_sources(&self, what: &str, claims: &[Claim]) -> Result<(), ChangeError> {
        match claims.iter().find(|it| !self.sources.contains_key(&it.source)) {
            None => Ok(()),
            Some(claim) => Err(ChangeError::NoSuchSource {
                what: what.to_owned(),
                source_id: claim.source.clone(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture_model;

    fn model() -> Model {
        fixture_model("a:council -hosts-> b:facility; c:company")
    }

    #[track_caller]
    fn check(change: Change, message: &str) {
        let mut model = model();
        let err = model.apply(&ChangeSet { changes: vec![change] }).unwrap_err();
        assert_eq!(err.to_string(), message);
        assert_eq!(model.nodes().len(), 3);
    }

    #[test]
    fn nothing_is_half_applied() {
        let mut model = model();
        let node = model.node("c").unwrap().record.clone();
        let changes = vec![
            Change::PutNode(NodeRecord { id: "d".into(), ..node }),
            Change::RemoveNode("a".into()),
        ];
        assert!(model.apply(&ChangeSet { changes }).is_err());
        assert!(model.node("d").is_none());
    }

    #[test]
    fn faults_name_what_stands_in_the_way() {
        check(
            Change::RemoveNode("a".into()),
            "node `a` cannot be removed: 1 records still rest on it, `a--hosts--b` first",
        );
        check(Change::RemoveTie("x".into()), "there is no tie `x` to remove");
        let tie = TieRecord {
            source: "a".into(),
            relation: "hosts".into(),
            target: "z".into(),
            ..Default::default()
        };
        check(Change::PutTie(tie), "tie `a--hosts--z` names the node `z`, which does not exist");
    }

    #[test]
    fn a_key_is_never_used_again() {
        let mut model = model();
        let record = model.node("c").unwrap().record.clone();
        let key = model.node("c").unwrap().key;
        let changes = vec![Change::RemoveNode("c".into()), Change::PutNode(record)];
        model.apply(&ChangeSet { changes }).unwrap();
        assert!(model.node("c").unwrap().key > key);
    }
}
