//! Findings before and after: two days side by side, or the graph as it would be.

use weft_cypher::FieldType::{Any, Node, String};
use weft_cypher::ProcedureError;
use weft_formats::did_you_mean;
use weft_value::Value;

use crate::ecosystem::{
    Comparison, Finding, Question, Side, Supposition, compare, known_on, suppose,
};
use crate::procedures::asked::{Asked, failure, refused};
use crate::procedures::entry::{Entry, Found, Run};

const COLUMNS: &[(&str, weft_cypher::FieldType)] = &[
    ("finding", String),
    ("what", String),
    ("node", Node),
    ("before", Any),
    ("after", Any),
    ("sentence", String),
    ("why", Any),
];

const FINDINGS: (&str, &str) = (
    "findings",
    "which findings are compared, by the names of their verbs; stats, hubs, critical, access and gaps if none \
     is named",
);

const WHY: (&str, &str) = (
    "why",
    "whether to tell what each difference rests on in one of the two states only; of `access` the ways to each \
     need that moved, of a tie that came or went its claims",
);

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "diff",
        meaning: "What changed between two days: who came and went, and which figures and ranks differ.",
        verb: "diff",
        takes: &[("from", Any), ("to", Any)],
        options: &[FINDINGS, WHY],
        yields: COLUMNS,
        run: Run::Finding(|asked| {
            let at = |argument| -> Result<Question, ProcedureError> {
                let (as_of, why) = (Some(asked.day(argument)?), asked.flag(WHY.0)?);
                Ok(Question { as_of, why, ..asked.question.clone() })
            };
            let (before, after) = (at(0)?, at(1)?);
            let sides = [&before, &after].map(|it| known_on(&asked.snapshot, it.as_of));
            let [one, other] = [(&sides[0], &before), (&sides[1], &after)]
                .map(|(snapshot, question)| Side { snapshot, question });
            let findings = findings(asked)?;
            let found = asked
                .watched(|run| compare(one, other, &findings, run))
                .map_err(|it| refused(it.into()))?;
            rows(asked, &found)
        }),
    },
    Entry {
        name: "what_if",
        meaning: "Findings before and after bodies leave, ties end or ties come; nothing is written.",
        verb: "what-if",
        takes: &[],
        options: &[
            ("without", "bodies that leave, and relationships that end"),
            ("add", "ties that come, each a list: from, type, to"),
            FINDINGS,
            WHY,
        ],
        yields: COLUMNS,
        run: Run::Finding(what_if),
    },
];

fn what_if(asked: &Asked<'_>) -> Found {
    let mut suppositions = Vec::new();
    for value in asked.items("without") {
        suppositions.push(match value {
            Value::Relationship(tie) => match asked.snapshot.find_tie(&tie.element_id) {
                Some(idx) => Supposition::WithoutTies(vec![idx]),
                None => return Err(failure("a relationship in `without` is not in the graph", "")),
            },
            body => Supposition::Without(asked.named(body)?),
        });
    }
    for value in asked.items("add") {
        suppositions.push(added(asked, value)?);
    }
    if suppositions.is_empty() {
        let hint = "use the options `without` and `add`, such as `{without: ['nexus']}`";
        return Err(failure("nothing is supposed to be otherwise", hint));
    }
    let other = suppose(&asked.snapshot, &suppositions)
        .map_err(|it| failure(it.to_string(), "a body that leaves cannot have a new tie"))?;
    // The newest source may leave with a body, and must not take the day with it.
    let as_of = asked.question.day(&asked.snapshot);
    let question = Question { as_of, why: asked.flag(WHY.0)?, ..asked.question.clone() };
    let sides = [&asked.snapshot, &other].map(|snapshot| Side { snapshot, question: &question });
    let findings = findings(asked)?;
    let found = asked
        .watched(|run| compare(sides[0], sides[1], &findings, run))
        .map_err(|it| refused(it.into()))?;
    rows(asked, &found)
}

/// The findings that are named; the usual ones if none is.
fn findings(asked: &Asked<'_>) -> Result<Vec<Finding>, ProcedureError> {
    let named = asked.items("findings");
    if named.is_empty() {
        return Ok(Finding::USUAL.to_vec());
    }
    let find = |value: &Value| {
        let word = match value {
            Value::String(word) => word.clone(),
            other => other.to_string(),
        };
        let known = Finding::ALL.into_iter().find(|it| it.name() == word);
        known.ok_or_else(|| {
            let names = Finding::ALL.map(Finding::name);
            let hint = did_you_mean(&word, names, format!("there are {}", names.join(", ")));
            failure(format!("`{word}` is no finding that can be compared"), &hint)
        })
    };
    named.iter().map(find).collect()
}

fn added(asked: &Asked<'_>, value: &Value) -> Result<Supposition, ProcedureError> {
    let Value::List(parts) = value else {
        let hint = "write `['from', 'PARTNERS_WITH', 'to']`";
        return Err(failure(format!("`{value}` is no tie"), hint));
    };
    let [source, Value::String(word), target] = parts.as_slice() else {
        let hint = "write `['from', 'PARTNERS_WITH', 'to']`";
        return Err(failure(format!("`{value}` is no tie"), hint));
    };
    let relation = asked.relation(word)?;
    let id = |it| -> Result<_, ProcedureError> {
        Ok(asked.snapshot.node(asked.named(it)?).id().to_owned())
    };
    Ok(Supposition::Add { source: id(source)?, relation, target: id(target)? })
}

fn rows(asked: &Asked<'_>, found: &Comparison) -> Found {
    let none: Option<f64> = None;
    let is_opened = asked.flag(WHY.0)?;
    let mut rows = Vec::new();
    if let Some(it) = &found.network {
        rows.push(row![asked; "network", "moved", none, none, none, none, it]);
    }
    for (what, nodes) in [("came", &found.nodes_came), ("went", &found.nodes_went)] {
        for it in nodes {
            rows.push(row![asked; "nodes", what, it, none, none, it.name, none]);
        }
    }
    for (what, ties) in [("came", &found.ties_came), ("went", &found.ties_went)] {
        for it in ties {
            let why = is_opened.then_some(it);
            rows.push(row![asked; "ties", what, it.source, none, none, it.sentence, why]);
        }
    }
    for it in found.stats.iter().flatten() {
        rows.push(row![asked; "stats", it.figure, none, it.before, it.after, it.label, it.why]);
    }
    for it in found.hubs.iter().flatten() {
        let (before, after) = (it.rank_before, it.rank_after);
        rows.push(row![asked; "hubs", it.meaning, it.node, before, after, "rank", it.why]);
    }
    for it in found.critical.iter().flatten() {
        let (before, after) = (&it.cut_off_before, &it.cut_off_after);
        rows.push(row![asked; "critical", "cut_off", it.node, before, after, none, it.why]);
    }
    for it in found.access.iter().flat_map(|it| &it.start_ups) {
        let (before, after) = (it.access_before, it.access_after);
        let why = is_opened.then_some(&it.needs);
        rows.push(row![asked; "access", "access", it.node, before, after, none, why]);
    }
    for it in found.gaps.iter().flatten() {
        let (before, after) = (&it.providers_before, &it.providers_after);
        rows.push(row![asked; "gaps", "providers", it.need, before, after, none, it.why]);
    }
    for it in &found.lines {
        let name = it.finding.name();
        for it in &it.changes {
            rows.push(row![asked; name, it.what, it.node, it.before, it.after, it.subject, it.why]);
        }
    }
    Ok(rows)
}
