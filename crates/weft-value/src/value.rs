//! The values that properties and query results hold, and the text that a table shows of each.
//!
//! How they are written as JSON is the business of `json`.

use std::collections::BTreeMap;
use std::fmt;

use crate::entity::{NodeValue, PathValue, RelationshipValue};
use crate::point::Point;
use crate::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, Time, to_stored};

/// A value of openCypher 9.
///
/// In JSON null, booleans, numbers, strings and lists are themselves (an integer never gets a
/// point, a float always has one), and so are maps; every other type is an object of one key that
/// names it, such as `{"$date": "2024-03-01"}`, so that each comes back with its type.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value: not known, or not there.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(String),
    /// A calendar day.
    Date(Date),
    /// A time of day without a zone.
    LocalTime(LocalTime),
    /// A time of day with an offset from UTC.
    Time(Time),
    /// A day and a time without a zone.
    LocalDateTime(LocalDateTime),
    /// A day and a time with an offset, and the name of a zone if one was given.
    DateTime(DateTime),
    /// A span of months, days, seconds and nanoseconds, which are not converted into each other.
    Duration(Duration),
    /// A point in the plane, in space or on the Earth.
    Point(Point),
    /// Values in order.
    List(Vec<Value>),
    /// Values by name; no property holds one.
    Map(BTreeMap<String, Value>),
    /// A node of a result; no property holds one.
    Node(Box<NodeValue>),
    /// A relationship of a result; no property holds one.
    Relationship(Box<RelationshipValue>),
    /// A path of a result; no property holds one.
    Path(Box<PathValue>),
}

impl Value {
    /// Whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether a property can hold it: maps, nodes, relationships and paths cannot be held, nor can
    /// lists that hold them.
    pub fn is_storable(&self) -> bool {
        match self {
            Self::Map(_) | Self::Node(_) | Self::Relationship(_) | Self::Path(_) => false,
            Self::List(items) => items.iter().all(Self::is_storable),
            _ => true,
        }
    }

    /// What messages call a value of this type, with its article.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::String(_) => "a string",
            Self::Date(_) => "a date",
            Self::LocalTime(_) => "a local time",
            Self::Time(_) => "a time",
            Self::LocalDateTime(_) => "a local date and time",
            Self::DateTime(_) => "a date and time",
            Self::Duration(_) => "a duration",
            Self::Point(_) => "a point",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Node(_) => "a node",
            Self::Relationship(_) => "a relationship",
            Self::Path(_) => "a path",
        }
    }

    /// The text by which files and claims keep it: as it is shown, but for temporal values, whose
    /// stored texts are older than openCypher's and stay as they are.
    pub fn stored_text(&self) -> String {
        match self {
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::stored_text).collect();
                format!("[{}]", items.join(", "))
            }
            _ => to_stored(self).map_or_else(|| self.to_string(), |(_, text)| text),
        }
    }

    /// The key and the text that stand for it in JSON, where it is not JSON itself.
    pub(crate) fn tag(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Float(it) if !it.is_finite() => Some(("$float", it.to_string())),
            Self::Point(it) => Some(("$point", it.to_string())),
            _ => to_stored(self),
        }
    }
}

impl fmt::Display for Value {
    /// The text that a table shows: strings bare, lists in brackets, null as nothing but within lists
    /// and maps, temporal values as openCypher writes them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Boolean(it) => write!(f, "{it}"),
            Self::Integer(it) => write!(f, "{it}"),
            Self::Float(it) if it.is_infinite() => {
                f.write_str(if *it > 0.0 { "Infinity" } else { "-Infinity" })
            }
            Self::Float(it) => write!(f, "{it:?}"),
            Self::String(it) => f.write_str(it),
            Self::List(items) => {
                f.write_str("[")?;
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        f.write_str(", ")?;
                    }
                    write_item(f, item)?;
                }
                f.write_str("]")
            }
            Self::Date(it) => write!(f, "{it}"),
            Self::LocalTime(it) => write!(f, "{it}"),
            Self::Time(it) => write!(f, "{it}"),
            Self::LocalDateTime(it) => write!(f, "{it}"),
            Self::DateTime(it) => write!(f, "{it}"),
            Self::Duration(it) => write!(f, "{it}"),
            Self::Point(it) => write!(f, "{it}"),
            Self::Map(entries) => write_map(f, entries),
            Self::Node(it) => write!(f, "{it}"),
            Self::Relationship(it) => write!(f, "{it}"),
            Self::Path(it) => write!(f, "{it}"),
        }
    }
}

/// A value within a list or a map, where nothing would be read as an empty text.
fn write_item(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        value => write!(f, "{value}"),
    }
}

/// Writes `{name: Leeds, founded: 1904}`.
pub(crate) fn write_map(
    f: &mut fmt::Formatter<'_>,
    entries: &BTreeMap<String, Value>,
) -> fmt::Result {
    f.write_str("{")?;
    for (n, (name, value)) in entries.iter().enumerate() {
        let comma = if n > 0 { ", " } else { "" };
        write!(f, "{comma}{name}: ")?;
        write_item(f, value)?;
    }
    f.write_str("}")
}
