//! Writing without a schema: nodes and relationships as they are, under ids made of their keys, resting on
//! the source that is named, if one is.

use weft_graph::{
    Certainty, Change, Claim, NAME, NodeRecord, TieRecord, resolve_node, resolve_tie,
};
use weft_value::Value;

use super::columns::{self, changed_fields, put_free, text_of};
use super::{
    CommitOptions, Properties, claim, date_of, is_draft, properties_of_node, properties_of_tie,
};
use crate::{Error, Graph};

/// Names that claims know as columns of a record. Here they are properties like others, and a value that a
/// claim stated for them would be read as the column.
const COLUMNS: [&str; 5] = ["amount", "role", "stage", "valid_from", "valid_to"];

pub(super) fn write(
    graph: &Graph,
    options: &CommitOptions,
    changes: &mut Vec<Change>,
) -> Result<(), Error> {
    let snapshot = graph.snapshot();
    let by = match options.source.is_some() && !is_draft(options) {
        true => Some(claim(graph, options)?),
        false => None,
    };
    for node in graph.changed_nodes() {
        let shown = columns::shown(snapshot.node(node).all_properties());
        let asked = properties_of_node(graph, node)?;
        let fields = changed_fields(&shown, &asked);
        let mut record = snapshot.node(node).written();
        if !record.name.is_empty() {
            record.properties.insert(NAME.to_owned(), Value::String(record.name.clone()));
        }
        fields.iter().for_each(|it| put_free(&mut record.properties, it, &asked));
        let labels = graph.labels(node);
        let NodeRecord { kind, name, properties, .. } = NodeRecord::free(
            String::new(),
            labels.iter().map(|it| &**it),
            std::mem::take(&mut record.properties),
        );
        let is_kind = record.kind == kind;
        (record.kind, record.name, record.properties) = (kind, name, properties);
        put_claims(&mut record.claims, by.as_ref(), &fields, &asked, options);
        if let Some(by) = by.as_ref().filter(|_| !is_kind) {
            record.claims.push(Claim { field: Some("kind".into()), ..by.clone() });
        }
        let resolved = resolve_node(&record, &date_of(graph, options), Certainty::Inferred).0;
        if let Some(resolved) = resolved.filter(|_| !is_draft(options)) {
            columns::must_be_shown(&fields, &record.id, |field| {
                let is_name = field == NAME && resolved.name != record.name;
                is_name || is_other(field, &resolved.properties, &record.properties)
            })?;
        }
        changes.push(Change::PutNode(record));
    }
    for node in graph.created_nodes() {
        let (id, labels) = (graph.node_element_id(node), graph.labels(node));
        let properties = properties_of_node(graph, node)?;
        let record = NodeRecord::free(id, labels.iter().map(|it| &**it), properties);
        changes.push(Change::PutNode(NodeRecord { claims: Vec::from_iter(by.clone()), ..record }));
    }
    for tie in graph.changed_ties() {
        let shown = columns::shown(snapshot.tie(tie).all_properties());
        let asked = properties_of_tie(graph, tie)?;
        let fields = changed_fields(&shown, &asked);
        let mut record = snapshot.tie(tie).written();
        fields.iter().for_each(|it| put_free(&mut record.properties, it, &asked));
        put_claims(&mut record.claims, by.as_ref(), &fields, &asked, options);
        let resolved = resolve_tie(&record, &date_of(graph, options), Certainty::Inferred).0;
        if let Some(resolved) = resolved.filter(|_| !is_draft(options)) {
            columns::must_be_shown(&fields, &record.id(), |field| {
                is_other(field, &resolved.properties, &record.properties)
            })?;
        }
        changes.push(Change::PutTie(record));
    }
    for tie in graph.created_ties() {
        changes.push(Change::PutTie(TieRecord {
            given_id: Some(graph.tie_element_id(tie)),
            source: graph.node_element_id(graph.start(tie)),
            relation: graph.relation_type(tie).to_string(),
            target: graph.node_element_id(graph.end(tie)),
            properties: properties_of_tie(graph, tie)?,
            claims: Vec::from_iter(by.clone()),
            ..TieRecord::default()
        }));
    }
    Ok(())
}

/// Adds what the source says of the fields that are others than they were.
fn put_claims(
    claims: &mut Vec<Claim>,
    by: Option<&Claim>,
    fields: &[String],
    asked: &Properties,
    options: &CommitOptions,
) {
    if is_draft(options) {
        // What is written is what is shown.
        claims.retain(|it| it.field.as_ref().is_none_or(|it| !fields.contains(it)));
    }
    let Some(by) = by else { return };
    claims.extend(fields.iter().map(|field| {
        let value = asked.get(field).filter(|it| is_told(field, it)).and_then(text_of);
        Claim { field: Some(field.clone()), value, ..by.clone() }
    }));
}

/// Whether a claim can state the value of that property, and is read as stating that.
fn is_told(field: &str, value: &Value) -> bool {
    match field {
        NAME => matches!(value, Value::String(_)),
        // What stands behind a colon is read as a type.
        _ => !field.contains(':') && !COLUMNS.contains(&field),
    }
}

/// Whether a property reads otherwise; texts are compared, for no number is its own equal that is none.
fn is_other(field: &str, shown: &Properties, written: &Properties) -> bool {
    shown.get(field).map(Value::to_string) != written.get(field).map(Value::to_string)
}
