//! Nodes, relationships and paths as plain data, for the results of queries.
//!
//! Knows no graph: they say what was there when the query ran.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Value;
use crate::value::write_map;

/// A node as a query returns it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeValue {
    /// The number that stands for it in the graph.
    pub key: i64,
    /// The id by which people know it.
    pub element_id: String,
    /// Its labels, in the order of the graph.
    pub labels: Vec<String>,
    /// Its properties.
    pub properties: BTreeMap<String, Value>,
}

/// A relationship as a query returns it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationshipValue {
    /// The number that stands for it in the graph.
    pub key: i64,
    /// The id by which people know it.
    pub element_id: String,
    /// The key of the node where it starts.
    pub start_key: i64,
    /// The key of the node where it ends.
    pub end_key: i64,
    /// The id of the node where it starts.
    pub start_element_id: String,
    /// The id of the node where it ends.
    pub end_element_id: String,
    /// Its type.
    pub relation_type: String,
    /// Its properties.
    pub properties: BTreeMap<String, Value>,
}

/// A path as a query returns it: nodes, and between each two of them a relationship.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathValue {
    /// The nodes, one more than relationships.
    pub nodes: Vec<NodeValue>,
    /// The relationships, in the order of the path; each has its own direction.
    pub relationships: Vec<RelationshipValue>,
}

impl PathValue {
    /// Whether a relationship of the path points along it, counted from 0.
    pub fn is_forward(&self, at: usize) -> bool {
        let ends = self.relationships.get(at).zip(self.nodes.get(at));
        ends.is_some_and(|(relationship, node)| relationship.start_key == node.key)
    }
}

impl fmt::Display for NodeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        self.labels.iter().try_for_each(|it| write!(f, ":{it}"))?;
        let blank = if self.labels.is_empty() { "" } else { " " };
        write_properties(f, blank, &self.properties)?;
        f.write_str(")")
    }
}

impl fmt::Display for RelationshipValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[:{}", self.relation_type)?;
        write_properties(f, " ", &self.properties)?;
        f.write_str("]")
    }
}

impl fmt::Display for PathValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, node) in self.nodes.iter().enumerate() {
            if let Some(relationship) = n.checked_sub(1).and_then(|it| self.relationships.get(it)) {
                match self.is_forward(n - 1) {
                    true => write!(f, "-{relationship}->")?,
                    false => write!(f, "<-{relationship}-")?,
                }
            }
            write!(f, "{node}")?;
        }
        Ok(())
    }
}

fn write_properties(
    f: &mut fmt::Formatter<'_>,
    blank: &str,
    properties: &BTreeMap<String, Value>,
) -> fmt::Result {
    if properties.is_empty() {
        return Ok(());
    }
    f.write_str(blank)?;
    write_map(f, properties)
}
