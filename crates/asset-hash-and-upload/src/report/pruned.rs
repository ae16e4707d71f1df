//! What `prune` removed, and what it kept.

use super::{Requests, begin, requests};
use crate::plan::outcome::Pruned;
use crate::report::words::size;
use kit_report::{Block, Finding, Level, Report, Section, Table, Verdict, plural};
use serde_json::{Value, json};

/// Keys that could not be deleted and that are named.
const NAMED: usize = 20;

/// The report of `prune`.
pub fn report(pruned: &Pruned, spent: &Requests) -> Report {
    let verdict = if pruned.failed.is_empty() { Verdict::Pass } else { Verdict::Error };
    let would = if pruned.planned { " would be" } else { "" };
    let headline = format!(
        "{}{would} removed ({}), {} kept, {}{would} retired",
        plural(pruned.deleted, "file"),
        size(pruned.deleted_bytes),
        plural(pruned.kept.len(), "release"),
        pruned.retired.len()
    );
    let mut report = begin(verdict, headline);
    report.findings.extend(pruned.failed.iter().take(NAMED).map(|(key, why)| {
        Finding::new("delete-failed", Level::Error, format!("{key} could not be removed: {why}; run again"))
    }));
    let mut rows: Vec<Vec<String>> =
        pruned.kept.iter().map(|(release, why)| vec![release.clone(), format!("kept: {}", why.as_str())]).collect();
    rows.extend(pruned.retired.iter().map(|release| vec![release.clone(), "retired now".to_owned()]));
    rows.extend(pruned.retired_before.iter().map(|release| vec![release.clone(), "retired".to_owned()]));
    rows.extend(pruned.forgotten.iter().map(|release| vec![release.clone(), "nothing is left".to_owned()]));
    let table = Block::Table(Table { columns: vec!["Release", "What becomes of it"], rows });
    report.sections = vec![Section { title: "Releases".to_owned(), blocks: vec![table] }];
    let kept: Vec<Value> =
        pruned.kept.iter().map(|(release, why)| json!({ "release": release, "why": why.as_str() })).collect();
    for (key, value) in [
        ("planned", Value::from(pruned.planned)),
        ("kept", Value::from(kept)),
        ("retired", Value::from(pruned.retired.clone())),
        ("retired_before", Value::from(pruned.retired_before.clone())),
        ("forgotten", Value::from(pruned.forgotten.clone())),
        ("deleted", Value::from(pruned.deleted)),
        ("deleted_bytes", Value::from(pruned.deleted_bytes)),
        ("orphans", Value::from(pruned.orphans)),
        ("waiting", Value::from(pruned.waiting)),
        ("foreign", Value::from(pruned.foreign)),
        ("requests", requests(spent)),
    ] {
        report.body.insert(key.to_owned(), value);
    }
    report.set_output("changed-count", pruned.deleted.to_string());
    report
}
