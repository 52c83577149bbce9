//! Messages of the server as bytes: values are written where they are sent from, framed in chunks.
//!
//! boltr writes the same by way of its own values, which would copy each string of each row.

use std::collections::BTreeMap;

use boltr::message::sig;
use boltr::packstream::encode::{
    encode_bool, encode_float, encode_int, encode_null, encode_string, encode_struct_header,
};
use boltr::packstream::marker;
use boltr::types::tag;
use bytes::{BufMut, BytesMut};
use weft_value::{DateTime, LocalDateTime, NodeValue, PathValue, RelationshipValue, Value};

use crate::decode::{LEGACY_DATE_TIME, LEGACY_DATE_TIME_ZONE_ID};
use crate::version::Version;

const SECONDS_PER_DAY: i64 = 86_400;
const NANOSECONDS_PER_SECOND: i64 = 1_000_000_000;
/// Bytes of a chunk at most: its length is said in two.
const CHUNK_BYTES_MAX: usize = u16::MAX as usize;

/// A row.
pub(crate) fn write_record(out: &mut BytesMut, row: &[Value], version: Version) {
    framed(out, |out| {
        encode_struct_header(out, sig::RECORD, 1);
        list(out, row, |out, it| value(out, it, version));
    });
}

/// That something was done, and what is to be known of it.
pub(crate) fn write_success(
    out: &mut BytesMut,
    metadata: &BTreeMap<String, Value>,
    version: Version,
) {
    framed(out, |out| {
        encode_struct_header(out, sig::SUCCESS, 1);
        map(out, metadata, version);
    });
}

/// That something could not be done, and why.
pub(crate) fn write_failure(
    out: &mut BytesMut,
    metadata: &BTreeMap<String, Value>,
    version: Version,
) {
    framed(out, |out| {
        encode_struct_header(out, sig::FAILURE, 1);
        map(out, metadata, version);
    });
}

/// That a message was passed over, because an earlier one failed.
pub(crate) fn write_ignored(out: &mut BytesMut) {
    framed(out, |out| encode_struct_header(out, sig::IGNORED, 0));
}

/// Writes a message in chunks: one, nearly always.
fn framed(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut)) {
    let start = out.len();
    out.put_u16(0);
    write(out);
    let body = start + size_of::<u16>();
    match u16::try_from(out.len() - body) {
        Ok(length) => out[start..body].copy_from_slice(&length.to_be_bytes()),
        Err(_) => {
            let message = out.split_off(body);
            out.truncate(start);
            for chunk in message.chunks(CHUNK_BYTES_MAX) {
                out.put_u16(chunk.len() as u16);
                out.put_slice(chunk);
            }
        }
    }
    out.put_u16(0);
}

fn value(out: &mut BytesMut, it: &Value, version: Version) {
    match it {
        Value::Null => encode_null(out),
        Value::Boolean(it) => encode_bool(out, *it),
        Value::Integer(it) => encode_int(out, *it),
        Value::Float(it) => encode_float(out, *it),
        Value::String(it) => encode_string(out, it),
        Value::List(items) => list(out, items, |out, it| value(out, it, version)),
        Value::Map(entries) => map(out, entries, version),
        Value::Node(it) => node(out, it, version),
        Value::Relationship(it) => relationship(out, it, version),
        Value::Path(it) => path(out, it, version),
        Value::Date(it) => integers(out, tag::DATE, [it.epoch_day()]),
        Value::LocalTime(it) => integers(out, tag::LOCAL_TIME, [it.nanosecond_of_day()]),
        Value::Time(it) => {
            let parts = [it.local().nanosecond_of_day(), it.offset_seconds().into()];
            integers(out, tag::TIME, parts);
        }
        Value::LocalDateTime(it) => {
            let (seconds, nanoseconds) = epoch(*it);
            integers(out, tag::LOCAL_DATE_TIME, [seconds, nanoseconds]);
        }
        Value::DateTime(it) => date_time(out, it, version),
        Value::Duration(it) => {
            let parts = [it.months(), it.days(), it.seconds(), it.nanoseconds().into()];
            integers(out, tag::DURATION, parts);
        }
        Value::Point(it) => {
            let (tag, n_fields) = match it.z {
                Some(_) => (tag::POINT_3D, 4),
                None => (tag::POINT_2D, 3),
            };
            encode_struct_header(out, tag, n_fields);
            encode_int(out, it.srid.into());
            encode_float(out, it.x);
            encode_float(out, it.y);
            if let Some(z) = it.z {
                encode_float(out, z);
            }
        }
    }
}

