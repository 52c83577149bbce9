//! The queries of the openCypher technology compatibility kit, without running them.
//!
//! The kit is no part of the repository. It is looked for in the folder that `WEFT_SHARED` names, or
//! in `../shared` beside the repository; tests that need it say so and pass where it is absent, and
//! fail where `WEFT_SHARED` is set.

use std::path::{Path, PathBuf};

/// A query of the kit, and the error that it must raise, if any.
pub(crate) struct Query {
    /// Where it stands, for messages.
    pub(crate) place: String,
    /// Its text.
    pub(crate) text: String,
    /// `SyntaxError compile time UnexpectedSyntax`
    pub(crate) error: Option<String>,
}

/// All queries of the kit, those that make its graphs included; None, said on stderr, without it.
pub(crate) fn queries() -> Option<Vec<Query>> {
    let folder = folder()?;
    let mut files = Vec::new();
    collect_files(&folder, &mut files);
    files.sort();
    let mut queries = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        read_feature(&name, &text, &mut queries);
    }
    assert!(queries.len() > 2_000, "the kit has {} queries only", queries.len());
    Some(queries)
}

fn folder() -> Option<PathBuf> {
    let given = std::env::var("WEFT_SHARED").ok();
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let path = Path::new(given.as_deref().unwrap_or(beside)).join("tck/features");
    assert!(given.is_none() || path.is_dir(), "`WEFT_SHARED` is set, but the kit is not there");
    if !path.is_dir() {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    }
    Some(path)
}

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files(&path, files);
        } else if path.extension().is_some_and(|it| it == "feature") {
            files.push(path);
        }
    }
}

/// Steps of a scenario: a query in a document string, or a line that says which error is raised.
#[derive(Clone)]
enum Step {
    Query { text: String, is_tested: bool },
    Error(String),
}

fn read_feature(name: &str, text: &str, queries: &mut Vec<Query>) {
    let mut scenario = String::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut is_tested = false;
    let mut header: Option<Vec<String>> = None;
    let mut n_examples = 0;
    let mut lines = text.lines();
    let mut is_in_examples = false;
    let flush = |scenario: &str, steps: &[Step], n_examples: usize, out: &mut Vec<Query>| {
        if n_examples == 0 {
            emit(&format!("{name}: {scenario}"), steps, &[], out);
        }
    };
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(title) =
            line.strip_prefix("Scenario:").or_else(|| line.strip_prefix("Scenario Outline:"))
        {
            flush(&scenario, &steps, n_examples, queries);
            (scenario, n_examples, is_in_examples) = (title.trim().to_owned(), 0, false);
            steps.clear();
        } else if line == "\"\"\"" {
            let body: Vec<&str> = lines.by_ref().take_while(|it| it.trim() != "\"\"\"").collect();
            steps.push(Step::Query { text: body.join("\n"), is_tested });
        } else if line.starts_with("Examples:") {
            (is_in_examples, header) = (true, None);
        } else if is_in_examples && line.starts_with('|') {
            let cells: Vec<String> = split_cells(line);
            match &header {
                None => header = Some(cells),
                Some(header) => {
                    n_examples += 1;
                    let values: Vec<(String, String)> = header.iter().cloned().zip(cells).collect();
                    emit(&format!("{name}: {scenario}"), &steps, &values, queries);
                }
            }
        } else if let Some((kind, rest)) = line.split_once(" should be raised at ") {
            let kind = kind.rsplit(' ').next().unwrap();
            steps.push(Step::Error(format!("{kind} {}", rest.replace(':', ""))));
        } else {
            is_tested = line.starts_with("When executing query");
        }
    }
    flush(&scenario, &steps, n_examples, queries);
}

/// The cells of a row, in which `\|` is a bar and `\\` a backslash.
fn split_cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut characters = line.trim_matches('|').chars();
    while let Some(character) = characters.next() {
        match character {
            '|' => cells.push(String::new()),
            '\\' => match characters.next() {
                Some(escaped @ ('|' | '\\')) => cells.last_mut().unwrap().push(escaped),
                Some('n') => cells.last_mut().unwrap().push('\n'),
                other => {
                    cells.last_mut().unwrap().push('\\');
                    cells.last_mut().unwrap().extend(other);
                }
            },
            _ => cells.last_mut().unwrap().push(character),
        }
    }
    cells.iter().map(|it| it.trim().to_owned()).collect()
}

fn emit(place: &str, steps: &[Step], values: &[(String, String)], out: &mut Vec<Query>) {
    let error = steps.iter().find_map(|it| match it {
        Step::Error(error) => Some(error.clone()),
        Step::Query { .. } => None,
    });
    for step in steps {
        let Step::Query { text, is_tested } = step else { continue };
        let mut text = text.clone();
        for (name, value) in values {
            text = text.replace(&format!("<{name}>"), value);
        }
        let error = error.clone().filter(|_| *is_tested);
        out.push(Query { place: place.to_owned(), text, error });
    }
}
