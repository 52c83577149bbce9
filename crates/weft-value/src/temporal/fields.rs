//! The components of a map of which a temporal value is made, each read as its type.
//!
//! Knows no calendar: what the components mean together is the business of `select`.

use std::collections::BTreeMap;

use super::error::TemporalError;
use super::instant::Temporal;
use super::zone::Zone;
use crate::Value;

/// Components by name, none of which is unknown to the type.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    entries: &'a BTreeMap<String, Value>,
}

impl<'a> Fields<'a> {
    /// Takes a map all of whose keys are possible.
    pub(super) fn new(
        entries: &'a BTreeMap<String, Value>,
        type_name: &'static str,
        possible: &[&[&'static str]],
    ) -> Result<Self, TemporalError> {
        let is_possible = |key: &&String| possible.iter().any(|it| it.contains(&key.as_str()));
        match entries.keys().find(|key| !is_possible(key)) {
            None => Ok(Self { entries }),
            Some(field) => {
                let field = field.clone();
                let possible = quoted(possible.concat());
                Err(TemporalError::UnknownField { field, type_name, possible })
            }
        }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.entries.contains_key(field)
    }

    /// The first of some components that is given.
    pub(super) fn first_of(&self, fields: &[&'static str]) -> Option<&'static str> {
        fields.iter().copied().find(|it| self.has(it))
    }

    /// Whether this component is given and no other.
    pub(super) fn is_only(&self, field: &str) -> bool {
        self.has(field) && self.entries.len() == 1
    }

    pub(super) fn integer(&self, field: &'static str) -> Result<Option<i64>, TemporalError> {
        match self.entries.get(field) {
            None => Ok(None),
            Some(Value::Integer(it)) => Ok(Some(*it)),
            Some(other) => Err(wrong_type(field, "an integer", other)),
        }
    }

    pub(super) fn temporal(&self, field: &'static str) -> Result<Option<Temporal>, TemporalError> {
        let Some(value) = self.entries.get(field) else { return Ok(None) };
        let expected = "a date or time";
        Temporal::from_value(value).map(Some).ok_or_else(|| wrong_type(field, expected, value))
    }

    pub(super) fn zone(&self) -> Result<Option<Zone>, TemporalError> {
        match self.entries.get("timezone") {
            None => Ok(None),
            Some(Value::String(it)) => it.parse().map(Some),
            Some(other) => Err(wrong_type("timezone", "a string", other)),
        }
    }

    pub(super) fn value(&self, field: &str) -> Option<&'a Value> {
        self.entries.get(field)
    }
}

pub(super) fn wrong_type(
    field: &'static str,
    expected: &'static str,
    found: &Value,
) -> TemporalError {
    TemporalError::FieldType { field: field.to_owned(), expected, found: found.type_name() }
}

/// `a`, `b` and so on, in backticks.
pub(super) fn quoted(names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<String> = names.into_iter().map(|it| format!("`{it}`")).collect();
    names.join(", ")
}
