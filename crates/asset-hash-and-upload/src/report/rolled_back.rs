//! What `rollback` did.

use super::{Requests, begin, requests};
use crate::plan::outcome::{RollbackEnd, RolledBack};
use kit_report::{Finding, Report, Verdict};
use serde_json::Value;

/// The report of `rollback`.
pub fn report(back: &RolledBack, purged: &[String], notes: Vec<Finding>, spent: &Requests) -> Report {
    let release = &back.release;
    let (verdict, end, headline) = match back.end {
        RollbackEnd::RolledBack => (Verdict::Pass, "rolled-back", format!("release {release} is live again")),
        RollbackEnd::AlreadyLive => (Verdict::Pass, "already-live", format!("release {release} is live already")),
        RollbackEnd::Completed => {
            (Verdict::Pass, "completed", format!("release {release} is live, and all its pages are in place now"))
        }
        RollbackEnd::Superseded => (
            Verdict::Superseded,
            "superseded",
            format!("release {release} took the pointer meanwhile; nothing was rolled back"),
        ),
        RollbackEnd::Planned => (Verdict::Pass, "planned", format!("release {release} would be live again")),
    };
    let mut report = begin(verdict, headline);
    report.findings = notes;
    for (key, value) in [
        ("end", Value::from(end)),
        ("release", Value::from(release.as_str())),
        ("manifest", Value::from(back.manifest.as_str())),
        ("from", back.from.as_deref().map_or(Value::Null, Value::from)),
        ("pages", back.pages.iter().map(String::as_str).collect()),
        ("purged", purged.iter().map(String::as_str).collect()),
        ("requests", requests(spent)),
    ] {
        report.body.insert(key.to_owned(), value);
    }
    report.set_output("version", back.version.clone());
    report.set_output("release", release.clone());
    report.set_output("changed-count", back.pages.len().to_string());
    report.set_output("base-url", back.base_url.clone());
    report
}
