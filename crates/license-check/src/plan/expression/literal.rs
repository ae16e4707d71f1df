//! The argument of `license-check normalize`. PURE.
#![warn(clippy::disallowed_methods)]

use crate::plan::package::Ecosystem;
use crate::plan::statement::Value;
use serde_json::Value as Json;

/// What was written, from a string as a manifest has it: a JSON array or object where it is one, else the string itself.
/// `(none)` and the empty string state nothing.
///
/// # Errors
///
/// For people: JSON of a shape that no manifest has.
pub fn read_literal(ecosystem: Ecosystem, text: &str) -> Result<Value, String> {
    let text = text.trim();
    let is_json = text.starts_with(['[', '{', '"']);
    match serde_json::from_str::<Json>(text) {
        Ok(json) if is_json => from_json(ecosystem, json),
        // `[MIT](https://…)` is no JSON and a string that people do write.
        _ => Ok(from_text(ecosystem, text)),
    }
}

fn from_text(ecosystem: Ecosystem, text: &str) -> Value {
    if ecosystem == Ecosystem::NuGet && (text.starts_with("http://") || text.starts_with("https://")) {
        return Value::Url(text.to_owned());
    }
    Value::One(text.to_owned())
}

fn from_json(ecosystem: Ecosystem, json: Json) -> Result<Value, String> {
    match json {
        Json::String(text) => Ok(from_text(ecosystem, &text)),
        Json::Array(list) => {
            let mut entries = list.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
            let is_classifier = |entry: &Entry| entry.name.trim_start().starts_with("License ::");
            if ecosystem == Ecosystem::Pip || entries.iter().any(is_classifier) {
                return Ok(Value::Classifiers(entries.into_iter().map(|entry| entry.name).collect()));
            }
            if entries.len() == 1
                && let Some(only) = entries.pop()
            {
                return Ok(only.value());
            }
            Ok(Value::Many(entries.into_iter().map(Entry::text).collect()))
        }
        Json::Object(_) => entry(json).map(Entry::value),
        _ => Err("neither a string, nor an array, nor an object".to_owned()),
    }
}

struct Entry {
    name: String,
    url: String,
}

impl Entry {
    fn value(self) -> Value {
        match (self.name.is_empty(), self.url.is_empty()) {
            (_, true) => Value::One(self.name),
            (true, false) => Value::Url(self.url),
            (false, false) => Value::Named { name: self.name, url: self.url },
        }
    }

    fn text(self) -> String {
        if self.name.is_empty() { self.url } else { self.name }
    }
}

/// A string, or an object with a `type` (npm) or `name` (Maven, CycloneDX) and a `url`.
fn entry(json: Json) -> Result<Entry, String> {
    match json {
        Json::String(name) => Ok(Entry { name, url: String::new() }),
        Json::Object(fields) => {
            let text = |names: &[&str]| {
                names.iter().find_map(|name| fields.get(*name)).and_then(Json::as_str).unwrap_or_default().to_owned()
            };
            let (name, url) = (text(&["type", "name", "license", "id", "expression"]), text(&["url"]));
            if name.is_empty() && url.is_empty() {
                return Err("an object without `type`, `name` or `url`".to_owned());
            }
            Ok(Entry { name, url })
        }
        other => Err(format!("`{other}` is neither a string nor an object")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_manifests_write_them() {
        let one = |text: &str| Value::One(text.to_owned());
        for (ecosystem, text, expected) in [
            (Ecosystem::Npm, "MIT", one("MIT")),
            (Ecosystem::Npm, "\"MIT\"", one("MIT")),
            (Ecosystem::Npm, "(MIT OR ISC)", one("(MIT OR ISC)")),
            (Ecosystem::Npm, "[MIT](x)", one("[MIT](x)")),
            (Ecosystem::Npm, "", one("")),
            (Ecosystem::Npm, "{\"type\":\"MIT\"}", one("MIT")),
            (
                Ecosystem::Npm,
                "[{\"type\":\"MIT\",\"url\":\"x\"}]",
                Value::Named { name: "MIT".to_owned(), url: "x".to_owned() },
            ),
            (Ecosystem::Composer, "[\"MIT\",\"ISC\"]", Value::Many(vec!["MIT".to_owned(), "ISC".to_owned()])),
            (Ecosystem::Pip, "[\"BSD License\"]", Value::Classifiers(vec!["BSD License".to_owned()])),
            (Ecosystem::NuGet, "https://a/b", Value::Url("https://a/b".to_owned())),
        ] {
            assert_eq!(read_literal(ecosystem, text), Ok(expected), "{text}");
        }
        assert!(read_literal(Ecosystem::Npm, "[1]").is_err());
        assert!(read_literal(Ecosystem::Npm, "{}").is_err());
    }
}
