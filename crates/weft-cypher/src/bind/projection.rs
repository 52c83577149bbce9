//! `WITH` and `RETURN`: columns and their names, grouping, order and window.

use std::collections::HashSet;
use std::mem;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Binder;
use super::aggregation::{Aggregates, Grouping, Key, Stage, has_aggregate};
use super::clause::Place;
use super::expression::Typed;
use super::scope::{Layer, Scope, Variable};
use super::value_type::ValueType;
use crate::ast::{self, ExprKind, UnaryOperator};
use crate::bound::{
    Aggregation, Expr, ExprKind as Bound, Notice, NoticeKind, Project, Slot, SortItem,
};
use crate::functions::Type;
use crate::{Detail, Span};

/// A column of a result.
pub(super) struct Column {
    pub(super) name: Arc<str>,
    pub(super) slot: Slot,
    pub(super) value_type: ValueType,
    pub(super) span: Span,
}

/// Which clause projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProjectionKind {
    With,
    Return(Place),
}

/// A column before it is bound.
struct Item<'a> {
    name: Arc<str>,
    span: Span,
    source: Source<'a>,
}

enum Source<'a> {
    /// A variable that `*` stands for.
    Star(Slot, ValueType),
    Expr(&'a ast::Expr),
    /// An expression with an aggregation in it.
    Aggregating(&'a ast::Expr),
}

impl<'a> Binder<'a> {
    /// Binds a projection; afterwards the innermost layer holds its columns only.
    pub(super) fn project(
        &mut self,
        projection: &'a ast::Projection,
        predicate: Option<&'a ast::Expr>,
        kind: ProjectionKind,
        span: Span,
    ) -> (Project, Vec<Column>) {
        let items = self.items(projection, kind, span);
        let outer = self.projection.replace(projection);
        let is_grouped = items.iter().any(|it| matches!(it.source, Source::Aggregating(_)));
        let mut columns = Vec::with_capacity(items.len());
        let mut values = Vec::with_capacity(items.len());
        let mut keys = Vec::with_capacity(items.len());
        // What is grouped by first: an aggregating item may speak of a column behind it.
        for item in &items {
            let bound = match item.source {
                Source::Aggregating(_) => None,
                Source::Star(slot, ref value_type) => {
                    let expr = Expr { kind: Bound::Slot(slot), span: item.span };
                    Some((Typed { expr, value_type: value_type.clone() }, None))
                }
                Source::Expr(it) => Some((self.expr(it), Some(it))),
            };
            let (slot, value_type, value) = match bound {
                None => (self.new_slot(&*item.name), ValueType::ANY, None),
                Some((typed, expression)) => {
                    let slot = self.column_slot(item, &typed.expr);
                    let value_type = typed.value_type;
                    let variable = match typed.expr.kind {
                        Bound::Slot(slot) if is_variable(expression) => Some(slot),
                        _ => None,
                    };
                    let key = Key { expression, variable, slot, value_type: value_type.clone() };
                    keys.push(key);
                    (slot, value_type, Some(typed.expr))
                }
            };
            columns.push(Column { name: item.name.clone(), slot, value_type, span: item.span });
            values.push(value);
        }
        let hides_rows = is_grouped || projection.distinct;
        if hides_rows {
            let layer = self.scope.depth();
            let stage = Stage::Items;
            let (aggregates, calls) = (Vec::new(), Vec::new());
            let is_suspended = false;
            let grouping =
                Grouping { layer, top: layer, keys, aggregates, calls, stage, is_suspended };
            self.groupings.push(grouping);
        }
        for ((item, column), value) in items.iter().zip(&mut columns).zip(&mut values) {
            if let Source::Aggregating(it) = item.source {
                let typed = self.aggregating(it);
                column.value_type = typed.value_type;
                *value = Some(typed.expr);
            }
        }
        self.projection = outer;
        let mut layer = Layer::default();
        for column in &columns {
            let (name, slot) = (column.name.clone(), column.slot);
            layer.push(Variable { name, slot, value_type: column.value_type.clone() });
        }
        self.scope.push(layer);
        let order_by = self.order_by(&projection.order_by, is_grouped);
        let predicate = predicate.map(|it| {
            self.set_stage(Stage::Sort { has_aggregate: false }, hides_rows);
            self.predicate(it)
        });
        let grouping = if hides_rows { self.groupings.pop() } else { None };
        let skip = projection.skip.as_ref().map(|it| self.window(it, "SKIP"));
        let limit = projection.limit.as_ref().map(|it| self.window(it, "LIMIT"));
        let layer = self.scope.pop();
        self.scope.replace(layer);
        let aggregation = grouping
            .filter(|_| is_grouped)
            .map(|grouping| self.aggregation(&items, &columns, &mut values, grouping));
        let slots = columns.iter().map(|it| it.slot);
        let columns_bound = slots.zip(values).filter_map(|(slot, it)| Some((slot, it?))).collect();
        let project = Project {
            aggregation,
            columns: columns_bound,
            distinct: projection.distinct,
            order_by,
            skip,
            limit,
            predicate,
            span,
        };
        (project, columns)
    }

    /// The columns by name: those of `*` in the order of the alphabet, then the items.
    fn items(
        &mut self,
        projection: &'a ast::Projection,
        kind: ProjectionKind,
        span: Span,
    ) -> Vec<Item<'a>> {
        let mut res: Vec<Item<'a>> = Vec::with_capacity(projection.items.len());
        if projection.star {
            let visible = self.scope.visible();
            res.extend(visible.into_iter().map(|it| Item {
                name: it.name.clone(),
                span,
                source: Source::Star(it.slot, it.value_type.clone()),
            }));
            let must_have = matches!(kind, ProjectionKind::Return(Place::Statement | Place::Call));
            if res.is_empty() && must_have {
                let message = "`RETURN *` returns all variables, but there are none";
                let hint = "name what is matched, for example `MATCH (n)`";
                self.syntax(Detail::NoVariablesInScope, span, message.into(), hint);
            }
        }
        for item in &projection.items {
            let it = &item.expression;
            let name = self.column_name(item, kind);
            let source = match has_aggregate(it) {
                true => Source::Aggregating(it),
                false => Source::Expr(it),
            };
            let span = item.alias.as_ref().map_or(it.span, |it| it.span);
            res.push(Item { name, span, source });
        }
        self.check_names(&res);
        if !self.count_columns(res.len(), span) {
            res.clear();
        }
        res
    }

    fn column_name(&mut self, item: &ast::ProjectionItem, kind: ProjectionKind) -> Arc<str> {
        if let Some(alias) = &item.alias {
            return Arc::from(alias.text.as_str());
        }
        if let ExprKind::Variable(name) = &item.expression.kind {
            return Arc::from(name.as_str());
        }
        let span = item.expression.span;
        let text = span.of(self.text);
        if kind == ProjectionKind::With || kind == ProjectionKind::Return(Place::Call) {
            let message = format!("`{text}` has no name for what follows");
            let hint = "give it one with `AS`";
            self.syntax(Detail::NoExpressionAlias, span, message, hint);
        }
        Arc::from(text)
    }

    fn check_names(&mut self, items: &[Item<'_>]) {
        let mut seen: HashSet<&str, RandomState> = HashSet::default();
        let twice = items.iter().filter(|it| !seen.insert(&it.name));
        let twice: Vec<_> = twice.map(|it| (it.name.clone(), it.span)).collect();
        for (name, span) in twice {
            let message = format!("two columns are called `{name}`");
            let hint = "give one of them another name with `AS`";
            self.syntax(Detail::ColumnNameConflict, span, message, hint);
        }
    }

    /// A variable handed on under its own name keeps its slot.
    fn column_slot(&mut self, item: &Item<'_>, value: &Expr) -> Slot {
        let is_same = match item.source {
            Source::Star(..) => true,
            Source::Expr(it) => matches!(&it.kind, ExprKind::Variable(name) if *name == *item.name),
            Source::Aggregating(_) => false,
        };
        match value.kind {
            Bound::Slot(slot) if is_same => slot,
            _ => self.new_slot(&*item.name),
        }
    }

    fn aggregating(&mut self, it: &'a ast::Expr) -> Typed {
        let outer = mem::replace(&mut self.aggregates, Aggregates::Allowed);
        let typed = self.expr(it);
        self.aggregates = outer;
        typed
    }

    fn order_by(&mut self, items: &'a [ast::SortItem], is_grouped: bool) -> Vec<SortItem> {
        let mut res = Vec::with_capacity(items.len());
        for item in items {
            if let ast::ExprKind::Integer(position) = item.expression.kind {
                let message = format!(
                    "`ORDER BY {position}` sorts by a number that is the same for all rows: name the \
                     column"
                );
                let (kind, span) = (NoticeKind::SortedByConstant, item.expression.span);
                self.notices.push(Notice { kind, span, message });
            }
            let has_aggregate = is_grouped && has_aggregate(&item.expression);
            self.set_stage(Stage::Sort { has_aggregate }, true);
            let expression = match has_aggregate {
                true => self.aggregating(&item.expression).expr,
                false => self.value(&item.expression),
            };
            res.push(SortItem { expression, descending: item.descending });
        }
        res
    }

    /// Sets what is read next, if the projection that is read groups.
    fn set_stage(&mut self, stage: Stage, hides_rows: bool) {
        let layer = self.scope.depth() - 1;
        if let Some(grouping) = self.groupings.last_mut()
            && hides_rows
            && grouping.layer == layer
        {
            grouping.stage = stage;
            grouping.top = layer + 1;
        }
    }

    /// The keys and aggregates of a projection that groups; its columns become what remains to be
    /// computed of them.
    fn aggregation(
        &mut self,
        items: &[Item<'_>],
        columns: &[Column],
        values: &mut [Option<Expr>],
        grouping: Grouping<'a>,
    ) -> Aggregation {
        let mut keys = Vec::with_capacity(grouping.keys.len());
        for ((item, column), value) in items.iter().zip(columns).zip(values) {
            if matches!(item.source, Source::Aggregating(_)) {
                continue;
            }
            let slot = Expr { kind: Bound::Slot(column.slot), span: item.span };
            if let Some(expr) = value.replace(slot) {
                keys.push((column.slot, expr));
            }
        }
        Aggregation { keys, aggregates: grouping.calls }
    }

    /// What follows `SKIP` or `LIMIT`: an integer that does not depend on a row.
    fn window(&mut self, it: &'a ast::Expr, word: &'static str) -> Expr {
        let scope = mem::replace(&mut self.scope, Scope::new());
        let groupings = mem::take(&mut self.groupings);
        let outer = self.constant_for.replace(word);
        let typed = self.expr(it);
        self.constant_for = outer;
        self.groupings = groupings;
        self.scope = scope;
        if !typed.value_type.may_be(Type::Integer) {
            self.wrong_type(
                it.span,
                &format!("what follows `{word}`"),
                "an integer",
                &typed.value_type,
            );
        }
        let is_negative = match &it.kind {
            ExprKind::Integer(n) => *n < 0,
            ExprKind::Unary(UnaryOperator::Minus, operand) => {
                matches!(operand.kind, ExprKind::Integer(n) if n > 0)
            }
            _ => false,
        };
        if is_negative {
            let message = format!("`{word}` counts rows, which cannot be negative");
            self.syntax(Detail::NegativeIntegerArgument, it.span, message, "");
        }
        typed.expr
    }
}

fn is_variable(expression: Option<&ast::Expr>) -> bool {
    // A column of `*` has no expression of its own, and is a variable.
    expression.is_none_or(|it| matches!(it.kind, ExprKind::Variable(_)))
}
