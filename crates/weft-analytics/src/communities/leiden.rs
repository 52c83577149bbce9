//! The Leiden algorithm: groups of high modularity, none of them ever disconnected.

use std::collections::VecDeque;

use weft_graph::View;

use super::{modularity, normalised_mutual_information};
use crate::components::number_by_size;
use crate::contacts::Contacts;
use crate::random::Random;

/// How often a run is repeated from its own result, at most; it stops as soon as nothing is gained.
const N_ROUNDS_MAX: usize = 20;
/// What a move must gain, in links; less is a rounding error, and moves would never end.
const GAIN_MIN: f64 = 1e-10;
/// How freely a node joins another group than the best one while refining, in links.
const RANDOMNESS: f64 = 0.01;

/// How communities are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CommunityOptions {
    /// What chance is multiplied by: 1 is Newman's modularity, more gives smaller groups.
    pub resolution: f64,
    /// Where the random choices begin.
    pub seed: u64,
    /// How many runs are made; the best is taken.
    pub n_runs: usize,
}

impl Default for CommunityOptions {
    fn default() -> Self {
        Self { resolution: 1.0, seed: 1, n_runs: 10 }
    }
}

/// A partition into communities, largest first; of equal ones that with the smallest index first.
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// The community of each node.
    pub of: Vec<u32>,
    /// The number of nodes of each community.
    pub sizes: Vec<usize>,
    /// The modularity of the partition, at the resolution asked for; `NaN` without links.
    pub modularity: f64,
    /// How far the runs agree: the mean normalised mutual information over all pairs of them.
    pub agreement: f64,
}

/// Finds communities by modularity, the best of several seeded runs.
///
/// - Direction: a pair counts `a_ij + a_ji` in a directed view, 1 in an undirected one. Weights:
///   none. Disconnected: no community reaches over two components; an isolated node is alone.
/// - Source: Traag, Waltman and van Eck, *From Louvain to Leiden* (2019). What is still in several
///   parts when a round ends is split, which never lowers the modularity.
/// - Cost: about O(n + m) a round and run, O(n + m) memory.
///
/// ```
/// let snapshot = weft_graph::fixture(
///     "a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d; \
///      d -supports-> e; e -supports-> f; f -supports-> d",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let communities = weft_analytics::communities(&view, &Default::default());
/// assert_eq!(communities.of, [0, 0, 0, 1, 1, 1]);
/// ```
pub fn communities(view: &View, options: &CommunityOptions) -> Communities {
    let level = Level::of(view);
    let mut seeds = Random::new(options.seed);
    let mut runs: Vec<Vec<u32>> = Vec::new();
    let mut best = (f64::NEG_INFINITY, 0);
    for run in 0..options.n_runs.max(1) {
        let (quality, groups) = level.run(options.resolution, &mut Random::new(seeds.next()));
        if quality > best.0 + f64::EPSILON {
            best = (quality, run);
        }
        runs.push(groups);
    }
    let chosen = number_by_size(&runs[best.1]);
    Communities {
        modularity: modularity(view, &chosen.of, options.resolution),
        of: chosen.of,
        sizes: chosen.sizes,
        agreement: mean_agreement(&runs),
    }
}

fn mean_agreement(runs: &[Vec<u32>]) -> f64 {
    let (mut sum, mut n_pairs) = (0.0, 0);
    for (at, left) in runs.iter().enumerate() {
        for right in &runs[..at] {
            sum += normalised_mutual_information(left, right);
            n_pairs += 1;
        }
    }
    if n_pairs == 0 { 1.0 } else { sum / f64::from(n_pairs) }
}

/// A network of groups of nodes; links inside a group count only in its strength.
#[derive(Clone)]
struct Level {
    offsets: Vec<usize>,
    contacts: Vec<u32>,
    weights: Vec<f64>,
    strength: Vec<f64>,
    /// The sum of all strengths.
    total: f64,
}

impl Level {
    fn of(view: &View) -> Self {
        let contacts = Contacts::new(view);
        let mut level = Self::empty();
        for node in 0..view.n() as u32 {
            level.push(contacts.with_strength(node));
            let row = &level.weights[level.offsets[node as usize]..];
            level.strength.push(row.iter().sum());
        }
        level.total = level.strength.iter().sum();
        level
    }

    fn empty() -> Self {
        Self {
            offsets: vec![0],
            contacts: Vec::new(),
            weights: Vec::new(),
            strength: Vec::new(),
            total: 0.0,
        }
    }

