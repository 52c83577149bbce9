//! A connection served through a pipe, by a database of made-up answers.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use boltr::chunk::{ChunkReader, ChunkWriter};
use boltr::message::decode::decode_server_message;
use boltr::message::encode::encode_client_message;
use boltr::message::request::ClientMessage;
use boltr::message::response::ServerMessage;
use boltr::message::sig;
use boltr::types::{BoltDict, BoltValue};
use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;
use weft_bolt::{
    Backend, Cancel, Credentials, Failure, Limits, Output, Room, RunOptions, ServeError, Session,
    Summary, serve,
};
use weft_value::Value;

/// `count N` gives the numbers below N, `endless` does not end, `fail` fails, `echo` gives `$x`.
#[derive(Default)]
struct Numbers {
    n_rows: AtomicU64,
    log: Mutex<Vec<String>>,
}

struct Shared(Arc<Numbers>);

struct Counting {
    numbers: Arc<Numbers>,
    cancel: Cancel,
}

impl Backend for Shared {
    fn agent(&self) -> String {
        "Neo4j/5.26.0 compatible (test)".to_owned()
    }

    fn database(&self) -> String {
        "numbers".to_owned()
    }

    fn authenticate(&self, credentials: &Credentials) -> Result<(), Failure> {
        match credentials.credentials.as_str() {
            "wrong" => Err(Failure::new("Neo.ClientError.Security.Unauthorized", "wrong password")),
            _ => Ok(()),
        }
    }

    fn open(&self, cancel: Cancel) -> Box<dyn Session> {
        Box::new(Counting { numbers: Arc::clone(&self.0), cancel })
    }
}

impl Counting {
    fn log(&self, what: &str) {
        self.numbers.log.lock().unwrap().push(what.to_owned());
    }
}

impl Session for Counting {
    fn begin(&mut self, _: &RunOptions) -> Result<(), Failure> {
        self.log("begin");
        Ok(())
    }

    fn run(
        &mut self,
        query: &str,
        parameters: BTreeMap<String, Value>,
        _: &RunOptions,
        output: &mut dyn Output,
    ) -> Result<Summary, Failure> {
        self.log(query);
        let n = match query.split_once(' ') {
            Some(("count", n)) => n.parse().unwrap(),
            _ if query == "endless" => u64::MAX,
            _ if query == "echo" => {
                output.columns(&["x".to_owned()]);
                output.row(&[parameters["x"].clone()]);
                return Ok(Summary::new());
            }
            _ => return Err(Failure::new("Neo.ClientError.Statement.SyntaxError", "no such word")),
        };
        output.columns(&["n".to_owned()]);
        for n in 0..n {
            self.numbers.n_rows.fetch_add(1, Ordering::SeqCst);
            if !output.row(&[Value::Integer(n as i64)]) || self.cancel.is_cancelled() {
                self.log("stopped");
                return Err(Failure::new("Neo.ClientError.Transaction.Terminated", "stopped"));
            }
        }
        Ok(Summary::from([("type".to_owned(), Value::String("r".to_owned()))]))
    }

    fn commit(&mut self) -> Result<String, Failure> {
        self.log("commit");
        Ok("bookmark-1".to_owned())
    }

    fn rollback(&mut self) {
        self.log("rollback");
    }
}

struct Client {
    reader: ChunkReader<ReadHalf<DuplexStream>>,
    writer: ChunkWriter<WriteHalf<DuplexStream>>,
    numbers: Arc<Numbers>,
}

impl Client {
    async fn connect() -> Self {
        Self::connect_within(Limits::default()).await
    }

    async fn connect_within(limits: Limits) -> Self {
        Self::connect_by([5, 4], limits).await
    }

    /// Speaks a version, by its two numbers.
    async fn connect_by([major, minor]: [u8; 2], limits: Limits) -> Self {
        let (mut near, numbers, _) = open(limits);
        let version = [0, 0, minor, major];
        near.write_all(&greeting(version)).await.unwrap();
        let mut agreed = [0; 4];
        near.read_exact(&mut agreed).await.unwrap();
        assert_eq!(agreed, version);
        let (read, write) = tokio::io::split(near);
        Self { reader: ChunkReader::new(read), writer: ChunkWriter::new(write), numbers }
    }

