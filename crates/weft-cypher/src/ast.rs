//! What a query says, as it was written: names are names, and nothing has been looked up.
//!
//! Every part knows its place in the text. Two trees are equal when they say the same, wherever
//! they stand: [`Span`] compares as equal to any other, so that printing and parsing can be checked.

use std::fmt;

use crate::parser::grow_stack;
use crate::{NormalForm, TypeTest};

/// A place in the text of a query: bytes from `start` to `end`.
#[derive(Clone, Copy, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A name with its place: a variable, a label, a property key.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The name without backticks.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A whole statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Whether it is run, explained or profiled.
    pub mode: Mode,
    /// What it asks.
    pub body: Body,
}

/// What is to be done with a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Run it.
    #[default]
    Run,
    /// `EXPLAIN`: show the plan without running it.
    Explain,
    /// `PROFILE`: run it and show rows and time for each operator.
    Profile,
}

/// What a statement asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A query.
    Query(Query),
    /// `SHOW PROCEDURES` and its like.
    Show(Box<Show>),
    /// `CREATE INDEX`
    CreateIndex(CreateIndex),
    /// `DROP INDEX`, `DROP CONSTRAINT`
    Drop(DropCommand),
}

/// `SHOW PROCEDURES YIELD name WHERE name CONTAINS 'weft' RETURN count(*)`
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// What is listed.
    pub what: Listed,
    /// What follows `YIELD`: columns, order and window.
    pub yields: Option<Projection>,
    /// What follows `WHERE`.
    pub predicate: Option<Expr>,
    /// What follows `RETURN`.
    pub returns: Option<Projection>,
}

/// What `SHOW` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// `PROCEDURES`
    Procedures,
    /// `FUNCTIONS`
    Functions,
    /// `INDEXES`
    Indexes,
    /// `CONSTRAINTS`
    Constraints,
}

/// `CREATE kind INDEX name IF NOT EXISTS FOR pattern ON properties OPTIONS options`
#[derive(Clone, Debug, PartialEq)]
pub struct CreateIndex {
    /// What it would be made for.
    pub kind: IndexKind,
    /// Its name.
    pub name: Option<Name>,
    /// Whether one that is there already is to stay.
    pub if_not_exists: bool,
    /// What it would find.
    pub target: IndexTarget,
    /// A map.
    pub options: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// What an index would be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// Equality and order of values; also where it is not said.
    Range,
    /// Parts of texts.
    Text,
    /// Places.
    Point,
    /// Labels or types.
    Lookup,
}

/// What an index would find, and by what.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexTarget {
    /// `FOR (n:Label) ON (n.key, ..)`
    Nodes {
        /// The label.
        label: Name,
        /// The properties.
        properties: Vec<Name>,
    },
    /// `FOR ()-[r:TYPE]-() ON (r.key, ..)`
    Relationships {
        /// The type.
        relation_type: Name,
        /// The properties.
        properties: Vec<Name>,
    },
    /// `FOR (n) ON EACH labels(n)`
    Labels,
    /// `FOR ()-[r]-() ON EACH type(r)`
    Types,
}

/// `DROP INDEX name IF EXISTS` and its like.
#[derive(Clone, Debug, PartialEq)]
pub struct DropCommand {
    /// Whether it is a constraint rather than an index.
    pub is_constraint: bool,
    /// Its name, or None where it is told by label and properties.
    pub name: Option<Name>,
    /// The label and the properties, as older programs tell it.
    pub of: Option<(Name, Vec<Name>)>,
    /// Whether it may be absent.
    pub if_exists: bool,
    /// Where.
    pub span: Span,
}

/// Queries joined by `UNION`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The first.
    pub first: SingleQuery,
    /// The others, in order.
    pub unions: Vec<Union>,
    /// Where.
    pub span: Span,
}

/// `UNION [ALL]` and the query after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// Whether equal rows are kept.
    pub all: bool,
    /// The query after it.
    pub query: SingleQuery,
    /// Where the word stands.
    pub span: Span,
}

