//! Writing without a schema: nodes and relationships as they are, under ids made of their keys.

use std::collections::HashMap;

use weft_graph::{Change, NodeId, NodeIdx, NodeRecord, TieRecord};
use weft_value::Value;

use crate::{Graph, Val, to_value};

pub(super) fn write(graph: &Graph, changes: &mut Vec<Change>) {
    let snapshot = graph.snapshot();
    for node in graph.changed_nodes() {
        let claims = snapshot.node(node).written().claims;
        let record = record_of_node(graph, node, snapshot.node(node).id().to_owned());
        changes.push(Change::PutNode(NodeRecord { claims, ..record }));
    }
    // The store gives its keys one after the other to what it does not know yet.
    let mut new: HashMap<NodeIdx, String> = HashMap::new();
    let keys = snapshot.last_node_key().0 + 1..;
    for (node, key) in graph.created_nodes().zip(keys) {
        let id = NodeId(key).open_id();
        changes.push(Change::PutNode(record_of_node(graph, node, id.clone())));
        new.insert(node, id);
    }
    for tie in graph.changed_ties() {
        let mut record = snapshot.tie(tie).written();
        record.properties = plain(graph, graph.tie_properties(tie).unwrap_or_default());
        changes.push(Change::PutTie(record));
    }
    for (tie, id) in graph.created_ties().zip(super::tie_ids(snapshot)) {
        let end = |node: NodeIdx| match new.get(&node) {
            Some(id) => id.clone(),
            None => snapshot.node(node).id().to_owned(),
        };
        changes.push(Change::PutTie(TieRecord {
            given_id: Some(id),
            source: end(graph.start(tie)),
            relation: graph.relation_type(tie).to_string(),
            target: end(graph.end(tie)),
            properties: plain(graph, graph.tie_properties(tie).unwrap_or_default()),
            ..TieRecord::default()
        }));
    }
}

fn record_of_node(graph: &Graph, node: NodeIdx, id: String) -> NodeRecord {
    let labels = graph.labels(node);
    let properties = plain(graph, graph.node_properties(node).unwrap_or_default());
    NodeRecord::free(id, labels.iter().map(|it| &**it), properties)
}

fn plain(
    graph: &Graph,
    properties: impl IntoIterator<Item = (std::sync::Arc<str>, Val)>,
) -> std::collections::BTreeMap<String, Value> {
    let all = properties.into_iter();
    all.map(|(key, it)| (key.to_string(), to_value(&it, graph))).collect()
}
