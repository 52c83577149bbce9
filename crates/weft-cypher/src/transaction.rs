//! A transaction: statements prepared and run over one snapshot, each seeing what those before it
//! wrote.

use std::ops::ControlFlow;
use std::sync::Arc;

use weft_graph::{ChangeSet, Snapshot};
use weft_value::Value;

use crate::ast::Mode;
use crate::bind::bind;
use crate::bound::{Notice, Parameters};
use crate::commit::{CommitOptions, commit};
use crate::context::State;
use crate::execute::{Columns, Counters, Profile, Run, Stop};
use crate::memory::{Held, Share};
use crate::parser::parse;
use crate::plan::{Notices, Plan, PlanOptions, PlanRow};
use crate::procedure::Procedures;
use crate::val::n_bytes;
use crate::{
    Clock, Context, Detail, Error, ErrorKind, Graph, Interrupt, Keys, Limits, Phase, Pool, Row,
    Val, convert,
};

/// Plans of so few operators run on the stack that is there.
const SHALLOW_PLAN: usize = 100;
/// What an operator takes of the stack, going down to what feeds it and up again with each row.
/// Programs that are built for speed need a fraction of what others do.
const OPERATOR_STACK_BYTES: usize = if cfg!(debug_assertions) { 8 * 1024 } else { 2 * 1024 };

/// What reading, checking and planning a statement takes at most, for each byte of its text.
pub const PLAN_BYTES_A_BYTE: usize = 500;

/// Statements over one snapshot.
///
/// ```
/// use weft_cypher::{Parameters, Procedures, RunOptions, Transaction};
///
/// let graph = weft_graph::fixture("leeds:university -hosts-> nexus:facility");
/// let mut transaction = Transaction::new(graph);
/// let query = "MATCH (:University)-[:HOSTS]->(f) RETURN f.name AS name";
/// let prepared = transaction.prepare(query, &Procedures::default()).unwrap();
/// let rows = transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
/// assert_eq!(rows.columns, ["name"]);
/// assert_eq!(rows.rows.len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Transaction {
    graph: Graph,
    /// What is held of a pool between two statements: what was written.
    share: Share,
}

/// What takes the rows of a statement, with what counts those that are kept.
type OnRow<'a> = dyn FnMut(Vec<Value>, &mut Held) -> Result<ControlFlow<()>, Error> + 'a;

/// A statement that was checked and planned. It may be run again, with other parameters.
#[derive(Clone, Debug)]
pub struct Prepared {
    text: String,
    mode: Mode,
    columns: Vec<String>,
    parameters: Vec<String>,
    is_write: bool,
    notices: Vec<Notice>,
    plan: Plan,
    /// What all this takes of a pool.
    _share: Share,
}

/// How a statement is run.
#[derive(Clone, Default)]
pub struct RunOptions<'a> {
    /// The time at which it runs.
    pub clock: Clock,
    /// The seed of `rand()` and its like.
    pub seed: u64,
    /// What it may use.
    pub limits: Limits,
    /// Asked now and then: is it to stop?
    pub interrupt: Option<&'a dyn Fn() -> Option<Interrupt>>,
    /// Nanoseconds since any time, for `PROFILE`; without it no times are shown.
    pub stopwatch: Option<&'a dyn Fn() -> u64>,
}

/// What a statement gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
    /// What it changed, and what else there is to say.
    pub summary: Summary,
}

/// What there is to say of a statement beside its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// What it changed.
    pub counters: Counters,
    /// The plan, of `EXPLAIN`; with rows and times, of `PROFILE`.
    pub plan: Option<Vec<PlanRow>>,
    /// What is allowed and probably not meant.
    pub notices: Vec<Notice>,
}

impl Transaction {
    /// Begins on a snapshot.
    pub fn new(snapshot: Snapshot) -> Self {
        Self { graph: Graph::new(snapshot), share: Share::default() }
    }

