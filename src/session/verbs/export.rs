//! `export`: the whole graph as JSON, a folder of CSV, or DOT.

use std::path::PathBuf;

use weft_diagram::dot;
use weft_formats::Table;
use weft_graph::{Change, ChangeSet, Model, Snapshot};

use crate::present::{count, whole_graph};
use crate::session::context::Context;
use crate::session::request::{Export, ExportForm};
use crate::session::{Error, Output};
use crate::transfer::{ExportOptions, to_csv_files, to_document};

pub(super) fn run(ctx: &mut Context<'_>, options: &Export) -> Result<Output, Error> {
    let snapshot = ctx.recorded()?;
    let title = ctx.database.title()?;
    let export_options = ExportOptions { title, include_forbidden: options.regardless_of_licence };
    let failed = |err: weft_formats::Error| Error::failed(err.to_string());
    match options.form {
        ExportForm::Json => {
            let (document, withheld) = to_document(&snapshot, &export_options);
            let mut bytes = Vec::new();
            weft_formats::write_json(&document, &mut bytes)
                .map_err(|err| Error::io("the export", &err))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let notes = withheld_notes(withheld.values().map(Vec::len).sum());
            Ok(super::written(text, options.output.as_deref(), notes))
        }
        ExportForm::Csv => {
            let folder = match &options.output {
                Some(folder) if folder.is_dir() => folder.clone(),
                Some(folder) if folder.as_os_str() != "-" && folder.extension().is_none() => {
                    folder.clone()
                }
                _ => {
                    return Err(Error::usage("CSV is several files")
                        .with_hint("name a folder: `weft export --format csv -o FOLDER`"));
                }
            };
            let export = to_csv_files(&snapshot, &export_options).map_err(failed)?;
            let mut notes = withheld_notes(export.withheld.values().map(Vec::len).sum());
            notes.extend(export.dropped);
            let files: Vec<(PathBuf, Vec<u8>)> =
                export.files.into_iter().map(|(name, bytes)| (folder.join(name), bytes)).collect();
            notes.push(format!("{} files are in `{}`", files.len(), folder.display()));
            Ok(Output { files, notes, ..Output::default() })
        }
        ExportForm::Dot => {
            let (snapshot, n_withheld) = without_withheld(&snapshot, &export_options)?;
            let drawing = whole_graph(&Model::from_snapshot(&snapshot), &export_options.title);
            let text = dot(&drawing).map_err(|err| Error::failed(err.to_string()))?;
            let mut notes = withheld_notes(n_withheld);
            notes.push("DOT holds names, kinds and relations, not claims".to_owned());
            Ok(super::written(text, options.output.as_deref(), notes))
        }
    }
}

/// The graph without the rows that a licence forbids to pass on, and how many those are.
fn without_withheld(
    snapshot: &Snapshot,
    options: &ExportOptions,
) -> Result<(Snapshot, usize), Error> {
    let (_, mut withheld) = to_document(snapshot, options);
    let mut changes = Vec::new();
    let mut remove = |table: Table, change: fn(String) -> Change| {
        changes.extend(withheld.remove(&table).unwrap_or_default().into_iter().map(change));
    };
    remove(Table::Facts, Change::RemoveFact);
    remove(Table::Ties, Change::RemoveTie);
    remove(Table::Nodes, Change::RemoveNode);
    let n_withheld = changes.len();
    let left = snapshot.with(&ChangeSet { changes });
    Ok((left.map_err(|err| Error::failed(err.to_string()))?, n_withheld))
}

fn withheld_notes(n_withheld: usize) -> Vec<String> {
    if n_withheld == 0 {
        return Vec::new();
    }
    vec![format!(
        "{} rows rest only on sources whose licence forbids passing them on and were left \
         out; `--regardless-of-licence` takes them along",
        count(n_withheld)
    )]
}
