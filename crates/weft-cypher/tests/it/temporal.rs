//! Temporal values in queries: what stands beside the kit's scenarios.

use std::sync::Arc;

use weft_cypher::{Clock, Parameters, Procedures, RunOptions, Transaction};
use weft_graph::{Schema, SnapshotBuilder};
use weft_value::Value;

use crate::golden;

#[test]
fn temporal_values_do_in_queries_what_the_standard_says() {
    golden::check("temporal.txt", answer);
}

/// The rows of a query at half past twelve of a summer's day in UTC, a line each; or its fault.
fn answer(query: &str) -> String {
    let snapshot = SnapshotBuilder::new(Arc::new(Schema::open())).build();
    let mut transaction = Transaction::new(snapshot);
    let clock = Clock { seconds: 1_720_009_800, ..Clock::default() };
    let options = RunOptions { clock, ..RunOptions::default() };
    let prepared = match transaction.prepare(query, &Procedures::default()) {
        Ok(prepared) => prepared,
        Err(errors) => return errors[0].describe(query),
    };
    match transaction.run(&prepared, &Parameters::new(), &options) {
        Ok(rows) => {
            let lines = rows.rows.iter().map(|row| {
                let cells: Vec<String> = row.iter().map(cell).collect();
                cells.join(" | ")
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        Err(error) => format!("{} {}: {}", error.kind, error.detail, error.describe(query)),
    }
}

fn cell(value: &Value) -> String {
    if value.is_null() { "null".to_owned() } else { value.to_string() }
}
