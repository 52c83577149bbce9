//! A pool of texts: each is one number in a column, and its bytes stand once, end to end.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// The place of a text in a pool; 0 is the empty text.
pub(super) type TextId = u32;

/// Texts end to end. Those that repeat (locators, roles) may be interned while it is filled.
#[derive(Debug)]
pub(super) struct TextPool {
    bytes: String,
    /// The end of each text; the first is the empty text.
    ends: Vec<u64>,
}

/// Where interned texts stand, while a pool is being filled.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// Each with its hash, so that growing need not read the texts again.
    table: HashTable<(u64, TextId)>,
    hasher: DefaultHashBuilder,
}

impl Default for TextPool {
    fn default() -> Self {
        Self { bytes: String::new(), ends: vec![0] }
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
        let is_same = |it: &(u64, TextId)| it.0 == hash && self.get(it.1) == text;
        if let Some(&(_, id)) = interner.table.find(hash, is_same) {
            return id;
        }
        let id = self.push(text);
        interner.table.insert_unique(hash, (hash, id), |it| it.0);
        id
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
