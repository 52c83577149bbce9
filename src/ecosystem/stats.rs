//! Stats: what this network is, in counts, each with what was counted.
//!
//! Two blocks: everything that counts at D, and the conduit view that findings run on.

use std::collections::BTreeMap;

use serde::Serialize;
use weft_analytics::{Interrupted, Run, components, density, extent_in, global_clustering};
use weft_graph::{Certainty, Snapshot};
use weft_value::PartialDate;

use crate::ecosystem::access::Searches;
use crate::ecosystem::counted::Counted;
use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::ledger::sources_of_data;
use crate::ecosystem::question::{Basis, Ground, Question, is_start_up};
use crate::ecosystem::structure::{Structure, structure};
use crate::ecosystem::words;

/// The answer to `stats`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Stats {
    /// Everything: all kinds and relations.
    pub everything: Basis,
    /// The conduit view.
    pub conduit: Basis,
    /// Nodes of everything by kind, the most first.
    pub nodes_by_kind: Vec<Count>,
    /// Ties of everything by relation, the most first.
    pub ties_by_relation: Vec<Count>,
    /// Ties of everything by certainty, the strongest first.
    pub ties_by_certainty: Vec<Count>,
    /// Start-ups by stage, in the order of the schema.
    pub start_ups_by_stage: Vec<Count>,
    /// Sources.
    pub n_sources: usize,
    /// Facts.
    pub n_facts: usize,
    /// Needs, and how many of them somebody in the conduit view meets.
    pub n_needs: usize,
    /// Needs that somebody in the conduit view meets.
    pub n_needs_met: usize,
    /// How the conduit view hangs together.
    pub shape: Shape,
    /// What kind of network it is.
    pub structure: Structure,
    /// In words.
    pub sentence: String,
    /// What was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<StatsWhy>,
}

/// How many there are of one sort.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Count {
    /// The word that files use.
    pub id: String,
    /// The word that people read, in the number that fits.
    pub label: String,
    /// How many.
    pub n: usize,
}

/// How the conduit view hangs together.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Shape {
    /// Links by pairs of nodes, 0 to 1; none below two nodes.
    pub density: Option<f64>,
    /// Links at a node, on average.
    pub mean_degree: Option<f64>,
    /// Parts that no link joins.
    pub n_components: usize,
    /// Nodes of the largest.
    pub n_in_largest: usize,
    /// Nodes without a link.
    pub n_isolated: usize,
    /// The greatest distance in the largest part.
    pub diameter: Option<u32>,
    /// The least distance within which some node there has all others of it.
    pub radius: Option<u32>,
    /// The mean distance there; none for a single node.
    pub mean_distance: Option<f64>,
    /// Closed triples by all triples: how often partners of one know each other.
    pub clustering: Option<f64>,
}

/// What was counted.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct StatsWhy {
    /// Every node of everything; `component` is of those in the conduit view.
    pub nodes: Vec<CountedNode>,
    /// Every tie of everything.
    pub ties: Vec<CountedTie>,
}

/// One node that was counted.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CountedNode {
    /// The node.
    #[serde(flatten)]
    pub node: NodeName,
    /// Its stage, if a source tells.
    pub stage: Option<String>,
    /// When it began, as far as a source says.
    pub valid_from: Option<PartialDate>,
    /// When it ended.
    pub valid_to: Option<PartialDate>,
    /// Claims that speak for it.
    pub n_claims: usize,
    /// Its part of the conduit view, 0 for the largest; none if it is not in it.
    pub component: Option<u32>,
    /// Whether it is in the core of the conduit view; none if that has no core, or not this node.
    pub is_core: Option<bool>,
}

/// One tie that was counted.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CountedTie {
    /// The stable id.
    pub id: String,
    /// The id of the node where it starts.
    pub source: String,
    /// The relation.
    pub relation: String,
    /// The id of the node where it ends.
    pub target: String,
    /// When it began, as far as a source says.
    pub valid_from: Option<PartialDate>,
    /// When it ended.
    pub valid_to: Option<PartialDate>,
    /// The certainty of its strongest claim.
    pub certainty: Certainty,
    /// Claims that speak for it.
    pub n_claims: usize,
    /// Whether it is in the conduit view.
    pub is_conduit: bool,
}

