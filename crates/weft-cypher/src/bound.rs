//! A query whose names have been looked up: variables are slots of a row, functions are known.
//!
//! Made by `bind` alone, and only of a query without faults, so that what was not checked cannot be
//! planned. A row has one slot for each variable of the whole query, those of comprehensions and
//! subqueries included; no two variables that live at the same time share one, so an inner scope
//! reads the outer one where it stands.

use std::sync::Arc;

use weft_value::Value;

use crate::ast::{BinaryOperator, Comparison, Direction, Mode, Quantifier, Shortest};
use crate::functions::{Aggregate, Function};
use crate::procedure::Procedure;
use crate::stack::deeper;
use crate::{Span, TypeTest, Val};

/// A place in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

/// The position of a subquery in [`BoundQuery::subqueries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubqueryId(pub u32);

/// A statement whose names have been looked up.
#[derive(Clone, Debug)]
pub struct BoundStatement {
    /// Whether it is run, explained or profiled.
    pub mode: Mode,
    /// The query; what `SHOW` asks is bound as a call of the procedure that answers it.
    pub query: BoundQuery,
}

/// A query whose names have been looked up.
#[derive(Clone, Debug)]
pub struct BoundQuery {
    /// The parts of the `UNION`; most queries have one.
    pub union: BoundUnion,
    /// The names of the result's columns; none without `RETURN` (or a standalone call's yield).
    pub columns: Vec<String>,
    /// What is evaluated inside expressions and `CALL { }`.
    pub subqueries: Vec<BoundUnion>,
    /// How many slots a row has.
    pub n_slots: usize,
    /// The name of the variable in each slot, made-up ones included, for plans and messages.
    pub slot_names: Vec<String>,
    /// The names of the parameters, by position in [`ExprKind::Parameter`].
    pub parameters: Vec<String>,
    /// Whether it changes the graph.
    pub is_write: bool,
    /// What is allowed and probably not meant.
    pub notices: Vec<Notice>,
    /// The properties that are read of nodes and relationships, each where it is first read, but for
    /// those that the query may give them itself.
    pub asked_properties: Vec<(Arc<str>, Span)>,
    /// The labels and types that conditions ask for, as in `n:Label`.
    pub asked_labels: Vec<(Labels, Span)>,
}

/// What is allowed and probably not meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What sort of thing it is.
    pub kind: NoticeKind,
    /// Where.
    pub span: Span,
    /// What, in plain words.
    pub message: String,
}

/// Sorts of notices, as programs tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticeKind {
    /// Nothing has that property.
    UnknownProperty,
    /// Nothing bears that label.
    UnknownLabel,
    /// Nothing is of that type.
    UnknownType,
    /// A variable is called as a label or a type.
    ProbablyAWord,
    /// A direction says nothing.
    NeedlessDirection,
    /// Nothing that is compared with null is equal to it, or different.
    ComparedWithNull,
    /// Each row of one pattern comes with each of another.
    CartesianProduct,
    /// Walks of any length are asked for, and there may be very many.
    UnboundedLength,
    /// What rows are sorted by is the same for all of them.
    SortedByConstant,
    /// What a procedure yields is dropped.
    DroppedColumns,
    /// The statement is understood, and does less here than elsewhere.
    DoneOtherwise,
}

/// Parts whose rows are taken together.
#[derive(Clone, Debug)]
pub struct BoundUnion {
    /// At least one.
    pub parts: Vec<Part>,
    /// Whether equal rows become one (`UNION` without `ALL`).
    pub distinct: bool,
}

/// One query without `UNION`.
#[derive(Clone, Debug)]
pub struct Part {
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// The slots of the result's columns; empty without `RETURN`.
    pub results: Vec<Slot>,
}

/// What one clause does.
#[derive(Clone, Debug)]
pub enum Step {
    /// `MATCH`
    Match(Match),
    /// `UNWIND`: a row for each element; null gives none, another value than a list gives itself.
    Unwind {
        /// The list.
        list: Expr,
        /// The element.
        slot: Slot,
    },
    /// `WITH` and `RETURN`
    Project(Project),
    /// `CALL procedure`
    Call(CallProcedure),
    /// `CALL { }`: each row is joined with each of the subquery's; without `RETURN` it stays one row.
    Subquery {
        /// The subquery.
        id: SubqueryId,
        /// Its results, which are in scope afterwards.
        results: Vec<Slot>,
    },
    /// `CREATE`
    Create(Vec<CreatePattern>),
    /// `MERGE`
    Merge(Merge),
    /// `SET`
    Set(Vec<SetItem>),
    /// `REMOVE`
    Remove(Vec<RemoveItem>),
    /// `DELETE`
    Delete {
        /// Whether relationships go with their nodes.
        detach: bool,
        /// What is deleted.
        expressions: Vec<Expr>,
    },
}

