//! The second reading: a stream of changes, with what becomes of each row counted along.

use std::borrow::Cow;
use std::collections::{HashSet, VecDeque};
use std::io::Read;

use weft_formats::{
    ClaimCells, Column, Diagnostics, FactRow, Header, NodeRow, ReadOptions, Row, Table,
    TableReader, TieRow, split_list,
};
use weft_graph::{Change, Claim, Fact, NodeRecord, TieRecord};

use super::checking::{LOCATED_IN, fact_id, identify_tie, normalise, tie_base, write_tie_id};
use super::free::{as_free_node, as_free_tie, kind_of};
use super::index::find_nodes;
use super::merge::{
    belongs_to, claim_of, join_tie, leave_out, merge_claims, merge_node, merge_tie, of_row,
    rests_on_nothing, text,
};
use super::{ClaimsOf, Plan, RowAt, TableFile};
use crate::transfer::names::{ByHash, hash_of};
use crate::transfer::outcome::{Outcome, Outcomes, Status};
use crate::transfer::{Members, TransferError};

/// The changes of an import, in an order in which they can be applied: sources, nodes, ties, facts,
/// then what is removed.
///
/// A record that is there already as the files have it gives no change.
pub struct Changes<'a> {
    plan: &'a Plan<'a>,
    options: ReadOptions,
    stages: VecDeque<Stage>,
    reader: Option<(TableReader<Box<dyn Read + 'a>>, Stage)>,
    next_entry: usize,
    queue: VecDeque<Change>,
    outcomes: Outcomes,
    /// Ties that stand in several files, until the last of them is read.
    shared_ties: ByHash<SharedTie>,
    /// The id of a tie, in a buffer that is used again.
    tie_id: String,
}

/// A tie of several files, as those read so far make it.
struct SharedTie {
    before: Option<TieRecord>,
    tie: TieRecord,
    n_to_come: usize,
}

/// Where a record stands in the files.
#[derive(Clone, Copy)]
enum At<'r> {
    /// In the row at hand.
    Row(&'r Row<'r>),
    /// In a row that is not at hand, or that is why it is made.
    Place(RowAt),
    /// Nowhere any more.
    Gone,
}

impl<'r> At<'r> {
    fn header(self) -> Option<&'r Header> {
        match self {
            At::Row(row) => Some(row.header),
            At::Place(_) | At::Gone => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Sources,
    Nodes(TableFile),
    /// Nodes that are there, in no file, and spoken of by claims.csv.
    ClaimedNodes,
    Places(TableFile),
    Ties(TableFile),
    ClaimedTies,
    Facts(TableFile),
    Missing,
}

impl<'a> Changes<'a> {
    pub(super) fn new(plan: &'a Plan<'a>) -> Result<Self, TransferError> {
        let tables = &plan.checked.tables;
        let of = |table: Table| tables.iter().copied().filter(move |it| it.table == table);
        let mut stages = VecDeque::from([Stage::Sources]);
        stages.extend(of(Table::Nodes).map(Stage::Nodes));
        stages.push_back(Stage::ClaimedNodes);
        stages.extend(of(Table::Nodes).filter(|it| it.has_places).map(Stage::Places));
        stages.extend(of(Table::Ties).map(Stage::Ties));
        stages.push_back(Stage::ClaimedTies);
        stages.extend(of(Table::Facts).map(Stage::Facts));
        stages.push_back(Stage::Missing);
        Ok(Self {
            plan,
            options: plan.options.read_options(plan.schema.is_open()),
            stages,
            reader: None,
            next_entry: 0,
            queue: VecDeque::new(),
            outcomes: Outcomes::default(),
            shared_ties: ByHash::default(),
            tie_id: String::new(),
        })
    }

    /// What has become of the rows so far.
    pub fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// What became of all rows.
    pub fn into_outcomes(self) -> Outcomes {
        self.outcomes
    }

