//! How much of the shortest paths from one node of a block passes each other node of it.
//!
//! Knows neither what the sums are for nor how they are divided.

use crate::blocks::{Block, Rows};

/// A level is pulled by the nodes not yet reached once its arcs are this part of theirs.
const PULL_FROM: usize = 2;

/// The memory of one search, and of the sums.
///
/// Brandes (2001), by levels: what a level hands on stands in an array that is nought elsewhere, so
/// that the sums over arcs need not look at distances; large levels are pulled (Beamer, Asanović and
/// Patterson, 2012).
pub(crate) struct Dependencies {
    n_paths: Vec<f64>,
    /// What the present level hands on: its numbers of paths, or its shares; nought elsewhere.
    handed: Vec<f64>,
    /// The nodes reached, level by level, and where each level begins.
    order: Vec<u32>,
    levels: Vec<usize>,
    is_reached: Vec<bool>,
    /// The nodes not yet reached, and perhaps some that are.
    rest: Vec<u32>,
    dependency: Vec<f64>,
}

impl Dependencies {
    /// For blocks of up to `n` nodes.
    pub(crate) fn new(n: usize) -> Self {
        Self {
            n_paths: vec![0.0; n],
            handed: vec![0.0; n],
            order: Vec::with_capacity(n),
            levels: Vec::new(),
            is_reached: vec![false; n],
            rest: Vec::with_capacity(n),
            dependency: vec![0.0; n],
        }
    }

    /// Searches from a node of the block; says how much of the paths to all targets passes each other
    /// node that is reached and, by `on_arc(link, share)` where it is given, each link. What was found
    /// can be looked at until [`Self::forget`].
    pub(crate) fn search(
        &mut self,
        block: &Block,
        source: u32,
        mut on_node: impl FnMut(u32, f64),
        mut on_arc: Option<&mut dyn FnMut(u32, f64)>,
    ) {
        self.count_paths(block, source);
        for level in (0..self.levels.len() - 1).rev() {
            let nodes = self.levels[level]..self.levels[level + 1];
            for &node in &self.order[nodes.clone()] {
                let n_paths = self.n_paths[node as usize];
                let sum = if level + 2 == self.levels.len() {
                    0.0
                } else {
                    received(&self.handed, block.out.of(node))
                };
                if let Some(on_arc) = &mut on_arc {
                    let row = block.out.of(node).iter().zip(block.out.links(node));
                    for (&neighbour, &link) in row {
                        let handed = self.handed[neighbour as usize];
                        if handed > 0.0 {
                            on_arc(link, n_paths * handed);
                        }
                    }
                }
                self.dependency[node as usize] = n_paths * sum;
                if level > 0 {
                    on_node(node, n_paths * sum);
                }
            }
            if let Some(&end) = self.levels.get(level + 2) {
                for &node in &self.order[nodes.end..end] {
                    self.handed[node as usize] = 0.0;
                }
            }
            for &node in &self.order[nodes] {
                let at = node as usize;
                self.handed[at] = (block.n_targets[at] + self.dependency[at]) / self.n_paths[at];
            }
        }
        self.handed[source as usize] = 0.0;
    }

    /// Lets go of the last search; only then can there be another one.
    pub(crate) fn forget(&mut self) {
        for node in self.order.drain(..) {
            self.n_paths[node as usize] = 0.0;
            self.is_reached[node as usize] = false;
        }
    }

    /// The nodes reached, by distance from the source.
    pub(crate) fn levels(&self) -> impl Iterator<Item = &[u32]> {
        let ends = self.levels.iter().skip(1);
        self.levels.iter().zip(ends).map(|(&begin, &end)| &self.order[begin..end])
    }

    /// The number of shortest paths to a node; 0 if it is not reached.
    pub(crate) fn n_paths(&self, node: u32) -> f64 {
        self.n_paths[node as usize]
    }

    /// The number of paths to a node that is reached, and how much of the paths to others passes it.
    pub(crate) fn get(&self, node: u32) -> (f64, f64) {
        (self.n_paths[node as usize], self.dependency[node as usize])
    }

    pub(crate) fn set(&mut self, node: u32, n_paths: f64, dependency: f64) {
        self.n_paths[node as usize] = n_paths;
        self.dependency[node as usize] = dependency;
    }

    /// Finds the levels with the number of shortest paths to each node; exact up to 2^53.
    fn count_paths(&mut self, block: &Block, source: u32) {
        let (onward, back) = (&block.out, block.back());
        self.levels.clear();
        self.levels.push(0);
        self.rest.clear();
        self.order.push(source);
        self.is_reached[source as usize] = true;
        self.n_paths[source as usize] = 1.0;
        let mut n_arcs_left = back.n_arcs();
        loop {
            let begin = self.levels[self.levels.len() - 1];
            let end = self.order.len();
            self.levels.push(end);
            if begin == end {
                break;
            }
            let mut n_arcs = 0;
            for &node in &self.order[begin..end] {
                self.handed[node as usize] = self.n_paths[node as usize];
                n_arcs += onward.of(node).len();
                n_arcs_left -= back.of(node).len();
            }
            if n_arcs >= n_arcs_left / PULL_FROM {
                self.pull(back, block.nodes.len() as u32);
            } else {
                self.push(onward, back, begin..end);
            }
            for &node in &self.order[begin..end] {
                self.handed[node as usize] = 0.0;
            }
        }
        self.levels.pop();
    }

    /// Reaches the next level from the present one.
    fn push(&mut self, onward: &Rows, back: &Rows, level: std::ops::Range<usize>) {
        let begin = level.end;
        for at in level {
            for &neighbour in onward.of(self.order[at]) {
                if !self.is_reached[neighbour as usize] {
                    self.is_reached[neighbour as usize] = true;
                    self.order.push(neighbour);
                }
            }
        }
        for &node in &self.order[begin..] {
            self.n_paths[node as usize] = received(&self.handed, back.of(node));
        }
    }

    /// Lets those not yet reached look for the present level among their neighbours.
    fn pull(&mut self, back: &Rows, n: u32) {
        if self.rest.is_empty() {
            let is_reached = &self.is_reached;
            self.rest.extend((0..n).filter(|&it| !is_reached[it as usize]));
        }
        let (n_paths, handed) = (&mut self.n_paths, &self.handed);
        let (is_reached, order) = (&mut self.is_reached, &mut self.order);
        self.rest.retain(|&node| {
            if is_reached[node as usize] {
                return false;
            }
            let sum = received(handed, back.of(node));
            if sum > 0.0 {
                n_paths[node as usize] = sum;
                is_reached[node as usize] = true;
                order.push(node);
            }
            sum == 0.0
        });
    }
}

fn received(handed: &[f64], neighbours: &[u32]) -> f64 {
    neighbours.iter().map(|&it| handed[it as usize]).sum::<f64>() + 0.0
}
