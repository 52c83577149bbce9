//! What clients say: messages read from bytes, their values as openCypher has them.
//!
//! Bytes are not trusted: sizes are compared with what is there, and what the values would take in
//! memory with what they may.

use std::collections::BTreeMap;

use boltr::message::sig;
use boltr::packstream::marker;
use boltr::types::tag;
use weft_value::{
    Date, DateTime, Duration, LocalDateTime, LocalTime, Point, TemporalError, Time, Value, Zone,
};

use crate::backend::Failure;
use crate::version::Version;

/// Levels of lists and maps within each other.
const DEPTH_MAX: usize = 128;
/// A map of few entries takes a node of its tree.
const MAP_BYTES: usize = 640;
/// An entry of a map, its key's text and its value not counted.
const ENTRY_BYTES: usize = 48;
/// A date-time before Bolt 5: its seconds are those of the clock there, its offset.
pub(crate) const LEGACY_DATE_TIME: u8 = b'F';
/// The same with the name of its zone.
pub(crate) const LEGACY_DATE_TIME_ZONE_ID: u8 = b'f';
/// What cannot be taken as a parameter.
const ARGUMENT: &str = "Neo.ClientError.Statement.ArgumentError";
/// What takes more than it may.
const TOO_MUCH: &str = "Neo.ClientError.General.TransactionOutOfMemoryError";

/// Values by name.
pub(crate) type Entries = BTreeMap<String, Value>;

/// What a client asks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Message {
    Hello(Entries),
    Logon(Entries),
    Logoff,
    Goodbye,
    Reset,
    Begin(Entries),
    Run {
        query: String,
        parameters: Entries,
        extra: Entries,
    },
    Pull(Entries),
    Discard(Entries),
    Commit,
    Rollback,
    /// What the client knows of the network, and which database and user it asks for.
    Route {
        routing: Entries,
        extra: Entries,
    },
    Telemetry,
}

impl Message {
    /// What the protocol calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Hello(_) => "HELLO",
            Self::Logon(_) => "LOGON",
            Self::Logoff => "LOGOFF",
            Self::Goodbye => "GOODBYE",
            Self::Reset => "RESET",
            Self::Begin(_) => "BEGIN",
            Self::Run { .. } => "RUN",
            Self::Pull(_) => "PULL",
            Self::Discard(_) => "DISCARD",
            Self::Commit => "COMMIT",
            Self::Rollback => "ROLLBACK",
            Self::Route { .. } => "ROUTE",
            Self::Telemetry => "TELEMETRY",
        }
    }
}

/// Why a message cannot be read.
#[derive(Debug, PartialEq)]
pub(crate) enum Fault {
    /// The client does not speak Bolt as it is.
    Garbled(String),
    /// It says what cannot be taken.
    Refused(Failure),
}

/// Whether a message asks to stop what runs.
pub(crate) fn is_reset(bytes: &[u8]) -> bool {
    bytes.get(1) == Some(&sig::RESET)
}

/// Whether a message says who the client is.
pub(crate) fn is_logon(bytes: &[u8], version: Version) -> bool {
    let logon = if version.has_logon() { sig::LOGON } else { sig::HELLO };
    bytes.get(1) == Some(&logon)
}

/// Whether a message says that the client goes.
pub(crate) fn is_goodbye(bytes: &[u8]) -> bool {
    bytes.get(1) == Some(&sig::GOODBYE)
}

