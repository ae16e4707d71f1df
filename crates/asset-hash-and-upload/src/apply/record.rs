//! Writes records and the pointer. EFFECTS.

use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::object_headers::object_headers;
use crate::plan::place::Place;
use crate::plan::record::{Headers, Pointer, Record};
use bytes::Bytes;
use kit_aws::Body;
use kit_aws::s3::{Condition, Put, S3};
use kit_host::Permit;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A record never changes.
const RECORD_CACHE_CONTROL: &str = "private, max-age=31536000, immutable";
/// A pointer may change at any moment: whoever has an old one asks whether it still is the one.
const POINTER_CACHE_CONTROL: &str = "no-cache";
/// Of a record; the allocator finds room for so much where files were held before.
const PIECE_BYTES: usize = 256 << 10;

/// Writes the record of a release; gives its key from the bucket's root.
///
/// Errors: AWS. An answer that was lost is no error: what lies under the key is compared.
pub async fn put(_permit: &Permit, s3: &S3, place: &Place, record: &Record) -> Result<String, Error> {
    let key = place.record(&record.release, record.created_ms);
    let (json, headers) = json(place, record, RECORD_CACHE_CONTROL, stored_with(record))?;
    match write(s3, &key, &json, &headers, Condition::Absent).await? {
        Some(_) => Ok(key),
        None if is_there(s3, &key, &json).await?.is_some() => Ok(key),
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
    let (json, headers) = json(place, pointer, POINTER_CACHE_CONTROL, Headers::default())?;
    let condition = etag.map_or(Condition::Absent, |etag| Condition::Matches(etag.to_owned()));
    match write(s3, &key, &json, &headers, condition).await? {
        Some(etag) => Ok(Some(etag)),
        // A release's id is in it, so nobody else writes the same.
        None => is_there(s3, &key, &json).await,
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
) -> Result<(Json, Vec<(String, String)>), Error> {
    let mut written = Pieces::default();
    serde_json::to_writer(&mut written, value).map_err(|error| {
        let what = format!("can't be written as JSON: {error}");
        Error::Service { code: "record-unwritable", what }
    })?;
    let json = written.finish();
    let headers =
        Headers { content_type: "application/json".to_owned(), cache_control: cache_control.to_owned(), ..with };
    let headers = object_headers(&headers, &json.sha256, place);
    Ok((json, headers))
}

/// An object's bytes.
struct Json {
    body: Body,
    sha256: Digest,
}

/// What is written, in pieces: a record has megabytes, for which a process that has made one has no place at a stretch.
#[derive(Default)]
struct Pieces {
    full: Vec<Bytes>,
    open: Vec<u8>,
    sha256: Sha256,
}

impl Pieces {
    fn close(&mut self) {
        self.sha256.update(&self.open);
        self.full.push(Bytes::from(std::mem::take(&mut self.open)));
    }

    fn finish(mut self) -> Json {
        self.close();
        Json { body: Body::from(self.full), sha256: Digest(self.sha256.finalize().into()) }
    }
}

impl std::io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.open.len() + bytes.len() > PIECE_BYTES && !self.open.is_empty() {
            self.close();
        }
        if self.open.capacity() == 0 && !self.full.is_empty() {
            self.open.reserve_exact(PIECE_BYTES.max(bytes.len()));
        }
        self.open.extend_from_slice(bytes);
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
    json: &Json,
    headers: &[(String, String)],
    condition: Condition,
) -> Result<Option<String>, Error> {
    match s3.put(key, Put { body: json.body.clone(), sha256: json.sha256.0, headers, condition }).await {
        Ok(stored) => Ok(Some(stored.etag)),
        Err(kit_aws::Error::PreconditionFailed { .. } | kit_aws::Error::Conflict { .. }) => Ok(None),
        // With If-Match S3 answers so when the object is gone.
        Err(kit_aws::Error::NoSuchKey { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The ETag of what is there, if it is `json`.
async fn is_there(s3: &S3, key: &str, json: &Json) -> Result<Option<String>, Error> {
    let limit_bytes = json.body.len() as u64;
    match s3.get(key, limit_bytes).await {
        Ok(Some(object)) if json.body.is(&object.body) => Ok(Some(object.head.etag)),
        Ok(_) | Err(kit_aws::Error::BodyTooLarge { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
