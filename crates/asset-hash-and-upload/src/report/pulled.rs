//! What `pull` brought.

use super::{Requests, begin, requests};
use crate::plan::outcome::Pulled;
use crate::report::words::size;
use kit_report::{Finding, Level, Report, Verdict, plural};
use serde_json::Value;

/// The report of `pull`.
pub fn report(pulled: &Pulled, spent: &Requests) -> Report {
    let all = plural(pulled.files, "file");
    let brought = format!("{} of {all} ({})", pulled.fetched.len(), size(pulled.bytes));
    let headline = match (pulled.planned, pulled.fetched.is_empty()) {
        (_, true) => format!("release {}: all {all} are there", pulled.release),
        (true, false) => format!("release {}: {brought} would be brought", pulled.release),
        (false, false) => format!("release {}: {brought} brought", pulled.release),
    };
    let mut report = begin(Verdict::Pass, headline);
    report.findings.extend(pulled.case_collisions.iter().map(|(one, other)| {
        let what =
            format!("{one} and {other} differ only in case: on a disk that does not tell cases apart they are one");
        Finding::new("note", Level::Warning, what)
    }));
    for (key, value) in [
        ("release", Value::from(pulled.release.as_str())),
        ("manifest", Value::from(pulled.manifest.as_str())),
        ("files", serde_json::json!({ "total": pulled.files, "brought": pulled.fetched.len() })),
        ("brought_bytes", Value::from(pulled.bytes)),
        ("requests", requests(spent)),
    ] {
        report.body.insert(key.to_owned(), value);
    }
    report.lists.insert("brought", pulled.fetched.iter().map(|path| Value::from(path.as_str()).to_string()).collect());
    report.set_output("version", pulled.version.clone());
    report.set_output("release", pulled.release.clone());
    report.set_output("changed-count", pulled.fetched.len().to_string());
    report.set_output("base-url", pulled.base_url.clone());
    report
}
