//! The graphs: simple and undirected, the same bytes every time.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::generator::{Generated, MEDIUM, SMALL};

/// Links between nodes `0..n`, the smaller number first.
pub struct Links {
    pub n: usize,
    pub pairs: Vec<(u32, u32)>,
}

/// Makes a graph by name: ecosystem-like of two sizes, or R-MAT of scale 16.
pub fn make(name: &str) -> Links {
    match name {
        "ecosystem-10k" => ecosystem(Generated::new(SMALL, 42), SMALL.n_nodes),
        "ecosystem-100k" => ecosystem(Generated::new(MEDIUM, 42), MEDIUM.n_nodes),
        "rmat-16" => rmat(16, 16, 42),
        _ => panic!("no graph is called {name}"),
    }
}

/// The sources of the measures that start from 256 nodes: spread evenly over the numbers.
pub fn sources(n: usize) -> Vec<u32> {
    (0..256).map(|it| (it * n / 256) as u32).collect()
}

/// The pairs of the search from point to point.
pub fn pairs(n: usize) -> Vec<(u32, u32)> {
    (0..1000_u64)
        .map(|it| ((it * 7919 % n as u64) as u32, ((it * 104_729 + 17) % n as u64) as u32))
        .collect()
}

/// What each link costs to pass, in the order of the file: whole numbers from 1 to 100, which are exact
/// in single precision too.
pub fn costs(m: usize) -> Vec<f32> {
    (0..m as u64).map(|it| (1 + (it * 2_654_435_761 >> 16) % 100) as f32).collect()
}

fn ecosystem(generated: Generated, n: usize) -> Links {
    let pairs: BTreeSet<(u32, u32)> =
        generated.ties().map(|(a, _, b)| (a.min(b), a.max(b))).collect();
    Links { n, pairs: pairs.into_iter().collect() }
}

/// Chakrabarti, Zhan and Faloutsos (2004), with the shares of Graph 500.
fn rmat(scale: u32, links_per_node: usize, seed: u64) -> Links {
    let n = 1_usize << scale;
    let mut state = seed;
    let mut pairs = BTreeSet::new();
    for _ in 0..n * links_per_node {
        let (mut a, mut b) = (0_u32, 0_u32);
        for _ in 0..scale {
            // SplitMix64 (Steele, Lea and Flood, 2014).
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let (right, down) = match (z ^ (z >> 31)) % 100 {
                0..57 => (0, 0),
                57..76 => (1, 0),
                76..95 => (0, 1),
                _ => (1, 1),
            };
            (a, b) = (a * 2 + down, b * 2 + right);
        }
        if a != b {
            pairs.insert((a.min(b), a.max(b)));
        }
    }
    Links { n, pairs: pairs.into_iter().collect() }
}

impl Links {
    pub fn to_text(&self) -> String {
        let mut text = format!("{} {}\n", self.n, self.pairs.len());
        for (a, b) in &self.pairs {
            writeln!(text, "{a} {b}").unwrap();
        }
        text
    }

    pub fn from_text(text: &str) -> Self {
        let mut numbers = text.split_ascii_whitespace().map(|it| it.parse::<u32>().unwrap());
        let n = numbers.next().unwrap() as usize;
        let m = numbers.next().unwrap() as usize;
        let pairs = (0..m).map(|_| (numbers.next().unwrap(), numbers.next().unwrap())).collect();
        Self { n, pairs }
    }
}
