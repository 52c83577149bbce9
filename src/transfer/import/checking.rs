//! The first reading: everything that is wrong with the files, and what the second needs to know.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use weft_formats::{
    ClaimCells, ClaimRow, Column, Diagnostic, Diagnostics, FactRow, NodeRow, Place, PropertyType,
    ReadOptions, Row, RowBatch, SourceRow, Table, TableReader, TieRow, did_you_mean, read_value,
};
use weft_graph::{
    Amount, Claim, Ends, Family, KindId, NodeRecord, RelationId, Schema, Source, TieRecord, slug_of,
};
use weft_value::{DateOrder, PartialDate};

use super::free::kind_of;
use super::index::{Entry, NO_KIND, Named, find_nodes, folded_names, has_name};
use super::merge::{claim_of, rests_on_nothing, stated_property, text};
use super::{Checked, ClaimsOf, ImportOptions, RowAt, TableFile, count_rejected};
use crate::transfer::names::hash_of;
use crate::transfer::outcome::Outcomes;
use crate::transfer::words::with_article;
use crate::transfer::{Existing, InputFile, TransferError, fold};

/// So many kinds or relations does a message list.
const WORDS_LISTED: usize = 8;

/// How many ids are told of a missing end.
const GUESSES_TOLD: usize = 3;
/// How many missing ends are held against all ids and names for "did you mean": each costs a sweep.
const MAX_GUESSES: usize = 50;

/// Checks rows and fills in [`Checked`].
pub(super) struct Checker<'a> {
    files: &'a [InputFile],
    existing: &'a dyn Existing,
    schema: &'a Schema,
    options: &'a ImportOptions,
    read_options: ReadOptions,
    checked: Checked,
    diagnostics: Diagnostics,
    rejected: Outcomes,
    kinds: HashMap<&'a str, KindId>,
    relations: HashMap<&'a str, RelationId>,
    sources_seen: HashMap<String, bool>,
    n_guesses: usize,
    /// Names of properties that no row has, each told once.
    properties_told: HashSet<String>,
    n_without_currency: usize,
    /// The first row that names no source.
    without_source: Option<RowAt>,
    /// Faults that fall away if the node of that id turns out to be in the files.
    pending: Vec<(String, Diagnostic)>,
    mentions: Vec<TieMention>,
    mentions_of: HashMap<u64, Vec<usize>>,
    parts: Vec<(u16, u32, String)>,
    /// The id of the tie at hand, in a buffer that is used again.
    tie_id: String,
    /// Hashes of what is about to be asked for, in a buffer that is used again.
    ahead: Vec<[u64; 3]>,
}

