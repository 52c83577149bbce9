//! The network that a document lists, and its measures by brute force.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use weft_graph::{Family, Schema};

use super::audit::{At, is_close};

/// The kind whose nodes are start-ups if their stage says so.
const COMPANY: &str = "company";

/// A node as `stats --why` lists it.
pub(super) struct ListedNode<'a> {
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    pub(super) stage: Option<&'a str>,
    pub(super) is_undated: bool,
    pub(super) at: At<'a>,
}

/// A tie as `stats --why` lists it.
pub(super) struct ListedTie<'a> {
    pub(super) id: &'a str,
    pub(super) source: &'a str,
    pub(super) relation: &'a str,
    pub(super) target: &'a str,
    pub(super) certainty: &'a str,
    pub(super) is_undated: bool,
    pub(super) at: At<'a>,
}

/// Everything that a document lists.
pub(super) struct Listed<'a> {
    pub(super) schema: Schema,
    pub(super) nodes: BTreeMap<&'a str, ListedNode<'a>>,
    pub(super) ties: BTreeMap<&'a str, ListedTie<'a>>,
    /// For each need, the ids of who meets it and of the tie that says so.
    pub(super) met_by: BTreeMap<&'a str, BTreeSet<(&'a str, &'a str)>>,
}

/// The conduit view of what is listed; its nodes are numbered by id.
pub(super) struct Network<'a> {
    listed: &'a Listed<'a>,
    pub(super) ids: Vec<&'a str>,
    index: BTreeMap<&'a str, usize>,
    pub(super) neighbours: Vec<BTreeSet<usize>>,
    /// The ties between two nodes, the smaller first.
    pub(super) links: BTreeMap<(usize, usize), Vec<&'a ListedTie<'a>>>,
    /// The fewest links between each two nodes.
    pub(super) distance: Vec<Vec<Option<usize>>>,
    /// The shortest ways between each two nodes.
    n_ways: Vec<Vec<f64>>,
}

/// A figure for each node.
pub(super) type Measure = fn(&Network<'_>) -> Vec<f64>;

impl<'a> Listed<'a> {
    pub(super) fn of(stats: &At<'a>) -> Self {
        let is_undated =
            |at: &At<'_>| at.get("valid_from").is_null() && at.get("valid_to").is_null();
        let node = |at: At<'a>| ListedNode {
            id: at.id(),
            kind: at.get("kind").text(),
            stage: at.get("stage").optional_text(),
            is_undated: is_undated(&at),
            at,
        };
        let tie = |at: At<'a>| ListedTie {
            id: at.id(),
            source: at.get("source").text(),
            relation: at.get("relation").text(),
            target: at.get("target").text(),
            certainty: at.get("certainty").text(),
            is_undated: is_undated(&at),
            at,
        };
        let nodes: Vec<_> = stats.get("why/nodes").items().into_iter().map(node).collect();
        let ties: Vec<_> = stats.get("why/ties").items().into_iter().map(tie).collect();
        let n_listed = (nodes.len(), ties.len());
        let mut res = Self {
            schema: Schema::bundled(),
            nodes: nodes.into_iter().map(|it| (it.id, it)).collect(),
            ties: ties.into_iter().map(|it| (it.id, it)).collect(),
            met_by: BTreeMap::new(),
        };
        assert_eq!(n_listed, (res.nodes.len(), res.ties.len()), "no id is listed twice");
        let needs = res.nodes.keys().filter(|it| res.is_of(it, Family::Need));
        let mut met_by: BTreeMap<_, _> = needs.map(|&it| (it, BTreeSet::new())).collect();
        for tie in res.ties.values().filter(|it| it.relation == "meets_need") {
            met_by.get_mut(tie.target).unwrap().insert((tie.source, tie.id));
        }
        res.met_by = met_by;
        res
    }

    pub(super) fn is_actor(&self, id: &str) -> bool {
        self.schema.kind(self.schema.kind_id(self.nodes[id].kind).unwrap()).actor
    }

    pub(super) fn is_of(&self, id: &str, family: Family) -> bool {
        self.schema.kind(self.schema.kind_id(self.nodes[id].kind).unwrap()).family == family
    }

    pub(super) fn is_start_up(&self, id: &str) -> bool {
        let node = &self.nodes[id];
        let stage = node.stage.map(|it| self.schema.stage(self.schema.stage_id(it).unwrap()));
        node.kind == COMPANY && stage.is_some_and(|it| it.start_up)
    }

    pub(super) fn is_company(&self, id: &str) -> bool {
        self.nodes[id].kind == COMPANY
    }

    pub(super) fn is_company_without_stage(&self, id: &str) -> bool {
        self.is_company(id) && self.nodes[id].stage.is_none()
    }

    pub(super) fn is_symmetric(&self, relation: &str) -> bool {
        self.schema.relation(self.schema.relation_id(relation).unwrap()).symmetric
    }

    pub(super) fn is_conduit(&self, tie: &ListedTie<'_>) -> bool {
        let relation = self.schema.relation(self.schema.relation_id(tie.relation).unwrap());
        relation.conduit && self.is_actor(tie.source) && self.is_actor(tie.target)
    }
}

