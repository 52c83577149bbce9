//! A day and a time with their offset from UTC and, where one was named, their zone.
//!
//! What a zone's offset is at a time is the business of [`Zone`].

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::civil::NANOSECONDS_PER_SECOND;
use super::duration::Duration;
use super::error::TemporalError;
use super::local_date_time::LocalDateTime;
use super::parse;
use super::zone::{Clock, Zone, at_offset, check_offset, offset_text};

/// A day and a time with an offset from UTC and, where given, a named zone.
///
/// Ordered by the instant, then by the offset from west to east, then by the name of the zone: two
/// are equal only if all three are.
///
/// ```
/// use weft_value::{DateTime, Zone};
/// let time = DateTime::parse("2015-07-21T21:40:32.142[Europe/London]", &Zone::UTC).unwrap();
/// assert_eq!(time.to_string(), "2015-07-21T21:40:32.142+01:00[Europe/London]");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DateTime {
    local: LocalDateTime,
    offset_seconds: i32,
    zone: Option<Arc<str>>,
}

impl DateTime {
    /// The time that a clock of a zone shows.
    ///
    /// A time that the zone leaves out when clocks are put forward moves forward by the gap; of one
    /// that comes twice when they are put back it is the first.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no such zone.
    pub fn new(local: LocalDateTime, zone: &Zone) -> Result<Self, TemporalError> {
        Self::resolve(local, zone, None)
    }

    /// The instant so many seconds after 1970-01-01T00:00Z, and nanoseconds after those.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`](super::Date::YEARS);
    /// [`TemporalError::UnknownZone`] when the database has no such zone.
    pub fn from_epoch(seconds: i64, nanoseconds: i64, zone: &Zone) -> Result<Self, TemporalError> {
        let seconds = i128::from(seconds) * i128::from(NANOSECONDS_PER_SECOND);
        Self::from_epoch_nanoseconds(seconds + i128::from(nanoseconds), zone)
    }

    /// The instant of a clock, in its zone.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no such zone.
    pub fn now(clock: &Clock) -> Result<Self, TemporalError> {
        Self::from_epoch(clock.seconds, i64::from(clock.nanoseconds), &clock.zone)
    }

    /// Reads a date and a time in any of their forms, an offset and a zone in brackets.
    ///
    /// Without offset and zone it is that of `default_zone`, without a time midnight.
    ///
    /// # Errors
    /// [`TemporalError`] when it is no day and time, or the offset is not that of the zone.
    pub fn parse(text: &str, default_zone: &Zone) -> Result<Self, TemporalError> {
        parse::date_time(text, default_zone)
    }

    /// The day and the time on the clock there.
    pub fn local(&self) -> LocalDateTime {
        self.local
    }

    /// Seconds east of UTC.
    pub fn offset_seconds(&self) -> i32 {
        self.offset_seconds
    }

    /// The IANA name of the zone, if one was given.
    pub fn zone_name(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    /// The named zone, else the offset.
    pub fn zone(&self) -> Zone {
        match &self.zone {
            Some(name) => Zone::Named(name.clone()),
            None => Zone::Offset(self.offset_seconds),
        }
    }

    /// Whole seconds since 1970-01-01T00:00Z.
    pub fn epoch_seconds(&self) -> i64 {
        // A thousand million years have fewer seconds than 64 bits hold.
        self.epoch_nanoseconds().div_euclid(i128::from(NANOSECONDS_PER_SECOND)) as i64
    }

    /// Whole milliseconds since 1970-01-01T00:00Z.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] some 292 million years from then, where 64 bits end.
    pub fn epoch_milliseconds(&self) -> Result<i64, TemporalError> {
        let milliseconds = self.epoch_nanoseconds().div_euclid(1_000_000);
        i64::try_from(milliseconds).map_err(|_| TemporalError::Overflow)
    }

    /// The same instant in another zone.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no such zone.
    pub fn in_zone(&self, zone: &Zone) -> Result<Self, TemporalError> {
        Self::from_epoch_nanoseconds(self.epoch_nanoseconds(), zone)
    }

    /// The time a duration later: months and days on the calendar of the zone, then seconds as
    /// they pass.
    ///
    /// # Errors
    /// [`TemporalError::Overflow`] outside of [`Date::YEARS`](super::Date::YEARS);
    /// [`TemporalError::UnknownZone`] when the database has no such zone.
    pub fn plus(&self, duration: &Duration) -> Result<Self, TemporalError> {
        let local = self.local.plus_date(duration)?;
        let moved = if local == self.local {
            self.clone()
        } else {
            Self::resolve(local, &self.zone(), Some(self.offset_seconds))?
        };
        let seconds = duration.time_nanoseconds();
        if seconds == 0 {
            return Ok(moved);
        }
        let sum = moved.epoch_nanoseconds().checked_add(seconds).ok_or(TemporalError::Overflow)?;
        Self::from_epoch_nanoseconds(sum, &moved.zone())
    }

    /// The time that a clock of a zone shows; of one that comes twice the one with that offset.
    pub(super) fn resolve(
        local: LocalDateTime,
        zone: &Zone,
        preferred_offset: Option<i32>,
    ) -> Result<Self, TemporalError> {
        let (local, offset_seconds) = zone.resolve(local, preferred_offset)?;
        let zone = match zone {
            Zone::Named(name) => Some(name.clone()),
            Zone::Offset(_) => None,
        };
        Ok(Self { local, offset_seconds: check_offset(offset_seconds)?, zone })
    }

    /// What a store wrote: the offset is taken as it stands, whatever today's zones say.
    pub(super) fn stored(
        local: LocalDateTime,
        offset_seconds: i32,
        zone: Option<&str>,
    ) -> Result<Self, TemporalError> {
        let offset_seconds = check_offset(offset_seconds)?;
        Ok(Self { local, offset_seconds, zone: zone.map(Into::into) })
    }

    pub(super) fn epoch_nanoseconds(&self) -> i128 {
        let offset = i64::from(self.offset_seconds) * NANOSECONDS_PER_SECOND;
        self.local.epoch_nanoseconds() - i128::from(offset)
    }

    pub(super) fn from_epoch_nanoseconds(
        nanoseconds: i128,
        zone: &Zone,
    ) -> Result<Self, TemporalError> {
        let seconds = nanoseconds.div_euclid(i128::from(NANOSECONDS_PER_SECOND));
        // Outside of 64 bits and of all years alike.
        let seconds = i64::try_from(seconds).map_err(|_| TemporalError::Overflow)?;
        at_offset(nanoseconds, 0)?;
        let offset_seconds = zone.offset_at(seconds)?;
        let zone = match zone {
            Zone::Named(name) => Some(name.clone()),
            Zone::Offset(_) => None,
        };
        Ok(Self { local: at_offset(nanoseconds, offset_seconds)?, offset_seconds, zone })
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.epoch_nanoseconds(), it.offset_seconds);
        key(self).cmp(&key(other)).then_with(|| self.zone.cmp(&other.zone))
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.local, offset_text(self.offset_seconds))?;
        self.zone.iter().try_for_each(|zone| write!(f, "[{zone}]"))
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
