//! The snapshot against the model: the same changes, the same graph.

use super::*;
use crate::{
    Change, ChangeSet, LabelId, Model, NodeRecord, RelationId, TieRecord, fixture_model,
    kind_of_labels,
};
use std::ops::Bound;
use weft_value::Value;

const GRAPH: &str = "a:council -hosts-> b:facility; b -supports-> c:company{start_up}; \
                     a -funds[2018..2020,500]-> c; a -funds[2021..]-> c; d:university; \
                     a -partners_with-> d";

#[track_caller]
fn check_same(snapshot: &Snapshot, model: &Model) {
    assert_eq!(snapshot.n_nodes(), model.nodes().len());
    assert_eq!(snapshot.n_ties(), model.ties().len());
    for node in model.nodes() {
        let idx = snapshot.find_node(&node.record.id).unwrap();
        assert_eq!(snapshot.node(idx).written(), node.record);
        assert_eq!(snapshot.node(idx).key(), node.key);
    }
    for tie in model.ties() {
        let idx = snapshot.find_tie(&tie.record.id()).unwrap();
        let found = snapshot.tie(idx);
        assert_eq!(found.written(), tie.record);
        assert_eq!(found.key(), tie.key);
        assert!(snapshot.out_ties(found.source()).any(|it| it == idx));
        assert!(snapshot.in_ties(found.target()).any(|it| it == idx));
    }
    let n_out: usize = snapshot.nodes().map(|it| snapshot.out_ties(it).count()).sum();
    assert_eq!(n_out, snapshot.n_ties());
    let facts: Vec<_> = model.facts().values().cloned().collect();
    assert_eq!(snapshot.facts(), facts);
}

/// The ends of a relation's ties, as lists, against a walk through the node's ties.
#[track_caller]
fn check_ends(snapshot: &Snapshot, node: NodeIdx, relation: RelationId) {
    let found = [snapshot.out_ends(relation), snapshot.in_ends(relation)];
    let mut all = [Vec::new(), Vec::new()];
    all[0].extend(snapshot.out_ties_of(node, relation).map(|it| it.1.0));
    all[1].extend(snapshot.in_ties_of(node, relation).map(|it| it.1.0));
    for (found, mut all) in found.into_iter().zip(all) {
        let Some(found) = found else { continue };
        assert_eq!(found.has_loop(node), all.contains(&node.0));
        all.retain(|it| *it != node.0);
        all.sort_unstable();
        assert_eq!(found.at(node), all);
        assert!(found.has_repeats() || all.is_sorted_by(|a, b| a < b));
    }
}

