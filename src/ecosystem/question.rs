//! What is asked of the graph: the date, the floor of certainty, the relations and kinds looked at.
//!
//! Every finding starts here and says with its result on what it rests. Does not know any finding.

use std::cmp::Ordering;

use serde::Serialize;
use weft_graph::{
    Certainty, Family, KindId, NodeIdx, NodeRef, RelationId, Snapshot, TieRef, View, ViewSpec,
};
use weft_value::PartialDate;

use crate::ecosystem::Error;
use crate::ecosystem::evidence::NodeName;

/// The kind whose nodes are start-ups when their stage says so.
pub(crate) const COMPANY: &str = "company";

/// The seed where none is given.
const SEED: u64 = 42;

/// Takes the kind alone where its word names a family too: `only:company`.
const ONLY: &str = "only:";

/// What a word for kinds says: whether it means a kind alone and no family, and its name.
///
/// ```
/// assert_eq!(weft::ecosystem::kind_word("only:company"), (true, "company"));
/// assert_eq!(weft::ecosystem::kind_word("company"), (false, "company"));
/// ```
pub fn kind_word(word: &str) -> (bool, &str) {
    let word = word.trim();
    match word.strip_prefix(ONLY) {
        Some(name) => (true, name.trim()),
        None => (false, word),
    }
}

/// What is looked at, whatever the finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The day D; without one [`newest_source_date`].
    pub as_of: Option<PartialDate>,
    /// The weakest certainty that counts.
    pub floor: Certainty,
    /// Only these relations; all that the view has if empty.
    pub relations: Vec<RelationId>,
    /// Only these kinds; all that the view has if empty.
    pub kinds: Vec<KindId>,
    /// Whether results carry what would reproduce each of their numbers.
    pub why: bool,
    /// The seed of everything that uses chance.
    pub seed: u64,
}

/// What a result rests on; stands beside every result.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Basis {
    /// `conduit` (actors, and ties along which an introduction can travel) or `everything`.
    pub view: &'static str,
    /// The day D; none if no source is dated and none was asked for.
    pub as_of: Option<PartialDate>,
    /// The weakest certainty that counts.
    pub floor: Certainty,
    /// The relations asked for; empty for all of the view.
    pub relations: Vec<String>,
    /// The kinds asked for; empty for all of the view.
    pub kinds: Vec<String>,
    /// n: nodes in the view.
    pub n_nodes: usize,
    /// m: links, that is pairs of nodes with at least one tie.
    pub n_links: usize,
    /// Ties in those links.
    pub n_ties: usize,
    /// Nodes without a date.
    pub n_undated_nodes: usize,
    /// Ties without a date.
    pub n_undated_ties: usize,
    /// Companies in the view whose stage no source tells.
    pub n_companies_without_stage: usize,
}

/// A snapshot with the view that a question picks from it: what every finding works on.
pub(crate) struct Ground<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) view: View,
    pub(crate) question: Question,
    view_name: &'static str,
}

impl Default for Question {
    /// The newest date, everything but what is inferred.
    fn default() -> Self {
        Self {
            as_of: None,
            floor: Certainty::Ambiguous,
            relations: Vec::new(),
            kinds: Vec::new(),
            why: false,
            seed: SEED,
        }
    }
}

impl Question {
    /// The day D of this question on that snapshot.
    pub fn day(&self, snapshot: &Snapshot) -> Option<PartialDate> {
        self.as_of.or_else(|| newest_source_date(snapshot))
    }

    /// The conduit view, narrowed to the relations and kinds asked for.
    pub fn conduit(&self, snapshot: &Snapshot) -> View {
        let spec = ViewSpec::conduit(snapshot, self.day(snapshot), self.floor);
        View::new(snapshot, self.narrow(spec))
    }

    /// The view of all kinds and relations, narrowed to those asked for; undirected.
    pub fn everything(&self, snapshot: &Snapshot) -> View {
        let spec =
            ViewSpec { as_of: self.day(snapshot), floor: self.floor, ..ViewSpec::all(snapshot) };
        View::new(snapshot, self.narrow(spec))
    }

