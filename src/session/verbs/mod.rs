//! The verbs, one file each.

mod access;
mod brokers;
mod canvas;
mod check;
mod communities;
mod comparison;
mod critical;
mod diff;
mod draw;
pub(super) mod explain;
mod export;
mod facts;
mod find;
mod flows;
mod gaps;
mod history;
mod hubs;
mod import;
pub(super) mod init;
mod introduce;
mod journey;
mod ledger;
mod matrix;
mod path;
mod project;
mod rank;
mod report;
mod schema;
mod show;
mod similar;
mod sources;
mod stats;
mod status;
mod undo;
mod what_if;
mod who;
mod why;

use super::context::Context;
use super::{Error, Output, Request};
use serde_json::json;
use weft_graph::Snapshot;

use crate::ecosystem::{Chance, NodeName, SuspectedDuplicate};
use crate::present::{Answer, Section, Table, ViewNote, decimal};
use crate::transfer::check;

/// Runs a verb on an open store.
pub(super) fn run(ctx: &mut Context<'_>, request: &Request) -> Result<Output, Error> {
    match request {
        Request::Init(_) | Request::Explain(_) | Request::Query(_) | Request::Ask(_) => {
            Err(Error::usage("this verb runs without an open store"))
        }
        Request::Status => status::run(ctx),
        Request::Schema(options) => schema::run(ctx, options),
        Request::Import(options) => import::run(ctx, options),
        Request::Check(options) => check::run(ctx, options),
        Request::Sources => sources::run(ctx),
        Request::History(options) => history::run(ctx, options),
        Request::Undo(options) => undo::run(ctx, options),
        Request::Find(options) => find::run(ctx, options),
        Request::Show(options) => show::run(ctx, options),
        Request::Who(options) => who::run(ctx, options),
        Request::Path(options) => path::run(ctx, options),
        Request::Similar(options) => similar::run(ctx, options),
        Request::Project(options) => project::run(ctx, options),
        Request::Stats => stats::run(ctx),
        Request::Facts(options) => facts::run(ctx, options),
        Request::Hubs(options) => hubs::run(ctx, options),
        Request::Rank(options) => rank::run(ctx, options),
        Request::Brokers(options) => brokers::run(ctx, options),
        Request::Communities(options) => communities::run(ctx, options),
        Request::Critical(options) => critical::run(ctx, options),
        Request::Gaps(options) => gaps::run(ctx, options),
        Request::Access(options) => access::run(ctx, options),
        Request::Introduce(options) => introduce::run(ctx, options),
        Request::WriteDown(options) => ledger::write_down(ctx, options),
        Request::Ledger => ledger::run(ctx),
        Request::Canvas => canvas::run(ctx),
        Request::Journey(options) => journey::run(ctx, options),
        Request::Matrix(options) => matrix::run(ctx, options),
        Request::Flows => flows::run(ctx),
        Request::WhatIf(options) => what_if::run(ctx, options),
        Request::Diff(options) => diff::run(ctx, options),
        Request::Draw(options) => draw::run(ctx, options),
        Request::Report(options) => report::run(ctx, options),
        Request::Export(options) => export::run(ctx, options),
    }
}

/// Pairs of nodes whose names are so alike that they may be one body.
fn suspected_duplicates(snapshot: &Snapshot) -> Vec<SuspectedDuplicate> {
    let found = check(snapshot).into_iter().filter(|it| it.code == "suspected_duplicate");
    found
        .filter_map(|it| {
            let (a, b) = it.value.split_once('|')?;
            let (a, b) = (snapshot.find_node(a)?, snapshot.find_node(b)?);
            Some(SuspectedDuplicate { a, b, reason: it.message })
        })
        .collect()
}

/// Which figures differ from chance, by name of the body; nothing where it was not asked.
///
/// `held` says more of what is held against what, if it is no body's figure against its own.
fn push_chance<'a>(
    answer: &mut Answer,
    held: &str,
    rows: impl Iterator<Item = (&'a str, Option<&'a Chance>)>,
) {
    let mut table = Table::new(&["name", "#times chance", "#p", "in words"]);
    let mut reason = None;
    for (name, it) in rows.filter_map(|(name, it)| Some((name, it?))) {
        let (Some(higher), Some(lower)) = (it.p_higher, it.p_lower) else {
            reason = Some(it.sentence.clone());
            continue;
        };
        let p = format!("{:.3}", higher.min(lower));
        let times = it.times_expected.map_or("\u{2013}".to_owned(), decimal);
        table.push([name.to_owned(), times, p, it.sentence.clone()]);
    }
    if let Some(reason) = reason {
        answer
            .push_section(Section::text("Against chance", vec![format!("{}.", capital(&reason))]));
    } else if !table.rows.is_empty() {
        let note = format!(
            "999 networks in which every body keeps its ties of each relation, but to others of the same \
             kind; p is the share of them with a figure as far up (or down){held}"
        );
        answer.push_section(Section::table("Against chance", table).note(&note));
    }
}

/// Adds to each of the first rows whether its figure differs from chance.
fn add_chances(answer: &mut Answer, chances: &[Chance]) {
    let fields = chances.iter().map(|it| json!({ "chance": it }));
    add_fields(answer, fields);
}

/// Adds to each of the first rows what an object holds.
fn add_fields(answer: &mut Answer, added: impl Iterator<Item = serde_json::Value>) {
    for (row, added) in answer.rows.iter_mut().zip(added) {
        if let (Some(fields), serde_json::Value::Object(added)) = (row.as_object_mut(), added) {
            fields.extend(added);
        }
    }
}

/// The answer where no body of the view is in the place that was named.
fn nobody_there(ctx: &Context<'_>, view: ViewNote) -> Output {
    let place = ctx.settings.place.as_deref().unwrap_or_default();
    let words = format!("no body of this view is in `{place}`, or in a place that is part of it");
    let mut answer = Answer { view: Some(view), ..Answer::default() };
    answer.push_section(Section {
        text: vec![format!("{}.", capital(&words))],
        ..Section::default()
    });
    // A pipe would else get no word at all.
    answer.warnings.push(words);
    answer.into()
}

/// What people call the kind of a body.
fn kind_label(snapshot: &Snapshot, body: &NodeName) -> String {
    let schema = snapshot.schema();
    let label = schema.kind_id(&body.kind).map(|it| schema.kind(it).label.clone());
    label.unwrap_or_else(|| body.kind.clone())
}

/// What stands below the tables as notes of a finding, for the data forms.
fn push_notes(answer: &mut Answer, notes: &[String]) {
    if !notes.is_empty() {
        answer.param("notes", notes);
    }
}

/// Whom to ask where nobody can introduce: "; ask the Forum".
fn ask_instead(to: &NodeName, network: Option<&NodeName>) -> String {
    match network {
        None => String::new(),
        Some(network) if network.id == to.id => {
            "; it is a network itself, so write to it".to_owned()
        }
        Some(network) => format!("; ask {}", network.name),
    }
}

/// A text for stdout, or for the file that `-o` names.
fn written(text: String, output: Option<&std::path::Path>, notes: Vec<String>) -> Output {
    match output {
        Some(path) if path.as_os_str() != "-" => {
            let mut notes = notes;
            notes.push(format!("written to `{}`", path.display()));
            Output { files: vec![(path.to_owned(), text.into_bytes())], notes, ..Output::default() }
        }
        _ => Output { text: Some(text), notes, ..Output::default() },
    }
}

/// A text as it stands at the beginning of a sentence.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

impl From<Answer> for Output {
    fn from(answer: Answer) -> Self {
        Self { answer: Some(answer), ..Self::default() }
    }
}
