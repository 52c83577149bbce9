//! Who is in the same position: tied in the same way to the same bodies, or to the same kinds of
//! bodies.
//!
//! Such bodies can stand in for each other, compete, or have much to tell each other; which of these,
//! the ties do not say.

use serde::Serialize;
use weft_analytics::{Role, SimilarPosition, TieEnd, similar_positions};
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::Error;
use crate::ecosystem::evidence::{NodeName, TieEvidence, tie_evidence};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// The answer to `similar`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Similar {
    /// What it rests on: the conduit view, or the relations asked for.
    pub basis: Basis,
    /// Like whom.
    pub node: NodeName,
    /// Its roles: distinct relations, directions and contacts.
    pub n_roles: usize,
    /// The others, the most alike first; only of the kinds asked for.
    pub rows: Vec<SimilarRow>,
    /// In words.
    pub sentence: String,
}

/// One body in a like position.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct SimilarRow {
    /// Who.
    pub node: NodeName,
    /// Roles of both by roles of either, 0 to 1: same relation, direction and contact.
    pub same_contacts: f64,
    /// The same by the kind of contact, 0 to 1.
    pub same_kinds: f64,
    /// The roles that both have.
    pub shared: Vec<SharedRole>,
    /// In words.
    pub sentence: String,
    /// The ties of both that make the shared roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<TieEvidence>>,
}

/// A role of two bodies.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct SharedRole {
    /// The relation.
    pub relation: String,
    /// Its verb as read from the two.
    pub verb: String,
    /// With whom.
    pub contact: NodeName,
}

/// Returns who is in a position like that of a node, along conduits or along the relations asked for;
/// kinds choose among those, and not among their contacts.
///
/// # Errors
/// [`Error::NotInView`] if the node is not in that view.
pub fn similar(snapshot: &Snapshot, question: &Question, node: NodeIdx) -> Result<Similar, Error> {
    let all_kinds = Question { kinds: Vec::new(), ..question.clone() };
    let ground = match question.relations.is_empty() {
        true => Ground::conduit(snapshot, &all_kinds),
        false => Ground::everything(snapshot, &all_kinds),
    };
    let index = ground.must_get_index(node)?;
    let mut found = similar_positions(snapshot, &ground.view, index);
    let kinds = &question.kinds;
    found.retain(|it| kinds.is_empty() || kinds.contains(&ground.node(it.node).kind_id()));
    let rows: Vec<SimilarRow> =
        found.iter().map(|it| similar_row(&ground, index, it, question.why)).collect();
    let roles = roles_of(&ground, index);
    let name = ground.node(index).name();
    let n_alike = rows.iter().filter(|it| !it.shared.is_empty()).count();
    let sentence = match (roles, n_alike) {
        (0, _) => format!("{name} has no tie in this view, and so no position in it"),
        (_, 0) if rows.is_empty() => format!("nobody is in a position like that of {name}"),
        (_, 0) => format!("nobody shares a partner in the same way with {name}"),
        (_, n) => format!(
            "{} share a partner in the same way with {name}",
            words::count(n, "body", "bodies")
        ),
    };
    let sentence = sentence.replacen("1 body share ", "1 body shares ", 1);
    Ok(Similar { basis: ground.basis(), node: ground.name(index), n_roles: roles, rows, sentence })
}

fn similar_row(
    ground: &Ground<'_>,
    index: u32,
    position: &SimilarPosition,
    why: bool,
) -> SimilarRow {
    let schema = ground.snapshot.schema();
    let role = |it: &Role| {
        let relation = schema.relation(it.relation);
        SharedRole {
            relation: relation.id.clone(),
            verb: words::relation_verb(relation, it.end != TieEnd::Target),
            contact: ground.name(it.contact),
        }
    };
    let mut shared: Vec<(&Role, SharedRole)> =
        position.shared.iter().map(|it| (it, role(it))).collect();
    shared.sort_by(|a, b| {
        (a.0.relation, a.0.end, &a.1.contact.name).cmp(&(b.0.relation, b.0.end, &b.1.contact.name))
    });
    let shared: Vec<SharedRole> = shared.into_iter().map(|it| it.1).collect();
    SimilarRow {
        node: ground.name(position.node),
        same_contacts: position.same_contacts,
        same_kinds: position.same_kinds,
        sentence: sentence_of(&shared),
        shared,
        why: why.then(|| ties_of(ground, [index, position.node], &position.shared)),
    }
}

