//! Reads a body that is sent, checks every digest that came with it, and keeps it or measures it.

use crate::error::{bad_digest, custom, invalid_request, refusal};
use crate::store::content::Content;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use crc_fast::CrcAlgorithm;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use md5::{Digest, Md5};
use s3s::crypto::Checksum as _;
use s3s::dto::{Checksum, StreamingBlob};
use s3s::{S3Error, S3ErrorCode, S3Result, TrailingHeaders};

/// The greatest body of one PUT or part: 5 GiB
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
pub(crate) const MAX_PUT_BYTES: u64 = 5 << 30;

/// A body that arrived whole and is what its sender meant.
pub(crate) struct Ingested {
    pub(crate) content: Content,
    pub(crate) md5: [u8; 16],
    /// The CRC-64/NVME, which is always reckoned, as S3 does.
    pub(crate) crc64: u64,
    /// What the sender gave or asked for; CRC-64/NVME if neither.
    pub(crate) checksum: Checksum,
}

/// The checksums that a request names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// The values that the sender gave.
    pub(crate) given: Checksum,
    /// `x-amz-sdk-checksum-algorithm`, `x-amz-checksum-algorithm` or `x-amz-trailer`; lower case.
    pub(crate) algorithms: Vec<String>,
    /// `Content-MD5`.
    pub(crate) md5: Option<String>,
}

impl Wanted {
    /// From what `s3s` parsed and from the headers that it leaves.
    pub(crate) fn new(given: Checksum, md5: Option<String>, headers: &HeaderMap) -> S3Result<Wanted> {
        let mut algorithms = Vec::new();
        for name in ["x-amz-sdk-checksum-algorithm", "x-amz-checksum-algorithm", "x-amz-trailer"] {
            for value in headers.get_all(name) {
                for word in value.to_str().unwrap_or_default().split(',') {
                    let word = word.trim().to_ascii_lowercase();
                    algorithms.push(word.strip_prefix("x-amz-checksum-").unwrap_or(&word).to_owned());
                }
            }
        }
        for name in headers.keys() {
            let Some(algorithm) = name.as_str().strip_prefix("x-amz-checksum-") else { continue };
            if !matches!(algorithm, "algorithm" | "type" | "mode") {
                algorithms.push(algorithm.to_owned());
            }
        }
        for algorithm in &algorithms {
            if !matches!(algorithm.as_str(), "crc32" | "crc32c" | "crc64nvme" | "sha1" | "sha256") {
                return Err(invalid_request(format!("Checksum algorithm provided is unsupported: {algorithm}")));
            }
        }
        Ok(Wanted { given, algorithms, md5 })
    }

    fn wants(&self, algorithm: &str) -> bool {
        self.algorithms.iter().any(|named| named == algorithm)
    }
}

struct Hashers {
    md5: Md5,
    crc64: crc_fast::Digest,
    others: s3s::checksum::ChecksumHasher,
    size: u64,
}

impl Hashers {
    fn new(wanted: &Wanted) -> Hashers {
        let others = s3s::checksum::ChecksumHasher {
            crc32: wanted.wants("crc32").then(s3s::crypto::Crc32::new),
            crc32c: wanted.wants("crc32c").then(s3s::crypto::Crc32c::new),
            sha1: wanted.wants("sha1").then(s3s::crypto::Sha1::new),
            sha256: wanted.wants("sha256").then(s3s::crypto::Sha256::new),
            crc64nvme: None,
        };
        Hashers { md5: Md5::new(), crc64: crc_fast::Digest::new(CrcAlgorithm::Crc64Nvme), others, size: 0 }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.crc64.update(bytes);
        self.others.update(bytes);
        self.size += bytes.len() as u64;
    }
}

/// Base64 of a CRC-64's big-endian bytes, as S3 writes it.
pub(crate) fn crc64_base64(crc: u64) -> String {
    STANDARD.encode(crc.to_be_bytes())
}

