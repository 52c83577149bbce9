//! What was written over a graph, applied to the same graph, is the graph that was written.

use std::sync::Arc;

use weft_graph::{Model, NodeIdx, Schema, SnapshotBuilder, TieIdx, fixture};

use super::*;
use crate::{Entries, Val};

const GRAPH: &str = "a:university -hosts-> b:facility; b -supports-> c:company{start_up}; \
                     a -partners_with-> d:council; c -supports[@2019]-> b";

fn options() -> CommitOptions {
    CommitOptions { source: Some("report".into()), ..CommitOptions::default() }
}

fn text(text: &str) -> Val {
    Val::String(text.into())
}

fn properties(all: &[(&str, Val)]) -> Entries {
    all.iter().map(|(key, it)| ((*key).into(), it.clone())).collect()
}

/// All that queries can read of a graph, without positions.
fn seen(graph: &Graph) -> Vec<String> {
    let name = |node: NodeIdx| graph.node_property(node, "name").unwrap();
    let mut res: Vec<String> = graph
        .nodes()
        .map(|it| {
            let mut labels = graph.labels(it);
            labels.sort_unstable();
            let mut properties = graph.node_properties(it).unwrap();
            // What a new record has of the store, and not of the query.
            properties.retain(|key, _| !matches!(&**key, "id" | "certainty"));
            format!("{labels:?} {properties:?}")
        })
        .collect();
    res.extend(graph.ties().map(|it| {
        let mut properties = graph.tie_properties(it).unwrap();
        properties.retain(|key, _| !matches!(&**key, "id" | "certainty"));
        let ends = (name(graph.start(it)), name(graph.end(it)));
        format!("{ends:?} {} {properties:?}", graph.relation_type(it))
    }));
    res.sort_unstable();
    res
}

/// Commits, applies to the snapshot and to a model of it, and returns the graph that comes of it.
#[track_caller]
fn check(graph: &Graph) -> Graph {
    let change_set = commit(graph, &options()).unwrap();
    let next = graph.snapshot().with(&change_set).unwrap();
    let mut model = Model::from_snapshot(graph.snapshot());
    model.apply(&change_set).unwrap();
    let of_model = Graph::new(SnapshotBuilder::from_model(&model));
    let next = Graph::new(next);
    assert_eq!(seen(&next), seen(graph));
    assert_eq!(seen(&of_model), seen(graph));
    next
}

#[track_caller]
fn check_refused(write: impl FnOnce(&mut Graph), message: &str, hint: &str) {
    let mut graph = Graph::new(fixture(GRAPH));
    write(&mut graph);
    let err = commit(&graph, &options()).unwrap_err();
    assert_eq!(err.kind, ErrorKind::ConstraintValidationFailed);
    assert_eq!(err.message, message);
    assert!(err.hint.as_ref().is_some_and(|it| it.contains(hint)), "{:?}", err.hint);
}

