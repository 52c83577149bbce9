//! What the way over a socket costs: rows a second over Bolt against the same query in process.
//!
//! A server runs in a thread, a client takes its rows through loopback and counts them without
//! reading their values. Least of five, in one run. docs/decisions/benchmarks.md says what came out.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that fails stops, and tells what it measured"
)]

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::ControlFlow;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use boltr::message::encode::encode_client_message;
use boltr::message::request::ClientMessage;
use boltr::message::sig;
use boltr::types::{BoltDict, BoltValue};
use bytes::BytesMut;
use weft::database::Database;
use weft::server::{BoltBackend, BoltSettings, ServeOptions, run, stopping};
use weft::session::{Author, Settings, Workspace};
use weft_cypher::{Clock, CommitOptions, Limits, MEMORY_BYTES, Parameters, Pool, RunOptions};
use weft_graph::Schema;
use weft_value::Value;

const N_TIMES: usize = 5;
const N_NODES: usize = 100_000;

/// What is asked: a name for the table, and the query.
const QUESTIONS: &[(&str, &str)] = &[
    ("an integer", "UNWIND range(1, 1000000) AS n RETURN n"),
    ("five values", "MATCH (n:Company) RETURN n.name, n.founded, n.staff, n.share, n.open"),
    ("a node", "MATCH (n:Company) RETURN n"),
    ("a path of one step", "MATCH p = (:Company)-[:KNOWS]->() RETURN p"),
];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = || {
        let settings = Settings { db: Some(folder.path().join("rows.db")), ..Settings::default() };
        Workspace::open(&settings).unwrap()
    };
    Database::create(&folder.path().join("rows.db"), "Rows", Schema::open().text()).unwrap();
    fill(&workspace());
    let address = serve(workspace());
    let workspace = workspace();
    println!("{:20} {:>9} {:>14} {:>14} {:>7}", "", "rows", "in process/s", "over Bolt/s", "ratio");
    for (name, text) in QUESTIONS {
        let mut client = Client::connect(address);
        let inside = least(|| in_process(&workspace, text));
        let outside = least(|| client.rows(text));
        assert_eq!(inside.0, outside.0, "{name}: not the same number of rows");
        let rate = |time: Duration| inside.0 as f64 / time.as_secs_f64();
        let ratio = outside.1.as_secs_f64() / inside.1.as_secs_f64();
        let (n, inside, outside) = (inside.0, rate(inside.1), rate(outside.1));
        println!("{name:20} {n:>9} {inside:>14.0} {outside:>14.0} {ratio:>7.2}");
    }
    let rows = (0..100_000).map(|n| {
        let entries = [("name", format!("body {n}").into()), ("n", BoltValue::Integer(n))];
        BoltValue::Dict(entries.map(|(key, it)| (key.to_owned(), it)).into())
    });
    let rows = BoltValue::List(rows.collect());
    let mut client = Client::connect(address);
    let text = "UNWIND $rows AS row RETURN count(row.name) AS n";
    let taken =
        least(|| client.rows_with(text, BoltDict::from([("rows".to_owned(), rows.clone())])));
    let rate = 100_000.0 / taken.1.as_secs_f64();
    println!("{:20} {:>9} {:>14} {rate:>14.0}", "maps sent by it", 100_000, "");
}

/// The answer of what took least, and how long it took.
fn least<T>(mut measured: impl FnMut() -> T) -> (T, Duration) {
    let times = (0..N_TIMES).map(|_| {
        let begun = Instant::now();
        let answer = measured();
        (answer, begun.elapsed())
    });
    times.min_by_key(|it| it.1).unwrap()
}

fn fill(workspace: &Workspace) {
    let text = format!(
        "UNWIND range(1, {N_NODES}) AS n
         CREATE (a:Company {{name: 'Company ' + n, founded: date('2020-01-01'), staff: n,
                            share: n / 7.0, open: true}})-[:KNOWS {{n: n}}]->(b:Person {{n: n}})"
    );
    let mut work = workspace.begin().unwrap();
    let prepared = work.transaction.prepare(&text, &workspace.procedures()).unwrap();
    work.transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
    workspace.commit(work, &CommitOptions::default(), &Author::default()).unwrap();
}

