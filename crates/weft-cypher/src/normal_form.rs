//! The normal forms of Unicode: the same character written as one code point or as several.
//!
//! The tables are those of the crate `unicode-normalization`; here are the names alone.

use std::str::FromStr;

use unicode_normalization::{UnicodeNormalization, is_nfc, is_nfd, is_nfkc, is_nfkd};

/// A normal form that `normalize` makes and `IS NORMALIZED` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standard's and say what they mean")]
pub enum NormalForm {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

impl NormalForm {
    /// All of them; the first is meant where none is named.
    pub const ALL: [Self; 4] = [Self::Nfc, Self::Nfd, Self::Nfkc, Self::Nfkd];

    /// The name, as the standard writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nfc => "NFC",
            Self::Nfd => "NFD",
            Self::Nfkc => "NFKC",
            Self::Nfkd => "NFKD",
        }
    }

    /// How many bytes a text has in this form.
    pub(crate) fn n_bytes(self, text: &str) -> usize {
        self.characters(text, |it| it.map(char::len_utf8).sum())
    }

    /// A text in this form.
    pub(crate) fn of(self, text: &str) -> String {
        self.characters(text, |it| it.collect())
    }

    /// Whether a text is in this form.
    pub(crate) fn is_that_of(self, text: &str) -> bool {
        match self {
            Self::Nfc => is_nfc(text),
            Self::Nfd => is_nfd(text),
            Self::Nfkc => is_nfkc(text),
            Self::Nfkd => is_nfkd(text),
        }
    }

    fn characters<T>(self, text: &str, f: impl FnOnce(&mut dyn Iterator<Item = char>) -> T) -> T {
        match self {
            Self::Nfc => f(&mut text.nfc()),
            Self::Nfd => f(&mut text.nfd()),
            Self::Nfkc => f(&mut text.nfkc()),
            Self::Nfkd => f(&mut text.nfkd()),
        }
    }
}

impl FromStr for NormalForm {
    type Err = ();

    /// Finds a form by its name, whatever the case.
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(text)).ok_or(())
    }
}
