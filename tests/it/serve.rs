//! `weft serve` as its clients find it: who is let in, what holds when something is amiss, how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;

use boltr::types::BoltValue;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::bolt::{Client, GREETING, connect};
use crate::runner::Workplace;

/// A statement that takes for ever.
const ENDLESS: &str = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b \
                       UNWIND range(1, 100000) AS c WITH a WHERE a < 0 RETURN a";

/// A statement that gives rows for ever.
const STREAM: &str = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN a + b AS n";

/// A server that is killed with its test.
struct Server {
    process: Child,
    errors: BufReader<ChildStderr>,
    address: String,
}

impl Server {
    /// Serves `free.db` of a workplace.
    fn start(place: &Workplace, arguments: &str) -> Self {
        Self::run(
            &mut place
                .command(&format!("--db free.db serve --free --bolt 127.0.0.1:0 {arguments}")),
        )
    }

    fn run(command: &mut Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let errors = BufReader::new(process.stderr.take().unwrap());
        let mut server = Self { process, errors, address: String::new() };
        while server.address.is_empty() {
            let line = server.line();
            assert!(!line.is_empty(), "the server did not come up");
            if let Some((_, rest)) = line.split_once("://")
                && let Some((address, _)) = rest.split_once(';')
            {
                address.clone_into(&mut server.address);
            }
        }
        server
    }

    /// What it says next.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.errors.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn connect(&self) -> Client<TcpStream> {
        connect(TcpStream::connect(&self.address).unwrap())
    }

    /// A client that is let in.
    fn client(&self) -> Client<TcpStream> {
        let mut client = self.connect();
        assert_eq!(client.log_on("none", "", ""), "SUCCESS");
        client
    }

    /// Presses Ctrl-C and waits for the end: the exit code.
    fn interrupt(mut self) -> i32 {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.process.wait().unwrap().code().expect("it ended by itself")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn only_who_knows_name_and_password_is_let_in() {
    let place = Workplace::new();
    let arguments = "--db free.db serve --free --bolt 127.0.0.1:0 --user ada";
    let server = Server::run(place.command(arguments).env("WEFT_PASSWORD", "engine"));
    let refused =
        "FAILURE Neo.ClientError.Security.Unauthorized: the name or the password is wrong";
    for (scheme, name, password) in [
        ("basic", "ada", "wrong"),
        ("basic", "ada", ""),
        ("basic", "ada", "engine "),
        ("basic", "", "engine"),
        ("basic", "eve", "engine"),
        ("none", "", ""),
        ("bearer", "ada", "engine"),
    ] {
        let mut client = server.connect();
        assert_eq!(client.log_on(scheme, name, password), refused, "{scheme} {name} {password}");
        assert!(client.is_closed());
    }
    let mut client = server.connect();
    assert_eq!(client.log_on("basic", "ada", "engine"), "SUCCESS");
    assert_eq!(client.query("RETURN 1 AS n"), "1");
    let without = place.weft(arguments);
    assert_eq!(without.code, 2);
    assert!(without.stderr.contains("WEFT_PASSWORD"), "{}", without.stderr);
}

#[test]
fn tls_is_spoken_with_the_certificate_that_was_given() {
    let place = Workplace::new();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    place.write("cert.pem", cert.pem()).write("key.pem", signing_key.serialize_pem());
    let mut server = Server::start(&place, "--tls-cert cert.pem --tls-key key.pem");
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let address = server.address.clone();
    let trusting = |roots: RootCertStore| {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let session = ClientConnection::new(Arc::new(config), name).unwrap();
        StreamOwned::new(session, TcpStream::connect(&address).unwrap())
    };
    let mut client = connect(trusting(roots));
    assert_eq!(client.log_on("none", "", ""), "SUCCESS");
    assert_eq!(client.query("RETURN 'ü' AS text"), "ü");
    let mut stranger = trusting(RootCertStore::empty());
    assert!(stranger.write_all(b"x").and_then(|()| stranger.flush()).is_err());
    assert!(server.line().starts_with("note: a client and this server found no TLS: "));
    assert!(server.line().contains("`bolt+ssc://`"));
    // Who does not speak TLS gets no word of Bolt.
    let mut plain = TcpStream::connect(&server.address).unwrap();
    plain.write_all(&GREETING).unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(&[0, 0, 4, 5]), "{answer:?}");
    let told = "note: a client does not speak TLS, and this port speaks nothing else";
    assert_eq!(
        (&*server.line(), &*server.line()),
        (told, "hint: connect to `bolt+s://` instead of `bolt://`")
    );
    let swapped =
        place.weft("--db free.db serve --bolt 127.0.0.1:0 --tls-cert key.pem --tls-key cert.pem");
    assert_eq!(swapped.code, 2);
    assert!(swapped.stderr.contains("key.pem"), "{}", swapped.stderr);
}

