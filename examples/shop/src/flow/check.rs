//! What must be true of a response, and the sentence to say when it isn't. PURE.

#![warn(clippy::disallowed_methods)]

use serde_json::Value;

use super::Response;
use super::template::{Template, Values};

/// How much of a body or value a message shows, in characters.
pub const MAX_SHOWN_CHARS: usize = 200;

/// One expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// Line in the file, from 1.
    pub line: u32,
    /// What is expected.
    pub check: Check,
}

/// What can be expected.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// The status is 200 to 299: what a step expects that names no status.
    Success,
    /// The status is one of these.
    Status(Vec<u16>),
    /// The `Location` header, or where the followed redirects ended, is this path and query.
    Location(Template),
    /// The body contains this text.
    BodyContains(Template),
    /// The body doesn't contain this text.
    BodyLacks(Template),
    /// The first header of this name has exactly this value.
    Header(String, Template),
    /// The first header of this name contains this text.
    HeaderContains(String, Template),
    /// There is no header of this name.
    HeaderAbsent(String),
    /// The JSON body has this value at this JSON Pointer (RFC 6901); templates may stand in its strings.
    Json(String, Value),
    /// The JSON array, object or string at this JSON Pointer has this many elements, members or characters.
    JsonLength(String, usize),
    /// The JSON body has nothing, or null, at this JSON Pointer.
    JsonAbsent(String),
}

/// An expectation that was not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Line of the expectation, from 1.
    pub line: u32,
    /// What was expected and what came, on one line.
    pub message: String,
}

/// All expectations that `response` doesn't meet, in the order of the file.
pub fn check(expectations: &[Expectation], response: &Response, values: &Values) -> Vec<Mismatch> {
    let body = expectations.iter().any(Expectation::needs_json).then(|| serde_json::from_str(&response.body));
    let body = body.map(|parsed| parsed.map_err(|error: serde_json::Error| error.to_string()));
    let unmet = |expectation: &Expectation| {
        let message = check_one(&expectation.check, response, body.as_ref(), values).err()?;
        Some(Mismatch { line: expectation.line, message })
    };
    expectations.iter().filter_map(unmet).collect()
}

impl Expectation {
    fn needs_json(&self) -> bool {
        matches!(self.check, Check::Json(..) | Check::JsonLength(..) | Check::JsonAbsent(..))
    }
}

fn check_one(
    check: &Check,
    response: &Response,
    body: Option<&Result<Value, String>>,
    values: &Values,
) -> Result<(), String> {
    match check {
        Check::Success => ensure((200..300).contains(&response.status), || status_message("200 to 299", response)),
        Check::Status(wanted) => ensure(wanted.contains(&response.status), || status_message(&list(wanted), response)),
        Check::Location(wanted) => {
            let wanted = wanted.fill(values)?;
            let location = response.landed_on.as_deref().or_else(|| response.header("location"));
            ensure(location == Some(&wanted), || format!("location: expected {wanted:?}, got {location:?}"))
        }
        Check::BodyContains(text) => {
            let text = text.fill(values)?;
            ensure(response.body.contains(&text), || {
                format!("body: expected to contain {text:?}, got {}", shown(&response.body))
            })
        }
        Check::BodyLacks(text) => {
            let text = text.fill(values)?;
            ensure(!response.body.contains(&text), || format!("body: expected not to contain {text:?}, but it does"))
        }
        Check::Header(name, wanted) => {
            let (wanted, got) = (wanted.fill(values)?, response.header(name));
            ensure(got == Some(&wanted), || format!("header {name}: expected {wanted:?}, got {got:?}"))
        }
        Check::HeaderContains(name, wanted) => {
            let (wanted, got) = (wanted.fill(values)?, response.header(name));
            let is_met = got.is_some_and(|got| got.contains(&wanted));
            ensure(is_met, || format!("header {name}: expected to contain {wanted:?}, got {got:?}"))
        }
        Check::HeaderAbsent(name) => {
            let got = response.header(name);
            ensure(got.is_none(), || format!("header {name}: expected none, got {got:?}"))
        }
        Check::Json(pointer, wanted) => {
            let (wanted, got) = (fill_json(wanted, values)?, at(body, pointer)?);
            let is_met = got.is_some_and(|got| json_equals(got, &wanted));
            ensure(is_met, || {
                format!("json {pointer:?}: expected {}, got {}", shown_json(Some(&wanted)), shown_json(got))
            })
        }
        Check::JsonLength(pointer, wanted) => {
            let got = at(body, pointer)?;
            let length = got.and_then(json_length);
            ensure(length == Some(*wanted), || {
                let length = length.map_or_else(|| shown_json(got), |length| length.to_string());
                format!("json {pointer:?}: expected length {wanted}, got {length}")
            })
        }
        Check::JsonAbsent(pointer) => {
            let got = at(body, pointer)?;
            ensure(got.is_none_or(Value::is_null), || {
                format!("json {pointer:?}: expected nothing, got {}", shown_json(got))
            })
        }
    }
}

fn ensure(is_met: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    if is_met { Ok(()) } else { Err(message()) }
}

fn status_message(wanted: &str, response: &Response) -> String {
    // An error page says more about a wrong status than the number does.
    format!("status: expected {wanted}, got {}; body: {}", response.status, shown(&response.body))
}

fn list(statuses: &[u16]) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

fn at<'a>(body: Option<&'a Result<Value, String>>, pointer: &str) -> Result<Option<&'a Value>, String> {
    match body {
        Some(Ok(body)) => Ok(body.pointer(pointer)),
        Some(Err(error)) => Err(format!("json {pointer:?}: the body is no JSON: {error}")),
        None => Ok(None),
    }
}

/// Equal as JSON, where `1` and `1.0` are the same number.
fn json_equals(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| json_equals(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| json_equals(value, other)))
        }
        _ => left == right,
    }
}

fn json_length(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(items.len()),
        Value::Object(members) => Some(members.len()),
        Value::String(text) => Some(text.chars().count()),
        _ => None,
    }
}

/// `value` with the values filled into its strings. Keys stay as they are.
///
/// # Errors
/// One line that names a bad template or a missing value.
pub fn fill_json(value: &Value, values: &Values) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(Template::parse(text)?.fill(values)?),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| fill_json(item, values)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let filled = members.iter().map(|(key, value)| Ok((key.clone(), fill_json(value, values)?)));
            Value::Object(filled.collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}

fn shown_json(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| cut(&value.to_string()))
}

fn shown(body: &str) -> String {
    format!("{:?}", cut(body))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
