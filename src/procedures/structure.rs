//! Findings on the shape of the network: hubs, brokers, communities, critical bodies, and who connects
//! to whom.

use serde_json::Value as Json;
use weft_analytics::Quality;
use weft_cypher::FieldType::{
    Boolean, Float, Integer, List, Map, Node, Path, Relationship, String,
};
use weft_value::Value;

use crate::ecosystem::{
    BrokersOptions, CommunitiesOptions, GroupMethod, Grouping, HubsOptions, PathChoice,
    PathsOptions, WhoOptions, brokers, communities, critical, critical_chance, critical_trust,
    hubs, matrix, paths, project, similar, stats, who,
};
use crate::procedures::asked::{Asked, Setting, failure, refused};
use crate::procedures::entry::{Entry, Found, Run};
use crate::procedures::measures::weighting;

/// How many rows of a ranking are tried where nobody says how many.
const ROWS: usize = 10;

/// How many paths are found where nobody says how many.
const PATHS: usize = 3;

/// Whether figures are to be tried on other networks.
pub(super) const TRUST: &[Setting] = &[
    ("stability", "whether to drop links at random and see who stays"),
    ("chance", "whether to hold the figures against rewired networks"),
];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "stats",
        meaning: "The network in figures: counts by kind, relation, certainty and stage, and its shape.",
        verb: "stats",
        takes: &[],
        options: &[],
        yields: &[("figure", String), ("of", String), ("label", String), ("value", Float)],
        run: Run::Finding(all_stats),
    },
    Entry {
        name: "hubs",
        meaning: "Who holds the network together, in three meanings: works with most, connects groups, \
                  has the shortest way to all.",
        verb: "hubs",
        takes: &[],
        options: TRUST,
        yields: &[
            ("meaning", String),
            ("rank", Integer),
            ("node", Node),
            ("score", Float),
            ("cut_off", List),
            ("trust", Map),
            ("sentence", String),
        ],
        run: Run::Finding(all_hubs),
    },
    Entry {
        name: "brokers",
        meaning: "Who stands between others, by betweenness, with Burt's constraint and Gould and \
                  Fernandez's roles.",
        verb: "brokers",
        takes: &[],
        options: TRUST,
        yields: &[
            ("rank", Integer),
            ("node", Node),
            ("score", Float),
            ("constraint", Float),
            ("effective_size", Float),
            ("efficiency", Float),
            ("n_open_pairs", Integer),
            ("n_closed_pairs", Integer),
            ("n_communities", Integer),
            ("roles", Map),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let options = BrokersOptions {
                n_rows: asked.top()?.unwrap_or(ROWS),
                only: Vec::new(),
                stability: asked.flag("stability")?,
                chance: asked.flag("chance")?,
            };
            let found = asked
                .watched(|run| brokers(&asked.snapshot, &asked.question, &options, run))
                .map_err(refused)?;
            let rows = found.rows.iter().map(|it| {
                let figures = &it.hub.figures;
                row![asked; it.hub.rank, it.hub.node, figures.betweenness, figures.constraint,
                    figures.effective_size, it.efficiency, it.n_open_pairs, it.n_closed_pairs,
                    it.n_communities, it.roles, it.role_sentence]
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "critical",
        meaning: "What breaks if one leaves: bodies without which others are cut off.",
        verb: "critical",
        takes: &[],
        options: TRUST,
        yields: &[
            ("node", Node),
            ("n_cut_off", Integer),
            ("n_start_ups_cut_off", Integer),
            ("cut_off", List),
            ("sentence", String),
            ("stability", Map),
            ("trust", Map),
            ("chance", Map),
        ],
        run: Run::Finding(all_critical),
    },
    Entry {
        name: "communities",
        meaning: "Who works more with each other than with the rest, a community a row.",
        verb: "communities",
        takes: &[],
        options: &[
            ("method", "`leiden`, `louvain` or `label_propagation`"),
            ("quality", "`modularity` or `constant_potts`"),
            ("resolution", "how finely groups are cut"),
        ],
        yields: &[
            ("number", Integer),
            ("name", String),
            ("n_members", Integer),
            ("members", List),
            ("n_links_inside", Integer),
            ("n_links_outside", Integer),
            ("sentence", String),
        ],
        run: Run::Finding(all_communities),
    },
    Entry {
        name: "matrix",
        meaning: "Links between groups, against what their sizes alone would give.",
        verb: "matrix",
        takes: &[],
        options: &[("by", "`kind`, `sector`, `place` or `community`")],
        yields: &[
            ("one", String),
            ("other", String),
            ("n_links", Integer),
            ("expected", Float),
            ("ratio", Float),
        ],
        run: Run::Finding(|asked| {
            let all = [Grouping::Kind, Grouping::Sector, Grouping::Place, Grouping::Community];
            let by = asked.choice("by", &["kind", "sector", "place", "community"])?;
            let by = by.map_or(Grouping::default(), |at| all[at]);
            let found = asked
                .watched(|run| matrix(&asked.snapshot, &asked.question, by, run))
                .map_err(|it| refused(it.into()))?;
            let rows = found.pairs.iter().map(
                |it| row![asked; it.one_label, it.other_label, it.n_links, it.expected, it.ratio],
            );
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "similar",
        meaning: "Who is in the same position: tied in the same ways to the same bodies, or to bodies of \
                  the same kinds.",
        verb: "similar",
        takes: &[("body", weft_cypher::FieldType::Any)],
        options: &[],
        yields: &[
            ("node", Node),
            ("same_contacts", Float),
            ("same_kinds", Float),
            ("shared", List),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let node = asked.node(0)?;
            let found = similar(&asked.snapshot, &asked.question, node).map_err(refused)?;
            let rows = found.rows.iter().map(
                |it| row![asked; it.node, it.same_contacts, it.same_kinds, it.shared, it.sentence],
            );
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "project",
        meaning: "Who takes part in the same bodies of one kind, a pair a row; these are no ties.",
        verb: "project",
        takes: &[("kind", String)],
        options: &[],
        yields: &[
            ("a", Node),
            ("b", Node),
            ("weight", Float),
            ("shared", List),
            ("is_linked", Boolean),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let of_kinds = asked.kinds_named(&asked.argument_text(0)?)?;
            let found = project(&asked.snapshot, &asked.question, &of_kinds);
            let rows = found
                .rows
                .iter()
                .map(|it| row![asked; it.a, it.b, it.weight, it.shared, it.is_linked, it.sentence]);
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "who",
        meaning: "Who connects to a body, by relation, each tie with its sources in words.",
        verb: "who",
        takes: &[("body", weft_cypher::FieldType::Any)],
        options: &[],
        yields: &[
            ("relation", String),
            ("neighbour", Node),
            ("tie", Relationship),
            ("certainty", String),
            ("sentence", String),
        ],
        run: Run::Finding(|asked| {
            let options = WhoOptions { n_ties: usize::MAX };
            let node = asked.node(0)?;
            let found = who(&asked.snapshot, &asked.question, node, &options).map_err(refused)?;
            let ties = found.relations.iter().flat_map(|of| of.ties.iter().map(move |it| (of, it)));
            let rows = ties.map(|(of, it)| {
                let tie = asked.relationship(&it.tie);
                let [relation, neighbour] = [asked.value(&of.relation), asked.value(&it.neighbour)];
                let [certainty, sentence] =
                    [asked.value(&it.tie.certainty), asked.value(&it.sentence)];
                vec![relation, neighbour, tie, certainty, sentence]
            });
            Ok(rows.collect())
        }),
    },
    Entry {
        name: "path",
        meaning: "How one gets from one body to another, the shortest ways first.",
        verb: "path",
        takes: &[("from", weft_cypher::FieldType::Any), ("to", weft_cypher::FieldType::Any)],
        options: &[
            ("choice", "`shortest`, `all_shortest`, `up_to`, `disjoint_nodes` or `disjoint_links`"),
            ("links", "of how many links paths are at most, for `up_to`"),
            ("avoid", "bodies that no path may pass"),
            (
                "weight",
                "how ties become the weight of a link: `one`, `ties`, `amount`, `log_amount`",
            ),
            ("currency", "the currency of amounts that weigh"),
        ],
        yields: &[("path", Path), ("n_links", Integer), ("cost", Float), ("sentence", String)],
        run: Run::Finding(all_paths),
    },
];

fn all_stats(asked: &Asked<'_>) -> Found {
    let found = asked
        .watched(|run| stats(&asked.snapshot, &asked.question, run))
        .map_err(|it| refused(it.into()))?;
    let text = |it: &str| Value::String(it.to_owned());
    let number = |it: f64| Value::Float(it);
    let mut rows = Vec::new();
    let figures = [
        ("n_nodes", found.everything.n_nodes),
        ("n_ties", found.everything.n_ties),
        ("n_bodies", found.conduit.n_nodes),
        ("n_links", found.conduit.n_links),
        ("n_sources", found.n_sources),
        ("n_facts", found.n_facts),
        ("n_needs", found.n_needs),
        ("n_needs_met", found.n_needs_met),
    ];
    for (name, value) in figures {
        let label = name.trim_start_matches("n_").replace('_', " ");
        rows.push(vec![text(name), Value::Null, text(&label), number(value as f64)]);
    }
    let parts = [serde_json::to_value(&found.shape), serde_json::to_value(&found.structure)];
    for part in parts.into_iter().flatten() {
        let Json::Object(fields) = part else { continue };
        for (name, value) in fields {
            let value = value.as_f64().map_or(Value::Null, number);
            rows.push(vec![text(&name), Value::Null, text(&name.replace('_', " ")), value]);
        }
    }
    let counts = [
        ("nodes_by_kind", &found.nodes_by_kind),
        ("ties_by_relation", &found.ties_by_relation),
        ("ties_by_certainty", &found.ties_by_certainty),
        ("start_ups_by_stage", &found.start_ups_by_stage),
    ];
    for (name, counts) in counts {
        for it in counts {
            rows.push(vec![text(name), text(&it.id), text(&it.label), number(it.n as f64)]);
        }
    }
    Ok(rows)
}

fn all_hubs(asked: &Asked<'_>) -> Found {
    let options = HubsOptions {
        n_rows: asked.top()?.unwrap_or(ROWS),
        stability: asked.flag("stability")?,
        chance: asked.flag("chance")?,
        ..HubsOptions::default()
    };
    let found = asked
        .watched(|run| hubs(&asked.snapshot, &asked.question, &options, run))
        .map_err(|it| refused(it.into()))?;
    let mut rows = Vec::new();
    // `top` is of each meaning, and the rankings come one after the other.
    for it in found.works_with_most.iter().take(options.n_rows) {
        let score = it.figures.n_contacts as f64;
        rows.push(row![asked; "works_with_most", it.rank, it.node, score, it.cut_off, it.trust, it.sentence]);
    }
    for it in found.connects_groups.iter().take(options.n_rows) {
        let score = it.figures.betweenness;
        rows.push(row![asked; "connects_groups", it.rank, it.node, score, it.cut_off, it.trust, it.sentence]);
    }
    for it in found.shortest_way.iter().take(options.n_rows) {
        let score = it.figures.harmonic;
        rows.push(row![asked; "shortest_way_to_all", it.rank, it.node, score, it.cut_off, it.trust, it.sentence]);
    }
    Ok(rows)
}

fn all_critical(asked: &Asked<'_>) -> Found {
    let mut found = critical(&asked.snapshot, &asked.question).rows;
    // What is not shown need not be tried.
    found.truncate(asked.top()?.unwrap_or(usize::MAX));
    let bodies = asked.indices_of(found.iter().map(|it| &it.node));
    let (snapshot, question) = (&asked.snapshot, &asked.question);
    let tried = match asked.flag("stability")? && !found.is_empty() {
        true => {
            asked
                .watched(|run| critical_trust(snapshot, question, found.len(), Vec::new(), run))
                .map_err(refused)?
                .rows
        }
        false => Vec::new(),
    };
    let chances = match asked.flag("chance")? {
        true => asked
            .watched(|run| critical_chance(snapshot, question, &bodies, run))
            .map_err(refused)?,
        false => Vec::new(),
    };
    let rows = found.iter().enumerate().map(|(at, it)| {
        let tried = tried.iter().find(|row| row.node.id == it.node.id);
        let (stability, trust) = tried.map(|it| (&it.stability, &it.trust)).unzip();
        row![asked; it.node, it.n_cut_off, it.n_start_ups_cut_off, it.cut_off, it.sentence,
            stability, trust, chances.get(at)]
    });
    Ok(rows.collect())
}

fn all_communities(asked: &Asked<'_>) -> Found {
    let methods = [GroupMethod::Leiden, GroupMethod::Louvain, GroupMethod::LabelPropagation];
    let method = asked.choice("method", &["leiden", "louvain", "label_propagation"])?;
    let qualities = [Quality::Modularity, Quality::ConstantPotts];
    let quality = asked.choice("quality", &["modularity", "constant_potts"])?;
    let options = CommunitiesOptions {
        method: method.map_or(GroupMethod::default(), |at| methods[at]),
        quality: quality.map_or(Quality::default(), |at| qualities[at]),
        resolution: asked.number("resolution")?,
        ..CommunitiesOptions::default()
    };
    let found = asked
        .watched(|run| communities(&asked.snapshot, &asked.question, &options, run))
        .map_err(|it| refused(it.into()))?;
    let rows = found.communities.iter().map(|it| {
        let members = asked.nodes_of(it.members.iter().map(|it| &it.node));
        let mut row = row![asked; it.number, it.name, it.n_members];
        row.push(members);
        row.extend(row![asked; it.n_links_inside, it.n_links_outside, it.sentence]);
        row
    });
    Ok(rows.collect())
}

fn all_paths(asked: &Asked<'_>) -> Found {
    let choices = ["shortest", "all_shortest", "up_to", "disjoint_nodes", "disjoint_links"];
    let n_links: Option<u32> = asked.integer("links")?;
    let choice = match (asked.choice("choice", &choices)?, n_links) {
        (None, Some(n_links)) | (Some(2), Some(n_links)) => PathChoice::UpTo(n_links),
        (Some(2), None) => {
            let message = "paths up to how many links is not said";
            return Err(failure(message, "add the option `links`, such as `links: 3`"));
        }
        (Some(1), _) => PathChoice::AllShortest,
        (Some(3), _) => PathChoice::DisjointNodes,
        (Some(4), _) => PathChoice::DisjointLinks,
        _ => PathChoice::Shortest,
    };
    let defaults = PathsOptions::default();
    let options = PathsOptions {
        choice,
        n_paths: asked.top()?.unwrap_or(PATHS),
        avoid: asked.nodes("avoid")?,
        weighting: weighting(asked)?,
        currency: asked.text("currency")?.unwrap_or(defaults.currency),
    };
    let (from, to) = (asked.node(0)?, asked.node(1)?);
    let found = paths(&asked.snapshot, &asked.question, from, to, &options).map_err(refused)?;
    let rows = found.paths.iter().enumerate().map(|(at, it)| {
        let cost = found.costs.get(at);
        let mut row = vec![asked.path(it)];
        row.extend(row![asked; it.n_links, cost, it.sentence]);
        row
    });
    Ok(rows.collect())
}
