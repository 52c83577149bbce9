//! Spans of months, days and seconds, which are not converted into each other.
//!
//! Between what two temporal values a span lies is the business of `between`.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::civil::{
    MONTHS_PER_YEAR, NANOSECONDS_PER_DAY, NANOSECONDS_PER_SECOND, SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
};
use super::error::TemporalError;
use super::fields::{Fields, wrong_type};
use super::local_time::write_fraction;
use super::parse;
use crate::Value;

/// A span of time in openCypher's units: months, days, and seconds with nanoseconds.
///
/// A month has no fixed number of days, nor a day of seconds, so they stay apart; two durations are
/// equal only if all three are. The order is that of their lengths with a month of 30.436875 days
/// and a day of 24 hours, then by months, then by days.
///
/// ```
/// use weft_value::Duration;
/// let duration: Duration = "P1Y2M10DT70S".parse().unwrap();
/// assert_eq!(duration, Duration::new(14, 10, 70, 0).unwrap());
/// assert_eq!(duration.to_string(), "P1Y2M10DT1M10S");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    months: i64,
    days: i64,
    seconds: i64,
    nanoseconds: i32,
}

/// The average month of the Gregorian calendar: a 4,800th of its 146,097 days.
pub(super) const SECONDS_PER_MONTH: i64 = 2_629_746;

/// Its units, from years to nanoseconds.
const N_UNITS: usize = 11;

/// What a duration is made of: its components but for those that are within a larger one.
const DURATION_FIELDS: &[&str] = Duration::COMPONENTS.split_at(N_UNITS).0;

