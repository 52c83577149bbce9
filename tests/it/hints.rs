//! What hints, messages, comments and documents name is there: verbs with their options, procedures,
//! commands of the shell.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::runner::Workplace;

/// The files in which people are told what to type.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("docs"), root.join("queries")];
    folders.extend(fs::read_dir(root.join("crates")).unwrap().map(|it| it.unwrap().path()));
    let mut files = vec![root.join("README.md"), root.join("ARCHITECTURE.md")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_text = path.extension().is_some_and(|it| it == "rs" || it == "md");
            if path.is_dir() {
                folders.push(path);
            } else if is_text && !path.components().any(|it| it.as_os_str() == "tests") {
                files.push(path);
            }
        }
    }
    files
}

/// What stands between backticks, on one line or on several of a text that goes on.
fn quoted(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", "\n").replace("```", "");
    let mut res = Vec::new();
    for paragraph in text.split("\n\n") {
        let words: Vec<&str> = paragraph
            .split_whitespace()
            .filter(|it| !matches!(*it, "//" | "///" | "//!"))
            .collect();
        let line = words.join(" ");
        res.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        // A backtick that is never closed would turn the quoted and the rest around.
        res.extend(line.split('`').skip(2).step_by(2).map(str::to_owned));
    }
    res
}

fn options_of(help: &str) -> BTreeSet<String> {
    let words = help.split(|it: char| !it.is_alphanumeric() && it != '-');
    words.filter(|it| it.starts_with("--")).map(str::to_owned).collect()
}

#[test]
fn whatever_is_named_can_be_typed() {
    let here = Workplace::new();
    let help = |verb: &str| here.weft(&format!("help {verb}")).stdout;
    let common = help("");
    let list = common.split("Verbs, by job").nth(1).unwrap().split("\n\n").next().unwrap();
    let verbs = list.lines().skip(1).flat_map(|it| it.split_once("  ").unwrap().1.split(','));
    let verbs: BTreeSet<&str> = verbs.filter_map(|it| it.split_whitespace().last()).collect();
    assert!(verbs.contains("query") && verbs.contains("init"), "{verbs:?}");
    let whole_help = |verb: &str| {
        let text = help(verb);
        let steps = text.split("Commands:\n").nth(1).and_then(|it| it.split("\n\n").next());
        let steps = steps.into_iter().flat_map(str::lines);
        let steps = steps.filter_map(|it| it.split_whitespace().next()).filter(|it| *it != "help");
        let texts = steps.map(|it| help(&format!("{verb} {it}")));
        texts.chain([text.clone()]).collect::<String>()
    };
    let of_verbs: Vec<(&str, BTreeSet<String>)> =
        verbs.iter().map(|it| (*it, options_of(&whole_help(it)))).collect();
    let all_options: BTreeSet<&String> = of_verbs.iter().flat_map(|it| &it.1).collect();
    let procedures: Vec<String> =
        weft_cypher::signatures(&weft::procedures::all()).into_iter().map(|it| it.name).collect();
    let mut n_checked = [0; 4];
    for path in files() {
        let text = fs::read_to_string(&path).unwrap();
        for quoted in quoted(&text) {
            let place = format!("`{quoted}` in {}", path.display());
            let words: Vec<&str> = quoted.split_whitespace().collect();
            let is_option = |it: &&&str| it.starts_with("--") && it.len() > 2;
            match words.as_slice() {
                ["weft", rest @ ..] => {
                    let verb = rest.iter().find(|it| verbs.contains(**it));
                    let is_plain = rest.first().is_some_and(|it| {
                        it.chars().all(|it| it.is_ascii_lowercase() || it == '-')
                            && !it.starts_with("--")
                    });
                    assert!(verb.is_some() || !is_plain, "{place}: there is no such verb");
                    let Some(verb) = verb else { continue };
                    let known = &of_verbs.iter().find(|it| it.0 == *verb).unwrap().1;
                    for option in rest.iter().filter(is_option) {
                        let option = option.split('=').next().unwrap();
                        assert!(known.contains(option), "{place}: `{verb}` has no such option");
                    }
                    n_checked[0] += 1;
                }
                ["CALL", name, ..] if name.contains("weft.") || name.contains("db") => {
                    let name = name.split('(').next().unwrap();
                    if !name.starts_with("weft.tck") {
                        let is_there = procedures.iter().any(|it| it == name);
                        assert!(is_there, "{place}: there is no such procedure");
                        n_checked[1] += 1;
                    }
                }
                // The server answers it, not the language.
                ["SHOW", "DATABASES"] => {}
                ["SHOW", ..] => {
                    let (_, faults) = weft_cypher::parse(&quoted);
                    assert!(faults.is_empty() || words.len() == 1, "{place}: {faults:?}");
                }
                [option] if is_option(&option) => {
                    let option = option.split('=').next().unwrap().to_owned();
                    if path.starts_with(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
                        let is_there = all_options.contains(&option);
                        assert!(is_there, "{place}: no verb has such an option");
                        n_checked[2] += 1;
                    }
                }
                [command, ..] if command.starts_with(':') => {
                    let is_command = command.len() > 2
                        && command[1..].chars().all(|it| it.is_ascii_lowercase() || it == '-');
                    if is_command && path.ends_with("shell.rs") {
                        let script = fs::read_to_string(&path).unwrap();
                        let arm = format!("\"{}\"", &command[1..]);
                        assert!(script.contains(&arm), "{place}: the shell has no such command");
                        n_checked[3] += 1;
                    }
                }
                _ => {}
            }
        }
    }
    assert!(n_checked[0] > 100 && n_checked[1] > 1, "{n_checked:?}");
    assert!(n_checked[2] > 20 && n_checked[3] > 5, "{n_checked:?}");
}

#[test]
fn every_command_of_the_shell_stands_in_its_help() {
    let text = include_str!("../../src/cli/shell.rs");
    let help = text.split("const HELP: &str = \"").nth(1).unwrap().split("\";").next().unwrap();
    let arms = text.split("match word {").nth(1).unwrap().split("_ => {").next().unwrap();
    let named = arms.lines().filter_map(|it| it.trim().strip_prefix('"')?.split('"').next());
    let commands: Vec<&str> = named.collect();
    assert!(commands.len() > 8, "{commands:?}");
    for command in commands {
        assert!(help.contains(&format!(":{command}")), "`:{command}` is not in the help");
    }
}
