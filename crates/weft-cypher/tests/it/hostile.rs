//! Queries made to exhaust something: each works, or ends in an error that says what is too much.

use weft_cypher::{
    Detail, Error, ErrorKind, Interrupt, Limits, Parameters, Pool, Procedures, RunOptions,
    Transaction,
};
use weft_graph::{Schema, Snapshot, SnapshotBuilder};

fn empty() -> Snapshot {
    SnapshotBuilder::new(Schema::open().into()).build()
}

/// How many rows a query gives, after others were run, or its first error.
#[track_caller]
fn run(before: &[&str], text: &str, options: &RunOptions<'_>) -> Result<usize, Error> {
    let mut transaction = Transaction::new(empty());
    let procedures = Procedures::default();
    for text in before {
        let prepared = transaction.prepare(text, &procedures).unwrap();
        transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
    }
    let prepared = transaction.prepare(text, &procedures).map_err(|mut it| it.remove(0))?;
    transaction.run(&prepared, &Parameters::new(), options).map(|it| it.rows.len())
}

#[track_caller]
fn check(text: &str, n_rows: usize) {
    assert_eq!(run(&[], text, &RunOptions::default()), Ok(n_rows));
}

#[track_caller]
fn check_limit(before: &[&str], text: &str, options: &RunOptions<'_>) {
    let error = run(before, text, options).unwrap_err();
    assert!(error.kind == ErrorKind::LimitError, "{error:?}");
}

/// Everything but the numbered texts between `head` and `tail`.
fn many(head: &str, tail: &str, each: impl Fn(usize) -> String) -> String {
    let all: String = (0..10_000).map(each).collect();
    format!("{head}{all}{tail}")
}

#[test]
fn ten_thousand_clauses_of_each_sort_run() {
    check(&many("", " RETURN 1", |_| "WITH 1 AS x ".to_owned()), 1);
    check(&many("WITH 1 AS x ", " RETURN x", |_| "WITH x WHERE x > 0 ".to_owned()), 1);
    check(&many("", " RETURN 1", |at| format!("UNWIND [1] AS x{at} ")), 1);
    check(&many("", " RETURN 1", |_| "CREATE () ".to_owned()), 1);
    check(&many("CREATE (a) WITH a ", " RETURN 1", |_| "MATCH (a) ".to_owned()), 1);
    check(&many("CREATE (a) WITH a ", " RETURN 1", |_| "OPTIONAL MATCH (a) ".to_owned()), 1);
    check(&many("CREATE (a) ", " RETURN 1", |_| "SET a.x = 1 ".to_owned()), 1);
    check(&many("RETURN 1 AS x", "", |_| " UNION ALL RETURN 1 AS x".to_owned()), 10_001);
}

#[test]
fn a_pattern_of_ten_thousand_relationships_runs() {
    check(&many("CREATE ()", " RETURN 1", |_| "-[:T]->()".to_owned()), 1);
    check(&many("MATCH ()", " RETURN 1", |_| "-[:T]->()".to_owned()), 0);
    check(&many("MERGE ()", " RETURN 1", |_| "-[:T]->()".to_owned()), 1);
}

#[test]
fn what_nests_a_thousand_deep_runs() {
    let nested = |n: usize, open: &str, close: &str, core: &str| {
        format!("RETURN {}{core}{} AS x", open.repeat(n), close.repeat(n))
    };
    check(&nested(1_000, "(", ")", "1"), 1);
    check(&nested(900, "NOT (", ")", "true"), 1);
    check(&nested(900, "size([", "])", "1"), 1);
    check(&nested(900, "[", "]", "1"), 1);
    check(&nested(900, "[x IN [1] | ", "]", "1"), 1);
    check(&nested(200, "EXISTS { RETURN ", " AS x }", "1"), 1);
}

