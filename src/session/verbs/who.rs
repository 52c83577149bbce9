//! `who X`: who connects to whom, how, since when, and who says so.

use std::collections::BTreeSet;

use weft_graph::Snapshot;

use crate::ecosystem::{ClaimEvidence, NodeName, Who, WhoOptions, WhoTie, known_on, who};
use crate::present::{Answer, Section, Table, ViewNote, count};
use crate::session::context::{Context, more_note, view_note};
use crate::session::request;
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// Ties shown of a relation.
const TIES: usize = 50;

pub(super) fn run(ctx: &mut Context<'_>, options: &request::Who) -> Result<Output, Error> {
    let (id, is_chosen_by_kind) = match ctx.must_find_id(&options.name) {
        Ok(id) => (id, false),
        Err(err) => (chosen_by_kind(ctx, err)?, true),
    };
    let with = options.with.as_deref().map(|it| ctx.must_find_id(it)).transpose()?;
    let mut question = ctx.question()?;
    // Kinds choose among the neighbours here, unless they had to choose the body; it is always in.
    let kinds = std::mem::take(&mut question.kinds).into_iter().filter(|_| !is_chosen_by_kind);
    let schema = ctx.words()?;
    let kinds: Vec<String> = kinds.map(|it| schema.kind(it).id.clone()).collect();
    if question.as_of.is_none() {
        // The newest source of the whole store, which the surroundings alone would not tell.
        question.as_of = ctx.newest_source()?;
    }
    // Where a neighbour is stands beyond what is around the body.
    let located: Option<BTreeSet<String>> = match ctx.settings.place {
        None => None,
        Some(_) => {
            let all = ctx.snapshot()?;
            let id = |it| all.node(it).id().to_owned();
            ctx.located(&all)?.map(|it| it.into_iter().map(id).collect())
        }
    };
    let (snapshot, counts) = match ctx.settings.revision {
        Some(_) => (ctx.snapshot()?, Vec::new()),
        // Without a schema the words of a part are numbered otherwise than those of the whole.
        None if ctx.schema().is_open() => (ctx.snapshot()?, Vec::new()),
        None => {
            let all = ctx.settings.all || with.is_some() || !kinds.is_empty() || located.is_some();
            let around = ctx.database.surroundings(&id, all)?;
            let around = around.ok_or_else(|| Error::not_found(&options.name, Vec::new()))?;
            (
                known_on(&around.snapshot.at_floor(ctx.floor()), question.as_of),
                if around.is_cut { around.counts } else { Vec::new() },
            )
        }
    };
    let idx = snapshot.find_node(&id).ok_or_else(|| Error::not_found(&options.name, Vec::new()))?;
    let n_ties = if ctx.settings.all { usize::MAX } else { ctx.settings.limit.unwrap_or(TIES) };
    let who_options = WhoOptions {
        n_ties: if with.is_some() || !kinds.is_empty() || located.is_some() {
            usize::MAX
        } else {
            n_ties
        },
    };
    let mut found = who(&snapshot, &question, idx, &who_options)?;
    if with.is_some() || !kinds.is_empty() || located.is_some() {
        let is_wanted = |it: &NodeName| {
            located.as_ref().is_none_or(|there| there.contains(&it.id))
                && with.as_ref().is_none_or(|with| it.id == *with)
                && (kinds.is_empty() || kinds.contains(&it.kind))
        };
        for relation in &mut found.relations {
            relation.ties.retain(|it| is_wanted(&it.neighbour));
            relation.n_ties = relation.ties.len();
            relation.ties.truncate(ctx.kept(relation.n_ties));
        }
        found.relations.retain(|it| !it.ties.is_empty());
        let n_left: usize = found.relations.iter().map(|it| it.n_ties).sum();
        found.sentence = format!("{}; {} of them as asked", found.sentence, count(n_left));
    }
    // Only the surroundings were read, so the counts speak of them.
    let view = ViewNote { name: "surroundings".to_owned(), ..view_note(&found.basis) };
    let mut answer = Answer { view: Some(view), ..Answer::default() };
    answer.param("of", id);
    if let Some(with) = with {
        answer.param("with", with);
    }
    for relation in &found.relations {
        for it in &relation.ties {
            answer.rows.push(row(&found, &relation.verb, it));
        }
    }
    // Those that are denied and in the view stand above already.
    let is_shown = |it: &WhoTie| {
        found.relations.iter().flat_map(|it| &it.ties).any(|shown| shown.tie.id == it.tie.id)
    };
    for it in found.why.iter().flatten().filter(|it| !is_shown(it)) {
        answer.rows.push(row(&found, "", it));
    }
    sections(&snapshot, &mut answer, &found, &counts);
    why_sections(ctx, &mut answer, &found);
    Ok(answer.into())
}

