//! Time zones: an offset from UTC, or a name whose offset the bundled database of zones knows.
//!
//! Reads no files: the database is part of the program, so that answers are the same everywhere.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::DateTime as CivilDateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::civil::{
    DAYS_PER_CYCLE, NANOSECONDS_PER_SECOND, SECONDS_PER_DAY, SECONDS_PER_HOUR, YEARS_PER_CYCLE,
};
use super::error::{TemporalError, check_range};
use super::local_date_time::LocalDateTime;
use super::parse;

/// An offset from UTC, or a named zone of the IANA database.
///
/// ```
/// use weft_value::Zone;
/// assert_eq!("-0130".parse::<Zone>().unwrap().to_string(), "-01:30");
/// assert_eq!("europe/london".parse::<Zone>().unwrap().to_string(), "Europe/London");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// Seconds east of UTC.
    Offset(i32),
    /// The IANA name of a zone, as the database writes it.
    Named(Arc<str>),
}

/// The years that the database of zones is asked about; others are moved by whole cycles of 400
/// years, in which weekdays and so the rules repeat. The ends are left out because an offset may
/// lead over them.
const DATABASE_YEARS: std::ops::RangeInclusive<i64> = -9_990..=9_990;

impl Zone {
    /// UTC.
    pub const UTC: Self = Self::Offset(0);

    /// The largest offset from UTC to either side, 18 hours.
    pub const OFFSET_SECONDS_MAX: i32 = 18 * SECONDS_PER_HOUR as i32;

    /// The offset of this zone at an instant, in seconds east of UTC.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of that name.
    pub fn offset_at(&self, epoch_seconds: i64) -> Result<i32, TemporalError> {
        let name = match self {
            Self::Offset(seconds) => return Ok(*seconds),
            Self::Named(name) => name,
        };
        let zone = find(name)?;
        let day = epoch_seconds.div_euclid(SECONDS_PER_DAY);
        let shift = n_cycles_away(super::civil::year_month_day(day).0);
        let seconds = epoch_seconds - shift * DAYS_PER_CYCLE * SECONDS_PER_DAY;
        let timestamp = Timestamp::from_second(seconds).map_err(|_| TemporalError::Overflow)?;
        Ok(zone.to_offset(timestamp).seconds())
    }

    /// The time that a clock of this zone shows for a local time, and its offset then.
    ///
    /// Where clocks are put forward, a time that is left out moves forward by the gap. Where they
    /// are put back, a time that comes twice is the first one, unless the preferred offset is that
    /// of the second.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of that name.
    pub(super) fn resolve(
        &self,
        local: LocalDateTime,
        preferred_offset: Option<i32>,
    ) -> Result<(LocalDateTime, i32), TemporalError> {
        let name = match self {
            Self::Offset(seconds) => return Ok((local, *seconds)),
            Self::Named(name) => name,
        };
        let ambiguous = find(name)?.to_ambiguous_timestamp(to_civil(local)?).offset();
        match ambiguous {
            AmbiguousOffset::Unambiguous { offset } => Ok((local, offset.seconds())),
            AmbiguousOffset::Gap { before, after } => {
                let gap = i64::from(after.seconds() - before.seconds()) * NANOSECONDS_PER_SECOND;
                Ok((local.plus_nanoseconds(i128::from(gap))?, after.seconds()))
            }
            AmbiguousOffset::Fold { before, after } => {
                let is_second = preferred_offset == Some(after.seconds());
                Ok((local, if is_second { after.seconds() } else { before.seconds() }))
            }
        }
    }
}

fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

fn find(name: &str) -> Result<TimeZone, TemporalError> {
    database().get(name).map_err(|_| TemporalError::UnknownZone { name: name.to_owned() })
}

/// How many cycles of 400 years a year lies outside of what the database is asked about.
fn n_cycles_away(year: i64) -> i64 {
    if year > *DATABASE_YEARS.end() {
        (year - DATABASE_YEARS.end() + YEARS_PER_CYCLE - 1) / YEARS_PER_CYCLE
    } else if year < *DATABASE_YEARS.start() {
        (year - DATABASE_YEARS.start() - YEARS_PER_CYCLE + 1) / YEARS_PER_CYCLE
    } else {
        0
    }
}

