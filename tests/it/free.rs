//! A store without a schema, from its making to what the command says of it.

use std::path::Path;

use weft::database::Database;
use weft_cypher::{CommitOptions, Parameters, Procedures, RunOptions, Transaction};
use weft_graph::{Schema, Source};
use weft_store::RevisionInfo;
use weft_value::Value;

use crate::runner::Workplace;

/// Runs a query over the newest revision and commits what it writes as the next.
fn write(database: &mut Database, query: &str, options: &CommitOptions) {
    let (base, snapshot) = database.newest().unwrap();
    let mut transaction = Transaction::new(snapshot);
    let prepared = transaction.prepare(query, &Procedures::default()).unwrap();
    transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
    let info = RevisionInfo { what: "test".into(), ..RevisionInfo::default() };
    database.commit(base, &transaction.commit(options).unwrap(), &info).unwrap();
}

/// The rows of a query over the newest revision.
fn read(database: &Database, query: &str) -> Vec<Vec<Value>> {
    let mut transaction = Transaction::new(database.snapshot(None).unwrap());
    let prepared = transaction.prepare(query, &Procedures::default()).unwrap();
    transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap().rows
}

fn fill(path: &Path) {
    let mut database = Database::locate(Some(path), true).unwrap();
    write(
        &mut database,
        "CREATE (:Person:Author {name: 'Ada Lovelace'})-[:WROTE_FOR {since: 1843}]->
           (m:Machine {name: 'Analytical Engine', parts: 4000}), ()-[:WROTE_FOR]->(m)",
        &CommitOptions::default(),
    );
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
fn files_are_read_into_a_store_without_a_schema() {
    let place = Workplace::new();
    place.weft("--db free.db init --free");
    place.write(
        "people/nodes.csv",
        "id,kind,name,born:integer,tags,valid_from\nada,Author:Person,Ada Lovelace,1815,maths|poetry,\n\
         ,Person,Charles Babbage,1791,,1791-12\nlondon,City,London,,,\n",
    );
    place.write(
        "people/ties.csv",
        "from,relation,to,since:integer\nada,KNOWS,Charles Babbage,1833\nada,LIVES_IN,london,\n",
    );
    let dry = place.weft("--db free.db --format table import people --dry-run");
    assert!(dry.stdout.contains("added 6"), "{dry:?}");
    assert!(place.weft("--db free.db --format table status").stdout.contains("0 nodes"));
    let run = place.weft("--db free.db import people --source-date 2025-11");
    assert_eq!(run.code, 0, "{run:?}");
    let read = |query: &str| place.weft(&format!("--db free.db query '{query}'")).stdout;
    let nodes = "MATCH (n) RETURN labels(n) AS labels, n.name AS name, n.born AS born, \
                 n.tags AS tags, n.valid_from AS since ORDER BY name";
    assert_eq!(
        read(nodes),
        "labels\tname\tborn\ttags\tsince\nAuthor|Person\tAda Lovelace\t1815\tmaths|poetry\t\n\
         Person\tCharles Babbage\t1791\t\t1791-12\nCity\tLondon\t\t\t\n",
    );
    let ties =
        "MATCH (a)-[r]->(b) RETURN type(r) AS type, b.name AS to, r.since AS since ORDER BY type";
    assert_eq!(read(ties), "type\tto\tsince\nKNOWS\tCharles Babbage\t1833\nLIVES_IN\tLondon\t\n");
    let again = place.weft("--db free.db import people --source-date 2025-11");
    assert!(again.stdout.contains("changed 0, same 6"), "{again:?}");
    assert!(again.stdout.contains("no new revision"), "{again:?}");
    place.write(
        "people/nodes.csv",
        "id,kind,name,born:integer,tags\nada,Person:Author,Ada Lovelace,1815,\n\
         ,Person,Charles Babbage,1791,\nlondon,City:Capital,London,,\n",
    );
    let changed = place.weft("--db free.db import people --source-date 2025-11");
    assert!(changed.stdout.contains("changed 2, same 4"), "{changed:?}");
    assert!(read("MATCH (n:Capital) RETURN n.name AS name").contains("London"));
    place.write("people/ties.csv", "from,relation,to\nada,KNOWS,Nobody\n,KNOWS,ada\n");
    let wrong = place.weft("--db free.db import people");
    assert_eq!(wrong.code, 3, "{wrong:?}");
    assert!(
        wrong.stderr.contains("ties.csv, row 2") && wrong.stderr.contains("Nobody"),
        "{wrong:?}"
    );
    assert!(wrong.stderr.contains("ties.csv, row 3"), "{wrong:?}");
}

#[test]
fn a_store_without_a_schema_that_is_exported_and_read_back_is_the_same() {
    let place = Workplace::new();
    let (first, second) = (place.path("first.db"), place.path("second.db"));
    let mut database = Database::create(&first, "First", Schema::open().text()).unwrap();
    for query in [
        "CREATE (:A {name: 'x', at: datetime('2024-03-01T12:00[Europe/London]'), f: 1.0, i: 1}),
           (:`a label:with a colon`:B {list: [1, 2, 3], long: duration('P1M2DT3.4S'), b: true}),
           (:A {name: 'x', stage: 'any', tags: 5, valid_from: date('2024-01-01')}), ()",
        "MATCH (a:A), (b) CREATE (a)-[:`any type` {weight: 0.5, role: 'r'}]->(b)",
        "MATCH (n) WHERE n.i = 1 DETACH DELETE n",
    ] {
        write(&mut database, query, &CommitOptions::default());
    }
    drop(database);
    assert_eq!(place.weft("--db first.db export --format csv -o out").code, 0);
    assert_eq!(place.weft("--db second.db init --free").code, 0);
    let run = place.weft("--db second.db import out --source-date 2025-11");
    assert_eq!(run.code, 0, "{run:?}");
    let everything = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m)
        RETURN labels(n), properties(n), type(r), properties(r) ORDER BY elementId(n), elementId(r)";
    let [first, second] = [first, second].map(|it| Database::locate(Some(&it), false).unwrap());
    assert_eq!(read(&second, everything), read(&first, everything));
    let ids = "MATCH (n) RETURN elementId(n) ORDER BY elementId(n)";
    assert_eq!(read(&second, ids), read(&first, ids));
    assert_eq!(second.snapshot(None).unwrap().sources().count(), 0, "nothing rests on the files");
}

