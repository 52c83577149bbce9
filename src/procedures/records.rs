//! The records behind the findings: claims, facts, sources, faults and names.

use std::collections::BTreeMap;

use weft_cypher::FieldType::{Any, Float, Integer, Map, Node, String};
use weft_value::Value;

use crate::database::find_in;
use crate::ecosystem::{ClaimEvidence, FactsOptions, facts, node_evidence, tie_evidence};
use crate::procedures::asked::{Asked, failure};
use crate::procedures::entry::{Entry, Found, Run};
use crate::transfer::check;

/// How many bodies a text finds where nobody says how many.
const HITS: usize = 10;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "claims",
        meaning: "What a node or a relationship rests on: each claim with its source.",
        verb: "show",
        takes: &[("record", Any)],
        options: &[],
        yields: &[
            ("source", String),
            ("title", String),
            ("locator", String),
            ("date", String),
            ("certainty", String),
            ("field", String),
            ("value", String),
            ("denial", String),
            ("note", String),
        ],
        run: Run::Finding(|asked| {
            let claims: Vec<ClaimEvidence> = match asked.argument(0) {
                Value::Null => Vec::new(),
                Value::Relationship(tie) => {
                    let idx = asked.recorded.find_tie(&tie.element_id);
                    let idx =
                        idx.ok_or_else(|| failure("the relationship is not in the graph", ""))?;
                    tie_evidence(asked.recorded, idx).claims
                }
                _ => node_evidence(asked.recorded.node(asked.node(0)?)).claims,
            };
            let rows = claims.iter().map(|it| {
                row![asked; it.source, it.title, it.locator, it.date, it.certainty, it.field, it.value,
                    it.denial, it.note]
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "facts",
        meaning: "The figures that sources print, and whether they agree with what they are made of.",
        verb: "facts",
        takes: &[],
        options: &[("subject", "only figures of this body"), ("measure", "only this measure")],
        yields: &[
            ("id", String),
            ("measure", String),
            ("subject", Node),
            ("category", String),
            ("period", String),
            ("value", Float),
            ("unit", String),
            ("qualifier", String),
            ("source", String),
            ("locator", String),
            ("certainty", String),
            ("recomputed", Map),
        ],
        run: Run::Finding(|asked| {
            let subject = asked.nodes("subject")?.first().copied();
            let options = FactsOptions {
                subject: subject.map(|it| asked.snapshot.node(it).id().to_owned()),
                measure: asked.text("measure")?,
            };
            let found = facts(&asked.snapshot, &asked.question, &options);
            let rows = found.rows.iter().map(|it| {
                row![asked; it.id, it.measure, it.subject, it.category, it.period, it.value, it.unit,
                    it.qualifier, it.source, it.locator, it.certainty, it.recomputed]
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "sources",
        meaning: "Who says so: the sources, and how much rests on each.",
        verb: "sources",
        takes: &[],
        options: &[],
        yields: &[
            ("id", String),
            ("title", String),
            ("publisher", String),
            ("date", String),
            ("retrieved", String),
            ("licence", String),
            ("address", String),
            ("n_nodes", Integer),
            ("n_ties", Integer),
            ("n_facts", Integer),
        ],
        run: Run::Finding(all_sources),
    },
    Entry {
        name: "check",
        meaning: "Faults and doubts in the data.",
        verb: "check",
        takes: &[],
        options: &[],
        yields: &[
            ("severity", String),
            ("code", String),
            ("records", String),
            ("message", String),
            ("hint", String),
        ],
        run: Run::Finding(|asked| {
            let found = check(asked.recorded);
            let rows = found
                .iter()
                .map(|it| row![asked; it.severity, it.code, it.value, it.message, it.hint]);
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "find",
        meaning: "Bodies whose id, identifier, name or alias is a text or begins with it.",
        verb: "find",
        takes: &[("text", String)],
        options: &[],
        yields: &[("node", Node), ("how", String), ("score", Float)],
        run: Run::Finding(|asked| {
            let Value::String(text) = asked.argument(0) else { return Ok(Vec::new()) };
            let hits = find_in(asked.recorded, text, asked.top()?.unwrap_or(HITS));
            let rows = hits.iter().filter_map(|it| {
                let idx = asked.recorded.find_node(&it.id)?;
                let node = asked.node_value(idx);
                Some(vec![node, asked.value(&it.how), asked.value(&it.score)])
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "search",
        meaning: "Nodes that have all words of a text in their name, aliases and description, by how much \
                  the words say and how few others stand beside them; `word*` is any that begins so.",
        verb: "find",
        takes: &[("text", String)],
        options: &[],
        yields: &[("node", Node), ("score", Float)],
        run: Run::Finding(|asked| {
            let Value::String(text) = asked.argument(0) else { return Ok(Vec::new()) };
            let hits = asked.recorded.search(text).into_iter();
            let rows = hits.take(asked.top()?.unwrap_or(usize::MAX));
            Ok(rows.map(|(idx, score)| vec![asked.node_value(idx), asked.value(&score)]).collect())
        }),
    },
];

fn all_sources(asked: &Asked<'_>) -> Found {
    let snapshot = asked.recorded;
    let mut used: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for idx in snapshot.nodes() {
        for id in distinct(snapshot.node(idx).claims().map(|it| it.source().id.as_str())) {
            used.entry(id).or_default()[0] += 1;
        }
    }
    for idx in snapshot.ties() {
        for id in distinct(snapshot.tie(idx).claims().map(|it| it.source().id.as_str())) {
            used.entry(id).or_default()[1] += 1;
        }
    }
    for fact in snapshot.facts() {
        used.entry(&fact.source).or_default()[2] += 1;
    }
    let rows = snapshot.sources().map(|it| {
        let [n_nodes, n_ties, n_facts] = used.get(it.id.as_str()).copied().unwrap_or_default();
        row![asked; it.id, it.title, it.publisher, it.date, it.retrieved, it.licence, it.address,
            n_nodes, n_ties, n_facts]
    });
    Ok(rows.collect())
}

fn distinct<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
