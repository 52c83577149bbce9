//! Imports: read once to check, again to apply.
//!
//! **Which record a row is.** A node row by its `id`; without one by an identifier, then by its exact
//! name or alias and kind, among what is there; else it is new, and its id the slug of its name. A
//! tie row by its `id`; without one by (from, relation, to, valid_from, key), the ends of a symmetric
//! relation in order. Two rows of one file on one record are a fault; a tie that stands in two files
//! rests on both, with what the second says otherwise as claims on single fields.
//!
//! **Whose a value is.** A record belongs to the dataset whose claim on the whole of it came first:
//! that dataset's rows write its fields (a column that the file has overwrites, an empty cell clears,
//! a column that it lacks leaves the field alone). Every other dataset says what its row holds as
//! claims on single fields; the record shows the strongest, then newest, `check` lists the conflict,
//! and nobody's import undoes another's. Lists (aliases, identifiers, sectors, tags) are joined.
//!
//! **Claims.** An import replaces its dataset's claims on the records that it brings, and leaves all
//! others. A record that had a claim of the dataset and is not in the files is *missing*: reported,
//! and with `remove_missing` its claims of this dataset go, and it with them if none is left. Files
//! that are a part of the dataset (`is_part`) leave alone what its other tables brought.
//!
//! **Several datasets in one folder.** A row that names its dataset (`weft_dataset`, as exports do) is
//! that dataset's, whatever the import is called; all datasets that are named are replaced together,
//! so that an export can be edited and imported again.

mod changes;
mod checking;
mod free;
mod index;
mod merge;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use weft_formats::{
    Diagnostics, Dialect, Encoding, PropertyType, ReadOptions, Table, TableReader, inspect,
};
use weft_graph::{Claim, Schema, Source, slug_of};
use weft_value::{DateOrder, PartialDate};

use super::names::ByHash;
use super::outcome::{Outcomes, Status};
use super::{Existing, InputFile, TransferError};
pub use changes::Changes;
use checking::Checker;
pub use free::schema_for;
use index::NodeIndex;

/// How files are imported.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The name of the dataset, by which its next import knows what is missing.
    pub dataset: String,
    /// Its licence, for the source that rows without a source rest on.
    pub licence: Option<String>,
    /// The currency of amounts whose row names none; `GBP` if none is given, which is said once.
    pub currency: Option<String>,
    /// The order of dates with slashes.
    pub dates: DateOrder,
    /// Whether records that the files no longer have are removed.
    pub remove_missing: bool,
    /// Whether the files are some of the dataset's tables: those that are not named stay as they are.
    pub is_part: bool,
    /// The date of the source that rows without a source rest on.
    pub source_date: Option<PartialDate>,
}

/// Files that have been checked, and what importing them would do.
///
/// What was checked stays in memory as one entry a node and 16 bytes a tie; the rows do not.
pub struct Plan<'a> {
    files: &'a [InputFile],
    existing: &'a dyn Existing,
    schema: &'a Schema,
    options: &'a ImportOptions,
    checked: Checked,
    diagnostics: Diagnostics,
    dialects: Vec<Dialect>,
    rejected: Outcomes,
}

/// What the first reading leaves for the second.
#[derive(Default)]
struct Checked {
    tables: Vec<TableFile>,
    index: NodeIndex,
    /// Sources to put, by id, with the row that each stands in or is needed by.
    sources: BTreeMap<String, (Source, RowAt)>,
    /// Claims of claims.csv by the id of their node or tie.
    node_claims: HashMap<String, ClaimsOf>,
    tie_claims: HashMap<String, ClaimsOf>,
    /// The datasets whose rows the files hold: that of the import first.
    datasets: Vec<String>,
    /// File and row of each tie, by the hash of its id.
    ties: ByHash<(u16, u32)>,
    /// In how many more files a tie stands that is in several.
    shared_ties: ByHash<usize>,
    facts: HashMap<String, (u16, u32)>,
    /// The types of the free properties of nodes and ties, by name.
    properties: HashMap<(Table, String), PropertyType>,
    /// Nodes that are there and not in the files, but at which a tie or a fact of the files ends.
    referenced: HashSet<String>,
    is_empty: bool,
    own_source: String,
}

/// A file, by its position among those of the import, and a row of it.
type RowAt = (u16, u32);

/// What claims.csv says of one record, and the row in which it begins.
struct ClaimsOf {
    first: RowAt,
    claims: Vec<Claim>,
}

/// A file whose encoding and table are known.
#[derive(Clone, Copy)]
struct TableFile {
    file: u16,
    table: Table,
    encoding: Encoding,
    has_places: bool,
    /// Whether every end of its ties is the id of a node of the files, so that the second reading
    /// need not look for it.
    has_ids: bool,
}

