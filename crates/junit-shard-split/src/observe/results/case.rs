//! How one test case ended, gathered from its attributes and details; the same way in both passes of a merge.

use crate::observe::junit::{Case, Detail, DetailKind};
use crate::plan::results::Outcome;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a failure of a suite itself, outside of its tests, is called as a test of its own: readers of reports look at
/// test cases only, and would show such a run as green.
pub const SUITE_FAILURE: &str = "failed outside of its tests";

/// What is known of the open case so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ending {
    status: Option<Outcome>,
    has_failure: bool,
    has_error: bool,
    has_skipped: bool,
    flaky: u32,
    reruns: u32,
    last_rerun_broke: bool,
}

impl Ending {
    /// A case begins.
    pub fn of(case: &Case<'_>) -> Self {
        Ending { status: case.status.as_deref().and_then(of_status), ..Ending::default() }
    }

    /// One of its details.
    pub fn add(&mut self, detail: &Detail<'_>) {
        match detail.kind {
            DetailKind::Failure => self.has_failure = true,
            DetailKind::Error => self.has_error = true,
            DetailKind::Skipped => self.has_skipped = true,
            DetailKind::FlakyFailure | DetailKind::FlakyError => self.flaky += 1,
            DetailKind::RerunFailure | DetailKind::RerunError => {
                self.reruns += 1;
                self.last_rerun_broke = detail.kind == DetailKind::RerunError;
            }
            DetailKind::SystemOut | DetailKind::SystemErr => {}
        }
    }

    /// How the case ended. A failure outweighs everything; a rerun that failed means that none passed.
    pub fn outcome(&self) -> Outcome {
        match (self.has_failure, self.has_error, self.reruns, self.has_skipped) {
            (true, ..) => Outcome::Failed,
            (_, true, ..) => Outcome::Error,
            (_, _, 1.., _) if self.last_rerun_broke => Outcome::Error,
            (_, _, 1.., _) => Outcome::Failed,
            (_, _, _, true) => Outcome::Skipped,
            _ => self.status.unwrap_or(Outcome::Passed),
        }
    }

    /// Whether it passed after failed attempts that it tells of itself.
    pub fn is_flaky(&self) -> bool {
        self.flaky > 0 && self.outcome() == Outcome::Passed
    }

    /// How often it was tried.
    pub fn attempts(&self) -> u32 {
        self.flaky.saturating_add(self.reruns).saturating_add(1)
    }

    /// The element that says the outcome to readers that look at nothing else, when the case has none.
    pub fn missing(&self) -> Option<DetailKind> {
        match self.outcome() {
            Outcome::Failed if !self.has_failure => Some(DetailKind::Failure),
            Outcome::Error if !self.has_error => Some(DetailKind::Error),
            Outcome::Skipped if !self.has_skipped => Some(DetailKind::Skipped),
            _ => None,
        }
    }
}

/// Outcomes that some runners tell in `status` alone (GoogleTest: `notrun`).
fn of_status(status: &str) -> Option<Outcome> {
    let is = |words: &[&str]| words.iter().any(|word| status.eq_ignore_ascii_case(word));
    if is(&["notrun", "skipped", "disabled", "ignored", "pending"]) {
        Some(Outcome::Skipped)
    } else if is(&["failed", "failure", "fail"]) {
        Some(Outcome::Failed)
    } else if is(&["error", "errored", "broken"]) {
        Some(Outcome::Error)
    } else {
        None
    }
}

/// Whether a detail says that something failed.
pub fn is_failure(kind: DetailKind) -> bool {
    !matches!(kind, DetailKind::Skipped | DetailKind::SystemOut | DetailKind::SystemErr)
}

/// Two independent 64-bit hashes of what makes a case the same test as another one. The second is computed only where a
/// collision of the first would hide a failure: at cases that failed, and at repeats of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Name.
    pub name: Option<&'a str>,
    /// Class name.
    pub classname: Option<&'a str>,
    /// File.
    pub file: Option<&'a str>,
    /// Line of the test.
    pub line: Option<u64>,
}

impl Identity<'_> {
    /// One of the two hashes. SipHash with fixed keys: the same in every run of one build, which is all that is needed.
    pub fn hash(&self, which: u8) -> u64 {
        let mut hasher = DefaultHasher::new();
        which.hash(&mut hasher);
        (self.name, self.classname, self.file, self.line).hash(&mut hasher);
        hasher.finish()
    }

    /// Both hashes together with the names of the suites around it, for comparing across reports.
    pub fn hash_with(&self, suites: &str) -> u128 {
        let half = |which: u8| {
            let mut hasher = DefaultHasher::new();
            (which, suites, self.name, self.classname, self.file, self.line).hash(&mut hasher);
            u128::from(hasher.finish())
        };
        half(0) << 64 | half(1)
    }
}
