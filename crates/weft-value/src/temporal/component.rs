//! The components that can be asked of a temporal value by name, as `d.weekYear`.

use super::date::Date;
use super::date_time::DateTime;
use super::duration::Duration;
use super::error::TemporalError;
use super::instant::Temporal;
use super::local_time::LocalTime;
use super::zone::offset_text;
use crate::Value;

impl Temporal {
    /// The names of all components; no type has all of them.
    pub const COMPONENTS: &[&str] = &[
        "year",
        "quarter",
        "month",
        "week",
        "weekYear",
        "day",
        "ordinalDay",
        "dayOfWeek",
        "weekDay",
        "dayOfQuarter",
        "quarterDay",
        "hour",
        "minute",
        "second",
        "millisecond",
        "microsecond",
        "nanosecond",
        "epochSeconds",
        "epochMillis",
        "timezone",
        "offset",
        "offsetMinutes",
        "offsetSeconds",
    ];

    /// The component of that name, or `None` if this type has none such.
    ///
    /// ```
    /// use weft_value::{Temporal, Value};
    /// let date = Temporal::Date("1984-01-01".parse().unwrap());
    /// assert_eq!(date.component("weekYear").unwrap(), Some(Value::Integer(1983)));
    /// assert_eq!(date.component("hour").unwrap(), None);
    /// ```
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] when the number does not fit in 64 bits.
    pub fn component(&self, name: &str) -> Result<Option<Value>, TemporalError> {
        let number = self
            .date()
            .and_then(|it| date_component(it, name))
            .or_else(|| self.time().and_then(|it| time_component(it, name)));
        if let Some(number) = number {
            return Ok(Some(Value::Integer(number)));
        }
        if let Temporal::DateTime(it) = self
            && let Some(number) = epoch_component(it, name)?
        {
            return Ok(Some(Value::Integer(number)));
        }
        let (Some(zone), Some(offset)) = (self.zone(), self.offset_seconds()) else {
            return Ok(None);
        };
        Ok(match name {
            "timezone" => Some(Value::String(zone.to_string())),
            "offset" => Some(Value::String(offset_text(offset))),
            "offsetMinutes" => Some(Value::Integer(i64::from(offset) / 60)),
            "offsetSeconds" => Some(Value::Integer(i64::from(offset))),
            _ => None,
        })
    }
}

impl Duration {
    /// The names of all components.
    pub const COMPONENTS: &[&str] = &[
        "years",
        "quarters",
        "months",
        "weeks",
        "days",
        "hours",
        "minutes",
        "seconds",
        "milliseconds",
        "microseconds",
        "nanoseconds",
        "quartersOfYear",
        "monthsOfQuarter",
        "monthsOfYear",
        "daysOfWeek",
        "minutesOfHour",
        "secondsOfMinute",
        "millisecondsOfSecond",
        "microsecondsOfSecond",
        "nanosecondsOfSecond",
    ];

    /// The component of that name, or `None` if durations have none such.
    ///
    /// `months`, `days` and `seconds` and what they are made of say all of their group (`hours` are
    /// those of all seconds); `monthsOfYear`, `minutesOfHour` and the like what is left of the next.
    ///
    /// # Errors
    /// [`TemporalError::TooLong`] when the number does not fit in 64 bits.
    pub fn component(&self, name: &str) -> Result<Option<Value>, TemporalError> {
        let (months, days, seconds) = (self.months(), self.days(), self.seconds());
        let nanoseconds = i64::from(self.nanoseconds());
        let in_all = |per_second: i64| -> Result<i64, TemporalError> {
            let whole = seconds.checked_mul(per_second).ok_or(TemporalError::TooLong)?;
            let rest = nanoseconds / (1_000_000_000 / per_second);
            whole.checked_add(rest).ok_or(TemporalError::TooLong)
        };
        let number = match name {
            "years" => months / 12,
            "quarters" => months / 3,
            "months" => months,
            "weeks" => days / 7,
            "days" => days,
            "hours" => seconds / 3_600,
            "minutes" => seconds / 60,
            "seconds" => seconds,
            "milliseconds" => in_all(1_000)?,
            "microseconds" => in_all(1_000_000)?,
            "nanoseconds" => in_all(1_000_000_000)?,
            "quartersOfYear" => months / 3 % 4,
            "monthsOfQuarter" => months % 3,
            "monthsOfYear" => months % 12,
            "daysOfWeek" => days % 7,
            "minutesOfHour" => seconds / 60 % 60,
            "secondsOfMinute" => seconds % 60,
            "millisecondsOfSecond" => nanoseconds / 1_000_000,
            "microsecondsOfSecond" => nanoseconds / 1_000,
            "nanosecondsOfSecond" => nanoseconds,
            _ => return Ok(None),
        };
        Ok(Some(Value::Integer(number)))
    }
}

fn date_component(date: Date, name: &str) -> Option<i64> {
    Some(match name {
        "year" => date.year(),
        "quarter" => date.quarter(),
        "month" => date.month(),
        "week" => date.week(),
        "weekYear" => date.week_year(),
        "day" => date.day(),
        "ordinalDay" => date.ordinal_day(),
        "dayOfWeek" | "weekDay" => date.day_of_week(),
        "dayOfQuarter" | "quarterDay" => date.day_of_quarter(),
        _ => return None,
    })
}

fn time_component(time: LocalTime, name: &str) -> Option<i64> {
    Some(match name {
        "hour" => time.hour(),
        "minute" => time.minute(),
        "second" => time.second(),
        "millisecond" => time.nanosecond() / 1_000_000,
        "microsecond" => time.nanosecond() / 1_000,
        "nanosecond" => time.nanosecond(),
        _ => return None,
    })
}

fn epoch_component(date_time: &DateTime, name: &str) -> Result<Option<i64>, TemporalError> {
    Ok(match name {
        "epochSeconds" => Some(date_time.epoch_seconds()),
        "epochMillis" => Some(date_time.epoch_milliseconds()?),
        _ => None,
    })
}
