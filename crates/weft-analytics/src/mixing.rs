//! Mixing: who is linked to his own group and who to others, observed and expected.

use weft_graph::View;

use crate::contacts::Contacts;

/// The links between two groups, or within one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MixingCell {
    /// Links from the one to the other; in an undirected view links between them, each once.
    pub n_links: u64,
    /// Pairs of nodes that could be linked: ordered in a directed view.
    pub n_pairs: u64,
    /// The links that would be there if all pairs of nodes were equally likely to be linked.
    pub expected_by_size: f64,
    /// The links that would be there if every node kept its number of links (in a directed view its
    /// numbers out and in) and the other ends were drawn at random, loops and repeats allowed: what
    /// modularity compares with.
    pub expected_by_degree: f64,
}

/// Who is linked to whom by group.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixing {
    /// One row and one column for each group; symmetric in an undirected view, where a link between
    /// two groups stands in both places.
    pub cells: Vec<Vec<MixingCell>>,
    /// The nodes of each group.
    pub n_nodes: Vec<usize>,
    /// Whether links are ordered pairs.
    pub is_directed: bool,
}

/// Counts links by the groups of their ends; `groups` gives the group of each node, from 0.
///
/// - Direction: along the view's arcs. Weights: none; parallel ties are one link. Disconnected:
///   nothing special.
/// - Source: Morris, *A log-linear modeling framework for selective mixing* (1991); Newman, *Mixing
///   patterns in networks* (2003). Cost: O(n + m + groups squared).
///
/// # Panics
/// If `groups` is shorter than the view has nodes.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let mixing = weft_analytics::mixing(&view, &[0, 0, 1, 1]);
/// assert_eq!((mixing.cells[0][0].n_links, mixing.cells[0][1].n_links), (1, 1));
/// assert_eq!((mixing.cells[0][1].n_pairs, mixing.cells[0][1].expected_by_size), (4, 2.0));
/// assert_eq!(mixing.ei_index(), Some(-1.0 / 3.0));
/// ```
pub fn mixing(view: &View, groups: &[u32]) -> Mixing {
    let group = |node: u32| groups[node as usize] as usize;
    let nodes = 0..view.n() as u32;
    let n_groups = nodes.clone().map(group).max().map_or(0, |it| it + 1);
    let mut n_nodes = vec![0; n_groups];
    let (mut n_out, mut n_in) = (vec![0.0; n_groups], vec![0.0; n_groups]);
    for node in nodes {
        n_nodes[group(node)] += 1;
        n_out[group(node)] += view.neighbours(node).len() as f64;
        n_in[group(node)] += view.in_neighbours(node).len() as f64;
    }
    let directed = view.spec().directed;
    let mut cells = vec![vec![MixingCell::default(); n_groups]; n_groups];
    for link in 0..view.m() as u32 {
        let (source, target) = view.link_ends(link);
        cells[group(source)][group(target)].n_links += 1;
        if !directed && group(source) != group(target) {
            cells[group(target)][group(source)].n_links += 1;
        }
    }
    let n = view.n() as f64;
    let n_all_pairs = n * (n - 1.0) / if directed { 1.0 } else { 2.0 };
    let m = view.m() as f64;
    for a in 0..n_groups {
        for b in 0..n_groups {
            let pairs = match a == b {
                true => n_nodes[a] as u64 * (n_nodes[a] as u64).saturating_sub(1),
                false => n_nodes[a] as u64 * n_nodes[b] as u64,
            };
            let cell = &mut cells[a][b];
            cell.n_pairs = if a == b && !directed { pairs / 2 } else { pairs };
            cell.expected_by_size = m * cell.n_pairs as f64 / n_all_pairs.max(1.0);
            let by_degree = n_out[a] * n_in[b];
            // An undirected link has two ends that could be the first.
            cell.expected_by_degree = match (m > 0.0, directed, a == b) {
                (false, ..) => 0.0,
                (_, true, _) => by_degree / m,
                (_, false, true) => by_degree / (4.0 * m),
                (_, false, false) => by_degree / (2.0 * m),
            };
        }
    }
    Mixing { cells, n_nodes, is_directed: directed }
}

