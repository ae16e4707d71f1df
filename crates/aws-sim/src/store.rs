//! What the simulated S3 stores: buckets, versions of objects, uploads. All in memory, behind one lock that is held
//! only to look up or to commit.

pub(crate) mod content;
pub(crate) mod headers;
pub(crate) mod listing;
pub(crate) mod object;
pub(crate) mod uploads;

use crate::error::{conflict, no_such_bucket, no_such_key, precondition_failed, refusal};
use http::StatusCode;
use object::{Entry, Object, Version};
use s3s::{S3ErrorCode, S3Result};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uploads::Upload;

/// A bucket's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketOptions {
    /// Where it is. `None`: wherever the client thinks.
    pub region: Option<String>,
    /// The account that owns it, twelve digits.
    pub owner: String,
    /// Whether every write makes a version.
    pub versioning: bool,
    /// Whether ACLs are taken. New buckets of AWS refuse them since April 2023
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html>).
    pub acls: bool,
    /// Whether the caller may list. If not, a missing key is answered with 403 instead of 404, as S3 does.
    pub listable: bool,
}

/// The account that owns buckets unless told otherwise.
pub const DEFAULT_OWNER: &str = "111122223333";

impl Default for BucketOptions {
    fn default() -> BucketOptions {
        BucketOptions { region: None, owner: DEFAULT_OWNER.to_owned(), versioning: false, acls: false, listable: true }
    }
}

/// A bucket and what is in it.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) options: BucketOptions,
    pub(crate) created_s: i64,
    pub(crate) entries: BTreeMap<String, Entry>,
}

/// Everything that is stored. A clone shares the bytes, and is how a state is kept to come back to.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) buckets: BTreeMap<String, Bucket>,
    pub(crate) uploads: BTreeMap<String, Upload>,
    /// Counts writes; tells one state of a key from another.
    sequence: u64,
}

impl State {
    pub(crate) fn bucket(&self, name: &str) -> S3Result<&Bucket> {
        self.buckets.get(name).ok_or_else(no_such_bucket)
    }

    pub(crate) fn bucket_mut(&mut self, name: &str) -> S3Result<&mut Bucket> {
        self.buckets.get_mut(name).ok_or_else(no_such_bucket)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    fn current(&self, bucket: &str, key: &str) -> S3Result<Option<&Arc<Object>>> {
        Ok(self.bucket(bucket)?.entries.get(key).and_then(Entry::current))
    }
}

/// The condition of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    None,
    /// `If-None-Match: *`.
    Absent,
    /// `If-Match`; the ETag without quotes, `*` for any.
    Matches(String),
}

/// What a conditional write saw of its key when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen(Option<u64>);

/// The lock and what it guards.
#[derive(Debug, Default)]
pub(crate) struct Store {
    state: Mutex<State>,
}

impl Store {
    /// No code panics while it holds the lock, so a poisoned one is as good.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks a write's condition when the write begins. Errors: no such bucket; it does not hold.
    pub(crate) fn begin(&self, bucket: &str, key: &str, condition: &Condition) -> S3Result<Seen> {
        let state = self.lock();
        let current = state.current(bucket, key)?;
        check(current, condition)?;
        Ok(Seen(current.map(|object| object.sequence)))
    }

    /// Stores an object if the condition still holds; gives the version's id if the bucket has versions.
    /// Errors: another write of the key came between (409), or the bucket has gone.
    pub(crate) fn commit(
        &self,
        bucket: &str,
        key: &str,
        condition: &Condition,
        seen: Seen,
        object: Object,
    ) -> S3Result<Arc<Object>> {
        let mut state = self.lock();
        if *condition != Condition::None {
            let now = state.current(bucket, key)?.map(|object| object.sequence);
            if Seen(now) != seen {
                return Err(conflict());
            }
        }
        state.put(bucket, key, object)
    }

