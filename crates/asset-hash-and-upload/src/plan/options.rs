//! What the commands on releases are asked for, as plain data.

use super::prune::Rules;
use std::path::PathBuf;

/// `rollback`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RollbackOptions {
    /// The release; without one, that which was live before.
    pub to: Option<String>,
    /// Where browsers find the published keys, with `/` at its end; `None` for what the pointer says now.
    pub base_url: Option<String>,
    /// Requests at the same time.
    pub concurrency: usize,
}

/// `prune`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PruneOptions {
    /// What is kept. `live` may hold versions too: they stand for every release of that version.
    pub rules: Rules,
    /// Requests at the same time.
    pub concurrency: usize,
}

/// `pull`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullOptions {
    /// The folder.
    pub dir: PathBuf,
    /// The release; without one the live one, or the newest where there is no pointer.
    pub release: Option<String>,
    /// Requests at the same time.
    pub concurrency: usize,
}

/// `verify`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyOptions {
    /// Where browsers find the published keys, with `/` at its end; `None` for what the pointer says. Where that says nothing either,
    /// the bucket itself is asked.
    pub base_url: Option<String>,
    /// The release; without one the live one, or the newest where there is no pointer.
    pub release: Option<String>,
    /// Requests at the same time.
    pub concurrency: usize,
}
