//! What must not change a measure of two nodes: other names, an isolated node, another component.

use weft_analytics::{self as measure, Disjoint, LinkCost, PathListOptions};
use weft_graph::View;

use crate::invariance::network;
use crate::reference::view_of;

const N: u32 = 12;

/// The measures of two nodes.
fn of_pair(view: &View, a: u32, b: u32) -> Vec<f64> {
    let options = PathListOptions { limit: 10_000, ..Default::default() };
    let fit = measure::fit(view, a, b);
    let n_links = |paths: Vec<Vec<u32>>| {
        let n_links: usize = paths.iter().map(|it| it.len() - 1).sum();
        [paths.len() as f64, n_links as f64]
    };
    let candidate = measure::fit_candidates(view, a).into_iter().find(|it| it.node == b);
    [
        n_links(measure::disjoint_paths(view, a, b, Disjoint::Nodes, &[])),
        n_links(measure::disjoint_paths(view, a, b, Disjoint::Links, &[])),
        n_links(measure::all_shortest_paths(view, a, b, &options).paths),
        n_links(measure::simple_paths(view, a, b, 5, &options).paths),
        [measure::weighted_distances(view, a, &LinkCost::one(view))[b as usize], fit.jaccard],
        [fit.adamic_adar, fit.resource_allocation],
        [fit.preferential_attachment, fit.common.len() as f64],
        [candidate.map_or(0.0, |it| it.adamic_adar), measure::ego_density(view)[a as usize]],
    ]
    .concat()
}

/// Compares each pair of the first network with the pair that it became.
#[track_caller]
fn check(view: &View, other: &View, became: impl Fn(u32) -> u32) {
    for a in 0..N {
        for b in (0..N).filter(|&b| b != a) {
            let (found, expected) = (of_pair(other, became(a), became(b)), of_pair(view, a, b));
            for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let is_same = found == expected || (found - expected).abs() < 1e-9;
                assert!(is_same, "{a} and {b}, at {at}: {found} is not {expected}");
            }
        }
    }
}

#[test]
fn other_names_change_nothing_between_two() {
    for seed in 0..6 {
        let (edges, directed) = (network(N, 22, seed), seed % 2 == 1);
        let renamed = |it: u32| (it * 5 + 3) % N;
        let other: Vec<_> = edges.iter().map(|&(a, b)| (renamed(a), renamed(b))).collect();
        let view = view_of(N as usize, &edges, directed);
        check(&view, &view_of(N as usize, &other, directed), renamed);
    }
}

#[test]
fn neither_an_isolated_node_nor_another_component_changes_anything_between_two() {
    for seed in 6..12 {
        let (edges, directed) = (network(N, 22, seed), seed % 2 == 1);
        let view = view_of(N as usize, &edges, directed);
        check(&view, &view_of(N as usize + 1, &edges, directed), |it| it);
        let beside = network(9, 12, seed + 100).into_iter().map(|(a, b)| (a + N, b + N));
        let both: Vec<_> = edges.iter().copied().chain(beside).collect();
        check(&view, &view_of(N as usize + 9, &both, directed), |it| it);
    }
}
