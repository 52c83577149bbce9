//! The functions of openCypher: one table, one file for each group.

use crate::{Context, Error, Val};

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
    all().find(|it| it.name.eq_ignore_ascii_case(name))
}

/// All functions, group by group.
pub fn all() -> impl Iterator<Item = &'static Function> {
    GROUPS.iter().copied().flatten()
}

const GROUPS: &[&[Function]] = &[];
