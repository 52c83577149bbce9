//! What queries ask of a snapshot by index: labels, typed steps, values, and statistics for a planner.
//!
//! All tables are made when first asked for, once for each base and layer, and shared; a snapshot
//! that nobody queries has none. What later layers replace or remove is left out of every answer.

use std::collections::{BTreeMap, HashSet};
use std::convert::Infallible;
use std::ops::Bound;

use weft_value::Value;

use super::adjacency::{Adjacency, OtherEnds, Steps};
use super::layer::Layer;
use super::segment::Segment;
use super::{Base, Snapshot};
use crate::{KindId, LabelId, NodeIdx, RelationId, TieIdx};

/// How many nodes and ties there are of each sort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// How many nodes there are.
    pub n_nodes: usize,
    /// How many ties there are.
    pub n_ties: usize,
    /// How many nodes of each kind, by the kind's position.
    pub nodes_of_kind: Vec<usize>,
    /// How many ties of each relation, by the relation's position.
    pub ties_of_relation: Vec<usize>,
    /// How many ties of a relation go from nodes of one kind to nodes of another. A node that
    /// changed its kind since the base was made may still count with its older one.
    pub ties_between: BTreeMap<(KindId, RelationId, KindId), usize>,
}

/// Rows of nodes by their kind.
#[derive(Debug, Default)]
pub(super) struct RowsOfKind {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

/// Which ends of ties a step leaves by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    In,
}

impl Snapshot {
    /// Whether a node has a label.
    pub fn has_label(&self, idx: NodeIdx, label: LabelId) -> bool {
        self.schema.labels_of(self.kind_of(idx)).contains(&label)
    }

