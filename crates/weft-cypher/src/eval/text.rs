//! Conditions on text: how it begins, ends, what it contains and matches.

use regex::{Regex, RegexBuilder};

use crate::ast::BinaryOperator;
use crate::eval::{seen::Seen, type_error};
use crate::{Context, Detail, Error, ErrorKind};

/// Bytes that a compiled pattern may take: beyond them it was made to explode.
const PATTERN_BYTES_MAX: usize = 1 << 20;

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
    Ok(Some(match operator {
        BinaryOperator::StartsWith => text.starts_with(other),
        BinaryOperator::EndsWith => text.ends_with(other),
        BinaryOperator::Contains => text.contains(other),
        _ => ctx.with_pattern(other, compile, |it| it.is_match(text))?,
    }))
}

/// A pattern that a text must match from its start to its end.
fn compile(pattern: &str) -> Result<Regex, Error> {
    // The pattern must be one by itself, so that it cannot close the group that is put around it.
    build(pattern)?;
    // The line break ends a comment, if the pattern is written with those (`(?x)`).
    build(&format!(r"\A(?:{pattern})\z")).or_else(|_| build(&format!("\\A(?:{pattern}\n)\\z")))
}

fn build(pattern: &str) -> Result<Regex, Error> {
    let built = RegexBuilder::new(pattern)
        .size_limit(PATTERN_BYTES_MAX)
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
