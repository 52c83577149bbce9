//! `communities`: which bodies work more with each other than with the rest, each with its members.

use serde_json::{Value, json};

use crate::ecosystem::{CommunitiesOptions, Community, NodeName, Partition, communities};
use crate::present::{Answer, Section, Table, count, percent, plural};
use crate::session::context::{Context, view_note};
use crate::session::request::{Communities, GroupMethod, Quality};
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Communities shown.
const ROWS: usize = 20;
/// Names shown of the members of one, unless it was asked for by name.
const NAMES: usize = 12;

pub(super) fn run(ctx: &mut Context<'_>, options: &Communities) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let question = ctx.question()?;
    let asked = CommunitiesOptions {
        method: options.method,
        quality: options.quality,
        resolution: options.resolution,
        ..CommunitiesOptions::default()
    };
    check(options)?;
    let located = ctx.located(&snapshot)?;
    let mut found =
        ctx.watched("runs made", |run| communities(&snapshot, &question, &asked, run))?;
    let is_named = !options.names.is_empty();
    let mut answer = Answer {
        view: Some(view_note(&found.basis)),
        seed: Some(question.seed),
        ..Answer::default()
    };
    let mut said = found.sentences.clone();
    if is_named {
        said = only_of(ctx, &options.names, &mut found, &mut answer)?;
    }
    if let Some(located) = located {
        let is_there = |id: &str| snapshot.find_node(id).is_some_and(|it| located.contains(&it));
        found.communities.retain(|it| it.members.iter().any(|it| is_there(&it.node.id)));
        if found.communities.is_empty() {
            return Ok(super::nobody_there(ctx, view_note(&found.basis)));
        }
    }
    let method = serde_json::to_value(found.method).unwrap_or_default();
    answer.param("method", method);
    answer.param("measured_by", found.measured_by);
    answer.param("resolution", found.resolution);
    answer.param("quality", found.quality);
    answer.param("modularity", found.modularity);
    answer.param("share_inside", found.share_inside);
    answer.param("share_by_chance", found.share_by_chance);
    answer.param("agreement", found.agreement);
    answer.param("agreement_rand", found.agreement_rand);
    answer.param("n_runs", found.n_runs);
    let ids = |it: &[NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    answer.param("alone", ids(&found.alone));
    answer.param("by_themselves", ids(&found.by_themselves));
    answer.push_section(Section {
        text: said.iter().map(|it| format!("{it}.")).collect(),
        ..Section::default()
    });
    let kept = ctx.kept(found.communities.len());
    found.communities[..kept].iter().for_each(|it| answer.push_row(it));
    answer.flat = Some(found.communities[..kept].iter().flat_map(flat).collect());
    let (limit, rest) = ctx.shown(found.communities.len(), ROWS);
    for it in &found.communities[..limit] {
        push(ctx, &mut answer, it, is_named);
    }
    if let (Some(rest), Some(section)) = (rest, answer.sections.last_mut()) {
        section.notes.push(rest);
    }
    Ok(answer.into())
}

/// Whether what was asked means anything.
fn check(options: &Communities) -> Result<(), Error> {
    let is_measured = options.method != GroupMethod::LabelPropagation;
    let is_asked = options.quality != Quality::Modularity || options.resolution.is_some();
    if !is_measured && is_asked {
        return Err(Error::usage("label propagation makes nothing of a quality or a resolution")
            .with_hint("leave them out, or use `--method leiden`"));
    }
    if options.resolution.is_some_and(|it| !it.is_finite() || it < 0.0) {
        return Err(Error::usage("a resolution is a number from 0")
            .with_hint("1 is usual for modularity; for `cpm` it is a density, from 0 to 1"));
    }
    Ok(())
}

/// Keeps the communities of the bodies named, and says of those that are in none.
fn only_of(
    ctx: &Context<'_>,
    names: &[String],
    found: &mut Partition,
    answer: &mut Answer,
) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    let mut said = Vec::new();
    for name in names {
        let id = ctx.must_find_id(name)?;
        let members = found.communities.iter().flat_map(|it| &it.members);
        let is_member = members.map(|it| &it.node.id).any(|it| *it == id);
        let named = |it: &[NodeName]| it.iter().find(|it| it.id == id).map(|it| it.name.clone());
        match (named(&found.alone), named(&found.by_themselves)) {
            (Some(name), _) => said.push(format!("{name} has no link and is in no community")),
            (_, Some(name)) => said.push(format!("{name} has links and is in no community")),
            _ if is_member => {}
            _ => return Err(crate::ecosystem::Error::NotInView { id }.into()),
        }
        ids.push(id);
    }
    found.communities.retain(|it| it.members.iter().any(|it| ids.contains(&it.node.id)));
    answer.param("names", ids);
    answer.warnings.extend(said.clone());
    Ok(said)
}

fn push(ctx: &Context<'_>, answer: &mut Answer, community: &Community, in_full: bool) {
    let heading = format!("{}. {}", community.number, community.name);
    let mut section = Section::text(&heading, vec![format!("{}.", community.sentence)]);
    if in_full || ctx.settings.why {
        let mut table = Table::new(&["member", "kind", "#links inside", "#of", "#together"]);
        for it in &community.members {
            table.push([
                it.node.name.clone(),
                it.node.kind.clone(),
                count(it.n_links_inside),
                count(it.n_links),
                it.together.map_or("–".to_owned(), percent),
            ]);
        }
        section.table = Some(table);
        section.notes.push("together: with how many of the others, over all runs".to_owned());
    } else {
        let names =
            |members: &mut dyn Iterator<Item = &str>| members.collect::<Vec<_>>().join("; ");
        let (shown, _) = ctx.shown(community.members.len(), NAMES);
        let n_more = community.members.len() - shown;
        let more = if n_more > 0 { format!("; and {} more", count(n_more)) } else { String::new() };
        let listed = names(&mut community.members[..shown].iter().map(|it| it.node.name.as_str()));
        section.text.push(format!("{listed}{more}."));
        let edge = community.on_the_edge();
        if !edge.is_empty() {
            let mut listed = edge.iter().take(NAMES).map(|it| it.node.name.as_str());
            let n_more = edge.len().saturating_sub(NAMES);
            let more =
                if n_more > 0 { format!("; and {} more", count(n_more)) } else { String::new() };
            let listed = names(&mut listed);
            section.text.push(format!("On its edge, elsewhere in other runs: {listed}{more}."));
        }
    }
    answer.push_section(section);
    let mut evidence = Evidence::new("with");
    for link in community.why.iter().flatten() {
        link.ties.iter().for_each(|it| evidence.tie(&link.to.name, it));
    }
    let n = plural(community.n_links_inside + community.n_links_outside, "link", "links");
    evidence.push(ctx, answer, &format!("{}: its {n}", community.name));
}

/// One member a row.
fn flat(community: &Community) -> Vec<Value> {
    let row = |it: &crate::ecosystem::Member| {
        json!({
            "community": community.number,
            "community_name": community.name,
            "id": it.node.id,
            "name": it.node.name,
            "kind": it.node.kind,
            "n_links_inside": it.n_links_inside,
            "n_links": it.n_links,
            "together": it.together,
        })
    };
    community.members.iter().map(row).collect()
}
