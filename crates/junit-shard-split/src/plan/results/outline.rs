//! What the second pass of a merge must know before it writes the first suite: totals, and which cases are attempts at
//! others.

use super::Totals;
use std::collections::BTreeMap;

/// Of all reports, in the order in which they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Over everything that is written.
    pub totals: Totals,
    /// In order.
    pub reports: Vec<ReportOutline>,
    /// Each test with several attempts in cases of their own.
    pub folds: Vec<Fold>,
}

/// Of one report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportOutline {
    /// Path of the report.
    pub path: String,
    /// The flat suites that it becomes, in document order.
    pub segments: Vec<Segment>,
    /// What becomes of the cases that are attempts, by their number in document order; all others are written as they
    /// are. Failures of a suite itself, which are written as cases, are numbered with them.
    pub roles: BTreeMap<u32, Role>,
    /// How many cases there are, so that the second pass notices a report that changed in between.
    pub cases: u32,
}

/// The cases that stand directly in one suite, without another suite between them: one flat `<testsuite>`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Segment {
    /// Of the tests that are written into it.
    pub totals: Totals,
    /// False when all that it held was folded into tests elsewhere.
    pub is_written: bool,
    /// Whether it holds properties or output of its own, which are written whatever becomes of its tests.
    pub has_more: bool,
}

/// What becomes of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// The folds whose earlier attempts it takes over: it is written, or hands them on together with its own. Two when
    /// it was retried in its report and the report was repeated.
    pub takes: Vec<u32>,
    /// The fold that it is an earlier attempt of: it is not written itself.
    pub gives: Option<u32>,
}

/// A test with several attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// Whether the deciding attempt did not fail.
    pub is_recovered: bool,
}
