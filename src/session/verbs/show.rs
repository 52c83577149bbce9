//! `show`: all that is known of a node, and who says so.

use serde_json::{Value, json};
use weft_graph::{NodeRef, Snapshot};

use crate::database::Surroundings;
use crate::ecosystem::{known_on, node_evidence, tie_evidence};
use crate::present::{Answer, Section, Table, count, money};
use crate::session::context::{Context, more_note};
use crate::session::request::Names;
use crate::session::verbs::why::{Evidence, in_source};
use crate::session::{Error, Output};

/// Ties shown of a node; more are counted by relation.
const TIES: usize = 50;

pub(super) fn run(ctx: &mut Context<'_>, options: &Names) -> Result<Output, Error> {
    let mut answer = Answer::default();
    for name in &options.names {
        let id = ctx.must_find_id(name)?;
        let around = match ctx.settings.revision {
            None => ctx.database.surroundings(&id, ctx.settings.all)?,
            Some(_) => {
                let (snapshot, counts) = (ctx.recorded()?, Vec::new());
                Some(Surroundings { snapshot, counts, is_cut: false })
            }
        };
        let mut around = around.ok_or_else(|| Error::not_found(name, Vec::new()))?;
        around.snapshot = known_on(&around.snapshot, ctx.settings.as_of);
        let snapshot = &around.snapshot;
        let idx = snapshot.find_node(&id).ok_or_else(|| Error::not_found(name, Vec::new()))?;
        show(ctx, &mut answer, &around, snapshot.node(idx));
    }
    Ok(answer.into())
}

