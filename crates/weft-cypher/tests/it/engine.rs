//! What is promised of the engine on any text; the fuzz target holds it on what it makes up, and
//! `cargo test` on what that has kept and on mutants of queries that are right.

use std::cell::Cell;

use weft_cypher::{
    CommitOptions, ErrorKind, Graph, Interrupt, Limits, Parameters, PlanOptions, Procedures,
    RunOptions, Transaction, commit, split_statements,
};
use weft_graph::{Schema, SnapshotBuilder};

/// Statements of a text beyond these are not run.
const N_STATEMENTS_MAX: usize = 8;
/// How often a statement is asked whether it is to stop, before it is.
const N_CHECKS_MAX: usize = 4;
const LIMITS: Limits = Limits { n_rows: 1_000, n_bytes: 4_000_000 };

/// Holds the promises of the engine on statements, which are run on a small graph: nothing panics or
/// goes on for ever, no fault is one of weft's own, what fails changes nothing, and what was written
/// can be committed.
pub(crate) fn check_engine(text: &str) {
    let (statements, rest) = split_statements(text);
    for optimise in [true, false] {
        let mut transaction = small();
        for statement in statements.iter().copied().chain([rest]).take(N_STATEMENTS_MAX) {
            check_statement(&mut transaction, statement, PlanOptions { optimise });
        }
        let graph = transaction.graph();
        if let Ok(changes) = commit(graph, &CommitOptions::default()) {
            graph.snapshot().with(&changes).expect("what is committed can be applied");
        }
    }
}

fn check_statement(transaction: &mut Transaction, text: &str, options: PlanOptions) {
    let prepared = match transaction.prepare_with(text, &Procedures::default(), options) {
        Ok(prepared) => prepared,
        Err(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                assert!(error.kind != ErrorKind::Bug, "{text}\n{error}");
                assert!(!error.describe(text).is_empty());
            }
            return;
        }
    };
    let n_checks = Cell::new(0);
    let interrupt = || {
        n_checks.set(n_checks.get() + 1);
        (n_checks.get() > N_CHECKS_MAX).then_some(Interrupt::TimeOver)
    };
    let run = RunOptions { limits: LIMITS, interrupt: Some(&interrupt), ..RunOptions::default() };
    let before = shown(transaction.graph());
    match transaction.run(&prepared, &Parameters::new(), &run) {
        Ok(rows) => assert!(rows.rows.iter().all(|it| it.len() == rows.columns.len()), "{text}"),
        Err(error) => {
            assert!(error.kind != ErrorKind::Bug, "{text}\n{error}");
            assert_eq!(shown(transaction.graph()), before, "{text}\n{error}");
        }
    }
}

fn small() -> Transaction {
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    let text = "CREATE (a:A {x: 1, s: 'a', d: date('2024-02-29')})-[:R {x: 2}]->(b:A:B {x: 2, l: [1, 2]}), \
                (b)-[:S {s: 'b'}]->(c:C {x: -1.5})-[:R]->(a), (c)-[:T]->(c), (:D)";
    let prepared = transaction.prepare(text, &Procedures::default()).expect("the query is right");
    let run = transaction.run(&prepared, &Parameters::new(), &RunOptions::default());
    run.expect("an empty graph takes any node");
    transaction
}

/// All that there is in a graph.
fn shown(graph: &Graph) -> String {
    let nodes = graph.nodes().map(|it| (it, graph.labels(it), graph.node_properties(it)));
    let ties = graph.ties().map(|it| {
        let (start, end) = (graph.start(it), graph.end(it));
        (it, graph.relation_type(it), start, end, graph.tie_properties(it))
    });
    format!("{:?} {:?}", nodes.collect::<Vec<_>>(), ties.collect::<Vec<_>>())
}
