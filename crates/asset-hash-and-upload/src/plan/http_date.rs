//! The time in an HTTP header (RFC 9110, 5.6.7, IMF-fixdate): `Mon, 23 Nov 2026 16:45:00 GMT`. It is the bucket's own clock, whatever
//! this machine's says.

use super::release_id;

/// The months as they are written.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Milliseconds since 1970-01-01 UTC; `None` for anything else than an IMF-fixdate before the year 2286.
pub fn ms(text: &str) -> Option<u64> {
    let (_, date) = text.split_once(", ")?;
    let mut parts = date.split(' ');
    let (day, month, year, time, zone) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let mut clock = time.split(':');
    let (hour, minute, second) = (clock.next()?, clock.next()?, clock.next()?);
    if zone != "GMT" || parts.next().is_some() || clock.next().is_some() {
        return None;
    }
    // A release's id says the same with other separators, and its reader sees whether there is such a day.
    release_id::created_ms(&format!("{year}{month:02}{day}T{hour}{minute}{second}.000Z-00000000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_server() {
        assert_eq!(ms("Mon, 23 Nov 2026 16:45:00 GMT"), Some(1_795_452_300_000));
        assert_eq!(ms("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        for wrong in [
            "",
            "Mon, 23 Nov 2026 16:45:00 CET",
            "Mon, 31 Feb 2026 16:45:00 GMT",
            "23 Nov 2026",
            "Mon, 3 Nov 2026 16:45:00 GMT",
        ] {
            assert_eq!(ms(wrong), None, "{wrong}");
        }
    }
}
