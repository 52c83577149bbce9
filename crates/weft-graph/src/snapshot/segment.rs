//! Rows as columns: the one form in which the base and every layer hold nodes, ties and claims.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use hashbrown::HashTable;
use weft_value::{PartialDate, Value};

use super::Snapshot;
use super::index::RowsOfKind;
use super::lookup::Lookups;
use super::text::{Interner, TextId, TextPool};
use crate::{
    Amount, AmountRef, Certainty, Claim, Denial, Identifier, Kind, KindId, NodeId, NodeIdx,
    NodeRecord, Qualifier, Relation, RelationId, Schema, Source, Stage, StageId, TieId, TieIdx,
    TieKey, TieRecord,
};

const NO_STAGE: u8 = u8::MAX;
const NO_DATE: i32 = 0;
/// The key of a date that never comes: without an end, a record is in for ever.
const FOREVER: i32 = i32::MAX;

/// Nodes, ties and their claims in columns.
#[derive(Debug, Default)]
pub(super) struct Segment {
    texts: TextPool,
    nodes: NodeColumns,
    ties: TieColumns,
    claims: ClaimColumns,
    amounts: AmountColumns,
    node_index: OnceLock<RowIndex>,
    given_index: OnceLock<RowIndex>,
    rows_of_kind: OnceLock<RowsOfKind>,
    lookups: Lookups,
}

/// Makes room in all columns.
macro_rules! reserve_all {
    ($($column:ident),*) => {
        fn reserve(&mut self, n_rows: usize) {
            $(self.$column.reserve_exact(n_rows);)*
        }
    };
}

#[derive(Debug, Default)]
struct NodeColumns {
    key: Vec<u32>,
    id: Vec<TextId>,
    name: Vec<TextId>,
    kind: Vec<u16>,
    stage: Vec<u8>,
    certainty: Vec<Certainty>,
    from: Vec<i32>,
    to: Vec<i32>,
    /// The last day key on which the node is in: its end, or an earlier denial.
    until: Vec<i32>,
    claims_end: Vec<u32>,
    rest: Vec<Option<Box<NodeRest>>>,
}

#[derive(Debug, Default)]
struct TieColumns {
    key: Vec<u32>,
    source: Vec<u32>,
    target: Vec<u32>,
    relation: Vec<u16>,
    certainty: Vec<Certainty>,
    from: Vec<i32>,
    to: Vec<i32>,
    until: Vec<i32>,
    /// One more than the place in `amounts`; 0 without an amount.
    amount: Vec<u32>,
    claims_end: Vec<u32>,
    rest: Vec<Option<Box<TieRest>>>,
}

/// Amounts of ties. Few ties have one, and what adds them up reads the values alone.
#[derive(Debug, Default)]
struct AmountColumns {
    value: Vec<f64>,
    currency: Vec<TextId>,
    qualifier: Vec<Qualifier>,
}

#[derive(Debug, Default)]
struct ClaimColumns {
    source: Vec<u32>,
    locator: Vec<TextId>,
    dataset: Vec<TextId>,
    certainty: Vec<Certainty>,
    rest: Vec<Option<Box<ClaimRest>>>,
}

impl AmountColumns {
    /// Adds an amount, if there is one. One more than its place; 0 without one.
    fn push(
        &mut self,
        texts: &mut TextPool,
        interner: &mut Interner,
        amount: Option<Amount>,
    ) -> u32 {
        let Some(Amount { value, currency, qualifier }) = amount else { return 0 };
        self.value.push(value);
        self.currency.push(texts.intern(interner, &currency));
        self.qualifier.push(qualifier);
        self.value.len() as u32
    }

    fn shrink(&mut self) {
        self.value.shrink_to_fit();
        self.currency.shrink_to_fit();
        self.qualifier.shrink_to_fit();
    }

    fn bytes(&self) -> usize {
        self.value.capacity() * (size_of::<f64>() + size_of::<TextId>() + size_of::<Qualifier>())
    }
}

impl NodeColumns {
    reserve_all!(key, id, name, kind, stage, certainty, from, to, until, claims_end, rest);
}

impl TieColumns {
    reserve_all!(
        key, source, target, relation, certainty, from, to, until, amount, claims_end, rest
    );
}

impl ClaimColumns {
    reserve_all!(source, locator, dataset, certainty, rest);
}

/// Free properties in the order of their names, which stand in the pool of texts once for all records.
/// A map of its own for each record would take ten times the room, and graphs without a schema have
/// properties on nearly every node.
type Properties = Box<[(TextId, Value)]>;

