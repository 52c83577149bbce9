//! What a running query may ask: the graph, the parameters, the time, chance, and its limits.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

pub use weft_value::Clock;

use crate::bound::Labels;
use crate::commit::{Draft, draft};
use crate::eval::{Members, Pattern};
use crate::execute::{Profile, Rows};
use crate::graph::{Graph, Types};
use crate::memory::{Held, Memory, Share};
use crate::plan::{Expand, Meet, OperatorId, Plan, Steps};
use crate::val::LARGE_BYTES;
use crate::{Detail, Error, ErrorKind, List, Mark, Val};

/// How many steps are taken between two looks at the clock.
const STEPS_BETWEEN_CHECKS: u32 = 4_096;

/// Going through so many bytes is a step of work.
const BYTES_A_STEP: usize = 256;

/// How many regular expressions are kept prepared; a query with more prepares them anew.
const PATTERNS_MAX: usize = 64;

/// What a query may hold, unless told otherwise.
pub const MEMORY_BYTES: usize = 2_000_000_000;

/// Why a query is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// Whoever asked wants no answer any more.
    Cancelled,
    /// Its time is over.
    TimeOver,
}

/// What a query may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of the result.
    pub n_rows: usize,
    /// Bytes that a statement holds at one time, counted as the allocator gives them: what is sorted, grouped
    /// and collected, paths, values that expressions make, what was written, and rows that are kept.
    pub n_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { n_rows: 10_000_000, n_bytes: MEMORY_BYTES }
    }
}

impl Limits {
    /// What is said of a query that needs more memory than it may.
    pub(crate) fn exceeded(&self) -> Error {
        let message =
            format!("the query needs more memory than the limit of {} bytes", self.n_bytes);
        Error::runtime(ErrorKind::LimitError, Detail::LimitExceeded, message).with_hint(
            "ask for less at a time: filter earlier, or add `LIMIT`; or allow more: `--memory`",
        )
    }

    /// What is said where all statements together need more than that.
    pub(crate) fn all_exceeded(n_bytes: usize) -> Error {
        let message =
            format!("all queries together need more memory than the limit of {n_bytes} bytes");
        Error::runtime(ErrorKind::LimitError, Detail::PoolExceeded, message)
            .with_hint("try again later, ask for less at a time, or allow more: `--memory`")
    }
}

/// What functions and operators may ask while a query runs.
pub struct Context<'a> {
    /// The graph as it is now.
    pub graph: &'a Graph,
    /// The parameters, by their position.
    pub parameters: &'a [Val],
    /// The time of the statement, and the zone of times that name none.
    pub clock: &'a Clock,
    /// What may be used.
    pub limits: Limits,
    /// What changes while the query runs.
    pub state: &'a State<'a>,
}

/// What changes while a query runs: chance, and what was used of the limits.
pub struct State<'a> {
    random: Cell<u64>,
    n_steps_left: Cell<u32>,
    memory: Rc<Memory>,
    patterns: RefCell<HashMap<Box<str>, Pattern>>,
    /// Lists that stay the same for all rows, by where they lie.
    members: RefCell<HashMap<usize, Rc<Members>>>,
    /// The graph as it would be committed, and what had been written when it was made.
    draft: RefCell<Option<(Mark, Rc<Draft>)>>,
    plan: Option<&'a Plan>,
    profile: Option<&'a Profile<'a>>,
    /// The types of each operator that follows relationships, step by step.
    types: Vec<OnceCell<Vec<Types>>>,
    /// What the last write left for the next stretch that reads.
    rows: RefCell<Rows>,
    interrupt: Option<&'a dyn Fn() -> Option<Interrupt>>,
}

impl<'a> State<'a> {
    /// Starts with a seed, and with a question that is asked now and then: is the query to stop?
    pub fn new(seed: u64, interrupt: Option<&'a dyn Fn() -> Option<Interrupt>>) -> Self {
        let n_steps_left = Cell::new(STEPS_BETWEEN_CHECKS);
        Self {
            random: Cell::new(seed),
            n_steps_left,
            memory: Rc::default(),
            patterns: RefCell::default(),
            members: RefCell::default(),
            draft: RefCell::default(),
            plan: None,
            profile: None,
            types: Vec::new(),
            rows: RefCell::default(),
            interrupt,
        }
    }