#[test]
fn an_export_of_a_store_without_a_schema_brings_no_source_to_what_has_none() {
    let place = Workplace::new();
    let run = |arguments: &str| {
        let run = place.weft(arguments);
        assert_eq!(run.code, 0, "{arguments}: {run:?}");
        run.stdout
    };
    run("--db first.db init --free --title Any");
    run("--db first.db query 'CREATE (:A {name: \"a\"})-[:R {f: 1.5}]->(:B {name: \"b\"})'");
    // Files without a column for sources rest on themselves.
    place.write("people/nodes.csv", "id,kind,name\nada,Person,Ada\n");
    place.write("people/ties.csv", "from,relation,to\nada,KNOWS,n1\n");
    run("--db first.db import people --source-date 2025-11");
    run("--db first.db export --format csv -o first");
    let exported = |folder: &str| {
        ["nodes", "ties", "claims", "sources", "facts"]
            .map(|it| std::fs::read_to_string(place.path(&format!("{folder}/{it}.csv"))).unwrap())
    };
    assert!(exported("first")[3].contains("people"), "what had a source keeps it");
    let again = run("--db first.db import first");
    assert!(again.contains("added 0, changed 0, same 6"), "{again}");
    assert!(again.contains("no new revision"), "{again}");
    run("--db second.db init --free --title Any");
    run("--db second.db import first");
    run("--db second.db export --format csv -o second");
    assert_eq!(exported("second"), exported("first"));
}

