//! Two ways, one answer: a query means the same whichever plan answers it, and whether the graph was
//! committed or is still what a transaction has written.

use std::cell::Cell;
use std::collections::BTreeMap;

use weft_cypher::{
    CommitOptions, Error, ErrorKind, Interrupt, Parameters, PlanOptions, Procedures, RunOptions,
    Transaction, commit,
};
use weft_graph::{Schema, SnapshotBuilder};
use weft_value::Value;

use crate::generator::{Chance, graph, query, write};

/// Graphs, and queries of each.
const N_GRAPHS: u64 = 100;
const N_QUERIES: usize = 10;

/// How often a query is asked whether it is to stop, before it is: some explode.
const N_CHECKS_MAX: usize = 1;

#[test]
fn every_plan_of_a_query_gives_its_rows() {
    let (mut n_answers, mut n_rows) = (0, 0);
    for seed in 0..N_GRAPHS {
        let mut chance = Chance(seed);
        let statements = graph(&mut chance);
        let mut transaction = made_of(&statements);
        for _ in 0..N_QUERIES {
            let (text, is_ordered) = query(&mut chance);
            let Some(naive) = answer(&mut transaction, &text, is_ordered, false) else { continue };
            let Some(optimised) = answer(&mut transaction, &text, is_ordered, true) else {
                continue;
            };
            assert!(
                naive == optimised,
                "seed {seed}\n{};\n\n{text}\n\nas written:\n{naive:#?}\noptimised:\n{optimised:#?}",
                statements.join(";\n")
            );
            n_answers += usize::from(naive.is_ok());
            n_rows += naive.iter().filter(|it| !it.is_empty()).count();
        }
    }
    // Queries that fail, explode or find nothing prove little: the generator is to write few of them.
    let n_queries = N_GRAPHS as usize * N_QUERIES;
    assert!(n_answers * 100 > n_queries * 95, "{n_answers} of {n_queries} queries were answered");
    assert!(n_rows * 100 > n_queries * 45, "{n_rows} of {n_queries} queries have rows");
}

#[test]
fn what_is_written_is_the_same_before_and_after_it_is_committed() {
    for seed in 0..N_GRAPHS {
        let mut chance = Chance(1_000 + seed);
        let mut statements = graph(&mut chance);
        let n_writes = chance.below(8);
        statements.extend((0..n_writes).map(|n| write(&mut chance, 200 + 2 * n)));

        let mut naive = empty();
        statements.iter().for_each(|it| must_run(&mut naive, it, false));
        let mut written = made_of(&statements);
        // Part of it is committed, and the rest written over that.
        let at = chance.below(statements.len() + 1);
        let mut half = committed(&made_of(&statements[..at]));
        statements[at..].iter().for_each(|it| must_run(&mut half, it, true));
        let mut whole = committed(&half);

        let (text, mut texts) = (statements.join(";\n"), Vec::from(WHOLE_GRAPH.map(String::from)));
        let expected: Vec<_> =
            texts.iter().map(|it| answer(&mut naive, it, false, false)).collect();
        for (text, expected) in texts.iter().zip(&expected) {
            assert_eq!(&answer(&mut written, text, false, true), expected, "seed {seed}\n{text}");
        }
        texts.extend((0..N_QUERIES / 2).map(|_| query(&mut chance).0));
        for query in texts {
            let Some(expected) = answer(&mut written, &query, false, true) else { continue };
            for (transaction, how) in [(&mut half, "committed half"), (&mut whole, "committed")] {
                let Some(found) = answer(transaction, &query, false, true) else { continue };
                assert!(
                    found == expected,
                    "seed {seed}, {how} (at {at})\n{text};\n\n{query}\n\nas written:\n{expected:#?}\n\
                     committed:\n{found:#?}",
                );
            }
        }
    }
}

/// Queries that give all there is in a graph.
const WHOLE_GRAPH: [&str; 2] = [
    "MATCH (n) RETURN n.u AS u, n:A, n:B, n:C, n:D, n:E, size(labels(n)), properties(n)",
    "MATCH (a)-[r]->(b) RETURN a.u, type(r), properties(r), b.u",
];

fn empty() -> Transaction {
    Transaction::new(SnapshotBuilder::new(Schema::open().into()).build())
}

fn made_of(statements: &[String]) -> Transaction {
    let mut transaction = empty();
    statements.iter().for_each(|it| must_run(&mut transaction, it, true));
    transaction
}

fn committed(transaction: &Transaction) -> Transaction {
    let graph = transaction.graph();
    let changes = commit(graph, &CommitOptions::default()).unwrap();
    Transaction::new(graph.snapshot().with(&changes).unwrap())
}

fn must_run(transaction: &mut Transaction, text: &str, optimise: bool) {
    run(transaction, text, optimise).unwrap_or_else(|err| panic!("{text}: {err}"));
}

fn run(
    transaction: &mut Transaction,
    text: &str,
    optimise: bool,
) -> Result<Vec<Vec<Value>>, Error> {
    let n_checks = Cell::new(0);
    let interrupt = || {
        n_checks.set(n_checks.get() + 1);
        (n_checks.get() == N_CHECKS_MAX).then_some(Interrupt::TimeOver)
    };
    let prepared = transaction
        .prepare_with(text, &Procedures::default(), PlanOptions { optimise })
        .unwrap_or_else(|err| panic!("{text}\n{err:?}"));
    let options = RunOptions { interrupt: Some(&interrupt), ..RunOptions::default() };
    Ok(transaction.run(&prepared, &Parameters::new(), &options)?.rows)
}

/// The rows as text, in their order if they have one, or the class of the error; None where it took
/// too long.
fn answer(
    transaction: &mut Transaction,
    text: &str,
    is_ordered: bool,
    optimise: bool,
) -> Option<Result<Vec<String>, String>> {
    let rows = match run(transaction, text, optimise) {
        Ok(rows) => rows,
        Err(err) if err.kind == ErrorKind::LimitError => return None,
        Err(err) => return Some(Err(format!("{} {}", err.kind, err.detail))),
    };
    let show = |row: &Vec<Value>| row.iter().map(shown).collect::<Vec<_>>().join(" | ");
    let mut rows: Vec<_> = rows.iter().map(show).collect();
    if !is_ordered {
        rows.sort();
    }
    Some(Ok(rows))
}

/// A value as text; nodes and relationships by the number that the graph gave each.
fn shown(value: &Value) -> String {
    match value {
        Value::Node(node) => format!("({})", unique(&node.properties)),
        Value::Relationship(relationship) => format!("[{}]", unique(&relationship.properties)),
        Value::List(list) => format!("{:?}", list.iter().map(shown).collect::<Vec<_>>()),
        Value::Map(map) => {
            format!("{:?}", map.iter().map(|(key, it)| (key, shown(it))).collect::<Vec<_>>())
        }
        Value::Null => "null".into(),
        value => value.to_string(),
    }
}

fn unique(properties: &BTreeMap<String, Value>) -> String {
    properties.get("u").map_or_else(|| "?".into(), shown)
}
