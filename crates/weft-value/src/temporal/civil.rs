//! The proleptic Gregorian calendar in whole numbers: days since 1970-01-01 and back.
//!
//! Knows no limits of years; [`Date`](super::Date) holds them.

pub(super) const MONTHS_PER_YEAR: i64 = 12;
pub(super) const MONTHS_PER_QUARTER: i64 = 3;
pub(super) const DAYS_PER_WEEK: i64 = 7;
pub(super) const SECONDS_PER_MINUTE: i64 = 60;
pub(super) const SECONDS_PER_HOUR: i64 = 3_600;
pub(super) const SECONDS_PER_DAY: i64 = 86_400;
pub(super) const NANOSECONDS_PER_SECOND: i64 = 1_000_000_000;
pub(super) const NANOSECONDS_PER_DAY: i64 = SECONDS_PER_DAY * NANOSECONDS_PER_SECOND;

/// After 400 years the calendar, weekdays included, begins again.
pub(super) const YEARS_PER_CYCLE: i64 = 400;
pub(super) const DAYS_PER_CYCLE: i64 = 146_097;

/// Days from 1970-01-01 to a day of the calendar.
///
/// Years are counted from March here, so that the leap day is the last of its year.
pub(super) const fn epoch_day(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let cycle = year.div_euclid(YEARS_PER_CYCLE);
    let year_of_cycle = year.rem_euclid(YEARS_PER_CYCLE);
    let month_from_march = (month + 9) % MONTHS_PER_YEAR;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    cycle * DAYS_PER_CYCLE + day_of_cycle - 719_468
}

/// The year, month and day that lie so many days after 1970-01-01.
pub(super) fn year_month_day(epoch_day: i64) -> (i64, i64, i64) {
    let days = epoch_day + 719_468;
    let cycle = days.div_euclid(DAYS_PER_CYCLE);
    let day_of_cycle = days.rem_euclid(DAYS_PER_CYCLE);
    let year_of_cycle = (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524
        - day_of_cycle / 146_096)
        / 365;
    let day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = cycle * YEARS_PER_CYCLE + year_of_cycle + i64::from(month <= 2);
    (year, month, day)
}

pub(super) fn is_leap_year(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

pub(super) fn days_in_year(year: i64) -> i64 {
    365 + i64::from(is_leap_year(year))
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap_year(year)),
        _ => 31,
    }
}

/// Monday is 1, Sunday 7; 1970-01-01 was a Thursday.
pub(super) fn day_of_week(epoch_day: i64) -> i64 {
    (epoch_day + 3).rem_euclid(DAYS_PER_WEEK) + 1
}

/// The Monday of the first week of a week year: the week that holds the fourth of January.
pub(super) fn first_monday(week_year: i64) -> i64 {
    let fourth = epoch_day(week_year, 1, 4);
    fourth - (day_of_week(fourth) - 1)
}

/// The week year of a day and its week: a week belongs to the year that its Thursday lies in.
pub(super) fn week_year_and_week(day: i64) -> (i64, i64) {
    let thursday = day - day_of_week(day) + 4;
    let week_year = year_month_day(thursday).0;
    (week_year, (day - first_monday(week_year)) / DAYS_PER_WEEK + 1)
}

pub(super) fn weeks_in_year(week_year: i64) -> i64 {
    (first_monday(week_year + 1) - first_monday(week_year)) / DAYS_PER_WEEK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_one_by_one() {
        let (mut year, mut month, mut day) = (-801, 1, 1);
        let mut n_days = epoch_day(year, month, day);
        while year < 2_401 {
            assert_eq!(epoch_day(year, month, day), n_days);
            assert_eq!(year_month_day(n_days), (year, month, day));
            n_days += 1;
            day += 1;
            if day > days_in_month(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!(epoch_day(1970, 1, 1), 0);
    }

    /// Walks over the days of the calendar and counts weeks as a diary does.
    #[test]
    fn weeks_are_counted_as_a_diary_counts_them() {
        let start = epoch_day(1600, 1, 3);
        assert_eq!(day_of_week(start), 1);
        let (mut week_year, mut week) = (1600, 1);
        for day in start..start + DAYS_PER_CYCLE {
            if day_of_week(day) == 1 && day > start {
                week += 1;
                // A week begins a new year when most of its days lie in it.
                let in_next = (day..day + 7).filter(|&it| year_month_day(it).0 > week_year).count();
                if in_next >= 4 {
                    (week_year, week) = (week_year + 1, 1);
                }
            }
            assert_eq!(week_year_and_week(day), (week_year, week));
        }
    }
}
