//! A network of groups in flat arrays, and the move of single nodes between groups that Leiden and
//! Louvain share.

use std::collections::VecDeque;

use weft_graph::View;

use super::Quality;
use crate::contacts::Contacts;
use crate::random::Random;

/// What a move must gain, in links; less is a rounding error, and moves would never end.
pub(super) const GAIN_MIN: f64 = 1e-10;
/// Of so many arcs a network is large: a round that gains a smaller share of them is the last, as runs from
/// other seeds differ by more. On smaller ones rounds go on until nothing is gained.
const N_ARCS_LARGE: usize = 100_000;
const SHARE_GAINED_MIN: f64 = 1e-5;

/// A network whose nodes are groups of nodes. Links inside a group count only in its mass, and in
/// what its members already have.
pub(super) struct Level {
    offsets: Vec<u32>,
    /// The contact and the number of links to it. They are whole numbers, so sums are exact.
    arcs: Vec<(u32, u32)>,
    /// The sum of strengths (modularity) or the number of nodes (constant Potts model).
    pub(super) mass: Vec<f64>,
}

impl Level {
    /// The network of single nodes, each a group of its own.
    pub(super) fn of(view: &View, quality: Quality) -> Self {
        let contacts = Contacts::new(view);
        let mut level = Self { offsets: vec![0], arcs: Vec::new(), mass: Vec::new() };
        level.arcs.reserve(2 * view.m());
        for node in 0..view.n() as u32 {
            let row = contacts.with_strength(node).map(|(contact, it)| (contact, it as u32));
            level.arcs.extend(row);
            level.offsets.push(level.arcs.len() as u32);
            level.mass.push(match quality {
                Quality::Modularity => level.row(node).iter().map(|it| f64::from(it.1)).sum(),
                Quality::ConstantPotts => 1.0,
            });
        }
        level
    }

    pub(super) fn n(&self) -> usize {
        self.mass.len()
    }

    pub(super) fn row(&self, node: u32) -> &[(u32, u32)] {
        let node = node as usize;
        &self.arcs[self.offsets[node] as usize..self.offsets[node + 1] as usize]
    }

    /// The sum of all strengths: twice the number of links.
    pub(super) fn total(&self) -> f64 {
        self.arcs.iter().map(|it| f64::from(it.1)).sum()
    }

    /// Moves single nodes between groups, each to where it gains most, until none gains; returns
    /// whether any moved. `chance` is what a pair of nodes of mass 1 would have without any link.
    pub(super) fn move_nodes(&self, groups: &mut [u32], chance: f64, random: &mut Random) -> bool {
        let n = self.n();
        let (mut mass, mut sizes) = (vec![0.0; n], vec![0_u32; n]);
        for (node, &group) in groups.iter().enumerate() {
            mass[group as usize] += self.mass[node];
            sizes[group as usize] += 1;
        }
        let mut empty: Vec<u32> = (0..n as u32).filter(|&it| sizes[it as usize] == 0).collect();
        let mut order: Vec<u32> = (0..n as u32).collect();
        random.shuffle(&mut order);
        let mut queue = VecDeque::from(order);
        let mut is_queued = vec![true; n];
        let mut tally = Tally::new(n);
        let mut has_moved = false;
        while let Some(node) = queue.pop_front() {
            is_queued[node as usize] = false;
            let own = groups[node as usize];
            let own_mass = self.mass[node as usize];
            mass[own as usize] -= own_mass;
            sizes[own as usize] -= 1;
            for &(contact, weight) in self.row(node) {
                tally.add(groups[contact as usize], weight);
            }
            let chance = chance * own_mass;
            let gain = |group: u32, weight: f64| weight - chance * mass[group as usize];
            let mut best = (gain(own, tally.weight(own)), own);
            for &group in tally.seen() {
                let gain = gain(group, tally.weight(group));
                if gain > best.0 + GAIN_MIN {
                    best = (gain, group);
                }
            }
            tally.clear();
            if best.0 < -GAIN_MIN
                && let Some(&group) = empty.last()
            {
                best = (0.0, group);
            }
            let group = best.1;
            mass[group as usize] += own_mass;
            sizes[group as usize] += 1;
            if group == own {
                continue;
            }
            has_moved = true;
            if empty.last() == Some(&group) {
                empty.pop();
            }
            if sizes[own as usize] == 0 {
                empty.push(own);
            }
            groups[node as usize] = group;
            for &(contact, _) in self.row(node) {
                if !is_queued[contact as usize] && groups[contact as usize] != group {
                    is_queued[contact as usize] = true;
                    queue.push_back(contact);
                }
            }
        }
        has_moved
    }

