//! Any statements run on a small graph, or are refused; what fails changes nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/weft-cypher/tests/it/engine.rs"]
mod engine;

fuzz_target!(|text: &str| engine::check_engine(text));
