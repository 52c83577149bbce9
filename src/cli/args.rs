//! What can be typed: the command line as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::present::Format;

/// The page of `weft help`: verbs by job in place of a list of all with what each does.
const HELP: &str = "\
{about}

{usage-heading} {usage}

{before-help}
Options of every verb:
{options}

{after-help}
";

/// The verbs, by what one wants to do.
pub(super) const JOBS: &[(&str, &[&str])] = &[
    ("start", &["init", "status", "schema"]),
    ("data in", &["import", "check", "sources", "history", "undo"]),
    ("ask", &["find", "show", "who", "path", "similar", "project", "facts"]),
    ("hubs", &["stats", "hubs", "rank", "brokers", "communities", "critical"]),
    ("gaps", &["gaps", "access", "introduce", "journey", "matrix", "canvas", "flows"]),
    ("time", &["what-if", "diff"]),
    ("show", &["draw", "report", "export"]),
    ("openCypher", &["query", "ask", "shell", "serve"]),
    ("help", &["explain", "completions", "help"]),
];

fn verbs_by_job() -> String {
    let mut res = String::from("Verbs, by job (`weft help VERB` tells what each does):\n");
    for (job, verbs) in JOBS {
        res.push_str(&format!("  {job:<12}{}\n", verbs.join(", ")));
    }
    res
}

/// A graph database of innovation ecosystems: who connects to whom, what is missing, who should meet.
#[derive(Debug, Parser)]
#[command(name = "weft", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    help_template = HELP,
    before_help = verbs_by_job(),
    after_help = "Without a store, weft answers from the Leeds health innovation graph that \
                        comes with it.\nStart with `weft report`, `weft hubs` or `weft who nexus`."
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// Options that every verb takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every verb")]
pub(super) struct Common {
    /// The store [default: WEFT_DB, else weft.db here or in a parent, else the bundled graph]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) db: Option<PathBuf>,
    /// The day that answers speak of: a year, a month, a day, or `today` [default: the newest source's]
    #[arg(long, global = true, value_name = "DATE")]
    pub(super) as_of: Option<String>,
    /// The store as it was recorded after this revision
    #[arg(long, global = true, value_name = "N")]
    pub(super) revision: Option<u64>,
    /// The weakest certainty that counts
    #[arg(long, global = true, value_enum, value_name = "FLOOR")]
    pub(super) certainty: Option<Floor>,
    /// Only these relations (`weft schema` lists them)
    #[arg(long, global = true, value_name = "RELATION", value_delimiter = ',')]
    pub(super) relation: Vec<String>,
    /// Only these kinds; a word that names a family too, such as `company`, takes all kinds of it,
    /// `only:company` the kind alone (`weft schema` lists both)
    #[arg(long, global = true, value_name = "KIND", value_delimiter = ',')]
    pub(super) kind: Vec<String>,
    /// Show what each number rests on: ties, sources, dates, certainty
    #[arg(long, global = true)]
    pub(super) why: bool,
    /// The form of the answer [default: table on a terminal, tsv in a pipe]
    #[arg(long, short, global = true, value_enum)]
    pub(super) format: Option<FormatArg>,
    /// The seed of everything that uses chance
    #[arg(long, global = true, default_value_t = 42)]
    pub(super) seed: u64,
    /// At most so many rows of each list, in every form [default: data forms give all rows, those of `hubs` and
    /// `brokers` ten of each list]
    #[arg(long, short = 'n', global = true, value_name = "N")]
    #[arg(value_parser = at_least_one)]
    pub(super) limit: Option<usize>,
    /// Show all rows
    #[arg(long, global = true)]
    pub(super) all: bool,
    /// Colours on the terminal
    #[arg(long, global = true, value_enum, default_value_t = ColorArg::Auto)]
    pub(super) color: ColorArg,
}

