//! All shortest paths, and all paths up to a length, in order and up to a limit.

use weft_graph::{UNREACHED, View};

/// How many steps a search for paths goes at most, whatever the limit: among many dead ends the
/// next path may else be ages away.
pub const N_PATH_STEPS_MAX: usize = 5_000_000;

/// What is asked of a list of paths.
#[derive(Clone, Debug, PartialEq)]
pub struct PathListOptions {
    /// How many paths are listed at most.
    pub limit: usize,
    /// Nodes that no path may pass; if an end is among them there is no path.
    pub avoid: Vec<u32>,
}

impl Default for PathListOptions {
    fn default() -> Self {
        Self { limit: 100, avoid: Vec::new() }
    }
}

/// Paths in order: by number of links, then by the indices of their nodes from the source on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathList {
    /// The paths, both ends included.
    pub paths: Vec<Vec<u32>>,
    /// Whether these are all; false if the limit, or [`N_PATH_STEPS_MAX`], cut the list.
    pub is_complete: bool,
}

/// Returns all shortest paths between two nodes; none if there is no path.
///
/// - Direction: along the view's arcs. Weights: none. Disconnected: none. From a node to itself there is
///   one path, of that node alone.
/// - Source: Moore, *The shortest path through a maze* (1959). Cost: O(n + m + l p) for p paths of l links.
///
/// ```
/// let snapshot = weft_graph::fixture(
///     "a -supports-> b; b -supports-> d; a -supports-> c; c -supports-> d; a -supports-> e",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let list = weft_analytics::all_shortest_paths(&view, 0, 2, &Default::default());
/// assert_eq!(list.paths, [[0, 1, 2], [0, 3, 2]]);
/// ```
pub fn all_shortest_paths(
    view: &View,
    source: u32,
    target: u32,
    options: &PathListOptions,
) -> PathList {
    let mut search = Search::new(view, target, options);
    let nearest = search.distance[source as usize];
    if nearest != UNREACHED {
        search.list(source, nearest);
    }
    search.finish()
}

/// Returns all paths between two nodes of up to so many links that pass no node twice.
///
/// - Direction: along the view's arcs. Weights: none. Disconnected: none. From a node to itself there is
///   one path, of that node alone.
/// - Source: the definition, by a depth-first search (Tarjan, 1972).
/// - Cost: O(n + m) and the steps: each goes only where the target is near enough, but the nodes
///   already passed may bar the way. At worst exponential in the length, and then cut.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; a -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let list = weft_analytics::simple_paths(&view, 0, 2, 2, &Default::default());
/// assert_eq!(list.paths, [vec![0, 2], vec![0, 1, 2]]);
/// assert!(list.is_complete);
/// ```
pub fn simple_paths(
    view: &View,
    source: u32,
    target: u32,
    n_links_max: u32,
    options: &PathListOptions,
) -> PathList {
    let mut search = Search::new(view, target, options);
    let nearest = search.distance[source as usize];
    // No path without a node twice has more links than there are other nodes.
    let n_links_max = n_links_max.min((view.n() as u32).saturating_sub(1));
    for n_links in nearest..=n_links_max {
        if search.is_cut || (source == target && n_links > 0) {
            break;
        }
        search.list(source, n_links);
    }
    search.finish()
}

/// The search for paths of one length after the other.
struct Search<'a> {
    view: &'a View,
    target: u32,
    limit: usize,
    /// From each node to the target, around the nodes to avoid.
    distance: Vec<u32>,
    is_on_path: Vec<bool>,
    path: Vec<u32>,
    found: Vec<Vec<u32>>,
    n_steps: usize,
    is_cut: bool,
}

impl<'a> Search<'a> {
    fn new(view: &'a View, target: u32, options: &PathListOptions) -> Self {
        Self {
            view,
            target,
            limit: options.limit,
            distance: distances_to(view, target, &options.avoid),
            is_on_path: vec![false; view.n()],
            path: Vec::new(),
            found: Vec::new(),
            n_steps: 0,
            is_cut: false,
        }
    }

