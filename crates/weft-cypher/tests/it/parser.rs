//! The parser, on the queries of the kit.

use crate::kit;

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
