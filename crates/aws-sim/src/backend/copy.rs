//! CopyObject, and the source of both kinds of copies.

use super::ingest::crc64_base64;
use super::put::{hex, new_object, single_etag, sse};
use super::{Backend, condition, etag, names, wait_before_commit};
use crate::clock::timestamp;
use crate::error::{invalid_request, precondition_failed, refusal};
use crate::store::headers;
use crate::store::object::Object;
use crc_fast::CrcAlgorithm;
use http::HeaderMap;
use md5::{Digest, Md5};
use s3s::dto::{
    Checksum, CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, ETagCondition, MetadataDirective,
    Timestamp,
};
use s3s::{S3ErrorCode, S3Request, S3Response, S3Result};
use std::sync::Arc;

/// The conditions on a copy's source.
pub(super) struct SourceConditions<'a> {
    pub(super) if_match: Option<&'a ETagCondition>,
    pub(super) if_none_match: Option<&'a ETagCondition>,
    pub(super) if_modified_since: Option<&'a Timestamp>,
    pub(super) if_unmodified_since: Option<&'a Timestamp>,
}

impl SourceConditions<'_> {
    fn hold(&self, object: &Object) -> bool {
        let modified = timestamp(object.last_modified_s);
        // A match outweighs a date, as the documentation of CopyObject has it.
        let first = match (self.if_match, self.if_unmodified_since) {
            (Some(condition), _) => names(condition, &object.etag),
            (None, Some(since)) => modified <= *since,
            (None, None) => true,
        };
        let second = match (self.if_none_match, self.if_modified_since) {
            (Some(condition), _) => !names(condition, &object.etag),
            (None, Some(since)) => modified > *since,
            (None, None) => true,
        };
        first && second
    }
}

impl Backend {
    /// The object that a copy reads, with its bucket and key.
    pub(super) fn source(
        &self,
        source: &CopySource,
        conditions: &SourceConditions<'_>,
    ) -> S3Result<(String, String, Arc<Object>)> {
        let CopySource::Bucket { bucket, key, version_id } = source else {
            return Err(refusal(S3ErrorCode::NotImplemented, "Access points are not simulated"));
        };
        let object = self.store.get(bucket, key, version_id.as_deref())?;
        if !conditions.hold(&object) {
            return Err(precondition_failed());
        }
        Ok((bucket.to_string(), key.to_string(), object))
    }

    pub(super) async fn copy(&self, req: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        let S3Request { input, headers: given, extensions, .. } = req;
        let conditions = SourceConditions {
            if_match: input.copy_source_if_match.as_ref(),
            if_none_match: input.copy_source_if_none_match.as_ref(),
            if_modified_since: input.copy_source_if_modified_since.as_ref(),
            if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
        };
        let (bucket, key, source) = self.source(&input.copy_source, &conditions)?;
        if source.content.size() > self.limits.copy_limit_bytes {
            let limit = self.limits.copy_limit_bytes;
            return Err(invalid_request(format!(
                "The specified copy source is larger than the maximum allowable size for a copy source: {limit}"
            )));
        }
        let replace = replaces(input.metadata_directive.as_ref())?;
        if (&bucket, &key) == (&input.bucket, &input.key) && !replace && !changes_something(&given) {
            return Err(invalid_request(
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
            ));
        }
        let write = condition(
            header_condition(&given, "if-match").as_ref(),
            header_condition(&given, "if-none-match").as_ref(),
        )?;
        let seen = self.store.begin(&input.bucket, &input.key, &write)?;
        let acls = self.store.lock().bucket(&input.bucket)?.options.acls;
        let acl = headers::acl(&given, acls)?;
        let mut stored = headers::stored(&given)?;
        if !replace {
            stored.retain(|(name, _)| !headers::is_description(name));
            stored.extend(source.headers.iter().filter(|(name, _)| headers::is_description(name)).cloned());
        }
        let replace_tags = input.tagging_directive.as_ref().is_some_and(|directive| directive.as_str() == "REPLACE");
        let (md5, checksum) = digests(&source);
        wait_before_commit(&extensions).await;
        let object = Object {
            etag: single_etag(&md5, &stored),
            last_modified_s: self.clock.now_s(),
            acl,
            tagging: if replace_tags { input.tagging } else { source.tagging.clone() },
            ..new_object(source.content.clone(), stored, checksum)
        };
        let object = self.store.commit(&input.bucket, &input.key, &write, seen, object)?;
        Ok(S3Response::new(CopyObjectOutput {
            copy_object_result: Some(CopyObjectResult {
                e_tag: Some(etag(&object.etag)),
                last_modified: Some(timestamp(object.last_modified_s)),
                checksum_crc64nvme: object.checksum.checksum_crc64nvme.clone(),
                checksum_sha256: object.checksum.checksum_sha256.clone(),
                ..CopyObjectResult::default()
            }),
            copy_source_version_id: source.version_id.clone(),
            version_id: object.version_id.clone(),
            server_side_encryption: sse(&object),
            ..CopyObjectOutput::default()
        }))
    }
}

fn replaces(directive: Option<&MetadataDirective>) -> S3Result<bool> {
    match directive.map(MetadataDirective::as_str) {
        Some("REPLACE") => Ok(true),
        None | Some("COPY") => Ok(false),
        Some(_) => Err(refusal(S3ErrorCode::InvalidArgument, "Unknown metadata directive.")),
    }
}

fn changes_something(headers: &HeaderMap) -> bool {
    ["x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-website-redirect-location"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

/// CopyObject takes conditions on its destination too; `s3s` does not read them.
fn header_condition(headers: &HeaderMap, name: &str) -> Option<ETagCondition> {
    ETagCondition::parse_http_header(headers.get(name)?.as_bytes()).ok()
}

/// A copy is one piece, whatever its source was: its ETag is the MD5 of all. Where the bytes were not kept, the ETag of
/// a source in one piece stays, and one of many gets a digest of its ETag.
fn digests(source: &Object) -> ([u8; 16], Checksum) {
    if let Some(md5) = md5_of(source) {
        let checksum = Checksum { checksum_type: None, ..source.checksum.clone() };
        if source.part_sizes.is_empty() {
            return (md5, checksum);
        }
    }
    if !source.content.is_kept() {
        let md5 = md5_of(source).unwrap_or_else(|| Md5::digest(source.etag.as_bytes()).into());
        return (md5, Checksum { checksum_type: None, ..source.checksum.clone() });
    }
    let (mut md5, mut crc64) = (Md5::new(), crc_fast::Digest::new(CrcAlgorithm::Crc64Nvme));
    source.content.each(|bytes| {
        md5.update(bytes);
        crc64.update(bytes);
    });
    let checksum = Checksum { checksum_crc64nvme: Some(crc64_base64(crc64.finalize())), ..Checksum::default() };
    (md5.finalize().into(), checksum)
}

/// The MD5 that the ETag says, if it says one.
fn md5_of(object: &Object) -> Option<[u8; 16]> {
    let kms = object.header("x-amz-server-side-encryption").is_some_and(|value| value.as_bytes() != b"AES256");
    if kms || object.etag.len() != 32 {
        return None;
    }
    let mut md5 = [0; 16];
    for (index, byte) in md5.iter_mut().enumerate() {
        *byte = u8::from_str_radix(object.etag.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    debug_assert_eq!(hex(&md5), object.etag);
    Some(md5)
}