/// A tie that a claim names, and the ties of the files that it may be.
struct TieMention {
    place: Place,
    file: u16,
    cell: String,
    valid_from: Option<PartialDate>,
    key: Option<String>,
    ends: Option<[String; 3]>,
    claim: Claim,
    found: Vec<String>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        files: &'a [InputFile],
        existing: &'a dyn Existing,
        schema: &'a Schema,
        options: &'a ImportOptions,
        checked: Checked,
        diagnostics: Diagnostics,
    ) -> Self {
        let kinds = schema.kinds().iter().enumerate();
        let relations = schema.relations().iter().enumerate();
        Self {
            files,
            existing,
            schema,
            options,
            read_options: options.read_options(schema.is_open()),
            checked,
            diagnostics,
            rejected: Outcomes::default(),
            kinds: kinds.map(|(at, it)| (it.id.as_str(), KindId(at as u16))).collect(),
            relations: relations.map(|(at, it)| (it.id.as_str(), RelationId(at as u16))).collect(),
            sources_seen: HashMap::new(),
            n_guesses: 0,
            properties_told: HashSet::new(),
            n_without_currency: 0,
            without_source: None,
            pending: Vec::new(),
            mentions: Vec::new(),
            mentions_of: HashMap::new(),
            parts: Vec::new(),
            tie_id: String::new(),
            ahead: Vec::new(),
        }
    }

    pub(super) fn run(&mut self) -> Result<(), TransferError> {
        self.each_row(Table::Sources, |it| it.table == Table::Sources, Self::source_row)?;
        self.each_row(Table::Nodes, |it| it.table == Table::Nodes, Self::node_row)?;
        for (id, fault) in std::mem::take(&mut self.pending) {
            if self.checked.index.by_id(&id).is_none() {
                self.diagnostics.push(fault);
            }
        }
        self.each_row(Table::Claims, |it| it.table == Table::Claims, Self::claim_row)?;
        let mut next = 0;
        self.each_row(
            Table::Ties,
            |it| it.has_places,
            |checker, row| checker.place_cells(row, &mut next),
        )?;
        let of_ties = self.checked.tables.iter().filter(|it| it.table == Table::Ties);
        let n_bytes: u64 = of_ties.map(|it| self.files[usize::from(it.file)].n_bytes()).sum();
        self.checked.ties.reserve(usize::try_from(n_bytes / N_BYTES_OF_A_TIE).unwrap_or(0));
        self.each_row(Table::Ties, |it| it.table == Table::Ties, Self::tie_row)?;
        self.resolve_mentions()?;
        self.each_row(Table::Facts, |it| it.table == Table::Facts, Self::fact_row)?;
        self.check_parts()?;
        self.finish_sources();
        Ok(())
    }

    pub(super) fn finish(self) -> (Checked, Diagnostics, Outcomes) {
        (self.checked, self.diagnostics, self.rejected)
    }

    fn each_row(
        &mut self,
        table: Table,
        wanted: impl Fn(&TableFile) -> bool,
        mut check: impl FnMut(&mut Self, &Row<'_>) -> Result<(), TransferError>,
    ) -> Result<(), TransferError> {
        let files = self.files;
        let wanted: Vec<TableFile> = self.checked.tables.iter().copied().filter(wanted).collect();
        let is_first_reading = |it: &TableFile| it.table == table;
        let mut batch = RowBatch::default();
        for found in wanted {
            let file = &files[usize::from(found.file)];
            // Faults of form are told once, by the reading that the table is named for.
            let mut again = Diagnostics::default();
            let mut n_malformed = 0;
            let mut n_rejected = 0;
            let mut reader = TableReader::new(
                &file.name,
                file.open()?,
                found.encoding,
                self.options.dates,
                &mut again,
            )?;
            while let Some(reader) = &mut reader {
                let seen =
                    if is_first_reading(&found) { &mut self.diagnostics } else { &mut again };
                if !reader.next_rows(N_AHEAD, &mut batch, seen, &mut n_malformed)? {
                    break;
                }
                if found.table == Table::Ties {
                    self.look_ahead(batch.rows(reader.header()));
                }
                for row in batch.rows(reader.header()) {
                    let n_errors = self.diagnostics.n_errors();
                    check(self, &row)?;
                    n_rejected += usize::from(self.diagnostics.n_errors() > n_errors);
                }
            }
            if table == Table::Nodes && n_malformed > 0 {
                self.checked.index.is_incomplete = true;
            }
            if is_first_reading(&found) {
                n_rejected += n_malformed;
            }
            count_rejected(&mut self.rejected, found.table, n_rejected);
        }
        Ok(())
    }

    /// Brings the places at which the ends and ids of coming ties stand near the processor.
    ///
    /// The tables are larger than any cache. Asked for one after the other, the places are fetched at
    /// the same time; asked for tie by tie, among all the rest, each is waited for: a tenth of the time
    /// of a large import. Changes nothing.
    fn look_ahead<'r>(&mut self, rows: impl Iterator<Item = Row<'r>>) {
        let mut id = std::mem::take(&mut self.tie_id);
        self.ahead.clear();
        let mut unheard = Diagnostics::default();
        for row in rows {
            let tie = TieRow::read(&row, &self.read_options, &mut unheard);
            write_tie_id(&mut id, &tie, false);
            self.ahead.push([tie.from, tie.to, &id].map(hash_of));
        }
        self.tie_id = id;
        let index = &self.checked.index;
        let n_ends = self.ahead.iter().filter(|it| index.may_hold(it[0]) & index.may_hold(it[1]));
        let n_ties = self.ahead.iter().filter(|it| self.checked.ties.contains_key(&it[2]));
        std::hint::black_box(n_ends.count() + n_ties.count());
    }

    fn fault(
        &mut self,
        code: &'static str,
        row: &Row<'_>,
        column: Column,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let fault = Diagnostic::error(code, row.place(column.as_str()), message);
        self.diagnostics.push(fault.value(row.cell(column)).hint(hint));
    }

    fn file_of(&self, row: &Row<'_>) -> u16 {
        let at = self.files.iter().position(|it| it.name == row.header.file);
        at.unwrap_or_default() as u16
    }

    fn where_is(&self, file: u16, row: u32) -> String {
        format!("row {row} of {}", self.files[usize::from(file)].name)
    }

    // ------------------------------------------------------------------------------------ sources

    fn source_row(&mut self, row: &Row<'_>) -> Result<(), TransferError> {
        let source = SourceRow::read(row, &self.read_options, &mut self.diagnostics);
        if source.id.is_empty() {
            return Ok(());
        }
        if self.checked.sources.contains_key(source.id) {
            let message = format!("the source `{}` stands in an earlier row already", source.id);
            self.fault("duplicate_id", row, Column::Id, message, "delete one of the two rows");
            return Ok(());
        }
        let mut record = match self.checked.is_empty {
            true => None,
            false => self.existing.source(source.id)?,
        }
        .unwrap_or_default();
        let has = |column| row.header.has(column);
        source.id.clone_into(&mut record.id);
        source.title.clone_into(&mut record.title);
        let set = |column, slot: &mut Option<String>, cell| {
            if has(column) {
                *slot = text(cell);
            }
        };
        set(Column::Publisher, &mut record.publisher, source.publisher);
        set(Column::Licence, &mut record.licence, source.licence);
        set(Column::Address, &mut record.address, source.address);
        set(Column::Note, &mut record.note, source.note);
        if has(Column::Date) {
            record.date = source.date;
        }
        if has(Column::Retrieved) {
            record.retrieved = source.retrieved;
        }
        let here = (self.file_of(row), row.number);
        self.checked.sources.insert(record.id.clone(), (record, here));
        Ok(())
    }

    /// Checks whom a row rests on, and takes down whose it is.
    fn check_claim(&mut self, row: &Row<'_>, claim: &ClaimCells<'_>) -> Result<(), TransferError> {
        if let Some(dataset) = claim.dataset
            && !self.checked.datasets.iter().any(|it| it == dataset)
        {
            self.checked.datasets.push(dataset.to_owned());
        }
        let id = claim.source;
        if rests_on_nothing(self.schema, row.header, claim) {
            return Ok(());
        }
        if id.is_empty() {
            if self.without_source.is_none() {
                self.without_source = Some((self.file_of(row), row.number));
            }
            return Ok(());
        }
        if self.checked.sources.contains_key(id) {
            return Ok(());
        }
        let known = match self.sources_seen.get(id) {
            Some(&known) => known,
            None => {
                let known = !self.checked.is_empty && self.existing.source(id)?.is_some();
                self.sources_seen.insert(id.to_owned(), known);
                known
            }
        };
        if !known {
            let ids = self.checked.sources.keys().map(String::as_str);
            let hint = did_you_mean(id, ids, "add it to sources.csv, or leave the cell empty");
            let message = format!("the source `{id}` is in no sources.csv");
            self.fault("unknown_source", row, Column::Source, message, hint);
        }
        Ok(())
    }

    /// Adds the source that rows without a source rest on, and says what was assumed.
    fn finish_sources(&mut self) {
        let id = self.checked.own_source.clone();
        if let Some(first) = self.without_source
            && !self.checked.sources.contains_key(&id)
        {
            let title = format!("{}: imported files", self.options.dataset);
            let (date, licence) = (self.options.source_date, self.options.licence.clone());
            let source = Source { id: id.clone(), title, date, licence, ..Source::default() };
            self.checked.sources.insert(id, (source, first));
        }
        if self.n_without_currency > 0 && self.options.currency.is_none() {
            let message =
                format!("{} amounts name no currency: read as `GBP`", self.n_without_currency);
            let hint = "fill in the column `currency`, or write `currency = \"…\"` in dataset.toml";
            let place = Place::default();
            self.diagnostics.push(Diagnostic::warning("no_currency", place, message).hint(hint));
        }
    }

    // -------------------------------------------------------------------------------------- nodes

    fn node_row(&mut self, row: &Row<'_>) -> Result<(), TransferError> {
        let node = NodeRow::read(row, &self.read_options, &mut self.diagnostics);
        let word = kind_of(self.schema, node.kind);
        let node = NodeRow { kind: &word, ..node };
        let kind = self.check_kind(row, &node);
        self.check_claim(row, &node.claim)?;
        self.count_currency(row, node.amount.is_some());
        if node.name.is_empty() && (node.id.is_empty() || !self.schema.is_open()) {
            self.checked.index.is_incomplete = true;
            return Ok(());
        }
        let Some(id) = self.identify(row, &node)? else {
            self.checked.index.is_incomplete = true;
            return Ok(());
        };
        self.doubt_lists(row);
        let names = folded_names(node.name, &node.aliases);
        let file = self.file_of(row);
        if let Some(other) = self.checked.index.by_id(&id).cloned() {
            self.second_row(row, &node, kind, &other);
            return Ok(());
        }
        self.check_namesakes(row, &node, kind, &id, &names)?;
        if !self.checked.is_empty
            && let Some(found) = self.existing.node(&id)?
        {
            self.check_same_kind(row, &node, &found);
        }
        let entry = Entry {
            id: Arc::from(id),
            kind: kind.map_or(NO_KIND, |it| it.0),
            distinct: node.distinct,
            has_given_id: !node.id.is_empty(),
            file,
            row: row.number,
        };
        self.checked.index.add(entry, &names, &node.identifiers);
        Ok(())
    }

    /// Other programs part several values by `;`, which would be read as one without a word.
    fn doubt_lists(&mut self, row: &Row<'_>) {
        for column in [Column::Aliases, Column::Sector] {
            let cell = row.cell(column);
            if cell.contains(';') && !cell.contains('|') {
                let message = format!("`{cell}` is read as one value");
                let warning =
                    Diagnostic::warning("unparted_list", row.place(column.as_str()), message);
                let hint = "if it is several, part them by `|` in place of `;`";
                self.diagnostics.push(warning.value(cell).hint(hint));
            }
        }
    }

    fn count_currency(&mut self, row: &Row<'_>, has_amount: bool) {
        if has_amount && row.cell(Column::Currency).is_empty() {
            self.n_without_currency += 1;
        }
    }

    fn check_kind(&mut self, row: &Row<'_>, node: &NodeRow<'_>) -> Option<KindId> {
        let kind = self.kinds.get(node.kind).copied();
        if kind.is_none() && !node.kind.is_empty() {
            let words = self.schema.kinds().iter().map(|it| it.id.as_str());
            let hint = did_you_mean(node.kind, words, "`weft schema` lists the kinds");
            let message = format!("`{}` is no kind of the schema", node.kind);
            self.fault("unknown_kind", row, Column::Kind, message, hint);
        }
        if !node.stage.is_empty() && !self.schema.is_open() {
            self.check_stage(row, Column::Stage, node.stage);
            if kind.is_some_and(|it| self.schema.kind(it).family != Family::Company) {
                let message =
                    format!("{} has no stage: only companies have", with_article(node.kind));
                let hint = "empty the cell, or correct the kind";
                self.fault("stage_not_company", row, Column::Stage, message, hint);
            }
        }
        kind
    }

    fn check_stage(&mut self, row: &Row<'_>, column: Column, stage: &str) {
        if self.schema.stage_id(stage).is_none() {
            let words: Vec<&str> = self.schema.stages().iter().map(|it| it.id.as_str()).collect();
            let otherwise = format!("write one of `{}`, or nothing", words.join("`, `"));
            let hint = did_you_mean(stage, words, otherwise);
            let message = format!("`{stage}` is no stage of the schema");
            self.fault("unknown_stage", row, column, message, hint);
        }
    }

    /// The id of the record that a row is.
    fn identify(
        &mut self,
        row: &Row<'_>,
        node: &NodeRow<'_>,
    ) -> Result<Option<String>, TransferError> {
        if !node.id.is_empty() {
            return Ok(Some(node.id.to_owned()));
        }
        if !self.checked.is_empty {
            for identifier in &node.identifiers {
                let found = self.existing.nodes_by_identifier(identifier)?;
                match found.as_slice() {
                    [] => {}
                    [one] => return Ok(Some(one.id.clone())),
                    several => {
                        let message = format!("`{identifier}` belongs to several nodes");
                        let hint = format!("give the `id` of one of {}", ids_of(several));
                        self.fault("ambiguous_node", row, Column::Identifiers, message, hint);
                        return Ok(None);
                    }
                }
            }
            let mut found = self.existing.nodes_by_name(node.name)?;
            found.retain(|it| it.kind == node.kind && has_name(it, node.name));
            match found.as_slice() {
                [] => {}
                [one] => return Ok(Some(one.id.clone())),
                several => {
                    let message = format!("`{}` is the name of several nodes", node.name);
                    let hint = format!("give the `id` of one of {}", ids_of(several));
                    self.fault("ambiguous_node", row, Column::Name, message, hint);
                    return Ok(None);
                }
            }
        }
        let slug = slug_of(node.name);
        if slug.is_empty() {
            let message = format!("no id can be made of the name `{}`", node.name);
            self.fault("no_id", row, Column::Name, message, "give the row an `id`");
            return Ok(None);
        }
        if !self.checked.is_empty
            && let Some(taken) = self.existing.node(&slug)?
        {
            let message =
                format!("the id `{slug}` is taken by the {} `{}`", taken.kind, taken.name);
            self.fault("id_taken", row, Column::Name, message, "give the row an `id` of its own");
            return Ok(None);
        }
        Ok(Some(slug))
    }

    fn second_row(
        &mut self,
        row: &Row<'_>,
        node: &NodeRow<'_>,
        kind: Option<KindId>,
        other: &Entry,
    ) {
        let other_place = self.where_is(other.file, other.row);
        if !node.id.is_empty() && other.has_given_id {
            let message = format!("the id `{}` stands in {other_place} already", node.id);
            let hint = "make one row of the two, or give one of them another id";
            self.fault("duplicate_id", row, Column::Id, message, hint);
        } else if kind.map_or(NO_KIND, |it| it.0) == other.kind {
            let message = format!("`{}` stands in {other_place} already", node.name);
            self.fault("duplicate_name", row, Column::Name, message, NAMESAKES);
        } else {
            let message =
                format!("the id `{}` that its name makes is taken by {other_place}", other.id);
            self.fault("id_taken", row, Column::Name, message, "give the row an `id` of its own");
        }
    }

    /// Two nodes of one name and kind are one, unless both say that they are not.
    fn check_namesakes(
        &mut self,
        row: &Row<'_>,
        node: &NodeRow<'_>,
        kind: Option<KindId>,
        id: &str,
        names: &[String],
    ) -> Result<(), TransferError> {
        if self.schema.is_open() && !node.id.is_empty() {
            // Without a schema many may be called alike: an id tells them apart.
            return Ok(());
        }
        let kind_number = kind.map_or(NO_KIND, |it| it.0);
        let mut told = HashSet::new();
        for name in names {
            let index = &self.checked.index;
            let mut namesakes: Vec<Entry> =
                index.by_name(name).filter(|it| it.kind == kind_number).cloned().collect();
            namesakes.retain(|it| {
                let apart = it.distinct && node.distinct && it.has_given_id && !node.id.is_empty();
                !apart && told.insert(it.id.clone())
            });
            for other in namesakes {
                let place = self.where_is(other.file, other.row);
                let message = format!("`{name}` is also a name of `{}` in {place}", other.id);
                self.fault("duplicate_name", row, column_of(node, name), message, NAMESAKES);
            }
            if self.checked.is_empty {
                continue;
            }
            for found in self.existing.nodes_by_name(name)? {
                let is_namesake =
                    found.id != id && found.kind == node.kind && has_name(&found, name);
                if is_namesake
                    && !(found.distinct && node.distinct)
                    && told.insert(found.id.as_str().into())
                {
                    let column = column_of(node, name);
                    let message =
                        format!("`{name}` is also a name of `{}`, which is there", found.id);
                    let fault = Diagnostic::error(
                        "duplicate_name",
                        row.place(column.as_str()),
                        message,
                    )
                    .value(row.cell(column))
                    .hint(format!(
                        "write the id `{}`; if they are two bodies, `distinct` must be yes on both",
                        found.id
                    ));
                    self.pending.push((found.id, fault));
                }
            }
        }
        for identifier in &node.identifiers {
            let identifier = identifier.to_string();
            let others: Vec<Entry> =
                self.checked.index.by_identifier(&identifier).cloned().collect();
            for other in others {
                let place = self.where_is(other.file, other.row);
                let message =
                    format!("`{identifier}` is also an identifier of `{}` in {place}", other.id);
                let hint = "an identifier belongs to one node: correct or delete it";
                self.fault("duplicate_identifier", row, Column::Identifiers, message, hint);
            }
        }
        Ok(())
    }

    fn check_same_kind(&mut self, row: &Row<'_>, node: &NodeRow<'_>, found: &NodeRecord) {
        let whole = found.claims.iter().find(|it| it.field.is_none() && it.denial.is_none());
        let dataset = node.claim.dataset.unwrap_or(&self.options.dataset);
        let is_ours = whole.is_none_or(|it| it.dataset == dataset);
        if found.kind != node.kind && !is_ours {
            let message = format!(
                "`{}` is there as {}, not {}",
                found.id,
                with_article(&found.kind),
                with_article(node.kind)
            );
            let hint = "correct the kind, or give the row another `id`";
            self.fault("kind_differs", row, Column::Kind, message, hint);
        }
    }

    // ------------------------------------------------------------------------------- what is named

    /// The node that a cell names: by id, then identifier, then exact name or alias.
    fn resolve(
        &mut self,
        row: &Row<'_>,
        column: Column,
        cell: &str,
    ) -> Result<Option<Named>, TransferError> {
        if cell.is_empty() {
            return Ok(None);
        }
        let mut found = find_nodes(
            &self.checked.index,
            self.existing,
            self.checked.is_empty,
            self.schema,
            cell,
        )?;
        for named in found.iter().filter(|it| it.is_stored) {
            self.checked.referenced.insert(named.id.to_string());
        }
        match found.len() {
            1 => Ok(found.pop()),
            0 => {
                self.dangling(row, column, cell)?;
                Ok(None)
            }
            _ => {
                let ids: Vec<&str> = found.iter().map(|it| &*it.id).collect();
                let message = format!("`{cell}` names several nodes");
                let hint = format!("write one of the ids `{}`", ids.join("`, `"));
                self.fault("ambiguous_node", row, column, message, hint);
                Ok(None)
            }
        }
    }

    fn dangling(&mut self, row: &Row<'_>, column: Column, cell: &str) -> Result<(), TransferError> {
        // With a nodes file that cannot be read every end would be missing.
        if self.checked.index.is_incomplete {
            return Ok(());
        }
        let mut hint = "add it to nodes.csv, or correct the cell".to_owned();
        self.n_guesses += 1;
        if self.n_guesses <= MAX_GUESSES {
            let near = self.checked.index.ids_like(cell, GUESSES_TOLD);
            let mut near: Vec<String> = near.into_iter().map(str::to_owned).collect();
            if !self.checked.is_empty {
                let stored = self.existing.ids_like(cell, GUESSES_TOLD)?;
                near.extend(stored.into_iter().filter(|it| self.checked.index.by_id(it).is_none()));
                near.truncate(GUESSES_TOLD);
            }
            if !near.is_empty() {
                hint = format!("did you mean `{}`? else add it to nodes.csv", near.join("`, `"));
            }
        }
        let message = format!("`{cell}` is the id, name or identifier of no node");
        self.fault("dangling_end", row, column, message, hint);
        Ok(())
    }

    // --------------------------------------------------------------------------------------- ties

    fn place_cells(&mut self, row: &Row<'_>, next: &mut usize) -> Result<(), TransferError> {
        let file = self.file_of(row);
        let entries = &self.checked.index.entries;
        while entries
            .get(*next)
            .is_some_and(|it| it.file < file || (it.file == file && it.row < row.number))
        {
            *next += 1;
        }
        let entry = entries.get(*next).filter(|it| it.file == file && it.row == row.number);
        let Some(source) = entry.map(Named::of_entry) else {
            return Ok(());
        };
        for place in weft_formats::split_list(row.cell(Column::Place)) {
            let Some(target) = self.resolve(row, Column::Place, &place)? else { continue };
            let Some(relation) =
                self.check_allowed(row, LOCATED_IN, &source, &target, Column::Place)
            else {
                continue;
            };
            let tie = TieRecord {
                source: source.id.to_string(),
                relation: LOCATED_IN.to_owned(),
                target: target.id.to_string(),
                ..TieRecord::default()
            };
            self.register(row, Column::Place, relation, tie)?;
        }
        Ok(())
    }

    fn tie_row(&mut self, row: &Row<'_>) -> Result<(), TransferError> {
        let tie = TieRow::read(row, &self.read_options, &mut self.diagnostics);
        self.check_claim(row, &tie.claim)?;
        self.count_currency(row, tie.amount.is_some());
        if tie.id.contains(char::is_whitespace) {
            let message = format!("`{}` cannot be an id", tie.id);
            self.fault("bad_id", row, Column::Id, message, "write it without blanks");
        }
        if !tie.relation.is_empty() && !self.relations.contains_key(tie.relation) {
            let words = self.schema.relations().iter().map(|it| it.id.as_str());
            let hint = did_you_mean(tie.relation, words, "`weft schema` lists the relations");
            let message = format!("`{}` is no relation of the schema", tie.relation);
            self.fault("unknown_relation", row, Column::Relation, message, hint);
        }
        let index = &self.checked.index;
        if let (Some(from), Some(to)) = (index.kind_of(tie.from), index.kind_of(tie.to))
            && self.checked.is_empty
            && self.mentions.is_empty()
        {
            self.new_tie(row, &tie, from, to);
            return Ok(());
        }
        let file = self.file_of(row);
        self.checked
            .tables
            .iter_mut()
            .filter(|it| it.file == file)
            .for_each(|it| it.has_ids = false);
        let source = self.resolve(row, Column::From, tie.from)?;
        let target = self.resolve(row, Column::To, tie.to)?;
        let (Some(source), Some(target)) = (source, target) else { return Ok(()) };
        let Some(relation) =
            self.check_allowed(row, tie.relation, &source, &target, Column::Relation)
        else {
            return Ok(());
        };
        let base = tie_base(&tie, &source.id, &target.id);
        self.register(row, Column::From, relation, base)
    }

    /// Checks a tie between two ids of the files, in an empty graph, that no claim speaks of: what
    /// the rest of `tie_row` does, without a record: a quarter of the checking of a large file.
    fn new_tie(&mut self, row: &Row<'_>, tie: &TieRow<'_>, from: u16, to: u16) {
        let kind = |it: u16| (it != NO_KIND).then_some(KindId(it));
        let may_join = self.relations.get(tie.relation).filter(|&&relation| {
            let allows = |end, it| kind(it).is_none_or(|it| self.schema.allows(relation, end, it));
            allows(Ends::Source, from) && allows(Ends::Target, to)
        });
        let Some(&relation) = may_join else {
            let named = |id: &str, it| Named { id: id.into(), kind: kind(it), is_stored: false };
            let (source, target) = (named(tie.from, from), named(tie.to, to));
            self.check_allowed(row, tie.relation, &source, &target, Column::Relation);
            return;
        };
        let mut id = std::mem::take(&mut self.tie_id);
        let is_turned = self.schema.relation(relation).symmetric && tie.to < tie.from;
        write_tie_id(&mut id, tie, is_turned);
        let hash = hash_of(if tie.id.is_empty() { &id } else { tie.id });
        self.take_down(row, Column::From, hash, if tie.id.is_empty() { &id } else { tie.id });
        self.tie_id = id;
    }

    /// Takes down where a tie stands, and tells where it stood before.
    fn take_down(&mut self, row: &Row<'_>, column: Column, hash: u64, id: &str) {
        let here = (self.file_of(row), row.number);
        let Some((file, other)) = self.checked.ties.insert(hash, here) else { return };
        if file != here.0 {
            // Two files may each have it: the second reading makes one tie with the claims of both.
            *self.checked.shared_ties.entry(hash).or_default() += 1;
            let both = |it: &&mut TableFile| it.file == file || it.file == here.0;
            self.checked.tables.iter_mut().filter(both).for_each(|it| it.has_ids = false);
            return;
        }
        let place = self.where_is(file, other);
        let message = format!("this is the same tie as {place}: `{id}`");
        let hint = match column {
            Column::Place => "leave `place` empty, or delete the other row",
            _ => "delete one of the two rows; if they are two ties, give each a `key` or an `id`",
        };
        self.fault("duplicate_tie", row, column, message, hint);
    }

    /// Whether the relation may join nodes of these kinds; says what it may join, and what may.
    fn check_allowed(
        &mut self,
        row: &Row<'_>,
        relation: &str,
        source: &Named,
        target: &Named,
        column: Column,
    ) -> Option<RelationId> {
        let Some(&id) = self.relations.get(relation) else {
            if column == Column::Place {
                let message = format!("the schema has no relation `{LOCATED_IN}`");
                let hint = "empty the column, or write the ties to places into ties.csv";
                self.fault("unknown_relation", row, column, message, hint);
            }
            return None;
        };
        let (Some(from), Some(to)) = (source.kind, target.kind) else { return Some(id) };
        let schema = self.schema;
        let good_source = schema.allows(id, Ends::Source, from);
        if good_source && schema.allows(id, Ends::Target, to) {
            return Some(id);
        }
        let (end, verb, kind) = match good_source {
            false => (Ends::Source, "start from", from),
            true => (Ends::Target, "go to", to),
        };
        let node = if good_source { &target.id } else { &source.id };
        let allowed: Vec<&str> =
            schema.allowed_kinds(id, end).iter().map(|it| it.id.as_str()).collect();
        let fitting: Vec<&str> = (0..schema.relations().len() as u16)
            .map(RelationId)
            .filter(|&it| {
                schema.allows(it, Ends::Source, from) && schema.allows(it, Ends::Target, to)
            })
            .map(|it| schema.relation(it).id.as_str())
            .collect();
        let message = format!(
            "`{relation}` cannot {verb} `{node}`, {}: only {}",
            with_article(&schema.kind(kind).id),
            list_of(&allowed)
        );
        let hint = format!(
            "from {} to {} there are {}",
            with_article(&schema.kind(from).id),
            with_article(&schema.kind(to).id),
            list_of(&fitting)
        );
        self.fault("relation_not_allowed", row, column, message, hint);
        None
    }

    /// Takes down a tie, and finds the row that is the same tie.
    fn register(
        &mut self,
        row: &Row<'_>,
        column: Column,
        relation: RelationId,
        mut tie: TieRecord,
    ) -> Result<(), TransferError> {
        normalise(self.schema, relation, &mut tie);
        let id = identify_tie(self.existing, self.checked.is_empty, &mut tie)?.0;
        self.take_down(row, column, hash_of(&id), &id);
        if self.mentions.is_empty() {
            return Ok(());
        }
        let triple = hash_of(&format!("{}|{}|{}", tie.source, tie.relation, tie.target));
        let by_triple = self.mentions_of.get(&triple).into_iter().flatten();
        let by_id = self.mentions_of.get(&hash_of(&id)).into_iter().flatten();
        for &at in by_triple.chain(by_id) {
            let mention = &mut self.mentions[at];
            let fits = |it: &TieMention| {
                it.valid_from.is_none_or(|date| tie.valid_from == Some(date))
                    && (it.key.is_none() || it.key == tie.key)
            };
            if fits(mention) && !mention.found.contains(&id) {
                mention.found.push(id.clone());
            }
        }
        Ok(())
    }

    // ------------------------------------------------------------------------------------- claims

    fn claim_row(&mut self, row: &Row<'_>) -> Result<(), TransferError> {
        let claim = ClaimRow::read(row, &self.read_options, &mut self.diagnostics);
        self.check_claim(row, &claim.claim)?;
        let options = self.options;
        let own = &self.checked.own_source;
        let mut record = claim_of(&claim.claim, own, &row.header.file, &options.dataset);
        (record.field, record.value) = (text(claim.field), text(claim.value));
        record.denial = claim.denies;
        if !claim.node.is_empty() {
            let node = self.resolve(row, Column::Node, claim.node)?;
            self.check_field(row, &claim, node.as_ref(), &mut record)?;
            if let Some(node) = node {
                let first = (self.file_of(row), row.number);
                let claims = &mut self.checked.node_claims;
                ClaimsOf::add(claims, node.id.to_string(), first, record);
            }
            return Ok(());
        }
        if claim.tie.is_empty() {
            return Ok(());
        }
        self.check_field(row, &claim, None, &mut record)?;
        let mut mention = TieMention {
            place: row.place(Column::Tie.as_str()),
            file: self.file_of(row),
            cell: claim.tie.to_owned(),
            valid_from: None,
            key: None,
            ends: None,
            claim: record,
            found: Vec::new(),
        };
        let parts: Vec<&str> = claim.tie.split('|').map(str::trim).collect();
        let hash = match parts.as_slice() {
            [id] => hash_of(id),
            [from, relation, to, rest @ ..] if rest.len() <= 2 => {
                let (Some(from), Some(to)) =
                    (self.resolve(row, Column::Tie, from)?, self.resolve(row, Column::Tie, to)?)
                else {
                    return Ok(());
                };
                let mut ends = TieRecord {
                    source: from.id.to_string(),
                    relation: (*relation).to_owned(),
                    target: to.id.to_string(),
                    ..TieRecord::default()
                };
                ends.normalise(self.schema);
                mention.valid_from = rest.first().and_then(|it| it.parse().ok());
                mention.key = rest.get(1).and_then(|it| text(it));
                let triple = format!("{}|{}|{}", ends.source, ends.relation, ends.target);
                mention.ends = Some([ends.source, ends.relation, ends.target]);
                hash_of(&triple)
            }
            _ => {
                let message = format!("`{}` names no tie", claim.tie);
                let hint =
                    "write its id, or `from|relation|to`, and where needed `|valid_from|key`";
                self.fault("bad_tie", row, Column::Tie, message, hint);
                return Ok(());
            }
        };
        self.mentions_of.entry(hash).or_default().push(self.mentions.len());
        self.mentions.push(mention);
        Ok(())
    }

    /// Checks the field that a claim speaks of and the value that it states, and writes into the claim
    /// how they are kept.
    fn check_field(
        &mut self,
        row: &Row<'_>,
        claim: &ClaimRow<'_>,
        node: Option<&Named>,
        record: &mut Claim,
    ) -> Result<(), TransferError> {
        let (field, value) = (claim.field, claim.value);
        if value.is_empty() {
            return Ok(());
        }
        let table = if claim.node.is_empty() { Table::Ties } else { Table::Nodes };
        let can_state = fields_of_claims(table);
        if !field.is_empty() && !can_state.contains(&field) {
            let is_column = |it: &&str| it.eq_ignore_ascii_case(field);
            if !table.columns().iter().any(|it| is_column(&it.as_str())) {
                return self.check_property(row, claim, node, table, record);
            }
            let hint = match can_state.iter().find(|it| is_column(it)) {
                Some(found) => format!("write `{found}`"),
                None => format!("it can state `{}`, or a property", can_state.join("`, `")),
            };
            let message = format!("a claim cannot state the `{field}`");
            self.fault("bad_claim_field", row, Column::Field, message, hint);
            return Ok(());
        }
        let is_date = || PartialDate::parse(value, DateOrder::IsoOnly).is_ok();
        let hint = match field {
            "stage" => {
                self.check_stage(row, Column::Value, value);
                return Ok(());
            }
            "valid_from" | "valid_to" if !is_date() => {
                "write a date as `2018`, `2018-04` or `2018-04-03`"
            }
            "" if claim.denies.is_some() && !is_date() => "write the date of its end, or nothing",
            "" if claim.denies.is_none() => "name the `field` that has this value",
            "amount" if Amount::read(value, None).is_none() => {
                "write `1500`, `1500 EUR` or `at_least 1500 EUR`"
            }
            "introduce" if !matches!(value, "yes" | "no") => "write `yes` or `no`",
            _ => return Ok(()),
        };
        let message = match field {
            "" => format!("`{value}` is stated of no field"),
            field => format!("`{value}` is no {field}"),
        };
        self.fault("bad_claim_value", row, Column::Value, message, hint);
        Ok(())
    }

    /// Reads what a claim states of a free property by the type that the property has in the claim's
    /// field, in the column of the files, or in the node that is there.
    fn check_property(
        &mut self,
        row: &Row<'_>,
        claim: &ClaimRow<'_>,
        node: Option<&Named>,
        table: Table,
        record: &mut Claim,
    ) -> Result<(), TransferError> {
        let declared = claim.field.rsplit_once(':').and_then(|(name, kind)| {
            Some((name.trim(), PropertyType::from_name(kind.trim())?)).filter(|it| !it.0.is_empty())
        });
        let name = declared.map_or(claim.field, |it| it.0);
        let in_column = self.checked.properties.get(&(table, name.to_owned())).copied();
        let mut kind = declared.map(|it| it.1).or(in_column);
        let mut is_known = kind.is_some();
        if let Some(node) = node.filter(|_| kind.is_none() && !self.checked.is_empty)
            && let Some(found) = self.existing.node(&node.id)?
            && let Some(value) = found.properties.get(name)
        {
            is_known = true;
            kind = PropertyType::of(value);
        }
        let has_rows = self.checked.tables.iter().any(|it| it.table == table);
        if !is_known && (has_rows || node.is_some()) && self.properties_told.insert(name.to_owned())
        {
            let message = format!("no row has a property `{name}`: kept as one");
            let columns = self.checked.properties.keys().filter(|it| it.0 == table);
            let words = columns.map(|it| it.1.as_str()).chain(fields_of_claims(table).to_vec());
            let hint =
                did_you_mean(name, words, "correct the field, if it was meant to be another");
            let place = row.place(Column::Field.as_str());
            let warning = Diagnostic::warning("unknown_field", place, message);
            self.diagnostics.push(warning.value(name).hint(hint));
        }
        match kind.map(|it| read_value(it, claim.value)) {
            Some(Ok(Some(value))) => {
                let (field, text) = stated_property(table, name, &value);
                (record.field, record.value) = (Some(field), Some(text));
            }
            Some(Err(expected)) => {
                let message = format!("`{}` is {expected}", claim.value);
                let hint = format!("the property `{name}` is of that type: correct the value");
                self.fault("bad_claim_value", row, Column::Value, message, hint);
            }
            _ => {}
        }
        Ok(())
    }

    fn resolve_mentions(&mut self) -> Result<(), TransferError> {
        for mut mention in std::mem::take(&mut self.mentions) {
            if mention.found.is_empty() && !self.checked.is_empty {
                mention.found = match &mention.ends {
                    None => {
                        self.existing.tie(&mention.cell)?.map(|it| it.id()).into_iter().collect()
                    }
                    Some([source, relation, target]) => {
                        let mut ties = self.existing.ties_between(source, relation, target)?;
                        ties.retain(|it| {
                            mention.valid_from.is_none_or(|date| it.valid_from == Some(date))
                                && (mention.key.is_none() || it.key == mention.key)
                        });
                        ties.iter().map(TieRecord::id).collect()
                    }
                };
            }
            let fault = |code, message: String, hint: String| {
                Diagnostic::error(code, mention.place.clone(), message)
                    .value(&mention.cell)
                    .hint(hint)
            };
            match mention.found.as_slice() {
                [id] => {
                    let first = (mention.file, mention.place.row);
                    let claims = &mut self.checked.tie_claims;
                    ClaimsOf::add(claims, id.clone(), first, mention.claim);
                }
                [] if self.checked.index.is_incomplete => {}
                [] => {
                    let message = format!("`{}` is no tie", mention.cell);
                    let hint = "add it to ties.csv, or correct the cell".to_owned();
                    self.diagnostics.push(fault("dangling_claim", message, hint));
                }
                several => {
                    let message = format!("`{}` names {} ties", mention.cell, several.len());
                    let hint = format!("write the id of one of them: `{}`", several.join("`, `"));
                    self.diagnostics.push(fault("ambiguous_tie", message, hint));
                }
            }
        }
        Ok(())
    }

    // -------------------------------------------------------------------------------------- facts

    fn fact_row(&mut self, row: &Row<'_>) -> Result<(), TransferError> {
        let fact = FactRow::read(row, &self.read_options, &mut self.diagnostics);
        self.check_claim(row, &fact.claim)?;
        self.resolve(row, Column::Subject, fact.subject)?;
        let id = fact_id(&fact);
        let here = (self.file_of(row), row.number);
        if let Some((file, other)) = self.checked.facts.insert(id.clone(), here) {
            let message =
                format!("the fact `{id}` stands in {} already", self.where_is(file, other));
            let hint = "give each row an `id` of its own, or delete one";
            self.fault("duplicate_id", row, Column::Id, message, hint);
        }
        if !self.checked.is_empty
            && let Some(found) = self.existing.fact(&id)?
            && found.dataset != fact.claim.dataset.unwrap_or(&self.options.dataset)
        {
            let message = match found.dataset.as_str() {
                "" => format!("the fact `{id}` was written in weft itself"),
                dataset => format!("the fact `{id}` belongs to the dataset `{dataset}`"),
            };
            let hint = match found.dataset.as_str() {
                "" => "give the row another `id`".to_owned(),
                dataset => format!(
                    "to change that fact, write `{dataset}` into a column `weft_dataset`, as \
                     `weft export` does, or import with `--dataset {dataset}`; for another fact, give \
                     the row another `id`"
                ),
            };
            self.fault("id_taken", row, Column::Id, message, hint);
        }
        for part in fact.of {
            self.parts.push((here.0, here.1, part));
        }
        Ok(())
    }

    fn check_parts(&mut self) -> Result<(), TransferError> {
        for (file, row, part) in std::mem::take(&mut self.parts) {
            let known = self.checked.facts.contains_key(&part)
                || (!self.checked.is_empty && self.existing.fact(&part)?.is_some());
            if !known {
                let ids = self.checked.facts.keys().map(String::as_str);
                let hint = did_you_mean(&part, ids, "correct the id, or add the fact");
                let place = Place::cell(&self.files[usize::from(file)].name, row, "of");
                let message = format!("`{part}` is the id of no fact");
                let fault = Diagnostic::error("unknown_fact", place, message);
                self.diagnostics.push(fault.value(&part).hint(hint));
            }
        }
        Ok(())
    }
}

