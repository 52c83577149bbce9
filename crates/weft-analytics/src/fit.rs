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
    /// The product of their degrees: who has many contacts gets more, whoever the other is.
    pub preferential_attachment: f64,
}

/// Returns what two different nodes share.
///
/// How near one is to the other over longer ways is told by [`page_rank`](crate::page_rank) with one
/// of them as its only start.
///
/// - Direction: ignored. Weights: none. Nodes without common contacts, those of two components among
///   them: 0 in all but the product of degrees.
/// - Source: Liben-Nowell and Kleinberg (2007); Adamic and Adar (2003); Zhou, Lü and Zhang (2009);
///   Barabási and Albert (1999) for the product of degrees.
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
        preferential_attachment: of_left.len() as f64 * of_right.len() as f64,
        common,
    }
}

/// A node two links away, and how well it fits; the figures are those of [`Fit`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitCandidate {
    /// The node.
    pub node: u32,
    /// The number of common contacts, at least 1.
    pub n_common: u32,
    /// See [`Fit::jaccard`].
    pub jaccard: f64,
    /// See [`Fit::adamic_adar`].
    pub adamic_adar: f64,
    /// See [`Fit::resource_allocation`].
    pub resource_allocation: f64,
    /// See [`Fit::preferential_attachment`].
    pub preferential_attachment: f64,
}

/// Returns all nodes that share a contact with a node and are not linked to it: by resource
/// allocation, the best first, then by index.
///
/// - Direction: ignored. Weights: none. Disconnected parts and source: as of [`fit`].
/// - Cost: O(n + m) at most, and k log k for k candidates.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c; b -supports-> d; d -supports-> a");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let candidates = weft_analytics::fit_candidates(&view, 0);
/// assert_eq!((candidates.len(), candidates[0].node, candidates[0].n_common), (1, 2, 1));
/// ```
pub fn fit_candidates(view: &View, node: u32) -> Vec<FitCandidate> {
    let contacts = Contacts::new(view);
    let mut search = CandidateSearch::new(&contacts);
    search.run(node);
    let mut candidates = search.candidates;
    candidates.sort_by(|a, b| {
        let by_fit = b.resource_allocation.total_cmp(&a.resource_allocation);
        by_fit.then_with(|| a.node.cmp(&b.node))
    });
    candidates
}

/// Calls `visit` for each node, by index, with all nodes that share a contact with it and are not
/// linked to it, in the order in which they are met. The list is only lent: of a large network all
/// lists together are many times the network.
///
/// - Direction: ignored. Weights: none. Disconnected parts and source: as of [`fit`].
/// - Cost: O(sum of squared degrees) time, O(n) memory beside the contacts.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let mut n_found = [0; 3];
/// weft_analytics::for_all_fit_candidates(&view, |node, it| n_found[node as usize] = it.len());
/// assert_eq!(n_found, [1, 0, 1]);
/// ```
pub fn for_all_fit_candidates(view: &View, mut visit: impl FnMut(u32, &[FitCandidate])) {
    let contacts = Contacts::new(view);
    let mut search = CandidateSearch::new(&contacts);
    for node in 0..view.n() as u32 {
        search.run(node);
        visit(node, &search.candidates);
    }
}

/// The search for nodes two links away; it keeps its memory for the next.
struct CandidateSearch<'a> {
    contacts: &'a Contacts<'a>,
    /// How many contacts each node has, in one place: the rows themselves lie far apart.
    degrees: Vec<u32>,
    /// What a common contact adds to the two sums.
    parts: Vec<[f64; 2]>,
    sums: Vec<Sum>,
    /// The nodes met, and one place more: whether a node is new is added, not asked.
    met: Vec<u32>,
    candidates: Vec<FitCandidate>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    adamic_adar: f64,
    resource_allocation: f64,
    n_common: u32,
}

impl<'a> CandidateSearch<'a> {
    fn new(contacts: &'a Contacts<'a>) -> Self {
        let n = contacts.n();
        let degrees: Vec<u32> = (0..n as u32).map(|it| contacts.of(it).len() as u32).collect();
        let part = |&degree: &u32| [1.0 / f64::from(degree).ln(), 1.0 / f64::from(degree)];
        Self {
            contacts,
            parts: degrees.iter().map(part).collect(),
            degrees,
            sums: vec![Sum::default(); n],
            met: vec![0; n + 1],
            candidates: Vec::new(),
        }
    }

    fn run(&mut self, node: u32) {
        let own = self.contacts.of(node);
        let mut n_met = 0;
        for &contact in own {
            let [adamic_adar, resource_allocation] = self.parts[contact as usize];
            for &other in self.contacts.of(contact) {
                let sum = &mut self.sums[other as usize];
                self.met[n_met] = other;
                n_met += usize::from(sum.n_common == 0);
                sum.adamic_adar += adamic_adar;
                sum.resource_allocation += resource_allocation;
                sum.n_common += 1;
            }
        }
        // Who is linked already, and the node itself, are no candidates.
        for &linked in own.iter().chain([&node]) {
            self.sums[linked as usize].n_common = 0;
        }
        let n_own = own.len() as u32;
        self.candidates.clear();
        self.candidates.reserve(n_met);
        for &other in &self.met[..n_met] {
            let Sum { adamic_adar, resource_allocation, n_common } =
                std::mem::take(&mut self.sums[other as usize]);
            if n_common > 0 {
                let degree = self.degrees[other as usize];
                self.candidates.push(FitCandidate {
                    node: other,
                    n_common,
                    jaccard: f64::from(n_common) / f64::from(n_own + degree - n_common),
                    adamic_adar,
                    resource_allocation,
                    preferential_attachment: f64::from(n_own) * f64::from(degree),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_graphs, view_of};

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
        for_all_graphs(|view| {
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
                    assert_eq!(fit.preferential_attachment, degree(a) * degree(b));
                }
            }
        });
    }

    #[test]
    fn candidates_are_all_that_share_a_contact_and_are_not_linked() {
        for_all_graphs(|view| {
            let matrix = Matrix::undirected(view).0;
            for_all_fit_candidates(view, |node, found| {
                let mut expected = Vec::new();
                for other in (0..view.n() as u32).filter(|&it| it != node) {
                    let fit = fit(view, node, other);
                    if !fit.common.is_empty() && !matrix[node as usize][other as usize] {
                        expected.push(FitCandidate {
                            node: other,
                            n_common: fit.common.len() as u32,
                            jaccard: fit.jaccard,
                            adamic_adar: fit.adamic_adar,
                            resource_allocation: fit.resource_allocation,
                            preferential_attachment: fit.preferential_attachment,
                        });
                    }
                }
                let mut sorted = found.to_vec();
                sorted.sort_by_key(|it| it.node);
                assert_eq!(sorted, expected);
                let ranked = fit_candidates(view, node);
                assert!(ranked.is_sorted_by(|a, b| a.resource_allocation >= b.resource_allocation));
                let mut ranked = ranked;
                ranked.sort_by_key(|it| it.node);
                assert_eq!(ranked, expected);
            });
        });
    }
}
