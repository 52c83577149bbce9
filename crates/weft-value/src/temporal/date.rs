//! A day of the calendar, over two thousand million years of it.
//!
//! Knows no time of day and no zone.

use std::fmt;
use std::str::FromStr;

use super::civil;
use super::duration::Duration;
use super::error::{TemporalError, check_range};
use super::parse;

/// A day of the proleptic Gregorian calendar.
///
/// Shown as ISO 8601 writes it, with a sign where the year has not four digits.
///
/// ```
/// use weft_value::Date;
/// let date: Date = "2015-W30-2".parse().unwrap();
/// assert_eq!(date.to_string(), "2015-07-21");
/// assert_eq!(date.quarter(), 3);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    epoch_day: i64,
}

const FIRST_DAY: i64 = civil::epoch_day(*Date::YEARS.start(), 1, 1);
const LAST_DAY: i64 = civil::epoch_day(*Date::YEARS.end(), 12, 31);

impl Date {
    /// The earliest and the latest year.
    pub const YEARS: std::ops::RangeInclusive<i64> = -999_999_999..=999_999_999;

    /// 1970-01-01.
    pub const EPOCH: Self = Self { epoch_day: 0 };

    /// The day of a year, a month and a day of the month.
    ///
    /// # Errors
    /// [`TemporalError::Range`] when the calendar has no such day.
    pub fn new(year: i64, month: i64, day: i64) -> Result<Self, TemporalError> {
        check_year(year)?;
        check_range("month", month, 1, civil::MONTHS_PER_YEAR)?;
        check_range("day", day, 1, civil::days_in_month(year, month))?;
        Ok(Self { epoch_day: civil::epoch_day(year, month, day) })
    }

    /// The day of a week year, a week (1 to 53) and a day of the week (Monday is 1).
    ///
    /// # Errors
    /// [`TemporalError::Range`] when the year has no such week or the week no such day.
    pub fn from_week(week_year: i64, week: i64, day_of_week: i64) -> Result<Self, TemporalError> {
        check_year(week_year)?;
        check_range("week", week, 1, civil::weeks_in_year(week_year))?;
        check_range("dayOfWeek", day_of_week, 1, civil::DAYS_PER_WEEK)?;
        let weeks = (week - 1) * civil::DAYS_PER_WEEK;
        Self::from_epoch_day(civil::first_monday(week_year) + weeks + day_of_week - 1)
    }

    /// The day of a year, a quarter and a day of the quarter.
    ///
    /// # Errors
    /// [`TemporalError::Range`] when the year has no such quarter or the quarter no such day.
    pub fn from_quarter(
        year: i64,
        quarter: i64,
        day_of_quarter: i64,
    ) -> Result<Self, TemporalError> {
        check_year(year)?;
        check_range("quarter", quarter, 1, 4)?;
        let first_month = (quarter - 1) * civil::MONTHS_PER_QUARTER + 1;
        let n_days =
            (0..civil::MONTHS_PER_QUARTER).map(|it| civil::days_in_month(year, first_month + it));
        check_range("dayOfQuarter", day_of_quarter, 1, n_days.sum())?;
        Ok(Self { epoch_day: civil::epoch_day(year, first_month, 1) + day_of_quarter - 1 })
    }

    /// The day of a year and a day of that year.
    ///
    /// # Errors
    /// [`TemporalError::Range`] when the year has no such day.
    pub fn from_ordinal(year: i64, ordinal_day: i64) -> Result<Self, TemporalError> {
        check_year(year)?;
        check_range("ordinalDay", ordinal_day, 1, civil::days_in_year(year))?;
        Ok(Self { epoch_day: civil::epoch_day(year, 1, 1) + ordinal_day - 1 })
    }

    /// The day so many days after 1970-01-01.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`].
    pub fn from_epoch_day(epoch_day: i64) -> Result<Self, TemporalError> {
        if (FIRST_DAY..=LAST_DAY).contains(&epoch_day) {
            Ok(Self { epoch_day })
        } else {
            Err(TemporalError::Overflow)
        }
    }

