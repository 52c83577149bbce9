//! What brokerage roles chance would give: Gould and Fernandez's expected counts and z scores.

use weft_graph::View;

use crate::brokerage::{Brokerage, brokerage};

/// One role of one node against chance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RoleChance {
    /// How often the node has the role.
    pub count: f64,
    /// How often it would have it on average.
    pub expected: f64,
    /// The standard deviation of that.
    pub deviation: f64,
}

/// The roles of one node against chance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BrokerageChance {
    /// All three in one group (`w_I`).
    pub coordinator: RoleChance,
    /// Both others in one group, the broker in another (`w_O`).
    pub itinerant: RoleChance,
    /// From the broker's own group to another (`b_IO`).
    pub representative: RoleChance,
    /// From another group into the broker's own (`b_OI`).
    pub gatekeeper: RoleChance,
    /// Three different groups (`b_O`).
    pub liaison: RoleChance,
    /// All five.
    pub total: RoleChance,
}

impl RoleChance {
    /// How many standard deviations the count is above the expected one; None where chance leaves no
    /// room (no other outcome is possible).
    pub fn z(&self) -> Option<f64> {
        (self.deviation > 0.0).then(|| (self.count - self.expected) / self.deviation)
    }
}

/// Returns the roles of each node beside what chance would give: all pairs of nodes are linked
/// independently, with the density of the view; the groups stay as they are.
///
/// Chance knows no degrees: a node with many contacts is above it in every role. Counts are skewed,
/// so a z above 2 is a hint, not a test, in small groups.
///
/// - Direction: along the view's arcs. In a directed view arcs both ways are independent, as in sna's
///   `brokerage`, which has the same figures; in an undirected view links are, so that an open pair
///   counts twice or not at all and deviations are larger than those of sna, which takes the two ways
///   for independent there too. Weights: none. Disconnected: nothing special, as chance links all pairs.
/// - Source: Gould and Fernandez, *Structures of mediation* (1989). Cost: as
///   [`brokerage`](crate::brokerage), and O(n × groups).
///
/// # Panics
/// If `groups` is shorter than the view has nodes.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; d");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// let of_b = weft_analytics::brokerage_chance(&view, &[0, 0, 0, 0])[1].coordinator;
/// // Six ordered pairs of others, each a way through b with chance d * d * (1 - d), d = 1/6.
/// assert!((of_b.expected - 6.0 * 5.0 / 216.0).abs() < 1e-12 && of_b.count == 1.0);
/// ```
pub fn brokerage_chance(view: &View, groups: &[u32]) -> Vec<BrokerageChance> {
    let n_groups = groups.iter().max().map_or(0, |&it| it as usize + 1);
    let mut sizes = vec![0.0; n_groups];
    for node in 0..view.n() {
        sizes[groups[node] as usize] += 1.0;
    }
    // One node has no density, and no others to stand between.
    let density = if view.n() < 2 { 0.0 } else { crate::density(view) };
    let by_group: Vec<Chance> = (0..n_groups)
        .map(|it| Chance::of(it, &sizes, view.n() as f64, density, view.spec().directed))
        .collect();
    let roles = brokerage(view, groups);
    (0..view.n()).map(|node| by_group[groups[node] as usize].beside(&roles[node])).collect()
}

/// The roles of a broker of one group, without counts.
struct Chance([RoleChance; 6]);

impl Chance {
    /// A role is a set of ordered pairs of others; two of them depend on each other if they share
    /// their beginning or their end.
    fn of(own: usize, sizes: &[f64], n: f64, density: f64, directed: bool) -> Self {
        let inside = (sizes[own] - 1.0).max(0.0);
        let outside = n - sizes[own];
        let others = || sizes.iter().enumerate().filter(|it| it.0 != own).map(|it| *it.1);
        let sum = |of: &dyn Fn(f64) -> f64| others().fold(0.0, |sum, it| sum + of(it));
        let pairs = |it: f64| it * (it - 1.0);
        let triples = |it: f64| it * (it - 1.0) * (it - 2.0);
        // The number of ordered pairs, and of ordered couples of them that share one end.
        let coordinator = (pairs(inside), 2.0 * triples(inside));
        let itinerant = (sum(&pairs), 2.0 * sum(&triples));
        let crossing = (inside * outside, inside * outside * (outside - 1.0 + inside - 1.0));
        let apart = |it: f64| it * (outside - it);
        let sharing = |it: f64| it * pairs(outside - it);
        let liaison = (sum(&apart), 2.0 * sum(&sharing));
        let total = (pairs(n - 1.0), 2.0 * triples(n - 1.0));
        let is_way = density * density * (1.0 - density);
        let together = (density * (1.0 - density)).powi(3);
        let chance = |(n_pairs, n_sharing): (f64, f64), is_both_ways: bool| {
            let alone = n_pairs * is_way * (1.0 - is_way);
            // In an undirected view both ways of a pair are open together, or neither.
            let twice = if is_both_ways && !directed { 2.0 } else { 1.0 };
            RoleChance {
                count: 0.0,
                expected: n_pairs * is_way,
                deviation: (twice * (alone + n_sharing * together)).max(0.0).sqrt(),
            }
        };
        Self([
            chance(coordinator, true),
            chance(itinerant, true),
            chance(crossing, false),
            chance(crossing, false),
            chance(liaison, true),
            chance(total, true),
        ])
    }