    /// Reads one more row, or does one more stage; false at the end.
    fn advance(&mut self) -> Result<bool, TransferError> {
        if let Some((mut reader, stage)) = self.reader.take() {
            // Every fault was told by the first reading; a new one means that the file has changed.
            let mut diagnostics = Diagnostics::default();
            if let Some(row) = reader.next_row(&mut diagnostics, &mut 0)? {
                match stage {
                    Stage::Nodes(file) => self.node_row(file, &row, &mut diagnostics)?,
                    Stage::Places(file) => self.place_cells(file, &row, &mut diagnostics)?,
                    Stage::Ties(file) => self.tie_row(file, &row, &mut diagnostics)?,
                    Stage::Facts(_) => self.fact_row(&row, &mut diagnostics)?,
                    _ => {}
                }
                self.reader = Some((reader, stage));
            }
            if diagnostics.n_errors() > 0 {
                return Err(self.changed_under_us());
            }
            return Ok(true);
        }
        let Some(stage) = self.stages.pop_front() else { return Ok(false) };
        match stage {
            Stage::Sources => self.sources()?,
            Stage::ClaimedNodes => self.claimed_nodes()?,
            Stage::ClaimedTies => self.claimed_ties()?,
            Stage::Missing => self.missing()?,
            Stage::Nodes(file) | Stage::Places(file) | Stage::Ties(file) | Stage::Facts(file) => {
                let input = &self.plan.files[usize::from(file.file)];
                let mut diagnostics = Diagnostics::default();
                let reader = TableReader::new(
                    &input.name,
                    input.open()?,
                    file.encoding,
                    self.options.dates,
                    &mut diagnostics,
                )?;
                let Some(reader) = reader else {
                    return Err(TransferError::Changed { file: input.name.clone() });
                };
                self.reader = Some((reader, stage));
            }
        }
        Ok(true)
    }

    fn changed_under_us(&self) -> TransferError {
        let file = self.reader.as_ref().map(|(it, _)| it.header().file.clone());
        TransferError::Changed { file: file.unwrap_or_default() }
    }

    fn tell(
        &mut self,
        table: Table,
        at: At<'_>,
        id: impl FnOnce() -> String,
        status: Status,
        fields: Vec<&'static str>,
    ) {
        let plan = self.plan;
        let (file, row) = match at {
            At::Row(row) => (row.header.file.as_str(), row.number),
            At::Place((file, row)) => (plan.files[usize::from(file)].name.as_str(), row),
            At::Gone => ("", 0),
        };
        let outcome = || Outcome { status, table, file: file.to_owned(), row, id: id(), fields };
        self.outcomes.push(outcome, table, status);
    }

    fn sources(&mut self) -> Result<(), TransferError> {
        let plan = self.plan;
        for (id, (source, at)) in &plan.checked.sources {
            let before = match plan.checked.is_empty {
                true => None,
                false => plan.existing.source(id)?,
            };
            let status = match &before {
                None => Status::Added,
                Some(before) if before == source => Status::Same,
                Some(_) => Status::Changed,
            };
            self.tell(Table::Sources, At::Place(*at), || id.clone(), status, Vec::new());
            if status != Status::Same {
                self.queue.push_back(Change::PutSource(source.clone()));
            }
        }
        Ok(())
    }

    fn row_claim(&self, cells: &ClaimCells<'_>, row: &Row<'_>) -> Claim {
        let plan = self.plan;
        claim_of(cells, &plan.checked.own_source, &row.header.file, &plan.options.dataset)
    }

    /// The claim of a row that rests on nothing, which is left out of its record.
    fn claim_left_out(&self, cells: &ClaimCells<'_>, row: &Row<'_>) -> Option<Claim> {
        rests_on_nothing(self.plan.schema, row.header, cells).then(|| self.row_claim(cells, row))
    }

    /// The claims on a record whose row is read: the row's, those of claims.csv, and where that file is
    /// not read those that it brought before; with the datasets whose claims they replace.
    fn claims_of(
        &self,
        whole: Claim,
        from_file: Option<&ClaimsOf>,
        before: Option<&Vec<Claim>>,
    ) -> (Vec<Claim>, Cow<'a, [String]>) {
        let plan = self.plan;
        let brings_claims = plan.checked.brings(Table::Claims, plan.options);
        let datasets = match brings_claims {
            true => Cow::Borrowed(plan.checked.datasets.as_slice()),
            false => Cow::Owned(vec![whole.dataset.clone()]),
        };
        let left_out = before.filter(|_| !brings_claims);
        let left_out = left_out.map(|it| of_row(it, &whole.dataset).1);
        let mut ours = vec![whole];
        ours.extend(from_file.into_iter().flat_map(|it| &it.claims).cloned());
        ours.extend(left_out.into_iter().flatten());
        (ours, datasets)
    }

