//! Expressions: names become slots, and what no value could satisfy is refused.

use std::sync::Arc;

use super::Binder;
use super::aggregation::{Aggregates, Stage};
use super::scope::{Layer, Variable};
use super::value_type::{ValueType, arithmetic, type_name};
use crate::ast::{self, BinaryOperator, Comparison, ExprKind, LabelExpr, Name, UnaryOperator};
use crate::bound::{Expr, ExprKind as Bound, Labels, MapPiece, Notice, NoticeKind, Slot};
use crate::functions::{self, Aggregate, Body, Function, Type};
use crate::suggest::did_you_mean;
use crate::{Detail, Error, ErrorKind, NormalForm, Span, Val};

/// How much stack must be left where an expression is entered, and how much is added if it is not.
const STACK_LEFT_MIN: usize = 128 * 1024;
const STACK_ADDED: usize = 2 * 1024 * 1024;

/// An expression with what is known of its value.
pub(super) struct Typed {
    pub(super) expr: Expr,
    pub(super) value_type: ValueType,
}

/// Calls a function that may call itself as deep as a query is nested.
pub(super) fn with_stack<R>(call: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(STACK_LEFT_MIN, STACK_ADDED, call)
}

impl<'a> Binder<'a> {
    /// A value.
    pub(super) fn expr(&mut self, it: &'a ast::Expr) -> Typed {
        with_stack(|| {
            if !self.groupings.is_empty()
                && let Some(typed) = self.grouped(it)
            {
                return typed;
            }
            let (kind, value_type) = self.expr_kind(it);
            Typed { expr: Expr { kind, span: it.span }, value_type }
        })
    }

    /// A value whose type does not matter.
    pub(super) fn value(&mut self, it: &'a ast::Expr) -> Expr {
        self.expr(it).expr
    }

    /// A condition: true, false or null; here alone a pattern may stand as a value.
    pub(super) fn predicate(&mut self, it: &'a ast::Expr) -> Expr {
        if let ExprKind::PatternPredicate(pattern) = &it.kind {
            let kind = self.pattern_predicate(pattern, it.span);
            return Expr { kind, span: it.span };
        }
        let typed = self.expr(it);
        if !typed.value_type.may_be(Type::Boolean) {
            let got = typed.value_type.name();
            let message = format!("a condition must be true or false, but this is {got}");
            self.syntax(Detail::InvalidArgumentType, it.span, message, crate::eval::CONDITIONS);
        }
        typed.expr
    }

