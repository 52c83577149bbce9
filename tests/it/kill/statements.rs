//! The command itself is killed while it writes statements of openCypher into a store without a
//! schema: in the shell, as a query of many statements, and serving clients over Bolt.
//!
//! Each statement adds the next number. What was acknowledged is there afterwards, what was begun and
//! not committed is not, and the numbers have no holes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::SIGKILL;
use super::dice::Dice;
use crate::runner::Workplace;

/// How often each door is killed.
const N_KILLS: usize = 12;
/// How many statements are acknowledged at most before the kill.
const N_ACKNOWLEDGED_MAX: usize = 5;
/// The kill comes after up to so many doublings of a turn of a loop.
const LOG_TURNS: usize = 20;

fn create(number: usize) -> String {
    format!("CREATE (:N {{i: {number}}})")
}

/// A store without a schema that holds the numbers up to one.
struct Numbers {
    here: Workplace,
    n: usize,
}

impl Numbers {
    fn new() -> Self {
        let here = Workplace::new();
        assert_eq!(here.weft("init --free --db free.db").code, 0);
        Self { here, n: 0 }
    }

    /// Looks what is there after a kill: all that was acknowledged, at most what was sent.
    #[track_caller]
    fn look(&mut self, n_acknowledged: usize, n_sent: usize) {
        let run = self.here.weft("query --db free.db 'MATCH (n) RETURN n.i AS i ORDER BY i'");
        assert_eq!(run.code, 0, "{run:?}");
        let found: Vec<usize> = run.stdout.lines().skip(1).map(|it| it.parse().unwrap()).collect();
        assert_eq!(found, (1..=found.len()).collect::<Vec<_>>());
        let (least, most) = (self.n + n_acknowledged, self.n + n_sent);
        assert!((least..=most).contains(&found.len()), "{} not in {least}..={most}", found.len());
        self.n = found.len();
        let status = self.here.weft("status --db free.db --format table");
        assert!(status.stdout.contains("Whole: yes"), "{status:?}");
        assert_eq!(self.here.weft("check --deep --db free.db").code, 0);
    }
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(SIGKILL), "it ended by itself");
}

fn turn(n_turns: usize) {
    (0..n_turns).for_each(|_| std::hint::spin_loop());
}

/// A shell that is fed line by line.
struct Shell {
    child: Child,
    input: ChildStdin,
    output: std::io::Lines<BufReader<ChildStdout>>,
}

impl Shell {
    fn start(here: &Workplace) -> Self {
        let mut command = here.command("shell --db free.db --format tsv");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.env("HOME", here.path("")).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { input: child.stdin.take().unwrap(), output, child }
    }

    fn say(&mut self, line: &str) {
        self.input.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Waits for a line that begins so.
    fn hear(&mut self, beginning: &str) {
        let found = self.output.find(|it| it.as_ref().unwrap().starts_with(beginning));
        assert!(found.is_some(), "the shell ended before it said `{beginning}`");
    }
}

#[test]
fn a_shell_that_is_killed_keeps_what_it_acknowledged() {
    let mut numbers = Numbers::new();
    let mut dice = Dice(11);
    for _ in 0..N_KILLS {
        let n_acknowledged = dice.roll(N_ACKNOWLEDGED_MAX);
        let mut shell = Shell::start(&numbers.here);
        for at in 1..=n_acknowledged {
            shell.say(&format!("{};", create(numbers.n + at)));
            shell.hear("nodes_created");
        }
        shell.say(&format!("{};", create(numbers.n + n_acknowledged + 1)));
        turn(dice.turns(LOG_TURNS));
        kill(shell.child);
        numbers.look(n_acknowledged, n_acknowledged + 1);
    }
    assert!(numbers.n > 0);
}

#[test]
fn a_transaction_of_a_shell_that_is_killed_leaves_all_or_nothing() {
    let mut numbers = Numbers::new();
    let mut shell = Shell::start(&numbers.here);
    shell.say(":begin");
    for number in 1..=3 {
        shell.say(&format!("{};", create(number)));
        shell.hear("nodes_created");
    }
    kill(shell.child);
    numbers.look(0, 0);
    let mut shell = Shell::start(&numbers.here);
    shell.say(":begin");
    for number in 1..=3 {
        shell.say(&format!("{};", create(number)));
    }
    shell.say(":commit");
    shell.hear("Committed");
    kill(shell.child);
    numbers.look(3, 3);
}

#[test]
fn a_query_that_is_killed_leaves_a_beginning_of_its_statements() {
    let mut dice = Dice(12);
    let mut n_cut_off = 0;
    for single in [false, true] {
        let mut numbers = Numbers::new();
        for _ in 0..N_KILLS {
            let n_statements = 40;
            let statements: Vec<String> =
                (1..=n_statements).map(|at| create(numbers.n + at)).collect();
            numbers.here.write("many.cypher", statements.join(";\n"));
            let order = if single { "--single " } else { "" };
            let mut command =
                numbers.here.command(&format!("query --db free.db {order}--file many.cypher"));
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // The log grows when the first commit writes.
            let log = numbers.here.path("free.db-wal");
            let has_begun = || log.metadata().is_ok_and(|it| it.len() > 0);
            while !has_begun() && child.try_wait().unwrap().is_none() {
                turn(100);
            }
            turn(dice.turns(LOG_TURNS + 3));
            // One that is through already has nothing left to lose.
            child.kill().unwrap();
            child.wait().unwrap();
            let before = numbers.n;
            numbers.look(0, n_statements);
            let n_kept = numbers.n - before;
            n_cut_off += usize::from(n_kept > 0 && n_kept < n_statements);
            assert!(!single || n_kept == 0 || n_kept == n_statements, "{n_kept} of {n_statements}");
        }
    }
    assert!(n_cut_off > 0, "no query was killed among its statements");
}

/// As much of a client of Bolt as writes numbers.
struct Client {
    stream: TcpStream,
}

/// Messages of Bolt, by their signatures.
const HELLO: u8 = 0x01;
const BEGIN: u8 = 0x11;
const COMMIT: u8 = 0x12;
const LOGON: u8 = 0x6A;
const RUN: u8 = 0x10;
const PULL: u8 = 0x3F;
const SUCCESS: u8 = 0x70;

impl Client {
    fn connect(address: &str) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        let no_version = [0; 4];
        let versions = [[0, 0, 4, 5], no_version, no_version, no_version].concat();
        stream.write_all(&[&[0x60, 0x60, 0xB0, 0x17], versions.as_slice()].concat()).unwrap();
        let mut version = [0; 4];
        stream.read_exact(&mut version).unwrap();
        assert_eq!(version, [0, 0, 4, 5]);
        let mut client = Self { stream };
        client.say(HELLO, &[&map(&[("user_agent", &text("numbers/1"))])]);
        client.hear();
        client.say(LOGON, &[&map(&[("scheme", &text("none"))])]);
        client.hear();
        client
    }