/// What few nodes have.
#[derive(Clone, Debug, Default, PartialEq)]
struct NodeRest {
    aliases: Vec<String>,
    identifiers: Vec<Identifier>,
    sectors: Vec<String>,
    tags: Vec<String>,
    distinct: bool,
    amount: Option<Amount>,
    properties: Properties,
    /// The record as it was written, where claims make it show otherwise.
    written: Option<Box<NodeRecord>>,
}

/// What few ties have.
#[derive(Clone, Debug, Default, PartialEq)]
struct TieRest {
    given_id: Option<String>,
    key: Option<String>,
    role: Option<String>,
    properties: Properties,
    written: Option<Box<TieRecord>>,
}

/// What few claims have.
#[derive(Clone, Debug, Default, PartialEq)]
struct ClaimRest {
    field: Option<String>,
    value: Option<String>,
    denial: Option<Denial>,
    retrieved: Option<PartialDate>,
    note: Option<String>,
}

/// Rows by the hash of a text.
#[derive(Debug, Default)]
struct RowIndex {
    table: HashTable<u32>,
    hasher: RandomState,
}

/// The columns of a node that queries see as properties, beside its name.
pub(super) struct NodeFields<'a> {
    pub(super) certainty: Certainty,
    pub(super) aliases: &'a [String],
    pub(super) identifiers: &'a [Identifier],
    pub(super) sectors: &'a [String],
    pub(super) tags: &'a [String],
    pub(super) amount: Option<&'a Amount>,
}

/// A record whose claims have been weighed.
pub(super) struct Weighed<T> {
    pub(super) written: T,
    /// What its claims make of it, if they differ from it.
    pub(super) shown: Option<T>,
    /// The key of its last day, if a claim denies it after that.
    pub(super) until: Option<i32>,
}

/// What a row says beside its record, in a snapshot's own numbers.
pub(super) struct Placed {
    pub(super) key: u32,
    pub(super) source: u32,
    pub(super) target: u32,
}

impl Segment {
    pub(super) fn n_nodes(&self) -> usize {
        self.nodes.key.len()
    }

    pub(super) fn n_ties(&self) -> usize {
        self.ties.key.len()
    }

    pub(super) fn sources_of_ties(&self) -> &[u32] {
        &self.ties.source
    }

    pub(super) fn targets_of_ties(&self) -> &[u32] {
        &self.ties.target
    }

    pub(super) fn relations_of_ties(&self) -> &[u16] {
        &self.ties.relation
    }

    pub(super) fn rows_of_kind(&self) -> &RowsOfKind {
        self.rows_of_kind.get_or_init(|| RowsOfKind::new(&self.nodes.kind))
    }

    pub(super) fn lookups(&self) -> &Lookups {
        &self.lookups
    }

    pub(super) fn kind_of_node(&self, row: usize) -> KindId {
        KindId(self.nodes.kind[row])
    }

    /// The kinds of the ends of a tie, with its relation between them; both ends are rows here.
    pub(super) fn kinds_of_tie(&self, row: usize) -> (KindId, RelationId, KindId) {
        let kind = |end: u32| self.kind_of_node(end as usize);
        let ties = &self.ties;
        (kind(ties.source[row]), RelationId(ties.relation[row]), kind(ties.target[row]))
    }

    pub(super) fn name_of_node(&self, row: usize) -> &str {
        self.texts.get(self.nodes.name[row])
    }

    pub(super) fn id_of_node(&self, row: usize) -> &str {
        self.texts.get(self.nodes.id[row])
    }

    pub(super) fn stage_of_node(&self, row: usize) -> Option<StageId> {
        Some(self.nodes.stage[row]).filter(|&it| it != NO_STAGE).map(StageId)
    }

    /// The dates from and to which a node is valid.
    pub(super) fn dates_of_node(&self, row: usize) -> [Option<PartialDate>; 2] {
        [self.nodes.from[row], self.nodes.to[row]].map(PartialDate::from_bits)
    }

    pub(super) fn free_property_of_node(&self, row: usize, name: &str) -> Option<&Value> {
        self.texts.find_property(&self.nodes.rest[row].as_ref()?.properties, name)
    }

    /// Whether a row has, or had, a free property of that name.
    pub(super) fn knows_free_property(&self, name: &str) -> bool {
        self.texts.has_property_name(name)
    }

