//! How a long sweep runs: on how many threads, who hears how far it is, and who may stop it.
//!
//! Work is cut into pieces that depend on the view alone, and their results are taken in the order of
//! the pieces, so the same view gives the same bits on any number of threads.

use std::fmt;
use std::num::NonZero;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How a sweep runs; by default on all processors, heard and stopped by nobody.
///
/// ```
/// use std::ops::ControlFlow;
/// use weft_analytics::{Interrupted, Run};
///
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let mut heard = Vec::new();
/// let mut watch = |progress: weft_analytics::Progress| {
///     heard.push((progress.n_done, progress.n_all));
///     ControlFlow::Continue(())
/// };
/// weft_analytics::closeness_in(&view, &mut Run::watched(&mut watch)).expect("nobody stops it");
/// assert_eq!(heard, [(1, 1)]);
/// ```
pub struct Run<'a> {
    n_threads: usize,
    watch: Option<&'a mut Watch<'a>>,
}

/// Hears on the calling thread how far a sweep is, after each piece of it, and may stop it.
pub type Watch<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// How far a sweep is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pieces done.
    pub n_done: usize,
    /// Pieces in all; of about equal cost.
    pub n_all: usize,
}

/// A sweep was stopped by who watched it; nothing of it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl Default for Run<'_> {
    fn default() -> Self {
        Self { n_threads: thread::available_parallelism().map_or(1, NonZero::get), watch: None }
    }
}

impl<'a> Run<'a> {
    /// On all processors, watched.
    pub fn watched(watch: &'a mut Watch<'a>) -> Self {
        Self { watch: Some(watch), ..Self::default() }
    }

    /// The same on so many threads; at least one.
    #[must_use]
    pub fn on_threads(mut self, n_threads: usize) -> Self {
        self.n_threads = n_threads.max(1);
        self
    }

    /// Tells whoever watches how far work is that is done one after the other, on this thread.
    ///
    /// # Errors
    /// If it is to stop.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use weft_analytics::{Interrupted, Run};
    ///
    /// let mut watch = |it: weft_analytics::Progress| match it.n_done {
    ///     3 => ControlFlow::Break(()),
    ///     _ => ControlFlow::Continue(()),
    /// };
    /// let mut run = Run::watched(&mut watch);
    /// assert_eq!((0..9).try_for_each(|it| run.hear(it, 9)), Err(Interrupted));
    /// ```
    pub fn hear(&mut self, n_done: usize, n_all: usize) -> Result<(), Interrupted> {
        match self.watch.as_deref_mut().map(|it| it(Progress { n_done, n_all })) {
            Some(ControlFlow::Break(())) => Err(Interrupted),
            _ => Ok(()),
        }
    }

    /// Does all pieces: `work` does one with the memory of a thread, `fold` adds what that memory
    /// then holds to the total and empties it, in the order of the pieces.
    pub(crate) fn sweep<Memory, Total: Send>(
        &mut self,
        pieces: &[Range<usize>],
        total: Total,
        memory: impl Fn() -> Memory + Sync,
        work: impl Fn(&mut Memory, Range<usize>) + Sync,
        fold: impl Fn(&mut Memory, &mut Total) + Sync,
    ) -> Result<Total, Interrupted> {
        let shared = Shared {
            next: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
            folded: Mutex::new((0, total)),
            folded_one: Condvar::new(),
        };
        let labour = |mut watch: Option<&mut Watch>| {
            let _guard = StopOnPanic(&shared);
            let mut memory = memory();
            while let Some((at, piece)) = shared.next_of(pieces) {
                work(&mut memory, piece);
                shared.fold_in_turn(at, |total| fold(&mut memory, total));
                let progress = Progress { n_done: at + 1, n_all: pieces.len() };
                if watch.as_mut().is_some_and(|it| it(progress).is_break()) {
                    shared.stop();
                }
            }
        };
        let labour = &labour;
        thread::scope(|scope| {
            for _ in 1..self.n_threads.min(pieces.len()) {
                scope.spawn(move || labour(None));
            }
            labour(self.watch.as_deref_mut());
        });
        let (n_done, total) = shared.folded.into_inner().unwrap_or_else(PoisonError::into_inner);
        if n_done == pieces.len() { Ok(total) } else { Err(Interrupted) }
    }
}

