//! What stops a transfer; what is wrong in the data is a diagnostic.

use std::io;

use super::LookupError;

/// Why a transfer stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] weft_formats::Error),
    /// A folder or a file cannot be opened.
    #[error("`{path}` cannot be opened: {source}")]
    Open {
        /// the path
        path: String,
        /// what the system said
        source: io::Error,
    },
    /// A folder holds none of the files of a dataset.
    #[error("`{path}` holds no nodes.csv, ties.csv, sources.csv, claims.csv or facts.csv")]
    NoFiles {
        /// the folder
        path: String,
    },
    /// The graph that is imported into did not answer.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The files have faults, so there is nothing to apply.
    #[error("nothing was imported: {n_errors} faults have to be mended first")]
    Rejected {
        /// how many
        n_errors: usize,
    },
    /// The files have more sets of labels or types than a graph without a schema can hold.
    #[error("the files cannot be held: {0}")]
    Words(String),
    /// A file is not what it was when it was checked.
    #[error("`{file}` changed while it was imported")]
    Changed {
        /// the file
        file: String,
    },
}
