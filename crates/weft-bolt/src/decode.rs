//! Values as clients send them.

use std::collections::BTreeMap;

use boltr::types::{BoltDict, BoltValue};
use weft_value::{
    Date, DateTime, Duration, LocalDateTime, LocalTime, Point, TemporalError, Time, Value, Zone,
};

use crate::backend::Failure;

/// What cannot be taken as a parameter.
const INVALID: &str = "Neo.ClientError.Statement.ArgumentError";

/// Parameters by name.
///
/// # Errors
/// For what is no value of the language: bytes, nodes, relationships and paths, and days and times out
/// of range.
pub(crate) fn from_dict(dict: BoltDict) -> Result<BTreeMap<String, Value>, Failure> {
    let entry = |(key, value): (String, BoltValue)| {
        let value = from_bolt(value).map_err(|mut failure| {
            failure.message = format!("`{key}`: {}", failure.message);
            failure
        })?;
        Ok((key, value))
    };
    dict.into_iter().map(entry).collect()
}

fn from_bolt(value: BoltValue) -> Result<Value, Failure> {
    let no_value = |what: &str| {
        let message =
            format!("{what} cannot be handed over as a parameter; send its id or its map");
        Err(Failure::new(INVALID, message))
    };
    let temporal = |error: TemporalError| Failure::new(INVALID, error.to_string());
    Ok(match value {
        BoltValue::Null => Value::Null,
        BoltValue::Boolean(it) => Value::Boolean(it),
        BoltValue::Integer(it) => Value::Integer(it),
        BoltValue::Float(it) => Value::Float(it),
        BoltValue::String(it) => Value::String(it),
        BoltValue::Bytes(_) => {
            return Err(Failure::new(
                INVALID,
                "bytes are no value of openCypher; send text or a list",
            ));
        }
        BoltValue::List(items) => {
            Value::List(items.into_iter().map(from_bolt).collect::<Result<_, _>>()?)
        }
        BoltValue::Dict(dict) => Value::Map(from_dict(dict)?),
        BoltValue::Node(_) => return no_value("a node"),
        BoltValue::Relationship(_) | BoltValue::UnboundRelationship(_) => {
            return no_value("a relationship");
        }
        BoltValue::Path(_) => return no_value("a path"),
        BoltValue::Date(it) => Value::Date(Date::from_epoch_day(it.days).map_err(temporal)?),
        BoltValue::LocalTime(it) => {
            Value::LocalTime(LocalTime::from_nanosecond_of_day(it.nanoseconds).map_err(temporal)?)
        }
        BoltValue::Time(it) => {
            let local = LocalTime::from_nanosecond_of_day(it.nanoseconds).map_err(temporal)?;
            Value::Time(Time::new(local, offset(it.tz_offset_seconds)?).map_err(temporal)?)
        }
        BoltValue::LocalDateTime(it) => Value::LocalDateTime(
            LocalDateTime::from_epoch(it.seconds, it.nanoseconds).map_err(temporal)?,
        ),
        BoltValue::DateTime(it) => {
            let zone = Zone::Offset(offset(it.tz_offset_seconds)?);
            Value::DateTime(
                DateTime::from_epoch(it.seconds, it.nanoseconds, &zone).map_err(temporal)?,
            )
        }
        BoltValue::DateTimeZoneId(it) => {
            let zone: Zone = it.tz_id.parse().map_err(temporal)?;
            Value::DateTime(
                DateTime::from_epoch(it.seconds, it.nanoseconds, &zone).map_err(temporal)?,
            )
        }
        BoltValue::Duration(it) => Value::Duration(
            Duration::new(it.months, it.days, it.seconds, it.nanoseconds).map_err(temporal)?,
        ),
        BoltValue::Point2D(it) => {
            Value::Point(Point { srid: srid(it.srid)?, x: it.x, y: it.y, z: None })
        }
        BoltValue::Point3D(it) => {
            Value::Point(Point { srid: srid(it.srid)?, x: it.x, y: it.y, z: Some(it.z) })
        }
    })
}

fn offset(seconds: i64) -> Result<i32, Failure> {
    let out_of_range = |_| Failure::new(INVALID, format!("{seconds} seconds are no offset"));
    i32::try_from(seconds).map_err(out_of_range)
}

fn srid(srid: i64) -> Result<u32, Failure> {
    u32::try_from(srid)
        .map_err(|_| Failure::new(INVALID, format!("{srid} is no spatial reference")))
}
