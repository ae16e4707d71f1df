//! Retries across reports: only among reports that the caller named as attempts at the same work.

use super::lists::CaseRef;
use super::retry::Attempt;
use crate::plan::results::Outcome;

/// One test of a grouped report, after the retries in the report itself were folded. 64 bytes a test, and only when
/// reports are grouped at all.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    pub group: u32,
    /// What the test is, suites included.
    pub identity: u128,
    pub place: CaseRef,
    pub segment: u32,
    pub attempt: Attempt,
}

/// The attempts at each test that stands in several reports of a group, oldest first. A test whose name stands several
/// times in one of them is left alone: which of them was tried again cannot be told, and what would be left of them could
/// look like retries of each other.
pub fn sequences(records: &mut [Record]) -> Vec<Vec<(CaseRef, u32, Attempt)>> {
    records.sort_unstable_by_key(|record| (record.group, record.identity, record.place));
    let mut found: Vec<Vec<(CaseRef, u32, Attempt)>> = records
        .chunk_by(|a, b| (a.group, a.identity) == (b.group, b.identity))
        .filter(|same| same.len() > 1 && same.windows(2).all(|pair| pair[0].place.report != pair[1].place.report))
        .map(|same| same.iter().map(|record| (record.place, record.segment, record.attempt)).collect())
        .collect();
    found.sort_unstable_by_key(|attempts| attempts.first().map(|(place, _, _)| *place));
    found
}

/// The last attempt that ran, or the last one when none did.
pub fn deciding(attempts: &[(CaseRef, u32, Attempt)]) -> usize {
    attempts
        .iter()
        .rposition(|(_, _, attempt)| attempt.outcome != Outcome::Skipped)
        .unwrap_or(attempts.len().saturating_sub(1))
}