/// Every answer by index against a walk through all nodes and ties.
#[track_caller]
fn check_indexes(snapshot: &Snapshot) {
    let schema = snapshot.schema();
    let statistics = snapshot.statistics();
    assert_eq!((statistics.n_nodes, statistics.n_ties), (snapshot.n_nodes(), snapshot.n_ties()));
    assert_eq!(statistics.ties_between.values().sum::<usize>(), snapshot.n_ties());
    for at in 0..schema.labels().len() {
        let label = LabelId(at as u32);
        let mut found: Vec<NodeIdx> = snapshot.nodes_with_label(label).collect();
        found.sort_unstable();
        let all: Vec<NodeIdx> =
            snapshot.nodes().filter(|&it| snapshot.has_label(it, label)).collect();
        assert_eq!(found, all);
        assert_eq!(statistics.nodes_with_label(schema, label), all.len());
    }
    for node in snapshot.nodes() {
        let found = snapshot.node(node);
        assert_eq!(snapshot.node_of_key(found.key()), Some(node));
        assert_eq!(snapshot.find_node(found.id()), Some(node));
        let name = Value::String(found.name().to_owned());
        assert!(snapshot.nodes_where("name", &name).contains(&node));
        assert!(snapshot.nodes_with_prefix("name", &found.name()[..1]).contains(&node));
        let mut all: Vec<_> =
            snapshot.out_ties(node).map(|it| (it, snapshot.tie(it).target())).collect();
        let mut steps: Vec<_> = snapshot.out_steps(node).collect();
        all.sort_unstable();
        steps.sort_unstable();
        assert_eq!(all, steps);
        assert_eq!(snapshot.out_degree(node, None), all.len());
        assert_eq!(snapshot.in_degree(node, None), snapshot.in_ties(node).count());
        let incoming = snapshot.in_ties(node).filter(|it| snapshot.tie(*it).source() != node);
        assert_eq!(snapshot.degree(node, None), all.len() + incoming.count());
    }
    for at in 0..schema.relations().len() {
        let relation = RelationId(at as u16);
        let is_it = |it: &TieIdx| snapshot.tie(*it).relation_id() == relation;
        let n_ties = snapshot.ties().filter(is_it).count();
        assert_eq!(statistics.ties_of_relation[at], n_ties);
        if n_ties == 0 {
            continue;
        }
        for node in snapshot.nodes() {
            let mut out: Vec<TieIdx> =
                snapshot.out_ties_of(node, relation).map(|it| it.0).collect();
            out.sort_unstable();
            assert_eq!(out, snapshot.out_ties(node).filter(is_it).collect::<Vec<_>>());
            let mut incoming: Vec<TieIdx> =
                snapshot.in_ties_of(node, relation).map(|it| it.0).collect();
            incoming.sort_unstable();
            assert_eq!(incoming, snapshot.in_ties(node).filter(is_it).collect::<Vec<_>>());
            check_ends(snapshot, node, relation);
            for tie in out {
                let target = snapshot.tie(tie).target();
                assert!(snapshot.ties_between(node, relation, target).any(|it| it == tie));
            }
        }
    }
    for tie in snapshot.ties() {
        assert_eq!(snapshot.tie_of_key(snapshot.tie(tie).key()), Some(tie));
        assert_eq!(snapshot.find_tie(&snapshot.tie(tie).id()), Some(tie));
    }
    let below = Value::String("name 5".into());
    let mut between = snapshot.nodes_between("name", Bound::Unbounded, Bound::Excluded(&below));
    between.sort_unstable();
    let is_below = |it: &NodeIdx| {
        !snapshot.node(*it).name().is_empty() && snapshot.node(*it).name() < "name 5"
    };
    assert_eq!(between, snapshot.nodes().filter(is_below).collect::<Vec<_>>());
}

/// A linear congruential generator: the tests need no better one.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n_sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n_sides
    }
}

fn random_change(dice: &mut Dice, n_ids: usize) -> Change {
    let id = |dice: &mut Dice| format!("n{}", dice.roll(n_ids));
    let claims = fixture_model("a").node("a").unwrap().record.claims.clone();
    let tie = |dice: &mut Dice| TieRecord {
        given_id: (dice.roll(4) == 0).then(|| format!("t{}", dice.roll(9))),
        source: id(dice),
        relation: ["supports", "partners_with"][dice.roll(2)].into(),
        target: id(dice),
        claims: claims.clone(),
        ..Default::default()
    };
    match dice.roll(8) {
        0..3 => Change::PutNode(NodeRecord {
            id: id(dice),
            kind: "company".into(),
            name: format!("name {}", dice.roll(99)),
            claims,
            ..Default::default()
        }),
        3..6 => Change::PutTie(tie(dice)),
        6 => Change::RemoveTie(tie(dice).id()),
        _ => Change::RemoveNode(id(dice)),
    }
}

#[test]
fn a_model_and_its_snapshot_are_the_same_graph() {
    let model = fixture_model(GRAPH);
    let snapshot = SnapshotBuilder::from_model(&model);
    check_same(&snapshot, &model);
    check_same(&snapshot, &Model::from_snapshot(&snapshot));
}