/// Reads a message; how many bytes of memory its values take, about.
///
/// # Errors
/// See [`Fault`]; `memory_max` bytes are too many.
pub(crate) fn read_message(bytes: &[u8], memory_max: usize) -> Result<(Message, usize), Fault> {
    let mut reader = Reader { bytes, memory: 0, memory_max };
    let head = reader.byte()?;
    let (n_fields, signature) = (head & 0x0F, reader.byte()?);
    if head & 0xF0 != marker::TINY_STRUCT_NIBBLE {
        return Err(Fault::Garbled(format!("a message does not begin with {head:#04x}")));
    }
    let message = match (signature, n_fields) {
        (sig::HELLO, 1) => Message::Hello(reader.entries()?),
        (sig::LOGON, 1) => Message::Logon(reader.entries()?),
        (sig::LOGOFF, _) => Message::Logoff,
        (sig::GOODBYE, _) => Message::Goodbye,
        (sig::RESET, _) => Message::Reset,
        (sig::BEGIN, 1) => Message::Begin(reader.entries()?),
        (sig::RUN, 3) => {
            let query = match reader.value(0)? {
                Value::String(it) => it,
                _ => return Err(Fault::Garbled("a statement is text".to_owned())),
            };
            let (parameters, extra) = (reader.entries()?, reader.entries()?);
            Message::Run { query, parameters, extra }
        }
        (sig::PULL, 1) => Message::Pull(reader.entries()?),
        (sig::DISCARD, 1) => Message::Discard(reader.entries()?),
        (sig::COMMIT, _) => Message::Commit,
        (sig::ROLLBACK, _) => Message::Rollback,
        (sig::ROUTE, 3) => {
            let routing = reader.entries()?;
            reader.value(0)?;
            let extra = match reader.value(0)? {
                Value::Map(extra) => extra,
                // Bolt 4.3 names the database and nothing else, or null.
                Value::Null => Entries::new(),
                name => Entries::from([("db".to_owned(), name)]),
            };
            Message::Route { routing, extra }
        }
        (sig::TELEMETRY, 1) => Message::Telemetry,
        _ => {
            let text = format!("there is no message {signature:#04x} with {n_fields} fields");
            return Err(Fault::Garbled(text));
        }
    };
    Ok((message, reader.memory))
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// What the values take that were read.
    memory: usize,
    memory_max: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        self.grow(size_of::<Value>())?;
        let head = self.byte()?;
        let tiny = usize::from(head & 0x0F);
        Ok(match head {
            marker::NULL => Value::Null,
            marker::FALSE => Value::Boolean(false),
            marker::TRUE => Value::Boolean(true),
            marker::FLOAT_64 => Value::Float(f64::from_be_bytes(self.array()?)),
            marker::INT_8 => Value::Integer(i8::from_be_bytes(self.array()?).into()),
            marker::INT_16 => Value::Integer(i16::from_be_bytes(self.array()?).into()),
            marker::INT_32 => Value::Integer(i32::from_be_bytes(self.array()?).into()),
            marker::INT_64 => Value::Integer(i64::from_be_bytes(self.array()?)),
            0..=0x7F | 0xF0..=0xFF => Value::Integer((head as i8).into()),
            marker::BYTES_8..=marker::BYTES_32 => {
                return Err(refused("bytes are no value of openCypher; send text or a list"));
            }
            0x80..=0x8F => self.text(tiny)?,
            marker::STRING_8..=marker::STRING_32 => {
                let length = self.size(head - marker::STRING_8)?;
                self.text(length)?
            }
            0x90..=0x9F => self.list(tiny, depth)?,
            marker::LIST_8..=marker::LIST_32 => {
                let length = self.size(head - marker::LIST_8)?;
                self.list(length, depth)?
            }
            0xA0..=0xAF => Value::Map(self.map(tiny, depth)?),
            marker::DICT_8..=marker::DICT_32 => {
                let length = self.size(head - marker::DICT_8)?;
                Value::Map(self.map(length, depth)?)
            }
            0xB0..=0xBF => {
                let tag = self.byte()?;
                let Value::List(fields) = self.list(tiny, depth)? else {
                    return Err(Fault::Garbled("a structure has fields".to_owned()));
                };
                structure(tag, &fields)?
            }
            _ => return Err(Fault::Garbled(format!("no value begins with {head:#04x}"))),
        })
    }

    fn entries(&mut self) -> Result<Entries, Fault> {
        match self.value(0)? {
            Value::Map(entries) => Ok(entries),
            _ => Err(Fault::Garbled("a map was expected".to_owned())),
        }
    }

    fn text(&mut self, length: usize) -> Result<Value, Fault> {
        self.string(length).map(Value::String)
    }

    fn string(&mut self, length: usize) -> Result<String, Fault> {
        self.grow(length)?;
        let text = std::str::from_utf8(self.slice(length)?);
        text.map(str::to_owned).map_err(|_| Fault::Garbled("text that is not UTF-8".to_owned()))
    }

    fn list(&mut self, length: usize, depth: usize) -> Result<Value, Fault> {
        let depth = deeper(depth)?;
        // Each item takes a byte at least, so no more of them can come than there are bytes.
        let mut items = Vec::with_capacity(length.min(self.bytes.len()).min(1024));
        for _ in 0..length {
            items.push(self.value(depth)?);
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, length: usize, depth: usize) -> Result<Entries, Fault> {
        let depth = deeper(depth)?;
        self.grow(MAP_BYTES)?;
        let mut entries = Entries::new();
        for _ in 0..length {
            let head = self.byte()?;
            let length = match head {
                0x80..=0x8F => usize::from(head & 0x0F),
                marker::STRING_8..=marker::STRING_32 => self.size(head - marker::STRING_8)?,
                _ => return Err(Fault::Garbled("a key is text".to_owned())),
            };
            self.grow(ENTRY_BYTES)?;
            let key = self.string(length)?;
            let value = self.value(depth).map_err(|fault| match fault {
                Fault::Refused(mut failure) if depth <= 2 => {
                    failure.message = format!("`{key}`: {}", failure.message);
                    Fault::Refused(failure)
                }
                fault => fault,
            })?;
            entries.insert(key, value);
        }
        Ok(entries)
    }

    /// A size in one, two or four bytes.
    fn size(&mut self, width: u8) -> Result<usize, Fault> {
        Ok(match width {
            0 => self.byte()?.into(),
            1 => u16::from_be_bytes(self.array()?).into(),
            _ => u32::from_be_bytes(self.array()?) as usize,
        })
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        self.array::<1>().map(|[it]| it)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (array, rest) = self.bytes.split_first_chunk().ok_or_else(ended)?;
        self.bytes = rest;
        Ok(*array)
    }

    fn slice(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (slice, rest) = self.bytes.split_at_checked(length).ok_or_else(ended)?;
        self.bytes = rest;
        Ok(slice)
    }

    fn grow(&mut self, bytes: usize) -> Result<(), Fault> {
        self.memory += bytes;
        if self.memory <= self.memory_max {
            return Ok(());
        }
        let text = format!(
            "the parameters take more than {} MiB of memory; send them in several statements",
            self.memory_max >> 20
        );
        Err(Fault::Refused(Failure::new(TOO_MUCH, text)))
    }
}

