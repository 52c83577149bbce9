//! The Louvain algorithm: quick, but its groups may fall into parts.

use super::level::{Level, number_densely};
use crate::random::Random;

/// One run from single nodes, repeated from its own result until little is gained, at most
/// `n_rounds` times; the first round is the algorithm as it was published.
///
/// - Source: Blondel, Guillaume, Lambiotte and Lefebvre (2008).
pub(super) fn run(level: &Level, chance: f64, n_rounds: usize, random: &mut Random) -> Vec<u32> {
    level.improve(chance, n_rounds, |groups| round(level, groups, chance, random))
}

/// Moves nodes, makes each group one node, and again, until none moves.
fn round(level: &Level, groups: &mut [u32], chance: f64, random: &mut Random) {
    number_densely(groups);
    level.move_nodes(groups, chance, random);
    let mut n_groups = number_densely(groups);
    let mut coarse = level.aggregate(groups, n_groups);
    loop {
        let mut merged: Vec<u32> = (0..n_groups as u32).collect();
        if !coarse.move_nodes(&mut merged, chance, random) {
            return;
        }
        n_groups = number_densely(&mut merged);
        for group in groups.iter_mut() {
            *group = merged[*group as usize];
        }
        coarse = coarse.aggregate(&merged, n_groups);
    }
}
