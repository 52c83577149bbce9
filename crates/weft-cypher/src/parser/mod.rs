//! Text to tree: recursive descent for clauses and patterns, binding powers for expressions.
//!
//! The parser reads on after a fault, so that all faults of a text are told at once. It knows the
//! grammar and nothing else: no variable, function or label is looked up here.

mod balance;
mod clauses;
mod commands;
mod expressions;
mod hints;
mod literals;
mod patterns;
mod types;

pub(crate) use balance::is_balanced;
pub(crate) use expressions::power;

use crate::ast::{Body, Expr, ExprKind, Mode, Name, Query, SingleQuery, Statement};
use crate::lexer::{Kind, NO_PARTNER, Token, is_unclosed, lex};
use crate::{Detail, Error, ErrorKind, Span};

/// The longest text that is read, in bytes.
pub const TEXT_BYTES_MAX: usize = 4 << 20;

/// How deep brackets, subqueries and operators may stand within each other.
pub const NESTING_MAX: usize = 2_000;

/// How many faults of one text are told.
pub const FAULTS_MAX: usize = 100;

/// What a subquery or a pattern within an expression counts for [`NESTING_MAX`]: its tree is so many
/// times deeper than that of a pair of brackets.
const QUERY_WEIGHT: usize = 8;

/// The stack that must be left for one more level of nesting, and the size of a new piece of it.
const STACK_LEFT_MIN: usize = 128 << 10;
const STACK_PIECE: usize = 1 << 20;

/// Reads one statement, and reports all faults of it.
///
/// The statement is whole only where no fault is reported; what could not be read is left out, or is
/// [`ExprKind::Missing`].
pub fn parse(text: &str) -> (Statement, Vec<Error>) {
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("a query of {} bytes is too long", text.len());
        let hint = format!("{TEXT_BYTES_MAX} bytes are read at most; hand data over as parameters");
        let error =
            Error::compile(ErrorKind::LimitError, Detail::LimitExceeded, Span::new(0, 0), message);
        return (nothing(), vec![error.with_hint(hint)]);
    }
    let mut parser = Parser::new(text);
    let statement = parser.statement();
    (statement, parser.errors)
}

/// Cuts a text at the semicolons that stand outside of quotes and comments, and gives the statements
/// in front of them and what stands behind the last.
///
/// Pieces without anything but spaces and comments are left out.
///
/// ```
/// let (whole, rest) = weft_cypher::split_statements("RETURN ';'; // done;\nMATCH (n)");
/// assert_eq!((whole, rest), (vec!["RETURN ';'"], "MATCH (n)"));
/// ```
pub fn split_statements(text: &str) -> (Vec<&str>, &str) {
    let mut statements = Vec::new();
    let mut piece: Option<Span> = None;
    for token in lex(text) {
        match token.kind {
            Kind::Semicolon => statements.extend(piece.take().map(|it| it.of(text))),
            Kind::End => {}
            _ => piece = Some(piece.map_or(token.span, |it| it.to(token.span))),
        }
    }
    (statements, piece.map_or("", |it| it.of(text)))
}

/// Runs what may call itself, on a new piece of stack if little is left of the old.
pub(crate) fn grow_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK_LEFT_MIN, STACK_PIECE, run)
}

/// A statement of which nothing could be read.
fn nothing() -> Statement {
    let query = SingleQuery { clauses: Vec::new(), span: Span::default() };
    let body = Query { first: query, unions: Vec::new(), span: Span::default() };
    Statement { mode: Mode::Run, body: Body::Query(body) }
}

/// What is left of a piece of text after a fault: it was reported, and the caller looks for a place
/// to go on.
struct Reported;

