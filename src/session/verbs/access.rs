//! `access`: how near each start-up is to what it needs.

use weft_graph::NodeIdx;

use crate::ecosystem::{
    Access, AccessRow, AccessTrust, NearestProvider, NeedDistance, Question, Reason, ReasonCode,
    Standing, Status, TriedStartUp, access, access_chance, access_trust,
};
use crate::present::{Answer, Section, Table, count, decimal, plural};
use crate::session::context::{Context, view_note};
use crate::session::request::Judged;
use crate::session::verbs::capital;
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Rows shown of each list.
const ROWS: usize = 30;

pub(super) fn run(ctx: &mut Context<'_>, options: &Judged) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let detailed = !options.names.is_empty() || ctx.settings.why;
    let question = Question { why: detailed, ..ctx.question()? };
    let mut found = ctx.watched("circles looked for", |run| access(&snapshot, &question, run))?;
    let mut answer = Answer {
        view: Some(view_note(&found.basis)),
        seed: Some(question.seed),
        ..Answer::default()
    };
    if !options.names.is_empty() {
        let mut ids = Vec::new();
        for name in &options.names {
            ids.push(ctx.must_find_id(name)?);
        }
        answer.param("names", ids.clone());
        let all = found.start_ups.iter().chain(&found.companies_without_stage);
        let known: Vec<String> = all.map(|it| it.node.id.clone()).collect();
        for (id, name) in ids.iter().zip(&options.names) {
            if !known.contains(id) {
                return Err(Error::usage(format!(
                    "`{name}` is neither a start-up nor a company of unknown stage in this view"
                ))
                .with_hint("`weft access` lists those that are"));
            }
        }
        found.start_ups.retain(|it| ids.contains(&it.node.id));
        found.companies_without_stage.retain(|it| ids.contains(&it.node.id));
    }
    if let Some(located) = ctx.located(&snapshot)? {
        let is_there = |id: &str| snapshot.find_node(id).is_some_and(|it| located.contains(&it));
        found.start_ups.retain(|it| is_there(&it.node.id));
        found.companies_without_stage.retain(|it| is_there(&it.node.id));
    }
    for list in [&found.start_ups, &found.companies_without_stage] {
        list.iter().take(ctx.kept(list.len())).for_each(|it| answer.push_row(it));
    }
    let n_tried = ctx.kept(found.start_ups.len());
    let bodies: Vec<NodeIdx> = found.start_ups[..n_tried]
        .iter()
        .filter_map(|it| snapshot.find_node(&it.node.id))
        .collect();
    let mut trust = None;
    if options.trusted.stability {
        answer.param("stability", true);
        let found =
            ctx.watched("networks drawn", |run| access_trust(&snapshot, &question, &bodies, run))?;
        answer.param("verdict", found.verdict.clone());
        super::add_fields(
            &mut answer,
            found.rows.iter().map(|it| serde_json::to_value(it).unwrap_or_default()),
        );
        trust = Some(found);
    }
    let mut chances = Vec::new();
    if options.trusted.chance {
        answer.param("chance", true);
        chances = ctx
            .watched("networks rewired", |run| access_chance(&snapshot, &question, &bodies, run))?;
        super::add_chances(&mut answer, &chances);
    }
    answer.param("version", found.version);
    answer.param("ceiling", found.ceiling);
    answer.param("ceiling_at", found.ceiling_at.as_ref().map(|it| it.id.clone()));
    if let Some(why) = &found.ceiling_why {
        answer.param("ceiling_why", serde_json::to_value(why).unwrap_or_default());
    }
    let without: Vec<String> =
        found.needs_without_provider.iter().map(|it| it.id.clone()).collect();
    answer.param("needs_without_provider", without);
    if found.basis.n_companies_without_stage > 0 {
        answer.warnings.push(format!(
            "no source tells the stage of {}: figures, and no status",
            plural(found.basis.n_companies_without_stage, "company", "companies")
        ));
    }
    sections(ctx, &mut answer, &found, detailed);
    let n_shown = ctx.shown(found.start_ups.len(), ROWS).0;
    trust.iter().for_each(|it| tried(&mut answer, it, &found.start_ups[..n_shown]));
    let names = found.start_ups[..n_shown].iter().map(|it| it.node.name.as_str());
    super::push_chance(&mut answer, "", names.zip(chances.iter().map(Some)));
    Ok(answer.into())
}

