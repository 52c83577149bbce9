//! Breadth-first searches on a view: distances and shortest paths, counted in links.

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

/// Returns one shortest path between two nodes, both ends included; of several the first in the order
/// of their indices, read from the source. None if there is no path.
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
    forth: Half,
    back: Half,
}

/// One of the two searches, by levels.
struct Half {
    /// From its own end; [`UNREACHED`] between searches.
    distance: Vec<u32>,
    order: Vec<u32>,
    /// Where the newest level begins.
    level: usize,
    n_arcs: usize,
}

impl<'a> PathFinder<'a> {
    /// Makes room for searches of a view.
    pub fn new(view: &'a View) -> Self {
        Self { view, forth: Half::new(view.n()), back: Half::new(view.n()) }
    }

    /// Returns what [`shortest_path`] returns.
    pub fn path(&mut self, source: u32, target: u32) -> Option<Vec<u32>> {
        if source == target {
            return Some(vec![source]);
        }
        self.forth.begin(source);
        self.back.begin(target);
        let path = self.meet().then(|| self.first_path(source, target));
        self.forth.clear();
        self.back.clear();
        path
    }

    /// Takes the cheaper side one level on until one has reached the newest level of the other;
    /// false if they never do.
    fn meet(&mut self) -> bool {
        let view = self.view;
        loop {
            let (forth, back) = (&mut self.forth, &mut self.back);
            if forth.is_done() || back.is_done() {
                return false;
            }
            let met = if forth.n_arcs <= back.n_arcs {
                forth.advance(back, |it| view.neighbours(it), |it| view.degree(it))
            } else {
                let n_arcs = |it| view.in_neighbours(it).len();
                back.advance(forth, |it| view.in_neighbours(it), n_arcs)
            };
            if met {
                return true;
            }
        }
    }

    /// Walks from the source, always to the first neighbour that is on a shortest path.
    fn first_path(&mut self, source: u32, target: u32) -> Vec<u32> {
        let view = self.view;
        let (forth, back) = (&mut self.forth, &mut self.back);
        // The back half is carried on along shortest paths alone, to the source.
        let length = forth.order[forth.level..]
            .iter()
            .filter(|&&it| back.distance[it as usize] != UNREACHED)
            .map(|&it| forth.distance[it as usize] + back.distance[it as usize])
            .min()
            .unwrap_or(UNREACHED);
        let is_on = |it: &u32| {
            let (before, after) = (forth.distance[*it as usize], back.distance[*it as usize]);
            after != UNREACHED && before + after == length
        };
        let mut level: Vec<u32> =
            forth.order[forth.level..].iter().copied().filter(is_on).collect();
        while let Some(&first) = level.first() {
            let depth = forth.distance[first as usize];
            let mut before = Vec::new();
            for &node in level.iter().filter(|_| depth > 0) {
                for &neighbour in view.in_neighbours(node) {
                    let at = neighbour as usize;
                    if forth.distance[at] == depth - 1 && back.distance[at] == UNREACHED {
                        back.distance[at] = length - forth.distance[at];
                        back.order.push(neighbour);
                        before.push(neighbour);
                    }
                }
            }
            level = before;
        }
        let mut path = vec![source];
        let mut node = source;
        while node != target {
            let left = length - path.len() as u32;
            let is_next = |it: &&u32| back.distance[**it as usize] == left;
            node = *view.neighbours(node).iter().find(is_next).expect("a path goes on to its end");
            path.push(node);
        }
        path
    }
}

/// Finds distances between two nodes one after the other, from both ends at once, in memory that it
/// keeps; for who needs no path, as it stops where the two searches touch.
///
/// - Direction: along the view's arcs. Cost: O(n + m) each, mostly a small part of it; O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let mut finder = weft_graph::DistanceFinder::new(&view);
/// assert_eq!((finder.distance(0, 2), finder.distance(2, 3)), (2, weft_graph::UNREACHED));
/// ```
pub struct DistanceFinder<'a> {
    view: &'a View,
    /// The mark of the search that reached each node last, so that one look tells of both. Each pair
    /// of searches has marks of its own, so that nothing need be wiped away between them.
    reached_by: Vec<u8>,
    /// The mark of the search from the source, an even number; that from the target has the next.
    mark: u8,
    sides: [Side; 2],
}

/// The greatest mark of a search from a source.
const MARK_MAX: u8 = u8::MAX - 1;

/// One of the two searches.
struct Side {
    /// The nodes reached, and one place more: each neighbour is written down and stays if it is new.
    order: Vec<u32>,
    n_reached: usize,
    /// Where the newest level begins, and how far it is.
    level: usize,
    distance: u32,
}

impl<'a> DistanceFinder<'a> {
    /// Makes room for searches of a view.
    pub fn new(view: &'a View) -> Self {
        let side = || Side { order: vec![0; view.n() + 1], n_reached: 0, level: 0, distance: 0 };
        Self { view, reached_by: vec![0; view.n()], mark: 0, sides: [side(), side()] }
    }

