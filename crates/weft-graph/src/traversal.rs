//! Breadth-first searches on a view: distances and shortest paths, counted in links.

use crate::View;

/// The distance of a node that no path reaches.
pub const UNREACHED: u32 = u32::MAX;

/// Returns the fewest links from any of the sources to each node, by dense index.
///
/// - Direction: along the view's arcs. Disconnected: [`UNREACHED`]; so is everything farther than
///   `depth_max`.
/// - Cost: O(n + m) time, O(n) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_graph::distances(&view, &[0], u32::MAX), [0, 1, 2]);
/// ```
pub fn distances(view: &View, sources: &[u32], depth_max: u32) -> Vec<u32> {
    let mut distance = vec![UNREACHED; view.n()];
    let mut queue = Vec::with_capacity(sources.len());
    for &source in sources {
        if distance[source as usize] == UNREACHED {
            distance[source as usize] = 0;
            queue.push(source);
        }
    }
    let mut at = 0;
    while let Some(&node) = queue.get(at) {
        at += 1;
        let next = distance[node as usize] + 1;
        if next > depth_max {
            break;
        }
        for &neighbour in view.neighbours(node) {
            if distance[neighbour as usize] == UNREACHED {
                distance[neighbour as usize] = next;
                queue.push(neighbour);
            }
        }
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
