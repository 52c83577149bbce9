//! The functions of openCypher: one table, one file for each group.

pub(crate) mod aggregate;
mod conversion;
mod entity;
mod general;
mod list;
mod normal_form;
mod number;
pub(crate) mod point;
mod sum;
pub(crate) mod temporal;
mod text;
mod trigonometry;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::{Context, Detail, Error, ErrorKind, Val};

pub(crate) use general::BY_CHANCE;
pub(crate) use list::{RANGE, range_items};
pub(crate) use normal_form::{IS_NORMALIZED, NORMALIZE};

/// A function that a query may call.
#[derive(Debug)]
pub struct Function {
    /// Its name as documents write it; it is found whatever the case.
    pub name: &'static str,
    /// What it takes, in order.
    pub parameters: &'static [Type],
    /// How many of them must be given.
    pub n_required: usize,
    /// Whether the last parameter may be given any number of times.
    pub is_variadic: bool,
    /// What it gives.
    pub result: Type,
    /// What it does, in a sentence.
    pub meaning: &'static str,
    /// How it does it.
    pub body: Body,
}

/// How a function does what it does.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// From the values of one row. Nulls come in like any other value.
    Scalar(fn(&[Val], &Context<'_>) -> Result<Val, Error>),
    /// The first argument that is not null; those behind it are not computed.
    FirstGiven,
    /// From all rows of a group.
    Aggregate(Aggregate),
}

/// An aggregating function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the standard's and say what they mean")]
pub enum Aggregate {
    Avg,
    Collect,
    Count,
    CountStar,
    Max,
    Min,
    PercentileCont,
    PercentileDisc,
    StDev,
    StDevP,
    Sum,
}

/// What is known of a value before a query runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standard's and say what they mean")]
pub enum Type {
    Any,
    Null,
    Boolean,
    Integer,
    Float,
    Number,
    String,
    List,
    Map,
    Node,
    Relationship,
    /// A node or a relationship.
    Entity,
    /// What has properties by name: a node, a relationship or a map.
    EntityOrMap,
    /// What has a length: a list or a string.
    ListOrString,
    Path,
    /// Any temporal value but a duration.
    Temporal,
    Duration,
    Point,
}

/// The function of that name, whatever its case.
pub fn find(name: &str) -> Option<&'static Function> {
    static BY_NAME: LazyLock<HashMap<String, &'static Function>> =
        LazyLock::new(|| all().map(|it| (it.name.to_ascii_lowercase(), it)).collect());
    BY_NAME.get(&name.to_ascii_lowercase()).copied()
}

/// All functions, group by group.
pub fn all() -> impl Iterator<Item = &'static Function> {
    GROUPS.iter().copied().flatten()
}

const GROUPS: &[&[Function]] = &[
    general::FUNCTIONS,
    entity::FUNCTIONS,
    list::FUNCTIONS,
    text::FUNCTIONS,
    normal_form::FUNCTIONS,
    number::FUNCTIONS,
    trigonometry::FUNCTIONS,
    conversion::FUNCTIONS,
    temporal::FUNCTIONS,
    point::FUNCTIONS,
    aggregate::FUNCTIONS,
];

impl Function {
    /// A function of the values of one row, all of which must be given.
    const fn scalar(
        name: &'static str,
        parameters: &'static [Type],
        result: Type,
        meaning: &'static str,
        body: fn(&[Val], &Context<'_>) -> Result<Val, Error>,
    ) -> Self {
        let (n_required, body) = (parameters.len(), Body::Scalar(body));
        Self { name, parameters, n_required, is_variadic: false, result, meaning, body }
    }

    /// The same, of which only the first parameters must be given.
    const fn required(self, n_required: usize) -> Self {
        Self { n_required, ..self }
    }

    /// The same, with a last parameter that may be given any number of times.
    const fn variadic(self) -> Self {
        Self { is_variadic: true, ..self }
    }

    /// The same under another name.
    const fn alias(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

/// A value of a type that a function does not take.
fn wrong_type(function: &str, wanted: &str, val: &Val) -> Error {
    let message = format!("`{function}` takes {wanted}, not {}", val.type_name());
    let error = Error::runtime(ErrorKind::TypeError, Detail::InvalidArgumentValue, message);
    match way_out(function) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// What those mean who give a function what it does not take.
pub(crate) fn way_out(function: &str) -> Option<&'static str> {
    match function {
        "length" => Some("the length of a text or a list is `size(x)`"),
        "size" => Some("nodes are counted by `count(n)`, the steps of a path by `length(p)`"),
        "sum" | "avg" | "stDev" | "stDevP" | "percentileCont" | "percentileDisc" => {
            Some("a text becomes a number by `toFloat(x)`")
        }
        _ => None,
    }
}

/// A value that a function does not take, though it is of the right type.
fn wrong_value(detail: Detail, message: impl Into<String>) -> Error {
    Error::runtime(ErrorKind::ArgumentError, detail, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_a_name_of_its_own_and_a_meaning() {
        let mut names: Vec<_> = all().map(|it| it.name.to_ascii_lowercase()).collect();
        let n_names = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), n_names);
        for it in all() {
            assert!(it.meaning.ends_with('.'), "{}", it.name);
            assert!(it.n_required <= it.parameters.len(), "{}", it.name);
            assert!(!it.is_variadic || !it.parameters.is_empty(), "{}", it.name);
        }
    }

    #[test]
    fn functions_are_found_whatever_the_case() {
        assert_eq!(find("TOUPPER").map(|it| it.name), Some("toUpper"));
        assert_eq!(
            find("Duration.Between").is_some(),
            all().any(|it| it.name == "duration.between")
        );
        assert!(find("to_upper").is_none());
    }
}
