//! What a healthy answer looks like, and where an answer differs from it. PURE.
#![warn(clippy::disallowed_methods)]

mod differences;
mod json;
mod text;
mod version;

#[cfg(test)]
mod tests;

use crate::event::{BODY_START_CHARS, Miss, Phases};
use regex::bytes::Regex;
use std::collections::BTreeSet;

pub use json::JsonPath;
pub use text::{
    MAX_PATTERN_BYTES, PATTERN_CACHE_BYTES, PATTERN_SIZE_BYTES, StatusSet, is_header_name, is_header_value,
    parse_duration_us, parse_percentile, parse_size_bounds, parse_size_bytes, pattern, text_pattern,
};

/// Characters of what a miss says was expected, or came.
pub const MAX_TEXT_CHARS: usize = 200;

/// An expectation that can't be read: what is wrong, and what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct ExpectationError {
    /// One sentence without a full stop.
    pub why: String,
}

/// What is expected of one answer. An empty part expects nothing.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    /// HTTP statuses, or exit codes of a command, any of which is right. A command has to end with 0 when the set is empty,
    /// 200 alone (the usual set of HTTP), or has numbers over 255 alone.
    pub status: BTreeSet<u16>,
    /// Headers.
    pub headers: Vec<HeaderExpectation>,
    /// Texts that stand in the body.
    pub body_contains: Vec<String>,
    /// Patterns that match somewhere in the body.
    pub body_matches: Vec<Regex>,
    /// JSON paths of the body (RFC 9535) and what they select.
    pub json: Vec<JsonExpectation>,
    /// Fewest bytes of the body.
    pub min_body_bytes: Option<u64>,
    /// Most bytes of the body.
    pub max_body_bytes: Option<u64>,
    /// What the URL looks like after redirects.
    pub final_url: Option<regex::Regex>,
    /// Days that every certificate of the chain is still valid, at least.
    pub certificate_days: Option<u32>,
    /// Longest total time, µs.
    pub max_latency_us: Option<u64>,
    /// The deployed version.
    pub version: Option<VersionExpectation>,
}

/// A header that is there, and its value when that matters.
#[derive(Debug, Clone)]
pub struct HeaderExpectation {
    /// Name, any case.
    pub name: String,
    /// A pattern that matches somewhere in one of its values; `None`: it is enough that it is there.
    pub value: Option<Regex>,
}

/// What a JSON path selects.
#[derive(Debug, Clone)]
pub struct JsonExpectation {
    /// The path, such as `$.checks[*].status`.
    pub path: JsonPath,
    /// The value that every selected node has, and at least one is selected. In JSON, or as bare text for a string: `true` is
    /// met by `true` and by `"true"`, `"true"` by the string alone. `None`: at least one node is selected.
    pub value: Option<String>,
}

/// The version that must be deployed, and where the instance says which it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionExpectation {
    /// The version: a commit, a tag, a build number.
    pub version: String,
    /// Where it stands.
    pub place: VersionPlace,
}

/// Where an instance says its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionPlace {
    /// The whole body without the blanks around it.
    Body,
    /// The one string or number that a JSON path selects in the body.
    Json(JsonPath),
    /// A header's value.
    Header(String),
}

/// What an exchange brought, as the expectations see it.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// HTTP status, or the exit code of a command.
    pub status: Option<u16>,
    /// Names in lower case and values as bytes, in the order received.
    pub headers: &'a [(String, Vec<u8>)],
    /// The body, whole (larger ones are a fault before they get here).
    pub body: &'a [u8],
    /// The URL that gave the answer.
    pub final_url: &'a str,
    /// The certificates as presented, leaf first.
    pub certificates: &'a [Certificate],
    /// Its times.
    pub phases: &'a Phases,
    /// Now, seconds since 1970.
    pub now_s: i64,
}

/// One certificate of the chain that a server presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its subject's common name, or its first alternative name.
    pub subject: String,
    /// Valid from, seconds since 1970.
    pub begins_s: i64,
    /// Valid until, seconds since 1970.
    pub ends_s: i64,
}

/// Every difference between what is expected and the answer, in the order of [`crate::event::MissKind`]. `version` apart:
/// see [`version_of`].
pub fn misses(expectations: &Expectations, answer: &Answer<'_>) -> Vec<Miss> {
    differences::of(expectations, answer)
}

/// The version that an answer names, and the difference when it is not the expected one.
///
/// Equal are two texts that are the same without the blanks around them, and two commit ids (hexadecimal, in any case) of
/// which one is an abbreviation of the other with at least 7 characters. A number without a letter counts as an abbreviation
/// of whole ids (40 or 64 characters) alone: build 2026112 is not build 20261123.
pub fn version_of(expected: &VersionExpectation, answer: &Answer<'_>) -> (Option<String>, Option<Miss>) {
    version::of(expected, answer)
}

impl VersionExpectation {
    /// Errors: an empty version, which is a variable that is not set, or more than 200 characters.
    pub fn new(version: &str, place: VersionPlace) -> Result<VersionExpectation, ExpectationError> {
        let version = version.trim();
        let refused = |why: &str| Err(ExpectationError { why: why.to_owned() });
        if version.is_empty() {
            return refused("the expected version is empty; is the variable that holds it set?");
        }
        if version.chars().count() > MAX_TEXT_CHARS {
            return refused("the expected version is longer than 200 characters");
        }
        Ok(VersionExpectation { version: version.to_owned(), place })
    }
}

/// The beginning of a body for people: at most [`BODY_START_CHARS`] characters and an ellipsis when there is more, bytes that
/// are no UTF-8 replaced, line ends as blanks. `None` when it is blank.
pub fn body_start(body: &[u8]) -> Option<String> {
    // A character takes four bytes at most; what is cut in the middle lies beyond the bound.
    let part = body.get(..(BODY_START_CHARS + 2) * 4).unwrap_or(body);
    let text = folded(&String::from_utf8_lossy(part), BODY_START_CHARS);
    (!text.is_empty()).then_some(text)
}

/// At most [`MAX_TEXT_CHARS`] characters, an ellipsis included, on one line.
fn bounded(text: &str) -> String {
    folded(text, MAX_TEXT_CHARS - 1)
}

fn folded(text: &str, most: usize) -> String {
    let mut chars = text.trim().chars();
    let mut short: String =
        chars.by_ref().take(most).map(|char| if matches!(char, '\n' | '\r') { ' ' } else { char }).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}
