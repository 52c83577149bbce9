//! Sorting, whole or only as far as the first rows go.

use std::cmp::Ordering;

use super::rows::weight;
use super::{Done, Next, run};
use crate::bound::{Slot, SortItem};
use crate::eval::eval;
use crate::plan::{OperatorId, Top};
use crate::{Context, Error, Row, Val};

/// What a row takes beside its values: where it lies, and what the allocator rounds up.
const ROW_BYTES: usize = 32;

/// Hands on all rows of the input in order; rows that sort alike stay as they came.
pub(super) fn sort(
    by: &[SortItem],
    keep: &[Slot],
    input: OperatorId,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let mut rows = Sorted::default();
    let mut values = Vec::new();
    run(input, row, ctx, &mut |row| {
        values.clear();
        for item in by {
            values.push(eval(&item.expression, row, ctx)?);
        }
        Ok(rows.push(&values, keep, row, ctx)?)
    })?;
    rows.sort(by);
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
    let mut rows = Sorted::default();
    // What sorts behind the last row that was kept when so many were there is never kept.
    let mut is_full = false;
    let mut values = Vec::new();
    if let Some(least) = least {
        row[least.index()] = Val::Null;
    }
    run(input, row, ctx, &mut |row| {
        values.clear();
        for item in by {
            values.push(eval(&item.expression, row, ctx)?);
        }
        let is_behind = is_full && order(by, &values, &rows.all[n_kept - 1]) != Ordering::Less;
        if is_behind {
            return Ok(());
        }
        rows.push(&values, keep, row, ctx)?;
        // Twice as many as are needed, so that each is moved a few times at most.
        if rows.all.len() >= n_kept.saturating_mul(2).saturating_add(64) {
            rows.sort(by);
            rows.cut(n_kept, ctx);
            is_full = true;
            if let Some(least) = least {
                row[least.index()] = rows.all[n_kept - 1][0].clone();
            }
        }
        Ok(())
    })?;
    rows.sort(by);
    rows.cut(n_kept, ctx);
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

#[derive(Default)]
struct Sorted {
    /// What to sort by, then what is kept.
    all: Vec<Box<[Val]>>,
    n_bytes: usize,
}

impl Sorted {
    fn push(
        &mut self,
        by: &[Val],
        keep: &[Slot],
        row: &Row,
        ctx: &Context<'_>,
    ) -> Result<(), Error> {
        let kept = keep.iter().map(|it| &row[it.index()]);
        let values: Box<[Val]> = by.iter().chain(kept).cloned().collect();
        let n_bytes = ROW_BYTES + weight(&values);
        ctx.hold(n_bytes)?;
        self.n_bytes += n_bytes;
        self.all.push(values);
        Ok(())
    }

    fn sort(&mut self, by: &[SortItem]) {
        self.all.sort_by(|a, b| order(by, a, b));
    }

    fn cut(&mut self, n_kept: usize, ctx: &Context<'_>) {
        if n_kept < self.all.len() {
            let n_bytes = self.all.drain(n_kept..).map(|it| ROW_BYTES + weight(&it)).sum();
            ctx.release(n_bytes);
            self.n_bytes -= n_bytes;
        }
    }

    fn hand_on(
        self,
        keep: &[Slot],
        skip: usize,
        row: &mut Row,
        ctx: &Context<'_>,
        next: &mut Next<'_>,
    ) -> Done {
        for values in self.all.into_iter().skip(skip) {
            ctx.step()?;
            let n_by = values.len() - keep.len();
            for (slot, value) in keep.iter().zip(values.into_iter().skip(n_by)) {
                row[slot.index()] = value;
            }
            next(row)?;
        }
        ctx.release(self.n_bytes);
        Ok(())
    }
}
