//! Communities: groups of nodes with more links inside than chance would give.

mod agreement;
mod leiden;
mod modularity;

pub use agreement::{adjusted_rand_index, normalised_mutual_information};
pub use leiden::{Communities, CommunityOptions, communities};
pub use modularity::modularity;
