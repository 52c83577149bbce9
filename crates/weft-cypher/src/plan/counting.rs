//! Groups of which only a number is asked: how many rows, or how many different nodes. What would be
//! counted need not be made.

use super::Planner;
use super::operator::{Expand, Meet, OperatorId, OperatorKind};
use crate::bound::{AggregateCall, Aggregation, ExprKind, Slot};
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
            let operator = &self.operators[input.0 as usize];
            if let (step @ (OperatorKind::Expand(_) | OperatorKind::Meet(_)), Some(below)) =
                (&operator.kind, operator.input)
                && self.only_counts(&aggregation, step)
            {
                let step = Box::new(step.clone());
                let kind = OperatorKind::CountSteps { aggregation, step };
                return self.add(kind, below, n_groups);
            }
        }
        self.add(OperatorKind::Aggregate(aggregation), input, n_groups)
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

    /// Whether the rows that a step gives are only counted.
    fn only_counts(&self, aggregation: &Aggregation, step: &OperatorKind) -> bool {
        let filled = match step {
            OperatorKind::Expand(it) if !it.to_is_filled => vec![it.tie, it.to],
            OperatorKind::Expand(it) => vec![it.tie],
            OperatorKind::Meet(it) => vec![it.near.tie, it.near.to, it.far.tie],
            _ => return false,
        };
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
