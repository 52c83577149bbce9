//! Functions that make temporal values, and their components.
//!
//! What they mean stands in weft-value; here they only meet the values of a query and its clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use weft_value::{DateTime, Duration, Temporal, TemporalError, TemporalType, Value};

use super::{Function, Type, wrong_type};
use crate::eval::type_error;
use crate::suggest::did_you_mean;
use crate::{Context, Detail, Error, ErrorKind, Val};

/// The functions that each type has, and those of single types behind them.
macro_rules! functions {
    ($($kind:ident $name:literal $article:literal,)* ; $($rest:expr,)*) => {
        &[
            $(
                Function::scalar(
                    $name,
                    &[Type::Any],
                    Type::Temporal,
                    concat!(
                        "Now as ", $article, "; or what a text, a map of components or another \
                         temporal value says, as ", $article, "."
                    ),
                    |all, ctx| make(TemporalType::$kind, $name, all, ctx),
                )
                .required(0),
                Function::scalar(
                    concat!($name, ".truncate"),
                    &[Type::String, Type::Any, Type::Map],
                    Type::Temporal,
                    concat!(
                        "The first moment of the unit (`year`, `week`, `hour` ...) that a value, or \
                         now, lies in, as ", $article, "; components of the map are set in it."
                    ),
                    |all, ctx| truncate(TemporalType::$kind, concat!($name, ".truncate"), all, ctx),
                )
                .required(1),
                now!($kind $name "transaction" $article),
                now!($kind $name "statement" $article),
                now!($kind $name "realtime" $article),
            )*
            $($rest,)*
        ]
    };
}

macro_rules! now {
    ($kind:ident $name:literal $clock:literal $article:literal) => {
        Function::scalar(
            concat!($name, ".", $clock),
            &[Type::String],
            Type::Temporal,
            concat!(
                "The time at which the statement began, as ",
                $article,
                ", in the time zone given or else the default one."
            ),
            |all, ctx| now(TemporalType::$kind, concat!($name, ".", $clock), all, ctx),
        )
        .required(0)
    };
}

pub(super) const FUNCTIONS: &[Function] = functions! {
    Date "date" "a date",
    LocalTime "localtime" "a local time",
    Time "time" "a time with its offset",
    LocalDateTime "localdatetime" "a local date and time",
    DateTime "datetime" "a date and time with its zone",
    ;
    Function::scalar(
        "datetime.fromepoch",
        &[Type::Integer, Type::Integer],
        Type::Temporal,
        "The time so many seconds and nanoseconds after 1970 in UTC.",
        |all, _| from_epoch("datetime.fromepoch", all, |it| (it[0], it[1])),
    ),
    Function::scalar(
        "datetime.fromepochmillis",
        &[Type::Integer],
        Type::Temporal,
        "The time so many milliseconds after 1970 in UTC.",
        |all, _| {
            from_epoch("datetime.fromepochmillis", all, |it| {
                (it[0].div_euclid(1_000), it[0].rem_euclid(1_000) * 1_000_000)
            })
        },
    ),
    Function::scalar(
        "duration",
        &[Type::Any],
        Type::Duration,
        "The duration that a text (`P1Y2M10DT2H30M`) or a map of components says.",
        duration,
    ),
    Function::scalar(
        "duration.between",
        &[Type::Temporal, Type::Temporal],
        Type::Duration,
        "What lies between two values in whole months, then whole days, then seconds.",
        |all, _| between("duration.between", all, Duration::between),
    ),
    Function::scalar(
        "duration.inMonths",
        &[Type::Temporal, Type::Temporal],
        Type::Duration,
        "What lies between two values in whole months.",
        |all, _| between("duration.inMonths", all, Duration::in_months),
    ),
    Function::scalar(
        "duration.inDays",
        &[Type::Temporal, Type::Temporal],
        Type::Duration,
        "What lies between two values in whole days.",
        |all, _| between("duration.inDays", all, Duration::in_days),
    ),
    Function::scalar(
        "duration.inSeconds",
        &[Type::Temporal, Type::Temporal],
        Type::Duration,
        "What lies between two values in seconds and nanoseconds.",
        |all, _| between("duration.inSeconds", all, Duration::in_seconds),
    ),
};

