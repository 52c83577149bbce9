//! Scenarios of the kit: feature files read, outlines written out, steps in order.

use std::fs;
use std::path::{Path, PathBuf};

/// One scenario, with the values of its example in place.
pub(crate) struct Scenario {
    /// The folder, such as `clauses/match`.
    pub(crate) folder: String,
    /// Folder, file, title and number of the example.
    pub(crate) name: String,
    /// The steps in order.
    pub(crate) steps: Vec<Step>,
}

/// A step with what hangs on it.
pub(crate) struct Step {
    pub(crate) text: String,
    pub(crate) doc: Option<String>,
    pub(crate) table: Vec<Vec<String>>,
}

/// All scenarios below a folder, but for those tagged `@ignore`.
pub(crate) fn read_all(folder: &Path) -> Vec<Scenario> {
    let mut res = Vec::new();
    for file in feature_files(folder) {
        let place = file.strip_prefix(folder).unwrap().with_extension("");
        let folder = place.parent().unwrap().display().to_string();
        let text = fs::read_to_string(&file).unwrap();
        let drafts = read(&text).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        for draft in drafts.into_iter().filter(|it| !it.is_ignored) {
            let name = format!("{}: {}", place.display(), draft.title);
            if draft.examples.is_empty() {
                res.push(Scenario { folder: folder.clone(), name, steps: draft.filled(&[]) });
                continue;
            }
            let mut n = 0;
            for table in &draft.examples {
                let Some((head, rows)) = table.split_first() else { continue };
                for row in rows {
                    n += 1;
                    let values: Vec<_> = head.iter().cloned().zip(row.iter().cloned()).collect();
                    let (folder, name) = (folder.clone(), format!("{name} #{n}"));
                    res.push(Scenario { folder, name, steps: draft.filled(&values) });
                }
            }
        }
    }
    res
}

/// A scenario as it is written, outlines with their examples.
#[derive(Default)]
struct Draft {
    title: String,
    is_ignored: bool,
    steps: Vec<Step>,
    examples: Vec<Vec<Vec<String>>>,
}

impl Draft {
    /// The steps, with values in the place of `<names>`.
    fn filled(&self, values: &[(String, String)]) -> Vec<Step> {
        let fill = |text: &str| {
            values.iter().fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("<{name}>"), value)
            })
        };
        let fill_row = |row: &Vec<String>| row.iter().map(|it| fill(it)).collect();
        let steps = self.steps.iter().map(|it| Step {
            text: fill(&it.text),
            doc: it.doc.as_deref().map(fill),
            table: it.table.iter().map(fill_row).collect(),
        });
        steps.collect()
    }
}

/// Reads as much of Gherkin as the kit is written in.
///
/// The `gherkin` crate was tried: it takes a backslash before a quote in a cell for a fault.
fn read(text: &str) -> Result<Vec<Draft>, String> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut is_ignored = false;
    let mut in_examples = false;
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let fail = |why: &str| format!("line {}: {why}", at + 1);
        let word = line.trim();
        if word.is_empty() || word.starts_with('#') || word.starts_with("Feature:") {
            continue;
        }
        if word.starts_with('@') {
            is_ignored = word.split_whitespace().any(|it| it == "@ignore");
            continue;
        }
        let title = word.strip_prefix("Scenario Outline:").or(word.strip_prefix("Scenario:"));
        if let Some(title) = title {
            let title = title.trim().to_owned();
            drafts.push(Draft { title, is_ignored, ..Draft::default() });
            (is_ignored, in_examples) = (false, false);
            continue;
        }
        let draft = drafts.last_mut().ok_or_else(|| fail("a scenario is expected"))?;
        if word.starts_with("Examples:") {
            draft.examples.push(Vec::new());
            in_examples = true;
        } else if word.starts_with('|') {
            let table = if in_examples {
                draft.examples.last_mut()
            } else {
                draft.steps.last_mut().map(|it| &mut it.table)
            };
            table.ok_or_else(|| fail("a table of nothing"))?.push(cells(word));
        } else if word == "\"\"\"" {
            let indent = line.len() - line.trim_start().len();
            let mut doc = Vec::new();
            loop {
                let (_, line) = lines.next().ok_or_else(|| fail("a text without an end"))?;
                if line.trim() == "\"\"\"" {
                    break;
                }
                let blank = line.len() - line.trim_start().len();
                doc.push(&line[indent.min(blank)..]);
            }
            let step = draft.steps.last_mut().ok_or_else(|| fail("a text of nothing"))?;
            step.doc = Some(doc.join("\n"));
        } else {
            let words = ["Given ", "When ", "Then ", "And ", "But "];
            let text = words.iter().find_map(|it| word.strip_prefix(it));
            let text = text.ok_or_else(|| fail("a step is expected"))?.trim().to_owned();
            draft.steps.push(Step { text, doc: None, table: Vec::new() });
        }
    }
    Ok(drafts)
}

/// The cells of a line of a table; `\\|`, `\\\\` and `\\n` stand for a bar, a backslash and a line break.
fn cells(line: &str) -> Vec<String> {
    let mut res = Vec::new();
    let mut cell = String::new();
    let mut letters = line.trim().chars().skip(1).peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('|', _) => res.push(std::mem::take(&mut cell).trim().to_owned()),
            ('\\', Some('|' | '\\')) => cell.extend(letters.next()),
            ('\\', Some('n')) => {
                letters.next();
                cell.push('\n');
            }
            _ => cell.push(letter),
        }
    }
    res
}

fn feature_files(folder: &Path) -> Vec<PathBuf> {
    let mut res = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            res.extend(feature_files(&path));
        } else if path.extension().is_some_and(|it| it == "feature") {
            res.push(path);
        }
    }
    res
}
