//! What Ruby's `Coverage` says, as SimpleCov writes it.

use super::{Hits, Instant, LineNumber, Name};
use crate::observe::reading::MAX_LINE;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use std::fmt;

/// A line's count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineCount {
    /// It can run, and did or did not.
    Hits(bool),
    /// It cannot run, or a comment excludes it.
    None,
}

impl LineCount {
    /// Whether it ran, when it counts.
    pub fn hit(self) -> Option<bool> {
        match self {
            LineCount::Hits(hit) => Some(hit),
            LineCount::None => None,
        }
    }
}

struct LineCountVisitor;

impl Visitor<'_> for LineCountVisitor {
    type Value = LineCount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count that is not negative, null or \"ignored\"")
    }

    fn visit_unit<E: Error>(self) -> Result<LineCount, E> {
        Ok(LineCount::None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<LineCount, E> {
        match text {
            "ignored" => Ok(LineCount::None),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<LineCount, E> {
        Ok(LineCount::Hits(count > 0))
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<LineCount, E> {
        Hits::deserialize(serde::de::value::I64Deserializer::new(count)).map(|hits| LineCount::Hits(hits.0))
    }

    fn visit_f64<E: Error>(self, count: f64) -> Result<LineCount, E> {
        Hits::deserialize(serde::de::value::F64Deserializer::new(count)).map(|hits| LineCount::Hits(hits.0))
    }
}

impl<'de> Deserialize<'de> for LineCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LineCountVisitor)
    }
}

/// A branch or method of `coverage.json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Counted {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub name: Option<Name>,
    pub start_line: LineNumber,
    pub end_line: LineNumber,
    pub coverage: LineCount,
    /// The line of the condition that the branch belongs to.
    pub report_line: Option<LineNumber>,
}

/// Seconds since 1970: a number, digits, or a date.
#[derive(Debug, Clone, Copy)]
pub struct Moment(pub Option<i64>);

struct MomentVisitor;

impl Visitor<'_> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Moment, E> {
        Ok(Moment(i64::try_from(seconds).ok()))
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Moment, E> {
        Ok(Moment(Some(seconds)))
    }

    #[allow(clippy::cast_possible_truncation, reason = "whole seconds are meant, and a cast from a float saturates")]
    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Moment, E> {
        Ok(Moment(Some(seconds as i64)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
        Ok(Moment(text.parse().ok().or_else(|| Instant::parse(text).map(Instant::latest_s))))
    }

    fn visit_unit<E: Error>(self) -> Result<Moment, E> {
        Ok(Moment(None))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

/// The place of a branch or method as Ruby writes it: `[:then, 1, 13, 6, 13, 11]`, `[Foo, :bar, 2, 2, 4, 5]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `if`, `then`, `case`, …; of a method nothing that means anything.
    pub kind: String,
    /// First line.
    pub line: u32,
    column: i64,
    last_line: u32,
    last_column: i64,
}

impl Place {
    /// Reads the last four elements, which are lines and columns, and the first, which is the kind.
    pub fn parse(text: &[u8]) -> Option<Place> {
        let text = std::str::from_utf8(text).ok()?.trim();
        let inner = text.strip_prefix('[')?.strip_suffix(']')?;
        let mut from_last = inner.rsplitn(5, ',').map(str::trim);
        let last_column = from_last.next()?.parse().ok()?;
        let last_line: u32 = from_last.next()?.parse().ok()?;
        let column = from_last.next()?.parse().ok()?;
        let line: u32 = from_last.next()?.parse().ok()?;
        let names = from_last.next()?;
        let kind = names.split(',').next().unwrap_or(names).trim().trim_start_matches(':').to_owned();
        (line.max(last_line) <= MAX_LINE).then_some(Place { kind, line, column, last_line, last_column })
    }

    /// What tells places that begin on one line apart.
    pub fn columns(&self) -> String {
        format!("{}-{}:{}", self.column, self.last_line, self.last_column)
    }

    /// The whole place.
    pub fn whole(&self) -> String {
        format!("{}:{}", self.line, self.columns())
    }
}