    fn expr_kind(&mut self, it: &'a ast::Expr) -> (Bound, ValueType) {
        let constant = |value, base| (Bound::Constant(value), ValueType::of(base));
        match &it.kind {
            ExprKind::Null | ExprKind::Missing => constant(Val::Null, Type::Null),
            ExprKind::Boolean(value) => constant(Val::Boolean(*value), Type::Boolean),
            ExprKind::Integer(value) => constant(Val::Integer(*value), Type::Integer),
            ExprKind::Float(value) => constant(Val::Float(*value), Type::Float),
            ExprKind::String(value) => {
                constant(Val::String(Arc::from(value.as_str())), Type::String)
            }
            ExprKind::Parameter(name) => (Bound::Parameter(self.parameter(name)), ValueType::ANY),
            ExprKind::Variable(name) => {
                let (slot, value_type) = self.variable(name, it.span);
                (Bound::Slot(slot), value_type)
            }
            ExprKind::List(items) => self.list(items),
            ExprKind::Map(entries) => (Bound::Map(self.entries(entries)), ValueType::of(Type::Map)),
            ExprKind::Property(base, key) => self.property(base, key),
            ExprKind::Index(base, index) => {
                let base = self.expr(base);
                let element = base.value_type.element();
                (Bound::Index(Box::new(base.expr), Box::new(self.value(index))), element)
            }
            ExprKind::Slice(base, from, to) => {
                let base = self.expr(base);
                let mut end = |it: &'a Option<Box<ast::Expr>>| {
                    it.as_deref().map(|it| Box::new(self.value(it)))
                };
                let (from, to) = (end(from), end(to));
                (Bound::Slice(Box::new(base.expr), from, to), base.value_type)
            }
            ExprKind::HasLabels(base, labels) => self.has_labels(base, labels),
            ExprKind::Subject => match self.subjects.last() {
                Some((slot, value_type)) => (Bound::Slot(*slot), value_type.clone()),
                None => constant(Val::Null, Type::Null),
            },
            ExprKind::Unary(operator, operand) => self.unary(*operator, operand),
            ExprKind::Binary(operator, left, right) => match operator {
                BinaryOperator::And | BinaryOperator::Or => self.chain(*operator, it),
                _ => self.binary(*operator, left, right, it.span),
            },
            ExprKind::Comparison(first, rest) => {
                let first = Box::new(self.value(first));
                let rest: Vec<_> = rest.iter().map(|(how, it)| (*how, self.value(it))).collect();
                self.notice_null(it.span, &first, &rest);
                (Bound::Comparison(first, rest), ValueType::of(Type::Boolean))
            }
            ExprKind::IsNull(operand, is_negated) => {
                let operand = Box::new(self.value(operand));
                (Bound::IsNull(operand, *is_negated), ValueType::of(Type::Boolean))
            }
            ExprKind::IsType(operand, test, is_negated) => {
                let operand = Box::new(self.value(operand));
                (Bound::IsType(operand, test.clone(), *is_negated), ValueType::of(Type::Boolean))
            }
            ExprKind::IsNormalized(operand, form, is_negated) => {
                let form = Bound::Constant(Val::from(form.name()));
                let arguments = vec![self.value(operand), Expr { kind: form, span: it.span }];
                let test = Bound::Call(&functions::IS_NORMALIZED, arguments);
                let kind = match is_negated {
                    true => Bound::Not(Box::new(Expr { kind: test, span: it.span })),
                    false => test,
                };
                (kind, ValueType::of(Type::Boolean))
            }
            ExprKind::Function { name, distinct, arguments } => {
                self.function(it, name, *distinct, arguments)
            }
            ExprKind::CountStar => {
                let res = self.aggregate(it, Aggregate::CountStar, None, false, &[]);
                (res.expr.kind, res.value_type)
            }
            ExprKind::Case { subject, alternatives, otherwise } => {
                self.case(subject.as_deref(), alternatives, otherwise.as_deref())
            }
            ExprKind::ListComprehension { variable, list, predicate, value } => {
                self.list_comprehension(variable, list, predicate.as_deref(), value.as_deref())
            }
            ExprKind::Quantifier { quantifier, variable, list, predicate } => {
                let (list, element) = self.list_operand(list);
                let (slot, predicate) = self.with_local(variable, element, |binder, slot| {
                    let predicate = match predicate.as_deref() {
                        Some(it) => binder.predicate(it),
                        // Without a condition the elements are the conditions.
                        None => Expr { kind: Bound::Slot(slot), span: variable.span },
                    };
                    (slot, Box::new(predicate))
                });
                let kind = Bound::Quantifier { quantifier: *quantifier, slot, list, predicate };
                (kind, ValueType::of(Type::Boolean))
            }
            ExprKind::Reduce { accumulator, start, variable, list, value } => {
                self.reduce(accumulator, start, variable, list, value)
            }
            ExprKind::MapProjection { variable, items } => self.map_projection(variable, items),
            ExprKind::PatternPredicate(pattern) => {
                let message = "a pattern can only be a condition here";
                let hint = "write `EXISTS { .. }` to ask whether it matches, `COUNT { .. }` for how \
                            often, or `[pattern | value]` for a list";
                self.syntax(Detail::UnexpectedSyntax, pattern.span, message.into(), hint);
                constant(Val::Null, Type::Null)
            }
            ExprKind::PatternComprehension { pattern, predicate, value } => {
                self.pattern_comprehension(pattern, predicate.as_deref(), value)
            }
            ExprKind::ShortestPath(pattern) => self.shortest_path(pattern, it.span),
            ExprKind::Exists(subquery) => {
                let id = self.subquery_expression(subquery, "EXISTS");
                (Bound::Exists(id), ValueType::of(Type::Boolean))
            }
            ExprKind::Count(subquery) => {
                let id = self.subquery_expression(subquery, "COUNT");
                (Bound::Count(id), ValueType::of(Type::Integer))
            }
            ExprKind::Collect(subquery) => {
                let id = self.subquery_expression(subquery, "COLLECT");
                (Bound::Collect(id), ValueType::of(Type::List))
            }
        }
    }

    pub(super) fn parameter(&mut self, name: &str) -> u32 {
        if let Some(&idx) = self.parameters_by_name.get(name) {
            return idx;
        }
        let idx = self.parameters.len() as u32;
        self.parameters.push(name.into());
        self.parameters_by_name.insert(name.into(), idx);
        idx
    }

    /// The slot of a variable, with what is known of its value.
    pub(super) fn variable(&mut self, name: &str, span: Span) -> (Slot, ValueType) {
        let Some((depth, variable)) = self.scope.find(name) else {
            self.undefined(name, span);
            return (Slot(0), ValueType::ANY);
        };
        let (slot, value_type) = (variable.slot, variable.value_type.clone());
        self.refuse_hidden(slot, name, span);
        if self.groupings.is_empty() {
            return (slot, value_type);
        }
        self.refuse_column_in_sorted_aggregate(depth, slot, name, span);
        (self.slot_after_grouping(depth, slot, name, span), value_type)
    }

    /// An aggregate is computed before there are columns, so it cannot be computed of one.
    fn refuse_column_in_sorted_aggregate(
        &mut self,
        depth: usize,
        slot: Slot,
        name: &str,
        span: Span,
    ) {
        let Some(grouping) = self.groupings.last() else { return };
        let is_column = grouping.is_suspended
            && grouping.stage != Stage::Items
            && depth == grouping.layer + 1
            && !grouping.keys.iter().any(|it| it.slot == slot && it.variable == Some(slot));
        if is_column {
            let message = format!("`{name}` is a column of this very clause");
            let hint = "aggregate in one `WITH`, and again in the next";
            self.syntax(Detail::InvalidAggregation, span, message, hint);
        }
    }

    pub(super) fn undefined(&mut self, name: &str, span: Span) {
        if let Some(word) = self.constant_for {
            let message = format!("what follows `{word}` cannot depend on `{name}`");
            let hint = match name.eq_ignore_ascii_case("ALL") {
                true => "all rows come where it is left out",
                false => "it holds for all rows: use a number or a parameter",
            };
            self.syntax(Detail::NonConstantExpression, span, message, hint);
            return;
        }
        let message = format!("there is no variable `{name}` here");
        let error = Error::syntax(Detail::UndefinedVariable, span, message);
        let visible = self.scope.visible();
        let error = if let Some(hint) = did_you_mean(name, visible.iter().map(|it| &*it.name)) {
            error.with_hint(hint)
        } else if let Some(hint) = moment(name) {
            error.with_hint(hint)
        } else if self.scope.is_hidden(name) {
            error.with_hint(format!("`CALL {{ }}` sees it if it begins with `WITH {name}`"))
        } else if self.is_column_here(name) {
            error.with_hint(
                "the columns of one clause do not see each other: write again what it stands for, or \
                 name it in a `WITH` before",
            )
        } else if self.slot_names.iter().any(|it| it == name) {
            error.with_hint(format!(
                "it is gone since a `WITH` that did not hand it on: add `{name}` there"
            ))
        } else if let Some((_, yields)) = self.dropped.iter().find(|it| it.0 == name) {
            error.with_hint(format!("what a procedure finds is handed on by `{yields}`"))
        } else if let Some((of, key)) = name.split_once('.') {
            error.with_hint(format!(
                "backticks make one name of it: write `{of}.{key}` without them"
            ))
        } else if matches!(name.to_ascii_lowercase().as_str(), "none" | "nil" | "undefined") {
            error.with_hint("what is not there is `null`")
        } else if self.text[span.end as usize..].starts_with('.') || name.len() == 1 {
            error.with_hint(format!(
                "a pattern says what it stands for: `({name}:Label)` or `-[{name}:TYPE]->`"
            ))
        } else if let Some(of) = visible.iter().find(|it| is_plain(&it.name)) {
            error.with_hint(format!(
                "text stands in quotes, `'{name}'`, a property behind what has it: `{}.{name}`",
                of.name
            ))
        } else {
            error.with_hint(format!("text stands in quotes: `'{name}'`"))
        };
        self.error(error);
    }

    /// Whether the clause that is being bound gives a column this name.
    fn is_column_here(&self, name: &str) -> bool {
        let mut items = self.projection.iter().flat_map(|it| &it.items);
        items.any(|it| it.alias.as_ref().is_some_and(|it| it.text == name))
    }

    /// Nothing equals null: whoever writes `= NULL` means `IS NULL`.
    fn notice_null(&mut self, span: Span, first: &Expr, rest: &[(Comparison, Expr)]) {
        let is_null = |it: &Expr| matches!(it.kind, Bound::Constant(Val::Null));
        let operands = std::iter::once(first).chain(rest.iter().map(|it| &it.1));
        let mut pairs = operands.zip(rest);
        let Some((_, (comparison, _))) = pairs.find(|(a, (_, b))| is_null(a) || is_null(b)) else {
            return;
        };
        let written = comparison.as_str();
        let meant = match comparison {
            Comparison::NotEqual => "IS NOT NULL",
            _ => "IS NULL",
        };
        let message = format!("`{written} NULL` is never true: `{meant}` tests for null");
        let kind = NoticeKind::ComparedWithNull;
        self.notices.push(Notice { kind, span, message });
    }

    fn list(&mut self, items: &'a [ast::Expr]) -> (Bound, ValueType) {
        let mut element: Option<ValueType> = None;
        let mut res = Vec::with_capacity(items.len());
        for item in items {
            let typed = self.expr(item);
            res.push(typed.expr);
            element = Some(match element {
                Some(it) => it.or(typed.value_type),
                None => typed.value_type,
            });
        }
        let value_type = element.map_or(ValueType::of(Type::List), ValueType::list_of);
        (constant_list(&res).unwrap_or(Bound::List(res)), value_type)
    }

    pub(super) fn entries(&mut self, entries: &'a [(Name, ast::Expr)]) -> Vec<(Arc<str>, Expr)> {
        entries.iter().map(|(key, it)| (Arc::from(key.text.as_str()), self.value(it))).collect()
    }

    fn property(&mut self, base: &'a ast::Expr, key: &Name) -> (Bound, ValueType) {
        let base = self.expr(base);
        let message = || {
            format!("`.{}` asks for a property, but {} has none", key.text, base.value_type.name())
        };
        match base.value_type.base {
            Type::Boolean
            | Type::Integer
            | Type::Float
            | Type::Number
            | Type::String
            | Type::List
            | Type::ListOrString => {
                let error = Error::compile(
                    ErrorKind::TypeError,
                    Detail::InvalidArgumentType,
                    key.span,
                    message(),
                );
                let of = base.expr.span.of(self.text);
                self.error(match base.value_type.base {
                    Type::List => error.with_hint(format!(
                        "those of its elements are `[x IN {of} | x.{}]`",
                        key.text
                    )),
                    _ => error.with_hint(
                        "nodes, relationships, maps, points, dates, times and durations have properties",
                    ),
                });
            }
            Type::Path => {
                let hint = "`nodes(path)` and `relationships(path)` give what it is made of";
                self.syntax(Detail::InvalidArgumentType, key.span, message(), hint);
            }
            _ => (),
        }
        let span = key.span;
        let key = Arc::from(key.text.as_str());
        self.properties.read(&base.value_type, &key, span);
        (Bound::Property(Box::new(base.expr), key), ValueType::ANY)
    }

    fn has_labels(&mut self, base: &'a ast::Expr, labels: &'a LabelExpr) -> (Bound, ValueType) {
        let typed = self.expr(base);
        if !typed.value_type.may_be(Type::Entity) {
            let wanted = "a node or a relationship";
            self.wrong_type(base.span, "what stands before a label", wanted, &typed.value_type);
        }
        if is_computed(labels) {
            let kind = match typed.expr.kind {
                Bound::Slot(_) => self.labels_condition(&typed.expr, labels).kind,
                // Asked of more than once, it is computed once.
                _ => {
                    let slot = self.anonymous_slot("labelled");
                    let of = Expr { kind: Bound::Slot(slot), span: base.span };
                    let condition = self.labels_condition(&of, labels);
                    self.computed_once(typed.expr, slot, condition)
                }
            };
            return (kind, ValueType::of(Type::Boolean));
        }
        let bound = bind_labels(labels);
        self.asked_labels.push((bound.clone(), base.span));
        let kind = Bound::HasLabels(Box::new(typed.expr), bound);
        (kind, ValueType::of(Type::Boolean))
    }

    /// The labels or types of a pattern: those that are known, and a condition where some are computed.
    pub(super) fn pattern_labels(
        &mut self,
        slot: Slot,
        labels: &'a LabelExpr,
    ) -> (Option<Labels>, Option<Expr>) {
        if !is_computed(labels) {
            return (Some(bind_labels(labels)), None);
        }
        let (mut known, mut conditions) = (Vec::new(), Vec::new());
        let mut rest = vec![labels];
        while let Some(it) = rest.pop() {
            match it {
                LabelExpr::And(a, b) => rest.extend([&**b, &**a]),
                it if is_computed(it) => {
                    let of = Expr { kind: Bound::Slot(slot), span: Span::default() };
                    conditions.push(self.labels_condition(&of, it));
                }
                it => known.push(bind_labels(it)),
            }
        }
        let known = match known.len() {
            0 => None,
            1 => known.pop(),
            _ => Some(Labels::And(known)),
        };
        (known, all_of(conditions.into_iter()))
    }

    /// Labels as a condition, some of them computed.
    fn labels_condition(&mut self, of: &Expr, labels: &'a LabelExpr) -> Expr {
        with_stack(|| {
            let whole = || Box::new(of.clone());
            let kind = match labels {
                LabelExpr::Computed { expression, any } => {
                    let labels = self.computed_label(expression);
                    let span = labels.span;
                    let kind = Bound::HasComputedLabels(whole(), Box::new(labels), *any);
                    return Expr { kind, span };
                }
                LabelExpr::And(a, b) => {
                    Bound::And(vec![self.labels_condition(of, a), self.labels_condition(of, b)])
                }
                LabelExpr::Or(a, b) => {
                    Bound::Or(vec![self.labels_condition(of, a), self.labels_condition(of, b)])
                }
                LabelExpr::Not(inner) => Bound::Not(Box::new(self.labels_condition(of, inner))),
                LabelExpr::Label(_) | LabelExpr::Any(_) => {
                    Bound::HasLabels(whole(), bind_labels(labels))
                }
            };
            Expr { kind, span: of.span }
        })
    }

    /// What is between the parentheses of `$(expression)`: a string, or a list of them.
    pub(super) fn computed_label(&mut self, it: &'a ast::Expr) -> Expr {
        let typed = self.expr(it);
        let is_label = match typed.value_type.base {
            Type::List => typed.value_type.element().may_be(Type::String),
            _ => typed.value_type.may_be(Type::String),
        };
        if !is_label {
            let wanted = "a string or a list of them";
            self.wrong_type(it.span, "a label", wanted, &typed.value_type);
        }
        typed.expr
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &'a ast::Expr) -> (Bound, ValueType) {
        if operator == UnaryOperator::Not {
            let operand = self.predicate(operand);
            return (Bound::Not(Box::new(operand)), ValueType::of(Type::Boolean));
        }
        let typed = self.expr(operand);
        if !typed.value_type.may_be(Type::Number) && !typed.value_type.may_be(Type::Duration) {
            self.wrong_type(operand.span, "what has a sign", "a number", &typed.value_type);
        }
        let kind = match operator {
            UnaryOperator::Minus => Bound::Minus(Box::new(typed.expr)),
            _ => Bound::Plus(Box::new(typed.expr)),
        };
        (kind, typed.value_type)
    }

    /// `a AND b AND c`, of any length, as one list.
    fn chain(&mut self, operator: BinaryOperator, it: &'a ast::Expr) -> (Bound, ValueType) {
        let mut operands = Vec::new();
        let mut rest = vec![it];
        while let Some(it) = rest.pop() {
            match &it.kind {
                ExprKind::Binary(inner, left, right) if *inner == operator => {
                    rest.push(right);
                    rest.push(left);
                }
                _ => operands.push(self.predicate(it)),
            }
        }
        let kind = match operator {
            BinaryOperator::And => Bound::And(operands),
            _ => Bound::Or(operands),
        };
        (kind, ValueType::of(Type::Boolean))
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &'a ast::Expr,
        right: &'a ast::Expr,
        span: Span,
    ) -> (Bound, ValueType) {
        use BinaryOperator as Op;
        if operator == Op::Xor {
            let (left, right) = (self.predicate(left), self.predicate(right));
            let kind = Bound::Binary(operator, Box::new(left), Box::new(right));
            return (kind, ValueType::of(Type::Boolean));
        }
        let (a, b) = (self.expr(left), self.expr(right));
        let value_type = match operator {
            Op::Add
            | Op::Subtract
            | Op::Multiply
            | Op::Divide
            | Op::Modulo
            | Op::Power
            | Op::Concatenate => {
                let res = arithmetic(operator, &a.value_type, &b.value_type);
                res.unwrap_or_else(|| {
                    let hint = way_out(operator, a.value_type.base, b.value_type.base);
                    let (a, b) = (a.value_type.name(), b.value_type.name());
                    let message = format!("{} cannot be done with {a} and {b}", verb(operator));
                    self.syntax(Detail::InvalidArgumentType, span, message, hint);
                    ValueType::ANY
                })
            }
            Op::In => {
                if !b.value_type.may_be(Type::List) {
                    self.not_a_list(right.span, &b.value_type);
                }
                ValueType::of(Type::Boolean)
            }
            _ => ValueType::of(Type::Boolean),
        };
        (Bound::Binary(operator, Box::new(a.expr), Box::new(b.expr)), value_type)
    }

    fn function(
        &mut self,
        it: &'a ast::Expr,
        name: &'a Name,
        distinct: bool,
        arguments: &'a [ast::Expr],
    ) -> (Bound, ValueType) {
        if let [argument] = arguments
            && let ExprKind::PatternPredicate(pattern) = &argument.kind
            && name.text.eq_ignore_ascii_case("exists")
        {
            let kind = self.pattern_predicate(pattern, argument.span);
            return (kind, ValueType::of(Type::Boolean));
        }
        let Some(function) = functions::find(&name.text) else {
            self.unknown_function(name);
            for argument in arguments {
                self.expr(argument);
            }
            return (Bound::Constant(Val::Null), ValueType::ANY);
        };
        self.check_count(function, arguments.len(), it.span);
        if let Body::Aggregate(aggregate) = function.body {
            let res = self.aggregate(it, aggregate, Some(function), distinct, arguments);
            return (res.expr.kind, res.value_type);
        }
        if distinct {
            let message = format!("`DISTINCT` means nothing in `{}`", function.name);
            let hint = "only aggregations such as `count` and `collect` take it";
            self.syntax(Detail::UnexpectedSyntax, it.span, message, hint);
        }
        if self.aggregates == Aggregates::Nested && is_chance(function) {
            let message = format!("`{}` gives another value each time", function.name);
            let hint = "compute it in a `WITH` before, and aggregate its alias";
            self.syntax(Detail::NonConstantExpression, it.span, message, hint);
        }
        if let [text, form] = arguments
            && function.name == functions::NORMALIZE
            && let ExprKind::Variable(name) = &form.kind
            && name.parse::<NormalForm>().is_ok()
        {
            let text_value = self.expr(text);
            self.check_argument(function, 0, text.span, &text_value.value_type);
            let name = Bound::Constant(Val::from(name.as_str()));
            let values = vec![text_value.expr, Expr { kind: name, span: form.span }];
            return (Bound::Call(function, values), ValueType::of(Type::String));
        }
        let (values, types) = self.arguments(Some(function), arguments);
        let value_type = result_type(function, &types);
        (Bound::Call(function, values), value_type)
    }

    /// The arguments of a function, checked by what it takes.
    pub(super) fn arguments(
        &mut self,
        function: Option<&Function>,
        arguments: &'a [ast::Expr],
    ) -> (Vec<Expr>, Vec<ValueType>) {
        let mut res = (Vec::with_capacity(arguments.len()), Vec::with_capacity(arguments.len()));
        for (idx, argument) in arguments.iter().enumerate() {
            let typed = self.expr(argument);
            if let Some(function) = function {
                self.check_argument(function, idx, argument.span, &typed.value_type);
            }
            res.0.push(typed.expr);
            res.1.push(typed.value_type);
        }
        res
    }

    fn unknown_function(&mut self, name: &Name) {
        let message = format!("there is no function `{}`", name.text);
        let error = Error::syntax(Detail::UnknownFunction, name.span, message);
        let names = functions::all().map(|it| it.name);
        let error = if self.procedures.find(&name.text).is_some() {
            error.with_hint(format!("it is a procedure: `CALL {}(..) YIELD ..`", name.text))
        } else if let Some((_, hint)) = elsewhere(&name.text) {
            error.with_hint(*hint)
        } else if name.text.split_once('.').is_some_and(|it| self.scope.find(it.0).is_some()) {
            error.with_hint("values have no methods: a function takes the value, `size(n.name)`")
        } else if is_of(&name.text, "apoc") {
            error.with_hint("APOC is no part of weft: `SHOW FUNCTIONS` lists what there is")
        } else if let Some(hint) = did_you_mean(&name.text, names) {
            error.with_hint(hint)
        } else {
            error.with_hint("`SHOW FUNCTIONS` lists what there is")
        };
        self.error(error);
    }

    fn check_count(&mut self, function: &Function, n: usize, span: Span) {
        let n_max = function.parameters.len();
        let is_right = n >= function.n_required && (n <= n_max || function.is_variadic);
        if is_right {
            return;
        }
        let message = match (function.n_required, function.is_variadic) {
            (least, true) => {
                format!("`{}` takes at least {}, not {n}", function.name, values(least))
            }
            (least, false) if least == n_max => {
                format!("`{}` takes {}, not {n}", function.name, values(n_max))
            }
            (least, false) => {
                format!("`{}` takes {least} to {n_max} values, not {n}", function.name)
            }
        };
        let hint = format!("`{}`: {}", function.name, function.meaning);
        self.syntax(Detail::InvalidNumberOfArguments, span, message, &hint);
    }

    fn check_argument(&mut self, function: &Function, idx: usize, span: Span, got: &ValueType) {
        let wanted = function.parameters.get(idx).or(function.parameters.last());
        if let Some(&wanted) = wanted.filter(|&&it| !got.may_be(it)) {
            let (name, wanted) = (function.name, type_name(wanted));
            let message =
                format!("what `{name}` takes here must be {wanted}, but this is {}", got.name());
            let hint = functions::way_out(name).unwrap_or_default();
            self.syntax(Detail::InvalidArgumentType, span, message, hint);
        }
    }

    fn case(
        &mut self,
        subject: Option<&'a ast::Expr>,
        alternatives: &'a [(Vec<ast::Expr>, ast::Expr)],
        otherwise: Option<&'a ast::Expr>,
    ) -> (Bound, ValueType) {
        let mut subject = subject.map(|it| self.expr(it));
        let are_plain =
            alternatives.iter().all(|it| matches!(it.0.as_slice(), [it] if !is_test(it)));
        // With operators each alternative is a condition on the subject, which is computed once.
        let known = subject.take_if(|_| !are_plain).map(|it| {
            let slot = self.anonymous_slot("subject");
            self.subjects.push((slot, it.value_type));
            (slot, it.expr)
        });
        let mut value_type = ValueType::of(Type::Null);
        let mut res = Vec::with_capacity(alternatives.len());
        for (tests, value) in alternatives {
            let mut conditions = Vec::with_capacity(tests.len());
            for test in tests {
                conditions.push(match known {
                    Some((slot, _)) if !is_test(test) => {
                        let of = Expr { kind: Bound::Slot(slot), span: test.span };
                        let rest = vec![(Comparison::Equal, self.value(test))];
                        Expr { kind: Bound::Comparison(Box::new(of), rest), span: test.span }
                    }
                    None if subject.is_some() => self.value(test),
                    _ => self.predicate(test),
                });
            }
            let value = self.expr(value);
            value_type = value_type.or(value.value_type);
            res.push((one_of(conditions), value.expr));
        }
        let otherwise = otherwise.map(|it| {
            let typed = self.expr(it);
            value_type = value_type.clone().or(typed.value_type);
            Box::new(typed.expr)
        });
        let subject = subject.map(|it| Box::new(it.expr));
        let case = Bound::Case { subject, alternatives: res, otherwise };
        let Some((slot, subject)) = known else { return (case, value_type) };
        self.subjects.pop();
        let case = Expr { kind: case, span: subject.span };
        (self.computed_once(subject, slot, case), value_type)
    }

    /// What is computed of a value that stands in a slot meanwhile: for each element of a list of it alone.
    fn computed_once(&mut self, value: Expr, slot: Slot, result: Expr) -> Bound {
        let span = value.span;
        let boxed = |kind| Box::new(Expr { kind, span });
        Bound::Reduce {
            accumulator: self.anonymous_slot("result"),
            start: boxed(Bound::Constant(Val::Null)),
            slot,
            list: boxed(Bound::List(vec![value])),
            value: Box::new(result),
        }
    }

    /// A list that is gone through, with the type of its elements.
    fn not_a_list(&mut self, span: Span, got: &ValueType) {
        let message = format!("what follows `IN` must be a list, but this is {}", got.name());
        let written = span.of(self.text).trim_matches(['(', ')']);
        let hint = format!("a list stands in brackets: `[{written}]`");
        self.syntax(Detail::InvalidArgumentType, span, message, &hint);
    }

    pub(super) fn list_operand(&mut self, it: &'a ast::Expr) -> (Box<Expr>, ValueType) {
        let typed = self.expr(it);
        if !typed.value_type.may_be(Type::List) {
            self.not_a_list(it.span, &typed.value_type);
        }
        (Box::new(typed.expr), typed.value_type.element())
    }

    fn list_comprehension(
        &mut self,
        variable: &'a Name,
        list: &'a ast::Expr,
        predicate: Option<&'a ast::Expr>,
        value: Option<&'a ast::Expr>,
    ) -> (Bound, ValueType) {
        let (list, element) = self.list_operand(list);
        self.with_local(variable, element.clone(), |binder, slot| {
            let predicate = predicate.map(|it| Box::new(binder.predicate(it)));
            let typed = value.map(|it| binder.expr(it));
            let element = typed.as_ref().map_or(element, |it| it.value_type.clone());
            let value = typed.map(|it| Box::new(it.expr));
            let kind = Bound::ListComprehension { slot, list, predicate, value };
            (kind, ValueType::list_of(element))
        })
    }

    fn reduce(
        &mut self,
        accumulator: &'a Name,
        start: &'a ast::Expr,
        variable: &'a Name,
        list: &'a ast::Expr,
        value: &'a ast::Expr,
    ) -> (Bound, ValueType) {
        let start = Box::new(self.value(start));
        let (list, element) = self.list_operand(list);
        let kind = self.with_local(accumulator, ValueType::ANY, |binder, accumulator| {
            binder.with_local(variable, element, |binder, slot| {
                let value = Box::new(binder.value(value));
                Bound::Reduce { accumulator, start, slot, list, value }
            })
        });
        (kind, ValueType::ANY)
    }

    fn map_projection(
        &mut self,
        variable: &'a Name,
        items: &'a [ast::MapProjectionItem],
    ) -> (Bound, ValueType) {
        let (slot, value_type) = self.variable(&variable.text, variable.span);
        if !value_type.may_be(Type::EntityOrMap) {
            let wanted = type_name(Type::EntityOrMap);
            self.wrong_type(variable.span, "what a map is made of", wanted, &value_type);
        }
        let pieces = items.iter().map(|item| match item {
            ast::MapProjectionItem::Property(key) => {
                let name = Arc::from(key.text.as_str());
                self.properties.read(&value_type, &name, key.span);
                MapPiece::Property(name)
            }
            ast::MapProjectionItem::Entry(key, value) => {
                MapPiece::Entry(Arc::from(key.text.as_str()), self.value(value))
            }
            ast::MapProjectionItem::Variable(name) => {
                let (slot, _) = self.variable(&name.text, name.span);
                let value = Expr { kind: Bound::Slot(slot), span: name.span };
                MapPiece::Entry(Arc::from(name.text.as_str()), value)
            }
            ast::MapProjectionItem::All(_) => MapPiece::All,
        });
        let pieces = pieces.collect();
        let base = Box::new(Expr { kind: Bound::Slot(slot), span: variable.span });
        (Bound::MapProjection(base, pieces), ValueType::of(Type::Map))
    }

    /// Reads what sees a variable of its own, which hides an outer one of its name.
    fn with_local<R>(
        &mut self,
        name: &'a Name,
        value_type: ValueType,
        read: impl FnOnce(&mut Self, Slot) -> R,
    ) -> R {
        let slot = self.new_slot(name.text.as_str());
        let mut layer = Layer::default();
        layer.push(Variable { name: Arc::from(name.text.as_str()), slot, value_type });
        self.with_layer(layer, |binder| read(binder, slot))
    }

    /// Reads what has a layer of its own; an aggregation around it does not reach into it.
    pub(super) fn with_layer<R>(&mut self, layer: Layer, read: impl FnOnce(&mut Self) -> R) -> R {
        self.scope.push(layer);
        let outer = self.aggregates;
        if outer == Aggregates::Allowed {
            self.aggregates = Aggregates::Forbidden;
        }
        let res = read(self);
        self.aggregates = outer;
        self.scope.pop();
        res
    }
}

