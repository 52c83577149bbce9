//! Texts in a normal form of Unicode: `normalize`, and what stands behind `IS NORMALIZED`.

use super::{Function, Type, wrong_type, wrong_value};
use crate::eval::must_be_short;
use crate::{Context, Detail, Error, NormalForm, Val};

/// The name of `normalize`, whose second argument may be a bare word: `normalize(text, NFD)`.
pub(crate) const NORMALIZE: &str = "normalize";

pub(super) const FUNCTIONS: &[Function] = &[Function::scalar(
    NORMALIZE,
    &[Type::String, Type::String],
    Type::String,
    "Text in a normal form of Unicode, so that texts that look alike are equal: NFC, or the one named \
     (NFC, NFD, NFKC, NFKD).",
    normalize,
)
.required(1)];

/// What `IS NORMALIZED` asks: null of what is no text, as of null.
pub(crate) static IS_NORMALIZED: Function = Function::scalar(
    "IS NORMALIZED",
    &[Type::Any, Type::String],
    Type::Boolean,
    "Whether a text is in a normal form.",
    |all, _| match &all[0] {
        Val::String(text) => Ok(Val::Boolean(form(&all[1])?.is_that_of(text))),
        _ => Ok(Val::Null),
    },
);

fn normalize(all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let Val::String(text) = &all[0] else {
        return Err(wrong_type(NORMALIZE, "a string", &all[0]));
    };
    let form = all.get(1).map_or(Ok(NormalForm::ALL[0]), form)?;
    if form.is_that_of(text) {
        return Ok(all[0].clone());
    }
    let n_bytes = form.n_bytes(text);
    must_be_short(n_bytes)?;
    ctx.make(n_bytes)?;
    Ok(form.of(text).into())
}

fn form(val: &Val) -> Result<NormalForm, Error> {
    let Val::String(name) = val else {
        return Err(wrong_type(NORMALIZE, "a string as its form", val));
    };
    name.parse().map_err(|()| {
        let message = format!("there is no normal form `{name}`");
        wrong_value(Detail::InvalidArgumentValue, message).with_hint("use NFC, NFD, NFKC or NFKD")
    })
}
