//! Writes a generated ecosystem as CSV files: `cargo run --release --example generate -- large FOLDER`.

#[path = "../benches/generator.rs"]
#[allow(dead_code, unreachable_pub, reason = "benchmarks use it as a module of their own")]
mod generator;

use std::fs::{File, create_dir_all};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use generator::{Generated, LARGE, MEDIUM, SMALL};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (size, folder) = match (args.next().as_deref(), args.next()) {
        (Some("small"), Some(folder)) => (SMALL, folder),
        (Some("medium"), Some(folder)) => (MEDIUM, folder),
        (Some("large"), Some(folder)) => (LARGE, folder),
        _ => {
            let usage = "usage: generate small|medium|large FOLDER";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, usage));
        }
    };
    let folder = PathBuf::from(folder);
    create_dir_all(&folder)?;
    let generated = Generated::new(size, 42);
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let mut out = file("sources.csv")?;
    generated.write_sources(&mut out)?;
    out.flush()?;
    let mut out = file("nodes.csv")?;
    generated.write_nodes(&mut out)?;
    out.flush()?;
    let mut out = file("ties.csv")?;
    generated.write_ties(&mut out)?;
    out.flush()
}
