//! A day of the calendar.

use std::fmt;

/// A day, in UTC, of the years 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// 1970 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to the month's last.
    pub day: u8,
}

/// 9999-12-31 in days since 1970-01-01.
const LAST_DAY: u32 = 2_932_896;
const SECONDS_PER_DAY: u64 = 86_400;

impl Date {
    /// That day, if there is one.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((1970..=9999).contains(&year) && (1..=last).contains(&day)).then_some(Date { year, month, day })
    }

    /// Reads `2027-01-31`.
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        let digits = |at: std::ops::Range<usize>| bytes[at].iter().all(u8::is_ascii_digit);
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !digits(0..4) || !digits(5..7) || !digits(8..10)
        {
            return None;
        }
        Date::new(text[0..4].parse().ok()?, text[5..7].parse().ok()?, text[8..10].parse().ok()?)
    }

    /// The day in UTC of a Unix time; the last that can be written for any after it.
    pub fn of_unix_seconds(seconds: u64) -> Date {
        Date::of_days(u32::try_from(seconds / SECONDS_PER_DAY).unwrap_or(LAST_DAY))
    }

    /// That many days later, at most 9999-12-31.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Date {
        Date::of_days(self.days().saturating_add(days))
    }

    /// Days from this day to that one; negative when it is past.
    pub fn days_until(self, other: Date) -> i64 {
        i64::from(other.days()) - i64::from(self.days())
    }

    /// Days since 1970-01-01: <https://howardhinnant.github.io/date_algorithms.html>, `days_from_civil`.
    fn days(self) -> u32 {
        let year = u32::from(self.year) - u32::from(self.month <= 2);
        let era = year / 400;
        let year_of_era = year % 400;
        let month = (u32::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + u32::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The reverse, `civil_from_days`.
    fn of_days(days: u32) -> Date {
        let days = days.min(LAST_DAY) + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + u32::from(month <= 2);
        let narrow = |number: u32| u8::try_from(number).unwrap_or(1);
        Date { year: u16::try_from(year).unwrap_or(9999), month: narrow(month), day: narrow(day) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        let date = |text: &str| Date::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(date("1970-01-01").days(), 0);
        assert_eq!(date("9999-12-31").days(), LAST_DAY);
        assert_eq!(Date::of_unix_seconds(1_801_353_599), date("2027-01-30"));
        assert_eq!(Date::of_unix_seconds(1_801_353_600), date("2027-01-31"));
        assert_eq!(Date::of_unix_seconds(u64::MAX), date("9999-12-31"));
        assert_eq!(date("2028-02-28").plus_days(2), date("2028-03-01"));
        assert_eq!(date("2027-02-28").plus_days(1), date("2027-03-01"));
        assert_eq!(date("2027-01-31").days_until(date("2027-01-30")), -1);
        assert!((0..=LAST_DAY).step_by(97).all(|day| Date::of_days(day).days() == day));
        let mut before = Date::of_days(0);
        for day in 1..200_000 {
            let next = Date::of_days(day);
            assert!(next > before && Date::new(next.year, next.month, next.day) == Some(next), "{next}");
            before = next;
        }
        for bad in [
            "2027-02-29",
            "2100-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "1969-12-31",
            "27-01-01",
            "2027-1-01x",
            "+027-01-01",
            "2027-01-é",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }
}
