//! How much memory queries take beside the snapshot, at their peak, counted at the allocator; and how near
//! statements that need too much come to the limit before they are refused.
//!
//! Sizes as in benches/queries.rs, whose questions and writes are asked; each once for what is made once
//! for all queries, and once counted. Rows are dropped as they come.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

#[allow(dead_code, unreachable_pub, reason = "the questions alone are used")]
#[path = "queries.rs"]
mod queries;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The limit under which heavy statements run.
const LIMIT: usize = 100_000_000;

/// Statements that need more than that, each in another way.
const HEAVY: &[&str] = &[
    "MATCH (a)--(b)--(c) WITH a.name AS n, c.name AS m ORDER BY n, m RETURN count(*)",
    "UNWIND range(1, 3000000) AS x WITH toString(x) AS s ORDER BY s RETURN count(s)",
    "UNWIND range(1, 3000000) AS x WITH collect(toString(x)) AS all RETURN size(all)",
    "UNWIND range(1, 3000000) AS x WITH collect({a: x}) AS all RETURN size(all)",
    "UNWIND range(1, 3000000) AS x WITH collect(DISTINCT toString(x)) AS all RETURN size(all)",
    "UNWIND range(1, 3000000) AS x RETURN x AS k, collect(x) AS n ORDER BY k LIMIT 1",
    "UNWIND range(1, 3000000) AS x RETURN x UNION UNWIND range(1, 3000000) AS x RETURN x",
    "UNWIND range(1, 3000000) AS x WITH collect(datetime({epochSeconds: x})) AS all RETURN size(all)",
    "MATCH (a), (b) WITH DISTINCT a, b RETURN count(*)",
    "MATCH (a) WITH collect(a) AS all UNWIND all AS a UNWIND all AS b WITH a, b ORDER BY a.name RETURN 1",
    "MATCH p = (a)-[*1..4]->(b) WITH collect(p) AS all RETURN size(all)",
    "RETURN size(COLLECT { MATCH (a), (b) RETURN a.name + b.name })",
    "RETURN size(reduce(s = 'a', x IN range(1, 60) | s + s))",
    "RETURN size(reduce(s = [1], x IN range(1, 60) | s + s))",
    "RETURN size(range(1, 1000000000000))",
    "RETURN size([x IN range(1, 2500000) | toString(x)])",
    "RETURN size([x IN range(1, 2500000) | {a: x, b: toString(x)}])",
    "WITH reduce(s = 'a', x IN range(1, 24) | s + s) AS s RETURN size(split(s, ''))",
    "WITH reduce(s = 'a', x IN range(1, 20) | s + s) AS s RETURN size(replace(s, 'a', s))",
    "UNWIND range(1, 3000000) AS x CREATE (:Company {name: toString(x)})",
    "MATCH (a) UNWIND range(1, 100) AS x CREATE (a)-[:SUPPORTS]->(a)",
    "UNWIND range(1, 3000000) AS x MERGE (:Company {name: toString(x)})",
    "MATCH (a) SET a.note = a.name + a.id, a.other = a.id",
    "MATCH (a)-[r]->(b) SET r.note = a.name",
    "MATCH (a) DETACH DELETE a",
];

fn main() {
    let mb = |n: usize| n as f64 / 1e6;
    queries::once_each(&mut |name, run| {
        run();
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        run();
        println!("{name:30} {:>10.3} MB", mb(MEMORY.peak_usage() - before));
    });
    println!("peak / limit of {} MB", mb(LIMIT));
    queries::refused(LIMIT, HEAVY, &mut |text, run| {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let answer = run();
        let ratio = (MEMORY.peak_usage() - before) as f64 / LIMIT as f64;
        println!("{ratio:>6.2} {answer:12} {text}");
    });
}
