//! An object as it is stored, and the versions of a key.

use super::content::Content;
use http::{HeaderName, HeaderValue};
use s3s::dto::Checksum;
use std::sync::Arc;

/// The id of the only version in a bucket without versions.
pub(crate) const NULL_VERSION: &str = "null";

/// An object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) content: Content,
    /// Without quotes.
    pub(crate) etag: String,
    /// Seconds since 1970; S3 gives no finer time.
    pub(crate) last_modified_s: i64,
    /// The headers that GET and HEAD give back.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) checksum: Checksum,
    /// The sizes of the parts; empty when it was sent in one.
    pub(crate) part_sizes: Vec<u64>,
    /// `x-amz-acl`.
    pub(crate) acl: Option<String>,
    /// `x-amz-tagging`, in the form of a query.
    pub(crate) tagging: Option<String>,
    pub(crate) version_id: Option<String>,
    /// Which write of the bucket's it was; set when it is stored.
    pub(crate) sequence: u64,
}

impl Object {
    pub(crate) fn header(&self, name: &str) -> Option<&HeaderValue> {
        self.headers.iter().find(|(known, _)| known.as_str() == name).map(|(_, value)| value)
    }

    pub(crate) fn storage_class(&self) -> &str {
        self.header("x-amz-storage-class").and_then(|value| value.to_str().ok()).unwrap_or("STANDARD")
    }
}

/// One version of a key.
#[derive(Debug, Clone)]
pub(crate) enum Version {
    Object(Arc<Object>),
    /// A delete marker.
    Marker {
        id: String,
        last_modified_s: i64,
    },
}

impl Version {
    pub(crate) fn id(&self) -> &str {
        match self {
            Version::Object(object) => object.version_id.as_deref().unwrap_or(NULL_VERSION),
            Version::Marker { id, .. } => id,
        }
    }
}

/// A key's versions, the newest last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    pub(crate) versions: Vec<Version>,
}

impl Entry {
    /// The object that a GET gives.
    pub(crate) fn current(&self) -> Option<&Arc<Object>> {
        match self.versions.last() {
            Some(Version::Object(object)) => Some(object),
            Some(Version::Marker { .. }) | None => None,
        }
    }
}

/// The id of the version that write number `sequence` made.
pub(crate) fn version_id(sequence: u64) -> String {
    format!("sim{sequence:013}")
}
