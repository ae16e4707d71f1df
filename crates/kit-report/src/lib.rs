//! One report, many renderers. PURE: plain data in, text or JSON out.
//!
//! A tool builds one [`Report`]; kit-host decides which host it runs on and asks this crate to render it: to a terminal,
//! to GitHub (annotations, step summary, outputs), Bitbucket (Code Insights, output variables), GitLab (dotenv, code
//! quality), to versioned JSON, JUnit XML and SARIF. Every limit of a host is a constant of [`limits`] with its source, and
//! what a limit keeps back is counted and said, never dropped silently.
#![warn(clippy::disallowed_methods)]

pub mod escape;
pub mod limits;
pub mod markdown;
mod phrases;
pub mod render;
mod report;

pub use phrases::plural;
pub use report::{
    Block, Case, Finding, Insights, InsightsDatum, InsightsType, InsightsValue, Level, Location, Output, Report, Rule,
    SCHEMA_VERSION, Section, Table, Verdict,
};
