//! Functions that make a value of one type one of another.

use super::{Function, Type, wrong_type};
use crate::eval::overflow;
use crate::val::float_text;
use crate::{Error, Val};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "toBoolean",
        &[Type::Any],
        Type::Boolean,
        "The truth value of a text (`true`, `false`) or an integer (0 is false); null of other text.",
        |all, _| strictly("toBoolean", "a boolean, a string or an integer", &all[0], to_boolean),
    ),
    Function::scalar(
        "toBooleanOrNull",
        &[Type::Any],
        Type::Boolean,
        "As `toBoolean`, and null of a value that it does not take.",
        |all, _| or_null(&all[0], to_boolean),
    ),
    Function::scalar(
        "toBooleanList",
        &[Type::List],
        Type::List,
        "`toBooleanOrNull` of each element of a list.",
        |all, _| of_each("toBooleanList", &all[0], to_boolean),
    ),
    Function::scalar(
        "toInteger",
        &[Type::Any],
        Type::Integer,
        "The integer of a text, of a float (what follows the point is cut off) or of a boolean; \
         null of text that is no number.",
        |all, _| strictly("toInteger", "a number, a string or a boolean", &all[0], to_integer),
    ),
    Function::scalar(
        "toIntegerOrNull",
        &[Type::Any],
        Type::Integer,
        "As `toInteger`, and null of a value that it does not take.",
        |all, _| or_null(&all[0], to_integer),
    ),
    Function::scalar(
        "toIntegerList",
        &[Type::List],
        Type::List,
        "`toIntegerOrNull` of each element of a list.",
        |all, _| of_each("toIntegerList", &all[0], to_integer),
    ),
    Function::scalar(
        "toFloat",
        &[Type::Any],
        Type::Float,
        "The float of a text or an integer; null of text that is no number.",
        |all, _| strictly("toFloat", "a number or a string", &all[0], to_float),
    ),
    Function::scalar(
        "toFloatOrNull",
        &[Type::Any],
        Type::Float,
        "As `toFloat`, and null of a value that it does not take.",
        |all, _| or_null(&all[0], to_float),
    ),
    Function::scalar(
        "toFloatList",
        &[Type::List],
        Type::List,
        "`toFloatOrNull` of each element of a list.",
        |all, _| of_each("toFloatList", &all[0], to_float),
    ),
    Function::scalar(
        "toString",
        &[Type::Any],
        Type::String,
        "The text of a number, a boolean, a temporal value or a point.",
        |all, _| {
            let wanted = "a string, a number, a boolean, a temporal value or a point";
            strictly("toString", wanted, &all[0], to_string)
        },
    ),
    Function::scalar(
        "toStringOrNull",
        &[Type::Any],
        Type::String,
        "As `toString`, and null of a value that it does not take.",
        |all, _| or_null(&all[0], to_string),
    ),
    Function::scalar(
        "toStringList",
        &[Type::List],
        Type::List,
        "`toStringOrNull` of each element of a list.",
        |all, _| of_each("toStringList", &all[0], to_string),
    ),
];

/// What becomes of a value: None if it is of a type that is not converted.
type Convert = fn(&Val) -> Option<Result<Val, Error>>;

fn strictly(function: &str, wanted: &str, val: &Val, f: Convert) -> Result<Val, Error> {
    if val.is_null() {
        return Ok(Val::Null);
    }
    f(val).unwrap_or_else(|| Err(wrong_type(function, wanted, val)))
}

fn or_null(val: &Val, f: Convert) -> Result<Val, Error> {
    Ok(f(val).and_then(Result::ok).unwrap_or_default())
}

fn of_each(function: &str, val: &Val, f: Convert) -> Result<Val, Error> {
    match val {
        Val::Null => Ok(Val::Null),
        Val::List(list) => {
            list.iter().map(|it| or_null(it, f)).collect::<Result<_, _>>().map(Val::List)
        }
        _ => Err(wrong_type(function, "a list", val)),
    }
}

fn to_boolean(val: &Val) -> Option<Result<Val, Error>> {
    Some(Ok(match val {
        Val::Boolean(_) => val.clone(),
        Val::Integer(it) => Val::Boolean(*it != 0),
        Val::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Val::Boolean(true),
            "false" => Val::Boolean(false),
            _ => Val::Null,
        },
        _ => return None,
    }))
}

fn to_integer(val: &Val) -> Option<Result<Val, Error>> {
    Some(match val {
        Val::Integer(_) => Ok(val.clone()),
        Val::Boolean(it) => Ok(Val::Integer(i64::from(*it))),
        Val::Float(it) => cut(*it),
        Val::String(text) => match text.trim().parse() {
            Ok(integer) => Ok(Val::Integer(integer)),
            Err(_) => float_of(text).map_or(Ok(Val::Null), cut),
        },
        _ => return None,
    })
}

fn to_float(val: &Val) -> Option<Result<Val, Error>> {
    Some(Ok(match val {
        Val::Integer(_) | Val::Float(_) => val.as_f64().into(),
        Val::String(text) => float_of(text).into(),
        _ => return None,
    }))
}

fn to_string(val: &Val) -> Option<Result<Val, Error>> {
    match val {
        Val::String(_) => Some(Ok(val.clone())),
        _ => val.scalar_text().map(|it| Ok(Val::from(&*it))),
    }
}

/// The whole part of a float; NaN has none.
fn cut(float: f64) -> Result<Val, Error> {
    if float.is_nan() {
        return Ok(Val::Null);
    }
    // Both ends are exact as floats, and the upper one is the first that is too large.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float) {
        Ok(Val::Integer(float as i64))
    } else {
        Err(overflow(&float_text(float)))
    }
}

/// The number that a text says; only as the language writes the three that are not finite.
fn float_of(text: &str) -> Option<f64> {
    match text.trim() {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        text if text.ends_with(|it: char| it.is_ascii_digit() || it == '.') => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_a_number_only_where_it_says_one() {
        let check = |text: &str, integer: Option<i64>, float: Option<f64>| {
            let val = Val::from(text);
            assert_eq!(or_null(&val, to_integer).unwrap(), integer.into(), "{text}");
            assert_eq!(or_null(&val, to_float).unwrap(), float.into(), "{text}");
        };
        check("42", Some(42), Some(42.0));
        check(" -1.7 ", Some(-1), Some(-1.7));
        check("1e3", Some(1000), Some(1000.0));
        check(".5", Some(0), Some(0.5));
        check("", None, None);
        check("inf", None, None);
        check("nan", None, None);
        check("Infinity", None, Some(f64::INFINITY));
        check("1 2", None, None);
        check("0x10", None, None);
        check("9223372036854775807", Some(i64::MAX), Some(i64::MAX as f64));
        check("9223372036854775808", None, Some(9_223_372_036_854_775_808.0));
    }
}
