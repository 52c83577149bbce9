//! A plan as people read it: a line for each operator, the last one first.

use super::operator::{
    Access, Condition, Expand, Meet, OperatorId, OperatorKind, Steps, Top, VarExpand,
};
use super::{Plan, UnionPlan};
use crate::Span;
use crate::ast::Direction;
use crate::bound::{Aggregation, Expr, Labels, Slot};

/// An operator of a plan, as `EXPLAIN` and `PROFILE` show it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRow {
    /// How deep it stands: an operator with two inputs has the second one deeper.
    pub depth: usize,
    /// What it is called.
    pub operator: &'static str,
    /// What it works on.
    pub details: String,
    /// How many rows it is thought to give.
    pub estimated_rows: f64,
    /// How many it gave, if it was run.
    pub rows: Option<u64>,
    /// How many nanoseconds it took by itself, if it was run and somebody had a clock.
    pub time_ns: Option<u64>,
}

impl Plan {
    /// The plan as lines, with the text of the query for the words of it.
    pub fn describe(&self, text: &str) -> Vec<PlanRow> {
        let mut rows = Vec::new();
        for (_, row) in self.lines(text) {
            rows.push(row);
        }
        rows
    }

    /// The lines, each with the operator that it is about.
    pub(crate) fn lines(&self, text: &str) -> Vec<(Option<OperatorId>, PlanRow)> {
        let mut lines = Lines { plan: self, text, rows: Vec::new() };
        lines.union("ProduceResults", &self.union, 0);
        lines.rows
    }
}

struct Lines<'a> {
    plan: &'a Plan,
    text: &'a str,
    rows: Vec<(Option<OperatorId>, PlanRow)>,
}

