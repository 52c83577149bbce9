//! What goes wrong with a query, in the classes of the standard, with its place and the way out.

use std::fmt;

use crate::Span;

/// A fault of a query or of running it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The class of the standard.
    pub kind: ErrorKind,
    /// When it shows.
    pub phase: Phase,
    /// The detail of the standard.
    pub detail: Detail,
    /// What is wrong, in plain words.
    pub message: String,
    /// Where in the query, if it is at a place.
    pub span: Option<Span>,
    /// The way out.
    pub hint: Option<String>,
}

/// A class of errors, as the standard's test kit names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The statement is not one of the language.
    SyntaxError,
    /// It is one, but says what cannot be done.
    SemanticError,
    /// It names a parameter that was not given.
    ParameterMissing,
    /// The data would break a rule of the graph.
    ConstraintVerificationFailed,
    /// The data would break a rule of the schema.
    ConstraintValidationFailed,
    /// It speaks of a node or relationship that is gone.
    EntityNotFound,
    /// A value of a type that the operation does not take.
    TypeError,
    /// A value that the operation does not take.
    ArgumentError,
    /// A number that cannot be computed.
    ArithmeticError,
    /// It calls a procedure that is not there, or that failed.
    ProcedureError,
    /// It would run past a limit of time, rows, memory or depth.
    LimitError,
    /// It was cancelled.
    Cancelled,
    /// A fault of weft itself.
    Bug,
}

/// When an error shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Before anything is read.
    CompileTime,
    /// While it runs.
    Runtime,
}

macro_rules! details {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What exactly is wrong, as the standard's test kit names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "the names are the standard's and say what they mean")]
        pub enum Detail { $($(#[$doc])* $name,)* }

        impl Detail {
            /// The standard's word for it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

details! {
    AmbiguousAggregationExpression,
    Cancelled,
    ColumnNameConflict,
    CreatingVarLength,
    DeleteConnectedNode,
    DeletedEntityAccess,
    DifferentColumnsInUnion,
    DivisionByZero,
    FloatingPointOverflow,
    IntegerOverflow,
    InternalFault,
    InvalidAggregation,
    InvalidArgumentPassingMode,
    InvalidArgumentType,
    InvalidArgumentValue,
    InvalidClauseComposition,
    InvalidDelete,
    InvalidNumberLiteral,
    InvalidNumberOfArguments,
    InvalidParameterUse,
    InvalidPropertyType,
    InvalidRelationshipPattern,
    InvalidUnicodeCharacter,
    InvalidUnicodeLiteral,
    LimitExceeded,
    ListElementAccessByNonInteger,
    MapElementAccessByNonString,
    MergeReadOwnWrites,
    MissingParameter,
    NegativeIntegerArgument,
    NestedAggregation,
    NoExpressionAlias,
    NoSingleRelationshipType,
    NoVariablesInScope,
    NonConstantExpression,
    NumberOutOfRange,
    PoolExceeded,
    ProcedureFailed,
    ProcedureNotFound,
    RelationshipUniquenessViolation,
    RequiresDirectedRelationship,
    SchemaViolation,
    UndefinedVariable,
    UnexpectedSyntax,
    UnknownFunction,
    VariableAlreadyBound,
    VariableTypeConflict,
}

impl Error {
    /// A fault that shows before anything is read.
    pub fn compile(
        kind: ErrorKind,
        detail: Detail,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        let (phase, span) = (Phase::CompileTime, Some(span));
        Self { kind, phase, detail, message: message.into(), span, hint: None }
    }

    /// A `SyntaxError` at compile time, the commonest.
    pub fn syntax(detail: Detail, span: Span, message: impl Into<String>) -> Self {
        Self::compile(ErrorKind::SyntaxError, detail, span, message)
    }

    /// A fault that shows while the query runs; its place is added where it is known.
    pub fn runtime(kind: ErrorKind, detail: Detail, message: impl Into<String>) -> Self {
        let phase = Phase::Runtime;
        Self { kind, phase, detail, message: message.into(), span: None, hint: None }
    }

    /// A fault of weft itself.
    pub(crate) fn bug(message: &str) -> Self {
        Self::runtime(ErrorKind::Bug, Detail::InternalFault, message)
    }

    /// Adds the way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the place, unless a closer one is known.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = self.span.or(Some(span));
        self
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