#[test]
fn relationships_are_made_from_rows_of_a_file() {
    let place = Workplace::new();
    place.weft("--db free.db init --free");
    place.write("people.csv", "name\nAda\nBob\n");
    place.write("knows.jsonl", "{\"from\": \"Ada\", \"to\": \"Bob\", \"since\": 1833}\n");
    let query = "UNWIND $people AS row MERGE (:Person {name: row.name}); UNWIND $knows AS row \
                 MATCH (a {name: row.from}), (b {name: row.to}) CREATE (a)-[:KNOWS {since: row.since}]->(b)";
    let order =
        format!("--db free.db query '{query}' --rows people=people.csv --rows knows=knows.jsonl");
    assert_eq!(place.weft(&order).code, 0);
    let read =
        "--db free.db query 'MATCH (a)-[r:KNOWS]->(b) RETURN a.name AS a, r.since + 1 AS later'";
    assert_eq!(place.weft(read).stdout, "a\tlater\nAda\t1834\n");
    place.write("broken.csv", "a,b\n1,2,3\n\"x");
    let run = place.weft("--db free.db query 'RETURN $rows' --rows rows=broken.csv");
    assert!(run.code == 3 && run.stderr.contains("2 faults found"), "{run:?}");
    let run = place.weft("--db free.db query 'RETURN $rows' --rows rows=missing.csv");
    assert!(run.code == 1 && run.stderr.contains("missing.csv"), "{run:?}");
}

/// Keys are never used again, so what comes back has others; the rest of each row is the same.
fn without_keys(rows: &[Vec<Value>]) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|it| format!("{:?}", &it[..4])).collect();
    rows.sort_unstable();
    rows
}

#[test]
fn what_queries_write_is_kept_in_revisions_and_can_be_undone() {
    let place = Workplace::new();
    let path = place.path("free.db");
    let mut database = Database::create(&path, "Free", Schema::open().text()).unwrap();
    let options = CommitOptions::default();
    let everything = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m)
        RETURN labels(n), properties(n), type(r), properties(r), id(m) ORDER BY id(n), id(r)";
    let mut states = vec![read(&database, everything)];
    for query in [
        "CREATE (:A {at: datetime('2024-03-01T12:00[Europe/London]'), p: point({x: 1, y: 2})}),
           (:`a label:with a colon` {list: [1, 2.5, 3], long: duration('P1M2DT3.4S')})",
        "UNWIND range(1, 20) AS i MERGE (n:N {i: i % 7}) ON CREATE SET n.first = i",
        "MATCH (a:A), (n:N) CREATE (a)-[:`any type` {weight: n.i * 0.5}]->(n)",
        "MATCH (n:N) WHERE n.i < 3 WITH n, n.i AS was DETACH DELETE n CREATE (:Gone {was: was})",
        "MATCH ()-[r]->(n) SET r.seen = true, n:Seen REMOVE n.first",
        "MATCH (n) DETACH DELETE n",
    ] {
        write(&mut database, query, &options);
        let carried_on = read(&database, everything);
        drop(database);
        database = Database::locate(Some(&path), true).unwrap();
        let now = read(&database, everything);
        assert_eq!(carried_on, now, "{query}");
        for state in [&states[states.len() - 1], &now] {
            database.undo(None, &RevisionInfo::default(), &mut |_| {}).unwrap();
            assert_eq!(without_keys(&read(&database, everything)), without_keys(state), "{query}");
        }
        states.push(now);
    }
    assert_eq!(states.last().map(Vec::len), Some(0));
    states.windows(2).for_each(|it| assert_ne!(it[0], it[1]));
    assert!(database.verify().unwrap().is_sound());
}

#[test]
fn under_a_schema_what_queries_write_rests_on_the_source_that_is_named() {
    let place = Workplace::new();
    let mut database =
        Database::create(&place.path("leeds.db"), "Leeds", Schema::bundled().text()).unwrap();
    database.fill_with_bundled(&RevisionInfo::default()).unwrap();
    let letter = Source { id: "letter".into(), title: "A letter".into(), ..Source::default() };
    let options = CommitOptions {
        source: Some("letter".into()),
        locator: "page 2".into(),
        new_sources: vec![letter],
        ..CommitOptions::default()
    };
    let query = "MATCH (p:Place {name: 'Leeds'})
        CREATE (c:Company {name: 'Aire Robotics', stage: 'idea'})-[:LOCATED_IN]->(p)";
    write(&mut database, query, &options);
    drop(database);
    let shown = place.weft("--db leeds.db --format table show 'Aire Robotics'");
    assert_eq!(shown.code, 0, "{shown:?}");
    for word in ["[aire-robotics]", "letter: page 2 (stated)", "Stage: idea", "Leeds"] {
        assert!(shown.stdout.contains(word), "no `{word}` in:\n{}", shown.stdout);
    }
    let undone = place.weft("--db leeds.db undo");
    assert_eq!(undone.code, 0, "{undone:?}");
    assert_eq!(place.weft("--db leeds.db show 'Aire Robotics'").code, 4);
}

