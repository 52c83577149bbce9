//! What a row makes of the record that is there: see the module above for whose a value is.

use std::collections::BTreeMap;

use weft_formats::{
    ClaimCells, Column, Header, NodeRow, Table, TieRow, join_list, property_cell, split_list,
};
use weft_graph::{Amount, Claim, Identifier, NodeRecord, Schema, TieRecord};
use weft_value::{PartialDate, Value};

/// The node that a row and the claims on it make of the one that is there; `ours` begins with the
/// row's, and replaces those of `datasets`.
pub(super) fn merge_node(
    existing: Option<&NodeRecord>,
    id: &str,
    row: NodeRow<'_>,
    header: &Header,
    mut ours: Vec<Claim>,
    datasets: &[String],
) -> NodeRecord {
    let Some(existing) = existing else {
        let mut node = NodeRecord { id: id.to_owned(), ..NodeRecord::default() };
        write_node(&mut node, row, header, &[]);
        node.claims = merge_claims(&[], ours, datasets);
        return node;
    };
    let mut node = existing.clone();
    if belongs_to(&existing.claims, &ours[0].dataset) {
        write_node(&mut node, row, header, &existing.claims_of_others(datasets));
    } else {
        ours.extend(state_node(&mut node, row, &ours[0]));
    }
    node.claims = merge_claims(&existing.claims, ours, datasets);
    node
}

/// The tie that a row makes of the one that is there; `base` holds its ends and its key.
pub(super) fn merge_tie(
    existing: Option<&TieRecord>,
    base: TieRecord,
    row: TieRow<'_>,
    header: &Header,
    mut ours: Vec<Claim>,
    datasets: &[String],
) -> TieRecord {
    let others = existing.map(|it| it.claims.as_slice()).unwrap_or_default();
    let mut tie = match existing {
        Some(existing) if !belongs_to(&existing.claims, &ours[0].dataset) => {
            ours.extend(state_tie(existing, &base, row, &ours[0]));
            existing.clone()
        }
        existing => {
            let mut tie = TieRecord { claims: Vec::new(), ..base };
            if let Some(existing) = existing {
                tie.valid_to = existing.valid_to;
                tie.amount.clone_from(&existing.amount);
                tie.role.clone_from(&existing.role);
                tie.properties.clone_from(&existing.properties);
                if !header.has(Column::ValidFrom) {
                    tie.valid_from = existing.valid_from;
                }
                if !header.has(Column::Key) {
                    tie.key.clone_from(&existing.key);
                }
            }
            write_tie(&mut tie, row, header);
            tie
        }
    };
    tie.claims = merge_claims(others, ours, datasets);
    tie
}

/// Adds to a tie what a second row of the same import says of it: its claim on the whole, and what it
/// holds as claims on fields.
pub(super) fn join_tie(tie: &mut TieRecord, base: &TieRecord, row: TieRow<'_>, whole: Claim) {
    let dataset = whole.dataset.clone();
    let ours = tie.claims.iter().filter(|it| it.dataset == dataset).cloned();
    let mut ours: Vec<Claim> = ours.collect();
    let stated = state_tie(tie, base, row, &whole);
    ours.push(whole);
    ours.extend(stated);
    tie.claims = merge_claims(&tie.claims, ours, &[dataset]);
}

/// The claims of a record once those of some datasets are replaced: the others stay in their order,
/// and ours stand where the first of those stood before.
pub(super) fn merge_claims(before: &[Claim], ours: Vec<Claim>, datasets: &[String]) -> Vec<Claim> {
    let at = before.iter().position(|it| datasets.contains(&it.dataset));
    let at = at.unwrap_or(before.len());
    let mut res: Vec<Claim> = before[..at].to_vec();
    for claim in ours {
        if !res[at..].contains(&claim) {
            res.push(claim);
        }
    }
    res.extend(before[at..].iter().filter(|it| !datasets.contains(&it.dataset)).cloned());
    res
}

/// Whether a record's own values are those of the dataset: its claim on the whole came first.
pub(super) fn belongs_to(claims: &[Claim], dataset: &str) -> bool {
    let whole = claims.iter().find(|it| it.field.is_none() && it.denial.is_none());
    whole.or(claims.first()).is_none_or(|it| it.dataset == dataset)
}

