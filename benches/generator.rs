//! A deterministic generator of ecosystem-like graphs: heavy-tailed, typed, in communities by region.
//!
//! The same numbers give the same bytes. Nothing in it is real.

use std::collections::HashSet;
use std::io::{self, Write};

/// What is generated.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Nodes.
    pub n_nodes: usize,
    /// Ties.
    pub n_ties: usize,
}

/// The sizes that benchmarks use.
pub const SMALL: Size = Size { n_nodes: 10_000, n_ties: 30_000 };
/// See [`SMALL`].
pub const MEDIUM: Size = Size { n_nodes: 100_000, n_ties: 400_000 };
/// See [`SMALL`].
pub const LARGE: Size = Size { n_nodes: 1_000_000, n_ties: 5_000_000 };

const KINDS: [(&str, u32); 12] = [
    ("company", 50),
    ("programme", 10),
    ("research_centre", 8),
    ("partnership", 6),
    ("nhs_body", 5),
    ("charity", 5),
    ("facility", 5),
    ("university", 2),
    ("council", 2),
    ("funder", 2),
    ("investor", 3),
    ("project", 2),
];
const RELATIONS: [(&str, u32); 8] = [
    ("partners_with", 30),
    ("member_of", 25),
    ("supports", 15),
    ("funds", 12),
    ("hosts", 6),
    ("invests_in", 5),
    ("participates_in", 5),
    ("advises", 2),
];
const FIRST: [&str; 16] = [
    "Ald", "Birk", "Calder", "Dene", "Esk", "Fen", "Garth", "Hol", "Ing", "Kirk", "Lang", "Marsh",
    "Nidd", "Otter", "Penn", "Rye",
];
const SECOND: [&str; 12] = [
    "brook", "by", "croft", "dale", "field", "ford", "ham", "ley", "mere", "stead", "thorpe",
    "wick",
];
const THIRD: [&str; 10] = [
    "Health",
    "Care",
    "Robotics",
    "Genomics",
    "Energy",
    "Food",
    "Data",
    "Materials",
    "Learning",
    "Water",
];

const NEEDS: [&str; 10] = [
    "funding",
    "premises",
    "mentoring",
    "regulation",
    "trials",
    "evaluation",
    "procurement",
    "recruitment",
    "data",
    "market",
];
/// One node in so many meets each need, whatever its kind but a company.
const NODES_A_PROVIDER: usize = 500;

/// A generated graph, in numbers.
pub struct Generated {
    size: Size,
    kinds: Vec<u8>,
    ties: Vec<(u32, u8, u32)>,
    providers: Vec<(u32, u8)>,
}

/// A source of numbers that is the same everywhere (SplitMix64; Steele, Lea and Flood, 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n_sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(z ^ (z >> 31)) * n_sides as u128) >> 64) as usize
    }

    fn weighted<T: Copy>(&mut self, table: &[(T, u32)]) -> usize {
        let total: u32 = table.iter().map(|it| it.1).sum();
        let mut rest = self.roll(total as usize) as u32;
        for (at, (_, weight)) in table.iter().enumerate() {
            if rest < *weight {
                return at;
            }
            rest -= weight;
        }
        0
    }
}

impl Generated {
    /// Generates a graph of that size.
    pub fn new(size: Size, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let n = size.n_nodes;
        let kinds: Vec<u8> = (0..n).map(|_| dice.weighted(&KINDS) as u8).collect();
        let n_regions = (n / 500).max(8);
        // Nodes are dealt to regions in turn, so region r holds r, r + n_regions, ...
        let in_region = |dice: &mut Dice, region: usize| {
            let n_members = (n - region).div_ceil(n_regions);
            (region + dice.roll(n_members) * n_regions) as u32
        };
        let mut ties = Vec::with_capacity(size.n_ties);
        let mut seen = HashSet::with_capacity(size.n_ties);
        let mut ends: Vec<u32> = Vec::with_capacity(size.n_ties * 2);
        while ties.len() < size.n_ties {
            // Whoever has ties gets more: three in five ties start at an end that is already taken.
            let source = match dice.roll(5) {
                0..3 if !ends.is_empty() => ends[dice.roll(ends.len())],
                _ => dice.roll(n) as u32,
            };
            let region = source as usize % n_regions;
            let target = match dice.roll(10) {
                0..2 if !ends.is_empty() => ends[dice.roll(ends.len())],
                2..9 => in_region(&mut dice, region),
                _ => dice.roll(n) as u32,
            };
            let relation = dice.weighted(&RELATIONS) as u8;
            // A symmetric tie is the same either way round.
            let (source, target) = if relation == 0 {
                (source.min(target), source.max(target))
            } else {
                (source, target)
            };
            if source == target || !seen.insert((source, relation, target)) {
                continue;
            }
            ends.extend([source, target]);
            ties.push((source, relation, target));
        }
        let mut dice = Dice(seed + 1);
        let mut providers = HashSet::new();
        for need in 0..NEEDS.len() as u8 {
            for _ in 0..(n / NODES_A_PROVIDER).max(1) {
                let node = dice.roll(n);
                if KINDS[usize::from(kinds[node])].0 != "company" {
                    providers.insert((node as u32, need));
                }
            }
        }
        let mut providers: Vec<_> = providers.into_iter().collect();
        providers.sort_unstable();
        Self { size, kinds, ties, providers }
    }

