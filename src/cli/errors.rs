//! Errors, warnings and notes as people read them on a terminal, and the exit codes.

use anstyle::{AnsiColor, Style};

use crate::session::{Error, ErrorKind, QueryFault};

/// The exit code of data that was rejected.
pub(super) const EXIT_DATA: u8 = 3;
/// The exit code after Ctrl-C.
pub(super) const EXIT_INTERRUPTED: u8 = 130;

/// The exit code of an error: 1 failed, 2 usage, 3 data rejected, 4 name not found or ambiguous, 5
/// store locked or of a newer version, 130 interrupted, 70 a bug of ours.
pub(super) fn exit_code(err: &Error) -> u8 {
    match err.kind() {
        ErrorKind::Failed | ErrorKind::Conflict => 1,
        ErrorKind::Usage => 2,
        ErrorKind::Data => EXIT_DATA,
        ErrorKind::Name => 4,
        ErrorKind::Unavailable => 5,
        ErrorKind::Interrupted => EXIT_INTERRUPTED,
        ErrorKind::Bug => super::EXIT_BUG,
    }
}

/// Prints an error with its hint.
pub(super) fn print(err: &Error, as_json: bool) {
    if as_json {
        let document = serde_json::json!({
            "error": { "message": err.to_string(), "hints": err.hints(), "exit_code": exit_code(err),
                       "diagnostics": err.diagnostics(), "candidates": err.candidates(),
                       "faults": err.faults() }
        });
        anstream::eprintln!("{document:#}");
        return;
    }
    if !err.faults().is_empty() {
        err.faults().iter().for_each(print_fault);
        let is_said = |hint: &String| err.faults().iter().any(|it| it.hint.as_ref() == Some(hint));
        err.hints().iter().filter(|it| !is_said(it)).for_each(|it| note(it));
        return;
    }
    for line in err.details() {
        anstream::eprintln!("{line}");
    }
    heading("error", AnsiColor::Red, &err.to_string());
    for hint in err.hints() {
        self::hint(&hint);
    }
}

/// A fault of a query, with a caret under its place.
fn print_fault(fault: &QueryFault) {
    let class = format!("{} ({}: {})", fault.message, fault.class, fault.detail);
    heading("error", AnsiColor::Red, &class);
    if let (Some(line), Some(column), Some([text, carets])) =
        (fault.line, fault.column, &fault.excerpt)
    {
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        anstream::eprintln!("{margin}--> line {line}, column {column}");
        anstream::eprintln!("{number} | {text}");
        anstream::eprintln!("{margin} | {style}{carets}{style:#}");
    }
    if let Some(hint) = &fault.hint {
        self::hint(hint);
    }
}

pub(super) fn warn(text: &str) {
    heading("warning", AnsiColor::Yellow, text);
}

pub(super) fn note(text: &str) {
    heading("note", AnsiColor::Cyan, text);
}

pub(super) fn hint(text: &str) {
    heading("hint", AnsiColor::Cyan, text);
}

fn heading(word: &str, colour: AnsiColor, text: &str) {
    let style = Style::new().bold().fg_color(Some(colour.into()));
    let text: String = text.chars().filter(|it| *it == '\n' || !it.is_control()).collect();
    anstream::eprintln!("{style}{word}:{style:#} {text}");
}
