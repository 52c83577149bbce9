//! Subqueries inside expressions: patterns as conditions, comprehensions, shortest paths as values,
//! and `EXISTS`, `COUNT` and `COLLECT`. All of them run on the row of the query around them.

use std::{mem, slice};

use super::Binder;
use super::aggregation::Aggregates;
use super::clause::Place;
use super::pattern::NewVariables;
use super::scope::Layer;
use super::value_type::ValueType;
use crate::ast::{self, Shortest};
use crate::bound::{
    BoundUnion, Expr, ExprKind as Bound, Match, Part, Project, Slot, Step, SubqueryId,
};
use crate::functions::Type;
use crate::{Detail, Error, Span, Val};

impl<'a> Binder<'a> {
    /// A pattern as a condition. It may speak of variables, but brings none.
    pub(super) fn pattern_predicate(&mut self, pattern: &'a ast::Pattern, span: Span) -> Bound {
        if pattern.steps.is_empty() {
            self.lone_node(&pattern.start);
            return Bound::Constant(Val::Null);
        }
        let id = self.in_subquery(|binder| {
            let patterns = slice::from_ref(pattern);
            let new = NewVariables::Forbidden;
            let it = binder.match_patterns(false, patterns, None, new, span);
            binder.add_subquery(one_part(vec![Step::Match(it)], Vec::new()))
        });
        Bound::Exists(id)
    }

    /// `(n)` as a condition: a node is neither true nor false.
    fn lone_node(&mut self, node: &ast::NodePattern) {
        if let Some(name) = &node.variable
            && self.scope.find(&name.text).is_none()
        {
            self.undefined(&name.text, name.span);
            return;
        }
        let message = "a condition must be true or false, but this is a node";
        let hint =
            "to ask for a label write `n:Label`; to ask whether there is one, `n IS NOT NULL`";
        self.syntax(Detail::InvalidArgumentType, node.span, message.into(), hint);
    }

    /// `[path = pattern WHERE predicate | value]`
    pub(super) fn pattern_comprehension(
        &mut self,
        pattern: &'a ast::Pattern,
        predicate: Option<&'a ast::Expr>,
        value: &'a ast::Expr,
    ) -> (Bound, ValueType) {
        self.in_subquery(|binder| {
            let patterns = slice::from_ref(pattern);
            let new = NewVariables::Allowed;
            let it = binder.match_patterns(false, patterns, predicate, new, pattern.span);
            let typed = binder.expr(value);
            let element = typed.value_type;
            let id = binder.add_collected(it, typed.expr);
            (Bound::Collect(id), ValueType::list_of(element))
        })
    }

    /// `shortestPath(pattern)` as a value: a path or null; `allShortestPaths(pattern)`: a list.
    pub(super) fn shortest_path(
        &mut self,
        pattern: &'a ast::Pattern,
        span: Span,
    ) -> (Bound, ValueType) {
        let ends = [Some(&pattern.start), pattern.steps.last().map(|(_, node)| node)];
        for node in ends.into_iter().flatten() {
            match &node.variable {
                Some(name) if self.scope.find(&name.text).is_none() => {
                    self.undefined(&name.text, name.span);
                }
                Some(_) => (),
                None => {
                    let message = "a shortest path as a value goes between two known nodes";
                    let error =
                        Error::syntax(Detail::InvalidRelationshipPattern, node.span, message);
                    self.error(
                        error.with_hint("`MATCH` its ends first, or `MATCH` the path itself"),
                    );
                }
            }
        }
        let path = ValueType::of(Type::Path);
        let id = self.in_subquery(|binder| {
            let patterns = slice::from_ref(pattern);
            let new = NewVariables::Allowed;
            let mut it = binder.match_patterns(false, patterns, None, new, span);
            let slot = binder.anonymous_slot("path");
            it.introduced.push(slot);
            for pattern in &mut it.patterns {
                pattern.path = Some(slot);
            }
            binder.add_subquery(one_part(vec![Step::Match(it)], vec![slot]))
        });
        if pattern.shortest == Some(Shortest::All) {
            return (Bound::Collect(id), ValueType::list_of(path));
        }
        let all = Expr { kind: Bound::Collect(id), span };
        let first = Expr { kind: Bound::Constant(Val::Integer(0)), span };
        (Bound::Index(Box::new(all), Box::new(first)), path)
    }

    /// What stands between the braces behind `EXISTS`, `COUNT` or `COLLECT`.
    pub(super) fn subquery_expression(
        &mut self,
        subquery: &'a ast::Subquery,
        word: &'static str,
    ) -> SubqueryId {
        self.in_subquery(|binder| match subquery {
            ast::Subquery::Pattern { patterns, predicate } => {
                let span = patterns.first().map(|it| it.span).unwrap_or_default();
                let (predicate, new) = (predicate.as_ref(), NewVariables::Allowed);
                let it = binder.match_patterns(false, patterns, predicate, new, span);
                if word == "COLLECT" {
                    binder.refuse_columns(0, span);
                }
                binder.add_subquery(one_part(vec![Step::Match(it)], Vec::new()))
            }
            ast::Subquery::Query(query) => {
                let outer = binder.no_writes_in.replace(word);
                let (union, columns) = binder.query(query, Place::Expression);
                binder.no_writes_in = outer;
                if word == "COLLECT" && columns.len() != 1 {
                    binder.refuse_columns(columns.len(), query.span);
                }
                binder.add_subquery(union)
            }
        })
    }

    fn refuse_columns(&mut self, n: usize, span: Span) {
        let message = format!("`COLLECT {{ }}` returns one column, but this has {n}");
        let hint = "end it with `RETURN value`";
        self.syntax(Detail::InvalidClauseComposition, span, message, hint);
    }

    /// A subquery that gives the value of an expression for each match.
    fn add_collected(&mut self, it: Match, value: Expr) -> SubqueryId {
        let span = value.span;
        let slot = self.anonymous_slot("value");
        let project = Project {
            aggregation: None,
            columns: vec![(slot, value)],
            distinct: false,
            order_by: Vec::new(),
            skip: None,
            limit: None,
            predicate: None,
            span,
        };
        self.add_subquery(one_part(vec![Step::Match(it), Step::Project(project)], vec![slot]))
    }

    fn in_subquery<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        self.with_layer(Layer::default(), |binder| {
            // An aggregation in here is of the subquery's own rows.
            let outer = mem::replace(&mut binder.aggregates, Aggregates::Forbidden);
            let res = read(binder);
            binder.aggregates = outer;
            res
        })
    }
}

fn one_part(steps: Vec<Step>, results: Vec<Slot>) -> BoundUnion {
    BoundUnion { parts: vec![Part { steps, results }], distinct: false }
}