/// "both are hosted by Nexus; both partner with ..." would need plural verbs, which schemas lack: so
/// "each is hosted by Nexus and Hatch; each supports Acme".
fn sentence_of(shared: &[SharedRole]) -> String {
    let by_verb = shared.chunk_by(|a, b| (&a.relation, &a.verb) == (&b.relation, &b.verb));
    let parts = by_verb.map(|it| {
        let names = words::list(it.iter().map(|it| it.contact.name.as_str()));
        format!("each {} {names}", it[0].verb)
    });
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true => "only partners of the same kinds".to_owned(),
        false => parts.join("; "),
    }
}

/// The ties that make the shared roles, of the first and then of the second.
fn ties_of(ground: &Ground<'_>, nodes: [u32; 2], shared: &[Role]) -> Vec<TieEvidence> {
    let (snapshot, view) = (ground.snapshot, &ground.view);
    let mut ties = Vec::new();
    for node in nodes {
        for role in shared {
            let link = view.link_between(node, role.contact);
            for &idx in link.iter().flat_map(|&it| view.ties(it)) {
                let tie = snapshot.tie(idx);
                let is_source = view.index_of(tie.source()) == Some(node);
                let is_end = match role.end {
                    TieEnd::Source => is_source,
                    TieEnd::Target => !is_source,
                    TieEnd::Either => true,
                };
                if tie.relation_id() == role.relation && is_end {
                    ties.push(tie_evidence(snapshot, idx));
                }
            }
        }
    }
    ties
}

/// How many distinct relations, directions and contacts a node has.
fn roles_of(ground: &Ground<'_>, index: u32) -> usize {
    let view = &ground.view;
    let ties = view.links(index).iter().flat_map(|&it| view.ties(it));
    let mut roles: Vec<_> = ties
        .map(|&it| {
            let tie = ground.snapshot.tie(it);
            let is_source = tie.relation().symmetric || tie.source() == view.node(index);
            (tie.relation_id(), is_source, tie.other(view.node(index)))
        })
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    const GRAPH: &str = "n:facility -hosts-> a:company; n -hosts-> b:company; f:funder -funds-> a; \
        f -funds-> b; f -funds[#2]-> b; a -partners_with-> b; m:facility -hosts-> c:company; \
        a -located_in-> p:place; d:council -located_in-> p";

    #[track_caller]
    fn check(id: &str, expected: &[(&str, f64, f64, &str)], sentence: &str) {
        let snapshot = fixture(GRAPH);
        let node = snapshot.find_node(id).unwrap();
        let question = Question { why: true, ..Question::default() };
        let found = similar(&snapshot, &question, node).unwrap();
        let rows = found.rows.iter();
        let rows = rows
            .map(|it| (it.node.id.as_str(), it.same_contacts, it.same_kinds, it.sentence.as_str()));
        assert_eq!(rows.collect::<Vec<_>>(), expected);
        assert_eq!(found.sentence, sentence);
        for row in &found.rows {
            // Each shared role rests on a tie of either, at least.
            assert!(row.why.as_ref().unwrap().len() >= 2 * row.shared.len());
        }
    }

    #[test]
    fn bodies_alike_are_named_with_what_they_share() {
        let same = "each is hosted by n; each is funded by f";
        let kinds = "only partners of the same kinds";
        let sentence = "1 body shares a partner in the same way with a";
        check("a", &[("b", 1.0, 1.0, same), ("c", 0.0, 1.0 / 3.0, kinds)], sentence);
    }

    #[test]
    fn without_ties_there_is_no_position() {
        check("d", &[], "d has no tie in this view, and so no position in it");
    }

    #[test]
    fn kinds_choose_among_the_bodies_and_not_among_their_contacts() {
        let snapshot = fixture(GRAPH);
        let kinds = vec![snapshot.schema().kind_id("funder").unwrap()];
        let question = Question { kinds, ..Question::default() };
        let found = similar(&snapshot, &question, snapshot.find_node("a").unwrap()).unwrap();
        assert!(found.rows.is_empty());
        assert_eq!(found.n_roles, 3);
    }
}