/// Returns the counts.
///
/// O(nodes + ties), and O(n (n + m)) for the distances in the largest part.
///
/// # Errors
/// If it was interrupted.
pub fn stats(
    snapshot: &Snapshot,
    question: &Question,
    run: &mut Run<'_>,
) -> Result<Stats, Interrupted> {
    stats_counted(snapshot, question, &mut Counted::default(), run)
}

/// The same, as far as others have not counted it.
///
/// # Errors
/// If it was interrupted.
pub fn stats_counted(
    snapshot: &Snapshot,
    question: &Question,
    counted: &mut Counted,
    run: &mut Run<'_>,
) -> Result<Stats, Interrupted> {
    let everything = Ground::everything(snapshot, question);
    let conduit = Ground::conduit(snapshot, question);
    let schema = snapshot.schema();
    let label = |n: usize, one: &str, many: &str| if n == 1 { one } else { many }.to_owned();
    let ties = || {
        let view = &everything.view;
        (0..view.m() as u32).flat_map(|it| view.ties(it)).map(|&it| snapshot.tie(it))
    };
    let searches = Searches::new(&conduit);
    let n_by_kind = tally(everything.indices().map(|it| everything.node(it).kind_id()));
    let n_by_relation = tally(ties().map(|it| it.relation_id()));
    let n_by_certainty = tally(ties().map(|it| it.certainty()));
    let start_ups = conduit.indices().map(|it| conduit.node(it)).filter(|it| is_start_up(*it));
    let n_by_stage = tally(start_ups.filter_map(|it| it.stage_id()));
    let mut nodes_by_kind: Vec<Count> = n_by_kind
        .into_iter()
        .map(|(kind, n)| {
            let kind = schema.kind(kind);
            Count { id: kind.id.clone(), label: label(n, &kind.label, &kind.plural), n }
        })
        .collect();
    nodes_by_kind.sort_by_key(|it| std::cmp::Reverse(it.n));
    let mut ties_by_relation: Vec<Count> = n_by_relation
        .into_iter()
        .map(|(relation, n)| {
            let relation = schema.relation(relation);
            Count { id: relation.id.clone(), label: relation.forward.clone(), n }
        })
        .collect();
    ties_by_relation.sort_by_key(|it| std::cmp::Reverse(it.n));
    let certainty_count = |(certainty, n): (Certainty, usize)| {
        let word = certainty.as_str().to_owned();
        Count { id: word.clone(), label: word, n }
    };
    let stage_count = |(stage, n)| {
        let stage = schema.stage(stage);
        Count { id: stage.id.clone(), label: stage.label.clone(), n }
    };
    let shape = shape(&conduit, run)?;
    let (structure, is_core) = structure(&conduit, counted, run)?;
    Ok(Stats {
        sentence: sentence(&conduit, &shape),
        everything: everything.basis(),
        conduit: conduit.basis(),
        nodes_by_kind,
        ties_by_relation,
        ties_by_certainty: n_by_certainty.into_iter().map(certainty_count).collect(),
        start_ups_by_stage: n_by_stage.into_iter().map(stage_count).collect(),
        n_sources: sources_of_data(snapshot).count(),
        n_facts: snapshot.facts().len(),
        n_needs: searches.needs.len(),
        n_needs_met: searches.needs.iter().filter(|it| !it.providers.is_empty()).count(),
        shape,
        structure,
        why: question.why.then(|| why(&everything, &conduit, is_core.as_deref())),
    })
}

fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut res = BTreeMap::new();
    for key in keys {
        *res.entry(key).or_default() += 1;
    }
    res
}

fn shape(ground: &Ground<'_>, run: &mut Run<'_>) -> Result<Shape, Interrupted> {
    let view = &ground.view;
    let components = components(view);
    let extent = extent_in(view, run)?;
    let finite = |it: f64| it.is_finite().then_some(it);
    Ok(Shape {
        density: finite(density(view)),
        mean_degree: finite(2.0 * view.m() as f64 / view.n() as f64),
        n_components: components.sizes.len(),
        n_in_largest: components.sizes.first().copied().unwrap_or(0),
        n_isolated: ground.indices().filter(|&it| view.degree(it) == 0).count(),
        diameter: extent.map(|it| it.diameter),
        radius: extent.map(|it| it.radius),
        mean_distance: extent.and_then(|it| finite(it.mean_distance)),
        clustering: finite(global_clustering(view)),
    })
}

