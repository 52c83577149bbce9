//! A queue for searches whose steps are all about as long; knows keys and nodes, not costs.

/// A longest step is at most so many times the shortest.
const N_STEPS_MAX: f64 = 4096.0;

/// Nodes that wait under keys, of which none is below the least or more than the longest step above it.
///
/// A node lies in a bucket of keys that are closer to each other than the shortest step, so what is taken
/// out of a bucket puts nothing back into it but by rounding, which costs time and is not wrong.
/// Denardo and Fox, *Shortest-route methods: 1. Reaching, pruning, and buckets* (1979), after Dial.
pub(crate) struct BucketQueue {
    /// Buckets to one of a key.
    per_key: f64,
    /// The bucket of the least key; buckets come round again behind the last.
    current: u64,
    buckets: Vec<Vec<u32>>,
    /// Which of them hold any, as bits.
    filled: Vec<u64>,
}

impl BucketQueue {
    /// An empty queue for steps between these; None where they differ too much, or some may be nothing.
    pub(crate) fn new(shortest: f64, longest: f64) -> Option<Self> {
        let n_steps = longest / shortest;
        let per_key = 1.0 / shortest;
        if !(1.0..=N_STEPS_MAX).contains(&n_steps) || !per_key.is_finite() {
            return None;
        }
        let n_buckets = (n_steps as usize + 3).next_power_of_two().max(u64::BITS as usize);
        let filled = vec![0; n_buckets / u64::BITS as usize];
        Some(Self { per_key, current: 0, buckets: vec![Vec::new(); n_buckets], filled })
    }

    fn of(&self, key: f64) -> u64 {
        (key * self.per_key) as u64
    }

    fn place(&self, bucket: u64) -> usize {
        bucket as usize & (self.buckets.len() - 1)
    }

    /// Lets a node wait; the key must not be below that of the last that was taken.
    pub(crate) fn push(&mut self, key: f64, node: u32) {
        let at = self.place(self.of(key));
        self.buckets[at].push(node);
        self.filled[at / 64] |= 1 << (at % 64);
    }

    /// Takes a node of the lowest bucket that holds any, given the key that a node waits under by now:
    /// where it has left for a lower bucket, it was taken from there.
    pub(crate) fn pop(&mut self, key: impl Fn(u32) -> f64) -> Option<u32> {
        loop {
            let at = self.place(self.current);
            while let Some(node) = self.buckets[at].pop() {
                if self.of(key(node)) == self.current {
                    return Some(node);
                }
            }
            self.filled[at / 64] &= !(1 << (at % 64));
            self.current += self.n_empty(at)?;
        }
    }

    /// How many buckets on the next one is that holds any.
    fn n_empty(&self, at: usize) -> Option<u64> {
        let n_words = self.filled.len();
        // The word of this bucket comes first without what lies before it, and last with it.
        for turn in 0..=n_words {
            let word = (at / 64 + turn) % n_words;
            let from = if turn == 0 { u64::MAX << (at % 64) } else { u64::MAX };
            let filled = self.filled[word] & from;
            if filled != 0 {
                let found = word * 64 + filled.trailing_zeros() as usize;
                return Some((found + self.buckets.len() - at) as u64 % self.buckets.len() as u64);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Dice;

    #[test]
    fn nodes_come_bucket_by_bucket() {
        let mut dice = Dice(11);
        for longest in [1.0, 3.0, 70.5, 4096.0] {
            let mut queue = BucketQueue::new(0.5, longest * 0.5).unwrap();
            let mut keys: Vec<f64> = Vec::new();
            let mut is_taken: Vec<bool> = Vec::new();
            let mut last = 0.0_f64;
            for _ in 0..3000 {
                let n_waiting = is_taken.iter().filter(|it| !**it).count();
                if dice.roll(2) > 0 || keys.is_empty() {
                    let step = 0.5 + (longest - 1.0) * 0.5 * dice.roll(100) as f64 / 99.0;
                    queue.push(last + step, keys.len() as u32);
                    keys.push(last + step);
                    is_taken.push(false);
                    continue;
                }
                let found = queue.pop(|node| keys[node as usize]);
                assert_eq!(found.is_some(), n_waiting > 0);
                let Some(node) = found else { continue };
                assert!(!std::mem::replace(&mut is_taken[node as usize], true));
                let key = keys[node as usize];
                let waiting = keys.iter().zip(&is_taken).filter(|it| !*it.1).map(|it| *it.0);
                let least = waiting.fold(f64::INFINITY, f64::min);
                assert!(key < least + 0.5, "{key} came before {least}");
                last = key.max(last);
            }
        }
    }

    #[test]
    fn steps_that_differ_too_much_or_are_nothing_need_another_queue() {
        assert!(BucketQueue::new(1.0, 4096.0).is_some());
        for (shortest, longest) in
            [(1.0, 4097.0), (0.0, 1.0), (f64::INFINITY, 0.0), (1e-320, 1e-320)]
        {
            assert!(BucketQueue::new(shortest, longest).is_none(), "{shortest} to {longest}");
        }
    }
}
