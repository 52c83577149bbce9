//! The openCypher technology compatibility kit, read where it lies and run scenario by scenario.
//!
//! What does not pass yet stands in `exceptions.txt`, and the run fails when one of those passes.
//! `WEFT_WRITE_EXCEPTIONS=1` writes the file anew; `WEFT_TCK=text` prints why scenarios whose name
//! holds that text fail.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test reads the kit's files, says what passes, and stops where something is amiss"
)]

mod expected;
mod scenario;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use scenario::Scenario;
use world::Over;

/// Where the kit lies, if it is there.
fn kit() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let named = std::env::var_os("WEFT_SHARED").map(PathBuf::from);
    let is_named = named.is_some();
    let folder = named.unwrap_or(beside).join("tck");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(!is_named, "WEFT_SHARED is set and {} is not there", folder.display());
    eprintln!("skipped: the compatibility kit is not there ({})", folder.display());
    None
}

fn exceptions_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tck/exceptions.txt")
}

#[test]
fn the_kit_passes_over_a_graph_that_was_committed_too() {
    let Some(kit) = kit() else { return };
    let graphs = world::Graphs::read(&kit.join("graphs"));
    let text = fs::read_to_string(exceptions_file()).unwrap();
    let exceptions: BTreeSet<&str> = text.lines().collect();
    let mut n_failed = 0;
    for scenario in scenario::read_all(&kit.join("features")) {
        if !exceptions.contains(scenario.name.as_str())
            && let Err(why) = run(&scenario, &graphs, Over::Commits)
        {
            n_failed += 1;
            eprintln!("{}\n  {}\n", scenario.name, why.replace('\n', "\n  "));
        }
    }
    assert_eq!(n_failed, 0);
}

#[test]
fn the_compatibility_kit_passes_but_for_the_exceptions() {
    let Some(kit) = kit() else { return };
    let scenarios = scenario::read_all(&kit.join("features"));
    let graphs = world::Graphs::read(&kit.join("graphs"));
    let wanted = std::env::var("WEFT_TCK").ok();
    let mut folders: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failed: BTreeMap<String, String> = BTreeMap::new();
    let mut passed: BTreeSet<String> = BTreeSet::new();
    for scenario in &scenarios {
        let counts = folders.entry(scenario.folder.clone()).or_default();
        counts.1 += 1;
        match run(scenario, &graphs, Over::Writes) {
            Ok(()) => {
                counts.0 += 1;
                passed.insert(scenario.name.clone());
            }
            Err(why) => {
                if wanted.as_ref().is_some_and(|it| scenario.name.contains(it.as_str())) {
                    eprintln!("{}\n  {}\n", scenario.name, why.replace('\n', "\n  "));
                }
                failed.insert(scenario.name.clone(), why);
            }
        }
    }
    for (folder, (n_passed, n)) in &folders {
        println!("{n_passed:5} of {n:5}  {folder}");
    }
    println!("{:5} of {:5}  in all", passed.len(), scenarios.len());
    assert!(scenarios.len() > 2_000, "only {} scenarios were found", scenarios.len());
    if std::env::var_os("WEFT_WRITE_EXCEPTIONS").is_some() {
        let lines: String = failed.keys().map(|it| format!("{it}\n")).collect();
        fs::write(exceptions_file(), lines).unwrap();
        return;
    }
    let text = fs::read_to_string(exceptions_file()).unwrap();
    let lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    let exceptions: BTreeSet<&str> = lines.collect();
    let unexpected: Vec<_> =
        failed.iter().filter(|it| !exceptions.contains(it.0.as_str())).collect();
    for (name, why) in unexpected.iter().take(20) {
        eprintln!("{name}\n  {}\n", why.replace('\n', "\n  "));
    }
    assert!(unexpected.is_empty(), "{} scenarios fail", unexpected.len());
    let too_many: Vec<_> = exceptions.iter().filter(|it| !failed.contains_key(**it)).collect();
    assert!(too_many.is_empty(), "these pass (or are gone) and are no exceptions: {too_many:#?}");
}

/// Runs a scenario; a panic is a failure like any other.
fn run(scenario: &Scenario, graphs: &world::Graphs, over: Over) -> Result<(), String> {
    let run = std::panic::AssertUnwindSafe(|| world::run(scenario, graphs, over));
    std::panic::catch_unwind(run).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
        Err(format!("panic: {}", text.unwrap_or_default()))
    })
}
