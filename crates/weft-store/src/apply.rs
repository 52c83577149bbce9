//! Applying changes: one transaction, with the meaning of [`weft_graph::Model::apply`], and history.

use std::fmt::Write as _;

use hashbrown::HashMap;
use rusqlite::{
    Connection, OptionalExtension, Statement, Transaction, TransactionBehavior, params,
};
use weft_graph::{
    Certainty, Change, ChangeError, ChangeSet, Claim, Fact, NodeId, NodeRecord, Schema, Source,
    TieId, TieRecord,
};

use crate::bulk::{Bulk, add_word};
use crate::checksum::Canonical;
use crate::fold::{fold, is_spelt, words};
use crate::history::What;
use crate::row::{self, ClaimsOf, Write};
use crate::words::{Lookup, node_key};
use crate::{Access, Error, Store};

/// How many changes are read before they are applied: see [`Bulk::look_ahead`].
const N_AHEAD: usize = 128;
/// How many changes are applied between two words of progress.
const PROGRESS_STEP: u64 = 4096;
/// How many keys of sources are kept at hand while changes are applied.
const SOURCES_KEPT_MAX: usize = 1 << 18;

/// Who makes a revision, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevisionInfo {
    /// When, by the caller's clock, as text.
    pub when: String,
    /// Who.
    pub who: String,
    /// What was done, in words: `import leeds`.
    pub what: String,
    /// The dataset that was imported; empty for an edit.
    pub dataset: String,
}

/// What came of a change set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The revision that was made; none where nothing changed.
    pub revision: Option<u64>,
    /// Records that were not there before.
    pub n_added: u64,
    /// Records that were there and are now otherwise.
    pub n_changed: u64,
    /// Records that are no longer there.
    pub n_removed: u64,
    /// Records that were there just as they were put.
    pub n_same: u64,
}

/// How far an [`Store::apply`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Changes applied so far; while indexing, steps done.
    pub n_done: u64,
}

/// The phases of an [`Store::apply`], in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The lock is taken, and the first change is asked for.
    Reading,
    /// Rows are written into the transaction.
    Writing,
    /// Indexes are built, after a bulk insert.
    Indexing,
    /// The transaction is being committed.
    Committing,
    /// It is committed, and the log is being taken into the file.
    Checkpointing,
}

/// Why changes were not applied; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError<E> {
    /// The stream of changes failed.
    #[error("{0}")]
    Input(E),
    /// The store refused.
    #[error(transparent)]
    Store(Error),
}

impl<E> From<Error> for ApplyError<E> {
    fn from(err: Error) -> Self {
        Self::Store(err)
    }
}

/// The counts, the checksum and the largest keys: what a revision leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) revision: i64,
    /// Sources, nodes, ties, facts.
    pub(crate) counts: [i64; 4],
    pub(crate) checksum: u64,
    /// The largest keys ever given, in the same order.
    pub(crate) last: [u32; 4],
}

impl Head {
    pub(crate) const COLUMNS: &str = "revision, n_sources, n_nodes, n_ties, n_facts, checksum, \
                                      last_source, last_node, last_tie, last_fact";

    pub(crate) fn newest(conn: &Connection) -> Result<Self, Error> {
        let columns = Self::COLUMNS;
        let sql = format!("SELECT {columns} FROM revisions ORDER BY revision DESC LIMIT 1");
        let found = conn.prepare_cached(&sql)?.query_row([], Self::of_row).optional()?;
        found.ok_or_else(|| Error::corrupt("the table of revisions is empty"))
    }

    pub(crate) fn of_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            revision: row.get(0)?,
            counts: [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
            checksum: row.get::<_, i64>(5)? as u64,
            last: [row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?],
        })
    }

    /// Whether the records are the same, whatever the revision.
    fn holds_the_same(&self, other: &Self) -> bool {
        Self { revision: 0, ..*self } == Self { revision: 0, ..*other }
    }
}

