//! Values cut down to a unit: the first moment of the day, the week, the century that they lie in.

use std::collections::BTreeMap;

use super::civil::{MONTHS_PER_QUARTER, NANOSECONDS_PER_SECOND};
use super::date::Date;
use super::date_time::DateTime;
use super::error::TemporalError;
use super::fields::{Fields, quoted};
use super::instant::{Temporal, TemporalType};
use super::local_date_time::LocalDateTime;
use super::local_time::LocalTime;
use super::select::{DATE_FIELDS, TIME_FIELDS, select_date, select_time};
use super::time::Time;
use super::zone::Clock;
use crate::Value;

/// A unit that a temporal value can be truncated to, the largest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TruncationUnit {
    /// A thousand years, the first of them divisible by 1,000.
    Millennium,
    /// A hundred years, the first of them divisible by 100.
    Century,
    /// Ten years, the first of them divisible by 10.
    Decade,
    /// A year.
    Year,
    /// A year of whole weeks.
    WeekYear,
    /// Three months.
    Quarter,
    /// A month.
    Month,
    /// A week from Monday on.
    Week,
    /// A day.
    Day,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
    /// A second.
    Second,
    /// A thousandth of a second.
    Millisecond,
    /// A millionth of a second.
    Microsecond,
}

impl TruncationUnit {
    /// Every unit, the largest first.
    pub const ALL: [Self; 14] = [
        Self::Millennium,
        Self::Century,
        Self::Decade,
        Self::Year,
        Self::WeekYear,
        Self::Quarter,
        Self::Month,
        Self::Week,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Millisecond,
        Self::Microsecond,
    ];

    /// The name, as openCypher writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Millennium => "millennium",
            Self::Century => "century",
            Self::Decade => "decade",
            Self::Year => "year",
            Self::WeekYear => "weekYear",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Millisecond => "millisecond",
            Self::Microsecond => "microsecond",
        }
    }

    fn truncate_date(self, date: Date) -> Result<Date, TemporalError> {
        let (year, month, _) = date.year_month_day();
        let first_of = |n_years: i64| Date::new(year.div_euclid(n_years) * n_years, 1, 1);
        let res = match self {
            Self::Millennium => first_of(1_000),
            Self::Century => first_of(100),
            Self::Decade => first_of(10),
            Self::Year => first_of(1),
            Self::WeekYear => Date::from_week(date.week_year(), 1, 1),
            Self::Quarter => {
                Date::new(year, (month - 1) / MONTHS_PER_QUARTER * MONTHS_PER_QUARTER + 1, 1)
            }
            Self::Month => Date::new(year, month, 1),
            Self::Week => date.plus_days(1 - date.day_of_week()),
            _ => Ok(date),
        };
        // The first year of the first century that there is lies before all years.
        res.map_err(|_| TemporalError::Overflow)
    }

    fn truncate_time(self, time: LocalTime) -> LocalTime {
        let n_nanoseconds = match self {
            Self::Hour => 3_600 * NANOSECONDS_PER_SECOND,
            Self::Minute => 60 * NANOSECONDS_PER_SECOND,
            Self::Second => NANOSECONDS_PER_SECOND,
            Self::Millisecond => 1_000_000,
            Self::Microsecond => 1_000,
            _ => return LocalTime::MIDNIGHT,
        };
        let nanoseconds = time.nanosecond_of_day();
        LocalTime::from_nanosecond_of_day(nanoseconds - nanoseconds % n_nanoseconds)
            .unwrap_or(LocalTime::MIDNIGHT)
    }
}

impl std::str::FromStr for TruncationUnit {
    type Err = TemporalError;

    fn from_str(text: &str) -> Result<Self, TemporalError> {
        let found = Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(text));
        found.ok_or_else(|| TemporalError::UnknownUnit {
            unit: text.to_owned(),
            possible: quoted(Self::ALL.map(Self::name)),
        })
    }
}

impl TemporalType {
    /// The first moment of the unit that a value lies in, as a value of this type, with components
    /// set in it afterwards.
    ///
    /// A `timezone` among them names the zone in which the truncated clock is read.
    ///
    /// # Errors
    /// [`TemporalError`] when the value has no such unit, or a component is wrong.
    pub fn truncate(
        self,
        unit: TruncationUnit,
        value: &Temporal,
        fields: &BTreeMap<String, Value>,
        clock: &Clock,
    ) -> Result<Temporal, TemporalError> {
        let is_of_day = unit > TruncationUnit::Day;
        let is_possible = match self {
            Self::Date => !is_of_day,
            Self::LocalTime | Self::Time => unit >= TruncationUnit::Day,
            Self::LocalDateTime | Self::DateTime => !is_of_day || value.time().is_some(),
        };
        if !is_possible {
            let type_name = if self.has_date() { value.temporal_type() } else { self }.name();
            return Err(TemporalError::Unit { type_name, unit: unit.name() });
        }

        let mut possible = Vec::new();
        if self.has_date() {
            possible.push(DATE_FIELDS);
        }
        if self.has_time() {
            possible.push(TIME_FIELDS);
        }
        if matches!(self, Self::Time | Self::DateTime) {
            possible.push(&["timezone"]);
        }
        let mut fields = fields.clone();
        if self.has_time() {
            keep_subsecond(&mut fields, unit, value);
        }
        let fields = Fields::new(&fields, self.name(), &possible)?;

        let date = || -> Result<Date, TemporalError> {
            select_date(fields, Some(unit.truncate_date(value.must_get_date()?)?))
        };
        let time = || -> Result<LocalTime, TemporalError> {
            let time = match value.time() {
                Some(time) => time,
                None if self.has_date() => LocalTime::MIDNIGHT,
                None => value.must_get_time()?,
            };
            select_time(fields, Some(unit.truncate_time(time)))
        };
        Ok(match self {
            Self::Date => Temporal::Date(date()?),
            Self::LocalTime => Temporal::LocalTime(time()?),
            Self::Time => {
                let offset = match (fields.zone()?, value.offset_seconds()) {
                    (Some(zone), _) => zone.offset_at(clock.seconds)?,
                    (None, Some(offset)) => offset,
                    (None, None) => clock.offset_seconds()?,
                };
                Temporal::Time(Time::new(time()?, offset)?)
            }
            Self::LocalDateTime => Temporal::LocalDateTime(LocalDateTime::new(date()?, time()?)),
            Self::DateTime => {
                let local = LocalDateTime::new(date()?, time()?);
                let zone = fields.zone()?.or(value.zone()).unwrap_or_else(|| clock.zone.clone());
                Temporal::DateTime(DateTime::resolve(local, &zone, value.offset_seconds())?)
            }
        })
    }
}

/// Where a smaller part of the second is set than the unit, what the unit left of it stays.
fn keep_subsecond(fields: &mut BTreeMap<String, Value>, unit: TruncationUnit, value: &Temporal) {
    let nanosecond = value.time().map_or(0, LocalTime::nanosecond);
    let millisecond = Value::Integer(nanosecond / 1_000_000);
    let microsecond = Value::Integer(nanosecond / 1_000 % 1_000);
    let has = |field: &str| fields.contains_key(field);
    match unit {
        TruncationUnit::Millisecond if has("microsecond") || has("nanosecond") => {
            fields.entry("millisecond".to_owned()).or_insert(millisecond);
        }
        TruncationUnit::Microsecond if has("nanosecond") && !has("millisecond") => {
            fields.entry("microsecond".to_owned()).or_insert(microsecond);
            fields.entry("millisecond".to_owned()).or_insert(millisecond);
        }
        _ => {}
    }
}
