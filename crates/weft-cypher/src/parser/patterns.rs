//! Patterns: nodes, relationships and labels.

use super::balance::{balanced, n_levels};
use super::hints::REPEATED;
use super::{Parsed, Parser, QUERY_WEIGHT, Reported};
use crate::ast::{
    BinaryOperator, Direction, Expr, ExprKind, LabelExpr, Length, Name, NodePattern, Pattern,
    RelationshipPattern, Repeated, Shortest,
};
use crate::lexer::Kind;
use crate::{Detail, Error, Span};

/// The start and the steps of a path.
type Walk = (NodePattern, Vec<(RelationshipPattern, NodePattern)>);

impl Parser<'_> {
    /// `[path =] (a)-->(b)`, also within `shortestPath(..)`.
    pub(super) fn pattern(&mut self) -> Parsed<Pattern> {
        let start = self.token().span;
        let mut variable = None;
        if self.kind().is_name() && self.next_kind() == Kind::Equal {
            variable = Some(self.name("the name of a path")?);
            self.advance();
        }
        let shortest = self.at_shortest();
        let (shortest, (first, steps)) = match shortest {
            Some(_) => {
                self.advance();
                (shortest, self.shortest_walk()?)
            }
            None => (self.selector()?, self.walk(false)?),
        };
        Ok(Pattern { variable, shortest, start: first, steps, span: self.span_from(start) })
    }

    /// Whether words come next that say which paths are chosen.
    pub(super) fn at_selector(&self) -> bool {
        let is_word = self.at_name("SHORTEST") || self.at_name("ANY") || self.at(Kind::All);
        is_word && self.next_kind() != Kind::Equal
    }

    /// `SHORTEST n PATHS`, `SHORTEST n GROUPS`, `ANY SHORTEST`, `ALL SHORTEST`, `ANY n`; `ALL PATHS`
    /// says nothing. A path that any other can stand for is as well the shortest.
    fn selector(&mut self) -> Parsed<Option<Shortest>> {
        if !self.at_selector() {
            return Ok(None);
        }
        let all = self.eat(Kind::All);
        let any = !all && self.eat_name("ANY");
        let is_shortest = self.eat_name("SHORTEST");
        let is_one = all || any && is_shortest;
        let n = if is_one { None } else { self.n_paths()? };
        _ = self.eat_name("PATHS") || self.eat_name("PATH");
        let groups = is_shortest && (self.eat_name("GROUPS") || self.eat_name("GROUP"));
        Ok(match (all, is_shortest) {
            (true, false) => None,
            _ => Some(Shortest::First { n: n.unwrap_or(1), groups: groups || all }),
        })
    }

    /// How many paths a selector asks for.
    fn n_paths(&mut self) -> Parsed<Option<u64>> {
        let token = self.token();
        if !matches!(token.kind, Kind::Number | Kind::Minus | Kind::Dollar) {
            return Ok(None);
        }
        match self.text_of(token).parse() {
            Ok(n) if n > 0 => {
                self.advance();
                Ok(Some(n))
            }
            _ => {
                let message = format!("expected a number of paths, found {}", self.found());
                let error = Error::syntax(Detail::UnexpectedSyntax, token.span, message);
                Err(self.report(error.with_hint("it is written as digits: `SHORTEST 3`")))
            }
        }
    }

    /// Whether `shortestPath(` or `allShortestPaths(` comes next.
    pub(super) fn at_shortest(&self) -> Option<Shortest> {
        if self.next_kind() != Kind::ParenOpen {
            return None;
        }
        match () {
            () if self.at_name("shortestPath") => Some(Shortest::One),
            () if self.at_name("allShortestPaths") => Some(Shortest::All),
            () => None,
        }
    }

    /// What stands between the parentheses behind `shortestPath`.
    pub(super) fn shortest_walk(&mut self) -> Parsed<Walk> {
        let walk = self.bracketed(1, |it| it.walk(false))?;
        Ok(walk.unwrap_or_default())
    }

    /// `(a)-->(b)`. Within an expression it ends where no further step can be meant.
    pub(super) fn walk(&mut self, is_expression: bool) -> Parsed<Walk> {
        if self.is_bracketed_walk() && !self.is_repeated() {
            let walk = self.bracketed(1, |it| {
                let walk = it.walk(false)?;
                let predicate = it.pattern_predicate()?;
                Ok(with_predicate(walk, predicate))
            })?;
            return Ok(walk.unwrap_or_default());
        }
        let start = self.node_between()?;
        let mut steps = Vec::new();
        loop {
            if self.is_repeated() {
                let repeated = self.repeated()?;
                let node = match self.at(Kind::ParenOpen) {
                    true => self.node_between()?,
                    false => self.no_node(),
                };
                steps.push((repeated, node));
            } else if self.at_arrow() && (!is_expression || self.is_step(self.position)) {
                let relationship = self.relationship()?;
                steps.push((relationship, self.node_between()?));
            } else {
                return Ok((start, steps));
            }
        }
    }

    /// Whether a path in parentheses comes next, rather than a node.
    fn is_bracketed_walk(&self) -> bool {
        self.at(Kind::ParenOpen) && self.next_kind() == Kind::ParenOpen
    }

    /// Whether a path in parentheses comes next that is repeated.
    fn is_repeated(&self) -> bool {
        let behind = |close: usize| self.kind_at(close + 1);
        self.is_bracketed_walk()
            && self.partner(self.position).is_some_and(|it| is_quantifier(behind(it)))
    }

    /// A node; where a path that is repeated comes next, it begins with one of which nothing is said.
    fn node_between(&mut self) -> Parsed<NodePattern> {
        if self.is_repeated() {
            return Ok(self.no_node());
        }
        if self.is_bracketed_walk() {
            let message = "a path in parentheses stands among others without saying how often";
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
            return Err(self.report(error.with_hint(REPEATED)));
        }
        self.node()
    }

    fn no_node(&self) -> NodePattern {
        NodePattern { span: self.token().span, ..Default::default() }
    }

    /// `((a)-[r]->(b) WHERE condition){1,3}`
    fn repeated(&mut self) -> Parsed<RelationshipPattern> {
        let start = self.token().span;
        let repeated = self.bracketed(QUERY_WEIGHT, |it| {
            let start = it.token().span;
            let (first, steps) = it.walk(false)?;
            let span = it.span_from(start);
            let pattern = Pattern { variable: None, shortest: None, start: first, steps, span };
            Ok(Repeated { pattern, predicate: it.pattern_predicate()? })
        })?;
        let length = self.repetitions()?;
        Ok(RelationshipPattern {
            // What stood between the brackets was told.
            repeated: Some(Box::new(repeated.ok_or(Reported)?)),
            length,
            span: self.span_from(start),
            ..Default::default()
        })
    }

    /// `{1,3}`, `{2}`, `+` or `*` behind a relationship or a path in parentheses, if it is there.
    fn repetitions(&mut self) -> Parsed<Option<Length>> {
        let span = self.token().span;
        match self.kind() {
            Kind::Plus => {
                self.advance();
                Ok(Some(Length { min: Some(1), max: None, span }))
            }
            Kind::Star => {
                self.advance();
                Ok(Some(Length { min: Some(0), max: None, span }))
            }
            Kind::BraceOpen => {
                let bounds = self.bracketed(1, |it| {
                    let min = it.bound()?;
                    if it.eat(Kind::Comma) {
                        return Ok((Some(min.unwrap_or(0)), it.bound()?));
                    }
                    if min.is_some() && it.at(Kind::BraceClose) {
                        return Ok((min, min));
                    }
                    let message = format!("expected how often, found {}", it.found());
                    let detail = Detail::InvalidRelationshipPattern;
                    let error = Error::syntax(detail, it.token().span, message);
                    Err(it.report(
                        error.with_hint("it is written `{2}`, `{1,3}`, `{2,}`, `{,3}`, `+` or `*`"),
                    ))
                })?;
                let (min, max) = bounds.ok_or(Reported)?;
                if let (Some(min), Some(max)) = (min, max)
                    && min > max
                {
                    let message = format!("at least {min} and at most {max} are asked for");
                    let detail = Detail::InvalidRelationshipPattern;
                    let error = Error::syntax(detail, self.span_from(span), message);
                    self.complain(error.with_hint("the smaller number stands first: `{1,3}`"));
                }
                Ok(Some(Length { min, max, span: self.span_from(span) }))
            }
            _ => Ok(None),
        }
    }

    fn at_arrow(&self) -> bool {
        is_dash(self.kind()) || matches!(self.kind(), Kind::Less | Kind::LeftHead)
    }

    /// `(variable:Labels {properties} WHERE condition)`
    fn node(&mut self) -> Parsed<NodePattern> {
        let opened = self.position;
        if !self.at(Kind::ParenOpen) {
            let is_name = self.kind().is_name() && self.hint_for_found().is_none();
            if !is_name {
                return Err(self.unexpected("a node such as `(n)`"));
            }
            let message = format!("expected a node such as `(n)`, found {}", self.found());
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
            return Err(self.report(error.with_hint("nodes stand in parentheses: `(n:Label)`")));
        }
        let start = self.token().span;
        let node = self.bracketed(1, |it| {
            let mut node = NodePattern { variable: it.pattern_variable()?, ..Default::default() };
            if it.eat(Kind::Colon) {
                node.labels = Some(it.label_expression()?);
            }
            node.properties = it.pattern_properties()?;
            node.predicate = it.pattern_predicate()?;
            if it.at(Kind::Comma) && it.next_kind().is_name() && it.partner(opened).is_some() {
                let message = format!("expected `)`, found {}", it.found());
                let error = Error::syntax(Detail::UnexpectedSyntax, it.token().span, message);
                let hint = "each node has parentheses of its own: `(a:Label), (b:Label)`";
                return Err(it.report(error.with_hint(hint)));
            }
            let is_else = it.kind().is_name() || matches!(it.kind(), Kind::BracketOpen | Kind::ParenOpen);
            if is_else && it.partner(opened).is_some() {
                let error = Error::syntax(
                    Detail::UnexpectedSyntax,
                    it.token().span,
                    format!("expected `)`, found {}", it.found()),
                );
                let hint = match it.kind() {
                    Kind::Or => "either of two labels is written with a bar: `(n:A|B)`",
                    Kind::And => "both of two labels are written with an ampersand: `(n:A&B)`",
                    _ => "labels stand behind a colon, properties in braces: `(n:Label {name: 'value'})`",
                };
                return Err(it.report(error.with_hint(hint)));
            }
            Ok(node)
        })?;
        Ok(NodePattern { span: self.span_from(start), ..node.unwrap_or_default() })
    }

    /// `<-[variable:TYPES*1..3 {properties} WHERE condition]-`, or the other way, or without an arrow.
    fn relationship(&mut self) -> Parsed<RelationshipPattern> {
        let start = self.token().span;
        let left = self.eat_any(&[Kind::Less, Kind::LeftHead]);
        self.dash(start)?;
        let mut relationship = RelationshipPattern::default();
        if self.at(Kind::BracketOpen) {
            relationship = self.bracketed(1, Self::relationship_detail)?.unwrap_or_default();
        }
        self.dash(start)?;
        let right = self.eat_any(&[Kind::Greater, Kind::RightHead]);
        relationship.direction = match (left, right) {
            (true, false) => Direction::Left,
            (false, true) => Direction::Right,
            _ => Direction::Either,
        };
        let repetitions = self.repetitions()?;
        if let (Some(_), Some(again)) = (relationship.length, repetitions) {
            let message = "how many relationships there are is said twice";
            let error = Error::syntax(Detail::InvalidRelationshipPattern, again.span, message);
            self.complain(error.with_hint("say it between the brackets, `*1..3`, or behind them"));
        }
        relationship.length = repetitions.or(relationship.length);
        relationship.span = self.span_from(start);
        Ok(relationship)
    }

    fn eat_any(&mut self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|it| self.eat(*it))
    }

    fn dash(&mut self, start: Span) -> Parsed<()> {
        if is_dash(self.kind()) {
            self.advance();
            return Ok(());
        }
        let error = Error::syntax(
            Detail::UnexpectedSyntax,
            start.to(self.token().span),
            format!("expected a dash, found {}", self.found()),
        )
        .with_hint("a relationship is written `-->`, `<--` or `--`, with its type `-[:TYPE]->`");
        Err(self.report(error))
    }

    fn relationship_detail(&mut self) -> Parsed<RelationshipPattern> {
        let opened = self.position - 1;
        let mut detail =
            RelationshipPattern { variable: self.pattern_variable()?, ..Default::default() };
        if self.eat(Kind::Colon) {
            detail.types = Some(self.label_expression()?);
        }
        if self.at(Kind::Star) {
            detail.length = Some(self.length()?);
        }
        let is_number = matches!(self.next_kind(), Kind::Number | Kind::Comma);
        if self.at(Kind::Plus) || self.at(Kind::BraceOpen) && is_number {
            let message = format!("expected `]`, found {}", self.found());
            let detail = Detail::InvalidRelationshipPattern;
            let error = Error::syntax(detail, self.token().span, message);
            let hint = "how many relationships there are stands behind the brackets, \
                        `-[:TYPE]->{1,3}`, or is written `-[:TYPE*1..3]->`";
            return Err(self.report(error.with_hint(hint)));
        }
        detail.properties = self.pattern_properties()?;
        detail.predicate = self.pattern_predicate()?;
        if !self.at(Kind::BracketClose) && self.partner(opened).is_some() {
            let error = Error::syntax(
                self.detail_of_relationship(),
                self.token().span,
                format!("expected `]`, found {}", self.found()),
            );
            let hint = match self.kind() {
                Kind::Or | Kind::Comma => "either of two types is written with a bar: `-[:A|B]->`",
                _ => "in this order: `[variable:TYPE*1..3 {key: value}]`, each part may be absent",
            };
            return Err(self.report(error.with_hint(hint)));
        }
        Ok(detail)
    }

    fn detail_of_relationship(&self) -> Detail {
        match self.kind() {
            Kind::DotDot | Kind::Number | Kind::Minus | Kind::Plus => {
                Detail::InvalidRelationshipPattern
            }
            _ => Detail::UnexpectedSyntax,
        }
    }

    /// `*`, `*2`, `*1..`, `*..3`, `*1..3`
    fn length(&mut self) -> Parsed<Length> {
        let start = self.advance().span;
        let mut length = Length { min: self.bound()?, max: None, span: start };
        if self.eat(Kind::DotDot) {
            length.max = self.bound()?;
        } else {
            length.max = length.min;
        }
        length.span = self.span_from(start);
        Ok(length)
    }

    fn bound(&mut self) -> Parsed<Option<u64>> {
        let token = self.token();
        if token.kind != Kind::Number && token.kind != Kind::Minus {
            return Ok(None);
        }
        if let Ok(bound) = self.text_of(token).parse() {
            self.advance();
            return Ok(Some(bound));
        }
        let error = Error::syntax(
            Detail::InvalidRelationshipPattern,
            token.span,
            format!("expected a number of relationships, found {}", self.found()),
        );
        Err(self
            .report(error.with_hint("lengths are whole numbers from 0 on: `*2`, `*1..3`, `*..5`")))
    }

    /// A variable within a node or a relationship.
    fn pattern_variable(&mut self) -> Parsed<Option<Name>> {
        let is_condition = self.at(Kind::Where)
            && !matches!(
                self.next_kind(),
                Kind::ParenClose | Kind::BracketClose | Kind::Colon | Kind::Where | Kind::Star
            );
        if self.kind().is_name() && !is_condition {
            return Ok(Some(self.name("a variable")?));
        }
        Ok(None)
    }

    fn pattern_properties(&mut self) -> Parsed<Option<Expr>> {
        match self.kind() {
            Kind::BraceOpen | Kind::Dollar => self.atom().map(Some),
            _ => Ok(None),
        }
    }

    fn pattern_predicate(&mut self) -> Parsed<Option<Expr>> {
        if self.eat(Kind::Where) { self.predicate().map(Some) } else { Ok(None) }
    }

    // Labels.

    /// What follows the colon: `A`, `A:B`, `A&B`, `A|B`, `!A`, `%`, `(A|B)&C`.
    pub(super) fn label_expression(&mut self) -> Parsed<LabelExpr> {
        self.tree(Self::label_disjunction)
    }

    fn label_disjunction(&mut self) -> Parsed<LabelExpr> {
        let mut alternatives = vec![self.tree(Self::label_conjunction)?];
        while self.at(Kind::Bar) && !self.is_separating_bar() {
            self.advance();
            self.eat(Kind::Colon);
            alternatives.push(self.tree(Self::label_conjunction)?);
        }
        self.balanced_labels(alternatives, LabelExpr::Or)
    }

    fn label_conjunction(&mut self) -> Parsed<LabelExpr> {
        let mut parts = vec![self.label_atom()?];
        while matches!(self.kind(), Kind::Ampersand | Kind::Colon) {
            self.advance();
            parts.push(self.label_atom()?);
        }
        self.balanced_labels(parts, LabelExpr::And)
    }

    fn label_atom(&mut self) -> Parsed<LabelExpr> {
        match self.kind() {
            Kind::Exclamation => {
                self.advance();
                let inner = self.nested(1, Self::label_atom)?;
                Ok(LabelExpr::Not(Box::new(inner)))
            }
            Kind::Percent => Ok(LabelExpr::Any(self.advance().span)),
            Kind::ParenOpen => {
                let span = self.token().span;
                let inner = self.bracketed(1, Self::label_expression)?;
                Ok(inner.unwrap_or(LabelExpr::Any(span)))
            }
            Kind::Dollar => {
                let (expression, any) = self.computed_label()?;
                Ok(LabelExpr::Computed { expression: Box::new(expression), any })
            }
            _ => Ok(LabelExpr::Label(self.name("a label")?)),
        }
    }

    /// `$(expression)`, `$all(expression)` or `$any(expression)`, with whether one is enough.
    pub(super) fn computed_label(&mut self) -> Parsed<(Expr, bool)> {
        let dollar = self.advance();
        let any = self.at_name("any");
        if (any || self.at(Kind::All)) && self.next_kind() == Kind::ParenOpen {
            self.advance();
        }
        if !self.at(Kind::ParenOpen) {
            let is_parameter = self.kind().is_name() && self.token().span.start == dollar.span.end;
            let span = if is_parameter { dollar.span.to(self.token().span) } else { dollar.span };
            let message = format!("`{}` is no label", span.of(self.text));
            let hint = match is_parameter {
                true => format!("the label that a parameter holds is `:$({})`", span.of(self.text)),
                false => "a label that is computed is written `:$(expression)`".to_owned(),
            };
            let error = Error::syntax(Detail::UnexpectedSyntax, span, message);
            return Err(self.report(error.with_hint(hint)));
        }
        let expression = self.bracketed(1, Self::expression)?;
        Ok((expression.unwrap_or(Expr::missing(dollar.span)), any))
    }

    fn balanced_labels(
        &mut self,
        parts: Vec<LabelExpr>,
        join: fn(Box<LabelExpr>, Box<LabelExpr>) -> LabelExpr,
    ) -> Parsed<LabelExpr> {
        self.grow(n_levels(parts.len()))?;
        Ok(balanced(parts, &|left, right| join(Box::new(left), Box::new(right)))
            .unwrap_or(LabelExpr::Any(Span::default())))
    }

    /// Whether a bar ends the condition of a comprehension, rather than joining labels: it is the
    /// last one within the brackets.
    fn is_separating_bar(&self) -> bool {
        if !self.bar_ends {
            return false;
        }
        let mut position = self.position + 1;
        loop {
            match self.kind_at(position) {
                Kind::Bar => return false,
                Kind::End => return true,
                kind if kind.is_closing() => return true,
                kind if kind.closing().is_some() => match self.partner(position) {
                    Some(close) => position = close + 1,
                    None => return true,
                },
                _ => position += 1,
            }
        }
    }

    // Looking ahead.

    /// Whether a path with at least one relationship stands at a position within an expression,
    /// rather than a parenthesised value: `(a)-->(b)`, but `(a) - (b)`.
    pub(super) fn is_path(&self, position: usize) -> bool {
        self.node_end(position).is_some_and(|end| self.is_step(end))
    }

    /// Whether the variable of a node or a relationship stands at a position.
    fn is_variable_at(&self, position: usize) -> bool {
        let kind = self.kind_at(position);
        kind.is_name() && kind != Kind::Where
    }

    /// Where a node that stands at a position ends.
    fn node_end(&self, position: usize) -> Option<usize> {
        if self.kind_at(position) != Kind::ParenOpen {
            return None;
        }
        let close = self.partner(position)?;
        let is_named = self.is_variable_at(position + 1);
        let behind_name = self.kind_at(position + 1 + usize::from(is_named));
        matches!(
            behind_name,
            Kind::ParenClose | Kind::Colon | Kind::BraceOpen | Kind::Dollar | Kind::Where
        )
        .then_some(close + 1)
    }

    /// Whether a relationship and a node stand at a position.
    fn is_step(&self, mut position: usize) -> bool {
        if matches!(self.kind_at(position), Kind::Less | Kind::LeftHead) {
            position += 1;
        }
        if !is_dash(self.kind_at(position)) {
            return false;
        }
        position += 1;
        if self.kind_at(position) == Kind::BracketOpen {
            match self.partner(position) {
                Some(close) if self.is_relationship_detail(position + 1) => position = close + 1,
                _ => return false,
            }
        }
        if !is_dash(self.kind_at(position)) {
            return false;
        }
        position += 1;
        if matches!(self.kind_at(position), Kind::Greater | Kind::RightHead) {
            position += 1;
        }
        match self.kind_at(position) {
            Kind::Plus | Kind::Star => position += 1,
            Kind::BraceOpen => match self.partner(position) {
                Some(close) => position = close + 1,
                None => return false,
            },
            _ => {}
        }
        self.node_end(position).is_some()
    }

    /// Whether what follows an opening bracket is a relationship rather than the items of a list.
    fn is_relationship_detail(&self, position: usize) -> bool {
        let is_named = self.is_variable_at(position);
        matches!(
            self.kind_at(position + usize::from(is_named)),
            Kind::BracketClose
                | Kind::Colon
                | Kind::Star
                | Kind::BraceOpen
                | Kind::Dollar
                | Kind::Where
                | Kind::DotDot
        )
    }
}

