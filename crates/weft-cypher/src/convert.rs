//! Values of a running query as plain data, and back.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use weft_graph::{NodeIdx, Property, TieIdx};
use weft_value::{NodeValue, PathValue, RelationshipValue, Value};

use crate::bound::{Expr, ExprKind};
use crate::eval::eval;
use crate::memory::{Held, allocated};
use crate::stack::deeper;
use crate::val::VALUE_DEPTH_MAX;
use crate::{Context, Detail, Entries, Error, ErrorKind, Graph, Row, Stored, Val};

/// Entries of a leaf of the standard library's trees.
const LEAF_ENTRIES: usize = 11;

/// Returns a value as plain data that outlives the graph; nodes and relationships bring their
/// labels, types and properties (none where they were deleted).
pub fn to_value(val: &Val, graph: &Graph) -> Value {
    match val {
        Val::Null => Value::Null,
        Val::Boolean(it) => Value::Boolean(*it),
        Val::Integer(it) => Value::Integer(*it),
        Val::Float(it) => Value::Float(*it),
        Val::String(it) => Value::String(it.to_string()),
        Val::List(it) => Value::List(it.iter().map(|it| deeper(|| to_value(it, graph))).collect()),
        Val::Map(it) => Value::Map(entries(it, graph)),
        Val::Node(it) => Value::Node(Box::new(node(*it, graph))),
        Val::Relationship(it) => Value::Relationship(Box::new(relationship(*it, graph))),
        Val::Path(it) => Value::Path(Box::new(PathValue {
            nodes: it.nodes.iter().map(|it| node(*it, graph)).collect(),
            relationships: it.relationships.iter().map(|it| relationship(*it, graph)).collect(),
        })),
        Val::Date(it) => Value::Date(*it),
        Val::LocalTime(it) => Value::LocalTime(*it),
        Val::Time(it) => Value::Time(*it),
        Val::LocalDateTime(it) => Value::LocalDateTime(*it),
        Val::DateTime(it) => Value::DateTime((**it).clone()),
        Val::Duration(it) => Value::Duration(**it),
        Val::Point(it) => Value::Point(**it),
    }
}

/// Returns the value of an expression as plain data; what is read of the graph is copied once.
///
/// # Errors
/// As [`eval`] and [`copied`].
pub(crate) fn computed(
    expr: &Expr,
    row: &mut Row,
    held: &mut Held,
    ctx: &Context<'_>,
) -> Result<Value, Error> {
    if let ExprKind::Property(of, key) = &expr.kind
        && let ExprKind::Slot(slot) = of.kind
        && let Val::Node(node) = row[slot.index()]
    {
        let stored = ctx.graph.stored_node_property(node, key).map_err(|it| it.at(expr.span))?;
        return Ok(match stored {
            Stored::Text(text) => Value::String(text.to_owned()),
            stored => to_value(&stored.to_val(), ctx.graph),
        });
    }
    let n_made = ctx.n_made();
    let value = copied(&eval(expr, row, ctx)?, held, ctx)?;
    ctx.unmake_to(n_made);
    Ok(value)
}

/// Returns a value as plain data, if there is room for it: what is held once, however often it stands
/// in a row or a list, is copied as often. `held` counts what is in it.
///
/// # Errors
/// A `LimitError` where it is larger than what the query may still hold.
pub(crate) fn copied(val: &Val, held: &mut Held, ctx: &Context<'_>) -> Result<Value, Error> {
    match val {
        Val::String(text) => {
            held.add(text.len())?;
            ctx.steps_through(text.len())?;
            Ok(Value::String(text.to_string()))
        }
        Val::List(_) | Val::Map(_) | Val::Path(_) => copied_whole(val, held, ctx),
        val => Ok(to_value(val, ctx.graph)),
    }
}

/// The same of a value that others stand in.
fn copied_whole(val: &Val, held: &mut Held, ctx: &Context<'_>) -> Result<Value, Error> {
    ctx.step()?;
    Ok(match val {
        Val::List(list) => {
            held.add(allocated(list.len() * size_of::<Value>()))?;
            let mut all = Vec::with_capacity(list.len());
            for item in list.iter() {
                all.push(deeper(|| copied_whole(item, held, ctx))?);
            }
            Value::List(all)
        }
        Val::Map(map) => {
            held.add(leaves(map.len()))?;
            let mut all = BTreeMap::new();
            for (key, value) in map.iter() {
                held.add(allocated(key.len()))?;
                all.insert(key.to_string(), deeper(|| copied_whole(value, held, ctx))?);
            }
            Value::Map(all)
        }
        Val::Path(path) => {
            let mut nodes = Vec::with_capacity(path.nodes.len());
            for &it in &path.nodes {
                ctx.step()?;
                nodes.push(node(it, ctx.graph));
                held.add(n_bytes_of_node(&nodes[nodes.len() - 1]))?;
            }
            let mut relationships = Vec::with_capacity(path.relationships.len());
            for &it in &path.relationships {
                ctx.step()?;
                relationships.push(relationship(it, ctx.graph));
                held.add(n_bytes_of_tie(&relationships[relationships.len() - 1]))?;
            }
            Value::Path(Box::new(PathValue { nodes, relationships }))
        }
        val => {
            let value = to_value(val, ctx.graph);
            held.add(n_bytes(&value))?;
            value
        }
    })
}

