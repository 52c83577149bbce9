//! Clauses that the kit leaves out: `FOREACH`, `CALL { }` in its forms, `SHOW`, and what programs for
//! other servers send before they begin. Each is answered alike by the naive and the optimised plan.

use weft_cypher::{
    Error, NoticeKind, Parameters, PlanOptions, Procedures, RunOptions, Summary, Transaction,
};
use weft_graph::{Schema, SnapshotBuilder};

const BOTH: [PlanOptions; 2] = [PlanOptions { optimise: true }, PlanOptions { optimise: false }];

fn run_in(
    transaction: &mut Transaction,
    text: &str,
    options: PlanOptions,
) -> Result<(String, Summary), Vec<Error>> {
    let prepared = transaction.prepare_with(text, &Procedures::default(), options)?;
    let rows = transaction.run(&prepared, &Parameters::new(), &RunOptions::default());
    let rows = rows.map_err(|it| vec![it])?;
    let line = |row: &Vec<weft_value::Value>| {
        row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    Ok((rows.rows.iter().map(line).collect::<Vec<_>>().join(", "), rows.summary))
}

/// Runs statements on an empty graph; the last one's rows are as expected.
#[track_caller]
fn check(statements: &[&str], expected: &str) {
    for options in BOTH {
        let empty = SnapshotBuilder::new(Schema::open().into()).build();
        let mut transaction = Transaction::new(empty);
        let mut last = String::new();
        for text in statements {
            last = match run_in(&mut transaction, text, options) {
                Ok((rows, _)) => rows,
                Err(errors) => panic!("{text}: {errors:?}"),
            };
        }
        assert_eq!(last, expected, "{options:?}");
    }
}

/// The first fault of a statement, with its hint, and what it leaves of the graph.
#[track_caller]
fn check_fault(text: &str, expected: &str) {
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    run_in(&mut transaction, "CREATE (:N {i: 1})", BOTH[0]).unwrap();
    let errors = run_in(&mut transaction, text, BOTH[0]).expect_err("it is wrong");
    let found = errors[0].describe(text);
    assert!(found.contains(expected), "{found}");
    let rest = run_in(&mut transaction, "MATCH (n) RETURN n.i AS i", BOTH[0]).unwrap();
    assert_eq!(rest.0, "1", "{text}");
}

const ALL: &str = "MATCH (n) RETURN n.i AS i ORDER BY i";

#[test]
fn foreach_writes_for_each_element() {
    check(&["FOREACH (i IN range(1, 3) | CREATE (:N {i: i}))", ALL], "1, 2, 3");
    check(&["FOREACH (i IN [] | CREATE (:N {i: i}))", ALL], "");
    check(&["FOREACH (i IN null | CREATE (:N {i: i}))", ALL], "");
    let nested = "FOREACH (i IN [10, 20] | FOREACH (j IN [1, 2] | CREATE (:N {i: i + j})))";
    check(&[nested, ALL], "11, 12, 21, 22");
    check(&["FOREACH (i IN [2, 1] | MERGE (n:N {i: i}) SET n.i = i * 2)", ALL], "2, 4");
    let once = "FOREACH (i IN [1, 1] | MERGE (n:N {i: i}) ON CREATE SET n.made = true)";
    check(&[once, ALL], "1");
    let removed = "MATCH (n:N) WITH collect(n) AS all FOREACH (n IN all | REMOVE n.i DELETE n)";
    check(&["CREATE (:N {i: 1}), (:N {i: 2})", removed, ALL], "");
}

#[test]
fn foreach_sees_its_row_and_leaves_it_as_it_is() {
    check(
        &[
            "UNWIND [1, 2] AS i CREATE (:N {i: i})",
            "MATCH (n:N) FOREACH (x IN CASE WHEN n.i = 1 THEN [1] ELSE [] END | SET n.i = 10 + x) \
             RETURN n.i AS i ORDER BY i",
        ],
        "2, 11",
    );
    check(
        &[
            "CREATE (:N {i: 1})-[:NEXT]->(:N {i: 2})-[:NEXT]->(:N {i: 3})",
            "MATCH p = (:N {i: 1})-[:NEXT*]->({i: 3}) FOREACH (n IN nodes(p) | SET n.seen = n.i) \
             WITH p MATCH (n) RETURN n.seen AS seen ORDER BY seen",
        ],
        "1, 2, 3",
    );
    let names = "WITH 1 AS x FOREACH (i IN [1] | CREATE (n:N {i: x + i})) \
                 WITH x MATCH (n) RETURN x, n.i AS i";
    check(&[names], "1 2");
    let row = "UNWIND ['a', 'b'] AS k FOREACH (i IN [1, 2] | CREATE (:N {i: k + i})) RETURN k";
    check(&[row], "a, b");
}

#[test]
fn foreach_is_refused_where_it_would_mislead() {
    check_fault("FOREACH (i IN [1] | MATCH (n) SET n.i = 2)", "`MATCH` stands in `FOREACH`");
    check_fault("FOREACH (i IN [1] | CREATE (n)) RETURN n", "no variable `n`");
    check_fault("FOREACH (i IN [1] | CREATE (n)) RETURN i", "no variable `i`");
    check_fault("WITH 1 AS i FOREACH (i IN [1] | CREATE (n))", "`i` is there already");
    check_fault("FOREACH (i IN 5 | CREATE (:N {i: i}))", "must be a list");
    check_fault("MATCH (n) FOREACH (i IN n.i | SET n.i = 2)", "list");
    check_fault("FOREACH (i IN [1, 0] | CREATE (:N {i: 1 / i}))", "zero");
    check_fault("FOREACH i IN [1] | CREATE (n)", "expected `(variable IN list | clauses)`");
    check_fault("RETURN EXISTS { FOREACH (i IN [1] | CREATE ()) } AS x", "`EXISTS { }` cannot");
    check_fault("FOREACH (i IN [1] | CREATE (:N)) MATCH (n) RETURN n", "`WITH *` between");
}

#[test]
fn subqueries_run_for_each_row() {
    let rows = "UNWIND [1, 2] AS x CALL { WITH x UNWIND range(1, x) AS y RETURN y } RETURN x, y";
    check(&[rows], "1 1, 2 1, 2 2");
    check(&[&rows.replace("CALL { WITH x ", "CALL (x) { ")], "1 1, 2 1, 2 2");
    check(&[&rows.replace("CALL { WITH x ", "CALL (*) { ")], "1 1, 2 1, 2 2");
    check(&["UNWIND [1, 2] AS x CALL { RETURN 7 AS y } RETURN x + y AS n"], "8, 9");
    check(&["UNWIND [1, 2] AS x CALL () { RETURN 7 AS y } RETURN x + y AS n"], "8, 9");
    check(&["UNWIND [1, 2] AS x CALL (x) { WITH x WHERE x > 1 RETURN x AS y } RETURN y"], "2");
    let union = "UNWIND [1, 2] AS x CALL (x) { RETURN x AS y UNION ALL RETURN -x AS y } RETURN y";
    check(&[union], "1, -1, 2, -2");
    let grouped = "UNWIND [1, 2] AS x CALL (x) { UNWIND [x, x] AS y RETURN sum(y) AS n } RETURN n";
    check(&[grouped], "2, 4");
    let nested = "WITH 1 AS a CALL (a) { WITH a, 2 AS b CALL (a, b) { RETURN a + b AS c } RETURN c } \
                  RETURN c";
    check(&[nested], "3");
    check_fault("WITH 1 AS x CALL { RETURN x AS y } RETURN y", "`x`");
    check_fault("WITH 1 AS x CALL (y) { RETURN 1 AS z } RETURN z", "no variable `y`");
    check_fault("WITH 1 AS x CALL (x) { RETURN 2 AS x } RETURN x", "`x` is there already");
}

#[test]
fn subqueries_without_a_return_keep_each_row_once() {
    let unit = "UNWIND [1, 2] AS x CALL (x) { UNWIND [1, 2] AS y CREATE (:N {i: x * y}) } RETURN x";
    check(&[unit], "1, 2");
    check(&[unit, ALL], "1, 2, 2, 4");
    check(&["CALL { CREATE (:N {i: 1}) }", ALL], "1");
    check(
        &["UNWIND [1, 2] AS x CALL (x) { CREATE (:N {i: x}) UNION CREATE (:N {i: -x}) }", ALL],
        "-2, -1, 1, 2",
    );
}

#[test]
fn subqueries_in_transactions_are_kept_whole_and_say_so() {
    let statement = "UNWIND range(1, 5) AS i CALL (i) { CREATE (:N {i: i}) } IN TRANSACTIONS";
    check(&[statement, ALL], "1, 2, 3, 4, 5");
    for words in [" OF 2 ROWS", " OF 1 ROW", " OF $n ROWS ON ERROR FAIL", ""] {
        let text = format!("{statement}{words}");
        let transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
        let prepared = transaction.prepare(&text, &Procedures::default()).unwrap();
        let kinds: Vec<_> = prepared.notices().iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [NoticeKind::DoneOtherwise], "{text}");
    }
    check(&[&statement.replace("IN T", "IN 4 CONCURRENT T"), ALL], "1, 2, 3, 4, 5");
    check_fault(&statement.replace("i: i", "i: 1 / (i - 3)"), "zero");
    check_fault(&format!("{statement} ON ERROR CONTINUE"), "kept whole or not at all");
    check_fault(&format!("{statement} REPORT STATUS AS s"), "kept whole or not at all");
    check_fault(&format!("{statement} OF 'x' ROWS"), "must be a number");
}

