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

/// The fields of a Python package, from an object with the names that the metadata's JSON form gives them
/// (`license_expression`, `license`, `classifiers`: PEP 566) or its headers have (`License-Expression`, `License`,
/// `Classifier`), the clearest first. `None` where it is no such object, or an object with nothing but a `license`, which
/// [`read_literal`] reads.
///
/// # Errors
///
/// For people: a field of another shape, or one that tells nothing of a licence.
pub fn read_fields(ecosystem: Ecosystem, text: &str) -> Result<Option<Vec<(&'static str, Value)>>, String> {
    let Ok(Json::Object(fields)) = serde_json::from_str::<Json>(text.trim()) else { return Ok(None) };
    let field_of = |key: &str| match key.to_ascii_lowercase().replace('-', "_").as_str() {
        "license_expression" => Some("License-Expression"),
        "license" => Some("License"),
        "classifiers" | "classifier" => Some("Classifier"),
        _ => None,
    };
    let further = |key: &String| field_of(key).is_some_and(|field| field != "License");
    if ecosystem != Ecosystem::Pip || !fields.keys().any(further) {
        return Ok(None);
    }
    let mut found: Vec<(&'static str, Value)> = Vec::new();
    for (key, value) in fields {
        let field = field_of(&key)
            .ok_or_else(|| format!("`{key}` is none of `license_expression`, `license` and `classifiers`"))?;
        if found.iter().any(|(before, _)| *before == field) {
            return Err(format!("`{key}` stands there twice"));
        }
        let value = match (field, value) {
            (_, Json::Null) => continue,
            ("Classifier", Json::Array(list)) => Value::Classifiers(license_classifiers(&list)?),
            ("Classifier", _) => return Err(format!("`{key}` is no array of strings")),
            (_, Json::String(text)) => Value::One(text),
            _ => return Err(format!("`{key}` is no string")),
        };
        found.push((field, value));
    }
    let rank = |field: &str| ["License-Expression", "License"].iter().position(|name| *name == field).unwrap_or(2);
    found.sort_by_key(|(field, _)| rank(field));
    Ok(Some(found))
}

/// Those of the classifiers that are about licences.
fn license_classifiers(list: &[Json]) -> Result<Vec<String>, String> {
    let texts = list.iter().map(Json::as_str).collect::<Option<Vec<&str>>>();
    let texts = texts.ok_or("a classifier is no string")?;
    let is_license = |text: &&str| text.trim_start().starts_with("License ::") || !text.contains("::");
    Ok(texts.into_iter().filter(is_license).map(str::to_owned).collect())
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
    fn the_fields_of_a_python_package() {
        let fields = |text: &str| read_fields(Ecosystem::Pip, text);
        let one = |text: &str| Value::One(text.to_owned());
        let classifiers = |text: &str| Value::Classifiers(vec![text.to_owned()]);
        assert_eq!(
            fields(r#"{"classifiers":["License :: OSI Approved :: MIT License","Topic :: Software"],"license":"GPL"}"#),
            Ok(Some(vec![
                ("License", one("GPL")),
                ("Classifier", classifiers("License :: OSI Approved :: MIT License"))
            ]))
        );
        assert_eq!(
            fields(r#"{"Classifier":["MIT License"],"License-Expression":"MIT","license":null}"#),
            Ok(Some(vec![("License-Expression", one("MIT")), ("Classifier", classifiers("MIT License"))]))
        );
        for other in ["GPL", "[\"MIT License\"]", r#"{"license":"MIT"}"#, r#"{"type":"MIT"}"#, "{}"] {
            assert_eq!(fields(other), Ok(None), "{other}");
        }
        assert_eq!(read_fields(Ecosystem::Npm, r#"{"license":"GPL","classifiers":[]}"#), Ok(None));
        for wrong in [
            r#"{"classifiers":"MIT License"}"#,
            r#"{"classifiers":[1]}"#,
            r#"{"classifiers":[],"license":7}"#,
            r#"{"classifiers":[],"licence":"MIT"}"#,
            r#"{"classifiers":[],"Classifier":[]}"#,
        ] {
            assert!(fields(wrong).is_err(), "{wrong}");
        }
    }

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
