//! Nodes under a schema: labels are a kind, properties are columns, and each has an id.

use std::collections::{BTreeMap, HashMap, HashSet};

use weft_graph::{
    Change, Claim, Family, KindId, NodeIdx, NodeRecord, Schema, is_slug, resolve_node, slug_of,
};
use weft_value::Value;

use super::columns::{
    self, Columns, changed_fields, given_fields, put_amount, put_dates, put_free, stated,
};
use super::{CommitOptions, claim, date_of, is_draft, properties_of_node, refused};
use crate::suggest::did_you_mean;
use crate::{Error, Graph};

/// The ids of nodes: those of the snapshot, and those given to new ones.
pub(super) struct Ids<'a> {
    graph: &'a Graph,
    new: HashMap<NodeIdx, String>,
    taken: HashSet<String>,
    free_again: HashSet<String>,
}

impl<'a> Ids<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        let snapshot = graph.snapshot();
        let gone = graph.deleted_nodes().into_iter().map(|it| snapshot.node(it).id().to_owned());
        Self { graph, new: HashMap::new(), taken: HashSet::new(), free_again: gone.collect() }
    }

    pub(super) fn of(&self, node: NodeIdx) -> &str {
        match self.new.get(&node) {
            Some(id) => id,
            None => self.graph.snapshot().node(node).id(),
        }
    }

    fn is_taken(&self, id: &str) -> bool {
        let is_there = self.graph.snapshot().find_node(id).is_some();
        self.taken.contains(id) || (is_there && !self.free_again.contains(id))
    }

    /// Gives a new node the id that it asks for, or one made of its name.
    fn give(&mut self, node: NodeIdx, asked: Option<String>, name: &str) -> Result<(), Error> {
        let id = match asked {
            Some(id) if !is_slug(&id) => {
                let hint = match slug_of(&id) {
                    slug if slug.is_empty() => {
                        "write lower-case letters, digits and hyphens".into()
                    }
                    slug => format!("`{slug}` would be one"),
                };
                return Err(refused(format!("`{id}` is no id")).with_hint(hint));
            }
            Some(id) if self.is_taken(&id) => {
                return Err(refused(format!("there is a node `{id}` already"))
                    .with_hint("`MERGE` finds it, or give another `id`, or none"));
            }
            Some(id) => id,
            None => {
                let base = match slug_of(name) {
                    slug if slug.is_empty() => "node".to_owned(),
                    slug => slug,
                };
                let numbered = (2..).map(|n: u32| format!("{base}-{n}"));
                let mut all = std::iter::once(base.clone()).chain(numbered);
                all.find(|it| !self.is_taken(it)).expect("numbers do not end")
            }
        };
        self.taken.insert(id.clone());
        self.new.insert(node, id);
        Ok(())
    }
}

/// Adds the nodes that were changed and made.
pub(super) fn write(
    graph: &Graph,
    options: &CommitOptions,
    ids: &mut Ids<'_>,
    changes: &mut Vec<Change>,
) -> Result<(), Error> {
    let snapshot = graph.snapshot();
    let schema = snapshot.schema();
    for node in graph.changed_nodes() {
        let kind = kind_of(graph, node)?;
        let shown = columns::shown(snapshot.node(node).all_properties());
        let asked = properties_of_node(graph, node)?;
        let fields = changed_fields(&shown, &asked);
        let was = snapshot.node(node).kind_id();
        if fields.is_empty() && kind == was {
            continue;
        }
        let mut record = snapshot.node(node).written();
        put(&mut record, schema, kind, &fields, &asked)?;
        if is_draft(options) {
            // What is written is what is shown.
            record.claims.retain(|it| it.field.as_ref().is_none_or(|it| !fields.contains(it)));
        } else {
            record.claims.extend(stated(&fields, &asked, &claim(graph, options)?));
        }
        if kind != was {
            record.kind.clone_from(&schema.kind(kind).id);
            record.claims.push(Claim { field: Some("kind".into()), ..claim(graph, options)? });
        }
        if !is_draft(options) {
            must_be_shown(graph, options, &record, &fields)?;
        }
        changes.push(Change::PutNode(record));
    }
    for node in graph.created_nodes() {
        let kind = kind_of(graph, node)?;
        let asked = properties_of_node(graph, node)?;
        let mut record = NodeRecord { kind: schema.kind(kind).id.clone(), ..NodeRecord::default() };
        let mut whole = claim(graph, options)?;
        whole.certainty = Columns::certainty(&asked)?.unwrap_or(whole.certainty);
        put(&mut record, schema, kind, &given_fields(&asked), &asked)?;
        if record.name.is_empty() {
            let message = format!("a {} without a `name`", schema.kind(kind).label);
            return Err(refused(message).with_hint("give it a `name` that is a text"));
        }
        let id = Columns::text("id", &asked)?;
        ids.give(node, id, &record.name)?;
        ids.of(node).clone_into(&mut record.id);
        record.claims.push(whole);
        changes.push(Change::PutNode(record));
    }
    Ok(())
}