/// Reads `body`, which was declared to have `declared` bytes; keeps it when it is smaller than `keep_below_bytes`.
/// Errors: it is cut short, too large, or a digest says otherwise; nothing is kept then.
pub(crate) async fn ingest(
    body: Option<StreamingBlob>,
    declared: Option<i64>,
    keep_below_bytes: u64,
    wanted: Wanted,
    trailers: Option<TrailingHeaders>,
) -> S3Result<Ingested> {
    let declared = declared.and_then(|size| u64::try_from(size).ok());
    let keep = declared.is_none_or(|size| size < keep_below_bytes);
    // What is kept is copied into an allocation of its own: hyper's buffers would be held whole by a slice of them.
    let capacity = if keep { declared.unwrap_or(0).min(64 << 20) } else { 0 };
    let mut kept = Vec::with_capacity(usize::try_from(capacity).unwrap_or(0));
    let mut hashers = Hashers::new(&wanted);
    if let Some(blob) = body {
        let mut body: s3s::Body = blob.into();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|why| unread(&why.to_string()))?;
            let Ok(bytes) = frame.into_data() else { continue };
            hashers.update(&bytes);
            if hashers.size > MAX_PUT_BYTES {
                return Err(refusal(
                    S3ErrorCode::EntityTooLarge,
                    "Your proposed upload exceeds the maximum allowed size",
                ));
            }
            if keep {
                kept.extend_from_slice(&bytes);
            }
        }
    }
    if declared.is_some_and(|declared| declared != hashers.size) {
        return Err(incomplete());
    }
    let content = if keep { Content::kept(Bytes::from(kept)) } else { Content::zeros(hashers.size) };
    finish(content, hashers, wanted, trailers)
}

fn finish(
    content: Content,
    hashers: Hashers,
    mut wanted: Wanted,
    trailers: Option<TrailingHeaders>,
) -> S3Result<Ingested> {
    let md5: [u8; 16] = hashers.md5.finalize().into();
    let crc64 = hashers.crc64.finalize();
    let mut reckoned = hashers.others.finalize();
    // With no other checksum S3 adds this one by itself.
    if wanted.wants("crc64nvme") || wanted.algorithms.is_empty() {
        reckoned.checksum_crc64nvme = Some(crc64_base64(crc64));
    }
    if let Some(text) = &wanted.md5 {
        let given = STANDARD.decode(text).ok().filter(|given| given.len() == md5.len());
        let given =
            given.ok_or_else(|| refusal(S3ErrorCode::InvalidDigest, "The Content-MD5 you specified was invalid."))?;
        if given != md5 {
            return Err(bad_digest("Content-MD5"));
        }
    }
    if let Some(trailers) = trailers.and_then(|trailers| trailers.take()) {
        from_trailers(&trailers, &mut wanted.given);
    }
    let pairs = [
        ("CRC32", &wanted.given.checksum_crc32, &reckoned.checksum_crc32),
        ("CRC32C", &wanted.given.checksum_crc32c, &reckoned.checksum_crc32c),
        ("CRC64NVME", &wanted.given.checksum_crc64nvme, &reckoned.checksum_crc64nvme),
        ("SHA1", &wanted.given.checksum_sha1, &reckoned.checksum_sha1),
        ("SHA256", &wanted.given.checksum_sha256, &reckoned.checksum_sha256),
    ];
    for (name, given, reckoned) in pairs {
        if given.is_some() && given != reckoned {
            return Err(bad_digest(name));
        }
    }
    Ok(Ingested { content, md5, crc64, checksum: reckoned })
}

fn from_trailers(trailers: &HeaderMap, given: &mut Checksum) {
    let value =
        |name: &str| trailers.get(name).and_then(|value| value.to_str().ok()).map(|text| text.trim().to_owned());
    given.checksum_crc32 = value("x-amz-checksum-crc32").or(given.checksum_crc32.take());
    given.checksum_crc32c = value("x-amz-checksum-crc32c").or(given.checksum_crc32c.take());
    given.checksum_crc64nvme = value("x-amz-checksum-crc64nvme").or(given.checksum_crc64nvme.take());
    given.checksum_sha1 = value("x-amz-checksum-sha1").or(given.checksum_sha1.take());
    given.checksum_sha256 = value("x-amz-checksum-sha256").or(given.checksum_sha256.take());
}

fn incomplete() -> S3Error {
    refusal(
        S3ErrorCode::IncompleteBody,
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
    )
}

/// `s3s` checks the signed digest while the body is read, and tells of it only by this text.
fn unread(why: &str) -> S3Error {
    if why.contains("Sha256Mismatch") {
        return content_sha256_mismatch();
    }
    if why.contains("Signature") {
        return refusal(S3ErrorCode::SignatureDoesNotMatch, "A chunk's signature does not match.");
    }
    incomplete()
}

/// The refusal of a body whose SHA-256 is not that of `x-amz-content-sha256`.
pub(crate) fn content_sha256_mismatch() -> S3Error {
    custom(
        "XAmzContentSHA256Mismatch",
        StatusCode::BAD_REQUEST,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
}
