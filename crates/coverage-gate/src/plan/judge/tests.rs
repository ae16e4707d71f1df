use super::super::report_format::ReportFormat;
use super::super::testing::{added, diff, evidence, files, percent, report, unmatched};
use super::*;

fn judged(evidence: &Evidence<'_>, thresholds: &Thresholds) -> Judgement {
    let rules = Rules { thresholds, partial: PartialLines::Hit, missing_baseline: MissingBaseline::Unproven };
    judge(&rules, evidence)
}

fn codes(judgement: &Judgement) -> Vec<&'static str> {
    judgement.unproven.iter().map(|unproven| unproven.code).collect()
}

#[test]
fn sound_evidence_without_gates_passes() {
    let (files, none) = (files(&[("a.php", "+1 -2")]), Files::new());
    let judgement = judged(&evidence(&files, &none), &Thresholds::default());
    assert_eq!((judgement.verdict, codes(&judgement).len(), judgement.gates.len()), (GateVerdict::Pass, 0, 0));
    assert_eq!((judgement.totals.lines, judgement.partial_lines), (Some((1, 2).into()), "hit"));
    assert!(judgement.patch.is_none());
}

#[test]
fn no_report_and_no_line_prove_nothing() {
    let (none, other) = (Files::new(), Files::new());
    let mut nothing = evidence(&none, &other);
    assert_eq!(codes(&judged(&nothing, &Thresholds::default())), ["no-coverable-lines"]);
    nothing.reports.clear();
    let judgement = judged(&nothing, &Thresholds { min_total: Some(percent("0")), ..Thresholds::default() });
    assert_eq!((codes(&judgement), judgement.verdict), (vec!["no-reports"], GateVerdict::Unproven));
    assert_eq!(judgement.gates[0].verdict, GateVerdict::Unproven, "0 of 0 is not 100 %");
    let empty = files(&[("a.php", "")]);
    let judgement = judged(&evidence(&empty, &other), &Thresholds::default());
    assert_eq!((codes(&judgement), judgement.verdict), (vec!["no-coverable-lines"], GateVerdict::Unproven));
    let all = files(&[("a.php", "+1")]);
    let exclude = Thresholds { exclude: vec!["**".to_owned()], ..Thresholds::default() };
    let judgement = judged(&evidence(&all, &other), &exclude);
    assert!(judgement.unproven[0].what.contains("`exclude`, which takes out 1 file"), "{:?}", judgement.unproven);
}

#[test]
fn reports_of_another_place_prove_nothing() {
    let elsewhere = unmatched(&[("/app/src/a.php", "+1"), ("/app/src/b.php", "+1")]);
    for matched in [files(&[]), files(&[("src/types.php", "")])] {
        let mut known = evidence(&matched, &elsewhere);
        let judgement = judged(&known, &Thresholds::default());
        assert_eq!(codes(&judgement), ["no-file-matched"]);
        assert!(
            judgement.unproven[0].what.contains("2 of theirs, such as `/app/src/a.php`"),
            "{:?}",
            judgement.unproven
        );
        known.likely_path_map = Some("/app/src=lib");
        let what = &judged(&known, &Thresholds::default()).unproven[0].what;
        assert!(what.ends_with("; `--path-map /app/src=lib` may be what is missing"), "{what}");
        known.known_files = false;
        assert_eq!(judged(&known, &Thresholds::default()).verdict, GateVerdict::Pass, "nothing to match with");
    }
}

#[test]
fn missing_reports_are_counted_without_empty_ones() {
    let (files, none) = (files(&[("a.php", "+1")]), Files::new());
    let mut known = evidence(&files, &none);
    for (expected, verdict) in [(1, GateVerdict::Pass), (2, GateVerdict::Unproven)] {
        known.expect_reports = Some(expected);
        assert_eq!(judged(&known, &Thresholds::default()).verdict, verdict);
    }
    let mut empty = report(ReportFormat::Lcov);
    empty.path = "empty.info".to_owned();
    empty.totals = Default::default();
    known.reports.push(empty);
    let judgement = judged(&known, &Thresholds::default());
    assert_eq!(
        judgement.unproven[0].what,
        "2 reports are expected, but only 1 with coverage is there; without lines: `empty.info`; did every shard finish and \
         hand its report over?"
    );
    known.expect_reports = Some(1);
    assert_eq!(judged(&known, &Thresholds::default()).verdict, GateVerdict::Pass, "more than expected is no gap");
}

