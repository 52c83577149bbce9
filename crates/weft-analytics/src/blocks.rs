//! A view cut at its cut nodes: blocks that shortest paths enter and leave by one node only, so that
//! what lies behind a node counts as a weight on it.
//!
//! Knows no measure; betweenness runs on each block by itself.

use weft_graph::View;

use crate::cuts::{Cuts, NO_PART, cuts};

const NOWHERE: u32 = u32::MAX;

/// The blocks of a view. A directed view is one block, as what lies behind a node differs by
/// direction there.
///
/// Sariyüce, Saule, Kaya and Çatalyürek, *Shattering and compressing networks for betweenness
/// centrality* (2013).
pub(crate) struct Blocks {
    /// Those of three and more nodes, largest first, then by their first node.
    pub(crate) blocks: Vec<Block>,
    /// The links that are a block by themselves, with what lies on either side.
    pub(crate) bridges: Vec<Bridge>,
    /// For each node, the pairs of sources and targets that it alone joins: without it they are in
    /// different parts.
    pub(crate) n_joined: Vec<f64>,
}

/// A block with rows of its own; nodes are numbered within it.
pub(crate) struct Block {
    /// The node of the view at each number: many contacts first, so that what is read most lies
    /// together.
    pub(crate) nodes: Vec<u32>,
    /// How many sources and targets each node stands for: itself and those behind it.
    pub(crate) n_sources: Vec<f64>,
    pub(crate) n_targets: Vec<f64>,
    pub(crate) out: Rows,
    /// Only in a directed view.
    pub(crate) incoming: Option<Rows>,
}

/// Neighbours by number, beside the links of the view that lead to them.
#[derive(Default)]
pub(crate) struct Rows {
    offsets: Vec<u32>,
    neighbours: Vec<u32>,
    links: Vec<u32>,
}

/// A link without which its component falls in two.
pub(crate) struct Bridge {
    pub(crate) link: u32,
    /// Sources on one side, targets on the other, and the other way round.
    pub(crate) n_pairs: f64,
}

impl Rows {
    pub(crate) fn of(&self, node: u32) -> &[u32] {
        &self.neighbours[self.range(node)]
    }

    pub(crate) fn links(&self, node: u32) -> &[u32] {
        &self.links[self.range(node)]
    }

    pub(crate) fn n_arcs(&self) -> usize {
        self.neighbours.len()
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize
    }

    fn push(&mut self, row: impl Iterator<Item = (u32, u32)>) {
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        for (neighbour, link) in row {
            self.neighbours.push(neighbour);
            self.links.push(link);
        }
        self.offsets.push(self.neighbours.len() as u32);
    }
}

impl Block {
    /// The rows along which arcs come in.
    pub(crate) fn back(&self) -> &Rows {
        self.incoming.as_ref().unwrap_or(&self.out)
    }

    /// What a search in it costs, about.
    pub(crate) fn cost(&self) -> usize {
        self.nodes.len() + self.out.n_arcs()
    }
}

impl Blocks {
    /// Cuts a view into blocks, with as many sources at each node as is said.
    /// O((n + m) log n) time, O(n + m) memory.
    pub(crate) fn new(view: &View, n_sources: &dyn Fn(u32) -> f64) -> Self {
        if view.spec().directed {
            return Self::whole(view, n_sources);
        }
        let cuts = cuts(view);
        let (mut members, block_of) = cuts.biconnected_parts();
        let tree = Tree::new(&cuts, block_of, n_sources);
        let mut bridges = Vec::new();
        let mut blocks = Vec::new();
        let mut number_of = vec![NOWHERE; view.n()];
        members.sort_by_key(|it| (std::cmp::Reverse(it.len()), cuts.order()[it[0] as usize]));
        for members in members {
            if let [above, below] = members[..] {
                let (inside, outside) = (tree.below(below), tree.outside(below));
                let ends = (cuts.order()[above as usize], cuts.order()[below as usize]);
                let link = view.link_between(ends.0, ends.1).expect("a block of two is a link");
                let n_pairs = inside.0 * outside.1 + outside.0 * inside.1;
                bridges.push(Bridge { link, n_pairs });
            } else {
                blocks.push(tree.block(view, members, &mut number_of));
            }
        }
        Self { blocks, bridges, n_joined: tree.n_joined() }
    }

