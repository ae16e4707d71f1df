//! The tool's own part of the JSON report. Its names are part of the users' contract.

use super::Context;
use crate::plan::judgement::{Judgement, ReadReport};
use clap::ValueEnum;
use serde_json::{Map, Value, json};

/// `totals`, `patch` (null without a diff), `gates`, `reports`, `unproven`, `base`, `policy`, `ratchet`,
/// `baseline`, `partial_lines`.
/// Shares are `{covered, coverable}`, exact; a kind that no format has is absent.
pub(super) fn body(judgement: &Judgement, context: &Context) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("totals".into(), json!(judgement.totals));
    body.insert("patch".into(), json!(judgement.patch));
    body.insert("gates".into(), json!(judgement.gates));
    body.insert("reports".into(), judgement.reports.iter().map(report).collect());
    body.insert("unproven".into(), json!(judgement.unproven));
    body.insert("base".into(), json!(context.base));
    body.insert("policy".into(), json!(context.policy));
    body.insert("ratchet".into(), json!(context.ratchet));
    body.insert("baseline".into(), json!(context.baseline));
    body.insert("partial_lines".into(), json!(judgement.partial_lines));
    body
}

/// `files`: each with its path, whether it is one of the repository, its totals, and `totals_only` where no report knows its
/// lines.
pub(super) fn files(judgement: &Judgement) -> Vec<String> {
    // Plain data of our own can't fail to be written.
    judgement.files.iter().map(|file| serde_json::to_string(file).unwrap_or_default()).collect()
}

fn report(report: &ReadReport) -> Value {
    let format = report.format.to_possible_value().map(|value| value.get_name().to_owned());
    let mut value = json!({
        "path": report.path,
        "format": format,
        "files": report.files,
        "totals": report.totals,
        "declared": report.declared,
    });
    if report.totals_only {
        value["totals_only"] = json!(true);
    }
    if let Some(timestamp_s) = report.timestamp_s {
        value["timestamp_s"] = json!(timestamp_s);
    }
    value
}
