//! Walks that are made of other steps, repeated: each time from where they ended the time before. Does
//! not know how those steps are found.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use weft_graph::{NodeIdx, TieIdx};

use super::expand::is_taken;
use super::{Done, Next, Stop, node_at, run};
use crate::memory::{Held, Room};
use crate::plan::Repeat;
use crate::val::n_bytes;
use crate::{Context, Row, Val};

/// What the steps found once.
struct Round {
    ties: Vec<TieIdx>,
    /// What was in the slots of which there are lists.
    values: Vec<Val>,
    end: NodeIdx,
}

/// Hands on the row for each walk from a node; shorter ones before those that go on from them.
pub(super) fn expand(it: &Repeat, row: &mut Row, ctx: &Context<'_>, next: &mut Next<'_>) -> Done {
    let Some(from) = node_at(row, it.ends.from)? else { return Ok(()) };
    let to = match it.ends.to_is_filled {
        true => match node_at(row, it.ends.to)? {
            Some(to) => Some(to),
            None => return Ok(()),
        },
        false => None,
    };
    let (mut walk, mut held): (Vec<Round>, _) = (Vec::new(), ctx.held());
    if it.n_min == 0 && to.is_none_or(|to| to == from) {
        give(it, &walk, from, row, next)?;
    }
    if it.n_max == Some(0) {
        return Ok(());
    }
    let mut taken: HashSet<TieIdx, FixedState> = HashSet::default();
    let mut open = vec![rounds(it, from, row, ctx)?];
    while let Some((rounds_left, _)) = open.last_mut() {
        let Some(round) = rounds_left.next() else {
            open.pop();
            if let Some(last) = walk.pop() {
                last.ties.iter().for_each(|it| _ = taken.remove(it));
            }
            continue;
        };
        ctx.step()?;
        if round.ties.iter().any(|it| taken.contains(it)) {
            continue;
        }
        let end = round.end;
        held.push(&mut walk, round)?;
        if walk.len() as u64 >= it.n_min && to.is_none_or(|to| to == end) {
            give(it, &walk, end, row, next)?;
        }
        if it.n_max.is_some_and(|most| walk.len() as u64 >= most) {
            walk.pop();
            continue;
        }
        for &tie in walk.last().iter().flat_map(|it| &it.ties) {
            held.make_room(&mut taken)?;
            taken.insert(tie);
        }
        let next = rounds(it, end, row, ctx)?;
        held.push(&mut open, next)?;
    }
    Ok(())
}

/// What the steps find from a node, with what counts it.
fn rounds(
    it: &Repeat,
    from: NodeIdx,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<(std::vec::IntoIter<Round>, Held), Stop> {
    let (mut found, mut held) = (Vec::new(), ctx.held());
    row[it.begin.index()] = Val::Node(from);
    run(it.inner, row, ctx, &mut |row| {
        let ties = it.ties.iter().filter_map(|slot| match row[slot.index()] {
            Val::Relationship(tie) => Some(tie),
            _ => None,
        });
        let ties: Vec<TieIdx> = ties.collect();
        let Some(end) = node_at(row, it.end)? else { return Ok(()) };
        if ties.iter().any(|&tie| is_taken(&it.ends.unlike, tie, row)) {
            return Ok(());
        }
        let values: Vec<Val> = it.lists.iter().map(|(slot, _)| row[slot.index()].clone()).collect();
        held.add(ties.n_bytes() + values.n_bytes() + values.iter().map(n_bytes).sum::<usize>())?;
        Ok(held.push(&mut found, Round { ties, values, end })?)
    })?;
    Ok((found.into_iter(), held))
}

/// Hands on the row with a walk.
fn give(it: &Repeat, walk: &[Round], end: NodeIdx, row: &mut Row, next: &mut Next<'_>) -> Done {
    let in_order = || {
        let n = walk.len();
        (0..n).map(move |at| &walk[if it.is_reversed { n - 1 - at } else { at }])
    };
    let ties = in_order().flat_map(|it| &it.ties).map(|&it| Val::Relationship(it));
    row[it.ends.tie.index()] = Val::List(ties.collect());
    for (at, (_, list)) in it.lists.iter().enumerate() {
        row[list.index()] = Val::List(in_order().map(|it| it.values[at].clone()).collect());
    }
    row[it.ends.to.index()] = Val::Node(end);
    next(row)
}
