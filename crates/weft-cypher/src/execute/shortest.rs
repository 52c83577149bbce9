//! Shortest paths between two nodes.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;
use weft_graph::{NodeIdx, TieIdx};

use super::{Done, Next, Stop, all_hold, node_at, type_error, walk};
use crate::ast::Direction;
use crate::eval::eval;
use crate::graph::Types;
use crate::memory::{Held, Room};
use crate::plan::{Along, Each, ShortestPath, VarExpand};
use crate::{Context, Error, ErrorKind, Path, Row, Val};

/// How each node was reached, and in how many steps.
type Reached = HashMap<NodeIdx, (u64, Vec<(TieIdx, NodeIdx)>), FixedState>;

/// Hands on the row with the shortest path between two nodes, or with all of them.
pub(super) fn find(
    it: &ShortestPath,
    types: &Types,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let ends = &it.walk.ends;
    let (Some(from), Some(to)) = (node_at(row, ends.from)?, node_at(row, ends.to)?) else {
        return Ok(());
    };
    // Several, a walk back to where it began, one that must be long, and one of which something must hold
    // as a whole are looked for among all walks, the short ones first.
    let is_simple = it.n == 1 && from != to && it.walk.n_min <= 1;
    let Some(along) = it.along.as_ref().filter(|_| is_simple) else {
        return by_length(it, types, (from, to), row, ctx, next);
    };
    let reached = match search(it, along, types, (from, to), row, ctx) {
        // What fails of a node may be behind what keeps a path from leading there.
        Err(Stop::Failed(error)) if !it.conditions.is_empty() && is_of_data(&error) => {
            return by_length(it, types, (from, to), row, ctx, next);
        }
        reached => reached?,
    };
    let mut found = Found { it, from, row, ctx, next };
    match reached {
        Some((reached, _held)) => found.back_to(&reached, to, &mut Vec::new()),
        None => Ok(()),
    }
}

/// Whether an error tells of what was looked at, not of how long that took.
fn is_of_data(error: &Error) -> bool {
    !matches!(error.kind, ErrorKind::LimitError | ErrorKind::Cancelled | ErrorKind::Bug)
}

