//! Finding nodes by what is known of them, and how many there are: the snapshot's indexes, and what
//! the transaction wrote. What is found may be too much, never too little, and says which.

use std::ops::Bound;
use std::sync::Arc;

use weft_graph::{NodeIdx, Snapshot};
use weft_value::Value;

use super::Graph;
use crate::{Val, convert};

/// Nodes that were looked up.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// All that were asked for, and perhaps others.
    pub(crate) nodes: Vec<NodeIdx>,
    /// Whether there are no others, so that nothing is left to compare.
    pub(crate) is_exact: bool,
}

impl Graph {
    /// How many nodes bear a label, by estimate.
    pub(crate) fn n_nodes_with_label(&self, label: &str) -> usize {
        let schema = self.snapshot.schema();
        let below = schema.label_id(label);
        let statistics = below.map(|it| self.snapshot.statistics().nodes_with_label(schema, it));
        statistics.unwrap_or(0) + self.overlay.n_with_label(label)
    }

    /// How many relationships are of a type, by estimate.
    pub(crate) fn n_ties_of_type(&self, relation_type: &str) -> usize {
        let counts = &self.snapshot.statistics().ties_of_relation;
        let relations = self.snapshot.schema().relations_named(relation_type).iter();
        let n_below: usize = relations.map(|it| counts[usize::from(it.0)]).sum();
        n_below + self.overlay.n_ties_more()
    }

    /// About how many nodes have a property, and how many values it has among them.
    pub(crate) fn n_values(&self, key: &str) -> (usize, usize) {
        if self.snapshot.n_nodes() == 0 {
            return (self.overlay.n_nodes_more(), self.overlay.n_nodes_more());
        }
        self.snapshot.n_values(key)
    }

    /// The node of that element id.
    pub(crate) fn find_node_element_id(&self, id: &str) -> Option<NodeIdx> {
        let found = match self.snapshot.find_node(id) {
            Some(node) => Some(node),
            None => id.strip_prefix('n').and_then(|it| self.find_node_key(it.parse().ok()?)),
        };
        found.filter(|&it| !self.is_deleted_node(it))
    }

    /// Nodes among which are all with that value of a property.
    pub(crate) fn nodes_where_equal(&self, key: &Arc<str>, value: &Val) -> Found {
        if value.is_null() {
            return self.found(Vec::new(), true);
        }
        let plain = convert::to_value(value, self);
        let mut found = self.of_snapshot(|it| it.nodes_where(key, &plain));
        self.overlay.nodes_where_equal(key, value, &mut found);
        self.found(found, is_text(value))
    }

    /// Nodes among which are all whose property lies between two values.
    pub(crate) fn nodes_in_range(
        &self,
        key: &str,
        from: Option<&(Val, bool)>,
        to: Option<&(Val, bool)>,
    ) -> Found {
        let plain = |it: Option<&(Val, bool)>| it.map(|it| (convert::to_value(&it.0, self), it.1));
        let are_texts = [from, to].into_iter().flatten().all(|it| is_text(&it.0));
        let (from, to) = (plain(from), plain(to));
        let found =
            self.of_snapshot(|it| it.nodes_between(key, bound(from.as_ref()), bound(to.as_ref())));
        self.found(self.with_written(found), are_texts)
    }

    /// Nodes among which are all whose property begins with a text.
    pub(crate) fn nodes_with_prefix(&self, key: &str, prefix: &str) -> Found {
        let found = self.of_snapshot(|it| it.nodes_with_prefix(key, prefix));
        self.found(self.with_written(found), true)
    }

    fn of_snapshot(&self, find: impl FnOnce(&Snapshot) -> Vec<NodeIdx>) -> Vec<NodeIdx> {
        if self.snapshot.n_nodes() == 0 {
            return Vec::new();
        }
        let mut found = find(&self.snapshot);
        if !self.is_unchanged() {
            found.retain(|&it| !self.overlay.has_node_state(it));
        }
        found
    }

    /// The nodes found, and all that the transaction made or changed.
    fn with_written(&self, mut found: Vec<NodeIdx>) -> Vec<NodeIdx> {
        if !self.is_unchanged() {
            found.extend(self.changed_nodes());
            found.extend(self.created_nodes());
        }
        found
    }

    /// Of what was found all that is still there. What the transaction wrote is never told apart.
    fn found(&self, mut nodes: Vec<NodeIdx>, is_exact: bool) -> Found {
        let is_unchanged = self.is_unchanged();
        if !is_unchanged {
            nodes.retain(|&it| !self.is_deleted_node(it));
        }
        Found { nodes, is_exact: is_exact && is_unchanged }
    }
}

/// Whether a value is one that tables of values know whole.
fn is_text(value: &Val) -> bool {
    matches!(value, Val::String(_))
}

fn bound(bound: Option<&(Value, bool)>) -> Bound<&Value> {
    match bound {
        None => Bound::Unbounded,
        Some((value, true)) => Bound::Included(value),
        Some((value, false)) => Bound::Excluded(value),
    }
}
