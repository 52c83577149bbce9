//! Exports: a snapshot as a folder of CSV files or as one JSON document.
//!
//! The CSV comes back as it was but for what [`Export::dropped`] names; the JSON is for other tools, and
//! no import reads it.
//! Knows no path: whoever asks writes the bytes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;
use weft_formats::{
    Column, CsvWriter, DatasetInfo, Document, Error, FORMAT_VERSION, Table, dataset_cell,
    fact_columns, join_list, property_cell, source_columns,
};
use weft_graph::{Amount, Claim, NodeRecord, Snapshot, Source, TieRecord};
use weft_value::{PartialDate, Value};

/// Words in a source's licence, in any case, that forbid passing its rows on.
///
/// A source without a licence does not forbid: what is taken from it is facts in one's own words.
pub const FORBIDDING_WORDS: &[&str] = &[
    "all rights reserved",
    "proprietary",
    "confidential",
    "no redistribution",
    "not for redistribution",
    "may not be passed on",
    "may not be redistributed",
    "internal use",
    "not be shared",
    "not for sharing",
    "no onward sharing",
    "no sharing",
    "not for publication",
    "subscription",
    "licensed data",
    "commercial licence",
    "restricted",
];

/// How a graph is exported.
#[derive(Clone, Debug, Default)]
pub struct ExportOptions {
    /// The title of the graph.
    pub title: String,
    /// Whether rows are passed on although their source's licence forbids it.
    pub include_forbidden: bool,
}

/// What is written, and what is not.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Export {
    /// The files, by name.
    #[serde(skip)]
    pub files: Vec<(String, Vec<u8>)>,
    /// The ids of rows that rest only on sources whose licence forbids passing on, by table.
    pub withheld: BTreeMap<Table, Vec<String>>,
    /// What the format cannot hold, a sentence each.
    pub dropped: Vec<String>,
}

/// Whether the licence of a source forbids passing its rows on: see [`FORBIDDING_WORDS`].
pub fn forbids_passing_on(source: &Source) -> bool {
    let licence = source.licence.as_deref().unwrap_or_default().to_lowercase();
    FORBIDDING_WORDS.iter().any(|it| licence.contains(it))
}

/// The graph as a JSON document, and the rows withheld from it.
pub fn to_document(
    snapshot: &Snapshot,
    options: &ExportOptions,
) -> (Document, BTreeMap<Table, Vec<String>>) {
    let mut withheld: BTreeMap<Table, Vec<String>> = BTreeMap::new();
    let mut keep_back = |table, id: String| withheld.entry(table).or_default().push(id);
    let forbidden: HashSet<&str> = snapshot
        .sources()
        .filter(|it| !options.include_forbidden && forbids_passing_on(it))
        .map(|it| it.id.as_str())
        .collect();
    let mut kept: HashSet<String> = HashSet::new();
    let mut document = Document {
        weft: FORMAT_VERSION,
        title: options.title.clone(),
        schema: snapshot.schema().title().to_owned(),
        ..Document::default()
    };
    for idx in snapshot.nodes() {
        let mut node = snapshot.node(idx).written();
        if free_claims(&mut node.claims, &forbidden) {
            kept.insert(node.id.clone());
            document.nodes.push(node);
        } else {
            keep_back(Table::Nodes, node.id);
        }
    }
    for idx in snapshot.ties() {
        let mut tie = snapshot.tie(idx).written();
        let ends = kept.contains(&tie.source) && kept.contains(&tie.target);
        if free_claims(&mut tie.claims, &forbidden) && ends {
            document.ties.push(tie);
        } else {
            keep_back(Table::Ties, tie.id());
        }
    }
    for fact in snapshot.facts() {
        if forbidden.contains(fact.source.as_str()) || !kept.contains(&fact.subject) {
            keep_back(Table::Facts, fact.id.clone());
        } else {
            document.facts.push(fact.clone());
        }
    }
    let sources = snapshot.sources().filter(|it| !forbidden.contains(it.id.as_str()));
    document.sources = sources.cloned().collect();
    document.sort();
    withheld.values_mut().for_each(|it| it.sort_unstable());
    (document, withheld)
}