fn integers<const N: usize>(out: &mut BytesMut, tag: u8, parts: [i64; N]) {
    encode_struct_header(out, tag, N);
    for part in parts {
        encode_int(out, part);
    }
}

fn list<T>(out: &mut BytesMut, items: &[T], write: impl Fn(&mut BytesMut, &T)) {
    header(out, marker::TINY_LIST_NIBBLE, marker::LIST_8, items.len());
    for item in items {
        write(out, item);
    }
}

fn map(out: &mut BytesMut, entries: &BTreeMap<String, Value>, version: Version) {
    header(out, marker::TINY_DICT_NIBBLE, marker::DICT_8, entries.len());
    for (key, it) in entries {
        encode_string(out, key);
        value(out, it, version);
    }
}

/// What begins a list or a map: the marker, and how much is in it.
fn header(out: &mut BytesMut, tiny: u8, wide: u8, len: usize) {
    if len < 16 {
        out.put_u8(tiny | len as u8);
    } else if let Ok(len) = u8::try_from(len) {
        out.put_u8(wide);
        out.put_u8(len);
    } else if let Ok(len) = u16::try_from(len) {
        out.put_u8(wide + 1);
        out.put_u16(len);
    } else {
        // A query's limits of memory keep lists far below 2^32.
        out.put_u8(wide + 2);
        out.put_u32(len as u32);
    }
}

/// Seconds since 1970 on the clock there, and the nanoseconds of that second.
fn epoch(local: LocalDateTime) -> (i64, i64) {
    let of_day = local.time.nanosecond_of_day();
    let seconds = local.date.epoch_day() * SECONDS_PER_DAY + of_day / NANOSECONDS_PER_SECOND;
    (seconds, of_day % NANOSECONDS_PER_SECOND)
}

/// A date-time: its seconds are those of UTC, and before Bolt 5 those of the clock there.
fn date_time(out: &mut BytesMut, it: &DateTime, version: Version) {
    let (local_seconds, nanoseconds) = epoch(it.local());
    let (seconds, plain, named) = match version.has_utc() {
        true => (it.epoch_seconds(), tag::DATE_TIME, tag::DATE_TIME_ZONE_ID),
        false => (local_seconds, LEGACY_DATE_TIME, LEGACY_DATE_TIME_ZONE_ID),
    };
    match it.zone_name() {
        Some(name) => {
            encode_struct_header(out, named, 3);
            encode_int(out, seconds);
            encode_int(out, nanoseconds);
            encode_string(out, name);
        }
        None => integers(out, plain, [seconds, nanoseconds, it.offset_seconds().into()]),
    }
}

fn node(out: &mut BytesMut, it: &NodeValue, version: Version) {
    let ids = [&*it.element_id];
    let ids = element_ids(&ids, version);
    encode_struct_header(out, tag::NODE, 3 + ids.len());
    encode_int(out, it.key);
    list(out, &it.labels, |out, it| encode_string(out, it));
    map(out, &it.properties, version);
    ids.iter().for_each(|id| encode_string(out, id));
}

fn relationship(out: &mut BytesMut, it: &RelationshipValue, version: Version) {
    let ids = [&*it.element_id, &it.start_element_id, &it.end_element_id];
    let ids = element_ids(&ids, version);
    encode_struct_header(out, tag::RELATIONSHIP, 5 + ids.len());
    encode_int(out, it.key);
    encode_int(out, it.start_key);
    encode_int(out, it.end_key);
    encode_string(out, &it.relation_type);
    map(out, &it.properties, version);
    ids.iter().for_each(|id| encode_string(out, id));
}

/// A relationship of a path, whose ends are said by the path.
fn step(out: &mut BytesMut, it: &RelationshipValue, version: Version) {
    let ids = [&*it.element_id];
    let ids = element_ids(&ids, version);
    encode_struct_header(out, tag::UNBOUND_RELATIONSHIP, 3 + ids.len());
    encode_int(out, it.key);
    encode_string(out, &it.relation_type);
    map(out, &it.properties, version);
    ids.iter().for_each(|id| encode_string(out, id));
}

