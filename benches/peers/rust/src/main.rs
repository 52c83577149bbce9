//! Makes the graphs of the comparison, and runs one measure of weft or of a Rust peer on one of them.
//!
//! `make NAME FILE` writes a graph: `n m`, then a line `a b` for each link, smaller number first.
//! `run SIDE MEASURE FILE ANSWER REPEATS [THREADS]` prints the seconds of CPU and of wall time of each
//! repeat, the graph being in memory, and writes the answer as 64-bit floats.

#![allow(clippy::unwrap_used, reason = "a comparison that fails stops")]

#[path = "../../../generator.rs"]
#[allow(dead_code, unreachable_pub, reason = "the example that writes files uses the rest")]
mod generator;
mod graphs;
mod peers;
mod weft;

use std::fs;
use std::time::Instant;

use cpu_time::ProcessTime;

use graphs::Links;

/// Runs a measure once and gives its answer.
type Measure<'a> = Box<dyn FnMut() -> Answer + 'a>;

/// What a measure gives, as it gives it: that it is compared as floats is no part of it.
enum Answer {
    Floats(Vec<f64>),
    Singles(Vec<f32>),
    Counts(Vec<u32>),
    Sizes(Vec<usize>),
    /// Numbers of links, the greatest number for none.
    Distances(Vec<u32>),
}

impl Answer {
    fn floats(self) -> Vec<f64> {
        match self {
            Self::Floats(it) => it,
            Self::Singles(it) => it.into_iter().map(f64::from).collect(),
            Self::Counts(it) => it.into_iter().map(f64::from).collect(),
            Self::Sizes(it) => it.into_iter().map(|it| it as f64).collect(),
            Self::Distances(it) => {
                it.into_iter().map(|it| if it == u32::MAX { -1.0 } else { f64::from(it) }).collect()
            }
        }
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["make", name, file] => fs::write(file, graphs::make(name).to_text()).unwrap(),
        ["run", side, measure, file, answer, repeats, ref threads @ ..] => {
            let links = Links::from_text(&fs::read_to_string(file).unwrap());
            let n_threads = threads.first().map_or(1, |it| it.parse().unwrap());
            if side == "weft" {
                let view = weft::view_of(&links);
                time(weft::measure(&view, measure, n_threads), answer, repeats);
            } else {
                peers::with(&links, side, measure, |it| time(it, answer, repeats));
            }
        }
        _ => panic!("usage: make NAME FILE, or run SIDE MEASURE FILE ANSWER REPEATS [THREADS]"),
    }
}

fn time(mut measure: Measure, file: &str, repeats: &str) {
    let mut answer = Answer::Floats(Vec::new());
    for _ in 0..repeats.parse().unwrap() {
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        answer = measure();
        println!("{} {}", cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
    }
    let bytes: Vec<u8> = answer.floats().iter().flat_map(|it| it.to_le_bytes()).collect();
    fs::write(file, bytes).unwrap();
}
