//! Errors as clients of Bolt read them: the status codes that they know, the standard's class beside.

use std::collections::BTreeMap;

use weft_bolt::Failure;
use weft_cypher::{Detail, Error, ErrorKind, Phase};
use weft_value::Value;

use crate::session;

/// A fault of a statement. The message begins with the standard's class, and the same stands in keys of
/// its own: `kind`, `phase`, `detail`, and `line` and `column` where it has a place.
pub(super) fn of_statement(error: &Error, text: &str) -> Failure {
    let code = match error.kind {
        ErrorKind::SyntaxError => "Neo.ClientError.Statement.SyntaxError",
        ErrorKind::SemanticError => "Neo.ClientError.Statement.SemanticError",
        ErrorKind::ParameterMissing => "Neo.ClientError.Statement.ParameterMissing",
        ErrorKind::ConstraintVerificationFailed => {
            "Neo.ClientError.Schema.ConstraintVerificationFailed"
        }
        ErrorKind::ConstraintValidationFailed => {
            "Neo.ClientError.Schema.ConstraintValidationFailed"
        }
        ErrorKind::EntityNotFound => "Neo.ClientError.Statement.EntityNotFound",
        ErrorKind::TypeError => "Neo.ClientError.Statement.TypeError",
        ErrorKind::ArgumentError => "Neo.ClientError.Statement.ArgumentError",
        ErrorKind::ArithmeticError => "Neo.ClientError.Statement.ArithmeticError",
        ErrorKind::ProcedureError if error.detail.as_str() == "ProcedureNotFound" => {
            "Neo.ClientError.Procedure.ProcedureNotFound"
        }
        ErrorKind::ProcedureError => "Neo.ClientError.Procedure.ProcedureCallFailed",
        ErrorKind::LimitError if error.detail == Detail::PoolExceeded => {
            "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
        }
        ErrorKind::LimitError => "Neo.ClientError.General.TransactionOutOfMemoryError",
        ErrorKind::Cancelled => "Neo.ClientError.Transaction.Terminated",
        _ => "Neo.DatabaseError.General.UnknownError",
    };
    let phase = match error.phase {
        Phase::CompileTime => "compile time",
        Phase::Runtime => "runtime",
    };
    let mut message =
        format!("{} at {phase}: {}: {}", error.kind, error.detail, error.describe(text));
    message.truncate(message.trim_end().len());
    let mut extra = BTreeMap::new();
    let mut put = |key: &str, value: Value| {
        extra.insert(key.to_owned(), value);
    };
    put("kind", Value::String(error.kind.to_string()));
    put("phase", Value::String(phase.to_owned()));
    put("detail", Value::String(error.detail.to_string()));
    if let Some(span) = error.span {
        let before = text.get(..span.start as usize).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&it| it != '\n').count() + 1;
        put("line", Value::Integer(line as i64));
        put("column", Value::Integer(column as i64));
    }
    Failure { code: code.to_owned(), message, extra }
}

/// A fault of the store or of what the schema allows.
pub(super) fn of_session(error: &session::Error) -> Failure {
    let code = match error.kind() {
        session::ErrorKind::Conflict => "Neo.TransientError.Transaction.Outdated",
        session::ErrorKind::Unavailable => "Neo.TransientError.General.DatabaseUnavailable",
        session::ErrorKind::Data => "Neo.ClientError.Schema.ConstraintValidationFailed",
        session::ErrorKind::Usage | session::ErrorKind::Name => {
            "Neo.ClientError.Statement.ArgumentError"
        }
        _ => "Neo.DatabaseError.General.UnknownError",
    };
    let mut message = error.to_string();
    for hint in error.hints() {
        message += &format!("\nhint: {hint}");
    }
    Failure::new(code, message)
}