/// The kind that the labels of a node say: its own label, with that of its family or without.
pub(super) fn kind_of(graph: &Graph, node: NodeIdx) -> Result<KindId, Error> {
    let schema = graph.snapshot().schema();
    let labels = graph.labels(node);
    let fits = |own: &[String]| {
        own.first().is_some_and(|first| labels.iter().any(|it| **it == **first))
            && labels.iter().all(|it| own.iter().any(|own| **own == **it))
    };
    if let Some(at) = schema.kinds().iter().position(|it| fits(&it.labels)) {
        return Ok(KindId(at as u16));
    }
    let known = || schema.labels().iter().map(String::as_str);
    if let Some(unknown) = labels.iter().find(|it| schema.label_id(it).is_none()) {
        let hint = did_you_mean(unknown, known());
        return Err(refused(format!("`{unknown}` is no label of the schema"))
            .with_hint(hint.unwrap_or_else(|| "`weft schema` lists the kinds".to_owned())));
    }
    let own = schema.kinds().iter().filter_map(|it| it.labels.first());
    match labels.as_slice() {
        [] => Err(refused("a node without a label has no kind".to_owned())
            .with_hint(format!("give it one of {}", some_of(own.map(String::as_str))))),
        [family] => {
            let family = &**family;
            let of_family =
                schema.kinds().iter().filter(|it| it.labels.iter().any(|it| it == family));
            let own = of_family.filter_map(|it| it.labels.first());
            Err(refused(format!("`{family}` is a family of kinds, and a node has one kind"))
                .with_hint(format!("add one of {}", some_of(own.map(String::as_str)))))
        }
        several => {
            let words: Vec<String> = several.iter().map(|it| format!("`{it}`")).collect();
            Err(refused(format!("the labels {} are not of one kind", words.join(", ")))
                .with_hint("a node has one kind; the label of its family may stand beside it"))
        }
    }
}

/// How many words a hint names.
const NAMED_MAX: usize = 8;

pub(super) fn some_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.map(|it| format!("`{it}`")).collect();
    let n_more = words.len().saturating_sub(NAMED_MAX);
    words.truncate(NAMED_MAX);
    let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
    format!("{}{more}", words.join(", "))
}

/// Writes fields into a record, each with the value that is asked for.
fn put(
    record: &mut NodeRecord,
    schema: &Schema,
    kind: KindId,
    fields: &[String],
    asked: &BTreeMap<String, Value>,
) -> Result<(), Error> {
    for field in fields {
        match field.as_str() {
            "id" => {
                return Err(refused("the `id` of a node stays for ever".to_owned())
                    .with_hint("make another node, and delete this one"));
            }
            "certainty" => return Err(Columns::certainty_is_claimed()),
            "name" => record.name = Columns::text("name", asked)?.unwrap_or_default(),
            "aliases" => record.aliases = Columns::texts("aliases", asked)?,
            "sectors" => record.sectors = Columns::texts("sectors", asked)?,
            "tags" => record.tags = Columns::texts("tags", asked)?,
            "identifiers" => record.identifiers = Columns::identifiers(asked)?,
            "stage" => record.stage = Columns::text("stage", asked)?,
            "valid_from" | "valid_to" => {
                put_dates(&mut record.valid_from, &mut record.valid_to, asked)?;
            }
            "amount" | "amount_currency" | "amount_qualifier" => {
                put_amount(&mut record.amount, asked)?;
            }
            _ => put_free(&mut record.properties, field, asked),
        }
    }
    if record.name.is_empty() && fields.iter().any(|it| it == "name") {
        let message = format!("a {} without a `name`", schema.kind(kind).label);
        return Err(refused(message).with_hint("give it a `name` that is a text"));
    }
    if let Some(stage) = &record.stage {
        if schema.stage_id(stage).is_none() {
            let stages: Vec<&str> = schema.stages().iter().map(|it| it.id.as_str()).collect();
            let hint = did_you_mean(stage, stages.iter().copied())
                .unwrap_or_else(|| format!("the stages are {}", some_of(stages.into_iter())));
            return Err(refused(format!("`{stage}` is no stage of the schema")).with_hint(hint));
        }
        if schema.kind(kind).family != Family::Company {
            let message = format!("a {} has no `stage`", schema.kind(kind).label);
            return Err(refused(message).with_hint("stages are of companies"));
        }
    }
    Ok(())
}

/// A field for which a stronger or newer claim says otherwise would not change for whoever reads it.
fn must_be_shown(
    graph: &Graph,
    options: &CommitOptions,
    record: &NodeRecord,
    fields: &[String],
) -> Result<(), Error> {
    let floor = weft_graph::Certainty::Inferred;
    let (Some(shown), _) = resolve_node(record, &date_of(graph, options), floor) else {
        return Ok(());
    };
    columns::must_be_shown(fields, &record.id, |field| match field {
        "name" => shown.name != record.name,
        "stage" => shown.stage != record.stage,
        "valid_from" => shown.valid_from != record.valid_from,
        "valid_to" => shown.valid_to != record.valid_to,
        "amount" | "amount_currency" | "amount_qualifier" => shown.amount != record.amount,
        field => shown.properties.get(field) != record.properties.get(field),
    })
}
