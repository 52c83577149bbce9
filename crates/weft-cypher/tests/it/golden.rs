//! Golden scripts: queries and what becomes of them, as text that a person reads.
//!
//! A case is a comment of `#` lines, a query after `> `, a line of dashes, and the answer.
//! `WEFT_UPDATE_GOLDEN=1` writes the answers anew.

use std::path::Path;

/// Compares each case of a script with what `answer` says of its query.
#[track_caller]
pub(crate) fn check(name: &str, answer: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name);
    let script = std::fs::read_to_string(&path).unwrap();
    let mut expected = String::new();
    for case in script.split("\n\n> ").enumerate() {
        let (position, case) = case;
        let (query, _) = case.split_once("\n---\n").unwrap_or((case, ""));
        let separator = if position == 0 { "" } else { "\n\n> " };
        let text = if position == 0 { query.split_once("> ").unwrap().1 } else { query };
        let text = text.replace("\n> ", "\n");
        expected += &format!("{separator}{query}\n---\n{}", answer(&text).trim_end());
    }
    expected.push('\n');
    if std::env::var("WEFT_UPDATE_GOLDEN").is_ok() {
        std::fs::write(&path, &expected).unwrap();
    } else if script != expected {
        for (written, made) in script.split("\n\n> ").zip(expected.split("\n\n> ")) {
            assert_eq!(written.trim_end(), made.trim_end());
        }
        panic!("{name} has another number of cases");
    }
}
