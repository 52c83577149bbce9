//! Values as Bolt writes them.

use std::collections::BTreeMap;

use boltr::message::encode::encode_server_message;
use boltr::message::response::ServerMessage;
use boltr::types::{
    BoltDate, BoltDateTime, BoltDateTimeZoneId, BoltDict, BoltDuration, BoltLocalDateTime,
    BoltLocalTime, BoltNode, BoltPath, BoltPoint2D, BoltPoint3D, BoltRelationship, BoltTime,
    BoltUnboundRelationship, BoltValue,
};
use bytes::BytesMut;
use weft_value::{LocalDateTime, NodeValue, PathValue, RelationshipValue, Value};

const SECONDS_PER_DAY: i64 = 86_400;
const NANOSECONDS_PER_SECOND: i64 = 1_000_000_000;

/// A row as the message that carries it.
pub(crate) fn encode_record(row: &[Value]) -> BytesMut {
    let data = row.iter().map(to_bolt).collect();
    let mut res = BytesMut::with_capacity(64);
    encode_server_message(&mut res, &ServerMessage::Record { data });
    res
}

/// A value as Bolt has it.
pub(crate) fn to_bolt(value: &Value) -> BoltValue {
    match value {
        Value::Null => BoltValue::Null,
        Value::Boolean(it) => BoltValue::Boolean(*it),
        Value::Integer(it) => BoltValue::Integer(*it),
        Value::Float(it) => BoltValue::Float(*it),
        Value::String(it) => BoltValue::String(it.clone()),
        Value::List(items) => BoltValue::List(items.iter().map(to_bolt).collect()),
        Value::Map(map) => BoltValue::Dict(to_dict(map)),
        Value::Node(it) => BoltValue::Node(node(it)),
        Value::Relationship(it) => BoltValue::Relationship(relationship(it)),
        Value::Path(it) => BoltValue::Path(path(it)),
        Value::Date(it) => BoltValue::Date(BoltDate { days: it.epoch_day() }),
        Value::LocalTime(it) => {
            BoltValue::LocalTime(BoltLocalTime { nanoseconds: it.nanosecond_of_day() })
        }
        Value::Time(it) => BoltValue::Time(BoltTime {
            nanoseconds: it.local().nanosecond_of_day(),
            tz_offset_seconds: it.offset_seconds().into(),
        }),
        Value::LocalDateTime(it) => {
            let (seconds, nanoseconds) = epoch(*it);
            BoltValue::LocalDateTime(BoltLocalDateTime { seconds, nanoseconds })
        }
        Value::DateTime(it) => {
            let (seconds, nanoseconds) = (it.epoch_seconds(), epoch(it.local()).1);
            match it.zone_name() {
                Some(name) => BoltValue::DateTimeZoneId(BoltDateTimeZoneId {
                    seconds,
                    nanoseconds,
                    tz_id: name.to_owned(),
                }),
                None => BoltValue::DateTime(BoltDateTime {
                    seconds,
                    nanoseconds,
                    tz_offset_seconds: it.offset_seconds().into(),
                }),
            }
        }
        Value::Duration(it) => BoltValue::Duration(BoltDuration {
            months: it.months(),
            days: it.days(),
            seconds: it.seconds(),
            nanoseconds: it.nanoseconds().into(),
        }),
        Value::Point(it) => {
            let (srid, x, y) = (it.srid.into(), it.x, it.y);
            match it.z {
                Some(z) => BoltValue::Point3D(BoltPoint3D { srid, x, y, z }),
                None => BoltValue::Point2D(BoltPoint2D { srid, x, y }),
            }
        }
    }
}

/// A map as Bolt has it.
pub(crate) fn to_dict(map: &BTreeMap<String, Value>) -> BoltDict {
    map.iter().map(|(key, value)| (key.clone(), to_bolt(value))).collect()
}

/// Seconds since 1970 on the clock there, and the nanoseconds of that second.
fn epoch(local: LocalDateTime) -> (i64, i64) {
    let of_day = local.time.nanosecond_of_day();
    let seconds = local.date.epoch_day() * SECONDS_PER_DAY + of_day / NANOSECONDS_PER_SECOND;
    (seconds, of_day % NANOSECONDS_PER_SECOND)
}

fn node(it: &NodeValue) -> BoltNode {
    BoltNode {
        id: it.key,
        labels: it.labels.clone(),
        properties: to_dict(&it.properties),
        element_id: it.element_id.clone(),
    }
}

fn relationship(it: &RelationshipValue) -> BoltRelationship {
    BoltRelationship {
        id: it.key,
        start_node_id: it.start_key,
        end_node_id: it.end_key,
        rel_type: it.relation_type.clone(),
        properties: to_dict(&it.properties),
        element_id: it.element_id.clone(),
        start_element_id: it.start_element_id.clone(),
        end_element_id: it.end_element_id.clone(),
    }
}

/// A path: each node and relationship once, and the walk as positions in them: for each step the
/// relationship, counted from 1 and negative where it is walked against its direction, then the node.
fn path(it: &PathValue) -> BoltPath {
    let mut res = BoltPath { nodes: Vec::new(), rels: Vec::new(), indices: Vec::new() };
    let position_of = |nodes: &mut Vec<BoltNode>, value: &NodeValue| {
        let known = nodes.iter().position(|other| other.id == value.key);
        known.unwrap_or_else(|| {
            nodes.push(node(value));
            nodes.len() - 1
        })
    };
    if let Some(first) = it.nodes.first() {
        position_of(&mut res.nodes, first);
    }
    for (n, step) in it.relationships.iter().enumerate() {
        let known = res.rels.iter().position(|other| other.id == step.key);
        let at = known.unwrap_or_else(|| {
            res.rels.push(BoltUnboundRelationship {
                id: step.key,
                rel_type: step.relation_type.clone(),
                properties: to_dict(&step.properties),
                element_id: step.element_id.clone(),
            });
            res.rels.len() - 1
        });
        let is_forward = it.nodes.get(n).is_some_and(|left| left.key == step.start_key);
        let at = at as i64 + 1;
        res.indices.push(if is_forward { at } else { -at });
        if let Some(right) = it.nodes.get(n + 1) {
            res.indices.push(position_of(&mut res.nodes, right) as i64);
        }
    }
    res
}
