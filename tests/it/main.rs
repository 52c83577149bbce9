//! The tests of weft as a whole: the command, the data, the house.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

mod architecture;
mod bad_input;
#[cfg(unix)]
mod bolt;
mod command;
mod free;
mod hints;
#[cfg(unix)]
mod kill;
mod pictures;
mod queries;
mod query;
mod readme;
mod recompute;
mod reference;
mod runner;
#[cfg(unix)]
mod serve;
mod template;
mod workspace;
