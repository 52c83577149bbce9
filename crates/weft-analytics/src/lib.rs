//! Measures of a network: who is central, who brokers, what holds together, which groups there are.
//!
//! Each measure is a pure function of a [`weft_graph::View`]: nodes are dense indices of the view,
//! results are lists by index, the same view gives the same bits. Seeds are arguments. What a number
//! means for an ecosystem is not known here.

mod affiliation;
mod assortativity;
mod betweenness;
mod biconnected;
mod blocks;
mod brokerage;
mod brokerage_expected;
mod bucket_queue;
mod centralisation;
mod classic_closeness;
mod closeness;
mod clustering;
mod communities;
mod components;
mod contacts;
mod core_numbers;
mod core_periphery;
mod cuts;
mod degree;
mod dependencies;
mod detours;
mod direction;
mod disjoint_paths;
mod distance_profile;
mod draws;
mod ego_density;
mod eigenvector;
mod fit;
mod hits;
mod katz;
mod key_players;
mod many_searches;
mod mean_clustering;
mod mixing;
mod page_rank;
mod path_counts;
mod paths;
mod positions;
mod radix_queue;
mod random;
mod reciprocity;
mod restarted_walks;
mod rewiring;
mod rows_by_length;
mod run;
mod shape;
mod simple_paths;
mod spectrum;
mod steps;
mod strong_components;
mod structural_holes;
#[cfg(test)]
mod testing;
mod ways_through;
mod weighted_holes;
mod weighted_page_rank;
mod weighted_paths;
mod weights;

pub use affiliation::{Affiliation, CoAffiliation, Projection, affiliation};
pub use assortativity::{directed_degree_assortativity, numeric_assortativity};
pub use betweenness::{
    Betweenness, SampleOptions, SampledBetweenness, betweenness, betweenness_from, betweenness_in,
    betweenness_without, node_betweenness, normalised_betweenness, sampled_betweenness,
    sampled_betweenness_without,
};
pub use biconnected::biconnected_components;
pub use brokerage::{Brokerage, brokerage};
pub use brokerage_expected::{BrokerageChance, RoleChance, brokerage_chance};
pub use centralisation::{
    Centralisation, centralisation, centralisation_by_betweenness, centralisation_by_closeness,
    centralisation_by_degree, centralisation_by_eigenvector, centralisation_by_harmonic,
    centralisation_by_hits, centralisation_by_page_rank, centralisation_of_closeness,
    centralisation_of_harmonic,
};
pub use classic_closeness::{ClassicCloseness, classic_closeness};
pub use closeness::{Closeness, closeness, closeness_in, closeness_of, reach, reach_of};
pub use clustering::{global_clustering, local_clustering, triangles};
pub use communities::{
    Agreement, Communities, CommunityMethod, CommunityOptions, Quality, adjusted_rand_index,
    agreement, communities, communities_in, label_propagation, modularity,
    normalised_mutual_information, partitions,
};
pub use components::{Components, components};
pub use core_numbers::core_numbers;
pub use core_periphery::{CorePattern, CorePeriphery, core_periphery, core_periphery_fit};
pub use cuts::{Cuts, cuts};
pub use degree::{RelationDegree, degrees, degrees_by_relation, strengths};
pub use direction::Direction;
pub use disjoint_paths::{Disjoint, disjoint_paths};
pub use distance_profile::{DistanceProfile, distance_profile};
pub use draws::{draws, without_links};
pub use ego_density::ego_density;
pub use eigenvector::{Eigenvector, EigenvectorOptions, eigenvector};
pub use fit::{Fit, FitCandidate, fit, fit_candidates, for_all_fit_candidates};
pub use hits::{Hits, hits};
pub use katz::{KatzOptions, katz};
pub use key_players::{
    KeyPlayers, ReachedBy, distance_fragmentation, fragmentation, key_fragmenters, key_reachers,
};
pub use mean_clustering::{MeanClustering, directed_clustering, mean_clustering, transitivity};
pub use mixing::{Mixing, MixingCell, ei_of_nodes, mixing};
pub use page_rank::{PageRankOptions, page_rank};
pub use paths::{ShortestPaths, count_shortest_paths, k_shortest_paths};
pub use positions::{Role, SimilarPosition, TieEnd, similar_positions};
pub use reciprocity::{DyadCensus, dyad_census, node_reciprocity};
pub use restarted_walks::restarted_walks;
pub use rewiring::{Rewiring, SwapRule};
pub use run::{Interrupted, Progress, Run, Watch};
pub use shape::{
    Extent, degree_assortativity, degree_centralisation, density, extent, extent_in, n_contacts,
};
pub use simple_paths::{
    N_PATH_STEPS_MAX, PathList, PathListOptions, all_shortest_paths, simple_paths,
};
pub use steps::{TwoStepReach, reach_by_step, two_step_reach};
pub use strong_components::strong_components;
pub use structural_holes::{
    ConstraintPart, StructuralHoles, constraint_parts, structural_holes, structural_holes_in,
};
pub use ways_through::{PairDependency, WaysThrough, dependency_pairs, ways_through};
pub use weighted_holes::weighted_structural_holes;
pub use weighted_page_rank::weighted_page_rank;
pub use weighted_paths::{
    LinkCost, WeightedPath, cheapest_path, k_cheapest_paths, weighted_distances,
};
pub use weights::{LinkWeights, Weighting, link_weights};
