//! Two ways, one answer: what the optimised plan gives is what the naive one gives, on small random
//! graphs with parallel relationships and loops, before they are committed and after.

use weft_cypher::{
    CommitOptions, Parameters, PlanOptions, Procedures, RunOptions, Transaction, commit,
};
use weft_graph::{Schema, SnapshotBuilder};

/// Questions for which the optimised plan has operators of its own, or an order to choose.
const QUESTIONS: &[&str] = &[
    "MATCH (a {id: 1})--(b)--(c) RETURN count(DISTINCT c) AS n",
    "MATCH (a {id: 1})-->(b)--(c)<--(d) RETURN count(DISTINCT d) AS n",
    "MATCH (a {id: 1})-[:S]-(b)-[:T]-(c)-[:S|T]-(d) RETURN count(DISTINCT d) AS n",
    "MATCH (a:A)--(b)--(c)--(d)--(e) RETURN count(DISTINCT e) AS n",
    "MATCH (x)-[r:S]->(a {id: 1}) MATCH (a)--(b)--(c) RETURN count(DISTINCT c) AS n",
    "MATCH (x:B)-[r*1..2]->(a:A), (a)--(b)--(c) RETURN count(DISTINCT c) AS n",
    "MATCH (a:A)-[r]-(b), (b)--(c) RETURN count(DISTINCT c) AS n",
    "MATCH (a)--() RETURN a.id AS id, count(*) AS n",
    "MATCH (a)-[:S]->(b) RETURN a.id AS id, count(b) AS n",
    "MATCH (a)-[r]-(b)-[s]-(c) RETURN a.id AS id, count(s) AS n, count(*) AS m",
    "MATCH (a)--(b) RETURN count(*) AS n",
    "MATCH ()-[r:S|T]-() RETURN count(r) AS n",
    "OPTIONAL MATCH (a:None)--(b) RETURN count(DISTINCT b) AS n, count(*) AS m",
    "MATCH (a:A) OPTIONAL MATCH (a)-[:S]->(b:B) RETURN a.id AS id, count(b) AS n",
    "MATCH (a)-[:S]->(b)-[:S]->(c), (a)-[:S]->(c) RETURN count(*) AS n",
    "MATCH (a)-[:S]->(b)-[:S]->(c), (a)-[r:S]->(c) RETURN a.id AS a, b.id AS b, c.id AS c, r.k AS k",
    "MATCH (a)-[q:S]->(b)-[r:T]->(c)-[s:S]->(a) RETURN q.k AS q, r.k AS r, s.k AS s",
    "MATCH (a)-[r]-(b)-[s]-(a) RETURN a.id AS a, b.id AS b, r.k AS r, s.k AS s",
    "MATCH (a:A), (b:B) WHERE a.id = b.id + 1 RETURN a.id AS a, b.id AS b",
    "MATCH (a:A)-[*1..3]-(b:B) RETURN a.id AS a, b.id AS b, count(*) AS n",
    "MATCH (b:B) MATCH (a {id: 2})-[r*0..2]->(b) RETURN b.id AS b, size(r) AS n",
    "MATCH p = (a:A)-[:S*1..2]->(b) RETURN [n IN nodes(p) | n.id] AS ids",
    "MATCH (a {id: 1}), (b:B) MATCH p = shortestPath((a)-[*]-(b)) RETURN b.id AS b, length(p) AS n",
    "MATCH (a {id: 1}), (b:B) MATCH p = allShortestPaths((a)-[*..4]->(b)) \
     RETURN [r IN relationships(p) | r.k] AS ks",
    "MATCH (a) WHERE a.id IN [1, 3, 3, 99] RETURN a.id AS id",
    "MATCH (a) WHERE a.id > 2 AND a.id <= 4 RETURN a.id AS id",
    "MATCH (a) WHERE a.name STARTS WITH 'n1' RETURN a.id AS id",
    "MATCH (a:A) WHERE EXISTS { (a)-[:T]->(:B) } RETURN a.id AS id ORDER BY id DESC LIMIT 2",
    "MATCH (a)-[r]->(b) WITH a, b, count(*) AS n WHERE n > 1 MATCH (b)-->(c) \
     RETURN a.id AS a, b.id AS b, c.id AS c, n",
    "MATCH (a)<-[:S]-(b)-[:S]->(c), (a)-[:S]->(c) RETURN a.id AS id, count(*) AS n",
    "MATCH (a)-[:S]->(b)-[:S]->(c), (a)-[:S]->(c) RETURN a.id AS id, count(c) AS n, count(*) AS m",
    "MATCH (a)--(b)--(c), (a)--(c) RETURN count(*) AS n",
    "MATCH (a)-[:S]-(b)-[:S]-(c), (a)-[:S]-(c) RETURN count(*) AS n",
    "MATCH (a)-->(b)-->(c)-->(a) RETURN count(*) AS n",
    "MATCH (a)-[:S|T]->(b)<-[:S|U]-(c), (a)<-[:T]-(c) RETURN count(*) AS n",
    "MATCH (a:A)-[:S|T]->(b)--(c), (c)-->(a) RETURN a.id AS id, count(*) AS n",
    "MATCH (a)-[:T]->(b) MATCH (b)-[:T]->(c), (a)-[:T]->(c) RETURN count(c) AS n",
    "MATCH (a:A)--() RETURN a, count(*) AS n",
    "MATCH (a) WHERE a.name > 'n1' AND a.name <= 'n3' RETURN a.id AS id",
    "MATCH (a) WHERE a.name >= 'n2' AND a.id < 4 RETURN a.id AS id",
    "MATCH (a:A) WHERE a.name IN ['n1', 'n4', null, 'n1'] RETURN a.id AS id",
    "MATCH (a {name: 'n2'}) WHERE a.name <> 'x' RETURN a.id AS id",
    "UNWIND range(1, 500) AS x RETURN x % 7 AS y, x ORDER BY y DESC, x LIMIT 5",
    "UNWIND range(1, 500) AS x WITH x % 3 AS y ORDER BY y SKIP 100 LIMIT 70 RETURN y, count(*) AS n",
    "MATCH (a {id: 1})-[*]-(b) RETURN DISTINCT b.id AS b",
    "MATCH (a)-[*..3]->(b:B) RETURN DISTINCT a.id AS a, b.id AS b",
    "MATCH (a)-[*1..2]-(b) RETURN a.id AS a, count(DISTINCT b) AS n",
    "MATCH (a)-[*1..3]-(b) RETURN a.id AS a, count(DISTINCT b.name) AS n",
    "MATCH (a)-[r]->(b) WITH a, sum(r.k) AS n MATCH (a)-->(c) RETURN a.id AS a, n, c.id AS c",
    "MATCH (a)-->(b) WITH a, a.name AS name, collect(b.id) AS ids RETURN name, size(ids) AS n, a.id AS id",
    "MATCH (a:A) OPTIONAL MATCH (a)-[r:S]->(b) RETURN a, max(r.k) AS k, avg(b.id) AS mean",
    "MATCH (a) UNWIND [1, 1, 2] AS x MATCH (a)-->(b {id: x}) \
     RETURN a, count(DISTINCT x) AS n, sum(x) AS s",
    "MATCH (a), (b:B) WHERE a.id < b.id RETURN a, min(b.id) AS least",
    "MATCH (a), (b:B) WHERE a.id < b.id RETURN b, min(a.id) AS least",
    "MATCH (a)-->(b) WITH a AS x, sum(b.id) AS s WHERE s > 3 MATCH (x)<--(y) \
     WITH x, s, collect(y.id) AS ys RETURN x.id AS id, s, size(ys) AS n",
    "MATCH (a) WHERE a.id IN [1, 3, 3] MATCH (a)--(b) RETURN a, sum(b.id) AS n",
    "MATCH (a:A)-[:S|T*]->(b) WITH DISTINCT a, b RETURN a.id AS a, b.id AS b",
    "MATCH (a:A)-[:S*0..]-(b) RETURN a.id AS a, max(b.id) AS b",
    "MATCH (a)-[*1..3]-(a) RETURN DISTINCT a.id AS a",
    "MATCH (a)-[:S|T*]->(a) RETURN DISTINCT a.id AS a",
    "MATCH (a)-[r:S]-(b)-[*..2]-(c) RETURN DISTINCT r.k AS r, c.id AS c",
    "MATCH (a)-[rs*1..3]-(b) RETURN DISTINCT size(rs) AS n, b.id AS b",
    "MATCH (a)-[*1..3 {k: 2}]-(b)--(c) RETURN DISTINCT a.id AS a, c.id AS c",
    "MATCH (a), (b) WHERE EXISTS { (a)-[:S*]-(b) } RETURN a.id AS a, b.id AS b",
    "MATCH (a), (b) WHERE (a)-[*..2]->(b) RETURN a.id AS a, b.id AS b",
    "MATCH (a) OPTIONAL MATCH (a)-[:T*]-(b:B) RETURN DISTINCT a.id AS a, b.id AS b",
    "MATCH (a {id: 1}), (b) WHERE b.id <> 1 MATCH p = shortestPath((a)-[*..4]-(b)) \
     WHERE all(n IN nodes(p) WHERE n:A OR n.id < 4) RETURN b.id AS b, length(p) AS n",
    "MATCH (a {id: 1}), (b:B) MATCH p = allShortestPaths((a)-[*..4]-(b)) \
     WHERE none(r IN relationships(p) WHERE r.k > 5) AND length(p) < 4 \
     RETURN [r IN relationships(p) | r.k] AS ks",
    "MATCH (a {id: 0}), (b) MATCH p = shortestPath((a)<-[*..4]-(b)) \
     WHERE NOT any(n IN nodes(p) WHERE n.id = 2) AND 3 >= length(p) RETURN b.id AS b, length(p) AS n",
    "MATCH (a {id: 0}), (b) WHERE b.id > 0 MATCH p = shortestPath((a)-[rs*]->(b)) \
     WHERE all(r IN rs WHERE r.k <> 3 AND type(r) <> 'U') AND size(rs) < 5.5 \
     RETURN b.id AS b, length(p) AS n",
    "MATCH (a {id: 0}), (b {id: 1}) MATCH p = allShortestPaths((a)-[*..3]-(b)) \
     WHERE any(n IN nodes(p) WHERE n:B) RETURN [r IN relationships(p) | r.k] AS ks",
];