#[test]
fn a_statement_stops_at_its_limits() {
    let pairs = ["UNWIND range(1, 300) AS x CREATE (:N {x: x})"];
    let all = "MATCH (a), (b), (c) RETURN count(*)";
    let stop = || Some(Interrupt::TimeOver);
    let hurried = RunOptions { interrupt: Some(&stop), ..RunOptions::default() };
    check_limit(&pairs, all, &hurried);
    let small = Limits { n_bytes: 1_000_000, ..Limits::default() };
    let small = RunOptions { limits: small, ..RunOptions::default() };
    check_limit(&pairs, "MATCH (a), (b) RETURN collect(a.x)", &small);
    check_limit(&pairs, "MATCH (a), (b) RETURN a, b ORDER BY a.x", &small);
    check_limit(&pairs, "MATCH (a), (b) RETURN DISTINCT a, b", &small);
    check_limit(
        &pairs,
        "MATCH (a), (b) WITH a.x + 1000 * b.x AS k, count(*) AS n RETURN k",
        &small,
    );
    check_limit(&pairs, "MATCH (a), (b), (c) CREATE (:M)", &small);
    check_limit(&pairs, "MATCH (a), (b) CREATE (a)-[:T]->(b)", &small);
    check_limit(&pairs, "MATCH (a), (b) SET a.x = b.x", &small);
    check_limit(&pairs, "MATCH (a), (b) MERGE (:M {x: a.x, y: b.x})", &small);
    let ties = ["UNWIND range(1, 20000) AS x CREATE (:N)-[:T]->(:N)"];
    check_limit(&ties, "MATCH (a) SET a:B", &small);
    check_limit(&ties, "MATCH (a)-[r]->() SET r.k = 1", &small);
    check_limit(&ties, "MATCH (a) DETACH DELETE a", &small);
    // What a transaction wrote before counts as soon as it writes more.
    check_limit(&ties, "CREATE (:N)", &small);
    assert_eq!(run(&ties, "MATCH (a:N) RETURN count(a)", &small), Ok(1));
    let few = Limits { n_rows: 10, ..Limits::default() };
    let few = RunOptions { limits: few, ..RunOptions::default() };
    check_limit(&pairs, "MATCH (a) RETURN a", &few);
    assert_eq!(run(&pairs, "MATCH (a) RETURN a LIMIT 10", &few), Ok(10));
}

#[test]
fn paths_that_are_repeated_and_chosen_end() {
    check(&many("MATCH ()", " RETURN 1", |at| format!(" ((a{at})-[:T]->(b{at})){{1}} ()")), 0);
    check(&many("MATCH ()", " RETURN 1", |_| "-[:T]->{1,2}()".to_owned()), 0);
    check(&many("RETURN CASE 1 ", " END AS x", |at| format!("WHEN > {at}, {at} THEN {at} ")), 1);
    let nested = |n: usize| format!("MATCH {}(a)-->(b){} RETURN 1", "(".repeat(n), ")+".repeat(n));
    for n in [2, 200, 10_000] {
        run(&[], &nested(n), &RunOptions::default()).unwrap_err();
    }
    let all =
        ["UNWIND range(1, 12) AS x CREATE (:N {x: x})", "MATCH (a), (b) CREATE (a)-[:T]->(b)"];
    let n_checks = std::cell::Cell::new(0);
    let stop = || {
        n_checks.set(n_checks.get() + 1);
        (n_checks.get() % 20 == 0).then_some(Interrupt::TimeOver)
    };
    let hurried = RunOptions { interrupt: Some(&stop), ..RunOptions::default() };
    check_limit(&all, "MATCH ((a)-[r]->(b))* RETURN count(*)", &hurried);
    check_limit(&all, "MATCH (a) ((b)-[r]->(c))* (d {x: 1}) RETURN r", &hurried);
    check_limit(&all, "MATCH p = SHORTEST 1000000000 (a)-->+(b) RETURN count(p)", &hurried);
    check_limit(&all, "MATCH p = SHORTEST 2 (a)-->{140}(b {x: 1}) RETURN count(p)", &hurried);
    let small = Limits { n_bytes: 1_000_000, ..Limits::default() };
    let small = RunOptions { limits: small, ..RunOptions::default() };
    check_limit(&all, "MATCH ((a)-[r]->(b)){1,4} RETURN collect(a)", &small);
    let many = "UNWIND range(1, 30000) AS x MERGE (a:M) CREATE (a)-[:T]->(:N)";
    check_limit(&[many], "MATCH (a:M) ((b)-[r]->(c))+ () RETURN 1 LIMIT 1", &small);
}

