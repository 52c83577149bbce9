//! Nodes where two steps meet: from one node and from another to the same third. The last side of a
//! triangle is found by going along two sorted lists at once, not by looking for each pair.

use weft_graph::{NodeIdx, TieIdx};

use super::expand::is_taken;
use super::{Done, Next, node_at};
use crate::graph::Types;
use crate::plan::{Expand, Meet};
use crate::{Context, Error, Row, Val};

/// Hands on the row for each node where the steps meet, with the relationships of both.
pub(super) fn meet(
    it: &Meet,
    types: &[Types],
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    each(it, types, row, ctx, &mut |row, near, node, far| {
        row[it.near.tie.index()] = Val::Relationship(near);
        row[it.near.to.index()] = Val::Node(node);
        row[it.far.tie.index()] = Val::Relationship(far);
        next(row)
    })
}

/// How many rows [`meet`] would hand on.
pub(super) fn count(
    it: &Meet,
    types: &[Types],
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<u64, Error> {
    let mut n = 0;
    each(it, types, row, ctx, &mut |_, _, _, _| {
        n += 1;
        Ok::<_, Error>(())
    })?;
    Ok(n)
}

/// From so many second nodes on it pays to mark the ends of a side.
const N_SECONDS_MIN: usize = 4;

/// Counts triangles, one node after another.
#[derive(Default)]
pub(super) struct Triangles {
    /// The nodes at the ends of one side, as bits; all clear between two nodes.
    marks: Vec<u64>,
}

impl Triangles {
    /// How many rows a step and [`meet`] behind it would hand on.
    ///
    /// The ends of one side are marked once for all second nodes. That relationships differ follows
    /// from nodes that do; where they may not, rows are made and looked at one by one.
    pub(super) fn count(
        &mut self,
        (first, sides): (&Expand, &Meet),
        types: &[Types],
        row: &mut Row,
        ctx: &Context<'_>,
    ) -> Result<u64, Error> {
        let Some(a) = node_at(row, first.from)? else { return Ok(0) };
        let [first_types, side_types @ ..] = types else { return Ok(0) };
        let one_by_one = |tie: TieIdx, b: NodeIdx, row: &mut Row| {
            row[first.tie.index()] = Val::Relationship(tie);
            row[first.to.index()] = Val::Node(b);
            count(sides, side_types, row, ctx)
        };
        let Meet { near, far } = sides;
        let is_near = near.from == first.from;
        let (side, side_at) = if is_near { (near, 0) } else { (far, 1) };
        let (other, other_at) = if is_near { (far, 1) } else { (near, 0) };
        let sorted = |node, it: &Expand, types| ctx.graph.sorted_steps(node, it.direction, types);
        let seconds = sorted(a, first, first_types);
        let Some((seconds, thirds)) = seconds.zip(sorted(a, side, &side_types[side_at])) else {
            let mut n = 0;
            ctx.graph.each_step(a, first.direction, first_types, |tie, b| {
                ctx.step()?;
                n += one_by_one(tie, b, row)?;
                Ok::<_, Error>(())
            })?;
            return Ok(n);
        };
        let (thirds, _) = thirds;
        if thirds.is_empty() {
            return Ok(0);
        }
        // Room for all nodes is not made for the sake of a few.
        if self.marks.is_empty() && seconds.0.len() < N_SECONDS_MIN {
            let ways = seconds.0.iter().zip(seconds.1);
            return ways.map(|(&b, &tie)| one_by_one(TieIdx(tie), NodeIdx(b), row)).sum();
        }
        self.make_room(ctx)?;
        let is_plain = thirds.iter().all(|it| *it != a.0) && thirds.is_sorted_by(|a, b| a < b);
        thirds.iter().for_each(|it| self.marks[*it as usize / 64] |= 1 << (it % 64));
        let n_marked = |all: &[u32]| {
            let bits = all.iter().map(|it| self.marks[*it as usize / 64] >> (it % 64) & 1);
            bits.sum::<u64>()
        };
        let mut n = 0;
        let done = seconds.0.iter().zip(seconds.1).try_for_each(|(&b, &tie)| {
            ctx.step()?;
            let ends = sorted(NodeIdx(b), other, &side_types[other_at]);
            match ends {
                Some((ends, _)) if is_plain && a.0 != b && ends.binary_search(&b).is_err() => {
                    n += n_marked(ends);
                }
                _ => n += one_by_one(TieIdx(tie), NodeIdx(b), row)?,
            }
            Ok::<_, Error>(())
        });
        thirds.iter().for_each(|it| self.marks[*it as usize / 64] = 0);
        done.map(|()| n)
    }

    /// Gives back what it holds.
    pub(super) fn release(self, ctx: &Context<'_>) {
        ctx.release(self.marks.len() * size_of::<u64>());
    }

    fn make_room(&mut self, ctx: &Context<'_>) -> Result<(), Error> {
        let n_words = ctx.graph.n_positions().div_ceil(64);
        if self.marks.len() < n_words {
            ctx.hold(n_words * size_of::<u64>())?;
            self.marks.resize(n_words, 0);
        }
        Ok(())
    }
}

fn each<E: From<Error>>(
    it: &Meet,
    types: &[Types],
    row: &mut Row,
    ctx: &Context<'_>,
    found: &mut impl FnMut(&mut Row, TieIdx, NodeIdx, TieIdx) -> Result<(), E>,
) -> Result<(), E> {
    let Meet { near, far } = it;
    let (Some(a), Some(b)) = (node_at(row, near.from)?, node_at(row, far.from)?) else {
        return Ok(());
    };
    let [near_types, far_types] = types else { return Ok(()) };
    let may_meet = |row: &Row, near_tie: TieIdx, far_tie: TieIdx| {
        let is_same = near_tie == far_tie && far.unlike.slots().contains(&near.tie);
        !is_same
            && !is_taken(&near.unlike, near_tie, row)
            && !is_taken_before(far, near, far_tie, row)
    };
    let lists = ctx.graph.sorted_steps(a, near.direction, near_types);
    let lists = lists.zip(ctx.graph.sorted_steps(b, far.direction, far_types));
    let Some(((nodes, ties), (far_nodes, far_ties))) = lists else {
        return ctx.graph.each_step(a, near.direction, near_types, |near_tie, node| {
            ctx.step()?;
            ctx.graph.each_between(b, node, far.direction, far_types, |far_tie| {
                if may_meet(row, near_tie, far_tie) {
                    found(row, near_tie, node, far_tie)?;
                }
                Ok(())
            })
        });
    };
    let (mut at, mut far_at) = (0, 0);
    while let (Some(&node), Some(&far_node)) = (nodes.get(at), far_nodes.get(far_at)) {
        ctx.step()?;
        if node < far_node {
            at += 1 + skipped(&nodes[at + 1..], far_node);
        } else if far_node < node {
            far_at += 1 + skipped(&far_nodes[far_at + 1..], node);
        } else {
            let n_far = far_nodes[far_at..].iter().take_while(|it| **it == node).count();
            while nodes.get(at) == Some(&node) {
                for far_tie in &far_ties[far_at..far_at + n_far] {
                    let (near_tie, far_tie) = (TieIdx(ties[at]), TieIdx(*far_tie));
                    if may_meet(row, near_tie, far_tie) {
                        found(row, near_tie, NodeIdx(node), far_tie)?;
                    }
                }
                at += 1;
            }
            far_at += n_far;
        }
    }
    Ok(())
}

/// Whether a relationship was taken by what was matched before both steps.
fn is_taken_before(far: &Expand, near: &Expand, tie: TieIdx, row: &Row) -> bool {
    let before = far.unlike.slots().iter().filter(|it| **it != near.tie);
    before.into_iter().any(|it| super::expand::is_in(*it, tie, row))
}

/// How many numbers at the front of a sorted list are smaller than one: by ever wider strides, for the
/// other list may be far shorter.
fn skipped(sorted: &[u32], than: u32) -> usize {
    let mut stride = 1;
    while stride <= sorted.len() && sorted[stride - 1] < than {
        stride *= 2;
    }
    let from = stride / 2;
    from + sorted[from..sorted.len().min(stride)].partition_point(|it| *it < than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipping_by_strides_finds_what_counting_finds() {
        for n in 0..40_u32 {
            let sorted: Vec<u32> = (0..n).map(|it| it * 3 / 2).collect();
            for than in 0..70 {
                let counted = sorted.iter().filter(|it| **it < than).count();
                assert_eq!(skipped(&sorted, than), counted, "{n} {than}");
            }
        }
    }
}
