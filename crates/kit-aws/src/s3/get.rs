//! GetObject and HeadObject.

use std::io;

use bytes::Bytes;
use http::header::{IF_MATCH, RANGE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::{S3, checked, quoted, unquoted, xml};
use crate::Error;
use crate::call::{Answer, Limit, random, streamed};
use crate::recorder::Kind;
use crate::retry::{self, ATTEMPTS, Fault};

/// S3 tells the checksums that it keeps.
const CHECKSUMS: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-amz-checksum-mode"), HeaderValue::from_static("ENABLED"));

/// A connection that brought this much before it broke was worth it, and does not count as a vain attempt.
const PROGRESS_BYTES: u64 = 1024 * 1024;

/// What S3 tells of an object beside its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// In bytes.
    pub size: u64,
    /// Without its quotes.
    pub etag: String,
    /// Seconds since 1970; 0 when the server did not tell.
    pub last_modified_s: i64,
    /// All headers of the answer, names in lower case, `x-amz-meta-*` among them. Values that are not visible ASCII are
    /// left out.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A value of user metadata; `name` in lower case without `x-amz-meta-`.
    pub fn metadata(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.strip_prefix("x-amz-meta-") == Some(name))
            .map(|(_, value)| value.as_str())
    }

    fn of(headers: &HeaderMap) -> Head {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        Head {
            size: text("content-length").and_then(|size| size.parse().ok()).unwrap_or(0),
            etag: text("etag").map(unquoted).unwrap_or_default(),
            last_modified_s: text("last-modified").map(xml::http_seconds).unwrap_or(0),
            headers: headers
                .iter()
                .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
                .collect(),
        }
    }
}

/// An object in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its bytes.
    pub body: Bytes,
    /// The rest.
    pub head: Head,
}

impl S3 {
    /// Reads an object of at most `limit_bytes`, and compares it with the checksum that S3 keeps of it. `None`: no such key. (Without the right to list the bucket, S3 answers
    /// [`Error::Denied`] for a key that is not there.)
    ///
    /// # Errors
    /// [`Error::BodyTooLarge`] and those of all calls.
    pub async fn get(&self, key: &str, limit_bytes: u64) -> Result<Option<Object>, Error> {
        checked(key)?;
        let (what, url) = (self.what("GET", key), self.0.address.object(key));
        let mut call = self.call(Kind::Get, &what, Method::GET, &url);
        call.limit = Limit::Buffered(limit_bytes);
        call.headers.push(CHECKSUMS);
        call.verified = true;
        let Some(answer) = found(self.send(call).await)? else { return Ok(None) };
        let mut head = Head::of(&answer.headers);
        head.size = answer.body.len() as u64;
        Ok(Some(Object { body: answer.body, head }))
    }

    /// Reads an object piece by piece, whatever its size. When the answer breaks off, the rest is asked for, of the same
    /// object. Nothing is compared with a checksum: the caller knows the digest. `None`: no such key, and `each` was never
    /// called.
    ///
    /// # Errors
    /// [`Error::File`] when `each` fails (key and its reason), [`Error::Changed`] when another object took the key
    /// meanwhile, and those of all calls. `each` may have been called before.
    pub async fn get_chunks(
        &self,
        key: &str,
        mut each: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<Option<Head>, Error> {
        checked(key)?;
        let (what, url) = (self.what("GET", key), self.0.address.object(key));
        let mut begun: Option<Head> = None;
        let mut arrived: u64 = 0;
        let (mut breaks, mut at_break) = (0, 0);
        loop {
            let mut call = self.call(Kind::Get, &what, Method::GET, &url);
            call.limit = Limit::Streamed;
            if let Some(head) = &begun {
                let range = HeaderValue::from_str(&format!("bytes={arrived}-"));
                call.headers.push((RANGE, range.map_err(|error| Error::Input(error.to_string()))?));
                call.headers.push((IF_MATCH, quoted(&head.etag)?));
            }
            let mut answer = match found(self.send(call).await) {
                Ok(Some(answer)) => answer,
                Ok(None) if begun.is_none() => return Ok(None),
                Ok(None) | Err(Error::PreconditionFailed { .. }) => {
                    return Err(Error::Changed { path: what.to_string() });
                }
                Err(error) => return Err(error),
            };
            if begun.is_some() && answer.status != 206 {
                return Err(Error::Malformed { what: what.to_string(), why: "no range was given back".into() });
            }
            let head = begun.get_or_insert_with(|| Head::of(&answer.headers));
            let Some(mut body) = answer.stream.take() else { return Ok(begun) };
            let broken = loop {
                match streamed(self.0.aws.http(), &mut body).await {
                    Ok(None) if arrived < head.size => break "it ended early".to_owned(),
                    Ok(None) => return Ok(begun),
                    Err(why) => break why,
                    Ok(Some(piece)) => {
                        arrived += piece.len() as u64;
                        each(&piece).map_err(|error| Error::File { path: key.to_owned(), why: error.to_string() })?;
                    }
                }
            };
            if arrived == head.size && head.size > 0 {
                return Ok(begun);
            }
            breaks = if arrived - at_break < PROGRESS_BYTES { breaks + 1 } else { 1 };
            at_break = arrived;
            if breaks == ATTEMPTS || head.etag.is_empty() {
                return Err(Error::Network(format!("{what}: {broken} ({breaks} times, after {arrived} bytes)")));
            }
            tokio::time::sleep(retry::wait(Fault::Connection, breaks, random())).await;
        }
    }

    /// Asks for an object without its bytes. `None`: no such key (or no such bucket: HEAD does not tell).
    ///
    /// # Errors
    /// Those of all calls.
    pub async fn head(&self, key: &str) -> Result<Option<Head>, Error> {
        self.ask(key, Vec::new()).await
    }

    /// The same, and S3 tells the checksums that it keeps.
    pub(super) async fn head_with_checksum(&self, key: &str) -> Result<Option<Head>, Error> {
        self.ask(key, vec![CHECKSUMS]).await
    }

    async fn ask(&self, key: &str, headers: Vec<(HeaderName, HeaderValue)>) -> Result<Option<Head>, Error> {
        checked(key)?;
        let (what, url) = (self.what("HEAD", key), self.0.address.object(key));
        let mut call = self.call(Kind::Head, &what, Method::HEAD, &url);
        call.headers = headers;
        Ok(found(self.send(call).await)?.map(|answer| Head::of(&answer.headers)))
    }
}

/// A missing key is an answer here.
fn found(answer: Result<Answer, Error>) -> Result<Option<Answer>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::NoSuchKey { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
