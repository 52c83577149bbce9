//! Expressions made by hand, as the binder makes them.

use super::*;
use crate::ast::{BinaryOperator as Op, Quantifier};
use crate::bound::{Labels, MapPiece, Slot};
use crate::{Clock, Graph, Limits, Map, Span, State, functions};

const A: Slot = Slot(0);
const B: Slot = Slot(1);
const ITEM: Slot = Slot(2);
const TOTAL: Slot = Slot(3);

fn at(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::new(0, 1) }
}

fn val(val: impl Into<Val>) -> Expr {
    at(ExprKind::Constant(val.into()))
}

fn null() -> Expr {
    at(ExprKind::Constant(Val::Null))
}

fn slot(slot: Slot) -> Expr {
    at(ExprKind::Slot(slot))
}

fn list(items: impl IntoIterator<Item = Expr>) -> Expr {
    at(ExprKind::List(items.into_iter().collect()))
}

fn binary(operator: Op, a: Expr, b: Expr) -> Expr {
    at(ExprKind::Binary(operator, Box::new(a), Box::new(b)))
}

fn comparison(comparison: Comparison, a: Expr, b: Expr) -> Expr {
    at(ExprKind::Comparison(Box::new(a), vec![(comparison, b)]))
}

fn property(of: Expr, key: &str) -> Expr {
    at(ExprKind::Property(Box::new(of), key.into()))
}

fn call(name: &str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    let function = functions::find(name).unwrap_or_else(|| panic!("no function `{name}`"));
    at(ExprKind::Call(function, arguments.into_iter().collect()))
}

fn run(expr: &Expr, limits: Limits) -> Result<Val, Error> {
    let graph = Graph::new(weft_graph::fixture("a:university -partners_with-> b:company"));
    let (clock, state) = (Clock::default(), State::new(0, None));
    let ctx = Context { graph: &graph, parameters: &[], clock: &clock, limits, state: &state };
    let mut row = [
        Val::Node(weft_graph::NodeIdx(0)),
        Val::Relationship(weft_graph::TieIdx(0)),
        Val::Null,
        Val::Null,
    ];
    eval(expr, &mut row, &ctx)
}

#[track_caller]
fn check(expr: Expr, expected: impl Into<Val>) {
    match run(&expr, Limits::default()) {
        Ok(found) => {
            let expected = expected.into();
            assert_eq!(found, expected);
            // 1 and 1.0 are the same to grouping, but not to who asked.
            assert_eq!(found.type_name(), expected.type_name());
        }
        Err(err) => panic!("{}: {err}", err.kind),
    }
}

#[track_caller]
fn check_error(expr: Expr, kind: ErrorKind, detail: Detail) {
    let err = run(&expr, Limits::default()).expect_err("an error");
    assert_eq!((err.kind, err.detail), (kind, detail), "{err}");
    assert!(err.span.is_some());
}

const TRUTHS: [Option<bool>; 3] = [Some(true), Some(false), None];

#[test]
fn truth_tables_are_those_of_kleene() {
    // False is 0, null a half and true 1: `AND` is the least, `OR` the most, `NOT` what is left to 1.
    let number = |it: Option<bool>| it.map_or(1, |it| if it { 2 } else { 0 });
    let truth = |it: i32| [Some(false), None, Some(true)][it as usize];
    for a in TRUTHS {
        check(at(ExprKind::Not(Box::new(val(a)))), truth(2 - number(a)));
        check(at(ExprKind::IsNull(Box::new(val(a)), false)), a.is_none());
        check(at(ExprKind::IsNull(Box::new(val(a)), true)), a.is_some());
        for b in TRUTHS {
            let (least, most) = (number(a).min(number(b)), number(a).max(number(b)));
            check(at(ExprKind::And(vec![val(a), val(b)])), truth(least));
            check(at(ExprKind::Or(vec![val(a), val(b)])), truth(most));
            check(binary(Op::Xor, val(a), val(b)), a.zip(b).map(|(a, b)| a != b));
        }
    }
    check_error(
        at(ExprKind::And(vec![val(true), val(1)])),
        ErrorKind::TypeError,
        Detail::InvalidArgumentType,
    );
}

