//! Aggregation: which expressions rows are grouped by, and what may stand beside an aggregate.
//!
//! After grouping (and after `DISTINCT`) the variables from before are gone. What was projected may
//! still be used: its alias, and the expression itself, which stands for its column.

use std::mem;

use super::Binder;
use super::expression::{Typed, result_type, with_stack};
use super::value_type::ValueType;
use crate::ast::{self, ExprKind};
use crate::bound::{AggregateCall, Expr, ExprKind as Bound, Slot};
use crate::functions::{self, Aggregate, Body, Function, Type};
use crate::{Detail, Span};

/// The stack that comparing two trees may need at most: derived comparison does not grow it.
const COMPARISON_STACK: usize = 1 << 20;

/// Whether an aggregation may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregates {
    /// No.
    Forbidden,
    /// No: it is inside another.
    Nested,
    /// Yes; it is computed of each group of the innermost grouping.
    Allowed,
}

/// What the rows of a projection are grouped by.
pub(super) struct Grouping<'a> {
    /// The layer whose variables are gone.
    pub(super) layer: usize,
    /// The innermost layer that is not of a comprehension or a subquery.
    pub(super) top: usize,
    /// What is the same in a whole group.
    pub(super) keys: Vec<Key<'a>>,
    /// What is computed of each group, as it was written.
    pub(super) aggregates: Vec<(&'a ast::Expr, Slot, ValueType)>,
    /// The same, bound.
    pub(super) calls: Vec<(Slot, AggregateCall)>,
    pub(super) stage: Stage,
    /// Whether the arguments of an aggregate are read, which are computed before grouping.
    pub(super) is_suspended: bool,
}

/// What is being read after grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Items of the projection that contain an aggregation.
    Items,
    /// What to sort or filter by, and whether that contains an aggregation itself.
    Sort { has_aggregate: bool },
}

/// What is the same in a whole group, or in equal rows.
pub(super) struct Key<'a> {
    /// As it was written; None for a variable that `*` stands for.
    pub(super) expression: Option<&'a ast::Expr>,
    /// The slot that it was read from, if it is a variable.
    pub(super) variable: Option<Slot>,
    /// The slot of its column.
    pub(super) slot: Slot,
    pub(super) value_type: ValueType,
}

impl Grouping<'_> {
    /// Whether variables from before grouping are out of sight. An aggregate may only be sorted by if
    /// what it is computed from was returned.
    fn hides_rows(&self) -> bool {
        !self.is_suspended || self.stage != Stage::Items
    }
}

impl<'a> Binder<'a> {
    /// What an expression becomes after grouping, if it stands for a column as a whole.
    pub(super) fn grouped(&mut self, it: &'a ast::Expr) -> Option<Typed> {
        for grouping in self.groupings.iter().rev().filter(|it| !it.is_suspended) {
            // Beside an aggregation only simple expressions stand for their column: otherwise
            // `a.x + a.y + count(*)` would mean one thing or another with its parentheses.
            let any = grouping.stage == Stage::Sort { has_aggregate: false };
            if !any && !is_property_chain(it) {
                continue;
            }
            for key in &grouping.keys {
                let Some(expression) = key.expression else { continue };
                if !matches!(expression.kind, ExprKind::Variable(_))
                    && same(expression, it)
                    && !self.has_local_variable(it, grouping.top)
                {
                    let expr = Expr { kind: Bound::Slot(key.slot), span: it.span };
                    return Some(Typed { expr, value_type: key.value_type.clone() });
                }
            }
        }
        None
    }