/// How far a ranking is to be tried.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct TrustedArgs {
    /// Say which places are safe when links are lost or doubted: 1,000 draws with one in ten dropped
    #[arg(long)]
    pub(super) stability: bool,
    /// Say which figures differ from chance: 999 networks with the same ties rewired
    #[arg(long)]
    pub(super) chance: bool,
}

/// How communities are found.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum MethodArg {
    /// Leiden: no community falls into parts
    Leiden,
    /// Louvain
    Louvain,
    /// label propagation, as LDBC defines it
    LabelPropagation,
}

/// What communities are measured by.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum QualityArg {
    /// links inside, less what degrees alone would give
    Modularity,
    /// constant Potts model: links inside, less the resolution times the pairs inside
    Cpm,
}

/// Where the bodies are that a list shows.
#[derive(Clone, Debug, Args)]
pub(super) struct LocatedArgs {
    /// Only bodies in this place, or in a place that is part of it; figures are those of the whole network
    #[arg(long, value_name = "PLACE")]
    pub(super) place: Option<String>,
}

/// Which ties of a body count.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum DirectionArg {
    /// those that lead out from it
    Out,
    /// those that lead to it
    In,
    /// all, whichever way they run
    Either,
}

/// How ties become the weight of their link.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum WeightArg {
    /// every link weighs 1
    One,
    /// the number of its ties
    Ties,
    /// the sum of the amounts on its ties
    Amount,
    /// log10 of 1 + that sum
    LogAmount,
}

/// The weakest certainty that counts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Floor {
    /// said in words
    Stated,
    /// said of two lists together
    Collective,
    /// only a name says it
    Implied,
    /// a second reading is possible
    Ambiguous,
    /// from outside the source
    Inferred,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum FormatArg {
    /// for reading
    Table,
    /// one document with its circumstances
    Json,
    /// one row a line
    Jsonl,
    /// for a spreadsheet
    Csv,
    /// for other tools
    Tsv,
    /// for a paper
    Markdown,
    /// a page (report)
    Html,
    /// a picture (draw)
    Svg,
    /// Graphviz text (draw, export)
    Dot,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum ColorArg {
    /// on a terminal that has them
    Auto,
    /// always
    Always,
    /// never
    Never,
}

/// What stands against each other in a matrix.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum MatrixArg {
    /// kinds of body
    Kind,
    /// sectors
    Sector,
    /// places, the smallest on record
    Place,
    /// communities
    Community,
    /// support needs against places and sectors
    Needs,
}

/// A finding that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum FindingArg {
    /// the network in figures
    Stats,
    /// hubs in three meanings
    Hubs,
    /// single points of failure
    Critical,
    /// how near start-ups are to what they need
    Access,
    /// who meets which need, and for how many it is out of reach
    Gaps,
    /// through whom others reach each other
    Brokers,
    /// which bodies work more with each other than with the rest
    Communities,
    /// links within and between kinds
    Matrix,
    /// whom each start-up should meet
    Introduce,
    /// who meets the needs of each start-up, and how near they are
    Journey,
    /// who and what stands for each component of the canvas
    Canvas,
    /// who funds what
    Flows,
    /// the figures that sources print
    Facts,
    /// of the gaps: groups that hardly touch
    Holes,
    /// of the gaps: the ties that would help start-ups most
    Bridges,
    /// of the gaps: what rests on little
    Thin,
}

