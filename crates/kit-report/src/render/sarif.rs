//! The findings as SARIF 2.1.0: `--sarif FILE`, for GitHub's code scanning and every other reader of the format.
//!
//! Source of the shape: docs.oasis-open.org/sarif/sarif/v2.1.0/errata01; of what GitHub needs of it: docs.github.com,
//! "SARIF support for code scanning".

use super::fingerprint::Fingerprints;
use crate::escape::{relative_uri, sarif_message};
use crate::limits::{
    GITHUB_SARIF_DESCRIPTION_CHARS, GITHUB_SARIF_GZIP_BYTES, GITHUB_SARIF_RESULTS, GITHUB_SARIF_RESULTS_SHOWN,
    GITHUB_SARIF_RULES,
};
use crate::report::{Finding, Level, Location, Report, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The schema of this version, published beside the standard.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What paths are relative to, by the name that the standard uses in its examples (section 3.14.14).
const ROOT: &str = "%SRCROOT%";
/// Bytes that the results may take together: written in full they are no larger than GitHub lets them be after gzip, and
/// the rest of the file has room besides.
const RESULTS_BYTES: usize = GITHUB_SARIF_GZIP_BYTES - 1_000_000;
/// Results that are written: GitHub drops what is above by severity alone, and we would rather keep changed lines.
const RESULTS: usize = GITHUB_SARIF_RESULTS_SHOWN;

const _: () = assert!(RESULTS <= GITHUB_SARIF_RESULTS);

/// The report as one SARIF log with one run.
///
/// Findings with a place are results, in the report's order, as many as GitHub shows. Findings without one are
/// notifications, since GitHub refuses a result that has no place; so is the count of what was left out.
pub fn render(report: &Report) -> Value {
    let ranked = report.ranked_findings();
    let rules = Rules::of(report, &ranked);
    let mut fingerprints = Fingerprints::new(report);
    let mut results = Vec::new();
    let mut bytes = 0;
    let mut left_out = 0;
    for finding in &ranked {
        let Some(location) = &finding.location else { continue };
        let result = result(finding, location, &rules, &mut fingerprints);
        bytes += result.to_string().len();
        if results.len() < RESULTS && bytes <= RESULTS_BYTES {
            results.push(result);
        } else {
            left_out += 1;
        }
    }
    let unplaced = ranked.iter().filter(|finding| finding.location.is_none());
    let mut notifications: Vec<Value> = unplaced.map(|finding| notification(report, finding)).collect();
    if left_out > 0 {
        let text = format!("{left_out} more results not shown: GitHub shows {RESULTS} of a run");
        notifications.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            // The part before the slash keeps this tool's alerts apart from those of other uploads.
            "automationDetails": { "id": format!("{}/", report.tool) },
            "tool": { "driver": {
                "name": report.tool,
                "semanticVersion": report.version,
                "rules": rules.described,
            } },
            "originalUriBaseIds": { ROOT: { "description": { "text": "The root of the repository." } } },
            "invocations": [{
                "executionSuccessful": has_answer(report),
                "exitCodeDescription": sarif_message(&report.headline),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    })
}

fn has_answer(report: &Report) -> bool {
    !matches!(report.verdict, Verdict::Error | Verdict::Unproven)
}

/// The rules of a run, one for each code that occurs, in order of code.
struct Rules {
    described: Vec<Value>,
    index: BTreeMap<&'static str, usize>,
}

impl Rules {
    fn of(report: &Report, ranked: &[&Finding]) -> Rules {
        let mut levels: BTreeMap<&'static str, Level> = BTreeMap::new();
        for finding in ranked.iter().filter(|finding| finding.location.is_some()) {
            let level = levels.entry(finding.code).or_insert(finding.level);
            *level = (*level).min(finding.level);
        }
        let known = |code: &str| report.rules.iter().find(|rule| rule.code == code).map(|rule| rule.description);
        let kept = || levels.iter().take(GITHUB_SARIF_RULES);
        Rules {
            described: kept().map(|(code, level)| rule(report, code, *level, known(code))).collect(),
            index: kept().enumerate().map(|(index, (code, _))| (*code, index)).collect(),
        }
    }
}

fn rule(report: &Report, code: &str, level: Level, description: Option<&str>) -> Value {
    let words = code.replace('-', " ");
    let full: String = description.unwrap_or(&words).chars().take(GITHUB_SARIF_DESCRIPTION_CHARS).collect();
    json!({
        "id": code,
        "shortDescription": { "text": words },
        "fullDescription": { "text": full },
        "help": { "text": format!("{full} (a finding of {}; its message says what to do)", report.tool) },
        "defaultConfiguration": { "level": word(level) },
    })
}

fn result(finding: &Finding, location: &Location, rules: &Rules, fingerprints: &mut Fingerprints<'_>) -> Value {
    let message = if finding.message.is_empty() { finding.code } else { &finding.message };
    let mut result = json!({
        "ruleId": finding.code,
        "level": word(finding.level),
        "message": { "text": sarif_message(message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact(&location.path),
            "region": region(location),
        } }],
        // The one fingerprint that GitHub looks at; the number is that of the occurrence, which ours has in it already.
        "partialFingerprints": { "primaryLocationLineHash": format!("{}:1", fingerprints.of(finding)) },
    });
    if let Some(index) = rules.index.get(finding.code) {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        return json!({ "uri": format!("file://{}", relative_uri(path)) });
    }
    json!({ "uri": relative_uri(path), "uriBaseId": ROOT })
}

/// Whole lines. GitHub wants a line even where the finding is about a file.
fn region(location: &Location) -> Value {
    let start = location.line.unwrap_or(1).max(1);
    json!({ "startLine": start, "startColumn": 1, "endLine": location.range_end().unwrap_or(start) })
}

/// A finding without a place. The level `error` would say that the tool did not come to an end (section 3.58.6), which is
/// so only when there is no answer.
fn notification(report: &Report, finding: &Finding) -> Value {
    let level = match finding.level {
        Level::Error if has_answer(report) => "warning",
        level => word(level),
    };
    json!({
        "descriptor": { "id": finding.code },
        "level": level,
        "message": { "text": sarif_message(&finding.message) },
    })
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "note",
    }
}
