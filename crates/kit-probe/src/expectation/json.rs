//! JSON paths (RFC 9535) and what they select.

use super::{ExpectationError, JsonExpectation, bounded};
use jsonpath_rust::parser::errors::JsonPathError;
use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use serde_json::Value;
use std::fmt;

/// Bytes of a path as written.
pub const MAX_PATH_BYTES: usize = 1024;
/// Values of a body that a path with `..` or a filter is asked of: each of them costs a path of its own in memory.
pub const MAX_VALUES: usize = 100_000;
/// Values of a body when a filter holds `..` or `$`, which look at everything again for each value.
pub const MAX_VALUES_SQUARED: usize = 2_000;

/// A JSON path that is valid.
#[derive(Clone)]
pub struct JsonPath {
    text: String,
    query: JpQuery,
    most_values: usize,
}

impl JsonPath {
    /// A path by RFC 9535, such as `$.checks[*].status`. Errors: the syntax, with its column; over [`MAX_PATH_BYTES`]; `..`
    /// twice outside of filters, which a hostile body could make grow without end.
    pub fn parse(text: &str) -> Result<JsonPath, ExpectationError> {
        let text = text.trim();
        let refused =
            |why: String| ExpectationError { why: format!("the JSON path `{}` is not valid: {why}", bounded(text)) };
        if text.len() > MAX_PATH_BYTES {
            return Err(refused(format!("it is longer than {MAX_PATH_BYTES} bytes")));
        }
        if !text.starts_with('$') {
            return Err(refused("column 1: it begins with `$`, such as `$.status`".to_owned()));
        }
        let query = parse_json_path(text).map_err(|err| refused(syntax(&err)))?;
        let shape = Shape::of(text);
        if shape.descents > 1 {
            return Err(refused("`..` stands in it twice; name the way to one of the two".to_owned()));
        }
        let most_values = if shape.everything_in_a_filter {
            MAX_VALUES_SQUARED
        } else if shape.descents > 0 || shape.filter {
            MAX_VALUES
        } else {
            usize::MAX
        };
        Ok(JsonPath { text: text.to_owned(), query, most_values })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The values that it selects, in the order of RFC 9535. Errors: the body is too large for such a path.
    pub fn select<'v>(&self, body: &'v Value) -> Result<Vec<&'v Value>, String> {
        if self.most_values != usize::MAX && !has_at_most(body, self.most_values) {
            return Err(format!("a body of more than {} JSON values, too many for such a path", self.most_values));
        }
        let nodes = js_path_process(&self.query, body).map_err(|err| bounded(&err.to_string()))?;
        Ok(nodes.into_iter().map(|node| node.val).collect())
    }

    /// The text of the one string, number or boolean that it selects. Errors: what it selects instead, in words.
    pub fn one_text(&self, body: &Value) -> Result<String, String> {
        let nodes = self.select(body)?;
        match nodes.as_slice() {
            [Value::String(text)] => Ok(text.clone()),
            [value @ (Value::Number(_) | Value::Bool(_))] => Ok(value.to_string()),
            [] => Err("nothing at this path".to_owned()),
            [other] => Err(format!("{} at this path", kind(other))),
            several => Err(format!("{} values at this path", several.len())),
        }
    }
}

impl fmt::Debug for JsonPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "JsonPath({:?})", self.text)
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl PartialEq for JsonPath {
    fn eq(&self, other: &JsonPath) -> bool {
        self.text == other.text
    }
}

impl Eq for JsonPath {}

/// The bytes of a path that stand in no string of it, each with its place.
fn unquoted(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let mut bytes = text.bytes().enumerate();
    std::iter::from_fn(move || {
        let (at, byte) = bytes.next()?;
        if !matches!(byte, b'\'' | b'"') {
            return Some((at, byte));
        }
        // The whole string at once, its closing mark in its stead; one that never ends is the parser's matter.
        loop {
            match bytes.next()? {
                (_, b'\\') => drop(bytes.next()),
                (end, mark) if mark == byte => return Some((end, mark)),
                _ => {}
            }
        }
    })
}

/// What a path asks for that costs more than its length.
#[derive(Default)]
struct Shape {
    /// `..` outside of filters.
    descents: usize,
    filter: bool,
    /// `..`, `$` or a wildcard in a filter.
    everything_in_a_filter: bool,
}

impl Shape {
    fn of(text: &str) -> Shape {
        let mut shape = Shape::default();
        let mut bytes = unquoted(text).peekable();
        let mut filter_depth = None;
        let mut depth = 0usize;
        // `$..[?@..x]` asks for everything below everything.
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'[' => depth += 1,
                b']' => {
                    depth = depth.saturating_sub(1);
                    if filter_depth.is_some_and(|open| depth < open) {
                        filter_depth = None;
                    }
                }
                b'?' => {
                    shape.filter = true;
                    filter_depth = filter_depth.or(Some(depth));
                }
                b'$' => shape.everything_in_a_filter |= filter_depth.is_some() && at > 0,
                b'.' if bytes.peek() == Some(&(at + 1, b'.')) => {
                    bytes.next();
                    match filter_depth {
                        Some(_) => shape.everything_in_a_filter = true,
                        None => shape.descents += 1,
                    }
                }
                _ => {}
            }
        }
        shape
    }
}

