//! The versioned JSON report: `--json FILE`.

use crate::report::{Report, SCHEMA_VERSION};
use serde_json::{Map, Value, json};

/// The report as one JSON object: `schema`, `tool`, `version`, `verdict`, `headline`, `findings`, `outputs`, then the
/// tool's own keys. Key order is alphabetical, so the same report gives the same bytes.
pub fn render(report: &Report) -> Value {
    let mut object = Map::new();
    object.extend(report.body.clone());
    object.insert("schema".into(), json!(SCHEMA_VERSION));
    object.insert("tool".into(), json!(report.tool));
    object.insert("version".into(), json!(report.version));
    object.insert("verdict".into(), json!(report.verdict));
    object.insert("headline".into(), json!(report.headline));
    object.insert("findings".into(), json!(report.ranked_findings()));
    object.insert("outputs".into(), outputs(report));
    Value::Object(object)
}

fn outputs(report: &Report) -> Value {
    Value::Object(report.outputs.iter().map(|output| (output.name.to_owned(), json!(output.value))).collect())
}
