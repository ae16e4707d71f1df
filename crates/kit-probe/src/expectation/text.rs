//! The expectations as flags and suites write them.

use super::{ExpectationError, HeaderExpectation};
use crate::verdict::Percentile;
use regex::bytes::{Regex, RegexBuilder};
use std::collections::BTreeSet;

/// Bytes of a pattern as written; whoever needs more asks for a whole page and wants another tool.
pub const MAX_PATTERN_BYTES: usize = 4096;
/// Bytes that a compiled pattern may take: `\w{200}` still fits, nested repetitions that would fill memory don't.
pub const PATTERN_SIZE_BYTES: usize = 4 << 20;
/// Bytes of the lazy automaton's cache; when it is full, matching goes on with a slower engine that is linear as well.
pub const PATTERN_CACHE_BYTES: usize = 1 << 20;

fn refused(why: impl Into<String>) -> ExpectationError {
    ExpectationError { why: why.into() }
}

/// A pattern over bytes in the syntax of the crate `regex`: linear time, no look-around. Errors: the syntax, the bounds, the
/// empty pattern.
pub fn pattern(text: &str) -> Result<Regex, ExpectationError> {
    check_length(text)?;
    RegexBuilder::new(text)
        .size_limit(PATTERN_SIZE_BYTES)
        .dfa_size_limit(PATTERN_CACHE_BYTES)
        .build()
        .map_err(|err| pattern_error(text, &err))
}

/// The same over text, for URLs.
pub fn text_pattern(text: &str) -> Result<regex::Regex, ExpectationError> {
    check_length(text)?;
    regex::RegexBuilder::new(text)
        .size_limit(PATTERN_SIZE_BYTES)
        .dfa_size_limit(PATTERN_CACHE_BYTES)
        .build()
        .map_err(|err| pattern_error(text, &err))
}

fn check_length(text: &str) -> Result<(), ExpectationError> {
    if text.trim().is_empty() {
        return Err(refused("the pattern is empty, which matches anything; is the variable that holds it set?"));
    }
    if text.len() > MAX_PATTERN_BYTES {
        return Err(refused(format!(
            "a pattern of {} bytes is longer than {MAX_PATTERN_BYTES}; shorten it",
            text.len()
        )));
    }
    Ok(())
}

fn pattern_error(text: &str, err: &regex::Error) -> ExpectationError {
    let why = match err {
        regex::Error::CompiledTooBig(_) => {
            format!("it takes more than {PATTERN_SIZE_BYTES} bytes when compiled; use smaller repetitions")
        }
        other => {
            // The crate shows the pattern with a marker over several lines; its last line says what is wrong.
            let text = other.to_string();
            text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
    };
    refused(format!("the pattern `{}` is not valid: {why}", super::bounded(text)))
}

/// Sets of statuses as they are written.
#[derive(Debug, Clone, Copy)]
pub struct StatusSet;

impl StatusSet {
    /// `200`, `200,204`, `300-399`, `2xx`: numbers of 0 to 999 (HTTP uses 100 to 599, commands end with 0 to 255), ranges with
    /// both ends, classes. Errors: none, no number, a range that runs backwards.
    pub fn parse(text: &str) -> Result<BTreeSet<u16>, ExpectationError> {
        let mut set = BTreeSet::new();
        for part in text.split(',') {
            let part = part.trim();
            let bad = || {
                let part = super::bounded(part);
                refused(format!("`{part}` is no status; write such as `200`, `300-399`, `2xx` or `200,204`"))
            };
            let number = |text: &str| -> Result<u16, ExpectationError> {
                let text = text.trim();
                if text.is_empty() || text.len() > 3 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(bad());
                }
                text.parse().map_err(|_| bad())
            };
            let (first, last) = if let Some(class) = part.strip_suffix("xx").or_else(|| part.strip_suffix("XX")) {
                let class = number(class)?;
                if !(1..=5).contains(&class) {
                    return Err(bad());
                }
                (class * 100, class * 100 + 99)
            } else if let Some((first, last)) = part.split_once('-') {
                (number(first)?, number(last)?)
            } else {
                (number(part)?, number(part)?)
            };
            if first > last {
                return Err(refused(format!("the range `{part}` runs backwards; write `{last}-{first}`")));
            }
            set.extend(first..=last);
        }
        Ok(set)
    }
}

