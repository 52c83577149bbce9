//! What is printed reads back as the same tree.

use crate::kit;
use crate::trees::Trees;

#[track_caller]
fn check(text: &str, expected: &str) {
    let (statement, errors) = weft_cypher::parse(text);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let printed = statement.to_string();
    assert_eq!(printed, expected);
    assert_eq!(weft_cypher::parse(&printed), (statement, Vec::new()));
}

#[test]
fn every_query_of_the_kit_reads_back() {
    let Some(queries) = kit::queries() else { return };
    let mut n = 0;
    for query in queries {
        let (statement, errors) = weft_cypher::parse(&query.text);
        if errors.is_empty() {
            let printed = statement.to_string();
            let (read, errors) = weft_cypher::parse(&printed);
            assert!(errors.is_empty(), "{}\n{printed}\n{errors:?}", query.text);
            assert_eq!(read, statement, "{}\n{printed}", query.text);
            n += 1;
        }
    }
    assert!(n > 2_000);
}

#[test]
fn random_trees_read_back() {
    for seed in 0..2_000 {
        let statement = Trees::new(seed).statement();
        let printed = statement.to_string();
        let (read, errors) = weft_cypher::parse(&printed);
        assert!(errors.is_empty(), "seed {seed}\n{printed}\n{errors:?}");
        assert_eq!(read, statement, "seed {seed}\n{printed}\n{read}");
    }
}

#[test]
fn parentheses_stand_where_they_are_needed_alone() {
    check("return ((1+2)*(3*4))", "RETURN (1 + 2) * (3 * 4)");
    check("RETURN (((a)))", "RETURN a");
    check("RETURN (a AND b) OR (c AND (NOT d))", "RETURN a AND b OR c AND NOT d");
    check("RETURN (a AND b) AND (c AND d)", "RETURN a AND b AND c AND d");
    check("RETURN a AND (b AND c)", "RETURN a AND (b AND c)");
    check("RETURN 2^3^4, 2^(3^4), -2^2", "RETURN 2 ^ 3 ^ 4, 2 ^ (3 ^ 4), -2 ^ 2");
    check("RETURN a - -1, a - (-b), - -c", "RETURN a - (-1), a - (-b), -(-c)");
    check("RETURN -(1), (-1).x", "RETURN -(1), (-1).x");
    check("RETURN (a = b) IS NULL, a = b IS NULL", "RETURN (a = b) IS NULL, a = b IS NULL");
    check("RETURN [(x IN xs)], [x IN xs]", "RETURN [(x IN xs)], [x IN xs]");
}

#[test]
fn clauses_stand_on_lines_of_their_own() {
    check(
        "match (n:A:B {x:1})-[r :T|:U * 1 .. 3]->() where n.x>1 with n, count(*) as c order by c desc skip 1 limit 2 return distinct *, c as d",
        "MATCH (n:A:B {x: 1})-[r:T|U*1..3]->() WHERE n.x > 1\nWITH n, count(*) AS c ORDER BY c DESC SKIP 1 LIMIT 2\nRETURN DISTINCT *, c AS d",
    );
    check(
        "MATCH (a)--(b) WHERE exists { (a)-->() } CALL { WITH a RETURN 1 AS x UNION RETURN 2 AS x } RETURN x",
        "MATCH (a)--(b) WHERE EXISTS { (a)-->() }\nCALL { WITH a RETURN 1 AS x UNION RETURN 2 AS x }\nRETURN x",
    );
}
