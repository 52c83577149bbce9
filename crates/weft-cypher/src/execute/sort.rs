//! Sorting, whole or only as far as the first rows go.

use std::cmp::Ordering;

use super::rows::weight;
use super::{Done, Next, run};
use crate::bound::{Slot, SortItem};
use crate::eval::eval;
use crate::plan::OperatorId;
use crate::{Context, Error, Row, Val};

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
    run(input, row, ctx, &mut |row| Ok(rows.push(by, keep, row, ctx)?))?;
    rows.sort(by);
    rows.hand_on(keep, 0, row, ctx, next)
}

/// Hands on the rows that would come first after sorting: `limit` of them behind the first `skip`.
pub(super) fn top(
    by: &[SortItem],
    keep: &[Slot],
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
    run(input, row, ctx, &mut |row| {
        rows.push(by, keep, row, ctx)?;
        // Twice as many as are needed, so that each is moved a few times at most.
        if rows.all.len() >= n_kept.saturating_mul(2).saturating_add(64) {
            rows.sort(by);
            rows.cut(n_kept, ctx);
        }
        Ok(())
    })?;
    rows.sort(by);
    rows.cut(n_kept, ctx);
    rows.hand_on(keep, skip, row, ctx, next)
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
        by: &[SortItem],
        keep: &[Slot],
        row: &mut Row,
        ctx: &Context<'_>,
    ) -> Result<(), Error> {
        let mut values = Vec::with_capacity(by.len() + keep.len());
        for item in by {
            values.push(eval(&item.expression, row, ctx)?);
        }
        values.extend(keep.iter().map(|it| row[it.index()].clone()));
        let n_bytes = weight(&values);
        ctx.hold(n_bytes)?;
        self.n_bytes += n_bytes;
        self.all.push(values.into());
        Ok(())
    }

    fn sort(&mut self, by: &[SortItem]) {
        self.all.sort_by(|a, b| {
            for (at, item) in by.iter().enumerate() {
                let order = a[at].cmp(&b[at]);
                let order = if item.descending { order.reverse() } else { order };
                if order != Ordering::Equal {
                    return order;
                }
            }
            Ordering::Equal
        });
    }

    fn cut(&mut self, n_kept: usize, ctx: &Context<'_>) {
        if n_kept < self.all.len() {
            let n_bytes = self.all.drain(n_kept..).map(|it| weight(&it)).sum();
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