    pub(crate) fn with_plan(self, plan: &'a Plan, profile: Option<&'a Profile<'a>>) -> Self {
        let types = vec![OnceCell::new(); plan.operators.len()];
        Self { plan: Some(plan), profile, types, ..self }
    }

    /// Holds by a share of what all statements may hold.
    pub(crate) fn sharing(self, share: Share) -> Self {
        Self { memory: Rc::new(Memory::with(share)), ..self }
    }

    /// What counts what an operator holds.
    pub(crate) fn held(&self, limits: Limits) -> Held {
        Held::new(Rc::clone(&self.memory), limits)
    }

    /// The share, as large as it has grown.
    pub(crate) fn take_share(&self) -> Share {
        self.memory.take_share()
    }

    pub(crate) fn profile(&self) -> Option<&'a Profile<'a>> {
        self.profile
    }

    /// The types of an operator, looked up when they are first asked for.
    pub(crate) fn types_of_hops(
        &self,
        id: OperatorId,
        look_up: impl FnOnce() -> Vec<Types>,
    ) -> &[Types] {
        self.types[id.0 as usize].get_or_init(look_up)
    }

    pub(crate) fn put_rows(&self, rows: Rows) {
        self.rows.replace(rows);
    }

    pub(crate) fn take_rows(&self) -> Rows {
        self.rows.take()
    }
}