#[test]
fn changes_mean_the_same_to_a_snapshot_as_to_a_model() {
    // A large base keeps the layers apart; a small one folds them at every step.
    for (seed, n_ids) in [(1, 12), (2, 30), (3, 900)] {
        let mut dice = Dice(seed);
        let mut model = fixture_model("a");
        let fill = (0..n_ids).map(|it| NodeRecord {
            id: format!("n{it}"),
            kind: "company".into(),
            name: format!("n{it}"),
            claims: model.node("a").unwrap().record.claims.clone(),
            ..Default::default()
        });
        let fill = ChangeSet { changes: fill.map(Change::PutNode).collect() };
        model.apply(&fill).unwrap();
        let mut snapshot = SnapshotBuilder::from_model(&model);
        for step in 0..300 {
            let n_changes = 1 + dice.roll(3);
            let changes = (0..n_changes).map(|_| random_change(&mut dice, n_ids)).collect();
            let change_set = ChangeSet { changes };
            match (model.apply(&change_set), snapshot.with(&change_set)) {
                (Ok(()), Ok(next)) => snapshot = next,
                (Err(a), Err(b)) => assert_eq!(a, b),
                (a, b) => panic!("model {a:?}, snapshot {:?}", b.err()),
            }
            check_same(&snapshot, &model);
            if step % 60 == 0 {
                check_indexes(&snapshot);
            }
        }
        check_same(&snapshot.folded(), &model);
    }
}

fn random_open_change(dice: &mut Dice, n_ids: usize, next_tie: u32) -> Change {
    const LABELS: [&str; 4] = ["Person", "Student", "a:b", "Ort"];
    let id = |dice: &mut Dice| format!("n{}", 1 + dice.roll(n_ids));
    let tie_id = |dice: &mut Dice| match dice.roll(3) {
        // As a query names a new one, one that is there or was, and one that a file gave.
        0 => Some(TieId(next_tie).open_id()),
        1 => Some(TieId(1 + dice.roll(next_tie as usize) as u32).open_id()),
        _ => (dice.roll(2) == 0).then(|| format!("t{}", dice.roll(9))),
    };
    match dice.roll(8) {
        0..3 => {
            let labels = LABELS.into_iter().filter(|_| dice.roll(2) == 0).collect::<Vec<_>>();
            let mut node = NodeRecord {
                id: id(dice),
                kind: kind_of_labels(labels),
                name: format!("name {}", dice.roll(99)),
                ..Default::default()
            };
            node.properties.insert("since".into(), Value::Integer(dice.roll(9) as i64));
            Change::PutNode(node)
        }
        3..6 => Change::PutTie(TieRecord {
            given_id: tie_id(dice),
            source: id(dice),
            relation: ["KNOWS", "likes -- much"][dice.roll(2)].into(),
            target: id(dice),
            ..Default::default()
        }),
        6 => Change::RemoveTie(tie_id(dice).unwrap_or_default()),
        _ => Change::RemoveNode(id(dice)),
    }
}

#[test]
fn without_a_schema_changes_mean_the_same_to_a_snapshot_as_to_a_model() {
    for (seed, n_ids) in [(4, 12), (5, 40), (6, 900)] {
        let mut dice = Dice(seed);
        let mut model = Model::new(crate::Schema::open());
        let fill = (1..=n_ids).map(|it| NodeRecord {
            id: format!("n{it}"),
            kind: kind_of_labels(["Person"]),
            name: format!("n{it}"),
            ..Default::default()
        });
        model.apply(&ChangeSet { changes: fill.map(Change::PutNode).collect() }).unwrap();
        let mut snapshot = SnapshotBuilder::from_model(&model);
        for step in 0..300 {
            let n_changes = 1 + dice.roll(3);
            let next_tie = snapshot.last_tie_key().0 + 1;
            let changes =
                (0..n_changes).map(|_| random_open_change(&mut dice, n_ids, next_tie)).collect();
            let change_set = ChangeSet { changes };
            match (model.apply(&change_set), snapshot.with(&change_set)) {
                (Ok(()), Ok(next)) => snapshot = next,
                (Err(a), Err(b)) => assert_eq!(a, b),
                (a, b) => panic!("model {a:?}, snapshot {:?}", b.err()),
            }
            check_same(&snapshot, &model);
            if step % 60 == 0 {
                check_indexes(&snapshot);
            }
        }
        check_same(&snapshot.folded(), &model);
        check_same(&SnapshotBuilder::from_model(&Model::from_snapshot(&snapshot)), &model);
    }
}

