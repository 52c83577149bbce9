//! A bulk insert: while an empty store is filled, indexes wait and ids are kept in memory.
//!
//! It lasts as long as every node and tie is new. The first change that is none ends it: the indexes
//! are built and the rest is applied record by record, with the same meaning.

use std::hash::BuildHasher;

use hashbrown::{HashMap, HashSet};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use weft_graph::{Change, NodeRecord};

use crate::apply::write_tie_id;
use crate::fold::{fold, is_spelt, words};
use crate::open::WRITER_CACHE_KIB;
use crate::{Error, layout};

/// Beyond so many ties, what is kept of each (some 16 bytes) is no longer worth it.
const TIES_MAX: usize = 1 << 25;
/// The same of nodes.
const NODES_MAX: usize = 1 << 22;
/// The page cache during a bulk insert, in KiB. Rows come in the order of their keys and need little;
/// and SQLite sorts in as much memory as the cache has, which is fastest where it fits into that of
/// the processor: an index of 5M ties takes 2.4 s of CPU with 1 MiB, 4.2 with 16, 6.0 with 64.
const CACHE_KIB: i64 = 1024;

/// Names that claims state, beside the name and the aliases of a row: few, if any.
const STATED_NAMES: &str = "
    CREATE TEMP TABLE stated AS
    SELECT c.node, c.value FROM node_claims c JOIN nodes n ON n.key = c.node
    WHERE c.field = 'name' AND c.value <> '' AND c.denial IS NULL AND c.value <> n.name;
    INSERT OR IGNORE INTO names (folded, node, is_alias)
    SELECT weft_fold(value), node, 1 FROM stated;
    DELETE FROM search WHERE rowid IN (SELECT node FROM stated);
    INSERT INTO search (rowid, text)
    SELECT key, name || ' ' || id
      || coalesce((SELECT ' ' || group_concat(value, ' ') FROM json_each(rest, '$.aliases')), '')
      || coalesce((SELECT ' ' || group_concat(DISTINCT value) FROM stated WHERE node = key), '')
    FROM nodes WHERE key IN (SELECT node FROM stated);
    DROP TABLE stated";

/// What stands in memory for the indexes that wait.
#[derive(Debug, Default)]
pub(crate) struct Bulk {
    /// Keys of nodes by the hash of their ids, 64 bits with a seed of this process: that an id which
    /// is not there is taken for one that is has odds of 1 in 10^13 among a million nodes. To hold and
    /// compare the ids themselves costs two more misses of the cache for each end of a tie.
    node_keys: HashMap<u64, u32>,
    /// Hashes of the ids of ties: one that comes twice may be a tie that comes twice.
    tie_ids: HashSet<u64>,
    vocabulary: HashSet<Box<str>>,
    /// Hashes of what is about to be asked for, in a buffer that is used again.
    ahead: Vec<u64>,
    /// Whether a tie had an id of its own, so that their index waits.
    has_given_ids: bool,
    /// Whether claims state names beside those of the rows.
    has_stated_names: bool,
}

impl Bulk {
    pub(crate) fn begin(conn: &Connection) -> Result<Self, Error> {
        conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
        layout::drop_late_indexes(conn)?;
        Ok(Self::default())
    }

    /// Brings the places at which the ends and ids of coming ties stand near the processor.
    ///
    /// The tables are larger than any cache. Asked for one after the other, the places are fetched at
    /// the same time; asked for tie by tie, among all the rest, each is waited for: a tenth of the time
    /// of a bulk insert. Changes nothing.
    pub(crate) fn look_ahead(&mut self, changes: &[Change]) {
        let mut id = String::new();
        let mut ahead = std::mem::take(&mut self.ahead);
        let ties = || {
            changes.iter().filter_map(|it| match it {
                Change::PutTie(tie) => Some(tie),
                _ => None,
            })
        };
        ahead.clear();
        ahead.extend(ties().flat_map(|it| [&it.source, &it.target]).map(|it| self.hash_of(it)));
        std::hint::black_box(ahead.iter().filter(|&it| self.node_keys.contains_key(it)).count());
        ahead.clear();
        for tie in ties().filter(|it| it.given_id.is_none()) {
            id.clear();
            write_tie_id(&mut id, tie);
            ahead.push(self.hash_of(&id));
        }
        std::hint::black_box(ahead.iter().filter(|&it| self.tie_ids.contains(it)).count());
        self.ahead = ahead;
    }