/// The fields of a record that a claim can state, beside free properties.
fn fields_of_claims(table: Table) -> &'static [&'static str] {
    match table {
        Table::Ties => &["valid_from", "valid_to", "amount", "role"],
        _ => &[
            "name",
            "aliases",
            "identifiers",
            "sector",
            "stage",
            "tags",
            "valid_from",
            "valid_to",
            "introduce",
            "amount",
        ],
    }
}

/// How many rows are read before they are checked: see [`Checker::look_ahead`].
const N_AHEAD: usize = 128;
/// About how long a row of a tie is, to make room for as many as a file will have.
const N_BYTES_OF_A_TIE: u64 = 96;
/// The relation that `place` is short for.
pub(super) const LOCATED_IN: &str = "located_in";

const NAMESAKES: &str = "if they are two bodies, give each an `id` of its own and `distinct` = yes; \
                         if one, make one row of them";

fn column_of(node: &NodeRow<'_>, folded: &str) -> Column {
    if fold(node.name) == folded { Column::Name } else { Column::Aliases }
}

fn ids_of(nodes: &[NodeRecord]) -> String {
    let ids: Vec<&str> = nodes.iter().map(|it| it.id.as_str()).collect();
    format!("`{}`", ids.join("`, `"))
}

/// Words in backticks; of many only the first, so that a message stays one that is read.
fn list_of(words: &[&str]) -> String {
    let n_more = words.len().saturating_sub(WORDS_LISTED);
    match words {
        [] => "none".to_owned(),
        words if n_more == 0 => format!("`{}`", words.join("`, `")),
        words => {
            let first = words[..WORDS_LISTED].join("`, `");
            format!("`{first}` and {n_more} more (`weft schema` lists them)")
        }
    }
}