#[test]
fn petgraph_runs_on_model_snapshot_and_view_alike() {
    let model = fixture_model(&format!("{GRAPH}; c -supports-> e:company; e -supports-> a"));
    let snapshot = SnapshotBuilder::from_model(&model);
    let spec = crate::ViewSpec { directed: true, ..crate::ViewSpec::all(&snapshot) };
    let view = crate::View::new(&snapshot, spec);
    let sizes = |mut components: Vec<usize>| {
        components.sort_unstable();
        components
    };
    let of_model = petgraph::algo::tarjan_scc(model.graph()).iter().map(Vec::len).collect();
    let of_snapshot = petgraph::algo::tarjan_scc(&snapshot).iter().map(Vec::len).collect();
    assert_eq!(sizes(of_model), sizes(of_snapshot));
    // The symmetric tie is an arc each way in the view, so `d` joins the others there.
    let of_view = petgraph::algo::tarjan_scc(&view).iter().map(Vec::len).collect();
    assert_eq!(sizes(of_view), [5]);
    let mut search = petgraph::visit::Bfs::new(&snapshot, 0);
    let mut n_reached = 0;
    while search.next(&snapshot).is_some() {
        n_reached += 1;
    }
    assert_eq!(n_reached, 5);
}

#[test]
fn a_denied_tie_is_out_and_a_stronger_claim_is_shown() {
    let model = fixture_model("a:council -hosts-> b:facility; c:company{idea}");
    let snapshot = SnapshotBuilder::from_model(&model);
    let mut tie = model.tie("a--hosts--b").unwrap().record.clone();
    let mut denial = tie.claims[0].clone();
    denial.denial = Some(crate::Denial::Ended);
    denial.value = Some("2020".into());
    tie.claims.push(denial);
    let mut company = model.node("c").unwrap().record.clone();
    company.claims[0].certainty = crate::Certainty::Implied;
    let mut stated = company.claims[0].clone();
    stated.certainty = crate::Certainty::Stated;
    (stated.field, stated.value) = (Some("stage".into()), Some("scale_up".into()));
    company.claims.push(stated);
    let changes = vec![Change::PutTie(tie), Change::PutNode(company.clone())];
    let next = snapshot.with(&ChangeSet { changes }).unwrap();
    let tie = next.tie(next.find_tie("a--hosts--b").unwrap());
    let day = |text: &str| text.parse::<weft_value::PartialDate>().unwrap().last_key();
    assert!(tie.is_valid_at(day("2020")) && !tie.is_valid_at(day("2021")));
    let node = next.node(next.find_node("c").unwrap());
    assert_eq!(node.record().stage.as_deref(), Some("scale_up"));
    assert_eq!(node.written(), company);
    assert_eq!(node.certainty(), crate::Certainty::Implied);
}

#[test]
fn below_the_floor_neither_values_nor_denials_count() {
    let model = fixture_model("a:council -hosts-> b:facility; c:company{idea}");
    let snapshot = SnapshotBuilder::from_model(&model);
    let mut tie = model.tie("a--hosts--b").unwrap().record.clone();
    let mut denial = tie.claims[0].clone();
    denial.certainty = Certainty::Inferred;
    denial.denial = Some(crate::Denial::Never);
    tie.claims.push(denial);
    let mut company = model.node("c").unwrap().record.clone();
    let mut implied = company.claims[0].clone();
    implied.certainty = Certainty::Implied;
    (implied.field, implied.value) = (Some("stage".into()), Some("idea".into()));
    company.claims.push(implied);
    let changes = vec![Change::PutTie(tie), Change::PutNode(company.clone())];
    let all = snapshot.with(&ChangeSet { changes }).unwrap();
    let stage = |it: &Snapshot| it.node(it.find_node("c").unwrap()).record().stage;
    let is_in = |it: &Snapshot| {
        let day = "2024".parse::<weft_value::PartialDate>().unwrap().last_key();
        it.tie(it.find_tie("a--hosts--b").unwrap()).is_valid_at(day)
    };
    assert_eq!((stage(&all).as_deref(), is_in(&all)), (Some("idea"), false));
    let default = all.at_floor(Certainty::Ambiguous);
    assert_eq!((stage(&default).as_deref(), is_in(&default)), (Some("idea"), true));
    let stated = all.at_floor(Certainty::Stated);
    assert_eq!((stage(&stated), is_in(&stated.folded())), (None, true));
    assert_eq!(stated.node(stated.find_node("c").unwrap()).written(), company);
    assert_eq!(stage(&stated.at_floor(Certainty::Inferred)).as_deref(), Some("idea"));
}

