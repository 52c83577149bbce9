//! One relationship from a node to another.

use weft_graph::TieIdx;

use super::{Done, Next, node_at, scan, type_error};
use crate::ast::Direction;
use crate::bound::Slot;
use crate::graph::Types;
use crate::plan::{Expand, Unlike};
use crate::{Context, Error, Row, Val};

/// Hands on the row for each relationship at a node.
pub(super) fn expand(
    it: &Expand,
    types: &Types,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let Some(from) = node_at(row, it.from)? else { return Ok(()) };
    if it.to_is_filled {
        let Some(to) = node_at(row, it.to)? else { return Ok(()) };
        return ctx.graph.each_between(from, to, it.direction, types, |tie| {
            ctx.step()?;
            if is_taken(&it.unlike, tie, row) {
                return Ok(());
            }
            row[it.tie.index()] = Val::Relationship(tie);
            next(row)
        });
    }
    ctx.graph.each_step(from, it.direction, types, |tie, other| {
        ctx.step()?;
        if is_taken(&it.unlike, tie, row) {
            return Ok(());
        }
        row[it.tie.index()] = Val::Relationship(tie);
        row[it.to.index()] = Val::Node(other);
        next(row)
    })
}

/// How many relationships there are at a node that a row could be handed on for.
pub(super) fn degree(
    it: &Expand,
    types: &Types,
    row: &Row,
    ctx: &Context<'_>,
) -> Result<u64, Error> {
    let Some(from) = node_at(row, it.from)? else { return Ok(0) };
    let mut n = 0;
    if it.to_is_filled {
        let Some(to) = node_at(row, it.to)? else { return Ok(0) };
        ctx.graph.each_between(from, to, it.direction, types, |tie| {
            ctx.step()?;
            n += u64::from(!is_taken(&it.unlike, tie, row));
            Ok::<_, Error>(())
        })?;
        return Ok(n);
    }
    if it.unlike.slots().is_empty()
        && let Some(n) = ctx.graph.n_steps(from, it.direction, types)
    {
        ctx.step()?;
        return Ok(n);
    }
    ctx.graph.each_step(from, it.direction, types, |tie, _| {
        ctx.step()?;
        n += u64::from(!is_taken(&it.unlike, tie, row));
        Ok::<_, Error>(())
    })?;
    Ok(n)
}

/// Hands on the row with the ends of the relationship that is in its slot; undirected, both ways
/// round.
pub(super) fn bound_tie(
    it: &Expand,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let tie = match &row[it.tie.index()] {
        Val::Relationship(tie) => *tie,
        Val::Null => return Ok(()),
        other => {
            let message = format!("a relationship stands here, and this is {}", other.type_name());
            return Err(type_error(message).into());
        }
    };
    if ctx.graph.is_deleted_tie(tie)
        || !scan::is_of_type(it.types.as_ref(), tie, ctx)
        || is_taken(&it.unlike, tie, row)
    {
        return Ok(());
    }
    let (start, end) = (ctx.graph.start(tie), ctx.graph.end(tie));
    let mut ways = vec![(start, end), (end, start)];
    match it.direction {
        Direction::Right => ways.truncate(1),
        Direction::Left => _ = ways.remove(0),
        Direction::Either if start == end => ways.truncate(1),
        Direction::Either => {}
    }
    // Filled slots are only compared, so that the second way sees them as the first did.
    let known = |is_filled: bool, slot: Slot, row: &Row| {
        if is_filled { node_at(row, slot).map(Some) } else { Ok(None) }
    };
    let from_known = known(it.from_is_filled, it.from, row)?;
    let to_known = known(it.to_is_filled && it.from != it.to, it.to, row)?;
    for (from, to) in ways {
        let fits = from_known.is_none_or(|it| it == Some(from))
            && to_known.is_none_or(|it| it == Some(to))
            && (it.from != it.to || from == to);
        if fits {
            row[it.from.index()] = Val::Node(from);
            row[it.to.index()] = Val::Node(to);
            next(row)?;
        }
    }
    Ok(())
}

/// Whether a relationship is in one of these slots, or in a list there.
pub(super) fn is_taken(unlike: &Unlike, tie: TieIdx, row: &Row) -> bool {
    unlike.slots().iter().any(|slot| is_in(*slot, tie, row))
}

/// Whether a relationship is in a slot, or in a list there.
pub(super) fn is_in(slot: Slot, tie: TieIdx, row: &Row) -> bool {
    match &row[slot.index()] {
        Val::Relationship(it) => *it == tie,
        Val::List(items) => {
            items.iter().any(|it| matches!(it, Val::Relationship(it) if *it == tie))
        }
        _ => false,
    }
}