/// The tie of a row with its ends and its key; everything else is written later.
pub(super) fn tie_base(row: &TieRow<'_>, source: &str, target: &str) -> TieRecord {
    TieRecord {
        given_id: text(row.id),
        source: source.to_owned(),
        relation: row.relation.to_owned(),
        target: target.to_owned(),
        key: text(row.key),
        valid_from: row.valid_from,
        ..TieRecord::default()
    }
}

/// Writes the id that a tie between two ids has by its parts, as [`weft_graph::TieKey`] shows it.
pub(super) fn write_tie_id(id: &mut String, tie: &TieRow<'_>, is_turned: bool) {
    let (source, target) = if is_turned { (tie.to, tie.from) } else { (tie.from, tie.to) };
    id.clear();
    for part in [source, "--", tie.relation, "--", target] {
        id.push_str(part);
    }
    if let Some(date) = tie.valid_from {
        // Writing to a String cannot fail.
        let _ = write!(id, "--{date}");
    }
    if !tie.key.is_empty() {
        id.push_str("--");
        id.push_str(tie.key);
    }
}

pub(super) fn normalise(schema: &Schema, relation: RelationId, tie: &mut TieRecord) {
    if schema.relation(relation).symmetric && tie.target < tie.source {
        std::mem::swap(&mut tie.source, &mut tie.target);
    }
}

