//! How a comparison is shown: what `what-if` and `diff` share.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::ecosystem::{Comparison, Finding, NodeName, Shown, Status, TieEvidence};
use crate::present::{Answer, Section, Table, decimal, plural};
use crate::session::context::{Context, view_note};
use crate::session::verbs::capital;
use crate::session::verbs::why::{Evidence, push_table, push_table_or};

/// A move of rank is shown of bodies that are so high on either side; data forms have all.
const TOP: usize = 10;
/// Names shown in one cell.
const NAMES: usize = 4;

/// Fills an answer with what differs; `before` and `after` head the columns.
pub(super) fn show(
    ctx: &Context<'_>,
    answer: &mut Answer,
    found: &Comparison,
    [before, after]: [&str; 2],
) {
    answer.view = Some(view_note(&found.after));
    answer.param("before", json!(found.before));
    answer.param("after", json!(found.after));
    rows(ctx, answer, found);
    let said = found.sentences.iter().map(|it| format!("{}.", capital(it))).collect();
    answer.push_section(Section { text: said, ..Section::default() });
    records(ctx, answer, found);
    let optional = |it: Option<f64>| it.map_or("–".to_owned(), decimal);
    let heads = |first: &str| [first.to_owned(), format!("#{before}"), format!("#{after}")];
    let table = |first: &str| {
        let heads = heads(first);
        Table::new(&heads.iter().map(String::as_str).collect::<Vec<_>>())
    };
    if let Some(figures) = &found.stats {
        let mut shown = table("figure");
        for it in figures {
            shown.push([it.label.to_owned(), optional(it.before), optional(it.after)]);
        }
        push_table_or(ctx, answer, "The network in figures", shown, "No figure differs.");
    }
    hubs(ctx, answer, found, &heads("name"));
    if let Some(changes) = &found.critical {
        let mut shown =
            Table::new(&["without", &format!("cut off {before}"), &format!("cut off {after}")]);
        for it in changes {
            let name = it.node.name.clone();
            shown.push([name, names(&it.cut_off_before), names(&it.cut_off_after)]);
        }
        let none = "The same bodies cut off the same others.";
        push_table_or(ctx, answer, "Single points of failure", shown, none);
    }
    access(ctx, answer, found, &heads("start-up"));
    ways(ctx, answer, found, [before, after]);
    if let Some(needs) = &found.gaps {
        let mut shown = Table::new(&[
            "need",
            &format!("met by {before}"),
            &format!("met by {after}"),
            &format!("#out of reach {before}"),
            &format!("#out of reach {after}"),
        ]);
        for it in needs {
            shown.push([
                it.need.name.clone(),
                names(&it.providers_before),
                names(&it.providers_after),
                format!("{} of {}", it.n_unreached_before, it.n_start_ups_before),
                format!("{} of {}", it.n_unreached_after, it.n_start_ups_after),
            ]);
        }
        let none = "The same bodies meet the same needs, and as many start-ups reach them.";
        push_table_or(ctx, answer, "Needs", shown, none);
    }
    for it in &found.lines {
        let mut shown = Table::new(&["of", "what", before, after]);
        let words = |it: &Option<Shown>| it.as_ref().map_or("–".to_owned(), Shown::words);
        for it in &it.changes {
            let (was, is) = (words(&it.before), words(&it.after));
            shown.push([it.subject.clone(), it.what.clone(), was, is]);
        }
        push_table_or(ctx, answer, heading(it.finding), shown, "It is the same on both sides.");
    }
}

/// How the lines of a finding are headed.
fn heading(finding: Finding) -> &'static str {
    match finding {
        Finding::Brokers => "Brokers",
        Finding::Communities => "Communities",
        Finding::Matrix => "Links between kinds",
        Finding::Introduce => "Whom start-ups should meet",
        Finding::Canvas => "The canvas",
        Finding::Flows => "Who funds what",
        Finding::Facts => "Figures of sources",
        Finding::Holes => "Groups that hardly touch",
        Finding::Bridges => "Ties that would help most",
        Finding::Thin => "What rests on little",
        // These have tables of their own.
        Finding::Stats | Finding::Hubs | Finding::Critical | Finding::Access | Finding::Gaps => "",
    }
}