/// Cuts items into pieces of about `cost_min`, given what each costs.
pub(crate) fn pieces_of(costs: impl Iterator<Item = usize>, cost_min: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let (mut begin, mut cost) = (0, 0);
    let mut end = 0;
    for it in costs {
        end += 1;
        cost += it;
        if cost >= cost_min {
            pieces.push(begin..end);
            (begin, cost) = (end, 0);
        }
    }
    if begin < end {
        pieces.push(begin..end);
    }
    pieces
}

struct Shared<Total> {
    next: AtomicUsize,
    is_stopped: AtomicBool,
    /// How many pieces have been folded, and into what.
    folded: Mutex<(usize, Total)>,
    folded_one: Condvar,
}

impl<Total> Shared<Total> {
    fn next_of(&self, pieces: &[Range<usize>]) -> Option<(usize, Range<usize>)> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return None;
        }
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        Some((at, pieces.get(at)?.clone()))
    }

    /// Waits until all pieces before this one are folded.
    fn fold_in_turn(&self, at: usize, fold: impl FnOnce(&mut Total)) {
        let mut folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        while folded.0 < at && !self.is_stopped.load(Ordering::Relaxed) {
            folded = self.folded_one.wait(folded).unwrap_or_else(PoisonError::into_inner);
        }
        if folded.0 == at {
            fold(&mut folded.1);
            folded.0 += 1;
            self.folded_one.notify_all();
        }
    }

    fn stop(&self) {
        // Under the lock, so that nobody goes to wait between looking and being woken.
        let _folded = self.folded.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_stopped.store(true, Ordering::Relaxed);
        self.folded_one.notify_all();
    }
}

/// Lets the other threads end if one falls, rather than wait for its turn for ever.
struct StopOnPanic<'a, Total>(&'a Shared<Total>);

impl<Total> Drop for StopOnPanic<'_, Total> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Run").field("n_threads", &self.n_threads).finish_non_exhaustive()
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("it was interrupted")
    }
}

impl std::error::Error for Interrupted {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joins the numbers of all pieces, in an order that would differ if turns were not kept.
    #[track_caller]
    fn check(n_threads: usize, stop_at: usize, expected: Result<usize, Interrupted>) {
        let pieces = pieces_of((0..1000).map(|_| 1), 10);
        let mut watch = |it: Progress| match it.n_done >= stop_at {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let found = Run::watched(&mut watch).on_threads(n_threads).sweep(
            &pieces,
            Vec::new(),
            Vec::new,
            |memory, piece| memory.extend(piece),
            |memory, total: &mut Vec<usize>| total.append(memory),
        );
        assert_eq!(found.as_ref().map(Vec::len).map_err(|it| *it), expected);
        assert!(found.is_err() || found.is_ok_and(|it| it.is_sorted()));
    }

    #[test]
    fn pieces_are_folded_in_their_order_on_any_number_of_threads() {
        for n_threads in 1..=8 {
            check(n_threads, usize::MAX, Ok(1000));
        }
    }

    #[test]
    fn who_watches_can_stop_a_sweep() {
        check(1, 3, Err(Interrupted));
        check(1, 1, Err(Interrupted));
    }

    #[test]
    fn pieces_are_of_about_equal_cost_and_leave_nothing_out() {
        assert_eq!(pieces_of([3, 1, 1, 5, 1].into_iter(), 4), [0..2, 2..4, 4..5]);
        assert_eq!(pieces_of([].into_iter(), 4), []);
    }

    #[test]
    #[should_panic(expected = "scoped thread panicked")]
    fn a_thread_that_falls_does_not_leave_the_others_waiting() {
        let pieces = pieces_of((0..100).map(|_| 1), 1);
        let caller = thread::current().id();
        let falls = AtomicBool::new(false);
        let _ = Run::default().on_threads(2).sweep(
            &pieces,
            (),
            || (),
            |(), _| {
                while !falls.load(Ordering::Relaxed) {
                    // The caller has no piece done before the other has one.
                    let is_caller = thread::current().id() == caller;
                    falls.fetch_or(!is_caller, Ordering::Relaxed);
                    assert!(is_caller);
                }
            },
            |(), ()| (),
        );
    }
}
