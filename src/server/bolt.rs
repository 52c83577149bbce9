//! Statements over Bolt: each connection has a session, each session at most one transaction.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use weft_bolt::{
    Access, Backend, Cancel, Credentials, Failure, NotificationFilter, Output, RunOptions, Session,
    Summary,
};
use weft_cypher::{
    Clock, CommitOptions, Counters, ErrorKind, Interrupt, Limits, Mode, Notice, NoticeKind,
    PlanRow, Pool, Position, Prepared, RunOptions as StatementOptions,
};
use weft_value::Value;

use super::{about, errors};
use crate::session::{Author, Work, Workspace};

/// What clients are told is being talked to: some ask for the beginning. `about` says the version too.
const AGENT: &str = concat!("Neo4j/5.26.0 compatible (weft ", env!("CARGO_PKG_VERSION"), ")");

/// Operators of a plan that is told as a tree: each stands a level deeper, and clients read trees by
/// going down. A longer plan is left out; `weft query` shows it.
const PLAN_OPERATORS_MAX: usize = 200;

/// A store served over Bolt.
pub struct BoltBackend {
    workspace: Arc<Workspace>,
    settings: Arc<BoltSettings>,
}

/// What holds for all connections.
pub struct BoltSettings {
    /// Name and password; without them anybody is let in.
    pub user: Option<(String, String)>,
    /// The name under which clients ask for the database.
    pub database: String,
    /// How long a statement or a transaction may take where the client does not say.
    pub timeout: Option<Duration>,
    /// What a statement may use.
    pub limits: Limits,
    /// What all statements may hold together.
    pub pool: Pool,
    /// The seed of `rand()` and its like.
    pub seed: u64,
    /// The time, by the clock of whoever serves.
    pub now: fn() -> Clock,
    /// The same as text, for history.
    pub now_text: fn() -> String,
}

impl BoltBackend {
    /// Serves a workspace.
    pub fn new(workspace: Workspace, settings: BoltSettings) -> Self {
        let workspace = Arc::new(workspace);
        workspace.add_procedure(Arc::new(about::components()));
        workspace.add_procedure(Arc::new(about::databases(&settings.database)));
        #[cfg(feature = "tck")]
        workspace.add_procedure(Arc::new(super::tck::Register::of(&workspace)));
        Self { workspace, settings: Arc::new(settings) }
    }
}

impl Backend for BoltBackend {
    fn agent(&self) -> String {
        AGENT.to_owned()
    }

    fn database(&self) -> String {
        self.settings.database.clone()
    }

    fn authenticate(&self, credentials: &Credentials) -> Result<(), Failure> {
        let Some((name, password)) = &self.settings.user else { return Ok(()) };
        let is_name = is_same(&credentials.principal, name);
        let is_password = is_same(&credentials.credentials, password);
        if credentials.scheme == "basic" && is_name & is_password {
            return Ok(());
        }
        let code = "Neo.ClientError.Security.Unauthorized";
        Err(Failure::new(code, "the name or the password is wrong"))
    }

    fn open(&self, cancel: Cancel) -> Box<dyn Session> {
        let (workspace, settings) = (Arc::clone(&self.workspace), Arc::clone(&self.settings));
        let user = self.settings.user.as_ref().map_or("bolt", |it| it.0.as_str()).to_owned();
        Box::new(BoltSession { workspace, settings, cancel, user, open: None })
    }
}

/// Compares in a time that does not tell how much of a secret was right.
fn is_same(given: &str, secret: &str) -> bool {
    let differences = given.bytes().zip(secret.bytes()).fold(0, |acc, (a, b)| acc | (a ^ b));
    differences == 0 && given.len() == secret.len()
}

struct BoltSession {
    workspace: Arc<Workspace>,
    settings: Arc<BoltSettings>,
    cancel: Cancel,
    user: String,
    open: Option<Open>,
}

/// A transaction that a client began.
struct Open {
    work: Work,
    access: Access,
    deadline: Option<Instant>,
    commit: CommitOptions,
    notifications: NotificationFilter,
}

