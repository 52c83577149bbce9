//! Rows of a table, one at a time, with every fault of form named.

use std::io::Read;

use weft_value::DateOrder;

use super::column::{Column, Header};
use super::lexer::{Lexer, MAX_CELL_BYTES, Malformed};
use crate::diagnostic::shorten;
use crate::{Decoder, Diagnostic, Diagnostics, Dialect, Encoding, Error, Place};

/// Reads a table row by row; memory is that of one row.
pub struct TableReader<R> {
    lexer: Lexer<Decoder<R>>,
    header: Header,
    dialect: Dialect,
}

/// A row of text cells.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    /// The columns.
    pub header: &'r Header,
    /// The row as a spreadsheet numbers it.
    pub number: u32,
    text: &'r str,
    ends: &'r [usize],
}

impl<R: Read> TableReader<R> {
    /// The next rows, at most `n_max`, in place of those that the batch held; false where none is left.
    ///
    /// # Errors
    /// As [`TableReader::next_row`].
    pub fn next_rows(
        &mut self,
        n_max: usize,
        batch: &mut RowBatch,
        diagnostics: &mut Diagnostics,
        n_rejected: &mut usize,
    ) -> Result<bool, Error> {
        batch.clear();
        while batch.rows.len() < n_max {
            let Some(row) = self.next_row(diagnostics, n_rejected)? else { break };
            batch.rows.push((row.number, batch.text.len(), batch.ends.len()));
            batch.text.push_str(row.text);
            batch.ends.extend_from_slice(row.ends);
        }
        Ok(!batch.rows.is_empty())
    }

    /// Reads the header; none if the file is empty or its header cannot be understood.
    ///
    /// # Errors
    /// When the reader fails.
    pub fn new(
        file: &str,
        input: R,
        encoding: Encoding,
        dates: DateOrder,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Self>, Error> {
        let mut lexer = Lexer::new(Decoder::new(input, encoding));
        let separator = lexer.sniff_separator().map_err(Error::read(file))?;
        let Some(found) = lexer.next_record().map_err(Error::read(file))? else {
            let fault = Diagnostic::error("empty_file", Place::file(file), "the file is empty");
            diagnostics.push(fault.hint("write at least a header, or leave the file out"));
            return Ok(None);
        };
        if let Err(malformed) = found {
            diagnostics.push(malformed.diagnostic(Place::cell(file, 1, "")));
            return Ok(None);
        }
        let (bytes, ends) = lexer.record();
        let text = String::from_utf8_lossy(bytes);
        if let Some(c) = control_character(&text) {
            diagnostics.push(control_fault(Place::cell(file, 1, ""), c, &text));
            return Ok(None);
        }
        let starts = [0].into_iter().chain(ends.iter().copied());
        let names: Vec<String> = starts.zip(ends).map(|(a, &b)| text[a..b].to_owned()).collect();
        let Some(header) = Header::read(file, &names, diagnostics) else { return Ok(None) };
        let separator = char::from(separator);
        let dates = Dialect::dates_text(dates);
        let dialect = Dialect { file: file.to_owned(), encoding, separator, dates };
        Ok(Some(Self { lexer, header, dialect }))
    }

    /// The columns.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How the file is read.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The next row that has the right form; rows that have not are named in the diagnostics,
    /// counted in `n_rejected` and left out, and blank rows are passed over.
    ///
    /// # Errors
    /// When the reader fails.
    pub fn next_row(
        &mut self,
        diagnostics: &mut Diagnostics,
        n_rejected: &mut usize,
    ) -> Result<Option<Row<'_>>, Error> {
        let file = &self.header.file;
        loop {
            let Some(found) = self.lexer.next_record().map_err(Error::read(file))? else {
                return Ok(None);
            };
            let number = self.lexer.row();
            if let Err(malformed) = found {
                *n_rejected += 1;
                let column = self.header.name_at(malformed.cell());
                diagnostics.push(malformed.diagnostic(Place::cell(file, number, column)));
                continue;
            }
            let (bytes, ends) = self.lexer.record();
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if check_form(&self.header, number, bytes, ends, diagnostics) {
                break;
            }
            *n_rejected += 1;
        }
        let (bytes, ends) = self.lexer.record();
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        Ok(Some(Row { header: &self.header, number: self.lexer.row(), text, ends }))
    }
}

/// Rows that were read together, held so that a reader of many can look ahead.
#[derive(Debug, Default)]
pub struct RowBatch {
    text: String,
    ends: Vec<usize>,
    /// Of each row its number, and where its cells begin in the text and among the ends.
    rows: Vec<(u32, usize, usize)>,
}

impl RowBatch {
    /// The rows, in their order; the header is that of their reader.
    pub fn rows<'r>(&'r self, header: &'r Header) -> impl Iterator<Item = Row<'r>> {
        let next = self.rows.iter().skip(1).copied();
        let ends = next.chain([(0, self.text.len(), self.ends.len())]);
        self.rows.iter().zip(ends).map(move |(&(number, text, cells), (_, text_end, cells_end))| {
            let (text, ends) = (&self.text[text..text_end], &self.ends[cells..cells_end]);
            Row { header, number, text, ends }
        })
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
    }
}

