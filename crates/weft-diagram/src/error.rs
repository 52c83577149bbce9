//! What can go wrong when a picture is written.

/// An error of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two marks have one id, so that a tie or a saved position could mean either.
    #[error("two marks have the id `{id}`")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// A tie starts or ends at a mark that is not there.
    #[error("line {line} joins marks {from} and {to}, but there are {n_marks} marks")]
    NoSuchMark {
        /// The place of the tie in the drawing.
        line: usize,
        /// Where it starts.
        from: usize,
        /// Where it ends.
        to: usize,
        /// How many marks there are.
        n_marks: usize,
    },
}

impl Error {
    /// Says whose fault the error is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::DuplicateId { .. } | Error::NoSuchMark { .. } => ErrorKind::Input,
        }
    }
}

/// Whose fault an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The drawing does not hold together.
    Input,
}
