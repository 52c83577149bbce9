//! What if: the same graph with a body or a tie left out, or with a tie supposed.
//!
//! Makes the other state, and nothing else: [`super::compare()`] sets it beside the first. What is
//! supposed rests on a source of its own, is no evidence, and never reaches a store.

use weft_graph::{
    Certainty, Change, ChangeError, ChangeSet, Claim, NodeIdx, Snapshot, Source, TieIdx, TieRecord,
};

/// The id of the source on which suppositions rest.
pub(crate) const SUPPOSED: &str = "what-if";

/// One thing that is otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Supposition {
    /// A node leaves, with its ties and figures.
    Without(NodeIdx),
    /// Ties end.
    WithoutTies(Vec<TieIdx>),
    /// A tie is there, at every date, as sure as if it were stated.
    Add {
        /// The id of the node that it starts from.
        source: String,
        /// A relation of the schema.
        relation: String,
        /// The id of the node that it goes to.
        target: String,
    },
}

/// Returns the graph as it would be.
///
/// In time proportional to the records that change.
///
/// # Errors
/// [`ChangeError`] if a tie is to be added to a node that leaves, or to none.
pub fn suppose(snapshot: &Snapshot, suppositions: &[Supposition]) -> Result<Snapshot, ChangeError> {
    let mut res = snapshot.clone();
    for supposition in suppositions {
        let changes = changes(&res, snapshot, supposition);
        res = res.with(&ChangeSet { changes })?;
    }
    Ok(res)
}

/// What one supposition changes; `first` is the snapshot that its positions are of.
fn changes(now: &Snapshot, first: &Snapshot, supposition: &Supposition) -> Vec<Change> {
    match supposition {
        Supposition::Without(idx) => {
            let id = first.node(*idx).id().to_owned();
            let Some(node) = now.find_node(&id) else { return Vec::new() };
            let mut ties: Vec<String> = now.ties_of(node).map(|it| now.tie(it).id()).collect();
            ties.sort_unstable();
            // A tie from a node to itself is listed at both its ends.
            ties.dedup();
            let facts = now.facts().iter().filter(|it| it.subject == id);
            let facts = facts.map(|it| Change::RemoveFact(it.id.clone()));
            let ties = ties.into_iter().map(Change::RemoveTie);
            facts.chain(ties).chain([Change::RemoveNode(id.clone())]).collect()
        }
        Supposition::WithoutTies(ties) => {
            let ids = ties.iter().map(|&it| first.tie(it).id());
            ids.filter(|it| now.find_tie(it).is_some()).map(Change::RemoveTie).collect()
        }
        Supposition::Add { source, relation, target } => {
            let supposed = Source {
                id: SUPPOSED.to_owned(),
                title: "What is supposed".to_owned(),
                ..Source::default()
            };
            let claim = Claim {
                source: SUPPOSED.to_owned(),
                certainty: Certainty::Stated,
                ..Claim::default()
            };
            let mut tie = TieRecord {
                source: source.clone(),
                relation: relation.clone(),
                target: target.clone(),
                key: Some(SUPPOSED.to_owned()),
                claims: vec![claim],
                ..TieRecord::default()
            };
            tie.normalise(now.schema());
            vec![Change::PutSource(supposed), Change::PutTie(tie)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_analytics::Run;

    use crate::ecosystem::{Question, access};
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, what: &[Supposition], expected: (usize, usize)) {
        let snapshot = fixture(graph);
        let before = snapshot.n_ties();
        let after = suppose(&snapshot, what).unwrap();
        let view = Question::default().conduit(&after);
        assert_eq!((view.n(), view.m()), expected);
        assert_eq!(snapshot.n_ties(), before);
    }

    const GRAPH: &str =
        "a:council -hosts-> b:facility; a -funds-> b; b -supports-> c:company; a -hosts-> a";

    #[test]
    fn a_body_leaves_with_its_ties_and_a_tie_comes_or_ends() {
        let snapshot = fixture(GRAPH);
        let a = snapshot.find_node("a").unwrap();
        let ties = ["a--hosts--b", "a--funds--b"].map(|it| snapshot.find_tie(it).unwrap());
        let add = Supposition::Add {
            source: "c".into(),
            relation: "partners_with".into(),
            target: "a".into(),
        };
        check(GRAPH, &[], (3, 2));
        check(GRAPH, &[Supposition::Without(a)], (2, 1));
        check(GRAPH, &[Supposition::Without(a), Supposition::Without(a)], (2, 1));
        check(GRAPH, &[Supposition::WithoutTies(ties.to_vec())], (3, 1));
        check(GRAPH, &[Supposition::WithoutTies(vec![ties[0]])], (3, 2));
        check(GRAPH, std::slice::from_ref(&add), (3, 3));
        let err = suppose(&snapshot, &[Supposition::Without(a), add]).unwrap_err();
        assert!(matches!(err, ChangeError::NoSuchNode { .. }), "{err}");
    }

    #[test]
    fn what_is_supposed_is_no_evidence() {
        let snapshot = fixture("s:company{idea,@report}; p:facility -meets_need-> t:need");
        let add = Supposition::Add {
            source: "s".into(),
            relation: "partners_with".into(),
            target: "p".into(),
        };
        let after = suppose(&snapshot, &[add]).unwrap();
        let rows = [&snapshot, &after].map(|it| {
            access(it, &Question::default(), &mut Run::default()).unwrap().start_ups.remove(0)
        });
        assert_eq!(rows[0].n_sources, rows[1].n_sources);
        assert_eq!((rows[0].access, rows[1].access), (Some(0.0), Some(1.0)));
    }
}
