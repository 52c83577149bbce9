//! Positions: who is tied in the same way to the same bodies, or to the same kinds of bodies.

use weft_graph::{KindId, RelationId, Snapshot, View};

/// Which end of a tie a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieEnd {
    /// It is the source.
    Source,
    /// It is the target.
    Target,
    /// The relation is symmetric.
    Either,
}

/// A way in which a node is tied to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role {
    /// The relation.
    pub relation: RelationId,
    /// Which end of it the node is.
    pub end: TieEnd,
    /// The other end.
    pub contact: u32,
}

/// A node in a position like that of the node asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarPosition {
    /// The node.
    pub node: u32,
    /// Roles of both by roles of either: same relation, same end, same contact. 0 to 1.
    pub same_contacts: f64,
    /// The same where a contact stands for its kind, each as often as there are contacts: the sum of
    /// the smaller numbers by the sum of the greater. 0 to 1, never below `same_contacts`.
    pub same_kinds: f64,
    /// The roles that both have.
    pub shared: Vec<Role>,
}

/// Returns all nodes in a position like that of a node: by roles shared with the same contacts, then
/// by roles shared with the same kinds of contacts, then by index. Nodes that share neither are left
/// out.
///
/// What two nodes are to each other is no part of it: two partners are in the same position if all
/// their other partners are the same. Several ties of one relation to one contact are one role.
///
/// - Direction: that of the ties, whether or not the view is directed. Weights: none.
/// - `snapshot` is the one that the view was made of.
/// - Source: Lorrain and White, *Structural equivalence of individuals in social networks* (1971), by
///   Jaccard's coefficient; by kinds, as in regular equivalence (White and Reitz, 1983), one step deep.
/// - Cost: O(t log t) for t ties.
///
/// ```
/// let snapshot = weft_graph::fixture(
///     "f:funder -funds-> a:company; f -funds-> b:company; g:funder -funds-> c:company",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let like_a = weft_analytics::similar_positions(&snapshot, &view, 1);
/// assert_eq!((like_a[0].node, like_a[0].same_contacts, like_a[0].shared[0].contact), (2, 1.0, 0));
/// assert_eq!((like_a[1].node, like_a[1].same_contacts, like_a[1].same_kinds), (4, 0.0, 1.0));
/// ```
pub fn similar_positions(snapshot: &Snapshot, view: &View, node: u32) -> Vec<SimilarPosition> {
    let roles = roles(snapshot, view);
    let kind = |it: u32| snapshot.node(view.node(it)).kind_id();
    let of = |node: u32| {
        let begin = roles.partition_point(|it| it.0 < node);
        let end = roles.partition_point(|it| it.0 <= node);
        &roles[begin..end]
    };
    let own = of(node);
    let mut found: Vec<SimilarPosition> = Vec::new();
    for other in (0..view.n() as u32).filter(|&it| it != node) {
        let outward = |roles: &[(u32, Role)], but: u32| -> Vec<Role> {
            roles.iter().map(|it| it.1).filter(|it| it.contact != but).collect()
        };
        let (left, right) = (outward(own, other), outward(of(other), node));
        let shared = common(&left, &right);
        let by_kind = |roles: &[Role]| {
            let mut roles: Vec<(RelationId, TieEnd, KindId)> =
                roles.iter().map(|it| (it.relation, it.end, kind(it.contact))).collect();
            roles.sort_unstable();
            roles
        };
        let n_same_kind = common(&by_kind(&left), &by_kind(&right)).len();
        if n_same_kind > 0 {
            let by_either =
                |n_both: usize| n_both as f64 / (left.len() + right.len() - n_both) as f64;
            found.push(SimilarPosition {
                node: other,
                same_contacts: by_either(shared.len()),
                same_kinds: by_either(n_same_kind),
                shared,
            });
        }
    }
    found.sort_by(|a, b| {
        let by_contacts = b.same_contacts.total_cmp(&a.same_contacts);
        by_contacts.then(b.same_kinds.total_cmp(&a.same_kinds)).then(a.node.cmp(&b.node))
    });
    found
}

