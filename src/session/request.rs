//! What can be asked, in words that have been checked: one options type a verb.

use std::path::PathBuf;

use weft_graph::Certainty;
use weft_value::PartialDate;

pub use crate::ecosystem::{Finding, GroupMethod, PathChoice};
pub use weft_analytics::{Direction, Quality, Weighting};

/// What holds for every verb.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The store that was named, on the command line or in `WEFT_DB`.
    pub db: Option<PathBuf>,
    /// The day `D`; without one, that of the newest source.
    pub as_of: Option<PartialDate>,
    /// The store as it was recorded after that revision.
    pub revision: Option<u64>,
    /// The weakest certainty that is let in.
    pub floor: Option<Certainty>,
    /// Only these relations.
    pub relations: Vec<String>,
    /// Only these kinds or families.
    pub kinds: Vec<String>,
    /// Only rows of bodies in this place, or in a place that is part of it.
    pub place: Option<String>,
    /// Whether the answer is to carry what its numbers rest on.
    pub why: bool,
    /// The seed of everything that uses chance.
    pub seed: u64,
    /// How many rows are shown; none for the verb's own number.
    pub limit: Option<usize>,
    /// Whether all rows are shown.
    pub all: bool,
    /// The day on the clock of whoever asks.
    pub today: Option<PartialDate>,
    /// The moment on that clock, as `2026-11-22T17:00:00Z`, for history.
    pub now: String,
    /// Who asks, for history.
    pub who: String,
    /// Do not show or propose these, by any name.
    pub not: Vec<String>,
}

/// A question or an order.
#[derive(Clone, Debug)]
pub enum Request {
    /// Makes a store, or the files of a template.
    Init(Init),
    /// What this store is, and whether it is whole.
    Status,
    /// The words: kinds, relations, stages.
    Schema(Schema),
    /// Reads files into the store.
    Import(Import),
    /// Looks for faults and doubts in the data.
    Check(Check),
    /// Who says so: the sources.
    Sources,
    /// The revisions.
    History(History),
    /// Takes a revision back.
    Undo(Undo),
    /// Finds nodes by a text.
    Find(Find),
    /// All that is known of a node.
    Show(Names),
    /// Who connects to whom.
    Who(Who),
    /// How one gets from one body to another.
    Path(Path),
    /// Who is in the same position.
    Similar(Similar),
    /// Who takes part in the same.
    Project(Project),
    /// The network in figures.
    Stats,
    /// The figures that sources print.
    Facts(Facts),
    /// Who co-ordinates, in three meanings.
    Hubs(Trusted),
    /// Bodies by any measure.
    Rank(Rank),
    /// Who stands between others.
    Brokers(Brokers),
    /// Who works more with each other than with the rest.
    Communities(Communities),
    /// What breaks if one leaves.
    Critical(Judged),
    /// What is missing.
    Gaps(Gaps),
    /// How near each start-up is to what it needs.
    Access(Judged),
    /// Whom a start-up should meet.
    Introduce(Introduce),
    /// Writes down a step of an introduction.
    WriteDown(WriteDown),
    /// The introductions that were written down, and what they led to.
    Ledger,
    /// The components of the ecosystem canvas.
    Canvas,
    /// What a start-up meets on the way from idea to market.
    Journey(Journey),
    /// Links between groups, and who meets which need where.
    Matrix(Matrix),
    /// Who funds what.
    Flows,
    /// Findings before and after something is otherwise.
    WhatIf(WhatIf),
    /// What changed between two days.
    Diff(Diff),
    /// A picture.
    Draw(Draw),
    /// A page of findings.
    Report(Report),
    /// The data in another form.
    Export(Export),
    /// What a measure or a finding means.
    Explain(Names),
    /// Runs statements of openCypher.
    Query(Query),
    /// Runs a saved question.
    Ask(Ask),
}

/// Options of `query`.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The statements, with semicolons between them.
    pub text: String,
    /// Parameters with the text of their values.
    pub parameters: Vec<(String, String)>,
    /// Parameters that are the rows of files: name, name of the file, its bytes.
    pub rows: Vec<(String, String, Vec<u8>)>,
    /// The source that written records rest on.
    pub source: Option<String>,
    /// Where in the source.
    pub locator: String,
    /// Whether all statements are one transaction.
    pub single: bool,
    /// What times are measured with.
    pub stopwatch: Option<super::Stopwatch>,
    /// How long a statement may take.
    pub timeout_ms: Option<u64>,
    /// What else it may take.
    pub limits: weft_cypher::Limits,
}

