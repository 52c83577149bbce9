//! What is known of a value before a query runs: its type, and of a list the type of its elements.
//!
//! Only what can never work is refused. A type that is not known for certain is `Any`, and what it
//! turns out to be is checked while the query runs.

use crate::ast::BinaryOperator;
use crate::functions::Type;
use crate::procedure::FieldType;

/// How many lists in each other are known: to copy a type takes stack and time for each of them.
const DEPTH_MAX: usize = 16;

/// The type of a value, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueType {
    /// The type itself.
    pub(super) base: Type,
    /// Of a list whose elements are all of one type, that type.
    element: Option<Box<ValueType>>,
}

impl ValueType {
    pub(super) const ANY: Self = Self::of(Type::Any);

    pub(super) const fn of(base: Type) -> Self {
        Self { base, element: None }
    }

    /// A list of such elements. Of what is deeper than [`DEPTH_MAX`] lists nothing is known.
    pub(super) fn list_of(element: Self) -> Self {
        if element.depth() >= DEPTH_MAX {
            return Self::of(Type::List);
        }
        Self { base: Type::List, element: Some(Box::new(element)) }
    }

    /// How many lists stand in each other here.
    fn depth(&self) -> usize {
        std::iter::successors(Some(self), |it| it.element.as_deref()).count()
    }

    /// The type of the elements of a list, or of what `UNWIND` makes of a value.
    pub(super) fn element(&self) -> Self {
        self.element.as_deref().cloned().unwrap_or(Self::ANY)
    }

    /// The type of a value that is of this type or of the other. Null belongs to every type.
    pub(super) fn or(self, other: Self) -> Self {
        match (self.base, other.base) {
            (Type::Null, _) => other,
            (_, Type::Null) => self,
            (Type::List, Type::List) => match (self.element, other.element) {
                (Some(a), Some(b)) => Self::list_of(a.or(*b)),
                _ => Self::of(Type::List),
            },
            (a, b) if a == b => self,
            (a, b) if is_number(a) && is_number(b) => Self::of(Type::Number),
            (a, b) if is_entity(a) && is_entity(b) => Self::of(Type::Entity),
            _ => Self::ANY,
        }
    }

    /// Whether a value of this type may turn out to be of the other.
    pub(super) fn may_be(&self, wanted: Type) -> bool {
        if matches!(self.base, Type::Any | Type::Null) {
            return true;
        }
        match wanted {
            Type::Any | Type::Null => true,
            // An integer stands for the float of the same value.
            Type::Float | Type::Number => is_number(self.base),
            Type::Integer => matches!(self.base, Type::Integer | Type::Number),
            Type::Entity => is_entity(self.base),
            Type::Node | Type::Relationship => {
                matches!(self.base, it if it == wanted || it == Type::Entity)
            }
            Type::EntityOrMap => is_entity(self.base) || self.base == Type::Map,
            Type::ListOrString => matches!(self.base, Type::List | Type::String),
            _ => self.base == wanted,
        }
    }

    /// Whether it may be a list of relationships.
    pub(super) fn may_be_relationships(&self) -> bool {
        self.may_be(Type::List)
            && self.element.as_deref().is_none_or(|it| it.may_be(Type::Relationship))
    }

    /// Its name in a message.
    pub(super) fn name(&self) -> &'static str {
        type_name(self.base)
    }
}

/// A type's name in a message.
pub(super) fn type_name(of: Type) -> &'static str {
    match of {
        Type::Any => "any value",
        Type::Null => "null",
        Type::Boolean => "a boolean",
        Type::Integer => "an integer",
        Type::Float => "a float",
        Type::Number => "a number",
        Type::String => "a string",
        Type::List => "a list",
        Type::Map => "a map",
        Type::Node => "a node",
        Type::Relationship => "a relationship",
        Type::Entity => "a node or a relationship",
        Type::EntityOrMap => "a node, a relationship or a map",
        Type::ListOrString => "a list or a string",
        Type::Path => "a path",
        Type::Temporal => "a date or time",
        Type::Duration => "a duration",
        Type::Point => "a point",
    }
}

