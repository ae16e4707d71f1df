//! Times as runners write them, to whole nanoseconds by integer arithmetic: the same on every machine.
//!
//! | text | read as |
//! | --- | --- |
//! | `1.5`, `.5`, `5.`, `4.5e-05` | seconds |
//! | `1,234.5`, `1,234,567` (Surefire) | the comma separates thousands |
//! | `1.234,5` | the dot separates thousands, the comma is the decimal sign |
//! | `0,123`, `1,234` | one comma and no dot: a decimal comma. Surefire would write a time of exactly 1234 whole seconds so as well; a test of 1.234 s in a report of a runner with a German locale is far more common |
//! | `1.5s`, `12ms` | the unit that is written |
//! | digits beyond the ninth decimal | rounded half up |
//! | `-0.01` | [`Seconds::Negative`] |
//! | more than [`MAX_SECONDS`] | [`Seconds::Absurd`] |
//! | `tbd`, `NaN`, `inf`, nothing | [`Seconds::Unreadable`] |
//!
//! In the nanosecond dialect of container-structure-test (see [`super::NoticeKind::NanosecondTimes`]) whole numbers are
//! nanoseconds; a number with a fraction is still seconds.

/// 7 days: no CI host lets a job run longer (GitHub self-hosted: 5 days), so no test in it can.
pub const MAX_SECONDS: u64 = 7 * 24 * 3600;

const NS_PER_S: u128 = 1_000_000_000;
const MAX_NS: u128 = MAX_SECONDS as u128 * NS_PER_S;

/// What a whole number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, the rule.
    Seconds,
    /// Nanoseconds, in a report recognised as such.
    Nanoseconds,
}

/// A time that was read, or why it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seconds {
    /// Nanoseconds, at most [`MAX_SECONDS`].
    Ns(u64),
    /// Below zero.
    Negative,
    /// Above [`MAX_SECONDS`].
    Absurd,
    /// No number.
    Unreadable,
}

/// Reads one time.
pub fn parse(text: &str, unit: Unit) -> Seconds {
    if let Some(ns) = plain_seconds(text.as_bytes()) {
        return Seconds::Ns(ns);
    }
    let bytes = text.trim_ascii().as_bytes();
    if unit == Unit::Nanoseconds && !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) {
        return scaled(bytes, 0, -9);
    }
    let (negative, bytes) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    let (bytes, shift) = match bytes {
        [rest @ .., b'm', b's'] => (rest, -3),
        [rest @ .., b's'] => (rest, 0),
        _ => (bytes, 0),
    };
    let (number, exponent) = match bytes.iter().position(|b| matches!(b, b'e' | b'E')) {
        Some(at) => match read_exponent(&bytes[at + 1..]) {
            Some(exponent) => (&bytes[..at], exponent),
            None => return Seconds::Unreadable,
        },
        None => (bytes, 0),
    };
    let Some(decimals) = decimals(number) else {
        return Seconds::Unreadable;
    };
    match scaled(number, decimals, exponent + shift) {
        Seconds::Ns(0) => Seconds::Ns(0),
        Seconds::Ns(_) | Seconds::Absurd if negative => Seconds::Negative,
        other => other,
    }
}

/// `12.345`, as nearly all times are written: up to five digits, a dot, up to nine digits.
#[inline]
fn plain_seconds(bytes: &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    let mut dot = None;
    if bytes.len() > 15 {
        return None;
    }
    for (at, &b) in bytes.iter().enumerate() {
        match b {
            b'0'..=b'9' => value = value * 10 + u64::from(b - b'0'),
            b'.' if dot.is_none() && (1..=5).contains(&at) => dot = Some(at),
            _ => return None,
        }
    }
    const POWERS: [u64; 10] = [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    POWERS.get(bytes.len() - dot? - 1).map(|power| value * power)
}

/// Whether this can only be nanoseconds: a whole number that would be more than [`MAX_SECONDS`].
pub(super) fn only_nanoseconds(text: &str) -> bool {
    let bytes = text.trim_ascii().as_bytes();
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) && scaled(bytes, 0, 0) == Seconds::Absurd
}

/// At most three digits: anything larger overflows or vanishes all the same.
fn read_exponent(bytes: &[u8]) -> Option<i32> {
    let text = std::str::from_utf8(bytes).ok()?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse::<i32>().unwrap_or(999).min(999);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// How many digits stand after the decimal sign; `None` when this is no number.
fn decimals(number: &[u8]) -> Option<i32> {
    let (mut digits, mut dots, mut commas) = (0, 0, 0);
    let (mut last_dot, mut last_comma) = (0, 0);
    for (at, b) in number.iter().enumerate() {
        match b {
            b'0'..=b'9' => digits += 1,
            b'.' => (dots, last_dot) = (dots + 1, at),
            b',' => (commas, last_comma) = (commas + 1, at),
            _ => return None,
        }
    }
    let sign = match (dots, commas) {
        _ if digits == 0 => return None,
        (0, 0) => return Some(0),
        (1, 0) => last_dot,
        (0, 1) => last_comma,
        (1, _) if last_comma < last_dot && in_thousands(&number[..last_dot], b',') => last_dot,
        (_, 1) if last_dot < last_comma && in_thousands(&number[..last_comma], b'.') => last_comma,
        (0, _) if in_thousands(number, b',') => return Some(0),
        (_, 0) if in_thousands(number, b'.') => return Some(0),
        _ => return None,
    };
    i32::try_from(number.len() - sign - 1).ok()
}

/// One to three digits, then groups of exactly three.
fn in_thousands(number: &[u8], separator: u8) -> bool {
    let mut groups = number.split(|&b| b == separator);
    groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3 && group.iter().all(u8::is_ascii_digit))
}