impl FormatArg {
    /// The form of rows, unless it is one of a picture or a page.
    pub(super) fn rows(self) -> Option<Format> {
        Some(match self {
            Self::Table => Format::Table,
            Self::Json => Format::Json,
            Self::Jsonl => Format::Jsonl,
            Self::Csv => Format::Csv,
            Self::Tsv => Format::Tsv,
            Self::Markdown => Format::Markdown,
            Self::Html | Self::Svg | Self::Dot => return None,
        })
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Make a store here, empty or filled, or the empty files of one's own ecosystem
    Init {
        /// Fill the store with a bundled dataset
        #[arg(long, value_parser = ["leeds"])]
        from: Option<String>,
        /// Write empty CSV files with one worked row each, and the schema, into a folder
        #[arg(long, value_name = "FOLDER", num_args = 0..=1, default_missing_value = "my-ecosystem",
              conflicts_with_all = ["from", "title", "schema", "free"])]
        template: Option<PathBuf>,
        /// The title of the store
        #[arg(long)]
        title: Option<String>,
        /// A schema of one's own (TOML; start from `weft schema --toml`)
        #[arg(long, value_name = "FILE")]
        schema: Option<PathBuf>,
        /// No schema: any label, type and property, as openCypher writes them
        #[arg(long, conflicts_with_all = ["from", "schema"])]
        free: bool,
    },
    /// What this store is, how fresh, and whether it is whole
    Status,
    /// The words: kinds, relations and stages
    Schema {
        /// Print the TOML itself
        #[arg(long)]
        toml: bool,
    },
    /// Read CSV files into the store
    Import {
        /// Folders of CSV files, or files
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// The name of the dataset [default: the folder's name]
        #[arg(long)]
        dataset: Option<String>,
        /// Only say what would change, row by row
        #[arg(long)]
        dry_run: bool,
        /// Take away what the last import of this dataset had and this one lacks
        #[arg(long)]
        remove: bool,
        /// How dates with slashes are written
        #[arg(long, value_parser = ["day-first"], value_name = "ORDER")]
        dates: Option<String>,
        /// The date of rows that name no source
        #[arg(long, value_name = "DATE")]
        source_date: Option<String>,
    },
    /// Look for faults and doubts in the data
    Check {
        /// Also read the whole store and compare its checksums
        #[arg(long)]
        deep: bool,
    },
    /// Who says so: the sources, and how much rests on each
    Sources,
    /// The revisions of the store, or the changes of one
    History {
        /// Show the changes of this revision
        revision: Option<u64>,
    },
    /// Take back the newest revision, or an older one that nothing later touched
    Undo {
        /// The revision to take back
        revision: Option<u64>,
    },
    /// Find bodies by name, alias, id or identifier; forgives typing errors
    Find {
        /// What to look for
        #[arg(required = true)]
        text: Vec<String>,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// All that is known of a body, and who says so
    Show {
        /// A name, id, alias or identifier
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Who connects to whom, how, since when, and who says so
    Who {
        /// A name, id, alias or identifier
        name: String,
        /// Only the ties with this body
        #[arg(long, value_name = "NAME")]
        with: Option<String>,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// How to get from one body to another, step by step
    Path {
        /// From whom
        from: String,
        /// To whom
        to: String,
        /// How many paths [default: 3 of the shortest; of the other choices all, up to 1,000]
        #[arg(short, long, value_name = "N")]
        k: Option<usize>,
        /// All paths that are as short as the shortest
        #[arg(long, group = "choice")]
        all_shortest: bool,
        /// As many paths as there are that share no body between the two, or no link
        #[arg(long, group = "choice", value_name = "WHAT", value_parser = ["nodes", "links"],
              num_args = 0..=1, require_equals = true, default_missing_value = "nodes")]
        disjoint: Option<String>,
        /// All paths of up to so many steps that pass no body twice
        #[arg(long, group = "choice", value_name = "N")]
        simple_up_to: Option<u32>,
        /// Not through this body
        #[arg(long, value_name = "NAME")]
        avoid: Vec<String>,
        /// The cheapest ways, a link costing one by its weight [default: the shortest]
        #[arg(long, value_enum, default_value_t = WeightArg::One, hide_default_value = true,
              conflicts_with = "choice")]
        weight: WeightArg,
        /// The currency of the amounts that weigh
        #[arg(long, value_name = "CODE", default_value = "GBP")]
        currency: String,
        /// Only over bodies in this place, or in a place that is part of it, between the two
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
    },
    /// Who is in the same position: tied in the same way to the same bodies, or to the same kinds
    Similar {
        /// Like whom: a name, an alias, an id or an identifier
        name: String,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// Who takes part in the same programmes, events or other bodies of one kind
    Project {
        /// In the same bodies of which kind: programme, event, project ...
        #[arg(value_name = "KIND")]
        of: String,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// The network in figures
    Stats,
    /// The figures that the sources print, recomputed where they can be
    Facts {
        /// Only measures, subjects or categories with these words
        words: Vec<String>,
        /// Only totals, shares, means, ratios and ranks that can be recomputed
        #[arg(long)]
        derived: bool,
        /// Only figures about this place, its parts, and bodies there
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
    },
    /// Who holds the network together, in three meanings
    Hubs {
        #[command(flatten)]
        trusted: TrustedArgs,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// Bodies by any measure: eigenvector, katz, page_rank, core_number, key_fragmenters, blocks ...
    Rank {
        /// The measure; all are listed without one
        measure: Option<String>,
        /// Only these bodies, whatever their rank
        names: Vec<String>,
        /// Which ties of a body count [default: either, where the measure lets one choose]
        #[arg(long, value_enum)]
        direction: Option<DirectionArg>,
        /// How ties become the weight of their link
        #[arg(long, value_enum, default_value_t = WeightArg::One)]
        weight: WeightArg,
        /// The currency of the amounts that weigh
        #[arg(long, value_name = "CODE", default_value = "GBP")]
        currency: String,
        /// Within how many steps others are reached (reach, key_reachers)
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        steps: Option<u32>,
        /// Estimate from so many bodies drawn at random, with the error (betweenness)
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        sample: Option<u32>,
        /// What each further link of a way multiplies it by (katz) [default: 0.1, or less]
        #[arg(long, value_name = "X")]
        attenuation: Option<f64>,
        /// Where the walker starts again (page_rank) [default: anywhere]; to whom others fit (fit)
        #[arg(long, value_name = "NAME")]
        from: Vec<String>,
        #[command(flatten)]
        trusted: TrustedArgs,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// Through whom others reach each other, and between whom they stand
    Brokers {
        /// Only these bodies, whatever their rank
        names: Vec<String>,
        #[command(flatten)]
        trusted: TrustedArgs,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// Which bodies work more with each other than with the rest
    Communities {
        /// Only the communities of these bodies
        names: Vec<String>,
        /// How they are found
        #[arg(long, value_enum, default_value_t = MethodArg::Leiden)]
        method: MethodArg,
        /// What is made as great as can be
        #[arg(long, value_enum, default_value_t = QualityArg::Modularity)]
        quality: QualityArg,
        /// How much chance counts: more gives smaller communities [default: 1 for modularity]
        #[arg(long, value_name = "X")]
        resolution: Option<f64>,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// What breaks if one body leaves
    Critical {
        /// Only these bodies
        names: Vec<String>,
        #[command(flatten)]
        trusted: TrustedArgs,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// What is missing: providers, ties, links between groups; and what hangs on one body
    Gaps {
        /// Hold groups against chance however many ties there are (up to 20,000 it is done anyway)
        #[arg(long)]
        chance: bool,
    },
    /// How near each start-up is to what it needs
    Access {
        /// Only these start-ups
        names: Vec<String>,
        #[command(flatten)]
        trusted: TrustedArgs,
        #[command(flatten)]
        located: LocatedArgs,
    },
    /// Whom a start-up should meet, by whom, and what it would change; with --all, a plan for all
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Introduce {
        /// The start-up
        #[arg(required_unless_present = "all")]
        name: Option<String>,
        /// How many introductions a list holds
        #[arg(short, default_value_t = 3, value_name = "N")]
        k: usize,
        /// In a plan for all: how often a body is met at most, and how often it introduces
        #[arg(long, default_value_t = 3, value_name = "N", conflicts_with = "name")]
        cap: usize,
        /// Do not propose this body
        #[arg(long, value_name = "NAME")]
        not: Vec<String>,
        #[command(flatten)]
        located: LocatedArgs,
        /// Write down how an introduction goes
        #[command(subcommand)]
        step: Option<IntroduceStep>,
    },
    /// The components of the ecosystem canvas, who stands for each, and what is thin
    Canvas,
    /// What a start-up meets on the way from idea to market, need by need
    Journey {
        /// The start-up
        name: String,
    },
    /// Links between groups beside what chance would leave; who meets which need where
    Matrix {
        /// What stands against each other
        #[arg(value_enum, default_value_t = MatrixArg::Kind)]
        of: MatrixArg,
    },
    /// Who funds what, with totals that count nothing twice
    Flows,
    /// Any finding before and after a body leaves, a tie comes or ends, or on another day
    WhatIf {
        /// Only these findings [default: stats, hubs, critical, access and gaps]
        #[arg(value_enum)]
        findings: Vec<FindingArg>,
        /// A body leaves, or a tie ends: "A hosts B"
        #[arg(long, value_name = "NAME")]
        without: Vec<String>,
        /// A tie comes: "A partners_with B"
        #[arg(long, value_name = "TIE")]
        add: Vec<String>,
    },
    /// Bodies and ties that came and went between two days, and ranks that moved
    Diff {
        /// The one day: a year, a month, a day, or `today`
        from: String,
        /// The other
        to: String,
        /// Only these findings [default: stats, hubs, critical, access and gaps]
        #[arg(value_enum)]
        findings: Vec<FindingArg>,
    },
    /// Draw the network, a part of it, or a path
    Draw {
        /// The surroundings of this body
        #[arg(long, value_name = "NAME", conflicts_with = "path")]
        of: Option<String>,
        /// How many links around it
        #[arg(long, default_value_t = 2)]
        depth: u32,
        /// The shortest paths between two bodies
        #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
        path: Option<Vec<String>>,
        /// Keep in the store where marks stand: later pictures start from there
        #[arg(long, conflicts_with_all = ["of", "path"])]
        save_layout: bool,
        /// Where the picture goes (`-` is stdout); the ending tells the form
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Write a page of findings that a board can read and an analyst can check
    Report {
        /// Where the page goes (`-` is stdout) [default: weft-report.html, or stdout if `--format` asks
        /// for a page in a pipe]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// The whole graph as JSON, CSV or DOT
    Export {
        /// A file whose ending tells the form, or for CSV a folder, which has none (`-` is stdout)
        #[arg(short, long, value_name = "PATH")]
        output: Option<PathBuf>,
        /// Also what a source's licence forbids to pass on
        #[arg(long)]
        regardless_of_licence: bool,
    },
    /// Ask in openCypher: MATCH (n:Company) RETURN n.name LIMIT 5
    Query {
        /// The statements, with `;` between them, each kept before the next [default: read from stdin]
        text: Option<String>,
        /// Read the statements from a file
        #[arg(long, value_name = "FILE", conflicts_with = "text")]
        file: Option<PathBuf>,
        /// A parameter: its value is a literal of openCypher, else a text
        #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
        parameters: Vec<(String, String)>,
        /// A parameter that is the list of a file's rows, CSV or JSON, each a map by column
        #[arg(long = "rows", value_name = "NAME=FILE", value_parser = parameter)]
        rows: Vec<(String, String)>,
        #[command(flatten)]
        written: WrittenArgs,
        /// Keep all statements as one revision, or none of them
        #[arg(long)]
        single: bool,
        /// End a statement that takes longer
        #[arg(long, value_name = "SECONDS")]
        timeout: Option<u64>,
        /// Memory that a statement may take beside the graph, in MB
        #[arg(long, value_name = "MB", default_value_t = MEMORY_MB)]
        memory: u64,
    },
    /// Ask in openCypher, statement after statement: history, completion, transactions
    Shell {
        #[command(flatten)]
        written: WrittenArgs,
        /// Memory that a statement may take beside the graph, in MB
        #[arg(long, value_name = "MB", default_value_t = MEMORY_MB)]
        memory: u64,
    },
    /// Saved questions: list them, describe one, or run one
    Ask {
        /// The question; all are listed without one
        name: Option<String>,
        /// Say what it asks, what can be set and how to read its answer
        #[arg(long, requires = "name")]
        describe: bool,
        /// A parameter: its value is a literal of openCypher, else a text
        #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
        parameters: Vec<(String, String)>,
    },
    /// What a measure or a finding tells, its formula, range and pitfalls
    Explain {
        /// The measure or finding, a column of a table, or a field of JSON; measures and findings are
        /// listed without one
        names: Vec<String>,
    },
    /// Serve the store to clients that speak Bolt, as graph databases do, until Ctrl-C
    Serve(ServeArgs),
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What a statement may take of memory, in MB, unless told otherwise.
const MEMORY_MB: u64 = weft_cypher::MEMORY_BYTES as u64 / 1_000_000;

/// What written records rest on.
#[derive(Clone, Debug, Args)]
pub(super) struct WrittenArgs {
    /// The source that written records rest on; `--certainty` then says how sure they are
    #[arg(long, value_name = "ID")]
    pub(super) source: Option<String>,
    /// Where in the source
    #[arg(
        long,
        value_name = "TEXT",
        requires = "source",
        default_value = "",
        hide_default_value = true
    )]
    pub(super) locator: String,
}

/// How a store is served.
#[derive(Clone, Debug, Args)]
pub(super) struct ServeArgs {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7687")]
    pub(super) bolt: String,
    /// Make the store, without a schema, if it is not there
    #[arg(long)]
    pub(super) free: bool,
    /// Let in only who gives this name, and the password in WEFT_PASSWORD
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// A certificate (PEM), for TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// How long a transaction may take where the client does not say
    #[arg(long, value_name = "SECONDS")]
    pub(super) timeout: Option<u64>,
    /// Close connections that are silent for so long
    #[arg(long, value_name = "SECONDS")]
    pub(super) idle: Option<u64>,
    /// Connections that are served at once
    #[arg(long, value_name = "N", default_value_t = crate::server::CONNECTIONS_MAX)]
    pub(super) connections: usize,
    /// Memory that all statements may take together beside the graph, in MB; one alone half of it
    #[arg(long, value_name = "MB", default_value_t = 2 * MEMORY_MB)]
    pub(super) memory: u64,
}

/// How an introduction goes.
#[derive(Debug, Subcommand)]
pub(super) enum IntroduceStep {
    /// Write down an introduction that somebody means to make
    Log {
        #[command(flatten)]
        pair: Pair,
        /// Who introduces
        #[arg(long, value_name = "NAME")]
        by: Vec<String>,
        /// In which programme
        #[arg(long, value_name = "NAME")]
        programme: Option<String>,
    },
    /// Both sides want it
    Accept {
        #[command(flatten)]
        pair: Pair,
    },
    /// One side does not want it
    Decline {
        #[command(flatten)]
        pair: Pair,
    },
    /// They have met: it becomes a tie
    Made {
        #[command(flatten)]
        pair: Pair,
    },
    /// What came of one that was made
    Outcome {
        #[command(flatten)]
        pair: Pair,
        /// In words
        outcome: String,
    },
    /// All introductions, and what those of each programme led to
    List,
}

/// Who is introduced to whom.
#[derive(Debug, Args)]
pub(super) struct Pair {
    /// The start-up
    pub(super) start_up: String,
    /// Whom it is to meet
    pub(super) to: String,
    /// The day [default: today]
    #[arg(long, value_name = "DATE")]
    pub(super) date: Option<String>,
    /// Anything else
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("an answer has one row or more".to_owned()),
        Ok(n) => Ok(n),
        Err(_) => Err("not a whole number".to_owned()),
    }
}

/// Reads `name=value`.
fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().trim_start_matches('$').to_owned(), value.to_owned()))
        }
        _ => Err("write it as `name=value`".to_owned()),
    }
}
