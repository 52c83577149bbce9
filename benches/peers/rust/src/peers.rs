//! The Rust peers: petgraph, rustworkx-core, and neo4j-labs' graph.

use graph::page_rank::{PageRankConfig, page_rank};
use graph::prelude::{
    CsrLayout, DirectedCsrGraph, GraphBuilder, RelabelByDegreeOp, UndirectedCsrGraph,
    global_triangle_count,
};
use petgraph::graph::UnGraph;
use petgraph::visit::Bfs;

use crate::Measure;
use crate::graphs::{Links, pairs};

/// Makes the peer's graph and hands over the measure.
pub fn with(links: &Links, side: &str, name: &str, run: impl FnOnce(Measure)) {
    match side {
        "petgraph" => {
            let graph = petgraph(links);
            run(petgraph_measure(&graph, name));
        }
        "rustworkx-core" => {
            let graph = petgraph(links);
            run(rustworkx_measure(&graph, name));
        }
        "neo4j" => neo4j(links, name, run),
        _ => panic!("no peer is called {side}"),
    }
}

fn petgraph(links: &Links) -> UnGraph<(), ()> {
    let mut graph = UnGraph::with_capacity(links.n, links.pairs.len());
    (0..links.n).for_each(|_| {
        graph.add_node(());
    });
    graph.extend_with_edges(&links.pairs);
    graph
}

fn petgraph_measure<'a>(graph: &'a UnGraph<(), ()>, name: &str) -> Measure<'a> {
    let n = graph.node_count();
    match name {
        "degree" => Box::new(move || {
            graph.node_indices().map(|it| graph.neighbors(it).count() as f64).collect()
        }),
        "bfs" => Box::new(move || {
            let mut distance = vec![-1.0; n];
            distance[0] = 0.0;
            let mut bfs = Bfs::new(graph, 0.into());
            while let Some(node) = bfs.next(graph) {
                for next in graph.neighbors(node) {
                    if distance[next.index()] < 0.0 {
                        distance[next.index()] = distance[node.index()] + 1.0;
                    }
                }
            }
            distance
        }),
        "cuts" => Box::new(move || {
            let cuts = petgraph::algo::articulation_points::articulation_points(graph);
            let mut answer = vec![0.0; n];
            cuts.iter().for_each(|it| answer[it.index()] = 1.0);
            answer.push(petgraph::algo::bridges::bridges(graph).count() as f64);
            answer
        }),
        "components" => Box::new(move || vec![petgraph::algo::connected_components(graph) as f64]),
        "path" => Box::new(move || {
            let of = |&(a, b): &(u32, u32)| {
                let path =
                    petgraph::algo::astar(graph, a.into(), |it| it == b.into(), |_| 1_u32, |_| 0);
                path.map_or(-1.0, |it| f64::from(it.0))
            };
            pairs(n).iter().take(100).map(of).collect()
        }),
        _ => panic!("petgraph has no measure {name} here"),
    }
}

fn rustworkx_measure<'a>(graph: &'a UnGraph<(), ()>, name: &str) -> Measure<'a> {
    let n = graph.node_count();
    // From so many nodes on it would use threads.
    let never = usize::MAX;
    let known = |it: Vec<Option<f64>>| it.into_iter().map(|it| it.unwrap_or(0.0)).collect();
    match name {
        "cuts" => Box::new(move || {
            let cuts = rustworkx_core::connectivity::articulation_points(graph, None);
            let mut answer = vec![0.0; n];
            cuts.iter().for_each(|it| answer[it.index()] = 1.0);
            answer.push(rustworkx_core::connectivity::bridges(graph).len() as f64);
            answer
        }),
        "articulation" => Box::new(move || {
            let cuts = rustworkx_core::connectivity::articulation_points(graph, None);
            let mut answer = vec![0.0; n];
            cuts.iter().for_each(|it| answer[it.index()] = 1.0);
            answer
        }),
        "k-core" => Box::new(move || {
            let core = rustworkx_core::connectivity::core_number(graph);
            graph.node_indices().map(|it| core[&it] as f64).collect()
        }),
        "components" => Box::new(move || {
            vec![rustworkx_core::connectivity::number_connected_components(graph) as f64]
        }),
        "betweenness" => Box::new(move || {
            known(rustworkx_core::centrality::betweenness_centrality(graph, false, false, never))
        }),
        _ => panic!("rustworkx-core has no measure {name} here"),
    }
}

fn neo4j(links: &Links, name: &str, run: impl FnOnce(Measure)) {
    let both = links.pairs.iter().flat_map(|&(a, b)| [(a, b), (b, a)]);
    let n = links.n;
    match name {
        "page-rank" => {
            let graph: DirectedCsrGraph<u32> =
                GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges(both).build();
            run(Box::new(move || {
                let (ranks, ..) = page_rank(&graph, PageRankConfig::new(1000, 1e-8, 0.85));
                let mut ranks: Vec<f64> = ranks.into_iter().map(f64::from).collect();
                ranks.resize(n, 0.0);
                ranks
            }));
        }
        "triangles-total" => {
            let build = || -> UndirectedCsrGraph<u32> {
                let edges = links.pairs.iter().copied();
                GraphBuilder::new().csr_layout(CsrLayout::Deduplicated).edges(edges).build()
            };
            let mut graph = build();
            graph.make_degree_ordered();
            run(Box::new(move || vec![global_triangle_count(&graph) as f64]));
        }
        _ => panic!("neo4j has no measure {name} here"),
    }
}