    /// The nodes with a label: kind by kind, and within a kind in the order of their positions.
    pub fn nodes_with_label(&self, label: LabelId) -> impl Iterator<Item = NodeIdx> + '_ {
        self.schema.kinds_with(label).iter().flat_map(|&kind| self.nodes_of_kind(kind))
    }

    /// The nodes of a kind, in the order of their positions.
    pub fn nodes_of_kind(&self, kind: KindId) -> impl Iterator<Item = NodeIdx> + '_ {
        let is_plain = self.layers.is_empty();
        let base: &[u32] = if is_plain { self.base.rows.rows_of_kind().at(kind) } else { &[] };
        let mut layered = match is_plain {
            true => Vec::new(),
            false => self.collect(|it| it.rows_of_kind().at(kind).to_vec()),
        };
        layered.sort_unstable();
        base.iter().map(|&it| NodeIdx(it)).chain(layered)
    }

    /// The kind of a node.
    pub fn kind_of(&self, idx: NodeIdx) -> KindId {
        let (segment, row) = self.node_row(idx);
        segment.kind_of_node(row)
    }

    /// The ties of a relation that start at a node, each with the node that it goes to.
    ///
    /// Costs as many steps as there are such ties, whatever else the node has.
    pub fn out_ties_of(
        &self,
        idx: NodeIdx,
        relation: RelationId,
    ) -> impl Iterator<Item = (TieIdx, NodeIdx)> + '_ {
        self.steps(Way::Out, idx, Some(relation), None)
    }

    /// The ties of a relation that end at a node, each with the node that it comes from.
    pub fn in_ties_of(
        &self,
        idx: NodeIdx,
        relation: RelationId,
    ) -> impl Iterator<Item = (TieIdx, NodeIdx)> + '_ {
        self.steps(Way::In, idx, Some(relation), None)
    }

    /// All ties that start at a node, each with the node that it goes to, by relation.
    pub fn out_steps(&self, idx: NodeIdx) -> impl Iterator<Item = (TieIdx, NodeIdx)> + '_ {
        self.steps(Way::Out, idx, None, None)
    }

    /// All ties that end at a node, each with the node that it comes from, by relation.
    pub fn in_steps(&self, idx: NodeIdx) -> impl Iterator<Item = (TieIdx, NodeIdx)> + '_ {
        self.steps(Way::In, idx, None, None)
    }

    /// The ties of a relation from one node to another; found by bisection at the node with fewer.
    pub fn ties_between(
        &self,
        source: NodeIdx,
        relation: RelationId,
        target: NodeIdx,
    ) -> impl Iterator<Item = TieIdx> + '_ {
        let n_out = self.base.out.range(source.0).len();
        let (way, from, to) = match n_out <= self.base.incoming.range(target.0).len() {
            true => (Way::Out, source, target),
            false => (Way::In, target, source),
        };
        self.steps(way, from, Some(relation), Some(to)).map(|it| it.0)
    }

    /// How many ties start at a node, of a relation or of all.
    pub fn out_degree(&self, idx: NodeIdx, relation: Option<RelationId>) -> usize {
        self.n_steps(Way::Out, idx, relation)
    }

    /// How many ties end at a node, of a relation or of all.
    pub fn in_degree(&self, idx: NodeIdx, relation: Option<RelationId>) -> usize {
        self.n_steps(Way::In, idx, relation)
    }

    /// How many ties a node has whichever way they point, of a relation or of all; a loop counts once.
    pub fn degree(&self, idx: NodeIdx, relation: Option<RelationId>) -> usize {
        let (n_out, n_in) = (self.out_degree(idx, relation), self.in_degree(idx, relation));
        n_out + n_in - self.n_loops(idx, relation)
    }

    /// The nodes at the other ends of the ties of a relation that start at a node, sorted, one for
    /// each tie, and the ties beside them; none where later changes lie above the base.
    pub fn out_sorted(&self, idx: NodeIdx, relation: RelationId) -> Option<(&[u32], &[u32])> {
        self.sorted(Way::Out, idx, relation)
    }

    /// The same of the ties that end at a node.
    pub fn in_sorted(&self, idx: NodeIdx, relation: RelationId) -> Option<(&[u32], &[u32])> {
        self.sorted(Way::In, idx, relation)
    }

    /// Where the ties of a relation that start at each node go; none where later changes lie above the
    /// base.
    pub fn out_ends(&self, relation: RelationId) -> Option<&OtherEnds> {
        self.ends(Way::Out, relation)
    }

    /// Where the ties of a relation that end at each node come from.
    pub fn in_ends(&self, relation: RelationId) -> Option<&OtherEnds> {
        self.ends(Way::In, relation)
    }

    /// The nodes whose property may equal a value, in an order that the same changes give again.
    ///
    /// All that equal it are among them. There may be others where the value is not a text: whoever
    /// asks compares.
    pub fn nodes_where(&self, property: &str, value: &Value) -> Vec<NodeIdx> {
        if property == "id" && !self.schema.is_open() {
            let Value::String(id) = value else { return Vec::new() };
            return self.find_node(id).into_iter().collect();
        }
        self.collect(|it| it.node_rows_where(&self.schema, property, value))
    }

    /// The nodes whose property may lie between two values; see [`Snapshot::nodes_where`].
    pub fn nodes_between(
        &self,
        property: &str,
        lower: Bound<&Value>,
        upper: Bound<&Value>,
    ) -> Vec<NodeIdx> {
        self.collect(|it| it.node_rows_between(&self.schema, property, lower, upper))
    }

    /// The nodes whose property is a text that begins so.
    pub fn nodes_with_prefix(&self, property: &str, prefix: &str) -> Vec<NodeIdx> {
        self.collect(|it| it.node_rows_with_prefix(&self.schema, property, prefix))
    }

    /// About how many nodes have a property, and how many values it has among them.
    pub fn n_values(&self, property: &str) -> (usize, usize) {
        let counts = self.segments().map(|it| it.0.n_values(&self.schema, property));
        counts.fold((0, 0), |acc, it| (acc.0 + it.0, acc.1.max(it.1)))
    }

    /// How many nodes and ties there are of each sort.
    pub fn statistics(&self) -> &Statistics {
        self.statistics.get_or_init(|| self.count())
    }

    /// The segments from the base up, each with its layer.
    pub(super) fn segments(&self) -> impl Iterator<Item = (&Segment, Option<&Layer>)> {
        let base = std::iter::once((&self.base.rows, None));
        base.chain(self.layers.iter().map(|it| (&it.rows, Some(&**it))))
    }

    /// Whether nothing was changed since the base was made.
    pub(super) fn is_plain(&self) -> bool {
        self.layers.is_empty()
    }

    /// The node of a row, unless a later layer replaces or removes it.
    pub(super) fn live_node(
        &self,
        segment: &Segment,
        layer: Option<&Layer>,
        row: u32,
    ) -> Option<NodeIdx> {
        let idx = NodeIdx(layer.map_or(row, |it| it.node_positions[row as usize]));
        if self.layers.is_empty() {
            return Some(idx);
        }
        let is_shown = std::ptr::eq(self.node_row(idx).0, segment);
        (is_shown && self.has_node(idx)).then_some(idx)
    }

    fn collect(&self, rows: impl Fn(&Segment) -> Vec<u32>) -> Vec<NodeIdx> {
        let mut res = Vec::new();
        for (segment, layer) in self.segments() {
            let found = rows(segment).into_iter();
            res.extend(found.filter_map(|row| self.live_node(segment, layer, row)));
        }
        res
    }

    fn steps(
        &self,
        way: Way,
        idx: NodeIdx,
        relation: Option<RelationId>,
        other: Option<NodeIdx>,
    ) -> impl Iterator<Item = (TieIdx, NodeIdx)> + '_ {
        let (adjacency, steps) = self.base.steps(way);
        let mut range = adjacency.range(idx.0);
        if let Some(relation) = relation {
            range = steps.of_relation(range, relation.0);
        }
        if let Some(other) = other {
            range = steps.to_node(range, other.0);
        }
        let ends = steps.others(range.clone()).iter();
        let base =
            steps.ties(range).iter().zip(ends).map(|(&tie, &end)| (TieIdx(tie), NodeIdx(end)));
        let later = self.layers.iter().filter_map(move |layer| match way {
            Way::Out => layer.out.get(&idx.0),
            Way::In => layer.incoming.get(&idx.0),
        });
        let later = later.flatten().filter_map(move |&tie| {
            let tie = self.has_tie(TieIdx(tie)).then(|| self.tie(TieIdx(tie)))?;
            let end = if way == Way::Out { tie.target() } else { tie.source() };
            let is_asked = relation.is_none_or(|it| tie.relation_id() == it)
                && other.is_none_or(|it| end == it);
            is_asked.then(|| (tie.idx(), end))
        });
        base.filter(|it| self.layers.is_empty() || self.has_tie(it.0)).chain(later)
    }

    fn n_loops(&self, idx: NodeIdx, relation: Option<RelationId>) -> usize {
        if !self.layers.is_empty() {
            return self.steps(Way::Out, idx, relation, None).filter(|it| it.1 == idx).count();
        }
        let (adjacency, steps) = self.base.steps(Way::Out);
        let range = adjacency.range(idx.0);
        let range = relation.map_or(range.clone(), |it| steps.of_relation(range, it.0));
        steps.others(range).iter().filter(|it| **it == idx.0).count()
    }

    fn n_steps(&self, way: Way, idx: NodeIdx, relation: Option<RelationId>) -> usize {
        if !self.layers.is_empty() {
            return self.steps(way, idx, relation, None).count();
        }
        match relation {
            None => self.base.adjacency(way).range(idx.0).len(),
            Some(relation) => {
                let (adjacency, steps) = self.base.steps(way);
                steps.of_relation(adjacency.range(idx.0), relation.0).len()
            }
        }
    }

    fn sorted(&self, way: Way, idx: NodeIdx, relation: RelationId) -> Option<(&[u32], &[u32])> {
        if !self.layers.is_empty() {
            return None;
        }
        let (adjacency, steps) = self.base.steps(way);
        let range = steps.of_relation(adjacency.range(idx.0), relation.0);
        Some((steps.others(range.clone()), steps.ties(range)))
    }

    fn ends(&self, way: Way, relation: RelationId) -> Option<&OtherEnds> {
        if !self.layers.is_empty() {
            return None;
        }
        let n_relations = self.schema.relations().len();
        let all =
            self.base.ends.get_or_init(|| (0..n_relations).map(|_| Default::default()).collect());
        let ends = &all.get(usize::from(relation.0))?[usize::from(way == Way::In)];
        Some(ends.get_or_init(|| {
            let (adjacency, steps) = self.base.steps(way);
            let ends = OtherEnds::new(self.n_node_positions(), |node, row| {
                let range = steps.of_relation(adjacency.range(node.0), relation.0);
                row.extend_from_slice(steps.others(range));
                Ok::<_, Infallible>(())
            });
            ends.unwrap_or_else(|never| match never {})
        }))
    }

    fn count(&self) -> Statistics {
        let mut res = self.base.counts().clone();
        res.nodes_of_kind.resize(self.schema.kinds().len(), 0);
        res.ties_of_relation.resize(self.schema.relations().len(), 0);
        (res.n_nodes, res.n_ties) = (self.n_nodes(), self.n_ties());
        let nodes = self.layers.iter().flat_map(|it| it.node_rows.keys().chain(&it.removed_nodes));
        for idx in nodes.copied().collect::<HashSet<u32>>() {
            if (idx as usize) < self.base.rows.n_nodes() {
                take(&mut res.nodes_of_kind, self.base.rows.kind_of_node(idx as usize).0);
            }
            if self.has_node(NodeIdx(idx)) {
                add(&mut res.nodes_of_kind, self.kind_of(NodeIdx(idx)).0);
            }
        }
        let ties = self.layers.iter().flat_map(|it| it.tie_rows.keys().chain(&it.removed_ties));
        for idx in ties.copied().collect::<HashSet<u32>>() {
            if (idx as usize) < self.base.rows.n_ties() {
                let between = self.base.rows.kinds_of_tie(idx as usize);
                take(&mut res.ties_of_relation, between.1.0);
                if let Some(n) = res.ties_between.get_mut(&between) {
                    *n = n.saturating_sub(1);
                }
            }
            if self.has_tie(TieIdx(idx)) {
                let tie = self.tie(TieIdx(idx));
                add(&mut res.ties_of_relation, tie.relation_id().0);
                let kinds = (self.kind_of(tie.source()), self.kind_of(tie.target()));
                *res.ties_between.entry((kinds.0, tie.relation_id(), kinds.1)).or_default() += 1;
            }
        }
        res.ties_between.retain(|_, n| *n > 0);
        res
    }
}

