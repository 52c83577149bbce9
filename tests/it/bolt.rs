//! A client of Bolt that waits for each answer. Its messages are boltr's, so that two readings of the
//! protocol meet.

use std::io::{Read, Write};

use boltr::message::decode::decode_server_message;
use boltr::message::encode::encode_client_message;
use boltr::message::request::ClientMessage;
use boltr::message::response::ServerMessage;
use boltr::types::{BoltDict, BoltValue};
use bytes::BytesMut;

/// What a client says first: that it speaks Bolt 5.1 to 5.4, as newer drivers of that time do.
pub(crate) const GREETING: [u8; 20] =
    [0x60, 0x60, 0xB0, 0x17, 0, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

pub(crate) struct Client<S> {
    stream: S,
}

/// Shakes hands.
#[track_caller]
pub(crate) fn connect<S: Read + Write>(mut stream: S) -> Client<S> {
    stream.write_all(&GREETING).unwrap();
    stream.flush().unwrap();
    let mut version = [0; 4];
    stream.read_exact(&mut version).unwrap();
    assert_eq!(version, [0, 0, 4, 5]);
    Client { stream }
}

impl<S: Read + Write> Client<S> {
    /// Says who it is.
    pub(crate) fn log_on(&mut self, scheme: &str, name: &str, password: &str) -> String {
        self.send(&ClientMessage::Hello { extra: BoltDict::new() });
        assert_eq!(self.answer(), "SUCCESS");
        let entries = [("scheme", scheme), ("principal", name), ("credentials", password)];
        let auth = entries.map(|(key, it)| (key.to_owned(), BoltValue::from(it)));
        self.send(&ClientMessage::Logon { auth: auth.into() });
        self.answer()
    }

    /// The first column of the rows, or the failure.
    #[track_caller]
    pub(crate) fn query(&mut self, text: &str) -> String {
        self.send_run(text);
        self.rows()
    }

    /// The same with a parameter.
    #[track_caller]
    pub(crate) fn query_with(&mut self, text: &str, key: &str, value: BoltValue) -> String {
        self.send_run_with(text, key, value);
        self.rows()
    }

    /// The first value of the first row.
    #[track_caller]
    pub(crate) fn first(&mut self, text: &str, key: &str, value: BoltValue) -> BoltValue {
        self.send_run_with(text, key, value);
        assert_eq!(self.answer(), "SUCCESS");
        self.send_pull(-1);
        let Some(ServerMessage::Record { mut data }) = self.receive() else { panic!("no row") };
        assert_eq!(self.answer(), "SUCCESS");
        data.remove(0)
    }

    /// What the summary of a statement says under a key.
    #[track_caller]
    pub(crate) fn summary(&mut self, text: &str, key: &str) -> Option<BoltValue> {
        self.send_run(text);
        assert_eq!(self.answer(), "SUCCESS");
        self.send_pull(-1);
        loop {
            match self.receive().expect("an answer") {
                ServerMessage::Record { .. } => {}
                ServerMessage::Success { mut metadata } => return metadata.remove(key),
                other => panic!("{other:?}"),
            }
        }
    }

    fn send_run_with(&mut self, text: &str, key: &str, value: BoltValue) {
        let parameters = BoltDict::from([(key.to_owned(), value)]);
        let query = text.to_owned();
        self.send(&ClientMessage::Run { query, parameters, extra: BoltDict::new() });
    }

    #[track_caller]
    fn rows(&mut self) -> String {
        let answer = self.answer();
        if answer != "SUCCESS" {
            return answer;
        }
        self.send_pull(-1);
        let answer = self.answer();
        answer.strip_suffix(" SUCCESS").unwrap_or(&answer).to_owned()
    }

    pub(crate) fn begin(&mut self) -> String {
        self.send(&ClientMessage::Begin { extra: BoltDict::new() });
        self.answer()
    }

    pub(crate) fn commit(&mut self) -> String {
        self.send_commit();
        self.answer()
    }

    pub(crate) fn send_commit(&mut self) {
        self.send(&ClientMessage::Commit);
    }

    pub(crate) fn send_run(&mut self, text: &str) {
        let (parameters, extra) = (BoltDict::new(), BoltDict::new());
        self.send(&ClientMessage::Run { query: text.to_owned(), parameters, extra });
    }

    /// A statement that may take so many milliseconds.
    pub(crate) fn send_run_within(&mut self, text: &str, timeout_ms: i64) {
        let extra = BoltDict::from([("tx_timeout".to_owned(), timeout_ms.into())]);
        let parameters = BoltDict::new();
        self.send(&ClientMessage::Run { query: text.to_owned(), parameters, extra });
    }

    pub(crate) fn send_pull(&mut self, n: i64) {
        self.send(&ClientMessage::pull_n(n));
    }

    pub(crate) fn send_reset(&mut self) {
        self.send(&ClientMessage::Reset);
    }

    fn send(&mut self, message: &ClientMessage) {
        let mut bytes = BytesMut::new();
        encode_client_message(&mut bytes, message);
        let mut framed = Vec::with_capacity(bytes.len() + 4);
        for chunk in bytes.chunks(0xFFFF) {
            framed.extend_from_slice(&(chunk.len() as u16).to_be_bytes());
            framed.extend_from_slice(chunk);
        }
        framed.extend_from_slice(&[0, 0]);
        self.send_bytes(&framed);
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    /// What comes back up to the end of an answer: the first value of each row, then how it went.
    #[track_caller]
    pub(crate) fn answer(&mut self) -> String {
        let mut res = String::new();
        loop {
            match self.receive().expect("an answer") {
                ServerMessage::Record { data } => res += &format!("{} ", text(&data[0])),
                ServerMessage::Success { .. } => return res + "SUCCESS",
                ServerMessage::Failure { metadata } => {
                    let (code, message) = (text(&metadata["code"]), text(&metadata["message"]));
                    return format!("{res}FAILURE {code}: {message}");
                }
                ServerMessage::Ignored => return res + "IGNORED",
            }
        }
    }

    /// The next message; None where the connection has ended.
    fn receive(&mut self) -> Option<ServerMessage> {
        let mut message = Vec::new();
        loop {
            let mut length = [0; 2];
            self.stream.read_exact(&mut length).ok()?;
            let length = usize::from(u16::from_be_bytes(length));
            if length == 0 && !message.is_empty() {
                return Some(decode_server_message(&message).unwrap());
            }
            let start = message.len();
            message.resize(start + length, 0);
            self.stream.read_exact(&mut message[start..]).ok()?;
        }
    }

    pub(crate) fn is_closed(&mut self) -> bool {
        self.receive().is_none()
    }
}

fn text(value: &BoltValue) -> String {
    match value {
        BoltValue::Integer(it) => it.to_string(),
        BoltValue::Boolean(it) => it.to_string(),
        BoltValue::String(it) => it.clone(),
        other => format!("{other:?}"),
    }
}