    /// The network whose nodes are the groups, which are numbered densely.
    pub(super) fn aggregate(&self, groups: &[u32], n_groups: usize) -> Self {
        let (offsets, members) = members_of(groups, n_groups);
        let mut level = Self {
            offsets: Vec::with_capacity(n_groups + 1),
            arcs: Vec::new(),
            mass: Vec::with_capacity(n_groups),
        };
        level.offsets.push(0);
        let mut tally = Tally::new(n_groups);
        for group in 0..n_groups {
            let members = &members[offsets[group] as usize..offsets[group + 1] as usize];
            for &node in members {
                for &(contact, weight) in self.row(node) {
                    let other = groups[contact as usize];
                    if other as usize != group {
                        tally.add(other, weight);
                    }
                }
            }
            level.arcs.extend(tally.seen().iter().map(|&it| (it, tally.weights[it as usize])));
            tally.clear();
            level.offsets.push(level.arcs.len() as u32);
            level.mass.push(members.iter().map(|&it| self.mass[it as usize]).sum());
        }
        level
    }

    /// Groups from single nodes, made better by `round` from its own result until little is gained,
    /// at most `n_rounds` times; a round that loses is not taken.
    pub(super) fn improve(
        &self,
        chance: f64,
        n_rounds: usize,
        mut round: impl FnMut(&mut Vec<u32>),
    ) -> Vec<u32> {
        let mut groups: Vec<u32> = (0..self.n() as u32).collect();
        let mut quality = self.quality(&groups, chance);
        let is_large = self.arcs.len() >= N_ARCS_LARGE;
        let gain_min = if is_large { SHARE_GAINED_MIN * self.total() } else { GAIN_MIN };
        for _ in 0..n_rounds.max(1) {
            let mut next = groups.clone();
            round(&mut next);
            let gained = self.quality(&next, chance) - quality;
            if gained > 0.0 {
                quality += gained;
                groups = next;
            }
            if gained <= gain_min {
                break;
            }
        }
        groups
    }

    /// What is maximised: links inside groups, each from both ends, less what chance gives; only of
    /// the network of single nodes.
    pub(super) fn quality(&self, groups: &[u32], chance: f64) -> f64 {
        let mut mass = vec![0.0; self.n()];
        let mut inside = 0.0;
        for node in 0..self.n() as u32 {
            let group = groups[node as usize];
            mass[group as usize] += self.mass[node as usize];
            for &(contact, weight) in self.row(node) {
                if groups[contact as usize] == group {
                    inside += f64::from(weight);
                }
            }
        }
        inside - chance * mass.iter().map(|it| it * it).sum::<f64>()
    }
}

/// The members of each group, group by group, and where each group begins.
pub(super) fn members_of(groups: &[u32], n_groups: usize) -> (Vec<u32>, Vec<u32>) {
    let mut offsets = vec![0_u32; n_groups + 1];
    for &group in groups {
        offsets[group as usize + 1] += 1;
    }
    for group in 0..n_groups {
        offsets[group + 1] += offsets[group];
    }
    let mut next = offsets.clone();
    let mut members = vec![0; groups.len()];
    for (node, &group) in (0..).zip(groups) {
        members[next[group as usize] as usize] = node;
        next[group as usize] += 1;
    }
    (offsets, members)
}

/// Renumbers groups as 0, 1, 2 ... in the order of their first node, and returns how many there are.
pub(super) fn number_densely(groups: &mut [u32]) -> usize {
    const UNSEEN: u32 = u32::MAX;
    let n_labels = groups.iter().max().map_or(0, |&it| it as usize + 1);
    let mut number = vec![UNSEEN; n_labels];
    let mut n_groups = 0;
    for group in groups {
        let number = &mut number[*group as usize];
        if *number == UNSEEN {
            *number = n_groups;
            n_groups += 1;
        }
        *group = *number;
    }
    n_groups as usize
}

/// The links to each of a few groups, in the order in which they were first seen.
#[derive(Default)]
pub(super) struct Tally {
    /// 0 for what was not seen.
    weights: Vec<u32>,
    seen: Vec<u32>,
    n_seen: usize,
}

impl Tally {
    pub(super) fn new(n_groups: usize) -> Self {
        Self { weights: vec![0; n_groups], seen: vec![0; n_groups + 1], n_seen: 0 }
    }

    /// Makes it one of so many groups at least; nothing has been added since it was cleared.
    pub(super) fn make_room(&mut self, n_groups: usize) {
        if self.weights.len() < n_groups {
            *self = Self::new(n_groups);
        }
    }

    /// Adds links, at least one. Whether the group is new is added rather than asked: on a network no
    /// processor guesses it.
    pub(super) fn add(&mut self, group: u32, weight: u32) {
        let sum = &mut self.weights[group as usize];
        self.seen[self.n_seen] = group;
        self.n_seen += usize::from(*sum == 0);
        *sum += weight;
    }

    pub(super) fn seen(&self) -> &[u32] {
        &self.seen[..self.n_seen]
    }

    pub(super) fn weight(&self, group: u32) -> f64 {
        f64::from(self.weights[group as usize])
    }

    pub(super) fn clear(&mut self) {
        for &group in &self.seen[..self.n_seen] {
            self.weights[group as usize] = 0;
        }
        self.n_seen = 0;
    }
}
