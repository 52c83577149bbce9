//! The parser, on the queries of the kit.

use weft_cypher::{ErrorKind, NESTING_MAX};

use crate::{golden, kit, promises};

/// What is found while a text is read, in the standard's words; all else is found later.
const FOUND_BY_THE_PARSER: &[&str] = &[
    "FloatingPointOverflow",
    "IntegerOverflow",
    "InvalidNumberLiteral",
    "InvalidRelationshipPattern",
    "InvalidUnicodeCharacter",
    "InvalidUnicodeLiteral",
    "UnexpectedSyntax",
];

#[test]
fn every_query_of_the_kit_is_read_or_refused_as_it_says() {
    let Some(queries) = kit::queries() else { return };
    let mut wrong = Vec::new();
    for query in &queries {
        let expected = query.error.as_deref().unwrap_or_default();
        let detail = expected.rsplit(' ').next().unwrap();
        let must_fail = FOUND_BY_THE_PARSER.contains(&detail);
        let (_, errors) = weft_cypher::parse(&query.text);
        let is_right = match errors.first() {
            Some(error) => {
                let found = format!("{} compile time {}", error.kind, error.detail);
                must_fail && errors.iter().all(|it| it.span.is_some()) && found == expected
            }
            None => !must_fail,
        };
        if !is_right {
            let text = &query.text;
            wrong.push(format!("{}\n{text}\nexpected {expected:?}: {errors:?}\n", query.place));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), queries.len(), wrong.join("\n"));
}

#[test]
fn all_faults_are_told_in_plain_words() {
    golden::check("parser_errors.txt", |query| {
        let (_, errors) = weft_cypher::parse(query);
        let lines: Vec<String> = errors
            .iter()
            .map(|it| format!("{} {}: {}", it.kind, it.detail, it.describe(query)))
            .collect();
        lines.join("\n")
    });
}

#[track_caller]
fn check_fine(text: &str) {
    let (_, errors) = weft_cypher::parse(text);
    assert!(errors.is_empty(), "{}: {errors:?}", &text[..text.len().min(100)]);
}

