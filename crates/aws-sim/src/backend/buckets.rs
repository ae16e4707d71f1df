//! Buckets themselves.

use super::Backend;
use crate::clock::timestamp;
use crate::error::refusal;
use crate::store::{Bucket, BucketOptions};
use http::{HeaderMap, HeaderValue};
use s3s::dto::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketInput, CreateBucketOutput, DeleteBucketInput,
    DeleteBucketOutput, GetBucketLocationInput, GetBucketLocationOutput, GetBucketVersioningInput,
    GetBucketVersioningOutput, HeadBucketInput, HeadBucketOutput, ListBucketsInput, ListBucketsOutput, Owner,
    PutBucketVersioningInput, PutBucketVersioningOutput,
};
use s3s::{S3ErrorCode, S3Request, S3Response, S3Result};
use std::collections::BTreeMap;

/// Where a bucket is that was made without saying where.
const DEFAULT_REGION: &str = "us-east-1";

impl Backend {
    pub(super) fn make_bucket(&self, req: S3Request<CreateBucketInput>) -> S3Result<S3Response<CreateBucketOutput>> {
        let input = req.input;
        let region = input.create_bucket_configuration.and_then(|made| made.location_constraint);
        let acls = input.object_ownership.is_some_and(|ownership| ownership.as_str() != "BucketOwnerEnforced");
        let options =
            BucketOptions { region: region.map(|region| region.as_str().to_owned()), acls, ..BucketOptions::default() };
        let mut state = self.store.lock();
        if state.buckets.contains_key(&input.bucket) {
            return Err(refusal(
                S3ErrorCode::BucketAlreadyOwnedByYou,
                "Your previous request to create the named bucket succeeded and you already own it.",
            ));
        }
        let bucket = Bucket { options, created_s: self.clock.now_s(), entries: BTreeMap::new() };
        let location = format!("/{}", input.bucket);
        state.buckets.insert(input.bucket, bucket);
        Ok(S3Response::new(CreateBucketOutput { location: Some(location) }))
    }

    pub(super) fn remove_bucket(&self, req: S3Request<DeleteBucketInput>) -> S3Result<S3Response<DeleteBucketOutput>> {
        let mut state = self.store.lock();
        if !state.bucket(&req.input.bucket)?.entries.is_empty() {
            return Err(refusal(S3ErrorCode::BucketNotEmpty, "The bucket you tried to delete is not empty"));
        }
        state.buckets.remove(&req.input.bucket);
        Ok(S3Response::new(DeleteBucketOutput::default()))
    }

    pub(super) fn describe_bucket(&self, req: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        let state = self.store.lock();
        let region = state.bucket(&req.input.bucket)?.options.region.clone();
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(region.as_deref().unwrap_or(DEFAULT_REGION)) {
            headers.insert("x-amz-bucket-region", value);
        }
        Ok(S3Response::with_headers(HeadBucketOutput::default(), headers))
    }

    pub(super) fn buckets(&self, _: S3Request<ListBucketsInput>) -> S3Result<S3Response<ListBucketsOutput>> {
        let state = self.store.lock();
        let buckets = state.buckets.iter().map(|(name, bucket)| s3s::dto::Bucket {
            name: Some(name.clone()),
            creation_date: Some(timestamp(bucket.created_s)),
            bucket_region: bucket.options.region.clone(),
        });
        Ok(S3Response::new(ListBucketsOutput {
            buckets: Some(buckets.collect()),
            owner: Some(Owner { display_name: None, id: Some(crate::store::DEFAULT_OWNER.to_owned()) }),
            ..ListBucketsOutput::default()
        }))
    }

    pub(super) fn bucket_location(
        &self,
        req: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        let state = self.store.lock();
        let region = state.bucket(&req.input.bucket)?.options.region.clone();
        // The oldest region has no name here.
        let region = region.filter(|region| region != DEFAULT_REGION).map(BucketLocationConstraint::from);
        Ok(S3Response::new(GetBucketLocationOutput { location_constraint: region }))
    }

    pub(super) fn bucket_versioning(
        &self,
        req: S3Request<GetBucketVersioningInput>,
    ) -> S3Result<S3Response<GetBucketVersioningOutput>> {
        let state = self.store.lock();
        let versioning = state.bucket(&req.input.bucket)?.options.versioning;
        let status = versioning.then(|| BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED));
        Ok(S3Response::new(GetBucketVersioningOutput { status, ..GetBucketVersioningOutput::default() }))
    }

    pub(super) fn set_bucket_versioning(
        &self,
        req: S3Request<PutBucketVersioningInput>,
    ) -> S3Result<S3Response<PutBucketVersioningOutput>> {
        let status = req.input.versioning_configuration.status;
        let mut state = self.store.lock();
        state.bucket_mut(&req.input.bucket)?.options.versioning =
            status.is_some_and(|status| status.as_str() == BucketVersioningStatus::ENABLED);
        Ok(S3Response::new(PutBucketVersioningOutput::default()))
    }
}
