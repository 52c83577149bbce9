//! Breadth-first searches from many nodes at once, one bit each.
//!
//! Knows distances only; whoever counts shortest paths needs a search for each source.

/// How many searches run at once for so many words of bits.
pub(crate) const fn n_at_once(n_words: usize) -> usize {
    n_words * 64
}

/// From this part of the arcs of those not yet reached by all, a level is spread over all nodes.
const SPREAD_FROM: usize = 32;
/// From this part on, it is pulled by them.
const PULL_FROM: usize = 3;

/// One bit for each of the sources.
pub(crate) type Bits<const N_WORDS: usize> = [u64; N_WORDS];

/// The memory of the searches; Then and others, *The more the merrier: efficient multi-source graph
/// traversal* (2014), with levels pulled where that is cheaper (Beamer, Asanović and Patterson,
/// *Direction-optimizing breadth-first search*, 2012).
pub(crate) struct ManySearches<const N_WORDS: usize> {
    seen: Vec<Bits<N_WORDS>>,
    now: Vec<Bits<N_WORDS>>,
    next: Vec<Bits<N_WORDS>>,
    /// The searches that the last level brought to somebody new: no other will find any more.
    open: Bits<N_WORDS>,
    /// The nodes that the present level, and the next, newly reach.
    frontier: Vec<u32>,
    reached: Vec<u32>,
    touched: Vec<u32>,
    /// The nodes that an open search may yet reach.
    rest: Vec<u32>,
}

impl<const N_WORDS: usize> ManySearches<N_WORDS> {
    const NONE: Bits<N_WORDS> = [0; N_WORDS];

    pub(crate) fn new(n: usize) -> Self {
        Self {
            seen: vec![Self::NONE; n],
            now: vec![Self::NONE; n],
            next: vec![Self::NONE; n],
            open: Self::NONE,
            frontier: Vec::new(),
            reached: Vec::new(),
            touched: Vec::new(),
            rest: Vec::with_capacity(n),
        }
    }