fn in_process(workspace: &Workspace, text: &str) -> usize {
    let mut work = workspace.begin().unwrap();
    let prepared = work.transaction.prepare(text, &workspace.procedures()).unwrap();
    let mut n_rows = 0;
    let mut on_row = |row: Vec<Value>| {
        n_rows += usize::from(!row.is_empty());
        ControlFlow::Continue(())
    };
    let options = RunOptions::default();
    work.transaction.run_with(&prepared, &Parameters::new(), &options, &mut on_row).unwrap();
    n_rows
}

fn serve(workspace: Workspace) -> SocketAddr {
    let settings = BoltSettings {
        user: None,
        database: "weft".to_owned(),
        timeout: None,
        limits: Limits::default(),
        pool: Pool::of(2 * MEMORY_BYTES),
        seed: 0,
        now: Clock::default,
        now_text: String::new,
    };
    let options = ServeOptions {
        address: ([127, 0, 0, 1], 0).into(),
        tls: None,
        connections_max: 10,
        idle: None,
        tell: |_, _| {},
    };
    let (sender, ready) = mpsc::channel();
    std::thread::spawn(move || {
        let backend = Arc::new(BoltBackend::new(workspace, settings));
        let (_stop, stopped) = stopping();
        run(&options, backend, stopped, |address| sender.send(address).unwrap()).unwrap();
    });
    ready.recv().unwrap()
}

struct Client {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl Client {
    fn connect(address: SocketAddr) -> Self {
        let writer = TcpStream::connect(address).unwrap();
        writer.set_nodelay(true).unwrap();
        let reader = BufReader::with_capacity(1 << 16, writer.try_clone().unwrap());
        let mut client = Self { reader, writer };
        let greeting = [0x60, 0x60, 0xB0, 0x17, 0, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        client.writer.write_all(&greeting).unwrap();
        client.reader.read_exact(&mut [0; 4]).unwrap();
        client.send(&ClientMessage::Hello { extra: BoltDict::new() });
        client.send(&ClientMessage::Logon { auth: BoltDict::new() });
        assert_eq!((client.answer(), client.answer()), (0, 0));
        client
    }

    fn send(&mut self, message: &ClientMessage) {
        let mut bytes = BytesMut::new();
        encode_client_message(&mut bytes, message);
        let mut framed = Vec::with_capacity(bytes.len() + 64);
        for chunk in bytes.chunks(0xFFFF) {
            framed.extend_from_slice(&(chunk.len() as u16).to_be_bytes());
            framed.extend_from_slice(chunk);
        }
        framed.extend_from_slice(&[0, 0]);
        self.writer.write_all(&framed).unwrap();
    }

    fn rows(&mut self, text: &str) -> usize {
        self.rows_with(text, BoltDict::new())
    }

    fn rows_with(&mut self, text: &str, parameters: BoltDict) -> usize {
        let (query, extra) = (text.to_owned(), BoltDict::new());
        self.send(&ClientMessage::Run { query, parameters, extra });
        self.send(&ClientMessage::pull_all());
        assert_eq!(self.answer(), 0);
        self.answer()
    }

    /// The number of rows before the end of an answer.
    fn answer(&mut self) -> usize {
        let mut message = Vec::new();
        let mut n_rows = 0;
        loop {
            message.clear();
            loop {
                let mut length = [0; 2];
                self.reader.read_exact(&mut length).unwrap();
                let length = usize::from(u16::from_be_bytes(length));
                if length == 0 {
                    break;
                }
                let start = message.len();
                message.resize(start + length, 0);
                self.reader.read_exact(&mut message[start..]).unwrap();
            }
            match message[1] {
                sig::RECORD => n_rows += 1,
                sig::SUCCESS => return n_rows,
                _ => panic!("{}", String::from_utf8_lossy(&message)),
            }
        }
    }
}
