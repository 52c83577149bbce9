//! A layer: what a few changes add to, replace in and take from the snapshot below.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::builder::{SourceTable, push_node, push_tie};
use super::segment::{Placed, Segment};
use super::text::Interner;
use super::{ClaimRef, Snapshot, SnapshotBuilder};
use crate::{
    Certainty, Change, ChangeError, ChangeSet, Claim, Fact, NodeId, NodeIdx, NodeRecord,
    RelationId, Schema, TieId, TieIdx, TieRecord,
};

/// A base smaller than this is rebuilt after every change: that is cheaper than carrying layers.
const SMALLEST_BASE: usize = 512;
/// Layers are folded into the base when together they pass this part of it.
const LARGEST_PART: usize = 16;

/// Rows that stand above the base, and what they hide.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) rows: Segment,
    pub(super) node_rows: HashMap<u32, u32>,
    pub(super) tie_rows: HashMap<u32, u32>,
    /// The positions of the rows.
    pub(super) node_positions: Vec<u32>,
    pub(super) tie_positions: Vec<u32>,
    /// Keys in their order, each with the position of its row.
    pub(super) nodes_by_key: Vec<(u32, u32)>,
    pub(super) ties_by_key: Vec<(u32, u32)>,
    pub(super) node_of: HashMap<String, u32>,
    pub(super) removed_nodes: HashSet<u32>,
    pub(super) removed_ties: HashSet<u32>,
    pub(super) out: HashMap<u32, Vec<u32>>,
    pub(super) incoming: HashMap<u32, Vec<u32>>,
}

impl Layer {
    /// Takes note of the node whose row comes next.
    fn place_node(&mut self, idx: u32, key: u32, id: &str) {
        self.node_rows.insert(idx, self.node_positions.len() as u32);
        self.node_positions.push(idx);
        self.nodes_by_key.push((key, idx));
        self.node_of.insert(id.to_owned(), idx);
    }

    /// Takes note of the tie whose row comes next.
    fn place_tie(&mut self, idx: u32, key: u32) {
        self.tie_rows.insert(idx, self.tie_positions.len() as u32);
        self.tie_positions.push(idx);
        self.ties_by_key.push((key, idx));
    }

    /// Closes the layer: no row comes after.
    fn sealed(mut self) -> Arc<Self> {
        self.nodes_by_key.sort_unstable();
        self.ties_by_key.sort_unstable();
        Arc::new(self)
    }

    fn size(&self) -> usize {
        self.rows.n_nodes()
            + self.rows.n_ties()
            + self.removed_nodes.len()
            + self.removed_ties.len()
    }
}

/// The next layer while changes are applied to it.
struct Draft<'a> {
    below: &'a Snapshot,
    schema: Arc<Schema>,
    sources: SourceTable,
    facts: Option<Vec<Fact>>,
    nodes: BTreeMap<u32, (u32, NodeRecord)>,
    ties: BTreeMap<u32, (Placed, TieRecord)>,
    node_of: HashMap<String, Option<u32>>,
    tie_of: HashMap<String, Option<u32>>,
    removed_nodes: HashSet<u32>,
    removed_ties: HashSet<u32>,
    out: HashMap<u32, Vec<u32>>,
    incoming: HashMap<u32, Vec<u32>>,
    n_node_positions: u32,
    n_tie_positions: u32,
    next_node_key: u32,
    next_tie_key: u32,
}

impl Snapshot {
    /// Returns the snapshot after the changes, with the meaning of [`crate::Model::apply`].
    ///
    /// Takes time in proportion to the changes (and to the ties at the nodes they touch), except
    /// where the layers have grown past a sixteenth of the base and are folded into it, which is
    /// paid for by the changes since the last time. A removed source is looked for in all claims.
    ///
    /// # Errors
    /// [`ChangeError`] of the first change that cannot be applied.
    pub fn with(&self, change_set: &ChangeSet) -> Result<Self, ChangeError> {
        let mut draft = Draft::new(self);
        for change in &change_set.changes {
            draft.apply(change)?;
        }
        let mut next = draft.finish();
        while let [.., older, newer] = next.layers.as_slice()
            && newer.size() * 2 >= older.size()
        {
            next.merge_last_two();
        }
        let n_layered: usize = next.layers.iter().map(|it| it.size()).sum();
        let n_base = next.base.rows.n_nodes() + next.base.rows.n_ties();
        if n_base < SMALLEST_BASE || n_layered > n_base / LARGEST_PART {
            next = next.folded();
        }
        Ok(next)
    }

