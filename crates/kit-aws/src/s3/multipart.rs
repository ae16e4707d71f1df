//! An upload in parts: created, filled, completed, or aborted when anything fails.

use std::fmt::Write;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method};
use sha2::{Digest, Sha256};

use super::put::hex;
use super::{Condition, S3, Stored, unquoted, xml};
use crate::Error;
use crate::http::header_values;
use crate::recorder::Kind;
use crate::sign::Payload;

/// Parts of one upload at most. Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits".
pub(super) const PARTS: u64 = 10_000;

const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-crc64nvme");
const CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("x-amz-checksum-algorithm");
const CHECKSUM_TYPE: HeaderName = HeaderName::from_static("x-amz-checksum-type");
const SIZE: HeaderName = HeaderName::from_static("x-amz-mp-object-size");

/// S3 puts large objects together for minutes before it answers Complete.
const COMPLETE_PATIENCE: Duration = Duration::from_secs(300);
/// And copies a part of 1 GiB for tens of seconds.
const COPY_PATIENCE: Duration = Duration::from_secs(300);

/// A part that S3 has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) etag: String,
    /// CRC-64/NVME, where we know it.
    pub(super) crc64: Option<u64>,
}

/// An upload under way. When it is dropped before it ended, it is aborted in the background.
pub(super) struct Upload {
    s3: S3,
    key: String,
    id: String,
    ended: bool,
}

impl S3 {
    /// Begins an upload in parts; `headers` are the object's. With `checked` S3 is told to keep a CRC-64/NVME of the whole.
    pub(super) async fn begin(&self, key: &str, headers: &[(String, String)], checked: bool) -> Result<Upload, Error> {
        let (what, url) = (self.what("CREATE", key), self.0.address.object_with(key, &[("uploads", "")]));
        let mut call = self.call(Kind::MultipartCreate, &what, Method::POST, &url);
        call.headers = header_values(headers)?;
        if checked {
            call.headers.push((CHECKSUM_ALGORITHM, HeaderValue::from_static("CRC64NVME")));
            call.headers.push((CHECKSUM_TYPE, HeaderValue::from_static("FULL_OBJECT")));
        }
        let answer = self.send(call).await?;
        match xml::leaf(&answer.body, "UploadId") {
            Some(id) if !id.is_empty() => Ok(Upload { s3: self.clone(), key: key.to_owned(), id, ended: false }),
            _ => Err(Error::Malformed { what: what.to_string(), why: "it names no upload".to_owned() }),
        }
    }

