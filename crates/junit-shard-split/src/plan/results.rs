//! How the tests of a run went, after retries are folded: plain data for the summary, the merged report and the verdict.
//! PURE.
//!
//! # What a retry is
//! Runners write retries in two ways. Surefire's `<flakyFailure>` and `<rerunFailure>` say it themselves. Others (Gradle,
//! gotestsum, Android) write the same test case again. A repeated test case alone proves nothing, since tests that are
//! generated in a loop repeat their names too; so attempts are folded into one test only when all of this holds:
//!
//! - they stand directly in the same `<testsuite>` element and agree in name, classname, file and line. Suites that only
//!   share a name (two Jest files that both describe "login", one Playwright file in two browsers) are never mixed;
//! - all attempts but the last failed, as a runner stops after the first success.
//!
//! So `failed, failed, passed` is one flaky test, `failed, failed` one failed test, and `passed, failed, passed` are three
//! tests of which one failed. What is left in doubt (two generated tests of one name, of which the first failed) shows
//! as flaky and is never hidden: it is a warning of its own, and the runner's exit code in the receipt still says no.
//!
//! Reports that the caller names as attempts at the same work (a re-run job) are folded across reports too: the last
//! attempt that was not skipped decides, unless a report has the test's name several times. Without being told, nothing is folded across reports: the same test in two
//! reports may as well have run on two versions of PHP, and a pass of the one must not hide the failure of the other.
#![warn(clippy::disallowed_methods)]

pub mod outline;
pub mod place;
pub mod summary;

use place::Place;

/// 10,000 failed and as many flaky tests are listed by name, about 20 MB at worst; more are counted. Nobody reads on.
pub const MAX_LISTED: usize = 10_000;
/// 1000 bytes of a failure's message are kept: a few lines of text for a table cell and an annotation.
pub const MAX_MESSAGE_BYTES: usize = 1000;
/// 1000 bytes of each part of a test's name are kept for people; parametrised tests can carry whole documents in it.
pub const MAX_NAME_BYTES: usize = 1000;

/// How one test, or one attempt at it, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It passed, perhaps after failed attempts.
    Passed,
    /// It did not run.
    Skipped,
    /// An assertion failed.
    Failed,
    /// It broke: an error outside of the assertions.
    Error,
}

impl Outcome {
    /// Failed or broke.
    pub fn is_bad(self) -> bool {
        matches!(self, Outcome::Failed | Outcome::Error)
    }
}

/// Counts over tests, each counted once whatever the number of its attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// All tests.
    pub tests: u64,
    /// [`Outcome::Failed`].
    pub failures: u64,
    /// [`Outcome::Error`].
    pub errors: u64,
    /// [`Outcome::Skipped`].
    pub skipped: u64,
    /// Tests among the passed that failed at first.
    pub flaky: u64,
    /// Time of the suites in nanoseconds: their cases, all attempts included, and what a suite took beside them.
    pub time_ns: u64,
}

impl Totals {
    /// Failed and broken tests.
    pub fn bad(&self) -> u64 {
        self.failures + self.errors
    }

    /// Passed tests, flaky ones included.
    pub fn passed(&self) -> u64 {
        self.tests.saturating_sub(self.bad() + self.skipped)
    }

    /// Counts one test more.
    pub fn count(&mut self, outcome: Outcome, is_flaky: bool) {
        self.tests += 1;
        *self.of(outcome) += u64::from(outcome != Outcome::Passed);
        self.flaky += u64::from(is_flaky);
    }

    /// Counts one test less.
    pub fn discount(&mut self, outcome: Outcome, is_flaky: bool) {
        self.tests = self.tests.saturating_sub(1);
        let of = self.of(outcome);
        *of = of.saturating_sub(u64::from(outcome != Outcome::Passed));
        self.flaky = self.flaky.saturating_sub(u64::from(is_flaky));
    }

