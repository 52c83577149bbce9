//! A view: the part of a snapshot that a question is about, as plain arrays that sweeps run on.

use weft_value::PartialDate;

use crate::{Certainty, KindId, NodeIdx, RelationId, Snapshot, TieIdx};

const NOWHERE: u32 = u32::MAX;

/// What a view takes in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewSpec {
    /// Which relations, by position in the schema.
    pub relations: Vec<bool>,
    /// Which kinds, by position in the schema.
    pub kinds: Vec<bool>,
    /// The day `D`; a partial date means its last day. None takes everything, whatever its dates.
    pub as_of: Option<PartialDate>,
    /// The weakest certainty that is let in.
    pub floor: Certainty,
    /// Whether ties keep their direction.
    pub directed: bool,
    /// Nodes that are left out, for "what if it were gone".
    pub without: Vec<NodeIdx>,
    /// Ties that are left out, for "what if it did not hold".
    pub without_ties: Vec<TieIdx>,
}

/// The part of a snapshot that a question is about.
///
/// Nodes have dense indices `0..n` in the order of the snapshot. Ties between the same two nodes are
/// one *link*, which keeps the list of its ties so that every number can be opened; loops are left
/// out. In a directed view a link is an ordered pair, and a symmetric tie is an arc each way.
#[derive(Clone, Debug, Default)]
pub struct View {
    spec: ViewSpec,
    nodes: Vec<NodeIdx>,
    index_of: Vec<u32>,
    link_ends: Vec<(u32, u32)>,
    link_offsets: Vec<u32>,
    link_ties: Vec<TieIdx>,
    out: Arcs,
    /// Only in a directed view.
    incoming: Option<Arcs>,
    n_ties: usize,
    n_undated_nodes: usize,
    n_undated_ties: usize,
}

/// Neighbours of each node in ascending order, beside the links that lead to them.
#[derive(Clone, Debug, Default)]
struct Arcs {
    offsets: Vec<u32>,
    neighbours: Vec<u32>,
    links: Vec<u32>,
}

impl ViewSpec {
    /// Everything: all kinds and relations, undirected, whatever the dates and the certainty.
    pub fn all(snapshot: &Snapshot) -> Self {
        let schema = snapshot.schema();
        Self {
            relations: vec![true; schema.relations().len()],
            kinds: vec![true; schema.kinds().len()],
            as_of: None,
            floor: Certainty::Inferred,
            directed: false,
            without: Vec::new(),
            without_ties: Vec::new(),
        }
    }

    /// The conduit view: actors, and the relations along which an introduction can travel.
    pub fn conduit(snapshot: &Snapshot, as_of: Option<PartialDate>, floor: Certainty) -> Self {
        let schema = snapshot.schema();
        Self {
            relations: schema.relations().iter().map(|it| it.conduit).collect(),
            kinds: schema.kinds().iter().map(|it| it.actor).collect(),
            as_of,
            floor,
            ..Self::all(snapshot)
        }
    }

    fn takes_kind(&self, kind: KindId) -> bool {
        self.kinds.get(usize::from(kind.0)).copied().unwrap_or(false)
    }

    fn takes_relation(&self, relation: RelationId) -> bool {
        self.relations.get(usize::from(relation.0)).copied().unwrap_or(false)
    }
}

