//! What a statement holds of memory, counted against its limit and against what all statements share.
//!
//! Counted is what the allocator gives: room in a list or a table that is not used yet, too, and while one
//! grows the old room beside the new. Knows nothing of what is held.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Error, Limits};

/// A statement takes its share of a pool in pieces, so that it seldom asks. The first is its own, so that
/// small ones go on where large ones take all.
const SHARE_BYTES: usize = 1 << 20;

/// Memory that all statements of a program share, each within its own limit; beside it each may hold a
/// megabyte.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    n_bytes: usize,
    n_left: AtomicUsize,
}

impl Pool {
    /// A pool of so many bytes.
    pub fn of(n_bytes: usize) -> Self {
        Self(Arc::new(Shared { n_bytes, n_left: AtomicUsize::new(n_bytes) }))
    }

    /// How many bytes nobody holds.
    pub fn n_left(&self) -> usize {
        self.0.n_left.load(Ordering::Relaxed)
    }

    fn take(&self, n_bytes: usize) -> bool {
        let taken = self
            .0
            .n_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(n_bytes));
        taken.is_ok()
    }

    fn give_back(&self, n_bytes: usize) {
        self.0.n_left.fetch_add(n_bytes, Ordering::Relaxed);
    }
}

/// A share of a pool, which goes back when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Share {
    pool: Option<Pool>,
    n_bytes: usize,
}

impl Share {
    pub(crate) fn of(pool: Option<&Pool>) -> Self {
        Self { pool: pool.cloned(), n_bytes: 0 }
    }

    /// Lets so many bytes be held; without a pool there is no end.
    pub(crate) fn grow_to(&mut self, n_bytes: usize) -> Result<(), Error> {
        let Some(pool) = &self.pool else { return Ok(()) };
        let n_more = n_bytes.saturating_sub(SHARE_BYTES).saturating_sub(self.n_bytes);
        if !pool.take(n_more) {
            return Err(Limits::all_exceeded(pool.0.n_bytes));
        }
        self.n_bytes += n_more;
        Ok(())
    }

    /// No more than so many bytes are held.
    pub(crate) fn shrink_to(&mut self, n_bytes: usize) {
        if let Some(pool) = &self.pool
            && let n_bytes = n_bytes.saturating_sub(SHARE_BYTES)
            && let Some(n_less) = self.n_bytes.checked_sub(n_bytes)
        {
            pool.give_back(n_less);
            self.n_bytes = n_bytes;
        }
    }
}

impl Clone for Share {
    /// A share of nothing: what was taken is taken once.
    fn clone(&self) -> Self {
        Self::of(self.pool.as_ref())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

/// What a statement holds now.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    n_held: Cell<usize>,
    /// Part of it: values that expressions made and that a row still holds.
    n_made: Cell<usize>,
    /// So much may be held without asking.
    n_granted: Cell<usize>,
    share: RefCell<Share>,
}

impl Memory {
    /// Takes over a share, to be had back at the end.
    pub(crate) fn with(share: Share) -> Self {
        let memory = Self::default();
        memory.share.replace(share);
        memory
    }

    /// The share, as large as it has grown.
    pub(crate) fn take_share(&self) -> Share {
        self.n_granted.set(0);
        self.share.take()
    }

    /// Counts bytes that are about to be held.
    #[inline]
    pub(crate) fn hold(&self, n_bytes: usize, limits: &Limits) -> Result<(), Error> {
        let n_held = self.n_held.get().saturating_add(n_bytes);
        if n_held > self.n_granted.get() {
            self.ask_for(n_held, limits)?;
        }
        self.n_held.set(n_held);
        Ok(())
    }

    /// Counts bytes that are no longer held.
    #[inline]
    pub(crate) fn release(&self, n_bytes: usize) {
        self.n_held.set(self.n_held.get().saturating_sub(n_bytes));
    }