/// Whether what follows `WHEN` begins with an operator.
fn is_test(it: &ast::Expr) -> bool {
    match &it.kind {
        ExprKind::Subject => true,
        ExprKind::Binary(_, left, _)
        | ExprKind::Comparison(left, _)
        | ExprKind::IsNull(left, _)
        | ExprKind::IsType(left, ..)
        | ExprKind::IsNormalized(left, ..) => with_stack(|| is_test(left)),
        _ => false,
    }
}

/// The condition that one of some holds.
fn one_of(mut conditions: Vec<Expr>) -> Expr {
    if conditions.len() == 1
        && let Some(only) = conditions.pop()
    {
        return only;
    }
    let span = conditions.first().map(|it| it.span).unwrap_or_default();
    Expr { kind: Bound::Or(conditions), span }
}

/// The condition that all of some hold; None without any.
pub(super) fn all_of(conditions: impl Iterator<Item = Expr>) -> Option<Expr> {
    conditions.reduce(|a, b| {
        let span = a.span.to(b.span);
        let kind = match a.kind {
            Bound::And(mut all) => {
                all.push(b);
                Bound::And(all)
            }
            kind => Bound::And(vec![Expr { kind, ..a }, b]),
        };
        Expr { kind, span }
    })
}

/// Whether one of some labels is known only when the query runs.
fn is_computed(labels: &LabelExpr) -> bool {
    !labels.computed().is_empty()
}