    fn whole(view: &View, n_sources: &dyn Fn(u32) -> f64) -> Self {
        let n = view.n();
        let mut nodes: Vec<u32> = (0..n as u32).collect();
        let n_arcs = |it: u32| view.neighbours(it).len() + view.in_neighbours(it).len();
        nodes.sort_by_key(|&it| std::cmp::Reverse(n_arcs(it)));
        let mut number_of = vec![NOWHERE; n];
        for (number, &node) in (0..).zip(&nodes) {
            number_of[node as usize] = number;
        }
        let (mut out, mut incoming) = (Rows::default(), Rows::default());
        for &node in &nodes {
            let number = |it: &u32| number_of[*it as usize];
            let links = view.links(node).iter().copied();
            out.push(view.neighbours(node).iter().map(number).zip(links));
            let links = view.in_links(node).iter().copied();
            incoming.push(view.in_neighbours(node).iter().map(number).zip(links));
        }
        let n_sources = nodes.iter().map(|&it| n_sources(it)).collect();
        let n_targets = vec![1.0; n];
        let block = Block { nodes, n_sources, n_targets, out, incoming: Some(incoming) };
        Self { blocks: vec![block], bridges: Vec::new(), n_joined: vec![0.0; n] }
    }
}

/// The depth-first tree by position, with the block of the arc from each position to the one above it.
struct Tree<'a> {
    cuts: &'a Cuts,
    block_of: Vec<u32>,
    /// Sources at positions before each.
    n_sources_before: Vec<f64>,
}

impl<'a> Tree<'a> {
    fn new(cuts: &'a Cuts, block_of: Vec<u32>, n_sources: &dyn Fn(u32) -> f64) -> Self {
        let mut n_sources_before = Vec::with_capacity(block_of.len() + 1);
        let mut before = 0.0;
        n_sources_before.push(before);
        for &node in cuts.order() {
            before += n_sources(node);
            n_sources_before.push(before);
        }
        Self { cuts, block_of, n_sources_before }
    }

    /// Sources and targets in the subtree of a position.
    fn below(&self, at: u32) -> (f64, f64) {
        let end = self.cuts.ends()[at as usize];
        let n_sources = self.n_sources_before[end as usize] - self.n_sources_before[at as usize];
        (n_sources, f64::from(end - at))
    }

    /// Sources and targets at a position.
    fn own(&self, at: u32) -> (f64, f64) {
        let before = &self.n_sources_before[at as usize..];
        (before[1] - before[0], 1.0)
    }

    /// Sources and targets of the component outside that subtree.
    fn outside(&self, at: u32) -> (f64, f64) {
        let (whole, inside) = (self.below(self.cuts.roots()[at as usize]), self.below(at));
        (whole.0 - inside.0, whole.1 - inside.1)
    }

    /// The children of a position that begin a block.
    fn first_of_blocks(&self, at: u32) -> impl Iterator<Item = u32> {
        let own = self.block_of[at as usize];
        let children = self.cuts.children(at);
        children.filter(move |&it| own == NO_PART || self.block_of[it as usize] != own)
    }

    fn block(&self, view: &View, mut members: Vec<u32>, number_of: &mut [u32]) -> Block {
        let (top, first) = (members[0], members[1]);
        let block = self.block_of[first as usize];
        let node = |at: u32| self.cuts.order()[at as usize];
        members.sort_by_key(|&at| std::cmp::Reverse(view.degree(node(at))));
        for (number, &at) in (0..).zip(&members) {
            number_of[at as usize] = number;
        }
        let mut res = Block {
            nodes: members.iter().map(|&at| node(at)).collect(),
            n_sources: Vec::with_capacity(members.len()),
            n_targets: Vec::with_capacity(members.len()),
            out: Rows::default(),
            incoming: None,
        };
        for &at in &members {
            // Behind the top lies what is not below the block; behind others, what is below them by
            // other blocks.
            let add = |a: (f64, f64), b: (f64, f64)| (a.0 + b.0, a.1 + b.1);
            let behind = match at == top {
                true => self.outside(first),
                false => self.first_of_blocks(at).map(|it| self.below(it)).fold(self.own(at), add),
            };
            res.n_sources.push(behind.0);
            res.n_targets.push(behind.1);
            let neighbours = view.neighbours(node(at)).iter().zip(view.links(node(at)));
            res.out.push(neighbours.filter_map(|(&neighbour, &link)| {
                let other = self.cuts.positions()[neighbour as usize];
                let is_in = self.block_of[at.max(other) as usize] == block;
                is_in.then(|| (number_of[other as usize], link))
            }));
        }
        for &at in &members {
            number_of[at as usize] = NOWHERE;
        }
        res
    }

    /// For each node the pairs that it alone joins: all but those on one side of it.
    fn n_joined(&self) -> Vec<f64> {
        let mut res = vec![0.0; self.cuts.order().len()];
        for (at, &node) in (0..).zip(self.cuts.order()) {
            let (whole, own) = (self.below(self.cuts.roots()[at as usize]), self.own(at));
            let mut rest = (whole.0 - own.0, whole.1 - own.1);
            let mut n_joined = rest.0 * rest.1;
            for child in self.first_of_blocks(at) {
                let side = self.below(child);
                n_joined -= side.0 * side.1;
                rest = (rest.0 - side.0, rest.1 - side.1);
            }
            res[node as usize] = n_joined - rest.0 * rest.1;
        }
        res
    }
}
