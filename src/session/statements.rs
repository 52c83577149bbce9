//! Statements of openCypher on an open store: what `query`, `shell` and `ask` run, and their answers.
//!
//! Knows no terminal and no clock: the time stands in the settings, a stopwatch is an argument.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value as Json, json};
use weft_cypher::ast::{Body, ClauseKind, Expr, ExprKind};
use weft_cypher::{
    Clock, CommitOptions, Counters, Interrupt, Limits, Mode, Parameters, PlanRow, Procedures, Rows,
    RunOptions, Transaction, bind, parse, split_statements,
};
use weft_formats::Diagnostics;
use weft_graph::{Certainty, Snapshot};
use weft_value::{PartialDate, Value};

use super::context::Context;
use super::request::Query;
use super::workspace::{Author, Work, Workspace};
use super::{Error, Listener, Output, Settings};
use crate::present::{Answer, Envelope, Section, Table, plural};

/// What history says of a statement is cut after so many characters.
const WHAT_CHARS_MAX: usize = 200;

/// A stopwatch: nanoseconds since any time.
pub type Stopwatch = fn() -> u64;

/// Statements on an open store, each a transaction of its own unless one was begun.
pub struct Statements {
    workspace: Workspace,
    work: Option<Work>,
    parameters: Parameters,
    /// What written records rest on; how sure they are is the floor of what is read.
    commit: CommitOptions,
    floor: Option<Certainty>,
    as_of: Option<PartialDate>,
    seed: u64,
    clock: Clock,
    when: String,
    who: String,
    stopwatch: Option<Stopwatch>,
    timeout_ms: Option<u64>,
    limits: Limits,
    is_stopped: fn() -> bool,
    envelope: Envelope,
}

impl Statements {
    /// Opens the store that the settings name.
    ///
    /// # Errors
    /// If there is none, or it cannot be opened for writing where that was asked.
    pub fn open(
        settings: &Settings,
        writes: bool,
        listener: &mut dyn Listener,
    ) -> Result<Self, Error> {
        let ctx = Context::open(settings, writes, listener)?;
        let envelope = ctx.envelope()?;
        let workspace = Workspace::over(ctx.database, settings)?;
        let seconds = settings.now.parse::<jiff::Timestamp>().map_or(0, |it| it.as_second());
        Ok(Self {
            workspace,
            work: None,
            parameters: Parameters::new(),
            commit: CommitOptions {
                certainty: settings.floor.unwrap_or_default(),
                ..CommitOptions::default()
            },
            floor: settings.floor,
            as_of: settings.as_of,
            seed: settings.seed,
            clock: Clock { seconds, ..Clock::default() },
            when: settings.now.clone(),
            who: settings.who.clone(),
            stopwatch: None,
            timeout_ms: None,
            limits: Limits::default(),
            is_stopped: || false,
            envelope,
        })
    }

    /// Measures by this stopwatch, and ends what takes longer than so many milliseconds.
    #[must_use]
    pub fn timed(mut self, stopwatch: Option<Stopwatch>, timeout_ms: Option<u64>) -> Self {
        (self.stopwatch, self.timeout_ms) = (stopwatch, timeout_ms);
        self
    }

    /// Lets each statement take so much.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Ends a statement once this says so.
    #[must_use]
    pub fn stopped_by(self, is_stopped: fn() -> bool) -> Self {
        Self { is_stopped, ..self }
    }

    /// Says what written records rest on, and where in it; nothing, for none.
    ///
    /// # Errors
    /// If there is no source of that id.
    pub fn rest_on(&mut self, source: Option<String>, locator: String) -> Result<(), Error> {
        let snapshot = self.snapshot()?;
        if let Some(id) = source.as_deref() {
            weft_cypher::must_find_source(&snapshot, id)?;
        }
        (self.commit.source, self.commit.locator) = (source, locator);
        Ok(())
    }

    /// From now on statements see what holds on a day, and nothing can be written; None for all.
    pub fn look_at_day(&mut self, as_of: Option<PartialDate>) {
        self.as_of = as_of;
        self.workspace.look_at(self.as_of, self.floor);
    }

    /// From now on statements that read see what is as sure as this, and what is written is so sure;
    /// None for all, written as stated.
    pub fn look_at_floor(&mut self, floor: Option<Certainty>) {
        self.floor = floor;
        self.commit.certainty = floor.unwrap_or_default();
        self.workspace.look_at(self.as_of, self.floor);
    }