fn why(everything: &Ground<'_>, conduit: &Ground<'_>, is_core: Option<&[bool]>) -> StatsWhy {
    let (snapshot, view) = (everything.snapshot, &everything.view);
    let components = components(&conduit.view);
    let id = |idx| snapshot.node(idx).id().to_owned();
    let nodes = everything.indices().map(|index| {
        let node = everything.node(index);
        let at = conduit.view.index_of(node.idx());
        CountedNode {
            node: NodeName::of(node),
            stage: node.stage_id().map(|it| snapshot.schema().stage(it).id.clone()),
            valid_from: node.valid_from(),
            valid_to: node.valid_to(),
            n_claims: node.claims().filter(|it| it.denial().is_none()).count(),
            component: at.map(|it| components.of[it as usize]),
            is_core: at.and_then(|it| Some(is_core?[it as usize])),
        }
    });
    let ties = (0..view.m() as u32).flat_map(|it| view.ties(it)).map(|&idx| {
        let tie = snapshot.tie(idx);
        let is_in = |it| conduit.view.index_of(it).is_some();
        CountedTie {
            id: tie.id(),
            source: id(tie.source()),
            relation: tie.relation().id.clone(),
            target: id(tie.target()),
            valid_from: tie.valid_from(),
            valid_to: tie.valid_to(),
            certainty: tie.certainty(),
            n_claims: tie.claims().filter(|it| it.denial().is_none()).count(),
            is_conduit: tie.relation().conduit && is_in(tie.source()) && is_in(tie.target()),
        }
    });
    StatsWhy { nodes: nodes.collect(), ties: ties.collect() }
}

fn sentence(ground: &Ground<'_>, shape: &Shape) -> String {
    let view = &ground.view;
    let actors = words::count(view.n(), "actor", "actors");
    let links = words::count(view.m(), "link", "links");
    let parts = match shape.n_components {
        0 => return "the view is empty".to_owned(),
        1 => "all in one part".to_owned(),
        n => format!(
            "in {} parts, the largest with {}",
            words::digits(n),
            words::digits(shape.n_in_largest)
        ),
    };
    format!("{actors} and {links} between them, {parts}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    const GRAPH: &str = "a:council -hosts-> b:facility; a -funds[implied]-> b; \
        b -supports-> c:company{start_up}; d:company{idea}; p:place; a -located_in-> p; \
        b -meets_need-> t:need; u:need";

    #[track_caller]
    fn check(rows: &[Count], expected: &[(&str, usize)]) {
        let found: Vec<_> = rows.iter().map(|it| (it.id.as_str(), it.n)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn counts_are_by_kind_relation_certainty_and_stage() {
        let found = stats(&fixture(GRAPH), &Question::default(), &mut Run::default()).unwrap();
        check(&found.nodes_by_kind[..2], &[("company", 2), ("need", 2)]);
        check(&found.ties_by_certainty, &[("stated", 4), ("implied", 1)]);
        check(&found.start_ups_by_stage, &[("idea", 1), ("start_up", 1)]);
        assert_eq!(found.ties_by_relation.len(), 5);
        assert_eq!((found.n_needs, found.n_needs_met, found.n_sources), (2, 1, 1));
        assert_eq!(
            found.sentence,
            "4 actors and 2 links between them, in 2 parts, the largest with 3"
        );
    }

    #[test]
    fn every_count_follows_from_what_was_counted() {
        let question = Question { why: true, ..Question::default() };
        let found = stats(&fixture(GRAPH), &question, &mut Run::default()).unwrap();
        let why = found.why.unwrap();
        assert_eq!(why.nodes.len(), found.everything.n_nodes);
        assert_eq!(why.nodes.iter().filter(|it| it.component == Some(0)).count(), 3);
        assert_eq!(why.ties.iter().filter(|it| it.is_conduit).count(), found.conduit.n_ties);
        assert_eq!(found.shape.mean_degree, Some(1.0));
        assert_eq!((found.shape.n_isolated, found.shape.diameter), (1, Some(2)));
        assert_eq!(found.shape.radius, Some(1));
    }
}
