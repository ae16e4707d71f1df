//! Smoke suites: steps in a TOML file, each a request with expectations, and captures for later steps. PURE.
#![warn(clippy::disallowed_methods)]

use crate::expectation::Expectations;
use std::collections::BTreeMap;

/// A suite as it is run.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// Name for reports.
    pub name: String,
    /// Values for `{{name}}`, in order of definition; secrets are resolved by the caller.
    pub variables: BTreeMap<String, String>,
    /// Names of `variables` that are secrets.
    pub secrets: Vec<String>,
    /// In order.
    pub steps: Vec<SuiteStep>,
}

/// One step of a suite.
#[derive(Debug, Clone, Default)]
pub struct SuiteStep {
    /// Unique in the suite.
    pub name: String,
    /// Words to choose steps by.
    pub tags: Vec<String>,
    /// 1-based line in the suite's file.
    pub line: u32,
    /// Method.
    pub method: String,
    /// Path and query below the target, or a whole URL of the same origin, with `{{name}}`.
    pub path: String,
    /// Headers, with `{{name}}` in values.
    pub headers: Vec<(String, String)>,
    /// The body, with `{{name}}`.
    pub body: Option<String>,
    /// Form fields, encoded as `application/x-www-form-urlencoded`, with `{{name}}` in values.
    pub form: Vec<(String, String)>,
    /// Redirects that are followed.
    pub redirects: u8,
    /// What is expected. Where a value holds `{{name}}` the text is filled in before the step runs, see `parse`.
    pub expect: Expectations,
    /// What later steps can use.
    pub captures: Vec<Capture>,
}

/// A value for later steps.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The variable's name.
    pub name: String,
    /// Where it comes from.
    pub from: CaptureFrom,
}

/// Where a captured value stands.
#[derive(Debug, Clone)]
pub enum CaptureFrom {
    /// The one value that a JSON path selects.
    Json(String),
    /// The first group of a pattern in the body, or all of the match.
    Body(regex::bytes::Regex),
    /// A header.
    Header(String),
    /// A cookie.
    Cookie(String),
}