/// Questions that say the same in two ways.
const ALIKE: &[[&str; 2]] = &[
    [
        "MATCH (a)-[r:S|T*1..3]-(b) RETURN a.id AS a, b.id AS b, [x IN r | x.k] AS r",
        "MATCH (a) (()-[r:S|T]-()){1,3} (b) RETURN a.id AS a, b.id AS b, [x IN r | x.k] AS r",
    ],
    [
        "MATCH (a)-[r*0..2]->(b:B) RETURN a.id AS a, b.id AS b, [x IN r | x.k] AS r",
        "MATCH (a)-[r]->{0,2}(b:B) RETURN a.id AS a, b.id AS b, [x IN r | x.k] AS r",
    ],
    [
        "MATCH (b {id: 1}), (a:A)-[r*]->(b) RETURN a.id AS a, [x IN r | x.k] AS r",
        "MATCH (b {id: 1}), (a:A) (()-[r]->())+ (b) RETURN a.id AS a, [x IN r | x.k] AS r",
    ],
    [
        "MATCH p = (a)-[*2]-(b)-[s]-(c) RETURN [n IN nodes(p) | n.id] AS ids, s.k AS s",
        "MATCH p = (a) (()--()){2} (b)-[s]-(c) RETURN [n IN nodes(p) | n.id] AS ids, s.k AS s",
    ],
    [
        "MATCH p = (a)-[r:S]->(x:B)-[s]->(b) RETURN a.id AS a, [[r.k, x.id, s.k]] AS all \
         UNION ALL MATCH p = (a)-[r:S]->(x:B)-[s]->(y)-[t:S]->(z:B)-[u]->(b) \
         RETURN a.id AS a, [[r.k, x.id, s.k], [t.k, z.id, u.k]] AS all",
        "MATCH (a) (()-[r:S]->(x:B)-[s]->()){,2} (b) WHERE size(r) > 0 \
         RETURN a.id AS a, [i IN range(0, size(r) - 1) | [r[i].k, x[i].id, s[i].k]] AS all",
    ],
    [
        "MATCH (a)-[r]->(b) WHERE a.id < b.id RETURN a.id AS a, b.id AS b, 1 AS n \
         UNION ALL MATCH (a)-[r]->(c)-[s]->(b) WHERE a.id < c.id < b.id \
         RETURN a.id AS a, b.id AS b, 2 AS n",
        "MATCH (a) ((x)-[r]->(y) WHERE x.id < y.id){1,2} (b) RETURN a.id AS a, b.id AS b, size(r) AS n",
    ],
    [
        "MATCH (a), (b) MATCH p = (a)-[*1..4]-(b) WITH a, b, p ORDER BY length(p) \
         WITH a, b, [p IN collect(p) | length(p)][..3] AS all UNWIND all AS n \
         RETURN a.id AS a, b.id AS b, n",
        "MATCH p = SHORTEST 3 (a)-[*1..4]-(b) RETURN a.id AS a, b.id AS b, length(p) AS n",
    ],
    [
        "MATCH p = (a)-[*0..4]->(b) WITH a, b, length(p) AS n, collect([r IN relationships(p) | r.k]) \
         AS all ORDER BY n WITH a, b, collect([n, all])[..2] AS all UNWIND all AS one UNWIND one[1] AS r \
         RETURN a.id AS a, b.id AS b, r",
        "MATCH SHORTEST 2 GROUPS (a)-[r]->{0,4}(b) RETURN a.id AS a, b.id AS b, [x IN r | x.k] AS r",
    ],
    [
        "MATCH (a), (b) WHERE a.id <> b.id MATCH p = allShortestPaths((a)-[*..4]-(b)) \
         RETURN a.id AS a, b.id AS b, [r IN relationships(p) | r.k] AS r",
        "MATCH p = ALL SHORTEST (a)-[*..4]-(b) WHERE a.id <> b.id \
         RETURN a.id AS a, b.id AS b, [r IN relationships(p) | r.k] AS r",
    ],
    [
        "MATCH (a:A) RETURN a.id AS a UNION ALL MATCH (a:B) RETURN a.id AS a",
        "UNWIND ['A', 'B'] AS label MATCH (a:$(label)) RETURN a.id AS a",
    ],
    [
        "MATCH (a:A|B)-[r:!S]->(b:!A) RETURN a.id AS a, r.k AS r",
        "MATCH (a:$any(['A', 'B']))-[r:!$('S')]->(b:!$('A')) RETURN a.id AS a, r.k AS r",
    ],
];