    #[cold]
    fn ask_for(&self, n_bytes: usize, limits: &Limits) -> Result<(), Error> {
        if n_bytes > limits.n_bytes {
            return Err(limits.exceeded());
        }
        let mut share = self.share.borrow_mut();
        let n_granted = match share.pool {
            Some(_) => n_bytes.next_multiple_of(SHARE_BYTES).min(limits.n_bytes),
            None => limits.n_bytes,
        };
        share.grow_to(n_granted)?;
        self.n_granted.set(n_granted);
        Ok(())
    }

    /// How much of what expressions made is held.
    #[inline]
    pub(crate) fn n_made(&self) -> usize {
        self.n_made.get()
    }

    /// Counts a value that an expression is about to make.
    pub(crate) fn make(&self, n_bytes: usize, limits: &Limits) -> Result<(), Error> {
        self.hold(n_bytes, limits)?;
        self.n_made.set(self.n_made.get() + n_bytes);
        Ok(())
    }

    /// Of what expressions made no more is held than at that time.
    pub(crate) fn unmake_to(&self, n_made: usize) {
        self.release(self.n_made.get().saturating_sub(n_made));
        self.n_made.set(n_made);
    }
}

/// What one operator holds; it is no longer held when this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    memory: Rc<Memory>,
    limits: Limits,
    n_bytes: usize,
}

impl Held {
    pub(crate) fn new(memory: Rc<Memory>, limits: Limits) -> Self {
        Self { memory, limits, n_bytes: 0 }
    }

    /// Counts bytes that are about to be held.
    #[inline]
    pub(crate) fn add(&mut self, n_bytes: usize) -> Result<(), Error> {
        self.memory.hold(n_bytes, &self.limits)?;
        self.n_bytes += n_bytes;
        Ok(())
    }

    /// Counts bytes that are no longer held.
    #[inline]
    pub(crate) fn sub(&mut self, n_bytes: usize) {
        let n_bytes = n_bytes.min(self.n_bytes);
        self.memory.release(n_bytes);
        self.n_bytes -= n_bytes;
    }

    /// How many bytes are held.
    #[inline]
    pub(crate) fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Nothing is held any more.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.memory.release(self.n_bytes);
        self.n_bytes = 0;
    }

    /// Sees to it that there is room for one more.
    #[inline]
    pub(crate) fn make_room(&mut self, of: &mut impl Room) -> Result<(), Error> {
        if of.is_full() { self.grow(of) } else { Ok(()) }
    }

    #[cold]
    fn grow(&mut self, room: &mut impl Room) -> Result<(), Error> {
        let before = room.n_bytes();
        self.add(room.n_bytes_grown())?;
        room.grow();
        self.sub(before);
        Ok(())
    }

    /// Adds to the end of a list.
    #[inline]
    pub(crate) fn push<T>(&mut self, to: &mut Vec<T>, item: T) -> Result<(), Error> {
        self.make_room(to)?;
        to.push(item);
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.memory.release(self.n_bytes);
    }
}

/// What holds more and more, and doubles its room where that is full.
pub(crate) trait Room {
    fn is_full(&self) -> bool;
    /// What it takes of the allocator.
    fn n_bytes(&self) -> usize;
    /// What it will take once it has grown.
    fn n_bytes_grown(&self) -> usize;
    /// Makes room for one more, at least.
    fn grow(&mut self);
}

impl<T> Room for Vec<T> {
    #[inline]
    fn is_full(&self) -> bool {
        self.len() == self.capacity()
    }

    fn n_bytes(&self) -> usize {
        allocated(self.capacity() * size_of::<T>())
    }

    fn n_bytes_grown(&self) -> usize {
        allocated(grown(self.capacity()) * size_of::<T>())
    }