    /// The names of free properties, in no order.
    pub(super) fn free_property_names(&self) -> impl Iterator<Item = &str> {
        self.texts.property_names()
    }

    pub(super) fn columns_of_node(&self, row: usize) -> NodeFields<'_> {
        let rest = self.nodes.rest[row].as_deref();
        NodeFields {
            certainty: self.nodes.certainty[row],
            aliases: rest.map_or(&[], |it| &it.aliases),
            identifiers: rest.map_or(&[], |it| &it.identifiers),
            sectors: rest.map_or(&[], |it| &it.sectors),
            tags: rest.map_or(&[], |it| &it.tags),
            amount: rest.and_then(|it| it.amount.as_ref()),
        }
    }

    pub(super) fn reserve(&mut self, n_nodes: usize, n_ties: usize) {
        self.nodes.reserve(n_nodes);
        self.ties.reserve(n_ties);
        self.claims.reserve(n_nodes + n_ties);
    }

    /// Adds a node.
    pub(super) fn push_node(
        &mut self,
        interner: &mut Interner,
        schema: &Schema,
        key: u32,
        weighed: Weighed<NodeRecord>,
        source_of: &dyn Fn(&str) -> u32,
    ) {
        let Weighed { written, shown, until } = weighed;
        let certainty = certainty_of(schema, &written.claims, || written.certainty());
        self.push_claims(interner, &written.claims, source_of);
        let (shown, written) = match shown {
            Some(shown) if shown != written => (shown, Some(Box::new(written))),
            _ => (written, None),
        };
        let nodes = &mut self.nodes;
        nodes.key.push(key);
        nodes.id.push(self.texts.push(&shown.id));
        nodes.name.push(self.texts.push(&shown.name));
        nodes.kind.push(schema.kind_id(&shown.kind).map_or(u16::MAX, |it| it.0));
        let stage = shown.stage.as_deref().and_then(|it| schema.stage_id(it));
        nodes.stage.push(stage.map_or(NO_STAGE, |it| it.0));
        nodes.certainty.push(certainty);
        nodes.from.push(bits(shown.valid_from));
        nodes.to.push(bits(shown.valid_to));
        nodes.until.push(last_day(shown.valid_to, until));
        nodes.claims_end.push(0);
        let rest = NodeRest {
            aliases: shown.aliases,
            identifiers: shown.identifiers,
            sectors: shown.sectors,
            tags: shown.tags,
            distinct: shown.distinct,
            amount: shown.amount,
            properties: self.texts.properties(interner, shown.properties),
            written,
        };
        nodes.rest.push((rest != NodeRest::default()).then(|| Box::new(rest)));
        let n_claims = self.claims.source.len() as u32;
        if let Some(end) = self.nodes.claims_end.last_mut() {
            *end = n_claims;
        }
    }

    /// Adds a node with nothing but columns, aliases and one claim on the whole, as
    /// [`Segment::push_node`] would.
    pub(super) fn push_plain_node(&mut self, interner: &mut Interner, node: super::PlainNode<'_>) {
        if let Some(claim) = &node.claim {
            self.push_plain_claim(interner, claim);
        }
        let nodes = &mut self.nodes;
        nodes.key.push(node.key.0);
        nodes.id.push(self.texts.push(node.id));
        nodes.name.push(self.texts.push(node.name));
        nodes.kind.push(node.kind.0);
        nodes.stage.push(node.stage.map_or(NO_STAGE, |it| it.0));
        nodes.certainty.push(node.claim.map_or(Certainty::Stated, |it| it.certainty));
        nodes.from.push(bits(node.valid_from));
        nodes.to.push(bits(node.valid_to));
        nodes.until.push(last_day(node.valid_to, None));
        nodes.claims_end.push(self.claims.source.len() as u32);
        nodes.rest.push(match node.aliases.is_empty() {
            true => None,
            false => Some(Box::new(NodeRest { aliases: node.aliases, ..NodeRest::default() })),
        });
    }

    /// Adds a tie between two positions. All nodes of a segment come before its first tie.
    pub(super) fn push_tie(
        &mut self,
        interner: &mut Interner,
        schema: &Schema,
        placed: &Placed,
        weighed: Weighed<TieRecord>,
        source_of: &dyn Fn(&str) -> u32,
    ) {
        let Weighed { written, shown, until } = weighed;
        let certainty = certainty_of(schema, &written.claims, || written.certainty());
        self.push_claims(interner, &written.claims, source_of);
        let (mut shown, written) = match shown {
            Some(shown) if shown != written => (shown, Some(Box::new(written))),
            _ => (written, None),
        };
        if schema.is_open() && shown.given_id == Some(TieId(placed.key).open_id()) {
            // Made again of the key: millions of ties have no other.
            shown.given_id = None;
        }
        let ties = &mut self.ties;
        ties.key.push(placed.key);
        ties.source.push(placed.source);
        ties.target.push(placed.target);
        ties.relation.push(schema.relation_id(&shown.relation).map_or(u16::MAX, |it| it.0));
        ties.certainty.push(certainty);
        ties.from.push(bits(shown.valid_from));
        ties.to.push(bits(shown.valid_to));
        ties.until.push(last_day(shown.valid_to, until));
        ties.amount.push(self.amounts.push(&mut self.texts, interner, shown.amount));
        ties.claims_end.push(self.claims.source.len() as u32);
        let rest = TieRest {
            given_id: shown.given_id,
            key: shown.key,
            role: shown.role,
            properties: self.texts.properties(interner, shown.properties),
            written,
        };
        ties.rest.push((rest != TieRest::default()).then(|| Box::new(rest)));
    }

    /// Adds a tie with nothing but columns and one claim on the whole, as [`Segment::push_tie`] would.
    pub(super) fn push_plain_tie(
        &mut self,
        interner: &mut Interner,
        placed: &Placed,
        tie: super::PlainTie<'_>,
    ) {
        if let Some(claim) = &tie.claim {
            self.push_plain_claim(interner, claim);
        }
        let ties = &mut self.ties;
        ties.key.push(placed.key);
        ties.source.push(placed.source);
        ties.target.push(placed.target);
        ties.relation.push(tie.relation.0);
        ties.certainty.push(tie.claim.map_or(Certainty::Stated, |it| it.certainty));
        ties.from.push(bits(tie.valid_from));
        ties.to.push(bits(tie.valid_to));
        ties.until.push(last_day(tie.valid_to, None));
        ties.amount.push(self.amounts.push(&mut self.texts, interner, tie.amount));
        ties.claims_end.push(self.claims.source.len() as u32);
        ties.rest.push(match tie.properties.is_empty() {
            true => None,
            false => {
                let properties = self.texts.properties(interner, tie.properties);
                Some(Box::new(TieRest { properties, ..TieRest::default() }))
            }
        });
    }

    fn push_plain_claim(&mut self, interner: &mut Interner, claim: &super::PlainClaim<'_>) {
        self.claims.source.push(claim.source);
        self.claims.locator.push(self.texts.intern(interner, claim.locator));
        // Nearly always that of the claim before.
        let dataset = match self.claims.dataset.last() {
            Some(&last) if self.texts.get(last) == claim.dataset => last,
            _ => self.texts.intern(interner, claim.dataset),
        };
        self.claims.dataset.push(dataset);
        self.claims.certainty.push(claim.certainty);
        self.claims.rest.push(None);
    }

    fn push_claims(
        &mut self,
        interner: &mut Interner,
        claims: &[Claim],
        source_of: &dyn Fn(&str) -> u32,
    ) {
        for claim in claims {
            self.claims.source.push(source_of(&claim.source));
            self.claims.locator.push(self.texts.intern(interner, &claim.locator));
            self.claims.dataset.push(self.texts.intern(interner, &claim.dataset));
            self.claims.certainty.push(claim.certainty);
            let rest = ClaimRest {
                field: claim.field.clone(),
                value: claim.value.clone(),
                denial: claim.denial,
                retrieved: claim.retrieved,
                note: claim.note.clone(),
            };
            self.claims.rest.push((rest != ClaimRest::default()).then(|| Box::new(rest)));
        }
    }

    /// The row of the node of that id.
    pub(super) fn find_node(&self, id: &str) -> Option<u32> {
        let index = self.node_index.get_or_init(|| self.index_nodes());
        let hash = index.hasher.hash_one(id);
        index.table.find(hash, |&row| self.texts.get(self.nodes.id[row as usize]) == id).copied()
    }

    /// The row of the tie that was given that id.
    pub(super) fn find_given_tie(&self, id: &str) -> Option<u32> {
        let index = self.given_index.get_or_init(|| self.index_given_ids());
        let hash = index.hasher.hash_one(id);
        index.table.find(hash, |&row| self.given_id(row) == Some(id)).copied()
    }

    fn given_id(&self, row: u32) -> Option<&str> {
        self.ties.rest[row as usize].as_ref()?.given_id.as_deref()
    }

    fn index_given_ids(&self) -> RowIndex {
        let mut index = RowIndex::default();
        let hash_of = |row: &u32| index.hasher.hash_one(self.given_id(*row).unwrap_or_default());
        let mut table = HashTable::new();
        for row in (0..self.n_ties() as u32).filter(|&it| self.given_id(it).is_some()) {
            table.insert_unique(hash_of(&row), row, hash_of);
        }
        index.table = table;
        index
    }

    /// The row of the node of that key, where rows stand in the order of their keys.
    pub(super) fn node_row_of_key(&self, key: NodeId) -> Option<u32> {
        self.nodes.key.binary_search(&key.0).ok().map(|it| it as u32)
    }

    /// The row of the tie of that key, where rows stand in the order of their keys.
    pub(super) fn tie_row_of_key(&self, key: TieId) -> Option<u32> {
        self.ties.key.binary_search(&key.0).ok().map(|it| it as u32)
    }

    fn index_nodes(&self) -> RowIndex {
        let mut index = RowIndex::default();
        let hash_of = |row: &u32| {
            let id = self.texts.get(self.nodes.id[*row as usize]);
            index.hasher.hash_one(id)
        };
        let mut table = HashTable::with_capacity(self.n_nodes());
        for row in 0..self.n_nodes() as u32 {
            table.insert_unique(hash_of(&row), row, hash_of);
        }
        index.table = table;
        index
    }

    pub(super) fn bytes(&self) -> (usize, usize, usize) {
        let claims = |range: usize| {
            // source, locator, dataset, certainty, the rest's pointer
            range * (3 * 4 + 1 + 8)
        };
        let n_node_claims = self.nodes.claims_end.last().map_or(0, |&it| it as usize);
        let n_tie_claims = self.claims.source.len() - n_node_claims;
        let tie_rest: usize = self.ties.rest.iter().flatten().map(|_| size_of::<TieRest>()).sum();
        let node_rest: usize =
            self.nodes.rest.iter().flatten().map(|_| size_of::<NodeRest>()).sum();
        // key, source, target, from, to, until, amount, claims: 8 words; relation, certainty, rest
        let ties = self.n_ties() * (8 * 4 + 2 + 1 + 8) + tie_rest + claims(n_tie_claims);
        // key, id, name, from, to, until, claims: 7 words; kind, stage, certainty, rest, index
        let nodes = self.n_nodes() * (7 * 4 + 2 + 1 + 1 + 8 + 8) + node_rest;
        let (texts, text_ends) = self.texts.bytes();
        (ties + self.amounts.bytes(), nodes + claims(n_node_claims) + text_ends, texts)
    }

    pub(super) fn shrink(&mut self) {
        self.texts.shrink();
        self.amounts.shrink();
    }

    fn claims_of_node(&self, row: usize) -> std::ops::Range<usize> {
        let start = if row == 0 { 0 } else { self.nodes.claims_end[row - 1] as usize };
        start..self.nodes.claims_end[row] as usize
    }

    fn claims_of_tie(&self, row: usize) -> std::ops::Range<usize> {
        let start = match row {
            0 => self.nodes.claims_end.last().map_or(0, |&it| it as usize),
            _ => self.ties.claims_end[row - 1] as usize,
        };
        start..self.ties.claims_end[row] as usize
    }
}

