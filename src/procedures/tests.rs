//! Every procedure on the bundled graph: what it yields fits what it says it yields.

use std::collections::BTreeMap;

use weft_cypher::{
    FieldType, Interrupt, Parameters, Procedure, ProcedureError, RunOptions, Transaction,
};
use weft_graph::Snapshot;
use weft_value::{NodeValue, Value};

use crate::database::Database;
use crate::ecosystem::{MEASURES, Question, RankOptions, critical, rank};
use crate::procedures::{all, verbs};

/// A start-up and another body of the bundled graph.
const START_UP: &str = "hyivy";
const BODY: &str = "nexus";

fn bundled() -> Snapshot {
    Database::bundled().unwrap().snapshot(None).unwrap()
}

fn call(
    snapshot: &Snapshot,
    name: &str,
    arguments: &[Value],
) -> Result<Vec<Vec<Value>>, ProcedureError> {
    let procedures = all();
    let mut rows = Vec::new();
    procedures.find(name).expect(name).call(snapshot, arguments, &|| false, &mut |row| {
        rows.push(row);
        true
    })?;
    Ok(rows)
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn options(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

/// Something for each argument that a procedure takes before its options.
fn arguments(procedure: &dyn Procedure) -> Vec<Value> {
    let inputs = procedure.signature().inputs.iter();
    let wanted = inputs.map(|it| match (procedure.signature().name.as_str(), it.name.as_str()) {
        (_, "options") => options(&[]),
        ("weft.diff", "from") => text("2019"),
        ("weft.diff", "to") => text("2024"),
        (_, "to" | "record" | "body") => text(BODY),
        (_, "text") => text("Nexus"),
        (_, "kind") => text("programme"),
        _ => text(START_UP),
    });
    wanted.collect()
}

fn fits(value: &Value, field_type: FieldType) -> bool {
    matches!(
        (field_type, value),
        (_, Value::Null)
            | (FieldType::Any, _)
            | (FieldType::Node, Value::Node(_))
            | (FieldType::Relationship, Value::Relationship(_))
            | (FieldType::Path, Value::Path(_))
            | (FieldType::List, Value::List(_))
            | (FieldType::Map, Value::Map(_))
            | (FieldType::String, Value::String(_))
            | (FieldType::Integer, Value::Integer(_))
            | (FieldType::Float, Value::Float(_))
            | (FieldType::Boolean, Value::Boolean(_))
    )
}

#[test]
fn every_procedure_yields_what_its_signature_says() {
    let snapshot = bundled();
    // Nothing of these is in the bundled data.
    let empty = ["weft.ledger"];
    for procedure in all().iter() {
        let signature = procedure.signature();
        // Tests against chance take long, and are tested where they are made.
        let mut arguments = arguments(procedure.as_ref());
        match signature.name.as_str() {
            "weft.holes" => arguments = vec![options(&[("chance", Value::Boolean(false))])],
            "weft.fit" => arguments = vec![options(&[("starts", text(BODY))])],
            "weft.what_if" => arguments = vec![options(&[("without", text(BODY))])],
            _ => (),
        }
        let rows = call(&snapshot, &signature.name, &arguments).unwrap();
        assert!(
            !rows.is_empty() || empty.contains(&signature.name.as_str()),
            "{} has no rows",
            signature.name
        );
        for row in &rows {
            assert_eq!(row.len(), signature.outputs.len(), "{}", signature.name);
            for (value, field) in row.iter().zip(&signature.outputs) {
                let (name, column) = (&signature.name, &field.name);
                assert!(fits(value, field.field_type), "{name}: {column} is {value:?}");
            }
        }
    }
}

#[test]
fn every_procedure_and_column_is_described_once() {
    let mut names = BTreeMap::new();
    for procedure in all().iter() {
        let signature = procedure.signature();
        assert!(signature.meaning.ends_with('.') && signature.meaning.len() > 20, "{signature}");
        let columns = signature.outputs.iter().map(|it| it.name.as_str());
        let mut columns: Vec<_> = columns.collect();
        columns.sort_unstable();
        let n = columns.len();
        columns.dedup();
        assert_eq!(columns.len(), n, "{signature}");
        assert!(names.insert(signature.name.clone(), ()).is_none(), "{signature}");
    }
}

#[test]
fn every_measure_and_every_finding_has_its_procedure() {
    let verbs = verbs();
    for measure in MEASURES {
        assert!(all().find(&format!("weft.{}", measure.name)).is_some(), "{}", measure.name);
    }
    // The verbs that answer questions; the others import, show, draw or administer.
    for verb in [
        "access",
        "brokers",
        "canvas",
        "check",
        "communities",
        "critical",
        "diff",
        "facts",
        "find",
        "flows",
        "gaps",
        "hubs",
        "introduce",
        "journey",
        "matrix",
        "path",
        "project",
        "rank",
        "show",
        "similar",
        "sources",
        "stats",
        "what-if",
        "who",
    ] {
        assert!(verbs.iter().any(|it| it.1 == verb), "no procedure answers what `{verb}` answers");
    }
}

#[test]
fn a_measure_gives_the_figures_of_its_ranking() {
    let snapshot = bundled();
    let top = options(&[("top", Value::Integer(5))]);
    let rows = call(&snapshot, "weft.betweenness", &[top]).unwrap();
    let question = Question::default();
    let measure = MEASURES.iter().find(|it| it.name == "betweenness").unwrap();
    let found = rank(
        &snapshot.at_floor(question.floor),
        &question,
        measure,
        &RankOptions::default(),
        &mut weft_analytics::Run::default(),
    );
    let expected: Vec<_> =
        found.unwrap().rows.iter().take(5).map(|it| (it.node.id.clone(), it.value)).collect();
    let found = rows.iter().map(|row| match (&row[0], &row[1]) {
        (Value::Node(node), Value::Float(score)) => (node.element_id.clone(), *score),
        other => panic!("{other:?}"),
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn the_view_is_what_the_options_say() {
    let snapshot = bundled();
    let at =
        |entries: &[(&str, Value)]| call(&snapshot, "weft.critical", &[options(entries)]).unwrap();
    let question = Question { as_of: Some("2019".parse().unwrap()), ..Question::default() };
    let expected = critical(&snapshot.at_floor(question.floor), &question).rows.len();
    assert_eq!(at(&[("as_of", text("2019"))]).len(), expected);
    assert_ne!(at(&[("certainty", text("stated"))]), at(&[]));
    let kinds = Value::List(vec![text("Company"), text("University")]);
    let among = call(&snapshot, "weft.degree", &[options(&[("kinds", kinds)])]).unwrap();
    assert!(
        !among.is_empty()
            && among.len() < call(&snapshot, "weft.degree", &[options(&[])]).unwrap().len()
    );
}

#[test]
fn top_counts_rows_of_each_list() {
    let snapshot = bundled();
    let top = || options(&[("top", Value::Integer(2))]);
    let lists = call(&snapshot, "weft.hubs", &[top()]).unwrap();
    let lists: Vec<_> = lists.iter().map(|row| row[0].to_string()).collect();
    let meanings = ["works_with_most", "connects_groups", "shortest_way_to_all"];
    assert_eq!(lists, meanings.map(|it| [it, it]).concat());
    assert_eq!(call(&snapshot, "weft.degree", &[top()]).unwrap().len(), 2);
}

#[test]
fn suppositions_are_bodies_ties_and_lists_of_three() {
    let snapshot = bundled();
    let tie = Value::List(vec![text(START_UP), text("PARTNERS_WITH"), text(BODY)]);
    let add = options(&[("add", Value::List(vec![tie]))]);
    let rows = call(&snapshot, "weft.what_if", &[add]).unwrap();
    let came = rows.iter().filter(|row| row[0] == text("ties") && row[1] == text("came"));
    assert_eq!(came.count(), 1);
}

#[test]
fn findings_are_compared_by_their_names() {
    let snapshot = bundled();
    let of = |finding: &str| {
        let findings = Value::List(vec![text(finding)]);
        let asked = options(&[("without", text(BODY)), ("findings", findings)]);
        call(&snapshot, "weft.what_if", &[asked])
    };
    let told = of("matrix").unwrap();
    let told: Vec<_> = told.iter().filter(|row| row[0] == text("matrix")).collect();
    assert!(!told.is_empty());
    assert!(told.iter().all(|row| row[3] != row[4]), "what is the same is left out");
    let error = of("matrices").unwrap_err();
    assert!(format!("{error:?}").contains("no finding that can be compared"), "{error:?}");
}

#[test]
fn a_body_is_given_as_a_node_or_by_any_of_its_names() {
    let snapshot = bundled();
    let node = snapshot.node(snapshot.find_node(BODY).unwrap());
    let value = Value::Node(Box::new(NodeValue {
        key: i64::from(node.key().0),
        element_id: node.id().into(),
        labels: Vec::new(),
        properties: BTreeMap::new(),
    }));
    let by_id = call(&snapshot, "weft.who", &[text(BODY), options(&[])]).unwrap();
    assert_eq!(call(&snapshot, "weft.who", &[value, options(&[])]).unwrap(), by_id);
    assert_eq!(call(&snapshot, "weft.who", &[text(node.name()), options(&[])]).unwrap(), by_id);
}

#[test]
fn what_cannot_be_asked_is_refused_with_the_way_out() {
    let snapshot = bundled();
    let says = |name: &str, arguments: &[Value]| {
        let error = call(&snapshot, name, arguments).expect_err(name);
        format!("{}; hint: {}", error.message, error.hint.unwrap_or_default())
    };
    assert_eq!(
        says("weft.hubs", &[options(&[("tops", Value::Integer(3))])]),
        "`weft.hubs` has no option `tops`; hint: did you mean `top`?"
    );
    assert_eq!(
        says("weft.hubs", &[options(&[("kinds", text("Compny"))])]),
        "`Compny` is no kind here; hint: did you mean `company`?"
    );
    assert_eq!(
        says("weft.matrix", &[options(&[("by", text("colour"))])]),
        "`colour` is no `by`; hint: use one of `kind`, `sector`, `place`, `community`"
    );
    assert_eq!(
        says("weft.who", &[text("no such body"), options(&[])]),
        "nothing here is called `no such body`; hint: `MATCH (n) WHERE n.name CONTAINS ..` finds \
         bodies by a part of a name"
    );
}

/// The rows of a query on the bundled graph, as a table shows them.
fn asked(query: &str) -> Vec<String> {
    let mut transaction = Transaction::new(bundled());
    let prepared = transaction.prepare(query, &all()).unwrap();
    let found = transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
    let line =
        |row: &Vec<Value>| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    found.rows.iter().map(line).collect()
}

#[test]
fn a_query_goes_on_from_what_a_procedure_yields() {
    let snapshot = bundled();
    let top = call(&snapshot, "weft.degree", &[options(&[("top", Value::Integer(3))])]).unwrap();
    let expected = top.iter().map(|row| match (&row[0], &row[1]) {
        (Value::Node(node), score) => format!("{} | {score}", node.element_id),
        other => panic!("{other:?}"),
    });
    let query = "CALL weft.degree({top: 3}) YIELD node, score RETURN node.id, score";
    assert_eq!(asked(query), expected.collect::<Vec<_>>());
    let n_sources = asked("CALL weft.sources() YIELD id RETURN count(id)");
    assert_eq!(n_sources, [snapshot.sources().count().to_string()]);
    // Each row of the query asks again, of its own node.
    let query = "MATCH (n {id: 'hyivy'})--(m) WITH DISTINCT m CALL weft.claims(m) YIELD source \
                 RETURN count(DISTINCT m) = 0, count(source) > 0";
    assert_eq!(asked(query), ["false | true"]);
    let query = "CALL weft.path('hyivy', 'nexus') YIELD path, n_links \
                 RETURN length(path) = n_links, nodes(path)[0].id LIMIT 1";
    assert_eq!(asked(query), ["true | hyivy"]);
}

#[test]
fn a_query_that_is_to_end_ends_within_a_procedure() {
    let mut transaction = Transaction::new(bundled());
    let interrupt = || Some(Interrupt::Cancelled);
    let mut ask = |query: &str| {
        let prepared = transaction.prepare(query, &all()).unwrap();
        let options = RunOptions { interrupt: Some(&interrupt), ..RunOptions::default() };
        transaction.run(&prepared, &Parameters::default(), &options).map(|it| it.rows.len())
    };
    for call in [
        "hubs({stability: true})",
        "holes()",
        "plan()",
        "communities()",
        "access()",
        "matrix({by: 'community'})",
    ] {
        let fault = ask(&format!("CALL weft.{call}")).unwrap_err();
        assert_eq!(fault.message, "the query was cancelled", "{call}");
    }
    // What is done before anybody asks is done.
    assert_eq!(ask("RETURN 1"), Ok(1));
}

#[test]
fn what_can_be_called_is_listed() {
    let names =
        asked("CALL dbms.procedures() YIELD name WHERE name STARTS WITH 'weft.' RETURN name");
    assert_eq!(names.len(), all().iter().count());
    assert!(!asked("SHOW PROCEDURES").is_empty() && !asked("SHOW FUNCTIONS").is_empty());
    let labels = asked("CALL db.labels() YIELD label RETURN label");
    assert_eq!(labels, asked("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l ORDER BY l"));
    let types = asked("CALL db.relationshipTypes()");
    assert_eq!(types, asked("MATCH ()-[r]->() RETURN DISTINCT type(r) AS t ORDER BY t"));
    let keys = asked("CALL db.propertyKeys()");
    assert_eq!(
        keys,
        asked(
            "MATCH (n) UNWIND keys(n) AS k RETURN k UNION MATCH ()-[r]->() UNWIND \
                            keys(r) AS k RETURN k"
        )
        .into_iter()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
}