    /// The claims from claims.csv on a record that is in no row of the files, with what the
    /// datasets' rows say of it where the table of those rows is not read.
    fn with_row(&self, before: &[Claim], claims: &[Claim], table: Table) -> Vec<Claim> {
        let plan = self.plan;
        let mut datasets: Vec<&String> = match plan.checked.brings(table, plan.options) {
            true => Vec::new(),
            false => plan.checked.datasets.iter().collect(),
        };
        // Whose the record is says so first.
        datasets.sort_by_key(|it| !belongs_to(before, it));
        let rows: Vec<Claim> = datasets.into_iter().flat_map(|it| of_row(before, it).0).collect();
        // In the order in which an import of all tables has them.
        let (whole, stated) = rows.split_at(rows.len().min(1));
        [whole, claims, stated].concat()
    }

    fn put_node(&mut self, at: At<'_>, before: Option<&NodeRecord>, node: NodeRecord) {
        let node = match self.plan.schema.is_open() {
            true => as_free_node(node, at.header()),
            false => node,
        };
        let (status, fields) = match before {
            None => (Status::Added, Vec::new()),
            Some(before) if *before == node => (Status::Same, Vec::new()),
            Some(before) => (Status::Changed, node_fields(before, &node)),
        };
        self.tell(Table::Nodes, at, || node.id.clone(), status, fields);
        if status != Status::Same {
            self.queue.push_back(Change::PutNode(node));
        }
    }

    fn put_tie(&mut self, at: At<'_>, before: Option<&TieRecord>, tie: TieRecord) {
        let tie = match self.plan.schema.is_open() {
            true => as_free_tie(tie, at.header()),
            false => tie,
        };
        let (status, fields) = match before {
            None => (Status::Added, Vec::new()),
            Some(before) if *before == tie => (Status::Same, Vec::new()),
            Some(before) => (Status::Changed, tie_fields(before, &tie)),
        };
        self.tell(Table::Ties, at, || tie.id(), status, fields);
        if status != Status::Same {
            self.queue.push_back(Change::PutTie(tie));
        }
    }

    fn node_row(
        &mut self,
        file: TableFile,
        row: &Row<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), TransferError> {
        let plan = self.plan;
        let node = NodeRow::read(row, &self.options, diagnostics);
        let word = kind_of(plan.schema, node.kind);
        let node = NodeRow { kind: &word, ..node };
        let entry = plan.checked.index.entries.get(self.next_entry);
        let Some(entry) = entry.filter(|it| it.file == file.file && it.row == row.number) else {
            return Err(TransferError::Changed { file: row.header.file.clone() });
        };
        self.next_entry += 1;
        let id = &*entry.id;
        let before = match plan.checked.is_empty {
            true => None,
            false => plan.existing.node(id)?,
        };
        let whole = self.row_claim(&node.claim, row);
        let from_file = plan.checked.node_claims.get(id);
        let (ours, datasets) =
            self.claims_of(whole, from_file, before.as_ref().map(|it| &it.claims));
        let left_out = self.claim_left_out(&node.claim, row);
        let mut node = merge_node(before.as_ref(), id, node, row.header, ours, &datasets);
        left_out.iter().for_each(|it| leave_out(&mut node.claims, it));
        self.put_node(At::Row(row), before.as_ref(), node);
        Ok(())
    }

    fn claimed_nodes(&mut self) -> Result<(), TransferError> {
        self.next_entry = 0;
        let plan = self.plan;
        let claims = plan.checked.node_claims.iter();
        let mut left: Vec<(&String, &ClaimsOf)> =
            claims.filter(|it| plan.checked.index.by_id(it.0).is_none()).collect();
        left.sort_unstable_by_key(|it| it.0);
        for (id, claims) in left {
            if let Some(before) = plan.existing.node(id)? {
                let at = At::Place(claims.first);
                let claims = self.with_row(&before.claims, &claims.claims, Table::Nodes);
                let claims = merge_claims(&before.claims, claims, &plan.checked.datasets);
                self.put_node(at, Some(&before), NodeRecord { claims, ..before.clone() });
            }
        }
        Ok(())
    }