    /// The slot that a variable of a layer has after grouping; an error where it has none.
    pub(super) fn slot_after_grouping(
        &mut self,
        depth: usize,
        slot: Slot,
        name: &str,
        span: Span,
    ) -> Slot {
        let Some(grouping) =
            self.groupings.iter().rev().find(|it| it.layer == depth && it.hides_rows())
        else {
            return slot;
        };
        if let Some(key) = grouping.keys.iter().find(|it| it.variable == Some(slot)) {
            return key.slot;
        }
        let is_in_compound_key = || {
            let expressions = grouping.keys.iter().filter_map(|it| it.expression);
            let mut compound = expressions.filter(|it| !is_property_chain(it));
            compound.any(|it| any_variable(it, &mut |it| it == name))
        };
        let is_ambiguous = match grouping.stage {
            Stage::Items => true,
            Stage::Sort { has_aggregate } => {
                has_aggregate && !grouping.is_suspended && is_in_compound_key()
            }
        };
        if is_ambiguous {
            let message = format!(
                "`{name}` stands beside an aggregation, but it is not the same in all rows of a group"
            );
            let hint = format!(
                "group by it: make it a column of its own, `{name}` or `{name}.key`, in a `WITH` before"
            );
            self.syntax(Detail::AmbiguousAggregationExpression, span, message, &hint);
        } else {
            let message =
                format!("`{name}` is gone: rows were grouped, or equal rows were made one");
            let hint = "sort and filter by what is returned";
            self.syntax(Detail::UndefinedVariable, span, message, hint);
        }
        slot
    }

    /// A call of an aggregating function; None stands for `count(*)`.
    pub(super) fn aggregate(
        &mut self,
        it: &'a ast::Expr,
        aggregate: Aggregate,
        function: Option<&'static Function>,
        distinct: bool,
        arguments: &'a [ast::Expr],
    ) -> Typed {
        let name = function.map_or("count(*)", |it| it.name);
        match self.aggregates {
            Aggregates::Allowed => (),
            Aggregates::Nested => {
                let message = format!("`{name}` stands inside another aggregation");
                let hint = "compute the inner one in a `WITH` before";
                self.syntax(Detail::NestedAggregation, it.span, message, hint);
            }
            Aggregates::Forbidden => {
                let message = format!("`{name}` looks at many rows, which cannot be done here");
                let hint = "compute it in a `WITH` or `RETURN`, and use its alias here";
                self.syntax(Detail::InvalidAggregation, it.span, message, hint);
            }
        }
        let typed = |slot, value_type| {
            let expr = Expr { kind: Bound::Slot(slot), span: it.span };
            Typed { expr, value_type }
        };
        let is_allowed = self.aggregates == Aggregates::Allowed;
        if let Some(grouping) = self.groupings.last().filter(|_| is_allowed)
            && let Some((_, slot, value_type)) =
                grouping.aggregates.iter().find(|known| same(known.0, it))
        {
            return typed(*slot, value_type.clone());
        }
        let (bound, types) = self.aggregate_arguments(function, arguments);
        let value_type =
            function.map_or(ValueType::of(Type::Integer), |it| result_type(it, &types));
        let slot = self.new_slot(it.span.of(self.text));
        if let Some(grouping) = self.groupings.last_mut().filter(|_| is_allowed) {
            grouping.aggregates.push((it, slot, value_type.clone()));
            let call = AggregateCall { aggregate, distinct, arguments: bound, span: it.span };
            grouping.calls.push((slot, call));
        }
        typed(slot, value_type)
    }

    /// Arguments of an aggregation see the rows before grouping.
    fn aggregate_arguments(
        &mut self,
        function: Option<&Function>,
        arguments: &'a [ast::Expr],
    ) -> (Vec<Expr>, Vec<ValueType>) {
        let outer = mem::replace(&mut self.aggregates, Aggregates::Nested);
        let suspend = |binder: &mut Self, is_suspended| {
            if outer == Aggregates::Allowed
                && let Some(grouping) = binder.groupings.last_mut()
            {
                grouping.is_suspended = is_suspended;
            }
        };
        suspend(self, true);
        let res = self.arguments(function, arguments);
        suspend(self, false);
        self.aggregates = outer;
        res
    }

    /// Whether an expression speaks of a variable of a comprehension or subquery around it.
    fn has_local_variable(&self, it: &ast::Expr, top: usize) -> bool {
        self.scope.depth() > top
            && any_variable(it, &mut |name| {
                self.scope.find(name).is_some_and(|(depth, _)| depth > top)
            })
    }
}

