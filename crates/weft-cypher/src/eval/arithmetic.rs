//! Numbers, text, lists and times joined by `+ - * / % ^`.

use std::sync::Arc;

use crate::ast::BinaryOperator;
use crate::eval::{must_be_short, type_error};
use crate::functions::temporal;
use crate::{Context, Detail, Error, ErrorKind, List, Val};

type OfIntegers = fn(i64, i64) -> Option<i64>;
type OfFloats = fn(f64, f64) -> f64;

/// `a + b` and its like, where neither is a condition; null where one of them is null.
pub(super) fn compute(
    operator: BinaryOperator,
    a: &Val,
    b: &Val,
    ctx: &Context<'_>,
) -> Result<Val, Error> {
    use BinaryOperator as Op;

    let (symbol, integers, floats): (&str, OfIntegers, OfFloats) = match operator {
        Op::Add => return add(a, b, ctx),
        Op::Concatenate => return concatenate(a, b, ctx),
        Op::Subtract => ("-", i64::checked_sub, |a, b| a - b),
        Op::Multiply => ("*", i64::checked_mul, |a, b| a * b),
        Op::Divide => ("/", i64::checked_div, |a, b| a / b),
        Op::Modulo => ("%", i64::checked_rem, |a, b| a % b),
        _ => ("^", |_, _| None, f64::powf),
    };
    match (a, b) {
        (Val::Null, _) | (_, Val::Null) => Ok(Val::Null),
        (Val::Integer(_), Val::Integer(0)) if matches!(operator, Op::Divide | Op::Modulo) => {
            let message = format!("`{symbol}` by zero");
            Err(Error::runtime(ErrorKind::ArithmeticError, Detail::DivisionByZero, message)
                .with_hint("divide by a float (`0.0`) to get infinity or NaN, or test for zero with `CASE`"))
        }
        // The remainder by -1 is 0 also where the quotient has no place in 64 bits.
        (Val::Integer(_), Val::Integer(-1)) if operator == Op::Modulo => Ok(Val::Integer(0)),
        (Val::Integer(a), Val::Integer(b)) if operator != Op::Power => {
            integers(*a, *b).map(Val::Integer).ok_or_else(|| overflow(&format!("{a} {symbol} {b}")))
        }
        _ => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => Ok(Val::Float(floats(a, b))),
            _ => times(operator, a, b).unwrap_or_else(|| Err(unlike(symbol, a, b))),
        },
    }
}

/// `a + b`
pub(super) fn add(a: &Val, b: &Val, ctx: &Context<'_>) -> Result<Val, Error> {
    match (a, b) {
        (Val::Null, _) | (_, Val::Null) => Ok(Val::Null),
        (Val::Integer(a), Val::Integer(b)) => {
            let sum = a.checked_add(*b);
            sum.map(Val::Integer).ok_or_else(|| overflow(&format!("{a} + {b}")))
        }
        (Val::List(_), _) => add_to(a.clone(), b, ctx),
        (_, Val::List(list)) => {
            ctx.make((list.len() + 1) * size_of::<Val>())?;
            Val::list(std::iter::once(a).chain(list.iter()).cloned().collect())
        }
        (Val::String(a), Val::String(b)) => joined(a, b, ctx),
        (Val::String(text), other) | (other, Val::String(text)) => {
            let Some(other) = other.scalar_text() else { return Err(unlike("+", a, b)) };
            let is_first = matches!(a, Val::String(_));
            let (a, b) = if is_first { (&**text, &*other) } else { (&*other, &**text) };
            joined(a, b, ctx)
        }
        _ => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => Ok(Val::Float(a + b)),
            _ => times(BinaryOperator::Add, a, b).unwrap_or_else(|| Err(unlike("+", a, b))),
        },
    }
}

/// Two texts as one.
fn joined(a: &str, b: &str, ctx: &Context<'_>) -> Result<Val, Error> {
    let n_bytes = a.len() + b.len();
    must_be_short(n_bytes)?;
    // It is put together, and then copied to where it is held by count.
    ctx.make(2 * n_bytes)?;
    Ok(Val::String([a, b].concat().into()))
}

/// `a || b`
fn concatenate(a: &Val, b: &Val, ctx: &Context<'_>) -> Result<Val, Error> {
    match (a, b) {
        (Val::Null, _) | (_, Val::Null) => Ok(Val::Null),
        (Val::List(_), Val::List(_)) | (Val::String(_), Val::String(_)) => add(a, b, ctx),
        _ => Err(unlike("||", a, b)
            .with_hint("it joins two texts or two lists; conditions are joined by `OR`")),
    }
}

