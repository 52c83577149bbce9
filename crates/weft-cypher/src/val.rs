//! Values while a query runs: small, cheap to clone, nodes and relationships by their position.
//!
//! What a query hands over is `weft_value::Value`, which is plain data and outlives the graph.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use weft_graph::{NodeIdx, TieIdx};
use weft_value as value;

use crate::memory::allocated;
use crate::stack::deeper;
use crate::{Detail, Entries, Error, ErrorKind};

/// How deep lists and maps may stand in each other: what goes through a value to its bottom (drop,
/// comparison, printing) needs stack for each level.
pub const VALUE_DEPTH_MAX: u32 = 1_000;

/// How many bytes lists and maps may be, written out. What stands in them twice is held once and
/// counted twice: `[list, list]`, forty times over, is few bytes here and a million million in an
/// answer or a comparison.
pub const VALUE_BYTES_MAX: usize = 1 << 30;

/// How many bytes a text may be: what goes through one is not stopped on its way.
pub const TEXT_VALUE_BYTES_MAX: usize = 64 << 20;

/// Up to this depth a value is gone through on the stack that is there.
const DEPTH_SHALLOW: u32 = 16;

/// What a map's entry takes beside its value: the key, whose text most maps share with others.
const MAP_ENTRY_BYTES: usize = size_of::<Arc<str>>();
/// What a value that is held by count takes beside what is in it: two counts.
const COUNTS_BYTES: usize = 2 * size_of::<usize>();
/// What a list or a map takes beside the room of its items, which is a piece of memory of its own.
const NESTED_BYTES: usize = allocated(COUNTS_BYTES + size_of::<Nested<Vec<Val>>>()) + 16;

/// Values that take less are not counted where they only stand in a row: texts of a query are longer
/// than what they make of these.
pub(crate) const LARGE_BYTES: usize = 512;

/// A value while a query runs.
#[derive(Clone, Debug, Default)]
pub enum Val {
    /// No value.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit float.
    Float(f64),
    /// Text.
    String(Arc<str>),
    /// Values in order.
    List(List),
    /// Values by key.
    Map(Map),
    /// A node of the transaction's graph; new ones stand behind those of its snapshot.
    Node(NodeIdx),
    /// A relationship of the transaction's graph.
    Relationship(TieIdx),
    /// A path.
    Path(Arc<Path>),
    /// A day.
    Date(value::Date),
    /// A time of day without an offset.
    LocalTime(value::LocalTime),
    /// A time of day with an offset.
    Time(value::Time),
    /// A day and a time without an offset.
    LocalDateTime(value::LocalDateTime),
    /// A day and a time with an offset or a zone.
    DateTime(Arc<value::DateTime>),
    /// A span of time.
    Duration(Arc<value::Duration>),
    /// A point.
    Point(Arc<value::Point>),
}

/// Values in order; reads like a slice.
///
/// It knows how deep it is nested and how large it is, so that refusing what is too deep or too large
/// costs nothing. Made with `From`, [`Iterator::collect`] or, of values that a query nests, with
/// [`Val::list`].
#[derive(Clone)]
pub struct List(Arc<Nested<Vec<Val>>>);

/// Values by key; reads like its [`Entries`]. Made as [`List`] is.
#[derive(Clone)]
pub struct Map(Arc<Nested<Entries>>);

#[derive(Clone, Default)]
struct Nested<T: Default> {
    depth: u32,
    /// How many bytes the items take, with all that stands in them, and with the room that is left.
    n_bytes: usize,
    items: T,
}

/// A walk: one more node than relationships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The nodes in order.
    pub nodes: Vec<NodeIdx>,
    /// The relationships between them, whichever way each points.
    pub relationships: Vec<TieIdx>,
}

/// A row while a query runs: one value for each slot of the query.
pub type Row = [Val];

impl Val {
    /// A list of values that a query nests, however often.
    ///
    /// # Errors
    /// A `LimitError` where it would be deeper than [`VALUE_DEPTH_MAX`] or larger than
    /// [`VALUE_BYTES_MAX`].
    pub fn list(items: Vec<Val>) -> Result<Self, Error> {
        List::checked(items.into()).map(Self::List)
    }

