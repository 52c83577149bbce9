//! The ecosystem canvas: its eight components, who stands for each, and what is thin.
//!
//! Components are nodes of the kind `component`. Who stands for one is told by sources (`exemplifies`);
//! beside it stands what the data hold of the kinds and relations that such a component speaks of: a
//! reading that the schema gives and no source, so it is kept apart. Judges no component.

use std::collections::BTreeSet;

use serde::Serialize;
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::evidence::{
    NodeEvidence, NodeName, TieEvidence, node_evidence, tie_evidence,
};
use crate::ecosystem::ledger::sources_of_data;
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::source_order::in_source_order;
use crate::ecosystem::words;

/// The kind of a component.
const COMPONENT: &str = "component";
/// The relation from a body to the component for which a source names it.
const EXEMPLIFIES: &str = "exemplifies";
/// Fewer bodies than this are thin.
const BODIES_ENOUGH: usize = 3;

/// The answer to `canvas`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Canvas {
    /// What it rests on: all kinds and relations.
    pub basis: Basis,
    /// The components, in the order of their source.
    pub components: Vec<CanvasComponent>,
    /// In words.
    pub sentence: String,
}

/// One component.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CanvasComponent {
    /// The component.
    pub node: NodeName,
    /// Those whom a source names as standing for it, by id.
    pub named: Vec<NodeName>,
    /// The kinds that such a component speaks of, in the schema's reading; none for one that it does not read.
    pub kinds: Vec<String>,
    /// The relations that it speaks of, in that reading.
    pub relations: Vec<String>,
    /// What there is of these kinds, by id.
    pub by_kind: Vec<NodeName>,
    /// How many ties of these relations there are.
    pub n_ties: usize,
    /// Distinct sources that speak of any of it.
    pub n_sources: usize,
    /// What is thin, each in words; nothing where nothing is.
    pub thin: Vec<String>,
    /// In words.
    pub sentence: String,
    /// What would reproduce it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<CanvasWhy>,
}

/// What would reproduce the row of a component.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CanvasWhy {
    /// The ties by which sources name who stands for it.
    pub named: Vec<TieEvidence>,
    /// What there is of its kinds.
    pub nodes: Vec<NodeEvidence>,
    /// The ties of its relations.
    pub ties: Vec<TieEvidence>,
}

/// Returns the components of the canvas with who and what stands for each.
///
/// O(nodes + ties), and the claims of what is counted.
pub fn canvas(snapshot: &Snapshot, question: &Question) -> Canvas {
    let ground = Ground::everything(snapshot, question);
    let is_component = |it: &NodeIdx| snapshot.node(*it).kind().id == COMPONENT;
    let nodes = snapshot.nodes().filter(is_component).filter(|&it| ground.counts_node(it));
    let components: Vec<CanvasComponent> = in_source_order(snapshot, nodes.collect())
        .into_iter()
        .map(|it| component(&ground, it))
        .collect();
    Canvas { basis: ground.basis(), sentence: sentence(&components), components }
}

