//! DeleteObject and DeleteObjects.

use super::{Backend, condition};
use crate::error::refusal;
use crate::store::object::Entry;
use crate::store::{Condition, State, check};
use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error,
    ObjectIdentifier,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Response, S3Result};

/// The most keys of a batch (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html>).
const MAX_BATCH: usize = 1000;

/// In a request's extensions: keys of a batch that are refused although the batch is taken.
#[derive(Debug, Clone)]
pub(crate) struct DeniedPrefixes(pub(crate) Vec<String>);

impl Backend {
    pub(super) fn delete(&self, req: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        let input = req.input;
        let condition = condition(input.if_match.as_ref(), None)?;
        let mut state = self.store.lock();
        meets(&state, &input.bucket, &input.key, &condition)?;
        let (id, marker) = state.delete(&input.bucket, &input.key, input.version_id.as_deref(), self.clock.now_s())?;
        Ok(S3Response::new(DeleteObjectOutput {
            delete_marker: marker.then_some(true),
            version_id: id,
            ..DeleteObjectOutput::default()
        }))
    }

    pub(super) fn delete_batch(&self, req: S3Request<DeleteObjectsInput>) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let denied = req.extensions.get::<DeniedPrefixes>().cloned();
        let input = req.input;
        let objects = input.delete.objects;
        if objects.is_empty() || objects.len() > MAX_BATCH {
            let message = "The XML you provided was not well-formed or did not validate against our published schema";
            return Err(refusal(S3ErrorCode::MalformedXML, message));
        }
        let now_s = self.clock.now_s();
        let mut state = self.store.lock();
        state.bucket(&input.bucket)?;
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for identifier in objects {
            let refused = denied
                .as_ref()
                .is_some_and(|denied| denied.0.iter().any(|prefix| identifier.key.starts_with(prefix.as_str())));
            let outcome = if refused {
                Err(refusal(S3ErrorCode::AccessDenied, "Access Denied"))
            } else {
                delete_one(&mut state, &input.bucket, &identifier, now_s)
            };
            match outcome {
                Ok(one) => deleted.push(one),
                Err(why) => errors.push(Error {
                    code: Some(why.code().as_str().to_owned()),
                    message: why.message().map(str::to_owned),
                    key: Some(identifier.key),
                    version_id: identifier.version_id,
                }),
            }
        }
        let quiet = input.delete.quiet.unwrap_or(false);
        Ok(S3Response::new(DeleteObjectsOutput {
            deleted: (!quiet).then_some(deleted),
            errors: Some(errors),
            ..DeleteObjectsOutput::default()
        }))
    }
}

fn meets(state: &State, bucket: &str, key: &str, condition: &Condition) -> Result<(), S3Error> {
    check(state.bucket(bucket)?.entries.get(key).and_then(Entry::current), condition)
}

fn delete_one(state: &mut State, bucket: &str, identifier: &ObjectIdentifier, now_s: i64) -> S3Result<DeletedObject> {
    if let Some(etag) = &identifier.e_tag {
        meets(state, bucket, &identifier.key, &Condition::Matches(etag.value().to_owned()))?;
    }
    let (id, marker) = state.delete(bucket, &identifier.key, identifier.version_id.as_deref(), now_s)?;
    Ok(DeletedObject {
        key: Some(identifier.key.clone()),
        version_id: identifier.version_id.clone(),
        delete_marker: marker.then_some(true),
        delete_marker_version_id: id.filter(|_| marker),
    })
}
