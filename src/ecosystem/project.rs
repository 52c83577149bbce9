//! Two modes laid on top of each other: who takes part in the same programmes, events or boards.
//!
//! What comes out are no ties, and no other finding counts them as such: that two are in one programme does
//! not say that they know each other. Each pair names what it shares.

use std::collections::BTreeSet;

use serde::Serialize;
use weft_analytics::{CoAffiliation, affiliation};
use weft_graph::{Family, KindId, Snapshot};

use crate::ecosystem::evidence::{NodeName, TieEvidence, tie_evidence};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// What so many take part in says next to nothing of a pair, and gives none.
const MEMBERS_MAX: usize = 1_000;
/// How many shared ones a sentence names.
const NAMED: usize = 3;

/// The answer to `project`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Projected {
    /// What it rests on: all kinds, and the relations asked for.
    pub basis: Basis,
    /// How many bodies of the kind asked for there are.
    pub n_shared: usize,
    /// Those of them that have more than 1,000 members, and give no pairs.
    pub too_large: Vec<NodeName>,
    /// How many others take part in one of them.
    pub n_members: usize,
    /// The pairs that share one, the greatest weight first, then by id.
    pub rows: Vec<SharingPair>,
    /// In words.
    pub sentence: String,
}

/// Two bodies that take part in the same.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct SharingPair {
    /// The one of smaller id.
    pub a: NodeName,
    /// The other.
    pub b: NodeName,
    /// The sum over what they share of 1 / (k - 1), k being how many take part in it.
    pub weight: f64,
    /// What they share, by id.
    pub shared: Vec<NodeName>,
    /// Whether a tie in this view joins the two themselves.
    pub is_linked: bool,
    /// In words.
    pub sentence: String,
    /// The ties of both to what they share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<TieEvidence>>,
}

/// Returns who takes part in the same bodies of some kinds, along the relations asked for or along any;
/// kinds of the question choose among who takes part. Without them places, needs and documents are left
/// out: a place in which an event is held takes no part in it.
///
/// O(n + m), and the pairs of those who share one.
pub fn project(snapshot: &Snapshot, question: &Question, of_kinds: &[KindId]) -> Projected {
    let all_kinds = Question { kinds: Vec::new(), ..question.clone() };
    let ground = Ground::everything(snapshot, &all_kinds);
    let kind = |index: u32| ground.node(index).kind_id();
    let is_shared: Vec<bool> = ground.indices().map(|it| of_kinds.contains(&kind(it))).collect();
    let mut found = affiliation(&ground.view, &is_shared);
    let takes_part = |it: u32| match question.kinds.as_slice() {
        [] => {
            let family = snapshot.schema().kind(kind(it)).family;
            !matches!(family, Family::Place | Family::Need | Family::Document)
        }
        kinds => kinds.contains(&kind(it)),
    };
    for (_, members) in &mut found.events {
        members.retain(|&it| takes_part(it));
    }
    let members: BTreeSet<u32> = found.events.iter().flat_map(|it| &it.1).copied().collect();
    let projection = found.project(MEMBERS_MAX);
    let mut rows: Vec<SharingPair> =
        projection.pairs.iter().map(|it| sharing(&ground, it, question.why)).collect();
    rows.sort_by(|x, y| {
        let ids = |it: &SharingPair| (it.a.id.clone(), it.b.id.clone());
        y.weight.total_cmp(&x.weight).then_with(|| ids(x).cmp(&ids(y)))
    });
    let plural = match of_kinds {
        [one] => snapshot.schema().kind(*one).plural.clone(),
        _ => "bodies of those kinds".to_owned(),
    };
    let takes = if members.len() == 1 { "takes" } else { "take" };
    let label = match of_kinds {
        [one] if found.events.len() == 1 => snapshot.schema().kind(*one).label.clone(),
        _ if found.events.len() == 1 => "body of those kinds".to_owned(),
        _ => plural.clone(),
    };
    let share = if rows.len() == 1 { "shares" } else { "share" };
    let sentence = match members.len() {
        0 => format!("nobody in this view takes part in {plural}"),
        n_members => format!(
            "{} {takes} part in {} {label}; {} {share} one or more",
            words::count(n_members, "body", "bodies"),
            words::digits(found.events.len()),
            words::count(rows.len(), "pair", "pairs"),
        ),
    };
    Projected {
        basis: ground.basis(),
        n_shared: found.events.len(),
        too_large: ground.names(&projection.too_large),
        n_members: members.len(),
        rows,
        sentence,
    }
}

