//! What can go wrong with a store, each with the way out, and whose fault it is.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use weft_graph::{ChangeError, SchemaError};

/// Why a store cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No file there.
    #[error("there is no store at `{0}`\nhint: make one with `weft init`, or give another path")]
    NotFound(PathBuf),
    /// A folder where a file should be.
    #[error("`{0}` is a folder, not a store\nhint: name the file, such as `{0}/weft.db`")]
    IsFolder(PathBuf),
    /// A file where none should be.
    #[error("`{0}` exists already and is left as it is\nhint: choose another path, or remove it")]
    Exists(PathBuf),
    /// The file is no SQLite database.
    #[error("`{0}` is no database\nhint: was it a CSV file? then use `weft import`")]
    NotADatabase(PathBuf),
    /// The file is a SQLite database of another program.
    #[error("`{0}` is a SQLite database, but not a weft store\nhint: give the path of a store")]
    NotAStore(PathBuf),
    /// The layout is newer than this build.
    #[error(
        "`{path}` is a store of version {found}; this weft reads up to version {known}\n\
         hint: install a newer weft"
    )]
    NewerVersion {
        /// the store
        path: PathBuf,
        /// its version
        found: i32,
        /// the newest version that this build knows
        known: i32,
    },
    /// The layout is older and only a writer may bring it up to date.
    #[error(
        "`{path}` is a store of the older version {found}\n\
         hint: any command that writes, such as `weft import`, brings it up to version {known}, \
         after a copy was made beside it"
    )]
    OlderVersion {
        /// the store
        path: PathBuf,
        /// its version
        found: i32,
        /// the version that this build reads
        known: i32,
    },
    /// Another process writes.
    #[error(
        "the store is locked: another process is writing to it\n\
         hint: wait until it is done and try again"
    )]
    Locked,
    /// The file or its folder may not be written.
    #[error("the store cannot be written: {0}\nhint: check who owns the file and its folder")]
    ReadOnly(String),
    /// The folder cannot be written, and a log lies beside the store that has not been taken in.
    #[error(
        "`{0}` lies in a folder that cannot be written, beside a log (`-wal`) that is not yet part \
         of it\nhint: open it once where it can be written, or copy all its files elsewhere"
    )]
    PendingLog(PathBuf),
    /// No room left.
    #[error("the disk is full; the store is as it was\nhint: make room and try again")]
    DiskFull,
    /// The system refuses to read or write.
    #[error("the system cannot read or write the store: {0}")]
    Io(String),
    /// The file is damaged, or another program has written what weft cannot read.
    #[error("the store is damaged: {0}\nhint: restore a copy, then import again")]
    Corrupt(String),
    /// The store's own schema cannot be read.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A change that the store refuses; nothing was written.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A revision that there is not.
    #[error("there is no revision {asked}; the newest is {newest}")]
    NoSuchRevision {
        /// the one asked for
        asked: u64,
        /// the newest
        newest: u64,
    },
    /// Somebody else wrote after the state that changes were made over.
    #[error(
        "the store was changed meanwhile: revision {newest} came after revision {base}\n\
         hint: run it again"
    )]
    Overtaken {
        /// the revision that the changes were made over
        base: u64,
        /// the newest
        newest: u64,
    },
    /// A writing call on a store that was opened for reading.
    #[error("the store was opened for reading only")]
    OpenedForReading,
    /// A fault of SQLite that has no name here.
    #[error("SQLite: {0}")]
    Sqlite(String),
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was typed: a path, a revision.
    Input,
    /// What the data say.
    Data,
    /// A limit was reached.
    Limits,
    /// The disk, the permissions, another process.
    Environment,
    /// Locked, or of another version.
    Unavailable,
    /// A mistake of weft.
    Bug,
}

impl Error {
    /// Whose fault it is; the command line makes its exit codes of it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) | Self::IsFolder(_) | Self::Exists(_) => ErrorKind::Input,
            Self::NotADatabase(_) | Self::NotAStore(_) | Self::NoSuchRevision { .. } => {
                ErrorKind::Input
            }
            Self::Locked
            | Self::Overtaken { .. }
            | Self::NewerVersion { .. }
            | Self::OlderVersion { .. } => ErrorKind::Unavailable,
            Self::Change(ChangeError::Full { .. }) => ErrorKind::Limits,
            Self::Change(_) | Self::Schema(_) | Self::Corrupt(_) => ErrorKind::Data,
            Self::ReadOnly(_) | Self::PendingLog(_) | Self::DiskFull | Self::Io(_) => {
                ErrorKind::Environment
            }
            Self::OpenedForReading | Self::Sqlite(_) => ErrorKind::Bug,
        }
    }

    /// A row that no weft wrote.
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt(what.into())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(err: rusqlite::Error) -> Self {
        match err.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(err.to_string()),
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Self::Io(err.to_string()),
            Some(ErrorCode::PermissionDenied) => Self::Io(err.to_string()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt(err.to_string())
            }
            Some(_) => Self::Sqlite(err.to_string()),
            // A column of another type than the layout's: an outside write.
            None => Self::Corrupt(err.to_string()),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(err: serde_json::Error) -> Self {
        Self::Corrupt(format!("a JSON column cannot be read: {err}"))
    }
}

impl From<rusqlite::types::FromSqlError> for Error {
    fn from(err: rusqlite::types::FromSqlError) -> Self {
        Self::Corrupt(err.to_string())
    }
}
