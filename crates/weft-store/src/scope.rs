//! Snapshots of a store: of all of it, of an older revision, or of the surroundings of some nodes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;
use weft_graph::{
    Fact, KindId, NodeId, NodeRecord, PlainClaim, PlainNode, PlainTie, RelationId, Snapshot,
    SnapshotBuilder, Source, StageId, TieId, TieRecord,
};

use crate::apply::Head;
use crate::history::What;
use crate::row::{self, ClaimRow, ClaimsOf, KeyedTie, MoreClaims, NodeRow, TieRow};
use crate::tie_batch::N_KEYS;
use crate::{Error, Store};

/// How much of the file is mapped into memory while all of it is read, in bytes.
const MAPPED_MAX: i64 = 1 << 36;

/// The surroundings of some nodes.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The nodes within the depth, and the ties that were followed to them.
    pub snapshot: Snapshot,
    /// Whether the limit cut something off.
    pub is_cut: bool,
}

/// Records as they were at a revision, where they are no longer so, by key.
#[derive(Default)]
struct Before {
    sources: BTreeMap<u32, Source>,
    nodes: BTreeMap<u32, NodeRecord>,
    ties: BTreeMap<u32, (u32, u32, TieRecord)>,
    facts: BTreeMap<u32, Fact>,
    /// Keys above these came later.
    last: [u32; 4],
}