impl<'r> Row<'r> {
    /// The cell of a column without the blanks around it; empty where the file lacks the column.
    ///
    /// An apostrophe before `=`, `+`, `-` or `@`, with which a writer keeps a spreadsheet from
    /// running the cell, is taken off: see [`crate::CsvWriter`].
    pub fn cell(&self, column: Column) -> &'r str {
        self.header.position(column).map_or("", |at| {
            let text = self.text_at(at);
            match text.as_bytes() {
                [] => "",
                // Nothing to trim and no apostrophe, as of nearly every cell.
                [b'('..=b'~', .., b'!'..=b'~'] => text,
                _ => unguard(text.trim()),
            }
        })
    }

    /// The cell at a position as it stands, but for that apostrophe.
    pub fn cell_at(&self, at: usize) -> &'r str {
        unguard(self.text_at(at))
    }

    /// The place of a cell, for diagnostics.
    pub fn place(&self, column: &str) -> Place {
        Place::cell(&self.header.file, self.number, column)
    }

    fn text_at(&self, at: usize) -> &'r str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

/// Whether a text, after any apostrophes at its front, begins as a formula does.
pub(super) fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if looks_like_formula(rest) => rest,
        _ => cell,
    }
}

/// Checks the number of cells and the characters in them.
fn check_form(
    header: &Header,
    number: u32,
    bytes: &[u8],
    ends: &[usize],
    diagnostics: &mut Diagnostics,
) -> bool {
    let place = |column: &str| Place::cell(&header.file, number, column);
    if ends.len() != header.n_columns {
        let message = format!("the row has {} cells, the header {}", ends.len(), header.n_columns);
        let fault = Diagnostic::error("wrong_number_of_cells", place(""), message);
        diagnostics.push(fault.hint("put a cell that holds the separator into \"quotes\""));
        return false;
    }
    let mut good = true;
    // Without an early way out the compiler looks at many bytes at a time. 0xc2 begins the control
    // characters above ASCII; tabs and line ends are looked at again below.
    let may_be_control = |it: u8| (it < 0x20) | (it == 0x7f) | (it == 0xc2);
    let is_suspect = bytes.iter().fold(false, |acc, &it| acc | may_be_control(it));
    if is_suspect || !header.nameless.is_empty() {
        let mut start = 0;
        for (at, &end) in ends.iter().enumerate() {
            let cell = std::str::from_utf8(&bytes[start..end]).unwrap_or_default();
            if let Some(c) = control_character(cell) {
                diagnostics.push(control_fault(place(header.name_at(at)), c, cell));
                good = false;
            }
            if header.nameless.contains(&at) && !cell.trim().is_empty() {
                let message = format!("the cell stands under no header (column {})", at + 1);
                let fault = Diagnostic::error("column_without_name", place(""), message);
                diagnostics.push(fault.value(cell).hint("name the column, or delete the cell"));
                good = false;
            }
            start = end;
        }
    }
    if good && std::str::from_utf8(bytes).is_err() {
        let fault = Diagnostic::error("mixed_encoding", place(""), "the row is not UTF-8");
        diagnostics.push(fault.hint("save the file again as \"CSV UTF-8\""));
        return false;
    }
    good
}

/// The first character that belongs in no cell: control characters but tab and line ends.
fn control_character(text: &str) -> Option<char> {
    text.chars().find(|it| it.is_control() && !matches!(it, '\t' | '\n' | '\r'))
}

fn control_fault(place: Place, c: char, cell: &str) -> Diagnostic {
    let message = format!("`{}` holds the control character U+{:04X}", shorten(cell), c as u32);
    Diagnostic::error("control_character", place, message)
        .value(cell)
        .hint("delete the character; it often comes along when text is copied from a PDF")
}

impl Malformed {
    fn cell(self) -> usize {
        match self {
            Self::Unclosed(at) | Self::AfterQuote(at) | Self::TooLong(at) => at,
        }
    }

    pub(super) fn diagnostic(self, place: Place) -> Diagnostic {
        match self {
            Self::Unclosed(_) => {
                Diagnostic::error("malformed", place, "a quote opens here and is never closed")
                    .hint("close it; a quote inside a quoted cell is written twice (\"\")")
            }
            Self::AfterQuote(_) => {
                let message = "text follows the closing quote of the cell";
                Diagnostic::error("malformed", place, message)
                    .hint("a quote inside a quoted cell is written twice (\"\")")
            }
            Self::TooLong(_) => {
                let limit = MAX_CELL_BYTES / 1024 / 1024;
                let message = format!("the cell is longer than {limit} MiB");
                Diagnostic::error("cell_too_long", place, message).hint(
                    "look for a quote that is not closed; long texts belong in their own file",
                )
            }
        }
    }
}
