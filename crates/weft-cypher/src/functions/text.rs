//! Functions of text. Positions and lengths count characters (Unicode scalar values).

use std::collections::HashSet;

use super::{Function, Type, wrong_type, wrong_value};
use crate::eval::must_be_short;
use crate::memory::Held;
use crate::val::n_bytes;
use crate::{Context, Detail, Error, Val};

/// So many bytes of characters are looked through for each that may be cut off.
const FEW_CHARACTERS: usize = 64;

const TO_UPPER: Function =
    Function::scalar("toUpper", &[Type::String], Type::String, "Text in upper case.", |all, _| {
        map("toUpper", &all[0], |it| it.to_uppercase().into())
    });
const TO_LOWER: Function =
    Function::scalar("toLower", &[Type::String], Type::String, "Text in lower case.", |all, _| {
        map("toLower", &all[0], |it| it.to_lowercase().into())
    });
const CHAR_LENGTH: Function = Function::scalar(
    "char_length",
    &[Type::String],
    Type::Integer,
    "How many characters a string has.",
    |all, _| map("char_length", &all[0], |it| Val::Integer(it.chars().count() as i64)),
);

const TRIM: Function = Function::scalar(
    "trim",
    &[Type::String, Type::String],
    Type::String,
    "Text without the blanks around it, or without the characters of the second string.",
    |all, _| trim("trim", all, |text, is_cut| text.trim_matches(is_cut)),
)
.required(1);

pub(super) const FUNCTIONS: &[Function] = &[
    TO_UPPER,
    TO_UPPER.alias("upper"),
    TO_LOWER,
    TO_LOWER.alias("lower"),
    CHAR_LENGTH,
    CHAR_LENGTH.alias("character_length"),
    TRIM,
    TRIM.alias("btrim"),
    Function::scalar(
        "lTrim",
        &[Type::String, Type::String],
        Type::String,
        "Text without the blanks before it, or without the characters of the second string.",
        |all, _| trim("lTrim", all, |text, is_cut| text.trim_start_matches(is_cut)),
    )
    .required(1),
    Function::scalar(
        "rTrim",
        &[Type::String, Type::String],
        Type::String,
        "Text without the blanks behind it, or without the characters of the second string.",
        |all, _| trim("rTrim", all, |text, is_cut| text.trim_end_matches(is_cut)),
    )
    .required(1),
    Function::scalar(
        "replace",
        &[Type::String, Type::String, Type::String],
        Type::String,
        "Text in which each occurrence of the second string is the third instead.",
        replace,
    ),
    Function::scalar(
        "split",
        &[Type::String, Type::Any],
        Type::List,
        "The parts of a text between a separator (or any of a list of them).",
        split,
    ),
    Function::scalar(
        "substring",
        &[Type::String, Type::Integer, Type::Integer],
        Type::String,
        "The part of a text from a position on (the first is 0), of a length if one is given.",
        substring,
    )
    .required(2),
    Function::scalar(
        "left",
        &[Type::String, Type::Integer],
        Type::String,
        "The first characters of a text, as many as are asked for.",
        |all, _| {
            part("left", all, |text, n| {
                let end = text.char_indices().nth(n).map_or(text.len(), |it| it.0);
                text[..end].into()
            })
        },
    ),
    Function::scalar(
        "right",
        &[Type::String, Type::Integer],
        Type::String,
        "The last characters of a text, as many as are asked for.",
        |all, _| {
            part("right", all, |text, n| {
                let start = n
                    .checked_sub(1)
                    .map_or(text.len(), |n| text.char_indices().rev().nth(n).map_or(0, |it| it.0));
                text[start..].into()
            })
        },
    ),
];

fn map(function: &str, val: &Val, f: impl Fn(&str) -> Val) -> Result<Val, Error> {
    match val {
        Val::Null => Ok(Val::Null),
        Val::String(text) => Ok(f(text)),
        _ => Err(wrong_type(function, "a string", val)),
    }
}

