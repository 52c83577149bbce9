//! Nodes where two steps meet: from one node and from another to the same third. The last side of a
//! triangle is found by going along two sorted lists at once, not by looking for each pair.

use std::borrow::Cow;

use weft_graph::{NodeIdx, NodeSet, OtherEnds, TieIdx};

use super::expand::is_taken;
use super::{Done, Next, node_at};
use crate::graph::Types;
use crate::memory::Held;
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

/// Where the lists of all nodes must be gathered first, that is done once so many of them, as a part of
/// all, were a first node.
const FIRST_NODES_PART: usize = 32;
/// With so many ends to each third node it is quicker to look for the third nodes among them.
const N_ENDS_A_THIRD: usize = 32;
/// Of so many nodes the lists are looked up before they are read.
const N_AT_ONCE: usize = 16;
/// Of so many first nodes the lists of their second nodes are fetched together.
const N_NODES_AHEAD: usize = 32;

/// Counts triangles, one first node after another.
#[derive(Default)]
pub(super) struct Triangles<'g> {
    n_firsts: usize,
    /// Once they are at hand: where the step to the second node leads from each node, where the sides from
    /// the first and from the second node to the third lead.
    ends: Option<[Cow<'g, OtherEnds>; 3]>,
    held: Option<Held>,
    /// The third nodes of one first node; none between two first nodes.
    marks: NodeSet,
}

impl<'g> Triangles<'g> {
    /// How many rows a step and [`meet`] behind it would hand on.
    ///
    /// The third nodes that the first one leads to are marked once for all second nodes. That
    /// relationships differ follows from nodes that do: where one is a loop, rows are made and looked at.
    pub(super) fn count(
        &mut self,
        steps: (&Expand, &Meet),
        types: &[Types],
        row: &mut Row,
        ctx: &Context<'g>,
    ) -> Result<u64, Error> {
        match node_at(row, steps.0.from)? {
            Some(a) => self.count_from(a, steps, types, row, ctx),
            None => Ok(0),
        }
    }

    /// How many rows that would be of all first nodes together, none of which is made.
    pub(super) fn count_all(
        &mut self,
        steps: (&Expand, &Meet),
        types: &[Types],
        row: &mut Row,
        ctx: &Context<'g>,
    ) -> Result<u64, Error> {
        let mut n = 0;
        for (at, a) in ctx.graph.nodes().enumerate() {
            ctx.step()?;
            if at % N_NODES_AHEAD == 0
                && let Some([seconds, _, others]) = &self.ends
            {
                others.fetch(seconds.of_all(a.index()..a.index() + N_NODES_AHEAD));
            }
            n += self.count_from(a, steps, types, row, ctx)?;
        }
        Ok(n)
    }

    #[inline]
    fn count_from(
        &mut self,
        a: NodeIdx,
        steps: (&Expand, &Meet),
        types: &[Types],
        row: &mut Row,
        ctx: &Context<'g>,
    ) -> Result<u64, Error> {
        if self.ends.is_none() {
            self.gather(steps, types, ctx)?;
        }
        let Some([seconds, sides, others]) = &self.ends else {
            return one_by_one(steps, types, a, row, ctx);
        };
        let has_loop = seconds.has_loop(a) || sides.has_loop(a);
        let (seconds, mut thirds) = (seconds.at(a), sides.at(a));
        if !has_loop && (seconds.is_empty() || thirds.is_empty()) {
            return Ok(0);
        }
        let ends_in_loop = |it: &u32| others.has_loop(NodeIdx(*it));
        if has_loop || (others.has_loops() && seconds.iter().any(ends_in_loop)) {
            return one_by_one(steps, types, a, row, ctx);
        }
        ctx.steps(seconds.len())?;
        let mut n = 0;
        let mut again: Vec<u32>;
        // Without a loop the second node is not the third.
        let is_one = seconds.len() == 1 && seconds == thirds;
        while !thirds.is_empty() && !is_one {
            n += count_marked(seconds, thirds, others, &mut self.marks);
            if !sides.has_repeats() {
                break;
            }
            // A node to which two relationships lead is a third node twice.
            again = thirds.windows(2).filter(|it| it[0] == it[1]).map(|it| it[0]).collect();
            thirds = &again;
        }
        Ok(n)
    }

