//! PutObject.

use super::ingest::{Wanted, ingest};
use super::{Backend, condition, etag, wait_before_commit};
use crate::store::content::Content;
use crate::store::headers;
use crate::store::object::Object;
use md5::{Digest, Md5};
use s3s::dto::{Checksum, ChecksumType, PutObjectInput, PutObjectOutput};
use s3s::{S3Request, S3Response, S3Result};

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

/// The ETag of an object sent in one: its MD5, except with KMS, where it is something else
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html>).
pub(crate) fn single_etag(md5: &[u8; 16], headers: &[(http::HeaderName, http::HeaderValue)]) -> String {
    let kms = headers.iter().any(|(name, value)| {
        name.as_str() == "x-amz-server-side-encryption" && value.as_bytes().starts_with(b"aws:kms")
    });
    if kms { hex(&Md5::digest(md5)) } else { hex(md5) }
}

impl Backend {
    pub(super) async fn put(&self, req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let S3Request { input, headers, extensions, trailing_headers, .. } = req;
        let (bucket, key) = (input.bucket, input.key);
        let condition = condition(input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let stored = headers::stored(&headers)?;
        let acls = self.store.lock().bucket(&bucket)?.options.acls;
        let acl = headers::acl(&headers, acls)?;
        let given = Checksum {
            checksum_crc32: input.checksum_crc32,
            checksum_crc32c: input.checksum_crc32c,
            checksum_crc64nvme: input.checksum_crc64nvme,
            checksum_sha1: input.checksum_sha1,
            checksum_sha256: input.checksum_sha256,
            checksum_type: None,
        };
        let wanted = Wanted::new(given, input.content_md5, &headers)?;
        let seen = self.store.begin(&bucket, &key, &condition)?;
        let keep = self.limits.keep_below_bytes;
        let ingested = ingest(input.body, input.content_length, keep, wanted, trailing_headers).await?;
        wait_before_commit(&extensions).await;
        let object = Object {
            etag: single_etag(&ingested.md5, &stored),
            last_modified_s: self.clock.now_s(),
            acl,
            tagging: input.tagging,
            ..new_object(ingested.content, stored, ingested.checksum)
        };
        let object = self.store.commit(&bucket, &key, &condition, seen, object)?;
        let checksum = &object.checksum;
        Ok(S3Response::new(PutObjectOutput {
            e_tag: Some(etag(&object.etag)),
            version_id: object.version_id.clone(),
            server_side_encryption: sse(&object),
            checksum_crc32: checksum.checksum_crc32.clone(),
            checksum_crc32c: checksum.checksum_crc32c.clone(),
            checksum_crc64nvme: checksum.checksum_crc64nvme.clone(),
            checksum_sha1: checksum.checksum_sha1.clone(),
            checksum_sha256: checksum.checksum_sha256.clone(),
            checksum_type: Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT)),
            ..PutObjectOutput::default()
        }))
    }
}

/// An object whose other fields the caller sets.
pub(crate) fn new_object(
    content: Content,
    headers: Vec<(http::HeaderName, http::HeaderValue)>,
    checksum: Checksum,
) -> Object {
    Object {
        content,
        etag: String::new(),
        last_modified_s: 0,
        headers,
        checksum,
        part_sizes: Vec::new(),
        acl: None,
        tagging: None,
        version_id: None,
        sequence: 0,
    }
}

/// What an answer says about encryption.
pub(crate) fn sse(object: &Object) -> Option<s3s::dto::ServerSideEncryption> {
    let value = object.header("x-amz-server-side-encryption")?.to_str().ok()?;
    Some(value.to_owned().into())
}
