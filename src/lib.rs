//! weft: a graph database of innovation ecosystems.
//!
//! `crates/` knows graphs; this package knows ecosystems: what a hub, a gap and an introduction are,
//! how they are asked for on a command line, and how they are shown. ARCHITECTURE.md is the map.

pub mod cli;
pub mod database;
pub mod ecosystem;
pub mod present;
pub mod procedures;
pub mod server;
pub mod session;
pub mod transfer;