fn ended() -> Fault {
    Fault::Garbled("a message ends in the middle of a value".to_owned())
}

fn refused(text: impl Into<String>) -> Fault {
    Fault::Refused(Failure::new(ARGUMENT, text))
}

fn deeper(depth: usize) -> Result<usize, Fault> {
    if depth < DEPTH_MAX {
        return Ok(depth + 1);
    }
    Err(refused(format!("lists and maps are nested more than {DEPTH_MAX} deep")))
}

/// What a structure stands for.
fn structure(tag: u8, fields: &[Value]) -> Result<Value, Fault> {
    use Value::{Float, Integer, String};
    let temporal = |error: TemporalError| refused(error.to_string());
    let no_value = |what: &str| {
        refused(format!("{what} cannot be handed over as a parameter; send its id or its map"))
    };
    Ok(match (tag, fields) {
        (tag::DATE, &[Integer(days)]) => Value::Date(Date::from_epoch_day(days).map_err(temporal)?),
        (tag::LOCAL_TIME, &[Integer(nanoseconds)]) => {
            Value::LocalTime(LocalTime::from_nanosecond_of_day(nanoseconds).map_err(temporal)?)
        }
        (tag::TIME, &[Integer(nanoseconds), Integer(seconds)]) => {
            let local = LocalTime::from_nanosecond_of_day(nanoseconds).map_err(temporal)?;
            Value::Time(Time::new(local, offset(seconds)?).map_err(temporal)?)
        }
        (tag::LOCAL_DATE_TIME, &[Integer(seconds), Integer(nanoseconds)]) => {
            let it = LocalDateTime::from_epoch(seconds, nanoseconds).map_err(temporal)?;
            Value::LocalDateTime(it)
        }
        (tag::DATE_TIME, &[Integer(seconds), Integer(nanoseconds), Integer(shift)]) => {
            let zone = Zone::Offset(offset(shift)?);
            let it = DateTime::from_epoch(seconds, nanoseconds, &zone).map_err(temporal)?;
            Value::DateTime(it)
        }
        (tag::DATE_TIME_ZONE_ID, [Integer(seconds), Integer(nanoseconds), String(name)]) => {
            let zone: Zone = name.parse().map_err(temporal)?;
            let it = DateTime::from_epoch(*seconds, *nanoseconds, &zone).map_err(temporal)?;
            Value::DateTime(it)
        }
        (LEGACY_DATE_TIME, &[Integer(seconds), Integer(nanoseconds), Integer(shift)]) => {
            let local = LocalDateTime::from_epoch(seconds, nanoseconds).map_err(temporal)?;
            let zone = Zone::Offset(offset(shift)?);
            Value::DateTime(DateTime::new(local, &zone).map_err(temporal)?)
        }
        (LEGACY_DATE_TIME_ZONE_ID, [Integer(seconds), Integer(nanoseconds), String(name)]) => {
            let local = LocalDateTime::from_epoch(*seconds, *nanoseconds).map_err(temporal)?;
            let zone: Zone = name.parse().map_err(temporal)?;
            Value::DateTime(DateTime::new(local, &zone).map_err(temporal)?)
        }
        (
            tag::DURATION,
            &[Integer(months), Integer(days), Integer(seconds), Integer(nanoseconds)],
        ) => {
            let it = Duration::new(months, days, seconds, nanoseconds).map_err(temporal)?;
            Value::Duration(it)
        }
        (tag::POINT_2D, &[Integer(id), Float(x), Float(y)]) => {
            Value::Point(Point { srid: srid(id)?, x, y, z: None })
        }
        (tag::POINT_3D, &[Integer(id), Float(x), Float(y), Float(z)]) => {
            Value::Point(Point { srid: srid(id)?, x, y, z: Some(z) })
        }
        (tag::NODE, _) => return Err(no_value("a node")),
        (tag::RELATIONSHIP | tag::UNBOUND_RELATIONSHIP, _) => {
            return Err(no_value("a relationship"));
        }
        (tag::PATH, _) => return Err(no_value("a path")),
        _ => {
            let text = format!("there is no structure {tag:#04x} of {} such fields", fields.len());
            return Err(Fault::Garbled(text));
        }
    })
}

