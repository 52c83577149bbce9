//! The values of openCypher 9 that a property can hold, and how each is written as text and JSON.

use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value of a property.
///
/// In JSON null, booleans, numbers, strings and lists are themselves (an integer never gets a
/// point, a float always has one); every other type is an object of one key that names it, such as
/// `{"$date": "2024-03-01"}`, so that each comes back with its type.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value: not known, or not there.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(String),
    /// A calendar day.
    Date(jiff::civil::Date),
    /// A time of day without a zone.
    LocalTime(jiff::civil::Time),
    /// A time of day with an offset from UTC.
    Time(Time),
    /// A day and a time without a zone.
    LocalDateTime(jiff::civil::DateTime),
    /// A day and a time with an offset, and the name of a zone if one was given.
    DateTime(DateTime),
    /// A span of months, days, seconds and nanoseconds, which are not converted into each other.
    Duration(Duration),
    /// A point in the plane, in space or on the Earth.
    Point(Point),
    /// Values in order.
    List(Vec<Value>),
}

/// A time of day with an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// The time on the clock there.
    pub time: jiff::civil::Time,
    /// Seconds east of UTC.
    pub offset_seconds: i32,
}

/// A day and a time with an offset from UTC and, where given, a named zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The day and the time on the clock there.
    pub local: jiff::civil::DateTime,
    /// Seconds east of UTC.
    pub offset_seconds: i32,
    /// The IANA name of the zone, if one was given.
    pub zone: Option<String>,
}

/// A span of time in openCypher's four units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    /// Whole months.
    pub months: i64,
    /// Whole days.
    pub days: i64,
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds of a second.
    pub nanoseconds: i32,
}

/// A point with its spatial reference system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// 7203 and 9157 (Cartesian), 4326 and 4979 (WGS 84).
    pub srid: u32,
    /// x, or the longitude in degrees.
    pub x: f64,
    /// y, or the latitude in degrees.
    pub y: f64,
    /// z, or the height in metres, in three dimensions.
    pub z: Option<f64>,
}

/// The type that a column of free properties declares, as `employees:int` or `tags:string[]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// `boolean`
    Boolean,
    /// `int`
    Integer,
    /// `float`
    Float,
    /// `string`, the default
    String,
    /// `date`
    Date,
    /// `localtime`
    LocalTime,
    /// `localdatetime`
    LocalDateTime,
    /// `datetime`
    DateTime,
}

/// A text that is not a value of the type that was declared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {expected}")]
pub struct ValueError {
    /// The type, with its article and an example.
    pub expected: &'static str,
}

impl ValueType {
    /// The type of that name, as a header writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "int" | "integer" | "long" => Self::Integer,
            "float" | "double" => Self::Float,
            "string" => Self::String,
            "date" => Self::Date,
            "localtime" => Self::LocalTime,
            "localdatetime" => Self::LocalDateTime,
            "datetime" => Self::DateTime,
            _ => return None,
        })
    }

    /// The type of a value, where a column can declare it.
    pub fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Boolean(_) => Self::Boolean,
            Value::Integer(_) => Self::Integer,
            Value::Float(_) => Self::Float,
            Value::String(_) => Self::String,
            Value::Date(_) => Self::Date,
            Value::LocalTime(_) => Self::LocalTime,
            Value::LocalDateTime(_) => Self::LocalDateTime,
            Value::DateTime(_) => Self::DateTime,
            _ => return None,
        })
    }

    /// Reads a text as a value of this type.
    ///
    /// # Errors
    /// [`ValueError`] says what was expected.
    pub fn parse(self, text: &str) -> Result<Value, ValueError> {
        let fail = |expected| move || ValueError { expected };
        match self {
            Self::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" => Some(Value::Boolean(true)),
                "false" | "no" => Some(Value::Boolean(false)),
                _ => None,
            }
            .ok_or_else(fail("a boolean such as `true`")),
            Self::Integer => {
                text.parse().map(Value::Integer).map_err(|_| fail("a whole number such as `42`")())
            }
            Self::Float => {
                text.parse().map(Value::Float).map_err(|_| fail("a number such as `4.2`")())
            }
            Self::String => Ok(Value::String(text.to_owned())),
            Self::Date => {
                text.parse().map(Value::Date).map_err(|_| fail("a day such as `2024-03-01`")())
            }
            Self::LocalTime => {
                text.parse().map(Value::LocalTime).map_err(|_| fail("a time such as `09:30`")())
            }
            Self::LocalDateTime => text
                .parse()
                .map(Value::LocalDateTime)
                .map_err(|_| fail("a day and time such as `2024-03-01T09:30`")()),
            Self::DateTime => DateTime::parse(text)
                .map(Value::DateTime)
                .ok_or_else(fail("a day and time with offset such as `2024-03-01T09:30+00:00`")),
        }
    }
}

