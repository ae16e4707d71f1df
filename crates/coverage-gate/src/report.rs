//! What was decided, for people and for later steps. PURE.
#![warn(clippy::disallowed_methods)]

mod advice;
mod body;
pub mod codes;
pub mod comment;
mod findings;
mod headline;
pub mod html;
pub mod lines;
mod oddities;
mod outputs;
mod phrases;
mod sections;
mod started;
mod tree;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use crate::plan::coverage::totals::Share;
use crate::plan::diff::{Diff, LineRange};
use crate::plan::judgement::{GateVerdict, Judgement};
use crate::plan::merge::Disagreement;
use kit_report::{Finding, Report, Verdict};
use lines::ChangedLines;
pub use started::started;
use std::collections::BTreeMap;

/// What is printed besides the judgement.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// What the change is compared with and who said so, one sentence: `merge base 1a2b3c4 of origin/main and HEAD
    /// (GITHUB_BASE_REF)`. `None` when there is no change to judge.
    pub base: Option<String>,
    /// Where the thresholds come from: `coverage-gate.toml of origin/main, and flags`. `None` when there are none.
    pub policy: Option<String>,
    /// Where the ratchet comes from: `coverage-ratchet.txt of the base 1a2b3c4`.
    pub ratchet: Option<String>,
    /// Where the baseline comes from.
    pub baseline: Option<String>,
    /// What reading, placing and comparing brought up, besides what has a field of its own here.
    pub notices: Vec<Finding>,
    /// Files whose own totals in a report disagree with their records.
    pub lying: Vec<LyingFile>,
    /// Formats that disagree on the same files.
    pub disagreements: Vec<Disagreement<String>>,
    /// What `path-map` would have to be so that the files which match nothing match: `/app/=services/pay/`.
    pub likely_path_map: Option<String>,
    /// From the commit that the host hangs the report on to the checkout, where these differ: a pull request's checkout is
    /// its merge, but annotations belong on the source commit's lines.
    pub since_commit: Option<Diff>,
    /// Lines of the changed files, by path, for the page.
    pub lines: BTreeMap<String, ChangedLines>,
    /// What was written, by whom later steps find it.
    pub written: Written,
    /// Number of the pull request, where the host says it.
    pub pull_request: Option<u64>,
    /// The commit that the pull request ends with, in hexadecimal, where the host says it; not the merge that was checked
    /// out.
    pub head_sha: Option<String>,
}

impl Context {
    /// What the verdict rests on besides the reports, with its name.
    fn origins(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let origins = [
            ("Compared", &self.base),
            ("Thresholds", &self.policy),
            ("Ratchet", &self.ratchet),
            ("Baseline", &self.baseline),
        ];
        origins.into_iter().filter_map(|(name, origin)| Some((name, origin.as_deref()?)))
    }
}

/// Paths of the files that the run writes, as the user named them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The page of the change.
    pub html: Option<String>,
    /// The comment's body.
    pub comment: Option<String>,
    /// The baseline for later runs.
    pub baseline: Option<String>,
    /// The tightened ratchet.
    pub ratchet: Option<String>,
}

/// A file whose totals in a report are not the sum of its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LyingFile {
    /// The report.
    pub report: String,
    /// The file, as reported.
    pub path: String,
    /// By its own word.
    pub declared: Share,
    /// From its records.
    pub derived: Share,
}

/// The report of `gate`, for every host.
pub fn report(judgement: &Judgement, context: &Context) -> Report {
    let verdict = verdict(judgement.verdict);
    let mut report = Report::new(crate::TOOL.name, crate::TOOL.version, verdict, headline::headline(judgement));
    report.on_commit = true;
    report.rules = codes::RULES;
    report.findings = findings::findings(judgement, context);
    if let Some(since) = &context.since_commit {
        kit_git::plan::commit_lines::place(&mut report.findings, since);
    }
    report.sections = sections::sections(judgement, context);
    report.insights = outputs::insights(judgement);
    outputs::set(&mut report, judgement, context);
    report.body = body::body(judgement, context);
    report.lists.insert("files", body::files(judgement));
    report
}

/// A gate that had nothing to judge, and proved it, has passed.
fn verdict(verdict: GateVerdict) -> Verdict {
    match verdict {
        GateVerdict::Pass | GateVerdict::NotApplicable => Verdict::Pass,
        GateVerdict::Fail => Verdict::Fail,
        GateVerdict::Unproven => Verdict::Unproven,
    }
}

/// Ranges widened by `around` lines on both sides, those that then touch or overlap joined. `ranges` are in order.
fn ranges_around(ranges: &[LineRange], around: u32) -> Vec<LineRange> {
    let mut wide: Vec<LineRange> = Vec::new();
    for range in ranges {
        let first = range.first.saturating_sub(around).max(1);
        let last = range.last.saturating_add(around);
        match wide.last_mut() {
            Some(before) if first <= before.last.saturating_add(1) => before.last = before.last.max(last),
            _ => wide.push(LineRange { first, last }),
        }
    }
    wide
}