/// A path that a condition in its parentheses belongs to.
fn with_predicate((start, steps): Walk, predicate: Option<Expr>) -> Walk {
    let Some(predicate) = predicate else { return (start, steps) };
    let predicate = match start.predicate {
        None => predicate,
        Some(own) => {
            let span = own.span.to(predicate.span);
            let kind = ExprKind::Binary(BinaryOperator::And, Box::new(own), Box::new(predicate));
            Expr { kind, span }
        }
    };
    (NodePattern { predicate: Some(predicate), ..start }, steps)
}

fn is_quantifier(kind: Kind) -> bool {
    matches!(kind, Kind::Plus | Kind::Star | Kind::BraceOpen)
}

fn is_dash(kind: Kind) -> bool {
    matches!(kind, Kind::Minus | Kind::Dash)
}

/// Kept together so that a path that could not be read has a node.
impl Default for NodePattern {
    fn default() -> Self {
        let span = Span::default();
        Self { variable: None, labels: None, properties: None, predicate: None, span }
    }
}

impl Default for RelationshipPattern {
    fn default() -> Self {
        Self {
            variable: None,
            types: None,
            direction: Direction::Either,
            length: None,
            properties: None,
            predicate: None,
            repeated: None,
            span: Span::default(),
        }
    }
}
