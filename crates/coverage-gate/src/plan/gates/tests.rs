use super::super::baseline::Baseline;
use super::super::coverage::totals::{PartialLines, Share};
use super::super::coverage::{Files, ReportedPath, arm_counts::LineArms, blocks::Block};
use super::super::diff::{Change, Diff, LineRange};
use super::super::judge::{Evidence, Rules, judge};
use super::super::judgement::{Gate, GateKind, GateVerdict, Judgement, Needed, Unproven};
use super::super::ratchet::{Ratchet, RatchetBy};
use super::super::report_format::ReportFormat;
use super::super::testing::{added, changed, diff, evidence, files, hunk, lines, percent, report, unmatched};
use super::super::thresholds::{MissingBaseline, Part, Thresholds};

mod drop;
mod held;
mod items;
mod totals_only;

pub(super) fn judged(thresholds: &Thresholds, evidence: &Evidence<'_>) -> Judgement {
    let rules = Rules { thresholds, partial: PartialLines::Hit, missing_baseline: MissingBaseline::Unproven };
    judge(&rules, evidence)
}

/// The verdict of the only gate, and its words.
pub(super) fn only(judgement: &Judgement) -> (GateVerdict, String) {
    assert_eq!(judgement.gates.len(), 1, "{:?}", judgement.gates);
    (judgement.gates[0].verdict, judgement.gates[0].why.clone())
}

fn places(gate: &Gate) -> Vec<(String, u32, u32)> {
    let advice = gate.advice.as_ref().map_or(&[][..], |advice| &advice.places);
    advice.iter().map(|place| (place.path.clone(), place.lines.first, place.lines.last)).collect()
}

fn with(set: impl FnOnce(&mut Thresholds)) -> Thresholds {
    let mut thresholds = Thresholds::default();
    set(&mut thresholds);
    thresholds
}

#[test]
fn the_total_is_compared_exactly_and_shown_below() {
    let text: String = (1..=5004).map(|line| format!("{}{line} ", if line <= 4003 { '+' } else { '-' })).collect();
    let (files, none) = (files(&[("src/a.php", &text)]), Files::new());
    let judgement = judged(&with(|gates| gates.min_total = Some(percent("80"))), &evidence(&files, &none));
    let gate = &judgement.gates[0];
    assert_eq!((judgement.verdict, gate.verdict), (GateVerdict::Fail, GateVerdict::Fail));
    assert_eq!(gate.why, "79.99 % (4003 of 5004) of all lines are covered; 80% are needed");
    assert_eq!((gate.threshold.as_str(), gate.value), ("80%", Some((4003, 5004).into())));
    assert_eq!(gate.advice.as_ref().map(|advice| advice.needed), Some(Needed::Lines(1)));
    let judgement = judged(&with(|gates| gates.min_total = Some(percent("79.99"))), &evidence(&files, &none));
    assert_eq!((judgement.verdict, judgement.gates[0].advice.clone()), (GateVerdict::Pass, None));
}

#[test]
fn the_total_counts_what_the_repository_has_not_and_says_so() {
    let (files, others) = (files(&[("src/a.php", "+1")]), unmatched(&[("/usr/x.php", "-1")]));
    let judgement = judged(&with(|gates| gates.min_total = Some(percent("60"))), &evidence(&files, &others));
    let (verdict, why) = only(&judgement);
    assert_eq!(verdict, GateVerdict::Fail);
    assert!(why.contains("1 file of the reports that the repository does not have"), "{why}");
}

#[test]
fn go_alone_is_counted_in_statements() {
    let mut files = files(&[("a.go", "+1 +2 +3 -4")]);
    let file = files.get_mut("a.go").unwrap();
    file.blocks.push(Block { from: (1, 1), to: (3, 2), statements: 3, hit: true });
    file.blocks.push(Block { from: (4, 1), to: (4, 9), statements: 7, hit: false });
    file.finish();
    let none = Files::new();
    let mut of_go = evidence(&files, &none);
    of_go.reports = vec![report(ReportFormat::Go)];
    let thresholds = with(|gates| gates.min_total = Some(percent("50")));
    let judgement = judged(&thresholds, &of_go);
    assert_eq!(judgement.gates[0].why, "30.00 % (3 of 10) of all statements are covered; 50% are needed");
    assert_eq!(places(&judgement.gates[0]), [("a.go".to_owned(), 4, 4)]);
    of_go.reports.push(report(ReportFormat::Lcov));
    assert_eq!(judged(&thresholds, &of_go).gates[0].value, Some((3, 4).into()), "with another format, lines count");
}

