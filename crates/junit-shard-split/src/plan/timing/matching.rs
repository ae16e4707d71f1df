//! PURE. From an entry of a report to a listed file: by rules in a fixed order, never by a guess.
//!
//! A listed file is a path as the user lists it, mostly relative to the repository's root. (Units below a file have their
//! times from the entries that were matched to the file, see [`crate::plan::units`].)
//!
//! | rule | what leads to the file |
//! | --- | --- |
//! | `file-exact` | `file` of the case is a listed path, after `./`, `\`, `//`, `file://`, `:12` and Pest's `::it …` are taken care of |
//! | `file-suffix` | `file` ends with a listed path (a container's absolute path: the longest one), or exactly one listed path ends with it (a path relative to a subdirectory); when several do, the one under the directory that all paths of this report are relative to |
//! | `property-file` | a property of the case, such as `test.fileName` |
//! | `suite-file` | `file` of an enclosing suite |
//! | `root-suite-file` | `file` of the empty suite before it (mocha-junit-reporter) |
//! | `suite-name-path` | the name of an enclosing suite is a path (vitest, Playwright, Jest with `{filepath}`) |
//! | `classname-path` | the classname is a path |
//! | `path-without-extension` | suite name or classname is a path without its extension (Bazel) |
//! | `dotted-class` | `tests.pkg.test_a.TestX`, `com.acme.FooTest$Inner`: modules and classes as a path; classes at the end are left out. With blanks in it only the whole path of a `.py` file |
//! | `namespaced-class` | `App\Tests\FooTest`, `App.Tests.FooTest`: the file named like the class whose directories fit the longest part of the namespace (PSR-4) |
//! | `perl-name` | `t_foo_t`, `t.foo_t`: the path as TAP's JUnit writers change it |
//! | `go-package` | the suite is a Go package whose directory is listed, or has one listed test file |
//! | `go-test-name` | of the listed test files in the package's directory, the one whose name begins the test's name |
//! | `cargo-target` | cargo-nextest's binary id `package::target`: the one listed `tests/target.rs` or `tests/target/main.rs`; of several the one in a folder with the package's name, or the one that is left when the others are in folders of other packages' names |
//! | `class-stem` | a class without a namespace has the name of exactly one listed file |
//! | `failure-file` | the file of a failure (Catch2), when nothing else is there |
//!
//! Where a rule finds several files, a later one may still decide between them; otherwise the entry is ambiguous. Where
//! a report names a file that is not listed (a test that was deleted), rules that only look at names do not apply.
#![warn(clippy::disallowed_methods)]

mod cargo;
mod class;
mod go;
mod listing;
mod path;
mod perl;

use serde::{Deserialize, Serialize};

use super::{Entry, ReportTimings};
use listing::Listing;

/// How an entry came to its file; the names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the table above says what each one is")]
pub enum Rule {
    FileExact,
    FileSuffix,
    PropertyFile,
    SuiteFile,
    RootSuiteFile,
    SuiteNamePath,
    ClassnamePath,
    PathWithoutExtension,
    DottedClass,
    NamespacedClass,
    PerlName,
    GoPackage,
    GoTestName,
    CargoTarget,
    ClassStem,
    FailureFile,
}

impl Rule {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::FileExact => "file-exact",
            Self::FileSuffix => "file-suffix",
            Self::PropertyFile => "property-file",
            Self::SuiteFile => "suite-file",
            Self::RootSuiteFile => "root-suite-file",
            Self::SuiteNamePath => "suite-name-path",
            Self::ClassnamePath => "classname-path",
            Self::PathWithoutExtension => "path-without-extension",
            Self::DottedClass => "dotted-class",
            Self::NamespacedClass => "namespaced-class",
            Self::PerlName => "perl-name",
            Self::GoPackage => "go-package",
            Self::GoTestName => "go-test-name",
            Self::CargoTarget => "cargo-target",
            Self::ClassStem => "class-stem",
            Self::FailureFile => "failure-file",
        }
    }
}

/// Why an entry has no listed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    /// Several listed files fit, and nothing decides between them.
    Ambiguous {
        /// The rule that found them.
        rule: Rule,
        /// Indices into the list, ascending; at most [`MAX_CANDIDATES`].
        candidates: Vec<u32>,
    },
    /// The report names a file, and no listed path fits it.
    NoListedFileEndsWith {
        /// The file as the report has it.
        file: String,
    },
    /// The report names no file, and its classes and suites lead to none.
    NoFileAttributeAndNoClassRuleMatched,
}

/// 20 candidates are more than anyone reads.
pub const MAX_CANDIDATES: usize = 20;

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It counts for a listed file.
    Matched {
        /// Index into the list.
        file: u32,
        /// What led there.
        rule: Rule,
    },
    /// Why not.
    Unmatched(Reason),
}

/// An entry and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryMatch {
    /// Index into the reports.
    pub report: u32,
    /// Index into [`ReportTimings::entries`].
    pub entry: u32,
    /// What became of it.
    pub outcome: Outcome,
}

