//! The tests that are worth naming, each under its place in the reports, within bounds.

use super::retry::Attempt;
use crate::plan::results::{MAX_LISTED, TestResult};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A case: which report, and which number in it. The order is the one in which a merge writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseRef {
    pub report: u32,
    pub case: u32,
}

/// Candidates for the slowest that are kept beyond the wanted number, since attempts that are folded drop out again.
const SPARE_SLOWEST: usize = 100;

/// Failed, flaky and slowest tests.
#[derive(Debug, Default)]
pub struct Lists {
    failed: BTreeMap<CaseRef, TestResult>,
    flaky: BTreeMap<CaseRef, TestResult>,
    /// The fastest of them on top.
    slowest: BinaryHeap<Slow>,
    room: usize,
}

/// Ordered by time, and among equals by the later place first, so that the list is the same whatever was pushed out.
#[derive(Debug)]
struct Slow {
    key: (Reverse<u64>, CaseRef),
    result: TestResult,
}

impl PartialEq for Slow {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Slow {}

impl PartialOrd for Slow {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Slow {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl Lists {
    /// Empty, with room for the wanted number of slowest tests.
    pub fn new(slowest: usize) -> Self {
        let room = if slowest == 0 { 0 } else { slowest.saturating_add(SPARE_SLOWEST) };
        Lists { room, ..Lists::default() }
    }

    /// Names a failed test, unless the list is full.
    pub fn failed(&mut self, place: CaseRef, result: TestResult) {
        insert(&mut self.failed, place, result);
    }

    /// Names a flaky test, unless the list is full.
    pub fn flaky(&mut self, place: CaseRef, result: TestResult) {
        insert(&mut self.flaky, place, result);
    }

    /// Whether a test of this time belongs to the slowest.
    pub fn is_slow(&self, time_ns: u64) -> bool {
        time_ns > 0
            && (self.slowest.len() < self.room || self.slowest.peek().is_some_and(|least| least.key.0.0 < time_ns))
    }

    /// Names a test that is slow.
    pub fn slow(&mut self, place: CaseRef, result: TestResult) {
        self.slowest.push(Slow { key: (Reverse(result.time_ns), place), result });
        if self.slowest.len() > self.room {
            self.slowest.pop();
        }
    }

    /// Takes over the lists of another report.
    pub fn take(&mut self, other: Lists) {
        for (place, result) in other.failed {
            self.failed(place, result);
        }
        for (place, result) in other.flaky {
            self.flaky(place, result);
        }
        for slow in other.slowest {
            if self.room > 0 {
                self.slow(slow.key.1, slow.result);
            }
        }
    }

    /// Several cases became one test. What the first failure said stays; how it ended, and where it stands in `report`,
    /// is the matter of the deciding case at `kept`.
    pub fn fold(&mut self, attempts: &[(CaseRef, Attempt)], kept: usize, report: &str) {
        let Some((kept, decided)) = attempts.get(kept).copied() else { return };
        let tries = attempts.iter().fold(0_u32, |sum, (_, attempt)| sum.saturating_add(attempt.attempts));
        let others = || attempts.iter().map(|(place, _)| *place).filter(|place| *place != kept);
        let own = self.failed.remove(&kept).or_else(|| self.flaky.remove(&kept));
        let mut first = None;
        for place in others() {
            let found = self.failed.remove(&place).or_else(|| self.flaky.remove(&place));
            first = first.or(found);
        }
        if others().any(|place| self.slowest.iter().any(|slow| slow.key.1 == place)) {
            self.slowest.retain(|slow| others().all(|place| place != slow.key.1));
        }
        // The place in the report is the one of the case that a merge writes.
        let Some(mut result) = first.or(own) else { return };
        report.clone_into(&mut result.report);
        result.report_line = decided.report_line;
        result.outcome = decided.outcome;
        result.attempts = tries;
        result.time_ns = decided.time_ns;
        if decided.outcome.is_bad() { self.failed(kept, result) } else { self.flaky(kept, result) }
    }

    /// Failed, flaky, and the wanted number of slowest tests.
    pub fn into_sorted(self, slowest: usize) -> (Vec<TestResult>, Vec<TestResult>, Vec<TestResult>) {
        let mut slow = self.slowest.into_sorted_vec();
        slow.truncate(slowest);
        (
            self.failed.into_values().collect(),
            self.flaky.into_values().collect(),
            slow.into_iter().map(|slow| slow.result).collect(),
        )
    }
}

/// Keeps the first ones, in whatever order they come.
fn insert(list: &mut BTreeMap<CaseRef, TestResult>, place: CaseRef, result: TestResult) {
    list.insert(place, result);
    if list.len() > MAX_LISTED {
        list.pop_last();
    }
}
