//! The decision as a whole: evidence and rules in, a judgement out. PURE.
#![warn(clippy::disallowed_methods)]

use super::baseline::{Baseline, partial_name};
use super::coverage::stated::{GIVE_LINES, Kind};
use super::coverage::totals::{PartialLines, Share};
use super::coverage::{Files, ReportedPath};
use super::diff::Diff;
use super::gates::{self, Context};
use super::globs::Globs;
use super::judgement::{Gate, GateKind, GateVerdict, Judgement, ReadReport, Unproven};
use super::measured::{Measured, MeasuredFile, Unit};
use super::moved::{self, Moved};
use super::patch;
use super::ratchet::Ratchet;
use super::thresholds::{MissingBaseline, Thresholds};

/// Seconds that a report's time may lie before the commit's: clocks of two machines differ.
const CLOCK_TOLERANCE_S: i64 = 60;
/// Names that a sentence lists.
const NAMES_LISTED: usize = 5;

/// All that is known.
#[derive(Debug, Clone)]
pub struct Evidence<'e> {
    /// What the reports say, by path in the repository.
    pub files: &'e Files<String>,
    /// What they say of files that are none of the repository.
    pub unmatched: &'e Files<ReportedPath>,
    /// The reports themselves.
    pub reports: Vec<ReadReport>,
    /// Whether there was a repository or a diff to match paths with.
    pub known_files: bool,
    /// Files that git tracks, sorted; empty when that is not known.
    pub tracked: &'e [String],
    /// The change under review. `None`: none was asked for or to be had.
    pub diff: Option<Result<&'e Diff, Unproven>>,
    /// Why there is no diff, when a gate needs one: a sentence with what to do.
    pub no_diff: Option<String>,
    /// The commit that the diff's old side is of, when known. Lines of a baseline of another commit have other numbers.
    pub base_commit: Option<&'e str>,
    /// The baseline, when one was asked for.
    pub baseline: Option<Result<&'e Baseline, Unproven>>,
    /// The ratchet, when one was asked for.
    pub ratchet: Option<Result<&'e Ratchet, Unproven>>,
    /// When the head commit was made, in seconds since 1970.
    pub head_time_s: Option<i64>,
    /// Now, in seconds since 1970.
    pub now_s: i64,
    /// How many reports there must be.
    pub expect_reports: Option<usize>,
    /// What `path-map` would probably have to be, where nothing matched.
    pub likely_path_map: Option<&'e str>,
    /// Reported paths that could be several files.
    pub ambiguous: Vec<Unproven>,
}