/// What the reports say about one listed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTiming {
    /// Sum of the times of all cases, in nanoseconds.
    pub time_ns: u64,
    /// Suite time beyond the cases, in nanoseconds; not part of `time_ns`.
    pub overhead_ns: u64,
    /// Cases, skipped ones and repeated ones included.
    pub cases: u64,
    /// Skipped cases. When all are, the time says nothing about the file.
    pub skipped: u64,
    /// In how many reports it stands.
    pub reports: u32,
    /// The first rule in the order of [`Rule`] that led here.
    pub rule: Rule,
}

impl FileTiming {
    /// What running it takes: cases and overhead, in nanoseconds.
    pub fn total_ns(&self) -> u64 {
        self.time_ns.saturating_add(self.overhead_ns)
    }
}

/// All that the reports say about the listed files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timings {
    /// For each listed file; `None` when no report has a time for it. A path that is listed twice has its time at the
    /// first place.
    pub by_file: Vec<Option<FileTiming>>,
    /// Listed files that reports have, but without any time; indices, ascending.
    pub untimed: Vec<u32>,
    /// All entries of all reports, in their order.
    pub matches: Vec<EntryMatch>,
}

/// Finds the listed file of each entry and adds up. The order of `reports` changes nothing but the order of `matches`.
pub fn match_reports(listed: &[String], reports: &[ReportTimings]) -> Timings {
    let listing = Listing::new(listed);
    let mut sums: Vec<Option<Sum>> = vec![None; listed.len()];
    let mut outcomes: Vec<Vec<Outcome>> = reports.iter().map(|report| match_report(&listing, report)).collect();
    if outcomes.iter().flatten().any(cargo::is_by_binary_id) {
        cargo::settle(&listing, reports, &mut outcomes);
    }
    let mut matches = Vec::with_capacity(reports.iter().map(|report| report.entries.len()).sum());
    for ((number, report), outcomes) in (0_u32..).zip(reports).zip(outcomes) {
        for ((index, entry), outcome) in (0_u32..).zip(&report.entries).zip(outcomes) {
            if let Outcome::Matched { file, rule } = outcome {
                let sum = sums[file as usize].get_or_insert_with(|| Sum::new(rule));
                sum.add(entry, rule, number);
            }
            matches.push(EntryMatch { report: number, entry: index, outcome });
        }
    }
    let untimed = (0_u32..).zip(&sums).filter(|(_, sum)| sum.is_some_and(|sum| !sum.has_time)).map(|(at, _)| at);
    Timings {
        untimed: untimed.collect(),
        by_file: sums.iter().map(|sum| sum.filter(|sum| sum.has_time).map(|sum| sum.timing)).collect(),
        matches,
    }
}

#[derive(Debug, Clone, Copy)]
struct Sum {
    timing: FileTiming,
    has_time: bool,
    last_report: Option<u32>,
}

impl Sum {
    fn new(rule: Rule) -> Self {
        let timing = FileTiming { time_ns: 0, overhead_ns: 0, cases: 0, skipped: 0, reports: 0, rule };
        Self { timing, has_time: false, last_report: None }
    }

    fn add(&mut self, entry: &Entry, rule: Rule, report: u32) {
        let timing = &mut self.timing;
        timing.time_ns = timing.time_ns.saturating_add(entry.time_ns);
        timing.overhead_ns = timing.overhead_ns.saturating_add(entry.overhead_ns);
        timing.cases += entry.cases;
        timing.skipped += entry.skipped;
        timing.rule = timing.rule.min(rule);
        self.has_time |= entry.timed > 0 || entry.overhead_ns > 0;
        if self.last_report != Some(report) {
            timing.reports += 1;
            self.last_report = Some(report);
        }
    }
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Nothing,
    /// A file of the listing.
    One(u32),
    /// Several, ascending.
    Many(Vec<u32>),
}

impl Found {
    fn from_candidates(mut candidates: Vec<u32>) -> Self {
        candidates.sort_unstable();
        candidates.dedup();
        match candidates[..] {
            [] => Self::Nothing,
            [one] => Self::One(one),
            _ => Self::Many(candidates),
        }
    }
}

/// The rules applied to one entry, one after the other.
struct Search {
    /// The first ambiguity: later rules may only decide between these.
    ambiguous: Option<(Rule, Vec<u32>)>,
    found: Option<(u32, Rule)>,
}

impl Search {
    /// Tries one rule unless an earlier one was successful.
    fn by(&mut self, rule: Rule, find: impl FnOnce() -> Found) -> &mut Self {
        if self.found.is_some() {
            return self;
        }
        match (find(), &self.ambiguous) {
            (Found::One(file), None) => self.found = Some((file, rule)),
            (Found::One(file), Some((_, candidates))) if candidates.contains(&file) => self.found = Some((file, rule)),
            (Found::Many(candidates), None) => self.ambiguous = Some((rule, candidates)),
            _ => {}
        }
        self
    }
}

