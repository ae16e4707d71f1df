//! Multipart uploads that are under way.

use super::content::Content;
use http::{HeaderName, HeaderValue};
use s3s::dto::Checksum;
use std::collections::BTreeMap;

/// The smallest part but the last: 5 MiB (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
pub(crate) const MIN_PART_BYTES: u64 = 5 << 20;
/// The highest number of a part, from the same page.
pub(crate) const MAX_PARTS: i32 = 10_000;

/// An upload.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) acl: Option<String>,
    pub(crate) tagging: Option<String>,
    /// `x-amz-checksum-algorithm`, lower case.
    pub(crate) algorithm: Option<String>,
    /// `FULL_OBJECT` or `COMPOSITE`.
    pub(crate) checksum_type: Option<String>,
    pub(crate) started_s: i64,
    pub(crate) parts: BTreeMap<i32, Part>,
}

/// A part.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) content: Content,
    pub(crate) md5: [u8; 16],
    pub(crate) crc64: u64,
    pub(crate) checksum: Checksum,
    pub(crate) last_modified_s: i64,
}
