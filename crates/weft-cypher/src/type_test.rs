//! Types as `IS ::` names them: their words, and whether a value is of one.
//!
//! Knows no text but the words: what stands between them is the parser's.

use std::fmt;

use crate::Val;

/// What `IS ::` asks of a value: to be of one of these types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeTest {
    /// The types; one at least.
    pub any_of: Vec<TypeName>,
    /// Whether null is refused; otherwise it is of every type.
    pub is_not_null: bool,
}

/// A type that a value may be of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standard's and say what they mean")]
pub enum TypeName {
    Any,
    Nothing,
    Null,
    Boolean,
    String,
    Integer,
    Float,
    Date,
    LocalTime,
    ZonedTime,
    LocalDateTime,
    ZonedDateTime,
    Duration,
    Point,
    Node,
    Relationship,
    Path,
    Map,
    /// What a property can hold.
    PropertyValue,
    /// A list whose elements all are of a type.
    List(Box<TypeTest>),
}

/// Each type by the words that name it; the first of a type are those that are written.
pub(crate) const WORDS: &[(&str, TypeName)] = &[
    ("ANY", TypeName::Any),
    ("ANY VALUE", TypeName::Any),
    ("NOTHING", TypeName::Nothing),
    ("NULL", TypeName::Null),
    ("BOOLEAN", TypeName::Boolean),
    ("BOOL", TypeName::Boolean),
    ("STRING", TypeName::String),
    ("VARCHAR", TypeName::String),
    ("INTEGER", TypeName::Integer),
    ("INT", TypeName::Integer),
    ("SIGNED INTEGER", TypeName::Integer),
    ("FLOAT", TypeName::Float),
    ("DATE", TypeName::Date),
    ("LOCAL TIME", TypeName::LocalTime),
    ("TIME WITHOUT TIME ZONE", TypeName::LocalTime),
    ("ZONED TIME", TypeName::ZonedTime),
    ("TIME WITH TIME ZONE", TypeName::ZonedTime),
    ("LOCAL DATETIME", TypeName::LocalDateTime),
    ("TIMESTAMP WITHOUT TIME ZONE", TypeName::LocalDateTime),
    ("ZONED DATETIME", TypeName::ZonedDateTime),
    ("TIMESTAMP WITH TIME ZONE", TypeName::ZonedDateTime),
    ("DURATION", TypeName::Duration),
    ("POINT", TypeName::Point),
    ("NODE", TypeName::Node),
    ("ANY NODE", TypeName::Node),
    ("VERTEX", TypeName::Node),
    ("RELATIONSHIP", TypeName::Relationship),
    ("ANY RELATIONSHIP", TypeName::Relationship),
    ("EDGE", TypeName::Relationship),
    ("PATH", TypeName::Path),
    ("MAP", TypeName::Map),
    ("ANY MAP", TypeName::Map),
    ("PROPERTY VALUE", TypeName::PropertyValue),
    ("ANY PROPERTY VALUE", TypeName::PropertyValue),
];

impl TypeTest {
    /// Whether a value is of one of the types.
    pub(crate) fn holds(&self, val: &Val) -> bool {
        match val {
            Val::Null => !self.is_not_null,
            _ => self.any_of.iter().any(|it| it.holds(val)),
        }
    }
}

impl TypeName {
    /// Whether a value that is not null is of this type.
    fn holds(&self, val: &Val) -> bool {
        match self {
            Self::Any => true,
            Self::Nothing | Self::Null => false,
            Self::Boolean => matches!(val, Val::Boolean(_)),
            Self::String => matches!(val, Val::String(_)),
            Self::Integer => matches!(val, Val::Integer(_)),
            Self::Float => matches!(val, Val::Float(_)),
            Self::Date => matches!(val, Val::Date(_)),
            Self::LocalTime => matches!(val, Val::LocalTime(_)),
            Self::ZonedTime => matches!(val, Val::Time(_)),
            Self::LocalDateTime => matches!(val, Val::LocalDateTime(_)),
            Self::ZonedDateTime => matches!(val, Val::DateTime(_)),
            Self::Duration => matches!(val, Val::Duration(_)),
            Self::Point => matches!(val, Val::Point(_)),
            Self::Node => matches!(val, Val::Node(_)),
            Self::Relationship => matches!(val, Val::Relationship(_)),
            Self::Path => matches!(val, Val::Path(_)),
            Self::Map => matches!(val, Val::Map(_)),
            Self::PropertyValue => match val {
                Val::List(items) => items.iter().all(is_plain),
                val => is_plain(val),
            },
            Self::List(of) => match val {
                Val::List(items) => items.enter(|| items.iter().all(|it| of.holds(it))),
                _ => false,
            },
        }
    }
}

fn is_plain(val: &Val) -> bool {
    !matches!(val, Val::List(_) | Val::Map(_) | Val::Node(_) | Val::Relationship(_) | Val::Path(_))
}

impl fmt::Display for TypeTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.any_of.as_slice() {
            [one] => write!(f, "{one}")?,
            all => {
                // Between its angles no bar is that of a comprehension.
                let all: Vec<_> = all.iter().map(ToString::to_string).collect();
                write!(f, "ANY<{}>", all.join(" | "))?;
            }
        }
        f.write_str(if self.is_not_null { " NOT NULL" } else { "" })
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(of) => write!(f, "LIST<{of}>"),
            one => {
                let word = WORDS.iter().find(|(_, it)| it == one);
                f.write_str(word.map_or("ANY", |(word, _)| word))
            }
        }
    }
}
