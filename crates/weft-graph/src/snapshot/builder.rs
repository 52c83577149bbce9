//! Filling a snapshot from records: one way in for models, stores and folded layers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use weft_value::{PartialDate, Value};

use super::segment::{Placed, Segment, Weighed};
use super::text::Interner;
use super::{Adjacency, Base, Snapshot};
use crate::{
    Amount, Certainty, Claim, Denial, Fact, KindId, Model, NodeId, NodeRecord, RelationId, Schema,
    Source, StageId, TieId, TieRecord, resolve_node, resolve_tie,
};

/// Makes a snapshot from records in the order of their keys: sources first, then nodes, then ties.
#[derive(Debug)]
pub struct SnapshotBuilder {
    schema: Arc<Schema>,
    sources: SourceTable,
    facts: Vec<Fact>,
    rows: Segment,
    interner: Interner,
    positions: Positions,
    next_node_key: u32,
    next_tie_key: u32,
}

/// The position of each node key, as runs of keys that follow each other without a gap: one for a store
/// that never deleted a node, however large, and few for the surroundings of a node, wherever its key.
#[derive(Debug, Default)]
struct Positions {
    runs: Vec<Run>,
    n_positions: u32,
}

#[derive(Debug)]
struct Run {
    first_key: u32,
    first_position: u32,
}

impl Positions {
    /// Gives the next position to a key larger than all before it.
    fn put(&mut self, key: NodeId) {
        let follows = |it: &Run| key.0 - it.first_key == self.n_positions - it.first_position;
        debug_assert!(
            self.runs.last().is_none_or(
                |it| key.0 - it.first_key.min(key.0) >= self.n_positions - it.first_position
            ),
            "nodes come in the order of their keys"
        );
        if !self.runs.last().is_some_and(follows) {
            self.runs.push(Run { first_key: key.0, first_position: self.n_positions });
        }
        self.n_positions += 1;
    }

    fn of(&self, key: NodeId) -> Option<u32> {
        let n_before = self.runs.partition_point(|it| it.first_key <= key.0);
        let run = self.runs[..n_before].last()?;
        let end = self.runs.get(n_before).map_or(self.n_positions, |it| it.first_position);
        let position = run.first_position + (key.0 - run.first_key);
        (position < end).then_some(position)
    }
}

/// A claim on a whole record with nothing but a source, a certainty, a locator and a dataset.
#[derive(Clone, Debug)]
pub struct PlainClaim<'a> {
    /// The source: how many sources were added before it.
    pub source: u32,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where in the source.
    pub locator: &'a str,
    /// The dataset that brought it.
    pub dataset: &'a str,
}

/// A node with nothing but columns, aliases and one plain claim, as almost all of a large store are.
#[derive(Clone, Debug)]
pub struct PlainNode<'a> {
    /// Its key.
    pub key: NodeId,
    /// Its id.
    pub id: &'a str,
    /// Its kind.
    pub kind: KindId,
    /// Its name.
    pub name: &'a str,
    /// Its other names.
    pub aliases: Vec<String>,
    /// Its stage.
    pub stage: Option<StageId>,
    /// When it began.
    pub valid_from: Option<PartialDate>,
    /// When it ended.
    pub valid_to: Option<PartialDate>,
    /// What it rests on; nothing in a graph without a schema.
    pub claim: Option<PlainClaim<'a>>,
}

/// A tie with nothing but columns, properties and one plain claim: no id of its own, no key or role.
/// Almost all ties of a large store are such.
#[derive(Clone, Debug)]
pub struct PlainTie<'a> {
    /// Its key.
    pub key: TieId,
    /// The node that it starts from.
    pub source: NodeId,
    /// The relation.
    pub relation: RelationId,
    /// The node that it goes to.
    pub target: NodeId,
    /// When it began.
    pub valid_from: Option<PartialDate>,
    /// When it ended.
    pub valid_to: Option<PartialDate>,
    /// What went along it.
    pub amount: Option<Amount>,
    /// Everything else.
    pub properties: BTreeMap<String, Value>,
    /// What it rests on; nothing in a graph without a schema.
    pub claim: Option<PlainClaim<'a>>,
}

