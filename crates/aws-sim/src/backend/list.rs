//! The three lists of objects.

use super::{Backend, etag};
use crate::clock::timestamp;
use crate::error::refusal;
use crate::store::BucketOptions;
use crate::store::listing::{self, Page, Query, encoded};
use crate::store::object::{Object, Version};
use s3s::dto::{
    ChecksumAlgorithm, ChecksumType, CommonPrefix, DeleteMarkerEntry, ListObjectVersionsInput,
    ListObjectVersionsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output,
    ObjectVersion, Owner,
};
use s3s::{S3ErrorCode, S3Request, S3Response, S3Result};

fn is_url(encoding: Option<&s3s::dto::EncodingType>) -> bool {
    encoding.is_some_and(|encoding| encoding.as_str() == "url")
}

fn may_list(options: &BucketOptions) -> S3Result<()> {
    if options.listable { Ok(()) } else { Err(refusal(S3ErrorCode::AccessDenied, "Access Denied")) }
}

fn count(number: usize) -> Option<i32> {
    i32::try_from(number).ok()
}

fn listed(key: &str, object: &Object, url: bool, owner: Option<&str>) -> s3s::dto::Object {
    s3s::dto::Object {
        checksum_algorithm: algorithms(object),
        checksum_type: Some(ChecksumType::from_static(ChecksumType::FULL_OBJECT)).filter(|_| !is_composite(object)),
        e_tag: Some(etag(&object.etag)),
        key: Some(encoded(key, url)),
        last_modified: Some(timestamp(object.last_modified_s)),
        owner: owner.map(|id| Owner { display_name: None, id: Some(id.to_owned()) }),
        restore_status: None,
        size: i64::try_from(object.content.size()).ok(),
        storage_class: Some(object.storage_class().to_owned().into()),
    }
}

fn is_composite(object: &Object) -> bool {
    object.checksum.checksum_type.as_ref().is_some_and(|kind| kind.as_str() == ChecksumType::COMPOSITE)
}

fn algorithms(object: &Object) -> Option<Vec<ChecksumAlgorithm>> {
    let checksum = &object.checksum;
    let named = [
        ("CRC32", checksum.checksum_crc32.is_some()),
        ("CRC32C", checksum.checksum_crc32c.is_some()),
        ("CRC64NVME", checksum.checksum_crc64nvme.is_some()),
        ("SHA1", checksum.checksum_sha1.is_some()),
        ("SHA256", checksum.checksum_sha256.is_some()),
    ];
    let named: Vec<_> =
        named.iter().filter(|(_, has)| *has).map(|(name, _)| ChecksumAlgorithm::from_static(name)).collect();
    (!named.is_empty()).then_some(named)
}

fn prefixes(page: &Page, url: bool) -> Option<Vec<CommonPrefix>> {
    let all: Vec<_> =
        page.common_prefixes.iter().map(|prefix| CommonPrefix { prefix: Some(encoded(prefix, url)) }).collect();
    (!all.is_empty()).then_some(all)
}

