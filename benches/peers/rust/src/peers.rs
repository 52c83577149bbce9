//! The Rust peers: petgraph, rustworkx-core, and neo4j-labs' graph.

use graph::page_rank::{PageRankConfig, page_rank};
use graph::prelude::{
    CsrLayout, DeltaSteppingConfig, DirectedCsrGraph, GraphBuilder, RelabelByDegreeOp,
    UndirectedCsrGraph, delta_stepping, global_triangle_count,
};
use petgraph::graph::UnGraph;
use petgraph::visit::Bfs;

use crate::Answer::{Counts, Distances, Floats, Singles, Sizes};
use crate::Measure;
use crate::graphs::{Links, costs, pairs};

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

fn petgraph(links: &Links) -> UnGraph<(), f32> {
    let mut graph = UnGraph::with_capacity(links.n, links.pairs.len());
    (0..links.n).for_each(|_| {
        graph.add_node(());
    });
    let costs = costs(links.pairs.len());
    graph.extend_with_edges(links.pairs.iter().zip(costs).map(|(&(a, b), cost)| (a, b, cost)));
    graph
}

fn petgraph_measure<'a>(graph: &'a UnGraph<(), f32>, name: &str) -> Measure<'a> {
    let n = graph.node_count();
    match name {
        "degree" => Box::new(move || {
            Sizes(graph.node_indices().map(|it| graph.neighbors(it).count()).collect())
        }),
        "bfs" => Box::new(move || {
            let mut distance = vec![u32::MAX; n];
            distance[0] = 0;
            let mut bfs = Bfs::new(graph, 0.into());
            while let Some(node) = bfs.next(graph) {
                for next in graph.neighbors(node) {
                    if distance[next.index()] == u32::MAX {
                        distance[next.index()] = distance[node.index()] + 1;
                    }
                }
            }
            Distances(distance)
        }),
        "weighted" => Box::new(move || {
            let found = petgraph::algo::dijkstra(graph, 0.into(), None, |it| *it.weight());
            let of = |it| found.get(&it).copied().unwrap_or(f32::INFINITY);
            Singles(graph.node_indices().map(of).collect())
        }),
        "cuts" => Box::new(move || {
            let cuts = petgraph::algo::articulation_points::articulation_points(graph);
            let mut answer = vec![0; n];
            cuts.iter().for_each(|it| answer[it.index()] = 1);
            answer.push(petgraph::algo::bridges::bridges(graph).count() as u32);
            Counts(answer)
        }),
        "components" => Box::new(move || Sizes(vec![petgraph::algo::connected_components(graph)])),
        "path" => Box::new(move || {
            let of = |&(a, b): &(u32, u32)| {
                let path =
                    petgraph::algo::astar(graph, a.into(), |it| it == b.into(), |_| 1_u32, |_| 0);
                path.map_or(u32::MAX, |it| it.0)
            };
            Distances(pairs(n).iter().take(100).map(of).collect())
        }),
        _ => panic!("petgraph has no measure {name} here"),
    }
}

fn rustworkx_measure<'a>(graph: &'a UnGraph<(), f32>, name: &str) -> Measure<'a> {
    let n = graph.node_count();
    // From so many nodes on it would use threads.
    let never = usize::MAX;
    let known = |it: Vec<Option<f64>>| Floats(it.into_iter().map(|it| it.unwrap_or(0.0)).collect());
    match name {
        "cuts" => Box::new(move || {
            let cuts = rustworkx_core::connectivity::articulation_points(graph, None);
            let mut answer = vec![0; n];
            cuts.iter().for_each(|it| answer[it.index()] = 1);
            answer.push(rustworkx_core::connectivity::bridges(graph).len() as u32);
            Counts(answer)
        }),
        "articulation" => Box::new(move || {
            let cuts = rustworkx_core::connectivity::articulation_points(graph, None);
            let mut answer = vec![0; n];
            cuts.iter().for_each(|it| answer[it.index()] = 1);
            Counts(answer)
        }),
        "k-core" => Box::new(move || {
            let core = rustworkx_core::connectivity::core_number(graph);
            Sizes(graph.node_indices().map(|it| core[&it]).collect())
        }),
        "components" => Box::new(move || {
            Sizes(vec![rustworkx_core::connectivity::number_connected_components(graph)])
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
                let mut ranks = ranks;
                ranks.resize(n, 0.0);
                Singles(ranks)
            }));
        }
        "weighted" => {
            let costs = costs(links.pairs.len());
            let both =
                links.pairs.iter().zip(costs).flat_map(|(&(a, b), it)| [(a, b, it), (b, a, it)]);
            let graph: DirectedCsrGraph<u32, (), f32> =
                GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges_with_values(both).build();
            // The width of a bucket that was the fastest of 1, 2, 4, ... 128.
            let config = DeltaSteppingConfig::new(0, 16.0);
            run(Box::new(move || {
                let far = delta_stepping(&graph, config);
                let far = far.into_iter().map(|it| it.into_inner());
                Singles(far.map(|it| if it == f32::MAX { f32::INFINITY } else { it }).collect())
            }));
        }
        "triangles-total" => {
            let build = || -> UndirectedCsrGraph<u32> {
                let edges = links.pairs.iter().copied();
                GraphBuilder::new().csr_layout(CsrLayout::Deduplicated).edges(edges).build()
            };
            let mut graph = build();
            graph.make_degree_ordered();
            run(Box::new(move || Floats(vec![global_triangle_count(&graph) as f64])));
        }
        _ => panic!("neo4j has no measure {name} here"),
    }
}