#[test]
fn branches_are_gated_by_their_lower_bound_which_is_said() {
    let mut files = files(&[("a.cs", "+1 +2")]);
    let file = files.get_mut("a.cs").unwrap();
    file.arm_counts.push(LineArms { line: 1, covered: 1, covered_at_most: 2, arms: 2 });
    file.arm_counts.push(LineArms::exact(2, 2, 2));
    file.finish();
    let none = Files::new();
    let judgement = judged(&with(|gates| gates.min_branches = Some(percent("80"))), &evidence(&files, &none));
    let (verdict, why) = only(&judgement);
    assert_eq!(verdict, GateVerdict::Fail);
    assert!(why.starts_with("at least 3 of 4 branches are covered (75.00 %), at most 4 (100 %)"), "{why}");
    let judgement = judged(&with(|gates| gates.min_branches = Some(percent("75"))), &evidence(&files, &none));
    assert_eq!(judgement.verdict, GateVerdict::Pass);
}

#[test]
fn what_no_report_has_is_unproven() {
    let (files, none) = (files(&[("a.php", "+1")]), Files::new());
    for (kind, set) in [
        (GateKind::Branches, (|gates| gates.min_branches = Some(percent("0"))) as fn(&mut Thresholds)),
        (GateKind::Functions, |gates| gates.min_functions = Some(percent("0"))),
        (GateKind::Statements, |gates| gates.min_statements = Some(percent("0"))),
    ] {
        let judgement = judged(&with(set), &evidence(&files, &none));
        let (verdict, why) = only(&judgement);
        assert_eq!((judgement.gates[0].gate, verdict), (kind, GateVerdict::Unproven));
        assert!(why.starts_with("no report says anything of"), "{why}");
        assert_eq!(judgement.verdict, GateVerdict::Unproven);
    }
}

#[test]
fn each_file_has_its_minimum() {
    let (files, none) =
        (files(&[("a.php", "+1 -2"), ("b.php", "+1"), ("c.php", "-1"), ("types.php", "")]), Files::new());
    let thresholds = with(|gates| gates.min_file = Some(percent("60")));
    let judgement = judged(&thresholds, &evidence(&files, &none));
    let subjects: Vec<Option<&str>> = judgement.gates.iter().map(|gate| gate.subject.as_deref()).collect();
    assert_eq!(subjects, [Some("a.php"), Some("c.php")]);
    assert_eq!(places(&judgement.gates[0]), [("a.php".to_owned(), 2, 2)]);
    let judgement = judged(&with(|gates| gates.min_file = Some(percent("0"))), &evidence(&files, &none));
    assert_eq!(only(&judgement), (GateVerdict::Pass, "each of 3 files is covered as needed".to_owned()));
}

#[test]
fn many_failing_files_are_counted() {
    let names: Vec<String> = (0..150).map(|at| format!("src/f{at:03}.php")).collect();
    let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "-1")).collect();
    let (files, none) = (files(&all), Files::new());
    let judgement = judged(&with(|gates| gates.min_file = Some(percent("60"))), &evidence(&files, &none));
    assert_eq!(judgement.gates.len(), 101);
    assert!(judgement.gates.iter().any(|gate| gate.why.starts_with("50 more files")));
}

fn part(name: &str, glob: &str, min: &str) -> Part {
    Part { name: name.to_owned(), globs: vec![glob.to_owned()], min: Some(percent(min)), min_patch: None }
}

