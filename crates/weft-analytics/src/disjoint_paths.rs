//! Disjoint paths: how many independent ways there are from one node to another, and which.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use weft_graph::View;

const NOWHERE: u32 = u32::MAX;

/// What two paths may not share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disjoint {
    /// A node between the ends: no one body on whom two of the ways rest.
    #[default]
    Nodes,
    /// A link; two paths may meet in a node. In a directed view the arcs of a pair both ways are two.
    Links,
}

/// Returns as many disjoint paths between two nodes as there are, and of all such sets one with the
/// fewest links in total; by number of links, then by the indices of their nodes.
///
/// By Menger's theorem their number is that of the nodes (or links) that must go to part the two; a
/// link between the two is a path of its own.
///
/// - Direction: along the view's arcs. Weights: none. `avoid`: nodes that no path may pass. Without
///   a path, and from a node to itself: none.
/// - Source: Menger (1927); Suurballe, *Disjoint paths in a network* (1974), as successive shortest
///   paths of a flow with potentials (Edmonds and Karp, 1972).
/// - Cost: O((p + 1) (n + m) log n) time for p paths, O(n + m) memory.
///
/// ```
/// use weft_analytics::{Disjoint, disjoint_paths};
/// let snapshot = weft_graph::fixture(
///     "a -supports-> b; b -supports-> d; a -supports-> c; c -supports-> d; b -supports-> c",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let paths = disjoint_paths(&view, 0, 2, Disjoint::Nodes, &[]);
/// assert_eq!(paths, [[0, 1, 2], [0, 3, 2]]);
/// ```
pub fn disjoint_paths(
    view: &View,
    source: u32,
    target: u32,
    disjoint: Disjoint,
    avoid: &[u32],
) -> Vec<Vec<u32>> {
    if source == target {
        return Vec::new();
    }
    let mut flow = Flow::new(view, source, target, disjoint, avoid);
    while flow.add_path() {}
    let mut paths = flow.paths();
    paths.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    paths
}

/// A flow of at most 1 an arc. Each node is two places, where paths come in and where they go out.
struct Flow {
    source: u32,
    target: u32,
    /// The arcs of each place; each arc stands beside its reverse (2 i and 2 i + 1).
    offsets: Vec<u32>,
    arcs: Vec<u32>,
    to: Vec<u32>,
    cost: Vec<i32>,
    capacity: Vec<u32>,
    /// What makes no reduced cost negative.
    potential: Vec<i64>,
}

fn place_in(node: u32) -> u32 {
    2 * node
}

fn place_out(node: u32) -> u32 {
    2 * node + 1
}

impl Flow {
    fn new(view: &View, source: u32, target: u32, disjoint: Disjoint, avoid: &[u32]) -> Self {
        let n = view.n() as u32;
        let mut ends: Vec<(u32, u32)> = Vec::new();
        let (mut cost, mut capacity) = (Vec::new(), Vec::new());
        let mut arc = |from: u32, to: u32, links: i32, most: u32| {
            ends.extend([(from, to), (to, from)]);
            cost.extend([links, -links]);
            capacity.extend([most, 0]);
        };
        let mut is_avoided = vec![false; view.n()];
        avoid.iter().for_each(|&it| is_avoided[it as usize] = true);
        for node in 0..n {
            let most = match disjoint {
                _ if is_avoided[node as usize] => 0,
                Disjoint::Nodes => 1,
                Disjoint::Links => u32::MAX,
            };
            arc(place_in(node), place_out(node), 0, most);
            // Nothing need come back to the source or go on from the target.
            if node != target && !is_avoided[node as usize] {
                for &next in view.neighbours(node).iter().filter(|&&it| it != source) {
                    arc(place_out(node), place_in(next), 1, 1);
                }
            }
        }
        let mut offsets = vec![0_u32; 2 * n as usize + 1];
        ends.iter().for_each(|it| offsets[it.0 as usize + 1] += 1);
        (0..2 * n as usize).for_each(|it| offsets[it + 1] += offsets[it]);
        let mut next = offsets.clone();
        let mut arcs = vec![0; ends.len()];
        for (arc, &(from, _)) in (0..).zip(&ends) {
            arcs[next[from as usize] as usize] = arc;
            next[from as usize] += 1;
        }
        let to = ends.into_iter().map(|it| it.1).collect();
        let potential = vec![0; 2 * n as usize];
        // Both ends may be on many paths.
        let (from, into) = (place_out(source), place_in(target));
        let (source, target) = if is_avoided[source as usize] || is_avoided[target as usize] {
            (into, into)
        } else {
            (from, into)
        };
        Self { source, target, offsets, arcs, to, cost, capacity, potential }
    }