impl Mixing {
    /// Krackhardt and Stern's E-I index: links between groups less links within them, by all links.
    /// -1: all within; 1: all between. None without links.
    ///
    /// It depends on the sizes of the groups: compare with [`ei_expected`](Self::ei_expected).
    ///
    /// Source: Krackhardt and Stern, *Informal networks and organizational crises* (1988).
    pub fn ei_index(&self) -> Option<f64> {
        let (internal, external) = self.totals(|it| it.n_links as f64);
        share(internal, external)
    }

    /// The E-I index that links drawn between random pairs of nodes would have on average: that of
    /// the pairs (UCINET's expected value). None below two nodes.
    pub fn ei_expected(&self) -> Option<f64> {
        let (internal, external) = self.totals(|it| it.n_pairs as f64);
        share(internal, external)
    }

    /// The lowest and the highest E-I index that so many links can have among these groups, as far
    /// as pairs go round. None without links.
    pub fn ei_range(&self) -> Option<(f64, f64)> {
        let (internal_pairs, external_pairs) = self.totals(|it| it.n_pairs as f64);
        let (internal, external) = self.totals(|it| it.n_links as f64);
        let m = internal + external;
        let index = |external: f64| (2.0 * external - m) / m;
        (m > 0.0).then(|| (index((m - internal_pairs).max(0.0)), index(m.min(external_pairs))))
    }

    /// The E-I index of one group: that of the links at its nodes. None without any.
    pub fn ei_of_group(&self, group: usize) -> Option<f64> {
        let internal = self.cells[group][group].n_links as f64;
        let other = |b: usize| match self.is_directed {
            true => self.cells[group][b].n_links + self.cells[b][group].n_links,
            false => self.cells[group][b].n_links,
        };
        let external = (0..self.cells.len()).filter(|&b| b != group).map(other).sum::<u64>();
        share(internal, external as f64)
    }

    /// Newman's assortativity by group: links within groups more than their degrees let expect, by
    /// the most that could be. 1: all links within; 0: as expected; below: others are preferred.
    /// `NaN` without links, or with one group only.
    ///
    /// Source: Newman, *Mixing patterns in networks* (2003), formula 2 (networkx and igraph alike).
    pub fn assortativity(&self) -> f64 {
        let n_groups = self.cells.len();
        let (internal, external) = self.totals(|it| it.n_links as f64);
        let m = internal + external;
        let expected: f64 = (0..n_groups).map(|it| self.cells[it][it].expected_by_degree).sum();
        let has_links = |row: &&Vec<MixingCell>| row.iter().any(|it| it.n_links > 0);
        // One group alone has all links; a rounding error must not look like a difference.
        if external == 0.0 && self.cells.iter().filter(has_links).count() < 2 {
            return f64::NAN;
        }
        (internal - expected) / (m - expected)
    }

    /// The sums of what is within groups and of what is between them, each pair of groups once in an
    /// undirected view.
    fn totals(&self, of: impl Fn(&MixingCell) -> f64) -> (f64, f64) {
        let (mut internal, mut external) = (0.0, 0.0);
        let half = if self.is_directed { 1.0 } else { 0.5 };
        for (a, row) in self.cells.iter().enumerate() {
            for (b, cell) in row.iter().enumerate() {
                if a == b {
                    internal += of(cell);
                } else {
                    external += of(cell) * half;
                }
            }
        }
        (internal, external)
    }
}

/// Returns the E-I index of each node: contacts in other groups less those in its own, by all;
/// `NaN` without contacts.
///
/// - Direction: ignored. Weights: none. Disconnected: nothing special. Source as [`Mixing::ei_index`]. Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::ei_of_nodes(&view, &[0, 0, 1]), [-1.0, 0.0, 1.0]);
/// ```
pub fn ei_of_nodes(view: &View, groups: &[u32]) -> Vec<f64> {
    let contacts = Contacts::new(view);
    let of = |node: u32| {
        let is_own = |it: &&u32| groups[**it as usize] == groups[node as usize];
        let n_all = contacts.of(node).len() as f64;
        let n_own = contacts.of(node).iter().filter(is_own).count() as f64;
        (n_all - 2.0 * n_own) / n_all
    };
    (0..view.n() as u32).map(of).collect()
}

