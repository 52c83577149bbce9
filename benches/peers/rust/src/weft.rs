//! weft's side: a view of the links, and its measures.

use std::sync::Arc;

use weft_analytics as weft;
use weft_graph::{
    Claim, NodeId, NodeRecord, Schema, SnapshotBuilder, TieId, TieRecord, UNREACHED, View,
    ViewSpec, fixture_model,
};

use crate::Measure;
use crate::graphs::{Links, pairs, sources};

/// The undirected view of everything.
pub fn view_of(links: &Links) -> View {
    let start = fixture_model("start");
    let claims: Vec<Claim> = start.nodes()[0].record.claims.clone();
    let mut builder = SnapshotBuilder::new(Arc::new(Schema::bundled()));
    for source in start.sources().values() {
        builder.source(source.clone());
    }
    for node in 0..links.n {
        let id = format!("n{node}");
        let kind = "partnership".to_owned();
        let claims = claims.clone();
        let record = NodeRecord { name: id.clone(), id, kind, claims, ..Default::default() };
        builder.node(NodeId(node as u32 + 1), record);
    }
    for (at, &(a, b)) in links.pairs.iter().enumerate() {
        let record = TieRecord {
            source: format!("n{a}"),
            relation: "supports".into(),
            target: format!("n{b}"),
            claims: claims.clone(),
            ..Default::default()
        };
        builder.tie(TieId(at as u32 + 1), NodeId(a + 1), NodeId(b + 1), record);
    }
    let snapshot = builder.build();
    View::new(&snapshot, ViewSpec::all(&snapshot))
}

/// A measure by name.
pub fn measure<'a>(view: &'a View, name: &str, n_threads: usize) -> Measure<'a> {
    let n = view.n();
    let run = move || weft::Run::default().on_threads(n_threads);
    match name {
        "degree" => Box::new(move || view.degrees().map(f64::from).collect()),
        "bfs" => Box::new(move || floats(&weft_graph::distances(view, &[0], u32::MAX))),
        "reach-256" => Box::new(move || {
            let found = weft::reach_of(view, &sources(n), 2, &mut run()).unwrap();
            found.into_iter().map(|it| it as f64).collect()
        }),
        "harmonic-256" => Box::new(move || {
            let found = weft::closeness_of(view, &sources(n), &mut run()).unwrap();
            found.iter().map(|it| it.harmonic_sum).collect()
        }),
        "harmonic" => Box::new(move || {
            let found = weft::closeness_in(view, &mut run()).unwrap();
            found.iter().map(|it| it.harmonic_sum).collect()
        }),
        "betweenness-256" => {
            Box::new(move || weft::betweenness_from(view, &sources(n), &mut run()).unwrap())
        }
        "betweenness" => Box::new(move || weft::node_betweenness(view, &mut run()).unwrap()),
        "constraint" => Box::new(move || weft::structural_holes(view).constraint),
        "cuts" => Box::new(move || {
            let cuts = weft::cuts(view);
            let mut answer = vec![0.0; n];
            cuts.nodes().iter().for_each(|&it| answer[it as usize] = 1.0);
            answer.push(cuts.bridges().len() as f64);
            answer
        }),
        "k-core" => Box::new(move || floats(&weft::core_numbers(view))),
        "triangles" => {
            Box::new(move || weft::triangles(view).iter().map(|&it| it as f64).collect())
        }
        "page-rank" => Box::new(move || {
            let options = weft::PageRankOptions { tolerance: 1e-8, ..Default::default() };
            weft::page_rank(view, &[], &options)
        }),
        "eigenvector" => Box::new(move || {
            weft::eigenvector(view, &weft::EigenvectorOptions::default()).unwrap().nodes
        }),
        "leiden" => groups(view, weft::CommunityMethod::Leiden),
        "louvain" => groups(view, weft::CommunityMethod::Louvain),
        "components" => Box::new(move || vec![weft::components(view).sizes.len() as f64]),
        "path" => {
            // As of the peer that is compared with: lengths alone, in memory that is kept.
            let mut finder = weft_graph::DistanceFinder::new(view);
            Box::new(move || {
                let far = pairs(n).into_iter().map(|(a, b)| finder.distance(a, b));
                floats(&far.collect::<Vec<u32>>())
            })
        }
        _ => panic!("weft has no measure {name} here"),
    }
}

/// One run; how good it is told apart from it, by modularity.
fn groups(view: &View, method: weft::CommunityMethod) -> Measure<'_> {
    let options = weft::CommunityOptions { method, n_runs: 1, ..Default::default() };
    Box::new(move || vec![weft::communities(view, &options).modularity])
}

fn floats(numbers: &[u32]) -> Vec<f64> {
    numbers.iter().map(|&it| if it == UNREACHED { -1.0 } else { f64::from(it) }).collect()
}