    /// Searches from up to [`n_at_once`] different sources along `onward`, of which `back` is the
    /// reverse; says of each level which nodes are reached by which of the sources for the first time.
    pub(crate) fn search<'a>(
        &mut self,
        sources: &[u32],
        depth_max: u32,
        onward: impl Fn(u32) -> &'a [u32],
        back: impl Fn(u32) -> &'a [u32],
        mut on_reached: impl FnMut(u32, u32, &Bits<N_WORDS>),
    ) {
        let n = self.seen.len();
        self.seen.fill(Self::NONE);
        self.frontier.clear();
        self.open = Self::NONE;
        for (at, &source) in sources.iter().enumerate() {
            let (word, bit) = (at / 64, 1 << (at % 64));
            self.open[word] |= bit;
            self.seen[source as usize][word] |= bit;
            self.now[source as usize][word] |= bit;
            self.frontier.push(source);
        }
        self.rest.clear();
        self.rest.extend((0..n as u32).filter(|&it| !back(it).is_empty()));
        let mut n_arcs_left: usize = self.rest.iter().map(|&it| back(it).len()).sum();
        let mut depth = 0;
        while !self.frontier.is_empty() && depth < depth_max {
            depth += 1;
            let n_arcs: usize = self.frontier.iter().map(|&it| onward(it).len()).sum();
            self.reached.clear();
            if n_arcs < n_arcs_left / SPREAD_FROM {
                self.push(&onward);
            } else if n_arcs < n_arcs_left / PULL_FROM {
                self.spread(&onward);
            } else {
                n_arcs_left = self.pull(&back);
            }
            for node in self.frontier.drain(..) {
                self.now[node as usize] = Self::NONE;
            }
            for &node in &self.reached {
                on_reached(depth, node, &self.next[node as usize]);
            }
            std::mem::swap(&mut self.now, &mut self.next);
            std::mem::swap(&mut self.frontier, &mut self.reached);
        }
        for node in self.frontier.drain(..) {
            self.now[node as usize] = Self::NONE;
        }
    }

    /// Steps on from the frontier, and lists whom that touches.
    fn push<'a>(&mut self, onward: impl Fn(u32) -> &'a [u32]) {
        for &node in &self.frontier {
            let bits = self.now[node as usize];
            for &neighbour in onward(node) {
                let next = &mut self.next[neighbour as usize];
                if *next == Self::NONE {
                    self.touched.push(neighbour);
                }
                *next = union(*next, bits);
            }
        }
        self.open = Self::NONE;
        while let Some(node) = self.touched.pop() {
            self.settle(node, self.next[node as usize]);
        }
    }

    /// Steps on from the frontier, and looks at all nodes after.
    fn spread<'a>(&mut self, onward: impl Fn(u32) -> &'a [u32]) {
        for &node in &self.frontier {
            let bits = self.now[node as usize];
            for &neighbour in onward(node) {
                let next = &mut self.next[neighbour as usize];
                *next = union(*next, bits);
            }
        }
        self.open = Self::NONE;
        for node in 0..self.next.len() {
            self.settle(node as u32, self.next[node]);
        }
    }

    /// Lets whoever is left look back at the frontier; returns how many arcs they have.
    fn pull<'a>(&mut self, back: impl Fn(u32) -> &'a [u32]) -> usize {
        let open = std::mem::replace(&mut self.open, Self::NONE);
        let mut n_arcs_left = 0;
        let mut n_kept = 0;
        for at in 0..self.rest.len() {
            let node = self.rest[at];
            let seen = &self.seen[node as usize];
            if (0..N_WORDS).all(|word| open[word] & !seen[word] == 0) {
                continue;
            }
            self.rest[n_kept] = node;
            n_kept += 1;
            let row = back(node);
            n_arcs_left += row.len();
            // A row is read to its end: to ask after each neighbour whether any bit is still missing
            // costs more than it saves. Two at a time take fewer turns whose number nobody foresees.
            let (pairs, last) = row.as_chunks::<2>();
            let mut bits = Self::NONE;
            for &[one, other] in pairs {
                let both = union(self.now[one as usize], self.now[other as usize]);
                bits = union(bits, both);
            }
            for &neighbour in last {
                bits = union(bits, self.now[neighbour as usize]);
            }
            self.settle(node, bits);
        }
        self.rest.truncate(n_kept);
        n_arcs_left
    }

    /// Takes down which searches come to a node, and lists it if some are new there.
    fn settle(&mut self, node: u32, bits: Bits<N_WORDS>) {
        let seen = &mut self.seen[node as usize];
        let mut new = Self::NONE;
        for word in 0..N_WORDS {
            new[word] = bits[word] & !seen[word];
            seen[word] |= new[word];
            self.open[word] |= new[word];
        }
        self.next[node as usize] = new;
        if new.iter().fold(0, |any, word| any | word) != 0 {
            self.reached.push(node);
        }
    }
}

/// The bits of both.
fn union<const N_WORDS: usize>(one: Bits<N_WORDS>, other: Bits<N_WORDS>) -> Bits<N_WORDS> {
    std::array::from_fn(|word| one[word] | other[word])
}

/// The number of bits.
pub(crate) fn n_bits<const N_WORDS: usize>(bits: &Bits<N_WORDS>) -> u32 {
    bits.iter().map(|it| it.count_ones()).sum()
}

/// Counts by position how often each bit was set: numbers stand upright, one plane for each of their
/// binary digits, so that 64 are counted at once; and eight are added at once, which takes no question
/// after how far a carry goes (Harley and Seal; Warren, *Hacker's Delight*, 2013, chapter 5).
pub(crate) struct BitCounts<const N_WORDS: usize> {
    planes: [Bits<N_WORDS>; N_PLANES],
    waiting: [Bits<N_WORDS>; N_TOGETHER],
    n_waiting: usize,
    n_added: usize,
    counts: Vec<u32>,
}

const N_PLANES: usize = 11;
const N_TOGETHER: usize = 8;
const N_ADDED_MAX: usize = (1 << N_PLANES) - N_TOGETHER;

impl<const N_WORDS: usize> BitCounts<N_WORDS> {
    pub(crate) fn new() -> Self {
        Self {
            planes: [[0; N_WORDS]; N_PLANES],
            waiting: [[0; N_WORDS]; N_TOGETHER],
            n_waiting: 0,
            n_added: 0,
            counts: vec![0; n_at_once(N_WORDS)],
        }
    }

