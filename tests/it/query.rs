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
