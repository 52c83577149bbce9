//! Relationships under a schema: types are relations, and both ends must be of kinds that they join.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use weft_graph::{Change, Ends, NodeIdx, RelationId, TieIdx, TieRecord, resolve_tie};
use weft_value::Value;

use super::columns::{
    self, Columns, changed_fields, given_fields, put_amount, put_dates, put_free, stated,
};
use super::node::{Ids, kind_of, some_of};
use super::{CommitOptions, claim, date_of, is_draft, properties_of_tie, refused};
use crate::suggest::did_you_mean;
use crate::{Error, Graph};

/// Adds the relationships that were changed and made.
pub(super) fn write(
    graph: &Graph,
    options: &CommitOptions,
    ids: &Ids<'_>,
    changes: &mut Vec<Change>,
) -> Result<(), Error> {
    let snapshot = graph.snapshot();
    let changed = graph.changed_nodes();
    let other_kind = |it: &&NodeIdx| {
        kind_of(graph, **it).is_ok_and(|kind| kind != snapshot.node(**it).kind_id())
    };
    for &node in changed.iter().filter(other_kind) {
        let ties: BTreeSet<TieIdx> = graph.out_ties(node).chain(graph.in_ties(node)).collect();
        for tie in ties {
            must_be_allowed(graph, tie, relation_of(graph, tie)?)?;
        }
    }
    for tie in graph.changed_ties() {
        let shown = columns::shown(snapshot.tie(tie).all_properties());
        let asked = properties_of_tie(graph, tie)?;
        let fields = changed_fields(&shown, &asked);
        if fields.is_empty() {
            continue;
        }
        let mut record = snapshot.tie(tie).written();
        let id = record.id();
        put(&mut record, &fields, &asked)?;
        if record.id() != id {
            // An id that is made of a date stays what it was when the date changes.
            record.given_id = Some(id);
        }
        if is_draft(options) {
            record.claims.retain(|it| it.field.as_ref().is_none_or(|it| !fields.contains(it)));
        } else {
            record.claims.extend(stated(&fields, &asked, &claim(graph, options)?));
            must_be_shown(graph, options, &record, &fields)?;
        }
        changes.push(Change::PutTie(record));
    }
    let gone: HashSet<String> =
        graph.deleted_ties().into_iter().map(|it| snapshot.tie(it).id()).collect();
    let mut made: HashSet<String> = HashSet::new();
    for tie in graph.created_ties() {
        let relation = relation_of(graph, tie)?;
        must_be_allowed(graph, tie, relation)?;
        let asked = properties_of_tie(graph, tie)?;
        let mut whole = claim(graph, options)?;
        whole.certainty = Columns::certainty(&asked)?.unwrap_or(whole.certainty);
        let mut record = TieRecord {
            given_id: Columns::text("id", &asked)?,
            source: ids.of(graph.start(tie)).to_owned(),
            relation: snapshot.schema().relation(relation).id.clone(),
            target: ids.of(graph.end(tie)).to_owned(),
            claims: vec![whole],
            ..TieRecord::default()
        };
        put(&mut record, &given_fields(&asked), &asked)?;
        record.normalise(snapshot.schema());
        let is_taken =
            |id: &str| made.contains(id) || (snapshot.find_tie(id).is_some() && !gone.contains(id));
        if let Some(id) = record.given_id.as_deref().filter(|it| is_taken(it)) {
            return Err(refused(format!("there is a relationship `{id}` already"))
                .with_hint("give another `id`, or none"));
        }
        // A second one between the same two nodes is told from the first by a number.
        let mut n = 2;
        while is_taken(&record.id()) {
            record.key = Some(n.to_string());
            n += 1;
        }
        made.insert(record.id());
        changes.push(Change::PutTie(record));
    }
    Ok(())
}

fn relation_of(graph: &Graph, tie: TieIdx) -> Result<RelationId, Error> {
    let schema = graph.snapshot().schema();
    let name = graph.relation_type(tie);
    if let Some(&relation) = schema.relations_named(&name).first() {
        return Ok(relation);
    }
    let known = schema.relations().iter().map(|it| it.type_name.as_str());
    let hint = did_you_mean(&name, known);
    Err(refused(format!("`{name}` is no type of the schema"))
        .with_hint(hint.unwrap_or_else(|| "`weft schema` lists the relations".to_owned())))
}

fn must_be_allowed(graph: &Graph, tie: TieIdx, relation: RelationId) -> Result<(), Error> {
    let schema = graph.snapshot().schema();
    for (end, node, way) in
        [(Ends::Source, graph.start(tie), "start from"), (Ends::Target, graph.end(tie), "go to")]
    {
        let kind = kind_of(graph, node)?;
        if schema.allows(relation, end, kind) {
            continue;
        }
        let label = |it: &weft_graph::Kind| it.labels.first().cloned().unwrap_or_default();
        let allowed: Vec<String> =
            schema.allowed_kinds(relation, end).into_iter().map(label).collect();
        let message = format!(
            "`{}` cannot {way} a `{}`",
            schema.relation(relation).type_name,
            label(schema.kind(kind))
        );
        let hint = format!("it can {way} {}", some_of(allowed.iter().map(String::as_str)));
        return Err(refused(message).with_hint(hint));
    }
    Ok(())
}

/// Writes fields into a record, each with the value that is asked for.
fn put(
    record: &mut TieRecord,
    fields: &[String],
    asked: &BTreeMap<String, Value>,
) -> Result<(), Error> {
    for field in fields {
        match field.as_str() {
            "id" => {
                return Err(refused("the `id` of a relationship stays for ever".to_owned())
                    .with_hint("make another relationship, and delete this one"));
            }
            "certainty" => return Err(Columns::certainty_is_claimed()),
            "role" => record.role = Columns::text("role", asked)?,
            "valid_from" | "valid_to" => {
                put_dates(&mut record.valid_from, &mut record.valid_to, asked)?;
            }
            "amount" | "amount_currency" | "amount_qualifier" => {
                put_amount(&mut record.amount, asked)?;
            }
            _ => put_free(&mut record.properties, field, asked),
        }
    }
    Ok(())
}

fn must_be_shown(
    graph: &Graph,
    options: &CommitOptions,
    record: &TieRecord,
    fields: &[String],
) -> Result<(), Error> {
    let floor = weft_graph::Certainty::Inferred;
    let (Some(shown), _) = resolve_tie(record, &date_of(graph, options), floor) else {
        return Ok(());
    };
    columns::must_be_shown(fields, &record.id(), |field| match field {
        "role" => shown.role != record.role,
        "valid_from" => shown.valid_from != record.valid_from,
        "valid_to" => shown.valid_to != record.valid_to,
        "amount" | "amount_currency" | "amount_qualifier" => shown.amount != record.amount,
        field => shown.properties.get(field) != record.properties.get(field),
    })
}
