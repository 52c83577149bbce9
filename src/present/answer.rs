//! The answer to a question: its rows as exact data, and the sections in which people read them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::plural;

/// What a verb answers.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What was asked, as far as it is not the default.
    pub params: BTreeMap<String, Value>,
    /// The view that numbers speak of, where they speak of one.
    pub view: Option<ViewNote>,
    /// The seed, where chance was used.
    pub seed: Option<u64>,
    /// What a reader must know before using the rows.
    pub warnings: Vec<String>,
    /// The rows: unrounded, with stable names.
    pub rows: Vec<Value>,
    /// The rows of CSV and TSV, where `rows` hold documents that no spreadsheet would show well.
    pub flat: Option<Vec<Value>>,
    /// The same for people.
    pub sections: Vec<Section>,
}

/// The view of an answer, in words and numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ViewNote {
    /// Its name: `conduit`, `all`.
    pub name: String,
    /// The day `D`.
    pub as_of: Option<String>,
    /// The weakest certainty that is let in.
    pub floor: String,
    /// Nodes.
    pub n: usize,
    /// Links: pairs of nodes with a tie.
    pub m: usize,
    /// Ties.
    pub n_ties: usize,
    /// Nodes without any date.
    pub n_undated_nodes: usize,
    /// Ties without any date.
    pub n_undated_ties: usize,
}

/// A part of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its heading.
    pub heading: Option<String>,
    /// Sentences before the table.
    pub text: Vec<String>,
    /// The table.
    pub table: Option<Table>,
    /// Sentences after the table.
    pub notes: Vec<String>,
}

/// A table: every row has as many cells as there are columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The headings.
    pub columns: Vec<String>,
    /// Which columns hold numbers and stand on the right.
    pub numeric: Vec<bool>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

/// What stands around every answer: who computed it, from which data.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Envelope {
    /// The version of weft.
    pub weft: String,
    /// The title of the store; empty where none was read.
    pub dataset: String,
    /// The revision that was read.
    pub revision: u64,
}

impl Answer {
    /// Adds rows from anything that serialises to an object.
    ///
    /// # Panics
    /// If a result type does not serialise, which its tests would show.
    pub fn push_row(&mut self, row: &impl Serialize) {
        self.rows.push(serde_json::to_value(row).expect("result types serialise"));
    }

    /// The rows as a spreadsheet gets them.
    pub fn flat_rows(&self) -> &[Value] {
        self.flat.as_deref().unwrap_or(&self.rows)
    }

    /// Adds a section.
    pub fn push_section(&mut self, section: Section) -> &mut Self {
        self.sections.push(section);
        self
    }

    /// Notes what was asked.
    pub fn param(&mut self, name: &str, value: impl Into<Value>) {
        self.params.insert(name.to_owned(), value.into());
    }

    /// The JSON document: `{weft, dataset, view, as_of, params, seed, warnings, rows}`.
    pub fn document(&self, envelope: &Envelope) -> Value {
        let dataset = (!envelope.dataset.is_empty()).then(
            || serde_json::json!({ "title": envelope.dataset, "revision": envelope.revision }),
        );
        serde_json::json!({
            "weft": envelope.weft,
            "dataset": dataset,
            "view": self.view,
            "as_of": self.view.as_ref().and_then(|it| it.as_of.clone()),
            "params": self.params,
            "seed": self.seed,
            "warnings": self.warnings,
            "rows": self.rows,
        })
    }
}

impl ViewNote {
    /// The line that every table ends with.
    pub fn sentence(&self) -> String {
        let as_of = self
            .as_of
            .as_deref()
            .map_or_else(|| "whatever the date".to_owned(), |it| format!("as of {it}"));
        format!(
            "{} view, {as_of}, certainty down to {}: {}, {}, {} ({} and {} undated)",
            self.name,
            self.floor,
            plural(self.n, "node", "nodes"),
            plural(self.m, "link", "links"),
            plural(self.n_ties, "tie", "ties"),
            plural(self.n_undated_nodes, "node", "nodes"),
            plural(self.n_undated_ties, "tie", "ties")
        )
    }
}

impl Section {
    /// A section of sentences.
    pub fn text(heading: &str, text: Vec<String>) -> Self {
        Self { heading: Some(heading.to_owned()), text, ..Self::default() }
    }

    /// A section of one table.
    pub fn table(heading: &str, table: Table) -> Self {
        Self { heading: Some(heading.to_owned()), table: Some(table), ..Self::default() }
    }

    /// A table without a heading.
    pub fn bare(table: Table) -> Self {
        Self { table: Some(table), ..Self::default() }
    }

    /// The same with a sentence after it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl Table {
    /// An empty table; a heading that begins with `#` is that of a column of numbers.
    pub fn new(columns: &[&str]) -> Self {
        Self {
            columns: columns.iter().map(|it| it.trim_start_matches('#').to_owned()).collect(),
            numeric: columns.iter().map(|it| it.starts_with('#')).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, row: [String; N]) {
        debug_assert_eq!(N, self.columns.len());
        self.rows.push(row.into());
    }
}