    /// Returns the fewest links from one node to another; [`UNREACHED`] if no path joins them.
    pub fn distance(&mut self, source: u32, target: u32) -> u32 {
        if source == target {
            return 0;
        }
        if self.mark == MARK_MAX {
            self.reached_by.fill(0);
            self.mark = 0;
        }
        self.mark += 2;
        for (which, node) in [source, target].into_iter().enumerate() {
            let side = &mut self.sides[which];
            side.order[0] = node;
            (side.n_reached, side.level, side.distance) = (1, 0, 0);
            self.reached_by[node as usize] = self.mark + which as u8;
        }
        let view = self.view;
        loop {
            let [forth, back] = &self.sides;
            let (n_forth, n_back) = (forth.n_reached - forth.level, back.n_reached - back.level);
            if n_forth == 0 || n_back == 0 {
                return UNREACHED;
            }
            // As good a guess as their arcs, which would have to be counted.
            let has_met = match n_forth <= n_back {
                true => self.advance(0, |it| view.neighbours(it)),
                false => self.advance(1, |it| view.in_neighbours(it)),
            };
            if has_met {
                return self.sides.iter().map(|it| it.distance).sum();
            }
        }
    }

    /// Takes one search a level on; stops and is true once it touches the other, whose newest level
    /// that must be. By itself, so that the innermost loop has the registers to itself.
    #[inline(never)]
    fn advance<'b>(&mut self, which: usize, neighbours: impl Fn(u32) -> &'b [u32]) -> bool {
        let (own, other) = (self.mark + which as u8, self.mark + 1 - which as u8);
        let side = &mut self.sides[which];
        side.distance += 1;
        let (order, reached_by) = (&mut side.order[..], &mut self.reached_by[..]);
        let end = side.n_reached;
        let mut n_reached = end;
        for at in side.level..end {
            for &neighbour in neighbours(order[at]) {
                let reached_by = &mut reached_by[neighbour as usize];
                if *reached_by == other {
                    return true;
                }
                // Whether it is new is added, not asked: nobody could guess.
                order[n_reached] = neighbour;
                n_reached += usize::from(*reached_by != own);
                *reached_by = own;
            }
        }
        (side.level, side.n_reached) = (end, n_reached);
        false
    }
}

impl Half {
    fn new(n: usize) -> Self {
        Self { distance: vec![UNREACHED; n], order: Vec::new(), level: 0, n_arcs: 0 }
    }

    fn begin(&mut self, node: u32) {
        self.distance[node as usize] = 0;
        self.order.push(node);
        (self.level, self.n_arcs) = (0, 0);
    }

    fn is_done(&self) -> bool {
        self.level == self.order.len()
    }

    /// Reaches the next level; whether any of it was reached from the other end.
    fn advance<'b>(
        &mut self,
        other: &Self,
        neighbours: impl Fn(u32) -> &'b [u32],
        n_arcs: impl Fn(u32) -> usize,
    ) -> bool {
        let end = self.order.len();
        let (mut met, mut n_arcs_next) = (false, 0);
        for at in self.level..end {
            let node = self.order[at];
            let next = self.distance[node as usize] + 1;
            for &neighbour in neighbours(node) {
                let distance = &mut self.distance[neighbour as usize];
                if *distance == UNREACHED {
                    *distance = next;
                    self.order.push(neighbour);
                    met |= other.distance[neighbour as usize] != UNREACHED;
                    n_arcs_next += n_arcs(neighbour);
                }
            }
        }
        (self.level, self.n_arcs) = (end, n_arcs_next);
        met
    }

    fn clear(&mut self) {
        for node in self.order.drain(..) {
            self.distance[node as usize] = UNREACHED;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ViewSpec, fixture};

    /// Compares with a search from one end whose queue keeps the order of indices.
    #[track_caller]
    fn check(view: &View) {
        let n = view.n() as u32;
        let mut finder = PathFinder::new(view);
        let mut distance_finder = DistanceFinder::new(view);
        for source in 0..n {
            let mut parent = vec![UNREACHED; view.n()];
            let mut queue = vec![source];
            let mut at = 0;
            while let Some(&node) = queue.get(at) {
                at += 1;
                for &neighbour in view.neighbours(node) {
                    if parent[neighbour as usize] == UNREACHED && neighbour != source {
                        parent[neighbour as usize] = node;
                        queue.push(neighbour);
                    }
                }
            }
            let mut expected_distance = vec![UNREACHED; view.n()];
            for target in 0..n {
                let mut path = vec![target];
                while let Some(&last) = path.last()
                    && parent[last as usize] != UNREACHED
                {
                    path.push(parent[last as usize]);
                }
                path.reverse();
                let expected = (path[0] == source).then_some(path);
                if let Some(path) = &expected {
                    expected_distance[target as usize] = path.len() as u32 - 1;
                }
                assert_eq!(finder.path(source, target), expected, "from {source} to {target}");
            }
            let found: Vec<u32> =
                (0..n).map(|target| distance_finder.distance(source, target)).collect();
            assert_eq!(found, expected_distance);
            assert_eq!(distances(view, &[source], u32::MAX), expected_distance);
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
