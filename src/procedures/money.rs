//! Findings on money: who funds whom, and what it comes to by programme, place and year.

use weft_cypher::FieldType::{Float, Integer, List, Node, Relationship, String};
use weft_value::Value;

use crate::ecosystem::{flow_totals, flows};
use crate::procedures::entry::{Entry, Run};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "flows",
        meaning: "Who gives and who gets, each body once for each currency; amounts that cannot be \
                  summed are left out and listed by `weft.awards`.",
        verb: "flows",
        takes: &[],
        options: &[],
        yields: &[
            ("side", String),
            ("node", Node),
            ("currency", String),
            ("value", Float),
            ("qualifier", String),
            ("n_amounts", Integer),
            ("n_others", Integer),
            ("n_without_amount", Integer),
            ("shares_in", List),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let found = flows(&asked.snapshot, &asked.question);
            let sides = [("funder", &found.by_funder), ("recipient", &found.by_recipient)];
            let mut rows = Vec::new();
            for (side, bodies) in sides {
                for it in bodies {
                    let last =
                        row![asked; it.n_others, it.n_without_amount, it.shares_in, it.sentence];
                    for total in &it.totals {
                        let mut row = row![asked; side, it.node, total.currency, total.value,
                            total.qualifier, total.n_amounts];
                        row.extend(last.iter().cloned());
                        rows.push(row);
                    }
                    if it.totals.is_empty() {
                        let mut row = row![asked; side, it.node];
                        row.extend([Value::Null, Value::Null, Value::Null, Value::Integer(0)]);
                        row.extend(last);
                        rows.push(row);
                    }
                }
            }
            Ok(rows)
        }),
    },
    Entry {
        name: "awards",
        meaning: "Each amount that a flow counts or leaves out, and why it is left out.",
        verb: "flows",
        takes: &[],
        options: &[],
        yields: &[
            ("from", Node),
            ("to", Node),
            ("value", Float),
            ("currency", String),
            ("qualifier", String),
            ("left_out_because", String),
            ("tie", Relationship),
        ],
        run: Run::Finding(|asked| {
            let found = flows(&asked.snapshot, &asked.question);
            let items = found.counted.iter().chain(&found.left_out);
            let rows = items.map(|it| {
                let amount = &it.amount;
                let mut row = row![asked; it.from, it.to, amount.value, amount.currency,
                    amount.qualifier, it.left_out_because];
                row.push(it.tie.as_ref().map_or(Value::Null, |it| asked.relationship(it)));
                row
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "flow_totals",
        meaning: "What money comes to by programme, place and year.",
        verb: "flows",
        takes: &[],
        options: &[],
        yields: &[
            ("group_by", String),
            ("group", String),
            ("label", String),
            ("currency", String),
            ("value", Float),
            ("qualifier", String),
            ("n_amounts", Integer),
        ],
        run: Run::Finding(|asked| {
            let question = &asked.question;
            let totals = flow_totals(&asked.snapshot, question, &flows(&asked.snapshot, question));
            let groups = [
                ("programme", &totals.by_programme),
                ("place", &totals.by_place),
                ("year", &totals.by_year),
            ];
            let mut rows = Vec::new();
            for (by, groups) in groups {
                for group in groups {
                    for it in &group.totals {
                        rows.push(row![asked; by, group.group, group.label, it.currency, it.value,
                            it.qualifier, it.n_amounts]);
                    }
                }
            }
            Ok(rows)
        }),
    },
];
