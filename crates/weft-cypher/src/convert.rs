//! Values of a running query as plain data, and back.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use weft_graph::{NodeIdx, Property, TieIdx};
use weft_value::{NodeValue, PathValue, RelationshipValue, Value};

use crate::bound::{Expr, ExprKind};
use crate::eval::eval;
use crate::stack::deeper;
use crate::val::{self, VALUE_DEPTH_MAX};
use crate::{Context, Detail, Entries, Error, ErrorKind, Graph, Row, Stored, Val};

/// What an entry of a map takes beside its key and its value, by estimate.
const ENTRY_BYTES: usize = size_of::<String>() + size_of::<Value>() + 16;

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
    held: &mut usize,
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
    copied(&eval(expr, row, ctx)?, held, ctx)
}

/// Returns a value as plain data, if there is room for it: what is held once, however often it stands
/// in a row or a list, is copied as often. `held` grows by what was counted for it.
///
/// # Errors
/// A `LimitError` where it is larger than what the query may still hold.
pub(crate) fn copied(val: &Val, held: &mut usize, ctx: &Context<'_>) -> Result<Value, Error> {
    if matches!(val, Val::List(_) | Val::Map(_) | Val::String(_)) {
        let n_bytes = val::n_bytes(val);
        ctx.hold(n_bytes)?;
        *held += n_bytes;
    }
    Ok(to_value(val, ctx.graph))
}

/// About how many bytes a row of plain data takes.
pub(crate) fn n_bytes_of_row(row: &[Value]) -> usize {
    size_of_val(row) + row.iter().map(n_bytes).sum::<usize>()
}

/// About how many bytes a value takes beside its own place.
fn n_bytes(value: &Value) -> usize {
    let properties = |it: &BTreeMap<String, Value>| -> usize {
        it.iter().map(|(key, it)| ENTRY_BYTES + key.len() + n_bytes(it)).sum()
    };
    let node = |it: &NodeValue| {
        let labels: usize = it.labels.iter().map(|it| size_of::<String>() + it.len()).sum();
        size_of::<NodeValue>() + it.element_id.len() + labels + properties(&it.properties)
    };
    let relationship = |it: &RelationshipValue| {
        let ids = it.element_id.len() + it.start_element_id.len() + it.end_element_id.len();
        let own = size_of::<RelationshipValue>() + ids + it.relation_type.len();
        own + properties(&it.properties)
    };
    match value {
        Value::String(it) => it.len(),
        Value::List(it) => deeper(|| n_bytes_of_row(it)),
        Value::Map(it) => deeper(|| properties(it)),
        Value::Node(it) => node(it),
        Value::Relationship(it) => relationship(it),
        Value::Path(it) => {
            let nodes: usize = it.nodes.iter().map(node).sum();
            nodes + it.relationships.iter().map(relationship).sum::<usize>()
        }
        _ => 0,
    }
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