/// Labels or types as names, chains flat. Of computed ones nothing is known.
pub(super) fn bind_labels(labels: &LabelExpr) -> Labels {
    with_stack(|| match labels {
        LabelExpr::Label(name) => Labels::Label(Arc::from(name.text.as_str())),
        LabelExpr::Any(_) | LabelExpr::Computed { .. } => Labels::Any,
        LabelExpr::And(a, b) => {
            let mut res = Vec::new();
            for part in [bind_labels(a), bind_labels(b)] {
                match part {
                    Labels::And(parts) => res.extend(parts),
                    other => res.push(other),
                }
            }
            Labels::And(res)
        }
        LabelExpr::Or(a, b) => {
            let mut res = Vec::new();
            for part in [bind_labels(a), bind_labels(b)] {
                match part {
                    Labels::Or(parts) => res.extend(parts),
                    other => res.push(other),
                }
            }
            Labels::Or(res)
        }
        LabelExpr::Not(inner) => Labels::Not(Box::new(bind_labels(inner))),
    })
}

/// What a function gives, where its arguments tell more than the table does.
pub(super) fn result_type(function: &Function, arguments: &[ValueType]) -> ValueType {
    let first = || arguments.first().cloned().unwrap_or(ValueType::ANY);
    match function.name {
        "collect" => ValueType::list_of(first()),
        "nodes" => ValueType::list_of(ValueType::of(Type::Node)),
        "relationships" => ValueType::list_of(ValueType::of(Type::Relationship)),
        "startNode" | "endNode" => ValueType::of(Type::Node),
        "head" | "last" => first().element(),
        "max" | "min" => first(),
        "tail" => first(),
        "coalesce" => arguments.iter().cloned().reduce(ValueType::or).unwrap_or(ValueType::ANY),
        _ => ValueType::of(function.result),
    }
}

