//! Sorting, whole or only as far as the first rows go.

use std::cmp::Ordering;

use super::rows::{empty, key_weight};
use super::{Done, Next, run};
use crate::bound::{Slot, SortItem};
use crate::eval::eval;
use crate::memory::{Held, Room};
use crate::plan::{OperatorId, Top};
use crate::{Context, Error, Row, Val};

/// So many bytes of rows are sorted without asking whether to go on.
const PIECE_BYTES: usize = 8 << 20;

/// Hands on all rows of the input in order; rows that sort alike stay as they came.
pub(super) fn sort(
    by: &[SortItem],
    keep: &[Slot],
    input: OperatorId,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let mut rows = Sorted::new(ctx);
    let mut values = Vec::new();
    run(input, row, ctx, &mut |row| {
        let n_made = ctx.n_made();
        values.clear();
        for item in by {
            values.push(eval(&item.expression, row, ctx)?);
        }
        rows.push(&values, keep, row)?;
        ctx.unmake_to(n_made);
        Ok(())
    })?;
    rows.sort(by, ctx)?;
    rows.hand_on(keep, 0, row, ctx, next)
}

/// Hands on the rows that would come first after sorting: `limit` of them behind the first `skip`.
pub(super) fn top(
    Top { by, keep, least, .. }: &Top,
    (skip, limit): (usize, usize),
    input: OperatorId,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let n_kept = skip.saturating_add(limit);
    if limit == 0 {
        return Ok(());
    }
    let mut rows = Sorted::new(ctx);
    // What sorts behind the last row that was kept when so many were there is never kept.
    let mut is_full = false;
    let mut values = Vec::new();
    if let Some(least) = least {
        row[least.index()] = Val::Null;
    }
    run(input, row, ctx, &mut |row| {
        let n_made = ctx.n_made();
        values.clear();
        for item in by {
            values.push(eval(&item.expression, row, ctx)?);
        }
        let is_behind = is_full && order(by, &values, &rows.all[n_kept - 1]) != Ordering::Less;
        if is_behind {
            ctx.unmake_to(n_made);
            return Ok(());
        }
        rows.push(&values, keep, row)?;
        ctx.unmake_to(n_made);
        // Twice as many as are needed, so that each is moved a few times at most.
        if rows.all.len() >= n_kept.saturating_mul(2).saturating_add(64) {
            rows.sort(by, ctx)?;
            rows.cut(n_kept);
            is_full = true;
            if let Some(least) = least {
                row[least.index()] = rows.all[n_kept - 1][0].clone();
            }
        }
        Ok(())
    })?;
    rows.sort(by, ctx)?;
    rows.cut(n_kept);
    rows.hand_on(keep, skip, row, ctx, next)
}

/// How rows sort, given the values to sort by at the front of each.
fn order(by: &[SortItem], a: &[Val], b: &[Val]) -> Ordering {
    for ((item, a), b) in by.iter().zip(a).zip(b) {
        let order = a.cmp(b);
        let order = if item.descending { order.reverse() } else { order };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// What to sort by, then what is kept.
type Sortable = Box<[Val]>;

struct Sorted {
    all: Vec<Sortable>,
    held: Held,
    /// What the rows take.
    n_bytes: usize,
}

impl Sorted {
    fn new(ctx: &Context<'_>) -> Self {
        Self { all: Vec::new(), held: ctx.held(), n_bytes: 0 }
    }

    fn push(&mut self, by: &[Val], keep: &[Slot], row: &Row) -> Result<(), Error> {
        let kept = keep.iter().map(|it| &row[it.index()]);
        let values: Sortable = by.iter().chain(kept).cloned().collect();
        let n_bytes = key_weight(&values);
        self.held.add(n_bytes)?;
        self.n_bytes += n_bytes;
        self.held.push(&mut self.all, values)
    }

    /// Sorts the rows. Many are sorted in pieces, which are then merged two by two: sorting asks nobody
    /// whether to go on.
    fn sort(&mut self, by: &[SortItem], ctx: &Context<'_>) -> Result<(), Error> {
        if self.n_bytes <= PIECE_BYTES {
            self.all.sort_by(|a, b| order(by, a, b));
            return Ok(());
        }
        let mut held = ctx.held();
        held.add(self.all.n_bytes())?;
        let mut merged: Vec<Sortable> = Vec::with_capacity(self.all.len());
        let mut ends = self.piece_ends();
        let mut start = 0;
        for &end in &ends {
            self.all[start..end].sort_by(|a, b| order(by, a, b));
            start = end;
            ctx.check()?;
        }
        while ends.len() > 1 {
            let mut start = 0;
            for pair in ends.chunks(2) {
                let (middle, end) = (pair[0], pair[pair.len() - 1]);
                let (left, right) = self.all[start..end].split_at_mut(middle - start);
                merge(by, left, right, &mut merged, ctx)?;
                start = end;
            }
            ends = ends.chunks(2).map(|it| it[it.len() - 1]).collect();
            std::mem::swap(&mut self.all, &mut merged);
            merged.clear();
        }
        Ok(())
    }

    /// Where pieces end of which each is about as large as may be sorted at once.
    fn piece_ends(&self) -> Vec<usize> {
        let (mut ends, mut n_bytes) = (Vec::new(), 0);
        for (at, values) in self.all.iter().enumerate() {
            n_bytes += key_weight(values);
            if n_bytes > PIECE_BYTES {
                ends.push(at + 1);
                n_bytes = 0;
            }
        }
        if ends.last() != Some(&self.all.len()) {
            ends.push(self.all.len());
        }
        ends
    }

    fn cut(&mut self, n_kept: usize) {
        if n_kept < self.all.len() {
            let n_bytes = self.all.drain(n_kept..).map(|it| key_weight(&it)).sum();
            self.held.sub(n_bytes);
            self.n_bytes -= n_bytes;
        }
    }

    fn hand_on(
        mut self,
        keep: &[Slot],
        skip: usize,
        row: &mut Row,
        ctx: &Context<'_>,
        next: &mut Next<'_>,
    ) -> Done {
        for values in self.all.into_iter().skip(skip) {
            ctx.step()?;
            let n_by = values.len() - keep.len();
            let n_bytes = key_weight(&values);
            for (slot, value) in keep.iter().zip(values.into_iter().skip(n_by)) {
                row[slot.index()] = value;
            }
            next(row)?;
            empty(keep.iter().copied(), n_bytes, row);
            self.held.sub(n_bytes);
        }
        Ok(())
    }
}

/// Merges two sorted pieces into one; of rows that sort alike the left ones come first.
fn merge(
    by: &[SortItem],
    left: &mut [Sortable],
    right: &mut [Sortable],
    into: &mut Vec<Sortable>,
    ctx: &Context<'_>,
) -> Result<(), Error> {
    let (mut left, mut right) = (left.iter_mut().peekable(), right.iter_mut().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        ctx.step()?;
        ctx.steps_through(key_weight(a).min(key_weight(b)))?;
        let is_right = order(by, a, b) == Ordering::Greater;
        into.extend(if is_right { right.next() } else { left.next() }.map(std::mem::take));
    }
    into.extend(left.chain(right).map(std::mem::take));
    Ok(())
}
