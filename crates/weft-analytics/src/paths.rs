//! Paths between two nodes: the k shortest without a node twice, and how many shortest there are.

use std::collections::BTreeSet;

use weft_graph::{UNREACHED, View};

/// Returns the `k` shortest loopless paths, both ends included: by number of links, then by the
/// indices of their nodes from the source on.
///
/// - Direction: along the view's arcs. Weights: none. Disconnected: no path. `avoid`: nodes that no path
///   may pass; if an end is among them there is no path. From a node to itself there is one path, of that node alone.
/// - Source: Yen, *Finding the k shortest loopless paths in a network* (1971); each branch takes the
///   first of its shortest paths in the order above, so the whole list is in that order.
/// - Cost: O(k l (n + m)) time for paths of l links, O(n + k l²) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; a -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let paths = weft_analytics::k_shortest_paths(&view, 0, 2, 5, &[]);
/// assert_eq!(paths, [vec![0, 2], vec![0, 1, 2]]);
/// assert_eq!(weft_analytics::k_shortest_paths(&view, 0, 2, 5, &[1]), [[0, 2]]);
/// ```
pub fn k_shortest_paths(
    view: &View,
    source: u32,
    target: u32,
    k: usize,
    avoid: &[u32],
) -> Vec<Vec<u32>> {
    let mut branch = Branch::new(view, target, avoid);
    let mut found: Vec<Vec<u32>> = Vec::new();
    if branch.is_blocked[source as usize] || branch.is_blocked[target as usize] {
        return found;
    }
    let mut candidates: BTreeSet<(usize, Vec<u32>)> = BTreeSet::new();
    if source == target {
        candidates.insert((1, vec![source]));
    } else {
        candidates.extend(branch.shortest(&[source], &[]).map(|it| (it.len(), it)));
    }
    while found.len() < k
        && let Some((_, path)) = candidates.pop_first()
    {
        found.push(path);
        if found.len() == k {
            break;
        }
        let path = &found[found.len() - 1];
        for n_kept in 1..path.len() {
            let kept = &path[..n_kept];
            let siblings = found.iter().filter(|it| it.starts_with(kept));
            let taken: Vec<u32> = siblings.map(|it| it[n_kept]).collect();
            candidates.extend(branch.shortest(kept, &taken).map(|it| (it.len(), it)));
        }
    }
    found
}

/// How far it is from one node to another, and in how many ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortestPaths {
    /// The number of links.
    pub distance: u32,
    /// The number of paths with so many links; `u64::MAX` stands for that many or more.
    pub n_paths: u64,
}

/// Counts the shortest paths between two nodes; None if there is no path.
///
/// - Direction: along the view's arcs. Weights: none. Source: Brandes, *A faster algorithm for betweenness
///   centrality* (2001). Disconnected: None. Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture(
///     "a -supports-> b; b -supports-> d; a -supports-> c; c -supports-> d",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let paths = weft_analytics::count_shortest_paths(&view, 0, 2).expect("they are joined");
/// assert_eq!((paths.distance, paths.n_paths), (2, 2));
/// ```
pub fn count_shortest_paths(view: &View, source: u32, target: u32) -> Option<ShortestPaths> {
    let mut distance = vec![UNREACHED; view.n()];
    let mut n_paths = vec![0_u64; view.n()];
    distance[source as usize] = 0;
    n_paths[source as usize] = 1;
    let mut queue = vec![source];
    let mut at = 0;
    while let Some(&node) = queue.get(at)
        && distance[node as usize] < distance[target as usize]
    {
        at += 1;
        let next = distance[node as usize] + 1;
        for &neighbour in view.neighbours(node) {
            let neighbour = neighbour as usize;
            if distance[neighbour] == UNREACHED {
                distance[neighbour] = next;
                queue.push(neighbour as u32);
            }
            if distance[neighbour] == next {
                n_paths[neighbour] = n_paths[neighbour].saturating_add(n_paths[node as usize]);
            }
        }
    }
    let (distance, n_paths) = (distance[target as usize], n_paths[target as usize]);
    (distance != UNREACHED).then_some(ShortestPaths { distance, n_paths })
}

/// The search for the best path that begins in a given way; it keeps its memory for the next.
struct Branch<'a> {
    view: &'a View,
    target: u32,
    is_blocked: Vec<bool>,
    /// The distance to the target, of the nodes in the queue.
    distance: Vec<u32>,
    queue: Vec<u32>,
    is_first_step: Vec<bool>,
}

impl<'a> Branch<'a> {
    fn new(view: &'a View, target: u32, avoid: &[u32]) -> Self {
        let mut is_blocked = vec![false; view.n()];
        for &node in avoid {
            is_blocked[node as usize] = true;
        }
        let distance = vec![UNREACHED; view.n()];
        let is_first_step = vec![false; view.n()];
        Self { view, target, is_blocked, distance, queue: Vec::new(), is_first_step }
    }

