//! Draws a made-up ecosystem of the size and shape of the Leeds network, to be looked at.
//!
//! `cargo run --release -p weft-diagram --example look -- out.svg [marks] [seed] [share of ties between communities]`

#![allow(clippy::disallowed_methods, reason = "an example is a command, and writes a file")]

use std::collections::BTreeSet;

use weft_diagram::{
    Dash, Drawing, LayoutOptions, Line, Mark, SidebarList, SvgOptions, Symbol, dot, layout, svg,
};

const KINDS: [(&str, &str, &str, usize); 10] = [
    ("NHS body", "square", "#56B4E9", 16),
    ("university", "circle", "#0072B2", 11),
    ("council", "hexagon", "#666666", 8),
    ("funder", "diamond", "#E69F00", 12),
    ("partnership or network", "star", "#CC79A7", 12),
    ("research centre", "triangle", "#009E73", 26),
    ("programme", "pentagon", "#E6C700", 16),
    ("company", "triangle_down", "#D55E00", 19),
    ("charity", "plus", "#D55E00", 5),
    ("facility", "house", "#56B4E9", 6),
];

const RELATIONS: [(&str, &str, &str, bool, usize); 7] = [
    ("hosts", "solid", "#555555", true, 51),
    ("funds", "dashdot", "#B8860B", true, 35),
    ("is a member of", "dotted", "#C0508A", true, 56),
    ("partners with", "dashed", "#0072B2", false, 43),
    ("co-ordinates", "solid", "#7B2D9B", true, 15),
    ("accelerates", "longdash", "#D55E00", true, 16),
    ("invests in", "dashdot", "#009E73", true, 7),
];

const HUBS: [(&str, usize); 9] = [
    ("University of Leeds", 1),
    ("Leeds Teaching Hospitals NHS Trust", 0),
    ("NIHR", 3),
    ("WY Healthtech Cluster", 4),
    ("West Yorkshire Combined Authority", 2),
    ("Leeds Academic Health Partnership", 4),
    ("Nexus", 6),
    ("University of Bradford", 1),
    ("Propel@YH", 6),
];

const FIRST: [&str; 24] = [
    "Leeds",
    "Bradford",
    "Yorkshire & Humber",
    "Wakefield",
    "Kirklees",
    "Calderdale",
    "NIHR",
    "Health Innovation",
    "Digital",
    "Clinical",
    "Airedale",
    "St Gemma's",
    "Northern",
    "Huddersfield",
    "Academic Unit of",
    "Centre for",
    "National",
    "Harrogate",
    "White Rose",
    "Translational",
    "Élan",
    "Open Data",
    "Children's",
    "Innovate",
];
const SECOND: [&str; 24] = [
    "Research Centre",
    "Hospitals NHS FT",
    "Health Data",
    "Palliative Care",
    "Investment Zone",
    "Hub",
    "Medical Technologies",
    "Biomedical Campus",
    "Pop-Up",
    "Genomics",
    "Partnership",
    "Capital",
    "Strategy 2022–27",
    "Recovery College",
    "Imaging Network",
    "Lung Health Check",
    "Analytics",
    "Accelerator",
    "Community Healthcare",
    "Robotics",
    "Fertility",
    "Diagnostics",
    "Council",
    "Trust",
];

/// Numbers that hang on the seed alone.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit as u64) as usize
    }

    fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut left = self.below(weights.iter().sum::<usize>().max(1));
        for (idx, weight) in weights.iter().enumerate() {
            if left < *weight {
                return idx;
            }
            left -= weight;
        }
        0
    }
}