fn row(found: &Who, verb: &str, it: &WhoTie) -> serde_json::Value {
    let mut row = serde_json::json!({
        "node": found.node, "relation": it.tie.relation, "verb": verb,
        "neighbour": it.neighbour, "sentence": it.sentence,
        "valid_from": it.tie.valid_from, "valid_to": it.tie.valid_to, "amount": it.tie.amount,
        "role": it.tie.role, "key": it.tie.key, "properties": it.tie.properties,
        "certainty": it.tie.certainty, "tie": it.tie.id, "claims": it.tie.claims,
    });
    if let (Some(row), true) = (row.as_object_mut(), found.why.is_some()) {
        row.insert("denial".to_owned(), it.tie.denial().into());
    }
    row
}

/// Of several bodies of one name the only one of the kinds asked for.
fn chosen_by_kind(ctx: &Context<'_>, err: Error) -> Result<String, Error> {
    let schema = ctx.words()?;
    let kinds: Vec<&str> = ctx.kinds()?.into_iter().map(|it| schema.kind(it).id.as_str()).collect();
    let is_wanted = |it: &&crate::session::Candidate| kinds.contains(&it.kind.as_str());
    let chosen: Vec<_> = err.candidates().iter().filter(is_wanted).collect();
    match chosen.as_slice() {
        [one] if err.is_ambiguous() => Ok(one.id.clone()),
        _ => Err(err),
    }
}

/// Every claim on the ties, and the ties that a source denies; none without `--why`.
fn why_sections(ctx: &Context<'_>, answer: &mut Answer, found: &Who) {
    let Some(denied) = &found.why else { return };
    let mut evidence = Evidence::new("who");
    for it in found.relations.iter().flat_map(|it| &it.ties) {
        evidence.tie(&it.neighbour.name, &it.tie);
    }
    evidence.push(ctx, answer, "What the ties rest on");
    let mut table = Table::new(&["tie", "denied", "certainty"]);
    for it in denied {
        table.push([
            it.sentence.clone(),
            it.tie.denial().unwrap_or_default(),
            it.tie.certainty.as_str().to_owned(),
        ]);
    }
    push_table(ctx, answer, "Ties that a source denies", table);
}

fn sections(
    snapshot: &Snapshot,
    answer: &mut Answer,
    found: &Who,
    counts: &[(String, bool, usize)],
) {
    let n_all: usize = counts.iter().map(|it| it.2).sum();
    let sentence = match counts.is_empty() {
        true => found.sentence.clone(),
        // Only the first of its ties were read, so the sentence about them would mislead.
        false => format!("{} has {} ties in all", found.node.name, count(n_all)),
    };
    let mut first = Section::text(&found.node.name, vec![sentence]);
    if !counts.is_empty() {
        let mut table = Table::new(&["relation", "", "#ties in all"]);
        for (relation, is_outgoing, n) in counts {
            let way = if *is_outgoing { "to" } else { "from" };
            table.push([relation.clone(), way.to_owned(), crate::present::count(*n)]);
        }
        first.table = Some(table);
        first
            .notes
            .push("Too many to read at once: below are the first; `--all` reads all.".into());
    }
    answer.push_section(first);
    for relation in &found.relations {
        let mut table = Table::new(&["who", "kind", "since", "until", "certainty", "says who"]);
        for it in &relation.ties {
            let date =
                |it: Option<weft_value::PartialDate>| it.map_or(String::new(), |it| it.to_string());
            let claim = it.tie.says_who();
            let amount =
                it.tie.amount.as_ref().map(|it| format!(", {}", crate::present::money(it)));
            let role = it.tie.role.as_ref().map(|it| format!(" ({it})"));
            table.push([
                format!(
                    "{}{}{}",
                    it.neighbour.name,
                    amount.unwrap_or_default(),
                    role.unwrap_or_default()
                ),
                super::kind_label(snapshot, &it.neighbour),
                date(it.tie.valid_from),
                date(it.tie.valid_to),
                it.tie.certainty.as_str().to_owned(),
                claim.map_or(String::new(), ClaimEvidence::place),
            ]);
        }
        let mut section = Section::table(&relation.verb, table);
        if relation.n_ties > relation.ties.len() {
            let n = relation.n_ties - relation.ties.len();
            section.notes.push(more_note(n));
        }
        answer.push_section(section);
    }
}