/// Which start-ups are under-connected whatever was tried, and what becomes of each.
fn tried(answer: &mut Answer, found: &AccessTrust, shown: &[AccessRow]) {
    if found.rows.is_empty() {
        return;
    }
    let mut table = Table::new(&[
        "name",
        "status",
        "#same in 100",
        "#usual ACCESS",
        "#rank",
        "#usual ranks",
        "on stated",
        "with inferred",
        "without one tie",
    ]);
    for (row, tried) in shown.iter().zip(&found.rows) {
        let Some(TriedStartUp { trust, stability }) = tried else { continue };
        let usual = match (decimal(trust.access_from), decimal(trust.access_to)) {
            (from, to) if from == to => from,
            (from, to) => format!("{from} to {to}"),
        };
        let status =
            |it: Option<Standing>, none: &str| it.map_or(none, |it| it.status.words()).to_owned();
        table.push([
            row.node.name.clone(),
            row.status.map_or("", Status::words).to_owned(),
            decimal(trust.n_same_status as f64 * 100.0 / stability.n_draws as f64),
            usual,
            count(trust.rank),
            stability.usual_ranks(),
            status(trust.on_stated, "not there"),
            status(trust.with_inferred, "not there"),
            status(trust.without_it, "no such tie"),
        ]);
    }
    let is_empty = table.rows.is_empty();
    let mut section = Section::table("How safe these answers are", table);
    section.table.take_if(|_| is_empty);
    section.text = found.verdict.iter().map(|it| format!("{}.", capital(it))).collect();
    if let Some(it) = found.rows.iter().flatten().next() {
        section.notes.push(format!(
            "{} draws, each without {} of the links; usual is what nine draws in ten give; rank 1 of {} \
             is the highest ACCESS; who meets which need, and how many sources name a start-up, stays in \
             the draws",
            count(it.stability.n_draws),
            count(it.stability.n_links_dropped),
            count(it.trust.n_ranked)
        ));
    }
    answer.push_section(section);
}

fn sections(ctx: &Context<'_>, answer: &mut Answer, found: &Access, detailed: bool) {
    let ceiling = match (&found.ceiling, &found.ceiling_at) {
        (Some(value), Some(at)) => format!(
            "ACCESS is 1 for a start-up that works with a provider of every need; this data allows \
             at most {} (at {}).",
            decimal(*value),
            at.name
        ),
        _ => "Nobody in the view meets any need, so ACCESS cannot be computed.".to_owned(),
    };
    let mut first = Section::table("Start-ups", table(&found.start_ups));
    first.text.push(ceiling);
    cut(ctx, &mut first, found.start_ups.len());
    answer.push_section(first);
    if !found.companies_without_stage.is_empty() {
        let rows = table(&found.companies_without_stage);
        let mut section = Section::table("Companies whose stage no source tells", rows);
        cut(ctx, &mut section, found.companies_without_stage.len());
        answer.push_section(section);
    }
    if detailed {
        for list in [&found.start_ups, &found.companies_without_stage] {
            for row in &list[..ctx.shown(list.len(), ROWS).0] {
                answer.push_section(needs_section(row));
                evidence(ctx, answer, row);
            }
        }
    }
    if !found.needs_without_provider.is_empty() {
        let names: Vec<&str> =
            found.needs_without_provider.iter().map(|it| it.name.as_str()).collect();
        let text = format!("Nobody in the view meets: {}.", names.join("; "));
        answer.push_section(Section { text: vec![text], ..Section::default() });
    }
}