impl Backend {
    pub(super) fn list_v2(&self, req: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = req.input;
        let url = is_url(input.encoding_type.as_ref());
        let after = match &input.continuation_token {
            Some(token) => Some(listing::from_token(token)?),
            None => input.start_after.clone(),
        };
        let query = Query {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone(),
            after,
            max_keys: listing::max_keys(input.max_keys)?,
        };
        let state = self.store.lock();
        let bucket = state.bucket(&input.bucket)?;
        may_list(&bucket.options)?;
        let owner = input.fetch_owner.unwrap_or(false).then(|| bucket.options.owner.clone());
        let page = listing::page(bucket, &query);
        drop(state);
        let contents: Vec<_> =
            page.objects.iter().map(|(key, object)| listed(key, object, url, owner.as_deref())).collect();
        Ok(S3Response::new(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: Some(encoded(&query.prefix, url)),
            max_keys: Some(input.max_keys.unwrap_or(1000).min(1000)),
            key_count: count(page.objects.len() + page.common_prefixes.len()),
            continuation_token: input.continuation_token,
            is_truncated: Some(page.next_after.is_some()),
            next_continuation_token: page.next_after.as_deref().map(listing::token),
            common_prefixes: prefixes(&page, url),
            contents: Some(contents),
            delimiter: query.delimiter.as_deref().map(|text| encoded(text, url)),
            encoding_type: input.encoding_type,
            start_after: input.start_after.as_deref().map(|text| encoded(text, url)),
            request_charged: None,
        }))
    }

    pub(super) fn list_v1(&self, req: S3Request<ListObjectsInput>) -> S3Result<S3Response<ListObjectsOutput>> {
        let input = req.input;
        let url = is_url(input.encoding_type.as_ref());
        let query = Query {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone(),
            after: input.marker.clone().filter(|marker| !marker.is_empty()),
            max_keys: listing::max_keys(input.max_keys)?,
        };
        let state = self.store.lock();
        let bucket = state.bucket(&input.bucket)?;
        may_list(&bucket.options)?;
        let owner = bucket.options.owner.clone();
        let page = listing::page(bucket, &query);
        drop(state);
        let contents: Vec<_> =
            page.objects.iter().map(|(key, object)| listed(key, object, url, Some(&owner))).collect();
        Ok(S3Response::new(ListObjectsOutput {
            name: Some(input.bucket),
            prefix: Some(encoded(&query.prefix, url)),
            marker: Some(encoded(input.marker.as_deref().unwrap_or(""), url)),
            max_keys: Some(input.max_keys.unwrap_or(1000).min(1000)),
            is_truncated: Some(page.next_after.is_some()),
            next_marker: page.next_after.as_deref().map(|text| encoded(text, url)),
            common_prefixes: prefixes(&page, url),
            contents: Some(contents),
            delimiter: query.delimiter.as_deref().map(|text| encoded(text, url)),
            encoding_type: input.encoding_type,
            request_charged: None,
        }))
    }

    pub(super) fn list_versions(
        &self,
        req: S3Request<ListObjectVersionsInput>,
    ) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        let input = req.input;
        let url = is_url(input.encoding_type.as_ref());
        let query = Query {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: None,
            after: input.key_marker.clone().filter(|marker| !marker.is_empty()),
            max_keys: listing::max_keys(input.max_keys)?,
        };
        let state = self.store.lock();
        let bucket = state.bucket(&input.bucket)?;
        may_list(&bucket.options)?;
        let (found, next) = listing::versions(bucket, &query);
        drop(state);
        let (mut versions, mut markers) = (Vec::new(), Vec::new());
        for (key, version, is_latest) in found {
            let id = version.id().to_owned();
            match version {
                Version::Object(object) => versions.push(ObjectVersion {
                    e_tag: Some(etag(&object.etag)),
                    is_latest: Some(is_latest),
                    key: Some(encoded(&key, url)),
                    last_modified: Some(timestamp(object.last_modified_s)),
                    size: i64::try_from(object.content.size()).ok(),
                    storage_class: Some(object.storage_class().to_owned().into()),
                    version_id: Some(id),
                    ..ObjectVersion::default()
                }),
                Version::Marker { last_modified_s, .. } => markers.push(DeleteMarkerEntry {
                    is_latest: Some(is_latest),
                    key: Some(encoded(&key, url)),
                    last_modified: Some(timestamp(last_modified_s)),
                    owner: None,
                    version_id: Some(id),
                }),
            }
        }
        Ok(S3Response::new(ListObjectVersionsOutput {
            name: Some(input.bucket),
            prefix: Some(encoded(&query.prefix, url)),
            key_marker: input.key_marker,
            max_keys: input.max_keys.or(Some(1000)),
            is_truncated: Some(next.is_some()),
            next_key_marker: next.map(|text| encoded(&text, url)),
            versions: Some(versions),
            delete_markers: Some(markers),
            encoding_type: input.encoding_type,
            ..ListObjectVersionsOutput::default()
        }))
    }
}
