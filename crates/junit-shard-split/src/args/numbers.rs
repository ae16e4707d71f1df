//! Numbers as people write them, read exactly: no floating point stands between an input and a decision.

/// Parts in a million, the unit of every share.
pub const MILLION: u64 = 1_000_000;

/// A share as parts in a million: `90%`, `90` or `0.9`. `1` is refused, since it may mean 1 % or all.
pub fn share_ppm(text: &str) -> Result<u64, String> {
    let trimmed = text.trim();
    let (number, percent) = match trimmed.strip_suffix('%') {
        Some(number) => (number.trim_end(), true),
        None => (trimmed, false),
    };
    let ppm = decimal(number, 6).ok_or(format!("`{text}` is not a share; write it like 90% or 0.9"))?;
    if !percent && ppm == MILLION {
        return Err(format!("`{text}` may mean 1% or 100%; write the percent sign"));
    }
    let ppm = if percent || ppm > MILLION { ppm / 100 } else { ppm };
    if ppm > MILLION { Err(format!("`{text}` is more than 100%")) } else { Ok(ppm) }
}

/// A duration in microseconds: `300`, `1.5`, `30s`, `5m`, `1h` or `250ms`; a bare number is seconds.
pub fn duration_us(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a duration; write it like 30s, 5m or 1.5");
    let trimmed = text.trim();
    let (number, unit_us) = if let Some(number) = trimmed.strip_suffix("ms") {
        (number, 1_000)
    } else if let Some(number) = trimmed.strip_suffix('s') {
        (number, MILLION)
    } else if let Some(number) = trimmed.strip_suffix('m') {
        (number, 60 * MILLION)
    } else if let Some(number) = trimmed.strip_suffix('h') {
        (number, 3600 * MILLION)
    } else {
        (trimmed, MILLION)
    };
    let millionths = decimal(number.trim_end(), 6).ok_or_else(wrong)?;
    let us = u128::from(millionths) * u128::from(unit_us) / u128::from(MILLION);
    u64::try_from(us).map_err(|_| wrong())
}

/// A whole number of a range.
pub fn whole(name: &str, text: &str, range: std::ops::RangeInclusive<usize>) -> Result<usize, String> {
    match text.trim().parse::<usize>() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("`{name}` is `{text}`; it must be a whole number from {} to {}", range.start(), range.end())),
    }
}

/// A decimal number without sign or exponent, in units of 10^-places; further places are cut off.
fn decimal(text: &str, places: usize) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut value: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    for place in 0..places {
        let digit = fraction.as_bytes().get(place).map_or(0, |byte| u64::from(byte - b'0'));
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    Some(value)
}

/// Microseconds as seconds with three places, rounded half up: for people and outputs, never for a decision.
pub fn seconds(us: u64) -> String {
    let ms = us.saturating_add(500) / 1000;
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        for (text, ppm) in [
            ("90%", 900_000),
            ("90", 900_000),
            ("0.9", 900_000),
            ("1%", 10_000),
            ("100%", 1_000_000),
            ("0", 0),
            ("1.0%", 10_000),
            (".5", 500_000),
            ("12.5%", 125_000),
        ] {
            assert_eq!(share_ppm(text), Ok(ppm), "{text}");
        }
        for text in ["1", "1.0", "101%", "-1", "x", "", "%", "1e-1", "0,9"] {
            assert!(share_ppm(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, us) in [
            ("300", 300_000_000),
            ("1.5", 1_500_000),
            ("30s", 30_000_000),
            ("5m", 300_000_000),
            ("1h", 3_600_000_000),
            ("250ms", 250_000),
            ("0", 0),
        ] {
            assert_eq!(duration_us(text), Ok(us), "{text}");
        }
        for text in ["", "-1", "5 minutes", "1e3", "99999999999999999999", "s"] {
            assert!(duration_us(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_have_three_places() {
        assert_eq!(seconds(1_234_567), "1.235");
        assert_eq!(seconds(0), "0.000");
        assert_eq!(seconds(999_500), "1.000");
    }
}