    fn arcs_of(&self, place: u32) -> &[u32] {
        let place = place as usize;
        &self.arcs[self.offsets[place] as usize..self.offsets[place + 1] as usize]
    }

    /// Sends one more path along the cheapest way that is left; false if there is none.
    fn add_path(&mut self) -> bool {
        if self.source == self.target {
            return false;
        }
        let n = self.potential.len();
        let mut distance = vec![i64::MAX; n];
        let mut by_arc = vec![NOWHERE; n];
        let mut heap = BinaryHeap::from([Reverse((0, self.source))]);
        distance[self.source as usize] = 0;
        while let Some(Reverse((at, place))) = heap.pop() {
            if at > distance[place as usize] {
                continue;
            }
            if place == self.target {
                break;
            }
            for &arc in self.arcs_of(place) {
                if self.capacity[arc as usize] == 0 {
                    continue;
                }
                let to = self.to[arc as usize];
                let reduced = i64::from(self.cost[arc as usize]) + self.potential[place as usize]
                    - self.potential[to as usize];
                if at + reduced < distance[to as usize] {
                    distance[to as usize] = at + reduced;
                    by_arc[to as usize] = arc;
                    heap.push(Reverse((at + reduced, to)));
                }
            }
        }
        let length = distance[self.target as usize];
        if length == i64::MAX {
            return false;
        }
        // Places farther than the target are moved as far as it.
        for (potential, &distance) in self.potential.iter_mut().zip(&distance) {
            *potential += distance.min(length);
        }
        let mut place = self.target;
        while place != self.source {
            let arc = by_arc[place as usize];
            self.capacity[arc as usize] -= 1;
            self.capacity[arc as usize ^ 1] += 1;
            place = self.to[arc as usize ^ 1];
        }
        true
    }

    /// Follows the flow from the source; of fewest links in total, it has no circles.
    fn paths(&self) -> Vec<Vec<u32>> {
        let carries = |arc: &&u32| arc.is_multiple_of(2) && self.capacity[**arc as usize ^ 1] > 0;
        let mut n_left: Vec<u32> = self.capacity.iter().skip(1).step_by(2).copied().collect();
        let mut paths = Vec::new();
        for &first in self.arcs_of(self.source).iter().filter(carries) {
            let mut path = vec![self.source / 2];
            let mut arc = first;
            loop {
                n_left[arc as usize / 2] -= 1;
                let place = self.to[arc as usize];
                if place.is_multiple_of(2) {
                    path.push(place / 2);
                }
                if place == self.target {
                    break;
                }
                let mut onward = self.arcs_of(place).iter().filter(carries);
                arc = *onward
                    .find(|&&it| n_left[it as usize / 2] > 0)
                    .expect("what flows into a place flows out of it");
            }
            paths.push(path);
        }
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, ends: (u32, u32), nodes: &[&[u32]], n_by_links: usize) {
        let view = view_of(graph);
        assert_eq!(disjoint_paths(&view, ends.0, ends.1, Disjoint::Nodes, &[]), nodes);
        let by_links = disjoint_paths(&view, ends.0, ends.1, Disjoint::Links, &[]);
        assert_eq!(by_links.len(), n_by_links);
    }

