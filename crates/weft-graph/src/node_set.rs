//! A set of nodes as bits, for searches; knows positions and no graph.

use std::iter;

/// A set of nodes, one bit each: of a large view it stays in the processor's nearest cache, where
/// distances do not.
///
/// - Units: nodes are positions in a view, below the `n` that the set was made for; others panic.
/// - Cost: `n / 8` bytes; O(1) for a node, O(n / 64) to be made and for [`insert_those`](Self::insert_those).
///
/// ```
/// let mut set = weft_graph::NodeSet::new(100);
/// assert!(set.insert(70) && !set.insert(70));
/// assert!(set.has(70) && set.has_any(&[1, 2, 3, 70]));
/// set.insert_those(100, |it| it % 50 == 0);
/// assert!(set.has(50));
/// set.clear_around(70);
/// assert!(!set.has_any(&[70, 71]) && set.has(50));
/// let mut others = weft_graph::NodeSet::all(100);
/// others.remove_all(&set);
/// assert!(others.iter().eq((0..100).filter(|it| it % 50 != 0)));
/// others.insert_all(&set);
/// assert_eq!(others.iter().count(), 100);
/// ```
#[derive(Clone, Debug, Default)]
pub struct NodeSet {
    words: Vec<u64>,
}

impl NodeSet {
    /// None of `n` nodes.
    pub fn new(n: usize) -> Self {
        Self { words: vec![0; n.div_ceil(64)] }
    }

    /// All of `n` nodes.
    pub fn all(n: usize) -> Self {
        let mut words = vec![u64::MAX; n.div_ceil(64)];
        if let (Some(last), n_last @ 1..) = (words.last_mut(), n % 64) {
            *last = (1 << n_last) - 1;
        }
        Self { words }
    }

    /// Whether a node is in it.
    #[inline]
    pub fn has(&self, node: u32) -> bool {
        self.words[node as usize / 64] >> (node % 64) & 1 == 1
    }

    /// Whether it has any of some nodes. The first few are looked up without asking after each, which
    /// pays where none of them is likely to be the first.
    #[inline]
    pub fn has_any(&self, nodes: &[u32]) -> bool {
        const N_FIRST: usize = 3;
        let Some(last) = nodes.len().checked_sub(1) else { return false };
        let of_first = (0..N_FIRST).fold(false, |any, at| any | self.has(nodes[at.min(last)]));
        if of_first | (nodes.len() <= N_FIRST) {
            return of_first;
        }
        nodes[N_FIRST..].iter().any(|&it| self.has(it))
    }

    /// Whether the node is new.
    #[inline]
    pub fn insert(&mut self, node: u32) -> bool {
        let word = &mut self.words[node as usize / 64];
        let before = *word;
        *word |= 1 << (node % 64);
        *word != before
    }

    /// Inserts those of the others among the first `n` nodes, in ascending order, of which `takes` is true.
    #[inline]
    pub fn insert_those(&mut self, n: usize, mut takes: impl FnMut(u32) -> bool) {
        for (at, word) in self.words[..n.div_ceil(64)].iter_mut().enumerate() {
            let begin = at * 64;
            let n_unused = (begin + 64).saturating_sub(n);
            let mut others = !*word & (u64::MAX >> n_unused);
            while others != 0 {
                let bit = others.trailing_zeros();
                others &= others - 1;
                *word |= u64::from(takes(begin as u32 + bit)) << bit;
            }
        }
    }

    /// Empties the word of a node, 64 positions: what empties a set whose nodes are known.
    #[inline]
    pub fn clear_around(&mut self, node: u32) {
        self.words[node as usize / 64] = 0;
    }

    /// Inserts all of another set of as many nodes.
    #[inline]
    pub fn insert_all(&mut self, others: &Self) {
        self.words.iter_mut().zip(&others.words).for_each(|(word, others)| *word |= others);
    }

    /// Takes out all of another set of as many nodes.
    #[inline]
    pub fn remove_all(&mut self, others: &Self) {
        self.words.iter_mut().zip(&others.words).for_each(|(word, others)| *word &= !others);
    }

    /// Its nodes, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        (0..).step_by(64).zip(&self.words).flat_map(|(begin, &word)| {
            let left = iter::successors((word != 0).then_some(word), |it| {
                Some(it & (it - 1)).filter(|&it| it != 0)
            });
            left.map(move |it| begin + it.trailing_zeros())
        })
    }

    /// The nodes as bits, 64 to a word, the first in the lowest bit.
    #[inline]
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }
}