fn match_report(listing: &Listing<'_>, report: &ReportTimings) -> Vec<Outcome> {
    let mut searches: Vec<Search> = report.entries.iter().map(|entry| search(listing, report, entry)).collect();
    if searches.iter().any(|search| search.found.is_none() && search.ambiguous.is_some()) {
        path::decide_by_common_root(listing, report, &mut searches);
    }
    let outcomes = searches.into_iter().zip(&report.entries);
    outcomes.map(|(search, entry)| outcome(report, entry, search)).collect()
}

/// Tries the rules in their order.
fn search(listing: &Listing<'_>, report: &ReportTimings, entry: &Entry) -> Search {
    let mut search = Search { ambiguous: None, found: None };
    if let Some(file) = &entry.file {
        match listing.exactly(file) {
            Some(exact) => search.found = Some((exact, Rule::FileExact)),
            None => {
                search.by(Rule::FileSuffix, || listing.by_path(file));
            }
        }
    }
    if search.found.is_some() {
        return search;
    }
    if let Some(file) = &entry.property_file {
        search.by(Rule::PropertyFile, || listing.by_path(file));
    }
    for suite in enclosing(report, entry) {
        if let Some(file) = &suite.file {
            let rule = if suite.carried { Rule::RootSuiteFile } else { Rule::SuiteFile };
            search.by(rule, || listing.by_path(file));
        }
    }
    for suite in enclosing(report, entry) {
        search.by(Rule::SuiteNamePath, || listing.by_path(&suite.name));
    }
    if let Some(classname) = &entry.classname {
        search.by(Rule::ClassnamePath, || listing.by_path(classname));
    }
    if search.found.is_none() {
        let names_file = named_file(report, entry).is_some();
        by_names(listing, report, entry, names_file, &mut search);
    }
    search
}

/// The rules that follow names, not paths.
fn by_names(listing: &Listing<'_>, report: &ReportTimings, entry: &Entry, names_file: bool, search: &mut Search) {
    let classname = entry.classname.as_deref();
    let innermost = enclosing(report, entry).next().map(|suite| &*suite.name);
    // What is deleted from the list must not count for a file that only has a similar name.
    let trust = if names_file { class::Trust::WholePath } else { class::Trust::Names };
    for name in classname.into_iter().chain(innermost) {
        search.by(Rule::PathWithoutExtension, || class::by_path_without_extension(listing, name));
    }
    for name in classname.into_iter().chain(innermost) {
        search.by(Rule::DottedClass, || class::by_dotted_class(listing, name, trust));
    }
    if names_file {
        return;
    }
    for name in classname.into_iter().chain(innermost) {
        search.by(Rule::NamespacedClass, || class::by_namespace(listing, name));
    }
    for name in innermost.into_iter().chain(classname) {
        search.by(Rule::PerlName, || perl::by_name(listing, name));
    }
    for package in innermost.into_iter().chain(classname) {
        let (rule, found) = go::by_package(listing, package, entry.name.as_deref());
        search.by(rule, || found);
    }
    search.by(Rule::CargoTarget, || cargo::by_binary_id(listing, report, entry));
    for name in classname.into_iter().chain(innermost) {
        search.by(Rule::ClassStem, || class::by_stem(listing, name));
    }
    if let Some(file) = &entry.failure_file {
        search.by(Rule::FailureFile, || listing.by_path(file));
    }
}

/// The suites around an entry, the innermost first.
fn enclosing<'r>(report: &'r ReportTimings, entry: &Entry) -> impl Iterator<Item = &'r super::SuiteName> {
    let at = |index: u32| report.suites.get(index as usize).map(|suite| (index, suite));
    let first = entry.suite.and_then(at);
    // A parent stands before its children, so this ends for any data.
    std::iter::successors(first, move |(index, suite)| at(suite.parent.filter(|parent| parent < index)?))
        .map(|(_, suite)| suite)
}

/// The file that the report names for an entry; a name without an extension (unittest-xml-reporting's `.py`) is none.
fn named_file<'r>(report: &'r ReportTimings, entry: &'r Entry) -> Option<&'r str> {
    let suites = enclosing(report, entry).filter_map(|suite| suite.file.as_deref());
    let mut files = entry.file.as_deref().into_iter().chain(entry.property_file.as_deref()).chain(suites);
    files.find(|file| path::stem_and_extension(path::base_name(file)).is_some_and(|(stem, _)| !stem.is_empty()))
}

fn outcome(report: &ReportTimings, entry: &Entry, search: Search) -> Outcome {
    let reason = match (search.found, search.ambiguous) {
        (Some((file, rule)), _) => return Outcome::Matched { file, rule },
        (None, Some((rule, mut candidates))) => {
            candidates.truncate(MAX_CANDIDATES);
            Reason::Ambiguous { rule, candidates }
        }
        (None, None) => match named_file(report, entry) {
            Some(file) => Reason::NoListedFileEndsWith { file: file.to_owned() },
            None => Reason::NoFileAttributeAndNoClassRuleMatched,
        },
    };
    Outcome::Unmatched(reason)
}

#[cfg(test)]
mod tests;
