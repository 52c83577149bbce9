//! Grouping: one row for each group.

use super::rows::{Key, KeyMap, weight};
use super::{Done, Next, expand, meet, run};
use crate::bound::Aggregation;
use crate::eval::eval;
use crate::functions::aggregate::Accumulator;
use crate::graph::Types;
use crate::plan::{OperatorId, OperatorKind};
use crate::{Context, Error, Row, Val};

/// Bytes that an accumulator takes, by estimate; collected values come on top.
const ACCUMULATOR_BYTES: usize = 64;

/// Groups all rows of the input, and hands on a row for each group, in the order of their first rows.
pub(super) fn aggregate(
    aggregation: &Aggregation,
    input: OperatorId,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let mut groups = Groups::begin(aggregation, ctx)?;
    run(input, row, ctx, &mut |row| {
        let at = groups.of_row(aggregation, row, ctx)?;
        for ((_, call), accumulator) in aggregation.aggregates.iter().zip(&mut groups.all[at]) {
            let mut arguments = Vec::with_capacity(call.arguments.len());
            for argument in &call.arguments {
                arguments.push(eval(argument, row, ctx)?);
            }
            accumulator.add(&arguments, ctx).map_err(|it| it.at(call.span))?;
        }
        Ok(())
    })?;
    groups.hand_on(aggregation, row, ctx, next)
}

/// Groups the rows that following one more relationship would give, where only their number counts:
/// none of them is made.
pub(super) fn count_steps(
    aggregation: &Aggregation,
    (step, types): (&OperatorKind, &[Types]),
    input: OperatorId,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let mut groups = Groups::begin(aggregation, ctx)?;
    run(input, row, ctx, &mut |row| {
        let n = match step {
            OperatorKind::Meet(it) => meet::count(it, types, row, ctx)?,
            OperatorKind::Expand(it) => expand::degree(it, &types[0], row, ctx)?,
            _ => 0,
        };
        if n == 0 {
            return Ok(());
        }
        let at = groups.of_row(aggregation, row, ctx)?;
        groups.all[at].iter_mut().for_each(|it| it.add_rows(n));
        Ok(())
    })?;
    groups.hand_on(aggregation, row, ctx, next)
}

#[derive(Default)]
struct Groups {
    by_key: KeyMap<usize>,
    all: Vec<Vec<Accumulator>>,
}

impl Groups {
    /// No groups yet; without keys there is one even of no rows.
    fn begin(aggregation: &Aggregation, ctx: &Context<'_>) -> Result<Self, Error> {
        let mut groups = Self::default();
        if aggregation.keys.is_empty() {
            groups.group(aggregation, Key::default(), ctx)?;
        }
        Ok(groups)
    }

    /// The position of the group of a row.
    fn of_row(
        &mut self,
        aggregation: &Aggregation,
        row: &mut Row,
        ctx: &Context<'_>,
    ) -> Result<usize, Error> {
        let mut key = Vec::with_capacity(aggregation.keys.len());
        for (_, expr) in &aggregation.keys {
            key.push(eval(expr, row, ctx)?);
        }
        self.group(aggregation, key.into(), ctx)
    }

    /// Hands on a row for each group, in the order of their first rows.
    fn hand_on(
        self,
        aggregation: &Aggregation,
        row: &mut Row,
        ctx: &Context<'_>,
        next: &mut Next<'_>,
    ) -> Done {
        let mut keys: Vec<(Key, usize)> = self.by_key.into_iter().collect();
        keys.sort_unstable_by_key(|it| it.1);
        let mut accumulators = self.all.into_iter();
        for ((key, _), accumulators) in keys.into_iter().zip(&mut accumulators) {
            ctx.step()?;
            for ((slot, _), value) in aggregation.keys.iter().zip(key) {
                row[slot.index()] = value;
            }
            for ((slot, call), accumulator) in aggregation.aggregates.iter().zip(accumulators) {
                row[slot.index()] = accumulator.finish().map_err(|it| it.at(call.span))?;
            }
            next(row)?;
        }
        Ok(())
    }

    /// The position of the group of a key, which is made if it is new.
    fn group(
        &mut self,
        aggregation: &Aggregation,
        key: Key,
        ctx: &Context<'_>,
    ) -> Result<usize, Error> {
        if let Some(&at) = self.by_key.get(&key) {
            return Ok(at);
        }
        let n_accumulators = aggregation.aggregates.len();
        ctx.hold(weight(&key) + n_accumulators * ACCUMULATOR_BYTES + size_of::<Val>())?;
        let calls = aggregation.aggregates.iter();
        let fresh = calls.map(|(_, call)| Accumulator::new(call.aggregate, call.distinct));
        self.all.push(fresh.collect());
        self.by_key.insert(key, self.all.len() - 1);
        Ok(self.all.len() - 1)
    }
}
