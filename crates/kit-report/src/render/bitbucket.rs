//! Bitbucket: Code Insights and output variables.

use super::fingerprint::Fingerprints;
use crate::escape;
use crate::limits::{
    BITBUCKET_ANNOTATIONS, BITBUCKET_ANNOTATIONS_PER_POST, BITBUCKET_DATA_CHARS, BITBUCKET_DETAILS_CHARS,
    BITBUCKET_REPORT_DATA, BITBUCKET_SUMMARY_CHARS,
};
use crate::report::{Finding, InsightsDatum, InsightsType, InsightsValue, Level, Output, Report, Verdict};
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
    let report_type = match report.insights.report_type {
        InsightsType::Test => "TEST",
        InsightsType::Coverage => "COVERAGE",
    };
    json!({
        "title": report.tool,
        "details": cut(&details, BITBUCKET_DETAILS_CHARS),
        "report_type": report_type,
        "reporter": "roadcrew",
        "result": if matches!(report.verdict, Verdict::Pass | Verdict::Superseded) { "PASSED" } else { "FAILED" },
        "data": data(report),
    })
}

fn data(report: &Report) -> Vec<Value> {
    if !report.insights.data.is_empty() {
        return report.insights.data.iter().take(BITBUCKET_REPORT_DATA).map(datum).collect();
    }
    let short = |output: &&Output| {
        !output.value.is_empty() && output.value.chars().count() <= BITBUCKET_DATA_CHARS && !output.value.contains('\n')
    };
    let text = |output: &Output| {
        datum(&InsightsDatum { title: output.name.to_owned(), value: InsightsValue::Text(output.value.clone()) })
    };
    report.outputs.iter().filter(short).take(BITBUCKET_REPORT_DATA).map(text).collect()
}

fn datum(datum: &InsightsDatum) -> Value {
    let (kind, value) = match &datum.value {
        InsightsValue::Text(text) => ("TEXT", json!(cut(&escape::log_line(text), BITBUCKET_DATA_CHARS))),
        InsightsValue::Number(number) => ("NUMBER", json!(number)),
        // The shortest text of the quotient is the two decimals that went in.
        InsightsValue::Percentage { hundredths } => ("PERCENTAGE", json!(f64::from(*hundredths) / 100.0)),
    };
    json!({ "title": escape::log_line(&datum.title), "type": kind, "value": value })
}

/// The bodies of the POSTs that add annotations, each with at most [`BITBUCKET_ANNOTATIONS_PER_POST`].
pub fn insights_annotations(report: &Report) -> Vec<Value> {
    let mut fingerprints = Fingerprints::new(report);
    let annotations: Vec<Value> = report
        .ranked_findings()
        .into_iter()
        .filter_map(|finding| annotation(finding, &mut fingerprints))
        .take(BITBUCKET_ANNOTATIONS)
        .collect();
    annotations.chunks(BITBUCKET_ANNOTATIONS_PER_POST).map(|chunk| Value::Array(chunk.to_vec())).collect()
}

fn annotation(finding: &Finding, fingerprints: &mut Fingerprints<'_>) -> Option<Value> {
    let location = finding.commit_location.as_ref().or(finding.location.as_ref())?;
    let mut message = escape::log_line(&finding.message);
    if let (Some(line), Some(end)) = (location.line, location.range_end()) {
        // An annotation has one line, so its text names the others.
        message = format!("lines {line}-{end}: {message}");
    }
    let summary = if message.is_empty() { finding.code.to_owned() } else { cut(&message, BITBUCKET_SUMMARY_CHARS) };
    let severity = match finding.level {
        Level::Error => "HIGH",
        Level::Warning => "MEDIUM",
        Level::Notice => "LOW",
    };
    let mut annotation = json!({
        "external_id": fingerprints.of(finding),
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
