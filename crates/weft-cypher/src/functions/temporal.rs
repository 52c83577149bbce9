//! Functions of temporal values.

use weft_value::TemporalError;

use super::Function;
use crate::eval::type_error;
use crate::{Detail, Error, ErrorKind, Val};

pub(super) const FUNCTIONS: &[Function] = &[];

/// `date.year` and its like.
pub(crate) fn component(of: &Val, key: &str) -> Result<Val, Error> {
    Err(type_error(format!("{} has no `{key}`", of.type_name())))
}

/// What the standard calls an error of a temporal value.
pub(crate) fn error(err: TemporalError) -> Error {
    match err {
        TemporalError::Overflow => {
            Error::runtime(ErrorKind::ArithmeticError, Detail::IntegerOverflow, err.to_string())
        }
        err => {
            Error::runtime(ErrorKind::ArgumentError, Detail::InvalidArgumentValue, err.to_string())
        }
    }
}
