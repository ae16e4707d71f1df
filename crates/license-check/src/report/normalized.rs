//! What a field means.

use crate::plan::expression::Normalized;
use kit_report::{Report, Verdict};

/// The report of `normalize`.
pub fn report(normalized: &Normalized) -> Report {
    let text = normalized.to_string();
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, Verdict::Pass, text.clone());
    report.body.insert("normalized".into(), text.into());
    report.set_output("verdict", report.verdict.as_str());
    report
}