#[test]
fn integers_are_exact_or_refused() {
    let samples = [0, 1, -1, 2, -3, 7, 1 << 40, i64::MAX, i64::MIN, i64::MAX - 1];
    for a in samples {
        for b in samples {
            let (wide_a, wide_b) = (i128::from(a), i128::from(b));
            let exact = |operator| match operator {
                Op::Add => Some(wide_a + wide_b),
                Op::Subtract => Some(wide_a - wide_b),
                Op::Multiply => Some(wide_a * wide_b),
                Op::Divide => wide_a.checked_div(wide_b),
                _ => wide_a.checked_rem(wide_b),
            };
            for operator in [Op::Add, Op::Subtract, Op::Multiply, Op::Divide, Op::Modulo] {
                let expr = binary(operator, val(a), val(b));
                match exact(operator).map(i64::try_from) {
                    Some(Ok(exact)) => check(expr, exact),
                    Some(Err(_)) => {
                        check_error(expr, ErrorKind::ArithmeticError, Detail::IntegerOverflow);
                    }
                    None => check_error(expr, ErrorKind::ArithmeticError, Detail::DivisionByZero),
                }
            }
        }
    }
    check_error(
        at(ExprKind::Minus(Box::new(val(i64::MIN)))),
        ErrorKind::ArithmeticError,
        Detail::IntegerOverflow,
    );
}

#[test]
fn floats_follow_their_standard() {
    check(binary(Op::Divide, val(1.0), val(0)), f64::INFINITY);
    check(binary(Op::Divide, val(0), val(0.0)), f64::NAN);
    check(binary(Op::Modulo, val(5.5), val(2)), 1.5);
    check(binary(Op::Power, val(2), val(10)), 1024.0);
    check(binary(Op::Divide, val(7), val(2)), 3);
    check(binary(Op::Divide, val(-7), val(2)), -3);
    check(binary(Op::Modulo, val(-7), val(2)), -1);
}

#[test]
fn plus_joins_text_and_lists() {
    check(binary(Op::Add, val("a"), val("b")), "ab");
    check(binary(Op::Add, val("a"), val(1)), "a1");
    check(binary(Op::Add, val(1.0), val("a")), "1.0a");
    check(binary(Op::Add, val("a"), null()), Val::Null);
    check(binary(Op::Add, list([val(1)]), val("a")), vec![1.into(), "a".into()]);
    check(binary(Op::Add, val("a"), list([val(1)])), vec!["a".into(), 1.into()]);
    check(binary(Op::Add, list([val(1)]), list([null()])), vec![1.into(), Val::Null]);
    check_error(
        binary(Op::Add, val(true), val(1)),
        ErrorKind::TypeError,
        Detail::InvalidArgumentType,
    );
}

#[test]
fn comparisons_chain_and_each_pair_must_hold() {
    use Comparison::{Equal, Less, LessOrEqual};
    let chain = |first, rest| at(ExprKind::Comparison(Box::new(first), rest));
    check(chain(val(1), vec![(Less, val(2)), (LessOrEqual, val(2))]), true);
    check(chain(val(1), vec![(Less, val(2)), (Equal, val(3))]), false);
    check(chain(val(1), vec![(Less, null()), (Equal, val(3))]), Val::Null);
    check(chain(null(), vec![(Less, val(2)), (Equal, val(3))]), false);
    check(comparison(Less, val(1), val("a")), Val::Null);
    check(comparison(Equal, val(1), val("a")), false);
}

#[test]
fn elements_and_parts_of_lists() {
    let index = |of, index| at(ExprKind::Index(Box::new(of), Box::new(index)));
    let part = |of, from: Option<Expr>, to: Option<Expr>| {
        at(ExprKind::Slice(Box::new(of), from.map(Box::new), to.map(Box::new)))
    };
    let abc = || list([val("a"), val("b"), val("c")]);
    check(index(abc(), val(0)), "a");
    check(index(abc(), val(-1)), "c");
    check(index(abc(), val(3)), Val::Null);
    check(index(abc(), val(-4)), Val::Null);
    check(index(abc(), val(i64::MIN)), Val::Null);
    check(index(abc(), null()), Val::Null);
    check(index(null(), val(0)), Val::Null);
    check(index(slot(A), val("name")), "a");
    check_error(
        index(abc(), val("a")),
        ErrorKind::TypeError,
        Detail::ListElementAccessByNonInteger,
    );
    let map = || at(ExprKind::Map(vec![("key".into(), val(1))]));
    check(index(map(), val("key")), 1);
    check_error(index(map(), val(0)), ErrorKind::TypeError, Detail::MapElementAccessByNonString);
    check_error(index(val(1), val(0)), ErrorKind::TypeError, Detail::InvalidArgumentType);

    check(part(abc(), Some(val(1)), Some(val(2))), vec!["b".into()]);
    check(part(abc(), None, Some(val(-1))), vec!["a".into(), "b".into()]);
    check(part(abc(), Some(val(-9)), None), vec!["a".into(), "b".into(), "c".into()]);
    check(part(abc(), Some(val(2)), Some(val(1))), Vec::new());
    check(part(abc(), Some(null()), None), Val::Null);
}