    fn push(&mut self, row: impl Iterator<Item = (u32, f64)>) {
        for (contact, weight) in row {
            self.contacts.push(contact);
            self.weights.push(weight);
        }
        self.offsets.push(self.contacts.len());
    }

    fn n(&self) -> usize {
        self.strength.len()
    }

    fn row(&self, node: u32) -> impl Iterator<Item = (u32, f64)> {
        let range = self.offsets[node as usize]..self.offsets[node as usize + 1];
        self.contacts[range.clone()].iter().copied().zip(self.weights[range].iter().copied())
    }

    /// One run from singletons, repeated from its result until nothing is gained.
    fn run(&self, resolution: f64, random: &mut Random) -> (f64, Vec<u32>) {
        let mut groups: Vec<u32> = (0..self.n() as u32).collect();
        if self.total == 0.0 {
            return (f64::NAN, groups);
        }
        let mut quality = self.quality(&groups, resolution);
        for _ in 0..N_ROUNDS_MAX {
            let mut next = groups.clone();
            self.round(&mut next, resolution, random);
            let gained = self.quality(&next, resolution) - quality;
            if gained > 0.0 {
                quality += gained;
                groups = next;
            }
            if gained <= GAIN_MIN {
                break;
            }
        }
        (quality / self.total, groups)
    }

    /// Moves, refines and aggregates until each group is one node of the network of groups.
    fn round(&self, groups: &mut [u32], resolution: f64, random: &mut Random) {
        let mut level = self.clone();
        let mut level_node: Vec<u32> = (0..self.n() as u32).collect();
        let mut level_groups = groups.to_vec();
        loop {
            level.move_nodes(&mut level_groups, resolution, random);
            let n_groups = number_densely(&mut level_groups);
            let mut refined = level.refine(&level_groups, n_groups, resolution, random);
            let n_refined = number_densely(&mut refined);
            if n_groups == level.n() || n_refined == level.n() {
                break;
            }
            let mut coarse_groups = vec![0; n_refined];
            for (&fine, &group) in refined.iter().zip(&level_groups) {
                coarse_groups[fine as usize] = group;
            }
            for node in &mut level_node {
                *node = refined[*node as usize];
            }
            level = level.aggregate(&refined, n_refined);
            level_groups = coarse_groups;
        }
        for (group, &node) in groups.iter_mut().zip(&level_node) {
            *group = level_groups[node as usize];
        }
        self.split_into_connected(groups);
    }

    /// Moves single nodes between groups, each to where it gains most, until none gains.
    fn move_nodes(&self, groups: &mut [u32], resolution: f64, random: &mut Random) {
        let n = self.n();
        let (mut strength, mut sizes) = (vec![0.0; n], vec![0_u32; n]);
        for (node, &group) in groups.iter().enumerate() {
            strength[group as usize] += self.strength[node];
            sizes[group as usize] += 1;
        }
        let mut empty: Vec<u32> = (0..n as u32).filter(|&it| sizes[it as usize] == 0).collect();
        let mut order: Vec<u32> = (0..n as u32).collect();
        random.shuffle(&mut order);
        let mut queue = VecDeque::from(order);
        let mut is_queued = vec![true; n];
        let mut tally = Tally::new(n);
        while let Some(node) = queue.pop_front() {
            is_queued[node as usize] = false;
            let own = groups[node as usize];
            strength[own as usize] -= self.strength[node as usize];
            sizes[own as usize] -= 1;
            tally.count(self.row(node).map(|(contact, weight)| (groups[contact as usize], weight)));
            let chance = resolution * self.strength[node as usize] / self.total;
            let gain = |group: u32, weight: f64| weight - chance * strength[group as usize];
            let mut best = (gain(own, tally.weight(own)), own);
            for &group in &tally.seen {
                let gain = gain(group, tally.weight(group));
                if gain > best.0 + GAIN_MIN {
                    best = (gain, group);
                }
            }
            if best.0 < -GAIN_MIN
                && let Some(&group) = empty.last()
            {
                best = (0.0, group);
            }
            let group = best.1;
            if group != own {
                if empty.last() == Some(&group) {
                    empty.pop();
                }
                if sizes[own as usize] == 0 {
                    empty.push(own);
                }
                groups[node as usize] = group;
                for (contact, _) in self.row(node) {
                    if groups[contact as usize] != group && !is_queued[contact as usize] {
                        is_queued[contact as usize] = true;
                        queue.push_back(contact);
                    }
                }
            }
            strength[group as usize] += self.strength[node as usize];
            sizes[group as usize] += 1;
        }
    }

