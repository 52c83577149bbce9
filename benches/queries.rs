//! What queries cost, in process and warm, against SQLite asked the same over indexed tables.
//!
//! Sizes: 100k / 400k; with `WEFT_BENCH_LARGE=1` 1M / 5M, too; with `WEFT_BENCH_SIZE=medium` or `large`
//! that alone. SQLite is stopped after `WEFT_BENCH_SECONDS` (60) on a question. Each query is prepared once, run until a
//! second is over, its rows read to the end, and its answer compared with SQLite's; told
//! is the mean time of the processor, which other programs disturb least. `WEFT_BENCH_PREPARE=10`
//! prepares each question ten times on either side and does no more, for benches/prepare.py to count;
//! `WEFT_BENCH_OUT=FOLDER` writes tables, questions, times and answers there, for benches/engines.
//! docs/decisions/benchmarks.md says what came out and what was done about it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that fails stops, and tells what it measured"
)]

#[allow(dead_code, unreachable_pub, reason = "the example that writes files uses the rest")]
mod generator;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use generator::{Generated, LARGE, MEDIUM, Size};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};
use weft_cypher::{
    Field, FieldType, Limits, Parameters, Procedure, ProcedureError, Procedures, RunOptions,
    Signature, Transaction,
};
use weft_graph::{
    Amount, Certainty, NodeId, PlainClaim, PlainNode, PlainTie, Qualifier, Schema, Snapshot,
    SnapshotBuilder, Source, TieId,
};
use weft_value::{NodeValue, Value};

