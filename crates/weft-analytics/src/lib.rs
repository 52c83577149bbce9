//! Measures of a network: who is central, who brokers, what holds together, which groups there are.
//!
//! Each measure is a pure function of a [`weft_graph::View`]: nodes are dense indices of the view,
//! results are lists by index, the same view gives the same bits. Seeds are arguments. What a number
//! means for an ecosystem is not known here.

mod betweenness;
mod brokerage;
mod closeness;
mod components;
mod contacts;
mod cuts;
mod path_counts;
mod structural_holes;
#[cfg(test)]
mod testing;

pub use betweenness::{
    Betweenness, PairDependency, betweenness, dependency_pairs, link_shares, normalised_betweenness,
};
pub use brokerage::{Brokerage, brokerage};
pub use closeness::{Closeness, closeness, reach};
pub use components::{Components, components};
pub use cuts::{Cuts, cuts};
pub use structural_holes::{ConstraintPart, StructuralHoles, constraint_parts, structural_holes};
