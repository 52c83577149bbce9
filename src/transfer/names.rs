//! Names as they are compared: the same letters, whatever their case and spacing.

use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use foldhash::quality::FixedState;

/// Words of a legal form, which tell no two bodies apart.
const LEGAL_SUFFIXES: &[&str] = &[
    "ltd",
    "limited",
    "plc",
    "llp",
    "llc",
    "inc",
    "incorporated",
    "cic",
    "cio",
    "gmbh",
    "ag",
    "sa",
    "bv",
    "corp",
    "corporation",
    "company",
    "co",
    "group",
    "holdings",
];
/// Words so common in names that sharing them says nothing.
const COMMON_WORDS: &[&str] = &["the", "of", "and", "for", "in", "at", "uk"];

/// Folds a name to what two names must share to be the same: lower case, single blanks, plain
/// apostrophes and hyphens.
///
/// ```
/// assert_eq!(weft::transfer::fold("St  James’s"), "st james's");
/// ```
pub fn fold(name: &str) -> String {
    let mut res = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !res.is_empty() {
            res.push(' ');
        }
        for c in word.chars() {
            match c {
                '\u{2019}' | '\u{2018}' => res.push('\''),
                '\u{2010}' | '\u{2011}' | '\u{2013}' => res.push('-'),
                c => res.extend(c.to_lowercase()),
            }
        }
    }
    res
}

/// The words of a name that tell it from others, sorted: without its legal form and common words.
pub fn name_tokens(name: &str) -> Vec<String> {
    let folded = fold(name).replace('\'', "");
    let words = folded.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let mut res: Vec<String> = words
        .filter(|it| !LEGAL_SUFFIXES.contains(it) && !COMMON_WORDS.contains(it))
        .map(str::to_owned)
        .collect();
    res.sort_unstable();
    res.dedup();
    res
}

/// A number that stands for a text in the importer's tables of millions of names and ties.
///
/// 64 bits: among five million texts, the odds that any two share a number are one in a million.
pub(super) fn hash_of(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

/// A table by such numbers, which need no hashing again.
pub(super) type ByHash<V> = std::collections::HashMap<u64, V, BuildHasherDefault<Hashed>>;

/// The hasher of what is a hash already.
#[derive(Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&it| self.0 = self.0.rotate_left(8) ^ u64::from(it));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
