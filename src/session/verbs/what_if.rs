//! `what-if`: findings before and after a body leaves, a tie comes or ends, or the day is another.

use weft_graph::{Ends, NodeIdx, RelationId, Snapshot, TieIdx};

use crate::ecosystem::{
    Finding, Question, Side, Supposition, compare, known_on, span, suppose, tie_evidence,
};
use crate::present::Answer;
use crate::session::context::Context;
use crate::session::request::WhatIf;
use crate::session::verbs::comparison;
use crate::session::{Error, ErrorKind, Output};

pub(super) fn run(ctx: &mut Context<'_>, options: &WhatIf) -> Result<Output, Error> {
    let findings = comparison::findings(&options.findings);
    let needs_sweep = [Finding::Hubs, Finding::Stats].iter().any(|it| findings.contains(it));
    let (snapshot, asked) = match needs_sweep {
        true => ctx.sweep()?,
        false => (ctx.snapshot()?, ctx.question()?),
    };
    let mut answer = Answer { seed: Some(asked.seed), ..Answer::default() };
    let mut suppositions = Vec::new();
    for text in &options.without {
        suppositions.push(without(ctx, &snapshot, text)?);
    }
    for text in &options.add {
        suppositions.push(added(ctx, &snapshot, text, &mut answer)?);
    }
    let at = |as_of| Question { as_of, ..asked.clone() };
    // The newest source may leave with a body, and must not take the day with it.
    let recorded = ctx.recorded()?.at_floor(ctx.floor());
    let usual = Question { as_of: None, ..asked.clone() }.day(&recorded);
    let (before, after) = match (suppositions.is_empty(), asked.as_of) {
        (true, None) => {
            return Err(Error::usage("nothing is supposed to be otherwise").with_hint(
                "use `--without NAME`, `--add \"NAME partners_with NAME\"` or `--as-of DATE`",
            ));
        }
        (true, day) => (at(usual), at(day)),
        (false, day) => (at(day.or(usual)), at(day.or(usual))),
    };
    answer.param("without", options.without.clone());
    answer.param("add", options.add.clone());
    for (supposition, text) in suppositions.iter().zip(options.without.iter().chain(&options.add)) {
        let idle = idle(&snapshot, &after, supposition, text);
        answer.warnings.extend(idle);
    }
    refuse_ties_of_those_who_leave(&snapshot, &suppositions)?;
    let other = suppose(&snapshot, &suppositions).map_err(|err| {
        Error::usage(err.to_string()).with_hint("a body that leaves cannot have a new tie")
    })?;
    // Beside another day stands what is known by now.
    let snapshot = match suppositions.is_empty() {
        true => known_on(&recorded, before.as_of),
        false => snapshot,
    };
    let found = ctx.watched("ways counted", |run| {
        let before = Side { snapshot: &snapshot, question: &before };
        let after = Side { snapshot: &other, question: &after };
        compare(before, after, &findings, run)
    })?;
    comparison::show(ctx, &mut answer, &found, ["before", "after"]);
    Ok(answer.into())
}

/// Why a supposition changes nothing, or no link, on the day that is asked for.
fn idle(
    snapshot: &Snapshot,
    question: &Question,
    supposition: &Supposition,
    text: &str,
) -> Option<String> {
    let view = question.everything(snapshot);
    let is_in = |it: NodeIdx| view.index_of(it).is_some();
    let out = |it: NodeIdx| {
        let node = snapshot.node(it);
        let name = node.name();
        match span(node.valid_from(), node.valid_to()) {
            Some(span) => format!("{name} is not in here ({span})"),
            None => format!("{name} is not in here"),
        }
    };
    let all: Vec<TieIdx> = (0..view.m() as u32).flat_map(|it| view.ties(it)).copied().collect();
    match supposition {
        Supposition::Without(idx) if !is_in(*idx) => {
            Some(format!("{}: nothing changes when it leaves", out(*idx)))
        }
        Supposition::WithoutTies(ties) if ties.iter().all(|it| !all.contains(it)) => {
            Some(format!("`{text}` is not in here: nothing changes when it ends"))
        }
        Supposition::Without(_) | Supposition::WithoutTies(_) => None,
        Supposition::Add { source, relation, target } => {
            let ends = [source, target].map(|it| snapshot.find_node(it));
            let [Some(from), Some(to)] = ends else { return None };
            if let Some(missing) = [from, to].into_iter().find(|it| !is_in(*it)) {
                return Some(format!("{}: a tie of it changes nothing", out(missing)));
            }
            let is_same = |it: &&TieIdx| {
                let tie = snapshot.tie(**it);
                let (a, b) = (tie.source(), tie.target());
                let is_turned = tie.relation().symmetric && (a, b) == (to, from);
                tie.relation().id == *relation && ((a, b) == (from, to) || is_turned)
            };
            let known = all.iter().find(is_same)?;
            let sentence = tie_evidence(snapshot, *known).sentence;
            Some(format!("there is such a tie already, and one more joins nobody: {sentence}"))
        }
    }
}

fn refuse_ties_of_those_who_leave(
    snapshot: &Snapshot,
    suppositions: &[Supposition],
) -> Result<(), Error> {
    let leave = suppositions.iter().filter_map(|it| match it {
        Supposition::Without(idx) => Some(snapshot.node(*idx)),
        _ => None,
    });
    for node in leave {
        let has_new_tie = |it: &Supposition| {
            matches!(it, Supposition::Add { source, target, .. }
                if [source, target].iter().any(|it| *it == node.id()))
        };
        if suppositions.iter().any(has_new_tie) {
            let message = format!("`{}` leaves, and cannot have a new tie", node.name());
            return Err(Error::usage(message)
                .with_hint("leave out the one `--without` or the other `--add`"));
        }
    }
    Ok(())
}

