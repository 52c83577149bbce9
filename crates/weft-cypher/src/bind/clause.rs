//! Queries clause by clause: what may follow what, and what each clause brings into scope.

use std::sync::Arc;

use super::Binder;
use super::expression::with_stack;
use super::pattern::NewVariables;
use super::projection::{Column, ProjectionKind};
use super::scope::{Layer, Variable};
use super::value_type::{ValueType, type_name};
use crate::ast::{self, Clause, ClauseKind, ExprKind, Name};
use crate::bound::{
    BoundUnion, Expr, ExprKind as Bound, Notice, NoticeKind, Part, RemoveItem, SetItem, Slot, Step,
};
use crate::functions::Type;
use crate::{Detail, Error, ErrorKind, Span};

/// Where a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the statement.
    Statement,
    /// `CALL { }`
    Call,
    /// `EXISTS { }` and its like.
    Expression,
}

impl<'a> Binder<'a> {
    /// The query of a statement, with the names of its columns.
    pub(super) fn top_query(&mut self, query: &'a ast::Query) -> (BoundUnion, Vec<String>) {
        let (union, columns) = self.query(query, Place::Statement);
        (union, columns.into_iter().map(|it| it.name.to_string()).collect())
    }

    /// The parts of a union, each in the innermost layer, which is empty before each.
    pub(super) fn query(
        &mut self,
        query: &'a ast::Query,
        place: Place,
    ) -> (BoundUnion, Vec<Column>) {
        let (first, columns) = self.single_query(&query.first, place, query.unions.is_empty());
        let mut parts = vec![first];
        let mut columns = columns;
        for union in &query.unions {
            self.scope.replace(Layer::default());
            let (part, others) = self.single_query(&union.query, place, false);
            parts.push(self.same_columns(part, &mut columns, others, union.span));
        }
        self.check_union_words(&query.unions);
        let distinct = query.unions.iter().any(|it| !it.all);
        (BoundUnion { parts, distinct }, columns)
    }

    /// A part of a union with its columns in the order of the first part.
    fn same_columns(
        &mut self,
        part: Part,
        columns: &mut [Column],
        others: Vec<Column>,
        span: Span,
    ) -> Part {
        let is_same = columns.len() == others.len()
            && columns.iter().all(|a| others.iter().any(|b| a.name == b.name));
        if !is_same {
            let list = |columns: &[Column]| {
                let names: Vec<_> = columns.iter().map(|it| format!("`{}`", it.name)).collect();
                if names.is_empty() { "none".into() } else { names.join(", ") }
            };
            let message = format!(
                "the queries of a `UNION` return different columns: {} and {}",
                list(columns),
                list(&others)
            );
            let hint = "name them alike with `AS`";
            self.syntax(Detail::DifferentColumnsInUnion, span, message, hint);
            return part;
        }
        let mut results = Vec::with_capacity(columns.len());
        for column in columns {
            if let Some(other) = others.iter().find(|it| it.name == column.name) {
                column.value_type = column.value_type.clone().or(other.value_type.clone());
                results.push(other.slot);
            }
        }
        Part { results, ..part }
    }

    fn check_union_words(&mut self, unions: &[ast::Union]) {
        if let [first, others @ ..] = unions
            && let Some(other) = others.iter().find(|it| it.all != first.all)
        {
            let message = "`UNION` and `UNION ALL` stand in one query";
            let hint = "use one of them throughout, or put a part into `CALL { }`";
            self.syntax(Detail::InvalidClauseComposition, other.span, message.into(), hint);
        }
    }

    fn single_query(
        &mut self,
        query: &'a ast::SingleQuery,
        place: Place,
        is_alone: bool,
    ) -> (Part, Vec<Column>) {
        self.clauses(&query.clauses, query.span, place, is_alone)
    }

