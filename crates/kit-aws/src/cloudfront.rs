//! CloudFront: one call, CreateInvalidation of API version 2020-05-31.
//!
//! Source: Amazon CloudFront API Reference, "CreateInvalidation". 3,000 paths or 15 wildcards may be in progress for a
//! distribution; each path above 1,000 a month costs.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use crate::call::{Call, Limit, send};
use crate::recorder::Kind;
use crate::s3::xml;
use crate::sign::{Payload, Scope};
use crate::{Aws, Error};

/// CloudFront is global: one address and one region for signatures.
const ENDPOINT: &str = "https://cloudfront.amazonaws.com";
const REGION: &str = "us-east-1";
/// An answer repeats the paths.
const ANSWER_BYTES: u64 = 8 * 1024 * 1024;
/// Paths of one call.
pub const LARGEST_BATCH: usize = 3000;

/// What stays as it is in a path: RFC 3986's unreserved characters, and those that a path may hold.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b',')
    .remove(b':')
    .remove(b'=')
    .remove(b'@');

/// An invalidation that has begun. Nobody waits for its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalidation {
    /// As `I2J0I21PCUYOIK`.
    pub id: String,
    /// `InProgress` or `Completed`.
    pub status: String,
}

/// A key as the path of an invalidation: with its leading slash, unsafe characters encoded, `*` too.
pub fn path(key: &str) -> String {
    format!("/{}", utf8_percent_encode(key, PATH))
}

/// Begins an invalidation of `paths`, each with a leading slash, encoded, `*` at most as its last character. A second call
/// with the same `caller_reference` and the same paths is the same invalidation, so that a repetition costs nothing.
/// `endpoint` is for tests.
///
/// # Errors
/// [`Error::Input`] for paths that make no sense, [`Error::Denied`], [`Error::NoSuchKey`] (no such distribution),
/// [`Error::Refused`] with `TooManyInvalidationsInProgress`, and those of all calls.
pub async fn invalidate(
    aws: &Aws,
    endpoint: Option<&str>,
    distribution: &str,
    paths: &[String],
    caller_reference: &str,
) -> Result<Invalidation, Error> {
    if distribution.is_empty() || !distribution.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Error::Input(format!("{distribution:?} is no distribution's id, as E1A2B3C4D5E6F7 is one")));
    }
    let document = document(paths, caller_reference)?;
    let url = format!(
        "{}/2020-05-31/distribution/{distribution}/invalidation",
        endpoint.unwrap_or(ENDPOINT).trim_end_matches('/')
    );
    let what = format!("INVALIDATE cloudfront {distribution}");
    let digest: [u8; 32] = Sha256::digest(document.as_bytes()).into();
    let call = Call {
        kind: Kind::Invalidate,
        what: &what,
        method: Method::POST,
        url: &url,
        headers: vec![(CONTENT_TYPE, HeaderValue::from_static("application/xml"))],
        body: Bytes::from(document).into(),
        payload: Payload::Sha256(crate::s3::hex(&digest)),
        limit: Limit::Buffered(ANSWER_BYTES),
        hides_errors: false,
        verified: false,
        patience: Duration::ZERO,
    };
    let answer = match send(aws, Scope { region: REGION, service: "cloudfront" }, &call).await {
        Err(Error::Refused { status: 404, .. }) => return Err(Error::NoSuchKey { what }),
        answer => answer?,
    };
    match (xml::leaf(&answer.body, "Id"), xml::leaf(&answer.body, "Status")) {
        (Some(id), Some(status)) => Ok(Invalidation { id, status }),
        _ => Err(Error::Malformed { what, why: "it names no invalidation".to_owned() }),
    }
}

fn document(paths: &[String], caller_reference: &str) -> Result<String, Error> {
    if paths.is_empty() || paths.len() > LARGEST_BATCH {
        return Err(Error::Input(format!(
            "{} paths to invalidate; CloudFront takes 1 to {LARGEST_BATCH}",
            paths.len()
        )));
    }
    let mut document =
        String::from(r#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths>"#);
    document.push_str(&format!("<Quantity>{}</Quantity><Items>", paths.len()));
    for path in paths {
        let before_last = path.strip_suffix('*').unwrap_or(path);
        let sound =
            path.starts_with('/') && !before_last.contains('*') && path.bytes().all(|byte| byte.is_ascii_graphic());
        let escaped = xml::escaped(path).filter(|_| sound);
        let escaped = escaped.ok_or_else(|| Error::Input(format!("{path:?} is no path to invalidate")))?;
        document.push_str(&format!("<Path>{escaped}</Path>"));
    }
    let reference =
        xml::escaped(caller_reference).ok_or_else(|| Error::Input(format!("{caller_reference:?} is no reference")))?;
    document.push_str(&format!("</Items></Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>"));
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_paths() {
        assert_eq!(path("a b/ü*.html"), "/a%20b/%C3%BC%2A.html");
        assert_eq!(path(""), "/");
    }

    #[test]
    fn paths_are_checked_before_they_cost() {
        let document = |path: &str| document(&[path.to_owned()], "r&1");
        let good = document("/a/*").unwrap();
        assert!(good.contains("<Quantity>1</Quantity><Items><Path>/a/*</Path></Items>"), "{good}");
        assert!(good.contains("<CallerReference>r&amp;1</CallerReference>"), "{good}");
        for bad in ["a", "/a b", "/*/a", "", "/ü"] {
            assert!(document(bad).is_err(), "{bad}");
        }
        assert!(super::document(&[], "r").is_err());
    }
}