impl Store {
    /// Applies changes from a stream in one transaction, all or none, as a revision of its own.
    ///
    /// Means what [`weft_graph::Model::apply`] means, with the same errors. A record put as it is
    /// already is `same` and writes nothing; where nothing changed, no revision is made. Memory does
    /// not grow with the changes, but for some bytes a record while an empty store is filled.
    ///
    /// When it returns, the revision is on the disk. `progress` is called now and then.
    ///
    /// # Errors
    /// [`ApplyError::Input`] with what the stream said, [`Error::Change`] for a change that cannot
    /// be applied, [`Error::Locked`] while another process writes, [`Error::DiskFull`] and others.
    pub fn apply<E>(
        &mut self,
        changes: impl Iterator<Item = Result<Change, E>>,
        info: &RevisionInfo,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Applied, ApplyError<E>> {
        let mut changes = changes.map(|it| it.map_err(ApplyError::Input));
        let mut ahead: Vec<Change> = Vec::with_capacity(N_AHEAD);
        self.write(info, progress, |writer| {
            loop {
                for change in changes.by_ref().take(N_AHEAD) {
                    ahead.push(change?);
                }
                if ahead.is_empty() {
                    return Ok(());
                }
                if let Some(bulk) = &mut writer.bulk {
                    bulk.look_ahead(&ahead);
                }
                ahead.drain(..).try_for_each(|it| writer.apply(it))?;
            }
        })
    }

    /// Applies a change set; see [`Store::apply`].
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn apply_set(
        &mut self,
        change_set: &ChangeSet,
        info: &RevisionInfo,
    ) -> Result<Applied, Error> {
        let changes = change_set.changes.iter().map(|it| Ok::<_, Error>(it.clone()));
        self.apply(changes, info, &mut |_| {}).map_err(|err| match err {
            ApplyError::Input(err) | ApplyError::Store(err) => err,
        })
    }

    /// Applies a change set that was made over a snapshot of revision `base`.
    ///
    /// Refused if a later revision came in between: whoever made it asks again on a new snapshot, so
    /// that nothing that others wrote is lost and no two records are named by one key.
    ///
    /// # Errors
    /// [`Error::Overtaken`], and as [`Store::apply`].
    pub fn apply_over(
        &mut self,
        base: u64,
        change_set: &ChangeSet,
        info: &RevisionInfo,
    ) -> Result<Applied, Error> {
        self.write(info, &mut |_| {}, |writer| {
            // Asked inside the transaction, so that nobody can come in between.
            let newest = writer.start.revision as u64;
            if newest != base {
                return Err(Error::Overtaken { base, newest });
            }
            change_set.changes.iter().try_for_each(|it| writer.apply(it.clone()))
        })
    }

    /// Opens a transaction, lets `fill` write into it, closes it with a revision.
    pub(crate) fn write<X: From<Error>>(
        &self,
        info: &RevisionInfo,
        progress: &mut dyn FnMut(Progress),
        fill: impl FnOnce(&mut Writer<'_, '_>) -> Result<(), X>,
    ) -> Result<Applied, X> {
        if self.access() == Access::Read {
            return Err(Error::OpenedForReading.into());
        }
        self.schema()?;
        let outcome = self.write_inner(info, progress, fill);
        if outcome.is_err() {
            // Words and sources that were new in the transaction are gone with it.
            self.lookup.forget();
        }
        outcome
    }

    fn write_inner<X: From<Error>>(
        &self,
        info: &RevisionInfo,
        progress: &mut dyn FnMut(Progress),
        fill: impl FnOnce(&mut Writer<'_, '_>) -> Result<(), X>,
    ) -> Result<Applied, X> {
        // Whether keys are checked can only be changed outside a transaction.
        let is_empty = Head::newest(&self.conn)?.counts[1..] == [0, 0, 0];
        let keys_checked = |on: bool| -> Result<(), Error> {
            Ok(self.conn.pragma_update(None, "foreign_keys", on)?)
        };
        keys_checked(!is_empty)?;
        let outcome = self.write_checked(info, progress, !is_empty, fill);
        keys_checked(true)?;
        let (applied, was_bulk) = outcome?;
        if applied.revision.is_some() {
            progress(Progress { phase: Phase::Checkpointing, n_done: 0 });
            self.checkpoint(was_bulk);
        }
        Ok(applied)
    }

    fn write_checked<X: From<Error>>(
        &self,
        info: &RevisionInfo,
        progress: &mut dyn FnMut(Progress),
        keys_checked: bool,
        fill: impl FnOnce(&mut Writer<'_, '_>) -> Result<(), X>,
    ) -> Result<(Applied, bool), X> {
        let begin = || Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate);
        let transaction = begin().map_err(Error::from)?;
        progress(Progress { phase: Phase::Reading, n_done: 0 });
        let mut writer = Writer::begin(self, !keys_checked, progress)?;
        fill(&mut writer)?;
        let was_bulk = writer.was_bulk;
        let applied = writer.end(info, keys_checked)?;
        if applied.revision.is_none() {
            transaction.rollback().map_err(Error::from)?;
            self.lookup.forget();
        } else {
            transaction.commit().map_err(Error::from)?;
        }
        Ok((applied, was_bulk))
    }