/// Breadth-first from both ends in turn, the smaller side first; then, from `to` backwards, how each
/// node on a shortest path was reached.
fn search(
    it: &ShortestPath,
    along: &Along,
    types: &Types,
    (from, to): (NodeIdx, NodeIdx),
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Option<(Reached, Held)>, Stop> {
    let walk = &it.walk;
    let n_max = n_at_most(it, along, row, ctx)?;
    for node in [from, to] {
        if !all_are(&along.nodes, &Val::Node(node), row, ctx)? {
            return Ok(None);
        }
    }
    let mut near = Side::new(from, walk.ends.direction, ctx);
    let mut far = Side::new(to, turned(walk.ends.direction), ctx);
    let mut meet = || loop {
        if near.n_steps + far.n_steps >= n_max || near.front.is_empty() || far.front.is_empty() {
            return Ok(None);
        }
        let (side, other) =
            if near.front.len() <= far.front.len() { (&mut near, &far) } else { (&mut far, &near) };
        if let Some(met) = side.step(it, along, types, other, row, ctx)? {
            return Ok(Some(met));
        }
    };
    let met: Result<_, Stop> = meet();
    let Some(met) = met? else { return Ok(None) };
    // The far side knows how each node goes on towards `to`: turned round, that is how it was
    // reached from there.
    let mut open = met;
    while !open.is_empty() {
        let mut later = Vec::new();
        for node in open {
            let Some((_, ways)) = far.reached.remove(&node) else { continue };
            for (tie, on) in ways {
                ctx.step()?;
                let steps = near.reached.get(&node).map_or(0, |it| it.0) + 1;
                near.held.make_room(&mut near.reached)?;
                let known = near.reached.entry(on).or_insert_with(|| (steps, Vec::new()));
                if !known.1.contains(&(tie, node)) {
                    near.held.push(&mut known.1, (tie, node))?;
                }
                far.held.push(&mut later, on)?;
            }
        }
        later.sort_unstable();
        later.dedup();
        open = later;
    }
    Ok(Some((near.reached, near.held)))
}

/// The most relationships that a path may have.
fn n_at_most(
    it: &ShortestPath,
    along: &Along,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<u64, Error> {
    let mut least = it.walk.n_max.unwrap_or(u64::MAX);
    for (n, is_closed) in &along.at_most {
        let n = match eval(n, row, ctx)? {
            Val::Integer(n) => i128::from(n) - i128::from(!is_closed),
            // The largest whole number that is not above it, or below it; NaN is above nothing.
            Val::Float(n) if *is_closed => n.floor() as i128,
            Val::Float(n) if n.is_nan() => 0,
            Val::Float(n) => (n.ceil() - 1.0) as i128,
            // A length is not compared with anything else.
            _ => 0,
        };
        least = least.min(u64::try_from(n.max(0)).unwrap_or(u64::MAX));
    }
    Ok(least)
}

/// Whether all that must hold of each holds of this one.
fn all_are(each: &[Each], it: &Val, row: &mut Row, ctx: &Context<'_>) -> Result<bool, Error> {
    for Each { slot, predicate, is } in each {
        row[slot.index()] = it.clone();
        match eval(predicate, row, ctx)? {
            Val::Boolean(holds) if holds == *is => {}
            Val::Boolean(_) | Val::Null => return Ok(false),
            other => {
                let message = format!("a condition is true or false, not {}", other.type_name());
                return Err(type_error(message).at(predicate.span));
            }
        }
    }
    Ok(true)
}

/// One end of the search.
struct Side {
    direction: Direction,
    reached: Reached,
    /// Nodes that may not be on a path.
    refused: HashSet<NodeIdx, FixedState>,
    front: Vec<NodeIdx>,
    n_steps: u64,
    held: Held,
}

impl Side {
    fn new(node: NodeIdx, direction: Direction, ctx: &Context<'_>) -> Self {
        let mut reached = Reached::default();
        reached.insert(node, (0, Vec::new()));
        let (refused, front, held) = (HashSet::default(), vec![node], ctx.held());
        Self { direction, reached, refused, front, n_steps: 0, held }
    }

    /// Goes one step further; the nodes where it met the other side, if it did.
    fn step(
        &mut self,
        it: &ShortestPath,
        along: &Along,
        types: &Types,
        other: &Self,
        row: &mut Row,
        ctx: &Context<'_>,
    ) -> Result<Option<Vec<NodeIdx>>, Stop> {
        self.n_steps += 1;
        let (walk, all) = (&it.walk, it.all);
        let mut met = Vec::new();
        let mut front = Vec::new();
        for node in std::mem::take(&mut self.front) {
            let (reached, refused, n_steps) = (&mut self.reached, &mut self.refused, self.n_steps);
            let held = &mut self.held;
            let done = ctx.graph.each_step(node, self.direction, types, |tie, on| {
                ctx.step()?;
                let is_open = |row: &mut Row| {
                    Ok::<_, Error>(
                        walk::each_holds(walk, tie, row, ctx)?
                            && all_are(&along.ties, &Val::Relationship(tie), row, ctx)?,
                    )
                };
                if let Some((steps, ways)) = reached.get_mut(&on) {
                    if all && *steps == n_steps && is_open(row)? {
                        held.push(ways, (tie, node))?;
                    }
                    return Ok(());
                }
                let is_closed = refused.contains(&on) || !is_open(row)?;
                if is_closed {
                    return Ok(());
                }
                if !all_are(&along.nodes, &Val::Node(on), row, ctx)? {
                    held.make_room(refused)?;
                    refused.insert(on);
                    return Ok(());
                }
                let ways = vec![(tie, node)];
                held.add(ways.n_bytes())?;
                held.make_room(reached)?;
                reached.insert(on, (n_steps, ways));
                if other.reached.contains_key(&on) {
                    held.push(&mut met, on)?;
                    if !all {
                        return Err(Stop::Enough);
                    }
                }
                Ok(held.push(&mut front, on)?)
            });
            match done {
                Err(Stop::Enough) => return Ok(Some(met)),
                done => done?,
            }
        }
        self.front = front;
        Ok((!met.is_empty()).then_some(met))
    }
}

/// Hands on the paths that were found.
struct Found<'a, 'b> {
    it: &'a ShortestPath,
    from: NodeIdx,
    row: &'a mut Row,
    ctx: &'a Context<'b>,
    next: &'a mut Next<'a>,
}

impl Found<'_, '_> {
    /// Goes back from a node to the first, by each way on which it was reached.
    fn back_to(&mut self, reached: &Reached, last: NodeIdx, ties: &mut Vec<TieIdx>) -> Done {
        // Ways back that are still to be tried, for each node on the way.
        let ways_of = |node: NodeIdx| reached.get(&node).map_or(&[][..], |it| &it.1);
        let mut open = vec![ways_of(last).iter()];
        while let Some(ways) = open.last_mut() {
            let Some(&(tie, node)) = ways.next() else {
                open.pop();
                ties.pop();
                continue;
            };
            self.ctx.step()?;
            ties.push(tie);
            if node != self.from {
                open.push(ways_of(node).iter());
                continue;
            }
            let path: Vec<TieIdx> = ties.iter().rev().copied().collect();
            give(self.it, self.from, &path, self.row, self.ctx, self.next)?;
            if !self.it.all {
                return Ok(());
            }
            ties.pop();
        }
        Ok(())
    }
}

/// Hands on the row with a path of these relationships.
fn give(
    it: &ShortestPath,
    from: NodeIdx,
    ties: &[TieIdx],
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    fill(it, from, ties, row, ctx);
    next(row)
}

fn fill(it: &ShortestPath, from: NodeIdx, ties: &[TieIdx], row: &mut Row, ctx: &Context<'_>) {
    let ends = &it.walk.ends;
    row[ends.tie.index()] = match (it.is_single, ties) {
        (true, [tie]) => Val::Relationship(*tie),
        _ => walk::list(ties, it.walk.is_reversed),
    };
    if let Some(slot) = it.path {
        let mut nodes = vec![from];
        let mut at = from;
        for &tie in ties {
            let (start, end) = (ctx.graph.start(tie), ctx.graph.end(tie));
            at = if start == at { end } else { start };
            nodes.push(at);
        }
        let mut relationships = ties.to_vec();
        if it.walk.is_reversed {
            nodes.reverse();
            relationships.reverse();
        }
        row[slot.index()] = Val::Path(Arc::new(Path { nodes, relationships }));
    }
}

/// Hands on the first walks that meet the conditions, those of fewer relationships first: so many, or all
/// of so many lengths. No walk is begun that could not end in time.
fn by_length(
    it: &ShortestPath,
    types: &Types,
    (from, to): (NodeIdx, NodeIdx),
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let n_most = it.walk.n_max.unwrap_or(u64::MAX);
    let mut left = Left::new(to, ctx);
    while !left.of.contains_key(&from) && !left.front.is_empty() && left.n_steps < n_most {
        left.go_on(&it.walk, types, row, ctx)?;
    }
    // Without a walk from there no length is.
    let mut length = left.of.get(&from).map_or(u64::MAX, |&it| it).max(it.walk.n_min);
    let mut n_given = 0;
    while length < u64::MAX && length <= n_most && n_given < it.n {
        while left.n_steps < length && !left.front.is_empty() {
            left.go_on(&it.walk, types, row, ctx)?;
        }
        let exact = VarExpand { n_min: length, n_max: Some(length), ..it.walk.clone() };
        let may_go_on = Cell::new(false);
        let is_in_time = |n_ties: u64, node: NodeIdx| {
            let n_left = left.of.get(&node);
            let is_in_time = n_left.is_some_and(|n_left| n_ties + n_left <= length);
            let may_be_later = n_left.is_some() || !left.front.is_empty();
            may_go_on.set(may_go_on.get() || may_be_later && !is_in_time);
            is_in_time
        };
        let mut found = false;
        let done =
            walk::walks_within(&exact, types, from, row, ctx, &is_in_time, &mut |row, ties, _| {
                may_go_on.set(true);
                fill(it, from, ties, row, ctx);
                if !all_hold(&it.conditions, row, ctx)? {
                    return Ok(());
                }
                found = true;
                next(row)?;
                n_given += u64::from(!it.all);
                if it.all || n_given < it.n { Ok(()) } else { Err(Stop::Enough) }
            });
        match done {
            Err(Stop::Enough) if !it.all && n_given == it.n => break,
            done => done?,
        }
        n_given += u64::from(it.all && found);
        if !may_go_on.get() {
            break;
        }
        length += 1;
    }
    Ok(())
}

/// How few relationships lead to a node from those around it, looked for one step at a time.
struct Left {
    of: HashMap<NodeIdx, u64, FixedState>,
    /// Those found by the last step.
    front: Vec<NodeIdx>,
    n_steps: u64,
    held: Held,
}

impl Left {
    fn new(to: NodeIdx, ctx: &Context<'_>) -> Self {
        let (of, front, held) = (HashMap::from_iter([(to, 0)]), vec![to], ctx.held());
        Self { of, front, n_steps: 0, held }
    }

    fn go_on(
        &mut self,
        walk: &VarExpand,
        types: &Types,
        row: &mut Row,
        ctx: &Context<'_>,
    ) -> Result<(), Stop> {
        self.n_steps += 1;
        for node in std::mem::take(&mut self.front) {
            ctx.graph.each_step(node, turned(walk.ends.direction), types, |tie, on| {
                ctx.step()?;
                if !self.of.contains_key(&on) && walk::each_holds(walk, tie, row, ctx)? {
                    self.held.make_room(&mut self.of)?;
                    self.of.insert(on, self.n_steps);
                    self.held.push(&mut self.front, on)?;
                }
                Ok::<_, Stop>(())
            })?;
        }
        Ok(())
    }
}

fn turned(direction: Direction) -> Direction {
    match direction {
        Direction::Right => Direction::Left,
        Direction::Left => Direction::Right,
        Direction::Either => Direction::Either,
    }
}
