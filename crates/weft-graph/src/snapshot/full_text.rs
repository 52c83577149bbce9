//! Full text: which nodes have words in their names, aliases and descriptions.
//!
//! One table for the base and one for each layer, made when somebody first searches. Knows no spelling
//! and no language: a word is a run of letters and digits, folded.

use std::borrow::Cow;

use hashbrown::HashMap;
use weft_value::Value;

use super::Snapshot;
use super::segment::Segment;
use crate::{NodeIdx, fold, words};

/// Only so many words of what is searched are looked at.
const WORDS_MAX: usize = 16;
/// The free property that is searched beside the names.
const DESCRIPTION: &str = "description";

/// The words of one segment's nodes.
#[derive(Debug, Default)]
pub(super) struct WordTable {
    /// Each word once, sorted.
    words: Vec<Box<str>>,
    /// Where the postings of each word begin; one more than words.
    starts: Vec<u32>,
    /// Word by word the rows that have it, ascending.
    postings: Vec<Posting>,
    /// How many words each row has.
    lengths: Vec<u32>,
}

/// A row that has a word, and how often.
#[derive(Clone, Copy, Debug)]
struct Posting {
    row: u32,
    n: u32,
}

impl Snapshot {
    /// The nodes that have all words of a text in their name, aliases and description, each with a
    /// score, the best first.
    ///
    /// Case and accents do not matter; a word that ends in `*` stands for all that begin so. The score is
    /// TF-IDF: for each word the square root of how often it is there, times 1 + ln(nodes / (nodes with
    /// it + 1)), summed and divided by the square root of how many words there are. Nodes of one score
    /// come in the order of their positions.
    pub fn search(&self, text: &str) -> Vec<(NodeIdx, f64)> {
        let asked = asked_words(text);
        if asked.is_empty() {
            return Vec::new();
        }
        let segments: Vec<_> = self.segments().collect();
        let found: Vec<Vec<Cow<'_, [Posting]>>> = segments
            .iter()
            .map(|(segment, _)| {
                let table = segment.word_table();
                asked.iter().map(|(word, is_whole)| table.postings(word, *is_whole)).collect()
            })
            .collect();
        let n_with = |word: usize| -> usize {
            let n = segments.iter().zip(&found).map(|(&(segment, layer), lists)| {
                let rows = lists[word].iter().map(|it| it.row);
                match self.is_plain() {
                    true => rows.len(),
                    false => rows.filter_map(|it| self.live_node(segment, layer, it)).count(),
                }
            });
            n.sum()
        };
        let weight = |n: usize| 1.0 + (self.n_nodes() as f64 / (n as f64 + 1.0)).ln();
        let weights: Vec<f64> = (0..asked.len()).map(|it| weight(n_with(it))).collect();
        let mut hits = Vec::new();
        for (&(segment, layer), lists) in segments.iter().zip(&found) {
            let Some(shortest) = lists.iter().min_by_key(|it| it.len()) else { continue };
            for row in shortest.iter().map(|it| it.row) {
                let n_times = |list: &[Posting]| {
                    list.binary_search_by_key(&row, |it| it.row).ok().map(|at| list[at].n)
                };
                let scores = lists.iter().zip(&weights);
                let scores = scores
                    .map(|(list, weight)| n_times(list).map(|n| f64::from(n).sqrt() * weight));
                let Some(score) = scores.sum::<Option<f64>>() else { continue };
                if let Some(idx) = self.live_node(segment, layer, row) {
                    let length = f64::from(segment.word_table().lengths[row as usize]);
                    hits.push((idx, score / length.sqrt()));
                }
            }
        }
        hits.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        hits
    }
}

/// The words of what is searched, each with whether it is whole.
fn asked_words(text: &str) -> Vec<(String, bool)> {
    let mut res: Vec<(String, bool)> = Vec::new();
    for piece in text.split_whitespace() {
        let folded = fold(piece);
        let n_before = res.len();
        res.extend(words(&folded).map(|it| (it.to_owned(), true)));
        if let Some(last) = res[n_before..].last_mut() {
            last.1 = !piece.ends_with('*');
        }
    }
    res.truncate(WORDS_MAX);
    res
}

impl Segment {
    fn word_table(&self) -> &WordTable {
        self.lookups().words.get_or_init(|| WordTable::of(self))
    }

    /// The texts of a row that are searched.
    fn searched(&self, row: usize) -> impl Iterator<Item = &str> {
        let description = match self.free_property_of_node(row, DESCRIPTION) {
            Some(Value::String(text)) => Some(text.as_str()),
            _ => None,
        };
        let aliases = self.columns_of_node(row).aliases.iter().map(String::as_str);
        std::iter::once(self.name_of_node(row)).chain(aliases).chain(description)
    }
}

