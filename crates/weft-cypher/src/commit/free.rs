//! Writing without a schema: nodes and relationships as they are, under ids made of their keys.

use weft_graph::{Change, NodeIdx, NodeRecord, TieRecord};
use weft_value::Value;

use crate::{Graph, Val, to_value};

pub(super) fn write(graph: &Graph, changes: &mut Vec<Change>) {
    let snapshot = graph.snapshot();
    for node in graph.changed_nodes() {
        let claims = snapshot.node(node).written().claims;
        let record = record_of_node(graph, node, snapshot.node(node).id().to_owned());
        changes.push(Change::PutNode(NodeRecord { claims, ..record }));
    }
    for node in graph.created_nodes() {
        changes.push(Change::PutNode(record_of_node(graph, node, graph.node_element_id(node))));
    }
    for tie in graph.changed_ties() {
        let mut record = snapshot.tie(tie).written();
        record.properties = plain(graph, graph.tie_properties(tie).unwrap_or_default());
        changes.push(Change::PutTie(record));
    }
    for tie in graph.created_ties() {
        changes.push(Change::PutTie(TieRecord {
            given_id: Some(graph.tie_element_id(tie)),
            source: graph.node_element_id(graph.start(tie)),
            relation: graph.relation_type(tie).to_string(),
            target: graph.node_element_id(graph.end(tie)),
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