/// One question, in both languages. The order of the rows does not count.
struct Question {
    name: &'static str,
    cypher: &'static str,
    sql: &'static str,
    parameters: Vec<(&'static str, Value)>,
}

/// Runs of one query at least and at most, and for how long.
const N_RUNS_MIN: u32 = 3;
const N_RUNS_MAX: u32 = 20_000;
const LONGEST: Duration = Duration::from_secs(1);

fn main() {
    let only = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    if let Some(n) = std::env::var("WEFT_BENCH_PREPARE").ok().and_then(|it| it.parse().ok()) {
        return prepare_only(n, only.as_deref());
    }
    for (name, size) in sizes() {
        compare(name, size, only.as_deref());
    }
}

fn sizes() -> Vec<(&'static str, Size)> {
    let mut sizes = vec![("100k-400k", MEDIUM)];
    let size = std::env::var("WEFT_BENCH_SIZE").unwrap_or_default();
    if std::env::var_os("WEFT_BENCH_LARGE").is_some() || size == "large" {
        sizes.push(("1M-5M", LARGE));
    }
    if size == "large" {
        sizes.remove(0);
    }
    sizes
}

/// Hands over each question and each write, to be run by whoever counts something.
#[allow(dead_code, reason = "for benches/memory.rs")]
pub(crate) fn once_each(measure: &mut dyn FnMut(&str, &mut dyn FnMut())) {
    for (size_name, size) in sizes() {
        println!("{size_name}");
        let generated = Generated::new(size, 7);
        let snapshot = snapshot(&Tables::of(&generated));
        for question in questions(&generated) {
            let mut transaction = Transaction::new(snapshot.clone());
            let prepared = transaction.prepare(question.cypher, &procedures()).unwrap();
            let parameters = question.parameters.iter();
            let parameters: Parameters =
                parameters.map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
            measure(question.name, &mut || {
                let mut each = |row| {
                    black_box(row);
                    ControlFlow::Continue(())
                };
                let options = RunOptions::default();
                transaction.run_with(&prepared, &parameters, &options, &mut each).unwrap();
            });
        }
        for (write, n_rows) in WRITES.iter().flat_map(|it| [(it, 10_000), (it, 100_000)]) {
            let parameters = new_rows(n_rows);
            measure(&format!("{}, {n_rows} rows", write.name), &mut || {
                let mut transaction = Transaction::new(snapshot.clone());
                let prepared = transaction.prepare(write.cypher, &procedures()).unwrap();
                transaction.run(&prepared, &parameters, &RunOptions::default()).unwrap();
            });
        }
    }
}

/// Hands over each of some statements, to be run under a limit of bytes; says whether it was refused.
#[allow(dead_code, reason = "for benches/memory.rs")]
pub(crate) fn refused(
    n_bytes: usize,
    statements: &[&str],
    measure: &mut dyn FnMut(&str, &mut dyn FnMut() -> String),
) {
    let snapshot = snapshot(&Tables::of(&Generated::new(MEDIUM, 7)));
    let limits = Limits { n_bytes, ..Limits::default() };
    let options = RunOptions { limits, ..RunOptions::default() };
    // What is made once for all queries is made before counting.
    let mut transaction = Transaction::new(snapshot.clone());
    let first = transaction.prepare("MATCH ({name: 'x'})--() RETURN count(*)", &procedures());
    transaction.run(&first.unwrap(), &Parameters::new(), &RunOptions::default()).unwrap();
    for text in statements {
        measure(text, &mut || {
            let mut transaction = Transaction::new(snapshot.clone());
            let prepared = transaction.prepare(text, &procedures()).unwrap();
            match transaction.run(&prepared, &Parameters::new(), &options) {
                Ok(_) => "answered".to_owned(),
                Err(error) => error.kind.to_string(),
            }
        });
    }
}

fn compare(size_name: &str, size: Size, only: Option<&str>) {
    let generated = Generated::new(size, 7);
    let rows = Tables::of(&generated);
    let snapshot = snapshot(&rows);
    // Alone, for profiles.
    let is_alone = std::env::var_os("WEFT_BENCH_ALONE").is_some();
    let connection = if is_alone { Connection::open_in_memory().unwrap() } else { sqlite(&rows) };
    let out = std::env::var_os("WEFT_BENCH_OUT").map(PathBuf::from);
    if let Some(folder) = &out {
        rows.write(folder);
    }
    let mut told = String::new();
    println!("{size_name:24} {:>12} {:>12} {:>8}", "weft", "sqlite3", "ratio");
    for question in questions(&generated) {
        if only.is_some_and(|it| !question.name.contains(it)) {
            continue;
        }
        let mut transaction = Transaction::new(snapshot.clone());
        let prepared = transaction.prepare(question.cypher, &procedures()).unwrap();
        let parameters: Parameters =
            question.parameters.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
        if std::env::var_os("WEFT_BENCH_PLAN").is_some() {
            for line in prepared.plan() {
                println!("{:>10.0} {} {}", line.estimated_rows, line.operator, line.details);
            }
        }
        let options = RunOptions::default();
        let mut answer = transaction.run(&prepared, &parameters, &options).unwrap().rows;
        let ours = timed(|| {
            let mut each = |row| {
                black_box(row);
                ControlFlow::Continue(())
            };
            transaction.run_with(&prepared, &parameters, &options, &mut each).unwrap();
        });
        if is_alone {
            println!("{:24} {:>12}", question.name, micros(ours));
            continue;
        }
        let mut statement = connection.prepare(question.sql).unwrap();
        let n_columns = statement.column_count();
        let values = || question.parameters.iter().map(|(_, it)| it.to_string());
        let begin = processor_time();
        let theirs = stopped_in_time(&connection, || {
            let mut theirs = Vec::new();
            let mut rows = statement.query(params_from_iter(values()))?;
            while let Some(row) = rows.next()? {
                let text = |at| match row.get_ref(at).unwrap() {
                    ValueRef::Null => String::new(),
                    ValueRef::Integer(it) => it.to_string(),
                    ValueRef::Real(it) => format!("{it:.3}"),
                    ValueRef::Text(it) => String::from_utf8_lossy(it).into_owned(),
                    ValueRef::Blob(_) => "blob".to_owned(),
                };
                theirs.push((0..n_columns).map(text).collect::<Vec<_>>());
            }
            Ok(theirs)
        });
        let first = begin.zip(processor_time()).map_or(Duration::ZERO, |(from, to)| to - from);
        let mut answer: Vec<Vec<String>> =
            answer.drain(..).map(|it| it.iter().map(text_of).collect()).collect();
        answer.sort_unstable();
        let theirs = theirs.map(|mut theirs| {
            theirs.sort_unstable();
            assert!(answer == theirs, "{}: {answer:?} against {theirs:?}", question.name);
            // What takes seconds is not asked again.
            if first > LONGEST * 2 {
                return first;
            }
            timed(|| {
                let mut rows = statement.query(params_from_iter(values())).unwrap();
                while let Some(row) = rows.next().unwrap() {
                    (0..n_columns).for_each(|at| _ = black_box(row.get_ref(at).unwrap()));
                }
            })
        });
        let ratio = theirs.map_or(f64::NAN, |it| it.as_secs_f64() / ours.as_secs_f64());
        println!(
            "{:24} {:>12} {:>12} {ratio:>8.1}  {} rows",
            question.name,
            micros(ours),
            theirs.map_or("stopped".to_owned(), micros),
            answer.len()
        );
        let parameters = question.parameters.iter().map(|(name, it)| (*name, it.to_string()));
        let line = serde_json::json!({
            "name": question.name,
            "parameters": parameters.collect::<BTreeMap<_, _>>(),
            "answer": answer,
            "weft": ours.as_secs_f64() * 1e6,
            "sqlite3": theirs.map(|it| it.as_secs_f64() * 1e6),
        });
        told += &format!("{line}\n");
    }
    if let Some(folder) = &out {
        std::fs::write(folder.join("answers.jsonl"), told).unwrap();
    }
    for n_rows in [10_000, 100_000] {
        for write in WRITES {
            let name = format!("{}, {n_rows} rows", write.name);
            if only.is_none_or(|it| name.contains(it)) {
                let ours = written_by_weft(&snapshot, write, n_rows);
                if is_alone {
                    println!("{name:24} {:>12}", micros(ours.0));
                    continue;
                }
                let theirs = written_by_sqlite(&connection, write, n_rows);
                assert_eq!(ours.1, theirs.1, "{name}");
                let ratio = theirs.0.as_secs_f64() / ours.0.as_secs_f64();
                let (n, ours, theirs) = (ours.1, micros(ours.0), micros(theirs.0));
                println!("{name:24} {ours:>12} {theirs:>12} {ratio:>8.1}  {n} new");
            }
        }
    }
}

/// What SQLite answers, unless it takes longer than it may.
fn stopped_in_time<T>(
    connection: &Connection,
    ask: impl FnOnce() -> rusqlite::Result<T>,
) -> Option<T> {
    let seconds = std::env::var("WEFT_BENCH_SECONDS").ok().and_then(|it| it.parse().ok());
    let longest = Duration::from_secs(seconds.unwrap_or(60));
    let handle = connection.get_interrupt_handle();
    let (is_done, watch) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if watch.recv_timeout(longest) == Err(RecvTimeoutError::Timeout) {
            handle.interrupt();
        }
    });
    let answer = ask();
    drop(is_done);
    watch.join().unwrap();
    match answer {
        Err(rusqlite::Error::SqliteFailure(it, _))
            if it.code == rusqlite::ErrorCode::OperationInterrupted =>
        {
            None
        }
        answer => Some(answer.unwrap()),
    }
}

