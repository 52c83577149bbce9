//! What became of each row.

use std::collections::BTreeMap;

use serde::Serialize;
use weft_formats::Table;

/// How many outcomes are kept for `--dry-run`; all are counted.
pub const MAX_OUTCOMES: usize = 10_000;

/// What an import does with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was not there.
    Added,
    /// It was there and is another now.
    Changed,
    /// It was there as it is.
    Same,
    /// The last import of the dataset had it, the files have not: taken out, as was asked.
    Removed,
    /// The same, but kept, for nobody asked to remove it.
    Missing,
    /// Its row has a fault.
    Rejected,
}

/// What becomes of one row or record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What.
    pub status: Status,
    /// The table that the record belongs to.
    pub table: Table,
    /// The file, empty for what is no longer in one.
    pub file: String,
    /// The row, 0 for what is no longer in a file.
    pub row: u32,
    /// The id of the record.
    pub id: String,
    /// The fields that differ, for what changed.
    pub fields: Vec<&'static str>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each counts the status of its name")]
pub struct Counts {
    pub added: usize,
    pub changed: usize,
    pub same: usize,
    pub removed: usize,
    pub missing: usize,
    pub rejected: usize,
}

/// The outcomes of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// By table.
    pub counts: BTreeMap<Table, Counts>,
    /// The first [`MAX_OUTCOMES`].
    pub kept: Vec<Outcome>,
}

impl Outcomes {
    /// All tables together.
    pub fn total(&self) -> Counts {
        let mut res = Counts::default();
        for it in self.counts.values() {
            res.added += it.added;
            res.changed += it.changed;
            res.same += it.same;
            res.removed += it.removed;
            res.missing += it.missing;
            res.rejected += it.rejected;
        }
        res
    }

    pub(super) fn count(&mut self, table: Table, status: Status, n: usize) {
        let counts = self.counts.entry(table).or_default();
        let slot = match status {
            Status::Added => &mut counts.added,
            Status::Changed => &mut counts.changed,
            Status::Same => &mut counts.same,
            Status::Removed => &mut counts.removed,
            Status::Missing => &mut counts.missing,
            Status::Rejected => &mut counts.rejected,
        };
        *slot += n;
    }

    pub(super) fn push(&mut self, outcome: impl FnOnce() -> Outcome, table: Table, status: Status) {
        self.count(table, status, 1);
        if self.kept.len() < MAX_OUTCOMES {
            self.kept.push(outcome());
        }
    }
}
