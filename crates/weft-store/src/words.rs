//! Words, sources and nodes by their keys: the small tables that rows refer to, kept at hand.

use std::cell::{OnceCell, RefCell};

use hashbrown::HashMap;
use rusqlite::{Connection, OptionalExtension};
use weft_graph::{ChangeError, OPEN_WORDS_MAX, Schema, TieId};

use crate::Error;

/// How many ids of sources are kept at hand; the others are asked for again.
const SOURCES_KEPT_MAX: usize = 1 << 18;

/// What has been read of the small tables. Keys are never used again, so nothing here grows stale;
/// after a rollback it is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    word_of: RefCell<HashMap<i64, String>>,
    key_of: RefCell<HashMap<String, i64>>,
    source_ids: RefCell<HashMap<i64, String>>,
    is_open: OnceCell<bool>,
}

impl Lookup {
    /// Whether the store has no schema: any set of labels, any type of tie.
    pub(crate) fn is_open(&self, conn: &Connection) -> Result<bool, Error> {
        if let Some(&is_open) = self.is_open.get() {
            return Ok(is_open);
        }
        let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE name = 'schema'")?;
        let text: Option<String> = statement.query_row([], |row| row.get(0)).optional()?;
        // A schema takes a while to read, and few say a word of this.
        let may_be = |it: &String| it.lines().any(|it| it.trim_start().starts_with("open"));
        let is_open =
            text.filter(may_be).is_some_and(|it| Schema::parse(&it).is_ok_and(|it| it.is_open()));
        Ok(*self.is_open.get_or_init(|| is_open))
    }

    /// Whether an id is the one that the tie of that key has anyway, so that it need not be written.
    pub(crate) fn is_id_of_tie(
        &self,
        conn: &Connection,
        id: &str,
        key: u32,
    ) -> Result<bool, Error> {
        Ok(self.is_open(conn)? && TieId::of_open_id(id) == Some(TieId(key)))
    }

    pub(crate) fn forget(&self) {
        self.word_of.borrow_mut().clear();
        self.key_of.borrow_mut().clear();
        self.source_ids.borrow_mut().clear();
    }

    /// The word of a key.
    pub(crate) fn word(&self, conn: &Connection, key: i64) -> Result<String, Error> {
        if let Some(word) = self.word_of.borrow().get(&key) {
            return Ok(word.clone());
        }
        let mut statement = conn.prepare_cached("SELECT word FROM words WHERE key = ?1")?;
        let word: Option<String> = statement.query_row([key], |row| row.get(0)).optional()?;
        let word = word.ok_or_else(|| Error::corrupt(format!("there is no word {key}")))?;
        self.word_of.borrow_mut().insert(key, word.clone());
        Ok(word)
    }

    /// The key of a word, if any row has used it yet.
    pub(crate) fn word_key(&self, conn: &Connection, word: &str) -> Result<Option<i64>, Error> {
        if let Some(&key) = self.key_of.borrow().get(word) {
            return Ok(Some(key));
        }
        let mut statement = conn.prepare_cached("SELECT key FROM words WHERE word = ?1")?;
        let key: Option<i64> = statement.query_row([word], |row| row.get(0)).optional()?;
        if let Some(key) = key {
            self.key_of.borrow_mut().insert(word.to_owned(), key);
        }
        Ok(key)
    }

    /// The key of a word, given to it now if it is new.
    pub(crate) fn intern(&self, conn: &Connection, word: &str) -> Result<i64, Error> {
        if let Some(key) = self.word_key(conn, word)? {
            return Ok(key);
        }
        conn.prepare_cached("INSERT INTO words (word) VALUES (?1)")?.execute([word])?;
        let key = conn.last_insert_rowid();
        if key > OPEN_WORDS_MAX as i64 && self.is_open(conn)? {
            return Err(ChangeError::full("sets of labels and types of ties").into());
        }
        self.key_of.borrow_mut().insert(word.to_owned(), key);
        Ok(key)
    }

    /// The id of a source.
    pub(crate) fn source_id(&self, conn: &Connection, key: i64) -> Result<String, Error> {
        if let Some(id) = self.source_ids.borrow().get(&key) {
            return Ok(id.clone());
        }
        let mut statement = conn.prepare_cached("SELECT id FROM sources WHERE key = ?1")?;
        let id: Option<String> = statement.query_row([key], |row| row.get(0)).optional()?;
        let id = id.ok_or_else(|| Error::corrupt(format!("there is no source {key}")))?;
        let mut source_ids = self.source_ids.borrow_mut();
        if source_ids.len() < SOURCES_KEPT_MAX {
            source_ids.insert(key, id.clone());
        }
        Ok(id)
    }
}

/// The id of a node.
pub(crate) fn node_id(conn: &Connection, key: i64) -> Result<String, Error> {
    let mut statement = conn.prepare_cached("SELECT id FROM nodes WHERE key = ?1")?;
    let id: Option<String> = statement.query_row([key], |row| row.get(0)).optional()?;
    id.ok_or_else(|| Error::corrupt(format!("there is no node {key}")))
}

/// The key of a node.
pub(crate) fn node_key(conn: &Connection, id: &str) -> Result<Option<i64>, Error> {
    let mut statement = conn.prepare_cached("SELECT key FROM nodes WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| row.get(0)).optional()?)
}