    fn clauses(
        &mut self,
        clauses: &'a [Clause],
        span: Span,
        place: Place,
        is_alone: bool,
    ) -> (Part, Vec<Column>) {
        let mut steps = Vec::with_capacity(clauses.len());
        let mut columns = Vec::new();
        // The last writing clause since a `WITH`.
        let mut written: Option<&'static str> = None;
        for (idx, clause) in clauses.iter().enumerate() {
            self.check_order(clause, &mut written);
            let is_last = idx + 1 == clauses.len();
            match &clause.kind {
                ClauseKind::With { projection, predicate } => {
                    let kind = ProjectionKind::With;
                    let predicate = predicate.as_ref();
                    let (it, _) = self.project(projection, predicate, kind, clause.span);
                    steps.push(Step::Project(it));
                }
                ClauseKind::Return(projection) => {
                    if let Some(next) = clauses.get(idx + 1) {
                        let message = format!("`{}` stands behind `RETURN`", word(&next.kind));
                        let hint = "`RETURN` ends a query: use `WITH` to go on";
                        let detail = Detail::InvalidClauseComposition;
                        self.syntax(detail, next.span, message, hint);
                        break;
                    }
                    let kind = ProjectionKind::Return(place);
                    let (it, results) = self.project(projection, None, kind, clause.span);
                    steps.push(Step::Project(it));
                    columns = results;
                }
                ClauseKind::Call(call) => {
                    let is_standalone = is_alone && clauses.len() == 1;
                    let Some((it, yielded)) = self.call(call, clause.span, is_standalone) else {
                        continue;
                    };
                    let returns_nothing = yielded.is_empty();
                    steps.push(Step::Call(it));
                    if is_standalone {
                        columns = yielded;
                    } else if is_last && !returns_nothing {
                        self.check_end(clause, place);
                    }
                }
                ClauseKind::Subquery { query, transactions } => {
                    let (step, returns_nothing) = self.call_subquery(query);
                    self.in_transactions(transactions.as_ref());
                    steps.push(step);
                    if is_last && !returns_nothing {
                        self.check_end(clause, place);
                    }
                }
                _ => {
                    steps.push(self.simple_clause(clause));
                    if is_last && !is_writing(&clause.kind) {
                        self.check_end(clause, place);
                    }
                }
            }
            if is_last && matches!(clause.kind, ClauseKind::With { .. }) {
                self.check_end(clause, Place::Statement);
            }
        }
        if clauses.is_empty() {
            let message = "a query without a clause after its imports";
            let hint = "end it with `RETURN`";
            self.syntax(Detail::InvalidClauseComposition, span, message.into(), hint);
        }
        let results = columns.iter().map(|it| it.slot).collect();
        (Part { steps, results }, columns)
    }

    fn simple_clause(&mut self, clause: &'a Clause) -> Step {
        match &clause.kind {
            ClauseKind::Match { optional, patterns, predicate } => {
                let (predicate, new) = (predicate.as_ref(), NewVariables::Allowed);
                let it = self.match_patterns(*optional, patterns, predicate, new, clause.span);
                Step::Match(it)
            }
            ClauseKind::Unwind { list, variable } => self.unwind(list, variable),
            ClauseKind::Create(patterns) => Step::Create(self.create(patterns)),
            ClauseKind::Merge { pattern, on_create, on_match } => {
                Step::Merge(self.merge(pattern, clause.span, |binder| {
                    (binder.set_items(on_create), binder.set_items(on_match))
                }))
            }
            ClauseKind::Set(items) => Step::Set(self.set_items(items)),
            ClauseKind::Remove(items) => Step::Remove(self.remove_items(items)),
            ClauseKind::Delete { detach, expressions } => {
                let expressions = expressions.iter().map(|it| self.deleted(it)).collect();
                Step::Delete { detach: *detach, expressions }
            }
            ClauseKind::Foreach { variable, list, clauses } => {
                self.foreach(variable, list, clauses)
            }
            ClauseKind::With { .. }
            | ClauseKind::Return(_)
            | ClauseKind::Call(_)
            | ClauseKind::Subquery { .. } => Step::Set(Vec::new()),
        }
    }

    /// `FOREACH (variable IN list | clauses)`: a subquery that sees all and brings nothing.
    fn foreach(&mut self, variable: &'a Name, list: &'a ast::Expr, clauses: &'a [Clause]) -> Step {
        let span = list.span;
        let (list, element) = self.list_operand(list);
        // Another value than a list is refused, where `UNWIND` would take it as one element.
        let slot = self.anonymous_slot("element");
        let kind = Bound::ListComprehension { slot, list, predicate: None, value: None };
        let list = Expr { kind, span };
        let id = self.with_layer(Layer::default(), |binder| {
            let slot = binder.declare_new(variable, element);
            let mut steps = vec![Step::Unwind { list, slot }];
            for clause in clauses {
                if !is_writing(&clause.kind) {
                    let message = format!("`{}` stands in `FOREACH`", word(&clause.kind));
                    let hint = "only what writes stands there: read before it, or write \
                                `UNWIND list AS x` and the clauses in its place";
                    binder.syntax(Detail::InvalidClauseComposition, clause.span, message, hint);
                    continue;
                }
                binder.check_order(clause, &mut None);
                steps.push(with_stack(|| binder.simple_clause(clause)));
            }
            let part = Part { steps, results: Vec::new() };
            binder.add_subquery(BoundUnion { parts: vec![part], distinct: false })
        });
        Step::Subquery { id, results: Vec::new() }
    }