/// The digits of `number`, of which the last `decimals` are a fraction, times 10^`exponent` seconds.
fn scaled(number: &[u8], decimals: i32, exponent: i32) -> Seconds {
    // 30 significant digits fit a u128 with room for the scale; what comes later is below any rounding.
    const SIGNIFICANT: u32 = 30;
    let (mut value, mut significant, mut dropped) = (0_u128, 0, 0_i32);
    for b in number.iter().filter(|b| b.is_ascii_digit()) {
        if significant == SIGNIFICANT {
            dropped = dropped.saturating_add(1);
            continue;
        }
        value = value * 10 + u128::from(b - b'0');
        significant += u32::from(value != 0);
    }
    if value == 0 {
        return Seconds::Ns(0);
    }
    let power = exponent.saturating_add(9).saturating_add(dropped).saturating_sub(decimals);
    let ns = if power >= 0 {
        10_u128.checked_pow(power.unsigned_abs()).and_then(|scale| value.checked_mul(scale))
    } else {
        match 10_u128.checked_pow(power.unsigned_abs()) {
            Some(scale) => Some((value + scale / 2) / scale),
            None => Some(0),
        }
    };
    match ns.filter(|&ns| ns <= MAX_NS).and_then(|ns| u64::try_from(ns).ok()) {
        Some(ns) => Seconds::Ns(ns),
        None => Seconds::Absurd,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seconds(text: &str) -> Seconds {
        parse(text, Unit::Seconds)
    }

    #[test]
    fn times_as_runners_write_them() {
        for (text, ns) in [
            ("0", 0),
            ("1", 1_000_000_000),
            ("1.5", 1_500_000_000),
            (".5", 500_000_000),
            ("5.", 5_000_000_000),
            (" 0.25 ", 250_000_000),
            ("+2", 2_000_000_000),
            ("1,234.5", 1_234_500_000_000),
            ("12,345.678", 12_345_678_000_000),
            ("123,456", 123_456_000_000),
            ("0,123", 123_000_000),
            ("1,5", 1_500_000_000),
            ("100,234,5", u64::MAX),
            ("1.234,5", 1_234_500_000_000),
            ("4.5e-05", 45_000),
            ("4.5E-05", 45_000),
            ("1e-400", 0),
            ("1.5e2", 150_000_000_000),
            ("18.851395190999995", 18_851_395_191),
            ("17.756154000000002", 17_756_154_000),
            ("0.0000000005", 1),
            ("0.00000000049", 0),
            ("1.5s", 1_500_000_000),
            ("12ms", 12_000_000),
            ("0.5ms", 500_000),
            ("-0.0", 0),
            ("604800", 604_800_000_000_000),
        ] {
            let expected = if ns == u64::MAX { Seconds::Unreadable } else { Seconds::Ns(ns) };
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "", " ", "tbd", "NaN", "inf", "-", ".", ",", "1.2.3", "1,2,3", "1e", "1e+", "e5", "0x10", "1 2", "00:01",
            "s", "ms",
        ] {
            assert_eq!(seconds(text), Seconds::Unreadable, "{text:?}");
        }
        for text in ["-1", "-0.001", "-1e30"] {
            assert_eq!(seconds(text), Seconds::Negative, "{text:?}");
        }
        for text in ["604800.1", "1e9", "1e999999999999", "99999999999999999999999999999999999999999999"] {
            assert_eq!(seconds(text), Seconds::Absurd, "{text:?}");
        }
    }

    #[test]
    fn whole_nanoseconds_only_where_the_report_has_them() {
        assert_eq!(parse("999638317", Unit::Nanoseconds), Seconds::Ns(999_638_317));
        assert_eq!(parse("1.5", Unit::Nanoseconds), Seconds::Ns(1_500_000_000));
        assert_eq!(seconds("999638317"), Seconds::Absurd);
    }

    proptest! {
        #[test]
        fn milliseconds_survive(ms in 0_u64..604_800_000) {
            let plain = format!("{}.{:03}", ms / 1000, ms % 1000);
            prop_assert_eq!(seconds(&plain), Seconds::Ns(ms * 1_000_000));
            let comma = plain.replace('.', ",");
            prop_assert_eq!(seconds(&comma), Seconds::Ns(ms * 1_000_000));
        }

        #[test]
        fn any_text_is_read_or_named(text in ".{0,60}") {
            seconds(&text);
            parse(&text, Unit::Nanoseconds);
        }

        #[test]
        fn any_digits_are_read(text in "[-+]?[0-9.,eE]{0,60}(s|ms)?") {
            if let Seconds::Ns(ns) = seconds(&text) {
                prop_assert!(u128::from(ns) <= MAX_NS);
            }
        }
    }
}
