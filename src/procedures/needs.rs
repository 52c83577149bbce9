//! Findings on what start-ups need: access, gaps, introductions and what became of them, and the way
//! from idea to market.

use weft_cypher::FieldType::{Any, Boolean, Float, Integer, List, Map, Node, String};
use weft_graph::Snapshot;
use weft_value::Value;

use crate::ecosystem::{
    Card, IntroduceOptions, PlanOptions, Question, SuspectedDuplicate, access, access_chance,
    access_trust, canvas, gaps, holes, introduce, journey, ledger, plan, provision,
};
use crate::procedures::asked::{Asked, Setting, refused};
use crate::procedures::entry::{Entry, Found, Run};
use crate::procedures::structure::TRUST;
use crate::transfer::check;

/// How many introductions each start-up gets where nobody says how many.
const INTRODUCTIONS: usize = 3;

const NOT: Setting = ("not", "bodies that are not to be introduced");

/// Columns of one's own, then those of a card of an introduction: what [`card`] gives.
macro_rules! card_columns {
    ($($own:expr),*) => {
        &[
            $($own,)*
            ("to", Node),
            ("gain", Float),
            ("route", Float),
            ("score", Float),
            ("access_before", Float),
            ("access_after", Float),
            ("for_needs", List),
            ("brokers", List),
            ("fit", Map),
            ("confidence", Map),
            ("sentence", String),
        ]
    };
}

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "access",
        meaning: "How near each start-up is to bodies that meet its needs (`access-1`), with its status \
                  and the reasons.",
        verb: "access",
        takes: &[],
        options: &[("only", "only these start-ups"), TRUST[0], TRUST[1]],
        yields: &[
            ("node", Node),
            ("access", Float),
            ("ceiling", Float),
            ("fragility", Float),
            ("status", String),
            ("stage", String),
            ("n_sources", Integer),
            ("n_links", Integer),
            ("reasons", List),
            ("needs", List),
            ("sentence", String),
            ("stability", Map),
            ("trust", Map),
            ("chance", Map),
        ],
        run: Run::Finding(all_access),
    },
    Entry {
        name: "gaps",
        meaning: "What is missing: needs that nobody or one body meets or that start-ups do not reach, \
                  missing bridges, single points of failure, and suspected duplicates.",
        verb: "gaps",
        takes: &[],
        options: &[],
        yields: &[
            ("gap", String),
            ("node", Node),
            ("other", Node),
            ("value", Float),
            ("bodies", List),
            ("sentence", String),
        ],
        run: Run::Finding(all_gaps),
    },
    Entry {
        name: "holes",
        meaning: "Groups (kinds, sectors, places) with fewer links between them than chance would give.",
        verb: "gaps",
        takes: &[],
        options: &[(
            "chance",
            "whether to test against rewired networks; true where it is not said",
        )],
        yields: &[
            ("group_by", String),
            ("a", String),
            ("b", String),
            ("n_links", Integer),
            ("expected", Float),
            ("p", Float),
            ("q", Float),
            ("is_hole", Boolean),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let chance = asked.flag_or("chance", true)?;
            let found = asked
                .watched(|run| holes(&asked.snapshot, &asked.question, chance, run))
                .map_err(|it| refused(it.into()))?;
            let rows = found.pairs.iter().map(|it| {
                row![asked; it.group_by, it.a.name, it.b.name, it.n_links, it.expected, it.p, it.q,
                    it.is_hole, it.sentence]
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "provision",
        meaning: "Who meets which need, and which need nobody meets.",
        verb: "matrix",
        takes: &[],
        options: &[],
        yields: &[
            ("need", Node),
            ("providers", List),
            ("by_place", List),
            ("by_sector", List),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let found = provision(&asked.snapshot, &asked.question);
            let rows = found.needs.iter().map(
                |it| row![asked; it.need, it.providers, it.by_place, it.by_sector, it.sentence],
            );
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "introductions",
        meaning: "Whom a start-up should meet, through whom, and what it would change.",
        verb: "introduce",
        takes: &[("start_up", Any)],
        options: &[NOT, ("each", "how many of each list; 3 where it is not said")],
        yields: card_columns![("list", String), ("rank", Integer)],
        run: Run::Finding(|asked| {
            let n_cards = asked.integer("each")?.unwrap_or(INTRODUCTIONS);
            let options = IntroduceOptions { n_cards, not: asked.nodes("not")? };
            let question = Question { why: true, ..asked.question.clone() };
            let node = asked.node(0)?;
            let found = introduce(&asked.snapshot, &question, node, &options).map_err(refused)?;
            let mut rows = Vec::new();
            for (list, cards) in
                [("ready_now", &found.ready_now), ("most_useful", &found.most_useful)]
            {
                for (at, it) in cards.iter().enumerate() {
                    rows.push(
                        row![asked; list, at + 1].into_iter().chain(card(asked, it)).collect(),
                    );
                }
            }
            Ok(rows)
        }),
    },
    Entry {
        name: "plan",
        meaning: "Introductions for all start-ups in which nobody is asked too often.",
        verb: "introduce",
        takes: &[],
        options: &[
            NOT,
            ("each", "how many introductions a start-up gets; 3 where it is not said"),
            ("cap", "how many a provider or a broker takes part in; 3 where it is not said"),
        ],
        yields: card_columns![("rank", Integer), ("start_up", Node)],
        run: Run::Finding(|asked| {
            let defaults = PlanOptions::default();
            let options = PlanOptions {
                n_each: asked.integer("each")?.unwrap_or(defaults.n_each),
                cap: asked.integer("cap")?.unwrap_or(defaults.cap),
                not: asked.nodes("not")?,
                only: None,
            };
            let found = asked
                .watched(|run| plan(&asked.snapshot, &asked.question, &options, run))
                .map_err(|it| refused(it.into()))?;
            let rows = found.rows.iter().map(|it| {
                let first = row![asked; it.rank, it.start_up];
                first.into_iter().chain(card(asked, &it.card)).collect()
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "ledger",
        meaning: "The introductions that were written down, and what they led to.",
        verb: "introduce",
        takes: &[],
        options: &[],
        yields: &[
            ("start_up", Node),
            ("to", Node),
            ("by", List),
            ("programme", Node),
            ("status", String),
            ("days", Map),
            ("outcome", String),
        ],
        run: Run::Finding(|asked| {
            let found = ledger(&asked.snapshot, asked.question.as_of);
            let rows = found.rows.iter().map(|it| {
                row![asked; it.start_up, it.to, it.by, it.programme, it.status, it.days, it.outcome]
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "canvas",
        meaning: "The components of the ecosystem canvas, each with who stands for it.",
        verb: "canvas",
        takes: &[],
        options: &[],
        yields: &[
            ("component", Node),
            ("named", List),
            ("by_kind", List),
            ("n_ties", Integer),
            ("n_sources", Integer),
            ("thin", List),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let found = canvas(&asked.snapshot, &asked.question);
            let rows = found.components.iter().map(|it| {
                row![asked; it.node, it.named, it.by_kind, it.n_ties, it.n_sources, it.thin, it.sentence]
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "journey",
        meaning: "What a start-up meets on the way from idea to market, need by need, and who is near.",
        verb: "journey",
        takes: &[("start_up", Any)],
        options: &[],
        yields: &[
            ("step", Integer),
            ("need", Node),
            ("weight", Integer),
            ("distance", Integer),
            ("nearest_provider", Node),
            ("providers", List),
            ("also_named", List),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let node = asked.node(0)?;
            let found = journey(&asked.snapshot, &asked.question, node).map_err(refused)?;
            let rows = found.steps.iter().map(|it| {
                let need = &it.need;
                row![asked; it.step, need.need, need.weight, need.distance, need.nearest_provider,
                    it.providers, it.also_named, it.sentence]
            });
            Ok(rows.collect())
        }),
    },
];

/// What a card of an introduction says, from `to` on.
fn card(asked: &Asked<'_>, it: &Card) -> Vec<Value> {
    let mut row = row![asked; it.to, it.gain, it.route, it.score, it.access_before, it.access_after,
        it.for_needs];
    row.push(asked.nodes_of(it.brokers.iter().map(|it| &it.node)));
    row.extend(row![asked; it.fit, it.confidence, it.sentence]);
    row
}

fn all_access(asked: &Asked<'_>) -> Found {
    let only = asked.nodes("only")?;
    let ids: Vec<_> = only.iter().map(|&it| asked.snapshot.node(it).id()).collect();
    let (snapshot, question) = (&asked.snapshot, &asked.question);
    let mut found = asked
        .watched(|run| access(snapshot, question, run))
        .map_err(|it| refused(it.into()))?
        .start_ups;
    found.retain(|it| ids.is_empty() || ids.contains(&it.node.id.as_str()));
    // What is not shown need not be tried.
    found.truncate(asked.top()?.unwrap_or(usize::MAX));
    let bodies = asked.indices_of(found.iter().map(|it| &it.node));
    let tried = match asked.flag("stability")? {
        true => {
            asked
                .watched(|run| access_trust(snapshot, question, &bodies, run))
                .map_err(refused)?
                .rows
        }
        false => Vec::new(),
    };
    let chances = match asked.flag("chance")? {
        true => {
            asked.watched(|run| access_chance(snapshot, question, &bodies, run)).map_err(refused)?
        }
        false => Vec::new(),
    };
    let rows = found.iter().enumerate().map(|(at, it)| {
        let tried = tried.get(at).and_then(Option::as_ref);
        let (stability, trust) = tried.map(|it| (&it.stability, &it.trust)).unzip();
        row![asked; it.node, it.access, it.ceiling, it.fragility, it.status, it.stage, it.n_sources,
            it.n_links, it.reasons, it.needs, it.sentence, stability, trust, chances.get(at)]
    });
    Ok(rows.collect())
}

fn all_gaps(asked: &Asked<'_>) -> Found {
    let found = gaps(&asked.snapshot, &asked.question, &suspected_duplicates(&asked.snapshot));
    let none: Option<f64> = None;
    let mut rows = Vec::new();
    for it in &found.missing_provider {
        let n_providers = it.n_providers as f64;
        let row =
            row![asked; "missing_provider", it.need, none, n_providers, it.providers, it.sentence];
        rows.push(row);
    }
    for it in &found.unreached_need {
        let start_ups = asked.nodes_of(it.start_ups.iter().map(|it| &it.node));
        let mut row = row![asked; "unreached_need", it.need, none, it.share];
        row.extend([start_ups, asked.value(&it.sentence)]);
        rows.push(row);
    }
    for it in &found.missing_bridge.rows {
        rows.push(row![asked; "missing_bridge", it.a, it.b, it.value, it.needs, it.sentence]);
    }
    for it in &found.single_point_of_failure {
        let n_cut_off = it.n_cut_off as f64;
        let gap = "single_point_of_failure";
        rows.push(row![asked; gap, it.node, none, n_cut_off, it.cut_off, it.sentence]);
    }
    for it in &found.thin_data.suspected_duplicates {
        rows.push(row![asked; "suspected_duplicate", it.a, it.b, none, none, it.reason]);
    }
    Ok(rows)
}

/// Pairs of nodes whose names are so alike that they may be one body.
fn suspected_duplicates(snapshot: &Snapshot) -> Vec<SuspectedDuplicate> {
    let found = check(snapshot).into_iter().filter(|it| it.code == "suspected_duplicate");
    let pair = found.filter_map(|it| {
        let (a, b) = it.value.split_once('|')?;
        let (a, b) = (snapshot.find_node(a)?, snapshot.find_node(b)?);
        Some(SuspectedDuplicate { a, b, reason: it.message })
    });
    pair.collect()
}
