//! One connection: its states, its messages and what runs behind it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use boltr::chunk::{ChunkReader, ChunkWriter};
use boltr::error::BoltError;
use boltr::message::decode::decode_client_message;
use boltr::message::encode::encode_server_message;
use boltr::message::request::ClientMessage;
use boltr::message::response::ServerMessage;
use boltr::server::{ConnectionState, handshake};
use boltr::types::{BoltDict, BoltValue};
use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, BufWriter, WriteHalf};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::backend::{Access, Backend, Cancel, Credentials, Failure, RunOptions, Session, Summary};
use crate::decode::from_dict;
use crate::encode::to_dict;
use crate::results::{Receiver, channel};

/// Messages that are read ahead at most.
const MESSAGES_AHEAD: usize = 64;
/// A message that is not valid where it comes.
const INVALID: &str = "Neo.ClientError.Request.Invalid";
/// Results that a transaction may keep open at once.
const RESULTS_MAX: usize = 1_000;

/// What a connection may cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bytes of a message.
    pub message_bytes: usize,
    /// Bytes of a message of somebody who was not let in yet.
    pub unauthenticated_message_bytes: usize,
    /// How long somebody may take to be let in.
    pub handshake: Duration,
    /// How long a connection that was let in may be silent; None for as long as it likes.
    pub idle: Option<Duration>,
}

/// Why a connection ended other than by its own will.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ServeError(#[from] BoltError);

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 64 * 1024 * 1024,
            unauthenticated_message_bytes: 64 * 1024,
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
    let too_slow = |_| BoltError::Session("the handshake took too long".to_owned());
    timeout(limits.handshake, handshake::server_handshake(&mut stream))
        .await
        .map_err(too_slow)??;
    let (read, write) = tokio::io::split(stream);
    let cancel = Cancel::default();
    let resets = Arc::new(AtomicUsize::new(0));
    let (sender, messages) = mpsc::channel(MESSAGES_AHEAD);
    let (admit, admitted) = oneshot::channel();
    let inbox = Inbox { sender, cancel: cancel.clone(), resets: Arc::clone(&resets) };
    let reading = tokio::spawn(inbox.read(ChunkReader::new(read), admitted, limits));
    let mut connection = Connection {
        writer: ChunkWriter::new(BufWriter::new(write)),
        messages,
        backend,
        limits,
        state: ConnectionState::Negotiation,
        cancel,
        resets,
        admit: Some(admit),
        session: None,
        results: BTreeMap::new(),
        running: None,
        last_query: 0,
        in_transaction: false,
    };
    let result = connection.run().await;
    connection.close().await;
    reading.abort();
    Ok(result?)
}

/// Reads messages ahead, so that a RESET is seen while a statement runs.
struct Inbox {
    sender: mpsc::Sender<Result<ClientMessage, BoltError>>,
    cancel: Cancel,
    resets: Arc<AtomicUsize>,
}

impl Inbox {
    async fn read<R: AsyncRead + Unpin>(
        self,
        mut reader: ChunkReader<R>,
        admitted: oneshot::Receiver<()>,
        limits: Limits,
    ) {
        let unauthenticated = limits.unauthenticated_message_bytes.min(limits.message_bytes);
        reader.set_max_message_size(unauthenticated);
        let mut admitted = Some(admitted);
        loop {
            if let Some(receiver) = &mut admitted
                && receiver.try_recv().is_ok()
            {
                admitted = None;
                reader.set_max_message_size(limits.message_bytes);
            }
            let message = match reader.read_message().await {
                // An empty message keeps the connection alive and says nothing.
                Ok(bytes) if bytes.is_empty() => continue,
                Ok(bytes) => decode_client_message(&bytes),
                Err(error) => Err(error),
            };
            let is_end = matches!(message, Err(BoltError::Io(_)));
            if is_end || matches!(message, Ok(ClientMessage::Reset | ClientMessage::Goodbye)) {
                if matches!(message, Ok(ClientMessage::Reset)) {
                    self.resets.fetch_add(1, Ordering::SeqCst);
                }
                self.cancel.set(true);
            }
            if self.sender.send(message).await.is_err() || is_end {
                return;
            }
        }
    }
}

