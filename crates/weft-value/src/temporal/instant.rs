//! The five types of values that are points in time, and what can be asked of all of them.
//!
//! How one is made of components or of another one is the business of `select` and `truncate`.

use super::date::Date;
use super::date_time::DateTime;
use super::duration::Duration;
use super::error::TemporalError;
use super::local_date_time::LocalDateTime;
use super::local_time::LocalTime;
use super::time::Time;
use super::zone::{Clock, Zone};
use crate::Value;

/// A temporal value of any type but a duration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Temporal {
    /// A day.
    Date(Date),
    /// A time of day.
    LocalTime(LocalTime),
    /// A time of day with an offset.
    Time(Time),
    /// A day and time.
    LocalDateTime(LocalDateTime),
    /// A day and time in a zone.
    DateTime(DateTime),
}

/// The type of a [`Temporal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TemporalType {
    /// `date`
    Date,
    /// `localtime`
    LocalTime,
    /// `time`
    Time,
    /// `localdatetime`
    LocalDateTime,
    /// `datetime`
    DateTime,
}

impl TemporalType {
    /// What messages call a value of this type, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "a date",
            Self::LocalTime => "a local time",
            Self::Time => "a time",
            Self::LocalDateTime => "a local date and time",
            Self::DateTime => "a date and time",
        }
    }

    /// Whether values of this type have a day.
    pub fn has_date(self) -> bool {
        matches!(self, Self::Date | Self::LocalDateTime | Self::DateTime)
    }

    /// Whether values of this type have a time of day.
    pub fn has_time(self) -> bool {
        self != Self::Date
    }

    /// Now, as a value of this type.
    ///
    /// ```
    /// use weft_value::{Clock, TemporalType, Zone};
    /// let clock = Clock { seconds: 1_700_000_000, nanoseconds: 0, zone: "+01:00".parse().unwrap() };
    /// assert_eq!(TemporalType::LocalTime.now(&clock).unwrap().to_string(), "23:13:20");
    /// ```
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of the clock's name.
    pub fn now(self, clock: &Clock) -> Result<Temporal, TemporalError> {
        self.convert(&Temporal::DateTime(DateTime::now(clock)?), clock)
    }

    /// Reads a text as a value of this type; the zone that it does not name is that of the clock.
    ///
    /// # Errors
    /// [`TemporalError`] when it is none.
    pub fn parse(self, text: &str, clock: &Clock) -> Result<Temporal, TemporalError> {
        Ok(match self {
            Self::Date => Temporal::Date(text.parse()?),
            Self::LocalTime => Temporal::LocalTime(text.parse()?),
            Self::Time => Temporal::Time(Time::parse(text, clock.offset_seconds()?)?),
            Self::LocalDateTime => Temporal::LocalDateTime(text.parse()?),
            Self::DateTime => Temporal::DateTime(DateTime::parse(text, &clock.zone)?),
        })
    }

    /// The part of a value that a value of this type holds.
    ///
    /// A day becomes its midnight, and what has no zone gets that of the clock.
    ///
    /// # Errors
    /// [`TemporalError::NoPart`] when a day is asked of a time, or a time of a day.
    pub fn convert(self, value: &Temporal, clock: &Clock) -> Result<Temporal, TemporalError> {
        let midnight_of_day = || value.time().unwrap_or(LocalTime::MIDNIGHT);
        Ok(match self {
            Self::Date => Temporal::Date(value.must_get_date()?),
            Self::LocalTime => Temporal::LocalTime(value.must_get_time()?),
            Self::Time => {
                let offset = match value.offset_seconds() {
                    Some(offset) => offset,
                    None => clock.offset_seconds()?,
                };
                Temporal::Time(Time::new(value.must_get_time()?, offset)?)
            }
            Self::LocalDateTime => {
                let date = value.must_get_date()?;
                Temporal::LocalDateTime(LocalDateTime::new(date, midnight_of_day()))
            }
            Self::DateTime => match value {
                Temporal::DateTime(it) => Temporal::DateTime(it.clone()),
                _ => {
                    let local = LocalDateTime::new(value.must_get_date()?, midnight_of_day());
                    Temporal::DateTime(DateTime::new(local, &clock.zone)?)
                }
            },
        })
    }
}

