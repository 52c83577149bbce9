//! A time of day as a clock on the wall shows it.
//!
//! Knows no day and no zone.

use std::fmt;
use std::str::FromStr;

use super::civil::{
    NANOSECONDS_PER_DAY, NANOSECONDS_PER_SECOND, SECONDS_PER_HOUR, SECONDS_PER_MINUTE,
};
use super::duration::Duration;
use super::error::{TemporalError, check_range};
use super::parse;

/// A time of day without a zone, to the nanosecond.
///
/// Shown without seconds where they are zero, as openCypher does.
///
/// ```
/// use weft_value::LocalTime;
/// assert_eq!("214032.1420".parse::<LocalTime>().unwrap().to_string(), "21:40:32.142");
/// assert_eq!("21".parse::<LocalTime>().unwrap().to_string(), "21:00");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    nanosecond_of_day: i64,
}

impl LocalTime {
    /// The beginning of the day.
    pub const MIDNIGHT: Self = Self { nanosecond_of_day: 0 };

    /// The time of an hour, a minute, a second and a nanosecond of that second.
    ///
    /// # Errors
    /// [`TemporalError::Range`] when the clock has no such time.
    pub fn new(
        hour: i64,
        minute: i64,
        second: i64,
        nanosecond: i64,
    ) -> Result<Self, TemporalError> {
        check_range("hour", hour, 0, 23)?;
        check_range("minute", minute, 0, 59)?;
        check_range("second", second, 0, 59)?;
        check_range("nanosecond", nanosecond, 0, NANOSECONDS_PER_SECOND - 1)?;
        let seconds = hour * SECONDS_PER_HOUR + minute * SECONDS_PER_MINUTE + second;
        Ok(Self { nanosecond_of_day: seconds * NANOSECONDS_PER_SECOND + nanosecond })
    }

    /// The time so many nanoseconds after midnight.
    ///
    /// # Errors
    /// [`TemporalError::Range`] when the day has not so many.
    pub fn from_nanosecond_of_day(nanosecond_of_day: i64) -> Result<Self, TemporalError> {
        check_range("nanosecond of the day", nanosecond_of_day, 0, NANOSECONDS_PER_DAY - 1)?;
        Ok(Self { nanosecond_of_day })
    }

    /// Nanoseconds since midnight.
    pub fn nanosecond_of_day(self) -> i64 {
        self.nanosecond_of_day
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> i64 {
        self.second_of_day() / SECONDS_PER_HOUR
    }

    /// The minute of the hour.
    pub fn minute(self) -> i64 {
        self.second_of_day() / SECONDS_PER_MINUTE % 60
    }

    /// The second of the minute.
    pub fn second(self) -> i64 {
        self.second_of_day() % SECONDS_PER_MINUTE
    }

    /// The nanosecond of the second.
    pub fn nanosecond(self) -> i64 {
        self.nanosecond_of_day % NANOSECONDS_PER_SECOND
    }

    /// The time a duration later; days and months of it change nothing, nor do whole days.
    pub fn plus(self, duration: &Duration) -> Self {
        let sum = i128::from(self.nanosecond_of_day) + duration.time_nanoseconds();
        Self::wrapped(sum).0
    }

    /// The time of so many nanoseconds, and the whole days that they hold besides.
    pub(super) fn wrapped(nanoseconds: i128) -> (Self, i128) {
        let day = i128::from(NANOSECONDS_PER_DAY);
        // The remainder is less than a day, which 64 bits hold.
        (
            Self { nanosecond_of_day: nanoseconds.rem_euclid(day) as i64 },
            nanoseconds.div_euclid(day),
        )
    }

    fn second_of_day(self) -> i64 {
        self.nanosecond_of_day / NANOSECONDS_PER_SECOND
    }
}

impl FromStr for LocalTime {
    type Err = TemporalError;

    /// Reads `21:40:32.142`, `214032,142`, `21:40`, `2140` and `21`.
    fn from_str(text: &str) -> Result<Self, TemporalError> {
        parse::local_time(text)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour(), self.minute())?;
        if self.second() != 0 || self.nanosecond() != 0 {
            write!(f, ":{:02}", self.second())?;
        }
        write_fraction(f, self.nanosecond())
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Writes a fraction of a second with its point, as short as it can be, and nothing for zero.
pub(super) fn write_fraction(f: &mut dyn fmt::Write, nanosecond: i64) -> fmt::Result {
    if nanosecond == 0 {
        return Ok(());
    }
    write!(f, ".{}", format!("{nanosecond:09}").trim_end_matches('0'))
}
