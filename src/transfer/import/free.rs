//! Files for a graph without a schema: kinds are sets of labels, relations are types, as given, and
//! what a schema has columns for becomes properties, which is all that queries see there.
//!
//! Rows rest on their sources as those of other graphs do.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use weft_formats::{Column, Diagnostics, Header, PropertyType, Table, TableReader, inspect};
use weft_graph::{Amount, Claim, NodeRecord, Schema, TieRecord, kind_of_labels, labels_of_kind};
use weft_value::{PartialDate, Value};

use super::checking::LOCATED_IN;
use super::{ImportOptions, InputFile, TransferError};

/// The schema by which files are read: an open one gets the words of the files.
///
/// # Errors
/// When a file cannot be read, or has more words than a schema can hold. Other faults are those of the
/// import itself, and told by it.
pub fn schema_for(
    files: &[InputFile],
    schema: &Arc<Schema>,
    options: &ImportOptions,
) -> Result<Arc<Schema>, TransferError> {
    if !schema.is_open() {
        return Ok(Arc::clone(schema));
    }
    let (mut kinds, mut relations) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let mut faults = Diagnostics::default();
        let found =
            inspect(&file.name, file.open()?).map_err(weft_formats::Error::read(&file.name))?;
        if !found.diagnostics.is_empty() {
            continue;
        }
        let reader =
            TableReader::new(&file.name, file.open()?, found.encoding, options.dates, &mut faults)?;
        let Some(mut reader) = reader else { continue };
        let (words, column) = match reader.header().table {
            Table::Nodes => (&mut kinds, Column::Kind),
            Table::Ties => (&mut relations, Column::Relation),
            _ => continue,
        };
        let has_places = reader.header().has(Column::Place);
        while let Some(row) = reader.next_row(&mut faults, &mut 0)? {
            let word = row.cell(column);
            if !words.contains(word) {
                words.insert(word.to_owned());
            }
        }
        if has_places {
            relations.insert(LOCATED_IN.to_owned());
        }
    }
    let kinds: Vec<String> = kinds.iter().map(|it| kind_word(it).into_owned()).collect();
    let relations = relations.iter().map(String::as_str).filter(|it| !it.is_empty());
    schema
        .with_words(kinds.iter().map(String::as_str), relations)
        .map_err(|err| TransferError::Words(err.to_string()))
}

/// The word of a node's kind, as the schema has it.
pub(super) fn kind_of<'a>(schema: &Schema, cell: &'a str) -> Cow<'a, str> {
    if schema.is_open() { kind_word(cell) } else { Cow::Borrowed(cell) }
}

/// A set of labels in the order in which a kind's word has them.
fn kind_word(cell: &str) -> Cow<'_, str> {
    if !cell.contains([':', '\\']) {
        return Cow::Borrowed(cell);
    }
    let labels = labels_of_kind(cell);
    Cow::Owned(kind_of_labels(labels.iter().map(String::as_str)))
}

/// A node with its columns as properties. What a column of the row left empty is taken away, unless a
/// property column of that name stands beside it.
pub(super) fn as_free_node(mut node: NodeRecord, header: Option<&Header>) -> NodeRecord {
    let texts = |it: &mut Vec<String>| {
        let all = std::mem::take(it);
        (!all.is_empty()).then(|| Value::List(all.into_iter().map(Value::String).collect()))
    };
    let identifiers = std::mem::take(&mut node.identifiers);
    let mut identifiers: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
    let [amount, currency, qualifier] = amount_of(node.amount.take());
    let columns = [
        (Column::Aliases, "aliases", texts(&mut node.aliases)),
        (Column::Identifiers, "identifiers", texts(&mut identifiers)),
        (Column::Sector, "sectors", texts(&mut node.sectors)),
        (Column::Stage, "stage", node.stage.take().map(Value::String)),
        (Column::Tags, "tags", texts(&mut node.tags)),
        (Column::ValidFrom, "valid_from", date(node.valid_from.take())),
        (Column::ValidTo, "valid_to", date(node.valid_to.take())),
        (Column::Amount, "amount", amount),
        (Column::Amount, "amount_currency", currency),
        (Column::Amount, "amount_qualifier", qualifier),
    ];
    write(&mut node.properties, columns, header);
    name_fields(&mut node.claims, &node.properties);
    node
}