/// Options of `ask`.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The saved question; all are listed without one.
    pub name: Option<String>,
    /// Say what it asks and how to read its answer, rather than running it.
    pub describe: bool,
    /// Parameters with the text of their values.
    pub parameters: Vec<(String, String)>,
}

/// Options of `init`.
#[derive(Clone, Debug, Default)]
pub struct Init {
    /// Fill it with the bundled dataset of that name.
    pub from: Option<String>,
    /// Write template files into this folder instead.
    pub template: Option<PathBuf>,
    /// The title of the store.
    pub title: Option<String>,
    /// A schema of one's own.
    pub schema: Option<PathBuf>,
    /// No schema: any label, type and property.
    pub free: bool,
}

/// Options of `schema`.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Print the TOML itself.
    pub toml: bool,
}

/// Options of `import`.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Folders or files.
    pub paths: Vec<PathBuf>,
    /// The name of the dataset; the folder's by default.
    pub dataset: Option<String>,
    /// Only say what would change.
    pub dry_run: bool,
    /// Take away what the last import of this dataset had and this one lacks.
    pub remove: bool,
    /// Whether `03/04/2018` is the third of April.
    pub day_first: bool,
    /// The date of rows that name no source.
    pub source_date: Option<PartialDate>,
}

/// Options of `check`.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// Also read the whole file and compare its checksums.
    pub deep: bool,
}

/// Options of `history`.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The changes of that one revision.
    pub revision: Option<u64>,
}

/// Options of `undo`.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    /// The revision; the newest by default.
    pub revision: Option<u64>,
}

/// Options of `find`.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// What to look for.
    pub text: String,
}

/// Names, ids, aliases or identifiers.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// As they were typed.
    pub names: Vec<String>,
}

/// Options of `who`.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// Whose ties.
    pub name: String,
    /// Only ties with this body.
    pub with: Option<String>,
}

/// Options of `path`.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Which paths.
    pub choice: PathChoice,
    /// How many paths; without one all that the choice means, or three of the shortest.
    pub n_paths: Option<usize>,
    /// Not through these.
    pub avoid: Vec<String>,
    /// How ties become the weight of their link.
    pub weighting: Weighting,
    /// The currency of amounts that weigh.
    pub currency: Option<String>,
}

/// Options of `similar`.
#[derive(Clone, Debug, Default)]
pub struct Similar {
    /// Like whom.
    pub name: String,
}

/// Options of `project`.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// In the same bodies of which kind.
    pub kind: String,
}

/// Options of `facts`.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Only of these measures, subjects or categories.
    pub words: Vec<String>,
    /// Only those that the source derives from others.
    pub derived: bool,
}

/// How far a ranking is to be tried.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trusted {
    /// See what becomes of the ranks when links are lost at random.
    pub stability: bool,
    /// Hold the figures against rewired networks.
    pub chance: bool,
}

/// Options of `brokers`.
#[derive(Clone, Debug, Default)]
pub struct Brokers {
    /// Only these bodies, whatever their rank.
    pub names: Vec<String>,
    /// How far the ranking is to be tried.
    pub trusted: Trusted,
}

/// Options of `critical` and `access`.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Only these bodies.
    pub names: Vec<String>,
    /// How far the figures are to be tried.
    pub trusted: Trusted,
}

/// Options of `communities`.
#[derive(Clone, Debug, Default)]
pub struct Communities {
    /// Only the communities of these bodies.
    pub names: Vec<String>,
    /// How they are found.
    pub method: GroupMethod,
    /// What is made as great as can be.
    pub quality: Quality,
    /// How much chance counts.
    pub resolution: Option<f64>,
}

