//! Look-ups by value: which nodes have a property of a value, within a range, or with a prefix.
//!
//! Each table is built when it is first asked for, of one segment, and shared by all who read it.
//! Answers are candidates: all that match, and at times some that do not, for what two values of a
//! query are to each other is the query's to say.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::{Bound, Range};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hashbrown::HashMap;
use weft_value::Value;

use super::full_text::WordTable;
use super::property::Property;
use super::segment::Segment;
use crate::Schema;

/// How many properties have tables at a time; with one more all are made anew as they are asked for.
const PROPERTIES_MAX: usize = 64;
/// The lower bits of an entry hold the row, the upper ones a part of the hash.
const ROW_BITS: u32 = 32;

/// The tables of one segment, by property.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    tables: Mutex<HashMap<String, Arc<Tables>>>,
    pub(super) words: OnceLock<WordTable>,
}

/// The tables of one property.
#[derive(Debug, Default)]
struct Tables {
    exact: OnceLock<Exact>,
    ordered: OnceLock<Ordered>,
}

/// Rows by the hash of their value: sorted numbers of which each is a hash and a row.
#[derive(Debug, Default)]
struct Exact {
    entries: Vec<u64>,
    n_distinct: usize,
}

/// Rows in the order of their values, each sort of value apart.
#[derive(Debug, Default)]
struct Ordered {
    texts: Vec<u32>,
    /// Whole numbers past 2^53 are rounded, so a range takes in what lies on its border.
    numbers: Vec<(f64, u32)>,
    /// Booleans, times, lists and others, in the order of the rows.
    others: Vec<u32>,
}

/// A value as far as the tables tell values apart.
enum Key<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Boolean(bool),
    Other,
}

impl Segment {
    /// Rows of nodes whose property may equal a value, in their order.
    pub(super) fn node_rows_where(
        &self,
        schema: &Schema,
        property: &str,
        value: &Value,
    ) -> Vec<u32> {
        let Some(key) = Key::of_value(value) else { return Vec::new() };
        let tables = self.lookups().of(property);
        let mut rows = tables.exact(self, schema, property).rows(key.hash());
        if let Key::Text(text) = key {
            rows.retain(|&row| self.text(schema, row, property).is_some_and(|it| it == text));
        }
        rows
    }

    /// Rows of nodes whose property may lie between two values.
    pub(super) fn node_rows_between(
        &self,
        schema: &Schema,
        property: &str,
        lower: Bound<&Value>,
        upper: Bound<&Value>,
    ) -> Vec<u32> {
        let tables = self.lookups().of(property);
        let ordered = tables.ordered(self, schema, property);
        // A value is above or below others of its own sort alone.
        let is = |wanted: fn(&Key<'_>) -> bool| {
            [lower, upper].into_iter().all(|it| match it {
                Bound::Unbounded => true,
                Bound::Included(it) | Bound::Excluded(it) => {
                    Key::of_value(it).as_ref().is_some_and(wanted)
                }
            })
        };
        let mut rows = Vec::new();
        if is(|it| matches!(it, Key::Text(_))) {
            let is_below = |row: u32, text: &str, or_at: bool| {
                let own = self.text(schema, row, property).unwrap_or_default();
                own.as_ref() < text || (or_at && own == text)
            };
            let at = |text: &str, or_at: bool| {
                ordered.texts.partition_point(|&row| is_below(row, text, or_at))
            };
            let start = match lower {
                Bound::Included(Value::String(text)) => at(text, false),
                Bound::Excluded(Value::String(text)) => at(text, true),
                _ => 0,
            };
            let end = match upper {
                Bound::Included(Value::String(text)) => at(text, true),
                Bound::Excluded(Value::String(text)) => at(text, false),
                _ => ordered.texts.len(),
            };
            rows.extend(slice(&ordered.texts, start..end));
        }
        if is(|it| matches!(it, Key::Number(_))) {
            let number = |it: Bound<&Value>| match it {
                Bound::Included(it) | Bound::Excluded(it) => match Key::of_value(it) {
                    Some(Key::Number(it)) => Some(it),
                    _ => None,
                },
                Bound::Unbounded => None,
            };
            let numbers = &ordered.numbers;
            let start = number(lower).map_or(0, |it| numbers.partition_point(|n| n.0 < it));
            let end =
                number(upper).map_or(numbers.len(), |it| numbers.partition_point(|n| n.0 <= it));
            rows.extend(slice(numbers, start..end).iter().map(|it| it.1));
        }
        if is(|it| matches!(it, Key::Boolean(_) | Key::Other)) {
            rows.extend(&ordered.others);
        }
        rows
    }

    /// Rows of nodes whose property is a text that begins so, in the order of the texts.
    pub(super) fn node_rows_with_prefix(
        &self,
        schema: &Schema,
        property: &str,
        prefix: &str,
    ) -> Vec<u32> {
        let tables = self.lookups().of(property);
        let ordered = tables.ordered(self, schema, property);
        let text = |row: u32| self.text(schema, row, property).unwrap_or_default();
        let start = ordered.texts.partition_point(|&row| text(row).as_ref() < prefix);
        // Few texts begin alike: the last of them is looked for nearby, by ever wider strides.
        let rest = slice(&ordered.texts, start..ordered.texts.len());
        let begins = |row: &u32| text(*row).starts_with(prefix);
        let mut stride = 1;
        while rest.get(stride - 1).is_some_and(begins) {
            stride *= 2;
        }
        let known = slice(rest, 0..stride / 2);
        let open = slice(rest, stride / 2..rest.len().min(stride));
        let n = known.len() + open.partition_point(begins);
        slice(rest, 0..n).to_vec()
    }