#[test]
fn parts_are_judged_as_a_whole_and_never_over_nothing() {
    let (files, none) =
        (files(&[("src/B/a.php", "+1 -2"), ("src/B/b.php", "+1 +2"), ("src/I/i.php", "")]), Files::new());
    let tracked = ["docs/x.md".to_owned(), "src/New/n.php".to_owned()];
    for (glob, expected, what) in [
        ("src/B/**", GateVerdict::Pass, "75.00 % (3 of 4)"),
        ("src/I/**", GateVerdict::NotApplicable, "nothing in them can run"),
        ("src/Typo/**", GateVerdict::Unproven, "the repository has no file in it"),
        ("src/New/**", GateVerdict::Unproven, "has 1 file in it"),
    ] {
        let mut known = evidence(&files, &none);
        known.tracked = &tracked;
        for as_component in [true, false] {
            let thresholds = with(|gates| {
                let parts = if as_component { &mut gates.components } else { &mut gates.directories };
                parts.push(part("p", glob, "75"));
            });
            let judgement = judged(&thresholds, &known);
            let (verdict, why) = only(&judgement);
            assert_eq!(verdict, expected, "{glob}: {why}");
            assert!(why.contains(what), "{why}");
        }
    }
    let thresholds = with(|gates| gates.directories.push(Part::directory("src/B/", percent("76"))));
    let judgement = judged(&thresholds, &evidence(&files, &none));
    assert_eq!((judgement.verdict, judgement.gates[0].subject.as_deref()), (GateVerdict::Fail, Some("src/B")));
    assert_eq!(places(&judgement.gates[0]), [("src/B/a.php".to_owned(), 2, 2)]);
}

fn patched(changed: Vec<super::super::diff::ChangedFile>, reported: &[(&str, &str)], min: &str) -> Judgement {
    let (files, none, diff) = (files(reported), Files::new(), diff(changed));
    let mut known = evidence(&files, &none);
    known.diff = Some(Ok(&diff));
    judged(&with(|gates| gates.min_patch = Some(percent(min))), &known)
}

#[test]
fn the_patch_has_a_minimum_and_an_advice() {
    let judgement =
        patched(vec![added("src/a.php", 1, &["a", "b", "c", "d"])], &[("src/a.php", "+1 -2 -3 +4 -9")], "75");
    let gate = &judgement.gates[0];
    assert_eq!((gate.verdict, gate.value), (GateVerdict::Fail, Some((2, 4).into())));
    assert_eq!(gate.why, "50.00 % (2 of 4) of the changed lines are covered; 75% are needed");
    assert_eq!(places(gate), [("src/a.php".to_owned(), 2, 2)]);
    let range = LineRange { first: 2, last: 3 };
    assert_eq!(judgement.patch.as_ref().map(|patch| patch.files[0].uncovered.clone()), Some(vec![range]));
}

#[test]
fn a_changed_file_without_a_report_is_unproven_with_what_to_do() {
    let others = [("src/a.php", "+1")];
    for (path, what) in [
        ("src/b.php", "1 source file changed, but it is in no report: `src/b.php`; name its folder in <source>"),
        ("app.ts", "no report holds any JavaScript file: `app.ts`"),
    ] {
        let judgement = patched(vec![added(path, 1, &["x"]), added("src/a.php", 1, &["x"])], &others, "0");
        let (verdict, why) = only(&judgement);
        assert_eq!((verdict, judgement.verdict), (GateVerdict::Unproven, GateVerdict::Unproven));
        assert!(why.contains(what), "{why}");
    }
    let judgement = patched(vec![changed("src/b.php", Change::Binary, vec![])], &others, "0");
    assert!(only(&judgement).1.contains("does not show which lines of `src/b.php`"));
    let (known, elsewhere, diff) =
        (files(&others), unmatched(&[("/app/src/b.php", "+1")]), diff(vec![added("src/b.php", 1, &["x"])]));
    let mut under_a_prefix = evidence(&known, &elsewhere);
    under_a_prefix.diff = Some(Ok(&diff));
    let judgement = judged(&with(|gates| gates.min_patch = Some(percent("0"))), &under_a_prefix);
    assert!(only(&judgement).1.contains("names `/app/src/b.php`"), "{:?}", judgement.gates);
}

#[test]
fn a_patch_over_nothing_is_not_applicable_and_says_why() {
    let known = [("src/a.php", "+1")];
    let docs = patched(vec![added("README.md", 1, &["x"])], &known, "100");
    assert_eq!(only(&docs), (GateVerdict::NotApplicable, "no source file that needs coverage has changed".to_owned()));
    assert_eq!(docs.verdict, GateVerdict::Pass);
    let comment = patched(vec![added("src/a.php", 7, &["// x"])], &known, "100");
    assert_eq!(comment.gates[0].verdict, GateVerdict::NotApplicable);
    assert!(comment.gates[0].why.starts_with("the changed file is measured"), "{:?}", comment.gates);
}

