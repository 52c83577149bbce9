//! Expressions: operators by binding power, and what stands between them.

use super::balance::{balanced, n_levels};
use super::{Parsed, Parser, QUERY_WEIGHT};
use crate::ast::{
    BinaryOperator, Comparison, Expr, ExprKind, MapProjectionItem, Name, Pattern, Quantifier,
    Subquery, UnaryOperator,
};
use crate::lexer::{Kind, Token};
use crate::{Detail, Error, NormalForm, Span};

/// How strongly operators bind, weakest first, as the standard has it.
pub(crate) mod power {
    pub(crate) const OR: u8 = 1;
    pub(crate) const XOR: u8 = 2;
    pub(crate) const AND: u8 = 3;
    pub(crate) const NOT: u8 = 4;
    pub(crate) const COMPARISON: u8 = 5;
    pub(crate) const PREDICATE: u8 = 6;
    pub(crate) const SUM: u8 = 7;
    pub(crate) const PRODUCT: u8 = 8;
    pub(crate) const POWER: u8 = 9;
    pub(crate) const SIGN: u8 = 10;
    pub(crate) const POSTFIX: u8 = 11;
}

/// Operators of other languages: the complaint, and what is read instead.
const FOREIGN: &[(Kind, Kind)] = &[
    (Kind::EqualEqual, Kind::Equal),
    (Kind::ExclamationEqual, Kind::NotEqual),
    (Kind::AmpersandAmpersand, Kind::And),
];

