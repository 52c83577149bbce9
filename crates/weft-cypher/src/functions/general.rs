//! Functions of any value, and those that ask the run: chance and the clock.

use super::{Body, Function, Type};
use crate::{Context, Error, Val};

const RAND: &str = "rand";
const RANDOM_UUID: &str = "randomUUID";
/// Those that give another value each time that they are called.
pub(crate) const BY_CHANCE: [&str; 2] = [RAND, RANDOM_UUID];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        body: Body::FirstGiven,
        ..Function::scalar(
            "coalesce",
            &[Type::Any],
            Type::Any,
            "The first of the values that is not null; those behind it are not computed.",
            |_, _| Ok(Val::Null),
        )
        .variadic()
    },
    Function::scalar(
        "nullIf",
        &[Type::Any, Type::Any],
        Type::Any,
        "The first value, or null if both are equal.",
        |all, _| match crate::order::equals(&all[0], &all[1]) {
            Some(true) => Ok(Val::Null),
            _ => Ok(all[0].clone()),
        },
    ),
    Function::scalar(
        "exists",
        &[Type::Any],
        Type::Boolean,
        "Whether a property is there; `value IS NOT NULL` says the same.",
        |all, _| Ok(Val::Boolean(!all[0].is_null())),
    ),
    Function::scalar(
        "valueType",
        &[Type::Any],
        Type::String,
        "The type of a value, as the standard writes it: `LIST<INTEGER NOT NULL> NOT NULL`.",
        |all, _| Ok(type_text(&all[0]).into()),
    ),
    Function::scalar(
        RAND,
        &[],
        Type::Float,
        "A number at least 0 and less than 1, by chance: the same for the same seed.",
        |_, ctx| Ok(Val::Float(ctx.random())),
    ),
    Function::scalar(
        RANDOM_UUID,
        &[],
        Type::String,
        "A universally unique identifier (version 4), by chance: the same for the same seed.",
        random_uuid,
    ),
    Function::scalar(
        "timestamp",
        &[],
        Type::Integer,
        "Milliseconds from 1970 in UTC to the time at which the statement began.",
        |_, ctx| {
            let milliseconds = i64::from(ctx.clock.nanoseconds / 1_000_000);
            Ok(Val::Integer(ctx.clock.seconds.saturating_mul(1_000).saturating_add(milliseconds)))
        },
    ),
];

fn random_uuid(_: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    /// Which bits say that it is of version 4 and of the usual variant.
    const VERSION: u128 = 0x4000_8000_0000_0000_0000;
    const FIXED: u128 = 0xF000_C000_0000_0000_0000;

    let bits = u128::from(ctx.random_bits()) << 64 | u128::from(ctx.random_bits());
    let text = format!("{:032x}", bits & !FIXED | VERSION);
    let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
    Ok(parts.join("-").into())
}

fn type_text(val: &Val) -> String {
    let name = match val {
        Val::Null => return "NULL".into(),
        Val::Boolean(_) => "BOOLEAN",
        Val::Integer(_) => "INTEGER",
        Val::Float(_) => "FLOAT",
        Val::String(_) => "STRING",
        Val::Map(_) => "MAP",
        Val::Node(_) => "NODE",
        Val::Relationship(_) => "RELATIONSHIP",
        Val::Path(_) => "PATH",
        Val::Date(_) => "DATE",
        Val::LocalTime(_) => "LOCAL TIME",
        Val::Time(_) => "ZONED TIME",
        Val::LocalDateTime(_) => "LOCAL DATETIME",
        Val::DateTime(_) => "ZONED DATETIME",
        Val::Duration(_) => "DURATION",
        Val::Point(_) => "POINT",
        Val::List(list) => return list.enter(|| format!("LIST<{}> NOT NULL", types_text(list))),
    };
    format!("{name} NOT NULL")
}

/// The types of a list's elements; none is `NOT NULL` if one of them is null.
fn types_text(list: &[Val]) -> String {
    let has_null = list.iter().any(Val::is_null);
    let mut types: Vec<_> = list.iter().filter(|it| !it.is_null()).map(type_text).collect();
    types.sort();
    types.dedup();
    if has_null {
        types = types.iter().map(|it| it.trim_end_matches(" NOT NULL").to_owned()).collect();
    }
    match types.as_slice() {
        [] if has_null => "NULL".into(),
        [] => "NOTHING".into(),
        _ => types.join(" | "),
    }
}
