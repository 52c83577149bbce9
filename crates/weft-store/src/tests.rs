//! The store at its door: the same changes, the same graph as a model in memory; and every error.

use std::collections::BTreeMap;
use std::path::Path;

use weft_graph::{
    Amount, Certainty, Change, ChangeSet, Claim, Denial, Fact, Identifier, Model, NodeId,
    NodeRecord, Qualifier, Schema, Snapshot, Source, TieId, TieRecord, fixture_model,
    kind_of_labels,
};
use weft_value::Value;

use crate::*;

const GRAPH: &str = "a:council -hosts-> b:facility; b -supports-> c:company{start_up}; \
                     a -funds[2018..2020,500]-> c; a -funds[2021..]-> c; d:university; \
                     a -partners_with-> d";

fn info() -> RevisionInfo {
    RevisionInfo {
        when: "2026-01-01".into(),
        who: "me".into(),
        what: "test".into(),
        dataset: "".into(),
    }
}

fn options() -> CreateOptions {
    CreateOptions { title: "Test".into(), schema_text: Schema::bundled().text().to_owned() }
}

fn empty() -> Store {
    Store::in_memory("Test", Schema::bundled().text()).unwrap()
}

/// The changes that make a model from nothing.
fn changes_of(model: &Model) -> ChangeSet {
    let mut changes: Vec<Change> =
        model.sources().values().cloned().map(Change::PutSource).collect();
    changes.extend(model.nodes().into_iter().map(|it| Change::PutNode(it.record.clone())));
    changes.extend(model.ties().into_iter().map(|it| Change::PutTie(it.record.clone())));
    changes.extend(model.facts().values().cloned().map(Change::PutFact));
    changes.into()
}

fn filled(text: &str) -> Store {
    let mut store = empty();
    store.apply_set(&changes_of(&fixture_model(text)), &info()).unwrap();
    store
}

#[track_caller]
fn check_same(snapshot: &Snapshot, model: &Model, with_keys: bool) {
    assert_eq!(snapshot.n_nodes(), model.nodes().len());
    assert_eq!(snapshot.n_ties(), model.ties().len());
    for node in model.nodes() {
        let idx = snapshot.find_node(&node.record.id).unwrap();
        assert_eq!(snapshot.node(idx).written(), node.record);
        assert!(!with_keys || snapshot.node(idx).key() == node.key);
    }
    for tie in model.ties() {
        let idx = snapshot.find_tie(&tie.record.id()).unwrap();
        let found = snapshot.tie(idx);
        assert_eq!(found.written(), tie.record);
        assert!(!with_keys || found.key() == tie.key);
        assert_eq!(snapshot.node(found.source()).id(), tie.record.source);
    }
    let facts: Vec<Fact> = model.facts().values().cloned().collect();
    assert_eq!(snapshot.facts(), facts);
    let mut sources: Vec<&Source> = snapshot.sources().collect();
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(sources, model.sources().values().collect::<Vec<_>>());
}

/// A linear congruential generator: the tests need no better one. Every other seed is for a graph
/// without a schema.
struct Dice {
    state: u64,
    is_open: bool,
}

