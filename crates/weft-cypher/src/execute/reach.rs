//! How many different nodes are reached in so many steps: counted in a set, without a row for each
//! way there.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;

use foldhash::fast::FixedState;
use smallvec::SmallVec;
use weft_graph::{NodeIdx, TieIdx};

use super::{Done, Next, node_at, run};
use crate::bound::Slot;
use crate::graph::Types;
use crate::memory::Held;
use crate::plan::{Expand, OperatorId};
use crate::{Context, Error, Row, Val};

/// For each node that is reached before the last step, the relationships that are on all ways to it.
type Reached = HashMap<NodeIdx, Taken, FixedState>;
/// Relationships of a way, of which there are seldom more than a few.
type Taken = SmallVec<[TieIdx; 2]>;

/// Hands on one row with the number of different nodes at the end of the steps from all rows of the
/// input.
///
/// No relationship may be taken twice, so ways are followed one by one but for their last step: a node
/// is left by a relationship unless all ways to it took that one already.
pub(super) fn count(
    hops: &[Expand],
    result: Slot,
    ids: (OperatorId, OperatorId),
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let (id, input) = ids;
    let types = ctx
        .state
        .types_of_hops(id, || hops.iter().map(|it| ctx.graph.types(it.types.as_ref())).collect());
    let Some((last, hops_before)) = hops.split_last() else { return Ok(()) };
    let mut held = ctx.held();
    let mut ends = Nodes::new(ctx.graph.n_positions(), &mut held)?;
    run(input, row, ctx, &mut |row| {
        let Some(from) = node_at(row, hops[0].from)? else { return Ok(()) };
        let mut reached = Reached::default();
        let held = ctx.held();
        let mut way = Way { hops: hops_before, types, ties: Vec::new(), last, ctx, held };
        way.follow(from, row, &mut reached)?;
        // What was matched before the steps stands in the row, and none of them may take it again.
        let own = |slot: &&Slot| !hops.iter().any(|it| it.tie == **slot);
        let before: Vec<Slot> = last.unlike.slots().iter().filter(own).copied().collect();
        let (direction, types) = (last.direction, &types[hops_before.len()]);
        for (node, taken) in &reached {
            let mut n_steps = 0;
            let Ok(()) = ctx.graph.each_step(*node, direction, types, |tie, other| {
                n_steps += 1;
                let is_taken = taken.contains(&tie)
                    || before.iter().any(|it| super::expand::is_in(*it, tie, row));
                if !is_taken {
                    ends.insert(other);
                }
                Ok::<_, Infallible>(())
            });
            ctx.steps(n_steps)?;
        }
        Ok(())
    })?;
    row[result.index()] = Val::Integer(ends.n_nodes as i64);
    next(row)
}

/// The way on which the nodes before the last step are reached.
struct Way<'a, 'c> {
    hops: &'a [Expand],
    types: &'a [Types],
    ties: Vec<TieIdx>,
    last: &'a Expand,
    ctx: &'a Context<'c>,
    held: Held,
}

impl Way<'_, '_> {
    fn follow(&mut self, node: NodeIdx, row: &Row, reached: &mut Reached) -> Result<(), Error> {
        let Some(hop) = self.hops.get(self.ties.len()) else {
            return self.arrive(node, reached);
        };
        let (ctx, types) = (self.ctx, &self.types[self.ties.len()]);
        ctx.graph.each_step(node, hop.direction, types, |tie, other| {
            ctx.step()?;
            if self.is_taken(hop, tie, row) {
                return Ok(());
            }
            self.ties.push(tie);
            let done = self.follow(other, row, reached);
            self.ties.pop();
            done
        })
    }

    /// Whether a relationship is on the way already, where it may not be.
    fn is_taken(&self, hop: &Expand, tie: TieIdx, row: &Row) -> bool {
        hop.unlike.slots().iter().any(|slot| match self.position(*slot) {
            Some(at) => self.ties.get(at) == Some(&tie),
            None => super::expand::is_in(*slot, tie, row),
        })
    }

    /// Which of the steps fills a slot.
    fn position(&self, slot: Slot) -> Option<usize> {
        self.hops.iter().position(|it| it.tie == slot)
    }

    fn arrive(&mut self, node: NodeIdx, reached: &mut Reached) -> Result<(), Error> {
        self.held.make_room(reached)?;
        let taken = |slot: &Slot| self.ties.get(self.position(*slot)?).copied();
        match reached.entry(node) {
            Entry::Vacant(vacant) => {
                vacant.insert(self.last.unlike.slots().iter().filter_map(taken).collect());
            }
            Entry::Occupied(mut known) if !known.get().is_empty() => {
                let now: Taken = self.last.unlike.slots().iter().filter_map(taken).collect();
                known.get_mut().retain(|it| now.contains(it));
            }
            Entry::Occupied(_) => {}
        }
        Ok(())
    }
}

/// Nodes, as bits.
struct Nodes {
    words: Vec<u64>,
    n_nodes: usize,
}

impl Nodes {
    fn new(n_positions: usize, held: &mut Held) -> Result<Self, Error> {
        let n_words = n_positions.div_ceil(64);
        held.add(n_words * size_of::<u64>())?;
        Ok(Self { words: vec![0; n_words], n_nodes: 0 })
    }

    fn insert(&mut self, node: NodeIdx) {
        let (word, bit) = (&mut self.words[node.index() / 64], 1_u64 << (node.index() % 64));
        self.n_nodes += usize::from(*word & bit == 0);
        *word |= bit;
    }
}
