//! The JSON of a whole graph: one document that comes back as it was.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use weft_graph::{Change, ChangeSet, Fact, NodeRecord, Source, TieRecord};

use crate::{Diagnostic, Place};

/// The version of the document's form.
pub const FORMAT_VERSION: u32 = 1;

/// A graph with its sources, claims and facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this form, [`FORMAT_VERSION`].
    pub weft: u32,
    /// The title of the graph.
    pub title: String,
    /// The title of the schema whose words it uses.
    #[serde(default)]
    pub schema: String,
    /// By id.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// By id.
    #[serde(default)]
    pub nodes: Vec<NodeRecord>,
    /// By id.
    #[serde(default)]
    pub ties: Vec<TieRecord>,
    /// By id.
    #[serde(default)]
    pub facts: Vec<Fact>,
}

impl Document {
    /// Puts everything in the order of its ids, so that the same graph gives the same bytes.
    pub fn sort(&mut self) {
        self.sources.sort_by(|a, b| a.id.cmp(&b.id));
        self.nodes.sort_by(|a, b| a.id.cmp(&b.id));
        self.ties.sort_by_cached_key(TieRecord::id);
        self.facts.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// The changes that put all of it into a graph.
    pub fn into_change_set(self) -> ChangeSet {
        let mut changes: Vec<Change> = self.sources.into_iter().map(Change::PutSource).collect();
        changes.extend(self.nodes.into_iter().map(Change::PutNode));
        changes.extend(self.ties.into_iter().map(Change::PutTie));
        changes.extend(self.facts.into_iter().map(Change::PutFact));
        ChangeSet { changes }
    }
}

/// Writes a document, one record a line, in the order of the ids.
///
/// # Errors
/// When the output fails.
pub fn write_json(document: &Document, mut output: impl Write) -> io::Result<()> {
    let text = |it: &str| serde_json::to_string(it).map_err(io::Error::from);
    writeln!(output, "{{\n  \"weft\": {},", document.weft)?;
    writeln!(output, "  \"title\": {},", text(&document.title)?)?;
    writeln!(output, "  \"schema\": {},", text(&document.schema)?)?;
    write_list(&mut output, "sources", &document.sources)?;
    output.write_all(b",\n")?;
    write_list(&mut output, "nodes", &document.nodes)?;
    output.write_all(b",\n")?;
    write_list(&mut output, "ties", &document.ties)?;
    output.write_all(b",\n")?;
    write_list(&mut output, "facts", &document.facts)?;
    output.write_all(b"\n}\n")
}

/// Reads a document.
///
/// # Errors
/// The diagnostic names the line and column of the first fault.
pub fn read_json(file: &str, bytes: &[u8]) -> Result<Document, Box<Diagnostic>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let place = |row: usize| Place::cell(file, u32::try_from(row).unwrap_or(u32::MAX), "");
    let document: Document = serde_json::from_slice(bytes).map_err(|err| {
        let message = format!("not a graph in JSON: {err}");
        let fault = Diagnostic::error("bad_json", place(err.line()), message);
        Box::new(fault.hint("give a file that `weft export --format json` has written"))
    })?;
    if document.weft > FORMAT_VERSION {
        let message =
            format!("the document is of version {}, newer than {FORMAT_VERSION}", document.weft);
        let fault = Diagnostic::error("newer_version", place(0), message);
        return Err(Box::new(fault.hint("update weft")));
    }
    Ok(document)
}

fn write_list<T: Serialize>(output: &mut impl Write, name: &str, rows: &[T]) -> io::Result<()> {
    write!(output, "  \"{name}\": [")?;
    for (n, row) in rows.iter().enumerate() {
        output.write_all(if n == 0 { b"\n    " } else { b",\n    " })?;
        serde_json::to_writer(&mut *output, row)?;
    }
    output.write_all(if rows.is_empty() { b"]" } else { b"\n  ]" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_comes_back() {
        let source = Source { id: "r".into(), title: "R \"1\"".into(), ..Default::default() };
        let node = NodeRecord { id: "a".into(), name: "</script>".into(), ..Default::default() };
        let document = Document {
            weft: FORMAT_VERSION,
            title: "Łódź".into(),
            sources: vec![source],
            nodes: vec![node],
            ..Default::default()
        };
        let mut bytes = Vec::new();
        write_json(&document, &mut bytes).unwrap();
        assert_eq!(read_json("g.json", &bytes), Ok(document));
    }

    #[test]
    fn a_broken_document_is_a_fault_with_its_line() {
        let err = read_json("g.json", b"{\n  \"weft\": 1,\n  \"title\": }").unwrap_err();
        assert_eq!(
            err.to_string(),
            "g.json, row 3: not a graph in JSON: expected value at line 3 column 12\n\
             hint: give a file that `weft export --format json` has written"
        );
        let err = read_json("g.json", br#"{"weft": 9, "title": ""}"#).unwrap_err();
        assert_eq!(
            err.to_string(),
            "g.json: the document is of version 9, newer than 1\nhint: update weft"
        );
    }
}