    /// Takes the log into the file, as far as readers let it; what is left is taken in later.
    fn checkpoint(&self, was_bulk: bool) {
        let mode = if was_bulk { "TRUNCATE" } else { "PASSIVE" };
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        // The revision is safe in the log whether or not this succeeds.
        let _ = self.conn.query_row(&sql, [], |_| Ok(()));
    }
}

/// The transaction of one revision while it is being filled.
pub(crate) struct Writer<'a, 'p> {
    conn: &'a Connection,
    lookup: &'a Lookup,
    schema: &'a Schema,
    start: Head,
    head: Head,
    applied: Applied,
    n_done: u64,
    bulk: Option<Bulk>,
    was_bulk: bool,
    /// Held at hand: to look statements up by their text took 3 % of a bulk import.
    insert_node: Statement<'a>,
    insert_tie: Statement<'a>,
    insert_plain_tie: Statement<'a>,
    source_keys: HashMap<String, i64>,
    /// How many more claims that are not inferred each source has, by its key.
    n_cited: HashMap<i64, i64>,
    /// The keys of relations, and whether each is symmetric.
    relations: HashMap<String, (i64, bool)>,
    canonical: Canonical,
    /// The id of the tie at hand, in a buffer that is used again.
    tie_id: String,
    progress: &'p mut dyn FnMut(Progress),
}

impl<'a, 'p> Writer<'a, 'p> {
    fn begin(
        store: &'a Store,
        may_be_bulk: bool,
        progress: &'p mut dyn FnMut(Progress),
    ) -> Result<Self, Error> {
        let head = Head::newest(&store.conn)?;
        // Another process may have filled the store before the lock was taken.
        let is_bulk = may_be_bulk && head.counts[1..] == [0, 0, 0];
        let bulk = if is_bulk { Some(Bulk::begin(&store.conn)?) } else { None };
        Ok(Self {
            conn: &store.conn,
            lookup: &store.lookup,
            schema: store.schema()?,
            start: head,
            head: Head { revision: head.revision + 1, ..head },
            applied: Applied::default(),
            n_done: 0,
            was_bulk: bulk.is_some(),
            bulk,
            insert_node: store.conn.prepare(row::INSERT_NODE)?,
            insert_tie: store.conn.prepare(row::INSERT_TIE)?,
            insert_plain_tie: store.conn.prepare(row::INSERT_PLAIN_TIE)?,
            source_keys: HashMap::new(),
            n_cited: HashMap::new(),
            relations: HashMap::new(),
            canonical: Canonical::default(),
            tie_id: String::new(),
            progress,
        })
    }

    /// Applies one change.
    pub(crate) fn apply(&mut self, change: Change) -> Result<(), Error> {
        match change {
            Change::PutSource(source) => self.put_source(&source),
            Change::PutNode(node) => self.put_node(&node),
            Change::PutTie(tie) => self.put_tie(tie),
            Change::PutFact(fact) => self.put_fact(&fact),
            Change::RemoveFact(id) => self.remove_fact(&id),
            Change::RemoveTie(id) => self.remove_tie(&id),
            Change::RemoveNode(id) => self.remove_node(&id),
            Change::RemoveSource(id) => self.remove_source(&id),
        }?;
        self.n_done += 1;
        if self.n_done % PROGRESS_STEP == 1 {
            self.say(Phase::Writing, self.n_done);
        }
        Ok(())
    }