/// The findings that were named, each once; the usual ones if none was.
pub(super) fn findings(named: &[Finding]) -> Vec<Finding> {
    let wanted = if named.is_empty() { &Finding::USUAL } else { named };
    Finding::ALL.into_iter().filter(|it| wanted.contains(it)).collect()
}

fn hubs(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison, heads: &[String; 3]) {
    let Some(changes) = &found.hubs else { return };
    for (meaning, heading) in [
        ("works_with_most", "Works with most"),
        ("connects_groups", "Connects groups"),
        ("shortest_way_to_all", "Shortest way to all"),
    ] {
        let [name, before, after] = heads;
        let [before, after] = [before, after].map(|it| it.trim_start_matches('#'));
        let mut shown = Table::new(&[
            name,
            &format!("#rank {before}"),
            &format!("#rank {after}"),
            &format!("#figure {before}"),
            &format!("#figure {after}"),
        ]);
        let rank = |it: Option<usize>| it.map_or("–".to_owned(), |it| it.to_string());
        let figure = |it: Option<f64>| it.map_or("–".to_owned(), decimal);
        let of = changes.iter().filter(|it| it.meaning == meaning);
        let n_lower = of.clone().filter(|it| it.best_rank() > TOP).count();
        for it in of.filter(|it| ctx.settings.all || it.best_rank() <= TOP) {
            shown.push([
                it.node.name.clone(),
                rank(it.rank_before),
                rank(it.rank_after),
                figure(it.figure_before),
                figure(it.figure_after),
            ]);
        }
        push_table_or(ctx, answer, heading, shown, "None of the first ten moves.");
        if n_lower > 0
            && !ctx.settings.all
            && let Some(section) = answer.sections.last_mut()
        {
            section.notes.push(format!(
                "{} below the first ten on both sides",
                plural(n_lower, "more differs", "more differ")
            ));
        }
    }
}

fn access(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison, heads: &[String; 3]) {
    let Some(access) = &found.access else { return };
    let [name, before, after] = heads;
    let mut shown = Table::new(&[name, before, after, "status", "needs that moved"]);
    let figure = |it: Option<f64>| it.map_or("–".to_owned(), decimal);
    let status = |it: Option<Status>| it.map_or("–", Status::label);
    let links = |it: Option<u32>| it.map_or("no path".to_owned(), |it| it.to_string());
    for it in &access.start_ups {
        let status = match it.status_before == it.status_after {
            true => status(it.status_after).to_owned(),
            false => format!("{}, then {}", status(it.status_before), status(it.status_after)),
        };
        let moves = it
            .needs
            .iter()
            .map(|it| format!("{}: {} to {}", it.need.name, links(it.before), links(it.after)));
        let moves = moves.collect::<Vec<_>>().join("; ");
        shown.push([
            it.node.name.clone(),
            figure(it.access_before),
            figure(it.access_after),
            status,
            moves,
        ]);
    }
    push_table_or(
        ctx,
        answer,
        "Access of start-ups",
        shown,
        "The access of every start-up stays as it is.",
    );
    if let (Some(was), Some(is), Some(section)) =
        (access.ceiling_before, access.ceiling_after, answer.sections.last_mut())
        && was != is
    {
        let note = format!(
            "the ceiling, by which statuses are judged: {} {before}, {} {after}",
            decimal(was),
            decimal(is),
            before = before.trim_start_matches('#'),
            after = after.trim_start_matches('#'),
        );
        section.notes.push(note);
    }
}

/// The ways to each need that moved, before and after; none without `--why`.
fn ways(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison, days: [&str; 2]) {
    let start_ups = found.access.iter().flat_map(|it| &it.start_ups);
    for (at, start_up) in start_ups.flat_map(|it| [(0, it), (1, it)]) {
        let mut evidence = Evidence::new("need");
        for it in &start_up.needs {
            let way = if at == 0 { &it.why_before } else { &it.why_after };
            let Some(way) = way else { continue };
            way.path.iter().for_each(|path| evidence.path(&it.need.name, path));
            way.met_by.iter().for_each(|tie| evidence.tie(&it.need.name, tie));
        }
        let heading = format!("{}: the ways to these needs, {}", start_up.node.name, days[at]);
        evidence.push(ctx, answer, &heading);
    }
}