/// The claims of a dataset on a record: those that its row made, and those of claims.csv.
///
/// A row makes the first claim on the whole, and on another dataset's record one more for each of
/// its fields, under the same source and locator.
pub(super) fn of_row(claims: &[Claim], dataset: &str) -> (Vec<Claim>, Vec<Claim>) {
    let ours = || claims.iter().filter(|it| it.dataset == dataset);
    let is_whole = |it: &&Claim| it.field.is_none() && it.value.is_none() && it.denial.is_none();
    let Some(whole) = ours().find(is_whole) else {
        return (Vec::new(), ours().cloned().collect());
    };
    let is_owner = belongs_to(claims, dataset);
    ours().cloned().partition(|it| {
        let is_stated = it.field.is_some()
            && it.denial.is_none()
            && (&it.source, &it.locator) == (&whole.source, &whole.locator);
        it == whole || (is_stated && !is_owner)
    })
}

/// Makes the claim of a row: of the dataset that it names, else of the import's.
pub(super) fn claim_of(
    cells: &ClaimCells<'_>,
    own_source: &str,
    file: &str,
    dataset: &str,
) -> Claim {
    let is_own = cells.source.is_empty();
    let locator = match cells.locator {
        "" if is_own => file,
        locator => locator,
    };
    Claim {
        source: if is_own { own_source } else { cells.source }.to_owned(),
        locator: locator.to_owned(),
        certainty: cells.certainty,
        retrieved: cells.retrieved,
        note: text(cells.note),
        dataset: cells.dataset.unwrap_or(dataset).to_owned(),
        ..Claim::default()
    }
}

/// Whether a row rests on nothing: one of an export of a store without a schema, in which neither a source
/// nor a dataset says so, though what was written in weft may speak of its fields. A file without these columns rests on itself.
pub(super) fn rests_on_nothing(schema: &Schema, header: &Header, cells: &ClaimCells<'_>) -> bool {
    schema.is_open()
        && matches!(header.table, Table::Nodes | Table::Ties)
        && header.has(Column::Source)
        && header.has(Column::Dataset)
        && cells.source.is_empty()
        && cells.locator.is_empty()
        && cells.dataset.is_none_or(str::is_empty)
}

/// Takes away what a row that rests on nothing would say of itself: its claim, and those on its fields.
pub(super) fn leave_out(claims: &mut Vec<Claim>, row: &Claim) {
    let of = |it: &Claim| (it.source.clone(), it.locator.clone(), it.dataset.clone());
    claims.retain(|it| of(it) != of(row));
}

trait OthersClaims {
    fn claims_of_others(&self, datasets: &[String]) -> Vec<Claim>;
}

impl OthersClaims for NodeRecord {
    fn claims_of_others(&self, datasets: &[String]) -> Vec<Claim> {
        self.claims.iter().filter(|it| !datasets.contains(&it.dataset)).cloned().collect()
    }
}

fn write_node(node: &mut NodeRecord, row: NodeRow<'_>, header: &Header, others: &[Claim]) {
    row.kind.clone_into(&mut node.kind);
    row.name.clone_into(&mut node.name);
    let listed = |column: Column, items: Vec<String>| with_others(items, column, others);
    if header.has(Column::Aliases) {
        node.aliases = listed(Column::Aliases, row.aliases);
    }
    if header.has(Column::Identifiers) {
        let items = row.identifiers.iter().map(ToString::to_string).collect();
        node.identifiers = identifiers(&listed(Column::Identifiers, items));
    }
    if header.has(Column::Sector) {
        node.sectors = listed(Column::Sector, row.sectors);
    }
    if header.has(Column::Tags) {
        node.tags = listed(Column::Tags, row.tags);
    }
    if header.has(Column::Stage) {
        node.stage = text(row.stage);
    }
    if header.has(Column::ValidFrom) {
        node.valid_from = row.valid_from;
    }
    if header.has(Column::ValidTo) {
        node.valid_to = row.valid_to;
    }
    if header.has(Column::Distinct) {
        node.distinct = row.distinct;
    }
    if header.has(Column::Amount) {
        node.amount = row.amount;
    }
    if header.has(Column::Introduce) {
        node.properties.remove(Column::Introduce.as_str());
        if !row.introduce.is_empty() {
            let name = Column::Introduce.as_str().to_owned();
            node.properties.insert(name, Value::String(row.introduce.to_owned()));
        }
    }
    write_properties(&mut node.properties, row.properties, header);
}

fn write_tie(tie: &mut TieRecord, row: TieRow<'_>, header: &Header) {
    if header.has(Column::ValidTo) {
        tie.valid_to = row.valid_to;
    }
    if header.has(Column::Amount) {
        tie.amount = row.amount;
    }
    if header.has(Column::Role) {
        tie.role = text(row.role);
    }
    write_properties(&mut tie.properties, row.properties, header);
}

