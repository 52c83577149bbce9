//! What openCypher says of temporal values, written as tables of texts.

use std::collections::BTreeMap;

use super::*;
use crate::Value;

/// A morning in July, in UTC.
fn clock() -> Clock {
    let zone = "Z".parse().unwrap();
    Clock { seconds: 1_720_000_000, nanoseconds: 5, zone }
}

/// A map as JSON, in which `date('...')` and the like may stand as texts.
fn fields(json: &str) -> BTreeMap<String, Value> {
    let mut fields: BTreeMap<String, Value> = serde_json::from_str(json).unwrap();
    for value in fields.values_mut() {
        if let Value::String(text) = value
            && text.ends_with(')')
        {
            *value = temporal(text).into();
        }
    }
    fields
}

/// `date(2015-07-21)` and the like, or a map behind the name.
fn temporal(call: &str) -> Temporal {
    let (kind, argument) = call.split_once(['(', '{']).unwrap();
    let argument = &argument[..argument.len() - 1];
    let kind = kind_of(kind);
    if call.ends_with('}') {
        kind.from_fields(&fields(&format!("{{{argument}}}")), &clock()).unwrap()
    } else {
        kind.parse(argument, &clock()).unwrap()
    }
}

fn kind_of(name: &str) -> TemporalType {
    match name {
        "date" => TemporalType::Date,
        "localtime" => TemporalType::LocalTime,
        "time" => TemporalType::Time,
        "localdatetime" => TemporalType::LocalDateTime,
        "datetime" => TemporalType::DateTime,
        other => panic!("{other}"),
    }
}

fn duration(text: &str) -> Duration {
    if text.starts_with('{') {
        Duration::from_fields(&fields(text)).unwrap()
    } else {
        text.parse().unwrap()
    }
}

#[track_caller]
fn check<T: ToString>(found: Result<T, TemporalError>, expected: &str) {
    let found = found.map_or_else(|it| it.to_string(), |it| it.to_string());
    assert_eq!(found, expected);
}

#[track_caller]
fn check_made(kind: &str, rows: &[(&str, &str)]) {
    for (json, expected) in rows {
        let found = kind_of(kind).from_fields(&fields(&format!("{{{json}}}")), &clock());
        let found = found.map_or_else(|it| it.to_string(), |it| it.to_string());
        assert_eq!(found, *expected, "{kind}({json})");
    }
}

