//! Breadth-first searches on a view: distances and shortest paths, counted in links.

use crate::View;

/// The distance of a node that no path reaches.
pub const UNREACHED: u32 = u32::MAX;

/// A level is pulled by those not yet reached once its arcs are this part of theirs.
const PULL_FROM: usize = 8;
/// Room for so many nodes is made at once; most searches stop before they reach more.
const LEVEL_ROOM: usize = 1024;

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
    let mut level = Vec::with_capacity(n.min(LEVEL_ROOM));
    for &source in sources {
        if distance[source as usize] == UNREACHED {
            distance[source as usize] = 0;
            level.push(source);
        }
    }
    let mut n_arcs_left = view.n_arcs();
    // Those not yet reached, once they have been listed.
    let mut rest: Option<Vec<u32>> = None;
    let mut next_level = Vec::with_capacity(level.capacity());
    let mut depth = 0;
    while !level.is_empty() && depth < depth_max {
        depth += 1;
        let n_arcs: usize = level.iter().map(|&it| view.degree(it)).sum();
        let n_arcs_in: usize = level.iter().map(|&it| view.in_neighbours(it).len()).sum();
        n_arcs_left = n_arcs_left.saturating_sub(n_arcs_in);
        if n_arcs < n_arcs_left / PULL_FROM {
            for &node in &level {
                for &neighbour in view.neighbours(node) {
                    let distance = &mut distance[neighbour as usize];
                    if *distance == UNREACHED {
                        *distance = depth;
                        next_level.push(neighbour);
                    }
                }
            }
        } else {
            let all = || (0..n as u32).filter(|&it| !view.in_neighbours(it).is_empty()).collect();
            rest.get_or_insert_with(all).retain(|&node| {
                if distance[node as usize] != UNREACHED {
                    return false;
                }
                let is_before = |it: &u32| distance[*it as usize] == depth - 1;
                let is_reached = view.in_neighbours(node).iter().any(is_before);
                if is_reached {
                    distance[node as usize] = depth;
                    next_level.push(node);
                }
                !is_reached
            });
        }
        std::mem::swap(&mut level, &mut next_level);
        next_level.clear();
    }
    distance
}

/// Returns one shortest path between two nodes, both ends included; the one whose nodes have the
/// smallest indices, read from the target back. None if there is no path.
///
/// - Direction: along the view's arcs. Cost: O(n + m).
pub fn shortest_path(view: &View, source: u32, target: u32) -> Option<Vec<u32>> {
    let mut parent = vec![UNREACHED; view.n()];
    parent[source as usize] = source;
    let mut queue = vec![source];
    let mut at = 0;
    while let Some(&node) = queue.get(at)
        && parent[target as usize] == UNREACHED
    {
        at += 1;
        for &neighbour in view.neighbours(node) {
            if parent[neighbour as usize] == UNREACHED {
                parent[neighbour as usize] = node;
                queue.push(neighbour);
            }
        }
    }
    if parent[target as usize] == UNREACHED {
        return None;
    }
    let mut path = vec![target];
    let mut node = target;
    while node != source {
        node = parent[node as usize];
        path.push(node);
    }
    path.reverse();
    Some(path)
}
