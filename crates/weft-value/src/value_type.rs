//! The types that a column of free properties can declare, and how a cell is read as one.
//!
//! Knows no files.

use crate::Value;
use crate::temporal::{from_stored, read_day};

/// The type that a column of free properties declares, as `employees:int` or `tags:string[]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// `boolean`
    Boolean,
    /// `int`
    Integer,
    /// `float`
    Float,
    /// `string`, the default
    String,
    /// `date`
    Date,
    /// `localtime`
    LocalTime,
    /// `localdatetime`
    LocalDateTime,
    /// `datetime`
    DateTime,
}

/// A text that is not a value of the type that was declared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {expected}")]
pub struct ValueError {
    /// The type, with its article and an example.
    pub expected: &'static str,
}

impl ValueType {
    /// The type of that name, as a header writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "int" | "integer" | "long" => Self::Integer,
            "float" | "double" => Self::Float,
            "string" => Self::String,
            "date" => Self::Date,
            "localtime" => Self::LocalTime,
            "localdatetime" => Self::LocalDateTime,
            "datetime" => Self::DateTime,
            _ => return None,
        })
    }

    /// The type of a value, where a column can declare it.
    pub fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Boolean(_) => Self::Boolean,
            Value::Integer(_) => Self::Integer,
            Value::Float(_) => Self::Float,
            Value::String(_) => Self::String,
            Value::Date(_) => Self::Date,
            Value::LocalTime(_) => Self::LocalTime,
            Value::LocalDateTime(_) => Self::LocalDateTime,
            Value::DateTime(_) => Self::DateTime,
            _ => return None,
        })
    }

    /// Reads a text as a value of this type.
    ///
    /// # Errors
    /// [`ValueError`] says what was expected.
    pub fn parse(self, text: &str) -> Result<Value, ValueError> {
        let fail = |expected| move || ValueError { expected };
        match self {
            Self::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" => Some(Value::Boolean(true)),
                "false" | "no" => Some(Value::Boolean(false)),
                _ => None,
            }
            .ok_or_else(fail("a boolean such as `true`")),
            Self::Integer => {
                text.parse().map(Value::Integer).map_err(|_| fail("a whole number such as `42`")())
            }
            Self::Float => {
                text.parse().map(Value::Float).map_err(|_| fail("a number such as `4.2`")())
            }
            Self::String => Ok(Value::String(text.to_owned())),
            Self::Date => {
                read_day(text).map(Value::Date).ok_or_else(fail("a day such as `2024-03-01`"))
            }
            Self::LocalTime => {
                text.parse().map(Value::LocalTime).map_err(|_| fail("a time such as `09:30`")())
            }
            Self::LocalDateTime => text
                .parse()
                .map(Value::LocalDateTime)
                .map_err(|_| fail("a day and time such as `2024-03-01T09:30`")()),
            Self::DateTime => from_stored("$datetime", text)
                .ok_or_else(fail("a day and time with offset such as `2024-03-01T09:30+00:00`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_another_type_is_refused_with_what_was_expected() {
        let err = ValueType::Integer.parse("many").unwrap_err();
        assert_eq!(err.to_string(), "not a whole number such as `42`");
        assert!(ValueType::Date.parse("2024-02-30").is_err());
        assert_eq!(ValueType::Boolean.parse("Yes").unwrap(), Value::Boolean(true));
    }

    #[test]
    fn a_day_is_not_made_of_a_year() {
        assert!(ValueType::Date.parse("2024").is_err());
        assert!(ValueType::Date.parse("2024-03").is_err());
        assert!(ValueType::Date.parse("2024-W10").is_err());
        assert!(ValueType::Date.parse("2024-03-01").is_ok());
    }
}
