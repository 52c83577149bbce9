//! Values by key, sorted by key in one piece of memory: maps and properties are small and there are many
//! of them, so a tree for each would mostly be empty room.
//!
//! Knows nothing of what it holds but how keys compare.

use std::sync::Arc;

use crate::Val;

/// Values by key; reads like a `BTreeMap`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entries(Vec<(Arc<str>, Val)>);

impl Entries {
    /// No values yet, and room for so many.
    pub fn with_capacity(n: usize) -> Self {
        Self(Vec::with_capacity(n))
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many more there is room for.
    pub(crate) fn n_spare(&self) -> usize {
        self.0.capacity() - self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Val> {
        self.position(key).ok().map(|at| &self.0[at].1)
    }

    /// Whether there is a value of that key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_ok()
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().map(|it| &it.0)
    }

    /// The keys alone, in order.
    pub fn into_keys(self) -> impl Iterator<Item = Arc<str>> {
        self.0.into_iter().map(|it| it.0)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &Val> {
        self.0.iter().map(|it| &it.1)
    }

    /// All in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Val)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Gives a key a value. What it had before.
    pub fn insert(&mut self, key: Arc<str>, value: Val) -> Option<Val> {
        // Whoever adds keys in order, as most do, moves nothing.
        if self.0.last().is_none_or(|it| *it.0 < *key) {
            self.0.push((key, value));
            return None;
        }
        match self.position(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a key away. What it had.
    pub fn remove(&mut self, key: &str) -> Option<Val> {
        self.position(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Keeps what is wanted.
    pub fn retain(&mut self, mut is_wanted: impl FnMut(&Arc<str>, &Val) -> bool) {
        self.0.retain(|(key, value)| is_wanted(key, value));
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|it| (*it.0).cmp(key))
    }
}

impl FromIterator<(Arc<str>, Val)> for Entries {
    /// Of several values of a key the last one stays.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Val)>>(entries: I) -> Self {
        let mut all: Vec<_> = entries.into_iter().collect();
        if !all.is_sorted_by(|a, b| a.0 < b.0) {
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all.dedup_by(|later, kept| {
                let is_same = later.0 == kept.0;
                if is_same {
                    std::mem::swap(later, kept);
                }
                is_same
            });
        }
        Self(all)
    }
}

impl<const N: usize> From<[(Arc<str>, Val); N]> for Entries {
    fn from(entries: [(Arc<str>, Val); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl Extend<(Arc<str>, Val)> for Entries {
    fn extend<I: IntoIterator<Item = (Arc<str>, Val)>>(&mut self, entries: I) {
        *self = std::mem::take(self).into_iter().chain(entries).collect();
    }
}

impl IntoIterator for Entries {
    type Item = (Arc<str>, Val);
    type IntoIter = std::vec::IntoIter<(Arc<str>, Val)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[track_caller]
    fn check(entries: &Entries, expected: &BTreeMap<Arc<str>, i64>) {
        let text = |it: &Val| format!("{it:?}");
        let all: Vec<_> = entries.iter().map(|(key, it)| (key.clone(), text(it))).collect();
        let expected: Vec<_> =
            expected.iter().map(|(key, it)| (key.clone(), text(&Val::Integer(*it)))).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn entries_are_what_a_tree_would_hold() {
        let mut state = 1_u64;
        let mut roll = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..200 {
            let pairs: Vec<(Arc<str>, i64)> =
                (0..roll(9)).map(|at| (format!("k{}", roll(6)).into(), at as i64)).collect();
            let mut tree: BTreeMap<Arc<str>, i64> = pairs.iter().cloned().collect();
            let mut entries: Entries =
                pairs.into_iter().map(|(key, it)| (key, Val::Integer(it))).collect();
            check(&entries, &tree);
            for at in 0..8 {
                let key: Arc<str> = format!("k{}", roll(7)).into();
                let was_there = match roll(3) {
                    0 => entries.remove(&key).is_some() == tree.remove(&key).is_some(),
                    _ => {
                        let before = entries.insert(key.clone(), Val::Integer(at)).is_some();
                        before == tree.insert(key.clone(), at).is_some()
                    }
                };
                assert!(was_there);
                assert_eq!(entries.contains_key(&key), tree.contains_key(&key));
                assert_eq!(entries.get(&key).is_some(), tree.contains_key(&key));
                check(&entries, &tree);
            }
            entries.retain(|key, _| **key < *"k3");
            tree.retain(|key, _| **key < *"k3");
            check(&entries, &tree);
            assert_eq!(entries.len(), tree.len());
        }
    }
}
