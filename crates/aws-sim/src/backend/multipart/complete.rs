//! CompleteMultipartUpload: checks what the client says of its parts, and makes one object of them.

use crate::backend::ingest::crc64_base64;
use crate::backend::put::{hex, new_object};
use crate::backend::{Backend, condition, etag, wait_before_commit};
use crate::error::{bad_digest, invalid_request, no_such_upload, refusal};
use crate::store::Seen;
use crate::store::content::Content;
use crate::store::object::Object;
use crate::store::uploads::{Part, Upload};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use md5::{Digest, Md5};
use s3s::crypto::Checksum as _;
use s3s::dto::{Checksum, ChecksumType, CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart};
use s3s::{S3ErrorCode, S3Request, S3Response, S3Result};

impl Backend {
    pub(in crate::backend) async fn complete(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let S3Request { input, extensions, .. } = req;
        let condition = condition(input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let (object, seen) = {
            let state = self.store.lock();
            state.bucket(&input.bucket)?;
            let upload = state
                .uploads
                .get(&input.upload_id)
                .filter(|upload| upload.bucket == input.bucket && upload.key == input.key)
                .ok_or_else(no_such_upload)?;
            let named = input.multipart_upload.as_ref().and_then(|list| list.parts.as_deref()).unwrap_or(&[]);
            let parts = chosen(upload, named, self.limits.min_part_bytes)?;
            let object = assembled(upload, &parts, &input, self.clock.now_s())?;
            drop(state);
            (object, self.store.begin(&input.bucket, &input.key, &condition)?)
        };
        wait_before_commit(&extensions).await;
        let object = self.finish(&input, &condition, seen, object)?;
        let checksum = object.checksum.clone();
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            location: Some(format!("/{}/{}", input.bucket, input.key)),
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(etag(&object.etag)),
            version_id: object.version_id.clone(),
            checksum_crc32: checksum.checksum_crc32,
            checksum_crc32c: checksum.checksum_crc32c,
            checksum_crc64nvme: checksum.checksum_crc64nvme,
            checksum_sha1: checksum.checksum_sha1,
            checksum_sha256: checksum.checksum_sha256,
            checksum_type: checksum.checksum_type,
            ..CompleteMultipartUploadOutput::default()
        }))
    }

    fn finish(
        &self,
        input: &CompleteMultipartUploadInput,
        condition: &crate::store::Condition,
        seen: Seen,
        object: Object,
    ) -> S3Result<std::sync::Arc<Object>> {
        let object = self.store.commit(&input.bucket, &input.key, condition, seen, object)?;
        self.store.lock().uploads.remove(&input.upload_id);
        Ok(object)
    }
}

/// The parts that the client names, in its order. Errors: InvalidPart, InvalidPartOrder, EntityTooSmall.
fn chosen<'a>(upload: &'a Upload, named: &[CompletedPart], min_bytes: u64) -> S3Result<Vec<&'a Part>> {
    if named.is_empty() {
        let message = "The XML you provided was not well-formed or did not validate against our published schema";
        return Err(refusal(S3ErrorCode::MalformedXML, message));
    }
    let invalid = || {
        refusal(
            S3ErrorCode::InvalidPart,
            "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        )
    };
    let mut parts = Vec::with_capacity(named.len());
    let mut before = 0;
    for name in named {
        let number = name.part_number.unwrap_or(0);
        if number <= before {
            let message = "The list of parts was not in ascending order. The parts list must be specified in order by part number.";
            return Err(refusal(S3ErrorCode::InvalidPartOrder, message));
        }
        before = number;
        let part = upload.parts.get(&number).ok_or_else(invalid)?;
        if name.e_tag.as_ref().map(s3s::dto::ETag::value) != Some(hex(&part.md5).as_str()) || !agrees(name, part) {
            return Err(invalid());
        }
        parts.push(part);
    }
    if parts.iter().rev().skip(1).any(|part| part.content.size() < min_bytes) {
        let message = "Your proposed upload is smaller than the minimum allowed size";
        return Err(refusal(S3ErrorCode::EntityTooSmall, message));
    }
    Ok(parts)
}

/// Whether the checksums that the client repeats for a part are the part's.
fn agrees(name: &CompletedPart, part: &Part) -> bool {
    let pairs = [
        (&name.checksum_crc32, &part.checksum.checksum_crc32),
        (&name.checksum_crc32c, &part.checksum.checksum_crc32c),
        (&name.checksum_sha1, &part.checksum.checksum_sha1),
        (&name.checksum_sha256, &part.checksum.checksum_sha256),
    ];
    let crc64 = name.checksum_crc64nvme.as_ref().is_none_or(|given| *given == crc64_base64(part.crc64));
    crc64 && pairs.iter().all(|(given, known)| given.is_none() || given == known)
}

