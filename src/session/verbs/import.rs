//! `import`: files into the store, or with `--dry-run` what would become of each row.

use serde_json::json;
use weft_formats::{Diagnostic, Dialect, Severity};
use weft_store::{Phase, Progress, RevisionInfo};
use weft_value::DateOrder;

use crate::database::{ImportError, Imported, dry_run, import};
use crate::present::{Answer, Section, Table, count, plural};
use crate::session::context::Context;
use crate::session::request::Import;
use crate::session::{Error, Output};
use crate::transfer::{Folder, ImportOptions, Status, TransferError, read_file, read_folder};

/// Rows of a dry run shown.
const ROWS: usize = 100;

pub(super) fn run(ctx: &mut Context<'_>, options: &Import) -> Result<Output, Error> {
    let mut folder = read_all(&options.paths)?;
    let info = match folder.info.take() {
        Some(Ok(info)) => Some(info),
        Some(Err(fault)) => return Err(Error::rejected(1, vec![*fault])),
        None => None,
    };
    if let Some(text) = &folder.schema_text
        && text.trim() != ctx.schema().text().trim()
    {
        ctx.listener.note(
            "the folder has a schema.toml of its own, which is not that of the store and is not \
             read: a store gets its schema by `weft init --schema FILE`",
        );
    }
    let import_options = ImportOptions {
        dataset: options.dataset.clone().unwrap_or_else(|| folder.name.clone()),
        licence: info.as_ref().and_then(|it| it.licence.clone()),
        currency: info.as_ref().and_then(|it| it.currency.clone()),
        dates: if options.day_first { DateOrder::DayFirst } else { DateOrder::IsoOnly },
        remove_missing: options.remove,
        is_part: folder.is_part,
        source_date: options.source_date,
    };
    let imported = if options.dry_run {
        dry_run(&ctx.database, &folder.files, &import_options)
    } else {
        let info = RevisionInfo {
            when: ctx.settings.now.clone(),
            who: ctx.settings.who.clone(),
            what: format!("import {}", import_options.dataset),
            dataset: import_options.dataset.clone(),
        };
        let listener = &mut *ctx.listener;
        let mut progress = |it: Progress| listener.progress(&progress_words(&it));
        import(&mut ctx.database, &folder.files, &import_options, &info, &mut progress)
    };
    let imported = imported.map_err(import_error)?;
    let mut output = answer(ctx, &imported, options);
    output.found_errors = imported.n_errors > 0;
    Ok(output)
}

/// The files of all paths: of folders their tables, of files themselves.
fn read_all(paths: &[std::path::PathBuf]) -> Result<Folder, Error> {
    // A folder among them is the whole of its dataset.
    let is_part = !paths.iter().any(|it| it.is_dir());
    let mut all = Folder { is_part, ..Folder::default() };
    for path in paths {
        let one = if path.is_dir() { read_folder(path) } else { read_file(path) };
        let one = one.map_err(|err| import_error(err.into()))?;
        if all.name.is_empty() {
            all.name = one.name;
        }
        all.info = all.info.or(one.info);
        all.schema_text = all.schema_text.or(one.schema_text);
        for mut file in one.files {
            if paths.len() > 1 {
                // Two folders have files of the same names.
                let whole = if path.is_dir() { path.join(&file.name) } else { path.clone() };
                file.name = whole.display().to_string();
            }
            if all.files.iter().any(|it| it.name == file.name) {
                return Err(Error::usage(format!("`{}` is named twice", file.name)));
            }
            all.files.push(file);
        }
    }
    Ok(all)
}

fn progress_words(progress: &Progress) -> String {
    let n = count(usize::try_from(progress.n_done).unwrap_or(usize::MAX));
    match progress.phase {
        Phase::Reading => "reading the files".to_owned(),
        Phase::Writing => format!("writing: {n} records"),
        Phase::Indexing => format!("building indexes: {n} done"),
        Phase::Committing => "committing".to_owned(),
        Phase::Checkpointing => "tidying up the log".to_owned(),
    }
}

fn separator(separator: char) -> String {
    if separator == '\t' { "tabs".to_owned() } else { format!("`{separator}`") }
}

fn import_error(err: ImportError) -> Error {
    match err {
        ImportError::Rejected { diagnostics, n_errors } => Error::rejected(n_errors, diagnostics)
            .with_hint("mend the files, or look with `weft import --dry-run`"),
        ImportError::Store(err) => err.into(),
        ImportError::Transfer(err @ TransferError::NoFiles { .. }) => Error::usage(err.to_string())
            .with_hint("`weft init --template FOLDER` writes such files, to be filled in"),
        ImportError::Transfer(TransferError::Open { path, source })
            if source.kind() == std::io::ErrorKind::NotFound =>
        {
            Error::usage(format!("there is no file or folder `{path}`"))
        }
        err => Error::failed(err.to_string()),
    }
}