#[test]
fn in_is_null_where_a_null_could_be_it() {
    let is_in = |item, all: Vec<Expr>| binary(Op::In, item, list(all));
    check(is_in(val(1), vec![val(2), val(1)]), true);
    check(is_in(val("a"), vec![val("b"), null()]), Val::Null);
    check(is_in(val("a"), vec![null(), val("a")]), true);
    check(is_in(null(), vec![]), false);
    check(is_in(null(), vec![val(1)]), Val::Null);
    check(is_in(list([val(1), null()]), vec![list([val(1)])]), false);
    check(is_in(list([val(1), null()]), vec![list([val(1), val(2)])]), Val::Null);
    check(binary(Op::In, val(1), null()), Val::Null);
}

/// What a quantifier says of truth values, one at a time, by the definition of its words.
#[test]
fn quantifiers_agree_with_what_every_null_could_be() {
    for n_items in 0..5_u32 {
        for code in 0..3_usize.pow(n_items) {
            let truths: Vec<_> = (0..n_items).map(|n| TRUTHS[code / 3_usize.pow(n) % 3]).collect();
            for (quantifier, holds) in [
                (Quantifier::All, (|n, of| n == of) as fn(usize, usize) -> bool),
                (Quantifier::Any, |n, _| n > 0),
                (Quantifier::None, |n, _| n == 0),
                (Quantifier::Single, |n, _| n == 1),
            ] {
                // A null may turn out true or false: known is what holds either way.
                let n_true = truths.iter().filter(|it| **it == Some(true)).count();
                let n_null = truths.iter().filter(|it| it.is_none()).count();
                let could: Vec<_> = (0..=n_null).map(|n| holds(n_true + n, truths.len())).collect();
                let expected = could.iter().all(|it| *it == could[0]).then_some(could[0]);
                let expr = at(ExprKind::Quantifier {
                    quantifier,
                    slot: ITEM,
                    list: Box::new(list(truths.iter().map(|it| val(*it)))),
                    predicate: Box::new(slot(ITEM)),
                });
                check(expr, expected);
            }
        }
    }
}

fn reduce(start: Expr, of: Expr, value: Expr) -> Expr {
    at(ExprKind::Reduce {
        accumulator: TOTAL,
        start: Box::new(start),
        slot: ITEM,
        list: Box::new(of),
        value: Box::new(value),
    })
}

#[test]
fn comprehensions_and_reduce_go_through_a_list() {
    let comprehension = |of, predicate: Option<Expr>, value: Option<Expr>| {
        at(ExprKind::ListComprehension {
            slot: ITEM,
            list: Box::new(of),
            predicate: predicate.map(Box::new),
            value: value.map(Box::new),
        })
    };
    let numbers = || call("range", [val(1), val(4)]);
    let is_large = comparison(Comparison::Greater, slot(ITEM), val(2));
    let doubled = binary(Op::Multiply, slot(ITEM), val(2));
    check(comprehension(numbers(), Some(is_large), Some(doubled)), vec![6.into(), 8.into()]);
    check(comprehension(null(), None, None), Val::Null);
    check(reduce(val(0), numbers(), binary(Op::Add, slot(TOTAL), slot(ITEM))), 10);
    check(reduce(val(0), null(), slot(ITEM)), Val::Null);
    let backwards = binary(Op::Add, slot(ITEM), slot(TOTAL));
    check(reduce(list([]), numbers(), backwards), vec![4.into(), 3.into(), 2.into(), 1.into()]);
}

