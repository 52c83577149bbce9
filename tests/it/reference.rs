//! docs/reference is made from the code's own descriptions: here it is made again and compared.
//!
//! `WEFT_WRITE_REFERENCE=1 cargo test --test it reference` writes the pages anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use weft::ecosystem::MEASURES;
use weft::session::{EXPLANATIONS, find_explanation};
use weft_graph::{Ends, RelationId, Schema};

use crate::runner::Workplace;

fn weft(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    let output = command.args(args).env("COLUMNS", "100").env_remove("WEFT_DB").output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn check(page: &str, made: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reference").join(page);
    if std::env::var_os("WEFT_WRITE_REFERENCE").is_some() {
        fs::write(&path, made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "docs/reference/{page} is out of date: run this test with WEFT_WRITE_REFERENCE=1"
    );
}

/// The verbs, as the command itself lists them.
fn verbs() -> Vec<String> {
    let help = weft(&["help"]);
    let list = help.split("Verbs, by job").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows = list.lines().skip(1).filter_map(|it| it.trim_start().split_once("  "));
    let names = rows.flat_map(|it| it.1.split(',').map(str::trim));
    names.filter(|it| !it.is_empty() && *it != "help").map(str::to_owned).collect()
}

#[test]
fn the_page_of_commands_is_what_help_says() {
    let mut made = String::from("# Commands\n\nMade from `weft help`.\n\n");
    made.push_str(&format!("```text\n{}```\n", weft(&["help"])));
    for verb in verbs() {
        let help = weft(&["help", &verb]);
        // The options that every verb takes stand once, above.
        let own = help.split("Options of every verb:").next().unwrap().trim_end();
        made.push_str(&format!("\n## {verb}\n\n```text\n{own}\n```\n"));
    }
    check("commands.md", &made);
}

#[test]
fn the_page_of_measures_is_what_explain_says() {
    let mut made = String::from("# Measures and findings\n\nMade from `weft explain`.\n");
    for it in EXPLANATIONS {
        made.push_str(&format!(
            "\n## {}\n\n{}\n\n- How: {}\n- Range: {}\n- Take care: {}\n- Reference: {}\n- Verb: `{}`\n",
            it.name.replace('_', " "),
            it.tells,
            it.formula,
            it.range,
            it.pitfalls,
            it.reference,
            it.verb
        ));
    }
    made.push_str(
        "\n## Columns and fields\n\nWhat stands under a name in tables and in data, beside the measures \
         themselves.\n\n| name | what it holds | more |\n|---|---|---|\n",
    );
    for it in weft::session::FIELDS {
        let names: Vec<String> = it.names.iter().map(|it| format!("`{it}`")).collect();
        let see = it.see.map(|it| it.replace('_', " ")).unwrap_or_default();
        made.push_str(&format!("| {} | {} | {see} |\n", names.join(", "), it.tells));
    }
    check("measures.md", &made);
}

/// Verbs that together show every column and field that a finding has.
const FINDINGS: &[&str] = &[
    "hubs --stability --chance",
    "brokers --stability --chance",
    "rank betweenness --stability",
    "rank brokerage",
    "rank key_fragmenters",
    "critical",
    "communities",
    "communities tideway",
    "matrix",
    "matrix needs",
    "gaps",
    "access",
    "access tideway",
    "introduce tideway",
    "introduce --all",
    "introduce list",
    "journey tideway",
    "canvas",
    "flows",
    "facts",
    "stats",
    "similar tideway",
    "project partnership",
    "path tideway northmoor-university",
    "who tideway",
    "what-if --without tideway",
    "what-if --without tideway brokers communities matrix introduce journey canvas flows facts thin",
    "diff 2023 2025",
];

fn fields_of(value: &serde_json::Value, fields: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                fields.insert(name.clone());
                // Properties have names of the user's own.
                if name != "properties" {
                    fields_of(value, fields);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|it| fields_of(it, fields)),
        _ => {}
    }
}

/// The headings of the tables of an answer in Markdown.
fn columns_of(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |it: &&[&str]| {
        !it[0].starts_with('|')
            && it[1].starts_with('|')
            && it[2].starts_with("|")
            && it[2].contains("--")
    };
    let heads = lines.windows(3).filter(is_head).flat_map(|it| it[1].trim_matches('|').split('|'));
    let names = heads.map(|it| it.trim().replace('\\', ""));
    // Columns of a matrix are numbered, those of a journey are stages of the schema.
    let stages = weft_graph::Schema::bundled();
    let is_word = |it: &String| {
        it.contains(|it: char| it.is_alphabetic())
            && !stages.stages().iter().any(|stage| stage.label == *it)
    };
    names.filter(is_word).collect()
}

#[test]
fn every_column_and_every_field_is_explained() {
    let here = Workplace::northmoor();
    let mut words = BTreeSet::new();
    for verb in FINDINGS {
        let run = here.weft(&format!("{verb} --why --format json"));
        assert_eq!(run.code, 0, "{verb}: {run:?}");
        let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        fields_of(&document["rows"], &mut words);
        for why in ["", " --why"] {
            let run = here.weft(&format!("{verb}{why} --format markdown"));
            words.extend(columns_of(&run.stdout));
        }
    }
    let unexplained: Vec<&String> =
        words.iter().filter(|it| weft::session::find_explained(it).is_none()).collect();
    assert!(unexplained.is_empty(), "nothing explains {unexplained:?}");
    assert!(words.len() > 250, "{}", words.len());
}

#[test]
fn the_page_of_procedures_is_what_their_table_says() {
    let mut made = String::from(
        "# Procedures\n\nMade from the table of procedures, as `SHOW PROCEDURES` lists it. The options of \
         every `weft` procedure are, beside its own, those of the view:\n\n",
    );
    for (name, meaning) in weft::procedures::VIEW_OPTIONS {
        made.push_str(&format!("- `{name}`: {meaning}\n"));
    }
    made.push_str("\nThose of a measure are besides:\n\n");
    for (name, meaning) in weft::procedures::MEASURE_OPTIONS {
        made.push_str(&format!("- `{name}`: {meaning}\n"));
    }
    let verbs: std::collections::BTreeMap<_, _> = weft::procedures::verbs().into_iter().collect();
    for it in weft_cypher::signatures(&weft::procedures::all()) {
        let verb = verbs.get(&it.name).map(|it| format!("\n\nOn the command line: `weft {it}`."));
        made.push_str(&format!(
            "\n## {}\n\n{}{}\n\n```text\n{it}\n```\n",
            it.name,
            it.meaning,
            verb.unwrap_or_default()
        ));
    }
    check("procedures.md", &made);
}

#[test]
fn the_page_of_functions_is_what_their_table_says() {
    let mut made = String::from(
        "# Functions\n\nMade from the table of functions, as `SHOW FUNCTIONS` lists it.\n\n\
         | function | what it does |\n|---|---|\n",
    );
    let mut all: Vec<_> = weft_cypher::functions::all().collect();
    all.sort_by_key(|it| it.name.to_lowercase());
    for it in all {
        assert!(it.meaning.ends_with('.'), "{} is not described", it.name);
        let cells = [it.signature(), it.meaning.to_owned()].map(|it| it.replace('|', "\\|"));
        made.push_str(&format!("| `{}` | {} |\n", cells[0], cells[1]));
    }
    check("functions.md", &made);
}

/// Which explanation tells of each function of the library.
const EXPLAINED: &[(&str, &str)] = &[
    ("adjusted_rand_index", "agreement"),
    ("affiliation", "two_mode"),
    ("agreement", "agreement"),
    ("all_shortest_paths", "path"),
    ("betweenness", "betweenness"),
    ("betweenness_from", "betweenness"),
    ("betweenness_in", "betweenness"),
    ("betweenness_without", "betweenness"),
    ("biconnected_components", "block"),
    ("brokerage", "brokerage"),
    ("brokerage_chance", "brokerage_chance"),
    ("centralisation", "centralisation"),
    ("centralisation_by_betweenness", "centralisation"),
    ("centralisation_by_closeness", "centralisation"),
    ("centralisation_by_degree", "centralisation"),
    ("centralisation_by_eigenvector", "centralisation"),
    ("centralisation_by_harmonic", "centralisation"),
    ("centralisation_by_hits", "centralisation"),
    ("centralisation_by_page_rank", "centralisation"),
    ("centralisation_of_closeness", "centralisation"),
    ("centralisation_of_harmonic", "centralisation"),
    ("cheapest_path", "path"),
    ("classic_closeness", "classic_closeness"),
    ("closeness", "harmonic"),
    ("closeness_in", "harmonic"),
    ("closeness_of", "harmonic"),
    ("communities", "community"),
    ("communities_in", "community"),
    ("components", "component"),
    ("constraint_parts", "constraint"),
    ("core_numbers", "core_number"),
    ("core_periphery", "core_periphery"),
    ("core_periphery_fit", "core_periphery"),
    ("count_shortest_paths", "path"),
    ("cuts", "critical"),
    ("degree_assortativity", "assortativity"),
    ("degree_centralisation", "centralisation"),
    ("degrees", "degree"),
    ("degrees_by_relation", "degree"),
    ("density", "density"),
    ("dependency_pairs", "betweenness"),
    ("directed_clustering", "clustering"),
    ("directed_degree_assortativity", "assortativity"),
    ("disjoint_paths", "disjoint_paths"),
    ("distance_fragmentation", "key_player"),
    ("distance_profile", "eccentricity"),
    ("draws", "stability"),
    ("dyad_census", "reciprocity"),
    ("ego_density", "ego_density"),
    ("ei_of_nodes", "ei_index"),
    ("eigenvector", "eigenvector"),
    ("extent", "eccentricity"),
    ("extent_in", "eccentricity"),
    ("fit", "fit"),
    ("fit_candidates", "fit"),
    ("for_all_fit_candidates", "fit"),
    ("fragmentation", "key_player"),
    ("global_clustering", "clustering"),
    ("hits", "hits"),
    ("k_cheapest_paths", "path"),
    ("k_shortest_paths", "path"),
    ("katz", "katz"),
    ("key_fragmenters", "key_player"),
    ("key_reachers", "key_player"),
    ("label_propagation", "label_propagation"),
    ("link_weights", "strength"),
    ("local_clustering", "clustering"),
    ("mean_clustering", "clustering"),
    ("mixing", "ei_index"),
    ("modularity", "community"),
    ("n_contacts", "degree"),
    ("node_betweenness", "betweenness"),
    ("node_reciprocity", "reciprocity"),
    ("normalised_betweenness", "betweenness"),
    ("normalised_mutual_information", "agreement"),
    ("numeric_assortativity", "assortativity"),
    ("page_rank", "page_rank"),
    ("partitions", "community"),
    ("reach", "reach"),
    ("reach_by_step", "reach"),
    ("reach_of", "reach"),
    ("restarted_walks", "fit"),
    ("sampled_betweenness", "betweenness"),
    ("sampled_betweenness_without", "betweenness"),
    ("similar_positions", "position"),
    ("simple_paths", "path"),
    ("strengths", "strength"),
    ("strong_components", "component"),
    ("structural_holes", "constraint"),
    ("structural_holes_in", "constraint"),
    ("transitivity", "clustering"),
    ("triangles", "clustering"),
    ("two_step_reach", "reach_efficiency"),
    ("ways_through", "betweenness"),
    ("weighted_distances", "path"),
    ("weighted_page_rank", "page_rank"),
    ("weighted_structural_holes", "constraint"),
    ("without_links", "stability"),
];

#[test]
fn every_measure_of_the_library_and_every_finding_is_explained() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("crates/weft-analytics/src/lib.rs");
    let text = fs::read_to_string(path).unwrap();
    let exported = text.split("pub use ").skip(1).filter_map(|it| it.split(';').next());
    let names = exported.filter_map(|it| it.split_once("::")).flat_map(|it| {
        it.1.split(['{', '}', ',']).map(str::trim).filter(|it| it.starts_with(char::is_lowercase))
    });
    let mut found: Vec<&str> = names.collect();
    found.sort_unstable();
    let listed: Vec<&str> = EXPLAINED.iter().map(|it| it.0).collect();
    assert_eq!(found, listed, "each function of the library stands in EXPLAINED");
    for (function, explanation) in EXPLAINED {
        let told = find_explanation(explanation).map(|it| it.name);
        assert_eq!(told, Some(*explanation), "{function}");
    }
    for it in MEASURES {
        let told = find_explanation(it.explained_by).map(|it| it.name);
        assert_eq!(told, Some(it.explained_by), "{}", it.name);
        assert!(find_explanation(it.name).is_some(), "`weft explain {}`", it.name);
    }
    // Every verb that finds something, by its own name.
    for verb in [
        "hubs",
        "brokers",
        "communities",
        "critical",
        "gaps",
        "access",
        "introduce",
        "canvas",
        "journey",
        "matrix",
        "flows",
        "facts",
        "similar",
        "path",
        "stats",
        "what-if",
        "diff",
        "rank",
    ] {
        assert!(find_explanation(verb).is_some(), "`weft explain {verb}`");
    }
}

