//! Undo: a revision taken back by applying the inverse of its changes, as a revision of its own.

use rusqlite::params;
use weft_graph::Change;

use crate::apply::Writer;
use crate::history::{ChangedRecord, PAGE_SIZE, Record, What};
use crate::row;
use crate::{Applied, Error, Progress, RevisionInfo, Store};

/// How many records a refusal names.
const NAMED_MAX: i64 = 100;

/// Why a revision cannot be taken back; nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UndoError {
    /// There is nothing to take back.
    #[error("there is no revision to undo")]
    Nothing,
    /// Later revisions changed the same records.
    #[error(
        "revision {revision} cannot be undone: later revisions changed {}\n\
         hint: undo those first, the newest first",
        named(.records)
    )]
    ChangedSince {
        /// the revision
        revision: u64,
        /// the records, with the revision that changed each; the first hundred
        records: Vec<(What, String, u64)>,
    },
    /// The store refuses, for example because a later record rests on one of the revision's.
    #[error(transparent)]
    Store(#[from] Error),
}

fn named(records: &[(What, String, u64)]) -> String {
    let mut res = String::new();
    for (n, (what, id, revision)) in records.iter().enumerate() {
        let comma = if n == 0 { "" } else { ", " };
        res.push_str(&format!("{comma}{} `{id}` (revision {revision})", what.as_str()));
    }
    res
}

impl Store {
    /// Takes back a revision: the newest, or an older one whose records nobody changed since.
    ///
    /// It is itself a revision, so undoing it does again what was undone. A record that comes back
    /// gets a new key, for keys are never used again.
    ///
    /// # Errors
    /// See [`UndoError`].
    pub fn undo(
        &mut self,
        revision: Option<u64>,
        info: &RevisionInfo,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Applied, UndoError> {
        let newest = self.revision()?;
        let revision = revision.unwrap_or(newest);
        if newest == 0 || revision == 0 {
            return Err(UndoError::Nothing);
        }
        self.heads(revision)?;
        let store: &Self = self;
        store.write(info, progress, |writer| {
            // Asked inside the transaction, so that nobody can come in between.
            let records = store.changed_since(revision)?;
            if !records.is_empty() {
                return Err(UndoError::ChangedSince { revision, records });
            }
            Ok(store.take_back(revision, writer)?)
        })
    }

    /// First what was is put back, each after what it rests on; then what was not is removed.
    fn take_back(&self, revision: u64, writer: &mut Writer<'_, '_>) -> Result<(), Error> {
        for what in What::ALL {
            let mut after = 0;
            loop {
                let page = self.changed_page(revision, what, after, PAGE_SIZE)?;
                let Some(&(last, _)) = page.last() else { break };
                after = last;
                for record in page.into_iter().filter_map(|it| it.1.before) {
                    writer.apply(put(record))?;
                }
            }
        }
        for what in What::ALL.into_iter().rev() {
            let mut after = 0;
            loop {
                let page = self.inserted_page(revision, what, after, PAGE_SIZE)?;
                let Some(&(last, _)) = page.last() else { break };
                after = last;
                for (_, ChangedRecord { id, .. }) in page {
                    // What the revision removed and made anew has just been put back.
                    if !self.had_before(revision, what, &id)? {
                        writer.apply(remove(what, id))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn had_before(&self, revision: u64, what: What, id: &str) -> Result<bool, Error> {
        let mut statement = self.conn.prepare_cached(
            "SELECT 1 FROM history WHERE what = ?1 AND id = ?2 AND revision = ?3",
        )?;
        Ok(statement.exists(params![what.code(), id, revision as i64])?)
    }

    /// The records of a revision that later ones changed, removed, or put again.
    fn changed_since(&self, revision: u64) -> Result<Vec<(What, String, u64)>, Error> {
        let (previous, head) = self.heads(revision)?;
        let mut res = Vec::new();
        for what in What::ALL {
            let table = what.plural();
            let own_id = match what {
                What::Tie => "t.given_id",
                _ => "t.id",
            };
            let sql = format!(
                "SELECT h.id, h.revision FROM history h
                 WHERE h.what = ?1 AND h.revision > ?2 AND (h.key BETWEEN ?3 AND ?4 OR EXISTS (
                   SELECT 1 FROM history m
                   WHERE m.revision = ?2 AND m.what = ?1 AND m.id = h.id))
                 UNION
                 SELECT m.id, (SELECT min(r.revision) FROM revisions r
                               WHERE r.last_{word} >= t.key)
                 FROM history m JOIN {table} t ON {own_id} = m.id
                 WHERE m.revision = ?2 AND m.what = ?1 AND t.key > ?4
                 ORDER BY 1, 2 LIMIT {NAMED_MAX}",
                word = what.as_str()
            );
            let mut statement = self.conn.prepare_cached(&sql)?;
            let (first, last) = (previous.last[what.index()] + 1, head.last[what.index()]);
            let mut rows = statement.query(params![what.code(), revision as i64, first, last])?;
            while let Some(row) = rows.next()? {
                res.push((what, row.get(0)?, row.get::<_, i64>(1)? as u64));
            }
        }
        self.ties_put_again(revision, head.last[What::Tie.index()], &mut res)?;
        Ok(res)
    }

    /// Ties whose id is made of their parts are found by it one by one, of those removed.
    fn ties_put_again(
        &self,
        revision: u64,
        last: u32,
        res: &mut Vec<(What, String, u64)>,
    ) -> Result<(), Error> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM history h WHERE revision = ?1 AND what = 3
             AND NOT EXISTS (SELECT 1 FROM ties t WHERE t.key = h.key)",
        )?;
        let mut rows = statement.query([revision as i64])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let Some(key) = row::tie_key(&self.conn, &self.lookup, &id)? else { continue };
            let is_named = res.iter().any(|it| it.0 == What::Tie && it.1 == id);
            if key > i64::from(last) && !is_named && res.len() < NAMED_MAX as usize {
                let mut of_key = self
                    .conn
                    .prepare_cached("SELECT min(revision) FROM revisions WHERE last_tie >= ?1")?;
                let since: i64 = of_key.query_row([key], |row| row.get(0))?;
                res.push((What::Tie, id, since as u64));
            }
        }
        Ok(())
    }
}

fn put(record: Record) -> Change {
    match record {
        Record::Source(it) => Change::PutSource(it),
        Record::Node(it) => Change::PutNode(it),
        Record::Tie(it) => Change::PutTie(it),
        Record::Fact(it) => Change::PutFact(it),
    }
}

fn remove(what: What, id: String) -> Change {
    match what {
        What::Source => Change::RemoveSource(id),
        What::Node => Change::RemoveNode(id),
        What::Tie => Change::RemoveTie(id),
        What::Fact => Change::RemoveFact(id),
    }
}
