//! The nodes at the ends of walks where nothing else of a walk is asked: a search from node to node in
//! place of every walk there is.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::FixedState;
use weft_graph::{NodeIdx, TieIdx};

use super::expand::is_taken;
use super::{Done, Next, walk};
use crate::ast::Direction;
use crate::graph::Types;
use crate::plan::VarExpand;
use crate::{Context, Row, Val};

/// How a node was reached first: in how many steps, and by which relationship the way there left.
type Reached = HashMap<NodeIdx, (u64, TieIdx), FixedState>;

/// Hands on the row once for each node at which a walk can end.
///
/// The shortest way to another node takes no relationship twice, so whatever a search reaches is at
/// the end of a walk. A walk back to where it began leaves and comes home by two relationships: a
/// search finds one where two branches of it touch, and where a relationship leads back that is not
/// the one by which the branch left.
pub(super) fn expand(
    it: &VarExpand,
    types: &Types,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let Some((from, to)) = walk::ends(it, row)? else { return Ok(()) };
    let mut is_done = false;
    let mut found = |row: &mut Row, end: NodeIdx| {
        if to.is_some_and(|it| it != end) {
            return Ok(false);
        }
        row[it.ends.to.index()] = Val::Node(end);
        next(row)?;
        Ok::<_, super::Stop>(to.is_some())
    };
    let mut is_home = it.n_min == 0;
    if is_home {
        is_done = found(row, from)?;
    }
    let n_max = it.n_max.unwrap_or(u64::MAX);
    let either = it.ends.direction == Direction::Either;
    let (mut reached, mut held) = (Reached::default(), ctx.held());
    let mut front = vec![from];
    let mut n_steps = 0;
    while !front.is_empty() && n_steps < n_max && !is_done {
        n_steps += 1;
        'front: for node in std::mem::take(&mut front) {
            let own = if node == from { None } else { reached.get(&node).copied() };
            for (tie, on) in walk::ways_on(it, types, node, ctx) {
                ctx.step()?;
                if is_taken(&it.ends.unlike, tie, row) || !walk::each_holds(it, tie, row, ctx)? {
                    continue;
                }
                let branch = own.map_or(tie, |it| it.1);
                let home = if on == from {
                    // Against its direction no relationship leads back.
                    (!either || own.is_none() || branch != tie).then_some(n_steps)
                } else {
                    held.make_room(&mut reached)?;
                    match reached.entry(on) {
                        Entry::Vacant(vacant) => {
                            vacant.insert((n_steps, branch));
                            held.push(&mut front, on)?;
                            is_done = found(row, on)?;
                            None
                        }
                        Entry::Occupied(known) => {
                            let (steps, other) = *known.get();
                            (either && other != branch).then(|| n_steps.saturating_add(steps))
                        }
                    }
                };
                if !is_home && home.is_some_and(|it| it <= n_max) {
                    is_home = true;
                    is_done = found(row, from)?;
                }
                if is_done {
                    break 'front;
                }
            }
        }
    }
    Ok(())
}
