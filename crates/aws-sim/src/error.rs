//! S3's refusals that the crate `s3s` has no name or no status for.

use http::StatusCode;
use s3s::{S3Error, S3ErrorCode};
use std::borrow::Cow;

/// A refusal with one of S3's codes (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
pub(crate) fn refusal(code: S3ErrorCode, message: impl Into<Cow<'static, str>>) -> S3Error {
    S3Error::with_message(code, message)
}

/// A refusal with a code that `s3s` does not list.
pub(crate) fn custom(code: &'static str, status: StatusCode, message: impl Into<Cow<'static, str>>) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(status);
    error
}

pub(crate) fn no_such_bucket() -> S3Error {
    refusal(S3ErrorCode::NoSuchBucket, "The specified bucket does not exist")
}

pub(crate) fn no_such_key() -> S3Error {
    refusal(S3ErrorCode::NoSuchKey, "The specified key does not exist.")
}

pub(crate) fn no_such_upload() -> S3Error {
    refusal(
        S3ErrorCode::NoSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    )
}

pub(crate) fn precondition_failed() -> S3Error {
    refusal(S3ErrorCode::PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

pub(crate) fn conflict() -> S3Error {
    let mut error = refusal(
        S3ErrorCode::ConditionalRequestConflict,
        "The conditional request cannot succeed due to a conflicting operation against this resource.",
    );
    error.set_status_code(StatusCode::CONFLICT);
    error
}

pub(crate) fn bad_digest(what: &str) -> S3Error {
    refusal(S3ErrorCode::BadDigest, format!("The {what} you specified did not match the calculated checksum."))
}

pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> S3Error {
    refusal(S3ErrorCode::InvalidRequest, message)
}