/// The certainty of a record by its claims; without a schema it may rest on none, whatever is claimed of
/// its fields, and counts all the same.
fn certainty_of(schema: &Schema, claims: &[Claim], of: impl FnOnce() -> Certainty) -> Certainty {
    let rests_on_none = schema.is_open() && claims.iter().all(|it| it.field.is_some());
    if rests_on_none { Certainty::Stated } else { of() }
}

fn bits(date: Option<PartialDate>) -> i32 {
    date.map_or(NO_DATE, PartialDate::to_bits)
}

fn last_day(to: Option<PartialDate>, denied: Option<i32>) -> i32 {
    to.map_or(FOREVER, PartialDate::last_key).min(denied.unwrap_or(FOREVER))
}

/// A node of a snapshot.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    snapshot: &'a Snapshot,
    segment: &'a Segment,
    row: usize,
    idx: NodeIdx,
}

/// A tie of a snapshot.
#[derive(Clone, Copy)]
pub struct TieRef<'a> {
    snapshot: &'a Snapshot,
    segment: &'a Segment,
    row: usize,
    idx: TieIdx,
}

/// A claim of a snapshot.
#[derive(Clone, Copy)]
pub struct ClaimRef<'a> {
    snapshot: &'a Snapshot,
    segment: &'a Segment,
    row: usize,
}

