//! How a comparison is shown: what `what-if` and `diff` share.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::ecosystem::{
    Comparison, Finding, Moved, NodeName, Status, TieEvidence, all_names, names_apart,
};
use crate::present::{Answer, Section, Table, count, decimals_apart, plural};
use crate::session::context::{Context, view_note};
use crate::session::verbs::capital;
use crate::session::verbs::facts::figure_cells;
use crate::session::verbs::why::{Evidence, push_table, push_table_or};

/// A move of rank is shown of bodies that are so high on either side; data forms have all.
const TOP: usize = 10;

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
    let days = [before, after];
    if let Some(it) = &found.network {
        let mut section = Why::new();
        section.add("the network", it);
        section.push(ctx, answer, "The network", days);
    }
    let heads = |first: &str| [first.to_owned(), format!("#{before}"), format!("#{after}")];
    if let Some(figures) = &found.stats {
        let heads = heads("figure");
        let mut shown = Table::new(&heads.iter().map(String::as_str).collect::<Vec<_>>());
        for it in figures {
            let [was, is] = decimals_apart(it.before, it.after);
            shown.push([it.label.to_owned(), was, is]);
        }
        let heading = "The network in figures";
        push_table_or(ctx, answer, heading, shown, "No figure differs.");
        let whys = figures.iter().map(|it| (it.label.to_owned(), it.why.as_ref()));
        Why::of(whys).push(ctx, answer, heading, days);
    }
    hubs(ctx, answer, found, days);
    if let Some(changes) = &found.critical {
        let mut shown =
            Table::new(&["without", &format!("cut off {before}"), &format!("cut off {after}")]);
        for it in changes {
            let [was, is] = names_apart(&it.cut_off_before, &it.cut_off_after);
            shown.push([it.node.name.clone(), was, is]);
        }
        let heading = "Single points of failure";
        push_table_or(ctx, answer, heading, shown, "The same bodies cut off the same others.");
        let whys = changes.iter().map(|it| (it.node.name.clone(), it.why.as_ref()));
        Why::of(whys).push(ctx, answer, heading, days);
    }
    access(ctx, answer, found, &heads("start-up"));
    ways(ctx, answer, found, days);
    if let Some(needs) = &found.gaps {
        let mut shown = Table::new(&[
            "need",
            &format!("met by {before}"),
            &format!("met by {after}"),
            &format!("#out of reach {before}"),
            &format!("#out of reach {after}"),
        ]);
        for it in needs {
            let [was, is] = names_apart(&it.providers_before, &it.providers_after);
            shown.push([
                it.need.name.clone(),
                was,
                is,
                n_of(it.n_unreached_before, it.n_start_ups_before),
                n_of(it.n_unreached_after, it.n_start_ups_after),
            ]);
        }
        let none = "The same bodies meet the same needs, and as many start-ups reach them.";
        push_table_or(ctx, answer, "Needs", shown, none);
        let whys = needs.iter().map(|it| (it.need.name.clone(), it.why.as_ref()));
        Why::of(whys).push(ctx, answer, "Needs", days);
    }
    for it in &found.lines {
        let mut shown = Table::new(&["of", "what", before, after]);
        for it in &it.changes {
            let [was, is] = it.told();
            shown.push([it.subject.clone(), it.what.clone(), was, is]);
        }
        let heading = heading(it.finding);
        push_table_or(ctx, answer, heading, shown, "It is the same on both sides.");
        let whys = it.changes.iter();
        let whys = whys.map(|it| (format!("{}, {}", it.subject, it.what), it.why.as_ref()));
        Why::of(whys).push(ctx, answer, heading, days);
    }
}

/// "1 of 1,200".
fn n_of(n: usize, of: usize) -> String {
    format!("{} of {}", count(n), count(of))
}

/// What moved the figures of a table: one table of what they rest on before only, one of after.
struct Why {
    sides: [Evidence; 2],
    n_with_network: usize,
}

impl Why {
    fn new() -> Self {
        Self { sides: ["for", "for"].map(Evidence::new), n_with_network: 0 }
    }