/// All roles of all nodes, each once, node by node.
fn roles(snapshot: &Snapshot, view: &View) -> Vec<(u32, Role)> {
    let mut roles = Vec::with_capacity(2 * view.n_ties());
    for link in 0..view.m() as u32 {
        for &tie in view.ties(link) {
            let tie = snapshot.tie(tie);
            let relation = tie.relation_id();
            let ends = (view.index_of(tie.source()), view.index_of(tie.target()));
            if let (Some(source), Some(target)) = ends {
                let (at_source, at_target) = match tie.relation().symmetric {
                    true => (TieEnd::Either, TieEnd::Either),
                    false => (TieEnd::Source, TieEnd::Target),
                };
                roles.push((source, Role { relation, end: at_source, contact: target }));
                roles.push((target, Role { relation, end: at_target, contact: source }));
            }
        }
    }
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// What two sorted lists have in common, each as often as in both.
fn common<T: Ord + Copy>(left: &[T], right: &[T]) -> Vec<T> {
    let (mut left, mut right) = (left, right);
    let mut common = Vec::new();
    while let (Some(&a), Some(&b)) = (left.first(), right.first()) {
        if a == b {
            common.push(a);
        }
        left = &left[usize::from(a <= b)..];
        right = &right[usize::from(b <= a)..];
    }
    common
}

#[cfg(test)]
mod tests {
    use weft_graph::{ViewSpec, fixture};

    use super::*;
    use crate::testing::{Dice, assert_close};

    #[track_caller]
    fn check(graph: &str, node: u32, expected: &[(u32, f64, f64)]) {
        let snapshot = fixture(graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let found = similar_positions(&snapshot, &view, node);
        let found: Vec<_> =
            found.iter().map(|it| (it.node, it.same_contacts, it.same_kinds)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_same_contact_by_another_relation_or_end_is_another_role() {
        check("x:council -hosts-> a:company; x -funds-> b:company", 1, &[]);
        check("x:council -supports-> a:council; b:council -supports-> x", 1, &[]);
        check(
            "x:council -funds-> a:company; x -funds-> b:company; x -hosts-> b",
            1,
            &[(2, 0.5, 0.5)],
        );
    }

    #[test]
    fn two_partners_of_the_same_third_are_alike_whatever_they_are_to_each_other() {
        let graph = "a:council -partners_with-> b:council; a -partners_with-> c:council; b -partners_with-> c";
        check(graph, 0, &[(1, 1.0, 1.0), (2, 1.0, 1.0)]);
    }

    #[test]
    fn positions_are_what_the_definition_gives_on_random_graphs() {
        let mut dice = Dice(11);
        let kinds = ["company", "council", "funder"];
        let relations = ["supports", "funds", "partners_with"];
        for round in 0..300 {
            let n = 2 + dice.roll(6);
            // All nodes first, so that a node's number is its index.
            let nodes = (0..n).map(|it| format!("n{it}:{}", kinds[it % 3]));
            let mut ties: Vec<String> = (0..dice.roll(3 * n))
                .map(|_| {
                    let [a, b] = [dice.roll(n), dice.roll(n)];
                    format!("n{a} -{}-> n{b}", relations[dice.roll(3)])
                })
                .collect();
            ties.sort();
            ties.dedup();
            let graph: Vec<String> = nodes.chain(ties).collect();
            let snapshot = fixture(&graph.join("; "));
            let spec = ViewSpec { directed: round % 2 == 1, ..ViewSpec::all(&snapshot) };
            let view = View::new(&snapshot, spec);
            let mut triples: Vec<(u32, String, u32)> = Vec::new();
            for tie in snapshot.ties().map(|it| snapshot.tie(it)) {
                let ends = [tie.source(), tie.target()].map(|it| view.index_of(it).unwrap());
                let relation = tie.relation().id.to_string();
                if ends[0] != ends[1] {
                    let is_symmetric = tie.relation().symmetric;
                    triples.push((ends[0], relation.clone(), ends[1]));
                    let back = if is_symmetric { relation } else { format!("{relation} by") };
                    triples.push((ends[1], back, ends[0]));
                }
            }
            triples.sort();
            triples.dedup();
            let found = similar_positions(&snapshot, &view, 0);
            for other in 1..n as u32 {
                let of = |x: u32, but: u32| -> Vec<(String, u32)> {
                    let of_x = triples.iter().filter(|it| it.0 == x && it.2 != but);
                    of_x.map(|it| (it.1.clone(), it.2)).collect()
                };
                let (left, right) = (of(0, other), of(other, 0));
                let n_both = left.iter().filter(|it| right.contains(it)).count();
                let n_either = left.len() + right.len() - n_both;
                let kind = |it: &(String, u32)| (it.0.clone(), it.1 as usize % 3);
                let mut labels: Vec<_> = left.iter().chain(&right).map(kind).collect();
                labels.sort();
                labels.dedup();
                let (mut least, mut most) = (0, 0);
                for label in &labels {
                    let count = |roles: &[(String, u32)]| {
                        roles.iter().filter(|it| kind(it) == *label).count()
                    };
                    least += count(&left).min(count(&right));
                    most += count(&left).max(count(&right));
                }
                let position = found.iter().find(|it| it.node == other);
                assert_eq!(position.is_some(), least > 0, "{graph:?}");
                if let Some(position) = position {
                    let expected = [n_both as f64 / n_either as f64, least as f64 / most as f64];
                    assert_close(&[position.same_contacts, position.same_kinds], &expected);
                    assert_eq!(position.shared.len(), n_both);
                }
            }
        }
    }
}
