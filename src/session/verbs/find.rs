//! `find`: nodes by name, alias, id or identifier, misspelt or not.

use serde_json::json;

use crate::present::{Answer, Section, Table};
use crate::session::context::Context;
use crate::session::request::Find;
use crate::session::{Error, Output};

/// Hits shown.
const HITS: usize = 10;
/// Hits that `--all` shows at most.
const HITS_MAX: usize = 1_000;

pub(super) fn run(ctx: &mut Context<'_>, options: &Find) -> Result<Output, Error> {
    let limit = if ctx.settings.all { HITS_MAX } else { ctx.settings.limit.unwrap_or(HITS) };
    let kinds = ctx.kinds()?;
    let schema = ctx.words()?;
    let kind_ids: Vec<String> = kinds.iter().map(|&it| schema.kind(it).id.clone()).collect();
    let is_narrow = !kinds.is_empty() || ctx.settings.place.is_some();
    let mut hits = ctx.find(&options.text, if is_narrow { HITS_MAX } else { limit })?;
    let n_all = hits.len();
    if ctx.settings.place.is_some() {
        let snapshot = ctx.snapshot()?;
        let located = ctx.located(&snapshot)?.unwrap_or_default();
        hits.retain(|it| snapshot.find_node(&it.id).is_some_and(|it| located.contains(&it)));
    }
    hits.retain(|it| kind_ids.is_empty() || kind_ids.contains(&it.kind));
    hits.truncate(limit);
    if hits.is_empty() {
        let error = Error::not_found(&options.text, Vec::new());
        return Err(match n_all {
            0 => error,
            n => error.with_hint(format!("without `--kind` and `--place` there are {n}")),
        });
    }
    let mut answer = Answer::default();
    answer.param("text", options.text.clone());
    let mut table = Table::new(&["name", "kind", "id", "found by"]);
    for hit in hits {
        let how = serde_json::to_value(hit.how).unwrap_or_default();
        let words = how.as_str().unwrap_or_default().to_owned();
        table.push([hit.name.clone(), hit.kind.clone(), hit.id.clone(), words]);
        answer.rows.push(json!({
            "id": hit.id, "name": hit.name, "kind": hit.kind, "how": how, "score": hit.score,
        }));
    }
    answer.push_section(Section::bare(table));
    Ok(answer.into())
}