#[test]
fn without_a_schema_all_that_is_written_comes_back() {
    let mut builder = SnapshotBuilder::new(Arc::new(Schema::open()));
    builder.source(Source { id: "report".into(), ..Source::default() });
    let mut graph = Graph::new(builder.build());
    let make = |graph: &mut Graph, labels: &[&str], all: &[(&str, Val)]| {
        let labels: Vec<Arc<str>> = labels.iter().map(|it| (*it).into()).collect();
        graph.create_node(&labels, properties(all))
    };
    let ada =
        make(&mut graph, &["Person", "a:b"], &[("name", text("Ada")), ("n", Val::Integer(1))]);
    let gone = make(&mut graph, &["Gone"], &[]);
    let bob = make(&mut graph, &[], &[("name", Val::Float(1.5))]);
    graph.create_tie(&"KNOWS".into(), ada, bob, properties(&[("since", Val::Integer(3))]));
    graph.create_tie(&"KNOWS".into(), ada, bob, properties(&[]));
    graph.delete_node(gone);
    let mut graph = check(&graph);
    // The number of what was deleted before is not given again.
    assert_eq!(graph.node_element_id(NodeIdx(1)), "n3");
    assert_eq!((graph.n_nodes(), graph.n_ties()), (2, 2));
    graph.add_label(NodeIdx(1), &"Late".into());
    graph.remove_label(NodeIdx(0), &"Person".into());
    graph.set_node_property(NodeIdx(0), &"name".into(), Val::Null);
    graph.set_tie_property(TieIdx(0), &"since".into(), Val::Null);
    graph.delete_tie(TieIdx(1));
    let later = make(&mut graph, &["Late"], &[]);
    graph.create_tie(&"any type".into(), later, NodeIdx(0), properties(&[]));
    let mut graph = check(&graph);
    let ties: Vec<TieIdx> = graph.ties().collect();
    assert_eq!(ties.iter().map(|&it| graph.tie_element_id(it)).collect::<Vec<_>>(), ["r1", "r3"]);
    for tie in ties {
        graph.delete_tie(tie);
    }
    let nodes: Vec<NodeIdx> = graph.nodes().collect();
    for node in nodes {
        graph.delete_node(node);
    }
    assert_eq!(check(&graph).n_nodes(), 0);
}

#[test]
fn labels_types_and_properties_become_records_that_rest_on_the_source() {
    let mut graph = Graph::new(fixture(GRAPH));
    let company = graph.create_node(
        &["Company".into()],
        properties(&[
            ("name", text("Acme & Sons")),
            ("stage", text("idea")),
            ("valid_from", text("2020-05")),
            ("aliases", Val::List([text("Acme")].into_iter().collect())),
            ("identifiers", Val::List([text("GB-COH:01")].into_iter().collect())),
            ("amount", Val::Float(5e5)),
            ("amount_currency", text("EUR")),
            ("amount_qualifier", text("about")),
            ("staff", Val::Integer(12)),
        ]),
    );
    let labels = ["Organisation".into(), "Council".into()];
    let council = graph.create_node(&labels, properties(&[("name", text("Acme & sons"))]));
    graph.create_tie(&"SUPPORTS".into(), council, company, properties(&[]));
    graph.create_tie(&"SUPPORTS".into(), council, company, properties(&[("role", text("lead"))]));
    graph.set_node_property(NodeIdx(2), &"stage".into(), text("scale_up"));
    graph.set_tie_property(TieIdx(0), &"valid_from".into(), text("2021"));
    graph.delete_tie(TieIdx(3));
    let next = check(&graph);
    let snapshot = next.snapshot();
    let node = |id: &str| snapshot.node(snapshot.find_node(id).unwrap());
    assert_eq!(node("acme-and-sons").record().claims.len(), 1);
    assert_eq!(node("acme-and-sons-2").kind().id, "council");
    assert!(snapshot.find_tie("acme-and-sons-2--supports--acme-and-sons--2").is_some());
    // A relationship keeps its id though the date that its id might be made of changes.
    let tie = snapshot.tie(snapshot.find_tie("a--hosts--b").unwrap());
    assert_eq!(tie.valid_from().map(|it| it.to_string()).as_deref(), Some("2021"));
    let claims = node("c").record().claims;
    let added = claims.last().unwrap();
    assert_eq!(added.field.as_deref(), Some("stage"));
    assert_eq!(added.value.as_deref(), Some("scale_up"));
}

