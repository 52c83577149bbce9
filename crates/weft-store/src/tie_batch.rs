//! Ties read thousands at a time, for whoever reads them all.
//!
//! An aggregate function of ours collects the rows while SQLite steps through them by itself. That
//! spares a return to us for each row and a call over SQLite's interface for each column of it, which
//! together cost more than reading the row. Knows nothing of what a row means.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;

use crate::Error;
use crate::row::{TIE_COLUMNS, TieRow};

/// How many keys are read at a time: the rows of so many fit into the cache of the processor.
pub(crate) const N_KEYS: usize = 1 << 11;

const FUNCTION: &str = "weft_collect_ties";

/// The rows that were collected last, as the function and whoever asks share them.
#[derive(Debug)]
pub(crate) struct TieBatches(Arc<Mutex<TieBatch>>);

/// Rows in the order of their keys.
#[derive(Debug, Default)]
pub(crate) struct TieBatch {
    rows: Vec<TieRow<Range<u32>>>,
    texts: String,
    /// What no weft wrote.
    fault: Option<String>,
}

struct Collect(Arc<Mutex<TieBatch>>);

impl TieBatches {
    /// Makes the function known to a connection.
    pub(crate) fn new(conn: &Connection) -> Result<Self, Error> {
        let batch = Arc::new(Mutex::new(TieBatch::default()));
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
        let n_columns = TIE_COLUMNS.split(',').count() as i32;
        conn.create_aggregate_function(FUNCTION, n_columns, flags, Collect(batch.clone()))?;
        Ok(Self(batch))
    }

    /// Reads the ties whose keys lie in a range.
    pub(crate) fn read(
        &self,
        conn: &Connection,
        keys: Range<i64>,
    ) -> Result<MutexGuard<'_, TieBatch>, Error> {
        held(&self.0).clear();
        let sql =
            format!("SELECT {FUNCTION}({TIE_COLUMNS}) FROM ties WHERE key >= ?1 AND key < ?2");
        conn.prepare_cached(&sql)?.query_row([keys.start, keys.end], |_| Ok(()))?;
        let mut batch = held(&self.0);
        if let Some(fault) = batch.fault.take() {
            return Err(Error::corrupt(fault));
        }
        // SQLite walks a range of keys in their order, but does not owe it to an aggregate.
        if !batch.rows.is_sorted_by_key(|it| it.key) {
            batch.rows.sort_by_key(|it| it.key);
        }
        Ok(batch)
    }
}

impl TieBatch {
    pub(crate) fn rows(&self) -> impl Iterator<Item = TieRow<&str>> {
        let text = |at: &Range<u32>| &self.texts[at.start as usize..at.end as usize];
        self.rows.iter().map(move |it| it.with_texts(text))
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.texts.clear();
        self.fault = None;
    }
}

impl Aggregate<TieBatch, i64> for Collect {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<TieBatch> {
        Ok(std::mem::take(&mut held(&self.0)))
    }

    fn step(&self, context: &mut Context<'_>, batch: &mut TieBatch) -> rusqlite::Result<()> {
        let value = |at: usize| -> Result<ValueRef<'_>, Error> { Ok(context.get_raw(at)) };
        match TieRow::read(value) {
            Ok(row) => {
                let texts = &mut batch.texts;
                let row = row.with_texts(|text| {
                    let start = texts.len() as u32;
                    texts.push_str(text);
                    start..texts.len() as u32
                });
                batch.rows.push(row);
            }
            Err(err) => batch.fault = Some(err.to_string()),
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, batch: Option<TieBatch>) -> rusqlite::Result<i64> {
        let batch = batch.unwrap_or_default();
        let n_rows = batch.rows.len() as i64;
        *held(&self.0) = batch;
        Ok(n_rows)
    }
}

/// A batch is whole at every moment, so one that a panic left behind can be used.
fn held(batch: &Mutex<TieBatch>) -> MutexGuard<'_, TieBatch> {
    batch.lock().unwrap_or_else(PoisonError::into_inner)
}
