//! Measures of a network: who is central, who brokers, what holds together, which groups there are.
//!
//! Each measure is a pure function of a [`weft_graph::View`]: nodes are dense indices of the view,
//! results are lists by index, the same view gives the same bits. Seeds are arguments. What a number
//! means for an ecosystem is not known here.

mod betweenness;
mod blocks;
mod brokerage;
mod closeness;
mod clustering;
mod communities;
mod components;
mod contacts;
mod core_numbers;
mod cuts;
mod dependencies;
mod fit;
mod many_searches;
mod page_rank;
mod path_counts;
mod paths;
mod random;
mod run;
mod shape;
mod structural_holes;
#[cfg(test)]
mod testing;

pub use betweenness::{
    Betweenness, PairDependency, SampleOptions, SampledBetweenness, betweenness, betweenness_from,
    betweenness_in, dependency_pairs, link_shares, node_betweenness, normalised_betweenness,
    sampled_betweenness,
};
pub use brokerage::{Brokerage, brokerage};
pub use closeness::{Closeness, closeness, closeness_in, closeness_of, reach, reach_of};
pub use clustering::{global_clustering, local_clustering, triangles};
pub use communities::{
    Communities, CommunityOptions, adjusted_rand_index, communities, modularity,
    normalised_mutual_information,
};
pub use components::{Components, components};
pub use core_numbers::core_numbers;
pub use cuts::{Cuts, cuts};
pub use fit::{Fit, fit};
pub use page_rank::{PageRankOptions, page_rank};
pub use paths::{ShortestPaths, count_shortest_paths, k_shortest_paths};
pub use run::{Interrupted, Progress, Run, Watch};
pub use shape::{
    Extent, degree_assortativity, degree_centralisation, density, extent, extent_in, n_contacts,
};
pub use structural_holes::{
    ConstraintPart, StructuralHoles, constraint_parts, structural_holes, structural_holes_in,
};
