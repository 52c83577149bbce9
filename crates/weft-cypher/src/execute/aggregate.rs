//! Grouping: one row for each group.

use weft_graph::NodeIdx;

use super::rows::{Key, KeyMap, empty, key_weight};
use super::{Done, Next, expand, meet, node_at, run};
use crate::bound::{Aggregation, ExprKind, Slot};
use crate::eval::eval;
use crate::functions::aggregate::Accumulator;
use crate::graph::Types;
use crate::memory::{Held, allocated};
use crate::plan::{Access, CountSteps, GroupNode, OperatorId, OperatorKind, Steps};
use crate::val::{is_large, n_bytes};
use crate::{Context, Error, Row, Val};

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
        Ok(add_row(aggregation, group, &mut arguments, row, ctx)?)
    })?;
    groups.hand_on(row, ctx, next)
}

/// Groups rows that come group by group, those of one node after the other: each group is handed on once
/// the next begins, and none is looked up.
pub(super) fn by_runs(
    aggregation: &Aggregation,
    node: Slot,
    input: OperatorId,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let (keys, accumulators, held) = (Vec::new(), Vec::new(), ctx.held());
    let mut run_at_hand = Run { of: None, keys, accumulators, held };
    let mut arguments = Vec::new();
    run(input, row, ctx, &mut |row| {
        let of = node_at(row, node)?;
        if run_at_hand.of != of {
            run_at_hand.hand_on(aggregation, row, ctx, next)?;
            run_at_hand.begin(aggregation, of, row, ctx)?;
        }
        let group = (&mut run_at_hand.accumulators[..], &mut run_at_hand.held);
        Ok(add_row(aggregation, group, &mut arguments, row, ctx)?)
    })?;
    run_at_hand.hand_on(aggregation, row, ctx, next)
}

/// Whether no two nodes are one group: under a schema no two have one id; what the transaction wrote may
/// not be like that yet.
pub(super) fn is_one_each(node: &GroupNode, ctx: &Context<'_>) -> bool {
    node.is_itself || ctx.graph.is_unchanged()
}

