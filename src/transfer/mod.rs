//! Files in and out: what an import would change, what is wrong with a graph, what an export drops.
//!
//! The life of an import: [`read_folder`] names the files; [`plan_import`] reads them once and says
//! everything that is wrong; the [`Plan`] reads them again and streams [`weft_graph::Change`]s, which
//! a store applies all or none. What the importer must know of the graph it imports into it asks
//! through [`Existing`].

mod check;
mod error;
mod existing;
mod export;
mod import;
mod input;
mod names;
mod outcome;
mod template;
mod words;

pub use check::check;
pub use error::TransferError;
pub use existing::{Existing, Lookup, LookupError, Members, SnapshotIndex};
pub use export::{
    Export, ExportOptions, FORBIDDING_WORDS, forbids_passing_on, to_csv_files, to_document,
};
pub use import::{Changes, ImportOptions, Plan, plan_import, schema_for};
pub use input::{Folder, InputFile, read_file, read_folder};
pub use names::{fold, name_tokens};
pub use outcome::{Counts, MAX_OUTCOMES, Outcome, Outcomes, Status};
pub use template::template;
