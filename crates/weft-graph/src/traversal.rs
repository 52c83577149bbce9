//! Breadth-first searches on a view: distances and shortest paths, counted in links.

use std::ops::Range;
use std::{hint, iter, mem};

use crate::{NodeSet, View};

/// The distance of a node that no path reaches.
pub const UNREACHED: u32 = u32::MAX;

/// A level is pulled by those not yet reached once its arcs are this part of theirs.
const PULL_FROM: usize = 8;
/// A node that is not yet reached looks up so many neighbours without asking after each: mostly one of
/// them has been reached, and which is as good as chance.
const N_FIRST: usize = 4;

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
    let mut search = Search::new(view, sources);
    for depth in 1..=depth_max {
        if search.n_arcs_left == 0 || search.is_few && search.newest.is_empty() {
            break;
        }
        if search.is_few { search.push(depth) } else { search.pull(depth) }
    }
    search.distance
}

/// A search that goes on level by level: those reached last push to their neighbours, or those not yet
/// reached pull from theirs.
struct Search<'a> {
    view: &'a View,
    distance: Vec<u32>,
    reached: NodeSet,
    /// Whether few arcs lead to those reached last; only then are they listed, and pushed.
    is_few: bool,
    newest: Vec<u32>,
    /// Memory for those that come next.
    next: Vec<u32>,
    /// No more arcs lead to those not yet reached.
    n_arcs_left: usize,
    pulled: Option<Pulled>,
}

/// What levels that are pulled need.
struct Pulled {
    /// All but those that are known to be reached, or to have nobody to be reached from.
    rest: NodeSet,
    /// Those reached last.
    found: NodeSet,
    /// Those whose first neighbours do not tell, and one place more.
    undecided: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(view: &'a View, sources: &[u32]) -> Self {
        let n = view.n();
        let mut search = Self {
            view,
            distance: vec![UNREACHED; n],
            reached: NodeSet::new(n),
            is_few: true,
            newest: sources.to_vec(),
            next: Vec::new(),
            n_arcs_left: view.n_arcs(),
            pulled: None,
        };
        search.keep_new(0);
        search
    }

    /// Keeps of the newest who was not reached before, at a distance.
    fn keep_new(&mut self, depth: u32) {
        let Self { newest, reached, .. } = self;
        // Whether a node is new is as good as chance, so each is written down and stays if it is.
        let mut end = 0;
        for at in 0..newest.len() {
            newest[end] = newest[at];
            end += usize::from(reached.insert(newest[at]));
        }
        newest.truncate(end);
        newest.iter().for_each(|&it| self.distance[it as usize] = depth);
        // Their arcs are counted as long as they are few.
        let mut n_arcs = 0;
        self.is_few = newest.iter().all(|&it| {
            n_arcs += self.view.in_neighbours(it).len();
            n_arcs < self.n_arcs_left / PULL_FROM
        });
        self.n_arcs_left -= n_arcs.min(self.n_arcs_left);
    }

    fn push(&mut self, depth: u32) {
        // Rows are copied faster than read: where one ends is as good as chance.
        self.next.clear();
        self.newest.iter().for_each(|&it| self.next.extend_from_slice(self.view.neighbours(it)));
        mem::swap(&mut self.newest, &mut self.next);
        self.keep_new(depth);
    }