    /// Begins on a snapshot of a store in which several transactions are open at once.
    pub fn with_keys(snapshot: Snapshot, keys: Arc<Keys>) -> Self {
        Self { graph: Graph::with_keys(snapshot, keys), share: Share::default() }
    }

    /// What its statements hold and what they write is taken from a pool, from now on.
    pub fn share(&mut self, pool: &Pool) {
        self.share = Share::of(Some(pool));
    }

    /// The graph as it is now.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Reads, checks and plans a statement.
    ///
    /// # Errors
    /// All faults of the text that can be told apart.
    pub fn prepare(&self, text: &str, procedures: &Procedures) -> Result<Prepared, Vec<Error>> {
        self.prepare_with(text, procedures, PlanOptions::default())
    }

    /// As [`Transaction::prepare`], and says how plans are made.
    ///
    /// # Errors
    /// All faults of the text that can be told apart.
    pub fn prepare_with(
        &self,
        text: &str,
        procedures: &Procedures,
        options: PlanOptions,
    ) -> Result<Prepared, Vec<Error>> {
        let mut share = self.share.clone();
        share.grow_to(text.len().saturating_mul(PLAN_BYTES_A_BYTE)).map_err(|it| vec![it])?;
        let (statement, errors) = parse(text);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut bound = bind(&statement, text, procedures)?;
        let mut notices = std::mem::take(&mut bound.query.notices);
        let from_graph = Notices::of(&bound.query, &self.graph);
        let prepared = Prepared {
            text: text.to_owned(),
            mode: bound.mode,
            columns: bound.query.columns.clone(),
            parameters: std::mem::take(&mut bound.query.parameters),
            is_write: bound.query.is_write,
            notices: Vec::new(),
            plan: Plan::of(bound.query, &self.graph, options),
            _share: share,
        };
        notices.extend(from_graph.with(&prepared.plan));
        notices.sort_by_key(|it| it.span.start);
        Ok(Prepared { notices, ..prepared })
    }

    /// What all statements so far have changed, for the store to apply to the very state that the
    /// snapshot shows.
    ///
    /// # Errors
    /// `ConstraintValidationFailed` where the schema does not allow it, or where it rests on no source.
    pub fn commit(&self, options: &CommitOptions) -> Result<ChangeSet, Error> {
        commit(&self.graph, options)
    }

