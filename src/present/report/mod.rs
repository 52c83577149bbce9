//! The page of findings: what this network is, who co-ordinates, what is missing, who should meet.
//!
//! [`gather`] asks `crate::ecosystem` for everything and keeps it as data; each section then turns
//! its findings into plain parts, which are written as one HTML page or as Markdown. Computes no
//! finding itself, and knows no store, no file and no clock.

mod canvas;
mod communities;
mod content;
mod data;
mod escape;
mod evidence;
mod figures;
mod front;
mod funding;
mod gaps;
mod hubs;
mod matrix;
mod method;
mod network;
mod page;
mod pictures;
mod plain;
mod start_ups;

pub use figures::period_words;
pub use pictures::{Pictures, pictures};
pub use start_ups::beside_those_above;

use serde::Serialize;
use weft_analytics::{Interrupted, Run};
use weft_graph::{NodeIdx, Snapshot, Source};

use super::Envelope;
use crate::ecosystem::{
    Access, Basis, Canvas, CommunitiesOptions, Counted, Facts, FactsOptions, FlowTotals, Flows,
    Gaps, Grouping, Holes, Hubs, HubsOptions, IntroduceOptions, Introduction, Introductions,
    Matrix, Partition, Plan, PlanOptions, Provision, Question, Stats, Status, SuspectedDuplicate,
    access, canvas, communities, facts, flow_totals, flows, gaps, holes, hubs_counted,
    introduce_each, ledger, matrix, plan, provision, sources_of_data, stats_counted,
};
use content::Part;
use front::Front;

/// The most start-ups that get cards, those to look at first before the others.
pub const INTRODUCED_MAX: usize = 25;

/// The most start-ups for whom a plan together is made: beyond, everybody's way to everybody takes long.
const PLANNED_MAX: usize = 1_000;

/// What is asked of the report beside the question.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportOptions {
    /// Where chance starts: it decides where the pictures put things, and no number.
    pub seed: u64,
    /// How many rows each ranking of hubs has at most.
    pub n_hubs: usize,
    /// How many cards each list of introductions has at most.
    pub n_cards: usize,
    /// Whom not to introduce.
    pub not: Vec<NodeIdx>,
    /// Pairs of nodes that may be one.
    pub suspected_duplicates: Vec<SuspectedDuplicate>,
}

/// Everything that the page says, as data.
#[derive(Serialize, Clone, Debug)]
pub struct Report {
    /// What the findings rest on.
    pub basis: Basis,
    /// The seed of the pictures.
    pub seed: u64,
    /// What this network is.
    pub stats: Stats,
    /// Who co-ordinates, in three meanings.
    pub hubs: Hubs,
    /// What is missing, what would break, what is thin.
    pub gaps: Gaps,
    /// Which kinds, sectors, places and circles hardly touch.
    pub holes: Holes,
    /// Who works more with each other than with the rest.
    pub communities: Partition,
    /// Links between those circles.
    pub matrix_community: Matrix,
    /// Links between kinds, and how many chance would leave.
    pub matrix_kind: Matrix,
    /// Who meets which need, by place and sector.
    pub matrix_needs: Provision,
    /// The components of the canvas, and who stands for each.
    pub canvas: Canvas,
    /// How near each start-up is to what it needs.
    pub access: Access,
    /// Whom those should meet that are not well connected.
    pub introductions: Vec<Introductions>,
    /// How many more would have deserved cards.
    pub n_without_cards: usize,
    /// The introductions to make for all start-ups together; none where there are too many of them.
    pub plan: Option<Plan>,
    /// The introductions written down by the day that the page speaks of.
    pub ledger: Vec<Introduction>,
    /// Who funds what.
    pub flows: Flows,
    /// By programme, place and year, and how concentrated it is.
    pub flow_totals: FlowTotals,
    /// The figures of the sources.
    pub facts: Facts,
    /// Who says so.
    pub sources: Vec<Source>,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self { seed: 1, n_hubs: 10, n_cards: 3, not: Vec::new(), suspected_duplicates: Vec::new() }
    }
}

