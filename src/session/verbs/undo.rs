//! `undo`: takes a revision back, as a revision of its own.

use weft_store::{RevisionInfo, UndoError};

use crate::present::{Answer, Section, count};
use crate::session::context::Context;
use crate::session::request::Undo;
use crate::session::{Error, Output};

pub(super) fn run(ctx: &mut Context<'_>, options: &Undo) -> Result<Output, Error> {
    let newest = ctx.database.revision()?;
    let undone = options.revision.unwrap_or(newest);
    if undone > newest || options.revision == Some(0) {
        return Err(weft_store::Error::NoSuchRevision { asked: undone, newest }.into());
    }
    let info = RevisionInfo {
        when: ctx.settings.now.clone(),
        who: ctx.settings.who.clone(),
        what: format!("undo {undone}"),
        dataset: String::new(),
    };
    let applied =
        ctx.database.undo(options.revision, &info, &mut |_| {}).map_err(|err| match err {
            UndoError::Store(err) => Error::from(err),
            err => Error::failed(err.to_string()),
        })?;
    let mut answer = Answer::default();
    answer.rows.push(serde_json::json!({
        "undone": undone, "revision": applied.revision, "n_added": applied.n_added,
        "n_changed": applied.n_changed, "n_removed": applied.n_removed,
    }));
    let text = match applied.revision {
        Some(revision) => format!(
            "Revision {undone} is taken back, as revision {revision}: {} records came back or are \
             new, {} changed, {} went.",
            count(applied.n_added as usize),
            count(applied.n_changed as usize),
            count(applied.n_removed as usize)
        ),
        None => format!("Revision {undone} had changed nothing that is still there."),
    };
    answer.push_section(Section { text: vec![text], ..Section::default() });
    Ok(answer.into())
}
