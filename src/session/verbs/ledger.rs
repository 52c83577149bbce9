//! `introduce log|accept|decline|made|outcome`: writes down how far an introduction is; `introduce list`:
//! all of them, and what those of each programme led to.

use weft_graph::{NodeRef, Snapshot};
use weft_store::RevisionInfo;

use crate::ecosystem::{Entry, Stage, Step, ledger, span, step, tie_evidence};
use crate::present::{Answer, Section, Table, count};
use crate::session::context::Context;
use crate::session::request::{self, WriteDown};
use crate::session::{Error, Output};

/// Rows shown.
const ROWS: usize = 30;

pub(super) fn write_down(ctx: &mut Context<'_>, options: &WriteDown) -> Result<Output, Error> {
    let snapshot = ctx.recorded()?;
    let find = |text: &String| ctx.must_find(&snapshot, text);
    let what = match &options.step {
        request::Step::Log { by, programme } => Step::Propose {
            by: by.iter().map(find).collect::<Result<_, _>>()?,
            programme: programme.as_ref().map(find).transpose()?,
        },
        request::Step::Accept => Step::To(Stage::Accepted),
        request::Step::Decline => Step::To(Stage::Declined),
        request::Step::Made => Step::To(Stage::Made),
        request::Step::Outcome(text) => Step::Outcome(text.clone()),
    };
    let day = options.day.or(ctx.settings.today);
    let day = day.ok_or_else(|| Error::usage("there is no clock; say the day with `--date`"))?;
    let (start_up, to) = (find(&options.start_up)?, find(&options.to)?);
    let note = options.note.clone();
    let entry = Entry { start_up, to, day, who: ctx.settings.who.clone(), note };
    let changes = step(&snapshot, &entry, &what)?;
    let mut answer = Answer::default();
    if matches!(what, Step::Propose { .. }) {
        answer.warnings.extend(doubts(&snapshot, &entry));
    }
    let [start_up, to] = [start_up, to].map(|it| snapshot.node(it).name().to_owned());
    let words = match &what {
        Step::Propose { .. } => "is proposed".to_owned(),
        Step::To(stage) => format!("is {}", stage.as_str()),
        Step::Outcome(text) => format!("led to: {text}"),
    };
    let info = RevisionInfo {
        when: ctx.settings.now.clone(),
        who: ctx.settings.who.clone(),
        what: format!("introduction of {start_up} to {to} {words}"),
        dataset: String::new(),
    };
    let day_before = ctx.newest_source()?;
    let applied = ctx.database.apply(&changes, &info)?;
    let day_after = ctx.newest_source()?;
    answer.rows.push(serde_json::json!({
        "start_up": start_up, "to": to, "step": words, "day": day, "revision": applied.revision,
    }));
    let mut text = vec![format!("The introduction of {start_up} to {to} {words}, as of {day}.")];
    match what {
        Step::Propose { .. } => {
            text.push("It is no tie until it is made: no figure changes before.".to_owned());
        }
        Step::To(Stage::Made) => {
            text.push("It is a tie now, and counts for access.".to_owned());
        }
        _ => {}
    }
    if let Some(after) = day_after.filter(|_| day_before != day_after) {
        let before = day_before.map(|it| format!(", no longer of {it} (`--as-of {it}`)"));
        text.push(format!("Answers speak of {after} now{}.", before.unwrap_or_default()));
    }
    answer.push_section(Section { text, ..Section::default() });
    Ok(answer.into())
}

/// What speaks against an introduction: one of the two is not there on that day, or they know each other.
fn doubts(snapshot: &Snapshot, entry: &Entry) -> Vec<String> {
    let key = entry.day.last_key();
    let absent = [entry.start_up, entry.to].map(|it| snapshot.node(it));
    let absent = absent.into_iter().filter(|it| !it.is_valid_at(key));
    let span = |it: NodeRef<'_>| span(it.valid_from(), it.valid_to()).unwrap_or_default();
    let mut res: Vec<String> =
        absent.map(|it| format!("{} is not there on that day ({})", it.name(), span(it))).collect();
    let known = snapshot.ties_of(entry.start_up).find(|&it| {
        let tie = snapshot.tie(it);
        tie.other(entry.start_up) == entry.to && tie.relation().conduit && tie.is_valid_at(key)
    });
    res.extend(known.map(|it| {
        format!("they know each other already: {}", tie_evidence(snapshot, it).sentence)
    }));
    res
}

pub(super) fn run(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let found = ledger(&ctx.recorded()?, ctx.settings.as_of);
    let mut answer = Answer::default();
    let n_kept = ctx.kept(found.rows.len());
    found.rows.iter().take(n_kept).for_each(|it| answer.push_row(it));
    answer.param("programmes", serde_json::to_value(&found.programmes).unwrap_or_default());
    if found.rows.is_empty() {
        let text = "No introduction is written down: `weft introduce log START_UP BODY` does.";
        answer.push_section(Section { text: vec![text.to_owned()], ..Section::default() });
        return Ok(answer.into());
    }
    let mut table = Table::new(&["start-up", "meets", "by", "status", "since", "led to"]);
    for it in &found.rows {
        let by: Vec<&str> = it.by.iter().map(|it| it.name.as_str()).collect();
        let since = it.days.get(it.status.as_str()).map_or(String::new(), ToString::to_string);
        table.push([
            it.start_up.name.clone(),
            it.to.name.clone(),
            by.join(", then "),
            it.status.as_str().to_owned(),
            since,
            it.outcome.clone().unwrap_or_default(),
        ]);
    }
    let (limit, rest) = ctx.shown(table.rows.len(), ROWS);
    table.rows.truncate(limit);
    let mut section = Section::table("Introductions", table);
    section.notes.extend(rest);
    answer.push_section(section);
    let mut table =
        Table::new(&["programme", "#proposed", "#accepted", "#declined", "#made", "led to"]);
    for it in &found.programmes {
        let name = it.programme.as_ref().map_or("outside any", |it| it.name.as_str());
        table.push([
            name.to_owned(),
            count(it.n_proposed),
            count(it.n_accepted),
            count(it.n_declined),
            count(it.n_made),
            it.outcomes.join("; "),
        ]);
    }
    answer.push_section(Section::table("What the introductions of each programme led to", table));
    Ok(answer.into())
}