#[test]
fn the_page_of_words_is_the_schema() {
    let schema = Schema::bundled();
    let mut made = String::from("# Words\n\nMade from `graph-data/schema.toml`.\n\n## Kinds\n\n");
    made.push_str("| kind | people read | family | acts |\n|---|---|---|---|\n");
    for kind in schema.kinds() {
        let acts = if kind.actor { "yes" } else { "" };
        made.push_str(&format!(
            "| `{}` | {} | {} | {acts} |\n",
            kind.id,
            kind.label,
            kind.family.as_str()
        ));
    }
    made.push_str("\n## Relations\n\n| relation | meaning | read back | conduit | symmetric |\n");
    made.push_str("|---|---|---|---|---|\n");
    for (at, relation) in schema.relations().iter().enumerate() {
        assert!(!relation.meaning.is_empty(), "{} has no meaning", relation.id);
        let id = RelationId(at as u16);
        for end in [Ends::Source, Ends::Target] {
            assert!(!schema.allowed_kinds(id, end).is_empty(), "{} joins nothing", relation.id);
        }
        let mark = |it: bool| if it { "yes" } else { "" };
        made.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            relation.id,
            relation.meaning,
            relation.backward,
            mark(relation.conduit),
            mark(relation.symmetric)
        ));
    }
    made.push_str(
        "\n## Stages of a company\n\n| stage | start-up | weight of a need |\n|---|---|---|\n",
    );
    for stage in schema.stages() {
        let start_up = if stage.start_up { "yes" } else { "" };
        made.push_str(&format!("| `{}` | {start_up} | {} |\n", stage.id, stage.weight));
    }
    check("schema.md", &made);
}
