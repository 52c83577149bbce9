//! The store: one SQLite file that holds an ecosystem and the history of its changes.
//!
//! The life of a change: [`Store::apply`] reads a stream of changes, checks each against the store
//! with the meaning of [`weft_graph::Model::apply`], writes rows and before-images in one
//! transaction, and closes it with a [`Revision`] that carries the counts and the checksum of what
//! it left. Readers make a [`weft_graph::Snapshot`] of all, of an older revision, or of the
//! surroundings of a few nodes; single records and names are looked up by index.
//!
//! How the file is laid out, for other tools, is the documentation of the module [`layout`]. Knows
//! no file format but its own, no clock and no finding.

mod apply;
mod bulk;
mod checksum;
mod error;
mod find;
mod fold;
mod history;
pub mod layout;
mod migrate;
mod open;
mod read;
mod row;
mod scope;
mod settings;
mod tie_batch;
mod undo;
mod verify;
mod words;

pub use apply::{Applied, ApplyError, Phase, Progress, RevisionInfo};
pub use error::{Error, ErrorKind};
pub use find::{Hit, How};
pub use fold::fold;
pub use history::{ChangedRecord, Record, Revision, What};
pub use open::{Access, CreateOptions, Store};
pub use read::RelationCount;
pub use scope::Surroundings;
pub use undo::UndoError;
pub use verify::{Mismatch, Status, Verification};

#[cfg(test)]
mod tests;
