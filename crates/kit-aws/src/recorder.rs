//! Counts what was sent: each attempt by kind, repetitions, bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The kinds of requests that are told apart: they differ in price or in meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// PutObject.
    Put,
    /// CopyObject.
    Copy,
    /// GetObject.
    Get,
    /// HeadObject.
    Head,
    /// ListObjectsV2.
    List,
    /// DeleteObjects (a batch), or DeleteObject for a key that XML cannot say.
    Delete,
    /// CreateMultipartUpload.
    MultipartCreate,
    /// UploadPart and UploadPartCopy.
    MultipartPart,
    /// CompleteMultipartUpload.
    MultipartComplete,
    /// AbortMultipartUpload.
    MultipartAbort,
    /// CloudFront's CreateInvalidation.
    Invalidate,
    /// Plain requests of [`crate::http`].
    Other,
}

impl Kind {
    /// All kinds in the order in which they are told.
    pub const ALL: [Kind; 12] = [
        Kind::Put,
        Kind::Copy,
        Kind::Get,
        Kind::Head,
        Kind::List,
        Kind::Delete,
        Kind::MultipartCreate,
        Kind::MultipartPart,
        Kind::MultipartComplete,
        Kind::MultipartAbort,
        Kind::Invalidate,
        Kind::Other,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Put => "PUT",
            Kind::Copy => "COPY",
            Kind::Get => "GET",
            Kind::Head => "HEAD",
            Kind::List => "LIST",
            Kind::Delete => "DELETE",
            Kind::MultipartCreate => "MP_CREATE",
            Kind::MultipartPart => "MP_PART",
            Kind::MultipartComplete => "MP_COMPLETE",
            Kind::MultipartAbort => "MP_ABORT",
            Kind::Invalidate => "INVALIDATE",
            Kind::Other => "OTHER",
        }
    }
}

/// What was sent up to a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// `(kind's name, requests)` in the order of [`Kind::ALL`], those that occurred only. Every attempt counts.
    pub requests: Vec<(&'static str, u64)>,
    /// How many of them were repetitions of a request that had failed.
    pub retries: u64,
    /// Bytes of request bodies, each attempt counted.
    pub sent_bytes: u64,
    /// Bytes of answers' bodies that arrived.
    pub received_bytes: u64,
}

/// Counters that all clones share.
#[derive(Debug, Clone, Default)]
pub struct Recorder(Arc<Cells>);

#[derive(Debug, Default)]
struct Cells {
    requests: [AtomicU64; Kind::ALL.len()],
    retries: AtomicU64,
    sent_bytes: AtomicU64,
    received_bytes: AtomicU64,
}

impl Recorder {
    /// Counts one attempt.
    pub(crate) fn attempt(&self, kind: Kind, again: bool, body_bytes: usize) {
        self.0.requests[kind as usize].fetch_add(1, Ordering::Relaxed);
        if again {
            self.0.retries.fetch_add(1, Ordering::Relaxed);
        }
        self.0.sent_bytes.fetch_add(body_bytes as u64, Ordering::Relaxed);
    }

    /// Counts bytes of an answer.
    pub(crate) fn received(&self, bytes: usize) {
        self.0.received_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// The counts at this moment.
    pub fn counts(&self) -> Counts {
        let requests = Kind::ALL
            .into_iter()
            .map(|kind| (kind.name(), self.0.requests[kind as usize].load(Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
            .collect();
        Counts {
            requests,
            retries: self.0.retries.load(Ordering::Relaxed),
            sent_bytes: self.0.sent_bytes.load(Ordering::Relaxed),
            received_bytes: self.0.received_bytes.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_numbered_as_they_are_listed() {
        for (at, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, at);
        }
    }

    #[test]
    fn every_attempt_counts() {
        let recorder = Recorder::default();
        recorder.attempt(Kind::Put, false, 10);
        recorder.clone().attempt(Kind::Put, true, 10);
        recorder.attempt(Kind::MultipartAbort, false, 0);
        recorder.received(7);
        let counts = recorder.counts();
        assert_eq!(counts.requests, [("PUT", 2), ("MP_ABORT", 1)]);
        assert_eq!((counts.retries, counts.sent_bytes, counts.received_bytes), (1, 20, 7));
    }
}
