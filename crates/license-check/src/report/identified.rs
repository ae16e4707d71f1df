//! What texts are, a line each.

use crate::plan::text::Identified;
use kit_report::{Report, Verdict};
use serde_json::json;
use std::fmt::Write;

/// A text and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// As the user named it.
    pub path: String,
    /// What it is.
    pub identified: Identified,
}

/// `MIT 1.000 LICENSE`: the SPDX id or `-`, the score from 0 to 1, the path.
pub fn lines(texts: &[Text]) -> String {
    let mut lines = String::new();
    for text in texts {
        let score = text.identified.score_permille;
        let id = text.identified.expression.as_deref().unwrap_or("-");
        let path = kit_report::escape::log_line(&text.path);
        let _ = writeln!(lines, "{id}\t{}.{:03}\t{path}", score / 1000, score % 1000);
    }
    lines
}

/// The report of `identify`.
pub fn report(texts: &[Text]) -> Report {
    let known = texts.iter().filter(|text| text.identified.expression.is_some()).count();
    let headline = format!("{known} of {} texts are known licences", texts.len());
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, Verdict::Pass, headline);
    let text = |text: &Text| {
        json!({
            "path": text.path,
            "license": text.identified.expression,
            "score": f64::from(text.identified.score_permille) / 1000.0,
            "others": text.identified.others,
        })
    };
    report.body.insert("texts".into(), texts.iter().map(text).collect());
    report.set_output("verdict", report.verdict.as_str());
    report
}