    pub(crate) fn node_key(&self, id: &str) -> Option<u32> {
        self.node_keys.get(&self.hash_of(id)).copied()
    }

    pub(crate) fn add_node(&mut self, key: u32, record: &NodeRecord) {
        self.node_keys.insert(self.hash_of(&record.id), key);
        let others = record.other_names();
        self.has_stated_names |= record.claims.iter().any(|it| it.field.as_deref() == Some("name"));
        for name in std::iter::once(record.name.as_str()).chain(others) {
            for word in words(&fold(name)).filter(|it| is_spelt(it)) {
                if !self.vocabulary.contains(word) {
                    self.vocabulary.insert(word.into());
                }
            }
        }
    }

    /// Takes note of a tie; says whether its id may have come before.
    pub(crate) fn add_tie(&mut self, id: &str) -> bool {
        let hash = self.hash_of(id);
        !self.tie_ids.insert(hash)
    }

    /// Takes note of a tie with an id of its own, before it is written.
    pub(crate) fn add_given_id(&mut self, conn: &Connection) -> Result<(), Error> {
        if !std::mem::replace(&mut self.has_given_ids, true) {
            layout::drop_index_of_given_ids(conn)?;
        }
        Ok(())
    }

    fn hash_of(&self, id: &str) -> u64 {
        self.tie_ids.hasher().hash_one(id)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.node_keys.len() >= NODES_MAX || self.tie_ids.len() >= TIES_MAX
    }

    /// Builds the indexes and the texts to search in.
    pub(crate) fn end(self, conn: &Connection, done: &mut dyn FnMut(u64)) -> Result<(), Error> {
        drop((self.node_keys, self.tie_ids));
        layout::create_late_indexes(conn, self.has_given_ids, done)?;
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        conn.create_scalar_function("weft_fold", 1, flags, |ctx| {
            Ok(fold(ctx.get_raw(0).as_str()?))
        })?;
        conn.execute_batch(
            "INSERT OR IGNORE INTO names (folded, node, is_alias)
             SELECT weft_fold(name), key, 0 FROM nodes WHERE name <> ''
             UNION ALL
             SELECT weft_fold(a.value), n.key, 1
             FROM nodes n, json_each(n.rest, '$.aliases') a WHERE n.rest IS NOT NULL
             ORDER BY 1, 2, 3;
             INSERT INTO identifiers (value, scheme, node)
             SELECT i.value ->> 'value', i.value ->> 'scheme', n.key
             FROM nodes n, json_each(n.rest, '$.identifiers') i WHERE n.rest IS NOT NULL
             GROUP BY 1, 2, 3;
             INSERT INTO search (rowid, text)
             SELECT key, CASE WHEN rest IS NULL THEN name || ' ' || id ELSE name || ' ' || id ||
               coalesce((SELECT ' ' || group_concat(value, ' ')
                         FROM json_each(rest, '$.aliases')), '') END
             FROM nodes",
        )?;
        if self.has_stated_names {
            conn.execute_batch(STATED_NAMES)?;
        }
        conn.remove_function("weft_fold", 1)?;
        conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        done(5);
        let mut vocabulary: Vec<Box<str>> = self.vocabulary.into_iter().collect();
        vocabulary.sort_unstable();
        for word in vocabulary {
            add_word(conn, &word)?;
        }
        done(6);
        Ok(())
    }
}

/// Adds a word of a name to those that misspelt words are compared with.
pub(crate) fn add_word(conn: &Connection, word: &str) -> Result<(), Error> {
    let mut statement =
        conn.prepare_cached("INSERT OR IGNORE INTO vocabulary (word) VALUES (?1)")?;
    if statement.execute([word])? == 1 {
        let key = conn.last_insert_rowid();
        let sql = "INSERT INTO spelling (rowid, word) VALUES (?1, ?2)";
        conn.prepare_cached(sql)?.execute(rusqlite::params![key, word])?;
    }
    Ok(())
}