    async fn abort(&self, key: &str, id: &str) -> Result<(), Error> {
        let (what, url) = (self.what("ABORT", key), self.0.address.object_with(key, &[("uploadId", id)]));
        match self.send(self.call(Kind::MultipartAbort, &what, Method::DELETE, &url)).await {
            Ok(_) | Err(Error::NoSuchKey { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Upload {
    /// The URL of a part, from 1.
    fn part_url(&self, number: u32) -> String {
        let query = [("partNumber", number.to_string()), ("uploadId", self.id.clone())];
        self.s3.0.address.object_with(&self.key, &query.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    /// Sends a part.
    pub(super) async fn part(&self, number: u32, body: Bytes, crc64: u64) -> Result<Part, Error> {
        let (what, url) = (self.s3.what("PART", &self.key), self.part_url(number));
        let mut call = self.s3.call(Kind::MultipartPart, &what, Method::PUT, &url);
        call.headers.push((CHECKSUM, checksum(crc64)?));
        call.body = body.into();
        call.payload = Payload::Unsigned;
        let answer = self.s3.send(call).await?;
        let etag = answer.header("etag").map(unquoted).unwrap_or_default();
        Ok(Part { etag, crc64: Some(crc64) })
    }

    /// Has S3 copy a part: bytes `first..=last` of `source` (as `x-amz-copy-source` says it).
    pub(super) async fn copy_part(
        &self,
        number: u32,
        source: &[(HeaderName, HeaderValue)],
        first: u64,
        last: u64,
    ) -> Result<Part, Error> {
        let (what, url) = (self.s3.what("PART", &self.key), self.part_url(number));
        let mut call = self.s3.call(Kind::MultipartPart, &what, Method::PUT, &url);
        call.headers = source.to_vec();
        let range = HeaderValue::from_str(&format!("bytes={first}-{last}"));
        call.headers.push((
            HeaderName::from_static("x-amz-copy-source-range"),
            range.map_err(|error| Error::Input(error.to_string()))?,
        ));
        call.hides_errors = true;
        call.patience = COPY_PATIENCE;
        let answer = self.s3.send(call).await?;
        match xml::leaf(&answer.body, "ETag") {
            Some(etag) => Ok(Part { etag: unquoted(&etag), crc64: None }),
            None => Err(Error::Malformed { what: what.to_string(), why: "it names no ETag".to_owned() }),
        }
    }

    /// Puts the parts together. `whole` is the size of the object in bytes and, where it is known, its CRC-64/NVME, which S3
    /// checks.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`], [`Error::Conflict`] (all parts are lost then), [`Error::NoSuchKey`] when there is no such
    /// upload any more: a lost answer to an earlier attempt may be the reason.
    pub(super) async fn complete(
        &mut self,
        parts: &[Part],
        condition: &Condition,
        whole: (u64, Option<u64>),
    ) -> Result<Stored, Error> {
        let (what, url) =
            (self.s3.what("COMPLETE", &self.key), self.s3.0.address.object_with(&self.key, &[("uploadId", &self.id)]));
        let document = document(parts);
        let mut call = self.s3.call(Kind::MultipartComplete, &what, Method::POST, &url);
        call.headers.push((CONTENT_TYPE, HeaderValue::from_static("application/xml")));
        call.headers.push((SIZE, HeaderValue::from(whole.0)));
        if let Some(crc64) = whole.1 {
            call.headers.push((CHECKSUM, checksum(crc64)?));
            call.headers.push((CHECKSUM_TYPE, HeaderValue::from_static("FULL_OBJECT")));
        }
        call.headers.extend(condition.header()?);
        call.payload = Payload::Sha256(hex(&Sha256::digest(document.as_bytes())));
        call.body = Bytes::from(document).into();
        call.hides_errors = true;
        call.patience = COMPLETE_PATIENCE;
        let answer = self.s3.send(call).await?;
        self.ended = true;
        let etag = xml::leaf(&answer.body, "ETag").map(|etag| unquoted(&etag)).unwrap_or_default();
        Ok(Stored { etag, attempts: answer.attempts })
    }

    /// Throws the parts away. A failure is no concern of the caller's, who has a failure of his own: a lifecycle rule of the
    /// bucket removes what is left.
    pub(super) async fn abort(mut self) {
        let aborted = self.s3.abort(&self.key, &self.id).await;
        self.ended = true;
        drop(aborted);
    }

    /// It is over, one way or the other.
    pub(super) fn forget(mut self) {
        self.ended = true;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // The task was cancelled. What is left of the runtime's life is tried.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (s3, key, id) = (self.s3.clone(), std::mem::take(&mut self.key), std::mem::take(&mut self.id));
            runtime.spawn(async move { s3.abort(&key, &id).await });
        }
    }
}

/// The list of parts. ETags come from the server and are escaped.
fn document(parts: &[Part]) -> String {
    let mut document = String::from(r#"<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">"#);
    for (at, part) in parts.iter().enumerate() {
        let etag = xml::escaped(&part.etag).unwrap_or_default();
        let _ = write!(document, "<Part><ETag>&quot;{etag}&quot;</ETag>");
        if let Some(crc64) = part.crc64 {
            let _ = write!(document, "<ChecksumCRC64NVME>{}</ChecksumCRC64NVME>", STANDARD.encode(crc64.to_be_bytes()));
        }
        let _ = write!(document, "<PartNumber>{}</PartNumber></Part>", at + 1);
    }
    document.push_str("</CompleteMultipartUpload>");
    document
}

/// A CRC as S3 writes it: base64 of its eight bytes, the highest first.
pub(super) fn checksum(crc64: u64) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(&STANDARD.encode(crc64.to_be_bytes())).map_err(|error| Error::Input(error.to_string()))
}
