//! The simulator's clock: the machine's, moved by as much as a test asks.

use s3s::dto::{Timestamp, TimestampFormat};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How far a signature's time may be from the server's, as AWS has it
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>, RequestTimeTooSkewed).
pub const MAX_SKEW_S: u64 = 900;

/// What time it is for the simulator.
#[derive(Debug)]
pub(crate) struct Clock {
    offset_s: AtomicI64,
    max_skew_s: AtomicU64,
}

impl Clock {
    pub(crate) fn new() -> Clock {
        Clock { offset_s: AtomicI64::new(0), max_skew_s: AtomicU64::new(MAX_SKEW_S) }
    }

    /// Moves it to `offset_s` seconds from the machine's clock, and sets how wrong a client's may be.
    pub(crate) fn set(&self, offset_s: i64, max_skew_s: u64) {
        self.offset_s.store(offset_s, Ordering::Relaxed);
        self.max_skew_s.store(max_skew_s, Ordering::Relaxed);
    }

    pub(crate) fn max_skew_s(&self) -> u64 {
        self.max_skew_s.load(Ordering::Relaxed)
    }

    pub(crate) fn offset_s(&self) -> i64 {
        self.offset_s.load(Ordering::Relaxed)
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(self.offset_s().saturating_mul(1000))
    }

    /// Seconds since 1970.
    pub(crate) fn now_s(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }
}

/// The moment `seconds` after 1970; before it, 1970.
pub(crate) fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from(UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

fn written(seconds: i64, format: TimestampFormat) -> String {
    let mut text = Vec::new();
    // Writing to memory fails only for years that these seconds do not reach.
    let _ = timestamp(seconds).format(format, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// As in HTTP's headers: `Mon, 23 Nov 2026 16:45:00 GMT`.
pub(crate) fn http_date(seconds: i64) -> String {
    written(seconds, TimestampFormat::HttpDate)
}

/// As in AWS's XML: `2026-11-23T16:45:00.000Z`.
pub(crate) fn iso_date(seconds: i64) -> String {
    written(seconds, TimestampFormat::DateTime)
}

/// Reads `20261123T164500Z`, the form of `x-amz-date`, as seconds since 1970.
pub(crate) fn parse_amz_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 16 || bytes[8] != b'T' || bytes[15] != b'Z' {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<i64>().ok());
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Days of the proleptic Gregorian calendar
/// (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>).
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amz_date_is_the_moment_that_it_names() {
        assert_eq!(parse_amz_date("19700101T000000Z"), Some(0));
        assert_eq!(parse_amz_date("20260229T235960Z"), parse_amz_date("20260302T000000Z"));
        assert_eq!(parse_amz_date("20261123T164500Z"), Some(1_795_452_300));
        assert_eq!(iso_date(1_795_452_300), "2026-11-23T16:45:00.000Z");
        assert_eq!(http_date(1_795_452_300), "Mon, 23 Nov 2026 16:45:00 GMT");
        for odd in ["", "20261123T164500", "2026112301645000", "x0261123T164500Z", "20261123T1645Ü0Z"] {
            assert_eq!(parse_amz_date(odd), None, "{odd}");
        }
    }
}