fn add_row(
    aggregation: &Aggregation,
    (group, held): (&mut [Accumulator], &mut Held),
    arguments: &mut Vec<Val>,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<(), Error> {
    let n_made = ctx.n_made();
    for ((_, call), accumulator) in aggregation.aggregates.iter().zip(group) {
        arguments.clear();
        for argument in &call.arguments {
            arguments.push(eval(argument, row, ctx)?);
        }
        // It may be hashed and compared.
        if let Some(val) = arguments.first().filter(|it| is_large(it)) {
            ctx.steps_through(n_bytes(val))?;
        }
        accumulator.add(arguments, held).map_err(|it| it.at(call.span))?;
    }
    ctx.unmake_to(n_made);
    Ok(())
}

/// The group of the rows at hand, all of one node.
struct Run {
    of: Option<NodeIdx>,
    keys: Vec<Val>,
    accumulators: Vec<Accumulator>,
    held: Held,
}

impl Run {
    fn begin(
        &mut self,
        aggregation: &Aggregation,
        of: Option<NodeIdx>,
        row: &mut Row,
        ctx: &Context<'_>,
    ) -> Result<(), Error> {
        self.of = of;
        let n_made = ctx.n_made();
        for (_, key) in &aggregation.keys {
            self.keys.push(eval(key, row, ctx)?);
        }
        if ctx.n_made() != n_made {
            self.held.add(key_weight(&self.keys))?;
            ctx.unmake_to(n_made);
        }
        self.accumulators.extend(accumulators(aggregation));
        Ok(())
    }

    /// Hands on the row of the group, if there is one; what stands in its slots, which the next rows may
    /// be read from, is put back.
    fn hand_on(
        &mut self,
        aggregation: &Aggregation,
        row: &mut Row,
        ctx: &Context<'_>,
        next: &mut Next<'_>,
    ) -> Done {
        if self.of.is_none() {
            return Ok(());
        }
        ctx.step()?;
        let results = aggregation.aggregates.iter().zip(self.accumulators.drain(..));
        for ((slot, call), accumulator) in results {
            row[slot.index()] = accumulator.finish(ctx).map_err(|it| it.at(call.span))?;
        }
        let swap = |row: &mut Row, keys: &mut [Val]| {
            let slots = aggregation.keys.iter().map(|it| it.0.index());
            slots.zip(keys).for_each(|(slot, key)| std::mem::swap(&mut row[slot], key));
        };
        swap(row, &mut self.keys);
        next(row)?;
        swap(row, &mut self.keys);
        self.keys.clear();
        empty(aggregation.aggregates.iter().map(|it| it.0), self.held.n_bytes(), row);
        self.held.clear();
        Ok(())
    }
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
    let CountSteps { aggregation, steps, node, least } = it;
    let mut triangles = meet::Triangles::default();
    if let Steps::Three(first, sides) = steps
        && aggregation.keys.is_empty()
        && is_of_all_nodes(input, first.from, ctx)?
    {
        let mut groups = Groups::begin(aggregation, ctx)?;
        let n = triangles.count_all((first, sides), types, row, ctx)?;
        groups.of_row(row, ctx)?.0.iter_mut().for_each(|it| it.add_rows(n));
        return groups.hand_on(row, ctx, next);
    }
    let mut n_rows = |row: &mut Row| match steps {
        Steps::One(step) => expand::degree(step, &types[0], row, ctx),
        Steps::Two(step) => meet::count(step, types, row, ctx),
        Steps::Three(first, step) => triangles.count((first, step), types, row, ctx),
    };
    let is_group_each = node.as_ref().is_some_and(|it| is_one_each(it, ctx));
    if is_group_each {
        run(input, row, ctx, &mut |row| {
            let n = n_rows(row)?;
            let n_least = match least.map(|it| &row[it.index()]) {
                Some(Val::Integer(it)) => *it,
                _ => 1,
            };
            if (n as i64) < n_least {
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
        return Ok(());
    }
    let mut groups = Groups::begin(aggregation, ctx)?;
    run(input, row, ctx, &mut |row| {
        let n = n_rows(row)?;
        if n > 0 {
            groups.of_row(row, ctx)?.0.iter_mut().for_each(|it| it.add_rows(n));
        }
        Ok(())
    })?;
    groups.hand_on(row, ctx, next)
}

/// Whether an operator gives each node there is once and does no more, and nobody counts its rows.
fn is_of_all_nodes(id: OperatorId, slot: Slot, ctx: &Context<'_>) -> Result<bool, Error> {
    let plan = ctx.plan()?;
    let operator = plan.operator(id);
    let OperatorKind::NodeScan { node, access: Access::All, .. } = &operator.kind else {
        return Ok(false);
    };
    let begins =
        operator.input.is_some_and(|it| matches!(plan.operator(it).kind, OperatorKind::Argument));
    Ok(*node == slot && begins && ctx.state.profile().is_none())
}

struct Groups<'a> {
    aggregation: &'a Aggregation,
    by_key: KeyMap<usize>,
    /// Those of the first group, those of the second, and so on.
    accumulators: Vec<Accumulator>,
    /// The key of the row at hand.
    key: Vec<Val>,
    /// Where the entities stand that alone the keys are read from; empty if others are, too.
    entities: Vec<Slot>,
    /// Those of the row before, and the position of its group: rows of one group mostly follow each
    /// other, and what holds of an entity does not change while rows are read.
    before: (Vec<Val>, usize),
    held: Held,
}

impl<'a> Groups<'a> {
    /// No groups yet; without keys there is one even of no rows.
    fn begin(aggregation: &'a Aggregation, ctx: &Context<'_>) -> Result<Self, Error> {
        let entity = |(_, key): &(Slot, crate::bound::Expr)| match &key.kind {
            ExprKind::Slot(slot) => Some(*slot),
            ExprKind::Property(of, _) => match of.kind {
                ExprKind::Slot(slot) => Some(slot),
                _ => None,
            },
            _ => None,
        };
        let entities: Option<Vec<Slot>> = aggregation.keys.iter().map(entity).collect();
        let (by_key, accumulators, key, before) = Default::default();
        let entities = entities.unwrap_or_default();
        let held = ctx.held();
        let mut groups = Self { aggregation, by_key, accumulators, key, entities, before, held };
        if aggregation.keys.is_empty() {
            groups.position(ctx)?;
        }
        Ok(groups)
    }

    /// The accumulators of the group of a row, and what counts what they hold.
    fn of_row(
        &mut self,
        row: &mut Row,
        ctx: &Context<'_>,
    ) -> Result<(&mut [Accumulator], &mut Held), Error> {
        let n = self.aggregation.aggregates.len();
        if self.aggregation.keys.is_empty() {
            return Ok((&mut self.accumulators[..n], &mut self.held));
        }
        if !self.is_as_before(row) {
            self.key.clear();
            for (_, expr) in &self.aggregation.keys {
                self.key.push(eval(expr, row, ctx)?);
            }
            self.before.1 = self.position(ctx)?;
            self.before.0.clear();
            let stand = self.entities.iter().map(|it| &row[it.index()]);
            if stand.clone().all(|it| matches!(it, Val::Node(_) | Val::Relationship(_))) {
                self.before.0.extend(stand.cloned());
            }
        }
        let at = self.before.1 * n;
        Ok((&mut self.accumulators[at..at + n], &mut self.held))
    }

    /// Whether the keys are read from the entities that they were read from before. Values that are no
    /// entities are not compared: that would cost what looking up their group costs.
    fn is_as_before(&self, row: &Row) -> bool {
        let is_same = |(slot, before): (&Slot, &Val)| match (&row[slot.index()], before) {
            (Val::Node(a), Val::Node(b)) => a == b,
            (Val::Relationship(a), Val::Relationship(b)) => a == b,
            _ => false,
        };
        !self.before.0.is_empty() && self.entities.iter().zip(&self.before.0).all(is_same)
    }

    /// Hands on a row for each group, in the order of their first rows.
    fn hand_on(mut self, row: &mut Row, ctx: &Context<'_>, next: &mut Next<'_>) -> Done {
        self.held.add(allocated(self.by_key.len() * size_of::<(Key, usize)>()))?;
        let mut keys: Vec<(Key, usize)> = self.by_key.into_iter().collect();
        keys.sort_unstable_by_key(|it| it.1);
        let mut accumulators = self.accumulators.into_iter();
        let Aggregation { keys: key_slots, aggregates, .. } = self.aggregation;
        for (key, _) in keys {
            ctx.step()?;
            let mut n_bytes = key_weight(&key);
            for ((slot, _), value) in key_slots.iter().zip(key) {
                row[slot.index()] = value;
            }
            for ((slot, call), accumulator) in aggregates.iter().zip(&mut accumulators) {
                n_bytes += accumulator.n_bytes();
                row[slot.index()] = accumulator.finish(ctx).map_err(|it| it.at(call.span))?;
            }
            next(row)?;
            let slots = key_slots.iter().map(|it| it.0).chain(aggregates.iter().map(|it| it.0));
            empty(slots, n_bytes, row);
            self.held.sub(n_bytes);
        }
        Ok(())
    }

    /// The position of the group of the key at hand, which is made if it is new.
    fn position(&mut self, ctx: &Context<'_>) -> Result<usize, Error> {
        if self.key.iter().any(is_large) {
            ctx.steps_through(key_weight(&self.key))?;
        }
        if let Some(&at) = self.by_key.get(self.key.as_slice()) {
            return Ok(at);
        }
        let at = self.by_key.len();
        self.held.add(key_weight(&self.key))?;
        for fresh in accumulators(self.aggregation) {
            self.held.push(&mut self.accumulators, fresh)?;
        }
        self.held.make_room(&mut self.by_key)?;
        self.by_key.insert(self.key.drain(..).collect(), at);
        Ok(at)
    }
}

/// Those of a group without rows.
fn accumulators(aggregation: &Aggregation) -> impl Iterator<Item = Accumulator> + '_ {
    let calls = aggregation.aggregates.iter().map(|it| &it.1);
    calls.map(|it| Accumulator::new(it.aggregate, it.distinct))
}