fn text<'a>(function: &str, val: &'a Val) -> Result<&'a str, Error> {
    match val {
        Val::String(text) => Ok(text),
        _ => Err(wrong_type(function, "a string", val)),
    }
}

fn count(function: &str, what: &str, val: &Val) -> Result<usize, Error> {
    match val {
        Val::Integer(it) => usize::try_from(*it).map_err(|_| {
            let message = format!("the {what} of `{function}` must be 0 or more, not {it}");
            wrong_value(Detail::NegativeIntegerArgument, message)
        }),
        _ => Err(wrong_type(function, &format!("an integer as its {what}"), val)),
    }
}

fn part(function: &str, all: &[Val], f: impl Fn(&str, usize) -> Val) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    Ok(f(text(function, &all[0])?, count(function, "length", &all[1])?))
}

fn substring(all: &[Val], _: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let text = text("substring", &all[0])?;
    let start = count("substring", "start", &all[1])?;
    let length = all.get(2).map_or(Ok(usize::MAX), |it| count("substring", "length", it))?;
    Ok(text.chars().skip(start).take(length).collect::<String>().into())
}

/// Text without what stands at its ends: blanks, or the characters of a second text.
fn trim(
    function: &str,
    all: &[Val],
    cut: for<'a> fn(&'a str, &dyn Fn(char) -> bool) -> &'a str,
) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let of = text(function, &all[0])?;
    let res = match all.get(1) {
        None => cut(of, &char::is_whitespace),
        Some(characters) => {
            let characters = text(function, characters)?;
            match characters.len() {
                0..=FEW_CHARACTERS => cut(of, &|it| characters.contains(it)),
                _ => {
                    let all: HashSet<char> = characters.chars().collect();
                    cut(of, &|it| all.contains(&it))
                }
            }
        }
    };
    Ok(res.into())
}

fn replace(all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let [original, search, replacement] = [0, 1, 2].map(|n| text("replace", &all[n]));
    let (original, search, replacement) = (original?, search?, replacement?);
    let n_found = original.matches(search).count();
    let n_bytes = original.len().saturating_add(n_found.saturating_mul(replacement.len()));
    must_be_short(n_bytes)?;
    // It is put together in a text that grows, and then copied to where it is held by count.
    ctx.make(n_bytes.saturating_mul(3))?;
    Ok(original.replace(search, replacement).into())
}

fn split(all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let original = text("split", &all[0])?;
    let separators = match &all[1] {
        Val::List(list) => {
            list.iter().map(|it| text("split", it)).collect::<Result<Vec<_>, _>>()?
        }
        one => vec![text("split", one)?],
    };
    let (mut parts, mut _held) = (vec![original], ctx.held());
    for separator in separators {
        ctx.steps_through(original.len())?;
        let (mut smaller, mut held) = (Vec::new(), ctx.held());
        for part in parts {
            split_by(part, separator, &mut smaller, &mut held, ctx)?;
        }
        (parts, _held) = (smaller, held);
    }
    let (mut all, mut held) = (Vec::new(), ctx.held());
    for part in parts {
        ctx.step()?;
        let part = Val::from(part);
        held.add(n_bytes(&part))?;
        held.push(&mut all, part)?;
    }
    Val::list(all)
}

/// Adds the parts between a separator; without one, the characters.
fn split_by<'a>(
    text: &'a str,
    separator: &str,
    parts: &mut Vec<&'a str>,
    held: &mut Held,
    ctx: &Context<'_>,
) -> Result<(), Error> {
    let mut add = |part| {
        ctx.step()?;
        held.push(parts, part)
    };
    if text.is_empty() {
        return add(text);
    }
    if separator.is_empty() {
        return text.char_indices().try_for_each(|(at, it)| add(&text[at..at + it.len_utf8()]));
    }
    text.split(separator).try_for_each(add)
}