impl Parser<'_> {
    /// An expression that is a value.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        let expression = self.operators(power::OR)?;
        Ok(self.value(expression))
    }

    /// An expression that is a condition: a pattern may be one, too.
    pub(super) fn predicate(&mut self) -> Parsed<Expr> {
        self.operators(power::OR)
    }

    /// An expression without operators: `n`, `n.name`, `$list[0]`.
    pub(super) fn operand(&mut self) -> Parsed<Expr> {
        self.operators(power::POSTFIX)
    }

    /// Complains where a pattern stands for a value.
    fn value(&mut self, expression: Expr) -> Expr {
        if matches!(expression.kind, ExprKind::PatternPredicate(_)) {
            let error = Error::syntax(
                Detail::UnexpectedSyntax,
                expression.span,
                "a pattern stands where a value is wanted",
            );
            self.complain(error.with_hint(
                "ask whether it is there by `EXISTS { .. }`, count it by `COUNT { .. }`, or take values of it by `[pattern | value]`",
            ));
        }
        expression
    }

    /// An expression of operators that bind at least so strongly.
    fn operators(&mut self, min: u8) -> Parsed<Expr> {
        self.tree(|it| it.operators_of_one_tree(min))
    }

    fn operators_of_one_tree(&mut self, min: u8) -> Parsed<Expr> {
        let left = self.prefixed(min)?;
        self.operators_behind(left, min)
    }

    /// What operators make of a value that stands before them.
    fn operators_behind(&mut self, mut left: Expr, min: u8) -> Parsed<Expr> {
        loop {
            self.read_foreign_operator();
            let token = self.token();
            left = match token.kind {
                Kind::Or if min <= power::OR => {
                    self.chain(left, token.kind, BinaryOperator::Or, power::XOR)?
                }
                Kind::Xor if min <= power::XOR => {
                    self.chain(left, token.kind, BinaryOperator::Xor, power::AND)?
                }
                Kind::And if min <= power::AND => {
                    self.chain(left, token.kind, BinaryOperator::And, power::NOT)?
                }
                _ if min <= power::COMPARISON && comparison(token.kind).is_some() => {
                    self.comparisons(left)?
                }
                Kind::Is if min <= power::PREDICATE => self.null_test(left)?,
                Kind::ColonColon if min <= power::PREDICATE => self.type_test_of(left, false)?,
                Kind::Not if min <= power::PREDICATE && self.is_inner_not() => {
                    self.inner_not(left)?
                }
                Kind::Starts | Kind::Ends if min <= power::PREDICATE => {
                    self.advance();
                    self.expect(Kind::With, "`WITH`")?;
                    let operator = match token.kind {
                        Kind::Starts => BinaryOperator::StartsWith,
                        _ => BinaryOperator::EndsWith,
                    };
                    self.binary(left, operator, power::SUM)?
                }
                _ => match binary_operator(token.kind) {
                    Some((operator, own)) if min <= own => {
                        self.advance();
                        self.binary(left, operator, own + 1)?
                    }
                    _ => return Ok(left),
                },
            };
        }
    }

    /// The right side of an operator whose word was taken.
    fn binary(&mut self, left: Expr, operator: BinaryOperator, min: u8) -> Parsed<Expr> {
        let left = self.value(left);
        let right = self.operators(min)?;
        let right = self.value(right);
        let span = left.span.to(right.span);
        self.grow(1)?;
        let kind = ExprKind::Binary(operator, Box::new(left), Box::new(right));
        Ok(Expr { kind, span })
    }

    /// `a AND b AND c`, as flat as possible, so that thousands of conditions do not nest.
    fn chain(
        &mut self,
        first: Expr,
        word: Kind,
        operator: BinaryOperator,
        min: u8,
    ) -> Parsed<Expr> {
        let start = first.span;
        let mut parts = vec![first];
        loop {
            self.read_foreign_operator();
            if !self.eat(word) {
                break;
            }
            parts.push(self.operators(min)?);
        }
        self.grow(n_levels(parts.len()))?;
        let join = |left: Expr, right: Expr| {
            let span = left.span.to(right.span);
            let kind = ExprKind::Binary(operator, Box::new(left), Box::new(right));
            Expr { kind, span }
        };
        Ok(balanced(parts, &join).unwrap_or_else(|| Expr::missing(start)))
    }

    fn comparisons(&mut self, first: Expr) -> Parsed<Expr> {
        let start = first.span;
        let first = self.value(first);
        let mut others = Vec::new();
        loop {
            self.read_foreign_operator();
            let Some(operator) = comparison(self.kind()) else { break };
            self.advance();
            let other = self.operators(power::PREDICATE)?;
            others.push((operator, self.value(other)));
        }
        self.grow(1)?;
        let kind = ExprKind::Comparison(Box::new(first), others);
        Ok(Expr { kind, span: self.span_from(start) })
    }

    /// `IS NULL`, `IS NOT NULL`, `IS :: TYPE`, `IS NOT TYPED TYPE`, `IS NFC NORMALIZED`
    fn null_test(&mut self, left: Expr) -> Parsed<Expr> {
        let left = self.value(left);
        self.advance();
        let is_negated = self.eat(Kind::Not);
        if self.at(Kind::ColonColon) || self.at_name("TYPED") {
            return self.type_test_of(left, is_negated);
        }
        if !self.eat(Kind::Null) {
            if let Some(form) = self.normal_form() {
                self.grow(1)?;
                let span = self.span_from(left.span);
                let kind = ExprKind::IsNormalized(Box::new(left), form, is_negated);
                return Ok(Expr { kind, span });
            }
            let expected = if is_negated { "`NULL`" } else { "`NULL` or `NOT NULL`" };
            let message = format!("expected {expected}, found {}", self.found());
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
            let is_form = self.text_of(self.token()).parse::<NormalForm>().is_ok();
            let hint = match is_form {
                _ if self.at_name("EMPTY") => {
                    "whether there is nothing in a text or a list is `isEmpty(n.name)`"
                }
                true => "whether a text is in a normal form is `IS NFC NORMALIZED`",
                false => {
                    "`IS` tests for null, and by `IS :: TYPE` for a type; values are compared by `=` and `<>`"
                }
            };
            return Err(self.report(error.with_hint(hint)));
        }
        self.grow(1)?;
        let span = self.span_from(left.span);
        Ok(Expr { kind: ExprKind::IsNull(Box::new(left), is_negated), span })
    }

    /// `NORMALIZED`, `NFKC NORMALIZED` and their like, if they stand here.
    fn normal_form(&mut self) -> Option<NormalForm> {
        const NORMALIZED: &str = "NORMALIZED";

        if self.at_name(NORMALIZED) {
            self.advance();
            return Some(NormalForm::ALL[0]);
        }
        let form = self.text_of(self.token()).parse().ok()?;
        let next = *self.tokens.get(self.position + 1)?;
        if !self.text_of(next).eq_ignore_ascii_case(NORMALIZED) {
            return None;
        }
        self.advance();
        self.advance();
        Some(form)
    }

    /// `:: TYPE` behind a value.
    fn type_test_of(&mut self, left: Expr, is_negated: bool) -> Parsed<Expr> {
        let left = self.value(left);
        self.advance();
        let test = self.type_test()?;
        self.grow(1)?;
        let span = self.span_from(left.span);
        Ok(Expr { kind: ExprKind::IsType(Box::new(left), test, is_negated), span })
    }

    /// Whether a `NOT` stands between a value and its test, as other languages have it.
    fn is_inner_not(&self) -> bool {
        matches!(self.next_kind(), Kind::In | Kind::Contains | Kind::Starts | Kind::Ends)
    }

    /// Complains of `a NOT IN b`, and reads it.
    fn inner_not(&mut self, left: Expr) -> Parsed<Expr> {
        let token = self.advance();
        let test = self.text_of(self.token()).to_uppercase();
        let error = Error::syntax(
            Detail::UnexpectedSyntax,
            token.span,
            format!("`NOT` stands before `{test}`"),
        );
        let written = left.span.of(self.text);
        self.complain(error.with_hint(format!("write `NOT {written} {test} ..`")));
        Ok(left)
    }

    /// Complains of an operator of another language, and takes it for ours.
    fn read_foreign_operator(&mut self) {
        let token = self.token();
        let ours = match FOREIGN.iter().find(|(theirs, _)| *theirs == token.kind) {
            Some((_, ours)) => *ours,
            None if self.at_name("LIKE") || self.at_name("ILIKE") => Kind::EqualTilde,
            None => return,
        };
        let written = self.text_of(token);
        let mut error = Error::syntax(
            Detail::UnexpectedSyntax,
            token.span,
            format!("`{written}` is no operator of openCypher"),
        );
        let like = self.like(written).filter(|_| ours == Kind::EqualTilde);
        error.hint = like.or_else(|| self.elsewhere(written).map(str::to_owned));
        self.complain(error);
        self.tokens[self.position].kind = ours;
    }

    /// `NOT a`, `-a`, `+a`, or a value with what is written behind it.
    fn prefixed(&mut self, min: u8) -> Parsed<Expr> {
        let token = self.token();
        match token.kind {
            Kind::Not if min <= power::NOT => {
                self.advance();
                let inner = self.nested(1, |it| it.operators(power::NOT))?;
                Ok(unary(UnaryOperator::Not, token, inner))
            }
            Kind::Not => {
                let error = Error::syntax(
                    Detail::UnexpectedSyntax,
                    token.span,
                    "`NOT` binds more weakly than the operator before it",
                );
                Err(self.report(error.with_hint("put it in parentheses: `a = (NOT b)`")))
            }
            Kind::Exclamation => {
                self.unexpected("a value");
                self.last_fault = None;
                self.advance();
                self.nested(1, |it| it.operators(power::SIGN))
            }
            Kind::Minus if min <= power::SIGN && self.is_negative_number() => {
                self.advance();
                let number = self.advance();
                let kind = self.number(number, true)?;
                Ok(Expr { kind, span: token.span.to(number.span) })
            }
            Kind::Minus | Kind::Plus if min <= power::SIGN => {
                self.advance();
                let inner = self.nested(1, |it| it.operators(power::SIGN))?;
                let inner = self.value(inner);
                let operator = match token.kind {
                    Kind::Minus => UnaryOperator::Minus,
                    _ => UnaryOperator::Plus,
                };
                Ok(unary(operator, token, inner))
            }
            _ => self.postfixed(),
        }
    }

    /// Whether a minus and a number are one literal: nothing behind the number binds more strongly.
    fn is_negative_number(&self) -> bool {
        self.next_kind() == Kind::Number
            && !matches!(
                self.kind_at(self.position + 2),
                Kind::Dot | Kind::BracketOpen | Kind::Colon
            )
    }

    /// A value with `.key`, `[index]`, `[from..to]` and `:Label` behind it.
    fn postfixed(&mut self) -> Parsed<Expr> {
        let mut value = self.atom()?;
        let start = value.span;
        loop {
            let kind = match self.kind() {
                Kind::Dot => {
                    value = self.value(value);
                    self.advance();
                    let key = self.name("the name of a property")?;
                    ExprKind::Property(Box::new(value), key)
                }
                Kind::BracketOpen => {
                    value = self.value(value);
                    match self.bracketed(1, Self::index)? {
                        Some(Index::At(at)) => ExprKind::Index(Box::new(value), Box::new(at)),
                        Some(Index::Slice(from, to)) => {
                            let (from, to) = (from.map(Box::new), to.map(Box::new));
                            ExprKind::Slice(Box::new(value), from, to)
                        }
                        None => ExprKind::Missing,
                    }
                }
                Kind::Colon => {
                    value = self.value(value);
                    self.advance();
                    ExprKind::HasLabels(Box::new(value), self.label_expression()?)
                }
                _ => return Ok(value),
            };
            self.grow(1)?;
            value = Expr { kind, span: self.span_from(start) };
        }
    }

    fn index(&mut self) -> Parsed<Index> {
        if self.eat(Kind::DotDot) {
            return Ok(Index::Slice(None, self.upper_bound()?));
        }
        let from = self.expression()?;
        if self.eat(Kind::DotDot) {
            return Ok(Index::Slice(Some(from), self.upper_bound()?));
        }
        Ok(Index::At(from))
    }

    fn upper_bound(&mut self) -> Parsed<Option<Expr>> {
        if self.at(Kind::BracketClose) { Ok(None) } else { self.expression().map(Some) }
    }

    // What stands between operators.

    /// A literal, a parameter, a variable, a call, or something between brackets.
    pub(super) fn atom(&mut self) -> Parsed<Expr> {
        let token = self.token();
        let opens = |kind| self.next_kind() == kind;
        let kind = match token.kind {
            Kind::Null => self.constant(ExprKind::Null),
            Kind::True => self.constant(ExprKind::Boolean(true)),
            Kind::False => self.constant(ExprKind::Boolean(false)),
            Kind::Number => {
                self.advance();
                self.number(token, false)?
            }
            Kind::String => {
                self.advance();
                ExprKind::String(self.string(token))
            }
            Kind::Dollar => self.parameter()?,
            Kind::ParenOpen => return self.parenthesised(),
            Kind::BracketOpen => self.list()?,
            Kind::BraceOpen => self.map()?,
            Kind::Case => self.nested(1, Self::case)?,
            Kind::Exists | Kind::Count | Kind::Collect if opens(Kind::BraceOpen) => {
                self.subquery_expression()?
            }
            Kind::Count if opens(Kind::ParenOpen) && self.is_count_star() => {
                self.position += 4;
                ExprKind::CountStar
            }
            Kind::Exists if opens(Kind::ParenOpen) && self.is_path(self.position + 2) => {
                self.exists_of_pattern()?
            }
            kind if kind.is_name() && self.is_variable_or_call() => self.named()?,
            _ => return Err(self.unexpected("an expression")),
        };
        Ok(Expr { kind, span: self.span_from(token.span) })
    }

    fn constant(&mut self, kind: ExprKind) -> ExprKind {
        self.advance();
        kind
    }

    fn parameter(&mut self) -> Parsed<ExprKind> {
        let dollar = self.advance();
        if self.token().span.start > dollar.span.end {
            return Err(self.unexpected("the name of a parameter right behind `$`"));
        }
        if self.at(Kind::Number) {
            let token = self.advance();
            return Ok(ExprKind::Parameter(self.text_of(token).to_owned()));
        }
        Ok(ExprKind::Parameter(self.name("the name of a parameter")?.text))
    }

    /// `(a + b)`, or a pattern such as `(a)-->(b)`.
    fn parenthesised(&mut self) -> Parsed<Expr> {
        let start = self.token().span;
        if self.is_path(self.position) {
            let pattern = self.nested(QUERY_WEIGHT, Self::path_in_expression)?;
            let kind = ExprKind::PatternPredicate(Box::new(pattern));
            return Ok(Expr { kind, span: self.span_from(start) });
        }
        // Parentheses make no tree of their own, so that only the depth counts here.
        let inner = self.bracketed(1, Self::predicate)?;
        self.tallest = self.tallest.saturating_sub(1);
        let span = self.span_from(start);
        // The parentheses belong to what a column is called.
        Ok(inner.map_or(Expr::missing(span), |it| Expr { span, ..it }))
    }

    fn path_in_expression(&mut self) -> Parsed<Pattern> {
        let start = self.token().span;
        let (first, steps) = self.walk(true)?;
        let span = self.span_from(start);
        Ok(Pattern { variable: None, shortest: None, start: first, steps, span })
    }

    /// What begins with a bracket: a list, a list comprehension or a pattern comprehension.
    fn list(&mut self) -> Parsed<ExprKind> {
        let is_named_path = self.next_kind().is_name()
            && self.kind_at(self.position + 2) == Kind::Equal
            && self.kind_at(self.position + 3) == Kind::ParenOpen;
        if self.is_path(self.position + 1) || is_named_path && self.is_path(self.position + 3) {
            let comprehension = self.bracketed(QUERY_WEIGHT, Self::pattern_comprehension)?;
            return Ok(comprehension.unwrap_or(ExprKind::Missing));
        }
        let is_comprehension =
            self.next_kind().is_name() && self.kind_at(self.position + 2) == Kind::In;
        let list = self.bracketed(1, |it| {
            if it.at(Kind::BracketClose) {
                return Ok(ExprKind::List(Vec::new()));
            }
            if !is_comprehension {
                return Ok(ExprKind::List(it.comma_separated(Self::expression)?));
            }
            let first = it.until_bar(Self::expression)?;
            if matches!(it.kind(), Kind::Where | Kind::Bar | Kind::BracketClose) {
                return match split_membership(first) {
                    Ok((variable, list)) => it.list_comprehension(variable, list),
                    Err(first) => Ok(ExprKind::List(vec![first])),
                };
            }
            if it.eat(Kind::Comma) {
                let mut items = vec![first];
                items.extend(it.comma_separated(Self::expression)?);
                return Ok(ExprKind::List(items));
            }
            Ok(ExprKind::List(vec![first]))
        })?;
        Ok(list.unwrap_or(ExprKind::Missing))
    }

    /// What follows the list of a list comprehension.
    fn list_comprehension(&mut self, variable: Name, list: Box<Expr>) -> Parsed<ExprKind> {
        let predicate = self.condition_until_bar()?;
        let value = if self.eat(Kind::Bar) { Some(Box::new(self.expression()?)) } else { None };
        Ok(ExprKind::ListComprehension { variable, list, predicate, value })
    }

    fn pattern_comprehension(&mut self) -> Parsed<ExprKind> {
        let start = self.token().span;
        let mut variable = None;
        if !self.at(Kind::ParenOpen) {
            variable = Some(self.name("the name of a path")?);
            self.advance();
        }
        let (first, steps) = self.walk(false)?;
        let span = self.span_from(start);
        let pattern = Box::new(Pattern { variable, shortest: None, start: first, steps, span });
        let predicate = self.condition_until_bar()?;
        self.expect(Kind::Bar, "`|` and the value to take")?;
        let value = Box::new(self.expression()?);
        Ok(ExprKind::PatternComprehension { pattern, predicate, value })
    }

    fn condition_until_bar(&mut self) -> Parsed<Option<Box<Expr>>> {
        if !self.eat(Kind::Where) {
            return Ok(None);
        }
        self.until_bar(Self::predicate).map(|it| Some(Box::new(it)))
    }

    /// Reads an expression that a bar may end.
    pub(super) fn until_bar<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = std::mem::replace(&mut self.bar_ends, true);
        let res = read(self);
        self.bar_ends = outer;
        res
    }

    fn map(&mut self) -> Parsed<ExprKind> {
        let entries = self.bracketed(1, |it| {
            if it.at(Kind::BraceClose) {
                return Ok(Vec::new());
            }
            it.comma_separated(|it| {
                let key = it.map_key()?;
                Ok((key, it.expression()?))
            })
        })?;
        Ok(entries.map_or(ExprKind::Missing, ExprKind::Map))
    }

    /// `key:`
    fn map_key(&mut self) -> Parsed<Name> {
        let token = self.token();
        let hint = match token.kind {
            Kind::String => "keys are written without quotes, or between backticks: `{name: 1}`",
            kind if kind.is_name() && self.next_kind() == Kind::BraceClose => {
                "a parameter is written `$name`, an entry of a map `key: value`"
            }
            kind if kind.is_name() && !matches!(self.next_kind(), Kind::Colon | Kind::Dot) => {
                "key and value are separated by a colon: `{name: 'value'}`"
            }
            _ => "",
        };
        if !hint.is_empty() {
            let message = match token.kind {
                Kind::String => format!("expected a key, found {}", self.found()),
                _ => {
                    self.advance();
                    format!("expected `:`, found {}", self.found())
                }
            };
            let span = self.token().span;
            let error = Error::syntax(Detail::UnexpectedSyntax, span, message);
            return Err(self.report(error.with_hint(hint)));
        }
        let key = self.name("a key")?;
        self.expect(Kind::Colon, "`:`")?;
        Ok(key)
    }

    fn case(&mut self) -> Parsed<ExprKind> {
        self.advance();
        let has_subject = !self.at(Kind::When);
        let subject = if has_subject { Some(Box::new(self.expression()?)) } else { None };
        let mut alternatives = Vec::new();
        while self.eat(Kind::When) {
            let tests = if has_subject { self.case_tests()? } else { vec![self.predicate()?] };
            if has_subject && matches!(self.kind(), Kind::And | Kind::Or | Kind::Xor) {
                let message = format!("expected `THEN`, found {}", self.found());
                let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
                return Err(self.report(error.with_hint(
                    "one test stands behind `WHEN`; several are `CASE WHEN x > 1 AND x < 3 THEN ..`",
                )));
            }
            if !self.at(Kind::Then) {
                let message = format!("expected `THEN`, found {}", self.found());
                let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
                return Err(self.report(error.with_hint(CASE)));
            }
            self.advance();
            alternatives.push((tests, self.expression()?));
        }
        if alternatives.is_empty() {
            let message = format!("expected `WHEN`, found {}", self.found());
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
            return Err(self.report(error.with_hint(CASE)));
        }
        let otherwise =
            if self.eat(Kind::Else) { Some(Box::new(self.expression()?)) } else { None };
        if !self.eat(Kind::EndWord) {
            let message = format!("expected `END`, found {}", self.found());
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
            let hint = match self.kind() {
                Kind::End => "`CASE` is closed by `END`",
                _ => CASE,
            };
            return Err(self.report(error.with_hint(hint)));
        }
        Ok(ExprKind::Case { subject, alternatives, otherwise })
    }

    /// What follows `WHEN` where something is compared: values, and operators with their right side.
    fn case_tests(&mut self) -> Parsed<Vec<Expr>> {
        let mut tests = Vec::new();
        loop {
            tests.push(match self.is_at_test() {
                true => self.tree(|it| {
                    let span = Span { end: it.token().span.start, ..it.token().span };
                    let subject = Expr { kind: ExprKind::Subject, span };
                    it.operators_behind(subject, power::COMPARISON)
                })?,
                false => self.expression()?,
            });
            if !self.eat(Kind::Comma) {
                return Ok(tests);
            }
        }
    }

    /// Whether an operator comes next that has a value before it.
    fn is_at_test(&self) -> bool {
        comparison(self.kind()).is_some()
            || FOREIGN.iter().any(|it| it.0 == self.kind())
            || matches!(
                self.kind(),
                Kind::Is
                    | Kind::ColonColon
                    | Kind::In
                    | Kind::Starts
                    | Kind::Ends
                    | Kind::Contains
                    | Kind::EqualTilde
            )
    }

    /// `EXISTS { .. }`, `COUNT { .. }`, `COLLECT { .. }`
    fn subquery_expression(&mut self) -> Parsed<ExprKind> {
        let word = self.advance().kind;
        let subquery = self.bracketed(QUERY_WEIGHT, |it| {
            let is_pattern = it.at(Kind::ParenOpen)
                || it.at_shortest().is_some()
                || it.at_selector()
                || it.kind().is_name() && it.next_kind() == Kind::Equal;
            if !is_pattern || word == Kind::Collect {
                return Ok(Subquery::Query(it.query(Kind::BraceClose)));
            }
            let patterns = it.comma_separated(Self::pattern)?;
            let predicate = it.where_predicate();
            Ok(Subquery::Pattern { patterns, predicate })
        })?;
        let Some(subquery) = subquery.map(Box::new) else { return Ok(ExprKind::Missing) };
        Ok(match word {
            Kind::Exists => ExprKind::Exists(subquery),
            Kind::Count => ExprKind::Count(subquery),
            _ => ExprKind::Collect(subquery),
        })
    }

    /// `exists((a)-->(b))`
    fn exists_of_pattern(&mut self) -> Parsed<ExprKind> {
        self.advance();
        let pattern = self.bracketed(QUERY_WEIGHT, Self::path_in_expression)?;
        let Some(pattern) = pattern else { return Ok(ExprKind::Missing) };
        let subquery = Subquery::Pattern { patterns: vec![pattern], predicate: None };
        Ok(ExprKind::Exists(Box::new(subquery)))
    }

    fn is_count_star(&self) -> bool {
        self.kind_at(self.position + 2) == Kind::Star
            && self.kind_at(self.position + 3) == Kind::ParenClose
    }

    // What begins with a name.

    /// Whether a word can be meant as a name here, rather than as the word that it is.
    fn is_variable_or_call(&self) -> bool {
        match self.kind() {
            Kind::Name | Kind::QuotedName => true,
            Kind::Match
            | Kind::Optional
            | Kind::Return
            | Kind::With
            | Kind::Where
            | Kind::Unwind
            | Kind::Union
            | Kind::Create
            | Kind::Merge
            | Kind::Delete
            | Kind::Detach
            | Kind::And
            | Kind::Or
            | Kind::Xor
            | Kind::Not
            | Kind::In
            | Kind::Is
            | Kind::As
            | Kind::Case
            | Kind::When
            | Kind::Then
            | Kind::Else
            | Kind::Starts
            | Kind::Ends
            | Kind::Contains
            | Kind::Distinct => false,
            // Such a word begins a part of a clause if what that part needs follows.
            _ => !matches!(
                self.next_kind(),
                Kind::Name
                    | Kind::QuotedName
                    | Kind::Number
                    | Kind::String
                    | Kind::Dollar
                    | Kind::By
                    | Kind::Match
                    | Kind::Create
            ),
        }
    }

    fn named(&mut self) -> Parsed<ExprKind> {
        if let Some(n_tokens) = self.call_ahead() {
            return self.call_expression(n_tokens);
        }
        let token = self.advance();
        let variable = self.name_of(token);
        if self.at(Kind::BraceOpen) {
            let items = self.bracketed(1, |it| {
                if it.at(Kind::BraceClose) {
                    return Ok(Vec::new());
                }
                it.comma_separated(Self::map_projection_item)
            })?;
            return Ok(items
                .map_or(ExprKind::Missing, |items| ExprKind::MapProjection { variable, items }));
        }
        Ok(ExprKind::Variable(variable.text))
    }

    /// How many tokens the name of a function has, if one stands here.
    fn call_ahead(&self) -> Option<usize> {
        let mut end = self.position + 1;
        while self.kind_at(end) == Kind::Dot && self.kind_at(end + 1).is_name() {
            end += 2;
        }
        (self.kind_at(end) == Kind::ParenOpen).then_some(end - self.position)
    }

    fn call_expression(&mut self, n_tokens: usize) -> Parsed<ExprKind> {
        if self.at_shortest().is_some() {
            let start = self.token().span;
            let pattern = self.nested(QUERY_WEIGHT, Self::pattern)?;
            let pattern = Pattern { span: self.span_from(start), ..pattern };
            return Ok(ExprKind::ShortestPath(Box::new(pattern)));
        }
        let has_variable = self.kind_at(self.position + 2).is_name();
        let behind_variable = match has_variable {
            true => self.kind_at(self.position + 3),
            false => Kind::End,
        };
        if n_tokens == 1 && behind_variable == Kind::In {
            if let Some(quantifier) = self.quantifier() {
                return self.quantified(quantifier);
            }
            self.refuse_old_comprehension()?;
        }
        if n_tokens == 1 && self.at_name("reduce") && behind_variable == Kind::Equal {
            self.advance();
            return Ok(self.bracketed(1, Self::reduce)?.unwrap_or(ExprKind::Missing));
        }
        let name = self.dotted_name("the name of a function")?;
        let arguments = self.bracketed(1, |it| {
            let distinct = it.eat(Kind::Distinct);
            if it.at(Kind::ParenClose) && !distinct {
                return Ok((distinct, Vec::new()));
            }
            Ok((distinct, it.comma_separated(Self::expression)?))
        })?;
        Ok(arguments.map_or(ExprKind::Missing, |(distinct, arguments)| ExprKind::Function {
            name,
            distinct,
            arguments,
        }))
    }

    /// Names joined by dots: of a function or a procedure.
    pub(super) fn dotted_name(&mut self, what: &str) -> Parsed<Name> {
        let mut name = self.name(what)?;
        while self.eat(Kind::Dot) {
            let next = self.name(what)?;
            name.text.push('.');
            name.text.push_str(&next.text);
            name.span = name.span.to(next.span);
        }
        Ok(name)
    }

    fn quantifier(&self) -> Option<Quantifier> {
        match () {
            () if self.at(Kind::All) => Some(Quantifier::All),
            () if self.at_name("any") => Some(Quantifier::Any),
            () if self.at_name("none") => Some(Quantifier::None),
            () if self.at_name("single") => Some(Quantifier::Single),
            () => None,
        }
    }

    fn quantified(&mut self, quantifier: Quantifier) -> Parsed<ExprKind> {
        self.advance();
        let parts = self.bracketed(1, |it| {
            let variable = it.name("a variable")?;
            it.expect(Kind::In, "`IN`")?;
            let list = Box::new(it.expression()?);
            let predicate =
                if it.eat(Kind::Where) { Some(Box::new(it.predicate()?)) } else { None };
            if predicate.is_none() && it.kind().is_name() {
                let message = format!("expected `WHERE`, found {}", it.found());
                let error = Error::syntax(Detail::UnexpectedSyntax, it.token().span, message);
                return Err(it.report(error.with_hint("write `all(x IN list WHERE x > 0)`")));
            }
            Ok(ExprKind::Quantifier { quantifier, variable, list, predicate })
        })?;
        Ok(parts.unwrap_or(ExprKind::Missing))
    }

    fn reduce(&mut self) -> Parsed<ExprKind> {
        let accumulator = self.name("an accumulator")?;
        self.expect(Kind::Equal, "`=`")?;
        let start = Box::new(self.expression()?);
        self.expect(Kind::Comma, "`,`")?;
        let variable = self.name("a variable")?;
        self.expect(Kind::In, "`IN`")?;
        let list = Box::new(self.until_bar(Self::expression)?);
        self.expect(Kind::Bar, "`|` and the next value of the accumulator")?;
        let value = Box::new(self.expression()?);
        Ok(ExprKind::Reduce { accumulator, start, variable, list, value })
    }

    /// `filter(x IN list WHERE ..)` and `extract(x IN list | ..)` are of the past.
    fn refuse_old_comprehension(&mut self) -> Parsed<()> {
        if !self.at_name("filter") && !self.at_name("extract") {
            return Ok(());
        }
        let token = self.token();
        let message = format!("`{}` is no part of openCypher 9", self.text_of(token));
        let error = Error::syntax(Detail::UnexpectedSyntax, token.span, message);
        let hint = "write a list comprehension: `[x IN list WHERE condition | value]`";
        let reported = self.report(error.with_hint(hint));
        if let Some(close) = self.partner(self.position + 1) {
            self.position = close + 1;
        }
        Err(reported)
    }

    /// `.key`, `.*`, `key: value`, `variable`
    fn map_projection_item(&mut self) -> Parsed<MapProjectionItem> {
        if self.at(Kind::Dot) {
            let dot = self.advance();
            if self.at(Kind::Star) {
                let star = self.advance();
                return Ok(MapProjectionItem::All(dot.span.to(star.span)));
            }
            return Ok(MapProjectionItem::Property(self.name("the name of a property or `*`")?));
        }
        let name = self.name("`.property`, `.*`, `key: value` or a variable")?;
        if self.eat(Kind::Colon) {
            return Ok(MapProjectionItem::Entry(name, self.expression()?));
        }
        Ok(MapProjectionItem::Variable(name))
    }
}

