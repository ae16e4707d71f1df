//! Numbers as reports write them, exactly: no floating point.

/// What a count says. Counts are compared with zero only, so one of any size is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Nothing, as `""` (Istanbul's for what has no counter).
    Zero,
    /// More than zero: `1`, `1.0`, `1e99`, a number beyond 2^64.
    Positive,
    /// Less than zero.
    Negative,
    /// No number.
    NoNumber,
}

impl Count {
    /// Reads digits with an optional sign, fraction and exponent.
    #[inline]
    pub fn of(text: &[u8]) -> Count {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == text.len() {
            return if text.iter().any(|&byte| byte != b'0') { Count::Positive } else { Count::Zero };
        }
        Count::of_odd(text)
    }

    #[cold]
    fn of_odd(text: &[u8]) -> Count {
        let (negative, unsigned) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let exponent = unsigned.iter().position(|byte| matches!(byte, b'e' | b'E'));
        let (mantissa, exponent) = unsigned.split_at(exponent.unwrap_or(unsigned.len()));
        let point = mantissa.iter().filter(|&&byte| byte == b'.').count();
        let digits = mantissa.iter().filter(|byte| byte.is_ascii_digit()).count();
        let power = match exponent {
            [_, b'-' | b'+', rest @ ..] | [_, rest @ ..] => rest,
            [] => b"0",
        };
        let is_number = digits > 0 && point <= 1 && point + digits == mantissa.len();
        if !is_number || power.is_empty() || !power.iter().all(u8::is_ascii_digit) {
            return Count::NoNumber;
        }
        match mantissa.iter().any(|byte| (b'1'..=b'9').contains(byte)) {
            false => Count::Zero,
            true if negative => Count::Negative,
            true => Count::Positive,
        }
    }
}

/// A whole number: digits, perhaps with a fraction of zeros. `None` for anything else, and beyond 2^64.
#[inline]
pub fn whole(text: &[u8]) -> Option<u64> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let zeros = rest.is_empty() || rest.strip_prefix(b".").is_some_and(|zeros| zeros.iter().all(|&byte| byte == b'0'));
    if digits.is_empty() || !zeros {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// The earliest and the latest time that a report can have been made at, in seconds since 1970: the years 2000 and 2100.
const TIMES_S: std::ops::Range<u64> = 946_684_800..4_102_444_800;

/// A time in seconds or milliseconds since 1970, with or without a fraction, as seconds; `None` for one outside of 2000 to
/// 2100, such as the 0 of those who know none.
pub fn unix_time_s(text: &[u8]) -> Option<i64> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    if rest.first().is_some_and(|&byte| byte != b'.') {
        return None;
    }
    let value = whole(digits)?;
    let seconds = if TIMES_S.contains(&value) { value } else { value / 1000 };
    TIMES_S.contains(&seconds).then(|| i64::try_from(seconds).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_every_writing() {
        let zero = ["", "0", "000", "0.0", "-0", "0e9", "+0."];
        let positive = ["1", "1.0", "00012", "18446744073709551616", "1e99", "5E-05", "+3", ".5", "0.01"];
        let negative = ["-1", "-0.5", "-1e3"];
        let none =
            ["=====", "-", "+", ".", "1e", "e5", "1e+", "1.2.3", "NaN", "undefined", "0x10", "1 2", "--1", "1e5.0"];
        for (texts, wanted) in [
            (&zero[..], Count::Zero),
            (&positive, Count::Positive),
            (&negative, Count::Negative),
            (&none, Count::NoNumber),
        ] {
            for text in texts {
                assert_eq!(Count::of(text.as_bytes()), wanted, "{text}");
            }
        }
    }

    #[test]
    fn whole_numbers() {
        for (text, value) in [("0", 0), ("12", 12), ("7.0", 7), ("7.", 7), ("18446744073709551615", u64::MAX)] {
            assert_eq!(whole(text.as_bytes()), Some(value), "{text}");
        }
        for text in ["", ".0", "-1", "1.5", "18446744073709551616", "1e3", "undefined"] {
            assert_eq!(whole(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn times_in_seconds_and_milliseconds() {
        for text in ["1768334355", "1768334355123", "1768334355123.5", "1768334355.999"] {
            assert_eq!(unix_time_s(text.as_bytes()), Some(1_768_334_355), "{text}");
        }
        for text in ["", "0", "-1", "5", "99999999999999999", "2024-01-01", "1768334355x"] {
            assert_eq!(unix_time_s(text.as_bytes()), None, "{text}");
        }
    }
}
