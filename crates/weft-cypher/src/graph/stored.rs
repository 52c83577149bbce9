//! The columns of a record as properties: what each is called, and what it gives.

use std::sync::Arc;

use weft_graph::{NodeRef, Property, TieRef};
use weft_value::Value;

use crate::{Entries, Val};

/// A property as it lies in the graph, so that it can be compared without a copy.
#[derive(Clone, Debug)]
pub enum Stored<'a> {
    /// There is none of that key.
    Nothing,
    /// Text of a column.
    Text(&'a str),
    /// A free property of the snapshot.
    Value(&'a Value),
    /// A property that the transaction wrote.
    Val(&'a Val),
    /// One that is made when it is asked for.
    Made(Val),
}

impl<'a> Stored<'a> {
    fn of(property: Property<'a>) -> Self {
        match property {
            Property::Text(text) => Self::Text(text),
            Property::Value(value) => Self::Value(value),
            made => Self::Made(val_of(&made.to_value())),
        }
    }

    /// The value itself.
    pub fn to_val(self) -> Val {
        match self {
            Self::Nothing => Val::Null,
            Self::Text(text) => Val::String(text.into()),
            Self::Value(value) => val_of(value),
            Self::Val(val) => val.clone(),
            Self::Made(val) => val,
        }
    }

    /// The value if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Value(Value::String(text)) => Some(text),
            Self::Val(Val::String(text)) | Self::Made(Val::String(text)) => Some(text),
            _ => None,
        }
    }
}

pub(super) fn node_property<'a>(node: NodeRef<'a>, key: &str) -> Stored<'a> {
    node.get(key).map_or(Stored::Nothing, Stored::of)
}

pub(super) fn tie_property<'a>(tie: TieRef<'a>, key: &str) -> Stored<'a> {
    tie.get(key).map_or(Stored::Nothing, Stored::of)
}

pub(super) fn node_properties(node: NodeRef<'_>) -> Entries {
    all(node.all_properties())
}

pub(super) fn tie_properties(tie: TieRef<'_>) -> Entries {
    all(tie.all_properties())
}

fn all(properties: Vec<(&str, Property<'_>)>) -> Entries {
    properties.into_iter().map(|(key, it)| (key.into(), Stored::of(it).to_val())).collect()
}

fn val_of(value: &Value) -> Val {
    match value {
        Value::Null => Val::Null,
        Value::Boolean(it) => Val::Boolean(*it),
        Value::Integer(it) => Val::Integer(*it),
        Value::Float(it) => Val::Float(*it),
        Value::String(it) => Val::String(it.as_str().into()),
        Value::Time(it) => Val::Time(*it),
        Value::DateTime(it) => Val::DateTime(Arc::new(it.clone())),
        Value::Duration(it) => Val::Duration(Arc::new(*it)),
        Value::Point(it) => Val::Point(Arc::new(*it)),
        Value::List(it) => Val::List(it.iter().map(val_of).collect()),
        Value::Date(it) => Val::Date(*it),
        Value::LocalTime(it) => Val::LocalTime(*it),
        Value::LocalDateTime(it) => Val::LocalDateTime(*it),
        Value::Map(it) => {
            Val::Map(it.iter().map(|(key, it)| (key.as_str().into(), val_of(it))).collect())
        }
        // A property holds none of these; what should hand one over checks it.
        Value::Node(_) | Value::Relationship(_) | Value::Path(_) => Val::Null,
    }
}
