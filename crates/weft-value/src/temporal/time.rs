//! A time of day with its offset from UTC.
//!
//! Knows no day, and so no zone whose offset depends on one.

use std::cmp::Ordering;
use std::fmt;

use super::civil::NANOSECONDS_PER_SECOND;
use super::duration::Duration;
use super::error::TemporalError;
use super::local_time::LocalTime;
use super::parse;
use super::zone::{Zone, check_offset, offset_text};

/// A time of day with its offset from UTC.
///
/// Ordered by the instant that it stands for on one and the same day, then by the offset, from west
/// to east: two times are equal only if both are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    local: LocalTime,
    offset_seconds: i32,
}

impl Time {
    /// The time that a clock shows so many seconds east of UTC.
    ///
    /// # Errors
    /// [`TemporalError::Range`] for an offset beyond [`Zone::OFFSET_SECONDS_MAX`].
    pub fn new(local: LocalTime, offset_seconds: i32) -> Result<Self, TemporalError> {
        Ok(Self { local, offset_seconds: check_offset(offset_seconds)? })
    }

    /// Reads `21:40:32.142+01:00`; without an offset it is that of the zone at an instant.
    ///
    /// # Errors
    /// [`TemporalError::Text`] when it is no time.
    pub fn parse(text: &str, default_offset_seconds: i32) -> Result<Self, TemporalError> {
        parse::time(text, default_offset_seconds)
    }

    /// The time on the clock there.
    pub fn local(self) -> LocalTime {
        self.local
    }

    /// Seconds east of UTC.
    pub fn offset_seconds(self) -> i32 {
        self.offset_seconds
    }

    /// The offset as a zone.
    pub fn zone(self) -> Zone {
        Zone::Offset(self.offset_seconds)
    }

    /// The same instant on a clock with another offset.
    ///
    /// # Errors
    /// [`TemporalError::Range`] for an offset beyond [`Zone::OFFSET_SECONDS_MAX`].
    pub fn at_offset(self, offset_seconds: i32) -> Result<Self, TemporalError> {
        let shift = i64::from(offset_seconds) * NANOSECONDS_PER_SECOND;
        let nanoseconds = self.utc_nanoseconds() + i128::from(shift);
        Self::new(LocalTime::wrapped(nanoseconds).0, offset_seconds)
    }

    /// The time a duration later; only its seconds and nanoseconds count, round the clock.
    pub fn plus(self, duration: &Duration) -> Self {
        Self { local: self.local.plus(duration), ..self }
    }

    /// Nanoseconds since midnight in UTC; may be negative or more than a day's.
    pub(super) fn utc_nanoseconds(self) -> i128 {
        let offset = i64::from(self.offset_seconds) * NANOSECONDS_PER_SECOND;
        i128::from(self.local.nanosecond_of_day() - offset)
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.utc_nanoseconds(), it.offset_seconds);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.local, offset_text(self.offset_seconds))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
