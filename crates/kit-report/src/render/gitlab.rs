//! GitLab: the dotenv report and the code quality report.

use super::fingerprint::Fingerprints;
use crate::escape;
use crate::limits::{GITLAB_DOTENV_BYTES, GITLAB_DOTENV_VARIABLES};
use crate::report::{Finding, Level, Report};
use serde_json::{Value, json};

/// The dotenv report and the names of the outputs that GitLab can't carry: those of several lines, and those past the
/// limits. Source: docs.gitlab.com/ci/yaml/artifacts_reports, "artifacts:reports:dotenv".
pub fn dotenv(report: &Report) -> (String, Vec<&'static str>) {
    let mut text = String::new();
    let mut variables = 0;
    let mut left_out = Vec::new();
    for output in &report.outputs {
        let line = format!("{}={}\n", escape::variable_name(output.name), output.value);
        let fits = variables < GITLAB_DOTENV_VARIABLES && text.len() + line.len() <= GITLAB_DOTENV_BYTES;
        if output.value.contains(['\n', '\r', '\0']) || !fits {
            left_out.push(output.name);
            continue;
        }
        text.push_str(&line);
        variables += 1;
    }
    (text, left_out)
}

/// The code quality report: an array of issues with a stable fingerprint each. Findings without a place can't be shown
/// there. Source: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
pub fn code_quality(report: &Report) -> Value {
    let mut fingerprints = Fingerprints::new(report);
    let ranked = report.ranked_findings();
    Value::Array(ranked.iter().filter_map(|finding| issue(report, finding, &mut fingerprints)).collect())
}

fn issue(report: &Report, finding: &Finding, fingerprints: &mut Fingerprints<'_>) -> Option<Value> {
    let location = finding.location.as_ref()?;
    let severity = match finding.level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Notice => "info",
    };
    let mut lines = json!({ "begin": location.line.unwrap_or(1) });
    if let Some(end) = location.range_end() {
        lines["end"] = json!(end);
    }
    Some(json!({
        "description": escape::log_line(&finding.message),
        "check_name": format!("{}/{}", report.tool, finding.code),
        "fingerprint": fingerprints.of(finding),
        "severity": severity,
        "location": { "path": location.path, "lines": lines },
    }))
}