/// How many bytes a row of plain data takes.
pub(crate) fn n_bytes_of_row(row: &[Value]) -> usize {
    allocated(size_of_val(row)) + row.iter().map(n_bytes).sum::<usize>()
}

/// What the entries of a tree take beside their keys and values. It is made at once, of sorted entries, so that
/// its leaves are full.
fn leaves(n_entries: usize) -> usize {
    n_entries.div_ceil(LEAF_ENTRIES) * allocated(LEAF_ENTRIES * size_of::<(String, Value)>() + 16)
}

/// How many bytes a value takes beside its own place.
fn n_bytes(value: &Value) -> usize {
    match value {
        Value::String(it) => allocated(it.len()),
        Value::List(it) => deeper(|| n_bytes_of_row(it)),
        Value::Map(it) => deeper(|| n_bytes_of_entries(it)),
        Value::Node(it) => n_bytes_of_node(it),
        Value::Relationship(it) => n_bytes_of_tie(it),
        Value::Path(it) => {
            let nodes: usize = it.nodes.iter().map(n_bytes_of_node).sum();
            let ties: usize = it.relationships.iter().map(n_bytes_of_tie).sum();
            allocated(size_of::<PathValue>()) + nodes + ties
        }
        _ => 0,
    }
}

fn n_bytes_of_entries(entries: &BTreeMap<String, Value>) -> usize {
    let each = entries.iter().map(|(key, it)| allocated(key.len()) + n_bytes(it));
    leaves(entries.len()) + each.sum::<usize>()
}

/// How many bytes a node takes with its own place, wherever that is.
fn n_bytes_of_node(node: &NodeValue) -> usize {
    let labels = node.labels.iter().map(|it| size_of::<String>() + allocated(it.len()));
    allocated(size_of::<NodeValue>())
        + allocated(node.element_id.len())
        + labels.sum::<usize>()
        + n_bytes_of_entries(&node.properties)
}

fn n_bytes_of_tie(tie: &RelationshipValue) -> usize {
    let texts = [&tie.element_id, &tie.start_element_id, &tie.end_element_id, &tie.relation_type];
    allocated(size_of::<RelationshipValue>())
        + texts.map(|it| allocated(it.len())).iter().sum::<usize>()
        + n_bytes_of_entries(&tie.properties)
}

/// Returns plain data as a value of a running query; nodes and relationships are recognised by
/// their keys.
///
/// # Errors
/// `EntityNotFound` where the graph has none of that key, a `LimitError` where lists and maps stand
/// too deep in each other.
pub fn from_value(value: &Value, graph: &Graph) -> Result<Val, Error> {
    from_nested(value, graph, 0, &mut Keys::default())
}

/// The keys of all maps of a value, each once: rows that are handed over have the same keys.
type Keys<'v> = HashMap<&'v str, Arc<str>, FixedState>;

fn from_nested<'v>(
    value: &'v Value,
    graph: &Graph,
    depth: u32,
    keys: &mut Keys<'v>,
) -> Result<Val, Error> {
    let inner = |it: &'v Value, keys: &mut Keys<'v>| {
        if depth >= VALUE_DEPTH_MAX {
            let message =
                format!("lists and maps stand more than {VALUE_DEPTH_MAX} deep in each other");
            return Err(Error::runtime(ErrorKind::LimitError, Detail::LimitExceeded, message));
        }
        match it {
            Value::List(_) | Value::Map(_) => deeper(|| from_nested(it, graph, depth + 1, keys)),
            plain => from_nested(plain, graph, depth + 1, keys),
        }
    };
    Ok(match value {
        Value::Null => Val::Null,
        Value::Boolean(it) => Val::Boolean(*it),
        Value::Integer(it) => Val::Integer(*it),
        Value::Float(it) => Val::Float(*it),
        Value::String(it) => Val::from(it.as_str()),
        Value::List(it) => {
            let mut items = Vec::with_capacity(it.len());
            for item in it {
                items.push(inner(item, keys)?);
            }
            Val::from(items)
        }
        Value::Map(it) => {
            let mut entries = Entries::with_capacity(it.len());
            for (key, value) in it {
                let value = inner(value, keys)?;
                let key = keys.entry(key).or_insert_with(|| Arc::from(key.as_str()));
                entries.insert(key.clone(), value);
            }
            Val::Map(entries.into())
        }
        Value::Node(it) => find_node(it, graph).map(Val::Node)?,
        Value::Relationship(it) => find_tie(it, graph).map(Val::Relationship)?,
        Value::Path(it) => {
            let nodes = it.nodes.iter().map(|it| find_node(it, graph)).collect::<Result<_, _>>()?;
            let relationships = it.relationships.iter().map(|it| find_tie(it, graph));
            let relationships = relationships.collect::<Result<_, _>>()?;
            Val::Path(Arc::new(crate::Path { nodes, relationships }))
        }
        Value::Date(it) => Val::Date(*it),
        Value::LocalTime(it) => Val::LocalTime(*it),
        Value::Time(it) => Val::Time(*it),
        Value::LocalDateTime(it) => Val::LocalDateTime(*it),
        Value::DateTime(it) => Val::DateTime(Arc::new(it.clone())),
        Value::Duration(it) => Val::Duration(Arc::new(*it)),
        Value::Point(it) => Val::Point(Arc::new(*it)),
    })
}

