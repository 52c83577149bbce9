//! Made-up graphs with everything that makes a picture hard.

use weft_diagram::{Dash, Drawing, Line, Mark, SidebarList, Symbol};

/// Numbers that hang on the seed alone.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit.max(1) as u64) as usize
    }
}

const WORDS: [&str; 24] = [
    "Leeds",
    "Universität",
    "Łódź",
    "Cœur",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "of",
    "&",
    "NHS",
    "Trust",
    "(Bruntwood",
    "SciTech)",
    "Ångström",
    "Hospitals",
    "5G",
    "e\u{301}lan",
    "大学病院",
    "Пример",
    "מכון",
    "and",
    "Pathways",
    "Wwwwwwwwwwwwwwwwwwwww",
    "i",
    "Tiếng",
    "🚀",
];
const COLOURS: [&str; 5] = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "grey"];
const DASHES: [Dash; 5] = Dash::ALL;

/// Heavy-tailed, with communities, several components, parallel ties and names of all lengths.
pub(crate) fn drawing(seed: u64) -> Drawing {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let n_marks = 20 + chance.below(131);
    let n_groups = 1 + chance.below(9);
    let symbols: Vec<Symbol> = Symbol::all().collect();
    let marks: Vec<Mark> = (0..n_marks)
        .map(|idx| {
            let kind = chance.below(symbols.len());
            let words: Vec<&str> =
                (0..chance.below(6)).map(|_| WORDS[chance.below(WORDS.len())]).collect();
            Mark {
                symbol: symbols[kind],
                kind: format!("kind {kind}"),
                colour: COLOURS[kind % COLOURS.len()].to_owned(),
                group: (chance.below(10) > 0).then_some(idx % n_groups),
                emphasis: chance.below(30) == 0,
                ..Mark::new(format!("mark-{idx:03}"), words.join(" "))
            }
        })
        .collect();
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for idx in 1..n_marks {
        // Some stay alone; the rest prefer what already has many ties, within their community.
        if chance.below(12) == 0 {
            continue;
        }
        let tries = (0..8).filter_map(|_| ends.get(chance.below(ends.len())).map(|it| it.0));
        let liked = tries.into_iter().find(|to| to % n_groups == idx % n_groups || idx % 5 == 0);
        let to = liked.filter(|to| *to < idx).unwrap_or_else(|| chance.below(idx));
        ends.push((to, idx));
    }
    for _ in 0..chance.below(n_marks * 2) {
        ends.push((chance.below(n_marks), chance.below(n_marks)));
    }
    for _ in 0..chance.below(10).min(ends.len()) {
        let (from, to) = ends[chance.below(ends.len())];
        ends.push((to, from));
    }
    let lines = ends
        .iter()
        .map(|&(from, to)| {
            let relation = chance.below(12);
            Line {
                dash: DASHES[relation % 5],
                colour: COLOURS[relation % 5].to_owned(),
                directed: relation.is_multiple_of(2),
                ..Line::new(from, to, format!("relation {relation}"))
            }
        })
        .collect();
    let mut drawing = Drawing {
        title: format!(
            "Generated network {seed}, which has a rather long title so that it must break"
        ),
        subtitle: "What the title leaves open".to_owned(),
        caption: "Source: chance.".to_owned(),
        marks,
        lines,
        group_names: (0..n_groups).map(|idx| format!("Community around number {idx}")).collect(),
        size_label: "ties".to_owned(),
        sidebar: vec![SidebarList {
            heading: "First marks".to_owned(),
            items: vec!["1. One that is far too long for any column there is".to_owned(); 4],
        }],
        note: seed.is_multiple_of(3).then(|| "Left out: nothing at all.".to_owned()),
        description: String::new(),
    };
    for (idx, mark) in drawing.marks.iter_mut().enumerate() {
        mark.size = ends.iter().filter(|(from, to)| *from == idx || *to == idx).count() as f64;
    }
    drawing
}
