//! Diagnostics: what is wrong with a file or a graph, where, and the way out.

use std::fmt;

use serde::Serialize;

/// How many diagnostics are kept; the rest are counted.
pub const MAX_DIAGNOSTICS: usize = 1_000;

/// Longest part of a value that a diagnostic keeps, in characters.
const MAX_VALUE_CHARS: usize = 80;

/// Whether a diagnostic stops an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is applied while one is left.
    Error,
    /// Said, and stops nothing.
    Warning,
}

/// One fault or caution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable name, such as `unknown_kind`.
    pub code: &'static str,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The value that is meant, cut to a readable length; for a stored graph the ids of the records.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The way out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

/// Where a diagnostic points; each part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The name of the file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The row as a spreadsheet numbers it: the header is row 1; 0 for the file as a whole.
    #[serde(skip_serializing_if = "is_zero")]
    pub row: u32,
    /// The name of the column.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub column: String,
}

/// Diagnostics in order, the first [`MAX_DIAGNOSTICS`] kept and the rest counted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    n_errors: usize,
    n_warnings: usize,
}

impl Place {
    /// A whole file.
    pub fn file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// A cell of a file.
    pub fn cell(file: &str, row: u32, column: &str) -> Self {
        Self { file: file.to_owned(), row, column: column.to_owned() }
    }
}

impl Diagnostic {
    /// Makes an error.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { severity, code, place, value: String::new(), message, hint: String::new() }
    }

    /// Makes a warning.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// Adds the way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Adds the value that is meant.
    #[must_use]
    pub fn value(mut self, value: impl AsRef<str>) -> Self {
        self.value = shorten(value.as_ref());
        self
    }
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.n_errors += 1,
            Severity::Warning => self.n_warnings += 1,
        }
        if self.kept.len() < MAX_DIAGNOSTICS {
            self.kept.push(diagnostic);
        } else if diagnostic.severity == Severity::Error {
            // Warnings never crowd out what has to be mended.
            if let Some(at) = self.kept.iter().rposition(|it| it.severity == Severity::Warning) {
                self.kept.remove(at);
                self.kept.push(diagnostic);
            }
        }
    }

    /// Those kept.
    pub fn kept(&self) -> &[Diagnostic] {
        &self.kept
    }

    /// How many errors there are, kept or not.
    pub fn n_errors(&self) -> usize {
        self.n_errors
    }

    /// How many warnings there are, kept or not.
    pub fn n_warnings(&self) -> usize {
        self.n_warnings
    }

    /// How many were counted and not kept.
    pub fn n_left_out(&self) -> usize {
        self.n_errors + self.n_warnings - self.kept.len()
    }

    /// Puts them in the order of `files`, then by row.
    pub fn sort(&mut self, files: &[String]) {
        let rank = |it: &Diagnostic| {
            let file = files.iter().position(|file| *file == it.place.file);
            (file.unwrap_or(files.len()), it.place.row)
        };
        self.kept.sort_by_key(rank);
    }
}

impl From<Diagnostics> for Vec<Diagnostic> {
    fn from(diagnostics: Diagnostics) -> Self {
        diagnostics.kept
    }
}

impl fmt::Display for Place {
    /// `nodes.csv, row 5, column kind`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.row > 0 {
            write!(f, ", row {}", self.row)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != Place::default() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\nhint: {}", self.hint)?;
        }
        Ok(())
    }
}

fn is_zero(row: &u32) -> bool {
    *row == 0
}

/// Cuts a value to what fits a line, with control characters made visible.
pub(crate) fn shorten(value: &str) -> String {
    let mut res = String::new();
    for (n, c) in value.chars().enumerate() {
        if n == MAX_VALUE_CHARS {
            res.push('…');
            break;
        }
        match c {
            c if c.is_control() => res.extend(c.escape_default()),
            c => res.push(c),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_reads_as_a_sentence_with_its_way_out() {
        let place = Place::cell("nodes.csv", 5, "kind");
        let found =
            Diagnostic::error("unknown_kind", place, "`univerity` is no kind of the schema")
                .hint("did you mean `university`?");
        assert_eq!(
            found.to_string(),
            "nodes.csv, row 5, column kind: `univerity` is no kind of the schema\n\
             hint: did you mean `university`?"
        );
    }

    #[test]
    fn the_first_thousand_are_kept_and_errors_come_before_warnings() {
        let mut found = Diagnostics::default();
        for row in 0..1_500 {
            found.push(Diagnostic::warning("w", Place::cell("a", row, ""), "x"));
        }
        found.push(Diagnostic::error("e", Place::cell("a", 9_999, ""), "y"));
        assert_eq!((found.kept().len(), found.n_left_out()), (1_000, 501));
        assert_eq!(found.kept().last().unwrap().code, "e");
    }
}
