//! What can go wrong with a request, whose fault it is, and the way out.

use serde::Serialize;
use weft_formats::Diagnostic;

/// Why a request was not answered.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hints: Vec<String>,
    candidates: Vec<Candidate>,
    is_ambiguous: bool,
    diagnostics: Vec<Diagnostic>,
    faults: Vec<QueryFault>,
}

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueryFault {
    /// The class of the standard: `SyntaxError`.
    pub class: String,
    /// When it shows: `compile time` or `runtime`.
    pub phase: &'static str,
    /// The detail of the standard: `UndefinedVariable`.
    pub detail: &'static str,
    /// What is wrong, in plain words.
    pub message: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The character of the line, from 1.
    pub column: Option<usize>,
    /// The line of the query, and carets under the place.
    pub excerpt: Option<[String; 2]>,
    /// The way out.
    pub hint: Option<String>,
}

/// Whose fault an error is; the doors make exit codes and status codes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The system, a file, a full disk.
    Failed,
    /// What was typed.
    Usage,
    /// The data that was to be read.
    Data,
    /// A name that is not there, or that several bear.
    Name,
    /// A store that is locked, or of another version.
    Unavailable,
    /// Nobody's: whoever asked had it stopped.
    Interrupted,
    /// Somebody else who changed the same in the meantime.
    Conflict,
    /// Ours.
    Bug,
}

/// A body that may have been meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        // A message may bring its own hint after it.
        let mut parts = message.split("\nhint: ");
        let first = parts.next().unwrap_or_default().to_owned();
        let hints = parts.map(str::to_owned).collect();
        Self {
            kind,
            message: first,
            hints,
            candidates: Vec::new(),
            is_ambiguous: false,
            diagnostics: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// A query has these faults, or failed with this one.
    pub fn of_query(text: &str, faults: Vec<weft_cypher::Error>) -> Self {
        let Some(first) = faults.first() else {
            return Self::bug("a query failed without a fault");
        };
        let is_runtime = first.phase == weft_cypher::Phase::Runtime;
        let error = Self::from(first.clone());
        let kind = match error.kind {
            ErrorKind::Usage if is_runtime => ErrorKind::Failed,
            kind => kind,
        };
        let faults = faults.into_iter().map(|it| QueryFault::of(text, it)).collect();
        Self { kind, faults, ..error }
    }

    /// What was typed cannot be done.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// Somebody else changed the same in the meantime.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// A fault of ours.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Bug, message)
    }

    /// Something outside weft failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Failed, message)
    }

    /// A file cannot be read or written.
    pub fn io(what: &str, err: &std::io::Error) -> Self {
        Self::failed(format!("`{what}`: {err}"))
    }

    /// Nothing bears that name.
    pub fn not_found(text: &str, candidates: Vec<Candidate>) -> Self {
        let hint = match candidates.as_slice() {
            [] => "`weft find WORDS` looks for names, aliases and identifiers".to_owned(),
            some => format!("did you mean {}?", list(some)),
        };
        let message = format!("nothing is called `{text}`");
        Self { candidates, ..Self::new(ErrorKind::Name, message).with_hint(hint) }
    }

    /// A word that is none of those that can be given.
    pub fn unknown(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Name, message)
    }

    /// Several bear that name.
    pub fn ambiguous(text: &str, candidates: Vec<Candidate>) -> Self {
        let message = format!("`{text}` may be {}", list(&candidates));
        let error = Self::new(ErrorKind::Name, message);
        let error = error.with_hint("give the id, as it stands in brackets");
        Self { candidates, is_ambiguous: true, ..error }
    }

    /// Files were rejected, for these reasons.
    pub fn rejected(n_errors: usize, diagnostics: Vec<Diagnostic>) -> Self {
        let faults =
            if n_errors == 1 { "1 fault".to_owned() } else { format!("{n_errors} faults") };
        let message = format!("{faults} found; nothing was changed");
        Self { diagnostics, ..Self::new(ErrorKind::Data, message) }
    }

    /// The same with a way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The ways out.
    pub fn hints(&self) -> Vec<String> {
        self.hints.clone()
    }

    /// Whether several bear the name that was given.
    pub fn is_ambiguous(&self) -> bool {
        self.is_ambiguous
    }

    /// Who may have been meant.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// What is wrong with the files.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// What is wrong with the query; the message is that of the first.
    pub fn faults(&self) -> &[QueryFault] {
        &self.faults
    }

    /// Lines that stand before the message: one a diagnostic.
    pub fn details(&self) -> Vec<String> {
        self.diagnostics.iter().map(Diagnostic::to_string).collect()
    }
}

