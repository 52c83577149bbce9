//! The period that a figure speaks of: one date, a span of two, or a year that straddles two.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{DateError, PartialDate};

/// `2022`, `2018/2022`, `2018/` (since), `/2022` (until), or `2021/22` (an academic or financial year).
///
/// The text is kept as it was written; the two ends can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    text: String,
    from: Option<PartialDate>,
    to: Option<PartialDate>,
}

/// Why a text is not a period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodError {
    /// One of its dates is not a date.
    #[error("{0}, or a period as `2018/2022`, `2018/` or `2021/22`")]
    Date(#[from] DateError),
    /// The end comes before the beginning.
    #[error("the period ends before it begins")]
    Reversed,
}

impl Period {
    /// The first date, if the period has a beginning.
    pub fn from(&self) -> Option<PartialDate> {
        self.from
    }

    /// The last date, if the period has an end.
    pub fn to(&self) -> Option<PartialDate> {
        self.to
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let text = text.trim();
        let Some((from, to)) = text.split_once('/') else {
            let date: PartialDate = text.parse()?;
            return Ok(Self { text: text.to_owned(), from: Some(date), to: Some(date) });
        };
        let from = if from.is_empty() { None } else { Some(from.parse::<PartialDate>()?) };
        let to = match from {
            _ if to.is_empty() => None,
            // `2021/22` is a year that straddles two, as universities and ministries count.
            Some(from) if to.len() == 2 && to.bytes().all(|it| it.is_ascii_digit()) => {
                let year = from.year() + 1;
                if to.parse::<i32>().ok() != Some(year % 100) {
                    return Err(DateError::Form.into());
                }
                Some(PartialDate::new(year, None, None)?)
            }
            _ => Some(to.parse::<PartialDate>()?),
        };
        if from.is_none() && to.is_none() {
            return Err(DateError::Form.into());
        }
        if let (Some(from), Some(to)) = (from, to)
            && from.first_key() > to.last_key()
        {
            return Err(PeriodError::Reversed);
        }
        Ok(Self { text: text.to_owned(), from, to })
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.text
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(Option<&str>, Option<&str>)>) {
        let found = text.parse::<Period>().ok();
        let ends = |it: &Period| (it.from().map(|d| d.to_string()), it.to().map(|d| d.to_string()));
        let expected = expected.map(|(from, to)| (from.map(str::to_owned), to.map(str::to_owned)));
        assert_eq!(found.as_ref().map(ends), expected);
    }

    #[test]
    fn reads_points_spans_and_straddling_years() {
        check("2022", Some((Some("2022"), Some("2022"))));
        check("2018/2022", Some((Some("2018"), Some("2022"))));
        check("2018/", Some((Some("2018"), None)));
        check("/2022-06", Some((None, Some("2022-06"))));
        check("2021/22", Some((Some("2021"), Some("2022"))));
        check("1999/00", Some((Some("1999"), Some("2000"))));
    }

    #[test]
    fn refuses_reversed_and_broken_periods() {
        check("2022/2018", None);
        check("2021/23", None);
        check("/", None);
        check("recently", None);
    }
}
