//! How well two nodes fit by the contacts that they share; evidence, not a forecast.

use weft_graph::View;

use crate::contacts::Contacts;

/// What two nodes share.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The contacts of both, in ascending order.
    pub common: Vec<u32>,
    /// Common contacts by contacts of either; 0 if neither has any.
    pub jaccard: f64,
    /// The sum of 1 / ln(degree) over the common contacts.
    pub adamic_adar: f64,
    /// The sum of 1 / degree over the common contacts: a small body that both know says more than a
    /// giant.
    pub resource_allocation: f64,
}

/// Returns what two different nodes share.
///
/// - Direction: ignored. Weights: none. Nodes without common contacts: 0 in all three.
/// - Source: Liben-Nowell and Kleinberg (2007); Adamic and Adar (2003); Zhou, Lü and Zhang (2009).
/// - Cost: O(sum of their degrees), and O(n + m) for the contacts in a directed view.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let fit = weft_analytics::fit(&view, 0, 2);
/// assert_eq!((fit.common, fit.jaccard, fit.resource_allocation), (vec![1], 1.0, 0.5));
/// ```
pub fn fit(view: &View, left: u32, right: u32) -> Fit {
    let contacts = Contacts::new(view);
    let (of_left, of_right) = (contacts.of(left), contacts.of(right));
    let mut common = Vec::new();
    let mut rest = of_right;
    for &contact in of_left {
        let n_before = rest.partition_point(|&it| it < contact);
        rest = &rest[n_before..];
        if rest.first() == Some(&contact) {
            common.push(contact);
        }
    }
    let degrees = || common.iter().map(|&it| contacts.of(it).len() as f64);
    let n_either = of_left.len() + of_right.len() - common.len();
    Fit {
        jaccard: if n_either == 0 { 0.0 } else { common.len() as f64 / n_either as f64 },
        adamic_adar: degrees().map(|it| 1.0 / it.ln()).fold(0.0, |sum, it| sum + it),
        resource_allocation: degrees().map(|it| 1.0 / it).fold(0.0, |sum, it| sum + it),
        common,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_small_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, expected: [f64; 3]) {
        let fit = fit(&view_of(graph), 0, 1);
        assert_close(&[fit.jaccard, fit.adamic_adar, fit.resource_allocation], &expected);
    }

    #[test]
    fn nodes_without_contacts_share_nothing() {
        check("a; b", [0.0; 3]);
    }

    #[test]
    fn a_link_between_the_two_is_no_common_contact() {
        check("a -supports-> b", [0.0; 3]);
    }

    #[test]
    fn the_scores_are_sums_over_the_common_contacts() {
        for_all_small_graphs(|view| {
            let matrix = Matrix::undirected(view).0;
            let degree = |v: usize| matrix[v].iter().filter(|&&it| it).count() as f64;
            for a in 0..view.n() {
                for b in (0..view.n()).filter(|&b| b != a) {
                    let common: Vec<usize> =
                        (0..view.n()).filter(|&v| matrix[a][v] && matrix[b][v]).collect();
                    let n_either =
                        (0..view.n()).filter(|&v| matrix[a][v] || matrix[b][v]).count() as f64;
                    let jaccard = common.len() as f64 / n_either.max(1.0);
                    let adamic_adar: f64 = common.iter().map(|&v| 1.0 / degree(v).ln()).sum();
                    let allocation: f64 = common.iter().map(|&v| 1.0 / degree(v)).sum();
                    let fit = fit(view, a as u32, b as u32);
                    let found = [fit.jaccard, fit.adamic_adar, fit.resource_allocation];
                    assert_close(&found, &[jaccard, adamic_adar, allocation]);
                    let common: Vec<u32> = common.into_iter().map(|it| it as u32).collect();
                    assert_eq!(fit.common, common);
                }
            }
        });
    }
}