fn component(ground: &Ground<'_>, idx: NodeIdx) -> CanvasComponent {
    let snapshot = ground.snapshot;
    let node = snapshot.node(idx);
    let text = format!("{} {}", node.id(), node.name()).to_lowercase();
    let readings = snapshot.schema().components();
    let reading = readings.iter().find(|it| text.contains(&it.word.to_lowercase()));
    let kinds = reading.map(|it| it.kinds.as_slice()).unwrap_or_default();
    let relations = reading.map(|it| it.relations.as_slice()).unwrap_or_default();
    let mut naming: Vec<_> = snapshot
        .in_ties(idx)
        .filter(|&it| {
            let tie = snapshot.tie(it);
            let counts = ground.counts_tie(tie) && ground.counts_node(tie.source());
            tie.relation().id == EXEMPLIFIES && counts
        })
        .collect();
    naming.sort_by_key(|&it| snapshot.node(snapshot.tie(it).source()).id());
    let mut named: Vec<NodeName> =
        naming.iter().map(|&it| NodeName::of(snapshot.node(snapshot.tie(it).source()))).collect();
    named.dedup();
    let mut nodes: Vec<NodeIdx> = ground.view.nodes().to_vec();
    nodes.retain(|&it| kinds.contains(&snapshot.node(it).kind().id));
    nodes.sort_by_key(|&it| snapshot.node(it).id());
    let links = (0..ground.view.m() as u32).flat_map(|it| ground.view.ties(it));
    let ties: Vec<_> =
        links.copied().filter(|&it| relations.contains(&snapshot.tie(it).relation().id)).collect();
    let mut sources: BTreeSet<&str> = BTreeSet::new();
    for claim in nodes.iter().flat_map(|&it| snapshot.node(it).claims()) {
        sources.insert(claim.source().id.as_str());
    }
    for claim in naming.iter().chain(&ties).flat_map(|&it| snapshot.tie(it).claims()) {
        sources.insert(claim.source().id.as_str());
    }
    let mut res = CanvasComponent {
        node: NodeName::of(node),
        named,
        kinds: kinds.to_vec(),
        relations: relations.to_vec(),
        by_kind: nodes.iter().map(|&it| NodeName::of(snapshot.node(it))).collect(),
        n_ties: ties.len(),
        n_sources: sources.len(),
        thin: Vec::new(),
        sentence: String::new(),
        why: ground.question.why.then(|| CanvasWhy {
            named: naming.iter().map(|&it| tie_evidence(snapshot, it)).collect(),
            nodes: nodes.iter().map(|&it| node_evidence(snapshot.node(it))).collect(),
            ties: ties.iter().map(|&it| tie_evidence(snapshot, it)).collect(),
        }),
    };
    let asked = &ground.question;
    let is_narrowed = !asked.kinds.is_empty() || !asked.relations.is_empty();
    // What was not asked for may well be in the data.
    let within = if is_narrowed { "what was asked for" } else { "the data" };
    res.thin = thin(&res, reading.is_some(), sources_of_data(snapshot).count(), within);
    res.sentence = component_sentence(ground, &res);
    res
}

fn thin(component: &CanvasComponent, is_read: bool, n_sources: usize, within: &str) -> Vec<String> {
    let mut res = Vec::new();
    match component.named.len() {
        0 => res.push("no source names who stands for it".to_owned()),
        1 => res.push("one body alone is named".to_owned()),
        _ => {}
    }
    if is_read {
        match component.by_kind.len() {
            0 => res.push(format!("nothing of its kinds is in {within}")),
            n if n < BODIES_ENOUGH => res.push(format!("only {n} of its kinds in {within}")),
            _ => {}
        }
        if component.n_ties == 0 {
            res.push(format!("no tie of its relations is in {within}"));
        }
    }
    // Where there is one source in all, each component rests on it.
    if component.n_sources == 1 && n_sources > 1 {
        res.push("all of it rests on one source".to_owned());
    }
    res
}

/// "named: A and B; by kind: 20 facilities, 24 research centres and 2 more kinds; 48 ties".
fn component_sentence(ground: &Ground<'_>, component: &CanvasComponent) -> String {
    let schema = ground.snapshot.schema();
    let named = match component.named.len() {
        0 => "nobody is named".to_owned(),
        _ => format!("named: {}", words::list(component.named.iter().map(|it| it.name.as_str()))),
    };
    let counts = component.kinds.iter().filter_map(|kind| {
        let n = component.by_kind.iter().filter(|it| it.kind == *kind).count();
        let kind = schema.kind(schema.kind_id(kind)?);
        (n > 0).then(|| words::count(n, &kind.label, &kind.plural))
    });
    let counts: Vec<String> = counts.collect();
    let mut res = named;
    if !counts.is_empty() {
        res.push_str(&format!("; of its kinds {}", counts.join(", ")));
    }
    if component.n_ties > 0 {
        res.push_str(&format!("; {}", words::count(component.n_ties, "tie", "ties")));
    }
    res
}

