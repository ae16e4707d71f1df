//! When a report says that it was written.

/// How far the local time of any place lies behind UTC at most: UTC-12:00.
pub const SECONDS_WEST_S: i64 = 12 * 3600;

/// A date and time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    /// Seconds since 1970 of the written date and time, as if it were UTC's.
    pub local_s: i64,
    /// Seconds east of UTC, when written.
    pub east_s: Option<i64>,
}

impl Instant {
    /// Reads `2026-11-22T22:08:17.532820+01:00` (ISO 8601, RFC 3339) and the form `2026-11-22 22:08:17 +0100` of Ruby, with
    /// or without fractions and zone.
    pub fn parse(text: &str) -> Option<Instant> {
        let number = |from: usize, to: usize| -> Option<i64> {
            let digits = text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse().ok()
        };
        let mark = |at: usize| text.as_bytes().get(at).copied();
        if mark(4)? != b'-' || mark(7)? != b'-' || mark(13)? != b':' || mark(16)? != b':' {
            return None;
        }
        matches!(mark(10)?, b'T' | b't' | b' ').then_some(())?;
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let in_range = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
        in_range.then_some(())?;
        let local_s = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
        Some(Instant { local_s, east_s: zone(text.get(19..)?)? })
    }

    /// The latest time since 1970 that this may be: without a zone, it may be the local time of any place.
    pub fn latest_s(self) -> i64 {
        self.local_s - self.east_s.unwrap_or(-SECONDS_WEST_S)
    }
}

/// Seconds east of UTC of what follows the seconds; `Some(None)` when nothing does, `None` when it is something else.
fn zone(rest: &str) -> Option<Option<i64>> {
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(None);
    }
    if matches!(rest, "Z" | "z" | "UTC") {
        return Some(Some(0));
    }
    let sign = match rest.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = rest[1..].chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..).filter(|minutes| !minutes.is_empty()).map_or(Ok(0), str::parse).ok()?;
    Some(Some(sign * (hours * 3600 + minutes * 60)))
}

/// Days from 1970-01-01 to a day of the Gregorian calendar, counted in years that begin in March, so that leap days end them.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_seconds_since_1970() {
        let at = |text: &str| Instant::parse(text).map(|instant| (instant.local_s, instant.east_s));
        assert_eq!(at("1970-01-01T00:00:00"), Some((0, None)));
        assert_eq!(at("2000-02-29T12:00:01Z"), Some((951_825_601, Some(0))));
        assert_eq!(at("2026-11-22T22:08:17.532820"), Some((1_795_385_297, None)));
        assert_eq!(at("2024-01-01T00:00:00.000+05:30"), Some((1_704_067_200, Some(19_800))));
        assert_eq!(at("2024-01-01 00:00:00 -0800"), Some((1_704_067_200, Some(-28_800))));
        assert_eq!(at("2024-01-01 00:00:00 UTC"), Some((1_704_067_200, Some(0))));
        for odd in [
            "",
            "2024",
            "2024-13-01T00:00:00",
            "2024-01-01T00:00:00 noon",
            "20é4-01-01T00:00:00",
            "2024-01-01T00:00:00+é",
        ] {
            assert_eq!(at(odd), None, "{odd}");
        }
    }

    #[test]
    fn without_a_zone_it_is_as_late_as_it_can_be() {
        let instant = Instant::parse("2024-01-01T00:00:00").unwrap();
        assert_eq!(instant.latest_s(), 1_704_067_200 + 12 * 3600);
        let instant = Instant::parse("2024-01-01T00:00:00+01:00").unwrap();
        assert_eq!(instant.latest_s(), 1_704_067_200 - 3600);
    }
}
