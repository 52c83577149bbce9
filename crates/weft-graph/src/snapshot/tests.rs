//! The snapshot against the model: the same changes, the same graph.

use super::*;
use crate::{Change, ChangeSet, Model, NodeRecord, TieRecord, fixture_model};

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
        for _ in 0..300 {
            let n_changes = 1 + dice.roll(3);
            let changes = (0..n_changes).map(|_| random_change(&mut dice, n_ids)).collect();
            let change_set = ChangeSet { changes };
            match (model.apply(&change_set), snapshot.with(&change_set)) {
                (Ok(()), Ok(next)) => snapshot = next,
                (Err(a), Err(b)) => assert_eq!(a, b),
                (a, b) => panic!("model {a:?}, snapshot {:?}", b.err()),
            }
            check_same(&snapshot, &model);
        }
        check_same(&snapshot.folded(), &model);
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