/// Clauses in order.
#[derive(Clone, Debug, PartialEq)]
pub struct SingleQuery {
    /// The clauses; at least one in a query without faults.
    pub clauses: Vec<Clause>,
    /// Where.
    pub span: Span,
}

/// A clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What it does.
    pub kind: ClauseKind,
    /// Where.
    pub span: Span,
}

/// What a clause does.
#[derive(Clone, Debug, PartialEq)]
pub enum ClauseKind {
    /// `[OPTIONAL] MATCH patterns [WHERE predicate]`
    Match {
        /// Whether a row without a match is kept, with nulls.
        optional: bool,
        /// Patterns, separated by commas.
        patterns: Vec<Pattern>,
        /// What follows `WHERE`.
        predicate: Option<Expr>,
    },
    /// `UNWIND list AS variable`
    Unwind {
        /// The list.
        list: Expr,
        /// One element a row.
        variable: Name,
    },
    /// `CALL procedure`
    Call(Call),
    /// `CALL { query }`, with the variables that it imports; none where it begins without a list.
    Subquery {
        /// The query.
        query: Box<Query>,
        /// What follows `IN TRANSACTIONS`.
        transactions: Option<Transactions>,
    },
    /// `FOREACH (variable IN list | clauses)`
    Foreach {
        /// One element at a time.
        variable: Name,
        /// The list.
        list: Expr,
        /// What is done for each.
        clauses: Vec<Clause>,
    },
    /// `CREATE patterns`
    Create(Vec<Pattern>),
    /// `MERGE pattern [ON CREATE SET ..] [ON MATCH SET ..]`
    Merge {
        /// The pattern.
        pattern: Pattern,
        /// The items behind each `ON CREATE SET`.
        on_create: Vec<SetItem>,
        /// The items behind each `ON MATCH SET`.
        on_match: Vec<SetItem>,
    },
    /// `SET items`
    Set(Vec<SetItem>),
    /// `REMOVE items`
    Remove(Vec<RemoveItem>),
    /// `[DETACH] DELETE expressions`
    Delete {
        /// Whether relationships go with their nodes.
        detach: bool,
        /// What is deleted.
        expressions: Vec<Expr>,
    },
    /// `WITH items [WHERE predicate]`
    With {
        /// The items, order and window.
        projection: Projection,
        /// What follows `WHERE`.
        predicate: Option<Expr>,
    },
    /// `RETURN items`
    Return(Projection),
}

/// `IN TRANSACTIONS OF n ROWS`
#[derive(Clone, Debug, PartialEq)]
pub struct Transactions {
    /// How many rows each would take.
    pub n_rows: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// `procedure(arguments) YIELD items WHERE predicate`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The name with its namespaces, joined by dots.
    pub procedure: Name,
    /// The arguments; None where no parentheses were written, so that parameters stand for them.
    pub arguments: Option<Vec<Expr>>,
    /// What follows `YIELD`; None where it was not written.
    pub yields: Option<Yields>,
}

/// What follows `YIELD`.
#[derive(Clone, Debug, PartialEq)]
pub enum Yields {
    /// `*`, and `-`, which yields nothing, as an empty list below.
    Star,
    /// Columns.
    Items {
        /// Each with its other name, if one was given.
        items: Vec<YieldItem>,
        /// What follows `WHERE`.
        predicate: Option<Expr>,
    },
}

/// A column that a procedure yields.
#[derive(Clone, Debug, PartialEq)]
pub struct YieldItem {
    /// The name that the procedure gives it.
    pub column: Name,
    /// What follows `AS`.
    pub alias: Option<Name>,
}

/// What `WITH` and `RETURN` share.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// Whether equal rows become one.
    pub distinct: bool,
    /// Whether all variables in scope are taken, before the items.
    pub star: bool,
    /// The items.
    pub items: Vec<ProjectionItem>,
    /// What follows `ORDER BY`.
    pub order_by: Vec<SortItem>,
    /// What follows `SKIP`.
    pub skip: Option<Expr>,
    /// What follows `LIMIT`.
    pub limit: Option<Expr>,
}