/// The ties of the ways to the nearest providers, and those by which these meet the needs.
fn evidence(ctx: &Context<'_>, answer: &mut Answer, row: &AccessRow) {
    let mut evidence = Evidence::new("need");
    for need in &row.needs {
        need.path.iter().for_each(|it| evidence.path(&need.need.name, it));
        need.met_by.iter().for_each(|it| evidence.tie(&need.need.name, it));
    }
    evidence.push(ctx, answer, &format!("{}: what it rests on", row.node.name));
}

fn cut(ctx: &Context<'_>, section: &mut Section, n: usize) {
    let (limit, rest) = ctx.shown(n, ROWS);
    if let Some(table) = &mut section.table {
        table.rows.truncate(limit);
    }
    section.notes.extend(rest);
}

fn table(rows: &[AccessRow]) -> Table {
    let mut table = Table::new(&[
        "name",
        "status",
        "#ACCESS",
        "#fragility",
        "#partners",
        "#sources",
        "reasons",
    ]);
    for row in rows {
        let reasons = reasons_short(row);
        table.push([
            row.node.name.clone(),
            row.status.map_or("", status_words).to_owned(),
            row.access.map_or("–".to_owned(), decimal),
            row.fragility.map_or("–".to_owned(), decimal),
            count(row.n_links),
            count(row.n_sources),
            reasons,
        ]);
    }
    table
}

/// The reasons in a cell: needs are counted here and named one by one where a start-up is opened.
fn reasons_short(row: &AccessRow) -> String {
    let is_need = |it: &&Reason| matches!(it.code, ReasonCode::Far | ReasonCode::Missing);
    let n_far = row.reasons.iter().filter(is_need).count();
    let mut words: Vec<String> =
        row.reasons.iter().filter(|it| !is_need(it)).map(|it| it.sentence.clone()).collect();
    let n_all = row.needs.len();
    if n_all > 0 && row.needs.iter().all(|it| it.distance.is_none()) && n_far == n_all {
        words.push(match n_all {
            1 => "no way leads to its one need".to_owned(),
            all => format!("no way leads to any of its {all} needs"),
        });
    } else if n_far > 0 {
        words.push(match (n_far, row.needs.len()) {
            (1, 1) => "its one need is three steps away or more".to_owned(),
            (n, all) if n == all => format!("all {all} needs are three steps away or more"),
            (1, all) => format!("1 of {all} needs is three steps away or more"),
            (n, all) => format!("{n} of {all} needs are three steps away or more"),
        });
    }
    words.join("; ")
}

/// The status as people read it.
pub(super) fn status_words(status: Status) -> &'static str {
    match status {
        Status::NotEnoughData => "not enough data: check first",
        status => status.words(),
    }
}

/// One start-up's needs, each with its distance and its nearest provider.
pub(super) fn needs_section(row: &AccessRow) -> Section {
    Section {
        heading: Some(row.node.name.clone()),
        text: vec![row.sentence.clone()],
        table: Some(needs_table(&row.needs, &[])),
        notes: Vec::new(),
    }
}

///
/// `beyond` says whom to go to for those that are far, and whom to ask where no path leads.
pub(super) fn needs_table(needs: &[NeedDistance], beyond: &[NearestProvider]) -> Table {
    let mut table = Table::new(&["need", "#links", "nearest provider", "how"]);
    for need in needs {
        let far = beyond.iter().find(|it| it.need.id == need.need.id);
        let (provider, distance, path) = match far {
            Some(it) => (Some(&it.provider), it.distance, &it.path),
            None => (need.nearest_provider.as_ref(), need.distance, &need.path),
        };
        let how = match (path, far) {
            (Some(path), _) => path.sentence.clone(),
            (None, Some(far)) => {
                let ask = super::ask_instead(&far.provider, far.ask_network.as_ref());
                format!("nobody in the data can introduce{ask}")
            }
            (None, None) => String::new(),
        };
        table.push([
            need.need.name.clone(),
            distance.map_or("no path".to_owned(), |it| it.to_string()),
            provider.map_or(String::new(), |it| it.name.clone()),
            how,
        ]);
    }
    table
}
