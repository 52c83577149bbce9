//! `check`: faults and doubts in the data, and with `--deep` in the file.

use weft_formats::{Diagnostic, Severity};

use crate::present::{Answer, Section, count, plural};
use crate::session::context::Context;
use crate::session::request::Check;
use crate::session::{Error, Output};
use crate::transfer::check;

pub(super) fn run(ctx: &mut Context<'_>, options: &Check) -> Result<Output, Error> {
    let snapshot = ctx.recorded()?;
    let diagnostics = check(&snapshot);
    let mut answer = Answer::default();
    let mut faults: Vec<String> = Vec::new();
    if let Some(mismatch) = ctx.database.status()?.mismatch {
        faults.push(mismatch.to_string());
    }
    if options.deep {
        let verification = ctx.database.verify()?;
        faults.extend(verification.integrity.iter().map(|it| format!("the file: {it}")));
        faults.extend(verification.dangling.iter().map(|it| format!("a dangling key: {it}")));
        if let Some(mismatch) = verification.mismatch {
            let mismatch = mismatch.to_string();
            if !faults.contains(&mismatch) {
                faults.push(mismatch);
            }
        }
    }
    for fault in &faults {
        answer.rows.push(serde_json::json!({
            "severity": "error", "code": "store", "message": fault,
        }));
    }
    for diagnostic in &diagnostics {
        answer.push_row(diagnostic);
    }
    answer.rows.truncate(ctx.kept(answer.rows.len()));
    let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
    let n_errors = diagnostics.iter().filter(is_error).count() + faults.len();
    let n_warnings = diagnostics.len() + faults.len() - n_errors;
    let mut text: Vec<String> = faults.iter().map(|it| format!("error [store]: {it}")).collect();
    let n_shown = ctx.kept(diagnostics.len());
    for diagnostic in &diagnostics[..n_shown] {
        let word = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
        let said = diagnostic.to_string();
        let mut lines = said.lines();
        let first = lines.next().unwrap_or_default();
        text.push(format!("{word} [{}]: {first}", diagnostic.code));
        text.extend(lines.map(|it| format!("  {it}")));
    }
    if diagnostics.len() > n_shown {
        text.push(format!("{} more: use `--all`", count(diagnostics.len() - n_shown)));
    }
    text.push(format!(
        "{} and {} in {}, {} and {}.",
        plural(n_errors, "error", "errors"),
        plural(n_warnings, "warning", "warnings"),
        plural(snapshot.n_nodes(), "node", "nodes"),
        plural(snapshot.n_ties(), "tie", "ties"),
        plural(snapshot.facts().len(), "fact", "facts")
    ));
    answer.push_section(Section { text, ..Section::default() });
    Ok(Output { found_errors: n_errors > 0, ..answer.into() })
}