impl HeaderExpectation {
    /// `Name`, or `Name: pattern`. Errors: a name that HTTP does not allow, no pattern after the colon, a bad pattern.
    pub fn parse(text: &str) -> Result<HeaderExpectation, ExpectationError> {
        let (name, value) = match text.split_once(':') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (text.trim(), None),
        };
        if !is_header_name(name) {
            return Err(refused(format!(
                "`{}` is no header name; write `Name` or `Name: pattern`",
                super::bounded(name)
            )));
        }
        let value = match value {
            Some("") => {
                return Err(refused(format!(
                    "after `{name}:` there is no pattern; write one, or leave the colon off when any value is right"
                )));
            }
            Some(text) => Some(pattern(text)?),
            None => None,
        };
        Ok(HeaderExpectation { name: name.to_owned(), value })
    }
}

/// Whether HTTP allows it as a header's name: RFC 9110, section 5.6.2, `token`.
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether HTTP allows it as a header's value: no control characters but the tab, so that no value adds a header.
pub fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control())
}

/// A duration in µs: a whole number with `us`, `ms`, `s`, `m`, `h` or `d`, such as `500ms`. Errors: no number, no unit, over
/// 10,000 days.
pub fn parse_duration_us(text: &str) -> Result<u64, ExpectationError> {
    const MOST_US: u64 = 10_000 * 86_400 * 1_000_000;
    let text = text.trim();
    let bad = || {
        refused(format!(
            "`{}` is no duration; write a whole number and a unit, such as `500ms`, `30s`, `5m` or `1h`",
            super::bounded(text)
        ))
    };
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(end);
    let unit_us = match unit {
        "us" => 1,
        "ms" => 1000,
        "s" => 1_000_000,
        "m" => 60 * 1_000_000,
        "h" => 3600 * 1_000_000,
        "d" => 86_400 * 1_000_000,
        _ => return Err(bad()),
    };
    if number.is_empty() {
        return Err(bad());
    }
    let product = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_us));
    product
        .filter(|us| *us <= MOST_US)
        .ok_or_else(|| refused(format!("`{}` is longer than 10000 days", super::bounded(text))))
}

/// Bytes: a whole number, alone or with `B`, `kB` (or `KB`), `MB`, `GB`, `KiB`, `MiB`, `GiB`. Errors: no number, another unit, too many.
pub fn parse_size_bytes(text: &str) -> Result<u64, ExpectationError> {
    let text = text.trim();
    let bad = || refused(format!("`{}` is no size; write such as `2000`, `64KiB` or `1MB`", super::bounded(text)));
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(end);
    let factor: u64 = match unit.trim_start() {
        "" | "B" => 1,
        "kB" | "KB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(bad()),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(bad)
}

/// Bounds of a size, both included: `100-2000`, `100-`, `-64KiB`, or `100` for exactly so many. Errors: as
/// [`parse_size_bytes`]; a range without ends or that runs backwards.
pub fn parse_size_bounds(text: &str) -> Result<(Option<u64>, Option<u64>), ExpectationError> {
    let Some((least, most)) = text.split_once('-') else {
        let exactly = parse_size_bytes(text)?;
        return Ok((Some(exactly), Some(exactly)));
    };
    let end = |text: &str| if text.trim().is_empty() { Ok(None) } else { parse_size_bytes(text).map(Some) };
    match (end(least)?, end(most)?) {
        (None, None) => Err(refused("a range of sizes needs an end; write such as `1-` or `-64KiB`")),
        (Some(least), Some(most)) if least > most => {
            Err(refused(format!("the range of sizes `{}` runs backwards", super::bounded(text))))
        }
        bounds => Ok(bounds),
    }
}

/// `p95=300ms`, `95:300ms`, `p99.9=1s`. Errors: not within 0.1 and 100, more than one decimal, no duration.
pub fn parse_percentile(text: &str) -> Result<Percentile, ExpectationError> {
    let bad = || refused(format!("`{}` is no percentile; write such as `p95=300ms`", super::bounded(text.trim())));
    let (rank, bound) = text.trim().split_once(['=', ':']).ok_or_else(bad)?;
    let rank = rank.trim();
    let rank = rank.strip_prefix(['p', 'P']).unwrap_or(rank);
    let (whole, tenth) = rank.split_once('.').unwrap_or((rank, "0"));
    let digits =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole, 3) || !digits(tenth, 1) {
        return Err(bad());
    }
    let per_mille = whole.parse::<u32>().map_err(|_| bad())? * 10 + tenth.parse::<u32>().map_err(|_| bad())?;
    if !(1..=1000).contains(&per_mille) {
        return Err(bad());
    }
    Ok(Percentile { per_mille, max_us: parse_duration_us(bound)? })
}
