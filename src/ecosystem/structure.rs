//! Structure: what kind of network the conduit view is, in figures that analysts compare.
//!
//! Says nothing about single bodies; those are ranked by hubs.

use serde::Serialize;
use weft_analytics::{
    CorePattern, CorePeriphery, Direction, EigenvectorOptions, Interrupted, Run,
    centralisation_by_betweenness, centralisation_by_closeness, centralisation_by_degree,
    centralisation_by_eigenvector, centralisation_of_harmonic, core_periphery,
    degree_assortativity, dyad_census, eigenvector, mean_clustering, mixing, strong_components,
};
use weft_graph::{View, ViewSpec};

use crate::ecosystem::counted::Counted;
use crate::ecosystem::question::Ground;

/// Above so many bodies what takes long (betweenness, core and periphery) is left out.
pub(crate) const BODIES_MAX: usize = 20_000;

/// What kind of network the conduit view is.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Structure {
    /// Freeman's centralisation by number of partners, 0 (all alike) to 1 (a star); none below three
    /// bodies.
    pub degree_centralisation: Option<f64>,
    /// By betweenness; none above 20,000 bodies, as below.
    pub betweenness_centralisation: Option<f64>,
    /// By harmonic closeness.
    pub harmonic_centralisation: Option<f64>,
    /// By classic closeness; none unless all bodies are in one part, where it means nothing.
    pub closeness_centralisation: Option<f64>,
    /// By eigenvector centrality; none without links.
    pub eigenvector_centralisation: Option<f64>,
    /// The correlation of the numbers of partners at the two ends of a link; none if they do not
    /// vary.
    pub degree_assortativity: Option<f64>,
    /// The mean over all bodies of the share of pairs of their partners that are linked, 0 for those
    /// with fewer than two partners.
    pub mean_clustering: Option<f64>,
    /// The share of links, read in the direction of their ties, that run back as well; ties of a
    /// symmetric relation run both ways. None without links.
    pub reciprocity: Option<f64>,
    /// Parts within which everybody can be reached along the direction of ties.
    pub n_strong_components: usize,
    /// Bodies of the largest of them.
    pub n_in_largest_strong: usize,
    /// Bodies of the core; none if no split fits, and above 20,000 bodies.
    pub n_core: Option<usize>,
    /// How well a core that is linked to everybody, with a periphery linked to nobody else, fits: a
    /// correlation, 1 at best.
    pub core_fit: Option<f64>,
    /// Links between bodies of different kinds less those within a kind, by all links: -1 to 1.
    pub ei_by_kind: Option<f64>,
    /// What that would be if links fell on pairs of bodies at random.
    pub ei_by_kind_expected: Option<f64>,
    /// Links within a kind, more than the numbers of partners let expect, by the most that could be: 1
    /// where all links are within kinds; none without links, and with one kind only.
    pub kind_assortativity: Option<f64>,
}

