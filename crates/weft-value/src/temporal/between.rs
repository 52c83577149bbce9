//! The duration between two temporal values, of whatever types.
//!
//! What one of them lacks it takes from the other: its day, its zone. A day without a time is its
//! midnight. If neither has a day, only seconds lie between them.

use std::cmp::Ordering;

use super::civil::{MONTHS_PER_YEAR, NANOSECONDS_PER_SECOND};
use super::date::Date;
use super::date_time::DateTime;
use super::duration::Duration;
use super::error::TemporalError;
use super::instant::Temporal;
use super::local_date_time::LocalDateTime;
use super::local_time::LocalTime;
use super::zone::Zone;

impl Duration {
    /// The whole months from one value to another, then the whole days, then the rest.
    ///
    /// ```
    /// use weft_value::{Duration, Temporal};
    /// let date = |text: &str| Temporal::Date(text.parse().unwrap());
    /// let between = Duration::between(&date("1984-10-11"), &date("2015-06-24")).unwrap();
    /// assert_eq!(between.to_string(), "P30Y8M13D");
    /// ```
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of one of them.
    pub fn between(from: &Temporal, to: &Temporal) -> Result<Self, TemporalError> {
        let Some((from, to)) = align(from, to)? else { return Self::in_seconds(from, to) };
        let months = Self::of_months(n_months(from.local(), to.local()));
        let after_months = from.plus(&months)?;
        let days = Self::of_days(n_days(after_months.local(), to.local()));
        let after_days = after_months.plus(&days)?;
        let rest = to.epoch_nanoseconds() - after_days.epoch_nanoseconds();
        Self::from_nanoseconds(months.months(), days.days(), rest)
    }

    /// The whole months from one value to another; none if one has no day.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of one of them.
    pub fn in_months(from: &Temporal, to: &Temporal) -> Result<Self, TemporalError> {
        let ends = align(from, to)?;
        Ok(ends
            .map_or(Self::ZERO, |(from, to)| Self::of_months(n_months(from.local(), to.local()))))
    }

    /// The whole days from one value to another; none if one has no day.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of one of them.
    pub fn in_days(from: &Temporal, to: &Temporal) -> Result<Self, TemporalError> {
        let ends = align(from, to)?;
        Ok(ends.map_or(Self::ZERO, |(from, to)| Self::of_days(n_days(from.local(), to.local()))))
    }

    /// The seconds and nanoseconds from one value to another.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of one of them.
    pub fn in_seconds(from: &Temporal, to: &Temporal) -> Result<Self, TemporalError> {
        let nanoseconds = match align(from, to)? {
            Some((from, to)) => to.epoch_nanoseconds() - from.epoch_nanoseconds(),
            None => {
                let local = |it: &Temporal| {
                    i128::from(it.time().unwrap_or(LocalTime::MIDNIGHT).nanosecond_of_day())
                };
                let shift = match (from.offset_seconds(), to.offset_seconds()) {
                    (Some(from), Some(to)) => i128::from(from) - i128::from(to),
                    _ => 0,
                };
                local(to) - local(from) + shift * i128::from(NANOSECONDS_PER_SECOND)
            }
        };
        Self::from_nanoseconds(0, 0, nanoseconds)
    }
}

/// Two ends on one calendar: instants in the zone of the first, or local times taken as UTC.
///
/// `None` if neither has a day.
fn align(from: &Temporal, to: &Temporal) -> Result<Option<(DateTime, DateTime)>, TemporalError> {
    let (Some(from_date), Some(to_date)) = (from.date().or(to.date()), to.date().or(from.date()))
    else {
        return Ok(None);
    };
    let from_end = end(from, from_date, to)?;
    let to_end = end(to, to_date, from)?;
    let to_end = to_end.in_zone(&from_end.zone())?;
    Ok(Some((from_end, to_end)))
}

/// One of the two on a day, in its zone, in that of the other one, or in UTC if neither has one.
fn end(value: &Temporal, date: Date, other: &Temporal) -> Result<DateTime, TemporalError> {
    if let Temporal::DateTime(it) = value {
        return Ok(it.clone());
    }
    let local = LocalDateTime::new(date, value.time().unwrap_or(LocalTime::MIDNIGHT));
    let zone = value.zone().or(other.zone()).unwrap_or(Zone::UTC);
    DateTime::new(local, &zone)
}

/// Whole months from one local time to another, towards zero.
fn n_months(from: LocalDateTime, to: LocalDateTime) -> i64 {
    // A month has at most 31 days, so that months and days compare as one number.
    let number = |date: Date| {
        let (year, month, day) = date.year_month_day();
        (year * MONTHS_PER_YEAR + month) * 32 + day
    };
    (number(last_whole_day(from, to)) - number(from.date)) / 32
}

fn n_days(from: LocalDateTime, to: LocalDateTime) -> i64 {
    last_whole_day(from, to).epoch_day() - from.date.epoch_day()
}

/// The day that the last whole day from one time to another ends at.
fn last_whole_day(from: LocalDateTime, to: LocalDateTime) -> Date {
    let step = match from.date.cmp(&to.date) {
        Ordering::Less if to.time < from.time => -1,
        Ordering::Greater if to.time > from.time => 1,
        _ => 0,
    };
    // It goes towards the other day, so it stays among the days that there are.
    to.date.plus_days(step).unwrap_or(to.date)
}