/// The type of an argument or a column of a procedure.
pub(super) fn of_field(field: FieldType) -> Type {
    match field {
        FieldType::Any => Type::Any,
        FieldType::Boolean => Type::Boolean,
        FieldType::Integer => Type::Integer,
        FieldType::Float => Type::Float,
        FieldType::Number => Type::Number,
        FieldType::String => Type::String,
        FieldType::List => Type::List,
        FieldType::Map => Type::Map,
        FieldType::Node => Type::Node,
        FieldType::Relationship => Type::Relationship,
        FieldType::Path => Type::Path,
        FieldType::Date
        | FieldType::LocalTime
        | FieldType::Time
        | FieldType::LocalDateTime
        | FieldType::DateTime => Type::Temporal,
        FieldType::Duration => Type::Duration,
        FieldType::Point => Type::Point,
    }
}

/// The type of `left operator right`; None where no values of these types go together.
pub(super) fn arithmetic(
    operator: BinaryOperator,
    left: &ValueType,
    right: &ValueType,
) -> Option<ValueType> {
    use BinaryOperator as Op;
    use Type::{Any, Duration, Float, Integer, List, Null, Number, Temporal};
    let (a, b) = (left.base, right.base);
    if operator == Op::Concatenate {
        return concatenation(left, right);
    }
    if operator == Op::Add && (a == List || b == List) {
        return Some(joined_lists(left, right));
    }
    let fits = |it: Type| match operator {
        // A value of any type may be put at the end of a list.
        Op::Add => true,
        Op::Subtract => is_number(it) || matches!(it, Temporal | Duration),
        Op::Multiply | Op::Divide => is_number(it) || it == Duration,
        _ => is_number(it),
    };
    let res = match (a, b) {
        (Any | Null, Any | Null) => Any,
        (known, Any | Null) | (Any | Null, known) if fits(known) => Any,
        (Integer, Integer) if operator == Op::Power => Float,
        (Integer, Integer) => Integer,
        (Float, _) | (_, Float) if is_number(a) && is_number(b) => Float,
        _ if is_number(a) && is_number(b) => Number,
        _ => match operator {
            Op::Add => sum(a, b)?,
            Op::Subtract if matches!(a, Temporal | Duration) && b == Duration => a,
            Op::Multiply if a == Duration && is_number(b) || is_number(a) && b == Duration => {
                Duration
            }
            Op::Divide if a == Duration && is_number(b) => Duration,
            _ => return None,
        },
    };
    Some(ValueType::of(res))
}

/// The type of two texts, or of two lists, that are joined.
fn concatenation(left: &ValueType, right: &ValueType) -> Option<ValueType> {
    let is = |wanted: Type| left.may_be(wanted) && right.may_be(wanted);
    match (is(Type::List), is(Type::String)) {
        (true, true) => Some(ValueType::ANY),
        (true, false) => Some(joined_lists(left, right)),
        (false, true) => Some(ValueType::of(Type::String)),
        (false, false) => None,
    }
}

/// The type of a sum of what are neither lists nor numbers only.
fn sum(a: Type, b: Type) -> Option<Type> {
    let has_text = |it: Type| {
        is_number(it)
            || matches!(
                it,
                Type::String | Type::Boolean | Type::Temporal | Type::Duration | Type::Point
            )
    };
    match (a, b) {
        (Type::String, other) | (other, Type::String) if has_text(other) => Some(Type::String),
        (Type::Duration, Type::Duration) => Some(Type::Duration),
        (Type::Temporal, Type::Duration) | (Type::Duration, Type::Temporal) => Some(Type::Temporal),
        _ => None,
    }
}

fn joined_lists(left: &ValueType, right: &ValueType) -> ValueType {
    let elements = |it: &ValueType| match it.base {
        Type::List => it.element.as_deref().cloned(),
        // Null or something unknown may be a list, or an element of its own.
        Type::Any | Type::Null => None,
        _ => Some(it.clone()),
    };
    match (elements(left), elements(right)) {
        (Some(a), Some(b)) => ValueType::list_of(a.or(b)),
        _ => ValueType::of(Type::List),
    }
}

fn is_number(it: Type) -> bool {
    matches!(it, Type::Integer | Type::Float | Type::Number)
}

fn is_entity(it: Type) -> bool {
    matches!(it, Type::Node | Type::Relationship | Type::Entity)
}