/// Reads the files once and says everything that is wrong with them.
///
/// Rows are told apart, ends resolved, words held against the schema. Memory stays flat but for the
/// tables named at [`Plan`] and the rows of claims.csv and sources.csv, which are held.
///
/// # Errors
/// Only where a file cannot be read or `existing` does not answer; faults are diagnostics.
pub fn plan_import<'a>(
    files: &'a [InputFile],
    existing: &'a dyn Existing,
    schema: &'a Schema,
    options: &'a ImportOptions,
) -> Result<Plan<'a>, TransferError> {
    let mut diagnostics = Diagnostics::default();
    let mut dialects = Vec::new();
    let mut checked = Checked {
        is_empty: existing.is_empty()?,
        own_source: match slug_of(&options.dataset) {
            slug if slug.is_empty() => "import".to_owned(),
            slug => slug,
        },
        datasets: vec![options.dataset.clone()],
        ..Checked::default()
    };
    for (at, file) in files.iter().enumerate() {
        let found =
            inspect(&file.name, file.open()?).map_err(weft_formats::Error::read(&file.name))?;
        let n_errors = diagnostics.n_errors();
        found.diagnostics.into_iter().for_each(|it| diagnostics.push(it));
        if diagnostics.n_errors() > n_errors {
            checked.index.is_incomplete = true;
            continue;
        }
        let encoding = found.encoding;
        let reader =
            TableReader::new(&file.name, file.open()?, encoding, options.dates, &mut diagnostics)?;
        let Some(reader) = reader else {
            checked.index.is_incomplete = true;
            continue;
        };
        dialects.push(reader.dialect().clone());
        let header = reader.header();
        let has_places = header.table == Table::Nodes && header.has(weft_formats::Column::Place);
        let (file, table) = (at as u16, header.table);
        for it in &header.properties {
            checked.properties.entry((table, it.name.clone())).or_insert(it.kind);
        }
        checked.tables.push(TableFile { file, table, encoding, has_places, has_ids: true });
    }
    let mut checker = Checker::new(files, existing, schema, options, checked, diagnostics);
    checker.run()?;
    let (checked, mut diagnostics, rejected) = checker.finish();
    let names: Vec<String> = files.iter().map(|it| it.name.clone()).collect();
    diagnostics.sort(&names);
    Ok(Plan { files, existing, schema, options, checked, diagnostics, dialects, rejected })
}

impl<'a> Plan<'a> {
    /// What is wrong, in the order of the files and their rows.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// How each file was read.
    pub fn dialects(&self) -> &[Dialect] {
        &self.dialects
    }

    /// The rows that cannot be imported.
    pub fn rejected(&self) -> &Outcomes {
        &self.rejected
    }

    /// Reads the files again and gives the changes one by one; [`Changes::outcomes`] counts along.
    ///
    /// # Errors
    /// [`TransferError::Rejected`] while there is any fault: nothing is applied by halves.
    pub fn changes(&self) -> Result<Changes<'_>, TransferError> {
        match self.diagnostics.n_errors() {
            0 => Changes::new(self),
            n_errors => Err(TransferError::Rejected { n_errors }),
        }
    }

    /// What would become of each row, without applying anything.
    ///
    /// # Errors
    /// Where a file cannot be read or the graph does not answer.
    pub fn dry_run(&self) -> Result<Outcomes, TransferError> {
        if self.diagnostics.n_errors() > 0 {
            return Ok(self.rejected.clone());
        }
        let mut changes = self.changes()?;
        changes.by_ref().try_for_each(|it| it.map(drop))?;
        Ok(changes.into_outcomes())
    }
}

impl ClaimsOf {
    fn add(all: &mut HashMap<String, Self>, id: String, first: RowAt, claim: Claim) {
        all.entry(id).or_insert(Self { first, claims: Vec::new() }).claims.push(claim);
    }
}

impl Checked {
    /// Whether the files say all that the dataset says in a table.
    fn brings(&self, table: Table, options: &ImportOptions) -> bool {
        !options.is_part || self.tables.iter().any(|it| it.table == table)
    }
}

impl ImportOptions {
    fn read_options(&self, is_free: bool) -> ReadOptions {
        let currency = self.currency.clone().unwrap_or_else(|| "GBP".to_owned());
        ReadOptions { dates: self.dates, currency, is_free }
    }
}

/// Counts the rows of a table that were rejected.
fn count_rejected(outcomes: &mut Outcomes, table: Table, n: usize) {
    if n > 0 {
        outcomes.count(table, Status::Rejected, n);
    }
}
