//! "Did you mean": the words nearest to one that is not known.

/// Least similarity (Jaro-Winkler, 0 to 1) of a word worth proposing.
const SIMILAR_ENOUGH: f64 = 0.8;

/// Returns at most `limit` of the candidates that are most like the word, best first.
///
/// Compares without case. O(candidates); ties of rank are broken by the alphabet.
pub fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    limit: usize,
) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|it| (strsim::jaro_winkler(&word, &it.to_lowercase()), it))
        .filter(|it| it.0 >= SIMILAR_ENOUGH)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(limit).map(|it| it.1).collect()
}

/// How alike two texts are, from 0 to 1 (Jaro-Winkler, so that a shared beginning counts more).
pub fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// Says "did you mean" of the nearest candidate, or the second text where none is near.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl Into<String>,
) -> String {
    match closest(word, candidates, 1).first() {
        Some(found) => format!("did you mean `{found}`?"),
        None => otherwise.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_proposed() {
        let words = ["university", "college", "company"];
        assert_eq!(did_you_mean("univerity", words, ""), "did you mean `university`?");
        assert_eq!(did_you_mean("Compnay", words, ""), "did you mean `company`?");
        assert_eq!(did_you_mean("zzz", words, "none"), "none");
    }
}