    /// The parameters, by name.
    pub fn parameters(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// What stands around answers.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Whether a transaction was begun and neither committed nor taken back.
    pub fn is_in_transaction(&self) -> bool {
        self.work.is_some()
    }

    /// The graph as the next statement sees it, for its words.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        Ok(self.workspace.begin()?.transaction.graph().snapshot().clone())
    }

    /// What statements may call.
    pub fn procedures(&self) -> std::sync::Arc<Procedures> {
        self.workspace.procedures()
    }

    /// Begins a transaction. It may write, so it sees what is less sure than the floor, too.
    ///
    /// # Errors
    /// If one is open already.
    pub fn begin(&mut self) -> Result<(), Error> {
        if self.work.is_some() {
            return Err(Error::usage("a transaction is open already")
                .with_hint("end it by `:commit` or `:rollback`"));
        }
        self.work = Some(self.workspace.begin_to_write()?);
        Ok(())
    }

    /// Commits the transaction as one revision; gives the newest revision.
    ///
    /// # Errors
    /// If none is open, or the store refuses what was written; then nothing of it is kept.
    pub fn commit(&mut self, what: &str) -> Result<u64, Error> {
        let work = self.work.take().ok_or_else(no_transaction)?;
        self.write(work, what)
    }

    /// Forgets what the transaction wrote.
    ///
    /// # Errors
    /// If none is open.
    pub fn roll_back(&mut self) -> Result<(), Error> {
        self.work.take().map(|_| ()).ok_or_else(no_transaction)
    }

    /// Runs a statement: in the open transaction, else in one of its own that is committed.
    ///
    /// # Errors
    /// All faults of the text, or what went wrong; then the graph is as it was before.
    pub fn run(&mut self, text: &str) -> Result<Answer, Error> {
        self.run_piece(text, 0..text.len())
    }

    /// Runs the statement that stands in that part of a text; faults name their place in the whole.
    fn run_piece(&mut self, whole: &str, piece: Range<usize>) -> Result<Answer, Error> {
        if self.work.is_some() {
            return self.run_in_transaction(whole, piece);
        }
        let text = &whole[piece.clone()];
        // What is written is never seen in part.
        let is_whole = self.floor.is_some() && is_write(text);
        self.work = Some(match is_whole {
            true => self.workspace.begin_to_write()?,
            false => self.workspace.begin()?,
        });
        match self.run_in_transaction(whole, piece) {
            Ok(answer) => self.commit(text).map(|_| answer),
            Err(err) => {
                self.work = None;
                Err(err)
            }
        }
    }

    fn run_in_transaction(&mut self, whole: &str, piece: Range<usize>) -> Result<Answer, Error> {
        let (start, text) = (piece.start, &whole[piece]);
        let of_query = |faults| Error::of_query(whole, shifted(faults, start));
        let procedures = self.workspace.procedures();
        let work = self.work.as_mut().ok_or_else(no_transaction)?;
        let prepared = work.transaction.prepare(text, &procedures).map_err(of_query)?;
        let (stopwatch, timeout_ms) = (self.stopwatch, self.timeout_ms);
        let started = stopwatch.map_or(0, |it| it());
        let is_stopped = self.is_stopped;
        let interrupt = || {
            if is_stopped() {
                return Some(Interrupt::Cancelled);
            }
            let elapsed_ms = stopwatch?().saturating_sub(started) / 1_000_000;
            (elapsed_ms > timeout_ms?).then_some(Interrupt::TimeOver)
        };
        let read = || stopwatch.map_or(0, |it| it());
        let options = RunOptions {
            clock: self.clock.clone(),
            seed: self.seed,
            limits: self.limits,
            interrupt: Some(&interrupt),
            stopwatch: stopwatch.is_some().then_some(&read as &dyn Fn() -> u64),
        };
        let rows = work.transaction.run(&prepared, &self.parameters, &options);
        let rows = rows.map_err(|fault| of_query(vec![fault]))?;
        Ok(answer_of(rows, prepared.mode(), whole, start))
    }

    /// All faults of these statements that show before any of them is run.
    fn faults_of(&self, whole: &str, pieces: &[Range<usize>]) -> Vec<weft_cypher::Error> {
        let procedures = self.procedures();
        let faults = pieces.iter().flat_map(|piece| {
            let text = &whole[piece.clone()];
            let (statement, mut faults) = parse(text);
            if faults.is_empty() {
                faults = bind(&statement, text, &procedures).err().unwrap_or_default();
            }
            shifted(faults, piece.start)
        });
        faults.collect()
    }