#[test]
fn what_the_schema_does_not_allow_is_refused_with_a_way_out() {
    let create = |labels: &'static [&'static str], all: &'static [(&'static str, &'static str)]| {
        move |graph: &mut Graph| {
            let labels: Vec<Arc<str>> = labels.iter().map(|it| (*it).into()).collect();
            let all = all.iter().map(|(key, it)| ((*key).into(), text(it))).collect();
            graph.create_node(&labels, all);
        }
    };
    check_refused(create(&[], &[]), "a node without a label has no kind", "give it one of");
    check_refused(
        create(&["Companie"], &[]),
        "`Companie` is no label of the schema",
        "did you mean `Company`?",
    );
    check_refused(
        create(&["Organisation"], &[]),
        "`Organisation` is a family of kinds, and a node has one kind",
        "`Council`",
    );
    check_refused(
        create(&["Company", "Council"], &[]),
        "the labels `Company`, `Council` are not of one kind",
        "one kind",
    );
    check_refused(create(&["Company"], &[]), "a company without a `name`", "`name`");
    check_refused(
        create(&["Company"], &[("name", "A"), ("id", "c")]),
        "there is a node `c` already",
        "MERGE",
    );
    check_refused(
        create(&["Company"], &[("name", "A"), ("id", "Big One")]),
        "`Big One` is no id",
        "`big-one`",
    );
    check_refused(
        create(&["Company"], &[("name", "A"), ("valid_from", "soon")]),
        "`valid_from` is no date: `soon`",
        "2024-03",
    );
    check_refused(
        create(&["Company"], &[("name", "A"), ("stage", "scaleup")]),
        "`scaleup` is no stage of the schema",
        "`scale_up`",
    );
    check_refused(
        create(&["Council"], &[("name", "A"), ("stage", "idea")]),
        "a council has no `stage`",
        "companies",
    );
    let tie = |relation: &'static str, from: u32, to: u32| {
        move |graph: &mut Graph| {
            graph.create_tie(&relation.into(), NodeIdx(from), NodeIdx(to), Entries::default());
        }
    };
    check_refused(tie("HOST", 0, 1), "`HOST` is no type of the schema", "did you mean `HOSTS`?");
    check_refused(tie("LOCATED_IN", 0, 2), "`LOCATED_IN` cannot go to a `Company`", "`Place`");
    check_refused(
        |graph| graph.set_node_property(NodeIdx(0), &"id".into(), text("z")),
        "the `id` of a node stays for ever",
        "another",
    );
    check_refused(
        |graph| graph.set_node_property(NodeIdx(0), &"certainty".into(), text("implied")),
        "`certainty` follows from the claims on a record, and is not set",
        "surer",
    );
    check_refused(
        |graph| graph.set_tie_property(TieIdx(0), &"amount_currency".into(), text("EUR")),
        "a currency or a qualifier without an amount",
        "`amount`",
    );
}

#[test]
fn what_is_written_needs_a_source_that_is_there() {
    let mut graph = Graph::new(fixture(GRAPH));
    graph.set_node_property(NodeIdx(0), &"colour".into(), text("red"));
    let err = commit(&graph, &CommitOptions::default()).unwrap_err();
    assert!(err.hint.unwrap().contains("--source"));
    let wrong = CommitOptions { source: Some("reprot".into()), ..CommitOptions::default() };
    let err = commit(&graph, &wrong).unwrap_err();
    assert_eq!(err.message, "there is no source `reprot`");
    assert_eq!(err.hint.as_deref(), Some("did you mean `report`?"));
    let source = Source { id: "letter".into(), ..Source::default() };
    let new = CommitOptions {
        source: Some("letter".into()),
        certainty: Certainty::Implied,
        new_sources: vec![source],
        ..CommitOptions::default()
    };
    let next = graph.snapshot().with(&commit(&graph, &new).unwrap()).unwrap();
    let claims = next.node(NodeIdx(0)).record().claims;
    assert_eq!((claims.len(), claims[1].source.as_str()), (2, "letter"));
    // Deleting needs no source: history keeps what was.
    let mut graph = Graph::new(fixture(GRAPH));
    graph.delete_tie(TieIdx(0));
    assert_eq!(commit(&graph, &CommitOptions::default()).unwrap().len(), 1);
}

