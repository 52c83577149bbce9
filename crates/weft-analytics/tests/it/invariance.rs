//! What must not change a measure: other names for the nodes, an isolated node, another component.

#![expect(clippy::unwrap_used, reason = "these are tests")]

use weft_analytics::{self as measure, CorePattern, Direction, ReachedBy};
use weft_graph::View;

use crate::reference::view_of;

pub(crate) type Edges = Vec<(u32, u32)>;

/// A random network, the same at every run.
pub(crate) fn network(n: u32, n_edges: usize, seed: u64) -> Edges {
    let mut state = seed;
    let mut roll = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as u32 % n
    };
    let mut edges: Edges = Vec::new();
    while edges.len() < n_edges {
        let (a, b) = (roll(), roll());
        if a != b && !edges.contains(&(a, b)) && !edges.contains(&(b, a)) {
            edges.push((a, b));
        }
    }
    edges
}

/// The measures of each node.
fn of_nodes(view: &View, groups: &[u32]) -> Vec<(&'static str, Vec<f64>)> {
    let classic = measure::classic_closeness(view, Direction::Either);
    let hits = measure::hits(view, None).unwrap();
    let two = measure::two_step_reach(view);
    let profile = measure::distance_profile(view, Direction::Outgoing);
    let number = |it: Option<u32>| it.map_or(f64::NAN, f64::from);
    let eigen = measure::eigenvector(view, &Default::default());
    let eigen = eigen.map_or_else(|| vec![0.0; view.n()], |it| it.nodes);
    vec![
        ("degree", measure::degrees(view, Direction::Either).iter().map(|&it| it as f64).collect()),
        ("closeness", classic.iter().map(|it| it.within).collect()),
        ("eigenvector", eigen),
        ("hubs", hits.hubs),
        ("authorities", hits.authorities),
        ("katz", measure::katz(view, &Default::default()).unwrap()),
        ("efficiency", two.iter().map(|it| it.efficiency).collect()),
        ("eccentricity", profile.eccentricity.into_iter().map(number).collect()),
        ("reciprocity", measure::node_reciprocity(view)),
        ("directed clustering", measure::directed_clustering(view)),
        ("ei", measure::ei_of_nodes(view, groups)),
        (
            "brokerage",
            measure::brokerage(view, groups).iter().map(|it| it.total() as f64).collect(),
        ),
    ]
}

/// The measures of the whole network that do not count isolated nodes.
fn of_links(view: &View, groups: &[u32]) -> Vec<(&'static str, Vec<f64>)> {
    let census = measure::dyad_census(view);
    let mixing = measure::mixing(view, groups);
    let profile = measure::distance_profile(view, Direction::Outgoing);
    let degrees =
        measure::directed_degree_assortativity(view, Direction::Outgoing, Direction::Incoming);
    vec![
        ("reciprocity", vec![census.reciprocity().unwrap()]),
        ("ei", vec![mixing.ei_index().unwrap()]),
        ("assortativity", vec![mixing.assortativity()]),
        ("degree assortativity", vec![degrees]),
        ("mean distance", vec![profile.mean_distance().unwrap()]),
        ("transitivity", vec![measure::transitivity(view).unwrap_or(f64::NAN)]),
        ("clustering", vec![measure::mean_clustering(view).of_pairs]),
        (
            "blocks",
            measure::biconnected_components(view).iter().map(|it| it.len() as f64).collect(),
        ),
    ]
}

/// The measures of the whole network that do count them.
fn of_all(view: &View) -> Vec<(&'static str, Vec<f64>)> {
    let core = measure::core_periphery(view, CorePattern::EitherEnd).unwrap();
    let strong = measure::strong_components(view).sizes;
    vec![
        ("core fit", vec![core.fit]),
        ("fragmentation", measure::key_fragmenters(view, 1).values),
        ("reach", measure::key_reachers(view, 1, ReachedBy::Distance).values),
        ("strong components", strong.into_iter().map(|it| it as f64).collect()),
        ("by degree", vec![measure::centralisation_by_degree(view, Direction::Either).sum]),
        ("by harmonic", vec![measure::centralisation_by_harmonic(view).sum]),
    ]
}

#[track_caller]
fn check(found: &[(&str, Vec<f64>)], expected: &[(&str, Vec<f64>)]) {
    for ((name, found), (_, expected)) in found.iter().zip(expected) {
        assert_eq!(found.len(), expected.len(), "{name}");
        for (at, (a, b)) in found.iter().zip(expected).enumerate() {
            let is_same = (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-8;
            assert!(is_same, "{name} at {at}: {a} is not {b}");
        }
    }
}

#[test]
fn other_names_change_nothing() {
    for seed in 0..20 {
        let directed = seed % 2 == 1;
        let (n, edges) = (14, network(14, 24, seed));
        let groups: Vec<u32> = (0..n).map(|it| it % 3).collect();
        let renamed = |it: u32| (it * 5 + 3) % n;
        let other: Edges = edges.iter().map(|&(a, b)| (renamed(a), renamed(b))).collect();
        let mut other_groups = vec![0; n as usize];
        (0..n).for_each(|it| other_groups[renamed(it) as usize] = groups[it as usize]);
        let view = view_of(n as usize, &edges, directed);
        let other = view_of(n as usize, &other, directed);
        let mut found = of_nodes(&other, &other_groups);
        for (_, values) in &mut found {
            *values = (0..n).map(|it| values[renamed(it) as usize]).collect();
        }
        check(&found, &of_nodes(&view, &groups));
        check(&of_links(&other, &other_groups), &of_links(&view, &groups));
        check(&of_all(&other), &of_all(&view));
    }
}

#[test]
fn an_isolated_node_changes_nothing_of_the_others() {
    for seed in 20..40 {
        let directed = seed % 2 == 1;
        let (n, edges) = (14, network(14, 24, seed));
        let groups: Vec<u32> = (0..n + 1).map(|it| it % 3).collect();
        let view = view_of(n as usize, &edges, directed);
        let more = view_of(n as usize + 1, &edges, directed);
        let mut found = of_nodes(&more, &groups);
        for (_, values) in &mut found {
            values.pop();
        }
        check(&found, &of_nodes(&view, &groups));
        check(&of_links(&more, &groups), &of_links(&view, &groups));
    }
}

#[test]
fn another_component_changes_nothing_of_the_first() {
    let own = ["degree", "closeness", "katz", "efficiency", "eccentricity", "reciprocity"];
    let own = [&own[..], &["directed clustering", "ei", "brokerage"]].concat();
    for seed in 40..60 {
        let directed = seed % 2 == 1;
        let (n, edges, beside) = (12, network(12, 20, seed), network(9, 12, seed + 100));
        let groups: Vec<u32> = (0..n + 9).map(|it| it % 3).collect();
        let moved = beside.iter().map(|&(a, b)| (a + n, b + n));
        let both: Edges = edges.iter().copied().chain(moved).collect();
        let view = view_of(n as usize, &edges, directed);
        let both = view_of(n as usize + 9, &both, directed);
        let mut found = of_nodes(&both, &groups);
        let mut expected = of_nodes(&view, &groups);
        // Eigenvector centrality and HITS look at the densest component alone.
        found.retain(|it| own.contains(&it.0));
        expected.retain(|it| own.contains(&it.0));
        for (_, values) in &mut found {
            values.truncate(n as usize);
        }
        check(&found, &expected);
    }
}
