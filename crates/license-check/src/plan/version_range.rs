//! Ranges of versions, as a policy writes them: one small language for all ecosystems. PURE.
//!
//! | written | means |
//! | --- | --- |
//! | `12.1.2`, `=12.1.2`, `==12.1.2` | that version; `12` is `12.0.0` and nothing else |
//! | `===dev-main` | that text, letter by letter; for what is no version |
//! | `*` | every version, and none |
//! | `12.*`, `12.1.x` | all that begin so |
//! | `^1.2.3` | from it to below the next change of its first number that isn't 0 (semver.org, npm, cargo, composer) |
//! | `~1.2.3` | from it to below 1.3; `~1.2` the same, but in composer, where it is `~>1.2` |
//! | `~>1.2`, `~=1.2` | from it to below 2; with three numbers below 1.3 (`RubyGems`, PEP 440) |
//! | `>=1, <2` or `>=1 <2` | both |
//! | `^1 \|\| ^2` | either |
//!
//! `<2` and the upper ends that signs imply leave out 2's own pre-releases, as PEP 440 and composer have it.
#![warn(clippy::disallowed_methods)]

mod version;

use super::package::Ecosystem;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use version::{Tail, Version};

/// Bytes of a range that is read: alternatives of a hundred versions fit.
pub const MAX_RANGE_BYTES: usize = 8192;
/// Bytes of a version that is compared by its numbers; longer ones are compared as texts.
const MAX_VERSION_BYTES: usize = 256;

/// Versions that an entry of a policy is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRange {
    ecosystem: Ecosystem,
    text: String,
    alternatives: usize,
    is_any: bool,
    /// What is no version, as written.
    texts: BTreeSet<String>,
    /// In order, and apart from each other.
    intervals: Vec<Interval>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Any,
    Text(String),
    Between(Interval),
}

/// A bound and whether it belongs to the interval.
type Bound = Option<(Version, bool)>;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Interval {
    low: Bound,
    high: Bound,
}

impl Interval {
    fn has(&self, version: &Version) -> bool {
        let above = self.low.as_ref().is_none_or(|(low, with)| version > low || (*with && version == low));
        let below = self.high.as_ref().is_none_or(|(high, with)| version < high || (*with && version == high));
        above && below
    }

    fn and(&self, other: &Interval) -> Interval {
        Interval {
            low: tighter(&self.low, &other.low, |a, b| a > b),
            high: tighter(&self.high, &other.high, |a, b| a < b),
        }
    }

    /// Whether no version can be in it.
    fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some((low, with_low)), Some((high, with_high))) => low > high || low == high && !(*with_low && *with_high),
            _ => false,
        }
    }
}

/// Where an interval begins: the lowest first, and at one version the one that has it.
fn begins_before(a: &Interval, b: &Interval) -> Ordering {
    let key = |interval: &Interval| interval.low.clone().map(|(version, with)| (version, !with));
    key(a).cmp(&key(b))
}

/// Where an interval ends: the lowest first; no end is the highest.
fn ends_before(a: &Interval, b: &Interval) -> Ordering {
    match (&a.high, &b.high) {
        (Some(a), Some(b)) => a.cmp(b),
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    }
}

/// The same versions, in intervals that are in order and apart.
fn apart(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_by(begins_before);
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match merged.last_mut() {
            Some(last) if !last.and(&interval).is_empty() => {
                if ends_before(last, &interval).is_lt() {
                    last.high = interval.high;
                }
            }
            _ => merged.push(interval),
        }
    }
    merged
}

fn tighter(a: &Bound, b: &Bound, is_tighter: fn(&Version, &Version) -> bool) -> Bound {
    match (a, b) {
        (None, other) | (other, None) => other.clone(),
        (Some(a), Some(b)) if a.0 == b.0 => Some((a.0.clone(), a.1 && b.1)),
        (Some(a), Some(b)) => Some(if is_tighter(&a.0, &b.0) { a.clone() } else { b.clone() }),
    }
}

impl VersionRange {
    /// Reads a range. Errors: one sentence that says what to write.
    pub fn parse(ecosystem: Ecosystem, text: &str) -> Result<VersionRange, String> {
        if text.len() > MAX_RANGE_BYTES {
            return Err(format!("a range of {} bytes is too long", text.len()));
        }
        if text.chars().any(char::is_control) {
            return Err("a range has no control characters".to_owned());
        }
        let (mut is_any, mut texts, mut intervals, mut alternatives) = (false, BTreeSet::new(), Vec::new(), 0);
        for alternative in text.split("||") {
            alternatives += 1;
            match part(ecosystem, alternative)? {
                Part::Any => is_any = true,
                Part::Text(text) => {
                    texts.insert(text);
                }
                Part::Between(interval) => intervals.push(interval),
            }
        }
        let text = text.trim().to_owned();
        Ok(VersionRange { ecosystem, text, alternatives, is_any, texts, intervals: apart(intervals) })
    }