#[test]
fn dates_are_made_of_any_calendar() {
    check_made(
        "date",
        &[
            (r#""year":1984,"month":10,"day":11"#, "1984-10-11"),
            (r#""year":1984,"month":10"#, "1984-10-01"),
            (r#""year":1984"#, "1984-01-01"),
            (r#""year":1984,"ordinalDay":202"#, "1984-07-20"),
            (r#""year":1984,"quarter":3,"dayOfQuarter":45"#, "1984-08-14"),
            (r#""year":1984,"quarter":3"#, "1984-07-01"),
            (r#""year":1984,"week":10,"dayOfWeek":3"#, "1984-03-07"),
            (r#""year":1816,"week":1"#, "1816-01-01"),
            (r#""year":1817,"week":1"#, "1816-12-30"),
            (r#""year":1818,"week":53"#, "1818-12-28"),
            (r#""year":1817,"week":53"#, "`week` must be between 1 and 52, not 53"),
        ],
    );
}

#[test]
fn dates_are_made_of_other_dates() {
    check_made(
        "date",
        &[
            (r#""date":"date(1984-11-11)""#, "1984-11-11"),
            (r#""date":"date(1984-11-11)","year":28"#, "0028-11-11"),
            (r#""date":"date(1984-11-11)","day":28"#, "1984-11-28"),
            (r#""date":"date(1984-11-11)","week":1"#, "1984-01-08"),
            (r#""date":"date(1984-11-11)","ordinalDay":28"#, "1984-01-28"),
            (r#""date":"date(1984-11-11)","quarter":3"#, "1984-08-11"),
            (r#""date":"date(1984-01-31)","month":2"#, "1984-02-29"),
            (r#""date":"date(1816-12-30)","week":2,"dayOfWeek":3"#, "1817-01-08"),
            (r#""date":"date(1816-12-31)","week":2"#, "1817-01-07"),
            (r#""date":"date(1816-12-31)","year":1817,"week":2"#, "1817-01-07"),
            (r#""date":"localdatetime(1984-11-11T12:31:14.645)","day":2"#, "1984-11-02"),
            (r#""date":"datetime(1984-11-11T12:00+01:00)","year":28"#, "0028-11-11"),
            (r#""date":"time(12:00)""#, "a time has no date"),
            // The last week of a year of 53 in a year of 52.
            (r#""date":"date(1818-12-31)","year":1819,"dayOfWeek":1"#, "1819-12-27"),
        ],
    );
}

#[test]
fn times_are_made_of_components_and_other_times() {
    let all =
        r#""hour":12,"minute":31,"second":14,"nanosecond":789,"millisecond":123,"microsecond":456"#;
    let base = r#""time":"time(12:31:14.645876+01:00)""#;
    check_made(
        "localtime",
        &[
            (all, "12:31:14.123456789"),
            (r#""hour":12,"minute":31,"second":14,"millisecond":645"#, "12:31:14.645"),
            (r#""hour":12"#, "12:00"),
            (base, "12:31:14.645876"),
            (&format!(r#"{base},"second":42"#), "12:31:42.645876"),
            (&format!(r#"{base},"nanosecond":42"#), "12:31:14.000000042"),
        ],
    );
    check_made(
        "time",
        &[
            (all, "12:31:14.123456789Z"),
            (r#""hour":12,"timezone":"+02:05:59""#, "12:00+02:05:59"),
            (base, "12:31:14.645876+01:00"),
            (&format!(r#"{base},"timezone":"+05:00""#), "16:31:14.645876+05:00"),
            (&format!(r#"{base},"second":42,"timezone":"+05:00""#), "16:31:42.645876+05:00"),
            (r#""time":"localtime(12:31)","timezone":"+05:00""#, "12:31+05:00"),
            (r#""time":"datetime(1984-10-11T12:00[Europe/Stockholm])""#, "12:00+01:00"),
            (r#""time":"datetime(1984-07-11T12:00[Europe/Stockholm])""#, "12:00+02:00"),
            // Without a day a zone has the offset of now, which is in July.
            (r#""hour":12,"timezone":"Europe/Stockholm""#, "12:00+02:00"),
            (r#""time":"date(1984-10-11)""#, "a date has no time of day"),
        ],
    );
}

#[test]
fn days_and_times_are_made_of_others() {
    check_made(
        "localdatetime",
        &[
            (r#""year":1984,"week":10,"dayOfWeek":3,"hour":12"#, "1984-03-07T12:00"),
            (r#""date":"date(1984-10-11)","hour":10,"minute":10"#, "1984-10-11T10:10"),
            (r#""date":"date(1984-10-11)""#, "1984-10-11T00:00"),
            (r#""year":1984,"time":"time(12:31:14+01:00)","second":42"#, "1984-01-01T12:31:42"),
            (r#""date":"date(1984-10-11)","time":"localtime(12:31)","day":28"#, "1984-10-28T12:31"),
            (r#""datetime":"datetime(1984-10-11T12:31+01:00)","day":28"#, "1984-10-28T12:31"),
            (r#""datetime":"date(1984-10-11)""#, "1984-10-11T00:00"),
        ],
    );
    let stockholm = r#""datetime(1984-10-28T12:31:14.645[Europe/Stockholm])""#;
    check_made(
        "datetime",
        &[
            (r#""year":1984,"month":10,"day":11,"hour":12"#, "1984-10-11T12:00Z"),
            (
                r#""year":1984,"ordinalDay":202,"timezone":"Europe/Stockholm""#,
                "1984-07-20T00:00+02:00[Europe/Stockholm]",
            ),
            (r#""date":"date(1984-10-11)","timezone":"+05:00""#, "1984-10-11T00:00+05:00"),
            // The zone of a value that only gives the day is not taken.
            (r#""date":"datetime(1984-10-11T12:00+01:00)","hour":10"#, "1984-10-11T10:00Z"),
            (r#""year":1984,"time":"time(12:31+01:00)""#, "1984-01-01T12:31+01:00"),
            (
                r#""year":1984,"time":"time(12:31+01:00)","timezone":"+05:00""#,
                "1984-01-01T16:31+05:00",
            ),
            (
                r#""year":1984,"time":"localtime(12:31)","timezone":"+05:00""#,
                "1984-01-01T12:31+05:00",
            ),
            (
                &format!(r#""datetime":{stockholm},"day":26,"timezone":"Pacific/Honolulu""#),
                "1984-10-26T01:31:14.645-10:00[Pacific/Honolulu]",
            ),
            (
                &format!(r#""year":1984,"month":7,"time":{stockholm}"#),
                "1984-07-01T12:31:14.645+02:00[Europe/Stockholm]",
            ),
            (r#""epochSeconds":416779,"nanosecond":999999999"#, "1970-01-05T19:46:19.999999999Z"),
            (r#""epochMillis":237821673987"#, "1977-07-15T13:34:33.987Z"),
            (r#""epochMillis":-1,"nanosecond":1"#, "1969-12-31T23:59:59.999000001Z"),
            (r#""epochSeconds":0,"timezone":"+01:00""#, "1970-01-01T01:00+01:00"),
        ],
    );
}

#[test]
fn a_zone_alone_makes_it_now() {
    check_made(
        "datetime",
        &[(
            r#""timezone":"America/Los Angeles""#,
            "2024-07-03T02:46:40.000000005-07:00[America/Los_Angeles]",
        )],
    );
    check_made("date", &[(r#""timezone":"+18:00""#, "2024-07-04")]);
    check_made("time", &[(r#""timezone":"Europe/London""#, "10:46:40.000000005+01:00")]);
    check(TemporalType::LocalTime.now(&clock()), "09:46:40.000000005");
}

#[test]
fn wrong_components_are_named() {
    check_made(
        "date",
        &[
            ("", "`year` must be given"),
            (r#""month":1"#, "`year` must be given"),
            (r#""year":1984,"day":1"#, "`month` must be given"),
            (r#""year":1984,"dayOfWeek":1"#, "`week` must be given"),
            (r#""year":1984,"month":1,"week":2"#, "`month` and `week` cannot be given together"),
            (r#""year":"1984""#, "`year` must be an integer, not a string"),
            (r#""year":1984.5"#, "`year` must be an integer, not a float"),
            (
                r#""year":9223372036854775807,"week":1"#,
                "`year` must be between -999999999 and 999999999, not 9223372036854775807",
            ),
            (r#""date":1984"#, "`date` must be a date or time, not an integer"),
            (r#""year":1984,"timezone":"Z""#, "`year` and `timezone` cannot be given together"),
        ],
    );
    check_made(
        "localtime",
        &[
            ("", "`hour` must be given"),
            (r#""minute":1"#, "`hour` must be given"),
            (r#""hour":1,"second":1"#, "`minute` must be given"),
            (r#""hour":1,"minute":1,"nanosecond":1"#, "`second` must be given"),
            (
                r#""hour":1,"minute":1,"second":1,"millisecond":1,"microsecond":1000"#,
                "`microsecond` must be between 0 and 999, not 1000",
            ),
            (
                r#""year":1"#,
                "`year` is no component of a local time; possible are `time`, `hour`, `minute`, \
                 `second`, `millisecond`, `microsecond`, `nanosecond`, `timezone`",
            ),
        ],
    );
    check_made(
        "datetime",
        &[
            (
                r#""epochSeconds":1,"year":1984"#,
                "`epochSeconds` and `year` cannot be given together",
            ),
            (
                r#""datetime":"date(1984-01-01)","time":"time(12:00)""#,
                "`datetime` and `time` cannot be given together",
            ),
            (
                r#""year":1984,"timezone":"Europe/Leeds""#,
                "no time zone is called `Europe/Leeds`; write one as `Europe/London`, `+01:00` or `Z`",
            ),
        ],
    );
}

#[track_caller]
fn check_truncated(kind: &str, rows: &[(&str, &str, &str, &str)]) {
    for (unit, value, json, expected) in rows {
        let found = unit.parse().and_then(|unit| {
            let fields = fields(&format!("{{{json}}}"));
            kind_of(kind).truncate(unit, &temporal(value), &fields, &clock())
        });
        let found = found.map_or_else(|it| it.to_string(), |it| it.to_string());
        assert_eq!(found, *expected, "{kind}.truncate({unit}, {value}, {json})");
    }
}

#[test]
fn values_are_truncated_to_every_unit() {
    let date = "date(1984-11-11)";
    check_truncated(
        "date",
        &[
            ("millennium", "date(2017-10-11)", r#""day":2"#, "2000-01-02"),
            ("century", date, "", "1900-01-01"),
            ("decade", date, "", "1980-01-01"),
            ("year", date, "", "1984-01-01"),
            ("weekYear", "date(1984-01-01)", r#""day":5"#, "1983-01-05"),
            ("weekYear", "date(1984-02-01)", "", "1984-01-02"),
            ("quarter", date, "", "1984-10-01"),
            ("month", date, "", "1984-11-01"),
            ("week", date, r#""dayOfWeek":2"#, "1984-11-06"),
            ("day", "datetime(1984-10-11T12:31+01:00)", "", "1984-10-11"),
            ("hour", date, "", "a date cannot be truncated to `hour`"),
            ("day", "time(12:31)", "", "a time has no date"),
            ("century", "date(-0001-05-05)", "", "-0100-01-01"),
            ("century", "date(-999999999-05-05)", "", &TemporalError::Overflow.to_string()),
        ],
    );
    let zoned = "datetime(1984-10-11T12:31:14.645876123-01:00)";
    check_truncated(
        "datetime",
        &[
            ("millennium", "date(2017-10-11)", "", "2000-01-01T00:00Z"),
            (
                "week",
                zoned,
                r#""timezone":"Europe/Stockholm""#,
                "1984-10-08T00:00+01:00[Europe/Stockholm]",
            ),
            ("day", zoned, r#""nanosecond":2"#, "1984-10-11T00:00:00.000000002-01:00"),
            ("hour", zoned, "", "1984-10-11T12:00-01:00"),
            ("second", zoned, "", "1984-10-11T12:31:14-01:00"),
            ("millisecond", zoned, r#""nanosecond":2"#, "1984-10-11T12:31:14.645000002-01:00"),
            ("microsecond", zoned, r#""nanosecond":2"#, "1984-10-11T12:31:14.645876002-01:00"),
            ("minute", "date(1984-10-11)", "", "a date cannot be truncated to `minute`"),
        ],
    );
    check_truncated(
        "time",
        &[
            ("day", zoned, r#""timezone":"+01:00""#, "00:00+01:00"),
            ("minute", zoned, "", "12:31-01:00"),
            ("hour", "localtime(12:31)", "", "12:00Z"),
            ("month", zoned, "", "a time cannot be truncated to `month`"),
        ],
    );
    check_truncated(
        "localtime",
        &[
            ("day", zoned, r#""nanosecond":2"#, "00:00:00.000000002"),
            ("millisecond", "time(12:31:14.645876123+01:00)", "", "12:31:14.645"),
        ],
    );
    check_truncated("localdatetime", &[("quarter", zoned, "", "1984-10-01T00:00")]);
    let unknown = "fortnight".parse::<TruncationUnit>().unwrap_err().to_string();
    assert!(unknown.starts_with("`fortnight` is no unit to truncate to; possible are `millenn"));
}

#[test]
fn durations_are_made_of_components() {
    for (json, expected) in [
        (r#"{"days":14,"hours":16,"minutes":12}"#, "P14DT16H12M"),
        (r#"{"months":5,"days":1.5}"#, "P5M1DT12H"),
        (r#"{"months":0.75}"#, "P22DT19H51M49.5S"),
        (r#"{"weeks":2.5}"#, "P17DT12H"),
        (r#"{"quarters":5}"#, "P1Y3M"),
        (r#"{"years":12,"months":5,"days":-14,"hours":16}"#, "P12Y5M-14DT16H"),
        (r#"{"minutes":12,"seconds":-60}"#, "PT11M"),
        (r#"{"seconds":2,"milliseconds":-1}"#, "PT1.999S"),
        (r#"{"seconds":-2,"milliseconds":1}"#, "PT-1.999S"),
        (r#"{"seconds":-2,"milliseconds":-1}"#, "PT-2.001S"),
        (r#"{"days":1,"milliseconds":-1}"#, "P1DT-0.001S"),
        (r#"{"seconds":60,"milliseconds":-1}"#, "PT59.999S"),
        (r#"{"seconds":-60,"milliseconds":-1}"#, "PT-1M-0.001S"),
        (r#"{"minutes":1.5,"seconds":1}"#, "PT1M31S"),
        (r#"{"days":0.7}"#, "PT16H48M"),
        (r#"{"nanoseconds":9223372036854775807}"#, "PT2562047H47M16.854775807S"),
        (r#"{"milliseconds":9223372036854775807}"#, "PT2562047788015H12M55.807S"),
    ] {
        assert_eq!(duration(json).to_string(), expected, "{json}");
    }
    for (json, expected) in [
        (r#"{"days":"1"}"#, "`days` must be a finite number, not a string"),
        (r#"{"years":9223372036854775807}"#, &TemporalError::TooLong.to_string()),
        (r#"{"days":1e300}"#, &TemporalError::TooLong.to_string()),
    ] {
        check(Duration::from_fields(&fields(json)), expected);
    }
}

#[test]
fn durations_add_up_and_scale() {
    let one = "{\"years\":12,\"months\":5,\"days\":14,\"hours\":16,\"minutes\":12,\"seconds\":70,\"nanoseconds\":1}";
    let fractions = "{\"years\":12.5,\"months\":5.5,\"days\":14.5,\"hours\":16.5,\"minutes\":12.5,\"seconds\":70.5,\"nanoseconds\":3}";
    let (one, fractions) = (duration(one), duration(fractions));
    assert_eq!(fractions.to_string(), "P12Y11M29DT33H58M13.500000003S");
    check(one.plus(&one), "P24Y10M28DT32H26M20.000000002S");
    check(one.minus(&one), "PT0S");
    check(one.plus(&fractions), "P25Y4M43DT50H11M23.500000004S");
    check(one.times(1.0), "P12Y5M14DT16H13M10.000000001S");
    check(one.times(2.0), "P24Y10M28DT32H26M20.000000002S");
    check(one.divided_by(2.0), "P6Y2M22DT13H21M8S");
    check(one.times(0.5), "P6Y2M22DT13H21M8S");
    check(one.divided_by(0.5), "P24Y10M28DT32H26M20.000000002S");
    check(duration("P1D").times(-1.5), "P-1DT-12H");
    check(duration("PT1S").divided_by(3.0), "PT0.333333333S");
    check(duration("P1M").divided_by(3.0), "P10DT3H29M42S");
    check(one.divided_by(0.0), "a duration cannot be multiplied by or divided by 0");
    check(one.times(f64::NAN), "a duration cannot be multiplied by or divided by NaN");
    check(one.times(1e300), &TemporalError::TooLong.to_string());
    check(Duration::ZERO.times(1e300), "PT0S");
    check(one.times(1e-300), "PT0S");
    let most = Duration::new(i64::MAX, i64::MIN, i64::MAX, 0).unwrap();
    check(most.plus(&most), &TemporalError::TooLong.to_string());
    check(most.negated(), &TemporalError::TooLong.to_string());
}

#[test]
fn values_move_by_durations() {
    let one = duration("P12Y5M14DT16H12M70S");
    let mixed = duration("P1M-14DT16H-12M70S");
    let fractions = duration("P12.5Y5.5M14.5DT16.5H12.5M70.5S");
    let add = |value: &str, by: &Duration| temporal(value).plus(by);
    let subtract = |value: &str, by: &Duration| temporal(value).minus(by);
    check(add("date(1984-10-11)", &one), "1997-03-25");
    check(subtract("date(1984-10-11)", &one), "1972-04-27");
    check(add("date(1984-10-11)", &mixed), "1984-10-28");
    check(subtract("date(1984-10-11)", &mixed), "1984-09-25");
    check(add("date(1984-10-11)", &fractions), "1997-10-11");
    check(subtract("date(1984-10-11)", &fractions), "1971-10-12");
    check(add("localtime(12:31:14.000000001)", &one), "04:44:24.000000001");
    check(subtract("localtime(12:31:14.000000001)", &one), "20:18:04.000000001");
    check(add("time(12:31:14+01:00)", &mixed), "04:20:24+01:00");
    check(add("localdatetime(1984-10-11T12:31:14)", &one), "1997-03-26T04:44:24");
    check(add("date(2024-01-31)", &duration("P1M")), "2024-02-29");
    // A day is as long as the clock of its zone says, 24 hours are 24 hours.
    let eve = "datetime(2017-10-28T12:00[Europe/Stockholm])";
    check(add(eve, &duration("P1D")), "2017-10-29T12:00+01:00[Europe/Stockholm]");
    check(add(eve, &duration("PT24H")), "2017-10-29T11:00+01:00[Europe/Stockholm]");
    let out = TemporalError::Overflow.to_string();
    check(add("date(+999999999-12-31)", &duration("P1D")), &out);
    check(add("datetime(+999999999-12-31T23:59:59Z)", &duration("PT1S")), &out);
    let most = Duration::new(i64::MAX, 0, 0, 0).unwrap();
    check(add("date(2024-01-31)", &most), &out);
    let most = Duration::new(0, i64::MAX, i64::MAX, 0).unwrap();
    check(add("localdatetime(2024-01-31T00)", &most), &out);
}

#[track_caller]
fn check_between(from: &str, to: &str, expected: [&str; 4]) {
    let (from, to) = (temporal(from), temporal(to));
    check(Duration::between(&from, &to), expected[0]);
    check(Duration::in_months(&from, &to), expected[1]);
    check(Duration::in_days(&from, &to), expected[2]);
    check(Duration::in_seconds(&from, &to), expected[3]);
}

#[test]
fn durations_lie_between_values_of_any_types() {
    let date = "date(1984-10-11)";
    check_between(date, "date(2015-06-24)", ["P30Y8M13D", "P30Y8M", "P11213D", "PT269112H"]);
    check_between(
        date,
        "localdatetime(2016-07-21T21:45:22.142)",
        ["P31Y9M10DT21H45M22.142S", "P31Y9M", "P11606D", "PT278565H45M22.142S"],
    );
    check_between(date, "time(16:30+0100)", ["PT16H30M", "PT0S", "PT0S", "PT16H30M"]);
    check_between("time(14:30)", "time(16:30+0100)", ["PT1H", "PT0S", "PT0S", "PT1H"]);
    check_between("localtime(14:30)", "time(16:30+0100)", ["PT2H", "PT0S", "PT0S", "PT2H"]);
    check_between(
        "localdatetime(2015-07-21T21:40:32.142)",
        "date(2015-06-24)",
        ["P-27DT-21H-40M-32.142S", "PT0S", "P-27D", "PT-669H-40M-32.142S"],
    );
    check_between(
        "datetime(2014-07-21T21:40:36.143+0200)",
        "datetime(2015-07-21T21:40:32.142+0100)",
        ["P1YT59M55.999S", "P1Y", "P365D", "PT8760H59M55.999S"],
    );
    check_between(
        "datetime(2014-07-21T21:40:36.143+0200)",
        "time(16:30+0100)",
        ["PT-4H-10M-36.143S", "PT0S", "PT0S", "PT-4H-10M-36.143S"],
    );
    check_between(
        "date(2018-03-11)",
        "date(2016-06-24)",
        ["P-1Y-8M-17D", "P-1Y-8M", "P-625D", "PT-15000H"],
    );
    check_between(
        "date(-999999999-01-01)",
        "date(+999999999-12-31)",
        ["P1999999998Y11M30D", "P1999999998Y11M", "P730484999633D", "PT17531639991192H"],
    );
}

#[test]
fn clocks_that_are_changed_lie_between() {
    let midnight = "datetime(2017-10-29T00:00[Europe/Stockholm])";
    let seconds = |from: &str, to: &str| Duration::in_seconds(&temporal(from), &temporal(to));
    check(seconds(midnight, "localtime(04:00)"), "PT5H");
    check(seconds("localdatetime(2017-10-29T00)", &midnight.replace("T00", "T04")), "PT5H");
    check(seconds(midnight, "date(2017-10-30)"), "PT25H");
    let (from, to) = (temporal(midnight), temporal("date(2017-10-30)"));
    check(Duration::between(&from, &to), "P1D");
}

#[test]
fn the_order_of_zoned_values_is_that_of_their_instants() {
    let rising = [
        "datetime(1984-10-11T12:31:14+05:00)",
        "datetime(1984-10-11T07:31:15-01:00)",
        "datetime(1984-10-11T08:31:15Z)",
        "datetime(1984-10-11T09:31:15+01:00)",
        "datetime(1984-10-11T09:31:15+01:00[Europe/Berlin])",
        "datetime(1984-10-11T09:31:15+01:00[Europe/Paris])",
    ];
    let values = rising.map(|it| match temporal(it) {
        Temporal::DateTime(it) => it,
        _ => unreachable!(),
    });
    assert!(values.is_sorted_by(|a, b| a < b), "{values:?}");
    let time = |text: &str| Time::parse(text, 0).unwrap();
    assert!(time("10:00+01:00") < time("09:35:14Z"));
    assert!(time("09:00Z") < time("10:00+01:00"));
    assert!(time("10:00+01:00") == time("1000+01"));
    assert!(duration("P1M") > duration("P30D") && duration("P1M") < duration("P31D"));
    assert!(duration("P1D") != duration("PT24H") && duration("P1D") > duration("PT24H"));
}

#[test]
fn components_can_be_asked_for() {
    #[track_caller]
    fn check(value: &str, names: &[&str], expected: &str) {
        let found: Vec<String> = names
            .iter()
            .map(|name| match value.starts_with('P') {
                true => duration(value).component(name),
                false => temporal(value).component(name),
            })
            .map(|it| it.unwrap().unwrap_or_default().to_string())
            .collect();
        assert_eq!(found.join(" "), expected);
    }
    let date = [
        "year",
        "quarter",
        "month",
        "week",
        "weekYear",
        "day",
        "ordinalDay",
        "weekDay",
        "dayOfWeek",
        "dayOfQuarter",
        "quarterDay",
    ];
    check("date(1984-10-11)", &date, "1984 4 10 41 1984 11 285 4 4 11 11");
    check("date(1984-01-01)", &["year", "weekYear", "week", "weekDay"], "1984 1983 52 7");
    let time = ["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"];
    let zone = ["timezone", "offset", "offsetMinutes", "offsetSeconds"];
    check("localtime(12:31:14.645876123)", &time, "12 31 14 645 645876 645876123");
    check("time(12:31-01:30)", &zone, "-01:30 -01:30 -90 -5400");
    check("time(12:31)", &zone, "Z Z 0 0");
    let zoned = "datetime(1984-11-11T12:31:14.645876123[Europe/Stockholm])";
    check(zoned, &zone, "Europe/Stockholm +01:00 60 3600");
    check(zoned, &["epochSeconds", "epochMillis"], "469020674 469020674645");
    check("date(1984-10-11)", &["hour", "timezone", "epochSeconds"], "  ");
    let all = [
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
    ];
    let span = "P1Y4M10DT1H1M1.111111111S";
    check(span, &all, "1 5 16 1 10 1 61 3661 3661111 3661111111 3661111111111");
    let rest = [
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
    check(span, &rest, "1 1 4 3 1 1 111 111111 111111111");
    let late = temporal("datetime(+999999999-01-01T00:00Z)");
    assert_eq!(late.component("epochMillis"), Err(TemporalError::Overflow));
    let long = Duration::new(0, 0, i64::MAX, 0).unwrap();
    assert_eq!(long.component("milliseconds"), Err(TemporalError::TooLong));
}

#[test]
fn zones_go_on_beyond_the_years_of_their_database() {
    let at = |text: &str| DateTime::parse(text, &Zone::UTC).unwrap().to_string();
    assert_eq!(at("+12024-07-03T12:00[Europe/London]"), "+12024-07-03T12:00+01:00[Europe/London]");
    assert_eq!(
        at("+999999999-01-03T12:00[Europe/London]"),
        "+999999999-01-03T12:00Z[Europe/London]"
    );
    assert_eq!(
        at("-999999999-07-03T12:00[Europe/London]"),
        "-999999999-07-03T12:00-00:01:15[Europe/London]"
    );
    let edge = DateTime::parse("+999999999-12-31T23:59:59-18:00", &Zone::UTC).unwrap();
    assert_eq!(edge.in_zone(&Zone::UTC), Err(TemporalError::Overflow));
}

#[test]
fn each_named_component_is_there() {
    let text = "2015-07-21T21:40:32.142+01:00";
    let date_time = Temporal::DateTime(DateTime::parse(text, &Zone::UTC).unwrap());
    for name in Temporal::COMPONENTS {
        assert!(date_time.component(name).unwrap().is_some(), "{name}");
    }
    let duration: Duration = "P1Y2M10DT12H45M30.25S".parse().unwrap();
    for name in Duration::COMPONENTS {
        assert!(duration.component(name).unwrap().is_some(), "{name}");
    }
}
