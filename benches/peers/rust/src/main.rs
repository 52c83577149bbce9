//! Makes the graphs of the comparison, and runs one measure of weft or of a Rust peer on one of them.
//!
//! `make NAME FILE` writes a graph: `n m`, then a line `a b` for each link, smaller number first.
//! `run SIDE MEASURE FILE ANSWER [THREADS]` prints the seconds of CPU and of wall time of each repeat, the
//! graph being in memory, and writes the answer as 64-bit floats.

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
        ["run", side, measure, file, answer, ref threads @ ..] => {
            let links = Links::from_text(&fs::read_to_string(file).unwrap());
            let n_threads = threads.first().map_or(1, |it| it.parse().unwrap());
            if side == "weft" {
                let view = weft::view_of(&links);
                time(weft::measure(&view, measure, n_threads), answer);
            } else {
                peers::with(&links, side, measure, |it| time(it, answer));
            }
        }
        _ => panic!("usage: make NAME FILE, or run SIDE MEASURE FILE ANSWER [THREADS]"),
    }
}

/// A measure is repeated so often, or until so much time has gone (peers.py has the same).
const N_REPEATS: usize = 20;
const REPEATED_S: f64 = 1.0;

fn time(mut measure: Measure, file: &str) {
    let mut answer = Answer::Floats(Vec::new());
    let mut spent_s = 0.0;
    for _ in 0..N_REPEATS {
        if spent_s > REPEATED_S {
            break;
        }
        let (cpu, wall) = (ProcessTime::now(), Instant::now());
        answer = measure();
        let (cpu_s, wall_s) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
        println!("{cpu_s} {wall_s}");
        spent_s += cpu_s;
    }
    let bytes: Vec<u8> = answer.floats().iter().flat_map(|it| it.to_le_bytes()).collect();
    fs::write(file, bytes).unwrap();
}