    /// One that is let in, by whichever message its version has for that.
    async fn log_on_by(version: [u8; 2]) -> Self {
        let mut client = Self::connect_by(version, Limits::default()).await;
        assert_eq!(client.hello(&[]).await, "SUCCESS");
        if version >= [5, 1] {
            assert_eq!(client.ask(ClientMessage::Logon { auth: BoltDict::new() }).await, "SUCCESS");
        }
        client
    }

    async fn hello(&mut self, entries: &[(&str, &str)]) -> String {
        let extra = entries.iter().map(|(key, it)| ((*key).to_owned(), BoltValue::from(*it)));
        self.ask(ClientMessage::Hello { extra: extra.collect() }).await
    }

    async fn log_on() -> Self {
        Self::log_on_within(Limits::default()).await
    }

    async fn log_on_within(limits: Limits) -> Self {
        let mut client = Self::connect_within(limits).await;
        client.ask(ClientMessage::Hello { extra: BoltDict::new() }).await;
        client.ask(ClientMessage::Logon { auth: BoltDict::new() }).await;
        client
    }

    async fn send(&mut self, message: ClientMessage) {
        let mut bytes = BytesMut::new();
        encode_client_message(&mut bytes, &message);
        self.writer.write_message(&bytes).await.unwrap();
        self.writer.flush().await.unwrap();
    }

    async fn receive(&mut self) -> Option<ServerMessage> {
        let bytes = self.reader.read_message().await.ok()?;
        Some(decode_server_message(&bytes).unwrap())
    }

    /// Sends a message; what comes back up to the end of the answer.
    async fn ask(&mut self, message: ClientMessage) -> String {
        self.send(message).await;
        self.answer().await
    }

    async fn answer(&mut self) -> String {
        let mut res = String::new();
        loop {
            match self.receive().await.expect("an answer") {
                ServerMessage::Record { data } => res += &format!("{} ", text(&data[0])),
                ServerMessage::Success { metadata } => {
                    let keys = ["fields", "has_more", "type", "bookmark", "qid"];
                    let shown = keys.iter().filter_map(|key| {
                        metadata.get(*key).map(|it| format!(" {key}={}", text(it)))
                    });
                    return res + "SUCCESS" + &shown.collect::<String>();
                }
                ServerMessage::Failure { metadata } => {
                    let code = metadata.get("code").or_else(|| metadata.get("neo4j_code"));
                    return res + "FAILURE " + &text(code.unwrap());
                }
                ServerMessage::Ignored => return res + "IGNORED",
            }
        }
    }

    async fn run(&mut self, query: &str) -> String {
        self.ask(run(query)).await
    }

    async fn pull(&mut self, n: i64) -> String {
        self.ask(ClientMessage::pull_n(n)).await
    }

    fn log(&self) -> Vec<String> {
        self.numbers.log.lock().unwrap().clone()
    }
}

/// A connection that nobody has spoken on, the database behind it, and how it ends.
fn open(limits: Limits) -> (DuplexStream, Arc<Numbers>, JoinHandle<Result<(), ServeError>>) {
    let (near, far) = tokio::io::duplex(4096);
    let numbers = Arc::new(Numbers::default());
    let backend = Arc::new(Shared(Arc::clone(&numbers)));
    let served = tokio::spawn(serve(far, backend, limits));
    (near, numbers, served)
}

/// What a client says first that speaks one version.
fn greeting(version: [u8; 4]) -> [u8; 20] {
    let mut res = [0; 20];
    res[..4].copy_from_slice(&[0x60, 0x60, 0xB0, 0x17]);
    res[4..8].copy_from_slice(&version);
    res
}

fn run(query: &str) -> ClientMessage {
    run_with(query, BoltDict::new())
}

fn run_with(query: &str, parameters: BoltDict) -> ClientMessage {
    ClientMessage::Run { query: query.to_owned(), parameters, extra: BoltDict::new() }
}