    /// `IN TRANSACTIONS`: what it says is checked, and done in one.
    fn in_transactions(&mut self, transactions: Option<&'a ast::Transactions>) {
        let Some(transactions) = transactions else { return };
        if let Some(n_rows) = &transactions.n_rows {
            let typed = self.expr(n_rows);
            if !typed.value_type.may_be(Type::Integer) {
                self.wrong_type(n_rows.span, "what follows `OF`", "a number", &typed.value_type);
            }
        }
        let message = "all that a statement writes is kept at once, or nothing of it: \
                       `IN TRANSACTIONS` changes nothing here"
            .to_owned();
        let (kind, span) = (NoticeKind::DoneOtherwise, transactions.span);
        self.notices.push(Notice { kind, span, message });
    }

    /// Reading behind writing needs a `WITH` between, and subqueries in expressions only read.
    fn check_order(&mut self, clause: &Clause, written: &mut Option<&'static str>) {
        let here = word(&clause.kind);
        if is_writing(&clause.kind) {
            self.refuse_writing(here, clause.span);
            self.is_write = true;
            *written = Some(here);
            return;
        }
        match (&clause.kind, *written) {
            (ClauseKind::With { .. }, _) => *written = None,
            (ClauseKind::Return(_), _) | (_, None) => (),
            (_, Some(before)) => {
                let message = format!("`{here}` stands behind `{before}` without a `WITH` between");
                let hint = "write `WITH *` between them";
                self.syntax(Detail::InvalidClauseComposition, clause.span, message, hint);
                *written = None;
            }
        }
    }

    /// Subqueries in expressions only read.
    pub(super) fn refuse_writing(&mut self, what: &str, span: Span) {
        if let Some(around) = self.no_writes_in {
            let message = format!("`{what}` changes the graph, which `{around} {{ }}` cannot do");
            let hint = "change it in a clause of its own, or in `CALL { }`";
            self.syntax(Detail::InvalidClauseComposition, span, message, hint);
        }
    }

    fn check_end(&mut self, clause: &Clause, place: Place) {
        if place != Place::Expression {
            let message = format!("a query cannot end with `{}`", word(&clause.kind));
            let hint = "say what is wanted: `RETURN ..`";
            self.syntax(Detail::InvalidClauseComposition, clause.span, message, hint);
        }
    }

    fn unwind(&mut self, list: &'a ast::Expr, variable: &'a Name) -> Step {
        let typed = self.expr(list);
        let element = match typed.value_type.base {
            Type::List => typed.value_type.element(),
            Type::Any | Type::Null | Type::ListOrString => ValueType::ANY,
            // Another value than a list gives itself.
            _ => typed.value_type,
        };
        let slot = self.declare_new(variable, element);
        Step::Unwind { list: typed.expr, slot }
    }

    /// `CALL { }`, with whether it returns nothing.
    fn call_subquery(&mut self, query: &'a ast::Query) -> (Step, bool) {
        let singles = std::iter::once(&query.first).chain(query.unions.iter().map(|it| &it.query));
        let mut parts = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        for (idx, single) in singles.enumerate() {
            let (layer, n_imports) = self.imports(single);
            self.scope.push(layer);
            let clauses = &single.clauses[n_imports..];
            let (part, others) = self.clauses(clauses, single.span, Place::Call, false);
            self.scope.pop();
            if idx == 0 {
                columns = others;
                parts.push(part);
            } else {
                let span = query.unions[idx - 1].span;
                parts.push(self.same_columns(part, &mut columns, others, span));
            }
        }
        self.check_union_words(&query.unions);
        let distinct = query.unions.iter().any(|it| !it.all);
        let is_single = parts.len() == 1;
        let id = self.add_subquery(BoundUnion { parts, distinct });
        let returns_nothing = columns.is_empty();
        let results = columns.into_iter().map(|column| self.subquery_result(column, is_single));
        (Step::Subquery { id, results: results.collect() }, returns_nothing)
    }

    /// A column of `CALL { }` comes into scope; parts of a union share a slot for it.
    fn subquery_result(&mut self, column: Column, is_single: bool) -> Slot {
        let Column { name, slot, value_type, span } = column;
        if self.scope.find(&name).is_some() {
            self.already_bound(&Name { text: name.to_string(), span });
            return slot;
        }
        if !is_single {
            return self.declare(&name, value_type);
        }
        self.scope.declare(Variable { name, slot, value_type });
        slot
    }