/// Reads a text, prints it and drops the tree on a small stack: nothing may overflow it.
#[track_caller]
fn check_limit(text: String, is_fine: bool) {
    let shown = text[..text.len().min(60)].to_owned();
    let run = move || {
        let (statement, errors) = weft_cypher::parse(&text);
        if errors.is_empty() {
            let copy = statement.clone();
            assert!(copy == statement);
            assert_eq!(weft_cypher::parse(&statement.to_string()).1, Vec::new());
        }
        errors
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
    let errors = thread.join().unwrap();
    match is_fine {
        true => assert!(errors.is_empty(), "{shown}: {errors:?}"),
        false => {
            let last = errors.last().unwrap();
            assert_eq!(last.kind, ErrorKind::LimitError, "{shown}: {errors:?}");
            assert_eq!(errors.len(), 1, "{shown}: {errors:?}");
        }
    }
}

#[test]
fn a_thousand_levels_are_read_and_endless_ones_refused() {
    let forms = [
        ("(", "1", ")"),
        ("(1 + ", "1", ")"),
        ("[", "1", "]"),
        ("{a: ", "1", "}"),
        ("abs(", "1", ")"),
        ("NOT ", "true", ""),
        ("-", "x", ""),
        ("CASE WHEN true THEN ", "1", " END"),
        ("a[", "1", "]"),
        ("[x IN ", "y", " | x]"),
        ("all(x IN y WHERE ", "true", ")"),
        ("a {b: ", "1", "}"),
        ("1 IN ", "[1]", ""),
    ];
    let parentheses = |n: usize| format!("RETURN {}1{}", "(".repeat(n), ")".repeat(n));
    check_limit(parentheses(NESTING_MAX), true);
    check_limit(parentheses(NESTING_MAX + 1), false);
    for (open, inner, close) in forms {
        let nest = |n: usize| format!("RETURN {}{inner}{}", open.repeat(n), close.repeat(n));
        check_limit(nest(NESTING_MAX / 2 - 10), true);
        check_limit(nest(10_000), false);
    }
}

#[test]
fn chains_are_read_to_a_limit() {
    for part in [" + 1", " || 1", " ^ 1", ".a", "[0]", " IS NULL"] {
        let n_fine = NESTING_MAX / 2 - 100;
        check_limit(format!("RETURN x{}", part.repeat(n_fine)), true);
        check_limit(format!("RETURN x{}", part.repeat(10_000)), false);
    }
}

#[test]
fn subqueries_and_patterns_nest_to_a_limit() {
    let forms = [
        ("EXISTS { MATCH (n) WHERE ", "true", " }"),
        ("COUNT { (n) WHERE ", "true", " }"),
        ("[(a)-->(b) WHERE ", "true", " | a]"),
        ("[(a {x: ", "1", "})-->(b) | a]"),
    ];
    for (open, inner, close) in forms {
        let nest = |n: usize| {
            format!("MATCH (n) WHERE {}{inner}{} RETURN n", open.repeat(n), close.repeat(n))
        };
        check_limit(nest(100), true);
        check_limit(nest(10_000), false);
    }
    let calls = |n: usize| format!("{}RETURN 1 AS x{}", "CALL { ".repeat(n), " }".repeat(n));
    check_limit(calls(100), true);
    check_limit(calls(10_000), false);
    check_limit(format!("MATCH (n:{}A{}) RETURN n", "(".repeat(900), ")".repeat(900)), true);
    check_limit(format!("MATCH (n:{}A) RETURN n", "!".repeat(10_000)), false);
}

#[test]
fn what_is_long_but_flat_is_read() {
    for operator in [" AND ", " OR ", " XOR ", ", ", " < "] {
        check_limit(format!("RETURN {}", vec!["a.b = 1"; 5_000].join(operator)), true);
    }
    check_limit(format!("MATCH (n:{}) RETURN n", vec!["A"; 5_000].join("|")), true);
    check_limit(format!("MATCH (n:{}) RETURN n", vec!["A"; 5_000].join(":")), true);
    check_limit(format!("MATCH {}(n) RETURN n", "(a)-->".repeat(5_000)), true);
    check_limit(vec!["MATCH (n)"; 10_000].join(" ") + " RETURN n", true);
    check_limit(vec!["RETURN 1 AS x"; 10_000].join(" UNION ALL "), true);
    let list: Vec<String> = (0..150_000).map(|it| it.to_string()).collect();
    check_fine(&format!("RETURN [{}]", list.join(", ")));
    check_fine(&format!("RETURN '{}'", "a".repeat(1 << 20)));
    let cases = "WHEN a = 1 THEN 2 ".repeat(10_000);
    check_limit(format!("RETURN CASE {cases}END"), true);
}

#[test]
fn a_text_that_is_too_long_is_refused() {
    let (_, errors) = weft_cypher::parse(&" ".repeat(weft_cypher::TEXT_BYTES_MAX + 1));
    assert_eq!(errors[0].kind, ErrorKind::LimitError);
}

#[test]
fn what_repeats_faults_without_end_ends() {
    for part in ["(", ")", "[", "{", "RETURN ", "n ", "''", "= ", ", ", "-[", "CASE ", "|", "`"] {
        let (_, errors) = weft_cypher::parse(&part.repeat(5_000));
        assert!(!errors.is_empty() && errors.len() <= weft_cypher::FAULTS_MAX, "{part}");
    }
}

#[test]
fn words_of_the_language_are_names_where_nothing_else_is_possible() {
    check_fine(
        "MATCH (match:Match {return: 1})-[set:SET]->(end) RETURN end.where, set.by AS order",
    );
    check_fine("WITH 1 AS count, 2 AS all, 3 AS limit RETURN count, all, limit + 1");
    check_fine("MATCH (n) RETURN n.end, n.count, count(n), all(x IN n.all WHERE x) AS exists");
    check_fine("MATCH (where) WHERE `where`.order = 1 RETURN `where` LIMIT 1");
    check_fine("RETURN left('abc', 1), exists(n.end), single(x IN [1] WHERE x = 1)");
    check_fine("CALL db.labels() YIELD label AS order RETURN order");
}

#[test]
fn arrows_may_be_of_other_dashes() {
    check_fine("MATCH (a)—[:X]—›(b) RETURN a".replace('›', "⟩").as_str());
    check_fine("MATCH (a)⟨－－(b)–>(c) RETURN a".replace("–>", "––>").as_str());
}

#[test]
fn brackets_with_names_are_told_apart() {
    let text = |query: &str| weft_cypher::parse(query).0.to_string();
    assert_eq!(text("RETURN (a) - (b)"), "RETURN a - b");
    assert_eq!(text("RETURN (a) - [1] - (b)"), "RETURN a - ([1]) - b");
    assert_eq!(text("RETURN (a) < -1"), "RETURN a < -1");
    assert_eq!(text("RETURN a<-1"), "RETURN a < -1");
    assert_eq!(text("RETURN [x IN xs, y]"), "RETURN [x IN xs, y]");
    assert_eq!(text("RETURN [x IN xs WHERE x:A | x.b]"), "RETURN [x IN xs WHERE x:A | x.b]");
    assert_eq!(text("RETURN [x IN xs WHERE x:A|B | x.b]"), "RETURN [x IN xs WHERE x:(A|B) | x.b]");
    assert_eq!(text("RETURN {a: 1}.a, {a: 1}['a']"), "RETURN {a: 1}.a, {a: 1}['a']");
    assert_eq!(
        text("CALL (a, b) { RETURN 1 AS x } RETURN x"),
        "CALL { WITH a, b RETURN 1 AS x }\nRETURN x"
    );
}

#[test]
fn statements_are_cut_at_semicolons_outside_of_quotes() {
    let text = "RETURN ';'; /* ; */ RETURN `;` // ;\n;; MATCH (n)\nRETURN n";
    let (statements, rest) = weft_cypher::split_statements(text);
    assert_eq!(statements, ["RETURN ';'", "RETURN `;`"]);
    assert_eq!(rest, "MATCH (n)\nRETURN n");
    assert_eq!(weft_cypher::split_statements("RETURN 'a;"), (vec![], "RETURN 'a;"));
}

#[test]
fn what_fuzzing_has_kept_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/parser");
    let mut n = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        if let Ok(text) = std::str::from_utf8(&bytes) {
            promises::check_parser(text);
            n += 1;
        }
    }
    assert!(n > 0);
}