/// `a + b` where nothing else needs `a`: a list that nobody else holds is not copied.
pub(super) fn add_to(a: Val, b: &Val, ctx: &Context<'_>) -> Result<Val, Error> {
    let Val::List(mut list) = a else { return add(&a, b, ctx) };
    let more = match b {
        Val::Null => return Ok(Val::Null),
        Val::List(more) => &**more,
        one => std::slice::from_ref(one),
    };
    ctx.make(list.n_bytes_to_extend(more.len()))?;
    list.extend(more);
    List::checked(list).map(Val::List)
}

/// `-of`
pub(super) fn negate(of: &Val) -> Result<Val, Error> {
    match of {
        Val::Null => Ok(Val::Null),
        Val::Integer(it) => {
            it.checked_neg().map(Val::Integer).ok_or_else(|| overflow(&format!("-({it})")))
        }
        Val::Float(it) => Ok(Val::Float(-it)),
        Val::Duration(it) => Ok(Val::Duration(Arc::new(it.negated().map_err(temporal::error)?))),
        _ => Err(type_error(format!("`-` needs a number, not {}", of.type_name()))),
    }
}

/// `+of`
pub(super) fn keep(of: Val) -> Result<Val, Error> {
    match of {
        Val::Null | Val::Integer(_) | Val::Float(_) | Val::Duration(_) => Ok(of),
        _ => Err(type_error(format!("`+` needs a number, not {}", of.type_name()))),
    }
}

/// Points in time and spans of it; None where these two have nothing to do with each other.
fn times(operator: BinaryOperator, a: &Val, b: &Val) -> Option<Result<Val, Error>> {
    use BinaryOperator as Op;

    let span = |it| Val::Duration(Arc::new(it));
    let res = match (operator, a, b) {
        (Op::Add, Val::Duration(a), Val::Duration(b)) => a.plus(b).map(span),
        (Op::Subtract, Val::Duration(a), Val::Duration(b)) => a.minus(b).map(span),
        (Op::Multiply, Val::Duration(of), by) | (Op::Multiply, by, Val::Duration(of)) => {
            of.times(by.as_f64()?).map(span)
        }
        (Op::Divide, Val::Duration(of), by) => of.divided_by(by.as_f64()?).map(span),
        (Op::Add, Val::Duration(by), of) | (Op::Add, of, Val::Duration(by)) => {
            return shift(of, Ok(**by));
        }
        (Op::Subtract, of, Val::Duration(by)) => return shift(of, by.negated()),
        _ => return None,
    };
    Some(res.map_err(temporal::error))
}

fn shift(
    of: &Val,
    by: Result<weft_value::Duration, weft_value::TemporalError>,
) -> Option<Result<Val, Error>> {
    let by = match by {
        Ok(by) => by,
        Err(err) => return Some(Err(temporal::error(err))),
    };
    let res = match of {
        Val::Date(it) => it.plus(&by).map(Val::Date),
        Val::LocalTime(it) => Ok(Val::LocalTime(it.plus(&by))),
        Val::Time(it) => Ok(Val::Time(it.plus(&by))),
        Val::LocalDateTime(it) => it.plus(&by).map(Val::LocalDateTime),
        Val::DateTime(it) => it.plus(&by).map(|it| Val::DateTime(Arc::new(it))),
        _ => return None,
    };
    Some(res.map_err(temporal::error))
}

/// A whole number that does not fit in 64 bits.
pub(crate) fn overflow(what: &str) -> Error {
    let message = format!("`{what}` is too large for a 64-bit integer");
    Error::runtime(ErrorKind::ArithmeticError, Detail::IntegerOverflow, message)
        .with_hint("compute with floats: `toFloat(..)`")
}

fn unlike(symbol: &str, a: &Val, b: &Val) -> Error {
    let error =
        type_error(format!("`{symbol}` cannot join {} and {}", a.type_name(), b.type_name()));
    match (symbol, is_time(a), is_time(b)) {
        ("-", true, true) => {
            error.with_hint("the time between two values is `duration.between(earlier, later)`")
        }
        ("+" | "-", true, _) | ("+", _, true) => {
            error.with_hint("a duration is added or subtracted: `date() + duration({days: 1})`")
        }
        _ => error,
    }
}

/// Whether a value is a date or a time.
fn is_time(of: &Val) -> bool {
    matches!(
        of,
        Val::Date(_) | Val::Time(_) | Val::LocalTime(_) | Val::DateTime(_) | Val::LocalDateTime(_)
    )
}