#[test]
fn a_connection_too_many_waits_for_another_to_end() {
    let place = Workplace::new();
    let server = Server::start(&place, "--connections 1");
    let mut first = server.client();
    let mut second = TcpStream::connect(&server.address).unwrap();
    second.write_all(&GREETING).unwrap();
    for n in 0..50 {
        assert_eq!(first.query(&format!("RETURN {n} AS n")), n.to_string());
    }
    second.set_nonblocking(true).unwrap();
    assert!(second.read(&mut [0; 4]).is_err(), "the second was served beside the first");
    second.set_nonblocking(false).unwrap();
    drop(first);
    let mut version = [0; 4];
    second.read_exact(&mut version).unwrap();
    assert_eq!(version, [0, 0, 4, 5]);
}

#[test]
fn who_speaks_something_else_is_told_so_and_the_others_stay() {
    let place = Workplace::new();
    let mut server = Server::start(&place, "");
    let mut client = server.client();
    let none_of_ours = [&GREETING[..4], &[0, 0, 0, 3, 0, 0, 1, 6], &[0; 8]].concat();
    for (greeting, answer, told) in [
        (
            &b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
            &b"HTTP/1.1 400 Bad Request\r\n"[..],
            "a client speaks HTTP, and this port speaks Bolt",
        ),
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello of TLS",
            b"",
            "a client speaks TLS, and this port speaks Bolt without it",
        ),
        (
            &[0; 64],
            b"",
            "a client speaks something that is not Bolt; it begins with the bytes `00 00 00 00`",
        ),
        (
            &none_of_ours,
            &[0; 4],
            "a client offers Bolt 3.0, 6.1; spoken here are 5.6 to 5.8, 5.0 to 5.4, 4.0 to 4.4",
        ),
    ] {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.write_all(greeting).unwrap();
        assert_eq!(server.line(), format!("note: {told}"));
        assert!(server.line().starts_with("hint: "), "{told}");
        let mut found = Vec::new();
        // A connection that is closed with bytes unread may be reset.
        let _ = stream.read_to_end(&mut found);
        assert!(found.starts_with(answer) && found.is_empty() == answer.is_empty(), "{found:?}");
    }
    drop(TcpStream::connect(&server.address).unwrap());
    let mut half = TcpStream::connect(&server.address).unwrap();
    half.write_all(&GREETING[..7]).unwrap();
    assert_eq!(client.query("RETURN 1 AS n"), "1");
}

#[test]
fn a_reset_stops_a_statement_and_its_transaction() {
    let place = Workplace::new();
    let server = Server::start(&place, "");
    let mut client = server.client();
    assert_eq!(client.begin(), "SUCCESS");
    assert_eq!(client.query("CREATE (n {k: 1}) RETURN n.k AS k"), "1");
    client.send_run(ENDLESS);
    assert_eq!(client.answer(), "SUCCESS");
    client.send_pull(-1);
    client.send_reset();
    // The RESET is read before the PULL is begun, or after.
    let stopped = client.answer();
    let terminated = "FAILURE Neo.ClientError.Transaction.Terminated";
    assert!(stopped == "IGNORED" || stopped.starts_with(terminated), "{stopped}");
    assert_eq!(client.answer(), "SUCCESS");
    assert_eq!(client.query("MATCH (n) RETURN count(n) AS n"), "0");
}

