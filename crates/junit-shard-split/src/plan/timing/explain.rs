//! PURE. Tells the user what became of each report entry, and why a file has no time.
#![warn(clippy::disallowed_methods)]

use serde::{Deserialize, Serialize};

use super::matching::{Outcome, Reason, Rule, Timings};
use super::{Entry, ReportTimings};

/// A report entry and the file it was matched to with the rule, or the reason why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedEntry {
    /// The report's path.
    pub report: String,
    /// Line of the entry's first case in the report, 1-based.
    pub line: u64,
    /// The names of the enclosing suites, outermost first.
    pub suites: Vec<String>,
    /// The file that the report names for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The classname of all its cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classname: Option<String>,
    /// The name of its first case.
    pub first_case: String,
    /// Cases, skipped ones included.
    pub cases: u64,
    /// Skipped cases.
    pub skipped: u64,
    /// Sum of the cases' times, in nanoseconds.
    pub time_ns: u64,
    /// Suite time beyond the cases, in nanoseconds.
    pub overhead_ns: u64,
    /// The listed file that it counts for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<String>,
    /// The rule that led there, see [`super::Rule`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Why it counts for none: `ambiguous`, `no-listed-file-ends-with`,
    /// `no-file-attribute-and-no-class-rule-matched`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The listed files between which nothing decides.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub candidates: Vec<String>,
}

/// A listed file, and what is counted for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedFile {
    /// The path as listed.
    pub file: String,
    /// Cases and overhead, in nanoseconds; `None` when unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_ns: Option<u64>,
    /// The part of it that is overhead, in nanoseconds.
    pub overhead_ns: u64,
    /// Cases, skipped ones included.
    pub cases: u64,
    /// Why it is unknown: `no-report-has-it`, `only-ambiguous-entries`, `no-time-in-its-entries`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Everything that can be said about the reports and the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// All entries of all reports, in their order.
    pub entries: Vec<ExplainedEntry>,
    /// All listed files, in their order.
    pub files: Vec<ExplainedFile>,
}

/// Puts into words what [`super::match_reports`] found for the same `listed` and `reports`.
pub fn explain(listed: &[String], reports: &[ReportTimings], timings: &Timings) -> Explanation {
    let mut ambiguous = vec![false; listed.len()];
    let mut entries = Vec::with_capacity(timings.matches.len());
    for found in &timings.matches {
        let Some(report) = reports.get(found.report as usize) else { continue };
        let Some(entry) = report.entries.get(found.entry as usize) else { continue };
        let mut explained = describe(report, entry);
        match &found.outcome {
            Outcome::Matched { file, rule } => {
                explained.matched = listed.get(*file as usize).cloned();
                explained.rule = Some(rule.code().to_owned());
            }
            Outcome::Unmatched(reason) => {
                if let Reason::Ambiguous { candidates, .. } = reason {
                    candidates.iter().for_each(|&unit| ambiguous[unit as usize] = true);
                    explained.candidates =
                        candidates.iter().filter_map(|&unit| listed.get(unit as usize).cloned()).collect();
                }
                explained.reason = Some(reason.code().to_owned());
                explained.message = Some(reason.sentence(&explained.candidates));
            }
        }
        entries.push(explained);
    }
    let files = (0_u32..).zip(listed).map(|(at, file)| explain_file(at, file, timings, ambiguous[at as usize]));
    Explanation { files: files.collect(), entries }
}

fn explain_file(at: u32, file: &str, timings: &Timings, ambiguous: bool) -> ExplainedFile {
    let timing = timings.by_file.get(at as usize).copied().flatten();
    let reason = match timing {
        Some(_) => None,
        None if timings.untimed.binary_search(&at).is_ok() => Some("no-time-in-its-entries"),
        None if ambiguous => Some("only-ambiguous-entries"),
        None => Some("no-report-has-it"),
    };
    ExplainedFile {
        file: file.to_owned(),
        total_ns: timing.map(|timing| timing.total_ns()),
        overhead_ns: timing.map_or(0, |timing| timing.overhead_ns),
        cases: timing.map_or(0, |timing| timing.cases),
        reason: reason.map(ToOwned::to_owned),
    }
}

fn describe(report: &ReportTimings, entry: &Entry) -> ExplainedEntry {
    let mut suites = Vec::new();
    let mut file = entry.file.as_deref().or(entry.property_file.as_deref());
    let mut next = entry.suite;
    while let Some(suite) = next.and_then(|index| report.suites.get(index as usize)) {
        suites.push(suite.name.to_string());
        file = file.or(suite.file.as_deref());
        // A parent stands before its children, so this ends for any data.
        next = suite.parent.filter(|parent| next.is_some_and(|child| *parent < child));
    }
    suites.reverse();
    ExplainedEntry {
        report: report.report.clone(),
        line: entry.report_line,
        suites,
        file: file.or(entry.failure_file.as_deref()).map(ToOwned::to_owned),
        classname: entry.classname.as_deref().map(ToOwned::to_owned),
        first_case: entry.sample.to_string(),
        cases: entry.cases,
        skipped: entry.skipped,
        time_ns: entry.time_ns,
        overhead_ns: entry.overhead_ns,
        matched: None,
        rule: None,
        reason: None,
        message: None,
        candidates: Vec::new(),
    }
}

impl Reason {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous { .. } => "ambiguous",
            Self::NoListedFileEndsWith { .. } => "no-listed-file-ends-with",
            Self::NoFileAttributeAndNoClassRuleMatched => "no-file-attribute-and-no-class-rule-matched",
        }
    }

    /// What it is and what to do; `candidates` are the listed files of an ambiguity.
    pub fn sentence(&self, candidates: &[String]) -> String {
        match self {
            Self::Ambiguous { rule: Rule::CargoTarget, .. } => {
                let names = candidates.join(", ");
                format!(
                    "by cargo-target it may be any of {names}: several packages have a test target of this name; list the targets of all, in folders named like their packages"
                )
            }
            Self::Ambiguous { rule, .. } => {
                let names = candidates.join(", ");
                format!("by {} it may be any of {names}; let the runner write paths from the repository's root", rule.code())
            }
            Self::NoListedFileEndsWith { file } => {
                format!("no listed file ends with {file}; was it deleted, or is it left out of the list?")
            }
            Self::NoFileAttributeAndNoClassRuleMatched => {
                "the report names no file for it, and its class and suites lead to no listed file; let the runner write a file attribute".to_owned()
            }
        }
    }
}