    fn grow(&mut self) {
        self.reserve_exact(grown(self.capacity()) - self.len());
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Room for HashMap<K, V, S> {
    #[inline]
    fn is_full(&self) -> bool {
        self.len() == self.capacity()
    }

    fn n_bytes(&self) -> usize {
        table(self.capacity(), size_of::<(K, V)>())
    }

    fn n_bytes_grown(&self) -> usize {
        table(self.capacity() + 1, size_of::<(K, V)>())
    }

    fn grow(&mut self) {
        self.reserve(1);
    }
}

impl<K: Eq + Hash, S: BuildHasher> Room for HashSet<K, S> {
    #[inline]
    fn is_full(&self) -> bool {
        self.len() == self.capacity()
    }

    fn n_bytes(&self) -> usize {
        table(self.capacity(), size_of::<K>())
    }

    fn n_bytes_grown(&self) -> usize {
        table(self.capacity() + 1, size_of::<K>())
    }

    fn grow(&mut self) {
        self.reserve(1);
    }
}

/// What the allocator gives for so many bytes: it keeps the size beside them, and rounds up.
pub(crate) const fn allocated(n_bytes: usize) -> usize {
    match n_bytes {
        0 => 0,
        1..=24 => 32,
        _ => (n_bytes.saturating_add(8 + 15)) & !15,
    }
}

/// The room of a list that was full.
fn grown(capacity: usize) -> usize {
    capacity.saturating_mul(2).max(4)
}

/// What a table takes that has room for so many: it is at most seven eighths full, and its size is a power
/// of two.
pub(crate) fn table(capacity: usize, n_bytes_each: usize) -> usize {
    let n_places = match capacity {
        0 => return 0,
        1..=3 => 4,
        4..=7 => 8,
        8..=14 => 16,
        _ => (capacity.saturating_mul(8) / 7).next_power_of_two(),
    };
    allocated(n_places.saturating_mul(n_bytes_each + 1) + 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(n_bytes: usize) -> Limits {
        Limits { n_bytes, ..Limits::default() }
    }

    #[test]
    fn what_is_held_is_given_back_and_counts_once() {
        let (memory, limits) = (Rc::new(Memory::default()), limits(1_000));
        let mut held = Held::new(Rc::clone(&memory), limits);
        held.add(600).unwrap();
        let mut other = Held::new(Rc::clone(&memory), limits);
        assert!(other.add(500).is_err());
        other.add(400).unwrap();
        held.sub(100);
        memory.make(100, &limits).unwrap();
        assert!(memory.make(1, &limits).is_err());
        memory.unmake_to(0);
        drop((held, other));
        assert_eq!(memory.n_held.get(), 0);
    }

    #[test]
    fn statements_share_a_pool_and_give_their_shares_back() {
        let pool = Pool::of(10 * SHARE_BYTES);
        let limits = limits(8 * SHARE_BYTES);
        let one = Memory::with(Share::of(Some(&pool)));
        one.hold(7 * SHARE_BYTES - 5, &limits).unwrap();
        assert_eq!(pool.n_left(), 4 * SHARE_BYTES);
        let other = Memory::with(Share::of(Some(&pool)));
        let error = other.hold(6 * SHARE_BYTES, &limits).unwrap_err();
        assert!(error.message.contains("together"), "{error:?}");
        other.hold(5 * SHARE_BYTES, &limits).unwrap();
        assert_eq!(pool.n_left(), 0);
        Memory::with(Share::of(Some(&pool))).hold(SHARE_BYTES, &limits).unwrap();
        let mut kept = one.take_share();
        kept.shrink_to(2 * SHARE_BYTES);
        drop(other);
        assert_eq!(pool.n_left(), 9 * SHARE_BYTES);
        drop(kept);
        assert_eq!(pool.n_left(), 10 * SHARE_BYTES);
    }

    #[test]
    fn tables_and_lists_take_what_is_said_of_them() {
        let (memory, limits) = (Rc::new(Memory::default()), limits(10_000_000));
        let mut held = Held::new(Rc::clone(&memory), limits);
        let (mut list, mut table) = (Vec::new(), HashMap::new());
        for n in 0..10_000_u64 {
            held.push(&mut list, n).unwrap();
            held.make_room(&mut table).unwrap();
            table.insert(n, n);
            assert_eq!(memory.n_held.get(), list.n_bytes() + table.n_bytes());
        }
        assert!(list.n_bytes() >= list.capacity() * 8 && list.capacity() < 20_000);
        assert!(table.n_bytes() > table.capacity() * 17 && table.n_bytes() < 10_000 * 17 * 4);
    }
}