/// What came and what went: with `--why` each tie with who says so.
fn records(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison) {
    for (heading, nodes) in [("What came", &found.nodes_came), ("What went", &found.nodes_went)] {
        let mut table = Table::new(&["name", "kind", "id"]);
        for it in nodes {
            table.push([it.name.clone(), it.kind.clone(), it.id.clone()]);
        }
        push_table(ctx, answer, heading, table);
    }
    if ctx.settings.why {
        let mut evidence = Evidence::new("relation");
        found.successions.iter().for_each(|it| evidence.tie(&it.relation, it));
        evidence.push(ctx, answer, "Who became whom");
    }
    for (heading, ties) in
        [("Ties that came", &found.ties_came), ("Ties that went", &found.ties_went)]
    {
        if ctx.settings.why {
            let mut evidence = Evidence::new("relation");
            ties.iter().for_each(|it| evidence.tie(&it.relation, it));
            evidence.push(ctx, answer, heading);
            continue;
        }
        let mut table = Table::new(&["tie", "says who"]);
        for it in ties {
            let who = it.says_who().map(|it| it.place()).unwrap_or_default();
            table.push([it.sentence.clone(), who]);
        }
        push_table(ctx, answer, heading, table);
    }
}

/// Every difference a row, by the finding to which it belongs.
fn rows(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison) {
    let mut all: Vec<(&str, Value)> = Vec::new();
    let node = |it: &NodeName| json!(it);
    let tie = |it: &TieEvidence| json!(it);
    all.push(("summary", json!({ "sentences": found.sentences })));
    all.extend(found.nodes_came.iter().map(|it| ("node_came", json!({ "node": node(it) }))));
    all.extend(found.nodes_went.iter().map(|it| ("node_went", json!({ "node": node(it) }))));
    all.extend(found.successions.iter().map(|it| ("succession", json!({ "tie": tie(it) }))));
    all.extend(found.ties_came.iter().map(|it| ("tie_came", json!({ "tie": tie(it) }))));
    all.extend(found.ties_went.iter().map(|it| ("tie_went", json!({ "tie": tie(it) }))));
    all.extend(found.stats.iter().flatten().map(|it| ("stats", json!(it))));
    all.extend(found.hubs.iter().flatten().map(|it| ("hubs", json!(it))));
    all.extend(found.critical.iter().flatten().map(|it| ("critical", json!(it))));
    if let Some(access) = &found.access {
        let mut whole = json!(access);
        if let Some(fields) = whole.as_object_mut() {
            fields.remove("start_ups");
        }
        all.push(("access_of_all", whole));
        all.extend(access.start_ups.iter().map(|it| ("access", json!(it))));
    }
    all.extend(found.gaps.iter().flatten().map(|it| ("gaps", json!(it))));
    for it in &found.lines {
        all.extend(it.changes.iter().map(|change| (it.finding.name(), json!(change))));
    }
    let mut n_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (list, mut row) in all {
        let n = n_of.entry(list).or_default();
        *n += 1;
        if ctx.kept(*n) < *n {
            continue;
        }
        if let Some(fields) = row.as_object_mut() {
            fields.insert("list".to_owned(), list.into());
        }
        answer.rows.push(row);
    }
}

/// "Nexus; Propel@YH and 3 more", or nobody.
fn names(nodes: &[NodeName]) -> String {
    if nodes.is_empty() {
        return "nobody".to_owned();
    }
    let shown: Vec<&str> = nodes.iter().take(NAMES).map(|it| it.name.as_str()).collect();
    match nodes.len().saturating_sub(NAMES) {
        0 => shown.join("; "),
        n => format!("{} and {n} more", shown.join("; ")),
    }
}