/// An item of a projection. Without an alias its name is its text, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct ProjectionItem {
    /// The value.
    pub expression: Expr,
    /// What follows `AS`.
    pub alias: Option<Name>,
}

/// An expression to sort by.
#[derive(Clone, Debug, PartialEq)]
pub struct SortItem {
    /// The value.
    pub expression: Expr,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// An item of `SET`.
#[derive(Clone, Debug, PartialEq)]
pub enum SetItem {
    /// `n.key = value`; the target is any expression before the last dot.
    Property {
        /// What bears the property.
        target: Expr,
        /// Its key.
        key: Name,
        /// Its new value.
        value: Expr,
    },
    /// `n = map` (replaces all) or `n += map` (adds).
    Properties {
        /// The variable.
        target: Name,
        /// The map.
        value: Expr,
        /// Whether keys that the map lacks are kept.
        add: bool,
    },
    /// `n[key] = value`, the key known only when the query runs.
    ComputedProperty {
        /// What bears the property.
        target: Expr,
        /// Its key.
        key: Expr,
        /// Its new value.
        value: Expr,
    },
    /// `n:A:B`
    Labels {
        /// The variable.
        target: Name,
        /// The labels.
        labels: Vec<Label>,
    },
}

/// An item of `REMOVE`.
#[derive(Clone, Debug, PartialEq)]
pub enum RemoveItem {
    /// `n.key`
    Property {
        /// What bears the property.
        target: Expr,
        /// Its key.
        key: Name,
    },
    /// `n[key]`, the key known only when the query runs.
    ComputedProperty {
        /// What bears the property.
        target: Expr,
        /// Its key.
        key: Expr,
    },
    /// `n:A:B`
    Labels {
        /// The variable.
        target: Name,
        /// The labels.
        labels: Vec<Label>,
    },
}

/// A label that is given or taken away.
#[derive(Clone, Debug, PartialEq)]
pub enum Label {
    /// `A`
    Name(Name),
    /// `$(expression)`: a string, or a list of them, known only when the query runs.
    Computed(Expr),
}

/// A path: a node, then relationships with the node behind each.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The variable of the whole path.
    pub variable: Option<Name>,
    /// Whether only shortest paths are meant.
    pub shortest: Option<Shortest>,
    /// The first node.
    pub start: NodePattern,
    /// Each relationship with the node behind it.
    pub steps: Vec<(RelationshipPattern, NodePattern)>,
    /// Where.
    pub span: Span,
}

/// Which of the shortest paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortest {
    /// `shortestPath(..)`
    One,
    /// `allShortestPaths(..)`
    All,
    /// `SHORTEST n` before a pattern, or `SHORTEST n GROUPS`: for each two ends so many paths, or all
    /// those of the `n` smallest lengths. What `WHERE` says holds of the paths that were chosen.
    First {
        /// How many.
        n: u64,
        /// Whether lengths are counted rather than paths.
        groups: bool,
    },
}

/// `(variable:Labels {properties})`
#[derive(Clone, Debug, PartialEq)]
pub struct NodePattern {
    /// The variable.
    pub variable: Option<Name>,
    /// What follows the colon.
    pub labels: Option<LabelExpr>,
    /// A map or a parameter.
    pub properties: Option<Expr>,
    /// What follows `WHERE` inside the parentheses.
    pub predicate: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// `-[variable:TYPES*1..3 {properties}]->`, also written `-[variable:TYPES {properties}]->{1,3}`; or a
/// repeated path between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationshipPattern {
    /// The variable.
    pub variable: Option<Name>,
    /// The types.
    pub types: Option<LabelExpr>,
    /// Which way it points; `<-->` and `--` both match either.
    pub direction: Direction,
    /// What follows `*`; None for exactly one relationship.
    pub length: Option<Length>,
    /// A map or a parameter.
    pub properties: Option<Expr>,
    /// What follows `WHERE` inside the brackets.
    pub predicate: Option<Expr>,
    /// The path that is repeated; then there is a length, and nothing else is said here.
    pub repeated: Option<Box<Repeated>>,
    /// Where.
    pub span: Span,
}