#[test]
fn what_is_held_once_and_written_out_often_ends_at_the_limit() {
    let twice = |n: u32| format!("reduce(s = [1], i IN range(1, {n}) | [s, s])");
    let maps = "reduce(m = {}, i IN range(1, 60) | {a: m, b: m})";
    check_limit(&[], &format!("RETURN {}", twice(60)), &RunOptions::default());
    check_limit(&[], &format!("RETURN {} = {0}", twice(60)), &RunOptions::default());
    check_limit(&[], &format!("RETURN DISTINCT {maps}"), &RunOptions::default());
    check_limit(&[], &format!("RETURN {maps}"), &RunOptions::default());
    let small = Limits { n_bytes: 1_000_000, ..Limits::default() };
    let small = RunOptions { limits: small, ..RunOptions::default() };
    assert_eq!(run(&[], &format!("RETURN {}", twice(10)), &small), Ok(1));
    check_limit(&[], &format!("RETURN {}", twice(20)), &small);
    let columns = |n: usize| {
        let all: Vec<String> = (0..n).map(|n| format!("s AS s{n}")).collect();
        format!("WITH reduce(s = 'x', i IN range(1, 17) | s + s) AS s RETURN {}", all.join(", "))
    };
    assert_eq!(run(&[], &columns(5), &small), Ok(1));
    check_limit(&[], &columns(10), &small);
}

#[test]
fn rows_that_are_kept_end_at_the_limit_and_leave_nothing_behind() {
    let small = Limits { n_bytes: 1_000_000, ..Limits::default() };
    let small = RunOptions { limits: small, ..RunOptions::default() };
    let mut transaction = Transaction::new(empty());
    let text = "UNWIND range(1, 2000) AS x CREATE (n {x: x, text: $text}) RETURN n";
    let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
    let text = weft_value::Value::String("x".repeat(1_000));
    let parameters = Parameters::from([("text".to_owned(), text)]);
    let error = transaction.run(&prepared, &parameters, &small).unwrap_err();
    assert_eq!(error.kind, ErrorKind::LimitError);
    assert_eq!(transaction.graph().nodes().count(), 0);
}

#[test]
fn the_integers_of_a_range_are_unwound_one_by_one() {
    let small = Limits { n_bytes: 1_000, ..Limits::default() };
    let small = RunOptions { limits: small, ..RunOptions::default() };
    let first = |range: &str| format!("UNWIND {range} AS x RETURN x LIMIT 3");
    assert_eq!(run(&[], &first("range(1, 1000000000000)"), &small), Ok(3));
    assert_eq!(run(&[], &first("range(-9223372036854775808, 9223372036854775807)"), &small), Ok(3));
    assert_eq!(
        run(&[], &first("range(9223372036854775807, 9223372036854775806, -1)"), &small),
        Ok(2)
    );
    assert_eq!(run(&[], &first("range(1, null)"), &small), Ok(0));
    check_limit(&[], "RETURN size(range(1, 1000000000000))", &small);
}

#[test]
fn a_pattern_that_explodes_is_stopped_by_time() {
    let clique = "UNWIND range(1, 12) AS x CREATE (:N {x: x}) \
                  WITH count(*) AS n MATCH (a:N), (b:N) WHERE a.x < b.x CREATE (a)-[:T]->(b)";
    let looks = std::cell::Cell::new(0);
    let stop = || {
        looks.set(looks.get() + 1);
        (looks.get() > 20).then_some(Interrupt::TimeOver)
    };
    let hurried = RunOptions { interrupt: Some(&stop), ..RunOptions::default() };
    check_limit(&[clique], "MATCH (a)-[*]-(b) RETURN count(*)", &hurried);
    looks.set(0);
    let path = "MATCH (a:N {x: 1}), (b:N {x: 2}) \
                MATCH p = shortestPath((a)-[*]-(b)) WHERE length(p) > 60 RETURN p";
    check_limit(&[clique], path, &hurried);
}