    fn beside(&self, roles: &Brokerage) -> BrokerageChance {
        let [coordinator, itinerant, representative, gatekeeper, liaison, total] = self.0;
        let with = |chance: RoleChance, count: u64| RoleChance { count: count as f64, ..chance };
        BrokerageChance {
            coordinator: with(coordinator, roles.coordinator),
            itinerant: with(itinerant, roles.itinerant),
            representative: with(representative, roles.representative),
            gatekeeper: with(gatekeeper, roles.gatekeeper),
            liaison: with(liaison, roles.liaison),
            total: with(total, roles.total()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, directed_view_of, ordered_pairs, view_of};

    /// Mean and deviation of a role over all graphs, each as likely as its number of links makes it.
    fn moments(n: usize, groups: &[u32], density: f64, directed: bool) -> [(f64, f64); 6] {
        let pairs: Vec<(usize, usize)> =
            ordered_pairs(n).filter(|(a, b)| directed || a < b).collect();
        let (mut mean, mut square) = ([0.0; 6], [0.0; 6]);
        for bits in 0..1_u32 << pairs.len() {
            let mut matrix = vec![vec![false; n]; n];
            for at in (0..pairs.len()).filter(|it| bits >> it & 1 == 1) {
                let (a, b) = pairs[at];
                matrix[a][b] = true;
                matrix[b][a] |= !directed;
            }
            let m = bits.count_ones() as i32;
            let chance = density.powi(m) * (1.0 - density).powi(pairs.len() as i32 - m);
            let mut counts = [0.0; 6];
            for (a, b) in ordered_pairs(n).filter(|&(a, b)| a != 0 && b != 0) {
                if matrix[a][0] && matrix[0][b] && !matrix[a][b] {
                    let role = match (
                        groups[a] == groups[0],
                        groups[0] == groups[b],
                        groups[a] == groups[b],
                    ) {
                        (true, true, _) => 0,
                        (false, false, true) => 1,
                        (true, false, _) => 2,
                        (false, true, _) => 3,
                        (false, false, false) => 4,
                    };
                    counts[role] += 1.0;
                    counts[5] += 1.0;
                }
            }
            for role in 0..6 {
                mean[role] += chance * counts[role];
                square[role] += chance * counts[role] * counts[role];
            }
        }
        let of =
            |role: usize| (mean[role], (square[role] - mean[role] * mean[role]).max(0.0).sqrt());
        [of(0), of(1), of(2), of(3), of(4), of(5)]
    }

    #[track_caller]
    fn check(view: &View, groups: &[u32]) {
        let density = crate::density(view);
        let expected = moments(view.n(), groups, density, view.spec().directed);
        let it = brokerage_chance(view, groups)[0];
        let found =
            [it.coordinator, it.itinerant, it.representative, it.gatekeeper, it.liaison, it.total];
        for (found, (mean, deviation)) in found.iter().zip(expected) {
            assert!((found.expected - mean).abs() < 1e-9, "{found:?} {mean}");
            assert!((found.deviation - deviation).abs() < 1e-6, "{found:?} {deviation}");
        }
    }

    #[test]
    fn expected_counts_and_deviations_are_those_over_all_graphs() {
        let four =
            "a -supports-> b; b -supports-> c; c -supports-> d; d -supports-> a; a -supports-> c";
        for groups in [[0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 1, 2, 3]] {
            check(&directed_view_of(four), &groups);
            check(&view_of(four), &groups);
        }
        let six = "a -supports-> b; b -supports-> c; c -supports-> d; d -supports-> e; f";
        for groups in [[0, 0, 0, 1, 1, 1], [0, 1, 1, 2, 2, 2], [0, 0, 1, 1, 2, 3]] {
            check(&view_of(six), &groups);
        }
    }

    #[test]
    fn where_chance_leaves_no_room_there_is_no_z() {
        let found = brokerage_chance(&view_of("a; b; c"), &[0, 0, 0])[0].coordinator;
        assert_eq!((found.count, found.expected, found.z()), (0.0, 0.0, None));
        assert_close(&[brokerage_chance(&view_of("a"), &[0])[0].total.deviation], &[0.0]);
        assert_eq!(brokerage_chance(&view_of(""), &[]), []);
    }
}
