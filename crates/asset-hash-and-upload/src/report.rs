//! What was decided and done, for people and for later steps. PURE.
#![warn(clippy::disallowed_methods)]

pub mod codes;
pub mod pruned;
pub mod published;
pub mod pulled;
pub mod rolled_back;
pub mod verified;
pub mod words;

use crate::plan::graph::Problem;
use kit_report::{Finding, InsightsDatum, InsightsValue, Level, Report, Verdict};
use serde_json::{Map, Value};

/// Requests by kind, with their repetitions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requests {
    /// Kind and count, every attempt counted.
    pub by_kind: Vec<(&'static str, u64)>,
    /// How many of them were repetitions.
    pub retries: u64,
}

/// An empty report of this tool.
fn begin(verdict: Verdict, headline: String) -> Report {
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, verdict, headline);
    report.rules = codes::RULES;
    report.set_output("verdict", verdict.as_str());
    report
}

fn requests(requests: &Requests) -> Value {
    let mut map: Map<String, Value> =
        requests.by_kind.iter().map(|(kind, count)| ((*kind).to_owned(), Value::from(*count))).collect();
    map.insert("retries".to_owned(), Value::from(requests.retries));
    Value::Object(map)
}

fn number(title: &str, value: u64) -> InsightsDatum {
    InsightsDatum { title: title.to_owned(), value: InsightsValue::Number(value) }
}

/// A finding for what must be mended before a tree can be published.
pub fn problem(problem: &Problem) -> Finding {
    let (code, path, line) = match problem {
        Problem::Missing { path, line, .. } => ("reference-unresolved", path, Some(*line)),
        Problem::Unreadable { path, line, .. } => ("file-unreadable", path, Some(*line)),
        Problem::Unwritable { path, line, .. } => ("reference-unwritable", path, Some(*line)),
        Problem::Overlapping { path } => ("file-unreadable", path, None),
        Problem::IntegrityCycle { path, .. } => ("integrity-cycle", path, None),
    };
    Finding::new(code, Level::Error, problem.to_string()).at(path.clone(), line)
}