    /// A map of values that a query nests, however often.
    ///
    /// # Errors
    /// A `LimitError` where it would be deeper than [`VALUE_DEPTH_MAX`] or larger than
    /// [`VALUE_BYTES_MAX`].
    pub fn map(entries: Entries) -> Result<Self, Error> {
        let map = Map::from(entries);
        map.0.check()?;
        Ok(Self::Map(map))
    }

    /// Whether this is [`Val::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The name of its type, as messages write it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Node(_) => "a node",
            Self::Relationship(_) => "a relationship",
            Self::Path(_) => "a path",
            Self::Date(_) => "a date",
            Self::LocalTime(_) => "a local time",
            Self::Time(_) => "a time",
            Self::LocalDateTime(_) => "a local date and time",
            Self::DateTime(_) => "a date and time",
            Self::Duration(_) => "a duration",
            Self::Point(_) => "a point",
        }
    }

    /// The value of a number as a float; None where it is no number.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(it) => Some(*it as f64),
            Self::Float(it) => Some(*it),
            _ => None,
        }
    }

    /// The text of a value that is neither null nor made of others; None for those.
    pub(crate) fn scalar_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::String(it) => Cow::Borrowed(it),
            Self::Boolean(true) => Cow::Borrowed("true"),
            Self::Boolean(false) => Cow::Borrowed("false"),
            Self::Integer(it) => Cow::Owned(it.to_string()),
            Self::Float(it) => Cow::Owned(float_text(*it)),
            Self::Date(it) => Cow::Owned(it.to_string()),
            Self::LocalTime(it) => Cow::Owned(it.to_string()),
            Self::Time(it) => Cow::Owned(it.to_string()),
            Self::LocalDateTime(it) => Cow::Owned(it.to_string()),
            Self::DateTime(it) => Cow::Owned(it.to_string()),
            Self::Duration(it) => Cow::Owned(it.to_string()),
            Self::Point(it) => Cow::Owned(point_text(it)),
            Self::Null
            | Self::List(_)
            | Self::Map(_)
            | Self::Node(_)
            | Self::Relationship(_)
            | Self::Path(_) => return None,
        })
    }

    /// How many lists and maps stand in each other here.
    fn depth(&self) -> u32 {
        match self {
            Self::List(it) => it.0.depth,
            Self::Map(it) => it.0.depth,
            _ => 0,
        }
    }
}

impl List {
    /// Goes into the values, on more stack if they are deep.
    pub(crate) fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        self.0.enter(f)
    }

    /// The list, unless it is deeper than [`VALUE_DEPTH_MAX`] or larger than [`VALUE_BYTES_MAX`].
    pub(crate) fn checked(self) -> Result<Self, Error> {
        self.0.check()?;
        Ok(self)
    }

    /// What room it needs for so many more.
    pub(crate) fn n_bytes_to_extend(&mut self, n_more: usize) -> usize {
        let n_items = self.len() + n_more;
        let n_places = match Arc::get_mut(&mut self.0) {
            Some(it) if it.items.capacity() >= n_items => 0,
            Some(it) => (it.items.capacity() * 2).max(n_items),
            None => n_items,
        };
        n_places * size_of::<Val>()
    }

    /// Adds to its end; it is copied first if something else holds it.
    pub(crate) fn extend(&mut self, more: &[Val]) {
        if Arc::get_mut(&mut self.0).is_none() {
            let mut items = Vec::with_capacity(self.len() + more.len());
            items.extend_from_slice(self);
            *self = Self::from(items);
        }
        let list = Arc::make_mut(&mut self.0);
        let (depth, n_bytes) = extent(more.iter());
        list.depth = list.depth.max(1 + depth);
        let n_spare = list.items.capacity() - list.items.len();
        list.items.extend_from_slice(more);
        let n_spare_now = list.items.capacity() - list.items.len();
        let n_bytes = list.n_bytes.saturating_add(n_bytes) + n_spare_now * size_of::<Val>();
        list.n_bytes = n_bytes.saturating_sub(n_spare * size_of::<Val>());
    }

    /// The values, to be added to without copying them if nothing else holds this list.
    pub fn into_vec(self) -> Vec<Val> {
        std::mem::take(&mut Arc::unwrap_or_clone(self.0).items)
    }
}

