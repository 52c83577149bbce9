//! The labels and types that the kinds and relations of a schema bear in queries.

use std::cmp::Ordering;
use std::sync::Arc;

use weft_graph::{KindId, RelationId, Schema};

/// Labels by kind, types by relation.
#[derive(Debug)]
pub(super) struct Words {
    labels: Vec<Vec<Arc<str>>>,
    relation_types: Vec<Arc<str>>,
    symmetric: Vec<bool>,
    /// Labels that stand behind others: those of families.
    behind: Vec<Arc<str>>,
}

impl Words {
    pub(super) fn of(schema: &Schema) -> Self {
        let labels = schema.kinds().iter();
        let labels = labels.map(|it| it.labels.iter().map(|it| it.as_str().into()).collect());
        let labels: Vec<Vec<Arc<str>>> = labels.collect();
        let relation_types = schema.relations().iter().map(|it| it.type_name.as_str().into());
        let own = || labels.iter().filter_map(|it| it.first());
        let behind = labels.iter().flat_map(|it| it.iter().skip(1));
        let behind = behind.filter(|it| !schema.is_open() && own().all(|own| own != *it));
        Self {
            behind: behind.cloned().collect(),
            labels,
            relation_types: relation_types.collect(),
            symmetric: schema.relations().iter().map(|it| it.symmetric).collect(),
        }
    }

    pub(super) fn labels(&self, kind: KindId) -> &[Arc<str>] {
        &self.labels[usize::from(kind.0)]
    }

    /// The order of labels, which is that in which a node bears them once it is committed: its own
    /// before that of its family, and without a schema by their letters.
    pub(super) fn order(&self, a: &str, b: &str) -> Ordering {
        let is_behind = |it: &str| self.behind.iter().any(|behind| **behind == *it);
        (is_behind(a), a).cmp(&(is_behind(b), b))
    }

    pub(super) fn kind_has(&self, kind: KindId, label: &str) -> bool {
        self.labels(kind).iter().any(|it| &**it == label)
    }

    pub(super) fn relation_type(&self, relation: RelationId) -> &Arc<str> {
        &self.relation_types[usize::from(relation.0)]
    }

    pub(super) fn is_symmetric(&self, relation_type: &str) -> bool {
        let mut named = self.relation_types.iter().zip(&self.symmetric);
        named.any(|(it, &symmetric)| symmetric && &**it == relation_type)
    }
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