/// Functions of SQL, with what openCypher has instead.
const FUNCTIONS_ELSEWHERE: &[(&str, &str)] = &[
    ("ifnull", "the first value that is not null is `coalesce(a, b)`"),
    ("isnull", "the first value that is not null is `coalesce(a, b)`, and a test `a IS NULL`"),
    ("nvl", "the first value that is not null is `coalesce(a, b)`"),
    ("concat", "texts are joined by `+`: `a + b`"),
    ("len", "the length of a text or a list is `size(x)`"),
    ("cardinality", "the length of a list is `size(x)`"),
    ("array_agg", "the values of a group are a list by `collect(x)`"),
    ("string_agg", "the values of a group are a list by `collect(x)`"),
    ("group_concat", "the values of a group are a list by `collect(x)`"),
    ("now", "the time is `datetime()`, the day `date()`"),
    ("getdate", "the time is `datetime()`, the day `date()`"),
    ("current_date", "the day is `date()`"),
    ("curdate", "the day is `date()`"),
    ("current_timestamp", "the time is `datetime()`"),
    ("to_date", "a date is made by `date('2024-03-01')`"),
    ("year", "the parts of a date are its properties: `d.year`"),
    ("month", "the parts of a date are its properties: `d.month`"),
    ("day", "the parts of a date are its properties: `d.day`"),
    ("extract", "the parts of a date are its properties: `d.year`"),
    ("datediff", "the time between two dates is `duration.between(a, b)`"),
    ("dateadd", "a duration is added by `+`: `d + duration({days: 1})`"),
    ("ucase", "write `toUpper(x)`"),
    ("lcase", "write `toLower(x)`"),
    ("str", "write `toString(x)`"),
    ("cast", "values are converted by functions: `toInteger(x)`, `toString(x)`, `date(x)`"),
    ("convert", "values are converted by functions: `toInteger(x)`, `toString(x)`, `date(x)`"),
    ("to_char", "write `toString(x)`"),
    ("to_number", "write `toInteger(x)` or `toFloat(x)`"),
    ("pow", "write `x ^ y`"),
    ("power", "write `x ^ y`"),
    ("mod", "write `x % y`"),
    ("instr", "whether a text holds another is `x CONTAINS 'y'`"),
    ("charindex", "whether a text holds another is `x CONTAINS 'y'`"),
    ("locate", "whether a text holds another is `x CONTAINS 'y'`"),
    ("if", "write `CASE WHEN condition THEN a ELSE b END`"),
    ("iif", "write `CASE WHEN condition THEN a ELSE b END`"),
    ("decode", "write `CASE x WHEN 1 THEN a ELSE b END`"),
    ("any", ONE_OF),
    ("some", ONE_OF),
    ("substr", "write `substring(x, 0, 2)`: it counts from 0"),
    ("mid", "write `substring(x, 0, 2)`: it counts from 0"),
    ("trunc", "write `toInteger(x)`; a date is cut by `date.truncate('month', d)`"),
    ("date_trunc", "a date is cut by `date.truncate('month', d)`"),
    ("date_part", "the parts of a date are its properties: `d.year`"),
    ("date_format", "the parts of a date are its properties, `d.year`; its text is `toString(d)`"),
    ("to_timestamp", "a moment is made by `datetime('2024-03-01T12:00')`"),
    ("sysdate", "the time is `datetime()`, the day `date()`"),
    ("current_time", "the time of the day is `time()`"),
    ("curtime", "the time of the day is `time()`"),
    ("ceiling", "write `ceil(x)`"),
    (
        "greatest",
        "the greatest of some is `reduce(a = x, b IN [y] | CASE WHEN b > a THEN b ELSE a END)`",
    ),
    ("least", "the least of some is `reduce(a = x, b IN [y] | CASE WHEN b < a THEN b ELSE a END)`"),
    ("listagg", "the values of a group are a list by `collect(x)`"),
    ("median", "write `percentileCont(x, 0.5)`"),
    ("stddev", "write `stDev(x)`"),
    ("unnest", "rows are made of a list by `UNWIND list AS x`"),
    ("strpos", "whether a text holds another is `x CONTAINS 'y'`"),
    ("position", "whether a text holds another is `x CONTAINS 'y'`"),
    ("regexp_like", "a regular expression is written `x =~ 'A.*'`"),
    ("row_number", NO_WINDOW),
    ("rank", NO_WINDOW),
    ("dense_rank", NO_WINDOW),
    ("ntile", NO_WINDOW),
    ("lag", NO_WINDOW),
    ("lead", NO_WINDOW),
    ("first", "the first of a group is `head(collect(x))`"),
    ("first_value", "the first of a group is `head(collect(x))`"),
    ("last_value", "the last of a group is `last(collect(x))`"),
    ("any_value", "the first of a group is `head(collect(x))`"),
    ("countif", "write `count(CASE WHEN condition THEN 1 END)`"),
    ("count_if", "write `count(CASE WHEN condition THEN 1 END)`"),
    ("sumif", "write `sum(CASE WHEN condition THEN x ELSE 0 END)`"),
    ("shortest", "it is part of a pattern: `MATCH p = shortestPath((a)-[*]-(b))`"),
    ("switch", "write `CASE x WHEN 1 THEN a ELSE b END`"),
    ("choose", "write `CASE x WHEN 1 THEN a ELSE b END`"),
    ("variance", "write `stDev(x) ^ 2`"),
    ("var", "write `stDev(x) ^ 2`"),
    ("random", "write `rand()`"),
    ("uuid", "write `randomUUID()`"),
    ("newid", "write `randomUUID()`"),
    ("ln", "write `log(x)`"),
    ("square", "write `x ^ 2`"),
    ("format", "texts are joined by `+`: `a + b`"),
    ("concat_ws", "texts are joined by `+`: `a + b`"),
    ("split_part", "write `split(x, ',')[0]`"),
    ("array_length", "the length of a list is `size(x)`"),
    ("isnumeric", "write `toFloat(x) IS NOT NULL`"),
    ("try_cast", "write `toIntegerOrNull(x)`, `toFloatOrNull(x)`, `toStringOrNull(x)`"),
    ("contains", "whether a text holds another is `x CONTAINS 'y'`"),
    ("startswith", "how a text begins is asked by `x STARTS WITH 'y'`"),
    ("endswith", "how a text ends is asked by `x ENDS WITH 'y'`"),
    ("unix_timestamp", "write `datetime().epochSeconds`"),
    ("hour", "the parts of a time are its properties: `t.hour`"),
    ("minute", "the parts of a time are its properties: `t.minute`"),
    ("week", "the parts of a date are its properties: `d.week`"),
    ("quarter", "the parts of a date are its properties: `d.quarter`"),
    ("weekday", "the parts of a date are its properties: `d.dayOfWeek`"),
    ("dayofweek", "the parts of a date are its properties: `d.dayOfWeek`"),
    ("json_extract", "the parts of a map are its properties: `m.key`"),
];