fn sharing(ground: &Ground<'_>, pair: &CoAffiliation, why: bool) -> SharingPair {
    let view = &ground.view;
    let mut ends = [pair.left, pair.right];
    ends.sort_by(|&a, &b| ground.by_id(a, b));
    let mut events = pair.events.clone();
    events.sort_by(|&a, &b| ground.by_id(a, b));
    let shared = ground.names(&events);
    let link = |a: u32, b: u32| view.link_between(a, b).or_else(|| view.link_between(b, a));
    let ties = || {
        let links = events.iter().flat_map(|&event| ends.map(|it| link(it, event)));
        let ties = links.flatten().flat_map(|it| view.ties(it));
        ties.map(|&it| tie_evidence(ground.snapshot, it)).collect()
    };
    let first = words::list(shared.iter().take(NAMED).map(|it| it.name.as_str()));
    let named = match shared.len().saturating_sub(NAMED) {
        0 => first,
        n => format!("{first} and {} more", words::digits(n)),
    };
    let [a, b] = ends.map(|it| ground.name(it));
    SharingPair {
        sentence: format!("{} and {} both take part in {named}", a.name, b.name),
        a,
        b,
        weight: pair.weight,
        shared,
        is_linked: link(pair.left, pair.right).is_some(),
        why: why.then(ties),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    const GRAPH: &str = "a:council -participates_in-> p:programme; b:company -participates_in-> p; \
        c:company -participates_in-> p; a -participates_in-> q:programme; b -participates_in-> q; \
        a -funds-> b; d:council -funds-> q; r:programme";

    fn found(relation: Option<&str>, kinds: &[&str]) -> Projected {
        let snapshot = fixture(GRAPH);
        let schema = snapshot.schema();
        let question = Question {
            relations: relation.map(|it| schema.relation_id(it).unwrap()).into_iter().collect(),
            kinds: kinds.iter().map(|it| schema.kind_id(it).unwrap()).collect(),
            why: true,
            ..Question::default()
        };
        project(&snapshot, &question, &[schema.kind_id("programme").unwrap()])
    }

    #[track_caller]
    fn check(relation: Option<&str>, kinds: &[&str], expected: &[(&str, &str, f64, &[&str])]) {
        let found = found(relation, kinds);
        let rows: Vec<_> = found
            .rows
            .iter()
            .map(|it| {
                let shared: Vec<&str> = it.shared.iter().map(|it| it.id.as_str()).collect();
                (it.a.id.as_str(), it.b.id.as_str(), it.weight, shared)
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|it| (it.0, it.1, it.2, it.3.to_vec())).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn each_shared_one_is_shared_out_among_those_met_there() {
        let expected: &[(&str, &str, f64, &[&str])] =
            &[("a", "b", 1.5, &["p", "q"]), ("a", "c", 0.5, &["p"]), ("b", "c", 0.5, &["p"])];
        check(Some("participates_in"), &[], expected);
    }

    #[test]
    fn the_place_of_an_event_takes_no_part_in_it() {
        let graph = "a:council -participates_in-> p:event; b:company -participates_in-> p; \
                     p -located_in-> t:place; x:person -participates_in-> p";
        let snapshot = fixture(graph);
        let event = snapshot.schema().kind_id("event").unwrap();
        let found = project(&snapshot, &Question::default(), &[event]);
        assert_eq!((found.n_members, found.rows.len()), (3, 3));
        let before = Question { as_of: "1990".parse().ok(), ..Question::default() };
        let nobody = fixture(&graph.replace("p:event", "p:event{2000..}"));
        let found = project(&nobody, &before, &[event]);
        assert_eq!(found.sentence, "nobody in this view takes part in events");
    }

    #[test]
    fn kinds_choose_among_who_takes_part_and_relations_among_the_ties() {
        check(None, &["company"], &[("b", "c", 1.0, &["p"])]);
        check(None, &["council"], &[("a", "d", 1.0, &["q"])]);
        check(Some("funds"), &[], &[]);
    }

    #[test]
    fn a_pair_says_what_it_shares_and_whether_it_is_tied_itself() {
        let found = found(Some("participates_in"), &[]);
        assert_eq!(
            (found.n_shared, found.n_members, found.sentence.as_str()),
            (3, 3, "3 bodies take part in 3 programmes; 3 pairs share one or more")
        );
        let first = &found.rows[0];
        assert_eq!(first.sentence, "a and b both take part in p and q");
        assert_eq!((first.is_linked, first.why.as_ref().unwrap().len()), (false, 4));
    }
}
