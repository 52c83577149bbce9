//! The columns of a record as properties: what each is called, and what it gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use weft_graph::{Amount, NodeRef, TieRef};
use weft_value::{PartialDate, Value};

use super::words::Words;
use crate::Val;

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

impl Stored<'_> {
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

const NODE_COLUMNS: [&str; 13] = [
    "id",
    "name",
    "aliases",
    "identifiers",
    "sectors",
    "stage",
    "tags",
    "valid_from",
    "valid_to",
    "certainty",
    "amount",
    "amount_currency",
    "amount_qualifier",
];
const TIE_COLUMNS: [&str; 8] = [
    "id",
    "valid_from",
    "valid_to",
    "certainty",
    "amount",
    "amount_currency",
    "amount_qualifier",
    "role",
];

pub(super) fn node_property<'a>(_words: &Words, node: NodeRef<'a>, key: &str) -> Stored<'a> {
    match key {
        "id" => Stored::Text(node.id()),
        "name" => Stored::Text(node.name()),
        "aliases" => texts(node.aliases()),
        "identifiers" if node.identifiers().is_empty() => Stored::Nothing,
        "identifiers" => {
            let all = node.identifiers().iter().map(|it| Val::String(it.to_string().into()));
            Stored::Made(Val::List(all.collect()))
        }
        "sectors" => texts(node.sectors()),
        "stage" => node.stage().map_or(Stored::Nothing, |it| Stored::Text(&it.id)),
        "tags" => texts(node.tags()),
        "valid_from" => date(node.valid_from()),
        "valid_to" => date(node.valid_to()),
        "certainty" => Stored::Text(node.certainty().as_str()),
        "amount" | "amount_currency" | "amount_qualifier" => amount(node.amount(), key),
        _ => node.property(key).map_or(Stored::Nothing, Stored::Value),
    }
}

pub(super) fn tie_property<'a>(_words: &Words, tie: TieRef<'a>, key: &str) -> Stored<'a> {
    match key {
        "id" => Stored::Made(Val::String(tie.id().into())),
        "valid_from" => date(tie.valid_from()),
        "valid_to" => date(tie.valid_to()),
        "certainty" => Stored::Text(tie.certainty().as_str()),
        "amount" | "amount_currency" | "amount_qualifier" => amount(tie.amount(), key),
        "role" => tie.role().map_or(Stored::Nothing, Stored::Text),
        _ => tie.property(key).map_or(Stored::Nothing, Stored::Value),
    }
}

pub(super) fn node_properties(words: &Words, node: NodeRef<'_>) -> BTreeMap<Arc<str>, Val> {
    let columns = NODE_COLUMNS.into_iter().map(|key| (key, node_property(words, node, key)));
    all(columns, node.properties())
}

pub(super) fn tie_properties(words: &Words, tie: TieRef<'_>) -> BTreeMap<Arc<str>, Val> {
    let columns = TIE_COLUMNS.into_iter().map(|key| (key, tie_property(words, tie, key)));
    all(columns, tie.properties())
}

fn all<'a>(
    columns: impl Iterator<Item = (&'a str, Stored<'a>)>,
    free: impl Iterator<Item = (&'a str, &'a Value)>,
) -> BTreeMap<Arc<str>, Val> {
    let free = free.map(|(key, value)| (key, Stored::Value(value)));
    let there = free.chain(columns).filter(|it| !matches!(it.1, Stored::Nothing));
    there.map(|(key, stored)| (key.into(), stored.to_val())).collect()
}

fn texts(texts: &[String]) -> Stored<'_> {
    if texts.is_empty() {
        return Stored::Nothing;
    }
    Stored::Made(Val::List(texts.iter().map(|it| Val::String(it.as_str().into())).collect()))
}

/// A partial date is text: it is never padded to a day that no source states.
fn date(date: Option<PartialDate>) -> Stored<'static> {
    date.map_or(Stored::Nothing, |it| Stored::Made(Val::String(it.to_string().into())))
}

fn amount<'a>(amount: Option<&'a Amount>, key: &str) -> Stored<'a> {
    match (amount, key) {
        (None, _) => Stored::Nothing,
        (Some(it), "amount") => Stored::Made(Val::Float(it.value)),
        (Some(it), "amount_currency") => Stored::Text(&it.currency),
        (Some(it), _) => Stored::Text(it.qualifier.as_str()),
    }
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
