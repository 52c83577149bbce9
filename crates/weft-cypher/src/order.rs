//! How values compare: equality and `<` with three truth values, and the order and identity that
//! sorting and grouping see.
//!
//! Four relations, as the standard has them (CIP2016-06-14):
//! - [`equals`] is `=`: null if it cannot be known, and NaN equals nothing.
//! - [`compare`] is `<`: values of unlike types have no order.
//! - `Ord` of [`Val`] is `ORDER BY`, `min` and `max`: any two values have an order, null comes last.
//! - `Eq` and `Hash` of [`Val`] are `DISTINCT` and grouping: null is null, NaN is NaN, 1 is 1.0.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use weft_value::Point;

use crate::ast::Comparison;
use crate::{Map, Path, Val};

/// What `<` and its like find out about two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// One comes before the other, or they are equal.
    Ordered(Ordering),
    /// One of them is NaN, so that no comparison holds.
    Unordered,
    /// One of them is null or they are of unlike types, so that the answer is null.
    Unknown,
}

/// Whether `a = b`; None for null.
pub fn equals(a: &Val, b: &Val) -> Option<bool> {
    Some(match (a, b) {
        (Val::Null, _) | (_, Val::Null) => return None,
        (Val::String(a), Val::String(b)) => a == b,
        (Val::Integer(a), Val::Integer(b)) => a == b,
        (Val::Float(a), Val::Float(b)) => a == b,
        (&Val::Integer(a), &Val::Float(b)) | (&Val::Float(b), &Val::Integer(a)) => {
            integer_with_float(a, b) == Some(Ordering::Equal)
        }
        (Val::List(a), Val::List(b)) => {
            return if a.len() == b.len() {
                all_equal(a.iter().zip(b.iter()))
            } else {
                Some(false)
            };
        }
        (Val::Map(a), Val::Map(b)) => {
            return if a.keys().eq(b.keys()) {
                a.enter(|| all_equal(a.values().zip(b.values())))
            } else {
                Some(false)
            };
        }
        (Val::Point(a), Val::Point(b)) => a == b,
        _ => a == b,
    })
}

/// How `a` and `b` compare by `<`, `<=`, `>` and `>=`.
pub fn compare(a: &Val, b: &Val) -> Compared {
    let ordering = match (a, b) {
        (Val::Integer(a), Val::Integer(b)) => Some(a.cmp(b)),
        (Val::Float(a), Val::Float(b)) => a.partial_cmp(b),
        (&Val::Integer(a), &Val::Float(b)) => integer_with_float(a, b),
        (&Val::Float(a), &Val::Integer(b)) => integer_with_float(b, a).map(Ordering::reverse),
        (Val::String(a), Val::String(b)) => Some(a.cmp(b)),
        (Val::Boolean(a), Val::Boolean(b)) => Some(a.cmp(b)),
        (Val::Date(_), Val::Date(_))
        | (Val::LocalTime(_), Val::LocalTime(_))
        | (Val::Time(_), Val::Time(_))
        | (Val::LocalDateTime(_), Val::LocalDateTime(_))
        | (Val::DateTime(_), Val::DateTime(_)) => Some(a.cmp(b)),
        (Val::List(a), Val::List(b)) => return a.enter(|| compare_lists(a, b)),
        _ => return Compared::Unknown,
    };
    ordering.map_or(Compared::Unordered, Compared::Ordered)
}

/// Whether a comparison holds; None for null.
pub(crate) fn holds(comparison: Comparison, a: &Val, b: &Val) -> Option<bool> {
    let wanted: fn(Ordering) -> bool = match comparison {
        Comparison::Equal => return equals(a, b),
        Comparison::NotEqual => return equals(a, b).map(|it| !it),
        Comparison::Less => Ordering::is_lt,
        Comparison::LessOrEqual => Ordering::is_le,
        Comparison::Greater => Ordering::is_gt,
        Comparison::GreaterOrEqual => Ordering::is_ge,
    };
    match compare(a, b) {
        Compared::Ordered(ordering) => Some(wanted(ordering)),
        Compared::Unordered => Some(false),
        Compared::Unknown => None,
    }
}

