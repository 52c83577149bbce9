//! `brokers`: through whom others reach each other, and between whom each stands.

use weft_graph::NodeIdx;

use crate::ecosystem::{Bridging, BrokerRow, BrokersOptions, Hub, brokers};
use crate::present::{Answer, Section, Table, count, decimal, percent};
use crate::session::context::{Context, view_note};
use crate::session::request::{Brokers, Trusted};
use crate::session::verbs::capital;
use crate::session::verbs::hubs::{trusted, why_groups};
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// Bodies shown.
const ROWS: usize = 10;

pub(super) fn run(ctx: &mut Context<'_>, options: &Brokers) -> Result<Output, Error> {
    let (snapshot, question) = ctx.sweep()?;
    let only = options.names.iter().map(|it| ctx.must_find(&snapshot, it));
    let mut only = only.collect::<Result<Vec<_>, Error>>()?;
    let is_named = !only.is_empty();
    if let Some(located) = ctx.located(&snapshot)? {
        let view = question.conduit(&snapshot);
        let is_in = |it: &NodeIdx| located.contains(it) && view.index_of(*it).is_some();
        match is_named {
            true => only.retain(is_in),
            false => only = view.nodes().iter().copied().filter(is_in).collect(),
        }
        if only.is_empty() {
            let basis = question.basis(&snapshot, &view, "conduit");
            return Ok(super::nobody_there(ctx, view_note(&basis)));
        }
    }
    let n_rows = match ctx.settings.limit {
        _ if ctx.settings.all => usize::MAX,
        None if is_named => usize::MAX,
        limit => limit.unwrap_or(ROWS),
    };
    let Trusted { stability, chance } = options.trusted;
    let asked = BrokersOptions { n_rows, only, stability, chance };
    let found = ctx.watched("ways counted", |run| brokers(&snapshot, &question, &asked, run))?;
    let mut answer = Answer {
        view: Some(view_note(&found.basis)),
        seed: Some(question.seed),
        ..Answer::default()
    };
    if is_named {
        let ids: Vec<&str> = found.rows.iter().map(|it| it.node().id.as_str()).collect();
        answer.param("names", ids);
    }
    for (name, asked) in [("stability", stability), ("chance", chance)] {
        if asked {
            answer.param(name, true);
        }
    }
    if let Some(verdict) = &found.verdict {
        answer.param("verdict", serde_json::to_value(verdict).unwrap_or_default());
    }
    super::push_notes(&mut answer, &found.notes);
    found.rows.iter().for_each(|it| answer.push_row(it));
    if found.rows.is_empty() {
        let none = "No body stands on a shortest way between two others in this view.";
        answer.push_section(Section { text: vec![none.to_owned()], ..Section::default() });
        return Ok(answer.into());
    }
    let mut figures = Table::new(&[
        "#",
        "name",
        "#partners",
        "#of shortest ways",
        "#constraint",
        "#effective size",
    ]);
    let mut roles = Table::new(&[
        "name",
        "#own kind",
        "#one other kind",
        "#own and another",
        "#two other kinds",
    ]);
    let mut in_words = Vec::new();
    for row in &found.rows {
        let (hub, name) = (&row.hub, row.node().name.clone());
        let optional = |it: Option<f64>| it.map_or("–".to_owned(), decimal);
        figures.push([
            count(hub.rank),
            name.clone(),
            count(hub.figures.n_contacts),
            percent(hub.figures.betweenness_share),
            optional(hub.figures.constraint),
            optional(hub.figures.effective_size),
        ]);
        let it = &row.roles;
        let pairs = [it.coordinator, it.itinerant, it.representative + it.gatekeeper, it.liaison];
        let [own, other, both, two] = pairs.map(|it| count((it / 2) as usize));
        roles.push([name.clone(), own, other, both, two]);
        let said = [&hub.sentence, &row.role_sentence, &hub.trust.sentence];
        let text = said.iter().map(|it| format!("{}.", capital(it))).collect();
        in_words.push(Section::text(&format!("{}. {name}", hub.rank), text));
    }
    let mut section = Section::table("Through whom others reach each other", figures);
    section.notes.clone_from(&found.notes);
    answer.push_section(section);
    let hubs: Vec<&Hub<Bridging>> = found.rows.iter().map(|it| &it.hub).collect();
    trusted(&mut answer, found.verdict.as_ref(), &hubs);
    let mut section = Section::table("Between whom they stand", roles);
    section.text.push("Pairs of its partners without a link to each other, by kind.".to_owned());
    answer.push_section(section);
    for (section, row) in in_words.into_iter().zip(&found.rows) {
        answer.push_section(section);
        why(ctx, &mut answer, row);
    }
    Ok(answer.into())
}

/// The ways through it, the kinds between which it stands, who of its contacts know each other.
fn why(ctx: &Context<'_>, answer: &mut Answer, row: &BrokerRow) {
    let Some(closed) = &row.closed_pairs else { return };
    why_groups(ctx, answer, &row.hub);
    let name = &row.node().name;
    let mut table = Table::new(&["between", "#pairs"]);
    for it in &row.open_pairs_by_kind {
        table.push([it.label.clone(), count(it.n_pairs)]);
    }
    push_table(ctx, answer, &format!("{name}: pairs without a link, by kind"), table);
    let mut evidence = Evidence::new("partner");
    for link in closed {
        link.ties.iter().for_each(|it| evidence.tie(&link.from.name, it));
    }
    evidence.push(ctx, answer, &format!("{name}: ties among its partners"));
}