impl Store {
    /// Makes a snapshot of the whole store. O(nodes + ties).
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        self.reading(|| {
            let last = Head::newest(&self.conn)?.last;
            self.build(&Before { last, ..Default::default() })
        })
    }

    /// Makes a snapshot of the whole store, and says which revision left it so.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest(&self) -> Result<(u64, Snapshot), Error> {
        self.reading(|| Ok((self.revision()?, self.snapshot()?)))
    }

    /// Makes a snapshot of the store as that revision left it; 0 is the empty store.
    ///
    /// Costs what [`Store::snapshot`] costs, and memory for what changed since.
    ///
    /// # Errors
    /// [`Error::NoSuchRevision`], or if the file cannot be read.
    pub fn snapshot_at(&self, revision: u64) -> Result<Snapshot, Error> {
        self.reading(|| {
            let last = self.head_of(revision)?.last;
            let mut before = Before { last, ..Default::default() };
            // Of each key the first image after the revision is what it left.
            let mut statement = self.conn.prepare_cached(
                "SELECT what, key, source, target, before, min(revision) FROM history \
                 WHERE revision > ?1 GROUP BY what, key",
            )?;
            let mut rows = statement.query([revision as i64])?;
            while let Some(row) = rows.next()? {
                let key: u32 = row.get(1)?;
                let json = row.get_ref(4)?.as_str()?;
                let what: i64 = row.get(0)?;
                let at = usize::try_from(what - 1).ok().and_then(|it| last.get(it));
                if at.is_none_or(|&last| key > last) {
                    continue;
                }
                match what {
                    1 => drop(before.sources.insert(key, serde_json::from_str(json)?)),
                    2 => drop(before.nodes.insert(key, serde_json::from_str(json)?)),
                    3 => {
                        let tie = (row.get(2)?, row.get(3)?, serde_json::from_str(json)?);
                        before.ties.insert(key, tie);
                    }
                    _ => drop(before.facts.insert(key, serde_json::from_str(json)?)),
                }
            }
            self.build(&before)
        })
    }

    /// Makes a snapshot of the nodes at most `depth` ties away from some, whichever way they point.
    ///
    /// All ties at nodes nearer than `depth` are in, so that distances up to `depth` from the given
    /// nodes are those of the whole; ties between two nodes of the outermost ring are not. Read by
    /// index, in time proportional to the ties read, of which there are at most `n_ties_max`. Facts
    /// about the nodes and the sources of all this are in too.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn surroundings(
        &self,
        nodes: &[NodeId],
        depth: usize,
        n_ties_max: usize,
    ) -> Result<Surroundings, Error> {
        self.reading(|| self.surroundings_now(nodes, depth, n_ties_max))
    }

    fn surroundings_now(
        &self,
        nodes: &[NodeId],
        depth: usize,
        n_ties_max: usize,
    ) -> Result<Surroundings, Error> {
        let mut seen: BTreeSet<i64> = nodes.iter().map(|it| i64::from(it.0)).collect();
        let mut ties: BTreeSet<i64> = BTreeSet::new();
        let mut frontier: Vec<i64> = seen.iter().copied().collect();
        let mut is_cut = false;
        'levels: for _ in 0..depth {
            let mut next = Vec::new();
            for node in frontier {
                for sql in [
                    "SELECT key, target FROM ties WHERE source = ?1",
                    "SELECT key, source FROM ties WHERE target = ?1",
                ] {
                    let mut statement = self.conn.prepare_cached(sql)?;
                    let mut rows = statement.query([node])?;
                    while let Some(row) = rows.next()? {
                        let tie: i64 = row.get(0)?;
                        if !ties.contains(&tie) && ties.len() == n_ties_max {
                            is_cut = true;
                            break 'levels;
                        }
                        ties.insert(tie);
                        let other: i64 = row.get(1)?;
                        if seen.insert(other) {
                            next.push(other);
                        }
                    }
                }
            }
            frontier = next;
        }
        let mut found_nodes = Vec::new();
        let mut found_ties = Vec::new();
        let mut facts = Vec::new();
        let mut sources: BTreeSet<String> = BTreeSet::new();
        for &key in &seen {
            let Some(node) = row::node_by_key(&self.conn, &self.lookup, key)? else { continue };
            sources.extend(node.claims.iter().map(|it| it.source.clone()));
            found_nodes.push((row::key_of(key)?, node));
            for fact in self.facts_about_key(key)? {
                sources.insert(fact.source.clone());
                facts.push(fact);
            }
        }
        for &key in &ties {
            let Some(tie) = row::tie_by_key(&self.conn, &self.lookup, key)? else { continue };
            sources.extend(tie.record.claims.iter().map(|it| it.source.clone()));
            found_ties.push(tie);
        }
        let mut builder = SnapshotBuilder::new(self.schema()?.clone());
        for id in sources {
            if let Some((_, source)) = row::source_by_id(&self.conn, &id)? {
                builder.source(source);
            }
        }
        for (key, node) in found_nodes {
            builder.node(NodeId(key), node);
        }
        for tie in found_ties {
            add_tie(&mut builder, tie)?;
        }
        facts.into_iter().for_each(|it| builder.fact(it));
        let last = Head::newest(&self.conn)?.last;
        builder.keys_used(NodeId(last[1]), TieId(last[2]));
        Ok(Surroundings { snapshot: builder.build(), is_cut })
    }

    /// Reads all tables in the order of their keys, with what was in place of what is.
    fn build(&self, before: &Before) -> Result<Snapshot, Error> {
        let head = Head::newest(&self.conn)?;
        let (conn, lookup) = (&self.conn, &self.lookup);
        let mut builder = SnapshotBuilder::new(self.schema()?.clone());
        let [last_source, last_node, last_tie, last_fact] = before.last;
        let n_rows = |at: usize| usize::try_from(head.counts[at]).unwrap_or(0);
        builder.reserve(n_rows(1), n_rows(2));
        // Reading a large file whole, page by page, is mostly system calls.
        conn.pragma_update(None, "mmap_size", MAPPED_MAX)?;
        let mut plain = Plain::default();
        let mut n_sources = 0;
        let mut add_source = |builder: &mut SnapshotBuilder, key: u32, source: Source| {
            set(&mut plain.positions, i64::from(key), n_sources);
            n_sources += 1;
            builder.source(source);
        };

        let mut earlier = before.sources.iter().peekable();
        let mut statement = conn.prepare(&all(What::Source))?;
        let mut rows = statement.query([last_source])?;
        while let Some(row) = rows.next()? {
            let (key, source) = row::source_of_row(row)?;
            while let Some((&key, source)) = earlier.next_if(|it| *it.0 < key) {
                add_source(&mut builder, key, source.clone());
            }
            let source = earlier.next_if(|it| *it.0 == key).map_or(source, |it| it.1.clone());
            add_source(&mut builder, key, source);
        }
        earlier.for_each(|(&key, it)| add_source(&mut builder, key, it.clone()));

        let mut earlier = before.nodes.iter().peekable();
        let mut claims_statement = conn.prepare(&row::all_claims_sql(ClaimsOf::Nodes))?;
        let mut claims_rows = claims_statement.query([])?;
        let mut claims = MoreClaims::along(conn, lookup, &mut claims_rows)?;
        let mut statement = conn.prepare(&all(What::Node))?;
        let mut rows = statement.query([last_node])?;
        while let Some(row) = rows.next()? {
            let row = NodeRow::read(row)?;
            let key = row.key;
            while let Some((&key, node)) = earlier.next_if(|it| *it.0 < key) {
                builder.node(NodeId(key), node.clone());
            }
            if let Some((_, node)) = earlier.next_if(|it| *it.0 == key) {
                builder.node(NodeId(key), node.clone());
                continue;
            }
            let has_more = claims.has_more(conn, lookup, key)?;
            match plain.node(&mut builder, self, &row, has_more)? {
                Some(node) => builder.plain_node(node),
                None => builder.node(NodeId(key), row.record(conn, lookup, &mut claims)?),
            }
        }
        earlier.for_each(|(&key, node)| builder.node(NodeId(key), node.clone()));

        let mut earlier = before.ties.iter().peekable();
        let add_earlier = |builder: &mut SnapshotBuilder, key, tie: &(u32, u32, TieRecord)| {
            let (source, target, record) = tie.clone();
            add_tie(builder, KeyedTie { key, source, target, record })
        };
        let mut claims_statement = conn.prepare(&row::all_claims_sql(ClaimsOf::Ties))?;
        let mut claims_rows = claims_statement.query([])?;
        let mut claims = MoreClaims::along(conn, lookup, &mut claims_rows)?;
        let batches = self.tie_batches()?;
        let last_key = i64::from(last_tie);
        for first in (1..=last_key).step_by(N_KEYS) {
            let keys = first..last_key.min(first + N_KEYS as i64 - 1) + 1;
            for row in batches.read(conn, keys)?.rows() {
                let key = row.key;
                while let Some((&key, tie)) = earlier.next_if(|it| *it.0 < key) {
                    add_earlier(&mut builder, key, tie)?;
                }
                if let Some((_, tie)) = earlier.next_if(|it| *it.0 == key) {
                    add_earlier(&mut builder, key, tie)?;
                    continue;
                }
                let has_more = claims.has_more(conn, lookup, key)?;
                match plain.tie(&mut builder, self, &row, has_more)? {
                    Some(tie) => {
                        must_have_ends(&builder, key, tie.source, tie.target)?;
                        builder.plain_tie(tie);
                    }
                    None => {
                        let record = row.record(conn, lookup, &mut claims)?;
                        let (source, target) = (row.source, row.target);
                        add_tie(&mut builder, KeyedTie { key, source, target, record })?;
                    }
                }
            }
        }
        for (&key, tie) in earlier {
            add_earlier(&mut builder, key, tie)?;
        }

        let mut statement = conn.prepare(&all(What::Fact))?;
        let mut rows = statement.query([last_fact])?;
        while let Some(row) = rows.next()? {
            let (key, fact) = row::fact_of_row(conn, lookup, row)?;
            if !before.facts.contains_key(&key) {
                builder.fact(fact);
            }
        }
        let was_there = before.facts.range(..=last_fact);
        was_there.for_each(|it| builder.fact(it.1.clone()));
        builder.keys_used(NodeId(last_node), TieId(last_tie));
        Ok(builder.build())
    }

    pub(crate) fn facts_about_key(&self, node: i64) -> Result<Vec<Fact>, Error> {
        let columns = row::FACT_COLUMNS;
        let sql = format!("SELECT {columns} FROM facts WHERE subject = ?1 ORDER BY id");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params![node])?;
        let mut res = Vec::new();
        while let Some(row) = rows.next()? {
            res.push(row::fact_of_row(&self.conn, &self.lookup, row)?.1);
        }
        Ok(res)
    }
}

