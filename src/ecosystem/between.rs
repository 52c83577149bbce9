//! Betweenness as findings use it: exact, or, where a network is too large, estimated with its error.

use weft_analytics::{
    Run, SampleOptions, SampledBetweenness, node_betweenness, normalised_betweenness,
    sampled_betweenness,
};
use weft_graph::View;

/// From so many bodies on, what cut nodes do not tell exactly is estimated.
const ESTIMATED_FROM: usize = 20_000;

/// Returns the betweenness of each body of a view, with how far it may be from the true one.
///
/// Exact below 20,000 bodies. From there on parts without a cut node are exact up to 1,024 bodies, and
/// of larger ones as many searches are drawn, always the same ones: figures that come from the same
/// view are equal.
pub fn between(view: &View) -> SampledBetweenness {
    let mut run = Run::default();
    let found = if view.n() < ESTIMATED_FROM {
        let errors = vec![0.0; view.n()];
        node_betweenness(view, &mut run).map(|nodes| SampledBetweenness { nodes, errors })
    } else {
        sampled_betweenness(view, &SampleOptions::default(), &mut run)
    };
    found.expect("nobody interrupts it")
}

/// Returns how far a share of all pairs may be from the true one, in 95 draws of 100; 0 if all are
/// exact.
pub fn greatest_error(view: &View, found: &SampledBetweenness) -> f64 {
    normalised_betweenness(view, &found.errors).into_iter().fold(0.0, f64::max)
}

/// Says so of a network that is large enough for it.
pub(super) fn estimate_note(view: &View) -> Option<String> {
    if view.n() < ESTIMATED_FROM {
        return None;
    }
    let error = greatest_error(view, &between(view));
    (error > 0.0).then(|| {
        format!(
            "the network is large, so shortest ways are counted from {} bodies drawn at random: no \
             share of them is more than {:.1} in 100 off, in 95 draws of 100",
            SampleOptions::default().n_searches,
            error * 100.0
        )
    })
}

#[cfg(test)]
mod tests {
    use weft_graph::{ViewSpec, fixture};

    use super::*;

    #[track_caller]
    fn check(graph: &str, expected: &[f64]) {
        let snapshot = fixture(graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let found = between(&view);
        assert_eq!(found.nodes, expected);
        assert_eq!((greatest_error(&view, &found), estimate_note(&view)), (0.0, None));
    }

    #[test]
    fn small_networks_are_exact_and_say_nothing() {
        check("a -supports-> b; b -supports-> c", &[0.0, 1.0, 0.0]);
    }

    #[test]
    fn an_error_is_said_as_a_share_of_all_pairs() {
        let snapshot = fixture("a -supports-> b; b -supports-> c; c -supports-> d");
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let found = SampledBetweenness { nodes: vec![0.0; 4], errors: vec![0.0, 0.3, 0.15, 0.0] };
        assert!((greatest_error(&view, &found) - 0.1).abs() < 1e-12);
    }
}
