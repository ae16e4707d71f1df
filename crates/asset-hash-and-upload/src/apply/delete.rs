//! What prune writes and deletes: its guard, marks, keys. EFFECTS.

use crate::error::Error;
use crate::observe::releases::{self, now_ms};
use crate::plan::digest::Digest;
use crate::plan::object_headers::object_headers;
use crate::plan::place::Place;
use crate::plan::prune::{GUARD_MS, guard_key};
use crate::plan::record::Headers;
use bytes::Bytes;
use kit_aws::Body;
use kit_aws::s3::{Condition, Put, S3};
use kit_host::Permit;
use std::time::{Duration, Instant};

/// Keys of one request. Source: Amazon S3 API Reference, "DeleteObjects".
pub const BATCH_KEYS: usize = 1000;

/// A prune's guard: while it is there and young, others wait for what this prune deletes, and no other prune begins.
#[derive(Debug)]
pub struct Guard {
    key: String,
    etag: String,
    /// The bucket's clock when the guard was first written, and this machine's at that time.
    began_ms: u64,
    began: Instant,
    written: Instant,
    times: u64,
}

impl Guard {
    /// Takes it. Errors: AWS; another prune has it (exit 3: run again when that is done).
    pub async fn take(_permit: &Permit, s3: &S3, place: &Place) -> Result<Guard, Error> {
        let key = guard_key(place);
        // From before the write on, so that it is never thought younger than it is.
        let began = Instant::now();
        let there = s3.head(&key).await?;
        let condition = match &there {
            None => Condition::Absent,
            Some(head) if now_ms(head).saturating_sub(releases::ms(head.last_modified_s)) >= GUARD_MS => {
                Condition::Matches(head.etag.clone())
            }
            Some(_) => return Err(busy(&key)),
        };
        let Some(etag) = write(s3, &key, place, 0, condition).await? else { return Err(busy(&key)) };
        let head = s3.head(&key).await?.ok_or_else(|| busy(&key))?;
        Ok(Guard { key, etag, began_ms: now_ms(&head), began, written: began, times: 0 })
    }

    /// The bucket's clock now, ms since 1970-01-01 UTC.
    pub fn now_ms(&self) -> u64 {
        self.began_ms.saturating_add(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Whether what was listed under it still counts. Once it is too old, others have gone on without waiting.
    pub fn holds(&self) -> bool {
        self.written.elapsed() < Duration::from_millis(GUARD_MS / 2)
    }

    /// Whether it is time to write it anew: half of the time for which it holds is over.
    pub fn is_ageing(&self) -> bool {
        self.written.elapsed() >= Duration::from_millis(GUARD_MS / 4)
    }

    /// Writes it anew, so that it is young. Errors: AWS; another prune has taken it.
    pub async fn renew(&mut self, _permit: &Permit, s3: &S3, place: &Place) -> Result<(), Error> {
        let written = Instant::now();
        self.times += 1;
        let condition = Condition::Matches(self.etag.clone());
        let etag = write(s3, &self.key, place, self.times, condition).await?;
        self.etag = etag.ok_or_else(|| busy(&self.key))?;
        self.written = written;
        Ok(())
    }

    /// Takes it away. A failure is told and otherwise harmless: others wait ten minutes for it.
    pub async fn release(self, _permit: &Permit, s3: &S3) -> Result<(), Error> {
        s3.delete(std::slice::from_ref(&self.key)).await?;
        Ok(())
    }
}

/// `None`: somebody else has written it meanwhile.
async fn write(s3: &S3, key: &str, place: &Place, times: u64, condition: Condition) -> Result<Option<String>, Error> {
    // Other bytes each time give another ETag, which is how others see that it is alive.
    let salt = getrandom::u64().unwrap_or(times);
    let body = Bytes::from(format!("{{\"pruning\":\"{salt:016x}-{times}\"}}"));
    let digest = Digest::of(&body);
    let headers = Headers { content_type: "application/json".to_owned(), ..Headers::default() };
    let headers = object_headers(&headers, &digest, place);
    match s3.put(key, Put { body: body.clone().into(), sha256: digest.0, headers: &headers, condition }).await {
        Ok(stored) => Ok(Some(stored.etag)),
        Err(kit_aws::Error::PreconditionFailed { .. } | kit_aws::Error::Conflict { .. }) => {
            // The answer to an earlier attempt may have been lost.
            let there = s3.get(key, 1024).await?;
            Ok(there.filter(|there| there.body == body).map(|there| there.head.etag))
        }
        Err(kit_aws::Error::NoSuchKey { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn busy(key: &str) -> Error {
    let what = format!("another prune is at work ({key}); run again when it is done, or in ten minutes if it died");
    Error::Service { code: "prune-busy", what }
}

/// Marks a release as retired, if it is not yet: the mark's time is when it was retired.
pub async fn retire(_permit: &Permit, s3: &S3, place: &Place, release: &str) -> Result<(), Error> {
    let key = format!("{}{release}", place.retired());
    let digest = Digest::of(b"");
    let headers = Headers { content_type: "text/plain".to_owned(), ..Headers::default() };
    let headers = object_headers(&headers, &digest, place);
    let put = Put { body: Body::default(), sha256: digest.0, headers: &headers, condition: Condition::Absent };
    match s3.put(&key, put).await {
        Ok(_) | Err(kit_aws::Error::PreconditionFailed { .. } | kit_aws::Error::Conflict { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Deletes keys (from the bucket's root), in batches of [`BATCH_KEYS`]; gives those that are still there, with the reason.
pub async fn delete(_permit: &Permit, s3: &S3, keys: &[String]) -> Result<Vec<(String, String)>, Error> {
    Ok(s3.delete(keys).await?)
}
