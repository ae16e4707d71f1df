//! A release's way into the bucket: files, record, pointer, pages, CDN, in this order. Whoever is killed on the way leaves nothing
//! that leads to something missing, and the next run goes on from there.

use super::Asked;
use crate::apply::activate::{self, Placed};
use crate::apply::upload::{Counter, Sender, Sent};
use crate::apply::{purge, record as records};
use crate::args::options::PointerKind;
use crate::commands::connection::Connection;
use crate::commands::progress;
use crate::error::Error;
use crate::observe::releases::{self, Standing};
use crate::plan::activation::activation;
use crate::plan::digest::Digest;
use crate::plan::jobs::Jobs;
use crate::plan::pointer::{Take, take};
use crate::plan::prune::TRUST_MS;
use crate::plan::record::Record;
use crate::plan::release_id;
use crate::report::published::{End, Publication};
use kit_host::{Host, Permit};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

/// How often the pointer is tried when others write it at the same time. Each loser has seen a winner, so this many others
/// would have to win in between.
const POINTER_ATTEMPTS: usize = 8;

/// What a release is published with.
pub struct Release<'r> {
    /// What was asked for.
    pub asked: &'r Asked,
    /// Leave to change the bucket.
    pub permit: &'r Permit,
    /// The host.
    pub host: &'r Host,
    /// The bucket.
    pub connection: &'r Connection,
    /// What points to it.
    pub pointer: PointerKind,
    /// When the last record was read, ms by this machine's clock.
    pub began_ms: u64,
    /// What has to be added to this machine's clock, ms; see [`super::skew_ms`].
    pub skew_ms: i64,
    /// What was live then.
    pub standing: &'r Standing,
}

impl Release<'_> {
    /// Publishes `next`, whose files `jobs` bring there; `known` is the release that is the same and only has to be pointed to
    /// again. What happened is noted in `publication`.
    pub async fn publish(
        &self,
        jobs: Jobs,
        next: &mut Arc<Record>,
        known: Option<Record>,
        stop: Arc<AtomicBool>,
        publication: &mut Publication,
    ) -> Result<(), Error> {
        let place = &self.asked.bucket.place;
        let s3 = &self.connection.s3;
        let sent = self.send(jobs, stop).await?;
        let next = Arc::make_mut(next);
        // Files with the same bytes share a key, and were sent once.
        let encoded: FxHashMap<&str, (Digest, u64)> =
            sent.encoded.iter().map(|(key, sha256, size)| (key.as_str(), (*sha256, *size))).collect();
        for entry in next.files.values_mut() {
            if let Some(stored) = encoded.get(entry.key.as_str()) {
                entry.source = Some(entry.source());
                (entry.sha256, entry.size) = *stored;
            }
        }
        publication.summary.files.uploaded = sent.files;
        publication.summary.files.unchanged += sent.found;
        publication.summary.uploaded_bytes = sent.bytes;
        let now_ms = now_ms();
        // A release by a clock that is ahead would supersede all that come after it.
        next.created_ms = now_ms.saturating_add_signed(self.skew_ms);
        if now_ms.saturating_sub(self.began_ms) > TRUST_MS {
            let what = "uploading took longer than twelve hours, so files that were there at its beginning may be gone; run again";
            return Err(Error::Service { code: "too-slow", what: what.to_owned() });
        }
        next.release = release_id::format(next.created_ms, random()?);
        if let Some(known) = known {
            *next = known;
        }
        let next = &*next;
        let pages = activation(next, self.standing.in_place(), self.standing.before());
        let manifest = place.record(&next.release, next.created_ms);
        publication.end = End::Published;
        if self.pointer == PointerKind::None {
            // Without a pointer the record is what says that all is done, so it comes last.
            activate::activate(self.permit, s3, place, next, &pages, self.asked.bucket.concurrency).await?;
        }
        if publication.manifest.as_ref() != Some(&manifest) {
            records::put(self.permit, s3, place, next).await?;
        }
        publication.release = Some(next.release.clone());
        publication.manifest = Some(manifest.clone());
        if self.pointer == PointerKind::S3 {
            publication.end = self.point(next, &manifest).await?;
        }
        if publication.end == End::Published {
            let changed = purge::Changed {
                place,
                base_url: &self.asked.names.base_url,
                pages: pages.iter().map(|page| page.path.to_owned()).collect(),
                release: &next.release,
            };
            let told = purge::purge(self.permit, self.connection, &self.asked.cdn, &changed).await;
            publication.purged = told.purged;
            publication.notes.extend(told.notes);
        }
        Ok(())
    }

    async fn send(&self, jobs: Jobs, stop: Arc<AtomicBool>) -> Result<Sent, Error> {
        let counter = Arc::new(Counter::default());
        let sender = Arc::new(Sender {
            s3: self.connection.s3.clone(),
            root: self.asked.dir.clone(),
            place: self.asked.bucket.place.clone(),
            concurrency: self.asked.bucket.concurrency,
            stop,
            counter: Arc::clone(&counter),
        });
        let jobs = Arc::new(jobs);
        let now_s = i64::try_from(self.began_ms.saturating_add_signed(self.skew_ms) / 1_000).unwrap_or(i64::MAX);
        let work = sender.send(self.permit, &jobs, now_s);
        let sent = progress::shown(&self.host.log, "uploaded", jobs.len() as u64, &counter, work).await?;
        if !sent.rescued.is_empty() {
            releases::no_prune(&self.connection.s3, &self.asked.bucket.place).await?;
            sender.look_again(self.permit, &jobs, &sent.rescued, now_s).await?;
        }
        Ok(sent)
    }

    /// Points to the release, and puts its pages in place. A newer release that was quicker wins.
    async fn point(&self, next: &Record, manifest: &str) -> Result<End, Error> {
        let (s3, place) = (&self.connection.s3, &self.asked.bucket.place);
        let concurrency = self.asked.bucket.concurrency;
        let mut current = self.standing.pointer.clone();
        for _ in 0..POINTER_ATTEMPTS {
            let live = releases::in_place(s3, place, current.as_ref(), self.standing).await?;
            let pending = !activation(next, live.as_deref(), None).is_empty();
            let known = current.as_ref().map(|(pointer, _)| pointer);
            let taken = match take(known, next, manifest, &self.asked.names.base_url, pending) {
                Take::Superseded { .. } => return Ok(End::Superseded),
                Take::Ours { pending: false } => return Ok(End::Published),
                Take::Ours { pending: true } => current.clone(),
                Take::Write(pointer) => {
                    let etag = current.as_ref().map(|(_, etag)| etag.as_str());
                    records::point(self.permit, s3, place, &pointer, etag).await?.map(|etag| (pointer, etag))
                }
            };
            let Some(taken) = taken else {
                current = releases::pointer(s3, place).await?;
                continue;
            };
            // Whoever has the pointer now may be another than was read first; its pages are then told by its own record.
            let pages = (live.as_deref(), self.standing.before());
            let placed = activate::settle(self.permit, s3, place, next, pages, taken, concurrency).await?;
            return Ok(if placed == Placed::Settled { End::Published } else { End::Superseded });
        }
        let what = "others wrote the pointer all the time; the release is there, and running again points to it";
        Err(Error::Service { code: "pointer-contended", what: what.to_owned() })
    }
}

/// Milliseconds since 1970-01-01 UTC.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn random() -> Result<u32, Error> {
    let what =
        |error: getrandom::Error| Error::Service { code: "no-randomness", what: format!("no random number: {error}") };
    getrandom::u32().map_err(what)
}
