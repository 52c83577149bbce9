//! The guide of graph-data/README.md for one's own region, followed to the letter.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::runner::Workplace;

/// The bodies that the reader of the guide has in a spreadsheet.
const N_BODIES: usize = 30;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data/README.md");
    std::fs::read_to_string(path).unwrap()
}

/// The section of the guide, from its heading to the next of that size.
fn guide() -> String {
    let text = readme();
    let (_, section) = text.split_once("\n## Your own region in fifteen minutes\n").unwrap();
    section.split("\n## ").next().unwrap().to_owned()
}

/// The fenced blocks of a text: what stands after the fence, and the lines.
fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let mut res = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|it| *it != "```").map(str::to_owned).collect();
            res.push((words.to_owned(), inside));
        }
    }
    res
}

/// A row with those cells under the columns of a header, the other cells empty.
fn row(header: &str, cells: &[(&str, &str)]) -> String {
    let columns: Vec<&str> = header.split(',').collect();
    for (column, _) in cells {
        assert!(columns.contains(column), "the guide shows no column `{column}`");
    }
    let cell = |column: &&str| cells.iter().find(|it| it.0 == *column).map_or("", |it| it.1);
    columns.iter().map(cell).collect::<Vec<_>>().join(",")
}

/// Adds to the rows of the guide those of a region of thirty bodies.
fn fill_in(files: &mut BTreeMap<String, Vec<String>>) {
    let nodes = files.get_mut("nodes.csv").unwrap();
    let header = nodes[0].clone();
    let is_body = |it: &&String| !it.starts_with("place,") && !it.starts_with("need,");
    let n_shown = nodes.iter().skip(1).filter(is_body).count();
    let kinds = ["company", "charity", "research_centre", "investor", "company"];
    let names: Vec<String> = (n_shown..N_BODIES).map(|it| format!("Body {it}")).collect();
    for (at, name) in names.iter().enumerate() {
        let kind = kinds[at % kinds.len()];
        let stage = if kind == "company" { "idea" } else { "" };
        let cells = [("kind", kind), ("name", name), ("stage", stage), ("place", "Tide Quay")];
        nodes.push(row(&header, &cells));
    }
    let ties = files.get_mut("ties.csv").unwrap();
    let header = ties[0].clone();
    for name in names.iter().step_by(2) {
        let cells = [
            ("from", name.as_str()),
            ("relation", "member_of"),
            ("to", "Tidemouth Health Network"),
        ];
        ties.push(row(&header, &cells));
    }
}

#[test]
fn somebody_with_thirty_bodies_reaches_a_report_by_the_guide_alone() {
    let here = Workplace::new();
    let guide = guide();
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (words, lines) in blocks(&guide) {
        if let Some(name) = words.strip_prefix("csv ") {
            files.insert(name.to_owned(), lines);
        }
    }
    fill_in(&mut files);
    let mut n_run = 0;
    for (words, lines) in blocks(&guide) {
        if let Some(name) = words.strip_prefix("csv ") {
            here.write(&format!("my-region/{name}"), files[name].join("\n"));
        }
        if words != "sh" {
            continue;
        }
        for line in lines {
            if line.starts_with("weft import") && n_run < 3 {
                keep_headers(&here);
            }
            let run = here.run(&mut shell(&here, &line));
            assert_eq!(run.code, 0, "{line}\n{run:?}");
            assert!(!run.stderr.contains("error"), "{line}\n{run:?}");
            n_run += 1;
        }
    }
    assert!(n_run >= 7, "the guide has {n_run} commands");
    let page = here.read("weft-report.html");
    for name in ["My region", "Tidemouth Health Network", "Gullwing Health", "2025-11"] {
        assert!(page.contains(name), "the report does not speak of {name}");
    }
    let document = here.weft("stats --format json").stdout;
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let n_actors = document["view"]["n"].as_u64().unwrap();
    assert_eq!(n_actors as usize, N_BODIES);
}

/// Step 4 of the guide: all but the first line of these files goes.
fn keep_headers(here: &Workplace) {
    for name in ["sources.csv", "claims.csv", "facts.csv"] {
        let file = format!("my-region/{name}");
        let text = here.read(&file);
        here.write(&file, text.lines().next().unwrap());
    }
}

/// A line of the guide as a shell runs it, with the built command on the path.
fn shell(here: &Workplace, line: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_weft"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", binary.parent().unwrap().display());
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(here.path("")).env("PATH", path);
    command.env_remove("WEFT_DB").env("SOURCE_DATE_EPOCH", "1767225600");
    command
}

#[test]
fn the_template_itself_is_good_and_is_never_written_over() {
    let here = Workplace::with_store();
    assert_eq!(here.weft("init --template").code, 0);
    let before = here.contents();
    let run = here.weft("import my-ecosystem --dry-run");
    assert_eq!((run.code, run.stderr.contains("warning")), (0, false), "{run:?}");
    let run = here.weft("init --template");
    assert_eq!(
        (run.code, run.stderr.lines().next()),
        (1, Some("error: `my-ecosystem/dataset.toml` exists already and is left as it is")),
    );
    assert_eq!(here.contents(), before);
}

#[test]
fn every_column_that_can_be_written_is_in_the_dictionary() {
    let here = Workplace::new();
    assert_eq!(here.weft("init --template").code, 0);
    let readme = readme();
    for table in ["nodes", "ties", "sources", "claims", "facts"] {
        let (_, section) = readme.split_once(&format!("\n### {table}.csv\n")).unwrap();
        let section = section.split("\n### ").next().unwrap();
        let mut told: Vec<String> = Vec::new();
        for line in section.lines().filter(|it| it.starts_with("| ")) {
            let columns = line.split('|').nth(1).unwrap().replace('*', "");
            told.extend(columns.split(',').map(|it| it.trim().to_owned()));
        }
        let header = here.read(&format!("my-ecosystem/{table}.csv"));
        for column in header.lines().next().unwrap().split(',') {
            assert!(told.iter().any(|it| it == column), "{table}.csv: `{column}` is not told");
        }
    }
}

#[test]
fn the_examples_of_the_dictionary_are_read_and_mean_what_it_says() {
    let here = Workplace::with_store();
    for (words, lines) in blocks(&readme()) {
        if let Some(name) = words.strip_prefix("csv ") {
            here.write(&format!("data/{name}"), lines.join("\n"));
        }
    }
    let run = here.weft("import data");
    assert_eq!(run.code, 0, "{run:?}");
    let who = |question: &str| here.weft(&format!("who gullwing-health {question}")).stdout;
    assert!(who("--as-of 2025-02").contains("quay-labs"), "{}", who("--as-of 2025-02"));
    assert!(!who("--as-of 2025-04").contains("quay-labs"), "a tie denied as ended goes on");
    let conflict = "stage is shown as `start_up`, others say `scale_up` (news-2025)";
    let check = here.weft("check --format table");
    assert!(check.stdout.contains(conflict), "{check:?}");
    assert!(!check.stdout.contains("does_not_add_up"), "{check:?}");
    assert_eq!(here.weft("facts staff --derived --format jsonl").stdout.lines().count(), 1);
}
