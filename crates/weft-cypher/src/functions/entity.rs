//! Functions of nodes, relationships and paths.

use weft_graph::{NodeIdx, TieIdx};
use weft_value::PartialDate;

use super::{Function, Type, wrong_type, wrong_value};
use crate::eval::all_properties;
use crate::{Context, Detail, Entries, Error, Val};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "id",
        &[Type::Entity],
        Type::Integer,
        "The number of a node or a relationship, never used again once it is deleted. Of a new one it is for \
         sure after the commit: rely on `elementId`, as clients do.",
        |all, ctx| match all[0] {
            Val::Null => Ok(Val::Null),
            Val::Node(node) => Ok(Val::Integer(ctx.graph.node_key(node))),
            Val::Relationship(tie) => Ok(Val::Integer(ctx.graph.tie_key(tie))),
            _ => Err(wrong_type("id", "a node or a relationship", &all[0])),
        },
    ),
    Function::scalar(
        "elementId",
        &[Type::Entity],
        Type::String,
        "The text by which a node or a relationship is known outside: its id in the store. Without a schema \
         a new one has it from the beginning, with one from the commit on.",
        |all, ctx| match all[0] {
            Val::Null => Ok(Val::Null),
            Val::Node(node) => Ok(ctx.graph.node_element_id(node).into()),
            Val::Relationship(tie) => Ok(ctx.graph.tie_element_id(tie).into()),
            _ => Err(wrong_type("elementId", "a node or a relationship", &all[0])),
        },
    ),
    Function::scalar(
        "labels",
        &[Type::Node],
        Type::List,
        "The labels of a node: its own before that of its family, and without a schema by their letters.",
        |all, ctx| match all[0] {
            Val::Null => Ok(Val::Null),
            Val::Node(node) => {
                ctx.graph.must_be_there(node)?;
                Ok(Val::List(ctx.graph.labels(node).into_iter().map(Val::String).collect()))
            }
            _ => Err(wrong_type("labels", "a node", &all[0])),
        },
    ),
    Function::scalar(
        "type",
        &[Type::Relationship],
        Type::String,
        "The type of a relationship.",
        |all, ctx| relationship("type", &all[0], |it| Val::String(ctx.graph.relation_type(it))),
    ),
    Function::scalar(
        "startNode",
        &[Type::Relationship],
        Type::Node,
        "The node that a relationship starts from.",
        |all, ctx| relationship("startNode", &all[0], |it| Val::Node(ctx.graph.start(it))),
    ),
    Function::scalar(
        "endNode",
        &[Type::Relationship],
        Type::Node,
        "The node that a relationship goes to.",
        |all, ctx| relationship("endNode", &all[0], |it| Val::Node(ctx.graph.end(it))),
    ),
    Function::scalar(
        "properties",
        &[Type::EntityOrMap],
        Type::Map,
        "All properties of a node, a relationship or a map.",
        |all, ctx| match properties("properties", &all[0], ctx)? {
            Some(properties) => Ok(Val::Map(properties.into())),
            None => Ok(Val::Null),
        },
    ),
    Function::scalar(
        "keys",
        &[Type::EntityOrMap],
        Type::List,
        "The names of the properties of a node, a relationship or a map.",
        |all, ctx| match properties("keys", &all[0], ctx)? {
            Some(properties) => Ok(Val::List(properties.into_keys().map(Val::String).collect())),
            None => Ok(Val::Null),
        },
    ),
    Function::scalar(
        "nodes",
        &[Type::Path],
        Type::List,
        "The nodes of a path.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::Path(path) => Ok(Val::List(path.nodes.iter().copied().map(Val::Node).collect())),
            it => Err(wrong_type("nodes", "a path", it)),
        },
    ),
    Function::scalar(
        "relationships",
        &[Type::Path],
        Type::List,
        "The relationships of a path.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::Path(path) => {
                Ok(Val::List(path.relationships.iter().copied().map(Val::Relationship).collect()))
            }
            it => Err(wrong_type("relationships", "a path", it)),
        },
    ),
    Function::scalar(
        "length",
        &[Type::Path],
        Type::Integer,
        "How many relationships a path has.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::Path(path) => Ok(Val::Integer(path.relationships.len() as i64)),
            it => Err(wrong_type("length", "a path", it)),
        },
    ),
    Function::scalar(
        "weft.valid_at",
        &[Type::Any, Type::Any],
        Type::Boolean,
        "Whether a node or a relationship (with both its ends) is in at a date, given as text \
         (`2024`, `2024-03`) or as a date; without `valid_from` and `valid_to` it is in.",
        valid_at,
    ),
];

fn relationship(function: &str, val: &Val, f: impl Fn(TieIdx) -> Val) -> Result<Val, Error> {
    match val {
        Val::Null => Ok(Val::Null),
        Val::Relationship(tie) => Ok(f(*tie)),
        _ => Err(wrong_type(function, "a relationship", val)),
    }
}

fn properties(function: &str, val: &Val, ctx: &Context<'_>) -> Result<Option<Entries>, Error> {
    match all_properties(val, ctx) {
        Some(properties) => properties.map(Some),
        None if val.is_null() => Ok(None),
        None => Err(wrong_type(function, "a node, a relationship or a map", val)),
    }
}

fn valid_at(all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let date = partial_date(&all[1])?.last_key();
    let node_is_in = |node: NodeIdx| is_in(date, |key| ctx.graph.node_property(node, key));
    Ok(Val::Boolean(match all[0] {
        Val::Node(node) => node_is_in(node)?,
        Val::Relationship(tie) => {
            is_in(date, |key| ctx.graph.tie_property(tie, key))?
                && node_is_in(ctx.graph.start(tie))?
                && node_is_in(ctx.graph.end(tie))?
        }
        _ => return Err(wrong_type("weft.valid_at", "a node or a relationship", &all[0])),
    }))
}

/// Whether what has these properties is in at a date: from its first day to the end of its last.
fn is_in(date: i32, property: impl Fn(&str) -> Result<Val, Error>) -> Result<bool, Error> {
    let bound = |key: &str| match property(key)? {
        Val::Null => Ok(None),
        val => partial_date(&val).map(Some),
    };
    let has_begun = bound("valid_from")?.is_none_or(|it| it.first_key() <= date);
    Ok(has_begun && bound("valid_to")?.is_none_or(|it| date <= it.last_key()))
}

fn partial_date(val: &Val) -> Result<PartialDate, Error> {
    let text = match val {
        Val::String(text) => text.to_string(),
        Val::Date(date) => date.to_string(),
        _ => return Err(wrong_type("weft.valid_at", "a date as text or of type date", val)),
    };
    text.parse().map_err(|err: weft_value::DateError| {
        wrong_value(Detail::InvalidArgumentValue, format!("`{text}` is {err}"))
    })
}
