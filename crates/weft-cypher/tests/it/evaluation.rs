//! What is computed, and what is not: lists that stay the same, values that are never asked for.

use weft_cypher::{Parameters, Procedures, RunOptions, Transaction};
use weft_graph::{Schema, SnapshotBuilder};
use weft_value::Value;

/// The rows of the last of several statements in one transaction over an empty graph.
fn rows(statements: &[&str], parameters: &Parameters) -> Vec<Vec<Value>> {
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    let mut last = Vec::new();
    for text in statements {
        let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
        last = transaction.run(&prepared, parameters, &RunOptions::default()).unwrap().rows;
    }
    last
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let rows = rows(&[text], &Parameters::new());
    let texts: Vec<String> = rows.iter().map(|row| Value::List(row.clone()).to_string()).collect();
    assert_eq!(texts.join(" "), expected, "{text}");
}

/// Values of all sorts, as a query writes them.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0.0",
    "1",
    "1.0",
    "2",
    "-7",
    "0.5",
    "9007199254740993",
    "9007199254740992.0",
    "(0.0 / 0.0)",
    "'a'",
    "'b'",
    "''",
    "'1'",
    "[]",
    "[1]",
    "[1.0]",
    "[null]",
    "{a: 1}",
    "{a: null}",
    "date('2024-01-01')",
    "duration('P1D')",
    "duration('PT24H')",
];

#[test]
fn in_a_list_is_what_equality_with_each_element_says() {
    // Lists with and without a null and without each value, long enough to be looked through by hash.
    for n_left_out in 0..VALUES.len() {
        for has_null in [false, true] {
            let is_in =
                |at: &usize| *at != n_left_out && (has_null || !VALUES[*at].contains("null"));
            let list: Vec<&str> = (0..VALUES.len()).filter(is_in).map(|at| VALUES[at]).collect();
            let constants: Vec<&str> =
                list.iter().copied().filter(|it| !it.contains('(')).collect();
            assert!(constants.len() >= 16);
            for list in [&list, &constants] {
                check_in(list);
            }
        }
    }
}

/// Every value is in a list, written out or handed over, where one of its elements equals it.
#[track_caller]
fn check_in(list: &[&str]) {
    let whole = format!("[{}]", list.join(", "));
    let handed = rows(&[&format!("RETURN {whole}")], &Parameters::new())[0][0].clone();
    let parameters = Parameters::from([("list".to_owned(), handed)]);
    let any: Vec<String> = list.iter().map(|it| format!("x = {it}")).collect();
    let (values, any) = (VALUES.join(", "), any.join(" OR "));
    let query = format!("UNWIND [{values}] AS x RETURN x IN {whole}, x IN $list, {any}");
    let found = rows(&[&query], &parameters);
    assert_eq!(found.len(), VALUES.len());
    for (value, found) in VALUES.iter().zip(found) {
        assert_eq!(found[0], found[2], "{value} IN {whole}");
        assert_eq!(found[1], found[2], "{value} IN $list of {whole}");
    }
}

#[test]
fn a_long_list_is_looked_through_once_for_all_rows() {
    let list: Vec<String> = (0..20_000).map(|it| (it * 2).to_string()).collect();
    check(
        &format!(
            "UNWIND range(1, 20000) AS x WITH x WHERE x IN [{}] RETURN count(*)",
            list.join(",")
        ),
        "[10000]",
    );
}

#[test]
fn what_is_not_asked_for_is_not_computed() {
    check(
        "UNWIND [0, 2] AS x RETURN coalesce(1 / nullIf(x, 0), 7), coalesce(x, 1 / 0)",
        "[7, 0] [0, 2]",
    );
    check("RETURN coalesce(null, 3, 1 / 0)", "[3]");
    check("RETURN coalesce(null, null)", "[null]");
    check("UNWIND [0, 2] AS x RETURN CASE WHEN x = 0 THEN 0 ELSE 10 / x END", "[0] [5]");
    check(
        "UNWIND [0, 2] AS x RETURN CASE x WHEN 0 THEN 'none' WHEN 4 / x THEN 'two' END",
        "[none] [two]",
    );
    check(
        "UNWIND [0, 2] AS x RETURN x = 0 OR 4 / x = 2, x <> 0 AND 4 / x = 2",
        "[true, false] [true, true]",
    );
    check(
        "RETURN any(x IN [1, 0] WHERE 1 / x = 1), all(x IN [2, 0] WHERE 2 / x = 2)",
        "[true, false]",
    );
}

#[test]
fn zero_below_nothing_is_zero() {
    check("RETURN -0.0, 0.0 = -0.0, toString(-0.0), 1 / -0.0", "[-0.0, true, -0.0, -Infinity]");
    check("UNWIND [0.0, -0.0, 0] AS x RETURN count(DISTINCT x)", "[1]");
    check("UNWIND [0.0, -0.0] AS x WITH x AS x, count(*) AS n RETURN n", "[2]");
}

#[test]
fn labels_stand_as_they_do_once_they_are_committed() {
    let statements = ["CREATE (n:Person:Author {x: 1}) SET n:Engineer:Zoo:Alive REMOVE n:Zoo"];
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    let procedures = Procedures::default();
    let run = |transaction: &mut Transaction, text: &str| {
        let prepared = transaction.prepare(text, &procedures).unwrap();
        transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap().rows
    };
    run(&mut transaction, statements[0]);
    let read = "MATCH (n) RETURN labels(n), n";
    let before = run(&mut transaction, read);
    let changes = transaction.commit(&weft_cypher::CommitOptions::default()).unwrap();
    let after = transaction.graph().snapshot().with(&changes).unwrap();
    let mut after = Transaction::new(after);
    assert_eq!(before[0][0].to_string(), "[Alive, Author, Engineer, Person]");
    assert_eq!(run(&mut after, read), before);
    // One more label on the committed node finds its place, too.
    run(&mut after, "MATCH (n) SET n:Bold");
    assert_eq!(
        run(&mut after, "MATCH (n) RETURN labels(n)")[0][0].to_string(),
        "[Alive, Author, Bold, Engineer, Person]"
    );
}

#[test]
fn under_a_schema_the_label_of_the_family_stands_last() {
    let mut transaction = Transaction::new(weft_graph::fixture("leeds:university"));
    let mut run = |text: &str| {
        let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
        transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap().rows
    };
    let found = run("CREATE (n:Organisation:University) RETURN labels(n)");
    assert_eq!(found, run("MATCH (n {name: 'leeds'}) RETURN labels(n)"));
    assert_eq!(found[0][0].to_string(), "[University, Organisation]");
}
