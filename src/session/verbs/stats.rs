//! `stats`: the network in figures.

use serde_json::{Value, json};
use weft_graph::Snapshot;

use crate::ecosystem::{Count, Stats, StatsWhy, stats, tie_evidence};
use crate::present::{Answer, Section, Table, count, decimal};
use crate::session::context::{Context, view_note};
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let (snapshot, question) = (ctx.snapshot()?, ctx.question()?);
    let found = ctx.watched("ways counted", |run| stats(&snapshot, &question, run))?;
    let mut answer = Answer { view: Some(view_note(&found.conduit)), ..Answer::default() };
    answer.push_row(&found);
    let optional = |it: Option<f64>| it.map_or("–".to_owned(), decimal);
    let (shape, structure) = (&found.shape, &found.structure);
    let mut table = Table::new(&["figure", "#value"]);
    for (name, value) in [
        ("nodes of all kinds", count(found.everything.n_nodes)),
        ("ties of all relations", count(found.everything.n_ties)),
        ("bodies that act", count(found.conduit.n_nodes)),
        ("links among them", count(found.conduit.n_links)),
        ("ties in those links", count(found.conduit.n_ties)),
        ("density", optional(shape.density)),
        ("mean number of partners", optional(shape.mean_degree)),
        ("connected parts", count(shape.n_components)),
        ("bodies in the largest part", count(shape.n_in_largest)),
        ("bodies without any link", count(shape.n_isolated)),
        (
            "longest shortest way in the largest part (diameter)",
            shape.diameter.map_or("–".to_owned(), |it| it.to_string()),
        ),
        (
            "within which somebody there has everybody (radius)",
            shape.radius.map_or("–".to_owned(), |it| it.to_string()),
        ),
        ("mean shortest way there", optional(shape.mean_distance)),
        ("parts along the direction of ties (strong)", count(structure.n_strong_components)),
        ("bodies in the largest of them", count(structure.n_in_largest_strong)),
        ("clustering", optional(shape.clustering)),
        ("mean clustering of a body", optional(structure.mean_clustering)),
        ("centralisation by number of partners", optional(structure.degree_centralisation)),
        ("centralisation by betweenness", optional(structure.betweenness_centralisation)),
        ("centralisation by closeness (harmonic)", optional(structure.harmonic_centralisation)),
        ("centralisation by closeness (classic)", optional(structure.closeness_centralisation)),
        ("centralisation by eigenvector", optional(structure.eigenvector_centralisation)),
        ("likeness of partners (degree assortativity)", optional(structure.degree_assortativity)),
        ("links that run both ways (reciprocity)", optional(structure.reciprocity)),
        ("bodies in the core", structure.n_core.map_or("–".to_owned(), count)),
        ("fit of core and periphery", optional(structure.core_fit)),
        ("links between kinds less within (E-I)", optional(structure.ei_by_kind)),
        ("E-I if links fell at random", optional(structure.ei_by_kind_expected)),
        ("likeness of kinds (assortativity by kind)", optional(structure.kind_assortativity)),
        (
            "support needs that somebody meets",
            format!("{} of {}", found.n_needs_met, found.n_needs),
        ),
        ("sources", count(found.n_sources)),
        ("figures of sources (facts)", count(found.n_facts)),
    ] {
        table.push([name.to_owned(), value]);
    }
    let mut first = Section::bare(table);
    first.text.push(found.sentence.clone());
    answer.push_section(first);
    for (heading, counts) in [
        ("Nodes by kind", &found.nodes_by_kind),
        ("Ties by relation", &found.ties_by_relation),
        ("Ties by certainty", &found.ties_by_certainty),
        ("Companies by stage", &found.start_ups_by_stage),
    ] {
        answer.push_section(Section::table(heading, counts_table(counts)));
    }
    answer.flat = Some(flat(&found));
    if let Some(why) = &found.why {
        why_sections(ctx, &mut answer, &snapshot, why);
    }
    Ok(answer.into())
}

