//! The commands of README.md, run as they stand there.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

fn readme() -> String {
    fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// Splits a line as a shell does, as far as README.md needs it: spaces, double quotes, comments.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" #").next().unwrap_or_default();
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn the_two_commands_are_there() {
    let text = readme();
    for command in ["\ncargo run --release -- report\n", "\ncargo test\n"] {
        assert!(text.contains(command), "{command}");
    }
}

#[test]
fn every_question_of_the_readme_is_answered() {
    let text = readme();
    let section = text.split("## Ask").nth(1).unwrap().split("\n## ").next().unwrap();
    let lines: Vec<&str> = section.lines().filter(|it| it.starts_with("weft ")).collect();
    assert!(lines.len() >= 8);
    let folder = tempfile::tempdir().unwrap();
    for line in lines {
        let words = words(line);
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        let command = command.args(&words[1..]).current_dir(folder.path()).env_remove("WEFT_DB");
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {said}");
        let is_written = words.iter().any(|it| it == "-o");
        assert!(is_written || !output.stdout.is_empty(), "{line} says nothing");
    }
}
