//! Temporal values made of components: of a map, which may take others from another value.
//!
//! Components that are not given come from the value that `date`, `time` or `datetime` names; without
//! one they are the least possible, but only from the smallest up: no day without its month.

use std::collections::BTreeMap;

use super::civil;
use super::date::Date;
use super::date_time::DateTime;
use super::error::{TemporalError, check_range};
use super::fields::Fields;
use super::instant::{Temporal, TemporalType};
use super::local_date_time::LocalDateTime;
use super::local_time::LocalTime;
use super::time::Time;
use super::zone::{Clock, Zone};
use crate::Value;

pub(super) const DATE_FIELDS: &[&str] =
    &["year", "quarter", "month", "week", "day", "dayOfWeek", "dayOfQuarter", "ordinalDay"];
pub(super) const TIME_FIELDS: &[&str] =
    &["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"];
const EPOCH_FIELDS: &[&str] = &["epochSeconds", "epochMillis"];

impl TemporalType {
    /// Makes a value of this type of its components.
    ///
    /// `date`, `time` and `datetime` name a value that gives those components that are not given.
    /// `timezone` alone makes it now in that zone.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use weft_value::{Clock, TemporalType, Value};
    /// let fields = [("year", 1984), ("week", 10), ("dayOfWeek", 3)];
    /// let fields: BTreeMap<String, Value> =
    ///     fields.map(|(name, number)| (name.to_owned(), Value::Integer(number))).into();
    /// let date = TemporalType::Date.from_fields(&fields, &Clock::default()).unwrap();
    /// assert_eq!(date.to_string(), "1984-03-07");
    /// ```
    ///
    /// # Errors
    /// [`TemporalError`] says which component is unknown, missing, of the wrong type, out of range
    /// or in conflict with another one.
    pub fn from_fields(
        self,
        fields: &BTreeMap<String, Value>,
        clock: &Clock,
    ) -> Result<Temporal, TemporalError> {
        let zone: &[&str] = &["timezone"];
        let bases: &[&str] = match self {
            Self::Date => &["date"],
            Self::LocalTime | Self::Time => &["time"],
            Self::LocalDateTime | Self::DateTime => &["datetime", "date", "time"],
        };
        let mut possible = vec![bases];
        if self.has_date() {
            possible.push(DATE_FIELDS);
        }
        if self.has_time() {
            possible.push(TIME_FIELDS);
        }
        if self == Self::DateTime {
            possible.push(EPOCH_FIELDS);
        }
        possible.push(zone);
        let fields = Fields::new(fields, self.name(), &possible)?;
        if fields.is_only("timezone") {
            let zone = fields.zone()?.unwrap_or(Zone::UTC);
            return self.now(&clock.in_zone(zone));
        }
        match self {
            Self::Date => {
                local_only(fields, bases, DATE_FIELDS)?;
                let base = fields.temporal("date")?.map(|it| it.must_get_date()).transpose()?;
                select_date(fields, base).map(Temporal::Date)
            }
            Self::LocalTime => {
                local_only(fields, bases, TIME_FIELDS)?;
                let base = fields.temporal("time")?.map(|it| it.must_get_time()).transpose()?;
                must_have_time(fields)?;
                select_time(fields, base).map(Temporal::LocalTime)
            }
            Self::Time => time(fields, clock).map(Temporal::Time),
            Self::LocalDateTime => {
                local_only(fields, bases, DATE_FIELDS)?;
                let Bases { date, time, .. } = Bases::read(fields)?;
                let date = select_date(fields, date)?;
                Ok(Temporal::LocalDateTime(LocalDateTime::new(date, select_time(fields, time)?)))
            }
            Self::DateTime => date_time(fields, clock).map(Temporal::DateTime),
        }
    }
}

