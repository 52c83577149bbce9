//! What the server says of itself to clients that ask before they begin, and what they say that is
//! meant for the server and not for the language.

use std::borrow::Cow;

use weft_cypher::{Field, FieldType, Signature, TableProcedure};
use weft_value::Value;

/// The version of the servers with which this one is compatible.
const COMPATIBLE: &str = "5.26.0";

/// Says which version this is, for clients that write their statements by it.
pub(super) fn components() -> TableProcedure {
    table(
        "dbms.components",
        "Says which version of which server's language this one is compatible with.",
        vec![
            ("name", FieldType::String, text("weft")),
            ("versions", FieldType::List, Value::List(vec![text(COMPATIBLE)])),
            ("edition", FieldType::String, text("community")),
        ],
    )
}

/// Says which databases there are: the one. `SHOW DATABASES` asks for it.
pub(super) fn databases(name: &str) -> TableProcedure {
    let (string, boolean, list) = (FieldType::String, FieldType::Boolean, FieldType::List);
    table(
        DATABASES,
        "Says which databases the server has; `SHOW DATABASES` asks for the same.",
        vec![
            ("name", string, text(name)),
            ("type", string, text("standard")),
            ("aliases", list, Value::List(Vec::new())),
            ("access", string, text("read-write")),
            ("address", string, Value::Null),
            ("role", string, text("primary")),
            ("writer", boolean, Value::Boolean(true)),
            ("requestedStatus", string, text("online")),
            ("currentStatus", string, text("online")),
            ("statusMessage", string, text("")),
            ("default", boolean, Value::Boolean(true)),
            ("home", boolean, Value::Boolean(true)),
            ("constituents", list, Value::List(Vec::new())),
        ],
    )
}

/// The procedure behind `SHOW DATABASES`.
const DATABASES: &str = "dbms.databases";

/// A procedure of one row.
fn table(name: &str, meaning: &str, columns: Vec<(&str, FieldType, Value)>) -> TableProcedure {
    let field = |(name, field_type, value): &(&str, FieldType, Value)| Field {
        name: (*name).to_owned(),
        field_type: *field_type,
        nullable: value.is_null(),
        default: None,
    };
    let signature = Signature {
        name: name.to_owned(),
        inputs: Vec::new(),
        outputs: columns.iter().map(field).collect(),
        meaning: meaning.to_owned(),
        is_write: false,
    };
    let names: Vec<String> = columns.iter().map(|it| it.0.to_owned()).collect();
    let row = columns.into_iter().map(|it| it.2).collect();
    TableProcedure::new(signature, &names, vec![row])
        .expect("the row has the columns of the signature")
}

/// A statement as the language has it: without the `CYPHER 5` that some clients begin with, which names
/// the language's version for other servers, and with a call in place of `SHOW DATABASES`.
///
/// Blanks stand in place of the version, so that places in the statement stay what they are.
pub(super) fn for_the_language(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if let Some(rest) = behind(&text, &["CYPHER", "5"]) {
        let end = text.len() - rest.len();
        let blank = |it: char| if it.is_ascii_whitespace() { it } else { ' ' };
        let head = text[..end].chars().map(blank);
        text = Cow::Owned(head.chain(rest.chars()).collect());
    }
    let shows = [&["SHOW", "DATABASES"], &["SHOW", "DATABASE"]];
    match shows.iter().find_map(|it| behind(&text, *it)) {
        Some(rest) => Cow::Owned(format!("CALL {DATABASES}(){rest}")),
        None => text,
    }
}

/// What stands behind some words, in capitals or not, where a statement begins with them.
fn behind<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().try_fold(text, |rest, word| {
        let rest = rest.trim_start();
        let (head, rest) = rest.split_at_checked(word.len())?;
        let is_end = !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_');
        (head.eq_ignore_ascii_case(word) && is_end).then_some(rest)
    })
}

fn text(it: &str) -> Value {
    Value::String(it.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(for_the_language(text), expected);
    }

    #[test]
    fn a_version_becomes_blanks() {
        check("CYPHER 5 RETURN 1", "         RETURN 1");
        check(" cypher\n5\nRETURN 5", "       \n \nRETURN 5");
        check("CYPHER 25 RETURN 1", "CYPHER 25 RETURN 1");
        check("CYPHER 51 RETURN 1", "CYPHER 51 RETURN 1");
        check("RETURN 'CYPHER 5'", "RETURN 'CYPHER 5'");
    }

    #[test]
    fn databases_are_shown_by_a_call() {
        check("SHOW DATABASES", "CALL dbms.databases()");
        check("show  databases;", "CALL dbms.databases();");
        check("SHOW DATABASES YIELD name", "CALL dbms.databases() YIELD name");
        check("CYPHER 5 SHOW DATABASES", "CALL dbms.databases()");
        check("SHOW INDEXES", "SHOW INDEXES");
        check("SHOW DATABASESX", "SHOW DATABASESX");
    }
}