    #[test]
    fn a_way_taken_first_is_taken_back_where_it_bars_two() {
        // The shortest path a-b-e-f uses both b and e, on which the two longer ones rest.
        let graph = "a -supports-> b; b -supports-> e; e -supports-> f; b -supports-> c; \
                     c -supports-> d; d -supports-> f; a -supports-> g; g -supports-> h; h -supports-> e";
        let view = view_of(graph);
        let paths = disjoint_paths(&view, 0, 3, Disjoint::Nodes, &[]);
        assert_eq!(paths, [[0, 1, 4, 5, 3], [0, 6, 7, 2, 3]]);
        assert!(disjoint_paths(&view, 0, 3, Disjoint::Nodes, &[1]).len() == 1);
        assert!(disjoint_paths(&view, 0, 3, Disjoint::Nodes, &[3]).is_empty());
    }

    #[test]
    fn two_ways_that_meet_in_one_body_are_one_by_nodes() {
        let graph = "a -supports-> b; a -supports-> c; b -supports-> d; c -supports-> d; \
                     d -supports-> e; d -supports-> f; e -supports-> g; f -supports-> g";
        check(graph, (0, 6), &[&[0, 1, 3, 4, 6]], 2);
        check("a; b", (0, 1), &[], 0);
        check("a -supports-> b", (0, 0), &[], 0);
        check("a -supports-> b", (0, 1), &[&[0, 1]], 1);
    }

    /// Whether two paths share what they must not.
    fn share(disjoint: Disjoint, is_directed: bool, a: &[u32], b: &[u32]) -> bool {
        let inner = |it: &[u32]| it[1..it.len() - 1].to_vec();
        let links = |it: &[u32]| -> Vec<(u32, u32)> {
            let way = |it: &[u32]| match is_directed {
                true => (it[0], it[1]),
                false => (it[0].min(it[1]), it[0].max(it[1])),
            };
            it.windows(2).map(way).collect()
        };
        let share_a_link = links(a).iter().any(|it| links(b).contains(it));
        share_a_link
            || disjoint == Disjoint::Nodes && inner(a).iter().any(|it| inner(b).contains(it))
    }

    /// The most disjoint ones among all paths, and the fewest links that so many can have.
    fn best(
        paths: &[Vec<u32>],
        chosen: &mut Vec<usize>,
        from: usize,
        clash: &dyn Fn(usize, usize) -> bool,
        best_yet: &mut (usize, Reverse<usize>),
    ) {
        let n_links = chosen.iter().map(|&it| paths[it].len() - 1).sum();
        *best_yet = (*best_yet).max((chosen.len(), Reverse(n_links)));
        for at in from..paths.len() {
            if chosen.iter().all(|&it| !clash(it, at)) {
                chosen.push(at);
                best(paths, chosen, at + 1, clash, best_yet);
                chosen.pop();
            }
        }
    }

    #[test]
    fn no_choice_among_all_paths_has_more_or_shorter_ones() {
        for_all_graphs(|view| {
            if view.n() > 6 {
                return;
            }
            let matrix = Matrix::of(view);
            // Of the many graphs of six nodes two sources are enough.
            let n_sources = if view.n() == 6 { 2 } else { view.n() as u32 };
            for source in 0..n_sources {
                for target in (0..view.n() as u32).filter(|&it| it != source).take(2) {
                    let all = matrix.simple_paths(source, target);
                    for disjoint in [Disjoint::Nodes, Disjoint::Links] {
                        let found = disjoint_paths(view, source, target, disjoint, &[]);
                        assert!(found.iter().all(|it| all.contains(it)), "{found:?}");
                        let clash =
                            |a: &[u32], b: &[u32]| share(disjoint, view.spec().directed, a, b);
                        for (at, path) in found.iter().enumerate() {
                            assert!(found[..at].iter().all(|it| !clash(it, path)));
                        }
                        let mut expected = (0, Reverse(0));
                        best(
                            &all,
                            &mut Vec::new(),
                            0,
                            &|a, b| clash(&all[a], &all[b]),
                            &mut expected,
                        );
                        let n_links = found.iter().map(|it| it.len() - 1).sum();
                        assert_eq!((found.len(), Reverse(n_links)), expected);
                    }
                }
            }
        });
    }
}