fn offset(seconds: i64) -> Result<i32, Fault> {
    i32::try_from(seconds).map_err(|_| refused(format!("{seconds} seconds are no offset")))
}

fn srid(srid: i64) -> Result<u32, Fault> {
    u32::try_from(srid).map_err(|_| refused(format!("{srid} is no spatial reference")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A statement with what is to be its parameters.
    fn run(parameters: &[u8]) -> Result<(Message, usize), Fault> {
        let mut bytes = vec![0xB3, sig::RUN, 0x81, b'q'];
        bytes.extend_from_slice(parameters);
        bytes.push(0xA0);
        read_message(&bytes, 1 << 20)
    }

    fn refusal(parameters: &[u8]) -> String {
        match run(parameters) {
            Err(Fault::Refused(failure)) => failure.message,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_takes_more_memory_than_it_may_is_refused() {
        let mut nulls = vec![0xA1, 0x81, b'x', marker::LIST_32, 0, 1, 0, 0];
        nulls.resize(nulls.len() + 0x1_0000, marker::NULL);
        let expected = "`x`: the parameters take more than 1 MiB of memory; \
                        send them in several statements";
        assert_eq!(refusal(&nulls), expected);
        let mut maps = vec![0xA1, 0x81, b'x', marker::LIST_16, 0x10, 0];
        maps.resize(maps.len() + 0x1000, 0xA0);
        assert_eq!(refusal(&maps), expected);
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let nested = |n: usize| {
            let mut bytes = vec![0xA1, 0x81, b'x'];
            bytes.resize(bytes.len() + n, 0x91);
            bytes.push(marker::NULL);
            bytes
        };
        assert!(run(&nested(DEPTH_MAX - 1)).is_ok());
        assert_eq!(
            refusal(&nested(DEPTH_MAX)),
            "`x`: lists and maps are nested more than 128 deep"
        );
        assert!(refusal(&nested(100_000)).contains("nested more than 128 deep"));
    }

    #[test]
    fn what_ends_too_soon_or_is_no_bolt_is_garbled() {
        let whole = [
            0xB3,
            sig::RUN,
            0x81,
            b'q',
            0xA2,
            0x81,
            b'x',
            0x92,
            1,
            0xC9,
            1,
            2,
            0x81,
            b'y',
            0xB1,
            tag::DATE,
            0xC9,
            1,
            0,
            0xA0,
        ];
        assert!(read_message(&whole, 1 << 20).is_ok());
        for n in 0..whole.len() {
            let found = read_message(&whole[..n], 1 << 20);
            assert!(matches!(found, Err(Fault::Garbled(_))), "{n}: {found:?}");
        }
        for bytes in [
            &[0xA1, 0x01][..],                             // no structure
            &[0xB0, 0x77],                                 // no such message
            &[0xB0, sig::RUN],                             // too few fields
            &[0xB1, sig::PULL, 0x01],                      // no map
            &[0xB1, sig::PULL, 0xA1, 0x01, 0x01],          // no key
            &[0xB1, sig::PULL, 0xA1, 0x81, 0xFF, 0x01],    // no UTF-8
            &[0xB1, sig::PULL, 0xA1, 0x81, b'n', 0xC4],    // no value
            &[0xB1, sig::PULL, 0xA1, 0x81, b'n', 0xB0, 1], // no structure of values
            &[0xB1, sig::PULL, 0xDA, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            let found = read_message(bytes, 1 << 20);
            assert!(matches!(found, Err(Fault::Garbled(_))), "{bytes:x?}: {found:?}");
        }
    }

    #[test]
    fn a_route_names_its_database_in_any_version() {
        let route = |database: &[u8]| {
            let bytes = [&[0xB3, sig::ROUTE, 0xA0, 0x90], database].concat();
            match read_message(&bytes, 1 << 20) {
                Ok((Message::Route { extra, .. }, _)) => extra.get("db").cloned(),
                other => panic!("{other:?}"),
            }
        };
        let named = Some(Value::String("a".to_owned()));
        assert_eq!(route(&[0xA1, 0x82, b'd', b'b', 0x81, b'a']), named);
        assert_eq!(route(&[0x81, b'a']), named);
        assert_eq!(route(&[marker::NULL]), None);
        assert_eq!(route(&[0xA0]), None);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        // A generator of numbers that needs no crate: xorshift.
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..20_000 {
            let mut bytes = vec![0xB3, sig::RUN, 0x81, b'q', 0xA1, 0x81, b'x'];
            let n = random() % 40;
            bytes.extend((0..n).map(|_| random() as u8));
            let _ = read_message(&bytes, 1 << 16);
        }
    }
}
