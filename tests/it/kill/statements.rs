//! The command itself is killed while it writes statements of openCypher into a store without a
//! schema: in the shell, as a query of many statements, and serving clients over Bolt.
//!
//! Each statement adds the next number. What was acknowledged is there afterwards, what was begun and
//! not committed is not, and the numbers have no holes.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::SIGKILL;
use super::dice::Dice;
use crate::bolt::{Client, connect};
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

/// A client that is let in.
fn log_on(address: &str) -> Client<TcpStream> {
    let mut client = connect(TcpStream::connect(address).unwrap());
    assert_eq!(client.log_on("none", "", ""), "SUCCESS");
    client
}

fn send_create(client: &mut Client<TcpStream>, number: usize) {
    client.send_run(&create(number));
    client.send_pull(-1);
}

fn acknowledged(client: &mut Client<TcpStream>, number: usize) {
    assert_eq!(client.query(&create(number)), "SUCCESS");
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
        let mut client = log_on(&address);
        for at in 1..=n_acknowledged {
            acknowledged(&mut client, numbers.n + at);
        }
        let next = numbers.n + n_acknowledged + 1;
        let n_sent = match at % 3 {
            // A transaction that was never committed.
            0 => {
                assert_eq!(client.begin(), "SUCCESS");
                acknowledged(&mut client, next);
                0
            }
            // One that is being committed.
            1 => {
                assert_eq!(client.begin(), "SUCCESS");
                acknowledged(&mut client, next);
                client.send_commit();
                turn(dice.turns(LOG_TURNS));
                1
            }
            _ => {
                send_create(&mut client, next);
                turn(dice.turns(LOG_TURNS));
                1
            }
        };
        kill(child);
        numbers.look(n_acknowledged, n_acknowledged + n_sent);
    }
    assert!(numbers.n > 0);
}
