//! The time of a build, as PHP writes it: `Mon Nov 23 3:57:52 UTC 2026`.

/// Seconds since 1970; `None` for another time zone than UTC, whose abbreviations are ambiguous, and for what is no time of
/// the years 2000 to 2099.
pub(super) fn unix_time_s(text: &str) -> Option<i64> {
    let mut parts = text.split_ascii_whitespace();
    let (_, month, day, time, zone, year) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month)?;
    let number = |text: &str, from: i64, to: i64| text.parse().ok().filter(|number| (from..=to).contains(number));
    let (day, year) = (number(day, 1, 31)?, number(year, 2000, 2099)?);
    let mut clock = time.split(':');
    let (hour, minute, second) =
        (number(clock.next()?, 0, 23)?, number(clock.next()?, 0, 59)?, number(clock.next()?, 0, 60)?);
    if !matches!(zone, "UTC" | "GMT" | "Z" | "+00:00") || clock.next().is_some() {
        return None;
    }
    // In these years every fourth is a leap year, 2000 among them.
    let is_leap = year % 4 == 0;
    let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30];
    let of_years = (year - 2000) * 365 + (year - 2000 + 3) / 4;
    let days = 10_957 + of_years + lengths[..month].iter().sum::<i64>() + day - 1;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::unix_time_s;

    #[test]
    fn times_as_php_writes_them() {
        for (text, wanted) in [
            ("Mon Nov 23 3:57:52 UTC 2026", 1_795_406_272),
            ("Sat Jan 1 0:00:00 UTC 2000", 946_684_800),
            ("Thu Feb 29 23:59:59 GMT 2024", 1_709_251_199),
            ("Fri Mar 1 0:00:00 UTC 2024", 1_709_251_200),
        ] {
            assert_eq!(unix_time_s(text), Some(wanted), "{text}");
        }
        for text in
            ["", "Mon Nov 23 3:57:52 CET 2026", "Mon Nov 32 3:57:52 UTC 2026", "Mon Nov 23 3:57 UTC 2026", "2026-11-23"]
        {
            assert_eq!(unix_time_s(text), None, "{text}");
        }
    }
}
