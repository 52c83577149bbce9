//! Every number of `report` on the Leeds data, recomputed from what its own `--why` lists.
//!
//! Nothing of the findings is called: definitions are followed by brute force over the nodes and ties
//! that the document lists. A number that no check has looked at fails the test, so that a new figure
//! brings its check. What the sources state (amounts, dates, facts) is compared with the exported data.

mod access;
mod audit;
mod circles;
mod evidence;
mod facts;
mod flows;
mod gaps;
mod groups;
mod holes;
mod hubs;
mod introductions;
mod network;
mod page;
mod plan;
mod raw;
mod rewired;
mod sentences;
mod stability;
mod stats;

use std::process::Command;

use serde_json::Value;

use audit::{At, Audit};
use network::{Listed, Network};
use raw::Raw;

/// The command's default, said so that the document can be held to it.
const SEED: usize = 42;

/// The documents that one report is recomputed from.
struct Documents {
    report: Value,
    /// The same ecosystem on other floors of certainty: what trust in a rank speaks of.
    stated: Value,
    with_inferred: Value,
    /// What was imported, to hold figures of the sources against.
    export: Value,
    /// The same as Markdown.
    page: String,
}

/// What every section is checked with.
struct Ctx<'a> {
    /// The sections of the document.
    stats: At<'a>,
    sources: At<'a>,
    /// All nodes and ties that the document lists.
    listed: &'a Listed<'a>,
    /// The conduit view on three floors: the default, `stated`, `inferred`.
    conduit: Network<'a>,
    stated: Network<'a>,
    with_inferred: Network<'a>,
    raw: Raw<'a>,
}

fn run(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    let command = command.args(arguments).current_dir(folder.path()).env_remove("WEFT_DB");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn ask(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(arguments)).unwrap()
}

impl Documents {
    fn of_leeds() -> Self {
        let seed = SEED.to_string();
        let stats = |floor| ask(&["stats", "--why", "--certainty", floor, "--format", "json"]);
        Self {
            report: ask(&["report", "--why", "--seed", &seed, "--format", "json"]),
            stated: stats("stated"),
            with_inferred: stats("inferred"),
            export: ask(&["export", "--format", "json"]),
            page: run(&["report", "--format", "markdown", "--why", "-o", "-"]),
        }
    }
}

/// Recomputes everything, and returns the places of the numbers that nothing has looked at.
#[track_caller]
fn check(documents: &Documents) -> Vec<String> {
    let audit = Audit::default();
    let aside = Audit::default();
    let report = audit.read(&documents.report);
    let section = |name: &str| {
        let rows = report.get("rows").items().into_iter();
        let mut named = rows.filter(|it| it.get("section").text() == name);
        named.next().unwrap_or_else(|| panic!("the report has no section `{name}`")).get("finding")
    };
    let whole = |document| Listed::of(&aside.read(document).get("rows").items()[0]);
    let stats = section("stats");
    let listed = Listed::of(&stats);
    let (stated, with_inferred) = (whole(&documents.stated), whole(&documents.with_inferred));
    let ctx = Ctx {
        conduit: Network::conduit(&listed),
        stated: Network::conduit(&stated),
        with_inferred: Network::conduit(&with_inferred),
        raw: Raw::of(&documents.export),
        listed: &listed,
        sources: section("sources"),
        stats,
    };
    envelope(&report, &ctx);
    evidence::check(&report, &ctx);
    stats::check(&ctx, &section("facts"));
    hubs::check(&section("hubs"), &ctx);
    gaps::check(&section("gaps"), &ctx);
    holes::check(&section("holes"), &ctx);
    let found = circles::check(&section("communities"), &ctx);
    groups::circles(&section("matrix_community"), &ctx, &found);
    groups::kinds(&section("matrix_kind"), &ctx);
    groups::provision(&section("matrix_needs"), &ctx);
    groups::canvas(&section("canvas"), &ctx);
    access::check(&section("access"), &ctx);
    plan::check(&section("plan"), &ctx);
    introductions::check(&section("introductions"), &section("access"), &ctx);
    flows::check(&section("flows"), &ctx);
    flows::check_totals(&section("flow_totals"), &section("flows"), &ctx);
    facts::check(&section("facts"), &ctx);
    sentences::check(&report, &ctx);
    page::check(&documents.page, &section);
    audit.unchecked(&documents.report)
}

fn envelope(report: &At<'_>, ctx: &Ctx<'_>) {
    report.get("seed").is(SEED);
    // The bundled graph is one import.
    report.get("dataset/revision").is(1);
    let view = report.get("view");
    view.get("n").is(ctx.conduit.n());
    view.get("m").is(ctx.conduit.links.len());
    view.get("n_ties").is(ctx.conduit.n_ties());
    view.get("n_undated_nodes").is(ctx.conduit.nodes().filter(|it| it.is_undated).count());
    view.get("n_undated_ties").is(ctx.conduit.ties().filter(|it| it.is_undated).count());
}

#[test]
fn every_number_of_the_report_follows_from_what_its_why_lists() {
    let documents = Documents::of_leeds();
    let unchecked = check(&documents);
    assert!(unchecked.is_empty(), "numbers that no check looks at:\n{}", unchecked.join("\n"));
}

#[test]
fn a_number_that_nothing_looks_at_is_found() {
    let document = serde_json::json!({ "a": [{ "n": 1, "m": 2 }, { "n": 1, "m": 2 }], "b": null });
    let audit = Audit::default();
    for item in audit.read(&document).get("a").items() {
        item.get("n").is(1);
    }
    assert_eq!(audit.unchecked(&document), ["a[].m (2 times)"]);
}