impl<'e> Evidence<'e> {
    /// What reports say and nothing else: no repository, no change under review, nothing from earlier.
    pub fn of_reports(
        files: &'e Files<String>,
        unmatched: &'e Files<ReportedPath>,
        reports: Vec<ReadReport>,
    ) -> Evidence<'e> {
        Evidence {
            files,
            unmatched,
            reports,
            known_files: false,
            tracked: &[],
            diff: None,
            no_diff: None,
            base_commit: None,
            baseline: None,
            ratchet: None,
            head_time_s: None,
            now_s: 0,
            expect_reports: None,
            likely_path_map: None,
            ambiguous: Vec::new(),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'r> {
    /// The gates.
    pub thresholds: &'r Thresholds,
    /// What a partial line counts as.
    pub partial: PartialLines,
    /// What a missing baseline means.
    pub missing_baseline: MissingBaseline,
}

/// Judges. The same evidence gives the same judgement whatever the order of reports and of the diff's files.
///
/// The verdict is `Fail` when a gate that counts fails, even if others are unproven: a proven no is a no. Else it is
/// `Unproven` when a gate that counts is, or the evidence as a whole; else `Pass`.
pub fn judge(rules: &Rules<'_>, evidence: &Evidence<'_>) -> Judgement {
    let exclude = Globs::new(&rules.thresholds.exclude);
    let unit = Unit::of_reports(&evidence.reports);
    let measured = Measured::new(evidence.files, evidence.unmatched, &exclude, rules.partial, unit);
    let diff = match &evidence.diff {
        Some(Ok(diff)) => Some(*diff),
        _ => None,
    };
    let moved = diff.map_or_else(Moved::default, moved::find);
    let changes = diff.map(|diff| patch::changes(diff, &moved, &measured, &exclude));
    let files = measured.results();
    let context = Context {
        rules,
        evidence,
        measured: &measured,
        exclude: &exclude,
        diff,
        moved: &moved,
        changes: changes.as_ref(),
        results: &files,
    };
    let mut gates = gates::gates(&context);
    hold_back(&mut gates, &measured);
    let unproven = unproven(evidence, &measured);
    let left_reports = gates::left_reports(&context);
    let mut reports = evidence.reports.clone();
    reports.sort_by(|a, b| (&a.path, a.format, a.timestamp_s).cmp(&(&b.path, b.format, b.timestamp_s)));
    Judgement {
        verdict: verdict(&gates, &unproven),
        totals: measured.totals,
        partial_lines: partial_name(rules.partial),
        patch: changes.map(|changes| changes.patch),
        left_reports,
        files,
        gates,
        reports,
        unproven,
    }
}

fn lines_of(file: &MeasuredFile<'_>) -> Share {
    file.totals.lines.unwrap_or_default()
}

/// A sentence on files of which reports state different totals of a kind, and nobody has records.
pub(super) fn contradiction(measured: &Measured<'_>, kind: Kind) -> Option<String> {
    let contradicted = |file: &&MeasuredFile<'_>| file.coverage.contradicted(kind);
    let mut paths: Vec<&str> = measured.all().filter(contradicted).map(|file| file.path).collect();
    paths.sort_unstable();
    let first = measured.all().find(|file| paths.first() == Some(&file.path) && contradicted(file))?;
    Some(format!(
        "{} known by totals alone, and reports state different ones, which can't be merged: {} (the first in {}); {GIVE_LINES}",
        if paths.len() == 1 { "a file is".to_owned() } else { format!("{} files are", paths.len()) },
        listed(&paths),
        first.coverage.stated_by(),
    ))
}

/// A gate that fails by totals which contradict each other fails by nothing that is proven.
fn hold_back(gates: &mut [Gate], measured: &Measured<'_>) {
    let Some(why) = contradiction(measured, Kind::Lines) else { return };
    let rests_on = |gate: &Gate| match gate.gate {
        GateKind::Total | GateKind::Drop | GateKind::Directory | GateKind::Component | GateKind::Ratchet => true,
        GateKind::File => gate.subject.is_some(),
        _ => false,
    };
    for gate in gates.iter_mut().filter(|gate| gate.verdict == GateVerdict::Fail && rests_on(gate)) {
        *gate = Gate { verdict: GateVerdict::Unproven, why: why.clone(), advice: None, ..gate.clone() };
    }
}

/// What totals without lines leave open.
fn by_totals(measured: &Measured<'_>) -> Vec<Unproven> {
    let differ = contradiction(measured, Kind::Lines);
    let mut found: Vec<Unproven> =
        differ.into_iter().map(|what| Unproven { code: "totals-differ", what, path: None }).collect();
    if measured.partial == PartialLines::Miss {
        let in_part = |file: &&MeasuredFile<'_>| {
            let branches = file.totals.branches.is_some_and(|branches| branches.lower().uncovered() > 0);
            branches && file.coverage.by_totals_only() && lines_of(file).covered > 0
        };
        let mut paths: Vec<&str> = measured.all().filter(in_part).map(|file| file.path).collect();
        paths.sort_unstable();
        if !paths.is_empty() {
            let what = format!(
                "`partial-lines` is `miss`, but totals alone do not say how many lines ran in part, and there is no more of \
                 {}; {GIVE_LINES}, or count them as `hit`",
                listed(&paths)
            );
            found.push(Unproven { code: "partial-lines-unknown", what, path: None });
        }
    }
    found
}

fn verdict(gates: &[Gate], unproven: &[Unproven]) -> GateVerdict {
    let any = |verdict| gates.iter().any(|gate| !gate.report_only && gate.verdict == verdict);
    if any(GateVerdict::Fail) {
        GateVerdict::Fail
    } else if any(GateVerdict::Unproven) || !unproven.is_empty() {
        GateVerdict::Unproven
    } else {
        GateVerdict::Pass
    }
}

