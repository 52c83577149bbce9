//! A set of nodes as bits, for searches; knows positions and no graph.

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

    /// The nodes as bits, 64 to a word, the first in the lowest bit.
    #[inline]
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }
}