    /// Returns the same graph as one base without layers; positions may change.
    pub fn folded(&self) -> Self {
        let mut builder = SnapshotBuilder::new(self.schema.clone());
        for source in self.sources() {
            builder.source(source.clone());
        }
        let mut nodes: Vec<_> = self.nodes().map(|it| self.node(it)).collect();
        nodes.sort_unstable_by_key(|it| it.key());
        for node in nodes {
            builder.node(node.key(), node.written());
        }
        let mut ties: Vec<_> = self.ties().map(|it| self.tie(it)).collect();
        ties.sort_unstable_by_key(|it| it.key());
        for tie in ties {
            let key_of = |idx| self.node(idx).key();
            builder.tie(tie.key(), key_of(tie.source()), key_of(tie.target()), tie.written());
        }
        for fact in self.facts() {
            builder.fact(fact.clone());
        }
        builder.keys_used(self.last_node_key(), self.last_tie_key());
        let folded = builder.build();
        if self.floor == Certainty::Inferred { folded } else { folded.at_floor(self.floor) }
    }

    /// Returns the same graph as it shows itself to claims at or above a floor: fields whose values
    /// rest on weaker claims alone are empty or have the next strongest value, and weaker denials do
    /// not count. Positions stay. O(claims) to find the few records that differ.
    ///
    /// Which records are in at all is the view's to decide, by their own certainty.
    pub fn at_floor(&self, floor: Certainty) -> Self {
        let decides = |it: ClaimRef<'_>| it.value().is_some() || it.denial().is_some();
        let sources = SourceTable::from_rows(&self.sources);
        let mut layer = Layer::default();
        let mut interner = Interner::default();
        for idx in self.nodes() {
            let node = self.node(idx);
            if !node.claims().any(decides) {
                continue;
            }
            let (key, record) = (node.key().0, node.written());
            layer.place_node(idx.0, key, &record.id);
            push_node(&mut layer.rows, &mut interner, &self.schema, &sources, key, record, floor);
        }
        for idx in self.ties() {
            let tie = self.tie(idx);
            if !tie.claims().any(decides) {
                continue;
            }
            layer.place_tie(idx.0, tie.key().0);
            let placed =
                Placed { key: tie.key().0, source: tie.source().0, target: tie.target().0 };
            let record = tie.written();
            push_tie(
                &mut layer.rows,
                &mut interner,
                &self.schema,
                &sources,
                &placed,
                record,
                floor,
            );
        }
        let mut next = self.clone();
        next.floor = floor;
        if layer.size() > 0 {
            next.layers.push(layer.sealed());
        }
        next
    }

    fn merge_last_two(&mut self) {
        let at = self.layers.len() - 2;
        let sources = SourceTable::from_rows(&self.sources);
        let (older, newer) = (self.layers[at].clone(), self.layers[at + 1].clone());
        let mut merged = Layer::default();
        let removed =
            |mine: &HashSet<u32>, other: &HashSet<u32>| mine.union(other).copied().collect();
        merged.removed_nodes = removed(&older.removed_nodes, &newer.removed_nodes);
        merged.removed_ties = removed(&older.removed_ties, &newer.removed_ties);
        let mut interner = Interner::default();
        let rows = |a: &HashMap<u32, u32>, b: &HashMap<u32, u32>, gone: &HashSet<u32>| {
            let mut res: Vec<u32> =
                a.keys().chain(b.keys()).copied().filter(|it| !gone.contains(it)).collect();
            res.sort_unstable();
            res.dedup();
            res
        };
        for idx in rows(&older.node_rows, &newer.node_rows, &merged.removed_nodes) {
            let node = self.node(NodeIdx(idx));
            let (key, record) = (node.key().0, node.written());
            merged.place_node(idx, key, &record.id);
            push_node(
                &mut merged.rows,
                &mut interner,
                &self.schema,
                &sources,
                key,
                record,
                self.floor,
            );
        }
        for idx in rows(&older.tie_rows, &newer.tie_rows, &merged.removed_ties) {
            let tie = self.tie(TieIdx(idx));
            merged.place_tie(idx, tie.key().0);
            let placed =
                Placed { key: tie.key().0, source: tie.source().0, target: tie.target().0 };
            let record = tie.written();
            push_tie(
                &mut merged.rows,
                &mut interner,
                &self.schema,
                &sources,
                &placed,
                record,
                self.floor,
            );
        }
        for layer in [&older, &newer] {
            for (into, from) in
                [(&mut merged.out, &layer.out), (&mut merged.incoming, &layer.incoming)]
            {
                for (&node, ties) in from {
                    into.entry(node).or_default().extend(ties);
                }
            }
        }
        self.layers.truncate(at);
        self.layers.push(merged.sealed());
    }
}

