//! Typed rows: dates, amounts, certainties and lists made of cells, each fault with its fix.
//!
//! What needs the schema or other rows (kinds, ends, duplicates) stays text here.

use std::str::FromStr;

use weft_graph::{Amount, Certainty, Denial, Derivation, Identifier, Qualifier, is_slug, slug_of};
use weft_value::{DateError, DateOrder, PartialDate, Period, Value, ValueType};

use super::column::{Column, PropertyColumn, PropertyType};
use super::reader::Row;
use crate::{Diagnostic, Diagnostics, did_you_mean, split_list};

/// In the column of datasets, what no dataset brought: it is no name of a folder.
const WRITTEN_IN_WEFT: &str = "(written in weft)";

/// How cells are read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The order of dates with slashes.
    pub dates: DateOrder,
    /// The currency of an amount whose row names none.
    pub currency: String,
    /// Whether a node needs neither kind nor name, as in a graph without a schema.
    pub is_free: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { dates: DateOrder::IsoOnly, currency: "GBP".to_owned(), is_free: false }
    }
}

/// Who says so, in a row of nodes, ties, claims or facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimCells<'r> {
    /// The id of the source; empty for the file itself.
    pub source: &'r str,
    /// Where in it.
    pub locator: &'r str,
    /// How sure.
    pub certainty: Certainty,
    /// When it was retrieved.
    pub retrieved: Option<PartialDate>,
    /// A remark.
    pub note: &'r str,
    /// The dataset that says so, empty for what was written in weft itself; none for that of the import.
    pub dataset: Option<&'r str>,
}

/// A row of sources.csv.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the column of its name")]
pub struct SourceRow<'r> {
    pub id: &'r str,
    pub title: &'r str,
    pub publisher: &'r str,
    pub date: Option<PartialDate>,
    pub retrieved: Option<PartialDate>,
    pub licence: &'r str,
    pub address: &'r str,
    pub note: &'r str,
}

/// A row of nodes.csv.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the column of its name")]
pub struct NodeRow<'r> {
    pub id: &'r str,
    pub kind: &'r str,
    pub name: &'r str,
    pub aliases: Vec<String>,
    pub identifiers: Vec<Identifier>,
    pub sectors: Vec<String>,
    pub stage: &'r str,
    pub tags: Vec<String>,
    pub valid_from: Option<PartialDate>,
    pub valid_to: Option<PartialDate>,
    pub places: Vec<String>,
    pub distinct: bool,
    pub introduce: &'r str,
    pub amount: Option<Amount>,
    pub claim: ClaimCells<'r>,
    pub properties: Vec<(&'r str, Value)>,
}

/// A row of ties.csv.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the column of its name")]
pub struct TieRow<'r> {
    pub id: &'r str,
    pub from: &'r str,
    pub relation: &'r str,
    pub to: &'r str,
    pub valid_from: Option<PartialDate>,
    pub valid_to: Option<PartialDate>,
    pub key: &'r str,
    pub amount: Option<Amount>,
    pub role: &'r str,
    pub claim: ClaimCells<'r>,
    pub properties: Vec<(&'r str, Value)>,
}

/// A row of claims.csv.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the column of its name")]
pub struct ClaimRow<'r> {
    pub node: &'r str,
    pub tie: &'r str,
    pub field: &'r str,
    pub value: &'r str,
    pub denies: Option<Denial>,
    pub claim: ClaimCells<'r>,
}

/// A row of facts.csv.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each field is the column of its name")]
pub struct FactRow<'r> {
    pub id: &'r str,
    pub measure: &'r str,
    pub subject: &'r str,
    pub category: &'r str,
    pub period: Option<Period>,
    pub value: Option<f64>,
    pub unit: &'r str,
    pub qualifier: Qualifier,
    pub derived: Option<Derivation>,
    pub of: Vec<String>,
    pub claim: ClaimCells<'r>,
}

