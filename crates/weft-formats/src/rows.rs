//! Rows of any CSV or JSON file, to be handed to a query. Knows no tables and no schema.

use weft_value::Value;

use crate::csv::read_records;
use crate::{Diagnostic, Diagnostics, Error, Place, inspect};

/// Reads a file as rows: of CSV, texts by the names of their columns; of JSON a list's elements, of JSON
/// lines each line, all as they stand. The ending of its name tells the format.
///
/// ```
/// let mut faults = weft_formats::Diagnostics::default();
/// let rows = weft_formats::read_rows("people.csv", b"name,born\nAda,1815\n", &mut faults).unwrap();
/// assert_eq!(rows[0].to_string(), "{born: 1815, name: Ada}");
/// let rows = weft_formats::read_rows("people.json", br#"[{"born": 1815}]"#, &mut faults).unwrap();
/// assert_eq!(rows[0].to_string(), "{born: 1815}");
/// ```
///
/// # Errors
/// When the reader fails; faults of the file are diagnostics.
pub fn read_rows(
    file: &str,
    bytes: &[u8],
    diagnostics: &mut Diagnostics,
) -> Result<Vec<Value>, Error> {
    let ending = file.rsplit_once('.').map(|it| it.1.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "json" => Ok(match read_value(file, 0, bytes, diagnostics) {
            Some(Value::List(rows)) => rows,
            row => row.into_iter().collect(),
        }),
        "jsonl" | "ndjson" => {
            let lines = bytes.split(|it| *it == b'\n').enumerate();
            let lines = lines.filter(|(_, it)| !it.iter().all(u8::is_ascii_whitespace));
            Ok(lines.filter_map(|(at, it)| read_value(file, at, it, diagnostics)).collect())
        }
        _ => {
            let found = inspect(file, bytes).map_err(Error::read(file))?;
            let n_errors = diagnostics.n_errors();
            found.diagnostics.into_iter().for_each(|it| diagnostics.push(it));
            if diagnostics.n_errors() > n_errors {
                return Ok(Vec::new());
            }
            read_records(file, bytes, found.encoding, diagnostics)
        }
    }
}

/// A value of JSON that begins so many lines below the first.
fn read_value(
    file: &str,
    n_lines_before: usize,
    bytes: &[u8],
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(value) => Some(value_of(value)),
        Err(err) => {
            let line = u32::try_from(n_lines_before + err.line()).unwrap_or(u32::MAX);
            let fault =
                Diagnostic::error("malformed", Place::cell(file, line, ""), err.to_string());
            diagnostics.push(fault.hint("a list of objects, or with `.jsonl` one object a line"));
            None
        }
    }
}

/// As deep as the reader of JSON lets a value be.
fn value_of(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(it) => Value::Boolean(it),
        serde_json::Value::Number(it) => match it.as_i64() {
            Some(it) => Value::Integer(it),
            None => it.as_f64().map_or(Value::Null, Value::Float),
        },
        serde_json::Value::String(it) => Value::String(it),
        serde_json::Value::Array(all) => Value::List(all.into_iter().map(value_of).collect()),
        serde_json::Value::Object(all) => {
            Value::Map(all.into_iter().map(|(key, it)| (key, value_of(it))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, text: &str, expected: &[&str]) {
        let mut diagnostics = Diagnostics::default();
        let rows = read_rows(file, text.as_bytes(), &mut diagnostics).unwrap();
        assert_eq!(diagnostics.n_errors(), 0, "{file}");
        assert_eq!(rows.iter().map(Value::to_string).collect::<Vec<_>>(), expected);
    }

    #[track_caller]
    fn check_faults(file: &str, text: &str, n_errors: usize) {
        let mut diagnostics = Diagnostics::default();
        read_rows(file, text.as_bytes(), &mut diagnostics).unwrap();
        assert_eq!(diagnostics.n_errors(), n_errors, "{file}: {text}");
    }

    #[test]
    fn rows_of_csv_are_texts_by_column() {
        check(
            "a.csv",
            "name;x y\n\"Ada;L\";1\n\nBob;\n",
            &["{name: Ada;L, x y: 1}", "{name: Bob}"],
        );
        check("a.csv", "\u{feff}name\nZoë\n", &["{name: Zoë}"]);
        check("a.csv", "", &[]);
    }

    #[test]
    fn rows_of_json_are_values_as_they_stand() {
        check("a.json", r#"[{"x": 1, "y": [1.5, null]}, {}]"#, &["{x: 1, y: [1.5, null]}", "{}"]);
        check("a.json", r#"{"x": true}"#, &["{x: true}"]);
        check("a.JSONL", "{\"x\": 1}\n\n{\"x\": 2}\n", &["{x: 1}", "{x: 2}"]);
    }

    #[test]
    fn all_faults_are_named() {
        check_faults("a.csv", "a,a\n1,2,3\n\"open", 3);
        check_faults("a.json", "[1, ", 1);
        check_faults("a.jsonl", "{\n1\n}\n", 2);
    }
}