/// Rows that are written at once, in both languages; SQLite is given one row after another.
struct Write {
    name: &'static str,
    cypher: &'static str,
    sql: &'static str,
}

const WRITES: [&Write; 2] = [
    &Write {
        name: "create",
        cypher: "UNWIND $rows AS row CREATE (:Company {name: row.name, stage: row.stage})",
        sql: "INSERT INTO nodes (kind, name, valid_from) VALUES ('company', ?1, ?2)",
    },
    &Write {
        name: "merge",
        cypher: "UNWIND $rows AS row MERGE (n {name: row.name}) ON CREATE SET n:Company, n.stage = row.stage",
        sql: "INSERT INTO nodes (kind, name, valid_from) SELECT 'company', ?1, ?2 \
              WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE name = ?1)",
    },
];

/// Names of which every other one occurs twice.
fn new_names(n_rows: usize) -> impl Iterator<Item = String> {
    (0..n_rows).map(|it| format!("New company {}", it - usize::from(it % 4 == 3)))
}

fn new_rows(n_rows: usize) -> Parameters {
    let rows = new_names(n_rows).map(|name| {
        let cells = [("name", name), ("stage", "idea".to_owned())];
        Value::Map(cells.into_iter().map(|it| (it.0.to_owned(), Value::String(it.1))).collect())
    });
    Parameters::from([("rows".to_owned(), Value::List(rows.collect()))])
}

