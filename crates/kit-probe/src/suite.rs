//! Smoke suites: steps in a TOML file, each a request with expectations, and captures for later steps. PURE.
//!
//! ```toml
//! name = "shop"
//! [variables]
//! user = "ann"
//! password = { env = "SHOP_PASSWORD", secret = true }
//! [[step]]
//! name = "log in"
//! tags = ["basket"]
//! post = "/login"
//! form = { user = "{{user}}", password = "{{password}}" }
//! expect = { status = 200, json = [{ path = "$.ok", equals = true }] }
//! capture = { ticket = { json = "$.ticket" } }
//! ```
//!
//! A step that says nothing of its status expects 200. Every key: `schemas/smoke-suite.schema.json`.
#![warn(clippy::disallowed_methods)]

mod expect;
pub(crate) mod reading;
#[cfg(any(test, feature = "fuzz"))]
pub mod strangers;
mod table;
pub(crate) mod template;

#[cfg(test)]
mod tests;

use crate::expectation::{Expectations, JsonPath};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

pub(crate) use expect::ExpectTemplates;

/// Bytes of a suite's file.
pub const MAX_SUITE_BYTES: usize = 1 << 20;
/// Steps of a suite; each is a connection, and a probe has seconds.
pub const MAX_STEPS: usize = 200;
/// Fewest bytes of a value that is a secret for its name alone; `token = "1"` would be masked in every word.
const MIN_NAMED_SECRET_BYTES: usize = 6;
/// A step with this tag runs whatever tags are asked for: logging in sets cookies that no capture names.
pub const ALWAYS: &str = "always";

/// A suite that can't be read or run: where, and what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{why}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct SuiteError {
    /// 1-based, where it has one.
    pub line: Option<u32>,
    /// One sentence without a full stop; names the key.
    pub why: String,
}

/// A suite as it is run.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    /// Name for reports.
    pub name: String,
    /// Values for `{{name}}`; those of the environment are there once [`Suite::resolve`] has filled them in.
    pub variables: BTreeMap<String, String>,
    /// Names of `variables` that are secrets.
    pub secrets: Vec<String>,
    /// Variables that come from the environment.
    pub environment: Vec<EnvironmentVariable>,
    /// In order.
    pub steps: Vec<SuiteStep>,
    /// Who has been warmed up: members of targets by index and id.
    pub(crate) warmed: Arc<Mutex<BTreeSet<(usize, String)>>>,
}

/// A variable whose value the environment has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentVariable {
    /// Its name in the suite.
    pub name: String,
    /// Its name in the environment.
    pub env: String,
    /// What it is when the environment has none, or an empty one.
    pub default: Option<String>,
    /// 1-based line in the suite's file.
    pub line: u32,
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
    /// Path and query below the target, or a whole URL of the same origin, with `{{name}}`, percent-encoded where it is filled
    /// in. A path that is one `{{name}}` alone takes the value as it is: a path or URL that the service named.
    pub path: String,
    /// Headers, with `{{name}}` in values.
    pub headers: Vec<(String, String)>,
    /// The body, with `{{name}}`.
    pub body: Option<String>,
    /// The body as JSON, with `{{name}}` in its strings.
    pub json: Option<serde_json::Value>,
    /// Form fields, encoded as `application/x-www-form-urlencoded`, with `{{name}}` in values.
    pub form: Vec<(String, String)>,
    /// Redirects that are followed.
    pub redirects: u8,
    /// What is expected, but for what holds `{{name}}`: see [`SuiteStep::expectations`].
    pub expect: Expectations,
    /// What is expected where it holds `{{name}}`.
    pub(crate) templates: ExpectTemplates,
    /// What later steps can use.
    pub captures: Vec<Capture>,
}

impl SuiteStep {
    /// What is expected once the values are known. In patterns a value stands for itself, whatever characters it has.
    /// Errors: a value that is missing or makes a pattern too large.
    pub fn expectations(&self, values: &BTreeMap<String, String>) -> Result<Expectations, String> {
        self.templates.fill(self.expect.clone(), values)
    }
}

/// A value for later steps.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The variable's name.
    pub name: String,
    /// Where it comes from.
    pub from: CaptureFrom,
    /// Whether no report may show it: asked for, a cookie, or of a name that says so.
    pub secret: bool,
}

/// Where a captured value stands.
#[derive(Debug, Clone)]
pub enum CaptureFrom {
    /// The one value that a JSON path selects.
    Json(JsonPath),
    /// The first group of a pattern in the body, or all of the match.
    Body(regex::bytes::Regex),
    /// A header.
    Header(String),
    /// A cookie.
    Cookie(String),
}

/// Reads a suite. Errors name the line and the key: TOML that is none, unknown keys, a name that stands twice, a pattern or path
/// that is not valid, a `{{name}}` that no variable and no earlier step has.
pub fn parse(text: &str) -> Result<Suite, SuiteError> {
    reading::parse(text)
}

impl Suite {
    /// Fills in the variables of the environment. `lookup`: the value of a variable there. Errors: one that is not set, or empty,
    /// and has no default: a secret that is missing must not become the empty text.
    pub fn resolve(&mut self, lookup: impl Fn(&str) -> Option<String>) -> Result<(), SuiteError> {
        for one in &self.environment {
            let value = lookup(&one.env).filter(|value| !value.is_empty()).or_else(|| one.default.clone());
            let Some(value) = value else {
                return Err(SuiteError {
                    line: Some(one.line),
                    why: format!(
                        "the variable `{}` needs {} in the environment, which is not set or empty",
                        one.name, one.env
                    ),
                });
            };
            self.variables.insert(one.name.clone(), value);
        }
        Ok(())
    }

    /// The values that are secrets: those that the suite calls so, and those whose names say so.
    pub fn secret_values(&self) -> Vec<String> {
        let called = self.secrets.iter().filter_map(|name| self.variables.get(name)).filter(|value| !value.is_empty());
        let named = self.variables.iter().filter(|(name, value)| {
            reading::sounds_secret(name) && value.len() >= MIN_NAMED_SECRET_BYTES && !self.secrets.contains(name)
        });
        called.chain(named.map(|(_, value)| value)).cloned().collect()
    }

    /// Keeps the steps with one of these tags, those with the tag [`ALWAYS`], and those whose captures a kept step needs; all when
    /// no tag is given. Errors: no step has one of the tags, or a tag is on no step.
    pub fn select(&mut self, tags: &[String]) -> Result<(), SuiteError> {
        if tags.is_empty() {
            return Ok(());
        }
        for tag in tags {
            if !self.steps.iter().any(|step| step.tags.contains(tag)) {
                return Err(SuiteError { line: None, why: format!("no step of the suite has the tag `{tag}`") });
            }
        }
        let mut needed: BTreeSet<String> = BTreeSet::new();
        let mut kept = vec![false; self.steps.len()];
        // Captures come from earlier steps alone, so that one walk from the end finds all.
        for (index, step) in self.steps.iter().enumerate().rev() {
            let is_chosen = step.tags.iter().any(|tag| tag == ALWAYS || tags.contains(tag));
            if is_chosen || step.captures.iter().any(|capture| needed.contains(&capture.name)) {
                kept[index] = true;
                needed.extend(reading::names_of(step));
            }
        }
        let mut kept = kept.into_iter();
        self.steps.retain(|_| kept.next().unwrap_or(false));
        Ok(())
    }
}
