//! The texts by which stores and files keep temporal values.
//!
//! They are older than openCypher's and differ from them a little (seconds are always written, UTC
//! is `+00:00`, durations count months); files that were written so must stay readable and equal.

use super::civil::NANOSECONDS_PER_SECOND;
use super::date::Date;
use super::duration::Duration;
use super::local_date_time::LocalDateTime;
use super::local_time::{LocalTime, write_fraction};
use super::parse;
use super::time::Time;
use super::zone::signed_offset_text;
use crate::Value;

/// The tag and the text of a temporal value; `None` for any other.
pub(crate) fn to_stored(value: &Value) -> Option<(&'static str, String)> {
    Some(match value {
        Value::Date(it) => ("$date", date_text(*it)),
        Value::LocalTime(it) => ("$localtime", time_text(*it)),
        Value::Time(it) => {
            ("$time", time_text(it.local()) + &signed_offset_text(it.offset_seconds()))
        }
        Value::LocalDateTime(it) => ("$localdatetime", date_time_text(*it)),
        Value::DateTime(it) => {
            let mut text = date_time_text(it.local()) + &signed_offset_text(it.offset_seconds());
            if let Some(zone) = it.zone_name() {
                text = format!("{text}[{zone}]");
            }
            ("$datetime", text)
        }
        Value::Duration(it) => ("$duration", duration_text(it)),
        _ => return None,
    })
}

/// The temporal value of a tag and a text; `None` when it is none.
pub(crate) fn from_stored(tag: &str, text: &str) -> Option<Value> {
    Some(match tag {
        "$date" => Value::Date(read_day(text)?),
        "$localtime" => Value::LocalTime(text.parse().ok()?),
        // A stored time always has its offset.
        "$time" if text.contains(['Z', '+', '-']) => Value::Time(Time::parse(text, 0).ok()?),
        "$localdatetime" => Value::LocalDateTime(text.parse().ok()?),
        "$datetime" => Value::DateTime(parse::stored_date_time(text).ok()?),
        "$duration" => Value::Duration(text.parse().ok()?),
        _ => return None,
    })
}

/// A date whose text says its day: what is known to the year or the month is no day.
pub(crate) fn read_day(text: &str) -> Option<Date> {
    parse::date(text).ok().filter(|it| it.is_day).map(|it| it.date)
}

fn date_text(date: Date) -> String {
    let (year, month, day) = date.year_month_day();
    // Six digits are what ISO 8601 expands a year to.
    if (-9_999..0).contains(&year) {
        format!("-{:06}-{month:02}-{day:02}", -year)
    } else {
        date.to_string()
    }
}

fn time_text(time: LocalTime) -> String {
    let mut res = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    write_fraction(&mut res, time.nanosecond()).expect("a text takes all that is written to it");
    res
}

fn date_time_text(it: LocalDateTime) -> String {
    format!("{}T{}", date_text(it.date), time_text(it.time))
}

fn duration_text(duration: &Duration) -> String {
    if *duration == Duration::ZERO {
        return "PT0S".to_owned();
    }
    let mut res = "P".to_owned();
    for (number, unit) in [(duration.months(), 'M'), (duration.days(), 'D')] {
        if number != 0 {
            res += &format!("{number}{unit}");
        }
    }
    let nanoseconds = duration.time_nanoseconds();
    if nanoseconds != 0 {
        let second = i128::from(NANOSECONDS_PER_SECOND);
        let sign = if nanoseconds < 0 { "-" } else { "" };
        res += &format!("T{sign}{}", nanoseconds.abs() / second);
        let fraction = (nanoseconds.abs() % second) as i64;
        write_fraction(&mut res, fraction).expect("a text takes all that is written to it");
        res.push('S');
    }
    res
}