/// What makes the whole prove nothing, whatever the gates say.
fn unproven(evidence: &Evidence<'_>, measured: &Measured<'_>) -> Vec<Unproven> {
    let mut found = Vec::new();
    let mut add = |code, what| found.push(Unproven { code, what, path: None });
    let coverable = measured.totals.lines.unwrap_or_default().coverable;
    let in_repository: u64 = measured.files.iter().map(|file| lines_of(file).coverable).sum();
    if evidence.reports.is_empty() {
        add(
            "no-reports",
            "there is no coverage report; check that the tests wrote one, and the paths given".to_owned(),
        );
    } else if coverable == 0 {
        let why = match measured.excluded {
            0 => "the reports hold no line that can run: did the tests run, and with coverage turned on?".to_owned(),
            count => {
                format!("no line that can run is left after `exclude`, which takes out {}", counted(count, "file"))
            }
        };
        add("no-coverable-lines", why);
    } else if evidence.known_files && in_repository == 0 {
        let example = measured.unmatched.iter().find(|file| lines_of(file).coverable > 0);
        let example = example.map_or(String::new(), |file| format!(", such as `{}`", file.path));
        let map = evidence
            .likely_path_map
            .map_or(String::new(), |map| format!("; `--path-map {map}` may be what is missing"));
        add(
            "no-file-matched",
            format!(
                "no file of the reports is a file of this repository: {} of theirs{example} match nothing; are they of \
                 another repository, or written to another folder?{map}",
                measured.unmatched.len()
            ),
        );
    }
    found.extend(too_few(evidence));
    found.extend(by_totals(measured));
    found.extend(outdated(evidence));
    let mut ambiguous = evidence.ambiguous.clone();
    ambiguous.sort_by(|a, b| (a.code, &a.path, &a.what).cmp(&(b.code, &b.path, &b.what)));
    found.extend(ambiguous);
    found
}

/// A report without a coverable line is what a shard leaves that died early, so it does not count as one that is there. Nor
/// does a summary beside reports with lines: it is of one of them.
fn too_few(evidence: &Evidence<'_>) -> Option<Unproven> {
    let expected = evidence.expect_reports?;
    let totals_alone = evidence.reports.iter().all(|report| report.totals_only);
    let holds_any = |report: &&ReadReport| {
        report.totals.lines.is_some_and(|lines| lines.coverable > 0) && (totals_alone || !report.totals_only)
    };
    let there: u64 = evidence.reports.iter().filter(holds_any).map(|report| 1 + report.copies).sum();
    let there = usize::try_from(there).unwrap_or(usize::MAX);
    if there >= expected {
        return None;
    }
    let mut empty: Vec<&str> =
        evidence.reports.iter().filter(|report| !holds_any(report)).map(|report| report.path.as_str()).collect();
    empty.sort_unstable();
    let empty = match empty.len() {
        0 => String::new(),
        _ => format!("; without lines: {}", listed(&empty)),
    };
    Some(Unproven {
        code: "reports-missing",
        what: format!(
            "{} expected, but only {there} with coverage {} there{empty}; did every shard finish and hand its report over?",
            match expected {
                1 => "1 report is".to_owned(),
                more => format!("{more} reports are"),
            },
            if there == 1 { "is" } else { "are" },
        ),
        path: None,
    })
}

fn outdated(evidence: &Evidence<'_>) -> Option<Unproven> {
    // A commit of the future was made by a wrong clock, so that it says nothing about the age of a report.
    let head_time_s = evidence.head_time_s.filter(|time| *time <= evidence.now_s)?;
    // Zero is what tools write that have no time to tell.
    let is_old = |time_s: i64| time_s > 0 && time_s < head_time_s.saturating_sub(CLOCK_TOLERANCE_S);
    let mut old: Vec<&str> = evidence
        .reports
        .iter()
        .filter(|report| report.timestamp_s.is_some_and(is_old))
        .map(|report| report.path.as_str())
        .collect();
    old.sort_unstable();
    let first = (*old.first()?).to_owned();
    Some(Unproven {
        code: "report-outdated",
        what: format!(
            "{} older than the head commit by {} own word: {}; is it of an earlier run, from a cache?",
            if old.len() == 1 { "a report is" } else { "reports are" },
            if old.len() == 1 { "its" } else { "their" },
            listed(&old)
        ),
        path: Some(first),
    })
}

/// `` `a`, `b` and 3 more ``.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let shown: Vec<String> = names.iter().take(NAMES_LISTED).map(|name| format!("`{}`", name.as_ref())).collect();
    match (shown.as_slice(), names.len().saturating_sub(NAMES_LISTED)) {
        ([before @ .., last], 0) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        (_, 0) => shown.join(", "),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