impl<'a> NodeRef<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        segment: &'a Segment,
        row: usize,
        idx: NodeIdx,
    ) -> Self {
        Self { snapshot, segment, row, idx }
    }

    /// The position in the snapshot.
    pub fn idx(&self) -> NodeIdx {
        self.idx
    }

    /// The store's key.
    pub fn key(&self) -> NodeId {
        NodeId(self.segment.nodes.key[self.row])
    }

    /// The stable id.
    pub fn id(&self) -> &'a str {
        self.segment.texts.get(self.segment.nodes.id[self.row])
    }

    /// The name that people read; its id where it has none, as nodes without a schema may.
    pub fn name(&self) -> &'a str {
        let name = self.segment.name_of_node(self.row);
        if name.is_empty() { self.id() } else { name }
    }

    /// The position of the kind in the schema.
    pub fn kind_id(&self) -> KindId {
        KindId(self.segment.nodes.kind[self.row])
    }

    /// The kind.
    pub fn kind(&self) -> &'a Kind {
        self.snapshot.schema.kind(self.kind_id())
    }

    /// The stage, of a company whose stage a source tells.
    pub fn stage_id(&self) -> Option<StageId> {
        Some(self.segment.nodes.stage[self.row]).filter(|&it| it != NO_STAGE).map(StageId)
    }

    /// The stage by its words.
    pub fn stage(&self) -> Option<&'a Stage> {
        self.stage_id().map(|it| self.snapshot.schema.stage(it))
    }

    /// Whether its stage says that it is a start-up.
    pub fn is_start_up(&self) -> bool {
        self.stage_id().is_some_and(|it| self.snapshot.schema.stage(it).start_up)
    }

    /// When it began, as far as a source says.
    pub fn valid_from(&self) -> Option<PartialDate> {
        PartialDate::from_bits(self.segment.nodes.from[self.row])
    }

    /// When it ended.
    pub fn valid_to(&self) -> Option<PartialDate> {
        PartialDate::from_bits(self.segment.nodes.to[self.row])
    }

    /// Whether it is in on the day of that key (see [`PartialDate::last_key`]).
    pub fn is_valid_at(&self, day_key: i32) -> bool {
        is_valid(self.segment.nodes.from[self.row], self.segment.nodes.until[self.row], day_key)
    }

    /// The certainty of its strongest claim.
    pub fn certainty(&self) -> Certainty {
        self.segment.nodes.certainty[self.row]
    }

    /// Other names.
    pub fn aliases(&self) -> &'a [String] {
        self.rest().map_or(&[], |it| &it.aliases)
    }

    /// Numbers in registers.
    pub fn identifiers(&self) -> &'a [Identifier] {
        self.rest().map_or(&[], |it| &it.identifiers)
    }

    /// Sectors it works in.
    pub fn sectors(&self) -> &'a [String] {
        self.rest().map_or(&[], |it| &it.sectors)
    }

    /// Free words.
    pub fn tags(&self) -> &'a [String] {
        self.rest().map_or(&[], |it| &it.tags)
    }

    /// A total that several parties share.
    pub fn amount(&self) -> Option<&'a Amount> {
        self.rest().and_then(|it| it.amount.as_ref())
    }

    /// A free property.
    pub fn property(&self, name: &str) -> Option<&'a Value> {
        self.rest().and_then(|it| self.segment.texts.find_property(&it.properties, name))
    }

    /// All free properties, by name.
    pub fn properties(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let (texts, all) = (&self.segment.texts, self.rest().into_iter());
        all.flat_map(|it| &it.properties).map(|(name, value)| (texts.get(*name), value))
    }

    /// Its claims.
    pub fn claims(&self) -> impl Iterator<Item = ClaimRef<'a>> + use<'a> {
        let (snapshot, segment) = (self.snapshot, self.segment);
        segment.claims_of_node(self.row).map(move |row| ClaimRef { snapshot, segment, row })
    }

    /// The record as it is shown: each field with the value of its strongest claim.
    pub fn record(&self) -> NodeRecord {
        let rest = self.rest().cloned().unwrap_or_default();
        NodeRecord {
            id: self.id().to_owned(),
            kind: self.kind().id.clone(),
            name: self.segment.name_of_node(self.row).to_owned(),
            aliases: rest.aliases,
            identifiers: rest.identifiers,
            sectors: rest.sectors,
            stage: self.stage_id().map(|it| self.snapshot.schema.stage(it).id.clone()),
            tags: rest.tags,
            valid_from: self.valid_from(),
            valid_to: self.valid_to(),
            distinct: rest.distinct,
            amount: rest.amount,
            properties: self.properties().map(|it| (it.0.to_owned(), it.1.clone())).collect(),
            claims: self.claims().map(|it| it.record()).collect(),
        }
    }

    /// The record as it was written, before claims on single fields were weighed.
    pub fn written(&self) -> NodeRecord {
        match self.rest().and_then(|it| it.written.as_deref()) {
            Some(written) => written.clone(),
            None => self.record(),
        }
    }

    pub(super) fn schema(&self) -> &'a Schema {
        &self.snapshot.schema
    }

    pub(super) fn place(&self) -> (&'a Segment, usize) {
        (self.segment, self.row)
    }

    fn rest(&self) -> Option<&'a NodeRest> {
        self.segment.nodes.rest[self.row].as_deref()
    }
}