const NO_WINDOW: &str =
    "there are no window functions: sort in a `WITH`, and number what you `collect`";

const ONE_OF: &str =
    "whether a value is one of some is `x IN ['a', 'b']`; within a list, `any(x IN list WHERE ..)`";

/// Whether a name needs no backticks.
fn is_plain(name: &str) -> bool {
    name.starts_with(char::is_alphabetic)
        && name.chars().all(|it| it.is_alphanumeric() || it == '_')
}

/// So many values, in words.
fn values(n: usize) -> String {
    format!("{n} {}", if n == 1 { "value" } else { "values" })
}

/// What openCypher has instead of a word of SQL that stands for the time without parentheses.
fn moment(name: &str) -> Option<&'static str> {
    let is_moment = name.to_ascii_lowercase().starts_with("current_");
    elsewhere(name).filter(|_| is_moment).map(|it| it.1)
}

/// Whether a name is of a namespace.
pub(super) fn is_of(name: &str, namespace: &str) -> bool {
    name.split_once('.').is_some_and(|it| it.0.eq_ignore_ascii_case(namespace))
}

fn elsewhere(function: &str) -> Option<&'static (&'static str, &'static str)> {
    FUNCTIONS_ELSEWHERE.iter().find(|it| it.0.eq_ignore_ascii_case(function))
}

