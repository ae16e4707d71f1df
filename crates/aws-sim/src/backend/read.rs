//! GetObject and HeadObject.

use super::{Backend, etag, names};
use crate::clock::{http_date, timestamp};
use crate::error::{custom, invalid_request, precondition_failed, refusal};
use crate::store::object::Object;
use http::{HeaderMap, HeaderValue, StatusCode};
use s3s::dto::{
    ChecksumType, ETagCondition, GetObjectInput, GetObjectOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    HeadObjectInput, HeadObjectOutput, Range, Tag, Timestamp,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};
use std::sync::Arc;

/// The conditions of a read.
struct Conditions<'a> {
    if_match: Option<&'a ETagCondition>,
    if_none_match: Option<&'a ETagCondition>,
    if_modified_since: Option<&'a Timestamp>,
    if_unmodified_since: Option<&'a Timestamp>,
}

impl Conditions<'_> {
    /// In the order of RFC 9110, section 13.2.2.
    fn check(&self, object: &Object) -> S3Result<()> {
        let modified = timestamp(object.last_modified_s);
        match (self.if_match, self.if_unmodified_since) {
            (Some(condition), _) if !names(condition, &object.etag) => return Err(precondition_failed()),
            (None, Some(since)) if modified > *since => return Err(precondition_failed()),
            _ => {}
        }
        match (self.if_none_match, self.if_modified_since) {
            (Some(condition), _) if names(condition, &object.etag) => Err(not_modified(object)),
            (None, Some(since)) if modified <= *since => Err(not_modified(object)),
            _ => Ok(()),
        }
    }
}

fn not_modified(object: &Object) -> S3Error {
    let mut error = refusal(S3ErrorCode::Custom("NotModified".into()), "Not Modified");
    error.set_status_code(StatusCode::NOT_MODIFIED);
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("\"{}\"", object.etag)) {
        headers.insert(http::header::ETAG, value);
    }
    if let Ok(value) = HeaderValue::from_str(&http_date(object.last_modified_s)) {
        headers.insert(http::header::LAST_MODIFIED, value);
    }
    if let Some(value) = object.header("cache-control") {
        headers.insert(http::header::CACHE_CONTROL, value.clone());
    }
    error.set_headers(headers);
    error
}

/// The bytes asked for, and whether they are a part. Errors: 416 for a range out of the object, 400 for a part that is not.
fn range(object: &Object, range: Option<&Range>, part: Option<i32>) -> S3Result<Option<std::ops::Range<u64>>> {
    match (range, part) {
        (Some(_), Some(_)) => Err(invalid_request("Cannot specify both Range header and partNumber query parameter")),
        (Some(range), None) => Ok(Some(
            range
                .check(object.content.size())
                .map_err(|_| refusal(S3ErrorCode::InvalidRange, "The requested range is not satisfiable"))?,
        )),
        (None, Some(number)) => {
            let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            let sizes: &[u64] =
                if object.part_sizes.is_empty() { &[object.content.size()] } else { &object.part_sizes };
            let index = index.filter(|index| *index < sizes.len());
            let index = index.ok_or_else(unsatisfiable_part)?;
            let from: u64 = sizes[..index].iter().sum();
            Ok(Some(from..from + sizes[index]))
        }
        (None, None) => Ok(None),
    }
}

fn unsatisfiable_part() -> S3Error {
    custom("InvalidPartNumber", StatusCode::RANGE_NOT_SATISFIABLE, "The requested partnumber is not satisfiable")
}

fn content_range(range: Option<&std::ops::Range<u64>>, size: u64) -> Option<String> {
    let range = range.filter(|range| range.start < range.end)?;
    Some(format!("bytes {}-{}/{size}", range.start, range.end - 1))
}

/// The stored headers, but those that the request itself names other values for.
fn headers(object: &Object, overridden: &[(&str, bool)]) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(object.headers.len());
    for (name, value) in &object.headers {
        if !overridden.contains(&(name.as_str(), true)) {
            headers.insert(name.clone(), value.clone());
        }
    }
    headers
}

fn length(size: u64) -> Option<i64> {
    i64::try_from(size).ok()
}

fn tag_count(object: &Object) -> Option<i32> {
    let tagging = object.tagging.as_deref().filter(|text| !text.is_empty())?;
    i32::try_from(tagging.split('&').count()).ok()
}

