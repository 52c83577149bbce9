//! Which slots an expression or a step reads.

use crate::bound::{
    Aggregation, BoundQuery, BoundUnion, CreatePattern, Expr, ExprKind, MapPiece, NodePattern,
    Pattern, Properties, RelationshipPattern, RemoveItem, SetItem, Slot, Step, SubqueryId,
};

/// Bytes of stack that must be left before walking deeper into an expression, and how many are added.
const RED_ZONE: usize = 64 * 1024;
const STACK_STEP: usize = 1024 * 1024;

/// The slots that each subquery of a query reads, its own included.
pub(super) struct Uses {
    subqueries: Vec<Vec<Slot>>,
    /// Of which subqueries only that they have a row is asked.
    only_whether: Vec<bool>,
}

impl Uses {
    pub(super) fn of(query: &BoundQuery) -> Self {
        let n = query.subqueries.len();
        let mut res = Self { subqueries: vec![Vec::new(); n], only_whether: vec![false; n] };
        if n == 0 {
            return res;
        }
        // A subquery may stand in another, whichever number it has: the inner ones are walked too.
        for (at, union) in query.subqueries.iter().chain([&query.union]).enumerate() {
            let mut slots = Vec::new();
            let only_whether = Some(&mut res.only_whether);
            Walk { query: Some(query), uses: None, slots: &mut slots, only_whether }.union(union);
            if at < n {
                res.subqueries[at] = sorted(slots);
            }
        }
        res
    }

    /// Whether only that it has a row is asked of the subquery at a position.
    pub(super) fn is_only_whether(&self, at: usize) -> bool {
        self.only_whether[at]
    }

    /// The slots that an expression reads.
    pub(super) fn expr(&self, expr: &Expr) -> Vec<Slot> {
        let mut slots = Vec::new();
        self.walk(&mut slots).expr(expr);
        sorted(slots)
    }

    /// The slots that a step reads or fills.
    pub(super) fn step(&self, step: &Step) -> Vec<Slot> {
        let mut slots = Vec::new();
        self.walk(&mut slots).step(step);
        sorted(slots)
    }
}

impl Uses {
    fn walk<'a>(&'a self, slots: &'a mut Vec<Slot>) -> Walk<'a> {
        Walk { query: None, uses: Some(self), slots, only_whether: None }
    }
}

fn sorted(mut slots: Vec<Slot>) -> Vec<Slot> {
    slots.sort_unstable();
    slots.dedup();
    slots
}

struct Walk<'a> {
    query: Option<&'a BoundQuery>,
    uses: Option<&'a Uses>,
    slots: &'a mut Vec<Slot>,
    only_whether: Option<&'a mut Vec<bool>>,
}

