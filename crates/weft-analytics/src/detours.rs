//! What one search counts differs by if an arc is missing, without searching again.
//!
//! Knows one block, one search and one arc at a time; nothing of bridges, sums or threads.

use weft_graph::UNREACHED;

use crate::blocks::Block;
use crate::dependencies::Dependencies;

/// The memory of looking for detours.
///
/// Only what lies behind the arc, and what leads there, is looked at again: first the nodes that
/// come to lie farther away (Ramalingam and Reps, 1996), then numbers of paths downwards, then
/// dependencies upwards (Jamour, Skiadopoulos and Kalnis, 2018). What is looked at again is added up
/// anew from all neighbours rather than corrected, so that no digits are lost.
pub(crate) struct Detours {
    distance: Vec<u32>,
    /// The nodes all of whose shortest paths used the arc, with their distance before.
    farther: Vec<(u32, u32)>,
    is_farther: Vec<bool>,
    /// Nodes to be looked at, by distance.
    waiting: Vec<Vec<u32>>,
    is_waiting: Vec<bool>,
    is_changed: Vec<bool>,
    /// What a search had counted before: node, paths, dependency.
    before: Vec<(u32, f64, f64)>,
}

/// An arc of a block, by the numbers of its ends.
#[derive(Clone, Copy)]
pub(crate) struct Arc {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

impl Detours {
    /// For blocks of up to `n` nodes.
    pub(crate) fn new(n: usize) -> Self {
        Self {
            distance: vec![UNREACHED; n],
            farther: Vec::new(),
            is_farther: vec![false; n],
            waiting: Vec::new(),
            is_waiting: vec![false; n],
            is_changed: vec![false; n],
            before: Vec::new(),
        }
    }

    /// Takes in what a search found; [`Self::leave`] lets go of it.
    pub(crate) fn enter(&mut self, search: &Dependencies) {
        for (distance, nodes) in (0..).zip(search.levels()) {
            nodes.iter().for_each(|&it| self.distance[it as usize] = distance);
        }
    }

    pub(crate) fn leave(&mut self, search: &Dependencies) {
        let nodes = search.levels().flatten();
        nodes.for_each(|&it| self.distance[it as usize] = UNREACHED);
    }

    /// Says by how much less the search counts for each node if the arc is missing, for an arc that
    /// its shortest paths use; others change nothing. The search is left as it was.
    pub(crate) fn without(
        &mut self,
        block: &Block,
        search: &mut Dependencies,
        arc: Arc,
        mut on_change: impl FnMut(u32, f64),
    ) {
        let (from, to) = (self.distance[arc.from as usize], self.distance[arc.to as usize]);
        if from == UNREACHED || from + 1 != to {
            return;
        }
        let is_only = search.n_paths(arc.from) >= search.n_paths(arc.to);
        if is_only {
            self.find_farther(block, arc);
            self.place_farther(block, arc);
        }
        self.count_paths(block, search, arc);
        self.sum_up(block, search, arc, &mut on_change);
        for (node, n_paths, dependency) in self.before.drain(..).rev() {
            search.set(node, n_paths, dependency);
            self.is_changed[node as usize] = false;
        }
        for (node, distance) in self.farther.drain(..) {
            self.distance[node as usize] = distance;
            self.is_farther[node as usize] = false;
        }
    }

    /// Finds the nodes without a shortest path that leaves the arc out.
    fn find_farther(&mut self, block: &Block, arc: Arc) {
        self.is_farther[arc.to as usize] = true;
        self.farther.push((arc.to, self.distance[arc.to as usize]));
        let mut at = 0;
        while let Some(&(node, distance)) = self.farther.get(at) {
            at += 1;
            for &child in block.out.of(node) {
                // All those farther at this distance are known: they were found from the last one.
                let is_child = self.distance[child as usize] == distance + 1;
                let is_kept = |it: &u32| {
                    self.distance[*it as usize] == distance && !self.is_farther[*it as usize]
                };
                if is_child
                    && !self.is_farther[child as usize]
                    && !block.back().of(child).iter().any(is_kept)
                {
                    self.is_farther[child as usize] = true;
                    self.farther.push((child, distance + 1));
                }
            }
        }
    }

    /// Gives them their new distances.
    fn place_farther(&mut self, block: &Block, arc: Arc) {
        for &(node, _) in &self.farther {
            self.distance[node as usize] = UNREACHED;
        }
        for at in 0..self.farther.len() {
            let node = self.farther[at].0;
            let parents = block.back().of(node).iter().filter(|&&it| !is(arc, it, node));
            let nearest = parents.map(|&it| self.distance[it as usize]).min();
            if let Some(nearest) = nearest.filter(|&it| it != UNREACHED) {
                self.put(node, nearest + 1);
            }
        }
        let mut distance = 0;
        while distance < self.waiting.len() {
            let mut nodes = std::mem::take(&mut self.waiting[distance]);
            for node in nodes.drain(..) {
                if self.distance[node as usize] <= distance as u32 {
                    continue;
                }
                self.distance[node as usize] = distance as u32;
                for &child in block.out.of(node) {
                    if self.distance[child as usize] == UNREACHED {
                        self.put(child, distance as u32 + 1);
                    }
                }
            }
            self.waiting[distance] = nodes;
            distance += 1;
        }
    }

