//! Writes YAML. Any text survives: what is not plainly harmless stands in double quotes, as YAML 1.1 and 1.2 both read it.

use std::fmt::Write;

/// A YAML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Text; quoted where it could be read as anything else.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A sequence; an empty one is `[]`.
    List(Vec<Node>),
    /// A mapping in this order; an empty one is `{}`.
    Map(Vec<(String, Node)>),
}

impl From<&str> for Node {
    fn from(text: &str) -> Node {
        Node::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Node {
        Node::Text(text)
    }
}

/// A mapping from string keys.
pub fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The document as text, ending in a line feed.
pub fn document(node: &Node) -> String {
    let mut out = String::new();
    match node {
        Node::Map(entries) if !entries.is_empty() => mapping(&mut out, entries, 0),
        Node::List(items) if !items.is_empty() => sequence(&mut out, items, 0),
        other => {
            value(&mut out, other, 0);
        }
    }
    out.trim_start_matches([' ', '\n']).to_owned()
}

fn mapping(out: &mut String, entries: &[(String, Node)], depth: usize) {
    for (key, entry) in entries {
        let _ = write!(out, "{:width$}{}:", "", scalar(key), width = depth * 2);
        value(out, entry, depth + 1);
    }
}

fn sequence(out: &mut String, items: &[Node], depth: usize) {
    for item in items {
        let _ = write!(out, "{:width$}-", "", width = depth * 2);
        match item {
            // The first key stands on the line of the hyphen, the others below it.
            Node::Map(entries) if !entries.is_empty() => {
                let mut inner = String::new();
                mapping(&mut inner, entries, depth + 1);
                let _ = write!(out, " {}", inner.trim_start());
            }
            other => value(out, other, depth + 1),
        }
    }
}

/// Writes what follows a key's colon or an item's hyphen, to the end of the line or of the block.
fn value(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Text(text) if is_block(text) => {
            out.push_str(" |\n");
            for line in text.trim_end_matches('\n').split('\n') {
                let width = if line.is_empty() { 0 } else { depth * 2 };
                let _ = writeln!(out, "{:width$}{line}", "");
            }
        }
        Node::Text(text) => {
            let _ = writeln!(out, " {}", scalar(text));
        }
        Node::Bool(value) => {
            let _ = writeln!(out, " {value}");
        }
        Node::List(items) if items.is_empty() => out.push_str(" []\n"),
        Node::List(items) => {
            out.push('\n');
            sequence(out, items, depth);
        }
        Node::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
        Node::Map(entries) => {
            out.push('\n');
            mapping(out, entries, depth);
        }
    }
}

/// Whether a text is a script that reads well as a block: several lines, exactly one line feed at its end, and nothing in
/// it that a block scalar would lose or read as indentation.
fn is_block(text: &str) -> bool {
    let Some(body) = text.strip_suffix('\n') else { return false };
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && body.lines().all(|line| !line.ends_with(' '))
        && body.chars().all(|c| c == '\n' || !needs_escape(c))
}

fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Words that YAML 1.1 (Bitbucket, GitLab) reads as something other than text.
/// Source: yaml.org/type/bool.html and yaml.org/type/null.html.
const RESERVED: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];

fn is_plain(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(inner)
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if needs_escape(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn parsed(text: &str) -> Value {
        serde_saphyr::from_str(text).unwrap_or_else(|err| panic!("{err}\n{text}"))
    }

    fn json(node: &Node) -> Value {
        match node {
            Node::Text(text) => Value::from(text.as_str()),
            Node::Bool(value) => Value::from(*value),
            Node::List(items) => Value::Array(items.iter().map(json).collect()),
            Node::Map(entries) => Value::Object(entries.iter().map(|(k, v)| (k.clone(), json(v))).collect()),
        }
    }

    fn any_node() -> impl Strategy<Value = Node> {
        let text = prop_oneof![
            any::<String>(),
            "[a-z \n:#'\"-]{0,12}",
            Just("no".to_owned()),
            Just("1.0".to_owned()),
            Just("line one\n\n  line three\n".to_owned()),
        ];
        let leaf = prop_oneof![text.prop_map(Node::Text), any::<bool>().prop_map(Node::Bool)];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Node::List),
                prop::collection::btree_map("[ -~é\n]{1,8}", inner, 0..4)
                    .prop_map(|m| Node::Map(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(node in any_node()) {
            // A bare scalar document is nothing we write.
            let node = map([("key", node)]);
            prop_assert_eq!(parsed(&document(&node)), json(&node));
        }
    }

    #[test]
    fn words_that_yaml_takes_for_something_else_are_quoted() {
        for word in
            ["no", "True", "ON", "~", "null", "1", "1.5", "0x1", "1e3", "2026-01-01", "", " a", "a: b", "- a", "#"]
        {
            let text = document(&map([("key", word.into())]));
            assert!(text.contains('"'), "{text}");
            assert_eq!(parsed(&text)["key"], word);
        }
        assert_eq!(document(&map([("image", "docker".into())])), "image: docker\n");
    }

    #[test]
    fn scripts_stay_readable() {
        let text = document(&map([("run", "set -e\nif true; then\n  echo a: b # c\nfi\n".into())]));
        assert_eq!(text, "run: |\n  set -e\n  if true; then\n    echo a: b # c\n  fi\n");
    }
}
