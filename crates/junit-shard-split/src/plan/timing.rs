//! PURE. What reports say about the cost of test files: the entries of each report, and their way to the listed files.
//!
//! A report is boiled down to one [`Entry`] for each distinct location; [`matching::match_reports`] finds the listed
//! file of each entry by fixed rules, or says why there is none; [`explain::explain`] tells both to the user.
//!
//! # What a file costs
//! * The times of all its cases, in all reports of one call, are added: one call is one run, and a file that was split
//!   over two shards of it has two parts. (Over several runs the store takes the median.)
//! * A retry that the runner reports as a further `<testcase>`, or with a `time` of its own on `<flakyFailure>` or
//!   `<rerunFailure>`, is added too: the file's cost is every attempt that ran.
//! * The time of a suite beyond that of the cases and suites in it is *overhead* of its file, when all that it holds
//!   belongs to one file (Jest loads modules outside of the cases). The time of a suite that stands for the whole session
//!   (rspec, pytest, mocha) is a wall clock and never counted, nor is that of `<testsuites>`.
#![warn(clippy::disallowed_methods)]

use serde::{Deserialize, Serialize};

pub mod explain;
pub mod matching;

pub use explain::{ExplainedEntry, ExplainedFile, Explanation, explain};
pub use matching::{EntryMatch, FileTiming, Outcome, Reason, Rule, Timings, match_reports};

/// How finely a report is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Granularity {
    /// One entry for each location; memory grows with the number of test files.
    File,
    /// Also apart by class.
    Class,
    /// Also apart by test; memory grows with the number of tests.
    Test,
}

/// What one report says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTimings {
    /// The report's path as the user gave it.
    pub report: String,
    /// The distinct suites that entries refer to. A parent stands before its children.
    pub suites: Vec<SuiteName>,
    /// The distinct locations in the order of their first appearance.
    pub entries: Vec<Entry>,
    /// Suite time beyond the cases that belongs to no single file, in nanoseconds. Counted nowhere.
    pub shared_overhead_ns: u64,
}

/// A suite as far as it helps to find a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteName {
    /// Index of the enclosing suite in [`ReportTimings::suites`].
    pub parent: Option<u32>,
    /// `name`, empty when there is none.
    pub name: Box<str>,
    /// `file` or `filepath`, or what [`SuiteName::carried`] says.
    pub file: Option<Box<str>>,
    /// The file comes from the empty suite before it (mocha-junit-reporter's `Root Suite`).
    pub carried: bool,
}

/// All cases of a report that have the same location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Index of the innermost suite in [`ReportTimings::suites`].
    pub suite: Option<u32>,
    /// `file` or `filepath` of the cases.
    pub file: Option<Box<str>>,
    /// The file in a property of the cases (`test.fileName` of @web/test-runner).
    pub property_file: Option<Box<str>>,
    /// The file of the first failure, where nothing else names one (Catch2).
    pub failure_file: Option<Box<str>>,
    /// `classname`, or else `class`, of all the cases; `None` when they differ or have none.
    pub classname: Option<Box<str>>,
    /// The test's name, where entries are apart by test: by [`Granularity::Test`], or for Go, whose reports give
    /// nothing else to tell the files of a package apart.
    pub name: Option<Box<str>>,
    /// Name of the first case; empty when the entry has none.
    pub sample: Box<str>,
    /// Line of the first case (or suite) in the report, 1-based.
    pub report_line: u64,
    /// `<testcase>` elements.
    pub cases: u64,
    /// How many of them were skipped.
    pub skipped: u64,
    /// How many of them had a readable time.
    pub timed: u64,
    /// Sum of the cases' times, in nanoseconds.
    pub time_ns: u64,
    /// Suite time beyond the cases, in nanoseconds.
    pub overhead_ns: u64,
}