impl<'r> SourceRow<'r> {
    /// Reads a row.
    pub fn read(row: &Row<'r>, options: &ReadOptions, diagnostics: &mut Diagnostics) -> Self {
        let mut cells = Cells { row, options, diagnostics };
        cells.required(Column::Title);
        Self {
            id: cells.id(true),
            title: row.cell(Column::Title),
            publisher: row.cell(Column::Publisher),
            date: cells.date(Column::Date),
            retrieved: cells.date(Column::Retrieved),
            licence: row.cell(Column::Licence),
            address: row.cell(Column::Address),
            note: row.cell(Column::Note),
        }
    }
}

impl<'r> NodeRow<'r> {
    /// Reads a row.
    pub fn read(row: &Row<'r>, options: &ReadOptions, diagnostics: &mut Diagnostics) -> Self {
        let mut cells = Cells { row, options, diagnostics };
        if !options.is_free {
            cells.required(Column::Kind);
            cells.required(Column::Name);
        } else if row.cell(Column::Id).is_empty() {
            cells.required(Column::Name);
        }
        let (valid_from, valid_to) = cells.period();
        Self {
            id: cells.id(false),
            kind: row.cell(Column::Kind),
            name: row.cell(Column::Name),
            aliases: split_list(row.cell(Column::Aliases)),
            identifiers: cells.identifiers(),
            sectors: split_list(row.cell(Column::Sector)),
            stage: row.cell(Column::Stage),
            tags: split_list(row.cell(Column::Tags)),
            valid_from,
            valid_to,
            places: split_list(row.cell(Column::Place)),
            distinct: cells.yes(Column::Distinct),
            introduce: cells.introduce(),
            amount: cells.amount(),
            claim: cells.claim(),
            properties: cells.properties(),
        }
    }
}

impl<'r> TieRow<'r> {
    /// Reads a row.
    pub fn read(row: &Row<'r>, options: &ReadOptions, diagnostics: &mut Diagnostics) -> Self {
        let mut cells = Cells { row, options, diagnostics };
        cells.required(Column::From);
        cells.required(Column::Relation);
        cells.required(Column::To);
        let (valid_from, valid_to) = cells.period();
        Self {
            id: row.cell(Column::Id),
            from: row.cell(Column::From),
            relation: row.cell(Column::Relation),
            to: row.cell(Column::To),
            valid_from,
            valid_to,
            key: row.cell(Column::Key),
            amount: cells.amount(),
            role: row.cell(Column::Role),
            claim: cells.claim(),
            properties: cells.properties(),
        }
    }
}

impl<'r> ClaimRow<'r> {
    /// Reads a row.
    pub fn read(row: &Row<'r>, options: &ReadOptions, diagnostics: &mut Diagnostics) -> Self {
        let mut cells = Cells { row, options, diagnostics };
        let (node, tie) = (row.cell(Column::Node), row.cell(Column::Tie));
        if node.is_empty() == tie.is_empty() {
            let message = "the row says of neither or of both a node and a tie";
            cells.fault("claim_target", Column::Node, message, "fill in one of `node` and `tie`");
        }
        let denies = match row.cell(Column::Denies) {
            "" => None,
            "never" => Some(Denial::Never),
            "ended" => Some(Denial::Ended),
            other => {
                let message = format!("`{other}` is no denial");
                let hint = "write `never` (it never was), `ended` (it has ended) or nothing";
                cells.fault("unknown_denial", Column::Denies, message, hint);
                None
            }
        };
        Self {
            node,
            tie,
            field: row.cell(Column::Field),
            value: row.cell(Column::Value),
            denies,
            claim: cells.claim(),
        }
    }
}

impl<'r> FactRow<'r> {
    /// Reads a row.
    pub fn read(row: &Row<'r>, options: &ReadOptions, diagnostics: &mut Diagnostics) -> Self {
        let mut cells = Cells { row, options, diagnostics };
        cells.required(Column::Measure);
        cells.required(Column::Subject);
        Self {
            id: cells.id(false),
            measure: row.cell(Column::Measure),
            subject: row.cell(Column::Subject),
            category: row.cell(Column::Category),
            period: cells.fact_period(),
            value: cells.number(Column::Value),
            unit: row.cell(Column::Unit),
            qualifier: cells.qualifier(Column::Qualifier),
            derived: cells.derived(),
            of: split_list(row.cell(Column::Of)),
            claim: cells.claim(),
        }
    }
}