/// Whether an expression contains an aggregation that it computes itself.
pub(super) fn has_aggregate(it: &ast::Expr) -> bool {
    any(it, &mut |it| match &it.kind {
        ExprKind::CountStar => true,
        ExprKind::Function { name, .. } => {
            functions::find(&name.text).is_some_and(|it| matches!(it.body, Body::Aggregate(_)))
        }
        _ => false,
    })
}

/// Whether two expressions say the same.
pub(super) fn same(a: &ast::Expr, b: &ast::Expr) -> bool {
    mem::discriminant(&a.kind) == mem::discriminant(&b.kind)
        && stacker::maybe_grow(COMPARISON_STACK, 4 * COMPARISON_STACK, || a == b)
}

/// `variable.key.key`
fn is_property_chain(it: &ast::Expr) -> bool {
    let mut it = it;
    while let ExprKind::Property(base, _) = &it.kind {
        it = base;
    }
    matches!(it.kind, ExprKind::Variable(_))
}

fn any_variable(it: &ast::Expr, is_meant: &mut dyn FnMut(&str) -> bool) -> bool {
    any(it, &mut |it| match &it.kind {
        ExprKind::Variable(name) => is_meant(name),
        ExprKind::MapProjection { variable, .. } => is_meant(&variable.text),
        _ => false,
    })
}

/// Whether something holds of an expression or a part of it; subqueries and patterns, which have
/// rows of their own, are not looked into.
fn any(it: &ast::Expr, holds: &mut dyn FnMut(&ast::Expr) -> bool) -> bool {
    if holds(it) {
        return true;
    }
    with_stack(|| {
        let mut res = false;
        for_each_part(it, &mut |part| res = res || any(part, holds));
        res
    })
}

fn for_each_part(it: &ast::Expr, visit: &mut dyn FnMut(&ast::Expr)) {
    match &it.kind {
        ExprKind::Null
        | ExprKind::Boolean(_)
        | ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_)
        | ExprKind::Parameter(_)
        | ExprKind::Variable(_)
        | ExprKind::CountStar
        | ExprKind::PatternComprehension { .. }
        | ExprKind::PatternPredicate(_)
        | ExprKind::ShortestPath(_)
        | ExprKind::Exists(_)
        | ExprKind::Count(_)
        | ExprKind::Collect(_)
        | ExprKind::Subject
        | ExprKind::Missing => (),
        ExprKind::List(items) | ExprKind::Function { arguments: items, .. } => {
            items.iter().for_each(visit);
        }
        ExprKind::Map(entries) => entries.iter().for_each(|(_, it)| visit(it)),
        ExprKind::HasLabels(base, labels) => {
            visit(base);
            labels.computed().into_iter().for_each(visit);
        }
        ExprKind::Property(base, _)
        | ExprKind::Unary(_, base)
        | ExprKind::IsNull(base, _)
        | ExprKind::IsType(base, ..)
        | ExprKind::IsNormalized(base, ..) => visit(base),
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => {
            [a, b].into_iter().for_each(|it| visit(it))
        }
        ExprKind::Slice(base, from, to) => {
            visit(base);
            [from, to].into_iter().flatten().for_each(|it| visit(it));
        }
        ExprKind::Comparison(first, rest) => {
            visit(first);
            rest.iter().for_each(|(_, it)| visit(it));
        }
        ExprKind::Case { subject, alternatives, otherwise } => {
            subject.iter().for_each(|it| visit(it));
            for (tests, value) in alternatives {
                tests.iter().for_each(&mut *visit);
                visit(value);
            }
            otherwise.iter().for_each(|it| visit(it));
        }
        ExprKind::ListComprehension { list, predicate, value, .. } => {
            visit(list);
            [predicate, value].into_iter().flatten().for_each(|it| visit(it));
        }
        ExprKind::Quantifier { list, predicate, .. } => {
            visit(list);
            predicate.iter().for_each(|it| visit(it));
        }
        ExprKind::Reduce { start, list, value, .. } => {
            [start, list, value].into_iter().for_each(|it| visit(it));
        }
        ExprKind::MapProjection { items, .. } => {
            for item in items {
                if let ast::MapProjectionItem::Entry(_, it) = item {
                    visit(it);
                }
            }
        }
    }
}
