//! Multipart uploads.

mod complete;

use super::copy::SourceConditions;
use super::ingest::{MAX_PUT_BYTES, Wanted, ingest};
use super::{Backend, etag};
use crate::clock::timestamp;
use crate::error::{invalid_request, no_such_upload, refusal};
use crate::store::headers;
use crate::store::uploads::{MAX_PARTS, Part, Upload};
use md5::{Digest, Md5};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, Checksum, CopyPartResult, CreateMultipartUploadInput,
    CreateMultipartUploadOutput, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListPartsInput,
    ListPartsOutput, MultipartUpload, Range, UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput,
    UploadPartOutput,
};
use s3s::{S3ErrorCode, S3Request, S3Response, S3Result};

fn check_number(number: i32) -> S3Result<()> {
    if (1..=MAX_PARTS).contains(&number) {
        return Ok(());
    }
    Err(refusal(S3ErrorCode::InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive"))
}

/// Which type of checksum goes with an algorithm, unless the client says which
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html>).
fn checksum_type(algorithm: Option<&str>, asked: Option<&str>) -> S3Result<Option<String>> {
    match (algorithm, asked) {
        (None, None) => Ok(None),
        (None | Some("crc64nvme"), Some("COMPOSITE")) | (Some("sha1" | "sha256"), Some("FULL_OBJECT")) => {
            Err(invalid_request("The checksum type cannot be used with the checksum algorithm."))
        }
        (_, Some(asked)) => Ok(Some(asked.to_owned())),
        (Some("crc64nvme"), None) => Ok(Some("FULL_OBJECT".to_owned())),
        (Some(_), None) => Ok(Some("COMPOSITE".to_owned())),
    }
}

impl Backend {
    pub(super) fn create_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let S3Request { input, headers: given, .. } = req;
        let mut state = self.store.lock();
        let acls = state.bucket(&input.bucket)?.options.acls;
        let algorithm = input.checksum_algorithm.as_ref().map(|named| named.as_str().to_ascii_lowercase());
        let asked = input.checksum_type.as_ref().map(s3s::dto::ChecksumType::as_str);
        let upload = Upload {
            bucket: input.bucket.clone(),
            key: input.key.clone(),
            headers: headers::stored(&given)?,
            acl: headers::acl(&given, acls)?,
            tagging: input.tagging,
            checksum_type: checksum_type(algorithm.as_deref(), asked)?,
            algorithm,
            started_s: self.clock.now_s(),
            parts: std::collections::BTreeMap::new(),
        };
        let id = format!("upload{:013}", state.next());
        let output = CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id.clone()),
            checksum_algorithm: input.checksum_algorithm,
            checksum_type: upload.checksum_type.clone().map(Into::into),
            ..CreateMultipartUploadOutput::default()
        };
        state.uploads.insert(id, upload);
        Ok(S3Response::new(output))
    }

    fn check_upload(&self, id: &str, bucket: &str, key: &str) -> S3Result<Option<String>> {
        let state = self.store.lock();
        state.bucket(bucket)?;
        let upload = state.uploads.get(id).filter(|upload| upload.bucket == bucket && upload.key == key);
        Ok(upload.ok_or_else(no_such_upload)?.algorithm.clone())
    }

    fn add_part(&self, id: &str, number: i32, part: Part) -> S3Result<()> {
        let mut state = self.store.lock();
        // An abort or completion while the part was sent wins.
        state.uploads.get_mut(id).ok_or_else(no_such_upload)?.parts.insert(number, part);
        Ok(())
    }

    pub(super) async fn part(&self, req: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        let S3Request { input, headers, trailing_headers, .. } = req;
        check_number(input.part_number)?;
        let algorithm = self.check_upload(&input.upload_id, &input.bucket, &input.key)?;
        let given = Checksum {
            checksum_crc32: input.checksum_crc32,
            checksum_crc32c: input.checksum_crc32c,
            checksum_crc64nvme: input.checksum_crc64nvme,
            checksum_sha1: input.checksum_sha1,
            checksum_sha256: input.checksum_sha256,
            checksum_type: None,
        };
        let mut wanted = Wanted::new(given, input.content_md5, &headers)?;
        if let Some(algorithm) = algorithm {
            if wanted.algorithms.iter().any(|named| *named != algorithm) {
                let message = format!("Checksum Type mismatch occurred, expected checksum Type: {algorithm}");
                return Err(invalid_request(message));
            }
            wanted.algorithms.push(algorithm);
        }
        let keep = self.limits.keep_below_bytes;
        let ingested = ingest(input.body, input.content_length, keep, wanted, trailing_headers).await?;
        let part = Part {
            content: ingested.content,
            md5: ingested.md5,
            crc64: ingested.crc64,
            checksum: ingested.checksum.clone(),
            last_modified_s: self.clock.now_s(),
        };
        let output = UploadPartOutput {
            e_tag: Some(etag(&super::put::hex(&part.md5))),
            checksum_crc32: ingested.checksum.checksum_crc32,
            checksum_crc32c: ingested.checksum.checksum_crc32c,
            checksum_crc64nvme: ingested.checksum.checksum_crc64nvme,
            checksum_sha1: ingested.checksum.checksum_sha1,
            checksum_sha256: ingested.checksum.checksum_sha256,
            ..UploadPartOutput::default()
        };
        self.add_part(&input.upload_id, input.part_number, part)?;
        Ok(S3Response::new(output))
    }

    pub(super) fn part_copy(&self, req: S3Request<UploadPartCopyInput>) -> S3Result<S3Response<UploadPartCopyOutput>> {
        let input = req.input;
        check_number(input.part_number)?;
        self.check_upload(&input.upload_id, &input.bucket, &input.key)?;
        let conditions = SourceConditions {
            if_match: input.copy_source_if_match.as_ref(),
            if_none_match: input.copy_source_if_none_match.as_ref(),
            if_modified_since: input.copy_source_if_modified_since.as_ref(),
            if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
        };
        let (_, _, source) = self.source(&input.copy_source, &conditions)?;
        let size = source.content.size();
        let range = match &input.copy_source_range {
            None => 0..size,
            Some(text) => source_range(text, size)?,
        };
        if range.end - range.start > MAX_PUT_BYTES.min(self.limits.copy_limit_bytes) {
            return Err(invalid_request(
                "The specified copy source is larger than the maximum allowable size for a copy source",
            ));
        }
        let content = source.content.slice(&range);
        let (mut md5, mut crc64) = (Md5::new(), crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme));
        content.each(|bytes| {
            md5.update(bytes);
            crc64.update(bytes);
        });
        let crc64 = crc64.finalize();
        let part = Part {
            content,
            md5: md5.finalize().into(),
            crc64,
            checksum: Checksum { checksum_crc64nvme: Some(super::ingest::crc64_base64(crc64)), ..Checksum::default() },
            last_modified_s: self.clock.now_s(),
        };
        let result = CopyPartResult {
            e_tag: Some(etag(&super::put::hex(&part.md5))),
            last_modified: Some(timestamp(part.last_modified_s)),
            checksum_crc64nvme: part.checksum.checksum_crc64nvme.clone(),
            ..CopyPartResult::default()
        };
        self.add_part(&input.upload_id, input.part_number, part)?;
        Ok(S3Response::new(UploadPartCopyOutput {
            copy_part_result: Some(result),
            copy_source_version_id: source.version_id.clone(),
            ..UploadPartCopyOutput::default()
        }))
    }

    pub(super) fn abort(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let input = req.input;
        self.check_upload(&input.upload_id, &input.bucket, &input.key)?;
        self.store.lock().uploads.remove(&input.upload_id);
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }

    pub(super) fn list_upload_parts(&self, req: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        let input = req.input;
        self.check_upload(&input.upload_id, &input.bucket, &input.key)?;
        let state = self.store.lock();
        let upload = state.uploads.get(&input.upload_id).ok_or_else(no_such_upload)?;
        let after = input.part_number_marker.unwrap_or(0);
        let most = usize::try_from(input.max_parts.unwrap_or(1000)).unwrap_or(0).min(1000);
        let mut parts: Vec<_> = upload.parts.range(after.saturating_add(1)..).take(most + 1).collect();
        let more = parts.len() > most;
        parts.truncate(most);
        let next = parts.last().map(|(number, _)| **number);
        let listed = parts.iter().map(|(number, part)| s3s::dto::Part {
            e_tag: Some(etag(&super::put::hex(&part.md5))),
            last_modified: Some(timestamp(part.last_modified_s)),
            part_number: Some(**number),
            size: i64::try_from(part.content.size()).ok(),
            ..s3s::dto::Part::default()
        });
        Ok(S3Response::new(ListPartsOutput {
            bucket: Some(input.bucket.clone()),
            key: Some(input.key.clone()),
            upload_id: Some(input.upload_id.clone()),
            is_truncated: Some(more),
            max_parts: i32::try_from(most).ok(),
            next_part_number_marker: next,
            parts: Some(listed.collect()),
            ..ListPartsOutput::default()
        }))
    }

    pub(super) fn list_uploads(
        &self,
        req: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let input = req.input;
        let state = self.store.lock();
        state.bucket(&input.bucket)?;
        let prefix = input.prefix.clone().unwrap_or_default();
        let url = input.encoding_type.as_ref().is_some_and(|encoding| encoding.as_str() == "url");
        let uploads = state
            .uploads
            .iter()
            .filter(|(_, upload)| upload.bucket == input.bucket && upload.key.starts_with(&prefix))
            .map(|(id, upload)| MultipartUpload {
                initiated: Some(timestamp(upload.started_s)),
                key: Some(crate::store::listing::encoded(&upload.key, url)),
                upload_id: Some(id.clone()),
                ..MultipartUpload::default()
            });
        let uploads = uploads.collect();
        Ok(S3Response::new(ListMultipartUploadsOutput {
            bucket: Some(input.bucket.clone()),
            prefix: input.prefix,
            encoding_type: input.encoding_type,
            is_truncated: Some(false),
            max_uploads: Some(1000),
            uploads: Some(uploads),
            ..ListMultipartUploadsOutput::default()
        }))
    }
}

/// `x-amz-copy-source-range`, which must lie within the source.
fn source_range(text: &str, size: u64) -> S3Result<std::ops::Range<u64>> {
    let wrong = || {
        refusal(
            S3ErrorCode::InvalidArgument,
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
        )
    };
    match Range::parse(text) {
        Ok(Range::Int { first, last: Some(last) }) if last < size => Ok(first..last + 1),
        Ok(Range::Int { last: Some(_), .. }) => Err(refusal(
            S3ErrorCode::InvalidArgument,
            format!("Range specified is not valid for source object of size: {size}"),
        )),
        _ => Err(wrong()),
    }
}
