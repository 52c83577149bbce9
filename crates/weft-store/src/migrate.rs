//! Bringing an older file up to the layout of this build, after a copy was made.

use std::path::Path;

use rusqlite::Connection;

use crate::open::sibling;
use crate::{Error, layout};

/// Brings a store from the version before to this one.
pub(crate) type Migration = fn(&Connection) -> Result<(), Error>;

/// The steps, the first from version 1 to version 2.
pub(crate) const MIGRATIONS: &[Migration] = &[];

pub(crate) fn version(conn: &Connection) -> Result<i32, Error> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Takes all steps that the file lacks in one transaction; the copy is named `<path>.v<N>`.
pub(crate) fn migrate(conn: &Connection, path: &Path, steps: &[Migration]) -> Result<(), Error> {
    let found = version(conn)?;
    let missing = usize::try_from(found - 1).ok().and_then(|it| steps.get(it..));
    let Some(missing) = missing else {
        return Err(Error::corrupt(format!("`{found}` is no version of a store")));
    };
    if missing.is_empty() {
        return Ok(());
    }
    let copy = sibling(path, &format!(".v{found}"));
    if !copy.exists() {
        let name = copy.to_string_lossy();
        conn.execute("VACUUM INTO ?1", [name])?;
    }
    let transaction = conn.unchecked_transaction()?;
    for (n, step) in missing.iter().enumerate() {
        step(conn)?;
        conn.pragma_update(None, "user_version", found + n as i32 + 1)?;
    }
    transaction.commit()?;
    Ok(())
}

const _: () = assert!(MIGRATIONS.len() as i32 + 1 == layout::VERSION);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_leaves_a_copy_of_the_older_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 1").unwrap();
        let steps: &[Migration] = &[|conn| Ok(conn.execute_batch("ALTER TABLE t ADD y")?)];
        migrate(&conn, &path, steps).unwrap();
        assert_eq!(version(&conn).unwrap(), 2);
        let columns = |conn: &Connection| conn.prepare("SELECT * FROM t").unwrap().column_count();
        assert_eq!(columns(&conn), 2);
        let copy = Connection::open(sibling(&path, ".v1")).unwrap();
        assert_eq!((version(&copy).unwrap(), columns(&copy)), (1, 1));
        migrate(&conn, &path, steps).unwrap();
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 1").unwrap();
        let steps: &[Migration] =
            &[|conn| Ok(conn.execute_batch("ALTER TABLE t ADD y")?), |_| Err(Error::corrupt("no"))];
        assert!(migrate(&conn, &path, steps).is_err());
        assert_eq!(version(&conn).unwrap(), 1);
        assert_eq!(conn.prepare("SELECT * FROM t").unwrap().column_count(), 1);
    }
}