    /// How many rows have a property, and about how many values it has.
    pub(super) fn n_values(&self, schema: &Schema, property: &str) -> (usize, usize) {
        let tables = self.lookups().of(property);
        let exact = tables.exact(self, schema, property);
        (exact.entries.len(), exact.n_distinct)
    }

    fn key<'a>(&'a self, schema: &'a Schema, row: u32, property: &str) -> Option<Key<'a>> {
        match self.node_property(schema, row as usize, property)? {
            Property::Text(text) => Some(Key::Text(Cow::Borrowed(text))),
            Property::Made(text) => Some(Key::Text(Cow::Owned(text))),
            Property::Date(date) => Some(Key::Text(Cow::Owned(date.to_string()))),
            Property::Float(number) => Key::of_number(number),
            Property::Texts(_) | Property::Identifiers(_) => Some(Key::Other),
            Property::Value(value) => Key::of_value(value),
        }
    }

    fn text<'a>(&'a self, schema: &'a Schema, row: u32, property: &str) -> Option<Cow<'a, str>> {
        match self.key(schema, row, property)? {
            Key::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Lookups {
    fn of(&self, property: &str) -> Arc<Tables> {
        // The map is whole at every moment, so one that a panic left behind can be used.
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = tables.get(property) {
            return found.clone();
        }
        if tables.len() >= PROPERTIES_MAX {
            tables.clear();
        }
        let made = Arc::new(Tables::default());
        tables.insert(property.to_owned(), made.clone());
        made
    }
}

impl Tables {
    fn exact(&self, segment: &Segment, schema: &Schema, property: &str) -> &Exact {
        self.exact.get_or_init(|| {
            let mut entries: Vec<u64> = (0..segment.n_nodes() as u32)
                .filter_map(|row| {
                    let hash = segment.key(schema, row, property)?.hash();
                    Some(u64::from(hash) << ROW_BITS | u64::from(row))
                })
                .collect();
            entries.sort_unstable();
            let n_distinct = entries.chunk_by(|a, b| a >> ROW_BITS == b >> ROW_BITS).count();
            entries.shrink_to_fit();
            Exact { entries, n_distinct }
        })
    }

    fn ordered(&self, segment: &Segment, schema: &Schema, property: &str) -> &Ordered {
        self.ordered.get_or_init(|| {
            let mut res = Ordered::default();
            let mut texts = Vec::new();
            for row in 0..segment.n_nodes() as u32 {
                match segment.key(schema, row, property) {
                    None => {}
                    Some(Key::Text(text)) => texts.push((text, row)),
                    Some(Key::Number(number)) => res.numbers.push((number, row)),
                    Some(Key::Boolean(_) | Key::Other) => res.others.push(row),
                }
            }
            texts.sort_unstable();
            res.texts = texts.into_iter().map(|it| it.1).collect();
            res.numbers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            res
        })
    }
}

impl Exact {
    fn rows(&self, hash: u32) -> Vec<u32> {
        let start = self.entries.partition_point(|it| ((it >> ROW_BITS) as u32) < hash);
        let found = self.entries[start..].iter().take_while(|&it| (it >> ROW_BITS) as u32 == hash);
        found.map(|&it| it as u32).collect()
    }
}

impl Key<'_> {
    /// None where a value equals nothing: null, and what is no number.
    fn of_value(value: &Value) -> Option<Key<'_>> {
        match value {
            Value::Null => None,
            Value::Boolean(it) => Some(Key::Boolean(*it)),
            // Numbers that are equal are so as floats too.
            Value::Integer(it) => Key::of_number(*it as f64),
            Value::Float(it) => Key::of_number(*it),
            Value::String(it) => Some(Key::Text(Cow::Borrowed(it))),
            _ => Some(Key::Other),
        }
    }

    fn of_number<'a>(number: f64) -> Option<Key<'a>> {
        (!number.is_nan()).then_some(Key::Number(number))
    }

    fn hash(&self) -> u32 {
        // Without a seed, so that the number of values, and the plans made by it, are the same always.
        let mut hasher = DefaultHasher::new();
        match self {
            Self::Text(text) => (0_u8, text).hash(&mut hasher),
            // Adding 0 makes one zero of two.
            Self::Number(number) => (1_u8, (number + 0.0).to_bits()).hash(&mut hasher),
            Self::Boolean(value) => (2_u8, value).hash(&mut hasher),
            Self::Other => 3_u8.hash(&mut hasher),
        }
        (hasher.finish() >> ROW_BITS) as u32
    }
}

fn slice<T>(all: &[T], range: Range<usize>) -> &[T] {
    all.get(range).unwrap_or_default()
}
