//! Chance that a seed repeats.

/// A linear congruential generator: the tests need no better one.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, n_sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n_sides
    }

    /// A number below two to the power of `log_max`, small ones as likely as large ones.
    pub(super) fn turns(&mut self, log_max: usize) -> usize {
        let log = 1 + self.roll(log_max);
        self.roll(1 << log)
    }
}