    /// Adds the counts of another part of the run.
    pub fn add(&mut self, other: &Totals) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
        self.flaky += other.flaky;
        self.time_ns = self.time_ns.saturating_add(other.time_ns);
    }

    fn of(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Failed => &mut self.failures,
            Outcome::Error => &mut self.errors,
            // Passed tests have no counter of their own; the callers add nothing for them.
            Outcome::Skipped | Outcome::Passed => &mut self.skipped,
        }
    }
}

/// What a test is called, each part cut at [`MAX_NAME_BYTES`].
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestName {
    /// The names of the suites around it, outermost first, joined by ` > `.
    pub suite: String,
    /// The file that the report gives, as written.
    pub file: Option<String>,
    /// The class name, as written.
    pub classname: Option<String>,
    /// The test's own name.
    pub name: String,
}

impl TestName {
    /// The name on one line: class (or else suite) and test, unless the test's name says both.
    pub fn title(&self) -> String {
        let scope = self.classname.as_deref().filter(|class| !class.is_empty()).unwrap_or(&self.suite);
        let has_scope =
            self.name.strip_prefix(scope).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
        if scope.is_empty() || has_scope {
            self.name.clone()
        } else if self.name.is_empty() {
            scope.to_owned()
        } else {
            format!("{scope} > {}", self.name)
        }
    }
}

/// One test that is worth naming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    /// What it is called.
    pub name: TestName,
    /// How it ended.
    pub outcome: Outcome,
    /// How often it was tried, at least 1.
    pub attempts: u32,
    /// Time of the deciding attempt in nanoseconds; 0 when the report has none.
    pub time_ns: u64,
    /// Path of the report.
    pub report: String,
    /// Line of the test case in the report, 1-based.
    pub report_line: u64,
    /// What the first failure said, cut at [`MAX_MESSAGE_BYTES`]; may be empty.
    pub message: String,
    /// Where the first failure happened, as far as the report tells.
    pub place: Option<Place>,
}

/// How a run went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunResults {
    /// How many reports were read.
    pub reports: u64,
    /// Over all reports.
    pub totals: Totals,
    /// Failed and broken tests by report and position in it, at most [`MAX_LISTED`]; [`Totals::bad`] counts them all.
    pub failed: Vec<TestResult>,
    /// Tests that passed after a failure, in the same order and within the same bound; [`Totals::flaky`] counts them all.
    pub flaky: Vec<TestResult>,
    /// The slowest tests, slowest first, as many as were asked for.
    pub slowest: Vec<TestResult>,
}

/// The beginning of a text, at most so many bytes and never cut inside a character.
pub fn cut(text: &str, max_bytes: usize) -> &str {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_class_and_test_once() {
        let name = |suite: &str, class: Option<&str>, name: &str| TestName {
            suite: suite.to_owned(),
            file: None,
            classname: class.map(str::to_owned),
            name: name.to_owned(),
        };
        assert_eq!(name("s", Some("C"), "t").title(), "C > t");
        assert_eq!(name("s", Some(""), "t").title(), "s > t");
        assert_eq!(name("s", None, "t").title(), "s > t");
        assert_eq!(name("", None, "t").title(), "t");
        assert_eq!(name("s", Some("login"), "login works").title(), "login works");
        assert_eq!(name("s", None, "stops").title(), "s > stops");
        assert_eq!(name("s", Some("C"), "").title(), "C");
    }

    #[test]
    fn counting_and_discounting_are_inverse() {
        for outcome in [Outcome::Passed, Outcome::Skipped, Outcome::Failed, Outcome::Error] {
            let mut totals = Totals::default();
            totals.count(outcome, outcome == Outcome::Passed);
            assert_eq!(totals.tests, 1);
            assert_eq!(totals.passed(), u64::from(outcome == Outcome::Passed), "{outcome:?}");
            assert_eq!(totals.bad(), u64::from(outcome.is_bad()), "{outcome:?}");
            totals.discount(outcome, outcome == Outcome::Passed);
            assert_eq!(totals, Totals::default(), "{outcome:?}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
        assert_eq!(cut("", 3), "");
    }
}