impl Temporal {
    /// Its type.
    pub fn temporal_type(&self) -> TemporalType {
        match self {
            Self::Date(_) => TemporalType::Date,
            Self::LocalTime(_) => TemporalType::LocalTime,
            Self::Time(_) => TemporalType::Time,
            Self::LocalDateTime(_) => TemporalType::LocalDateTime,
            Self::DateTime(_) => TemporalType::DateTime,
        }
    }

    /// The temporal value that a value is, if it is one.
    pub fn from_value(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Date(it) => Self::Date(*it),
            Value::LocalTime(it) => Self::LocalTime(*it),
            Value::Time(it) => Self::Time(*it),
            Value::LocalDateTime(it) => Self::LocalDateTime(*it),
            Value::DateTime(it) => Self::DateTime(it.clone()),
            _ => return None,
        })
    }

    /// Its day, if it has one.
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Date(it) => Some(*it),
            Self::LocalDateTime(it) => Some(it.date),
            Self::DateTime(it) => Some(it.local().date),
            Self::LocalTime(_) | Self::Time(_) => None,
        }
    }

    /// Its time of day, if it has one.
    pub fn time(&self) -> Option<LocalTime> {
        match self {
            Self::LocalTime(it) => Some(*it),
            Self::Time(it) => Some(it.local()),
            Self::LocalDateTime(it) => Some(it.time),
            Self::DateTime(it) => Some(it.local().time),
            Self::Date(_) => None,
        }
    }

    /// Its zone, if it has one.
    pub fn zone(&self) -> Option<Zone> {
        match self {
            Self::Time(it) => Some(it.zone()),
            Self::DateTime(it) => Some(it.zone()),
            Self::Date(_) | Self::LocalTime(_) | Self::LocalDateTime(_) => None,
        }
    }

    /// Seconds east of UTC, if it says where it is.
    pub fn offset_seconds(&self) -> Option<i32> {
        match self {
            Self::Time(it) => Some(it.offset_seconds()),
            Self::DateTime(it) => Some(it.offset_seconds()),
            Self::Date(_) | Self::LocalTime(_) | Self::LocalDateTime(_) => None,
        }
    }

    /// The value a duration later.
    ///
    /// Of a day it takes months, days and whole days of seconds; of a time the seconds, round the
    /// clock.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] when the year is out of range.
    pub fn plus(&self, duration: &Duration) -> Result<Self, TemporalError> {
        Ok(match self {
            Self::Date(it) => Self::Date(it.plus(duration)?),
            Self::LocalTime(it) => Self::LocalTime(it.plus(duration)),
            Self::Time(it) => Self::Time(it.plus(duration)),
            Self::LocalDateTime(it) => Self::LocalDateTime(it.plus(duration)?),
            Self::DateTime(it) => Self::DateTime(it.plus(duration)?),
        })
    }

    /// The value a duration earlier, as [`Temporal::plus`].
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] when the year is out of range.
    pub fn minus(&self, duration: &Duration) -> Result<Self, TemporalError> {
        self.plus(&duration.negated()?)
    }

    pub(super) fn must_get_date(&self) -> Result<Date, TemporalError> {
        let type_name = self.temporal_type().name();
        self.date().ok_or(TemporalError::NoPart { type_name, part: "date" })
    }

    pub(super) fn must_get_time(&self) -> Result<LocalTime, TemporalError> {
        let type_name = self.temporal_type().name();
        self.time().ok_or(TemporalError::NoPart { type_name, part: "time of day" })
    }
}

impl From<Temporal> for Value {
    fn from(value: Temporal) -> Self {
        match value {
            Temporal::Date(it) => Self::Date(it),
            Temporal::LocalTime(it) => Self::LocalTime(it),
            Temporal::Time(it) => Self::Time(it),
            Temporal::LocalDateTime(it) => Self::LocalDateTime(it),
            Temporal::DateTime(it) => Self::DateTime(it),
        }
    }
}

impl std::fmt::Display for Temporal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Date(it) => write!(f, "{it}"),
            Self::LocalTime(it) => write!(f, "{it}"),
            Self::Time(it) => write!(f, "{it}"),
            Self::LocalDateTime(it) => write!(f, "{it}"),
            Self::DateTime(it) => write!(f, "{it}"),
        }
    }
}