impl View {
    /// Picks a part of a snapshot. O(nodes + ties log of the largest degree).
    pub fn new(snapshot: &Snapshot, spec: ViewSpec) -> Self {
        let day_key = spec.as_of.map(PartialDate::last_key);
        let mut nodes = Vec::new();
        let mut index_of = vec![NOWHERE; snapshot.n_node_positions()];
        let mut n_undated_nodes = 0;
        for idx in snapshot.nodes() {
            let node = snapshot.node(idx);
            if !spec.takes_kind(node.kind_id())
                || node.certainty() > spec.floor
                || day_key.is_some_and(|it| !node.is_valid_at(it))
                || spec.without.contains(&idx)
            {
                continue;
            }
            index_of[idx.index()] = nodes.len() as u32;
            nodes.push(idx);
            n_undated_nodes +=
                usize::from(node.valid_from().is_none() && node.valid_to().is_none());
        }
        let mut arcs: Vec<(u32, u32, TieIdx)> = Vec::new();
        let (mut n_ties, mut n_undated_ties) = (0, 0);
        for idx in snapshot.ties() {
            let tie = snapshot.tie(idx);
            let (source, target) = (index_of[tie.source().index()], index_of[tie.target().index()]);
            if source == NOWHERE
                || target == NOWHERE
                || source == target
                || !spec.takes_relation(tie.relation_id())
                || tie.certainty() > spec.floor
                || day_key.is_some_and(|it| !tie.is_valid_at(it))
                || spec.without_ties.contains(&idx)
            {
                continue;
            }
            n_ties += 1;
            n_undated_ties += usize::from(tie.valid_from().is_none() && tie.valid_to().is_none());
            if !spec.directed {
                arcs.push((source.min(target), source.max(target), idx));
                continue;
            }
            arcs.push((source, target, idx));
            if tie.relation().symmetric {
                arcs.push((target, source, idx));
            }
        }
        let base = Self {
            spec,
            nodes,
            index_of,
            n_undated_nodes,
            n_undated_ties,
            n_ties,
            ..Self::default()
        };
        base.with_arcs(arcs)
    }

    /// The same nodes with other ties between them: what draws and samples are made of.
    ///
    /// Each tie is given by the indices of its two ends. Loops are left out, and ties between the same
    /// two nodes are one link; in a directed view a symmetric tie is to be given both ways. The number
    /// of ties is that of those given; of undated ties nothing is known. O(n + ties log ties).
    #[must_use]
    pub fn relinked(&self, ties: impl IntoIterator<Item = (u32, u32, TieIdx)>) -> Self {
        let ends = |(a, b, tie): (u32, u32, TieIdx)| match self.spec.directed {
            true => (a, b, tie),
            false => (a.min(b), a.max(b), tie),
        };
        let arcs: Vec<_> = ties.into_iter().filter(|it| it.0 != it.1).map(ends).collect();
        let base = Self {
            spec: self.spec.clone(),
            nodes: self.nodes.clone(),
            index_of: self.index_of.clone(),
            n_ties: arcs.len(),
            n_undated_nodes: self.n_undated_nodes,
            ..Self::default()
        };
        base.with_arcs(arcs)
    }

    /// Joins the nodes by arcs `(from, to, tie)`, in an undirected view the smaller index first.
    fn with_arcs(self, mut arcs: Vec<(u32, u32, TieIdx)>) -> Self {
        // Ties come in the order of their positions, and a stable sort keeps it within a link.
        arcs.sort_by_key(|&(source, target, _)| (source, target));
        let mut link_ends: Vec<(u32, u32)> = Vec::new();
        let mut link_offsets = vec![0];
        let mut link_ties = Vec::with_capacity(arcs.len());
        for (source, target, tie) in arcs {
            if link_ends.last() != Some(&(source, target)) {
                link_ends.push((source, target));
                link_offsets.push(link_ties.len() as u32);
            }
            link_ties.push(tie);
            if let Some(end) = link_offsets.last_mut() {
                *end = link_ties.len() as u32;
            }
        }
        let n = self.nodes.len();
        let numbered = || (0..).zip(link_ends.iter().copied());
        let back = || numbered().map(|(link, (source, target))| (link, (target, source)));
        let (out, incoming) = if self.spec.directed {
            (Arcs::new(n, numbered), Some(Arcs::new(n, back)))
        } else {
            (Arcs::new(n, || numbered().chain(back())), None)
        };
        Self { link_ends, link_offsets, link_ties, out, incoming, ..self }
    }

    /// What the view takes in.
    pub fn spec(&self) -> &ViewSpec {
        &self.spec
    }

    /// The number of nodes.
    pub fn n(&self) -> usize {
        self.nodes.len()
    }

    /// The number of links.
    pub fn m(&self) -> usize {
        self.link_ends.len()
    }

