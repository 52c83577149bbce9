//! What a transaction has written, as one change set: labels and types become kinds and relations,
//! properties the columns of records, and everything new rests on the source that is named; under a
//! schema one must be.
//!
//! Knows no store: whoever applies the changes makes sure that nobody wrote in between.

mod columns;
mod free;
mod node;
mod tie;

use std::collections::{BTreeMap, HashMap};

use weft_graph::{Certainty, Change, ChangeSet, Claim, NodeIdx, Snapshot, Source};
use weft_value::{NodeValue, RelationshipValue, Value};

use crate::stack::deeper;
use crate::{Detail, Error, ErrorKind, Graph, to_value};

/// What new and changed records rest on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CommitOptions {
    /// The id of the source that says so; without a schema there need be none.
    pub source: Option<String>,
    /// Where in the source.
    pub locator: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// Sources that come with the changes.
    pub new_sources: Vec<Source>,
}

/// Turns what a graph has over its snapshot into changes, in an order in which each can be applied.
///
/// Without a schema, nodes and relationships that were made have ids made of their numbers, which no
/// other transaction with the same [`crate::Keys`] gave.
///
/// # Errors
/// `ConstraintValidationFailed` where the schema does not allow what was written, or where it rests on
/// no source.
pub fn commit(graph: &Graph, options: &CommitOptions) -> Result<ChangeSet, Error> {
    let snapshot = graph.snapshot();
    let mut changes: Vec<Change> = Vec::new();
    if graph.is_unchanged() {
        return Ok(changes.into());
    }
    changes.extend(options.new_sources.iter().cloned().map(Change::PutSource));
    let ids_of_deleted = graph.deleted_ties().into_iter().map(|it| snapshot.tie(it).id());
    changes.extend(ids_of_deleted.map(Change::RemoveTie));
    for node in graph.deleted_nodes() {
        must_have_no_facts(snapshot, node)?;
        changes.push(Change::RemoveNode(snapshot.node(node).id().to_owned()));
    }
    if snapshot.schema().is_open() {
        free::write(graph, options, &mut changes)?;
    } else {
        let mut ids = node::Ids::new(graph);
        node::write(graph, options, &mut ids, &mut changes)?;
        tie::write(graph, options, &ids, &mut changes)?;
    }
    Ok(changes.into())
}

/// The graph as it would be committed now, for whoever reads snapshots alone.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) snapshot: Snapshot,
    /// What new nodes and relationships are called there, where otherwise than here; and back.
    there: Names,
    here: Names,
}

/// Numbers and ids by the numbers of nodes and relationships that are called otherwise.
#[derive(Debug, Default)]
struct Names {
    nodes: HashMap<i64, (i64, String)>,
    ties: HashMap<i64, (i64, String)>,
}

/// The source that new records rest on while nothing is committed; no source of a store can have its
/// id, which is none.
const DRAFT: &str = "(this transaction)";

/// Makes the graph as it would be committed now. Whether a source is named, and is newer or surer than
/// those that are there, is not asked before the commit itself.
pub(crate) fn draft(graph: &Graph) -> Result<Draft, Error> {
    let title = "what this transaction wrote and has not committed";
    let source = Source { id: DRAFT.into(), title: title.into(), ..Source::default() };
    let options = CommitOptions {
        source: Some(DRAFT.into()),
        new_sources: if graph.snapshot().schema().is_open() { Vec::new() } else { vec![source] },
        ..CommitOptions::default()
    };
    let changes = commit(graph, &options)?;
    let snapshot = graph.snapshot().with(&changes).map_err(|it| refused(it.to_string()))?;
    let (mut there, mut here) = (Names::default(), Names::default());
    let ids = changes.changes.iter().filter_map(|it| match it {
        Change::PutNode(it) => Some(&it.id),
        _ => None,
    });
    for (node, id) in last_of(ids, graph.created_nodes()) {
        let own = (graph.node_key(node), graph.node_element_id(node));
        let key = snapshot.find_node(id).map_or(own.0, |it| snapshot.node(it).key().0.into());
        if own != (key, id.clone()) {
            there.nodes.insert(own.0, (key, id.clone()));
            here.nodes.insert(key, own);
        }
    }
    let ids = changes.changes.iter().filter_map(|it| match it {
        Change::PutTie(it) => Some(it.id()),
        _ => None,
    });
    for (tie, id) in last_of(ids, graph.created_ties()) {
        let own = (graph.tie_key(tie), graph.tie_element_id(tie));
        let key = snapshot.find_tie(&id).map_or(own.0, |it| snapshot.tie(it).key().0.into());
        if own != (key, id.clone()) {
            there.ties.insert(own.0, (key, id));
            here.ties.insert(key, own);
        }
    }
    Ok(Draft { snapshot, there, here })
}

/// New ones with their ids: they are the last of their sort among the changes, in their order.
fn last_of<T, I>(ids: impl Iterator<Item = I>, new: impl Iterator<Item = T>) -> Vec<(T, I)> {
    let (ids, new): (Vec<I>, Vec<T>) = (ids.collect(), new.collect());
    let n_before = ids.len().saturating_sub(new.len());
    new.into_iter().zip(ids.into_iter().skip(n_before)).collect()
}