impl Lines<'_> {
    fn union(&mut self, name: &'static str, union: &UnionPlan, depth: usize) {
        let mut depth = depth;
        self.line(None, name, String::new(), union.n_rows, depth);
        if union.parts.len() > 1 {
            let (name, depth_of_union) = (if union.distinct { "Union" } else { "UnionAll" }, depth);
            self.line(None, name, String::new(), union.n_rows, depth_of_union);
            depth += 1;
        }
        for part in &union.parts {
            self.operator(part.root(), depth);
        }
    }

    fn line(
        &mut self,
        id: Option<OperatorId>,
        operator: &'static str,
        details: String,
        estimated_rows: f64,
        depth: usize,
    ) {
        let (rows, time_ns) = (None, None);
        let row = PlanRow { depth, operator, details, estimated_rows, rows, time_ns };
        self.rows.push((id, row));
    }

    fn operator(&mut self, id: OperatorId, depth: usize) {
        let mut next = Some(id);
        while let Some(id) = next {
            let operator = self.plan.operator(id);
            let (name, details) = self.words(&operator.kind);
            self.line(Some(id), name, details, operator.n_rows, depth);
            match &operator.kind {
                OperatorKind::Optional { inner, .. } => self.operator(*inner, depth + 1),
                OperatorKind::Repeat(it) => self.operator(it.inner, depth + 1),
                OperatorKind::Merge { matching, .. } => self.operator(*matching, depth + 1),
                OperatorKind::Subquery { id, .. } => {
                    let union = &self.plan.subqueries[id.0 as usize];
                    self.union("Subquery", union, depth + 1);
                }
                _ => {}
            }
            next = operator.input;
        }
    }

    fn words(&self, kind: &OperatorKind) -> (&'static str, String) {
        match kind {
            OperatorKind::Argument => ("Argument", String::new()),
            OperatorKind::Barrier => ("Eager", String::new()),
            OperatorKind::NodeScan { node, access, .. } => self.access(*node, access),
            OperatorKind::TieScan { tie, start, end, types, either, .. } => {
                let arrow = if *either { "-" } else { "->" };
                let (start, end) = (self.slot(*start), self.slot(*end));
                let tie = self.tie(*tie, types.as_ref(), "");
                ("RelationshipTypeScan", format!("({start})-[{tie}]{arrow}({end})"))
            }
            OperatorKind::MustBeNodes(slots) => ("CheckNodes", self.slots(slots)),
            OperatorKind::Expand(it) if it.to_is_filled => ("Expand(Into)", self.expand(it, "")),
            OperatorKind::Expand(it) => ("Expand(All)", self.expand(it, "")),
            OperatorKind::Meet(it) => {
                let (near, far) = (self.expand(&it.near, ""), self.expand(&it.far, ""));
                ("Expand(Intersect)", format!("{near}, {far}"))
            }
            OperatorKind::VarExpand(it) if it.only_ends => {
                ("VarLengthExpand(Pruning)", self.walk(it))
            }
            OperatorKind::VarExpand(it) if it.ends.to_is_filled => {
                ("VarLengthExpand(Into)", self.walk(it))
            }
            OperatorKind::VarExpand(it) => ("VarLengthExpand(All)", self.walk(it)),
            OperatorKind::Repeat(it) => {
                let most = it.n_max.map(|it| it.to_string()).unwrap_or_default();
                let (from, to) = (self.slot(it.ends.from), self.slot(it.ends.to));
                let (begin, end) = (self.slot(it.begin), self.slot(it.end));
                let name = if it.ends.to_is_filled { "Repeat(Into)" } else { "Repeat(Trail)" };
                (name, format!("({from}) (({begin}) ... ({end})){{{},{most}}} ({to})", it.n_min))
            }
            OperatorKind::BoundTie(it) => ("ProjectEndpoints", self.expand(it, "")),
            OperatorKind::BoundWalk(it) => ("ProjectEndpoints", self.walk(it)),
            OperatorKind::ShortestPath(it) => {
                let name = if it.all { "AllShortestPaths" } else { "ShortestPath" };
                let n = if it.n == 1 { String::new() } else { format!("{} of ", it.n) };
                (name, n + &self.walk(&it.walk))
            }
            OperatorKind::Path { path, .. } => ("Path", self.slot(*path).to_owned()),
            OperatorKind::Filter(conditions) => ("Filter", self.conditions(conditions)),
            OperatorKind::Optional { introduced, .. } => ("Optional", self.slots(introduced)),
            OperatorKind::Unwind { list, slot } => {
                ("Unwind", format!("{} AS {}", self.expr(list), self.slot(*slot)))
            }
            OperatorKind::Project(columns) => ("Projection", self.columns(columns)),
            OperatorKind::CountSteps(it) => {
                let details = self.groups(&it.aggregation);
                let meet =
                    |it: &Meet| [self.expand(&it.near, ""), self.expand(&it.far, "")].join(", ");
                let steps = match &it.steps {
                    Steps::One(step) => self.expand(step, ""),
                    Steps::Two(step) => meet(step),
                    Steps::Three(first, step) => {
                        format!("{}, {}", self.expand(first, ""), meet(step))
                    }
                };
                ("CountFromDegree", format!("{details} of {steps}"))
            }
            OperatorKind::CountReached { hops, result } => {
                let hops: Vec<_> = hops.iter().map(|it| self.expand(it, "")).collect();
                ("CountReached", format!("{} AS {}", hops.join(", "), self.slot(*result)))
            }
            OperatorKind::Aggregate { aggregation, run_of } => {
                let name = if run_of.is_some() { "OrderedAggregation" } else { "EagerAggregation" };
                (name, self.groups(aggregation))
            }
            OperatorKind::Distinct(slots) => ("Distinct", self.slots(slots)),
            OperatorKind::Sort { by, .. } => ("Sort", self.order(by)),
            OperatorKind::Top(Top { by, limit, .. }) => {
                ("Top", format!("{} LIMIT {}", self.order(by), self.expr(limit)))
            }
            OperatorKind::Skip(it) => ("Skip", self.expr(it)),
            OperatorKind::Limit(it) => ("Limit", self.expr(it)),
            OperatorKind::Call(it) => ("ProcedureCall", it.procedure.signature().name.clone()),
            OperatorKind::Subquery { results, .. } => ("Apply", self.slots(results)),
            OperatorKind::Create(_) => ("Create", String::new()),
            OperatorKind::Merge { merge, .. } => ("Merge", self.text(merge.span)),
            OperatorKind::Set(_) => ("SetProperties", String::new()),
            OperatorKind::Remove(_) => ("RemoveProperties", String::new()),
            OperatorKind::Delete { expressions, detach } => {
                let name = if *detach { "DetachDelete" } else { "Delete" };
                let all: Vec<_> = expressions.iter().map(|it| self.expr(it)).collect();
                (name, all.join(", "))
            }
        }
    }

    fn groups(&self, it: &Aggregation) -> String {
        let aggregates = it
            .aggregates
            .iter()
            .map(|(slot, call)| format!("{} AS {}", self.text(call.span), self.slot(*slot)));
        let keys = it.keys.iter().map(|it| self.column(it));
        keys.chain(aggregates).collect::<Vec<_>>().join(", ")
    }

    fn access(&self, node: Slot, access: &Access) -> (&'static str, String) {
        let node = self.slot(node);
        let of = |label: &Option<std::sync::Arc<str>>, key: &str| match label {
            Some(label) => format!("{node}:{label}({key})"),
            None => format!("{node}({key})"),
        };
        match access {
            Access::All => ("AllNodesScan", node.to_owned()),
            Access::Label(label) => ("NodeByLabelScan", format!("{node}:{label}")),
            Access::Key(value) => ("NodeByIdSeek", format!("id({node}) = {}", self.expr(value))),
            Access::ElementId(value) => {
                ("NodeByElementIdSeek", format!("elementId({node}) = {}", self.expr(value)))
            }
            Access::Equal { label, key, value } => {
                ("NodeIndexSeek", format!("{} = {}", of(label, key), self.expr(value)))
            }
            Access::OneOf { label, key, list } => {
                ("NodeIndexSeek", format!("{} IN {}", of(label, key), self.expr(list)))
            }
            Access::Range { label, key, from, to } => {
                let from = from.as_ref().map(|(it, closed)| {
                    format!(" >{} {}", if *closed { "=" } else { "" }, self.expr(it))
                });
                let to = to.as_ref().map(|(it, closed)| {
                    format!(" <{} {}", if *closed { "=" } else { "" }, self.expr(it))
                });
                let bounds = from.unwrap_or_default() + &to.unwrap_or_default();
                ("NodeIndexSeekByRange", of(label, key) + &bounds)
            }
            Access::Prefix { label, key, prefix } => {
                let details = format!("{} STARTS WITH {}", of(label, key), self.expr(prefix));
                ("NodeIndexSeekByRange", details)
            }
        }
    }

    fn walk(&self, it: &VarExpand) -> String {
        let most = it.n_max.map(|it| it.to_string()).unwrap_or_default();
        self.expand(&it.ends, &format!("*{}..{most}", it.n_min))
    }

    fn expand(&self, it: &Expand, length: &str) -> String {
        let (from, to) = (self.slot(it.from), self.slot(it.to));
        let tie = self.tie(it.tie, it.types.as_ref(), length);
        match it.direction {
            Direction::Right => format!("({from})-[{tie}]->({to})"),
            Direction::Left => format!("({from})<-[{tie}]-({to})"),
            Direction::Either => format!("({from})-[{tie}]-({to})"),
        }
    }

    fn tie(&self, tie: Slot, types: Option<&Labels>, length: &str) -> String {
        let types = types.map(|it| format!(":{}", labels(it))).unwrap_or_default();
        format!("{}{types}{length}", self.slot(tie))
    }

    fn slot(&self, slot: Slot) -> &str {
        self.plan.slot_names.get(slot.index()).map_or("", String::as_str)
    }

    fn slots(&self, slots: &[Slot]) -> String {
        slots.iter().map(|&it| self.slot(it)).collect::<Vec<_>>().join(", ")
    }

    fn columns(&self, columns: &[(Slot, Expr)]) -> String {
        columns.iter().map(|it| self.column(it)).collect::<Vec<_>>().join(", ")
    }

    fn column(&self, (slot, expr): &(Slot, Expr)) -> String {
        let (name, text) = (self.slot(*slot), self.expr(expr));
        if text == name { text } else { format!("{text} AS {name}") }
    }

    fn conditions(&self, conditions: &[Condition]) -> String {
        let all = conditions.iter().map(|it| match it {
            Condition::Expr(it) => self.condition(it),
            Condition::Properties { slot, map } => {
                format!("{} {}", self.slot(*slot), self.expr(map))
            }
        });
        all.collect::<Vec<_>>().join(" AND ")
    }

    /// Conditions that stand in a pattern are not in the text in this form.
    fn condition(&self, expr: &Expr) -> String {
        use crate::bound::ExprKind;
        match &expr.kind {
            ExprKind::HasLabels(of, it) => format!("{}:{}", self.operand(of), labels(it)),
            ExprKind::HasComputedLabels(of, it, any) => {
                let dollar = if *any { "$any" } else { "$" };
                format!("{}:{dollar}({})", self.operand(of), self.expr(it))
            }
            ExprKind::Comparison(first, rest) => match (&first.kind, rest.as_slice()) {
                (ExprKind::Property(of, key), [(crate::ast::Comparison::Equal, value)])
                    if first.span.start == value.span.start =>
                {
                    format!("{}.{key} = {}", self.operand(of), self.expr(value))
                }
                _ => self.expr(expr),
            },
            _ => self.expr(expr),
        }
    }

    fn operand(&self, expr: &Expr) -> String {
        match expr.kind {
            crate::bound::ExprKind::Slot(slot) => self.slot(slot).to_owned(),
            _ => self.expr(expr),
        }
    }

    fn order(&self, by: &[crate::bound::SortItem]) -> String {
        let all = by.iter().map(|it| {
            let direction = if it.descending { "DESC" } else { "ASC" };
            format!("{} {direction}", self.expr(&it.expression))
        });
        all.collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, expr: &Expr) -> String {
        self.text(expr.span)
    }

    fn text(&self, span: Span) -> String {
        // One line each: a query is often written over several.
        span.of(self.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn labels(it: &Labels) -> String {
    let joined = |all: &[Labels], by: &str| all.iter().map(labels).collect::<Vec<_>>().join(by);
    match it {
        Labels::Label(name) => name.to_string(),
        Labels::Any => "%".to_owned(),
        Labels::And(all) => joined(all, "&"),
        Labels::Or(any) => joined(any, "|"),
        Labels::Not(it) => format!("!{}", labels(it)),
    }
}