/// What plain records refer to, in the snapshot's own numbers, by keys; these are given one by one,
/// so that a list is the quickest table.
#[derive(Default)]
struct Plain {
    /// Positions of sources.
    positions: Vec<Option<u32>>,
    kinds: Vec<Option<KindId>>,
    stages: Vec<Option<StageId>>,
    relations: Vec<Option<RelationId>>,
    datasets: Vec<Option<String>>,
}

fn set<T: Clone>(table: &mut Vec<Option<T>>, key: i64, value: T) {
    let Ok(at) = usize::try_from(key) else { return };
    if table.len() <= at {
        table.resize(at + 1, None);
    }
    table[at] = Some(value);
}

fn get<T>(table: &[Option<T>], key: i64) -> Option<&T> {
    table.get(usize::try_from(key).ok()?)?.as_ref()
}

/// What a word means to a snapshot, looked up once; none if its schema does not know it.
fn meaning<T: Copy>(
    table: &mut Vec<Option<T>>,
    store: &Store,
    word: i64,
    of: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    if let Some(&meaning) = get(table, word) {
        return Ok(Some(meaning));
    }
    let meaning = of(&store.lookup.word(&store.conn, word)?);
    if let Some(meaning) = meaning {
        set(table, word, meaning);
    }
    Ok(meaning)
}

