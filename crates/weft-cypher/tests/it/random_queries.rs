//! Two ways, one answer: a query means the same whichever plan answers it, and whether the graph was
//! committed or is still what a transaction has written.

use std::cell::Cell;

use weft_cypher::{
    Error, ErrorKind, Interrupt, Parameters, PlanOptions, Procedures, RunOptions, Transaction,
};
use weft_graph::{Schema, SnapshotBuilder};
use weft_value::Value;

use crate::generator::{Chance, graph, query};

/// Graphs, and queries of each.
const N_GRAPHS: u64 = 100;
const N_QUERIES: usize = 10;

/// How often a query is asked whether it is to stop before it is: some are made to explode.
const N_CHECKS_MAX: usize = 2;

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

fn made_of(statements: &[String]) -> Transaction {
    let empty = SnapshotBuilder::new(Schema::open().into()).build();
    let mut transaction = Transaction::new(empty);
    for statement in statements {
        run(&mut transaction, statement, true).unwrap_or_else(|err| panic!("{statement}: {err}"));
    }
    transaction
}

fn run(
    transaction: &mut Transaction,
    text: &str,
    optimise: bool,
) -> Result<Vec<Vec<Value>>, Error> {
    let n_checks = Cell::new(0);
    let interrupt = || {
        n_checks.set(n_checks.get() + 1);
        (n_checks.get() > N_CHECKS_MAX).then_some(Interrupt::TimeOver)
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
        Value::Node(node) => format!("({})", node.properties["u"]),
        Value::Relationship(relationship) => format!("[{}]", relationship.properties["u"]),
        Value::List(list) => format!("{:?}", list.iter().map(shown).collect::<Vec<_>>()),
        Value::Null => "null".into(),
        value => value.to_string(),
    }
}