impl Dice {
    fn roll(&mut self, n_sides: usize) -> usize {
        self.state = self.state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.state >> 33) as usize) % n_sides
    }

    fn of_seed(seed: u64) -> Self {
        Self { state: seed, is_open: seed.is_multiple_of(2) }
    }

    fn schema(&self) -> Schema {
        if self.is_open { Schema::open() } else { Schema::bundled() }
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.roll(3) == 0).then_some(value)
    }

    fn claims(&mut self) -> Vec<Claim> {
        let n_claims = [0, 1, 1, 2, 3][self.roll(5)];
        (0..n_claims).map(|_| self.claim()).collect()
    }

    fn claim(&mut self) -> Claim {
        Claim {
            source: format!("s{}", self.roll(3)),
            locator: ["", "page 3"][self.roll(2)].into(),
            certainty: Certainty::ALL[self.roll(5)],
            field: self.maybe("stage".into()),
            value: self.maybe("idea".into()),
            denial: if self.roll(9) == 0 { Some(Denial::Ended) } else { None },
            retrieved: self.maybe("2020-02".parse().unwrap()),
            note: self.maybe("so".into()),
            dataset: ["", "leeds", "york"][self.roll(3)].into(),
        }
    }

    fn amount(&mut self) -> Amount {
        let value = [0.5, -0.0, 1e18, 3.0][self.roll(4)];
        Amount { value, currency: "GBP".into(), qualifier: Qualifier::ALL[self.roll(5)] }
    }

    fn node_id(&mut self, n_ids: usize) -> String {
        format!("n{}", self.roll(n_ids))
    }

    fn node(&mut self, n_ids: usize) -> NodeRecord {
        let mut node = NodeRecord {
            id: self.node_id(n_ids),
            kind: ["company", "council"][self.roll(2)].into(),
            name: format!("name {}", self.roll(9)),
            stage: self.maybe("idea".into()),
            valid_from: self.maybe("2018".parse().unwrap()),
            valid_to: self.maybe("2019-04-30".parse().unwrap()),
            distinct: self.roll(5) == 0,
            claims: self.claims(),
            ..Default::default()
        };
        if self.roll(3) == 0 {
            node.aliases = vec![format!("Alias {}", self.roll(4)), "two".into()];
            let (scheme, value) = ("GB-COH".into(), format!("0{}", self.roll(4)));
            node.identifiers = vec![Identifier { scheme, value }];
            node.amount = Some(self.amount());
            node.properties.insert("n".into(), Value::Integer(3));
            node.properties.insert("d".into(), Value::Date("2024-03-01".parse().unwrap()));
        }
        if self.is_open {
            let labels = ["Person", "a:b", "Ort"].into_iter().filter(|_| self.roll(2) == 0);
            (node.kind, node.stage) = (kind_of_labels(labels.collect::<Vec<_>>()), None);
            node.name = ["", "Ada", "Bob"][self.roll(3)].into();
        }
        node
    }

    fn tie(&mut self, n_ids: usize) -> TieRecord {
        let mut tie = TieRecord {
            given_id: (self.roll(4) == 0).then(|| format!("t{}", self.roll(9))),
            source: self.node_id(n_ids),
            relation: ["supports", "partners_with"][self.roll(2)].into(),
            target: self.node_id(n_ids),
            key: self.maybe("k--2".into()),
            valid_from: self.maybe("2018-05".parse().unwrap()),
            claims: self.claims(),
            ..Default::default()
        };
        if self.roll(4) == 0 {
            tie.amount = Some(self.amount());
            tie.role = Some("lead".into());
        }
        if self.roll(9) == 0 {
            // An id that another tie may have by its parts.
            tie.given_id = Some("n1--supports--n2".into());
        }
        if self.is_open {
            tie.relation = ["KNOWS", "likes -- much"][self.roll(2)].into();
            // As a query names a new tie, or one that is there, or was, or will be.
            let key = 1 + self.roll(50) as u32;
            tie.given_id = if self.roll(4) > 0 { Some(TieId(key).open_id()) } else { tie.given_id };
        }
        tie
    }

    fn change(&mut self, n_ids: usize) -> Change {
        let source = |it: &mut Self| format!("s{}", it.roll(4));
        match self.roll(16) {
            0..5 => Change::PutNode(self.node(n_ids)),
            5..10 => Change::PutTie(self.tie(n_ids)),
            10 => Change::PutSource(Source {
                id: source(self),
                title: format!("title {}", self.roll(3)),
                date: self.maybe("2020".parse().unwrap()),
                ..Default::default()
            }),
            11 | 12 => Change::PutFact(Fact {
                id: format!("f{}", self.roll(6)),
                subject: self.node_id(n_ids),
                source: source(self),
                value: self.maybe(3.5),
                period: self.maybe("2021/22".parse().unwrap()),
                of: (0..self.roll(2)).map(|it| format!("f{it}")).collect(),
                dataset: ["", "leeds"][self.roll(2)].into(),
                ..Default::default()
            }),
            13 => Change::RemoveTie(self.tie(n_ids).id()),
            14 => Change::RemoveNode(self.node_id(n_ids)),
            _ => match self.roll(2) {
                0 => Change::RemoveFact(format!("f{}", self.roll(6))),
                _ => Change::RemoveSource(source(self)),
            },
        }
    }
}

/// A model and a store after the same random change sets; also the model after each revision.
fn random_store(seed: u64, n_steps: usize) -> (Store, Model, Vec<Model>) {
    let mut dice = Dice::of_seed(seed);
    let mut model = Model::new(dice.schema());
    let mut store = Store::in_memory("Test", dice.schema().text()).unwrap();
    let mut models = vec![model.clone()];
    let source = |n| Source { id: format!("s{n}"), ..Default::default() };
    let first = (0..3).map(|it| Change::PutSource(source(it)));
    let nodes = (0..8).map(|n| NodeRecord { id: format!("n{n}"), ..dice.node(8) });
    let mut change_set: ChangeSet =
        first.chain(nodes.map(Change::PutNode)).collect::<Vec<_>>().into();
    for _ in 0..n_steps {
        let keys_differ = model.clone();
        match (model.apply(&change_set), store.apply_set(&change_set, &info())) {
            (Ok(()), Ok(applied)) => match applied.revision {
                Some(revision) => {
                    assert_eq!(revision as usize, models.len());
                    models.push(model.clone());
                }
                None => {
                    check_same(&store.snapshot().unwrap(), &keys_differ, false);
                    // Keys that a change set used and gave back are used again only by the store.
                    model = keys_differ;
                }
            },
            (Err(expected), Err(Error::Change(found))) => assert_eq!(found, expected),
            (expected, found) => panic!("model {expected:?}, store {found:?}"),
        }
        change_set = (0..1 + dice.roll(4)).map(|_| dice.change(9)).collect::<Vec<_>>().into();
    }
    (store, model, models)
}