#[test]
fn long_work_on_one_value_asks_whether_to_go_on() {
    let asked_at_least = |n_asked_min: usize, text: &str| {
        let n_asked = std::cell::Cell::new(0);
        let count = || {
            n_asked.set(n_asked.get() + 1);
            None
        };
        let options = RunOptions { interrupt: Some(&count), ..RunOptions::default() };
        assert_eq!(run(&[], text, &options), Ok(1), "{text}");
        assert!(n_asked.get() >= n_asked_min, "{} times: {text}", n_asked.get());
    };
    let of_text = |work: &str| {
        "WITH reduce(s = 'a', i IN range(1, 20) | s + s) AS s, \
         reduce(s = 'a', i IN range(1, 20) | s + s) AS t UNWIND range(1, 9) AS x RETURN "
            .to_owned()
            + work
    };
    asked_at_least(18, &of_text("max(size(s + x))"));
    asked_at_least(9, &of_text("count(s CONTAINS ('b' + x))"));
    asked_at_least(9, &of_text("count(s = t)"));
    asked_at_least(9, &of_text("max(toUpper(s))"));
    asked_at_least(9, &of_text("max(size(s))"));
    asked_at_least(9, &of_text("max(trim(s, 'a' + x))"));
    asked_at_least(9, &of_text("max(replace(s, 'b', 'c'))"));
    asked_at_least(9, &of_text("count(DISTINCT s)"));
    asked_at_least(9, &of_text("max(size(split(s, 'b')))"));
    asked_at_least(9, &of_text("count(s =~ 'b*')"));
    let of_list = |work: &str| {
        "WITH range(1, 50000) AS l, range(1, 50000) AS m UNWIND range(1, 9) AS x RETURN ".to_owned()
            + work
    };
    asked_at_least(18, &of_list("count(-x IN l)"));
    asked_at_least(18, &of_list("count([x] IN l)"));
    asked_at_least(9, &of_list("count(l = m)"));
    asked_at_least(9, &of_list("max(size(reverse(l)))"));
    asked_at_least(9, &of_list("max(size(l[x..]))"));
    asked_at_least(9, &of_list("max(size(l + x))"));
    asked_at_least(9, &of_list("count(DISTINCT l)"));
    asked_at_least(9, &of_list("count(CASE l WHEN m THEN 1 END)"));
    asked_at_least(9, &of_list("count(toStringList(l))"));
    asked_at_least(20, "UNWIND range(1, 80000) AS x WITH -x AS y ORDER BY y RETURN count(*)");
}

#[test]
fn a_text_has_an_end_and_a_pattern_for_long_ones_is_small() {
    let doubled = |n: u32| format!("reduce(s = 'a', i IN range(1, {n}) | s + s)");
    check(&format!("RETURN size({})", doubled(20)), 1);
    check_limit(&[], &format!("RETURN size({})", doubled(27)), &RunOptions::default());
    let text = format!("RETURN size(replace({}, 'a', 'aaaaaaaaa'))", doubled(23));
    check_limit(&[], &text, &RunOptions::default());
    let matched = |n: u32, pattern: &str| format!("RETURN {} =~ '{pattern}' AS x", doubled(n));
    check(&matched(13, "(a?){200}\\\\pL{20}.*"), 1);
    check(&matched(20, "a*b?"), 1);
    let error =
        run(&[], &matched(20, "(a?){200}\\\\pL{20}.*"), &RunOptions::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::LimitError);
    assert!(error.hint.is_some_and(|it| it.contains("CONTAINS")));
}

#[test]
fn rows_are_sorted_in_pieces_as_they_are_at_once() {
    // The rows are more than are sorted at once, and many sort alike.
    let text = "UNWIND range(0, 119999) AS x WITH x, x * 7919 % 1000 AS y ORDER BY y DESC \
                WITH collect([y, x]) AS all \
                RETURN size(all), all(i IN range(1, size(all) - 1) WHERE all[i - 1][0] > all[i][0] \
                OR all[i - 1][0] = all[i][0] AND all[i - 1][1] < all[i][1]) AS is_sorted";
    let mut transaction = Transaction::new(empty());
    let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
    let rows = transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
    let expected = [weft_value::Value::Integer(120_000), weft_value::Value::Boolean(true)];
    assert_eq!(rows.rows, [expected]);
}

