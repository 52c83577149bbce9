//! Sums of numbers that do not depend on their order.
//!
//! Integers are added exactly, and so are floats (Shewchuk, *Adaptive precision floating-point
//! arithmetic*, 1997): the result is the float nearest to the true sum. So a plan that takes rows in
//! another order gives the same bits.

use crate::{Error, Val, eval::overflow};

/// A sum of integers and floats.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    integers: i128,
    /// Floats that do not overlap, the smallest first, whose sum is that of all floats.
    parts: Vec<f64>,
    /// The sum of what is not finite, and of what went out of range.
    beyond: f64,
    has_floats: bool,
}

impl Sum {
    pub(super) fn add_integer(&mut self, integer: i64) {
        self.integers += i128::from(integer);
    }

    pub(super) fn add_float(&mut self, float: f64) {
        self.has_floats = true;
        if !float.is_finite() {
            self.beyond += float;
            return;
        }
        let mut carry = float;
        let mut n_kept = 0;
        for at in 0..self.parts.len() {
            let (larger, smaller) = match self.parts[at] {
                part if carry.abs() < part.abs() => (part, carry),
                part => (carry, part),
            };
            let sum = larger + smaller;
            let lost = smaller - (sum - larger);
            if lost != 0.0 {
                self.parts[n_kept] = lost;
                n_kept += 1;
            }
            carry = sum;
        }
        self.parts.truncate(n_kept);
        if carry.is_finite() {
            self.parts.push(carry);
        } else {
            self.beyond += carry;
            self.parts.clear();
        }
    }

    /// The sum as a float.
    pub(super) fn to_f64(&self) -> f64 {
        if self.beyond != 0.0 || self.beyond.is_nan() {
            return self.beyond;
        }
        let mut all = self.clone();
        // An integer in pieces of 32 bits, each of which is exact as a float.
        let (mut rest, mut unit) = (self.integers.unsigned_abs(), self.integers.signum() as f64);
        while rest > 0 {
            all.add_float((rest & 0xFFFF_FFFF) as f64 * unit);
            rest >>= 32;
            unit *= 4_294_967_296.0;
        }
        round(&all.parts)
    }

    /// The sum: an integer if nothing else was added.
    pub(super) fn to_val(&self) -> Result<Val, Error> {
        if self.has_floats {
            return Ok(Val::Float(self.to_f64()));
        }
        i64::try_from(self.integers).map(Val::Integer).map_err(|_| overflow("sum(..)"))
    }
}

/// The float nearest to the sum of parts that do not overlap.
fn round(parts: &[f64]) -> f64 {
    let mut parts = parts.iter().rev().copied();
    let mut sum = parts.next().unwrap_or(0.0);
    let mut lost = 0.0;
    for part in parts.by_ref() {
        let larger = sum;
        sum = larger + part;
        lost = part - (sum - larger);
        if lost != 0.0 {
            break;
        }
    }
    // Exactly half of the last place was lost: what is smaller still decides which way it goes.
    if let Some(next) = parts.next()
        && (lost < 0.0) == (next < 0.0)
    {
        let doubled = lost * 2.0;
        let up = sum + doubled;
        if doubled == up - sum {
            return up;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(floats: &[f64]) -> f64 {
        let mut sum = Sum::default();
        floats.iter().for_each(|it| sum.add_float(*it));
        sum.to_f64()
    }

    #[test]
    fn sums_are_exact_in_any_order() {
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1e100, 1.0, -1e100]), 1.0);
        assert_eq!(sum(&[1.0, 1e-16, 1e-16]), 1.000_000_000_000_000_2);
        assert_eq!(sum(&[1e16, 1.0, 1e-300]), 1.000_000_000_000_000_2e16);
        assert_eq!(sum(&[]), 0.0);
        assert!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).is_nan());
        assert_eq!(sum(&[f64::MAX, f64::MAX]), f64::INFINITY);
    }

    /// Floats of few bits around one exponent have an exact sum in 128-bit integers.
    #[test]
    fn sums_agree_with_integers() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 20) as i64 - (1 << 43)) >> (state % 40)
        };
        for n in 1..200 {
            let integers: Vec<_> = (0..n).map(|_| next()).collect();
            let exact: i128 = integers.iter().map(|it| i128::from(*it)).sum();
            let floats: Vec<_> = integers.iter().map(|it| *it as f64 / 1024.0).collect();
            assert_eq!(sum(&floats), exact as f64 / 1024.0);
            let mut mixed = Sum::default();
            integers.iter().for_each(|it| mixed.add_integer(*it));
            assert_eq!(mixed.to_f64(), exact as f64);
        }
    }

    #[test]
    fn an_integer_sum_may_leave_64_bits_only_on_its_way() {
        let mut sum = Sum::default();
        sum.add_integer(i64::MAX);
        sum.add_integer(1);
        assert!(sum.to_val().is_err());
        sum.add_integer(-1);
        assert_eq!(sum.to_val().unwrap(), Val::Integer(i64::MAX));
    }
}
