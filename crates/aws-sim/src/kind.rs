//! Which operation a request is, from its first line and headers alone, so that it is counted even when it is refused.

use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// The kinds of requests that are counted. The names are those of the clients' own counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// PutObject.
    #[serde(rename = "PUT")]
    Put,
    /// CopyObject.
    #[serde(rename = "COPY")]
    Copy,
    /// GetObject.
    #[serde(rename = "GET")]
    Get,
    /// HeadObject.
    #[serde(rename = "HEAD")]
    Head,
    /// ListObjects, ListObjectsV2, ListObjectVersions and ListMultipartUploads.
    #[serde(rename = "LIST")]
    List,
    /// DeleteObject and DeleteObjects; a batch is one.
    #[serde(rename = "DELETE")]
    Delete,
    /// CreateMultipartUpload.
    #[serde(rename = "MP_CREATE")]
    MpCreate,
    /// UploadPart and UploadPartCopy.
    #[serde(rename = "MP_PART")]
    MpPart,
    /// CompleteMultipartUpload.
    #[serde(rename = "MP_COMPLETE")]
    MpComplete,
    /// AbortMultipartUpload.
    #[serde(rename = "MP_ABORT")]
    MpAbort,
    /// Calls to STS.
    #[serde(rename = "STS")]
    Sts,
    /// Calls for an OIDC token.
    #[serde(rename = "OIDC")]
    Oidc,
    /// CloudFront's CreateInvalidation and GetInvalidation.
    #[serde(rename = "INVALIDATION")]
    Invalidation,
    /// Cloudflare's purge.
    #[serde(rename = "PURGE")]
    Purge,
    /// Everything else, such as HeadBucket.
    #[serde(rename = "OTHER")]
    Other,
}

impl Kind {
    /// The name in counts and logs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Put => "PUT",
            Kind::Copy => "COPY",
            Kind::Get => "GET",
            Kind::Head => "HEAD",
            Kind::List => "LIST",
            Kind::Delete => "DELETE",
            Kind::MpCreate => "MP_CREATE",
            Kind::MpPart => "MP_PART",
            Kind::MpComplete => "MP_COMPLETE",
            Kind::MpAbort => "MP_ABORT",
            Kind::Sts => "STS",
            Kind::Oidc => "OIDC",
            Kind::Invalidation => "INVALIDATION",
            Kind::Purge => "PURGE",
            Kind::Other => "OTHER",
        }
    }

    /// Whether it changes what S3 stores.
    pub fn is_write(self) -> bool {
        use Kind::{Copy, Delete, MpAbort, MpComplete, MpCreate, MpPart, Put};
        matches!(self, Put | Copy | Delete | MpCreate | MpPart | MpComplete | MpAbort)
    }
}

/// A request to S3: what it is, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) kind: Kind,
    pub(crate) bucket: String,
    /// Decoded; empty when the request is of a bucket.
    pub(crate) key: String,
}

/// Reads a path-style request to S3.
pub(crate) fn of_s3(method: &Method, path: &str, query: Option<&str>, headers: &HeaderMap) -> Target {
    let path = path.strip_prefix('/').unwrap_or(path);
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let query = query.unwrap_or("");
    let kind = if key.is_empty() { of_bucket(method, bucket, query) } else { of_object(method, query, headers) };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Target { kind, bucket: decoded(bucket), key: decoded(key) }
}

fn has(query: &str, name: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some(name))
}

fn of_bucket(method: &Method, bucket: &str, query: &str) -> Kind {
    const NOT_LISTS: [&str; 14] = [
        "location",
        "versioning",
        "acl",
        "policy",
        "cors",
        "tagging",
        "lifecycle",
        "encryption",
        "website",
        "notification",
        "publicAccessBlock",
        "ownershipControls",
        "object-lock",
        "policyStatus",
    ];
    match *method {
        Method::POST if has(query, "delete") => Kind::Delete,
        Method::GET if !bucket.is_empty() && !NOT_LISTS.iter().any(|name| has(query, name)) => Kind::List,
        _ => Kind::Other,
    }
}

fn of_object(method: &Method, query: &str, headers: &HeaderMap) -> Kind {
    const NOT_BYTES: [&str; 6] = ["tagging", "acl", "attributes", "retention", "legal-hold", "torrent"];
    if NOT_BYTES.iter().any(|name| has(query, name)) {
        return Kind::Other;
    }
    let upload = has(query, "uploadId");
    match *method {
        Method::PUT if upload => Kind::MpPart,
        Method::PUT if headers.contains_key("x-amz-copy-source") => Kind::Copy,
        Method::PUT => Kind::Put,
        Method::GET if upload => Kind::Other,
        Method::GET => Kind::Get,
        Method::HEAD => Kind::Head,
        Method::DELETE if upload => Kind::MpAbort,
        Method::DELETE => Kind::Delete,
        Method::POST if upload => Kind::MpComplete,
        Method::POST if has(query, "uploads") => Kind::MpCreate,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(method: &Method, path: &str, query: &str) -> Kind {
        of_s3(method, path, Some(query), &HeaderMap::new()).kind
    }

    #[test]
    fn each_operation_is_told_by_its_first_line() {
        assert_eq!(kind(&Method::PUT, "/b/k", ""), Kind::Put);
        assert_eq!(kind(&Method::PUT, "/b/k", "partNumber=1&uploadId=u"), Kind::MpPart);
        assert_eq!(kind(&Method::POST, "/b/k", "uploads="), Kind::MpCreate);
        assert_eq!(kind(&Method::POST, "/b/k", "uploadId=u"), Kind::MpComplete);
        assert_eq!(kind(&Method::DELETE, "/b/k", "uploadId=u"), Kind::MpAbort);
        assert_eq!(kind(&Method::POST, "/b", "delete"), Kind::Delete);
        assert_eq!(kind(&Method::GET, "/b/", "list-type=2&prefix=x"), Kind::List);
        assert_eq!(kind(&Method::GET, "/b", "location"), Kind::Other);
        assert_eq!(kind(&Method::HEAD, "/b/k", ""), Kind::Head);
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-copy-source", http::HeaderValue::from_static("b/k"));
        assert_eq!(of_s3(&Method::PUT, "/b/k", None, &headers).kind, Kind::Copy);
    }

    #[test]
    fn a_key_is_decoded_and_keeps_its_slashes() {
        let target = of_s3(&Method::GET, "/b//a%2Bb%0A/", None, &HeaderMap::new());
        assert_eq!((target.bucket.as_str(), target.key.as_str()), ("b", "/a+b\n/"));
    }
}