/// A list of constants, made once for all rows.
fn constant_list(items: &[Expr]) -> Option<Bound> {
    let constant = |it: &Expr| match &it.kind {
        Bound::Constant(value) => Some(value.clone()),
        _ => None,
    };
    let values: Option<Vec<Val>> = items.iter().map(constant).collect();
    // What is nested too deep is told when it is computed.
    Some(Bound::Constant(Val::list(values?).ok()?))
}

/// Whether a function gives another value each time it is called.
fn is_chance(function: &Function) -> bool {
    matches!(function.name, "rand" | "randomUUID")
}

/// What to write in place of an operator that these two cannot be joined by.
fn way_out(operator: BinaryOperator, a: Type, b: Type) -> &'static str {
    use BinaryOperator as Op;
    match (operator, a, b) {
        (Op::Concatenate, Type::Boolean, _) | (Op::Concatenate, _, Type::Boolean) => {
            "conditions are joined by `OR`"
        }
        (Op::Subtract, Type::Temporal, Type::Temporal) => {
            "the time between two values is `duration.between(earlier, later)`"
        }
        (Op::Add | Op::Subtract, Type::Temporal | Type::Duration, _)
        | (Op::Add, _, Type::Temporal | Type::Duration) => {
            "a duration is added or subtracted: `date() + duration({days: 1})`"
        }
        _ => "convert one of them, for example with `toInteger` or `toString`",
    }
}

fn verb(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "adding",
        BinaryOperator::Subtract => "subtracting",
        BinaryOperator::Multiply => "multiplying",
        BinaryOperator::Divide => "dividing",
        BinaryOperator::Modulo => "taking the remainder",
        BinaryOperator::Concatenate => "joining by `||`",
        _ => "raising to a power",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hint for a function that there is would never be read.
    #[test]
    fn what_is_said_to_be_elsewhere_is_no_function_here() {
        for (name, _) in FUNCTIONS_ELSEWHERE {
            assert!(functions::find(name).is_none(), "{name}");
        }
    }
}