#[test]
fn a_statement_ends_with_its_time() {
    let place = Workplace::new();
    let server = Server::start(&place, "--timeout 3600");
    let mut client = server.client();
    client.send_run_within(ENDLESS, 50);
    client.send_pull(-1);
    assert_eq!(client.answer(), "SUCCESS");
    let stopped = client.answer();
    let code = "FAILURE Neo.ClientError.Transaction.TransactionTimedOut: LimitError at runtime";
    assert!(stopped.starts_with(code), "{stopped}");
}

#[test]
fn a_parameter_too_large_is_refused_and_the_connection_goes_on() {
    let place = Workplace::new();
    let server = Server::start(&place, "");
    let mut client = server.client();
    let large = "x".repeat(100_000_000);
    let refused = client.query_with("RETURN size($text) AS n", "text", large.into());
    let expected =
        "FAILURE Neo.ClientError.Request.Invalid: a message is longer than 67108864 bytes";
    assert!(refused.starts_with(expected), "{refused}");
    assert_eq!(client.query("RETURN 1 AS n"), "IGNORED");
    client.send_reset();
    assert_eq!(client.answer(), "SUCCESS");
    let large = "x".repeat(10_000_000);
    assert_eq!(client.query_with("RETURN size($text) AS n", "text", large.into()), "10000000");
}

#[test]
fn ctrl_c_rolls_back_what_is_open_and_keeps_what_was_committed() {
    let place = Workplace::new();
    let server = Server::start(&place, "");
    let mut client = server.client();
    assert_eq!(client.query("CREATE (n {k: 1}) RETURN n.k AS k"), "1");
    let mut open = server.client();
    assert_eq!(open.begin(), "SUCCESS");
    assert_eq!(open.query("CREATE (n {k: 2}) RETURN n.k AS k"), "2");
    // A statement that runs and one whose rows nobody takes are no reason to stay.
    open.send_run(ENDLESS);
    assert_eq!(open.answer(), "SUCCESS");
    let mut idle = server.client();
    idle.send_run("UNWIND range(1, 10000000) AS n CREATE (m {k: n}) RETURN n");
    let mut slow = server.client();
    slow.send_run(STREAM);
    assert_eq!(slow.answer(), "SUCCESS");
    assert_eq!(server.interrupt(), 0);
    assert!(client.is_closed());
    let left = place.weft("--db free.db query 'MATCH (n) RETURN n.k AS k' --format csv");
    assert_eq!((left.code, left.stdout.as_str()), (0, "k\n1\n"), "{}", left.stderr);
}

#[test]
fn two_servers_over_one_file_see_each_other() {
    let place = Workplace::new();
    let (one, two) = (Server::start(&place, ""), Server::start(&place, ""));
    let (mut first, mut second) = (one.client(), two.client());
    assert_eq!(first.query("CREATE (n:A {k: 1}) RETURN n.k AS k"), "1");
    assert_eq!(second.query("MATCH (n:A) RETURN n.k AS k"), "1");
    assert_eq!(second.query("CREATE (n:B {k: 2}) RETURN n.k AS k"), "2");
    assert_eq!(first.query("MATCH (n) RETURN n.k AS k ORDER BY k"), "1 2");
    for client in [&mut first, &mut second] {
        assert_eq!(client.begin(), "SUCCESS");
        assert_eq!(client.query("MATCH (n:A) SET n.v = 1 RETURN n.v AS v"), "1");
    }
    assert_eq!(first.commit(), "SUCCESS");
    let refused = second.commit();
    assert!(refused.starts_with("FAILURE Neo.TransientError.Transaction.Outdated"), "{refused}");
    let ids = "MATCH (n) RETURN count(DISTINCT elementId(n)) = count(n) AS same";
    assert_eq!(first.query("CREATE (n:A), (:A), (:B) RETURN 1 AS n"), "1");
    assert_eq!(first.query(ids), "true");
    assert_eq!(place.weft("--db free.db check --deep").code, 0);
}

