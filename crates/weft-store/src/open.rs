//! Making and opening a store: cheap, and each thing that can be wrong with a file by its name.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use weft_graph::Schema;

use crate::tie_batch::TieBatches;
use crate::words::Lookup;
use crate::{Error, layout, migrate};

/// How long a writer waits for another one, in milliseconds.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// Statements that stay prepared.
const N_STATEMENTS_KEPT: usize = 64;
/// The page cache of a writer, in KiB.
pub(crate) const WRITER_CACHE_KIB: i64 = 64 * 1024;

/// A store: one SQLite file, or the same in memory.
///
/// One store is one connection, for one thread; open another for another. Readers never wait for a
/// writer, and see what was committed when their question began.
#[derive(Debug)]
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) lookup: Lookup,
    path: Option<PathBuf>,
    access: Access,
    is_immutable: bool,
    schema: OnceCell<Arc<Schema>>,
    tie_batches: OnceCell<TieBatches>,
}

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Never makes or changes a store.
    Read,
    /// May change it.
    Write,
}

/// What a new store is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateOptions {
    /// What the store calls itself.
    pub title: String,
    /// The schema, as TOML.
    pub schema_text: String,
}

impl Store {
    /// Makes an empty store and opens it for writing; an existing file is never touched.
    ///
    /// The file appears under its name when it is whole, so that a kill leaves none or a good one.
    ///
    /// # Errors
    /// [`Error::Exists`], or what keeps the file from being written.
    pub fn create(path: impl AsRef<Path>, options: &CreateOptions) -> Result<Self, Error> {
        let path = path.as_ref();
        let schema = Schema::parse(&options.schema_text)?;
        if path.symlink_metadata().is_ok() {
            return Err(Error::Exists(path.to_owned()));
        }
        let draft = sibling(path, &format!(".new-{}", std::process::id()));
        remove_database(&draft);
        let made = create_at(&draft, options).and_then(|()| publish(&draft, path));
        remove_database(&draft);
        made?;
        let store = Self::open(path, Access::Write)?;
        // Read a moment ago: no need to read it again.
        let _ = store.schema.set(Arc::new(schema));
        Ok(store)
    }

    /// Opens a store. Costs a few system calls; nothing is checked but the mark and the version.
    ///
    /// A reader in a folder that cannot be written opens the file as immutable, if no log with
    /// content lies beside it; [`Store::is_immutable`] says so.
    ///
    /// # Errors
    /// What is wrong with the file, each by its name; see [`Error`].
    pub fn open(path: impl AsRef<Path>, access: Access) -> Result<Self, Error> {
        let path = path.as_ref();
        must_be_file(path)?;
        let flags = match access {
            Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let (conn, is_immutable) = match connect(path, flags, access) {
            Ok(conn) => (conn, false),
            Err(Error::Io(_) | Error::ReadOnly(_)) if access == Access::Read => {
                (connect_immutable(path)?, true)
            }
            Err(err) => return Err(err),
        };
        let store = Self::new(conn, Some(path.to_owned()), access, is_immutable);
        match access {
            Access::Read => {
                let found = migrate::version(&store.conn)?;
                if found < layout::VERSION {
                    let (path, known) = (path.to_owned(), layout::VERSION);
                    return Err(Error::OlderVersion { path, found, known });
                }
            }
            Access::Write => {
                if store.conn.is_readonly(rusqlite::MAIN_DB)? {
                    return Err(Error::ReadOnly(format!("`{}` is read-only", path.display())));
                }
                migrate::migrate(&store.conn, path, migrate::MIGRATIONS)?;
                prepare_writer(&store.conn)?;
            }
        }
        Ok(store)
    }

    /// Makes an empty store in memory, for the bundled graph, a trial, a test.
    ///
    /// # Errors
    /// [`Error::Schema`] if the schema cannot be read.
    pub fn in_memory(title: &str, schema_text: &str) -> Result<Self, Error> {
        let schema = Schema::parse(schema_text)?;
        let conn = Connection::open_in_memory()?;
        let options = CreateOptions { title: title.into(), schema_text: schema_text.into() };
        fill(&conn, &options)?;
        prepare_writer(&conn)?;
        let store = Self::new(conn, None, Access::Write, false);
        let _ = store.schema.set(Arc::new(schema));
        Ok(store)
    }

    fn new(conn: Connection, path: Option<PathBuf>, access: Access, is_immutable: bool) -> Self {
        conn.set_prepared_statement_cache_capacity(N_STATEMENTS_KEPT);
        // Without it every statement is planned again at its second use, for its parameters might
        // deserve another plan: a third of what `show` cost. All plans here are look-ups by index,
        // so that one which could not be set is only slower.
        let _ = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
        let (lookup, schema) = (Lookup::default(), OnceCell::new());
        let tie_batches = OnceCell::new();
        Self { conn, lookup, path, access, is_immutable, schema, tie_batches }
    }

    /// The file; none in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What it was opened for.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Whether it was opened as a file that nobody writes, for its folder cannot be written.
    pub fn is_immutable(&self) -> bool {
        self.is_immutable
    }

    /// What the store calls itself.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn title(&self) -> Result<String, Error> {
        self.setting("title")
    }

