//! Pages of keys.

use super::Bucket;
use super::object::{Entry, Object, Version};
use crate::error::refusal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::{S3ErrorCode, S3Result};
use std::ops::Bound;
use std::sync::Arc;

/// The most keys of one page (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>).
pub(crate) const MAX_KEYS: usize = 1000;

const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'*');

/// What a page is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pub(crate) prefix: String,
    pub(crate) delimiter: Option<String>,
    /// The last key or common prefix of the page before, or where to start.
    pub(crate) after: Option<String>,
    pub(crate) max_keys: usize,
}

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<(String, Arc<Object>)>,
    pub(crate) common_prefixes: Vec<String>,
    /// What the next page comes after, when there is one.
    pub(crate) next_after: Option<String>,
}

/// The most keys that a request asks for, within S3's bounds.
pub(crate) fn max_keys(asked: Option<i32>) -> S3Result<usize> {
    let asked = asked.unwrap_or(1000);
    let asked = usize::try_from(asked).map_err(|_| {
        refusal(S3ErrorCode::InvalidArgument, "Argument maxKeys must be an integer between 0 and 2147483647")
    })?;
    Ok(asked.min(MAX_KEYS))
}

/// A key as `encoding-type=url` wants it.
pub(crate) fn encoded(text: &str, url: bool) -> String {
    if url { utf8_percent_encode(text, ENCODED).to_string() } else { text.to_owned() }
}

/// The opaque form of [`Page::next_after`].
pub(crate) fn token(after: &str) -> String {
    URL_SAFE_NO_PAD.encode(after)
}

/// Reads a token back. Errors: it is none of ours.
pub(crate) fn from_token(token: &str) -> S3Result<String> {
    let wrong = || refusal(S3ErrorCode::InvalidArgument, "The continuation token provided is incorrect");
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| wrong())?;
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// The common prefix that `key` falls under.
fn common_prefix<'a>(key: &'a str, query: &Query) -> Option<&'a str> {
    let delimiter = query.delimiter.as_deref().filter(|text| !text.is_empty())?;
    let at = key.get(query.prefix.len()..)?.find(delimiter)?;
    key.get(..query.prefix.len() + at + delimiter.len())
}

/// One page of the current objects.
pub(crate) fn page(bucket: &Bucket, query: &Query) -> Page {
    let mut page = Page::default();
    if query.max_keys == 0 {
        return page;
    }
    let start = match &query.after {
        Some(after) if after.as_str() >= query.prefix.as_str() => Bound::Excluded(after.as_str()),
        _ => Bound::Included(query.prefix.as_str()),
    };
    let mut last: Option<String> = None;
    for (key, entry) in bucket.entries.range::<str, _>((start, Bound::Unbounded)) {
        if !key.starts_with(&query.prefix) {
            break;
        }
        let Some(object) = Entry::current(entry) else { continue };
        let prefix = common_prefix(key, query);
        if prefix.is_some() && (prefix == last.as_deref() || prefix == query.after.as_deref()) {
            continue;
        }
        if page.objects.len() + page.common_prefixes.len() == query.max_keys {
            page.next_after = last;
            break;
        }
        match prefix {
            Some(prefix) => page.common_prefixes.push(prefix.to_owned()),
            None => page.objects.push((key.clone(), Arc::clone(object))),
        }
        last = Some(prefix.unwrap_or(key).to_owned());
    }
    page
}

/// All versions below a prefix, the newest of a key first, at most [`MAX_KEYS`] of them after a key.
pub(crate) fn versions(bucket: &Bucket, query: &Query) -> (Vec<(String, Version, bool)>, Option<String>) {
    let mut found = Vec::new();
    let start = match &query.after {
        Some(after) if after.as_str() >= query.prefix.as_str() => Bound::Excluded(after.as_str()),
        _ => Bound::Included(query.prefix.as_str()),
    };
    let mut last = None;
    for (key, entry) in bucket.entries.range::<str, _>((start, Bound::Unbounded)) {
        if !key.starts_with(&query.prefix) {
            break;
        }
        // A page ends between keys, never between versions of one.
        if found.len() >= query.max_keys {
            return (found, last);
        }
        for (index, version) in entry.versions.iter().rev().enumerate() {
            found.push((key.clone(), version.clone(), index == 0));
        }
        last = Some(key.clone());
    }
    (found, None)
}