#[test]
fn a_value_is_found_whatever_its_sort_and_a_range_holds_its_own_sort() {
    let values = [
        Value::Integer(1),
        Value::Float(1.0),
        Value::Float(1.5),
        Value::String("1".into()),
        Value::String("ab".into()),
        Value::String(String::new()),
        Value::Boolean(true),
        Value::List(vec![Value::Integer(1)]),
        Value::Float(f64::NAN),
        Value::Integer(i64::MAX),
    ];
    let mut model = Model::new(crate::Schema::open());
    let nodes = values.iter().enumerate().map(|(at, value)| {
        let properties = [("p".to_owned(), value.clone())].into();
        Change::PutNode(NodeRecord { id: format!("n{at}"), properties, ..Default::default() })
    });
    model.apply(&ChangeSet { changes: nodes.collect() }).unwrap();
    let snapshot = SnapshotBuilder::from_model(&model);
    let ids = |found: Vec<NodeIdx>| -> Vec<String> {
        found.iter().map(|&it| snapshot.node(it).id().to_owned()).collect()
    };
    let equal = |value: &Value| ids(snapshot.nodes_where("p", value));
    assert_eq!(equal(&Value::Integer(1)), ["n0", "n1"]);
    assert_eq!(equal(&Value::String("1".into())), ["n3"]);
    assert_eq!(equal(&Value::String(String::new())), ["n5"]);
    assert_eq!(equal(&Value::Boolean(true)), ["n6"]);
    assert_eq!(equal(&Value::List(vec![Value::Integer(1)])), ["n7"]);
    assert!(equal(&Value::Float(f64::NAN)).is_empty() && equal(&Value::Null).is_empty());
    assert!(equal(&Value::Integer(i64::MAX)).contains(&"n9".to_owned()));
    let one = Value::Integer(1);
    let above = snapshot.nodes_between("p", Bound::Included(&one), Bound::Unbounded);
    assert_eq!(ids(above), ["n0", "n1", "n2", "n9"]);
    let text = Value::String("1".into());
    assert_eq!(
        ids(snapshot.nodes_between("p", Bound::Included(&text), Bound::Unbounded)),
        ["n3", "n4"]
    );
    assert!(snapshot.nodes_between("p", Bound::Included(&text), Bound::Included(&one)).is_empty());
    assert_eq!(ids(snapshot.nodes_with_prefix("p", "a")), ["n4"]);
    assert_eq!(snapshot.n_values("p"), (9, 8));
}

#[test]
fn columns_are_properties_under_a_schema_and_a_name_is_one_without() {
    let snapshot =
        crate::fixture("a:council{2018..,@report} -funds[2019..,500]-> c:company{start_up}");
    let node = |id: &str| snapshot.node(snapshot.find_node(id).unwrap());
    let get = |id: &str, name: &str| node(id).get(name).map(|it| it.to_value());
    assert_eq!(get("a", "valid_from"), Some(Value::String("2018".into())));
    assert_eq!(get("c", "stage"), Some(Value::String("start_up".into())));
    assert_eq!(get("c", "valid_from"), None);
    let names: Vec<&str> = node("c").all_properties().iter().map(|it| it.0).collect();
    assert_eq!(names, ["certainty", "id", "name", "stage"]);
    let tie = snapshot.tie(snapshot.ties().next().unwrap());
    assert_eq!(tie.get("amount").map(|it| it.to_value()), Some(Value::Float(500.0)));
    assert_eq!(tie.all_properties().len(), 6);
    let node = NodeRecord::free(
        "n1".into(),
        ["A"],
        [(NAME.to_owned(), Value::String("Ada".into()))].into(),
    );
    assert!(node.name == "Ada" && node.properties.is_empty() && node.kind == "A");
    let mut model = Model::new(crate::Schema::open());
    model.apply(&ChangeSet { changes: vec![Change::PutNode(node)] }).unwrap();
    let snapshot = SnapshotBuilder::from_model(&model);
    let node = snapshot.node(NodeIdx(0));
    assert_eq!(node.all_properties(), [(NAME, Property::Text("Ada"))]);
    assert_eq!((node.get("id"), node.certainty()), (None, Certainty::Stated));
}
