//! Sends the files of a release. EFFECTS; what is sent under which name was decided before.

use crate::apply::encode;
use crate::error::Error;
use crate::plan::digest::Digest;
use crate::plan::graph::splice::{Replacement, splice};
use crate::plan::jobs::{Job, Jobs, Work};
use crate::plan::object_headers::{SHA256_HEADER, is_told, object_headers};
use crate::plan::place::Place;
use bytes::Bytes;
use kit_aws::s3::{Condition, Put, PutFile, S3};
use kit_host::Permit;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Bytes of files in memory, KiB: what 32 usual files need, and one large one.
const MEMORY_KIB: usize = 24 << 10;
/// Objects this young are spared by every `prune` for longer than a publish may last, s (12 hours of the 24).
const FRESH_S: i64 = 12 * 3_600;

/// What was done, besides what the jobs say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// Files that were sent.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Files whose bytes were there although the last record does not name them: an earlier publish was cut short, or an
    /// older release had them.
    pub found: u64,
    /// Jobs (by index) whose objects an earlier release left and a `prune` may just be about to delete: to be looked at again
    /// once the record is written.
    pub rescued: Vec<usize>,
    /// Key below the prefix, digest and size of the stored bytes of files that were encoded.
    pub encoded: Vec<(String, Digest, u64)>,
}

/// Files and bytes that are done; read while others add to it.
#[derive(Debug, Default)]
pub struct Counter {
    files: AtomicU64,
    bytes: AtomicU64,
}

