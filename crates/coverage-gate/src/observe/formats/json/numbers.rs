//! Numbers of reports: counts, of which only whether they are zero matters, and lines.

use super::Refusal;
use crate::observe::reading::MAX_LINE;
use crate::plan::coverage::totals::Share;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use std::fmt;

/// How often something ran, as whether it did. Any size: tools write what overflowed as `18446744073709551615`, `1e21`,
/// or more than 64 bits. Errors: a negative count, a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hits(pub bool);

struct HitsVisitor;

impl Visitor<'_> for HitsVisitor {
    type Value = Hits;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count, a whole number that is not negative")
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Hits, E> {
        Ok(Hits(count > 0))
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<Hits, E> {
        match count {
            ..0 => Err(E::invalid_value(Unexpected::Signed(count), &self)),
            _ => Ok(Hits(count > 0)),
        }
    }

    fn visit_f64<E: Error>(self, count: f64) -> Result<Hits, E> {
        // Parsed as a float are numbers of more than 64 bits and those written with a point or an exponent.
        if !count.is_finite() || count < 0.0 || count.fract() != 0.0 {
            return Err(E::invalid_value(Unexpected::Float(count), &self));
        }
        Ok(Hits(count > 0.0))
    }
}

impl<'de> Deserialize<'de> for Hits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HitsVisitor)
    }
}

/// A line, 1-based, or 0, which some tools write for what has no line. Errors: negative, or above [`MAX_LINE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineNumber(pub u32);

struct LineVisitor;

impl Visitor<'_> for LineVisitor {
    type Value = LineNumber;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a line number up to {MAX_LINE}")
    }

    fn visit_u64<E: Error>(self, line: u64) -> Result<LineNumber, E> {
        match u32::try_from(line) {
            Ok(line) if line <= MAX_LINE => Ok(LineNumber(line)),
            _ => Err(E::invalid_value(Unexpected::Unsigned(line), &self)),
        }
    }

    fn visit_i64<E: Error>(self, line: i64) -> Result<LineNumber, E> {
        match u64::try_from(line) {
            Ok(line) => self.visit_u64(line),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(line), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for LineNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LineVisitor)
    }
}

/// Any total that a report states; more of anything was never written.
const MAX_TOTAL: u64 = 1 << 48;

/// So many of so many, as Istanbul's and LLVM's summaries have it. Errors: a number that is negative, or no whole one.
#[derive(Deserialize, Clone, Copy)]
pub struct StatedTotal {
    #[serde(alias = "count")]
    total: u64,
    covered: u64,
}

impl StatedTotal {
    /// The number. `place` is where it stands, for messages. Errors: more is covered than there is, or more than 2^48.
    pub fn share(self, place: &str) -> Result<Share, Refusal> {
        let StatedTotal { total, covered } = self;
        if covered > total {
            return Err(Refusal::malformed(format!("{place}: {covered} of {total} are covered, which can't be")));
        }
        if total > MAX_TOTAL {
            return Err(Refusal::malformed(format!("{place}: {total} is more than there can be")));
        }
        Ok(Share { covered, coverable: total })
    }
}

/// True or false; old versions of llvm-cov write 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(flag))
    }

    fn visit_u64<E: Error>(self, flag: u64) -> Result<Flag, E> {
        match flag {
            0 | 1 => Ok(Flag(flag == 1)),
            _ => Err(E::invalid_value(Unexpected::Unsigned(flag), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}
