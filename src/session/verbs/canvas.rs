//! `canvas`: the components of the ecosystem canvas, who stands for each, and what is thin.

use serde_json::json;

use crate::ecosystem::{CanvasComponent, canvas};
use crate::present::{Answer, Section, Table};
use crate::session::context::{Context, view_note};
use crate::session::verbs::capital;
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// What to do where the data have no component.
const HOW_TO_RECORD: &str = "give each component, such as `Talent & Champions`, a row of kind `component` in your nodes.csv, and \
     each body that a source names as standing for it a row with `exemplifies` in your ties.csv, then \
     `weft import` both";

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let found = canvas(&snapshot, &ctx.question()?);
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    found
        .components
        .iter()
        .take(ctx.kept(found.components.len()))
        .for_each(|it| answer.push_row(it));
    answer.flat = Some(found.components.iter().map(flat).collect());
    let mut text = vec![format!("{}.", capital(&found.sentence))];
    if found.components.is_empty() {
        let how = HOW_TO_RECORD;
        text.push(format!("{}.", capital(how)));
        // A pipe would else get no word at all.
        answer.warnings.push(format!("{}; {how}", found.sentence));
        answer.push_section(Section { text, ..Section::default() });
        return Ok(answer.into());
    }
    answer.push_section(Section { text, ..Section::default() });
    let mut table = Table::new(&["component", "who and what stands for it", "what is thin"]);
    for it in &found.components {
        let name = it.node.name.clone();
        table.push([name, it.sentence.clone(), it.thin.join("; ")]);
    }
    let note =
        "named: by a source; of its kinds: what the schema reads as such, which no source says";
    answer.push_section(Section::bare(table).note(note));
    for it in &found.components {
        why(ctx, &mut answer, it);
    }
    Ok(answer.into())
}

fn why(ctx: &Context<'_>, answer: &mut Answer, component: &CanvasComponent) {
    let Some(why) = &component.why else { return };
    let name = &component.node.name;
    let mut evidence = Evidence::new("named");
    why.named.iter().for_each(|it| evidence.tie(&it.source.name, it));
    evidence.push(ctx, answer, &format!("{name}: who is named"));
    let mut table = Table::new(&["name", "kind", "id"]);
    for it in &component.by_kind {
        table.push([it.name.clone(), it.kind.clone(), it.id.clone()]);
    }
    push_table(ctx, answer, &format!("{name}: what there is of its kinds"), table);
    let mut evidence = Evidence::new("relation");
    why.ties.iter().for_each(|it| evidence.tie(&it.relation, it));
    evidence.push(ctx, answer, &format!("{name}: ties of its relations"));
}

/// One component a row.
fn flat(component: &CanvasComponent) -> serde_json::Value {
    let ids =
        |it: &[crate::ecosystem::NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    json!({
        "id": component.node.id,
        "name": component.node.name,
        "n_named": component.named.len(),
        "named": ids(&component.named),
        "kinds": component.kinds,
        "n_by_kind": component.by_kind.len(),
        "relations": component.relations,
        "n_ties": component.n_ties,
        "n_sources": component.n_sources,
        "thin": component.thin,
    })
}
