//! What an object of ours is stored with: its headers, and what tells `prune` and the next publish whose it is.

use super::digest::Digest;
use super::place::Place;
use super::prune::{OWNER_HEADER, owner};
use super::record::Headers;

/// Metadata: SHA-256 of the stored bytes, hex.
pub const SHA256_HEADER: &str = "x-amz-meta-sha256";

/// Names (lower case) and values.
pub fn object_headers(headers: &Headers, sha256: &Digest, place: &Place) -> Vec<(String, String)> {
    let given = [
        ("content-type", headers.content_type.as_str()),
        ("cache-control", &headers.cache_control),
        ("content-encoding", &headers.content_encoding),
    ];
    let given = given.into_iter().filter(|(_, value)| !value.is_empty());
    let mut all: Vec<(String, String)> = given.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    all.extend(headers.other.iter().map(|(name, value)| (name.clone(), value.clone())));
    all.push((SHA256_HEADER.to_owned(), sha256.hex()));
    all.push((OWNER_HEADER.to_owned(), owner(place)));
    all
}

/// Whether S3 tells a header of an object again; an ACL is asked for elsewhere.
pub fn is_told(name: &str) -> bool {
    name != "x-amz-acl"
}