    /// How many alternatives were written.
    pub fn alternatives(&self) -> usize {
        self.alternatives
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a locked version is in it. One that can't be compared is in `*`, and where its text is written.
    pub fn has(&self, version: &str) -> bool {
        self.is_any
            || self.texts.contains(version)
            || Version::parse(self.ecosystem, version).is_some_and(|version| self.has_parsed(&version))
    }

    fn has_parsed(&self, version: &Version) -> bool {
        // Only the last that begins at or below it can have it.
        let begins_above = |interval: &Interval| interval.low.as_ref().is_some_and(|(low, _)| low > version);
        let end = self.intervals.partition_point(|interval| !begins_above(interval));
        // One may begin at the version without having it, right behind one that ends there and has it.
        self.intervals[..end].iter().rev().take(2).any(|interval| interval.has(version))
    }

    /// Whether a version may be in both, of one ecosystem.
    pub fn overlaps(&self, other: &VersionRange) -> bool {
        let has_text = |range: &VersionRange, text: &str| {
            range.texts.contains(text)
                || Version::parse(range.ecosystem, text).is_some_and(|version| range.has_parsed(&version))
        };
        if self.is_any
            || other.is_any
            || self.texts.iter().any(|text| has_text(other, text))
            || other.texts.iter().any(|text| has_text(self, text))
        {
            return true;
        }
        let (mut ours, mut theirs) = (self.intervals.iter().peekable(), other.intervals.iter().peekable());
        while let (Some(a), Some(b)) = (ours.peek(), theirs.peek()) {
            if !a.and(b).is_empty() {
                return true;
            }
            // The one that ends first meets nothing further of the other.
            let _ = if ends_before(a, b).is_le() { ours.next() } else { theirs.next() };
        }
        false
    }

    /// The range that has that version, and no other that can be told from it.
    pub fn exactly(ecosystem: Ecosystem, version: &str) -> String {
        let plain = !version.is_empty()
            && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+!".contains(&byte))
            && Version::parse(ecosystem, version).is_some();
        let literal = format!("==={version}");
        let reads = |range: &str| VersionRange::parse(ecosystem, range).is_ok_and(|range| range.has(version));
        if plain && reads(version) {
            version.to_owned()
        } else if reads(&literal) {
            literal
        } else {
            "*".to_owned()
        }
    }
}

/// One alternative: comparisons that must all hold.
fn part(ecosystem: Ecosystem, text: &str) -> Result<Part, String> {
    let text = text.trim();
    if let Some(literal) = text.strip_prefix("===") {
        let literal = literal.trim();
        return if literal.is_empty() { Err(empty()) } else { Ok(Part::Text(literal.to_owned())) };
    }
    if text.contains('|') {
        return Err("write `||` between alternatives".to_owned());
    }
    if text == "*" {
        return Ok(Part::Any);
    }
    let mut whole = Interval::default();
    let mut rest = text.trim_start_matches([' ', ',']);
    if rest.is_empty() {
        return Err(empty());
    }
    while !rest.is_empty() {
        let sign_end = rest.find(|c: char| !"<>=~^!".contains(c)).unwrap_or(rest.len());
        let (sign, after) = rest.split_at(sign_end);
        let after = after.trim_start();
        let end = after.find([' ', ',', '<', '>', '=', '~', '^']).unwrap_or(after.len());
        let (version, after) = after.split_at(end);
        if version == "-" {
            return Err("a hyphen range is not read: write `>=1.0, <=2.0`".to_owned());
        }
        whole = whole.and(&interval(ecosystem, sign, version)?);
        rest = after.trim_start_matches([' ', ',']);
    }
    if whole.is_empty() {
        return Err(format!("no version can be in `{text}`"));
    }
    Ok(Part::Between(whole))
}

fn empty() -> String {
    "a version is missing; write `*` for all".to_owned()
}

/// One comparison.
fn interval(ecosystem: Ecosystem, sign: &str, text: &str) -> Result<Interval, String> {
    if text.is_empty() {
        return Err(empty());
    }
    if matches!(sign, "" | "=" | "==")
        && let Some(stem) = wildcard(text)
    {
        return begins(ecosystem, stem);
    }
    let version = Version::parse(ecosystem, text)
        .ok_or_else(|| format!("`{text}` is no version; write `==={text}` for exactly this text"))?;
    let low = Some((version.clone(), true));
    // How many numbers stay as they are; the one before the end of these is raised for the upper end.
    let kept = match sign {
        "" | "=" | "==" => return Ok(Interval { high: low.clone(), low }),
        ">=" => return Ok(Interval { low, high: None }),
        ">" => return Ok(Interval { low: Some((version, false)), high: None }),
        "<=" => return Ok(Interval { low: None, high: low }),
        "<" => return Ok(Interval { low: None, high: Some((below(version), false)) }),
        "^" => version.release.iter().position(|number| *number != 0).map_or(version.written, |first| first + 1),
        "~" if ecosystem != Ecosystem::Composer => version.written.min(2),
        "~" | "~>" | "~=" => version.written.saturating_sub(1).max(1),
        "!=" | "!" => return Err("`!=` is not read: write what is meant with `<`, `>` and `||`".to_owned()),
        other => return Err(format!("`{other}` is no sign of a range")),
    };
    let high = version.next(kept).ok_or_else(|| format!("`{text}` has too large a number"))?;
    Ok(Interval { low, high: Some((high, false)) })
}

/// `1.2` of `1.2.*`, `1.2.x`, `1.2.*.*`.
fn wildcard(text: &str) -> Option<&str> {
    let mut stem = text;
    while let Some(shorter) = [".*", ".x", ".X"].iter().find_map(|end| stem.strip_suffix(end)) {
        stem = shorter;
    }
    (stem.len() < text.len()).then_some(stem)
}

fn begins(ecosystem: Ecosystem, stem: &str) -> Result<Interval, String> {
    let version = Version::parse(ecosystem, stem)
        .filter(|version| version.tail == Tail::Final)
        .ok_or_else(|| format!("`{stem}.*` is no range: write numbers before the star"))?;
    let high = version.next(version.written).ok_or_else(|| format!("`{stem}` has too large a number"))?;
    // What begins so includes its pre-releases: 2.0.0-rc.1 is one of 2.*.
    Ok(Interval { low: Some((below(version), true)), high: Some((high, false)) })
}

/// The place below a release's own pre-releases; a pre-release itself stays.
fn below(version: Version) -> Version {
    if version.tail == Tail::Final { Version { tail: Tail::Lowest, ..version } } else { version }
}

#[cfg(test)]
mod tests;