    fn claimed_ties(&mut self) -> Result<(), TransferError> {
        let plan = self.plan;
        let claims = plan.checked.tie_claims.iter();
        let mut left: Vec<(&String, &ClaimsOf)> =
            claims.filter(|it| !plan.checked.ties.contains_key(&hash_of(it.0))).collect();
        left.sort_unstable_by_key(|it| it.0);
        for (id, claims) in left {
            if let Some(before) = plan.existing.tie(id)? {
                let at = At::Place(claims.first);
                let claims = self.with_row(&before.claims, &claims.claims, Table::Ties);
                let claims = merge_claims(&before.claims, claims, &plan.checked.datasets);
                self.put_tie(at, Some(&before), TieRecord { claims, ..before.clone() });
            }
        }
        Ok(())
    }

    fn resolve(&self, row: &Row<'_>, cell: &str) -> Result<String, TransferError> {
        let plan = self.plan;
        let checked = &plan.checked;
        if let Some(entry) = checked.index.by_id(cell) {
            return Ok(entry.id.to_string());
        }
        let found = find_nodes(&checked.index, plan.existing, checked.is_empty, plan.schema, cell)?;
        match found.as_slice() {
            [one] => Ok(one.id.to_string()),
            _ => Err(TransferError::Changed { file: row.header.file.clone() }),
        }
    }

    fn write_tie(
        &mut self,
        row: &Row<'_>,
        mut base: TieRecord,
        tie: TieRow<'_>,
    ) -> Result<(), TransferError> {
        let plan = self.plan;
        if let Some(relation) = plan.schema.relation_id(&base.relation) {
            normalise(plan.schema, relation, &mut base);
        }
        let (id, before) = identify_tie(plan.existing, plan.checked.is_empty, &mut base)?;
        let hash = hash_of(&id);
        if let Some(shared) = self.shared_ties.get_mut(&hash) {
            let claim = claim_of(
                &tie.claim,
                &plan.checked.own_source,
                &row.header.file,
                &plan.options.dataset,
            );
            let left_out = rests_on_nothing(plan.schema, row.header, &tie.claim);
            let left_out = left_out.then(|| claim.clone());
            join_tie(&mut shared.tie, &base, tie, claim);
            left_out.iter().for_each(|it| leave_out(&mut shared.tie.claims, it));
            shared.n_to_come -= 1;
            if shared.n_to_come == 0
                && let Some(shared) = self.shared_ties.remove(&hash)
            {
                self.put_tie(At::Row(row), shared.before.as_ref(), shared.tie);
            }
            return Ok(());
        }
        let whole = self.row_claim(&tie.claim, row);
        let from_file = plan.checked.tie_claims.get(&id);
        let (ours, datasets) =
            self.claims_of(whole, from_file, before.as_ref().map(|it| &it.claims));
        let left_out = self.claim_left_out(&tie.claim, row);
        let mut tie = merge_tie(before.as_ref(), base, tie, row.header, ours, &datasets);
        left_out.iter().for_each(|it| leave_out(&mut tie.claims, it));
        match plan.checked.shared_ties.get(&hash) {
            None => self.put_tie(At::Row(row), before.as_ref(), tie),
            Some(&n_to_come) => {
                self.shared_ties.insert(hash, SharedTie { before, tie, n_to_come });
            }
        }
        Ok(())
    }

    fn tie_row(
        &mut self,
        file: TableFile,
        row: &Row<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), TransferError> {
        let tie = TieRow::read(row, &self.options, diagnostics);
        if file.has_ids {
            self.new_tie(row, tie);
            return Ok(());
        }
        let (source, target) = (self.resolve(row, tie.from)?, self.resolve(row, tie.to)?);
        let base = tie_base(&tie, &source, &target);
        self.write_tie(row, base, tie)
    }

