//! What S3 checks before an operation: the clock, the session, the region, the owner, the digest of a small body.

use super::answer::{Answer, s3_error};
use super::{MAX_SMALL_BODY_BYTES, Plan, drain, small_body};
use crate::backend::DeniedPrefixes;
use crate::backend::SlowWrite;
use crate::clock::iso_date;
use crate::credentials::{Bad, Signer, signer};
use crate::kind::{Kind, Target};
use crate::life::Cut;
use crate::server::Shared;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use hyper::body::Incoming;
use md5::{Digest, Md5};
use s3s::crypto::Checksum as _;
use sha2::Sha256;

/// Serves a request to S3.
pub(super) async fn serve(
    shared: &Shared,
    request: Request<Incoming>,
    target: &Target,
    plan: &Plan,
) -> Result<Answer, Cut> {
    let resource = request.uri().path().to_owned();
    if let Err(refusal) = checked(shared, &request, target, &resource) {
        drain(request.into_body()).await;
        return Ok(*refusal);
    }
    let (mut parts, body) = request.into_parts();
    if let Some(wait) = plan.slow_write {
        parts.extensions.insert(SlowWrite(wait));
    }
    if target.kind == Kind::Delete && target.key.is_empty() {
        parts.extensions.insert(DeniedPrefixes(shared.faults.denied_in_batches()));
    }
    // Requests of XML are read here: s3s looks at their digests too late or not at all.
    let is_small = parts.method == Method::POST || (parts.method == Method::PUT && target.key.is_empty());
    let body = if is_small {
        let Some(bytes) = small_body(body).await else {
            let message =
                format!("Your request was too big or broke off; at most {MAX_SMALL_BODY_BYTES} bytes are read.");
            return Ok(s3_error(StatusCode::BAD_REQUEST, "MaxMessageLengthExceeded", &message, &resource, &[]));
        };
        if let Err((code, message)) = small_digests(&parts.headers, &bytes, target) {
            return Ok(s3_error(StatusCode::BAD_REQUEST, code, message, &resource, &[]));
        }
        s3s::Body::from(bytes)
    } else {
        s3s::Body::from(body)
    };
    shared.s3.call(Request::from_parts(parts, body)).await.map_err(|_| Cut)
}

/// A refusal is boxed: it is far larger than the usual nothing.
fn checked(shared: &Shared, request: &Request<Incoming>, target: &Target, resource: &str) -> Result<(), Box<Answer>> {
    let headers = request.headers();
    if let Some(signer) = signer(headers, request.uri().query()) {
        clock(shared, &signer, resource)?;
        session(shared, &signer, resource)?;
        region(shared, &signer, target, resource)?;
    }
    owner(shared, headers, target, resource)
}

fn clock(shared: &Shared, signer: &Signer, resource: &str) -> Result<(), Box<Answer>> {
    let Some(signed_s) = signer.signed_s.filter(|_| !signer.presigned) else { return Ok(()) };
    let (now_s, max_skew_s) = (shared.clock.now_s(), shared.clock.max_skew_s());
    if now_s.abs_diff(signed_s) <= max_skew_s {
        return Ok(());
    }
    let more = [
        ("RequestTime", signer.amz_date.clone()),
        ("ServerTime", iso_date(now_s)),
        ("MaxAllowedSkewMilliseconds", max_skew_s.saturating_mul(1000).to_string()),
    ];
    let message = "The difference between the request time and the current time is too large.";
    Err(Box::new(s3_error(StatusCode::FORBIDDEN, "RequestTimeTooSkewed", message, resource, &more)))
}