/// Whether a document has at most so many values.
fn has_at_most(body: &Value, most: usize) -> bool {
    let mut open = vec![body];
    let mut count = 0;
    while let Some(value) = open.pop() {
        count += 1;
        if count > most {
            return false;
        }
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    true
}

fn syntax(err: &JsonPathError) -> String {
    match err {
        JsonPathError::PestError(err) => {
            let (pest_line, column) = position(&err.to_string());
            format!("column {column}: {pest_line}")
        }
        other => bounded(&other.to_string()),
    }
}

/// The parser's error is a drawing whose first line ends with `line:column` and whose last says what was expected.
fn position(drawing: &str) -> (String, usize) {
    let column = drawing
        .lines()
        .next()
        .and_then(|line| line.rsplit_once(':'))
        .and_then(|(_, column)| column.trim().parse().ok())
        .unwrap_or(1);
    let why = drawing.lines().last().unwrap_or_default().trim().trim_start_matches("= ");
    (bounded(&why.replace('_', " ")), column)
}

impl JsonExpectation {
    /// `$.path`, or `$.path == value`. The first `==` outside of brackets and quotes divides. Errors: the path; no value;
    /// a number that has more digits than JSON readers keep.
    pub fn parse(text: &str) -> Result<JsonExpectation, ExpectationError> {
        match divide(text) {
            (path, None) => JsonExpectation::new(path, None),
            (path, Some("")) => Err(ExpectationError {
                why: format!("after `{} ==` there is no value; write `\"\"` for the empty text", bounded(path.trim())),
            }),
            (path, Some(value)) => JsonExpectation::new(path, Some(value)),
        }
    }

    /// The same from its parts. Errors: as [`JsonExpectation::parse`].
    pub fn new(path: &str, value: Option<&str>) -> Result<JsonExpectation, ExpectationError> {
        let path = JsonPath::parse(path)?;
        if let Some(text) = value
            && is_inexact(text)
        {
            return Err(ExpectationError {
                why: format!(
                    "the number `{}` has more digits than JSON readers keep; have the service send a string, and write it in quotes",
                    bounded(text)
                ),
            });
        }
        Ok(JsonExpectation { path, value: value.map(str::to_owned) })
    }

    /// What is there instead; `None` when it is as expected.
    pub(super) fn differs(&self, body: &Value) -> Option<String> {
        let nodes = match self.path.select(body) {
            Ok(nodes) => nodes,
            Err(why) => return Some(why),
        };
        if nodes.is_empty() {
            return Some("nothing at this path".to_owned());
        }
        let expected = self.value.as_deref()?;
        let (index, other) = nodes.iter().enumerate().find(|(_, node)| !is_value(node, expected))?;
        let shown = bounded(&other.to_string());
        Some(if nodes.len() == 1 { shown } else { format!("{shown} as value {} of {}", index + 1, nodes.len()) })
    }
}

fn divide(text: &str) -> (&str, Option<&str>) {
    let mut depth = 0usize;
    for (at, byte) in unquoted(text) {
        match byte {
            b'[' | b'(' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            b'=' if depth == 0 && text[at..].starts_with("==") => {
                return (&text[..at], Some(text[at + 2..].trim()));
            }
            _ => {}
        }
    }
    (text, None)
}

/// Whether a value is the one that is written: as JSON, or as bare text for a string.
fn is_value(node: &Value, written: &str) -> bool {
    if let Value::String(text) = node
        && text == written
    {
        return true;
    }
    match (serde_json::from_str::<Value>(written), node) {
        (Ok(Value::Number(written)), Value::Number(node)) => {
            let whole = |number: &serde_json::Number| {
                number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
            };
            match (whole(&written), whole(node)) {
                (Some(written), Some(node)) => written == node,
                _ => written.as_f64() == node.as_f64(),
            }
        }
        (Ok(written), node) => written == *node,
        (Err(_), _) => false,
    }
}

/// Whether it is a number of which a reader of JSON keeps only a part: an f64 holds 15 digits of any, 64 bits all integers
/// up to their own size.
fn is_inexact(text: &str) -> bool {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Number(number)) if !number.is_i64() && !number.is_u64() => {
            let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
            let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
            digits.trim_start_matches('0').len() > 15
        }
        // A number that overflows is no JSON for the reader, and would be compared as a bare text.
        Err(_) => {
            !text.is_empty()
                && text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit())
                && text.len() > 19
        }
        _ => false,
    }
}

/// A JSON value's kind in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The path of the first string that is `wanted`, for advice; only names that need no quoting are walked.
pub(super) fn path_of(body: &Value, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let plain = |name: &str| {
        name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let mut open = vec![(String::from("$"), body)];
    let mut seen = 0;
    while let Some((path, value)) = open.pop() {
        seen += 1;
        // Advice is not worth more than this.
        if seen > 1000 {
            return None;
        }
        match value {
            Value::String(text) if wanted(text) => return Some(path),
            Value::Object(members) if path.len() < 100 => open.extend(
                members
                    .iter()
                    .rev()
                    .filter(|(name, _)| plain(name))
                    .map(|(name, value)| (format!("{path}.{name}"), value)),
            ),
            _ => {}
        }
    }
    None
}
