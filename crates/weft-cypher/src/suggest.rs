//! Which name was probably meant by one that is not there.

/// How many names are suggested at most.
const SUGGESTIONS_MAX: usize = 3;

/// The candidates that are closest to a word, best first, whatever their case.
///
/// A candidate is close if every third letter, or fewer, must be changed, swapped, added or dropped.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let folded = word.to_lowercase();
    let n_changes_max = folded.chars().count() / 3;
    let mut close: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|it| (strsim::damerau_levenshtein(&folded, &it.to_lowercase()), it))
        .filter(|(n_changes, it)| *n_changes <= n_changes_max && *n_changes < it.chars().count())
        .collect();
    close.sort_unstable();
    close.dedup();
    close.into_iter().take(SUGGESTIONS_MAX).map(|(_, it)| it).collect()
}

/// The question that leads from a word to what was probably meant: "did you mean `RETURN`?".
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let close = closest(word, candidates);
    let (last, others) = close.split_last()?;
    let mut text = String::from("did you mean ");
    for (position, other) in others.iter().enumerate() {
        let separator = if position + 1 == others.len() { " " } else { ", " };
        text += &format!("`{other}`{separator}");
    }
    if !others.is_empty() {
        text += "or ";
    }
    Some(text + &format!("`{last}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(did_you_mean(word, candidates.iter().copied()).as_deref(), expected);
    }

    #[test]
    fn the_closest_comes_first() {
        check("RETRUN", &["MATCH", "RETURN"], Some("did you mean `RETURN`?"));
        check(
            "Organisaton",
            &["Organisations", "Organisation"],
            Some("did you mean `Organisation` or `Organisations`?"),
        );
        check("nam", &["name", "nom", "nim"], Some("did you mean `name`, `nim` or `nom`?"));
    }

    #[test]
    fn what_is_far_is_not_suggested() {
        check("hospital", &["RETURN", "name"], None);
        check("x", &["n", "xy", "IN"], None);
        check("anything", &[], None);
    }
}