#[test]
fn without_a_diff_the_patch_is_unproven_for_the_reason_given() {
    let (files, none) = (files(&[("a.php", "+1")]), Files::new());
    let thresholds = with(|gates| {
        gates.min_patch = Some(percent("0"));
        gates.min_new_file = Some(percent("0"));
    });
    let mut known = evidence(&files, &none);
    for expected in ["give `--base`", "shallow", "cut"] {
        match expected {
            "shallow" => known.no_diff = Some("the clone is shallow".to_owned()),
            "cut" => known.diff = Some(Err(Unproven { code: "x", what: "it was cut".to_owned(), path: None })),
            _ => {}
        }
        let judgement = judged(&thresholds, &known);
        for gate in &judgement.gates {
            assert!(gate.verdict == GateVerdict::Unproven && gate.why.contains(expected), "{gate:?}");
        }
    }
}

#[test]
fn a_component_has_a_patch_of_its_own() {
    let (files, none) = (files(&[("src/A/a.php", "+1"), ("src/B/b.php", "-1")]), Files::new());
    let diff =
        diff(vec![added("src/A/a.php", 1, &["x"]), added("src/B/b.php", 1, &["x"]), added("src/C/c.php", 1, &["x"])]);
    let mut known = evidence(&files, &none);
    known.diff = Some(Ok(&diff));
    let thresholds = with(|gates| {
        for name in ["A", "B", "C", "D"] {
            let globs = vec![format!("src/{name}/**")];
            gates.components.push(Part { name: name.to_owned(), globs, min: None, min_patch: Some(percent("50")) });
        }
    });
    let judgement = judged(&thresholds, &known);
    let verdicts: Vec<GateVerdict> = judgement.gates.iter().map(|gate| gate.verdict).collect();
    use GateVerdict::{Fail, NotApplicable, Pass, Unproven};
    assert_eq!(verdicts, [Pass, Fail, Unproven, NotApplicable]);
    assert_eq!(judgement.verdict, Fail, "a proven no is a no");
}

#[test]
fn new_files_have_a_minimum_of_their_own() {
    let text = lines(3);
    let text: Vec<&str> = text.iter().map(String::as_str).collect();
    let new = |path, lines: &[&str]| changed(path, Change::Added, vec![hunk(0, &[], 1, lines)]);
    let known = [
        ("old.php", "-1 -2"),
        ("good.php", "+1"),
        ("bad.php", "-1 +2 -3"),
        ("moved.php", "-1 -2 -3"),
        ("types.php", ""),
    ];
    let run = |changed: Vec<super::super::diff::ChangedFile>| {
        let (files, none, diff) = (files(&known), Files::new(), diff(changed));
        let mut known = evidence(&files, &none);
        known.diff = Some(Ok(&diff));
        judged(&with(|gates| gates.min_new_file = Some(percent("50"))), &known)
    };
    let judgement =
        run(vec![new("good.php", &["a"]), new("bad.php", &["a", "b", "c"]), added("old.php", 1, &["x", "y"])]);
    assert_eq!(judgement.gates.len(), 1);
    assert_eq!((judgement.gates[0].subject.as_deref(), judgement.verdict), (Some("bad.php"), GateVerdict::Fail));
    assert_eq!(places(&judgement.gates[0]).len(), 1);
    let passing = run(vec![new("good.php", &["a"]), added("old.php", 1, &["x", "y"])]);
    assert_eq!(only(&passing), (GateVerdict::Pass, "1 new file is covered as needed".to_owned()));
    assert_eq!(only(&run(vec![new("types.php", &["a"]), new("a.md", &["a"])])).0, GateVerdict::NotApplicable);
    assert_eq!(only(&run(vec![new("unknown.php", &["a"])])).0, GateVerdict::Unproven);
    let gone = changed("older.php", Change::Modified, vec![hunk(1, &text, 0, &[])]);
    assert_eq!(only(&run(vec![gone, new("moved.php", &text)])).0, GateVerdict::NotApplicable);
}

#[test]
fn what_only_reports_does_not_decide() {
    let (files, none) = (files(&[("a.php", "-1")]), Files::new());
    let thresholds = with(|gates| {
        gates.min_total = Some(percent("80"));
        gates.min_branches = Some(percent("80"));
        gates.report_only = true;
    });
    let judgement = judged(&thresholds, &evidence(&files, &none));
    assert!(judgement.gates.iter().all(|gate| gate.report_only));
    assert_eq!(judgement.gates[0].verdict, GateVerdict::Fail);
    assert_eq!(judgement.verdict, GateVerdict::Pass);
}