impl Value {
    /// Whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    fn tag(&self) -> Option<(&'static str, String)> {
        Some(match self {
            Self::Float(it) if !it.is_finite() => ("$float", it.to_string()),
            Self::Date(it) => ("$date", it.to_string()),
            Self::LocalTime(it) => ("$localtime", it.to_string()),
            Self::Time(it) => ("$time", format!("{}{}", it.time, offset_text(it.offset_seconds))),
            Self::LocalDateTime(it) => ("$localdatetime", it.to_string()),
            Self::DateTime(it) => ("$datetime", it.to_string()),
            Self::Duration(it) => ("$duration", it.to_string()),
            Self::Point(it) => ("$point", it.to_string()),
            _ => return None,
        })
    }

    fn from_tag(tag: &str, text: &str) -> Option<Self> {
        Some(match tag {
            "$float" => Self::Float(text.parse().ok()?),
            "$date" => Self::Date(text.parse().ok()?),
            "$localtime" => Self::LocalTime(text.parse().ok()?),
            "$time" => {
                let (time, offset_seconds) = split_offset(text)?;
                Self::Time(Time { time: time.parse().ok()?, offset_seconds })
            }
            "$localdatetime" => Self::LocalDateTime(text.parse().ok()?),
            "$datetime" => Self::DateTime(DateTime::parse(text)?),
            "$duration" => Self::Duration(Duration::parse(text)?),
            "$point" => Self::Point(Point::parse(text)?),
            _ => return None,
        })
    }
}

impl fmt::Display for Value {
    /// The text that a table shows: strings bare, lists in brackets, null as nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Boolean(it) => write!(f, "{it}"),
            Self::Integer(it) => write!(f, "{it}"),
            Self::Float(it) => write!(f, "{it:?}"),
            Self::String(it) => f.write_str(it),
            Self::List(items) => {
                f.write_str("[")?;
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            _ => f.write_str(&self.tag().map(|(_, text)| text).unwrap_or_default()),
        }
    }
}

impl DateTime {
    /// Reads `2024-03-01T09:30:00+00:00[Europe/London]`; the zone may be left out.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, zone) = match text.split_once('[') {
            Some((text, zone)) => (text, Some(zone.strip_suffix(']')?.to_owned())),
            None => (text, None),
        };
        let (local, offset_seconds) = split_offset(text)?;
        Some(Self { local: local.parse().ok()?, offset_seconds, zone })
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.local, offset_text(self.offset_seconds))?;
        self.zone.iter().try_for_each(|zone| write!(f, "[{zone}]"))
    }
}

impl Duration {
    /// Reads the ISO 8601 form that [`fmt::Display`] writes: `P14M3DT1.5S`.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.strip_prefix('P')?.split_once('T') {
            Some((date, time)) => (date, time),
            None => (text.strip_prefix('P')?, ""),
        };
        let mut res = Self::default();
        let (months, rest) = date.split_once('M').unwrap_or(("0", date));
        res.months = months.parse().ok()?;
        if !rest.is_empty() {
            res.days = rest.strip_suffix('D')?.parse().ok()?;
        }
        if !time.is_empty() {
            let seconds = time.strip_suffix('S')?;
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
            if fraction.len() > 9 {
                return None;
            }
            let nanoseconds: i64 = format!("{fraction:0<9}").parse().ok()?;
            let whole_seconds: i64 = whole.parse().ok()?;
            // A fraction belongs to a number that is written with its sign: -1.5 is -2 s + 0.5e9 ns.
            if whole.starts_with('-') && nanoseconds > 0 {
                res.seconds = whole_seconds - 1;
                res.nanoseconds = (1_000_000_000 - nanoseconds) as i32;
            } else {
                res.seconds = whole_seconds;
                res.nanoseconds = nanoseconds as i32;
            }
        }
        Some(res)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        if self.months != 0 {
            write!(f, "{}M", self.months)?;
        }
        if self.days != 0 {
            write!(f, "{}D", self.days)?;
        }
        let nanoseconds = i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanoseconds);
        if nanoseconds == 0 {
            return if self.months == 0 && self.days == 0 { f.write_str("T0S") } else { Ok(()) };
        }
        let sign = if nanoseconds < 0 { "-" } else { "" };
        let (whole, fraction) = (
            nanoseconds.unsigned_abs() / 1_000_000_000,
            nanoseconds.unsigned_abs() % 1_000_000_000,
        );
        if fraction == 0 {
            return write!(f, "T{sign}{whole}S");
        }
        let fraction = format!("{fraction:09}");
        write!(f, "T{sign}{whole}.{}S", fraction.trim_end_matches('0'))
    }
}