    /// Runs a statement and keeps all its rows. If it fails, the graph is as it was before.
    ///
    /// # Errors
    /// The fault that ended it.
    pub fn run(
        &mut self,
        prepared: &Prepared,
        parameters: &Parameters,
        options: &RunOptions<'_>,
    ) -> Result<Rows, Error> {
        let mut rows = Vec::new();
        let summary = self.execute(prepared, parameters, options, &mut |row, kept| {
            kept.add(convert::n_bytes_of_row(&row))?;
            kept.push(&mut rows, row)?;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(Rows { columns: prepared.columns.clone(), rows, summary })
    }

    /// Runs a statement and hands over each row as it comes; `on_row` says whether more are wanted.
    /// What it writes is written whole, however many rows are taken.
    ///
    /// # Errors
    /// The fault that ended it.
    pub fn run_with(
        &mut self,
        prepared: &Prepared,
        parameters: &Parameters,
        options: &RunOptions<'_>,
        on_row: &mut dyn FnMut(Vec<Value>) -> ControlFlow<()>,
    ) -> Result<Summary, Error> {
        self.execute(prepared, parameters, options, &mut |row, _| Ok(on_row(row)))
    }

    /// The same, with what counts the rows that are kept.
    fn execute(
        &mut self,
        prepared: &Prepared,
        parameters: &Parameters,
        options: &RunOptions<'_>,
        on_row: &mut OnRow<'_>,
    ) -> Result<Summary, Error> {
        let notices = prepared.notices.clone();
        if prepared.mode == Mode::Explain {
            let plan = Some(prepared.plan.describe(&prepared.text));
            return Ok(Summary { plan, notices, ..Summary::default() });
        }
        let values = self.values_of(prepared, parameters)?;
        let profile = (prepared.mode == Mode::Profile)
            .then(|| Profile::new(prepared.plan.operators.len(), options.stopwatch));
        let state = State::new(options.seed, options.interrupt)
            .with_plan(&prepared.plan, profile.as_ref())
            .sharing(std::mem::take(&mut self.share));
        let mark = self.graph.mark();
        let (limits, clock) = (options.limits, &options.clock);
        let [mut given, mut held, mut kept] = std::array::from_fn(|_| state.held(limits));
        let mut n_rows = 0;
        let mut run = Run::new(&prepared.plan, &mut self.graph, &values, clock, limits, &state);
        let mut hand_on = |row: &mut Row, columns: Columns<'_>, ctx: &Context<'_>| {
            if n_rows == limits.n_rows {
                let message = format!("the result has more than the limit of {n_rows} rows");
                let (kind, detail) = (ErrorKind::LimitError, Detail::LimitExceeded);
                let error = Error::runtime(kind, detail, message);
                return Err(error.with_hint("ask for fewer with `LIMIT`").into());
            }
            n_rows += 1;
            let values = match columns {
                Columns::Slots(slots) => {
                    let mut values = Vec::with_capacity(slots.len());
                    for slot in slots {
                        values.push(convert::copied(&row[slot.index()], &mut held, ctx)?);
                    }
                    values
                }
                Columns::Computed(columns) => {
                    let mut values = Vec::with_capacity(columns.len());
                    for (slot, expr) in columns {
                        values.push(match expr {
                            Some(expr) => convert::computed(expr, row, &mut held, ctx)?,
                            None => convert::copied(&row[slot.index()], &mut held, ctx)?,
                        });
                    }
                    values
                }
            };
            // From here on it is counted by whoever keeps it.
            held.clear();
            match on_row(values, &mut kept)? {
                ControlFlow::Continue(()) => Ok(()),
                ControlFlow::Break(()) => Err(Stop::Enough),
            }
        };
        let n_operators = prepared.plan.operators.len();
        let done = given.add(values.iter().map(n_bytes).sum()).and_then(|()| {
            if n_operators <= SHALLOW_PLAN {
                run.all(&mut hand_on)
            } else {
                stacker::grow(n_operators * OPERATOR_STACK_BYTES, || run.all(&mut hand_on))
            }
        });
        let counters = run.counters;
        if done.is_err() {
            self.graph.take_back_to(mark);
        }
        // What was written stays.
        self.share = state.take_share();
        self.share.shrink_to(self.graph.n_bytes_written());
        done?;
        let plan = profile.map(|it| it.describe(&prepared.plan, &prepared.text));
        Ok(Summary { counters, plan, notices })
    }

    /// The values of the parameters that a statement names, in their order.
    fn values_of(&self, prepared: &Prepared, parameters: &Parameters) -> Result<Vec<Val>, Error> {
        let values = prepared.parameters.iter().map(|name| match parameters.get(name) {
            Some(value) => convert::from_value(value, &self.graph),
            None => {
                let message = format!("the parameter `${name}` was not given");
                let (kind, detail) = (ErrorKind::ParameterMissing, Detail::MissingParameter);
                let error = Error::runtime(kind, detail, message)
                    .with_hint(format!("give it a value: `{name}=..`"));
                // It shows before anything is read.
                Err(Error { phase: Phase::CompileTime, ..error })
            }
        });
        values.collect()
    }
}

impl Prepared {
    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The names of the parameters that it needs.
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Whether it changes the graph.
    pub fn is_write(&self) -> bool {
        self.is_write
    }

    /// What is to be done with it.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What is allowed and probably not meant.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// How it is going to be answered.
    pub fn plan(&self) -> Vec<PlanRow> {
        self.plan.describe(&self.text)
    }
}
