//! Every measure against the reference networks.

use serde_json::Value;
use weft_analytics::{self as measure, Direction};

use crate::reference::{Reference, rows, text_at, texts};

/// Runs a comparison on every network; it says how many values it compared, and some must be.
#[track_caller]
fn check(compare: impl Fn(&Reference) -> usize) {
    let references = Reference::all();
    let n_compared: usize = references.iter().map(compare).sum();
    assert!(references.is_empty() || n_compared > 0, "no reference has this measure");
}

fn count(compared: &[bool]) -> usize {
    compared.iter().filter(|&&it| it).count()
}

#[test]
fn degrees_and_cores_are_those_of_the_references() {
    check(|it| {
        let nodes = || 0..it.view.n() as u32;
        let out: Vec<f64> = nodes().map(|node| it.view.degree(node) as f64).collect();
        let incoming: Vec<f64> =
            nodes().map(|node| it.view.in_neighbours(node).len() as f64).collect();
        let cores: Vec<f64> = measure::core_numbers(&it.view).into_iter().map(f64::from).collect();
        count(&[
            it.check("degree", &out),
            it.check("out_degree", &out),
            it.check("in_degree", &incoming),
            it.check("core_number", &cores),
        ])
    });
}

#[test]
fn betweenness_is_that_of_the_references() {
    check(|it| {
        let nodes = measure::betweenness(&it.view).nodes;
        count(&[
            it.check("betweenness_raw", &nodes),
            it.check("betweenness_raw_vs_sna", &nodes),
            it.check("betweenness_normalised", &measure::normalised_betweenness(&it.view, &nodes)),
        ])
    });
}

#[test]
fn closeness_is_that_of_the_references() {
    check(|it| {
        let closeness = measure::closeness(&it.view);
        let n_others = it.view.n() as f64 - 1.0;
        let harmonic: Vec<f64> = closeness.iter().map(|it| it.harmonic).collect();
        // Where it reaches nobody the programs differ: some have 0, ours has NaN.
        let classic = |it: &measure::Closeness| if it.n_reached == 0 { 0.0 } else { it.classic };
        let whole = closeness.iter().map(|it| classic(it) * it.n_reached as f64 / n_others);
        let whole: Vec<f64> = whole.collect();
        let within: Vec<f64> = closeness.iter().map(|it| it.classic).collect();
        let named = &it.json["values"]["closeness_within_component"]["node"];
        let same_in_all = rows_of(named).all(|(_, value)| value.is_number());
        count(&[
            it.check("harmonic_mean_distance_inverse", &harmonic),
            it.check("closeness_wasserman_faust", &whole),
            same_in_all && it.check("closeness_within_component", &within),
        ])
    });
}

#[test]
fn structural_holes_are_those_of_the_references() {
    check(|it| {
        let holes = measure::structural_holes(&it.view);
        count(&[
            it.check("burt_constraint", &holes.constraint),
            it.check("burt_constraint_vs_definition", &holes.constraint),
            it.check("effective_size", &holes.effective_size),
            it.check("effective_size_borgatti", &holes.effective_size),
            it.check("efficiency", &holes.efficiency),
        ])
    });
}

#[test]
fn brokerage_roles_are_those_of_the_references() {
    check(|it| {
        let Some(groups) = it.groups() else { return 0 };
        let roles = measure::brokerage(&it.view, &groups);
        let column = |of: &dyn Fn(&measure::Brokerage) -> u64| -> Vec<f64> {
            roles.iter().map(|it| of(it) as f64).collect()
        };
        let columns = [
            ("w_I", column(&|it| it.coordinator)),
            ("w_O", column(&|it| it.itinerant)),
            ("b_IO", column(&|it| it.representative)),
            ("b_OI", column(&|it| it.gatekeeper)),
            ("b_O", column(&|it| it.liaison)),
            ("t", column(&|it| it.total())),
        ];
        let single = &it.json["values"]["brokerage_single_program"]["node"];
        for (name, expected) in rows_of(single) {
            for (role, found) in &columns {
                let found = found[it.index(name) as usize];
                assert_eq!(expected[role].as_f64(), Some(found), "{}: {role} of {name}", it.name);
            }
        }
        let compared =
            columns.iter().map(|(role, found)| it.check(&format!("brokerage_{role}"), found));
        compared.filter(|&it| it).count() + rows_of(single).count()
    });
}

#[test]
fn page_rank_is_that_of_the_references() {
    check(|it| {
        let rank = measure::page_rank(&it.view, &[], &measure::PageRankOptions::default());
        count(&[it.check("pagerank_0.85", &rank)])
    });
}

