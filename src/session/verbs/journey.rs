//! `journey X`: what a start-up meets on the way from idea to market, need by need.

use serde_json::json;

use crate::ecosystem::{
    Journey, JourneyStep, NodeName, OPENED, PathEvidence, Provider, TieEvidence, journey,
};
use crate::present::{Answer, Section, Table, count, plural};
use crate::session::context::{Context, view_note};
use crate::session::request::Journey as Options;
use crate::session::verbs::capital;
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// Letters that stand for a weight.
const WEIGHTS: [&str; 3] = ["not yet", "useful", "critical"];

pub(super) fn run(ctx: &mut Context<'_>, options: &Options) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let node = ctx.must_find(&snapshot, &options.name)?;
    let found = journey(&snapshot, &ctx.question()?, node)?;
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.param("node", found.node.id.clone());
    answer.param("stage", found.stage.clone());
    answer.param("has_stages", found.has_stages);
    found.steps.iter().take(ctx.kept(found.steps.len())).for_each(|it| answer.push_row(it));
    answer.flat = Some(found.steps.iter().map(flat).collect());
    if !found.is_start_up {
        answer.warnings.push(format!("no source makes `{}` a start-up", found.node.name));
    }
    let mut text = vec![format!("{}.", capital(&found.sentence))];
    text.extend(stage(&found));
    let heading = format!("The journey of {}", found.node.name);
    answer.push_section(Section::text(&heading, text));
    if found.steps.is_empty() {
        return Ok(answer.into());
    }
    let mut table = Table::new(&["#", "need", "#links", "in words", "who meets it, and how near"]);
    for it in &found.steps {
        let links = it.need.distance.map_or("–".to_owned(), |it| it.to_string());
        let weight = match it.need.weight {
            2 => " (critical)",
            0 if !it.providers.is_empty() => " (not yet)",
            _ => "",
        };
        table.push([
            it.step.to_string(),
            format!("{}{weight}", it.need.need.name),
            links,
            it.sentence.clone(),
            providers(ctx, it),
        ]);
    }
    answer.push_section(Section::bare(table).note("in brackets: links from it"));
    if found.has_stages {
        by_stage(&mut answer, &found);
    }
    for it in &found.steps {
        why(ctx, &mut answer, &found.node, it);
    }
    Ok(answer.into())
}

/// The stage of the body, and whether stages tell needs apart.
fn stage(found: &Journey) -> Option<String> {
    let stage = match &found.stage {
        Some(stage) => format!("Its stage is {}", stage.replace('_', "-")),
        None => "No source tells its stage".to_owned(),
    };
    let needs = match found.has_stages {
        true => "needs count by stage as the second table says",
        false => "the schema gives each need the same weight at every stage",
    };
    (!found.steps.is_empty()).then(|| format!("{stage}; {needs}."))
}

/// "Nexus (1), Innovation Pop-Up (2) and 3 more".
fn providers(ctx: &Context<'_>, step: &JourneyStep) -> String {
    let shown = if ctx.settings.all { step.providers.len() } else { OPENED };
    let name = |it: &Provider| {
        let links = it.distance.map_or("no path".to_owned(), |it| it.to_string());
        format!("{} ({links})", it.node.name)
    };
    let mut names: Vec<String> = step.providers.iter().take(shown).map(name).collect();
    let n_more = step.providers.len().saturating_sub(shown);
    if n_more > 0 {
        names.push(format!("{} more", count(n_more)));
    }
    names.join("; ")
}

/// How much each need counts at each stage.
fn by_stage(answer: &mut Answer, found: &Journey) {
    let Some(first) = found.steps.first() else { return };
    let mut columns = vec!["need".to_owned()];
    columns.extend(first.stages.iter().map(|it| it.stage.replace('_', "-")));
    let mut table = Table::new(&columns.iter().map(String::as_str).collect::<Vec<_>>());
    for it in &found.steps {
        let weights = it
            .stages
            .iter()
            .map(|it| WEIGHTS.get(usize::from(it.weight)).map_or("useful", |it| *it).to_owned());
        table.rows.push(std::iter::once(it.need.need.name.clone()).chain(weights).collect());
    }
    answer.push_section(Section::table("What counts when", table));
}

fn why(ctx: &Context<'_>, answer: &mut Answer, node: &NodeName, step: &JourneyStep) {
    if !ctx.settings.why {
        return;
    }
    let name = &step.need.need.name;
    let mut evidence = Evidence::new("for");
    let mut open = |to: &NodeName, path: &PathEvidence, met_by: &[TieEvidence]| {
        evidence.path(&format!("the way to {}", to.name), path);
        met_by.iter().for_each(|it| evidence.tie(&format!("{} meets it", to.name), it));
    };
    if let (Some(to), Some(path)) = (&step.need.nearest_provider, &step.need.path) {
        open(to, path, &step.need.met_by);
    }
    let nearest = step.need.nearest_provider.as_ref();
    for it in step.providers.iter().filter(|it| Some(&it.node) != nearest) {
        if let Some(why) = &it.why {
            open(&it.node, &why.path, &why.met_by);
        }
    }
    evidence.push(ctx, answer, &format!("{name}: what it rests on"));
    let is_opened = |it: &&Provider| it.why.is_some() || Some(&it.node) == nearest;
    let reached = step.providers.iter().filter(|it| it.distance.is_some());
    let left: Vec<&Provider> = reached.filter(|it| !is_opened(it)).collect();
    if let (Some(first), Some(section)) = (left.first(), answer.sections.last_mut()) {
        section.notes.push(format!(
            "not opened: {}; `weft path {} {} --why` opens one",
            plural(left.len(), "more way", "more ways"),
            node.id,
            first.node.id
        ));
    }
    let mut table = Table::new(&["who meets it", "kind", "#links"]);
    for it in &step.providers {
        let links = it.distance.map_or("no path".to_owned(), |it| it.to_string());
        table.push([it.node.name.clone(), it.node.kind.clone(), links]);
    }
    push_table(ctx, answer, &format!("{name}: who meets it"), table);
}

/// One need a row.
fn flat(step: &JourneyStep) -> serde_json::Value {
    let nearest = step.need.nearest_provider.as_ref();
    json!({
        "step": step.step,
        "need": step.need.need.id,
        "need_name": step.need.need.name,
        "weight": step.need.weight,
        "distance": step.need.distance,
        "nearness": step.need.nearness,
        "nearest_provider": nearest.map(|it| it.id.clone()),
        "n_providers": step.providers.len(),
        "providers": step.providers.iter().map(|it| it.node.id.clone()).collect::<Vec<_>>(),
        "sentence": step.sentence,
    })
}