/// The id of a tie, and the record that is there: by its id, else by its key.
pub(super) fn identify_tie(
    existing: &dyn Existing,
    is_empty: bool,
    tie: &mut TieRecord,
) -> Result<(String, Option<TieRecord>), TransferError> {
    let by_key = tie.key().to_string();
    if tie.given_id.as_ref() == Some(&by_key) {
        tie.given_id = None;
    }
    let id = tie.given_id.clone().unwrap_or(by_key);
    if is_empty {
        return Ok((id, None));
    }
    if let Some(found) = existing.tie(&id)? {
        return Ok((id, Some(found)));
    }
    if tie.given_id.is_none() {
        let mut ties = existing.ties_between(&tie.source, &tie.relation, &tie.target)?;
        ties.retain(|it| it.valid_from == tie.valid_from && it.key == tie.key);
        if let Some(found) = ties.pop() {
            tie.given_id.clone_from(&found.given_id);
            return Ok((found.id(), Some(found)));
        }
    }
    Ok((id, None))
}

/// The id of a fact: the one given, else a slug of what it says.
pub(super) fn fact_id(fact: &FactRow<'_>) -> String {
    if !fact.id.is_empty() {
        return fact.id.to_owned();
    }
    let period = fact.period.as_ref().map(|it| it.as_str()).unwrap_or_default();
    slug_of(&format!("{} {} {} {period}", fact.subject, fact.measure, fact.category))
}
