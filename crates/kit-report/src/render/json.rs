//! The versioned JSON report: `--json FILE`.

use crate::report::{Report, SCHEMA_VERSION};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The report as one JSON object: `schema`, `tool`, `version`, `verdict`, `headline`, `findings`, `outputs`, and the tool's
/// own keys. Key order is alphabetical, so the same report gives the same bytes; each element of a list has its own line.
pub fn text(report: &Report) -> String {
    let mut values: BTreeMap<&str, Value> =
        report.body.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    values.insert("schema", json!(SCHEMA_VERSION));
    values.insert("tool", json!(report.tool));
    values.insert("version", json!(report.version));
    values.insert("verdict", json!(report.verdict));
    values.insert("headline", json!(report.headline));
    values.insert("findings", json!(report.ranked_findings()));
    values.insert("outputs", outputs(report));
    let mut keys: Vec<&str> = values.keys().copied().chain(report.lists.keys().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut text = String::from("{");
    for (index, key) in keys.into_iter().enumerate() {
        text.push_str(if index == 0 { "\n  " } else { ",\n  " });
        let _ = write!(text, "{}: ", Value::from(key));
        match report.lists.get(key) {
            Some(elements) => list(&mut text, elements),
            // Lines of a nested value stand two columns further in than where they are written alone.
            None => text.push_str(&format!("{:#}", values[key]).replace('\n', "\n  ")),
        }
    }
    text.push_str("\n}\n");
    text
}

fn list(text: &mut String, elements: &[String]) {
    if elements.is_empty() {
        text.push_str("[]");
        return;
    }
    for (index, element) in elements.iter().enumerate() {
        text.push_str(if index == 0 { "[\n    " } else { ",\n    " });
        text.push_str(element);
    }
    text.push_str("\n  ]");
}

fn outputs(report: &Report) -> Value {
    Value::Object(report.outputs.iter().map(|output| (output.name.to_owned(), json!(output.value))).collect())
}
