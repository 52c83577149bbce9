//! Label propagation: in each round everyone takes the label most frequent among its contacts.

use weft_graph::View;

use crate::contacts::Contacts;

/// Returns the label of each node after so many rounds of synchronous label propagation.
///
/// A label is the index of a node, and each node begins with its own. In a round all nodes together
/// take the label that most of their contacts had before it, of equally frequent ones the smallest.
/// Nothing is random, but labels can swap for ever: two nodes and one link do.
///
/// - Direction: those that a node points to and those that point to it vote, so that a contact both
///   ways has two votes. Weights: none. An isolated node keeps its label.
/// - Source: Raghavan, Albert and Kumara (2007), made deterministic as the benchmark LDBC Graphalytics
///   has it (CDLP).
/// - Cost: O(n + m) a round, at most `n_rounds`; it ends when a round changes nothing. O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> a; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::label_propagation(&view, 10), [0, 0, 0, 3]);
/// ```
pub fn label_propagation(view: &View, n_rounds: usize) -> Vec<u32> {
    let contacts = Contacts::new(view);
    let n = view.n();
    let mut labels: Vec<u32> = (0..n as u32).collect();
    let mut next = labels.clone();
    let mut n_votes = vec![0.0; n];
    for _ in 0..n_rounds {
        for node in 0..n as u32 {
            let mut best = (0.0, labels[node as usize]);
            for (contact, strength) in contacts.with_strength(node) {
                let label = labels[contact as usize];
                let n_votes = &mut n_votes[label as usize];
                *n_votes += strength;
                if *n_votes > best.0 || (*n_votes == best.0 && label < best.1) {
                    best = (*n_votes, label);
                }
            }
            for &contact in contacts.of(node) {
                n_votes[labels[contact as usize] as usize] = 0.0;
            }
            next[node as usize] = best.1;
        }
        std::mem::swap(&mut labels, &mut next);
        if labels == next {
            break;
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, n_rounds: usize, expected: &[u32]) {
        assert_eq!(label_propagation(&view_of(graph), n_rounds), expected);
    }

    #[test]
    fn a_pair_swaps_its_labels_for_ever() {
        check("a -supports-> b", 0, &[0, 1]);
        check("a -supports-> b", 7, &[1, 0]);
        check("a -supports-> b", 8, &[0, 1]);
    }

    #[test]
    fn each_round_takes_the_most_frequent_and_then_the_smallest_label() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view);
            let n = view.n();
            let votes = |a: usize, b: usize| match view.spec().directed {
                true => u32::from(matrix.0[a][b]) + u32::from(matrix.0[b][a]),
                false => u32::from(matrix.0[a][b]),
            };
            let mut labels: Vec<u32> = (0..n as u32).collect();
            for n_rounds in 0..4 {
                assert_eq!(label_propagation(view, n_rounds), labels);
                let before = labels.clone();
                for (a, label) in labels.iter_mut().enumerate() {
                    let count = |it: u32| -> u32 {
                        (0..n).filter(|&b| before[b] == it).map(|b| votes(a, b)).sum()
                    };
                    let most = (0..n as u32).map(count).max().unwrap_or(0);
                    if most > 0 {
                        let first = (0..n as u32).find(|&it| count(it) == most);
                        *label = first.unwrap_or(*label);
                    }
                }
            }
        });
    }
}