impl<'a> Context<'a> {
    /// The types that an operator follows.
    pub(crate) fn types(&self, id: OperatorId, labels: Option<&Labels>) -> &'a Types {
        let state = self.state;
        let types = state.types_of_hops(id, || vec![self.graph.types(labels)]);
        &types[0]
    }

    /// The types of both steps of an operator.
    pub(crate) fn types_of_meet(&self, id: OperatorId, meet: &Meet) -> &'a [Types] {
        let types = |it: &Expand| self.graph.types(it.types.as_ref());
        let state = self.state;
        state.types_of_hops(id, || vec![types(&meet.near), types(&meet.far)])
    }

    /// The types of each of some steps.
    pub(crate) fn types_of_steps(&self, id: OperatorId, steps: &Steps) -> &'a [Types] {
        let types = |it: &Expand| self.graph.types(it.types.as_ref());
        let state = self.state;
        state.types_of_hops(id, || match steps {
            Steps::One(it) => vec![types(it)],
            Steps::Two(it) => vec![types(&it.near), types(&it.far)],
            Steps::Three(first, it) => vec![types(first), types(&it.near), types(&it.far)],
        })
    }

    /// The plan that is being run.
    pub(crate) fn plan(&self) -> Result<&'a Plan, Error> {
        self.state
            .plan
            .ok_or_else(|| Error::bug("an expression asks for a plan, and there is none"))
    }

    /// The next number of the statement's random source, at least 0 and less than 1.
    pub fn random(&self) -> f64 {
        (self.random_bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The next 64 bits of the statement's random source (SplitMix64).
    pub fn random_bits(&self) -> u64 {
        let state = self.state.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.state.random.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Counts one step of work; every few thousand it asks whether to go on.
    ///
    /// # Errors
    /// If the time is over or the query was cancelled.
    #[inline]
    pub fn step(&self) -> Result<(), Error> {
        match self.state.n_steps_left.get() {
            0 => self.check(),
            n_left => {
                self.state.n_steps_left.set(n_left - 1);
                Ok(())
            }
        }
    }

    /// Counts so many steps of work at once.
    ///
    /// # Errors
    /// As [`Context::step`].
    #[inline]
    pub fn steps(&self, n: usize) -> Result<(), Error> {
        match usize::try_from(self.state.n_steps_left.get()) {
            Ok(n_left) if n < n_left => {
                self.state.n_steps_left.set((n_left - n) as u32);
                Ok(())
            }
            _ => self.check(),
        }
    }

    /// Hands over a regular expression, which is prepared at most once for all rows.
    ///
    /// # Errors
    /// What `prepare` says of it.
    pub(crate) fn with_pattern<R>(
        &self,
        pattern: &str,
        prepare: impl FnOnce(&str) -> Result<Pattern, Error>,
        f: impl FnOnce(&Pattern) -> R,
    ) -> Result<R, Error> {
        let mut patterns = self.state.patterns.borrow_mut();
        if let Some(prepared) = patterns.get(pattern) {
            return Ok(f(prepared));
        }
        let prepared = prepare(pattern)?;
        if patterns.len() >= PATTERNS_MAX {
            patterns.clear();
        }
        Ok(f(patterns.entry(pattern.into()).or_insert(prepared)))
    }

    /// What is known of a list that stays the same for all rows; found out when first asked for.
    pub(crate) fn members(
        &self,
        list: &List,
        prepare: impl FnOnce(&List) -> Members,
    ) -> Result<Rc<Members>, Error> {
        let place = list.as_ptr() as usize;
        if let Some(members) = self.state.members.borrow().get(&place) {
            return Ok(Rc::clone(members));
        }
        self.steps(list.len())?;
        // It is held as long as the statement runs. While the tables grow there are two of each.
        self.state.memory.hold(Members::n_bytes(list.len()), &self.limits)?;
        let members = Rc::new(prepare(list));
        self.state.members.borrow_mut().insert(place, Rc::clone(&members));
        Ok(members)
    }

    /// The graph with what was written so far, as procedures read it; None where nothing was.
    ///
    /// # Errors
    /// Where the schema does not allow what was written.
    pub(crate) fn draft(&self) -> Result<Option<Rc<Draft>>, Error> {
        if self.graph.is_unchanged() {
            return Ok(None);
        }
        let mark = self.graph.mark();
        let mut kept = self.state.draft.borrow_mut();
        if let Some((of, kept)) = &*kept
            && *of == mark
        {
            return Ok(Some(Rc::clone(kept)));
        }
        let made = Rc::new(draft(self.graph)?);
        *kept = Some((mark, Rc::clone(&made)));
        Ok(Some(made))
    }

    /// Counts the work of going through so many bytes; few cost nothing.
    ///
    /// # Errors
    /// As [`Context::step`].
    #[inline]
    pub(crate) fn steps_through(&self, n_bytes: usize) -> Result<(), Error> {
        if n_bytes < BYTES_A_STEP { Ok(()) } else { self.steps(n_bytes / BYTES_A_STEP) }
    }

    /// What counts what an operator holds.
    pub(crate) fn held(&self) -> Held {
        self.state.held(self.limits)
    }

    /// Counts a value of so many bytes that an expression is about to make, and the work of that.
    ///
    /// # Errors
    /// If that is more than may be held, or the query is to stop.
    pub(crate) fn make(&self, n_bytes: usize) -> Result<(), Error> {
        self.steps_through(n_bytes)?;
        self.count_made(n_bytes)
    }

    /// Counts a value of so many bytes that an expression made in place of others.
    pub(crate) fn count_made(&self, n_bytes: usize) -> Result<(), Error> {
        match n_bytes {
            0..LARGE_BYTES => Ok(()),
            _ => self.state.memory.make(n_bytes, &self.limits),
        }
    }

    /// How much of what expressions made is held.
    #[inline]
    pub(crate) fn n_made(&self) -> usize {
        self.state.memory.n_made()
    }

    /// Of what expressions made no more is held than at that time.
    #[inline]
    pub(crate) fn unmake_to(&self, n_made: usize) {
        if self.n_made() != n_made {
            self.state.memory.unmake_to(n_made);
        }
    }

    /// Asks whether to go on.
    ///
    /// # Errors
    /// If the time is over or the query was cancelled.
    #[cold]
    pub fn check(&self) -> Result<(), Error> {
        self.state.n_steps_left.set(STEPS_BETWEEN_CHECKS);
        match self.state.interrupt.and_then(|it| it()) {
            None => Ok(()),
            Some(Interrupt::Cancelled) => {
                let message = "the query was cancelled";
                Err(Error::runtime(ErrorKind::Cancelled, Detail::Cancelled, message))
            }
            Some(Interrupt::TimeOver) => {
                let message = "the query took longer than its time limit";
                Err(Error::runtime(ErrorKind::LimitError, Detail::LimitExceeded, message)
                    .with_hint("ask for less, or allow it more time"))
            }
        }
    }
}
