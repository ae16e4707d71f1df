//! Signature version 4, by `aws-sigv4`.
//!
//! Source: Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header". S3's paths are encoded once and
//! never normalised (`a//b` and `a/./b` are keys of their own); other services' are encoded twice.

use std::time::SystemTime;

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;

use crate::Error;

/// The SHA-256 of no bytes, in hex.
pub const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What the signature says of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// There is none.
    Empty,
    /// Lower-case hex of its SHA-256.
    Sha256(String),
    /// Nothing (`UNSIGNED-PAYLOAD`, S3 only): TLS and a checksum header guard it.
    Unsigned,
}

/// Whom a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope<'a> {
    /// As `eu-west-1`.
    pub region: &'a str,
    /// The service's signing name, as `s3`.
    pub service: &'a str,
}

/// Signs `request` as it stands: all its headers but `user-agent` are covered, and `host`, `x-amz-date`,
/// `x-amz-content-sha256` (S3) and the session token are added.
///
/// # Errors
/// [`Error::Input`] when a header's value is not visible ASCII, [`Error::Credentials`] when `identity` holds no keys.
pub fn sign<B>(
    request: &mut http::Request<B>,
    identity: &Identity,
    scope: Scope<'_>,
    payload: &Payload,
    at: SystemTime,
) -> Result<(), Error> {
    let mut settings = SigningSettings::default();
    if scope.service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let parameters = v4::SigningParams::builder()
        .identity(identity)
        .region(scope.region)
        .name(scope.service)
        .time(at)
        .settings(settings)
        .build()
        .map_err(|error| Error::Input(format!("cannot sign: {error}")))?
        .into();
    let mut headers = Vec::with_capacity(request.headers().len());
    for (name, value) in request.headers() {
        let value = value
            .to_str()
            .map_err(|_| Error::Input(format!("header {name} holds characters other than visible ASCII")))?;
        headers.push((name.as_str(), value));
    }
    let body = match payload {
        Payload::Empty => SignableBody::Precomputed(EMPTY_SHA256.to_owned()),
        Payload::Sha256(hex) => SignableBody::Precomputed(hex.clone()),
        Payload::Unsigned => SignableBody::UnsignedPayload,
    };
    let uri = request.uri().to_string();
    let signable = SignableRequest::new(request.method().as_str(), uri, headers.into_iter(), body)
        .map_err(|error| Error::Input(format!("cannot sign: {error}")))?;
    let (instructions, _) = aws_sigv4::http_request::sign(signable, &parameters)
        .map_err(|error| Error::Credentials(format!("cannot sign: {error}")))?
        .into_parts();
    instructions.apply_to_request_http1x(request);
    Ok(())
}

#[cfg(test)]
mod tests;