    /// Who is next to anybody reached is next to one reached last, or it would have been reached before.
    fn pull(&mut self, depth: u32) {
        let (n, reached) = (self.view.n(), &mut self.reached);
        let Pulled { rest, found, undecided } = self.pulled.get_or_insert_with(|| Pulled {
            rest: NodeSet::all(n),
            found: NodeSet::new(n),
            undecided: vec![0; n + 1],
        });
        rest.remove_all(reached);
        let (offsets, neighbours) = self.view.arcs_in();
        let (mut n_arcs_asked, mut n_arcs_found, mut n_undecided) = (0, 0, 0);
        let words = rest.words_mut().iter_mut().zip(found.words_mut());
        for (at, ((rest, found), distance)) in words.zip(self.distance.chunks_mut(64)).enumerate() {
            let begin = at * 64;
            let offsets = &offsets[begin..];
            let (mut asked, mut new, mut alone) = (*rest, 0, 0);
            while asked != 0 {
                let bit = asked.trailing_zeros() as usize;
                asked &= asked - 1;
                let row = offsets[bit] as usize..offsets[bit + 1] as usize;
                let n_arcs = row.len();
                let is_new = match neighbours[row.start..].first_chunk::<N_FIRST>() {
                    // Those after the row's end are of other nodes.
                    Some(first) => (0..N_FIRST)
                        .fold(false, |any, k| any | (reached.has(first[k]) & (k < n_arcs))),
                    None => neighbours[row].iter().any(|&it| reached.has(it)),
                };
                new |= u64::from(is_new) << bit;
                alone |= u64::from(n_arcs == 0) << bit;
                distance[bit] = if is_new { depth } else { UNREACHED };
                n_arcs_asked += n_arcs;
                n_arcs_found += if is_new { n_arcs } else { 0 };
                undecided[n_undecided] = (begin + bit) as u32;
                n_undecided += usize::from(!is_new & (n_arcs > N_FIRST));
            }
            *found = new;
            *rest &= !alone;
        }
        for &node in &undecided[..n_undecided] {
            let row = self.view.in_neighbours(node);
            if row[N_FIRST..].iter().any(|&it| reached.has(it)) {
                found.insert(node);
                self.distance[node as usize] = depth;
                n_arcs_found += row.len();
            }
        }
        reached.insert_all(found);
        self.n_arcs_left = n_arcs_asked - n_arcs_found;
        self.is_few = n_arcs_found == 0 || n_arcs_found < self.n_arcs_left / PULL_FROM;
        if self.is_few {
            self.newest.clear();
            self.newest.extend(found.iter());
        }
    }
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

    /// A plain search that looks at one node after the other.
    fn plainly(view: &View, sources: &[u32], depth_max: u32) -> Vec<u32> {
        let mut distance = vec![UNREACHED; view.n()];
        sources.iter().for_each(|&it| distance[it as usize] = 0);
        let mut queue = sources.to_vec();
        let mut at = 0;
        while let Some(&node) = queue.get(at) {
            at += 1;
            let next = distance[node as usize] + 1;
            for &neighbour in view.neighbours(node) {
                if distance[neighbour as usize] == UNREACHED && next <= depth_max {
                    distance[neighbour as usize] = next;
                    queue.push(neighbour);
                }
            }
        }
        distance
    }

    /// Compares with a plain search from one end.
    #[track_caller]
    fn check(view: &View) {
        let n = view.n() as u32;
        let mut finder = PathFinder::new(view);
        for source in 0..n {
            let expected = plainly(view, &[source], u32::MAX);
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

    /// A view of so many nodes and ties, whose ends `roll` tells.
    fn view_of(
        n: usize,
        n_ties: usize,
        directed: bool,
        roll: &mut impl FnMut(usize) -> usize,
    ) -> View {
        let mut text: Vec<String> = (0..n).map(|it| format!("n{it}")).collect();
        for key in 0..n_ties {
            text.push(format!("n{} -supports[#k{key}]-> n{}", roll(n), roll(n)));
        }
        let snapshot = fixture(&text.join("; "));
        View::new(&snapshot, ViewSpec { directed, ..ViewSpec::all(&snapshot) })
    }

    fn rolls() -> impl FnMut(usize) -> usize {
        let mut state = 5_u64;
        move |n| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 33) as usize) % n
        }
    }

    #[test]
    fn distances_of_large_views_are_those_of_a_plain_search() {
        let mut roll = rolls();
        for round in 0..60 {
            // Some ties lie among the first only, so that searches grow, ebb away and grow again.
            let n = [64, 65, 127, 200, 640][round % 5];
            let n_ties = roll(4 * n);
            let near = 1 + roll(n);
            let mut ends = |_: usize| if roll(2) == 0 { roll(n) } else { roll(near) };
            for directed in [false, true] {
                let view = view_of(n, n_ties, directed, &mut ends);
                for source in 0..20 {
                    let sources = [source, source * 3, source, n as u32 - 1];
                    for depth_max in [0, 1, 2, 5, u32::MAX] {
                        let expected = plainly(&view, &sources, depth_max);
                        assert_eq!(distances(&view, &sources, depth_max), expected);
                    }
                }
            }
        }
    }

    #[test]
    fn paths_and_distances_are_those_of_a_search_from_one_end() {
        let mut roll = rolls();
        for round in 0..300 {
            let n = 1 + roll(if round % 10 == 0 { 60 } else { 9 });
            for directed in [false, true] {
                let n_ties = roll(2 * n);
                check(&view_of(n, n_ties, directed, &mut roll));
            }
        }
    }
}
