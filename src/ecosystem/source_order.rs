//! The order in which a source lists things: by where each stands in it, numbers as numbers.

use weft_graph::{NodeIdx, NodeRef, Snapshot};

/// A place in a source that compares as people read it: "row 2" before "row 10".
type Place = (String, Vec<(u64, String)>, String);

/// Puts nodes into the order of their source: by its id, the place in it, then the node's id.
pub(crate) fn in_source_order(snapshot: &Snapshot, mut nodes: Vec<NodeIdx>) -> Vec<NodeIdx> {
    nodes.sort_by_cached_key(|&it| place(snapshot.node(it)));
    nodes
}

fn place(node: NodeRef<'_>) -> Place {
    let claim = node.claims().find(|it| it.field().is_none() && it.denial().is_none());
    let (source, locator) =
        claim.map_or((String::new(), ""), |it| (it.source().id.clone(), it.locator()));
    (source, natural(locator), node.id().to_owned())
}

/// A text as pairs of a number and the words before it; a text without a number has one pair.
fn natural(text: &str) -> Vec<(u64, String)> {
    let mut res = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find(|it: char| it.is_ascii_digit()) {
        let (words, digits) = rest.split_at(from);
        let n_digits = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
        res.push((0, words.to_owned()));
        // A number too long for 64 bits stands last.
        res.push((digits[..n_digits].parse().unwrap_or(u64::MAX), String::new()));
        rest = &digits[n_digits..];
    }
    res.push((0, rest.to_owned()));
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(texts: &[&str]) {
        let mut sorted = texts.to_vec();
        sorted.reverse();
        sorted.sort_by_key(|it| natural(it));
        assert_eq!(sorted, texts);
    }

    #[test]
    fn numbers_compare_as_numbers() {
        check(&["Table A.3, row 2", "Table A.3, row 10", "Table A.10, row 1"]);
        check(&["note iii, 1", "note iii, 8", "note iv"]);
        check(&["", "page 1", "page 1a", "page 12"]);
    }
}
