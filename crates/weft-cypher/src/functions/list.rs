//! Functions of lists.

use super::{Function, Type, wrong_type, wrong_value};
use crate::{Context, Detail, Error, Val};

/// The name of `range`, whose integers `UNWIND` takes one by one.
pub(crate) const RANGE: &str = "range";

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "size",
        &[Type::ListOrString],
        Type::Integer,
        "How many elements a list has, or characters a string.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::List(list) => Ok(Val::Integer(list.len() as i64)),
            Val::String(text) => Ok(Val::Integer(text.chars().count() as i64)),
            it => Err(wrong_type("size", "a list or a string", it)),
        },
    ),
    Function::scalar(
        "isEmpty",
        &[Type::Any],
        Type::Boolean,
        "Whether a list, a map or a string has nothing in it.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::List(list) => Ok(Val::Boolean(list.is_empty())),
            Val::Map(map) => Ok(Val::Boolean(map.is_empty())),
            Val::String(text) => Ok(Val::Boolean(text.is_empty())),
            it => Err(wrong_type("isEmpty", "a list, a map or a string", it)),
        },
    ),
    Function::scalar(
        "head",
        &[Type::List],
        Type::Any,
        "The first element of a list; null if it is empty.",
        |all, _| Ok(items("head", &all[0])?.and_then(|it| it.first().cloned()).unwrap_or_default()),
    ),
    Function::scalar(
        "last",
        &[Type::List],
        Type::Any,
        "The last element of a list; null if it is empty.",
        |all, _| Ok(items("last", &all[0])?.and_then(|it| it.last().cloned()).unwrap_or_default()),
    ),
    Function::scalar(
        "tail",
        &[Type::List],
        Type::List,
        "A list without its first element.",
        |all, _| Ok(list(items("tail", &all[0])?.map(|it| it.iter().skip(1).cloned()))),
    ),
    Function::scalar(
        "reverse",
        &[Type::ListOrString],
        Type::Any,
        "A list or a string backwards.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::List(items) => Ok(list(Some(items.iter().rev().cloned()))),
            Val::String(text) => Ok(text.chars().rev().collect::<String>().into()),
            it => Err(wrong_type("reverse", "a list or a string", it)),
        },
    ),
    Function::scalar(
        RANGE,
        &[Type::Any, Type::Any, Type::Any],
        Type::List,
        "The integers from the first to the second, by steps of the third (1 if it is left out).",
        range,
    )
    .required(2),
];

fn range(all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    let Some(items) = range_items(all)? else { return Ok(Val::Null) };
    let n_items = items.size_hint().1.unwrap_or(usize::MAX);
    ctx.make(n_items.saturating_mul(size_of::<Val>()))?;
    Ok(list(Some(items)))
}

/// What `range` lists, one by one; None where one of its arguments is null.
///
/// # Errors
/// An `ArgumentError` where they are not integers, or the step is 0.
pub(crate) fn range_items(all: &[Val]) -> Result<Option<impl Iterator<Item = Val> + use<>>, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(None);
    }
    let integer = |it: &Val| match it {
        Val::Integer(it) => Ok(*it),
        it => Err(wrong_value(
            Detail::InvalidArgumentType,
            format!("`range` takes integers, not {}", it.type_name()),
        )),
    };
    let (start, end) = (integer(&all[0])?, integer(&all[1])?);
    let step = all.get(2).map_or(Ok(1), integer)?;
    if step == 0 {
        let message = "`range` needs a step other than 0";
        return Err(wrong_value(Detail::NumberOutOfRange, message));
    }
    // In 128 bits, as the way from the least to the largest integer has no place in 64.
    let n_steps = (i128::from(end) - i128::from(start)) / i128::from(step);
    let is_forward = (end >= start) == (step > 0) || end == start;
    let n_items = if is_forward { n_steps + 1 } else { 0 };
    // The sums stay between start and end, so what is above 64 bits on the way to them is nothing.
    let item = move |n| Val::Integer(start.wrapping_add((n as i64).wrapping_mul(step)));
    Ok(Some((0..n_items).map(item)))
}

fn items<'a>(function: &str, val: &'a Val) -> Result<Option<&'a [Val]>, Error> {
    match val {
        Val::Null => Ok(None),
        Val::List(list) => Ok(Some(list)),
        _ => Err(wrong_type(function, "a list", val)),
    }
}

fn list(items: Option<impl Iterator<Item = Val>>) -> Val {
    items.map_or(Val::Null, |it| Val::List(it.collect()))
}
