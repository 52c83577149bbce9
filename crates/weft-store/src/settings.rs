//! What a store remembers beside its graph, such as where marks stand in pictures.
//!
//! Settings are no part of the graph: they make no revision and are in no checksum.

use rusqlite::{OptionalExtension, params};

use crate::{Error, Store};

/// Names that the store itself uses in the same table.
const RESERVED: [&str; 2] = ["title", "schema"];

impl Store {
    /// What was remembered under that name.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn recall(&self, name: &str) -> Result<Option<String>, Error> {
        let mut statement = self.conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Remembers a text under a name, in place of what was there.
    ///
    /// # Errors
    /// [`Error::OpenedForReading`], or if the file cannot be written.
    ///
    /// # Panics
    /// For the names `title` and `schema`, which are the store's own.
    pub fn remember(&mut self, name: &str, value: &str) -> Result<(), Error> {
        assert!(!RESERVED.contains(&name), "`{name}` is the store's own");
        if self.access() == crate::Access::Read {
            return Err(Error::OpenedForReading);
        }
        let sql = "INSERT INTO meta (name, value) VALUES (?1, ?2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.conn.execute(sql, params![name, value])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_comes_back_and_makes_no_revision() {
        let schema = weft_graph::Schema::bundled();
        let mut store = Store::in_memory("t", schema.text()).unwrap();
        assert_eq!(store.recall("layout").unwrap(), None);
        store.remember("layout", "a").unwrap();
        store.remember("layout", "b").unwrap();
        assert_eq!(store.recall("layout").unwrap().as_deref(), Some("b"));
        assert_eq!(store.revision().unwrap(), 0);
        assert!(store.verify().unwrap().is_sound());
    }
}