    /// The number of arcs: two a link in an undirected view, one in a directed one.
    pub fn n_arcs(&self) -> usize {
        self.out.neighbours.len()
    }

    /// The number of ties in those links.
    pub fn n_ties(&self) -> usize {
        self.n_ties
    }

    /// How many of the nodes and of the ties have neither a beginning nor an end.
    pub fn n_undated(&self) -> (usize, usize) {
        (self.n_undated_nodes, self.n_undated_ties)
    }

    /// The node of a dense index.
    pub fn node(&self, index: u32) -> NodeIdx {
        self.nodes[index as usize]
    }

    /// All nodes, by dense index.
    pub fn nodes(&self) -> &[NodeIdx] {
        &self.nodes
    }

    /// The dense index of a node, if the view has it.
    pub fn index_of(&self, node: NodeIdx) -> Option<u32> {
        self.index_of.get(node.index()).copied().filter(|&it| it != NOWHERE)
    }

    /// The neighbours of a node in ascending order; in a directed view those that it points to.
    pub fn neighbours(&self, index: u32) -> &[u32] {
        &self.out.neighbours[self.out.range(index)]
    }

    /// The links to those neighbours, in the same order.
    pub fn links(&self, index: u32) -> &[u32] {
        &self.out.links[self.out.range(index)]
    }

    /// Where those neighbours stand among the neighbours of all nodes, one node after the other.
    pub fn row(&self, index: u32) -> std::ops::Range<usize> {
        self.out.range(index)
    }

    /// The nodes that point to a node; in an undirected view its neighbours.
    pub fn in_neighbours(&self, index: u32) -> &[u32] {
        let arcs = self.incoming.as_ref().unwrap_or(&self.out);
        &arcs.neighbours[arcs.range(index)]
    }

    /// Where the row of each node begins, and at last ends, and the rows of [`Self::in_neighbours`] in one.
    pub(crate) fn arcs_in(&self) -> (&[u32], &[u32]) {
        let arcs = self.incoming.as_ref().unwrap_or(&self.out);
        (&arcs.offsets, &arcs.neighbours)
    }

    /// The links from those nodes, in the same order.
    pub fn in_links(&self, index: u32) -> &[u32] {
        let arcs = self.incoming.as_ref().unwrap_or(&self.out);
        &arcs.links[arcs.range(index)]
    }

    /// The number of distinct neighbours; in a directed view of those that it points to.
    pub fn degree(&self, index: u32) -> usize {
        self.out.range(index).len()
    }

    /// The [`Self::degree`] of each node, by dense index.
    pub fn degrees(&self) -> impl ExactSizeIterator<Item = u32> + Clone {
        self.out.offsets.windows(2).map(|it| it[1] - it[0])
    }

    /// The two ends of a link; in an undirected view the smaller index first.
    pub fn link_ends(&self, link: u32) -> (u32, u32) {
        self.link_ends[link as usize]
    }

    /// The ties of a link, in the order of the snapshot.
    pub fn ties(&self, link: u32) -> &[TieIdx] {
        let link = link as usize;
        &self.link_ties[self.link_offsets[link] as usize..self.link_offsets[link + 1] as usize]
    }

    /// The link from one node to another. O(log of the degree).
    pub fn link_between(&self, source: u32, target: u32) -> Option<u32> {
        let at = self.neighbours(source).binary_search(&target).ok()?;
        Some(self.links(source)[at])
    }
}

