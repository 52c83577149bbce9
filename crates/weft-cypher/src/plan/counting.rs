//! Groups of which only a number is asked: how many rows, or how many different nodes. What would be
//! counted need not be made.

use super::Planner;
use super::operator::{CountSteps, Expand, GroupNode, Meet, OperatorId, OperatorKind, Steps};
use crate::bound::{AggregateCall, Aggregation, Expr, ExprKind, Slot, SortItem};
use crate::functions::Aggregate;

impl Planner<'_> {
    /// The operator that groups.
    pub(super) fn aggregate(
        &mut self,
        aggregation: Aggregation,
        input: OperatorId,
        n_groups: f64,
    ) -> OperatorId {
        if self.options.optimise {
            let (hops, below) = self.hops(input);
            if let Some(result) = counted_end(&aggregation, &hops) {
                return self.add(OperatorKind::CountReached { hops, result }, below, 1.0);
            }
            if let Some((steps, below)) = self.counted_steps(&aggregation, input) {
                let is_one_row = |it: &OperatorKind| matches!(it, OperatorKind::Filter(_));
                let node = self.group_node(&aggregation, below, is_one_row);
                let kind = CountSteps { aggregation, steps, node, least: None };
                return self.add(OperatorKind::CountSteps(Box::new(kind)), below, n_groups);
            }
        }
        let node = match self.options.optimise {
            true => self.group_node(&aggregation, input, goes_on),
            false => None,
        };
        let run_of = node.filter(|it| is_by_alone(&aggregation, it.slot));
        self.add(OperatorKind::Aggregate { aggregation, run_of }, input, n_groups)
    }

    /// Has an operator that counts groups leave out those that cannot be among the first, if rows are
    /// sorted by that number, the greatest first. Returns where the number is told.
    pub(super) fn least(&mut self, by: &[SortItem], rows: OperatorId) -> Option<Slot> {
        let first = by.first().filter(|it| it.descending)?;
        let ExprKind::Slot(mut slot) = first.expression.kind else { return None };
        let mut at = rows;
        loop {
            let operator = &mut self.operators[at.0 as usize];
            match &mut operator.kind {
                OperatorKind::Project(columns) => {
                    if let Some((_, computed)) = columns.iter().find(|it| it.0 == slot) {
                        let ExprKind::Slot(from) = computed.kind else { return None };
                        slot = from;
                    }
                }
                OperatorKind::CountSteps(it) => {
                    it.aggregation.aggregates.iter().find(|it| it.0 == slot)?;
                    let least = Slot(self.n_slots_told as u32);
                    self.n_slots_told += 1;
                    it.least = Some(least);
                    return Some(least);
                }
                _ => return None,
            }
            at = operator.input?;
        }
    }

    /// The operator of a step from a node; one that closes a triangle is taken together with the step
    /// that found its third node.
    pub(super) fn expand(&mut self, far: Expand, input: OperatorId, n_rows: f64) -> OperatorId {
        let operator = &self.operators[input.0 as usize];
        if let (OperatorKind::Expand(near), Some(below)) = (&operator.kind, operator.input)
            && self.options.optimise
            && far.to_is_filled
            && !near.to_is_filled
        {
            let finds = |slot| slot == near.to && near.from != near.to;
            let far = match (finds(far.to), finds(far.from)) {
                (true, false) => Some(far.clone()),
                (false, true) => Some(far.clone().turned()),
                _ => None,
            };
            if let Some(far) = far {
                let meet = Box::new(Meet { near: near.clone(), far });
                return self.add(OperatorKind::Meet(meet), below, n_rows);
            }
        }
        self.add(OperatorKind::Expand(far), input, n_rows)
    }

    /// The steps from node to node that end with an operator, and what they start from.
    fn hops(&self, last: OperatorId) -> (Vec<Expand>, OperatorId) {
        let mut hops: Vec<Expand> = Vec::new();
        let mut at = last;
        while let (OperatorKind::Expand(step), Some(below)) =
            (&self.operators[at.0 as usize].kind, self.operators[at.0 as usize].input)
        {
            let goes_on = hops.last().is_none_or(|it| it.from == step.to);
            if step.to_is_filled || !goes_on {
                break;
            }
            hops.push(step.clone());
            at = below;
        }
        hops.reverse();
        (hops, at)
    }

    /// The last steps, if the rows that they give are only counted, and what they start from.
    fn counted_steps(
        &self,
        aggregation: &Aggregation,
        input: OperatorId,
    ) -> Option<(Steps, OperatorId)> {
        let operator = |id: OperatorId| {
            let operator = &self.operators[id.0 as usize];
            (&operator.kind, operator.input)
        };
        match operator(input) {
            (OperatorKind::Expand(step), Some(below)) => {
                let filled =
                    if step.to_is_filled { vec![step.tie] } else { vec![step.tie, step.to] };
                self.only_counts(aggregation, &filled).then(|| (Steps::One(step.clone()), below))
            }
            (OperatorKind::Meet(step), Some(below)) => {
                let mut filled = vec![step.near.tie, step.near.to, step.far.tie];
                if !self.only_counts(aggregation, &filled) {
                    return None;
                }
                if let (OperatorKind::Expand(first), Some(lowest)) = operator(below) {
                    filled.extend([first.tie, first.to]);
                    if is_triangle(first, step) && self.only_counts(aggregation, &filled) {
                        return Some((Steps::Three(first.clone(), (**step).clone()), lowest));
                    }
                }
                Some((Steps::Two((**step).clone()), below))
            }
            _ => None,
        }
    }

    /// Whether all that is asked of the rows of a group is how many there are, whatever is in the slots
    /// that the counted steps fill.
    fn only_counts(&self, aggregation: &Aggregation, filled: &[Slot]) -> bool {
        let fills = |slot: &Slot| filled.contains(slot);
        let counts = |call: &AggregateCall| match (call.aggregate, call.arguments.as_slice()) {
            (Aggregate::CountStar, _) => true,
            (Aggregate::Count, [argument]) => {
                !call.distinct && matches!(&argument.kind, ExprKind::Slot(it) if fills(it))
            }
            _ => false,
        };
        !aggregation.aggregates.is_empty()
            && aggregation.aggregates.iter().all(|it| counts(&it.1))
            && !aggregation.keys.iter().any(|it| self.uses.expr(&it.1).iter().any(fills))
    }

    /// The node of the scan that the rows begin with, each once, if they are grouped by it; the operators
    /// between are of some kinds.
    fn group_node(
        &self,
        aggregation: &Aggregation,
        rows: OperatorId,
        is_between: impl Fn(&OperatorKind) -> bool,
    ) -> Option<GroupNode> {
        let mut at = rows;
        let slot = loop {
            let operator = &self.operators[at.0 as usize];
            let below = operator.input?;
            let is_first = matches!(self.operators[below.0 as usize].kind, OperatorKind::Argument);
            match &operator.kind {
                OperatorKind::NodeScan { node, .. } if is_first => break *node,
                kind if is_between(kind) => at = below,
                _ => return None,
            }
        };
        let any = |is: &dyn Fn(&Expr) -> bool| aggregation.keys.iter().any(|it| is(&it.1));
        let is_itself = any(&|it| is_slot(it, slot));
        let has_id = any(&|it| property_of(it, slot) == Some("id"));
        let is_one_each = is_itself || has_id && self.estimate.ids_differ();
        is_one_each.then_some(GroupNode { slot, is_itself })
    }
}