impl<'a> Network<'a> {
    pub(super) fn conduit(listed: &'a Listed<'a>) -> Self {
        Self::new(listed, None)
    }

    /// The same network without one tie.
    pub(super) fn without_tie(&self, tie: &'a str) -> Self {
        Self::new(self.listed, Some(tie))
    }

    fn new(listed: &'a Listed<'a>, without: Option<&'a str>) -> Self {
        let ids: Vec<&str> =
            listed.nodes.keys().copied().filter(|it| listed.is_actor(it)).collect();
        let index: BTreeMap<&str, usize> =
            ids.iter().enumerate().map(|(at, &id)| (id, at)).collect();
        let mut neighbours = vec![BTreeSet::new(); ids.len()];
        let mut links: BTreeMap<(usize, usize), Vec<_>> = BTreeMap::new();
        for tie in listed.ties.values().filter(|it| listed.is_conduit(it)) {
            let (a, b) = (index[tie.source], index[tie.target]);
            if a != b && without != Some(tie.id) {
                links.entry((a.min(b), a.max(b))).or_default().push(tie);
                neighbours[a].insert(b);
                neighbours[b].insert(a);
            }
        }
        let searches = (0..ids.len()).map(|start| search(&neighbours, &[start], None));
        let (distance, n_ways) = searches.unzip();
        Self { listed, ids, index, neighbours, links, distance, n_ways }
    }

    pub(super) fn n(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn n_ties(&self) -> usize {
        self.links.values().map(Vec::len).sum()
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = &'a ListedNode<'a>> {
        self.ids.iter().map(|it| &self.listed.nodes[it])
    }

    pub(super) fn ties(&self) -> impl Iterator<Item = &'a ListedTie<'a>> {
        self.links.values().flatten().copied()
    }

    #[track_caller]
    pub(super) fn at(&self, id: &str) -> usize {
        self.find(id).unwrap_or_else(|| panic!("`{id}` is in the view"))
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    pub(super) fn degree(&self, node: usize) -> usize {
        self.neighbours[node].len()
    }

    pub(super) fn named(&self, nodes: impl IntoIterator<Item = usize>) -> Vec<&'a str> {
        nodes.into_iter().map(|it| self.ids[it]).collect()
    }

    /// The ids of the ties of a link.
    pub(super) fn ties_between(&self, a: usize, b: usize) -> BTreeSet<&'a str> {
        self.links[&(a.min(b), a.max(b))].iter().map(|it| it.id).collect()
    }

    /// The fewest links from every node to the nearest of some, where one node is gone.
    pub(super) fn distances_to(&self, ends: &[usize], gone: Option<usize>) -> Vec<Option<usize>> {
        search(&self.neighbours, ends, gone).0
    }

    /// The parts that no link joins, largest first.
    pub(super) fn components(&self) -> Vec<Vec<usize>> {
        self.parts(0..self.n(), None)
    }

    /// The parts into which the component of a node falls without it, largest first.
    pub(super) fn parts_without(&self, node: usize) -> Vec<Vec<usize>> {
        let others = (0..self.n()).filter(|&it| it != node && self.distance[node][it].is_some());
        self.parts(others, Some(node))
    }

    fn parts(&self, nodes: impl Iterator<Item = usize>, gone: Option<usize>) -> Vec<Vec<usize>> {
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for node in nodes {
            if !parts.iter().any(|it| it.contains(&node)) {
                let distance = self.distances_to(&[node], gone);
                parts.push((0..self.n()).filter(|&it| distance[it].is_some()).collect());
            }
        }
        parts.sort_by_key(|it| std::cmp::Reverse(it.len()));
        parts
    }

    /// Who is outside the largest part once a node is gone; of equal parts that with more start-ups
    /// stays, then that with the smallest id.
    pub(super) fn cut_off_without(&self, node: usize) -> Vec<usize> {
        let parts = self.parts_without(node);
        let rank = |part: &&Vec<usize>| {
            let n_start_ups = part.iter().filter(|&&it| self.is_start_up(it)).count();
            (part.len(), n_start_ups, std::cmp::Reverse(part[0]))
        };
        let kept = parts.iter().max_by_key(rank);
        let mut res: Vec<usize> =
            parts.iter().filter(|&it| Some(it) != kept).flatten().copied().collect();
        res.sort_unstable();
        res
    }

    pub(super) fn is_start_up(&self, node: usize) -> bool {
        self.listed.is_start_up(self.ids[node])
    }

    /// The share of the shortest ways between two nodes that lead through a third.
    pub(super) fn share_through(&self, node: usize, a: usize, b: usize) -> f64 {
        let (Some(there), Some(back), Some(whole)) =
            (self.distance[a][node], self.distance[node][b], self.distance[a][b])
        else {
            return 0.0;
        };
        if node == a || node == b || there + back != whole {
            return 0.0;
        }
        self.n_ways[a][node] * self.n_ways[node][b] / self.n_ways[a][b]
    }

    /// The share of the shortest ways between two nodes that take a link from one node to another.
    pub(super) fn share_along(&self, from: usize, to: usize, a: usize, b: usize) -> f64 {
        match (self.distance[a][from], self.distance[to][b], self.distance[a][b]) {
            (Some(there), Some(back), Some(whole)) if there + 1 + back == whole => {
                self.n_ways[a][from] * self.n_ways[to][b] / self.n_ways[a][b]
            }
            _ => 0.0,
        }
    }

    /// Every two nodes with a path between them, once.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let from = |a: usize| (a + 1..self.n()).map(move |b| (a, b));
        (0..self.n()).flat_map(from).filter(|&(a, b)| self.distance[a][b].is_some())
    }
}