/// `MATCH`: no relationship is taken twice within it.
#[derive(Clone, Debug)]
pub struct Match {
    /// Whether a row without a match is kept, with nulls in `introduced`.
    pub optional: bool,
    /// The patterns.
    pub patterns: Vec<Pattern>,
    /// The condition on the whole match.
    pub predicate: Option<Expr>,
    /// The slots that this clause fills, in the order in which they occur.
    pub introduced: Vec<Slot>,
    /// Where.
    pub span: Span,
}

/// A path: one more node than relationships.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The path's slot.
    pub path: Option<Slot>,
    /// Whether only shortest paths are meant.
    pub shortest: Option<Shortest>,
    /// The nodes; a slot that occurs twice is one node.
    pub nodes: Vec<NodePattern>,
    /// The relationships between them.
    pub relationships: Vec<RelationshipPattern>,
}

/// A node of a pattern. Nodes without a variable have a slot too.
#[derive(Clone, Debug)]
pub struct NodePattern {
    /// The slot.
    pub slot: Slot,
    /// Whether an earlier clause filled the slot.
    pub is_bound: bool,
    /// Its labels.
    pub labels: Option<Labels>,
    /// Its properties.
    pub properties: Properties,
    /// The condition inside the parentheses.
    pub predicate: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// A relationship of a pattern. Those without a variable have a slot too.
#[derive(Clone, Debug)]
pub struct RelationshipPattern {
    /// The slot: a relationship, or a list of them where there is a length.
    pub slot: Slot,
    /// Whether an earlier clause filled the slot.
    pub is_bound: bool,
    /// Its type.
    pub types: Option<Labels>,
    /// Which way it points, read from left to right.
    pub direction: Direction,
    /// The least and the greatest number of relationships; None for exactly one.
    pub length: Option<(u64, Option<u64>)>,
    /// Its properties, of each where there are several.
    pub properties: Properties,
    /// The condition inside the brackets.
    pub predicate: Option<Expr>,
    /// The path that is repeated; then the slot holds all its relationships.
    pub repeated: Option<Box<Repeated>>,
    /// Where.
    pub span: Span,
}

/// A path that is repeated: each time it begins where it ended the time before.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// The path.
    pub pattern: Pattern,
    /// What must hold each time.
    pub predicate: Option<Expr>,
    /// The slots inside that have a name, each with that of the list of what was in it each time.
    pub lists: Vec<(Slot, Slot)>,
}

/// Labels or types, joined. They stay names: a query may make the first node of a label itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Labels {
    /// One.
    Label(Arc<str>),
    /// Any at all.
    Any,
    /// All of these.
    And(Vec<Labels>),
    /// One of these.
    Or(Vec<Labels>),
    /// Not this.
    Not(Box<Labels>),
}

/// The properties that a pattern asks for or gives.
#[derive(Clone, Debug, Default)]
pub enum Properties {
    /// None.
    #[default]
    None,
    /// Key by key.
    Map(Vec<(Arc<str>, Expr)>),
    /// A map known only when the query runs (a parameter).
    Value(Expr),
}

/// `WITH` and `RETURN`.
///
/// Of the incoming rows: group (where there is an aggregation), compute the columns, drop equal ones
/// (`distinct`), sort, skip, limit, filter. Sorting sees the columns and what they were made of.
#[derive(Clone, Debug)]
pub struct Project {
    /// How rows are grouped, if they are.
    pub aggregation: Option<Aggregation>,
    /// The columns, each into its slot; a variable handed on under its own name keeps its slot.
    pub columns: Vec<(Slot, Expr)>,
    /// Whether equal rows become one.
    pub distinct: bool,
    /// What to sort by.
    pub order_by: Vec<SortItem>,
    /// How many rows are left out first.
    pub skip: Option<Expr>,
    /// How many are kept at most.
    pub limit: Option<Expr>,
    /// The condition of `WITH .. WHERE`.
    pub predicate: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// How rows are grouped. Without keys there is one group even of no rows.
#[derive(Clone, Debug)]
pub struct Aggregation {
    /// What a group has in common, each into its slot.
    pub keys: Vec<(Slot, Expr)>,
    /// What is computed of a group, each into its slot.
    pub aggregates: Vec<(Slot, AggregateCall)>,
}

/// An aggregating function with its arguments.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// Which.
    pub aggregate: Aggregate,
    /// Whether equal values count once.
    pub distinct: bool,
    /// The arguments; none for `count(*)`.
    pub arguments: Vec<Expr>,
    /// Where.
    pub span: Span,
}

