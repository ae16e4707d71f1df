//! What a step keeps of its response for later steps. PURE.

#![warn(clippy::disallowed_methods)]

use serde_json::Value;

use super::Response;

/// Longest captured value in bytes.
pub const MAX_VALUE_BYTES: usize = 4 * 1024;

/// One value to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Line in the file, from 1.
    pub line: u32,
    /// Under which name.
    pub name: String,
    /// From where.
    pub source: Source,
}

/// Where a captured value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the JSON body, at this JSON Pointer (RFC 6901). Strings are taken without quotes, other values as JSON.
    Json(String),
    /// In the first header of this name.
    Header(String),
    /// In the body, between the first of these two texts and the next of the second.
    Between(String, String),
}

impl Capture {
    /// The value in `response`.
    ///
    /// # Errors
    /// One line that says why there is none.
    pub fn take(&self, response: &Response) -> Result<String, String> {
        let value = match &self.source {
            Source::Json(pointer) => {
                let body: Value =
                    serde_json::from_str(&response.body).map_err(|error| format!("the body is no JSON: {error}"))?;
                match body.pointer(pointer) {
                    Some(Value::String(text)) => text.clone(),
                    Some(value) => value.to_string(),
                    None => return Err(format!("the body has no {pointer:?}")),
                }
            }
            Source::Header(name) => {
                response.header(name).ok_or_else(|| format!("there is no header {name:?}"))?.to_owned()
            }
            Source::Between(before, after) => {
                let (_, rest) =
                    response.body.split_once(before).ok_or_else(|| format!("the body has no {before:?}"))?;
                rest.split_once(after)
                    .ok_or_else(|| format!("the body has no {after:?} after {before:?}"))?
                    .0
                    .to_owned()
            }
        };
        if value.len() > MAX_VALUE_BYTES {
            return Err(format!("the value has {} bytes, more than {MAX_VALUE_BYTES}", value.len()));
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(source: Source, body: &str) -> Result<String, String> {
        let response = Response {
            headers: vec![("location".to_owned(), "/x".to_owned())],
            body: body.to_owned(),
            ..Response::default()
        };
        Capture { line: 1, name: "value".to_owned(), source }.take(&response)
    }

    #[test]
    fn values_are_found() {
        assert_eq!(take(Source::Json("/a/0".to_owned()), r#"{"a":["b"]}"#).as_deref(), Ok("b"));
        assert_eq!(take(Source::Json("/a".to_owned()), r#"{"a":17}"#).as_deref(), Ok("17"));
        assert_eq!(take(Source::Header("Location".to_owned()), "").as_deref(), Ok("/x"));
        assert_eq!(
            take(Source::Between("value=\"".to_owned(), "\"".to_owned()), "<i value=\"v\">").as_deref(),
            Ok("v")
        );
    }

    #[test]
    fn missing_values_are_explained() {
        assert!(take(Source::Json("/b".to_owned()), "{}").unwrap_err().contains("no \"/b\""));
        assert!(take(Source::Json("/b".to_owned()), "<html>").unwrap_err().contains("no JSON"));
        assert!(take(Source::Header("etag".to_owned()), "").unwrap_err().contains("etag"));
        assert!(take(Source::Between("a".to_owned(), "z".to_owned()), "abc").unwrap_err().contains("after"));
        let long = "x".repeat(MAX_VALUE_BYTES + 1);
        assert!(
            take(Source::Between("<".to_owned(), ">".to_owned()), &format!("<{long}>")).unwrap_err().contains("bytes")
        );
    }
}
