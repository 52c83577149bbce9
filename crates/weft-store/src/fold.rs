//! Folding: the form in which names are compared, so that case and accents do not matter. What is
//! folded is the graph's to say; which words are kept for their spelling stands here.

pub use weft_graph::fold;
pub(crate) use weft_graph::words;

/// Shorter words, and those with digits, are not worth a spelling.
const SPELT_WORD_MIN: usize = 4;

/// Whether the spelling of a word is kept: numbers and short words are not misspelt but different.
pub(crate) fn is_spelt(word: &str) -> bool {
    word.chars().count() >= SPELT_WORD_MIN && !word.chars().any(char::is_numeric)
}