impl From<Vec<Val>> for List {
    fn from(items: Vec<Val>) -> Self {
        let (depth, n_bytes) = extent(items.iter());
        let n_bytes = n_bytes.saturating_add((items.capacity() - items.len()) * size_of::<Val>());
        Self(Arc::new(Nested { depth: 1 + depth, n_bytes, items }))
    }
}

impl FromIterator<Val> for List {
    fn from_iter<I: IntoIterator<Item = Val>>(items: I) -> Self {
        Self::from(items.into_iter().collect::<Vec<_>>())
    }
}

impl Deref for List {
    type Target = [Val];

    fn deref(&self) -> &[Val] {
        &self.0.items
    }
}

impl std::fmt::Debug for List {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.items.fmt(f)
    }
}

impl Map {
    /// Goes into the values, on more stack if they are deep.
    pub(crate) fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        self.0.enter(f)
    }

    /// The entries, to be changed without copying them if nothing else holds this map.
    pub fn into_entries(self) -> Entries {
        std::mem::take(&mut Arc::unwrap_or_clone(self.0).items)
    }
}

impl From<Entries> for Map {
    fn from(items: Entries) -> Self {
        let (depth, n_bytes) = extent(items.values());
        let n_spare = items.n_spare() * (MAP_ENTRY_BYTES + size_of::<Val>());
        let n_bytes = n_bytes.saturating_add(items.len() * MAP_ENTRY_BYTES + n_spare);
        Self(Arc::new(Nested { depth: 1 + depth, n_bytes, items }))
    }
}

impl FromIterator<(Arc<str>, Val)> for Map {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Val)>>(items: I) -> Self {
        Self::from(items.into_iter().collect::<Entries>())
    }
}

impl Deref for Map {
    type Target = Entries;

    fn deref(&self) -> &Entries {
        &self.0.items
    }
}

impl std::fmt::Debug for Map {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.items.fmt(f)
    }
}

impl From<bool> for Val {
    fn from(it: bool) -> Self {
        Self::Boolean(it)
    }
}

impl From<i64> for Val {
    fn from(it: i64) -> Self {
        Self::Integer(it)
    }
}

impl From<f64> for Val {
    fn from(it: f64) -> Self {
        Self::Float(it)
    }
}

impl From<&str> for Val {
    fn from(it: &str) -> Self {
        Self::String(it.into())
    }
}

impl From<String> for Val {
    fn from(it: String) -> Self {
        Self::String(it.into())
    }
}

impl From<Vec<Val>> for Val {
    fn from(it: Vec<Val>) -> Self {
        Self::List(it.into())
    }
}

impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(it: Option<T>) -> Self {
        it.map_or(Self::Null, Into::into)
    }
}

impl<T: Default> Nested<T> {
    /// Goes into the values, on more stack if they are deep.
    fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        if self.depth > DEPTH_SHALLOW { deeper(f) } else { f() }
    }

    /// Refuses what is too deep or too large.
    fn check(&self) -> Result<(), Error> {
        let (message, hint) = if self.depth > VALUE_DEPTH_MAX {
            let message =
                format!("lists and maps stand more than {VALUE_DEPTH_MAX} deep in each other");
            (message, "add to a list with `list + element` rather than with `[list, element]`")
        } else if self.n_bytes > VALUE_BYTES_MAX {
            let message =
                format!("a list or a map would be more than {VALUE_BYTES_MAX} bytes written out");
            (message, "keep apart what need not stand in one value: one row for each, say")
        } else {
            return Ok(());
        };
        let (kind, detail) = (ErrorKind::LimitError, Detail::LimitExceeded);
        Err(Error::runtime(kind, detail, message).with_hint(hint))
    }
}

impl<T: Default> Drop for Nested<T> {
    fn drop(&mut self) {
        if self.depth > DEPTH_SHALLOW {
            let items = std::mem::take(&mut self.items);
            deeper(|| drop(items));
        }
    }
}

