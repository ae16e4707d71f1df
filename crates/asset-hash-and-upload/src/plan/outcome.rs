//! What the commands on releases came to, as plain data.

use super::prune::Reason;
use super::verify::Difference;

/// How a rollback ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollbackEnd {
    /// The release is live.
    RolledBack,
    /// It was already; nothing was written.
    AlreadyLive,
    /// It was already, and the pages that a killed run had left are in place now.
    Completed,
    /// Another release took the pointer meanwhile.
    Superseded,
    /// Nothing was done, since nothing may be: a dry run.
    Planned,
}

/// What a rollback did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    /// How it ended.
    pub end: RollbackEnd,
    /// The release that is live now, or that would be.
    pub release: String,
    /// Its cache-busting value.
    pub version: String,
    /// Key of its record, from the bucket's root.
    pub manifest: String,
    /// Where browsers find the published keys.
    pub base_url: String,
    /// The release that was live before, where it changed.
    pub from: Option<String>,
    /// Paths of the pages that were put in place, or would be: what a CDN is told.
    pub pages: Vec<String>,
}

/// What a prune did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Whether nothing was written, since nothing may be: a dry run.
    pub planned: bool,
    /// Releases that stay with all their files, newest first.
    pub kept: Vec<(String, Reason)>,
    /// Releases that were retired now; their files stay for a day.
    pub retired: Vec<String>,
    /// Releases that were retired before and are not forgotten yet.
    pub retired_before: Vec<String>,
    /// Releases of which nothing is left.
    pub forgotten: Vec<String>,
    /// Objects that were deleted, orphans among them.
    pub deleted: u64,
    /// Their bytes.
    pub deleted_bytes: u64,
    /// How many of them no record named.
    pub orphans: u64,
    /// Objects that no kept release needs, but that are younger or were retired less than a day ago.
    pub waiting: u64,
    /// Objects that no record names and that are not this site's: they stay.
    pub foreign: u64,
    /// Keys that could not be deleted, with the reason.
    pub failed: Vec<(String, String)>,
}

/// What a pull did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// Whether nothing was written, since nothing may be: a dry run.
    pub planned: bool,
    /// The release.
    pub release: String,
    /// Its cache-busting value.
    pub version: String,
    /// Key of its record, from the bucket's root.
    pub manifest: String,
    /// Where browsers find the published keys.
    pub base_url: String,
    /// Files of the release.
    pub files: u64,
    /// Paths that were brought, in order.
    pub fetched: Vec<String>,
    /// Bytes that were brought, as stored.
    pub bytes: u64,
    /// Pairs of paths that differ only in case.
    pub case_collisions: Vec<(String, String)>,
}

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// The release.
    pub release: String,
    /// Its cache-busting value.
    pub version: String,
    /// Key of its record, from the bucket's root.
    pub manifest: String,
    /// Through which address; empty for the bucket itself.
    pub base_url: String,
    /// Files of the release.
    pub files: u64,
    /// Files that answered.
    pub answered: u64,
    /// Bytes that were fetched.
    pub bytes: u64,
    /// What is not as it was published, by path.
    pub differences: Vec<Difference>,
    /// Paths that nobody could look at, with the reason.
    pub unknown: Vec<(String, String)>,
}