#[test]
fn what_is_said_in_two_ways_is_answered_alike() {
    let mut n_rows = [0; ALIKE.len()];
    for seed in 0..20 {
        let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
        for text in random_graph(seed) {
            rows(&mut transaction, &text, true);
        }
        for ([one, other], n_rows) in ALIKE.iter().zip(&mut n_rows) {
            let expected = rows(&mut transaction, one, false);
            for optimise in [false, true] {
                assert_eq!(rows(&mut transaction, other, optimise), expected, "{seed}: {other}");
            }
            *n_rows += expected.len();
        }
    }
    assert!(n_rows.iter().all(|it| *it > 20), "{n_rows:?} rows: the graphs are too small to tell");
}

/// Statements that make a random graph of a few nodes.
fn random_graph(seed: u64) -> Vec<String> {
    let mut state = seed;
    let mut roll = |n_sides: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n_sides
    };
    let n_nodes = 2 + roll(6);
    let mut res = Vec::new();
    for id in 0..n_nodes {
        let labels = ["", ":A", ":B", ":A:B"][roll(4) as usize];
        res.push(format!("CREATE ({labels} {{id: {id}, name: 'n{id}'}})"));
    }
    for k in 0..roll(12) {
        let (a, b, t) = (roll(n_nodes), roll(n_nodes), ["S", "T", "U"][roll(3) as usize]);
        res.push(format!(
            "MATCH (a {{id: {a}}}), (b {{id: {b}}}) CREATE (a)-[:{t} {{k: {k}}}]->(b)"
        ));
    }
    res
}

