//! A manifest's text as strings with their places.

use crate::plan::references::SriAlgorithm;
use crate::plan::references::json::{Step, strings};
use std::ops::Range;

/// A string of the text that is a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The steps to it: names of members, `None` for an element of an array.
    pub path: Vec<Option<String>>,
    /// Where each of these names stands, without quotes; empty for an element.
    pub spans: Vec<Range<usize>>,
    /// Where it stands itself, without quotes.
    pub span: Range<usize>,
    /// The string.
    pub value: String,
}

impl Text {
    /// The steps with `*` for an element: `["entrypoints", "app", "js", "*"]`.
    pub fn steps(&self) -> Vec<&str> {
        self.path.iter().map(|step| step.as_deref().unwrap_or("*")).collect()
    }

    /// Whether it is an element of an array.
    pub fn is_element(&self) -> bool {
        self.path.last().is_some_and(Option::is_none)
    }
}

/// What a manifest tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Names and published names.
    pub entries: Vec<(String, String)>,
    /// Where published names stand, and which.
    pub names: Vec<(Range<usize>, String)>,
    /// Where integrity values stand, which, and of which published name.
    pub integrities: Vec<(Range<usize>, String, String)>,
}

impl Reading {
    /// A name with the published name that stands in `text`.
    pub fn entry(&mut self, name: &str, text: &Text) {
        self.entries.push((name.to_owned(), text.value.clone()));
        self.names.push((text.span.clone(), text.value.clone()));
    }

    /// A published name that is the name of a member: the step `at` of the way to `text`.
    pub fn member(&mut self, text: &Text, at: usize) {
        if let (Some(Some(name)), Some(span)) = (text.path.get(at), text.spans.get(at)) {
            self.names.push((span.clone(), name.clone()));
        }
    }

    /// An integrity value of a published name.
    pub fn integrity(&mut self, text: &Text, of: &str) {
        self.integrities.push((text.span.clone(), text.value.clone(), of.to_owned()));
    }

    /// Itself, if it has entries.
    pub fn found(self) -> Option<Reading> {
        (!self.entries.is_empty()).then_some(self)
    }
}

/// All strings, in the order of the text; `None` when it is no JSON.
pub fn texts(bytes: &[u8]) -> Option<Vec<Text>> {
    let mut all = Vec::new();
    let read = strings(bytes, &mut |steps, value| {
        let split = |step: &Step<'_>| match step {
            Step::Member { name, span } => (Some(name.clone().into_owned()), span.clone()),
            Step::Element { .. } => (None, 0..0),
        };
        let (path, spans) = steps.iter().map(split).unzip();
        all.push(Text { path, spans, span: value.span.clone(), value: value.decoded().into_owned() });
    });
    read.ok().map(|()| all)
}

/// The algorithms of an integrity value, in its order.
pub fn algorithms(value: &str) -> Vec<SriAlgorithm> {
    let one = |part: &str| match part.split('-').next() {
        Some("sha256") => Some(SriAlgorithm::Sha256),
        Some("sha384") => Some(SriAlgorithm::Sha384),
        Some("sha512") => Some(SriAlgorithm::Sha512),
        _ => None,
    };
    value.split_ascii_whitespace().filter_map(one).collect()
}

/// A string as it stands between the quotes of JSON.
pub fn quoted(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// An object with a member a line: `outer` blanks before its last brace, `step` more before its members. The values are JSON.
pub fn object(entries: impl Iterator<Item = (String, String)>, outer: usize, step: usize) -> String {
    let pad = " ".repeat(outer + step);
    let lines: Vec<String> = entries.map(|(name, value)| format!("{pad}\"{}\": {value}", quoted(&name))).collect();
    if lines.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n{}}}", lines.join(",\n"), " ".repeat(outer)) }
}

/// A string with its quotes.
pub fn string(text: &str) -> String {
    format!("\"{}\"", quoted(text))
}
