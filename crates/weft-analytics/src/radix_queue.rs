//! A queue for searches whose least key never falls; knows keys and nodes, not costs.

/// The bits of a key.
const N_BITS: usize = u64::BITS as usize;

/// Nodes that wait under keys, of which none is below the last that was taken.
///
/// A node lies in the bucket of the highest bit in which its key differs from that last key, so that it
/// is moved to a lower one at most 64 times, mostly few, and is never compared with others.
pub(crate) struct RadixQueue {
    last: u64,
    /// Those whose key is the last one, then those that differ from it in the lowest bit, and so on.
    buckets: [Vec<(u64, u32)>; N_BITS + 1],
    /// Which of the buckets but the first hold any.
    filled: u64,
}

impl Default for RadixQueue {
    fn default() -> Self {
        Self { last: 0, buckets: std::array::from_fn(|_| Vec::new()), filled: 0 }
    }
}

impl RadixQueue {
    /// Lets a node wait; the key must not be below the last that was taken.
    pub(crate) fn push(&mut self, key: u64, node: u32) {
        let at = N_BITS - (key ^ self.last).leading_zeros() as usize;
        self.buckets[at].push((key, node));
        if at > 0 {
            self.filled |= 1 << (at - 1);
        }
    }

    /// Takes a node of the least key; those that no longer wait under their key are let go.
    pub(crate) fn pop(&mut self, is_waiting: impl Fn(u64, u32) -> bool) -> Option<u32> {
        loop {
            while let Some((key, node)) = self.buckets[0].pop() {
                if is_waiting(key, node) {
                    return Some(node);
                }
            }
            if self.filled == 0 {
                return None;
            }
            let at = self.filled.trailing_zeros() as usize + 1;
            self.filled &= self.filled - 1;
            let mut bucket = std::mem::take(&mut self.buckets[at]);
            bucket.retain(|&(key, node)| is_waiting(key, node));
            if let Some(least) = bucket.iter().map(|it| it.0).min() {
                self.last = least;
            }
            bucket.drain(..).for_each(|(key, node)| self.push(key, node));
            // It keeps its room.
            self.buckets[at] = bucket;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Dice;

    #[test]
    fn nodes_come_by_their_keys_and_those_withdrawn_do_not_come() {
        let mut dice = Dice(7);
        for _ in 0..200 {
            let mut keys: Vec<u64> = Vec::new();
            let mut is_taken: Vec<bool> = Vec::new();
            let mut queue = RadixQueue::default();
            let mut last = 0;
            for _ in 0..100 {
                if dice.roll(3) > 0 {
                    let step = 1_u64 << dice.roll(62);
                    keys.push(last + dice.roll(2) as u64 * (step - 1));
                    is_taken.push(false);
                    queue.push(keys[keys.len() - 1], keys.len() as u32 - 1);
                    continue;
                }
                let waits = |node: usize| !is_taken[node] && !node.is_multiple_of(5);
                let least = (0..keys.len()).filter(|&it| waits(it)).map(|it| keys[it]).min();
                let found = queue.pop(|key, node| key == keys[node as usize] && node % 5 != 0);
                assert_eq!(found.map(|it| keys[it as usize]), least);
                if let Some(node) = found {
                    assert!(waits(node as usize));
                    is_taken[node as usize] = true;
                    last = keys[node as usize];
                }
            }
        }
    }
}