#[test]
fn classic_closeness_is_that_of_the_references() {
    check(|it| {
        let found = measure::classic_closeness(&it.view, Direction::Outgoing);
        let whole: Vec<f64> = found.iter().map(|it| it.wasserman_faust).collect();
        let extent = measure::distance_profile(&it.view, Direction::Either);
        count(&[
            it.check("closeness_wasserman_faust", &whole),
            it.check_graph(
                "largest_component_diameter",
                extent.diameter().map_or(f64::NAN, f64::from),
            ),
        ])
    });
}

#[test]
fn eigenvectors_are_those_of_the_references() {
    check(|it| {
        let nodes = |weights| {
            let options = measure::EigenvectorOptions { weights, ..Default::default() };
            measure::eigenvector(&it.view, &options).unwrap().nodes
        };
        let weights = it.weights();
        count(&[
            it.check("eigenvector_max_1", &nodes(None)),
            weights.is_some() && it.check("eigenvector_max_1_weighted", &nodes(weights.as_deref())),
        ])
    });
}

#[test]
fn weighted_measures_are_those_of_the_references() {
    check(|it| {
        let Some(weights) = it.weights() else { return 0 };
        let holes = measure::weighted_structural_holes(&it.view, &weights);
        let rank = measure::weighted_page_rank(&it.view, &weights, &Default::default());
        count(&[
            it.check("burt_constraint_weighted", &holes.constraint),
            it.check("effective_size_weighted", &holes.effective_size),
            it.check("pagerank_0.85_weighted", &rank),
        ])
    });
}

#[test]
fn strong_components_and_reciprocity_are_those_of_the_references() {
    check(|it| {
        let n_strong = measure::strong_components(&it.view).sizes.len();
        let reciprocity = measure::dyad_census(&it.view).reciprocity().unwrap();
        count(&[
            it.check_graph("components_strong", n_strong as f64),
            it.check_graph("reciprocity", reciprocity),
        ])
    });
}

#[test]
fn clustering_and_shape_are_those_of_the_references() {
    check(|it| {
        let extent = measure::extent(&it.view).unwrap();
        let n_components = measure::components(&it.view).sizes.len();
        count(&[
            it.check("local_clustering", &measure::local_clustering(&it.view)),
            it.check_graph("transitivity_global", measure::global_clustering(&it.view)),
            it.check_graph("density", measure::density(&it.view)),
            it.check_graph("components_weak", n_components as f64),
            it.check_graph(
                "assortativity_degree_undirected",
                measure::degree_assortativity(&it.view),
            ),
            it.check_graph("largest_component_nodes", extent.n as f64),
            it.check_graph("largest_component_diameter", f64::from(extent.diameter)),
            it.check_graph("largest_component_average_path_length", extent.mean_distance),
        ])
    });
}

#[test]
fn cut_nodes_and_bridges_are_those_of_the_references() {
    check(|it| {
        let cuts = measure::cuts(&it.view);
        let named = texts(&it.json["graph"]["articulation_points"]);
        let mut nodes: Vec<u32> = named.into_iter().map(|name| it.index(name)).collect();
        nodes.sort_unstable();
        assert_eq!(cuts.nodes(), nodes, "{}", it.name);
        let ends = |row: &Value| (it.index(text_at(row, 0)), it.index(text_at(row, 1)));
        let pairs = rows(&it.json["graph"]["bridges"]).map(ends);
        let mut pairs: Vec<(u32, u32)> = pairs.map(|(a, b)| (a.min(b), a.max(b))).collect();
        pairs.sort_unstable();
        assert_eq!(cuts.bridges(), pairs, "{}", it.name);
        nodes.len() + pairs.len()
    });
}

#[test]
fn communities_have_the_greatest_modularity_there_is() {
    check(|it| {
        let groups = it.groups().map_or(f64::NAN, |of| measure::modularity(&it.view, &of, 1.0));
        let known = it.check_graph("modularity_of_group", groups);
        let Some(best) = it.json["graph"]["maximum_modularity"]["value"].as_f64() else {
            return count(&[known]);
        };
        for seed in 0..10 {
            let options = measure::CommunityOptions { seed, ..Default::default() };
            let found = measure::communities(&it.view, &options).modularity;
            assert!((found - best).abs() < 1e-9, "{}: {found} is not {best}", it.name);
        }
        10 + count(&[known])
    });
}

fn rows_of(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
