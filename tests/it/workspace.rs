//! Transactions side by side over one store.

use weft::database::Database;
use weft::session::{Author, Error, ErrorKind, Settings, Work, Workspace};
use weft_cypher::{CommitOptions, Parameters, RunOptions};
use weft_graph::Certainty;
use weft_value::Value;

use crate::runner::Workplace;

/// A store without a schema with two nodes, `{k: 1}` and `{k: 2}`.
fn opened(place: &Workplace, settings: &Settings) -> Workspace {
    if !place.path("free.db").exists() {
        assert_eq!(place.weft("--db free.db init --free").code, 0);
        let workspace = opened(place, &Settings::default());
        write(&workspace, "CREATE ({k: 1}), ({k: 2})").unwrap();
    }
    let database = Database::locate(Some(&place.path("free.db")), true).unwrap();
    Workspace::over(database, settings).unwrap()
}

fn run(workspace: &Workspace, work: &mut Work, text: &str) -> Vec<Vec<Value>> {
    let prepared = work.transaction.prepare(text, &workspace.procedures()).unwrap();
    work.transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap().rows
}

fn commit(workspace: &Workspace, work: Work) -> Result<u64, Error> {
    workspace.commit(work, &CommitOptions::default(), &Author::default())
}

fn write(workspace: &Workspace, text: &str) -> Result<u64, Error> {
    let mut work = workspace.begin()?;
    run(workspace, &mut work, text);
    commit(workspace, work)
}

fn read(workspace: &Workspace, text: &str) -> String {
    let rows = run(workspace, &mut workspace.begin().unwrap(), text);
    let text = |it: &Value| if it.is_null() { "null".to_owned() } else { it.to_string() };
    let row = |it: Vec<Value>| it.iter().map(text).collect::<Vec<_>>().join(" ");
    rows.into_iter().map(row).collect::<Vec<_>>().join(", ")
}

#[test]
fn transactions_that_wrote_other_records_are_both_kept() {
    let place = Workplace::new();
    let workspace = opened(&place, &Settings::default());
    let (mut first, mut second) = (workspace.begin().unwrap(), workspace.begin().unwrap());
    run(&workspace, &mut first, "MATCH (n {k: 1}) SET n.v = 'first'");
    run(&workspace, &mut second, "MATCH (n {k: 2}) SET n.v = 'second'");
    let id = run(&workspace, &mut second, "CREATE (n {k: 3}) RETURN elementId(n)");
    assert_eq!(run(&workspace, &mut first, "MATCH (n) WHERE n.v IS NOT NULL RETURN n.v").len(), 1);
    let one = commit(&workspace, first).unwrap();
    let two = commit(&workspace, second).unwrap();
    assert_eq!(two, one + 1);
    let found = read(&workspace, "MATCH (n) RETURN n.k, n.v ORDER BY n.k");
    assert_eq!(found, "1 first, 2 second, 3 null");
    let kept =
        run(&workspace, &mut workspace.begin().unwrap(), "MATCH (n {k: 3}) RETURN elementId(n)");
    assert_eq!(kept, id);
    // What was carried over is in the file, not in memory alone.
    let again = opened(&place, &Settings::default());
    assert_eq!(read(&again, "MATCH (n) RETURN n.k, n.v ORDER BY n.k"), found);
}

#[test]
fn the_second_to_change_a_record_is_refused_by_its_name() {
    let place = Workplace::new();
    let workspace = opened(&place, &Settings::default());
    for change in
        ["SET n.v = 2", "REMOVE n.k", "DETACH DELETE n", "CREATE (n)-[:T]->(n) SET n.w = 1"]
    {
        let (mut first, mut second) = (workspace.begin().unwrap(), workspace.begin().unwrap());
        run(&workspace, &mut first, "MATCH (n {k: 1}) SET n.v = coalesce(n.v, 0) + 1");
        run(&workspace, &mut second, &format!("MATCH (n {{k: 1}}) {change}"));
        let id = read(&workspace, "MATCH (n {k: 1}) RETURN elementId(n)");
        commit(&workspace, first).unwrap();
        let error = commit(&workspace, second).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{change}");
        let expected = format!("somebody else changed `{id}` in the meantime");
        assert_eq!(error.to_string(), expected, "{change}");
    }
    assert_eq!(read(&workspace, "MATCH (n {k: 1}) RETURN n.v, n.w"), "4 null");
}

#[test]
fn a_tie_to_what_somebody_else_deleted_is_refused() {
    let place = Workplace::new();
    let workspace = opened(&place, &Settings::default());
    let (mut first, mut second) = (workspace.begin().unwrap(), workspace.begin().unwrap());
    run(&workspace, &mut first, "MATCH (n {k: 1}) DELETE n");
    run(&workspace, &mut second, "MATCH (n {k: 1}), (m {k: 2}) CREATE (n)-[:T]->(m)");
    commit(&workspace, first).unwrap();
    assert_eq!(commit(&workspace, second).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(read(&workspace, "MATCH (n) OPTIONAL MATCH (n)-[r]-() RETURN n.k, r"), "2 null");
}

#[test]
fn a_transaction_that_wrote_nothing_makes_no_revision() {
    let place = Workplace::new();
    let workspace = opened(&place, &Settings::default());
    let before = write(&workspace, "CREATE ()").unwrap();
    for text in ["MATCH (n) RETURN n", "MATCH (n {k: 99}) SET n.v = 1", "CREATE (n) DELETE n"] {
        assert_eq!(write(&workspace, text).unwrap(), before, "{text}");
    }
}

#[test]
fn what_shows_a_part_or_the_past_can_only_be_read() {
    let place = Workplace::new();
    drop(opened(&place, &Settings::default()));
    let narrowed = [
        Settings { as_of: Some("2020-01-01".parse().unwrap()), ..Settings::default() },
        Settings { floor: Some(Certainty::Stated), ..Settings::default() },
        Settings { revision: Some(0), ..Settings::default() },
    ];
    for settings in narrowed {
        let workspace = opened(&place, &settings);
        let error = write(&workspace, "CREATE ()").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{settings:?}");
        assert_eq!(error.to_string(), "this graph can only be read", "{settings:?}");
        write(&workspace, "MATCH (n) RETURN n").unwrap();
    }
    let past = opened(&place, &Settings { revision: Some(0), ..Settings::default() });
    assert_eq!(read(&past, "MATCH (n) RETURN count(n)"), "0");
    let bundled = Workspace::open(&Settings::default());
    assert!(bundled.is_ok_and(|it| it.is_bundled() && write(&it, "CREATE ()").is_err()));
}
