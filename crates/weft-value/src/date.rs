//! A date as a source gives it: a year, a month or a day, never padded to more than was said.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A year, a month or a day; it stands for its whole span.
///
/// Packed into 32 bits so that a snapshot can hold one for each end of millions of ties. The order
/// is that of the first day, the wider span first: `2018 < 2018-01 < 2018-01-01 < 2018-01-02`.
///
/// ```
/// use weft_value::PartialDate;
/// let year: PartialDate = "2018".parse().unwrap();
/// let day: PartialDate = "2018-12-31".parse().unwrap();
/// assert!(year.first_key() <= day.first_key() && day.last_key() <= year.last_key());
/// assert_eq!(year.to_string(), "2018");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate(i32);

/// Which of the first two numbers of `03/04/2018` is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// Only ISO 8601 is read (`2018-04-03`); a date with slashes is refused as ambiguous.
    #[default]
    IsoOnly,
    /// `03/04/2018` is the third of April; declared by the user, never guessed.
    DayFirst,
}

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DateError {
    /// Not of the form year, year-month or year-month-day.
    #[error("not a date: write a year, a month or a day as `2018`, `2018-04` or `2018-04-03`")]
    Form,
    /// The form is right, but the calendar has no such day.
    #[error("no such day in the calendar")]
    Impossible,
    /// Slashes, and nobody said which number is the day.
    #[error(
        "day and month cannot be told apart: write `2018-04-03`, or declare `--dates day-first`"
    )]
    Ambiguous,
}

impl PartialDate {
    /// The smallest and the largest year that can be written.
    pub const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

    /// Makes a date of a year and, where known, a month and a day.
    ///
    /// # Errors
    /// [`DateError::Impossible`] when the calendar has no such month or day.
    pub fn new(year: i32, month: Option<u8>, day: Option<u8>) -> Result<Self, DateError> {
        if !Self::YEARS.contains(&year) || (month.is_none() && day.is_some()) {
            return Err(DateError::Impossible);
        }
        if let Some(month) = month {
            if !(1..=12).contains(&month) {
                return Err(DateError::Impossible);
            }
            if day.is_some_and(|day| day == 0 || day > days_in_month(year, month)) {
                return Err(DateError::Impossible);
            }
        }
        Ok(Self::pack(year, month.unwrap_or(0), day.unwrap_or(0)))
    }

    /// Reads a date in the order that was declared.
    ///
    /// # Errors
    /// See [`DateError`].
    pub fn parse(text: &str, order: DateOrder) -> Result<Self, DateError> {
        let text = text.trim();
        if text.contains('/') {
            return match order {
                DateOrder::IsoOnly => Err(DateError::Ambiguous),
                DateOrder::DayFirst => Self::parse_day_first(text),
            };
        }
        let mut parts = text.split('-');
        let year = number(parts.next(), 4)?;
        let month = parts.next().map(|it| number(Some(it), 2)).transpose()?;
        let day = parts.next().map(|it| number(Some(it), 2)).transpose()?;
        if parts.next().is_some() {
            return Err(DateError::Form);
        }
        Self::new(year, month.map(|it| it as u8), day.map(|it| it as u8))
    }

    fn parse_day_first(text: &str) -> Result<Self, DateError> {
        let parts: Vec<&str> = text.split('/').collect();
        let digits = |text: &str| -> Result<i32, DateError> {
            if text.is_empty() || text.len() > 2 || !text.bytes().all(|it| it.is_ascii_digit()) {
                return Err(DateError::Form);
            }
            text.parse().map_err(|_| DateError::Form)
        };
        match parts.as_slice() {
            [month, year] => Self::new(number(Some(year), 4)?, Some(digits(month)? as u8), None),
            [day, month, year] => Self::new(
                number(Some(year), 4)?,
                Some(digits(month)? as u8),
                Some(digits(day)? as u8),
            ),
            _ => Err(DateError::Form),
        }
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0 >> 9
    }

    /// The month, if the source gave one.
    pub fn month(self) -> Option<u8> {
        Some(((self.0 >> 5) & 0xf) as u8).filter(|&it| it > 0)
    }

    /// The day of the month, if the source gave one.
    pub fn day(self) -> Option<u8> {
        Some((self.0 & 0x1f) as u8).filter(|&it| it > 0)
    }

    /// A number that orders this date by the first day of its span.
    ///
    /// Comparable with [`PartialDate::last_key`]: a record is in at `D` if
    /// `from.first_key() <= D.last_key()` and `D.last_key() <= to.last_key()`.
    pub fn first_key(self) -> i32 {
        Self::pack(self.year(), self.month().unwrap_or(1), self.day().unwrap_or(1)).0
    }

