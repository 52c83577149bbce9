//! `report`: a page of findings for a board, and the short of it on the terminal.

use std::path::PathBuf;

use crate::ecosystem::{Counted, Question};
use crate::present::report::{ReportOptions, gather, html, markdown, pictures, rows, summary};
use crate::present::{Answer, Section};
use crate::session::context::{Context, view_note};
use crate::session::request::Report;
use crate::session::{Error, Output};

/// Where the page goes without `-o`.
const FILE_NAME: &str = "weft-report.html";
/// The same as Markdown.
const MARKDOWN_NAME: &str = "weft-report.md";

pub(super) fn run(ctx: &mut Context<'_>, options: &Report) -> Result<Output, Error> {
    let (snapshot, question) = ctx.sweep()?;
    let mut not = Vec::new();
    for name in &ctx.settings.not {
        not.push(ctx.must_find(&snapshot, name)?);
    }
    // The page opens every number; rows and Markdown are opened by `--why`, as everywhere.
    let opened = Question { why: true, ..question.clone() };
    let report_options = ReportOptions {
        seed: ctx.settings.seed,
        not,
        suspected_duplicates: super::suspected_duplicates(&snapshot),
        ..ReportOptions::default()
    };
    let asked = if options.rows || options.markdown { &question } else { &opened };
    let mut counted = Counted::default();
    let found = ctx.watched("ways counted", |run| {
        gather(&snapshot, asked, &report_options, &mut counted, run)
    })?;
    let mut answer = Answer {
        view: Some(view_note(&found.basis)),
        seed: Some(ctx.settings.seed),
        rows: rows(&found),
        ..Answer::default()
    };
    if options.rows {
        return Ok(answer.into());
    }
    let envelope = ctx.envelope()?;
    let name = if options.markdown { MARKDOWN_NAME } else { FILE_NAME };
    let text = if options.markdown {
        markdown(&found, &envelope, question.why)
    } else {
        let drawn = ctx.watched("ways counted", |run| {
            pictures(&snapshot, &question, &found, &mut counted, run)
        })?;
        html(&found, &drawn, &envelope)
    };
    let path = options.output.clone().unwrap_or_else(|| PathBuf::from(name));
    if path.as_os_str() == "-" {
        return Ok(Output { text: Some(text), ..Output::default() });
    }
    let mut lines = summary(&found);
    lines.push(format!("The whole page is in `{}`.", path.display()));
    answer.push_section(Section { text: lines, ..Section::default() });
    Ok(Output { files: vec![(path, text.into_bytes())], ..answer.into() })
}
