//! Values as JSON: what JSON has is itself, every other type an object of one key that names it.
//!
//! Knows no files.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Value;
use crate::point::Point;
use crate::temporal::from_stored;

/// What the key of an object that names a type begins with.
const TAG_SIGN: char = '$';
/// Stands for a map with a key that would be taken for the name of a type.
const MAP_TAG: &str = "$map";
const NODE_TAG: &str = "$node";
const RELATIONSHIP_TAG: &str = "$relationship";
const PATH_TAG: &str = "$path";

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
            Self::Map(entries) if entries.keys().any(|it| it.starts_with(TAG_SIGN)) => {
                tag_entry(serializer, MAP_TAG, entries)
            }
            Self::Map(entries) => entries.serialize(serializer),
            Self::Node(it) => tag_entry(serializer, NODE_TAG, it),
            Self::Relationship(it) => tag_entry(serializer, RELATIONSHIP_TAG, it),
            Self::Path(it) => tag_entry(serializer, PATH_TAG, it),
            tagged => {
                let (tag, text) = tagged.tag().unwrap_or_default();
                tag_entry(serializer, tag, &text)
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
        let mut entries = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            if !key.starts_with(TAG_SIGN) {
                entries.insert(key, map.next_value()?);
                continue;
            }
            let value = match key.as_str() {
                MAP_TAG => Value::Map(map.next_value()?),
                NODE_TAG => Value::Node(map.next_value()?),
                RELATIONSHIP_TAG => Value::Relationship(map.next_value()?),
                PATH_TAG => Value::Path(map.next_value()?),
                tag => read_text(tag, &map.next_value::<String>()?)?,
            };
            // A tag says what the whole object is.
            if !entries.is_empty() || map.next_key::<String>()?.is_some() {
                return Err(de::Error::custom(format!("`{key}` must be the only key")));
            }
            return Ok(value);
        }
        Ok(Value::Map(entries))
    }
}

fn read_text<E: de::Error>(tag: &str, text: &str) -> Result<Value, E> {
    match tag {
        "$float" => text.parse().ok().map(Value::Float),
        "$point" => Point::parse(text).map(Value::Point),
        _ => from_stored(tag, text),
    }
    .ok_or_else(|| E::custom(format!("`{text}` is not a value of type `{tag}`")))
}

fn tag_entry<S: Serializer>(
    serializer: S,
    tag: &str,
    value: &(impl Serialize + ?Sized),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(tag, value)?;
    map.end()
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
        check(r#"{"$float":"inf"}"#, "Infinity");
        check(r#""Leeds""#, "Leeds");
        check(r#"{"$point":"4326 -1.55 53.8"}"#, "4326 -1.55 53.8");
        check(r#"[1,"a",[null]]"#, "[1, a, [null]]");
    }

    /// What is shown is openCypher's; what is kept has the form that it always had.
    #[test]
    fn temporal_values_are_kept_in_their_own_form() {
        #[track_caller]
        fn check_kept(tag: &str, kept: &str, shown: &str) {
            let json = format!(r#"{{"{tag}":"{kept}"}}"#);
            check(&json, shown);
            let value: Value = serde_json::from_str(&json).unwrap();
            assert_eq!(value.stored_text(), kept);
            assert_eq!(Value::List(vec![value]).stored_text(), format!("[{kept}]"));
        }
        check_kept("$date", "2024-03-01", "2024-03-01");
        check_kept("$date", "-000044-03-15", "-0044-03-15");
        check_kept("$localtime", "09:30:00", "09:30");
        check_kept("$localtime", "09:30:00.5", "09:30:00.5");
        check_kept("$time", "09:30:00-01:30", "09:30-01:30");
        check_kept("$localdatetime", "2024-03-01T09:30:00", "2024-03-01T09:30");
        let zoned = "2024-03-01T09:30:00+00:00[Europe/London]";
        check_kept("$datetime", zoned, "2024-03-01T09:30Z[Europe/London]");
        check_kept("$duration", "P14M3DT-3601.5S", "P1Y2M3DT-1H-1.5S");
        check_kept("$duration", "P3D", "P3D");
        check_kept("$duration", "PT0S", "PT0S");
        // An offset that the zone never had was written as it was, and is read as it was.
        let odd = "2024-03-01T09:30:00+03:00[Europe/London]";
        check_kept("$datetime", odd, &odd.replace(":00+", "+"));
    }

    #[test]
    fn what_is_no_stored_text_is_refused() {
        for json in [r#"{"$date":"2024-03"}"#, r#"{"$time":"09:30:00"}"#, r#"{"$day":"2024"}"#] {
            assert!(serde_json::from_str::<Value>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn nan_is_kept() {
        let value: Value = serde_json::from_str(r#"{"$float":"NaN"}"#).unwrap();
        assert!(matches!(value, Value::Float(it) if it.is_nan()));
    }

    #[test]
    fn a_map_is_itself_unless_a_key_looks_like_a_type() {
        check("{}", "{}");
        check(r#"{"a":1,"b":{"$date":"2024-03-01"}}"#, "{a: 1, b: 2024-03-01}");
        check(r#"{"$map":{"$date":"x","a":[]}}"#, "{$date: x, a: []}");
        for bad in [r#"{"$date":"2024-03-01","a":1}"#, r#"{"a":1,"$date":"2024-03-01"}"#] {
            let err = serde_json::from_str::<Value>(bad).unwrap_err();
            assert!(err.to_string().contains("`$date` must be the only key"), "{err}");
        }
    }

    #[test]
    fn what_a_result_holds_comes_back_from_json() {
        let node = |key, name| {
            let properties = format!(r#"{{"name":"{name}"}}"#);
            format!(
                r#"{{"key":{key},"element_id":"{name}","labels":["A","B"],"properties":{properties}}}"#
            )
        };
        let tie = concat!(
            r#"{"key":9,"element_id":"t","start_key":2,"end_key":1,"start_element_id":"y","#,
            r#""end_element_id":"x","relation_type":"KNOWS","properties":{}}"#
        );
        check(&format!(r#"{{"$node":{}}}"#, node(1, "x")), "(:A:B {name: x})");
        check(&format!(r#"{{"$relationship":{tie}}}"#), "[:KNOWS]");
        let nodes = format!("[{},{}]", node(1, "x"), node(2, "y"));
        check(
            &format!(r#"{{"$path":{{"nodes":{nodes},"relationships":[{tie}]}}}}"#),
            "(:A:B {name: x})<-[:KNOWS]-(:A:B {name: y})",
        );
    }
}