    /// The TOML of its schema, as it was given.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn schema_text(&self) -> Result<String, Error> {
        self.setting("schema")
    }

    /// Its schema, read once.
    ///
    /// # Errors
    /// If the file or the schema in it cannot be read.
    pub fn schema(&self) -> Result<&Arc<Schema>, Error> {
        if self.schema.get().is_none() {
            let schema = Arc::new(Schema::parse(&self.schema_text()?)?);
            let _ = self.schema.set(schema);
        }
        Ok(self.schema.get().expect("set above, or by another call in between"))
    }

    fn setting(&self, name: &str) -> Result<String, Error> {
        let mut statement = self.conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
        let value = statement.query_row([name], |row| row.get(0)).optional()?;
        value.ok_or_else(|| Error::corrupt(format!("the setting `{name}` is missing")))
    }

    /// How all ties are read; made known to SQLite when first asked for.
    pub(crate) fn tie_batches(&self) -> Result<&TieBatches, Error> {
        if self.tie_batches.get().is_none() {
            let _ = self.tie_batches.set(TieBatches::new(&self.conn)?);
        }
        Ok(self.tie_batches.get().expect("set above"))
    }

    /// Runs a question of several statements on one state of the store.
    pub(crate) fn reading<T>(
        &self,
        question: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        if !self.conn.is_autocommit() {
            return question();
        }
        // A read transaction ends without a trace, whether by commit or by rollback on drop.
        let _transaction = self.conn.unchecked_transaction()?;
        question()
    }
}

fn must_be_file(path: &Path) -> Result<(), Error> {
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::NotFound(path.to_owned()));
        }
        Err(err) => return Err(Error::Io(format!("`{}`: {err}", path.display()))),
    };
    if metadata.is_dir() {
        return Err(Error::IsFolder(path.to_owned()));
    }
    // SQLite takes an empty file for an empty database.
    if metadata.len() == 0 {
        return Err(Error::NotADatabase(path.to_owned()));
    }
    Ok(())
}

fn connect(path: &Path, flags: OpenFlags, access: Access) -> Result<Connection, Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    must_be_store(&conn, path)?;
    if access == Access::Read {
        // The first read of the schema takes the lock that a folder without write access refuses.
        conn.query_row("SELECT 1 FROM sqlite_schema LIMIT 1", [], |_| Ok(()))?;
    }
    Ok(conn)
}

fn connect_immutable(path: &Path) -> Result<Connection, Error> {
    let log = sibling(path, "-wal");
    if log.metadata().is_ok_and(|it| it.len() > 0) {
        return Err(Error::PendingLog(path.to_owned()));
    }
    let conn = Connection::open_with_flags(
        immutable_uri(path)?,
        OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    must_be_store(&conn, path)?;
    Ok(conn)
}

/// `file:` and the path, with all bytes escaped that mean something in a URI.
fn immutable_uri(path: &Path) -> Result<String, Error> {
    let absolute = std::path::absolute(path).map_err(|err| Error::Io(err.to_string()))?;
    let mut uri = String::from("file:");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    Ok(uri)
}

/// Checks the mark and that the version is not a newer one.
fn must_be_store(conn: &Connection, path: &Path) -> Result<(), Error> {
    let mark = conn.pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0));
    let mark = match mark {
        Ok(mark) => mark,
        Err(err) if err.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(Error::NotADatabase(path.to_owned()));
        }
        Err(err) => return Err(err.into()),
    };
    if mark != layout::APPLICATION_ID {
        return Err(Error::NotAStore(path.to_owned()));
    }
    let found = migrate::version(conn)?;
    if found > layout::VERSION {
        let (path, known) = (path.to_owned(), layout::VERSION);
        return Err(Error::NewerVersion { path, found, known });
    }
    Ok(())
}

fn prepare_writer(conn: &Connection) -> Result<(), Error> {
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    // The log is taken in after each commit, as a phase of its own.
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(())
}

fn create_at(path: &Path, options: &CreateOptions) -> Result<(), Error> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    fill(&conn, options)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.close().map_err(|(_, err)| err.into())
}

fn fill(conn: &Connection, options: &CreateOptions) -> Result<(), Error> {
    let transaction = conn.unchecked_transaction()?;
    layout::create(conn)?;
    let mut statement = conn.prepare("INSERT INTO meta VALUES (?1, ?2)")?;
    statement.execute(["title", &options.title])?;
    statement.execute(["schema", &options.schema_text])?;
    transaction.commit()?;
    Ok(())
}

/// Gives the finished draft its name, unless a file of that name has come up meanwhile.
fn publish(draft: &Path, path: &Path) -> Result<(), Error> {
    let io = |err: std::io::Error| match err.kind() {
        std::io::ErrorKind::AlreadyExists => Error::Exists(path.to_owned()),
        _ => Error::Io(format!("`{}`: {err}", path.display())),
    };
    match std::fs::hard_link(draft, path) {
        Ok(()) => {}
        Err(err) if err.kind() == std::io::ErrorKind::AlreadyExists => return Err(io(err)),
        // Some file systems have no links: there the name is taken first, then filled at once.
        Err(_) => {
            std::fs::File::create_new(path).map_err(io)?;
            std::fs::rename(draft, path).map_err(io)?;
        }
    }
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty())
        && let Ok(folder) = std::fs::File::open(folder)
    {
        // Where a folder cannot be synced the name is still there, only later.
        let _ = folder.sync_all();
    }
    Ok(())
}

fn remove_database(path: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(sibling(path, ending));
    }
}

/// The path with something added to its name.
pub(crate) fn sibling(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_immutable_store_answers_and_one_with_a_log_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b?c%.db");
        let schema_text = Schema::bundled().text().to_owned();
        drop(Store::create(&path, &CreateOptions { title: "T".into(), schema_text }).unwrap());
        let conn = connect_immutable(&path).unwrap();
        let store = Store::new(conn, Some(path.clone()), Access::Read, true);
        assert!(store.is_immutable());
        assert_eq!(store.title().unwrap(), "T");
        std::fs::write(sibling(&path, "-wal"), "something").unwrap();
        assert!(matches!(connect_immutable(&path), Err(Error::PendingLog(_))));
    }
}
