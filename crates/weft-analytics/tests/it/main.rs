//! The crate at its own door: whole networks in, measures out.

mod graphalytics;
mod invariance;
mod pair_invariance;
mod reference;
mod reference_values;