    /// One version of an object; the current one for `None`. Errors: none is there, or it is a delete marker.
    pub(crate) fn get(&self, bucket: &str, key: &str, version: Option<&str>) -> S3Result<Arc<Object>> {
        let state = self.lock();
        let bucket = state.bucket(bucket)?;
        let missing =
            if bucket.options.listable { no_such_key() } else { refusal(S3ErrorCode::AccessDenied, "Access Denied") };
        let Some(entry) = bucket.entries.get(key) else { return Err(missing) };
        match version {
            None => entry.current().cloned().ok_or_else(|| {
                let mut error = no_such_key();
                let mut headers = http::HeaderMap::new();
                headers.insert("x-amz-delete-marker", http::HeaderValue::from_static("true"));
                error.set_headers(headers);
                error
            }),
            Some(id) => match entry.versions.iter().find(|version| version.id() == id) {
                Some(Version::Object(object)) => Ok(Arc::clone(object)),
                Some(Version::Marker { .. }) => {
                    let mut error = refusal(
                        S3ErrorCode::MethodNotAllowed,
                        "The specified method is not allowed against this resource.",
                    );
                    error.set_status_code(StatusCode::METHOD_NOT_ALLOWED);
                    Err(error)
                }
                None => Err(refusal(S3ErrorCode::NoSuchVersion, "The specified version does not exist.")),
            },
        }
    }
}

impl State {
    /// Stores an object without a condition.
    pub(crate) fn put(&mut self, bucket: &str, key: &str, mut object: Object) -> S3Result<Arc<Object>> {
        let sequence = self.next();
        let bucket = self.bucket_mut(bucket)?;
        object.sequence = sequence;
        object.version_id = bucket.options.versioning.then(|| object::version_id(sequence));
        let object = Arc::new(object);
        let entry = bucket.entries.entry(key.to_owned()).or_default();
        if !bucket.options.versioning {
            entry.versions.retain(|version| version.id() != object::NULL_VERSION);
        }
        entry.versions.push(Version::Object(Arc::clone(&object)));
        Ok(object)
    }

    /// Deletes a key or one version of it. Gives the marker's or version's id, and whether it is or was a marker.
    pub(crate) fn delete(
        &mut self,
        bucket: &str,
        key: &str,
        version: Option<&str>,
        now_s: i64,
    ) -> S3Result<(Option<String>, bool)> {
        let sequence = self.next();
        let bucket = self.bucket_mut(bucket)?;
        if let Some(id) = version {
            let Some(entry) = bucket.entries.get_mut(key) else { return Ok((Some(id.to_owned()), false)) };
            let was_marker =
                entry.versions.iter().any(|version| version.id() == id && matches!(version, Version::Marker { .. }));
            entry.versions.retain(|version| version.id() != id);
            if entry.versions.is_empty() {
                bucket.entries.remove(key);
            }
            return Ok((Some(id.to_owned()), was_marker));
        }
        if bucket.options.versioning {
            let id = object::version_id(sequence);
            let marker = Version::Marker { id: id.clone(), last_modified_s: now_s };
            bucket.entries.entry(key.to_owned()).or_default().versions.push(marker);
            return Ok((Some(id), true));
        }
        bucket.entries.remove(key);
        Ok((None, false))
    }
}

/// Whether a condition holds for what is there. `If-Match` on a key that is not there is 404, as S3 has it
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>).
pub(crate) fn check(current: Option<&Arc<Object>>, condition: &Condition) -> S3Result<()> {
    match (condition, current) {
        (Condition::None, _) | (Condition::Absent, None) => Ok(()),
        (Condition::Absent, Some(_)) => Err(precondition_failed()),
        (Condition::Matches(_), None) => Err(no_such_key()),
        (Condition::Matches(etag), Some(object)) if etag == "*" || *etag == object.etag => Ok(()),
        (Condition::Matches(_), Some(_)) => Err(precondition_failed()),
    }
}