impl QueryFault {
    fn of(text: &str, fault: weft_cypher::Error) -> Self {
        let position = fault.position(text);
        Self {
            class: fault.kind.to_string(),
            phase: match fault.phase {
                weft_cypher::Phase::CompileTime => "compile time",
                weft_cypher::Phase::Runtime => "runtime",
            },
            detail: fault.detail.as_str(),
            line: position.map(|it| it.line),
            column: position.map(|it| it.column),
            excerpt: fault.excerpt(text),
            message: fault.message,
            hint: fault.hint,
        }
    }
}

fn list(candidates: &[Candidate]) -> String {
    let names: Vec<String> =
        candidates.iter().map(|it| format!("`{}` ({}) [{}]", it.name, it.kind, it.id)).collect();
    names.join(" or ")
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<weft_store::Error> for Error {
    fn from(err: weft_store::Error) -> Self {
        let kind = match err.kind() {
            weft_store::ErrorKind::Input => ErrorKind::Usage,
            weft_store::ErrorKind::Data => ErrorKind::Data,
            weft_store::ErrorKind::Unavailable => ErrorKind::Unavailable,
            weft_store::ErrorKind::Bug => ErrorKind::Bug,
            _ => ErrorKind::Failed,
        };
        Self::new(kind, err.to_string())
    }
}

impl From<crate::database::LocateError> for Error {
    fn from(err: crate::database::LocateError) -> Self {
        match err {
            crate::database::LocateError::Store(err) => err.into(),
            crate::database::LocateError::NoStore => Self::new(ErrorKind::Usage, err.to_string()),
            err => Self::new(ErrorKind::Bug, err.to_string()),
        }
    }
}

impl From<crate::ecosystem::Error> for Error {
    fn from(err: crate::ecosystem::Error) -> Self {
        use crate::ecosystem::Error::{Interrupted, IntroductionElsewhere, NoRelation, Unmeasured};
        let kind = match err {
            Interrupted(err) => return err.into(),
            IntroductionElsewhere { .. } | NoRelation { .. } | Unmeasured { .. } => {
                ErrorKind::Failed
            }
            _ => ErrorKind::Name,
        };
        Self::new(kind, err.to_string().replace("; hint: ", "\nhint: "))
    }
}

impl From<weft_analytics::Interrupted> for Error {
    fn from(err: weft_analytics::Interrupted) -> Self {
        Self::new(ErrorKind::Interrupted, err.to_string())
    }
}

impl From<weft_cypher::Error> for Error {
    fn from(err: weft_cypher::Error) -> Self {
        let kind = match err.kind {
            weft_cypher::ErrorKind::ConstraintValidationFailed => ErrorKind::Data,
            weft_cypher::ErrorKind::Bug => ErrorKind::Bug,
            weft_cypher::ErrorKind::LimitError | weft_cypher::ErrorKind::Cancelled => {
                ErrorKind::Failed
            }
            _ => ErrorKind::Usage,
        };
        let error = Self::new(kind, err.message);
        match err.hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_inside_a_message_becomes_a_hint() {
        let err = Error::failed("no\nhint: yes");
        assert_eq!(
            (err.to_string().as_str(), err.hints().as_slice()),
            ("no", &["yes".to_owned()][..])
        );
    }

    #[test]
    fn candidates_are_named_with_their_ids() {
        let candidate =
            Candidate { id: "nexus".into(), name: "Nexus".into(), kind: "facility".into() };
        let err = Error::not_found("nexsu", vec![candidate]);
        assert_eq!(err.hints(), ["did you mean `Nexus` (facility) [nexus]?"]);
        assert_eq!(err.kind(), ErrorKind::Name);
    }
}
