//! What happens to each key, with all that it takes: no choice is left.

use super::delta::Step;
use super::digest::Digest;
use super::graph::splice::Replacement;
use super::record::{Headers, Record};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What happens to one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Bytes of a file, with names spliced in and encoded.
    Send {
        /// What is spliced in.
        edits: Vec<Replacement>,
        /// CRC-64/NVME of the file, when it is sent in parts; else 0.
        crc64: u64,
    },
    /// The object gets other headers.
    CopyHeaders,
    /// The bytes lie under another key below the prefix.
    CopyFrom(String),
}

/// One key to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Path in the tree.
    pub path: String,
    /// Key below the prefix.
    pub key: String,
    /// Digest of the bytes before they are encoded.
    pub sha256: Digest,
    /// Bytes before they are encoded.
    pub size_bytes: u64,
    /// With which headers.
    pub headers: Arc<Headers>,
    /// What happens.
    pub work: Work,
}

/// The jobs of `steps`. `edits` has what is spliced into files; `crc64` tells the checksum of a file that is sent in parts.
pub fn jobs(
    next: &Record,
    steps: &[Step<'_>],
    mut edits: FxHashMap<String, Vec<Replacement>>,
    crc64: &dyn Fn(&str) -> u64,
) -> Vec<Job> {
    let sets: Vec<Arc<Headers>> = next.headers.iter().cloned().map(Arc::new).collect();
    let mut job = |step: &Step<'_>| {
        let entry = next.files.get(step.path())?;
        let headers = sets.get(usize::try_from(entry.headers).ok()?)?;
        let work = match step {
            Step::Put { path, .. } => {
                let edits = edits.remove(*path).unwrap_or_default();
                Work::Send { crc64: if edits.is_empty() { crc64(path) } else { 0 }, edits }
            }
            Step::CopyHeaders { .. } => Work::CopyHeaders,
            Step::CopyFrom { from, .. } => Work::CopyFrom((*from).to_owned()),
        };
        Some(Job {
            path: step.path().to_owned(),
            key: step.key().to_owned(),
            sha256: entry.sha256,
            size_bytes: entry.size,
            headers: Arc::clone(headers),
            work,
        })
    };
    steps.iter().filter_map(&mut job).collect()
}