impl Arcs {
    /// Builds the rows from links as `(link, (from, to))`, which the function lists twice, each time
    /// in the order in which neighbours are to stand.
    fn new<I: Iterator<Item = (u32, (u32, u32))>>(n: usize, list: impl Fn() -> I) -> Self {
        let mut offsets = vec![0; n + 1];
        for (_, (from, _)) in list() {
            offsets[from as usize + 1] += 1;
        }
        for node in 0..n {
            offsets[node + 1] += offsets[node];
        }
        let total = offsets[n] as usize;
        let mut rows: Vec<(u32, u32)> = vec![(0, 0); total];
        let mut next = offsets.clone();
        for (link, (from, to)) in list() {
            rows[next[from as usize] as usize] = (to, link);
            next[from as usize] += 1;
        }
        for node in 0..n {
            rows[offsets[node] as usize..offsets[node + 1] as usize].sort_unstable();
        }
        let (neighbours, links) = rows.into_iter().unzip();
        Self { offsets, neighbours, links }
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        let node = node as usize;
        self.offsets[node] as usize..self.offsets[node + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[track_caller]
    fn check(graph: &str, as_of: &str, floor: Certainty, expected: (usize, usize, usize)) {
        let snapshot = fixture(graph);
        let as_of = as_of.parse().ok();
        let view = View::new(&snapshot, ViewSpec::conduit(&snapshot, as_of, floor));
        assert_eq!((view.n(), view.m(), view.n_ties()), expected);
    }

    #[test]
    fn ties_between_two_nodes_are_one_link_and_loops_are_left_out() {
        let graph = "a:council -hosts-> b:facility; a -funds-> b; b -supports-> a; a -supports-> a";
        check(graph, "2024", Certainty::Stated, (2, 1, 3));
    }

    #[test]
    fn a_record_is_in_from_its_first_day_to_its_last() {
        let graph = "a:council -hosts[2018..2020-06]-> b:facility";
        check(graph, "2017", Certainty::Stated, (2, 0, 0));
        check(graph, "2018-01-01", Certainty::Stated, (2, 1, 1));
        check(graph, "2020-06", Certainty::Stated, (2, 1, 1));
        check(graph, "2020", Certainty::Stated, (2, 0, 0));
    }

    #[test]
    fn a_tie_is_in_only_if_both_its_ends_are() {
        let graph = "a:council{2019..} -hosts-> b:facility";
        check(graph, "2018", Certainty::Stated, (1, 0, 0));
        check(graph, "2019", Certainty::Stated, (2, 1, 1));
    }

    #[test]
    fn the_floor_leaves_out_what_is_weaker() {
        let graph = "a:council -hosts[implied]-> b:facility";
        check(graph, "2024", Certainty::Collective, (2, 0, 0));
        check(graph, "2024", Certainty::Implied, (2, 1, 1));
    }

    #[test]
    fn ties_can_be_left_out_one_by_one() {
        let snapshot = fixture("a:council -hosts-> b:facility; a -funds-> b; b -hosts-> c:company");
        let without = |ids: &[&str]| {
            let without_ties = ids.iter().map(|it| snapshot.find_tie(it).unwrap()).collect();
            let view = View::new(&snapshot, ViewSpec { without_ties, ..ViewSpec::all(&snapshot) });
            (view.m(), view.n_ties())
        };
        assert_eq!(without(&["a--hosts--b"]), (2, 2));
        assert_eq!(without(&["a--hosts--b", "a--funds--b"]), (1, 1));
    }

    #[test]
    fn the_same_nodes_can_be_joined_by_other_ties() {
        let snapshot = fixture("a:council -hosts-> b:facility; a -funds-> b; c:company");
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let tie = view.ties(0)[0];
        let other = view.relinked([(2, 0, tie), (1, 1, tie), (0, 2, tie)]);
        assert_eq!((other.n(), other.m(), other.n_ties()), (3, 1, 2));
        assert_eq!((other.link_ends(0), other.degree(1)), ((0, 2), 0));
    }

    #[test]
    fn only_actors_and_conduits_are_in_the_conduit_view() {
        let graph = "a:council -located_in-> b:place; a -mentions-> c:company";
        check(graph, "2024", Certainty::Stated, (2, 0, 0));
    }

    #[test]
    fn a_symmetric_tie_is_an_arc_each_way_when_directed() {
        let snapshot = fixture("a:council -partners_with-> b:facility; a -funds-> c:company");
        let spec = ViewSpec { directed: true, ..ViewSpec::all(&snapshot) };
        let view = View::new(&snapshot, spec);
        assert_eq!((view.m(), view.n_ties()), (3, 2));
        assert_eq!(view.neighbours(1), [0]);
        assert_eq!(view.in_neighbours(2), [0]);
        assert!(view.neighbours(2).is_empty());
    }
}