/// The ids that are text, which stand at the end of a structure; none before Bolt 5.
fn element_ids<'a, 'b>(ids: &'a [&'b str], version: Version) -> &'a [&'b str] {
    if version.has_element_ids() { ids } else { &[] }
}

/// A path: each node and relationship once, and the walk as positions in them: for each step the
/// relationship, counted from 1 and negative where it is walked against its direction, then the node.
fn path(out: &mut BytesMut, it: &PathValue, version: Version) {
    let (mut nodes, mut steps) = (Vec::new(), Vec::new());
    let mut places_of_nodes = BTreeMap::new();
    let mut places_of_steps = BTreeMap::new();
    let mut indices = Vec::new();
    for (n, node) in it.nodes.iter().enumerate() {
        if let Some(walked) = n.checked_sub(1).and_then(|n| it.relationships.get(n)) {
            let place = *places_of_steps.entry(walked.key).or_insert_with(|| {
                steps.push(walked);
                steps.len() as i64
            });
            indices.push(if it.is_forward(n - 1) { place } else { -place });
        }
        let place = *places_of_nodes.entry(node.key).or_insert_with(|| {
            nodes.push(node);
            nodes.len() as i64 - 1
        });
        if n > 0 {
            indices.push(place);
        }
    }
    encode_struct_header(out, tag::PATH, 3);
    list(out, &nodes, |out, it| self::node(out, it, version));
    list(out, &steps, |out, it| step(out, it, version));
    list(out, &indices, |out, it| encode_int(out, *it));
}

#[cfg(test)]
mod tests {
    use boltr::message::decode::decode_server_message;
    use boltr::message::response::ServerMessage;
    use boltr::types::BoltValue;
    use weft_value::Zone;

    use super::*;
    use crate::decode::{Message, read_message};

    const NEWEST: Version = Version::new(5, 4);

    /// The messages that some bytes are, each with the number of its chunks.
    fn read(mut bytes: &[u8]) -> Vec<(ServerMessage, usize)> {
        let mut res = Vec::new();
        let (mut message, mut n_chunks) = (Vec::new(), 0);
        while let Some((head, rest)) = bytes.split_first_chunk() {
            let (chunk, rest) = rest.split_at(u16::from_be_bytes(*head).into());
            bytes = rest;
            message.extend_from_slice(chunk);
            n_chunks += 1;
            if chunk.is_empty() {
                res.push((decode_server_message(&message).expect("a message"), n_chunks - 1));
                (message, n_chunks) = (Vec::new(), 0);
            }
        }
        res
    }

    #[test]
    fn messages_of_any_length_are_cut_into_chunks() {
        for (n, n_chunks) in [(0, 1), (65_000, 1), (65_535, 2), (200_000, 4)] {
            let mut out = BytesMut::new();
            let row = [Value::String("x".repeat(n)), Value::List(vec![Value::Null; n])];
            write_record(&mut out, &row[..1], NEWEST);
            write_record(&mut out, &row[1..], NEWEST);
            write_ignored(&mut out);
            let found = read(&out);
            assert_eq!(found.len(), 3, "{n}");
            let text = vec![BoltValue::String("x".repeat(n))];
            assert_eq!(found[0], (ServerMessage::Record { data: text }, n_chunks), "{n}");
            let nulls = vec![BoltValue::List(vec![BoltValue::Null; n])];
            assert_eq!(found[1].0, ServerMessage::Record { data: nulls }, "{n}");
            assert_eq!(found[2], (ServerMessage::Ignored, 1));
        }
    }

