//! Decides: are there enough? PURE.
#![warn(clippy::disallowed_methods)]

pub mod content_types;
pub mod digest;
pub mod fingerprint;
pub mod globs;
pub mod hashed_names;
pub mod headers;
pub mod manifests;
pub mod place;
pub mod record;
pub mod references;
pub mod resolve;

use crate::args::Options;

/// What was found, read by `observe.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// Files below the folder, links not followed.
    pub files: u64,
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Files that there are.
    pub files: u64,
    /// Files that are missing to the least number; 0 when there are enough.
    pub missing: u64,
}

/// Compares what there is with what is asked for.
pub fn plan(options: &Options, observed: &Observed) -> Plan {
    Plan { files: observed.files, missing: options.at_least.saturating_sub(observed.files) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_counted() {
        let options = Options { folder: ".".into(), at_least: 3 };
        assert_eq!(plan(&options, &Observed { files: 1 }), Plan { files: 1, missing: 2 });
        assert_eq!(plan(&options, &Observed { files: 3 }), Plan { files: 3, missing: 0 });
    }
}