/// The cell of a dataset: what [`ClaimCells::dataset`] is read from.
pub fn dataset_cell(dataset: &str) -> &str {
    if dataset.is_empty() { WRITTEN_IN_WEFT } else { dataset }
}

/// Reads the word of a qualifier; `less_than` is another word for `up_to`.
pub fn parse_qualifier(text: &str) -> Option<Qualifier> {
    match text {
        "" => Some(Qualifier::Exact),
        "less_than" => Some(Qualifier::UpTo),
        text => text.parse().ok(),
    }
}

/// Reads a cell of free properties; an empty one is none.
///
/// # Errors
/// What was expected.
pub fn read_value(kind: PropertyType, cell: &str) -> Result<Option<Value>, String> {
    if cell.trim().is_empty() && kind != PropertyType::One(ValueType::String) || cell.is_empty() {
        return Ok(None);
    }
    match kind {
        PropertyType::One(ValueType::String) => Ok(Some(Value::String(cell.to_owned()))),
        PropertyType::One(kind) => kind.parse(cell.trim()).map(Some).map_err(|it| it.to_string()),
        PropertyType::List(kind) => {
            let items = split_list(cell).into_iter().map(|it| kind.parse(&it));
            let items = items.collect::<Result<Vec<_>, _>>().map_err(|it| it.to_string())?;
            Ok(Some(Value::List(items)))
        }
        PropertyType::Json => match serde_json::from_str::<Value>(cell) {
            Ok(value) if value.is_storable() => Ok(Some(value)),
            Ok(value) => Err(format!("{} that no property can hold", value.type_name())),
            Err(_) => Err("not a value in JSON".to_owned()),
        },
    }
}

/// The cells of one row on their way to values.
struct Cells<'a, 'r> {
    row: &'a Row<'r>,
    options: &'a ReadOptions,
    diagnostics: &'a mut Diagnostics,
}

