//! Breadth-first searches on a view: distances and shortest paths, counted in links.

use std::ops::Range;
use std::{hint, iter};

use crate::{NodeSet, View};

/// The distance of a node that no path reaches.
pub const UNREACHED: u32 = u32::MAX;

/// A level is pulled by those not yet reached once its arcs are this part of theirs.
const PULL_FROM: usize = 8;
/// Room for so many nodes is made at once; most searches stop before they reach more.
const ORDER_ROOM: usize = 1024;

/// Returns the fewest links from any of the sources to each node, by dense index.
///
/// - Direction: along the view's arcs. Disconnected: [`UNREACHED`]; so is everything farther than
///   `depth_max`.
/// - Source: Beamer, Asanović and Patterson, *Direction-optimizing breadth-first search* (2012).
/// - Cost: O(n + m) time, mostly less than all arcs; O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_graph::distances(&view, &[0], u32::MAX), [0, 1, 2]);
/// ```
pub fn distances(view: &View, sources: &[u32], depth_max: u32) -> Vec<u32> {
    let n = view.n();
    let mut distance = vec![UNREACHED; n];
    let mut reached = NodeSet::new(n);
    // The nodes reached, level by level, and one place more: whether a node is new is as good as chance,
    // so each is written down and stays if it is.
    let mut order = Vec::with_capacity(n.min(ORDER_ROOM));
    for &source in sources {
        if reached.insert(source) {
            distance[source as usize] = 0;
            order.push(source);
        }
    }
    let mut n_arcs_left = view.n_arcs();
    // The newest level as a set, once levels are pulled.
    let mut newest: Option<NodeSet> = None;
    let mut level = 0..order.len();
    let mut depth = 0;
    while !level.is_empty() && depth < depth_max {
        depth += 1;
        let n_arcs: usize = order[level.clone()].iter().map(|&it| view.degree(it)).sum();
        let n_arcs_in = match view.spec().directed {
            true => order[level.clone()].iter().map(|&it| view.in_neighbours(it).len()).sum(),
            false => n_arcs,
        };
        n_arcs_left = n_arcs_left.saturating_sub(n_arcs_in);
        let mut end = level.end;
        if n_arcs < n_arcs_left / PULL_FROM {
            order.resize(order.len().max((end + n_arcs).min(n) + 1), 0);
            for at in level.clone() {
                for &neighbour in view.neighbours(order[at]) {
                    order[end] = neighbour;
                    end += usize::from(reached.insert(neighbour));
                }
            }
            order[level.end..end].iter().for_each(|&it| distance[it as usize] = depth);
        } else {
            order.resize(n + 1, 0);
            let newest = newest.get_or_insert_with(|| {
                // Who has nobody to be reached from need not be asked again.
                let alone = (0..n as u32).filter(|&it| view.in_neighbours(it).is_empty());
                alone.for_each(|it| _ = reached.insert(it));
                NodeSet::new(n)
            });
            order[level.clone()].iter().for_each(|&it| _ = newest.insert(it));
            let is_likely = n_arcs > view.n_arcs() / 2;
            reached.insert_those(n, |node| {
                let row = view.in_neighbours(node);
                let is_reached = match is_likely {
                    true => row.iter().any(|&it| newest.has(it)),
                    false => newest.has_any(row),
                };
                distance[node as usize] = if is_reached { depth } else { UNREACHED };
                order[end] = node;
                end += usize::from(is_reached);
                is_reached
            });
            order[level.clone()].iter().for_each(|&it| newest.clear_around(it));
        }
        level = level.end..end;
    }
    distance
}

/// Returns a shortest path between two nodes, both ends included; of several always the same. None if
/// there is no path.
///
/// - Direction: along the view's arcs. Cost: O(n + m). Many paths are found faster by one
///   [`PathFinder`].
pub fn shortest_path(view: &View, source: u32, target: u32) -> Option<Vec<u32>> {
    PathFinder::new(view).path(source, target)
}

/// Finds shortest paths one after the other, from both ends at once, in memory that it keeps.
///
/// - Source: Pohl, *Bi-directional search* (1971). Cost: O(n) memory and to make; a path then costs what
///   lies within about half its length of either end, O(n + m) at worst.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let mut finder = weft_graph::PathFinder::new(&view);
/// assert_eq!(finder.path(0, 2), Some(vec![0, 1, 2]));
/// assert_eq!(finder.path(0, 3), None);
/// ```
pub struct PathFinder<'a> {
    view: &'a View,
    /// The mark of the search that reached each node last, so that one look tells of both sides. Each pair
    /// of searches has marks of its own, so that nothing need be wiped away in between.
    reached_by: Vec<u8>,
    /// The mark of the search from the source, an even number; that from the target has the next.
    mark: u8,
    forth: Side,
    back: Side,
}

/// The greatest mark of a search from a source.
const MARK_MAX: u8 = u8::MAX - 1;

/// One of the two searches.
struct Side {
    /// The nodes reached, each with the place of the one that it was reached from, and one place more:
    /// each neighbour is written down and stays if it is new.
    order: Vec<(u32, u32)>,
    n_reached: usize,
    /// Where the newest level begins.
    level: usize,
}

impl<'a> PathFinder<'a> {
    /// Makes room for searches of a view.
    pub fn new(view: &'a View) -> Self {
        let (forth, back) = (Side::new(view.n()), Side::new(view.n()));
        Self { view, reached_by: vec![0; view.n()], mark: 0, forth, back }
    }

