//! What happens to each key, with all that it takes: no choice is left.

use super::delta::Step;
use super::digest::Digest;
use super::graph::splice::Replacement;
use super::record::{Headers, Record};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job<'j> {
    /// Path in the tree.
    pub path: &'j str,
    /// Key below the prefix.
    pub key: &'j str,
    /// Digest of the bytes before they are encoded.
    pub sha256: Digest,
    /// Bytes before they are encoded.
    pub size_bytes: u64,
    /// With which headers.
    pub headers: &'j Headers,
    /// What happens.
    pub work: &'j Work,
}

/// All keys to write. A first upload has one for each file, so that they hold nothing that the record has.
#[derive(Debug, Clone)]
pub struct Jobs {
    record: Arc<Record>,
    /// Index of the file in the record, and what happens.
    list: Vec<(u32, Work)>,
}

impl Jobs {
    /// The jobs of `steps`, which lead to `next`. `edits` takes what is spliced into a file, `crc64` tells the checksum of one that is
    /// sent in parts; both by the file's place in the record.
    pub fn new(
        next: &Arc<Record>,
        steps: &[Step<'_>],
        edits: &mut dyn FnMut(usize) -> Vec<Replacement>,
        crc64: &dyn Fn(usize) -> u64,
    ) -> Jobs {
        let mut job = |step: &Step<'_>| {
            let at = next.files.place(step.path())?;
            let work = match step {
                Step::Put { .. } => {
                    let edits = edits(at);
                    Work::Send { crc64: if edits.is_empty() { crc64(at) } else { 0 }, edits }
                }
                Step::CopyHeaders { .. } => Work::CopyHeaders,
                Step::CopyFrom { from, .. } => Work::CopyFrom((*from).to_owned()),
            };
            Some((u32::try_from(at).ok()?, work))
        };
        Jobs { record: Arc::clone(next), list: steps.iter().filter_map(&mut job).collect() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The job at a place in the list.
    pub fn get(&self, at: usize) -> Option<Job<'_>> {
        let (file, work) = self.list.get(at)?;
        let (path, entry) = self.record.files.at(usize::try_from(*file).ok()?)?;
        let headers = self.record.headers.get(usize::try_from(entry.headers).ok()?)?;
        Some(Job { path, key: &entry.key, sha256: entry.sha256, size_bytes: entry.size, headers, work })
    }

    /// Those at some places of the list, by themselves.
    pub fn only(&self, places: &[usize]) -> Jobs {
        let list = places.iter().filter_map(|at| self.list.get(*at)).cloned().collect();
        Jobs { record: Arc::clone(&self.record), list }
    }
}