#[test]
fn transactions_share_a_pool_and_what_they_wrote_stays_taken() {
    let pool = Pool::of(30_000_000);
    let begin = || {
        let mut transaction = Transaction::new(empty());
        transaction.share(&pool);
        transaction
    };
    let run = |transaction: &mut Transaction, text: &str| {
        let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
        transaction.run(&prepared, &Parameters::new(), &RunOptions::default())
    };
    let (mut one, mut other) = (begin(), begin());
    let write = "UNWIND range(1, 40000) AS x CREATE (:N {x: x})";
    run(&mut one, write).unwrap();
    let n_left = pool.n_left();
    assert!(n_left < 25_000_000, "{n_left}");
    let text = "UNWIND range(1, 10000000) AS x RETURN size(collect([x]))";
    let error = run(&mut other, text).unwrap_err();
    assert_eq!((error.kind, error.detail), (ErrorKind::LimitError, Detail::PoolExceeded));
    // Small ones go on, and what was refused holds nothing.
    assert_eq!(pool.n_left(), n_left);
    run(&mut other, "UNWIND range(1, 1000) AS x RETURN collect(x)").unwrap();
    run(&mut one, "MATCH (n:N) RETURN count(n)").unwrap();
    assert_eq!(pool.n_left(), n_left);
    run(&mut other, write).unwrap_err();
    drop(one);
    run(&mut other, write).unwrap();
    drop(other);
    assert_eq!(pool.n_left(), 30_000_000);
}

/// What a thread of a server has, and half of what one has by default.
const SMALL_STACK: usize = 1 << 20;

#[test]
fn what_nests_deep_is_bound_copied_and_dropped_on_a_small_stack() {
    let deep = |open: &str, inner: &str, close: &str, n: usize| {
        format!("RETURN {}{inner}{} AS x", open.repeat(n), close.repeat(n))
    };
    let texts = vec![
        deep("NOT ", "true", "", 1_900),
        deep("abs(", "1", ")", 950),
        deep("coalesce(null, ", "1", ")", 950),
        deep("CASE WHEN true THEN ", "1", " END", 900),
        deep("[x IN [1] | ", "1", "][0]", 300),
        deep("1 + (", "1", ")", 900),
        nested_foreach(200) + " RETURN 1 AS x",
    ];
    let run_all = move || {
        for text in texts {
            let mut transaction = Transaction::new(empty());
            let prepared = transaction.prepare(&text, &Procedures::default());
            let prepared = prepared.unwrap_or_else(|it| panic!("{}: {it:?}", &text[..60]));
            let copy = prepared.clone();
            drop(prepared);
            let rows = transaction.run(&copy, &Parameters::new(), &RunOptions::default());
            assert_eq!(rows.map(|it| it.rows.len()), Ok(1), "{}", &text[..60]);
        }
    };
    std::thread::Builder::new().stack_size(SMALL_STACK).spawn(run_all).unwrap().join().unwrap();
}

fn nested_foreach(n: usize) -> String {
    let open = (0..n).map(|it| format!("FOREACH (i{it} IN [1] | ")).collect::<String>();
    format!("{open}CREATE (){}", ")".repeat(n))
}

#[test]
fn subqueries_that_nest_too_deep_are_refused_in_their_own_words() {
    let exists = |n: usize| {
        let open = "EXISTS { MATCH (b) WHERE ".repeat(n);
        format!("MATCH (a) WHERE {open} true {} RETURN a", "}".repeat(n))
    };
    check(&exists(200), 0);
    let error = run(&[], &exists(300), &RunOptions::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::LimitError);
    assert_eq!(error.message, "subqueries and patterns stand too deep in each other: 250 at most");
    assert!(error.hint.is_some_and(|it| it.contains("WITH")));
    let error = run(&[], &nested_foreach(300), &RunOptions::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::LimitError);
}
