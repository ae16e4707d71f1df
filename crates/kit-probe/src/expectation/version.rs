//! Which version an instance says it has.

use super::differences::{document, without_mark};
use super::{Answer, JsonPath, MAX_TEXT_CHARS, VersionExpectation, VersionPlace, body_start, bounded, json};
use crate::event::{Miss, MissKind};
use serde_json::Value;

/// Fewest characters of an abbreviated commit id; git's own default.
const ABBREVIATION_CHARS: usize = 7;

pub(super) fn of(expected: &VersionExpectation, answer: &Answer<'_>) -> (Option<String>, Option<Miss>) {
    let wanted = expected.version.trim();
    let found = match &expected.place {
        VersionPlace::Body => from_body(answer.body, wanted),
        VersionPlace::Json(path) => {
            document(answer.body).and_then(|body| from_json(path, &body)).and_then(|text| one(&text))
        }
        VersionPlace::Header(name) => from_header(name, answer),
    };
    let miss = |got: &str| Miss {
        kind: MissKind::Version,
        expected: bounded(&format!("version {wanted}")),
        got: bounded(got),
    };
    match found {
        Ok(version) if wanted.is_empty() => (Some(version), Some(miss("an expectation without a version"))),
        Ok(version) if is_same(wanted, &version) => (Some(version), None),
        Ok(version) => {
            let got = miss(&format!("version {version}"));
            (Some(version), Some(got))
        }
        Err(why) => {
            let place = match &expected.place {
                VersionPlace::Body => why,
                VersionPlace::Json(path) => format!("{why} (`{path}`)"),
                VersionPlace::Header(name) => format!("{why} (header {name})"),
            };
            (None, Some(miss(&place)))
        }
    }
}

/// A fraction is no version: readers of JSON take 1.10 for 1.1.
fn from_json(path: &JsonPath, body: &Value) -> Result<String, String> {
    let text = path.one_text(body)?;
    match path.select(body)?.as_slice() {
        [Value::Number(number)] if !number.is_i64() && !number.is_u64() => {
            Err(format!("the JSON number {text}, which may be written otherwise; have it sent as a string"))
        }
        _ => Ok(text),
    }
}

fn from_header(name: &str, answer: &Answer<'_>) -> Result<String, String> {
    let mut values = answer.headers.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let first = values.next().ok_or("no such header")?;
    if values.any(|other| other != first) {
        return Err("several different values".to_owned());
    }
    one(&String::from_utf8_lossy(first))
}

fn from_body(body: &[u8], wanted: &str) -> Result<String, String> {
    let text = without_mark(body).trim_ascii();
    if matches!(text.first(), Some(b'{' | b'[' | b'"'))
        && let Ok(value) = serde_json::from_slice::<Value>(text)
    {
        let advice =
            json::path_of(&value, |text| is_same(wanted, text.trim())).unwrap_or_else(|| "$.version".to_owned());
        return Err(format!(
            "{} in JSON; say where the version stands, such as --version-json '{advice}'",
            json::kind(&value)
        ));
    }
    if text.len() > MAX_TEXT_CHARS * 4 {
        return Err(not_a_version(body));
    }
    one(&String::from_utf8_lossy(text))
}

fn not_a_version(body: &[u8]) -> String {
    let start: String = body_start(body).unwrap_or_default().chars().take(60).collect();
    format!("a text of {} bytes that begins with `{start}`", body.len())
}

/// A text as a version: on one line and not longer than one is.
fn one(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("an empty text".to_owned());
    }
    if text.chars().count() > MAX_TEXT_CHARS || text.contains(['\n', '\r']) {
        return Err(not_a_version(text.as_bytes()));
    }
    Ok(text.to_owned())
}

/// Whether two texts name one version; see [`super::version_of`].
fn is_same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if short.len() < ABBREVIATION_CHARS || !is_hex(short) || !is_hex(long) || long.len() > 64 {
        return false;
    }
    let names_a_commit = short.bytes().any(|byte| byte.is_ascii_alphabetic()) || matches!(long.len(), 40 | 64);
    names_a_commit && long.as_bytes()[..short.len()].eq_ignore_ascii_case(short.as_bytes())
}
