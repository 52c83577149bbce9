//! The arrows between rooms: who may import whom. A new arrow is written here first, with its reason
//! in docs/decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which crates of ours each crate may depend on.
const CRATES: &[(&str, &[&str])] = &[
    ("weft-value", &[]),
    ("weft-graph", &["weft-value"]),
    ("weft-analytics", &["weft-graph"]),
    ("weft-bolt", &["weft-value"]),
    ("weft-cypher", &["weft-graph", "weft-value"]),
    ("weft-diagram", &[]),
    ("weft-formats", &["weft-graph", "weft-value"]),
    ("weft-store", &["weft-graph", "weft-value"]),
    (
        "weft",
        &[
            "weft-analytics",
            "weft-bolt",
            "weft-cypher",
            "weft-diagram",
            "weft-formats",
            "weft-graph",
            "weft-store",
            "weft-value",
        ],
    ),
];

/// Which rooms of src/ each room may import, and which crates of ours.
const ROOMS: &[(&str, &[&str], &[&str])] = &[
    ("ecosystem", &[], &["weft_analytics", "weft_diagram", "weft_graph", "weft_value"]),
    ("transfer", &[], &["weft_formats", "weft_graph", "weft_value"]),
    ("database", &["transfer"], &["weft_formats", "weft_graph", "weft_store", "weft_value"]),
    ("present", &["ecosystem"], &["weft_analytics", "weft_diagram", "weft_graph", "weft_value"]),
    (
        "procedures",
        &["database", "ecosystem", "transfer"],
        &["weft_analytics", "weft_cypher", "weft_formats", "weft_graph", "weft_value"],
    ),
    (
        "session",
        &["database", "ecosystem", "present", "procedures", "transfer"],
        &[
            "weft_analytics",
            "weft_cypher",
            "weft_diagram",
            "weft_formats",
            "weft_graph",
            "weft_store",
            "weft_value",
        ],
    ),
    ("server", &["session"], &["weft_bolt", "weft_cypher", "weft_graph", "weft_value"]),
    ("cli", &["present", "server", "session"], &["weft_cypher", "weft_graph", "weft_value"]),
];

/// Where the libraries that have one home live.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["crates/weft-store"]),
    ("petgraph", &["crates/weft-graph", "crates/weft-analytics"]),
    ("graphviz_rust", &["crates/weft-diagram"]),
    ("boltr", &["crates/weft-bolt"]),
    ("clap", &["src/cli"]),
    ("rustyline", &["src/cli"]),
    ("logos", &["crates/weft-cypher"]),
    ("tokio", &["crates/weft-bolt", "src/server"]),
    ("ctrlc", &["src/cli"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file without its comments, so that a word in prose is no arrow.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|it| !it.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every `word::` of a text.
fn paths_used(text: &str) -> BTreeSet<&str> {
    let words = text.split("::").map(|it| {
        let start = it.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        &it[it.floor_char_boundary(start)..]
    });
    words.collect()
}

#[test]
fn crates_depend_only_on_the_floors_below() {
    let allowed: BTreeMap<_, _> = CRATES.iter().copied().collect();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root().join("crates")).unwrap().map(|it| it.unwrap().path()).collect();
    folders.push(root());
    for folder in folders {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap();
        let allowed = allowed.get(name).unwrap_or_else(|| panic!("no line for the crate `{name}`"));
        let dependencies = manifest.get("dependencies").and_then(|it| it.as_table());
        let ours = dependencies.into_iter().flat_map(|it| it.keys());
        for dependency in ours.filter(|it| it.starts_with("weft-")) {
            assert!(allowed.contains(&dependency.as_str()), "{name} depends on {dependency}");
        }
    }
}

#[test]
fn rooms_import_only_what_their_line_allows() {
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let room = path.file_name().unwrap().to_str().unwrap();
        let line = ROOMS.iter().find(|it| it.0 == room);
        let (_, rooms, crates) = line.unwrap_or_else(|| panic!("no line for the room `{room}`"));
        for file in rust_files(&path) {
            let code = code(&file);
            for (other, ..) in ROOMS.iter().filter(|it| it.0 != room && !rooms.contains(&it.0)) {
                let arrow = format!("crate::{other}");
                assert!(!code.contains(&arrow), "{} imports {other}", file.display());
            }
            for (other, _) in CRATES.iter().filter(|it| it.0 != "weft") {
                let other = other.replace('-', "_");
                let used = paths_used(&code).contains(other.as_str());
                assert!(
                    !used || crates.contains(&other.as_str()),
                    "{} imports {other}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn libraries_stay_at_home() {
    for (library, homes) in HOMES {
        for file in
            rust_files(&root().join("crates")).into_iter().chain(rust_files(&root().join("src")))
        {
            let place = file.strip_prefix(root()).unwrap();
            if homes.iter().any(|it| place.starts_with(it))
                || place.components().any(|it| it.as_os_str() == "benches")
            {
                continue;
            }
            assert!(
                !paths_used(&code(&file)).contains(library),
                "{} uses {library}",
                place.display()
            );
        }
    }
}

#[test]
fn the_map_names_every_room() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert!(map.lines().count() <= 200, "the map is one sheet");
    for (name, _) in CRATES.iter().filter(|it| it.0 != "weft") {
        assert!(map.contains(&format!("crates/{name}")), "{name} is not on the map");
    }
    for (room, ..) in ROOMS {
        assert!(map.contains(&format!("src/{room}")), "src/{room} is not on the map");
    }
}