fn text(value: &BoltValue) -> String {
    match value {
        BoltValue::Integer(it) => it.to_string(),
        BoltValue::Boolean(it) => it.to_string(),
        BoltValue::String(it) => it.clone(),
        BoltValue::List(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn rows_come_as_many_as_are_pulled() {
    let mut client = Client::log_on().await;
    assert_eq!(client.run("count 5").await, "SUCCESS fields=n");
    assert_eq!(client.pull(2).await, "0 1 SUCCESS has_more=true");
    assert_eq!(client.pull(2).await, "2 3 SUCCESS has_more=true");
    assert_eq!(client.pull(-1).await, "4 SUCCESS has_more=false type=r");
    assert_eq!(client.run("count 2").await, "SUCCESS fields=n");
    assert_eq!(client.pull(2).await, "0 1 SUCCESS has_more=false type=r");
    assert_eq!(client.run("count 0").await, "SUCCESS fields=n");
    assert_eq!(client.ask(ClientMessage::discard_all()).await, "SUCCESS has_more=false type=r");
}

#[tokio::test]
async fn a_client_that_does_not_pull_stops_the_statement_where_it_stands() {
    let mut client = Client::log_on().await;
    client.run("endless").await;
    client.pull(10).await;
    let before = client.numbers.n_rows.load(Ordering::SeqCst);
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    let after = client.numbers.n_rows.load(Ordering::SeqCst);
    assert!(before >= 10 && after < 3_000, "{before} rows, then {after}");
    assert_eq!(client.ask(ClientMessage::Reset).await, "SUCCESS");
    assert_eq!(client.log().last().unwrap(), "rollback");
    assert!(client.log().contains(&"stopped".to_owned()));
    assert_eq!(client.run("count 1").await, "SUCCESS fields=n");
    assert_eq!(client.pull(-1).await, "0 SUCCESS has_more=false type=r");
}

/// Asks for rows without end, and resets once they come.
async fn reset_ends_a_pull(client: &mut Client) {
    client.run("endless").await;
    client.send(ClientMessage::pull_n(-1)).await;
    assert!(matches!(client.receive().await, Some(ServerMessage::Record { .. })));
    client.send(ClientMessage::Reset).await;
    let answer = client.answer().await;
    assert!(answer.ends_with("FAILURE Neo.ClientError.Transaction.Terminated"), "{answer}");
    assert_eq!(client.answer().await, "SUCCESS");
}

#[tokio::test]
async fn a_reset_ends_a_pull_without_end() {
    let mut client = Client::log_on().await;
    reset_ends_a_pull(&mut client).await;
    assert_eq!(client.run("count 1").await, "SUCCESS fields=n");
}

#[tokio::test]
async fn after_a_failure_all_is_ignored_until_a_reset() {
    let mut client = Client::log_on().await;
    assert_eq!(client.run("fail").await, "FAILURE Neo.ClientError.Statement.SyntaxError");
    assert_eq!(client.pull(-1).await, "IGNORED");
    assert_eq!(client.run("count 1").await, "IGNORED");
    assert_eq!(client.ask(ClientMessage::Reset).await, "SUCCESS");
    assert_eq!(client.run("count 1").await, "SUCCESS fields=n");
}

#[tokio::test]
async fn a_transaction_keeps_several_results_open() {
    let mut client = Client::log_on().await;
    assert_eq!(client.ask(ClientMessage::Begin { extra: BoltDict::new() }).await, "SUCCESS");
    assert_eq!(client.run("count 3").await, "SUCCESS fields=n qid=0");
    assert_eq!(client.pull(1).await, "0 SUCCESS has_more=true");
    assert_eq!(client.run("count 2").await, "SUCCESS fields=n qid=1");
    let of_first = BoltDict::from([
        ("n".to_owned(), BoltValue::Integer(-1)),
        ("qid".to_owned(), BoltValue::Integer(0)),
    ]);
    let pull = ClientMessage::Pull { extra: of_first };
    assert_eq!(client.ask(pull).await, "1 2 SUCCESS has_more=false type=r");
    assert_eq!(client.pull(-1).await, "0 1 SUCCESS has_more=false type=r");
    assert_eq!(client.ask(ClientMessage::Commit).await, "SUCCESS bookmark=bookmark-1");
    client.ask(ClientMessage::Begin { extra: BoltDict::new() }).await;
    client.run("endless").await;
    assert_eq!(client.ask(ClientMessage::Rollback).await, "SUCCESS");
    let log = client.log();
    let expected = ["begin", "count 3", "count 2", "commit", "begin", "endless"];
    assert_eq!(log[..6], expected);
    assert_eq!(log.last().unwrap(), "rollback");
}

#[tokio::test]
async fn a_client_is_routed_to_the_database_that_it_names() {
    let mut client = Client::log_on().await;
    for (named, told) in [(None, "numbers"), (Some("neo4j"), "neo4j")] {
        let entry = |it: &str| ("db".to_owned(), BoltValue::String(it.to_owned()));
        let extra = named.map(entry).into_iter().collect();
        let route = ClientMessage::Route { routing: BoltDict::new(), bookmarks: Vec::new(), extra };
        client.send(route).await;
        let Some(ServerMessage::Success { metadata }) = client.receive().await else {
            panic!("a client asks where to go, and is told");
        };
        let BoltValue::Dict(table) = &metadata["rt"] else { panic!("{metadata:?}") };
        assert_eq!(text(&table["db"]), told);
    }
}

#[tokio::test]
async fn nobody_acts_for_another_user() {
    let forbidden = "FAILURE Neo.ClientError.Security.Forbidden";
    let extra = || BoltDict::from([("imp_user".to_owned(), BoltValue::String("bob".to_owned()))]);
    let (query, parameters) = ("count 1".to_owned(), BoltDict::new());
    for message in [
        ClientMessage::Run { query, parameters, extra: extra() },
        ClientMessage::Begin { extra: extra() },
    ] {
        let mut client = Client::log_on().await;
        assert_eq!(client.ask(message).await, forbidden);
        assert_eq!(client.ask(ClientMessage::Reset).await, "SUCCESS");
        assert_eq!(client.run("count 1").await, "SUCCESS fields=n");
    }
}

#[tokio::test]
async fn who_is_not_let_in_is_sent_away() {
    let mut client = Client::connect().await;
    client.ask(ClientMessage::Hello { extra: BoltDict::new() }).await;
    let auth = BoltDict::from([("credentials".to_owned(), BoltValue::String("wrong".to_owned()))]);
    let answer = client.ask(ClientMessage::Logon { auth }).await;
    assert_eq!(answer, "FAILURE Neo.ClientError.Security.Unauthorized");
    assert!(client.receive().await.is_none());

    let mut client = Client::connect().await;
    let answer = client.run("count 1").await;
    assert_eq!(answer, "FAILURE Neo.ClientError.Request.Invalid");
    assert!(client.receive().await.is_none());
}

#[tokio::test]
async fn a_lost_connection_rolls_back() {
    let mut client = Client::log_on().await;
    client.ask(ClientMessage::Begin { extra: BoltDict::new() }).await;
    client.run("endless").await;
    let numbers = Arc::clone(&client.numbers);
    drop(client);
    while numbers.log.lock().unwrap().last().unwrap() != "rollback" {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn parameters_come_and_go_with_their_types() {
    let mut client = Client::log_on().await;
    for value in [
        BoltValue::Null,
        BoltValue::Boolean(true),
        BoltValue::Integer(i64::MIN),
        BoltValue::Float(-0.5),
        BoltValue::String("ü".to_owned()),
        BoltValue::List(vec![BoltValue::Integer(1), BoltValue::Null]),
        BoltValue::Dict(BoltDict::from([("a".to_owned(), BoltValue::Integer(1))])),
        BoltValue::Date(boltr::types::BoltDate { days: -1 }),
        BoltValue::LocalTime(boltr::types::BoltLocalTime { nanoseconds: 1 }),
        BoltValue::Time(boltr::types::BoltTime { nanoseconds: 1, tz_offset_seconds: 3600 }),
        BoltValue::LocalDateTime(boltr::types::BoltLocalDateTime { seconds: -1, nanoseconds: 5 }),
        BoltValue::DateTime(boltr::types::BoltDateTime {
            seconds: 1_700_000_000,
            nanoseconds: 7,
            tz_offset_seconds: -3600,
        }),
        BoltValue::DateTimeZoneId(boltr::types::BoltDateTimeZoneId {
            seconds: 1_700_000_000,
            nanoseconds: 0,
            tz_id: "Europe/London".to_owned(),
        }),
        BoltValue::Duration(boltr::types::BoltDuration {
            months: 1,
            days: -2,
            seconds: 3,
            nanoseconds: 4,
        }),
        BoltValue::Point2D(boltr::types::BoltPoint2D { srid: 4326, x: -1.5, y: 53.8 }),
        BoltValue::Point3D(boltr::types::BoltPoint3D { srid: 9157, x: 1.0, y: 2.0, z: 3.0 }),
    ] {
        let parameters = BoltDict::from([("x".to_owned(), value.clone())]);
        client.ask(run_with("echo", parameters)).await;
        client.send(ClientMessage::pull_n(-1)).await;
        match client.receive().await {
            Some(ServerMessage::Record { data }) => assert_eq!(data, [value]),
            other => panic!("{other:?}"),
        }
        client.answer().await;
    }
    let parameters = BoltDict::from([("x".to_owned(), BoltValue::Bytes(vec![1]))]);
    let answer = client.ask(run_with("echo", parameters)).await;
    assert_eq!(answer, "FAILURE Neo.ClientError.Statement.ArgumentError");
}

fn echo(value: BoltValue) -> ClientMessage {
    run_with("echo", BoltDict::from([("x".to_owned(), value)]))
}

#[tokio::test]
async fn a_message_too_long_is_refused_and_the_next_is_read() {
    let limits = Limits { message_bytes: 100_000, ..Limits::default() };
    let mut client = Client::log_on_within(limits).await;
    let refused = "FAILURE Neo.ClientError.Request.Invalid";
    assert_eq!(client.ask(echo("x".repeat(100_000).into())).await, refused);
    assert_eq!(client.ask(echo("x".repeat(1_000_000).into())).await, "IGNORED");
    assert_eq!(client.ask(ClientMessage::Reset).await, "SUCCESS");
    assert!(client.ask(echo("x".repeat(99_000).into())).await.starts_with("SUCCESS"));
    assert!(client.pull(-1).await.ends_with("SUCCESS has_more=false"));
}

#[tokio::test]
async fn a_stranger_is_not_listened_to_at_length() {
    let mut client = Client::connect().await;
    let extra = BoltDict::from([("user_agent".to_owned(), "x".repeat(70_000).into())]);
    let answer = client.ask(ClientMessage::Hello { extra }).await;
    assert_eq!(answer, "FAILURE Neo.ClientError.Request.Invalid");
    assert!(client.receive().await.is_none());
}

#[tokio::test]
async fn the_first_message_behind_a_logon_may_be_long() {
    let mut client = Client::connect().await;
    client.send(ClientMessage::Hello { extra: BoltDict::new() }).await;
    client.send(ClientMessage::Logon { auth: BoltDict::new() }).await;
    client.send(echo("x".repeat(70_000).into())).await;
    assert_eq!(client.answer().await, "SUCCESS");
    assert_eq!(client.answer().await, "SUCCESS");
    assert_eq!(client.answer().await, "SUCCESS fields=x");
}

#[tokio::test]
async fn messages_of_all_clients_share_their_room() {
    let limits = Limits { room: Room::of(400_000), ..Limits::default() };
    let mut one = Client::log_on_within(limits.clone()).await;
    let mut two = Client::log_on_within(limits).await;
    let numbers = |n| echo(BoltValue::List(vec![BoltValue::Null; n]));
    let refused = "FAILURE Neo.TransientError.General.MemoryPoolOutOfMemoryError";
    assert_eq!(one.ask(numbers(20_000)).await, refused);
    assert_eq!(one.ask(ClientMessage::Reset).await, "SUCCESS");
    assert_eq!(one.ask(numbers(5_000)).await, "SUCCESS fields=x");
    one.pull(-1).await;
    assert_eq!(two.ask(numbers(5_000)).await, "SUCCESS fields=x");
    two.pull(-1).await;
    // What was taken is given back.
    for _ in 0..20 {
        assert_eq!(one.ask(numbers(5_000)).await, "SUCCESS fields=x");
        one.pull(-1).await;
    }
}

#[tokio::test]
async fn rows_are_kept_aside_for_a_later_statement_only_so_far() {
    let mut client = Client::log_on().await;
    client.ask(ClientMessage::Begin { extra: BoltDict::new() }).await;
    assert_eq!(client.run("count 100000").await, "SUCCESS fields=n qid=0");
    assert_eq!(client.run("count 1").await, "SUCCESS fields=n qid=1");
    assert_eq!(client.ask(ClientMessage::Rollback).await, "SUCCESS");
    client.ask(ClientMessage::Begin { extra: BoltDict::new() }).await;
    assert_eq!(client.run("endless").await, "SUCCESS fields=n qid=0");
    assert_eq!(client.run("count 1").await, "FAILURE Neo.ClientError.Request.Invalid");
    assert_eq!(client.ask(ClientMessage::Reset).await, "SUCCESS");
    assert_eq!(client.run("count 1").await, "SUCCESS fields=n");
}

/// Time is tokio's own here: it passes at once when all wait.
#[tokio::test(start_paused = true)]
async fn who_says_nothing_for_too_long_is_sent_away() {
    let limits = || Limits { idle: Some(Duration::from_secs(600)), ..Limits::default() };
    let mut client = Client::log_on_within(limits()).await;
    tokio::time::advance(Duration::from_secs(599)).await;
    assert_eq!(client.run("count 1").await, "SUCCESS fields=n");
    assert_eq!(client.pull(-1).await, "0 SUCCESS has_more=false type=r");
    assert!(client.receive().await.is_none());

    let mut client = Client::log_on_within(Limits::default()).await;
    tokio::time::advance(Duration::from_secs(1_000_000)).await;
    assert_eq!(client.run("count 1").await, "SUCCESS fields=n");

    let mut stranger = Client::connect().await;
    stranger.ask(ClientMessage::Hello { extra: BoltDict::new() }).await;
    assert!(stranger.receive().await.is_none());
}

/// A client that takes nothing of what it is sent is as silent as one that says nothing.
#[tokio::test(start_paused = true)]
async fn who_takes_nothing_for_too_long_is_sent_away() {
    let limits = Limits { idle: Some(Duration::from_secs(600)), ..Limits::default() };
    let mut client = Client::log_on_within(limits).await;
    client.run("endless").await;
    client.send(ClientMessage::pull_n(-1)).await;
    let numbers = Arc::clone(&client.numbers);
    while numbers.log.lock().unwrap().last().unwrap() != "rollback" {
        tokio::time::advance(Duration::from_secs(1)).await;
        tokio::task::yield_now().await;
    }
}

/// Versions in which HELLO says who the client is, and such in which LOGON does.
const VERSIONS: [[u8; 2]; 5] = [[4, 1], [4, 4], [5, 0], [5, 4], [5, 8]];

#[tokio::test]
async fn statements_run_the_same_in_every_version() {
    for version in VERSIONS {
        let mut client = Client::log_on_by(version).await;
        assert_eq!(client.run("count 2").await, "SUCCESS fields=n");
        assert_eq!(client.pull(-1).await, "0 1 SUCCESS has_more=false type=r");
        client.ask(ClientMessage::Begin { extra: BoltDict::new() }).await;
        assert_eq!(client.run("count 1").await, "SUCCESS fields=n qid=0");
        assert_eq!(client.pull(-1).await, "0 SUCCESS has_more=false type=r");
        let answer = client.ask(ClientMessage::Commit).await;
        assert_eq!(answer, "SUCCESS bookmark=bookmark-1");
        reset_ends_a_pull(&mut client).await;
    }
}

#[tokio::test]
async fn the_first_message_behind_a_hello_that_lets_in_may_be_long() {
    for version in [[4, 4], [5, 0]] {
        let mut client = Client::connect_by(version, Limits::default()).await;
        client.send(ClientMessage::Hello { extra: BoltDict::new() }).await;
        client.send(echo("x".repeat(70_000).into())).await;
        assert_eq!(client.answer().await, "SUCCESS");
        assert_eq!(client.answer().await, "SUCCESS fields=x");
    }
}

#[tokio::test]
async fn who_is_not_let_in_hears_the_same_in_every_version() {
    for version in VERSIONS {
        let mut client = Client::connect_by(version, Limits::default()).await;
        let wrong = ("credentials", "wrong");
        let answer = match version >= [5, 1] {
            true => {
                // In HELLO it says nothing here.
                assert_eq!(client.hello(&[wrong]).await, "SUCCESS");
                let auth = BoltDict::from([(wrong.0.to_owned(), wrong.1.into())]);
                client.ask(ClientMessage::Logon { auth }).await
            }
            false => client.hello(&[wrong]).await,
        };
        assert_eq!(answer, "FAILURE Neo.ClientError.Security.Unauthorized", "{version:?}");
        assert!(client.receive().await.is_none());
        assert_eq!(client.log(), ["rollback"; 0], "nobody opened a session");

        let mut client = Client::connect_by(version, Limits::default()).await;
        assert_eq!(client.run("count 1").await, "FAILURE Neo.ClientError.Request.Invalid");
        assert!(client.receive().await.is_none());

        let mut client = Client::connect_by(version, Limits::default()).await;
        let answer = client.hello(&[("user_agent", &"x".repeat(70_000))]).await;
        assert_eq!(answer, "FAILURE Neo.ClientError.Request.Invalid");
        assert!(client.receive().await.is_none());
    }
}

#[tokio::test]
async fn what_a_version_has_no_words_for_is_refused_and_the_connection_goes_on() {
    let logon = || ClientMessage::Logon { auth: BoltDict::new() };
    let hello = || ClientMessage::Hello { extra: BoltDict::new() };
    for (version, message) in [
        ([5, 0], logon()),
        ([5, 0], ClientMessage::Logoff),
        ([4, 4], logon()),
        ([5, 3], ClientMessage::Telemetry { api: 1 }),
        ([5, 0], hello()),
        ([5, 4], hello()),
        ([5, 4], logon()),
    ] {
        let mut client = Client::log_on_by(version).await;
        let answer = client.ask(message).await;
        assert_eq!(answer, "FAILURE Neo.ClientError.Request.Invalid", "{version:?}");
        assert_eq!(client.run("count 1").await, "IGNORED");
        assert_eq!(client.ask(ClientMessage::Reset).await, "SUCCESS");
        assert_eq!(client.run("count 1").await, "SUCCESS fields=n");
    }
}

#[tokio::test]
async fn date_times_of_utc_are_agreed_on_where_a_client_asks_for_them() {
    for (version, is_agreed) in [([4, 2], false), ([4, 4], true), ([5, 0], false)] {
        let mut client = Client::connect_by(version, Limits::default()).await;
        let patches = vec![BoltValue::from("other"), BoltValue::from("utc")];
        let extra = BoltDict::from([("patch_bolt".to_owned(), BoltValue::List(patches))]);
        client.send(ClientMessage::Hello { extra }).await;
        let Some(ServerMessage::Success { metadata }) = client.receive().await else {
            panic!("anybody is let in");
        };
        let agreed = is_agreed.then(|| BoltValue::List(vec![BoltValue::from("utc")]));
        assert_eq!(metadata.get("patch_bolt"), agreed.as_ref(), "{version:?}");
    }
}

#[tokio::test]
async fn messages_come_in_chunks_of_any_size() {
    let mut message = BytesMut::new();
    encode_client_message(&mut message, &echo("x".repeat(200_000).into()));
    assert_eq!(message[1], sig::RUN);
    for size in [1, 7, 0xFFFE, 0xFFFF] {
        let (mut near, _, _) = open(Limits::default());
        let mut bytes = greeting([0, 0, 0, 5]).to_vec();
        // HELLO with nothing in it, and empty messages, which say nothing.
        bytes.extend_from_slice(&[0, 3, 0xB1, sig::HELLO, 0xA0, 0, 0, 0, 0, 0, 0]);
        for chunk in message.chunks(size) {
            bytes.extend_from_slice(&(chunk.len() as u16).to_be_bytes());
            bytes.extend_from_slice(chunk);
        }
        bytes.extend_from_slice(&[0, 0]);
        near.write_all(&bytes).await.unwrap();
        near.read_exact(&mut [0; 4]).await.unwrap();
        let (read, write) = tokio::io::split(near);
        let (reader, writer) = (ChunkReader::new(read), ChunkWriter::new(write));
        let mut client = Client { reader, writer, numbers: Arc::default() };
        assert_eq!(client.answer().await, "SUCCESS", "{size}");
        assert_eq!(client.answer().await, "SUCCESS fields=x", "{size}");
        let answer = client.pull(-1).await;
        assert!(answer.starts_with(&"x".repeat(200_000)), "{size}");
    }
}

/// Time is tokio's own here: it passes at once when all wait.
#[tokio::test(start_paused = true)]
async fn who_says_its_first_words_too_slowly_is_sent_away() {
    let hello = [0, 3, 0xB1, sig::HELLO, 0xA0, 0, 0];
    for [major, minor] in VERSIONS {
        let greeting = greeting([0, 0, minor, major]);
        // So much at once, and then a byte every eight seconds: empty messages in the end.
        for n in [0, 7, 20, 23] {
            let said = [&greeting[..], &hello, &[0; 40]].concat();
            let (mut near, _, served) = open(Limits::default());
            let begun = tokio::time::Instant::now();
            near.write_all(&said[..n]).await.unwrap();
            let dribbling = tokio::spawn(async move {
                for byte in &said[n..] {
                    tokio::time::sleep(Duration::from_secs(8)).await;
                    let _ = near.write_all(&[*byte]).await;
                }
            });
            let ended = served.await.unwrap();
            dribbling.abort();
            assert_eq!(matches!(ended, Err(ServeError::TooSlow)), n < greeting.len(), "{ended:?}");
            let elapsed = begun.elapsed();
            assert!(elapsed <= Duration::from_secs(61), "{n}: {elapsed:?}");
        }
    }
}

#[tokio::test]
async fn a_summary_and_a_failure_have_statuses_where_the_version_has_them() {
    for (version, has_statuses, has_failure_status) in
        [([5, 4], false, false), ([5, 6], true, false), ([5, 8], true, true)]
    {
        let mut client = Client::log_on_by(version).await;
        for (n, status) in [(2, "00000"), (0, "02000")] {
            client.run(&format!("count {n}")).await;
            client.send(ClientMessage::pull_n(-1)).await;
            let metadata = loop {
                match client.receive().await {
                    Some(ServerMessage::Success { metadata }) => break metadata,
                    Some(ServerMessage::Record { .. }) => {}
                    other => panic!("{other:?}"),
                }
            };
            let found = match metadata.get("statuses") {
                Some(BoltValue::List(all)) => match &all[..] {
                    [BoltValue::Dict(it)] => Some(text(&it["gql_status"])),
                    other => panic!("{other:?}"),
                },
                _ => None,
            };
            assert_eq!(found.as_deref(), has_statuses.then_some(status), "{version:?}");
        }
        client.send(run("fail")).await;
        let Some(ServerMessage::Failure { metadata }) = client.receive().await else {
            panic!("there is no such word");
        };
        let status = metadata.get("gql_status").map(text);
        assert_eq!(status.as_deref(), has_failure_status.then_some("42001"), "{version:?}");
        assert_eq!(metadata.contains_key("code"), !has_failure_status, "{version:?}");
        assert_eq!(text(&metadata["message"]), "no such word");
    }
}
