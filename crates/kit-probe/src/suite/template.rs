//! `{{name}}` in texts.

use crate::expectation::is_header_value;
use std::collections::BTreeMap;

/// Bytes of a text once it is filled in.
pub const MAX_FILLED_BYTES: usize = 1 << 20;

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
enum Part<'t> {
    Text(&'t str),
    Name(&'t str),
}

/// The text in parts. Errors: braces that are not closed, a name that is none.
fn parts(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        if at > 0 {
            parts.push(Part::Text(&rest[..at]));
        }
        let inner = &rest[at + 2..];
        let end = inner.find("}}").ok_or("`{{` has no `}}`; a text with two braces goes into a variable")?;
        let name = inner[..end].trim();
        if !is_name(name) {
            return Err(format!("`{{{{{name}}}}}` holds no name; names have letters, digits, `_` and `-`"));
        }
        parts.push(Part::Name(name));
        rest = &inner[end + 2..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

/// Whether a variable can be called so: an ASCII letter or `_`, then letters, digits, `_` and `-`, at most 64.
pub fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// The names that a text uses. Errors: as it can't be read.
pub fn names(text: &str) -> Result<Vec<String>, String> {
    let parts = parts(text)?;
    Ok(parts
        .into_iter()
        .filter_map(|part| match part {
            Part::Name(name) => Some(name.to_owned()),
            Part::Text(_) => None,
        })
        .collect())
}

/// The text with each value as `encode` writes it. Errors: a name without a value, too long a result.
pub fn fill(text: &str, values: &BTreeMap<String, String>, encode: impl Fn(&str) -> String) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    for part in parts(text)? {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Name(name) => {
                let value = values.get(name).ok_or_else(|| format!("`{{{{{name}}}}}` has no value"))?;
                filled.push_str(&encode(value));
            }
        }
        if filled.len() > MAX_FILLED_BYTES {
            return Err(format!("a text becomes longer than {MAX_FILLED_BYTES} bytes"));
        }
    }
    Ok(filled)
}

/// As it is.
pub fn plain(value: &str) -> String {
    value.to_owned()
}

/// A path and query: everything but RFC 3986's unreserved characters is percent-encoded in values. A path that is one name alone
/// takes its value as it is. Errors: as [`fill`]; control characters; `.` and `..` as segments, which lead out of the path.
pub fn path(text: &str, values: &BTreeMap<String, String>) -> Result<String, String> {
    let filled = match parts(text)?.as_slice() {
        [Part::Name(_)] => fill(text, values, plain)?,
        _ => fill(text, values, percent_encoded)?,
    };
    if filled.chars().any(|char| char.is_control() || char == '\\') {
        return Err("the path has control characters or backslashes".to_owned());
    }
    let before_query = filled.split(['?', '#']).next().unwrap_or_default();
    let is_dots = |segment: &str| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    };
    if before_query.split('/').any(is_dots) {
        return Err("the path has `.` or `..` as a segment".to_owned());
    }
    Ok(filled)
}

/// A header's value. Errors: as [`fill`]; line ends and other control characters, which would add headers.
pub fn header(text: &str, values: &BTreeMap<String, String>) -> Result<String, String> {
    let filled = fill(text, values, plain)?;
    if !is_header_value(&filled) {
        return Err("the header's value has line ends or other control characters".to_owned());
    }
    Ok(filled)
}

/// Strings of a JSON value, wherever they stand; the values are escaped when it is written.
pub fn json(value: &serde_json::Value, values: &BTreeMap<String, String>) -> Result<serde_json::Value, String> {
    use serde_json::Value;
    Ok(match value {
        Value::String(text) => Value::String(fill(text, values, plain)?),
        Value::Array(items) => Value::Array(items.iter().map(|item| json(item, values)).collect::<Result<_, _>>()?),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| Ok((name.clone(), json(value, values)?)))
                .collect::<Result<_, String>>()?,
        ),
        other => other.clone(),
    })
}

/// Everything but letters, digits and `-._~` as `%XX`.
pub fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
