//! `gaps`: what is missing, each list with its evidence.

use serde::Serialize;

use crate::ecosystem::{
    CommunityPair, Gaps as Found, HoleGroup as Group, Holes, NodeName, ThinData, gaps, holes,
};
use crate::present::{Answer, Table, count, decimal, percent, plural};
use crate::session::context::{Context, view_note};
use crate::session::request::Gaps;
use crate::session::verbs::critical;
use crate::session::verbs::why::{Evidence, push_table, push_table_or};
use crate::session::{Error, Output};

pub(super) fn run(ctx: &mut Context<'_>, options: &Gaps) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let suspected = super::suspected_duplicates(&snapshot);
    let question = ctx.question()?;
    let found = gaps(&snapshot, &question, &suspected);
    let chance = options.chance;
    let apart = ctx.watched("networks rewired", |run| holes(&snapshot, &question, chance, run))?;
    let mut answer = Answer {
        view: Some(view_note(&found.basis)),
        seed: Some(question.seed),
        ..Answer::default()
    };
    push_all(ctx, &mut answer, "missing_provider", &found.missing_provider);
    push_all(ctx, &mut answer, "unreached_need", &found.unreached_need);
    push_all(ctx, &mut answer, "hole_between_groups", &apart.pairs);
    push_all(ctx, &mut answer, "hole_between_communities", &apart.communities);
    answer.param("n_pairs_tested", apart.n_pairs_tested);
    answer.param("n_pairs_too_small", apart.n_pairs_too_small);
    answer.param("n_samples", apart.n_samples);
    answer.param("n_small_communities", apart.n_small_communities);
    super::push_notes(&mut answer, &apart.notes);
    push_all(ctx, &mut answer, "missing_bridge", &found.missing_bridge.rows);
    answer.param("n_pairs_unlinked", found.missing_bridge.n_pairs);
    answer.param("n_pairs_computed", found.missing_bridge.n_computed);
    answer.param("n_start_ups", found.missing_bridge.n_start_ups);
    push_all(ctx, &mut answer, "single_point_of_failure", &found.single_point_of_failure);
    push_all(ctx, &mut answer, "thin_data", std::slice::from_ref(&found.thin_data));
    sections(ctx, &mut answer, &found, &apart);
    Ok(answer.into())
}

fn push_all<T: Serialize>(ctx: &Context<'_>, answer: &mut Answer, gap: &str, items: &[T]) {
    for item in items.iter().take(ctx.kept(items.len())) {
        let mut row = serde_json::to_value(item).unwrap_or_default();
        if let Some(fields) = row.as_object_mut() {
            fields.insert("gap".to_owned(), gap.into());
        }
        answer.rows.push(row);
    }
}

