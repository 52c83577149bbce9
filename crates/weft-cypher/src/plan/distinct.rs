//! Rows of which it does not matter how often they come: walks whose ends alone are asked for need not
//! be walked one by one.

use super::operator::{Access, Condition, OperatorId, OperatorKind};
use super::uses::Uses;
use super::{PartPlan, Planner};
use crate::bound::{Aggregation, Expr, Slot};
use crate::functions::Aggregate;

impl Planner<'_> {
    /// Notes that of a part's rows only that there is one is asked.
    pub(super) fn only_whether(&mut self, part: &PartPlan) {
        if part.is_read() {
            self.only_once(part.root(), Vec::new());
        }
    }

    /// Notes that rows are grouped, if it does not matter how often each comes.
    pub(super) fn only_once_for(&mut self, aggregation: &Aggregation, input: OperatorId) {
        let is_one = |it: Aggregate| matches!(it, Aggregate::Min | Aggregate::Max);
        if !aggregation.aggregates.iter().all(|(_, it)| it.distinct || is_one(it.aggregate)) {
            return;
        }
        let arguments = aggregation.aggregates.iter().flat_map(|it| &it.1.arguments);
        let keys = aggregation.keys.iter().map(|it| &it.1);
        let read = keys.chain(arguments).flat_map(|it| self.uses.expr(it)).collect();
        self.only_once(input, read);
    }

    /// Notes that it does not matter how often a row comes, given the slots that are read of it.
    pub(super) fn only_once(&mut self, rows: OperatorId, read: Vec<Slot>) {
        if self.options.optimise {
            let mut read = Read { uses: &self.uses, slots: read };
            let mut walks = Vec::new();
            read.below(&self.operators, rows, &mut walks);
            for id in walks {
                if let OperatorKind::VarExpand(it) = &mut self.operators[id.0 as usize].kind {
                    it.only_ends = true;
                }
            }
        }
    }
}

/// The slots that are read above an operator.
struct Read<'a> {
    uses: &'a Uses,
    slots: Vec<Slot>,
}

impl Read<'_> {
    /// Collects the walks below that nothing is asked of but their ends, down to where rows are counted.
    fn below(
        &mut self,
        operators: &[super::Operator],
        top: OperatorId,
        walks: &mut Vec<OperatorId>,
    ) {
        let mut next = Some(top);
        while let Some(id) = next {
            let operator = &operators[id.0 as usize];
            match &operator.kind {
                OperatorKind::VarExpand(it) => {
                    if it.n_min <= 1 && !self.slots.contains(&it.ends.tie) {
                        walks.push(id);
                    }
                    self.conditions(&it.each);
                    self.slots.extend(it.ends.unlike.slots());
                }
                OperatorKind::Expand(it) => self.slots.extend(it.unlike.slots()),
                OperatorKind::Meet(it) => {
                    self.slots.extend(it.near.unlike.slots().iter().chain(it.far.unlike.slots()));
                }
                OperatorKind::TieScan { unlike, .. } => self.slots.extend(unlike.slots()),
                OperatorKind::BoundTie(it) => {
                    self.slots.push(it.tie);
                    self.slots.extend(it.unlike.slots());
                }
                OperatorKind::BoundWalk(it) => {
                    self.slots.push(it.ends.tie);
                    self.conditions(&it.each);
                    self.slots.extend(it.ends.unlike.slots());
                }
                OperatorKind::ShortestPath(it) => {
                    self.conditions(&it.conditions);
                    self.conditions(&it.walk.each);
                    self.slots.extend(it.walk.ends.unlike.slots());
                }
                OperatorKind::NodeScan { access, compare, guards, .. } => {
                    self.conditions(compare);
                    self.conditions(guards);
                    self.access(access);
                }
                OperatorKind::Filter(conditions) => self.conditions(conditions),
                OperatorKind::Path { ties, .. } => self.slots.extend(ties.iter().map(|it| it.0)),
                OperatorKind::Project(columns) => columns.iter().for_each(|it| self.expr(&it.1)),
                OperatorKind::Unwind { list, .. } => self.expr(list),
                OperatorKind::Optional { inner, .. } => self.below(operators, *inner, walks),
                OperatorKind::MustBeNodes(_) => {}
                _ => return,
            }
            next = operator.input;
        }
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            let (Condition::Expr(expr) | Condition::Properties { map: expr, .. }) = condition;
            self.expr(expr);
            if let Condition::Properties { slot, .. } = condition {
                self.slots.push(*slot);
            }
        }
    }

    fn access(&mut self, access: &Access) {
        match access {
            Access::All | Access::Label(_) => {}
            Access::Key(it) | Access::ElementId(it) => self.expr(it),
            Access::Equal { value, .. } => self.expr(value),
            Access::OneOf { list, .. } => self.expr(list),
            Access::Prefix { prefix, .. } => self.expr(prefix),
            Access::Range { from, to, .. } => {
                from.iter().chain(to).for_each(|it| self.expr(&it.0));
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        self.slots.extend(self.uses.expr(expr));
    }
}
