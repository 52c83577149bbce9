//! Rows that are kept: for sorting, for writes, and to know which have been seen.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::{Done, Next};
use crate::bound::Slot;
use crate::memory::{Held, allocated};
use crate::val::{LARGE_BYTES, n_bytes};
use crate::{Context, Error, Row, Val};

/// Values by which rows are grouped.
pub(super) type Key = Box<[Val]>;

/// Tables by key; their order is never read, so a fixed seed does.
pub(super) type KeyMap<V> = HashMap<Key, V, FixedState>;

/// Which rows have been seen.
pub(super) struct Seen {
    keys: KeyMap<()>,
    held: Held,
}

impl Seen {
    pub(super) fn new(ctx: &Context<'_>) -> Self {
        Self { keys: KeyMap::default(), held: ctx.held() }
    }

    /// Whether no row with the same values in these slots has been seen.
    pub(super) fn is_new(
        &mut self,
        slots: &[Slot],
        row: &Row,
        ctx: &Context<'_>,
    ) -> Result<bool, Error> {
        let key = slots.iter().map(|it| row[it.index()].clone()).collect::<Key>();
        let n_bytes = key_weight(&key);
        ctx.steps_through(n_bytes)?;
        self.held.make_room(&mut self.keys)?;
        let is_new = self.keys.insert(key, ()).is_none();
        if is_new {
            self.held.add(n_bytes)?;
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
    held: Option<Held>,
}

impl Rows {
    pub(crate) fn new(slots: &[Slot], ctx: &Context<'_>) -> Self {
        Self { slots: slots.to_vec(), held: Some(ctx.held()), ..Self::default() }
    }

    pub(crate) fn push(&mut self, row: &Row) -> Result<(), Error> {
        self.n_rows += 1;
        let Some(held) = &mut self.held else { return Ok(()) };
        for slot in &self.slots {
            let value = &row[slot.index()];
            held.add(n_bytes(value))?;
            held.push(&mut self.values, value.clone())?;
        }
        Ok(())
    }

    /// Hands on each row, in order.
    pub(crate) fn for_each(self, row: &mut Row, ctx: &Context<'_>, next: &mut Next<'_>) -> Done {
        let mut rows = self.into_kept();
        while rows.fill(row) {
            ctx.step()?;
            next(row)?;
            rows.forget(row);
        }
        Ok(())
    }

    /// The rows, to be taken out one by one.
    pub(crate) fn into_kept(self) -> Kept {
        let (slots, n_left, held) = (self.slots, self.n_rows, self.held);
        Kept { slots, values: self.values.into_iter(), n_left, held, n_bytes: 0 }
    }
}

/// Rows that are taken out one by one; each is held until it is forgotten.
pub(crate) struct Kept {
    slots: Vec<Slot>,
    values: std::vec::IntoIter<Val>,
    n_left: usize,
    held: Option<Held>,
    /// Of the row that was taken out last, beside its slots.
    n_bytes: usize,
}

impl Kept {
    /// Fills the slots with the next row, if there is one.
    pub(crate) fn fill(&mut self, row: &mut Row) -> bool {
        if self.n_left == 0 {
            return false;
        }
        self.n_left -= 1;
        self.n_bytes = 0;
        for (slot, value) in self.slots.iter().zip(&mut self.values) {
            self.n_bytes += n_bytes(&value);
            row[slot.index()] = value;
        }
        true
    }

    /// Nobody needs the row that was taken out last.
    pub(crate) fn forget(&mut self, row: &mut Row) {
        if self.n_bytes > 0 {
            let slots = self.slots.iter();
            empty(slots.copied(), self.n_bytes, row);
            self.held.iter_mut().for_each(|it| it.sub(self.n_bytes));
        }
    }

    pub(crate) fn n_rows_left(&self) -> usize {
        self.n_left
    }
}

/// Drops what is in some slots, if that is much: until they are filled again nobody counts it.
pub(super) fn empty(slots: impl Iterator<Item = Slot>, n_bytes: usize, row: &mut Row) {
    if n_bytes >= LARGE_BYTES {
        slots.for_each(|it| row[it.index()] = Val::Null);
    }
}

/// What values take in a piece of memory of their own.
pub(super) fn key_weight(values: &[Val]) -> usize {
    allocated(size_of_val(values)) + values.iter().map(n_bytes).sum::<usize>()
}