impl Plain {
    /// Reads a node, if it is plain.
    fn node<'a>(
        &'a mut self,
        builder: &mut SnapshotBuilder,
        store: &Store,
        row: &NodeRow<'a>,
        has_more_claims: bool,
    ) -> Result<Option<PlainNode<'a>>, Error> {
        let rest = row.rest()?;
        if has_more_claims || !rest.has_only_aliases() {
            return Ok(None);
        }
        let kind = meaning(&mut self.kinds, store, row.kind, |it| builder.kind_id(it))?;
        let stage = match row.stage {
            None => None,
            Some(word) => {
                let of = |it: &str| builder.schema().stage_id(it);
                match meaning(&mut self.stages, store, word, of)? {
                    None => return Ok(None),
                    stage => stage,
                }
            }
        };
        let Some(kind) = kind else { return Ok(None) };
        let claim = self.claim(store, &row.claim)?;
        if claim.is_none() && !builder.schema().is_open() {
            return Ok(None);
        }
        Ok(Some(PlainNode {
            key: NodeId(row.key),
            id: row.id,
            kind,
            name: row.name,
            aliases: rest.aliases,
            stage,
            valid_from: row::date_of_code(row.valid_from)?,
            valid_to: row::date_of_code(row.valid_to)?,
            claim,
        }))
    }

    /// Reads a tie, if it is plain.
    fn tie<'a>(
        &'a mut self,
        builder: &mut SnapshotBuilder,
        store: &Store,
        row: &TieRow<&'a str>,
        has_more_claims: bool,
    ) -> Result<Option<PlainTie<'a>>, Error> {
        if has_more_claims || row.given_id.is_some() {
            return Ok(None);
        }
        let rest = row.rest()?;
        if !rest.has_only_properties() {
            return Ok(None);
        }
        let of = |it: &str| builder.relation_id(it);
        let relation = meaning(&mut self.relations, store, row.relation, of)?;
        let Some(relation) = relation else { return Ok(None) };
        let claim = self.claim(store, &row.claim)?;
        if claim.is_none() && !builder.schema().is_open() {
            return Ok(None);
        }
        Ok(Some(PlainTie {
            key: TieId(row.key),
            source: NodeId(row.source),
            relation,
            target: NodeId(row.target),
            valid_from: row::date_of_code(row.valid_from)?,
            valid_to: row::date_of_code(row.valid_to)?,
            amount: row.read_amount(&store.conn, &store.lookup)?,
            properties: rest.properties,
            claim,
        }))
    }

    /// The claim in a record's own row, if it stands there.
    fn claim<'a>(
        &'a mut self,
        store: &Store,
        row: &ClaimRow<&'a str>,
    ) -> Result<Option<PlainClaim<'a>>, Error> {
        let (Some(source), Some(certainty)) = (row.source, row.certainty) else { return Ok(None) };
        let Some(&source) = get(&self.positions, source) else { return Ok(None) };
        let dataset = match row.dataset {
            None => "",
            Some(word) => {
                if get(&self.datasets, word).is_none() {
                    set(&mut self.datasets, word, store.lookup.word(&store.conn, word)?);
                }
                get(&self.datasets, word).map_or("", String::as_str)
            }
        };
        let (certainty, locator) = (row::certainty_of(certainty)?, row.locator.unwrap_or(""));
        Ok(Some(PlainClaim { source, certainty, locator, dataset }))
    }
}

/// All rows of a table up to a key, in the order of keys.
pub(crate) fn all(what: What) -> String {
    let columns = match what {
        What::Source => row::SOURCE_COLUMNS,
        What::Node => row::NODE_COLUMNS,
        What::Tie => row::TIE_COLUMNS,
        What::Fact => row::FACT_COLUMNS,
    };
    format!("SELECT {columns} FROM {} WHERE key <= ?1 ORDER BY key", what.plural())
}

fn add_tie(builder: &mut SnapshotBuilder, tie: KeyedTie) -> Result<(), Error> {
    let (source, target) = (NodeId(tie.source), NodeId(tie.target));
    must_have_ends(builder, tie.key, source, target)?;
    builder.tie(TieId(tie.key), source, target, tie.record);
    Ok(())
}

/// Only an outside write leaves a tie without its ends.
fn must_have_ends(
    builder: &SnapshotBuilder,
    tie: u32,
    source: NodeId,
    target: NodeId,
) -> Result<(), Error> {
    if builder.has_node(source) && builder.has_node(target) {
        return Ok(());
    }
    Err(Error::corrupt(format!("tie {tie} ends at a node that is not there")))
}