/// The time to write the rows, each time over the snapshot, and how many nodes were made.
fn written_by_weft(snapshot: &Snapshot, write: &Write, n_rows: usize) -> (Duration, u64) {
    let parameters = new_rows(n_rows);
    let mut n_new = 0;
    let time = timed(|| {
        let mut transaction = Transaction::new(snapshot.clone());
        let prepared = transaction.prepare(write.cypher, &procedures()).unwrap();
        let done = transaction.run(&prepared, &parameters, &RunOptions::default()).unwrap();
        n_new = done.summary.counters.nodes_created;
    });
    (time, n_new)
}

/// The same in a transaction that is taken back.
fn written_by_sqlite(connection: &Connection, write: &Write, n_rows: usize) -> (Duration, u64) {
    let names: Vec<String> = new_names(n_rows).collect();
    let mut n_new = 0;
    let time = timed(|| {
        connection.execute_batch("BEGIN").unwrap();
        let mut statement = connection.prepare(write.sql).unwrap();
        n_new = names.iter().map(|it| statement.execute((it, "idea")).unwrap() as u64).sum();
        connection.execute_batch("ROLLBACK").unwrap();
    });
    (time, n_new)
}

/// Full text, as the procedure of weft asks it.
#[derive(Debug)]
struct Search(Signature);

fn procedures() -> Procedures {
    let field = |name: &str, field_type, nullable| Field {
        name: name.into(),
        field_type,
        nullable,
        default: None,
    };
    let mut res = Procedures::default();
    res.add(Arc::new(Search(Signature {
        name: "weft.search".into(),
        inputs: vec![field("text", FieldType::String, false)],
        outputs: vec![field("node", FieldType::Node, true), field("score", FieldType::Float, true)],
        meaning: "Full text.".into(),
        is_write: false,
    })));
    res
}

impl Procedure for Search {
    fn signature(&self) -> &Signature {
        &self.0
    }

    fn call(
        &self,
        snapshot: &Snapshot,
        arguments: &[Value],
        _is_stopped: &dyn Fn() -> bool,
        on_row: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), ProcedureError> {
        let Some(Value::String(text)) = arguments.first() else { return Ok(()) };
        snapshot.search(text).into_iter().all(|(idx, score)| {
            let key = i64::from(snapshot.node(idx).key().0);
            let (element_id, labels, properties) = Default::default();
            let node = NodeValue { key, element_id, labels, properties };
            on_row(vec![Value::Node(Box::new(node)), Value::Float(score)])
        });
        Ok(())
    }
}

/// Prepares questions on a small graph, on both sides, each time anew.
fn prepare_only(n: usize, only: Option<&str>) {
    let generated = Generated::new(Size { n_nodes: 1_000, n_ties: 4_000 }, 7);
    let rows = Tables::of(&generated);
    let transaction = Transaction::new(snapshot(&rows));
    let connection = sqlite(&rows);
    for question in questions(&generated) {
        if only.is_none_or(|it| it == question.name) {
            // What is made once for all queries is made before counting.
            transaction.prepare(question.cypher, &procedures()).unwrap();
            connection.prepare(question.sql).unwrap();
            prepared_by_weft(n, &transaction, question.cypher);
            prepared_by_sqlite(n, &connection, question.sql);
            println!("{}", question.name);
        }
    }
}

#[inline(never)]
fn prepared_by_weft(n: usize, transaction: &Transaction, text: &str) {
    let procedures = procedures();
    (0..n).for_each(|_| _ = transaction.prepare(text, &procedures).unwrap());
}

#[inline(never)]
fn prepared_by_sqlite(n: usize, connection: &Connection, text: &str) {
    (0..n).for_each(|_| _ = connection.prepare(text).unwrap());
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Float(it) => format!("{it:.3}"),
        other => other.to_string(),
    }
}