fn sections(ctx: &Context<'_>, answer: &mut Answer, found: &Found, apart: &Holes) {
    let mut table = Table::new(&["need", "#providers", "who is named as meeting it"]);
    for it in &found.missing_provider {
        let mut named = match it.providers.is_empty() {
            true => "nobody in the data".to_owned(),
            false => names(&it.providers),
        };
        if !it.other_answers.is_empty() {
            named.push_str("; also named, but not as somebody to meet: ");
            named.push_str(&names(&it.other_answers));
        }
        table.push([it.need.name.clone(), count(it.n_providers), named]);
    }
    push_table_or(
        ctx,
        answer,
        "Needs that nobody or one body meets",
        table,
        &stated(found.none_missing()),
    );
    if ctx.settings.why {
        let mut evidence = Evidence::new("need");
        for it in &found.missing_provider {
            it.ties.iter().for_each(|tie| evidence.tie(&it.need.name, tie));
        }
        evidence.push(ctx, answer, "Needs that nobody or one body meets: what they rest on");
    }
    let mut table = Table::new(&["need", "among", "#start-ups", "#out of reach", "#share"]);
    for it in &found.unreached_need {
        let group = match &it.group_name {
            Some(name) => format!("{}: {name}", it.group_by),
            None => it.group.clone().unwrap_or_else(|| it.group_by.to_owned()),
        };
        table.push([
            it.need.name.clone(),
            group,
            count(it.n_start_ups),
            count(it.n_unreached),
            percent(it.share),
        ]);
    }
    push_table_or(
        ctx,
        answer,
        "Needs that start-ups do not reach (three links or more)",
        table,
        &stated(found.none_unreached()),
    );
    if ctx.settings.why {
        let mut table = Table::new(&["need", "start-up", "#links"]);
        for it in found.unreached_need.iter().filter(|it| it.group.is_none()) {
            for start_up in &it.start_ups {
                let links = start_up.distance.map_or("no path".to_owned(), |it| it.to_string());
                table.push([it.need.name.clone(), start_up.node.name.clone(), links]);
            }
        }
        push_table(ctx, answer, "Needs that start-ups do not reach: how far each is", table);
    }
    holes_sections(ctx, answer, apart);
    bridges_section(ctx, answer, found);
    let table = critical::table(&found.single_point_of_failure);
    push_table_or(
        ctx,
        answer,
        "Single points of failure",
        table,
        "No body is the only link of another.",
    );
    critical::evidence(ctx, answer, &found.single_point_of_failure);
    let thin = &found.thin_data;
    let mut table = Table::new(&["thin data", "#records", "#of"]);
    for (name, n, of) in [
        (
            "nodes that rest on one statement",
            thin.nodes_with_one_claim.n,
            thin.nodes_with_one_claim.n_of,
        ),
        (
            "ties that rest on one statement",
            thin.ties_with_one_claim.n,
            thin.ties_with_one_claim.n_of,
        ),
        ("nodes without a date", thin.undated_nodes.n, thin.undated_nodes.n_of),
        ("ties without a date", thin.undated_ties.n, thin.undated_ties.n_of),
        ("pairs that may be one body", thin.suspected_duplicates.len(), 0),
    ] {
        let of = if of > 0 { count(of) } else { String::new() };
        table.push([name.to_owned(), count(n), of]);
    }
    push_table_or(ctx, answer, "Thin data", table, "");
    if ctx.settings.why {
        why_thin(ctx, answer, thin);
    }
}

/// Kinds, sectors and places that hardly touch, then communities.
fn holes_sections(ctx: &Context<'_>, answer: &mut Answer, apart: &Holes) {
    let mut table = Table::new(&["between", "by", "#links", "#expected", "#p", "#corrected"]);
    let told = apart.told();
    for (it, _) in &told {
        table.push([
            format!("{} and {}", it.a.name, it.b.name),
            it.group_by.to_owned(),
            count(it.n_links),
            format!("{:.0}", it.expected),
            format!("{:.3}", it.p),
            format!("{:.3}", it.q),
        ]);
    }
    let n_holes = apart.pairs.iter().filter(|it| it.is_hole).count();
    let none = match (apart.n_samples, apart.n_pairs_tested) {
        (0, _) => "They could not be held against chance.",
        (_, 0) => "No two kinds, sectors or places are large enough to be told from chance.",
        _ => "No two kinds, sectors or places have fewer links between them than chance gives.",
    };
    push_table_or(ctx, answer, "Holes between kinds, sectors and places", table, none);
    let last = answer.sections.last_mut();
    if let Some(last) = last {
        if apart.n_samples > 0 {
            last.notes.push(format!(
                "{}{} with fewer than 3 links expected cannot be told from chance",
                match apart.n_pairs_tested {
                    0 => String::new(),
                    n => format!(
                        "{} tested against {} networks with the same ties rewired, corrected for their \
                         number (Benjamini-Hochberg): {} with fewer links than chance; ",
                        plural(n, "pair", "pairs"),
                        count(apart.n_samples),
                        count(n_holes),
                    ),
                },
                plural(apart.n_pairs_too_small, "pair", "pairs"),
            ));
        }
        last.notes.extend(told.iter().filter_map(|(it, repeats)| it.repeats_sentence(repeats)));
        last.notes.extend(apart.notes.iter().cloned());
    }
    if ctx.settings.why {
        let mut evidence = Evidence::new("between");
        for (it, _) in &told {
            let subject = format!("{} and {}", it.a.name, it.b.name);
            evidence.links(&subject, it.why.as_deref().unwrap_or_default());
        }
        evidence.push(ctx, answer, "Holes between kinds, sectors and places: the links there are");
    }
    let holds_any = |it: &&CommunityPair| !(it.a_holds.is_empty() && it.b_holds.is_empty());
    let holds = |it: &&CommunityPair| ctx.settings.all || holds_any(it);
    let mut table = Table::new(&["circle", "has what is out of reach in that", "of", "#links"]);
    for it in apart.communities.iter().filter(holds) {
        let circle = |it: &Group| format!("{} ({})", it.name, it.n_nodes);
        let n_links = count(it.n_links);
        for (has, lacks, needs) in [(&it.a, &it.b, &it.a_holds), (&it.b, &it.a, &it.b_holds)] {
            if !needs.is_empty() || (ctx.settings.all && has == &it.a) {
                table.push([circle(has), names(needs), circle(lacks), n_links.clone()]);
            }
        }
    }
    let none = "No circle that hardly touches another has what its start-ups do not reach.";
    push_table_or(
        ctx,
        answer,
        "Circles that hardly touch, where one has what the other lacks",
        table,
        none,
    );
    if let Some(last) = answer.sections.last_mut().filter(|_| !apart.communities.is_empty()) {
        last.notes.push(format!(
            "{}; no test is made, as circles are chosen for having few links between them",
            apart.circles_sentence()
        ));
    }
}

