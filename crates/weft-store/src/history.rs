//! The history: which revisions there are, and what each changed.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use weft_graph::{Fact, NodeRecord, Source, TieRecord};

use crate::apply::Head;
use crate::row::{self};
use crate::{Error, Store};

/// A revision: one change set that was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// Its number, from 1.
    pub revision: u64,
    /// When, by the clock of whoever made it.
    pub when: String,
    /// Who.
    pub who: String,
    /// What was done, in words.
    pub what: String,
    /// The dataset that was imported; empty for an edit.
    pub dataset: String,
    /// Records that were new.
    pub n_added: u64,
    /// Records that were changed.
    pub n_changed: u64,
    /// Records that were removed.
    pub n_removed: u64,
    /// Records that were put as they were.
    pub n_same: u64,
    /// Nodes that it left.
    pub n_nodes: u64,
    /// Ties that it left.
    pub n_ties: u64,
    /// Sources that it left.
    pub n_sources: u64,
    /// Facts that it left.
    pub n_facts: u64,
    /// The checksum of all records that it left.
    pub checksum: u64,
}

/// The four things that a store records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A source.
    Source,
    /// A node.
    Node,
    /// A tie.
    Tie,
    /// A fact.
    Fact,
}

/// A record of any of the four.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "held a few at a time")]
pub enum Record {
    /// A source.
    Source(Source),
    /// A node.
    Node(NodeRecord),
    /// A tie.
    Tie(TieRecord),
    /// A fact.
    Fact(Fact),
}

/// What a revision made of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangedRecord {
    /// A source, node, tie or fact.
    pub what: What,
    /// Its id.
    pub id: String,
    /// What it was; none if it was not there.
    pub before: Option<Record>,
    /// What it became; none if it was removed.
    pub after: Option<Record>,
}

impl What {
    /// All of them, in the order in which each may rest on the ones before.
    pub const ALL: [Self; 4] = [Self::Source, Self::Node, Self::Tie, Self::Fact];

    /// The word in messages.
    pub fn as_str(self) -> &'static str {
        ["source", "node", "tie", "fact"][self.index()]
    }

    pub(crate) fn plural(self) -> &'static str {
        ["sources", "nodes", "ties", "facts"][self.index()]
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The number in the table of history.
    pub(crate) fn code(self) -> i64 {
        self as i64 + 1
    }
}

impl Record {
    /// The record's id.
    pub fn id(&self) -> String {
        match self {
            Self::Source(it) => it.id.clone(),
            Self::Node(it) => it.id.clone(),
            Self::Tie(it) => it.id(),
            Self::Fact(it) => it.id.clone(),
        }
    }

    pub(crate) fn from_json(what: What, json: &str) -> Result<Self, Error> {
        Ok(match what {
            What::Source => Self::Source(serde_json::from_str(json)?),
            What::Node => Self::Node(serde_json::from_str(json)?),
            What::Tie => Self::Tie(serde_json::from_str(json)?),
            What::Fact => Self::Fact(serde_json::from_str(json)?),
        })
    }
}

const REVISION_COLUMNS: &str = "revision, at, who, what, dataset, n_added, n_changed, n_removed, \
                                n_same, n_nodes, n_ties, n_sources, n_facts, checksum";

