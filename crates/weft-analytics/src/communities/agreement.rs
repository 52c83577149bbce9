//! How far two partitions of the same nodes agree.

/// Returns the normalised mutual information of two partitions, by the mean of their entropies.
///
/// 1 if they are the same up to the numbers of the groups, 0 if one tells nothing of the other. Both
/// one single group, or no nodes: 1. It favours many small groups; the adjusted Rand index does not.
///
/// - Source: Danon, Díaz-Guilera, Duch and Arenas (2005). Cost: O(n log n).
///
/// # Panics
/// If the partitions are not of the same number of nodes.
///
/// ```
/// let nmi = weft_analytics::normalised_mutual_information(&[0, 0, 1, 1], &[5, 5, 2, 2]);
/// assert!((nmi - 1.0).abs() < 1e-12);
/// ```
pub fn normalised_mutual_information(left: &[u32], right: &[u32]) -> f64 {
    let table = Contingency::new(left, right);
    let n = left.len() as f64;
    let entropy = |counts: &[f64]| -counts.iter().map(|it| it / n * (it / n).ln()).sum::<f64>();
    let (left, right) = (entropy(&table.left), entropy(&table.right));
    // The entropies of no group or one may be a rounding error.
    if table.left.len() <= 1 && table.right.len() <= 1 {
        return 1.0;
    }
    let mutual = left + right - entropy(&table.both);
    (2.0 * mutual / (left + right)).clamp(0.0, 1.0)
}

/// Returns the adjusted Rand index of two partitions.
///
/// The share of pairs on which they agree, corrected for chance: 1 if they are the same, 0 on
/// average for independent ones, below 0 if they agree less than that. Partitions for which chance
/// alone gives full agreement (both one group, or both all singletons): 1.
///
/// - Source: Hubert and Arabie, *Comparing partitions* (1985). Cost: O(n log n).
///
/// # Panics
/// If the partitions are not of the same number of nodes.
///
/// ```
/// assert_eq!(weft_analytics::adjusted_rand_index(&[0, 0, 1, 1], &[5, 5, 2, 2]), 1.0);
/// ```
pub fn adjusted_rand_index(left: &[u32], right: &[u32]) -> f64 {
    let table = Contingency::new(left, right);
    let n_pairs = |it: f64| it * (it - 1.0) / 2.0;
    let sum = |counts: &[f64]| counts.iter().map(|&it| n_pairs(it)).sum::<f64>();
    let (together, left_pairs, right_pairs) =
        (sum(&table.both), sum(&table.left), sum(&table.right));
    let by_chance =
        if left.len() < 2 { 0.0 } else { left_pairs * right_pairs / n_pairs(left.len() as f64) };
    let most = (left_pairs + right_pairs) / 2.0;
    if most == by_chance { 1.0 } else { (together - by_chance) / (most - by_chance) }
}

/// How far several partitions of the same nodes agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The mean normalised mutual information over all pairs of partitions.
    pub mutual_information: f64,
    /// The mean adjusted Rand index over all pairs of partitions.
    pub rand_index: f64,
}

/// Returns how far the partitions that several runs gave agree, on average over all pairs of them;
/// fewer than two agree fully: 1.
///
/// Low agreement says that the network has no groups that stand out, whatever the quality of each
/// partition.
///
/// - Cost: O(r² n log n) for r runs.
///
/// # Panics
/// If the partitions are not of the same number of nodes.
///
/// ```
/// let runs = [vec![0, 0, 1, 1], vec![1, 1, 0, 0], vec![0, 0, 1, 1]];
/// assert_eq!(weft_analytics::agreement(&runs).rand_index, 1.0);
/// ```
pub fn agreement(partitions: &[Vec<u32>]) -> Agreement {
    let pairs = || (0..partitions.len()).flat_map(|left| (0..left).map(move |right| (left, right)));
    let mean = |agree: fn(&[u32], &[u32]) -> f64| match pairs().count() {
        0 => 1.0,
        n => pairs().map(|it| agree(&partitions[it.0], &partitions[it.1])).sum::<f64>() / n as f64,
    };
    Agreement {
        mutual_information: mean(normalised_mutual_information),
        rand_index: mean(adjusted_rand_index),
    }
}

/// How many nodes are in each group of either partition, and in each pair of groups.
struct Contingency {
    left: Vec<f64>,
    right: Vec<f64>,
    both: Vec<f64>,
}