    fn write(&mut self, work: Work, what: &str) -> Result<u64, Error> {
        let mut words = what.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((end, _)) = words.char_indices().nth(WHAT_CHARS_MAX) {
            words.truncate(end);
            words.push_str("..");
        }
        let author = Author {
            when: self.when.clone(),
            who: self.who.clone(),
            what: format!("query: {words}"),
        };
        let revision = self.workspace.commit(work, &self.commit, &author)?;
        self.envelope.revision = self.envelope.revision.max(revision);
        Ok(revision)
    }
}

/// The words that can be typed: of the language, labels, types, properties, functions, procedures.
///
/// # Errors
/// If the store cannot be read.
pub fn completions(statements: &Statements) -> Result<Vec<String>, Error> {
    let mut words: BTreeSet<String> = weft_cypher::words().map(str::to_owned).collect();
    words.extend(weft_cypher::functions::all().map(|it| it.name.to_owned()));
    words.extend(weft_cypher::signatures(&statements.procedures()).into_iter().map(|it| it.name));
    let snapshot = statements.snapshot()?;
    let mut transaction = Transaction::new(snapshot);
    for (call, column) in
        [("CALL db.labels()", 0), ("CALL db.relationshipTypes()", 0), ("CALL db.propertyKeys()", 0)]
    {
        let prepared = transaction.prepare(call, &Procedures::default());
        let rows = prepared
            .ok()
            .and_then(|it| transaction.run(&it, &Parameters::new(), &RunOptions::default()).ok());
        let values =
            rows.into_iter().flat_map(|it| it.rows).filter_map(|it| it.into_iter().nth(column));
        words.extend(values.map(|it| it.to_string()));
    }
    Ok(words.into_iter().collect())
}

fn no_transaction() -> Error {
    Error::usage("no transaction is open").with_hint("`:begin` begins one")
}

/// `query`: runs statements, each as a transaction of its own unless they are to be one.
///
/// Faults that show before anything is run are told of all statements at once, and nothing is run.
pub(super) fn query(
    settings: &Settings,
    options: &Query,
    listener: &mut dyn Listener,
) -> Result<Output, Error> {
    let whole = options.text.as_str();
    let pieces = pieces_of(whole);
    let is_write = pieces.iter().any(|it| is_write(&whole[it.clone()]));
    let mut session = Statements::open(settings, is_write, listener)?
        .timed(options.stopwatch, options.timeout_ms)
        .limited(options.limits);
    session.rest_on(options.source.clone(), options.locator.clone())?;
    for (name, text) in &options.parameters {
        session.parameters().insert(name.clone(), read_parameter(text));
    }
    let mut diagnostics = Diagnostics::default();
    for (name, file, bytes) in &options.rows {
        let rows = weft_formats::read_rows(file, bytes, &mut diagnostics);
        let rows = rows.map_err(|it| Error::failed(it.to_string()))?;
        session.parameters().insert(name.clone(), Value::List(rows));
    }
    if diagnostics.n_errors() > 0 {
        return Err(Error::rejected(diagnostics.n_errors(), diagnostics.kept().to_vec()));
    }
    let faults = session.faults_of(whole, &pieces);
    if !faults.is_empty() {
        return Err(Error::of_query(whole, faults));
    }
    if options.single && is_write {
        session.begin()?;
    } else if options.single {
        session.work = Some(session.workspace.begin()?);
    }
    let revision = session.envelope.revision;
    let mut answers: Vec<(Answer, Envelope)> = Vec::new();
    for piece in &pieces {
        match session.run_piece(whole, piece.clone()) {
            Ok(mut answer) => {
                for (name, text) in &options.parameters {
                    answer.param(name, text.as_str());
                }
                answers.push((answer, session.envelope.clone()));
            }
            Err(err) if pieces.len() == 1 => return Err(err),
            Err(err) => {
                let failed = format!("statement {} of {} failed", answers.len() + 1, pieces.len());
                if options.single {
                    return Err(err.with_hint(format!("{failed}, so none of them is kept")));
                }
                let err = err.with_hint(match session.envelope.revision {
                    it if it == revision => format!("{failed}; those after it were not run"),
                    it => format!(
                        "{failed}; what those before it wrote is kept (the store is at revision \
                         {it}), those after it were not run; `--single` keeps all or nothing"
                    ),
                });
                return Ok(Output { answers, failed: Some(err), ..Output::default() });
            }
        }
    }
    if options.single {
        session.commit(whole)?;
        answers.iter_mut().for_each(|it| it.1.clone_from(&session.envelope));
    }
    if let [(answer, envelope)] = &mut answers[..] {
        let (answer, envelope) = (std::mem::take(answer), std::mem::take(envelope));
        return Ok(Output { envelope, ..answer.into() });
    }
    Ok(Output { answers, ..Output::default() })
}