impl Walk<'_> {
    fn union(&mut self, union: &BoundUnion) {
        for part in &union.parts {
            part.steps.iter().for_each(|it| self.step(it));
            self.slots.extend(&part.results);
        }
    }

    fn subquery(&mut self, id: SubqueryId) {
        match (self.query, self.uses) {
            (Some(query), _) => stacker::maybe_grow(RED_ZONE, STACK_STEP, || {
                self.union(query.subquery(id));
            }),
            (None, Some(uses)) => self.slots.extend(&uses.subqueries[id.0 as usize]),
            (None, None) => {}
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Match(it) => {
                it.patterns.iter().for_each(|it| self.pattern(it));
                self.exprs(&it.predicate);
            }
            Step::Unwind { list, slot } => {
                self.expr(list);
                self.slots.push(*slot);
            }
            Step::Project(it) => {
                it.aggregation.iter().for_each(|it| self.aggregation(it));
                for (slot, expr) in &it.columns {
                    self.slots.push(*slot);
                    self.expr(expr);
                }
                it.order_by.iter().for_each(|it| self.expr(&it.expression));
                self.exprs(&it.skip);
                self.exprs(&it.limit);
                self.exprs(&it.predicate);
            }
            Step::Call(it) => {
                self.exprs(&it.arguments);
                self.slots.extend(it.yields.iter().map(|it| it.1));
                self.exprs(&it.predicate);
            }
            Step::Subquery { id, results } => {
                self.subquery(*id);
                self.slots.extend(results);
            }
            Step::Create(patterns) => patterns.iter().for_each(|it| self.create(it)),
            Step::Merge(it) => {
                self.pattern(&it.pattern);
                self.create(&it.create);
                it.on_create.iter().chain(&it.on_match).for_each(|it| self.set(it));
            }
            Step::Set(items) => items.iter().for_each(|it| self.set(it)),
            Step::Remove(items) => {
                for item in items {
                    match item {
                        RemoveItem::Property { target, .. } => self.expr(target),
                        RemoveItem::ComputedProperty { target, key } => {
                            self.exprs([target, key]);
                        }
                        RemoveItem::Labels { target, computed, .. } => {
                            self.expr(target);
                            self.exprs(computed);
                        }
                    }
                }
            }
            Step::Delete { expressions, .. } => self.exprs(expressions),
        }
    }

    fn aggregation(&mut self, aggregation: &Aggregation) {
        for (slot, expr) in &aggregation.keys {
            self.slots.push(*slot);
            self.expr(expr);
        }
        for (slot, call) in &aggregation.aggregates {
            self.slots.push(*slot);
            self.exprs(&call.arguments);
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        self.slots.extend(pattern.path);
        for NodePattern { slot, properties, predicate, .. } in &pattern.nodes {
            self.slots.push(*slot);
            self.properties(properties);
            self.exprs(predicate);
        }
        for it in &pattern.relationships {
            let RelationshipPattern { slot, properties, predicate, repeated, .. } = it;
            self.slots.push(*slot);
            self.properties(properties);
            self.exprs(predicate);
            if let Some(repeated) = repeated {
                self.pattern(&repeated.pattern);
                self.exprs(&repeated.predicate);
                self.slots.extend(repeated.lists.iter().map(|it| it.1));
            }
        }
    }

    fn create(&mut self, pattern: &CreatePattern) {
        self.slots.extend(pattern.path);
        for it in &pattern.nodes {
            self.slots.push(it.slot);
            self.exprs(&it.computed_labels);
            self.properties(&it.properties);
        }
        for it in &pattern.relationships {
            self.slots.push(it.slot);
            self.exprs(&it.computed_type);
            self.properties(&it.properties);
        }
    }

    fn set(&mut self, item: &SetItem) {
        match item {
            SetItem::Property { target, value, .. } | SetItem::Properties { target, value, .. } => {
                self.expr(target);
                self.expr(value);
            }
            SetItem::ComputedProperty { target, key, value } => {
                self.exprs([target, key, value]);
            }
            SetItem::Labels { target, computed, .. } => {
                self.expr(target);
                self.exprs(computed);
            }
        }
    }

    fn properties(&mut self, properties: &Properties) {
        match properties {
            Properties::None => {}
            Properties::Map(entries) => entries.iter().for_each(|it| self.expr(&it.1)),
            Properties::Value(value) => self.expr(value),
        }
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|it| self.expr(it));
    }

    fn expr(&mut self, expr: &Expr) {
        stacker::maybe_grow(RED_ZONE, STACK_STEP, || self.expr_here(expr));
    }

    fn expr_here(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Constant(_) | ExprKind::Parameter(_) => {}
            ExprKind::Slot(slot) => self.slots.push(*slot),
            ExprKind::List(items) | ExprKind::And(items) | ExprKind::Or(items) => self.exprs(items),
            ExprKind::Map(entries) => entries.iter().for_each(|it| self.expr(&it.1)),
            ExprKind::MapProjection(of, pieces) => {
                self.expr(of);
                for piece in pieces {
                    if let MapPiece::Entry(_, value) = piece {
                        self.expr(value);
                    }
                }
            }
            ExprKind::Property(of, _)
            | ExprKind::HasLabels(of, _)
            | ExprKind::Not(of)
            | ExprKind::Minus(of)
            | ExprKind::Plus(of)
            | ExprKind::IsNull(of, _)
            | ExprKind::IsType(of, ..) => self.expr(of),
            ExprKind::Index(a, b)
            | ExprKind::Binary(_, a, b)
            | ExprKind::HasComputedLabels(a, b, _) => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Slice(of, from, to) => {
                self.expr(of);
                self.exprs(from.as_deref());
                self.exprs(to.as_deref());
            }
            ExprKind::Comparison(first, rest) => {
                self.expr(first);
                rest.iter().for_each(|it| self.expr(&it.1));
            }
            ExprKind::Call(_, arguments) => self.exprs(arguments),
            ExprKind::Case { subject, alternatives, otherwise } => {
                self.exprs(subject.as_deref());
                for (condition, value) in alternatives {
                    self.expr(condition);
                    self.expr(value);
                }
                self.exprs(otherwise.as_deref());
            }
            ExprKind::ListComprehension { slot, list, predicate, value } => {
                self.slots.push(*slot);
                self.expr(list);
                self.exprs(predicate.as_deref());
                self.exprs(value.as_deref());
            }
            ExprKind::Quantifier { slot, list, predicate, .. } => {
                self.slots.push(*slot);
                self.expr(list);
                self.expr(predicate);
            }
            ExprKind::Reduce { accumulator, start, slot, list, value } => {
                self.slots.extend([*accumulator, *slot]);
                self.expr(start);
                self.expr(list);
                self.expr(value);
            }
            ExprKind::Exists(id) => {
                if let Some(only_whether) = &mut self.only_whether {
                    only_whether[id.0 as usize] = true;
                }
                self.subquery(*id);
            }
            ExprKind::Count(id) | ExprKind::Collect(id) => self.subquery(*id),
        }
    }
}