impl Point {
    /// Reads the form that [`fmt::Display`] writes: `4326 -1.55 53.8`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let srid = parts.next()?.parse().ok()?;
        let x = parts.next()?.parse().ok()?;
        let y = parts.next()?.parse().ok()?;
        let z = parts.next().map(str::parse).transpose().ok()?;
        parts.next().is_none().then_some(Self { srid, x, y, z })
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {:?}", self.srid, self.x, self.y)?;
        self.z.iter().try_for_each(|z| write!(f, " {z:?}"))
    }
}

fn offset_text(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, rest) = (seconds.abs() / 3600, seconds.abs() % 3600);
    match rest % 60 {
        0 => format!("{sign}{hours:02}:{:02}", rest / 60),
        s => format!("{sign}{hours:02}:{:02}:{s:02}", rest / 60),
    }
}

/// Splits `09:30+01:00` into the time and the seconds east of UTC.
fn split_offset(text: &str) -> Option<(&str, i32)> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, 0));
    }
    // A minus sign before the `T` belongs to the date.
    let start = text.find('T').unwrap_or(0);
    let at = start + text[start..].rfind(['+', '-'])?;
    let mut seconds = 0;
    for (n, part) in text[at + 1..].split(':').enumerate() {
        let part: i32 = part.parse().ok()?;
        seconds += part * *[3600, 60, 1].get(n)?;
    }
    Some((&text[..at], if text[at..].starts_with('-') { -seconds } else { seconds }))
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(it) => serializer.serialize_bool(*it),
            Self::Integer(it) => serializer.serialize_i64(*it),
            Self::Float(it) if it.is_finite() => serializer.serialize_f64(*it),
            Self::String(it) => serializer.serialize_str(it),
            Self::List(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|it| seq.serialize_element(it))?;
                seq.end()
            }
            tagged => {
                let (tag, text) = tagged.tag().unwrap_or_default();
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(tag, &text)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Boolean(it))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(Value::Integer(it))
    }

    fn visit_u64<E: de::Error>(self, it: u64) -> Result<Value, E> {
        i64::try_from(it).map(Value::Integer).map_err(E::custom)
    }

    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(Value::Float(it))
    }

    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(Value::String(it.to_owned()))
    }

    fn visit_string<E>(self, it: String) -> Result<Value, E> {
        Ok(Value::String(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let (tag, text): (String, String) =
            map.next_entry()?.ok_or_else(|| de::Error::custom("an empty object is no value"))?;
        Value::from_tag(&tag, &text)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a value of type `{tag}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, shown: &str) {
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(value.to_string(), shown);
    }

    #[test]
    fn every_type_comes_back_from_json() {
        check("null", "");
        check("true", "true");
        check("42", "42");
        check("42.0", "42.0");
        check(r#"{"$float":"inf"}"#, "inf");
        check(r#""Leeds""#, "Leeds");
        check(r#"{"$date":"2024-03-01"}"#, "2024-03-01");
        check(r#"{"$localtime":"09:30:00"}"#, "09:30:00");
        check(r#"{"$time":"09:30:00-01:30"}"#, "09:30:00-01:30");
        check(r#"{"$localdatetime":"2024-03-01T09:30:00"}"#, "2024-03-01T09:30:00");
        let zoned = "2024-03-01T09:30:00+00:00[Europe/London]";
        check(&format!(r#"{{"$datetime":"{zoned}"}}"#), zoned);
        check(r#"{"$duration":"P14M3DT-1.5S"}"#, "P14M3DT-1.5S");
        check(r#"{"$point":"4326 -1.55 53.8"}"#, "4326 -1.55 53.8");
        check(r#"[1,"a",[null]]"#, "[1, a, []]");
    }

    #[test]
    fn nan_is_kept() {
        let value: Value = serde_json::from_str(r#"{"$float":"NaN"}"#).unwrap();
        assert!(matches!(value, Value::Float(it) if it.is_nan()));
    }

    #[test]
    fn a_text_of_another_type_is_refused_with_what_was_expected() {
        let err = ValueType::Integer.parse("many").unwrap_err();
        assert_eq!(err.to_string(), "not a whole number such as `42`");
        assert!(ValueType::Date.parse("2024-02-30").is_err());
        assert_eq!(ValueType::Boolean.parse("Yes").unwrap(), Value::Boolean(true));
    }
}