    /// What a result on that view rests on.
    pub fn basis(&self, snapshot: &Snapshot, view: &View, view_name: &'static str) -> Basis {
        let schema = snapshot.schema();
        let nodes = view.nodes().iter().map(|&it| snapshot.node(it));
        let (n_undated_nodes, n_undated_ties) = view.n_undated();
        Basis {
            view: view_name,
            as_of: view.spec().as_of,
            floor: self.floor,
            relations: self.relations.iter().map(|&it| schema.relation(it).id.clone()).collect(),
            kinds: self.kinds.iter().map(|&it| schema.kind(it).id.clone()).collect(),
            n_nodes: view.n(),
            n_links: view.m(),
            n_ties: view.n_ties(),
            n_undated_nodes,
            n_undated_ties,
            n_companies_without_stage: nodes.filter(|it| is_company_without_stage(*it)).count(),
        }
    }

    fn narrow(&self, mut spec: ViewSpec) -> ViewSpec {
        if !self.relations.is_empty() {
            for (at, takes) in spec.relations.iter_mut().enumerate() {
                *takes &= self.relations.iter().any(|it| usize::from(it.0) == at);
            }
        }
        if !self.kinds.is_empty() {
            for (at, takes) in spec.kinds.iter_mut().enumerate() {
                *takes &= self.kinds.iter().any(|it| usize::from(it.0) == at);
            }
        }
        spec
    }
}

/// Returns the date of the newest source cited by a claim that is not `inferred`: the default D.
///
/// Dates are compared by their last days, the narrower span first where those are the same.
/// O(claims).
pub fn newest_source_date(snapshot: &Snapshot) -> Option<PartialDate> {
    let mut newest: Option<PartialDate> = None;
    let nodes = snapshot.nodes().flat_map(|it| snapshot.node(it).claims());
    let ties = snapshot.ties().flat_map(|it| snapshot.tie(it).claims());
    for claim in nodes.chain(ties).filter(|it| it.certainty() != Certainty::Inferred) {
        newest = newer(newest, claim.source().date);
    }
    newest
}

/// The newer of two dates, by their last days; none is older than any.
pub(crate) fn newer(a: Option<PartialDate>, b: Option<PartialDate>) -> Option<PartialDate> {
    let rank = |it: &PartialDate| (it.last_key(), it.to_bits());
    a.into_iter().chain(b).max_by_key(rank)
}

/// Whether a node is a start-up: a company whose stage says so.
pub(crate) fn is_start_up(node: NodeRef<'_>) -> bool {
    node.kind().id == COMPANY && node.is_start_up()
}

/// Whether a node is a company whose stage no source tells.
pub(crate) fn is_company_without_stage(node: NodeRef<'_>) -> bool {
    node.kind().id == COMPANY && node.stage_id().is_none()
}

impl<'a> Ground<'a> {
    /// The ground of a question that speaks of the conduit view.
    pub(crate) fn conduit(snapshot: &'a Snapshot, question: &Question) -> Self {
        let view = question.conduit(snapshot);
        Self { snapshot, view, question: question.clone(), view_name: "conduit" }
    }

    /// The ground of a question that speaks of all kinds and relations.
    pub(crate) fn everything(snapshot: &'a Snapshot, question: &Question) -> Self {
        let view = question.everything(snapshot);
        Self { snapshot, view, question: question.clone(), view_name: "everything" }
    }

    /// The same question on another view of the same nodes.
    pub(crate) fn on(&self, view: View) -> Self {
        let (snapshot, view_name) = (self.snapshot, self.view_name);
        Self { snapshot, view, question: self.question.clone(), view_name }
    }

    pub(crate) fn basis(&self) -> Basis {
        self.question.basis(self.snapshot, &self.view, self.view_name)
    }

    /// The dense index of a node that the question is about.
    pub(crate) fn must_get_index(&self, node: NodeIdx) -> Result<u32, Error> {
        let id = || self.snapshot.node(node).id().to_owned();
        self.view.index_of(node).ok_or_else(|| Error::NotInView { id: id() })
    }

