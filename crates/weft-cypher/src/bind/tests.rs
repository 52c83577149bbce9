//! Text in; the faults, or the columns and the slots of the rows, out.

use std::sync::Arc;

use crate::{Procedures, Signature, TableProcedure, bind, parse};

/// The procedures that the queries here may call.
fn procedures() -> Procedures {
    let mut res = Procedures::default();
    for text in [
        "test.pair(name :: STRING, n :: INTEGER?) :: (city :: STRING, code :: INTEGER)",
        "test.nothing() :: ()",
    ] {
        let signature = Signature::parse(text).unwrap();
        let fields = signature.inputs.iter().chain(&signature.outputs);
        let columns: Vec<_> = fields.map(|it| it.name.clone()).collect();
        res.add(Arc::new(TableProcedure::new(signature, &columns, Vec::new()).unwrap()));
    }
    res
}

fn bound(text: &str) -> Result<crate::bound::BoundStatement, Vec<crate::Error>> {
    let (statement, faults) = parse(text);
    if faults.is_empty() { bind(&statement, text, &procedures()) } else { Err(faults) }
}

/// The query has these faults: `detail at text`, in order.
#[track_caller]
fn refuses(text: &str, expected: &[&str]) {
    let faults = bound(text).map(|_| ()).expect_err(text);
    let found = faults.iter().map(|it| {
        let place = it.span.map(|it| it.of(text)).unwrap_or_default();
        format!("{} at {place}", it.detail)
    });
    assert_eq!(found.collect::<Vec<_>>(), expected, "{text:.200}");
}

/// The first fault of the query reads like this.
#[track_caller]
fn says(text: &str, expected: &str) {
    let faults = bound(text).map(|_| ()).expect_err(text);
    let hint = faults[0].hint.as_deref().map(|it| format!("; hint: {it}")).unwrap_or_default();
    assert_eq!(format!("{}{hint}", faults[0].message), expected, "{text}");
}

/// The query has one fault, of this class.
#[track_caller]
fn fails(text: &str, expected: &str) {
    let faults = bound(text).map(|_| ()).expect_err(text);
    let found: Vec<String> = faults.iter().map(|it| it.detail.to_string()).collect();
    assert_eq!(found, [expected], "{text}");
}

/// The query has no faults, and these columns.
#[track_caller]
fn accepts(text: &str, columns: &[&str]) {
    let statement = bound(text).unwrap_or_else(|it| panic!("{text}\n{it:?}"));
    assert_eq!(statement.query.columns, columns, "{text}");
}

#[test]
fn a_column_is_called_as_it_was_written() {
    accepts("RETURN 1+ 2, [ 1,2 ] AS list, (3)", &["1+ 2", "list", "(3)"]);
    accepts("MATCH (`a b`) RETURN `a b`, `a b`.x", &["a b", "`a b`.x"]);
}

#[test]
fn a_star_stands_for_all_variables_in_the_order_of_the_alphabet() {
    accepts("MATCH p = (b)-[a]->(c) WITH *, 1 AS ab RETURN *, 2", &["a", "ab", "b", "c", "p", "2"]);
    refuses("MATCH () RETURN *", &["NoVariablesInScope at RETURN *"]);
    accepts("MATCH () WITH * CREATE ()", &[]);
}

#[test]
fn with_cuts_the_scope() {
    refuses("MATCH (a)-->(b) WITH a RETURN b", &["UndefinedVariable at b"]);
    says(
        "MATCH (a)-->(b) WITH a RETURN b",
        "there is no variable `b` here; \
         hint: it is gone since a `WITH` that did not hand it on: add `b` there",
    );
    says("MATCH (node) RETURN nod", "there is no variable `nod` here; hint: did you mean `node`?");
}

#[test]
fn what_with_filters_and_sorts_by_sees_both_sides_of_it() {
    accepts("MATCH (a) WITH a.x AS x ORDER BY a.y WHERE a.z = x RETURN x", &["x"]);
    refuses("MATCH (a) WITH a.x AS x SKIP a.y RETURN x", &["NonConstantExpression at a"]);
    refuses("MATCH (a) RETURN DISTINCT a.x ORDER BY a.y", &["UndefinedVariable at a"]);
    accepts("MATCH (a) RETURN DISTINCT a.x AS x ORDER BY a.x + 1, x", &["x"]);
}

#[test]
fn every_independent_fault_is_reported() {
    refuses(
        "MATCH (a) WHERE a.x = b RETURN c, foo(a), 1 AS one, 2 AS one",
        &[
            "UndefinedVariable at b",
            "ColumnNameConflict at one",
            "UndefinedVariable at c",
            "UnknownFunction at foo",
        ],
    );
}