    /// Closes the revision; the caller commits or, where nothing changed, rolls back.
    fn end(mut self, info: &RevisionInfo, keys_checked: bool) -> Result<Applied, Error> {
        self.end_bulk()?;
        if !keys_checked {
            must_hold_together(self.conn)?;
        }
        if self.head.holds_the_same(&self.start) {
            let n_same = self.n_done;
            return Ok(Applied { n_same, ..Default::default() });
        }
        self.write_citations()?;
        self.say(Phase::Committing, self.n_done);
        let Head { revision, counts, checksum, last } = self.head;
        let done = self.applied;
        self.conn
            .prepare_cached(
                "INSERT INTO revisions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
                 ?13, ?14, ?15, ?16, ?17, ?18)",
            )?
            .execute(params![
                revision,
                info.when,
                info.who,
                info.what,
                info.dataset,
                done.n_added as i64,
                done.n_changed as i64,
                done.n_removed as i64,
                done.n_same as i64,
                counts[0],
                counts[1],
                counts[2],
                counts[3],
                checksum as i64,
                last[0],
                last[1],
                last[2],
                last[3],
            ])?;
        Ok(Applied { revision: Some(revision as u64), ..done })
    }

    fn end_bulk(&mut self) -> Result<(), Error> {
        let Some(bulk) = self.bulk.take() else { return Ok(()) };
        self.say(Phase::Indexing, 0);
        let progress = &mut *self.progress;
        bulk.end(self.conn, &mut |n_done| progress(Progress { phase: Phase::Indexing, n_done }))
    }

    fn say(&mut self, phase: Phase, n_done: u64) {
        (self.progress)(Progress { phase, n_done });
    }

    fn put_source(&mut self, source: &Source) -> Result<(), Error> {
        match row::source_by_id(self.conn, &source.id)? {
            Some((_, before)) if before == *source => self.applied.n_same += 1,
            Some((key, before)) => {
                self.log(What::Source, key, &source.id, None, &before)?;
                row::write_source(self.conn, Write::Again, key, source)?;
                let hashes =
                    (self.canonical.source(key, &before), self.canonical.source(key, source));
                self.changed(hashes);
            }
            None => {
                let key = self.next_key(What::Source, None)?;
                row::write_source(self.conn, Write::New, key, source)?;
                let hash = self.canonical.source(key, source);
                self.added(What::Source, hash);
            }
        }
        Ok(())
    }

    fn put_node(&mut self, node: &NodeRecord) -> Result<(), Error> {
        ChangeError::check_words(self.schema, node)?;
        let source_keys = self.keys_of_sources(&node.claims, || format!("node `{}`", node.id))?;
        if let Some(bulk) = &self.bulk
            && (bulk.is_full() || bulk.node_key(&node.id).is_some())
        {
            self.end_bulk()?;
        }
        let existing = match &self.bulk {
            Some(_) => None,
            None => node_key(self.conn, &node.id)?,
        };
        let Some(key) = existing else {
            let named = self.schema.is_open().then(|| NodeId::of_open_id(&node.id)).flatten();
            let key = self.next_key(What::Node, named.map(|it| it.0))?;
            let write = (Write::New, &mut self.insert_node);
            row::write_node(self.conn, self.lookup, write, key, node, &source_keys)?;
            self.cited(&node.claims, &source_keys, 1);
            match &mut self.bulk {
                Some(bulk) => bulk.add_node(key, node),
                None => self.add_names(key, node)?,
            }
            let hash = self.canonical.node(key, node)?;
            self.added(What::Node, hash);
            return Ok(());
        };
        let before = self.must_get_node(key)?;
        if before == *node {
            self.applied.n_same += 1;
            return Ok(());
        }
        let key = row::key_of(key)?;
        self.log(What::Node, key, &node.id, None, &before)?;
        let update = &mut *self.conn.prepare_cached(row::UPDATE_NODE)?;
        let write = (Write::Again, update);
        row::write_node(self.conn, self.lookup, write, key, node, &source_keys)?;
        self.cited_no_more(&before.claims)?;
        self.cited(&node.claims, &source_keys, 1);
        if (&before.name, before.other_names(), &before.identifiers)
            != (&node.name, node.other_names(), &node.identifiers)
        {
            self.remove_names(key, &before)?;
            self.add_names(key, node)?;
        }
        let hashes = (self.canonical.node(key, &before)?, self.canonical.node(key, node)?);
        self.changed(hashes);
        Ok(())
    }

    fn put_tie(&mut self, mut tie: TieRecord) -> Result<(), Error> {
        let known = self.relation(&tie.relation)?;
        if known.is_some_and(|it| it.1) && tie.target < tie.source {
            std::mem::swap(&mut tie.source, &mut tie.target);
        }
        if self.schema.is_open() {
            tie.normalise(self.schema);
        }
        self.tie_id.clear();
        match &tie.given_id {
            Some(id) => self.tie_id.push_str(id),
            None => write_tie_id(&mut self.tie_id, &tie),
        }
        let Some((relation, _)) = known else {
            let (id, word) = (self.tie_id.clone(), tie.relation);
            let word_kind = "relation";
            return Err(ChangeError::UnknownWord { what: "tie", id, word_kind, word }.into());
        };
        let source_keys = self.keys_of_sources(&tie.claims, || format!("tie `{}`", tie.id()))?;
        let ends = (self.end_of_tie(&tie, &tie.source)?, self.end_of_tie(&tie, &tie.target)?);
        if let Some(bulk) = &mut self.bulk
            && (bulk.is_full() || bulk.add_tie(&self.tie_id))
        {
            self.end_bulk()?;
        }
        let between = (ends.0, relation, ends.1);
        let existing = match &self.bulk {
            Some(_) => None,
            None => {
                let (conn, lookup) = (self.conn, self.lookup);
                match row::tie_between(conn, lookup, between, &self.tie_id)? {
                    Some(key) => Some(key),
                    None => row::tie_key(conn, lookup, &self.tie_id)?,
                }
            }
        };
        let Some(key) = existing else {
            let named = self.schema.is_open().then(|| TieId::of_open_id(&self.tie_id)).flatten();
            let key = self.next_key(What::Tie, named.map(|it| it.0))?;
            if let Some(bulk) = &mut self.bulk
                && let Some(id) = &tie.given_id
                && !self.lookup.is_id_of_tie(self.conn, id, key)?
            {
                bulk.add_given_id(self.conn)?;
            }
            let write = (Write::New, &mut self.insert_tie);
            let plain = Some(&mut self.insert_plain_tie);
            row::write_tie(self.conn, self.lookup, write, plain, key, between, &tie, &source_keys)?;
            self.cited(&tie.claims, &source_keys, 1);
            let hash = self.canonical.tie(key, &tie)?;
            self.added(What::Tie, hash);
            return Ok(());
        };
        let before = row::tie_by_key(self.conn, self.lookup, key)?;
        let before = before.ok_or_else(|| Error::corrupt(format!("there is no tie {key}")))?;
        if before.record == tie {
            self.applied.n_same += 1;
            return Ok(());
        }
        let key = before.key;
        let id = std::mem::take(&mut self.tie_id);
        self.log(What::Tie, key, &id, Some((before.source, before.target)), &before.record)?;
        self.tie_id = id;
        let update = &mut *self.conn.prepare_cached(row::UPDATE_TIE)?;
        let write = (Write::Again, update);
        row::write_tie(self.conn, self.lookup, write, None, key, between, &tie, &source_keys)?;
        self.cited_no_more(&before.record.claims)?;
        self.cited(&tie.claims, &source_keys, 1);
        let hashes = (self.canonical.tie(key, &before.record)?, self.canonical.tie(key, &tie)?);
        self.changed(hashes);
        Ok(())
    }

    fn put_fact(&mut self, fact: &Fact) -> Result<(), Error> {
        let what = || format!("fact `{}`", fact.id);
        let Some(subject) = self.node_key(&fact.subject)? else {
            let node = fact.subject.clone();
            return Err(ChangeError::NoSuchNode { what: what(), node }.into());
        };
        let Some(source) = self.source_key(&fact.source)? else {
            let source_id = fact.source.clone();
            return Err(ChangeError::NoSuchSource { what: what(), source_id }.into());
        };
        let keys = (subject, source);
        match self.fact_by_id(&fact.id)? {
            Some((_, before)) if before == *fact => self.applied.n_same += 1,
            Some((key, before)) => {
                self.log(What::Fact, key, &fact.id, None, &before)?;
                row::write_fact(self.conn, self.lookup, Write::Again, key, keys, fact)?;
                let hashes = (self.canonical.fact(key, &before), self.canonical.fact(key, fact));
                self.changed(hashes);
            }
            None => {
                let key = self.next_key(What::Fact, None)?;
                row::write_fact(self.conn, self.lookup, Write::New, key, keys, fact)?;
                let hash = self.canonical.fact(key, fact);
                self.added(What::Fact, hash);
            }
        }
        Ok(())
    }

    fn remove_fact(&mut self, id: &str) -> Result<(), Error> {
        let found = self.fact_by_id(id)?;
        let (key, before) = found.ok_or_else(|| ChangeError::nothing("fact", id))?;
        self.log(What::Fact, key, id, None, &before)?;
        self.conn.prepare_cached("DELETE FROM facts WHERE key = ?1")?.execute([key])?;
        let hash = self.canonical.fact(key, &before);
        self.removed(What::Fact, hash);
        Ok(())
    }

    fn remove_tie(&mut self, id: &str) -> Result<(), Error> {
        self.end_bulk()?;
        let key = row::tie_key(self.conn, self.lookup, id)?;
        let found = match key {
            Some(key) => row::tie_by_key(self.conn, self.lookup, key)?,
            None => None,
        };
        let before = found.ok_or_else(|| ChangeError::nothing("tie", id))?;
        let key = before.key;
        self.log(What::Tie, key, id, Some((before.source, before.target)), &before.record)?;
        row::delete_claims(self.conn, ClaimsOf::Ties, key)?;
        self.conn.prepare_cached("DELETE FROM ties WHERE key = ?1")?.execute([key])?;
        self.cited_no_more(&before.record.claims)?;
        let hash = self.canonical.tie(key, &before.record)?;
        self.removed(What::Tie, hash);
        Ok(())
    }

    fn remove_node(&mut self, id: &str) -> Result<(), Error> {
        self.end_bulk()?;
        let key = node_key(self.conn, id)?.ok_or_else(|| ChangeError::nothing("node", id))?;
        let users = self.users(
            &["SELECT key FROM ties WHERE source = ?1", "SELECT key FROM ties WHERE target = ?1"],
            &["SELECT id FROM facts WHERE subject = ?1"],
            key,
        )?;
        ChangeError::check_unused("node", id, users)?;
        let before = self.must_get_node(key)?;
        let key = row::key_of(key)?;
        self.log(What::Node, key, id, None, &before)?;
        row::delete_claims(self.conn, ClaimsOf::Nodes, key)?;
        self.remove_names(key, &before)?;
        self.conn.prepare_cached("DELETE FROM nodes WHERE key = ?1")?.execute([key])?;
        self.cited_no_more(&before.claims)?;
        let hash = self.canonical.node(key, &before)?;
        self.removed(What::Node, hash);
        Ok(())
    }

    fn remove_source(&mut self, id: &str) -> Result<(), Error> {
        self.end_bulk()?;
        let found = row::source_by_id(self.conn, id)?;
        let (key, before) = found.ok_or_else(|| ChangeError::nothing("source", id))?;
        let users = self.users(
            &[
                "SELECT key FROM ties WHERE claim_source = ?1",
                "SELECT tie FROM tie_claims WHERE source = ?1",
            ],
            &[
                "SELECT id FROM nodes WHERE claim_source = ?1",
                "SELECT n.id FROM node_claims c JOIN nodes n ON n.key = c.node WHERE c.source = ?1",
                "SELECT id FROM facts WHERE source = ?1",
            ],
            i64::from(key),
        )?;
        ChangeError::check_unused("source", id, users)?;
        self.log(What::Source, key, id, None, &before)?;
        self.conn.prepare_cached("DELETE FROM sources WHERE key = ?1")?.execute([key])?;
        self.source_keys.remove(id);
        let hash = self.canonical.source(key, &before);
        self.removed(What::Source, hash);
        Ok(())
    }

    /// The ids of all records that rest on another, by statements for ties and for the rest.
    fn users(&self, of_ties: &[&str], of_others: &[&str], key: i64) -> Result<Vec<String>, Error> {
        let mut res = Vec::new();
        for sql in of_ties {
            let mut statement = self.conn.prepare_cached(sql)?;
            for tie in statement.query_map([key], |row| row.get(0))? {
                let tie = row::tie_by_key(self.conn, self.lookup, tie?)?;
                res.extend(tie.map(|it| it.record.id()));
            }
        }
        for sql in of_others {
            let mut statement = self.conn.prepare_cached(sql)?;
            let ids = statement.query_map([key], |row| row.get(0))?;
            res.extend(ids.collect::<Result<Vec<String>, _>>()?);
        }
        Ok(res)
    }

    fn add_names(&self, key: u32, node: &NodeRecord) -> Result<(), Error> {
        let others = node.other_names().into_iter().map(|it| (it, 1));
        let names = std::iter::once((node.name.as_str(), 0)).chain(others);
        let mut text = format!("{} {}", node.name, node.id);
        for (name, is_alias) in names.filter(|it| !it.0.is_empty()) {
            let folded = fold(name);
            self.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO names (folded, node, is_alias) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![folded, key, is_alias])?;
            for word in words(&folded).filter(|it| is_spelt(it)) {
                add_word(self.conn, word)?;
            }
            if is_alias == 1 {
                text.push(' ');
                text.push_str(name);
            }
        }
        for identifier in &node.identifiers {
            self.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO identifiers (value, scheme, node) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![identifier.value, identifier.scheme, key])?;
        }
        self.conn
            .prepare_cached("INSERT INTO search (rowid, text) VALUES (?1, ?2)")?
            .execute(params![key, text])?;
        Ok(())
    }

    fn remove_names(&self, key: u32, node: &NodeRecord) -> Result<(), Error> {
        for name in std::iter::once(node.name.as_str()).chain(node.other_names()) {
            self.conn
                .prepare_cached("DELETE FROM names WHERE folded = ?1 AND node = ?2")?
                .execute(params![fold(name), key])?;
        }
        for identifier in &node.identifiers {
            self.conn
                .prepare_cached(
                    "DELETE FROM identifiers WHERE value = ?1 AND scheme = ?2 AND node = ?3",
                )?
                .execute(params![identifier.value, identifier.scheme, key])?;
        }
        self.conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([key])?;
        Ok(())
    }

    fn must_get_node(&self, key: i64) -> Result<NodeRecord, Error> {
        let found = row::node_by_key(self.conn, self.lookup, key)?;
        found.ok_or_else(|| Error::corrupt(format!("there is no node {key}")))
    }

    /// A fact, for which a bulk insert need not end: there is an index of its own.
    fn fact_by_id(&self, id: &str) -> Result<Option<(u32, Fact)>, Error> {
        row::fact_by_id(self.conn, self.lookup, id)
    }

    fn relation(&mut self, relation: &str) -> Result<Option<(i64, bool)>, Error> {
        if let Some(&known) = self.relations.get(relation) {
            return Ok(Some(known));
        }
        let is_symmetric = match self.schema.relation_id(relation) {
            Some(id) => self.schema.relation(id).symmetric,
            None if self.schema.is_open() => false,
            None => return Ok(None),
        };
        let known = (self.lookup.intern(self.conn, relation)?, is_symmetric);
        self.relations.insert(relation.to_owned(), known);
        Ok(Some(known))
    }

    fn end_of_tie(&self, tie: &TieRecord, node: &str) -> Result<i64, Error> {
        let missing = || {
            let (what, node) = (format!("tie `{}`", tie.id()), node.to_owned());
            ChangeError::NoSuchNode { what, node }
        };
        Ok(self.node_key(node)?.ok_or_else(missing)?)
    }

    fn node_key(&self, id: &str) -> Result<Option<i64>, Error> {
        match &self.bulk {
            Some(bulk) => Ok(bulk.node_key(id).map(i64::from)),
            None => node_key(self.conn, id),
        }
    }

    fn source_key(&mut self, id: &str) -> Result<Option<i64>, Error> {
        if let Some(&key) = self.source_keys.get(id) {
            return Ok(Some(key));
        }
        let mut statement = self.conn.prepare_cached("SELECT key FROM sources WHERE id = ?1")?;
        let key: Option<i64> = statement.query_row([id], |row| row.get(0)).optional()?;
        if let Some(key) = key
            && self.source_keys.len() < SOURCES_KEPT_MAX
        {
            self.source_keys.insert(id.to_owned(), key);
        }
        Ok(key)
    }

    fn keys_of_sources(
        &mut self,
        claims: &[Claim],
        what: impl Fn() -> String,
    ) -> Result<Vec<i64>, Error> {
        let mut res = Vec::with_capacity(claims.len());
        for claim in claims {
            let Some(key) = self.source_key(&claim.source)? else {
                let source_id = claim.source.clone();
                return Err(ChangeError::NoSuchSource { what: what(), source_id }.into());
            };
            res.push(key);
        }
        Ok(res)
    }

    /// Takes note of claims that came or went: see `n_cited` in the layout.
    fn cited(&mut self, claims: &[Claim], source_keys: &[i64], n: i64) {
        for (claim, &source) in claims.iter().zip(source_keys) {
            if claim.certainty != Certainty::Inferred {
                *self.n_cited.entry(source).or_default() += n;
            }
        }
    }

    fn cited_no_more(&mut self, claims: &[Claim]) -> Result<(), Error> {
        // The sources of claims that stand in the store are there until nothing rests on them.
        let source_keys = self.keys_of_sources(claims, String::new)?;
        self.cited(claims, &source_keys, -1);
        Ok(())
    }

    fn write_citations(&mut self) -> Result<(), Error> {
        let mut statement =
            self.conn.prepare_cached("UPDATE sources SET n_cited = n_cited + ?2 WHERE key = ?1")?;
        for (source, n) in self.n_cited.drain().filter(|it| it.1 != 0) {
            statement.execute([source, n])?;
        }
        Ok(())
    }

    fn next_key(&mut self, what: What, named: Option<u32>) -> Result<u32, Error> {
        let last = &mut self.head.last[what.index()];
        let mut next = *last + 1;
        let key = ChangeError::next_key(&mut next, named, what.plural())?;
        *last = key;
        Ok(key)
    }

    fn added(&mut self, what: What, hash: u64) {
        self.head.counts[what.index()] += 1;
        self.head.checksum = self.head.checksum.wrapping_add(hash);
        self.applied.n_added += 1;
    }

    fn changed(&mut self, (before, after): (u64, u64)) {
        self.head.checksum = self.head.checksum.wrapping_sub(before).wrapping_add(after);
        self.applied.n_changed += 1;
    }

    fn removed(&mut self, what: What, hash: u64) {
        self.head.counts[what.index()] -= 1;
        self.head.checksum = self.head.checksum.wrapping_sub(hash);
        self.applied.n_removed += 1;
    }

    /// Keeps a record as it was before this revision, unless this revision made it.
    fn log<T: serde::Serialize>(
        &self,
        what: What,
        key: u32,
        id: &str,
        ends: Option<(u32, u32)>,
        before: &T,
    ) -> Result<(), Error> {
        if key > self.start.last[what.index()] {
            return Ok(());
        }
        let (source, target) = ends.unzip();
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO history (revision, what, key, id, source, target, before) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                self.head.revision,
                what.code(),
                key,
                id,
                source,
                target,
                serde_json::to_string(before)?,
            ])?;
        Ok(())
    }
}