impl Ord for Val {
    /// The order of `ORDER BY`: by type, then within it.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (&Self::Float(a), &Self::Float(b)) => floats(a, b),
            (&Self::Integer(a), &Self::Float(b)) => {
                integer_with_float(a, b).unwrap_or(Ordering::Less)
            }
            (&Self::Float(a), &Self::Integer(b)) => {
                integer_with_float(b, a).map_or(Ordering::Greater, Ordering::reverse)
            }
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Node(a), Self::Node(b)) => a.cmp(b),
            (Self::Relationship(a), Self::Relationship(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => a.enter(|| a.iter().cmp(b.iter())),
            (Self::Map(a), Self::Map(b)) => a.enter(|| maps(a, b)),
            (Self::Path(a), Self::Path(b)) => steps(a).cmp(steps(b)),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::LocalTime(a), Self::LocalTime(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::LocalDateTime(a), Self::LocalDateTime(b)) => a.cmp(b),
            (Self::DateTime(a), Self::DateTime(b)) => a.cmp(b),
            (Self::Duration(a), Self::Duration(b)) => a.cmp(b),
            (Self::Point(a), Self::Point(b)) => points(a, b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl PartialOrd for Val {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Val {
    /// Whether both are the same to `DISTINCT` and grouping; `=` is [`equals`].
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // Lengths are compared before contents.
            (Self::String(a), Self::String(b)) => a == b,
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.enter(|| **a == **b),
            _ => self.cmp(other).is_eq(),
        }
    }
}

impl Eq for Val {}

impl Hash for Val {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(rank(self));
        match self {
            Self::Null => {}
            Self::Boolean(it) => it.hash(state),
            Self::Integer(it) => it.hash(state),
            Self::Float(it) => hash_float(*it, state),
            Self::String(it) => it.hash(state),
            Self::List(it) => it.enter(|| it.hash(state)),
            Self::Map(it) => it.enter(|| it.hash(state)),
            Self::Node(it) => it.hash(state),
            Self::Relationship(it) => it.hash(state),
            Self::Path(it) => steps(it).for_each(|it| it.hash(state)),
            Self::Date(it) => it.hash(state),
            Self::LocalTime(it) => it.hash(state),
            Self::Time(it) => it.hash(state),
            Self::LocalDateTime(it) => it.hash(state),
            Self::DateTime(it) => it.hash(state),
            Self::Duration(it) => it.hash(state),
            Self::Point(it) => {
                it.srid.hash(state);
                [it.x, it.y, it.z.unwrap_or(0.0)].into_iter().for_each(|it| hash_float(it, state));
            }
        }
    }
}

/// Whether all pairs are equal: one that is not decides, else one that is not known.
fn all_equal<'a>(pairs: impl Iterator<Item = (&'a Val, &'a Val)>) -> Option<bool> {
    let mut res = Some(true);
    for (a, b) in pairs {
        match equals(a, b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => res = None,
        }
    }
    res
}

/// The first elements that differ decide, then the length.
fn compare_lists(a: &[Val], b: &[Val]) -> Compared {
    for (a, b) in a.iter().zip(b) {
        match equals(a, b) {
            Some(true) => {}
            Some(false) => return compare(a, b),
            None => return Compared::Unknown,
        }
    }
    Compared::Ordered(a.len().cmp(&b.len()))
}