    /// A number that orders this date by the last day of its span.
    ///
    /// The 31st stands for the last day of any month, which keeps the order without a calendar.
    pub fn last_key(self) -> i32 {
        let month = self.month().unwrap_or(12);
        let day = self.day().unwrap_or(31);
        let is_last = self.month().is_some_and(|it| day >= days_in_month(self.year(), it));
        Self::pack(self.year(), month, if is_last { 31 } else { day }).0
    }

    /// Months between the first days of two dates, the earlier one as `self`.
    pub fn months_until(self, later: Self) -> i32 {
        let months = |it: Self| it.year() * 12 + i32::from(it.month().unwrap_or(1)) - 1;
        months(later) - months(self)
    }

    /// The day before its first day; none before the first day of all years.
    pub fn eve(self) -> Option<Self> {
        let (month, day) = (self.month().unwrap_or(1), self.day().unwrap_or(1));
        let (year, month, day) = match (month, day) {
            (1, 1) => (self.year() - 1, 12, 31),
            (_, 1) => (self.year(), month - 1, days_in_month(self.year(), month - 1)),
            _ => (self.year(), month, day - 1),
        };
        Self::new(year, Some(month), Some(day)).ok()
    }

    /// The bits, for columns of a store or a snapshot; never zero.
    pub fn to_bits(self) -> i32 {
        self.0
    }

    /// The date of those bits, if they are one.
    pub fn from_bits(bits: i32) -> Option<Self> {
        let date = Self(bits);
        Self::new(date.year(), date.month(), date.day()).ok().filter(|it| it.0 == bits)
    }

    fn pack(year: i32, month: u8, day: u8) -> Self {
        Self((year << 9) | (i32::from(month) << 5) | i32::from(day))
    }
}

fn number(text: Option<&str>, n_digits: usize) -> Result<i32, DateError> {
    let text = text.ok_or(DateError::Form)?;
    if text.len() != n_digits || !text.bytes().all(|it| it.is_ascii_digit()) {
        return Err(DateError::Form);
    }
    text.parse().map_err(|_| DateError::Form)
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text, DateOrder::IsoOnly)
    }
}

impl TryFrom<String> for PartialDate {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year())?;
        if let Some(month) = self.month() {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day() {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, DateError>) {
        let found = PartialDate::parse(text, DateOrder::DayFirst).map(|it| it.to_string());
        assert_eq!(found.as_deref().map_err(Clone::clone), expected);
    }

    #[test]
    fn reads_years_months_and_days() {
        check("2018", Ok("2018"));
        check(" 2018-04 ", Ok("2018-04"));
        check("2016-02-29", Ok("2016-02-29"));
        check("3/4/2018", Ok("2018-04-03"));
        check("04/2018", Ok("2018-04"));
    }

    #[test]
    fn refuses_what_is_no_date() {
        check("2017-02-29", Err(DateError::Impossible));
        check("2017-13", Err(DateError::Impossible));
        check("2017-00-01", Err(DateError::Impossible));
        check("31/04/2018", Err(DateError::Impossible));
        check("18", Err(DateError::Form));
        check("2018-4", Err(DateError::Form));
        check("about 2018", Err(DateError::Form));
        check("", Err(DateError::Form));
        let slash = PartialDate::parse("03/04/2018", DateOrder::IsoOnly);
        assert_eq!(slash, Err(DateError::Ambiguous));
    }

    #[test]
    fn a_date_stands_for_its_whole_span() {
        let date = |text: &str| text.parse::<PartialDate>().unwrap();
        assert!(date("2018").first_key() <= date("2018-01-01").first_key());
        assert!(date("2018").last_key() >= date("2018-12-31").last_key());
        assert_eq!(date("2018-02").last_key(), date("2018-02-28").last_key());
        assert!(date("2018-02-27").last_key() < date("2018-02").last_key());
        assert!(date("2018").last_key() < date("2019").first_key());
    }

    #[test]
    fn the_eve_is_the_day_before_the_first() {
        let check = |text: &str, expected: Option<&str>| {
            let eve = text.parse::<PartialDate>().unwrap().eve();
            assert_eq!(eve.map(|it| it.to_string()).as_deref(), expected);
        };
        check("2024-03-02", Some("2024-03-01"));
        check("2024-03", Some("2024-02-29"));
        check("2023-03-01", Some("2023-02-28"));
        check("2024", Some("2023-12-31"));
        check("0001", None);
    }

    #[test]
    fn bits_come_back_as_the_same_date() {
        for text in ["0001", "2018-04", "9999-12-31"] {
            let date: PartialDate = text.parse().unwrap();
            assert_eq!(PartialDate::from_bits(date.to_bits()), Some(date));
        }
        assert_eq!(PartialDate::from_bits(0), None);
    }
}
