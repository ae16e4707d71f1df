//! Request flows: what a visitor does in the shop, step by step, and what must come back. PURE.
//!
//! The format is described for people in the README of this folder; [`parse`] reads it, [`template`] fills in what
//! earlier steps captured, [`capture`] and [`check`] look at a response.

#![warn(clippy::disallowed_methods)]

pub mod capture;
pub mod check;
pub mod parse;
pub mod template;

use std::fmt;

use capture::Capture;
use check::Expectation;
use template::Template;

/// Largest flow file in bytes. The longest in the suite has 5 KiB.
pub const MAX_FILE_BYTES: u64 = 256 * 1024;
/// Most steps in a file.
pub const MAX_STEPS: usize = 1_000;
/// Most repetitions of a step, and most rounds of a scenario.
pub const MAX_REPEAT: u32 = 10_000;
/// Most requests that a file may make, all repetitions counted, redirects not.
/// Keeps a slip of the keyboard from running all night.
pub const MAX_REQUESTS: u64 = 100_000;
/// Most redirects that a step may follow; browsers stop at 20.
pub const MAX_REDIRECTS: u8 = 20;
/// Longest time for one request and its redirects, in milliseconds.
pub const MAX_TIMEOUT_MS: u64 = 60_000;
/// Time for one request when the step names none, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u64 = 10_000;
/// Largest response body that is read, in bytes.
pub const MAX_RESPONSE_BYTES: usize = 8 * 1024 * 1024;

/// One flow file.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Name for people: the test suite in reports.
    pub name: String,
    /// Constants for the steps: name and value.
    pub vars: Vec<(String, String)>,
    /// The scenarios in the order of the file, at least one; their names differ.
    pub scenarios: Vec<Scenario>,
}

/// Steps that are one test case in reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Name for people.
    pub name: String,
    /// Line of its first step, from 1.
    pub line: u32,
    /// How often all its steps are run, one after the other: 1 to [`MAX_REPEAT`].
    pub rounds: u32,
    /// At least one.
    pub steps: Vec<Step>,
}

/// One request, perhaps repeated.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Line in the file, from 1.
    pub line: u32,
    /// Name for messages; method and path where the file names none.
    pub name: String,
    /// One of [`parse::METHODS`].
    pub method: String,
    /// Path with its query as written in the file.
    pub path: Template,
    /// More of the query: names and values, to be percent-encoded.
    pub query: Vec<(String, Template)>,
    /// Headers to send: names and values.
    pub headers: Vec<(String, Template)>,
    /// What to send.
    pub body: Body,
    /// Forget all cookies before this step: a new visitor.
    pub fresh_session: bool,
    /// How many redirects to follow: 0 to [`MAX_REDIRECTS`].
    pub follow_redirects: u8,
    /// How often: 1 to [`MAX_REPEAT`].
    pub repeat: u32,
    /// Time for the request and its redirects: 1 to [`MAX_TIMEOUT_MS`].
    pub timeout_ms: u64,
    /// What to keep of the last response.
    pub captures: Vec<Capture>,
    /// What must be true of every response.
    pub expectations: Vec<Expectation>,
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// None.
    None,
    /// Fields, sent as `application/x-www-form-urlencoded`.
    Form(Vec<(String, Template)>),
    /// A value, sent as `application/json`; templates may stand in its strings.
    Json(serde_json::Value),
    /// Text, sent as it is; the step names its `Content-Type`.
    Text(Template),
}

/// A response as the checks see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case, and values, in the order received; bytes that are not UTF-8 replaced.
    pub headers: Vec<(String, String)>,
    /// The body, at most [`MAX_RESPONSE_BYTES`]; bytes that are not UTF-8 replaced.
    pub body: String,
    /// Path and query that the last redirect led to, when one was followed.
    pub landed_on: Option<String>,
}

impl Response {
    /// Value of the first header `name`, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why a flow file can't be used. Prints as `file:line: reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowError {
    /// The file as it was named.
    pub file: String,
    /// Line from 1.
    pub line: u32,
    /// What is wrong and what to do, on one line.
    pub message: String,
}

impl fmt::Display for FlowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for FlowError {}
