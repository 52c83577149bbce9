//! Modularity: how many more links lie inside the groups than chance would give.

use weft_graph::View;

use crate::contacts::Contacts;

/// Returns Newman's modularity of a partition; `groups` gives the group of each node.
///
/// The share of links inside groups less what it would be if links fell by degree alone. The best of
/// random networks is well above 0, so a high value by itself proves no groups.
///
/// - Direction: a pair counts `a_ij + a_ji` in a directed view, 1 in an undirected one. Weights:
///   none. `NaN` without links.
/// - `resolution`: what chance is multiplied by; 1 is Newman's, more gives smaller groups.
/// - Source: Newman and Girvan (2004); Reichardt and Bornholdt (2006) for the resolution.
/// - Cost: O(n + m).
///
/// # Panics
/// If `groups` is shorter than the view has nodes.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::modularity(&view, &[0, 0, 1, 1], 1.0), 0.5);
/// ```
pub fn modularity(view: &View, groups: &[u32], resolution: f64) -> f64 {
    let contacts = Contacts::new(view);
    let n_groups = groups.iter().max().map_or(0, |&it| it as usize + 1);
    let mut strength = vec![0.0; n_groups];
    let (mut inside, mut total) = (0.0, 0.0);
    for node in 0..view.n() as u32 {
        let group = groups[node as usize];
        for (contact, weight) in contacts.with_strength(node) {
            strength[group as usize] += weight;
            total += weight;
            if groups[contact as usize] == group {
                inside += weight;
            }
        }
    }
    let by_chance: f64 = strength.iter().map(|it| (it / total).powi(2)).sum();
    inside / total - resolution * by_chance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, groups: &[u32], expected: f64) {
        assert_close(&[modularity(&view_of(graph), groups, 1.0)], &[expected]);
    }

    #[test]
    fn one_group_of_all_has_none() {
        check("a -supports-> b; b -supports-> c", &[0, 0, 0], 0.0);
    }

    #[test]
    fn without_links_there_is_no_modularity() {
        check("a; b", &[0, 1], f64::NAN);
    }

    #[test]
    fn modularity_is_the_sum_over_pairs_of_link_less_chance() {
        for_all_graphs(|view| {
            let matrix = Matrix::of(view);
            let n = view.n();
            let strength = |i: usize, j: usize| match view.spec().directed {
                true => f64::from(u8::from(matrix.0[i][j]) + u8::from(matrix.0[j][i])),
                false => f64::from(u8::from(matrix.0[i][j])),
            };
            let degree = |i: usize| (0..n).map(|j| strength(i, j)).sum::<f64>();
            let total: f64 = (0..n).map(degree).sum();
            let groups: Vec<u32> = (0..n as u32).map(|it| it * it % 3).collect();
            let mut expected = 0.0;
            for i in 0..n {
                for j in (0..n).filter(|&j| groups[i] == groups[j]) {
                    expected += strength(i, j) - 0.7 * degree(i) * degree(j) / total;
                }
            }
            assert_close(&[modularity(view, &groups, 0.7)], &[expected / total]);
        });
    }
}
