//! A pool of texts: each is one number in a column, and its bytes stand once, end to end.

use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use weft_value::Value;

/// The place of a text in a pool; 0 is the empty text.
pub(super) type TextId = u32;

/// Texts end to end. Those that repeat (locators, roles) may be interned while it is filled.
#[derive(Debug)]
pub(super) struct TextPool {
    bytes: String,
    /// The end of each text; the first is the empty text.
    ends: Vec<u64>,
    /// Which of them are names of properties.
    property_names: HashSet<TextId, DefaultHashBuilder>,
}

/// Where interned texts stand, while a pool is being filled.
#[derive(Debug, Default)]
pub(super) struct Interner {
    table: HashTable<Interned>,
    hasher: DefaultHashBuilder,
}

/// How much of an interned text stands beside its hash.
const N_BEGINNING: usize = 16;

/// An interned text, with as much of it as settles nearly every comparison without a look into the
/// pool, which is too large for any cache.
#[derive(Debug)]
struct Interned {
    hash: u64,
    id: TextId,
    length: u32,
    beginning: [u8; N_BEGINNING],
}

impl Default for TextPool {
    fn default() -> Self {
        Self { bytes: String::new(), ends: vec![0], property_names: HashSet::default() }
    }
}

impl TextPool {
    pub(super) fn get(&self, id: TextId) -> &str {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] as usize };
        &self.bytes[start..self.ends[id] as usize]
    }

    pub(super) fn push(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return 0;
        }
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
        (self.ends.len() - 1) as TextId
    }

    pub(super) fn intern(&mut self, interner: &mut Interner, text: &str) -> TextId {
        if text.is_empty() {
            return 0;
        }
        let hash = interner.hasher.hash_one(text);
        let length = text.len() as u32;
        let mut beginning = [0; N_BEGINNING];
        let n = text.len().min(N_BEGINNING);
        beginning[..n].copy_from_slice(&text.as_bytes()[..n]);
        let is_same = |it: &Interned| {
            it.hash == hash
                && it.length == length
                && it.beginning == beginning
                && (n == text.len() || self.get(it.id) == text)
        };
        if let Some(found) = interner.table.find(hash, is_same) {
            return found.id;
        }
        let id = self.push(text);
        interner.table.insert_unique(hash, Interned { hash, id, length, beginning }, |it| it.hash);
        id
    }

    /// Properties with their names in the pool.
    pub(super) fn properties(
        &mut self,
        interner: &mut Interner,
        properties: BTreeMap<String, Value>,
    ) -> Box<[(TextId, Value)]> {
        let all = properties.into_iter().map(|(name, value)| {
            let name = self.intern(interner, &name);
            self.property_names.insert(name);
            (name, value)
        });
        all.collect()
    }

    /// Whether a record had a property of that name when it was put here.
    pub(super) fn has_property_name(&self, name: &str) -> bool {
        self.property_names.iter().any(|&it| self.get(it) == name)
    }

    /// The names of properties, in no order.
    pub(super) fn property_names(&self) -> impl Iterator<Item = &str> {
        self.property_names.iter().map(|&it| self.get(it))
    }

    /// The property of a name, among some in the order of their names.
    pub(super) fn find_property<'a>(
        &self,
        properties: &'a [(TextId, Value)],
        name: &str,
    ) -> Option<&'a Value> {
        let at = properties.binary_search_by(|it| self.get(it.0).cmp(name)).ok()?;
        Some(&properties[at].1)
    }

    /// Bytes of the texts themselves, and of the column that finds them.
    pub(super) fn bytes(&self) -> (usize, usize) {
        (self.bytes.len(), self.ends.capacity() * size_of::<u64>())
    }

    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