/// `date.year` and its like.
pub(crate) fn component(of: &Val, key: &str) -> Result<Val, Error> {
    let found = match of {
        Val::Duration(it) => it.component(key),
        other => match temporal(other) {
            Some(it) => it.component(key),
            None => Ok(None),
        },
    };
    match found.map_err(error)? {
        Some(Value::Integer(it)) => Ok(Val::Integer(it)),
        Some(Value::String(it)) => Ok(it.into()),
        _ => {
            let error = type_error(format!("{} has no component `{key}`", of.type_name()));
            let is_there = |key: &&str| match of {
                Val::Duration(it) => it.component(key).is_ok_and(|it| it.is_some()),
                of => temporal(of).is_some_and(|it| it.component(key).is_ok_and(|it| it.is_some())),
            };
            Err(
                match did_you_mean(
                    key,
                    Temporal::COMPONENTS
                        .iter()
                        .chain(Duration::COMPONENTS)
                        .copied()
                        .filter(is_there),
                ) {
                    Some(hint) => error.with_hint(hint),
                    None => error,
                },
            )
        }
    }
}

/// What the standard calls an error of a temporal value.
pub(crate) fn error(err: TemporalError) -> Error {
    let (kind, detail) = match err {
        TemporalError::Overflow | TemporalError::TooLong => {
            (ErrorKind::ArithmeticError, Detail::IntegerOverflow)
        }
        TemporalError::FieldType { .. } => (ErrorKind::TypeError, Detail::InvalidArgumentType),
        _ => (ErrorKind::ArgumentError, Detail::InvalidArgumentValue),
    };
    let error = Error::runtime(kind, detail, err.to_string());
    match way_out(&err) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// Whether a component is one of a time of day.
fn is_of_day(field: &str) -> bool {
    ["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"].contains(&field)
}

/// What to write instead.
fn way_out(err: &TemporalError) -> Option<String> {
    let hint = match err {
        TemporalError::TooLong => "use smaller numbers, or a coarser unit: `duration({years: 1})`",
        TemporalError::Overflow => "stay within these years",
        TemporalError::NoFields => "for example `duration({days: 3, hours: 12})`",
        TemporalError::MissingField { field: "year" } => {
            "for example `{year: 2024, month: 3, day: 1}`; without an argument it is now"
        }
        TemporalError::MissingField { field: "hour" } => {
            "for example `{hour: 12, minute: 30}`; without an argument it is now"
        }
        TemporalError::Factor { .. } => "use a finite number, and divide by another one than 0",
        TemporalError::UnknownField { field, type_name: "a date", .. } if is_of_day(field) => {
            "`datetime(..)` has a time of day"
        }
        TemporalError::UnknownField { field, possible, .. }
        | TemporalError::UnknownUnit { unit: field, possible } => {
            let words = possible.split('`').skip(1).step_by(2);
            return did_you_mean(field, words);
        }
        TemporalError::NoPart { part: "time of day", .. } => {
            "`datetime(..)` and `localdatetime(..)` have both a date and a time of day"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

fn make(kind: TemporalType, name: &str, all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    let made = match all.first() {
        None => kind.now(ctx.clock),
        Some(Val::Null) => return Ok(Val::Null),
        Some(Val::String(text)) => kind.parse(text, ctx.clock),
        Some(Val::Map(map)) => match components(name, map)? {
            Some(fields) => kind.from_fields(&fields, ctx.clock),
            None => return Ok(Val::Null),
        },
        Some(other) => match temporal(other) {
            Some(value) => kind.convert(&value, ctx.clock),
            None => {
                return Err(wrong_type(name, "a text, a map or a temporal value", other));
            }
        },
    };
    made.map(val).map_err(error)
}

fn truncate(kind: TemporalType, name: &str, all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let unit = match &all[0] {
        Val::String(unit) => unit.parse().map_err(error)?,
        other => return Err(wrong_type(name, "the name of a unit", other)),
    };
    let value = match all.get(1) {
        None => kind.now(ctx.clock).map_err(error)?,
        Some(val) => temporal(val).ok_or_else(|| wrong_type(name, "a temporal value", val))?,
    };
    let fields = match all.get(2) {
        None => Some(BTreeMap::new()),
        Some(Val::Map(map)) => components(name, map)?,
        Some(other) => return Err(wrong_type(name, "a map of components", other)),
    };
    match fields {
        None => Ok(Val::Null),
        Some(fields) => kind.truncate(unit, &value, &fields, ctx.clock).map(val).map_err(error),
    }
}

fn now(kind: TemporalType, name: &str, all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    let made = match all.first() {
        None => kind.now(ctx.clock),
        Some(Val::Null) => return Ok(Val::Null),
        Some(Val::String(zone)) => kind.now(&ctx.clock.in_zone(zone.parse().map_err(error)?)),
        Some(other) => return Err(wrong_type(name, "the name of a time zone", other)),
    };
    made.map(val).map_err(error)
}

fn from_epoch(
    name: &str,
    all: &[Val],
    seconds_and_nanoseconds: fn(&[i64]) -> (i64, i64),
) -> Result<Val, Error> {
    let mut numbers = Vec::with_capacity(all.len());
    for val in all {
        match val {
            Val::Null => return Ok(Val::Null),
            Val::Integer(number) => numbers.push(*number),
            other => return Err(wrong_type(name, "integers", other)),
        }
    }
    let (seconds, nanoseconds) = seconds_and_nanoseconds(&numbers);
    let made = DateTime::from_epoch(seconds, nanoseconds, &weft_value::Zone::UTC);
    made.map(|it| Val::DateTime(Arc::new(it))).map_err(error)
}

fn duration(all: &[Val], _: &Context<'_>) -> Result<Val, Error> {
    let made = match &all[0] {
        Val::Null => return Ok(Val::Null),
        Val::Duration(_) => return Ok(all[0].clone()),
        Val::String(text) => text.parse(),
        Val::Map(map) => match components("duration", map)? {
            Some(fields) => Duration::from_fields(&fields),
            None => return Ok(Val::Null),
        },
        other => return Err(wrong_type("duration", "a text or a map", other)),
    };
    made.map(|it| Val::Duration(Arc::new(it))).map_err(error)
}

fn between(
    name: &str,
    all: &[Val],
    measure: fn(&Temporal, &Temporal) -> Result<Duration, TemporalError>,
) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let read = |val: &Val| temporal(val).ok_or_else(|| wrong_type(name, "temporal values", val));
    let (from, to) = (read(&all[0])?, read(&all[1])?);
    measure(&from, &to).map(|it| Val::Duration(Arc::new(it))).map_err(error)
}

/// The components of a map, or `None` if one of them is null: then nothing is known of the whole.
fn components(name: &str, map: &crate::Map) -> Result<Option<BTreeMap<String, Value>>, Error> {
    let mut res = BTreeMap::new();
    for (key, val) in map.iter() {
        let value = match val {
            Val::Null => return Ok(None),
            Val::Integer(it) => Value::Integer(*it),
            Val::Float(it) => Value::Float(*it),
            Val::String(it) => Value::String(it.as_ref().to_owned()),
            other => match temporal(other) {
                Some(it) => it.into(),
                None => {
                    let wanted = "components that are numbers, texts or temporal values";
                    return Err(wrong_type(name, wanted, other));
                }
            },
        };
        res.insert(key.as_ref().to_owned(), value);
    }
    Ok(Some(res))
}

fn temporal(val: &Val) -> Option<Temporal> {
    Some(match val {
        Val::Date(it) => Temporal::Date(*it),
        Val::LocalTime(it) => Temporal::LocalTime(*it),
        Val::Time(it) => Temporal::Time(*it),
        Val::LocalDateTime(it) => Temporal::LocalDateTime(*it),
        Val::DateTime(it) => Temporal::DateTime(it.as_ref().clone()),
        _ => return None,
    })
}

fn val(value: Temporal) -> Val {
    match value {
        Temporal::Date(it) => Val::Date(it),
        Temporal::LocalTime(it) => Val::LocalTime(it),
        Temporal::Time(it) => Val::Time(it),
        Temporal::LocalDateTime(it) => Val::LocalDateTime(it),
        Temporal::DateTime(it) => Val::DateTime(Arc::new(it)),
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::functions::{Body, all, find};
    use crate::{Graph, Limits, State};

    /// Calls a function at half past twelve in the summer of Leeds.
    fn call(name: &str, arguments: &[Val]) -> Result<Val, Error> {
        let graph = Graph::new(weft_graph::fixture("a:university"));
        let clock = crate::Clock {
            seconds: 1_720_006_200,
            nanoseconds: 5_000_000,
            zone: "Europe/London".parse().unwrap(),
        };
        let state = State::new(0, None);
        let limits = Limits::default();
        let ctx = Context { graph: &graph, parameters: &[], clock: &clock, limits, state: &state };
        match find(name).map(|it| it.body) {
            Some(Body::Scalar(body)) => body(arguments, &ctx),
            _ => panic!("no function `{name}`"),
        }
    }

    fn text(val: &Val) -> String {
        match val {
            Val::Null => "null".to_owned(),
            Val::Duration(it) => it.to_string(),
            other => temporal(other).map_or_else(|| format!("{other:?}"), |it| it.to_string()),
        }
    }

    #[track_caller]
    fn check(name: &str, arguments: &[Val], expected: &str) {
        let found = call(name, arguments).map_or_else(|it| it.to_string(), |it| text(&it));
        assert_eq!(found, expected, "{name}");
    }

    fn map(entries: &[(&str, Val)]) -> Val {
        Val::Map(entries.iter().map(|(key, val)| (Arc::from(*key), val.clone())).collect())
    }

    #[test]
    fn now_is_the_time_of_the_statement_in_the_default_zone() {
        let now = "2024-07-03T12:30:00.005+01:00[Europe/London]";
        for name in ["datetime", "datetime.transaction", "datetime.statement", "datetime.realtime"]
        {
            check(name, &[], now);
        }
        check("date", &[], "2024-07-03");
        check("localtime", &[], "12:30:00.005");
        check("time", &[], "12:30:00.005+01:00");
        check("localdatetime.statement", &["Asia/Kathmandu".into()], "2024-07-03T17:15:00.005");
        check("date.truncate", &["month".into()], "2024-07-01");
        check("time.transaction", &["+05:00".into()], "16:30:00.005+05:00");
    }

    #[test]
    fn what_names_no_zone_is_in_the_default_zone() {
        check("time", &["09:30".into()], "09:30+01:00");
        check("datetime", &["2024-01-01T09:30".into()], "2024-01-01T09:30Z[Europe/London]");
        let year = map(&[("year", 2024.into()), ("month", 6.into())]);
        check("datetime", &[year], "2024-06-01T00:00+01:00[Europe/London]");
    }

    #[test]
    fn of_null_comes_null() {
        for function in all() {
            let is_of_here = ["date", "time", "localtime", "localdatetime", "datetime", "duration"]
                .contains(&function.name.split('.').next().unwrap_or(""));
            if is_of_here {
                let nulls = vec![Val::Null; function.parameters.len()];
                check(function.name, &nulls, "null");
            }
        }
        let unknown = map(&[("year", 2024.into()), ("month", Val::Null)]);
        check("date", from_ref(&unknown), "null");
        check("duration", &[map(&[("days", Val::Null)])], "null");
        check("date.truncate", &["year".into(), call("date", &[]).unwrap(), unknown], "null");
    }

    #[test]
    fn values_are_made_of_texts_maps_and_values() {
        let zoned = call("datetime", &["1984-10-11T12:31+05:00".into()]).unwrap();
        check("date", from_ref(&zoned), "1984-10-11");
        check("time", from_ref(&zoned), "12:31+05:00");
        check(
            "localdatetime",
            &[map(&[("datetime", zoned.clone()), ("day", 28.into())])],
            "1984-10-28T12:31",
        );
        let day = map(&[("day", 2.into())]);
        check("datetime.truncate", &["YEAR".into(), zoned.clone(), day], "1984-01-02T00:00+05:00");
        check("duration", &[map(&[("days", 1.5.into())])], "P1DT12H");
        check("duration", &["P1Y".into()], "P1Y");
        check(
            "duration.between",
            &[zoned.clone(), call("date", &["1985".into()]).unwrap()],
            "P2M20DT11H29M",
        );
        check(
            "datetime.fromepoch",
            &[416_779.into(), 999_999_999.into()],
            "1970-01-05T19:46:19.999999999Z",
        );
        check("datetime.fromepochmillis", &[(-1).into()], "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn components_are_read_by_name() {
        let zoned = call("datetime", &["1984-10-11T12:31+05:00".into()]).unwrap();
        assert_eq!(component(&zoned, "weekYear").unwrap(), Val::Integer(1984));
        assert_eq!(component(&zoned, "offset").unwrap(), Val::from("+05:00"));
        let err = component(&zoned, "fortnight").unwrap_err();
        assert_eq!(err.to_string(), "a date and time has no component `fortnight`");
    }

    #[test]
    fn faults_are_of_the_classes_of_the_standard() {
        #[track_caller]
        fn check(name: &str, argument: Val, kind: ErrorKind) {
            let err = call(name, &[argument]).unwrap_err();
            assert_eq!(err.kind, kind, "{err}");
        }
        check("date", "2024-02-30".into(), ErrorKind::ArgumentError);
        check("date", "yesterday".into(), ErrorKind::ArgumentError);
        check("date", 2024.into(), ErrorKind::TypeError);
        check("date", map(&[("year", "2024".into())]), ErrorKind::TypeError);
        check("date", map(&[("year", vec![Val::Null].into())]), ErrorKind::TypeError);
        check("duration", map(&[("years", i64::MAX.into())]), ErrorKind::ArithmeticError);
        check("datetime.fromepochmillis", 1.5.into(), ErrorKind::TypeError);
        check("date.truncate", "fortnight".into(), ErrorKind::ArgumentError);
    }
}