/// Sources by position, and the positions by id.
#[derive(Clone, Debug, Default)]
pub(super) struct SourceTable {
    pub(super) rows: Vec<Option<Source>>,
    pub(super) position_of: HashMap<String, u32>,
}

impl SourceTable {
    pub(super) fn from_rows(rows: &[Option<Source>]) -> Self {
        let named = rows.iter().enumerate().filter_map(|(at, it)| it.as_ref().map(|it| (at, it)));
        let position_of = named.map(|(at, it)| (it.id.clone(), at as u32)).collect();
        Self { rows: rows.to_vec(), position_of }
    }

    pub(super) fn put(&mut self, source: Source) {
        match self.position_of.get(&source.id) {
            Some(&at) => self.rows[at as usize] = Some(source),
            None => {
                self.position_of.insert(source.id.clone(), self.rows.len() as u32);
                self.rows.push(Some(source));
            }
        }
    }

    /// The position of a source, which whoever applied the change has made sure of.
    pub(super) fn position(&self, id: &str) -> u32 {
        *self.position_of.get(id).expect("claims rest on sources that are there")
    }

    pub(super) fn date(&self, id: &str) -> Option<PartialDate> {
        let at = *self.position_of.get(id)?;
        self.rows[at as usize].as_ref()?.date
    }
}

impl SnapshotBuilder {
    /// Starts an empty snapshot.
    pub fn new(schema: Arc<Schema>) -> Self {
        Self {
            schema,
            sources: SourceTable::default(),
            facts: Vec::new(),
            rows: Segment::default(),
            interner: Interner::default(),
            positions: Positions::default(),
            next_node_key: 1,
            next_tie_key: 1,
        }
    }

    /// Freezes a model.
    pub fn from_model(model: &Model) -> Snapshot {
        let mut builder = Self::new(model.schema().clone());
        for source in model.sources().values() {
            builder.source(source.clone());
        }
        for node in model.nodes() {
            builder.node(node.key, node.record.clone());
        }
        for tie in model.ties() {
            let key_of = |id: &str| model.node(id).expect("a tie has both its ends").key;
            let (source, target) = (key_of(&tie.record.source), key_of(&tie.record.target));
            builder.tie(tie.key, source, target, tie.record.clone());
        }
        for fact in model.facts().values() {
            builder.fact(fact.clone());
        }
        builder.build()
    }

    /// Makes room for so many more nodes and ties, each with a claim: what is known to come need not
    /// be moved as it grows, and leaves no room unused.
    pub fn reserve(&mut self, n_nodes: usize, n_ties: usize) {
        self.rows.reserve(n_nodes, n_ties);
    }

    /// Adds a source.
    pub fn source(&mut self, source: Source) {
        self.sources.put(source);
    }

    /// The kind of that word; in a graph without a schema it may be a new one. None if the schema
    /// lacks it.
    pub fn kind_id(&mut self, word: &str) -> Option<KindId> {
        // Past the limit, which whoever writes holds to, a set of labels is none that is known.
        Schema::kind_or_new(&mut self.schema, word).ok().flatten()
    }

    /// The relation of that word, as [`SnapshotBuilder::kind_id`].
    pub fn relation_id(&mut self, word: &str) -> Option<RelationId> {
        Schema::relation_or_new(&mut self.schema, word).ok().flatten()
    }

    /// Adds a node. All its sources must be there.
    pub fn node(&mut self, key: NodeId, record: NodeRecord) {
        self.place(key);
        self.kind_id(&record.kind);
        push_node(
            &mut self.rows,
            &mut self.interner,
            &self.schema,
            &self.sources,
            key.0,
            record,
            Certainty::Inferred,
        );
    }

    /// Adds a node that is plain; means what [`SnapshotBuilder::node`] means, without a record.
    pub fn plain_node(&mut self, node: PlainNode<'_>) {
        self.place(node.key);
        self.rows.push_plain_node(&mut self.interner, node);
    }

    /// Adds a tie between two nodes, by their keys. All nodes must have been added.
    ///
    /// # Panics
    /// If one of the ends has not been added.
    pub fn tie(&mut self, key: TieId, source: NodeId, target: NodeId, record: TieRecord) {
        self.relation_id(&record.relation);
        let position =
            |key| self.positions.of(key).expect("both ends of a tie are added before it");
        let placed = Placed { key: key.0, source: position(source), target: position(target) };
        self.next_tie_key = self.next_tie_key.max(key.0 + 1);
        push_tie(
            &mut self.rows,
            &mut self.interner,
            &self.schema,
            &self.sources,
            &placed,
            record,
            Certainty::Inferred,
        );
    }