/// A graph without a schema in which statements have written.
fn written(statements: &[impl AsRef<str>]) -> Transaction {
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    for text in statements {
        rows(&mut transaction, text.as_ref(), true);
    }
    transaction
}

/// The same graph once it is committed.
fn committed(transaction: &Transaction) -> Transaction {
    let changes = commit(transaction.graph(), &CommitOptions::default()).unwrap();
    Transaction::new(transaction.graph().snapshot().with(&changes).unwrap())
}

/// The rows of a query, in an order of their own, or its fault.
fn outcome(
    transaction: &mut Transaction,
    text: &str,
    optimise: bool,
) -> Result<Vec<String>, String> {
    let procedures = Procedures::default();
    let prepared = transaction.prepare_with(text, &procedures, PlanOptions { optimise }).unwrap();
    let run = transaction.run(&prepared, &Parameters::new(), &RunOptions::default());
    let found = run.map_err(|error| error.describe(text))?;
    let mut rows: Vec<String> = found.rows.iter().map(|it| format!("{it:?}")).collect();
    rows.sort_unstable();
    Ok(rows)
}

fn rows(transaction: &mut Transaction, text: &str, optimise: bool) -> Vec<String> {
    outcome(transaction, text, optimise).unwrap()
}

#[test]
fn the_optimised_plan_gives_what_the_naive_one_gives() {
    let mut n_rows = 0;
    for seed in 0..30 {
        let mut transaction = written(&random_graph(seed));
        let mut committed = committed(&transaction);
        for &question in QUESTIONS {
            let naive = rows(&mut transaction, question, false);
            let optimised = rows(&mut transaction, question, true);
            assert_eq!(optimised, naive, "seed {seed}: {question}");
            let indexed = rows(&mut committed, question, true);
            assert_eq!(indexed, naive, "seed {seed}, committed: {question}");
            n_rows += naive.len();
        }
    }
    assert!(n_rows > 2_000, "only {n_rows} rows: the graphs are too small to tell");
}

