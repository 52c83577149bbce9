//! Tests of the crate at its door: text in, text out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, clippy::disallowed_methods)]

mod generator;
mod golden;
mod hostile;
mod kit;
mod parser;
mod print;
mod random_queries;
mod trees;
