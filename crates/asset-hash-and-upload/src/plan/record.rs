//! The record of a release: what was published under which key. It is the manifest that the bucket keeps, and what the next
//! publish compares with.

mod files;

pub use files::Files;

use super::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The record's shape. It grows when a field changes its meaning; a reader refuses a shape that it does not know.
pub const RECORD_SCHEMA: u32 = 1;
/// The longest record that is read, bytes: a million files of 250 bytes each.
pub const RECORD_LIMIT_BYTES: u64 = 256 << 20;

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`RECORD_SCHEMA`].
    pub schema: u32,
    /// Its id, `20261123T164500.123Z-1a2b3c4d`: UTC, milliseconds, eight random hex digits.
    pub release: String,
    /// Which site of the bucket's prefix.
    pub site: String,
    /// The cache-busting value: 16 hex digits that are equal for equal trees under equal headers.
    pub version: String,
    /// When it was made, ms since 1970-01-01 UTC.
    pub created_ms: u64,
    /// The release that was the last one when this one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Digest of all options that decide about names, bytes and headers: with other options no file counts as unchanged.
    pub options: Digest,
    /// Sets of headers that files share.
    pub headers: Vec<Headers>,
    /// By path in the tree, `/`-separated.
    pub files: Files,
}

/// A published file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its key below the prefix. Of a page: where its bytes are kept, `.roadcrew/<site>/pages/<sha256>`.
    pub key: String,
    /// Digest of the stored bytes: references rewritten, encoded.
    pub sha256: Digest,
    /// Size of the stored bytes.
    pub size: u64,
    /// Digest of the file in the tree, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Digest>,
    /// Index into [`Record::headers`].
    pub headers: u32,
    /// Whether it is a page: its bytes are copied onto its own path below the prefix when the release becomes the live one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub page: bool,
    /// Paths that it names and that were rewritten in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Paths that it seems to name and that are no files of the tree: a new file there makes it another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<String>,
}

impl Entry {
    /// Whether its object is the other's too, when both have one key: same bytes and headers.
    pub fn is_published_as(&self, other: &Entry) -> bool {
        (self.sha256, self.size, self.headers) == (other.sha256, other.size, other.headers)
    }

    /// Digest of the file in the tree.
    pub fn source(&self) -> Digest {
        self.source.unwrap_or(self.sha256)
    }
}

/// The headers that an object is stored with.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    /// `Content-Type`.
    pub content_type: String,
    /// `Cache-Control`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cache_control: String,
    /// `Content-Encoding`: `br`, `gzip`, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content_encoding: String,
    /// `Content-Disposition`, `Content-Language`, `x-amz-meta-*`, `x-amz-storage-class`, `x-amz-acl`,
    /// `x-amz-server-side-encryption*`: by lower-case name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, String>,
}

/// What points to the live release: the cache-busting value with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointer {
    /// [`RECORD_SCHEMA`].
    pub schema: u32,
    /// The live release.
    pub release: String,
    /// Its cache-busting value.
    pub version: String,
    /// Key of its record, from the bucket's root.
    pub manifest: String,
    /// Where browsers find the published keys; empty when nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub base_url: String,
    /// The release that was live before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Whether pages are still being put in place. It is written as true with the pointer and taken away afterwards; where it is
    /// left, a run was killed in between, and nobody knows which pages stand at their paths.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}