fn integer_with_float(integer: i64, float: f64) -> Option<Ordering> {
    /// The first float above all integers.
    const ABOVE: f64 = 9_223_372_036_854_775_808.0;

    if float.is_nan() {
        return None;
    }
    if float >= ABOVE {
        return Some(Ordering::Less);
    }
    if float < -ABOVE {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    // Where the whole parts are equal, what the float has beyond it decides.
    integer
        .cmp(&(whole as i64))
        .then_with(|| 0.0.partial_cmp(&(float - whole)).unwrap_or(Ordering::Equal))
        .into()
}

fn exact_integer(float: f64) -> Option<i64> {
    let integer = float as i64;
    (integer_with_float(integer, float) == Some(Ordering::Equal)).then_some(integer)
}

/// Whole numbers as integers, and all NaN alike.
fn hash_float<H: Hasher>(float: f64, state: &mut H) {
    match exact_integer(float) {
        Some(it) => it.hash(state),
        None if float.is_nan() => f64::NAN.to_bits().hash(state),
        None => float.to_bits().hash(state),
    }
}

/// Floats by size, NaN after all.
fn floats(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// Smaller maps first, then by keys, then by values in the order of the keys.
fn maps(a: &Map, b: &Map) -> Ordering {
    let sizes = a.len().cmp(&b.len());
    sizes.then_with(|| a.keys().cmp(b.keys())).then_with(|| a.values().cmp(b.values()))
}

/// A path as the numbers of its nodes and relationships in turn.
fn steps(path: &Path) -> impl Iterator<Item = u32> {
    let mut nodes = path.nodes.iter().map(|it| it.0);
    let relationships = path.relationships.iter().map(|it| it.0);
    let first = nodes.next();
    first.into_iter().chain(relationships.zip(nodes).flat_map(|(tie, node)| [tie, node]))
}

fn points(a: &Point, b: &Point) -> Ordering {
    let axes = |it: &Point| [it.x, it.y, it.z.unwrap_or(0.0)];
    let pairs = axes(a).into_iter().zip(axes(b));
    a.srid.cmp(&b.srid).then_with(|| {
        pairs.map(|(a, b)| floats(a, b)).find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
    })
}

/// The order of types in `ORDER BY`.
fn rank(val: &Val) -> u8 {
    match val {
        Val::Map(_) => 0,
        Val::Node(_) => 1,
        Val::Relationship(_) => 2,
        Val::List(_) => 3,
        Val::Path(_) => 4,
        Val::Point(_) => 5,
        Val::DateTime(_) => 6,
        Val::LocalDateTime(_) => 7,
        Val::Date(_) => 8,
        Val::Time(_) => 9,
        Val::LocalTime(_) => 10,
        Val::Duration(_) => 11,
        Val::String(_) => 12,
        Val::Boolean(_) => 13,
        Val::Integer(_) | Val::Float(_) => 14,
        Val::Null => 15,
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;
    use std::sync::Arc;

    use foldhash::fast::FixedState;
    use weft_graph::{NodeIdx, TieIdx};

    use super::*;
    use crate::List;

    fn list(items: impl IntoIterator<Item = Val>) -> Val {
        Val::List(items.into_iter().collect::<List>())
    }

    fn map(entries: impl IntoIterator<Item = (&'static str, Val)>) -> Val {
        Val::Map(entries.into_iter().map(|(key, val)| (key.into(), val)).collect())
    }

    fn path(nodes: &[u32], ties: &[u32]) -> Val {
        let nodes = nodes.iter().map(|it| NodeIdx(*it)).collect();
        let relationships = ties.iter().map(|it| TieIdx(*it)).collect();
        Val::Path(Arc::new(Path { nodes, relationships }))
    }

    fn point(srid: u32, x: f64) -> Val {
        Val::Point(Arc::new(Point { srid, x, y: 0.0, z: None }))
    }

    fn duration(text: &str) -> Val {
        Val::Duration(Arc::new(text.parse().unwrap()))
    }

    fn date_time(text: &str) -> Val {
        let utc = weft_value::Zone::UTC;
        Val::DateTime(Arc::new(weft_value::DateTime::parse(text, &utc).unwrap()))
    }

    /// Values of all types, in the order of `ORDER BY`; those in one line are the same to grouping.
    fn in_order() -> Vec<Vec<Val>> {
        vec![
            vec![map([])],
            vec![map([("a", 1.into())]), map([("a", 1.0.into())])],
            vec![map([("a", Val::Null)])],
            vec![map([("b", 0.into())])],
            vec![map([("a", 1.into()), ("b", 2.into())])],
            vec![Val::Node(NodeIdx(0))],
            vec![Val::Node(NodeIdx(7))],
            vec![Val::Relationship(TieIdx(0))],
            vec![Val::Relationship(TieIdx(1))],
            vec![list([])],
            vec![list([list([])])],
            vec![list(["a".into()])],
            vec![list(["a".into(), 1.into()])],
            vec![list([1.into()]), list([1.0.into()])],
            vec![list([1.into(), "a".into()])],
            vec![list([1.into(), Val::Null])],
            vec![list([f64::NAN.into()])],
            vec![list([Val::Null, 1.into()])],
            vec![path(&[0], &[])],
            vec![path(&[0, 1], &[0])],
            vec![path(&[0, 1], &[1])],
            vec![path(&[1], &[])],
            vec![point(4326, 2.0)],
            vec![point(7203, 1.0)],
            vec![point(7203, 1.5)],
            vec![date_time("2024-01-01T12:00+01:00")],
            vec![date_time("2024-01-01T12:00Z")],
            vec![Val::LocalDateTime("2024-01-01T12:00".parse().unwrap())],
            vec![Val::Date("2023-12-31".parse().unwrap())],
            vec![Val::Date("2024-01-01".parse().unwrap())],
            vec![Val::Time(weft_value::Time::parse("12:00", 3600).unwrap())],
            vec![Val::Time(weft_value::Time::parse("12:00", 0).unwrap())],
            vec![Val::LocalTime("11:00".parse().unwrap())],
            vec![duration("P1D")],
            vec![duration("P1M")],
            vec!["".into()],
            vec!["A".into()],
            vec!["a".into()],
            vec!["ab".into()],
            vec!["\u{e9}".into()],
            vec![false.into()],
            vec![true.into()],
            vec![f64::NEG_INFINITY.into()],
            vec![i64::MIN.into(), (i64::MIN as f64).into()],
            vec![(-1).into(), (-1.0).into()],
            vec![(-0.5).into()],
            vec![0.into(), 0.0.into(), (-0.0).into()],
            vec![f64::MIN_POSITIVE.into()],
            vec![0.5.into()],
            vec![1.into(), 1.0.into()],
            // Between these two lies no float: as floats they would be equal.
            vec![9_007_199_254_740_992.into(), 9_007_199_254_740_992.0.into()],
            vec![9_007_199_254_740_993.into()],
            vec![(i64::MAX - 1).into()],
            vec![i64::MAX.into()],
            vec![9_223_372_036_854_775_808.0.into()],
            vec![f64::INFINITY.into()],
            vec![f64::NAN.into(), (-f64::NAN).into()],
            vec![Val::Null],
        ]
    }

    fn hash(val: &Val) -> u64 {
        FixedState::with_seed(1).hash_one(val)
    }

    /// Each against each: so the order is total, antisymmetric and transitive on this list.
    #[test]
    fn values_sort_as_the_standard_says_and_group_with_their_equals() {
        let ranked = in_order().into_iter().enumerate();
        let all: Vec<_> =
            ranked.flat_map(|(n, same)| same.into_iter().map(move |it| (n, it))).collect();
        for (n, a) in &all {
            for (m, b) in &all {
                assert_eq!(a.cmp(b), n.cmp(m), "{a:?} {b:?}");
                assert_eq!(a == b, n == m, "{a:?} {b:?}");
                if n == m {
                    assert_eq!(hash(a), hash(b), "{a:?} {b:?}");
                }
            }
        }
    }

    /// What `=` and `<` say must never contradict the order, where they say anything.
    #[test]
    fn comparisons_agree_with_the_order() {
        let all: Vec<_> = in_order().into_iter().flatten().collect();
        for a in &all {
            for b in &all {
                let equal = equals(a, b);
                assert_eq!(equal, equals(b, a));
                match equal {
                    Some(true) => assert!(a == b, "{a:?} {b:?}"),
                    // NaN is the same as itself to grouping alone.
                    Some(false) => assert!(a != b || hash(a) == hash(b), "{a:?} {b:?}"),
                    None => {}
                }
                if let Compared::Ordered(ordering) = compare(a, b) {
                    assert_eq!(ordering, a.cmp(b), "{a:?} {b:?}");
                    assert_eq!(compare(b, a), Compared::Ordered(ordering.reverse()));
                }
            }
        }
    }

    #[track_caller]
    fn check(a: Val, comparison: Comparison, b: Val, expected: Option<bool>) {
        assert_eq!(holds(comparison, &a, &b), expected, "{a:?} {comparison:?} {b:?}");
    }

    #[test]
    fn equality_is_unknown_only_where_a_null_decides() {
        use Comparison::{Equal, NotEqual};
        let null = || Val::Null;
        check(null(), Equal, null(), None);
        check(null(), NotEqual, 1.into(), None);
        check(list([1.into(), null()]), Equal, list([1.into()]), Some(false));
        check(list([1.into(), null()]), Equal, list([2.into(), 3.into()]), Some(false));
        check(list([1.into(), null()]), Equal, list([1.into(), 3.into()]), None);
        check(map([("a", null())]), Equal, map([("a", null())]), None);
        check(map([("a", null())]), Equal, map([("b", null())]), Some(false));
        check(map([("a", null())]), Equal, map([]), Some(false));
        check(f64::NAN.into(), Equal, f64::NAN.into(), Some(false));
        check(f64::NAN.into(), NotEqual, f64::NAN.into(), Some(true));
        check("1".into(), Equal, 1.into(), Some(false));
        check(Val::Node(NodeIdx(0)), Equal, Val::Relationship(TieIdx(0)), Some(false));
    }

    #[test]
    fn values_of_unlike_types_have_no_order() {
        use Comparison::{Greater, GreaterOrEqual, Less};
        let null = || Val::Null;
        check(1.into(), Less, "a".into(), None);
        check(1.into(), Less, null(), None);
        check(Val::Node(NodeIdx(0)), Less, Val::Node(NodeIdx(1)), None);
        check(map([]), Less, map([("a", 1.into())]), None);
        check(duration("P1D"), Less, duration("P2D"), None);
        check(f64::NAN.into(), GreaterOrEqual, 1.into(), Some(false));
        check(f64::NAN.into(), Less, "a".into(), None);
        check(list([1.into(), 2.into()]), Greater, list([1.into()]), Some(true));
        check(list([1.into(), null()]), GreaterOrEqual, list([1.into(), 2.into()]), None);
        check(list([3.into(), null()]), Greater, list([1.into(), 2.into()]), Some(true));
        check(list([1.into(), null()]), Greater, list([1.into()]), Some(true));
        check(list(["a".into()]), Less, list([1.into()]), None);
    }

    #[test]
    fn the_deepest_values_have_stack_enough() {
        let deep = || {
            (0..crate::VALUE_DEPTH_MAX).fold(Val::Null, |it, n| match n % 2 {
                0 => list([it]),
                _ => map([("a", it)]),
            })
        };
        let check = move || {
            let (a, b) = (deep(), deep());
            assert!(a == b && a.cmp(&b).is_eq() && hash(&a) == hash(&b));
            assert_eq!(
                (equals(&a, &b), compare(&list([a]), &list([b]))),
                (None, Compared::Unknown)
            );
        };
        let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(check);
        thread.unwrap().join().unwrap();
    }

    #[test]
    fn integers_and_floats_compare_exactly() {
        let integers =
            [0, 1, -1, i64::MAX, i64::MIN, i64::MAX - 1, (1 << 53) + 1, 1 << 53, -(1 << 60)];
        let floats =
            [0.0, 0.5, -0.5, 1.0, -1.0, 9_007_199_254_740_992.0, 1e18, -1e18, 1e300, -1e300];
        for integer in integers {
            for float in floats.into_iter().chain([integer as f64]) {
                // A float is a whole number of 2^-10 here, or far beyond all integers.
                let exact = if float.abs() < 1e25 {
                    (i128::from(integer) << 10).cmp(&((float * 1024.0) as i128))
                } else {
                    0.0.partial_cmp(&float).unwrap()
                };
                assert_eq!(integer_with_float(integer, float), Some(exact), "{integer} {float}");
            }
        }
    }
}