    /// Of each figure with its name; nothing without `--why`.
    fn of<'a>(figures: impl Iterator<Item = (String, Option<&'a Moved>)>) -> Self {
        let mut res = Self::new();
        for (subject, moved) in figures {
            let Some(moved) = moved else { continue };
            res.add(&subject, moved);
            res.n_with_network += usize::from(moved.rests_on_network);
        }
        res
    }

    fn add(&mut self, subject: &str, moved: &Moved) {
        for (side, rests_on) in self.sides.iter_mut().zip([&moved.before, &moved.after]) {
            rests_on.ties.iter().for_each(|it| side.tie(subject, it));
            rests_on.nodes.iter().for_each(|it| side.node(subject, it));
            for it in &rests_on.figures {
                let [_, cells @ ..] = figure_cells(it);
                let [rests_on, source, place, date, certainty] = cells;
                side.row([subject.to_owned(), rests_on, source, place, date, certainty]);
            }
        }
    }

    fn push(self, ctx: &Context<'_>, answer: &mut Answer, heading: &str, days: [&str; 2]) {
        if self.n_with_network > 0
            && let Some(section) = answer.sections.last_mut()
        {
            section.notes.push(format!(
                "{} on the whole network: what moved {} stands under `The network`",
                plural(self.n_with_network, "figure rests", "figures rest"),
                if self.n_with_network == 1 { "it" } else { "them" },
            ));
        }
        for (side, day) in self.sides.into_iter().zip(days) {
            side.push(ctx, answer, &format!("{heading}: what it rests on, {day} only"));
        }
    }
}

/// How the lines of a finding are headed.
fn heading(finding: Finding) -> &'static str {
    match finding {
        Finding::Brokers => "Brokers",
        Finding::Communities => "Communities",
        Finding::Matrix => "Links between kinds",
        Finding::Introduce => "Whom start-ups should meet",
        Finding::Journey => "Journeys of start-ups",
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

fn hubs(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison, days: [&str; 2]) {
    let Some(changes) = &found.hubs else { return };
    for (meaning, heading) in [
        ("works_with_most", "Works with most"),
        ("connects_groups", "Connects groups"),
        ("shortest_way_to_all", "Shortest way to all"),
    ] {
        let [before, after] = days;
        let mut shown = Table::new(&[
            "name",
            &format!("#rank {before}"),
            &format!("#rank {after}"),
            &format!("#figure {before}"),
            &format!("#figure {after}"),
        ]);
        let rank = |it: Option<usize>| it.map_or("–".to_owned(), count);
        let of = changes.iter().filter(|it| it.meaning == meaning);
        let n_lower = of.clone().filter(|it| it.best_rank() > TOP).count();
        let told = of.filter(|it| ctx.settings.all || it.best_rank() <= TOP);
        for it in told.clone() {
            let [was, is] = decimals_apart(it.figure_before, it.figure_after);
            shown.push([it.node.name.clone(), rank(it.rank_before), rank(it.rank_after), was, is]);
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
        let whys = told.map(|it| (it.node.name.clone(), it.why.as_ref()));
        Why::of(whys).push(ctx, answer, heading, days);
    }
}

fn access(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison, heads: &[String; 3]) {
    let Some(access) = &found.access else { return };
    let [name, before, after] = heads;
    let mut shown = Table::new(&[name, before, after, "status", "needs that moved"]);
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
        let [was, is] = decimals_apart(it.access_before, it.access_after);
        shown.push([it.node.name.clone(), was, is, status, moves]);
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
        let [was, is] = decimals_apart(Some(was), Some(is));
        let note = format!(
            "the ceiling, by which statuses are judged: {was} {before}, {is} {after}",
            before = before.trim_start_matches('#'),
            after = after.trim_start_matches('#'),
        );
        section.notes.push(note);
        let judged: Vec<&str> = access
            .start_ups
            .iter()
            .filter(|it| it.is_moved_by_ceiling())
            .map(|it| it.node.name.as_str())
            .collect();
        if !judged.is_empty() {
            section.notes.push(format!(
                "{} as much ACCESS as before: judged otherwise because the ceiling moved",
                match judged.as_slice() {
                    [one] => format!("{one} has"),
                    several => format!("{} have", all_names(several.iter().copied())),
                },
            ));
        }
    }
}

/// The ways to each need that moved, before and after, and what else moved a start-up; none without
/// `--why`.
fn ways(ctx: &Context<'_>, answer: &mut Answer, found: &Comparison, days: [&str; 2]) {
    let start_ups = found.access.iter().flat_map(|it| &it.start_ups);
    let mut others = Table::new(&["start-up", "moved by"]);
    for it in start_ups.clone() {
        if let Some(moved_by) = &it.moved_by {
            others.push([it.node.name.clone(), moved_by.clone()]);
        }
    }
    push_table(ctx, answer, "Start-ups none of whose needs moved", others);
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
    all.extend(found.network.iter().map(|it| ("network", json!({ "why": it }))));
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
