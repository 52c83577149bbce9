//! Finding nodes by what somebody typed: exact first, then the beginning, then words, then spelling.
//!
//! Each step is an index look-up, and the dearer ones are taken only if the cheaper found nothing.

use hashbrown::HashSet;
use rusqlite::params;
use serde::Serialize;
use weft_graph::NodeId;

use crate::fold::{fold, is_spelt, words};
use crate::words::node_key;
use crate::{Error, Store};

/// How many nodes full text may bring before they are ranked.
const CANDIDATES_MAX: usize = 200;
/// How many spellings of one word are tried.
const SPELLINGS_MAX: usize = 6;
/// Spellings less alike than this (1 is the same) are other words.
const SPELLING_MIN: f64 = 0.6;
/// How many words of the vocabulary are compared with a misspelt one.
const COMPARED_MAX: usize = 2000;
/// A word of so many letters has no third that two swapped letters leave whole.
const SHORT_WORD: usize = 6;
/// Only so many words of what was typed are looked at.
const WORDS_MAX: usize = 16;
/// Only so many letters of what was typed are looked at.
const LETTERS_MAX: usize = 400;

/// A node that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// Its key.
    #[serde(skip)]
    pub key: NodeId,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// By what it was found.
    pub how: How,
    /// How alike the name and what was typed are, from 0 to 1.
    pub score: f64,
}

/// By what a node was found, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Its id.
    Id,
    /// Its number in a register.
    Identifier,
    /// Its name, whatever case and accents.
    Name,
    /// An alias.
    Alias,
    /// A name or alias that begins so.
    Prefix,
    /// All the words, in any order.
    Words,
    /// Words spelt much like these.
    Similar,
}

impl How {
    /// Whether it is as good as naming the node.
    pub fn is_exact(self) -> bool {
        self <= Self::Alias
    }
}

