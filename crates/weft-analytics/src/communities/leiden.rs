//! The Leiden algorithm: groups of high quality, none of them ever disconnected.

use std::mem;

use super::level::{GAIN_MIN, Level, Tally, members_of, number_densely};
use crate::random::Random;

/// How freely a node joins another group than the best one while refining, in links.
const RANDOMNESS: f64 = 0.01;
/// How much less than the best a choice may gain, in units of randomness; beyond it is never taken.
const CHOICE_MAX: f64 = 40.0;

/// One run from single nodes, repeated from its own result until little is gained, at most
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
        let refined = refine(level, &level_groups, n_groups, chance, random);
        let n_refined = refined.group_of.len();
        if n_refined == level.n() {
            break;
        }
        for node in &mut level_node {
            *node = refined.of[*node as usize];
        }
        coarse = Some(level.aggregate(&refined.of, n_refined));
        level_groups = refined.group_of;
    }
    for (group, &node) in groups.iter_mut().zip(&level_node) {
        *group = level_groups[node as usize];
    }
}

/// Groups inside groups.
struct Refined {
    /// The refined group of each node; those of one group have numbers next to each other.
    of: Vec<u32>,
    /// The group that each refined group is in.
    group_of: Vec<u32>,
}

/// Builds connected groups inside the groups, one group after the other, as none of them touches another.
fn refine(
    level: &Level,
    groups: &[u32],
    n_groups: usize,
    chance: f64,
    random: &mut Random,
) -> Refined {
    let (offsets, mut members) = members_of(groups, n_groups);
    // The group of each node, and its place among the members.
    let mut places = vec![(0, 0); level.n()];
    let mut refined = Refined { of: vec![0; level.n()], group_of: Vec::new() };
    let mut inside = Inside::default();
    for group in 0..n_groups {
        let members = &mut members[offsets[group] as usize..offsets[group + 1] as usize];
        random.shuffle(members);
        for (place, &node) in (0..).zip(&*members) {
            places[node as usize] = (group as u32, place);
        }
    }
    for group in 0..n_groups {
        let members = &members[offsets[group] as usize..offsets[group + 1] as usize];
        inside.take(level, group as u32, members, &places);
        inside.join(chance, random);
        let n_before = refined.group_of.len() as u32;
        let n_refined = number_densely(&mut inside.refined);
        refined.group_of.resize(n_before as usize + n_refined, group as u32);
        for (&node, &fine) in members.iter().zip(&inside.refined) {
            refined.of[node as usize] = n_before + fine;
        }
    }
    refined
}

/// One group alone, its nodes numbered in the order in which they are asked; in memory that is kept, small
/// enough to stay near the processor.
#[derive(Default)]
struct Inside {
    /// Where the arcs of each node end.
    ends: Vec<u32>,
    arcs: Vec<(u32, u32)>,
    refined: Vec<u32>,
    /// The mass of each node, and of each refined group.
    masses: Vec<f64>,
    mass: Vec<f64>,
    /// The links from a refined group to the rest of the group.
    outward: Vec<f64>,
    is_alone: Vec<bool>,
    tally: Tally,
    choices: Vec<(u32, f64)>,
}

impl Inside {
    fn take(&mut self, level: &Level, group: u32, members: &[u32], places: &[(u32, u32)]) {
        self.ends.clear();
        self.outward.clear();
        self.masses.clear();
        let mut end = 0;
        for &node in members {
            let row = level.row(node);
            if self.arcs.len() < end + row.len() + 1 {
                self.arcs.resize(2 * (end + row.len() + 1), (0, 0));
            }
            // Whether a contact is in the group is added rather than asked, as it cannot be foreseen.
            let mut outward = 0;
            for &(contact, weight) in row {
                let (of_contact, place) = places[contact as usize];
                self.arcs[end] = (place, weight);
                let is_inside = u32::from(of_contact == group);
                end += is_inside as usize;
                outward += is_inside * weight;
            }
            self.ends.push(end as u32);
            self.outward.push(f64::from(outward));
            self.masses.push(level.mass[node as usize]);
        }
        let n = members.len();
        self.mass.clone_from(&self.masses);
        self.refined.clear();
        self.refined.extend(0..n as u32);
        self.is_alone.clear();
        self.is_alone.resize(n, true);
        self.tally.make_room(n);
    }

    /// Each node that is still alone and well connected joins, at random by gain, one of the well connected
    /// groups beside it.
    fn join(&mut self, chance: f64, random: &mut Random) {
        let Self { ends, arcs, refined, masses, mass, outward, is_alone, tally, choices } = self;
        let whole: f64 = masses.iter().sum();
        let mut begin = 0;
        for node in 0..refined.len() as u32 {
            let end = ends[node as usize] as usize;
            let row = &arcs[mem::replace(&mut begin, end)..end];
            let is_well_connected = |group: u32, outward: &[f64], mass: &[f64]| {
                let mass = mass[group as usize];
                outward[group as usize] >= chance * mass * (whole - mass) - GAIN_MIN
            };
            if !is_alone[node as usize] || !is_well_connected(node, outward, mass) {
                continue;
            }
            for &(contact, weight) in row {
                tally.add(refined[contact as usize], weight);
            }
            let node_mass = masses[node as usize];
            choices.clear();
            choices.push((node, 0.0));
            for &group in tally.seen() {
                let gain = tally.weight(group) - chance * node_mass * mass[group as usize];
                if gain >= 0.0 && is_well_connected(group, outward, mass) {
                    choices.push((group, gain));
                }
            }
            let group = choose(choices, random);
            if group != node {
                refined[node as usize] = group;
                mass[group as usize] += node_mass;
                outward[group as usize] += outward[node as usize] - 2.0 * tally.weight(group);
                is_alone[group as usize] = false;
                is_alone[node as usize] = false;
            }
            tally.clear();
        }
    }
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