/// Options of `rank`.
#[derive(Clone, Debug, Default)]
pub struct Rank {
    /// The measure; all are listed without one.
    pub measure: Option<String>,
    /// Only these bodies, whatever their rank.
    pub names: Vec<String>,
    /// Which ties of a body count; without one as the measure has it.
    pub direction: Option<Direction>,
    /// How ties become the weight of their link.
    pub weighting: Weighting,
    /// The currency of amounts that weigh.
    pub currency: Option<String>,
    /// Within how many steps others are reached.
    pub n_steps: Option<u32>,
    /// From how many bodies betweenness is estimated.
    pub n_searches: Option<usize>,
    /// Katz's attenuation.
    pub attenuation: Option<f64>,
    /// Where PageRank's walker starts again.
    pub starts: Vec<String>,
    /// How far the ranking is to be tried.
    pub trusted: Trusted,
}

/// Options of `gaps`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gaps {
    /// Hold groups against chance however many ties there are.
    pub chance: bool,
}

/// Options of `introduce`.
#[derive(Clone, Debug, Default)]
pub struct Introduce {
    /// The start-up; a plan for all of them without one.
    pub name: Option<String>,
    /// How many introductions a list holds.
    pub n_introductions: usize,
    /// In how many introductions of a plan a body is met at most, and in how many it introduces.
    pub cap: usize,
}

/// Options of `introduce log`, `accept`, `decline`, `made` and `outcome`.
#[derive(Clone, Debug)]
pub struct WriteDown {
    /// What happened.
    pub step: Step,
    /// The start-up.
    pub start_up: String,
    /// Whom it is to meet.
    pub to: String,
    /// The day; that on the clock without one.
    pub day: Option<PartialDate>,
    /// Anything else.
    pub note: Option<String>,
}

/// A step of an introduction.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody means to make it.
    Log {
        /// Who introduces, by any name.
        by: Vec<String>,
        /// In which programme.
        programme: Option<String>,
    },
    /// Both sides want it.
    Accept,
    /// One side does not.
    Decline,
    /// They have met.
    Made,
    /// What came of it.
    Outcome(String),
}

/// Options of `journey`.
#[derive(Clone, Debug, Default)]
pub struct Journey {
    /// The start-up.
    pub name: String,
}

/// Options of `matrix`.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// What stands against each other.
    pub of: MatrixOf,
}

/// What stands against each other in a matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MatrixOf {
    /// Kinds.
    #[default]
    Kind,
    /// Sectors.
    Sector,
    /// Places.
    Place,
    /// Communities.
    Community,
    /// Needs against places and sectors.
    Needs,
}

/// Options of `what-if`.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    /// Bodies that leave, or ties that end: "A hosts B".
    pub without: Vec<String>,
    /// Ties that come: "A partners_with B".
    pub add: Vec<String>,
    /// Which findings; all if empty.
    pub findings: Vec<Finding>,
}

/// Options of `diff`.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The one day.
    pub from: PartialDate,
    /// The other.
    pub to: PartialDate,
    /// Which findings; the usual ones if empty.
    pub findings: Vec<Finding>,
}

/// Options of `draw`.
#[derive(Clone, Debug, Default)]
pub struct Draw {
    /// The surroundings of this body.
    pub of: Option<String>,
    /// To this many links.
    pub depth: u32,
    /// The paths between two bodies.
    pub path: Option<(String, String)>,
    /// Whether the store is to keep where marks stand.
    pub save_layout: bool,
    /// SVG or DOT.
    pub form: PictureForm,
    /// Where it goes; stdout without.
    pub output: Option<PathBuf>,
}

/// The form of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PictureForm {
    /// A picture that a browser shows.
    #[default]
    Svg,
    /// Text for Graphviz.
    Dot,
}

/// Options of `report`.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Where it goes; `weft-report.html` here without.
    pub output: Option<PathBuf>,
    /// Markdown instead of HTML.
    pub markdown: bool,
    /// The findings as rows, and no page.
    pub rows: bool,
}

/// Options of `export`.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// The form.
    pub form: ExportForm,
    /// Where it goes: a folder for CSV, else a file or stdout.
    pub output: Option<PathBuf>,
    /// Also what a licence forbids to pass on.
    pub regardless_of_licence: bool,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportForm {
    /// One document with everything.
    #[default]
    Json,
    /// A folder of files that `import` reads.
    Csv,
    /// Text for Graphviz.
    Dot,
}
