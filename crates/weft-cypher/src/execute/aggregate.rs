//! Grouping: one row for each group.

use super::rows::{Key, KeyMap, weight};
use super::{Done, Next, expand, meet, run};
use crate::bound::Aggregation;
use crate::eval::eval;
use crate::functions::aggregate::Accumulator;
use crate::graph::Types;
use crate::plan::{CountSteps, OperatorId, Steps};
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
    let mut arguments = Vec::new();
    run(input, row, ctx, &mut |row| {
        let group = groups.of_row(row, ctx)?;
        for ((_, call), accumulator) in aggregation.aggregates.iter().zip(group) {
            arguments.clear();
            for argument in &call.arguments {
                arguments.push(eval(argument, row, ctx)?);
            }
            accumulator.add(&arguments, ctx).map_err(|it| it.at(call.span))?;
        }
        Ok(())
    })?;
    groups.hand_on(row, ctx, next)
}

/// Groups the rows that following more relationships would give, where only their number counts: none
/// of them is made.
pub(super) fn count_steps(
    it: &CountSteps,
    types: &[Types],
    input: OperatorId,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let CountSteps { aggregation, steps, node } = it;
    let mut triangles = meet::Triangles::default();
    let mut n_rows = |row: &mut Row| match steps {
        Steps::One(step) => expand::degree(step, &types[0], row, ctx),
        Steps::Two(step) => meet::count(step, types, row, ctx),
        Steps::Three(first, step) => triangles.count((first, step), types, row, ctx),
    };
    // Under a schema no two nodes have one id; what the transaction wrote may not be like that yet.
    let is_group_each = node.as_ref().is_some_and(|it| it.is_itself || ctx.graph.is_unchanged());
    if is_group_each {
        run(input, row, ctx, &mut |row| {
            let n = n_rows(row)?;
            if n == 0 {
                return Ok(());
            }
            for (slot, key) in &aggregation.keys {
                row[slot.index()] = eval(key, row, ctx)?;
            }
            for (slot, _) in &aggregation.aggregates {
                row[slot.index()] = Val::Integer(n as i64);
            }
            next(row)
        })?;
        triangles.release(ctx);
        return Ok(());
    }
    let mut groups = Groups::begin(aggregation, ctx)?;
    run(input, row, ctx, &mut |row| {
        let n = n_rows(row)?;
        if n > 0 {
            groups.of_row(row, ctx)?.iter_mut().for_each(|it| it.add_rows(n));
        }
        Ok(())
    })?;
    triangles.release(ctx);
    groups.hand_on(row, ctx, next)
}

struct Groups<'a> {
    aggregation: &'a Aggregation,
    by_key: KeyMap<usize>,
    /// Those of the first group, those of the second, and so on.
    accumulators: Vec<Accumulator>,
    /// The key of the row at hand.
    key: Vec<Val>,
}

impl<'a> Groups<'a> {
    /// No groups yet; without keys there is one even of no rows.
    fn begin(aggregation: &'a Aggregation, ctx: &Context<'_>) -> Result<Self, Error> {
        let (by_key, accumulators, key) = Default::default();
        let mut groups = Self { aggregation, by_key, accumulators, key };
        if aggregation.keys.is_empty() {
            groups.position(ctx)?;
        }
        Ok(groups)
    }

    /// The accumulators of the group of a row.
    fn of_row(&mut self, row: &mut Row, ctx: &Context<'_>) -> Result<&mut [Accumulator], Error> {
        let n = self.aggregation.aggregates.len();
        if self.aggregation.keys.is_empty() {
            return Ok(&mut self.accumulators[..n]);
        }
        self.key.clear();
        for (_, expr) in &self.aggregation.keys {
            self.key.push(eval(expr, row, ctx)?);
        }
        let at = self.position(ctx)? * n;
        Ok(&mut self.accumulators[at..at + n])
    }

    /// Hands on a row for each group, in the order of their first rows.
    fn hand_on(self, row: &mut Row, ctx: &Context<'_>, next: &mut Next<'_>) -> Done {
        let mut keys: Vec<(Key, usize)> = self.by_key.into_iter().collect();
        keys.sort_unstable_by_key(|it| it.1);
        let mut accumulators = self.accumulators.into_iter();
        for (key, _) in keys {
            ctx.step()?;
            for ((slot, _), value) in self.aggregation.keys.iter().zip(key) {
                row[slot.index()] = value;
            }
            for ((slot, call), accumulator) in
                self.aggregation.aggregates.iter().zip(&mut accumulators)
            {
                row[slot.index()] = accumulator.finish().map_err(|it| it.at(call.span))?;
            }
            next(row)?;
        }
        Ok(())
    }

    /// The position of the group of the key at hand, which is made if it is new.
    fn position(&mut self, ctx: &Context<'_>) -> Result<usize, Error> {
        if let Some(&at) = self.by_key.get(self.key.as_slice()) {
            return Ok(at);
        }
        let (at, calls) = (self.by_key.len(), &self.aggregation.aggregates);
        ctx.hold(weight(&self.key) + calls.len() * ACCUMULATOR_BYTES + size_of::<Val>())?;
        let fresh = calls.iter().map(|(_, call)| Accumulator::new(call.aggregate, call.distinct));
        self.accumulators.extend(fresh);
        self.by_key.insert(self.key.drain(..).collect(), at);
        Ok(at)
    }
}