/// `((a)-[r]->(b) WHERE predicate)`, of which `{1,3}` stands in the length.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    /// The path; outside, each of its variables is the list of what it was.
    pub pattern: Pattern,
    /// What follows `WHERE`: it holds each time.
    pub predicate: Option<Expr>,
}

/// Which way a relationship points in a pattern read from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `-->`
    Right,
    /// `<--`
    Left,
    /// `--`
    Either,
}

/// How many relationships a variable-length pattern takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// At least; 1 where it is not said.
    pub min: Option<u64>,
    /// At most; no limit where it is not said.
    pub max: Option<u64>,
    /// Where.
    pub span: Span,
}

/// Labels or types, joined by and, or and not.
///
/// Computed ones are known only when the query runs.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelExpr {
    /// One label.
    Label(Name),
    /// `%`: any label.
    Any(Span),
    /// `$(expression)`, of a list all of them; or `$any(expression)`: one of them.
    Computed {
        /// A string, or a list of them.
        expression: Box<Expr>,
        /// Whether one is enough.
        any: bool,
    },
    /// `A:B` or `A&B`
    And(Box<LabelExpr>, Box<LabelExpr>),
    /// `A|B`
    Or(Box<LabelExpr>, Box<LabelExpr>),
    /// `!A`
    Not(Box<LabelExpr>),
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A string, its escapes resolved.
    String(String),
    /// `$name`
    Parameter(String),
    /// A variable.
    Variable(String),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{key: value}`, in the order in which it was written.
    Map(Vec<(Name, Expr)>),
    /// `value.key`
    Property(Box<Expr>, Name),
    /// `value[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `value[from..to]`
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `value:Labels`
    HasLabels(Box<Expr>, LabelExpr),
    /// `NOT a`, `-a`, `+a`
    Unary(UnaryOperator, Box<Expr>),
    /// `a + b`, `a AND b`, `a IN b` ...
    Binary(BinaryOperator, Box<Expr>, Box<Expr>),
    /// `a < b <= c`: all pairs hold.
    Comparison(Box<Expr>, Vec<(Comparison, Expr)>),
    /// `a IS NULL`, or with `true` `a IS NOT NULL`
    IsNull(Box<Expr>, bool),
    /// `a IS :: TYPE`, or with `true` `a IS NOT :: TYPE`
    IsType(Box<Expr>, TypeTest, bool),
    /// `a IS NFC NORMALIZED`, or with `true` `a IS NOT NFC NORMALIZED`
    IsNormalized(Box<Expr>, NormalForm, bool),
    /// `name(DISTINCT arguments)`
    Function {
        /// The name with its namespaces, joined by dots, as written.
        name: Name,
        /// Whether equal values count once.
        distinct: bool,
        /// The arguments.
        arguments: Vec<Expr>,
    },
    /// `count(*)`
    CountStar,
    /// `CASE [subject] WHEN .. THEN .. ELSE .. END`
    Case {
        /// What the alternatives are compared with.
        subject: Option<Box<Expr>>,
        /// What follows each `WHEN`, and the value.
        alternatives: Vec<(Vec<Expr>, Expr)>,
        /// What follows `ELSE`.
        otherwise: Option<Box<Expr>>,
    },
    /// What `CASE` compares, where `WHEN` begins with an operator: `CASE x WHEN > 3 THEN ..`. It is not
    /// written, and stands only as the first operand there.
    Subject,
    /// `[variable IN list WHERE predicate | value]`
    ListComprehension {
        /// The variable.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// What follows `WHERE`.
        predicate: Option<Box<Expr>>,
        /// What follows the bar.
        value: Option<Box<Expr>>,
    },
    /// `[path = pattern WHERE predicate | value]`
    PatternComprehension {
        /// The pattern, with the variable of its path.
        pattern: Box<Pattern>,
        /// What follows `WHERE`.
        predicate: Option<Box<Expr>>,
        /// What follows the bar.
        value: Box<Expr>,
    },
    /// `all(variable IN list WHERE predicate)` and its like
    Quantifier {
        /// Which.
        quantifier: Quantifier,
        /// The variable.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// What follows `WHERE`.
        predicate: Option<Box<Expr>>,
    },
    /// `reduce(accumulator = start, variable IN list | value)`
    Reduce {
        /// The accumulator.
        accumulator: Name,
        /// Its first value.
        start: Box<Expr>,
        /// The variable.
        variable: Name,
        /// The list.
        list: Box<Expr>,
        /// The next value of the accumulator.
        value: Box<Expr>,
    },
    /// `variable {.key, key: value, variable, .*}`
    MapProjection {
        /// The variable.
        variable: Name,
        /// What is taken.
        items: Vec<MapProjectionItem>,
    },
    /// A pattern as a condition: `(a)-->(:B)`.
    PatternPredicate(Box<Pattern>),
    /// `shortestPath(pattern)` or `allShortestPaths(pattern)` as a value.
    ShortestPath(Box<Pattern>),
    /// `EXISTS { .. }`
    Exists(Box<Subquery>),
    /// `COUNT { .. }`
    Count(Box<Subquery>),
    /// `COLLECT { .. }`
    Collect(Box<Subquery>),
    /// What could not be read; an error was reported at its place.
    Missing,
}