impl<'a> Draft<'a> {
    fn new(below: &'a Snapshot) -> Self {
        Self {
            below,
            schema: below.schema.clone(),
            sources: SourceTable::from_rows(&below.sources),
            facts: None,
            nodes: BTreeMap::new(),
            ties: BTreeMap::new(),
            node_of: HashMap::new(),
            tie_of: HashMap::new(),
            removed_nodes: HashSet::new(),
            removed_ties: HashSet::new(),
            out: HashMap::new(),
            incoming: HashMap::new(),
            n_node_positions: below.n_node_positions,
            n_tie_positions: below.n_tie_positions,
            next_node_key: below.next_node_key,
            next_tie_key: below.next_tie_key,
        }
    }

    fn apply(&mut self, change: &Change) -> Result<(), ChangeError> {
        match change {
            Change::PutSource(source) => {
                self.sources.put(source.clone());
                Ok(())
            }
            Change::PutNode(node) => self.put_node(node),
            Change::PutTie(tie) => self.put_tie(tie),
            Change::PutFact(fact) => self.put_fact(fact),
            Change::RemoveFact(id) => {
                let facts = self.facts();
                let at = facts.binary_search_by(|it| it.id.as_str().cmp(id));
                let at = at.map_err(|_| ChangeError::nothing("fact", id))?;
                facts.remove(at);
                Ok(())
            }
            Change::RemoveTie(id) => {
                let idx = self.find_tie(id).ok_or_else(|| ChangeError::nothing("tie", id))?;
                self.drop_tie(id, idx);
                Ok(())
            }
            Change::RemoveNode(id) => self.remove_node(id),
            Change::RemoveSource(id) => self.remove_source(id),
        }
    }

    fn put_node(&mut self, record: &NodeRecord) -> Result<(), ChangeError> {
        ChangeError::check_words(&self.schema, record)?;
        Schema::kind_or_new(&mut self.schema, &record.kind)?;
        self.must_have_sources(|| format!("node `{}`", record.id), &record.claims)?;
        let (idx, key) = match self.find_node(&record.id) {
            Some(idx) => (idx, self.key_of_node(idx)),
            None => {
                let named = self.schema.is_open().then(|| NodeId::of_open_id(&record.id)).flatten();
                let named = named.map(|it| it.0);
                let key = ChangeError::next_key(&mut self.next_node_key, named, "nodes")?;
                (ChangeError::next(&mut self.n_node_positions, "nodes")?, key)
            }
        };
        self.nodes.insert(idx, (key, record.clone()));
        self.node_of.insert(record.id.clone(), Some(idx));
        Ok(())
    }

    fn put_tie(&mut self, record: &TieRecord) -> Result<(), ChangeError> {
        let mut record = record.clone();
        record.normalise(&self.schema);
        let id = record.id();
        let Some(relation) = Schema::relation_or_new(&mut self.schema, &record.relation)? else {
            let word = record.relation;
            return Err(ChangeError::UnknownWord { what: "tie", id, word_kind: "relation", word });
        };
        self.must_have_sources(|| format!("tie `{id}`"), &record.claims)?;
        let end = |node: &String| {
            let what = format!("tie `{id}`");
            let missing = || ChangeError::NoSuchNode { what, node: node.clone() };
            self.find_node(node).ok_or_else(missing)
        };
        let (source, target) = (end(&record.source)?, end(&record.target)?);
        let mut key = None;
        if let Some(idx) = self.find_tie(&id) {
            let placed = self.place_of_tie(idx);
            // A position keeps its ends and its relation, so that what is sorted by them stays so.
            if (placed.source, placed.target) == (source, target)
                && self.relation_of_tie(idx) == Some(relation)
            {
                self.ties.insert(idx, (placed, record));
                return Ok(());
            }
            key = Some(placed.key);
            self.drop_tie(&id, idx);
        }
        let key = match key {
            Some(key) => key,
            None => {
                let named = self.schema.is_open().then(|| TieId::of_open_id(&id)).flatten();
                let named = named.map(|it| it.0);
                ChangeError::next_key(&mut self.next_tie_key, named, "ties")?
            }
        };
        let idx = ChangeError::next(&mut self.n_tie_positions, "ties")?;
        self.ties.insert(idx, (Placed { key, source, target }, record));
        self.tie_of.insert(id, Some(idx));
        self.out.entry(source).or_default().push(idx);
        self.incoming.entry(target).or_default().push(idx);
        Ok(())
    }

