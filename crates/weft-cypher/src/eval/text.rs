//! Conditions on text: how it begins, ends, what it contains and matches.

use std::cell::OnceCell;

use regex::{Regex, RegexBuilder};

use crate::ast::BinaryOperator;
use crate::eval::{seen::Seen, type_error};
use crate::val::TEXT_VALUE_BYTES_MAX;
use crate::{Context, Detail, Error, ErrorKind};

/// Bytes that a compiled pattern may take: beyond them it was made to explode.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// How long a text may be, with the most that a compiled pattern for it may take.
const MATCHED_BYTES_MAX: [(usize, usize); 3] =
    [(8 << 10, PATTERN_BYTES_MAX), (128 << 10, 64 << 10), (2 << 20, 4 << 10)];

/// `a STARTS WITH b` and its like; null where one of them is not text.
pub(super) fn matches(
    operator: BinaryOperator,
    a: &Seen<'_>,
    b: &Seen<'_>,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    let (Some(text), Some(other)) = (a.as_text(), b.as_text()) else {
        if operator == BinaryOperator::Regex && !b.is_null() && b.as_text().is_none() {
            let message = format!("a pattern must be a string, not {}", b.val().type_name());
            return Err(type_error(message));
        }
        return Ok(None);
    };
    ctx.steps_through(text.len())?;
    Ok(Some(match operator {
        BinaryOperator::StartsWith => text.starts_with(other),
        BinaryOperator::EndsWith => text.ends_with(other),
        BinaryOperator::Contains => text.contains(other),
        _ => ctx.with_pattern(other, compile, |it| it.is_match(text))??,
    }))
}

/// A regular expression that a text must match from its start to its end.
pub(crate) struct Pattern {
    regex: Regex,
    /// How long a text may be; found out when a long one comes.
    text_bytes_max: OnceCell<usize>,
}

impl Pattern {
    /// Whether a text matches. For each of its characters there may be as much to do as the pattern is
    /// large, and nobody can stop it on its way: so long texts take small patterns.
    fn is_match(&self, text: &str) -> Result<bool, Error> {
        let (least, _) = MATCHED_BYTES_MAX[0];
        if text.len() > least {
            let text_bytes_max = *self.text_bytes_max.get_or_init(|| {
                let fits = |it: &&(usize, usize)| build(self.regex.as_str(), it.1).is_ok();
                MATCHED_BYTES_MAX.iter().rev().find(fits).map_or(least, |it| it.0)
            });
            if text.len() > text_bytes_max {
                let message = format!(
                    "a text of {} bytes is too long for this regular expression, which takes texts of \
                     {text_bytes_max} bytes at most",
                    text.len()
                );
                let error = Error::runtime(ErrorKind::LimitError, Detail::LimitExceeded, message);
                return Err(error.with_hint(
                    "look for a part of it by `CONTAINS` or `STARTS WITH`, or use a simpler pattern",
                ));
            }
        }
        Ok(self.regex.is_match(text))
    }
}

/// Refuses to make a text of so many bytes where that is too many.
pub(crate) fn must_be_short(n_bytes: usize) -> Result<(), Error> {
    if n_bytes <= TEXT_VALUE_BYTES_MAX {
        return Ok(());
    }
    let message = format!("a text would be more than {TEXT_VALUE_BYTES_MAX} bytes");
    Err(Error::runtime(ErrorKind::LimitError, Detail::LimitExceeded, message)
        .with_hint("keep it in parts: a list of texts, or one row for each"))
}

/// A pattern that a text must match from its start to its end.
fn compile(pattern: &str) -> Result<Pattern, Error> {
    // The pattern must be one by itself, so that it cannot close the group that is put around it.
    build(pattern, PATTERN_BYTES_MAX)?;
    // The line break ends a comment, if the pattern is written with those (`(?x)`).
    let regex = build(&format!(r"\A(?:{pattern})\z"), PATTERN_BYTES_MAX)
        .or_else(|_| build(&format!("\\A(?:{pattern}\n)\\z"), PATTERN_BYTES_MAX))?;
    Ok(Pattern { regex, text_bytes_max: OnceCell::new() })
}

fn build(pattern: &str, n_bytes_max: usize) -> Result<Regex, Error> {
    let built = RegexBuilder::new(pattern)
        .size_limit(n_bytes_max)
        .dfa_size_limit(PATTERN_BYTES_MAX)
        .build();
    built.map_err(|err| match err {
        regex::Error::CompiledTooBig(_) => {
            let message = "the regular expression grows too large when it is prepared";
            Error::runtime(ErrorKind::LimitError, Detail::LimitExceeded, message)
                .with_hint("use smaller numbers of repetitions")
        }
        err => {
            // The library draws the pattern and a caret; the last line says what is wrong.
            let text = err.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("`{pattern}` is not a regular expression: {reason}");
            Error::runtime(ErrorKind::ArgumentError, Detail::InvalidArgumentValue, message)
        }
    })
}