fn sentence(components: &[CanvasComponent]) -> String {
    let n = components.len();
    if n == 0 {
        return "no component of a canvas is in the data".to_owned();
    }
    let n_named = components.iter().filter(|it| !it.named.is_empty()).count();
    let all = words::count(n, "component", "components");
    match n_named {
        0 => format!("no source names who stands for any of the {all}"),
        _ if n_named == n => format!("sources name who stands for each of the {all}"),
        _ => {
            let others = if n - n_named == 1 { "other" } else { "others" };
            format!(
                "sources name who stands for {n_named} of the {all}, and nobody for the {others}"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    const GRAPH: &str = "x:council{@other}; capital:component; talent:component; other:component; \
        a:funder -exemplifies-> capital; a -funds-> b:company; a -funds[..2020]-> c:company; \
        f:investor; g:investor -invests_in-> b; a -exemplifies-> other";

    #[track_caller]
    fn check(graph: &str, sentence: &str, components: &[(&str, &str, &[&str])]) {
        let question = Question { as_of: "2024".parse().ok(), why: true, ..Question::default() };
        let found = canvas(&fixture(graph), &question);
        assert_eq!(found.sentence, sentence);
        let found: Vec<_> = found
            .components
            .iter()
            .map(|it| (it.node.id.as_str(), it.sentence.as_str(), it.thin.join("; ")))
            .collect();
        let expected: Vec<_> = components.iter().map(|it| (it.0, it.1, it.2.join("; "))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_component_says_who_stands_for_it_and_what_is_thin() {
        check(
            GRAPH,
            "sources name who stands for 2 of the 3 components, and nobody for the other",
            &[
                (
                    "capital",
                    "named: a; of its kinds 1 funder, 2 investors; 2 ties",
                    &["one body alone is named", "all of it rests on one source"],
                ),
                (
                    "other",
                    "named: a",
                    &["one body alone is named", "all of it rests on one source"],
                ),
                (
                    "talent",
                    "nobody is named",
                    &[
                        "no source names who stands for it",
                        "nothing of its kinds is in the data",
                        "no tie of its relations is in the data",
                    ],
                ),
            ],
        );
        check("a:funder", "no component of a canvas is in the data", &[]);
    }

    #[test]
    fn what_was_not_asked_for_is_not_called_absent() {
        let snapshot = fixture(GRAPH);
        let kinds = vec![snapshot.schema().kind_id("council").unwrap()];
        let question = Question { kinds, ..Question::default() };
        let found = canvas(&snapshot, &question).components;
        let thin = found.iter().flat_map(|it| &it.thin).cloned().collect::<Vec<_>>().join("; ");
        assert!(thin.contains("nothing of its kinds is in what was asked for"), "{thin}");
        assert!(!thin.contains("in the data"), "{thin}");
    }

    #[test]
    fn the_row_of_a_component_follows_from_its_why() {
        let question = Question { why: true, ..Question::default() };
        for it in canvas(&fixture(GRAPH), &question).components {
            let why = it.why.unwrap();
            let nodes: Vec<_> = why.nodes.into_iter().map(|it| it.node).collect();
            assert_eq!((nodes, why.ties.len()), (it.by_kind, it.n_ties));
            let named: Vec<_> = why.named.into_iter().map(|it| it.source).collect();
            assert_eq!(named, it.named);
        }
    }

    #[test]
    fn the_schema_reads_each_of_the_eight_components_by_another_word() {
        let schema = weft_graph::Schema::bundled();
        let names = [
            "Vision & Strategy",
            "Talent & Champions",
            "Infrastructure & Programmes",
            "Capital & Resources",
            "Markets & Networks",
            "Culture & Community",
            "Policy & Regulation",
            "Co-ordinating Mechanisms",
        ];
        for (name, reading) in names.iter().zip(schema.components()) {
            assert!(name.to_lowercase().contains(&reading.word), "{name}");
        }
        assert_eq!(schema.components().len(), names.len());
    }
}
