//! petgraph's visit traits for snapshots and views, so that its algorithms run on them unchanged.

use petgraph::Direction;
use petgraph::visit::{
    GraphBase, GraphProp, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, NodeCount,
    NodeIndexable, Visitable,
};

use super::Snapshot;
use crate::{NodeIdx, TieIdx, View};

/// Which nodes of a snapshot or a view a petgraph algorithm has been at.
type Visited = std::collections::HashSet<u32>;

impl GraphBase for Snapshot {
    type NodeId = u32;
    type EdgeId = TieIdx;
}

impl GraphProp for Snapshot {
    type EdgeType = petgraph::Directed;
}

impl NodeCount for Snapshot {
    fn node_count(&self) -> usize {
        self.n_nodes()
    }
}

impl NodeIndexable for Snapshot {
    fn node_bound(&self) -> usize {
        self.n_node_positions()
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl Visitable for Snapshot {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited::default()
    }

    fn reset_map(&self, map: &mut Visited) {
        map.clear();
    }
}

impl<'a> IntoNeighbors for &'a Snapshot {
    type Neighbors = Box<dyn Iterator<Item = u32> + 'a>;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.neighbors_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoNeighborsDirected for &'a Snapshot {
    type NeighborsDirected = Box<dyn Iterator<Item = u32> + 'a>;

    fn neighbors_directed(self, node: u32, direction: Direction) -> Self::NeighborsDirected {
        let node = NodeIdx(node);
        match direction {
            Direction::Outgoing => Box::new(self.out_ties(node).map(|it| self.tie(it).target().0)),
            Direction::Incoming => Box::new(self.in_ties(node).map(|it| self.tie(it).source().0)),
        }
    }
}

impl<'a> IntoNodeIdentifiers for &'a Snapshot {
    type NodeIdentifiers = Box<dyn Iterator<Item = u32> + 'a>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        Box::new(self.nodes().map(|it| it.0))
    }
}

impl GraphBase for View {
    type NodeId = u32;
    type EdgeId = u32;
}

impl GraphProp for View {
    /// An undirected view lists each link at both its ends, as a directed graph with arcs both ways.
    type EdgeType = petgraph::Directed;
}

impl NodeCount for View {
    fn node_count(&self) -> usize {
        self.n()
    }
}

impl NodeIndexable for View {
    fn node_bound(&self) -> usize {
        self.n()
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl petgraph::visit::NodeCompactIndexable for View {}

impl Visitable for View {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited::default()
    }

    fn reset_map(&self, map: &mut Visited) {
        map.clear();
    }
}

impl<'a> IntoNeighbors for &'a View {
    type Neighbors = std::iter::Copied<std::slice::Iter<'a, u32>>;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        View::neighbours(self, node).iter().copied()
    }
}

impl<'a> IntoNeighborsDirected for &'a View {
    type NeighborsDirected = std::iter::Copied<std::slice::Iter<'a, u32>>;

    fn neighbors_directed(self, node: u32, direction: Direction) -> Self::NeighborsDirected {
        match direction {
            Direction::Outgoing => View::neighbours(self, node),
            Direction::Incoming => self.in_neighbours(node),
        }
        .iter()
        .copied()
    }
}

impl IntoNodeIdentifiers for &View {
    type NodeIdentifiers = std::ops::Range<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..self.n() as u32
    }
}
