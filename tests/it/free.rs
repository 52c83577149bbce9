//! A store without a schema, from its making to what the command says of it.

use std::collections::BTreeMap;
use std::path::Path;

use weft::database::Database;
use weft_graph::{Change, ChangeSet, NodeRecord, TieId, TieRecord};
use weft_store::RevisionInfo;
use weft_value::Value;

use crate::runner::Workplace;

fn fill(path: &Path) {
    let text = |it: &str| Value::String(it.into());
    let node = |id: &str, labels: &[&str], properties: &[(&str, Value)]| {
        let properties = properties.iter().cloned().map(|(key, it)| (key.to_owned(), it)).collect();
        Change::PutNode(NodeRecord::free(id.into(), labels.iter().copied(), properties))
    };
    let tie = |key, source: &str, relation: &str, target: &str| {
        let given_id = Some(TieId(key).open_id());
        let (source, relation, target) = (source.into(), relation.into(), target.into());
        let properties = BTreeMap::from([("since".to_owned(), Value::Integer(1843))]);
        Change::PutTie(TieRecord {
            given_id,
            source,
            relation,
            target,
            properties,
            ..Default::default()
        })
    };
    let changes = vec![
        node("n1", &["Person", "Author"], &[("name", text("Ada Lovelace"))]),
        node(
            "n2",
            &["Machine"],
            &[("name", text("Analytical Engine")), ("parts", Value::Integer(4000))],
        ),
        node("n3", &[], &[]),
        tie(1, "n1", "WROTE_FOR", "n2"),
        tie(2, "n3", "WROTE_FOR", "n2"),
    ];
    let mut database = Database::locate(Some(path), true).unwrap();
    let info = RevisionInfo { what: "test".into(), ..RevisionInfo::default() };
    database.commit(0, &ChangeSet { changes }, &info).unwrap();
}

#[test]
fn every_verb_that_makes_sense_without_a_schema_answers() {
    let place = Workplace::new();
    let init = place.weft("--db free.db init --free --title Engines");
    assert!(init.stdout.contains("any label, type and property"), "{init:?}");
    fill(&place.path("free.db"));
    let check = |arguments: &str, words: &[&str]| {
        // What a person at a terminal sees, where the verb has no form of its own.
        let form = if arguments.contains("--format") { "" } else { "--format table" };
        let found = place.weft(&format!("--db free.db {form} {arguments}"));
        assert_eq!(found.code, 0, "{arguments}: {found:?}");
        for word in words {
            assert!(found.stdout.contains(word), "{arguments} lacks `{word}`:\n{}", found.stdout);
        }
    };
    check("status", &["3 nodes", "2 ties", "Schema: none", "Whole: yes"]);
    check("schema", &["Author, Person", "WROTE_FOR", "no label"]);
    check("check", &[]);
    check("check --deep", &[]);
    check("find lovelace", &["Ada Lovelace", "n1"]);
    check("find ada --kind Person", &["n1"]);
    check("show 'Analytical Engine'", &["Machine [n2]", "parts: 4000", "since: 1843"]);
    check("show n3", &["no label [n3]", "n3 WROTE_FOR Analytical Engine"]);
    check("who n2", &["Ada Lovelace"]);
    check("stats", &["3"]);
    check("hubs", &["Analytical Engine"]);
    check("export --format json -o -", &["Author:Person", "\"since\"", "\"r1\""]);
    check("draw --format svg", &["<svg", "Ada Lovelace"]);
    check("history", &["test"]);
    check("undo", &[]);
    check("status", &["0 nodes"]);
}

#[test]
fn files_are_not_read_into_a_store_without_a_schema() {
    let place = Workplace::new();
    place.weft("--db free.db init --free");
    let output = place.weft("--db free.db import .");
    assert!(output.code != 0 && output.stderr.contains("has no schema"), "{output:?}");
}