/// What to sort by.
#[derive(Clone, Debug)]
pub struct SortItem {
    /// The value.
    pub expression: Expr,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// `CALL procedure`
#[derive(Clone, Debug)]
pub struct CallProcedure {
    /// The procedure.
    pub procedure: Arc<dyn Procedure>,
    /// Its arguments, as many as it has.
    pub arguments: Vec<Expr>,
    /// The position of each column that is used, with its slot.
    pub yields: Vec<(usize, Slot)>,
    /// The condition behind `YIELD`.
    pub predicate: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// A path to create.
#[derive(Clone, Debug)]
pub struct CreatePattern {
    /// The path's slot.
    pub path: Option<Slot>,
    /// The nodes; a slot that is bound or occurs before is used, not made.
    pub nodes: Vec<CreateNode>,
    /// The relationships between them.
    pub relationships: Vec<CreateRelationship>,
}

/// A node to create.
#[derive(Clone, Debug)]
pub struct CreateNode {
    /// The slot.
    pub slot: Slot,
    /// Whether the node is there already, so that it is only an end.
    pub is_bound: bool,
    /// Its labels.
    pub labels: Vec<Arc<str>>,
    /// More of them, each a string or a list of strings.
    pub computed_labels: Vec<Expr>,
    /// Its properties.
    pub properties: Properties,
    /// Where.
    pub span: Span,
}

/// A relationship to create.
#[derive(Clone, Debug)]
pub struct CreateRelationship {
    /// The slot.
    pub slot: Slot,
    /// Its type; empty where it is computed.
    pub relation_type: Arc<str>,
    /// What computes its type: a string.
    pub computed_type: Option<Expr>,
    /// Whether it points from the node on the right to that on the left.
    pub is_reversed: bool,
    /// Its properties.
    pub properties: Properties,
    /// Where.
    pub span: Span,
}

/// `MERGE`: each row matches the pattern, or creates it.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The pattern as it is looked for.
    pub pattern: Pattern,
    /// The pattern as it is created, with the same slots.
    pub create: CreatePattern,
    /// What is set where it was created.
    pub on_create: Vec<SetItem>,
    /// What is set where it was found.
    pub on_match: Vec<SetItem>,
    /// Where.
    pub span: Span,
}

/// An item of `SET`.
#[derive(Clone, Debug)]
pub enum SetItem {
    /// `n.key = value`
    Property {
        /// What bears the property: a node or a relationship, or null.
        target: Expr,
        /// Its key.
        key: Arc<str>,
        /// Its new value.
        value: Expr,
    },
    /// `n = map`, `n += map`
    Properties {
        /// What bears them.
        target: Expr,
        /// A map, a node or a relationship.
        value: Expr,
        /// Whether keys that it lacks are kept.
        add: bool,
    },
    /// `n[key] = value`
    ComputedProperty {
        /// What bears the property.
        target: Expr,
        /// Its key: a string.
        key: Expr,
        /// Its new value.
        value: Expr,
    },
    /// `n:A:B`
    Labels {
        /// The node.
        target: Expr,
        /// The labels.
        labels: Vec<Arc<str>>,
        /// More of them, each a string or a list of strings.
        computed: Vec<Expr>,
    },
}

/// An item of `REMOVE`.
#[derive(Clone, Debug)]
pub enum RemoveItem {
    /// `n.key`
    Property {
        /// What bears the property.
        target: Expr,
        /// Its key.
        key: Arc<str>,
    },
    /// `n[key]`
    ComputedProperty {
        /// What bears the property.
        target: Expr,
        /// Its key: a string.
        key: Expr,
    },
    /// `n:A:B`
    Labels {
        /// The node.
        target: Expr,
        /// The labels.
        labels: Vec<Arc<str>>,
        /// More of them, each a string or a list of strings.
        computed: Vec<Expr>,
    },
}

/// An expression whose names have been looked up.
#[derive(Debug)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Where it stands, for errors while it runs.
    pub span: Span,
}