impl Session for BoltSession {
    fn begin(&mut self, options: &RunOptions) -> Result<(), Failure> {
        self.open = Some(self.start(options)?);
        Ok(())
    }

    fn run(
        &mut self,
        query: &str,
        parameters: BTreeMap<String, Value>,
        options: &RunOptions,
        output: &mut dyn Output,
    ) -> Result<Summary, Failure> {
        if let Some(mut open) = self.open.take() {
            let summary = self.statement(&mut open, query, &parameters, output);
            self.open = Some(open);
            return summary;
        }
        let mut open = self.start(options)?;
        let mut summary = self.statement(&mut open, query, &parameters, output)?;
        if self.cancel.is_cancelled() {
            let code = "Neo.ClientError.Transaction.Terminated";
            return Err(Failure::new(code, "the statement was stopped before it was committed"));
        }
        let bookmark = self.keep(open)?;
        summary.insert("bookmark".to_owned(), Value::String(bookmark));
        Ok(summary)
    }

    fn commit(&mut self) -> Result<String, Failure> {
        match self.open.take() {
            Some(open) => self.keep(open),
            None => Err(Failure::new(
                "Neo.ClientError.Transaction.TransactionNotFound",
                "no transaction is open",
            )),
        }
    }

    fn rollback(&mut self) {
        self.open = None;
    }
}

impl BoltSession {
    fn start(&self, options: &RunOptions) -> Result<Open, Failure> {
        let mut work = self.workspace.begin().map_err(|err| errors::of_session(&err))?;
        work.transaction.share(&self.settings.pool);
        let timeout = options.timeout.or(self.settings.timeout);
        let deadline = timeout.and_then(|it| Instant::now().checked_add(it));
        let commit = resting_on(&options.metadata)?;
        let notifications = options.notifications.clone();
        Ok(Open { work, access: options.access, deadline, commit, notifications })
    }

    fn keep(&self, open: Open) -> Result<String, Failure> {
        let author = Author {
            when: (self.settings.now_text)(),
            who: self.user.clone(),
            what: "openCypher over Bolt".to_owned(),
        };
        let kept = self.workspace.commit(open.work, &open.commit, &author);
        let revision = kept.map_err(|err| errors::of_session(&err))?;
        Ok(format!("weft:{revision}"))
    }

    fn statement(
        &self,
        open: &mut Open,
        text: &str,
        parameters: &BTreeMap<String, Value>,
        output: &mut dyn Output,
    ) -> Result<Summary, Failure> {
        let text = &*about::for_the_language(text);
        let transaction = &mut open.work.transaction;
        let prepared = transaction.prepare(text, &self.workspace.procedures());
        let prepared = prepared.map_err(|errors| all_of(&errors, text))?;
        if prepared.is_write() && open.access == Access::Read {
            let code = "Neo.ClientError.Statement.AccessMode";
            return Err(Failure::new(
                code,
                "this transaction may only read, and the statement writes",
            ));
        }
        output.columns(prepared.columns());
        let deadline = open.deadline;
        let interrupt = || {
            if self.cancel.is_cancelled() {
                return Some(Interrupt::Cancelled);
            }
            deadline.is_some_and(|it| Instant::now() >= it).then_some(Interrupt::TimeOver)
        };
        let begun = Instant::now();
        let stopwatch = || u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let options = StatementOptions {
            clock: (self.settings.now)(),
            seed: self.settings.seed,
            limits: self.settings.limits,
            interrupt: Some(&interrupt),
            stopwatch: Some(&stopwatch),
        };
        let mut on_row = |row: Vec<Value>| match output.row(&row) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        };
        let summary = transaction.run_with(&prepared, parameters, &options, &mut on_row).map_err(
            |error| {
                let mut failure = errors::of_statement(&error, text);
                let is_late = deadline.is_some_and(|it| Instant::now() >= it);
                if is_late && error.kind == ErrorKind::LimitError {
                    failure.code = "Neo.ClientError.Transaction.TransactionTimedOut".to_owned();
                }
                failure
            },
        )?;
        Ok(summary_of(&prepared, &summary, text, &open.notifications))
    }
}

