//! Any CSV file at all, as texts by the names of its columns. Knows no tables.

use std::collections::BTreeMap;

use weft_value::Value;

use super::lexer::Lexer;
use crate::{Decoder, Diagnostic, Diagnostics, Encoding, Error, Place};

/// Reads a CSV file that has any columns, each named once; an empty cell gives its row no such value.
///
/// # Errors
/// When the reader fails; faults of the file are diagnostics.
pub(crate) fn read_records(
    file: &str,
    bytes: &[u8],
    encoding: Encoding,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Value>, Error> {
    let mut lexer = Lexer::new(Decoder::new(bytes, encoding));
    lexer.sniff_separator().map_err(Error::read(file))?;
    let mut columns: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    while let Some(found) = lexer.next_record().map_err(Error::read(file))? {
        let number = lexer.row();
        let place = |column: &str| Place::cell(file, number, column);
        if let Err(malformed) = found {
            diagnostics.push(malformed.diagnostic(place("")));
            continue;
        }
        let (bytes, ends) = lexer.record();
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let text = String::from_utf8_lossy(bytes);
        let starts = [0].into_iter().chain(ends.iter().copied());
        let cells = starts.zip(ends).map(|(start, &end)| text.get(start..end).unwrap_or_default());
        let Some(columns) = &columns else {
            let names: Vec<String> = cells.map(|it| it.trim().to_owned()).collect();
            let is_again = |(at, it): (usize, &String)| names[..at].contains(it);
            if let Some(at) = names.iter().enumerate().position(is_again) {
                let message = format!("two columns are called `{}`", names[at]);
                let fault = Diagnostic::error("duplicate_column", place(&names[at]), message);
                diagnostics.push(fault.hint("give one of them another name"));
            }
            columns = Some(names);
            continue;
        };
        if ends.len() > columns.len() {
            let message = format!("{} cells in a row of {} columns", ends.len(), columns.len());
            let fault = Diagnostic::error("too_many_cells", place(""), message);
            diagnostics.push(fault.hint("put cells that hold a separator between quotes"));
            continue;
        }
        let row: BTreeMap<String, Value> = columns
            .iter()
            .zip(cells)
            .filter(|(name, cell)| !name.is_empty() && !cell.is_empty())
            .map(|(name, cell)| (name.clone(), Value::String(cell.to_owned())))
            .collect();
        rows.push(Value::Map(row));
    }
    Ok(rows)
}
