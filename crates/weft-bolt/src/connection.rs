//! One connection: its states, its messages and what runs behind it.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufWriter, WriteHalf};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use weft_value::Value;

use crate::backend::{
    Access, Backend, Cancel, Credentials, Failure, NotificationFilter, RunOptions, Session, Summary,
};
use crate::decode::{Entries, Fault, Message, is_goodbye, is_logon, is_reset, read_message};
use crate::encode::{write_failure, write_ignored, write_success};
use crate::error::ServeError;
use crate::frames::{Frame, Frames, Room, SMALL_BYTES, Taken};
use crate::handshake::shake_hands;
use crate::results::{Receiver, channel};
use crate::state::State;
use crate::statuses::{write_failure_status, write_statuses};
use crate::version::Version;

/// Messages that are read ahead at most.
const MESSAGES_AHEAD: usize = 16;
/// A message that is not valid where it comes.
const INVALID: &str = "Neo.ClientError.Request.Invalid";
/// There is no room for it now, and may be later.
const NO_ROOM: &str = "Neo.TransientError.General.MemoryPoolOutOfMemoryError";
/// Results that a transaction may keep open at once.
const RESULTS_MAX: usize = 1_000;
/// Bytes of rows that are kept aside while a later statement of the transaction runs.
const ASIDE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Memory that the values of a message may take from somebody who was not let in yet.
const STRANGER_BYTES: usize = 1024 * 1024;

/// What a connection may cost. Clones share their room.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a message.
    pub message_bytes: usize,
    /// Memory that the values of a message may take.
    pub values_bytes: usize,
    /// Memory that long messages and their values may take on all connections together.
    pub room: Room,
    /// How long somebody may take to be let in.
    pub handshake: Duration,
    /// How long a connection that was let in may be silent, or not take what it is sent; None for as
    /// long as it likes.
    pub idle: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 64 * 1024 * 1024,
            values_bytes: 512 * 1024 * 1024,
            room: Room::of(2 * 1024 * 1024 * 1024),
            handshake: Duration::from_secs(30),
            idle: None,
        }
    }
}

/// Serves a connection until it ends; what is open then is rolled back.
///
/// Must run on a tokio runtime with timers.
///
/// # Errors
/// Where the stream breaks or does not speak Bolt.
pub async fn serve<S>(
    mut stream: S,
    backend: Arc<dyn Backend>,
    limits: Limits,
) -> Result<(), ServeError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let agreed = timeout(limits.handshake, shake_hands(&mut stream)).await;
    let version = agreed.map_err(|_| ServeError::TooSlow)??;
    let (read, write) = tokio::io::split(stream);
    let cancel = Cancel::default();
    let resets = Arc::new(AtomicUsize::new(0));
    let (sender, frames) = mpsc::channel(MESSAGES_AHEAD);
    let (admit, admitted) = oneshot::channel();
    let inbox = Inbox { sender, cancel: cancel.clone(), resets: Arc::clone(&resets), version };
    let stranger = SMALL_BYTES.min(limits.message_bytes);
    let reader = Frames::new(read, limits.room.clone(), stranger);
    let reading = tokio::spawn(inbox.read(reader, admitted, limits.message_bytes));
    let mut connection = Connection {
        version,
        writer: BufWriter::new(write),
        out: BytesMut::new(),
        frames,
        backend,
        limits,
        state: State::Negotiation,
        cancel,
        resets,
        admit: Some(admit),
        session: None,
        results: BTreeMap::new(),
        running: None,
        last_query: 0,
        notifications: NotificationFilter::default(),
        in_transaction: false,
    };
    let result = connection.run().await;
    connection.close().await;
    reading.abort();
    Ok(result?)
}

/// Reads messages ahead, so that a RESET is seen while a statement runs.
struct Inbox {
    sender: mpsc::Sender<io::Result<Frame>>,
    cancel: Cancel,
    resets: Arc<AtomicUsize>,
    version: Version,
}

