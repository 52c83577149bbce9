//! Sets of labels as one word, for graphs without a schema: there a node's kind is its set of labels.
//!
//! Knows nothing of nodes; which sets there are is the schema's.

/// Writes a set of labels as the word of a kind: `Person:Student`; the empty text for none.
///
/// Labels stand in their order, each once, with `\` before a colon or a backslash that is part of a
/// label, so that every set has one word, and [`labels_of_kind`] gives the labels back.
pub fn kind_of_labels<'a>(labels: impl IntoIterator<Item = &'a str>) -> String {
    let mut labels: Vec<&str> = labels.into_iter().filter(|it| !it.is_empty()).collect();
    labels.sort_unstable();
    labels.dedup();
    let mut res = String::new();
    for label in labels {
        if !res.is_empty() {
            res.push(':');
        }
        for c in label.chars() {
            if matches!(c, ':' | '\\') {
                res.push('\\');
            }
            res.push(c);
        }
    }
    res
}

/// The labels that a kind's word stands for, in a graph without a schema.
pub fn labels_of_kind(kind: &str) -> Vec<String> {
    let mut res = vec![String::new()];
    let mut chars = kind.chars();
    while let Some(c) = chars.next() {
        match (c, res.last_mut()) {
            (':', _) => res.push(String::new()),
            ('\\', Some(label)) => label.extend(chars.next()),
            (c, Some(label)) => label.push(c),
            (_, None) => {}
        }
    }
    res.retain(|it| !it.is_empty());
    res.sort_unstable();
    res.dedup();
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(labels: &[&str], kind: &str) {
        assert_eq!(kind_of_labels(labels.iter().copied()), kind);
        let mut sorted = labels.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(labels_of_kind(kind), sorted);
    }

    #[test]
    fn a_set_of_labels_has_one_word_and_comes_back() {
        check(&[], "");
        check(&["Person"], "Person");
        check(&["Student", "Person", "Student"], "Person:Student");
        check(&["a:b", "a", "b\\"], "a:a\\:b:b\\\\");
        check(&["ein Wort", "東京"], "ein Wort:東京");
    }
}