#[test]
fn a_value_that_would_not_show_is_refused() {
    let mut model = weft_graph::fixture_model("a:council{@2019}; b:council{@2024}");
    let mut record = model.node("a").unwrap().record.clone();
    let claim = Claim {
        field: Some("name".into()),
        value: Some("Old".into()),
        source: "2024".into(),
        ..Claim::default()
    };
    record.claims.push(claim);
    model.apply(&vec![Change::PutNode(record)].into()).unwrap();
    let mut graph = Graph::new(SnapshotBuilder::from_model(&model));
    graph.set_node_property(NodeIdx(0), &"name".into(), text("New"));
    let options = CommitOptions { source: Some("2019".into()), ..CommitOptions::default() };
    let err = commit(&graph, &options).unwrap_err();
    assert_eq!(err.message, "`name` of `a` would stay as it is: a stronger or newer claim says so");
}

#[test]
fn a_kind_changes_only_where_all_relationships_allow_it() {
    let relabel = |graph: &mut Graph, node: u32, from: &str, to: &str| {
        graph.remove_label(NodeIdx(node), &from.into());
        graph.add_label(NodeIdx(node), &to.into());
    };
    let mut graph = Graph::new(fixture(GRAPH));
    relabel(&mut graph, 3, "Council", "Charity");
    let next = check(&graph);
    assert_eq!(next.snapshot().node(NodeIdx(3)).kind().id, "charity");
    check_refused(
        |graph| {
            graph.remove_label(NodeIdx(2), &"Company".into());
            graph.add_label(NodeIdx(2), &"Place".into());
            graph.set_node_property(NodeIdx(2), &"stage".into(), Val::Null);
        },
        "`SUPPORTS` cannot start from a `Place`",
        "it can start from",
    );
}

#[test]
fn a_draft_is_what_a_commit_would_leave() {
    let keys = Arc::new(crate::Keys::after(&fixture(GRAPH)));
    // Another transaction took numbers, so that those of this one are not those of its draft.
    let mut other = Graph::with_keys(fixture(GRAPH), keys.clone());
    other.create_node(&["Company".into()], Entries::default());
    let mut graph = Graph::with_keys(fixture(GRAPH), keys);
    let gone = graph.create_node(&["Company".into()], properties(&[("name", text("Gone"))]));
    let new = graph.create_node(&["Company".into()], properties(&[("name", text("New One"))]));
    graph.delete_node(gone);
    let tie = graph.create_tie(&"SUPPORTS".into(), NodeIdx(1), new, Entries::default());
    graph.set_node_property(NodeIdx(0), &"name".into(), text("Renamed"));
    let draft = draft(&graph).unwrap();
    assert_eq!(seen(&Graph::new(draft.snapshot.clone())), seen(&graph));
    let mut value = Value::List(vec![
        to_value(&Val::Node(new), &graph),
        to_value(&Val::Relationship(tie), &graph),
        to_value(&Val::Node(NodeIdx(0)), &graph),
    ]);
    let here = value.clone();
    draft.name_there(&mut value);
    let Value::List(items) = &value else { panic!("a list stays one") };
    let [Value::Node(node), Value::Relationship(tie), Value::Node(old)] = &items[..] else {
        panic!("{value:?}")
    };
    let found = draft.snapshot.find_node("new-one").unwrap();
    assert_eq!(node.element_id, "new-one");
    assert_eq!(node.key, i64::from(draft.snapshot.node(found).key().0));
    assert_eq!((tie.end_key, tie.end_element_id.as_str()), (node.key, "new-one"));
    assert!(draft.snapshot.find_tie(&tie.element_id).is_some(), "{tie:?}");
    assert_eq!(old.element_id, "a");
    draft.name_here(&mut value);
    assert_eq!(value, here);
}

#[test]
fn a_draft_shows_what_is_written_even_where_a_commit_would_not() {
    let mut graph = Graph::new(fixture("a:university -hosts-> b:facility"));
    graph.set_node_property(NodeIdx(0), &"valid_from".into(), text("1999"));
    let draft = draft(&graph).unwrap();
    let shown = Graph::new(draft.snapshot);
    assert_eq!(shown.node_property(NodeIdx(0), "valid_from"), Ok(text("1999")));
}
