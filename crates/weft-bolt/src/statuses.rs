//! The statuses of GQL that newer versions send in place of notifications, and beside the code of a
//! failure. Those with an `N` are not the standard's but Neo4j's, which drivers know.

use std::collections::BTreeMap;

use weft_value::Value;

use crate::backend::{Failure, Summary};

type Entries = BTreeMap<String, Value>;

/// What a failure says of itself.
pub(crate) fn write_failure_status(failure: &Failure, metadata: &mut Entries) {
    let (status, condition) = of_failure(&failure.code);
    let classification = match failure.code.split('.').nth(1) {
        Some("ClientError") => "CLIENT_ERROR",
        Some("TransientError") => "TRANSIENT_ERROR",
        _ => "DATABASE_ERROR",
    };
    let record = entries([("_classification", text(classification))]);
    metadata.extend(entries([
        ("neo4j_code", text(&failure.code)),
        ("gql_status", text(status)),
        ("description", text(&format!("error: {condition}"))),
        ("diagnostic_record", Value::Map(record)),
    ]));
}

/// Puts statuses in place of the notifications of a summary: those, and what came of the statement.
pub(crate) fn write_statuses(summary: &mut Summary, has_columns: bool, has_rows: bool) {
    let (status, description) = match (has_columns, has_rows) {
        (true, false) => ("02000", "note: no data"),
        (false, _) => ("00001", "note: successful completion - omitted result"),
        (true, true) => ("00000", "note: successful completion"),
    };
    let outcome = [("gql_status", text(status)), ("status_description", text(description))];
    let mut statuses = vec![(rank(status), Value::Map(entries(outcome)))];
    if let Some(Value::List(notifications)) = summary.remove("notifications") {
        statuses.extend(notifications.into_iter().filter_map(|it| match it {
            Value::Map(it) => Some(of_notification(it)),
            _ => None,
        }));
    }
    statuses.sort_by_key(|it| it.0);
    let statuses = statuses.into_iter().map(|it| it.1).collect();
    summary.insert("statuses".to_owned(), Value::List(statuses));
}

/// Clients read the first as that of the whole: no data, warnings, success, what is merely told.
fn rank(status: &str) -> usize {
    ["02", "01", "00"].iter().position(|it| status.starts_with(it)).unwrap_or(3)
}

