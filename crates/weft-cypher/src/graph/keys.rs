//! Where the numbers of new nodes and relationships come from.

use std::sync::atomic::{AtomicU32, Ordering};

use weft_graph::Snapshot;

/// Gives numbers that no node and no relationship has yet.
///
/// Transactions that are open at once over one store share it, so that what one of them made is known
/// by another number, and another id, than what the others made.
#[derive(Debug)]
pub struct Keys {
    next_node: AtomicU32,
    next_tie: AtomicU32,
}

impl Keys {
    /// Begins behind what a snapshot has.
    pub fn after(snapshot: &Snapshot) -> Self {
        let next_node = AtomicU32::new(snapshot.last_node_key().0 + 1);
        Self { next_node, next_tie: AtomicU32::new(snapshot.last_tie_key().0 + 1) }
    }

    /// Leaves out what a snapshot has: somebody else wrote to the store.
    pub fn raise(&self, snapshot: &Snapshot) {
        self.next_node.fetch_max(snapshot.last_node_key().0 + 1, Ordering::Relaxed);
        self.next_tie.fetch_max(snapshot.last_tie_key().0 + 1, Ordering::Relaxed);
    }

    pub(super) fn next_node(&self) -> u32 {
        self.next_node.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn next_tie(&self) -> u32 {
        self.next_tie.fetch_add(1, Ordering::Relaxed)
    }
}