#[test]
fn a_report_older_than_the_commit_proves_nothing() {
    let (files, none) = (files(&[("a.php", "+1")]), Files::new());
    let mut known = evidence(&files, &none);
    let now = known.now_s;
    for (head, time, verdict) in [
        (Some(now - 10), Some(now - 71), GateVerdict::Unproven),
        (Some(now - 10), Some(now - 70), GateVerdict::Pass),
        (Some(now - 10), Some(now + 5000), GateVerdict::Pass),
        (Some(now - 10), None, GateVerdict::Pass),
        (Some(now - 10), Some(0), GateVerdict::Pass),
        (Some(now + 1), Some(now - 5000), GateVerdict::Pass),
        (Some(i64::MIN), Some(i64::MAX), GateVerdict::Pass),
        (None, Some(1), GateVerdict::Pass),
    ] {
        known.head_time_s = head;
        known.reports[0].timestamp_s = time;
        let judgement = judged(&known, &Thresholds::default());
        assert_eq!(judgement.verdict, verdict, "{head:?} {time:?}");
        assert!(codes(&judgement).iter().all(|code| *code == "report-outdated"));
    }
}

#[test]
fn ambiguous_paths_are_handed_on_in_order() {
    let (files, none) = (files(&[("a.php", "+1")]), Files::new());
    let mut known = evidence(&files, &none);
    let ambiguous =
        |path: &str| Unproven { code: "path-ambiguous", what: "two".to_owned(), path: Some(path.to_owned()) };
    known.ambiguous = vec![ambiguous("b"), ambiguous("a")];
    let judgement = judged(&known, &Thresholds::default());
    let paths: Vec<Option<&str>> = judgement.unproven.iter().map(|one| one.path.as_deref()).collect();
    assert_eq!((judgement.verdict, paths), (GateVerdict::Unproven, vec![Some("a"), Some("b")]));
}

#[test]
fn a_proven_no_is_a_no() {
    let (files, none) = (files(&[("a.php", "-1")]), Files::new());
    let mut known = evidence(&files, &none);
    known.expect_reports = Some(9);
    let thresholds =
        Thresholds { min_total: Some(percent("80")), min_branches: Some(percent("1")), ..Thresholds::default() };
    assert_eq!(judged(&known, &thresholds).verdict, GateVerdict::Fail);
    let thresholds = Thresholds { min_branches: Some(percent("1")), ..Thresholds::default() };
    assert_eq!(judged(&known, &thresholds).verdict, GateVerdict::Unproven);
}

#[test]
fn everything_is_in_order() {
    let (files, others) =
        (files(&[("b.php", "+1"), ("a.php", "-1")]), unmatched(&[("/x.php", "+1"), ("aa.php", "-2")]));
    let diff = diff(vec![added("b.php", 1, &["x"])]);
    let mut known = evidence(&files, &others);
    known.diff = Some(Ok(&diff));
    known.reports =
        ["z", "y"].map(|path| ReadReport { path: path.to_owned(), ..report(ReportFormat::Clover) }).to_vec();
    let thresholds = Thresholds {
        min_total: Some(percent("10")),
        min_patch: Some(percent("10")),
        min_file: Some(percent("10")),
        ..Thresholds::default()
    };
    let judgement = judged(&known, &thresholds);
    let paths: Vec<(&str, bool)> = judgement.files.iter().map(|file| (file.path.as_str(), file.matched)).collect();
    assert_eq!(paths, [("/x.php", false), ("a.php", true), ("aa.php", false), ("b.php", true)]);
    assert_eq!(judgement.reports.iter().map(|report| report.path.as_str()).collect::<Vec<_>>(), ["y", "z"]);
    let kinds: Vec<super::super::judgement::GateKind> = judgement.gates.iter().map(|gate| gate.gate).collect();
    assert!(kinds.is_sorted());
    assert_eq!(judgement.patch.map(|patch| patch.between), Some("base and head".to_owned()));
}

#[test]
fn names_are_listed_and_counted() {
    assert_eq!(listed(&["a"]), "`a`");
    assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
    assert_eq!(listed(&["a", "b", "c", "d", "e", "f", "g"]), "`a`, `b`, `c`, `d`, `e` and 2 more");
}