/// What written records rest on: `source`, `locator` and `certainty` of the transaction's metadata,
/// as texts. Whatever else clients tell of themselves there is not ours.
fn resting_on(metadata: &BTreeMap<String, Value>) -> Result<CommitOptions, Failure> {
    let text = |key: &str| match metadata.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let certainty = text("certainty").map(|it| {
        it.parse().map_err(|()| {
            let code = "Neo.ClientError.Statement.ArgumentError";
            Failure::new(code, format!("`{it}` is no certainty"))
        })
    });
    Ok(CommitOptions {
        source: text("source"),
        locator: text("locator").unwrap_or_default(),
        certainty: certainty.transpose()?.unwrap_or_default(),
        ..CommitOptions::default()
    })
}

/// The first fault, as clients show one, with the others behind it.
fn all_of(faults: &[weft_cypher::Error], text: &str) -> Failure {
    let mut failures = faults.iter().map(|it| errors::of_statement(it, text));
    let Some(mut first) = failures.next() else {
        return Failure::new("Neo.DatabaseError.General.UnknownError", "a fault without a word");
    };
    for other in failures {
        first.message += &format!("\n\n{}", other.message);
    }
    first
}

fn summary_of(
    prepared: &Prepared,
    summary: &weft_cypher::Summary,
    text: &str,
    filter: &NotificationFilter,
) -> Summary {
    let mut res = Summary::new();
    let kind = match (prepared.is_write(), prepared.columns().is_empty()) {
        (false, _) => "r",
        (true, true) => "w",
        (true, false) => "rw",
    };
    res.insert("type".to_owned(), Value::String(kind.to_owned()));
    let counts = counts_of(&summary.counters);
    if !counts.is_empty() {
        let mut counts: BTreeMap<String, Value> =
            counts.into_iter().map(|(key, n)| (key.to_owned(), Value::Integer(n as i64))).collect();
        counts.insert("contains-updates".to_owned(), Value::Boolean(true));
        res.insert("stats".to_owned(), Value::Map(counts));
    }
    if let Some(rows) = summary.plan.as_ref().filter(|it| it.len() <= PLAN_OPERATORS_MAX) {
        let is_profile = prepared.mode() == Mode::Profile;
        let mut rows = rows.iter().peekable();
        if let Some(tree) = plan_tree(&mut rows, is_profile) {
            let key = if is_profile { "profile" } else { "plan" };
            res.insert(key.to_owned(), tree);
        }
    }
    let notices = summary.notices.iter().filter_map(|it| notification(it, text, filter));
    let notices: Vec<Value> = notices.collect();
    if !notices.is_empty() {
        res.insert("notifications".to_owned(), Value::List(notices));
    }
    res
}

/// A notice under the code, severity and category by which drivers sort them; None where the client
/// wants none such.
fn notification(notice: &Notice, statement: &str, filter: &NotificationFilter) -> Option<Value> {
    let (code, title, severity, category) = match notice.kind {
        NoticeKind::UnknownProperty => {
            ("UnknownPropertyKeyWarning", "unknown property", "WARNING", "UNRECOGNIZED")
        }
        NoticeKind::UnknownLabel => {
            ("UnknownLabelWarning", "unknown label", "WARNING", "UNRECOGNIZED")
        }
        NoticeKind::UnknownType => {
            ("UnknownRelationshipTypeWarning", "unknown type", "WARNING", "UNRECOGNIZED")
        }
        NoticeKind::CartesianProduct => {
            ("CartesianProduct", "patterns without a connection", "INFORMATION", "PERFORMANCE")
        }
        NoticeKind::UnboundedLength => {
            ("UnboundedVariableLengthPattern", "walks of any length", "INFORMATION", "PERFORMANCE")
        }
        NoticeKind::DoneOtherwise => ("Notice", "done otherwise here", "INFORMATION", "GENERIC"),
        _ => ("Notice", "what is probably not meant", "WARNING", "GENERIC"),
    };
    if !filter.wants(severity, category) {
        return None;
    }
    let start = notice.span.start as usize;
    let at = Position::of(statement, start);
    let n_characters = statement.get(..start).map_or(0, |it| it.chars().count());
    let number = |it: usize| Value::Integer(it as i64);
    let position = [("offset", n_characters), ("line", at.line), ("column", at.column)];
    let position = position.map(|(key, it)| (key.to_owned(), number(it)));
    let text = |it: &str| Value::String(it.to_owned());
    Some(Value::Map(BTreeMap::from([
        ("code".to_owned(), text(&format!("Neo.ClientNotification.Statement.{code}"))),
        ("title".to_owned(), text(title)),
        ("description".to_owned(), text(&notice.message)),
        ("severity".to_owned(), text(severity)),
        ("category".to_owned(), text(category)),
        ("position".to_owned(), Value::Map(position.into())),
    ])))
}