    #[test]
    fn a_path_holds_each_node_once_and_knows_its_directions() {
        let node = |key: i64| NodeValue {
            key,
            element_id: format!("n{key}"),
            labels: Vec::new(),
            properties: BTreeMap::new(),
        };
        let tie = |key: i64, start: i64, end: i64| RelationshipValue {
            key,
            element_id: format!("r{key}"),
            relation_type: "T".to_owned(),
            start_key: start,
            end_key: end,
            start_element_id: format!("n{start}"),
            end_element_id: format!("n{end}"),
            properties: BTreeMap::new(),
        };
        let walk = PathValue {
            nodes: vec![node(7), node(8), node(7), node(9)],
            relationships: vec![tie(1, 7, 8), tie(2, 7, 8), tie(3, 7, 9)],
        };
        let mut out = BytesMut::new();
        write_record(&mut out, &[Value::Path(Box::new(walk))], NEWEST);
        let found = read(&out);
        let (ServerMessage::Record { data }, _) = &found[0] else { unreachable!("a record") };
        let BoltValue::Path(path) = &data[0] else { unreachable!("a path") };
        assert_eq!(path.nodes.iter().map(|it| it.id).collect::<Vec<_>>(), [7, 8, 9]);
        assert_eq!(path.rels.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(path.indices, [1, 1, -2, 0, 3, 2]);
    }

    /// The bytes of one value.
    fn bytes(it: Value, version: Version) -> Vec<u8> {
        let mut out = BytesMut::new();
        value(&mut out, &it, version);
        out.to_vec()
    }

    #[test]
    fn nodes_and_relationships_have_ids_of_text_since_bolt_5() {
        let four = Version::new(4, 4);
        let id = [0x82, b'n', b'7'];
        let node = || NodeValue {
            key: 7,
            element_id: "n7".to_owned(),
            labels: vec!["A".to_owned()],
            properties: BTreeMap::from([("k".to_owned(), Value::Integer(1))]),
        };
        let fields = [0x4E, 7, 0x91, 0x81, b'A', 0xA1, 0x81, b'k', 1];
        assert_eq!(bytes(Value::Node(Box::new(node())), four), [&[0xB3], &fields[..]].concat());
        let newest = [&[0xB4], &fields[..], &id].concat();
        assert_eq!(bytes(Value::Node(Box::new(node())), NEWEST), newest);
        assert_eq!(bytes(Value::Node(Box::new(node())), Version::new(5, 0)), newest);

        let tie = || RelationshipValue {
            key: 9,
            element_id: "r9".to_owned(),
            relation_type: "T".to_owned(),
            start_key: 7,
            end_key: 7,
            start_element_id: "n7".to_owned(),
            end_element_id: "n7".to_owned(),
            properties: BTreeMap::new(),
        };
        let fields = [0x52, 9, 7, 7, 0x81, b'T', 0xA0];
        let ids = [&[0x82, b'r', b'9'][..], &id, &id].concat();
        let found = bytes(Value::Relationship(Box::new(tie())), four);
        assert_eq!(found, [&[0xB5], &fields[..]].concat());
        let found = bytes(Value::Relationship(Box::new(tie())), NEWEST);
        assert_eq!(found, [&[0xB8], &fields[..], &ids].concat());

        let walk = PathValue { nodes: vec![node(), node()], relationships: vec![tie()] };
        let node_bytes = bytes(Value::Node(Box::new(node())), four);
        let step = [0xB3, 0x72, 9, 0x81, b'T', 0xA0];
        let found = bytes(Value::Path(Box::new(walk)), four);
        let expected = [&[0xB3, 0x50, 0x91], &node_bytes[..], &[0x91], &step, &[0x92, 1, 0]];
        assert_eq!(found, expected.concat());
    }

    #[test]
    fn date_times_are_those_of_the_clock_there_before_bolt_5() {
        let four = Version::new(4, 4);
        let patched = four.with_utc().unwrap();
        for (text, legacy, utc) in [
            (
                "1970-01-01T01:00:10.000000007+01:00",
                &[0xB3, b'F', 0xC9, 0x0E, 0x1A, 7, 0xC9, 0x0E, 0x10][..],
                &[0xB3, b'I', 10, 7, 0xC9, 0x0E, 0x10][..],
            ),
            (
                "1970-01-01T01:00:10[Europe/Paris]",
                b"\xB3f\xC9\x0E\x1A\0\x8CEurope/Paris",
                b"\xB3i\x0A\0\x8CEurope/Paris",
            ),
        ] {
            let time = || Value::DateTime(DateTime::parse(text, &Zone::UTC).unwrap());
            assert_eq!(bytes(time(), four), legacy, "{text}");
            assert_eq!(bytes(time(), patched), utc, "{text}");
            assert_eq!(bytes(time(), NEWEST), utc, "{text}");
            // What was sent in either form is read as what it was.
            for sent in [legacy, utc] {
                let run = [&[0xB3, 0x10, 0x80, 0xA1, 0x81, b'x'][..], sent, &[0xA0]].concat();
                let (Message::Run { parameters, .. }, _) = read_message(&run, 1 << 20).unwrap()
                else {
                    unreachable!("a statement")
                };
                assert_eq!(parameters["x"], time(), "{text}");
            }
        }
    }
}
