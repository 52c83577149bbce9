//! Functions of numbers: size, rounding, powers and logarithms.

use super::{Function, Type, wrong_type, wrong_value};
use crate::eval::overflow;
use crate::{Context, Detail, Error, Val};

/// Beyond so many digits no float has any.
const PRECISION_MAX: i64 = 400;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "abs",
        &[Type::Number],
        Type::Number,
        "A number without its sign.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::Integer(it) => {
                it.checked_abs().map(Val::Integer).ok_or_else(|| overflow(&format!("abs({it})")))
            }
            Val::Float(it) => Ok(Val::Float(it.abs())),
            it => Err(wrong_type("abs", "a number", it)),
        },
    ),
    Function::scalar(
        "sign",
        &[Type::Number],
        Type::Integer,
        "-1, 0 or 1: the sign of a number.",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            Val::Integer(it) => Ok(Val::Integer(it.signum())),
            Val::Float(it) => Ok(Val::Integer(i64::from(*it > 0.0) - i64::from(*it < 0.0))),
            it => Err(wrong_type("sign", "a number", it)),
        },
    ),
    Function::scalar(
        "isNaN",
        &[Type::Number],
        Type::Boolean,
        "Whether a number is NaN (not a number).",
        |all, _| match &all[0] {
            Val::Null => Ok(Val::Null),
            it => match it.as_f64() {
                Some(float) => Ok(Val::Boolean(float.is_nan())),
                None => Err(wrong_type("isNaN", "a number", it)),
            },
        },
    ),
    Function::scalar(
        "ceil",
        &[Type::Number],
        Type::Float,
        "The smallest whole number that is not less.",
        |all, _| of_float("ceil", &all[0], f64::ceil),
    ),
    Function::scalar(
        "floor",
        &[Type::Number],
        Type::Float,
        "The largest whole number that is not greater.",
        |all, _| of_float("floor", &all[0], f64::floor),
    ),
    Function::scalar(
        "round",
        &[Type::Number, Type::Number, Type::String],
        Type::Float,
        "The nearest whole number, a half going up; or to so many decimals, a half going away from \
         zero unless the mode (UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN, HALF_EVEN) says else.",
        round,
    )
    .required(1),
    Function::scalar(
        "sqrt",
        &[Type::Number],
        Type::Float,
        "The square root of a number.",
        |all, _| of_float("sqrt", &all[0], f64::sqrt),
    ),
    Function::scalar(
        "exp",
        &[Type::Number],
        Type::Float,
        "e to the power of a number.",
        |all, _| of_float("exp", &all[0], f64::exp),
    ),
    Function::scalar(
        "log",
        &[Type::Number],
        Type::Float,
        "The natural logarithm of a number.",
        |all, _| of_float("log", &all[0], f64::ln),
    ),
    Function::scalar(
        "log10",
        &[Type::Number],
        Type::Float,
        "The logarithm of a number to base 10.",
        |all, _| of_float("log10", &all[0], f64::log10),
    ),
    Function::scalar("e", &[], Type::Float, "Euler's number, 2.718...", |_, _| {
        Ok(Val::Float(std::f64::consts::E))
    }),
];