    /// The first of the shortest paths to the target that begin with the nodes kept and do not go on
    /// to one of the steps taken.
    fn shortest(&mut self, kept: &[u32], taken: &[u32]) -> Option<Vec<u32>> {
        let last = kept[kept.len() - 1];
        let set = |marks: &mut Vec<bool>, nodes: &[u32], value: bool| {
            nodes.iter().for_each(|&it| marks[it as usize] = value);
        };
        set(&mut self.is_blocked, kept, true);
        let allowed = |it: &&u32| !self.is_blocked[**it as usize] && !taken.contains(it);
        let steps: Vec<u32> = self.view.neighbours(last).iter().filter(allowed).copied().collect();
        set(&mut self.is_first_step, &steps, true);
        self.measure();
        set(&mut self.is_first_step, &steps, false);
        set(&mut self.is_blocked, kept, false);
        let nearest = steps.iter().map(|&it| (self.distance[it as usize], it)).min();
        let (_, step) = nearest.filter(|it| it.0 != UNREACHED)?;
        let mut path = kept.to_vec();
        path.push(step);
        let mut node = step;
        while node != self.target {
            let nearer = self.distance[node as usize] - 1;
            node = *self
                .view
                .neighbours(node)
                .iter()
                .find(|&&it| self.distance[it as usize] == nearer)
                .expect("a node at a distance has a neighbour one link nearer");
            path.push(node);
        }
        Some(path)
    }

    /// Searches back from the target, to the end of the level on which a first step is met.
    fn measure(&mut self) {
        for node in self.queue.drain(..) {
            self.distance[node as usize] = UNREACHED;
        }
        let mut depth_max = UNREACHED;
        let mut at = 0;
        self.reach(self.target, 0, &mut depth_max);
        while let Some(&node) = self.queue.get(at)
            && self.distance[node as usize] < depth_max
        {
            at += 1;
            let next = self.distance[node as usize] + 1;
            let view = self.view;
            for &previous in view.in_neighbours(node) {
                if self.distance[previous as usize] == UNREACHED
                    && !self.is_blocked[previous as usize]
                {
                    self.reach(previous, next, &mut depth_max);
                }
            }
        }
    }

    fn reach(&mut self, node: u32, distance: u32, depth_max: &mut u32) {
        self.distance[node as usize] = distance;
        self.queue.push(node);
        if self.is_first_step[node as usize] {
            *depth_max = (*depth_max).min(distance);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, ends: (u32, u32), avoid: &[u32], expected: &[&[u32]]) {
        assert_eq!(k_shortest_paths(&view_of(graph), ends.0, ends.1, 9, avoid), expected);
    }

    #[test]
    fn a_path_never_passes_a_node_twice() {
        let chain = "a -supports-> b; b -supports-> c; b -supports-> d";
        check(chain, (0, 2), &[], &[&[0, 1, 2]]);
    }

    #[test]
    fn avoided_nodes_are_on_no_path() {
        let ring = "a -supports-> b; b -supports-> c; c -supports-> d; d -supports-> a";
        check(ring, (0, 2), &[], &[&[0, 1, 2], &[0, 3, 2]]);
        check(ring, (0, 2), &[1], &[&[0, 3, 2]]);
        check(ring, (0, 2), &[1, 3], &[]);
        check(ring, (0, 2), &[2], &[]);
        check(ring, (1, 1), &[], &[&[1]]);
    }

    #[test]
    fn no_paths_are_asked_for() {
        assert!(k_shortest_paths(&view_of("a -supports-> b"), 0, 1, 0, &[]).is_empty());
    }

    #[test]
    fn the_list_is_that_of_all_paths_in_order() {
        for_all_graphs(|view| {
            let avoid = [view.n() as u32 / 2];
            let matrix = Matrix::of(view);
            for source in 0..view.n() as u32 {
                for target in 0..view.n() as u32 {
                    let all = matrix.simple_paths(source, target);
                    let shortest = all.first().map(|first| ShortestPaths {
                        distance: first.len() as u32 - 1,
                        n_paths: all.iter().filter(|it| it.len() == first.len()).count() as u64,
                    });
                    assert_eq!(count_shortest_paths(view, source, target), shortest);
                    let k = 6;
                    let expected: Vec<_> = all.iter().take(k).cloned().collect();
                    assert_eq!(k_shortest_paths(view, source, target, k, &[]), expected);
                    let around = all.into_iter().filter(|it| !it.contains(&avoid[0]));
                    let expected: Vec<_> = around.take(k).collect();
                    assert_eq!(k_shortest_paths(view, source, target, k, &avoid), expected);
                }
            }
        });
    }
}
