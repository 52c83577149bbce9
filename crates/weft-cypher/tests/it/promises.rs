//! What is promised of any text; the fuzz targets hold it on what they make up, and `cargo test` on
//! what they have kept.

/// Holds the promises of the parser on a text.
pub(crate) fn check_parser(text: &str) {
    let (statement, errors) = weft_cypher::parse(text);
    assert!(errors.len() <= weft_cypher::FAULTS_MAX);
    for error in &errors {
        let span = error.span.expect("a fault of a text is at a place of it");
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && text.get(start..end).is_some(), "{span:?}: {error}");
        assert!(!error.describe(text).is_empty());
    }
    let printed = statement.to_string();
    if errors.is_empty() {
        let (read, errors) = weft_cypher::parse(&printed);
        // Where parentheses are needed that were not written, a tree at the limit may go beyond it.
        let is_too_deep = |it: &weft_cypher::Error| it.kind == weft_cypher::ErrorKind::LimitError;
        if !errors.iter().any(is_too_deep) {
            assert!(errors.is_empty(), "{printed}: {errors:?}");
            assert!(read == statement, "{printed}");
        }
    }
    let (statements, rest) = weft_cypher::split_statements(text);
    assert!(statements.iter().map(|it| it.len()).sum::<usize>() + rest.len() <= text.len());
}