    fn put_fact(&mut self, fact: &Fact) -> Result<(), ChangeError> {
        let what = || format!("fact `{}`", fact.id);
        if self.find_node(&fact.subject).is_none() {
            let node = fact.subject.clone();
            return Err(ChangeError::NoSuchNode { what: what(), node });
        }
        if !self.sources.position_of.contains_key(&fact.source) {
            let source_id = fact.source.clone();
            return Err(ChangeError::NoSuchSource { what: what(), source_id });
        }
        let facts = self.facts();
        match facts.binary_search_by(|it| it.id.cmp(&fact.id)) {
            Ok(at) => facts[at] = fact.clone(),
            Err(at) => facts.insert(at, fact.clone()),
        }
        Ok(())
    }

    fn remove_node(&mut self, id: &str) -> Result<(), ChangeError> {
        let idx = self.find_node(id).ok_or_else(|| ChangeError::nothing("node", id))?;
        let mut users: Vec<String> = Vec::new();
        if idx < self.below.n_node_positions {
            let ties = self.below.ties_of(NodeIdx(idx));
            let left = ties.filter(|it| !self.removed_ties.contains(&it.0));
            users.extend(left.map(|it| self.below.tie(it).id()));
        }
        for added in [self.out.get(&idx), self.incoming.get(&idx)].into_iter().flatten().flatten() {
            users.extend(self.ties.get(added).map(|(_, record)| record.id()));
        }
        let facts = self.facts.as_deref().unwrap_or(&self.below.facts);
        users.extend(facts.iter().filter(|it| it.subject == id).map(|it| it.id.clone()));
        ChangeError::check_unused("node", id, users)?;
        self.nodes.remove(&idx);
        self.removed_nodes.insert(idx);
        self.node_of.insert(id.to_owned(), None);
        Ok(())
    }

    fn remove_source(&mut self, id: &str) -> Result<(), ChangeError> {
        let at =
            *self.sources.position_of.get(id).ok_or_else(|| ChangeError::nothing("source", id))?;
        let rests = |claims: &[Claim]| claims.iter().any(|it| it.source == id);
        let below = self.below;
        let nodes = below.nodes().filter(|it| !self.removed_nodes.contains(&it.0));
        let nodes = nodes.filter(|it| !self.nodes.contains_key(&it.0)).map(|it| below.node(it));
        let mut users: Vec<String> = nodes
            .filter(|it| it.claims().any(|it| it.source().id == id))
            .map(|it| it.id().to_owned())
            .collect();
        let ties = below.ties().filter(|it| !self.removed_ties.contains(&it.0));
        let ties = ties.filter(|it| !self.ties.contains_key(&it.0)).map(|it| below.tie(it));
        users
            .extend(ties.filter(|it| it.claims().any(|it| it.source().id == id)).map(|it| it.id()));
        let nodes = self.nodes.values().filter(|(_, it)| rests(&it.claims));
        users.extend(nodes.map(|(_, it)| it.id.clone()));
        let ties = self.ties.values().filter(|(_, it)| rests(&it.claims));
        users.extend(ties.map(|(_, it)| it.id()));
        let facts = self.facts.as_deref().unwrap_or(&self.below.facts);
        users.extend(facts.iter().filter(|it| it.source == id).map(|it| it.id.clone()));
        ChangeError::check_unused("source", id, users)?;
        self.sources.rows[at as usize] = None;
        self.sources.position_of.remove(id);
        Ok(())
    }