    /// Builds connected groups inside the groups: each node that is still alone and well connected
    /// joins, at random by gain, one of the well connected groups beside it.
    fn refine(
        &self,
        groups: &[u32],
        n_groups: usize,
        resolution: f64,
        random: &mut Random,
    ) -> Vec<u32> {
        let n = self.n();
        let mut whole = vec![0.0; n_groups];
        for (node, &group) in groups.iter().enumerate() {
            whole[group as usize] += self.strength[node];
        }
        let mut refined: Vec<u32> = (0..n as u32).collect();
        let mut strength = self.strength.clone();
        let mut sizes = vec![1_u32; n];
        // The weight from a refined group to the rest of its group.
        let is_inside = |node: u32, contact: u32| groups[node as usize] == groups[contact as usize];
        let mut outward: Vec<f64> = (0..n as u32)
            .map(|node| self.row(node).filter(|it| is_inside(node, it.0)).map(|it| it.1).sum())
            .collect();
        let mut order: Vec<u32> = (0..n as u32).collect();
        random.shuffle(&mut order);
        let mut tally = Tally::new(n);
        let mut choices: Vec<(u32, f64)> = Vec::new();
        for node in order {
            let own = refined[node as usize];
            let whole = whole[groups[node as usize] as usize];
            let is_well_connected = |group: u32, outward: &[f64], strength: &[f64]| {
                let strength = strength[group as usize];
                let by_chance = resolution * strength * (whole - strength) / self.total;
                outward[group as usize] >= by_chance - GAIN_MIN
            };
            if sizes[own as usize] > 1 || !is_well_connected(own, &outward, &strength) {
                continue;
            }
            let inside = self.row(node).filter(|it| is_inside(node, it.0));
            tally.count(inside.map(|(contact, weight)| (refined[contact as usize], weight)));
            let chance = resolution * self.strength[node as usize] / self.total;
            choices.clear();
            choices.push((own, 0.0));
            for &group in &tally.seen {
                let gain = tally.weight(group) - chance * strength[group as usize];
                if gain >= 0.0 && is_well_connected(group, &outward, &strength) {
                    choices.push((group, gain));
                }
            }
            let group = choose(&choices, random);
            if group != own {
                refined[node as usize] = group;
                strength[group as usize] += self.strength[node as usize];
                outward[group as usize] += outward[own as usize] - 2.0 * tally.weight(group);
                sizes[group as usize] += 1;
                sizes[own as usize] = 0;
            }
        }
        refined
    }

    /// The network whose nodes are the groups.
    fn aggregate(&self, groups: &[u32], n_groups: usize) -> Self {
        let mut members: Vec<u32> = (0..self.n() as u32).collect();
        members.sort_by_key(|&it| groups[it as usize]);
        let mut level = Self { total: self.total, ..Self::empty() };
        let mut tally = Tally::new(n_groups);
        for members in members.chunk_by(|&a, &b| groups[a as usize] == groups[b as usize]) {
            let own = groups[members[0] as usize];
            let rows = members.iter().flat_map(|&it| self.row(it));
            let rows = rows.map(|(contact, weight)| (groups[contact as usize], weight));
            tally.count(rows.filter(|it| it.0 != own));
            level.push(tally.seen.iter().map(|&it| (it, tally.weight(it))));
            level.strength.push(members.iter().map(|&it| self.strength[it as usize]).sum());
        }
        level
    }