/// A tie with its columns as properties.
pub(super) fn as_free_tie(mut tie: TieRecord, header: Option<&Header>) -> TieRecord {
    let [amount, currency, qualifier] = amount_of(tie.amount.take());
    let columns = [
        (Column::Role, "role", tie.role.take().map(Value::String)),
        (Column::ValidFrom, "valid_from", date(tie.valid_from.take())),
        (Column::ValidTo, "valid_to", date(tie.valid_to.take())),
        (Column::Amount, "amount", amount),
        (Column::Amount, "amount_currency", currency),
        (Column::Amount, "amount_qualifier", qualifier),
    ];
    write(&mut tie.properties, columns, header);
    name_fields(&mut tie.claims, &tie.properties);
    // An id that is made of a tie's ends is one that was given, where ids are made of keys.
    tie.given_id = Some(tie.id());
    tie
}

/// Takes the type from the fields of claims whose property has it: `n:int` is `n`, as a query writes it.
/// A claim on a property of that type is read as one of that type without it.
fn name_fields(claims: &mut [Claim], properties: &BTreeMap<String, Value>) {
    for claim in claims {
        let Some((name, kind)) = claim.field.as_deref().and_then(|it| it.rsplit_once(':')) else {
            continue;
        };
        let kind = PropertyType::from_name(kind);
        if kind.is_some() && kind == properties.get(name).and_then(PropertyType::of) {
            claim.field = Some(name.to_owned());
        }
    }
}

fn date(date: Option<PartialDate>) -> Option<Value> {
    date.map(|it| Value::String(it.to_string()))
}

fn amount_of(amount: Option<Amount>) -> [Option<Value>; 3] {
    let Some(amount) = amount else { return [None, None, None] };
    let qualifier = Value::String(amount.qualifier.as_str().to_owned());
    [Some(Value::Float(amount.value)), Some(Value::String(amount.currency)), Some(qualifier)]
}

fn write<const N: usize>(
    properties: &mut BTreeMap<String, Value>,
    columns: [(Column, &str, Option<Value>); N],
    header: Option<&Header>,
) {
    for (column, name, value) in columns {
        let is_own = |it: &Header| it.properties.iter().any(|it| it.name == name);
        match (value, header) {
            (Some(value), _) => drop(properties.insert(name.to_owned(), value)),
            (None, Some(header)) if header.has(column) && !is_own(header) => {
                properties.remove(name);
            }
            (None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_labels_is_one_word_in_any_order() {
        assert_eq!(kind_word("Person:Author"), "Author:Person");
        assert_eq!(kind_word("Person"), "Person");
        assert_eq!(kind_word(""), "");
        assert_eq!(kind_word("a\\:b"), "a\\:b");
    }

    #[test]
    fn what_a_schema_has_columns_for_becomes_properties() {
        let amount =
            Amount { value: 5.0, currency: "GBP".into(), qualifier: weft_graph::Qualifier::Exact };
        let node = NodeRecord {
            stage: Some("idea".into()),
            tags: vec!["a".into()],
            valid_from: "2024-03".parse().ok(),
            amount: Some(amount),
            ..NodeRecord::default()
        };
        let node = as_free_node(node, None);
        assert_eq!((node.stage, node.valid_from, node.amount), (None, None, None));
        let text = |it: &str| Value::String(it.to_owned());
        assert_eq!(node.properties["stage"], text("idea"));
        assert_eq!(node.properties["tags"], Value::List(vec![text("a")]));
        assert_eq!(node.properties["valid_from"], text("2024-03"));
        assert_eq!(node.properties["amount"], Value::Float(5.0));
        assert_eq!(node.properties.len(), 6);
    }

    #[test]
    fn a_claim_names_its_property_and_a_type_only_where_the_property_has_another() {
        let claim = |field: &str| Claim { field: Some(field.to_owned()), ..Claim::default() };
        let node = NodeRecord {
            claims: ["n:int", "n:float", "sites:int[]", "gone:int", "n"].map(claim).into(),
            properties: BTreeMap::from([
                ("n".to_owned(), Value::Integer(1)),
                ("sites".to_owned(), Value::List(vec![Value::Integer(1)])),
            ]),
            ..NodeRecord::default()
        };
        let found = as_free_node(node, None).claims;
        let found: Vec<_> = found.iter().filter_map(|it| it.field.as_deref()).collect();
        assert_eq!(found, ["n", "n:float", "sites", "gone:int", "n"]);
    }
}