fn session(shared: &Shared, signer: &Signer, resource: &str) -> Result<(), Box<Answer>> {
    let (status, code, message) = match shared.credentials.check(signer, shared.clock.now_s()) {
        Ok(()) => return Ok(()),
        Err(Bad::UnknownKey) => (
            StatusCode::FORBIDDEN,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        Err(Bad::Token) => {
            (StatusCode::BAD_REQUEST, "InvalidToken", "The provided token is malformed or otherwise invalid.")
        }
        Err(Bad::Expired) => (StatusCode::BAD_REQUEST, "ExpiredToken", "The provided token has expired."),
    };
    Err(Box::new(s3_error(status, code, message, resource, &[])))
}

/// A bucket that says where it is: a request for this endpoint's region is sent on, another's is malformed
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>).
fn region(shared: &Shared, signer: &Signer, target: &Target, resource: &str) -> Result<(), Box<Answer>> {
    let place = shared.store.lock().buckets.get(&target.bucket).and_then(|bucket| bucket.options.region.clone());
    let endpoint = shared.options.region.as_deref();
    let expected = place.as_deref().or(endpoint);
    let Some(expected) = expected.filter(|expected| *expected != signer.region) else { return Ok(()) };
    let mut answer = if place.is_some() && endpoint == Some(signer.region.as_str()) {
        let more = [("Endpoint", format!("s3.{expected}.amazonaws.com")), ("Bucket", target.bucket.clone())];
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";
        s3_error(StatusCode::MOVED_PERMANENTLY, "PermanentRedirect", message, resource, &more)
    } else {
        let message = format!(
            "The authorization header is malformed; the region '{}' is wrong; expecting '{expected}'",
            signer.region
        );
        let more = [("Region", expected.to_owned())];
        s3_error(StatusCode::BAD_REQUEST, "AuthorizationHeaderMalformed", &message, resource, &more)
    };
    if let Ok(value) = HeaderValue::from_str(expected) {
        answer.headers_mut().insert("x-amz-bucket-region", value);
    }
    Err(Box::new(answer))
}

fn owner(shared: &Shared, headers: &HeaderMap, target: &Target, resource: &str) -> Result<(), Box<Answer>> {
    let source = headers.get("x-amz-copy-source").and_then(|value| value.to_str().ok()).unwrap_or("");
    let source = source.trim_start_matches('/').split('/').next().unwrap_or("");
    for (name, bucket) in
        [("x-amz-expected-bucket-owner", target.bucket.as_str()), ("x-amz-source-expected-bucket-owner", source)]
    {
        let Some(expected) = headers.get(name) else { continue };
        let state = shared.store.lock();
        let known = state.buckets.get(bucket).map(|bucket| bucket.options.owner.as_bytes());
        if known.is_some_and(|known| known != expected.as_bytes()) {
            return Err(Box::new(s3_error(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied", resource, &[])));
        }
    }
    Ok(())
}

/// Checks what the headers say of a small body.
fn small_digests(headers: &HeaderMap, body: &Bytes, target: &Target) -> Result<(), (&'static str, &'static str)> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = header("x-amz-content-sha256").filter(|text| text.len() == 64);
    if signed.is_some_and(|signed| signed != crate::sigv4::hex(&Sha256::digest(body))) {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return Err(("XAmzContentSHA256Mismatch", message));
    }
    if target.kind != Kind::Delete {
        return Ok(()); // The checksums of a completion are those of the object, not of the XML.
    }
    let mut given = 0;
    let pairs = [
        ("content-md5", STANDARD.encode(Md5::digest(body))),
        ("x-amz-checksum-crc32", STANDARD.encode(s3s::crypto::Crc32::checksum(body))),
        ("x-amz-checksum-crc32c", STANDARD.encode(s3s::crypto::Crc32c::checksum(body))),
        ("x-amz-checksum-crc64nvme", STANDARD.encode(s3s::crypto::Crc64Nvme::checksum(body))),
        ("x-amz-checksum-sha1", STANDARD.encode(s3s::crypto::Sha1::checksum(body))),
        ("x-amz-checksum-sha256", STANDARD.encode(Sha256::digest(body))),
    ];
    for (name, reckoned) in pairs {
        let Some(value) = header(name) else { continue };
        given += 1;
        if value != reckoned {
            return Err(("BadDigest", "The digest you specified did not match the calculated checksum."));
        }
    }
    // A signed trailer carries its checksum after the body, where s3s checks it.
    if given == 0 && !headers.contains_key("x-amz-trailer") {
        return Err(("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"));
    }
    Ok(())
}