/// Whether all that rows are grouped by is a node and what it says.
fn is_by_alone(aggregation: &Aggregation, node: Slot) -> bool {
    let mut keys = aggregation.keys.iter().map(|it| &it.1);
    keys.all(|it| is_slot(it, node) || property_of(it, node).is_some())
}

fn is_slot(expr: &Expr, slot: Slot) -> bool {
    matches!(expr.kind, ExprKind::Slot(it) if it == slot)
}

fn property_of(expr: &Expr, slot: Slot) -> Option<&str> {
    match &expr.kind {
        ExprKind::Property(of, key) if is_slot(of, slot) => Some(key),
        _ => None,
    }
}

/// Whether an operator hands on what comes of a row before it takes the next.
fn goes_on(kind: &OperatorKind) -> bool {
    use OperatorKind as Kind;
    matches!(
        kind,
        Kind::NodeScan { .. }
            | Kind::TieScan { .. }
            | Kind::MustBeNodes(_)
            | Kind::Expand(_)
            | Kind::Meet(_)
            | Kind::VarExpand(_)
            | Kind::Repeat(_)
            | Kind::BoundTie(_)
            | Kind::BoundWalk(_)
            | Kind::ShortestPath(_)
            | Kind::Path { .. }
            | Kind::Filter(_)
            | Kind::Optional { .. }
            | Kind::Unwind { .. }
            | Kind::Project(_)
            | Kind::Call(_)
            | Kind::Subquery { .. }
    )
}

/// Whether a step and two that meet are the sides of a triangle, and must differ from nothing else.
fn is_triangle(first: &Expand, Meet { near, far }: &Meet) -> bool {
    let starts = (near.from, far.from);
    let is_closed = starts == (first.from, first.to) || starts == (first.to, first.from);
    let known = |it: &Expand| it.unlike.slots().iter().all(|it| [first.tie, near.tie].contains(it));
    !first.to_is_filled
        && first.from != first.to
        && is_closed
        && first.unlike.slots().is_empty()
        && known(near)
        && known(far)
}

/// The slot of the result, if all that is asked is how many different nodes are at the end of steps.
fn counted_end(aggregation: &Aggregation, hops: &[Expand]) -> Option<Slot> {
    let [(result, call)] = aggregation.aggregates.as_slice() else { return None };
    let [argument] = call.arguments.as_slice() else { return None };
    let is_count = call.aggregate == Aggregate::Count && call.distinct;
    let end = hops.last()?.to;
    let is_end = matches!(argument.kind, ExprKind::Slot(it) if it == end);
    (aggregation.keys.is_empty() && is_count && is_end).then_some(*result)
}
