//! weft's side: a view of the links, and its measures.

use std::sync::Arc;

use weft_analytics as weft;
use weft_graph::{
    Claim, NodeId, NodeRecord, Schema, SnapshotBuilder, TieId, TieRecord, View, ViewSpec,
    fixture_model,
};

use crate::Answer::{Counts, Distances, Floats, Sizes};
use crate::Measure;
use crate::graphs::{Links, costs, pairs, sources};

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
        "degree" => Box::new(move || Counts(view.degrees().collect())),
        "bfs" => Box::new(move || Distances(weft_graph::distances(view, &[0], u32::MAX))),
        "weighted" => {
            // Links of the view stand in the order of the file.
            let costs = costs(view.m());
            let cost = |link: u32| f64::from(costs[link as usize]);
            let cost = weft::LinkCost::new("test", view, cost).unwrap();
            Box::new(move || Floats(weft::weighted_distances(view, 0, &cost)))
        }
        "reach-2" => reach(view, 2, n_threads),
        "reach-3" => reach(view, 3, n_threads),
        "reach-all" => reach(view, u32::MAX, n_threads),
        "harmonic-256" => Box::new(move || {
            let found = weft::closeness_of(view, &sources(n), &mut run()).unwrap();
            Floats(found.iter().map(|it| it.harmonic_sum).collect())
        }),
        "harmonic" => Box::new(move || {
            let found = weft::closeness_in(view, &mut run()).unwrap();
            Floats(found.iter().map(|it| it.harmonic_sum).collect())
        }),
        "betweenness-256" => {
            Box::new(move || Floats(weft::betweenness_from(view, &sources(n), &mut run()).unwrap()))
        }
        "betweenness" => {
            Box::new(move || Floats(weft::node_betweenness(view, &mut run()).unwrap()))
        }
        "constraint" => Box::new(move || {
            Floats(weft::structural_holes_in(view, &mut run()).unwrap().constraint)
        }),
        "cuts" => Box::new(move || {
            let cuts = weft::cuts(view);
            let mut answer = vec![0; n];
            cuts.nodes().iter().for_each(|&it| answer[it as usize] = 1);
            answer.push(cuts.bridges().len() as u32);
            Counts(answer)
        }),
        "k-core" => Box::new(move || Counts(weft::core_numbers(view))),
        "triangles" => {
            Box::new(move || Floats(weft::triangles(view).iter().map(|&it| it as f64).collect()))
        }
        "page-rank" => {
            let options = weft::PageRankOptions { tolerance: 1e-8, ..Default::default() };
            Box::new(move || Floats(weft::page_rank(view, &[], &options)))
        }
        // What the others are held against.
        "page-rank-true" => {
            let options = weft::PageRankOptions { tolerance: 1e-14, ..Default::default() };
            Box::new(move || Floats(weft::page_rank(view, &[], &options)))
        }
        "eigenvector" => Box::new(move || {
            Floats(weft::eigenvector(view, &weft::EigenvectorOptions::default()).unwrap().nodes)
        }),
        "leiden" => groups(view, weft::CommunityMethod::Leiden),
        "louvain" => groups(view, weft::CommunityMethod::Louvain),
        "components" => Box::new(move || Sizes(vec![weft::components(view).sizes.len()])),
        // All four scores of each pair are found; one is compared.
        "candidates-jaccard" => candidates(view, |it| it.jaccard),
        "candidates-adamic-adar" => candidates(view, |it| it.adamic_adar),
        "candidates-allocation" => candidates(view, |it| it.resource_allocation),
        "path" => {
            let mut finder = weft_graph::PathFinder::new(view);
            let mut n_links =
                move |(a, b)| finder.path(a, b).map_or(u32::MAX, |it| it.len() as u32 - 1);
            Box::new(move || Distances(pairs(n).into_iter().map(&mut n_links).collect()))
        }
        _ => panic!("weft has no measure {name} here"),
    }
}

fn reach(view: &View, k: u32, n_threads: usize) -> Measure<'_> {
    Box::new(move || {
        let mut run = weft::Run::default().on_threads(n_threads);
        Sizes(weft::reach_of(view, &sources(view.n()), k, &mut run).unwrap())
    })
}

/// The sum of a score over all candidates of each node.
fn candidates(view: &View, score: fn(&weft::FitCandidate) -> f64) -> Measure<'_> {
    Box::new(move || {
        let mut sums = vec![0.0; view.n()];
        weft::for_all_fit_candidates(view, |node, found| {
            sums[node as usize] = found.iter().map(score).sum();
        });
        Floats(sums)
    })
}

/// One run; how good it is told apart from it, by modularity.
fn groups(view: &View, method: weft::CommunityMethod) -> Measure<'_> {
    let options = weft::CommunityOptions { method, n_runs: Some(1), ..Default::default() };
    Box::new(move || Floats(vec![weft::communities(view, &options).modularity]))
}
