//! Reads how the tests of a run went: one pass over all reports, in memory that grows with the failed tests and not with
//! the passed ones (8 bytes a test while its suite is open). The definitions are those of [`crate::plan::results`].
//!
//! ```text
//! let mut collection = Collection::new(10);
//! for (number, path) in paths_in_order.enumerate() {
//!     let mut collector = collection.collector(number, path, None);
//!     match junit::read(file, &limits, &mut collector) {
//!         Ok(_) => collection.commit(collector),
//!         Err(error) => …                        // a report that cannot be read counts with nothing of it
//!     }
//! }
//! let (results, outline) = collection.finish();
//! ```

pub mod case;
pub mod retry;
pub mod segment;

mod across;
mod collector;
mod lists;

pub use collector::Collector;

use super::junit;
use crate::error::{Error, Unreadable};
use crate::plan::results::RunResults;
use crate::plan::results::outline::{Fold, Outline, ReportOutline};
use across::Record;
use lists::{CaseRef, Lists};
use retry::Attempt;
use std::collections::BTreeMap;

/// The reports of a run, read one after the other.
#[derive(Debug)]
pub struct Collection {
    slowest: usize,
    parts: BTreeMap<u32, ReportOutline>,
    lists: Lists,
    folds: Vec<Fold>,
    records: Vec<Record>,
}

impl Collection {
    /// Nothing yet. `slowest` tests will be listed.
    pub fn new(slowest: usize) -> Self {
        Collection {
            slowest,
            parts: BTreeMap::new(),
            lists: Lists::new(slowest),
            folds: Vec::new(),
            records: Vec::new(),
        }
    }

    /// The visitor of one report. Reports are numbered in the order in which a merge writes them: sorted by path, so that
    /// the order on a command line changes nothing; but reports of one `group`, which are attempts at the same work, are
    /// numbered from the oldest to the newest. `None`: nothing is folded across reports. Several reports may be read at the
    /// same time.
    pub fn collector(&self, number: u32, path: &str, group: Option<u32>) -> Collector {
        Collector::new(number, path, group, self.slowest)
    }

    /// Takes over what was read of a report to its end. In any order; but when there are groups and more failures than are
    /// listed, the order decides which of them are, so number order it should be.
    pub fn commit(&mut self, collector: Collector) {
        let number = collector.number;
        let read = collector.finish();
        self.parts.insert(number, read.outline);
        self.lists.take(read.lists);
        for attempts in &read.folds {
            let attempts: Vec<_> = attempts
                .iter()
                .map(|(segment, attempt)| (CaseRef { report: number, case: attempt.case }, *segment, *attempt))
                .collect();
            let kept = attempts.len() - 1;
            self.fold(&attempts, kept);
        }
        self.records.extend(read.records);
    }

    /// Folds across reports, adds everything up, and sorts.
    pub fn finish(mut self) -> (RunResults, Outline) {
        let mut records = std::mem::take(&mut self.records);
        for attempts in across::sequences(&mut records) {
            let kept = across::deciding(&attempts);
            self.fold(&attempts, kept);
            let all: Vec<(CaseRef, Attempt)> = attempts.iter().map(|(place, _, attempt)| (*place, *attempt)).collect();
            let report = self.parts.get(&attempts[kept].0.report).map_or("", |report| &report.path);
            self.lists.fold(&all, kept, report);
        }
        let mut outline = Outline { folds: self.folds, ..Outline::default() };
        for report in self.parts.into_values() {
            for segment in report.segments.iter().filter(|segment| segment.is_written) {
                outline.totals.add(&segment.totals);
            }
            outline.reports.push(report);
        }
        let (failed, flaky, slowest) = self.lists.into_sorted(self.slowest);
        let results =
            RunResults { reports: outline.reports.len() as u64, totals: outline.totals, failed, flaky, slowest };
        (results, outline)
    }

    /// Makes one test of several cases: totals and roles.
    fn fold(&mut self, attempts: &[(CaseRef, u32, Attempt)], kept: usize) {
        let Some((decider, _, decided)) = attempts.get(kept).copied() else { return };
        // Each fold takes at least two cases of 50 million a report; the memory ends long before the numbers do.
        let fold = u32::try_from(self.folds.len()).unwrap_or(u32::MAX);
        let is_recovered = !decided.outcome.is_bad();
        let is_flaky =
            is_recovered && attempts.iter().any(|(_, _, attempt)| attempt.outcome.is_bad() || attempt.is_flaky);
        for (place, segment, attempt) in attempts {
            let Some(report) = self.parts.get_mut(&place.report) else { continue };
            let role = report.roles.entry(place.case).or_default();
            let Some(segment) = report.segments.get_mut(*segment as usize) else { continue };
            if *place == decider {
                role.takes.push(fold);
                segment.totals.flaky += u64::from(is_flaky && !attempt.is_flaky);
            } else {
                role.gives = Some(fold);
                segment.totals.discount(attempt.outcome, attempt.is_flaky);
                segment.is_written = segment.totals.tests > 0 || segment.has_more;
            }
        }
        self.folds.push(Fold { is_recovered });
    }
}

#[cfg(test)]
mod tests;

/// What [`read_all`] read.
#[derive(Debug)]
pub struct ReadResults {
    /// How the tests went.
    pub results: RunResults,
    /// What a merge writes.
    pub outline: Outline,
    /// Unreadable reports that were left out.
    pub findings: Vec<kit_report::Finding>,
}

/// Reads reports, sorted by path, one after the other. Errors: reports that can't be read, unless they may be left out.
pub fn read_all(
    paths: &[String],
    slowest: usize,
    skip_unreadable: bool,
    log: &kit_host::Log,
) -> Result<ReadResults, Error> {
    let mut collection = Collection::new(slowest);
    let mut unreadable = Vec::new();
    let mut progress = log.progress("reading reports", paths.len() as u64);
    for (number, path) in (0u32..).zip(paths) {
        let failed =
            |line: Option<u32>, what: String, world: bool| Unreadable { path: path.clone(), line, what, world };
        match std::fs::File::open(path) {
            Err(err) => unreadable.push(failed(None, format!("cannot be opened: {err}"), true)),
            Ok(file) => {
                let mut collector = collection.collector(number, path, None);
                match junit::read(file, &junit::Limits::default(), &mut collector) {
                    Ok(_) => collection.commit(collector),
                    Err(err) => {
                        let world = matches!(err.class, junit::Class::Io(_));
                        unreadable.push(failed(u32::try_from(err.line).ok(), err.what, world));
                    }
                }
            }
        }
        progress.step();
    }
    let findings = super::settle(unreadable, skip_unreadable)?;
    let (results, outline) = collection.finish();
    Ok(ReadResults { results, outline, findings })
}
