//! What a publish comes to: counts, bytes, what changed.

use super::activation::Activate;
use super::delta::Step;
use super::record::{Entry, Record};

/// Files of a release by what becomes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Files {
    /// Files of the release.
    pub total: u64,
    /// Sent.
    pub uploaded: u64,
    /// There already, with the same headers.
    pub unchanged: u64,
    /// There already, with other headers.
    pub headers_only: u64,
    /// Copied within the bucket from an earlier version's name.
    pub copied: u64,
    /// Pages that are put in place.
    pub pages: u64,
    /// Files of the folder that were left out.
    pub left_out: u64,
}

/// A file that is new or other than it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Path in the tree.
    pub path: String,
    /// Bytes in the last release; `None` for a new file.
    pub before_bytes: Option<u64>,
    /// Bytes now.
    pub after_bytes: u64,
}

/// What a publish comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The files.
    pub files: Files,
    /// Bytes of all of them.
    pub total_bytes: u64,
    /// Bytes that have to be sent.
    pub uploaded_bytes: u64,
    /// What changed; see [`changes`].
    pub changes: Vec<Change>,
    /// Paths that the last release had and this one has not; see [`gone`].
    pub gone: Vec<String>,
}

/// Sums up the steps to `next`, and the pages that are put in place, but for `changes` and `gone`.
pub fn summary(next: &Record, steps: &[Step<'_>], pages: &[Activate<'_>], left_out: u64) -> Summary {
    let count = |kind: fn(&Step<'_>) -> bool| steps.iter().filter(|step| kind(step)).count() as u64;
    let files = Files {
        total: next.files.len() as u64,
        uploaded: count(|step| matches!(step, Step::Put { .. })),
        headers_only: count(|step| matches!(step, Step::CopyHeaders { .. })),
        copied: count(|step| matches!(step, Step::CopyFrom { .. })),
        unchanged: (next.files.len() as u64).saturating_sub(steps.len() as u64),
        pages: pages.len() as u64,
        left_out,
    };
    let sent = steps.iter().filter(|step| matches!(step, Step::Put { .. }));
    Summary {
        files,
        total_bytes: next.files.values().map(|entry| entry.size).sum(),
        uploaded_bytes: sent.filter_map(|step| next.files.get(step.path())).map(|entry| entry.size).sum(),
        changes: Vec::new(),
        gone: Vec::new(),
    }
}

/// The files of `next` that are new or other than in `last`, in the order of paths. Sizes are those of the stored bytes, as far as
/// the record knows them.
pub fn changes(last: Option<&Record>, next: &Record) -> Vec<Change> {
    let before = |path: &str| last.and_then(|last| last.files.get(path));
    let differs = |path: &str, entry: &Entry| before(path).is_none_or(|before| before.sha256 != entry.sha256);
    let change = |(path, entry): (&String, &Entry)| Change {
        path: path.clone(),
        before_bytes: before(path).map(|entry| entry.size),
        after_bytes: entry.size,
    };
    next.files.iter().filter(|(path, entry)| differs(path, entry)).map(change).collect()
}

/// Paths of `last` that `next` has not, in order.
pub fn gone(last: Option<&Record>, next: &Record) -> Vec<String> {
    let files = last.into_iter().flat_map(|last| last.files.keys());
    files.filter(|path| !next.files.contains_key(path)).cloned().collect()
}

/// The requests that the steps take, without repetitions: what a plan tells. Two have been made to know the last release.
pub fn requests(steps: &[Step<'_>], pages: &[Activate<'_>], pointer: bool) -> Vec<(&'static str, u64)> {
    let puts = steps.iter().filter(|step| matches!(step, Step::Put { .. })).count() as u64;
    let copies = (steps.len() as u64).saturating_sub(puts) + pages.len() as u64;
    let writes = !steps.is_empty() || !pages.is_empty();
    // The record; the pointer, and once more when pages were to be put in place.
    let records = u64::from(writes) * (1 + u64::from(pointer) * (1 + u64::from(!pages.is_empty())));
    let all = [("PUT", puts + records), ("COPY", copies)];
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}