#[test]
fn the_first_groups_by_number_are_the_first_of_all() {
    let mut transaction = written(&[
        "UNWIND range(0, 599) AS id CREATE (:A {id: id * 7919 % 600})",
        "MATCH (a:A) UNWIND range(1, a.id * 37 % 23) AS k CREATE (a)-[:S]->(:B)",
    ]);
    for question in [
        "MATCH (a:A)--() WITH a, count(*) AS n ORDER BY n DESC, a.id LIMIT 20 RETURN a.id AS id, n",
        "MATCH (a:A)-->() RETURN a, count(*) AS n ORDER BY n DESC, a.id SKIP 30 LIMIT 5",
        "MATCH (a:A)-->() WITH a, count(*) AS n WITH a.id AS id, n AS m ORDER BY m DESC, id LIMIT 3 \
         RETURN id, m",
        "MATCH (a:A)-->() RETURN a, count(*) AS n ORDER BY n, a.id LIMIT 7",
        "MATCH (a:A)-->() RETURN a, -count(*) AS n ORDER BY n DESC, a.id LIMIT 7",
        "UNWIND [1, 5, 100] AS m CALL { WITH m MATCH (a:A)-->() WHERE a.id % m = 0 \
         RETURN a, count(*) AS n ORDER BY n DESC, a.id LIMIT 4 } RETURN m, a.id AS id, n",
    ] {
        let naive = rows(&mut transaction, question, false);
        assert!(naive.len() >= 3, "{question}");
        assert_eq!(rows(&mut transaction, question, true), naive, "{question}");
    }
}

