//! docs/reference is made from the code's own descriptions: here it is made again and compared.
//!
//! `WEFT_WRITE_REFERENCE=1 cargo test --test it reference` writes the pages anew.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use weft::session::EXPLANATIONS;
use weft_graph::{Ends, RelationId, Schema};

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
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|it| it.strip_prefix("  ")?.split(' ').next());
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
    check("measures.md", &made);
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
