//! The Leiden algorithm: groups of high quality, none of them ever disconnected.

use super::level::{GAIN_MIN, Level, Tally, number_densely};
use crate::random::Random;

/// How freely a node joins another group than the best one while refining, in links.
const RANDOMNESS: f64 = 0.01;
/// How much less than the best a choice may gain, in units of randomness; beyond it is never taken.
const CHOICE_MAX: f64 = 40.0;

/// One run from single nodes, repeated from its own result until nothing is gained, at most
/// `n_rounds` times; what is then in several parts is split, which never lowers the quality.
///
/// - Source: Traag, Waltman and van Eck, *From Louvain to Leiden* (2019).
pub(super) fn run(level: &Level, chance: f64, n_rounds: usize, random: &mut Random) -> Vec<u32> {
    level.improve(chance, n_rounds, |groups| {
        round(level, groups, chance, random);
        split_into_connected(level, groups);
    })
}

/// Moves, refines and aggregates until each group is one node of the network of groups.
fn round(level: &Level, groups: &mut [u32], chance: f64, random: &mut Random) {
    let mut coarse: Option<Level> = None;
    let mut level_node: Vec<u32> = (0..level.n() as u32).collect();
    let mut level_groups = groups.to_vec();
    number_densely(&mut level_groups);
    loop {
        let level = coarse.as_ref().unwrap_or(level);
        level.move_nodes(&mut level_groups, chance, random);
        let n_groups = number_densely(&mut level_groups);
        if n_groups == level.n() {
            break;
        }
        let mut refined = refine(level, &level_groups, n_groups, chance, random);
        let n_refined = number_densely(&mut refined);
        if n_refined == level.n() {
            break;
        }
        let mut coarse_groups = vec![0; n_refined];
        for (&fine, &group) in refined.iter().zip(&level_groups) {
            coarse_groups[fine as usize] = group;
        }
        for node in &mut level_node {
            *node = refined[*node as usize];
        }
        coarse = Some(level.aggregate(&refined, n_refined));
        level_groups = coarse_groups;
    }
    for (group, &node) in groups.iter_mut().zip(&level_node) {
        *group = level_groups[node as usize];
    }
}

/// Builds connected groups inside the groups: each node that is still alone and well connected
/// joins, at random by gain, one of the well connected groups beside it.
fn refine(
    level: &Level,
    groups: &[u32],
    n_groups: usize,
    chance: f64,
    random: &mut Random,
) -> Vec<u32> {
    let n = level.n();
    let mut whole = vec![0.0; n_groups];
    for (node, &group) in groups.iter().enumerate() {
        whole[group as usize] += level.mass[node];
    }
    let mut refined: Vec<u32> = (0..n as u32).collect();
    let mut mass = level.mass.clone();
    let mut is_alone = vec![true; n];
    // The links from a refined group to the rest of its group.
    let mut outward: Vec<f64> = (0..n as u32)
        .map(|node| {
            let inside =
                level.row(node).iter().filter(|it| groups[it.0 as usize] == groups[node as usize]);
            f64::from(inside.map(|it| it.1).sum::<u32>())
        })
        .collect();
    let mut order: Vec<u32> = (0..n as u32).collect();
    random.shuffle(&mut order);
    let mut tally = Tally::new(n);
    let mut choices: Vec<(u32, f64)> = Vec::new();
    for node in order {
        let whole = whole[groups[node as usize] as usize];
        let is_well_connected = |group: u32, outward: &[f64], mass: &[f64]| {
            let mass = mass[group as usize];
            outward[group as usize] >= chance * mass * (whole - mass) - GAIN_MIN
        };
        if !is_alone[node as usize] || !is_well_connected(node, &outward, &mass) {
            continue;
        }
        for &(contact, weight) in level.row(node) {
            if groups[contact as usize] == groups[node as usize] {
                tally.add(refined[contact as usize], weight);
            }
        }
        let node_mass = level.mass[node as usize];
        choices.clear();
        choices.push((node, 0.0));
        for &group in tally.seen() {
            let gain = tally.weight(group) - chance * node_mass * mass[group as usize];
            if gain >= 0.0 && is_well_connected(group, &outward, &mass) {
                choices.push((group, gain));
            }
        }
        let group = choose(&choices, random);
        if group != node {
            refined[node as usize] = group;
            mass[group as usize] += node_mass;
            outward[group as usize] += outward[node as usize] - 2.0 * tally.weight(group);
            is_alone[group as usize] = false;
            is_alone[node as usize] = false;
        }
        tally.clear();
    }
    refined
}

/// One of the groups, a better one far more likely.
fn choose(choices: &[(u32, f64)], random: &mut Random) -> u32 {
    let best = choices.iter().map(|it| it.1).fold(0.0, f64::max);
    let behind = |gain: f64| (gain - best) / RANDOMNESS;
    let near = || choices.iter().filter(|it| behind(it.1) > -CHOICE_MAX);
    let total: f64 = near().map(|it| behind(it.1).exp()).sum();
    let mut left = random.unit() * total;
    let mut chosen = choices[0].0;
    for &(group, gain) in near() {
        chosen = group;
        left -= behind(gain).exp();
        if left < 0.0 {
            break;
        }
    }
    chosen
}

/// Gives each connected part of a group a group of its own.
fn split_into_connected(level: &Level, groups: &mut [u32]) {
    const UNSEEN: u32 = u32::MAX;
    let mut part = vec![UNSEEN; level.n()];
    let mut stack = Vec::new();
    let mut n_parts = 0;
    for start in 0..level.n() as u32 {
        if part[start as usize] != UNSEEN {
            continue;
        }
        part[start as usize] = n_parts;
        stack.push(start);
        while let Some(node) = stack.pop() {
            for &(contact, _) in level.row(node) {
                let same = groups[contact as usize] == groups[node as usize];
                if same && part[contact as usize] == UNSEEN {
                    part[contact as usize] = n_parts;
                    stack.push(contact);
                }
            }
        }
        n_parts += 1;
    }
    groups.copy_from_slice(&part);
}