/// Applies a function of a float to any number.
pub(super) fn of_float(function: &str, val: &Val, f: fn(f64) -> f64) -> Result<Val, Error> {
    match (val, val.as_f64()) {
        (Val::Null, _) => Ok(Val::Null),
        (_, Some(float)) => Ok(Val::Float(f(float))),
        _ => Err(wrong_type(function, "a number", val)),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
}

fn round(all: &[Val], _: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let Some(float) = all[0].as_f64() else {
        return Err(wrong_type("round", "a number", &all[0]));
    };
    let Some(precision) = all.get(1) else {
        let (floor, half) = (float.floor(), 0.5);
        return Ok(Val::Float(if float - floor >= half { float.ceil() } else { floor }));
    };
    let precision = match precision {
        Val::Integer(it) => *it,
        Val::Float(it) if it.fract() == 0.0 => *it as i64,
        it => return Err(wrong_type("round", "an integer as its precision", it)),
    };
    if precision < 0 {
        let message = format!("the precision of `round` must be 0 or more, not {precision}");
        return Err(wrong_value(Detail::NegativeIntegerArgument, message));
    }
    let mode = match all.get(2) {
        None => Mode::HalfUp,
        Some(Val::String(text)) => match text.to_ascii_uppercase().as_str() {
            "UP" => Mode::Up,
            "DOWN" => Mode::Down,
            "CEILING" => Mode::Ceiling,
            "FLOOR" => Mode::Floor,
            "HALF_UP" => Mode::HalfUp,
            "HALF_DOWN" => Mode::HalfDown,
            "HALF_EVEN" => Mode::HalfEven,
            _ => {
                let message = format!("`round` has no mode `{text}`");
                return Err(wrong_value(Detail::InvalidArgumentValue, message)
                    .with_hint("use UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN or HALF_EVEN"));
            }
        },
        Some(it) => return Err(wrong_type("round", "a string as its mode", it)),
    };
    Ok(Val::Float(round_decimal(float, precision.min(PRECISION_MAX) as usize, mode)))
}

/// Rounds what people see: the shortest decimal number that stands for this float and no other.
fn round_decimal(float: f64, precision: usize, mode: Mode) -> f64 {
    if !float.is_finite() {
        return float;
    }
    let text = format!("{}", float.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let Some((kept, dropped)) = decimals.split_at_checked(precision).filter(|it| !it.1.is_empty())
    else {
        return float;
    };
    let mut digits: Vec<u8> = whole.bytes().chain(kept.bytes()).collect();
    let with_half = dropped.trim_end_matches('0').cmp("5");
    let (is_exact, is_negative) = (dropped.bytes().all(|it| it == b'0'), float.is_sign_negative());
    let is_odd = digits.last().is_some_and(|it| it % 2 == 1);
    let is_away = !is_exact
        && match mode {
            Mode::Up => true,
            Mode::Down => false,
            Mode::Ceiling => !is_negative,
            Mode::Floor => is_negative,
            Mode::HalfUp => with_half.is_ge(),
            Mode::HalfDown => with_half.is_gt(),
            Mode::HalfEven => with_half.is_gt() || (with_half.is_eq() && is_odd),
        };
    if is_away {
        let n_nines = digits.iter().rev().take_while(|it| **it == b'9').count();
        let at = digits.len() - n_nines;
        digits[at..].fill(b'0');
        match at.checked_sub(1) {
            Some(before) => digits[before] += 1,
            None => digits.insert(0, b'1'),
        }
    }
    let n_whole = digits.len() - precision;
    let mut text = String::from_utf8_lossy(&digits).into_owned();
    text.insert(n_whole, '.');
    let rounded: f64 = text.parse().unwrap_or(float.abs());
    if is_negative { -rounded } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_goes_by_the_decimal_number_that_people_see() {
        let check = |float, precision, mode, expected: f64| {
            assert_eq!(round_decimal(float, precision, mode), expected, "{float} {precision}");
        };
        check(1.55, 1, Mode::HalfUp, 1.6);
        check(-1.55, 1, Mode::HalfUp, -1.6);
        check(1.55, 1, Mode::HalfDown, 1.5);
        check(1.55, 1, Mode::HalfEven, 1.6);
        check(1.45, 1, Mode::HalfEven, 1.4);
        check(1.249, 1, Mode::Up, 1.3);
        check(1.251, 1, Mode::Down, 1.2);
        check(-1.25, 1, Mode::Ceiling, -1.2);
        check(-1.25, 1, Mode::Floor, -1.3);
        check(99.96, 1, Mode::HalfUp, 100.0);
        check(9.5, 0, Mode::HalfUp, 10.0);
        check(0.000_000_123, 7, Mode::HalfUp, 1e-7);
        check(1e300, 2, Mode::HalfUp, 1e300);
        check(2.0, 3, Mode::Up, 2.0);
    }
}
