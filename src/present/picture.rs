//! From a view to a drawing: which marks, which lines, which words stand beside them.
//!
//! Knows the schema's symbols and colours; where things stand on the page is weft-diagram's business.

use std::collections::BTreeMap;

use weft_diagram::{Drawing, Line, Mark, SidebarList};
use weft_graph::{Model, NodeRef, Snapshot, TieRef, View};

use super::plural;

/// The most marks that a picture of the whole network can hold and still be read.
pub const MARKS_MAX: usize = 150;

/// The colours of relations, the most frequent first: Okabe and Ito's, darkened for thin lines.
const COLOURS: [&str; 8] =
    ["#5F5F5F", "#B07D12", "#7A2A8F", "#0072B2", "#C0427E", "#D55E00", "#00785A", "#3A3A3A"];

/// What a picture shows of a view.
#[derive(Clone, Debug, Default)]
pub struct PictureOptions {
    /// What it shows.
    pub title: String,
    /// Counts, and what size means.
    pub subtitle: String,
    /// Source, date, view.
    pub caption: String,
    /// The dense indices that are drawn.
    pub drawn: Vec<u32>,
    /// The measure behind the size of marks, by dense index; all alike without.
    pub measure: Vec<f64>,
    /// What the size means.
    pub size_label: String,
    /// The community of each node, by dense index; none without.
    pub groups: Vec<usize>,
    /// The names of the communities.
    pub group_names: Vec<String>,
    /// The nodes that stand out.
    pub emphasis: Vec<u32>,
    /// The links that stand out.
    pub emphasised_links: Vec<u32>,
    /// The links that stand back.
    pub quiet_links: Vec<u32>,
    /// Lists beside the picture.
    pub sidebar: Vec<SidebarList>,
    /// What was left out.
    pub note: Option<String>,
}

/// Makes the drawing of a part of a view.
pub fn picture(snapshot: &Snapshot, view: &View, options: &PictureOptions) -> Drawing {
    let mut place_of = BTreeMap::new();
    let mut marks = Vec::with_capacity(options.drawn.len());
    for &index in &options.drawn {
        place_of.insert(index, marks.len());
        marks.push(mark(snapshot.node(view.node(index)), view, index, options));
    }
    let lines = lines(snapshot, view, options, &place_of);
    let description = format!(
        "A network of {} and {}. {}",
        plural(marks.len(), "body", "bodies"),
        plural(lines.len(), "tie", "ties"),
        options.subtitle
    );
    Drawing {
        title: options.title.clone(),
        subtitle: options.subtitle.clone(),
        caption: options.caption.clone(),
        description,
        marks,
        lines,
        group_names: options.group_names.clone(),
        size_label: options.size_label.clone(),
        sidebar: options.sidebar.clone(),
        note: options.note.clone(),
    }
}

/// Makes the drawing of a whole graph, node by node and tie by tie, for a form that has no page.
pub fn whole_graph(model: &Model, title: &str) -> Drawing {
    let schema = model.schema();
    let mut place_of = BTreeMap::new();
    let mut marks = Vec::new();
    for node in model.nodes() {
        let record = &node.record;
        let kind = schema.kind_id(&record.kind).map(|it| schema.kind(it));
        let kind = kind.expect("a model holds kinds of its schema only");
        place_of.insert(record.id.as_str(), marks.len());
        marks.push(Mark {
            symbol: kind.symbol.parse().unwrap_or_default(),
            colour: kind.colour.clone(),
            kind: kind.label.clone(),
            ..Mark::new(&record.id, &record.name)
        });
    }
    let line = |tie: &weft_graph::Tie| {
        let record = &tie.record;
        let relation = schema.relation_id(&record.relation).map(|it| schema.relation(it));
        let relation = relation.expect("a model holds relations of its schema only");
        let end = |id: &String| place_of[id.as_str()];
        Line {
            dash: relation.dash.parse().unwrap_or_default(),
            directed: !relation.symmetric,
            ..Line::new(end(&record.source), end(&record.target), relation.forward.clone())
        }
    };
    let lines = model.ties().into_iter().map(line).collect();
    Drawing { title: title.to_owned(), marks, lines, ..Drawing::default() }
}

fn mark(node: NodeRef<'_>, view: &View, index: u32, options: &PictureOptions) -> Mark {
    let at = index as usize;
    let n_partners = view.degree(index);
    let partners = plural(n_partners, "partner", "partners");
    Mark {
        tooltip: format!("{}: {}, {partners}", node.name(), node.kind().label),
        symbol: node.kind().symbol.parse().unwrap_or_default(),
        colour: node.kind().colour.clone(),
        kind: node.kind().label.clone(),
        size: options.measure.get(at).copied().unwrap_or(1.0),
        group: options.groups.get(at).copied(),
        emphasis: options.emphasis.contains(&index),
        ..Mark::new(node.id(), node.name())
    }
}

/// One line for each relation and direction of each link between two marks.
fn lines(
    snapshot: &Snapshot,
    view: &View,
    options: &PictureOptions,
    place_of: &BTreeMap<u32, usize>,
) -> Vec<Line> {
    let mut drawn: Vec<(u32, u32, u32, TieRef<'_>)> = Vec::new();
    for link in 0..view.m() as u32 {
        let (a, b) = view.link_ends(link);
        if !place_of.contains_key(&a) || !place_of.contains_key(&b) {
            continue;
        }
        for &tie in view.ties(link) {
            let tie = snapshot.tie(tie);
            let (from, to) = if view.node(a) == tie.source() { (a, b) } else { (b, a) };
            drawn.push((from, to, link, tie));
        }
    }
    let mut n_ties: BTreeMap<u16, usize> = BTreeMap::new();
    for (.., tie) in &drawn {
        *n_ties.entry(tie.relation_id().0).or_default() += 1;
    }
    let mut by_frequency: Vec<(u16, usize)> = n_ties.into_iter().collect();
    by_frequency.sort_by_key(|&(relation, n)| (std::cmp::Reverse(n), relation));
    let colour_of = |relation: u16| {
        let rank = by_frequency.iter().position(|it| it.0 == relation).unwrap_or(0);
        COLOURS[rank % COLOURS.len()]
    };
    let mut lines: Vec<Line> = Vec::new();
    let mut seen: BTreeMap<(u32, u32, u16), usize> = BTreeMap::new();
    for (from, to, link, tie) in drawn {
        let relation = tie.relation();
        let sentence = format!(
            "{} {} {}",
            snapshot.node(tie.source()).name(),
            relation.forward,
            snapshot.node(tie.target()).name()
        );
        let key = (from, to, tie.relation_id().0);
        if let Some(&at) = seen.get(&key) {
            lines[at].tooltip.push_str(&format!("; {sentence}"));
            continue;
        }
        seen.insert(key, lines.len());
        lines.push(Line {
            dash: relation.dash.parse().unwrap_or_default(),
            colour: colour_of(tie.relation_id().0).to_owned(),
            directed: !relation.symmetric,
            tooltip: sentence,
            emphasis: options.emphasised_links.contains(&link),
            is_quiet: options.quiet_links.contains(&link),
            ..Line::new(place_of[&from], place_of[&to], relation.forward.clone())
        });
    }
    lines
}
