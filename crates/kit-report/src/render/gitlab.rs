//! GitLab: the dotenv report and the code quality report.

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
    let issues: Vec<Value> = report.ranked_findings().iter().filter_map(|finding| issue(report, finding)).collect();
    Value::Array(issues)
}

fn issue(report: &Report, finding: &Finding) -> Option<Value> {
    let location = finding.location.as_ref()?;
    let severity = match finding.level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Notice => "info",
    };
    Some(json!({
        "description": escape::log_line(&finding.message),
        "check_name": format!("{}/{}", report.tool, finding.code),
        "fingerprint": fingerprint(&[report.tool, finding.code, &location.path, &finding.message]),
        "severity": severity,
        "location": { "path": location.path, "lines": { "begin": location.line.unwrap_or(1) } },
    }))
}

/// FNV-1a of 128 bits over the parts. GitLab only compares fingerprints, so a small stable hash will do; the line stays
/// out of it, or every finding below an inserted line would be new.
/// Source: datatracker.ietf.org/doc/draft-eastlake-fnv.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash ^= u128::from(byte);
            hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
    format!("{hash:032x}")
}