fn node(node: NodeIdx, graph: &Graph) -> NodeValue {
    NodeValue {
        key: graph.node_key(node),
        element_id: graph.node_element_id(node),
        labels: graph.labels(node).iter().map(|it| it.to_string()).collect(),
        properties: match graph.stored_node(node) {
            Some(stored) => plain(stored.all_properties()),
            None => entries(&graph.node_properties(node).unwrap_or_default(), graph),
        },
    }
}

fn relationship(tie: TieIdx, graph: &Graph) -> RelationshipValue {
    let (start, end) = (graph.start(tie), graph.end(tie));
    RelationshipValue {
        key: graph.tie_key(tie),
        element_id: graph.tie_element_id(tie),
        start_key: graph.node_key(start),
        end_key: graph.node_key(end),
        start_element_id: graph.node_element_id(start),
        end_element_id: graph.node_element_id(end),
        relation_type: graph.relation_type(tie).to_string(),
        properties: match graph.stored_tie(tie) {
            Some(stored) => plain(stored.all_properties()),
            None => entries(&graph.tie_properties(tie).unwrap_or_default(), graph),
        },
    }
}

/// What lies in the snapshot is plain data already, and copied once.
fn plain(properties: Vec<(&str, Property<'_>)>) -> BTreeMap<String, Value> {
    properties.into_iter().map(|(key, it)| (key.to_owned(), it.to_value())).collect()
}

fn entries(entries: &Entries, graph: &Graph) -> BTreeMap<String, Value> {
    let value = |it: &Val| deeper(|| to_value(it, graph));
    entries.iter().map(|(key, it)| (key.to_string(), value(it))).collect()
}

fn find_node(node: &NodeValue, graph: &Graph) -> Result<NodeIdx, Error> {
    graph.find_node_key(node.key).ok_or_else(|| gone("node", &node.element_id))
}

fn find_tie(tie: &RelationshipValue, graph: &Graph) -> Result<TieIdx, Error> {
    graph.find_tie_key(tie.key).ok_or_else(|| gone("relationship", &tie.element_id))
}

fn gone(what: &str, element_id: &str) -> Error {
    let message = format!("the graph has no {what} `{element_id}`");
    Error::runtime(ErrorKind::EntityNotFound, Detail::DeletedEntityAccess, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_went_out() {
        let graph = Graph::new(weft_graph::fixture("a:university -partners_with-> b:company"));
        let path =
            crate::Path { nodes: vec![NodeIdx(0), NodeIdx(1)], relationships: vec![TieIdx(0)] };
        let vals = [
            Val::Null,
            Val::from(vec![Val::from(1), Val::from(1.5), Val::from("text"), Val::from(true)]),
            Val::Map([("key".into(), Val::Node(NodeIdx(1)))].into_iter().collect()),
            Val::Relationship(TieIdx(0)),
            Val::Path(Arc::new(path)),
            Val::Date("2024-02-29".parse().unwrap()),
        ];
        for val in vals {
            let value = to_value(&val, &graph);
            assert_eq!(from_value(&value, &graph).unwrap(), val, "{value}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let graph = Graph::new(weft_graph::fixture("a:university"));
        let nested = |depth| (0..depth).fold(Value::Null, |it, _| Value::List(vec![it]));
        assert!(from_value(&nested(VALUE_DEPTH_MAX), &graph).is_ok());
        let err = from_value(&nested(VALUE_DEPTH_MAX + 1), &graph).unwrap_err();
        assert_eq!(err.kind, ErrorKind::LimitError);
    }
}