impl Clone for Expr {
    /// As deep as the parser lets a tree be, whatever stack is left.
    fn clone(&self) -> Self {
        deeper(|| Self { kind: self.kind.clone(), span: self.span })
    }
}

/// What an expression computes.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// The same value always.
    Constant(Val),
    /// A parameter, by its position.
    Parameter(u32),
    /// The value in a slot.
    Slot(Slot),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{key: value}`
    Map(Vec<(Arc<str>, Expr)>),
    /// `variable {.key, ..}`: the pieces in order, later ones over earlier ones.
    MapProjection(Box<Expr>, Vec<MapPiece>),
    /// `value.key`
    Property(Box<Expr>, Arc<str>),
    /// `value[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `value[from..to]`
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `value:Labels`; of a relationship, its type.
    HasLabels(Box<Expr>, Labels),
    /// `value:$(labels)`: a string, or a list of which it has all or, with `true`, one.
    HasComputedLabels(Box<Expr>, Box<Expr>, bool),
    /// `NOT a`
    Not(Box<Expr>),
    /// `-a`
    Minus(Box<Expr>),
    /// `+a`
    Plus(Box<Expr>),
    /// All hold; two or more.
    And(Vec<Expr>),
    /// One holds; two or more.
    Or(Vec<Expr>),
    /// Other operators between two values (never And or Or).
    Binary(BinaryOperator, Box<Expr>, Box<Expr>),
    /// `a < b <= c`: all pairs hold.
    Comparison(Box<Expr>, Vec<(Comparison, Expr)>),
    /// `a IS NULL`, or with `true` `a IS NOT NULL`
    IsNull(Box<Expr>, bool),
    /// `a IS :: TYPE`, or with `true` `a IS NOT :: TYPE`
    IsType(Box<Expr>, TypeTest, bool),
    /// A function that does not aggregate.
    Call(&'static Function, Vec<Expr>),
    /// `CASE`
    Case {
        /// What the alternatives are compared with.
        subject: Option<Box<Expr>>,
        /// Condition and value.
        alternatives: Vec<(Expr, Expr)>,
        /// The value where none holds; null where it is not said.
        otherwise: Option<Box<Expr>>,
    },
    /// `[x IN list WHERE predicate | value]`
    ListComprehension {
        /// The element's slot.
        slot: Slot,
        /// The list.
        list: Box<Expr>,
        /// The condition.
        predicate: Option<Box<Expr>>,
        /// The value; the element where it is not said.
        value: Option<Box<Expr>>,
    },
    /// `all(x IN list WHERE predicate)` and its like
    Quantifier {
        /// Which.
        quantifier: Quantifier,
        /// The element's slot.
        slot: Slot,
        /// The list.
        list: Box<Expr>,
        /// The condition.
        predicate: Box<Expr>,
    },
    /// `reduce(accumulator = start, x IN list | value)`
    Reduce {
        /// The accumulator's slot.
        accumulator: Slot,
        /// Its first value.
        start: Box<Expr>,
        /// The element's slot.
        slot: Slot,
        /// The list.
        list: Box<Expr>,
        /// The accumulator's next value.
        value: Box<Expr>,
    },
    /// Whether a subquery has a row.
    Exists(SubqueryId),
    /// How many rows a subquery has.
    Count(SubqueryId),
    /// The list of the values of a subquery's one column (also pattern comprehensions and shortest
    /// paths as values).
    Collect(SubqueryId),
}

/// A piece of a map projection.
#[derive(Clone, Debug)]
pub enum MapPiece {
    /// `.key`
    Property(Arc<str>),
    /// `key: value`, and a variable under its own name.
    Entry(Arc<str>, Expr),
    /// `.*`
    All,
}

impl BoundQuery {
    /// A subquery.
    pub fn subquery(&self, id: SubqueryId) -> &BoundUnion {
        &self.subqueries[id.0 as usize]
    }
}

impl Slot {
    /// The slot as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Parameters of a run, by name.
pub type Parameters = std::collections::BTreeMap<String, Value>;
