//! Tests of the crate at its door: text in, text out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, clippy::disallowed_methods)]

mod agree;
mod clauses;
mod definitions;
mod engine;
mod evaluation;
mod generator;
mod golden;
mod hostile;
mod kit;
mod mutants;
mod parser;
mod print;
mod probes;
mod promises;
mod random_queries;
mod temporal;
mod trees;
