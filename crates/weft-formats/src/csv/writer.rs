//! CSV that a spreadsheet can open without running what is in it.

use std::borrow::Cow;
use std::io::{self, Write};

use weft_graph::{Fact, Source};
use weft_value::{Value, ValueType};

use super::column::{PropertyType, Table};
use super::reader::looks_like_formula;
use super::rows::dataset_cell;
use crate::join_list;

/// Writes rows as RFC 4180 has them: UTF-8, commas, CRLF, quotes where needed.
///
/// A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@` or a tab, and
/// is no plain number) gets an apostrophe in front, and so does one that already has apostrophes in
/// front of such a sign. [`crate::Row`] takes one apostrophe off again, so every text comes back.
pub struct CsvWriter<W> {
    output: W,
}

impl<W: Write> CsvWriter<W> {
    /// Writes to that output.
    pub fn new(output: W) -> Self {
        Self { output }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When the output fails.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        let mut is_first = true;
        for cell in cells {
            if !std::mem::take(&mut is_first) {
                self.output.write_all(b",")?;
            }
            let cell = guard(cell.as_ref());
            if cell.contains(['"', ',', ';', '\t', '\n', '\r']) {
                write!(self.output, "\"{}\"", cell.replace('"', "\"\""))?;
            } else {
                self.output.write_all(cell.as_bytes())?;
            }
        }
        self.output.write_all(b"\r\n")
    }

    /// Gives the output back.
    pub fn into_inner(self) -> W {
        self.output
    }
}

fn guard(cell: &str) -> Cow<'_, str> {
    if looks_like_formula(cell) && cell.parse::<f64>().is_err() {
        return Cow::Owned(format!("'{cell}"));
    }
    Cow::Borrowed(cell)
}

/// The header and the cell that a free property is written as; none for null.
///
/// ```
/// use weft_formats::{Table, property_cell};
/// use weft_value::Value;
/// let cell = property_cell(Table::Nodes, "staff", &Value::Integer(42));
/// assert_eq!(cell, Some(("staff:int".to_owned(), "42".to_owned())));
/// ```
pub fn property_cell(table: Table, name: &str, value: &Value) -> Option<(String, String)> {
    let kind = property_type(value)?;
    let cell = match value {
        Value::List(items) if kind != PropertyType::Json => {
            join_list(items.iter().map(Value::stored_text))
        }
        // What is not a number of JSON cannot come from JSON either; it is written by its tag.
        value if kind == PropertyType::Json => serde_json::to_string(value).ok()?,
        value => value.stored_text(),
    };
    let is_taken = table.columns().iter().any(|it| it.as_str().eq_ignore_ascii_case(name));
    let header = match kind {
        PropertyType::One(ValueType::String) if !is_taken && !name.contains(':') => name.to_owned(),
        PropertyType::One(kind) => format!("{name}:{}", type_name(kind)),
        PropertyType::List(kind) => format!("{name}:{}[]", type_name(kind)),
        PropertyType::Json => format!("{name}:json"),
    };
    Some((header, cell))
}

fn property_type(value: &Value) -> Option<PropertyType> {
    if let Value::Null = value {
        return None;
    }
    if let Some(kind) = scalar_type(value) {
        return Some(PropertyType::One(kind));
    }
    let Value::List(items) = value else { return Some(PropertyType::Json) };
    let kinds: Vec<Option<ValueType>> = items.iter().map(scalar_type).collect();
    let blanks = |it: &Value| matches!(it, Value::String(text) if text.trim() != text);
    match kinds.as_slice() {
        [Some(first), rest @ ..] if rest.iter().all(|it| *it == Some(*first)) => {
            let plain = !items.iter().any(blanks);
            Some(if plain { PropertyType::List(*first) } else { PropertyType::Json })
        }
        _ => Some(PropertyType::Json),
    }
}

fn scalar_type(value: &Value) -> Option<ValueType> {
    Some(match value {
        Value::Boolean(_) => ValueType::Boolean,
        Value::Integer(_) => ValueType::Integer,
        Value::Float(_) => ValueType::Float,
        Value::String(text) if !text.is_empty() && !text.chars().any(is_lost) => ValueType::String,
        Value::Date(_) => ValueType::Date,
        Value::LocalTime(_) => ValueType::LocalTime,
        Value::LocalDateTime(_) => ValueType::LocalDateTime,
        Value::DateTime(_) => ValueType::DateTime,
        _ => return None,
    })
}

/// Characters that a cell refuses; JSON writes them as an escape.
fn is_lost(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

fn type_name(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Boolean => "boolean",
        ValueType::Integer => "int",
        ValueType::Float => "float",
        ValueType::String => "string",
        ValueType::Date => "date",
        ValueType::LocalTime => "localtime",
        ValueType::LocalDateTime => "localdatetime",
        ValueType::DateTime => "datetime",
    }
}

/// The cells of a source, in the order of [`Table::columns`].
pub fn source_columns(source: &Source) -> Vec<String> {
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let date =
        |it: &Option<weft_value::PartialDate>| it.map(|it| it.to_string()).unwrap_or_default();
    vec![
        source.id.clone(),
        source.title.clone(),
        text(&source.publisher),
        date(&source.date),
        date(&source.retrieved),
        text(&source.licence),
        text(&source.address),
        text(&source.note),
    ]
}

/// The cells of a fact, in the order of [`Table::columns`].
pub fn fact_columns(fact: &Fact) -> Vec<String> {
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    vec![
        fact.id.clone(),
        fact.measure.clone(),
        fact.subject.clone(),
        text(&fact.category),
        fact.period.as_ref().map(ToString::to_string).unwrap_or_default(),
        fact.value.map(|it| it.to_string()).unwrap_or_default(),
        fact.unit.clone(),
        fact.qualifier.as_str().to_owned(),
        fact.derived.map(|it| it.as_str().to_owned()).unwrap_or_default(),
        join_list(&fact.of),
        fact.source.clone(),
        fact.locator.clone(),
        fact.certainty.as_str().to_owned(),
        text(&fact.note),
        dataset_cell(&fact.dataset).to_owned(),
    ]
}
