//! The tree as plain data.

use super::digest::Digest;
use super::fingerprint::HASH_DIGITS;

/// A file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the tree's root, `/`-separated, as its bytes are: nothing is normalised.
    pub path: String,
    /// Its size when it was found.
    pub size_bytes: u64,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Digest of its bytes.
    pub sha256: Digest,
    /// Bytes that were read.
    pub size_bytes: u64,
    /// CRC-64/NVME of its bytes, of a file that is sent in parts; 0 of a smaller one.
    pub crc64: u64,
    /// What its name gets, of its bytes, type and coding: 16 hex digits as a number.
    pub name_hash: u64,
}

impl Content {
    /// The digits that its name gets.
    pub fn name_digits(&self) -> String {
        format!("{:0width$x}", self.name_hash, width = HASH_DIGITS)
    }
}

/// A file from which on it is sent in parts, bytes. S3 takes up to 5 GB at once, and asks for parts of 5 MiB at least:
/// docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html.
pub const PARTS_FROM_BYTES: u64 = 16 << 20;
/// Most files of a tree; five times the largest that we know of.
pub const MAX_FILES: usize = 1_000_000;
/// The largest object of S3, bytes (50 TB since December 2025; before it 5 TB, which every implementation takes).
pub const MAX_OBJECT_BYTES: u64 = 5_000_000_000_000;