fn show(ctx: &Context<'_>, answer: &mut Answer, around: &Surroundings, node: NodeRef<'_>) {
    let snapshot = &around.snapshot;
    let record = node.record();
    let mut text = vec![format!("{} [{}]", node.kind().label, node.id())];
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            text.push(format!("{label}: {value}"));
        }
    };
    line("Also called", record.aliases.join("; "));
    let identifiers: Vec<String> = record.identifiers.iter().map(ToString::to_string).collect();
    line("Registered as", identifiers.join("; "));
    let stage = node.stage_id().map(|it| snapshot.schema().stage(it).label.clone());
    line("Stage", stage.or(record.stage.clone()).unwrap_or_default());
    line("Sectors", record.sectors.join(", "));
    line("Tags", record.tags.join(", "));
    line("From", record.valid_from.map(|it| it.to_string()).unwrap_or_default());
    line("To", record.valid_to.map(|it| it.to_string()).unwrap_or_default());
    line("Amount", record.amount.as_ref().map(money).unwrap_or_default());
    for (name, value) in &record.properties {
        line(name, value.to_string());
    }
    let evidence = node_evidence(node);
    for claim in &evidence.claims {
        let date = claim.date.map(|it| format!(", {it}")).unwrap_or_default();
        let denies = match claim.denial {
            Some(weft_graph::Denial::Never) => "denies that it ever was, ",
            Some(weft_graph::Denial::Ended) => "says that it has ended, ",
            None => "",
        };
        let what = match (&claim.field, &claim.value) {
            (Some(field), Some(value)) => format!("{field} = {value}, "),
            (Some(field), None) => format!("{field}, "),
            _ => String::new(),
        };
        let note = claim.note.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        line(
            "Says who",
            format!(
                "{denies}{what}{} ({}{date}){note}",
                in_source(&claim.source, &claim.locator),
                claim.certainty.as_str()
            ),
        );
    }
    answer.push_section(Section::text(node.name(), text));
    if around.is_cut {
        let mut table = Table::new(&["relation", "", "#ties"]);
        for (relation, is_outgoing, n) in &around.counts {
            let way = if *is_outgoing { "to" } else { "from" };
            table.push([relation.clone(), way.to_owned(), count(*n)]);
        }
        answer.push_section(Section::table("Ties by relation", table));
    }
    // All that is known is shown, unless a day or a floor is asked for.
    let day_key = ctx.settings.as_of.map(weft_value::PartialDate::last_key);
    let is_asked = |it: &weft_graph::TieIdx| {
        let tie = snapshot.tie(*it);
        day_key.is_none_or(|it| tie.is_valid_at(it))
            && ctx.settings.floor.is_none_or(|it| tie.certainty() <= it)
    };
    let ties: Vec<_> = snapshot.ties_of(node.idx()).filter(is_asked).collect();
    let limit = if ctx.settings.all { ties.len() } else { ctx.settings.limit.unwrap_or(TIES) };
    let is_open = snapshot.schema().is_open();
    let headings: &[&str] = match is_open {
        true => &["tie", "properties"],
        false => &["tie", "certainty", "source", "where"],
    };
    let mut table = Table::new(headings);
    for &tie in ties.iter().take(limit) {
        let evidence = tie_evidence(snapshot, tie);
        let claim = evidence.says_who();
        let denial = evidence.denial().map(|it| format!(" ({it})")).unwrap_or_default();
        if is_open {
            // Nothing rests on a claim there, so of certainty nothing is said.
            let properties = evidence.properties.iter().map(|it| format!("{}: {}", it.0, it.1));
            table.push([evidence.sentence.clone(), properties.collect::<Vec<_>>().join(", ")]);
            continue;
        }
        table.push([
            format!("{}{denial}", evidence.sentence),
            evidence.certainty.as_str().to_owned(),
            claim.map_or(String::new(), |it| it.source.clone()),
            claim.map_or(String::new(), |it| it.locator.clone()),
        ]);
    }
    if !ties.is_empty() {
        let mut section = Section::table("Ties", table);
        let n_all: usize = around.counts.iter().map(|it| it.2).sum::<usize>().max(ties.len());
        if n_all > limit {
            section.notes.push(more_note(n_all - limit));
        }
        answer.push_section(section);
    }
    let evidence: Vec<_> = ties.iter().take(limit).map(|&it| tie_evidence(snapshot, it)).collect();
    if ctx.settings.why {
        let mut table = Evidence::new("relation");
        evidence.iter().for_each(|it| table.tie(&it.relation, it));
        table.push(ctx, answer, "What the ties rest on");
    }
    let facts = facts(snapshot, answer, node);
    let n_ties = around.counts.iter().map(|it| it.2).sum::<usize>().max(ties.len());
    let mut row = serde_json::to_value(&record).unwrap_or_default();
    if let Some(fields) = row.as_object_mut() {
        fields.insert("claims".to_owned(), evidence_json(&node_evidence(node)));
        fields.insert("n_ties".to_owned(), n_ties.into());
        fields.insert("ties".to_owned(), json!(evidence));
        fields.insert("facts".to_owned(), facts.into());
    }
    answer.rows.push(row);
}

fn evidence_json(evidence: &crate::ecosystem::NodeEvidence) -> Value {
    serde_json::to_value(&evidence.claims).unwrap_or_default()
}

fn facts(snapshot: &Snapshot, answer: &mut Answer, node: NodeRef<'_>) -> Vec<Value> {
    let facts: Vec<_> = snapshot.facts().iter().filter(|it| it.subject == node.id()).collect();
    if facts.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(&["figure", "period", "#value", "unit", "where"]);
    for fact in &facts {
        let category = fact.category.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        let value = fact.value.map(crate::present::decimal).unwrap_or_default();
        table.push([
            format!("{}{category}", fact.measure),
            fact.period.as_ref().map(ToString::to_string).unwrap_or_default(),
            format!("{}{value}", fact.qualifier.prefix()),
            fact.unit.clone(),
            fact.locator.clone(),
        ]);
    }
    answer.push_section(Section::table("Figures", table));
    facts.iter().map(|it| serde_json::to_value(it).unwrap_or_default()).collect()
}
