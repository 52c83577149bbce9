//! Queries that are nearly right: random ones and samples of the language, with words left out,
//! doubled, exchanged and overdone; and what fuzzing has kept.

use crate::engine::check_engine;
use crate::generator::{Chance, query};

const N_MUTANTS: u64 = 1_000;

/// What the random queries leave out.
const SAMPLES: &[&str] = &[
    "MATCH (a:A) SET a.x = a.x + 1, a:E REMOVE a.s, a:A RETURN a; MATCH (n) RETURN n ORDER BY n.x",
    "MATCH (a)-[r]->(b) DELETE r WITH a DETACH DELETE a; MATCH (n) RETURN count(*)",
    "MERGE (n:A {x: 1}) ON CREATE SET n.new = true ON MATCH SET n += {y: [1.5, 2]} RETURN n {.*, z: 1}",
    "UNWIND range(1, 5) AS i MERGE (a:K {i: i % 2}) MERGE (a)-[r:R]-(b:L {i: i}) RETURN a, r, b",
    "CREATE p = (a:P {d: duration('P1DT2H')})-[:Q]->(b) RETURN p, length(p), nodes(p), a.d.hours",
    "RETURN date('2024-02-29') + duration({months: 12}), datetime({year: 2024, timezone: 'Europe/London'})",
    "WITH localdatetime('2024-03-31T01:30') AS t RETURN date.truncate('week', t), t.dayOfWeek, time(t)",
    "RETURN duration.between(date('2000-01-01'), date('2024-12-31')).days, localtime('12:31:14.5') < time()",
    "RETURN substring('abc', 1, 2), split('a,b', ','), left('abc', 2), replace('aa', 'a', 'b'), 'a' =~ 'a.*'",
    "RETURN toInteger('12'), toFloat('1e3'), toString(1.5), toBoolean('true'), round(2.567, 2, 'HALF_EVEN')",
    "RETURN [1, 2, 3][-1], [1, 2, 3][0..2], {a: {b: 1}}.a.b, head([1]), reverse([1, 2]), keys({a: 1})",
    "RETURN point({x: 1, y: 2}), point.distance(point({latitude: 1, longitude: 2}), point({latitude: 3, longitude: 4}))",
    "UNWIND [1, null, 2.5, 'a'] AS x RETURN x, count(*), collect(x), min(x), stDev(1), percentileDisc(1, 0.5)",
    "MATCH (n) RETURN CASE n.x WHEN 1 THEN 'one' ELSE n.s END AS c, [(n)-->(m) | m.x] AS xs ORDER BY c DESC",
    "MATCH p = shortestPath((a:A)-[*..4]-(b:C)) WHERE all(r IN relationships(p) WHERE r.x IS NULL) RETURN p",
    "CALL { MATCH (n) RETURN max(n.x) AS most } RETURN most UNION ALL RETURN 9223372036854775807 AS most",
    "EXPLAIN MATCH (a)-[:R|S*1..3]->(b {x: 2}) WHERE EXISTS { (b)-->(:C) } AND COUNT { (a)--() } > 1 RETURN *",
    "PROFILE MATCH (n:!A&%) RETURN n.x AS x, valueType(n.x), id(n) SKIP 1 LIMIT 2",
    "MATCH p = SHORTEST 2 GROUPS (a:A)-[r WHERE r.x > 0]->{1,3}(b) WHERE length(p) > 1 RETURN [x IN r | x.x]",
    "MATCH (x:$('A')|B) ((a)-[r:!$('T')]-(b) WHERE a.x < b.x){,2} ((c)-->(d))+ (y) RETURN a, [z IN r | z.x], y",
    "CREATE (n:Q:$('P'))-[:$('R')]->() SET n['k'] = 'a' || 'b' REMOVE n:$(['P']), n['y'] RETURN n",
    "UNWIND [1, 2, 4, null] AS x RETURN CASE x WHEN 1, 2 THEN 'a' WHEN > 3, IS NULL THEN 'b' ELSE x END",
];

/// Words that are right somewhere, and numbers at the end of what there is.
const WORDS: &[&str] = &[
    "NULL",
    "true",
    "NOT",
    "AND",
    "-",
    "0",
    "-1",
    "9223372036854775807",
    "1e308",
    "0.0",
    "''",
    "[]",
    "{}",
    "DISTINCT",
    "*",
    "..",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    "WITH",
    "WHERE",
    "SHORTEST",
    "$(",
    "{1,2}",
    "||",
    "RETURN",
    "OPTIONAL MATCH",
    "n",
    "a",
    "$p",
    "IN",
    "=",
    "<>",
    "IS NULL",
    "count(*)",
    "ORDER BY",
    "UNWIND",
    "AS",
    "|",
    "->",
    "DELETE",
    "SET",
    "MERGE",
    "duration('P1M')",
    "date()",
    "range(0, 1000000)",
    "toString",
    "size",
    "labels",
    "x",
    "^",
    "%",
    "/",
    "+",
];

#[test]
fn mutants_of_queries_break_no_promise() {
    for seed in 0..N_MUTANTS {
        let mut chance = Chance(seed);
        check_engine(&mutant(&mut chance));
    }
}

#[test]
fn what_fuzzing_has_kept_breaks_no_promise() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/engine");
    let mut n_texts = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        if let Ok(text) = std::str::from_utf8(&bytes) {
            check_engine(text);
            n_texts += 1;
        }
    }
    assert!(n_texts > 0);
}

fn mutant(chance: &mut Chance) -> String {
    let original = match chance.percent(50) {
        true => query(chance).0,
        false => SAMPLES[chance.below(SAMPLES.len())].to_owned(),
    };
    let mut words = words(&original);
    for _ in 0..=chance.below(3) {
        let at = chance.below(words.len());
        let word = match chance.percent(60) {
            true => WORDS[chance.below(WORDS.len())].to_owned(),
            false => words[chance.below(words.len())].clone(),
        };
        match chance.below(4) {
            0 if words.len() > 1 => _ = words.remove(at),
            1 => words.insert(at, word),
            2 => words[at] = word,
            _ => {
                let other = chance.below(words.len());
                words.swap(at, other);
            }
        }
    }
    words.join(" ")
}

/// Names, numbers and quoted text whole, every other sign by itself.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_quoted = false;
    let mut is_open = false;
    for it in text.chars() {
        let is_word = is_quoted || it.is_alphanumeric() || "_'.".contains(it);
        match words.last_mut() {
            Some(last) if is_open && is_word => last.push(it),
            _ if is_word || !it.is_whitespace() => words.push(it.to_string()),
            _ => {}
        }
        is_quoted ^= it == '\'';
        is_open = is_word;
    }
    words
}