impl Store {
    /// Finds nodes by id, identifier, name or alias; then by their beginning; then by words; then by
    /// words spelt alike. At most `limit`, the best first.
    ///
    /// Where something is found exactly nothing but longer names is added; spelling is looked at only
    /// where nothing else is found.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        self.reading(|| {
            let text = text.trim();
            let text = text.char_indices().nth(LETTERS_MAX).map_or(text, |(at, _)| &text[..at]);
            let folded = fold(text);
            let mut found = Found { limit, ..Default::default() };
            if folded.is_empty() || limit == 0 {
                return Ok(found.hits);
            }
            self.find_exact(text, &folded, &mut found)?;
            let n_exact = found.hits.len();
            self.find_prefix(&folded, &mut found)?;
            // Several words that begin a name are that name, or several of its kin; a single one may
            // as well stand within others.
            let is_named = !found.hits.is_empty() && words(&folded).nth(1).is_some();
            if n_exact == 0 && !is_named && !found.is_full() {
                self.find_words(&folded, &mut found)?;
            }
            if found.hits.is_empty() {
                self.find_similar(&folded, &mut found)?;
            }
            Ok(found.hits)
        })
    }

    fn find_exact(&self, text: &str, folded: &str, found: &mut Found) -> Result<(), Error> {
        if let Some(key) = node_key(&self.conn, text)? {
            self.add(found, key, How::Id, folded)?;
        }
        let (scheme, value) = match text.split_once(':') {
            Some((scheme, value)) => (Some(scheme.trim()), value.trim()),
            None => (None, text),
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT node FROM identifiers WHERE value = ?1 AND (?2 IS NULL OR scheme = ?2 COLLATE NOCASE) \
             ORDER BY node",
        )?;
        let keys = statement.query_map(params![value, scheme], |row| row.get(0))?;
        for key in keys {
            self.add(found, key?, How::Identifier, folded)?;
        }
        let mut statement = self
            .conn
            .prepare_cached("SELECT node, is_alias FROM names WHERE folded = ?1 ORDER BY 2, 1")?;
        let mut rows = statement.query([folded])?;
        while let Some(row) = rows.next()? {
            let how = if row.get(1)? { How::Alias } else { How::Name };
            self.add(found, row.get(0)?, how, folded)?;
        }
        Ok(())
    }

    fn find_prefix(&self, folded: &str, found: &mut Found) -> Result<(), Error> {
        let mut statement = self.conn.prepare_cached(
            "SELECT node FROM names WHERE folded > ?1 AND folded < ?2 ORDER BY folded LIMIT ?3",
        )?;
        // No name holds the last of all characters, so this is past every one that begins so.
        let end = format!("{folded}{}", char::MAX);
        let limit = found.limit.saturating_mul(2) as i64;
        let keys = statement.query_map(params![folded, end, limit], |row| row.get(0))?;
        for key in keys {
            self.add(found, key?, How::Prefix, folded)?;
        }
        Ok(())
    }

    fn find_words(&self, folded: &str, found: &mut Found) -> Result<(), Error> {
        for word in words(folded).take(WORDS_MAX).filter(|it| is_spelt(it)) {
            if !self.is_beginning(word)? {
                return Ok(());
            }
        }
        let query: Vec<String> =
            words(folded).take(WORDS_MAX).map(|it| format!("\"{it}\"{}", star(it))).collect();
        self.find_text(&query.join(" AND "), How::Words, folded, found)
    }

    /// Whether any word begins so. Full text gathers all nodes of every word before it sees that one
    /// word has none, so a misspelt word beside a common one would cost what the common one does.
    fn is_beginning(&self, word: &str) -> Result<bool, Error> {
        let end = format!("{word}{}", char::MAX);
        let is_known = self
            .conn
            .prepare_cached("SELECT 1 FROM vocabulary WHERE word >= ?1 AND word < ?2 LIMIT 1")?
            .exists([word, &end])?;
        if is_known {
            return Ok(true);
        }
        // The vocabulary has no words with digits, and none that only ids have.
        let mut statement =
            self.conn.prepare_cached("SELECT 1 FROM search WHERE search MATCH ?1 LIMIT 1")?;
        Ok(statement.exists([format!("\"{word}\" *")])?)
    }

    fn find_similar(&self, folded: &str, found: &mut Found) -> Result<(), Error> {
        let mut query = Vec::new();
        for word in words(folded).take(WORDS_MAX) {
            let spellings = self.spellings(word)?;
            let mut either: Vec<String> = spellings.iter().map(|it| format!("\"{it}\"")).collect();
            either.push(format!("\"{word}\""));
            query.push(format!("({})", either.join(" OR ")));
        }
        self.find_text(&query.join(" AND "), How::Similar, folded, found)?;
        if found.hits.is_empty() && query.len() > 1 {
            // A word too many, or one that no spelling reaches.
            self.find_text(&query.join(" OR "), How::Similar, folded, found)?;
        }
        Ok(())
    }

    /// Adds what full text finds, the most alike first.
    fn find_text(
        &self,
        query: &str,
        how: How,
        folded: &str,
        found: &mut Found,
    ) -> Result<(), Error> {
        if query.is_empty() {
            return Ok(());
        }
        let mut statement =
            self.conn.prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1 LIMIT ?2")?;
        let keys = statement.query_map(params![query, CANDIDATES_MAX as i64], |row| row.get(0))?;
        let mut candidates = Found { limit: CANDIDATES_MAX, ..Default::default() };
        for key in keys {
            let key: i64 = key?;
            if !found.seen.contains(&key) {
                self.add(&mut candidates, key, how, folded)?;
            }
        }
        candidates.hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        for hit in candidates.hits {
            if !found.is_full() {
                found.seen.insert(i64::from(hit.key.0));
                found.hits.push(hit);
            }
        }
        Ok(())
    }

    /// The words of names that are spelt most like one.
    ///
    /// The word's trigrams are parted into thirds: one or two mistakes leave a third whole, and the
    /// few words that hold all of it are found by index. A short word that a swap has left no third
    /// of is held against the words that begin with the same letter.
    fn spellings(&self, word: &str) -> Result<Vec<String>, Error> {
        let letters: Vec<char> = word.chars().collect();
        let trigrams: Vec<String> =
            letters.windows(3).map(|it| format!("\"{}\"", it.iter().collect::<String>())).collect();
        if trigrams.is_empty() {
            return Ok(Vec::new());
        }
        let thirds: Vec<String> = trigrams
            .chunks(trigrams.len().div_ceil(3))
            .map(|it| format!("({})", it.join(" AND ")))
            .collect();
        let mut statement = self.conn.prepare_cached(
            "SELECT v.word FROM spelling s JOIN vocabulary v ON v.key = s.rowid \
             WHERE s.spelling MATCH ?1 LIMIT ?2",
        )?;
        let query = thirds.join(" OR ");
        let found = statement
            .query_map(params![query, COMPARED_MAX as i64], |row| row.get::<_, String>(0))?;
        let mut res: Vec<(f64, String)> = Vec::new();
        let compare = |res: &mut Vec<(f64, String)>, other: String| {
            let score = strsim::normalized_damerau_levenshtein(word, &other);
            if score >= SPELLING_MIN {
                res.push((score, other));
            }
        };
        for other in found {
            compare(&mut res, other?);
        }
        if res.is_empty() && letters.len() <= SHORT_WORD {
            let mut statement = self.conn.prepare_cached(
                "SELECT word FROM vocabulary WHERE word >= ?1 AND word < ?1 || char(1114111) \
                 AND length(word) BETWEEN ?2 - 1 AND ?2 + 1 LIMIT ?3",
            )?;
            let first: String = letters.iter().take(1).collect();
            let limits = params![first, letters.len() as i64, COMPARED_MAX as i64];
            for other in statement.query_map(limits, |row| row.get::<_, String>(0))? {
                compare(&mut res, other?);
            }
        }
        res.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        res.truncate(SPELLINGS_MAX);
        Ok(res.into_iter().map(|it| it.1).collect())
    }

    fn add(&self, found: &mut Found, key: i64, how: How, folded: &str) -> Result<(), Error> {
        if found.is_full() || !found.seen.insert(key) {
            return Ok(());
        }
        let Some((key, node)) = self.node_of_key(key)? else { return Ok(()) };
        let score = match how {
            _ if how.is_exact() => 1.0,
            _ => std::iter::once(node.name.as_str())
                .chain(node.other_names())
                .map(|it| strsim::normalized_damerau_levenshtein(folded, &fold(it)))
                .max_by(f64::total_cmp)
                .unwrap_or(0.0),
        };
        found.hits.push(Hit { key, id: node.id, name: node.name, kind: node.kind, how, score });
        Ok(())
    }
}

/// Whether a word may stand for all that begin with it. Not a number or a few letters, which begin
/// too many words, whose nodes full text would all gather.
fn star(word: &str) -> &'static str {
    let is_long = word.chars().nth(2).is_some() && !word.chars().any(char::is_numeric);
    if is_long { " *" } else { "" }
}

#[derive(Default)]
struct Found {
    limit: usize,
    hits: Vec<Hit>,
    seen: HashSet<i64>,
}

impl Found {
    fn is_full(&self) -> bool {
        self.hits.len() >= self.limit
    }
}
