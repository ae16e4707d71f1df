//! What `verify` found.

use super::{Requests, begin, requests};
use crate::plan::outcome::Verified;
use crate::report::words::size;
use kit_report::{Finding, Level, Report, Verdict, plural};
use serde_json::{Value, json};

/// The report of `verify`.
pub fn report(verified: &Verified, spent: &Requests) -> Report {
    let all = plural(verified.files, "file");
    let (verdict, headline) = if !verified.differences.is_empty() {
        let count = plural(verified.differences.len(), "difference");
        (Verdict::Fail, format!("release {}: {count} in {all}", verified.release))
    } else if !verified.unknown.is_empty() {
        let count = verified.unknown.len();
        (Verdict::Unproven, format!("release {}: {count} of {all} could not be looked at", verified.release))
    } else {
        let bytes = size(verified.bytes);
        (Verdict::Pass, format!("release {}: all {all} answer as they were published ({bytes})", verified.release))
    };
    let mut report = begin(verdict, headline);
    report.findings.extend(verified.differences.iter().map(|difference| {
        Finding::new(difference.code, Level::Error, format!("{}: {}", difference.path, difference.what))
    }));
    report.findings.extend(verified.unknown.iter().map(|(path, why)| {
        Finding::new("file-unknown", Level::Error, format!("{path} could not be looked at: {why}"))
    }));
    for (key, value) in [
        ("release", Value::from(verified.release.as_str())),
        ("manifest", Value::from(verified.manifest.as_str())),
        ("base_url", Value::from(verified.base_url.as_str())),
        (
            "files",
            json!({
                "total": verified.files,
                "answered": verified.answered,
                "different": verified.differences.len(),
                "unknown": verified.unknown.len(),
            }),
        ),
        ("fetched_bytes", Value::from(verified.bytes)),
        ("requests", requests(spent)),
    ] {
        report.body.insert(key.to_owned(), value);
    }
    report.set_output("version", verified.version.clone());
    report.set_output("release", verified.release.clone());
    report.set_output("changed-count", verified.differences.len().to_string());
    report.set_output("base-url", verified.base_url.clone());
    report
}
