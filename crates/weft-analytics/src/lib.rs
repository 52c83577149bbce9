//! Measures of a network: who is central, who brokers, what holds together, which groups there are.
//!
//! Each measure is a pure function of a [`weft_graph::View`]: nodes are dense indices of the view,
//! results are lists by index, the same view gives the same bits. Seeds are arguments. What a number
//! means for an ecosystem is not known here.

mod affiliation;
mod betweenness;
mod brokerage;
mod closeness;
mod clustering;
mod communities;
mod components;
mod contacts;
mod core_numbers;
mod cuts;
mod disjoint_paths;
mod ego_density;
mod fit;
mod page_rank;
mod path_counts;
mod paths;
mod positions;
mod random;
mod shape;
mod simple_paths;
mod structural_holes;
#[cfg(test)]
mod testing;
mod weighted_paths;

pub use affiliation::{Affiliation, CoAffiliation, Projection, affiliation};
pub use betweenness::{
    Betweenness, PairDependency, betweenness, dependency_pairs, link_shares, normalised_betweenness,
};
pub use brokerage::{Brokerage, brokerage};
pub use closeness::{Closeness, closeness, reach};
pub use clustering::{global_clustering, local_clustering, triangles};
pub use communities::{
    Agreement, Communities, CommunityMethod, CommunityOptions, Quality, adjusted_rand_index,
    agreement, communities, label_propagation, modularity, normalised_mutual_information,
};
pub use components::{Components, components};
pub use core_numbers::core_numbers;
pub use cuts::{Cuts, cuts};
pub use disjoint_paths::{Disjoint, disjoint_paths};
pub use ego_density::ego_density;
pub use fit::{Fit, FitCandidate, fit, fit_candidates, for_all_fit_candidates};
pub use page_rank::{PageRankOptions, page_rank};
pub use paths::{ShortestPaths, count_shortest_paths, k_shortest_paths};
pub use positions::{Role, SimilarPosition, TieEnd, similar_positions};
pub use shape::{Extent, degree_assortativity, degree_centralisation, density, extent, n_contacts};
pub use simple_paths::{
    N_PATH_STEPS_MAX, PathList, PathListOptions, all_shortest_paths, simple_paths,
};
pub use structural_holes::{ConstraintPart, StructuralHoles, constraint_parts, structural_holes};
pub use weighted_paths::{LinkCost, WeightedPath, cheapest_path, weighted_distances};
