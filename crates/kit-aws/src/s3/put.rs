//! PutObject, and the condition on a write.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::{HeaderName, HeaderValue, Method};

use super::{S3, checked, quoted, unquoted};
use crate::call::Answer;
use crate::http::header_values;
use crate::recorder::Kind;
use crate::sign::Payload;
use crate::{Body, Error};

const CHECKSUM_SHA256: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");

/// When a write may happen. Source: Amazon S3 User Guide, "How to prevent object overwrites with conditional writes".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Condition {
    /// Always.
    #[default]
    None,
    /// Only if there is no object (`If-None-Match: *`).
    Absent,
    /// Only if the object has this ETag (`If-Match`).
    Matches(String),
}

impl Condition {
    /// The condition as a header.
    pub(super) fn header(&self) -> Result<Option<(HeaderName, HeaderValue)>, Error> {
        Ok(match self {
            Condition::None => None,
            Condition::Absent => Some((IF_NONE_MATCH, HeaderValue::from_static("*"))),
            Condition::Matches(etag) => Some((IF_MATCH, quoted(etag)?)),
        })
    }
}

/// An object to write.
#[derive(Debug, Clone)]
pub struct Put<'a> {
    /// Its bytes.
    pub body: Body,
    /// Their SHA-256: signed, checked by S3 and kept as its checksum.
    pub sha256: [u8; 32],
    /// What is stored beside them: `content-type`, `cache-control`, `x-amz-meta-*`, ...
    pub headers: &'a [(String, String)],
    /// When it may be written.
    pub condition: Condition,
}

/// What S3 says of an object that it has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Without its quotes.
    pub etag: String,
    /// How often the deciding request was sent, from 1. Above 1 an earlier one may have taken effect too.
    pub attempts: u32,
}

impl Stored {
    /// # Errors
    /// [`Error::Malformed`]: S3 tells the ETag of all that it has written, so something else has answered.
    pub(super) fn of(answer: &Answer, what: &dyn std::fmt::Display) -> Result<Stored, Error> {
        match answer.header("etag").map(unquoted).filter(|etag| !etag.is_empty()) {
            Some(etag) => Ok(Stored { etag, attempts: answer.attempts }),
            None => Err(Error::Malformed { what: what.to_string(), why: "no ETag of what was written".to_owned() }),
        }
    }
}

impl S3 {
    /// Writes an object of up to 5 GB in one request.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] (with more than one attempt the object may be the one of a lost answer: compare),
    /// [`Error::Conflict`], and those of all calls.
    pub async fn put(&self, key: &str, put: Put<'_>) -> Result<Stored, Error> {
        checked(key)?;
        let (what, url) = (self.what("PUT", key), self.0.address.object(key));
        let mut call = self.call(Kind::Put, &what, Method::PUT, &url);
        call.headers = header_values(put.headers)?;
        call.headers.extend(put.condition.header()?);
        let checksum = HeaderValue::from_str(&STANDARD.encode(put.sha256));
        call.headers.push((CHECKSUM_SHA256, checksum.map_err(|error| Error::Input(error.to_string()))?));
        call.body = put.body;
        call.payload = Payload::Sha256(hex(&put.sha256));
        Stored::of(&self.send(call).await?, &what)
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        hex.push(char::from(DIGITS[usize::from(byte >> 4)]));
        hex.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    hex
}
