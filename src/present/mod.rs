//! How answers look: tables for people, JSON, CSV and Markdown for machines and papers.
//!
//! Pure: an [`Answer`] goes in, text comes out. The width of the terminal is an argument.

mod answer;
mod delimited;
mod markdown;
mod network;
mod number;
mod picture;
pub mod report;
mod table;

pub use answer::{Answer, Envelope, Section, Table, ViewNote};
pub use delimited::{Delimiter, delimited};
pub use markdown::{escape_markdown, markdown};
pub use network::{Frame, Scene, draw_network};
pub use number::{count, decimal, decimals_apart, money, percent, plural};
pub use picture::{MARKS_MAX, PictureOptions, picture, whole_graph};
pub use table::table;

use serde::{Deserialize, Serialize};

/// The forms in which an answer can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For reading.
    Table,
    /// One document with its circumstances.
    Json,
    /// One row a line.
    Jsonl,
    /// Rows for a spreadsheet.
    Csv,
    /// Rows for other tools.
    Tsv,
    /// For pasting into a paper.
    Markdown,
}

/// Writes an answer in a form; `width` is that of the terminal, in columns.
///
/// # Errors
/// Fails only where JSON cannot be written, which would be a bug of ours.
pub fn render(
    answer: &Answer,
    envelope: &Envelope,
    format: Format,
    width: usize,
) -> Result<String, serde_json::Error> {
    Ok(match format {
        Format::Table => table(answer, envelope, width),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&answer.document(envelope))?;
            text.push('\n');
            text
        }
        Format::Jsonl => {
            let mut text = String::new();
            for row in &answer.rows {
                text.push_str(&serde_json::to_string(row)?);
                text.push('\n');
            }
            text
        }
        Format::Csv => delimited(answer.flat_rows(), Delimiter::Comma),
        Format::Tsv => delimited(answer.flat_rows(), Delimiter::Tab),
        Format::Markdown => markdown(answer, envelope),
    })
}

/// Writes several answers in a form: as JSON a list of their documents, as lines all their rows, else
/// one after the other with an empty line between.
///
/// # Errors
/// As [`render`].
pub fn render_all(
    answers: &[(Answer, Envelope)],
    format: Format,
    width: usize,
) -> Result<String, serde_json::Error> {
    if format == Format::Json {
        let documents: Vec<_> = answers.iter().map(|(it, around)| it.document(around)).collect();
        return Ok(serde_json::to_string_pretty(&documents)? + "\n");
    }
    let texts = answers.iter().map(|(it, around)| render(it, around, format, width));
    let between = if format == Format::Jsonl { "" } else { "\n" };
    Ok(texts.collect::<Result<Vec<_>, _>>()?.join(between))
}
