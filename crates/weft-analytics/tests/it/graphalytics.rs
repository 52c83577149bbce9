//! The validation graphs of LDBC Graphalytics, by its own rules: integers exactly, components as a
//! partition, the rest within a ten-thousandth.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these are tests, and they read the references"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use weft_analytics as measure;
use weft_graph::{UNREACHED, View, distances};

use crate::reference::{shared, view_of};

/// What the benchmark writes where there is no way.
const NO_WAY: &str = "9223372036854775807";
/// What a decimal may differ by, as a share of it.
const TOLERANCE: f64 = 1e-4;

/// A validation graph: its view has the nodes in ascending order of their own numbers.
struct Graph {
    ids: Vec<u64>,
    view: View,
    weights: BTreeMap<(u32, u32), f64>,
}

impl Graph {
    fn index(&self, id: u64) -> u32 {
        self.ids.binary_search(&id).unwrap() as u32
    }

    /// From lines of a node and those that it leads to, or of two ends and a weight.
    fn new(text: &str, directed: bool, has_weights: bool) -> Self {
        let lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
        let rows: Vec<Vec<&str>> = lines.map(|it| it.split_whitespace().collect()).collect();
        let id = |it: &&str| it.parse::<u64>().unwrap();
        let n_ids = |row: &[&str]| if has_weights { 2 } else { row.len() };
        let mut ids: Vec<u64> = rows.iter().flat_map(|it| it[..n_ids(it)].iter().map(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        let index = |it: &&str| ids.binary_search(&id(it)).unwrap() as u32;
        let mut weights = BTreeMap::new();
        for row in &rows {
            for target in &row[1..n_ids(row)] {
                let weight = if has_weights { row[2].parse().unwrap() } else { 1.0 };
                let (a, b) = (index(&row[0]), index(target));
                // An undirected link may stand on both of its lines.
                weights.insert(if directed { (a, b) } else { (a.min(b), a.max(b)) }, weight);
            }
        }
        let edges: Vec<(u32, u32)> = weights.keys().copied().collect();
        let view = view_of(ids.len(), &edges, directed);
        assert_eq!(view.m(), edges.len());
        Self { ids, view, weights }
    }
}

/// A graph's file and its answer's, its direction, its number of rounds or its source.
type Case = (&'static str, &'static str, bool, u64);

/// Runs on each case whose files are there; `find` gives an answer for each node.
#[track_caller]
fn check(cases: &[Case], find: impl Fn(&Graph, u64) -> Vec<f64>, tolerance: f64) {
    let Some(folder) = shared("data/ldbc_validation") else { return };
    let read = |name: &str| std::fs::read_to_string(PathBuf::from(&folder).join(name)).unwrap();
    for &(input, output, directed, parameter) in cases {
        let graph = Graph::new(&read(input), directed, input.ends_with(".e"));
        let found = find(&graph, parameter);
        let answers = read(output);
        let mut n_compared = 0;
        for line in answers.lines().filter(|it| !it.is_empty()) {
            let (id, value) = line.split_once(' ').unwrap();
            let found = found[graph.index(id.parse().unwrap()) as usize];
            let expected = match value.trim() {
                NO_WAY | "Infinity" => f64::INFINITY,
                value => value.parse().unwrap(),
            };
            let is_same = found == expected || (found - expected).abs() <= tolerance * expected;
            assert!(is_same, "{output}: {id}: {found} is not {expected}");
            n_compared += 1;
        }
        assert_eq!(n_compared, graph.view.n(), "{output}");
    }
}

#[test]
fn breadth_first_search_is_that_of_graphalytics() {
    let cases = [
        ("bfs/dir-input", "bfs/dir-output", true, 1),
        ("bfs/undir-input", "bfs/undir-output", false, 1),
        ("example/example-directed-input", "example/example-directed-BFS", true, 1),
        ("example/example-undirected-input", "example/example-undirected-BFS", false, 2),
    ];
    let find = |graph: &Graph, source: u64| {
        let found = distances(&graph.view, &[graph.index(source)], UNREACHED - 1);
        let far = |it: u32| if it == UNREACHED { f64::INFINITY } else { f64::from(it) };
        found.into_iter().map(far).collect()
    };
    check(&cases, find, 0.0);
}

#[test]
fn weighted_distances_are_those_of_graphalytics() {
    let cases = [
        ("example/example-directed.e", "example/example-directed-SSSP", true, 1),
        ("example/example-undirected.e", "example/example-undirected-SSSP", false, 2),
    ];
    let find = |graph: &Graph, source: u64| {
        let weight = |link: u32| graph.weights[&graph.view.link_ends(link)];
        let cost = measure::LinkCost::new("weight", &graph.view, weight).unwrap();
        measure::weighted_distances(&graph.view, graph.index(source), &cost)
    };
    check(&cases, find, TOLERANCE);
}

#[test]
fn label_propagation_is_that_of_graphalytics() {
    let cases = [
        ("example/example-directed-input", "example/example-directed-CDLP", true, 2),
        ("example/example-undirected-input", "example/example-undirected-CDLP", false, 2),
    ];
    let find = |graph: &Graph, n_rounds: u64| {
        let labels = measure::label_propagation(&graph.view, n_rounds as usize);
        labels.into_iter().map(|it| graph.ids[it as usize] as f64).collect()
    };
    check(&cases, find, 0.0);
}

#[test]
fn page_rank_after_so_many_rounds_is_that_of_graphalytics() {
    let cases = [
        ("pr/dir-input", "pr/dir-output", true, 14),
        ("pr/undir-input", "pr/undir-output", false, 26),
        ("example/example-directed-input", "example/example-directed-PR", true, 2),
        ("example/example-undirected-input", "example/example-undirected-PR", false, 2),
    ];
    let find = |graph: &Graph, n_rounds: u64| {
        let n_rounds = n_rounds as usize;
        let options = measure::PageRankOptions { n_rounds: Some(n_rounds), ..Default::default() };
        measure::page_rank(&graph.view, &[], &options)
    };
    check(&cases, find, TOLERANCE);
}

#[test]
fn clustering_is_that_of_graphalytics() {
    let cases = [
        ("example/example-directed-input", "example/example-directed-LCC", true, 0),
        ("example/example-undirected-input", "example/example-undirected-LCC", false, 0),
    ];
    check(&cases, |graph, _| measure::ego_density(&graph.view), TOLERANCE);
}

#[test]
fn components_are_those_of_graphalytics() {
    let cases = [
        ("wcc/dir-input", "wcc/dir-output", true, 0),
        ("wcc/undir-input", "wcc/undir-output", false, 0),
        ("example/example-directed-input", "example/example-directed-WCC", true, 0),
        ("example/example-undirected-input", "example/example-undirected-WCC", false, 0),
    ];
    // Labels are free; the files name a component by its smallest node, and so does this.
    let find = |graph: &Graph, _| {
        let of = measure::components(&graph.view).of;
        let first = |it: &u32| of.iter().position(|of| of == it).unwrap();
        of.iter().map(|it| graph.ids[first(it)] as f64).collect()
    };
    check(&cases, find, 0.0);
}