fn is_draft(options: &CommitOptions) -> bool {
    options.source.as_deref() == Some(DRAFT)
}

impl Draft {
    /// A value of the transaction as the draft knows its nodes and relationships.
    pub(crate) fn name_there(&self, value: &mut Value) {
        self.there.put(value);
    }

    /// A value of the draft as the transaction knows its nodes and relationships.
    pub(crate) fn name_here(&self, value: &mut Value) {
        self.here.put(value);
    }
}

impl Names {
    /// Gives the nodes and relationships in a value their other numbers and ids.
    fn put(&self, value: &mut Value) {
        if self.nodes.is_empty() && self.ties.is_empty() {
            return;
        }
        match value {
            Value::Node(it) => self.put_node(it),
            Value::Relationship(it) => self.put_tie(it),
            Value::Path(it) => {
                it.nodes.iter_mut().for_each(|it| self.put_node(it));
                it.relationships.iter_mut().for_each(|it| self.put_tie(it));
            }
            Value::List(all) => all.iter_mut().for_each(|it| deeper(|| self.put(it))),
            Value::Map(all) => all.values_mut().for_each(|it| deeper(|| self.put(it))),
            _ => {}
        }
    }

    fn put_node(&self, it: &mut NodeValue) {
        rename(&self.nodes, &mut it.key, &mut it.element_id);
    }

    fn put_tie(&self, it: &mut RelationshipValue) {
        rename(&self.ties, &mut it.key, &mut it.element_id);
        rename(&self.nodes, &mut it.start_key, &mut it.start_element_id);
        rename(&self.nodes, &mut it.end_key, &mut it.end_element_id);
    }
}

fn rename(names: &HashMap<i64, (i64, String)>, key: &mut i64, id: &mut String) {
    if let Some(name) = names.get(key) {
        (*key, *id) = name.clone();
    }
}

/// Properties by name, as plain data.
type Properties = BTreeMap<String, Value>;

fn properties_of_node(graph: &Graph, node: NodeIdx) -> Result<Properties, Error> {
    let all = graph.node_properties(node)?.into_iter();
    Ok(all.map(|(key, it)| (key.to_string(), to_value(&it, graph))).collect())
}

fn properties_of_tie(graph: &Graph, tie: weft_graph::TieIdx) -> Result<Properties, Error> {
    let all = graph.tie_properties(tie)?.into_iter();
    Ok(all.map(|(key, it)| (key.to_string(), to_value(&it, graph))).collect())
}

/// What the schema does not allow.
fn refused(message: String) -> Error {
    let (kind, detail) = (ErrorKind::ConstraintValidationFailed, Detail::SchemaViolation);
    Error::runtime(kind, detail, message)
}

/// Nothing is dropped silently: a figure about a node goes before the node does.
fn must_have_no_facts(snapshot: &Snapshot, node: NodeIdx) -> Result<(), Error> {
    let id = snapshot.node(node).id();
    let mut facts = snapshot.facts().iter().filter(|it| it.subject == id);
    let Some(first) = facts.next() else { return Ok(()) };
    let message = format!(
        "the node `{id}` cannot be deleted: {} figures are about it, `{}` first",
        facts.count() + 1,
        first.id
    );
    Err(refused(message).with_hint("figures come and go with the dataset that brought them"))
}

/// Makes sure that a source is there.
///
/// # Errors
/// `ConstraintValidationFailed`, with the one that was perhaps meant.
pub fn must_find_source(snapshot: &Snapshot, id: &str) -> Result<(), Error> {
    if snapshot.find_source(id).is_some() {
        return Ok(());
    }
    let mut known: Vec<&str> = snapshot.sources().map(|it| it.id.as_str()).collect();
    known.sort_unstable();
    let hint = crate::suggest::did_you_mean(id, known).unwrap_or(
        "`weft sources` lists them; `weft import` reads new ones from `sources.csv`".into(),
    );
    Err(refused(format!("there is no source `{id}`")).with_hint(hint))
}

/// The claim that new and changed records rest on.
fn claim(graph: &Graph, options: &CommitOptions) -> Result<Claim, Error> {
    let Some(source) = &options.source else {
        let message = "what is written here rests on a source, and none is named";
        return Err(refused(message.to_owned()).with_hint(
            "name its id: `weft query --source ID`, `:source ID` in `weft shell`, over Bolt `source` \
             in the metadata of the transaction; `weft sources` lists them",
        ));
    };
    if options.new_sources.iter().all(|it| it.id != *source) {
        must_find_source(graph.snapshot(), source)?;
    }
    Ok(Claim {
        source: source.clone(),
        locator: options.locator.clone(),
        certainty: options.certainty,
        ..Claim::default()
    })
}

/// The dates of all sources, by id, to weigh claims by.
fn date_of<'a>(
    graph: &'a Graph,
    options: &'a CommitOptions,
) -> impl Fn(&str) -> Option<weft_value::PartialDate> + 'a {
    let new = |id: &str| options.new_sources.iter().find(|it| it.id == id);
    move |id| new(id).or_else(|| graph.snapshot().find_source(id))?.date
}

#[cfg(test)]
mod tests;