/// Decimals of a fraction that are kept.
pub(super) const FRACTION_DIGITS: u32 = 18;

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self { months: 0, days: 0, seconds: 0, nanoseconds: 0 };

    /// A span of so many months, days, seconds and nanoseconds, each of either sign.
    ///
    /// # Errors
    /// [`TemporalError::TooLong`] when the nanoseconds bring the seconds beyond 64 bits.
    pub fn new(
        months: i64,
        days: i64,
        seconds: i64,
        nanoseconds: i64,
    ) -> Result<Self, TemporalError> {
        let whole = nanoseconds.div_euclid(NANOSECONDS_PER_SECOND);
        let seconds = seconds.checked_add(whole).ok_or(TemporalError::TooLong)?;
        let nanoseconds = nanoseconds.rem_euclid(NANOSECONDS_PER_SECOND) as i32;
        Ok(Self { months, days, seconds, nanoseconds })
    }

    /// A duration of its components, each an integer or a float of either sign.
    ///
    /// What is left of a unit goes down to the next: half a day becomes twelve hours, half an
    /// average month fifteen days and some hours.
    ///
    /// # Errors
    /// [`TemporalError`] says which component is unknown or no number, or that one is too large.
    pub fn from_fields(fields: &BTreeMap<String, Value>) -> Result<Self, TemporalError> {
        let fields = Fields::new(fields, "a duration", &[DURATION_FIELDS])?;
        if fields.first_of(DURATION_FIELDS).is_none() {
            return Err(TemporalError::NoFields);
        }
        let mut parts = Parts::default();
        for &field in DURATION_FIELDS {
            let Some(value) = fields.value(field) else { continue };
            let number = match value {
                Value::Integer(it) => i128::from(*it) * 10_i128.pow(FRACTION_DIGITS),
                Value::Float(it) if it.is_finite() => {
                    parse::decimal(&it.to_string()).ok_or(TemporalError::TooLong)?
                }
                other => return Err(wrong_type(field, "a finite number", other)),
            };
            parts.add(field, number)?;
        }
        parts.over(10_i128.pow(FRACTION_DIGITS))
    }

    /// Whole months.
    pub fn months(&self) -> i64 {
        self.months
    }

    /// Whole days.
    pub fn days(&self) -> i64 {
        self.days
    }

    /// Whole seconds, rounded down: those of half a second backwards are -1.
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after the whole seconds, never negative.
    pub fn nanoseconds(&self) -> i32 {
        self.nanoseconds
    }

    /// The sum, unit by unit.
    ///
    /// # Errors
    /// [`TemporalError::TooLong`] when a unit does not fit in 64 bits.
    pub fn plus(&self, other: &Self) -> Result<Self, TemporalError> {
        let add = |a: i64, b: i64| a.checked_add(b).ok_or(TemporalError::TooLong);
        Self::new(
            add(self.months, other.months)?,
            add(self.days, other.days)?,
            add(self.seconds, other.seconds)?,
            i64::from(self.nanoseconds) + i64::from(other.nanoseconds),
        )
    }

    /// The same span the other way.
    ///
    /// # Errors
    /// [`TemporalError::TooLong`] when a unit does not fit in 64 bits.
    pub fn negated(&self) -> Result<Self, TemporalError> {
        let negate = |it: i64| it.checked_neg().ok_or(TemporalError::TooLong);
        // Half a second backwards is -1 s and 500,000,000 ns; forwards it is 0 s and as many.
        Self::from_nanoseconds(negate(self.months)?, negate(self.days)?, -self.time_nanoseconds())
    }

    /// The difference, unit by unit.
    ///
    /// # Errors
    /// [`TemporalError::TooLong`] when a unit does not fit in 64 bits.
    pub fn minus(&self, other: &Self) -> Result<Self, TemporalError> {
        let subtract = |a: i64, b: i64| a.checked_sub(b).ok_or(TemporalError::TooLong);
        let months = subtract(self.months, other.months)?;
        let days = subtract(self.days, other.days)?;
        Self::from_nanoseconds(months, days, self.time_nanoseconds() - other.time_nanoseconds())
    }

    /// The span that many times; fractions of a unit go down to the next.
    ///
    /// # Errors
    /// [`TemporalError::TooLong`] when a unit does not fit in 64 bits, [`TemporalError::Factor`]
    /// when the number is not finite.
    pub fn times(&self, factor: f64) -> Result<Self, TemporalError> {
        let (numerator, denominator) = ratio(factor).ok_or_else(|| fail(factor))?;
        self.scaled(numerator, denominator)
    }

    /// That part of the span; fractions of a unit go down to the next.
    ///
    /// # Errors
    /// [`TemporalError::TooLong`] when a unit does not fit in 64 bits, [`TemporalError::Factor`]
    /// when the number is zero or not finite.
    pub fn divided_by(&self, divisor: f64) -> Result<Self, TemporalError> {
        match ratio(divisor) {
            Some((numerator, denominator)) if numerator != 0 => {
                self.scaled(denominator * numerator.signum(), numerator.abs())
            }
            _ => Err(fail(divisor)),
        }
    }

    pub(super) fn of_months(months: i64) -> Self {
        Self { months, ..Self::ZERO }
    }

    pub(super) fn of_days(days: i64) -> Self {
        Self { days, ..Self::ZERO }
    }

    /// Its seconds and nanoseconds in nanoseconds.
    pub(super) fn time_nanoseconds(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOSECONDS_PER_SECOND) + i128::from(self.nanoseconds)
    }

    pub(super) fn from_nanoseconds(
        months: i64,
        days: i64,
        nanoseconds: i128,
    ) -> Result<Self, TemporalError> {
        let second = i128::from(NANOSECONDS_PER_SECOND);
        let seconds = narrow(nanoseconds.div_euclid(second))?;
        Ok(Self { months, days, seconds, nanoseconds: nanoseconds.rem_euclid(second) as i32 })
    }

    fn scaled(&self, numerator: i128, denominator: i128) -> Result<Self, TemporalError> {
        let scale = |it: i128| it.checked_mul(numerator).ok_or(TemporalError::TooLong);
        Parts {
            months: scale(self.months.into())?,
            days: scale(self.days.into())?,
            seconds: scale(self.seconds.into())?,
            nanoseconds: scale(self.nanoseconds.into())?,
        }
        .over(denominator)
    }

    /// Its length in nanoseconds with average months.
    fn average_nanoseconds(&self) -> i128 {
        let months = i128::from(self.months) * i128::from(SECONDS_PER_MONTH);
        let days = i128::from(self.days) * i128::from(NANOSECONDS_PER_DAY);
        months * i128::from(NANOSECONDS_PER_SECOND) + days + self.time_nanoseconds()
    }
}

/// Numerators over one denominator, of which a duration is made by carrying fractions down.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) months: i128,
    pub(super) days: i128,
    pub(super) seconds: i128,
    pub(super) nanoseconds: i128,
}

/// A remainder times the nanoseconds of a month must fit in 128 bits.
const DENOMINATOR_MAX: i128 = 10_000_000_000_000_000_000_000;

impl Parts {
    /// Adds a number of a unit, times 10 to the power of [`FRACTION_DIGITS`].
    pub(super) fn add(&mut self, unit: &str, number: i128) -> Result<(), TemporalError> {
        let (part, factor) = match unit {
            "years" => (&mut self.months, 12),
            "quarters" => (&mut self.months, 3),
            "months" => (&mut self.months, 1),
            "weeks" => (&mut self.days, 7),
            "days" => (&mut self.days, 1),
            "hours" => (&mut self.seconds, 3_600),
            "minutes" => (&mut self.seconds, 60),
            "seconds" => (&mut self.seconds, 1),
            _ => {
                // Whole seconds apart, so that large numbers of small units fit.
                let per_second = match unit {
                    "milliseconds" => 1_000,
                    "microseconds" => 1_000_000,
                    _ => i128::from(NANOSECONDS_PER_SECOND),
                };
                let one_second = per_second * 10_i128.pow(FRACTION_DIGITS);
                self.add("seconds", number / one_second * 10_i128.pow(FRACTION_DIGITS))?;
                let factor = i128::from(NANOSECONDS_PER_SECOND) / per_second;
                self.nanoseconds += number % one_second * factor;
                return Ok(());
            }
        };
        let sum = number.checked_mul(factor).and_then(|it| part.checked_add(it));
        *part = sum.ok_or(TemporalError::TooLong)?;
        Ok(())
    }

