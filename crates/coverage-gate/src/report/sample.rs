//! The judgements that everything printed is shown with.

use super::lines::ChangedLines;
use super::{Context, LyingFile, Written};
use crate::plan::coverage::totals::{BranchShare, Share, Totals};
use crate::plan::diff::{Change, ChangedFile, Diff, Hunk, LineRange};
use crate::plan::judgement::{
    Advice, FileResult, Gate, GateKind, GateVerdict, Judgement, Needed, Patch, PatchFile, Place, ReadReport, Unproven,
};
use crate::plan::merge::Disagreement;
use crate::plan::report_format::ReportFormat;
use kit_report::{Finding, Level};
use std::collections::BTreeMap;

pub(crate) fn share(covered: u64, coverable: u64) -> Share {
    Share { covered, coverable }
}

pub(crate) fn range(first: u32, last: u32) -> LineRange {
    LineRange { first, last }
}

pub(crate) fn lines(covered: u64, coverable: u64) -> Totals {
    Totals { lines: Some(share(covered, coverable)), ..Totals::default() }
}

pub(crate) fn gate(gate: GateKind, subject: Option<&str>, threshold: &str, value: Share, verdict: GateVerdict) -> Gate {
    Gate {
        gate,
        subject: subject.map(str::to_owned),
        threshold: threshold.to_owned(),
        value: Some(value),
        before: None,
        verdict,
        why: "the share is what it is".to_owned(),
        advice: None,
        report_only: false,
    }
}

pub(crate) fn patch_file(path: &str, lines: Share, uncovered: Vec<LineRange>) -> PatchFile {
    PatchFile {
        path: path.to_owned(),
        old_path: None,
        added: false,
        lines,
        uncovered,
        partial: Vec::new(),
        moved: Vec::new(),
    }
}

pub(crate) fn file(path: &str, covered: u64, coverable: u64) -> FileResult {
    FileResult { path: path.to_owned(), matched: true, totals_only: false, totals: lines(covered, coverable) }
}

fn report(path: &str, format: ReportFormat, declared: Totals) -> ReadReport {
    ReadReport {
        totals_only: false,
        path: path.to_owned(),
        format,
        files: 3,
        copies: 0,
        totals: lines(4403, 5404),
        declared,
        timestamp_s: None,
    }
}

/// A change that fails by two lines, with everything in it.
pub(crate) fn failing() -> Judgement {
    let mut order = patch_file("src/Order.php", share(9, 11), vec![range(41, 42)]);
    order.partial = vec![range(30, 30)];
    order.moved = vec![range(60, 64)];
    let mut cart = patch_file("src/Cart/Cart.php", share(15, 15), Vec::new());
    cart.old_path = Some("src/Cart.php".to_owned());
    let mut patch_gate = gate(GateKind::Patch, None, "95%", share(24, 26), GateVerdict::Fail);
    patch_gate.why = "92.30 % (24 of 26) is below 95%".to_owned();
    patch_gate.advice = Some(Advice {
        needed: Needed::Lines(1),
        places: vec![Place { path: "src/Order.php".into(), lines: range(41, 42), share: None }],
    });
    let mut drop = gate(GateKind::Drop, None, "0.5 points", share(4403, 5404), GateVerdict::Pass);
    drop.before = Some(share(4380, 5380));
    let mut unmatched = file("/app/gen/Proxy.php", 1, 2);
    unmatched.matched = false;
    let branches = BranchShare { covered: 700, covered_at_most: Some(720), coverable: 1000 };
    Judgement {
        verdict: GateVerdict::Fail,
        totals: Totals { branches: Some(branches), functions: Some(share(80, 100)), ..lines(4403, 5404) },
        partial_lines: "hit",
        left_reports: vec!["src/Gone.php".to_owned()],
        patch: Some(Patch {
            between: "merge base 1a2b3c4 of origin/main and HEAD 5d6e7f8".to_owned(),
            lines: share(24, 26),
            files: vec![cart, order],
            missing: Vec::new(),
            not_measured: vec!["README.md".to_owned()],
        }),
        files: vec![
            unmatched,
            file("index.php", 2, 2),
            file("src/Cart/Cart.php", 300, 400),
            file("src/Order.php", 4000, 4900),
            file("src/Web/Admin/Page.php", 100, 100),
        ],
        gates: vec![
            gate(GateKind::Total, None, "80%", share(4403, 5404), GateVerdict::Pass),
            patch_gate,
            drop,
            Gate {
                report_only: true,
                ..gate(GateKind::File, Some("src/Cart/Cart.php"), "80%", share(300, 400), GateVerdict::Fail)
            },
        ],
        reports: vec![
            report("build/clover.xml", ReportFormat::Clover, lines(4403, 5404)),
            report("build/lcov.info", ReportFormat::Lcov, lines(9, 10)),
        ],
        unproven: Vec::new(),
    }
}

