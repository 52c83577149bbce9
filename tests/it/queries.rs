//! The questions in queries/, put to a store of the Leeds data by SQLite itself, as another tool would.

use std::fs;
use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};
use weft::database::Database;
use weft_graph::Schema;

fn leeds(folder: &tempfile::TempDir) -> Connection {
    let path = folder.path().join("leeds.db");
    let mut database = Database::create(&path, "Leeds", Schema::bundled().text()).unwrap();
    database.fill_with_bundled(&weft_store::RevisionInfo::default()).unwrap();
    drop(database);
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn read(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("queries").join(name);
    fs::read_to_string(path).unwrap()
}

fn rows(connection: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = connection.prepare(sql).unwrap();
    let n_columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let cell = |at| row.get::<_, rusqlite::types::Value>(at).map(|it| format!("{it:?}"));
        (0..n_columns).map(cell).collect::<Result<Vec<_>, _>>()
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

#[test]
fn every_question_has_rows_on_the_leeds_data() {
    let folder = tempfile::tempdir().unwrap();
    let connection = leeds(&folder);
    let queries = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("queries");
    let mut n_queries = 0;
    for entry in fs::read_dir(queries).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".sql") {
            assert!(read(&name).starts_with("-- "), "{name} begins with its question");
            assert!(!rows(&connection, &read(&name)).is_empty(), "{name} has no rows");
            n_queries += 1;
        }
    }
    assert!(n_queries >= 5);
}

#[test]
fn the_needs_of_the_report_are_ten_and_health_systems_have_one_provider() {
    let folder = tempfile::tempdir().unwrap();
    let connection = leeds(&folder);
    let rows = rows(&connection, &read("needs-and-providers.sql"));
    assert_eq!(rows.len(), 10, "Table A.3 lists ten support needs");
    assert!(rows.iter().any(|it| it[0].contains("Access to Health Systems")));
}
