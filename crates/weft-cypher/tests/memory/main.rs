//! What statements hold at their peak, counted at the allocator: no more than they may, whatever is
//! asked; and nothing is left of them.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test, which tells what it counted")]

mod statements;

use std::cell::Cell;

use peak_alloc::PeakAlloc;
use statements::{End, STATEMENTS};
use weft_cypher::{
    CommitOptions, Error, ErrorKind, Interrupt, Limits, PLAN_BYTES_A_BYTE, Parameters, Procedures,
    RunOptions, Transaction,
};
use weft_graph::{Schema, SnapshotBuilder};
use weft_value::Value;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a statement may hold.
const N_BYTES: usize = 4_000_000;
/// How often a statement may ask whether to go on, before it is told to stop.
const N_CHECKS_MAX: usize = 100;
/// What is not counted at all: the plan, the row, what stands on the stack of a search.
const N_BYTES_UNCOUNTED: usize = 400_000;

/// A network of a thousand, a hub with parallel relationships, and steps between each of which there are two
/// ways.
const GRAPH: &[&str] = &[
    "UNWIND range(0, 999) AS x CREATE (:Node {x: x, name: 'body number ' + x, kind: 'k' + (x % 7)})",
    "UNWIND range(0, 3999) AS x MATCH (a:Node {x: x % 1000}), (b:Node {x: x * 7919 % 1000}) \
     CREATE (a)-[:KNOWS {since: x}]->(b)",
    "CREATE (h:Hub {name: 'hub'}) WITH h UNWIND range(1, 2000) AS x CREATE (h)-[:AT]->(l:Leaf {x: x}) \
     CREATE (l)-[:AT]->(h)",
    "UNWIND range(0, 40) AS x CREATE (:Step {x: x})",
    "UNWIND range(0, 39) AS x MATCH (a:Step {x: x}), (b:Step {x: x + 1}) \
     CREATE (a)-[:TO]->(b), (a)-[:TO]->(b)",
];

fn graph() -> Transaction {
    let empty = SnapshotBuilder::new(Schema::open().into()).build();
    let mut transaction = Transaction::new(empty);
    for text in GRAPH {
        let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
        transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
    }
    let changes = transaction.commit(&CommitOptions::default()).unwrap();
    Transaction::new(transaction.graph().snapshot().with(&changes).unwrap())
}

/// How many rows a statement gives.
fn run(
    transaction: &mut Transaction,
    text: &str,
    parameters: &Parameters,
    n_checks_max: usize,
) -> Result<usize, Error> {
    let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
    let n_checks = Cell::new(0);
    let stop = || {
        n_checks.set(n_checks.get() + 1);
        (n_checks.get() > n_checks_max).then_some(Interrupt::TimeOver)
    };
    let limits = Limits { n_bytes: N_BYTES, ..Limits::default() };
    let options = RunOptions { limits, interrupt: Some(&stop), ..RunOptions::default() };
    let rows = transaction.run(&prepared, parameters, &options)?;
    Ok(rows.rows.len())
}

fn parameters() -> Parameters {
    let row = |n: i64| Value::Map([("name".to_owned(), Value::String(n.to_string()))].into());
    Parameters::from([("rows".to_owned(), Value::List((0..8_000).map(row).collect()))])
}

/// A long text: something again and again, between a beginning and an end.
fn long(head: &str, each: &str, tail: &str) -> String {
    format!("{head}{}{tail}", each.repeat(100_000 / each.len()))
}

#[track_caller]
fn check_plans(transaction: &Transaction) {
    let texts = [
        long("RETURN [1", ",1", "] AS x"),
        long("RETURN [x", ",x", "] AS x"),
        long("RETURN 1", "+1", " AS x"),
        long("RETURN 1 AS x", " UNION ALL RETURN 1 AS x", ""),
        long("RETURN {a: 1", ", a: 1", "} AS x"),
        long("RETURN true", " OR true", " AS x"),
        long("MATCH (a) RETURN a.x", ",a.x", ""),
        long("CREATE ()", ",()", ""),
        long("CREATE ()", "-[:T]->()", ""),
        long("MATCH ()", "-->()", " RETURN 1 AS x"),
        long("MATCH (a)", ",(a)", " RETURN 1 AS x"),
        long("", "MATCH (a) ", " RETURN 1 AS x"),
        long("WITH 1 AS x ", "WITH x ", "RETURN x"),
        long("MATCH (a) ", "SET a.x=1 ", ""),
        long("EXPLAIN MATCH (a) ", "SET a.x=1 ", ""),
        long("", "(", ""),
        long("RETURN '", "x", "' AS x"),
        long("RETURN ", "`", ""),
    ];
    for text in &texts {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let n_errors = transaction.prepare(text, &Procedures::default()).err().map(|it| it.len());
        let peak = MEMORY.peak_usage().saturating_sub(before);
        println!("{:>6} a byte, {n_errors:?}: {}", peak / text.len(), &text[..30]);
        assert!(peak / text.len() < PLAN_BYTES_A_BYTE, "{} {}", peak / text.len(), &text[..30]);
    }
}

/// One test, for the allocator counts what all threads hold.
#[test]
fn no_statement_holds_more_than_it_may_and_nothing_is_left_of_it() {
    let (mut transaction, parameters) = (graph(), parameters());
    // What is made once for all queries is made before counting.
    for (_, text) in STATEMENTS {
        let mut other = transaction.clone();
        drop(run(&mut other, text, &parameters, 2));
    }
    check_plans(&transaction);
    let mut faults = Vec::new();
    for (end, text) in STATEMENTS {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let ended = run(&mut transaction, text, &parameters, N_CHECKS_MAX);
        let peak = MEMORY.peak_usage().saturating_sub(before);
        let n_left = MEMORY.current_usage().saturating_sub(before);
        let ratio = peak as f64 / N_BYTES as f64;
        let said = match &ended {
            Ok(n_rows) => format!("{n_rows} rows"),
            Err(it) if it.message.contains("time") => "stopped".to_owned(),
            Err(it) if it.kind == ErrorKind::LimitError => "refused".to_owned(),
            Err(it) => format!("{it:?}"),
        };
        println!("{ratio:>6.2} {n_left:>9} {said:12} {text}");
        let is_as_meant = match end {
            End::Refused => said == "refused",
            End::Within => said != "refused" && (ended.is_ok() || said == "stopped"),
        };
        if !is_as_meant || peak > N_BYTES + N_BYTES_UNCOUNTED || n_left > 50_000 {
            faults.push(format!("{ratio:>6.2} {n_left:>9} {said:12} {text}"));
        }
        if !transaction.graph().is_unchanged() {
            faults.push(format!("changed: {text}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