impl<'a> TieRef<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        segment: &'a Segment,
        row: usize,
        idx: TieIdx,
    ) -> Self {
        Self { snapshot, segment, row, idx }
    }

    /// The position in the snapshot.
    pub fn idx(&self) -> TieIdx {
        self.idx
    }

    /// The store's key.
    pub fn key(&self) -> TieId {
        TieId(self.segment.ties.key[self.row])
    }

    /// The stable id.
    pub fn id(&self) -> String {
        let by_parts = || {
            let key = TieKey {
                source: self.snapshot.node(self.source()).id().to_owned(),
                relation: self.relation().id.clone(),
                target: self.snapshot.node(self.target()).id().to_owned(),
                valid_from: self.valid_from(),
                key: self.rest().and_then(|it| it.key.clone()),
            };
            key.to_string()
        };
        self.given_id().unwrap_or_else(by_parts)
    }

    /// The node that it starts from.
    pub fn source(&self) -> NodeIdx {
        NodeIdx(self.segment.ties.source[self.row])
    }

    /// The node that it goes to.
    pub fn target(&self) -> NodeIdx {
        NodeIdx(self.segment.ties.target[self.row])
    }

    /// The end that is not `idx`.
    pub fn other(&self, idx: NodeIdx) -> NodeIdx {
        if self.source() == idx { self.target() } else { self.source() }
    }

    /// The position of the relation in the schema.
    pub fn relation_id(&self) -> RelationId {
        RelationId(self.segment.ties.relation[self.row])
    }

    /// The relation.
    pub fn relation(&self) -> &'a Relation {
        self.snapshot.schema.relation(self.relation_id())
    }

    /// When it began, as far as a source says.
    pub fn valid_from(&self) -> Option<PartialDate> {
        PartialDate::from_bits(self.segment.ties.from[self.row])
    }

    /// When it ended.
    pub fn valid_to(&self) -> Option<PartialDate> {
        PartialDate::from_bits(self.segment.ties.to[self.row])
    }

    /// Whether the tie itself is in on the day of that key; its ends are asked apart.
    pub fn is_valid_at(&self, day_key: i32) -> bool {
        is_valid(self.segment.ties.from[self.row], self.segment.ties.until[self.row], day_key)
    }

    /// The certainty of its strongest claim.
    pub fn certainty(&self) -> Certainty {
        self.segment.ties.certainty[self.row]
    }

    /// What went along it.
    pub fn amount(&self) -> Option<AmountRef<'a>> {
        let AmountColumns { value, currency, qualifier } = &self.segment.amounts;
        let place = self.amount_place()?;
        let currency = self.segment.texts.get(currency[place]);
        Some(AmountRef { value: value[place], currency, qualifier: qualifier[place] })
    }

    /// How much, of what went along it.
    pub(super) fn amount_value(&self) -> Option<f64> {
        Some(self.segment.amounts.value[self.amount_place()?])
    }

    fn amount_place(&self) -> Option<usize> {
        Some(self.segment.ties.amount[self.row].checked_sub(1)? as usize)
    }

    /// As what the source takes part.
    pub fn role(&self) -> Option<&'a str> {
        self.rest().and_then(|it| it.role.as_deref())
    }

    /// A free property.
    pub fn property(&self, name: &str) -> Option<&'a Value> {
        self.rest().and_then(|it| self.segment.texts.find_property(&it.properties, name))
    }

    /// All free properties, by name.
    pub fn properties(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let (texts, all) = (&self.segment.texts, self.rest().into_iter());
        all.flat_map(|it| &it.properties).map(|(name, value)| (texts.get(*name), value))
    }

    /// Its claims.
    pub fn claims(&self) -> impl Iterator<Item = ClaimRef<'a>> + use<'a> {
        let (snapshot, segment) = (self.snapshot, self.segment);
        segment.claims_of_tie(self.row).map(move |row| ClaimRef { snapshot, segment, row })
    }

    /// The record as it is shown: each field with the value of its strongest claim.
    pub fn record(&self) -> TieRecord {
        let claims = self.claims().map(|it| it.record()).collect();
        TieRecord { claims, ..self.record_without_claims() }
    }

    /// The record as it was written, before claims on single fields were weighed.
    pub fn written(&self) -> TieRecord {
        match self.rest().and_then(|it| it.written.as_deref()) {
            Some(written) => written.clone(),
            None => self.record(),
        }
    }

    /// The id that it was given, or has by its key in a graph without a schema.
    fn given_id(&self) -> Option<String> {
        let given = self.rest().and_then(|it| it.given_id.clone());
        given.or_else(|| self.snapshot.schema.is_open().then(|| self.key().open_id()))
    }

    fn record_without_claims(&self) -> TieRecord {
        let rest = self.rest().cloned().unwrap_or_default();
        TieRecord {
            given_id: self.given_id(),
            source: self.snapshot.node(self.source()).id().to_owned(),
            relation: self.relation().id.clone(),
            target: self.snapshot.node(self.target()).id().to_owned(),
            key: rest.key,
            valid_from: self.valid_from(),
            valid_to: self.valid_to(),
            amount: self.amount().map(AmountRef::to_amount),
            role: rest.role,
            properties: self.properties().map(|it| (it.0.to_owned(), it.1.clone())).collect(),
            claims: Vec::new(),
        }
    }

    pub(super) fn schema(&self) -> &'a Schema {
        &self.snapshot.schema
    }

    fn rest(&self) -> Option<&'a TieRest> {
        self.segment.ties.rest[self.row].as_deref()
    }
}

