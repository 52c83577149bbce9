//! Rows as CSV or TSV: one column a field, nothing rounded, cells that a spreadsheet will not run.

use serde_json::Value;

/// What parts the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// RFC 4180, with quotes, for spreadsheets.
    Comma,
    /// No quotes: tabs and line ends inside a cell become spaces, for `cut` and `awk`.
    Tab,
}

/// Writes rows with a header of all their fields, in the order in which they first appear.
///
/// A nested object becomes columns of its own (`broker_id`, `broker_name`); a list of plain values is
/// joined by `|`, a list of objects with ids as those ids, any other as JSON: `--format json` has all.
pub fn delimited(rows: &[Value], delimiter: Delimiter) -> String {
    let flat: Vec<Vec<(String, String)>> = rows.iter().map(flatten).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in flat.iter().flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut text = String::new();
    if columns.is_empty() {
        return text;
    }
    push_line(&mut text, columns.iter().copied(), delimiter);
    for row in &flat {
        let cell = |column: &&str| {
            row.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell.as_str())
        };
        push_line(&mut text, columns.iter().map(cell), delimiter);
    }
    text
}

fn flatten(row: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    push_cells(&mut cells, "", row);
    cells
}

fn push_cells(cells: &mut Vec<(String, String)>, name: &str, value: &Value) {
    match value {
        // Whoever is named by an id: the id, and the name beside it.
        Value::Object(fields) if !name.is_empty() && fields.contains_key("id") => {
            for field in ["id", "name"] {
                if let Some(text) = fields.get(field).and_then(plain_text) {
                    cells.push((format!("{name}_{field}"), text));
                }
            }
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}_{field}") };
                push_cells(cells, &name, value);
            }
        }
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items.iter().map(item_text).collect();
            let cell = texts.map_or_else(|| value.to_string(), |it| it.join("|"));
            cells.push((name.to_owned(), cell));
        }
        _ => {
            let name = if name.is_empty() { "value" } else { name };
            cells.push((name.to_owned(), plain_text(value).unwrap_or_default()));
        }
    }
}

/// An item of a list in one cell: itself if it is plain, else the id that it names.
fn item_text(item: &Value) -> Option<String> {
    let named = || item.get("id").or_else(|| item.get("node")?.get("id")).and_then(plain_text);
    plain_text(item).or_else(named)
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn push_line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>, delimiter: Delimiter) {
    for (at, cell) in cells.enumerate() {
        match delimiter {
            Delimiter::Comma => {
                if at > 0 {
                    text.push(',');
                }
                push_quoted(text, cell);
            }
            Delimiter::Tab => {
                if at > 0 {
                    text.push('\t');
                }
                text.extend(cell.chars().map(|it| if it.is_control() { ' ' } else { it }));
            }
        }
    }
    text.push('\n');
}

fn push_quoted(text: &mut String, cell: &str) {
    // A spreadsheet runs a cell that begins like a formula; numbers may begin with a sign.
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if !is_formula && !cell.contains(['"', ',', '\n', '\r']) {
        text.push_str(cell);
        return;
    }
    text.push('"');
    if is_formula {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(rows: &[Value], delimiter: Delimiter, expected: &str) {
        assert_eq!(delimited(rows, delimiter), expected);
    }

    #[test]
    fn nested_rows_become_columns() {
        let rows = [
            json!({"node": {"id": "a", "name": "A, B", "kind": "k"}, "score": 0.1,
                   "tags": ["x", {"id": "y"}]}),
            json!({"node": {"id": "b", "name": "B"}, "score": -2, "note": "\"q\""}),
        ];
        check(
            &rows,
            Delimiter::Comma,
            "node_id,node_name,score,tags,note\na,\"A, B\",0.1,x|y,\nb,B,-2,,\"\"\"q\"\"\"\n",
        );
    }

    #[test]
    fn formulas_are_not_run_and_tabs_not_split() {
        let rows = [json!({"a": "=cmd|' /C calc'!A0", "b": "x\ty"})];
        check(&rows, Delimiter::Comma, "a,b\n\"'=cmd|' /C calc'!A0\",x\ty\n");
        check(&rows, Delimiter::Tab, "a\tb\n=cmd|' /C calc'!A0\tx y\n");
    }
}