/// The mean time of a run.
fn timed(mut run: impl FnMut()) -> Duration {
    run();
    let (begin, start) = (Instant::now(), processor_time());
    let mut n_runs = 0;
    while n_runs < N_RUNS_MIN || (n_runs < N_RUNS_MAX && begin.elapsed() < LONGEST) {
        run();
        n_runs += 1;
    }
    let time = match (start, processor_time()) {
        (Some(start), Some(end)) => end - start,
        _ => begin.elapsed(),
    };
    time / n_runs
}

/// How long this thread has run, where the system tells.
fn processor_time() -> Option<Duration> {
    // The number is brought up to date when the thread gives way.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// The generated graph, row by row.
struct Tables {
    nodes: Vec<[String; 4]>,
    ties: Vec<(u32, &'static str, u32, Option<f64>)>,
}

impl Tables {
    fn of(generated: &Generated) -> Self {
        let (mut nodes, mut ties) = (Vec::new(), Vec::new());
        generated.write_nodes(&mut nodes).unwrap();
        generated.write_ties(&mut ties).unwrap();
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let lines = String::from_utf8(nodes).unwrap();
        let nodes = lines.lines().skip(1).map(|line| {
            let cells = cells(line);
            [cells[0].clone(), cells[1].clone(), cells[2].clone(), cells[5].clone()]
        });
        let lines = String::from_utf8(ties).unwrap();
        let amounts = lines.lines().skip(1).map(|line| cells(line)[5].parse().ok());
        let ties = generated.ties().zip(amounts);
        let ties = ties.map(|((source, relation, target), it)| (source, relation, target, it));
        Self { nodes: nodes.collect(), ties: ties.collect() }
    }
}

impl Tables {
    /// Writes them as CSV without headers; no cell needs quotes.
    fn write(&self, folder: &Path) {
        let nodes = self.nodes.iter().enumerate();
        let nodes = nodes
            .map(|(at, [id, kind, name, from])| format!("{},{id},{kind},{name},{from}\n", at + 1));
        std::fs::write(folder.join("nodes.csv"), nodes.collect::<String>()).unwrap();
        let ties = self.ties.iter().enumerate();
        let ties = ties.map(|(at, (source, relation, target, amount))| {
            let amount = amount.map(|it| it.to_string()).unwrap_or_default();
            format!("{},{},{relation},{},{amount}\n", at + 1, source + 1, target + 1)
        });
        std::fs::write(folder.join("ties.csv"), ties.collect::<String>()).unwrap();
    }
}

fn snapshot(tables: &Tables) -> Snapshot {
    let schema = Schema::bundled();
    let mut builder = SnapshotBuilder::new(schema.clone().into());
    builder.source(Source { id: "register".into(), ..Default::default() });
    let claim = || PlainClaim { source: 0, certainty: Certainty::Stated, locator: "", dataset: "" };
    for (at, [id, kind, name, from]) in tables.nodes.iter().enumerate() {
        builder.plain_node(PlainNode {
            key: NodeId(at as u32 + 1),
            id,
            kind: schema.kind_id(kind).unwrap(),
            name,
            aliases: Vec::new(),
            stage: None,
            valid_from: from.parse().ok(),
            valid_to: None,
            claim: Some(claim()),
        });
    }
    for (at, &(source, relation, target, amount)) in tables.ties.iter().enumerate() {
        let currency = "GBP".to_owned();
        builder.plain_tie(PlainTie {
            key: TieId(at as u32 + 1),
            source: NodeId(source + 1),
            relation: schema.relation_id(relation).unwrap(),
            target: NodeId(target + 1),
            valid_from: None,
            valid_to: None,
            properties: Default::default(),
            amount: amount.map(|value| Amount { value, currency, qualifier: Qualifier::Exact }),
            claim: Some(claim()),
        });
    }
    builder.build()
}

/// Tables with an index for each question; `arcs` has each tie both ways.
fn sqlite(tables: &Tables) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "CREATE TABLE nodes (key INTEGER PRIMARY KEY, id TEXT, kind TEXT, name TEXT, valid_from TEXT);
             CREATE TABLE ties (key INTEGER PRIMARY KEY, source INTEGER, relation TEXT, target INTEGER, amount REAL);
             CREATE TABLE arcs (a INTEGER, b INTEGER, tie INTEGER, relation TEXT);",
        )
        .unwrap();
    let transaction = connection.transaction().unwrap();
    {
        let mut insert =
            transaction.prepare("INSERT INTO nodes VALUES (?, ?, ?, ?, nullif(?, ''))").unwrap();
        for (at, [id, kind, name, from]) in tables.nodes.iter().enumerate() {
            insert.execute((at as i64 + 1, id, kind, name, from)).unwrap();
        }
        let mut tie = transaction.prepare("INSERT INTO ties VALUES (?, ?, ?, ?, ?)").unwrap();
        let mut arc = transaction.prepare("INSERT INTO arcs VALUES (?, ?, ?, ?)").unwrap();
        for (at, &(source, relation, target, amount)) in tables.ties.iter().enumerate() {
            let (at, source, target) = (at as i64 + 1, source + 1, target + 1);
            tie.execute((at, source, relation, target, amount)).unwrap();
            arc.execute((source, target, at, relation)).unwrap();
            arc.execute((target, source, at, relation)).unwrap();
        }
    }
    transaction.commit().unwrap();
    connection
        .execute_batch(
            "CREATE UNIQUE INDEX nodes_id ON nodes (id);
             CREATE INDEX nodes_name ON nodes (name);
             CREATE INDEX nodes_kind ON nodes (kind);
             CREATE INDEX nodes_from ON nodes (valid_from);
             CREATE INDEX ties_source ON ties (source, relation, target, amount);
             CREATE INDEX ties_target ON ties (target, relation, source);
             CREATE INDEX ties_relation ON ties (relation, source, target, amount);
             CREATE INDEX arcs_a ON arcs (a, relation, b, tie);
             CREATE VIRTUAL TABLE words USING fts5 (name, content = '');
             INSERT INTO words (rowid, name) SELECT key, name FROM nodes;
             ANALYZE;",
        )
        .unwrap();
    connection
}