    /// What `CALL { WITH a, b ..` sees of the outside, and how many clauses say so.
    fn imports(&mut self, query: &'a ast::SingleQuery) -> (Layer, usize) {
        let mut layer = Layer::opaque();
        let Some(Clause { kind: ClauseKind::With { projection, predicate }, span }) =
            query.clauses.first()
        else {
            return (layer, 0);
        };
        let is_variable = |it: &ast::ProjectionItem| {
            it.alias.is_none() && matches!(it.expression.kind, ExprKind::Variable(_))
        };
        if !projection.items.iter().all(is_variable) {
            return (layer, 0);
        }
        let is_plain = predicate.is_none()
            && !projection.distinct
            && projection.order_by.is_empty()
            && projection.skip.is_none()
            && projection.limit.is_none();
        if !is_plain {
            let message = "the first `WITH` in `CALL { }` only names what is seen of the outside";
            let hint = "filter, sort and cut in a second `WITH`";
            self.syntax(Detail::InvalidClauseComposition, *span, message.into(), hint);
        }
        if projection.star {
            self.scope.visible().into_iter().for_each(|it| layer.push(it.clone()));
        }
        for item in &projection.items {
            let ExprKind::Variable(name) = &item.expression.kind else { continue };
            if layer.find(name).is_some() {
                continue;
            }
            let n_errors = self.errors.len();
            let (slot, value_type) = self.variable(name, item.expression.span);
            if n_errors == self.errors.len() {
                layer.push(Variable { name: Arc::from(name.as_str()), slot, value_type });
            } else {
                // One report is enough: inside, it is as if it were there.
                let slot = self.new_slot(name.as_str());
                let value_type = ValueType::ANY;
                layer.push(Variable { name: Arc::from(name.as_str()), slot, value_type });
            }
        }
        (layer, 1)
    }

    fn set_items(&mut self, items: &'a [ast::SetItem]) -> Vec<SetItem> {
        items.iter().map(|it| self.set_item(it)).collect()
    }

    fn set_item(&mut self, item: &'a ast::SetItem) -> SetItem {
        match item {
            ast::SetItem::Property { target, key, value } => {
                self.properties.write(key);
                let target = self.changed(target, "SET");
                let n_errors = self.errors.len();
                let bound = self.value(value);
                if let ExprKind::Binary(ast::BinaryOperator::And, ..) = value.kind
                    && let Some(error) = self.errors.get_mut(n_errors)
                {
                    let hint =
                        "what is set stands behind each other with commas: `SET n.x = 1, n.y = 2`";
                    error.hint.get_or_insert(hint.to_owned());
                }
                SetItem::Property { target, key: Arc::from(key.text.as_str()), value: bound }
            }
            ast::SetItem::Properties { target, value, add } => {
                self.properties.write_all(Some(value));
                let n_errors = self.errors.len();
                let target = self.changed_variable(target, Type::Entity, "SET");
                let is_known = n_errors == self.errors.len();
                let typed = self.expr(value);
                if is_known && !typed.value_type.may_be(Type::EntityOrMap) {
                    let wanted = type_name(Type::EntityOrMap);
                    self.wrong_type(
                        value.span,
                        "what properties come from",
                        wanted,
                        &typed.value_type,
                    );
                }
                SetItem::Properties { target, value: typed.expr, add: *add }
            }
            ast::SetItem::ComputedProperty { target, key, value } => {
                self.properties.write_computed();
                SetItem::ComputedProperty {
                    target: self.changed(target, "SET"),
                    key: self.computed_key(key),
                    value: self.value(value),
                }
            }
            ast::SetItem::Labels { target, labels } => {
                let target = self.changed_variable(target, Type::Node, "SET");
                let (labels, computed) = self.labels(labels);
                SetItem::Labels { target, labels, computed }
            }
        }
    }