#[test]
fn triangles_at_bodies_with_many_ties_are_counted_as_they_are_made() {
    let mut transaction = written(&[
        "UNWIND range(0, 299) AS id CREATE (:A {id: id})",
        "MATCH (a:A {id: 7}), (b:A) WHERE b.id % 3 < 2 CREATE (a)-[:S]->(b)",
        "MATCH (a:A), (b:A {id: 7}) WHERE a.id % 5 = 1 CREATE (a)-[:S]->(b)",
        "MATCH (a:A), (b:A) WHERE b.id = a.id * 31 % 300 CREATE (a)-[:S]->(b)",
        "MATCH (a:A {id: 7}), (b:A) WHERE b.id % 40 = 0 CREATE (a)-[:S]->(b)",
    ]);
    let mut committed = committed(&transaction);
    for question in [
        "MATCH (a)-[:S]->(b)-[:S]->(c), (a)-[:S]->(c) RETURN count(*) AS n",
        "MATCH (a)-[:S]->(b)-[:S]->(c)-[:S]->(a) RETURN count(*) AS n",
        "MATCH (a)-[:S]-(b)-[:S]-(c), (a)-[:S]-(c) RETURN count(*) AS n",
        "MATCH (a {id: 7})<-[:S]-(b)-[:S]->(c), (a)-[:S]->(c) RETURN count(*) AS n",
    ] {
        let naive = rows(&mut transaction, question, false);
        assert_ne!(naive, ["[Integer(0)]"], "{question}");
        assert_eq!(rows(&mut transaction, question, true), naive, "{question}");
        assert_eq!(rows(&mut committed, question, true), naive, "committed: {question}");
    }
}

/// Questions that look for a computed value; with 0 for `x` some of them divide by nought.
const COMPUTED: &[&str] = &[
    "UNWIND [3, 1] AS x MATCH (a {id: 7 / x}) RETURN a.id AS id",
    "UNWIND [0, 3] AS x MATCH (a {id: 7 / x}) RETURN a.id AS id",
    "UNWIND [0, 3] AS x MATCH (a:A {id: 7 / x}) RETURN a.id AS id",
    "UNWIND [0, 3] AS x MATCH (a:A:B {id: 7 / x}) RETURN a.id AS id",
    "UNWIND [0, 3] AS x MATCH (a:None {id: 7 / x}) RETURN a.id AS id",
    "UNWIND [0, 3] AS x MATCH (a) WHERE a.id > 4 AND a.id = 7 / x RETURN a.id AS id",
    "UNWIND [0, 3] AS x MATCH (a) WHERE a.id = 7 / x AND a:B AND a.name > 'n3' RETURN a.id AS id",
    "UNWIND [0, 3] AS x MATCH (a {id: 1 / (x - 3)}), (b {id: 7 / x}) RETURN a.id AS a, b.id AS b",
    "UNWIND [0, 3] AS x MATCH (a:A), (b:B) WHERE a.id = b.id + 1 AND a.id = 7 / x RETURN a.id AS id",
    "MATCH (a:A), (b:B {id: a.id + 1}) RETURN a.id AS a, b.id AS b",
    "MATCH (a:A)-[:S]->(b) MATCH (c {name: 'n' + toString((a.id + b.id) % 5)}) RETURN c.id AS id",
    "MATCH (a:A), (b:B) WHERE b.name IN [a.name, 'n' + (a.id + 1)] RETURN a.id AS a, b.id AS b",
    "MATCH (a:A), (b:B) WHERE b.name STARTS WITH toLower('N' + a.id) RETURN a.id AS a, b.id AS b",
    "MATCH (a:A), (b:B) WHERE b.id < a.id * 2 AND b.id >= a.id - 1 RETURN a.id AS a, b.id AS b",
];

#[test]
fn a_computed_value_is_looked_up_and_fails_only_where_a_node_is_asked_for_it() {
    let (mut n_rows, mut n_faults) = (0, 0);
    for seed in 0..40 {
        let mut transaction = written(&random_graph(seed));
        for &question in COMPUTED {
            let naive = outcome(&mut transaction, question, false);
            assert_eq!(outcome(&mut transaction, question, true), naive, "seed {seed}: {question}");
            match naive {
                Ok(rows) => n_rows += rows.len(),
                Err(_) => n_faults += 1,
            }
        }
    }
    assert!(n_rows > 300 && n_faults > 100, "only {n_rows} rows and {n_faults} faults");
}