/// The graph as the folder of a dataset: its five CSV files, its title and its schema.
///
/// # Errors
/// None while writing to memory succeeds.
pub fn to_csv_files(snapshot: &Snapshot, options: &ExportOptions) -> Result<Export, Error> {
    let (document, withheld) = to_document(snapshot, options);
    let mut export = Export { withheld, ..Export::default() };
    let mut claims: Vec<Vec<String>> = Vec::new();
    let mut n_without_claim = 0;
    let mut table = PropertyTable::new(Table::Nodes);
    for node in &document.nodes {
        let (first, rest) = split_claims(&node.claims);
        n_without_claim += usize::from(first.is_none());
        claims.extend(rest.map(|it| claim_cells(&node.id, "", it)));
        table.add(node_cells(node, first), &node.properties);
    }
    let nodes = table.write("nodes.csv")?;
    let mut table = PropertyTable::new(Table::Ties);
    for tie in &document.ties {
        let (first, rest) = split_claims(&tie.claims);
        n_without_claim += usize::from(first.is_none());
        let id = tie.id();
        claims.extend(rest.map(|it| claim_cells("", &id, it)));
        table.add(tie_cells(tie, first), &tie.properties);
    }
    let ties = table.write("ties.csv")?;
    let sources = document.sources.iter().map(source_columns);
    let facts: Vec<Vec<String>> = document.facts.iter().map(fact_columns).collect();
    export.files.push(write_table(Table::Sources, sources)?);
    export.files.push(nodes);
    export.files.push(ties);
    export.files.push(write_table(Table::Claims, claims)?);
    export.files.push(write_table(Table::Facts, facts)?);
    if !options.title.is_empty() {
        let info = DatasetInfo { title: Some(options.title.clone()), ..DatasetInfo::default() };
        export.files.push(("dataset.toml".to_owned(), info.to_toml().into_bytes()));
    }
    let schema = snapshot.schema().text().as_bytes().to_vec();
    export.files.push(("schema.toml".to_owned(), schema));
    if n_without_claim > 0 && !snapshot.schema().is_open() {
        let message = format!(
            "that {n_without_claim} records have no claim on the whole of them: read back, they rest \
             on the file too"
        );
        export.dropped.push(message);
    }
    Ok(export)
}

/// Keeps the claims that may be passed on; false if there was one and none is left.
fn free_claims(claims: &mut Vec<Claim>, forbidden: &HashSet<&str>) -> bool {
    // The row's own values rest on the claims on the whole of it; one free field frees only itself.
    let speaks_for_row = |it: &Claim| it.field.is_none() && it.denial.is_none();
    let (had_any, had_whole) = (!claims.is_empty(), claims.iter().any(speaks_for_row));
    claims.retain(|it| !forbidden.contains(it.source.as_str()));
    match had_whole {
        true => claims.iter().any(speaks_for_row),
        false => !had_any || !claims.is_empty(),
    }
}

/// The claim that stands in the record's own row, and those that stand in claims.csv.
fn split_claims(claims: &[Claim]) -> (Option<&Claim>, impl Iterator<Item = &Claim>) {
    let whole = |it: &Claim| it.field.is_none() && it.value.is_none() && it.denial.is_none();
    let at = claims.iter().position(whole);
    let rest = claims.iter().enumerate().filter(move |it| Some(it.0) != at).map(|it| it.1);
    (at.map(|at| &claims[at]), rest)
}

fn date(date: Option<PartialDate>) -> String {
    date.map(|it| it.to_string()).unwrap_or_default()
}

