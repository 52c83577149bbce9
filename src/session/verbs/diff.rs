//! `diff D1 D2`: bodies and ties that came and went between two days, and ranks that moved.

use crate::ecosystem::{Question, Side, compare, known_on};
use crate::present::Answer;
use crate::session::context::Context;
use crate::session::request::Diff;
use crate::session::verbs::comparison;
use crate::session::{Error, Output};

pub(super) fn run(ctx: &mut Context<'_>, options: &Diff) -> Result<Output, Error> {
    if ctx.settings.as_of.is_some() {
        return Err(Error::usage("`diff` names its two days itself, and takes no `--as-of`")
            .with_hint("`weft what-if --as-of DATE` sets the usual day beside another"));
    }
    let (snapshot, asked) = ctx.sweep()?;
    let findings = comparison::findings(&options.findings);
    let at = |day| Question { as_of: Some(day), ..asked.clone() };
    let (before, after) = (at(options.from), at(options.to));
    let sides = [&before, &after].map(|it| known_on(&snapshot, it.as_of));
    let found = ctx.watched("ways counted", |run| {
        let before = Side { snapshot: &sides[0], question: &before };
        let after = Side { snapshot: &sides[1], question: &after };
        compare(before, after, &findings, run)
    })?;
    let mut answer = Answer { seed: Some(asked.seed), ..Answer::default() };
    let (from, to) = (options.from.to_string(), options.to.to_string());
    answer.param("from", from.clone());
    answer.param("to", to.clone());
    let (n, of) = (found.after.n_undated_ties, found.after.n_ties);
    if n > 0 {
        let they_show = match n {
            1 => "is undated: it is in on both days, so it shows",
            _ => "are undated: they are in on both days, so they show",
        };
        answer
            .warnings
            .push(format!("{n} of the {of} ties of the later day {they_show} no change"));
    }
    comparison::show(ctx, &mut answer, &found, [&from, &to]);
    Ok(answer.into())
}