impl Inbox {
    async fn read<R: AsyncRead + Unpin>(
        self,
        mut frames: Frames<R>,
        admitted: oneshot::Receiver<()>,
        message_bytes: usize,
    ) {
        let mut admitted = Some(admitted);
        loop {
            let frame = frames.next().await;
            let is_end = frame.is_err();
            if let Ok(Frame::Message(bytes, _)) = &frame
                && is_reset(bytes)
            {
                self.resets.fetch_add(1, Ordering::SeqCst);
                self.cancel.set(true);
            }
            if is_end || matches!(&frame, Ok(Frame::Message(it, _)) if is_goodbye(it)) {
                self.cancel.set(true);
            }
            let is_logon =
                matches!(&frame, Ok(Frame::Message(it, _)) if is_logon(it, self.version));
            if self.sender.send(frame).await.is_err() || is_end {
                return;
            }
            // What comes behind it may be long, and is not read before it is known who sends it.
            if is_logon && let Some(admitted) = admitted.take() {
                match admitted.await {
                    Ok(()) => frames.limit = message_bytes,
                    Err(_) => return,
                }
            }
        }
    }
}

/// What a message says, by name.
type Metadata = BTreeMap<String, Value>;

/// A session that runs a statement, to be had back when it is done.
type Running = JoinHandle<(Box<dyn Session>, Result<Summary, Failure>)>;

struct Connection<S> {
    version: Version,
    writer: BufWriter<WriteHalf<S>>,
    /// Room for a message that is written.
    out: BytesMut,
    frames: mpsc::Receiver<io::Result<Frame>>,
    backend: Arc<dyn Backend>,
    limits: Limits,
    state: State,
    cancel: Cancel,
    /// RESETs that were read and not answered yet: until they are, all else is ignored.
    resets: Arc<AtomicUsize>,
    /// Tells the reader that larger messages are welcome.
    admit: Option<oneshot::Sender<()>>,
    /// None before HELLO, and while a statement runs.
    session: Option<Box<dyn Session>>,
    /// Open results, by the number of their statement.
    results: BTreeMap<i64, Receiver>,
    /// The statement that runs, with its number.
    running: Option<(i64, Running)>,
    last_query: i64,
    in_transaction: bool,
    /// What HELLO said.
    notifications: NotificationFilter,
}

