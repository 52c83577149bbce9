//! `what-if`: findings before and after a body leaves, a tie comes or ends, or the day is another.

use weft_graph::{Ends, NodeIdx, RelationId, Snapshot};

use crate::ecosystem::{Finding, Question, Side, Supposition, compare, known_on, suppose};
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

/// A body that leaves, or a tie that ends.
fn without(ctx: &Context<'_>, snapshot: &Snapshot, text: &str) -> Result<Supposition, Error> {
    match ctx.must_find(snapshot, text) {
        Ok(idx) => Ok(Supposition::Without(idx)),
        Err(err) => {
            let Some((source, relation, target)) = tie_in_words(ctx, snapshot, text) else {
                return Err(err);
            };
            let between = |it: &weft_graph::TieIdx| {
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
    fault.unwrap_or_else(|| {
        Error::usage(format!("`{text}` is no tie: a name, a relation and a name")).with_hint(hint)
    })
}