    /// Counts paths anew, the nearest nodes first.
    fn count_paths(&mut self, block: &Block, search: &mut Dependencies, arc: Arc) {
        if self.farther.is_empty() {
            self.put_once(arc.to);
        }
        for at in 0..self.farther.len() {
            let (node, before) = self.farther[at];
            self.change(search, node, 0.0);
            self.put_once(node);
            for &child in block.out.of(node) {
                if self.distance[child as usize] == before + 1 && !self.is_farther[child as usize] {
                    self.put_once(child);
                }
            }
        }
        let mut distance = 0;
        while distance < self.waiting.len() {
            let mut nodes = std::mem::take(&mut self.waiting[distance]);
            for node in nodes.drain(..) {
                self.is_waiting[node as usize] = false;
                let parents = block.back().of(node).iter().filter(|&&it| {
                    self.distance[it as usize].wrapping_add(1) == distance as u32
                        && !is(arc, it, node)
                });
                let n_paths = parents.map(|&it| search.n_paths(it)).sum::<f64>() + 0.0;
                if n_paths != search.n_paths(node) {
                    self.change(search, node, n_paths);
                    for &child in block.out.of(node) {
                        if self.distance[child as usize] == distance as u32 + 1 {
                            self.put_once(child);
                        }
                    }
                }
            }
            self.waiting[distance] = nodes;
            distance += 1;
        }
    }

    /// Sums dependencies up anew, the farthest nodes first.
    fn sum_up(
        &mut self,
        block: &Block,
        search: &mut Dependencies,
        arc: Arc,
        on_change: &mut impl FnMut(u32, f64),
    ) {
        self.put_once(arc.from);
        for at in 0..self.farther.len() {
            let (node, before) = self.farther[at];
            if self.distance[node as usize] == UNREACHED {
                let (_, dependency) = search.get(node);
                search.set(node, 0.0, 0.0);
                on_change(node, dependency);
            }
            for &parent in block.back().of(node) {
                if self.distance[parent as usize].wrapping_add(1) == before {
                    self.put_once(parent);
                }
            }
        }
        for at in 0..self.before.len() {
            self.put_once(self.before[at].0);
        }
        for distance in (1..self.waiting.len()).rev() {
            let mut nodes = std::mem::take(&mut self.waiting[distance]);
            for node in nodes.drain(..) {
                self.is_waiting[node as usize] = false;
                let mut sum = 0.0;
                for &child in block.out.of(node) {
                    if self.distance[child as usize] == distance as u32 + 1 && !is(arc, node, child)
                    {
                        let (n_paths, dependency) = search.get(child);
                        sum += (block.n_targets[child as usize] + dependency) / n_paths;
                    }
                }
                let (n_paths, before) = search.get(node);
                let dependency = n_paths * sum;
                if dependency == before && !self.is_changed[node as usize] {
                    continue;
                }
                self.change(search, node, n_paths);
                search.set(node, n_paths, dependency);
                on_change(node, before - dependency);
                for &parent in block.back().of(node) {
                    if self.distance[parent as usize].wrapping_add(1) == distance as u32 {
                        self.put_once(parent);
                    }
                }
            }
            self.waiting[distance] = nodes;
        }
        // What waits at the source waits in vain: its own dependency is nobody's betweenness.
        for node in self.waiting.iter_mut().flat_map(|it| it.drain(..)) {
            self.is_waiting[node as usize] = false;
        }
    }

    /// Sets a number of paths, and notes what it was.
    fn change(&mut self, search: &mut Dependencies, node: u32, n_paths: f64) {
        let (n_paths_before, dependency) = search.get(node);
        if !std::mem::replace(&mut self.is_changed[node as usize], true) {
            self.before.push((node, n_paths_before, dependency));
        }
        search.set(node, n_paths, dependency);
    }

    fn put(&mut self, node: u32, distance: u32) {
        let distance = distance as usize;
        if self.waiting.len() <= distance {
            self.waiting.resize_with(distance + 1, Vec::new);
        }
        self.waiting[distance].push(node);
    }

    /// Lets a node wait at its distance, unless it does already or is out of reach.
    fn put_once(&mut self, node: u32) {
        let distance = self.distance[node as usize];
        if distance != UNREACHED && !std::mem::replace(&mut self.is_waiting[node as usize], true) {
            self.put(node, distance);
        }
    }
}

fn is(arc: Arc, from: u32, to: u32) -> bool {
    arc.from == from && arc.to == to
}
