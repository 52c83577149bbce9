//! Walks of several relationships, none of them taken twice, and the paths that they make.

use std::sync::Arc;

use weft_graph::{NodeIdx, TieIdx};

use super::expand::is_taken;
use super::{Done, Next, all_hold, node_at, scan, type_error};
use crate::ast::Direction;
use crate::bound::Slot;
use crate::graph::Types;
use crate::memory::{Held, Room};
use crate::plan::VarExpand;
use crate::{Context, Error, Path, Row, Val};

/// Hands on the row for each walk from a node.
pub(super) fn expand(
    it: &VarExpand,
    types: &Types,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let Some((from, to)) = ends(it, row)? else { return Ok(()) };
    walks(it, types, from, row, ctx, &mut |row, ties, end| {
        if to.is_some_and(|it| it != end) {
            return Ok(());
        }
        row[it.ends.tie.index()] = list(ties, it.is_reversed);
        row[it.ends.to.index()] = Val::Node(end);
        next(row)
    })
}

/// The node where walks begin, and the one where they must end if that is known; none if either is null.
pub(super) fn ends(it: &VarExpand, row: &Row) -> Result<Option<(NodeIdx, Option<NodeIdx>)>, Error> {
    let Some(from) = node_at(row, it.ends.from)? else { return Ok(None) };
    if !it.ends.to_is_filled {
        return Ok(Some((from, None)));
    }
    Ok(node_at(row, it.ends.to)?.map(|to| (from, Some(to))))
}

/// Hands on each walk from a node with at least `n_min` and at most `n_max` relationships, with the
/// node at its end; shorter ones before those that go on from them.
pub(super) fn walks(
    it: &VarExpand,
    types: &Types,
    from: NodeIdx,
    row: &mut Row,
    ctx: &Context<'_>,
    found: &mut dyn FnMut(&mut Row, &[TieIdx], NodeIdx) -> Done,
) -> Done {
    walks_within(it, types, from, row, ctx, &|_, _| true, found)
}

/// The same of those walks that `is_allowed` says so of, at each node with the number of relationships
/// on the way there.
pub(super) fn walks_within(
    it: &VarExpand,
    types: &Types,
    from: NodeIdx,
    row: &mut Row,
    ctx: &Context<'_>,
    is_allowed: &dyn Fn(u64, NodeIdx) -> bool,
    found: &mut dyn FnMut(&mut Row, &[TieIdx], NodeIdx) -> Done,
) -> Done {
    let mut ties: Vec<TieIdx> = Vec::new();
    if it.n_min == 0 {
        found(row, &ties, from)?;
    }
    if it.n_max == Some(0) {
        return Ok(());
    }
    let (mut taken, mut held) = (Taken::default(), ctx.held());
    let mut open = vec![ways_on(it, types, from, ctx)];
    held.add(ways_bytes(&open[0]))?;
    while let Some(ways) = open.last_mut() {
        let Some((tie, node)) = ways.next() else {
            held.sub(open.pop().map_or(0, |it| ways_bytes(&it)));
            if let Some(tie) = ties.pop() {
                taken.remove(tie);
            }
            continue;
        };
        ctx.step()?;
        if taken.contains(&ties, tie)
            || is_taken(&it.ends.unlike, tie, row)
            || !each_holds(it, tie, row, ctx)?
            || !is_allowed(ties.len() as u64 + 1, node)
        {
            continue;
        }
        held.push(&mut ties, tie)?;
        if ties.len() as u64 >= it.n_min {
            found(row, &ties, node)?;
        }
        if it.n_max.is_some_and(|most| ties.len() as u64 >= most) {
            ties.pop();
            continue;
        }
        taken.insert(&ties, tie, &mut held)?;
        let ways = ways_on(it, types, node, ctx);
        held.add(ways_bytes(&ways))?;
        held.push(&mut open, ways)?;
    }
    Ok(())
}

/// The ways on from a node, each a relationship and where it leads.
pub(super) struct Ways {
    all: Vec<(TieIdx, NodeIdx)>,
    n_gone: usize,
}

impl Iterator for Ways {
    type Item = (TieIdx, NodeIdx);

    fn next(&mut self) -> Option<Self::Item> {
        let way = self.all.get(self.n_gone).copied()?;
        self.n_gone += 1;
        Some(way)
    }
}

fn ways_bytes(ways: &Ways) -> usize {
    ways.all.n_bytes()
}

/// Finds the ways on from a node.
pub(super) fn ways_on(it: &VarExpand, types: &Types, node: NodeIdx, ctx: &Context<'_>) -> Ways {
    let mut ways = Vec::new();
    let kept = ctx.graph.each_step(node, it.ends.direction, types, |tie, other| {
        ways.push((tie, other));
        Ok::<_, std::convert::Infallible>(())
    });
    match kept {
        Ok(()) => Ways { all: ways, n_gone: 0 },
    }
}