impl Counter {
    /// One more file with so many bytes.
    pub fn add(&self, bytes: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Files and bytes.
    pub fn get(&self) -> (u64, u64) {
        (self.files.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }
}

/// Where and how files are sent.
pub struct Sender {
    /// The bucket.
    pub s3: S3,
    /// The tree.
    pub root: PathBuf,
    /// Where in the bucket.
    pub place: Place,
    /// Requests at the same time.
    pub concurrency: usize,
    /// Set when the work is to stop.
    pub stop: Arc<AtomicBool>,
    /// What is done.
    pub counter: Arc<Counter>,
}

impl Sender {
    /// Does all jobs, several at once, in their order. Errors: the first failure; jobs before it are done, nothing points to
    /// them, and running again goes on from there.
    pub async fn send(self: &Arc<Self>, _permit: &Permit, jobs: &Arc<Jobs>, now_s: i64) -> Result<Sent, Error> {
        let next = Arc::new(AtomicUsize::new(0));
        let memory = Arc::new(Semaphore::new(MEMORY_KIB));
        let shared: Arc<Mutex<(Sent, Option<Error>)>> = Arc::default();
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..self.concurrency.min(jobs.len()) {
            let (sender, jobs, next) = (Arc::clone(self), Arc::clone(jobs), Arc::clone(&next));
            let (memory, shared) = (Arc::clone(&memory), Arc::clone(&shared));
            workers.spawn(async move {
                while !sender.stop.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(at) else { return };
                    let outcome = sender.job(&job, &memory, now_s).await;
                    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    match outcome {
                        Ok(outcome) => note(&mut shared.0, at, &job, outcome),
                        Err(error) => {
                            shared.1.get_or_insert(error);
                            next.store(jobs.len(), Ordering::Relaxed);
                            return;
                        }
                    }
                    drop(shared);
                    sender.counter.add(job.size_bytes);
                }
            });
        }
        let mut broken = false;
        while let Some(worker) = workers.join_next().await {
            broken |= worker.is_err();
        }
        let (sent, error) = std::mem::take(&mut *shared.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(error) = error {
            return Err(error);
        }
        if self.stop.load(Ordering::Relaxed) || broken {
            let what =
                "stopped before all files were there; nothing points to those that are, and running again goes on";
            return Err(Error::Service { code: "stopped", what: what.to_owned() });
        }
        Ok(sent)
    }

    /// Looks again at what `send` rescued, once no `prune` can be between its list and its deletes: what has gone meanwhile is
    /// sent again.
    pub async fn look_again(
        self: &Arc<Self>,
        permit: &Permit,
        jobs: &Jobs,
        rescued: &[usize],
        now_s: i64,
    ) -> Result<(), Error> {
        let mut gone = Vec::new();
        for at in rescued {
            let Some(job) = jobs.get(*at) else { continue };
            if self.s3.head(&self.place.key(job.key)).await?.is_none() {
                gone.push(*at);
            }
        }
        self.send(permit, &Arc::new(jobs.only(&gone)), now_s).await.map(|_| ())
    }

    async fn job(&self, job: &Job<'_>, memory: &Semaphore, now_s: i64) -> Result<Outcome, Error> {
        let key = self.place.key(job.key);
        match job.work {
            Work::CopyHeaders => {
                let headers = object_headers(job.headers, &job.sha256, &self.place);
                self.s3.copy(&key, &key, job.size_bytes, Some(&headers), None).await?;
                Ok(Outcome::Copied)
            }
            Work::CopyFrom(from) => {
                let headers = object_headers(job.headers, &job.sha256, &self.place);
                self.s3.copy(&self.place.key(from), &key, job.size_bytes, Some(&headers), None).await?;
                Ok(Outcome::Copied)
            }
            Work::Send { crc64, edits } if edits.is_empty() && *crc64 != 0 => {
                self.send_parts(job, &key, *crc64, now_s).await
            }
            Work::Send { edits, .. } => {
                let kib = usize::try_from(job.size_bytes >> 10).unwrap_or(MEMORY_KIB).clamp(1, MEMORY_KIB);
                let kib = u32::try_from(kib).unwrap_or(u32::MAX);
                // The semaphore is never closed.
                let _share = memory.acquire_many(kib).await.ok();
                self.send_whole(job, &key, edits, now_s).await
            }
        }
    }

    async fn send_whole(&self, job: &Job<'_>, key: &str, edits: &[Replacement], now_s: i64) -> Result<Outcome, Error> {
        let path = self.root.join(job.path);
        let bytes = content(&path, job, edits)?;
        let (bytes, sha256) = match encode::encode(&bytes, &job.headers.content_encoding)? {
            Some(encoded) => {
                let sha256 = Digest::of(&encoded);
                (encoded, sha256)
            }
            None => (bytes, job.sha256),
        };
        let stored_bytes = bytes.len() as u64;
        let headers = object_headers(job.headers, &sha256, &self.place);
        let put =
            Put { body: Bytes::from(bytes).into(), sha256: sha256.0, headers: &headers, condition: Condition::Absent };
        match self.s3.put(key, put).await {
            Ok(_) => Ok(Outcome::Sent { sha256, stored_bytes }),
            Err(kit_aws::Error::PreconditionFailed { attempts, .. }) => {
                self.there(job, key, &sha256, stored_bytes, attempts, now_s).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn send_parts(&self, job: &Job<'_>, key: &str, crc64: u64, now_s: i64) -> Result<Outcome, Error> {
        let path = self.root.join(job.path);
        let headers = object_headers(job.headers, &job.sha256, &self.place);
        let put = PutFile { path: &path, size: job.size_bytes, crc64, headers: &headers, condition: Condition::Absent };
        match self.s3.put_file(key, put).await {
            Ok(_) => Ok(Outcome::Sent { sha256: job.sha256, stored_bytes: job.size_bytes }),
            Err(kit_aws::Error::PreconditionFailed { attempts, .. }) => {
                self.there(job, key, &job.sha256, job.size_bytes, attempts, now_s).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The key is taken: by the same bytes, or the release fails.
    async fn there(
        &self,
        job: &Job<'_>,
        key: &str,
        sha256: &Digest,
        stored_bytes: u64,
        attempts: u32,
        now_s: i64,
    ) -> Result<Outcome, Error> {
        let Some(head) = self.s3.head(key).await? else {
            let what = format!("{key} was there and went while it was compared; run again");
            return Err(Error::Service { code: "key-vanished", what });
        };
        let theirs = head.header(SHA256_HEADER).map(str::to_owned);
        if theirs.as_deref() != Some(sha256.hex().as_str()) || head.size != stored_bytes {
            return Err(taken(job, key, theirs.as_deref()));
        }
        let wanted = object_headers(job.headers, sha256, &self.place);
        let same = |(name, value): &(String, String)| !is_told(name) || head.header(name) == Some(value.as_str());
        let same_headers = wanted.iter().all(same);
        let fresh = now_s - head.last_modified_s < FRESH_S;
        if fresh && same_headers {
            // With more than one attempt it is ours: the answer to an earlier one was lost.
            return Ok(if attempts > 1 { Outcome::Sent { sha256: *sha256, stored_bytes } } else { Outcome::Found });
        }
        self.s3.copy(key, key, stored_bytes, Some(&wanted), None).await?;
        Ok(Outcome::Rescued)
    }
}

/// What became of a job.
enum Outcome {
    Sent { sha256: Digest, stored_bytes: u64 },
    Copied,
    Found,
    Rescued,
}

fn note(sent: &mut Sent, at: usize, job: &Job<'_>, outcome: Outcome) {
    match outcome {
        Outcome::Sent { sha256, stored_bytes } => {
            sent.files += 1;
            sent.bytes += stored_bytes;
            if !job.headers.content_encoding.is_empty() {
                sent.encoded.push((job.key.to_owned(), sha256, stored_bytes));
            }
        }
        Outcome::Copied => {}
        Outcome::Found => sent.found += 1,
        Outcome::Rescued => {
            sent.found += 1;
            sent.rescued.push(at);
        }
    }
}

/// The file as it is published. Errors: it is no longer what it was when it was digested.
fn content(path: &Path, job: &Job<'_>, edits: &[Replacement]) -> Result<Vec<u8>, Error> {
    let bytes = std::fs::read(path).map_err(|error| Error::world("read", path, &error))?;
    let bytes = if edits.is_empty() { bytes } else { splice(&bytes, edits) };
    if bytes.len() as u64 != job.size_bytes || Digest::of(&bytes) != job.sha256 {
        return Err(Error::changed(path));
    }
    Ok(bytes)
}

fn taken(job: &Job<'_>, key: &str, theirs: Option<&str>) -> Error {
    let theirs = theirs.map_or_else(|| "that nobody digested".to_owned(), |sha256| format!("with SHA-256 {sha256}"));
    let what = format!(
        "{}: the key {key} holds other bytes, {theirs}, not {}. A name with a digest must never change its content: pages that \
         name it would break. Build again with another name, or remove the object if nothing uses it",
        job.path,
        job.sha256.hex()
    );
    Error::No { code: "key-taken", what }
}
