//! What was decided, for people and for later steps. PURE.
#![warn(clippy::disallowed_methods)]

use crate::args::Options;
use crate::plan::Plan;
use kit_report::{Finding, Level, Report, Verdict};
use serde_json::json;

/// The report of `check`.
pub fn report(options: &Options, plan: &Plan) -> Report {
    let verdict = if plan.missing == 0 { Verdict::Pass } else { Verdict::Fail };
    let headline = format!("{} files in {}, at least {} wanted", plan.files, options.folder, options.at_least);
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, verdict, headline.clone());
    if verdict == Verdict::Fail {
        report.findings.push(Finding::new("too-few-files", Level::Error, headline));
    }
    report.set_output("verdict", verdict.as_str());
    report.set_output("count", plan.files.to_string());
    report.body.insert("count".into(), json!(plan.files));
    report
}