/// A body that leaves, or a tie that ends.
fn without(ctx: &Context<'_>, snapshot: &Snapshot, text: &str) -> Result<Supposition, Error> {
    match ctx.must_find(snapshot, text) {
        Ok(idx) => Ok(Supposition::Without(idx)),
        Err(err) => {
            let Some((source, relation, target)) = tie_in_words(ctx, snapshot, text) else {
                return Err(err);
            };
            let between = |it: &TieIdx| {
                let tie = snapshot.tie(*it);
                let ends = (tie.source(), tie.target());
                let is_turned = tie.relation().symmetric && ends == (target, source);
                tie.relation_id() == relation && (ends == (source, target) || is_turned)
            };
            let ties: Vec<_> = snapshot.ties_of(source).filter(between).collect();
            if ties.is_empty() {
                return Err(Error::unknown(format!("there is no tie `{text}`"))
                    .with_hint("`weft who NAME --with NAME` lists the ties between two bodies"));
            }
            Ok(Supposition::WithoutTies(ties))
        }
    }
}

/// A tie that comes.
fn added(
    ctx: &Context<'_>,
    snapshot: &Snapshot,
    text: &str,
    answer: &mut Answer,
) -> Result<Supposition, Error> {
    let Some((source, relation, target)) = tie_in_words(ctx, snapshot, text) else {
        return Err(not_a_tie(ctx, snapshot, text));
    };
    let schema = snapshot.schema();
    let word = schema.relation(relation);
    if source == target {
        let name = snapshot.node(source).name();
        return Err(Error::usage(format!("`{name}` cannot have a tie to itself"))
            .with_hint("name two bodies: `--add \"NAME partners_with NAME\"`"));
    }
    for (end, idx, what) in [(Ends::Source, source, "start"), (Ends::Target, target, "end")] {
        let node = snapshot.node(idx);
        if !schema.allows(relation, end, node.kind_id()) {
            let label = &node.kind().label;
            return Err(Error::usage(format!(
                "no tie `{}` may {what} at `{}`, which is of the kind `{label}`",
                word.id,
                node.name()
            ))
            .with_hint("`weft schema` lists which kinds each relation ties"));
        }
    }
    if !word.conduit {
        answer.warnings.push(format!(
            "no introduction travels along `{}`, so it changes no link of the conduit view",
            word.id
        ));
    }
    let id = |it: NodeIdx| snapshot.node(it).id().to_owned();
    Ok(Supposition::Add { source: id(source), relation: word.id.clone(), target: id(target) })
}

/// Reads "A partners_with B" or "A is hosted by B": the first relation that leaves two names.
fn tie_in_words(
    ctx: &Context<'_>,
    snapshot: &Snapshot,
    text: &str,
) -> Option<(NodeIdx, RelationId, NodeIdx)> {
    let find = |name: &str| ctx.must_find(snapshot, name.trim()).ok();
    for (left, relation, right, is_forward) in splits(snapshot, text) {
        if let (Some(left), Some(right)) = (find(left), find(right)) {
            let (source, target) = if is_forward { (left, right) } else { (right, left) };
            return Some((source, relation, target));
        }
    }
    None
}

/// Every way to read a text as a name, a relation by its id or verb, and a name.
fn splits<'a>(snapshot: &Snapshot, text: &'a str) -> Vec<(&'a str, RelationId, &'a str, bool)> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        // Letters that change their length in small letters: places in the two would differ.
        return Vec::new();
    }
    let mut res = Vec::new();
    for (at, relation) in snapshot.schema().relations().iter().enumerate() {
        let id = RelationId(at as u16);
        let (there, back) = (relation.forward.to_lowercase(), relation.backward.to_lowercase());
        let words = [
            (relation.id.clone(), true),
            (relation.id.replace('_', " "), true),
            (there, true),
            (format!("is {back}"), false),
            (back, false),
        ];
        for (word, is_forward) in words {
            let word = format!(" {word} ");
            res.extend(
                lower.match_indices(&word).map(|(from, word)| {
                    (&text[..from], id, &text[from + word.len()..], is_forward)
                }),
            );
        }
    }
    res
}

/// Says which part of a text is no name, or that no relation stands in it.
fn not_a_tie(ctx: &Context<'_>, snapshot: &Snapshot, text: &str) -> Error {
    let hint = "write it as `\"NAME partners_with NAME\"`; `weft schema` lists the relations";
    let fault = splits(snapshot, text).iter().find_map(|(left, _, right, _)| {
        let of = |name: &str| ctx.must_find_id(name.trim()).err();
        of(left).or_else(|| of(right)).filter(|it| it.kind() == ErrorKind::Name)
    });
    fault.or_else(|| unknown_relation(ctx, snapshot, text)).unwrap_or_else(|| {
        Error::usage(format!("`{text}` is no tie: a name, a relation and a name")).with_hint(hint)
    })
}

/// Says of a text that begins and ends with names which word between them is no relation.
fn unknown_relation(ctx: &Context<'_>, snapshot: &Snapshot, text: &str) -> Option<Error> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |it: &[&str]| ctx.must_find_id(&it.join(" ")).is_ok();
    let left = (1..words.len().saturating_sub(1)).rev().find(|&it| is_name(&words[..it]))?;
    let right = (left + 1..words.len()).find(|&it| is_name(&words[it..]))?;
    let word = words[left..right].join(" ");
    let relations = snapshot.schema().relations().iter();
    let known = relations.flat_map(|it| [&it.id, &it.forward, &it.backward]).map(String::as_str);
    let hint = weft_formats::did_you_mean(&word, known, "`weft schema` lists the relations");
    Some(Error::unknown(format!("`{word}` is no relation of the schema")).with_hint(hint))
}