#[test]
fn what_cannot_be_served_is_said() {
    let place = Workplace::new();
    let server = Server::start(&place, "");
    let busy = place.weft(&format!("--db free.db serve --bolt {}", server.address));
    assert_eq!(busy.code, 1);
    assert!(busy.stderr.contains(&format!("cannot listen on {}", server.address)), "{busy:?}");
    assert!(busy.stderr.contains("--bolt 127.0.0.1:0"), "{busy:?}");
    place.write("notes.txt", "not a store\n".repeat(1000));
    std::fs::create_dir(place.path("folder")).unwrap();
    for file in ["notes.txt", "folder", "nowhere/free.db"] {
        for free in ["", "--free"] {
            let run = place.weft(&format!("--db {file} serve --bolt 127.0.0.1:0 {free}"));
            assert!(matches!(run.code, 1..=5), "{file} {free}: {run:?}");
            let name = file.split('/').next().unwrap();
            assert!(run.stderr.contains(name), "{file} {free}: {run:?}");
        }
    }
    let nowhere = place.weft("serve --free --bolt 127.0.0.1:0");
    assert_eq!(nowhere.code, 2);
    let no_address = place.weft("--db free.db serve --bolt nowhere");
    assert_eq!(no_address.code, 2, "{no_address:?}");
}

#[test]
fn clients_that_misbehave_harm_nobody_else() {
    let place = Workplace::new();
    let server = Server::start(&place, "--connections 400");
    let mut client = server.client();
    let crowd: Vec<_> = (0..300).map(|_| TcpStream::connect(&server.address).unwrap()).collect();
    let mut slow = server.client();
    slow.send_run(STREAM);
    slow.send_pull(-1);
    let mut half = server.client();
    half.send_bytes(&[0x40, 0x00, 0xB3, 0x10]);
    let mut early = server.client();
    early.send_pull(-1);
    let refused = "FAILURE Neo.ClientError.Request.Invalid: PULL is not expected in the state READY of Bolt 5.4";
    assert_eq!(early.answer(), refused);
    let mut garbled = server.client();
    garbled.send_bytes(&[0x00, 0x03, 0xB1, 0x77, 0x01, 0x00, 0x00]);
    let answer = garbled.answer();
    assert!(answer.starts_with("FAILURE Neo.ClientError.Request.Invalid"), "{answer}");
    let mut deep = server.client();
    let nested = (0..200).fold(BoltValue::Null, |it, _| vec![it].into());
    let answer = deep.query_with("RETURN $x AS x", "x", nested);
    let expected =
        "FAILURE Neo.ClientError.Statement.ArgumentError: `x`: lists and maps are nested";
    assert!(answer.starts_with(expected), "{answer}");
    assert_eq!(client.query("RETURN 1 AS n"), "1");
    drop(crowd);
    assert_eq!(server.interrupt(), 0);
}

/// Takes as much memory as it may, and holds it for ever.
const HOG: &str = "UNWIND range(1, 1500000) AS x WITH collect(toString(x)) AS all \
                   UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b \
                   WITH all, a WHERE a < 0 RETURN all";

#[test]
fn fifty_that_take_all_leave_one_its_answers() {
    let place = Workplace::new();
    let server = Server::start(&place, "--memory 100");
    let mut crowd: Vec<_> = (0..50).map(|_| server.client()).collect();
    let hostile = [
        ENDLESS,
        STREAM,
        HOG,
        "UNWIND range(1, 1000000000) AS x RETURN size(collect([x, toString(x)]))",
        "UNWIND range(1, 1000000000) AS x CREATE (:Hog {x: x})",
    ];
    for (client, text) in crowd.iter_mut().zip(hostile.iter().cycle()) {
        client.send_run(text);
        client.send_pull(-1);
    }
    let mut client = server.client();
    for n in 1..=10 {
        assert_eq!(
            client.query(&format!("CREATE (n:Mine {{n: {n}}}) RETURN n.n AS n")),
            n.to_string()
        );
        assert_eq!(client.query("MATCH (n:Mine) RETURN count(n) AS n"), n.to_string());
    }
    // Those that take all are refused, each by its own limit or by that of all.
    let refused = crowd[3].answer();
    let refused = if refused == "SUCCESS" { crowd[3].answer() } else { refused };
    let of_one =
        "FAILURE Neo.ClientError.General.TransactionOutOfMemoryError: LimitError at runtime";
    let of_all =
        "FAILURE Neo.TransientError.General.MemoryPoolOutOfMemoryError: LimitError at runtime";
    assert!(refused.starts_with(of_one) || refused.starts_with(of_all), "{refused}");
    assert!(refused.contains("--memory"), "{refused}");
    for client in &mut crowd {
        client.send_reset();
    }
    drop(crowd);
    assert_eq!(client.query("MATCH (n:Hog) RETURN count(n) AS n"), "0");
    assert_eq!(server.interrupt(), 0);
}