impl<'a> ClaimRef<'a> {
    /// The source.
    pub fn source(&self) -> &'a Source {
        self.snapshot.source_at(self.segment.claims.source[self.row])
    }

    /// Where in the source.
    pub fn locator(&self) -> &'a str {
        self.segment.texts.get(self.segment.claims.locator[self.row])
    }

    /// How sure.
    pub fn certainty(&self) -> Certainty {
        self.segment.claims.certainty[self.row]
    }

    /// The dataset whose import brought it.
    pub fn dataset(&self) -> &'a str {
        self.segment.texts.get(self.segment.claims.dataset[self.row])
    }

    /// The one field that it speaks of.
    pub fn field(&self) -> Option<&'a str> {
        self.rest().and_then(|it| it.field.as_deref())
    }

    /// The value that it states for that field.
    pub fn value(&self) -> Option<&'a str> {
        self.rest().and_then(|it| it.value.as_deref())
    }

    /// What it denies.
    pub fn denial(&self) -> Option<Denial> {
        self.rest().and_then(|it| it.denial)
    }

    /// A second reading, a reason, a caution.
    pub fn note(&self) -> Option<&'a str> {
        self.rest().and_then(|it| it.note.as_deref())
    }

    /// The claim as a record.
    pub fn record(&self) -> Claim {
        let rest = self.rest().cloned().unwrap_or_default();
        Claim {
            source: self.source().id.clone(),
            locator: self.locator().to_owned(),
            certainty: self.certainty(),
            field: rest.field,
            value: rest.value,
            denial: rest.denial,
            retrieved: rest.retrieved,
            note: rest.note,
            dataset: self.dataset().to_owned(),
        }
    }

    fn rest(&self) -> Option<&'a ClaimRest> {
        self.segment.claims.rest[self.row].as_deref()
    }
}

fn is_valid(from: i32, until: i32, day_key: i32) -> bool {
    let begun =
        from == NO_DATE || PartialDate::from_bits(from).is_some_and(|it| it.first_key() <= day_key);
    begun && day_key <= until
}
