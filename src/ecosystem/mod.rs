//! Findings: pure functions from a snapshot and a question to plain results.
//!
//! Every function takes a [`weft_graph::Snapshot`] and a [`Question`], reads nothing else, and
//! returns a value that serde can write: those types are the JSON contract. Definitions are in
//! section 3 of the design; each file quotes its own. Knows no database, no file and no clock.

mod access;
mod access_trust;
mod between;
mod bridges;
mod brokers;
mod canvas;
mod communities;
mod compare;
mod counted;
mod critical;
mod evidence;
mod facts;
mod figures;
mod flow_totals;
mod flows;
mod gaps;
mod held_against_chance;
mod holes;
mod hubs;
mod introduce;
mod journey;
mod ledger;
mod lines;
mod matrix;
mod measure;
mod moved;
#[cfg(test)]
mod naive;
mod places;
mod plan;
mod project;
mod prospects;
mod provision;
mod question;
mod rank;
mod set_trial;
mod similar;
mod source_order;
mod stats;
mod structure;
mod trust;
mod what_if;
mod who;
mod words;

pub use access::{
    Access, AccessRow, AccessWhy, LostWithout, NeedDistance, Reason, ReasonCode, Status, access,
};
pub use access_trust::{AccessTrust, Standing, StatusTrust, TriedStartUp, access_trust};
pub use between::{between, greatest_error};
pub use bridges::{BridgeGain, MissingBridge, MissingBridges, NeedStep};
pub use brokers::{Broker as BrokerRow, Brokers, BrokersOptions, KindPair, Roles, brokers};
pub use canvas::{Canvas, CanvasComponent, CanvasWhy, canvas};
pub use communities::{
    CommunitiesOptions, Community, GroupMethod, Member, Partition, by_links_inside, communities,
};
pub use compare::{
    AccessChange, Comparison, CriticalChange, FigureChange, Finding, FindingChange, HubChange,
    NeedChangeOfGap, NeedMove, NeedWay, Side, StartUpChange, compare,
};
pub use counted::Counted;
pub use critical::{Critical, CutOff, CutOffWhy, critical, critical_trust, cut_off_without};
pub use evidence::{
    ClaimEvidence, LinkEvidence, NodeEvidence, NodeName, PathEvidence, TieEvidence, node_evidence,
    tie_evidence,
};
pub use facts::{FactPart, FactRow, Facts, FactsOptions, Recomputed, Verdict, facts};
pub use figures::{Figures, NeedFigures, ShortLists};
pub use flow_totals::{Concentration, FlowGroup, FlowTotals, flow_totals};
pub use flows::{FlowRow, Flows, Money, MoneyItem, flows};
pub use gaps::{
    Duplicate, Gaps, MissingProvider, StartUpDistance, SuspectedDuplicate, Thin, ThinData,
    UnreachedNeed, gaps,
};
pub use held_against_chance::{access_chance, critical_chance};
pub use holes::{CommunityPair, Group as HoleGroup, GroupPair as HolePair, Holes, holes};
pub(crate) use hubs::{BELOW_THREE, HARMONIC};
pub use hubs::{
    Bridging, BridgingWhy, ContactPart, Contacts, Dependency, DependentPair, Hub, Hubs,
    HubsOptions, KindCount, LinkShare, Nearness, RelationCount, Ring, Trust,
    Verdict as RankingVerdict, hubs, hubs_counted,
};
pub use introduce::{
    Broker, Card, Confidence, Fit, IntroduceOptions, Introductions, NearestProvider, NeedChange,
    introduce, introduce_each,
};
pub use journey::{Journey, JourneyStep, OPENED, Provider, ProviderWay, StageWeight, journey};
pub use ledger::{
    Entry, Introduction, Ledger, ProgrammeIntroductions, Stage, Step, known_on, ledger,
    sources_of_data, step,
};
pub use lines::{LineChange, Shown, names_apart};
pub use matrix::{Group, GroupPair, Grouping, Matrix, matrix};
pub use measure::{Directions, MEASURES, MeasureOptions, RankMeasure};
pub use moved::{Moved, RestsOn};
pub use places::{located_in, places_within};
pub use plan::{Load, Plan, PlanOptions, Planned, plan};
pub use project::{Projected, SharingPair, project};
pub use provision::{
    GroupProvision, NeedProvision, Provision, near_in_words, providers_in_words, provision,
};
pub use question::{Basis, Question, kind_word, newest_source_date};
pub use rank::{
    RankContact, RankGroup, RankLink, RankOptions, RankRing, RankRow, RankTrust, RankWhy, Ranking,
    rank,
};
pub use set_trial::{ChosenAgain, OtherSet};
pub use similar::{SharedRole, Similar, SimilarRow, similar};
pub use stats::{Count, CountedNode, CountedTie, Shape, Stats, StatsWhy, stats, stats_counted};
pub use structure::Structure;
pub use trust::{Chance, Stability};
pub use what_if::{Supposition, suppose};
pub use who::{PathChoice, Paths, PathsOptions, Who, WhoOptions, WhoRelation, WhoTie, paths, who};
pub use words::{all_names, digits, grouped, joints, money, numbers_apart, span};

/// Why a finding cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The node that was asked about is not among the nodes that the question looks at.
    #[error(
        "`{id}` is not in this view: not valid on that day, weaker than that certainty, left out by `--kind`, or \
         no body that acts; hint: try without `--kind`, with another `--as-of` or `--certainty`, or `weft show \
         {id}`"
    )]
    NotInView {
        /// the node
        id: String,
    },
    /// Whoever watched it stopped it.
    #[error(transparent)]
    Interrupted(#[from] weft_analytics::Interrupted),
    /// A measure has no figures in this view.
    #[error(
        "`{measure}` has no figures here: {why}; hint: `weft explain {measure}` says when it has"
    )]
    Unmeasured {
        /// the measure
        measure: &'static str,
        /// why not
        why: String,
    },
    /// The schema of the store has no word for it.
    #[error(
        "the schema of this store has no relation `{relation}`; hint: stores made by `weft init` of this \
         version have it, see `weft schema --toml`"
    )]
    NoRelation {
        /// the relation
        relation: &'static str,
    },
    /// No introduction was written down between the two.
    #[error(
        "no introduction of `{start_up}` to `{to}` is in hand; hint: write it down with \
         `weft introduce log {start_up} {to}`"
    )]
    NoIntroduction {
        /// the start-up
        start_up: String,
        /// whom it was to meet
        to: String,
    },
    /// One of the two cannot meet anybody, or not the other.
    #[error(
        "`{id}` cannot be introduced: {why}; hint: `weft find WORDS` looks for bodies that act"
    )]
    CannotMeet {
        /// the body
        id: String,
        /// why not
        why: String,
    },
    /// The introduction is at another point.
    #[error("the introduction `{id}` {why}; hint: `weft introduce list` shows how far each is")]
    IntroductionElsewhere {
        /// its tie
        id: String,
        /// where it is
        why: String,
    },
}