    fn say(&mut self, signature: u8, fields: &[&[u8]]) {
        let mut message = vec![0xB0 + fields.len() as u8, signature];
        message.extend(fields.concat());
        let mut chunk = (message.len() as u16).to_be_bytes().to_vec();
        chunk.extend(message);
        chunk.extend([0, 0]);
        self.stream.write_all(&chunk).unwrap();
    }

    /// Reads up to the end of an answer, which must be a success.
    fn hear(&mut self) {
        let mut message = Vec::new();
        loop {
            let mut size = [0; 2];
            self.stream.read_exact(&mut size).unwrap();
            match u16::from_be_bytes(size) {
                0 if message.is_empty() => {}
                0 => break,
                size => {
                    let mut chunk = vec![0; usize::from(size)];
                    self.stream.read_exact(&mut chunk).unwrap();
                    message.extend(chunk);
                }
            }
        }
        let said = String::from_utf8_lossy(&message);
        assert_eq!(message[1], SUCCESS, "{said}");
    }

    fn send_create(&mut self, number: usize) {
        self.say(RUN, &[&text(&create(number)), &map(&[]), &map(&[])]);
        self.say(PULL, &[&map(&[("n", &[0xFF])])]);
    }

    fn create(&mut self, number: usize) {
        self.send_create(number);
        self.hear();
        self.hear();
    }
}

fn text(text: &str) -> Vec<u8> {
    let mut res = vec![0xD0, u8::try_from(text.len()).unwrap()];
    res.extend(text.as_bytes());
    res
}

fn map(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut res = vec![0xA0 + entries.len() as u8];
    for (key, value) in entries {
        res.extend(text(key));
        res.extend(*value);
    }
    res
}

/// Serves a store; says where, and hands over what else it says.
fn serve(here: &Workplace) -> (Child, String, impl Iterator<Item = String> + use<>) {
    let mut command = here.command("serve --db free.db --bolt 127.0.0.1:0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.find_map(|it| Some(it.split_once("bolt://")?.1.to_owned()));
    let address = address.expect("it says where it listens");
    let end = address.find(|it: char| !it.is_ascii_digit() && !".:".contains(it));
    let address = address[..end.unwrap_or(address.len())].to_owned();
    (child, address, lines)
}

#[test]
fn a_server_that_is_killed_keeps_what_its_clients_were_told() {
    let mut numbers = Numbers::new();
    let mut dice = Dice(13);
    for at in 0..N_KILLS {
        let n_acknowledged = dice.roll(N_ACKNOWLEDGED_MAX);
        let (child, address, _said) = serve(&numbers.here);
        let mut client = Client::connect(&address);
        for at in 1..=n_acknowledged {
            client.create(numbers.n + at);
        }
        let next = numbers.n + n_acknowledged + 1;
        let n_sent = match at % 3 {
            // A transaction that was never committed.
            0 => {
                client.say(BEGIN, &[&map(&[])]);
                client.hear();
                client.create(next);
                0
            }
            // One that is being committed.
            1 => {
                client.say(BEGIN, &[&map(&[])]);
                client.hear();
                client.create(next);
                client.say(COMMIT, &[]);
                turn(dice.turns(LOG_TURNS));
                1
            }
            _ => {
                client.send_create(next);
                turn(dice.turns(LOG_TURNS));
                1
            }
        };
        kill(child);
        numbers.look(n_acknowledged, n_acknowledged + n_sent);
    }
    assert!(numbers.n > 0);
}
