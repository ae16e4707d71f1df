//! Which of a request's headers an object keeps, and gives back.

use crate::error::{invalid_request, refusal};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use s3s::{S3ErrorCode, S3Result};

/// The most that the names and values of metadata may have together: 2 KiB
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>).
const MAX_METADATA_BYTES: usize = 2048;

const KEPT: [&str; 12] = [
    "content-type",
    "cache-control",
    "content-disposition",
    "content-language",
    "expires",
    "x-amz-website-redirect-location",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
    "x-amz-object-lock-legal-hold",
];

const STORAGE_CLASSES: [&str; 10] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "EXPRESS_ONEZONE",
];

/// The headers that are an object's own description, not its encryption or place.
pub(crate) fn is_description(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(
        name,
        "content-type" | "cache-control" | "content-disposition" | "content-language" | "content-encoding" | "expires"
    ) || name.starts_with("x-amz-meta-")
}

/// Takes what an object keeps out of a request. Errors: as S3 refuses it.
pub(crate) fn stored(headers: &HeaderMap) -> S3Result<Vec<(HeaderName, HeaderValue)>> {
    let mut kept: Vec<(HeaderName, HeaderValue)> = Vec::new();
    let mut metadata_size_bytes = 0;
    for name in headers.keys() {
        let text = name.as_str();
        let value = joined(headers, name);
        if text.starts_with("x-amz-meta-") {
            metadata_size_bytes += text.len() - "x-amz-meta-".len() + value.len();
            kept.push((name.clone(), owned(&value)?));
        } else if KEPT.contains(&text) {
            kept.push((name.clone(), owned(&value)?));
        } else if text == "content-encoding" {
            // How the body travelled is not how it is stored.
            let value = String::from_utf8_lossy(&value).into_owned();
            let codings: Vec<&str> =
                value.split(',').map(str::trim).filter(|coding| *coding != "aws-chunked").collect();
            let value = codings.join(",");
            if !value.is_empty() {
                kept.push((name.clone(), owned(value.as_bytes())?));
            }
        } else if text == "x-amz-storage-class" {
            let class = String::from_utf8_lossy(&value).into_owned();
            if !STORAGE_CLASSES.contains(&class.as_str()) {
                return Err(refusal(S3ErrorCode::InvalidStorageClass, "The storage class you specified is not valid"));
            }
            if class != "STANDARD" {
                kept.push((name.clone(), owned(&value)?));
            }
        }
    }
    if metadata_size_bytes > MAX_METADATA_BYTES {
        let mut error =
            refusal(S3ErrorCode::MetadataTooLarge, "Your metadata headers exceed the maximum allowed metadata size");
        error.set_status_code(StatusCode::BAD_REQUEST);
        return Err(error);
    }
    let defaults = [("content-type", "binary/octet-stream"), ("x-amz-server-side-encryption", "AES256")];
    for (name, value) in defaults {
        if !kept.iter().any(|(known, _)| known.as_str() == name) {
            kept.push((HeaderName::from_static(name), HeaderValue::from_static(value)));
        }
    }
    Ok(kept)
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> Vec<u8> {
    let mut value = Vec::new();
    for (index, each) in headers.get_all(name).iter().enumerate() {
        if index > 0 {
            value.extend_from_slice(b",");
        }
        value.extend_from_slice(each.as_bytes());
    }
    value
}

/// A value in an allocation of its own: those of a request are slices of the connection's buffer and would hold it.
fn owned(value: &[u8]) -> S3Result<HeaderValue> {
    HeaderValue::from_bytes(value).map_err(|_| invalid_request("A header has a value that is not allowed."))
}

/// `x-amz-acl`, when the bucket takes ACLs. Errors: it does not, and this one says more than that the owner has all.
pub(crate) fn acl(headers: &HeaderMap, acls: bool) -> S3Result<Option<String>> {
    let given = headers.get("x-amz-acl").and_then(|value| value.to_str().ok());
    let grants = headers.keys().any(|name| name.as_str().starts_with("x-amz-grant-"));
    match given {
        Some("bucket-owner-full-control") if !grants => Ok(given.map(str::to_owned)),
        None if !grants => Ok(None),
        _ if acls => Ok(given.map(str::to_owned)),
        _ => Err(refusal(S3ErrorCode::AccessControlListNotSupported, "The bucket does not allow ACLs")),
    }
}