fn counts_of(counters: &Counters) -> Vec<(&'static str, u64)> {
    let all = [
        ("nodes-created", counters.nodes_created),
        ("nodes-deleted", counters.nodes_deleted),
        ("relationships-created", counters.relationships_created),
        ("relationships-deleted", counters.relationships_deleted),
        ("properties-set", counters.properties_set),
        ("labels-added", counters.labels_added),
        ("labels-removed", counters.labels_removed),
    ];
    all.into_iter().filter(|it| it.1 > 0).collect()
}

/// The tree that the lines of a plan are, as clients read it.
fn plan_tree<'a>(
    rows: &mut std::iter::Peekable<impl Iterator<Item = &'a PlanRow>>,
    is_profile: bool,
) -> Option<Value> {
    let row = rows.next()?;
    let mut children = Vec::new();
    while rows.peek().is_some_and(|it| it.depth > row.depth) {
        children.extend(plan_tree(rows, is_profile));
    }
    // What feeds an operator stands below it, no deeper.
    if rows.peek().is_some_and(|it| it.depth == row.depth) {
        children.extend(plan_tree(rows, is_profile));
    }
    let text = |it: &str| Value::String(it.to_owned());
    let mut args = BTreeMap::from([
        ("Details".to_owned(), text(&row.details)),
        ("EstimatedRows".to_owned(), Value::Float(row.estimated_rows)),
    ]);
    if let Some(n) = row.rows {
        args.insert("Rows".to_owned(), Value::Integer(n as i64));
    }
    if let Some(time) = row.time_ns {
        args.insert("Time".to_owned(), Value::Integer(time as i64));
    }
    let mut tree = BTreeMap::from([
        ("operatorType".to_owned(), text(row.operator)),
        ("args".to_owned(), Value::Map(args)),
        ("identifiers".to_owned(), Value::List(Vec::new())),
        ("children".to_owned(), Value::List(children)),
    ]);
    if is_profile {
        tree.insert("rows".to_owned(), Value::Integer(row.rows.unwrap_or_default() as i64));
        tree.insert("dbHits".to_owned(), Value::Integer(0));
        tree.insert("time".to_owned(), Value::Integer(row.time_ns.unwrap_or_default() as i64));
    }
    Some(Value::Map(tree))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(entries: &[(&str, &str)]) -> BTreeMap<String, Value> {
        entries.iter().map(|(key, it)| ((*key).to_owned(), Value::String((*it).into()))).collect()
    }

    #[test]
    fn metadata_name_what_written_records_rest_on() {
        let entries = [("source", "letter"), ("locator", "page 2"), ("certainty", "implied")];
        let commit = resting_on(&metadata(&entries)).unwrap();
        assert_eq!(commit.source.as_deref(), Some("letter"));
        assert_eq!((commit.locator.as_str(), commit.certainty.as_str()), ("page 2", "implied"));
        let nothing = resting_on(&metadata(&[("app", "browser")])).unwrap();
        assert_eq!(nothing, CommitOptions::default());
        assert!(resting_on(&metadata(&[("certainty", "sure")])).is_err());
    }
}