#[test]
fn years_far_away_go_out_and_come_back() {
    let place = Workplace::new();
    let server = Server::start(&place, "");
    let mut client = server.client();
    for text in ["+999999999-12-31", "-999999999-01-01", "+10000-01-01", "0000-02-29", "9999-12-31"]
    {
        let day = client.first("RETURN date($text) AS day", "text", text.into());
        let back = client.query_with("RETURN toString($day) AS text", "day", day);
        assert_eq!(back, text);
        let moment = format!("{text}T12:00:00.5");
        let local =
            client.first("RETURN localdatetime($text) AS it", "text", moment.clone().into());
        assert_eq!(client.query_with("RETURN toString($it) AS text", "it", local), moment);
    }
    let beyond = boltr::types::BoltDate { days: i64::MAX };
    let refused = client.query_with("RETURN $day AS day", "day", BoltValue::Date(beyond));
    assert!(
        refused.starts_with("FAILURE Neo.ClientError.Statement.ArgumentError: `day`: "),
        "{refused}"
    );
}

#[test]
fn clients_may_name_the_version_and_ask_for_it() {
    let place = Workplace::new();
    let server = Server::start(&place, "");
    let mut client = server.client();
    assert_eq!(client.query("CYPHER 5\nRETURN 5 AS n"), "5");
    let components = "CALL dbms.components() YIELD name, versions, edition \
                      RETURN name + ' ' + versions[0] + ' ' + edition AS text";
    assert_eq!(client.query(components), "weft 5.26.0 community");
    assert_eq!(client.query("SHOW DATABASES"), "weft");
    assert_eq!(client.query("SHOW DATABASES YIELD currentStatus, name"), "online");
    let failure = client.query("CYPHER 5 RETURN 1 +");
    assert!(failure.contains("line 1, column 20"), "{failure}");
}

#[test]
fn notices_come_as_drivers_read_them() {
    let place = Workplace::new();
    let server = Server::start(&place, "");
    let mut client = server.client();
    assert_eq!(client.query("CREATE (n:Person {name: 'Ada'}) RETURN n.name AS name"), "Ada");
    let notifications = client.summary("MATCH (p:Person)\nRETURN p.nme AS x", "notifications");
    let Some(BoltValue::List(notifications)) = notifications else { panic!("{notifications:?}") };
    let [BoltValue::Dict(notification)] = &notifications[..] else { panic!("{notifications:?}") };
    let text = |key: &str| match &notification[key] {
        BoltValue::String(it) => it.as_str(),
        other => panic!("{key} is {other:?}"),
    };
    assert_eq!(text("code"), "Neo.ClientNotification.Statement.UnknownPropertyKeyWarning");
    assert_eq!((text("severity"), text("category")), ("WARNING", "UNRECOGNIZED"));
    let description = "nothing in this graph has the property `nme` (did you mean `name`?)";
    assert_eq!(text("description"), description);
    let position = [("offset", 26), ("line", 2), ("column", 10)];
    let position = position.map(|(key, it)| (key.to_owned(), BoltValue::Integer(it)));
    assert_eq!(notification["position"], BoltValue::Dict(position.into()));
    assert_eq!(client.summary("MATCH (p:Person) RETURN p.name AS x", "notifications"), None);
}
