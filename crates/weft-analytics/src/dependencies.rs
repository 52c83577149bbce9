//! How much of the shortest paths from one node of a block passes each other node of it.
//!
//! Knows neither what the sums are for nor how they are divided.

use std::ops::Range;

use weft_graph::NodeSet;

use crate::blocks::{Block, Rows};

/// A level is pulled by the nodes not yet reached once its arcs are this part of theirs.
const PULL_FROM: usize = 2;

/// The memory of one search, and of the sums.
///
/// Brandes (2001), by levels: what a level hands on stands in an array that is nought elsewhere, so
/// that the sums over arcs need not look at distances; large levels are pulled (Beamer, Asanović and
/// Patterson, 2012). Nodes of a level that is not small stand in the order of their numbers, which is
/// that of the length of their rows: rows as long as the one before are added without a wrong guess
/// of where they end.
pub(crate) struct Dependencies {
    n_paths: Vec<f64>,
    /// What the present level hands on: its numbers of paths, or its shares; nought elsewhere.
    handed: Vec<f64>,
    /// The nodes reached, level by level, and where each level begins. There is one place more: each
    /// neighbour is written down and stays if it is new.
    order: Vec<u32>,
    levels: Vec<usize>,
    reached: NodeSet,
    /// The present level while it is pulled, or the neighbours of it; else none.
    near: NodeSet,
    dependency: Vec<f64>,
}

impl Dependencies {
    /// For blocks of up to `n` nodes.
    pub(crate) fn new(n: usize) -> Self {
        Self {
            n_paths: vec![0.0; n],
            handed: vec![0.0; n],
            order: vec![0; n + 1],
            levels: Vec::new(),
            reached: NodeSet::new(n),
            near: NodeSet::new(n),
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
        let n_reached = self.levels.last().copied().unwrap_or(0);
        for &node in &self.order[..n_reached] {
            self.n_paths[node as usize] = 0.0;
            self.reached.clear_around(node);
        }
        self.levels.clear();
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
        let n_words = block.nodes.len().div_ceil(64);
        self.levels.clear();
        self.levels.push(0);
        self.order[0] = source;
        self.reached.insert(source);
        self.n_paths[source as usize] = 1.0;
        let mut n_arcs_left = back.n_arcs();
        let mut level = 0..1;
        while !level.is_empty() {
            self.levels.push(level.end);
            let mut n_arcs = 0;
            for &node in &self.order[level.clone()] {
                self.handed[node as usize] = self.n_paths[node as usize];
                n_arcs += onward.of(node).len();
                n_arcs_left -= back.of(node).len();
            }
            let end = if n_arcs < n_words {
                self.push_few(onward, level.clone())
            } else if n_arcs < n_arcs_left / PULL_FROM {
                self.push(onward, level.clone(), n_words)
            } else {
                self.pull(back, level.clone(), block.nodes.len())
            };
            for &node in &self.order[level.end..end] {
                self.n_paths[node as usize] = received(&self.handed, back.of(node));
            }
            for &node in &self.order[level.clone()] {
                self.handed[node as usize] = 0.0;
            }
            level = level.end..end;
        }
    }

    /// Reaches the next level from the present one, in whatever order; returns where it ends.
    fn push_few(&mut self, onward: &Rows, level: Range<usize>) -> usize {
        let mut end = level.end;
        for at in level {
            for &neighbour in onward.of(self.order[at]) {
                self.order[end] = neighbour;
                end += usize::from(self.reached.insert(neighbour));
            }
        }
        end
    }

    /// Reaches the next level from the present one; returns where it ends.
    fn push(&mut self, onward: &Rows, level: Range<usize>, n_words: usize) -> usize {
        let mut end = level.end;
        for &node in &self.order[level] {
            for &neighbour in onward.of(node) {
                self.near.insert(neighbour);
            }
        }
        let words = self.reached.words_mut().iter_mut().zip(self.near.words_mut());
        for (first, (reached, near)) in (0..).step_by(64).zip(words).take(n_words) {
            let mut new = std::mem::take(near) & !*reached;
            *reached |= new;
            while new != 0 {
                self.order[end] = first + new.trailing_zeros();
                end += 1;
                new &= new - 1;
            }
        }
        end
    }

    /// Lets those not yet reached look for the present level among their neighbours; returns where
    /// the next level ends.
    fn pull(&mut self, back: &Rows, level: Range<usize>, n: usize) -> usize {
        for &node in &self.order[level.clone()] {
            self.near.insert(node);
        }
        let mut end = level.end;
        let Self { reached, near, order, .. } = self;
        reached.insert_those(n, |node| {
            let is_reached = near.has_any(back.of(node));
            order[end] = node;
            end += usize::from(is_reached);
            is_reached
        });
        for &node in &self.order[level] {
            self.near.clear_around(node);
        }
        end
    }
}

fn received(handed: &[f64], neighbours: &[u32]) -> f64 {
    neighbours.iter().map(|&it| handed[it as usize]).sum::<f64>() + 0.0
}