fn share(internal: f64, external: f64) -> Option<f64> {
    let all = internal + external;
    (all > 0.0).then(|| (external - internal) / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::communities::modularity;
    use crate::testing::{
        Matrix, assert_close, directed_view_of, for_all_graphs, ordered_pairs, view_of,
    };

    #[track_caller]
    fn check(view: &View, groups: &[u32], ei: Option<f64>, assortativity: f64) {
        let found = mixing(view, groups);
        assert_eq!(found.ei_index(), ei);
        assert_close(&[found.assortativity()], &[assortativity]);
    }

    #[test]
    fn groups_that_keep_to_themselves_and_groups_that_do_not() {
        let pairs = view_of("a -supports-> b; c -supports-> d");
        check(&pairs, &[0, 0, 1, 1], Some(-1.0), 1.0);
        check(&pairs, &[0, 1, 0, 1], Some(1.0), -1.0);
        check(&pairs, &[0, 0, 0, 0], Some(-1.0), f64::NAN);
        check(&view_of("a; b"), &[0, 1], None, f64::NAN);
        check(&view_of(""), &[], None, f64::NAN);
        let both = directed_view_of("a -supports-> b; b -supports-> a; a -supports-> c");
        assert_eq!(mixing(&both, &[0, 0, 1]).ei_of_group(0), Some(-1.0 / 3.0));
    }

    #[test]
    fn the_range_is_what_sizes_allow() {
        // All pairs are linked: one within, two between.
        let triangle = view_of("a -supports-> b; b -supports-> c; c -supports-> a");
        let found = mixing(&triangle, &[0, 0, 1]);
        assert_eq!(found.ei_range(), Some((1.0 / 3.0, 1.0 / 3.0)));
        let one = mixing(&view_of("a -supports-> b; c"), &[0, 0, 1]);
        assert_eq!(one.ei_range(), Some((-1.0, 1.0)));
    }

    #[test]
    fn every_cell_counts_its_links_and_pairs() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view).0;
            let n = view.n();
            let directed = view.spec().directed;
            let groups: Vec<u32> = (0..n as u32).map(|it| it * it % 3).collect();
            let found = mixing(view, &groups);
            let m = view.m() as f64;
            let once = |(a, b): &(usize, usize)| directed || a < b;
            for (a, row) in found.cells.iter().enumerate() {
                for (b, cell) in row.iter().enumerate() {
                    let is_between = |(x, y): &(usize, usize)| {
                        let (x, y) = (groups[*x] as usize, groups[*y] as usize);
                        (x, y) == (a, b) || (!directed && (y, x) == (a, b))
                    };
                    let pairs = || ordered_pairs(n).filter(once).filter(is_between);
                    assert_eq!(cell.n_pairs, pairs().count() as u64);
                    let n_links = pairs().filter(|&(x, y)| matrix[x][y]).count();
                    assert_eq!(cell.n_links, n_links as u64);
                    // Ends drawn at random: each link that leaves a, by the share of ends at b.
                    let ends = |group: usize, of: &dyn Fn(usize, usize) -> bool| {
                        let own = (0..n).filter(|&it| groups[it] as usize == group);
                        own.map(|x| (0..n).filter(|&y| of(x, y)).count()).sum::<usize>() as f64
                    };
                    let out = ends(a, &|x, y| matrix[x][y]);
                    let into = ends(b, &|x, y| matrix[y][x]);
                    let all = if directed { m } else { 2.0 * m };
                    let mut expected = if m == 0.0 { 0.0 } else { out * into / all };
                    if !directed && a == b {
                        expected /= 2.0;
                    }
                    assert_close(&[cell.expected_by_degree], &[expected]);
                }
            }
            let within = ordered_pairs(n).filter(once).filter(|&(a, b)| matrix[a][b]);
            let n_within = within.filter(|&(a, b)| groups[a] == groups[b]).count() as f64;
            let ei = if m == 0.0 { None } else { Some((m - 2.0 * n_within) / m) };
            assert_eq!(found.ei_index(), ei);
            if let (Some(ei), Some((low, high))) = (ei, found.ei_range()) {
                assert!(low - 1e-9 <= ei && ei <= high + 1e-9);
            }
            if !directed && m > 0.0 && !found.assortativity().is_nan() {
                let expected: f64 =
                    found.cells.iter().enumerate().map(|(at, it)| it[at].expected_by_degree).sum();
                let by_modularity = modularity(view, &groups, 1.0) / (1.0 - expected / m);
                assert_close(&[found.assortativity()], &[by_modularity]);
            }
        });
    }
}