    /// Returns what [`shortest_path`] returns.
    pub fn path(&mut self, source: u32, target: u32) -> Option<Vec<u32>> {
        if source == target {
            return Some(vec![source]);
        }
        if self.mark == MARK_MAX {
            self.reached_by.fill(0);
            self.mark = 0;
        }
        self.mark += 2;
        let (own, other) = (self.mark, self.mark + 1);
        self.forth.begin(source);
        self.back.begin(target);
        self.reached_by[source as usize] = own;
        self.reached_by[target as usize] = other;
        let (view, forth, back) = (self.view, &mut self.forth, &mut self.back);
        let reached_by = &mut self.reached_by[..];
        let (before, after) = loop {
            let (n_forth, n_back) = (forth.newest().len(), back.newest().len());
            if n_forth == 0 || n_back == 0 {
                return None;
            }
            // As good a guess as their arcs, which would have to be counted.
            if n_forth <= n_back {
                let row = |it| view.neighbours(it);
                if let Some((place, met)) = forth.advance(reached_by, own, other, row) {
                    break (place, back.place_of(met));
                }
            } else {
                let row = |it| view.in_neighbours(it);
                if let Some((place, met)) = back.advance(reached_by, other, own, row) {
                    break (forth.place_of(met), place);
                }
            }
        };
        let mut path: Vec<u32> = forth.way_from(before).collect();
        path.reverse();
        path.extend(back.way_from(after));
        Some(path)
    }
}

impl Side {
    fn new(n: usize) -> Self {
        Self { order: vec![(0, 0); n + 1], n_reached: 0, level: 0 }
    }

    fn begin(&mut self, node: u32) {
        self.order[0] = (node, 0);
        (self.n_reached, self.level) = (1, 0);
    }

    /// The places of the newest level.
    fn newest(&self) -> Range<usize> {
        self.level..self.n_reached
    }

    /// Goes one level on. Where it touches the other search, it stops and returns the place of the node
    /// that it went from, and the node met, which is in the newest level there. By itself, so that the
    /// innermost loop has the registers to itself.
    #[inline(never)]
    fn advance<'b>(
        &mut self,
        reached_by: &mut [u8],
        own: u8,
        other: u8,
        row: impl Fn(u32) -> &'b [u32],
    ) -> Option<(usize, u32)> {
        let level = self.newest();
        let order = &mut self.order[..];
        let mut n_reached = level.end;
        // The row after is fetched while one is read: the reads are waits for memory otherwise.
        let (mut next, mut fetched) = (row(order[level.start].0), 0);
        for place in level.clone() {
            let neighbours = next;
            next = row(order[place + 1].0);
            fetched ^= next.first().copied().unwrap_or(0);
            for &neighbour in neighbours {
                let reached_by = &mut reached_by[neighbour as usize];
                if *reached_by == other {
                    return Some((place, neighbour));
                }
                // Whether it is new is added, not asked: nobody could guess.
                order[n_reached] = (neighbour, place as u32);
                n_reached += usize::from(*reached_by != own);
                *reached_by = own;
            }
        }
        hint::black_box(fetched);
        (self.level, self.n_reached) = (level.end, n_reached);
        None
    }

    /// The place of a node of the newest level.
    fn place_of(&self, node: u32) -> usize {
        let is_it = |place: &usize| self.order[*place].0 == node;
        self.newest().find(is_it).expect("it is in the newest level")
    }

    /// The nodes from a place to the end that the search began at.
    fn way_from(&self, place: usize) -> impl Iterator<Item = u32> {
        let from = |&place: &usize| (place > 0).then(|| self.order[place].1 as usize);
        iter::successors(Some(place), from).map(|it| self.order[it].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ViewSpec, fixture};

    /// Compares with a plain search from one end.
    #[track_caller]
    fn check(view: &View) {
        let n = view.n() as u32;
        let mut finder = PathFinder::new(view);
        for source in 0..n {
            let mut expected = vec![UNREACHED; view.n()];
            expected[source as usize] = 0;
            let mut queue = vec![source];
            let mut at = 0;
            while let Some(&node) = queue.get(at) {
                at += 1;
                for &neighbour in view.neighbours(node) {
                    if expected[neighbour as usize] == UNREACHED {
                        expected[neighbour as usize] = expected[node as usize] + 1;
                        queue.push(neighbour);
                    }
                }
            }
            assert_eq!(distances(view, &[source], u32::MAX), expected);
            for target in 0..n {
                let path = finder.path(source, target);
                let n_links = path.as_ref().map_or(UNREACHED, |it| it.len() as u32 - 1);
                assert_eq!(n_links, expected[target as usize], "from {source} to {target}");
                assert_eq!(path, shortest_path(view, source, target), "it knows of no path before");
                let Some(path) = path else { continue };
                assert_eq!((path[0], path[path.len() - 1]), (source, target));
                let is_link = |it: &[u32]| view.neighbours(it[0]).contains(&it[1]);
                assert!(path.windows(2).all(is_link), "{path:?}");
            }
        }
    }

    #[test]
    fn paths_and_distances_are_those_of_a_search_from_one_end() {
        let mut state = 5_u64;
        let mut roll = |n: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 33) as usize) % n
        };
        for round in 0..300 {
            let n = 1 + roll(if round % 10 == 0 { 60 } else { 9 });
            let mut text: Vec<String> = (0..n).map(|it| format!("n{it}")).collect();
            for key in 0..roll(2 * n) {
                text.push(format!("n{} -supports[#k{key}]-> n{}", roll(n), roll(n)));
            }
            let snapshot = fixture(&text.join("; "));
            for directed in [false, true] {
                check(&View::new(&snapshot, ViewSpec { directed, ..ViewSpec::all(&snapshot) }));
            }
        }
    }
}
