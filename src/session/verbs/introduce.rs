//! `introduce X`: whom a start-up should meet, by whom, and what it would change; `introduce --all`: a
//! plan for all start-ups in which nobody is asked too often.

use crate::ecosystem::{
    Card, IntroduceOptions, Introductions, NodeName, Plan, PlanOptions, Question, introduce, plan,
};
use crate::present::{Answer, Section, Table, decimal, plural};
use crate::session::context::{Context, view_note};
use crate::session::request::Introduce;
use crate::session::verbs::access::needs_table;
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Through more than this many others nobody is introduced.
const CHAIN_MAX: usize = 2;

pub(super) fn run(ctx: &mut Context<'_>, options: &Introduce) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let mut not = Vec::new();
    for name in &ctx.settings.not {
        not.push(ctx.must_find(&snapshot, name)?);
    }
    let Some(name) = &options.name else {
        let n_each = options.n_introductions;
        let only = ctx.located(&snapshot)?;
        let plan_options = PlanOptions { n_each, cap: options.cap, not, only };
        let question = ctx.question()?;
        let found =
            ctx.watched("introductions", |run| plan(&snapshot, &question, &plan_options, run))?;
        return Ok(planned(ctx, &found).into());
    };
    let idx = ctx.must_find(&snapshot, name)?;
    if ctx.settings.place.is_some() {
        return Err(Error::usage("`--place` chooses the start-ups of a plan for all")
            .with_hint("leave it out, or use `weft introduce --all --place NAME`"));
    }
    let introduce_options = IntroduceOptions { n_cards: ctx.kept(options.n_introductions), not };
    // A card without its paths and ties would be a bare claim, so this verb always says why.
    let question = Question { why: true, ..ctx.question()? };
    let found = introduce(&snapshot, &question, idx, &introduce_options)?;
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.param("for", found.node.id.clone());
    answer.param("k", options.n_introductions);
    answer.param("access", found.access);
    answer.param("n_candidates", found.n_candidates);
    for (list, cards) in lists(&found) {
        for (rank, card) in cards.iter().enumerate() {
            let mut row = serde_json::to_value(card).unwrap_or_default();
            if let Some(fields) = row.as_object_mut() {
                fields.insert("list".into(), list.into());
                fields.insert("rank".into(), (rank + 1).into());
            }
            answer.rows.push(row);
        }
    }
    answer.warnings.extend(found.note.clone());
    let ids = |it: &[NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    answer.param("needs_without_provider", ids(&found.needs_without_provider));
    answer.param("needs_without_introduction", ids(&found.needs_without_introduction));
    sections(&mut answer, &found);
    if ctx.settings.why {
        why_sections(ctx, &mut answer, &found);
    }
    Ok(answer.into())
}

/// The plan, who is asked how often, and who is left.
fn planned(ctx: &Context<'_>, found: &Plan) -> Answer {
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.param("k", found.n_each);
    answer.param("cap", found.cap);
    answer.param("value", found.value);
    answer.param("bound", found.bound);
    answer.param("load", serde_json::to_value(&found.load).unwrap_or_default());
    let without: Vec<&str> = found.without.iter().map(|it| it.id.as_str()).collect();
    answer.param("without", without);
    found.rows.iter().take(ctx.kept(found.rows.len())).for_each(|it| answer.push_row(it));
    let mut table = Table::new(&["#", "start-up", "meets", "introduced by", "for", "#adds"]);
    for it in &found.rows {
        let brokers: Vec<&str> = it.card.brokers.iter().map(|it| it.node.name.as_str()).collect();
        let by = match (brokers.as_slice(), &it.card.ask_network) {
            ([], Some(network)) => format!("nobody in the data; ask {}", network.name),
            ([], None) => "nobody in the data".to_owned(),
            (chain, _) if chain.len() > CHAIN_MAX => {
                format!("nobody: the way leads over {} bodies", chain.len())
            }
            (brokers, _) => brokers.join(", then "),
        };
        let needs: Vec<&str> = it.card.for_needs.iter().map(|it| it.name.as_str()).collect();
        table.push([
            it.rank.to_string(),
            it.start_up.name.clone(),
            it.card.to.name.clone(),
            by,
            needs.join("; "),
            decimal(it.adds_to_plan),
        ]);
    }
    let heading = "A plan of introductions for all start-ups";
    let text = vec![format!("{}.", super::capital(&found.sentence))];
    if found.rows.is_empty() {
        answer.push_section(Section::text(heading, text));
    } else {
        let note = format!(
            "at most {} for a start-up; no body is met more than {}, and none introduces more often; \
             chosen one at a time by gain times route",
            plural(found.n_each, "introduction", "introductions"),
            plural(found.cap, "time", "times"),
        );
        answer.push_section(Section { text, ..Section::table(heading, table).note(note) });
    }
    if !found.load.is_empty() {
        let mut table = Table::new(&["body", "#is met", "#introduces"]);
        for it in &found.load {
            table.push([it.node.name.clone(), it.n_met.to_string(), it.n_introduces.to_string()]);
        }
        answer.push_section(Section::table("Who is asked how often", table));
    }
    if !found.without.is_empty() {
        let names: Vec<&str> = found.without.iter().map(|it| it.name.as_str()).collect();
        let text = format!(
            "No introduction for: {}. Nobody would bring a need nearer, or all who could are asked \
             often enough.",
            names.join("; ")
        );
        answer.push_section(Section { text: vec![text], ..Section::default() });
    }
    if ctx.settings.why {
        for it in &found.rows {
            let heading = format!("{}: {} meets {}", it.rank, it.start_up.name, it.card.to.name);
            answer.push_section(Section::text(&heading, card_lines(&it.card)));
        }
    }
    answer
}

fn lists(found: &Introductions) -> [(&'static str, &[Card]); 2] {
    [("ready_now", &found.ready_now), ("most_useful", &found.most_useful)]
}

/// The two lists as cards, then the nearest provider of each need that is far.
pub(super) fn sections(answer: &mut Answer, found: &Introductions) {
    let mut first = Section::table(&found.node.name, needs_table(&found.needs));
    first.text.push(found.sentence.clone());
    answer.push_section(first);
    for (list, cards) in lists(found) {
        let heading = if list == "ready_now" { "Ready now" } else { "Most useful" };
        if cards.is_empty() {
            let text = "Nobody in the data would raise its ACCESS this way.".to_owned();
            answer.push_section(Section::text(heading, vec![text]));
        }
        for (rank, card) in cards.iter().enumerate() {
            let heading = format!("{heading} {}: {}", rank + 1, card.to.name);
            answer.push_section(Section::text(&heading, card_lines(card)));
        }
    }
    if !found.nearest_providers.is_empty() {
        let mut table = Table::new(&["need", "nearest provider", "#links", "how"]);
        for it in &found.nearest_providers {
            let how = match (&it.path, &it.ask_network) {
                (Some(path), _) => path.sentence.clone(),
                (None, Some(network)) => {
                    format!("nobody in the data can introduce; ask {}", network.name)
                }
                (None, None) => "nobody in the data can introduce".to_owned(),
            };
            table.push([
                it.need.name.clone(),
                it.provider.name.clone(),
                it.distance.map_or("no path".to_owned(), |it| it.to_string()),
                how,
            ]);
        }
        answer.push_section(Section::table("Nearest provider of each need that is far", table));
    }
    let lines = [
        ("Nobody in the data meets", &found.needs_without_provider),
        ("All who meet these ask not to be introduced", &found.needs_without_introduction),
    ];
    for (words, needs) in lines.into_iter().filter(|(_, needs)| !needs.is_empty()) {
        let names: Vec<&str> = needs.iter().map(|it| it.name.as_str()).collect();
        let text = format!("{words}: {}.", names.join("; "));
        answer.push_section(Section { text: vec![text], ..Section::default() });
    }
}

/// The ties of today's ways, and those by which the needs would be met.
fn why_sections(ctx: &Context<'_>, answer: &mut Answer, found: &Introductions) {
    for (list, cards) in lists(found) {
        let mut evidence = Evidence::new("to");
        for card in cards {
            let to = card.to.name.as_str();
            card.path.iter().for_each(|it| evidence.path(to, it));
            for need in &card.needs {
                need.path.iter().for_each(|it| evidence.path(to, it));
                need.met_by.iter().for_each(|it| evidence.tie(to, it));
            }
        }
        let heading = if list == "ready_now" { "Ready now" } else { "Most useful" };
        evidence.push(ctx, answer, &format!("{heading}: what it rests on"));
    }
}

/// A card as lines: who to whom, for what, by whom, before and after, the load, how sure.
pub(super) fn card_lines(card: &Card) -> Vec<String> {
    let needs: Vec<&str> = card.for_needs.iter().map(|it| it.name.as_str()).collect();
    let mut lines = vec![card.sentence.clone(), format!("For: {}", needs.join("; "))];
    match (&card.path, &card.ask_network) {
        (Some(path), _) => {
            lines.push(format!("Today's path: {}", path.sentence));
            let sources = path.links.iter().flat_map(|it| it.ties.iter().take(1)).flat_map(|it| {
                it.claims.iter().take(1).map(|claim| {
                    let date = claim.date.map(|it| format!(", {it}")).unwrap_or_default();
                    format!("{} ({}{date})", claim.source, claim.locator)
                })
            });
            lines.push(format!("Says who: {}", sources.collect::<Vec<_>>().join("; ")));
        }
        (None, Some(network)) => {
            lines.push(format!("No path in the data; ask {}, the nearest network", network.name));
        }
        (None, None) => lines.push("No path in the data, and no network near".to_owned()),
    }
    let brokers: Vec<String> = card
        .brokers
        .iter()
        .map(|it| format!("{} ({})", it.node.name, plural(it.n_links, "partner", "partners")))
        .collect();
    if !brokers.is_empty() {
        lines.push(format!("Who can introduce: {}", brokers.join(", then ")));
    }
    lines.push(format!(
        "ACCESS {} to {} (gain {}, route {}, score {})",
        decimal(card.access_before),
        decimal(card.access_after),
        decimal(card.gain),
        decimal(card.route),
        decimal(card.score)
    ));
    lines.push(format!(
        "Load: {} has {} already",
        card.to.name,
        plural(card.n_links, "partner", "partners")
    ));
    lines.push(format!("Confidence: {}", card.confidence.sentence));
    for change in &card.would_change {
        lines.push(format!("Would change this: {change}"));
    }
    lines
}
