//! What stops a file from being read at all; what is wrong in it is a diagnostic.

use std::io;

/// Why reading a file stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The reader that was handed in failed.
    #[error("`{file}` cannot be read: {source}")]
    Read {
        /// the file
        file: String,
        /// what the reader said
        source: io::Error,
    },
    /// The writer that was handed in failed.
    #[error("`{file}` cannot be written: {source}")]
    Write {
        /// the file
        file: String,
        /// what the writer said
        source: io::Error,
    },
}

impl Error {
    /// A failure to read that file.
    pub fn read(file: &str) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Read { file: file.to_owned(), source }
    }

    /// A failure to write that file.
    pub fn write(file: &str) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Write { file: file.to_owned(), source }
    }
}