/// Gathers the findings.
///
/// What was counted on the way is left in `counted`, for the pictures. With `question.why` they carry what their numbers rest on, and only then can the page open them.
/// The cost is that of its parts; the dearest are the rankings of hubs, O(n (n + m)).
///
/// # Errors
/// If it was interrupted.
pub fn gather(
    snapshot: &Snapshot,
    question: &Question,
    options: &ReportOptions,
    counted: &mut Counted,
    run: &mut Run<'_>,
) -> Result<Report, Interrupted> {
    let access = access(snapshot, question, run)?;
    let flows = flows(snapshot, question);
    let wanting = || access.start_ups.iter().filter(|it| it.status != Some(Status::Connected));
    let introduce_options = IntroduceOptions { n_cards: options.n_cards, not: options.not.clone() };
    let introduced: Vec<NodeIdx> =
        wanting().take(INTRODUCED_MAX).filter_map(|row| snapshot.find_node(&row.node.id)).collect();
    let introductions = introduce_each(snapshot, question, &introduced, &introduce_options)
        .expect("start-ups with a status are in the view");
    let hubs_options = HubsOptions {
        n_rows: options.n_hubs,
        stability: true,
        chance: true,
        only_if_quick: true,
        ..HubsOptions::default()
    };
    // First the hubs: what they count serves the rest too.
    let hubs = hubs_counted(snapshot, question, &hubs_options, counted, run)?;
    Ok(Report {
        basis: access.basis.clone(),
        seed: options.seed,
        stats: stats_counted(snapshot, question, counted, run)?,
        hubs,
        gaps: gaps(snapshot, question, &options.suspected_duplicates),
        holes: holes(snapshot, question, false, run)?,
        communities: communities(snapshot, question, &CommunitiesOptions::default(), run)?,
        matrix_community: matrix(snapshot, question, Grouping::Community, run)?,
        matrix_kind: matrix(snapshot, question, Grouping::Kind, run)?,
        matrix_needs: provision(snapshot, question),
        canvas: canvas(snapshot, question),
        plan: match access.start_ups.len() <= PLANNED_MAX {
            true => {
                let not = options.not.clone();
                let plan_options = PlanOptions { not, ..PlanOptions::default() };
                Some(plan(snapshot, question, &plan_options, run)?)
            }
            false => None,
        },
        n_without_cards: wanting().count() - introductions.len(),
        introductions,
        access,
        ledger: written_down(snapshot, question),
        flow_totals: flow_totals(snapshot, question, &flows),
        flows,
        facts: facts(snapshot, question, &FactsOptions::default()),
        sources: sources_of_data(snapshot).cloned().collect(),
    })
}

fn written_down(snapshot: &Snapshot, question: &Question) -> Vec<Introduction> {
    // Notes of today come after the usual day: they are left out only where a day was asked for.
    ledger(snapshot, question.as_of).rows
}

/// Writes the report as one HTML page that calls no other host and needs no script.
pub fn html(report: &Report, pictures: &Pictures, envelope: &Envelope) -> String {
    page::write(&Front::new(report, envelope), &parts(report, pictures))
}

/// Writes the report as Markdown, without pictures; with `is_opened` also what the page opens on a click.
pub fn markdown(report: &Report, envelope: &Envelope, is_opened: bool) -> String {
    plain::write(&Front::new(report, envelope), &parts(report, &Pictures::default()), is_opened)
}

/// The short of it for a terminal: about ten sentences, not wrapped.
pub fn summary(report: &Report) -> Vec<String> {
    front::summary(report)
}

/// One row a section: `{"section": "hubs", "finding": {...}}`.
pub fn rows(report: &Report) -> Vec<serde_json::Value> {
    let document = serde_json::to_value(report).expect("findings serialise");
    let sections = [
        "stats",
        "hubs",
        "gaps",
        "holes",
        "communities",
        "matrix_community",
        "matrix_kind",
        "matrix_needs",
        "canvas",
        "access",
        "plan",
        "introductions",
        "ledger",
        "flows",
        "flow_totals",
        "facts",
        "sources",
    ];
    let row = |section: &&str| serde_json::json!({ "section": section, "finding": document.get(*section) });
    sections.iter().map(row).collect()
}

fn parts(report: &Report, pictures: &Pictures) -> Vec<Part> {
    vec![
        network::part(report, pictures),
        hubs::part(report),
        gaps::single_points(report),
        gaps::part(report),
        start_ups::part(report, pictures),
        matrix::part(report),
        communities::part(report),
        canvas::part(report),
        funding::part(report),
        figures::part(report),
        data::part(report),
        method::part(report),
    ]
}

#[cfg(test)]
mod tests;