    /// Lists the paths of exactly so many links, in the order of their nodes. Where a path stands at
    /// each step is kept in a list, not on the stack: paths may be long.
    fn list(&mut self, source: u32, n_links: u32) {
        let mut next_at: Vec<usize> = vec![0];
        self.push(source);
        while let Some(at) = next_at.last_mut() {
            let node = self.path[self.path.len() - 1];
            let n_left = n_links + 1 - self.path.len() as u32;
            let step = if node == self.target {
                if n_left == 0 {
                    self.accept();
                }
                None
            } else {
                let rest = &self.view.neighbours(node)[*at..];
                let leads = |it: &u32| {
                    !self.is_on_path[*it as usize] && self.distance[*it as usize] < n_left
                };
                let skipped = rest.iter().position(leads);
                self.n_steps += 1;
                skipped.map(|it| {
                    *at += it + 1;
                    rest[it]
                })
            };
            self.is_cut |= self.n_steps > N_PATH_STEPS_MAX;
            match step.filter(|_| !self.is_cut) {
                Some(step) => {
                    self.push(step);
                    next_at.push(0);
                }
                None => {
                    self.is_on_path[node as usize] = false;
                    self.path.pop();
                    next_at.pop();
                }
            }
        }
    }

    fn push(&mut self, node: u32) {
        self.is_on_path[node as usize] = true;
        self.path.push(node);
    }

    /// One path more than the limit shows that the list is cut.
    fn accept(&mut self) {
        if self.found.len() == self.limit {
            self.is_cut = true;
        } else {
            self.found.push(self.path.clone());
        }
    }

    fn finish(self) -> PathList {
        PathList { paths: self.found, is_complete: !self.is_cut }
    }
}

/// How far it is from each node to the target around some nodes.
fn distances_to(view: &View, target: u32, avoid: &[u32]) -> Vec<u32> {
    let mut distance = vec![UNREACHED; view.n()];
    if avoid.contains(&target) {
        return distance;
    }
    let mut is_avoided = vec![false; view.n()];
    for &node in avoid {
        is_avoided[node as usize] = true;
    }
    distance[target as usize] = 0;
    let mut queue = vec![target];
    let mut at = 0;
    while let Some(&node) = queue.get(at) {
        at += 1;
        for &previous in view.in_neighbours(node) {
            if distance[previous as usize] == UNREACHED && !is_avoided[previous as usize] {
                distance[previous as usize] = distance[node as usize] + 1;
                queue.push(previous);
            }
        }
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_graphs, view_of};

    #[track_caller]
    fn check(found: &PathList, expected: &[Vec<u32>], options: &PathListOptions) {
        let n_listed = expected.len().min(options.limit);
        assert_eq!(found.paths, expected[..n_listed]);
        assert_eq!(found.is_complete, n_listed == expected.len());
    }

    #[test]
    fn lists_are_those_of_all_paths_in_order() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view);
            let avoided = view.n() as u32 / 2;
            // Of the many graphs of six nodes two sources are enough.
            let n_sources = if view.n() == 6 { 2 } else { view.n() as u32 };
            for source in 0..n_sources {
                for target in 0..view.n() as u32 {
                    let all = matrix.simple_paths(source, target);
                    let around: Vec<_> =
                        all.iter().filter(|it| !it.contains(&avoided)).cloned().collect();
                    for (all, avoid) in [(all, vec![]), (around, vec![avoided])] {
                        let options = PathListOptions { limit: 3, avoid };
                        let n_least = all.first().map_or(0, Vec::len);
                        let shortest: Vec<_> =
                            all.iter().filter(|it| it.len() == n_least).cloned().collect();
                        check(
                            &all_shortest_paths(view, source, target, &options),
                            &shortest,
                            &options,
                        );
                        for n_links_max in [0, 2, 3, u32::MAX - 1] {
                            let up_to: Vec<_> = all
                                .iter()
                                .filter(|it| it.len() as u32 <= n_links_max + 1)
                                .cloned()
                                .collect();
                            check(
                                &simple_paths(view, source, target, n_links_max, &options),
                                &up_to,
                                &options,
                            );
                        }
                    }
                }
            }
        });
    }

    #[test]
    fn a_limit_of_nothing_lists_nothing_and_says_so() {
        let options = PathListOptions { limit: 0, ..Default::default() };
        let found = all_shortest_paths(&view_of("a -supports-> b"), 0, 1, &options);
        assert_eq!(found, PathList::default());
    }

    #[test]
    fn a_search_among_endless_dead_ends_is_cut_and_says_so() {
        // From the clique the target is near, but only through `g`, which is already passed.
        let mut graph = vec!["a -supports-> g; g -supports-> z".to_owned()];
        for left in 0..16 {
            graph.push(format!("g -supports-> k{left}"));
            graph.extend((0..left).map(|right| format!("k{left} -supports-> k{right}")));
        }
        let view = view_of(&graph.join("; "));
        let found = simple_paths(&view, 0, 2, 17, &PathListOptions::default());
        assert_eq!((found.paths.len(), found.is_complete), (1, false));
    }
}
