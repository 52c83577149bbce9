//! One procedure for each measure by which bodies can be ranked.

use weft_analytics::{Direction, Weighting};
use weft_cypher::FieldType;

use crate::ecosystem::{MeasureOptions, RankMeasure, RankOptions, rank};
use crate::procedures::asked::{Asked, refused};
use crate::procedures::entry::{Entry, Found, Run};

/// How many bodies are chosen together where nobody says how many.
const CHOSEN: usize = 3;

/// The options of every measure, each with what it means; a measure makes of them what it can.
pub const MEASURE_OPTIONS: &[(&str, &str)] = &[
    ("direction", "which ties of a body count: `either`, `out` or `in`"),
    ("weight", "how ties become the weight of a link: `one`, `ties`, `amount` or `log_amount`"),
    ("currency", "the currency of amounts that weigh"),
    ("steps", "within how many steps others are reached"),
    ("searches", "from how many bodies betweenness is estimated"),
    ("attenuation", "how much less each further step counts"),
    ("starts", "the bodies where the walker starts again; of `fit` the one to which others fit"),
    ("only", "only these bodies"),
    ("stability", "whether to drop links at random and see who stays"),
    ("chance", "whether to hold the figures against rewired networks"),
];

/// The procedure of a measure.
pub(super) fn entry(measure: &'static RankMeasure) -> Entry {
    Entry {
        name: measure.name,
        // Each has its own: see `meaning` below.
        meaning: "",
        verb: "rank",
        takes: &[],
        options: MEASURE_OPTIONS,
        yields: match (measure.tells_groups(), measure.tells_links()) {
            (true, _) => &[
                ("rank", FieldType::Integer),
                ("n_members", FieldType::Integer),
                ("members", FieldType::List),
                ("joined_by", FieldType::List),
            ],
            (_, true) => &[
                ("from", FieldType::Node),
                ("to", FieldType::Node),
                ("score", FieldType::Float),
                ("rank", FieldType::Integer),
                ("share", FieldType::Float),
                ("is_bridge", FieldType::Boolean),
                ("n_ties", FieldType::Integer),
                ("stability", FieldType::Map),
                ("chance", FieldType::Map),
            ],
            (false, false) => &[
                ("node", FieldType::Node),
                ("score", FieldType::Float),
                ("rank", FieldType::Integer),
                ("n_contacts", FieldType::Integer),
                ("beside", FieldType::Map),
                ("stability", FieldType::Map),
                ("chance", FieldType::Map),
            ],
        },
        run: Run::Measure(measure, run),
    }
}

/// What the procedure of a measure does, in a sentence.
pub(super) fn meaning(measure: &RankMeasure) -> String {
    let (name, explained_by) = (measure.name, measure.explained_by);
    if measure.tells_groups() {
        return format!(
            "Lists the groups of `{name}`, the largest first; `weft explain {explained_by}` says what \
             they mean."
        );
    }
    if measure.tells_links() {
        return format!(
            "Ranks links by `{name}`, the highest figure first; `weft explain {explained_by}` says what \
             it means."
        );
    }
    let first = if measure.lowest_first { "lowest" } else { "highest" };
    format!(
        "Ranks bodies by `{name}`, the {first} figure first; `weft explain {explained_by}` says what it \
         means."
    )
}

fn run(asked: &Asked<'_>, measure: &'static RankMeasure) -> Found {
    let is_chosen = measure.chooses();
    let defaults = RankOptions::default();
    let usual = if is_chosen { CHOSEN } else { defaults.n_rows };
    let options = RankOptions {
        measure: measure_options(asked)?,
        n_rows: asked.top()?.unwrap_or(usual),
        only: asked.nodes("only")?,
        stability: asked.flag("stability")?,
        chance: asked.flag("chance")?,
    };
    let found = asked
        .watched(|run| rank(&asked.snapshot, &asked.question, measure, &options, run))
        .map_err(refused)?;
    if measure.tells_groups() {
        let rows = found.groups.iter().map(|it| {
            let (members, joined_by) = (asked.nodes_of(&it.members), asked.nodes_of(&it.joined_by));
            vec![asked.value(&it.rank), asked.value(&it.n_members), members, joined_by]
        });
        return Ok(rows.collect());
    }
    if measure.tells_links() {
        let rows = found.links.iter().map(|it| {
            row![asked; it.from, it.to, it.value, it.rank, it.share, it.is_bridge, it.n_ties,
                it.stability, it.chance]
        });
        return Ok(rows.collect());
    }
    if is_chosen {
        let rows = found.rows.iter().map(|it| {
            row![asked; it.node, it.value, it.rank, it.n_contacts, it.beside, it.chosen_again, it.chance]
        });
        return Ok(rows.collect());
    }
    let rows = found.rows.iter().map(|it| {
        row![asked; it.node, it.value, it.rank, it.n_contacts, it.beside, it.stability, it.chance]
    });
    Ok(rows.collect())
}

fn measure_options(asked: &Asked<'_>) -> Result<MeasureOptions, weft_cypher::ProcedureError> {
    let defaults = MeasureOptions::default();
    let directions = [Direction::Either, Direction::Outgoing, Direction::Incoming];
    let direction = asked.choice("direction", &["either", "out", "in"])?.map(|at| directions[at]);
    Ok(MeasureOptions {
        direction,
        weighting: weighting(asked)?,
        currency: asked.text("currency")?.unwrap_or(defaults.currency),
        n_steps: asked.integer("steps")?.unwrap_or(defaults.n_steps),
        n_searches: asked.integer("searches")?,
        attenuation: asked.number("attenuation")?,
        starts: asked.nodes("starts")?,
        seed: asked.question.seed,
    })
}

/// How ties become the weight of their link.
pub(super) fn weighting(asked: &Asked<'_>) -> Result<Weighting, weft_cypher::ProcedureError> {
    let all = [Weighting::One, Weighting::Ties, Weighting::Amount, Weighting::LogAmount];
    let at = asked.choice("weight", &all.map(Weighting::name))?;
    Ok(at.map_or(Weighting::One, |at| all[at]))
}