/// What a query wrote under `--source` rests on it, and the store says so of each node, tie and value.
#[test]
fn what_a_query_writes_without_a_schema_rests_on_the_source_that_it_names() {
    let place = Workplace::new();
    let run = |arguments: &str| {
        let run = place.weft(&format!("--db free.db {arguments}"));
        assert_eq!(run.code, 0, "{arguments}: {run:?}");
        run.stdout
    };
    let refused = |arguments: &str, words: &str| {
        let run = place.weft(&format!("--db free.db {arguments}"));
        assert!(run.code != 0 && run.stderr.contains(words), "{arguments}: {run:?}");
    };
    run("init --free");
    place.write(
        "sources.csv",
        "id,title,date\nnotes,Field notes,2025-03\nletter,A letter,2025-04\n",
    );
    run("import sources.csv");
    run("query --source notes --locator 'p. 3' \
         'CREATE (:A {name: \"Ada\", n: 1})-[:KNOWS {since: 2001}]->(:B), (:A {name: \"Lone\"})'");
    run("query 'CREATE (:A {name: \"Bare\", n: 1})'");
    let notes = "\"claims\":[{\"source\":\"notes\",\"locator\":\"p. 3\",\"certainty\":\"stated\"}]";
    let exported = || run("export --format json");
    // Two ends, a tie, and a node without ties.
    assert_eq!(exported().matches(notes).count(), 4, "{}", exported());
    assert!(run("show n3 --format table").contains("Says who: notes: p. 3 (stated, 2025-03)"));
    assert!(run("who n1 --format table").contains("notes, p. 3, 2025-03"));

    // A value, a label and the value of a tie that another source changes; what had no source, too.
    run("query --source letter --certainty implied 'MATCH (n {name: \"Bare\"}) SET n.n = 2'");
    run("query --source letter 'MATCH (n {name: \"Ada\"})-[r]->() \
         SET n.n = 2, n:Author, n.valid_from = \"2020\", n.tags = [1, 2], r.since = 2002'");
    let shown = run("show n1 --format table");
    for words in ["n = 2, letter", "kind, letter", "valid_from, letter", "tags, letter"] {
        assert!(shown.contains(&format!("Says who: {words} (stated, 2025-04)")), "{shown}");
    }
    let written = exported();
    let since = "{\"source\":\"letter\",\"locator\":\"\",\"certainty\":\"stated\",\
                 \"field\":\"since\",\"value\":\"2002\"}";
    assert!(written.contains(since), "{written}");
    let all =
        "query 'MATCH (n:A) RETURN n.name AS name, n.n AS n, n.valid_from AS at ORDER BY name'";
    assert_eq!(run(all), "name\tn\tat\nAda\t2\t2020\nBare\t2\t\nLone\t\t\n");
    // A node that rests on no source stays, whatever is claimed of its fields.
    let sure = run(&format!("--certainty stated {all}"));
    assert_eq!(sure, "name\tn\tat\nAda\t2\t2020\nBare\t\t\nLone\t\t\n");

    // What would not be seen is refused, as under a schema; so is a source that is not there.
    refused(
        "query --source notes 'MATCH (n {name: \"Ada\"}) SET n.n = 3'",
        "`n` of `n1` would stay as it is: a stronger or newer claim says so",
    );
    refused("query --source lettre 'CREATE (:A)'", "there is no source `lettre`");
    // Where no source has said anything of the field, none is needed.
    run("query 'MATCH (n {name: \"Lone\"}) SET n.x = 0.0 / 0.0, n.n = 7'");

    // Another store that reads the export has it all, claim by claim.
    run("export --format csv -o out");
    assert_eq!(place.weft("--db second.db init --free").code, 0);
    let read = place.weft("--db second.db import out");
    assert_eq!(read.code, 0, "{read:?}");
    let again = place.weft("--db second.db export --format json").stdout;
    assert_eq!(again, exported());
    // The second reading of the same files changes nothing.
    let read = place.weft("--db second.db import out");
    assert!(read.stdout.contains("there is no new revision"), "{read:?}");
}