/// The ties between two others that would help start-ups most.
fn bridges_section(ctx: &Context<'_>, answer: &mut Answer, found: &Found) {
    let bridges = &found.missing_bridge;
    let mut table = Table::new(&["between", "and", "#start-ups", "#mean ACCESS", "nearer to"]);
    for it in &bridges.rows {
        table.push([
            it.a.name.clone(),
            it.b.name.clone(),
            count(it.start_ups.len()),
            format!("{} to {}", decimal(it.mean_access_before), decimal(it.mean_access_after)),
            names(&it.needs),
        ]);
    }
    let has_rows = !table.rows.is_empty();
    let none = stated(found.no_bridge());
    push_table_or(
        ctx,
        answer,
        "Missing bridges: ties that would help start-ups most",
        table,
        &none,
    );
    if let Some(last) = answer.sections.last_mut().filter(|_| has_rows) {
        last.notes.push(format!(
            "the best of {} that have no tie, each as if it were made alone; {} computed, no other \
             can be better; the mean is over {}",
            plural(bridges.n_pairs as usize, "pair of bodies", "pairs of bodies"),
            plural(bridges.n_computed as usize, "was", "were"),
            plural(bridges.n_start_ups, "start-up", "start-ups"),
        ));
    }
    if ctx.settings.why {
        let mut table = Table::new(&["bridge", "start-up", "need", "#links before", "#after"]);
        let links = |it: Option<u32>| it.map_or("no path".to_owned(), |it| it.to_string());
        for it in &bridges.rows {
            for start_up in &it.start_ups {
                for need in &start_up.needs {
                    table.push([
                        format!("{} and {}", it.a.name, it.b.name),
                        start_up.node.name.clone(),
                        need.need.name.clone(),
                        links(need.before),
                        links(need.after),
                    ]);
                }
            }
        }
        push_table(ctx, answer, "Missing bridges: who comes nearer to what", table);
    }
}

/// A finding in words as a sentence.
fn stated(words: &str) -> String {
    format!("{}.", super::capital(words))
}

fn names(nodes: &[NodeName]) -> String {
    nodes.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join("; ")
}

fn why_thin(ctx: &Context<'_>, answer: &mut Answer, thin: &ThinData) {
    let mut evidence = Evidence::new("kind");
    thin.nodes_with_one_claim.records.iter().for_each(|it| evidence.node(&it.node.kind, it));
    evidence.push(ctx, answer, "Nodes that rest on one statement");
    for (heading, ties) in [
        ("Ties that rest on one statement", &thin.ties_with_one_claim),
        ("Ties without a date", &thin.undated_ties),
    ] {
        let mut evidence = Evidence::new("relation");
        ties.records.iter().for_each(|it| evidence.tie(&it.relation, it));
        evidence.push(ctx, answer, heading);
    }
    let mut table = Table::new(&["name", "kind", "id"]);
    for it in &thin.undated_nodes.records {
        table.push([it.name.clone(), it.kind.clone(), it.id.clone()]);
    }
    push_table(ctx, answer, "Nodes without a date", table);
    let mut table = Table::new(&["one", "the other", "why"]);
    for it in &thin.suspected_duplicates {
        let names = [&it.a, &it.b].map(|it| format!("{} [{}]", it.name, it.id));
        let [a, b] = names;
        table.push([a, b, it.reason.clone()]);
    }
    push_table(ctx, answer, "Pairs that may be one body", table);
}