/// One figure a row, unrounded.
fn flat(found: &Stats) -> Vec<Value> {
    let row = |group: &str, figure: &str, value: Value| json!({ "group": group, "figure": figure, "value": value });
    let (all, conduit, shape) = (&found.everything, &found.conduit, &found.shape);
    let structure = &found.structure;
    let mut rows = vec![
        row("network", "nodes", all.n_nodes.into()),
        row("network", "ties", all.n_ties.into()),
        row("network", "actors", conduit.n_nodes.into()),
        row("network", "links", conduit.n_links.into()),
        row("network", "ties_in_links", conduit.n_ties.into()),
        row("network", "density", shape.density.into()),
        row("network", "mean_degree", shape.mean_degree.into()),
        row("network", "components", shape.n_components.into()),
        row("network", "in_largest", shape.n_in_largest.into()),
        row("network", "isolated", shape.n_isolated.into()),
        row("network", "diameter", shape.diameter.into()),
        row("network", "radius", shape.radius.into()),
        row("network", "mean_distance", shape.mean_distance.into()),
        row("network", "strong_components", structure.n_strong_components.into()),
        row("network", "in_largest_strong", structure.n_in_largest_strong.into()),
        row("network", "clustering", shape.clustering.into()),
        row("network", "mean_clustering", structure.mean_clustering.into()),
        row("network", "degree_centralisation", structure.degree_centralisation.into()),
        row("network", "betweenness_centralisation", structure.betweenness_centralisation.into()),
        row("network", "harmonic_centralisation", structure.harmonic_centralisation.into()),
        row("network", "closeness_centralisation", structure.closeness_centralisation.into()),
        row("network", "eigenvector_centralisation", structure.eigenvector_centralisation.into()),
        row("network", "degree_assortativity", structure.degree_assortativity.into()),
        row("network", "reciprocity", structure.reciprocity.into()),
        row("network", "in_core", structure.n_core.into()),
        row("network", "core_fit", structure.core_fit.into()),
        row("network", "ei_by_kind", structure.ei_by_kind.into()),
        row("network", "ei_by_kind_expected", structure.ei_by_kind_expected.into()),
        row("network", "kind_assortativity", structure.kind_assortativity.into()),
        row("network", "needs", found.n_needs.into()),
        row("network", "needs_met", found.n_needs_met.into()),
        row("network", "sources", found.n_sources.into()),
        row("network", "facts", found.n_facts.into()),
    ];
    for (group, counts) in [
        ("nodes_by_kind", &found.nodes_by_kind),
        ("ties_by_relation", &found.ties_by_relation),
        ("ties_by_certainty", &found.ties_by_certainty),
        ("companies_by_stage", &found.start_ups_by_stage),
    ] {
        rows.extend(counts.iter().map(|it| row(group, &it.id, it.n.into())));
    }
    rows
}

/// What was counted.
fn why_sections(ctx: &Context<'_>, answer: &mut Answer, snapshot: &Snapshot, why: &StatsWhy) {
    let mut table = Table::new(&["name", "kind", "stage", "#part", "core", "#claims"]);
    for it in &why.nodes {
        table.push([
            it.node.name.clone(),
            it.node.kind.clone(),
            it.stage.clone().unwrap_or_default(),
            // Parts are counted from 1 where people read them.
            it.component.map_or(String::new(), |it| (it + 1).to_string()),
            if it.is_core == Some(true) { "core".to_owned() } else { String::new() },
            count(it.n_claims),
        ]);
    }
    push_table(ctx, answer, "Nodes that were counted", table);
    let mut evidence = Evidence::new("relation");
    for it in &why.ties {
        if let Some(tie) = snapshot.find_tie(&it.id) {
            evidence.tie(&it.relation, &tie_evidence(snapshot, tie));
        }
    }
    evidence.push(ctx, answer, "Ties that were counted");
}

fn counts_table(counts: &[Count]) -> Table {
    let mut table = Table::new(&["", "#number"]);
    for it in counts {
        table.push([it.label.clone(), count(it.n)]);
    }
    table
}