impl Base {
    fn adjacency(&self, way: Way) -> &Adjacency {
        if way == Way::Out { &self.out } else { &self.incoming }
    }

    fn steps(&self, way: Way) -> (&Adjacency, &Steps) {
        let adjacency = self.adjacency(way);
        let (made, others) = match way {
            Way::Out => (&self.out_steps, self.rows.targets_of_ties()),
            Way::In => (&self.in_steps, self.rows.sources_of_ties()),
        };
        let relations = self.rows.relations_of_ties();
        (adjacency, made.get_or_init(|| Steps::new(adjacency, relations, others)))
    }

    fn counts(&self) -> &Statistics {
        self.counts.get_or_init(|| {
            let rows = &self.rows;
            let mut res = Statistics::default();
            for row in 0..rows.n_nodes() {
                add(&mut res.nodes_of_kind, rows.kind_of_node(row).0);
            }
            for row in 0..rows.n_ties() {
                let between = rows.kinds_of_tie(row);
                add(&mut res.ties_of_relation, between.1.0);
                *res.ties_between.entry(between).or_default() += 1;
            }
            res
        })
    }
}

impl RowsOfKind {
    pub(super) fn new(kinds: &[u16]) -> Self {
        let n_kinds = kinds.iter().max().map_or(0, |&it| usize::from(it) + 1);
        let mut starts = vec![0_u32; n_kinds + 1];
        for &kind in kinds {
            starts[usize::from(kind) + 1] += 1;
        }
        for kind in 0..n_kinds {
            starts[kind + 1] += starts[kind];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; kinds.len()];
        for (row, &kind) in kinds.iter().enumerate() {
            let at = &mut next[usize::from(kind)];
            rows[*at as usize] = row as u32;
            *at += 1;
        }
        Self { starts, rows }
    }

    fn at(&self, kind: KindId) -> &[u32] {
        match self.starts.get(usize::from(kind.0)..usize::from(kind.0) + 2) {
            Some(&[start, end]) => &self.rows[start as usize..end as usize],
            _ => &[],
        }
    }
}

impl Statistics {
    /// How many nodes have a label.
    pub fn nodes_with_label(&self, schema: &crate::Schema, label: LabelId) -> usize {
        let counts = schema.kinds_with(label).iter();
        counts.filter_map(|it| self.nodes_of_kind.get(usize::from(it.0))).sum()
    }
}

fn add(counts: &mut Vec<usize>, at: u16) {
    let at = usize::from(at);
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}

fn take(counts: &mut [usize], at: u16) {
    if let Some(n) = counts.get_mut(usize::from(at)) {
        *n = n.saturating_sub(1);
    }
}