/// What stands between the braces of a subquery.
#[derive(Clone, Debug, PartialEq)]
pub enum Subquery {
    /// Patterns with a condition.
    Pattern {
        /// The patterns.
        patterns: Vec<Pattern>,
        /// What follows `WHERE`.
        predicate: Option<Expr>,
    },
    /// A whole query; its `RETURN` may be left out.
    Query(Query),
}

/// An item of a map projection.
#[derive(Clone, Debug, PartialEq)]
pub enum MapProjectionItem {
    /// `.key`
    Property(Name),
    /// `key: value`
    Entry(Name, Expr),
    /// `variable`
    Variable(Name),
    /// `.*`
    All(Span),
}

/// Operators before one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `NOT`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// Operators between two values, comparisons apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `OR`
    Or,
    /// `XOR`
    Xor,
    /// `AND`
    And,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `^`
    Power,
    /// `IN`
    In,
    /// `STARTS WITH`
    StartsWith,
    /// `ENDS WITH`
    EndsWith,
    /// `CONTAINS`
    Contains,
    /// `=~`
    Regex,
    /// `||`
    Concatenate,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// How many elements of a list must meet a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// Each.
    All,
    /// At least one.
    Any,
    /// None.
    None,
    /// Exactly one.
    Single,
}

impl Listed {
    /// How it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Procedures => "PROCEDURES",
            Self::Functions => "FUNCTIONS",
            Self::Indexes => "INDEXES",
            Self::Constraints => "CONSTRAINTS",
        }
    }
}

impl Comparison {
    /// How it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Span {
    /// The place from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// From the start of this to the end of the other.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// The text at this place.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl LabelExpr {
    /// The computed labels, from left to right.
    pub fn computed(&self) -> Vec<&Expr> {
        let mut res = Vec::new();
        let mut rest = vec![self];
        while let Some(it) = rest.pop() {
            match it {
                Self::Computed { expression, .. } => res.push(&**expression),
                Self::And(a, b) | Self::Or(a, b) => rest.extend([&**b, &**a]),
                Self::Not(inner) => rest.push(inner),
                Self::Label(_) | Self::Any(_) => {}
            }
        }
        res
    }
}

impl Clone for Expr {
    /// As deep as the parser lets a tree be, whatever stack is left.
    fn clone(&self) -> Self {
        grow_stack(|| Self { kind: self.kind.clone(), span: self.span })
    }
}

impl PartialEq for Expr {
    /// As deep as the parser lets a tree be, whatever stack is left.
    fn eq(&self, other: &Self) -> bool {
        grow_stack(|| self.kind == other.kind)
    }
}

impl PartialEq for Span {
    /// Any two places are equal: a tree is what it says, not where it stands.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
