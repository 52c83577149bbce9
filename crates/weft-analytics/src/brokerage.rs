//! Gould and Fernandez's brokerage: between which groups a node stands.

use std::ops::AddAssign;

use weft_graph::View;

/// How often a node stands between two others that are not linked, by the groups of the three.
///
/// Written for an ordered pair `a -> v -> b` without a link `a -> b`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brokerage {
    /// All three in one group (`w_I`).
    pub coordinator: u64,
    /// Both others in one group, the broker in another (`w_O`); also called consultant.
    pub itinerant: u64,
    /// From the broker's own group to another (`b_IO`).
    pub representative: u64,
    /// From another group into the broker's own (`b_OI`).
    pub gatekeeper: u64,
    /// Three different groups (`b_O`).
    pub liaison: u64,
}

/// Returns the brokerage roles of each node; `groups` gives the group of each, by dense index.
///
/// - Direction: along the view's arcs; ordered pairs, so that an undirected open pair counts twice.
///   Weights: none. Isolated nodes: all 0.
/// - Source: Gould and Fernandez, *Structures of mediation* (1989).
/// - Cost: O(sum over arcs of the smaller degree, times its logarithm), so a hub with many contacts
///   does not cost the square of their number; O(n) memory.
///
/// # Panics
/// If `groups` is shorter than the view has nodes.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let roles = weft_analytics::brokerage(&view, &[0, 0, 1]);
/// assert_eq!((roles[1].representative, roles[1].gatekeeper, roles[1].total()), (1, 1, 2));
/// ```
pub fn brokerage(view: &View, groups: &[u32]) -> Vec<Brokerage> {
    let n_groups = groups.iter().max().map_or(0, |&it| it as usize + 1);
    let mut n_in_by_group = vec![0_u64; n_groups];
    let mut is_after = vec![false; view.n()];
    (0..view.n() as u32)
        .map(|broker| {
            let (before, after) = (view.in_neighbours(broker), view.neighbours(broker));
            let group = |node: u32| groups[node as usize];
            for &node in before {
                n_in_by_group[group(node) as usize] += 1;
            }
            for &node in after {
                is_after[node as usize] = true;
            }
            // All pairs by group, less those that are linked or are one node twice.
            let own = n_in_by_group[group(broker) as usize];
            let n_before = before.len() as u64;
            let mut all = Brokerage::default();
            for &node in after {
                let same = n_in_by_group[group(node) as usize];
                if group(node) == group(broker) {
                    all.coordinator += own;
                    all.gatekeeper += n_before - own;
                } else {
                    all.representative += own;
                    all.itinerant += same;
                    all.liaison += n_before - own - same;
                }
            }
            let mut closed = Brokerage::default();
            for &source in before {
                let mut close =
                    |target| closed += role(group(source), group(broker), group(target));
                if is_after[source as usize] {
                    close(source);
                }
                let onward = view.neighbours(source);
                if onward.len() <= after.len() {
                    onward.iter().copied().filter(|&it| is_after[it as usize]).for_each(close);
                } else {
                    let is_linked = |it: &u32| onward.binary_search(it).is_ok();
                    after.iter().copied().filter(is_linked).for_each(close);
                }
            }
            for &node in before {
                n_in_by_group[group(node) as usize] = 0;
            }
            for &node in after {
                is_after[node as usize] = false;
            }
            all.less(closed)
        })
        .collect()
}

impl Brokerage {
    /// The five roles together: all open pairs.
    pub fn total(&self) -> u64 {
        self.coordinator + self.itinerant + self.representative + self.gatekeeper + self.liaison
    }

    fn less(self, other: Self) -> Self {
        Self {
            coordinator: self.coordinator - other.coordinator,
            itinerant: self.itinerant - other.itinerant,
            representative: self.representative - other.representative,
            gatekeeper: self.gatekeeper - other.gatekeeper,
            liaison: self.liaison - other.liaison,
        }
    }
}

impl AddAssign for Brokerage {
    fn add_assign(&mut self, other: Self) {
        self.coordinator += other.coordinator;
        self.itinerant += other.itinerant;
        self.representative += other.representative;
        self.gatekeeper += other.gatekeeper;
        self.liaison += other.liaison;
    }
}

/// The role of one broker between one pair, as a count of one.
fn role(source: u32, broker: u32, target: u32) -> Brokerage {
    let mut role = Brokerage::default();
    let count = match (source == broker, broker == target, source == target) {
        (true, true, _) => &mut role.coordinator,
        (true, false, _) => &mut role.representative,
        (false, true, _) => &mut role.gatekeeper,
        (false, false, true) => &mut role.itinerant,
        (false, false, false) => &mut role.liaison,
    };
    *count = 1;
    role
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, directed_view_of, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(view: &View, groups: &[u32], node: usize, expected: [u64; 5]) {
        let it = brokerage(view, groups)[node];
        let found = [it.coordinator, it.itinerant, it.representative, it.gatekeeper, it.liaison];
        assert_eq!(found, expected);
    }

    #[test]
    fn each_role_is_told_by_the_groups() {
        let chain = "a -supports-> v; v -supports-> b";
        check(&directed_view_of(chain), &[0, 0, 0], 1, [1, 0, 0, 0, 0]);
        check(&directed_view_of(chain), &[0, 1, 0], 1, [0, 1, 0, 0, 0]);
        check(&directed_view_of(chain), &[0, 0, 1], 1, [0, 0, 1, 0, 0]);
        check(&directed_view_of(chain), &[1, 0, 0], 1, [0, 0, 0, 1, 0]);
        check(&directed_view_of(chain), &[0, 1, 2], 1, [0, 0, 0, 0, 1]);
    }

    #[test]
    fn an_undirected_open_pair_counts_twice_and_a_linked_pair_not_at_all() {
        check(&view_of("a -supports-> v; v -supports-> b"), &[0, 0, 0], 1, [2, 0, 0, 0, 0]);
        let triangle = "a -supports-> v; v -supports-> b; a -supports-> b";
        check(&view_of(triangle), &[0, 0, 0], 1, [0; 5]);
    }

    #[test]
    fn roles_count_all_open_pairs_one_by_one() {
        for_all_small_graphs(|view| {
            let matrix = Matrix::of(view);
            let n = view.n();
            let groups: Vec<u32> = (0..n as u32).map(|it| it * it % 3).collect();
            let found = brokerage(view, &groups);
            for v in 0..n {
                let mut expected = Brokerage::default();
                for a in 0..n {
                    for b in (0..n).filter(|&b| b != a && !matrix.0[a][b]) {
                        if matrix.0[a][v] && matrix.0[v][b] {
                            expected += role(groups[a], groups[v], groups[b]);
                        }
                    }
                }
                assert_eq!(found[v], expected);
            }
        });
    }
}
