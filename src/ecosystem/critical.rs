//! Single points of failure: who is cut off without a body.
//!
//! Cut off are the nodes of its component that, without it, are outside the largest remaining part
//! (of equal parts the one with fewer start-ups counts as cut off, then the one with the greater
//! smallest id). One pass finds every cut node; says nothing of who is merely farther away.

use serde::Serialize;
use weft_analytics::{Cuts, Run, cuts};
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::evidence::{LinkEvidence, NodeName, link_evidence};
use crate::ecosystem::question::{Basis, Ground, Question, is_start_up};
use crate::ecosystem::words;
use crate::ecosystem::{Error, MEASURES, RankOptions, Ranking, rank};

/// The answer to `critical`: every node without which others are cut off, most of them first.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Critical {
    /// What it rests on.
    pub basis: Basis,
    /// The cut nodes.
    pub rows: Vec<CutOff>,
}

/// Who is cut off without one body.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CutOff {
    /// The body.
    pub node: NodeName,
    /// How many are cut off.
    pub n_cut_off: usize,
    /// How many of them are start-ups.
    pub n_start_ups_cut_off: usize,
    /// Who, by id.
    pub cut_off: Vec<NodeName>,
    /// In words.
    pub sentence: String,
    /// What would reproduce the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<CutOffWhy>,
}

/// What would reproduce a list of who is cut off.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CutOffWhy {
    /// The parts that are cut off, largest first.
    pub parts: Vec<Vec<NodeName>>,
    /// How many bodies are in the part that is not.
    pub n_left: usize,
    /// The links that hold them together.
    pub links: Vec<LinkEvidence>,
}

/// Returns the cut nodes of the conduit view with who is cut off without each.
///
/// O(n + m), and the lists.
pub fn critical(snapshot: &Snapshot, question: &Question) -> Critical {
    let ground = Ground::conduit(snapshot, question);
    let cuts = cuts(&ground.view);
    let mut rows: Vec<CutOff> =
        cuts.nodes().iter().map(|&it| cut_off(&ground, &cuts, it)).collect();
    rows.sort_by(|a, b| b.n_cut_off.cmp(&a.n_cut_off).then_with(|| a.node.id.cmp(&b.node.id)));
    Critical { basis: ground.basis(), rows }
}

/// Returns who is cut off without one node, which may be nobody.
///
/// # Errors
/// [`Error::NotInView`] if the node is not in the conduit view.
pub fn cut_off_without(
    snapshot: &Snapshot,
    question: &Question,
    node: NodeIdx,
) -> Result<CutOff, Error> {
    let ground = Ground::conduit(snapshot, question);
    let index = ground.must_get_index(node)?;
    Ok(cut_off(&ground, &cuts(&ground.view), index))
}

/// Returns what becomes of the first places when links are lost: the ranking by the same figure, tried.
///
/// With `only` it is of these bodies, wherever they stand. The figure is taken anew in 1,000 draws.
///
/// # Errors
/// [`Error::NotInView`] if one of them is not in the conduit view; [`Error::Interrupted`].
pub fn critical_trust(
    snapshot: &Snapshot,
    question: &Question,
    n_rows: usize,
    only: Vec<NodeIdx>,
    run: &mut Run<'_>,
) -> Result<Ranking, Error> {
    let measure = MEASURES.iter().find(|it| it.name == "cut_off");
    let measure = measure.expect("`rank cut_off` ranks by the same figure");
    let options = RankOptions { n_rows, only, stability: true, ..RankOptions::default() };
    let question = Question { why: false, ..question.clone() };
    rank(snapshot, &question, measure, &options, run)
}

/// The nodes cut off without a node, by id.
pub(crate) fn cut_off_nodes(ground: &Ground<'_>, cuts: &Cuts, index: u32) -> Vec<u32> {
    let mut res = cuts.cut_off(index, |it| is_start_up(ground.node(it)), |it| ground.id(it));
    res.sort_by(|&a, &b| ground.by_id(a, b));
    res
}

fn cut_off(ground: &Ground<'_>, cuts: &Cuts, index: u32) -> CutOff {
    let nodes = cut_off_nodes(ground, cuts, index);
    let n_start_ups = nodes.iter().filter(|&&it| is_start_up(ground.node(it))).count();
    let name = ground.node(index).name();
    let start_ups = match n_start_ups {
        0 => String::new(),
        n => format!(", {} among them", words::count(n, "start-up", "start-ups")),
    };
    let sentence = match nodes.len() {
        0 => format!("without {name} nobody is cut off"),
        n => {
            let bodies = words::count(n, "body is", "bodies are");
            format!("without {name}, {bodies} cut off from the rest{start_ups}")
        }
    };
    let (snapshot, view) = (ground.snapshot, &ground.view);
    let is_lost = |part: &Vec<u32>| part.first().is_some_and(|it| nodes.contains(it));
    let parts = if ground.question.why { cuts.parts(index) } else { Vec::new() };
    let (lost, left): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_lost);
    let why = || CutOffWhy {
        parts: lost.iter().map(|it| ground.names(it)).collect(),
        n_left: left.iter().map(Vec::len).sum(),
        links: view
            .neighbours(index)
            .iter()
            .map(|&it| link_evidence(snapshot, view, index, it))
            .collect(),
    };
    CutOff {
        node: ground.name(index),
        n_cut_off: nodes.len(),
        n_start_ups_cut_off: n_start_ups,
        cut_off: ground.names(&nodes),
        sentence,
        why: ground.question.why.then(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, expected: &[(&str, &[&str])]) {
        let found = critical(&fixture(graph), &Question::default());
        let ids = |it: &CutOff| it.cut_off.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        let found: Vec<_> = found.rows.iter().map(|it| (it.node.id.as_str(), ids(it))).collect();
        let own = |ids: &[&str]| ids.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        assert_eq!(found, expected.iter().map(|(id, ids)| (*id, own(ids))).collect::<Vec<_>>());
    }

    #[test]
    fn the_largest_remaining_part_is_not_cut_off() {
        check(
            "h -partners_with-> a; h -partners_with-> b; b -partners_with-> c; \
             a -partners_with-> d; a -partners_with-> e",
            &[("a", &["d", "e"]), ("h", &["b", "c"]), ("b", &["c"])],
        );
    }

    #[test]
    fn of_equal_parts_the_one_with_fewer_start_ups_is_cut_off_then_the_greater_id() {
        check("h -partners_with-> a; h -partners_with-> b", &[("h", &["b"])]);
        check("h -partners_with-> a; h -partners_with-> b:company{idea}", &[("h", &["a"])]);
    }

    #[test]
    fn a_body_that_cuts_nobody_off_can_be_asked_about() {
        let snapshot = fixture("a -partners_with-> b:company{idea}; a -partners_with-> c; t:need");
        let ask = |id: &str| {
            let question = Question { why: true, ..Question::default() };
            cut_off_without(&snapshot, &question, snapshot.find_node(id).unwrap())
        };
        assert_eq!(ask("b").unwrap().sentence, "without b nobody is cut off");
        let found = ask("a").unwrap();
        assert_eq!(found.sentence, "without a, 1 body is cut off from the rest");
        let why = found.why.unwrap();
        let ids = |it: &Vec<NodeName>| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        assert_eq!(why.parts.iter().map(ids).collect::<Vec<_>>(), [["c"]]);
        assert_eq!((why.n_left, why.links.len()), (1, 2));
        assert!(ask("t").is_err());
    }
}