    /// Who meets which of the ten needs: node, number of the need.
    pub fn providers(&self) -> &[(u32, u8)] {
        &self.providers
    }

    /// The id of a node.
    pub fn id(&self, node: u32) -> String {
        let (first, second, third) = words(node);
        format!("{}{}-{}-{node}", first.to_lowercase(), second, third.to_lowercase())
    }

    /// The name of a node.
    pub fn name(&self, node: u32) -> String {
        let (first, second, third) = words(node);
        format!("{first}{second} {third} {node}")
    }

    /// The ties: source, relation, target.
    pub fn ties(&self) -> impl Iterator<Item = (u32, &'static str, u32)> + '_ {
        self.ties
            .iter()
            .map(|&(source, relation, target)| (source, RELATIONS[usize::from(relation)].0, target))
    }

    /// Writes `sources.csv`.
    pub fn write_sources(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "id,title,publisher,date,licence")?;
        for source in 0..40 {
            let (year, month) = (2005 + source / 2, 1 + source % 12);
            writeln!(out, "register-{source},Register {source},Nobody,{year}-{month:02},CC0")?;
        }
        Ok(())
    }

    /// Writes `nodes.csv`.
    pub fn write_nodes(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "id,kind,name,aliases,stage,valid_from,source,locator,certainty")?;
        let mut dice = Dice(1);
        for node in 0..self.size.n_nodes as u32 {
            let kind = KINDS[usize::from(self.kinds[node as usize])].0;
            let alias =
                if dice.roll(5) == 0 { format!("{}{node}", acronym(node)) } else { String::new() };
            let stage = match (kind, dice.roll(3)) {
                ("company", 0) => "start_up",
                ("company", 1) => "established",
                _ => "",
            };
            let from =
                if dice.roll(5) < 2 { format!("{}", 1960 + dice.roll(60)) } else { String::new() };
            let source = dice.roll(40);
            writeln!(
                out,
                "{},{kind},{},{alias},{stage},{from},register-{source},row {},stated",
                self.id(node),
                self.name(node),
                dice.roll(5000)
            )?;
        }
        for need in NEEDS {
            writeln!(out, "need-{need},need,Need of {need},,,,register-39,needs,stated")?;
        }
        Ok(())
    }

    /// Writes `ties.csv`.
    pub fn write_ties(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "from,relation,to,valid_from,valid_to,amount,currency,amount_qualifier,source,locator,certainty"
        )?;
        let mut dice = Dice(2);
        for (source, relation, target) in self.ties() {
            let from = if dice.roll(2) == 0 { 2000 + dice.roll(24) } else { 0 };
            let to = if from > 0 && dice.roll(4) == 0 { from + 1 + dice.roll(8) } else { 0 };
            let year = |it: usize| if it > 0 { it.to_string() } else { String::new() };
            let money = match relation {
                // Heavy-tailed: each octave half as frequent as the one below it.
                "funds" | "invests_in" => {
                    let octave = dice.roll(1 << 16).leading_zeros() - 48;
                    let amount = (1_000 + dice.roll(1_000)) << octave.min(16);
                    format!("{amount},GBP,exact")
                }
                _ => ",,".to_owned(),
            };
            let certainty = ["stated", "stated", "stated", "implied"][dice.roll(4)];
            writeln!(
                out,
                "{},{relation},{},{},{},{money},register-{},row {},{certainty}",
                self.id(source),
                self.id(target),
                year(from),
                year(to),
                dice.roll(40),
                dice.roll(5000)
            )?;
        }
        for &(provider, need) in &self.providers {
            let need = NEEDS[usize::from(need)];
            let provider = self.id(provider);
            writeln!(out, "{provider},meets_need,need-{need},,,,,,register-39,{need},stated")?;
        }
        Ok(())
    }
}

fn words(node: u32) -> (&'static str, &'static str, &'static str) {
    let mut dice = Dice(u64::from(node) ^ 0xEC05);
    (FIRST[dice.roll(FIRST.len())], SECOND[dice.roll(SECOND.len())], THIRD[dice.roll(THIRD.len())])
}

fn acronym(node: u32) -> String {
    let (first, second, third) = words(node);
    [first, second, third]
        .iter()
        .filter_map(|it| it.chars().next())
        .collect::<String>()
        .to_uppercase()
}