fn assembled(upload: &Upload, parts: &[&Part], input: &CompleteMultipartUploadInput, now_s: i64) -> S3Result<Object> {
    let mut content = Content::default();
    let mut md5 = Md5::new();
    for part in parts {
        content.append(&part.content);
        md5.update(part.md5);
    }
    if input.mpu_object_size.is_some_and(|size| u64::try_from(size) != Ok(content.size())) {
        return Err(invalid_request("The provided 'x-amz-mp-object-size' header does not match what was computed"));
    }
    let checksum = whole(upload, parts)?;
    let asked = input.checksum_type.as_ref().map(ChecksumType::as_str);
    let kind = checksum.checksum_type.as_ref().map_or("FULL_OBJECT", ChecksumType::as_str);
    if asked.is_some_and(|asked| asked != kind) {
        let message = format!(
            "The upload was created using the {kind} checksum mode. The complete request must use the same checksum mode."
        );
        return Err(invalid_request(message));
    }
    let pairs = [
        ("CRC32", &input.checksum_crc32, &checksum.checksum_crc32),
        ("CRC32C", &input.checksum_crc32c, &checksum.checksum_crc32c),
        ("CRC64NVME", &input.checksum_crc64nvme, &checksum.checksum_crc64nvme),
        ("SHA1", &input.checksum_sha1, &checksum.checksum_sha1),
        ("SHA256", &input.checksum_sha256, &checksum.checksum_sha256),
    ];
    for (name, given, known) in pairs {
        // A composite may be given with or without its number of parts.
        let same = |given: &str, known: &str| given == known || known.split('-').next() == Some(given);
        if let Some(given) = given
            && !known.as_deref().is_some_and(|known| same(given, known))
        {
            return Err(bad_digest(name));
        }
    }
    Ok(Object {
        etag: format!("{}-{}", hex(&md5.finalize()), parts.len()),
        last_modified_s: now_s,
        part_sizes: parts.iter().map(|part| part.content.size()).collect(),
        acl: upload.acl.clone(),
        tagging: upload.tagging.clone(),
        ..new_object(content, upload.headers.clone(), checksum)
    })
}

/// The checksum of the object: of all bytes for the CRCs, of the parts' checksums otherwise.
fn whole(upload: &Upload, parts: &[&Part]) -> S3Result<Checksum> {
    let full = Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT));
    let crc64 = parts.iter().fold(None, |sum: Option<u64>, part| {
        let combined = |sum| crc_fast::checksum_combine(CrcAlgorithm::Crc64Nvme, sum, part.crc64, part.content.size());
        Some(sum.map_or(part.crc64, combined))
    });
    let crc64 =
        Checksum { checksum_crc64nvme: crc64.map(crc64_base64), checksum_type: full.clone(), ..Checksum::default() };
    let Some(algorithm) = upload.algorithm.as_deref().filter(|algorithm| *algorithm != "crc64nvme") else {
        return Ok(crc64);
    };
    let mut each = Vec::with_capacity(parts.len());
    for part in parts {
        let known = match algorithm {
            "crc32" => &part.checksum.checksum_crc32,
            "crc32c" => &part.checksum.checksum_crc32c,
            "sha1" => &part.checksum.checksum_sha1,
            _ => &part.checksum.checksum_sha256,
        };
        // A part that was copied has no checksum of this kind; S3 reckons one, the simulator says so.
        let bytes = known.as_ref().and_then(|text| STANDARD.decode(text).ok());
        each.push(bytes.ok_or_else(|| invalid_request("A copied part has no checksum of the upload's algorithm."))?);
    }
    if upload.checksum_type.as_deref() == Some("FULL_OBJECT") {
        let crc = if algorithm == "crc32" { CrcAlgorithm::Crc32IsoHdlc } else { CrcAlgorithm::Crc32Iscsi };
        let sizes = parts.iter().map(|part| part.content.size());
        let value = STANDARD.encode(combined_crc32(crc, &each, sizes).to_be_bytes());
        let mut checksum = Checksum { checksum_type: full, ..Checksum::default() };
        if algorithm == "crc32" {
            checksum.checksum_crc32 = Some(value)
        } else {
            checksum.checksum_crc32c = Some(value)
        }
        return Ok(checksum);
    }
    let joined = each.concat();
    let suffix = |digest: &[u8]| Some(format!("{}-{}", STANDARD.encode(digest), parts.len()));
    let composite = Some(ChecksumType::from_static(ChecksumType::COMPOSITE));
    let mut checksum = Checksum { checksum_type: composite, ..Checksum::default() };
    match algorithm {
        "crc32" => checksum.checksum_crc32 = suffix(&s3s::crypto::Crc32::checksum(&joined)),
        "crc32c" => checksum.checksum_crc32c = suffix(&s3s::crypto::Crc32c::checksum(&joined)),
        "sha1" => checksum.checksum_sha1 = suffix(s3s::crypto::Sha1::checksum(&joined).as_ref()),
        _ => checksum.checksum_sha256 = suffix(s3s::crypto::Sha256::checksum(&joined).as_ref()),
    }
    Ok(checksum)
}

fn combined_crc32(algorithm: CrcAlgorithm, each: &[Vec<u8>], sizes: impl Iterator<Item = u64>) -> u32 {
    let mut sum = None;
    for (bytes, size) in each.iter().zip(sizes) {
        let value = bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        sum = Some(match sum {
            None => value,
            Some(sum) => crc_fast::checksum_combine(algorithm, sum, value, size),
        });
    }
    u32::try_from(sum.unwrap_or(0) & u64::from(u32::MAX)).unwrap_or(0)
}