    /// What `tie_row` does with a tie between two ids, in an empty graph, that no claim speaks of.
    fn new_tie(&mut self, row: &Row<'_>, tie: TieRow<'_>) {
        let (plan, schema) = (self.plan, self.plan.schema);
        let mut base = tie_base(&tie, tie.from, tie.to);
        let relation = schema.relation_id(tie.relation);
        let is_symmetric = relation.is_some_and(|it| schema.relation(it).symmetric);
        let is_turned = is_symmetric && base.target < base.source;
        if is_turned {
            std::mem::swap(&mut base.source, &mut base.target);
        }
        if !tie.id.is_empty() {
            write_tie_id(&mut self.tie_id, &tie, is_turned);
            base.given_id = text(tie.id).filter(|it| *it != self.tie_id);
        }
        let ours = vec![self.row_claim(&tie.claim, row)];
        let left_out = self.claim_left_out(&tie.claim, row);
        let mut tie = merge_tie(None, base, tie, row.header, ours, &plan.checked.datasets);
        left_out.iter().for_each(|it| leave_out(&mut tie.claims, it));
        self.put_tie(At::Row(row), None, tie);
    }

    fn place_cells(
        &mut self,
        file: TableFile,
        row: &Row<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), TransferError> {
        let plan = self.plan;
        let entries = &plan.checked.index.entries;
        while entries
            .get(self.next_entry)
            .is_some_and(|it| (it.file, it.row) != (file.file, row.number))
        {
            self.next_entry += 1;
        }
        let places = split_list(row.cell(Column::Place));
        if places.is_empty() {
            return Ok(());
        }
        let Some(entry) = entries.get(self.next_entry) else {
            return Err(TransferError::Changed { file: row.header.file.clone() });
        };
        let node = NodeRow::read(row, &self.options, diagnostics);
        for place in &places {
            let target = self.resolve(row, place)?;
            // The note of the row speaks of the node.
            let claim = ClaimCells { note: "", ..node.claim.clone() };
            let tie = TieRow { relation: LOCATED_IN, claim, ..TieRow::default() };
            let base = tie_base(&tie, &entry.id, &target);
            self.write_tie(row, base, tie)?;
        }
        Ok(())
    }

    fn fact_row(
        &mut self,
        row: &Row<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), TransferError> {
        let plan = self.plan;
        let cells = FactRow::read(row, &self.options, diagnostics);
        let claim = self.row_claim(&cells.claim, row);
        let id = fact_id(&cells);
        let fact = Fact {
            subject: self.resolve(row, cells.subject)?,
            measure: cells.measure.to_owned(),
            category: text(cells.category),
            period: cells.period,
            value: cells.value,
            unit: cells.unit.to_owned(),
            qualifier: cells.qualifier,
            derived: cells.derived,
            of: cells.of,
            source: claim.source,
            locator: claim.locator,
            certainty: claim.certainty,
            note: claim.note,
            dataset: claim.dataset,
            id,
        };
        let before = match plan.checked.is_empty {
            true => None,
            false => plan.existing.fact(&fact.id)?,
        };
        let (status, fields) = match &before {
            None => (Status::Added, Vec::new()),
            Some(before) if *before == fact => (Status::Same, Vec::new()),
            Some(before) => (Status::Changed, fact_fields(before, &fact)),
        };
        self.tell(Table::Facts, At::Row(row), || fact.id.clone(), status, fields);
        if status != Status::Same {
            self.queue.push_back(Change::PutFact(fact));
        }
        Ok(())
    }

    /// The records that carry a claim of one of the datasets, each list in the order of the ids.
    fn members(&self) -> Result<Members, TransferError> {
        let plan = self.plan;
        let mut all = Members::default();
        for dataset in &plan.checked.datasets {
            let Members { nodes, ties, facts } = plan.existing.members_of(dataset)?;
            all.nodes.extend(nodes);
            all.ties.extend(ties);
            all.facts.extend(facts);
        }
        for ids in [&mut all.nodes, &mut all.ties, &mut all.facts] {
            ids.sort_unstable();
            ids.dedup();
        }
        Ok(all)
    }

