//! Rows that are kept: for sorting, for writes, and to know which have been seen.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::{Done, Next};
use crate::bound::Slot;
use crate::val::n_bytes;
use crate::{Context, Error, Row, Val};

/// Values by which rows are grouped.
pub(super) type Key = Box<[Val]>;

/// Tables by key; their order is never read, so a fixed seed does.
pub(super) type KeyMap<V> = HashMap<Key, V, FixedState>;

/// What a key takes in such a table beside its values, by estimate: its place, and the empty ones, of which
/// there may be as many.
pub(super) const KEY_BYTES: usize = 64;

/// Which rows have been seen.
#[derive(Default)]
pub(super) struct Seen {
    keys: KeyMap<()>,
}

impl Seen {
    /// Whether no row with the same values in these slots has been seen.
    pub(super) fn is_new(
        &mut self,
        slots: &[Slot],
        row: &Row,
        ctx: &Context<'_>,
    ) -> Result<bool, Error> {
        let key = slots.iter().map(|it| row[it.index()].clone()).collect::<Key>();
        let n_bytes = weight(&key) + KEY_BYTES;
        let is_new = self.keys.insert(key, ()).is_none();
        if is_new {
            ctx.hold(n_bytes)?;
        }
        Ok(is_new)
    }
}

/// Rows, of which only some slots are kept.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    slots: Vec<Slot>,
    values: Vec<Val>,
    n_rows: usize,
    n_bytes: usize,
}

impl Rows {
    pub(crate) fn new(slots: &[Slot]) -> Self {
        Self { slots: slots.to_vec(), ..Self::default() }
    }

    pub(crate) fn push(&mut self, row: &Row, ctx: &Context<'_>) -> Result<(), Error> {
        let from = self.values.len();
        self.values.extend(self.slots.iter().map(|it| row[it.index()].clone()));
        let n_bytes = weight(&self.values[from..]);
        self.n_rows += 1;
        self.n_bytes += n_bytes;
        ctx.hold(n_bytes)
    }

    /// Hands on each row, in order.
    pub(crate) fn for_each(
        mut self,
        row: &mut Row,
        ctx: &Context<'_>,
        next: &mut Next<'_>,
    ) -> Done {
        let n_bytes = self.n_bytes;
        let slots = std::mem::take(&mut self.slots);
        let mut values = std::mem::take(&mut self.values).into_iter();
        for _ in 0..self.n_rows {
            ctx.step()?;
            for (slot, value) in slots.iter().zip(&mut values) {
                row[slot.index()] = value;
            }
            next(row)?;
        }
        ctx.release(n_bytes);
        Ok(())
    }

    /// Takes the rows apart: the slots, the values row by row, how many rows, and their bytes.
    pub(crate) fn into_parts(self) -> (Vec<Slot>, std::vec::IntoIter<Val>, usize, usize) {
        (self.slots, self.values.into_iter(), self.n_rows, self.n_bytes)
    }
}

/// About how many bytes values take.
pub(super) fn weight(values: &[Val]) -> usize {
    values.iter().map(|it| size_of::<Val>() + n_bytes(it)).sum()
}
