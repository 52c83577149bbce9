//! Betweenness as findings use it: exact, or, where a network is too large, estimated with its error.

use weft_analytics::{
    Interrupted, Run, SampleOptions, SampledBetweenness, WaysThrough, normalised_betweenness,
    sampled_betweenness, sampled_betweenness_without, ways_through,
};
use weft_graph::View;

/// From so many bodies on, what cut nodes do not tell exactly is estimated.
const ESTIMATED_FROM: usize = 20_000;
/// From so many bodies in each part without a cut node is guessed who will be among the highest.
const GUESSED_FROM: usize = 128;

/// Returns the betweenness of each body of a view, with how far it may be from the true one.
///
/// Exact below 20,000 bodies. From there on parts without a cut node are exact up to 1,024 bodies, and
/// of larger ones as many searches are drawn, always the same ones: figures that come from the same
/// view are equal.
///
/// # Errors
/// If it was interrupted.
pub fn between(view: &View, run: &mut Run<'_>) -> Result<SampledBetweenness, Interrupted> {
    sampled_betweenness(view, &options(view), run)
}

/// Returns the same, and what it is of each body without each of some links by itself.
pub(super) fn between_without(
    view: &View,
    links: &[u32],
    run: &mut Run<'_>,
) -> Result<(SampledBetweenness, Vec<Vec<f64>>), Interrupted> {
    sampled_betweenness_without(view, &options(view), links, run)
}

/// Returns what passes each of some bodies, counted as [`between`] counts it.
pub(super) fn ways_between(
    view: &View,
    nodes: &[u32],
    run: &mut Run<'_>,
) -> Result<Vec<WaysThrough>, Interrupted> {
    ways_through(view, nodes, &options(view), run)
}

/// Returns so many bodies that are likely to be the highest, for a small part of the cost of knowing.
pub(super) fn likely_highest(
    view: &View,
    n_bodies: usize,
    run: &mut Run<'_>,
) -> Result<Vec<u32>, Interrupted> {
    let options = SampleOptions { n_searches: GUESSED_FROM, ..SampleOptions::default() };
    let guess = sampled_betweenness(view, &options, run)?.nodes;
    let mut res: Vec<u32> = (0..view.n() as u32).filter(|&it| guess[it as usize] > 0.0).collect();
    res.sort_by(|&a, &b| guess[b as usize].total_cmp(&guess[a as usize]).then(a.cmp(&b)));
    res.truncate(n_bodies);
    Ok(res)
}

/// Returns how far a share of all pairs may be from the true one, in 95 draws of 100; 0 if all are
/// exact.
pub fn greatest_error(view: &View, found: &SampledBetweenness) -> f64 {
    normalised_betweenness(view, &found.errors).into_iter().fold(0.0, f64::max)
}

/// Says so where betweenness was estimated.
pub(super) fn estimate_note(view: &View, found: &SampledBetweenness) -> Option<String> {
    let error = greatest_error(view, found);
    (error > 0.0).then(|| {
        format!(
            "the network is large, so shortest ways are counted from {} bodies drawn at random: no \
             share of them is more than {:.1} in 100 off, in 95 draws of 100",
            SampleOptions::default().n_searches,
            error * 100.0
        )
    })
}

fn options(view: &View) -> SampleOptions {
    match view.n() < ESTIMATED_FROM {
        true => SampleOptions { n_searches: usize::MAX, ..SampleOptions::default() },
        false => SampleOptions::default(),
    }
}

#[cfg(test)]
mod tests {
    use weft_graph::{ViewSpec, fixture};

    use super::*;

    #[track_caller]
    fn check(graph: &str, expected: &[f64]) {
        let snapshot = fixture(graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let found = between(&view, &mut Run::default()).unwrap();
        assert_eq!(found.nodes, expected);
        assert_eq!((greatest_error(&view, &found), estimate_note(&view, &found)), (0.0, None));
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
        let note = estimate_note(&view, &found).unwrap();
        assert!(note.contains("no share of them is more than 10.0 in 100 off"), "{note}");
    }
}
