//! The crate at its own door: drawings in, pictures out.

mod generated;
mod overlaps;
mod pictures;
mod saved_places;