    /// Gets the lists, if they are at hand or worth it by now.
    fn gather(
        &mut self,
        (first, sides): (&Expand, &Meet),
        types: &[Types],
        ctx: &Context<'g>,
    ) -> Result<(), Error> {
        let [first_types, near_types, far_types] = types else { return Ok(()) };
        self.n_firsts += 1;
        let (near, far) = ((&sides.near, near_types), (&sides.far, far_types));
        let is_near = sides.near.from == first.from;
        let (side, other) = if is_near { (near, far) } else { (far, near) };
        let all = [(first, first_types), side, other];
        let graph = ctx.graph;
        let is_ready =
            all.iter().all(|(it, types)| graph.ends_at_hand(it.direction, types).is_some());
        if !is_ready && self.n_firsts * FIRST_NODES_PART < graph.n_nodes() {
            return Ok(());
        }
        let n_positions = graph.n_positions();
        let held = self.held.insert(ctx.held());
        let mut hold = |n_bytes| held.add(n_bytes);
        hold(n_positions / 8)?;
        let mut ends = |at: usize| graph.ends(all[at].0.direction, all[at].1, &mut hold);
        self.ends = Some([ends(0)?, ends(1)?, ends(2)?]);
        self.marks = NodeSet::new(n_positions);
        Ok(())
    }
}

/// How many ties lead from some nodes to others, each of which counts once however often it is there.
fn count_marked(from: &[u32], to: &[u32], ends: &OtherEnds, marks: &mut NodeSet) -> u64 {
    let mut n = 0;
    let mut is_marked = false;
    // Where ties lead from is looked up for some nodes at once, and those without any left out without
    // a branch: which of them have none cannot be foreseen.
    for from in from.chunks(N_AT_ONCE) {
        let mut lists = [&[][..]; N_AT_ONCE];
        let mut n_lists = 0;
        for node in from {
            lists[n_lists] = ends.at(NodeIdx(*node));
            n_lists += usize::from(!lists[n_lists].is_empty());
        }
        if n_lists > 0 && !is_marked {
            to.iter().for_each(|&it| _ = marks.insert(it));
            is_marked = true;
        }
        for list in &lists[..n_lists] {
            n += match list.len() / N_ENDS_A_THIRD > to.len() {
                true => n_among(to, list),
                false => list.iter().map(|&it| u64::from(marks.has(it))).sum(),
            };
        }
    }
    if is_marked {
        to.iter().for_each(|&it| marks.clear_around(it));
    }
    n
}

/// How many rows a step from a node and the two behind it give, row by row.
fn one_by_one(
    (first, sides): (&Expand, &Meet),
    types: &[Types],
    a: NodeIdx,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<u64, Error> {
    let [first_types, side_types @ ..] = types else { return Ok(0) };
    row[first.from.index()] = Val::Node(a);
    let mut n = 0;
    ctx.graph.each_step(a, first.direction, first_types, |tie, b| {
        ctx.step()?;
        row[first.tie.index()] = Val::Relationship(tie);
        row[first.to.index()] = Val::Node(b);
        n += count(sides, side_types, row, ctx)?;
        Ok::<_, Error>(())
    })?;
    Ok(n)
}

/// How many of a long sorted list are in a short one.
fn n_among(short: &[u32], long: &[u32]) -> u64 {
    let each_once = short.chunk_by(|a, b| a == b).map(|it| it[0]);
    let n = each_once.map(|it| {
        let from = &long[long.partition_point(|end| *end < it)..];
        from.iter().take_while(|end| **end == it).count() as u64
    });
    n.sum()
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