/// How many bytes a value takes beside its own three words.
pub(crate) fn n_bytes(val: &Val) -> usize {
    match val {
        Val::String(it) => allocated(COUNTS_BYTES + it.len()),
        Val::List(it) => it.0.n_bytes.saturating_add(NESTED_BYTES),
        Val::Map(it) => it.0.n_bytes.saturating_add(NESTED_BYTES),
        Val::Path(it) => {
            let n_ids = it.nodes.capacity() + it.relationships.capacity();
            2 * NESTED_BYTES + n_ids * size_of::<NodeIdx>()
        }
        Val::DateTime(it) => allocated(COUNTS_BYTES + size_of_val(&**it)),
        Val::Duration(it) => allocated(COUNTS_BYTES + size_of_val(&**it)),
        Val::Point(it) => allocated(COUNTS_BYTES + size_of_val(&**it)),
        _ => 0,
    }
}

/// Whether a value takes so much that it is counted wherever it stands.
#[inline]
pub(crate) fn is_large(val: &Val) -> bool {
    match val {
        Val::String(it) => it.len() >= LARGE_BYTES,
        Val::List(it) => it.0.n_bytes >= LARGE_BYTES,
        Val::Map(it) => it.0.n_bytes >= LARGE_BYTES,
        Val::Path(it) => it.nodes.len() >= LARGE_BYTES,
        _ => false,
    }
}

/// How deep the deepest of some values is, and how many bytes all of them take.
fn extent<'a>(vals: impl Iterator<Item = &'a Val>) -> (u32, usize) {
    vals.fold((0, 0), |(depth, bytes), it| {
        (depth.max(it.depth()), bytes.saturating_add(size_of::<Val>().saturating_add(n_bytes(it))))
    })
}

/// A float as the language writes it: always with a point, from ten million on (and below a
/// thousandth) with an exponent.
pub(crate) fn float_text(float: f64) -> String {
    match float {
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        _ if float.is_nan() => "NaN".into(),
        _ if float == 0.0 || (1e-3..1e7).contains(&float.abs()) => format!("{float:?}"),
        _ => {
            let text = format!("{float:E}");
            let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
            let point = if digits.contains('.') { "" } else { ".0" };
            format!("{digits}{point}E{exponent}")
        }
    }
}

/// A point as the language writes it.
fn point_text(point: &value::Point) -> String {
    let (x, y) = (float_text(point.x), float_text(point.y));
    let z = point.z.map(|it| format!(", z: {}", float_text(it))).unwrap_or_default();
    format!("point({{srid: {}, x: {x}, y: {y}{z}}})", point.srid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Val>(), 24);
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let mut val = Val::Null;
        for n in 0..VALUE_DEPTH_MAX {
            val = if n % 2 == 0 {
                Val::list(vec![val]).unwrap()
            } else {
                Val::map([("key".into(), val)].into()).unwrap()
            };
        }
        let err = Val::list(vec![val.clone()]).unwrap_err();
        assert_eq!(err.kind, ErrorKind::LimitError);
        assert!(Val::map([("key".into(), val)].into()).is_err());
    }

    #[test]
    fn what_stands_in_itself_again_and_again_ends_at_the_limit() {
        let mut val = Val::list(vec![Val::Integer(1)]).unwrap();
        let doubled = std::iter::repeat_with(|| {
            val = Val::list(vec![val.clone(), val.clone()])?;
            Ok::<_, Error>(n_bytes(&val))
        });
        let sizes: Vec<usize> = doubled.map_while(Result::ok).take(100).collect();
        assert_eq!(sizes[0], NESTED_BYTES + 2 * (24 + NESTED_BYTES + 24));
        assert_eq!(sizes[1], NESTED_BYTES + 2 * (24 + sizes[0]));
        assert!((VALUE_BYTES_MAX / 3..VALUE_BYTES_MAX).contains(&sizes[sizes.len() - 1]));
        let mut list = List::from(vec![Val::from("text")]);
        list.extend(&[val.clone(), val]);
        assert!(list.checked().is_err());
    }

    #[test]
    fn a_list_that_nobody_else_holds_is_taken_apart_without_a_copy() {
        let list = List::from(vec![Val::Integer(1), Val::Integer(2)]);
        let at = list.as_ptr();
        let vec = list.into_vec();
        assert_eq!(vec.as_ptr(), at);
    }
}