fn opt(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

fn amount_cells(amount: Option<&Amount>) -> [String; 3] {
    amount.map_or_else(Default::default, |it| {
        [it.value.to_string(), it.currency.clone(), it.qualifier.as_str().to_owned()]
    })
}

/// Who says so, and whose the record is: the dataset of its first claim, where none is on the whole.
fn first_cells(claim: Option<&Claim>, claims: &[Claim]) -> [String; 6] {
    let whose = claim.or(claims.first()).map(|it| dataset_cell(&it.dataset).to_owned());
    let whose = whose.unwrap_or_default();
    let Some(it) = claim else {
        return [String::new(), String::new(), String::new(), String::new(), String::new(), whose];
    };
    let certainty = it.certainty.as_str().to_owned();
    [it.source.clone(), it.locator.clone(), certainty, date(it.retrieved), opt(&it.note), whose]
}

fn node_cells(node: &NodeRecord, first: Option<&Claim>) -> Vec<String> {
    let introduce = match introduce_of(&node.properties) {
        Some(word) => word.to_owned(),
        None => String::new(),
    };
    let mut res = vec![
        node.id.clone(),
        node.kind.clone(),
        node.name.clone(),
        join_list(&node.aliases),
        join_list(node.identifiers.iter().map(ToString::to_string)),
        join_list(&node.sectors),
        opt(&node.stage),
        join_list(&node.tags),
        date(node.valid_from),
        date(node.valid_to),
        // Places are ties, and stand in ties.csv with their claims.
        String::new(),
        if node.distinct { "yes".to_owned() } else { String::new() },
        introduce,
    ];
    res.extend(amount_cells(node.amount.as_ref()));
    res.extend(first_cells(first, &node.claims));
    res
}

/// The word in the column `introduce`, where the property holds one that the column can.
fn introduce_of(properties: &BTreeMap<String, Value>) -> Option<&str> {
    match properties.get(Column::Introduce.as_str()) {
        Some(Value::String(word)) if matches!(word.as_str(), "yes" | "no") => Some(word),
        _ => None,
    }
}

fn tie_cells(tie: &TieRecord, first: Option<&Claim>) -> Vec<String> {
    let mut res = vec![
        opt(&tie.given_id),
        tie.source.clone(),
        tie.relation.clone(),
        tie.target.clone(),
        date(tie.valid_from),
        date(tie.valid_to),
        opt(&tie.key),
    ];
    res.extend(amount_cells(tie.amount.as_ref()));
    res.push(opt(&tie.role));
    res.extend(first_cells(first, &tie.claims));
    res
}

fn claim_cells(node: &str, tie: &str, claim: &Claim) -> Vec<String> {
    vec![
        node.to_owned(),
        tie.to_owned(),
        opt(&claim.field),
        opt(&claim.value),
        claim.source.clone(),
        claim.locator.clone(),
        claim.certainty.as_str().to_owned(),
        claim.denial.map(|it| it.as_str().to_owned()).unwrap_or_default(),
        date(claim.retrieved),
        opt(&claim.note),
        dataset_cell(&claim.dataset).to_owned(),
    ]
}

/// Rows with properties, whose columns are known only when all rows are.
struct PropertyTable {
    table: Table,
    headers: BTreeSet<String>,
    rows: Vec<(Vec<String>, BTreeMap<String, String>)>,
}

impl PropertyTable {
    fn new(table: Table) -> Self {
        Self { table, headers: BTreeSet::new(), rows: Vec::new() }
    }

    fn add(&mut self, cells: Vec<String>, properties: &BTreeMap<String, Value>) {
        let in_column = self.table == Table::Nodes && introduce_of(properties).is_some();
        let own = properties.iter().filter(|it| !(in_column && it.0 == Column::Introduce.as_str()));
        let own: BTreeMap<String, String> =
            own.filter_map(|(name, value)| property_cell(self.table, name, value)).collect();
        self.headers.extend(own.keys().cloned());
        self.rows.push((cells, own));
    }

    fn write(self, file: &str) -> Result<(String, Vec<u8>), Error> {
        let mut writer = CsvWriter::new(Vec::new());
        let fixed = self.table.columns().iter().map(|it| it.as_str());
        let headers = fixed.chain(self.headers.iter().map(String::as_str));
        writer.row(headers).map_err(Error::write(file))?;
        for (cells, mut own) in self.rows {
            let own = self.headers.iter().map(|it| own.remove(it).unwrap_or_default());
            writer.row(cells.into_iter().chain(own)).map_err(Error::write(file))?;
        }
        Ok((file.to_owned(), writer.into_inner()))
    }
}

fn write_table(
    table: Table,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<(String, Vec<u8>), Error> {
    let file = format!("{}.csv", table.as_str());
    let mut writer = CsvWriter::new(Vec::new());
    let header = table.columns().iter().map(|it| it.as_str());
    writer.row(header).map_err(Error::write(&file))?;
    for row in rows {
        writer.row(row).map_err(Error::write(&file))?;
    }
    Ok((file, writer.into_inner()))
}