fn answer(ctx: &Context<'_>, imported: &Imported, options: &Import) -> Output {
    let is_dry = options.dry_run;
    let mut answer = Answer::default();
    let (faults, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        imported.diagnostics.iter().partition(|it| it.severity == Severity::Error);
    answer.warnings.extend(warnings.iter().map(ToString::to_string));
    let total = imported.outcomes.total();
    let counts = format!(
        "added {}, changed {}, same {}, removed {}, missing {}, rejected {}",
        count(total.added),
        count(total.changed),
        count(total.same),
        count(total.removed),
        count(total.missing),
        count(total.rejected)
    );
    let verb = if is_dry { "Would be" } else { "Rows" };
    let mut text = vec![format!("{verb}: {counts}.")];
    let lines = faults.iter().map(ToString::to_string);
    text.extend(lines.flat_map(|it| it.lines().map(str::to_owned).collect::<Vec<_>>()));
    if imported.n_left_out > 0 {
        text.push(format!("... and {} more", count(imported.n_left_out)));
    }
    match &imported.applied {
        Some(applied) => text.push(match applied.revision {
            Some(revision) => format!("This is revision {revision}; `weft undo` takes it back."),
            None => "Nothing changed, so there is no new revision.".to_owned(),
        }),
        None => text.push("Nothing was written.".to_owned()),
    }
    if total.missing > 0 {
        let why = match options.remove {
            true => "another dataset rests on such",
            false => "`--remove` takes such away",
        };
        text.push(format!(
            "Kept, though not in the files: {} of the last import of this dataset; {why}.",
            plural(total.missing, "record", "records")
        ));
    }
    let shown = |it: &&crate::transfer::Outcome| {
        is_dry || matches!(it.status, Status::Missing | Status::Removed)
    };
    let outcomes: Vec<_> = imported.outcomes.kept.iter().filter(shown).collect();
    for outcome in outcomes.iter().take(ctx.kept(outcomes.len())) {
        answer.push_row(outcome);
    }
    for fault in faults.iter().take(ctx.kept(faults.len())) {
        let mut row = json!({ "status": "rejected" });
        if let (Some(row), Ok(serde_json::Value::Object(fields))) =
            (row.as_object_mut(), serde_json::to_value(fault))
        {
            row.extend(fields);
        }
        answer.rows.push(row);
    }
    if !is_dry {
        let applied = imported.applied.as_ref();
        answer.rows.insert(
            0,
            json!({
                "status": "summary", "revision": applied.and_then(|it| it.revision),
                "added": total.added, "changed": total.changed, "same": total.same,
                "removed": total.removed, "missing": total.missing,
            }),
        );
    }
    answer.push_section(Section { text, ..Section::default() });
    let interesting: Vec<_> = outcomes.iter().filter(|it| it.status != Status::Same).collect();
    if !interesting.is_empty() {
        let (limit, rest) = ctx.shown(interesting.len(), ROWS);
        let mut table = Table::new(&["becomes", "file", "#row", "id", "fields"]);
        for it in interesting.iter().take(limit) {
            let status = serde_json::to_value(it.status).unwrap_or_default();
            table.push([
                status.as_str().unwrap_or_default().to_owned(),
                it.file.clone(),
                if it.row > 0 { it.row.to_string() } else { String::new() },
                it.id.clone(),
                it.fields.join(", "),
            ]);
        }
        let mut section = Section::bare(table);
        section.notes.extend(rest);
        answer.push_section(section);
    }
    Output { notes: dialect_notes(&imported.dialects), ..answer.into() }
}

/// How the files were read: nothing of it is certain, so it is said; files read alike in one line.
fn dialect_notes(dialects: &[Dialect]) -> Vec<String> {
    let mut notes: Vec<(String, Vec<&str>)> = Vec::new();
    for dialect in dialects {
        let how = format!(
            "read as {}, separated by {}, dates {}",
            dialect.encoding.as_str(),
            separator(dialect.separator),
            dialect.dates
        );
        match notes.iter_mut().find(|it| it.0 == how) {
            Some((_, files)) => files.push(&dialect.file),
            None => notes.push((how, vec![&dialect.file])),
        }
    }
    notes.into_iter().map(|(how, files)| format!("{}: {how}", files.join(", "))).collect()
}