const CASE: &str = "`CASE` is written `CASE WHEN condition THEN value ELSE value END`";

/// What stands between brackets behind a value.
enum Index {
    At(Expr),
    Slice(Option<Expr>, Option<Expr>),
}

/// The two sides of `variable IN list`; or the expression, if it is another one.
fn split_membership(expression: Expr) -> Result<(Name, Box<Expr>), Expr> {
    match expression.kind {
        ExprKind::Binary(BinaryOperator::In, variable, list) => match variable.kind {
            ExprKind::Variable(text) => Ok((Name { text, span: variable.span }, list)),
            kind => {
                let variable = Box::new(Expr { kind, ..*variable });
                let kind = ExprKind::Binary(BinaryOperator::In, variable, list);
                Err(Expr { kind, ..expression })
            }
        },
        _ => Err(expression),
    }
}

fn unary(operator: UnaryOperator, token: Token, inner: Expr) -> Expr {
    let span = Span { start: token.span.start, end: inner.span.end };
    Expr { kind: ExprKind::Unary(operator, Box::new(inner)), span }
}

fn comparison(kind: Kind) -> Option<Comparison> {
    Some(match kind {
        Kind::Equal => Comparison::Equal,
        Kind::NotEqual => Comparison::NotEqual,
        Kind::Less => Comparison::Less,
        Kind::LessOrEqual => Comparison::LessOrEqual,
        Kind::Greater => Comparison::Greater,
        Kind::GreaterOrEqual => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// Operators of one word that group to the left, with their power.
fn binary_operator(kind: Kind) -> Option<(BinaryOperator, u8)> {
    Some(match kind {
        Kind::Plus => (BinaryOperator::Add, power::SUM),
        Kind::Minus => (BinaryOperator::Subtract, power::SUM),
        Kind::BarBar => (BinaryOperator::Concatenate, power::SUM),
        Kind::Star => (BinaryOperator::Multiply, power::PRODUCT),
        Kind::Slash => (BinaryOperator::Divide, power::PRODUCT),
        Kind::Percent => (BinaryOperator::Modulo, power::PRODUCT),
        Kind::Caret => (BinaryOperator::Power, power::POWER),
        Kind::In => (BinaryOperator::In, power::PREDICATE),
        Kind::Contains => (BinaryOperator::Contains, power::PREDICATE),
        Kind::EqualTilde => (BinaryOperator::Regex, power::PREDICATE),
        _ => return None,
    })
}