fn of_notification(mut it: Entries) -> (usize, Value) {
    let mut take = |key: &str| it.remove(key).unwrap_or_default();
    let (code, title, description) = (take("code"), take("title"), take("description"));
    let (severity, category, position) = (take("severity"), take("category"), take("position"));
    let last_word = |it: &Value| match it {
        Value::String(it) => it.rsplit('.').next().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let (status, condition) = match &*last_word(&code) {
        "UnknownLabelWarning" => ("01N50", "warn: label does not exist"),
        "UnknownRelationshipTypeWarning" => ("01N51", "warn: relationship type does not exist"),
        "UnknownPropertyKeyWarning" => ("01N52", "warn: property key does not exist"),
        "CartesianProduct" => ("03N90", "info: cartesian product"),
        "UnboundedVariableLengthPattern" => ("03N91", "info: unbounded variable length pattern"),
        _ if severity == text("WARNING") => ("01000", "warn: warning"),
        _ => ("03000", "info: informational"),
    };
    let record = [("_severity", severity), ("_classification", category), ("_position", position)];
    let status_entries = entries([
        ("gql_status", text(status)),
        ("status_description", text(&format!("{condition}. {description}"))),
        ("description", description),
        ("neo4j_code", code),
        ("title", title),
        ("diagnostic_record", Value::Map(entries(record))),
    ]);
    (rank(status), Value::Map(status_entries))
}

/// The status of a code, and the standard's words for it.
fn of_failure(code: &str) -> (&'static str, &'static str) {
    match code.strip_prefix("Neo.").unwrap_or(code) {
        "ClientError.Statement.SyntaxError" => {
            ("42001", "syntax error or access rule violation - invalid syntax")
        }
        "ClientError.Procedure.ProcedureNotFound" => {
            ("42002", "syntax error or access rule violation - invalid reference")
        }
        "ClientError.Statement.SemanticError"
        | "ClientError.Statement.ParameterMissing"
        | "ClientError.Security.Unauthorized"
        | "ClientError.Security.Forbidden" => ("42000", "syntax error or access rule violation"),
        "ClientError.Statement.TypeError" => ("22G03", "data exception - invalid value type"),
        "ClientError.Statement.ArgumentError"
        | "ClientError.Statement.ArithmeticError"
        | "ClientError.Statement.EntityNotFound" => ("22000", "data exception"),
        "ClientError.Schema.ConstraintVerificationFailed" => ("G1000", "dependent object error"),
        "ClientError.Schema.ConstraintValidationFailed" => ("G2000", "graph type violation"),
        "ClientError.Statement.AccessMode" => {
            ("25G03", "invalid transaction state - read-only transaction")
        }
        "ClientError.Transaction.TransactionNotFound" => {
            ("2D000", "invalid transaction termination")
        }
        "ClientError.Transaction.Terminated"
        | "ClientError.Transaction.TransactionTimedOut"
        | "TransientError.Transaction.Outdated" => ("40000", "transaction rollback"),
        "ClientError.Request.Invalid" => ("08000", "connection exception"),
        _ => ("50N42", "general processing exception - unexpected error"),
    }
}

fn text(it: &str) -> Value {
    Value::String(it.to_owned())
}

fn entries<const N: usize>(entries: [(&str, Value); N]) -> Entries {
    entries.into_iter().map(|(key, it)| (key.to_owned(), it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(code: &str, severity: &str) -> Value {
        Value::Map(entries([
            ("code", text(&format!("Neo.ClientNotification.Statement.{code}"))),
            ("description", text("words")),
            ("severity", text(severity)),
            ("category", text("HINT")),
        ]))
    }

    /// The statuses of a summary, in their order.
    #[track_caller]
    fn check(notifications: &[Value], has_columns: bool, has_rows: bool, expected: &[&str]) {
        let mut summary = entries([("notifications", Value::List(notifications.to_vec()))]);
        write_statuses(&mut summary, has_columns, has_rows);
        assert!(!summary.contains_key("notifications"));
        let Some(Value::List(found)) = summary.get("statuses") else { panic!("{summary:?}") };
        let found: Vec<String> = found
            .iter()
            .map(|it| match it {
                Value::Map(it) => it["gql_status"].to_string(),
                other => panic!("{other}"),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_summary_says_what_came_of_the_statement() {
        check(&[], true, true, &["00000"]);
        check(&[], true, false, &["02000"]);
        check(&[], false, false, &["00001"]);
    }

    #[test]
    fn the_gravest_status_comes_first() {
        let told = [
            notification("CartesianProduct", "INFORMATION"),
            notification("UnknownLabelWarning", "WARNING"),
            notification("Notice", "INFORMATION"),
            notification("Notice", "WARNING"),
        ];
        check(&told, true, true, &["01N50", "01000", "00000", "03N90", "03000"]);
        check(&told[..2], true, false, &["02000", "01N50", "03N90"]);
    }

    #[test]
    fn a_failure_keeps_its_code_and_gets_a_status() {
        for (code, status) in [
            ("Neo.ClientError.Statement.SyntaxError", "42001"),
            ("Neo.TransientError.Transaction.Outdated", "40000"),
            ("Neo.DatabaseError.General.UnknownError", "50N42"),
        ] {
            let mut metadata = Entries::new();
            write_failure_status(&Failure::new(code, "words"), &mut metadata);
            assert_eq!(metadata["neo4j_code"], text(code));
            assert_eq!(metadata["gql_status"], text(status));
        }
    }
}
