//! The decision: every gate with its value and its verdict, and what they rest on, as plain data. PURE.
#![warn(clippy::disallowed_methods)]

use super::coverage::totals::{Share, Totals};
use super::diff::LineRange;
use super::report_format::ReportFormat;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// What a gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum GateVerdict {
    /// The threshold is met.
    Pass,
    /// There is nothing that this gate could judge, and that is proven: a change of documentation has no patch coverage.
    /// Counts as passed.
    NotApplicable,
    /// The threshold is not met.
    Fail,
    /// The evidence is missing.
    Unproven,
}

/// Which gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateKind {
    /// `min-total`: lines, or statements where Go reports alone count.
    Total,
    /// `min-patch`: changed lines.
    Patch,
    /// `max-drop`: points lost against the baseline.
    Drop,
    /// `min-branches`.
    Branches,
    /// `min-functions`.
    Functions,
    /// `min-statements`.
    Statements,
    /// `min-file`: each file.
    File,
    /// `min-new-file`: each file that the change adds.
    NewFile,
    /// A directory's minimum.
    Directory,
    /// A component's minimum.
    Component,
    /// The ratchet.
    Ratchet,
}

/// How many more of something would have to be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// Lines.
    Lines(u64),
    /// Branch arms.
    Branches(u64),
    /// Functions.
    Functions(u64),
    /// Statements.
    Statements(u64),
}

/// What would have to be covered for a gate to pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// How many more; in JSON `lines_needed`, `branches_needed`, `functions_needed` or `statements_needed`.
    pub needed: Needed,
    /// The smallest set of them: of lines whole ranges first, nearest together; else those lines first that have most of
    /// them. At most as many as fit a message.
    pub places: Vec<Place>,
}

impl Serialize for Advice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, count) = match self.needed {
            Needed::Lines(count) => ("lines_needed", count),
            Needed::Branches(count) => ("branches_needed", count),
            Needed::Functions(count) => ("functions_needed", count),
            Needed::Statements(count) => ("statements_needed", count),
        };
        let mut advice = serializer.serialize_struct("Advice", 2)?;
        advice.serialize_field(name, &count)?;
        advice.serialize_field("places", &self.places)?;
        advice.end()
    }
}

/// Lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// In the repository.
    pub path: String,
    /// Which lines.
    #[serde(flatten)]
    pub lines: LineRange,
    /// Of what is needed there, how much is covered; for lines absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
}

/// One gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// Which.
    pub gate: GateKind,
    /// What it judges, when there are several of its kind: a path, a directory, a component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The threshold as given, such as `80%` or `0.5 points`.
    pub threshold: String,
    /// What was compared with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Share>,
    /// The baseline's share, for `drop` and `ratchet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Share>,
    /// The verdict.
    pub verdict: GateVerdict,
    /// One sentence: what was compared and how it came out; for `unproven` what is missing and what to do.
    pub why: String,
    /// What would make it pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
    /// Whether it counts, or only reports: a policy that the base branch doesn't have yet.
    pub report_only: bool,
}

/// A changed file and how its changed lines are covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PatchFile {
    /// In the repository.
    pub path: String,
    /// Where it was before, when moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_path: Option<String>,
    /// Whether the change adds it.
    pub added: bool,
    /// Changed lines that can run.
    pub lines: Share,
    /// Changed lines that did not run (or ran in part, where that counts so), as ranges of neighbouring coverable lines.
    pub uncovered: Vec<LineRange>,
    /// Changed lines that ran, but not all of their branch arms.
    pub partial: Vec<LineRange>,
    /// Changed lines that are only moved and owe nothing.
    pub moved: Vec<LineRange>,
}

/// The change under review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Patch {
    /// Between what and what.
    pub between: String,
    /// Changed lines that can run, over all files.
    pub lines: Share,
    /// Changed files that are in the reports.
    pub files: Vec<PatchFile>,
    /// Changed source files of which no report knows the lines: the patch is unproven.
    pub missing: Vec<String>,
    /// Changed files that need no coverage (documentation, tests, excluded), for the record.
    pub not_measured: Vec<String>,
}

/// One file of the reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileResult {
    /// In the repository when `matched`, else as the reports have it.
    pub path: String,
    /// Whether it is a file of the repository.
    pub matched: bool,
    /// Whether reports say only how many lines ran, not which.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub totals_only: bool,
    /// Its totals.
    #[serde(flatten)]
    pub totals: Totals,
}

/// One report that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadReport {
    /// As found on disk.
    pub path: String,
    /// What it is.
    pub format: ReportFormat,
    /// Files in it.
    pub files: u64,
    /// Whether it says of some file how many lines ran, and of none which.
    pub totals_only: bool,
    /// Further reports that are this one, byte for byte: two shards that ran nothing of the code write the same.
    pub copies: u64,
    /// Its totals from its records.
    pub totals: Totals,
    /// Its totals by its own word.
    pub declared: Totals,
    /// When the tests ran, in seconds since 1970, when it says so.
    pub timestamp_s: Option<i64>,
}

/// The whole decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Worst of the gates that count and of the evidence; `Pass` when there is no gate and the evidence is sound.
    pub verdict: GateVerdict,
    /// Over all files of all reports.
    pub totals: Totals,
    /// What a partial line counts as: `hit` or `miss`.
    pub partial_lines: &'static str,
    /// `None` when there is no diff to judge.
    pub patch: Option<Patch>,
    /// In order of path.
    pub files: Vec<FileResult>,
    /// In order of [`GateKind`] and subject.
    pub gates: Vec<Gate>,
    /// Files that the baseline measured and no report knows now, though they are still there; in order. A `drop` gate says
    /// so itself, and leaves this empty.
    pub left_reports: Vec<String>,
    /// Reports as read, in order of path.
    pub reports: Vec<ReadReport>,
    /// What makes the whole unproven whatever the gates say: no coverable line, nothing matched, a report missing.
    pub unproven: Vec<Unproven>,
}

/// Evidence that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unproven {
    /// Stable code: `no-coverable-lines`, `no-file-matched`, `reports-missing`, `report-outdated`, `path-ambiguous`, ….
    pub code: &'static str,
    /// One sentence: what is missing and what to do.
    pub what: String,
    /// Where, when there is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}
