//! The examples in the generated READMEs use only inputs that the generated files declare: a renamed input must not leave
//! an example behind that does not work.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

fn yaml_blocks(text: &str) -> Vec<Value> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, from)) = rest.split_once("```yaml\n") {
        let (block, after) = from.split_once("\n```").unwrap();
        blocks.push(serde_saphyr::from_str(block).unwrap_or_else(|err| panic!("{err}\n{block}")));
        rest = after;
    }
    blocks
}

/// Calls `visit` with every mapping in a document.
fn mappings<'v>(value: &'v Value, visit: &mut impl FnMut(&'v serde_json::Map<String, Value>)) {
    match value {
        Value::Object(entries) => {
            visit(entries);
            entries.values().for_each(|value| mappings(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|value| mappings(value, visit)),
        _ => {}
    }
}

/// The names that stand below `below` in each mapping whose `key` names the tool.
fn used(text: &str, key: &str, tool: &str, below: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for block in yaml_blocks(text) {
        mappings(&block, &mut |entries| {
            let is_tool = entries
                .get(key)
                .and_then(Value::as_str)
                .is_some_and(|value| value.split(['/', ':', '@']).any(|part| part == tool));
            if let (true, Some(Value::Object(given))) = (is_tool, entries.get(below)) {
                names.extend(given.keys().cloned());
            }
        });
    }
    names
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|err| panic!("{}: {err}", path.display()))
}

#[test]
fn examples_use_only_declared_inputs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seen = 0;
    for entry in std::fs::read_dir(root.join("actions")).into_iter().flatten() {
        let tool = entry.unwrap().file_name().into_string().unwrap();
        let declared = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();

        let action: Value = serde_saphyr::from_str(&read(&root.join(format!("actions/{tool}/action.yml")))).unwrap();
        let given = used(&read(&root.join(format!("actions/{tool}/README.md"))), "uses", &tool, "with");
        let unknown: Vec<_> = given.difference(&declared(&action["inputs"])).cloned().collect();
        assert!(!given.is_empty() && unknown.is_empty(), "actions/{tool}/README.md: {unknown:?}");

        let pipe: Value = serde_saphyr::from_str(&read(&root.join(format!("pipes/{tool}/pipe.yml")))).unwrap();
        let variables = pipe["variables"].as_array().unwrap().iter();
        let names: BTreeSet<String> = variables.map(|v| v["name"].as_str().unwrap().to_owned()).collect();
        let given = used(&read(&root.join(format!("pipes/{tool}/README.md"))), "pipe", &tool, "variables");
        let unknown: Vec<_> = given.difference(&names).cloned().collect();
        assert!(!given.is_empty() && unknown.is_empty(), "pipes/{tool}/README.md: {unknown:?}");

        let template = read(&root.join(format!("templates/{tool}.yml")));
        let spec: Value = serde_saphyr::from_str(template.split_once("\n---\n").unwrap().0).unwrap();
        let given = used(&read(&root.join("templates/README.md")), "component", &tool, "inputs");
        let unknown: Vec<_> = given.difference(&declared(&spec["spec"]["inputs"])).cloned().collect();
        assert!(unknown.is_empty(), "templates/README.md: {unknown:?}");
        seen += 1;
    }
    assert!(seen > 0, "no action was generated");
}