/// Where the statements of a text stand; a text without any is one, for its fault to be told.
fn pieces_of(whole: &str) -> Vec<Range<usize>> {
    let (mut statements, rest) = split_statements(whole);
    if !rest.is_empty() || statements.is_empty() {
        statements.push(rest);
    }
    let pieces = statements.into_iter().map(|it| {
        // Each is a piece of the text, but for the one that is not there.
        let start = (it.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
        if it.is_empty() { 0..0 } else { start..start + it.len() }
    });
    pieces.collect()
}

/// Faults of a statement by their places in the text in which it begins there.
fn shifted(mut faults: Vec<weft_cypher::Error>, start: usize) -> Vec<weft_cypher::Error> {
    let start = u32::try_from(start).unwrap_or_default();
    for span in faults.iter_mut().filter_map(|it| it.span.as_mut()) {
        (span.start, span.end) = (span.start + start, span.end + start);
    }
    faults
}

/// Whether a statement may change the graph; one with faults does not.
fn is_write(text: &str) -> bool {
    let (statement, faults) = parse(text);
    // A procedure that is not known here is not one that writes.
    faults.is_empty()
        && statement.mode != Mode::Explain
        && bind(&statement, text, &Procedures::default()).map_or_else(
            |_| matches!(&statement.body, Body::Query(it) if it.first.clauses.iter().any(|it| writes(&it.kind))),
            |bound| bound.query.is_write,
        )
}

fn writes(clause: &ClauseKind) -> bool {
    matches!(
        clause,
        ClauseKind::Create(_)
            | ClauseKind::Merge { .. }
            | ClauseKind::Set(_)
            | ClauseKind::Remove(_)
            | ClauseKind::Delete { .. }
            | ClauseKind::Foreach { .. }
    )
}

/// The value of a parameter: a literal of openCypher, else the text as it stands.
///
/// `1 + 1` and `2024-01-05` are texts: only what is written as a value is one.
pub fn read_parameter(text: &str) -> Value {
    let as_text = || Value::String(text.to_owned());
    let query = format!("RETURN {text}");
    let (statement, faults) = parse(&query);
    let Body::Query(body) = &statement.body else { return as_text() };
    let item = match &body.first.clauses[..] {
        [clause] if faults.is_empty() && body.unions.is_empty() => match &clause.kind {
            ClauseKind::Return(it) if it.order_by.is_empty() && it.limit.is_none() => &it.items,
            _ => return as_text(),
        },
        _ => return as_text(),
    };
    let [item] = &item[..] else { return as_text() };
    if item.alias.is_some() || !is_literal(&item.expression) {
        return as_text();
    }
    let mut transaction = Transaction::new(weft_graph::fixture(""));
    let rows = transaction
        .prepare(&query, &Procedures::default())
        .ok()
        .and_then(|it| transaction.run(&it, &Parameters::new(), &RunOptions::default()).ok());
    rows.and_then(|it| it.rows.into_iter().next()?.into_iter().next()).unwrap_or_else(as_text)
}

/// Whether an expression is a value as it stands; `date('2024-03-01')` and its like are.
fn is_literal(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Null
        | ExprKind::Boolean(_)
        | ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_) => true,
        ExprKind::List(items) => items.iter().all(is_literal),
        ExprKind::Map(entries) => entries.iter().all(|(_, it)| is_literal(it)),
        ExprKind::Function { arguments, .. } => {
            !arguments.is_empty() && arguments.iter().all(is_literal)
        }
        _ => false,
    }
}

/// Rows as an answer; notices name their place in the whole text, in which the statement begins there.
fn answer_of(rows: Rows, mode: Mode, whole: &str, start: usize) -> Answer {
    let Rows { columns, rows, summary } = rows;
    let mut answer = Answer::default();
    answer.warnings.extend(summary.notices.iter().map(|it| {
        let at = weft_cypher::Position::of(whole, start + it.span.start as usize);
        format!("{} (line {}, column {})", it.message, at.line, at.column)
    }));
    if mode != Mode::Run {
        push_plan(&mut answer, summary.plan.as_deref().unwrap_or_default());
        return answer;
    }
    let counted = sentence_of(&summary.counters);
    if columns.is_empty() {
        answer.rows.push(counters_row(&summary.counters));
        let text = vec![counted.unwrap_or_else(|| "Nothing was changed.".to_owned())];
        answer.push_section(Section { text, ..Section::default() });
        return answer;
    }
    let is_number =
        |at: usize| rows.iter().all(|row| matches!(row[at], Value::Integer(_) | Value::Float(_)));
    let table = Table {
        numeric: (0..columns.len()).map(is_number).collect(),
        rows: rows.iter().map(|row| row.iter().map(Value::to_string).collect()).collect(),
        columns: columns.clone(),
    };
    let record = |row: &[Value], cell: fn(&Value) -> Json| {
        Json::Object(columns.iter().cloned().zip(row.iter().map(cell)).collect::<Map<_, _>>())
    };
    answer.flat = Some(rows.iter().map(|it| record(it, cell_of)).collect());
    answer.rows.extend(rows.iter().map(|it| record(it, json_of)));
    answer.push_section(Section { notes: counted.into_iter().collect(), ..Section::bare(table) });
    answer
}