    pub(crate) fn node(&self, index: u32) -> NodeRef<'a> {
        self.snapshot.node(self.view.node(index))
    }

    pub(crate) fn id(&self, index: u32) -> &'a str {
        self.node(index).id()
    }

    pub(crate) fn name(&self, index: u32) -> NodeName {
        NodeName::of(self.node(index))
    }

    pub(crate) fn names(&self, indices: &[u32]) -> Vec<NodeName> {
        indices.iter().map(|&it| self.name(it)).collect()
    }

    /// The nodes of the view, by dense index.
    pub(crate) fn indices(&self) -> std::ops::Range<u32> {
        0..self.view.n() as u32
    }

    /// Orders two nodes by id.
    pub(crate) fn by_id(&self, a: u32, b: u32) -> Ordering {
        self.id(a).cmp(self.id(b))
    }

    /// The key of the last day of D.
    pub(crate) fn day_key(&self) -> Option<i32> {
        self.view.spec().as_of.map(PartialDate::last_key)
    }

    /// Whether a node outside the view (a need, a place) counts on D and at the floor.
    pub(crate) fn counts_node(&self, idx: NodeIdx) -> bool {
        let node = self.snapshot.node(idx);
        node.certainty() <= self.question.floor
            && self.day_key().is_none_or(|it| node.is_valid_at(it))
    }

    /// Whether a tie of any relation counts on D and at the floor, its ends apart, and is not left out.
    pub(crate) fn counts_tie(&self, tie: TieRef<'_>) -> bool {
        tie.certainty() <= self.question.floor
            && !self.view.spec().without_ties.contains(&tie.idx())
            && self.day_key().is_none_or(|it| tie.is_valid_at(it))
    }

    /// The needs of the schema that count, in the order of the snapshot.
    pub(crate) fn needs(&self) -> Vec<NodeIdx> {
        let is_need = |it: &NodeIdx| self.snapshot.node(*it).kind().family == Family::Need;
        self.snapshot.nodes().filter(is_need).filter(|&it| self.counts_node(it)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, expected: Option<&str>) {
        let date = newest_source_date(&fixture(graph)).map(|it| it.to_string());
        assert_eq!(date.as_deref(), expected);
    }

    #[test]
    fn the_default_day_is_that_of_the_newest_source_that_is_not_inferred() {
        check("a:council -hosts[@2021-06]-> b:facility; a{@2020}; b{@2019}", Some("2021-06"));
        check(
            "a:council{@2020} -hosts[@2021-06,inferred]-> b:facility{@2019,implied}",
            Some("2020"),
        );
        check("a:council{@2020,inferred}", None);
    }

    #[test]
    fn the_basis_counts_what_the_caveats_need() {
        let snapshot = fixture(
            "a:council{2018..} -funds[2019..]-> b:company; a -hosts-> b; c:company{established}; \
             p:place; a -located_in-> p",
        );
        let question = Question::default();
        let basis = Ground::conduit(&snapshot, &question).basis();
        assert_eq!((basis.n_nodes, basis.n_links, basis.n_ties), (3, 1, 2));
        assert_eq!((basis.n_undated_nodes, basis.n_undated_ties), (2, 1));
        assert_eq!(basis.n_companies_without_stage, 1);
        assert_eq!(Ground::everything(&snapshot, &question).basis().n_ties, 3);
    }

    #[test]
    fn a_question_can_be_narrowed_to_relations_and_kinds() {
        let snapshot = fixture("a:council -funds-> b:company; a -hosts-> c:facility");
        let schema = snapshot.schema();
        let relations = vec![schema.relation_id("hosts").unwrap()];
        let question = Question { relations, ..Question::default() };
        assert_eq!(question.conduit(&snapshot).m(), 1);
        let kinds = vec![schema.kind_id("council").unwrap(), schema.kind_id("company").unwrap()];
        let question = Question { kinds, ..Question::default() };
        assert_eq!((question.conduit(&snapshot).n(), question.conduit(&snapshot).m()), (2, 1));
    }
}
