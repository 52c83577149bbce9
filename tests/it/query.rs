//! openCypher on the command line, and the saved questions.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use weft::session::QUESTIONS;

use crate::runner::{Workplace, check_script, golden};

#[test]
fn queries_read_and_write_and_say_what_is_wrong() {
    check_script("query.txt", Workplace::northmoor);
}

#[test]
fn whoever_knows_sql_alone_is_told_what_to_write() {
    check_script("from_sql.txt", Workplace::northmoor);
}

#[test]
fn saved_questions_answer_on_the_leeds_data() {
    check_script("questions.txt", Workplace::new);
    let script = fs::read_to_string(golden("questions.txt")).unwrap();
    for it in QUESTIONS.iter() {
        assert!(script.contains(&format!("$ weft ask {} ", it.name)), "{} is not run", it.name);
        assert!(!it.checked.starts_with("TODO"), "{} was not checked", it.name);
    }
}

/// Gives a command something to read, and hands back what it printed.
fn fed(here: &Workplace, arguments: &str, input: &str) -> (String, String) {
    let mut command = here.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.env("HOME", here.path("")).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn a_query_is_read_from_stdin() {
    let here = Workplace::new();
    let (stdout, stderr) = fed(&here, "query", "MATCH (n:University)\nRETURN count(n) AS n;\n");
    assert_eq!(stdout, "n\n14\n", "{stderr}");
}

#[test]
fn the_shell_runs_statements_over_lines_and_keeps_transactions_apart() {
    let here = Workplace::new();
    assert_eq!(here.weft("init --free").code, 0);
    let script = "CREATE (:A {x: 1});\nMATCH (n:A)\nRETURN n.x AS x;\n:begin\nCREATE (:A {x: 2});\n\
                  :rollback\n:param top 7\nMATCH (n:A) RETURN count(n) AS n, $top AS top;\n\
                  RETRUN 1;\n:nonsense\n:quit\n";
    let (stdout, stderr) = fed(&here, "shell --db weft.db --format tsv", script);
    assert!(stdout.contains("x\n1\n"), "{stdout}\n{stderr}");
    assert!(stdout.contains("n\ttop\n1\t7\n"), "{stdout}\n{stderr}");
    assert!(stderr.contains("did you mean `RETURN`?"), "{stderr}");
    assert!(stderr.contains("`:nonsense` is no command of the shell"), "{stderr}");
}

#[test]
fn the_shell_names_sources_days_and_floors() {
    let here = Workplace::northmoor();
    let create = "CREATE (n:Company {id: 'new-one', name: 'New One', stage: 'start_up'}) \
                  RETURN n.name AS made;\n";
    let count = "MATCH ()-[r]->() RETURN count(r) AS ties;\n";
    let script = format!(
        "{create}:source nowhere\n:source review-2025 page 4\n:certainty implied\n{create}\
         :certainty stated\n{count}:certainty\n:as-of 2015\n{count}{create}:as-of\n{count}\
         :certainty sure\n:as-of 1/2/2018\n:source\n{create}:quit\n"
    );
    let (stdout, stderr) = fed(&here, "shell --format tsv", &script);
    let rows = "made\nNew One\nties\n23\nties\n9\nties\n26\n";
    assert_eq!(stdout, rows, "{stderr}");
    let errors: Vec<&str> = stderr.lines().filter(|it| it.starts_with("error")).collect();
    let needs_source = "error: what is written here rests on a source, and none is named";
    let expected = [
        needs_source,
        "error: there is no source `nowhere`",
        "error: this graph can only be read",
        "error: `sure` is no certainty",
        "error: `1/2/2018` in `:as-of`: day and month cannot be told apart",
        needs_source,
    ];
    assert_eq!(errors, expected);
    let shown = here.weft("show new-one --format table").stdout;
    assert!(shown.contains("review-2025: page 4 (implied, 2025-06)"), "{shown}");
}

#[test]
fn the_shell_takes_its_source_and_its_day_as_options() {
    let here = Workplace::northmoor();
    let create = "CREATE (:Company {id: 'new-one', name: 'New One', stage: 'start_up'});\n";
    let order = "shell --format tsv --source review-2025 --locator 'page 5' --certainty implied";
    let (stdout, stderr) = fed(&here, order, create);
    assert!(stdout.starts_with("nodes_created"), "{stdout}\n{stderr}");
    let shown = here.weft("show new-one --format table").stdout;
    assert!(shown.contains("review-2025: page 5 (implied, 2025-06)"), "{shown}");
    let count = "MATCH ()-[r]->() RETURN count(r) AS ties;\n";
    assert_eq!(fed(&here, "shell --format tsv --as-of 2015", count).0, "ties\n9\n");
    let (_, stderr) = fed(&here, "shell --source nowhere", count);
    assert!(stderr.contains("there is no source `nowhere`"), "{stderr}");
}

#[test]
fn a_statement_that_fails_leaves_what_came_before_it_and_names_its_place() {
    let here = Workplace::new();
    assert_eq!(here.weft("init --free").code, 0);
    here.write(
        "three.cypher",
        "CREATE (:A {x: 1});\n// RETURN 1 / 0\nCREATE (:A {x: 2}) RETURN 1 / 0 AS y;\nCREATE (:A)",
    );
    let run = here.weft("query --file three.cypher --format json");
    assert_eq!(run.code, 1, "{run:?}");
    // The list is whole, with the answers that there are.
    assert!(run.stdout.starts_with("[\n") && run.stdout.ends_with("]\n"), "{run:?}");
    assert!(run.stdout.contains("\"nodes_created\": 1"), "{run:?}");
    assert!(run.stderr.contains("\"line\": 3") && run.stderr.contains("\"column\": 27"), "{run:?}");
    let run = here.weft("query --file three.cypher");
    for words in [
        "--> line 3, column 27",
        "note: statement 2 of 3 failed; what those before it wrote is kept (the store is at \
         revision 2), those after it were not run; `--single` keeps all or nothing",
    ] {
        assert!(run.stderr.contains(words), "{run:?}");
    }
    assert_eq!(here.weft("query 'MATCH (n) RETURN n.x AS x'").stdout, "x\n1\n1\n");
    let run = here.weft("query --single --file three.cypher");
    assert!(
        run.stderr.contains("note: statement 2 of 3 failed, so none of them is kept"),
        "{run:?}"
    );
    assert_eq!((run.stdout.as_str(), run.code), ("", 1));
    let run = here.weft("query 'RETURN 1 AS x; RETURN 1 / 0 AS y; RETURN 2 AS z'");
    assert_eq!(run.stdout, "x\n1\n");
    assert!(run.stderr.contains("statement 2 of 3 failed; those after it were not run"), "{run:?}");
    assert_eq!(here.weft("query 'MATCH (n) RETURN count(n) AS n'").stdout, "n\n2\n");
}

#[test]
fn each_column_of_an_answer_is_one_column_of_a_spreadsheet() {
    let here = Workplace::new();
    let query = "RETURN date('2020-01-01') AS day, duration('PT3H') AS span, 'a=b' AS text, 1.5 AS x, \
                 [1, null, 'b'] AS list, [[1], 2] AS nested, {a: 1} AS map";
    let (stdout, stderr) = fed(&here, "query --format csv", query);
    let expected = "day,span,text,x,list,nested,map\n\
                    2020-01-01,PT3H,a=b,1.5,1||b,\"[[1], 2]\",{a: 1}\n";
    assert_eq!(stdout, expected, "{stderr}");
    let query = "MATCH (n:Need)<-[r:MEETS_NEED]-(o) RETURN n, r, o.name AS who LIMIT 3";
    let (stdout, stderr) = fed(&here, "query --format csv", query);
    assert!(stdout.starts_with("n,r,who\n\"(:Need {"), "{stdout}\n{stderr}");
}

/// The rows of an answer.
fn rows_of(here: &Workplace, order: &str) -> Vec<serde_json::Value> {
    let run = here.weft(&format!("{order} --format json"));
    assert_eq!(run.code, 0, "{order}: {run:?}");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    document["rows"].as_array().unwrap().clone()
}

#[test]
fn procedures_try_and_open_what_their_verbs_try_and_open() {
    let here = Workplace::northmoor();
    for (verb, figure) in [("access", "access"), ("critical", "n_cut_off")] {
        let verbs = rows_of(&here, &format!("{verb} --stability --chance --limit 2"));
        // Of companies whose stage no source tells there is a list of their own behind the start-ups.
        assert!(verbs.len() >= 2, "{verb}");
        let columns = "node, stability, trust, chance";
        let query = format!(
            "CALL weft.{verb}({{stability: true, chance: true, top: 2}}) YIELD {columns}, {figure} \
             RETURN node.id AS id, stability, trust, chance, {figure}"
        );
        let asked = rows_of(&here, &format!("query '{query}'"));
        assert_eq!(asked.len(), 2, "{verb}");
        for (asked, verb) in asked.iter().zip(&verbs) {
            assert_eq!(asked["id"], verb["node"]["id"]);
            assert!(verb["stability"].is_object() && verb["chance"].is_object(), "{verb}");
            for name in ["stability", "chance", figure] {
                assert_eq!(asked[name], verb[name], "{name}");
            }
            assert_eq!(asked["trust"]["sentence"], verb["trust"]["sentence"]);
        }
        let bare = format!(
            "CALL weft.{verb}() YIELD {columns} WHERE coalesce(stability, trust, chance) \
                            IS NOT NULL RETURN count(*) AS n"
        );
        assert_eq!(
            rows_of(&here, &format!("query '{bare}'"))[0]["n"],
            0,
            "nothing is tried unasked"
        );
    }
    let (verb, call) = ("diff 2016 2024", "weft.diff(\"2016\", \"2024\"");
    let told = rows_of(&here, &format!("{verb} --why"));
    let opened = |options: &str| {
        let query = format!(
            "CALL {call}{options}) YIELD finding, what, node, why WHERE why IS NOT NULL \
             RETURN finding, what, node.id AS id, why"
        );
        rows_of(&here, &format!("query '{query}'"))
    };
    let asked = opened(", {why: true}");
    for finding in ["stats", "hubs", "critical", "gaps", "network"] {
        let of_verb: Vec<_> = told.iter().filter(|it| it["list"] == finding).collect();
        let of_verb: Vec<_> = of_verb.iter().filter(|it| it["why"].is_object()).collect();
        let of_query: Vec<_> = asked.iter().filter(|it| it["finding"] == finding).collect();
        assert_eq!(of_query.len(), of_verb.len(), "{finding}");
        for (query, verb) in of_query.iter().zip(&of_verb) {
            assert_eq!(query["why"]["n_same"], verb["why"]["n_same"], "{finding}");
            let ties = |it: &serde_json::Value| {
                let sides = ["before", "after"].map(|side| it["why"][side]["ties"].clone());
                let ids = sides.iter().filter_map(|it| it.as_array()).flatten();
                ids.map(|it| it["id"].to_string()).collect::<Vec<_>>()
            };
            assert_eq!(ties(query), ties(verb), "{finding}");
        }
    }
    assert!(asked.iter().any(|it| it["finding"] == "hubs"), "{asked:?}");
    let needs = asked.iter().filter(|it| it["finding"] == "access");
    let moved = told.iter().filter(|it| it["list"] == "access");
    let n_needs = |it: &serde_json::Value, name: &str| it[name].as_array().unwrap().len();
    let (needs, moved): (Vec<_>, Vec<_>) = (
        needs.map(|it| n_needs(it, "why")).collect(),
        moved.map(|it| n_needs(it, "needs")).collect(),
    );
    assert_eq!(needs, moved);
    assert_eq!(opened(""), Vec::<serde_json::Value>::new(), "nothing is opened unasked");
}