fn ecosystem(n_marks: usize, seed: u64, vague: usize) -> Drawing {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9).wrapping_add(7));
    let n_groups = HUBS.len().min(n_marks / 12 + 1);
    let n_loose = if n_marks > 20 { 7 } else { 0 };
    let mut names = BTreeSet::new();
    let mut marks: Vec<Mark> = Vec::new();
    for idx in 0..n_marks {
        let (name, kind) = match HUBS.get(idx).filter(|_| idx < n_groups) {
            Some((name, kind)) => ((*name).to_owned(), *kind),
            None => loop {
                let first = FIRST[chance.below(FIRST.len())];
                let name = format!("{first} {}", SECOND[chance.below(SECOND.len())]);
                let name = if chance.below(4) == 0 { first.to_owned() } else { name };
                if names.insert(name.clone()) || names.len() > 300 {
                    break (name, chance.weighted(&KINDS.map(|it| it.3)));
                }
            },
        };
        let (kind, symbol, colour, _) = KINDS[kind];
        marks.push(Mark {
            kind: kind.to_owned(),
            symbol: Symbol::from_name(symbol),
            colour: colour.to_owned(),
            size: 0.0,
            group: (idx + n_loose < n_marks).then_some(idx % n_groups),
            ..Mark::new(format!("n{idx}"), name)
        });
    }
    let mut lines = Vec::new();
    let mut tie = |chance: &mut Chance, from: usize, to: usize| {
        let (relation, dash, colour, directed, _) =
            RELATIONS[chance.weighted(&RELATIONS.map(|it| it.4))];
        lines.push(Line {
            dash: Dash::from_name(dash),
            colour: colour.to_owned(),
            directed,
            ..Line::new(from, to, relation)
        });
    };
    let n_joined = n_marks - n_loose;
    for idx in 1..n_joined {
        let hub = idx % n_groups;
        // A third hang on a lesser member of their community, the rest on its hub.
        let near = if idx > 3 * n_groups && chance.below(3) == 0 { hub + n_groups } else { hub };
        let to = if idx < n_groups { chance.below(idx) } else { near };
        tie(&mut chance, to, idx);
    }
    for _ in 0..n_joined * (40 + vague) / 100 {
        let one = chance.below(n_joined);
        let within = chance.below(100) >= vague;
        let other = if within {
            (one % n_groups) + n_groups * chance.below(n_joined.div_ceil(n_groups))
        } else {
            let reach = if chance.below(2) == 0 { n_groups } else { n_joined };
            chance.below(reach)
        };
        if other < n_joined && other != one {
            tie(&mut chance, one, other);
        }
    }
    for idx in (n_joined..n_marks).skip(1).step_by(3) {
        tie(&mut chance, idx - 1, idx);
    }
    let mut degrees = vec![0usize; n_marks];
    lines.iter().for_each(|line| {
        degrees[line.from] += 1;
        degrees[line.to] += 1;
    });
    for (mark, degree) in marks.iter_mut().zip(&degrees) {
        mark.size = (*degree as f64 - 1.0).max(0.0).powf(1.3);
    }
    let mut brokers: Vec<usize> = (0..n_marks).collect();
    brokers.sort_by_key(|idx| std::cmp::Reverse(degrees[*idx]));
    let items = brokers
        .iter()
        .take(6)
        .enumerate()
        .map(|(rank, idx)| format!("{}. {}", rank + 1, marks[*idx].label));
    Drawing {
        title: "Who connects whom in Leeds and West Yorkshire health innovation".to_owned(),
        subtitle: format!(
            "{n_marks} organisations and programmes, {} ties. Larger marks broker more shortest paths.",
            lines.len()
        ),
        caption:
            "Source: made-up ties, for layout trials. Drawn 22 November 2026. Near on the page is \
                  near in the network; direction on the page has no meaning."
                .to_owned(),
        description: String::new(),
        group_names: (0..n_groups).map(|idx| format!("Around {}", HUBS[idx].0)).collect(),
        size_label: "more shortest paths run through it".to_owned(),
        sidebar: vec![SidebarList { heading: "Main brokers".to_owned(), items: items.collect() }],
        note: Some("Left out: 14 people and 30 documents.".to_owned()),
        marks,
        lines,
    }
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "look.svg".to_owned());
    let n_marks = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(120);
    let seed = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(1);
    let vague = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(40);
    let drawing = ecosystem(n_marks, seed, vague);
    let places = layout(&drawing, &LayoutOptions::default());
    std::fs::write(&path, svg(&drawing, &places, &SvgOptions { embed_fonts: true }))?;
    if let Ok(text) = dot(&drawing) {
        std::fs::write(format!("{path}.dot"), text)?;
    }
    Ok(())
}
