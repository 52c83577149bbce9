//! Queries that users of other engines write, and what becomes of them: golden/probes.txt. Each was
//! checked against the standard by hand, and is answered alike by the naive and the optimised plan.

use weft_cypher::{Counters, Error, Parameters, PlanOptions, Procedures, RunOptions, Transaction};
use weft_graph::{Schema, SnapshotBuilder};
use weft_value::Value;

const GRAPH: &str = "CREATE (a:A {n: 1, name: 'a'})-[:T {w: 1}]->(b:B {n: 2, name: 'b'}), \
                     (b)-[:T {w: 2}]->(c:C {n: 3, name: 'c'}), (a)-[:U {w: 1}]->(c), (c)-[:L]->(c)";

#[test]
fn queries_that_others_write_are_answered_as_they_expect() {
    super::golden::check("probes.txt", |text| {
        let [naive, optimised] = [false, true].map(|optimise| answer(text, optimise));
        assert_eq!(naive, optimised, "{text}");
        optimised
    });
}

/// The rows of a statement and what it wrote, or the class of its first fault.
fn answer(text: &str, optimise: bool) -> String {
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    run(&mut transaction, GRAPH, optimise).expect("an open schema takes any graph");
    run(&mut transaction, text, optimise)
        .unwrap_or_else(|error| format!("{}: {:?}", error.kind, error.detail))
}

fn run(transaction: &mut Transaction, text: &str, optimise: bool) -> Result<String, Error> {
    let prepared = transaction.prepare_with(text, &Procedures::default(), PlanOptions { optimise });
    let prepared = prepared.map_err(|mut it| it.remove(0))?;
    let rows = transaction.run(&prepared, &Parameters::new(), &RunOptions::default())?;
    let line = |row: &Vec<Value>| row.iter().map(shown).collect::<Vec<_>>().join(", ");
    let mut lines: Vec<String> = rows.rows.iter().map(line).collect();
    if !text.contains("ORDER BY") {
        lines.sort();
    }
    lines.extend(written(&rows.summary.counters));
    Ok(lines.join("\n"))
}

fn written(it: &Counters) -> Option<String> {
    let all = [
        (it.nodes_created, "nodes made"),
        (it.nodes_deleted, "nodes deleted"),
        (it.relationships_created, "relationships made"),
        (it.relationships_deleted, "relationships deleted"),
        (it.properties_set, "properties set"),
        (it.labels_added, "labels added"),
        (it.labels_removed, "labels removed"),
    ];
    let all: Vec<_> = all.iter().filter(|it| it.0 > 0).map(|(n, of)| format!("{n} {of}")).collect();
    (!all.is_empty()).then(|| format!("({})", all.join(", ")))
}

/// A value so that strings, and what is in them, can be told from others.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}