/// Distinct neighbours.
pub(super) fn degrees(network: &Network<'_>) -> Vec<f64> {
    (0..network.n()).map(|it| network.degree(it) as f64).collect()
}

/// For each node, the sum over all pairs of others of the share that leads through it.
pub(super) fn betweenness(network: &Network<'_>) -> Vec<f64> {
    let mut res = vec![0.0; network.n()];
    for (a, b) in network.pairs() {
        for (node, sum) in res.iter_mut().enumerate() {
            *sum += network.share_through(node, a, b);
        }
    }
    res
}

/// The mean of 1/d over all others.
pub(super) fn harmonic(network: &Network<'_>) -> Vec<f64> {
    let of = |row: &Vec<Option<usize>>| {
        let near = row.iter().flatten().filter(|&&it| it > 0).map(|&it| 1.0 / it as f64);
        near.sum::<f64>() / (network.n() as f64 - 1.0)
    };
    network.distance.iter().map(of).collect()
}

/// One more than the number of higher figures.
pub(super) fn rank(values: &[f64], node: usize) -> usize {
    1 + values.iter().filter(|&&it| it > values[node] && !is_close(it, values[node])).count()
}

/// Links from the nearest of some nodes, and the number of shortest ways, by breadth-first search.
fn search(
    neighbours: &[BTreeSet<usize>],
    starts: &[usize],
    gone: Option<usize>,
) -> (Vec<Option<usize>>, Vec<f64>) {
    let mut distance = vec![None; neighbours.len()];
    let mut n_ways = vec![0.0; neighbours.len()];
    let mut waiting = VecDeque::new();
    for &start in starts.iter().filter(|&&it| Some(it) != gone) {
        (distance[start], n_ways[start]) = (Some(0), 1.0);
        waiting.push_back((start, 0));
    }
    while let Some((node, steps)) = waiting.pop_front() {
        for &next in neighbours[node].iter().filter(|&&it| Some(it) != gone) {
            if distance[next].is_none() {
                distance[next] = Some(steps + 1);
                waiting.push_back((next, steps + 1));
            }
            if distance[next] == Some(steps + 1) {
                n_ways[next] += n_ways[node];
            }
        }
    }
    (distance, n_ways)
}
