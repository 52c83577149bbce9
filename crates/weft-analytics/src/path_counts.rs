//! One search from one node that counts the shortest paths to all others; it keeps its memory for
//! the next search.

use weft_graph::{UNREACHED, View};

/// The state of a search along a view's arcs.
pub(crate) struct PathCounts {
    /// The distance from the source, in links.
    pub(crate) distance: Vec<u32>,
    /// The number of shortest paths from the source; exact up to 2^53.
    pub(crate) n_paths: Vec<f64>,
    /// The nodes reached, nearest first, the source included.
    pub(crate) order: Vec<u32>,
}

impl PathCounts {
    pub(crate) fn new(n: usize) -> Self {
        Self { distance: vec![UNREACHED; n], n_paths: vec![0.0; n], order: Vec::with_capacity(n) }
    }

    /// Searches from a source; `neighbours` says where the arcs of a node lead.
    pub(crate) fn search<'a>(&mut self, source: u32, neighbours: impl Fn(u32) -> &'a [u32]) {
        for node in self.order.drain(..) {
            self.distance[node as usize] = UNREACHED;
            self.n_paths[node as usize] = 0.0;
        }
        self.distance[source as usize] = 0;
        self.n_paths[source as usize] = 1.0;
        self.order.push(source);
        let mut at = 0;
        while let Some(&node) = self.order.get(at) {
            at += 1;
            let (next, n_paths) = (self.distance[node as usize] + 1, self.n_paths[node as usize]);
            for &neighbour in neighbours(node) {
                let distance = &mut self.distance[neighbour as usize];
                if *distance == UNREACHED {
                    *distance = next;
                    self.order.push(neighbour);
                }
                if *distance == next {
                    self.n_paths[neighbour as usize] += n_paths;
                }
            }
        }
    }

    /// Brandes' accumulation: how much of the paths from the source to each other node passes each
    /// node (the source gets what all others get by it), and, by `on_arc(node, at, share)`, each arc.
    pub(crate) fn accumulate(
        &self,
        view: &View,
        dependency: &mut [f64],
        mut on_arc: impl FnMut(u32, usize, f64),
    ) {
        for &node in self.order.iter().rev() {
            let next = self.distance[node as usize] + 1;
            let n_paths = self.n_paths[node as usize];
            let mut sum = 0.0;
            for (at, &neighbour) in view.neighbours(node).iter().enumerate() {
                if self.distance[neighbour as usize] == next {
                    let beyond = 1.0 + dependency[neighbour as usize];
                    let share = n_paths / self.n_paths[neighbour as usize] * beyond;
                    sum += share;
                    on_arc(node, at, share);
                }
            }
            dependency[node as usize] = sum;
        }
    }
}
