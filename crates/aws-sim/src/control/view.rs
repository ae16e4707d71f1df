//! Objects as tests look at them.

use crate::sigv4::hex;
use crate::store::State;
use crate::store::object::Object;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Everything that S3 stored at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot(pub(super) State);

/// An object, all of it that can be told in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectView {
    /// Its key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// Without quotes.
    pub etag: String,
    /// Hex; `None` when the bytes were not kept.
    pub sha256: Option<String>,
    /// Seconds since 1970.
    pub last_modified_s: i64,
    /// What GET gives back, in lower case: metadata, type, encryption and so on.
    pub headers: BTreeMap<String, String>,
    /// The ACL that it was stored with.
    pub acl: Option<String>,
    /// Its tags, as a query.
    pub tagging: Option<String>,
    /// The sizes of its parts; empty when it was sent in one.
    pub part_sizes: Vec<u64>,
    /// The bytes, when they were kept.
    #[serde(skip)]
    pub body: Option<Vec<u8>>,
}

impl ObjectView {
    pub(super) fn new(key: &str, object: &Object) -> ObjectView {
        let mut body = object.content.is_kept().then(Vec::new);
        if let Some(body) = &mut body {
            object.content.each(|bytes| body.extend_from_slice(bytes));
        }
        let headers = object
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        ObjectView {
            key: key.to_owned(),
            size: object.content.size(),
            etag: object.etag.clone(),
            sha256: body.as_ref().map(|body| hex(&Sha256::digest(body))),
            last_modified_s: object.last_modified_s,
            headers: headers.collect(),
            acl: object.acl.clone(),
            tagging: object.tagging.clone(),
            part_sizes: object.part_sizes.clone(),
            body,
        }
    }
}