    fn remove_items(&mut self, items: &'a [ast::RemoveItem]) -> Vec<RemoveItem> {
        let bind = |it: &'a ast::RemoveItem| match it {
            ast::RemoveItem::Property { target, key } => {
                let name = Arc::from(key.text.as_str());
                self.properties.read(&ValueType::of(Type::Entity), &name, key.span);
                let target = self.changed(target, "REMOVE");
                RemoveItem::Property { target, key: name }
            }
            ast::RemoveItem::ComputedProperty { target, key } => RemoveItem::ComputedProperty {
                target: self.changed(target, "REMOVE"),
                key: self.computed_key(key),
            },
            ast::RemoveItem::Labels { target, labels } => {
                let target = self.changed_variable(target, Type::Node, "REMOVE");
                let (labels, computed) = self.labels(labels);
                RemoveItem::Labels { target, labels, computed }
            }
        };
        items.iter().map(bind).collect()
    }

    /// The key of a property that is known only when the query runs.
    fn computed_key(&mut self, key: &'a ast::Expr) -> Expr {
        let typed = self.expr(key);
        if !typed.value_type.may_be(Type::String) {
            let wanted = type_name(Type::String);
            self.wrong_type(key.span, "the name of a property", wanted, &typed.value_type);
        }
        typed.expr
    }

    /// Labels that are given or taken away: those that are known, and what computes others.
    fn labels(&mut self, labels: &'a [ast::Label]) -> (Vec<Arc<str>>, Vec<Expr>) {
        let (mut names, mut computed) = (Vec::new(), Vec::new());
        for label in labels {
            match label {
                ast::Label::Name(name) => names.push(name),
                ast::Label::Computed(it) => computed.push(self.computed_label(it)),
            }
        }
        (texts(names), computed)
    }

    /// What bears a property that is changed.
    fn changed(&mut self, target: &'a ast::Expr, verb: &str) -> Expr {
        let typed = self.expr(target);
        self.check_changed(target.span, Type::Entity, &typed.value_type, verb);
        typed.expr
    }

    fn changed_variable(&mut self, name: &'a Name, wanted: Type, verb: &str) -> Expr {
        let (slot, value_type) = self.variable(&name.text, name.span);
        self.check_changed(name.span, wanted, &value_type, verb);
        Expr { kind: Bound::Slot(slot), span: name.span }
    }

    fn check_changed(&mut self, span: Span, wanted: Type, got: &ValueType, verb: &str) {
        if !got.may_be(wanted) {
            self.wrong_type(span, &format!("what `{verb}` changes"), type_name(wanted), got);
        }
    }

    fn deleted(&mut self, it: &'a ast::Expr) -> Expr {
        if matches!(it.kind, ExprKind::HasLabels(..)) {
            let message = "a label or a type cannot be deleted";
            let hint = "`REMOVE n:Label` takes a label away; a relationship keeps its type";
            self.syntax(Detail::InvalidDelete, it.span, message.into(), hint);
            return Expr { kind: Bound::Constant(crate::Val::Null), span: it.span };
        }
        let typed = self.expr(it);
        let value_type = &typed.value_type;
        if !value_type.may_be(Type::Entity) && !value_type.may_be(Type::Path) {
            let message = format!(
                "only nodes, relationships and paths can be deleted, but this is {}",
                value_type.name()
            );
            let error = Error::compile(
                ErrorKind::SyntaxError,
                Detail::InvalidArgumentType,
                it.span,
                message,
            );
            self.error(error.with_hint("`UNWIND` a list to delete what is in it"));
        }
        typed.expr
    }
}

fn texts(names: Vec<&Name>) -> Vec<Arc<str>> {
    let mut res: Vec<Arc<str>> = Vec::with_capacity(names.len());
    for name in names {
        if !res.iter().any(|it| **it == *name.text) {
            res.push(Arc::from(name.text.as_str()));
        }
    }
    res
}

fn is_writing(kind: &ClauseKind) -> bool {
    matches!(
        kind,
        ClauseKind::Create(_)
            | ClauseKind::Merge { .. }
            | ClauseKind::Set(_)
            | ClauseKind::Remove(_)
            | ClauseKind::Delete { .. }
            | ClauseKind::Foreach { .. }
    )
}

/// The word that a clause begins with.
fn word(kind: &ClauseKind) -> &'static str {
    match kind {
        ClauseKind::Match { optional: false, .. } => "MATCH",
        ClauseKind::Match { optional: true, .. } => "OPTIONAL MATCH",
        ClauseKind::Unwind { .. } => "UNWIND",
        ClauseKind::Call(_) => "CALL",
        ClauseKind::Subquery { .. } => "CALL { }",
        ClauseKind::Foreach { .. } => "FOREACH",
        ClauseKind::Create(_) => "CREATE",
        ClauseKind::Merge { .. } => "MERGE",
        ClauseKind::Set(_) => "SET",
        ClauseKind::Remove(_) => "REMOVE",
        ClauseKind::Delete { detach: false, .. } => "DELETE",
        ClauseKind::Delete { detach: true, .. } => "DETACH DELETE",
        ClauseKind::With { .. } => "WITH",
        ClauseKind::Return(_) => "RETURN",
    }
}
