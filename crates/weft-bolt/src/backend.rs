//! What a database must be able to do to be served over Bolt.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use weft_value::Value;

/// A database that can be served.
pub trait Backend: Send + Sync + 'static {
    /// What it calls itself, as clients read it (`Neo4j/5.26.0 ...`: some ask for that beginning).
    fn agent(&self) -> String;

    /// The name of its database.
    fn database(&self) -> String;

    /// Lets somebody in, or not.
    ///
    /// # Errors
    /// `Neo.ClientError.Security.Unauthorized` where the credentials do not fit.
    fn authenticate(&self, credentials: &Credentials) -> Result<(), Failure>;

    /// Opens a session for a connection that was let in.
    fn open(&self, cancel: Cancel) -> Box<dyn Session>;
}

/// What one connection does, one thing at a time. Its calls block; they run on threads of their own.
pub trait Session: Send {
    /// Begins a transaction.
    ///
    /// # Errors
    /// As the database has it.
    fn begin(&mut self, options: &RunOptions) -> Result<(), Failure>;

    /// Runs a statement: in the transaction that is open, else in one of its own, which is committed
    /// when the last row has been handed over.
    ///
    /// # Errors
    /// As the database has it; nothing of the statement stays.
    fn run(
        &mut self,
        query: &str,
        parameters: BTreeMap<String, Value>,
        options: &RunOptions,
        output: &mut dyn Output,
    ) -> Result<Summary, Failure>;

    /// Commits the open transaction; gives its bookmark.
    ///
    /// # Errors
    /// As the database has it; the transaction is then rolled back.
    fn commit(&mut self) -> Result<String, Failure>;

    /// Rolls back the open transaction, if there is one.
    fn rollback(&mut self);
}

/// Where a statement's rows go.
pub trait Output {
    /// Names the columns; called once, before any row.
    fn columns(&mut self, columns: &[String]);

    /// Takes a row; false where no more are wanted. Blocks while the client does not pull.
    fn row(&mut self, row: &[Value]) -> bool;
}

/// Who somebody says they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// `basic`, `none`, `bearer` ...
    pub scheme: String,
    /// The name.
    pub principal: String,
    /// The password.
    pub credentials: String,
}

/// Whether a transaction may write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// It may read and write.
    #[default]
    Write,
    /// It may only read.
    Read,
}

/// What a client asks of a transaction or an auto-commit statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunOptions {
    /// Whether it may write.
    pub access: Access,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// What the client says of it, for logs.
    pub metadata: BTreeMap<String, Value>,
    /// Which notifications the client wants.
    pub notifications: NotificationFilter,
}

/// Which notifications a client wants: of its connection, or of a statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotificationFilter {
    /// The least severity, as Bolt writes it (`INFORMATION`, `WARNING`, or `OFF` for none).
    pub severity_min: Option<String>,
    /// The categories that it does not want, as Bolt writes them (`PERFORMANCE`).
    pub disabled: Vec<String>,
}

impl NotificationFilter {
    /// Whether a notification of that severity and category is wanted.
    pub fn wants(&self, severity: &str, category: &str) -> bool {
        let is_severe = match self.severity_min.as_deref() {
            Some("OFF") => false,
            Some("WARNING") => severity == "WARNING",
            _ => true,
        };
        is_severe && !self.disabled.iter().any(|it| it == category)
    }

    /// What the connection asked for, where a statement asks for nothing.
    pub(crate) fn or(self, of_connection: &Self) -> Self {
        Self {
            severity_min: self.severity_min.or_else(|| of_connection.severity_min.clone()),
            disabled: match self.disabled.is_empty() {
                true => of_connection.disabled.clone(),
                false => self.disabled,
            },
        }
    }
}

/// What is said of a statement when its last row is out: the keys of Bolt's summary (`type`,
/// `stats`, `notifications`, `plan`, `profile`, `bookmark`).
pub type Summary = BTreeMap<String, Value>;

/// Why something failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// A status code, such as `Neo.ClientError.Statement.SyntaxError`.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Further keys of the message, for clients that read them.
    pub extra: BTreeMap<String, Value>,
}

impl Failure {
    /// A failure without further keys.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), extra: BTreeMap::new() }
    }
}

/// Tells whoever runs a statement that it is wanted no more.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, cancelled: bool) {
        self.0.store(cancelled, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_the_notifications_that_it_wants() {
        let of_connection = NotificationFilter {
            severity_min: Some("WARNING".to_owned()),
            disabled: vec!["GENERIC".to_owned()],
        };
        assert!(NotificationFilter::default().wants("INFORMATION", "GENERIC"));
        let filter = NotificationFilter::default().or(&of_connection);
        assert!(filter.wants("WARNING", "UNRECOGNIZED"));
        assert!(!filter.wants("WARNING", "GENERIC") && !filter.wants("INFORMATION", "HINT"));
        let none = NotificationFilter { severity_min: Some("OFF".to_owned()), ..of_connection };
        assert!(!none.wants("WARNING", "UNRECOGNIZED"));
    }
}