fn write_properties(
    properties: &mut BTreeMap<String, Value>,
    cells: Vec<(&str, Value)>,
    header: &Header,
) {
    for column in &header.properties {
        properties.remove(&column.name);
    }
    properties.extend(cells.into_iter().map(|(name, value)| (name.to_owned(), value)));
}

/// What another dataset's row says of a node, as claims on its fields; lists are joined to the
/// node's own, so that it is found by every name.
fn state_node(node: &mut NodeRecord, row: NodeRow<'_>, whole: &Claim) -> Vec<Claim> {
    let mut stated = Stated { whole, claims: Vec::new() };
    if row.name != node.name {
        stated.text(Column::Name, row.name);
    }
    stated.text(Column::Stage, row.stage);
    stated.date(Column::ValidFrom, row.valid_from);
    stated.date(Column::ValidTo, row.valid_to);
    stated.amount(row.amount.as_ref());
    stated.text(Column::Introduce, row.introduce);
    stated.list(Column::Aliases, &row.aliases);
    union(&mut node.aliases, row.aliases);
    let texts: Vec<String> = row.identifiers.iter().map(ToString::to_string).collect();
    stated.list(Column::Identifiers, &texts);
    union(&mut node.identifiers, row.identifiers);
    stated.list(Column::Sector, &row.sectors);
    union(&mut node.sectors, row.sectors);
    stated.list(Column::Tags, &row.tags);
    union(&mut node.tags, row.tags);
    node.distinct |= row.distinct;
    stated.properties(Table::Nodes, row.properties);
    stated.claims
}

fn state_tie(existing: &TieRecord, base: &TieRecord, row: TieRow<'_>, whole: &Claim) -> Vec<Claim> {
    let mut stated = Stated { whole, claims: Vec::new() };
    if base.valid_from != existing.valid_from {
        stated.date(Column::ValidFrom, base.valid_from);
    }
    stated.date(Column::ValidTo, row.valid_to);
    stated.amount(row.amount.as_ref());
    stated.text(Column::Role, row.role);
    stated.properties(Table::Ties, row.properties);
    stated.claims
}

struct Stated<'a> {
    whole: &'a Claim,
    claims: Vec<Claim>,
}

impl Stated<'_> {
    fn field(&mut self, field: &str, value: String) {
        let (field, value) = (Some(field.to_owned()), Some(value));
        self.claims.push(Claim { field, value, note: None, ..self.whole.clone() });
    }

    fn text(&mut self, column: Column, value: &str) {
        if !value.is_empty() {
            self.field(column.as_str(), value.to_owned());
        }
    }

    fn date(&mut self, column: Column, value: Option<PartialDate>) {
        self.text(column, &value.map(|it| it.to_string()).unwrap_or_default());
    }

    fn list(&mut self, column: Column, items: &[String]) {
        self.text(column, &join_list(items));
    }

    fn amount(&mut self, amount: Option<&Amount>) {
        self.text(Column::Amount, &amount.map(Amount::to_string).unwrap_or_default());
    }

    fn properties(&mut self, table: Table, properties: Vec<(&str, Value)>) {
        for (name, value) in properties {
            let (field, text) = stated_property(table, name, &value);
            self.field(&field, text);
        }
    }
}

/// The field and the value of a claim on a property: with its type, as a header of the table has it,
/// but for text and for what only JSON can write.
pub(super) fn stated_property(table: Table, name: &str, value: &Value) -> (String, String) {
    property_cell(table, name, value)
        .filter(|it| !it.0.ends_with(":json"))
        .unwrap_or_else(|| (name.to_owned(), value.stored_text()))
}

/// A list with what other datasets' claims add to it.
fn with_others(mut items: Vec<String>, column: Column, others: &[Claim]) -> Vec<String> {
    let stated = others.iter().filter(|it| it.field.as_deref() == Some(column.as_str()));
    for claim in stated.filter(|it| it.denial.is_none()) {
        union(&mut items, split_list(claim.value.as_deref().unwrap_or_default()));
    }
    items
}

fn union<T: PartialEq>(items: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !items.contains(&item) {
            items.push(item);
        }
    }
}

fn identifiers(texts: &[String]) -> Vec<Identifier> {
    let parts = texts.iter().filter_map(|it| it.split_once(':'));
    parts
        .map(|(scheme, value)| Identifier { scheme: scheme.to_owned(), value: value.to_owned() })
        .collect()
}

pub(super) fn text(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}