/// Where the runtime ends, a connection is dropped between two messages or in one.
impl<S> Drop for Connection<S> {
    fn drop(&mut self) {
        self.cancel.set(true);
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection<S> {
    async fn run(&mut self) -> io::Result<()> {
        while self.state != State::Defunct {
            let Some(Ok(frame)) = self.next_frame().await else { return Ok(()) };
            if self.passes_over(&frame) {
                self.ignore().await?;
                continue;
            }
            let done = match self.read(frame) {
                Ok((message, taken)) => match self.state.after(&message, self.version) {
                    Some(next) => self.handle(message, taken, next).await?,
                    None => {
                        let (name, state, version) = (message.name(), self.state, self.version);
                        let text = format!(
                            "{name} is not expected in the state {state} of Bolt {version}"
                        );
                        Err(Failure::new(INVALID, text))
                    }
                },
                Err(failure) => Err(failure),
            };
            match done {
                Ok(state) => self.state = state,
                Err(failure) => {
                    self.fail(&failure).await?;
                    self.state = self.state.after_failure();
                }
            }
        }
        Ok(())
    }

    async fn next_frame(&mut self) -> Option<io::Result<Frame>> {
        let limit = match self.state.is_let_in() {
            true => self.limits.idle,
            false => Some(self.limits.handshake),
        };
        match limit {
            Some(limit) => timeout(limit, self.frames.recv()).await.ok().flatten(),
            None => self.frames.recv().await,
        }
    }

    /// Whether a message goes unread: after a failure, and before a RESET that was read ahead.
    fn passes_over(&self, frame: &Frame) -> bool {
        let is_passed = match frame {
            Frame::Message(bytes, _) => !is_reset(bytes) && !is_goodbye(bytes),
            Frame::TooLong(_) | Frame::NoRoom => true,
        };
        let is_reset_ahead = self.resets.load(Ordering::SeqCst) > 0 && self.state.is_let_in();
        is_passed && (self.state == State::Failed || is_reset_ahead)
    }

    fn read(&self, frame: Frame) -> Result<(Message, Taken), Failure> {
        let no_room = || {
            let text = "the messages of all clients together take too much memory now; \
                        try again later, or in smaller parts";
            Failure::new(NO_ROOM, text)
        };
        let (bytes, mut taken) = match frame {
            Frame::Message(bytes, taken) => (bytes, taken),
            Frame::TooLong(limit) => {
                let text = format!(
                    "a message is longer than {limit} bytes; send its parameters in several statements"
                );
                return Err(Failure::new(INVALID, text));
            }
            Frame::NoRoom => return Err(no_room()),
        };
        let memory_max = match self.state.is_let_in() {
            true => self.limits.values_bytes,
            false => STRANGER_BYTES.min(self.limits.values_bytes),
        };
        let (message, memory) = read_message(&bytes, memory_max).map_err(|fault| match fault {
            Fault::Garbled(text) => Failure::new(INVALID, text),
            Fault::Refused(failure) => failure,
        })?;
        if memory > SMALL_BYTES && !self.limits.room.take(&mut taken, memory) {
            return Err(no_room());
        }
        Ok((message, taken))
    }

    /// Does what a message asks; the state after it, or why it failed.
    async fn handle(
        &mut self,
        message: Message,
        taken: Taken,
        next: State,
    ) -> io::Result<Result<State, Failure>> {
        let done = match message {
            Message::Hello(extra) => self.hello(&extra),
            Message::Logon(auth) => self.logon(&auth),
            Message::Logoff => {
                self.session = None;
                Ok(Metadata::new())
            }
            Message::Goodbye => return Ok(Ok(next)),
            Message::Reset => {
                self.rollback().await;
                if self.resets.fetch_sub(1, Ordering::SeqCst) == 1 {
                    self.cancel.set(false);
                }
                Ok(Metadata::new())
            }
            Message::Begin(extra) => self.begin(extra).await,
            Message::Run { query, parameters, extra } => {
                self.run_statement(query, parameters, extra, taken).await
            }
            Message::Pull(extra) => return self.pull(&extra, true).await,
            Message::Discard(extra) => return self.pull(&extra, false).await,
            Message::Commit => self.commit().await,
            Message::Rollback => {
                self.rollback().await;
                Ok(Metadata::new())
            }
            Message::Route { routing, extra } => self.route(&routing, &extra),
            Message::Telemetry => Ok(Metadata::new()),
        };
        match done {
            Ok(metadata) => {
                self.succeed(&metadata).await?;
                Ok(Ok(next))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }

    /// HELLO: what both are, and before LOGON was there, who the client is.
    fn hello(&mut self, extra: &Entries) -> Result<Metadata, Failure> {
        if !self.version.has_logon() {
            self.logon(extra)?;
        }
        self.notifications = notification_filter(extra);
        let mut answer = metadata([
            ("server", Value::String(self.backend.agent())),
            ("connection_id", Value::String(connection_name())),
            ("hints", Value::Map(Metadata::new())),
        ]);
        let utc = Value::String("utc".to_owned());
        let asks_for_utc =
            matches!(extra.get("patch_bolt"), Some(Value::List(it)) if it.contains(&utc));
        if asks_for_utc && let Some(version) = self.version.with_utc() {
            self.version = version;
            answer.insert("patch_bolt".to_owned(), Value::List(vec![utc]));
        }
        Ok(answer)
    }

    fn logon(&mut self, auth: &Entries) -> Result<Metadata, Failure> {
        let text = |key: &str| text_of(auth, key).unwrap_or_default().to_owned();
        self.backend.authenticate(&Credentials {
            scheme: text("scheme"),
            principal: text("principal"),
            credentials: text("credentials"),
        })?;
        self.session = Some(self.backend.open(self.cancel.clone()));
        if let Some(admit) = self.admit.take() {
            // Where the reader is gone, so is the client, and the next read says it.
            let _ = admit.send(());
        }
        Ok(Metadata::new())
    }

    async fn begin(&mut self, extra: Entries) -> Result<Metadata, Failure> {
        let options = run_options(extra, &self.notifications)?;
        self.with_session(move |session| session.begin(&options)).await?;
        self.in_transaction = true;
        self.last_query = 0;
        Ok(Metadata::new())
    }

    async fn run_statement(
        &mut self,
        query: String,
        parameters: Entries,
        extra: Entries,
        taken: Taken,
    ) -> Result<Metadata, Failure> {
        if self.results.len() >= RESULTS_MAX {
            return Err(Failure::new(
                INVALID,
                format!("{RESULTS_MAX} results are open in this transaction; read or discard some"),
            ));
        }
        // A statement that still runs is let run to its end: a session does one thing at a time.
        if !self.finish_running(true).await {
            let text = format!(
                "the result before this statement has more than {} MiB left; \
                 read it to its end, or discard it, first",
                ASIDE_BYTES_MAX >> 20
            );
            return Err(Failure::new(INVALID, text));
        }
        let options = run_options(extra, &self.notifications)?;
        let Some(mut session) = self.session.take() else { return Err(no_session()) };
        let (columns_sender, columns) = oneshot::channel();
        let (mut sender, receiver) = channel(columns_sender, self.cancel.clone(), self.version);
        let id = self.last_query;
        self.last_query += 1;
        let task = tokio::task::spawn_blocking(move || {
            let outcome = session.run(&query, parameters, &options, &mut sender);
            drop(taken);
            sender.flush();
            (session, outcome)
        });
        self.running = Some((id, task));
        self.results.insert(id, receiver);
        let Ok(columns) = columns.await else {
            // It ended before it had columns: that is a failure, or a bug of the session.
            self.finish_running(false).await;
            let outcome = self.results.remove(&id).and_then(|it| it.outcome);
            return Err(match outcome {
                Some(Err(failure)) => failure,
                _ => Failure::new("Neo.DatabaseError.General.UnknownError", "no columns came"),
            });
        };
        if let Some(receiver) = self.results.get_mut(&id) {
            receiver.has_columns = !columns.is_empty();
        }
        let columns = columns.into_iter().map(Value::String).collect();
        let mut metadata =
            metadata([("fields", Value::List(columns)), ("t_first", Value::Integer(0))]);
        if self.in_transaction {
            metadata.insert("qid".to_owned(), Value::Integer(id));
        }
        Ok(metadata)
    }

    /// PULL and DISCARD: rows are sent, or left out.
    async fn pull(&mut self, extra: &Entries, send: bool) -> io::Result<Result<State, Failure>> {
        let whole = |key: &str| match extra.get(key) {
            None => Some(-1),
            Some(Value::Integer(it)) if *it >= -1 => Some(*it),
            Some(_) => None,
        };
        let (Some(n), Some(id)) = (whole("n").filter(|it| *it != 0), whole("qid")) else {
            let text = "`n` is to be a positive number or -1, and `qid` that of an open result";
            return Ok(Err(Failure::new(INVALID, text)));
        };
        let last = self.results.keys().next_back().copied();
        let id = if id < 0 { last.unwrap_or(-1) } else { id };
        let Some(mut receiver) = self.results.remove(&id) else {
            return Ok(Err(Failure::new(INVALID, format!("there is no open result {id}"))));
        };
        let mut n_left = u64::try_from(n).unwrap_or(u64::MAX);
        while n_left > 0 {
            let Some((rows, n_rows)) = receiver.next(n_left).await else { break };
            if self.resets.load(Ordering::SeqCst) > 0 {
                break;
            }
            if send {
                self.write(&rows).await?;
            }
            n_left -= n_rows;
        }
        if n_left == 0 && receiver.has_more().await {
            self.results.insert(id, receiver);
            let metadata = metadata([("has_more", Value::Boolean(true))]);
            self.succeed(&metadata).await?;
            return Ok(Ok(self.state));
        }
        self.results.insert(id, receiver);
        if self.running.as_ref().is_some_and(|it| it.0 == id) {
            self.finish_running(false).await;
        }
        let Some(receiver) = self.results.remove(&id) else {
            return Ok(Err(Failure::new(INVALID, format!("there is no open result {id}"))));
        };
        match receiver.outcome {
            Some(Ok(mut metadata)) => {
                if self.version.has_statuses() {
                    write_statuses(&mut metadata, receiver.has_columns, receiver.n_rows > 0);
                }
                metadata.insert("has_more".to_owned(), Value::Boolean(false));
                metadata.insert("t_last".to_owned(), Value::Integer(0));
                metadata.insert("db".to_owned(), Value::String(self.backend.database()));
                self.succeed(&metadata).await?;
                let is_last = self.results.is_empty();
                Ok(Ok(if is_last { self.state.after_last_row() } else { self.state }))
            }
            Some(Err(failure)) => Ok(Err(failure)),
            None => Ok(Err(Failure::new(INVALID, format!("there is no open result {id}")))),
        }
    }

    async fn commit(&mut self) -> Result<Metadata, Failure> {
        self.finish_running(true).await;
        self.results.clear();
        self.in_transaction = false;
        let bookmark = self.with_session(|session| session.commit()).await?;
        Ok(metadata([("bookmark", Value::String(bookmark))]))
    }

    async fn rollback(&mut self) {
        self.cancel.set(true);
        self.results.clear();
        self.finish_running(false).await;
        self.in_transaction = false;
        if self.resets.load(Ordering::SeqCst) == 0 {
            self.cancel.set(false);
        }
        if let Some(session) = &mut self.session {
            session.rollback();
        }
    }

    /// Waits for the statement that runs. With `keep` its rows are taken in, to be pulled later, if
    /// they are not too many: else this is false. Without, those that wait are dropped with their result.
    async fn finish_running(&mut self, keep: bool) -> bool {
        let Some((id, task)) = self.running.take() else { return true };
        let is_kept = match self.results.get_mut(&id) {
            Some(receiver) if keep => receiver.take_in(ASIDE_BYTES_MAX).await,
            _ => false,
        };
        if let Some(receiver) = self.results.get_mut(&id).filter(|_| !is_kept) {
            // A statement whose rows nobody takes would wait for ever.
            receiver.stop();
        }
        let outcome = match task.await {
            Ok((session, outcome)) => {
                self.session = Some(session);
                outcome
            }
            Err(error) => {
                // The statement's thread panicked and took the session with it.
                self.session = Some(self.backend.open(self.cancel.clone()));
                Err(Failure::new("Neo.DatabaseError.General.UnknownError", error.to_string()))
            }
        };
        if let Some(receiver) = self.results.get_mut(&id) {
            receiver.outcome = Some(outcome);
        }
        is_kept
    }

    /// Does something with the session on a thread of its own.
    async fn with_session<T: Send + 'static>(
        &mut self,
        act: impl FnOnce(&mut dyn Session) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let Some(mut session) = self.session.take() else { return Err(no_session()) };
        let task = tokio::task::spawn_blocking(move || {
            let result = act(session.as_mut());
            (session, result)
        });
        match task.await {
            Ok((session, result)) => {
                self.session = Some(session);
                result
            }
            Err(error) => {
                self.session = Some(self.backend.open(self.cancel.clone()));
                Err(Failure::new("Neo.DatabaseError.General.UnknownError", error.to_string()))
            }
        }
    }

    /// One server that does all, for the database that is asked for: a client keeps what it is told by
    /// the name that it comes with.
    fn route(&self, routing: &Entries, extra: &Entries) -> Result<Metadata, Failure> {
        refuse_impersonation(extra)?;
        let database = text_of(extra, "db").map_or_else(|| self.backend.database(), str::to_owned);
        let address = text_of(routing, "address");
        let address = Value::String(address.unwrap_or("localhost:7687").to_owned());
        let server = |role: &str| {
            Value::Map(metadata([
                ("role", Value::String(role.to_owned())),
                ("addresses", Value::List(vec![address.clone()])),
            ]))
        };
        let servers = vec![server("ROUTE"), server("READ"), server("WRITE")];
        let table = metadata([
            ("ttl", Value::Integer(300)),
            ("db", Value::String(database)),
            ("servers", Value::List(servers)),
        ]);
        Ok(metadata([("rt", Value::Map(table))]))
    }

    async fn succeed(&mut self, metadata: &Metadata) -> io::Result<()> {
        write_success(&mut self.out, metadata, self.version);
        self.send().await
    }

    async fn fail(&mut self, failure: &Failure) -> io::Result<()> {
        let mut metadata = failure.extra.clone();
        match self.version.has_failure_status() {
            true => write_failure_status(failure, &mut metadata),
            false => {
                metadata.insert("code".to_owned(), Value::String(failure.code.clone()));
            }
        }
        metadata.insert("message".to_owned(), Value::String(failure.message.clone()));
        write_failure(&mut self.out, &metadata, self.version);
        self.send().await
    }

    async fn ignore(&mut self) -> io::Result<()> {
        write_ignored(&mut self.out);
        self.send().await
    }

    /// Sends what was written, and the rows before it.
    async fn send(&mut self) -> io::Result<()> {
        let out = std::mem::take(&mut self.out);
        self.write(&out).await?;
        let flushed = self.writer.flush();
        match self.limits.idle {
            Some(limit) => timeout(limit, flushed).await??,
            None => flushed.await?,
        }
        self.out = out;
        self.out.clear();
        Ok(())
    }

    /// Writes; whoever takes nothing is as silent as who says nothing.
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.writer.write_all(bytes);
        match self.limits.idle {
            Some(limit) => timeout(limit, written).await?,
            None => written.await,
        }
    }

    async fn close(&mut self) {
        self.rollback().await;
        self.session = None;
    }
}

/// What BEGIN and RUN say beside the statement.
fn run_options(
    mut extra: Entries,
    of_connection: &NotificationFilter,
) -> Result<RunOptions, Failure> {
    refuse_impersonation(&extra)?;
    let access = match text_of(&extra, "mode") {
        Some("r") => Access::Read,
        _ => Access::Write,
    };
    let timeout = match extra.get("tx_timeout") {
        Some(Value::Integer(it)) if *it > 0 => Some(Duration::from_millis(it.unsigned_abs())),
        _ => None,
    };
    let metadata = match extra.remove("tx_metadata") {
        Some(Value::Map(entries)) => entries,
        _ => Entries::new(),
    };
    let notifications = notification_filter(&extra).or(of_connection);
    Ok(RunOptions { access, timeout, metadata, notifications })
}

/// Refuses to act for somebody else, rather than doing it in the name of who is logged on.
fn refuse_impersonation(extra: &Entries) -> Result<(), Failure> {
    match text_of(extra, "imp_user") {
        None => Ok(()),
        Some(user) => {
            let code = "Neo.ClientError.Security.Forbidden";
            let text = format!("nobody acts for another user here; log on as `{user}` instead");
            Err(Failure::new(code, text))
        }
    }
}

/// Which notifications HELLO, BEGIN or RUN ask for.
fn notification_filter(extra: &Entries) -> NotificationFilter {
    let severity_min = text_of(extra, "notifications_minimum_severity").map(str::to_owned);
    // Bolt 5.5 calls categories classifications.
    let disabled = extra
        .get("notifications_disabled_categories")
        .or_else(|| extra.get("notifications_disabled_classifications"));
    let disabled = match disabled {
        Some(Value::List(all)) => all
            .iter()
            .filter_map(|it| match it {
                Value::String(it) => Some(it.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    NotificationFilter { severity_min, disabled }
}

fn text_of<'a>(entries: &'a Entries, key: &str) -> Option<&'a str> {
    match entries.get(key) {
        Some(Value::String(it)) => Some(it),
        _ => None,
    }
}

fn metadata<const N: usize>(entries: [(&str, Value); N]) -> Metadata {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A name for a connection that no other of this process has.
fn connection_name() -> String {
    static N_CONNECTIONS: AtomicUsize = AtomicUsize::new(0);
    format!("bolt-{}", N_CONNECTIONS.fetch_add(1, Ordering::Relaxed) + 1)
}

fn no_session() -> Failure {
    Failure::new(INVALID, "nobody is logged on")
}