    /// Gives each connected part of a group a group of its own.
    fn split_into_connected(&self, groups: &mut [u32]) {
        const UNSEEN: u32 = u32::MAX;
        let mut part = vec![UNSEEN; self.n()];
        let mut stack = Vec::new();
        let mut n_parts = 0;
        for start in 0..self.n() as u32 {
            if part[start as usize] != UNSEEN {
                continue;
            }
            part[start as usize] = n_parts;
            stack.push(start);
            while let Some(node) = stack.pop() {
                for (contact, _) in self.row(node) {
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

    /// Modularity times the total strength; only of the network of single nodes.
    fn quality(&self, groups: &[u32], resolution: f64) -> f64 {
        let mut strength = vec![0.0; self.n()];
        let mut inside = 0.0;
        for node in 0..self.n() as u32 {
            let group = groups[node as usize];
            strength[group as usize] += self.strength[node as usize];
            let weights = self.row(node).filter(|it| groups[it.0 as usize] == group);
            inside += weights.map(|it| it.1).sum::<f64>();
        }
        inside - resolution * strength.iter().map(|it| it * it / self.total).sum::<f64>()
    }
}

/// One of the groups, a better one far more likely.
fn choose(choices: &[(u32, f64)], random: &mut Random) -> u32 {
    let best = choices.iter().map(|it| it.1).fold(0.0, f64::max);
    let likelihood = |gain: f64| ((gain - best) / RANDOMNESS).exp();
    let total: f64 = choices.iter().map(|it| likelihood(it.1)).sum();
    let mut left = random.unit() * total;
    for &(group, gain) in choices {
        left -= likelihood(gain);
        if left < 0.0 {
            return group;
        }
    }
    choices[choices.len() - 1].0
}

/// Renumbers groups as 0, 1, 2 ... in the order of their first node, and returns how many there are.
fn number_densely(groups: &mut [u32]) -> usize {
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

/// The weight to each of a few groups, in the order in which they were first seen.
struct Tally {
    weights: Vec<f64>,
    is_seen: Vec<bool>,
    seen: Vec<u32>,
}

impl Tally {
    fn new(n_groups: usize) -> Self {
        Self { weights: vec![0.0; n_groups], is_seen: vec![false; n_groups], seen: Vec::new() }
    }

    fn count(&mut self, weights: impl Iterator<Item = (u32, f64)>) {
        for group in self.seen.drain(..) {
            self.weights[group as usize] = 0.0;
            self.is_seen[group as usize] = false;
        }
        for (group, weight) in weights {
            if !self.is_seen[group as usize] {
                self.is_seen[group as usize] = true;
                self.seen.push(group);
            }
            self.weights[group as usize] += weight;
        }
    }

    fn weight(&self, group: u32) -> f64 {
        self.weights[group as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_small_graphs, random_view, view_of};

    #[track_caller]
    fn check(graph: &str, of: &[u32], n_communities: usize) {
        let found = communities(&view_of(graph), &CommunityOptions::default());
        assert_eq!((&found.of[..], found.sizes.len()), (of, n_communities));
    }

    #[test]
    fn without_links_everyone_is_alone() {
        check("a; b; c", &[0, 1, 2], 3);
        check("", &[], 0);
    }

    #[test]
    fn two_cliques_joined_by_one_link_are_two_communities() {
        let cliques = "a -supports-> b; b -supports-> c; c -supports-> a; \
                       d -supports-> e; e -supports-> f; f -supports-> d; a -supports-> d";
        check(cliques, &[0, 0, 0, 1, 1, 1], 2);
    }

    #[test]
    fn the_same_seed_gives_the_same_communities() {
        let view = random_view(60, 150, 5);
        let options = CommunityOptions { seed: 9, n_runs: 3, ..Default::default() };
        assert_eq!(communities(&view, &options), communities(&view, &options));
    }

    /// All partitions of `n` nodes; a group is numbered after those before it.
    fn partitions(n: usize) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new()];
        for _ in 0..n {
            let longer = |groups: &Vec<u32>| {
                let n_groups = groups.iter().max().map_or(0, |it| it + 1);
                let groups = groups.clone();
                (0..=n_groups).map(move |it| [&groups[..], &[it]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    #[test]
    fn no_partition_of_a_small_graph_is_better() {
        let partitions: Vec<_> = (0..=5).map(partitions).collect();
        for_all_small_graphs(|view| {
            let Some(partitions) = partitions.get(view.n()).filter(|_| view.m() > 0) else {
                return;
            };
            let best = partitions.iter().map(|it| modularity(view, it, 1.0)).fold(-1.0, f64::max);
            let found = communities(view, &CommunityOptions { n_runs: 4, ..Default::default() });
            assert!((found.modularity - best).abs() < 1e-9, "{} of {best}", found.modularity);
        });
    }

    #[test]
    fn no_community_is_ever_disconnected() {
        for seed in 0..40 {
            let view = random_view(40, 30 + seed as usize, seed);
            for resolution in [0.3, 1.0, 3.0] {
                let options = CommunityOptions { resolution, seed, n_runs: 1 };
                let found = communities(&view, &options);
                let mut inside = Matrix::undirected(&view);
                for (a, row) in inside.0.iter_mut().enumerate() {
                    for (b, is_linked) in row.iter_mut().enumerate() {
                        *is_linked &= found.of[a] == found.of[b];
                    }
                }
                assert_eq!(inside.components().len(), found.sizes.len());
            }
        }
    }
}
