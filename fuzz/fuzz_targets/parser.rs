//! Any text is read or refused; what is read prints as a text that reads back the same.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/weft-cypher/tests/it/promises.rs"]
mod promises;

fuzz_target!(|text: &str| promises::check_parser(text));