/// A session that runs a statement, to be had back when it is done.
type Running = JoinHandle<(Box<dyn Session>, Result<Summary, Failure>)>;

struct Connection<S> {
    writer: ChunkWriter<BufWriter<WriteHalf<S>>>,
    messages: mpsc::Receiver<Result<ClientMessage, BoltError>>,
    backend: Arc<dyn Backend>,
    limits: Limits,
    state: ConnectionState,
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
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection<S> {
    async fn run(&mut self) -> Result<(), BoltError> {
        while self.state != ConnectionState::Defunct {
            let Some(message) = self.next_message().await else { return Ok(()) };
            let message = match message {
                Ok(message) => message,
                Err(BoltError::Io(_)) => return Ok(()),
                Err(error) => {
                    let failure = Failure::new(INVALID, error.to_string());
                    self.fail(&failure).await?;
                    self.state = self.state.after_protocol_violation();
                    continue;
                }
            };
            let is_reset = matches!(message, ClientMessage::Reset);
            if !is_reset && self.resets.load(Ordering::SeqCst) > 0 && self.state.is_authenticated()
            {
                self.send(&ServerMessage::Ignored).await?;
                continue;
            }
            if !self.state.accepts(&message) {
                self.refuse(&message).await?;
                continue;
            }
            match self.handle(message).await? {
                Ok(state) => self.state = state,
                Err(failure) => {
                    self.fail(&failure).await?;
                    self.state = match self.state.is_authenticated() {
                        true => ConnectionState::Failed,
                        false => ConnectionState::Defunct,
                    };
                }
            }
        }
        Ok(())
    }

    async fn next_message(&mut self) -> Option<Result<ClientMessage, BoltError>> {
        let limit = match self.state {
            ConnectionState::Negotiation | ConnectionState::Authentication => {
                Some(self.limits.handshake)
            }
            _ => self.limits.idle,
        };
        match limit {
            Some(limit) => timeout(limit, self.messages.recv()).await.ok().flatten(),
            None => self.messages.recv().await,
        }
    }

    async fn refuse(&mut self, message: &ClientMessage) -> Result<(), BoltError> {
        if matches!(message, ClientMessage::Goodbye) {
            self.state = ConnectionState::Defunct;
            return Ok(());
        }
        if self.state == ConnectionState::Failed {
            return self.send(&ServerMessage::Ignored).await;
        }
        let name = message.to_string();
        let name = name.split([' ', '(']).next().unwrap_or_default();
        let text = format!("{name} is not expected in the state {}", self.state);
        self.fail(&Failure::new(INVALID, text)).await?;
        self.state = self.state.after_protocol_violation();
        Ok(())
    }

    /// Does what a message asks; the state after it, or why it failed.
    async fn handle(
        &mut self,
        message: ClientMessage,
    ) -> Result<Result<ConnectionState, Failure>, BoltError> {
        let next = self.state.transition_success(&message);
        let done = match message {
            ClientMessage::Hello { .. } => {
                let entries = [
                    ("server", BoltValue::String(self.backend.agent())),
                    ("connection_id", BoltValue::String(connection_name())),
                    ("hints", BoltValue::Dict(BoltDict::new())),
                ];
                Ok(dict(entries))
            }
            ClientMessage::Logon { auth } => self.logon(&auth),
            ClientMessage::Logoff => {
                self.session = None;
                Ok(BoltDict::new())
            }
            ClientMessage::Goodbye => return Ok(Ok(ConnectionState::Defunct)),
            ClientMessage::Reset => {
                self.reset().await;
                if self.resets.fetch_sub(1, Ordering::SeqCst) == 1 {
                    self.cancel.set(false);
                }
                Ok(BoltDict::new())
            }
            ClientMessage::Begin { extra } => self.begin(extra).await,
            ClientMessage::Run { query, parameters, extra } => {
                self.run_statement(query, parameters, extra).await
            }
            ClientMessage::Pull { extra } => return self.pull(&extra, true).await,
            ClientMessage::Discard { extra } => return self.pull(&extra, false).await,
            ClientMessage::Commit => self.commit().await,
            ClientMessage::Rollback => {
                self.rollback().await;
                Ok(BoltDict::new())
            }
            ClientMessage::Route { routing, .. } => Ok(self.route(&routing)),
            ClientMessage::Telemetry { .. } => Ok(BoltDict::new()),
        };
        match done {
            Ok(metadata) => {
                self.send(&ServerMessage::Success { metadata }).await?;
                Ok(Ok(next))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }

    fn logon(&mut self, auth: &BoltDict) -> Result<BoltDict, Failure> {
        let text =
            |key: &str| auth.get(key).and_then(BoltValue::as_str).unwrap_or_default().to_owned();
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
        Ok(BoltDict::new())
    }

    async fn begin(&mut self, extra: BoltDict) -> Result<BoltDict, Failure> {
        let options = run_options(extra)?;
        self.with_session(move |session| session.begin(&options)).await?;
        self.in_transaction = true;
        self.last_query = 0;
        Ok(BoltDict::new())
    }

    async fn run_statement(
        &mut self,
        query: String,
        parameters: BoltDict,
        extra: BoltDict,
    ) -> Result<BoltDict, Failure> {
        if self.results.len() >= RESULTS_MAX {
            return Err(Failure::new(
                INVALID,
                format!("{RESULTS_MAX} results are open in this transaction; read or discard some"),
            ));
        }
        // A statement that still runs is let run to its end: a session does one thing at a time.
        self.finish_running(true).await;
        let parameters = from_dict(parameters)?;
        let options = run_options(extra)?;
        let Some(mut session) = self.session.take() else { return Err(no_session()) };
        let (columns_sender, columns) = oneshot::channel();
        let (mut sender, receiver) = channel(columns_sender, self.cancel.clone());
        let id = self.last_query;
        self.last_query += 1;
        let task = tokio::task::spawn_blocking(move || {
            let outcome = session.run(&query, parameters, &options, &mut sender);
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
        let columns = columns.into_iter().map(BoltValue::String).collect();
        let mut metadata =
            dict([("fields", BoltValue::List(columns)), ("t_first", BoltValue::Integer(0))]);
        if self.in_transaction {
            metadata.insert("qid".to_owned(), BoltValue::Integer(id));
        }
        Ok(metadata)
    }

    /// PULL and DISCARD: rows are sent, or left out.
    async fn pull(
        &mut self,
        extra: &BoltDict,
        send: bool,
    ) -> Result<Result<ConnectionState, Failure>, BoltError> {
        let whole = |key: &str| match extra.get(key) {
            None => Some(-1),
            Some(BoltValue::Integer(it)) if *it >= -1 => Some(*it),
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
            let Some(row) = receiver.next().await else { break };
            if self.resets.load(Ordering::SeqCst) > 0 {
                break;
            }
            if send {
                self.writer.write_message(&row).await?;
            }
            n_left -= 1;
        }
        if n_left == 0 && receiver.has_more().await {
            self.results.insert(id, receiver);
            let metadata = dict([("has_more", BoltValue::Boolean(true))]);
            self.send(&ServerMessage::Success { metadata }).await?;
            return Ok(Ok(self.state));
        }
        self.results.insert(id, receiver);
        if self.running.as_ref().is_some_and(|it| it.0 == id) {
            self.finish_running(false).await;
        }
        match self.results.remove(&id).and_then(|it| it.outcome) {
            Some(Ok(summary)) => {
                let mut metadata = to_dict(&summary);
                metadata.insert("has_more".to_owned(), BoltValue::Boolean(false));
                metadata.insert("t_last".to_owned(), BoltValue::Integer(0));
                metadata.insert("db".to_owned(), BoltValue::String(self.backend.database()));
                self.send(&ServerMessage::Success { metadata }).await?;
                let is_last = self.results.is_empty();
                Ok(Ok(if is_last { self.state.complete_streaming() } else { self.state }))
            }
            Some(Err(failure)) => Ok(Err(failure)),
            None => Ok(Err(Failure::new(INVALID, format!("there is no open result {id}")))),
        }
    }

    async fn commit(&mut self) -> Result<BoltDict, Failure> {
        self.finish_running(true).await;
        self.results.clear();
        self.in_transaction = false;
        let bookmark = self.with_session(|session| session.commit()).await?;
        Ok(dict([("bookmark", BoltValue::String(bookmark))]))
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

    /// Ends what runs and rolls back what is open.
    async fn reset(&mut self) {
        self.rollback().await;
    }

    /// Waits for the statement that runs. With `keep` its rows are taken in, to be pulled later; else
    /// those that wait are dropped with their result.
    async fn finish_running(&mut self, keep: bool) {
        let Some((id, task)) = self.running.take() else { return };
        match self.results.get_mut(&id) {
            Some(receiver) if keep => receiver.take_in().await,
            // A statement that waits for its rows to be taken would wait for ever.
            Some(receiver) => receiver.stop(),
            None => {}
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

    /// One server that does all.
    fn route(&self, routing: &BoltDict) -> BoltDict {
        let address = routing.get("address").cloned();
        let address = address.unwrap_or_else(|| BoltValue::String("localhost:7687".to_owned()));
        let server = |role: &str| {
            BoltValue::Dict(dict([
                ("role", BoltValue::String(role.to_owned())),
                ("addresses", BoltValue::List(vec![address.clone()])),
            ]))
        };
        let servers = vec![server("ROUTE"), server("READ"), server("WRITE")];
        let table = dict([
            ("ttl", BoltValue::Integer(300)),
            ("db", BoltValue::String(self.backend.database())),
            ("servers", BoltValue::List(servers)),
        ]);
        dict([("rt", BoltValue::Dict(table))])
    }

    async fn fail(&mut self, failure: &Failure) -> Result<(), BoltError> {
        let mut metadata = to_dict(&failure.extra);
        metadata.insert("code".to_owned(), BoltValue::String(failure.code.clone()));
        metadata.insert("message".to_owned(), BoltValue::String(failure.message.clone()));
        self.send(&ServerMessage::Failure { metadata }).await
    }

    async fn send(&mut self, message: &ServerMessage) -> Result<(), BoltError> {
        let mut bytes = BytesMut::new();
        encode_server_message(&mut bytes, message);
        self.writer.write_message(&bytes).await?;
        self.writer.flush().await
    }

    async fn close(&mut self) {
        self.rollback().await;
        self.session = None;
    }
}

/// What BEGIN and RUN say beside the statement.
fn run_options(mut extra: BoltDict) -> Result<RunOptions, Failure> {
    let is_read = extra.get("mode").and_then(BoltValue::as_str) == Some("r");
    let timeout = match extra.get("tx_timeout") {
        Some(BoltValue::Integer(it)) if *it > 0 => Some(Duration::from_millis(it.unsigned_abs())),
        _ => None,
    };
    let metadata = match extra.remove("tx_metadata") {
        Some(BoltValue::Dict(dict)) => from_dict(dict)?,
        _ => BTreeMap::new(),
    };
    let access = if is_read { Access::Read } else { Access::Write };
    Ok(RunOptions { access, timeout, metadata })
}

fn dict<const N: usize>(entries: [(&str, BoltValue); N]) -> BoltDict {
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
