//! Values while a query runs: small, cheap to clone, nodes and relationships by their position.
//!
//! What a query hands over is `weft_value::Value`, which is plain data and outlives the graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use weft_graph::{NodeIdx, TieIdx};
use weft_value as value;

/// A value while a query runs.
#[derive(Clone, Debug, Default)]
pub enum Val {
    /// No value.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(Arc<str>),
    /// Values in order.
    List(Arc<[Val]>),
    /// Values by key.
    Map(Arc<BTreeMap<Arc<str>, Val>>),
    /// A node of the transaction's graph; new ones stand behind those of its snapshot.
    Node(NodeIdx),
    /// A relationship of the transaction's graph.
    Relationship(TieIdx),
    /// A path.
    Path(Arc<Path>),
    /// A time of day with an offset.
    Time(value::Time),
    /// A day and a time with an offset or a zone.
    DateTime(Arc<value::DateTime>),
    /// A span of time.
    Duration(Arc<value::Duration>),
    /// A point.
    Point(Arc<value::Point>),
}

/// A walk: one more node than relationships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The nodes in order.
    pub nodes: Vec<NodeIdx>,
    /// The relationships between them, whichever way each points.
    pub relationships: Vec<TieIdx>,
}

/// A row while a query runs: one value for each slot of the query.
pub type Row = [Val];