    pub(crate) fn add(&mut self, bits: &Bits<N_WORDS>) {
        self.waiting[self.n_waiting] = *bits;
        self.n_waiting += 1;
        if self.n_waiting == N_TOGETHER {
            self.add_waiting();
            if self.n_added == N_ADDED_MAX {
                self.flush();
            }
        }
    }

    /// The counts since the last time, by position.
    pub(crate) fn take(&mut self) -> Vec<u32> {
        self.waiting[self.n_waiting..].fill([0; N_WORDS]);
        self.add_waiting();
        self.flush();
        std::mem::replace(&mut self.counts, vec![0; n_at_once(N_WORDS)])
    }

    /// Adds two at a time to the lowest plane, whose carries are half as many for the next.
    fn add_waiting(&mut self) {
        let mut carried = self.waiting;
        let mut n_carried = N_TOGETHER;
        for plane in &mut self.planes {
            // The last carry goes on alone.
            if n_carried == 1 {
                for (digit, carry) in plane.iter_mut().zip(&mut carried[0]) {
                    (*digit, *carry) = (*digit ^ *carry, *digit & *carry);
                }
                continue;
            }
            n_carried /= 2;
            for pair in 0..n_carried {
                let (left, right) = (carried[2 * pair], carried[2 * pair + 1]);
                for word in 0..N_WORDS {
                    let (digit, left, right) = (plane[word], left[word], right[word]);
                    plane[word] = digit ^ left ^ right;
                    carried[pair][word] = digit & left | right & (digit ^ left);
                }
            }
        }
        self.n_waiting = 0;
        self.n_added += N_TOGETHER;
    }

    fn flush(&mut self) {
        for (digit, plane) in self.planes.iter_mut().enumerate() {
            for (at, count) in self.counts.iter_mut().enumerate() {
                *count += ((plane[at / 64] >> (at % 64) & 1) as u32) << digit;
            }
            *plane = [0; N_WORDS];
        }
        self.n_added = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Dice, for_all_small_graphs, random_view};
    use weft_graph::{UNREACHED, View, distances};

    #[track_caller]
    fn check(view: &View, depth_max: u32) {
        check_words::<1>(view, depth_max);
        check_words::<4>(view, depth_max);
        check_words::<8>(view, depth_max);
    }

    #[track_caller]
    fn check_words<const N_WORDS: usize>(view: &View, depth_max: u32) {
        let sources: Vec<u32> = (0..view.n().min(n_at_once(N_WORDS)) as u32).rev().collect();
        let mut found = vec![vec![UNREACHED; view.n()]; sources.len()];
        for (row, &source) in found.iter_mut().zip(&sources) {
            row[source as usize] = 0;
        }
        let mut searches = ManySearches::<N_WORDS>::new(view.n());
        // Twice, as the second search finds what the first one left in memory.
        for _ in 0..2 {
            let (onward, back) = (|it| view.neighbours(it), |it| view.in_neighbours(it));
            searches.search(&sources, depth_max, onward, back, |depth, node, bits| {
                for (at, row) in found.iter_mut().enumerate() {
                    if bits[at / 64] >> (at % 64) & 1 == 1 {
                        row[node as usize] = depth;
                    }
                }
            });
        }
        for (row, &source) in found.iter().zip(&sources) {
            assert_eq!(row, &distances(view, &[source], depth_max));
        }
    }

    #[test]
    fn all_searches_at_once_find_what_each_finds_alone() {
        for_all_small_graphs(|view| {
            check(view, u32::MAX);
            check(view, 1);
            check(view, 0);
        });
        check(&random_view(400, 700, 3), u32::MAX);
        check(&random_view(300, 3000, 4), 2);
    }

    #[test]
    fn bits_are_counted_by_position() {
        let mut dice = Dice(5);
        let mut counts = BitCounts::<4>::new();
        let mut expected = vec![0; n_at_once(4)];
        for n_added in [1000, 3, 0, 248, 8, 501] {
            for _ in 0..n_added {
                let bits: Bits<4> =
                    std::array::from_fn(|_| dice.roll(1 << 31) as u64 * 0x1_0000_0003);
                for (at, count) in expected.iter_mut().enumerate() {
                    *count += (bits[at / 64] >> (at % 64) & 1) as u32;
                }
                counts.add(&bits);
            }
            assert_eq!(counts.take(), expected);
            expected.fill(0);
        }
    }
}