impl Backend {
    pub(super) fn get(&self, req: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let input = req.input;
        let object = self.store.get(&input.bucket, &input.key, input.version_id.as_deref())?;
        Conditions {
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            if_modified_since: input.if_modified_since.as_ref(),
            if_unmodified_since: input.if_unmodified_since.as_ref(),
        }
        .check(&object)?;
        let range = range(&object, input.range.as_ref(), input.part_number)?;
        let content = match &range {
            Some(range) => object.content.slice(range),
            None => object.content.clone(),
        };
        let with_checksum = input.checksum_mode.is_some() && range.is_none();
        let overridden = [
            ("content-type", input.response_content_type.is_some()),
            ("cache-control", input.response_cache_control.is_some()),
            ("content-disposition", input.response_content_disposition.is_some()),
            ("content-encoding", input.response_content_encoding.is_some()),
            ("content-language", input.response_content_language.is_some()),
            ("expires", input.response_expires.is_some()),
        ];
        let mut output = GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: length(content.size()),
            content_range: content_range(range.as_ref(), object.content.size()),
            e_tag: Some(etag(&object.etag)),
            last_modified: Some(timestamp(object.last_modified_s)),
            version_id: object.version_id.clone(),
            parts_count: parts_count(&object, input.part_number),
            tag_count: tag_count(&object),
            ..GetObjectOutput::default()
        };
        if with_checksum {
            let checksum = object.checksum.clone();
            output.checksum_crc32 = checksum.checksum_crc32;
            output.checksum_crc32c = checksum.checksum_crc32c;
            output.checksum_crc64nvme = checksum.checksum_crc64nvme;
            output.checksum_sha1 = checksum.checksum_sha1;
            output.checksum_sha256 = checksum.checksum_sha256;
            output.checksum_type = Some(checksum_type(&object));
        }
        output.body = Some(content.into_body().into());
        Ok(S3Response::with_headers(output, headers(&object, &overridden)))
    }

    pub(super) fn head(&self, req: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let input = req.input;
        let object = self.store.get(&input.bucket, &input.key, input.version_id.as_deref())?;
        Conditions {
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            if_modified_since: input.if_modified_since.as_ref(),
            if_unmodified_since: input.if_unmodified_since.as_ref(),
        }
        .check(&object)?;
        let range = range(&object, input.range.as_ref(), input.part_number)?;
        let size = range.as_ref().map_or(object.content.size(), |range| range.end - range.start);
        let mut output = HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_length: length(size),
            content_range: content_range(range.as_ref(), object.content.size()),
            e_tag: Some(etag(&object.etag)),
            last_modified: Some(timestamp(object.last_modified_s)),
            version_id: object.version_id.clone(),
            parts_count: parts_count(&object, input.part_number),
            ..HeadObjectOutput::default()
        };
        if input.checksum_mode.is_some() {
            let checksum = object.checksum.clone();
            output.checksum_crc32 = checksum.checksum_crc32;
            output.checksum_crc32c = checksum.checksum_crc32c;
            output.checksum_crc64nvme = checksum.checksum_crc64nvme;
            output.checksum_sha1 = checksum.checksum_sha1;
            output.checksum_sha256 = checksum.checksum_sha256;
            output.checksum_type = Some(checksum_type(&object));
        }
        Ok(S3Response::with_headers(output, headers(&object, &[])))
    }

    pub(super) fn tagging(
        &self,
        req: S3Request<GetObjectTaggingInput>,
    ) -> S3Result<S3Response<GetObjectTaggingOutput>> {
        let input = req.input;
        let object = self.store.get(&input.bucket, &input.key, input.version_id.as_deref())?;
        let decoded = |text: &str| {
            let text = text.replace('+', " ");
            percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
        };
        let tagging = object.tagging.as_deref().unwrap_or("");
        let pairs = tagging.split('&').filter(|pair| !pair.is_empty());
        let tag_set = pairs.map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Tag { key: Some(decoded(key)), value: Some(decoded(value)) }
        });
        let output = GetObjectTaggingOutput { tag_set: tag_set.collect(), version_id: object.version_id.clone() };
        Ok(S3Response::new(output))
    }
}

fn parts_count(object: &Arc<Object>, asked: Option<i32>) -> Option<i32> {
    asked.filter(|_| !object.part_sizes.is_empty()).and_then(|_| i32::try_from(object.part_sizes.len()).ok())
}

fn checksum_type(object: &Object) -> ChecksumType {
    object.checksum.checksum_type.clone().unwrap_or(ChecksumType::from_static(ChecksumType::FULL_OBJECT))
}
