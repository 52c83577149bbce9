//! `init`: a new store, empty or filled, or the files of a template.

use std::path::PathBuf;

use weft_graph::Schema;
use weft_store::RevisionInfo;

use crate::database::{Database, FILE_NAME, bundled_info};
use crate::present::{Answer, Section, plural};
use crate::session::request::Init;
use crate::session::{Error, ErrorKind, Listener, Output, Settings};
use crate::transfer::template;

/// The title of a store that was given none.
const TITLE: &str = "Untitled ecosystem";
/// The same without a schema.
const FREE_TITLE: &str = "Untitled graph";

pub(in crate::session) fn run(
    settings: &Settings,
    options: &Init,
    _listener: &mut dyn Listener,
) -> Result<Output, Error> {
    if let Some(folder) = &options.template {
        return write_template(folder);
    }
    let schema_text = match &options.schema {
        None if options.free => Schema::open().text().to_owned(),
        None => Schema::bundled().text().to_owned(),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|err| Error::io(&path.display().to_string(), &err))?,
    };
    let is_leeds = options.from.is_some();
    let title = options.title.clone();
    let title = match title {
        Some(title) => title,
        None if is_leeds => bundled_info()?.title.unwrap_or_default(),
        None if options.free => FREE_TITLE.to_owned(),
        None => TITLE.to_owned(),
    };
    let path = settings.db.clone().unwrap_or_else(|| PathBuf::from(FILE_NAME));
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty() && !it.is_dir()) {
        return Err(Error::usage(format!("there is no folder `{}`", folder.display()))
            .with_hint("make it first, or give another path"));
    }
    let mut database = Database::create(&path, &title, &schema_text).map_err(|err| {
        let err = Error::from(err);
        match err.kind() {
            ErrorKind::Failed if err.hints().is_empty() => err.with_hint(
                "the folder may be one that cannot be written: go to another, or name the file with \
                 `weft --db FILE init`",
            ),
            _ => err,
        }
    })?;
    let mut text = vec![format!("`{}` is made: {title}", path.display())];
    if is_leeds {
        let info = RevisionInfo {
            when: settings.now.clone(),
            who: settings.who.clone(),
            what: "init --from leeds".to_owned(),
            dataset: "leeds".to_owned(),
        };
        let applied = database.fill_with_bundled(&info)?;
        text.push(format!(
            "It holds the Leeds graph: {}.",
            plural(applied.n_added as usize, "record", "records")
        ));
        text.push("Next: `weft report`, or `weft import FOLDER` to add to it.".to_owned());
    } else if options.free {
        text.push(
            "It has no schema: any label, type and property. Next: `weft query` writes and reads it \
             in openCypher."
                .to_owned(),
        );
    } else {
        text.push(
            "Next: `weft init --template` writes CSV files to fill in; `weft import FOLDER` reads \
             them."
                .to_owned(),
        );
    }
    let mut answer = Answer::default();
    answer.rows.push(serde_json::json!({ "path": path.display().to_string(), "title": title }));
    answer.push_section(Section { text, ..Section::default() });
    Ok(Output { envelope: envelope(&database)?, ..answer.into() })
}

fn envelope(database: &Database) -> Result<crate::present::Envelope, Error> {
    Ok(crate::present::Envelope {
        weft: env!("CARGO_PKG_VERSION").to_owned(),
        dataset: database.title()?,
        revision: database.revision()?,
    })
}

fn write_template(folder: &std::path::Path) -> Result<Output, Error> {
    let files: Vec<(PathBuf, Vec<u8>)> = template(&Schema::bundled())
        .into_iter()
        .map(|(name, text)| (folder.join(name), text.into_bytes()))
        .collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Error::failed(format!(
            "`{}` exists already and is left as it is",
            path.display()
        ))
        .with_hint("give another folder: `weft init --template FOLDER`"));
    }
    let mut answer = Answer::default();
    let mut text = vec![format!("Files to fill in are in `{}`:", folder.display())];
    for (path, _) in &files {
        text.push(format!("  {}", path.display()));
        answer.rows.push(serde_json::json!({ "path": path.display().to_string() }));
    }
    let name = folder.display();
    text.push(format!(
        "Next: fill them in, `weft init`, `weft import {name} --dry-run`, `weft import {name}`, \
         `weft report`."
    ));
    answer.push_section(Section { text, ..Section::default() });
    Ok(Output { files, ..answer.into() })
}