#[test]
fn a_comprehension_hides_the_outer_variable_of_its_name() {
    accepts("WITH [1] AS x RETURN [x IN x WHERE x > 0 | x] AS y, x", &["y", "x"]);
    let statement = bound("WITH [1] AS x RETURN [x IN x | x] AS y").unwrap();
    assert_eq!(statement.query.slot_names, ["x", "x", "y"]);
}

#[test]
fn a_variable_handed_on_keeps_its_slot_and_a_renamed_one_gets_its_own() {
    let statement = bound("MATCH (a)-->(b) WITH a, b AS c RETURN a, c").unwrap();
    let results = &statement.query.union.parts[0].results;
    let names = results.iter().map(|it| &*statement.query.slot_names[it.index()]);
    assert_eq!(names.collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(statement.query.slot_names.iter().filter(|it| *it == "a").count(), 1);
}

#[test]
fn types_of_variables_do_not_change() {
    refuses("MATCH (r) MATCH ()-[r]-() RETURN r", &["VariableTypeConflict at r"]);
    refuses("MATCH ()-[r]-() MATCH ()-[r*]-() RETURN r", &["VariableTypeConflict at r"]);
    accepts("MATCH ()-[r]-()-[s]-() WITH [r, s] AS rs MATCH ()-[rs*]-() RETURN 1", &["1"]);
    refuses("MATCH (n) WITH [n] AS ns MATCH (ns) RETURN 1", &["VariableTypeConflict at ns"]);
    refuses("MATCH p = (p)--() RETURN p", &["VariableAlreadyBound at p"]);
    refuses("MATCH p = ()--(), ()-[p]-() RETURN p", &["VariableTypeConflict at p"]);
    refuses("MATCH (a)-[r]-()-[r]-() RETURN r", &["RelationshipUniquenessViolation at r"]);
}

#[test]
fn values_of_the_wrong_type_are_refused_where_that_is_certain() {
    for text in [
        "RETURN NOT 1",
        "RETURN true AND 'a'",
        "RETURN 1 IN 2",
        "RETURN [x IN 'a' | x]",
        "RETURN all(x IN ['a'] WHERE x % 2 = 0)",
        "RETURN true + 1",
        "RETURN -'a'",
        "MATCH (n) WHERE (n) RETURN n",
        "MATCH p = () WHERE p.x = 1 RETURN p",
        "MATCH (n) DELETE 1 + 1",
        "MATCH ()-[r]-() SET r:Label",
        "RETURN 1 LIMIT 1.5",
        "CALL test.pair(1, 2)",
    ] {
        let faults = bound(text).map(|_| ()).expect_err(text);
        let details: Vec<_> = faults.iter().map(|it| it.detail.as_str()).collect();
        assert_eq!(details, ["InvalidArgumentType"], "{text}");
    }
    accepts(
        "UNWIND [1, 'a', null] AS x RETURN x % 2, x.y, NOT x, -x",
        &["x % 2", "x.y", "NOT x", "-x"],
    );
    accepts("WITH [1] + 2 AS x RETURN x[0] * 2, x + 'a'", &["x[0] * 2", "x + 'a'"]);
}

#[test]
fn clauses_stand_in_order() {
    refuses("MATCH (n)", &["InvalidClauseComposition at MATCH (n)"]);
    refuses("WITH 1 AS x", &["InvalidClauseComposition at WITH 1 AS x"]);
    refuses("CREATE (a) MATCH (b) RETURN b", &["InvalidClauseComposition at MATCH (b)"]);
    accepts("CREATE (a) WITH a MATCH (b) RETURN b", &["b"]);
    refuses("RETURN 1 AS a UNION RETURN 2 AS b", &["DifferentColumnsInUnion at UNION"]);
    refuses(
        "RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a",
        &["InvalidClauseComposition at UNION"],
    );
    refuses(
        "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) SET m.x = 1 } RETURN n",
        &["InvalidClauseComposition at SET m.x = 1"],
    );
}

#[test]
fn columns_of_a_union_are_matched_by_name() {
    let statement = bound("RETURN 1 AS a, 2 AS b UNION RETURN 3 AS b, 4 AS a").unwrap();
    let query = &statement.query;
    let names = |part: usize| {
        let results = query.union.parts[part].results.iter();
        results.map(|it| query.slot_names[it.index()].clone()).collect::<Vec<_>>()
    };
    assert_eq!((names(0), names(1)), (vec!["a".into(), "b".into()], vec!["a".into(), "b".into()]));
}

#[test]
fn creating_needs_a_direction_a_type_and_new_names() {
    refuses("MATCH (a) CREATE (a)", &["VariableAlreadyBound at a"]);
    refuses("CREATE (n:A)-[:T]->(), (n:B)-[:T]->()", &["VariableAlreadyBound at n"]);
    refuses("CREATE ()-[:T]-()", &["RequiresDirectedRelationship at -[:T]-"]);
    refuses("CREATE ()-->()", &["NoSingleRelationshipType at -->"]);
    refuses("MERGE ()-[:A|B]->()", &["NoSingleRelationshipType at -[:A|B]->"]);
    refuses("CREATE ()-[:T*2]->()", &["CreatingVarLength at *2"]);
    refuses("MATCH (a)-[r]->(b) MERGE (a)-[r]->(b)", &["VariableAlreadyBound at r"]);
    refuses("MERGE (n $all)", &["InvalidParameterUse at $all"]);
    accepts("CREATE (n $all) RETURN n", &["n"]);
    accepts("CREATE (a {x: 1}), (b {x: a.x})-[:T]->(a)", &[]);
    refuses("CREATE (a {x: a.x})", &["UndefinedVariable at a"]);
    accepts("MERGE (a)-[:T]-(b) ON CREATE SET b.x = a.x ON MATCH SET a:L", &[]);
}

#[test]
fn patterns_as_conditions_bring_no_variables() {
    accepts("MATCH (n) WHERE NOT (n)-->(:A)-[]-() OR exists((n)--()) RETURN n", &["n"]);
    refuses(
        "MATCH (n) WHERE (n)-[r]->(a) RETURN n",
        &["UndefinedVariable at r", "UndefinedVariable at a"],
    );
    refuses("MATCH (n) RETURN (n)-->()", &["UnexpectedSyntax at (n)-->()"]);
}

#[test]
fn subqueries_see_the_variables_around_them() {
    accepts(
        "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WITH m WHERE m.x = n.x RETURN m } RETURN n",
        &["n"],
    );
    refuses("MATCH (n) WHERE EXISTS { (n)-->(m) } RETURN m", &["UndefinedVariable at m"]);
    accepts("MATCH (n) RETURN [(n)-->(m) WHERE m.x = 1 | m.y] AS ys", &["ys"]);
    accepts("MATCH (a), (b) RETURN shortestPath((a)-[*]->(b)) AS p", &["p"]);
    refuses("MATCH (a) RETURN shortestPath((a)-[*]->(b)) AS p", &["UndefinedVariable at b"]);
}

#[test]
fn call_with_braces_sees_what_it_imports() {
    accepts("MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN m } RETURN n, m", &["n", "m"]);
    says(
        "MATCH (n) CALL { MATCH (m) WHERE m.x = n.x RETURN m } RETURN m",
        "there is no variable `n` here; hint: `CALL { }` sees it if it begins with `WITH n`",
    );
    refuses("MATCH (n) CALL { MATCH (n) RETURN n } RETURN n", &["VariableAlreadyBound at n"]);
    refuses("CALL { RETURN 1 } RETURN 2", &["NoExpressionAlias at 1"]);
    accepts("CALL { RETURN 1 AS x UNION RETURN 2 AS x } RETURN x", &["x"]);
    accepts("MATCH (n) CALL { WITH n SET n.x = 1 }", &[]);
}

#[test]
fn procedures_are_called_with_what_they_take() {
    accepts("CALL test.pair('a', 1)", &["city", "code"]);
    accepts("CALL test.pair", &["city", "code"]);
    accepts("CALL test.pair('a', 1) YIELD code AS c", &["c"]);
    accepts("MATCH (n) CALL test.pair(n.x, 1) YIELD city WHERE city = 'x' RETURN city", &["city"]);
    accepts("MATCH (n) CALL test.nothing() RETURN n", &["n"]);
    refuses("CALL test.pair('a')", &["InvalidNumberOfArguments at CALL test.pair('a')"]);
    refuses(
        "CALL test.pair YIELD city RETURN city",
        &["InvalidArgumentPassingMode at CALL test.pair YIELD city"],
    );
    refuses("CALL test.pear()", &["ProcedureNotFound at test.pear"]);
    refuses("CALL test.pair('a', 1) YIELD town RETURN 1", &["UndefinedVariable at town"]);
    refuses(
        "CALL test.pair('a', 1) YIELD city AS x, code AS x RETURN x",
        &["VariableAlreadyBound at x"],
    );
    refuses("CALL test.pair('a', 1) RETURN city", &["UndefinedVariable at city"]);
}

#[test]
fn the_engine_tells_what_can_be_called() {
    accepts("SHOW PROCEDURES", &["name", "signature", "description", "mode"]);
    accepts("CALL db.labels() YIELD label RETURN label", &["label"]);
    accepts("CALL db.indexes() YIELD name, type RETURN *", &["name", "type"]);
    let columns =
        "id name type entityType labelsOrTypes properties ownedIndex propertyType".split(' ');
    accepts("SHOW CONSTRAINTS", &columns.collect::<Vec<_>>());
}

#[test]
fn deep_and_long_queries_are_bound() {
    let nested = format!("RETURN {}1{} AS x", "[".repeat(1_900), "]".repeat(1_900));
    accepts(&nested, &["x"]);
    let chain = format!("MATCH (n) WHERE {} RETURN n", vec!["n.x = 1"; 20_000].join(" AND "));
    accepts(&chain, &["n"]);
    let clauses = format!("MATCH (n0) {} RETURN n0", "WITH * MATCH (n0)--() ".repeat(5_000));
    accepts(&clauses, &["n0"]);
    let many = (0..2_000).map(|it| format!("WITH *, {it} AS x{it} ")).collect::<String>();
    refuses(&format!("{many} RETURN 1"), &["LimitExceeded at WITH *, 1413 AS x1413"]);
}

#[test]
fn an_aggregation_stands_where_rows_are_grouped_and_nowhere_else() {
    refuses("MATCH (n) WHERE count(n) > 1 RETURN n", &["InvalidAggregation at count(n)"]);
    refuses("MATCH (n) SET n.x = count(*)", &["InvalidAggregation at count(*)"]);
    refuses("UNWIND collect(1) AS x RETURN x", &["InvalidAggregation at collect(1)"]);
    refuses(
        "MATCH (n) WITH n.x AS x, count(*) AS c WHERE count(*) > 1 RETURN x",
        &["InvalidAggregation at count(*)"],
    );
    refuses("MATCH (n) RETURN n.x ORDER BY max(n.y)", &["InvalidAggregation at max(n.y)"]);
    refuses("RETURN [x IN [1] | count(x)]", &["InvalidAggregation at count(x)"]);
    refuses("RETURN count(count(*))", &["NestedAggregation at count(*)"]);
    refuses("RETURN count(rand())", &["NonConstantExpression at rand()"]);
    refuses("MATCH (n) RETURN n LIMIT count(*)", &["InvalidAggregation at count(*)"]);
    accepts("MATCH (n) RETURN size([x IN collect(n) | x.a]) AS size", &["size"]);
}

#[test]
fn beside_an_aggregation_stands_only_what_is_grouped_by() {
    accepts("MATCH (a)--(b) RETURN a.x, a.x + count(b.x)", &["a.x", "a.x + count(b.x)"]);
    accepts("MATCH (a)--(b) RETURN count(b) + a.x AS n, a", &["n", "a"]);
    accepts("MATCH (a)--(b) WITH a AS c, a.x + count(b) AS n RETURN n", &["n"]);
    accepts("MATCH (a) RETURN a, size([(a)-->() | 1]) + count(*) AS n", &["a", "n"]);
    accepts("MATCH (a)--(b) RETURN a, [x IN collect(b) WHERE x.y = a.y | x] AS l", &["a", "l"]);
    accepts("MATCH (a) RETURN $x + count(a) + 1 AS n", &["n"]);
    refuses("MATCH (a) RETURN a.x + count(*)", &["AmbiguousAggregationExpression at a"]);
    refuses(
        "MATCH (a)--(b) RETURN a.x + b.x, a.x + b.x + count(*)",
        &["AmbiguousAggregationExpression at a", "AmbiguousAggregationExpression at b"],
    );
    refuses(
        "MATCH (x) RETURN x.a, [x IN collect(x) | x.a + count(*)]",
        &["InvalidAggregation at count(*)"],
    );
}

#[test]
fn grouped_rows_are_sorted_by_what_is_returned() {
    accepts("MATCH (a) RETURN a.x, count(*) ORDER BY count(*), a.x", &["a.x", "count(*)"]);
    accepts("MATCH (a) RETURN a.x AS x, count(*) AS n ORDER BY x + count(*), a.x + n", &["x", "n"]);
    accepts("MATCH (a) RETURN a.x + 1, count(*) ORDER BY a.x + 1", &["a.x + 1", "count(*)"]);
    accepts("MATCH (a) RETURN a, count(*) ORDER BY max(a.x)", &["a", "count(*)"]);
    refuses("MATCH (a) RETURN count(*) ORDER BY a.x", &["UndefinedVariable at a"]);
    refuses(
        "MATCH (a) WITH a.x AS x, sum(a.y) AS y ORDER BY sum(a.z) RETURN x",
        &["UndefinedVariable at a"],
    );
    refuses("MATCH (a) RETURN a.x AS x, count(*) ORDER BY max(x)", &["InvalidAggregation at x"]);
    refuses(
        "MATCH (a)--(b) RETURN a.x + b.x, count(*) ORDER BY a.x + b.x + count(*)",
        &["AmbiguousAggregationExpression at a", "AmbiguousAggregationExpression at b"],
    );
}

#[test]
fn groups_are_made_of_keys_and_aggregates() {
    let statement =
        bound("MATCH (a) RETURN a.x AS x, 1 + count(*) AS n ORDER BY count(*)").unwrap();
    let query = &statement.query;
    let crate::bound::Step::Project(project) = &query.union.parts[0].steps[1] else { panic!() };
    let aggregation = project.aggregation.as_ref().unwrap();
    let name = |slot: &crate::bound::Slot| query.slot_names[slot.index()].as_str();
    let keys: Vec<_> = aggregation.keys.iter().map(|it| name(&it.0)).collect();
    let aggregates: Vec<_> = aggregation.aggregates.iter().map(|it| name(&it.0)).collect();
    let columns: Vec<_> = project.columns.iter().map(|it| name(&it.0)).collect();
    assert_eq!((keys, aggregates, columns), (vec!["x"], vec!["count(*)"], vec!["x", "n"]));
}

#[test]
fn functions_are_called_with_what_they_take() {
    refuses("RETURN toUpper()", &["InvalidNumberOfArguments at toUpper()"]);
    refuses(
        "MATCH p = () RETURN labels(p), size(p)",
        &["InvalidArgumentType at p", "InvalidArgumentType at p"],
    );
    refuses(
        "MATCH (n) RETURN type(n), length(n)",
        &["InvalidArgumentType at n", "InvalidArgumentType at n"],
    );
    accepts("MATCH p = ()-[r]-() RETURN [x IN relationships(p) | TYPE(x)] AS types", &["types"]);
    refuses("MATCH p = () RETURN [x IN nodes(p) | type(x)]", &["InvalidArgumentType at x"]);
    refuses("RETURN size((n)--())", &["UnexpectedSyntax at (n)--()"]);
    says("RETURN toUper('a')", "there is no function `toUper`; hint: did you mean `toUpper`?");
}

#[test]
fn a_path_that_is_repeated_sees_its_own_variables_and_those_of_earlier_clauses() {
    accepts(
        "WITH 1 AS k MATCH (x) ((a)-[r]->(b) WHERE r.w > k)+ (y) RETURN a, r, b",
        &["a", "r", "b"],
    );
    accepts("MATCH (x) ((a)-->(b) WHERE EXISTS { (b)-->(c) WHERE c.k = a.k })+ RETURN x", &["x"]);
    says(
        "MATCH (x) ((a)-[r]->(b) WHERE r.w > x.k)+ (y) RETURN y",
        "`x` cannot be seen within a path that is repeated; hint: it sees its own variables and those \
         of earlier clauses: ask for the rest in the `WHERE` behind the pattern",
    );
    says(
        "MATCH (x) ((a)-->(b) WHERE EXISTS { (b)-->(y) })+ (y) RETURN y",
        "`y` cannot be seen within a path that is repeated; hint: it sees its own variables and those \
         of earlier clauses: ask for the rest in the `WHERE` behind the pattern",
    );
    fails("MATCH (x) ((x)-->(b))+ (y) RETURN y", "VariableAlreadyBound");
    fails("MATCH (x) ((a)-->(b))+ (a) RETURN a", "VariableTypeConflict");
    fails("MATCH ((a)-->(b))+ ((a)-->(c))+ RETURN a", "VariableAlreadyBound");
    fails("MATCH ((a)-->(b))+ RETURN a.name", "InvalidArgumentType");
    fails("MATCH ((a) ((b)-->(c))+ (d))+ RETURN a", "InvalidRelationshipPattern");
    fails("MATCH shortestPath((a) ((b)-->(c))+ (d)) RETURN a", "InvalidRelationshipPattern");
    fails("CREATE ((a)-[:T]->(b)){2}", "CreatingVarLength");
}

#[test]
fn what_is_written_in_the_wrong_place_is_told_once() {
    says(
        "RETURN n MATCH (n)",
        "`MATCH` stands behind `RETURN`; hint: `RETURN` ends a query: use `WITH` to go on",
    );
    says(
        "RETURN size([1], 2)",
        "`size` takes 1 value, not 2; hint: `size`: How many elements a list has, or characters a string.",
    );
}