    /// Records of these datasets that the files no longer have.
    fn missing(&mut self) -> Result<(), TransferError> {
        let plan = self.plan;
        if plan.checked.is_empty {
            return Ok(());
        }
        let checked = &plan.checked;
        let datasets = &checked.datasets;
        let Members { mut nodes, mut ties, mut facts } = self.members()?;
        let brings = |table| checked.brings(table, plan.options);
        facts.retain(|it| brings(Table::Facts) && !checked.facts.contains_key(it));
        ties.retain(|it| {
            brings(Table::Ties)
                && !checked.ties.contains_key(&hash_of(it))
                && !checked.tie_claims.contains_key(it)
        });
        if !brings(Table::Nodes) {
            // The column `place` of nodes.csv may have brought such a tie.
            let mut of_ties = Vec::new();
            for id in ties {
                if plan.existing.tie(&id)?.is_some_and(|it| it.relation != LOCATED_IN) {
                    of_ties.push(id);
                }
            }
            ties = of_ties;
        }
        nodes.retain(|it| {
            brings(Table::Nodes)
                && checked.index.by_id(it).is_none()
                && !checked.node_claims.contains_key(it)
        });
        if !plan.options.remove_missing {
            for (table, ids) in [(Table::Facts, facts), (Table::Ties, ties), (Table::Nodes, nodes)]
            {
                ids.into_iter()
                    .for_each(|it| self.tell(table, At::Gone, || it, Status::Missing, Vec::new()));
            }
            return Ok(());
        }
        for id in &facts {
            self.tell(Table::Facts, At::Gone, || id.clone(), Status::Removed, Vec::new());
            self.queue.push_back(Change::RemoveFact(id.clone()));
        }
        let mut gone: HashSet<String> = facts.into_iter().collect();
        for id in ties {
            let Some(tie) = plan.existing.tie(&id)? else { continue };
            let claims = merge_claims(&tie.claims, Vec::new(), datasets);
            if claims.is_empty() {
                self.tell(Table::Ties, At::Gone, || id.clone(), Status::Removed, Vec::new());
                self.queue.push_back(Change::RemoveTie(id.clone()));
                gone.insert(id);
            } else {
                self.put_tie(At::Gone, Some(&tie), TieRecord { claims, ..tie.clone() });
            }
        }
        for id in nodes {
            let Some(node) = plan.existing.node(&id)? else { continue };
            let claims = merge_claims(&node.claims, Vec::new(), datasets);
            if !claims.is_empty() {
                self.put_node(At::Gone, Some(&node), NodeRecord { claims, ..node.clone() });
                continue;
            }
            let ties = plan.existing.ties_of(&id)?;
            let facts = plan.existing.facts_about(&id)?;
            // What the files bring ends where they say, which is among the `referenced`; a tie of
            // another dataset ends where that says.
            let stays = |it: &TieRecord| {
                let is_brought = checked.ties.contains_key(&hash_of(&it.id()))
                    && datasets.iter().any(|dataset| belongs_to(&it.claims, dataset));
                !is_brought && !gone.contains(&it.id())
            };
            let in_use = checked.referenced.contains(&id)
                || ties.iter().any(stays)
                || facts.iter().any(|it| !gone.contains(it) && !checked.facts.contains_key(it));
            if in_use {
                // Something of another dataset still rests on it.
                self.tell(Table::Nodes, At::Gone, || id.clone(), Status::Missing, Vec::new());
            } else {
                self.tell(Table::Nodes, At::Gone, || id.clone(), Status::Removed, Vec::new());
                self.queue.push_back(Change::RemoveNode(id));
            }
        }
        Ok(())
    }
}

impl Iterator for Changes<'_> {
    type Item = Result<Change, TransferError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(change) = self.queue.pop_front() {
                return Some(Ok(change));
            }
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(err) => {
                    self.stages.clear();
                    self.reader = None;
                    return Some(Err(err));
                }
            }
        }
    }
}

/// The names of the fields in which two records differ.
macro_rules! differing {
    ($before:expr, $after:expr, $($field:ident),*) => {{
        let mut res = Vec::new();
        $(if $before.$field != $after.$field {
            res.push(stringify!($field));
        })*
        res
    }};
}

fn node_fields(before: &NodeRecord, after: &NodeRecord) -> Vec<&'static str> {
    differing!(
        before,
        after,
        kind,
        name,
        aliases,
        identifiers,
        sectors,
        stage,
        tags,
        valid_from,
        valid_to,
        distinct,
        amount,
        properties,
        claims
    )
}

fn tie_fields(before: &TieRecord, after: &TieRecord) -> Vec<&'static str> {
    differing!(
        before, after, source, relation, target, key, valid_from, valid_to, amount, role,
        properties, claims
    )
}

fn fact_fields(before: &Fact, after: &Fact) -> Vec<&'static str> {
    differing!(
        before, after, measure, subject, category, period, value, unit, qualifier, derived, of,
        source, locator, certainty, note
    )
}