    /// Gives the next position to a key.
    fn place(&mut self, key: NodeId) {
        self.positions.put(key);
        self.next_node_key = self.next_node_key.max(key.0 + 1);
    }

    /// Whether a node of that key has been added.
    pub fn has_node(&self, key: NodeId) -> bool {
        self.positions.of(key).is_some()
    }

    /// Adds a tie that is plain; means what [`SnapshotBuilder::tie`] means, without a record.
    ///
    /// # Panics
    /// If one of the ends has not been added.
    pub fn plain_tie(&mut self, tie: PlainTie<'_>) {
        let position =
            |key| self.positions.of(key).expect("both ends of a tie are added before it");
        let (source, target) = (position(tie.source), position(tie.target));
        let placed = Placed { key: tie.key.0, source, target };
        self.next_tie_key = self.next_tie_key.max(tie.key.0 + 1);
        self.rows.push_plain_tie(&mut self.interner, &placed, tie);
    }

    /// Adds a fact.
    pub fn fact(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Keeps keys free that were used once, by nodes and ties since deleted.
    pub fn keys_used(&mut self, last_node: NodeId, last_tie: TieId) {
        self.next_node_key = self.next_node_key.max(last_node.0 + 1);
        self.next_tie_key = self.next_tie_key.max(last_tie.0 + 1);
    }

    /// The schema, with all words that came so far.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Builds the adjacency and freezes everything. O(nodes + ties).
    pub fn build(mut self) -> Snapshot {
        self.rows.shrink();
        self.facts.sort_by(|a, b| a.id.cmp(&b.id));
        let n_nodes = self.rows.n_nodes();
        let out = Adjacency::new(n_nodes, self.rows.sources_of_ties());
        let incoming = Adjacency::new(n_nodes, self.rows.targets_of_ties());
        let n_ties = self.rows.n_ties() as u32;
        Snapshot {
            schema: self.schema,
            base: Arc::new(Base { rows: self.rows, out, incoming, ..Base::default() }),
            layers: Vec::new(),
            floor: Certainty::Inferred,
            sources: Arc::new(self.sources.rows),
            facts: Arc::new(self.facts),
            n_node_positions: n_nodes as u32,
            n_tie_positions: n_ties,
            n_nodes: n_nodes as u32,
            n_ties,
            next_node_key: self.next_node_key,
            next_tie_key: self.next_tie_key,
            statistics: Arc::default(),
        }
    }
}

pub(super) fn push_node(
    rows: &mut Segment,
    interner: &mut Interner,
    schema: &Schema,
    sources: &SourceTable,
    key: u32,
    record: NodeRecord,
    floor: Certainty,
) {
    let (shown, _) = resolve_node(&record, &|id| sources.date(id), floor);
    let until = denied_after(&record.claims, sources, floor);
    let weighed = Weighed { written: record, shown, until };
    rows.push_node(interner, schema, key, weighed, &|id| sources.position(id));
}

pub(super) fn push_tie(
    rows: &mut Segment,
    interner: &mut Interner,
    schema: &Schema,
    sources: &SourceTable,
    placed: &Placed,
    record: TieRecord,
    floor: Certainty,
) {
    let (shown, _) = resolve_tie(&record, &|id| sources.date(id), floor);
    let until = denied_after(&record.claims, sources, floor);
    let weighed = Weighed { written: record, shown, until };
    rows.push_tie(interner, schema, placed, weighed, &|id| sources.position(id));
}

/// The key of the last day on which claims that deny leave a record in, if any does.
fn denied_after(claims: &[Claim], sources: &SourceTable, floor: Certainty) -> Option<i32> {
    let days =
        claims.iter().filter(|it| it.certainty <= floor).filter_map(|claim| match claim.denial? {
            Denial::Never => Some(i32::MIN),
            Denial::Ended => match &claim.value {
                Some(end) => end.parse().ok().map(PartialDate::last_key),
                None => sources.date(&claim.source).map(|it| it.first_key() - 1),
            },
        });
    days.min()
}