/// Writes the id that a tie has by its parts, as [`weft_graph::TieKey`] shows it.
pub(crate) fn write_tie_id(id: &mut String, tie: &TieRecord) {
    for part in [tie.source.as_str(), "--", &tie.relation, "--", &tie.target] {
        id.push_str(part);
    }
    if let Some(date) = tie.valid_from {
        // Writing to a String cannot fail.
        let _ = write!(id, "--{date}");
    }
    if let Some(key) = &tie.key {
        id.push_str("--");
        id.push_str(key);
    }
}

/// Checks the references, where they were not checked row by row.
///
/// The ends of ties are held against the nodes in the order of their indexes, which `PRAGMA
/// foreign_key_check` does in the order of ties: 0.5 s for 5M ties in place of 10.6 s. The words and
/// sources of ties are keys that were read from their tables.
fn must_hold_together(conn: &Connection) -> Result<(), Error> {
    for sql in [
        "PRAGMA foreign_key_check(nodes)",
        "PRAGMA foreign_key_check(node_claims)",
        "PRAGMA foreign_key_check(tie_claims)",
        "PRAGMA foreign_key_check(facts)",
        "PRAGMA foreign_key_check(history)",
        "SELECT 'ties' FROM ties INDEXED BY ties_by_source \
         WHERE source NOT IN (SELECT key FROM nodes)",
        "SELECT 'ties' FROM ties INDEXED BY ties_by_target \
         WHERE target NOT IN (SELECT key FROM nodes)",
    ] {
        let mut statement = conn.prepare(sql)?;
        if let Some(row) = statement.query([])?.next()? {
            let table: String = row.get(0)?;
            return Err(Error::corrupt(format!("a row of `{table}` refers to nothing")));
        }
    }
    Ok(())
}
