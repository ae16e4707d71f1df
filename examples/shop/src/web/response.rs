//! A response before it goes on the wire.

use serde_json::{Value, json};

use super::request::SESSION_COOKIE;
use crate::store::Problem;

/// One response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names and values, without `Content-Length`, which the server adds.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A body of this media type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("Content-Type", content_type.to_owned())], body: body.into() }
    }

    /// A JSON body, never cached.
    pub fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json", value.to_string()).with_header("Cache-Control", "no-store")
    }

    /// An HTML body.
    pub fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }

    /// A plain text body.
    pub fn text(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", body)
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// 303 See Other: the browser goes on with a GET of `path`.
    pub fn see_other(path: &str) -> Self {
        Self::empty(303).with_header("Location", path)
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Gives the visitor the session `id`, unless `sent`, the cookie of the request, holds it already.
    #[must_use]
    pub fn with_session(self, id: &str, sent: Option<&str>) -> Self {
        if sent == Some(id) {
            return self;
        }
        self.with_header("Set-Cookie", format!("{SESSION_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax"))
    }
}

impl From<&Problem> for Response {
    fn from(problem: &Problem) -> Self {
        Self::json(problem.status, &json!({ "error": { "code": problem.code, "message": problem.message } }))
    }
}
