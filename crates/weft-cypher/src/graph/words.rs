//! The labels and types that the kinds and relations of a schema bear in queries.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use weft_graph::{KindId, NodeIdx, RelationId, Schema, Snapshot, TieIdx};

/// Labels by kind, types by relation.
#[derive(Debug)]
pub(super) struct Words {
    labels: Vec<Vec<Arc<str>>>,
    relation_types: Vec<Arc<str>>,
    symmetric: Vec<bool>,
    nodes: OnceLock<HashMap<u32, NodeIdx>>,
    ties: OnceLock<HashMap<u32, TieIdx>>,
}

impl Words {
    pub(super) fn of(schema: &Schema) -> Self {
        let labels = schema.kinds().iter().map(|kind| {
            let mut labels = vec![upper_camel(&kind.id), upper_camel(kind.family.as_str())];
            labels.dedup();
            labels.into_iter().map(Arc::from).collect()
        });
        let relation_types = schema.relations().iter().map(|it| it.id.to_uppercase().into());
        Self {
            labels: labels.collect(),
            relation_types: relation_types.collect(),
            symmetric: schema.relations().iter().map(|it| it.symmetric).collect(),
            nodes: OnceLock::new(),
            ties: OnceLock::new(),
        }
    }

    pub(super) fn labels(&self, kind: KindId) -> &[Arc<str>] {
        &self.labels[usize::from(kind.0)]
    }

    pub(super) fn kind_has(&self, kind: KindId, label: &str) -> bool {
        self.labels(kind).iter().any(|it| &**it == label)
    }

    pub(super) fn is_label(&self, label: &str) -> bool {
        self.labels.iter().flatten().any(|it| &**it == label)
    }

    pub(super) fn relation_type(&self, relation: RelationId) -> &Arc<str> {
        &self.relation_types[usize::from(relation.0)]
    }

    pub(super) fn is_symmetric(&self, relation_type: &str) -> bool {
        let mut named = self.relation_types.iter().zip(&self.symmetric);
        named.any(|(it, &symmetric)| symmetric && &**it == relation_type)
    }

    /// The node of that key; a table of all is made when the first is asked for.
    pub(super) fn node_of_key(&self, snapshot: &Snapshot, key: u32) -> Option<NodeIdx> {
        let all = || snapshot.nodes().map(|it| (snapshot.node(it).key().0, it)).collect();
        self.nodes.get_or_init(all).get(&key).copied()
    }

    pub(super) fn tie_of_key(&self, snapshot: &Snapshot, key: u32) -> Option<TieIdx> {
        let all = || snapshot.ties().map(|it| (snapshot.tie(it).key().0, it)).collect();
        self.ties.get_or_init(all).get(&key).copied()
    }
}

fn upper_camel(id: &str) -> String {
    let mut res = String::with_capacity(id.len());
    for word in id.split(['_', '-']) {
        let mut letters = word.chars();
        res.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        res.push_str(letters.as_str());
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_bears_its_own_label_and_that_of_its_family() {
        let schema = Schema::bundled();
        let words = Words::of(&schema);
        let labels = |kind: &str| words.labels(schema.kind_id(kind).unwrap()).join(":");
        assert_eq!(labels("nhs_body"), "NhsBody:Organisation");
        assert_eq!(labels("company"), "Company");
        let hosts = schema.relation_id("located_in").unwrap();
        assert_eq!(&**words.relation_type(hosts), "LOCATED_IN");
    }
}
