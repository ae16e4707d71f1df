//! The codes of all findings that the report makes itself, with what they mean. They are part of the users' contract.

use crate::plan::judgement::GateKind;
use kit_report::Rule;

/// Every code, in order of the alphabet within each group. SARIF and the documentation show them.
pub const RULES: &[Rule] = &[
    rule("branches-below-minimum", "Fewer branch arms ran than `min-branches` asks for, by their lower bound."),
    rule("component-below-minimum", "A component is covered less than its minimum."),
    rule("coverage-dropped", "The total lost more points against the baseline than `max-drop` allows."),
    rule("directory-below-minimum", "A directory is covered less than its minimum."),
    rule("file-below-minimum", "A file is covered less than `min-file` asks for."),
    rule("functions-below-minimum", "Fewer functions ran than `min-functions` asks for."),
    rule("new-file-below-minimum", "A file that the change adds is covered less than `min-new-file` asks for."),
    rule("patch-below-minimum", "The changed lines are covered less than `min-patch` asks for."),
    rule(
        "ratchet-broken",
        "A file or directory has more uncovered lines than the ratchet holds, and a lower share. Cover what was added.",
    ),
    rule("statements-below-minimum", "Fewer statements ran than `min-statements` asks for."),
    rule("total-below-minimum", "The total is covered less than `min-total` asks for."),
    rule("branches-unproven", "There is no evidence on branch arms: no report has any."),
    rule("component-unproven", "There is no evidence on a component: no report knows a file of it."),
    rule("directory-unproven", "There is no evidence on a directory: no report knows a file of it."),
    rule("drop-unproven", "There is no baseline to compare with, or it does not fit."),
    rule("file-unproven", "There is no evidence on a file."),
    rule("functions-unproven", "There is no evidence on functions: no report has any."),
    rule("new-file-unproven", "The change adds a file that no report knows."),
    rule("patch-unproven", "There is no evidence on the changed lines."),
    rule("ratchet-unproven", "There is no ratchet file to hold, or it can't be read."),
    rule("statements-unproven", "There is no evidence on statements: no report has any."),
    rule("total-unproven", "There is no evidence on the total."),
    rule(
        "changed-file-unknown",
        "The change touches a source file whose lines no report knows. Measure it, or exclude it.",
    ),
    rule("base-unknown", "It is not known what the change is compared with. See `base`."),
    rule("baseline-missing", "There is no baseline where `baseline` points."),
    rule("diff-empty", "The change has no difference to its base, so there is nothing to judge. See `base`."),
    rule("diff-too-large", "The diff is larger than what is read."),
    rule(
        "history-shallow",
        "The clone ends before the commits that are compared. Fetch more; the message says how much.",
    ),
    rule("no-coverable-lines", "The reports hold no line that could run. Nothing can be proved by them."),
    rule("no-file-matched", "No file of the reports is a file of the repository. See `path-map`."),
    rule("path-ambiguous", "A file of a report may be one of several files of the repository. See `path-map`."),
    rule("partial-lines-unknown", "Totals alone do not say how many lines ran in part, and `partial-lines` is `miss`."),
    rule("totals-differ", "Reports without lines state different totals of one file, which can't be merged."),
    rule("no-reports", "There is no coverage report."),
    rule("objects-missing", "The clone leaves out files that are needed. Fetch them; the message says how."),
    rule("ratchet-missing", "There is no ratchet where `ratchet` points. `init` writes one."),
    rule("report-outdated", "A report was written before the head commit was made."),
    rule("reports-missing", "There are fewer reports than `expect-reports` asks for."),
    rule("reports-not-found", "A path or glob of `reports` matches nothing."),
    rule("branch-without-arms", "A report has a branch without saying how many arms it has."),
    rule("branches-impossible", "A report has more arms covered than there are. They count as what is possible."),
    rule("branches-not-listed", "A report counts branches that it does not list."),
    rule("branches-without-lines", "A report counts branches without saying on which lines they are."),
    rule("count-missing", "A report leaves out a count."),
    rule("format-newer", "A report is of a newer version of its format than what is known."),
    rule("function-without-file", "A report has a function that is in no file."),
    rule("line-unnumbered", "A report has a line without a number. It is left out."),
    rule("line-zero", "A report has a line 0, which no file has. It is left out."),
    rule("lines-without-counts", "A report has lines without counts."),
    rule("no-final-newline", "A report ends within a line. It may have been cut."),
    rule("oddities-not-shown", "A report has more oddities than are shown."),
    rule("policy-set-aside", "The base branch does not have this policy yet, so it only reports."),
    rule("record-empty", "A report has a record without content."),
    rule("record-unknown", "A report has a record of a kind that is not known. It is left out."),
    rule("report-copy", "Two reports are the same to the byte. They count once."),
    rule("repository-notice", "Something about the repository that may matter."),
    rule("test-sources-left-out", "A report says which of its files are tests. They do not count."),
    rule("total-unreadable", "A report's own total is no number. The records count."),
    rule("files-left-out", "`init` leaves source files out that no report knows. Measure them."),
    rule("files-left-reports", "Files that the baseline measured are in no report now, though they are still there."),
    rule("files-unmatched", "Files of the reports are no files of the repository."),
    rule("formats-disagree", "Two formats say different things of the same lines. One run gives the same in both."),
    rule("totals-disagree", "A report's own totals are not the sum of its records. The records count."),
    rule("partial-lines", "Changed lines ran, but not all of their branch arms."),
    rule("uncovered-lines", "Changed lines did not run in any test."),
];

const fn rule(code: &'static str, description: &'static str) -> Rule {
    Rule { code, description }
}

/// The code of a gate that is not met.
pub fn failed(gate: GateKind) -> &'static str {
    match gate {
        GateKind::Total => "total-below-minimum",
        GateKind::Patch => "patch-below-minimum",
        GateKind::Drop => "coverage-dropped",
        GateKind::Branches => "branches-below-minimum",
        GateKind::Functions => "functions-below-minimum",
        GateKind::Statements => "statements-below-minimum",
        GateKind::File => "file-below-minimum",
        GateKind::NewFile => "new-file-below-minimum",
        GateKind::Directory => "directory-below-minimum",
        GateKind::Component => "component-below-minimum",
        GateKind::Ratchet => "ratchet-broken",
    }
}

/// The code of a gate whose evidence is missing.
pub fn unproven(gate: GateKind) -> &'static str {
    match gate {
        GateKind::Total => "total-unproven",
        GateKind::Patch => "patch-unproven",
        GateKind::Drop => "drop-unproven",
        GateKind::Branches => "branches-unproven",
        GateKind::Functions => "functions-unproven",
        GateKind::Statements => "statements-unproven",
        GateKind::File => "file-unproven",
        GateKind::NewFile => "new-file-unproven",
        GateKind::Directory => "directory-unproven",
        GateKind::Component => "component-unproven",
        GateKind::Ratchet => "ratchet-unproven",
    }
}