fn to_civil(local: LocalDateTime) -> Result<CivilDateTime, TemporalError> {
    let (year, month, day) = local.date.year_month_day();
    let year = year - n_cycles_away(year) * YEARS_PER_CYCLE;
    let time = local.time;
    CivilDateTime::new(
        year as i16,
        month as i8,
        day as i8,
        time.hour() as i8,
        time.minute() as i8,
        time.second() as i8,
        time.nanosecond() as i32,
    )
    .map_err(|_| TemporalError::Overflow)
}

pub(super) fn check_offset(offset_seconds: i32) -> Result<i32, TemporalError> {
    let most = i64::from(Zone::OFFSET_SECONDS_MAX);
    check_range("offset in seconds", i64::from(offset_seconds), -most, most)?;
    Ok(offset_seconds)
}

/// `Z`, `+01:00`, or `+00:53:28` where there are seconds.
pub(super) fn offset_text(seconds: i32) -> String {
    if seconds == 0 { "Z".to_owned() } else { signed_offset_text(seconds) }
}

/// `+00:00` where [`offset_text`] writes `Z`.
pub(super) fn signed_offset_text(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, rest) = (seconds.abs() / 3600, seconds.abs() % 3600);
    match rest % 60 {
        0 => format!("{sign}{hours:02}:{:02}", rest / 60),
        seconds => format!("{sign}{hours:02}:{:02}:{seconds:02}", rest / 60),
    }
}

impl FromStr for Zone {
    type Err = TemporalError;

    /// Reads an offset, or a name of the database in any case, with blanks for underscores.
    fn from_str(text: &str) -> Result<Self, TemporalError> {
        if let Some(seconds) = parse::offset(text) {
            return check_offset(seconds).map(Self::Offset);
        }
        let unknown = || TemporalError::UnknownZone { name: text.to_owned() };
        let zone = database().get(&text.replace(' ', "_")).map_err(|_| unknown())?;
        zone.iana_name().map(|it| Self::Named(it.into())).ok_or_else(unknown)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset(seconds) => f.write_str(&offset_text(*seconds)),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// The instant that a statement takes as now, and the zone of times that name none.
///
/// ```
/// use weft_value::{Clock, DateTime, Zone};
/// let clock = Clock { seconds: 0, nanoseconds: 0, zone: Zone::UTC };
/// assert_eq!(DateTime::now(&clock).unwrap().to_string(), "1970-01-01T00:00Z");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Seconds since 1970-01-01T00:00Z.
    pub seconds: i64,
    /// Nanoseconds of that second.
    pub nanoseconds: u32,
    /// The zone of times that name none.
    pub zone: Zone,
}

impl Clock {
    /// The same instant where another zone is the one of times that name none.
    pub fn in_zone(&self, zone: Zone) -> Self {
        Self { zone, ..*self }
    }

    /// The offset of its zone at its instant.
    ///
    /// # Errors
    /// [`TemporalError::UnknownZone`] when the database has no zone of that name.
    pub fn offset_seconds(&self) -> Result<i32, TemporalError> {
        self.zone.offset_at(self.seconds)
    }
}

impl Default for Clock {
    /// 1970-01-01T00:00Z.
    fn default() -> Self {
        Self { seconds: 0, nanoseconds: 0, zone: Zone::UTC }
    }
}

/// The day and time that a clock shows so many seconds east of UTC.
pub(super) fn at_offset(
    epoch_nanoseconds: i128,
    offset_seconds: i32,
) -> Result<LocalDateTime, TemporalError> {
    let offset = i64::from(offset_seconds) * NANOSECONDS_PER_SECOND;
    LocalDateTime::from_epoch_nanoseconds(epoch_nanoseconds + i128::from(offset))
}