impl<'r> Cells<'_, 'r> {
    fn fault(
        &mut self,
        code: &'static str,
        column: Column,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let fault = Diagnostic::error(code, self.row.place(column.as_str()), message);
        self.diagnostics.push(fault.value(self.row.cell(column)).hint(hint));
    }

    fn required(&mut self, column: Column) {
        if self.row.cell(column).is_empty() {
            let message = format!("`{}` is empty", column.as_str());
            self.fault("empty_cell", column, message, "fill it in, or delete the row");
        }
    }

    fn id(&mut self, required: bool) -> &'r str {
        let id = self.row.cell(Column::Id);
        if required {
            self.required(Column::Id);
        }
        if !id.is_empty() && !is_slug(id) {
            let message = format!("`{id}` cannot be an id");
            let hint = match slug_of(id) {
                slug if slug.is_empty() => "write lower-case letters, digits and hyphens".into(),
                slug => format!("write `{slug}`: lower-case letters, digits and single hyphens"),
            };
            self.fault("bad_id", Column::Id, message, hint);
        }
        id
    }

    fn date(&mut self, column: Column) -> Option<PartialDate> {
        let text = self.row.cell(column);
        if text.is_empty() {
            return None;
        }
        match PartialDate::parse(text, self.options.dates) {
            Ok(date) => Some(date),
            Err(err) => {
                let (what, hint) = date_fault(text, err, self.options.dates);
                self.fault("bad_date", column, format!("`{text}` is {what}"), hint);
                None
            }
        }
    }

    fn period(&mut self) -> (Option<PartialDate>, Option<PartialDate>) {
        let (from, to) = (self.date(Column::ValidFrom), self.date(Column::ValidTo));
        if let (Some(from), Some(to)) = (from, to)
            && from.first_key() > to.last_key()
        {
            let message = format!("it ends (`{to}`) before it begins (`{from}`)");
            self.fault("reversed_dates", Column::ValidTo, message, "swap or correct the dates");
        }
        (from, to)
    }

    fn fact_period(&mut self) -> Option<Period> {
        let text = self.row.cell(Column::Period);
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|_| ()).ok().or_else(|| {
            let message = format!("`{text}` is no period");
            let hint = "write `2022`, `2018/2022`, `2018/` (since) or `2021/22`";
            self.fault("bad_period", Column::Period, message, hint);
            None
        })
    }

    fn number(&mut self, column: Column) -> Option<f64> {
        let text = self.row.cell(column);
        if text.is_empty() {
            return None;
        }
        let plain = text.bytes().all(|it| it.is_ascii_digit() || b"+-.eE".contains(&it));
        let found = f64::from_str(text).ok().filter(|it| plain && it.is_finite());
        if found.is_none() {
            let message = format!("`{text}` is no number");
            let digits: String = text.chars().filter(|it| !",' £$€\u{a0}_".contains(*it)).collect();
            let hint = match digits.parse::<f64>() {
                Ok(it) if it.is_infinite() && plain => {
                    "it is too large: correct it, or leave it empty".to_owned()
                }
                Ok(_) if digits == text => {
                    "write digits, with a point before decimals, or leave it empty".to_owned()
                }
                Ok(_) => format!("write `{digits}`, without separators or signs of currency"),
                Err(_) => "write digits, with a point before decimals, or leave it empty".into(),
            };
            self.fault("bad_number", column, message, hint);
        }
        found
    }

    fn amount(&mut self) -> Option<Amount> {
        let qualifier = self.qualifier(Column::AmountQualifier);
        let currency = self.row.cell(Column::Currency);
        let is_code = currency.len() == 3 && currency.bytes().all(|it| it.is_ascii_uppercase());
        if !currency.is_empty() && !is_code {
            let message = format!("`{currency}` is no currency");
            self.fault("bad_currency", Column::Currency, message, "write three letters: `GBP`");
        }
        let value = self.number(Column::Amount)?;
        let currency = if currency.is_empty() { &self.options.currency } else { currency };
        Some(Amount { value, currency: currency.to_owned(), qualifier })
    }

    fn qualifier(&mut self, column: Column) -> Qualifier {
        let text = self.row.cell(column);
        parse_qualifier(text).unwrap_or_else(|| {
            let words = Qualifier::ALL.map(Qualifier::as_str);
            let otherwise = format!("write one of `{}`", words.join("`, `"));
            let hint = did_you_mean(text, words, otherwise);
            self.fault("unknown_qualifier", column, format!("`{text}` is no qualifier"), hint);
            Qualifier::Exact
        })
    }

    fn derived(&mut self) -> Option<Derivation> {
        let text = self.row.cell(Column::Derived);
        let found = Derivation::ALL.into_iter().find(|it| it.as_str() == text);
        if found.is_none() && !text.is_empty() {
            let words = Derivation::ALL.map(Derivation::as_str);
            let hint = format!("write one of `{}`, or nothing", words.join("`, `"));
            let message = format!("`{text}` is no way to derive a figure");
            self.fault("unknown_derivation", Column::Derived, message, hint);
        }
        if found.is_some() && self.row.cell(Column::Of).is_empty() {
            let message = format!("the figure is a {text} of nothing");
            self.fault("derived_of_nothing", Column::Of, message, "name the ids of its parts");
        }
        found
    }

    fn claim(&mut self) -> ClaimCells<'r> {
        let text = self.row.cell(Column::Certainty);
        let certainty = if text.is_empty() {
            Certainty::Stated
        } else {
            text.parse().unwrap_or_else(|()| {
                let words = Certainty::ALL.map(Certainty::as_str);
                let otherwise = format!("write one of `{}`", words.join("`, `"));
                let hint = did_you_mean(text, words, otherwise);
                let message = format!("`{text}` is no certainty");
                self.fault("unknown_certainty", Column::Certainty, message, hint);
                Certainty::Stated
            })
        };
        ClaimCells {
            source: self.row.cell(Column::Source),
            locator: self.row.cell(Column::Locator),
            certainty,
            retrieved: self.date(Column::Retrieved),
            note: self.row.cell(Column::Note),
            dataset: match self.row.cell(Column::Dataset) {
                "" => None,
                WRITTEN_IN_WEFT => Some(""),
                dataset => Some(dataset),
            },
        }
    }

    fn identifiers(&mut self) -> Vec<Identifier> {
        let mut res = Vec::new();
        for text in split_list(self.row.cell(Column::Identifiers)) {
            match text.split_once(':') {
                Some((scheme, value)) if !scheme.trim().is_empty() && !value.trim().is_empty() => {
                    let (scheme, value) = (scheme.trim().to_owned(), value.trim().to_owned());
                    res.push(Identifier { scheme, value });
                }
                _ => {
                    let message = format!("`{text}` is no identifier");
                    let hint = "write `scheme:value`, such as `GB-COH:07123456`";
                    self.fault("bad_identifier", Column::Identifiers, message, hint);
                }
            }
        }
        res
    }

    fn yes(&mut self, column: Column) -> bool {
        let text = self.row.cell(column);
        match text.to_ascii_lowercase().as_str() {
            "" | "no" | "false" => false,
            "yes" | "true" => true,
            _ => {
                let message = format!("`{text}` is neither yes nor no");
                self.fault("bad_boolean", column, message, "write `yes` or `no`");
                false
            }
        }
    }

    fn introduce(&mut self) -> &'r str {
        let text = self.row.cell(Column::Introduce);
        if !matches!(text, "" | "yes" | "no") {
            let message = format!("`{text}` is neither yes nor no");
            self.fault("bad_boolean", Column::Introduce, message, "write `yes` or `no`");
        }
        text
    }

    fn properties(&mut self) -> Vec<(&'r str, Value)> {
        let mut res: Vec<(&'r str, Value)> = Vec::new();
        for PropertyColumn { at, header, name, kind } in &self.row.header.properties {
            let cell = self.row.cell_at(*at);
            let place = || self.row.place(header);
            match read_value(*kind, cell) {
                Ok(None) => {}
                Ok(Some(_)) if res.iter().any(|it| it.0 == name) => {
                    let message = format!("the property `{name}` is given twice in this row");
                    let fault = Diagnostic::error("duplicate_property", place(), message);
                    self.diagnostics.push(fault.hint("leave all but one of its columns empty"));
                }
                Ok(Some(value)) => res.push((name.as_str(), value)),
                Err(expected) => {
                    let message =
                        format!("`{}` is {expected}", crate::diagnostic::shorten(cell.trim()));
                    let fault = Diagnostic::error("bad_value", place(), message).value(cell);
                    self.diagnostics
                        .push(fault.hint("correct the cell, or the type in the header"));
                }
            }
        }
        res
    }
}

/// What a text is instead of a date, and the way out.
fn date_fault(text: &str, err: DateError, order: DateOrder) -> (&'static str, String) {
    // Without its day it reads as a month, if the month is not what is wrong.
    let month = match text.contains('/') {
        true => text.split_once('/').map(|it| it.1),
        false => text.rsplit_once('-').map(|it| it.0).filter(|it| it.contains('-')),
    };
    let has_month = month.is_some_and(|it| PartialDate::parse(it, order).is_ok());
    let year = text.split(['-', '/']).find(|it| it.len() == 4).unwrap_or_default();
    let what = match err {
        DateError::Impossible if PartialDate::parse(year, order).is_err() => {
            return ("a year that the calendar does not have", "correct the year".to_owned());
        }
        DateError::Impossible if has_month => {
            return ("a day that the calendar does not have", "correct the day".to_owned());
        }
        DateError::Impossible => {
            return ("a month that the calendar does not have", "correct the month".to_owned());
        }
        DateError::Ambiguous => "ambiguous: day and month cannot be told apart",
        _ => "no date",
    };
    let words = err.to_string();
    (what, words.split_once(": ").map_or(words.as_str(), |it| it.1).to_owned())
}
