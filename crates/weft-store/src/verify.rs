//! Whether the file still holds what its last revision left in it.

use rusqlite::Connection;

use crate::apply::Head;
use crate::checksum::Canonical;
use crate::history::What;
use crate::row::{self, ClaimsOf, MoreClaims};
use crate::{Error, Store, scope};

/// Up to so many records the status compares checksums; above, counts alone.
const STATUS_RECORDS_MAX: i64 = 50_000;

/// What a store is, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// What it calls itself.
    pub title: String,
    /// The newest revision; 0 in an empty store.
    pub revision: u64,
    /// When that was made, by the clock of whoever made it.
    pub when: String,
    /// Nodes.
    pub n_nodes: u64,
    /// Ties.
    pub n_ties: u64,
    /// Sources.
    pub n_sources: u64,
    /// Facts.
    pub n_facts: u64,
    /// Whether it was opened as a file that nobody writes.
    pub is_immutable: bool,
    /// How the file differs from what the newest revision left.
    pub mismatch: Option<Mismatch>,
    /// Whether all records were compared, or, in a large store, only their numbers.
    pub is_thorough: bool,
}

/// How a file differs from what its newest revision left: another program has written to it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Another number of records.
    #[error("the file holds {found} {what}, but revision {revision} left {expected}")]
    Count {
        /// sources, nodes, ties or facts
        what: &'static str,
        /// how many there are
        found: u64,
        /// how many there should be
        expected: u64,
        /// the newest revision
        revision: u64,
    },
    /// The same number of records, but not the same records.
    #[error("a record is not as revision {revision} left it: another program wrote to the file")]
    Checksum {
        /// the newest revision
        revision: u64,
    },
    /// A row that cannot be read as a record.
    #[error("a row cannot be read: {0}")]
    Unreadable(String),
}

/// What a full check of a file found; all empty where it is sound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// What SQLite says of its pages and indexes.
    pub integrity: Vec<String>,
    /// Rows that refer to nothing, by table.
    pub dangling: Vec<String>,
    /// How the records differ from what the newest revision left.
    pub mismatch: Option<Mismatch>,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// Says what the store holds and whether another program has written to it.
    ///
    /// In a store of more than 50,000 records only their numbers are compared; [`Store::verify`]
    /// compares all.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn status(&self) -> Result<Status, Error> {
        self.reading(|| {
            let head = Head::newest(&self.conn)?;
            let is_thorough = head.counts.iter().sum::<i64>() <= STATUS_RECORDS_MAX;
            let mut mismatch = counts_differ(&self.conn, &head)?;
            if mismatch.is_none() && is_thorough {
                mismatch = self.records_differ(&head)?;
            }
            let when = self.conn.query_row(
                "SELECT at FROM revisions WHERE revision = ?1",
                [head.revision],
                |row| row.get(0),
            )?;
            let [n_sources, n_nodes, n_ties, n_facts] = head.counts.map(|it| it as u64);
            Ok(Status {
                title: self.title()?,
                revision: head.revision as u64,
                when,
                n_nodes,
                n_ties,
                n_sources,
                n_facts,
                is_immutable: self.is_immutable(),
                mismatch,
                is_thorough,
            })
        })
    }

    /// Checks the file throughout: SQLite's own checks, all references, the checksum of all records.
    ///
    /// Reads the whole file; some microseconds a record.
    ///
    /// # Errors
    /// If the file cannot be read at all.
    pub fn verify(&self) -> Result<Verification, Error> {
        self.reading(|| {
            let mut res = Verification::default();
            let mut statement = self.conn.prepare("PRAGMA integrity_check")?;
            for line in statement.query_map([], |row| row.get::<_, String>(0))? {
                res.integrity.push(line?);
            }
            res.integrity.retain(|it| it != "ok");
            let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (table, key): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
                let parent: String = row.get(2)?;
                let key = key.map(|it| format!(" {it}")).unwrap_or_default();
                res.dangling.push(format!("row{key} of `{table}` refers to no row of `{parent}`"));
            }
            let head = Head::newest(&self.conn)?;
            res.mismatch = counts_differ(&self.conn, &head)?;
            if res.mismatch.is_none() {
                res.mismatch = self.records_differ(&head)?;
            }
            Ok(res)
        })
    }

    fn records_differ(&self, head: &Head) -> Result<Option<Mismatch>, Error> {
        let revision = head.revision as u64;
        match self.checksum() {
            Ok(found) if found == head.checksum => Ok(None),
            Ok(_) => Ok(Some(Mismatch::Checksum { revision })),
            Err(Error::Corrupt(what)) => Ok(Some(Mismatch::Unreadable(what))),
            Err(err) => Err(err),
        }
    }

    /// The checksum of all records as they stand in the file.
    pub(crate) fn checksum(&self) -> Result<u64, Error> {
        let (conn, lookup) = (&self.conn, &self.lookup);
        let mut canonical = Canonical::default();
        let mut sum: u64 = 0;
        for what in What::ALL {
            let of = if what == What::Tie { ClaimsOf::Ties } else { ClaimsOf::Nodes };
            let mut claims_statement = conn.prepare(&row::all_claims_sql(of))?;
            let mut claims_rows = claims_statement.query([])?;
            let mut claims = MoreClaims::along(conn, lookup, &mut claims_rows)?;
            let mut statement = conn.prepare(&scope::all(what))?;
            let mut rows = statement.query([u32::MAX])?;
            while let Some(row) = rows.next()? {
                let hash = match what {
                    What::Source => {
                        let (key, source) = row::source_of_row(row)?;
                        canonical.source(key, &source)
                    }
                    What::Node => {
                        let (key, node) = row::node_of_row(conn, lookup, row, &mut claims)?;
                        canonical.node(key, &node)?
                    }
                    What::Tie => {
                        let tie = row::tie_of_row(conn, lookup, row, &mut claims)?;
                        canonical.tie(tie.key, &tie.record)?
                    }
                    What::Fact => {
                        let (key, fact) = row::fact_of_row(conn, lookup, row)?;
                        canonical.fact(key, &fact)
                    }
                };
                sum = sum.wrapping_add(hash);
            }
        }
        Ok(sum)
    }
}

fn counts_differ(conn: &Connection, head: &Head) -> Result<Option<Mismatch>, Error> {
    for what in What::ALL {
        let sql = format!("SELECT count(*) FROM {}", what.plural());
        let found: i64 = conn.query_row(&sql, [], |row| row.get(0))?;
        let expected = head.counts[what.index()];
        if found != expected {
            return Ok(Some(Mismatch::Count {
                what: what.plural(),
                found: found as u64,
                expected: expected as u64,
                revision: head.revision as u64,
            }));
        }
    }
    Ok(None)
}
