//! How many rows each operator gave, and how long it took by itself.

use std::cell::Cell;

use crate::plan::{OperatorId, Plan, PlanRow};

/// What is counted while a plan runs.
pub(crate) struct Profile<'a> {
    n_rows: Vec<Cell<u64>>,
    times_ns: Vec<Cell<u64>>,
    /// Which operator is at work.
    current: Cell<Option<OperatorId>>,
    since_ns: Cell<u64>,
    stopwatch: Option<&'a dyn Fn() -> u64>,
}

impl<'a> Profile<'a> {
    pub(crate) fn new(n_operators: usize, stopwatch: Option<&'a dyn Fn() -> u64>) -> Self {
        Self {
            n_rows: vec![Cell::new(0); n_operators],
            times_ns: vec![Cell::new(0); n_operators],
            current: Cell::new(None),
            since_ns: Cell::new(stopwatch.map_or(0, |it| it())),
            stopwatch,
        }
    }

    /// An operator gave a row.
    pub(super) fn count(&self, id: OperatorId) {
        let n_rows = &self.n_rows[id.0 as usize];
        n_rows.set(n_rows.get() + 1);
    }

    /// Another operator is at work from now on. Returns which was until now.
    pub(super) fn switch(&self, to: Option<OperatorId>) -> Option<OperatorId> {
        let from = self.current.replace(to);
        if let Some(stopwatch) = self.stopwatch {
            let now_ns = stopwatch();
            let spent_ns = now_ns.saturating_sub(self.since_ns.replace(now_ns));
            if let Some(id) = from {
                let time_ns = &self.times_ns[id.0 as usize];
                time_ns.set(time_ns.get() + spent_ns);
            }
        }
        from
    }

    /// The lines of the plan with what was counted.
    pub(crate) fn describe(&self, plan: &Plan, text: &str) -> Vec<PlanRow> {
        let lines = plan.lines(text).into_iter();
        let counted = lines.map(|(id, line)| {
            let at = id.map(|it| it.0 as usize);
            let rows = at.map(|it| self.n_rows[it].get());
            let time_ns = at.filter(|_| self.stopwatch.is_some()).map(|it| self.times_ns[it].get());
            PlanRow { rows, time_ns, ..line }
        });
        counted.collect()
    }
}