/// What is printed besides.
pub(crate) fn context() -> Context {
    let since = ChangedFile {
        path: "src/Order.php".into(),
        old_path: None,
        change: Change::Modified,
        hunks: vec![Hunk { old_first: 0, old: Vec::new(), new_first: 3, new: vec!["use X;".into()] }],
    };
    let formats = (ReportFormat::Lcov, ReportFormat::Clover);
    Context {
        base: Some("merge base 1a2b3c4 of origin/main and HEAD 5d6e7f8 (GITHUB_BASE_REF)".to_owned()),
        policy: Some("coverage-gate.toml of origin/main, and flags".to_owned()),
        ratchet: Some("coverage-ratchet.txt of the base 1a2b3c4".to_owned()),
        baseline: None,
        notices: vec![Finding::new("line-zero", Level::Notice, "line 0 is no line").at("build/lcov.info", Some(7))],
        lying: vec![LyingFile {
            report: "build/lcov.info".to_owned(),
            path: "src/Order.php".to_owned(),
            declared: share(9, 10),
            derived: share(2, 3),
        }],
        disagreements: vec![Disagreement { formats, common: 3, differing: vec![("src/Order.php".to_owned(), 12)] }],
        likely_path_map: Some("/app/=".to_owned()),
        since_commit: Some(Diff { between: String::new(), files: vec![since] }),
        lines: BTreeMap::from([
            (
                "src/Order.php".to_owned(),
                ChangedLines {
                    changed: vec![range(30, 42)],
                    covered: vec![range(28, 29), range(31, 38)],
                    partial: vec![range(30, 30)],
                    uncovered: vec![range(41, 42), range(44, 44)],
                },
            ),
            (
                "src/Cart/Cart.php".to_owned(),
                ChangedLines { changed: vec![range(1, 15)], covered: vec![range(1, 15)], ..ChangedLines::default() },
            ),
        ]),
        written: Written {
            html: Some("out/patch.html".to_owned()),
            comment: Some("out/comment.md".to_owned()),
            ..Written::default()
        },
        pull_request: Some(12),
        head_sha: Some("5d6e7f805d6e7f805d6e7f805d6e7f805d6e7f80".to_owned()),
    }
}

/// Sources for the page.
pub(crate) fn sources() -> BTreeMap<String, String> {
    let order: String = (1..=60).map(|line| format!("    if ($a{line}) {{ return 'x{line}'; }} // <b>\n")).collect();
    BTreeMap::from([("src/Order.php".to_owned(), order)])
}

/// Nothing was asked for, and nothing changed.
pub(crate) fn reporting() -> Judgement {
    Judgement {
        verdict: GateVerdict::Pass,
        totals: lines(2, 3),
        partial_lines: "miss",
        left_reports: Vec::new(),
        patch: None,
        files: vec![file("a.py", 2, 3)],
        gates: Vec::new(),
        reports: vec![report("r.info", ReportFormat::Lcov, Totals::default())],
        unproven: Vec::new(),
    }
}

/// Reports of another place, and a changed file that none knows.
pub(crate) fn unproven() -> Judgement {
    let unproven =
        |code, what: &str, path: Option<&str>| Unproven { code, what: what.to_owned(), path: path.map(str::to_owned) };
    let mut total = gate(GateKind::Total, None, "80%", share(0, 0), GateVerdict::Unproven);
    total.value = None;
    total.why = "no file of the reports is in the repository".to_owned();
    let mut of_reports = file("/app/a.py", 2, 2);
    of_reports.matched = false;
    Judgement {
        verdict: GateVerdict::Unproven,
        totals: Totals::default(),
        partial_lines: "hit",
        left_reports: Vec::new(),
        patch: Some(Patch { missing: vec!["src/a.py".to_owned(), "src/b.py".to_owned()], ..Patch::default() }),
        files: vec![of_reports],
        gates: vec![total],
        reports: vec![report("r.info", ReportFormat::Lcov, Totals::default())],
        unproven: vec![
            unproven("no-file-matched", "no file of the reports is in the repository; set `path-map` /app/=", None),
            unproven("changed-file-unknown", "src/b.py is in no report", Some("src/b.py")),
        ],
    }
}