#[test]
fn files_are_not_loaded_by_a_statement() {
    let text = "LOAD CSV WITH HEADERS FROM 'file:///people.csv' AS row CREATE (:N {i: row.i})";
    check_fault(text, "weft query --rows rows=FILE 'UNWIND $rows AS row ..'");
    let (_, errors) = weft_cypher::parse(text);
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[test]
fn what_is_shown_is_filtered_sorted_and_counted() {
    let names = "SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'db.la' RETURN name";
    check(&[names], "db.labels");
    check(&["SHOW PROCEDURE YIELD name AS n ORDER BY n DESC LIMIT 1"], "dbms.procedures");
    check(
        &["SHOW PROCEDURES YIELD * WHERE name = 'db.labels' RETURN mode, name"],
        "READ db.labels",
    );
    check(&["SHOW ALL FUNCTIONS YIELD name, aggregating WHERE name = 'sum'"], "sum true");
    check(&["SHOW FUNCTIONS YIELD * WHERE aggregating RETURN count(*) > 5 AS many"], "true");
    check(&["SHOW BUILT IN FUNCTIONS YIELD name WHERE name = 'toUpper'"], "toUpper");
    check(&["SHOW INDEXES"], "");
    check(&["SHOW RANGE INDEXES YIELD name, labelsOrTypes WHERE name IS NOT NULL"], "");
    check(&["SHOW CONSTRAINTS YIELD * RETURN count(*) AS n"], "0");
    check(&["SHOW FUNCTIONS WHERE name = 'sum' AND NOT aggregating"], "");
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    let columns =
        |text: &str| transaction.prepare(text, &Procedures::default()).unwrap().columns().to_vec();
    let all = columns("SHOW PROCEDURES");
    assert_eq!(all, ["name", "signature", "description", "mode"]);
    assert_eq!(columns("SHOW PROCEDURES YIELD *"), all);
    assert_eq!(columns("SHOW PROCEDURES YIELD mode, name AS n"), ["mode", "n"]);
    assert_eq!(columns("SHOW PROCEDURES EXECUTABLE BY CURRENT USER YIELD name"), ["name"]);
    run_in(&mut transaction, "SHOW PROCEDURES", BOTH[0]).unwrap();
    check_fault("SHOW PROCEDURES YIELD nme", "no variable `nme`");
    check_fault("SHOW TABLES", "expected `PROCEDURES`");
}

#[test]
fn indexes_are_not_made_and_said_to_be_needless() {
    for text in [
        "CREATE INDEX FOR (n:Person) ON (n.name)",
        "CREATE INDEX person_name IF NOT EXISTS FOR (n:Person) ON (n.name, n.born)",
        "CREATE RANGE INDEX `a name` FOR ()-[r:KNOWS]-() ON (r.since)",
        "CREATE TEXT INDEX IF NOT EXISTS FOR ()-[r:KNOWS]->() ON (r.since);",
        "CREATE POINT INDEX p FOR (n:Place) ON (n.at) OPTIONS {indexConfig: {}}",
        "CREATE LOOKUP INDEX l FOR (n) ON EACH labels(n)",
        "CREATE LOOKUP INDEX IF NOT EXISTS FOR ()-[r]-() ON EACH type(r)",
        "CREATE BTREE INDEX b FOR (n:Person) ON (n.name)",
        "CREATE INDEX ON :Person(name)",
        "DROP INDEX person_name",
        "DROP INDEX person_name IF EXISTS",
        "DROP INDEX ON :Person(name)",
        "DROP CONSTRAINT person_name IF EXISTS",
    ] {
        let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
        let prepared = transaction.prepare(text, &Procedures::default());
        let prepared = prepared.unwrap_or_else(|it| panic!("{text}: {it:?}"));
        assert!(!prepared.is_write() && prepared.columns().is_empty(), "{text}");
        let (rows, summary) = run_in(&mut transaction, text, BOTH[0]).unwrap();
        assert_eq!(rows, "", "{text}");
        let kinds: Vec<_> = summary.notices.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [NoticeKind::DoneOtherwise], "{text}");
        assert_eq!(run_in(&mut transaction, "SHOW INDEXES", BOTH[1]).unwrap().0, "");
    }
    check(&["CREATE index = (:N {i: 1})-[:R]->(:N {i: 2})", ALL], "1, 2");
}

#[test]
fn what_would_not_be_kept_is_refused() {
    for text in [
        "CREATE CONSTRAINT FOR (n:Person) REQUIRE n.email IS UNIQUE",
        "CREATE CONSTRAINT c IF NOT EXISTS FOR (n:Person) REQUIRE n.email IS NOT NULL",
        "CREATE CONSTRAINT ON (n:Person) ASSERT n.email IS UNIQUE",
    ] {
        check_fault(text, "no constraint is made");
    }
    check_fault("DROP CONSTRAINT c", "there is no constraint `c`");
    check_fault("CREATE FULLTEXT INDEX f FOR (n:A) ON EACH [n.x]", "no full-text indexes");
    check_fault("CREATE VECTOR INDEX v FOR (n:A) ON (n.x)", "no vector indexes");
    check_fault("CREATE INDEX i FOR (n:A) ON n.x", "expected");
}