/// The day that the components say, those not given taken from a base.
///
/// Which of the calendars is meant follows from the components: a week asks for the week year, the
/// week and the day of the week of the base, a month for its day of the month.
pub(super) fn select_date(fields: Fields, base: Option<Date>) -> Result<Date, TemporalError> {
    let groups: [&[&'static str]; 4] =
        [&["month", "day"], &["week", "dayOfWeek"], &["quarter", "dayOfQuarter"], &["ordinalDay"]];
    let given: Vec<&'static str> = groups.iter().filter_map(|it| fields.first_of(it)).collect();
    if let [first, second, ..] = given[..] {
        return Err(TemporalError::Conflict { first, second });
    }
    let year = |of_base: fn(Date) -> i64| -> Result<i64, TemporalError> {
        let year = fields.integer("year")?.or(base.map(of_base));
        let year = year.ok_or(TemporalError::MissingField { field: "year" })?;
        check_range("year", year, *Date::YEARS.start(), *Date::YEARS.end())
    };
    match given.first() {
        Some(&("week" | "dayOfWeek")) => {
            let year = year(Date::week_year)?;
            let week = match (fields.integer("week")?, base) {
                (Some(week), _) => week,
                // Week 53 of the base becomes the last of a year that has 52.
                (None, Some(base)) => base.week().min(civil::weeks_in_year(year)),
                (None, None) => return Err(TemporalError::MissingField { field: "week" }),
            };
            let day = fields.integer("dayOfWeek")?.or(base.map(Date::day_of_week));
            Date::from_week(year, week, day.unwrap_or(1))
        }
        Some(&("quarter" | "dayOfQuarter")) => {
            let year = year(Date::year)?;
            let quarter = fields.integer("quarter")?.or(base.map(Date::quarter));
            let quarter = quarter.ok_or(TemporalError::MissingField { field: "quarter" })?;
            match (fields.integer("dayOfQuarter")?, base) {
                (Some(day), _) => Date::from_quarter(year, quarter, day),
                (None, None) => Date::from_quarter(year, quarter, 1),
                // The same month of another quarter.
                (None, Some(base)) => {
                    check_range("quarter", quarter, 1, 4)?;
                    let month = (base.month() - 1) % civil::MONTHS_PER_QUARTER + 1;
                    let month = (quarter - 1) * civil::MONTHS_PER_QUARTER + month;
                    Date::clamped(year, month, base.day())
                }
            }
        }
        Some(&"ordinalDay") => {
            Date::from_ordinal(year(Date::year)?, fields.integer("ordinalDay")?.unwrap_or(1))
        }
        _ => {
            let year = year(Date::year)?;
            let month = match (fields.integer("month")?, base) {
                (Some(month), _) => month,
                (None, Some(base)) => base.month(),
                (None, None) if fields.has("day") => {
                    return Err(TemporalError::MissingField { field: "month" });
                }
                (None, None) => 1,
            };
            match (fields.integer("day")?, base) {
                (Some(day), _) => Date::new(year, month, day),
                (None, Some(base)) => Date::clamped(year, month, base.day()),
                (None, None) => Date::new(year, month, 1),
            }
        }
    }
}

/// The time that the components say, those not given taken from a base.
pub(super) fn select_time(
    fields: Fields,
    base: Option<LocalTime>,
) -> Result<LocalTime, TemporalError> {
    if base.is_none() {
        let subsecond = fields.first_of(&TIME_FIELDS[3..]).is_some();
        let needed = [
            ("second", subsecond),
            ("minute", subsecond || fields.has("second")),
            ("hour", fields.first_of(&TIME_FIELDS[1..]).is_some()),
        ];
        // The largest first: without an hour the rest says nothing.
        for (field, is_needed) in needed.into_iter().rev() {
            if is_needed && !fields.has(field) {
                return Err(TemporalError::MissingField { field });
            }
        }
    }
    let part = |field, of_base: fn(LocalTime) -> i64| -> Result<i64, TemporalError> {
        Ok(fields.integer(field)?.unwrap_or(base.map_or(0, of_base)))
    };
    let nanosecond = match select_subsecond(fields)? {
        Some(nanosecond) => nanosecond,
        None => base.map_or(0, LocalTime::nanosecond),
    };
    LocalTime::new(
        part("hour", LocalTime::hour)?,
        part("minute", LocalTime::minute)?,
        part("second", LocalTime::second)?,
        nanosecond,
    )
}

/// Nanoseconds of the second, if one of the three units is given: together they say all of it.
///
/// Beside a larger unit a smaller one counts only what that leaves.
fn select_subsecond(fields: Fields) -> Result<Option<i64>, TemporalError> {
    let millisecond = fields.integer("millisecond")?;
    let microsecond = fields.integer("microsecond")?;
    let nanosecond = fields.integer("nanosecond")?;
    let microseconds_max = if millisecond.is_some() { 999 } else { 999_999 };
    let nanoseconds_max = match (millisecond, microsecond) {
        (_, Some(_)) => 999,
        (Some(_), None) => 999_999,
        (None, None) => 999_999_999,
    };
    check_range("millisecond", millisecond.unwrap_or(0), 0, 999)?;
    check_range("microsecond", microsecond.unwrap_or(0), 0, microseconds_max)?;
    check_range("nanosecond", nanosecond.unwrap_or(0), 0, nanoseconds_max)?;
    let is_given = millisecond.or(microsecond).or(nanosecond).is_some();
    let sum = millisecond.unwrap_or(0) * 1_000_000
        + microsecond.unwrap_or(0) * 1_000
        + nanosecond.unwrap_or(0);
    Ok(is_given.then_some(sum))
}

/// The values whose components are taken where none are given.
#[derive(Default)]
struct Bases {
    date: Option<Date>,
    time: Option<LocalTime>,
    /// Its zone, and its offset where it has a day too.
    zone: Option<Zone>,
    offset_seconds: Option<i32>,
}

impl Bases {
    fn read(fields: Fields) -> Result<Self, TemporalError> {
        if let Some(base) = fields.temporal("datetime")? {
            if let Some(second) = fields.first_of(&["date", "time"]) {
                return Err(TemporalError::Conflict { first: "datetime", second });
            }
            return Ok(Self {
                date: Some(base.must_get_date()?),
                time: Some(base.time().unwrap_or(LocalTime::MIDNIGHT)),
                zone: base.zone(),
                offset_seconds: base.offset_seconds(),
            });
        }
        let date = fields.temporal("date")?;
        let time = fields.temporal("time")?;
        Ok(Self {
            date: date.map(|it| it.must_get_date()).transpose()?,
            zone: time.as_ref().and_then(Temporal::zone),
            offset_seconds: time.as_ref().and_then(Temporal::offset_seconds),
            time: time.map(|it| it.must_get_time()).transpose()?,
        })
    }
}

fn time(fields: Fields, clock: &Clock) -> Result<Time, TemporalError> {
    must_have_time(fields)?;
    let base = fields.temporal("time")?;
    let base_time = base.as_ref().map(Temporal::must_get_time).transpose()?;
    let base_offset = base.as_ref().and_then(Temporal::offset_seconds);
    let local = select_time(fields, base_time)?;
    // A time has no day, so a named zone means the offset that it has now.
    let offset = fields.zone()?.map(|it| it.offset_at(clock.seconds)).transpose()?;
    match (base_offset, offset) {
        (Some(base_offset), Some(offset)) => Time::new(local, base_offset)?.at_offset(offset),
        (Some(offset), None) | (None, Some(offset)) => Time::new(local, offset),
        (None, None) => Time::new(local, clock.offset_seconds()?),
    }
}

fn date_time(fields: Fields, clock: &Clock) -> Result<DateTime, TemporalError> {
    let zone = fields.zone()?;
    if let Some(epoch) = fields.first_of(EPOCH_FIELDS) {
        return from_epoch(fields, epoch, &zone.unwrap_or_else(|| clock.zone.clone()));
    }
    let bases = Bases::read(fields)?;
    let date = select_date(fields, bases.date)?;
    let local = LocalDateTime::new(date, select_time(fields, bases.time)?);
    match (bases.zone, zone) {
        // The components are said in the zone of the base; then it is the same instant elsewhere.
        (Some(base), Some(zone)) => {
            DateTime::resolve(local, &base, bases.offset_seconds)?.in_zone(&zone)
        }
        (Some(base), None) => DateTime::resolve(local, &base, bases.offset_seconds),
        (None, Some(zone)) => DateTime::new(local, &zone),
        (None, None) => DateTime::new(local, &clock.zone),
    }
}

/// An instant counted from 1970, to which only smaller parts of a second may be added.
fn from_epoch(fields: Fields, epoch: &'static str, zone: &Zone) -> Result<DateTime, TemporalError> {
    let is_seconds = epoch == "epochSeconds";
    let parts = if is_seconds { &TIME_FIELDS[..3] } else { &TIME_FIELDS[..4] };
    let excluded = [&["epochMillis", "datetime", "date", "time"], DATE_FIELDS, parts].concat();
    if let Some(second) = fields.first_of(&excluded).filter(|it| *it != epoch) {
        return Err(TemporalError::Conflict { first: epoch, second });
    }
    let number = fields.integer(epoch)?.unwrap_or(0);
    let rest = select_subsecond(fields)?.unwrap_or(0);
    if is_seconds {
        return DateTime::from_epoch(number, rest, zone);
    }
    check_range("nanosecond", rest, 0, 999_999)?;
    let nanoseconds = number.rem_euclid(1_000) * 1_000_000 + rest;
    DateTime::from_epoch(number.div_euclid(1_000), nanoseconds, zone)
}

/// A value without a zone cannot be said to be in one, unless it is now.
fn local_only(
    fields: Fields,
    bases: &[&'static str],
    parts: &[&'static str],
) -> Result<(), TemporalError> {
    let others = [bases, parts, TIME_FIELDS].concat();
    match fields.first_of(&others) {
        Some(first) if fields.has("timezone") => {
            Err(TemporalError::Conflict { first, second: "timezone" })
        }
        _ => Ok(()),
    }
}

fn must_have_time(fields: Fields) -> Result<(), TemporalError> {
    match fields.first_of(TIME_FIELDS).or(fields.first_of(&["time"])) {
        Some(_) => Ok(()),
        None => Err(TemporalError::MissingField { field: "hour" }),
    }
}
