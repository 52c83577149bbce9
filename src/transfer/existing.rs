//! What an importer asks of the graph that it imports into.

use std::collections::HashMap;

use weft_formats::closest;
use weft_graph::{Fact, Identifier, NodeIdx, NodeRecord, Snapshot, Source, TieIdx, TieRecord};

use super::fold;

/// A graph that did not answer.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct LookupError(#[from] pub Box<dyn std::error::Error + Send + Sync>);

/// An answer.
pub type Lookup<T> = Result<T, LookupError>;

/// The records that carry a claim of one dataset, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Nodes.
    pub nodes: Vec<String>,
    /// Ties.
    pub ties: Vec<String>,
    /// Facts.
    pub facts: Vec<String>,
}

/// A graph that is imported into, asked by index: nothing here reads all of it, but `members_of`.
///
/// Records come as they were written, not as their claims make them show.
pub trait Existing {
    /// Whether it has no node at all, so that nothing needs to be asked.
    fn is_empty(&self) -> Lookup<bool>;
    /// The node of that id.
    fn node(&self, id: &str) -> Lookup<Option<NodeRecord>>;
    /// The nodes that have that identifier.
    fn nodes_by_identifier(&self, identifier: &Identifier) -> Lookup<Vec<NodeRecord>>;
    /// The nodes that have that name or alias, compared by [`fold`] or more freely (the importer
    /// compares again).
    fn nodes_by_name(&self, name: &str) -> Lookup<Vec<NodeRecord>>;
    /// The ids of nodes that are called nearly so, at most `limit`, the nearest first.
    fn ids_like(&self, text: &str, limit: usize) -> Lookup<Vec<String>>;
    /// The tie of that id.
    fn tie(&self, id: &str) -> Lookup<Option<TieRecord>>;
    /// The ties at a node, whichever way they point.
    fn ties_of(&self, node: &str) -> Lookup<Vec<TieRecord>>;
    /// The ties of a relation from a node to another.
    fn ties_between(&self, source: &str, relation: &str, target: &str) -> Lookup<Vec<TieRecord>> {
        let mut ties = self.ties_of(source)?;
        ties.retain(|it| it.source == source && it.relation == relation && it.target == target);
        Ok(ties)
    }
    /// The ids of the facts about a node.
    fn facts_about(&self, node: &str) -> Lookup<Vec<String>>;
    /// The source of that id.
    fn source(&self, id: &str) -> Lookup<Option<Source>>;
    /// The fact of that id.
    fn fact(&self, id: &str) -> Lookup<Option<Fact>>;
    /// The records with a claim of that dataset, each list in the order of the ids.
    fn members_of(&self, dataset: &str) -> Lookup<Members>;
}

/// A snapshot with the indexes that an importer needs.
#[derive(Debug)]
pub struct SnapshotIndex<'a> {
    snapshot: &'a Snapshot,
    names: HashMap<String, Vec<NodeIdx>>,
    identifiers: HashMap<Identifier, Vec<NodeIdx>>,
    ties: HashMap<String, TieIdx>,
}

impl<'a> SnapshotIndex<'a> {
    /// Indexes a snapshot. O(nodes + ties).
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let mut names: HashMap<String, Vec<NodeIdx>> = HashMap::new();
        let mut identifiers: HashMap<Identifier, Vec<NodeIdx>> = HashMap::new();
        for idx in snapshot.nodes() {
            let node = snapshot.node(idx).written();
            for name in [&node.name].into_iter().chain(&node.aliases) {
                let slot = names.entry(fold(name)).or_default();
                if slot.last() != Some(&idx) {
                    slot.push(idx);
                }
            }
            for identifier in node.identifiers {
                identifiers.entry(identifier).or_default().push(idx);
            }
        }
        let ties = snapshot.ties().map(|it| (snapshot.tie(it).id(), it)).collect();
        Self { snapshot, names, identifiers, ties }
    }

    fn records(&self, found: Option<&Vec<NodeIdx>>) -> Vec<NodeRecord> {
        found.into_iter().flatten().map(|&it| self.snapshot.node(it).written()).collect()
    }
}

impl Existing for SnapshotIndex<'_> {
    fn is_empty(&self) -> Lookup<bool> {
        Ok(self.snapshot.n_nodes() == 0 && self.snapshot.sources().next().is_none())
    }

    fn node(&self, id: &str) -> Lookup<Option<NodeRecord>> {
        Ok(self.snapshot.find_node(id).map(|it| self.snapshot.node(it).written()))
    }

    fn nodes_by_identifier(&self, identifier: &Identifier) -> Lookup<Vec<NodeRecord>> {
        Ok(self.records(self.identifiers.get(identifier)))
    }

    fn nodes_by_name(&self, name: &str) -> Lookup<Vec<NodeRecord>> {
        Ok(self.records(self.names.get(&fold(name))))
    }

    fn ids_like(&self, text: &str, limit: usize) -> Lookup<Vec<String>> {
        let near = closest(&fold(text), self.names.keys().map(String::as_str), limit);
        let named = near.into_iter().flat_map(|it| self.names.get(it)).flatten();
        let ids = named.map(|&it| self.snapshot.node(it).id().to_owned());
        Ok(ids.take(limit).collect())
    }

    fn tie(&self, id: &str) -> Lookup<Option<TieRecord>> {
        Ok(self.ties.get(id).map(|&it| self.snapshot.tie(it).written()))
    }

    fn ties_of(&self, node: &str) -> Lookup<Vec<TieRecord>> {
        let Some(idx) = self.snapshot.find_node(node) else { return Ok(Vec::new()) };
        Ok(self.snapshot.ties_of(idx).map(|it| self.snapshot.tie(it).written()).collect())
    }

    fn facts_about(&self, node: &str) -> Lookup<Vec<String>> {
        let facts = self.snapshot.facts().iter().filter(|it| it.subject == node);
        Ok(facts.map(|it| it.id.clone()).collect())
    }

    fn source(&self, id: &str) -> Lookup<Option<Source>> {
        Ok(self.snapshot.find_source(id).cloned())
    }

    fn fact(&self, id: &str) -> Lookup<Option<Fact>> {
        Ok(self.snapshot.find_fact(id).cloned())
    }

    fn members_of(&self, dataset: &str) -> Lookup<Members> {
        let snapshot = self.snapshot;
        let of_node = |it: &NodeIdx| {
            let node = snapshot.node(*it);
            node.claims().any(|it| it.dataset() == dataset)
        };
        let mut nodes: Vec<String> =
            snapshot.nodes().filter(of_node).map(|it| snapshot.node(it).id().to_owned()).collect();
        nodes.sort_unstable();
        let of_tie = |it: &TieIdx| snapshot.tie(*it).claims().any(|it| it.dataset() == dataset);
        let mut ties: Vec<String> =
            snapshot.ties().filter(of_tie).map(|it| snapshot.tie(it).id()).collect();
        ties.sort_unstable();
        let facts = snapshot.facts().iter().filter(|it| it.dataset == dataset);
        Ok(Members { nodes, ties, facts: facts.map(|it| it.id.clone()).collect() })
    }
}