#[test]
fn what_would_take_all_memory_is_refused() {
    let limits = Limits { n_bytes: 1_000_000, ..Limits::default() };
    let doubling = binary(Op::Add, slot(TOTAL), slot(TOTAL));
    let explosive = [
        call("range", [val(0), val(i64::MAX)]),
        call("range", [val(i64::MIN), val(i64::MAX)]),
        reduce(val("ab"), call("range", [val(1), val(60)]), doubling.clone()),
        reduce(list([val(1)]), call("range", [val(1), val(60)]), doubling),
        // Refused for its depth.
        reduce(list([]), call("range", [val(1), val(2_000)]), list([slot(TOTAL)])),
    ];
    for expr in explosive {
        assert_eq!(run(&expr, limits).expect_err("a limit").kind, ErrorKind::LimitError);
    }
}

#[test]
fn a_list_is_added_to_in_linear_time() {
    let n_items = 20_000;
    let grown = reduce(
        list([]),
        call("range", [val(1), val(n_items)]),
        binary(Op::Add, slot(TOTAL), slot(ITEM)),
    );
    check(call("size", [grown]), n_items);
}

#[test]
fn case_takes_the_first_that_holds() {
    let case = |subject: Option<Expr>, alternatives, otherwise: Option<Expr>| {
        let (subject, otherwise) = (subject.map(Box::new), otherwise.map(Box::new));
        at(ExprKind::Case { subject, alternatives, otherwise })
    };
    let two = || vec![(val(1), val("one")), (val(2), val("two"))];
    check(case(Some(val(2.0)), two(), None), "two");
    check(case(Some(val(3)), two(), None), Val::Null);
    check(case(Some(val("1")), two(), Some(val("other"))), "other");
    check(case(Some(null()), vec![(null(), val("null"))], None), Val::Null);
    check(case(None, vec![(null(), val(1)), (val(true), val(2))], None), 2);
}

#[test]
fn properties_labels_and_projections() {
    check(property(slot(A), "name"), "a");
    check(property(slot(A), "colour"), Val::Null);
    check(property(null(), "name"), Val::Null);
    check(comparison(Comparison::Equal, property(slot(A), "name"), val("a")), true);
    check(comparison(Comparison::Equal, property(slot(A), "colour"), val("a")), Val::Null);
    check(comparison(Comparison::Greater, val("b"), property(slot(A), "name")), true);
    check_error(property(val(1), "name"), ErrorKind::TypeError, Detail::InvalidArgumentType);

    let has = |of, labels| at(ExprKind::HasLabels(Box::new(of), labels));
    let label = |it: &str| Labels::Label(it.into());
    check(has(slot(A), label("University")), true);
    check(has(slot(A), Labels::Not(Box::new(label("Company")))), true);
    check(has(slot(A), Labels::Or(vec![label("Company"), label("University")])), true);
    check(has(slot(A), Labels::And(vec![label("Company"), label("University")])), false);
    check(has(slot(A), Labels::Any), true);
    check(has(slot(B), label("PARTNERS_WITH")), true);
    check(has(null(), label("University")), Val::Null);

    let pieces = vec![MapPiece::Property("name".into()), MapPiece::Entry("n".into(), val(1))];
    let projected = [("name".into(), "a".into()), ("n".into(), 1.into())];
    let projected = Val::Map(Map::from_iter(projected));
    check(at(ExprKind::MapProjection(Box::new(slot(A)), pieces.clone())), projected);
    check(at(ExprKind::MapProjection(Box::new(null()), pieces)), Val::Null);
}

#[test]
fn conditions_on_text() {
    check(binary(Op::StartsWith, val("Leeds"), val("Le")), true);
    check(binary(Op::EndsWith, property(slot(A), "name"), val("a")), true);
    check(binary(Op::Contains, val("Leeds"), val("ee")), true);
    check(binary(Op::Contains, val("Leeds"), val(1)), Val::Null);
    check(binary(Op::StartsWith, null(), val("a")), Val::Null);
}

#[test]
fn a_regular_expression_must_match_the_whole_text() {
    let matches = |text: &str, pattern: &str| binary(Op::Regex, val(text), val(pattern));
    check(matches("Leeds", "L.*"), true);
    check(matches("Leeds", "ee"), false);
    check(matches("ab", "a|ab"), true);
    check(matches("LEEDS", "(?i)leeds"), true);
    check(matches("ab", "(?x) a b # both"), true);
    check(binary(Op::Regex, val(1), val("1")), Val::Null);
    check_error(matches("a", "a)|(b"), ErrorKind::ArgumentError, Detail::InvalidArgumentValue);
    check_error(matches("a", "(a{1000}){1000}"), ErrorKind::LimitError, Detail::LimitExceeded);
}