/// The counts of citations are kept up with every change; the model is asked claim by claim.
#[track_caller]
fn check_newest_source(store: &Store, model: &Model) {
    let of_nodes = model.nodes().into_iter().flat_map(|it| &it.record.claims);
    let claims = of_nodes.chain(model.ties().into_iter().flat_map(|it| &it.record.claims));
    let mut n_cited: BTreeMap<&str, i64> = BTreeMap::new();
    for claim in claims.filter(|it| it.certainty != Certainty::Inferred) {
        *n_cited.entry(&claim.source).or_default() += 1;
    }
    let dates = n_cited.keys().filter_map(|it| model.sources()[*it].date);
    let newest = dates.max_by_key(|it| (it.last_key(), it.to_bits()));
    assert_eq!(store.newest_source_date().unwrap(), newest);
    let sql = "SELECT id, n_cited FROM sources WHERE n_cited <> 0 ORDER BY id";
    let mut statement = store.conn.prepare(sql).unwrap();
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let found: Vec<(String, i64)> = found.map(Result::unwrap).collect();
    let expected: Vec<_> = n_cited.into_iter().map(|it| (it.0.to_owned(), it.1)).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_newest_source_is_the_one_that_ends_last() {
    let source = |id: &str, date: &str| {
        let (id, date) = (id.to_owned(), date.parse().ok());
        Change::PutSource(Source { id, date, ..Default::default() })
    };
    let node = |id: &str, source: &str, certainty| {
        let claims = vec![Claim { source: source.into(), certainty, ..Default::default() }];
        let (id, kind, name) = (id.to_owned(), "company".into(), id.to_owned());
        Change::PutNode(NodeRecord { id, kind, name, claims, ..Default::default() })
    };
    let mut store = empty();
    assert_eq!(store.newest_source_date().unwrap(), None);
    let mut check = |changes: Vec<Change>, expected: &str| {
        store.apply_set(&changes.into(), &info()).unwrap();
        let found = store.newest_source_date().unwrap();
        assert_eq!(found.map(|it| it.to_string()).as_deref(), Some(expected));
    };
    let first = vec![
        source("s", "2023"),
        source("t", "2023-03"),
        source("u", "2024"),
        source("v", "2025"),
        node("a", "t", Certainty::Stated),
        node("b", "u", Certainty::Inferred),
    ];
    check(first, "2023-03");
    check(vec![node("c", "s", Certainty::Implied)], "2023");
    check(vec![node("b", "u", Certainty::Stated)], "2024");
    check(vec![Change::RemoveNode("b".into())], "2023");
    check(vec![node("c", "s", Certainty::Inferred)], "2023-03");
}

#[test]
fn changes_mean_the_same_to_a_store_as_to_a_model() {
    for seed in 1..=6 {
        let (store, model, _) = random_store(seed, 250);
        check_same(&store.snapshot().unwrap(), &model, true);
        assert_eq!(store.verify().unwrap(), Verification::default());
        check_newest_source(&store, &model);
        for node in model.nodes() {
            let found = store.node(&node.record.id).unwrap().unwrap();
            assert_eq!(found, (node.key, node.record.clone()));
        }
        for tie in model.ties() {
            let found = store.tie(&tie.record.id()).unwrap().unwrap();
            assert_eq!(found, (tie.key, tie.record.clone()));
        }
        for fact in model.facts().values() {
            assert_eq!(store.fact(&fact.id).unwrap().as_ref(), Some(fact));
        }
    }
}

#[test]
fn every_revision_can_be_looked_at_again() {
    for seed in 11..=14 {
        let (store, _, models) = random_store(seed, 120);
        for (revision, model) in models.iter().enumerate() {
            check_same(&store.snapshot_at(revision as u64).unwrap(), model, true);
        }
        let newest = models.len() as u64 - 1;
        let err = store.snapshot_at(newest + 1).unwrap_err();
        let message = format!("there is no revision {}; the newest is {newest}", newest + 1);
        assert_eq!(err.to_string(), message);
    }
}

#[test]
fn undoing_all_revisions_leads_back_through_all_models() {
    for seed in 21..=24 {
        let (mut store, _, models) = random_store(seed, 100);
        for revision in (1..models.len()).rev() {
            let outcome = store.undo(Some(revision as u64), &info(), &mut |_| {});
            // Later undos are later revisions that changed the same records.
            let is_newest = revision + 1 == models.len();
            assert!(outcome.is_ok() || !is_newest, "{outcome:?}");
            if is_newest {
                check_same(&store.snapshot().unwrap(), &models[revision - 1], false);
                store.undo(None, &info(), &mut |_| {}).unwrap();
                check_same(&store.snapshot().unwrap(), &models[revision], false);
            }
        }
        assert!(store.verify().unwrap().is_sound());
    }
}

#[test]
fn an_undo_is_itself_undone() {
    let mut rounds = 0;
    for seed in 31..=60 {
        let (mut store, model, models) = random_store(seed, 4 + seed as usize % 9);
        if models.len() < 2 {
            continue;
        }
        rounds += 1;
        store.undo(None, &info(), &mut |_| {}).unwrap();
        check_same(&store.snapshot().unwrap(), &models[models.len() - 2], false);
        store.undo(None, &info(), &mut |_| {}).unwrap();
        check_same(&store.snapshot().unwrap(), &model, false);
    }
    assert!(rounds > 20);
}

#[test]
fn an_older_revision_is_undone_unless_later_ones_changed_its_records() {
    let mut store = filled(GRAPH);
    let node = |id: &str, name: &str| {
        let model = fixture_model("x:company");
        let record = model.node("x").unwrap().record.clone();
        Change::PutNode(NodeRecord { id: id.into(), name: name.into(), ..record })
    };
    let mut apply = |changes: Vec<Change>| store.apply_set(&changes.into(), &info()).unwrap();
    apply(vec![node("e", "One")]);
    apply(vec![node("f", "Two")]);
    apply(vec![node("f", "Three")]);
    let err = store.undo(Some(3), &info(), &mut |_| {}).unwrap_err();
    assert_eq!(
        err.to_string(),
        "revision 3 cannot be undone: later revisions changed node `f` (revision 4)\n\
         hint: undo those first, the newest first"
    );
    let applied = store.undo(Some(2), &info(), &mut |_| {}).unwrap();
    assert_eq!((applied.revision, applied.n_removed), (Some(5), 1));
    assert_eq!(store.node("e").unwrap(), None);
    let changes = store.changes_of(4, 10).unwrap();
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    let name = |it: &Option<Record>| match it {
        Some(Record::Node(node)) => node.name.clone(),
        _ => String::new(),
    };
    assert_eq!((name(&change.before), name(&change.after)), ("Two".into(), "Three".into()));
}

#[test]
fn the_same_again_makes_no_revision() {
    let mut store = filled(GRAPH);
    let change_set = changes_of(&fixture_model(GRAPH));
    let applied = store.apply_set(&change_set, &info()).unwrap();
    assert_eq!(applied.revision, None);
    assert_eq!(applied.n_same as usize, change_set.len());
    assert_eq!(store.revision().unwrap(), 1);
}

#[test]
fn a_stream_that_fails_leaves_nothing() {
    let mut store = filled(GRAPH);
    let mut changes: Vec<Result<Change, &str>> =
        changes_of(&fixture_model("z:company")).changes.into_iter().map(Ok).collect();
    changes.push(Err("line 3 is broken"));
    let err = store.apply(changes.into_iter(), &info(), &mut |_| {}).unwrap_err();
    assert_eq!(err.to_string(), "line 3 is broken");
    assert_eq!(store.node("z").unwrap(), None);
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn progress_goes_through_all_phases_in_order() {
    let mut store = empty();
    let mut phases = Vec::new();
    let changes = changes_of(&fixture_model(GRAPH)).changes.into_iter().map(Ok::<_, Error>);
    store.apply(changes, &info(), &mut |it| phases.push(it.phase)).unwrap();
    phases.dedup();
    let all =
        [Phase::Reading, Phase::Writing, Phase::Indexing, Phase::Committing, Phase::Checkpointing];
    assert_eq!(phases, all);
}

#[test]
fn surroundings_hold_what_is_near_with_its_sources() {
    let store = filled("a -hosts-> b; b -hosts-> c; c -hosts-> d; e -hosts-> d");
    let key = store.node("a").unwrap().unwrap().0;
    let near = |depth, limit| {
        let found = store.surroundings(&[key], depth, limit).unwrap();
        (found.snapshot.n_nodes(), found.snapshot.n_ties(), found.is_cut)
    };
    assert_eq!(near(0, 9), (1, 0, false));
    assert_eq!(near(1, 9), (2, 1, false));
    assert_eq!(near(2, 9), (3, 2, false));
    assert_eq!(near(9, 9), (5, 4, false));
    assert_eq!(near(9, 2), (3, 2, true));
    let found = store.surroundings(&[key], 1, 9).unwrap().snapshot;
    assert!(found.find_source("report").is_some());
    assert_eq!(store.surroundings(&[NodeId(99)], 1, 9).unwrap().snapshot.n_nodes(), 0);
}

fn named(id: &str, name: &str, aliases: &[&str], identifier: &str) -> Change {
    let model = fixture_model("x:company");
    let mut record = model.node("x").unwrap().record.clone();
    (record.id, record.name) = (id.into(), name.into());
    record.aliases = aliases.iter().map(|&it| it.to_owned()).collect();
    let (scheme, value) = ("GB-COH".into(), identifier.into());
    record.identifiers = vec![Identifier { scheme, value }];
    Change::PutNode(record)
}

/// What each text finds, in a store filled at once and in one filled node by node.
#[track_caller]
fn check_found(text: &str, expected: &[(&str, How)]) {
    let nodes = [
        named("university-of-leeds", "University of Leeds", &["UoL"], "01"),
        named("leeds-beckett-university", "Leeds Beckett University", &[], "02"),
        named("leeds-city-council", "Leeds City Council", &["LCC"], "03"),
        named("societe", "Société Générale d’Innovation", &["SGI"], "04"),
        named("nexus", "Nexus", &["University of Leeds Nexus"], "05"),
    ];
    let sources = changes_of(&fixture_model("z")).changes;
    let at_once: Vec<Change> = sources.iter().cloned().chain(nodes.iter().cloned()).collect();
    let mut bulk = empty();
    bulk.apply_set(&at_once.into(), &info()).unwrap();
    let mut single = empty();
    single.apply_set(&sources.into(), &info()).unwrap();
    for node in nodes {
        single.apply_set(&vec![node].into(), &info()).unwrap();
    }
    for store in [bulk, single] {
        let hits = store.find(text, 10).unwrap();
        let found: Vec<(&str, How)> = hits.iter().map(|it| (it.id.as_str(), it.how)).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn names_are_found_exactly_then_by_beginning_words_and_spelling() {
    check_found("nexus", &[("nexus", How::Id)]);
    check_found("GB-COH:02", &[("leeds-beckett-university", How::Identifier)]);
    check_found("03", &[("leeds-city-council", How::Identifier)]);
    let leeds = [("university-of-leeds", How::Name), ("nexus", How::Prefix)];
    check_found("university OF Leeds", &leeds);
    check_found("uol", &[("university-of-leeds", How::Alias)]);
    check_found("societe generale", &[("societe", How::Prefix)]);
    check_found("beckett leeds", &[("leeds-beckett-university", How::Words)]);
    let misspelt = [("university-of-leeds", How::Similar), ("nexus", How::Similar)];
    check_found(
        "Univeristy of Leeds",
        &[misspelt[0], misspelt[1], ("leeds-beckett-university", How::Similar)][..2],
    );
    check_found("Leeds Bekett Univarsity", &[("leeds-beckett-university", How::Similar)]);
    check_found("nxeus", &[("nexus", How::Similar)]);
    check_found("\" OR * ( NEAR", &[]);
    check_found("zzzz", &[]);
    check_found("", &[]);
}

#[test]
fn a_name_that_changes_is_found_by_the_new_one_only() {
    let mut store = filled("z:company");
    let apply = |store: &mut Store, change| store.apply_set(&vec![change].into(), &info()).unwrap();
    apply(&mut store, named("e", "Old Hall", &["OH"], "01"));
    apply(&mut store, named("e", "New Mill", &[], "02"));
    assert!(store.find("old hall", 9).unwrap().is_empty());
    assert!(store.nodes_by_name_or_alias("oh").unwrap().is_empty());
    assert!(store.nodes_by_identifier(None, "01").unwrap().is_empty());
    assert_eq!(store.nodes_by_identifier(Some("GB-COH"), "02").unwrap().len(), 1);
    assert_eq!(store.nodes_by_name_or_alias("NEW  mill").unwrap().len(), 1);
}

#[test]
fn a_name_that_only_a_claim_states_is_found_until_the_claim_goes() {
    let body = |names: &[&str]| {
        let claim = |it: &&str| Claim {
            source: "s".into(),
            field: Some("name".into()),
            value: Some((*it).into()),
            ..Default::default()
        };
        let claims = names.iter().map(claim).collect();
        let (id, kind, name) = ("quay".into(), "charity".into(), "Harbour Quay Trust".into());
        Change::PutNode(NodeRecord { id, kind, name, claims, ..Default::default() })
    };
    let source = Change::PutSource(Source { id: "s".into(), ..Default::default() });
    let found = |store: &Store, text: &str| {
        store.find(text, 9).unwrap().into_iter().map(|it| it.how).next()
    };
    let mut store = empty();
    // Of a bulk insert, then one by one.
    let first: ChangeSet = vec![source, body(&["Dockside Foundation"])].into();
    store.apply_set(&first, &info()).unwrap();
    assert_eq!(found(&store, "dockside foundation"), Some(How::Alias));
    assert_eq!(found(&store, "Dockside Fou"), Some(How::Prefix));
    assert_eq!(found(&store, "Doksside"), Some(How::Similar));
    let second: ChangeSet = vec![body(&["Wharf Fund", "Dockside Foundation"])].into();
    store.apply_set(&second, &info()).unwrap();
    assert_eq!(found(&store, "Wharf Fund"), Some(How::Alias));
    assert_eq!(found(&store, "Dockside Foundation"), Some(How::Alias));
    store.apply_set(&vec![body(&[])].into(), &info()).unwrap();
    assert_eq!(found(&store, "Wharf Fund"), None);
    assert_eq!(found(&store, "Harbour Quay Trust"), Some(How::Name));
}

#[test]
fn ties_are_counted_by_relation_and_shown_in_part() {
    let store = filled("a -hosts-> b; a -hosts-> c; a -funds-> b; d -funds-> a");
    let key = store.node("a").unwrap().unwrap().0;
    let mut counts: Vec<(String, bool, u64)> = store
        .tie_counts(key)
        .unwrap()
        .into_iter()
        .map(|it| (it.relation, it.is_outgoing, it.n_ties))
        .collect();
    counts.sort();
    let expected =
        [("funds".into(), false, 1), ("funds".into(), true, 1), ("hosts".into(), true, 2)];
    assert_eq!(counts, expected);
    assert_eq!(store.ties_of(key, "hosts", true, 1).unwrap().len(), 1);
    assert_eq!(store.ties_of(key, "funds", false, 9).unwrap()[0].1.source, "d");
}

#[test]
fn members_of_a_dataset_are_those_with_a_claim_of_it() {
    let (store, model, _) = random_store(3, 200);
    let mut found = Vec::new();
    let each = |what, id: &str| -> Result<(), Error> {
        found.push((what, id.to_owned()));
        Ok(())
    };
    store.for_each_member("leeds", each).unwrap();
    let has = |claims: &[Claim]| claims.iter().any(|it| it.dataset == "leeds");
    let mut expected = Vec::new();
    for it in model.nodes().iter().filter(|it| has(&it.record.claims)) {
        expected.push((What::Node, it.record.id.clone()));
    }
    for it in model.ties().iter().filter(|it| has(&it.record.claims)) {
        expected.push((What::Tie, it.record.id()));
    }
    for it in model.facts().values().filter(|it| it.dataset == "leeds") {
        expected.push((What::Fact, it.id.clone()));
    }
    found.sort();
    expected.sort();
    assert!(expected.len() > 3);
    assert_eq!(found, expected);
}

#[test]
fn hostile_texts_come_back_as_they_were() {
    let texts = [
        "'; DROP TABLE nodes; --",
        "=cmd()",
        "a\0b",
        "\u{202e}abc",
        "e\u{301}",
        "<b>&",
        "--",
        "\u{10ffff}",
    ];
    let mut store = filled("z:company");
    for (n, text) in texts.into_iter().enumerate() {
        let mut change = named(&format!("x{n}--{text}"), text, &[text, "b"], text);
        if let Change::PutNode(node) = &mut change {
            node.claims[0].locator = text.into();
            node.properties.insert(text.into(), Value::String(text.into()));
        }
        let Change::PutNode(node) = change.clone() else { unreachable!() };
        store.apply_set(&vec![change].into(), &info()).unwrap();
        assert_eq!(store.node(&node.id).unwrap().unwrap().1, node);
        assert_eq!(store.find(&node.id, 1).unwrap()[0].how, How::Id);
        store.find(text, 5).unwrap();
        let tie = TieRecord {
            source: node.id.clone(),
            relation: "supports".into(),
            target: "z".into(),
            key: Some(text.into()),
            claims: node.claims,
            ..Default::default()
        };
        store.apply_set(&vec![Change::PutTie(tie.clone())].into(), &info()).unwrap();
        assert_eq!(store.tie(&tie.id()).unwrap().unwrap().1, tie);
        store.apply_set(&vec![Change::RemoveTie(tie.id())].into(), &info()).unwrap();
    }
    assert!(store.verify().unwrap().is_sound());
}

fn on_disk() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weft.db");
    let mut store = Store::create(&path, &options()).unwrap();
    store.apply_set(&changes_of(&fixture_model(GRAPH)), &info()).unwrap();
    (folder, path)
}

#[test]
fn a_store_is_the_same_after_it_was_closed() {
    let (_folder, path) = on_disk();
    let store = Store::open(&path, Access::Read).unwrap();
    check_same(&store.snapshot().unwrap(), &fixture_model(GRAPH), true);
    assert_eq!(store.title().unwrap(), "Test");
    assert_eq!(store.schema_text().unwrap(), Schema::bundled().text());
    assert!(!store.is_immutable());
    let status = store.status().unwrap();
    assert_eq!((status.revision, status.n_nodes, status.n_ties), (1, 4, 5));
    assert_eq!(status.mismatch, None);
    let history = store.history(9).unwrap();
    assert_eq!((history.len(), history[0].who.as_str(), history[0].n_ties), (1, "me", 5));
}

#[test]
fn readers_see_what_was_committed_while_another_writes() {
    let (_folder, path) = on_disk();
    let mut writer = Store::open(&path, Access::Write).unwrap();
    let reader = Store::open(&path, Access::Read).unwrap();
    let other = Store::open(&path, Access::Read).unwrap();
    let changes = changes_of(&fixture_model("n:company; m:company")).changes;
    let changes = changes.into_iter().map(|it| {
        assert_eq!(reader.snapshot().unwrap().n_nodes(), 4);
        assert_eq!(other.find("n", 3).unwrap(), []);
        Ok::<_, Error>(it)
    });
    writer.apply(changes, &info(), &mut |_| {}).unwrap();
    assert_eq!(reader.snapshot().unwrap().n_nodes(), 6);
    assert_eq!(other.find("n", 3).unwrap().len(), 1);
}

#[test]
fn a_second_writer_is_told_that_the_store_is_locked() {
    let (_folder, path) = on_disk();
    let mut second = Store::open(&path, Access::Write).unwrap();
    second.conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let first = rusqlite::Connection::open(&path).unwrap();
    first.execute_batch("BEGIN IMMEDIATE").unwrap();
    let err = second.undo(None, &info(), &mut |_| {}).unwrap_err();
    let UndoError::Store(err) = err else { panic!("{err}") };
    assert_eq!(err.kind(), ErrorKind::Unavailable);
    assert!(err.to_string().starts_with("the store is locked"), "{err}");
}

#[test]
fn a_full_disk_leaves_the_store_as_it_was() {
    let (_folder, path) = on_disk();
    let mut store = Store::open(&path, Access::Write).unwrap();
    let n_pages: i64 = store.conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.conn.pragma_update(None, "max_page_count", n_pages).unwrap();
    let long = "x".repeat(100_000);
    let err = store.apply_set(&vec![named("e", &long, &[], "1")].into(), &info()).unwrap_err();
    assert_eq!(err.kind(), ErrorKind::Environment);
    assert!(err.to_string().starts_with("the disk is full; the store is as it was"), "{err}");
    check_same(&store.snapshot().unwrap(), &fixture_model(GRAPH), true);
    assert!(store.verify().unwrap().is_sound());
}

#[track_caller]
fn check_refused(path: &Path, access: Access, kind: ErrorKind, message: &str) {
    let err = Store::open(path, access).unwrap_err();
    assert_eq!(err.kind(), kind, "{err}");
    assert!(err.to_string().contains(message), "{err}");
}

#[test]
fn what_is_no_store_is_refused_by_its_name_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for access in [Access::Read, Access::Write] {
        check_refused(&path("none.db"), access, ErrorKind::Input, "there is no store at");
        assert!(!path("none.db").exists());
        check_refused(folder.path(), access, ErrorKind::Input, "is a folder, not a store");
        std::fs::write(path("a.csv"), "id,kind,name\n".repeat(99)).unwrap();
        check_refused(&path("a.csv"), access, ErrorKind::Input, "is no database");
        std::fs::write(path("empty"), "").unwrap();
        check_refused(&path("empty"), access, ErrorKind::Input, "is no database");
        if !path("other.db").exists() {
            let other = rusqlite::Connection::open(path("other.db")).unwrap();
            other.execute_batch("CREATE TABLE t (x)").unwrap();
        }
        let message = "is a SQLite database, but not a weft store";
        check_refused(&path("other.db"), access, ErrorKind::Input, message);
    }
    let err = Store::create(path("a.csv"), &options()).unwrap_err();
    assert!(matches!(err, Error::Exists(_)));
    assert!(std::fs::read_to_string(path("a.csv")).unwrap().starts_with("id,kind"));
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    let (_folder, path) = on_disk();
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", layout::VERSION + 1).unwrap();
    drop(conn);
    let message = "is a store of version 2; this weft reads up to version 1";
    check_refused(&path, Access::Read, ErrorKind::Unavailable, message);
    check_refused(&path, Access::Write, ErrorKind::Unavailable, message);
}

#[test]
fn a_reader_may_not_write() {
    let (_folder, path) = on_disk();
    let mut store = Store::open(&path, Access::Read).unwrap();
    let err = store.apply_set(&ChangeSet::default(), &info()).unwrap_err();
    assert_eq!(err.to_string(), "the store was opened for reading only");
    assert!(store.conn.execute("DELETE FROM ties", []).is_err());
}

#[test]
fn a_tie_whose_node_was_deleted_from_outside_is_an_error_and_no_panic() {
    let (_folder, path) = on_disk();
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM nodes WHERE id = 'a'").unwrap();
    drop(conn);
    let store = Store::open(&path, Access::Read).unwrap();
    let err = store.snapshot().unwrap_err();
    assert_eq!(err.kind(), ErrorKind::Data);
    assert!(err.to_string().contains("tie 1 ends at a node that is not there"), "{err}");
    assert!(!store.verify().unwrap().dangling.is_empty());
}

#[track_caller]
fn check_outside(sql: &str, message: &str) {
    let (_folder, path) = on_disk();
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(sql).unwrap();
    drop(conn);
    let store = Store::open(&path, Access::Read).unwrap();
    let found = store.status().unwrap().mismatch.map(|it| it.to_string()).unwrap_or_default();
    assert!(found.contains(message), "{found}");
    let verification = store.verify().unwrap();
    assert!(!verification.is_sound());
    assert_eq!(verification.mismatch.map(|it| it.to_string()).unwrap_or_default(), found);
}

#[test]
fn a_write_from_outside_is_noticed() {
    let changed = "a record is not as revision 1 left it";
    check_outside("UPDATE nodes SET name = 'other' WHERE id = 'a'", changed);
    check_outside("UPDATE ties SET amount = 501 WHERE amount = 500", changed);
    check_outside("UPDATE sources SET title = 'other'", changed);
    check_outside("UPDATE words SET word = 'other' WHERE word = 'council'", changed);
    check_outside("DELETE FROM ties WHERE key = 1", "holds 4 ties, but revision 1 left 5");
    check_outside("UPDATE ties SET valid_from = 20189900 WHERE key = 1", "a row cannot be read");
}

fn free_node(id: &str, labels: &[&str], properties: &[(&str, Value)]) -> Change {
    let properties = properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    Change::PutNode(NodeRecord::free(id.into(), labels.iter().copied(), properties.collect()))
}

fn free_tie(key: u32, source: &str, relation: &str, target: &str, since: Option<i64>) -> Change {
    Change::PutTie(TieRecord {
        given_id: Some(TieId(key).open_id()),
        source: source.into(),
        relation: relation.into(),
        target: target.into(),
        properties: since.map(|it| ("since".to_owned(), Value::Integer(it))).into_iter().collect(),
        ..Default::default()
    })
}

#[test]
fn a_store_without_a_schema_keeps_labels_types_and_values_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("free.db");
    let schema_text = Schema::open().text().to_owned();
    let options = CreateOptions { title: "Free".into(), schema_text };
    let mut store = Store::create(&path, &options).unwrap();
    let values = [
        ("null in a list", Value::List(vec![Value::Null, Value::Integer(-1)])),
        ("float", Value::Float(1.0)),
        ("integer", Value::Integer(i64::MIN)),
        ("text", Value::String("\u{0}\"'é".into())),
        ("truth", Value::Boolean(false)),
        ("name", Value::String("Ada".into())),
        ("point", Value::Point(weft_value::Point { srid: 4326, x: -1.5, y: 53.8, z: None })),
    ];
    let changes = vec![
        free_node("n1", &["Person", "has:colon"], &values),
        free_node("n2", &[], &[("name", Value::Integer(3))]),
        free_tie(1, "n1", "any type -- at all", "n2", Some(1843)),
        free_tie(2, "n1", "any type -- at all", "n2", None),
        free_tie(3, "n2", "LOOP", "n2", None),
    ];
    store.apply_set(&changes.into(), &info()).unwrap();
    drop(store);
    let store = Store::open(&path, Access::Read).unwrap();
    assert!(store.schema().unwrap().is_open() && store.verify().unwrap().is_sound());
    let snapshot = store.snapshot().unwrap();
    let ada = snapshot.node(snapshot.find_node("n1").unwrap());
    assert_eq!(ada.kind().labels, ["Person", "has:colon"]);
    for (name, value) in values {
        assert_eq!(ada.get(name).map(|it| it.to_value()), Some(value), "{name}");
    }
    let other = snapshot.node(snapshot.find_node("n2").unwrap());
    assert_eq!((other.kind().labels.len(), other.name()), (0, "n2"));
    assert_eq!(other.get("name").map(|it| it.to_value()), Some(Value::Integer(3)));
    let tie = snapshot.tie(snapshot.find_tie("r1").unwrap());
    assert_eq!(tie.relation().type_name, "any type -- at all");
    assert_eq!(tie.property("since"), Some(&Value::Integer(1843)));
    assert_eq!(store.find("ada", 5).unwrap()[0].id, "n1");
    let stored: Option<String> = store
        .conn
        .query_row("SELECT given_id FROM ties WHERE key = 1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(stored, None);
}

#[test]
fn what_was_deleted_without_a_schema_comes_back_with_its_id() {
    let mut store = Store::in_memory("Free", Schema::open().text()).unwrap();
    let mut apply = |changes: Vec<Change>| store.apply_set(&changes.into(), &info()).unwrap();
    apply(vec![free_node("n1", &["A"], &[]), free_tie(1, "n1", "T", "n1", Some(1))]);
    apply(vec![Change::RemoveTie("r1".into()), Change::RemoveNode("n1".into())]);
    apply(vec![free_node("n2", &["B"], &[]), free_tie(2, "n2", "T", "n2", None)]);
    store.undo(Some(2), &info(), &mut |_| {}).unwrap();
    let (key, tie) = store.tie("r1").unwrap().unwrap();
    assert_eq!((key, tie.source.as_str()), (TieId(3), "n1"));
    let snapshot = store.snapshot().unwrap();
    let tie = snapshot.tie(snapshot.find_tie("r1").unwrap());
    assert_eq!(tie.property("since"), Some(&Value::Integer(1)));
    assert_eq!(snapshot.find_tie("r3"), None);
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn changes_over_a_state_that_others_changed_are_refused() {
    let mut store = Store::in_memory("Free", Schema::open().text()).unwrap();
    let put = |id: &str| ChangeSet::from(vec![free_node(id, &["A"], &[])]);
    assert_eq!(store.apply_over(0, &put("n1"), &info()).unwrap().revision, Some(1));
    let err = store.apply_over(0, &put("n1"), &info()).unwrap_err();
    assert!(matches!(err, Error::Overtaken { base: 0, newest: 1 }), "{err}");
    assert_eq!(store.apply_over(1, &put("n2"), &info()).unwrap().revision, Some(2));
}