impl Store {
    /// The number of the newest revision; 0 in an empty store.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn revision(&self) -> Result<u64, Error> {
        Ok(Head::newest(&self.conn)?.revision as u64)
    }

    /// The newest revisions, newest first, at most `limit`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn history(&self, limit: usize) -> Result<Vec<Revision>, Error> {
        let sql = format!(
            "SELECT {REVISION_COLUMNS} FROM revisions WHERE revision > 0 \
             ORDER BY revision DESC LIMIT ?1"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([limit as i64], revision_of_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a revision changed: sources, nodes, ties, facts, each in the order of their keys; at
    /// most `limit` records.
    ///
    /// # Errors
    /// [`Error::NoSuchRevision`], or if the file cannot be read.
    pub fn changes_of(&self, revision: u64, limit: usize) -> Result<Vec<ChangedRecord>, Error> {
        self.reading(|| {
            let mut res = Vec::new();
            for what in What::ALL {
                for page_of in [Self::changed_page, Self::inserted_page] {
                    let mut after = 0;
                    while res.len() < limit {
                        let n_wanted = (limit - res.len()).min(PAGE_SIZE);
                        let page = page_of(self, revision, what, after, n_wanted)?;
                        let Some(&(last, _)) = page.last() else { break };
                        after = last;
                        res.extend(page.into_iter().map(|it| it.1));
                    }
                }
            }
            // A record removed and put again has two keys, and is still one record.
            let mut merged: Vec<ChangedRecord> = Vec::with_capacity(res.len());
            let mut place = hashbrown::HashMap::new();
            for record in res {
                match place.get(&(record.what, record.id.clone())) {
                    Some(&at) => {
                        let earlier: &mut ChangedRecord = &mut merged[at];
                        earlier.after = record.after;
                    }
                    None => {
                        place.insert((record.what, record.id.clone()), merged.len());
                        merged.push(record);
                    }
                }
            }
            Ok(merged)
        })
    }

    /// The head of a revision and of the one before it.
    pub(crate) fn heads(&self, revision: u64) -> Result<(Head, Head), Error> {
        Ok((self.head_of(revision.saturating_sub(1))?, self.head_of(revision)?))
    }

    pub(crate) fn head_of(&self, revision: u64) -> Result<Head, Error> {
        let columns = Head::COLUMNS;
        let sql = format!("SELECT {columns} FROM revisions WHERE revision = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let asked = i64::try_from(revision).unwrap_or(i64::MAX);
        let found = statement.query_row([asked], Head::of_row).optional()?;
        match found {
            Some(head) => Ok(head),
            None => Err(Error::NoSuchRevision { asked: revision, newest: self.revision()? }),
        }
    }

    /// Records that were there before a revision touched them, from the first key above `after`.
    pub(crate) fn changed_page(
        &self,
        revision: u64,
        what: What,
        after: u32,
        limit: usize,
    ) -> Result<Vec<(u32, ChangedRecord)>, Error> {
        self.head_of(revision)?;
        let mut statement = self.conn.prepare_cached(
            "SELECT key, id, before FROM history WHERE revision = ?1 AND what = ?2 AND key > ?3 \
             ORDER BY key LIMIT ?4",
        )?;
        let mut rows =
            statement.query(params![revision as i64, what.code(), after, limit as i64])?;
        let mut res = Vec::new();
        while let Some(row) = rows.next()? {
            let key: u32 = row.get(0)?;
            let before: String = row.get(2)?;
            let before = Some(Record::from_json(what, &before)?);
            let after = self.record_after(revision, what, key)?;
            res.push((key, ChangedRecord { what, id: row.get(1)?, before, after }));
        }
        Ok(res)
    }

    /// Records that a revision made, from the first key above `after`.
    pub(crate) fn inserted_page(
        &self,
        revision: u64,
        what: What,
        after: u32,
        limit: usize,
    ) -> Result<Vec<(u32, ChangedRecord)>, Error> {
        let (previous, head) = self.heads(revision)?;
        let first = previous.last[what.index()].max(after) + 1;
        let last = head.last[what.index()];
        let sql = format!(
            "SELECT key FROM (SELECT key FROM {table} WHERE key BETWEEN ?1 AND ?2 \
             ORDER BY key LIMIT ?5) \
             UNION SELECT key FROM (SELECT key FROM history WHERE what = ?3 AND revision > ?4 \
             AND key BETWEEN ?1 AND ?2 ORDER BY key LIMIT ?5) ORDER BY 1 LIMIT ?5",
            table = what.plural()
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows =
            statement.query(params![first, last, what.code(), revision as i64, limit as i64])?;
        let mut res = Vec::new();
        while let Some(row) = rows.next()? {
            let key: u32 = row.get(0)?;
            if let Some(after) = self.record_after(revision, what, key)? {
                let (id, after) = (after.id(), Some(after));
                res.push((key, ChangedRecord { what, id, before: None, after }));
            }
        }
        Ok(res)
    }

    /// The record of a key as a revision left it.
    fn record_after(&self, revision: u64, what: What, key: u32) -> Result<Option<Record>, Error> {
        let mut statement = self.conn.prepare_cached(
            "SELECT before FROM history WHERE what = ?1 AND key = ?2 AND revision > ?3 \
             ORDER BY revision LIMIT 1",
        )?;
        let later: Option<String> = statement
            .query_row(params![what.code(), key, revision as i64], |row| row.get(0))
            .optional()?;
        match later {
            Some(later) => Ok(Some(Record::from_json(what, &later)?)),
            None => self.record_by_key(what, key),
        }
    }

    fn record_by_key(&self, what: What, key: u32) -> Result<Option<Record>, Error> {
        let key = i64::from(key);
        let (conn, lookup) = (&self.conn, &self.lookup);
        Ok(match what {
            What::Node => row::node_by_key(conn, lookup, key)?.map(Record::Node),
            What::Tie => row::tie_by_key(conn, lookup, key)?.map(|it| Record::Tie(it.record)),
            What::Source => {
                let columns = row::SOURCE_COLUMNS;
                let sql = format!("SELECT {columns} FROM sources WHERE key = ?1");
                let mut statement = conn.prepare_cached(&sql)?;
                let mut rows = statement.query([key])?;
                let found = rows.next()?.map(row::source_of_row).transpose()?;
                found.map(|it| Record::Source(it.1))
            }
            What::Fact => {
                let columns = row::FACT_COLUMNS;
                let sql = format!("SELECT {columns} FROM facts WHERE key = ?1");
                let mut statement = conn.prepare_cached(&sql)?;
                let mut rows = statement.query([key])?;
                let found =
                    rows.next()?.map(|it| row::fact_of_row(conn, lookup, it)).transpose()?;
                found.map(|it| Record::Fact(it.1))
            }
        })
    }
}

/// How many records are read at a time where a revision is gone through.
pub(crate) const PAGE_SIZE: usize = 1000;

fn revision_of_row(row: &Row<'_>) -> rusqlite::Result<Revision> {
    let count = |at: usize| row.get::<_, i64>(at).map(|it| it as u64);
    Ok(Revision {
        revision: count(0)?,
        when: row.get(1)?,
        who: row.get(2)?,
        what: row.get(3)?,
        dataset: row.get(4)?,
        n_added: count(5)?,
        n_changed: count(6)?,
        n_removed: count(7)?,
        n_same: count(8)?,
        n_nodes: count(9)?,
        n_ties: count(10)?,
        n_sources: count(11)?,
        n_facts: count(12)?,
        checksum: count(13)?,
    })
}