#[test]
fn deep_expressions_have_stack_enough() {
    let nested = (0..2_000).fold(val(true), |it, _| at(ExprKind::Not(Box::new(it))));
    check(nested, true);
    let deep = (0..1_000).fold(val(1), |it, _| list([it]));
    let equal = comparison(Comparison::Equal, deep.clone(), deep);
    check(equal, true);
}

#[test]
fn functions_of_text_count_characters() {
    check(call("substring", [val("façade"), val(2), val(3)]), "çad");
    check(call("left", [val("façade"), val(3)]), "faç");
    check(call("right", [val("façade"), val(4)]), "çade");
    check(call("right", [val("abc"), val(9)]), "abc");
    check(call("right", [val("abc"), val(0)]), "");
    check(call("size", [val("façade")]), 6);
    check(call("reverse", [val("abc")]), "cba");
    check(call("split", [val("a,b,"), val(",")]), vec!["a".into(), "b".into(), "".into()]);
    check(call("split", [val("ab"), val("")]), vec!["a".into(), "b".into()]);
    check(call("replace", [val("aba"), val("a"), val("xy")]), "xybxy");
    check_error(
        call("left", [val("abc"), val(-1)]),
        ErrorKind::ArgumentError,
        Detail::NegativeIntegerArgument,
    );
    check_error(call("toUpper", [val(1)]), ErrorKind::TypeError, Detail::InvalidArgumentValue);
}

#[test]
fn ranges_go_both_ways_and_end_in_time() {
    let range = |from: i64, to: i64, step: i64| call("range", [val(from), val(to), val(step)]);
    let integers = |all: &[i64]| Val::from(all.iter().map(|it| Val::from(*it)).collect::<Vec<_>>());
    check(range(0, 5, 2), integers(&[0, 2, 4]));
    check(range(5, 0, -2), integers(&[5, 3, 1]));
    check(range(0, 5, -1), integers(&[]));
    check(range(3, 3, -7), integers(&[3]));
    check(range(i64::MIN, i64::MAX, i64::MAX), integers(&[i64::MIN, -1, i64::MAX - 1]));
    check_error(range(1, 2, 0), ErrorKind::ArgumentError, Detail::NumberOutOfRange);
    check_error(
        call("range", [val(1.0), val(2)]),
        ErrorKind::ArgumentError,
        Detail::InvalidArgumentType,
    );
}

#[test]
fn conversions_refuse_what_has_no_meaning() {
    check(call("toInteger", [val("82.9")]), 82);
    check(call("toInteger", [val(-2.9)]), -2);
    check(call("toBoolean", [val("TRUE")]), true);
    check(call("toBoolean", [val("yes")]), Val::Null);
    check(call("toString", [val(1e7)]), "1.0E7");
    check(call("toString", [val(0.5)]), "0.5");
    check(call("toFloatOrNull", [list([])]), Val::Null);
    check(call("toIntegerList", [list([val("1"), val("a")])]), vec![1.into(), Val::Null]);
    check_error(call("toFloat", [val(true)]), ErrorKind::TypeError, Detail::InvalidArgumentValue);
    check_error(
        call("toInteger", [val(1e30)]),
        ErrorKind::ArithmeticError,
        Detail::IntegerOverflow,
    );
}

#[test]
fn entities_say_what_they_are() {
    check(call("labels", [slot(A)]), vec!["University".into(), "Organisation".into()]);
    check(call("type", [slot(B)]), "PARTNERS_WITH");
    check(call("startNode", [slot(B)]), Val::Node(weft_graph::NodeIdx(0)));
    check(call("valueType", [list([val(1), null()])]), "LIST<INTEGER> NOT NULL");
    check(call("coalesce", [null(), val(2), val(3)]), 2);
    check(call("weft.valid_at", [slot(A), val("2024")]), true);
    check_error(call("labels", [val(1)]), ErrorKind::TypeError, Detail::InvalidArgumentValue);
    check_error(call("type", [slot(A)]), ErrorKind::TypeError, Detail::InvalidArgumentValue);
}

#[test]
fn chance_is_the_seed_alone() {
    check(comparison(Comparison::Equal, call("rand", []), call("rand", [])), false);
    let uuid = || run(&call("randomUUID", []), Limits::default()).unwrap();
    assert_eq!(uuid(), uuid());
    let Val::String(text) = uuid() else { panic!("not text") };
    assert_eq!((text.len(), &text[14..15]), (36, "4"));
}