type Parsed<T> = Result<T, Reported>;

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The token that is read next.
    position: usize,
    errors: Vec<Error>,
    /// The position of the token at which the last fault was reported.
    last_fault: Option<usize>,
    /// How many levels of nesting are open.
    depth: usize,
    /// How many of them are subqueries or patterns.
    n_queries: usize,
    /// The height of the tallest tree that was finished since the innermost open one was begun.
    tallest: usize,
    /// Whether a bar ends the expression, rather than joining labels, unless another one follows.
    bar_ends: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            tokens: lex(text),
            position: 0,
            errors: Vec::new(),
            last_fault: None,
            depth: 0,
            n_queries: 0,
            tallest: 0,
            bar_ends: false,
        }
    }

    // Looking.

    fn token(&self) -> Token {
        self.tokens[self.position]
    }

    fn kind(&self) -> Kind {
        self.token().kind
    }

    /// The kind of a token further on; the end stands behind the last for ever.
    fn kind_at(&self, position: usize) -> Kind {
        self.tokens.get(position).map_or(Kind::End, |it| it.kind)
    }

    fn next_kind(&self) -> Kind {
        self.kind_at(self.position + 1)
    }

    fn at(&self, kind: Kind) -> bool {
        self.kind() == kind
    }

    /// Whether the next token is this name, whatever its case.
    fn at_name(&self, name: &str) -> bool {
        self.at(Kind::Name) && self.text_of(self.token()).eq_ignore_ascii_case(name)
    }

    fn text_of(&self, token: Token) -> &'t str {
        token.span.of(self.text)
    }

    /// The end of what was read last.
    fn end_of_last(&self) -> Span {
        let last = self.position.saturating_sub(1);
        self.tokens[last].span
    }

    /// From a start to the end of what was read last.
    fn span_from(&self, start: Span) -> Span {
        let last = self.end_of_last();
        if last.end < start.start { Span { end: start.start, ..start } } else { start.to(last) }
    }

    /// The position of the bracket that closes the one at a position.
    fn partner(&self, position: usize) -> Option<usize> {
        let partner = self.tokens[position].partner;
        (partner != NO_PARTNER).then_some(partner as usize)
    }

    // Taking.

    fn advance(&mut self) -> Token {
        let token = self.token();
        if token.kind != Kind::End {
            self.position += 1;
        }
        token
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    /// Takes a word that means something in one place only, whatever its case.
    fn eat_name(&mut self, name: &str) -> bool {
        let found = self.at_name(name);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, kind: Kind, what: &str) -> Parsed<Token> {
        if self.at(kind) { Ok(self.advance()) } else { Err(self.unexpected(what)) }
    }

    /// A name: of a variable, a label, a property, a procedure. Words of the language are names here.
    fn name(&mut self, what: &str) -> Parsed<Name> {
        if !self.kind().is_name() {
            return Err(self.unexpected(what));
        }
        let token = self.advance();
        Ok(self.name_of(token))
    }

    fn name_of(&self, token: Token) -> Name {
        let written = self.text_of(token);
        let text = match token.kind {
            Kind::QuotedName => written[1..written.len() - 1].replace("``", "`"),
            _ => written.to_owned(),
        };
        Name { text, span: token.span }
    }

    // Faults.

    /// Reports a fault; of those at one token, the first alone.
    fn report(&mut self, error: Error) -> Reported {
        if self.last_fault != Some(self.position) && self.errors.len() < FAULTS_MAX {
            self.errors.push(error);
        }
        self.last_fault = Some(self.position);
        Reported
    }

    /// Reports a fault that does not hinder reading on.
    fn complain(&mut self, error: Error) {
        if self.errors.len() < FAULTS_MAX {
            self.errors.push(error);
        }
    }

    /// Reports that too much stands within each other, and reads no further.
    fn too_deep(&mut self) -> Reported {
        let (message, hint) = if self.n_queries * QUERY_WEIGHT * 2 > NESTING_MAX {
            (
                format!(
                    "subqueries and patterns stand too deep in each other: {} at most",
                    NESTING_MAX / QUERY_WEIGHT
                ),
                "match what is asked for step by step: `MATCH .. WITH .. MATCH ..`",
            )
        } else {
            (
                format!("the query nests more than {NESTING_MAX} levels deep"),
                "write long sums as `reduce(..)` over a list, and hand deep data over as parameters",
            )
        };
        let span = self.token().span;
        let error = Error::compile(ErrorKind::LimitError, Detail::LimitExceeded, span, message)
            .with_hint(hint);
        // What was read before is fine or was reported; what follows would only echo this.
        self.report(error);
        self.position = self.tokens.len() - 1;
        self.last_fault = Some(self.position);
        Reported
    }

    // Nesting.

    /// Reads something that stands within something else, `weight` levels deeper.
    fn nested<T>(&mut self, weight: usize, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth + weight > NESTING_MAX {
            return Err(self.too_deep());
        }
        self.depth += weight;
        self.n_queries += usize::from(weight == QUERY_WEIGHT);
        let res = self.tree(|it| {
            let value = grow_stack(|| read(it))?;
            it.grow(weight)?;
            Ok(value)
        });
        self.depth -= weight;
        self.n_queries -= usize::from(weight == QUERY_WEIGHT);
        res
    }

    /// Builds a tree of its own: what was finished before does not make it taller.
    fn tree<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = std::mem::take(&mut self.tallest);
        let res = read(self);
        self.tallest = self.tallest.max(outer);
        res
    }

    /// Notes that the tree that is being built has become taller; never so tall that it could not be
    /// dropped.
    fn grow(&mut self, levels: usize) -> Parsed<()> {
        self.tallest += levels;
        if self.tallest > NESTING_MAX { Err(self.too_deep()) } else { Ok(()) }
    }

    /// Reads what stands between brackets, the next token being the opening one. After a fault inside
    /// it goes on behind the closing bracket with `None`, if there is one.
    fn bracketed<T>(
        &mut self,
        weight: usize,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<Option<T>> {
        let opened = self.position;
        let closing = self.token().kind.closing().unwrap_or(Kind::End);
        self.advance();
        let outer_bar = std::mem::take(&mut self.bar_ends);
        let res = self.nested(weight, |it| {
            let value = read(it)?;
            it.close(opened, closing)?;
            Ok(value)
        });
        self.bar_ends = outer_bar;
        match (res, self.partner(opened)) {
            (Ok(value), _) => Ok(Some(value)),
            (Err(Reported), Some(close)) if close >= self.position => {
                self.position = close + 1;
                Ok(None)
            }
            (Err(Reported), _) => Err(Reported),
        }
    }

    /// Takes the bracket that closes the one at `opened`.
    fn close(&mut self, opened: usize, closing: Kind) -> Parsed<()> {
        if self.eat(closing) {
            return Ok(());
        }
        if self.partner(opened).is_some() {
            let what = match closing {
                Kind::ParenClose => "`)`",
                Kind::BracketClose => "`]`",
                _ => "`}`",
            };
            return Err(self.unexpected(what));
        }
        let bracket = self.tokens[opened];
        let written = self.text_of(bracket);
        let message = format!("`{written}` is never closed");
        let found = self.found();
        let fits = match closing {
            Kind::ParenClose => ")",
            Kind::BracketClose => "]",
            _ => "}",
        };
        let error = Error::syntax(Detail::UnexpectedSyntax, bracket.span, message)
            .with_hint(format!("put `{fits}` before {found}, or take `{written}` away"));
        Err(self.report(error))
    }

    // The statement.

    fn statement(&mut self) -> Statement {
        let mode = match self.kind() {
            Kind::Explain => Mode::Explain,
            Kind::Profile => Mode::Profile,
            _ => Mode::Run,
        };
        if mode != Mode::Run {
            self.advance();
        }
        let body = match self.kind() {
            Kind::Show => self.show(),
            _ => match self.command() {
                Some(command) => command,
                None => Body::Query(self.query(Kind::End)),
            },
        };
        while self.eat(Kind::Semicolon) {}
        if !self.at(Kind::End) {
            let error = Error::syntax(
                Detail::UnexpectedSyntax,
                self.token().span,
                format!("another statement begins with {}", self.found()),
            );
            self.report(error.with_hint("run one statement at a time"));
        }
        self.report_stray_tokens();
        Statement { mode, body }
    }

    /// Reports what no rule of the grammar came across because a fault was found before it.
    fn report_stray_tokens(&mut self) {
        for position in 0..self.tokens.len() {
            let token = self.tokens[position];
            let is_told = |it: &Error| {
                it.span.is_some_and(|it| {
                    it.start <= token.span.start && token.span.start <= it.end.max(it.start)
                })
            };
            let is_fault = is_unclosed(token.kind);
            if is_fault && !self.errors.iter().any(is_told) {
                self.position = position;
                self.last_fault = None;
                self.unexpected("a part of the query");
            }
        }
    }
}

impl Expr {
    /// What stands for an expression that could not be read.
    fn missing(span: Span) -> Self {
        Self { kind: ExprKind::Missing, span }
    }
}