/// Returns the figures, and whether each body of the view is in the core, if there is one.
///
/// O(n (n + m)) up to 20,000 bodies; beyond, only harmonic closeness takes that, and betweenness, core
/// and classic closeness are left out.
///
/// # Errors
/// If it was interrupted.
pub(crate) fn structure(
    ground: &Ground<'_>,
    counted: &mut Counted,
    run: &mut Run<'_>,
) -> Result<(Structure, Option<Vec<bool>>), Interrupted> {
    let view = &ground.view;
    let finite = |it: f64| it.is_finite().then_some(it);
    let is_small = view.n() <= BODIES_MAX;
    let by_betweenness = match is_small {
        true => centralisation_by_betweenness(view, &counted.betweenness(view, run)?.nodes).share(),
        false => None,
    };
    let harmonic: Vec<f64> = counted.closeness(view, run)?.iter().map(|it| it.harmonic).collect();
    let core = if is_small { core_periphery(view, CorePattern::EitherEnd) } else { None };
    let kinds: Vec<u32> =
        ground.indices().map(|it| u32::from(ground.node(it).kind_id().0)).collect();
    let by_kind = mixing(view, &kinds);
    let spec = ViewSpec { directed: true, ..view.spec().clone() };
    let directed = View::new(ground.snapshot, spec);
    let strong = strong_components(&directed).sizes;
    let vector = eigenvector(view, &EigenvectorOptions::default());
    let by_vector = vector.and_then(|it| centralisation_by_eigenvector(view, &it).share());
    let by_closeness = match is_small {
        true => centralisation_by_closeness(view).and_then(|it| it.share()),
        false => None,
    };
    let found = Structure {
        degree_centralisation: centralisation_by_degree(view, Direction::Either).share(),
        betweenness_centralisation: by_betweenness,
        harmonic_centralisation: centralisation_of_harmonic(view, &harmonic).share(),
        closeness_centralisation: by_closeness,
        eigenvector_centralisation: by_vector,
        degree_assortativity: finite(degree_assortativity(view)),
        mean_clustering: finite(mean_clustering(view).of_all),
        reciprocity: dyad_census(&directed).reciprocity(),
        n_strong_components: strong.len(),
        n_in_largest_strong: strong.first().copied().unwrap_or(0),
        n_core: core.as_ref().map(|it| it.n_core),
        core_fit: core.as_ref().map(|it| it.fit),
        ei_by_kind: by_kind.ei_index(),
        ei_by_kind_expected: by_kind.ei_expected(),
        kind_assortativity: finite(by_kind.assortativity()),
    };
    Ok((found, core.map(|CorePeriphery { is_core, .. }| is_core)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::question::Question;
    use weft_graph::fixture;

    #[track_caller]
    fn check(
        graph: &str,
        figures: impl Fn(&Structure) -> [Option<f64>; 3],
        expected: [Option<f64>; 3],
    ) {
        let snapshot = fixture(graph);
        let question = Question::default();
        let ground = Ground::conduit(&snapshot, &question);
        let (found, _) = structure(&ground, &mut Counted::default(), &mut Run::default()).unwrap();
        assert_eq!(figures(&found), expected);
    }

    #[test]
    fn a_star_is_as_centralised_as_can_be() {
        let star = "a:council -funds-> b:company; a -funds-> c:company; a -funds-> d:company";
        let by =
            |it: &Structure| [it.degree_centralisation, it.betweenness_centralisation, it.core_fit];
        check(star, by, [Some(1.0); 3]);
        let kinds = |it: &Structure| [it.ei_by_kind, it.ei_by_kind_expected, it.reciprocity];
        check(star, kinds, [Some(1.0), Some(0.0), Some(0.0)]);
        let snapshot = fixture(star);
        let question = Question::default();
        let ground = Ground::conduit(&snapshot, &question);
        let found = structure(&ground, &mut Counted::default(), &mut Run::default()).unwrap().0;
        // Three leaves that each have 1 / sqrt(3) of the middle, where two bodies could have nothing.
        let by_vector = 3.0 * (1.0 - 1.0 / 3.0_f64.sqrt()) / 2.0;
        assert!((found.eigenvector_centralisation.unwrap() - by_vector).abs() < 1e-9);
        assert!((found.closeness_centralisation.unwrap() - 1.0).abs() < 1e-9);
        assert_eq!(found.kind_assortativity, Some(-1.0));
    }

    #[test]
    fn ties_that_run_both_ways_are_returned() {
        let graph = "a:council -partners_with-> b:company; b -supports-> c:company";
        let by = |it: &Structure| [it.reciprocity, it.degree_assortativity, it.mean_clustering];
        check(graph, by, [Some(2.0 / 3.0), Some(-1.0), Some(0.0)]);
        check("a:council", by, [None, None, Some(0.0)]);
        let parts = |it: &Structure| {
            [it.n_strong_components as f64, it.n_in_largest_strong as f64, 0.0].map(Some)
        };
        check(graph, parts, [Some(2.0), Some(2.0), Some(0.0)]);
    }
}