    /// The duration; what is left of months goes into days and so on, and what is left of
    /// nanoseconds is cut off, towards zero in both directions of time.
    pub(super) fn over(mut self, mut denominator: i128) -> Result<Duration, TemporalError> {
        // Only factors of more than 22 digits come here; their last digits change no nanosecond.
        while denominator > DENOMINATOR_MAX {
            denominator /= 10;
            for part in [&mut self.months, &mut self.days, &mut self.seconds, &mut self.nanoseconds]
            {
                *part /= 10;
            }
        }
        let day = i128::from(NANOSECONDS_PER_DAY);
        let second = i128::from(NANOSECONDS_PER_SECOND);
        let month = i128::from(SECONDS_PER_MONTH) * second;

        let days_rest = (self.months % denominator) * month + (self.days % denominator) * day;
        let days = self.days / denominator + days_rest / (day * denominator);
        let time_rest = days_rest % (day * denominator)
            + (self.seconds % denominator) * second
            + self.nanoseconds;
        let seconds =
            (self.seconds / denominator).checked_mul(second).ok_or(TemporalError::TooLong)?;
        let floor = seconds + time_rest.div_euclid(denominator);
        let is_cut = time_rest.rem_euclid(denominator) != 0;
        let nanoseconds = floor + i128::from(floor < 0 && is_cut);
        Duration::from_nanoseconds(narrow(self.months / denominator)?, narrow(days)?, nanoseconds)
    }
}

/// A number as the fraction that its shortest decimal form stands for, unless it is not finite.
fn ratio(number: f64) -> Option<(i128, i128)> {
    if !number.is_finite() {
        return None;
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numerator: i128 = format!("{whole}{fraction}").parse().ok()?;
    let exponent = exponent - fraction.len() as i32;
    let power = |n: i32| 10_i128.checked_pow(n.unsigned_abs());
    match exponent {
        0.. => match power(exponent).and_then(|it| numerator.checked_mul(it)) {
            Some(numerator) => Some((numerator, 1)),
            // So large that any unit but zero overflows, and zero stays zero.
            None => Some((i128::MAX * numerator.signum(), 1)),
        },
        _ => match power(exponent) {
            Some(denominator) => Some((numerator, denominator)),
            // So small that nothing is left of any unit.
            None => Some((0, 1)),
        },
    }
}

fn fail(factor: f64) -> TemporalError {
    TemporalError::Factor { factor: factor.to_string() }
}

pub(super) fn narrow(number: i128) -> Result<i64, TemporalError> {
    i64::try_from(number).map_err(|_| TemporalError::TooLong)
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.average_nanoseconds(), it.months, it.days);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Duration {
    type Err = TemporalError;

    /// Reads `P1Y2M3W4DT5H6M7.5S`, any of its parts with sign and fraction, and
    /// `P2012-02-02T14:37:21.545`.
    fn from_str(text: &str) -> Result<Self, TemporalError> {
        parse::duration(text)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ZERO {
            return f.write_str("PT0S");
        }
        f.write_str("P")?;
        let mut write_part = |number: i64, unit: char| match number {
            0 => Ok(()),
            _ => write!(f, "{number}{unit}"),
        };
        write_part(self.months / MONTHS_PER_YEAR, 'Y')?;
        write_part(self.months % MONTHS_PER_YEAR, 'M')?;
        write_part(self.days, 'D')?;
        let nanoseconds = self.time_nanoseconds();
        if nanoseconds == 0 {
            return Ok(());
        }
        let second = i128::from(NANOSECONDS_PER_SECOND);
        let sign = if nanoseconds < 0 { "-" } else { "" };
        let (seconds, fraction) = (nanoseconds.abs() / second, nanoseconds.abs() % second);
        let (hour, minute) = (i128::from(SECONDS_PER_HOUR), i128::from(SECONDS_PER_MINUTE));
        f.write_str("T")?;
        if seconds >= hour {
            write!(f, "{sign}{}H", seconds / hour)?;
        }
        if seconds / minute % 60 != 0 {
            write!(f, "{sign}{}M", seconds / minute % 60)?;
        }
        if seconds % minute != 0 || fraction != 0 {
            write!(f, "{sign}{}", seconds % minute)?;
            write_fraction(f, fraction as i64)?;
            f.write_str("S")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