fn json_of(value: &Value) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

/// A value as one cell of a spreadsheet: plain ones and lists of them as they are, others as their text.
fn cell_of(value: &Value) -> Json {
    let is_plain = |it: &Value| {
        matches!(it, Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::String(_))
            || matches!(it, Value::Float(it) if it.is_finite())
    };
    let is_whole = |it: &Value| {
        matches!(it, Value::List(_) | Value::Map(_))
            || matches!(it, Value::Node(_) | Value::Relationship(_) | Value::Path(_))
    };
    match value {
        it if is_plain(it) => json_of(it),
        Value::List(items) if !items.iter().any(is_whole) => items.iter().map(cell_of).collect(),
        it => Json::String(it.to_string()),
    }
}

/// The plan as a tree, and the same as rows.
fn push_plan(answer: &mut Answer, plan: &[PlanRow]) {
    let is_profile = plan.iter().any(|it| it.rows.is_some());
    let headings = ["operator", "details", "#estimated rows", "#rows", "#milliseconds"];
    let mut table = Table::new(&headings[..if is_profile { 5 } else { 3 }]);
    for it in plan {
        let mut cells = vec![
            format!("{}{}", "· ".repeat(it.depth), it.operator),
            it.details.clone(),
            format!("{:.0}", it.estimated_rows),
        ];
        if is_profile {
            cells.push(it.rows.map_or(String::new(), |it| it.to_string()));
            cells.push(it.time_ns.map_or(String::new(), |it| format!("{:.3}", it as f64 / 1e6)));
        }
        table.rows.push(cells);
        answer.rows.push(json!({
            "depth": it.depth, "operator": it.operator, "details": it.details,
            "estimated_rows": it.estimated_rows, "rows": it.rows, "time_ns": it.time_ns,
        }));
    }
    answer.push_section(Section::bare(table));
}

/// `2 nodes created, 1 relationship created.`
fn sentence_of(counters: &Counters) -> Option<String> {
    let parts = counted(counters).into_iter().filter(|(_, n, ..)| *n > 0);
    let words: Vec<String> = parts
        .map(|(_, n, one, many, done)| format!("{} {done}", plural(n as usize, one, many)))
        .collect();
    (!words.is_empty()).then(|| format!("{}.", words.join(", ")))
}

fn counters_row(counters: &Counters) -> Json {
    let fields = counted(counters).into_iter().map(|(name, n, ..)| (name.to_owned(), n.into()));
    Json::Object(fields.collect())
}

type Counted = (&'static str, u64, &'static str, &'static str, &'static str);

fn counted(it: &Counters) -> [Counted; 7] {
    let (node, nodes) = ("node", "nodes");
    let (tie, ties) = ("relationship", "relationships");
    [
        ("nodes_created", it.nodes_created, node, nodes, "created"),
        ("nodes_deleted", it.nodes_deleted, node, nodes, "deleted"),
        ("relationships_created", it.relationships_created, tie, ties, "created"),
        ("relationships_deleted", it.relationships_deleted, tie, ties, "deleted"),
        ("properties_set", it.properties_set, "property", "properties", "set"),
        ("labels_added", it.labels_added, "label", "labels", "added"),
        ("labels_removed", it.labels_removed, "label", "labels", "removed"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Value) {
        assert_eq!(read_parameter(text), expected);
    }

    #[test]
    fn a_parameter_is_a_literal_or_a_text() {
        check("42", Value::Integer(42));
        check("-1.5", Value::Float(-1.5));
        check("true", Value::Boolean(true));
        check("'a b'", Value::String("a b".into()));
        check("[1, 'x']", Value::List(vec![Value::Integer(1), Value::String("x".into())]));
        for text in ["Leeds", "two words", "2024-01-05", "1 + 1", "n.name", "it's", "", "1 AS x"] {
            check(text, Value::String(text.into()));
        }
        assert_eq!(read_parameter("date('2024-03-01')").type_name(), "a date");
    }
}
