//! Finds the retries among the cases of one segment; see [`crate::plan::results`] for what counts as one.

use super::case::Identity;
use crate::plan::results::Outcome;
use rustc_hash::{FxHashMap, FxHashSet};

/// 100,000 tests of one suite that failed at first are followed, some 20 MB; a suite in which more fail has another
/// problem than flaky tests, and what is beyond is left as it is.
const MAX_FOLLOWED: usize = 100_000;

/// One attempt: the case's number and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Number of the case in its report.
    pub case: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it passed after failed attempts of which it tells itself.
    pub is_flaky: bool,
    /// Its time in nanoseconds.
    pub time_ns: u64,
    /// Attempts that it tells of itself, at least 1.
    pub attempts: u32,
    /// Line of the case in its report, 1-based.
    pub report_line: u64,
}

#[derive(Debug)]
struct Sequence {
    /// The second hash; a case that shares only the first is another test.
    second: u64,
    attempts: Vec<Attempt>,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Failing,
    Recovered,
    /// Something followed a success: these are tests that share a name.
    NoRetry,
}

/// The tests of one segment.
#[derive(Debug, Default)]
pub struct Retries {
    /// First hashes of the tests whose first attempt did not fail, so that they are never folded. 8 bytes a test.
    unsuspected: FxHashSet<u64>,
    failed_first: FxHashMap<u64, Sequence>,
}

impl Retries {
    /// The next case of the segment.
    pub fn add(&mut self, identity: &Identity<'_>, attempt: Attempt) {
        let first = identity.hash(0);
        if let Some(sequence) = self.failed_first.get_mut(&first) {
            if sequence.second == identity.hash(1) {
                sequence.add(attempt);
            }
            return;
        }
        if !attempt.outcome.is_bad() {
            self.unsuspected.insert(first);
        } else if !self.unsuspected.contains(&first) && self.failed_first.len() < MAX_FOLLOWED {
            let second = identity.hash(1);
            self.failed_first.insert(first, Sequence { second, attempts: vec![attempt], state: State::Failing });
        }
    }

    /// The segment ends: its tests with several attempts, in the order of the first ones.
    pub fn drain(&mut self) -> Vec<Vec<Attempt>> {
        self.unsuspected.clear();
        let mut folded: Vec<Vec<Attempt>> = self
            .failed_first
            .drain()
            .map(|(_, sequence)| sequence)
            .filter(|sequence| sequence.attempts.len() > 1 && sequence.state != State::NoRetry)
            .map(|sequence| sequence.attempts)
            .collect();
        folded.sort_unstable_by_key(|attempts| attempts.first().map(|attempt| attempt.case));
        folded
    }
}

impl Sequence {
    fn add(&mut self, attempt: Attempt) {
        self.state = match (&self.state, attempt.outcome) {
            (State::Failing, Outcome::Failed | Outcome::Error) => State::Failing,
            (State::Failing, Outcome::Passed) => State::Recovered,
            _ => State::NoRetry,
        };
        self.attempts.push(attempt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folds(outcomes: &[(&str, Outcome)]) -> Vec<Vec<u32>> {
        let mut retries = Retries::default();
        for (case, (name, outcome)) in outcomes.iter().enumerate() {
            let identity = Identity { name: Some(name), classname: None, file: None, line: None };
            let case = u32::try_from(case).unwrap();
            retries.add(
                &identity,
                Attempt { case, outcome: *outcome, is_flaky: false, time_ns: 0, attempts: 1, report_line: 1 },
            );
        }
        retries.drain().iter().map(|attempts| attempts.iter().map(|attempt| attempt.case).collect()).collect()
    }

    #[test]
    fn only_what_a_runner_would_repeat_is_a_retry() {
        use Outcome::{Error, Failed, Passed, Skipped};
        let none: Vec<Vec<u32>> = Vec::new();
        assert_eq!(folds(&[("a", Failed), ("a", Passed)]), [[0, 1]]);
        assert_eq!(folds(&[("a", Failed), ("a", Error), ("a", Passed)]), [[0, 1, 2]]);
        assert_eq!(folds(&[("a", Failed), ("a", Failed)]), [[0, 1]]);
        assert_eq!(folds(&[("b", Failed), ("a", Failed), ("a", Passed), ("b", Passed)]), [[0, 3], [1, 2]]);
        for no_retry in [
            vec![("a", Passed), ("a", Failed)],
            vec![("a", Passed), ("a", Passed)],
            vec![("a", Passed), ("a", Failed), ("a", Passed)],
            vec![("a", Failed), ("a", Passed), ("a", Passed)],
            vec![("a", Failed), ("a", Passed), ("a", Failed)],
            vec![("a", Failed), ("a", Skipped)],
            vec![("a", Skipped), ("a", Failed)],
            vec![("a", Failed), ("b", Passed)],
            vec![("a", Failed)],
        ] {
            assert_eq!(folds(&no_retry), none, "{no_retry:?}");
        }
    }

    #[test]
    fn a_segment_forgets_the_one_before() {
        let identity = Identity { name: Some("a"), classname: None, file: None, line: None };
        let attempt = |outcome| Attempt { case: 0, outcome, is_flaky: false, time_ns: 0, attempts: 1, report_line: 1 };
        let mut retries = Retries::default();
        retries.add(&identity, attempt(Outcome::Failed));
        assert!(retries.drain().is_empty());
        retries.add(&identity, attempt(Outcome::Passed));
        assert!(retries.drain().is_empty());
    }

    #[test]
    fn identity_tells_absent_from_empty() {
        let bare = Identity { name: Some("a"), classname: None, file: None, line: None };
        for other in [
            Identity { classname: Some(""), ..bare },
            Identity { file: Some("a"), ..bare },
            Identity { line: Some(1), ..bare },
            Identity { name: None, ..bare },
        ] {
            assert_ne!(bare.hash(0), other.hash(0));
            assert_ne!(bare.hash_with("s"), other.hash_with("s"));
        }
        assert_ne!(bare.hash(0), bare.hash(1));
        assert_ne!(bare.hash_with("s"), bare.hash_with("t"));
    }
}