#[test]
fn a_computed_value_needs_no_look_at_every_node() {
    let transaction = written(&["UNWIND range(1, 50) AS x CREATE (:A {id: x}), (:B {id: x})"]);
    let plan_of = |question: &str| {
        format!("{:?}", transaction.prepare(question, &Procedures::default()).unwrap().plan())
    };
    for (n_seeks, question) in [
        (1, "UNWIND range(1, 9) AS x MATCH (a:A {id: x % 7}) RETURN a"),
        (1, "UNWIND range(1, 9) AS x MERGE (a:A {name: 'n' + toString(x)})"),
        (1, "MATCH (a:A) MATCH (b:A {id: a.id * 31 % 7}) RETURN b"),
        (
            2,
            "UNWIND range(1, 9) AS x MATCH (a:A {id: x % 7}), (b:B {id: x + 1}) CREATE (a)-[:S]->(b)",
        ),
    ] {
        let plan = plan_of(question);
        assert_eq!(plan.matches("NodeIndexSeek").count(), n_seeks, "{question}\n{plan}");
    }
    let each_another = "MATCH (a {id: toInteger(rand() * 9)}) RETURN a";
    assert!(!plan_of(each_another).contains("NodeIndexSeek"));
}

#[test]
fn a_plan_says_what_is_repeated_from_which_end_and_what_comes_group_by_group() {
    let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
    for text in [
        "UNWIND range(1, 50) AS x CREATE (:A {id: x})-[:T]->(:B)",
        "MATCH (b:B) WITH b LIMIT 1 SET b:One",
    ] {
        rows(&mut transaction, text, true);
    }
    let lines = |question: &str| -> Vec<String> {
        let prepared = transaction.prepare(question, &Procedures::default()).unwrap();
        let rows = prepared.plan().into_iter();
        rows.map(|it| format!("{}{} {}", "  ".repeat(it.depth), it.operator, it.details)).collect()
    };
    for (question, expected) in [
        ("MATCH (a:A)-[r:T]->{1,3}(b) RETURN r", "VarLengthExpand(All) (a)-[r:T*1..3]->(b)"),
        (
            "MATCH (a:A)-[r:T]->+(b) RETURN DISTINCT b",
            "VarLengthExpand(Pruning) (a)-[r:T*1..]->(b)",
        ),
        ("MATCH (a:A) ((x)-[:T]->(y)){2} (b) RETURN x", "Repeat(Trail) (a) ((x) ... (y)){2,2} (b)"),
        (
            "MATCH (a:A) ((x)-[:T]->(y))+ (b:One) RETURN x",
            "Repeat(Trail) (b) ((y) ... (x)){1,} (a)",
        ),
        (
            "MATCH (a {id: 1}) ((x)-[:T]->(y))* (a) RETURN x",
            "Repeat(Into) (a) ((x) ... (y)){0,} (a)",
        ),
        ("MATCH (a:A) ((x)-[r:T]->(y))+ (b) RETURN x", "  Expand(All) (x)-[r:T]->(y)"),
        ("MATCH SHORTEST 2 (a:A)-[r]->+(b) RETURN r", "ShortestPath 2 of (a)-[r*1..]->(b)"),
        ("MATCH ALL SHORTEST (a:A)-[r]->+(b) RETURN r", "AllShortestPaths (a)-[r*1..]->(b)"),
        ("MATCH (n:$('A')) RETURN n", "Filter n:$('A')"),
        ("MATCH (a:A)-->(b) RETURN a, sum(b.x) AS n", "OrderedAggregation a, sum(b.x) AS sum(b.x)"),
        (
            "MATCH (a:A)-->(b) RETURN a.x, sum(b.x) AS n",
            "EagerAggregation a.x, sum(b.x) AS sum(b.x)",
        ),
        ("UNWIND [1] AS x MATCH (a) RETURN a, sum(x) AS n", "EagerAggregation a, sum(x) AS sum(x)"),
    ] {
        let lines = lines(question);
        assert!(lines.iter().any(|it| it == expected), "{question}: {lines:#?}");
    }
}
