//! A day and a time of day as calendar and clock on the wall show them.
//!
//! Knows no zone.

use std::fmt;
use std::str::FromStr;

use super::civil::NANOSECONDS_PER_DAY;
use super::date::Date;
use super::duration::Duration;
use super::error::TemporalError;
use super::local_time::LocalTime;
use super::parse;

/// A day and a time without a zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime {
    /// The day.
    pub date: Date,
    /// The time of that day.
    pub time: LocalTime,
}

impl LocalDateTime {
    /// A time on a day.
    pub fn new(date: Date, time: LocalTime) -> Self {
        Self { date, time }
    }

    /// The day and time so many seconds after 1970-01-01T00:00, and nanoseconds after those.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`].
    pub fn from_epoch(seconds: i64, nanoseconds: i64) -> Result<Self, TemporalError> {
        Self::from_epoch_nanoseconds(i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds))
    }

    /// The day and time a duration later: months first, then days, then seconds.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`].
    pub fn plus(self, duration: &Duration) -> Result<Self, TemporalError> {
        self.plus_date(duration)?.plus_nanoseconds(duration.time_nanoseconds())
    }

    /// Only the months and days of a duration later.
    pub(super) fn plus_date(self, duration: &Duration) -> Result<Self, TemporalError> {
        let date = self.date.plus_months(duration.months())?.plus_days(duration.days())?;
        Ok(Self { date, ..self })
    }

    pub(super) fn plus_nanoseconds(self, nanoseconds: i128) -> Result<Self, TemporalError> {
        let sum =
            self.epoch_nanoseconds().checked_add(nanoseconds).ok_or(TemporalError::Overflow)?;
        Self::from_epoch_nanoseconds(sum)
    }

    /// Nanoseconds since 1970-01-01T00:00 on the same clock.
    pub(super) fn epoch_nanoseconds(self) -> i128 {
        i128::from(self.date.epoch_day()) * i128::from(NANOSECONDS_PER_DAY)
            + i128::from(self.time.nanosecond_of_day())
    }

    pub(super) fn from_epoch_nanoseconds(nanoseconds: i128) -> Result<Self, TemporalError> {
        let (time, days) = LocalTime::wrapped(nanoseconds);
        let days = i64::try_from(days).map_err(|_| TemporalError::Overflow)?;
        Ok(Self { date: Date::from_epoch_day(days)?, time })
    }
}

impl FromStr for LocalDateTime {
    type Err = TemporalError;

    /// Reads a date, and after a `T` a time, in any of their forms; without one it is midnight.
    fn from_str(text: &str) -> Result<Self, TemporalError> {
        parse::local_date_time(text)
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date, self.time)
    }
}

impl fmt::Debug for LocalDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