/// Whether the conditions on each relationship of a walk hold of this one.
pub(super) fn each_holds(
    it: &VarExpand,
    tie: TieIdx,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<bool, crate::Error> {
    if it.each.is_empty() {
        return Ok(true);
    }
    row[it.ends.tie.index()] = Val::Relationship(tie);
    all_hold(&it.each, row, ctx)
}

/// The relationships of a long walk, as a set: short ones are looked through.
#[derive(Default)]
struct Taken {
    long: std::collections::HashSet<TieIdx, foldhash::fast::FixedState>,
}

/// Walks no longer than this are looked through.
const SHORT_WALK: usize = 24;

impl Taken {
    fn contains(&self, ties: &[TieIdx], tie: TieIdx) -> bool {
        if ties.len() <= SHORT_WALK { ties.contains(&tie) } else { self.long.contains(&tie) }
    }

    /// Adds the last of the relationships of a walk.
    fn insert(&mut self, ties: &[TieIdx], tie: TieIdx, held: &mut Held) -> Result<(), Error> {
        if ties.len() == SHORT_WALK {
            self.long.extend(ties);
        } else if ties.len() > SHORT_WALK {
            held.make_room(&mut self.long)?;
            self.long.insert(tie);
        }
        Ok(())
    }

    fn remove(&mut self, tie: TieIdx) {
        self.long.remove(&tie);
    }
}

/// Hands on the row with the ends of the walk that is in its slot.
pub(super) fn bound_walk(
    it: &VarExpand,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let items = match &row[it.ends.tie.index()] {
        Val::List(items) => items.clone(),
        Val::Null => return Ok(()),
        other => {
            let message = format!("relationships stand here, and this is {}", other.type_name());
            return Err(type_error(message).into());
        }
    };
    let mut ties = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item {
            Val::Relationship(tie) => ties.push(*tie),
            Val::Null => return Ok(()),
            other => {
                let message =
                    format!("a relationship stands here, and this is {}", other.type_name());
                return Err(type_error(message).into());
            }
        }
    }
    if it.is_reversed {
        ties.reverse();
    }
    let n_ties = ties.len() as u64;
    let fits = |tie: &TieIdx| {
        !ctx.graph.is_deleted_tie(*tie)
            && scan::is_of_type(it.ends.types.as_ref(), *tie, ctx)
            && !is_taken(&it.ends.unlike, *tie, row)
    };
    let is_twice = (1..ties.len()).any(|at| ties[..at].contains(&ties[at]));
    if n_ties < it.n_min
        || it.n_max.is_some_and(|most| n_ties > most)
        || is_twice
        || !ties.iter().all(fits)
    {
        return Ok(());
    }
    for &tie in &ties {
        if !each_holds(it, tie, row, ctx)? {
            row[it.ends.tie.index()] = Val::List(items);
            return Ok(());
        }
    }
    row[it.ends.tie.index()] = Val::List(items);
    let to = if it.ends.to_is_filled && it.ends.from != it.ends.to {
        match node_at(row, it.ends.to)? {
            Some(to) => Some(to),
            None => return Ok(()),
        }
    } else {
        None
    };
    let starts: Vec<NodeIdx> = match (it.ends.from_is_filled, ties.first()) {
        (true, _) => node_at(row, it.ends.from)?.into_iter().collect(),
        (false, Some(&tie)) => {
            let (start, end) = (ctx.graph.start(tie), ctx.graph.end(tie));
            if start == end { vec![start] } else { vec![start, end] }
        }
        (false, None) => to.map_or_else(|| ctx.graph.nodes().collect(), |it| vec![it]),
    };
    for from in starts {
        ctx.step()?;
        let end =
            ties.iter().try_fold(from, |node, &tie| other_end(it.ends.direction, tie, node, ctx));
        let Some(end) = end else { continue };
        if to.is_some_and(|it| it != end) || (it.ends.from == it.ends.to && from != end) {
            continue;
        }
        row[it.ends.from.index()] = Val::Node(from);
        row[it.ends.to.index()] = Val::Node(end);
        next(row)?;
    }
    Ok(())
}

/// Where a relationship leads from a node, if it can be taken from there that way.
fn other_end(
    direction: Direction,
    tie: TieIdx,
    node: NodeIdx,
    ctx: &Context<'_>,
) -> Option<NodeIdx> {
    let (start, end) = (ctx.graph.start(tie), ctx.graph.end(tie));
    let forward = (start == node && direction != Direction::Left).then_some(end);
    forward.or((end == node && direction != Direction::Right).then_some(start))
}

/// The path through nodes and relationships, or lists of them, as they were matched.
pub(super) fn path(nodes: &[Slot], ties: &[(Slot, bool)], row: &Row, ctx: &Context<'_>) -> Val {
    let Some(Val::Node(first)) = nodes.first().map(|it| &row[it.index()]) else { return Val::Null };
    let mut path = Path { nodes: vec![*first], relationships: Vec::new() };
    let mut at = *first;
    for (slot, _) in ties {
        let mut step = |tie: TieIdx| {
            let (start, end) = (ctx.graph.start(tie), ctx.graph.end(tie));
            at = if start == at { end } else { start };
            path.relationships.push(tie);
            path.nodes.push(at);
        };
        match &row[slot.index()] {
            Val::Relationship(tie) => step(*tie),
            Val::List(items) => {
                for item in items.iter() {
                    if let Val::Relationship(tie) = item {
                        step(*tie);
                    }
                }
            }
            _ => return Val::Null,
        }
    }
    Val::Path(Arc::new(path))
}

/// The relationships of a walk, from left to right in the pattern.
pub(super) fn list(ties: &[TieIdx], is_reversed: bool) -> Val {
    let all = ties.iter().map(|&it| Val::Relationship(it));
    Val::List(if is_reversed { all.rev().collect() } else { all.collect() })
}
