//! What a healthy answer looks like, and where an answer differs from it. PURE.
#![warn(clippy::disallowed_methods)]

use crate::event::{Miss, Phases};
use regex::bytes::Regex;
use std::collections::BTreeSet;

/// What is expected of one answer. An empty part expects nothing.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    /// HTTP statuses, or exit codes of a command, any of which is right.
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
    /// The path as written, such as `$.checks[*].status`.
    pub path: String,
    /// The value that every selected node has, in JSON or as bare text; `None`: at least one node is selected.
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
    Json(String),
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
pub fn misses(_expectations: &Expectations, _answer: &Answer<'_>) -> Vec<Miss> {
    Vec::new()
}

/// The version that an answer names, and the difference when it is not the expected one.
pub fn version_of(_expected: &VersionExpectation, _answer: &Answer<'_>) -> (Option<String>, Option<Miss>) {
    (None, None)
}
