//! What a store holds, in a form in which a store, a snapshot and a model can be compared.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use weft_graph::{Model, Snapshot};

/// Every record by what it is and its id, as JSON; keys do not count, for an undo gives new ones.
pub(super) type Content = BTreeMap<(&'static str, String), String>;

pub(super) fn of_model(model: &Model) -> Content {
    let mut res = Content::new();
    for node in model.nodes() {
        put(&mut res, "node", node.record.id.clone(), &node.record);
    }
    for tie in model.ties() {
        put(&mut res, "tie", tie.record.id(), &tie.record);
    }
    for (id, source) in model.sources() {
        put(&mut res, "source", id.clone(), source);
    }
    for (id, fact) in model.facts() {
        put(&mut res, "fact", id.clone(), fact);
    }
    res
}

pub(super) fn of_snapshot(snapshot: &Snapshot) -> Content {
    let mut res = Content::new();
    for idx in snapshot.nodes() {
        let node = snapshot.node(idx);
        put(&mut res, "node", node.id().to_owned(), &node.written());
    }
    for idx in snapshot.ties() {
        let tie = snapshot.tie(idx);
        put(&mut res, "tie", tie.id(), &tie.written());
    }
    for source in snapshot.sources() {
        put(&mut res, "source", source.id.clone(), source);
    }
    for fact in snapshot.facts() {
        put(&mut res, "fact", fact.id.clone(), fact);
    }
    res
}

/// A number that two contents share only if they are the same.
pub(super) fn print(content: &Content) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

#[track_caller]
pub(super) fn assert_same(found: &Content, expected: &Content, ctx: &str) {
    if found == expected {
        return;
    }
    let lost = expected.iter().find(|&(id, record)| found.get(id) != Some(record));
    let foreign = found.iter().find(|&(id, record)| expected.get(id) != Some(record));
    panic!(
        "{ctx}: {} records instead of {}; expected {lost:?}, found {foreign:?}",
        found.len(),
        expected.len()
    );
}

fn put(res: &mut Content, what: &'static str, id: String, record: &impl serde::Serialize) {
    let before = res.insert((what, id), serde_json::to_string(record).unwrap());
    assert!(before.is_none(), "two records of one id");
}