fn questions(generated: &Generated) -> Vec<Question> {
    // A body with many ties, and one far from it.
    let mut degrees = vec![0_u32; generated_nodes(generated)];
    for (source, _, target) in generated.ties() {
        degrees[source as usize] += 1;
        degrees[target as usize] += 1;
    }
    let mut by_degree: Vec<u32> = (0..degrees.len() as u32).collect();
    by_degree.sort_by_key(|&it| std::cmp::Reverse(degrees[it as usize]));
    let busy = by_degree[by_degree.len() / 100];
    let quiet = by_degree[by_degree.len() / 2];
    let text = |it: String| Value::String(it);
    let id = |node| vec![("id", text(generated.id(node)))];
    let question = |name, cypher, sql, parameters| Question { name, cypher, sql, parameters };
    vec![
        question(
            "by name",
            "MATCH (n {name: $name}) RETURN n.id",
            "SELECT id FROM nodes WHERE name = ?",
            vec![("name", text(generated.name(busy)))],
        ),
        question(
            "by id",
            "MATCH (n {id: $id}) RETURN n.name",
            "SELECT name FROM nodes WHERE id = ?",
            id(busy),
        ),
        question(
            "one hop, typed",
            "MATCH (a {id: $id})-[:PARTNERS_WITH]-(b) RETURN b.name",
            "SELECT b.name FROM nodes a JOIN arcs ON arcs.a = a.key AND relation = 'partners_with' \
             JOIN nodes b ON b.key = arcs.b WHERE a.id = ?",
            id(busy),
        ),
        question(
            "two hops, distinct",
            "MATCH (a {id: $id})--(b)--(c) RETURN count(DISTINCT c)",
            "SELECT count(DISTINCT y.b) FROM nodes n JOIN arcs x ON x.a = n.key \
             JOIN arcs y ON y.a = x.b AND y.tie <> x.tie WHERE n.id = ?",
            id(busy),
        ),
        question(
            "three hops, distinct",
            "MATCH (a {id: $id})--(b)--(c)--(d) RETURN count(DISTINCT d)",
            "SELECT count(DISTINCT z.b) FROM nodes n JOIN arcs x ON x.a = n.key \
             JOIN arcs y ON y.a = x.b AND y.tie <> x.tie \
             JOIN arcs z ON z.a = y.b AND z.tie <> y.tie AND z.tie <> x.tie WHERE n.id = ?",
            id(busy),
        ),
        question(
            "path between two",
            "MATCH (a {id: $id}), (b {id: $to}) MATCH p = shortestPath((a)-[*]-(b)) \
             RETURN length(p)",
            "WITH RECURSIVE walk (node, n) AS (SELECT key, 0 FROM nodes WHERE id = ?1 \
             UNION SELECT arcs.b, n + 1 FROM walk JOIN arcs ON arcs.a = walk.node WHERE n < 6) \
             SELECT n FROM walk WHERE node = (SELECT key FROM nodes WHERE id = ?2) LIMIT 1",
            vec![("id", text(generated.id(busy))), ("to", text(generated.id(quiet)))],
        ),
        question(
            "funding by funder",
            "MATCH (f:Funder)-[r:FUNDS]->() RETURN f.id, sum(r.amount)",
            "SELECT f.id, sum(r.amount) FROM nodes f JOIN ties r ON r.source = f.key \
             WHERE f.kind IN ('funder', 'investor') AND r.relation = 'funds' GROUP BY f.key",
            vec![],
        ),
        question(
            "top 20 by degree",
            "MATCH (n)--() RETURN n.id AS id, count(*) AS n_ties ORDER BY n_ties DESC, id LIMIT 20",
            "SELECT id, n FROM (SELECT a, count(*) AS n FROM arcs GROUP BY a) \
             JOIN nodes ON key = a ORDER BY n DESC, id LIMIT 20",
            vec![],
        ),
        question(
            "range",
            "MATCH (n) WHERE n.valid_from >= '1990' AND n.valid_from < '1992' RETURN n.id",
            "SELECT id FROM nodes WHERE valid_from >= '1990' AND valid_from < '1992'",
            vec![],
        ),
        question(
            "prefix",
            "MATCH (n) WHERE n.name STARTS WITH $prefix RETURN n.name",
            "SELECT name FROM nodes WHERE name >= ?1 AND name < ?1 || x'f48fbfbf'",
            vec![("prefix", text("Kirkdale Care 1".to_owned()))],
        ),
        question(
            "full text",
            "CALL weft.search($words) YIELD node RETURN node.id",
            "SELECT id FROM words JOIN nodes ON key = words.rowid WHERE words MATCH ?1 ORDER BY rank",
            vec![("words", text("kirkdale genomics".to_owned()))],
        ),
        question(
            "triangles",
            "MATCH (a)-[:PARTNERS_WITH]->(b)-[:PARTNERS_WITH]->(c), (a)-[:PARTNERS_WITH]->(c) \
             RETURN count(*)",
            "SELECT count(*) FROM ties x JOIN ties y ON y.source = x.target \
             JOIN ties z ON z.source = x.source AND z.target = y.target \
             WHERE x.relation = 'partners_with' AND y.relation = 'partners_with' \
             AND z.relation = 'partners_with'",
            vec![],
        ),
        question(
            "five clauses",
            "MATCH (f:Funder)-[r:FUNDS]->(c:Company) \
             WITH f, count(c) AS n, sum(r.amount) AS total WHERE n >= 2 \
             MATCH (f)-[:PARTNERS_WITH]-(p) \
             WITH f, n, total, count(DISTINCT p) AS n_partners \
             RETURN f.id AS id, n, total, n_partners ORDER BY total DESC, id LIMIT 10",
            "WITH f AS (SELECT f.key, f.id, count(*) AS n, sum(r.amount) AS total \
             FROM nodes f JOIN ties r ON r.source = f.key JOIN nodes c ON c.key = r.target \
             WHERE f.kind IN ('funder', 'investor') AND c.kind = 'company' AND r.relation = 'funds' \
             GROUP BY f.key HAVING n >= 2) \
             SELECT id, n, total, count(DISTINCT arcs.b) FROM f \
             JOIN arcs ON arcs.a = f.key AND relation = 'partners_with' \
             GROUP BY f.key ORDER BY total DESC, id LIMIT 10",
            vec![],
        ),
    ]
}

fn generated_nodes(generated: &Generated) -> usize {
    generated.ties().map(|it| it.0.max(it.2) as usize + 1).max().unwrap_or(0)
}