impl Contingency {
    fn new(left: &[u32], right: &[u32]) -> Self {
        assert_eq!(left.len(), right.len(), "partitions are of the same nodes");
        let pairs = left.iter().zip(right).map(|(&a, &b)| (a, b));
        Self {
            left: counts(left.iter().copied()),
            right: counts(right.iter().copied()),
            both: counts(pairs),
        }
    }
}

fn counts<T: Ord>(items: impl Iterator<Item = T>) -> Vec<f64> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.chunk_by(|a, b| a == b).map(|it| it.len() as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Dice, assert_close};

    #[track_caller]
    fn check(left: &[u32], right: &[u32], nmi: f64, ari: f64) {
        let found = [normalised_mutual_information(left, right), adjusted_rand_index(left, right)];
        assert_close(&found, &[nmi, ari]);
    }

    #[test]
    fn a_partition_agrees_with_itself_and_with_nothing_that_is_independent() {
        check(&[0, 0, 1, 2], &[2, 2, 0, 1], 1.0, 1.0);
        check(&[0, 0, 0], &[1, 1, 1], 1.0, 1.0);
        check(&[0, 1, 2], &[0, 1, 2], 1.0, 1.0);
        check(&[], &[], 1.0, 1.0);
        check(&[0, 0, 1, 1], &[0, 1, 0, 1], 0.0, -0.5);
    }

    #[test]
    fn runs_agree_as_their_pairs_do_on_average() {
        let runs = [vec![0, 0, 1, 1], vec![0, 1, 0, 1], vec![2, 2, 0, 0]];
        let Agreement { mutual_information, rand_index } = agreement(&runs);
        assert_close(&[mutual_information, rand_index], &[1.0 / 3.0, 0.0]);
        assert_eq!(agreement(&runs[..1]), Agreement { mutual_information: 1.0, rand_index: 1.0 });
    }

    /// Values of scikit-learn 1.9.1: `normalized_mutual_info_score` and `adjusted_rand_score`, with
    /// their default options. Of 588 pairs of partitions, of no node to 3,000, all were equal.
    #[test]
    fn figures_are_those_of_scikit_learn() {
        let (one, apart) = ([0; 6], [0, 1, 2, 3, 4, 5]);
        let (two, three) = ([0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2]);
        let half = [0, 0, 0, 1, 1, 1];
        check(&[7], &[3], 1.0, 1.0);
        check(&one, &one, 1.0, 1.0);
        check(&apart, &apart, 1.0, 1.0);
        check(&one, &apart, 0.0, 0.0);
        check(&one, &half, 0.0, 0.0);
        check(&apart, &half, 0.5578858913022593, 0.0);
        check(&two, &half, 0.08170416594551037, -0.1111111111111111);
        check(&two, &three, 0.0, -0.36363636363636365);
        check(&three, &half, 0.5158037429793889, 0.24242424242424243);
        check(&apart, &three, 0.7601875334318686, 0.0);
        let (left, right) =
            ([0, 0, 1, 1, 2, 2, 3, 3, 3, 0, 1, 2], [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 1, 0]);
        check(&left, &right, 0.5000000000000002, 0.23255813953488372);
    }

    #[test]
    fn the_rand_index_counts_pairs_one_by_one() {
        let mut dice = Dice(3);
        for _ in 0..200 {
            let n = 2 + dice.roll(9);
            let left: Vec<u32> = (0..n).map(|_| dice.roll(3) as u32).collect();
            let right: Vec<u32> = (0..n).map(|_| dice.roll(4) as u32).collect();
            let (mut both, mut in_left, mut in_right, mut all) = (0.0, 0.0, 0.0, 0.0);
            for a in 0..n {
                for b in 0..a {
                    let (l, r) = (left[a] == left[b], right[a] == right[b]);
                    both += f64::from(u8::from(l && r));
                    in_left += f64::from(u8::from(l));
                    in_right += f64::from(u8::from(r));
                    all += 1.0;
                }
            }
            let expected: f64 = in_left * in_right / all;
            let most = (in_left + in_right) / 2.0;
            if (most - expected).abs() > 1e-9 {
                let ari = (both - expected) / (most - expected);
                assert_close(&[adjusted_rand_index(&left, &right)], &[ari]);
            }
        }
    }
}