    fn drop_tie(&mut self, id: &str, idx: u32) {
        if let Some((placed, _)) = self.ties.remove(&idx) {
            for (map, node) in [(&mut self.out, placed.source), (&mut self.incoming, placed.target)]
            {
                if let Some(ties) = map.get_mut(&node) {
                    ties.retain(|&it| it != idx);
                }
            }
        }
        self.removed_ties.insert(idx);
        self.tie_of.insert(id.to_owned(), None);
    }

    fn find_node(&self, id: &str) -> Option<u32> {
        match self.node_of.get(id) {
            Some(&found) => found,
            None => self.below.find_node(id).map(|it| it.0),
        }
    }

    fn find_tie(&self, id: &str) -> Option<u32> {
        match self.tie_of.get(id) {
            Some(&found) => found,
            None => self.below.find_tie(id).map(|it| it.0),
        }
    }

    fn key_of_node(&self, idx: u32) -> u32 {
        match self.nodes.get(&idx) {
            Some((key, _)) => *key,
            None => self.below.node(NodeIdx(idx)).key().0,
        }
    }

    fn place_of_tie(&self, idx: u32) -> Placed {
        match self.ties.get(&idx) {
            Some((placed, _)) => {
                Placed { key: placed.key, source: placed.source, target: placed.target }
            }
            None => {
                let tie = self.below.tie(TieIdx(idx));
                Placed { key: tie.key().0, source: tie.source().0, target: tie.target().0 }
            }
        }
    }

    fn relation_of_tie(&self, idx: u32) -> Option<RelationId> {
        match self.ties.get(&idx) {
            Some((_, record)) => self.schema.relation_id(&record.relation),
            None => Some(self.below.tie(TieIdx(idx)).relation_id()),
        }
    }

    fn facts(&mut self) -> &mut Vec<Fact> {
        self.facts.get_or_insert_with(|| self.below.facts.to_vec())
    }

    fn must_have_sources(
        &self,
        what: impl Fn() -> String,
        claims: &[Claim],
    ) -> Result<(), ChangeError> {
        let known = &self.sources.position_of;
        match claims.iter().find(|it| !known.contains_key(&it.source)) {
            None => Ok(()),
            Some(claim) => {
                Err(ChangeError::NoSuchSource { what: what(), source_id: claim.source.clone() })
            }
        }
    }

    fn finish(self) -> Snapshot {
        let below = self.below;
        let mut layer = Layer {
            removed_nodes: self.removed_nodes,
            removed_ties: self.removed_ties,
            out: self.out,
            incoming: self.incoming,
            ..Layer::default()
        };
        let mut interner = Interner::default();
        let (mut n_new_nodes, mut n_new_ties) = (0, 0);
        for (idx, (key, record)) in self.nodes {
            n_new_nodes += u32::from(idx >= below.n_node_positions);
            layer.place_node(idx, key, &record.id);
            push_node(
                &mut layer.rows,
                &mut interner,
                &self.schema,
                &self.sources,
                key,
                record,
                below.floor,
            );
        }
        for (idx, (placed, record)) in self.ties {
            n_new_ties += u32::from(idx >= below.n_tie_positions);
            layer.place_tie(idx, placed.key);
            push_tie(
                &mut layer.rows,
                &mut interner,
                &self.schema,
                &self.sources,
                &placed,
                record,
                below.floor,
            );
        }
        let gone =
            |removed: &HashSet<u32>, limit| removed.iter().filter(|it| **it < limit).count() as u32;
        let n_nodes =
            below.n_nodes + n_new_nodes - gone(&layer.removed_nodes, below.n_node_positions);
        let n_ties = below.n_ties + n_new_ties - gone(&layer.removed_ties, below.n_tie_positions);
        let mut layers = below.layers.clone();
        layers.push(layer.sealed());
        Snapshot {
            schema: self.schema,
            base: below.base.clone(),
            layers,
            floor: below.floor,
            sources: Arc::new(self.sources.rows),
            facts: self.facts.map_or_else(|| below.facts.clone(), Arc::new),
            n_node_positions: self.n_node_positions,
            n_tie_positions: self.n_tie_positions,
            n_nodes,
            n_ties,
            next_node_key: self.next_node_key,
            next_tie_key: self.next_tie_key,
            statistics: Arc::default(),
        }
    }
}
