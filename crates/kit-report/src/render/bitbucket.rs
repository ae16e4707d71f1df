//! Bitbucket: Code Insights and output variables.

use super::gitlab::fingerprint;
use crate::escape;
use crate::limits::{
    BITBUCKET_ANNOTATIONS, BITBUCKET_ANNOTATIONS_PER_POST, BITBUCKET_DETAILS_CHARS, BITBUCKET_REPORT_DATA,
    BITBUCKET_SUMMARY_CHARS,
};
use crate::report::{Finding, Level, Output, Report, Verdict};
use serde_json::{Value, json};

/// The body of the PUT that creates or replaces a Code Insights report.
/// Source: developer.atlassian.com/cloud/bitbucket/rest/api-group-reports.
pub fn insights_report(report: &Report) -> Value {
    let placed = report.findings.iter().filter(|finding| finding.location.is_some()).count();
    let mut details = escape::log_line(&report.headline);
    if placed > BITBUCKET_ANNOTATIONS {
        details.push_str(&format!(" ({} annotations not shown)", placed - BITBUCKET_ANNOTATIONS));
    }
    for finding in report.ranked_findings().iter().filter(|finding| finding.location.is_none()) {
        details.push_str(&format!("\n{}", escape::log_line(&finding.message)));
    }
    let data: Vec<Value> = report
        .outputs
        .iter()
        .filter(|output| !output.value.is_empty() && output.value.chars().count() <= 50 && !output.value.contains('\n'))
        .take(BITBUCKET_REPORT_DATA)
        .map(|output| json!({ "title": output.name, "type": "TEXT", "value": escape::log_line(&output.value) }))
        .collect();
    json!({
        "title": report.tool,
        "details": cut(&details, BITBUCKET_DETAILS_CHARS),
        "report_type": "TEST",
        "reporter": "roadcrew",
        "result": if matches!(report.verdict, Verdict::Pass | Verdict::Superseded) { "PASSED" } else { "FAILED" },
        "data": data,
    })
}

/// The bodies of the POSTs that add annotations, each with at most [`BITBUCKET_ANNOTATIONS_PER_POST`].
pub fn insights_annotations(report: &Report) -> Vec<Value> {
    let annotations: Vec<Value> = report
        .ranked_findings()
        .into_iter()
        .filter_map(|finding| annotation(report, finding))
        .take(BITBUCKET_ANNOTATIONS)
        .enumerate()
        .map(|(index, mut annotation)| {
            // Two findings may be alike to the letter; an id that repeats would replace the first.
            let id = annotation["external_id"].as_str().unwrap_or_default().to_owned();
            annotation["external_id"] = json!(format!("{id}-{index}"));
            annotation
        })
        .collect();
    annotations.chunks(BITBUCKET_ANNOTATIONS_PER_POST).map(|chunk| Value::Array(chunk.to_vec())).collect()
}

fn annotation(report: &Report, finding: &Finding) -> Option<Value> {
    let location = finding.location.as_ref()?;
    let message = escape::log_line(&finding.message);
    let summary = if message.is_empty() { finding.code.to_owned() } else { cut(&message, BITBUCKET_SUMMARY_CHARS) };
    let severity = match finding.level {
        Level::Error => "HIGH",
        Level::Warning => "MEDIUM",
        Level::Notice => "LOW",
    };
    let mut annotation = json!({
        "external_id": fingerprint(&[report.tool, finding.code, &location.path, &finding.message]),
        "annotation_type": "BUG",
        "summary": summary,
        "details": cut(&message, BITBUCKET_DETAILS_CHARS),
        "severity": severity,
        "path": location.path,
    });
    if let Some(line) = location.line {
        annotation["line"] = json!(line);
    }
    Some(annotation)
}

/// Cuts to a number of characters and says so inside that number.
fn cut(text: &str, limit_chars: usize) -> String {
    if text.chars().count() <= limit_chars {
        return text.to_owned();
    }
    let note = " … (cut)";
    let kept: String = text.chars().take(limit_chars - note.chars().count()).collect();
    kept + note
}

/// Lines for the file that `BITBUCKET_PIPELINES_VARIABLES_PATH` names, and the names of the outputs that it can't carry,
/// since its format is one `NAME=value` a line.
/// Source: support.atlassian.com/bitbucket-cloud/docs/share-variables-between-steps.
pub fn variables(outputs: &[Output]) -> (String, Vec<&'static str>) {
    let mut text = String::new();
    let mut left_out = Vec::new();
    for output in outputs {
        if output.value.contains(['\n', '\r', '\0']) {
            left_out.push(output.name);
        } else {
            text.push_str(&format!("{}={}\n", escape::variable_name(output.name), output.value));
        }
    }
    (text, left_out)
}

/// The YAML lines that a step needs so that Bitbucket hands its variables on.
pub fn output_variables_yaml(outputs: &[Output]) -> String {
    let names: Vec<String> = outputs.iter().map(|output| escape::variable_name(output.name)).collect();
    format!("output-variables: [{}]", names.join(", "))
}
