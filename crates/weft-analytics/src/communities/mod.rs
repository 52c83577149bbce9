//! Communities: groups of nodes with more links inside than chance would give.

mod agreement;
mod label_propagation;
mod leiden;
mod level;
mod louvain;
mod modularity;
mod search;

pub use agreement::{Agreement, adjusted_rand_index, agreement, normalised_mutual_information};
pub use label_propagation::label_propagation;
pub use modularity::modularity;
pub use search::{
    Communities, CommunityMethod, CommunityOptions, Quality, communities, communities_in,
    partitions,
};
