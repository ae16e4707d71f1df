//! The policy: what `coverage-gate.toml` and the flags ask for. PURE.
//!
//! ```toml
//! min-total = 80
//! min-patch = "85.5%"
//! max-drop = 0.5
//! exclude = ["database/migrations/**"]
//! ratchet = "coverage-ratchet.txt"
//!
//! [directories]
//! "src/Billing" = 90
//!
//! [[component]]
//! name = "checkout"
//! paths = ["src/Cart/**", "src/Order/**"]
//! min = 85
//! min-patch = 95
//! ```
//! A float is taken as its text, so that `79.9` is exactly that. Unknown keys are errors.
#![warn(clippy::disallowed_methods)]

mod reading;

use super::coverage::totals::PartialLines;
use super::ratchet::RatchetBy;
use super::thresholds::{MissingBaseline, Part, Thresholds};
use crate::error::Error;

/// Everything that can be asked for. `None` and empty lists: not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The gates and what is excluded. Directories and components are in the order of the file; `ratchet` is whether
    /// [`Policy::ratchet`] is there; `report_only` is the caller's to set.
    pub thresholds: Thresholds,
    /// `partial-lines`.
    pub partial_lines: Option<PartialLines>,
    /// `expect-reports`, at least 1.
    pub expect_reports: Option<usize>,
    /// `missing-baseline`.
    pub missing_baseline: Option<MissingBaseline>,
    /// `ratchet`: the file's path in the repository.
    pub ratchet: Option<String>,
    /// `ratchet-by`.
    pub ratchet_by: Option<RatchetBy>,
}

/// Bytes of a policy file.
pub const MAX_POLICY_BYTES: usize = 1 << 20;

impl Policy {
    /// Reads `coverage-gate.toml`. `name` is the file's, for errors.
    /// Errors: the line, what is wrong with it, and the nearest key where one is unknown.
    pub fn parse(text: &str, name: &str) -> Result<Policy, Error> {
        reading::parse(text, name)
    }

    /// What flags ask for, on top of the file's policy: for each key a flag wins; a list wins as a whole.
    #[must_use]
    pub fn with_flags(self, flags: Policy) -> Policy {
        let (file, flag) = (self.thresholds, flags.thresholds);
        let globs = |flags: Vec<String>, file: Vec<String>| if flags.is_empty() { file } else { flags };
        let parts = |flags: Vec<Part>, file: Vec<Part>| if flags.is_empty() { file } else { flags };
        let ratchet = flags.ratchet.or(self.ratchet);
        Policy {
            thresholds: Thresholds {
                min_total: flag.min_total.or(file.min_total),
                min_patch: flag.min_patch.or(file.min_patch),
                max_drop: flag.max_drop.or(file.max_drop),
                min_branches: flag.min_branches.or(file.min_branches),
                min_functions: flag.min_functions.or(file.min_functions),
                min_statements: flag.min_statements.or(file.min_statements),
                min_file: flag.min_file.or(file.min_file),
                min_new_file: flag.min_new_file.or(file.min_new_file),
                directories: parts(flag.directories, file.directories),
                components: parts(flag.components, file.components),
                ratchet: ratchet.is_some(),
                exclude: globs(flag.exclude, file.exclude),
                report_only: file.report_only,
            },
            partial_lines: flags.partial_lines.or(self.partial_lines),
            expect_reports: flags.expect_reports.or(self.expect_reports),
            missing_baseline: flags.missing_baseline.or(self.missing_baseline),
            ratchet,
            ratchet_by: flags.ratchet_by.or(self.ratchet_by),
        }
    }
}

#[cfg(test)]
mod tests;