    /// Days since 1970-01-01.
    pub fn epoch_day(self) -> i64 {
        self.epoch_day
    }

    /// The year, the month and the day of the month.
    pub fn year_month_day(self) -> (i64, i64, i64) {
        civil::year_month_day(self.epoch_day)
    }

    /// The year.
    pub fn year(self) -> i64 {
        self.year_month_day().0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i64 {
        self.year_month_day().1
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i64 {
        self.year_month_day().2
    }

    /// The quarter of the year, 1 to 4.
    pub fn quarter(self) -> i64 {
        (self.month() - 1) / civil::MONTHS_PER_QUARTER + 1
    }

    /// The day of the quarter, 1 to 92.
    pub fn day_of_quarter(self) -> i64 {
        let first_month = (self.quarter() - 1) * civil::MONTHS_PER_QUARTER + 1;
        self.epoch_day - civil::epoch_day(self.year(), first_month, 1) + 1
    }

    /// The year that the week of this day belongs to.
    pub fn week_year(self) -> i64 {
        civil::week_year_and_week(self.epoch_day).0
    }

    /// The week of the week year, 1 to 53.
    pub fn week(self) -> i64 {
        civil::week_year_and_week(self.epoch_day).1
    }

    /// The day of the week: Monday is 1, Sunday 7.
    pub fn day_of_week(self) -> i64 {
        civil::day_of_week(self.epoch_day)
    }

    /// The day of the year, 1 to 366.
    pub fn ordinal_day(self) -> i64 {
        self.epoch_day - civil::epoch_day(self.year(), 1, 1) + 1
    }

    /// The day that many months later, or the last of that month where it is shorter.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`].
    pub fn plus_months(self, months: i64) -> Result<Self, TemporalError> {
        let (year, month, day) = self.year_month_day();
        let months = (year * civil::MONTHS_PER_YEAR + month - 1)
            .checked_add(months)
            .ok_or(TemporalError::Overflow)?;
        let year = months.div_euclid(civil::MONTHS_PER_YEAR);
        let month = months.rem_euclid(civil::MONTHS_PER_YEAR) + 1;
        Self::clamped(year, month, day).map_err(|_| TemporalError::Overflow)
    }

    /// The day that many days later.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`].
    pub fn plus_days(self, days: i64) -> Result<Self, TemporalError> {
        Self::from_epoch_day(self.epoch_day.checked_add(days).ok_or(TemporalError::Overflow)?)
    }

    /// The day a duration later: months first, then days, then whole days of its seconds.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`].
    pub fn plus(self, duration: &Duration) -> Result<Self, TemporalError> {
        let whole_days = duration.time_nanoseconds() / i128::from(civil::NANOSECONDS_PER_DAY);
        let whole_days = i64::try_from(whole_days).map_err(|_| TemporalError::Overflow)?;
        self.plus_months(duration.months())?.plus_days(duration.days())?.plus_days(whole_days)
    }

    /// A day of a month, or the last of that month where it is shorter.
    pub(super) fn clamped(year: i64, month: i64, day: i64) -> Result<Self, TemporalError> {
        check_year(year)?;
        check_range("month", month, 1, civil::MONTHS_PER_YEAR)?;
        Self::new(year, month, day.min(civil::days_in_month(year, month)))
    }
}

fn check_year(year: i64) -> Result<i64, TemporalError> {
    check_range("year", year, *Date::YEARS.start(), *Date::YEARS.end())
}

impl FromStr for Date {
    type Err = TemporalError;

    /// Reads calendar, week, quarter and ordinal dates, with and without dashes, whole or cut.
    fn from_str(text: &str) -> Result<Self, TemporalError> {
        parse::date(text).map(|it| it.date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        match year {
            0..=9_999 => write!(f, "{year:04}")?,
            -9_999..=-1 => write!(f, "-{:04}", -year)?,
            _ => write!(f, "{year:+}")?,
        }
        write!(f, "-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
