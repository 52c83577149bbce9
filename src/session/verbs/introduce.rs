//! `introduce X`: whom a start-up should meet, by whom, and what it would change; `introduce --all`: a
//! plan for all start-ups in which nobody is asked too often.

use crate::ecosystem::{
    Card, ClaimEvidence, IntroduceOptions, Introductions, NodeName, Plan, PlanOptions, Question,
    introduce, plan,
};
use crate::present::report::beside_those_above;
use crate::present::{Answer, Section, Table, count, decimal, plural};
use crate::session::context::{Context, view_note};
use crate::session::request::Introduce;
use crate::session::verbs::access::needs_table;
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// So many needs stand in a sentence before the rest is counted.
const NEEDS_SHOWN: usize = 3;
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
    let nearest = serde_json::to_value(&found.nearest_providers).unwrap_or_default();
    answer.param("nearest_providers", nearest);
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
    answer.param("n_in_hand", found.n_in_hand);
    answer.param("n_declined", found.n_declined);
    answer.param("load", serde_json::to_value(&found.load).unwrap_or_default());
    let without: Vec<&str> = found.without.iter().map(|it| it.id.as_str()).collect();
    answer.param("without", without);
    found.rows.iter().take(ctx.kept(found.rows.len())).for_each(|it| answer.push_row(it));
    let mut table = Table::new(&["#", "start-up", "meets", "introduced by", "for", "#adds"]);
    for it in &found.rows {
        let brokers: Vec<&str> = it.card.brokers.iter().map(|it| it.node.name.as_str()).collect();
        let by = match brokers.as_slice() {
            [] => {
                let ask = super::ask_instead(&it.card.to, it.card.ask_network.as_ref());
                format!("nobody in the data{ask}")
            }
            chain if chain.len() > CHAIN_MAX => {
                format!("nobody: the way leads over {} bodies", chain.len())
            }
            brokers => brokers.join(", then "),
        };
        let needs: Vec<&str> = it.card.for_needs.iter().map(|it| it.name.as_str()).collect();
        table.push([
            count(it.rank),
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
    if let (Some(standing), Some(section)) = (found.standing(), answer.sections.last_mut()) {
        section.notes.push(standing);
    }
    if !found.load.is_empty() {
        let mut table = Table::new(&["body", "#is met", "#introduces"]);
        for it in &found.load {
            table.push([it.node.name.clone(), count(it.n_met), count(it.n_introduces)]);
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

/// Each need with its nearest provider, then the two lists as cards.
pub(super) fn sections(answer: &mut Answer, found: &Introductions) {
    let needs = needs_table(&found.needs, &found.nearest_providers);
    let mut first = Section::table(&found.node.name, needs);
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
            let above = found.ready_now.iter().position(|it| it.to.id == card.to.id);
            let lines = match above.filter(|_| list != "ready_now") {
                Some(at) => vec![format!("Its card stands above: ready now {}.", at + 1)],
                None => card_lines(card),
            };
            answer.push_section(Section::text(&heading, lines));
        }
    }
    let lines = [
        ("Nobody in the data meets", &found.needs_without_provider),
        (
            "All who meet these are not to be introduced, or not again",
            &found.needs_without_introduction,
        ),
        ("In hand already (`weft introduce list`)", &found.in_hand),
        ("Declined, and not proposed again", &found.declined),
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
    let mut lines = vec![format!("{}.", super::capital(&card.sentence))];
    // The sentence names all of them if they are few.
    if card.for_needs.len() > NEEDS_SHOWN {
        let needs: Vec<&str> = card.for_needs.iter().map(|it| it.name.as_str()).collect();
        lines.push(format!("For: {}", needs.join("; ")));
    }
    if let Some(path) = &card.path {
        lines.push(format!("Today's path: {}", path.sentence));
        let claims = path.links.iter().flat_map(|it| it.ties.iter().take(1));
        let claims = claims.filter_map(|it| it.claims.first()).map(ClaimEvidence::place);
        let mut sources: Vec<String> = claims.collect();
        sources.dedup();
        lines.push(format!("Says who: {}", sources.join("; ")));
    }
    let brokers: Vec<String> = card
        .brokers
        .iter()
        .map(|it| format!("{} ({})", it.node.name, plural(it.n_links, "partner", "partners")))
        .collect();
    if !brokers.is_empty() {
        let label = match brokers.len() {
            0..=CHAIN_MAX => "Who can introduce",
            _ => "The way, too long for one introduction",
        };
        lines.push(format!("{label}: {}", brokers.join(", then ")));
    }
    let beside = beside_those_above(card).map(|it| format!("; {it}")).unwrap_or_default();
    lines.push(format!(
        "ACCESS {} to {} (gain {}, route {}, score {}){beside}",
        decimal(card.access_before),
        decimal(card.access_after),
        decimal(card.gain),
        decimal(card.route),
        decimal(card.score)
    ));
    lines.push(match card.n_links {
        0 => format!("Load: {} has no partner in the data", card.to.name),
        n => format!("Load: {} has {} already", card.to.name, plural(n, "partner", "partners")),
    });
    lines.push(format!("Confidence: {}", card.confidence.sentence));
    for change in &card.would_change {
        lines.push(format!("Would change this: {change}"));
    }
    lines
}
