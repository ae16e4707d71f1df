//! Writes records and the pointer. EFFECTS.

use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::object_headers::object_headers;
use crate::plan::place::Place;
use crate::plan::record::{Headers, Pointer, Record};
use bytes::Bytes;
use kit_aws::s3::{Condition, Put, S3};
use kit_host::Permit;
use serde::Serialize;

/// A record never changes.
const RECORD_CACHE_CONTROL: &str = "private, max-age=31536000, immutable";
/// A pointer may change at any moment: whoever has an old one asks whether it still is the one.
const POINTER_CACHE_CONTROL: &str = "no-cache";

/// Writes the record of a release; gives its key from the bucket's root.
///
/// Errors: AWS. An answer that was lost is no error: what lies under the key is compared.
pub async fn put(_permit: &Permit, s3: &S3, place: &Place, record: &Record) -> Result<String, Error> {
    let key = place.record(&record.release, record.created_ms);
    let (body, headers) = json(place, record, RECORD_CACHE_CONTROL, stored_with(record))?;
    match write(s3, &key, body.clone(), &headers, Condition::Absent).await? {
        Some(_) => Ok(key),
        None if is_there(s3, &key, &body).await?.is_some() => Ok(key),
        None => {
            let what = format!("{key} is there already with another record; run again for another id");
            Err(Error::Service { code: "record-taken", what })
        }
    }
}

/// Writes the pointer if it still is what was read: `etag` of then, `None` when there was none. Gives its new ETag, or `None` when somebody
/// else has written it meanwhile.
///
/// Errors: AWS. An answer that was lost is no error: what is there is compared.
pub async fn point(
    _permit: &Permit,
    s3: &S3,
    place: &Place,
    pointer: &Pointer,
    etag: Option<&str>,
) -> Result<Option<String>, Error> {
    let key = place.pointer();
    let (body, headers) = json(place, pointer, POINTER_CACHE_CONTROL, Headers::default())?;
    let condition = etag.map_or(Condition::Absent, |etag| Condition::Matches(etag.to_owned()));
    match write(s3, &key, body.clone(), &headers, condition).await? {
        Some(etag) => Ok(Some(etag)),
        // A release's id is in it, so nobody else writes the same.
        None => is_there(s3, &key, &body).await,
    }
}

/// How the bucket wants objects to be stored, as the release's own files are: encryption, storage class, ACL.
fn stored_with(record: &Record) -> Headers {
    let wanted = |name: &str| name.starts_with("x-amz-server-side-encryption") || name == "x-amz-acl";
    let first = record.headers.first().cloned().unwrap_or_default();
    Headers { other: first.other.into_iter().filter(|(name, _)| wanted(name)).collect(), ..Headers::default() }
}

fn json(
    place: &Place,
    value: &impl Serialize,
    cache_control: &str,
    with: Headers,
) -> Result<(Bytes, Vec<(String, String)>), Error> {
    let failed = |error: serde_json::Error| {
        let what = format!("can't be written as JSON: {error}");
        Error::Service { code: "record-unwritable", what }
    };
    // A record has megabytes, and a buffer that grows holds them twice: so it is counted first.
    let mut size = Counted(0);
    serde_json::to_writer(&mut size, value).map_err(failed)?;
    let mut body = Vec::with_capacity(size.0);
    serde_json::to_writer(&mut body, value).map_err(failed)?;
    let headers =
        Headers { content_type: "application/json".to_owned(), cache_control: cache_control.to_owned(), ..with };
    let headers = object_headers(&headers, &Digest::of(&body), place);
    Ok((Bytes::from(body), headers))
}

/// Counts what is written.
struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// `None`: the condition does not hold, or somebody else was writing.
async fn write(
    s3: &S3,
    key: &str,
    body: Bytes,
    headers: &[(String, String)],
    condition: Condition,
) -> Result<Option<String>, Error> {
    let sha256 = Digest::of(&body).0;
    match s3.put(key, Put { body, sha256, headers, condition }).await {
        Ok(stored) => Ok(Some(stored.etag)),
        Err(kit_aws::Error::PreconditionFailed { .. } | kit_aws::Error::Conflict { .. }) => Ok(None),
        // With If-Match S3 answers so when the object is gone.
        Err(kit_aws::Error::NoSuchKey { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The ETag of what is there, if it is `body`.
async fn is_there(s3: &S3, key: &str, body: &Bytes) -> Result<Option<String>, Error> {
    let limit_bytes = body.len() as u64;
    match s3.get(key, limit_bytes).await {
        Ok(Some(object)) if object.body == *body => Ok(Some(object.head.etag)),
        Ok(_) | Err(kit_aws::Error::BodyTooLarge { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
