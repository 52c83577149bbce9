//! Words of a schema in sentences. Knows no schema.

/// "a company", "an event": a kind of the schema in a sentence.
pub(super) fn with_article(kind: &str) -> String {
    let has_vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']) && !kind.starts_with("uni");
    // The letters of "nhs_body" are read one by one.
    let article = if has_vowel || kind.starts_with("nhs") { "an" } else { "a" };
    format!("{article} {kind}")
}