impl WordTable {
    fn of(segment: &Segment) -> Self {
        let mut ids: HashMap<Box<str>, u32> = HashMap::new();
        let mut all: Vec<(u32, u32)> = Vec::new();
        let mut lengths = Vec::with_capacity(segment.n_nodes());
        for row in 0..segment.n_nodes() {
            let n_before = all.len();
            for text in segment.searched(row) {
                for word in words(&fold(text)) {
                    let next = ids.len() as u32;
                    let id = *ids.entry_ref(word).or_insert(next);
                    all.push((id, row as u32));
                }
            }
            lengths.push((all.len() - n_before) as u32);
        }
        let mut sorted: Vec<(Box<str>, u32)> = ids.into_iter().collect();
        sorted.sort_unstable();
        let mut rank = vec![0; sorted.len()];
        for (at, (_, id)) in sorted.iter().enumerate() {
            rank[*id as usize] = at as u32;
        }
        all.iter_mut().for_each(|it| it.0 = rank[it.0 as usize]);
        all.sort_unstable();
        let mut res =
            Self { words: sorted.into_iter().map(|it| it.0).collect(), ..Self::default() };
        for same in all.chunk_by(|a, b| a == b) {
            let (word, row) = same[0];
            while res.starts.len() <= word as usize {
                res.starts.push(res.postings.len() as u32);
            }
            res.postings.push(Posting { row, n: same.len() as u32 });
        }
        res.starts.push(res.postings.len() as u32);
        res.lengths = lengths;
        res
    }

    /// The rows that have a word, or with `is_whole` false, a word that begins so.
    fn postings(&self, word: &str, is_whole: bool) -> Cow<'_, [Posting]> {
        let of = |at: usize| &self.postings[self.starts[at] as usize..self.starts[at + 1] as usize];
        let start = self.words.partition_point(|it| **it < *word);
        let fits = |it: &str| if is_whole { it == word } else { it.starts_with(word) };
        let n = self.words[start..].iter().take_while(|it| fits(it)).count();
        if n <= 1 {
            return Cow::Borrowed(if n == 1 { of(start) } else { &[] });
        }
        let mut all: Vec<Posting> = (start..start + n).flat_map(of).copied().collect();
        all.sort_unstable_by_key(|it| it.row);
        let rows = all.chunk_by(|a, b| a.row == b.row);
        let joined = rows.map(|it| Posting { row: it[0].row, n: it.iter().map(|it| it.n).sum() });
        Cow::Owned(joined.collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Change, ChangeSet, NodeRecord, Snapshot, fixture_model};

    #[track_caller]
    fn check(snapshot: &Snapshot, text: &str, expected: &[&str]) {
        let found = snapshot.search(text);
        let ids: Vec<_> = found.iter().map(|it| snapshot.node(it.0).id()).collect();
        assert_eq!(ids, expected, "{text}");
        assert!(found.is_sorted_by(|a, b| a.1 >= b.1), "{found:?}");
    }

    fn node(id: &str, name: &str, aliases: &[&str]) -> Change {
        let claims = fixture_model("a").node("a").expect("it was made").record.claims.clone();
        let aliases = aliases.iter().map(|it| (*it).to_owned()).collect();
        let (id, name) = (id.to_owned(), name.to_owned());
        Change::PutNode(NodeRecord {
            id,
            name,
            kind: "company".into(),
            aliases,
            claims,
            ..Default::default()
        })
    }

    #[test]
    fn words_are_found_whatever_their_case_order_and_layer() {
        let first = ChangeSet {
            changes: vec![
                node("leeds", "University of Leeds", &["Leeds Uni"]),
                node("beckett", "Leeds Beckett University", &[]),
                node("cafe", "Café Société", &[]),
            ],
        };
        let later = ChangeSet {
            changes: vec![
                node("beckett", "Beckett", &[]),
                node("trust", "The Leeds Teaching Hospitals Trust", &[]),
            ],
        };
        let before = crate::fixture("x").with(&first).expect("it is whole");
        check(&before, "LEEDS university", &["beckett", "leeds"]);
        check(&before, "societe cafe", &["cafe"]);
        check(&before, "leeds nothing", &[]);
        check(&before, "  ", &[]);
        let after = before.with(&later).expect("it is whole");
        check(&after, "leeds", &["leeds", "trust"]);
        check(&after, "beck*", &["beckett"]);
        check(&after, "uni* le*", &["leeds"]);
        assert_eq!(after.search("leeds").len(), 2);
    }
}
